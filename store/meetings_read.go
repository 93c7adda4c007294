package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// MeetingPage is all that the page of a meeting says.
type MeetingPage struct {
	Meeting
	Of      Committee
	Holders map[int64]string // office -> who holds it today
	Draft   MinutesDraft     // for whoever may read it
	Offered []AgendaItem     // for the agenda, to whoever keeps the committee
	Hearing []Listed         // decisions on the agenda that wait for the hearing of a call-in
	Known   int64
	Now     time.Time
}

// Today is the day of the page.
func (p MeetingPage) Today() Day { return DayOf(p.Now) }

// Can says whether v may do something to the meeting, or why not.
func (p MeetingPage) Can(v Viewer, act Act) error { return p.May(v, p.Of, act, p.Today()) }

// MeetingAt reads the page of one meeting for a viewer.
func (s *Store) MeetingAt(ctx context.Context, v Viewer, id int64) (p MeetingPage, err error) {
	err = s.read(ctx, func(s *Store) error {
		p.Now = s.Now()
		if p.Meeting, err = s.meeting(ctx, id); err != nil {
			return err
		}
		if p.Of, err = s.committee(ctx, p.Committee); err != nil {
			return err
		}
		if p.Holders, err = s.seatHolders(ctx, Committees{p.Of.Slug: p.Of}); err != nil {
			return err
		}
		if p.Draft, err = s.draftFor(ctx, v, p.Of, p.Meeting); err != nil {
			return err
		}
		if p.Can(v, EditAgenda) == nil {
			if p.Offered, err = s.suggestions(ctx, p.Of, p.Meeting); err != nil {
				return err
			}
		}
		if p.Hearing, err = s.toHear(ctx, p.Meeting); err != nil {
			return err
		}
		head, err := s.Head(ctx)
		p.Known = head.Size
		return err
	})
	return p, err
}

// toHear are the decisions on an agenda that wait for the hearing of a call-in.
func (s *Store) toHear(ctx context.Context, m Meeting) (out []Listed, err error) {
	for _, item := range m.Items {
		ref, ok := strings.CutPrefix(item.Ref, "decision/")
		if !ok || item.Struck {
			continue
		}
		d, found, err := maybe(ctx, s, scanDecision, `SELECT d.decision FROM decisions d WHERE d.ref = $1`, ref)
		if err != nil {
			return nil, err
		}
		listed, err := s.listed(ctx, []Decision{d})
		if err != nil {
			return nil, err
		}
		if found && listed[0].May.State == HoldCalledIn && !d.heard() {
			out = append(out, listed[0])
		}
	}
	return out, nil
}

// SinceMet are the decisions that were published since a committee last met.
type SinceMet struct {
	Of    Committee
	Met   *Meeting  // the last that was held, nil where there is none
	Since time.Time // its beginning, or that of the mandate
	All   []Listed  // those that can still be called in first, the first to close first
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
func (s *Store) DecisionsSince(ctx context.Context, slug string, most int) (out SinceMet, err error) {
	err = s.read(ctx, func(s *Store) error {
		out.Now = s.Now()
		if out.Of, err = s.committee(ctx, slug); err != nil {
			return err
		}
		out.Since = out.Of.First.Start()
		met, found, err := s.lastHeld(ctx, slug, DayOf(s.Now()))
		if err != nil {
			return err
		}
		if found {
			out.Met, out.Since = &met, met.Begins()
		}
		if out.All, err = s.publishedSince(ctx, out.Since, most); err != nil {
			return err
		}
		head, err := s.Head(ctx)
		out.Known = head.Size
		return err
	})
	return out, err
}

// publishedSince looks through the newest decisions of each status that a
// published one can have, and through all that can still be called in.
func (s *Store) publishedSince(ctx context.Context, since time.Time, most int) ([]Listed, error) {
	all, err := list(ctx, s, scanDecision, `SELECT d.decision FROM decisions d WHERE d.status = 'published' AND d.closes_at > $1 ORDER BY d.closes_at LIMIT $2`, stamp(s.Now()), most)
	if err != nil {
		return nil, err
	}
	for _, status := range []DecisionStatus{DecisionPublished, DecisionReferredBack, DecisionImplemented} {
		some, err := list(ctx, s, scanDecision, `SELECT d.decision FROM decisions d WHERE d.status = $1 ORDER BY d.year DESC, d.seq DESC, d.id DESC LIMIT $2`, status, most)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b Decision) int { return cmp.Compare(a.ID, b.ID) })
	all = slices.CompactFunc(all, func(a, b Decision) bool { return a.ID == b.ID })
	all = slices.DeleteFunc(all, func(d Decision) bool { return d.PublishedAt.Before(since) })
	listed, err := s.listed(ctx, all)
	slices.SortStableFunc(listed, func(a, b Listed) int {
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

// committeeTasks are what waits for an office in committees and their meetings.
func (s *Store) committeeTasks(ctx context.Context, v Viewer) (tasks []Task, err error) {
	if !v.Can(SitOnCommittees) {
		return nil, nil
	}
	all, err := s.Committees(ctx)
	if err != nil {
		return nil, err
	}
	on := DayOf(s.Now())
	left, err := s.scrutinyLeft(ctx, Moment{Day: on})
	if err != nil {
		return nil, err
	}
	for _, l := range left {
		c := all[l.Committee]
		if l.Orphans > 0 && all.MayAccept(v, c, on) == nil {
			tasks = append(tasks, Task{Title: "Accept " + Count(l.Orphans, "open matter", "open matters") + " of the " + c.Name, Due: c.Last,
				Why: "Your committee succeeds it, and its mandate ends: what nobody accepts is lost.", Verb: "Read and accept", Href: "/committees/" + c.Slug + "/accept"})
		}
	}
	for _, c := range all.Sorted() {
		if c.MayKeep(v) != nil || !c.Begun(on) || c.Ended(on) {
			continue
		}
		more, err := s.meetingTasks(ctx, c, on)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, more...)
	}
	return tasks, nil
}

// meetingTasks are what waits for whoever keeps a committee.
func (s *Store) meetingTasks(ctx context.Context, c Committee, on Day) (tasks []Task, err error) {
	meetings, err := s.meetingsOf(ctx, c.Slug, 10)
	if err != nil {
		return nil, err
	}
	set := false
	for _, m := range meetings {
		switch {
		case m.Status == MeetingPlanned && m.On < on:
			tasks = append(tasks, Task{Title: fmt.Sprintf("Say who came to the meeting of %s", m.On), Due: m.On, Why: "The day of the meeting of the " + c.Name + " has passed. Its chair or clerk records attendance.", Verb: "Record it", Href: m.Href() + "/attend"})
		case m.Status == MeetingPlanned:
			set = true
			if m.Published.IsZero() {
				tasks = append(tasks, Task{Title: fmt.Sprintf("Publish the agenda of the meeting of %s", m.On), Due: m.On, Why: "The " + c.Name + " meets then, and its agenda is not published.", Verb: "Open it", Href: m.Href() + "/agenda"})
			}
		case m.Status == MeetingHeld && m.Minuted.IsZero():
			tasks = append(tasks, Task{Title: fmt.Sprintf("Publish the minutes of the meeting of %s", m.On), Why: "The meeting of the " + c.Name + " was held, and its minutes are not published.", Verb: "Open them", Href: m.Href() + "/minutes"})
		}
	}
	if set {
		return tasks, nil
	}
	waiting, err := s.callable(ctx, 50)
	if err != nil || len(waiting) == 0 {
		return tasks, err
	}
	why, due := "can still be called in", DayOf(waiting[0].May.Closes.Add(-time.Microsecond))
	if i := slices.IndexFunc(waiting, func(d Listed) bool { return d.May.State == HoldCalledIn }); i >= 0 {
		why, due = "wait for a hearing or can still be called in", waiting[i].May.HearBy
	}
	return append(tasks, Task{Title: "Set a meeting of the " + c.Name, Due: due, Why: Count(len(waiting), "decision is held", "decisions are held") + ": these " + why + ", and no meeting is set. Its chair or clerk sets one.",
		Verb: "Set it", Href: "/committees/" + c.Slug + "/meetings/new"}), nil
}
