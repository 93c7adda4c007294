package term

import (
	"strconv"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// Apart is how many days a stated last day may differ from the counted one
// without a question: registers often name the day after, or the nearest working
// day.
const Apart = 3

// Doubts are reasons to ask about a term. None of them stops it from being kept:
// what the contract states is used. Fields are named as Check names them.
func (t *Term) Doubts() (f fault.Faults) {
	if t.Last != "" && t.Start != "" && t.Months > 0 {
		counted := t.Start.LastOf(t.Months)
		days, side := t.Last.Number()-counted.Number(), "after"
		if days < 0 {
			days, side = -days, "before"
		}
		if days > Apart {
			f.Add("last", "The last day, %s, is %s %s the end of %s, %s. The stated day is used.", t.Last, text.Count(days, "day", "days"), side, text.Count(t.Months, "month", "months"), counted)
		}
	}
	for i, o := range t.Options {
		if o.Taken == "" {
			break
		}
		before := *t // as it stood when the option was taken, but for this option
		before.Options = t.Options[:i]
		s := before.stands(o.Taken)
		if by := o.noticeBy(s.now); s.now != "" && o.Taken > by {
			f.Add("options."+strconv.Itoa(i), "The option was taken on %s, after its notice day, %s: the supplier must have agreed.", o.Taken, by)
		}
	}
	for i, e := range t.Endings {
		t.doubtEnding(&f, i, e)
	}
	return f
}

func (t *Term) doubtEnding(f *fault.Faults, i int, e Ending) {
	if e.Terminate {
		return
	}
	before := *t
	before.Endings = nil
	s, field := before.stands(e.Given), "endings."+strconv.Itoa(i)
	switch {
	case t.Renewal == Ends && s.now != "" && e.Last > s.now:
		f.Add(field, "The notice of %s ends the contract on %s, after its last day, %s.", e.Given, e.Last, s.now)
	case t.Renewal == Tacit && e.Given > t.Notice.Before(e.Last):
		f.Add(field, "The notice of %s was given after its notice day, %s: the supplier must have agreed.", e.Given, t.Notice.Before(e.Last))
	case t.Renewal == Open && e.Last < t.Notice.After(e.Given):
		f.Add(field, "The notice of %s can end the contract on %s at the earliest.", e.Given, t.Notice.After(e.Given))
	}
}
