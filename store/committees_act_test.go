package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// succession is two committees, the first with a mandate that ends and the
// next to succeed it, with the people of both.
type succession struct {
	*store.Store
	t                 testing.TB
	clock             *storetest.Clock
	today             store.Day
	clerk, chair      store.Viewer // of the first
	heirChair, member store.Viewer // of the next
	official          store.Viewer
}

func succeed(t testing.TB) *succession {
	t.Helper()
	s, clock := storetest.OpenClock(t)
	x := &succession{Store: s, t: t, clock: clock, today: store.DayOf(clock.Now())}
	x.clerk = storetest.Holder(t, s, store.Clerk, store.TheAssociation)
	x.chair = storetest.Holder(t, s, store.Chair, store.TheAssociation)
	x.heirChair = storetest.Holds(t, s, storetest.Person(t, s, "Chair elect (sample)"), store.Office{Body: store.TheAssociation, Kind: store.Chair, Title: "Chair elect"})
	x.member = storetest.Holder(t, s, store.CommissionerOffice, "kent")
	x.official = storetest.Holder(t, s, store.Official, store.HomeOffice)
	committee(t, s, "first", x.today.Add(-30), x.today.Add(60), x.chair, store.Viewer{}, x.clerk)
	committee(t, s, "next", x.today.Add(61), "", x.heirChair, x.member, x.clerk)
	return x
}

func (x *succession) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *succession) committee(slug string) store.Committee {
	x.t.Helper()
	all, err := x.Committees(x.t.Context())
	x.must(err)
	return all[slug]
}

// change changes a committee, and gives the error of it.
func (x *succession) change(by store.Viewer, slug string, how func(*store.Committee)) error {
	x.t.Helper()
	c := x.committee(slug)
	how(&c)
	return x.ChangeCommittee(x.t.Context(), by, c)
}

// open opens so many matters under a committee, from 2012-001 on.
func (x *succession) open(committee string, from, n int) {
	x.t.Helper()
	for i := from; i < from+n; i++ {
		c := store.Charge{Kind: store.ChargeKinds[i%2], Ref: fmt.Sprintf("2012-%03d", i), Title: fmt.Sprintf("Matter %d", i), Body: store.TheCompany, Committee: committee, Since: x.today, Due: x.today.Add(i), Open: true}
		x.must(x.KeepCharge(x.t.Context(), x.chair, c))
	}
}

func (x *succession) condition() store.Condition {
	x.t.Helper()
	h, err := x.Handover(x.t.Context(), store.Moment{})
	x.must(err)
	c, err := h.Condition("scrutiny")
	x.must(err)
	return c
}

func (x *succession) sound() {
	x.t.Helper()
	v, err := x.Verify(x.t.Context())
	if err != nil || !v.OK() {
		x.t.Errorf("the record does not hold: %s %v", v.Fault, err)
	}
}

// scrutinised opens a matter of a committee with a last day, and gives the
// chair of its successor.
func (c *cast) scrutinised(last store.Day) (heir store.Viewer) {
	c.t.Helper()
	chair, heir := storetest.Holder(c.t, c.Store, store.Chair, store.TheAssociation), storetest.Holder(c.t, c.Store, store.Chair, store.TheAssociation)
	clerk := storetest.Holder(c.t, c.Store, store.Clerk, store.TheAssociation)
	committee(c.t, c.Store, "next", "2013-01-14", "", heir, store.Viewer{}, clerk)
	committee(c.t, c.Store, "first", "2012-07-16", last, chair, store.Viewer{}, clerk)
	all, err := c.Committees(c.t.Context())
	c.must(err)
	first := all["first"]
	first.Successor = "next"
	c.must(c.ChangeCommittee(c.t.Context(), clerk, first))
	c.must(c.KeepCharge(c.t.Context(), chair, store.Charge{Kind: store.ChargeQuestion, Ref: "2013-001", Title: "A question", Body: store.TheCompany, Committee: "first", Since: "2013-01-14", Open: true}))
	return heir
}

func TestAMandateIsChangedAndKeepsItsHistory(t *testing.T) {
	x := succeed(t)
	ctx := t.Context()
	for name, k := range map[string]struct {
		by   store.Viewer
		how  func(*store.Committee)
		want store.Kind
		says string
	}{
		"by an official":              {x.official, func(c *store.Committee) { c.Name = "Another" }, store.Forbidden, "Only a chair or clerk at"},
		"by a member":                 {x.member, func(c *store.Committee) { c.Name = "Another" }, store.Forbidden, "Only a chair or clerk at"},
		"by nobody":                   {store.Viewer{}, func(c *store.Committee) { c.Name = "Another" }, store.Forbidden, ""},
		"nothing":                     {x.clerk, func(*store.Committee) {}, store.Invalid, "Nothing is changed"},
		"to end yesterday":            {x.clerk, func(c *store.Committee) { c.Last = x.today.Add(-1) }, store.Invalid, "cannot end before today"},
		"to no terms":                 {x.clerk, func(c *store.Committee) { c.Terms = " " }, store.Invalid, "Give the terms of reference"},
		"to succeed itself":           {x.clerk, func(c *store.Committee) { c.Successor = "first" }, store.Invalid, "cannot succeed itself"},
		"to nobody's successor":       {x.clerk, func(c *store.Committee) { c.Successor = "none" }, store.Invalid, "no such committee"},
		"as it was before":            {x.clerk, func(c *store.Committee) { c.Turn--; c.Name = "Another" }, store.Conflict, "Someone else changed"},
		"a committee that is not one": {x.clerk, func(c *store.Committee) { c.Slug = "none" }, store.NotFound, ""},
	} {
		if err := x.change(k.by, "first", k.how); store.KindOf(err) != k.want || !strings.Contains(fmt.Sprint(err), k.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	was := x.committee("first")
	x.must(x.change(x.clerk, "first", func(c *store.Committee) { c.Terms, c.Last, c.Successor = "To hold it to account.", x.today, "next" }))
	if c := x.committee("first"); c.Last != x.today || c.Terms != "To hold it to account." || c.Successor != "next" || len(c.Seats) != len(was.Seats) || c.Turn != was.Turn+1 {
		t.Errorf("%+v", c)
	}
	if err := x.change(x.clerk, "next", func(c *store.Committee) { c.Successor = "first" }); store.KindOf(err) != store.Invalid {
		t.Errorf("two committees succeed each other: %v", err)
	}
	x.clock.Day(x.today.Add(1))
	if err := x.change(x.clerk, "first", func(c *store.Committee) { c.Last = x.today.Add(9) }); store.KindOf(err) != store.Invalid || !strings.Contains(err.Error(), "is over") {
		t.Errorf("a mandate that ended goes on: %v", err)
	}
	at, err := x.CommitteeAt(ctx, store.Viewer{}, "first")
	x.must(err)
	if len(at.History) != 4 || len(at.History[0].Changes) != 3 || at.History[0].Changes[0] != (store.CommitteeChange{What: store.ChangedTerms, Was: was.Terms, Is: "To hold it to account."}) {
		t.Errorf("%+v", at.History)
	}
	x.sound()
}

func TestASuccessorAcceptsOpenWork(t *testing.T) {
	x := succeed(t)
	ctx := t.Context()
	x.open("first", 1, 4)
	x.must(x.KeepCharge(ctx, x.chair, store.Charge{Kind: store.ChargeQuestion, Ref: "2012-090", Title: "Closed", Body: store.TheCompany, Committee: "first", Since: x.today}))
	accept := func(by store.Viewer, refs ...string) error { return x.AcceptCharges(ctx, by, "first", refs) }
	refused := func(name string, err error, want store.Kind, says string) {
		t.Helper()
		if store.KindOf(err) != want || !strings.Contains(fmt.Sprint(err), says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused("without a successor", accept(x.heirChair, store.AllCharges), store.Conflict, "No committee is named to succeed")
	if c := x.condition(); c.State != store.NotMet || c.Evidence != "0 of 4 open matters under mandates that end are accepted." || !strings.HasPrefix(c.Would, "A successor of the ") {
		t.Errorf("%+v", c)
	}
	x.must(x.change(x.clerk, "first", func(c *store.Committee) { c.Successor = "next" }))
	for name, by := range map[string]store.Viewer{"its own chair": x.chair, "the clerk": x.clerk, "a member of the next": x.member, "an official": x.official, "nobody": {}} {
		refused(name, accept(by, store.AllCharges), store.Forbidden, "Only the chair of the")
	}
	refused("nothing chosen", accept(x.heirChair), store.Invalid, "Choose what to accept")
	refused("a closed matter", accept(x.heirChair, "question/2012-090"), store.Invalid, "is no open matter")
	refused("no matter", accept(x.heirChair, "question/2012-099"), store.Invalid, "is no open matter")
	refused("no name of one", accept(x.heirChair, "nonsense"), store.Invalid, "is no open matter")
	refused("no committee", x.AcceptCharges(ctx, x.heirChair, "none", []string{store.AllCharges}), store.NotFound, "")
	x.must(accept(x.heirChair, "recommendation/2012-001"))
	refused("twice", accept(x.heirChair, "recommendation/2012-001"), store.Conflict, "accepted already")
	refused("one of two twice", accept(x.heirChair, "question/2012-002", "recommendation/2012-001"), store.Conflict, "accepted already")
	if c := x.condition(); c.Evidence != "1 of 4 open matters under mandates that end are accepted." || !strings.Contains(c.Would, "accepts 3 open matters of the") {
		t.Errorf("%+v", c)
	}
	before, err := x.Moment(ctx, string(x.today))
	x.must(err)
	x.must(accept(x.heirChair, store.AllCharges))
	refused("when all is accepted", accept(x.heirChair, store.AllCharges), store.Conflict, "accepted already")
	if c := x.condition(); c.State != store.Met || c.Evidence != "4 of 4 open matters under mandates that end are accepted." || c.Would != "" {
		t.Errorf("%+v", c)
	}
	x.open("first", 5, 1)
	if c := x.condition(); c.State != store.NotMet || c.Evidence != "4 of 5 open matters under mandates that end are accepted." {
		t.Errorf("a matter opened later: %+v", c)
	}
	x.must(accept(x.heirChair, store.AllCharges))
	h, err := x.Handover(ctx, store.Moment{Day: x.today, Event: before.Event, Past: true})
	x.must(err)
	if c, err := h.Condition("scrutiny"); err != nil || c.Evidence != x.condition().Evidence && c.State == store.NotMet {
		t.Logf("before: %+v", c)
	}
	one, err := x.ChargeOf(ctx, store.ChargeQuestion, "2012-002")
	x.must(err)
	all, err := x.Committees(ctx)
	x.must(err)
	if last := x.committee("first").Last; one.Holder(all, last) != "first" || one.Holder(all, last.Next()) != "next" {
		t.Errorf("%+v is held by %s, then by %s", one, one.Holder(all, last), one.Holder(all, last.Next()))
	}
	x.sound()
}

func TestNoGapAndNoEndedSuccessor(t *testing.T) {
	on := store.Day("2013-01-14")
	chair := store.Viewer{Person: 1, Office: store.Office{ID: 7, Kind: store.Chair, Body: store.TheAssociation}}
	first := store.Committee{Slug: "first", Name: "First", First: "2012-01-01", Last: "2013-03-31", Successor: "next"}
	next := store.Committee{Slug: "next", Name: "Next", First: "2013-04-01", Seats: []store.Seat{{Office: chair.Office, Role: store.SeatChair, First: "2013-04-01"}}}
	for name, k := range map[string]struct {
		how  func(first, next *store.Committee)
		want store.Kind
	}{
		"it begins the day after":  {func(_, _ *store.Committee) {}, 0},
		"it runs already":          {func(_, n *store.Committee) { n.First, n.Seats[0].First = "2012-06-01", "2012-06-01" }, 0},
		"it begins two days after": {func(_, n *store.Committee) { n.First, n.Seats[0].First = "2013-04-02", "2013-04-02" }, store.Conflict},
		"it ended": {func(_, n *store.Committee) {
			n.First, n.Last, n.Seats[0].First = "2012-06-01", "2013-01-13", "2012-06-01"
		}, store.Conflict},
		"the first has no last day":          {func(f, _ *store.Committee) { f.Last = "" }, store.Conflict},
		"the first ended, and work was left": {func(f, _ *store.Committee) { f.Last = "2013-01-10" }, store.Conflict},
		"the first ended, the next then runs": {func(f, n *store.Committee) {
			f.Last = "2013-01-10"
			n.First, n.Seats[0].First = "2013-01-11", "2013-01-11"
		}, 0},
		"the chair's seat ended": {func(_, n *store.Committee) {
			n.First = "2012-06-01"
			n.Seats[0].First, n.Seats[0].Last = "2012-06-01", "2012-12-31"
		}, store.Forbidden},
		"a member's seat": {func(_, n *store.Committee) { n.Seats[0].Role = store.SeatMember }, store.Forbidden},
	} {
		f, n := first, next
		n.Seats = slices.Clone(next.Seats)
		k.how(&f, &n)
		if err := (store.Committees{"first": f, "next": n}).MayAccept(chair, f, on); store.KindOf(err) != k.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAcceptedAndOrphansAreAll changes mandates and accepts matters in every
// order, and adds up what is left after each step.
func TestAcceptedAndOrphansAreAll(t *testing.T) {
	x := succeed(t)
	ctx := t.Context()
	adds := func(when string) {
		t.Helper()
		all, err := x.Committees(ctx)
		x.must(err)
		h, err := x.Handover(ctx, store.Moment{})
		x.must(err)
		on, open := store.DayOf(x.clock.Now()), 0
		for i := 1; i < 20; i++ {
			for _, kind := range store.ChargeKinds {
				if c, err := x.ChargeOf(ctx, kind, fmt.Sprintf("2012-%03d", i)); err == nil && c.Open && all[c.Holder(all, on)].Last != "" {
					open++
				}
			}
		}
		sum, orphans := 0, 0
		for _, l := range h.Scrutiny {
			sum, orphans = sum+l.Accepted+l.Orphans, orphans+l.Orphans
		}
		if c, _ := h.Condition("scrutiny"); sum != open || (orphans == 0) != (c.State == store.Met) {
			t.Errorf("%s: %d accepted and orphans, %d open; %d orphans and %s", when, sum, open, orphans, c.State)
		}
		head, err := x.Head(ctx)
		x.must(err)
		then, err := x.Handover(ctx, store.Moment{Day: on, Event: head.Size, Past: true})
		if err != nil || !slices.Equal(then.Scrutiny, h.Scrutiny) {
			t.Errorf("%s: by the record alone %+v, not %+v %v", when, then.Scrutiny, h.Scrutiny, err)
		}
	}
	adds("with nothing open")
	x.open("first", 1, 5)
	x.open("next", 6, 2)
	adds("opened")
	x.must(x.change(x.clerk, "first", func(c *store.Committee) { c.Successor = "next" }))
	x.must(x.AcceptCharges(ctx, x.heirChair, "first", []string{"question/2012-002", "recommendation/2012-003"}))
	adds("two accepted")
	x.clock.Day(x.committee("first").Last.Next())
	adds("the mandate is over")
	x.must(x.AcceptCharges(ctx, x.heirChair, "first", []string{store.AllCharges}))
	adds("the rest rescued")
	x.must(x.change(x.clerk, "next", func(c *store.Committee) { c.Last = x.today.Add(100) }))
	adds("the successor ends too")
	if c := x.condition(); c.State != store.NotMet || c.Evidence != "0 of 7 open matters under mandates that end are accepted." {
		t.Errorf("%+v", c)
	}
	committee(t, x.Store, "third", x.today.Add(90), "", x.chair, store.Viewer{}, x.clerk)
	x.must(x.change(x.clerk, "next", func(c *store.Committee) { c.Successor = "third" }))
	x.must(x.AcceptCharges(ctx, x.chair, "next", []string{store.AllCharges}))
	adds("all accepted once more")
	if c := x.condition(); c.State != store.Met {
		t.Errorf("%+v", c)
	}
	one, err := x.ChargeOf(ctx, store.ChargeQuestion, "2012-002")
	x.must(err)
	moved := one
	moved.Committee, moved.Title = "first", "Another title" // as the matter itself remembers who first had it
	x.must(x.KeepCharge(ctx, x.chair, moved))
	if got, err := x.ChargeOf(ctx, store.ChargeQuestion, "2012-002"); err != nil || got.Committee != "next" || got.Heir != "third" || got.Title != "Another title" {
		t.Errorf("an act on it takes it back: %+v, which was %+v %v", got, one, err)
	}
	adds("after an act on what was accepted")
	x.sound()
}
