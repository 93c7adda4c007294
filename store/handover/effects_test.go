package handover_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/storetest"
)

// authorised brings a decision about that names an effect and may be
// implemented now.
func authorised(c *storetest.Cast, matter string, e authority.Effect) string {
	c.T.Helper()
	return storetest.Authorised(c.T, c.Tx, c.Clock, matter, e)
}

// bound is an act that is done only under a decision that names it.
type bound struct {
	matter       string
	names, other authority.Effect
	do           func(ref string) error
	reference    func() string // that what was done carries
	subject      string        // of its event
}

// excepting adds an item and has its exception proposed and agreed.
func excepting(c *storetest.Cast) int64 {
	c.T.Helper()
	id := c.AddItem("Licences", "", 0)
	proposer := storetest.Holder(c.T, c.Tx, office.CompanyOfficer, office.TheCompany)
	c.Must(handover.ActOnItem(c.T.Context(), c.Tx, proposer, id, 0, handover.ActExcept, "They cannot pass."))
	c.Must(handover.ActOnItem(c.T.Context(), c.Tx, c.Official, id, 0, handover.ActAgreeException, ""))
	return id
}

// largeFile is a published file of one payment of a sum in pounds.
func largeFile(pounds string) string {
	return "Date,Supplier Name,Transaction Number,Amount,Description\n30/04/2012,Alder Vale Hosting Ltd (sample),1001," + pounds + ",Hosting\n"
}

// bounds are the four acts, each with the thing that it is done to.
func bounds(c *storetest.Cast) map[string]bound {
	c.T.Helper()
	ctx := c.T.Context()
	accepter := storetest.Holder(c.T, c.Tx, office.CompanyOfficer, office.TheCompany)
	_, err := handover.AddMilestone(ctx, c.Tx, c.Officer, promise)
	c.Must(err)
	item, spare := excepting(c), excepting(c)
	load := storetest.Load(c.T, c.Tx, office.CommandLine, spend.LoadRequest{Body: "kent"}, largeFile("-1000000.01"))
	small := storetest.Load(c.T, c.Tx, office.CommandLine, spend.LoadRequest{Body: "essex"}, largeFile("1000000.00"))
	on := func(kind authority.EffectKind, topic string, id int64) authority.Effect {
		return authority.Effect{Kind: kind, Subject: fmt.Sprintf("%s/%d", topic, id)}
	}
	return map[string]bound{
		"a new baseline": {"baseline", authority.Effect{Kind: authority.NewBaseline, Subject: "milestone/1", Value: "2013-04-01"}, authority.Effect{Kind: authority.NewBaseline, Subject: "milestone/1", Value: "2013-05-01"},
			func(ref string) error {
				return handover.RebaselineMilestone(ctx, c.Tx, c.Officer, 1, "2013-04-01", ref)
			},
			func() string {
				m, err := handover.FindMilestone(ctx, c.Tx, record.Moment{}, 1)
				c.Must(err)
				return m.BaselineDecision()
			}, "milestone/1"},
		"a withdrawn handover": {"withdraw-milestone", on(authority.WithdrawsIt, "milestone", 1), authority.Effect{},
			func(ref string) error {
				return handover.WithdrawMilestone(ctx, c.Tx, c.Officer, 1, "The Act has changed.", ref)
			},
			func() string {
				m, err := handover.FindMilestone(ctx, c.Tx, record.Moment{}, 1)
				c.Must(err)
				return m.WithdrawnBy
			}, "milestone/1"},
		"an exception": {"exception", on(authority.AcceptsItem, "item", item), on(authority.AcceptsItem, "item", spare),
			func(ref string) error { return handover.AcceptException(ctx, c.Tx, accepter, item, 0, ref) },
			func() string {
				i, err := handover.FindItem(ctx, c.Tx, record.Moment{}, item)
				c.Must(err)
				return i.Decision
			}, fmt.Sprintf("item/%d", item)},
		"an override": {"override", authority.Effect{Kind: authority.OverridesIt, Subject: "condition/seats"}, authority.Effect{Kind: authority.OverridesIt, Subject: "condition/deeds"},
			func(ref string) error { return handover.OverrideCondition(ctx, c.Tx, c.Secretary, "seats", ref) },
			func() string {
				d, err := c.Handover().Condition("seats")
				c.Must(err)
				return d.Override
			}, "override/seats"},
		"a large load": {"withdraw-load", on(authority.WithdrawsALoad, "load", load.ID), on(authority.WithdrawsALoad, "load", small.ID),
			func(ref string) error { return spend.Withdraw(ctx, c.Tx, c.Officer, load.ID, "The wrong file.", ref) },
			func() string {
				l, err := spend.FindLoad(ctx, c.Tx, c.Officer, load.ID)
				c.Must(err)
				return l.Decision
			}, fmt.Sprintf("load/%d", load.ID)},
	}
}

func TestWhatNeedsADecisionIsDoneUnderOneThatNamesIt(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a new baseline", "a withdrawn handover", "an exception", "an override", "a large load"} {
		t.Run(name, func(t *testing.T) {
			c := storetest.Begin(t)
			b := bounds(c)[name]
			refused := func(why, ref, says string) {
				t.Helper()
				unmoved(c, why, func() error {
					err := b.do(ref)
					if fmt.Sprint(storetest.FieldsOf(err)) != "[decision]" {
						t.Errorf("%s: %v", why, err)
					}
					return err
				}, fault.Invalid, says)
			}
			refused("none", " ", "Enter the reference of the decision that allows this")
			refused("one that is not there", "2013-099", `There is no decision "2013-099"`)
			draft, err := decisions.SaveDraft(t.Context(), c.Tx, c.Officer, decisions.DraftForm{Matter: b.matter, Paper: storetest.Naming(b.names)})
			c.Must(err)
			refused("a draft", draft, "There is no decision")
			refused("one that is not made", c.PutForward(b.matter, storetest.Naming(b.names)), "is put forward. Only a published decision can be carried out.")
			refused("one that is held", storetest.Published(t, c.Tx, b.matter, b.names), "may not be implemented now. It may be implemented from 5pm on 21 January 2013")
			if b.other.Kind != "" {
				other := authorised(c, b.matter, b.other)
				refused("one that names another thing", other, "Decision "+other+" does not allow this: ")
			}
			if b.names.Kind != authority.OverridesIt {
				refused("one of another kind", authorised(c, "override", authority.Effect{Kind: authority.OverridesIt, Subject: "condition/seats"}), "does not allow this")
			}
			good := authorised(c, b.matter, b.names)
			all, err := decisions.DecisionsNaming(t.Context(), c.Tx, b.names.Kind, b.names.Subject)
			if err != nil || all[0].Ref != good {
				t.Errorf("offered: %v %v", all, err)
			}
			if ref := b.reference(); ref != "" {
				t.Fatalf("something was done under %s", ref)
			}
			c.Must(b.do(good))
			e := storetest.LastOf(t, c.Tx, b.subject)
			if ref := b.reference(); ref != good || !strings.Contains(e.Payload, good) {
				t.Errorf("carries %q, and its event says %s", ref, e.Payload)
			}
			if d := c.Decision(good); d.Effects[0].Used != e.N {
				t.Errorf("used in event %d, want %d", d.Effects[0].Used, e.N)
			}
			c.Sound()
		})
	}
}

func TestADecisionIsUsedOnce(t *testing.T) {
	c := storetest.Begin(t)
	all := bounds(c)
	base, item := all["a new baseline"], all["an exception"]
	first := authorised(c, "baseline", base.names)
	c.Must(base.do(first))
	c.Must(handover.RebaselineMilestone(t.Context(), c.Tx, c.Officer, 1, "2013-05-01", authorised(c, "baseline", base.other)))
	unmoved(c, "back to the first", func() error { return base.do(first) }, fault.Invalid, "was already used for this, in entry ")
	m, err := handover.FindMilestone(t.Context(), c.Tx, record.Moment{}, 1)
	if err != nil || m.Baseline != "2013-05-01" || m.First != "2012-05-31" || m.Hidden() != 335 || len(m.Rebaselines) != 2 || m.Rebaselines[0].Hides != 305 || m.Rebaselines[0].Reason != "Let it be done (sample)" {
		t.Errorf("%+v %v", m, err)
	}
	ref := authorised(c, "exception", item.names)
	c.Must(item.do(ref))
	if n := c.Handover().Schedule.Open; n != 1 {
		t.Errorf("%d items stand against the handover, want the spare one", n)
	}
	id := c.Decision(ref).Effects[0].Subject
	again := func() {
		var n int64
		fmt.Sscanf(id, "item/%d", &n)
		c.Must(handover.ActOnItem(t.Context(), c.Tx, c.Officer, n, 0, handover.ActReturnItem, "It can pass."))
		c.Must(handover.ActOnItem(t.Context(), c.Tx, c.Secretary, n, 0, handover.ActExcept, "It cannot."))
		c.Must(handover.ActOnItem(t.Context(), c.Tx, c.Official, n, 0, handover.ActAgreeException, ""))
	}
	again()
	if item.reference() != "" {
		t.Error("a returned exception still carries its decision")
	}
	unmoved(c, "an exception that was returned", func() error { return item.do(ref) }, fault.Invalid, "was already used for this, in entry ")
	c.Must(item.do(authorised(c, "exception", item.names)))
	c.Sound()
}

func TestWhoMayNotAndWhatCannotIsSaidBeforeTheDecision(t *testing.T) {
	c := storetest.Begin(t)
	bounds(c)
	ctx := t.Context()
	for _, k := range []struct {
		name string
		do   func() error
		kind fault.Kind
		says string
	}{
		{"a transferor sets a baseline", func() error { return handover.RebaselineMilestone(ctx, c.Tx, c.Official, 1, "2013-04-01", "") }, fault.Forbidden, "cannot change milestones"},
		{"the same baseline", func() error { return handover.RebaselineMilestone(ctx, c.Tx, c.Officer, 1, "2012-05-31", "") }, fault.Invalid, "The baseline is already 31 May 2012."},
		{"no day", func() error { return handover.RebaselineMilestone(ctx, c.Tx, c.Officer, 1, "", "") }, fault.Invalid, "Enter the new baseline."},
		{"a milestone that is not", func() error { return handover.RebaselineMilestone(ctx, c.Tx, c.Officer, 9, "2013-04-01", "") }, fault.NotFound, ""},
		{"an officer overrides", func() error { return handover.OverrideCondition(ctx, c.Tx, c.Officer, "seats", "") }, fault.Forbidden, "Only the company secretary"},
		{"a stranger overrides", func() error { return handover.OverrideCondition(ctx, c.Tx, office.Viewer{}, "seats", "") }, fault.Forbidden, "Only the company secretary"},
		{"no such condition", func() error { return handover.OverrideCondition(ctx, c.Tx, c.Secretary, "weather", "") }, fault.NotFound, "no such condition"},
		{"a commissioner withdraws", func() error { return spend.Withdraw(ctx, c.Tx, c.Official, 1, "Wrong.", "") }, fault.Forbidden, "do not have permission to load source files"},
		{"by the old way", func() error { return spend.Act(ctx, c.Tx, c.Officer, 1, spend.ActWithdraw, "Wrong.") }, fault.Invalid, "Enter the reference"},
	} {
		unmoved(c, k.name, k.do, k.kind, k.says)
	}
	c.Must(spend.Act(ctx, c.Tx, c.Officer, 2, spend.ActWithdraw, "Of exactly the limit."))
	if l, err := spend.FindLoad(ctx, c.Tx, c.Officer, 2); err != nil || l.Status != spend.Withdrawn || l.Decision != "" {
		t.Errorf("%s %q %v", l.Status, l.Decision, err)
	}
	c.Sound()
}

func overridden(c *storetest.Cast, id string) string {
	c.T.Helper()
	ref := authorised(c, "override", authority.Effect{Kind: authority.OverridesIt, Subject: "condition/" + id})
	c.Must(handover.OverrideCondition(c.T.Context(), c.Tx, c.Secretary, id, ref))
	return ref
}

func TestAnOverriddenConditionStaysWhatItIs(t *testing.T) {
	c := storetest.Begin(t)
	ctx := t.Context()
	gather(c, "kent", "essex")
	c.AddItem("Servers", "", 5)
	again(c, handover.TheBalance, handover.TheStatement)
	before := record.Moment{Day: "2013-01-14", Event: c.Handover().Known, Past: true}
	ref := overridden(c, "schedule")
	holds := func(when string, h handover.Handover) {
		t.Helper()
		d, err := h.Condition("schedule")
		if err != nil || d.State != handover.NotMet || d.Override != ref || len(h.Against()) != 0 || len(h.Overrides) != 1 || h.Overrides[0].Title != d.Title || h.Overrides[0].State != handover.NotMet {
			t.Errorf("%s: %+v, against it %+v, %+v %v", when, d, h.Against(), h.Overrides, err)
		}
	}
	h := c.Handover()
	holds("now", h)
	if want := "Ready: 7 of 8 conditions are met, and the rest are overridden by decision."; !h.Ready() || h.Answer() != want {
		t.Error(h.Answer())
	}
	was, err := handover.Read(ctx, c.Tx, before)
	if err != nil || len(was.Overrides) != 0 || len(was.Against()) != 1 {
		t.Errorf("before: %+v %v", was.Overrides, err)
	}
	unmoved(c, "twice", func() error { return handover.OverrideCondition(ctx, c.Tx, c.Secretary, "schedule", ref) }, fault.Conflict, "Decision "+ref+" already overrides")
	unmoved(c, "one that is met", func() error { return handover.OverrideCondition(ctx, c.Tx, c.Secretary, "deeds", ref) }, fault.Conflict, "is met, so there is nothing to override")
	c.Must(completeAs(c, c.Secretary, h.Moment.Day))
	holds("after completion", c.Handover())
	if err := handover.OverrideCondition(ctx, c.Tx, c.Secretary, "deeds", ref); fault.KindOf(err) != fault.Conflict {
		t.Error("overridden after completion:", err)
	}
	m, err := register.MomentOf(ctx, c.Tx, string(h.Moment.Day))
	c.Must(err)
	then, err := handover.Read(ctx, c.Tx, m)
	c.Must(err)
	holds("at the end of that day", then)
	c.Sound()
}

func TestNoDecisionOverridesWhatCompletionEnters(t *testing.T) {
	c := storetest.Begin(t)
	for _, d := range c.Handover().Against() {
		overridden(c, d.ID)
	}
	if h := c.Handover(); !h.Ready() || h.Met() != 1 { // no scrutiny work is open
		t.Fatal(h.Answer())
	}
	today := c.Handover().Moment.Day
	complete := func() error { return completeAs(c, c.Secretary, today) }
	unmoved(c, "nobody to hand over to", complete, fault.Conflict, "No body is ready")
	c.Bring("kent", handover.BodyReady)
	unmoved(c, "no balance", complete, fault.Conflict, "The latest opening balance has not been prepared")
	_, err := handover.Prepare(t.Context(), c.Tx, c.Finance, handover.TheBalance)
	c.Must(err)
	unmoved(c, "no statement", complete, fault.Conflict, "The latest completion statement has not been prepared")
	_, err = handover.Prepare(t.Context(), c.Tx, c.Secretary, handover.TheStatement)
	c.Must(err)
	unmoved(c, "before it was prepared", func() error { return completeAs(c, c.Secretary, today.Add(-1)) }, fault.Invalid, "cannot be before")
	c.Must(complete())
	if r, err := register.Read(t.Context(), c.Tx, record.When{}); err != nil || len(r.Members) != 1 || r.Members[0].Body != "kent" {
		t.Errorf("%+v %v", r.Members, err)
	}
	c.Sound()
}
