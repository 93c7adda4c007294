package web

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
	spendweb "github.com/police-ict/handover/web/spend"
)

const tiedHead = "Date,Supplier Name,Transaction Number,Amount,Description,Contract Reference\n"

// putForward is a portal with a decision about contract C-88 that is put
// forward and not made, and the officer who proposed it.
func putForward(t testing.TB) (s *serve.Server, st *db.Tx, officer at, ref string) {
	t.Helper()
	s, st, _ = open(t)
	v := storetest.Holder(t, st, office.CompanyOfficer, office.TheCompany)
	p := authority.Paper{Title: "Extend hosting by 12 months", Summary: "The contract ends.", Recommendation: "Extend it.", Reasons: "Novation takes longer.",
		Options: []authority.Option{{Text: "Let it end"}, {Text: "Extend", Cost: 4000_00, Costed: true, Chosen: true}}, Financial: "Within the budget.", Legal: "Clause 4.",
		Equality: "None found.", Welsh: "No change.", Risk: "Low.", Contract: "C-88", Supplier: "Alder Vale Hosting Ltd (sample)", Company: "99000101", Amount: 4000_00, Whole: 4000_00}
	draft, err := decisions.SaveDraft(t.Context(), st, v, decisions.DraftForm{Matter: "contract", Paper: p})
	if err != nil {
		t.Fatal(err)
	}
	if ref, _, err = decisions.PutForwardPaper(t.Context(), st, v, draft, 1); err != nil {
		t.Fatal(err)
	}
	return s, st, as(t, s, v), ref
}

func TestAPaymentUnderAHeldDecisionIsToldOfEverywhere(t *testing.T) {
	s, st, officer, ref := putForward(t)
	takesIn(t, st, spend.LoadRequest{Body: "kent"}, tiedHead+
		"05/11/2012,Alder Vale Hosting Ltd (sample),1,600.00,Custody hosting,c-88\n06/11/2012,Alder Vale Hosting Ltd (sample),2,25.50,Command hosting,\n")
	who, list := stranger(t, s), "/decisions/"+ref+"/spend"
	tells(t, who.do(200, "GET", "/spend/flags/before"), "1 of 2 payments", "£600.00", ref, "Paid before it was made", "The decision had not been made on 14 January 2013")
	tells(t, who.do(200, "GET", "/spend/flags"), "4 checks look", "Paid while the decision was on hold", "Paid before the decision was made")
	tells(t, who.do(200, "GET", "/spend/flags/before.csv"), ref+": the decision had not been made")
	tells(t, who.do(200, "GET", "/spend/flags/before.json"), `"ref": "`+ref+`"`, `"state": "not made"`, `"judged": "before"`)
	tells(t, who.do(200, "GET", "/spend/lines/1"), "“Extend hosting by 12 months”, by its contract reference.", "Paid before it was made", "Today: put forward.")
	tells(t, who.do(200, "GET", "/spend/lines/1.json"), `"ref": "`+ref+`"`)
	tells(t, who.do(200, "GET", "/spend/lines/2"), "None. The payment does not name the contract of a decision")
	tells(t, who.do(200, "GET", list), "£600.00 in 1 payment. Paid before the decision was made: £600.00 in 1 payment.", "5 November 2012")
	if got := csvSum(t, who.do(200, "GET", list+".csv")); got != (spend.Sum{Lines: 1, Pence: 600_00}) {
		t.Errorf("the CSV comes to %v", got)
	}

	who.do(303, "GET", "/spend/lines/2/decision")
	tells(t, officer.do(200, "GET", "/spend/lines/2/decision"), "£25.50", "Command hosting")
	tells(t, officer.do(422, "POST", "/spend/lines/2/decision", "decision", "2013-099", "reason", "It is."), "There is no decision “2013-099”")
	tells(t, officer.do(422, "POST", "/spend/lines/2/decision"), "Enter the reason.", "Enter the reference of the decision")
	if to := officer.do(303, "POST", "/spend/lines/2/decision", "decision", ref, "reason", "The invoice says so.").Header().Get("Location"); to != "/spend/lines/2" {
		t.Errorf("after tying: %s", to)
	}
	tells(t, who.do(200, "GET", "/spend/lines/2"), "said on 14 January 2013: “The invoice says so.”")
	tells(t, who.do(200, "GET", list), "£625.50 in 2 payments", "(linked by an officer)")

	officer.do(404, "GET", "/spend/lines/2/decision/2013-099")
	tells(t, officer.do(200, "GET", "/spend/lines/1/decision/"+ref), "by its contract reference", "you can link it again")
	tells(t, officer.do(422, "POST", "/spend/lines/1/decision/"+ref), "Enter the reason.")
	officer.do(303, "POST", "/spend/lines/1/decision/"+ref, "reason", "Kent’s own contract.")
	var out spendweb.DecisionSpendJSON
	if err := json.Unmarshal(who.do(200, "GET", list+".json").Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	if out.Sum == nil || *out.Sum != (spend.Sum{Lines: 1, Pence: 25_50}) || len(out.Lines) != 1 || out.Lines[0].Line != 2 || out.Lines[0].Judged != spend.JudgedBefore || out.Lines[0].How != spend.TiedByOfficer {
		t.Errorf("the JSON says %+v", out)
	}
	tells(t, who.do(200, "GET", "/record?subject=line/1"), "removed the link from payment")
	who.do(404, "GET", "/decisions/2013-099/spend")
}

func TestPaymentsUnderADecisionArePagedAndTheirSumTold(t *testing.T) {
	s, st, _, ref := putForward(t)
	who, list := stranger(t, s), "/decisions/"+ref+"/spend"
	tells(t, who.do(200, "GET", list), "No published payments are linked to this decision.")
	row := "05/11/2012,Alder Vale Hosting Ltd (sample),1,600.00,Custody hosting,C-88\n"
	takesIn(t, st, spend.LoadRequest{Body: "kent"}, tiedHead+strings.Repeat(row, 130))
	seen := map[int64]bool{}
	for to := list + ".json"; to != ""; {
		var out spendweb.DecisionSpendJSON
		if err := json.Unmarshal(who.do(200, "GET", to).Body.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		if *out.Sum != (spend.Sum{Lines: 130, Pence: 78_000_00}) {
			t.Errorf("%s says %v", to, out.Sum)
		}
		for _, l := range out.Lines {
			seen[l.Line] = true
		}
		to = out.NextRef
	}
	if len(seen) != 130 {
		t.Errorf("%d of 130 payments are listed", len(seen))
	}
	tells(t, who.do(200, "GET", list), "Next payments")
	tells(t, who.do(200, "GET", list+"?after=1"), "First page", "There are no payments on this page.")
	who.do(422, "GET", list+"?after=x")
}
