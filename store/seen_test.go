package store_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/storetest"
)

func looked(t testing.TB, s *db.Tx, ref string) seen.Figure {
	t.Helper()
	seen, err := seen.Look(t.Context(), s, office.Viewer{}, ref)
	if err != nil {
		t.Fatalf("%s: %v", ref, err)
	}
	return seen
}

func nowOf(t testing.TB, s *db.Tx, seen seen.Figure) scrutiny.Change {
	t.Helper()
	c, err := scrutiny.SeenNow(t.Context(), s, office.Viewer{}, seen)
	if err != nil {
		t.Fatalf("%s: %v", seen.Ref, err)
	}
	return c
}

func TestEverySpellingOfAFilterHasOneReference(t *testing.T) {
	s := storetest.Open(t)
	takeIn(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, kentFile)
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
		if seen := looked(t, s, spelling); seen.Ref != want {
			t.Errorf("%s is %s, want %s", spelling, seen.Ref, want)
		}
		if seen := looked(t, s, want); seen.Ref != want {
			t.Errorf("%s is %s: not the same once more", want, seen.Ref)
		}
	}
}

func TestWhatASpendReferenceLeadsTo(t *testing.T) {
	s := storetest.Open(t)
	l := takeIn(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, kentFile)
	f := payments.Filter{Bodies: []string{"kent"}}
	sp, err := spend.Read(t.Context(), s, f)
	if err != nil {
		t.Fatal(err)
	}
	seen := looked(t, s, payments.Ref(f))
	if seen.Pence == nil || *seen.Pence != sp.Total.Pence || seen.Rows != sp.Total.Lines || seen.Value != sp.Total.Pence.String() ||
		!slices.Equal(seen.Loads, []int64{l.ID}) || seen.Href != "/spend?body=kent&it=all" || seen.Event == 0 {
		t.Errorf("the total of Kent is seen as %+v, and is %+v", seen, sp.Total)
	}
	if none := looked(t, s, "spend?body=essex"); none.Pence != nil || none.Value != "Cannot tell: no file taken in" {
		t.Errorf("what cannot be told is seen as %+v", none)
	}
	line := looked(t, s, fmt.Sprintf("line/%d", l.FirstLine))
	if line.Value != "£1,200.50" || !strings.Contains(line.Label, "Alder Vale") {
		t.Errorf("a payment is seen as %+v", line)
	}
	if err := spend.WithholdLine(t.Context(), s, office.CommandLine, l.FirstLine, "A sample reason"); err != nil {
		t.Fatal(err)
	}
	if hidden := looked(t, s, line.Ref); hidden.Value != line.Value || strings.Contains(fmt.Sprint(hidden), "Alder Vale") {
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
	file := strings.NewReader(kentFile)
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

const seenHead = "Date,Supplier Name,Transaction Number,Amount,Description,Category,Cost Centre\n"

// seenRow is one row of an invented file.
func seenRow(r *rand.Rand, i int) string {
	return fmt.Sprintf("%02d/%02d/2012,%s,T%d,%d.%02d,%s,%s,%s\n", 1+r.IntN(28), 4+r.IntN(3), pick(r, messySuppliers[:6]), i%7, 500+r.IntN(40), r.IntN(3), pick(r, messyPurposes), pick(r, messyKinds), pick(r, messyCentres))
}

// The same payments in another file are no change; one changed row of many is
// told as exactly that row, whatever the order of the file.
func TestOneChangedRowIsToldAsThatRow(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 11))
		s := storetest.Open(t)
		var rows []string
		for i := range 300 + r.IntN(400) {
			rows = append(rows, seenRow(r, i))
		}
		takeIn(t, s, office.CommandLine, spend.LoadRequest{Body: "essex", AcceptRejected: true}, kentFile)
		first := takeIn(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, seenHead+strings.Join(rows, ""))
		refs := []string{"spend?it=all", "spend?body=kent&it=all", "spend?it=all&year=2012", "spend?body=kent&it=all&min=1.00", "spend?from=2012-04&it=all&to=2012-06"}
		var was []seen.Figure
		for _, ref := range refs {
			was = append(was, looked(t, s, ref))
		}
		apart := []seen.Figure{looked(t, s, "spend?body=essex&it=all"), looked(t, s, "spend?it=all&month=2012-09")}

		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		second := takeIn(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", Replaces: first.ID, Reason: "Sorted another way"}, seenHead+strings.Join(rows, ""))
		for _, seen := range was {
			if c := nowOf(t, s, seen); c.Changed() || c.Rows != 0 || len(c.Loads) != 2 || c.Rest != nil || c.Partly {
				t.Fatalf("seed %d, %s: the same payments are told as a change: %+v", seed, seen.Ref, c)
			}
		}

		at := r.IntN(len(rows))
		rows[at] = "15/05/2012,Alder Vale Hosting Ltd (sample),T9,9876.54,Data centre hosting,Computer hosting,ICT Department\n"
		takeIn(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", Replaces: second.ID, Reason: "VAT had been counted"}, seenHead+strings.Join(rows, ""))
		for _, seen := range was {
			c := nowOf(t, s, seen)
			d, ok := c.Difference()
			if len(c.Before) != 1 || len(c.After) != 1 || c.Rows != 2 || !ok || d != c.After[0].Pence-c.Before[0].Pence || c.After[0].Pence != 987654 || c.Rest != nil {
				t.Fatalf("seed %d, %s: one changed row is told as %+v", seed, seen.Ref, c)
			}
			if !strings.Contains(c.Say(), "VAT had been counted") || !strings.Contains(c.Say(), seen.Value) {
				t.Errorf("it is said as %q", c.Say())
			}
		}
		for _, seen := range apart {
			if c := nowOf(t, s, seen); c.Changed() || len(c.Loads) != 0 {
				t.Errorf("seed %d: %s is not of that file, and is told as %+v", seed, seen.Ref, c)
			}
		}
	}
}

func TestAFileWithdrawnOrTakenInIsToldWithItsReason(t *testing.T) {
	s := storetest.Open(t)
	l := takeIn(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, kentFile)
	seen, line := looked(t, s, "spend?body=kent&it=all"), looked(t, s, fmt.Sprintf("line/%d", l.FirstLine))
	if err := spend.Act(t.Context(), s, storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany), l.ID, spend.ActWithdraw, "Published by mistake"); err != nil {
		t.Fatal(err)
	}
	c := nowOf(t, s, seen)
	if _, ok := c.Difference(); ok || !c.Changed() || len(c.Before) != 4 || len(c.Lost()) != 1 || !strings.Contains(c.Why(), "Published by mistake") {
		t.Errorf("a withdrawn file is told as %+v", c)
	}
	if c := nowOf(t, s, line); len(c.Lost()) != 1 || c.Lost()[0].N == 0 {
		t.Errorf("a payment of a withdrawn file is told as %+v", c)
	}
	after := looked(t, s, "spend?body=kent&it=all")
	takeIn(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, strings.Replace(kentFile, "600.00", "601.00", 1))
	if c := nowOf(t, s, after); len(c.Loads) != 1 || !c.Loads[0].Added() || len(c.After) != 4 || !strings.Contains(c.Why(), "was taken in") {
		t.Errorf("a file taken in is told as %+v", c)
	}
	if c := nowOf(t, s, seen); len(c.Before) != 1 || len(c.After) != 1 {
		t.Errorf("since it was seen first, %d and %d rows differ", len(c.Before), len(c.After))
	}
}

// A change of no file is told as such: a rule moved what counts as IT.
func TestAChangeOfNoFileIsLeftOver(t *testing.T) {
	s := storetest.Open(t)
	keeper := storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	takeIn(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, kentFile)
	seen := looked(t, s, "spend?body=kent")
	if _, err := spend.AddRule(t.Context(), s, keeper, classify.Rule{Class: classify.IsIT, Taxon: "hosting", Category: "Vehicle fuel", Reason: "A sample reason"}); err != nil {
		t.Fatal(err)
	}
	c := nowOf(t, s, seen)
	if d, ok := c.Difference(); !ok || d == 0 || c.Rest == nil || *c.Rest != d || len(c.Events) == 0 {
		t.Errorf("it is told as %+v", c)
	}
}

// Other things are told by their events.
func TestWhatWasRecordedOfAThingSinceIsTold(t *testing.T) {
	s := storetest.Open(t)
	by := storetest.Holder(t, s, office.CompanySecretary, office.TheCompany)
	enter := func(e register.Entry) {
		t.Helper()
		if _, err := handover.Enter(t.Context(), s, by, e); err != nil {
			t.Fatal(err)
		}
	}
	enter(register.Entry{Kind: register.Incorporated, Registered: "2012-07-16"})
	owner := func(body string) register.Entry {
		return register.Entry{Kind: register.Admitted, Body: body, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Subscription", Registered: "2012-07-16"}
	}
	enter(owner(office.HomeOffice))
	seen, claim := looked(t, s, "ownership"), looked(t, s, "claim/"+spend.Claims()[0].Key)
	if seen.Value != "1 member" {
		t.Errorf("ownership is seen as %+v", seen)
	}
	if c := nowOf(t, s, seen); c.Changed() || len(c.Events) != 0 || c.Say() != "It is the same now." {
		t.Errorf("nothing happened, and is told as %+v", c)
	}
	enter(owner(office.TheAssociation))
	c := nowOf(t, s, seen)
	if !c.Changed() || c.Now.Value != "2 members" || len(c.Events) != 1 || c.Events[0].Act != "register.admitted" {
		t.Errorf("a new member is told as %+v", c)
	}
	if c := nowOf(t, s, claim); c.Changed() || len(c.Events) != 0 {
		t.Errorf("a claim is told as %+v", c)
	}
	gone := seen
	gone.Ref = "milestone/77"
	if c := nowOf(t, s, gone); !c.Gone || !c.Changed() {
		t.Errorf("what is gone is told as %+v", c)
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
