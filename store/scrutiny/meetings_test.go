package scrutiny_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// plan plans a meeting of the first committee so many days from today.
func (x *succession) plan(days int) int64 {
	x.t.Helper()
	id, err := scrutiny.PlanMeeting(x.t.Context(), x.Tx, x.clerk, scrutiny.Meeting{Committee: "first", On: x.today.Add(days), Starts: "14:00", Place: "Local Government House, London"})
	x.must(err)
	return id
}

func (x *succession) meeting(v office.Viewer, id int64) scrutiny.MeetingPage {
	x.t.Helper()
	p, err := scrutiny.ReadMeetingPage(x.t.Context(), x.Tx, v, id)
	x.must(err)
	return p
}

// numbers is an agenda as a line: numbers and titles, struck ones in brackets.
func numbers(m scrutiny.Meeting) string {
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
	good := scrutiny.Meeting{Committee: "first", On: x.today.Add(7), Starts: "14:00", Place: "A room"}
	for name, k := range map[string]struct {
		by   office.Viewer
		how  func(*scrutiny.Meeting)
		want fault.Kind
	}{
		"by a member":             {x.member, func(*scrutiny.Meeting) {}, fault.Forbidden},
		"by nobody":               {office.Viewer{}, func(*scrutiny.Meeting) {}, fault.Forbidden},
		"of no committee":         {x.clerk, func(m *scrutiny.Meeting) { m.Committee = "none" }, fault.NotFound},
		"yesterday":               {x.clerk, func(m *scrutiny.Meeting) { m.On = x.today.Add(-1) }, fault.Invalid},
		"on no day":               {x.clerk, func(m *scrutiny.Meeting) { m.On = "" }, fault.Invalid},
		"after the mandate":       {x.clerk, func(m *scrutiny.Meeting) { m.On = x.today.Add(61) }, fault.Invalid},
		"before the mandate":      {x.clerk, func(m *scrutiny.Meeting) { m.Committee = "next" }, fault.Invalid},
		"at no time":              {x.clerk, func(m *scrutiny.Meeting) { m.Starts = "half past two" }, fault.Invalid},
		"nowhere":                 {x.clerk, func(m *scrutiny.Meeting) { m.Place = " " }, fault.Invalid},
		"on the mandate's last":   {x.clerk, func(m *scrutiny.Meeting) { m.On = x.today.Add(60) }, 0},
		"by the chair":            {x.chair, func(*scrutiny.Meeting) {}, 0},
		"today, by another chair": {x.heirChair, func(m *scrutiny.Meeting) { m.On = x.today }, fault.Forbidden},
	} {
		m := good
		k.how(&m)
		if _, err := scrutiny.PlanMeeting(ctx, x.Tx, k.by, m); fault.KindOf(err) != k.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	id := x.plan(7)
	x.must(scrutiny.MoveMeeting(ctx, x.Tx, x.clerk, id, x.today.Add(8), "10:30", "Another room"))
	if p := x.meeting(x.clerk, id); p.On != x.today.Add(8) || p.Starts != "10:30" || p.Place != "Another room" || p.Status != scrutiny.MeetingPlanned {
		t.Errorf("%+v", p.Meeting)
	}
	if err := scrutiny.CancelMeeting(ctx, x.Tx, x.clerk, id, " "); fault.KindOf(err) != fault.Invalid {
		t.Errorf("cancelled for no reason: %v", err)
	}
	x.must(scrutiny.CancelMeeting(ctx, x.Tx, x.clerk, id, "It is not quorate."))
	for name, err := range map[string]error{
		"twice":      scrutiny.CancelMeeting(ctx, x.Tx, x.clerk, id, "Again."),
		"then moved": scrutiny.MoveMeeting(ctx, x.Tx, x.clerk, id, x.today.Add(9), "10:30", "A room"),
		"then held":  scrutiny.RecordAttendance(ctx, x.Tx, x.clerk, id, nil),
		"its agenda": scrutiny.AddAgendaItem(ctx, x.Tx, x.clerk, id, "An item", "", nil),
	} {
		if fault.KindOf(err) != fault.Conflict {
			t.Errorf("cancelled %s: %v", name, err)
		}
	}
	x.sound()
}

func TestAnAgendaIsBuiltFromTheQueueAndKeepsItsNumbers(t *testing.T) {
	x := succeed(t)
	ctx := t.Context()
	x.open("first", 1, 9) // due from tomorrow on, one a day
	x.must(storetest.KeepCharge(ctx, x.Tx, x.chair, scrutiny.Charge{Kind: scrutiny.ChargeUndertaking, Ref: "2012-050", Title: "Claimed", Body: office.TheCompany, Committee: "first", Since: x.today, Open: true}))
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
	add := func(title, after string, papers ...scrutiny.Linked) error {
		return scrutiny.AddAgendaItem(ctx, x.Tx, x.clerk, id, title, after, papers)
	}
	refused := func(name string, err error, want fault.Kind) {
		t.Helper()
		if fault.KindOf(err) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused("an empty agenda published", scrutiny.PublishAgenda(ctx, x.Tx, x.clerk, id), fault.Conflict)
	x.must(scrutiny.AddSuggested(ctx, x.Tx, x.clerk, id, []string{"question/2012-002", "recommendation/2012-001"}))
	refused("added twice", scrutiny.AddSuggested(ctx, x.Tx, x.clerk, id, []string{"question/2012-002"}), fault.Conflict)
	refused("what is not offered", scrutiny.AddSuggested(ctx, x.Tx, x.clerk, id, []string{"question/2012-008"}), fault.Conflict)
	refused("nothing", scrutiny.AddSuggested(ctx, x.Tx, x.clerk, id, nil), fault.Invalid)
	x.must(add("Welcome", ""))
	x.must(add("Lunch", ""))
	refused("no title", add(" ", ""), fault.Invalid)
	refused("a paper elsewhere", add("A paper", "", scrutiny.Linked{Title: "Elsewhere", Href: "https://example.org/"}), fault.Invalid)
	refused("a paper at another host", add("A paper", "", scrutiny.Linked{Title: "Elsewhere", Href: "//example.org/"}), fault.Invalid)
	x.must(scrutiny.MoveItem(ctx, x.Tx, x.clerk, id, 3, true))
	x.must(scrutiny.MoveItem(ctx, x.Tx, x.clerk, id, 3, true))
	refused("above the first", scrutiny.MoveItem(ctx, x.Tx, x.clerk, id, 3, true), fault.Conflict)
	refused("below the last", scrutiny.MoveItem(ctx, x.Tx, x.clerk, id, 4, false), fault.Conflict)
	refused("an item that is not there", scrutiny.MoveItem(ctx, x.Tx, x.clerk, id, 9, false), fault.NotFound)
	x.must(scrutiny.RemoveItem(ctx, x.Tx, x.clerk, id, 4))
	x.must(scrutiny.AddPaper(ctx, x.Tx, x.clerk, id, 3, scrutiny.Linked{Title: "The handover", Href: "/handover"}))
	refused("no paper", scrutiny.AddPaper(ctx, x.Tx, x.clerk, id, 3, scrutiny.Linked{}), fault.Invalid)
	refused("published by a member", scrutiny.PublishAgenda(ctx, x.Tx, x.member, id), fault.Forbidden)
	x.must(scrutiny.PublishAgenda(ctx, x.Tx, x.clerk, id))
	refused("published twice", scrutiny.PublishAgenda(ctx, x.Tx, x.clerk, id), fault.Conflict)
	refused("moved once published", scrutiny.MoveItem(ctx, x.Tx, x.clerk, id, 3, false), fault.Conflict)
	x.must(scrutiny.RemoveItem(ctx, x.Tx, x.clerk, id, 1))
	x.must(add("Behind the second", "2"))
	x.must(add("Behind it once more", "2"))
	x.must(add("Behind the letter", "2A"))
	x.must(add("Last of all", ""))
	refused("after nothing", add("Lost", "9"), fault.Invalid)
	refused("struck twice", scrutiny.RemoveItem(ctx, x.Tx, x.clerk, id, 1), fault.Conflict)
	want := "1 Welcome, [2 Recommendation 2012-001: Matter 1], 2A Behind the second, 2B Behind it once more, 2C Behind the letter, 3 Question 2012-002: Matter 2, 4 Last of all"
	if got := numbers(x.meeting(x.clerk, id).Meeting); got != want {
		t.Errorf("%s", got)
	}
	if a, _ := x.meeting(x.clerk, id).Item(3); !slices.Contains(a.Papers, scrutiny.Linked{Title: "The handover", Href: "/handover"}) {
		t.Errorf("%+v", a)
	}
	x.sound()
}

func TestMinutesAreADraftOfTheCommitteeAndThenStable(t *testing.T) {
	const secret = "sesame-minute-7719"
	x := succeed(t)
	ctx := t.Context()
	id := x.plan(3)
	x.must(scrutiny.AddAgendaItem(ctx, x.Tx, x.clerk, id, "Welcome", "", nil))
	x.must(scrutiny.PublishAgenda(ctx, x.Tx, x.clerk, id))
	all := []scrutiny.Attended{{Office: x.chair.Office, Answer: scrutiny.Present, Declared: "Holds shares in Alder Vale Hosting Ltd (sample)."}, {Office: x.clerk.Office, Answer: scrutiny.Apologies}}
	if err := scrutiny.RecordAttendance(ctx, x.Tx, x.clerk, id, all); fault.KindOf(err) != fault.Conflict {
		t.Errorf("who came before it began: %v", err)
	}
	if err := scrutiny.KeepMinutes(ctx, x.Tx, x.clerk, id, "One."); fault.KindOf(err) != fault.Conflict {
		t.Errorf("minutes of what was not held: %v", err)
	}
	x.clock.Day(x.today.Add(3))
	if err := scrutiny.RecordAttendance(ctx, x.Tx, x.clerk, id, all[:1]); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a seat left out: %v", err)
	}
	x.must(scrutiny.RecordAttendance(ctx, x.Tx, x.clerk, id, all))
	if p := x.meeting(x.clerk, id); p.Status != scrutiny.MeetingHeld || len(p.Attendance) != 2 || p.Attendance[0].Role != scrutiny.SeatChair || p.Attendance[0].Declared == "" {
		t.Errorf("%+v", p.Meeting)
	}
	if err := scrutiny.PublishMinutes(ctx, x.Tx, x.clerk, id, 0); fault.KindOf(err) != fault.Conflict {
		t.Errorf("no draft published: %v", err)
	}
	x.must(scrutiny.KeepMinutes(ctx, x.Tx, x.clerk, id, "Early "+secret))
	x.must(scrutiny.KeepMinutes(ctx, x.Tx, x.clerk, id, "Item 1: The chair welcomed all.\r\n\r\n"+secret+" was said.\n\n\nItem 9: No such item."))
	for name, k := range map[string]struct {
		v    office.Viewer
		sees bool
	}{"the clerk": {x.clerk, true}, "the chair": {x.chair, true}, "the chair of another": {x.heirChair, false}, "a member of another": {x.member, false}, "an official": {x.official, false}, "nobody": {office.Viewer{}, false}} {
		if p := x.meeting(k.v, id); (len(p.Draft.Paragraphs) == 3) != k.sees || strings.Contains(fmt.Sprint(p), secret) != k.sees {
			t.Errorf("%s: %+v", name, p.Draft)
		}
	}
	events, err := record.Events(ctx, x.Tx, record.EventFilter{}, 1000)
	x.must(err)
	for _, e := range events {
		if strings.Contains(e.Payload, "sesame") {
			t.Errorf("event %d tells the draft", e.N)
		}
	}
	draft := x.meeting(x.clerk, id).Draft.Event
	if err := scrutiny.PublishMinutes(ctx, x.Tx, x.clerk, id, draft-1); fault.KindOf(err) != fault.Conflict {
		t.Errorf("an older draft published: %v", err)
	}
	x.must(scrutiny.PublishMinutes(ctx, x.Tx, x.clerk, id, draft))
	m := x.meeting(office.Viewer{}, id)
	if len(m.Minutes) != 3 || m.Minutes[0].Item != "1" || m.Minutes[0].Text != "The chair welcomed all." || m.Minutes[1].Number != 2 || m.Minutes[2].Text != "Item 9: No such item." || m.Meeting.Draft != 0 {
		t.Errorf("%+v", m.Minutes)
	}
	if err := scrutiny.KeepMinutes(ctx, x.Tx, x.clerk, id, "Otherwise."); fault.KindOf(err) != fault.Conflict {
		t.Errorf("published minutes redrafted: %v", err)
	}
	for _, n := range []int{-1, 4} {
		if err := scrutiny.CorrectMinutes(ctx, x.Tx, x.clerk, id, n, "No."); fault.KindOf(err) != fault.Invalid {
			t.Errorf("paragraph %d corrected: %v", n, err)
		}
	}
	if err := scrutiny.CorrectMinutes(ctx, x.Tx, x.member, id, 1, "No."); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("corrected by a member: %v", err)
	}
	x.must(scrutiny.CorrectMinutes(ctx, x.Tx, x.clerk, id, 1, "The clerk welcomed all."))
	if m := x.meeting(office.Viewer{}, id); len(m.Minutes) != 4 || m.Minutes[3].Corrects != 1 || m.Minutes[0].Text != "The chair welcomed all." || !slices.Equal(m.CorrectedBy(1), []int{4}) {
		t.Errorf("%+v", m.Minutes)
	}
	x.sound()
}

func TestDecisionsSinceTheCommitteeMet(t *testing.T) {
	c := storetest.Begin(t)
	ctx := t.Context()
	chair, clerk := storetest.Holder(t, c.Tx, office.Chair, office.TheAssociation), storetest.Holder(t, c.Tx, office.Clerk, office.TheAssociation)
	storetest.AddCommittee(t, c.Tx, "first", "2012-07-16", "", chair, office.Viewer{}, clerk)
	publish := func(words string) string {
		t.Helper()
		p := storetest.HostingPaper(6_125_800)
		p.Title = words
		ref := c.PutForward("contract", p)
		c.Must(storetest.Err(decisions.OpenVoting(ctx, c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
		c.Must(c.Vote(c.Official, ref, authority.For))
		c.Must(c.Vote(c.Association, ref, authority.For))
		c.Must(storetest.Err(decisions.Publish(ctx, c.Tx, c.Secretary, ref, civil.DayOf(c.Clock.Now()))))
		return ref
	}
	titles := func(v office.Viewer) (all []string) {
		t.Helper()
		tasks, err := store.Work(ctx, c.Tx, v)
		c.Must(err)
		for _, task := range tasks {
			if strings.HasPrefix(task.Href, "/committees") || strings.HasPrefix(task.Href, "/meetings") {
				all = append(all, task.Title)
			}
		}
		return all
	}
	clerk.Offices = []office.Office{clerk.Office}
	if got := titles(clerk); len(got) != 0 {
		t.Errorf("with nothing held: %v", got)
	}
	early := publish("Before the committee met")
	if got := titles(clerk); len(got) != 1 || got[0] != "Arrange a meeting of the Scrutiny committee first (sample)" {
		t.Errorf("with a decision held: %v", got)
	}
	id, err := scrutiny.PlanMeeting(ctx, c.Tx, clerk, scrutiny.Meeting{Committee: "first", On: "2013-01-14", Starts: "14:00", Place: "A room"})
	c.Must(err)
	p, err := scrutiny.ReadMeetingPage(ctx, c.Tx, clerk, id)
	c.Must(err)
	if len(p.Offered) != 1 || p.Offered[0].Ref != "decision/"+early || p.Offered[0].Kind != scrutiny.ItemCallIn {
		t.Errorf("%+v", p.Offered)
	}
	since, err := scrutiny.DecisionsSince(ctx, c.Tx, "first", 100)
	c.Must(err)
	if since.Met != nil || len(since.All) != 1 || since.Callable() != 1 || since.All[0].May.Closes.IsZero() {
		t.Errorf("before it ever met: %+v", since)
	}
	for _, v := range []office.Viewer{chair, storetest.Holder(t, c.Tx, office.Scrutineer, office.TheAssociation), storetest.Holder(t, c.Tx, office.Scrutineer, office.TheAssociation)} {
		c.Must(storetest.Err(decisions.SignCallIn(ctx, c.Tx, v, early, "It was not treated as a key decision", "A reason.")))
	}
	c.Must(scrutiny.AddAgendaItem(ctx, c.Tx, clerk, id, "Apologies", "", nil))
	c.Must(scrutiny.PublishAgenda(ctx, c.Tx, clerk, id)) // on which what is called in stands, though the clerk did not add it
	if p, err = scrutiny.ReadMeetingPage(ctx, c.Tx, office.Viewer{}, id); err != nil || len(p.Items) != 2 || p.Items[0].Ref != "decision/"+early || p.Items[0].Number != "1" || p.Items[1].Title != "Apologies" {
		t.Errorf("%+v %v", p.Items, err)
	}
	c.Clock.Set(c.Clock.Now().Add(3 * time.Hour))
	c.Must(scrutiny.RecordAttendance(ctx, c.Tx, clerk, id, []scrutiny.Attended{{Office: chair.Office, Answer: scrutiny.Present}, {Office: clerk.Office, Answer: scrutiny.Present}}))
	if p, err = scrutiny.ReadMeetingPage(ctx, c.Tx, office.Viewer{}, id); err != nil || len(p.Hearing) != 1 || p.Items[0].Kind != scrutiny.ItemCalledIn {
		t.Errorf("%+v %v", p.Hearing, err)
	}
	late := publish("After the committee met")
	since, err = scrutiny.DecisionsSince(ctx, c.Tx, "first", 100)
	c.Must(err)
	if since.Met == nil || len(since.All) != 1 || since.All[0].Ref != late || !since.All[0].CanCallIn() {
		t.Errorf("%+v", since.All)
	}
	if got := titles(clerk); len(got) != 2 {
		t.Errorf("after it met: %v", got)
	}
	c.Clock.Day("2013-02-14")
	if since, err = scrutiny.DecisionsSince(ctx, c.Tx, "first", 100); err != nil || len(since.All) != 1 || since.Callable() != 0 {
		t.Errorf("once it is free: %+v %v", since.All, err)
	}
	c.Sound()
}
