package seen_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/storetest"
)

func TestEverySpellingOfAFilterHasOneReference(t *testing.T) {
	s := storetest.Open(t)
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, storetest.KentFile)
	for spelling, want := range map[string]string{
		"spend":                                  "spend",
		"spend?":                                 "spend",
		"spend?it=yes":                           "spend",
		"spend?it=":                              "spend",
		"spend?it=unknown&it=no&it=yes":          "spend?it=all",
		"spend?it=all&it=no":                     "spend?it=all",
		"spend?body=kent":                        "spend?body=kent",
		"spend?body=kent&body=essex&body=kent":   "spend?body=essex&body=kent",
		"spend?year=2012&body=kent&year=2011":    "spend?body=kent&year=2011&year=2012",
		"spend?from=2012-04&to=2012-04&it=no":    "spend?it=no&month=2012-04",
		"spend?min=500&max=&text=+lot++1+":       "spend?min=500.00&text=lot+1",
		"spend?payee=blank&payee=named&view=row": "spend?payee=named&payee=blank",
	} {
		if seen := storetest.Look(t, s, spelling); seen.Ref != want {
			t.Errorf("%s is %s, want %s", spelling, seen.Ref, want)
		}
		if seen := storetest.Look(t, s, want); seen.Ref != want {
			t.Errorf("%s is %s: not the same once more", want, seen.Ref)
		}
	}
}

func TestWhatASpendReferenceLeadsTo(t *testing.T) {
	s := storetest.Open(t)
	l := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, storetest.KentFile)
	f := payments.Filter{Bodies: []string{"kent"}}
	sp, err := spend.Read(t.Context(), s, f)
	if err != nil {
		t.Fatal(err)
	}
	seen := storetest.Look(t, s, payments.Ref(f))
	if seen.Pence == nil || *seen.Pence != sp.Total.Pence || seen.Rows != sp.Total.Lines || seen.Value != sp.Total.Pence.String() ||
		!slices.Equal(seen.Loads, []int64{l.ID}) || seen.Href != "/spend?body=kent&it=all" || seen.Event == 0 {
		t.Errorf("the total of Kent is seen as %+v, and is %+v", seen, sp.Total)
	}
	if none := storetest.Look(t, s, "spend?body=essex"); none.Pence != nil || none.Value != "Cannot tell: no source file" {
		t.Errorf("what cannot be told is seen as %+v", none)
	}
	line := storetest.Look(t, s, fmt.Sprintf("line/%d", l.FirstLine))
	if line.Value != "£1,200.50" || !strings.Contains(line.Label, "Alder Vale") {
		t.Errorf("a payment is seen as %+v", line)
	}
	if err := spend.WithholdLine(t.Context(), s, office.CommandLine, l.FirstLine, "A sample reason"); err != nil {
		t.Fatal(err)
	}
	if hidden := storetest.Look(t, s, line.Ref); hidden.Value != line.Value || strings.Contains(fmt.Sprint(hidden), "Alder Vale") {
		t.Errorf("a withheld payment is seen as %+v", hidden)
	}
}

func TestWhatLeadsNowhereIsNotFound(t *testing.T) {
	s := storetest.Open(t)
	for _, ref := range []string{"", "nothing", "spend/kent", "spend?body=narnia", "spend?min=lots", "spend?%zz", "line", "line/0", "line/01", "line/99", "line/x", "load/7",
		"decision/2012-001", "decision/draft-1", "milestone/9", "item/9", "register/9", "event/99999", "condition/none", "body/narnia", "supplier/none", "claim/none",
		"accession/narnia", "delegation/3", "override/seats", "publication?body=kent&month=soon", "publication?body=kent&month=1901-01", "gate?as_at=soon", "gate?as_at=2099-01-01",
		"question/2013-001", "question", "recommendation/2013-001", "recommendations/2013-001", "committee/none", "meeting/9", "meeting/x", "inquiry/none", "inquiries/none",
		"evidence/none/1", "evidence/none", "evidence", "report/none", "flags/none", "rule/99999", strings.Repeat("x", 600), "spend?text=" + strings.Repeat("x", 300)} {
		if seen, err := seen.Look(t.Context(), s, office.Viewer{}, ref); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%.40q: %+v, %v; want not found", ref, seen, err)
		}
	}
}

// A draft of a file is seen by whoever may confirm it, and asked about by nobody.
func TestADraftOfAFileIsNotAskedAbout(t *testing.T) {
	s := storetest.Open(t)
	by := storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	file := strings.NewReader(storetest.KentFile)
	id, err := spend.Upload(t.Context(), s, by, spend.LoadRequest{Body: "kent", File: "draft.csv"}, file, file.Size())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []office.Viewer{{}, by} {
		if _, err := seen.Look(t.Context(), s, v, fmt.Sprintf("load/%d", id)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%v finds the draft: %v", v.Office.Title, err)
		}
	}
}

// What an address asks for, and its reference, are the same lines.
func FuzzSpendReference(f *testing.F) {
	for _, q := range []string{"body=kent", "it=no&year=2011", "from=2012-01&to=2012-02&min=1.5", "payee=blank&category=none&text=a"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		filter, err := payments.ParseFilter(q)
		if err != nil {
			return
		}
		_, rest, _ := strings.Cut(payments.Ref(filter), "?")
		again, err := url.ParseQuery(rest)
		if err != nil {
			t.Fatal(err)
		}
		back, err := payments.ParseFilter(again)
		if err != nil || payments.Ref(back) != payments.Ref(filter) {
			t.Errorf("%q is %q, and once more %q (%v)", query, payments.Ref(filter), payments.Ref(back), err)
		}
	})
}
