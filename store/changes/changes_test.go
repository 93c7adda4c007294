package changes_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/changes"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
)

func nowOf(t testing.TB, s *db.Tx, seen seen.Figure) changes.Change {
	t.Helper()
	c, err := changes.SeenNow(t.Context(), s, office.Viewer{}, seen)
	if err != nil {
		t.Fatalf("%s: %v", seen.Ref, err)
	}
	return c
}

const seenHead = "Date,Supplier Name,Transaction Number,Amount,Description,Category,Cost Centre\n"

// Suppliers, purposes, categories and cost centres of invented rows.
var (
	seenSuppliers = []string{"Alder Vale Hosting Ltd (sample)", "ALDER VALE HOSTING LIMITED (SAMPLE)", "Brightmere Fuel Ltd (sample)", "Ŵyre Networks (sample)", "Sample Sundries", "Sample Software plc"}
	seenPurposes  = []string{"Data centre hosting", "Diesel", "Licence renewal", "Something else", "", "Café supplies"}
	seenKinds     = []string{"Computer hosting", "Vehicle fuel", "Computer software licences", "Sundry", "", "Data network services", "Professional services"}
	seenCentres   = []string{"ICT Department", "Fleet", "", "Change"}
)

// seenRow is one row of an invented file.
func seenRow(r *rand.Rand, i int) string {
	pick := func(of []string) string { return of[r.IntN(len(of))] }
	return fmt.Sprintf("%02d/%02d/2012,%s,T%d,%d.%02d,%s,%s,%s\n", 1+r.IntN(28), 4+r.IntN(3), pick(seenSuppliers), i%7, 500+r.IntN(40), r.IntN(3), pick(seenPurposes), pick(seenKinds), pick(seenCentres))
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
		storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "essex", AcceptRejected: true}, storetest.KentFile)
		first := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, seenHead+strings.Join(rows, ""))
		refs := []string{"spend?it=all", "spend?body=kent&it=all", "spend?it=all&year=2012", "spend?body=kent&it=all&min=1.00", "spend?from=2012-04&it=all&to=2012-06"}
		var was []seen.Figure
		for _, ref := range refs {
			was = append(was, storetest.Look(t, s, ref))
		}
		apart := []seen.Figure{storetest.Look(t, s, "spend?body=essex&it=all"), storetest.Look(t, s, "spend?it=all&month=2012-09")}

		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		second := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", Replaces: first.ID, Reason: "Sorted another way"}, seenHead+strings.Join(rows, ""))
		for _, seen := range was {
			if c := nowOf(t, s, seen); c.Changed() || c.Rows != 0 || len(c.Loads) != 2 || c.Rest != nil || c.Partly {
				t.Fatalf("seed %d, %s: the same payments are told as a change: %+v", seed, seen.Ref, c)
			}
		}

		at := r.IntN(len(rows))
		rows[at] = "15/05/2012,Alder Vale Hosting Ltd (sample),T9,9876.54,Data centre hosting,Computer hosting,ICT Department\n"
		storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", Replaces: second.ID, Reason: "VAT had been counted"}, seenHead+strings.Join(rows, ""))
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
	l := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, storetest.KentFile)
	seen, line := storetest.Look(t, s, "spend?body=kent&it=all"), storetest.Look(t, s, fmt.Sprintf("line/%d", l.FirstLine))
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
	after := storetest.Look(t, s, "spend?body=kent&it=all")
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, strings.Replace(storetest.KentFile, "600.00", "601.00", 1))
	if c := nowOf(t, s, after); len(c.Loads) != 1 || !c.Loads[0].Added() || len(c.After) != 4 || !strings.Contains(c.Why(), "was loaded") {
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
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, storetest.KentFile)
	seen := storetest.Look(t, s, "spend?body=kent")
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
	seen, claim := storetest.Look(t, s, "ownership"), storetest.Look(t, s, "claim/"+report.Claims()[0].Key)
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
