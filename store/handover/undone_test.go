package handover_test

import (
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

func TestTheMilestoneOfTheHandoverIsNotTakenAwayByTheCompanyAlone(t *testing.T) {
	c := storetest.Begin(t)
	ctx := t.Context()
	id, err := handover.AddMilestone(ctx, c.Tx, c.Officer, promise)
	c.Must(err)
	if err := handover.AchieveMilestone(ctx, c.Tx, c.Officer, id, "2013-01-14"); fault.KindOf(err) != fault.Conflict {
		t.Error("achieved before completion:", err)
	}
	if err := handover.WithdrawMilestone(ctx, c.Tx, c.Officer, id, "Overtaken.", ""); storetest.FieldOf(err) != "decision" {
		t.Error("withdrawn without a decision:", err)
	}
	if _, err := handover.AddMilestone(ctx, c.Tx, c.Officer, promise); storetest.FieldOf(err) != "key" {
		t.Error("replaced while it stands:", err)
	}
	before := civil.DayOf(c.Clock.Now())
	ref := authorised(c, "withdraw-milestone", authority.Effect{Kind: authority.WithdrawsIt, Subject: "milestone/1"})
	c.Must(handover.WithdrawMilestone(ctx, c.Tx, c.Officer, id, "Overtaken.", ref))
	if m, ok := c.Handover().TheMilestone(); !ok || m.Standing() || m.WithdrawnBy != ref {
		t.Errorf("withdrawn, the first page has %+v", m)
	}
	next := promise
	next.Title, next.Baseline, next.BaselineWords = "Handover to the commissioners, anew", "2013-06-30", ""
	successor, err := handover.AddMilestone(ctx, c.Tx, c.Officer, next)
	c.Must(err)
	if m, ok := c.Handover().TheMilestone(); !ok || m.ID != successor || m.Replaces != id || m.First != "2013-06-30" {
		t.Errorf("replaced, the first page has %+v", m)
	}
	then, err := register.MomentOf(ctx, c.Tx, string(before))
	c.Must(err)
	if m, err := handover.MilestoneByKey(ctx, c.Tx, then, handover.HandoverMilestone); err != nil || m.ID != id || !m.Standing() {
		t.Errorf("on %s it was %+v: %v", before, m, err)
	}
	if err := handover.WithdrawMilestone(ctx, c.Tx, c.Officer, successor, "Again.", ref); storetest.FieldOf(err) != "decision" {
		t.Error("its successor is withdrawn under the same decision:", err)
	}
	c.Sound()
}

func TestMembersAreNotStruckOutByTheCompanyAlone(t *testing.T) {
	c := storetest.Begin(t)
	gather(c, "kent", "essex")
	association, _ := c.Handover().Register.Member(office.TheAssociation)
	correct := func(n int64, ref string, e register.Entry) error {
		e.Kind, e.Corrects, e.Note, e.Decision = register.Correction, n, "It was wrong", ref
		_, err := handover.Enter(t.Context(), c.Tx, c.Secretary, e)
		return err
	}
	if err := correct(association.N, "", register.Entry{Struck: true}); fault.KindOf(err) != fault.Invalid {
		t.Error("a transferor is struck out before completion:", err)
	}
	c.Must(completeAs(c, c.Secretary, "2013-01-14"))
	r, err := register.Read(t.Context(), c.Tx, record.When{})
	c.Must(err)
	kent, _ := r.Member("kent")
	was, err := register.FindEntry(t.Context(), c.Tx, kent.N)
	c.Must(err)
	for name, e := range map[string]register.Entry{
		"struck out":       {Struck: true},
		"another body":     storetest.With(was, func(e *register.Entry) { e.Body = "norfolk" }),
		"more votes":       storetest.With(was, func(e *register.Entry) { e.Votes = 5 }),
		"another class":    storetest.With(was, func(e *register.Entry) { e.Class = "Another" }),
		"an earlier day":   storetest.With(was, func(e *register.Entry) { e.Registered, e.Completed = "2013-01-13", "2013-01-13" }),
		"under one unmade": {Struck: true, Decision: "2013-099"},
	} {
		if err := correct(kent.N, e.Decision, e); err == nil {
			t.Errorf("a member is corrected without a decision: %s", name)
		}
	}
	for _, gone := range r.Former {
		if err := correct(gone.CeasedN, "", register.Entry{Struck: true}); storetest.FieldOf(err) != "decision" {
			t.Errorf("the cessation of %s is struck out: %v", gone.Body, err)
		}
	}
	c.Must(correct(kent.N, "", storetest.With(was, func(e *register.Entry) { e.Instrument = "Deed of adherence, as corrected" })))
	c.Sound()
}

func TestAMemberIsStruckOutUnderADecisionOfTheMembers(t *testing.T) {
	c := storetest.Begin(t)
	ctx := t.Context()
	gather(c, "kent", "essex")
	c.Must(completeAs(c, c.Secretary, "2013-01-14"))
	kent, _ := c.Handover().Register.Member("kent")
	was, err := register.FindEntry(ctx, c.Tx, kent.N)
	c.Must(err)
	ref := c.PutForward("member-entry", storetest.Naming(handover.CorrectsEntry(was, true)))
	d := c.Decision(ref)
	c.Must(storetest.Err(decisions.OpenVoting(ctx, c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	for _, body := range []string{"kent", "essex"} {
		by := storetest.Holder(t, c.Tx, office.CommissionerOffice, body)
		c.Must(storetest.Err(decisions.CastBallot(ctx, c.Tx, by, ref, decisions.BallotForm{Hash: d.Hash, Role: authority.Votes, Choice: authority.For})))
	}
	c.Must(storetest.Err(decisions.Publish(ctx, c.Tx, c.Secretary, ref, civil.DayOf(c.Tx.Now()))))
	strike := register.Entry{Kind: register.Correction, Corrects: was.N, Struck: true, Note: "It was wrong", Decision: ref}
	if _, _, err := handover.TryEntry(ctx, c.Tx, c.Secretary, strike); storetest.FieldOf(err) != "decision" {
		t.Error("while it is held:", err)
	}
	page, err := decisions.ReadPage(ctx, c.Tx, office.Viewer{}, ref)
	c.Must(err)
	c.Clock.Set(page.May.Closes)
	if _, _, err := handover.TryEntry(ctx, c.Tx, c.Secretary, strike); err != nil {
		t.Fatal("shown:", err)
	}
	n, err := handover.Enter(ctx, c.Tx, c.Secretary, strike)
	c.Must(err)
	e, err := register.FindEntry(ctx, c.Tx, n)
	c.Must(err)
	if used := c.Decision(ref).Effects[0].Used; e.Decision != ref || used != n {
		t.Errorf("struck out under %q, used in event %d, want %d", e.Decision, used, n)
	}
	if err := storetest.Err(handover.Enter(ctx, c.Tx, c.Secretary, strike)); err == nil {
		t.Error("struck out twice")
	}
	c.Sound()
}
