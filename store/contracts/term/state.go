package term

import (
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
)

// Status is what can be said of a contract on a day. It is worked out, never kept.
type Status string

// The statuses.
const (
	CannotTell   Status = "cannot_tell"   // no last day is known
	NotBegun     Status = "not_begun"     // its first day is to come
	Running      Status = "running"       // in its first term
	InExtension  Status = "in_extension"  // past its first term
	NoticeMissed Status = "notice_missed" // running; the notice day of its next option or renewal is past
	Ended        Status = "ended"
	RunsOn       Status = "runs_on" // ended, and paid after its last day
)

// Statuses are all of them, in the order of a contract's life.
func Statuses() []Status {
	return []Status{NotBegun, Running, InExtension, NoticeMissed, Ended, RunsOn, CannotTell}
}

// String is the status as people read it.
func (s Status) String() string {
	return map[Status]string{CannotTell: "Cannot tell", NotBegun: "Not begun", Running: "Running", InExtension: "In extension",
		NoticeMissed: "Notice day missed", Ended: "Ended", RunsOn: "Runs on"}[s]
}

// Known are the facts that a state is worked out from, beside the term.
type Known struct {
	On       civil.Day // the day that is asked about, at its end
	LastPaid civil.Day // the newest payment under the contract that is known; "" is none
}

// Step is one thing that can be done about the end of a contract, the last day on
// which it is in time, and what follows.
type Step struct {
	Kind   How
	By     civil.Day // the last day; notice given on it is in time
	Left   int       // days from the day asked about to By, 0 on By itself; less than 0 once it is past
	To     civil.Day // the last day of the contract if it is done
	Else   civil.Day // the last day if it is not done; "" where there is then none
	AnyDay bool      // of an option: any day up to To can be chosen
	Stated bool      // whether a length of notice is stated; if not, By is the last day to act at all
}

// Needed reports whether there is such a step.
func (s Step) Needed() bool { return s.By != "" }

// SendBy is the working day on which notice is sent to be there in time: the last
// one up to By. It fails for a year whose bank holidays are not known.
func (s Step) SendBy(c civil.Calendar) (civil.Day, error) {
	d := s.By
	for {
		works, err := c.Working(d)
		if err != nil || works {
			return d, err
		}
		d = civil.Numbered(d.Number() - 1)
	}
}

// State is what follows from a term for a day.
type State struct {
	Known
	Status   Status
	Start    civil.Day // "" is not known
	Initial  civil.Day // the end of the first term, without options; "" is not known, or none
	Last     civil.Day // the end as things stand; of a tacit renewal that of the period that runs; "" is not known, or none
	NoticeBy civil.Day // the notice day that belongs to Last, past or not; "" where no notice is stated
	First    civil.Day // the first day on which it can still be made to end, "" once ended
	Latest   civil.Day // the last day to which it can be made to run as of right; "" where there is none or it has ended
	Endless  bool      // it goes on until somebody ends it
	Next     Step      // the step whose last day comes next
	Missed   Step      // the option or renewal of which the notice day is past; not a renewal whose notice day came before its period, which nobody could keep
	Extended bool      // the first term is over
	Ending   Ending    // the act that ends it; zero where none stands
	Review   civil.Day // a review day that is not past

	own     Step // the step at the end, where a break may come before it
	early   End  // the days of a break that is not bound to one day
	renewal Renewal
	notice  Notice
}

// At works out the state of a contract on a day. It is a pure function of its two
// arguments: acts after the day are left out, so that a day in the past gives
// what was known and in force then.
func At(t *Term, k Known) State {
	s := t.stands(k.On)
	st := State{Known: k, Status: Running, Start: t.Start, Initial: s.initial, Last: s.now, renewal: t.Renewal, notice: t.Notice}
	if t.Review >= k.On {
		st.Review = t.Review
	}
	if s.ended != nil {
		st.Ending = *s.ended
	}
	switch {
	case !s.known(t):
		st.Status = CannotTell
		return st
	case s.now != "" && s.now < k.On:
		st.Status, st.Extended = Ended, s.initial != "" && s.now > s.initial
		if k.LastPaid > s.now && k.LastPaid <= k.On {
			st.Status = RunsOn
		}
		return st
	}
	st.Extended = s.initial != "" && k.On > s.initial
	st.Endless = s.ended == nil && (t.Renewal == Open || t.Renewal == Tacit && t.Every > 0)
	var kept [8]End
	for _, e := range t.ends(&s, s.now, kept[:0]) {
		if st.First == "" || e.From < st.First {
			st.First = e.From
		}
		if !st.Endless {
			st.Latest = max(st.Latest, e.To)
		}
		if e.How == UseBreak && e.rolling && e.Options == 0 {
			st.early = e
		}
	}
	st.steps(t, &s)
	switch {
	case k.On < t.Start:
		st.Status = NotBegun
	case st.Missed.Needed():
		st.Status = NoticeMissed
	case st.Extended && t.Renewal != Open:
		st.Status = InExtension
	}
	return st
}

// steps fills in what must be done next, and what can no longer be.
func (st *State) steps(t *Term, s *standing) {
	if s.ended != nil {
		return
	}
	keep := func(p Step) {
		if p.Left >= 0 && (!st.Next.Needed() || p.By < st.Next.By) {
			st.Next = p
		}
	}
	if p, next := t.main(s); p.Needed() {
		if p.Stated {
			st.NoticeBy = p.By
		}
		st.own = p
		if p.Left < 0 {
			st.own = next
		}
		if p.Left < 0 && (p.Kind == TakeUp || t.Renewal == Tacit && p.By >= s.from) {
			st.Missed = p
		}
		keep(st.own)
	}
	for _, b := range t.Breaks {
		keep(t.breakStep(s, b))
	}
}

// main is the step at the end as things stand: the next option, notice that stops
// a renewal, or notice that changes nothing. Once its day is past, next is the
// first one of a later period.
func (t *Term) main(s *standing) (p, next Step) {
	step := func(how How, n Notice, last civil.Day) Step {
		return stepBy(how, s.on, n.Before(last), last, n.Stated())
	}
	switch {
	case s.now == "":
		return p, next
	case t.Renewal == Tacit && t.Every > 0:
		p = step(GiveStop, t.Notice, s.now)
		p.Else = s.renewal(t, 1)
		next.Left = -1
		for n := 1; p.Left < 0 && next.Left < 0 && n < maxAhead; n++ {
			next = step(GiveStop, t.Notice, s.renewal(t, n))
			next.Else = s.renewal(t, n+1)
		}
		return p, next
	case t.Renewal == Open:
		return step(GiveStop, t.Notice, s.now), next
	case s.option(t) < len(t.Options):
		o := &t.Options[s.option(t)]
		p = stepBy(TakeUp, s.on, o.noticeBy(s.now), s.extend(t, o).now, o.By != "" || o.Notice.Stated())
		p.Else, p.AnyDay = s.now, o.AnyDay
		return p, next
	case t.Notice.Stated():
		p = step(Nothing, t.Notice, s.now)
		p.Else = s.now
	}
	return p, next
}

// breakStep is the step of a break. There is none for one that lies past the end
// as things stand, and none for one of any day, which has no last day.
func (t *Term) breakStep(s *standing, b Break) Step {
	if b.AnyDay || b.Day < s.on || s.now != "" && b.Day >= s.now && t.Renewal == Ends {
		return Step{Left: -1}
	}
	p := stepBy(UseBreak, s.on, b.noticeBy(), b.Day, b.By != "" || b.Notice.Stated())
	if t.Renewal == Ends {
		p.Else = s.now
	}
	return p
}

func stepBy(how How, on, by, to civil.Day, stated bool) Step {
	return Step{Kind: how, By: by, Left: by.Number() - on.Number(), To: to, Stated: stated}
}

// Steps lists what can be done about the end of a contract from a day on, in
// order of the last days: the next option or renewal, and every break.
func Steps(t *Term, on civil.Day) (all []Step) {
	s := t.stands(on)
	if !s.known(t) || s.ended != nil || s.now != "" && s.now < on {
		return nil
	}
	p, next := t.main(&s)
	steps := []Step{p, next}
	for _, b := range t.Breaks {
		steps = append(steps, t.breakStep(&s, b))
	}
	for _, p := range steps {
		if p.Needed() && p.Left >= 0 {
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b Step) int { return strings.Compare(string(a.By), string(b.By)) })
	return all
}
