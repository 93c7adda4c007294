package story

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend/sheet"
)

// A sampleIssue is one file to be published: the months that it covers.
type sampleIssue struct {
	*sampleBody
	order       int
	first, last int
	published   civil.Day
}

// plan lists the body's files. What would come out after the last day of
// publication is not published yet.
func (b *sampleBody) plan() {
	for m := b.begins; m < b.ends; {
		size := b.size(m)
		last := min(b.lastMonth(m), b.ends-1)
		wait := 11 + b.random.IntN(22+10*size) + b.slow
		i := sampleIssue{b, len(b.issues), m, last, onWeekday((sampleStart() + civil.Month(last)).Last().Add(wait))}
		if i.published <= sampleClosing {
			b.issues = append(b.issues, i)
		}
		m += size
	}
}

// onWeekday is the day or the Monday after.
func onWeekday(d civil.Day) civil.Day {
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
	last := sampleStart() + civil.Month(i.last)
	switch i.last - i.first {
	case 0:
		return civil.Period{Month: last}.Code()
	case 2:
		return civil.Period{Month: last, Quarter: true}.Code()
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
		name := (sampleStart() + civil.Month(m)).String()
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
	case i.Kind == office.MOPAC:
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
