package term

import (
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/text"
)

// Do is what must be done, without its day: "Give notice to extend to 30
// September 2014".
func (s Step) Do() string {
	switch s.Kind {
	case TakeUp:
		return "Give notice to extend to " + s.upTo()
	case GiveStop:
		return "Give notice to end on " + s.To.String()
	case UseBreak:
		return "Give notice to end early on " + s.To.String()
	case Nothing:
		return "Give the notice that the contract asks for"
	}
	return ""
}

// Otherwise is what happens if it is not done, a whole sentence.
func (s Step) Otherwise() string {
	switch {
	case s.Kind == Nothing:
		return "It ends on " + s.Else.String() + " all the same."
	case s.Kind == TakeUp:
		return "It ends on " + s.Else.String() + "."
	case s.Else == "":
		return "It goes on without an end."
	case s.Kind == GiveStop:
		return "It renews to " + s.Else.String() + "."
	}
	return "It goes on to " + s.Else.String() + "."
}

func (s Step) upTo() string {
	if s.AnyDay {
		return "any day up to " + s.To.String()
	}
	return s.To.String()
}

// when is the condition of a step: "if notice is given by 31 March 2013: 16 days
// left".
func (s Step) when() string {
	act := "if notice is given by "
	if s.Kind == TakeUp && !s.Stated {
		act = "if the option is taken by "
	}
	return act + s.By.String() + ": " + LeftWords(s.Left)
}

// LeftWords are the days that are left to act: 16 days left.
func LeftWords(days int) string {
	switch {
	case days == 0:
		return "the last day"
	case days < 0:
		return text.Count(-days, "day", "days") + " ago"
	}
	return text.Count(days, "day", "days") + " left"
}

// Words say until when a contract binds, and what must be done by which day:
// "Ends 30 September 2013. May be extended to 30 September 2014 if notice is
// given by 31 March 2013: 16 days left."
func (st State) Words() string {
	var all []string
	add := func(parts ...string) { all = append(all, strings.Join(parts, "")+".") }
	switch st.Status {
	case CannotTell:
		return "Cannot tell when it ends: neither its last day nor its length is known."
	case Ended, RunsOn:
		return st.endedWords()
	case NotBegun:
		add("Begins ", st.Start.String())
	}
	switch {
	case st.Ending.Given != "":
		add("Ends ", st.Last.String(), ": ", endingWords(st.Ending))
	case st.renewal == Open:
		st.openWords(add)
	case st.Endless:
		st.tacitWords(add)
	default:
		st.fixedWords(add)
	}
	if st.Next.Kind == UseBreak {
		add("May be ended early on ", st.Next.To.String(), " ", st.Next.when())
	}
	if st.early.From != "" {
		add("May be ended early on any day from ", st.early.From.String(), st.early.rollingWords())
	}
	if st.Extended && st.Initial != "" && st.renewal != Open {
		add("Its first term ended ", st.Initial.String())
	}
	if st.Review != "" {
		add("Its review is due on ", st.Review.String())
	}
	return strings.Join(all, " ")
}

func (st State) endedWords() string {
	switch {
	case st.Status == RunsOn:
		return "Ended " + st.Last.String() + ", but a payment was made on " + st.LastPaid.String() + ", " + text.Count(st.LastPaid.Number()-st.Last.Number(), "day", "days") + " later."
	case st.Ending.Given != "":
		return "Ended " + st.Last.String() + ": " + endingWords(st.Ending) + "."
	}
	return "Ended " + st.Last.String() + "."
}

func endingWords(e Ending) string {
	if e.Terminate {
		return "it was terminated on " + e.Given.String()
	}
	return "notice was given on " + e.Given.String()
}

func (st State) fixedWords(add func(...string)) {
	add("Ends ", st.Last.String())
	switch {
	case st.Missed.Needed():
		add("It can no longer be extended to ", st.Missed.To.String(), " as of right: notice was due by ", st.Missed.By.String())
	case st.own.Kind == TakeUp:
		add("May be extended to ", st.own.upTo(), " ", st.own.when())
	case st.own.Kind == Nothing && st.own.Needed():
		add("Its notice day is ", st.own.By.String(), ": ", LeftWords(st.own.Left))
	}
}

func (st State) tacitWords(add func(...string)) {
	if m := st.Missed; m.Needed() {
		add("Renews on ", civil.Numbered(m.To.Number()+1).String(), " until ", m.Else.String(), ": notice was due by ", m.By.String())
	}
	if st.own.Kind == GiveStop {
		add("Ends ", st.own.To.String(), " ", st.own.when())
		add("Otherwise it renews to ", st.own.Else.String())
	}
}

func (st State) openWords(add func(...string)) {
	switch {
	case st.own.Kind == GiveStop:
		add("Ends ", st.own.To.String(), " ", st.own.when())
		add("Otherwise it goes on without an end")
		return
	case st.Last != "":
		add("Has no end day, and runs at least to ", st.Last.String())
	default:
		add("Has no end day")
	}
	if st.notice.Stated() {
		add("Notice of ", st.notice.String(), " given on ", st.On.String(), " ends it on ", st.First.String())
		return
	}
	add("The notice that ends it is not stated")
}

// Ways say on which days a contract can still be made to end, in one sentence:
// "Ends 30 September 2013, or 30 September 2014 if notice is given by 31 March
// 2013." Ends of a tacit renewal are told up to a day.
func (t *Term) Ways(on, until civil.Day) string {
	ends := t.EndsOn(on, until)
	if len(ends) == 0 {
		return At(t, Known{On: on}).Words()
	}
	const most = 3
	var parts []string
	for _, e := range ends {
		if len(parts) == most {
			parts = append(parts, "and so on")
			break
		}
		parts = append(parts, e.words())
	}
	if len(parts) > 1 && len(parts) <= most {
		parts[len(parts)-1] = "or " + parts[len(parts)-1]
	}
	return "Ends " + strings.Join(parts, ", ") + "."
}

func (e End) words() string {
	day := "on " + e.From.String()
	switch {
	case e.To == "":
		day = "on any day from " + e.From.String()
	case e.To != e.From:
		day = "on any day from " + e.From.String() + " to " + e.To.String()
	}
	switch {
	case e.How == Nothing || e.How == Decided:
		return day
	case e.Options == 0 && e.rolling:
		return day + e.rollingWords()
	case e.Options == 0 && e.How == UseBreak:
		return day + " if notice of a break is given by " + e.By.String()
	case e.Options == 1:
		return day + " if the option is taken by " + e.By.String()
	case e.Options > 1:
		return day + " if " + text.Count(e.Options, "option is", "options are") + " taken, the first by " + e.By.String()
	}
	return day + " if notice is given by " + e.By.String()
}

func (e End) rollingWords() string {
	if e.notice.Stated() {
		return " with notice of " + e.notice.String()
	}
	return " with notice"
}
