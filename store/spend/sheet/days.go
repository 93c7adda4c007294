package sheet

import (
	"fmt"
	"slices"
)

// days is what the cells of one column of dates show, over the whole sheet, of
// how they were written.
type days struct {
	column   int
	cells    int          // that hold a date
	only     [3]proof     // by order: dates in figures that no other order allows
	open     map[pair]int // dates in figures that both orders allow, each as another day
	low      map[pair]int // days that a spreadsheet may have turned about, with the cells that hold them
	high     int          // days of a spreadsheet that it cannot have turned about
	worded   map[pair]int // days up to the twelfth with the month as a word, other than that of its own number
	sound    map[int]bool // months of the dates that nothing can have turned about
	same     map[int]bool // months of dates in figures that are the same either way
	dated    int          // cells that tell a month beyond doubt
	figures  int
	months   map[int]bool // that named, counted and proven dates fall in
	sequence []pair       // of the open ones, in their order, with a zero pair where a proven one stands between
	example  string       // an open cell
	bare     bool         // a figure below ten stands without a zero before it

	last string
	at   cellDate

	order   Order
	swapped bool
	turned  bool // dates with the month as a word are swapped as well
	why     string
}

// proof is one order's proven dates.
type proof struct {
	cells  int
	dates  map[pair]bool
	record int // of the first
}

// pair is two figures and a year.
type pair struct {
	a, b uint8
	year uint16
}

func pairOf(a, b, year int) pair { return pair{uint8(a), uint8(b), uint16(year)} }

func (p pair) in(o Order) int {
	if o == MonthFirst {
		return int(p.year)*12 + int(p.a) - 1
	}
	return int(p.year)*12 + int(p.b) - 1
}

const sequenceMost = 1 << 18

func newDays(column int) *days {
	d := &days{column: column, open: map[pair]int{}, low: map[pair]int{}, months: map[int]bool{}, worded: map[pair]int{}, sound: map[int]bool{}, same: map[int]bool{}}
	for i := range d.only {
		d.only[i].dates = map[pair]bool{}
	}
	return d
}

// add takes in one cell.
func (d *days) add(s string, record int, from1904 bool) {
	if s == "" {
		return
	}
	if s != d.last {
		d.last, d.at = s, readCell(s, from1904)
	}
	c := d.at
	if c.how == unread {
		return
	}
	d.cells++
	switch {
	case c.how == figures:
		d.addFigures(c, s, record)
	case c.how == named || c.date.Day > 12:
		d.addSure(c)
	case c.date.Day == c.date.Month: // the same in either order, and so no evidence of one
	default:
		d.low[pairOf(c.date.Day, c.date.Month, c.date.Year)]++
	}
}

// addSure takes in a date that is written with its month as a word, or that
// falls after the twelfth.
func (d *days) addSure(c cellDate) {
	d.months[c.date.month()] = true
	d.dated++
	if c.how != named {
		d.high++
	}
	switch {
	case c.date.Day > 12:
		d.sound[c.date.month()] = true
	case !c.date.WholeMonth && c.date.Day != c.date.Month:
		d.worded[pairOf(c.date.Day, c.date.Month, c.date.Year)]++
	}
}

func (d *days) addFigures(c cellDate, s string, record int) {
	d.figures++
	first, second := c.in(DayFirst, false), c.in(MonthFirst, false)
	p := pairOf(c.a, c.b, c.after)
	d.bare = d.bare || c.bare
	switch {
	case first == second:
		d.same[first.month()] = true
	case second.IsZero():
		d.prove(DayFirst, p, record)
		d.note(pair{})
	case first.IsZero():
		d.prove(MonthFirst, p, record)
		d.note(pair{})
	default:
		d.open[p]++
		d.note(p)
		if d.example == "" {
			d.example = bounded(s, 40)
		}
	}
}

func (d *days) note(p pair) {
	if n := len(d.sequence); n < sequenceMost && (n == 0 || d.sequence[n-1] != p) {
		d.sequence = append(d.sequence, p)
	}
}

func (d *days) prove(o Order, p pair, record int) {
	one := &d.only[o]
	one.cells++
	one.dates[p] = true
	if one.record == 0 {
		one.record = record
	}
}

// known are the months that the column proves when it is read in an order.
func (d *days) known(o Order) map[int]bool {
	all := map[int]bool{}
	for m := range d.months {
		all[m] = true
	}
	for p := range d.only[o].dates {
		all[p.in(o)] = true
	}
	if d.high > 0 {
		for p := range d.low {
			all[p.in(DayFirst)] = true
		}
	}
	return all
}

// strays says whether dates that both orders allow fall, read in an order, beside
// the months that the others prove, and in them when read the other way: by how
// many different dates, and in how long a run of them.
func strays(open map[pair]int, sequence []pair, o Order, known map[int]bool) (stray, other, fit, run int) {
	turned := MonthFirst + DayFirst - o
	suspect := func(p pair) bool { return !known[p.in(o)] && known[p.in(turned)] }
	for p, n := range open {
		switch {
		case suspect(p):
			stray += n
		case known[p.in(o)]:
			fit += n
		default:
			other += n
		}
	}
	seen, here, there := map[pair]bool{}, map[int]bool{}, map[int]bool{}
	for _, p := range sequence {
		if p == (pair{}) || !suspect(p) && !(known[p.in(o)] && known[p.in(turned)]) {
			clear(seen)
			clear(here)
			clear(there)
			continue
		}
		if suspect(p) {
			seen[p], here[p.in(o)], there[p.in(turned)] = true, true, true
		}
		if len(there)*3 <= len(here) { // turned, they gather in few months
			run = max(run, len(seen))
		}
	}
	return stray, other, fit, run
}

// spread is in how many months the open dates fall, read in an order.
func (d *days) spread(o Order) int {
	all := map[int]bool{}
	for p := range d.open {
		all[p.in(o)] = true
	}
	return len(all)
}

// within is how many of the open dates fall in some months, read in an order.
func within(open map[pair]int, o Order, months map[int]bool) int {
	n := 0
	for p := range open {
		if months[p.in(o)] {
			n++
		}
	}
	return n
}

// other is the order that o is not.
func (o Order) other() Order { return DayFirst + MonthFirst - o }

// words are an order in words.
func (o Order) words() string {
	if o == MonthFirst {
		return "month first"
	}
	return "day first"
}

// decision is how the dates of a column are to be read.
type decision struct {
	order   Order
	swapped bool
	worded  bool   // so are dates with the month as a word
	why     string // for whoever asks how the column was read
	notice  string // a sentence that is told; empty for none
	doubt   string // a sentence that is asked; empty for none
}

// decide says how the dates are read. Said is what a person says of the order,
// hints are months that the file is said to be for, stated those of them that a
// person or the file's name gives, and neighbour is the order
// that another column of the same file proves.
func (d *days) decide(heading string, said Order, hints, stated map[int]bool, neighbour Order) decision {
	c := d.figuresIn(heading, hints, neighbour)
	if said != Unsaid {
		c = decision{order: said, why: said.words() + ", as you chose"}
	}
	if said == Unsaid && c.doubt == "" && len(stated) > 0 && len(d.open) > 0 && d.only[DayFirst].cells+d.only[MonthFirst].cells == 0 && within(d.open, c.order, stated) == 0 {
		c.doubt = fmt.Sprintf("If the dates under %q are read %s, every date that can be read both ways falls outside the months of this file. Is %q %s or %s?", heading, c.order.words(), d.example, d.reading(DayFirst), d.reading(MonthFirst))
	}
	if len(d.low) > 0 {
		d.converted(&c, heading, said, hints)
	}
	if !c.swapped && c.doubt == "" {
		d.turnedYear(&c, heading, said)
	}
	return c
}

// turnedYear asks about dates that spread over the months as they stand and
// would, with day and month changed places, gather in those of the dates that
// cannot have been turned about. A payment on one day of every month looks the
// same, so that nothing in the column tells which it is.
func (d *days) turnedYear(c *decision, heading string, said Order) {
	sure := map[int]bool{}
	for m := range d.sound {
		sure[m] = true
	}
	for p := range d.only[c.order].dates {
		sure[p.in(c.order)] = true
	}
	for i, all := range []map[pair]int{d.low, d.worded} {
		n := len(all)
		if n < 3 || within(all, DayFirst, sure)*2 >= n || within(all, MonthFirst, sure)*10 < n*9 || !mostlyIn(sure, all) {
			continue
		}
		straight, turned := anyOf(all)
		text := DayFirst // the order of the text that a spreadsheet turned about
		if d.only[MonthFirst].cells > 0 && c.order == MonthFirst {
			text = MonthFirst
		}
		switch {
		case said == text:
			c.swapped, c.worded = true, c.worded || i == 1
			c.notice = join(c.notice, fmt.Sprintf("Day and month are swapped in %s under %q, as you chose.", counting(n, "date", "dates"), heading))
		case said == Unsaid:
			c.doubt = fmt.Sprintf("A spreadsheet may have swapped day and month under %q. Is the date shown as %s really %s (the publisher wrote the dates %s), or is it right as shown (the publisher wrote them %s)?", heading, inWords(straight), inWords(turned), text.words(), text.other().words())
			return
		}
	}
}

// mostlyIn says that more than half of some months are those of days turned about.
func mostlyIn(months map[int]bool, all map[pair]int) bool {
	in := map[int]bool{}
	for p := range all {
		if months[p.in(MonthFirst)] {
			in[p.in(MonthFirst)] = true
		}
	}
	return len(in)*2 > len(months)
}

// anyOf is the first of some days, as it stands and turned about.
func anyOf(all map[pair]int) (straight, turned Date) {
	for p := range all {
		d := day(int(p.year), int(p.b), int(p.a))
		if straight.IsZero() || d.Before(straight) {
			straight, turned = d, day(int(p.year), int(p.a), int(p.b))
		}
	}
	return straight, turned
}

// figuresIn decides on the order of dates in figures.
func (d *days) figuresIn(heading string, hints map[int]bool, neighbour Order) decision {
	day, month := d.only[DayFirst], d.only[MonthFirst]
	switch {
	case d.figures == 0:
		return decision{order: DayFirst, why: "no date could be read in two ways"}
	case day.cells+month.cells == 0:
		return d.unproven(heading, hints, neighbour)
	}
	c := decision{order: DayFirst}
	if month.cells > day.cells {
		c.order = MonthFirst
	}
	most, least := d.only[c.order], d.only[c.order.other()]
	c.why = fmt.Sprintf("%s: %s", c.order.words(), counting(most.cells, "date can only be read this way", "dates can only be read this way"))
	switch {
	case len(least.dates) >= 3 || len(least.dates) == 2 && least.cells*20 >= most.cells || least.cells > 0 && least.cells*8 >= most.cells:
		c.doubt = fmt.Sprintf("The dates under %q are written in two ways. Row %d can only be day first, and row %d can only be month first. How should dates such as %q be read?", heading, day.record, month.record, d.example)
		return c
	case least.cells > 0:
		c.notice = fmt.Sprintf("%s under %q can only be %s, unlike the others, and could not be read.", counting(least.cells, "date", "dates"), heading, c.order.other().words())
	}
	if c.order == MonthFirst && least.cells == 0 && most.cells == 1 && d.spread(DayFirst) < d.spread(MonthFirst) {
		c.doubt = fmt.Sprintf("One date under %q, in row %d, can only be month first, but the others look like day first. Which is right?", heading, most.record)
		return c
	}
	if n := d.only[MonthFirst]; c.order == MonthFirst && n.cells <= 2 && len(d.open) > 1 && d.spread(MonthFirst) == 1 && within(d.open, MonthFirst, d.known(MonthFirst)) == 0 {
		c.doubt = fmt.Sprintf("%s under %q, such as in row %d, can only be month first, but the others may be the same day of different months. Which is right?", counting(n.cells, "date", "dates"), heading, n.record)
		return c
	}
	if c.order == MonthFirst {
		c.notice = fmt.Sprintf("The dates under %q are read month first, because %s.", heading, counting(most.cells, "date can only be read this way", "dates can only be read this way"))
	}
	stray, other, fit, run := strays(d.open, d.sequence, c.order, d.known(c.order))
	switch {
	case run >= 3 || stray > other+fit && stray > 1 && stray*20 >= most.cells:
		c.doubt = fmt.Sprintf("Some dates under %q seem to be written %s and others %s. How should dates such as %q be read?", heading, c.order.words(), c.order.other().words(), d.example)
	case stray > other:
		c.notice = join(c.notice, fmt.Sprintf("%s under %q would fall in the same month as the others if day and month were swapped.", counting(stray, "date", "dates"), heading))
	}
	return c
}

// unproven decides where no date allows one order only: by the months that the
// file is said to be for, by another column, or by one order gathering in a
// month what the other scatters over many.
func (d *days) unproven(heading string, hints map[int]bool, neighbour Order) decision {
	n := len(d.open)
	if n == 0 {
		return decision{order: DayFirst, why: "day and month are the same number in every date"}
	}
	for i, months := range []map[int]bool{d.months, d.same, hints} {
		for _, o := range []Order{DayFirst, MonthFirst} {
			if len(months) == 0 || within(d.open, o, months) < n || within(d.open, o.other(), months) == n {
				continue
			}
			if i < 2 && o == MonthFirst && (i == 1 || d.dated < max(3, n)) {
				continue // a payment on one day of every month looks the same
			}
			by := []string{"so that all fall in the same months as the other dates", "so that all fall in the same months as the other dates", "so that all fall in the month of the file"}[i]
			return decision{order: o, why: o.words() + ", " + by, notice: fmt.Sprintf("No date under %q shows which number is the day. They are read %s, %s.", heading, o.words(), by)}
		}
	}
	if o := d.firstOfMonth(heading); o != Unsaid {
		return decision{order: o, why: o.words() + ": the heading names months, and each date is the first of a month"}
	}
	if neighbour != Unsaid {
		return decision{order: neighbour, why: neighbour.words() + ", as another column of dates shows"}
	}
	if first, second := d.spread(DayFirst), d.spread(MonthFirst); n > 1 && first*2 <= second {
		in := counting(first, "month", "months")
		return decision{order: DayFirst, why: fmt.Sprintf("day first: the dates then fall in %s and not in %d", in, second),
			notice: fmt.Sprintf("No date under %q shows which number is the day. They are read day first, so that they fall in %s and not in %d.", heading, in, second)}
	}
	if !d.bare && d.spread(DayFirst) <= d.spread(MonthFirst) {
		return decision{order: DayFirst, why: "day first, as usual in British files: no date shows which number is the day",
			notice: fmt.Sprintf("No date under %q shows which number is the day. They are read day first, as usual in British files: %q is read as %s.", heading, d.example, d.reading(DayFirst))}
	}
	return decision{order: DayFirst, why: "day first, as usual in British files: no date shows which number is the day", doubt: fmt.Sprintf("Is %q under %q %s or %s? No date there shows which number is the day.",
		d.example, heading, d.reading(DayFirst), d.reading(MonthFirst))}
}

// firstOfMonth is the order in which all dates under a heading of months are the
// first of one.
func (d *days) firstOfMonth(heading string) Order {
	if w := letters(splitCamel(heading)); !hasWord(w, "month") && !hasWord(w, "period") {
		return Unsaid
	}
	first, second := true, true
	for p := range d.open {
		first, second = first && p.a == 1, second && p.b == 1
	}
	switch {
	case first == second:
		return Unsaid
	case first:
		return DayFirst
	}
	return MonthFirst
}

// reading is the first date that can be read both ways, read in an order.
func (d *days) reading(o Order) string { return inWords(readCell(d.example, false).in(o, false)) }

// converted decides on days that a spreadsheet may have turned about: where all
// fall on the first twelve days of a month and the texts beside them, which it
// could not take for dates, never do.
func (d *days) converted(c *decision, heading string, said Order, hints map[int]bool) {
	known := d.known(c.order)
	n, straight, turned := len(d.low), within(d.low, DayFirst, known), within(d.low, MonthFirst, known)
	proven := d.only[c.order].cells
	switch {
	case d.high > 0 || len(d.open) > 0:
		stray, other, fit, _ := strays(d.low, nil, DayFirst, d.known(c.order))
		if d.high == 0 && stray > other && stray > 2 && stray*20 >= fit {
			c.doubt = join(c.doubt, turnedAbout(heading))
		}
	case proven > 0 && turned == n && straight < n, proven > 0 && said != Unsaid && turned >= straight:
		c.swapped = true
		c.why += "; a spreadsheet had swapped day and month in the others"
		c.notice = join(c.notice, fmt.Sprintf("A spreadsheet had swapped day and month in %s under %q. We have swapped them back, because the dates kept as text show the order.", counting(n, "date", "dates"), heading))
	case proven > 0 && straight == n:
	case proven > 0 && said == Unsaid && n >= 3:
		c.doubt = join(c.doubt, turnedAbout(heading))
	case d.figures == 0 && len(hints) > 0 && n > 2 && within(d.low, MonthFirst, hints) == n && within(d.low, DayFirst, hints) == 0 && d.dated == 0 && said == Unsaid:
		c.doubt = join(c.doubt, turnedAbout(heading))
	case d.figures == 0 && len(hints) > 0 && n > 1 && within(d.low, MonthFirst, hints) == n && within(d.low, DayFirst, hints) < n && said == Unsaid:
		c.notice = join(c.notice, fmt.Sprintf("The dates under %q would all fall in the month of this file if day and month were swapped. Check their order.", heading))
	}
}

func turnedAbout(heading string) string {
	return fmt.Sprintf("A spreadsheet seems to have swapped day and month in some dates under %q and left the others as text. Did the publisher write the day or the month first?", heading)
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

func counting(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// sortedMonths are months in their order.
func sortedMonths(set map[int]bool) []int {
	all := make([]int, 0, len(set))
	for m := range set {
		all = append(all, m)
	}
	slices.Sort(all)
	return all
}
