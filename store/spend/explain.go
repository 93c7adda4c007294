package spend

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
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
	Taken   civil.Day `json:"taken_back,omitempty"`
}

func (e Explanation) subject() string { return fmt.Sprintf("explanation/%d", e.ID) }

func scanExplanation(r db.Row) (e Explanation, err error) {
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

// ExplanationCols are the columns of an explanation.
const ExplanationCols = `id, subject, body, note`

// ExplanationLedger holds its rows to the record.
var ExplanationLedger = record.Ledger{Topic: "explanation", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanExplanation, `SELECT `+ExplanationCols+` FROM spend_notes`, func(e Explanation) (string, any) { return e.subject(), e })
}}

// Explanations are what was said of a subject and not taken back, oldest first.
func Explanations(ctx context.Context, tx *db.Tx, subject string) (all []Explanation, err error) {
	found, err := db.List(ctx, tx, scanExplanation, `SELECT `+ExplanationCols+` FROM spend_notes WHERE subject = $1 ORDER BY id`, subject)
	for _, e := range found {
		if e.Taken == "" {
			all = append(all, e)
		}
	}
	return all, err
}

// ExplainedMonths are what the bodies say of the months that they published,
// and have not taken back, oldest first.
func ExplainedMonths(ctx context.Context, tx *db.Tx) (all []Explanation, err error) {
	found, err := db.List(ctx, tx, scanExplanation, `SELECT `+ExplanationCols+` FROM spend_notes WHERE subject LIKE 'cell/%' ORDER BY id`)
	for _, e := range found {
		if e.Taken == "" {
			all = append(all, e)
		}
	}
	return all, err
}

// explained puts what the bodies say of their bars beside them.
func explained(ctx context.Context, tx *db.Tx, out *Spend) error {
	all, err := db.List(ctx, tx, scanExplanation, `SELECT `+ExplanationCols+` FROM spend_notes WHERE subject LIKE 'bar/%' ORDER BY id`)
	for _, e := range all {
		if e.Taken != "" {
			continue
		}
		_, year, _ := strings.Cut(strings.TrimPrefix(e.Subject, "bar/"), "/")
		y, _ := strconv.Atoi(year) // none is 0: of all years
		for i := range out.Bodies {
			if out.Bodies[i].Body.Slug == e.Body && (y == 0 || out.Filter.AsksPeriod(civil.Period{Month: civil.MonthOf(y, 4)})) {
				out.Bodies[i].Notes = append(out.Bodies[i].Notes, e)
			}
		}
	}
	return err
}

// explainedBody is the body that a subject of an explanation is a figure of.
func explainedBody(ctx context.Context, tx *db.Tx, subject string) (string, error) {
	kind, rest, _ := strings.Cut(subject, "/")
	body, of, _ := strings.Cut(rest, "/")
	b, ok := office.BodyOf(body)
	switch kind {
	case "line":
		id, err := strconv.ParseInt(rest, 10, 64)
		if err != nil {
			return "", fault.NotFound.Errorf("There is no payment “%s”.", text.Short(rest))
		}
		l, _, err := FindLine(ctx, tx, office.Viewer{}, id)
		if err == nil && !l.Shown() {
			err = fault.NotFound.Errorf("There is no payment %d.", id)
		}
		return l.Body, err
	case "bar":
		if y, err := strconv.Atoi(of); of != "" && (err != nil || y < 1990 || y > 2079) {
			ok = false
		}
	case "cell":
		_, err := civil.ParseMonth(of)
		ok = ok && err == nil
	default:
		ok = false
	}
	if !ok || !b.LocalPolicing() || b.Slug != body {
		return "", fault.NotFound.Errorf("There is no such figure to explain.")
	}
	return b.Slug, nil
}

// MayExplain says whether v may explain a figure of a body, or why not.
func MayExplain(v office.Viewer, body string) error {
	if !v.At(body, office.LoadSpend) {
		return fault.Forbidden.Errorf("You can explain only the figures of your own body. This is a figure of %s.", office.ShortName(body))
	}
	return nil
}

// Explain attaches what a body says to a figure of its own.
func Explain(ctx context.Context, tx *db.Tx, by office.Viewer, subject, words string) error {
	var f fault.Faults
	words = strings.TrimSpace(words)
	text.Tidy(&f, "text", "the explanation", words, true, 2000)
	if err := f.Err(); err != nil {
		return err
	}
	body, err := explainedBody(ctx, tx, subject)
	if err != nil {
		return err
	}
	if err := MayExplain(by, body); err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		id, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(id), 0) + 1 FROM spend_notes`)
		if err != nil {
			return err
		}
		e := Explanation{ID: id, Subject: subject, Body: body, Text: words, By: by.Office.Title, At: tx.Now()}
		return recordExplanation(ctx, tx, by, "explain", e)
	})
}

func recordExplanation(ctx context.Context, tx *db.Tx, by office.Viewer, act string, e Explanation) error {
	note, err := text.Canonical(e)
	if err != nil {
		return err
	}
	if err := tx.Change(ctx, `INSERT INTO spend_notes (`+ExplanationCols+`) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET note = EXCLUDED.note`, e.ID, e.Subject, e.Body, string(note)); err != nil {
		return err
	}
	_, err = record.Add(ctx, tx, by, "spend."+act, e.subject(), record.About(e.Body), record.Now(e.subject(), e))
	return err
}

// WithdrawExplanation ends an explanation. It stays on the record.
func WithdrawExplanation(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		e, err := db.One(ctx, tx, scanExplanation, `SELECT `+ExplanationCols+` FROM spend_notes WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if err := MayExplain(by, e.Body); err != nil {
			return err
		}
		if e.Taken != "" {
			return fault.Conflict.Errorf("This explanation has already been removed.")
		}
		e.Taken = civil.DayOf(tx.Now())
		return recordExplanation(ctx, tx, by, "take_back", e)
	})
}

// ExplainedFigure tells whose figure a subject is, and what is said of it.
func ExplainedFigure(ctx context.Context, tx *db.Tx, subject string) (body string, all []Explanation, err error) {
	if body, err = explainedBody(ctx, tx, subject); err != nil {
		return "", nil, err
	}
	all, err = Explanations(ctx, tx, subject)
	return body, all, err
}
