package value_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/contracts/term"
	"github.com/police-ict/handover/store/contracts/value"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
)

const on civil.Day = "2013-01-15"

func one(v value.Value) []value.Value { return []value.Value{v} }

func TestUnlikeValuesAreNeverAdded(t *testing.T) {
	withheld := &value.Withheld{Ground: "Section 43", By: "Sample office", Review: "2014-01-01"}
	items := []value.Item{
		{Contract: "counted, net", Values: one(value.Value{Kind: value.Current, Pence: 100_00, VAT: value.Net})},
		{Contract: "counted, gross with rate and day", Values: one(value.Value{Kind: value.Current, Pence: 120_00, VAT: value.Gross, Rate: 2000, Day: "2012-04-01"})},
		{Contract: "gross, no day", Values: one(value.Value{Kind: value.Current, Pence: 120_00, VAT: value.Gross, Rate: 2000})},
		{Contract: "gross, no rate", Values: one(value.Value{Kind: value.Current, Pence: 120_00, VAT: value.Gross, Day: "2012-04-01"})},
		{Contract: "vat not said", Values: one(value.Value{Kind: value.Current, Pence: 7_00})},
		{Contract: "framework", Framework: true, Values: []value.Value{{Kind: value.Maximum, Pence: 5_000_00, VAT: value.Net}, {Kind: value.Current, Pence: 1, VAT: value.Net}}},
		{Contract: "estimate", Values: one(value.Value{Kind: value.Estimate, Pence: 9_00, VAT: value.Net})},
		{Contract: "yearly and endless", Endless: true, Values: one(value.Value{Kind: value.Yearly, Pence: 9_00, VAT: value.Net})},
		{Contract: "yearly with an end", Values: one(value.Value{Kind: value.Yearly, Pence: 9_00, VAT: value.Net})},
		{Contract: "withheld", Values: one(value.Value{Kind: value.Current, Withheld: withheld})},
		{Contract: "euro", Values: one(value.Value{Kind: value.Current, Pence: 9_00, VAT: value.Net, Currency: "EUR"})},
		{Contract: "nothing"},
		{Contract: "stated later", Values: one(value.Value{Kind: value.Current, Pence: 9_00, VAT: value.Net, Day: "2013-01-16"})},
		{Contract: "counted, the newest of three", Values: []value.Value{
			{Kind: value.Current, Pence: 3_00, VAT: value.Net, Day: "2012-06-01"}, {Kind: value.Current, Pence: 4_00, VAT: value.Net, Day: "2012-09-01"},
			{Kind: value.Current, Pence: 5_00, VAT: value.Net, Day: "2013-06-01"}, {Kind: value.Awarded, Pence: 1_000_00, VAT: value.Net, Day: "2012-12-01"}}},
	}
	total := value.Sum(items, value.Want{Kind: value.Current, VAT: value.Net, On: on})
	if total.Sum != 204_00 || total.Contracts != 3 || total.Contracts+total.Out() != len(items) {
		t.Errorf("%s of %d, %d left out", total.Sum, total.Contracts, total.Out())
	}
	want := "Current value of 3 contracts, without VAT. 11 are left out: 1 is a framework, which commits nobody; 2 state no value; 1 has a yearly value and no end; 2 have only values of another kind; 1 has its value withheld; 1 is in another currency; 1 does not say whether VAT is included; 2 are stated on another VAT basis."
	if got := total.Words(); got != want {
		t.Errorf("%q\n want %q", got, want)
	}
	if all := value.Sum(items[:2], value.Want{Kind: value.Current, VAT: value.Net, On: on}); all.Words() != "Current value of 2 contracts, without VAT." {
		t.Errorf("%q", all.Words())
	}
	if most := value.Sum(items, value.Want{Kind: value.Maximum, VAT: value.Net, On: on}); most.Sum != 5_000_00 || most.Contracts != 1 {
		t.Errorf("maximum %s of %d", most.Sum, most.Contracts)
	}
}

func TestTheNewestValueHolds(t *testing.T) {
	all := []value.Value{{Kind: value.Current, Pence: 1}, {Kind: value.Current, Pence: 2, Day: "2012-05-01"}, {Kind: value.Current, Pence: 3, Day: "2012-05-01"}, {Kind: value.Awarded, Pence: 4, Day: "2012-06-01"}}
	for on, want := range map[civil.Day]money.Pence{"2012-04-30": 1, "2012-05-01": 3, "2013-05-01": 3} {
		if v, found := value.Newest(all, value.Current, on); v.Pence != want || !found {
			t.Errorf("on %s: %d, want %d", on, v.Pence, want)
		}
	}
	if _, found := value.Newest(all, value.Awarded, "2012-05-31"); found {
		t.Error("a value of a later day was found")
	}
}

// TestEveryContractIsCountedOrLeftOutOnce holds random lists to it.
func TestEveryContractIsCountedOrLeftOutOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	for range 500 {
		var items []value.Item
		for n := range r.IntN(60) {
			i := value.Item{Contract: fmt.Sprint(n), Framework: r.IntN(9) == 0, Endless: r.IntN(4) == 0}
			for range r.IntN(4) {
				v := value.Value{Kind: value.Kinds()[r.IntN(6)], Pence: money.Pence(r.IntN(1e9)), VAT: []value.Basis{value.NotSaid, value.Net, value.Gross}[r.IntN(3)], Rate: 2000 * r.IntN(2)}
				if v.Day = "2012-05-01"; r.IntN(5) == 0 {
					v.Withheld = &value.Withheld{Ground: "sample"}
				}
				i.Values = append(i.Values, v)
			}
			items = append(items, i)
		}
		total := value.Sum(items, value.Want{Kind: value.Kinds()[r.IntN(6)], VAT: value.Net, On: on})
		seen := map[string]int{}
		for _, l := range total.LeftOut {
			for _, c := range l.Contracts {
				seen[c]++
			}
		}
		if total.Contracts+len(seen) != len(items) || total.Out() != len(seen) {
			t.Fatalf("%d counted and %d left out of %d", total.Contracts, len(seen), len(items))
		}
		back := slices.Clone(items)
		slices.Reverse(back)
		if other := value.Sum(back, total.Want); other.Sum != total.Sum || other.Contracts != total.Contracts {
			t.Fatalf("in another order %s of %d, want %s of %d", other.Sum, other.Contracts, total.Sum, total.Contracts)
		}
	}
}

func TestVATIsTakenOffOnlyWhereItIsStated(t *testing.T) {
	for _, k := range []struct {
		v    value.Value
		as   value.Basis
		want money.Pence
		ok   bool
	}{
		{value.Value{Pence: 120_00, VAT: value.Gross, Rate: 2000, Day: on}, value.Net, 100_00, true},
		{value.Value{Pence: 117_50, VAT: value.Gross, Rate: 1750, Day: on}, value.Net, 100_00, true},
		{value.Value{Pence: 100_00, VAT: value.Net, Rate: 1750, Day: on}, value.Gross, 117_50, true},
		{value.Value{Pence: 1, VAT: value.Gross, Rate: 2000, Day: on}, value.Net, 1, true},
		{value.Value{Pence: -3, VAT: value.Gross, Rate: 10_000, Day: on}, value.Net, -2, true},
		{value.Value{Pence: money.MaxValue, VAT: value.Net, Rate: 2000, Day: on}, value.Gross, money.MaxValue / 5 * 6, true},
		{value.Value{Pence: 120_00, VAT: value.Gross, Rate: 2000}, value.Net, 0, false},
		{value.Value{Pence: 120_00, VAT: value.Gross, Day: on}, value.Net, 0, false},
		{value.Value{Pence: 120_00, Rate: 2000, Day: on}, value.Net, 0, false},
		{value.Value{Pence: 120_00, VAT: value.Net, Rate: 2000, Day: on}, value.NotSaid, 0, false},
		{value.Value{Pence: 120_00}, value.NotSaid, 120_00, true},
	} {
		if got, ok := k.v.As(k.as); got != k.want || ok != k.ok {
			t.Errorf("%s as %s: %d %v, want %d %v", k.v, k.as, got, ok, k.want, k.ok)
		}
	}
	if got := (value.Value{Kind: value.Awarded, Pence: 1234_50, VAT: value.Gross, Rate: 1750}).String(); got != "£1,234.50, awarded, with VAT at 17.5%" {
		t.Errorf("%q", got)
	}
}

// fraction is v × k ÷ n rounded half away from nothing, by fractions.
func fraction(v money.Pence, k, n int64) money.Pence {
	x := new(big.Rat).Mul(big.NewRat(int64(v.Size()), 1), big.NewRat(k, n))
	x.Add(x, big.NewRat(1, 2))
	whole := money.Pence(new(big.Int).Quo(x.Num(), x.Denom()).Int64())
	if v < 0 {
		return -whole
	}
	return whole
}

func randomDay(r *rand.Rand) civil.Day {
	return civil.Numbered(civil.Day("2008-01-01").Number() + r.IntN(3000))
}

func TestSpreadingAddsUpToThePenny(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	for range 5000 {
		first := randomDay(r)
		last := civil.Numbered(first.Number() + r.IntN(4000))
		total := money.Pence(r.Int64N(int64(money.MaxValue))>>r.IntN(40)) * money.Pence(1-2*r.IntN(2))
		parts := value.Plan(first, last, total, nil)
		days := int64(last.Number() - first.Number() + 1)
		var sum, before money.Pence
		for _, y := range value.Years(parts, first, last) {
			to := min(civil.MonthOf(y.Year+1, 3).Last(), last)
			upTo := fraction(total, int64(to.Number()-first.Number()+1), days)
			if y.Pence != upTo-before {
				t.Fatalf("%s from %s to %s: %d in %d, want %d", total, first, last, y.Pence, y.Year, upTo-before)
			}
			sum, before = sum+y.Pence, upTo
		}
		if sum != total {
			t.Fatalf("%s from %s to %s is spread as %s", total, first, last, sum)
		}
		cut := civil.Numbered(first.Number() + r.IntN(int(days)))
		if value.Between(parts, first, cut)+value.Between(parts, cut.Next(), last) != total {
			t.Fatalf("%s from %s to %s does not add up when cut after %s", total, first, last, cut)
		}
	}
}

func TestVariationsSpreadTheRestOverTheRest(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 3))
	for range 3000 {
		first := randomDay(r)
		last, total := civil.Numbered(first.Number()+30+r.IntN(1500)), money.Pence(r.IntN(1e9))
		var changes []value.Change
		for from := first; r.IntN(3) > 0; {
			from = civil.Numbered(from.Number() + r.IntN(400) - 10)
			total := money.Pence(r.IntN(1e9))
			c := value.Change{From: from, Total: total}
			if r.IntN(2) == 0 {
				c.Last = civil.Numbered(from.Number() + r.IntN(800))
			}
			changes = append(changes, c)
		}
		parts := value.Plan(first, last, total, changes)
		want := total
		if n := len(changes); n > 0 {
			want = changes[n-1].Total
		}
		before := civil.Day("")
		for _, p := range parts {
			if p.First <= before || p.Last < p.First {
				t.Fatalf("parts overlap: %+v", parts)
			}
			before = p.Last
		}
		if got := value.Between(parts, "1990-01-01", "2060-01-01"); got != want {
			t.Fatalf("%s, want %s: %+v of %+v", got, want, parts, changes)
		}
	}
	// £365 over a year, doubled from its 101st day on: 100 days of £1 and then the
	// rest, £630, over 265 days.
	parts := value.Plan("2013-01-01", "2013-12-31", 365_00, []value.Change{{From: "2013-04-11", Total: 730_00}})
	if got := value.Between(parts, "2013-01-01", "2013-04-10"); got != 100_00 {
		t.Errorf("%s before the change", got)
	}
	if got := value.Between(parts, "2013-04-11", "2013-12-31"); got != 630_00 {
		t.Errorf("%s after the change", got)
	}
	if value.Plan("", "2013-12-31", 1, nil) != nil || value.Plan("2013-12-31", "2013-01-01", 1, nil) != nil {
		t.Error("a term without days was given a plan")
	}
}

func TestASumIsSplitToThePenny(t *testing.T) {
	if got := value.Split(100, []int64{1, 1, 1}); !slices.Equal(got, []money.Pence{33, 34, 33}) {
		t.Errorf("%v", got)
	}
	if value.Split(100, []int64{0, 0}) != nil || value.Split(100, nil) != nil {
		t.Error("a sum was split by nothing")
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		v := money.Pence(r.Int64N(int64(money.MaxValue)))
		var weights []int64
		for range 1 + r.IntN(43) {
			weights = append(weights, r.Int64N(10_000))
		}
		weights[0]++
		var sum money.Pence
		for _, p := range value.Split(v, weights) {
			if sum += p; p < 0 {
				t.Fatalf("a part of %s is %s", v, p)
			}
		}
		if sum != v {
			t.Fatalf("%s is split into %s by %v", v, sum, weights)
		}
	}
}

func pence(p money.Pence) *money.Pence { return &p }

func TestWhatIsCommittedAndPossible(t *testing.T) {
	options := term.Term{Start: "2012-04-01", Months: 24, Options: []term.Option{{Months: 12, Notice: term.Notice{N: 6, Unit: term.Months}}}}
	two := value.Plan("2012-04-01", "2014-03-31", 73_000, nil) // £1 a day
	for name, k := range map[string]struct {
		ahead               value.Ahead
		on                  civil.Day
		committed, possible money.Pence
		years               int
	}{
		"an option that may still be taken":            {value.Ahead{Term: &options, Parts: two, Yearly: pence(50_000)}, "2013-04-01", 36_500, 86_500, 2},
		"a yearly value worked out from the term":      {value.Ahead{Term: &options, Parts: two}, "2013-04-01", 36_500, 36_500 + 36_500, 2},
		"an option that was lost":                      {value.Ahead{Term: &options, Parts: two, Yearly: pence(50_000)}, "2013-10-01", 18_200, 18_200, 1},
		"before it begins":                             {value.Ahead{Term: &options, Parts: two, Yearly: pence(50_000)}, "2012-01-01", 73_000, 123_000, 3},
		"after it ended":                               {value.Ahead{Term: &options, Parts: two, Yearly: pence(50_000)}, "2014-04-01", 0, 0, 0},
		"a break cuts what is committed":               {value.Ahead{Term: &term.Term{Start: "2012-04-01", Months: 24, Breaks: []term.Break{{Day: "2013-06-30"}}}, Parts: two}, "2013-04-01", 9_100, 36_500, 1},
		"a renewal is possible as far as committed":    {value.Ahead{Term: &term.Term{Start: "2012-04-01", Months: 12, Renewal: term.Tacit, Every: 12, Notice: term.Notice{N: 3, Unit: term.Months}}, Yearly: pence(36_500)}, "2013-01-01", 9_000 + 36_500, 9_000 + 36_500, 2},
		"a renewal with a break before it":             {value.Ahead{Term: &term.Term{Start: "2012-04-01", Months: 12, Renewal: term.Tacit, Every: 12, Breaks: []term.Break{{Day: "2012-06-30"}}}, Yearly: pence(36_500)}, "2012-04-01", 9_100, 36_500, 1},
		"the notice of what is open":                   {value.Ahead{Term: &term.Term{Start: "2012-04-01", Renewal: term.Open, Notice: term.Notice{N: 30, Unit: term.Days}}, Yearly: pence(36_500)}, "2012-04-01", 3_100, 3_100, 1},
		"notice was given":                             {value.Ahead{Term: &term.Term{Start: "2012-04-01", Months: 24, Endings: []term.Ending{{Given: "2013-01-01", Last: "2013-04-10"}}}, Parts: two}, "2013-04-01", 1_000, 1_000, 1},
		"an extension that the value does not cover":   {value.Ahead{Term: &term.Term{Start: "2012-04-01", Months: 12, Options: []term.Option{{Months: 12, Taken: "2013-01-01"}}}, Parts: value.Plan("2012-04-01", "2013-03-31", 36_500, nil), Yearly: pence(73_000)}, "2013-03-31", 73_100, 73_100, 2},
		"from the middle of a financial year to a day": {value.Ahead{Term: &term.Term{Start: "2012-10-01", Months: 12}, Parts: value.Plan("2012-10-01", "2013-09-30", 36_500, nil)}, "2013-03-31", 18_400, 18_400, 2},
	} {
		o := k.ahead.Outlook(k.on)
		committed, possible := o.Sums()
		if committed-k.committed > 1 || k.committed-committed > 1 || possible-k.possible > 1 || k.possible-possible > 1 || len(o.Years) != k.years || o.Why != "" {
			t.Errorf("%s: committed %s, possible %s in %d years (%s), want %s, %s, %d", name, committed, possible, len(o.Years), o.Why, k.committed, k.possible, k.years)
		}
	}
}

func TestAnOutlookLeavesThePartsAlone(t *testing.T) {
	parts := append(make([]value.Part, 0, 8), value.Plan("2012-04-01", "2013-03-31", 365, nil)...)
	value.Ahead{Term: &term.Term{Start: "2012-04-01", Months: 12, Options: []term.Option{{Months: 12}}}, Parts: parts}.Outlook("2012-04-01")
	if more := parts[:2]; more[1] != (value.Part{}) {
		t.Errorf("the row of parts was written into: %+v", more[1])
	}
}

func TestAForecastSaysWhatItLeavesOut(t *testing.T) {
	fixed := term.Term{Start: "2012-04-01", Months: 24}
	all := []value.Ahead{
		{Contract: "1", Term: &fixed, Parts: value.Plan("2012-04-01", "2014-03-31", 73_000, nil)},
		{Contract: "2", Term: &term.Term{Start: "2012-04-01"}, Yearly: pence(1)},
		{Contract: "3", Term: &fixed},
		{Contract: "4", Term: &fixed, Why: value.IsWithheld},
		{Contract: "5", Term: &term.Term{Last: "2014-03-31"}, Yearly: pence(1)},
		{Contract: "6", Term: &term.Term{Start: "2016-04-01", Months: 12}, Yearly: pence(365)},
	}
	f := value.Add(all, "2013-04-01")
	if f.Contracts != 2 || len(f.Years) != 4 || f.Years[0] != (value.AheadYear{Year: 2013, Committed: 36_500, Possible: 36_500}) || f.Years[1] != (value.AheadYear{Year: 2014}) || f.Years[3].Committed != 365 {
		t.Errorf("%+v", f)
	}
	want := "From 2 contracts. What is possible includes what is committed. 4 are left out: 1 states no value; 1 has its value withheld; 1 has no known end; 1 has no known first day."
	if f.Words() != want {
		t.Errorf("%q", f.Words())
	}
}

// TestRandomOutlooksAddUp holds what is possible to what is committed, and both to
// the days they are cut into.
func TestRandomOutlooksAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 3000 {
		c := term.Term{Start: randomDay(r), Months: 1 + r.IntN(60)}
		for range r.IntN(3) {
			c.Options = append(c.Options, term.Option{Months: 1 + r.IntN(24), AnyDay: r.IntN(2) == 0})
		}
		total := money.Pence(r.IntN(1e9))
		a := value.Ahead{Term: &c, Parts: value.Plan(c.Start, c.Start.LastOf(c.Months), total, nil)}
		o := a.Outlook(c.Start)
		committed, possible := o.Sums()
		if committed != total || possible < committed || o.Options != len(c.Options) {
			t.Fatalf("%s of %s committed, %s possible: %+v", committed, total, possible, c)
		}
		day := civil.Numbered(c.Start.Number() + r.IntN(20))
		later, _ := a.Outlook(day).Sums()
		if day <= o.Committed && later+value.Between(a.Parts, c.Start, civil.Numbered(day.Number()-1)) != total {
			t.Fatalf("from %s on %s of %s", day, later, total)
		}
	}
}

func TestAmendmentsThatDoNotAddUp(t *testing.T) {
	all := []value.Amendment{{To: 110_00, By: 10_00, Stated: true}, {To: 120_00, By: 5_00, Stated: true}, {To: 120_01, By: 0, Stated: true}, {To: 200_00}, {To: 20_000_00}, {To: 20_31}, {To: 0}}
	got := value.CheckAmendments(100_00, all)
	want := []value.Asked{
		{Nth: 1, Question: value.DoesNotAdd, Before: 110_00, Counted: 115_00},
		{Nth: 4, Question: value.Slip, Before: 200_00, Factor: 100},
		{Nth: 5, Question: value.Slip, Before: 20_000_00, Factor: 1000},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v\n want %+v", got, want)
	}
	if q := value.CheckAmendments(18_848_731_00, []value.Amendment{{To: 188_487_00}}); len(q) != 1 || q[0].Words(value.Amendment{To: 188_487_00}) != "The value went from £18,848,731.00 to £188,487.00. Is that a slip of the decimal point?" {
		t.Errorf("%+v", q)
	}
	if q := value.CheckAmendments(0, []value.Amendment{{To: 100_00}, {To: 5_000_00}}); q != nil {
		t.Errorf("%+v", q)
	}
}

func TestPaymentsThatAreAReasonToAsk(t *testing.T) {
	fixed := term.Term{Start: "2012-04-01", Months: 12}
	open := term.Term{Start: "2010-04-01", Renewal: term.Open}
	for name, k := range map[string]struct {
		term      term.Term
		most      *money.Pence
		suppliers []string
		payments  []value.Payment
		on        civil.Day
		sum       money.Pence
		want      []value.Flag
	}{
		"all as it should be":           {fixed, pence(100), []string{"s1"}, []value.Payment{{"2012-05-01", "s1", 60}, {"2013-03-31", "S1", 40}}, "2013-06-01", 100, nil},
		"paid after its end":            {fixed, nil, nil, []value.Payment{{"2013-04-01", "s1", 60}}, "2013-06-01", 60, []value.Flag{value.PaidAfterEnd}},
		"only the month is known":       {fixed, nil, nil, []value.Payment{{"", "s1", 60}}, "2013-06-01", 60, nil},
		"not yet paid on that day":      {fixed, nil, nil, []value.Payment{{"2013-06-02", "s1", 60}}, "2013-06-01", 0, nil},
		"more than its value":           {fixed, pence(100), nil, []value.Payment{{"2012-06-02", "s1", 101}}, "2013-03-01", 101, []value.Flag{value.PaidMore}},
		"another supplier":              {fixed, nil, []string{"s1"}, []value.Payment{{"2012-06-02", "s2", 101}}, "2013-03-01", 101, []value.Flag{value.PaidToAnother}},
		"nothing in 12 months":          {open, nil, nil, []value.Payment{{"2012-01-14", "s1", 1}}, on, 1, []value.Flag{value.NotPaid}},
		"something 12 months ago":       {open, nil, nil, []value.Payment{{"2012-01-15", "s1", 1}}, on, 1, nil},
		"never paid":                    {open, nil, nil, nil, on, 0, []value.Flag{value.NotPaid}},
		"an ended contract stays so":    {fixed, nil, nil, nil, "2014-06-01", 0, nil},
		"one that has not begun a year": {term.Term{Start: "2012-06-01", Months: 24}, nil, nil, nil, on, 0, nil},
	} {
		sum, flags := value.PaidToDate(&k.term, k.most, k.suppliers, k.payments, k.on)
		var got []value.Flag
		for _, f := range flags {
			if got = append(got, f.Flag); f.Words() == "" {
				t.Errorf("%s has no words", f.Flag)
			}
		}
		if sum != k.sum || !slices.Equal(got, k.want) {
			t.Errorf("%s: %s %v, want %s %v", name, sum, got, k.sum, k.want)
		}
	}
}

func TestTheHeadroomOfAFramework(t *testing.T) {
	most := one(value.Value{Kind: value.Maximum, Pence: 100_00, VAT: value.Net})
	calls := []value.Item{{Contract: "a", Values: one(value.Value{Kind: value.Awarded, Pence: 70_00, VAT: value.Net})}, {Contract: "b", Values: one(value.Value{Kind: value.Awarded, Pence: 50_00, VAT: value.Net})}, {Contract: "c"}}
	left, called, ok := value.Headroom(most, calls, value.Net, on)
	if left != -20_00 || !ok || called.Contracts != 2 || called.Out() != 1 {
		t.Errorf("%s of %d, %v", left, called.Contracts, ok)
	}
	if _, _, ok := value.Headroom(one(value.Value{Kind: value.Maximum, Pence: 100_00}), calls, value.Net, on); ok {
		t.Error("a maximum that does not say whether VAT is in it was used without VAT")
	}
}

func TestAValueThatCannotBe(t *testing.T) {
	for field, v := range map[string]value.Value{
		"kind": {}, "amount": {Kind: value.Awarded, Pence: money.MaxValue + 1}, "currency": {Kind: value.Awarded, Currency: "EURO"}, "vat": {Kind: value.Awarded, VAT: "some"},
		"rate": {Kind: value.Awarded, Rate: 2000}, "day": {Kind: value.Awarded, Day: "2013-02-30"}, "withheld": {Kind: value.Awarded, Withheld: &value.Withheld{Review: "2014-01-01"}},
	} {
		var f fault.Faults
		if v.Check(&f); len(f) != 1 || f[0].Field != field {
			t.Errorf("%s: %v", field, f)
		}
	}
	var f fault.Faults
	if (value.Value{Kind: value.Yearly, Pence: 1, VAT: value.Gross, Rate: 1750, Day: on}).Check(&f); f != nil {
		t.Errorf("%v", f)
	}
}

func TestSharesComeToTheWhole(t *testing.T) {
	third := []value.Share{{Percent: 3333}, {Percent: 3333}, {Percent: 3334}}
	if got, err := value.Divide(100_01, third); err != nil || !slices.Equal(got, []money.Pence{33_33, 33_34, 33_34}) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := value.Divide(100_01, []value.Share{{Pence: 100_00}, {Pence: 1}}); err != nil || !slices.Equal(got, []money.Pence{100_00, 1}) {
		t.Errorf("%v, %v", got, err)
	}
	for want, shares := range map[string][]value.Share{
		"The shares come to 99.99%, not to 100%. Change one of them.":             {{Percent: 9999}},
		"The shares come to £1.00, and the value is £100.00. Change one of them.": {{Pence: 1_00}},
		"The shares come to £0.00, and the value is £100.00. Change one of them.": nil,
		"Enter all shares as percentages, or all as sums.":                        {{Percent: 5000}, {Pence: 50_00}},
		"Enter each share as a percentage or as a sum, not both.":                 {{Percent: 5000, Pence: 50_00}},
		"Enter shares from 0% to 100%, or sums of 0 or more.":                     {{Percent: -1}},
		"The shares come to 10000%, not to 100%. Change one of them.":             slices.Repeat([]value.Share{{Percent: 10_000}}, 100),
	} {
		if got, err := value.Divide(100_00, shares); err == nil || err.Error() != want || got != nil || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v: %v, want %q", got, err, want)
		}
	}
}
