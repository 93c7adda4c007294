package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Explanation is what a body says of a figure of its own. It is shown with the
// figure and removes nothing.
type Explanation struct {
	ID      int64     `json:"id"`
	Subject string    `json:"subject"` // line/12, bar/kent/2011 or cell/kent/2012-03
	Body    string    `json:"body"`
	Text    string    `json:"text"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Taken   Day       `json:"taken_back,omitempty"`
}

func (e Explanation) subject() string { return fmt.Sprintf("explanation/%d", e.ID) }

func scanExplanation(r row) (e Explanation, err error) {
	var text, subject, body string
	var id int64
	if err := r.Scan(&id, &subject, &body, &text); err != nil {
		return e, err
	}
	err = json.Unmarshal([]byte(text), &e)
	if e.Subject != subject || e.Body != body {
		e = Explanation{} // listed under other words than it says: as no event tells it
	}
	e.ID = id
	return e, err
}

const explanationCols = `id, subject, body, note`

var explanationLedger = ledger{"explanation", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanExplanation, `SELECT `+explanationCols+` FROM spend_notes`, func(e Explanation) (string, any) { return e.subject(), e })
}}

// explanations are what was said of a subject and not taken back, oldest first.
func (s *Store) explanations(ctx context.Context, subject string) (all []Explanation, err error) {
	found, err := list(ctx, s, scanExplanation, `SELECT `+explanationCols+` FROM spend_notes WHERE subject = $1 ORDER BY id`, subject)
	for _, e := range found {
		if e.Taken == "" {
			all = append(all, e)
		}
	}
	return all, err
}

// explained puts what the bodies say of their bars beside them.
func (s *Store) explained(ctx context.Context, out *Spend) error {
	all, err := list(ctx, s, scanExplanation, `SELECT `+explanationCols+` FROM spend_notes WHERE subject LIKE 'bar/%' ORDER BY id`)
	for _, e := range all {
		if e.Taken != "" {
			continue
		}
		_, year, _ := strings.Cut(strings.TrimPrefix(e.Subject, "bar/"), "/")
		y, _ := strconv.Atoi(year) // none is 0: of all years
		for i := range out.Bodies {
			if out.Bodies[i].Body.Slug == e.Body && (y == 0 || out.Filter.asksPeriod(Period{Month: MonthOf(y, 4)})) {
				out.Bodies[i].Notes = append(out.Bodies[i].Notes, e)
			}
		}
	}
	return err
}

// explainedBody is the body that a subject of an explanation is a figure of.
func (s *Store) explainedBody(ctx context.Context, subject string) (string, error) {
	kind, rest, _ := strings.Cut(subject, "/")
	body, of, _ := strings.Cut(rest, "/")
	b, ok := BodyOf(body)
	switch kind {
	case "line":
		id, err := strconv.ParseInt(rest, 10, 64)
		if err != nil {
			return "", NotFound.Errorf("There is no line “%s”.", short(rest))
		}
		l, err := s.LineOf(ctx, Viewer{}, id)
		return l.Body, err
	case "bar":
		if y, err := strconv.Atoi(of); of != "" && (err != nil || y < 1990 || y > 2079) {
			ok = false
		}
	case "cell":
		_, err := ParseMonth(of)
		ok = ok && err == nil
	default:
		ok = false
	}
	if !ok || !b.LocalPolicing() || b.Slug != body {
		return "", NotFound.Errorf("There is no such figure to explain.")
	}
	return b.Slug, nil
}

// MayExplain says whether v may explain a figure of a body, or why not.
func MayExplain(v Viewer, body string) error {
	if !v.At(body, LoadSpend) {
		return Forbidden.Errorf("A body explains its own figures: this one is of %s.", ShortName(body))
	}
	return nil
}

// Explain attaches what a body says to a figure of its own.
func (s *Store) Explain(ctx context.Context, by Viewer, subject, words string) error {
	var f Faults
	words = strings.TrimSpace(words)
	text(&f, "text", "the explanation", words, true, 2000)
	if err := f.Err(); err != nil {
		return err
	}
	body, err := s.explainedBody(ctx, subject)
	if err != nil {
		return err
	}
	if err := MayExplain(by, body); err != nil {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		id, err := one(ctx, s, scanInto[int64], `SELECT COALESCE(MAX(id), 0) + 1 FROM spend_notes`)
		if err != nil {
			return err
		}
		e := Explanation{ID: id, Subject: subject, Body: body, Text: words, By: by.Office.Title, At: s.Now()}
		return s.recordExplanation(ctx, by, "explain", e)
	})
}

func (s *Store) recordExplanation(ctx context.Context, by Viewer, act string, e Explanation) error {
	note, err := canonical(e)
	if err != nil {
		return err
	}
	if err := s.change(ctx, `INSERT INTO spend_notes (`+explanationCols+`) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET note = EXCLUDED.note`, e.ID, e.Subject, e.Body, string(note)); err != nil {
		return err
	}
	_, err = s.record(ctx, by, "spend."+act, e.subject(), about(e.Body), now(e.subject(), e))
	return err
}

// TakeBack ends an explanation. It stays on the record.
func (s *Store) TakeBack(ctx context.Context, by Viewer, id int64) error {
	return s.write(ctx, func(s *Store) error {
		e, err := one(ctx, s, scanExplanation, `SELECT `+explanationCols+` FROM spend_notes WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if err := MayExplain(by, e.Body); err != nil {
			return err
		}
		if e.Taken != "" {
			return Conflict.Errorf("This explanation was taken back already.")
		}
		e.Taken = DayOf(s.Now())
		return s.recordExplanation(ctx, by, "take_back", e)
	})
}

// ExplainedFigure tells whose figure a subject is, and what is said of it.
func (s *Store) ExplainedFigure(ctx context.Context, subject string) (body string, all []Explanation, err error) {
	if body, err = s.explainedBody(ctx, subject); err != nil {
		return "", nil, err
	}
	all, err = s.explanations(ctx, subject)
	return body, all, err
}
