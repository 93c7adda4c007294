package spend_test

import (
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
)

func TestEveryClaimSaysWhatItIsAndWhereItStands(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range report.Claims() {
		if seen[c.Key] {
			t.Errorf("%s stands twice", c.Key)
		}
		seen[c.Key] = true
		if c.Figure == "" || c.Says == "" || c.Counts == "" || c.Source == "" || len(c.Parts) == 0 || c.Kind != report.CostClaim && c.Kind != report.SavingClaim {
			t.Errorf("%s lacks a part: %+v", c.Key, c)
		}
		for _, address := range c.Links {
			if !strings.HasPrefix(address, "https://") {
				t.Errorf("%s leads to %s", c.Key, address)
			}
		}
	}
}

// The figures are those of the sources, in million pounds.
func TestTheClaimsAreThoseThatWereMade(t *testing.T) {
	want := map[string][]float64{
		"home-secretary-2011": {1200}, "agency-2012": {1500}, "over-a-billion-2015": {1000}, "home-secretary-2016": {600, 104.4},
		"saving-465": {465}, "saving-150-a-year": {150}, "saving-300-in-five": {300}, "saving-3-first-year": {3},
	}
	if len(report.Claims()) != len(want) {
		t.Errorf("%d claims, want %d", len(report.Claims()), len(want))
	}
	for _, c := range report.Claims() {
		for i, p := range c.Parts {
			if len(want[c.Key]) != len(c.Parts) || p != money.Pence(want[c.Key][i]*1e8+.5) {
				t.Errorf("%s is %v, want %v", c.Key, c.Parts, want[c.Key])
			}
		}
	}
}

func TestWhatIsEvidencedAgreesWithSpend(t *testing.T) {
	s := storetest.Open(t)
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, storetest.KentFile)
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, issueOf("2012-03-15", "2012-06-15"))
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "essex", Period: period(t, "2012-Q1")}, undated(3))
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "surrey"}, flagFile(pay("1", "900.00", func(l *flagLine) {
		l.category, l.purpose, l.centre, l.supplier = "Sundry", "Sundry", "General", "Nobody Ltd (sample)"
	})))
	e, err := report.Evidenced(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Years) != 2 || e.Years[0].Year != 2012 || e.Years[1].Year != 2011 {
		t.Fatalf("years %+v", e.Years)
	}
	for _, y := range e.Years {
		sp, err := spend.Read(t.Context(), s, payments.Filter{Class: []classify.Class{classify.IsIT}, Years: []int{y.Year}})
		if err != nil {
			t.Fatal(err)
		}
		if y.IT != sp.Total || y.IT.Lines == 0 || y.Unclassified != sp.Classes[classify.NotClassified] || y.Bodies != sp.Cover.Bodies || y.Of != 43 || y.Bad || y.Whole() {
			t.Errorf("%d: %+v, spend has %+v", y.Year, y, sp.Total)
		}
	}
	// 2011–12: March of Kent, January to March of Essex. 2012–13: April, May and June of Kent, November of Surrey; nine months are over.
	if e.Years[1].Months != 4 || e.Years[0].Months != 4 || e.Years[1].Expected != 12*43 || e.Years[0].Expected != 9*43 {
		t.Errorf("months %+v", e.Years)
	}
}

func TestABodysSpendAgreesWithSpend(t *testing.T) {
	s := storetest.Open(t)
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, string(storetest.SpendFile(900, month(t, "2012-01"), 9, 7)))
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", Period: period(t, "2012-Q4")}, undated(4))
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "essex"}, issueOf("2012-06-05"))
	b, err := report.ReadBody(t.Context(), s, "kent")
	if err != nil {
		t.Fatal(err)
	}
	asked := payments.Filter{Bodies: []string{"kent"}, Class: []classify.Class{classify.IsIT}}
	sp, err := spend.Read(t.Context(), s, asked)
	if err != nil {
		t.Fatal(err)
	}
	if b.IT != sp.Total || b.IT.Lines == 0 || b.Loads != 2 || b.Bad {
		t.Errorf("%+v, spend has %+v", b.IT, sp.Total)
	}
	years := b.Undated
	for _, y := range b.Years {
		years = years.Plus(y.IT)
		f := asked
		f.Years = []int{y.Year}
		if sp, err := spend.Read(t.Context(), s, f); err != nil || y.IT != sp.Total || y.Unclassified != sp.Classes[classify.NotClassified] {
			t.Errorf("%d: %+v, spend has %+v (%v)", y.Year, y, sp.Total, err)
		}
	}
	if years != b.IT {
		t.Errorf("years come to %+v, all to %+v", years, b.IT)
	}
	if len(b.Years) != 2 || b.Years[0].Months != 9 || b.Years[1].Months != 3 {
		t.Errorf("years %+v", b.Years)
	}
	asked.Payee, asked.From, asked.To = []payments.PayeeKind{payments.Named}, b.Top.From, b.Top.To
	page, err := spend.BySupplier(t.Context(), s, asked, 0, 5)
	if err != nil || b.Top.Count != page.Count || len(b.Top.Rows) != 5 || b.Top.From.Code() != "2012-04" || b.Top.Compared {
		t.Fatalf("%+v, want %d suppliers (%v)", b.Top, page.Count, err)
	}
	for i, top := range b.Top.Rows {
		if top.Supplier.ID != page.Rows[i].Supplier.ID || top.Sum != page.Rows[i].Sum {
			t.Errorf("supplier %d is %+v, want %+v", i, top, page.Rows[i])
		}
	}
	if n := b.Matrix.Count(); n.Published != 12 || n.Months != 12 {
		t.Errorf("matrix %+v", n)
	}
	if _, err := report.ReadBody(t.Context(), s, office.HomeOffice); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the Home Office: %v", err)
	}
}

func TestTheFirstPageAgreesWithSpend(t *testing.T) {
	s := storetest.Open(t)
	agree := func() {
		t.Helper()
		h, err := store.ReadHome(t.Context(), s, office.Viewer{}, record.Moment{})
		if err != nil {
			t.Fatal(err)
		}
		sp, err := spend.Read(t.Context(), s, payments.Filter{Class: []classify.Class{classify.IsIT}})
		if err != nil {
			t.Fatal(err)
		}
		c := sp.Cover
		want := report.Headline{IT: sp.Total, Year: 2011, Bodies: c.Bodies, Of: c.Of, From: c.From, To: c.To, Gaps: c.Gaps, Expected: c.Expected, Loads: sp.Loads}
		for _, b := range sp.Bodies {
			want.YearIT, want.YearOf = want.YearIT.Plus(b.Year), want.YearOf+b.Months
		}
		if h.Spend != want {
			t.Errorf("the first page says %+v, spend %+v", h.Spend, want)
		}
	}
	agree()
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, string(storetest.SpendFile(900, month(t, "2012-01"), 9, 7)))
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "essex", Period: period(t, "2011-Q4")}, undated(4))
	agree()
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "surrey"}, issueOf("2010-06-05", "2012-11-05"))
	agree()
}
