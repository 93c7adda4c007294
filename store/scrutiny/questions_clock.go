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

// StartClock starts a clock on a day, for a named day where one is given: the
// next working day, where that has become a bank holiday since. It fails where
// bank holidays are not known that far ahead.
func StartClock(days civil.Calendar, on, named civil.Day) (c AnswerClock, err error) {
	terms := Terms()
	c.Began = on
	if named == "" {
		c.Due, err = days.Add(on, terms.Answer)
	} else {
		c.Due, err = days.Add(named.Add(-1), 1)
	}
	if err != nil {
		return c, err
	}
	c.Long, err = days.Add(on, terms.LongOverdue)
	return c, err
}

// running is the clock of a question that runs, by a calendar: it has the days
// that it would have had, had the bank holidays been known when it began.
func (q Question) running(days civil.Calendar) (AnswerClock, error) {
	named := q.Named
	if len(q.Clocks) > 1 {
		named = ""
	}
	return StartClock(days, q.Clock().Began, named)
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
func (c AnswerClock) end(days civil.Calendar, on civil.Day) AnswerClock {
	c.Ended, c.Took = on, int64(-1)
	if n, err := days.Count(c.Began, on); err == nil {
		c.Took = int64(n)
	}
	return c
}

// checkNamed says what is wrong with the day for which an answer is asked.
func checkNamed(f *fault.Faults, days civil.Calendar, asked, named civil.Day) error {
	if named == "" {
		return nil
	}
	terms := Terms()
	first, err := days.Add(asked, terms.NamedDay)
	if err != nil {
		return err
	}
	last, err := days.Add(asked, terms.LongOverdue)
	if err != nil {
		return err
	}
	if named < first || named > last {
		f.Add("named", "Enter a date from %s to %s, which is %d to %d working days ahead.", first, last, terms.NamedDay, terms.LongOverdue)
		return nil
	}
	if works, err := days.Working(named); err != nil || !works {
		f.Add("named", "%s is not a working day. Enter a working day.", named)
	}
	return nil
}
