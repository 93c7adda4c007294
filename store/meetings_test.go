package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// plan plans a meeting of the first committee so many days from today.
func (x *succession) plan(days int) int64 {
	x.t.Helper()
	id, err := x.PlanMeeting(x.t.Context(), x.clerk, store.Meeting{Committee: "first", On: x.today.Add(days), Starts: "14:00", Place: "Local Government House, London"})
	x.must(err)
	return id
}

func (x *succession) meeting(v store.Viewer, id int64) store.MeetingPage {
	x.t.Helper()
	p, err := x.MeetingAt(x.t.Context(), v, id)
	x.must(err)
	return p
}

// numbers is an agenda as a line: numbers and titles, struck ones in brackets.
func numbers(m store.Meeting) string {
	var all []string
	for _, a := range m.Items {
		words := strings.TrimSpace(a.Number + " " + a.Title)
		if a.Struck {
			words = "[" + words + "]"
		}
		all = append(all, words)
	}
	return strings.Join(all, ", ")
}

func TestAMeetingIsPlannedMovedAndCancelled(t *testing.T) {
	x := succeed(t)
	ctx := t.Context()
	good := store.Meeting{Committee: "first", On: x.today.Add(7), Starts: "14:00", Place: "A room"}
	for name, k := range map[string]struct {
		by   store.Viewer
		how  func(*store.Meeting)
		want store.Kind
	}{
		"by a member":             {x.member, func(*store.Meeting) {}, store.Forbidden},
		"by nobody":               {store.Viewer{}, func(*store.Meeting) {}, store.Forbidden},
		"of no committee":         {x.clerk, func(m *store.Meeting) { m.Committee = "none" }, store.NotFound},
		"yesterday":               {x.clerk, func(m *store.Meeting) { m.On = x.today.Add(-1) }, store.Invalid},
		"on no day":               {x.clerk, func(m *store.Meeting) { m.On = "" }, store.Invalid},
		"after the mandate":       {x.clerk, func(m *store.Meeting) { m.On = x.today.Add(61) }, store.Invalid},
		"before the mandate":      {x.clerk, func(m *store.Meeting) { m.Committee = "next" }, store.Invalid},
		"at no time":              {x.clerk, func(m *store.Meeting) { m.Starts = "2pm" }, store.Invalid},
		"nowhere":                 {x.clerk, func(m *store.Meeting) { m.Place = " " }, store.Invalid},
		"on the mandate's last":   {x.clerk, func(m *store.Meeting) { m.On = x.today.Add(60) }, 0},
		"by the chair":            {x.chair, func(*store.Meeting) {}, 0},
		"today, by another chair": {x.heirChair, func(m *store.Meeting) { m.On = x.today }, 0},
	} {
		m := good
		k.how(&m)
		if _, err := x.PlanMeeting(ctx, k.by, m); store.KindOf(err) != k.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	id := x.plan(7)
	x.must(x.MoveMeeting(ctx, x.clerk, id, x.today.Add(8), "10:30", "Another room"))
	if p := x.meeting(x.clerk, id); p.On != x.today.Add(8) || p.Starts != "10:30" || p.Place != "Another room" || p.Status != store.MeetingPlanned {
		t.Errorf("%+v", p.Meeting)
	}
	if err := x.CancelMeeting(ctx, x.clerk, id, " "); store.KindOf(err) != store.Invalid {
		t.Errorf("cancelled for no reason: %v", err)
	}
	x.must(x.CancelMeeting(ctx, x.clerk, id, "It is not quorate."))
	for name, err := range map[string]error{
		"twice":      x.CancelMeeting(ctx, x.clerk, id, "Again."),
		"then moved": x.MoveMeeting(ctx, x.clerk, id, x.today.Add(9), "10:30", "A room"),
		"then held":  x.RecordAttendance(ctx, x.clerk, id, nil),
		"its agenda": x.AddAgendaItem(ctx, x.clerk, id, "An item", "", nil),
	} {
		if store.KindOf(err) != store.Conflict {
			t.Errorf("cancelled %s: %v", name, err)
		}
	}
	x.sound()
}

func TestAnAgendaIsBuiltFromTheQueueAndKeepsItsNumbers(t *testing.T) {
	x := succeed(t)
	ctx := t.Context()
	x.open("first", 1, 9) // due from tomorrow on, one a day
	x.must(x.KeepCharge(ctx, x.chair, store.Charge{Kind: store.ChargeUndertaking, Ref: "2012-050", Title: "Claimed", Body: store.TheCompany, Committee: "first", Since: x.today, Open: true}))
	id := x.plan(3)
	var offered []string
	for _, a := range x.meeting(x.clerk, id).Offered {
		offered = append(offered, a.Kind+" "+a.Ref)
	}
	if got := strings.Join(offered, ", "); got != "due recommendation/2012-001, due question/2012-002, due recommendation/2012-003, verify undertaking/2012-050" {
		t.Errorf("offered: %s", got)
	}
	if p := x.meeting(x.member, id); len(p.Offered) != 0 {
		t.Errorf("offered to a member: %+v", p.Offered)
	}
	add := func(title, after string, papers ...store.Linked) error {
		return x.AddAgendaItem(ctx, x.clerk, id, title, after, papers)
	}
	refused := func(name string, err error, want store.Kind) {
		t.Helper()
		if store.KindOf(err) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused("an empty agenda published", x.PublishAgenda(ctx, x.clerk, id), store.Conflict)
	x.must(x.AddSuggested(ctx, x.clerk, id, []string{"question/2012-002", "recommendation/2012-001"}))
	refused("added twice", x.AddSuggested(ctx, x.clerk, id, []string{"question/2012-002"}), store.Conflict)
	refused("what is not offered", x.AddSuggested(ctx, x.clerk, id, []string{"question/2012-008"}), store.Conflict)
	refused("nothing", x.AddSuggested(ctx, x.clerk, id, nil), store.Invalid)
	x.must(add("Welcome", ""))
	x.must(add("Lunch", ""))
	refused("no title", add(" ", ""), store.Invalid)
	refused("a paper elsewhere", add("A paper", "", store.Linked{Title: "Elsewhere", Href: "https://example.org/"}), store.Invalid)
	refused("a paper at another host", add("A paper", "", store.Linked{Title: "Elsewhere", Href: "//example.org/"}), store.Invalid)
	x.must(x.MoveItem(ctx, x.clerk, id, 3, true))
	x.must(x.MoveItem(ctx, x.clerk, id, 3, true))
	refused("above the first", x.MoveItem(ctx, x.clerk, id, 3, true), store.Conflict)
	refused("below the last", x.MoveItem(ctx, x.clerk, id, 4, false), store.Conflict)
	refused("an item that is not there", x.MoveItem(ctx, x.clerk, id, 9, false), store.NotFound)
	x.must(x.RemoveItem(ctx, x.clerk, id, 4))
	x.must(x.AddPaper(ctx, x.clerk, id, 3, store.Linked{Title: "The handover", Href: "/handover"}))
	refused("no paper", x.AddPaper(ctx, x.clerk, id, 3, store.Linked{}), store.Invalid)
	refused("published by a member", x.PublishAgenda(ctx, x.member, id), store.Forbidden)
	x.must(x.PublishAgenda(ctx, x.clerk, id))
	refused("published twice", x.PublishAgenda(ctx, x.clerk, id), store.Conflict)
	refused("moved once published", x.MoveItem(ctx, x.clerk, id, 3, false), store.Conflict)
	x.must(x.RemoveItem(ctx, x.clerk, id, 1))
	x.must(add("Behind the second", "2"))
	x.must(add("Behind it once more", "2"))
	x.must(add("Behind the letter", "2A"))
	x.must(add("Last of all", ""))
	refused("after nothing", add("Lost", "9"), store.Invalid)
	refused("struck twice", x.RemoveItem(ctx, x.clerk, id, 1), store.Conflict)
	want := "1 Welcome, [2 Recommendation 2012-001: Matter 1], 2A Behind the second, 2B Behind it once more, 2C Behind the letter, 3 Question 2012-002: Matter 2, 4 Last of all"
	if got := numbers(x.meeting(x.clerk, id).Meeting); got != want {
		t.Errorf("%s", got)
	}
	if a, _ := x.meeting(x.clerk, id).Item(3); !slices.Contains(a.Papers, store.Linked{Title: "The handover", Href: "/handover"}) {
		t.Errorf("%+v", a)
	}
	x.sound()
}

func TestMinutesAreADraftOfTheCommitteeAndThenStable(t *testing.T) {
	const secret = "sesame-minute-7719"
	x := succeed(t)
	ctx := t.Context()
	id := x.plan(3)
	x.must(x.AddAgendaItem(ctx, x.clerk, id, "Welcome", "", nil))
	x.must(x.PublishAgenda(ctx, x.clerk, id))
	all := []store.Attended{{Office: x.chair.Office, Answer: store.Present, Declared: "Holds shares in Alder Vale Hosting Ltd (sample)."}, {Office: x.clerk.Office, Answer: store.Apologies}}
	if err := x.RecordAttendance(ctx, x.clerk, id, all); store.KindOf(err) != store.Conflict {
		t.Errorf("who came before it began: %v", err)
	}
	if err := x.KeepMinutes(ctx, x.clerk, id, "One."); store.KindOf(err) != store.Conflict {
		t.Errorf("minutes of what was not held: %v", err)
	}
	x.clock.Day(x.today.Add(3))
	if err := x.RecordAttendance(ctx, x.clerk, id, all[:1]); store.KindOf(err) != store.Invalid {
		t.Errorf("a seat left out: %v", err)
	}
	x.must(x.RecordAttendance(ctx, x.clerk, id, all))
	if p := x.meeting(x.clerk, id); p.Status != store.MeetingHeld || len(p.Attendance) != 2 || p.Attendance[0].Role != store.SeatChair || p.Attendance[0].Declared == "" {
		t.Errorf("%+v", p.Meeting)
	}
	if err := x.PublishMinutes(ctx, x.clerk, id, 0); store.KindOf(err) != store.Conflict {
		t.Errorf("no draft published: %v", err)
	}
	x.must(x.KeepMinutes(ctx, x.clerk, id, "Early "+secret))
	x.must(x.KeepMinutes(ctx, x.clerk, id, "Item 1: The chair welcomed all.\r\n\r\n"+secret+" was said.\n\n\nItem 9: No such item."))
	for name, k := range map[string]struct {
		v    store.Viewer
		sees bool
	}{"the clerk": {x.clerk, true}, "the chair": {x.chair, true}, "whoever keeps its committees": {x.heirChair, true}, "a member of another": {x.member, false}, "an official": {x.official, false}, "nobody": {store.Viewer{}, false}} {
		if p := x.meeting(k.v, id); (len(p.Draft.Paragraphs) == 3) != k.sees || strings.Contains(fmt.Sprint(p), secret) != k.sees {
			t.Errorf("%s: %+v", name, p.Draft)
		}
	}
	events, err := x.Events(ctx, store.EventFilter{}, 1000)
	x.must(err)
	for _, e := range events {
		if strings.Contains(e.Payload, "sesame") {
			t.Errorf("event %d tells the draft", e.N)
		}
	}
	draft := x.meeting(x.clerk, id).Draft.Event
	if err := x.PublishMinutes(ctx, x.clerk, id, draft-1); store.KindOf(err) != store.Conflict {
		t.Errorf("an older draft published: %v", err)
	}
	x.must(x.PublishMinutes(ctx, x.clerk, id, draft))
	m := x.meeting(store.Viewer{}, id)
	if len(m.Minutes) != 3 || m.Minutes[0].Item != "1" || m.Minutes[0].Text != "The chair welcomed all." || m.Minutes[1].Number != 2 || m.Minutes[2].Text != "Item 9: No such item." || m.Meeting.Draft != 0 {
		t.Errorf("%+v", m.Minutes)
	}
	if err := x.KeepMinutes(ctx, x.clerk, id, "Otherwise."); store.KindOf(err) != store.Conflict {
		t.Errorf("published minutes redrafted: %v", err)
	}
	for _, n := range []int{-1, 4} {
		if err := x.CorrectMinutes(ctx, x.clerk, id, n, "No."); store.KindOf(err) != store.Invalid {
			t.Errorf("paragraph %d corrected: %v", n, err)
		}
	}
	if err := x.CorrectMinutes(ctx, x.member, id, 1, "No."); store.KindOf(err) != store.Forbidden {
		t.Errorf("corrected by a member: %v", err)
	}
	x.must(x.CorrectMinutes(ctx, x.clerk, id, 1, "The clerk welcomed all."))
	if m := x.meeting(store.Viewer{}, id); len(m.Minutes) != 4 || m.Minutes[3].Corrects != 1 || m.Minutes[0].Text != "The chair welcomed all." || !slices.Equal(m.CorrectedBy(1), []int{4}) {
		t.Errorf("%+v", m.Minutes)
	}
	x.sound()
}

func TestDecisionsSinceTheCommitteeMet(t *testing.T) {
	c := begin(t)
	ctx := t.Context()
	chair, clerk := storetest.Holder(t, c.Store, store.Chair, store.TheAssociation), storetest.Holder(t, c.Store, store.Clerk, store.TheAssociation)
	committee(t, c.Store, "first", "2012-07-16", "", chair, store.Viewer{}, clerk)
	publish := func(words string) string {
		t.Helper()
		p := paper(6_125_800)
		p.Title = words
		ref := c.put("contract", p)
		c.must(storetest.Err(c.OpenDecision(ctx, c.secretary, ref, store.OpenForm{Way: store.ByApproval})))
		c.must(c.says(c.official, ref, store.For))
		c.must(c.says(c.assoc, ref, store.For))
		c.must(storetest.Err(c.PublishDecision(ctx, c.secretary, ref, store.DayOf(c.clock.Now()))))
		return ref
	}
	titles := func(v store.Viewer) (all []string) {
		t.Helper()
		tasks, err := c.Work(ctx, v)
		c.must(err)
		for _, task := range tasks {
			if strings.HasPrefix(task.Href, "/committees") || strings.HasPrefix(task.Href, "/meetings") {
				all = append(all, task.Title)
			}
		}
		return all
	}
	clerk.Offices = []store.Office{clerk.Office}
	if got := titles(clerk); len(got) != 0 {
		t.Errorf("with nothing held: %v", got)
	}
	early := publish("Before the committee met")
	if got := titles(clerk); len(got) != 1 || got[0] != "Set a meeting of the Scrutiny committee first (sample)" {
		t.Errorf("with a decision held: %v", got)
	}
	id, err := c.PlanMeeting(ctx, clerk, store.Meeting{Committee: "first", On: "2013-01-14", Starts: "14:00", Place: "A room"})
	c.must(err)
	p, err := c.MeetingAt(ctx, clerk, id)
	c.must(err)
	if len(p.Offered) != 1 || p.Offered[0].Ref != "decision/"+early || p.Offered[0].Kind != store.ItemCallIn {
		t.Errorf("%+v", p.Offered)
	}
	since, err := c.DecisionsSince(ctx, "first", 100)
	c.must(err)
	if since.Met != nil || len(since.All) != 1 || since.Callable() != 1 || since.All[0].May.Closes.IsZero() {
		t.Errorf("before it ever met: %+v", since)
	}
	for _, v := range []store.Viewer{chair, storetest.Holder(t, c.Store, store.Scrutineer, store.TheAssociation), storetest.Holder(t, c.Store, store.Scrutineer, store.TheAssociation)} {
		c.must(storetest.Err(c.SignCallIn(ctx, v, early, "It was not treated as a key decision", "A reason.")))
	}
	c.must(c.AddAgendaItem(ctx, clerk, id, "Apologies", "", nil))
	c.must(c.PublishAgenda(ctx, clerk, id)) // on which what is called in stands, though the clerk did not add it
	if p, err = c.MeetingAt(ctx, store.Viewer{}, id); err != nil || len(p.Items) != 2 || p.Items[0].Ref != "decision/"+early || p.Items[0].Number != "1" || p.Items[1].Title != "Apologies" {
		t.Errorf("%+v %v", p.Items, err)
	}
	c.clock.Set(c.clock.Now().Add(3 * time.Hour))
	c.must(c.RecordAttendance(ctx, clerk, id, []store.Attended{{Office: chair.Office, Answer: store.Present}, {Office: clerk.Office, Answer: store.Present}}))
	if p, err = c.MeetingAt(ctx, store.Viewer{}, id); err != nil || len(p.Hearing) != 1 || p.Items[0].Kind != store.ItemCalledIn {
		t.Errorf("%+v %v", p.Hearing, err)
	}
	late := publish("After the committee met")
	since, err = c.DecisionsSince(ctx, "first", 100)
	c.must(err)
	if since.Met == nil || len(since.All) != 1 || since.All[0].Ref != late || !since.All[0].CanCallIn() {
		t.Errorf("%+v", since.All)
	}
	if got := titles(clerk); len(got) != 2 {
		t.Errorf("after it met: %v", got)
	}
	c.clock.Day("2013-02-14")
	if since, err = c.DecisionsSince(ctx, "first", 100); err != nil || len(since.All) != 1 || since.Callable() != 0 {
		t.Errorf("once it is free: %+v %v", since.All, err)
	}
	c.sound()
}
