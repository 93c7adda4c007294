package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// ChargesShown is how many open matters the page of a committee lists.
const ChargesShown = 200

// MeetingsShown is how many meetings the page of a committee lists.
const MeetingsShown = 50

// CommitteeListed is a committee in the list, with who chairs it and how much
// is open with it.
type CommitteeListed struct {
	Committee
	Chair    string // title of the office and who holds it, "" where there is none
	Open     int    // matters that it holds
	Overdue  int    // of those, in which a body is late
	Accepted int    // of those, that its successor accepted
	Orphans  int    // of those, that nobody has accepted, while its mandate has a last day
}

// Turned is one act of the record on a committee.
type Turned struct {
	N       int64             `json:"event"`
	At      time.Time         `json:"at"`
	Act     string            `json:"act"`
	Office  string            `json:"office"`
	Changes []CommitteeChange `json:"changes,omitempty"`
}

// CommitteePage is all that the page of a committee says.
type CommitteePage struct {
	CommitteeListed
	All      Committees
	Holders  map[int64]string // office -> who holds it today, "" where nobody
	Charges  []Charge         // open, that it holds or accepted; the first due first
	History  []Turned         // newest first
	Meetings []Meeting        // the latest first
	Known    int64
	Now      time.Time
}

// Today is the day of the page.
func (p CommitteePage) Today() Day { return DayOf(p.Now) }

// Left tells whether a matter stands under the mandate of this committee, and
// whether nobody has accepted it.
func (p CommitteePage) Left(c Charge) (holds, orphan bool) {
	slug, orphan := c.left(p.All, p.Today())
	return slug == p.Slug, orphan && slug == p.Slug
}

// CommitteeList lists all committees, by the first day of their mandates.
func (s *Store) CommitteeList(ctx context.Context) (out []CommitteeListed, all Committees, err error) {
	err = s.read(ctx, func(s *Store) error {
		if all, err = s.Committees(ctx); err != nil {
			return err
		}
		holders, err := s.seatHolders(ctx, all)
		if err != nil {
			return err
		}
		out, err = s.listedCommittees(ctx, all, holders)
		return err
	})
	return out, all, err
}

// listedCommittees adds up what is open with each committee today.
func (s *Store) listedCommittees(ctx context.Context, all Committees, holders map[int64]string) (out []CommitteeListed, err error) {
	on := DayOf(s.Now())
	sums, err := s.openByCommittee(ctx, all, on)
	if err != nil {
		return nil, err
	}
	for _, c := range all.Sorted() {
		l := sums[c.Slug]
		l.Committee = c
		for _, seat := range c.Seats {
			if seat.Role == SeatChair && seat.InForce(max(on, c.First)) {
				l.Chair = seat.Office.Title
				if name := holders[seat.Office.ID]; name != "" {
					l.Chair += ": " + name
				}
			}
		}
		out = append(out, l)
	}
	return out, nil
}

func (s *Store) openByCommittee(ctx context.Context, all Committees, on Day) (map[string]CommitteeListed, error) {
	type group struct {
		Charge
		n, late int
	}
	groups, err := list(ctx, s, func(r row) (g group, err error) {
		g.Open = true
		return g, r.Scan(&g.Committee, &g.Heir, &g.n, &g.late)
	}, `SELECT c.committee, c.heir, COUNT(*), COUNT(*) FILTER (WHERE c.due <> '' AND c.due < $1) FROM charges c WHERE c.open AND c.committee <> '' GROUP BY c.committee, c.heir`, on)
	sums := map[string]CommitteeListed{}
	for _, g := range groups {
		holder := g.Holder(all, on)
		l := sums[holder]
		l.Open, l.Overdue = l.Open+g.n, l.Overdue+g.late
		if slug, orphan := g.left(all, on); slug != "" && orphan {
			l.Orphans += g.n
		} else if slug != "" {
			l.Accepted += g.n
		}
		sums[holder] = l
	}
	return sums, err
}

// seatHolders names who holds each office of a seat today.
func (s *Store) seatHolders(ctx context.Context, all Committees) (map[int64]string, error) {
	var offices []int64
	for _, c := range all {
		for _, seat := range c.Seats {
			offices = append(offices, seat.Office.ID)
		}
	}
	slices.Sort(offices)
	on, names := DayOf(s.Now()), map[int64]string{}
	appointments, err := list(ctx, s, scanAppointment, `SELECT `+appointmentCols+appointmentFrom+`WHERE a.status = 'confirmed' AND a.from_day <= $1 AND (a.to_day = '' OR a.to_day >= $1)
		AND a.office IN (`+joinNumbers(slices.Compact(offices))+`) ORDER BY a.id`, on)
	for _, a := range appointments {
		if names[a.Office.ID] != "" && a.Name != "" {
			names[a.Office.ID] += ", "
		}
		names[a.Office.ID] += a.Name
	}
	return names, err
}

// CommitteeAt reads the page of one committee for a viewer.
func (s *Store) CommitteeAt(ctx context.Context, v Viewer, slug string) (p CommitteePage, err error) {
	err = s.read(ctx, func(s *Store) error {
		all, err := s.Committees(ctx)
		if err != nil {
			return err
		}
		c, ok := all[slug]
		if !ok {
			return NotFound.Errorf("There is no such committee.")
		}
		p.All, p.Now = all, s.Now()
		if p.Holders, err = s.seatHolders(ctx, all); err != nil {
			return err
		}
		listed, err := s.listedCommittees(ctx, all, p.Holders)
		if err != nil {
			return err
		}
		p.CommitteeListed = listed[slices.IndexFunc(listed, func(l CommitteeListed) bool { return l.Slug == slug })]
		if p.Charges, err = s.chargesWith(ctx, slug, ChargesShown); err != nil {
			return err
		}
		if p.Meetings, err = s.meetingsOf(ctx, slug, MeetingsShown); err != nil {
			return err
		}
		if p.History, err = s.turnsOf(ctx, c.subject(), 200); err != nil {
			return err
		}
		head, err := s.Head(ctx)
		p.Known = head.Size
		return err
	})
	return p, err
}

// turnsOf reads the acts on a committee from the record, newest first.
func (s *Store) turnsOf(ctx context.Context, subject string, most int) (all []Turned, err error) {
	events, err := s.Events(ctx, EventFilter{Subject: subject}, most)
	for _, e := range events {
		said := e.read()
		t := Turned{N: e.N, At: e.At, Act: e.Act, Office: said.OfficeAs}
		if e.Act == "committee.change" {
			if err := json.Unmarshal(said.Detail, &t.Changes); err != nil {
				return nil, fmt.Errorf("event %d: %w", e.N, err)
			}
		}
		all = append(all, t)
	}
	return all, err
}
