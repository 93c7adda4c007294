package align

import (
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/contracts/term"
	"github.com/police-ict/handover/store/text"
)

// Act is what a contract of a day needs to end on it.
type Act struct {
	Contract int       // its place in what Prepare was given
	How      term.How  // Nothing where it ends by itself
	Options  int       // how many more options must be taken, in order
	By       civil.Day // the last day of the first act; "" where none is needed
}

// Acts say what each contract that can end on a day needs for it, those with the
// earliest act first and those that need none last. Of several ways it is the one
// that needs no act, or else the latest.
func (r *Register) Acts(day civil.Day) (all []Act) {
	n := day.Number()
	for i, ends := range r.ends {
		if !has(r.spans[i], n) {
			continue
		}
		var act Act
		found := false
		for _, e := range ends {
			if !e.Has(day) {
				continue
			}
			one := Act{i, e.How, e.Options, e.ActBy(day)}
			if !found || act.By != "" && (one.By == "" || one.By > act.By) {
				act, found = one, true
			}
		}
		all = append(all, act)
	}
	slices.SortStableFunc(all, func(a, b Act) int {
		switch {
		case a.By == b.By:
			return 0
		case a.By == "":
			return 1
		case b.By == "" || a.By < b.By:
			return -1
		}
		return 1
	})
	return all
}

// Words say what must be done: "Give notice by 28 February 2014."
func (a Act) Words() string {
	switch {
	case a.How == term.Decided:
		return "Ends by an act that was done already."
	case a.By == "":
		return "Ends by itself."
	case a.Options > 0 && a.How == term.UseBreak:
		return "Take " + text.Count(a.Options, "option", "options") + ", the first by " + a.By.String() + ", and use the break."
	case a.Options == 1:
		return "Take the option by " + a.By.String() + "."
	case a.Options > 1:
		return "Take " + text.Count(a.Options, "option", "options") + ", the first by " + a.By.String() + "."
	case a.How == term.UseBreak:
		return "Use the break, by notice on " + a.By.String() + " at the latest."
	}
	return "Give notice by " + a.By.String() + "."
}

// Miss is a contract that cannot be made to end on a day, and comes near it.
type Miss struct {
	Contract int       // its place in what Prepare was given
	Day      civil.Day // the nearest day on which it can be made to end; of two as near, the earlier
	Gap      int       // days from the day asked about to it: less than 0 where it ends before
}

// Misses lists the contracts that miss a day by at most Near days, the nearest
// first; none for a day that is not looked at.
func (r *Register) Misses(day civil.Day) (all []Miss) {
	n, today := day.Number(), r.ask.On.Number()
	if n < r.first || n > r.last {
		return nil
	}
	for i, ends := range r.ends {
		if has(r.spans[i], n) {
			continue
		}
		nearest, found := 0, false
		for _, e := range ends {
			at := max(e.From.Number(), today)
			if at <= n { // all its days are before the day
				at = max(at, e.To.Number())
			}
			if gap := at - n; !found || abs(gap) < abs(nearest) { // ends are in order, so the earlier of two as near stays
				nearest, found = gap, true
			}
		}
		if found && abs(nearest) <= r.ask.Near && nearest != 0 {
			all = append(all, Miss{i, civil.Numbered(n + nearest), nearest})
		}
	}
	slices.SortStableFunc(all, func(a, b Miss) int { return abs(a.Gap) - abs(b.Gap) })
	return all
}

func abs(n int) int { return max(n, -n) }

// Words say by how much a contract misses the day and what its body could do:
// "Ends on 28 March 2014 at the latest, 3 days too early. It could agree with the
// supplier to run 3 days longer."
func (m Miss) Words() string {
	days := text.Count(abs(m.Gap), "day", "days")
	if m.Gap < 0 {
		return "Can end on " + m.Day.String() + ", " + days + " too early. It could agree with its supplier to run " + days + " longer, or do without for those days."
	}
	return "Can end on " + m.Day.String() + ", " + days + " too late. It could join the others on " + civil.Numbered(m.Day.Number()+1).String() + ", or agree with its supplier to end " + days + " earlier."
}

// Ways say on which days a contract can still be made to end, in one sentence.
func (r *Register) Ways(contract int) string {
	return r.contracts[contract].Term.Ways(r.ask.On, r.ask.Until)
}
