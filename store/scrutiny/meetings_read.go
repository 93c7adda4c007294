package scrutiny

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// MeetingPage is all that the page of a meeting says.
type MeetingPage struct {
	Meeting
	Of      Committee
	Holders map[int64]string   // office -> who holds it today
	Draft   MinutesDraft       // for whoever may read it
	Offered []AgendaItem       // for the agenda, to whoever keeps the committee
	Hearing []decisions.Listed // decisions on the agenda that wait for the hearing of a call-in
	Known   int64
	Now     time.Time
}

// Today is the day of the page.
func (p MeetingPage) Today() civil.Day { return civil.DayOf(p.Now) }

// Can says whether v may do something to the meeting, or why not.
func (p MeetingPage) Can(v office.Viewer, act office.Act) error {
	return p.May(v, p.Of, act, p.Today())
}

// ReadMeetingPage reads the page of one meeting for a viewer.
func ReadMeetingPage(ctx context.Context, tx *db.Tx, v office.Viewer, id int64) (p MeetingPage, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		p.Now = tx.Now()
		if p.Meeting, err = meeting(ctx, tx, id); err != nil {
			return err
		}
		if p.Of, err = committee(ctx, tx, p.Committee); err != nil {
			return err
		}
		if p.Holders, err = seatHolders(ctx, tx, Committees{p.Of.Slug: p.Of}); err != nil {
			return err
		}
		if p.Draft, err = draftFor(ctx, tx, v, p.Of, p.Meeting); err != nil {
			return err
		}
		if p.Can(v, ActEditAgenda) == nil {
			if p.Offered, err = suggestions(ctx, tx, p.Of, p.Meeting); err != nil {
				return err
			}
		}
		if p.Hearing, err = toHear(ctx, tx, p.Meeting); err != nil {
			return err
		}
		head, err := record.ReadHead(ctx, tx)
		p.Known = head.Size
		return err
	})
	return p, err
}

// toHear are the decisions on an agenda that wait for the hearing of a call-in.
func toHear(ctx context.Context, tx *db.Tx, m Meeting) (out []decisions.Listed, err error) {
	for _, item := range m.Items {
		ref, ok := strings.CutPrefix(item.Ref, "decision/")
		if !ok || item.Struck {
			continue
		}
		d, found, err := db.Maybe(ctx, tx, decisions.Scan, `SELECT d.decision FROM decisions d WHERE d.ref = $1`, ref)
		if err != nil {
			return nil, err
		}
		listed, err := decisions.WithState(ctx, tx, []decisions.Decision{d})
		if err != nil {
			return nil, err
		}
		if found && listed[0].May.State == authority.HoldCalledIn && !d.Heard() {
			out = append(out, listed[0])
		}
	}
	return out, nil
}

// SinceMet are the decisions that were published since a committee last met.
type SinceMet struct {
	Of    Committee
	Met   *Meeting           // the last that was held, nil where there is none
	Since time.Time          // its beginning, or that of the mandate
	All   []decisions.Listed // those that can still be called in first, the first to close first
	Now   time.Time
	Known int64
}

// Callable is how many of them can still be called in.
func (m SinceMet) Callable() (n int) {
	for _, d := range m.All {
		if d.CanCallIn() {
			n++
		}
	}
	return n
}

// DecisionsSince lists what was published since a committee last met, at most
// so many, with until when each can still be called in.
func DecisionsSince(ctx context.Context, tx *db.Tx, slug string, most int) (out SinceMet, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		out.Now = tx.Now()
		if out.Of, err = committee(ctx, tx, slug); err != nil {
			return err
		}
		out.Since = out.Of.First.Start()
		met, found, err := lastHeld(ctx, tx, slug, civil.DayOf(tx.Now()))
		if err != nil {
			return err
		}
		if found {
			out.Met, out.Since = &met, met.Begins()
		}
		if out.All, err = publishedSince(ctx, tx, out.Since, most); err != nil {
			return err
		}
		head, err := record.ReadHead(ctx, tx)
		out.Known = head.Size
		return err
	})
	return out, err
}

// publishedSince looks through the newest decisions of each status that a
// published one can have, and through all that can still be called in.
func publishedSince(ctx context.Context, tx *db.Tx, since time.Time, most int) ([]decisions.Listed, error) {
	all, err := db.List(ctx, tx, decisions.Scan, `SELECT d.decision FROM decisions d WHERE d.status = 'published' AND d.closes_at > $1 ORDER BY d.closes_at LIMIT $2`, db.Stamp(tx.Now()), most)
	if err != nil {
		return nil, err
	}
	for _, status := range []decisions.Status{decisions.Published, decisions.ReferredBack, decisions.Implemented} {
		some, err := db.List(ctx, tx, decisions.Scan, `SELECT d.decision FROM decisions d WHERE d.status = $1 ORDER BY d.year DESC, d.seq DESC, d.id DESC LIMIT $2`, status, most)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b decisions.Decision) int { return cmp.Compare(a.ID, b.ID) })
	all = slices.CompactFunc(all, func(a, b decisions.Decision) bool { return a.ID == b.ID })
	all = slices.DeleteFunc(all, func(d decisions.Decision) bool { return d.PublishedAt.Before(since) })
	listed, err := decisions.WithState(ctx, tx, all)
	slices.SortStableFunc(listed, func(a, b decisions.Listed) int {
		switch {
		case a.CanCallIn() != b.CanCallIn():
			if a.CanCallIn() {
				return -1
			}
			return 1
		case a.CanCallIn():
			return cmp.Or(a.May.Closes.Compare(b.May.Closes), cmp.Compare(a.Ref, b.Ref))
		}
		return cmp.Or(b.PublishedAt.Compare(a.PublishedAt), cmp.Compare(b.Ref, a.Ref))
	})
	return listed[:min(len(listed), most)], err
}

// CommitteeTasks are what waits for an office in committees and their meetings.
func CommitteeTasks(ctx context.Context, tx *db.Tx, v office.Viewer) (tasks []office.Task, err error) {
	if !v.Can(office.SitOnCommittees) {
		return nil, nil
	}
	all, err := AllCommittees(ctx, tx)
	if err != nil {
		return nil, err
	}
	on := civil.DayOf(tx.Now())
	left, err := ReadLeft(ctx, tx, record.Moment{Day: on})
	if err != nil {
		return nil, err
	}
	for _, l := range left {
		c := all[l.Committee]
		if l.Orphans > 0 && all.MayAccept(v, c, on) == nil {
			tasks = append(tasks, office.Task{Title: "Accept " + text.Count(l.Orphans, "open item", "open items") + " from the " + c.Name, Due: c.Last,
				Why: "Its mandate is ending and your committee is its successor.", Verb: "Accept the work", Href: "/committees/" + c.Slug + "/accept"})
		}
	}
	for _, c := range all.Sorted() {
		if c.MayKeep(v, on) != nil || !c.Begun(on) || c.Ended(on) {
			continue
		}
		more, err := meetingTasks(ctx, tx, c, on)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, more...)
	}
	return tasks, nil
}

// meetingTasks are what waits for whoever keeps a committee.
func meetingTasks(ctx context.Context, tx *db.Tx, c Committee, on civil.Day) (tasks []office.Task, err error) {
	meetings, err := meetingsOf(ctx, tx, c.Slug, 10)
	if err != nil {
		return nil, err
	}
	set := false
	for _, m := range meetings {
		switch {
		case m.Status == MeetingPlanned && m.On < on:
			tasks = append(tasks, office.Task{Title: fmt.Sprintf("Record attendance at the meeting of %s", m.On), Due: m.On, Why: "The " + c.Name + " has met. Its chair or clerk records who attended.", Verb: "Record attendance", Href: m.Href() + "/attend"})
		case m.Status == MeetingPlanned:
			set = true
			if m.Published.IsZero() {
				tasks = append(tasks, office.Task{Title: fmt.Sprintf("Publish the agenda of the meeting of %s", m.On), Due: m.On, Why: "The " + c.Name + " meets on that day and its agenda has not been published.", Verb: "Edit the agenda", Href: m.Href() + "/agenda"})
			}
		case m.Status == MeetingHeld && m.Minuted.IsZero():
			tasks = append(tasks, office.Task{Title: fmt.Sprintf("Publish the minutes of the meeting of %s", m.On), Why: "The " + c.Name + " has met and its minutes have not been published.", Verb: "Write the minutes", Href: m.Href() + "/minutes"})
		}
	}
	if set {
		return tasks, nil
	}
	waiting, err := callable(ctx, tx, 50)
	if err != nil || len(waiting) == 0 {
		return tasks, err
	}
	why, due := " can still be called in", civil.DayOf(waiting[0].May.Closes.Add(-time.Microsecond))
	if i := slices.IndexFunc(waiting, func(d decisions.Listed) bool { return d.May.State == authority.HoldCalledIn }); i >= 0 {
		why, due = " must be heard or can still be called in", waiting[i].May.HearBy
	}
	return append(tasks, office.Task{Title: "Arrange a meeting of the " + c.Name, Due: due, Why: text.Count(len(waiting), "decision", "decisions") + why + ", and no meeting has been arranged.",
		Verb: "Arrange a meeting", Href: "/committees/" + c.Slug + "/meetings/new"}), nil
}
