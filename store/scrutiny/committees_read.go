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
	"github.com/police-ict/handover/store/text"
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
func (p CommitteePage) Today() civil.Day { return civil.DayOf(p.Now) }

// Left tells whether a matter stands under the mandate of this committee, and
// whether nobody has accepted it.
func (p CommitteePage) Left(c Charge) (holds, orphan bool) {
	slug, orphan := c.left(p.All, p.Today())
	return slug == p.Slug, orphan && slug == p.Slug
}

// CommitteeList lists all committees, by the first day of their mandates.
func CommitteeList(ctx context.Context, tx *db.Tx) (out []CommitteeListed, all Committees, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if all, err = AllCommittees(ctx, tx); err != nil {
			return err
		}
		holders, err := seatHolders(ctx, tx, all)
		if err != nil {
			return err
		}
		out, err = listedCommittees(ctx, tx, all, holders)
		return err
	})
	return out, all, err
}

// listedCommittees adds up what is open with each committee today.
func listedCommittees(ctx context.Context, tx *db.Tx, all Committees, holders map[int64]string) (out []CommitteeListed, err error) {
	on := civil.DayOf(tx.Now())
	sums, err := openByCommittee(ctx, tx, all, on)
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

func openByCommittee(ctx context.Context, tx *db.Tx, all Committees, on civil.Day) (map[string]CommitteeListed, error) {
	type group struct {
		Charge
		n, late int
	}
	groups, err := db.List(ctx, tx, func(r db.Row) (g group, err error) {
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
func seatHolders(ctx context.Context, tx *db.Tx, all Committees) (map[int64]string, error) {
	var offices []int64
	for _, c := range all {
		for _, seat := range c.Seats {
			offices = append(offices, seat.Office.ID)
		}
		for _, ask := range c.Awaiting {
			offices = append(offices, ask.Office.ID)
		}
	}
	slices.Sort(offices)
	on, names := civil.DayOf(tx.Now()), map[int64]string{}
	appointments, err := db.List(ctx, tx, office.ScanAppointment, `SELECT `+office.AppointmentCols+office.AppointmentFrom+`WHERE a.status = 'confirmed' AND a.from_day <= $1 AND (a.to_day = '' OR a.to_day >= $1)
		AND a.office IN (`+text.JoinNumbers(slices.Compact(offices))+`) ORDER BY a.id`, on)
	for _, a := range appointments {
		if names[a.Office.ID] != "" && a.Name != "" {
			names[a.Office.ID] += ", "
		}
		names[a.Office.ID] += a.Name
	}
	return names, err
}

// ReadCommitteePage reads the page of one committee for a viewer.
func ReadCommitteePage(ctx context.Context, tx *db.Tx, v office.Viewer, slug string) (p CommitteePage, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		all, err := AllCommittees(ctx, tx)
		if err != nil {
			return err
		}
		c, ok := all[slug]
		if !ok {
			return fault.NotFound.Errorf("There is no such committee.")
		}
		p.All, p.Now = all, tx.Now()
		if p.Holders, err = seatHolders(ctx, tx, all); err != nil {
			return err
		}
		listed, err := listedCommittees(ctx, tx, all, p.Holders)
		if err != nil {
			return err
		}
		p.CommitteeListed = listed[slices.IndexFunc(listed, func(l CommitteeListed) bool { return l.Slug == slug })]
		if p.Charges, err = chargesWith(ctx, tx, slug, ChargesShown); err != nil {
			return err
		}
		if p.Meetings, err = meetingsOf(ctx, tx, slug, MeetingsShown); err != nil {
			return err
		}
		if p.History, err = turnsOf(ctx, tx, c.subject(), 200); err != nil {
			return err
		}
		head, err := record.ReadHead(ctx, tx)
		p.Known = head.Size
		return err
	})
	return p, err
}

// turnsOf reads the acts on a committee from the record, newest first.
func turnsOf(ctx context.Context, tx *db.Tx, subject string, most int) (all []Turned, err error) {
	events, err := record.Events(ctx, tx, record.EventFilter{Subject: subject}, most)
	for _, e := range events {
		said := e.Read()
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
