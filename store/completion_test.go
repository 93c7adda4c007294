package store_test

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
)

func (c *cast) complete(v office.Viewer, on civil.Day) error {
	c.t.Helper()
	return handover.Complete(c.t.Context(), c.Tx, v, on, c.now().Statement.Now)
}

// unmoved fails the test unless a refused act left record and register alone.
func (c *cast) unmoved(name string, act func() error, kind fault.Kind, says string) {
	c.t.Helper()
	size := headOf(c.t, c.Tx).Size
	err := act()
	if fault.KindOf(err) != kind || !strings.Contains(fmt.Sprint(err), says) {
		c.t.Errorf("%s: %v, want a word of %q", name, err, says)
	}
	r, err := register.Read(c.t.Context(), c.Tx, record.When{})
	c.must(err)
	if now := headOf(c.t, c.Tx).Size; now != size || c.now().Programme.Done() || len(r.Members) != 2 || r.Members[0].Class != "Interim owner" {
		c.t.Errorf("%s: %d events were %d, members %+v", name, now, size, r.Members)
	}
}

func TestACompletionNamesWhatStandsAgainstIt(t *testing.T) {
	c := begin(t)
	titles := map[string]string{}
	for _, d := range c.now().Conditions {
		titles[d.ID] = d.Title
	}
	if len(titles) != 8 {
		t.Fatal(titles)
	}
	for id, title := range titles {
		if id == "scrutiny" {
			continue // with nothing done, there is no work to lose
		}
		c.unmoved("with nothing done", func() error { return c.complete(c.secretary, "2013-01-14") }, fault.Conflict, "“"+title+"”")
	}
	c.gather("kent")
	var heir office.Viewer
	edit := func(change func(*handover.Item)) {
		i, err := handover.FindItem(t.Context(), c.Tx, record.Moment{}, 1)
		c.must(err)
		change(&i)
		c.must(handover.EditItem(t.Context(), c.Tx, c.officer, i))
	}
	for _, k := range []struct {
		id          string
		spoil, mend func()
	}{
		{"resolved", func() { c.bring("surrey", handover.Invited) }, func() { c.must(c.step(c.at("surrey"), "surrey", handover.ActDecline)) }},
		{"deeds", func() { c.bring("essex", handover.Resolved) }, func() { c.must(c.step(c.at("essex"), "essex", handover.ActWithdraw)) }},
		{"certified", func() { edit(func(i *handover.Item) { i.Title = "Hosting it" }) }, func() { c.again(handover.TheStatement) }},
		{"balance", func() { edit(func(i *handover.Item) { i.Value++ }); c.again(handover.TheStatement) }, func() { c.again(handover.TheBalance, handover.TheStatement) }},
		{"schedule", func() { edit(func(i *handover.Item) { i.Evidence = "" }); c.again(handover.TheStatement) }, func() {
			edit(func(i *handover.Item) { i.Evidence = "Novation 1" })
			c.again(handover.TheStatement)
		}},
		{"scrutiny", func() { heir = c.scrutinised("2013-06-30") }, func() {
			c.must(scrutiny.AcceptCharges(t.Context(), c.Tx, heir, "first", []string{scrutiny.AllCharges}))
		}},
	} {
		c.flips("before "+k.id, nil)
		k.spoil()
		c.unmoved(k.id, func() error { return c.complete(c.secretary, "2013-01-14") }, fault.Conflict, "1 condition stands against it: “"+titles[k.id]+"”.")
		k.mend()
	}
	c.must(c.complete(c.secretary, "2013-01-14"))
	c.sound()
}

func TestWhenAndByWhomItCompletes(t *testing.T) {
	c := begin(t)
	c.gather("kent", "essex")
	c.clock.Day("2013-01-20")
	complete := func(v office.Viewer, on civil.Day) func() error { return func() error { return c.complete(v, on) } }
	c.unmoved("tomorrow", complete(c.secretary, "2013-01-21"), fault.Invalid, "must be today or earlier")
	c.unmoved("before the last certificate", complete(c.secretary, "2013-01-13"), fault.Invalid, "cannot be before 14 January 2013")
	c.unmoved("on no day", complete(c.secretary, ""), fault.Invalid, "Give the day")
	c.unmoved("by an official", complete(c.official, "2013-01-20"), fault.Forbidden, "Only the company secretary")
	c.unmoved("by a body", complete(c.at("kent"), "2013-01-20"), fault.Forbidden, "Only the company secretary")
	c.unmoved("by a stranger", complete(office.Viewer{}, "2013-01-20"), fault.Forbidden, "Only the company secretary")
	c.unmoved("by the portal itself", complete(office.Portal, "2013-01-20"), fault.Forbidden, "Only the company secretary")
	c.unmoved("on a page that is stale", func() error { return handover.Complete(t.Context(), c.Tx, c.secretary, "2013-01-20", "") }, fault.Conflict, "has changed since you read it")
	c.clock.Day("2013-07-01")
	c.unmoved("after the longstop day", complete(c.secretary, "2013-07-01"), fault.Invalid, "after the longstop day, 30 June 2013")
	c.must(c.complete(c.secretary, "2013-06-30"))
	r, err := register.Read(t.Context(), c.Tx, record.When{Day: "2013-06-29"})
	c.must(err)
	if len(r.Members) != 2 || r.Members[0].Body != "association" && r.Members[0].Body != office.HomeOffice {
		t.Errorf("the day before: %+v", r.Members)
	}
	if r, err = register.Read(t.Context(), c.Tx, record.When{Day: "2013-06-30"}); err != nil || len(r.Members) != 2 || len(r.Former) != 2 || r.Votes != 2 || r.Members[0].Body != "essex" {
		t.Errorf("on the day: %+v %v", r.Members, err)
	}
	if err := c.complete(c.secretary, "2013-06-30"); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "completes once") {
		t.Errorf("twice: %v", err)
	}
	for _, what := range []string{handover.TheBalance, handover.TheStatement} {
		if _, err := handover.Prepare(t.Context(), c.Tx, map[string]office.Viewer{handover.TheBalance: c.finance, handover.TheStatement: c.secretary}[what], what); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a %s was prepared after completion: %v", what, err)
		}
		if err := handover.Certify(t.Context(), c.Tx, c.official, what, c.now().Dossier(what).Now); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a %s was certified after completion: %v", what, err)
		}
	}
	c.sound()
}

func TestACompletionIsAllOrNothing(t *testing.T) {
	c := begin(t)
	c.gather("kent", "essex", "surrey")
	c.clock.Day("2013-01-16")
	// A director whom the Home Office appoints on the 16th makes its cessation on the 15th impossible, after three admissions were written.
	n := c.enter(director("Ann Bell", 1, office.HomeOffice, "2013-01-16"))
	c.unmoved("one entry cannot be", func() error { return c.complete(c.secretary, "2013-01-15") }, fault.Invalid, fmt.Sprintf("(event %d, 16 January 2013)", n))
	c.sound()
	if len(c.now().Against()) != 0 {
		t.Errorf("a failed completion voided something: %+v", c.now().Against())
	}
	m, err := handover.AddMilestone(t.Context(), c.Tx, c.secretary, handover.Milestone{Key: handover.HandoverMilestone, Title: "Handover", Source: "A test", Baseline: "2012-05-31"})
	c.must(err)
	c.must(c.complete(c.secretary, "2013-01-16"))
	if got, err := handover.FindMilestone(t.Context(), c.Tx, record.Moment{}, m); err != nil || got.Actual != "2013-01-16" {
		t.Errorf("the milestone of the handover: %+v %v", got, err)
	}
	r, err := register.Read(t.Context(), c.Tx, record.When{})
	c.must(err)
	if len(r.Members) != 3 || len(r.Former) != 2 || len(r.Directors) != 1 || r.Seats() != 12 {
		t.Errorf("%+v", r)
	}
	c.sound()
}

func TestTheGateOfTheRegister(t *testing.T) {
	c := begin(t)
	kent := func(body string, on civil.Day) register.Entry {
		return with(admitted(body, on, 1), func(e *register.Entry) { e.Class = "Local policing body" })
	}
	try := func(name string, e register.Entry, field string) {
		t.Helper()
		if _, _, err := handover.TryEntry(t.Context(), c.Tx, c.secretary, e); fieldOf(err) != field || (err != nil) != (field != "") {
			t.Errorf("%s: fault of %q, want %q: %v", name, fieldOf(err), field, err)
		}
	}
	correct := func(n int64, e register.Entry) register.Entry {
		e.Kind, e.Corrects, e.Note = register.Correction, n, "It was wrong"
		return e
	}
	pa, gone := c.enter(admitted(kentPA, "2012-08-01", 1)), c.enter(ceased(kentPA, "2012-11-21"))
	c.gather("kent", "essex")
	c.bring("surrey", handover.DeedReceived)
	c.must(c.step(c.at("surrey"), "surrey", handover.ActWithdraw))
	try("a ready body, before", kent("kent", "2013-01-14"), "body")
	try("an owner ceases, before", ceased(office.TheAssociation, "2013-01-14"), "body")
	try("a correction that makes an owner cease, before", correct(gone, ceased(office.HomeOffice, "2013-01-14")), "body")
	try("a correction that admits a ready body, before", correct(pa, kent("city-of-london", "2012-08-01")), "registered") // its cessation would be impossible
	c.enter(correct(gone, register.Entry{Struck: true}))
	try("and once that is struck out", correct(pa, kent("city-of-london", "2012-08-01")), "body")
	try("other than by its handover, a body that is no party ceases", ceased(kentPA, "2012-09-01"), "")
	c.enter(ceased(kentPA, "2012-11-21"))
	c.must(c.complete(c.secretary, "2013-01-14"))

	c.bring("norfolk", handover.BodyReady)
	c.bring("suffolk", handover.DeedReceived)
	r, err := register.Read(t.Context(), c.Tx, record.When{})
	c.must(err)
	m, _ := r.Member("kent")
	try("a ready body, after", kent("norfolk", "2013-01-14"), "")
	try("a body whose deed is not confirmed, after", kent("suffolk", "2013-01-14"), "body")
	try("a body that withdrew, after", kent("surrey", "2013-01-14"), "body")
	try("a body that was never invited, after", kent("dorset", "2013-01-14"), "body")
	try("a member, again", kent("kent", "2013-01-14"), "body")
	try("a correction of a member's own terms", correct(m.N, with(kent("kent", "2013-01-14"), func(e *register.Entry) { e.Guarantee = 500 })), "")
	try("a correction to a ready body", correct(m.N, kent("norfolk", "2013-01-14")), "")
	try("a correction to a body that is not ready", correct(m.N, kent("suffolk", "2013-01-14")), "body")
	try("a correction of a former member to one that is not ready", correct(pa, kent("dorset", "2013-01-14")), "registered")
	try("a new member ceases, after", ceased("kent", "2013-01-14"), "")
	c.sound()
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
	c := begin(t)
	ctx := t.Context()
	type then struct {
		name string
		m    record.Moment
		h    handover.Handover
	}
	var all []then
	note := func(name string) {
		t.Helper()
		h := c.now()
		all = append(all, then{name, record.Moment{Day: h.Moment.Day, Event: h.Known, Past: true}, h})
	}
	tells := []struct {
		name string
		act  func()
	}{
		{"begun", func() {}},
		{"a milestone", func() {
			_, err := handover.AddMilestone(ctx, c.Tx, c.officer, handover.Milestone{Key: handover.HandoverMilestone, Title: "Handover", Source: "A test", Baseline: "2012-05-31"})
			c.must(err)
		}},
		{"a forecast", func() { c.must(handover.ForecastMilestone(ctx, c.Tx, c.officer, 1, "2013-04-01", "", "Later")) }},
		{"invited", func() { c.bring("kent", handover.Invited) }},
		{"resolved", func() { c.must(c.step(c.at("kent"), "kent", handover.ActResolve)) }},
		{"an item", func() { c.item("Servers", "", 5) }},
		{"a deed", func() { c.must(c.step(c.at("kent"), "kent", handover.ActDeliver)) }},
		{"an item changed", func() {
			i, err := handover.FindItem(ctx, c.Tx, record.Moment{}, 1)
			c.must(err)
			i.Evidence = "List"
			c.must(handover.EditItem(ctx, c.Tx, c.officer, i))
		}},
		{"confirmed", func() { c.must(c.step(c.secretary, "kent", handover.ActConfirm)) }},
		{"certified", func() { c.certify() }},
		{"a director, entered for an earlier day", func() { c.enter(director("Ann Bell", 1, office.HomeOffice, "2012-09-01")) }},
		{"voided", func() { c.item("More", "List", 0) }},
		{"another declines", func() {
			c.bring("essex", handover.Invited)
			c.must(c.step(c.at("essex"), "essex", handover.ActDecline))
		}},
		{"a new name", func() {
			c.enter(renamed(office.TheAssociation, "Association of Police and Crime Commissioners", "2012-11-22"))
		}},
		{"a new baseline", func() {
			ref := c.authorised("baseline", authority.Effect{Kind: authority.NewBaseline, Subject: "milestone/1", Value: "2013-04-30"})
			c.must(handover.RebaselineMilestone(ctx, c.Tx, c.officer, 1, "2013-04-30", ref))
		}},
		{"a condition overridden", func() { c.overridden("certified") }},
		{"certified again", func() { c.again(handover.TheBalance, handover.TheStatement) }},
		{"a correction", func() {
			r, err := register.Read(ctx, c.Tx, record.When{})
			c.must(err)
			e := director("Ann Ball", 1, office.HomeOffice, "2012-09-01")
			e.Kind, e.Corrects, e.Note = register.Correction, r.Directors[0].N, "Misspelt"
			c.enter(e)
		}},
		{"complete", func() { c.must(c.complete(c.secretary, c.now().Moment.Day)) }},
		{"one by one", func() { c.bring("surrey", handover.BodyReady) }},
		{"and admitted", func() {
			c.enter(with(admitted("surrey", c.now().Moment.Day, 1), func(e *register.Entry) { e.Class = "Local policing body" }))
		}},
	}
	for i, k := range tells {
		if i > 0 && i%2 == 0 { // two acts a day
			c.clock.Day(civil.DayOf(c.clock.Now()).Next())
		}
		k.act()
		note(k.name)
	}
	c.clock.Day("2013-03-01")
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
		c.must(err)
		if h, err := handover.Read(ctx, c.Tx, m); err != nil || m.Event < all[i].m.Event || h.Answer() != all[i].h.Answer() || !reflect.DeepEqual(h.Conditions, all[i].h.Conditions) {
			t.Errorf("the end of %s: %s, want %s (%v)", m.Day, h.Answer(), all[i].h.Answer(), err)
		}
	}
	h, err := handover.Read(ctx, c.Tx, record.Moment{Day: "2011-01-01", Past: true})
	if err != nil || len(h.Against()) != 7 && len(h.Conditions) != 7 {
		t.Errorf("before anything was recorded: %s %v", h.Answer(), err)
	}
	c.sound()
}

func TestEveryBodyIsCountedOnce(t *testing.T) {
	c := begin(t)
	count := func(when string) {
		t.Helper()
		sum := 0
		for _, s := range handover.AccessionStatuses {
			sum += c.now().Count(s)
		}
		if sum != 43 || len(c.now().Accessions) != 43 {
			t.Errorf("%s, %d bodies are counted", when, sum)
		}
	}
	count("at first")
	c.gather("kent", "surrey")
	c.bring("essex", handover.Invited)
	c.must(c.step(c.at("essex"), "essex", handover.ActDecline))
	count("under way")
	c.must(c.complete(c.secretary, "2013-01-14"))
	count("complete")
	if h := c.now(); h.Count(handover.IsAdmitted) != 2 || h.Count(handover.Declined) != 1 || h.Count(handover.NotInvited) != 40 {
		t.Errorf("%d admitted, %d declined, %d not invited", h.Count(handover.IsAdmitted), h.Count(handover.Declined), h.Count(handover.NotInvited))
	}
}
