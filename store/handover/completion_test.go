package handover_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

const kentAuthority = "kent-police-authority"

func completeAs(c *storetest.Cast, v office.Viewer, on civil.Day) error {
	c.T.Helper()
	return handover.Complete(c.T.Context(), c.Tx, v, on, c.Handover().Statement.Now)
}

// unmoved fails the test unless a refused act left record and register alone.
func unmoved(c *storetest.Cast, name string, act func() error, kind fault.Kind, says string) {
	c.T.Helper()
	size := storetest.HeadOf(c.T, c.Tx).Size
	err := act()
	if fault.KindOf(err) != kind || !strings.Contains(fmt.Sprint(err), says) {
		c.T.Errorf("%s: %v, want a word of %q", name, err, says)
	}
	r, err := register.Read(c.T.Context(), c.Tx, record.When{})
	c.Must(err)
	if now := storetest.HeadOf(c.T, c.Tx).Size; now != size || c.Handover().Programme.Done() || len(r.Members) != 2 || r.Members[0].Class != "Interim owner" {
		c.T.Errorf("%s: %d events were %d, members %+v", name, now, size, r.Members)
	}
}

func TestACompletionNamesWhatStandsAgainstIt(t *testing.T) {
	c := storetest.Begin(t)
	titles := map[string]string{}
	for _, d := range c.Handover().Conditions {
		titles[d.ID] = d.Title
	}
	if len(titles) != 8 {
		t.Fatal(titles)
	}
	for id, title := range titles {
		if id == "scrutiny" {
			continue // with nothing done, there is no work to lose
		}
		unmoved(c, "with nothing done", func() error { return completeAs(c, c.Secretary, "2013-01-14") }, fault.Conflict, "“"+title+"”")
	}
	gather(c, "kent")
	var heir office.Viewer
	edit := func(change func(*handover.Item)) {
		i, err := handover.FindItem(t.Context(), c.Tx, record.Moment{}, 1)
		c.Must(err)
		change(&i)
		c.Must(handover.EditItem(t.Context(), c.Tx, c.Officer, i))
	}
	for _, k := range []struct {
		id          string
		spoil, mend func()
	}{
		{"resolved", func() { c.Bring("surrey", handover.Invited) }, func() { c.Must(c.Step(c.Chief("surrey"), "surrey", handover.ActDecline)) }},
		{"deeds", func() { c.Bring("essex", handover.Resolved) }, func() { c.Must(c.Step(c.Chief("essex"), "essex", handover.ActWithdraw)) }},
		{"certified", func() { edit(func(i *handover.Item) { i.Title = "Hosting it" }) }, func() { again(c, handover.TheStatement) }},
		{"balance", func() { edit(func(i *handover.Item) { i.Value++ }); again(c, handover.TheStatement) }, func() { again(c, handover.TheBalance, handover.TheStatement) }},
		{"schedule", func() { edit(func(i *handover.Item) { i.Evidence = "" }); again(c, handover.TheStatement) }, func() {
			edit(func(i *handover.Item) { i.Evidence = "Novation 1" })
			again(c, handover.TheStatement)
		}},
		{"scrutiny", func() { heir = scrutinised(c, "2013-06-30") }, func() {
			c.Must(scrutiny.AcceptCharges(t.Context(), c.Tx, heir, "first", []string{scrutiny.AllCharges}))
		}},
	} {
		flips(c, "before "+k.id, nil)
		k.spoil()
		unmoved(c, k.id, func() error { return completeAs(c, c.Secretary, "2013-01-14") }, fault.Conflict, "1 condition is not met: “"+titles[k.id]+"”.")
		k.mend()
	}
	c.Must(completeAs(c, c.Secretary, "2013-01-14"))
	c.Sound()
}

func TestWhenAndByWhomItCompletes(t *testing.T) {
	c := storetest.Begin(t)
	gather(c, "kent", "essex")
	c.Clock.Day("2013-01-20")
	complete := func(v office.Viewer, on civil.Day) func() error { return func() error { return completeAs(c, v, on) } }
	unmoved(c, "tomorrow", complete(c.Secretary, "2013-01-21"), fault.Invalid, "must be today, 20 January 2013, or earlier")
	unmoved(c, "before the last certificate", complete(c.Secretary, "2013-01-13"), fault.Invalid, "cannot be before 14 January 2013")
	unmoved(c, "on no day", complete(c.Secretary, ""), fault.Invalid, "Enter the date")
	unmoved(c, "by an official", complete(c.Official, "2013-01-20"), fault.Forbidden, "Only the company secretary")
	unmoved(c, "by a body", complete(c.Chief("kent"), "2013-01-20"), fault.Forbidden, "Only the company secretary")
	unmoved(c, "by a stranger", complete(office.Viewer{}, "2013-01-20"), fault.Forbidden, "Only the company secretary")
	unmoved(c, "by the portal itself", complete(office.Portal, "2013-01-20"), fault.Forbidden, "Only the company secretary")
	unmoved(c, "on a page that is stale", func() error { return handover.Complete(t.Context(), c.Tx, c.Secretary, "2013-01-20", "") }, fault.Conflict, "has changed since you opened it")
	c.Clock.Day("2013-07-01")
	unmoved(c, "after the longstop day", complete(c.Secretary, "2013-07-01"), fault.Invalid, "after the longstop date, 30 June 2013")
	c.Must(completeAs(c, c.Secretary, "2013-06-30"))
	r, err := register.Read(t.Context(), c.Tx, record.When{Day: "2013-06-29"})
	c.Must(err)
	if len(r.Members) != 2 || r.Members[0].Body != "association" && r.Members[0].Body != office.HomeOffice {
		t.Errorf("the day before: %+v", r.Members)
	}
	if r, err = register.Read(t.Context(), c.Tx, record.When{Day: "2013-06-30"}); err != nil || len(r.Members) != 2 || len(r.Former) != 2 || r.Votes != 2 || r.Members[0].Body != "essex" {
		t.Errorf("on the day: %+v %v", r.Members, err)
	}
	if err := completeAs(c, c.Secretary, "2013-06-30"); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "already completed on 30 June 2013") {
		t.Errorf("twice: %v", err)
	}
	for _, what := range []string{handover.TheBalance, handover.TheStatement} {
		if _, err := handover.Prepare(t.Context(), c.Tx, map[string]office.Viewer{handover.TheBalance: c.Finance, handover.TheStatement: c.Secretary}[what], what); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a %s was prepared after completion: %v", what, err)
		}
		if err := handover.Certify(t.Context(), c.Tx, c.Official, what, c.Handover().Dossier(what).Now); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a %s was certified after completion: %v", what, err)
		}
	}
	c.Sound()
}

func TestACompletionIsAllOrNothing(t *testing.T) {
	c := storetest.Begin(t)
	gather(c, "kent", "essex", "surrey")
	c.Clock.Day("2013-01-16")
	// A director whom the Home Office appoints on the 16th makes its cessation on the 15th impossible, after three admissions were written.
	n := c.Enter(storetest.Director("Ann Bell", 1, office.HomeOffice, "2013-01-16"))
	unmoved(c, "one entry cannot be", func() error { return completeAs(c, c.Secretary, "2013-01-15") }, fault.Invalid, fmt.Sprintf("(entry %d, 16 January 2013)", n))
	c.Sound()
	if len(c.Handover().Against()) != 0 {
		t.Errorf("a failed completion voided something: %+v", c.Handover().Against())
	}
	m, err := handover.AddMilestone(t.Context(), c.Tx, c.Secretary, handover.Milestone{Key: handover.HandoverMilestone, Title: "Handover", Source: "A test", Baseline: "2012-05-31"})
	c.Must(err)
	c.Must(completeAs(c, c.Secretary, "2013-01-16"))
	if got, err := handover.FindMilestone(t.Context(), c.Tx, record.Moment{}, m); err != nil || got.Actual != "2013-01-16" {
		t.Errorf("the milestone of the handover: %+v %v", got, err)
	}
	r, err := register.Read(t.Context(), c.Tx, record.When{})
	c.Must(err)
	if len(r.Members) != 3 || len(r.Former) != 2 || len(r.Directors) != 1 || r.Seats() != 12 {
		t.Errorf("%+v", r)
	}
	c.Sound()
}

func TestTheGateOfTheRegister(t *testing.T) {
	c := storetest.Begin(t)
	kent := func(body string, on civil.Day) register.Entry {
		return storetest.With(storetest.Admitted(body, on, 1), func(e *register.Entry) { e.Class = "Local policing body" })
	}
	try := func(name string, e register.Entry, field string) {
		t.Helper()
		if _, _, err := handover.TryEntry(t.Context(), c.Tx, c.Secretary, e); storetest.FieldOf(err) != field || (err != nil) != (field != "") {
			t.Errorf("%s: fault of %q, want %q: %v", name, storetest.FieldOf(err), field, err)
		}
	}
	correct := func(n int64, e register.Entry) register.Entry {
		e.Kind, e.Corrects, e.Note = register.Correction, n, "It was wrong"
		return e
	}
	pa, gone := c.Enter(storetest.Admitted(kentAuthority, "2012-08-01", 1)), c.Enter(storetest.Ceased(kentAuthority, "2012-11-21"))
	gather(c, "kent", "essex")
	c.Bring("surrey", handover.DeedReceived)
	c.Must(c.Step(c.Chief("surrey"), "surrey", handover.ActWithdraw))
	try("a ready body, before", kent("kent", "2013-01-14"), "body")
	try("an owner ceases, before", storetest.Ceased(office.TheAssociation, "2013-01-14"), "body")
	try("a correction that makes an owner cease, before", correct(gone, storetest.Ceased(office.HomeOffice, "2013-01-14")), "body")
	try("a correction that admits a ready body, before", correct(pa, kent("city-of-london", "2012-08-01")), "registered") // its cessation would be impossible
	c.Enter(correct(gone, register.Entry{Struck: true}))
	try("and once that is struck out", correct(pa, kent("city-of-london", "2012-08-01")), "body")
	try("other than by its handover, a body that is no party ceases", storetest.Ceased(kentAuthority, "2012-09-01"), "")
	c.Enter(storetest.Ceased(kentAuthority, "2012-11-21"))
	c.Must(completeAs(c, c.Secretary, "2013-01-14"))

	c.Bring("norfolk", handover.BodyReady)
	c.Bring("suffolk", handover.DeedReceived)
	r, err := register.Read(t.Context(), c.Tx, record.When{})
	c.Must(err)
	m, _ := r.Member("kent")
	try("a ready body, after", kent("norfolk", "2013-01-14"), "")
	try("a body whose deed is not confirmed, after", kent("suffolk", "2013-01-14"), "body")
	try("a body that withdrew, after", kent("surrey", "2013-01-14"), "body")
	try("a body that was never invited, after", kent("dorset", "2013-01-14"), "body")
	try("a member, again", kent("kent", "2013-01-14"), "body")
	try("a correction of a member's own terms", correct(m.N, storetest.With(kent("kent", "2013-01-14"), func(e *register.Entry) { e.Guarantee = 500 })), "")
	try("a correction to a ready body", correct(m.N, kent("norfolk", "2013-01-14")), "decision")
	try("a correction to a body that is not ready", correct(m.N, kent("suffolk", "2013-01-14")), "body")
	try("a correction of a former member to one that is not ready", correct(pa, kent("dorset", "2013-01-14")), "registered")
	try("a new member ceases, after", storetest.Ceased("kent", "2013-01-14"), "")
	c.Sound()
}

// recorded is a handover without what differs between a present and a past
// reading of the same thing: how it was asked for, and what is not recorded.
func recorded(h handover.Handover) handover.Handover {
	h.Moment, h.Register.KnownOn, h.Register.Latest = record.Moment{}, "", false
	for _, d := range []*handover.Dossier{&h.Balance, &h.Statement} {
		d.Versions = slices.Clone(d.Versions)
		for i := range d.Versions {
			d.Versions[i].N = 0
		}
		if d.Last != nil {
			last := *d.Last
			last.N = 0
			d.Last = &last
		}
	}
	if len(h.Milestones) == 0 {
		h.Milestones = nil
	}
	if len(h.Overrides) == 0 {
		h.Overrides = nil
	}
	return h
}

func TestPastMomentsAreAsTheyWere(t *testing.T) {
	c := storetest.Begin(t)
	ctx := t.Context()
	type then struct {
		name string
		m    record.Moment
		h    handover.Handover
	}
	var all []then
	note := func(name string) {
		t.Helper()
		h := c.Handover()
		all = append(all, then{name, record.Moment{Day: h.Moment.Day, Event: h.Known, Past: true}, h})
	}
	tells := []struct {
		name string
		act  func()
	}{
		{"begun", func() {}},
		{"a milestone", func() {
			_, err := handover.AddMilestone(ctx, c.Tx, c.Officer, handover.Milestone{Key: handover.HandoverMilestone, Title: "Handover", Source: "A test", Baseline: "2012-05-31"})
			c.Must(err)
		}},
		{"a forecast", func() { c.Must(handover.ForecastMilestone(ctx, c.Tx, c.Officer, 1, "2013-04-01", "", "Later")) }},
		{"invited", func() { c.Bring("kent", handover.Invited) }},
		{"resolved", func() { c.Must(c.Step(c.Chief("kent"), "kent", handover.ActResolve)) }},
		{"an item", func() { c.AddItem("Servers", "", 5) }},
		{"a deed", func() { c.Must(c.Step(c.Chief("kent"), "kent", handover.ActDeliver)) }},
		{"an item changed", func() {
			i, err := handover.FindItem(ctx, c.Tx, record.Moment{}, 1)
			c.Must(err)
			i.Evidence = "List"
			c.Must(handover.EditItem(ctx, c.Tx, c.Officer, i))
		}},
		{"confirmed", func() { c.Must(c.Step(c.Secretary, "kent", handover.ActConfirm)) }},
		{"certified", func() { c.Certify() }},
		{"a director, entered for an earlier day", func() { c.Enter(storetest.Director("Ann Bell", 1, office.HomeOffice, "2012-09-01")) }},
		{"voided", func() { c.AddItem("More", "List", 0) }},
		{"another declines", func() {
			c.Bring("essex", handover.Invited)
			c.Must(c.Step(c.Chief("essex"), "essex", handover.ActDecline))
		}},
		{"a new name", func() {
			c.Enter(storetest.Renamed(office.TheAssociation, "Association of Police and Crime Commissioners", "2012-11-22"))
		}},
		{"a new baseline", func() {
			ref := authorised(c, "baseline", authority.Effect{Kind: authority.NewBaseline, Subject: "milestone/1", Value: "2013-04-30"})
			c.Must(handover.RebaselineMilestone(ctx, c.Tx, c.Officer, 1, "2013-04-30", ref))
		}},
		{"a condition overridden", func() { overridden(c, "certified") }},
		{"certified again", func() { again(c, handover.TheBalance, handover.TheStatement) }},
		{"a correction", func() {
			r, err := register.Read(ctx, c.Tx, record.When{})
			c.Must(err)
			e := storetest.Director("Ann Ball", 1, office.HomeOffice, "2012-09-01")
			e.Kind, e.Corrects, e.Note = register.Correction, r.Directors[0].N, "Misspelt"
			c.Enter(e)
		}},
		{"complete", func() { c.Must(completeAs(c, c.Secretary, c.Handover().Moment.Day)) }},
		{"one by one", func() { c.Bring("surrey", handover.BodyReady) }},
		{"and admitted", func() {
			c.Enter(storetest.With(storetest.Admitted("surrey", c.Handover().Moment.Day, 1), func(e *register.Entry) { e.Class = "Local policing body" }))
		}},
	}
	for i, k := range tells {
		if i > 0 && i%2 == 0 { // two acts a day
			c.Clock.Day(civil.DayOf(c.Clock.Now()).Next())
		}
		k.act()
		note(k.name)
	}
	c.Clock.Day("2013-03-01")
	for _, k := range all {
		h, err := handover.Read(ctx, c.Tx, k.m)
		if err != nil {
			t.Errorf("%s: %v", k.name, err)
			continue
		}
		got, want := reflect.ValueOf(recorded(h)), reflect.ValueOf(recorded(k.h))
		for f := range got.NumField() {
			if a, b := got.Field(f).Interface(), want.Field(f).Interface(); !reflect.DeepEqual(a, b) {
				t.Errorf("%s, event %d: %s was\n%+v\nand is told as\n%+v", k.name, k.m.Event, got.Type().Field(f).Name, b, a)
			}
		}
	}
	// The end of each day, as an address asks for it, is what its last act left.
	for i := 1; i < len(all); i += 2 {
		m, err := register.MomentOf(ctx, c.Tx, string(all[i].m.Day))
		c.Must(err)
		if h, err := handover.Read(ctx, c.Tx, m); err != nil || m.Event < all[i].m.Event || h.Answer() != all[i].h.Answer() || !reflect.DeepEqual(h.Conditions, all[i].h.Conditions) {
			t.Errorf("the end of %s: %s, want %s (%v)", m.Day, h.Answer(), all[i].h.Answer(), err)
		}
	}
	h, err := handover.Read(ctx, c.Tx, record.Moment{Day: "2011-01-01", Past: true})
	if err != nil || len(h.Against()) != 7 && len(h.Conditions) != 7 {
		t.Errorf("before anything was recorded: %s %v", h.Answer(), err)
	}
	c.Sound()
}

func TestEveryBodyIsCountedOnce(t *testing.T) {
	c := storetest.Begin(t)
	count := func(when string) {
		t.Helper()
		sum := 0
		for _, s := range handover.AccessionStatuses {
			sum += c.Handover().Count(s)
		}
		if sum != 43 || len(c.Handover().Accessions) != 43 {
			t.Errorf("%s, %d bodies are counted", when, sum)
		}
	}
	count("at first")
	gather(c, "kent", "surrey")
	c.Bring("essex", handover.Invited)
	c.Must(c.Step(c.Chief("essex"), "essex", handover.ActDecline))
	count("under way")
	c.Must(completeAs(c, c.Secretary, "2013-01-14"))
	count("complete")
	if h := c.Handover(); h.Count(handover.IsAdmitted) != 2 || h.Count(handover.Declined) != 1 || h.Count(handover.NotInvited) != 40 {
		t.Errorf("%d admitted, %d declined, %d not invited", h.Count(handover.IsAdmitted), h.Count(handover.Declined), h.Count(handover.NotInvited))
	}
}
