package store_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
)

func (c *cast) complete(v store.Viewer, on store.Day) error {
	c.t.Helper()
	return c.Complete(c.t.Context(), v, on, c.now().Statement.Now)
}

// unmoved fails the test unless a refused act left record and register alone.
func (c *cast) unmoved(name string, act func() error, kind store.Kind, says string) {
	c.t.Helper()
	size := headOf(c.t, c.Store).Size
	err := act()
	if store.KindOf(err) != kind || !strings.Contains(fmt.Sprint(err), says) {
		c.t.Errorf("%s: %v, want a word of %q", name, err, says)
	}
	r, err := c.Register(c.t.Context(), store.When{})
	c.must(err)
	if now := headOf(c.t, c.Store).Size; now != size || c.now().Programme.Done() || len(r.Members) != 2 || r.Members[0].Class != "Interim owner" {
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
		c.unmoved("with nothing done", func() error { return c.complete(c.secretary, "2013-01-14") }, store.Conflict, "“"+title+"”")
	}
	c.gather("kent")
	var heir store.Viewer
	edit := func(change func(*store.Item)) {
		i, err := c.Item(t.Context(), store.Moment{}, 1)
		c.must(err)
		change(&i)
		c.must(c.EditItem(t.Context(), c.officer, i))
	}
	for _, k := range []struct {
		id          string
		spoil, mend func()
	}{
		{"resolved", func() { c.bring("surrey", store.Invited) }, func() { c.must(c.step(c.at("surrey"), "surrey", store.Decline)) }},
		{"deeds", func() { c.bring("essex", store.Resolved) }, func() { c.must(c.step(c.at("essex"), "essex", store.Withdraw)) }},
		{"certified", func() { edit(func(i *store.Item) { i.Title = "Hosting it" }) }, func() { c.again(store.TheStatement) }},
		{"balance", func() { edit(func(i *store.Item) { i.Value++ }); c.again(store.TheStatement) }, func() { c.again(store.TheBalance, store.TheStatement) }},
		{"schedule", func() { edit(func(i *store.Item) { i.Evidence = "" }); c.again(store.TheStatement) }, func() {
			edit(func(i *store.Item) { i.Evidence = "Novation 1" })
			c.again(store.TheStatement)
		}},
		{"scrutiny", func() { heir = c.scrutinised("2013-06-30") }, func() { c.must(c.AcceptCharges(t.Context(), heir, "first", []string{store.AllCharges})) }},
	} {
		c.flips("before "+k.id, nil)
		k.spoil()
		c.unmoved(k.id, func() error { return c.complete(c.secretary, "2013-01-14") }, store.Conflict, "1 condition stands against it: “"+titles[k.id]+"”.")
		k.mend()
	}
	c.must(c.complete(c.secretary, "2013-01-14"))
	c.sound()
}

func TestWhenAndByWhomItCompletes(t *testing.T) {
	c := begin(t)
	c.gather("kent", "essex")
	c.clock.Day("2013-01-20")
	complete := func(v store.Viewer, on store.Day) func() error { return func() error { return c.complete(v, on) } }
	c.unmoved("tomorrow", complete(c.secretary, "2013-01-21"), store.Invalid, "must be today or earlier")
	c.unmoved("before the last certificate", complete(c.secretary, "2013-01-13"), store.Invalid, "cannot be before 14 January 2013")
	c.unmoved("on no day", complete(c.secretary, ""), store.Invalid, "Give the day")
	c.unmoved("by an official", complete(c.official, "2013-01-20"), store.Forbidden, "Only the company secretary")
	c.unmoved("by a body", complete(c.at("kent"), "2013-01-20"), store.Forbidden, "Only the company secretary")
	c.unmoved("by a stranger", complete(store.Viewer{}, "2013-01-20"), store.Forbidden, "Only the company secretary")
	c.unmoved("by the portal itself", complete(store.Portal, "2013-01-20"), store.Forbidden, "Only the company secretary")
	c.unmoved("on a page that is stale", func() error { return c.Complete(t.Context(), c.secretary, "2013-01-20", "") }, store.Conflict, "has changed since you read it")
	c.clock.Day("2013-07-01")
	c.unmoved("after the longstop day", complete(c.secretary, "2013-07-01"), store.Invalid, "after the longstop day, 30 June 2013")
	c.must(c.complete(c.secretary, "2013-06-30"))
	r, err := c.Register(t.Context(), store.When{Day: "2013-06-29"})
	c.must(err)
	if len(r.Members) != 2 || r.Members[0].Body != "association" && r.Members[0].Body != store.HomeOffice {
		t.Errorf("the day before: %+v", r.Members)
	}
	if r, err = c.Register(t.Context(), store.When{Day: "2013-06-30"}); err != nil || len(r.Members) != 2 || len(r.Former) != 2 || r.Votes != 2 || r.Members[0].Body != "essex" {
		t.Errorf("on the day: %+v %v", r.Members, err)
	}
	if err := c.complete(c.secretary, "2013-06-30"); store.KindOf(err) != store.Conflict || !strings.Contains(err.Error(), "completes once") {
		t.Errorf("twice: %v", err)
	}
	for _, what := range []string{store.TheBalance, store.TheStatement} {
		if _, err := c.Prepare(t.Context(), map[string]store.Viewer{store.TheBalance: c.finance, store.TheStatement: c.secretary}[what], what); store.KindOf(err) != store.Conflict {
			t.Errorf("a %s was prepared after completion: %v", what, err)
		}
		if err := c.Certify(t.Context(), c.official, what, c.now().Dossier(what).Now); store.KindOf(err) != store.Conflict {
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
	n := c.enter(director("Ann Bell", 1, store.HomeOffice, "2013-01-16"))
	c.unmoved("one entry cannot be", func() error { return c.complete(c.secretary, "2013-01-15") }, store.Invalid, fmt.Sprintf("(event %d, 16 January 2013)", n))
	c.sound()
	if len(c.now().Against()) != 0 {
		t.Errorf("a failed completion voided something: %+v", c.now().Against())
	}
	m, err := c.AddMilestone(t.Context(), c.secretary, store.Milestone{Key: store.HandoverMilestone, Title: "Handover", Source: "A test", Baseline: "2012-05-31"})
	c.must(err)
	c.must(c.complete(c.secretary, "2013-01-16"))
	if got, err := c.Milestone(t.Context(), store.Moment{}, m); err != nil || got.Actual != "2013-01-16" {
		t.Errorf("the milestone of the handover: %+v %v", got, err)
	}
	r, err := c.Register(t.Context(), store.When{})
	c.must(err)
	if len(r.Members) != 3 || len(r.Former) != 2 || len(r.Directors) != 1 || r.Seats() != 12 {
		t.Errorf("%+v", r)
	}
	c.sound()
}

func TestTheGateOfTheRegister(t *testing.T) {
	c := begin(t)
	kent := func(body string, on store.Day) store.Entry {
		return with(admitted(body, on, 1), func(e *store.Entry) { e.Class = "Local policing body" })
	}
	try := func(name string, e store.Entry, field string) {
		t.Helper()
		if _, _, err := c.TryEntry(t.Context(), c.secretary, e); fieldOf(err) != field || (err != nil) != (field != "") {
			t.Errorf("%s: fault of %q, want %q: %v", name, fieldOf(err), field, err)
		}
	}
	correct := func(n int64, e store.Entry) store.Entry {
		e.Kind, e.Corrects, e.Note = store.Correction, n, "It was wrong"
		return e
	}
	pa, gone := c.enter(admitted(kentPA, "2012-08-01", 1)), c.enter(ceased(kentPA, "2012-11-21"))
	c.gather("kent", "essex")
	c.bring("surrey", store.DeedReceived)
	c.must(c.step(c.at("surrey"), "surrey", store.Withdraw))
	try("a ready body, before", kent("kent", "2013-01-14"), "body")
	try("an owner ceases, before", ceased(store.TheAssociation, "2013-01-14"), "body")
	try("a correction that makes an owner cease, before", correct(gone, ceased(store.HomeOffice, "2013-01-14")), "body")
	try("a correction that admits a ready body, before", correct(pa, kent("city-of-london", "2012-08-01")), "registered") // its cessation would be impossible
	c.enter(correct(gone, store.Entry{Struck: true}))
	try("and once that is struck out", correct(pa, kent("city-of-london", "2012-08-01")), "body")
	try("other than by its handover, a body that is no party ceases", ceased(kentPA, "2012-09-01"), "")
	c.enter(ceased(kentPA, "2012-11-21"))
	c.must(c.complete(c.secretary, "2013-01-14"))

	c.bring("norfolk", store.BodyReady)
	c.bring("suffolk", store.DeedReceived)
	r, err := c.Register(t.Context(), store.When{})
	c.must(err)
	m, _ := r.Member("kent")
	try("a ready body, after", kent("norfolk", "2013-01-14"), "")
	try("a body whose deed is not confirmed, after", kent("suffolk", "2013-01-14"), "body")
	try("a body that withdrew, after", kent("surrey", "2013-01-14"), "body")
	try("a body that was never invited, after", kent("dorset", "2013-01-14"), "body")
	try("a member, again", kent("kent", "2013-01-14"), "body")
	try("a correction of a member's own terms", correct(m.N, with(kent("kent", "2013-01-14"), func(e *store.Entry) { e.Guarantee = 500 })), "")
	try("a correction to a ready body", correct(m.N, kent("norfolk", "2013-01-14")), "")
	try("a correction to a body that is not ready", correct(m.N, kent("suffolk", "2013-01-14")), "body")
	try("a correction of a former member to one that is not ready", correct(pa, kent("dorset", "2013-01-14")), "registered")
	try("a new member ceases, after", ceased("kent", "2013-01-14"), "")
	c.sound()
}

// recorded is a handover without what differs between a present and a past
// reading of the same thing: how it was asked for, and what is not recorded.
func recorded(h store.Handover) store.Handover {
	h.Moment, h.Register.KnownOn, h.Register.Latest = store.Moment{}, "", false
	for _, d := range []*store.Dossier{&h.Balance, &h.Statement} {
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
		m    store.Moment
		h    store.Handover
	}
	var all []then
	note := func(name string) {
		t.Helper()
		h := c.now()
		all = append(all, then{name, store.Moment{Day: h.Moment.Day, Event: h.Known, Past: true}, h})
	}
	tells := []struct {
		name string
		act  func()
	}{
		{"begun", func() {}},
		{"a milestone", func() {
			_, err := c.AddMilestone(ctx, c.officer, store.Milestone{Key: store.HandoverMilestone, Title: "Handover", Source: "A test", Baseline: "2012-05-31"})
			c.must(err)
		}},
		{"a forecast", func() { c.must(c.ForecastMilestone(ctx, c.officer, 1, "2013-04-01", "", "Later")) }},
		{"invited", func() { c.bring("kent", store.Invited) }},
		{"resolved", func() { c.must(c.step(c.at("kent"), "kent", store.Resolve)) }},
		{"an item", func() { c.item("Servers", "", 5) }},
		{"a deed", func() { c.must(c.step(c.at("kent"), "kent", store.Deliver)) }},
		{"an item changed", func() {
			i, err := c.Item(ctx, store.Moment{}, 1)
			c.must(err)
			i.Evidence = "List"
			c.must(c.EditItem(ctx, c.officer, i))
		}},
		{"confirmed", func() { c.must(c.step(c.secretary, "kent", store.Confirm)) }},
		{"certified", func() { c.certify() }},
		{"a director, entered for an earlier day", func() { c.enter(director("Ann Bell", 1, store.HomeOffice, "2012-09-01")) }},
		{"voided", func() { c.item("More", "List", 0) }},
		{"another declines", func() {
			c.bring("essex", store.Invited)
			c.must(c.step(c.at("essex"), "essex", store.Decline))
		}},
		{"a new name", func() {
			c.enter(renamed(store.TheAssociation, "Association of Police and Crime Commissioners", "2012-11-22"))
		}},
		{"a new baseline", func() {
			ref := c.authorised("baseline", store.Effect{Kind: store.NewBaseline, Subject: "milestone/1", Value: "2013-04-30"})
			c.must(c.Rebaseline(ctx, c.officer, 1, "2013-04-30", ref))
		}},
		{"a condition overridden", func() { c.overridden("certified") }},
		{"certified again", func() { c.again(store.TheBalance, store.TheStatement) }},
		{"a correction", func() {
			r, err := c.Register(ctx, store.When{})
			c.must(err)
			e := director("Ann Ball", 1, store.HomeOffice, "2012-09-01")
			e.Kind, e.Corrects, e.Note = store.Correction, r.Directors[0].N, "Misspelt"
			c.enter(e)
		}},
		{"complete", func() { c.must(c.complete(c.secretary, c.now().Moment.Day)) }},
		{"one by one", func() { c.bring("surrey", store.BodyReady) }},
		{"and admitted", func() {
			c.enter(with(admitted("surrey", c.now().Moment.Day, 1), func(e *store.Entry) { e.Class = "Local policing body" }))
		}},
	}
	for i, k := range tells {
		if i > 0 && i%2 == 0 { // two acts a day
			c.clock.Day(store.DayOf(c.clock.Now()).Next())
		}
		k.act()
		note(k.name)
	}
	c.clock.Day("2013-03-01")
	for _, k := range all {
		h, err := c.Handover(ctx, k.m)
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
		m, err := c.Moment(ctx, string(all[i].m.Day))
		c.must(err)
		if h, err := c.Handover(ctx, m); err != nil || m.Event < all[i].m.Event || h.Answer() != all[i].h.Answer() || !reflect.DeepEqual(h.Conditions, all[i].h.Conditions) {
			t.Errorf("the end of %s: %s, want %s (%v)", m.Day, h.Answer(), all[i].h.Answer(), err)
		}
	}
	h, err := c.Handover(ctx, store.Moment{Day: "2011-01-01", Past: true})
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
		for _, s := range store.AccessionStatuses {
			sum += c.now().Count(s)
		}
		if sum != 43 || len(c.now().Accessions) != 43 {
			t.Errorf("%s, %d bodies are counted", when, sum)
		}
	}
	count("at first")
	c.gather("kent", "surrey")
	c.bring("essex", store.Invited)
	c.must(c.step(c.at("essex"), "essex", store.Decline))
	count("under way")
	c.must(c.complete(c.secretary, "2013-01-14"))
	count("complete")
	if h := c.now(); h.Count(store.IsAdmitted) != 2 || h.Count(store.Declined) != 1 || h.Count(store.NotInvited) != 40 {
		t.Errorf("%d admitted, %d declined, %d not invited", h.Count(store.IsAdmitted), h.Count(store.Declined), h.Count(store.NotInvited))
	}
}
