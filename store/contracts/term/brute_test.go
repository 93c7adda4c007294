package term_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/contracts/term"
)

// A second calendar, written another way: every day from 1995 to 2060 as the time
// package has them, in a row. Days are places in the row, and months are found by
// walking it.
type dayAt struct {
	year, month, day int
	name             civil.Day
	nth              int // of its month, in firsts
}

type calendar struct {
	row    []dayAt
	places map[civil.Day]int
	firsts []int // the places of the first days of months
}

var slow = func() (c calendar) {
	c.places = map[civil.Day]int{}
	for at := time.Date(1995, 1, 1, 12, 0, 0, 0, time.UTC); at.Year() < 2061; at = at.AddDate(0, 0, 1) {
		if at.Day() == 1 {
			c.firsts = append(c.firsts, len(c.row))
		}
		name := civil.Day(at.Format(time.DateOnly))
		c.places[name] = len(c.row)
		c.row = append(c.row, dayAt{at.Year(), int(at.Month()), at.Day(), name, len(c.firsts) - 1})
	}
	return c
}()

var row, places = slow.row, slow.places

// monthFrom is the place of the first day of the n-th month after that of a place.
func monthFrom(at, n int) int { return slow.firsts[row[at].nth+n] }

// inMonth is the place of a day number in the month that begins at a place, or of
// the last day of the month.
func inMonth(first, number int) int {
	at := first
	for row[at+1].month == row[first].month && row[at].day < number {
		at++
	}
	return at
}

// slowLast is the last day of a term, by walking.
func slowLast(start, months int) int {
	if row[start].day == 1 {
		return monthFrom(start, months) - 1
	}
	return inMonth(monthFrom(start, months), row[start].day-1)
}

func slowNotice(n term.Notice, last int) int {
	switch {
	case n.N == 0:
		return last
	case n.Unit == term.Days:
		for range n.N {
			last--
		}
		return last
	}
	return inMonth(monthFrom(last, -n.N), row[last].day)
}

// life lives a contract day by day and does its acts on their days.
type life struct {
	t             *term.Term
	start, end    int // -1 is none
	anchor, whole int // end is slowLast(anchor, whole), or the day before anchor where whole is 0
	options       int // taken
	initial       int
	from          int // the first day of the period of a renewal
	notice        *term.Ending
	over          bool
	acts          map[int]bool // the days on which something was done
}

func placeOf(d civil.Day) int {
	if d == "" {
		return -1
	}
	return places[d]
}

func (l *life) move(last int) {
	l.end = last
	if l.start >= 0 && l.t.Months > 0 && slowLast(l.start, l.t.Months) == last {
		l.anchor, l.whole = l.start, l.t.Months
		return
	}
	if l.start >= 0 {
		for n := 1; ; n++ {
			switch end := slowLast(l.start, n); {
			case end == last:
				l.anchor, l.whole = l.start, n
				return
			case end > last:
				l.anchor, l.whole = last+1, 0
				return
			}
		}
	}
	l.anchor, l.whole = last+1, 0
}

func (l *life) lengthen(months int) { l.whole += months; l.end = slowLast(l.anchor, l.whole) }

func (l *life) take(o term.Option) {
	was := l.end
	if l.options++; o.Last != "" {
		l.move(max(placeOf(o.Last), was))
	} else {
		l.lengthen(o.Months)
	}
	if o.AnyDay && o.Taken != "" && o.To != "" && placeOf(o.To) < l.end {
		l.move(max(placeOf(o.To), was))
	}
}

// last is the end by the notice that was given, which never makes a term with an
// end longer, or that of the term.
func (l *life) last() int {
	switch {
	case l.notice == nil:
		return l.end
	case l.t.Renewal == term.Ends && l.end >= 0:
		return min(l.end, placeOf(l.notice.Last))
	}
	return placeOf(l.notice.Last)
}

// live is the life of a contract up to the end of a day.
func live(t *term.Term, on int) *life {
	l := &life{t: t, start: placeOf(t.Start), end: -1, initial: -1, from: placeOf(t.Start)}
	if t.Last != "" {
		l.move(placeOf(t.Last))
	} else if l.start >= 0 && t.Months > 0 {
		l.anchor = l.start
		l.lengthen(t.Months)
	}
	l.initial = l.end
	l.acts = map[int]bool{}
	for _, o := range t.Options {
		l.acts[placeOf(o.Taken)] = true
	}
	for _, a := range t.Agreed {
		l.acts[placeOf(a.On)] = true
	}
	for _, e := range t.Endings {
		l.acts[placeOf(e.Given)], l.acts[placeOf(e.Withdrawn)] = true, true
	}
	for day := 0; day <= on; day++ {
		l.day(day)
	}
	return l
}

// day does the acts of a day, and what its end brings.
func (l *life) day(day int) {
	if l.last() == day-1 && l.last() >= 0 && (l.notice != nil || l.t.Renewal == term.Ends) { // yesterday was the last day
		l.over = true
	}
	if l.end == day-1 && l.end >= 0 {
		switch l.t.Renewal {
		case term.Open:
			l.end = -1
		case term.Tacit:
			l.from = day
			l.lengthen(l.t.Every)
		}
	}
	if !l.acts[day] {
		return
	}
	name := row[day].name
	for l.options < len(l.t.Options) && l.t.Options[l.options].Taken == name {
		l.take(l.t.Options[l.options])
		l.over = l.last() >= 0 && l.last() < day
	}
	for _, a := range l.t.Agreed {
		if a.On == name {
			l.move(placeOf(a.Last))
			l.over = l.last() >= 0 && l.last() < day
		}
	}
	for i := range l.t.Endings {
		if e := &l.t.Endings[i]; e.Given == name {
			l.notice = e
			l.over = l.last() >= 0 && l.last() < day
		}
		if e := &l.t.Endings[i]; e.Withdrawn == name && l.notice == e {
			l.notice = nil
		}
	}
}

// canEnd tells on which days from a day on the contract can be made to end, by
// trying.
func (l *life) canEnd(on, until int) []bool {
	all := make([]bool, until+1)
	put := func(from, to int) {
		for d := from; d <= min(to, until); d++ {
			all[d] = true
		}
	}
	switch {
	case l.over || l.last() < 0 && l.t.Renewal != term.Open:
		return all
	case l.notice != nil:
		put(l.last(), l.last())
		return all
	}
	var last int // how long it can last
	switch {
	case l.t.Renewal == term.Open:
		last = until
		from := max(on, l.start, l.end)
		for d := from; d <= until; d++ { // notice given today is in time for d
			given := on
			if l.t.Notice.Unit == term.Days {
				given += l.t.Notice.N
			} else if l.t.Notice.N > 0 {
				given = inMonth(monthFrom(on, l.t.Notice.N), row[on].day)
			}
			if given <= d {
				put(d, d)
			}
		}
	case l.t.Renewal == term.Tacit:
		last = until
		for n := 0; ; n++ {
			end := l.end
			if n > 0 {
				end = slowLast(l.anchor, l.whole+n*l.t.Every)
			}
			if end > until {
				break
			}
			if slowNotice(l.t.Notice, end) >= on {
				put(end, end)
			}
		}
	default:
		put(l.end, l.end)
		try := *l
		for _, o := range l.t.Options[l.options:] {
			if o.Last != "" && placeOf(o.Last) <= try.end {
				continue
			}
			by := slowNotice(o.Notice, try.end)
			if o.By != "" {
				by = placeOf(o.By)
			}
			if by < on {
				break
			}
			was := try.end
			o.Taken, o.To = "", ""
			if try.take(o); o.AnyDay {
				put(was+1, try.end)
			}
			put(try.end, try.end)
		}
		last = try.end
	}
	l.breaks(on, last, put)
	return all
}

func (l *life) breaks(on, last int, put func(int, int)) {
	for _, b := range l.t.Breaks {
		day := placeOf(b.Day)
		if !b.AnyDay {
			by := slowNotice(b.Notice, day)
			if b.By != "" {
				by = placeOf(b.By)
			}
			if day >= max(on, l.start) && by >= on && day <= last {
				put(day, day)
			}
			continue
		}
		first := on
		if b.Notice.Unit == term.Days {
			first += b.Notice.N
		} else if b.Notice.N > 0 {
			first = inMonth(monthFrom(on, b.Notice.N), row[on].day)
		}
		put(max(day, first, l.start, on), last)
	}
}

// randomNotice is a notice of some months or days, or none.
func randomNotice(r *rand.Rand) term.Notice {
	switch r.IntN(4) {
	case 0:
		return term.Notice{}
	case 1:
		return term.Notice{N: 1 + r.IntN(120), Unit: term.Days}
	}
	return months(1 + r.IntN(14))
}

// randomDay is a day of 2008 to 2016, often the first, the last or a leap day.
func randomDay(r *rand.Rand) int {
	at := places["2008-01-01"] + r.IntN(9*365)
	switch r.IntN(6) {
	case 0:
		return monthFrom(at, 0)
	case 1:
		return monthFrom(at, 1) - 1
	case 2:
		return places["2012-02-29"] - r.IntN(3)
	case 3:
		return inMonth(monthFrom(at, 0), 28+r.IntN(4))
	}
	return at
}

// randomTerm is a contract such as Check accepts, with some acts done on it.
func randomTerm(r *rand.Rand) (t term.Term) {
	start := randomDay(r)
	t.Start, t.Months = row[start].name, 1+r.IntN(60)
	if r.IntN(3) == 0 {
		t.Months = 12 * (1 + r.IntN(5))
	}
	end := slowLast(start, t.Months)
	switch r.IntN(8) {
	case 0: // stated a little off
		t.Last = row[end-3+r.IntN(7)].name
	case 1:
		t.Last, t.Months = row[end].name, 0
	case 2:
		t.Start, t.Last = "", row[end].name
	}
	t.Notice = randomNotice(r)
	switch r.IntN(4) {
	case 0:
		t.Renewal, t.Every = term.Tacit, []int{1, 3, 6, 12, 12, 24}[r.IntN(6)]
	case 1:
		if t.Renewal = term.Open; r.IntN(2) == 0 {
			t.Months, t.Last = 0, ""
		}
	default:
		randomOptions(r, &t, start, end)
	}
	if r.IntN(4) == 0 {
		for range 1 + r.IntN(2) {
			t.Breaks = append(t.Breaks, term.Break{Day: row[start+r.IntN(2500)].name, Notice: randomNotice(r), AnyDay: r.IntN(3) == 0})
		}
	}
	if r.IntN(6) == 0 && t.Renewal == term.Ends {
		t.Agreed = append(t.Agreed, term.Agreed{On: row[end-200+r.IntN(200)].name, Last: row[end+r.IntN(300)].name})
	}
	if r.IntN(6) == 0 {
		given := start + r.IntN(1500)
		last := given + r.IntN(200)
		e := term.Ending{Given: row[given].name, Last: row[last].name}
		if r.IntN(3) == 0 {
			e.Withdrawn = row[given+r.IntN(last-given+1)].name
		}
		t.Endings = append(t.Endings, e)
	}
	return t
}

func randomOptions(r *rand.Rand, t *term.Term, start, end int) {
	taken, before := true, civil.Day("")
	for range r.IntN(4) {
		o := term.Option{Months: 1 + r.IntN(24), Notice: randomNotice(r), AnyDay: r.IntN(3) == 0}
		was := end
		end = slowLast(start, t.Months+o.Months)
		if end <= was {
			end = was + 30*o.Months
		}
		if r.IntN(6) == 0 {
			o.Last, o.Months = row[end].name, 0
		}
		if r.IntN(8) == 0 {
			o.By = row[was-r.IntN(200)].name
		}
		if taken = taken && r.IntN(2) == 0; taken {
			o.Taken = max(row[was-r.IntN(250)].name, before)
			before = o.Taken
			if o.AnyDay && r.IntN(2) == 0 {
				o.To = row[was+r.IntN(max(end-was, 1))].name
			}
		}
		t.Options = append(t.Options, o)
	}
}

// TestRandomContractsAgreeWithLivingThem compares the state of random contracts
// on random days with living them day by day.
func TestRandomContractsAgreeWithLivingThem(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2013, 3))
	statuses := map[term.Status]int{}
	for n := range 10_000 {
		c := randomTerm(r)
		on := max(randomDay(r)-400+r.IntN(1500), 1)
		if why := compare(&c, on, statuses); why != "" {
			t.Fatalf("contract %d on %s: %s\n%+v", n, row[on].name, why, c)
		}
	}
	for _, s := range []term.Status{term.NotBegun, term.Running, term.InExtension, term.NoticeMissed, term.Ended} {
		if statuses[s] < 200 {
			t.Errorf("only %d contracts of 10,000 were %s", statuses[s], s)
		}
	}
}

func compare(c *term.Term, on int, statuses map[term.Status]int) (why string) {
	l := live(c, on)
	st := term.At(c, term.Known{On: row[on].name})
	statuses[st.Status]++
	name := func(at int) civil.Day {
		if at < 0 {
			return ""
		}
		return row[at].name
	}
	if (st.Status == term.Ended) != l.over || st.Initial != name(l.initial) || st.Last != name(l.last()) {
		return fmt.Sprintf("%s, first term to %s, now to %s; lived: over %v, %s, %s", st.Status, st.Initial, st.Last, l.over, name(l.initial), name(l.last()))
	}
	until := on + 1500
	want := l.canEnd(on, until)
	ends := c.EndsOn(row[on].name, row[until].name)
	first, last := civil.Day(""), civil.Day("")
	for d := max(on-40, 0); d <= until; d++ {
		has := false
		for _, e := range ends {
			has = has || e.Has(row[d].name)
		}
		if has != want[d] {
			return fmt.Sprintf("can end on %s: %v, lived %v; %+v", row[d].name, has, want[d], ends)
		}
		if has {
			if last = row[d].name; first == "" {
				first = last
			}
		}
	}
	if first != "" && st.First != first {
		return fmt.Sprintf("can first end on %s, lived %s", st.First, first)
	}
	if !st.Endless && st.Latest <= row[until].name && st.Latest != last {
		return fmt.Sprintf("can last end on %s, lived %s", st.Latest, last)
	}
	return missed(&st, l, on)
}

// missed compares the notice day that is past.
func missed(st *term.State, l *life, on int) (why string) {
	lost := false
	if !l.over && l.notice == nil && l.end >= 0 {
		switch {
		case l.t.Renewal == term.Tacit:
			by := slowNotice(l.t.Notice, l.end)
			lost = by < on && by >= l.from
		case l.t.Renewal == term.Ends:
			left := l.t.Options[l.options:]
			for len(left) > 0 && left[0].Last != "" && placeOf(left[0].Last) <= l.end {
				left = left[1:]
			}
			if len(left) == 0 {
				break
			}
			o := left[0]
			by := slowNotice(o.Notice, l.end)
			if o.By != "" {
				by = placeOf(o.By)
			}
			lost = by < on
		}
	}
	if st.Missed.Needed() != lost {
		return fmt.Sprintf("missed %+v, lived %v", st.Missed, lost)
	}
	steps := term.Steps(l.t, st.On)
	if st.Words() == "" || st.Next.Needed() != (len(steps) > 0) || len(steps) > 0 && (st.Next != steps[0] || st.Next.By < st.On) {
		return fmt.Sprintf("%q, next %+v of %+v", st.Words(), st.Next, steps)
	}
	return ""
}
