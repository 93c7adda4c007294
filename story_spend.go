package main

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/sheet"
)

// A sampleFile is one invented file of spend, as a body would publish it. Every
// payment in it is invented, and every supplier says that it is a sample.
type sampleFile struct {
	body      string // slug of the body that publishes it
	name      string
	period    string // that the file is for, where its rows have no dates
	published store.Day
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
	sampleClosing = store.Day("2013-01-31")
)

func sampleStart() store.Month { return store.MonthOf(2011, 4) }

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
	store.Body
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
	for _, b := range store.LocalPolicingBodies() {
		people += math.Pow(float64(b.Population), sizeOfBody)
	}
	heads := sampleHeads(len(store.LocalPolicingBodies()))
	for n, body := range store.LocalPolicingBodies() {
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
		year, month := (sampleStart() + store.Month(i)).Parts()
		for t := time.Date(year, time.Month(month), 1, 12, 0, 0, 0, time.UTC); int(t.Month()) == month; t = t.AddDate(0, 0, 1) {
			if t.Weekday() != time.Saturday && t.Weekday() != time.Sunday {
				months[i] = append(months[i], int32(store.PaidOn(year, month, t.Day())))
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
func monthIndex(day int32) int { return int(store.Paid(day).Month() - sampleStart()) }

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

// A sampleIssue is one file to be published: the months that it covers.
type sampleIssue struct {
	*sampleBody
	order       int
	first, last int
	published   store.Day
}

// plan lists the body's files. What would come out after the last day of
// publication is not published yet.
func (b *sampleBody) plan() {
	for m := b.begins; m < b.ends; {
		size := b.size(m)
		last := min(b.lastMonth(m), b.ends-1)
		wait := 11 + b.random.IntN(22+10*size) + b.slow
		i := sampleIssue{b, len(b.issues), m, last, onWeekday((sampleStart() + store.Month(last)).Last().Add(wait))}
		if i.published <= sampleClosing {
			b.issues = append(b.issues, i)
		}
		m += size
	}
}

// onWeekday is the day or the Monday after.
func onWeekday(d store.Day) store.Day {
	switch d.Start().Add(12 * time.Hour).Weekday() {
	case time.Saturday:
		return d.Add(2)
	case time.Sunday:
		return d.Add(1)
	}
	return d
}

// lines are the payments of the file, in the order of their days.
func (i sampleIssue) lines() []sampleLine {
	from, _ := slices.BinarySearchFunc(i.paid, i.first, func(l sampleLine, m int) int { return cmp.Compare(monthIndex(l.day), m) })
	to, _ := slices.BinarySearchFunc(i.paid, i.last+1, func(l sampleLine, m int) int { return cmp.Compare(monthIndex(l.day), m) })
	return i.paid[from:to]
}

// period is what the file is for, as its name has it; a month or a quarter is
// written as ParsePeriod reads it.
func (i sampleIssue) period() string {
	last := sampleStart() + store.Month(i.last)
	switch i.last - i.first {
	case 0:
		return store.Period{Month: last}.Code()
	case 2:
		return store.Period{Month: last, Quarter: true}.Code()
	}
	return "2011-2012"
}

// number gives the payments the body's own numbers, with gaps.
func (b *sampleBody) number() {
	slices.SortStableFunc(b.paid, func(x, y sampleLine) int { return cmp.Compare(x.day, y.day) })
	n := 100_000 * (11 + b.order)
	for i := range b.paid {
		n += 1 + (i+b.order)%3
		b.paid[i].number = n
	}
}

// plantOddities puts the likely duplicates and the same-day splits among the
// payments.
func plantOddities(bodies []*sampleBody) {
	var able []*sampleBody
	for _, b := range bodies {
		if len(b.issues) > 0 && b.layout != layoutUndated {
			able = append(able, b)
		}
	}
	kent := slices.IndexFunc(able, func(b *sampleBody) bool { return b.Slug == "kent" })
	for n := range plantedDuplicates {
		b := able[(kent+n*5)%len(able)]
		l := b.paid[b.plain(func(p int64) bool { return p > 60_000 && p < 490_000 || p > 1_000_000 && p < 20_000_000 })]
		b.paid = append(b.paid, l)
	}
	for n := range plantedSplits {
		b := able[(kent+n*7)%len(able)]
		b.split(b.plain(func(p int64) bool { return p > 1_000_000 && p < 4_000_000 }))
	}
}

// plain finds a payment that may be made odd, and marks it.
func (b *sampleBody) plain(fits func(int64) bool) int {
	for {
		i := b.random.IntN(len(b.paid))
		l := &b.paid[i]
		if !l.odd && l.payee >= 0 && !slices.Contains(standingGoods, l.good) && fits(l.pence) && monthIndex(l.day) < 18 && b.covers(monthIndex(l.day)) {
			l.odd = true
			return i
		}
	}
}

func (b *sampleBody) covers(month int) bool {
	return slices.ContainsFunc(b.issues, func(i sampleIssue) bool { return i.first <= month && month <= i.last })
}

// split makes two to four payments of one, each below £10,000.
func (b *sampleBody) split(i int) {
	n := 2 + b.random.IntN(3)
	for k := range n {
		part := b.paid[i]
		part.pence = 960_000 - int64(k)*61_000 - b.random.Int64N(60_000)
		if k == 0 {
			b.paid[i] = part
			continue
		}
		b.paid = append(b.paid, part)
	}
}

// file writes the file.
func (i sampleIssue) file(lines []sampleLine) sampleFile {
	f := sampleFile{body: i.Slug, published: i.published, lines: len(lines), name: fmt.Sprintf("%s-spend-%s.csv", i.Slug, i.period())}
	for _, l := range lines {
		f.pence += l.pence
	}
	if i.layout == layoutUndated {
		f.period = i.period()
	}
	if i.inWorkbook() {
		f.name = strings.TrimSuffix(f.name, "csv") + "xlsx"
		f.content = i.workbook(lines)
	} else {
		f.content = i.text(lines, f.pence)
	}
	f.source = "https://example.org/sample/" + i.Slug + "/" + f.name
	return f
}

// inWorkbook is for three small files only, since workbooks are slow to write.
func (i sampleIssue) inWorkbook() bool {
	switch i.Slug + i.period() {
	case "dorset2012-Q2", "cambridgeshire2012-Q3", "north-yorkshire2012-Q2":
		return true
	}
	return false
}

// workbook has one worksheet a month, and heads them now one way, now another.
func (i sampleIssue) workbook(lines []sampleLine) []byte {
	book := excelize.NewFile()
	w := &sampleWriter{issue: i, layout: sampleLayout{}}
	for m := i.first; m <= i.last; m++ {
		name := (sampleStart() + store.Month(m)).String()
		if m == i.first {
			inMemory(book.SetSheetName("Sheet1", name))
		} else {
			_, err := book.NewSheet(name)
			inMemory(err)
		}
		w.columns = columnsOf(bookHeadings[m%2])
		w.worksheet(book, name, lines, m)
	}
	var out bytes.Buffer
	inMemory(book.Write(&out))
	inMemory(book.Close())
	return out.Bytes()
}

// inMemory is for errors of writing to memory, which would be faults of the program.
func inMemory(err error) {
	if err != nil {
		panic(err)
	}
}

func (w *sampleWriter) worksheet(book *excelize.File, name string, lines []sampleLine, month int) {
	row := 0
	put := func(cells []any) {
		row++
		inMemory(book.SetSheetRow(name, "A"+strconv.Itoa(row), &cells))
	}
	put([]any{"Payments over £500: " + name + " (invented for the demonstration)"})
	row++
	headings := make([]any, len(w.columns))
	for c, column := range w.columns {
		headings[c] = column.heading
	}
	put(headings)
	for _, l := range lines {
		if monthIndex(l.day) == month {
			put(w.cells(l))
		}
	}
}

// cells are a payment's cells as a workbook holds them: days are counted from
// the end of 1899, and amounts are binary.
func (w *sampleWriter) cells(l sampleLine) []any {
	cells := make([]any, len(w.columns))
	for c, column := range w.columns {
		switch column.field {
		case sheet.DatePaid:
			day := time.Date(int(l.day)/10000, time.Month(l.day/100%100), int(l.day)%100, 0, 0, 0, 0, time.UTC)
			cells[c] = int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours()) / 24
		case sheet.Amount:
			cells[c] = float64(l.pence) / 100
		case spacer:
		default:
			cells[c] = w.issue.words(column.field, l)
		}
	}
	return cells
}

// words are what the body publishes of a payment in one field.
func (i sampleIssue) words(f sheet.Field, l sampleLine) string {
	g := &sampleGoods[l.good]
	switch f {
	case sheet.Body:
		return i.Force
	case sheet.Spender:
		return i.spender(l)
	case sheet.Supplier:
		return i.payeeWords(l)
	case sheet.Purpose:
		return g.purposes[l.words]
	case sheet.Reason:
		if l.reason >= 0 {
			return sampleReasons[l.reason]
		}
	case sheet.Category:
		return g.categories[i.variant]
	case sheet.CostCentre:
		return g.centres[l.centre]
	case sheet.Transaction:
		return strconv.Itoa(l.number)
	case sheet.Contract:
		if g.it {
			return fmt.Sprintf("SC/%03d", int(l.good)*10+int(l.payee+2)%10)
		}
	}
	return ""
}

// spender is the chief officer for nine in ten goods. The authority gives way
// to the commissioner on 22 November 2012.
func (i sampleIssue) spender(l sampleLine) string {
	switch {
	case l.good%10 != 9:
		return "Chief officer"
	case i.Kind == store.MOPAC:
		return "Mayor’s office"
	case l.day < 20121122:
		return "Police authority"
	}
	return "Commissioner"
}

// payeeWords are the supplier’s name as the body writes it.
func (i sampleIssue) payeeWords(l sampleLine) string {
	switch l.payee {
	case payeeBlank:
		return ""
	case payeeRedacted:
		return [...]string{"Redacted, personal data", "REDACTED", "Redacted personal data"}[i.sampleBody.order%3]
	}
	name := sampleNames[l.payee]
	if name == renamedFrom && l.day >= renamedOn {
		name = renamedTo
	}
	if i.Slug != "kent" {
		name = respelt(name, (int(l.payee)*7+i.sampleBody.order*3+i.first/12)%10)
	}
	return name + " (sample)"
}

// respelt is another way of writing a name: three in ten.
func respelt(name string, n int) string {
	switch n {
	case 7, 8:
		if short, ok := strings.CutSuffix(name, " Ltd"); ok {
			return short + " Limited"
		}
	case 9:
		return strings.ToUpper(name)
	}
	return name
}

// A sampleColumn is one column of a layout.
type sampleColumn struct {
	field   sheet.Field
	heading string
}

// spacer is the field of a column that holds nothing.
const spacer = sheet.Field(255)

// columnsOf reads "field=heading|…", with fields as fieldCodes names them.
func columnsOf(s string) (all []sampleColumn) {
	for part := range strings.SplitSeq(s, "|") {
		code, heading, _ := strings.Cut(part, "=")
		all = append(all, sampleColumn{fieldCodes[code], heading})
	}
	return all
}

var fieldCodes = map[string]sheet.Field{
	"body": sheet.Body, "by": sheet.Spender, "day": sheet.DatePaid, "to": sheet.Supplier, "for": sheet.Purpose, "why": sheet.Reason, "kind": sheet.Category,
	"unit": sheet.CostCentre, "no": sheet.Transaction, "sum": sheet.Amount, "vat": sheet.VAT, "contract": sheet.Contract, "": spacer,
}

// sampleWriter writes the text of one file.
type sampleWriter struct {
	issue   sampleIssue
	layout  sampleLayout
	columns []sampleColumn
	out     []byte
	cell    []byte
}

// text writes the payments as the body's layout has it.
func (i sampleIssue) text(lines []sampleLine, sum int64) []byte {
	y := sampleLayouts[i.layout]
	w := &sampleWriter{issue: i, layout: y, out: make([]byte, 0, 260*len(lines)+4000)}
	w.columns = columnsOf(y.headings[i.order%len(y.headings)])
	for n := range y.titles {
		w.title(n)
	}
	if !y.headingsLast {
		w.heading()
	}
	for n, l := range lines {
		w.line(l)
		if note := i.unreadable(n, len(lines)); note != "" {
			w.reject(l, note)
		}
	}
	if y.total != "" {
		w.total(sum + i.slip())
	}
	for range y.blanks {
		w.out = append(w.out, strings.Repeat(string(y.delimiter), len(w.columns)-1)...)
		w.end()
	}
	if y.headingsLast {
		w.heading()
	}
	return y.encode(w.out)
}

// slip is the penny by which one file's own total is out.
func (i sampleIssue) slip() int64 {
	if i.Slug == slippedBody && i.order == 0 {
		return 1
	}
	return 0
}

// unreadable is what stands for the amount of a further row after the n-th, in
// some of the larger files.
func (i sampleIssue) unreadable(n, of int) string {
	if of < 60 || n%170 != 43 || (i.sampleBody.order+i.order)%8 != 1 {
		return ""
	}
	return [...]string{"see note", "25/06/2012900", "TBC", "See note 3"}[(n/170+i.order)%4]
}

func (w *sampleWriter) title(n int) {
	words := strings.ReplaceAll(w.layout.titles[n], "FORCE", w.issue.Force)
	w.put([]byte(words))
	for range len(w.columns) - 1 {
		w.out = append(w.out, w.layout.delimiter)
	}
	w.end()
}

func (w *sampleWriter) heading() {
	for c, column := range w.columns {
		w.next(c)
		w.put([]byte(column.heading))
	}
	w.out = append(w.out, cmp.Or(w.layout.headingEnd, w.layout.end)...)
}

func (w *sampleWriter) line(l sampleLine) {
	for c, column := range w.columns {
		w.next(c)
		w.field(column.field, l)
	}
	w.end()
}

// reject writes a row like the last whose amount cannot be read.
func (w *sampleWriter) reject(l sampleLine, note string) {
	for c, column := range w.columns {
		w.next(c)
		if column.field == sheet.Amount {
			w.put([]byte(note))
			continue
		}
		w.field(column.field, l)
	}
	w.end()
}

func (w *sampleWriter) total(sum int64) {
	for c, column := range w.columns {
		w.next(c)
		switch column.field {
		case sheet.Supplier:
			w.put([]byte(w.layout.total))
		case sheet.Amount:
			w.put(w.layout.money(w.cell[:0], sum))
		}
	}
	w.end()
}

func (w *sampleWriter) field(f sheet.Field, l sampleLine) {
	cell := w.cell[:0]
	switch f {
	case spacer:
		return
	case sheet.DatePaid:
		cell = w.layout.date(cell, l.day)
	case sheet.Amount:
		cell = w.layout.money(cell, l.pence)
	case sheet.VAT:
		cell = append(cell, "0.00"...)
	case sheet.Transaction:
		cell = strconv.AppendInt(cell, int64(l.number), 10)
	default:
		cell = append(cell, w.issue.words(f, l)...)
	}
	w.put(cell)
	w.cell = cell
}

func (w *sampleWriter) next(column int) {
	if column > 0 {
		w.out = append(w.out, w.layout.delimiter)
	}
}

func (w *sampleWriter) end() { w.out = append(w.out, w.layout.end...) }

// put writes a cell, in quotation marks where it holds the delimiter.
func (w *sampleWriter) put(cell []byte) {
	if bytes.IndexByte(cell, w.layout.delimiter) < 0 {
		w.out = append(w.out, cell...)
		return
	}
	w.out = append(append(append(w.out, '"'), cell...), '"')
}

// A sampleLayout is one way in which bodies set out their files. The kinds of
// mess are those of real files.
type sampleLayout struct {
	encoding     *charmap.Charmap // nil is UTF-8
	marked       bool             // begins with a byte order mark
	delimiter    byte
	end          string // of a line
	headingEnd   string // of the headings, where it is another
	days         string // how dates are written
	amounts      string // how amounts are written
	titles       []string
	headings     []string // one a file in turn
	total        string   // label of the row of the total
	blanks       int      // blank records after the last row
	headingsLast bool
}

var sampleMoneySigns = map[string][4]string{ // before, before a minus amount, after, after a minus amount
	"plain": {"", "-", "", ""}, "grouped": {"", "-", "", ""}, "pounds": {"£", "-£", "", ""}, "trailing": {"", "", "", "-"}, "brackets": {"", "(", "", ")"},
}

// money writes an amount.
func (y sampleLayout) money(b []byte, pence int64) []byte {
	signs, minus := sampleMoneySigns[y.amounts], 0
	if pence < 0 {
		minus, pence = 1, -pence
	}
	b = append(b, signs[minus]...)
	whole := strconv.FormatInt(pence/100, 10)
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 && y.amounts != "plain" {
			b = append(b, ',')
		}
		b = append(b, whole[i])
	}
	b = append(b, '.', byte('0'+pence/10%10), byte('0'+pence%10))
	return append(b, signs[2+minus]...)
}

// date writes a day.
func (y sampleLayout) date(b []byte, day int32) []byte {
	year, month, n := int(day)/10000, int(day)/100%100, int(day)%100
	name := time.Month(month).String()[:3]
	days := y.days
	if days == "two kinds" {
		days = [...]string{"dd/mm/yyyy", "dd-Mon-yy"}[n%2]
	}
	switch days {
	case "yyyy-mm-dd":
		return pair(pair(strconv.AppendInt(b, int64(year), 10), '-', month), '-', n)
	case "d/m/yy":
		b = append(strconv.AppendInt(b, int64(n), 10), '/')
		b = append(strconv.AppendInt(b, int64(month), 10), '/')
		return strconv.AppendInt(b, int64(year%100), 10)
	case "dd-Mon-yy":
		b = append(append(append(pair(b, 0, n), '-'), name...), '-')
		return strconv.AppendInt(b, int64(year%100), 10)
	case "dd Mon yyyy":
		b = append(append(append(pair(b, 0, n), ' '), name...), ' ')
		return strconv.AppendInt(b, int64(year), 10)
	}
	b = append(pair(pair(b, 0, n), '/', month), '/')
	b = strconv.AppendInt(b, int64(year), 10)
	if days == "midnight" {
		b = append(b, " 00:00:00"...)
	}
	return b
}

// pair writes a mark, unless it is 0, and two digits.
func pair(b []byte, mark byte, n int) []byte {
	if mark != 0 {
		b = append(b, mark)
	}
	return append(b, byte('0'+n/10), byte('0'+n%10))
}

// encode turns the text into the layout's encoding.
func (y sampleLayout) encode(text []byte) []byte {
	switch {
	case y.marked:
		return append([]byte("\uFEFF"), text...)
	case y.encoding == nil:
		return text
	}
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		i := bytes.IndexFunc(text, func(r rune) bool { return r > 127 })
		if i < 0 {
			return append(out, text...)
		}
		out = append(out, text[:i]...)
		r, n := utf8.DecodeRune(text[i:])
		c, ok := y.encoding.EncodeRune(r)
		if !ok { // code page 850 has neither
			c = map[rune]byte{'–': '-', '’': '\''}[r]
		}
		out, text = append(out, c), text[i+n:]
	}
	return out
}

// The layouts that are named: the others are dealt to the bodies in turn.
const (
	dealtLayouts       = 10
	layoutChanging     = 10
	layoutUndated      = 11
	layoutHeadingsLast = 12
	slippedBody        = "leicestershire" // whose first file states a penny more than it holds
)

var sampleLayouts = [...]sampleLayout{
	0: {marked: true, delimiter: ',', end: "\r\n", days: "dd/mm/yyyy", amounts: "plain", headings: []string{
		"body=Body Name|day=Payment Date|no=Transaction Number|to=Supplier Name|for=Purpose|why=Reason for Value for Money|kind=Expenditure Category|unit=Cost Centre|sum=Net Amount"}},
	1: {encoding: charmap.Windows1252, delimiter: ',', end: "\r\n", days: "dd/mm/yyyy", amounts: "pounds", total: "Grand Total",
		titles: []string{"FORCE", "Payments over £500", "Invented for the demonstration"}, headings: []string{
			"to=Supplier|day=Date Paid|for=Description|why=Value for Money Reason|kind=Category|unit=Department|no=Reference|sum=Amount (£)"}},
	2: {delimiter: ',', end: "\n", days: "yyyy-mm-dd", amounts: "plain", blanks: 12, headings: []string{
		"by=Spent By|day=Date|to=Supplier|for=Purpose of Expenditure|why=Reason why good value for money|kind=Expense Type|unit=Directorate|no=Transaction No|sum=Net Amount (£)"}},
	3: {encoding: charmap.CodePage850, delimiter: ',', end: "\r\n", days: "d/m/yy", amounts: "pounds", headings: []string{
		"unit=Organisatonal Unit||kind=Expenditure Catergory||day=Payment Date|no=Transaction Number||to=Supplier Name|for=Narrative|why=VFM Reason||sum=Net Amount"}},
	4: {encoding: charmap.Macintosh, delimiter: ',', end: "\r", days: "dd-Mon-yy", amounts: "grouped", titles: []string{"The force’s payments – invented for the demonstration"}, headings: []string{
		"to=Supplier Name|for=Description|why=Reason (value for money)|unit=Service Area|kind=Category|no=Invoice Number|day=Date Paid|sum=Amount"}},
	5: {encoding: charmap.Windows1252, delimiter: ';', end: "\r\n", days: "dd Mon yyyy", amounts: "brackets", total: "Total", titles: []string{"FORCE: spend over £500"}, headings: []string{
		"no=Document Number|day=Posting Date|to=Vendor Name|for=Purpose|why=Value for Money|kind=Subjective|unit=Cost Centre|sum=Net Value"}},
	6: {delimiter: '\t', end: "\n", days: "midnight", amounts: "trailing", headings: []string{
		"body=Public Body|by=Spender|to=Supplier|no=Transaction Ref|day=Transaction Date|for=Item Description|why=Value for Money Statement|kind=Account Description|unit=Cost Centre Name|sum=Net"}},
	7: {delimiter: ',', end: "\r", headingEnd: "\r\n", days: "two kinds", amounts: "plain", headings: []string{
		"body=Organisation Name|unit=Department|to=Beneficiary|for=Summary of Purpose|why=Reasons for value for money|day=Date of Payment|no=Transaction Number|sum=Amount|kind=Procurement Category"}},
	8: {encoding: charmap.Windows1252, delimiter: '|', end: "\r\n", days: "dd/mm/yyyy", amounts: "pounds", total: "Grand Total", headings: []string{
		"day=Date Paid|to=Supplier Name|for=Purpose|why=VFM Reason|kind=Category|unit=Cost Centre|contract=Contract Ref|no=Transaction Number|sum=Net Amount|vat=Irrecoverable VAT"}},
	9: {marked: true, delimiter: ',', end: "\r\n", days: "dd/mm/yyyy", amounts: "grouped", blanks: 40, headings: []string{
		"body=+|to= Supplier Name |for= Description |why= Reason for Value for Money |kind= Expenditure Category |unit= Service Area |day= Payment Date |no= Transaction Number |sum= NetAmount "}},
	layoutChanging: {encoding: charmap.Windows1252, delimiter: ',', end: "\r\n", days: "dd/mm/yyyy", amounts: "pounds", total: "Grand Total", titles: []string{"FORCE", "Expenditure over £500 (invented for the demonstration)"}, headings: []string{
		"day=Date Paid|to=Supplier|for=Purpose|why=Reason why good value for money|kind=Category|unit=Cost Centre|no=Transaction Number|sum=Net Amount|by=Spent By",
		"by=Spent By|to=Supplier Name|no=Transaction No|day=Payment Date|sum=Amount (£)||for=Description|kind=Expenditure Category|unit=Department|why=Value for Money"}},
	layoutUndated: {delimiter: ',', end: "\r\n", amounts: "grouped", total: "Grand Total", headings: []string{
		"no=Transaction Number|to=Supplier Name|for=Purpose|why=Value for Money Reason|kind=Category|unit=Cost Centre|sum=Net Amount"}},
	layoutHeadingsLast: {delimiter: ',', end: "\r\n", days: "dd/mm/yyyy", amounts: "plain", headingsLast: true, headings: []string{
		"body=Body Name|day=Payment Date|to=Supplier Name|for=Purpose|why=Reason for Value for Money|kind=Expenditure Category|unit=Cost Centre|no=Transaction Number|sum=Net Amount"}},
}

// bookHeadings are the headings of the worksheets of even and of odd months.
var bookHeadings = [2]string{
	"to=Supplier|day=Date|for=Purpose|why=Value for Money Reason|kind=Category|unit=Cost Centre|no=Transaction Number|sum=Net Amount",
	"day=Payment Date|to=Supplier Name||for=Description|why=VFM Reason|kind=Expenditure Category|unit=Department|no=Transaction Ref|sum=Amount (£)",
}

// One supplier changes its name on a day.
const (
	renamedFrom = "Marrowby Casework Systems Ltd"
	renamedTo   = "Marrowby Digital Justice Ltd"
	renamedOn   = 20120702
)

// A sampleTrade is a kind of supplier.
type sampleTrade struct {
	name  string
	names []string
	first int // index of its first name among all
}

const (
	hostingTrade = "hosting"
	privateTrade = "private" // people, whose names are withheld
)

// sampleTrades and sampleNames are the invented suppliers. “(sample)” is put
// after each name where it is written.
var sampleTrades, sampleNames = numberTrades([]sampleTrade{
	{name: hostingTrade, names: []string{"Alder Vale Hosting Ltd", "Copperstile Data Centres Ltd", "Marlpit Fold Hosting Ltd"}},
	{name: "software", names: []string{"Brightmere Software Ltd", "Thistlegate Software Ltd", renamedFrom, "Quillbeck Applications Ltd", "Oxlip Ridge Software Ltd"}},
	{name: "networks", names: []string{"Fernhall Networks Ltd", "Hollowbeck Telecom Ltd", "Wintersedge Networks Ltd"}},
	{name: "radio", names: []string{"Skylark Fell Radio Ltd", "Farbeacon Radio Services Ltd"}},
	{name: "hardware", names: []string{"Pebbleford Computers Ltd", "Rookhurst Fold Hardware Ltd", "Tamarisk Lane Computing Ltd", "Duskwater Devices Ltd"}},
	{name: "mobile", names: []string{"Gorsefell Mobile Data Ltd", "Plover Rise Mobile Ltd"}},
	{name: "it people", names: []string{"Hazelmarch IT Consulting LLP", "Stonecrop Fold Analysts Ltd", "Briarcombe IT Contractors Ltd"}},
	{name: "digital forensics", names: []string{"Mothwing Digital Forensics Ltd", "Greycombe Device Examination Ltd"}},
	{name: "cameras", names: []string{"Harebell Camera Systems Ltd", "Foxholt Lane Imaging Ltd"}},
	{name: "fuel", names: []string{"Emberline Fuels Ltd", "Tarnfold Fuel Cards Ltd"}},
	{name: "vehicles", names: []string{"Wheelfold Motors Ltd", "Cloverbeck Vehicle Leasing Ltd", "Saddlecombe Repairs Ltd", "Towfold Recovery Ltd"}},
	{name: "uniforms", names: []string{"Bluethorn Uniforms Ltd", "Kittiwake Fold Workwear Ltd", "Buttonmere Tailoring Ltd"}},
	{name: "legal", names: []string{"Pennyroyal Fold LLP", "Dunnock Lane Solicitors LLP"}},
	{name: "medical", names: []string{"Willowherb Custody Healthcare Ltd", "Sorrelbeck Medical Services Ltd"}},
	{name: "laboratories", names: []string{"Fernleaf Fold Laboratories Ltd", "Amberwing Forensic Science Ltd"}},
	{name: "buildings", names: []string{"Sandmarten Cleaning Ltd", "Bramblefold Builders Ltd", "Limecombe Maintenance Ltd", "Stonechat Rise Surveyors LLP"}},
	{name: "utilities", names: []string{"Rushlight Fold Energy Ltd", "Millbeck Rise Water Ltd"}},
	{name: "staff", names: []string{"Saltwren Staffing Ltd", "Peatfold Recruitment Ltd"}},
	{name: "training", names: []string{"Candlewick Rise Training Ltd", "Stoatfold Learning Ltd"}},
	{name: "interpreters", names: []string{"Babblecombe Interpreting Ltd"}},
	{name: "insurance", names: []string{"Harbourfold Insurance Brokers Ltd"}},
	{name: "animals", names: []string{"Snowberry Rise Veterinary Ltd", "Barkfold Kennels Ltd"}},
	{name: "print", names: []string{"Inkcap Rise Print Ltd"}},
	{name: "furniture", names: []string{"Settlefold Furniture Ltd"}},
	{name: "catering", names: []string{"Applefold Catering Ltd"}},
	{name: "general", names: []string{"Cobnut Rise Equipment Ltd", "Teaselbeck Advisers LLP", "Ninefold Lane Supplies Ltd"}},
	{name: privateTrade, names: []string{""}},
})

func numberTrades(trades []sampleTrade) (numbered []sampleTrade, names []string) {
	for _, t := range trades {
		t.first = len(names)
		numbered, names = append(numbered, t), append(names, t.names...)
	}
	return numbered, names
}

// A sampleGood is a kind of thing that bodies pay for.
type sampleGood struct {
	trade      string
	it         bool
	often      int     // how often it is bought beside the others; 0 is once a month at a fixed price
	size       float64 // of a payment beside the others
	categories [2]string
	centres    [2]string
	purposes   []string
}

const hostingGood = 0

// sampleGoods are the goods; the first is the hosting contract.
var sampleGoods = []sampleGood{
	{hostingTrade, true, 0, 8, [2]string{"ICT managed services", "Outsourced IT services"}, [2]string{"Information Services", "ICT Department"}, []string{"Managed hosting and data centre service, monthly charge"}},
	{"radio", true, 0, 7, [2]string{"Airwave", "Communications – radio"}, [2]string{"Information Services", "Communications"}, []string{"Airwave charges, monthly core service"}},
	{"networks", true, 0, 4, [2]string{"Data networks", "Communications – data"}, [2]string{"Information Services", "ICT Department"}, []string{"Wide area network, monthly charge"}},
	{"software", true, 0, 5, [2]string{"Computer software", "Software licences and maintenance"}, [2]string{"Information Services", "ICT Department"}, []string{"Crime recording system, monthly support"}},
	{"medical", false, 0, 5, [2]string{"Custody medical services", "Police surgeons and medical"}, [2]string{"Custody", "Criminal Justice"}, []string{"Custody medical services, monthly charge"}},
	{"utilities", false, 0, 3, [2]string{"Energy", "Gas and electricity"}, [2]string{"Estates", "Property Services"}, []string{"Electricity, all sites"}},

	{hostingTrade, true, 3, 1, [2]string{"ICT managed services", "Outsourced IT services"}, [2]string{"Information Services", "ICT Department"}, []string{"Web hosting", "Disaster recovery test", "Additional server hosting", "Tape storage off site"}},
	{"software", true, 16, 1.6, [2]string{"Computer software", "Software licences and maintenance"}, [2]string{"Information Services", "Crime Management"},
		[]string{"Crime recording licences", "Command and control software support", "Intelligence database licences", "Case and custody software", "Property management system", "Duty management software", "Payroll and personnel system", "Major incident system support"}},
	{"networks", true, 7, 1.2, [2]string{"Data networks", "Communications – data"}, [2]string{"Information Services", "Communications"}, []string{"Wide area network circuits", "Network switches and routers", "Firewall support", "Criminal justice secure link", "Fixed telephone lines"}},
	{"radio", true, 5, 1, [2]string{"Airwave", "Communications – radio"}, [2]string{"Communications", "Operational Support"}, []string{"Airwave menu services", "Airwave handsets", "Vehicle radio fitting", "Control room radio equipment"}},
	{"hardware", true, 14, 0.9, [2]string{"Computer hardware", "IT equipment"}, [2]string{"Information Services", "ICT Department"}, []string{"Desktop computers", "Laptops", "Servers and storage", "Printers and toner", "Monitors", "Computer consumables", "Custody suite terminals"}},
	{"mobile", true, 6, 1, [2]string{"Mobile data", "Communications – mobile"}, [2]string{"Information Services", "Neighbourhood Policing"}, []string{"Mobile data terminals", "Mobile telephone charges", "Smartphones for officers", "Mobile data airtime"}},
	{"it people", true, 6, 1.1, [2]string{"IT consultancy", "ICT contractors"}, [2]string{"Information Services", "Change Programme"}, []string{"IT contractor, project manager", "Systems analyst, daily rate", "Data migration work", "IT programme assurance"}},
	{"digital forensics", true, 3, 0.7, [2]string{"Computer forensics", "High-tech crime"}, [2]string{"Crime Management", "Scientific Support"}, []string{"Examination of computers", "Mobile telephone examination", "Forensic software licences"}},
	{"cameras", true, 4, 0.8, [2]string{"ANPR and CCTV", "Camera systems"}, [2]string{"Operational Support", "Information Services"}, []string{"Number plate recognition cameras", "Number plate recognition software support", "Custody CCTV maintenance"}},

	{"fuel", false, 9, 0.8, [2]string{"Vehicle fuel", "Transport – fuel"}, [2]string{"Fleet", "Transport"}, []string{"Bulk diesel", "Fuel cards", "Petrol", "Aviation fuel"}},
	{"vehicles", false, 13, 0.9, [2]string{"Vehicle running costs", "Transport – vehicles"}, [2]string{"Fleet", "Transport"}, []string{"Vehicle repairs", "Tyres", "Patrol cars", "Vehicle leasing", "Recovery of vehicles", "Vehicle livery and conversion"}},
	{"uniforms", false, 7, 0.5, [2]string{"Uniforms and clothing", "Clothing"}, [2]string{"Procurement and Stores", "Operational Support"}, []string{"Uniforms", "Body armour", "Officers’ boots", "Public order clothing"}},
	{"legal", false, 5, 0.9, [2]string{"Legal fees", "Professional fees – legal"}, [2]string{"Legal Services", "Professional Standards"}, []string{"Legal fees", "Counsel’s fees", "Employment tribunal costs"}},
	{"medical", false, 5, 0.8, [2]string{"Custody medical services", "Police surgeons and medical"}, [2]string{"Custody", "Human Resources"}, []string{"Forensic medical examinations", "Occupational health", "Custody nurses, extra hours"}},
	{"laboratories", false, 8, 1.2, [2]string{"Forensic analysis", "Scientific support"}, [2]string{"Scientific Support", "Crime Management"}, []string{"DNA analysis", "Toxicology", "Fingerprint chemicals", "Drugs analysis", "Scene examination"}},
	{"buildings", false, 15, 1.4, [2]string{"Premises costs", "Repairs and maintenance of buildings"}, [2]string{"Estates", "Property Services"}, []string{"Cleaning contract", "Roof repairs", "Station refurbishment", "Grounds maintenance", "Heating and plumbing", "Building survey", "Cell refurbishment"}},
	{"utilities", false, 4, 0.8, [2]string{"Energy", "Gas and electricity"}, [2]string{"Estates", "Property Services"}, []string{"Gas, headquarters", "Water and sewerage", "Heating oil"}},
	{"staff", false, 6, 0.7, [2]string{"Agency staff", "Temporary staff"}, [2]string{"Human Resources", "Criminal Justice"}, []string{"Agency staff, administration", "Temporary investigators", "Recruitment advertising"}},
	{"training", false, 5, 0.5, [2]string{"Training", "Courses and conferences"}, [2]string{"Learning and Development", "Human Resources"}, []string{"Driver training", "Firearms range hire", "Leadership course", "First aid courses"}},
	{"interpreters", false, 3, 0.3, [2]string{"Interpreters", "Interpreting and translation"}, [2]string{"Custody", "Criminal Justice"}, []string{"Interpreters’ fees", "Translation of documents"}},
	{"insurance", false, 1, 2, [2]string{"Insurance", "Insurance premiums"}, [2]string{"Finance", "Corporate"}, []string{"Motor insurance", "Liability insurance", "Property insurance"}},
	{"animals", false, 3, 0.2, [2]string{"Police dogs and horses", "Animals"}, [2]string{"Operational Support", "Dog Section"}, []string{"Veterinary fees", "Kennelling", "Dog food", "Stabling and forage"}},
	{"print", false, 2, 0.3, [2]string{"Printing and stationery", "Office supplies"}, [2]string{"Corporate", "Media and Communications"}, []string{"Printing of leaflets", "Stationery", "Policing plan, print"}},
	{"furniture", false, 2, 0.4, [2]string{"Furniture and equipment", "Furniture"}, [2]string{"Estates", "Procurement and Stores"}, []string{"Office furniture", "Lockers", "Control room chairs"}},
	{"catering", false, 3, 0.4, [2]string{"Catering", "Subsistence"}, [2]string{"Estates", "Custody"}, []string{"Detainees’ meals", "Canteen supplies", "Catering for operations"}},
	{"general", false, 4, 0.7, [2]string{"Supplies and services", "Other expenses"}, [2]string{"Corporate", "Operational Support"}, []string{"Equipment", "Professional services", "Subscriptions", "Sundry supplies", "Project costs"}},
	{privateTrade, false, 2, 0.4, [2]string{"Third party claims", "Compensation"}, [2]string{"Legal Services", "Corporate"}, []string{"Settlement of claim", "Counselling", "Witness expenses", "Boarding of animals"}},
}

// standingGoods are paid for every month; dealtGoods holds each other good as
// often as it is bought.
var standingGoods, dealtGoods = dealGoods(sampleGoods)

func dealGoods(goods []sampleGood) (standing, dealt []int16) {
	for i, g := range goods {
		if g.often == 0 {
			standing = append(standing, int16(i))
		}
		for range g.often {
			dealt = append(dealt, int16(i))
		}
	}
	return standing, dealt
}

var sampleReasons = []string{
	"Framework agreement, three quotations", "Lowest of four tenders", "National contract, price fixed for the term", "Joint purchase with a neighbouring force",
	"Mini-competition under a framework", "Existing contract extended at the same price", "Only supplier able to support the system", "Price compared with last year’s and reduced",
	"Tendered in the Official Journal", "Below the limit for quotations – three prices compared", "Rate set by the regional contract", "Reviewed by the procurement board",
}
