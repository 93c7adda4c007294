package handover_test

import (
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

// also gives a person a second office, confirmed by another person there.
func also(c *storetest.Cast, v office.Viewer, kind office.Kind, body string) office.Viewer {
	c.T.Helper()
	b, _ := office.BodyOf(body)
	storetest.Holder(c.T, c.Tx, kind, body)           // the first there is confirmed by itself
	second := storetest.Holder(c.T, c.Tx, kind, body) // and so the one who confirms is not the maker
	id, err := people.Appoint(c.T.Context(), c.Tx, office.CommandLine, office.Appointment{Person: v.Person, From: max("2012-01-01", b.First),
		Office: office.Office{Body: body, Kind: kind, Title: "Also " + string(kind) + ", " + b.Short}})
	c.Must(err)
	a, err := office.FindAppointment(c.T.Context(), c.Tx, id)
	c.Must(err)
	if a.Status == office.Proposed {
		c.Must(people.DecideAppointment(c.T.Context(), c.Tx, second, id, true, ""))
	}
	w, err := people.ViewerOf(c.T.Context(), c.Tx, v.Person, a.Office.ID)
	c.Must(err)
	return w
}

// as is the same person in another office.
func as(c *storetest.Cast, v office.Viewer, office office.Viewer) office.Viewer {
	c.T.Helper()
	w, err := people.ViewerOf(c.T.Context(), c.Tx, v.Person, office.Office.ID)
	c.Must(err)
	return w
}

func TestTheLifeOfAnAccession(t *testing.T) {
	c := storetest.Begin(t)
	at := map[handover.AccessionStatus]string{handover.NotInvited: "dorset", handover.Invited: "essex", handover.Resolved: "surrey", handover.DeedReceived: "sussex",
		handover.BodyReady: "norfolk", handover.Declined: "cheshire", handover.Withdrawn: "suffolk"}
	for _, status := range []handover.AccessionStatus{handover.Invited, handover.Resolved, handover.DeedReceived, handover.BodyReady} {
		c.Bring(at[status], status)
	}
	c.Bring("cheshire", handover.Invited)
	c.Must(c.Step(c.Chief("cheshire"), "cheshire", handover.ActDecline))
	c.Bring("suffolk", handover.Resolved)
	c.Must(c.Step(c.Chief("suffolk"), "suffolk", handover.ActWithdraw))
	own := func(body string) office.Viewer { return c.Chief(body) }
	is := func(v office.Viewer) func(string) office.Viewer { return func(string) office.Viewer { return v } }
	commissioner := storetest.Holder(t, c.Tx, office.CommissionerOffice, "essex")
	secretary := is(c.Secretary)
	for name, k := range map[string]struct {
		from handover.AccessionStatus
		act  office.Act
		who  func(body string) office.Viewer
		to   handover.AccessionStatus
		kind fault.Kind // 0 when the step is taken
	}{
		"the secretary invites":                        {handover.NotInvited, handover.ActInvite, secretary, handover.Invited, 0},
		"a body does not invite itself":                {handover.NotInvited, handover.ActInvite, own, "", fault.Forbidden},
		"an official does not invite":                  {handover.NotInvited, handover.ActInvite, is(c.Official), "", fault.Forbidden},
		"a stranger does not invite":                   {handover.NotInvited, handover.ActInvite, is(office.Viewer{}), "", fault.Forbidden},
		"a body that was not invited does not resolve": {handover.NotInvited, handover.ActResolve, own, "", fault.Conflict},
		"an invitation is not sent twice":              {handover.Invited, handover.ActInvite, secretary, "", fault.Conflict},
		"the body resolves":                            {handover.Invited, handover.ActResolve, own, handover.Resolved, 0},
		"its commissioner may too":                     {handover.Invited, handover.ActResolve, is(commissioner), handover.Resolved, 0},
		"another body does not resolve for it":         {handover.Invited, handover.ActResolve, is(c.Chief("kent")), "", fault.Forbidden},
		"the secretary does not resolve for it":        {handover.Invited, handover.ActResolve, secretary, "", fault.Forbidden},
		"an association officer does not":              {handover.Invited, handover.ActResolve, is(c.Association), "", fault.Forbidden},
		"the body declines":                            {handover.Invited, handover.ActDecline, own, handover.Declined, 0},
		"another body does not decline for it":         {handover.Invited, handover.ActDecline, is(c.Chief("kent")), "", fault.Forbidden},
		"a body that has not resolved sends no deed":   {handover.Invited, handover.ActDeliver, own, "", fault.Conflict},
		"a body that has not answered cannot withdraw": {handover.Invited, handover.ActWithdraw, own, "", fault.Conflict},
		"the body sends its deed":                      {handover.Resolved, handover.ActDeliver, own, handover.DeedReceived, 0},
		"another body does not send it":                {handover.Resolved, handover.ActDeliver, is(c.Chief("kent")), "", fault.Forbidden},
		"a body does not resolve twice":                {handover.Resolved, handover.ActResolve, own, "", fault.Conflict},
		"a body that resolved can withdraw":            {handover.Resolved, handover.ActWithdraw, own, handover.Withdrawn, 0},
		"what was resolved is no longer declined":      {handover.Resolved, handover.ActDecline, own, "", fault.Conflict},
		"no deed, nothing to confirm":                  {handover.Resolved, handover.ActConfirm, secretary, "", fault.Conflict},
		"the secretary confirms the deed":              {handover.DeedReceived, handover.ActConfirm, secretary, handover.BodyReady, 0},
		"the body does not confirm its own deed":       {handover.DeedReceived, handover.ActConfirm, own, "", fault.Forbidden},
		"a company officer does not confirm it":        {handover.DeedReceived, handover.ActConfirm, is(c.Officer), "", fault.Forbidden},
		"the secretary sends the deed back":            {handover.DeedReceived, handover.ActReturn, secretary, handover.Resolved, 0},
		"the body does not send it back":               {handover.DeedReceived, handover.ActReturn, own, "", fault.Forbidden},
		"a body withdraws after its deed":              {handover.DeedReceived, handover.ActWithdraw, own, handover.Withdrawn, 0},
		"a body withdraws when ready":                  {handover.BodyReady, handover.ActWithdraw, own, handover.Withdrawn, 0},
		"the secretary does not withdraw it":           {handover.BodyReady, handover.ActWithdraw, secretary, "", fault.Forbidden},
		"a confirmed deed is not confirmed again":      {handover.BodyReady, handover.ActConfirm, secretary, "", fault.Conflict},
		"a confirmed deed is not sent back":            {handover.BodyReady, handover.ActReturn, secretary, "", fault.Conflict},
		"a body that declined is invited again":        {handover.Declined, handover.ActInvite, secretary, handover.Invited, 0},
		"a body that declined does not resolve":        {handover.Declined, handover.ActResolve, own, "", fault.Conflict},
		"a body that withdrew is invited again":        {handover.Withdrawn, handover.ActInvite, secretary, handover.Invited, 0},
		"a body that withdrew sends no deed":           {handover.Withdrawn, handover.ActDeliver, own, "", fault.Conflict},
		"an auditor takes no step":                     {handover.Resolved, handover.ActDeliver, is(storetest.Holder(t, c.Tx, office.Auditor, office.TheCompany)), "", fault.Forbidden},
		"an act that is none":                          {handover.Resolved, "dance", own, "", fault.Conflict},
	} {
		body := at[k.from]
		st := handover.Step{Act: k.act, Document: 1, Reason: "A reason.", Reference: "777/2013", DecidedOn: "2013-01-10", DecidedBy: handover.ByBody}
		_, after, err := handover.TryStep(t.Context(), c.Tx, k.who(body), body, st)
		if fault.KindOf(err) != k.kind || err == nil && after.Status != k.to {
			t.Errorf("%s: %s, %v", name, after.Status, err)
		}
	}
	if _, _, err := handover.TryStep(t.Context(), c.Tx, c.Secretary, office.HomeOffice, handover.Step{Act: handover.ActInvite}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a body that is no transferee: %v", err)
	}
	c.Sound()
}

func TestWhatAStepNeeds(t *testing.T) {
	c := storetest.Begin(t)
	c.Bring("kent", handover.Invited)
	c.Bring("essex", handover.DeedReceived)
	c.Bring("city-of-london", handover.Invited)
	c.Must(c.Step(c.Chief("essex"), "essex", handover.ActWithdraw))
	c.Must(c.Step(c.Secretary, "essex", handover.ActInvite))
	resolve := func(change func(*handover.Step)) handover.Step {
		st := handover.Step{Act: handover.ActResolve, Document: 1, Reference: "031/2012", DecidedOn: "2012-12-20", DecidedBy: handover.ByBody}
		change(&st)
		return st
	}
	for name, k := range map[string]struct {
		body  string
		st    handover.Step
		field string
	}{
		"all that it needs":                        {"kent", resolve(func(*handover.Step) {}), ""},
		"decided today":                            {"kent", resolve(func(st *handover.Step) { st.DecidedOn = "2013-01-14" }), ""},
		"decided tomorrow":                         {"kent", resolve(func(st *handover.Step) { st.DecidedOn = "2013-01-15" }), "decided"},
		"decided on the body's first day":          {"kent", resolve(func(st *handover.Step) { st.DecidedOn = "2012-11-22" }), ""},
		"decided the day before the body existed":  {"kent", resolve(func(st *handover.Step) { st.DecidedOn = "2012-11-21" }), "decided"},
		"a body that always existed decided early": {"city-of-london", resolve(func(st *handover.Step) { st.DecidedOn = "2012-07-16" }), ""},
		"no day of decision":                       {"kent", resolve(func(st *handover.Step) { st.DecidedOn = "" }), "decided"},
		"no document":                              {"kent", resolve(func(st *handover.Step) { st.Document = 0 }), "file"},
		"no reference":                             {"kent", resolve(func(st *handover.Step) { st.Reference = " " }), "reference"},
		"a reference that is far too long":         {"kent", resolve(func(st *handover.Step) { st.Reference = strings.Repeat("é", 61) }), "reference"},
		"the reference of an earlier notice":       {"essex", resolve(func(st *handover.Step) { st.Reference = " 001/2013 " }), "reference"},
		"another reference":                        {"essex", resolve(func(st *handover.Step) { st.Reference = "002/2013" }), ""},
		"a reference that another body used":       {"kent", resolve(func(st *handover.Step) { st.Reference = "001/2013" }), ""},
		"nobody decided":                           {"kent", resolve(func(st *handover.Step) { st.DecidedBy = "" }), "by"},
		"somebody else decided":                    {"kent", resolve(func(st *handover.Step) { st.DecidedBy = "the constable" }), "by"},
		"by delegation, without the office":        {"kent", resolve(func(st *handover.Step) { st.DecidedBy = handover.ByDelegate }), "decider"},
		"by delegation":                            {"kent", resolve(func(st *handover.Step) { st.DecidedBy, st.Decider = handover.ByDelegate, "Chief executive" }), ""},
		"by a delegation passed on, without":       {"kent", resolve(func(st *handover.Step) { st.DecidedBy = handover.ByPassingOn }), "decider"},
		"conditions with control characters":       {"kent", resolve(func(st *handover.Step) { st.Reason = "a\x1bb" }), "reason"},
		"declined without a reason":                {"kent", handover.Step{Act: handover.ActDecline, Reason: "\n"}, "reason"},
		"declined with a reason":                   {"kent", handover.Step{Act: handover.ActDecline, Reason: "Too dear"}, ""},
		"declined with far too many words":         {"kent", handover.Step{Act: handover.ActDecline, Reason: strings.Repeat("x", 501)}, "reason"},
	} {
		_, _, err := handover.TryStep(t.Context(), c.Tx, c.Chief(k.body), k.body, k.st)
		if storetest.FieldOf(err) != k.field || (err != nil) != (k.field != "") {
			t.Errorf("%s: fault of %q, want %q: %v", name, storetest.FieldOf(err), k.field, err)
		}
	}
	for act, by := range map[office.Act]office.Viewer{handover.ActDeliver: c.Chief("kent"), handover.ActInvite: c.Secretary, handover.ActConfirm: c.Secretary} {
		if !handover.NeedsDocument(act) {
			t.Errorf("%s by %s needs no document", act, by.Office.Title)
		}
	}
	// A document is a draft of the same person, and used once.
	mine, theirs := c.Draft(c.Chief("kent")), c.Draft(c.Chief("surrey"))
	take := func(doc int64) error {
		return handover.TakeStep(t.Context(), c.Tx, c.Chief("kent"), "kent", resolve(func(st *handover.Step) { st.Document = doc }))
	}
	for name, doc := range map[string]int64{"that is not": 999, "of another person": theirs} {
		if err := take(doc); storetest.FieldOf(err) != "file" {
			t.Errorf("a document %s: %v", name, err)
		}
	}
	c.Must(take(mine))
	if err := handover.TakeStep(t.Context(), c.Tx, c.Chief("kent"), "kent", handover.Step{Act: handover.ActDeliver, Document: mine}); storetest.FieldOf(err) != "file" {
		t.Errorf("one document for two steps: %v", err)
	}
	c.Sound()
}

func TestABodyTakesNoStepBeforeItExists(t *testing.T) {
	s, clock := storetest.OpenSince(t, time.Date(2012, 11, 21, 12, 0, 0, 0, time.UTC))
	sec := storetest.Holder(t, s, office.CompanySecretary, office.TheCompany)
	invite := func(body string) error {
		id, err := documents.KeepDraft(t.Context(), s, sec, "invitation.txt", []byte("Come."))
		if err != nil {
			t.Fatal(err)
		}
		return handover.TakeStep(t.Context(), s, sec, body, handover.Step{Act: handover.ActInvite, Document: id})
	}
	if err := invite("kent"); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "exists from 22 November 2012") {
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
	c := storetest.Begin(t)
	for _, body := range []string{"kent", "essex"} {
		c.Bring(body, handover.Invited)
	}
	secretary2 := storetest.Holder(t, c.Tx, office.CompanySecretary, office.TheCompany)
	atKent := also(c, c.Secretary, office.ChiefExecutive, "kent") // the secretary, for Kent
	c.Must(c.Step(atKent, "kent", handover.ActResolve))
	c.Must(c.Step(c.Chief("kent"), "kent", handover.ActDeliver))
	if err := c.Step(c.Secretary, "kent", handover.ActConfirm); fault.KindOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "another person") {
		t.Errorf("the secretary confirmed a deed after the body's own step: %v", err)
	}
	if err := c.Step(atKent, "kent", handover.ActConfirm); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("and in the other office: %v", err)
	}
	c.Must(c.Step(secretary2, "kent", handover.ActReturn)) // sending back is no step of the body
	c.Must(c.Step(c.Chief("kent"), "kent", handover.ActDeliver))
	c.Must(c.Step(secretary2, "kent", handover.ActConfirm))
	// To invite is no step of the body, and another body's step is not this one's.
	c.Must(c.Step(c.Chief("essex"), "essex", handover.ActResolve))
	c.Must(c.Step(c.Chief("essex"), "essex", handover.ActDeliver))
	c.Must(c.Step(c.Secretary, "essex", handover.ActConfirm))
	c.Sound()
}

func TestAStepEndsWithTheAppointment(t *testing.T) {
	c := storetest.Begin(t)
	c.Bring("kent", handover.Invited)
	chief := c.Chief("kent")
	all, err := office.AppointmentsOf(t.Context(), c.Tx, chief.Person)
	c.Must(err)
	doc := c.Draft(chief)
	c.Must(storetest.EndOffice(t.Context(), c.Tx, c.Administrator, all[0].ID, "2013-01-14"))
	c.Clock.Set(time.Date(2013, 1, 14, 23, 59, 0, 0, time.UTC))
	st := handover.Step{Act: handover.ActResolve, Document: doc, Reference: "1", DecidedOn: "2013-01-10", DecidedBy: handover.ByBody}
	if _, _, err := handover.TryStep(t.Context(), c.Tx, chief, "kent", st); err != nil {
		t.Errorf("on the last day: %v", err)
	}
	size := storetest.HeadOf(t, c.Tx).Size
	c.Clock.Set(time.Date(2013, 1, 15, 0, 0, 0, 0, time.UTC))
	if err := handover.TakeStep(t.Context(), c.Tx, chief, "kent", st); fault.KindOf(err) != fault.Forbidden || storetest.HeadOf(t, c.Tx).Size != size {
		t.Errorf("after midnight: %v", err)
	}
	if a, err := handover.FindAccession(t.Context(), c.Tx, record.Moment{}, "kent"); err != nil || a.Status != handover.Invited || len(a.Steps) != 1 {
		t.Errorf("a refused step left something: %+v %v", a, err)
	}
}
