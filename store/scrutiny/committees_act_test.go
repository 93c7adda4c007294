package scrutiny_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// succession is two committees, the first with a mandate that ends and the
// next to succeed it, with the people of both.
type succession struct {
	*db.Tx
	t                 testing.TB
	clock             *storetest.Clock
	today             civil.Day
	clerk, chair      office.Viewer // of the first
	heirChair, member office.Viewer // of the next
	official          office.Viewer
}

func succeed(t testing.TB) *succession {
	t.Helper()
	s, clock := storetest.OpenClock(t)
	x := &succession{Tx: s, t: t, clock: clock, today: civil.DayOf(clock.Now())}
	x.clerk = storetest.Holder(t, s, office.Clerk, office.TheAssociation)
	x.chair = storetest.Holder(t, s, office.Chair, office.TheAssociation)
	x.heirChair = storetest.Holds(t, s, storetest.Person(t, s, "Chair elect (sample)"), office.Office{Body: office.TheAssociation, Kind: office.Chair, Title: "Chair elect"})
	x.member = storetest.Holder(t, s, office.CommissionerOffice, "kent")
	x.official = storetest.Holder(t, s, office.Official, office.HomeOffice)
	storetest.AddCommittee(t, s, "first", x.today.Add(-30), x.today.Add(60), x.chair, office.Viewer{}, x.clerk)
	storetest.AddCommittee(t, s, "next", x.today.Add(61), "", x.heirChair, x.member, x.clerk)
	return x
}

func (x *succession) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *succession) committee(slug string) scrutiny.Committee {
	x.t.Helper()
	all, err := scrutiny.AllCommittees(x.t.Context(), x.Tx)
	x.must(err)
	return all[slug]
}

// change changes a committee, and gives the error of it.
func (x *succession) change(by office.Viewer, slug string, how func(*scrutiny.Committee)) error {
	x.t.Helper()
	c := x.committee(slug)
	how(&c)
	return scrutiny.ChangeCommittee(x.t.Context(), x.Tx, by, c)
}

// open opens so many matters under a committee, from 2012-001 on.
func (x *succession) open(committee string, from, n int) {
	x.t.Helper()
	for i := from; i < from+n; i++ {
		c := scrutiny.Charge{Kind: scrutiny.ChargeKinds[i%2], Ref: fmt.Sprintf("2012-%03d", i), Title: fmt.Sprintf("Matter %d", i), Body: office.TheCompany, Committee: committee, Since: x.today, Due: x.today.Add(i), Open: true}
		x.must(storetest.KeepCharge(x.t.Context(), x.Tx, x.chair, c))
	}
}

func (x *succession) condition() handover.Condition {
	x.t.Helper()
	h, err := handover.Read(x.t.Context(), x.Tx, record.Moment{})
	x.must(err)
	c, err := h.Condition("scrutiny")
	x.must(err)
	return c
}

func (x *succession) sound() {
	x.t.Helper()
	v, err := store.Verify(x.t.Context(), x.Tx)
	if err != nil || !v.OK() {
		x.t.Errorf("the record does not hold: %s %v", v.Fault, err)
	}
}

func TestAMandateIsChangedAndKeepsItsHistory(t *testing.T) {
	x := succeed(t)
	ctx := t.Context()
	for name, k := range map[string]struct {
		by   office.Viewer
		how  func(*scrutiny.Committee)
		want fault.Kind
		says string
	}{
		"by an official":              {x.official, func(c *scrutiny.Committee) { c.Name = "Another" }, fault.Forbidden, "Only a chair or clerk at"},
		"by a member":                 {x.member, func(c *scrutiny.Committee) { c.Name = "Another" }, fault.Forbidden, "Only a chair or clerk at"},
		"by nobody":                   {office.Viewer{}, func(c *scrutiny.Committee) { c.Name = "Another" }, fault.Forbidden, ""},
		"nothing":                     {x.clerk, func(*scrutiny.Committee) {}, fault.Invalid, "You have not changed anything"},
		"to end yesterday":            {x.clerk, func(c *scrutiny.Committee) { c.Last = x.today.Add(-1) }, fault.Invalid, "cannot end before today"},
		"to no terms":                 {x.clerk, func(c *scrutiny.Committee) { c.Terms = " " }, fault.Invalid, "Enter the terms of reference"},
		"to succeed itself":           {x.clerk, func(c *scrutiny.Committee) { c.Successor = "first" }, fault.Invalid, "cannot succeed itself"},
		"to nobody's successor":       {x.clerk, func(c *scrutiny.Committee) { c.Successor = "none" }, fault.Invalid, "Choose the successor from the list"},
		"as it was before":            {x.clerk, func(c *scrutiny.Committee) { c.Turn--; c.Name = "Another" }, fault.Conflict, "Someone else has changed"},
		"a committee that is not one": {x.clerk, func(c *scrutiny.Committee) { c.Slug = "none" }, fault.NotFound, ""},
	} {
		if err := x.change(k.by, "first", k.how); fault.KindOf(err) != k.want || !strings.Contains(fmt.Sprint(err), k.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	was := x.committee("first")
	x.must(x.change(x.clerk, "first", func(c *scrutiny.Committee) { c.Terms, c.Last, c.Successor = "To hold it to account.", x.today, "next" }))
	if c := x.committee("first"); c.Last != x.today || c.Terms != "To hold it to account." || c.Successor != "next" || len(c.Seats) != len(was.Seats) || c.Turn != was.Turn+1 {
		t.Errorf("%+v", c)
	}
	if err := x.change(x.clerk, "next", func(c *scrutiny.Committee) { c.Successor = "first" }); fault.KindOf(err) != fault.Invalid {
		t.Errorf("two committees succeed each other: %v", err)
	}
	x.clock.Day(x.today.Add(1))
	if err := x.change(x.clerk, "first", func(c *scrutiny.Committee) { c.Last = x.today.Add(9) }); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "The mandate ended") {
		t.Errorf("a mandate that ended goes on: %v", err)
	}
	at, err := scrutiny.ReadCommitteePage(ctx, x.Tx, office.Viewer{}, "first")
	x.must(err)
	if len(at.History) != 5 || len(at.History[0].Changes) != 3 || at.History[0].Changes[0] != (scrutiny.CommitteeChange{What: scrutiny.ChangedTerms, Was: was.Terms, Is: "To hold it to account."}) {
		t.Errorf("%+v", at.History)
	}
	x.sound()
}

func TestASuccessorAcceptsOpenWork(t *testing.T) {
	x := succeed(t)
	ctx := t.Context()
	x.open("first", 1, 4)
	x.must(storetest.KeepCharge(ctx, x.Tx, x.chair, scrutiny.Charge{Kind: scrutiny.ChargeQuestion, Ref: "2012-090", Title: "Closed", Body: office.TheCompany, Committee: "first", Since: x.today}))
	accept := func(by office.Viewer, refs ...string) error {
		return scrutiny.AcceptCharges(ctx, x.Tx, by, "first", refs)
	}
	refused := func(name string, err error, want fault.Kind, says string) {
		t.Helper()
		if fault.KindOf(err) != want || !strings.Contains(fmt.Sprint(err), says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused("without a successor", accept(x.heirChair, scrutiny.AllCharges), fault.Conflict, "has no successor")
	if c := x.condition(); c.State != handover.NotMet || c.Evidence != "0 of 4 open items of committees that end have been accepted." || !strings.HasPrefix(c.Would, "A successor of the ") {
		t.Errorf("%+v", c)
	}
	x.must(x.change(x.clerk, "first", func(c *scrutiny.Committee) { c.Successor = "next" }))
	for name, by := range map[string]office.Viewer{"its own chair": x.chair, "the clerk": x.clerk, "a member of the next": x.member, "an official": x.official, "nobody": {}} {
		refused(name, accept(by, scrutiny.AllCharges), fault.Forbidden, "Only the chair of the")
	}
	refused("nothing chosen", accept(x.heirChair), fault.Invalid, "Choose at least one item")
	refused("a closed matter", accept(x.heirChair, "question/2012-090"), fault.Invalid, "is not open work")
	refused("no matter", accept(x.heirChair, "question/2012-099"), fault.Invalid, "is not open work")
	refused("no name of one", accept(x.heirChair, "nonsense"), fault.Invalid, "is not open work")
	refused("no committee", scrutiny.AcceptCharges(ctx, x.Tx, x.heirChair, "none", []string{scrutiny.AllCharges}), fault.NotFound, "")
	x.must(accept(x.heirChair, "recommendation/2012-001"))
	refused("twice", accept(x.heirChair, "recommendation/2012-001"), fault.Conflict, "has already been accepted")
	refused("one of two twice", accept(x.heirChair, "question/2012-002", "recommendation/2012-001"), fault.Conflict, "has already been accepted")
	if c := x.condition(); c.Evidence != "1 of 4 open items of committees that end have been accepted." || !strings.Contains(c.Would, "must accept 3 open items of the") {
		t.Errorf("%+v", c)
	}
	before, err := register.MomentOf(ctx, x.Tx, string(x.today))
	x.must(err)
	x.must(accept(x.heirChair, scrutiny.AllCharges))
	refused("when all is accepted", accept(x.heirChair, scrutiny.AllCharges), fault.Conflict, "has already been accepted")
	if c := x.condition(); c.State != handover.Met || c.Evidence != "4 of 4 open items of committees that end have been accepted." || c.Would != "" {
		t.Errorf("%+v", c)
	}
	x.open("first", 5, 1)
	if c := x.condition(); c.State != handover.NotMet || c.Evidence != "4 of 5 open items of committees that end have been accepted." {
		t.Errorf("a matter opened later: %+v", c)
	}
	x.must(accept(x.heirChair, scrutiny.AllCharges))
	h, err := handover.Read(ctx, x.Tx, record.Moment{Day: x.today, Event: before.Event, Past: true})
	x.must(err)
	if c, err := h.Condition("scrutiny"); err != nil || c.Evidence != x.condition().Evidence && c.State == handover.NotMet {
		t.Logf("before: %+v", c)
	}
	one, err := scrutiny.FindCharge(ctx, x.Tx, scrutiny.ChargeQuestion, "2012-002")
	x.must(err)
	all, err := scrutiny.AllCommittees(ctx, x.Tx)
	x.must(err)
	if last := x.committee("first").Last; one.Holder(all, last) != "first" || one.Holder(all, last.Next()) != "next" {
		t.Errorf("%+v is held by %s, then by %s", one, one.Holder(all, last), one.Holder(all, last.Next()))
	}
	x.sound()
}

func TestNoGapAndNoEndedSuccessor(t *testing.T) {
	on := civil.Day("2013-01-14")
	chair := office.Viewer{Person: 1, Office: office.Office{ID: 7, Kind: office.Chair, Body: office.TheAssociation}}
	first := scrutiny.Committee{Slug: "first", Name: "First", First: "2012-01-01", Last: "2013-03-31", Successor: "next"}
	next := scrutiny.Committee{Slug: "next", Name: "Next", First: "2013-04-01", Seats: []scrutiny.Seat{{Office: chair.Office, Role: scrutiny.SeatChair, First: "2013-04-01"}}}
	for name, k := range map[string]struct {
		how  func(first, next *scrutiny.Committee)
		want fault.Kind
	}{
		"it begins the day after":  {func(_, _ *scrutiny.Committee) {}, 0},
		"it runs already":          {func(_, n *scrutiny.Committee) { n.First, n.Seats[0].First = "2012-06-01", "2012-06-01" }, 0},
		"it begins two days after": {func(_, n *scrutiny.Committee) { n.First, n.Seats[0].First = "2013-04-02", "2013-04-02" }, fault.Conflict},
		"it ended": {func(_, n *scrutiny.Committee) {
			n.First, n.Last, n.Seats[0].First = "2012-06-01", "2013-01-13", "2012-06-01"
		}, fault.Conflict},
		"the first has no last day":          {func(f, _ *scrutiny.Committee) { f.Last = "" }, fault.Conflict},
		"the first ended, and work was left": {func(f, _ *scrutiny.Committee) { f.Last = "2013-01-10" }, fault.Conflict},
		"the first ended, the next then runs": {func(f, n *scrutiny.Committee) {
			f.Last = "2013-01-10"
			n.First, n.Seats[0].First = "2013-01-11", "2013-01-11"
		}, 0},
		"the chair's seat ended": {func(_, n *scrutiny.Committee) {
			n.First = "2012-06-01"
			n.Seats[0].First, n.Seats[0].Last = "2012-06-01", "2012-12-31"
		}, fault.Forbidden},
		"a member's seat": {func(_, n *scrutiny.Committee) { n.Seats[0].Role = scrutiny.SeatMember }, fault.Forbidden},
	} {
		f, n := first, next
		n.Seats = slices.Clone(next.Seats)
		k.how(&f, &n)
		if err := (scrutiny.Committees{"first": f, "next": n}).MayAccept(chair, f, on); fault.KindOf(err) != k.want {
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
		all, err := scrutiny.AllCommittees(ctx, x.Tx)
		x.must(err)
		h, err := handover.Read(ctx, x.Tx, record.Moment{})
		x.must(err)
		on, open := civil.DayOf(x.clock.Now()), 0
		for i := 1; i < 20; i++ {
			for _, kind := range scrutiny.ChargeKinds {
				if c, err := scrutiny.FindCharge(ctx, x.Tx, kind, fmt.Sprintf("2012-%03d", i)); err == nil && c.Open && all[c.Holder(all, on)].Last != "" {
					open++
				}
			}
		}
		sum, orphans := 0, 0
		for _, l := range h.Scrutiny {
			sum, orphans = sum+l.Accepted+l.Orphans, orphans+l.Orphans
		}
		if c, _ := h.Condition("scrutiny"); sum != open || (orphans == 0) != (c.State == handover.Met) {
			t.Errorf("%s: %d accepted and orphans, %d open; %d orphans and %s", when, sum, open, orphans, c.State)
		}
		head, err := record.ReadHead(ctx, x.Tx)
		x.must(err)
		then, err := handover.Read(ctx, x.Tx, record.Moment{Day: on, Event: head.Size, Past: true})
		if err != nil || !slices.Equal(then.Scrutiny, h.Scrutiny) {
			t.Errorf("%s: by the record alone %+v, not %+v %v", when, then.Scrutiny, h.Scrutiny, err)
		}
	}
	adds("with nothing open")
	x.open("first", 1, 5)
	x.open("next", 6, 2)
	adds("opened")
	x.must(x.change(x.clerk, "first", func(c *scrutiny.Committee) { c.Successor = "next" }))
	x.must(scrutiny.AcceptCharges(ctx, x.Tx, x.heirChair, "first", []string{"question/2012-002", "recommendation/2012-003"}))
	adds("two accepted")
	x.clock.Day(x.committee("first").Last.Next())
	adds("the mandate is over")
	x.must(scrutiny.AcceptCharges(ctx, x.Tx, x.heirChair, "first", []string{scrutiny.AllCharges}))
	adds("the rest rescued")
	x.must(x.change(x.clerk, "next", func(c *scrutiny.Committee) { c.Last = x.today.Add(100) }))
	adds("the successor ends too")
	if c := x.condition(); c.State != handover.NotMet || c.Evidence != "0 of 7 open items of committees that end have been accepted." {
		t.Errorf("%+v", c)
	}
	storetest.AddCommittee(t, x.Tx, "third", x.today.Add(90), "", x.chair, office.Viewer{}, x.clerk)
	x.must(x.change(x.clerk, "next", func(c *scrutiny.Committee) { c.Successor = "third" }))
	x.must(scrutiny.AcceptCharges(ctx, x.Tx, x.chair, "next", []string{scrutiny.AllCharges}))
	adds("all accepted once more")
	if c := x.condition(); c.State != handover.Met {
		t.Errorf("%+v", c)
	}
	one, err := scrutiny.FindCharge(ctx, x.Tx, scrutiny.ChargeQuestion, "2012-002")
	x.must(err)
	moved := one
	moved.Committee, moved.Title = "first", "Another title" // as the matter itself remembers who first had it
	x.must(storetest.KeepCharge(ctx, x.Tx, x.chair, moved))
	if got, err := scrutiny.FindCharge(ctx, x.Tx, scrutiny.ChargeQuestion, "2012-002"); err != nil || got.Committee != "next" || got.Heir != "third" || got.Title != "Another title" {
		t.Errorf("an act on it takes it back: %+v, which was %+v %v", got, one, err)
	}
	adds("after an act on what was accepted")
	x.sound()
}
