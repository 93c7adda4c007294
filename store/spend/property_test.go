package spend_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/store/text"
)

// Invented words of published files: some that the shipped rules know as IT,
// some that they know as something else, some that no rule knows.
var (
	messySuppliers = []string{"Alder Vale Hosting Ltd (sample)", "ALDER VALE HOSTING LIMITED (SAMPLE)", "Brightmere Fuel Ltd (sample)", "Ŵyre Networks (sample)",
		"Sample Sundries", "Sample Software plc", "Redacted", "REDACTED PERSONAL DATA", "", "", "Copperbeech & Sons (sample)"}
	messyNumbers  = []string{"", "", "", "01234567", "1234567", "SC123456"}
	messyPurposes = []string{"Data centre hosting", "Diesel", "Licence renewal", "Something else", "", "Café supplies"}
	messyKinds    = []string{"Computer hosting", "Vehicle fuel", "Computer software licences", "Sundry", "", "Data network services", "Professional services"}
	messyCentres  = []string{"ICT Department", "Fleet", "", "Change"}
	messyAmounts  = []string{"500.00", "500.00", "499.99", "£1,250.00", "(75.10)", "-3.33", "12000.01", "4999.99", "0.00", "161,413.00-", "750"}
	messyBodies   = []string{"kent", "essex", "surrey", "durham", "city-of-london", "dyfed-powys"}
)

// A messy file is as publishers write them: blanks, redactions, refunds, days
// that cannot be read, amounts that cannot, repeats within the file.
type messy struct {
	req  spend.LoadRequest
	text string
}

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

func messyFile(r *rand.Rand, i, rows int) messy {
	m := messy{req: spend.LoadRequest{Body: messyBodies[i%len(messyBodies)], File: fmt.Sprintf("file-%d.csv", i), AcceptRejected: true, AcceptOverlap: true}}
	dated := i%4 != 3
	switch i % 4 {
	case 1:
		m.req.Period = civil.Period{Month: civil.MonthOf(2012, 1+i)}
	case 3:
		m.req.Period = civil.Period{Month: civil.MonthOf(2012, 3*(1+i%3)), Quarter: i%8 == 3}
	}
	var b strings.Builder
	if dated {
		b.WriteString("Payment Date,")
	}
	b.WriteString("Supplier Name,Company Number,Amount,Description,Category,Cost Centre,Transaction Number\n")
	last := ""
	for n := range rows {
		row := fmt.Sprintf("%q,%s,%q,%s,%s,%s", pick(r, messySuppliers), pick(r, messyNumbers), pick(r, messyAmounts), pick(r, messyPurposes), pick(r, messyKinds), pick(r, messyCentres))
		if dated {
			day := fmt.Sprintf("%02d/%02d/2012", 1+r.IntN(28), 1+r.IntN(12))
			if r.IntN(12) == 0 {
				day = pick(r, []string{"", "soon", "31/31/2012"})
			}
			row = day + "," + row
		}
		switch {
		case n > 0 && r.IntN(15) == 0:
			row = last // a likely duplicate
		case r.IntN(25) == 0:
			row = strings.Repeat(",", strings.Count(row, ",")-2) + "see note"
		case r.IntN(25) == 0:
			b.WriteString(strings.Repeat(",", 7) + "\n")
		}
		fmt.Fprintf(&b, "%s,%d\n", row, i*10_000+n)
		last = row
	}
	m.text = b.String()
	return m
}

func messyFiles(seed uint64, n, rows int) (all []messy) {
	r := rand.New(rand.NewPCG(seed, 11))
	for i := range n {
		all = append(all, messyFile(r, i, rows/2+r.IntN(rows)))
	}
	return all
}

// spendOf is a store into which some files were taken in, in an order.
func spendOf(t *testing.T, files []messy, order []int) (*db.Tx, []spend.Load) {
	t.Helper()
	s := storetest.Open(t)
	var loads []spend.Load
	for _, i := range order {
		loads = append(loads, storetest.Load(t, s, office.CommandLine, files[i].req, files[i].text))
	}
	return s, loads
}

func inTurn(n int) (all []int) {
	for i := range n {
		all = append(all, i)
	}
	return all
}

// slow adds up lines one by one, and knows nothing of roll-ups.
type slow struct {
	lines    []spend.Line
	withheld map[int64]bool // loads: their words find nothing
}

// asked reports whether a line is within all of a filter but its class,
// category and months.
func (w slow) asked(f payments.Filter, l spend.Line) bool {
	b, _ := office.BodyOf(l.Body)
	switch {
	case len(f.Bodies) > 0 && !slices.Contains(f.Bodies, l.Body), f.Region != "" && b.Region != f.Region,
		f.Supplier != "" && l.Identity.Slug != f.Supplier, len(f.Payee) > 0 && !slices.Contains(f.Payee, l.Payee),
		f.Least != nil && l.Pence < *f.Least, f.Most != nil && l.Pence > *f.Most, f.Flag != "" && !slices.Contains(l.Flags, f.Flag):
		return false
	}
	for _, word := range strings.Fields(text.Fold(f.Text)) {
		has := func(words string) bool { return strings.Contains(text.Fold(words), word) }
		if w.withheld[l.Load] || !has(l.Supplier) && !has(l.CompanyNumber) && !has(l.Category) && !has(l.CostCentre) && !has(l.Purpose) {
			return false
		}
	}
	return true
}

// when reports whether a line was paid in the months of a filter, all of its
// months where only its quarter is known.
func when(f payments.Filter, l spend.Line) bool {
	months := l.Paid.Period().Months()
	if l.Paid == 0 {
		return f.From == 0 && f.To == 0 && len(f.Years) == 0
	}
	for _, m := range months {
		if f.From != 0 && m < f.From || f.To != 0 && m > f.To || len(f.Years) > 0 && !slices.Contains(f.Years, m.FinancialYear()) {
			return false
		}
	}
	return true
}

func classed(f payments.Filter, l spend.Line) bool {
	return len(f.Class) == 0 || slices.Contains(f.Class, l.Class)
}

func categorised(f payments.Filter, l spend.Line) bool {
	return len(f.Category) == 0 || l.Class == classify.IsIT && slices.Contains(f.Category, cmp.Or(l.Taxon, "none"))
}

// figures are the sums of a Spend, without those that are nothing.
type figures struct {
	Total, Quarter, Undated spend.Sum
	Classes                 [3]spend.Sum
	Payees                  [4]spend.Sum
	Years                   map[int]spend.Sum
	Taxa                    map[string]spend.Sum
	Bodies                  map[string]spend.Sum
	Months                  map[string]spend.Sum
	MonthTaxa               map[string]money.Pence
}

func noFigures() figures {
	return figures{Years: map[int]spend.Sum{}, Taxa: map[string]spend.Sum{}, Bodies: map[string]spend.Sum{}, Months: map[string]spend.Sum{}, MonthTaxa: map[string]money.Pence{}}
}

// bare drops what is nothing.
func (g figures) bare() figures {
	none := func(s spend.Sum) bool { return s == spend.Sum{} }
	maps.DeleteFunc(g.Years, func(_ int, s spend.Sum) bool { return none(s) })
	for _, m := range []map[string]spend.Sum{g.Taxa, g.Bodies, g.Months} {
		maps.DeleteFunc(m, func(_ string, s spend.Sum) bool { return none(s) })
	}
	maps.DeleteFunc(g.MonthTaxa, func(_ string, p money.Pence) bool { return p == 0 })
	return g
}

func plus[K comparable](m map[K]spend.Sum, k K, p money.Pence) {
	m[k] = m[k].Plus(spend.Sum{Lines: 1, Pence: p})
}

// sums adds up what a filter asks for, and the lines that it asks for.
func (w slow) sums(f payments.Filter) (g figures, asked []spend.Line) {
	g = noFigures()
	anyYear := f
	anyYear.Years = nil
	for _, l := range w.lines {
		one := spend.Sum{Lines: 1, Pence: l.Pence}
		if !w.asked(f, l) {
			continue
		}
		if classed(f, l) && categorised(f, l) && when(anyYear, l) && l.Paid != 0 {
			plus(g.Years, l.Paid.Month().FinancialYear(), l.Pence)
		}
		if !when(f, l) {
			continue
		}
		if categorised(f, l) {
			g.Classes[l.Class] = g.Classes[l.Class].Plus(one)
		}
		if classed(f, l) && l.Class == classify.IsIT {
			plus(g.Taxa, cmp.Or(l.Taxon, "none"), l.Pence)
		}
		if !classed(f, l) || !categorised(f, l) {
			continue
		}
		asked = append(asked, l)
		g.Total, g.Payees[l.Payee] = g.Total.Plus(one), g.Payees[l.Payee].Plus(one)
		plus(g.Bodies, l.Body, l.Pence)
		switch p := l.Paid.Period(); {
		case l.Paid == 0:
			g.Undated = g.Undated.Plus(one)
		case p.Quarter:
			g.Quarter = g.Quarter.Plus(one)
		default:
			plus(g.Months, p.Month.Code(), l.Pence)
			what := l.Taxon
			if l.Class != classify.IsIT {
				what = l.Class.Code()
			}
			g.MonthTaxa[p.Month.Code()+" "+what] += l.Pence
		}
	}
	return g.bare(), asked
}

// shown are the sums that the store shows.
func shown(sp spend.Spend) figures {
	g := noFigures()
	g.Total, g.Quarter, g.Undated, g.Classes, g.Payees = sp.Total, sp.Quarter, sp.Undated, sp.Classes, sp.Payees
	maps.Copy(g.Years, sp.Years)
	maps.Copy(g.Taxa, sp.Taxa)
	for _, b := range sp.Bodies {
		g.Bodies[b.Body.Slug] = b.Sum
	}
	for _, m := range sp.Months {
		g.Months[m.Month.Code()] = m.Sum
		for what, p := range m.Taxa {
			g.MonthTaxa[m.Month.Code()+" "+what] = p
		}
	}
	return g.bare()
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// apart shows two texts from where they differ on, "" where they do not.
func apart(got, want string) string {
	if got == want {
		return ""
	}
	at := 0
	for at < len(got) && at < len(want) && got[at] == want[at] {
		at++
	}
	from := max(0, at-60)
	return fmt.Sprintf("the store says …%.200s, the lines …%.200s", got[from:], want[from:])
}

// bySupplier are the rows of SpendBySupplier, added up line by line.
func bySupplier(lines []spend.Line) []spend.SupplierSum {
	type key struct {
		slug string
		kind payments.PayeeKind
	}
	rows, paid := map[key]*spend.SupplierSum{}, map[key]map[string]money.Pence{}
	for _, l := range lines {
		k := key{l.Identity.Slug, l.Payee}
		if rows[k] == nil {
			rows[k], paid[k] = &spend.SupplierSum{Supplier: l.Identity, Payee: l.Payee}, map[string]money.Pence{}
		}
		rows[k].Sum = rows[k].Plus(spend.Sum{Lines: 1, Pence: l.Pence})
		paid[k][l.Body] += l.Pence
	}
	var all []spend.SupplierSum
	for k, row := range rows {
		row.Bodies = len(paid[k])
		for body, p := range paid[k] {
			if row.Top == "" || p > row.Most || p == row.Most && body < row.Top {
				row.Top, row.Most = body, p
			}
		}
		all = append(all, *row)
	}
	slices.SortFunc(all, func(a, b spend.SupplierSum) int {
		return cmp.Or(cmp.Compare(b.Pence, a.Pence), cmp.Compare(a.Payee, b.Payee), cmp.Compare(a.Supplier.ID, b.Supplier.ID))
	})
	return all
}

// askers makes filters at random, from what there is.
type asker struct {
	r         *rand.Rand
	suppliers []string
}

func (a asker) some(share int) bool { return a.r.IntN(share) == 0 }

func (a asker) filter() (f payments.Filter) {
	if a.some(3) {
		f.Bodies = []string{pick(a.r, messyBodies), pick(a.r, messyBodies)}
	}
	if a.some(8) {
		f.Region = pick(a.r, payments.Regions())
	}
	if a.some(4) {
		f.Supplier = pick(a.r, a.suppliers)
	}
	if a.some(4) {
		f.Category = []string{pick(a.r, classify.Taxa()).Slug, pick(a.r, []string{"none", "hosting", "networks"})}
	}
	if a.some(2) {
		f.Class = []classify.Class{pick(a.r, classify.Classes)}
	}
	if a.some(4) {
		f.Years = []int{2011 + a.r.IntN(2)}
	}
	if a.some(4) {
		f.From = civil.MonthOf(2012, 1+a.r.IntN(8))
	}
	if a.some(4) {
		f.To = civil.MonthOf(2012, 4+a.r.IntN(9))
	}
	if a.some(5) {
		f.Payee = []payments.PayeeKind{payments.PayeeKind(a.r.IntN(4)), payments.Named}
	}
	if a.some(4) {
		f.Text = pick(a.r, []string{"hosting", "wyre", "CAFE", "sample fuel", "01234567", "nothing of this", "fleet diesel"})
	}
	return a.fine(f)
}

// fine adds what only rows can tell.
func (a asker) fine(f payments.Filter) payments.Filter {
	if a.some(5) {
		p := money.Pence(a.r.IntN(60_000) - 5_000)
		f.Least = &p
	}
	if a.some(5) {
		p := money.Pence(a.r.IntN(600_000))
		f.Most = &p
	}
	if a.some(8) {
		f.Flag = pick(a.r, payments.Methods).Code
	}
	return f
}

func askerOf(t *testing.T, s *db.Tx, seed uint64) asker {
	t.Helper()
	a := asker{r: rand.New(rand.NewPCG(seed, 3))}
	for _, l := range storetest.EveryLine(t, s) {
		if l.Identity.ID != 0 && !slices.Contains(a.suppliers, l.Identity.Slug) {
			a.suppliers = append(a.suppliers, l.Identity.Slug)
		}
	}
	return a
}

// filters are the whole, each part of it, and many at random.
func (a asker) filters(n int) (all []payments.Filter) {
	all = []payments.Filter{{}, {Class: []classify.Class{classify.IsIT}}, {Class: []classify.Class{classify.NotClassified}}, {Flag: payments.FlagDuplicate}}
	for len(all) < n {
		all = append(all, a.filter())
	}
	return all
}

// adds holds all that the store says of a filter to the slow sums.
func (w slow) adds(t *testing.T, s *db.Tx, f payments.Filter) []spend.Line {
	t.Helper()
	sp, err := spend.Read(t.Context(), s, f)
	if err != nil {
		t.Fatal(err)
	}
	want, lines := w.sums(f)
	if d := apart(asJSON(t, shown(sp)), asJSON(t, want)); d != "" || !sp.Known || !sp.Reconciles() {
		t.Errorf("%s, known %v, reconciles %v: %s", asJSON(t, f), sp.Known, sp.Reconciles(), d)
	}
	page, err := spend.BySupplier(t.Context(), s, f, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	rows := bySupplier(lines)
	if d := apart(asJSON(t, page.Rows), asJSON(t, rows)); d != "" || page.Count != len(rows) {
		t.Errorf("%s: %d suppliers, want %d; %s", asJSON(t, f), page.Count, len(rows), d)
	}
	if d := apart(asJSON(t, shown(page.Spend)), asJSON(t, want)); d != "" {
		t.Errorf("%s by supplier: %s", asJSON(t, f), d)
	}
	w.whole(t, f, sp)
	return lines
}

// whole holds the parts of a sum to their whole.
func (w slow) whole(t *testing.T, f payments.Filter, sp spend.Spend) {
	t.Helper()
	months, bodies, payees := sp.Quarter.Plus(sp.Undated), spend.Sum{}, spend.Sum{}
	for _, m := range sp.Months {
		months = months.Plus(m.Sum)
	}
	for _, b := range sp.Bodies {
		bodies = bodies.Plus(b.Sum)
	}
	for _, p := range sp.Payees {
		payees = payees.Plus(p)
	}
	if months != sp.Total || bodies != sp.Total || payees != sp.Total {
		t.Errorf("%s: the whole is %v, its months %v, its bodies %v, its payees %v", asJSON(t, f), sp.Total, months, bodies, payees)
	}
	f.Class = nil
	all, _ := w.sums(f)
	if got := sp.Classes[0].Plus(sp.Classes[1]).Plus(sp.Classes[2]); got != all.Total {
		t.Errorf("%s: IT, not IT and not classified come to %v of %v", asJSON(t, f), got, all.Total)
	}
}

// messySpend is a store with many small loads, one of whose lines, and one of
// whose loads, are withheld.
func messySpend(t *testing.T, withhold bool) (*db.Tx, slow) {
	t.Helper()
	files := messyFiles(1, 11, 60)
	files = append(files, messyFile(rand.New(rand.NewPCG(2, 2)), 12, 1200)) // of several blocks
	s, loads := spendOf(t, files, inTurn(len(files)))
	w := slow{withheld: map[int64]bool{}}
	if withhold {
		for i, l := range storetest.EveryLine(t, s) {
			if i%97 == 0 {
				if err := spend.WithholdLine(t.Context(), s, office.CommandLine, l.ID, "It names a private person."); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := spend.WithholdLoad(t.Context(), s, office.CommandLine, loads[2].ID, false, "It names private people."); err != nil {
			t.Fatal(err)
		}
		w.withheld[loads[2].ID] = true
	}
	w.lines = storetest.EveryLine(t, s)
	var sum spend.Sum
	for _, l := range loads {
		sum = sum.Plus(spend.Sum{Lines: l.Lines, Pence: l.Pence})
	}
	if got, _ := w.sums(payments.Filter{}); got.Total != sum || sum.Lines < 1000 {
		t.Fatalf("the lines come to %v, their loads to %v", got.Total, sum)
	}
	return s, w
}

func TestEveryTotalIsTheSumOfItsLines(t *testing.T) {
	t.Parallel()
	for name, withhold := range map[string]bool{"all is shown": false, "some is withheld": true} {
		t.Run(name, func(t *testing.T) {
			s, w := messySpend(t, withhold)
			some := 0
			all := storetest.Share(askerOf(t, s, 5).filters(50), 0, 2)
			for _, f := range all {
				if len(w.adds(t, s, f)) > 0 {
					some++
				}
			}
			if some < len(all)*2/5 {
				t.Errorf("only %d filters find anything: the test is too easy", some)
			}
			storetest.Verifies(t, s)
		})
	}
}

var orders = map[spend.Order]func(a, b spend.Line) int{
	spend.Newest:  func(a, b spend.Line) int { return cmp.Or(cmp.Compare(b.Paid, a.Paid), cmp.Compare(b.ID, a.ID)) },
	spend.Largest: func(a, b spend.Line) int { return cmp.Or(cmp.Compare(b.Pence, a.Pence), cmp.Compare(b.ID, a.ID)) },
	spend.Latest:  func(a, b spend.Line) int { return cmp.Compare(b.ID, a.ID) },
}

// paged goes through all pages of a list.
func paged(t *testing.T, s *db.Tx, f payments.Filter, o spend.Order, most int) (all []spend.Line) {
	t.Helper()
	for after, pages := int64(0), 0; ; pages++ {
		page, err := spend.Lines(t.Context(), s, f, o, after, most)
		if err != nil || pages > 1000 {
			t.Fatalf("%s, page %d: %v", asJSON(t, f), pages, err)
		}
		all = append(all, page.Lines...)
		if after = page.Next; after == 0 {
			return all
		}
		if len(page.Lines) != most {
			t.Fatalf("%s: a page of %d lines in the middle, want %d", asJSON(t, f), len(page.Lines), most)
		}
	}
}

func TestPagesVisitEachLineOnceAndInOrder(t *testing.T) {
	s, w := messySpend(t, true)
	a := askerOf(t, s, 8)
	for i, f := range storetest.Share(a.filters(16), 0, 2) {
		_, want := w.sums(f)
		for o, before := range orders {
			slices.SortFunc(want, before)
			if got := paged(t, s, f, o, max(20+a.r.IntN(80), len(want)/(3+i))); asJSON(t, got) != asJSON(t, want) {
				t.Errorf("%s, %s: the pages hold %d lines, want %d in this order", asJSON(t, f), o, len(got), len(want))
			}
		}
		slices.SortFunc(want, orders[spend.Newest])
		var got []spend.Line
		for l, err := range spend.EachLine(t.Context(), s, f) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, l)
		}
		if asJSON(t, got) != asJSON(t, want) {
			t.Errorf("%s: all lines are %d, want %d", asJSON(t, f), len(got), len(want))
		}
	}
}

// A large file is sorted by day in runs, which overlap in time.
func TestRunsThatOverlapAreListedInOrder(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	lines := 17_000 // of more than one run
	if storetest.Thorough() {
		lines = 34_000
	}
	var b strings.Builder
	r := rand.New(rand.NewPCG(1, 9))
	b.WriteString("Payment Date,Supplier Name,Amount,Transaction Number\n")
	for i := range lines {
		fmt.Fprintf(&b, "%02d/%02d/2012,Sample %d Ltd,%d.%02d,%d\n", 1+r.IntN(28), 1+r.IntN(12), r.IntN(40), r.IntN(3_000), r.IntN(100), i)
	}
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, b.String())
	all := storetest.EveryLine(t, s)
	if len(all) != lines || !slices.IsSortedFunc(all, orders[spend.Newest]) {
		t.Errorf("%d lines, in order %v", len(all), slices.IsSortedFunc(all, orders[spend.Newest]))
	}
	for o, before := range orders {
		if got := paged(t, s, payments.Filter{}, o, 9_000); len(got) != lines || !slices.IsSortedFunc(got, before) {
			t.Errorf("%s: %d lines, in order %v", o, len(got), slices.IsSortedFunc(got, before))
		}
	}
}

// picture is all that is shown of spend, save which event changed it last.
func picture(t *testing.T, s *db.Tx, filters []payments.Filter) (all map[string]string) {
	t.Helper()
	all = map[string]string{}
	for _, f := range filters {
		page, err := spend.BySupplier(t.Context(), s, f, 0, 0)
		if err != nil {
			if fault.KindOf(err) == fault.Invalid { // a supplier that is not there yet
				continue
			}
			t.Fatal(err)
		}
		sp, err := spend.Read(t.Context(), s, f)
		if err != nil {
			t.Fatal(err)
		}
		page.Spend.Version, sp.Version = 0, 0
		all["spend "+asJSON(t, f)], all["suppliers "+asJSON(t, f)] = asJSON(t, sp), asJSON(t, page)
		for _, row := range page.Rows {
			if row.Supplier.ID != 0 && all["supplier "+row.Supplier.Slug] == "" {
				at, err := report.ReadSupplier(t.Context(), s, row.Supplier.Slug, payments.Filter{})
				if err != nil {
					t.Fatal(err)
				}
				at.Spend.Version, at.Changes = 0, nil
				all["supplier "+row.Supplier.Slug] = asJSON(t, at)
			}
		}
	}
	for _, b := range messyBodies {
		at, err := report.ReadBody(t.Context(), s, b)
		if err != nil {
			t.Fatal(err)
		}
		at.Version = 0
		for i := range at.Checks {
			at.Checks[i].Version = 0
		}
		all["body "+b] = asJSON(t, at)
	}
	counts, err := report.FlagCounts(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range counts {
		c.Version = 0
		all["flag "+c.Method.Code] = asJSON(t, c)
	}
	return all
}

// differs names the first of two pictures' figures that is not the same.
func differs(a, b map[string]string) string {
	for _, k := range slices.Sorted(maps.Keys(a)) {
		if a[k] != b[k] {
			return k + ": " + apart(b[k], a[k])
		}
	}
	for _, k := range slices.Sorted(maps.Keys(b)) {
		if _, had := a[k]; !had {
			return k + " was not there"
		}
	}
	return ""
}

// A change and what takes it back. Whole says that the sum of all lines stays
// what it was in between.
type change struct {
	whole    bool
	do, undo func() error
}

// changes are all the changes of what is shown that can be taken back.
func changes(t *testing.T, s *db.Tx) map[string]change {
	ctx, by, officer := t.Context(), office.CommandLine, storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	lines := storetest.EveryLine(t, s)
	load := lines[0].Load
	named := lines[slices.IndexFunc(lines, func(l spend.Line) bool { return l.Payee == payments.Named && l.Load != load })]
	other := lines[slices.IndexFunc(lines, func(l spend.Line) bool { return l.Identity.ID != 0 && l.Identity.ID != named.Identity.ID })]
	var rule, changed, withdrawn int64
	name := func(c spend.SupplierChange) func() error {
		return func() (err error) {
			c.Slug, c.From, c.Reason = named.Identity.Slug, "2012-01-01", "It is so"
			changed, err = spend.ChangeSupplier(ctx, s, by, c)
			return err
		}
	}
	undoName := func() error { return spend.UndoSupplierChange(ctx, s, by, changed, "It is not so") }
	return map[string]change{
		"a load is taken in and withdrawn": {false, func() error {
			file := messyFile(rand.New(rand.NewPCG(77, 1)), 90, 80)
			trial, err := spend.Import(ctx, s, by, file.req, strings.NewReader(file.text), int64(len(file.text)))
			withdrawn = trial.Load.ID
			return err
		}, func() error { return spend.Act(ctx, s, officer, withdrawn, spend.ActWithdraw, "It was wrong") }},
		"a rule is added and withdrawn": {true, func() (err error) {
			rule, err = spend.AddRule(ctx, s, by, classify.Rule{Category: "sundry", Class: classify.IsIT, Taxon: "hosting", Reason: "A test"})
			return err
		}, func() error { return spend.WithdrawRule(ctx, s, by, rule, "It was wrong") }},
		"a supplier is merged and undone":  {true, name(spend.SupplierChange{Kind: spend.SupplierMerged, IntoSlug: other.Identity.Slug}), undoName},
		"a supplier is renamed and undone": {true, name(spend.SupplierChange{Kind: spend.SupplierRenamed, Name: "Another Name (sample)"}), undoName},
		"a line is withheld and shown again": {true, func() error { return spend.WithholdLine(ctx, s, by, named.ID, "It names a person") },
			func() error { return spend.LiftLine(ctx, s, by, named.ID, "It names none") }},
		"a load is withheld and shown again": {true, func() error { return spend.WithholdLoad(ctx, s, by, load, false, "It names people") },
			func() error { return spend.WithholdLoad(ctx, s, by, load, true, "It names none") }},
	}
}

func TestWhatIsTakenBackLeavesEveryFigureAsItWas(t *testing.T) {
	files := messyFiles(4, 6, 60)
	s, _ := spendOf(t, files, inTurn(len(files)))
	filters := askerOf(t, s, 6).filters(12)
	before, whole := picture(t, s, filters), total(t, s)
	all := changes(t, s)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		c := all[name]
		if err := c.do(); err != nil {
			t.Fatal(name, err)
		}
		if d := differs(before, picture(t, s, filters)); d == "" {
			t.Errorf("%s: nothing changed in between", name)
		}
		if got := total(t, s); c.whole && got != whole {
			t.Errorf("%s: the whole is %v in between, want %v", name, got, whole)
		}
		w := slow{lines: storetest.EveryLine(t, s)}
		for _, f := range filters[:5] {
			if f.Text == "" {
				w.adds(t, s, f)
			}
		}
		if err := c.undo(); err != nil {
			t.Fatal(name, err)
		}
		if d := differs(before, picture(t, s, filters)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	storetest.Verifies(t, s)
}

// total is the sum of all lines, whatever they are for.
func total(t testing.TB, s *db.Tx) spend.Sum {
	t.Helper()
	sp, err := spend.Read(t.Context(), s, payments.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if sp.All != sp.Total || sp.Classes[0].Plus(sp.Classes[1]).Plus(sp.Classes[2]) != sp.Total {
		t.Errorf("all is %v, the total %v, the classes %v", sp.All, sp.Total, sp.Classes)
	}
	return sp.Total
}

func TestLoadsInAnyOrderGiveTheSameTotals(t *testing.T) {
	files := messyFiles(9, 8, 50)
	r := rand.New(rand.NewPCG(10, 10))
	rounds := 3
	if os.Getenv("TEST_POSTGRES") != "" {
		rounds = 2
	}
	var first map[string]string
	var filters []payments.Filter
	for range rounds {
		s, _ := spendOf(t, files, r.Perm(len(files)))
		if first == nil {
			filters = slices.DeleteFunc(askerOf(t, s, 12).filters(30), func(f payments.Filter) bool { return f.Supplier != "" })
		}
		got := map[string]string{}
		for _, f := range filters {
			page, err := spend.BySupplier(t.Context(), s, f, 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			got[asJSON(t, f)] = asJSON(t, shown(page.Spend)) + asJSON(t, page.Spend.Cover)
			rows := map[string]spend.SupplierSum{} // a supplier’s number and shown name are as first met
			for _, row := range page.Rows {
				key := row.Supplier.Key + row.Payee.String()
				row.Supplier = spend.Supplier{}
				rows[key] = row
			}
			got["suppliers "+asJSON(t, f)] = asJSON(t, rows)
		}
		if first == nil {
			first = got
		}
		if d := differs(first, got); d != "" {
			t.Error(d)
		}
	}
}
