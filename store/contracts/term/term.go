// Package term works out the days of a contract: until when it binds, whether it
// can be extended or renews by itself, and what must be done by which day. A
// Term holds what was agreed and what has been done since; At says what follows
// for a day. Nothing that can be worked out is kept, and nothing here knows a
// database.
//
// The rules, and where each comes from:
//   - A term of whole months ends the day before the same day number that many
//     months later, held to the end of that month, and is always counted from the
//     start (civil.Day.LastOf; Dodds v Walker [1981] 1 WLR 1027). A last day that
//     the contract states comes before a counted one.
//   - The end of a contract, for publication, leaves out every option to extend:
//     Procurement Reform (Scotland) Act 2014, section 35(3)(f) and (g), the
//     clearest words for it in law.
//   - Notice is in time on its day: the last day of the term less the months or
//     days of notice. It is counted from the end of the period that is running,
//     never from the end of the first one.
//   - Options are taken in order. One whose notice day has passed without an act,
//     and all after it, can no longer be taken as of right.
package term

import (
	"strconv"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
)

// Renewal is what happens to a contract at the end of its term without an act.
type Renewal string

// The renewals. Options to extend are Ends with options.
const (
	Ends  Renewal = ""      // it ends
	Tacit Renewal = "tacit" // it renews for Every months unless notice is given
	Open  Renewal = "open"  // it has no end: it runs until notice ends it
)

// Option is a right to extend the term by notice.
type Option struct {
	Months int       `json:"months,omitempty"`  // by how many months
	Last   civil.Day `json:"last,omitempty"`    // or to which day, where the contract states it
	AnyDay bool      `json:"any_day,omitempty"` // to any day up to then, not only to it
	Notice Notice    `json:"notice,omitzero"`   // before the end that it moves
	By     civil.Day `json:"by,omitempty"`      // the last day of notice, where the contract states it

	Taken civil.Day `json:"taken,omitempty"` // the day notice was given, if it was
	To    civil.Day `json:"to,omitempty"`    // of AnyDay: the last day that was chosen
}

// Break is a right to end the contract early.
type Break struct {
	Day    civil.Day `json:"day"`               // the last day of the contract if it is used
	AnyDay bool      `json:"any_day,omitempty"` // on any day from Day, not only on it
	Notice Notice    `json:"notice,omitzero"`
	By     civil.Day `json:"by,omitempty"` // the last day of notice, where the contract states it; not of AnyDay
}

// noticeBy is the last day of notice to extend a contract that ends on last.
func (o Option) noticeBy(last civil.Day) civil.Day {
	if o.By != "" {
		return o.By
	}
	return o.Notice.Before(last)
}

// noticeBy is the last day of notice for a break on its day.
func (b Break) noticeBy() civil.Day {
	if b.By != "" {
		return b.By
	}
	return b.Notice.Before(b.Day)
}

// Ending is an act that ends a contract: notice, a break or a termination.
type Ending struct {
	Given     civil.Day `json:"given"`               // the day of the act
	Last      civil.Day `json:"last"`                // the last day of the contract
	Withdrawn civil.Day `json:"withdrawn,omitempty"` // the day it was withdrawn, if it was
	Terminate bool      `json:"terminate,omitempty"` // a termination, not notice under the contract
}

// Agreed is a change of the last day that both sides agreed to, outside of the
// options.
type Agreed struct {
	On   civil.Day `json:"on"`   // the day of the agreement
	Last civil.Day `json:"last"` // the last day from then on
}

// Term is what a contract says of its days, and what was done about them. Acts
// carry their days, so that one Term answers for any day, past or to come.
type Term struct {
	Start   civil.Day `json:"start,omitempty"`  // the first day; "" is not stated
	Months  int       `json:"months,omitempty"` // of the first term; 0 is not stated
	Last    civil.Day `json:"last,omitempty"`   // of the first term, where it is stated as a day
	Options []Option  `json:"options,omitempty"`
	Renewal Renewal   `json:"renewal,omitempty"`
	Every   int       `json:"every,omitempty"` // months of each period of a tacit renewal
	Notice  Notice    `json:"notice,omitzero"` // that stops a renewal or ends what is open
	Breaks  []Break   `json:"breaks,omitempty"`
	Review  civil.Day `json:"review,omitempty"`
	Agreed  []Agreed  `json:"agreed,omitempty"`  // in order of On
	Endings []Ending  `json:"endings,omitempty"` // in order of Given
}

// MostMonths is the longest term or option, and MostNotice the longest notice in
// months, that is taken for meant: 100 years and 10 years.
const (
	MostMonths = 1200
	MostNotice = 120
)

// Check notes all that is wrong with a term as somebody typed it. Fields are
// named start, months, last, every, notice, review, options.0, breaks.0,
// agreed.0 and endings.0.
func (t Term) Check(f *fault.Faults) {
	day := func(field, label string, d civil.Day) {
		if d != "" {
			civil.CheckDay(f, field, label, d)
		}
	}
	day("start", "the first day", t.Start)
	day("last", "the last day", t.Last)
	day("review", "the review day", t.Review)
	months := func(field string, n int) {
		if n < 0 || n > MostMonths {
			f.Add(field, "Enter a number of months from 1 to %d.", MostMonths)
		}
	}
	months("months", t.Months)
	months("every", t.Every)
	if t.Last != "" && t.Last < t.Start {
		f.Add("last", "The last day must be on or after the first day.")
	}
	if t.Months > 0 && t.Start == "" && t.Last == "" {
		f.Add("start", "Enter the first day, from which the months are counted.")
	}
	switch {
	case t.Renewal == Tacit && t.Every == 0:
		f.Add("every", "Enter how many months each renewal lasts.")
	case t.Renewal != Tacit && t.Every != 0:
		f.Add("every", "Remove the months of a renewal, or say that the contract renews by itself.")
	case t.Renewal != Ends && len(t.Options) > 0:
		f.Add("options.0", "Remove the options, or say that the contract ends with its term: one that renews by itself or has no end is not extended.")
	case t.Renewal != Ends && t.Renewal != Tacit && t.Renewal != Open:
		f.Add("renewal", "Choose whether the contract ends, renews by itself or has no end.")
	}
	t.Notice.check(f, "notice")
	t.checkOptions(f, months)
	t.checkActs(f)
}

func (t Term) checkOptions(f *fault.Faults, months func(string, int)) {
	last, open, before := t.Last, false, civil.Day("")
	for i, o := range t.Options {
		field := "options." + strconv.Itoa(i)
		months(field, o.Months)
		o.Notice.check(f, field)
		if o.Months == 0 && o.Last == "" {
			f.Add(field, "Enter by how many months the option extends the contract, or its last day.")
		}
		for _, d := range []civil.Day{o.Last, o.By, o.Taken, o.To} {
			if d != "" {
				civil.CheckDay(f, field, "a date", d)
			}
		}
		if o.Last != "" && o.Last <= last {
			f.Add(field, "The option must end after %s.", last)
		}
		if o.Last != "" {
			last = o.Last
		}
		switch {
		case o.To != "" && (!o.AnyDay || o.Taken == ""):
			f.Add(field, "Remove the day that was chosen: the option was not taken to a day of choice.")
		case o.Taken != "" && (open || o.Taken < before):
			f.Add(field, "Options are taken in order. Enter first when the one before was taken.")
		}
		before = max(before, o.Taken)
		open = open || o.Taken == ""
	}
}

func (t Term) checkActs(f *fault.Faults) {
	for i, b := range t.Breaks {
		field := "breaks." + strconv.Itoa(i)
		b.Notice.check(f, field)
		if b.By != "" {
			civil.CheckDay(f, field, "the last day of notice", b.By)
		}
		if civil.CheckDay(f, field, "the day of the break", b.Day); b.Day != "" && (b.Day < t.Start || b.By > b.Day) {
			f.Add(field, "The day of a break must be on or after the first day, and its notice no later.")
		}
	}
	var before civil.Day
	for i, a := range t.Agreed {
		field := "agreed." + strconv.Itoa(i)
		civil.CheckDay(f, field, "the day of the agreement", a.On)
		if civil.CheckDay(f, field, "the last day that was agreed", a.Last); a.On < before || a.Last < t.Start {
			f.Add(field, "Enter the agreements in order, each with a last day on or after the first day.")
		}
		before = a.On
	}
	before = ""
	for i, e := range t.Endings {
		field := "endings." + strconv.Itoa(i)
		civil.CheckDay(f, field, "the day of the notice", e.Given)
		civil.CheckDay(f, field, "the last day", e.Last)
		if e.Given < before || e.Withdrawn != "" && (e.Withdrawn < e.Given || e.Withdrawn > e.Last) {
			f.Add(field, "Enter notices in order. One is withdrawn between the day it was given and the last day.")
		}
		if e.Withdrawn != "" {
			civil.CheckDay(f, field, "the day it was withdrawn", e.Withdrawn)
		}
		before = e.Given
	}
}
