// Package align answers when many bodies could buy together: on which days many
// contracts can be made to end at once, by what they cost a year, who misses such
// a day by how little and what each could do. It knows no database.
//
// A day T counts for a contract where the contract can still be made to end on T
// as of right (term.EndsOn), so that a joint contract can begin on the day after.
// Bodies may buy together under section 22A of the Police Act 1996; whether they
// may is not asked here.
package align

import (
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/contracts/term"
	"github.com/police-ict/handover/store/money"
)

// Contract is a contract that could be bought together with others.
type Contract struct {
	Number string // its own
	Body   string // the code of the body that buys; one with two contracts is counted once
	Term   *term.Term
	Yearly *money.Pence // what it costs a year; nil is not known, and adds nothing
}

// Ask is what is looked for.
type Ask struct {
	On    civil.Day // the day asked about: options lost before it are lost
	Lead  int       // months that a purchase takes to prepare: no earlier day is of use
	Until civil.Day // the last day that is looked at; "" is ten years after On
	Near  int       // how many days a contract may miss a day by and still be told of
}

// The usual choice for an Ask.
const (
	UsualLead  = 6  // months
	UsualNear  = 92 // days: the longest quarter
	usualYears = 10
)

// First is the first day that is of use: the day asked about and the lead.
func (a Ask) First() civil.Day { return a.On.AddMonths(a.Lead) }

// span is a row of day numbers, both ends included.
type span struct{ from, to int }

// Register is a set of contracts with the days on which each can be made to end.
// It answers for one Ask and is not changed by being asked.
type Register struct {
	ask         Ask
	contracts   []Contract
	ends        [][]term.End // of each contract
	spans       [][]span     // the same days from First to Until: in order, none touching another
	first, last int
}

// Prepare works out the ends of contracts for a question.
func Prepare(contracts []Contract, ask Ask) *Register {
	if ask.Until == "" {
		ask.Until = ask.On.AddMonths(12 * usualYears)
	}
	r := &Register{ask: ask, contracts: contracts, ends: make([][]term.End, len(contracts)), spans: make([][]span, len(contracts)),
		first: ask.First().Number(), last: ask.Until.Number()}
	for i, c := range contracts {
		r.ends[i] = c.Term.EndsOn(ask.On, ask.Until)
		r.spans[i] = spans(r.ends[i], r.first, r.last)
	}
	return r
}

// spans are the days of ends between two days, in order and without overlaps.
func spans(ends []term.End, first, last int) (all []span) {
	for _, e := range ends {
		s := span{max(e.From.Number(), first), last}
		if e.To != "" {
			s.to = min(e.To.Number(), last)
		}
		if s.from <= s.to {
			all = append(all, s)
		}
	}
	if len(all) < 2 {
		return all
	}
	slices.SortFunc(all, func(a, b span) int { return a.from - b.from })
	joined := all[:1]
	for _, s := range all[1:] {
		if last := &joined[len(joined)-1]; s.from <= last.to+1 {
			last.to = max(last.to, s.to)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

// Contracts are how many contracts there are, how many of them can be made to end
// on any day that is looked at, and of how many the cost a year is known.
func (r *Register) Contracts() (all, movable, priced int) {
	for i, c := range r.contracts {
		if len(r.spans[i]) > 0 {
			movable++
		}
		if c.Yearly != nil {
			priced++
		}
	}
	return len(r.contracts), movable, priced
}

// Day is a day on which contracts can be made to end together.
type Day struct {
	Day       civil.Day
	Yearly    money.Pence // what they cost a year, those together of which it is known
	Priced    int         // of how many of them it is known
	Contracts []int       // their places in what Prepare was given, in order
	Bodies    []string    // distinct, in the order of their contracts
}

// day gathers the contracts of a day.
func (r *Register) day(number int, members []int) Day {
	d := Day{Day: civil.Numbered(number), Contracts: members}
	seen := make(map[string]bool, len(members))
	for _, i := range members {
		c := &r.contracts[i]
		if c.Yearly != nil {
			d.Yearly = d.Yearly.Plus(*c.Yearly)
			d.Priced++
		}
		if !seen[c.Body] {
			seen[c.Body] = true
			d.Bodies = append(d.Bodies, c.Body)
		}
	}
	return d
}

// On gathers the contracts that can be made to end on a day.
func (r *Register) On(day civil.Day) Day {
	n := day.Number()
	var members []int
	for i, all := range r.spans {
		if has(all, n) {
			members = append(members, i)
		}
	}
	return r.day(n, members)
}

func has(all []span, n int) bool {
	return slices.ContainsFunc(all, func(s span) bool { return s.from <= n && n <= s.to })
}
