package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

const recommendationCols = `r.id, r.ref, r.kind, r.body, r.committee, r.made, r.acceptance, r.implementation, r.priority, r.waits, r.due, r.turn, r.recommendation`

func scanRecommendation(r row) (m Recommendation, err error) {
	var listed Recommendation
	var waits, text string
	var due Day
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

// recommendationLedger holds recommendations and undertakings to the record.
var recommendationLedger = ledger{"recommendation", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanRecommendation, `SELECT `+recommendationCols+` FROM recommendations r`, func(m Recommendation) (string, any) { return m.subject(), m })
}}

// recommendation finds one by its reference.
func (s *Store) recommendation(ctx context.Context, ref string) (Recommendation, error) {
	m, found, err := maybe(ctx, s, scanRecommendation, `SELECT `+recommendationCols+` FROM recommendations r WHERE r.ref = $1`, ref)
	if err == nil && !found {
		err = NotFound.Errorf("There is no such recommendation: look for it in the list of recommendations.")
	}
	return m, err
}

// RecommendationAt is one recommendation as its page shows it, read at one time.
type RecommendationAt struct {
	Recommendation
	Charge     Charge // whose work it is now
	Committees Committees
	Events     []Event // oldest first
	Names      NamesThen
	Now        time.Time
	Known      int64
}

// Day is the London day of the reading.
func (r RecommendationAt) Day() Day { return DayOf(r.Now) }

// Holder is the committee that has it on the day of the reading.
func (r RecommendationAt) Holder() Committee {
	slug := r.Charge.Holder(r.Committees, r.Day())
	if c, ok := r.Committees[slug]; ok {
		return c
	}
	return Committee{Slug: slug, Name: slug}
}

// May says whether v may act on it now, or why not.
func (r RecommendationAt) May(act Act, v Viewer) error {
	return r.Recommendation.May(act, v, r.Charge, r.Committees, r.Day())
}

// Recommendation reads the page of a recommendation or an undertaking.
func (s *Store) Recommendation(ctx context.Context, ref string) (a RecommendationAt, err error) {
	err = s.read(ctx, func(s *Store) error {
		a, err = s.recommendationAt(ctx, ref)
		return err
	})
	return a, err
}

func (s *Store) recommendationAt(ctx context.Context, ref string) (a RecommendationAt, err error) {
	a.Now = s.Now()
	if a.Recommendation, err = s.recommendation(ctx, ref); err != nil {
		return a, err
	}
	if a.Charge, err = s.charge(ctx, a.Kind, ref); err != nil {
		return a, err
	}
	if a.Committees, err = s.Committees(ctx); err != nil {
		return a, err
	}
	if a.Events, err = s.Events(ctx, EventFilter{Subject: a.subject()}, 1000); err != nil {
		return a, err
	}
	slices.Reverse(a.Events)
	if a.Names, err = s.namesThen(ctx); err != nil {
		return a, err
	}
	h, err := s.Head(ctx)
	a.Known = h.Size
	return a, err
}

// TryRecommendation tells how a recommendation would stand after an act,
// without recording it.
func (s *Store) TryRecommendation(ctx context.Context, by Viewer, ref string, act Act, st RecommendationStep) (a RecommendationAt, err error) {
	err = s.Try(ctx, func(s *Store) error {
		if err := s.ActOnRecommendation(ctx, by, ref, act, st); err != nil {
			return err
		}
		a, err = s.recommendationAt(ctx, ref)
		return err
	})
	return a, err
}

// TryNewRecommendation tells how a new recommendation would stand, without
// recording it.
func (s *Store) TryNewRecommendation(ctx context.Context, by Viewer, f RecommendationForm) (a RecommendationAt, err error) {
	err = s.Try(ctx, func(s *Store) error {
		ref, err := s.MakeRecommendation(ctx, by, f)
		if err != nil {
			return err
		}
		a, err = s.recommendationAt(ctx, ref)
		return err
	})
	return a, err
}

// RecommendationAges are the ages that a list can be filtered by, since the day
// on which a recommendation was made.
var RecommendationAges = []string{"under 1 year", "1 to 2 years", "over 2 years"}

// aged is from which to which day those of an age were made, "" is no limit.
func aged(age string, today Day) (from, to Day) {
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
}

// apart is the filter without acceptance and implementation, by which a tally
// is laid out, and without a page.
func (f RecommendationFilter) apart() RecommendationFilter {
	f.Acceptance, f.Implementation, f.Before = "", "", ""
	return f
}

// RecommendationsRead is how many of those that hold some words are counted.
const RecommendationsRead = 1000

// RecommendationsPage is one page of the list.
type RecommendationsPage struct {
	Filter     RecommendationFilter
	All        []Recommendation
	Count      int64
	Next       string              // Before of the next page, "" on the last
	Tally      RecommendationTally // of the filter, whatever was accepted or done
	MedianDays int                 // since those accepted were made, -1 where there are none
	Committees Committees
	Day        Day
	Known      int64
}

// Recommendations reads one page of the list, newest reference first.
func (s *Store) Recommendations(ctx context.Context, f RecommendationFilter, most int) (p RecommendationsPage, err error) {
	p.Filter = f
	err = s.read(ctx, func(s *Store) error {
		p.Day = DayOf(s.Now())
		if p.All, p.Next, err = s.recommendations(ctx, f, most); err != nil {
			return err
		}
		if p.Tally, err = s.tallied(ctx, f.apart()); err != nil {
			return err
		}
		if p.MedianDays, err = s.medianAge(ctx, f.apart(), p.Tally); err != nil {
			return err
		}
		p.Count = p.Tally.Of(f.Acceptance, f.Implementation)
		if f.Acceptance == InAnyForm {
			p.Count = p.Tally.Accepted(f.Implementation)
		}
		if p.Committees, err = s.Committees(ctx); err != nil {
			return err
		}
		h, err := s.Head(ctx)
		p.Known = h.Size
		return err
	})
	return p, err
}

// EachRecommendation reads all of a filter, newest reference first.
func (s *Store) EachRecommendation(ctx context.Context, f RecommendationFilter, yield func(Recommendation) bool) error {
	for {
		all, next, err := s.recommendations(ctx, f, 500)
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

func (s *Store) recommendations(ctx context.Context, f RecommendationFilter, most int) (all []Recommendation, next string, err error) {
	w := &clauses{}
	if err := s.recommendationsWhere(ctx, f, w); err != nil {
		return nil, "", err
	}
	all, err = list(ctx, s, scanRecommendation, fmt.Sprintf(`SELECT %s FROM recommendations r%s ORDER BY r.id DESC LIMIT %d`, recommendationCols, w, most+1), w.args...)
	if len(all) > most {
		all = all[:most]
		next = all[most-1].Ref
	}
	return all, next, err
}
