package scrutiny

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
)

const recommendationCols = `r.id, r.ref, r.kind, r.body, r.committee, r.made, r.acceptance, r.implementation, r.priority, r.waits, r.due, r.turn, r.recommendation`

func scanRecommendation(r db.Row) (m Recommendation, err error) {
	var listed Recommendation
	var waits, text string
	var due civil.Day
	if err := r.Scan(&listed.ID, &listed.Ref, &listed.Kind, &listed.Body, &listed.Committee, &listed.Made, &listed.Acceptance, &listed.Implementation, &listed.Priority, &waits, &due, &listed.Turn, &text); err != nil {
		return m, err
	}
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return m, err
	}
	same := m.ID == listed.ID && m.Ref == listed.Ref && m.Kind == listed.Kind && m.Body == listed.Body && m.Committee == listed.Committee && m.Made == listed.Made &&
		m.Acceptance == listed.Acceptance && m.Implementation == listed.Implementation && m.Priority == listed.Priority && m.Turn == listed.Turn
	if !same || m.Waits() != waits || m.Due() != due {
		return listed, nil // listed under other words than it says: as no event tells it
	}
	return m, nil
}

// RecommendationLedger holds recommendations and undertakings to the record.
var RecommendationLedger = record.Ledger{Topic: "recommendation", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanRecommendation, `SELECT `+recommendationCols+` FROM recommendations r`, func(m Recommendation) (string, any) { return m.subject(), m })
}}

// recommendation finds one by its reference.
func recommendation(ctx context.Context, tx *db.Tx, ref string) (Recommendation, error) {
	m, found, err := db.Maybe(ctx, tx, scanRecommendation, `SELECT `+recommendationCols+` FROM recommendations r WHERE r.ref = $1`, ref)
	if err == nil && !found {
		err = fault.NotFound.Errorf("Recommendation not found. Look for it in the list of recommendations.")
	}
	return m, err
}

// RecommendationPage is one recommendation as its page shows it, read at one time.
type RecommendationPage struct {
	Recommendation
	Charge     Charge // whose work it is now
	Committees Committees
	Events     []record.Event // oldest first
	Names      register.NamesThen
	Now        time.Time
	Known      int64
}

// Day is the London day of the reading.
func (r RecommendationPage) Day() civil.Day { return civil.DayOf(r.Now) }

// Holder is the committee that has it on the day of the reading.
func (r RecommendationPage) Holder() Committee {
	slug := r.Charge.Holder(r.Committees, r.Day())
	if c, ok := r.Committees[slug]; ok {
		return c
	}
	return Committee{Slug: slug, Name: slug}
}

// May says whether v may act on it now, or why not.
func (r RecommendationPage) May(act office.Act, v office.Viewer) error {
	return r.Recommendation.May(act, v, r.Charge, r.Committees, r.Day())
}

// ReadRecommendationPage reads the page of a recommendation or an undertaking.
func ReadRecommendationPage(ctx context.Context, tx *db.Tx, ref string) (a RecommendationPage, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		a, err = recommendationAt(ctx, tx, ref)
		return err
	})
	return a, err
}

func recommendationAt(ctx context.Context, tx *db.Tx, ref string) (a RecommendationPage, err error) {
	a.Now = tx.Now()
	if a.Recommendation, err = recommendation(ctx, tx, ref); err != nil {
		return a, err
	}
	if a.Charge, err = FindCharge(ctx, tx, a.Kind, ref); err != nil {
		return a, err
	}
	if a.Committees, err = AllCommittees(ctx, tx); err != nil {
		return a, err
	}
	if a.Events, err = record.Events(ctx, tx, record.EventFilter{Subject: a.subject()}, 1000); err != nil {
		return a, err
	}
	slices.Reverse(a.Events)
	if a.Names, err = register.ReadNamesThen(ctx, tx); err != nil {
		return a, err
	}
	h, err := record.ReadHead(ctx, tx)
	a.Known = h.Size
	return a, err
}

// TryRecommendation tells how a recommendation would stand after an act,
// without recording it.
func TryRecommendation(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, act office.Act, st RecommendationStep) (a RecommendationPage, err error) {
	err = record.Try(ctx, tx, func(tx *db.Tx) error {
		if err := ActOnRecommendation(ctx, tx, by, ref, act, st); err != nil {
			return err
		}
		a, err = recommendationAt(ctx, tx, ref)
		return err
	})
	return a, err
}

// TryNewRecommendation tells how a new recommendation would stand, without
// recording it.
func TryNewRecommendation(ctx context.Context, tx *db.Tx, by office.Viewer, f RecommendationForm) (a RecommendationPage, err error) {
	err = record.Try(ctx, tx, func(tx *db.Tx) error {
		ref, err := MakeRecommendation(ctx, tx, by, f)
		if err != nil {
			return err
		}
		a, err = recommendationAt(ctx, tx, ref)
		return err
	})
	return a, err
}

// RecommendationAges are the ages that a list can be filtered by, since the day
// on which a recommendation was made.
var RecommendationAges = []string{"under 1 year", "1 to 2 years", "over 2 years"}

// aged is from which to which day those of an age were made, "" is no limit.
func aged(age string, today civil.Day) (from, to civil.Day) {
	one, two := monthsAfter(today, -12), monthsAfter(today, -24)
	switch age {
	case RecommendationAges[0]:
		return one.Next(), ""
	case RecommendationAges[1]:
		return two.Next(), one
	case RecommendationAges[2]:
		return "", two
	}
	return "", ""
}

// InAnyForm chooses, in a filter, what was accepted in any form.
const InAnyForm Acceptance = "any_form"

// RecommendationFilter chooses recommendations. Empty fields choose all.
type RecommendationFilter struct {
	Acceptance     Acceptance // or InAnyForm
	Implementation RecommendationStatus
	Age            string // one of RecommendationAges
	Body           string
	Committee      string // slug of the one that made it
	Kind           string
	Priority       string // "yes" or "no"
	Words          string
	Before         string // reference: those listed after it
	Sort           db.Sort
	Page           int // counted from 1; 0 is read by Before, newest first
}

// apart is the filter without acceptance and implementation, by which a tally
// is laid out, and without a page.
func (f RecommendationFilter) apart() RecommendationFilter {
	f.Acceptance, f.Implementation, f.Before, f.Sort, f.Page = "", "", "", db.Sort{}, 0
	return f
}

// RecommendationsRead is how many of those that hold some words are counted.
const RecommendationsRead = 1000

// RecommendationsPage is one page of the list.
type RecommendationsPage struct {
	Filter     RecommendationFilter
	All        []Recommendation
	Count      int64
	Pages      int
	Next       string              // Before of the next page where it is read by references, "" on the last
	Tally      RecommendationTally // of the filter, whatever was accepted or done
	MedianDays int                 // since those accepted were made, -1 where there are none
	Committees Committees
	Day        civil.Day
	Known      int64
}

// Recommendations reads one page of the list, newest reference first.
func Recommendations(ctx context.Context, tx *db.Tx, f RecommendationFilter, most int) (p RecommendationsPage, err error) {
	p.Filter = f
	err = tx.Read(ctx, func(tx *db.Tx) error {
		p.Day = civil.DayOf(tx.Now())
		if p.Tally, err = tallied(ctx, tx, f.apart()); err != nil {
			return err
		}
		if p.MedianDays, err = medianAge(ctx, tx, f.apart(), p.Tally); err != nil {
			return err
		}
		p.Count = p.Tally.Of(f.Acceptance, f.Implementation)
		if f.Acceptance == InAnyForm {
			p.Count = p.Tally.Accepted(f.Implementation)
		}
		p.Pages = db.PagesOf(p.Count, most)
		if f.Before == "" && f.Page > p.Pages {
			return db.NoSuchPage(f.Page, p.Pages)
		}
		if f.Before == "" && f.Page > 0 {
			p.All, err = sortedRecommendations(ctx, tx, f, most)
		} else {
			p.All, p.Next, err = recommendations(ctx, tx, f, most)
		}
		if err != nil {
			return err
		}
		if p.Committees, err = AllCommittees(ctx, tx); err != nil {
			return err
		}
		h, err := record.ReadHead(ctx, tx)
		p.Known = h.Size
		return err
	})
	return p, err
}

// EachRecommendation reads all of a filter, newest reference first.
func EachRecommendation(ctx context.Context, tx *db.Tx, f RecommendationFilter, yield func(Recommendation) bool) error {
	for {
		all, next, err := recommendations(ctx, tx, f, 500)
		if err != nil {
			return err
		}
		for _, r := range all {
			if !yield(r) {
				return nil
			}
		}
		if next == "" {
			return nil
		}
		f.Before = next
	}
}

func recommendations(ctx context.Context, tx *db.Tx, f RecommendationFilter, most int) (all []Recommendation, next string, err error) {
	w := &db.Clauses{}
	if err := RecommendationsWhere(ctx, tx, f, w); err != nil {
		return nil, "", err
	}
	all, err = db.List(ctx, tx, scanRecommendation, fmt.Sprintf(`SELECT %s FROM recommendations r%s ORDER BY r.id DESC LIMIT %d`, recommendationCols, w, most+1), w.Args...)
	if len(all) > most {
		all = all[:most]
		next = all[most-1].Ref
	}
	return all, next, err
}
