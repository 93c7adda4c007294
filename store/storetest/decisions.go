package storetest

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
)

// HostingPaper is a whole paper about hosting at a whole-life value, in pounds,
// under contract C-88.
func HostingPaper(pounds money.Pence) authority.Paper {
	return authority.Paper{Title: "Extend hosting by 12 months", Summary: "The contract ends on 31 March 2013.", Recommendation: "Extend it.", Reasons: "Novation takes longer.",
		Options: []authority.Option{{Text: "Let it end"}, {Text: "Extend", Cost: pounds * 100, Costed: true, Chosen: true}}, Financial: "Within the budget.", Legal: "Clause 4 provides for it.",
		Equality: "None found.", Welsh: "No change.", Risk: "Low.", Contract: "C-88", Supplier: "Alder Vale Hosting Ltd (sample)", Company: "99000101", Amount: pounds * 100, Whole: pounds * 100}
}

// PutForward drafts a decision and puts it forward, with every view given, and
// returns its reference.
func (c *Cast) PutForward(matter string, p authority.Paper) string {
	c.T.Helper()
	draft, err := decisions.SaveDraft(c.T.Context(), c.Tx, c.Officer, decisions.DraftForm{Matter: matter, Paper: p})
	c.Must(err)
	ref, _, err := decisions.PutForwardPaper(c.T.Context(), c.Tx, c.Officer, draft, 1)
	c.Must(err)
	d := c.Decision(ref)
	for _, k := range d.ViewsWanted(d.Band) {
		by := c.Finance
		if k == authority.LegalView {
			by = c.Secretary
		}
		c.Must(Err(decisions.GiveView(c.T.Context(), c.Tx, by, ref, d.Hash, k, "No objection.")))
	}
	return ref
}

// Decision reads the page of a decision as the company secretary sees it.
func (c *Cast) Decision(ref string) decisions.Page {
	c.T.Helper()
	d, err := decisions.ReadPage(c.T.Context(), c.Tx, c.Secretary, ref)
	c.Must(err)
	return d
}

// Vote casts a ballot on the present version of the paper.
func (c *Cast) Vote(v office.Viewer, ref string, choice authority.BallotChoice) error {
	c.T.Helper()
	return Err(decisions.CastBallot(c.T.Context(), c.Tx, v, ref, decisions.BallotForm{Hash: c.Decision(ref).Hash, Role: authority.Votes, Choice: choice, Reason: "A reason."}))
}

// OpenPoll opens a poll of the members on the articles.
func (c *Cast) OpenPoll(closes time.Time) decisions.Page {
	c.T.Helper()
	p := HostingPaper(0)
	p.Title, p.Amount, p.Whole, p.Company, p.Supplier, p.Contract = "Change the articles", 0, 0, "", "", ""
	ref := c.PutForward("articles", p)
	c.Must(Err(decisions.OpenVoting(c.T.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByPoll, Closes: closes})))
	return c.Decision(ref)
}

// ShippedSchemes are the schemes of the file that the portal ships, each as text,
// read from a folder beside theirs.
func ShippedSchemes(t *testing.T) (all []string) {
	t.Helper()
	file, err := os.ReadFile("../authority/schemes.json")
	if err != nil {
		t.Fatal(err)
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(file, &raw); err != nil {
		t.Fatal(err)
	}
	for _, r := range raw {
		all = append(all, string(r))
	}
	return all
}
