package story

import (
	"cmp"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
)

// A sampleFile is one invented file of spend, as a body would publish it. Every
// payment in it is invented, and every supplier says that it is a sample.
type sampleFile struct {
	body      string // slug of the body that publishes it
	name      string
	period    string // that the file is for, where its rows have no dates
	published civil.Day
	source    string // address, which leads nowhere
	content   []byte
	lines     int   // how many payments it holds
	pence     int64 // what they come to
}

// How many oddities are planted for the flags to find.
const (
	plantedDuplicates = 20
	plantedSplits     = 10
)

// samplePlanted tells how many likely duplicate payments and same-day splits
// the sample files hold: these and no others.
func samplePlanted() (duplicates, splits int) { return plantedDuplicates, plantedSplits }

// sampleFiles gives the invented files in the order of their publication. They
// are the same files, byte for byte, every time.
func sampleFiles() iter.Seq[sampleFile] {
	return func(yield func(sampleFile) bool) {
		bodies := sampleBodies()
		plantOddities(bodies)
		var all []sampleIssue
		for _, b := range bodies {
			b.number()
			all = append(all, b.issues...)
		}
		slices.SortStableFunc(all, func(a, b sampleIssue) int { return cmp.Compare(a.published, b.published) })
		for _, i := range all {
			if lines := i.lines(); len(lines) > 0 && !yield(i.file(lines)) {
				return
			}
		}
	}
}

// The months that the sample spend covers, and the last day of publication.
const (
	sampleMonths  = 21
	sampleClosing = civil.Day("2013-01-31")
)

func sampleStart() civil.Month { return civil.MonthOf(2011, 4) }

// A sampleHabit is how a body publishes. Months are counted from April 2011.
type sampleHabit struct {
	begins, ends int   // the first month that is published, and the month after the last
	early, later int   // months in a file: up to March 2012, and from then on
	missing      []int // months that are never published
	slow         int   // days later than others
	layout       int   // of its files
	unreasoned   float64
}

// sampleHabitOf is the habit of the n-th body. Most publish one file for
// 2011–12 and one a quarter from then on.
func sampleHabitOf(n int, slug string) sampleHabit {
	h := sampleHabit{ends: sampleMonths, early: 12, later: 3, layout: n % dealtLayouts, unreasoned: 0.04}
	if n%5 == 1 {
		h.later = 1
	}
	if n%9 == 4 {
		h.unreasoned = 0.45
	}
	if n%8 == 5 {
		h.slow = 70
	}
	switch slug {
	case "city-of-london", "dyfed-powys": // publish nothing
		h.ends = 0
	case "cleveland", "gwent", "wiltshire", "northamptonshire":
		h.begins = 12
	case "humberside":
		h.ends = 15
	case "norfolk":
		h.missing, h.layout = []int{8}, layoutHeadingsLast
	case "durham":
		h.missing = []int{15, 16, 17}
	case "merseyside", "thames-valley":
		h.later, h.missing = 1, []int{16}
	case "kent":
		h.early, h.later, h.layout, h.slow, h.unreasoned = 3, 1, layoutChanging, 0, 0.04
	case "metropolitan", "essex", "surrey":
		h.early = 3
	case "lincolnshire":
		h.early, h.later, h.layout = 3, 3, layoutUndated
	case "bedfordshire":
		h.early, h.later, h.layout = 3, 1, layoutUndated
	case "hampshire":
		h.early, h.later = 1, 1
	case "suffolk":
		h.unreasoned = 1
	}
	return h
}

func (h sampleHabit) publishes(month int) bool {
	return month >= h.begins && month < h.ends && !slices.Contains(h.missing, month)
}

// A sampleBody is a body with the payments that it made.
type sampleBody struct {
	office.Body
	sampleHabit
	order   int
	random  *rand.Rand
	paid    []sampleLine // in the order of their days
	issues  []sampleIssue
	variant int                // which words it uses for categories and centres
	payees  map[string][]int16 // suppliers by trade
	taken   map[sampleKey]bool // so that nothing looks like an oddity by accident
}

// A sampleLine is one payment.
type sampleLine struct {
	day    int32 // yyyymmdd
	good   int16
	payee  int16 // index of the supplier, or payeeBlank or payeeRedacted
	words  int8  // which purpose
	centre int8
	reason int8 // -1 is blank
	credit bool
	odd    bool // planted
	weight float64
	luck   float64 // from 0 to 1
	pence  int64
	number int
}

const (
	payeeBlank    = -1
	payeeRedacted = -2
)

// A sampleKey is what no two payments share save the planted ones.
type sampleKey struct {
	payee, good int16
	words       int8
	day         int32 // where rows have no dates, the month that their file ends with
}

// sampleBodies makes every body's payments and the list of its files.
func sampleBodies() (all []*sampleBody) {
	calendar := sampleCalendar()
	var people float64
	for _, b := range office.LocalPolicingBodies() {
		people += math.Pow(float64(b.Population), sizeOfBody)
	}
	heads := sampleHeads(len(office.LocalPolicingBodies()))
	for n, body := range office.LocalPolicingBodies() {
		b := &sampleBody{Body: body, sampleHabit: sampleHabitOf(n, body.Slug), order: n, random: rand.New(rand.NewPCG(20110401, uint64(n))),
			variant: n % 2, taken: map[sampleKey]bool{}}
		if b.ends > 0 {
			b.payees = b.choosePayees()
			b.pay(calendar, linesAimed*math.Pow(float64(body.Population), sizeOfBody)/people/sampleMonths)
			b.price(heads[n] * float64(body.Population))
			b.plan()
		}
		all = append(all, b)
	}
	return all
}

const (
	linesAimed = 56_500 // some fall in months that are not published
	sizeOfBody = 0.8    // a large force makes fewer payments a head
	shareOfIT  = 0.45   // of all money
)

// sampleHeads deals out what each body spends on IT a year and a head, in
// pounds.
func sampleHeads(n int) []float64 {
	heads := make([]float64, n)
	for i := range heads {
		heads[i] = 9.2 + 12.5*float64(i)/float64(n-1)
	}
	r := rand.New(rand.NewPCG(2012, 43))
	r.Shuffle(n, func(i, j int) { heads[i], heads[j] = heads[j], heads[i] })
	return heads
}

// sampleCalendar lists the working days of each month as yyyymmdd.
func sampleCalendar() (months [sampleMonths][]int32) {
	for i := range months {
		year, month := (sampleStart() + civil.Month(i)).Parts()
		for t := time.Date(year, time.Month(month), 1, 12, 0, 0, 0, time.UTC); int(t.Month()) == month; t = t.AddDate(0, 0, 1) {
			if t.Weekday() != time.Saturday && t.Weekday() != time.Sunday {
				months[i] = append(months[i], int32(civil.PaidOn(year, month, t.Day())))
			}
		}
	}
	return months
}

// choosePayees gives the body one to three suppliers of each trade.
func (b *sampleBody) choosePayees() map[string][]int16 {
	chosen := map[string][]int16{}
	for _, trade := range sampleTrades {
		n := min(len(trade.names), 1+b.random.IntN(3))
		for _, i := range b.random.Perm(len(trade.names))[:n] {
			chosen[trade.name] = append(chosen[trade.name], int16(trade.first+i))
		}
	}
	if b.Slug == "kent" {
		chosen[hostingTrade] = []int16{0}
	}
	return chosen
}

// pay makes the payments of every month that the body publishes.
func (b *sampleBody) pay(calendar [sampleMonths][]int32, aMonth float64) {
	for m, days := range calendar {
		if !b.publishes(m) {
			continue
		}
		n := int(aMonth*(0.9+0.2*b.random.Float64())) + 1
		if m == 11 {
			n += n / 4 // the end of the financial year
		}
		for _, g := range standingGoods {
			b.standing(g, days[int(g+int16(b.order))%5])
			n--
		}
		for range n {
			b.buy(days)
		}
	}
	slices.SortStableFunc(b.paid, func(x, y sampleLine) int { return cmp.Compare(x.day, y.day) })
}

// standing pays the same charge every month.
func (b *sampleBody) standing(good int16, day int32) {
	g := sampleGoods[good]
	fixed := float64((b.order*7+int(good)*3)%10) / 10
	l := sampleLine{day: day, good: good, payee: b.payees[g.trade][0], weight: g.size * (0.7 + fixed), luck: fixed}
	b.add(l)
}

// buy makes one payment on one of the days. Where there is one like it already
// it tries again, and in the end does without.
func (b *sampleBody) buy(days []int32) {
	r := b.random
	for range 12 {
		good := dealtGoods[r.IntN(len(dealtGoods))]
		g := sampleGoods[good]
		sellers := b.payees[g.trade]
		l := sampleLine{day: days[r.IntN(len(days))], good: good, payee: sellers[r.IntN(len(sellers))], words: int8(r.IntN(len(g.purposes))), centre: int8(r.IntN(2))}
		l.weight, l.luck = g.size*math.Exp(1.6*r.NormFloat64()), r.Float64()
		l.credit = r.IntN(110) == 0
		switch n := r.IntN(1000); {
		case g.trade == privateTrade:
			l.payee = payeeRedacted
		case n < 4:
			l.payee = payeeBlank
		}
		if b.add(l) {
			return
		}
	}
}

// add keeps a payment unless one like it is there.
func (b *sampleBody) add(l sampleLine) bool {
	key := sampleKey{l.payee, l.good, l.words, l.day}
	if b.layout == layoutUndated {
		key.day = int32(b.lastMonth(monthIndex(l.day)))
	}
	if b.taken[key] {
		return false
	}
	b.taken[key] = true
	l.reason = int8((int(l.payee) + 3*int(l.good) + int(l.words) + 100) % len(sampleReasons))
	if b.random.Float64() < b.unreasoned {
		l.reason = -1
	}
	b.paid = append(b.paid, l)
	return true
}

// price turns weights into pounds so that a year comes to the sum for IT, and
// the rest to its share.
func (b *sampleBody) price(aYear float64) {
	months := 0.0
	for m := range sampleMonths {
		if b.publishes(m) {
			months++
		}
	}
	it := aYear * months / 12
	b.raiseMain(months)
	for class, sum := range [2]float64{it * (1 - shareOfIT) / shareOfIT, it} {
		scale := b.scale(class == 1, sum)
		for i := range b.paid {
			if l := &b.paid[i]; sampleGoods[l.good].it == (class == 1) {
				l.pence = l.price(scale)
			}
		}
	}
}

// raiseMain makes the hosting contract a tenth or more of what the body pays
// for IT; at Kent it is the largest of all.
func (b *sampleBody) raiseMain(months float64) {
	share := 0.08 + 0.01*float64(b.order%7)
	if b.Slug == "kent" {
		share = 0.3
	}
	var others float64
	for _, l := range b.paid {
		if g := sampleGoods[l.good]; g.it && l.good != hostingGood {
			others += l.weight
		}
	}
	for i := range b.paid {
		if l := &b.paid[i]; l.good == hostingGood {
			l.weight = others * share / (1 - share) / months
		}
	}
}

// scale finds the pounds for a weight of 1 by halving.
func (b *sampleBody) scale(it bool, sum float64) float64 {
	low, high := 0.0, 20.0 // powers of e
	for range 18 {
		middle := (low + high) / 2
		scale, got := math.Exp(middle), 0.0
		for _, l := range b.paid {
			if sampleGoods[l.good].it == it {
				got += l.pounds(scale)
			}
		}
		if got < sum {
			low = middle
		} else {
			high = middle
		}
	}
	return math.Exp(low)
}

// pounds keeps a payment above the £500 from which it must be published, and
// at £1.5 million or below.
func (l sampleLine) pounds(scale float64) float64 {
	switch p := l.weight * scale; {
	case p < 500:
		return 500 + 400*l.luck
	case p > 1_500_000:
		return 900_000 + 600_000*l.luck
	default:
		return p
	}
}

func (l sampleLine) price(scale float64) int64 {
	pence := int64(100 * l.pounds(scale))
	if l.luck < 0.2 && pence > 100_000 {
		pence -= pence % 1000 // a round price
	}
	if l.credit {
		pence = -max(pence/4, 50_000+int64(10_000*l.luck))
	}
	return pence
}

// monthIndex counts the month of a day from April 2011.
func monthIndex(day int32) int { return int(civil.Paid(day).Month() - sampleStart()) }

// size is how many months the file holds that a month is published in.
func (h sampleHabit) size(month int) int {
	if month < 12 {
		return h.early
	}
	return h.later
}

// lastMonth is the last month of the file that a month is published in.
func (h sampleHabit) lastMonth(month int) int {
	size := h.size(month)
	return month - month%size + size - 1
}
