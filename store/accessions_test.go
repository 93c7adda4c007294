package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// also gives a person a second office, confirmed by another person there.
func (c *cast) also(v store.Viewer, kind store.OfficeKind, body string) store.Viewer {
	c.t.Helper()
	b, _ := store.BodyOf(body)
	storetest.Holder(c.t, c.Store, kind, body)           // the first there is confirmed by itself
	second := storetest.Holder(c.t, c.Store, kind, body) // and so the one who confirms is not the maker
	id, err := c.Appoint(c.t.Context(), store.CommandLine, store.Appointment{Person: v.Person, From: max("2012-01-01", b.First),
		Office: store.Office{Body: body, Kind: kind, Title: "Also " + string(kind) + ", " + b.Short}})
	c.must(err)
	a, err := c.Appointment(c.t.Context(), id)
	c.must(err)
	if a.Status == store.AppointmentProposed {
		c.must(c.DecideAppointment(c.t.Context(), second, id, true, ""))
	}
	w, err := c.ViewerOf(c.t.Context(), v.Person, a.Office.ID)
	c.must(err)
	return w
}

// as is the same person in another office.
func (c *cast) as(v store.Viewer, office store.Viewer) store.Viewer {
	c.t.Helper()
	w, err := c.ViewerOf(c.t.Context(), v.Person, office.Office.ID)
	c.must(err)
	return w
}

func TestTheLifeOfAnAccession(t *testing.T) {
	c := begin(t)
	at := map[store.AccessionStatus]string{store.NotInvited: "dorset", store.Invited: "essex", store.Resolved: "surrey", store.DeedReceived: "sussex",
		store.BodyReady: "norfolk", store.Declined: "cheshire", store.Withdrawn: "suffolk"}
	for _, status := range []store.AccessionStatus{store.Invited, store.Resolved, store.DeedReceived, store.BodyReady} {
		c.bring(at[status], status)
	}
	c.bring("cheshire", store.Invited)
	c.must(c.step(c.at("cheshire"), "cheshire", store.Decline))
	c.bring("suffolk", store.Resolved)
	c.must(c.step(c.at("suffolk"), "suffolk", store.Withdraw))
	own := func(body string) store.Viewer { return c.at(body) }
	is := func(v store.Viewer) func(string) store.Viewer { return func(string) store.Viewer { return v } }
	commissioner := storetest.Holder(t, c.Store, store.CommissionerOffice, "essex")
	secretary := is(c.secretary)
	for name, k := range map[string]struct {
		from store.AccessionStatus
		act  store.Act
		who  func(body string) store.Viewer
		to   store.AccessionStatus
		kind store.Kind // 0 when the step is taken
	}{
		"the secretary invites":                        {store.NotInvited, store.Invite, secretary, store.Invited, 0},
		"a body does not invite itself":                {store.NotInvited, store.Invite, own, "", store.Forbidden},
		"an official does not invite":                  {store.NotInvited, store.Invite, is(c.official), "", store.Forbidden},
		"a stranger does not invite":                   {store.NotInvited, store.Invite, is(store.Viewer{}), "", store.Forbidden},
		"a body that was not invited does not resolve": {store.NotInvited, store.Resolve, own, "", store.Conflict},
		"an invitation is not sent twice":              {store.Invited, store.Invite, secretary, "", store.Conflict},
		"the body resolves":                            {store.Invited, store.Resolve, own, store.Resolved, 0},
		"its commissioner may too":                     {store.Invited, store.Resolve, is(commissioner), store.Resolved, 0},
		"another body does not resolve for it":         {store.Invited, store.Resolve, is(c.at("kent")), "", store.Forbidden},
		"the secretary does not resolve for it":        {store.Invited, store.Resolve, secretary, "", store.Forbidden},
		"an association officer does not":              {store.Invited, store.Resolve, is(c.assoc), "", store.Forbidden},
		"the body declines":                            {store.Invited, store.Decline, own, store.Declined, 0},
		"another body does not decline for it":         {store.Invited, store.Decline, is(c.at("kent")), "", store.Forbidden},
		"a body that has not resolved sends no deed":   {store.Invited, store.Deliver, own, "", store.Conflict},
		"a body that has not answered cannot withdraw": {store.Invited, store.Withdraw, own, "", store.Conflict},
		"the body sends its deed":                      {store.Resolved, store.Deliver, own, store.DeedReceived, 0},
		"another body does not send it":                {store.Resolved, store.Deliver, is(c.at("kent")), "", store.Forbidden},
		"a body does not resolve twice":                {store.Resolved, store.Resolve, own, "", store.Conflict},
		"a body that resolved can withdraw":            {store.Resolved, store.Withdraw, own, store.Withdrawn, 0},
		"what was resolved is no longer declined":      {store.Resolved, store.Decline, own, "", store.Conflict},
		"no deed, nothing to confirm":                  {store.Resolved, store.Confirm, secretary, "", store.Conflict},
		"the secretary confirms the deed":              {store.DeedReceived, store.Confirm, secretary, store.BodyReady, 0},
		"the body does not confirm its own deed":       {store.DeedReceived, store.Confirm, own, "", store.Forbidden},
		"a company officer does not confirm it":        {store.DeedReceived, store.Confirm, is(c.officer), "", store.Forbidden},
		"the secretary sends the deed back":            {store.DeedReceived, store.Return, secretary, store.Resolved, 0},
		"the body does not send it back":               {store.DeedReceived, store.Return, own, "", store.Forbidden},
		"a body withdraws after its deed":              {store.DeedReceived, store.Withdraw, own, store.Withdrawn, 0},
		"a body withdraws when ready":                  {store.BodyReady, store.Withdraw, own, store.Withdrawn, 0},
		"the secretary does not withdraw it":           {store.BodyReady, store.Withdraw, secretary, "", store.Forbidden},
		"a confirmed deed is not confirmed again":      {store.BodyReady, store.Confirm, secretary, "", store.Conflict},
		"a confirmed deed is not sent back":            {store.BodyReady, store.Return, secretary, "", store.Conflict},
		"a body that declined is invited again":        {store.Declined, store.Invite, secretary, store.Invited, 0},
		"a body that declined does not resolve":        {store.Declined, store.Resolve, own, "", store.Conflict},
		"a body that withdrew is invited again":        {store.Withdrawn, store.Invite, secretary, store.Invited, 0},
		"a body that withdrew sends no deed":           {store.Withdrawn, store.Deliver, own, "", store.Conflict},
		"an auditor takes no step":                     {store.Resolved, store.Deliver, is(storetest.Holder(t, c.Store, store.Auditor, store.TheCompany)), "", store.Forbidden},
		"an act that is none":                          {store.Resolved, "dance", own, "", store.Conflict},
	} {
		body := at[k.from]
		st := store.Step{Act: k.act, Document: 1, Reason: "A reason.", Reference: "777/2013", DecidedOn: "2013-01-10", DecidedBy: store.ByBody}
		_, after, err := c.TryStep(t.Context(), k.who(body), body, st)
		if store.KindOf(err) != k.kind || err == nil && after.Status != k.to {
			t.Errorf("%s: %s, %v", name, after.Status, err)
		}
	}
	if _, _, err := c.TryStep(t.Context(), c.secretary, store.HomeOffice, store.Step{Act: store.Invite}); store.KindOf(err) != store.NotFound {
		t.Errorf("a body that is no transferee: %v", err)
	}
	c.sound()
}

func TestWhatAStepNeeds(t *testing.T) {
	c := begin(t)
	c.bring("kent", store.Invited)
	c.bring("essex", store.DeedReceived)
	c.bring("city-of-london", store.Invited)
	c.must(c.step(c.at("essex"), "essex", store.Withdraw))
	c.must(c.step(c.secretary, "essex", store.Invite))
	resolve := func(change func(*store.Step)) store.Step {
		st := store.Step{Act: store.Resolve, Document: 1, Reference: "031/2012", DecidedOn: "2012-12-20", DecidedBy: store.ByBody}
		change(&st)
		return st
	}
	for name, k := range map[string]struct {
		body  string
		st    store.Step
		field string
	}{
		"all that it needs":                        {"kent", resolve(func(*store.Step) {}), ""},
		"decided today":                            {"kent", resolve(func(st *store.Step) { st.DecidedOn = "2013-01-14" }), ""},
		"decided tomorrow":                         {"kent", resolve(func(st *store.Step) { st.DecidedOn = "2013-01-15" }), "decided"},
		"decided on the body's first day":          {"kent", resolve(func(st *store.Step) { st.DecidedOn = "2012-11-22" }), ""},
		"decided the day before the body existed":  {"kent", resolve(func(st *store.Step) { st.DecidedOn = "2012-11-21" }), "decided"},
		"a body that always existed decided early": {"city-of-london", resolve(func(st *store.Step) { st.DecidedOn = "2012-07-16" }), ""},
		"no day of decision":                       {"kent", resolve(func(st *store.Step) { st.DecidedOn = "" }), "decided"},
		"no document":                              {"kent", resolve(func(st *store.Step) { st.Document = 0 }), "file"},
		"no reference":                             {"kent", resolve(func(st *store.Step) { st.Reference = " " }), "reference"},
		"a reference that is far too long":         {"kent", resolve(func(st *store.Step) { st.Reference = strings.Repeat("é", 61) }), "reference"},
		"the reference of an earlier notice":       {"essex", resolve(func(st *store.Step) { st.Reference = " 001/2013 " }), "reference"},
		"another reference":                        {"essex", resolve(func(st *store.Step) { st.Reference = "002/2013" }), ""},
		"a reference that another body used":       {"kent", resolve(func(st *store.Step) { st.Reference = "001/2013" }), ""},
		"nobody decided":                           {"kent", resolve(func(st *store.Step) { st.DecidedBy = "" }), "by"},
		"somebody else decided":                    {"kent", resolve(func(st *store.Step) { st.DecidedBy = "the constable" }), "by"},
		"by delegation, without the office":        {"kent", resolve(func(st *store.Step) { st.DecidedBy = store.ByDelegate }), "decider"},
		"by delegation":                            {"kent", resolve(func(st *store.Step) { st.DecidedBy, st.Decider = store.ByDelegate, "Chief executive" }), ""},
		"by a delegation passed on, without":       {"kent", resolve(func(st *store.Step) { st.DecidedBy = store.ByPassingOn }), "decider"},
		"conditions with control characters":       {"kent", resolve(func(st *store.Step) { st.Reason = "a\x1bb" }), "reason"},
		"declined without a reason":                {"kent", store.Step{Act: store.Decline, Reason: "\n"}, "reason"},
		"declined with a reason":                   {"kent", store.Step{Act: store.Decline, Reason: "Too dear"}, ""},
		"declined with far too many words":         {"kent", store.Step{Act: store.Decline, Reason: strings.Repeat("x", 501)}, "reason"},
	} {
		_, _, err := c.TryStep(t.Context(), c.at(k.body), k.body, k.st)
		if fieldOf(err) != k.field || (err != nil) != (k.field != "") {
			t.Errorf("%s: fault of %q, want %q: %v", name, fieldOf(err), k.field, err)
		}
	}
	for act, by := range map[store.Act]store.Viewer{store.Deliver: c.at("kent"), store.Invite: c.secretary, store.Confirm: c.secretary} {
		if !store.NeedsDocument(act) {
			t.Errorf("%s by %s needs no document", act, by.Office.Title)
		}
	}
	// A document is a draft of the same person, and used once.
	mine, theirs := c.draft(c.at("kent")), c.draft(c.at("surrey"))
	take := func(doc int64) error {
		return c.TakeStep(t.Context(), c.at("kent"), "kent", resolve(func(st *store.Step) { st.Document = doc }))
	}
	for name, doc := range map[string]int64{"that is not": 999, "of another person": theirs} {
		if err := take(doc); fieldOf(err) != "file" {
			t.Errorf("a document %s: %v", name, err)
		}
	}
	c.must(take(mine))
	if err := c.TakeStep(t.Context(), c.at("kent"), "kent", store.Step{Act: store.Deliver, Document: mine}); fieldOf(err) != "file" {
		t.Errorf("one document for two steps: %v", err)
	}
	c.sound()
}

func TestABodyTakesNoStepBeforeItExists(t *testing.T) {
	s, clock := since(t, "2012-11-21T12:00:00Z")
	sec := storetest.Holder(t, s, store.CompanySecretary, store.TheCompany)
	invite := func(body string) error {
		id, err := s.KeepDraft(t.Context(), sec, "invitation.txt", []byte("Come."))
		if err != nil {
			t.Fatal(err)
		}
		return s.TakeStep(t.Context(), sec, body, store.Step{Act: store.Invite, Document: id})
	}
	if err := invite("kent"); store.KindOf(err) != store.Invalid || !strings.Contains(err.Error(), "exists from 22 November 2012") {
		t.Errorf("invited the day before: %v", err)
	}
	for _, body := range []string{"metropolitan", "city-of-london"} { // both existed
		if err := invite(body); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
	clock.Set(time.Date(2012, 11, 22, 0, 0, 0, 0, time.UTC))
	if err := invite("kent"); err != nil {
		t.Errorf("invited on its first day: %v", err)
	}
}

func TestNobodyConfirmsTheirOwnStep(t *testing.T) {
	c := begin(t)
	for _, body := range []string{"kent", "essex"} {
		c.bring(body, store.Invited)
	}
	secretary2 := storetest.Holder(t, c.Store, store.CompanySecretary, store.TheCompany)
	atKent := c.also(c.secretary, store.ChiefExecutive, "kent") // the secretary, for Kent
	c.must(c.step(atKent, "kent", store.Resolve))
	c.must(c.step(c.at("kent"), "kent", store.Deliver))
	if err := c.step(c.secretary, "kent", store.Confirm); store.KindOf(err) != store.Forbidden || !strings.Contains(err.Error(), "another person") {
		t.Errorf("the secretary confirmed a deed after the body's own step: %v", err)
	}
	if err := c.step(atKent, "kent", store.Confirm); store.KindOf(err) != store.Forbidden {
		t.Errorf("and in the other office: %v", err)
	}
	c.must(c.step(secretary2, "kent", store.Return)) // sending back is no step of the body
	c.must(c.step(c.at("kent"), "kent", store.Deliver))
	c.must(c.step(secretary2, "kent", store.Confirm))
	// To invite is no step of the body, and another body's step is not this one's.
	c.must(c.step(c.at("essex"), "essex", store.Resolve))
	c.must(c.step(c.at("essex"), "essex", store.Deliver))
	c.must(c.step(c.secretary, "essex", store.Confirm))
	c.sound()
}

func TestAStepEndsWithTheAppointment(t *testing.T) {
	c := begin(t)
	c.bring("kent", store.Invited)
	chief := c.at("kent")
	all, err := c.AppointmentsOf(t.Context(), chief.Person)
	c.must(err)
	doc := c.draft(chief)
	c.must(c.EndAppointment(t.Context(), c.admin, all[0].ID, "2013-01-14"))
	c.clock.Set(time.Date(2013, 1, 14, 23, 59, 0, 0, time.UTC))
	st := store.Step{Act: store.Resolve, Document: doc, Reference: "1", DecidedOn: "2013-01-10", DecidedBy: store.ByBody}
	if _, _, err := c.TryStep(t.Context(), chief, "kent", st); err != nil {
		t.Errorf("on the last day: %v", err)
	}
	size := headOf(t, c.Store).Size
	c.clock.Set(time.Date(2013, 1, 15, 0, 0, 0, 0, time.UTC))
	if err := c.TakeStep(t.Context(), chief, "kent", st); store.KindOf(err) != store.Forbidden || headOf(t, c.Store).Size != size {
		t.Errorf("after midnight: %v", err)
	}
	if a, err := c.Accession(t.Context(), store.Moment{}, "kent"); err != nil || a.Status != store.Invited || len(a.Steps) != 1 {
		t.Errorf("a refused step left something: %+v %v", a, err)
	}
}
