package spend_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
)

// contractFile is a file of one payment for each contract, on the day on which
// the decisions of the tests are made.
func contractFile(contracts ...string) string { return contractFileOn("14/01/2013", contracts...) }

func contractFileOn(day string, contracts ...string) string {
	var b strings.Builder
	b.WriteString("Date,Supplier Name,Transaction Number,Amount,Description,Contract Reference\n")
	for i, c := range contracts {
		fmt.Fprintf(&b, "%s,Alder Vale Hosting Ltd (sample),%d,%d.00,Custody hosting,%s\n", day, i, 600+i, c)
	}
	return b.String()
}

func loads(c *storetest.Cast, body string, contracts ...string) spend.Load {
	c.T.Helper()
	return storetest.Load(c.T, c.Tx, office.CommandLine, spend.LoadRequest{Body: body}, contractFile(contracts...))
}

func loadsOn(c *storetest.Cast, body, day string, contracts ...string) spend.Load {
	c.T.Helper()
	return storetest.Load(c.T, c.Tx, office.CommandLine, spend.LoadRequest{Body: body}, contractFileOn(day, contracts...))
}

// made brings a decision on a contract as far as its publication.
func made(c *storetest.Cast, contract string) string {
	c.T.Helper()
	p := storetest.HostingPaper(6_125_800)
	p.Contract = contract
	ref := c.PutForward("contract", p)
	c.Must(storetest.Err(decisions.OpenVoting(c.T.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.Must(c.Vote(c.Official, ref, authority.For))
	c.Must(c.Vote(c.Association, ref, authority.For))
	c.Must(storetest.Err(decisions.Publish(c.T.Context(), c.Tx, c.Secretary, ref, civil.DayOf(c.Now()))))
	return ref
}

func flagged(c *storetest.Cast) report.Findings {
	c.T.Helper()
	f, err := report.FindingsOf(c.T.Context(), c.Tx, payments.FlagHeld, nil, 0, 100)
	c.Must(err)
	check(c.T, f)
	return f
}

// paid is every payment under a decision, held to its own sums and to its page.
func paid(c *storetest.Cast, ref string) report.DecisionSpend {
	c.T.Helper()
	p, err := report.PaidUnder(c.T.Context(), c.Tx, c.Secretary, ref, 0, 1000)
	c.Must(err)
	var sum, held spend.Sum
	for _, l := range p.Lines {
		one := spend.Sum{Lines: 1, Pence: l.Pence}
		if sum = sum.Plus(one); l.Judged == spend.JudgedHeld {
			held = held.Plus(one)
		}
	}
	if sum != p.Sum || held != p.Held || p.Next != 0 || !p.Agrees {
		c.T.Errorf("%s: the lines come to %v, of those held %v; it says %+v", ref, sum, held, p.TiedSums)
	}
	d, err := report.ReadDecisionPage(c.T.Context(), c.Tx, c.Secretary, ref)
	c.Must(err)
	if d.Paid != p.TiedSums || len(d.Tied) != min(len(p.Lines), 20) {
		c.T.Errorf("%s: its page says %+v of %d lines, the list %+v", ref, d.Paid, len(d.Tied), p.TiedSums)
	}
	var each int
	for _, err := range report.EachPaidUnder(c.T.Context(), c.Tx, c.Secretary, ref) {
		c.Must(err)
		each++
	}
	if each != len(p.Lines) {
		c.T.Errorf("%s: %d lines one by one, %d listed", ref, each, len(p.Lines))
	}
	return p
}

func TestAPaymentUnderAHeldDecisionIsFlaggedTheDayItIsLoaded(t *testing.T) {
	c := storetest.Begin(t)
	ref := made(c, "C-88")
	until := c.Decision(ref).May.From
	loads(c, "kent", "C-88", " c- 88", "C-89", "")
	f := flagged(c)
	if f.Lines != 2 || f.Count != 2 || f.Examined != 4 {
		t.Fatalf("flagged %+v", f)
	}
	for _, g := range f.Groups {
		if len(g.Held) != 1 || g.Held[0].How != spend.TiedByContract || g.Held[0].Decision.Ref != ref {
			t.Errorf("the finding says %+v", g.Held)
			continue
		}
		if u := g.Held[0].Under; !u.Held || u.State != authority.HoldHeld || u.Until.IsZero() || !u.Until.Equal(until) || u.Ref != ref {
			t.Errorf("the decision stood %+v", u)
		}
	}
	if p := paid(c, ref); p.Sum != (spend.Sum{Lines: 2, Pence: 1201_00}) || p.Held != p.Sum || p.Lines[0].Paid < p.Lines[1].Paid {
		t.Errorf("under it %+v", p)
	}
	l, err := report.ReadLine(t.Context(), c.Tx, c.Secretary, f.Groups[0].Mark)
	if err != nil || len(l.Ties) != 1 || l.Ties[0].Decision.Ref != ref || len(l.Flags) != 1 || l.Flags[0] != payments.FlagHeld {
		t.Errorf("the line says %+v, %v, %v", l.Ties, l.Flags, err)
	}
	c.Clock.Set(until)
	if flagged(c).Lines != 2 {
		t.Error("the flag went when the hold did")
	}
	c.Sound()
}

func TestAPaymentUnderADecisionThatMayBeImplementedIsTiedAndNotFlagged(t *testing.T) {
	c := storetest.Begin(t)
	ref := made(c, "C-88")
	c.Clock.Set(c.Decision(ref).May.From)
	loadsOn(c, "kent", "21/01/2013", "C-88")
	if p := paid(c, ref); p.Sum.Lines != 1 || p.Held.Lines != 0 || p.Lines[0].Under.State != authority.HoldFree {
		t.Errorf("under it %+v", p)
	}
	if f := flagged(c); f.Lines != 0 || f.Examined != 1 {
		t.Errorf("flagged %+v", f)
	}
	c.Sound()
}

func TestAPaymentIsJudgedByItsOwnDay(t *testing.T) {
	c := storetest.Begin(t)
	ref := made(c, "C-88") // on 14 January, and free on 21 January 2013
	c.Clock.Day("2013-02-20")
	for i, k := range []struct {
		day, body string
		want      spend.Judged
	}{
		{"13/01/2013", "kent", spend.JudgedBefore},
		{"14/01/2013", "essex", spend.JudgedHeld},
		{"20/01/2013", "surrey", spend.JudgedHeld},
		{"21/01/2013", "sussex", spend.JudgedFine},
		{"01/02/2013", "norfolk", spend.JudgedFine},
	} {
		l := loadsOn(c, k.body, k.day, "C-88", "")
		at, err := report.ReadLine(t.Context(), c.Tx, office.Viewer{}, l.FirstLine)
		c.Must(err)
		if len(at.Ties) != 1 || at.Ties[0].Judged != k.want || (len(at.Flags) == 0) != (k.want == spend.JudgedFine) || len(at.Flags) > 0 && at.Flags[0] != string(k.want) {
			t.Errorf("paid on %s: %+v, flags %v, want %q", k.day, at.Ties, at.Flags, k.want)
		}
		c.Must(spend.Link(t.Context(), c.Tx, c.Officer, l.FirstLine+1, ref, "It is hosting."))
		if at, err = report.ReadLine(t.Context(), c.Tx, office.Viewer{}, l.FirstLine+1); err != nil || at.Ties[0].Judged != k.want {
			t.Errorf("%d: tied by an officer, paid on %s: %+v, want %q", i, k.day, at.Ties, k.want)
		}
	}
	if p := paid(c, ref); p.Sum.Lines != 10 || p.Held.Lines != 4 || p.Before.Lines != 2 {
		t.Errorf("under it %+v", p.TiedSums)
	}
	lines := func(f payments.Filter) spend.LinesPage {
		p, err := spend.Lines(t.Context(), c.Tx, f, spend.Newest, 0, 100)
		c.Must(err)
		return p
	}
	if p := lines(payments.Filter{Flag: payments.Undecided}); len(p.Lines) != 0 {
		t.Errorf("under no decision: %+v", p.Lines)
	}
	loadsOn(c, "wiltshire", "01/02/2013", "", "C-88", "") // of £600, £601 and £602
	least := money.Pence(601_00)
	all, large := lines(payments.Filter{Flag: payments.Undecided}), lines(payments.Filter{Flag: payments.Undecided, Least: &least})
	if len(all.Lines) != 2 || len(large.Lines) != 1 || large.Lines[0].Pence != 602_00 {
		t.Errorf("under no decision: %+v; of £601 or more: %+v", all.Lines, large.Lines)
	}
	c.Must(spend.Link(t.Context(), c.Tx, c.Officer, large.Lines[0].ID, ref, "It is hosting."))
	if large = lines(payments.Filter{Flag: payments.Undecided, Least: &least}); len(large.Lines) != 0 {
		t.Errorf("put under a decision, it is listed still: %+v", large.Lines)
	}
	before, err := report.FindingsOf(t.Context(), c.Tx, payments.FlagBefore, nil, 0, 100)
	if c.Must(err); before.Lines != 2 || len(before.Groups[0].Held) != 1 {
		t.Errorf("paid before it was made: %+v", before)
	}
	c.Sound()
}

func TestOnlyWhatNamesAContractIsTied(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]struct {
		contract, names string
		lines           int64
	}{
		"the reference as it is":                {"C-88", "C-88", 1},
		"in other letters":                      {"C-88", "c-88", 1},
		"with other spaces":                     {"PICT 2012 / 7", "PICT2012/7", 1},
		"another contract":                      {"C-88", "C-8", 0},
		"a part of it":                          {"C-88", "C-88/2", 0},
		"nothing":                               {"C-88", "", 0},
		"no contract, in the words of both":     {"n/a", "N/A", 0},
		"a decision that names none":            {"", "", 0},
		"letters alone, which may mean nothing": {"to be confirmed", "To be confirmed", 0},
	} {
		t.Run(name, func(t *testing.T) {
			c := storetest.Begin(t)
			p := storetest.HostingPaper(6_125_800)
			p.Contract = f.contract
			ref := c.PutForward("contract", p)
			loads(c, "kent", f.names)
			if p := paid(c, ref); p.Sum.Lines != f.lines || p.Before != p.Sum { // nothing of it is made
				t.Errorf("under it %+v", p)
			}
		})
	}
}

func TestADraftTiesNothing(t *testing.T) {
	c := storetest.Begin(t)
	draft, err := decisions.SaveDraft(t.Context(), c.Tx, c.Officer, decisions.DraftForm{Matter: "contract", Paper: storetest.HostingPaper(6_125_800)})
	c.Must(err)
	l := loads(c, "kent", "C-88")
	if f := flagged(c); f.Lines != 0 {
		t.Errorf("flagged %+v", f)
	}
	if err := spend.Link(t.Context(), c.Tx, c.Officer, l.FirstLine, draft, "It is hosting."); fault.KindOf(err) != fault.Invalid {
		t.Errorf("tied to a draft: %v", err)
	}
	_, _, err = decisions.PutForwardPaper(t.Context(), c.Tx, c.Officer, draft, 1)
	c.Must(err)
	if p := paid(c, "2013-001"); p.Sum.Lines != 0 {
		t.Errorf("a payment loaded before is under it: %+v", p)
	}
}

func TestTwoDecisionsOnOneContract(t *testing.T) {
	c := storetest.Begin(t)
	first := made(c, "C-88")
	c.Clock.Set(c.Decision(first).May.From)
	second := made(c, "C-88")
	loadsOn(c, "kent", "21/01/2013", "C-88", "C-88")
	if p := paid(c, first); p.Sum.Lines != 2 || p.Held.Lines != 0 {
		t.Errorf("under the first %+v", p)
	}
	if p := paid(c, second); p.Sum.Lines != 2 || p.Held.Lines != 2 {
		t.Errorf("under the second %+v", p)
	}
	if f := flagged(c); f.Lines != 2 || len(f.Groups[0].Held) != 1 || f.Groups[0].Held[0].Decision.Ref != second {
		t.Errorf("flagged %+v", f)
	}
	c.Sound()
}

func TestAnOfficerTiesAndUntiesAPayment(t *testing.T) {
	c := storetest.Begin(t)
	ref := made(c, "C-88")
	l := loads(c, "kent", "", "C-88")
	ctx, line := t.Context(), l.FirstLine
	for name, f := range map[string]struct {
		by          office.Viewer
		ref, reason string
		line        int64
		want        fault.Kind
	}{
		"without the permission":   {c.Secretary, ref, "It is hosting.", line, fault.Forbidden},
		"an office of a body":      {c.Chief("kent"), ref, "It is hosting.", line, fault.Forbidden},
		"without a reason":         {c.Officer, ref, " ", line, fault.Invalid},
		"without a reference":      {c.Officer, "", "It is hosting.", line, fault.Invalid},
		"an unknown reference":     {c.Officer, "2013-099", "It is hosting.", line, fault.Invalid},
		"a payment that is not":    {c.Officer, ref, "It is hosting.", line + 99, fault.NotFound},
		"one tied by its contract": {c.Officer, ref, "It is hosting.", line + 1, fault.Conflict},
	} {
		if err := spend.Link(ctx, c.Tx, f.by, f.line, f.ref, f.reason); fault.KindOf(err) != f.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	c.Clock.Set(c.Decision(ref).May.From) // the day of payment is asked, not when it is tied
	c.Must(spend.Link(ctx, c.Tx, c.Officer, line, ref, "The invoice names the contract."))
	at, err := report.ReadLine(ctx, c.Tx, office.Viewer{}, line)
	if err != nil || len(at.Ties) != 1 || at.Ties[0].How != spend.TiedByOfficer || at.Ties[0].Reason != "The invoice names the contract." || !at.Ties[0].Under.Held {
		t.Errorf("the line says %+v, %v", at.Ties, err)
	}
	if p := paid(c, ref); p.Sum.Lines != 2 || p.Held.Lines != 2 || flagged(c).Lines != 2 {
		t.Errorf("under it %+v", p)
	}
	c.Sound()

	if err := spend.Unlink(ctx, c.Tx, c.Secretary, line, ref, "It is not."); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("untied by someone who may not: %v", err)
	}
	if err := spend.Unlink(ctx, c.Tx, c.Officer, line, ref, ""); fault.KindOf(err) != fault.Invalid {
		t.Errorf("untied without a reason: %v", err)
	}
	c.Must(spend.Unlink(ctx, c.Tx, c.Officer, line, ref, "It is of another contract."))
	c.Must(spend.Unlink(ctx, c.Tx, c.Officer, line+1, ref, "Kent gave its own contract this reference."))
	if err := spend.Unlink(ctx, c.Tx, c.Officer, line, ref, "Again."); fault.KindOf(err) != fault.Conflict {
		t.Errorf("untied twice: %v", err)
	}
	if p := paid(c, ref); p.Sum.Lines != 0 || flagged(c).Lines != 0 {
		t.Errorf("once untied, under it %+v", p)
	}
	c.Sound()
	c.Must(spend.Link(ctx, c.Tx, c.Officer, line+1, ref, "It was the company’s after all."))
	if p := paid(c, ref); p.Sum.Lines != 1 || p.Lines[0].ID != line+1 || p.Lines[0].How != spend.TiedByContract {
		t.Errorf("tied again, under it %+v", p)
	}
	c.Sound()
}

func TestPaymentsOfAFileThatIsWithdrawnAreUnderNothing(t *testing.T) {
	c := storetest.Begin(t)
	ref := made(c, "C-88")
	l := loads(c, "kent", "C-88", "C-88", "")
	loads(c, "essex", "C-88")
	c.Must(spend.Act(t.Context(), c.Tx, c.Officer, l.ID, spend.ActWithdraw, "The wrong file."))
	if p := paid(c, ref); p.Sum.Lines != 1 || p.Lines[0].Body != "essex" || flagged(c).Lines != 1 {
		t.Errorf("under it %+v", p)
	}
	if err := spend.Link(t.Context(), c.Tx, c.Officer, l.FirstLine+2, ref, "It is hosting."); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a payment of a withdrawn file was tied: %v", err)
	}
	c.Sound()
}

func TestAPaymentWhoseSupplierIsWithheldIsNotSaidToBeUnderADecision(t *testing.T) {
	c := storetest.Begin(t)
	ref := made(c, "C-88")
	l := loads(c, "kent", "C-88", "C-88")
	loads(c, "essex", "C-88")
	ctx := t.Context()
	c.Must(spend.WithholdLine(ctx, c.Tx, c.Officer, l.FirstLine, "It names a person."))
	if p := paid(c, ref); p.Sum.Lines != 2 || p.Hidden != 1 {
		t.Errorf("under it %+v", p)
	}
	at, err := report.ReadLine(ctx, c.Tx, office.Viewer{}, l.FirstLine)
	if err != nil || at.Ties != nil {
		t.Errorf("the line says %+v, %v", at.Ties, err)
	}
	if g := flagged(c).Groups[0]; g.Mark != l.FirstLine || g.Held != nil {
		t.Errorf("the finding says %+v", g)
	}
	c.Sound()
	c.Must(spend.WithholdLoad(ctx, c.Tx, c.Officer, l.ID, false, "It names people."))
	if p := paid(c, ref); p.Sum.Lines != 1 || p.Hidden != 2 || p.Lines[0].Body != "essex" {
		t.Errorf("with the load withheld, under it %+v", p)
	}
	c.Must(spend.WithholdLoad(ctx, c.Tx, c.Officer, l.ID, true, "It names nobody."))
	c.Must(spend.LiftLine(ctx, c.Tx, c.Officer, l.FirstLine, "It names nobody."))
	if p := paid(c, ref); p.Sum.Lines != 3 || p.Hidden != 0 {
		t.Errorf("once lifted, under it %+v", p)
	}
}

func TestPaymentsUnderADecisionArePaged(t *testing.T) {
	c := storetest.Begin(t)
	ref := made(c, "C-88")
	many := make([]string, 700)
	for i := range many {
		many[i] = "C-88"
	}
	loads(c, "kent", many...)
	loads(c, "essex", many[:30]...)
	whole := paid(c, ref).Lines
	var seen []int64
	for after := int64(0); ; {
		p, err := report.PaidUnder(t.Context(), c.Tx, c.Secretary, ref, after, 77)
		c.Must(err)
		for _, l := range p.Lines {
			seen = append(seen, l.ID)
		}
		if after = p.Next; after == 0 {
			break
		}
	}
	if len(seen) != 730 {
		t.Fatalf("%d of 730 lines", len(seen))
	}
	for i, l := range whole {
		if seen[i] != l.ID {
			t.Fatalf("line %d is %d on the pages and %d in the list", i, seen[i], l.ID)
		}
	}
	if _, err := report.PaidUnder(t.Context(), c.Tx, c.Secretary, ref, 99_999, 10); fault.KindOf(err) != fault.NotFound {
		t.Errorf("after a line that is not: %v", err)
	}
	c.Sound()
}

// keepTied is a closed database with four payments: two under a held decision
// by their contract, one by an officer, and one that an officer untied.
func keepTied(t *testing.T) storetest.Raw {
	t.Helper()
	return storetest.Once(t, "ties", func(k storetest.Raw) {
		clock := &storetest.Clock{}
		clock.Set(storetest.Noon)
		s := storetest.At(t, k.Database, k.Key, clock.Now)
		c := storetest.BeginOn(t, s, clock)
		ref := made(c, "C-88")
		made(c, "C-89")
		l := loads(c, "kent", "C-88", "C-88", "", "C-88", "")
		c.Must(spend.Link(t.Context(), c.Tx, c.Officer, l.FirstLine+2, ref, "A reason."))
		c.Must(spend.Unlink(t.Context(), c.Tx, c.Officer, l.FirstLine+3, ref, "A reason."))
		c.Must(s.Close())
	})
}

func TestVerifyFindsAChangedTie(t *testing.T) {
	t.Parallel()
	const ties = "the payments of load 1 under decisions"
	if got := keepTied(t).Fault(); got != "" {
		t.Fatalf("at first, verify says %q", got)
	}
	for name, c := range map[string]struct{ change, want string }{
		"a tie by contract gone":                {`DELETE FROM spend_decisions WHERE line = 1`, ties},
		"all gone that no officer acted on":     {`DELETE FROM spend_decisions WHERE tie = ''`, ties},
		"a tie to another decision":             {`UPDATE spend_decisions SET decision = 2 WHERE line = 1`, ties},
		"a tie to another line":                 {`UPDATE spend_decisions SET line = 5 WHERE line = 1`, ties},
		"a tie to another load":                 {`UPDATE spend_decisions SET load = 2 WHERE line = 1`, "the table spend_decisions holds a row of load 2"},
		"the amount of a tie":                   {`UPDATE spend_decisions SET pence = pence + 1 WHERE line = 1`, ties},
		"the day of a tie":                      {`UPDATE spend_decisions SET paid = paid + 1 WHERE line = 3`, ties},
		"a tie by contract that stands no more": {`UPDATE spend_decisions SET stands = FALSE WHERE line = 1`, ties},
		"how a payment is judged":               {`UPDATE spend_decisions SET judged = '' WHERE line = 1`, ties},
		"a tie added":                           {`INSERT INTO spend_decisions SELECT 5, decision, load, how, paid, pence, stands, '', judged FROM spend_decisions WHERE line = 3`, ties},
		"what an officer tied, gone":            {`DELETE FROM spend_decisions WHERE line = 3`, "tie/3-1 is missing"},
		"what an officer untied stands again":   {`UPDATE spend_decisions SET stands = TRUE WHERE line = 4`, "tie/4-1 differs from entry "},
		"why an officer tied it":                {`UPDATE spend_decisions SET tie = REPLACE(tie, 'A reason', 'A favour') WHERE line = 3`, "tie/3-1 differs from entry "},
		"how an officer’s tie came about":       {`UPDATE spend_decisions SET how = 'contract' WHERE line = 3`, "tie/3-1 differs from entry "},
		"whether the decision was held":         {`UPDATE load_decisions SET held = FALSE`, "under/1-1 differs from entry "},
		"how the decision stood":                {`UPDATE load_decisions SET under = REPLACE(under, 'c-88', 'c-89')`, "under/1-1"},
		"how the decision stood, gone":          {`DELETE FROM load_decisions`, "under/1-1 is missing"},
		"another decision under the load":       {`INSERT INTO load_decisions SELECT load, 2, held, under FROM load_decisions`, "under/1-2"},
		"a flag among those found":              {`INSERT INTO spend_flags (line, method, load, mark, pence) VALUES (1, 'held', 1, 1, 60000)`, "the flags of load 1"},
	} {
		t.Run(name, func(t *testing.T) {
			k := keepTied(t)
			k.Run(c.change)
			if got := k.Fault(); !strings.Contains(got, c.want) {
				t.Errorf("verify says %q, want %q", got, c.want)
			}
		})
	}
}
