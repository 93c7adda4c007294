package scrutiny

import (
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
)

// AnswerClock is the time that a body has to answer: from asking, or from a
// follow-up after an answer. Its days are facts; how it stands is worked out.
type AnswerClock struct {
	Began civil.Day `json:"began"` // day 0
	Due   civil.Day `json:"due"`   // the last day for the answer
	Long  civil.Day `json:"long"`  // after it, it is long overdue
	Ended civil.Day `json:"ended,omitempty"`
	Took  int64     `json:"took,omitempty"` // working days from Began to Ended, -1 where that cannot be told
}

// StartClock starts a clock on a day, for a named day where one is given. It
// fails where bank holidays are not known that far ahead.
func StartClock(on, named civil.Day) (c AnswerClock, err error) {
	terms := Terms()
	c.Began, c.Due = on, named
	if named == "" {
		if c.Due, err = on.AddWorking(terms.Answer); err != nil {
			return c, err
		}
	}
	c.Long, err = on.AddWorking(terms.LongOverdue)
	return c, err
}

// State is how a clock that runs stands on a day.
func (c AnswerClock) State(on civil.Day) string {
	switch {
	case on > c.Long:
		return "long overdue"
	case on > c.Due:
		return "delayed"
	}
	return "due"
}

// end is the clock, ended on a day by an answer or a refusal.
func (c AnswerClock) end(on civil.Day) AnswerClock {
	c.Ended, c.Took = on, int64(-1)
	if n, err := c.Began.WorkingTo(on); err == nil {
		c.Took = int64(n)
	}
	return c
}

// resume is the clock as it goes on where a refusal that ended it fell.
func (c AnswerClock) resume() AnswerClock {
	c.Ended, c.Took = "", 0
	return c
}

// checkNamed says what is wrong with the day for which an answer is asked.
func checkNamed(f *fault.Faults, asked, named civil.Day) error {
	if named == "" {
		return nil
	}
	terms := Terms()
	first, err := asked.AddWorking(terms.NamedDay)
	if err != nil {
		return err
	}
	last, err := asked.AddWorking(terms.LongOverdue)
	if err != nil {
		return err
	}
	if named < first || named > last {
		f.Add("named", "Name a day from %s to %s: from %d to %d working days ahead.", first, last, terms.NamedDay, terms.LongOverdue)
		return nil
	}
	if works, err := named.Working(); err != nil || !works {
		f.Add("named", "%s is not a working day: name one.", named)
	}
	return nil
}
