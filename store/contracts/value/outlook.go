package value

import (
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/contracts/term"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/text"
)

// Ahead is what a contract still costs.
type Ahead struct {
	Contract string
	Term     *term.Term
	Parts    []Part       // its value as Plan spreads it; none where only a yearly value is known
	Yearly   *money.Pence // the newest yearly value, nil where none is stated
	Why      Reason       // why no value can be used, such as IsWithheld; "" where one can
}

// AheadYear is what is committed and possible in a financial year. Possible
// includes what is committed: the two are never added.
type AheadYear struct {
	Year                int
	Committed, Possible money.Pence
}

// Outlook is what a contract costs from a day on.
type Outlook struct {
	From      civil.Day
	Committed civil.Day // to the first day on which it can be made to end
	Possible  civil.Day // to the last day it can be made to run to as of right; of a contract that goes on until somebody ends it, that on which notice can first end it
	Years     []AheadYear
	Yearly    money.Pence // what a year after the value's own days was taken to cost; 0 where there is none
	Counted   bool        // Yearly is not stated, and was worked out from the last part of the value
	Options   int         // options that must be taken for what is possible
	Why       Reason      // why there is no outlook; "" where there is one
}

// Sums are what is committed and possible in all years.
func (o Outlook) Sums() (committed, possible money.Pence) {
	for _, y := range o.Years {
		committed, possible = committed.Plus(y.Committed), possible.Plus(y.Possible)
	}
	return committed, possible
}

// Outlook works out what is committed and possible from a day on, that day
// included. Days after those that the value covers cost the yearly value, by the
// days of each year counted from the day after; where none is stated, the last
// part of the value gives it.
func (a Ahead) Outlook(on civil.Day) Outlook {
	st := term.At(a.Term, term.Known{On: on})
	o := Outlook{From: max(on, a.Term.Start), Why: a.Why}
	switch {
	case o.Why != "":
		return o
	case st.Status == term.CannotTell:
		o.Why = NoEnd
		return o
	case len(a.Parts) == 0 && a.Yearly == nil:
		o.Why = NoValue
		return o
	case len(a.Parts) == 0 && a.Term.Start == "":
		o.Why = NoStart
		return o
	case st.First == "": // it has ended
		return o
	}
	o.Committed, o.Possible = st.First, st.Latest
	for _, e := range a.Term.EndsOn(on, st.Last) {
		switch {
		case st.Endless && e.How == term.GiveStop && o.Possible == "":
			o.Possible = e.From
		case !st.Endless && e.To == st.Latest:
			o.Options = max(o.Options, e.Options)
		}
	}
	parts := a.through(&o)
	for _, y := range Years(parts, o.From, o.Possible) {
		first, last := yearDays(y.Year)
		o.Years = append(o.Years, AheadYear{y.Year, Between(parts, max(first, o.From), min(last, o.Committed)), y.Pence})
	}
	return o
}

// through are the parts of the value, and after them a part for every year up to
// the last possible day.
func (a Ahead) through(o *Outlook) []Part {
	next := a.Term.Start
	if n := len(a.Parts); n > 0 {
		last := a.Parts[n-1]
		next = civil.Numbered(last.Last.Number() + 1)
		if a.Yearly == nil && next <= o.Possible {
			o.Yearly, o.Counted = last.yearly(), true
		}
	}
	if a.Yearly != nil && next <= o.Possible {
		o.Yearly = *a.Yearly
	}
	parts := a.Parts[:len(a.Parts):len(a.Parts)]
	for n, first := 0, next; first <= o.Possible; n++ {
		last := next.LastOf(12 * (n + 1))
		parts = append(parts, Part{first, last, o.Yearly})
		first = civil.Numbered(last.Number() + 1)
	}
	return parts
}

// yearly is what a part costs a year: by its months where they are whole, else by
// its days.
func (p Part) yearly() money.Pence {
	if n, ok := p.First.MonthsTo(p.Last); ok {
		return part(p.Pence, 12, int64(n))
	}
	return part(p.Pence, 365, int64(p.Last.Number()-p.First.Number()+1))
}

// Forecast is the outlook of many contracts by financial year, with those it
// leaves out.
type Forecast struct {
	Years     []AheadYear // in order and without gaps
	Contracts int         // that are counted, those that have ended among them
	LeftOut   []LeftOut
}

// Add adds up the outlooks of contracts from a day on.
func Add(all []Ahead, on civil.Day) Forecast {
	f := Forecast{}
	out := map[Reason][]string{}
	years := map[int]AheadYear{}
	for _, a := range all {
		o := a.Outlook(on)
		if o.Why != "" {
			out[o.Why] = append(out[o.Why], a.Contract)
			continue
		}
		f.Contracts++
		for _, y := range o.Years {
			sum := years[y.Year]
			years[y.Year] = AheadYear{y.Year, sum.Committed.Plus(y.Committed), sum.Possible.Plus(y.Possible)}
		}
	}
	if keys := text.SortedKeys(years); len(keys) > 0 {
		for year := keys[0]; year <= keys[len(keys)-1]; year++ {
			sum := years[year]
			sum.Year = year
			f.Years = append(f.Years, sum)
		}
	}
	f.LeftOut = sorted(out)
	return f
}

// Words are the line under a forecast.
func (f Forecast) Words() string {
	return "From " + text.Count(f.Contracts, "contract", "contracts") + ". What is possible includes what is committed." + leftOutWords(f.LeftOut)
}
