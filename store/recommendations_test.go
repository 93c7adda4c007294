package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// A panel is a committee, and those who answer to it.
type panel struct {
	*store.Store
	t                          testing.TB
	clock                      *storetest.Clock
	chair, clerk, member       store.Viewer
	officer, secretary, dorset store.Viewer
}

func newPanel(t testing.TB) panel {
	t.Helper()
	s, clock := storetest.OpenClock(t)
	return panelOn(t, s, clock)
}

func panelOn(t testing.TB, s *store.Store, clock *storetest.Clock) panel {
	t.Helper()
	b := panel{Store: s, t: t, clock: clock,
		chair: storetest.Holder(t, s, store.Chair, store.TheAssociation), clerk: storetest.Holder(t, s, store.Clerk, store.TheAssociation),
		member:  storetest.Holder(t, s, store.CommissionerOffice, "kent"),
		officer: storetest.Holder(t, s, store.CompanyOfficer, store.TheCompany), secretary: storetest.Holder(t, s, store.CompanySecretary, store.TheCompany),
		dorset: storetest.Holder(t, s, store.CommissionerOffice, "dorset")}
	committee(t, s, "scrutiny", "2013-01-14", "2014-12-31", b.chair, b.member, b.clerk)
	return b
}

func (b panel) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

var publishContracts = store.RecommendationForm{Kind: store.ChargeRecommendation, Committee: "scrutiny", Body: store.TheCompany, Title: "Publish every contract above £10,000",
	Text: "The company should publish every contract above £10,000 within 30 days.", Source: store.Origin{Text: "First report (sample), paragraph 14", Href: "/inquiries/hosting/report"}}

var promisesIt = store.RecommendationForm{Kind: store.ChargeUndertaking, Committee: "scrutiny", Body: store.TheCompany, Title: "Publish the price list",
	Text: "“We will publish the price list by the summer.”", Source: store.Origin{Text: "Minute 4 of 14 January 2013 (sample)", Href: "/meetings/3#minute-4"}, Target: "2013-06-30"}

func (b panel) make(f store.RecommendationForm) string {
	b.t.Helper()
	ref, err := b.MakeRecommendation(b.t.Context(), b.clerk, f)
	b.must(err)
	return ref
}

func (b panel) see(ref string) store.RecommendationAt {
	b.t.Helper()
	r, err := b.Recommendation(b.t.Context(), ref)
	b.must(err)
	return r
}

func (b panel) act(by store.Viewer, ref string, act store.Act, st store.RecommendationStep) {
	b.t.Helper()
	b.must(b.ActOnRecommendation(b.t.Context(), by, ref, act, st))
}

// refused fails the test unless an act is refused so, and nothing was recorded.
func (b panel) refused(name string, kind store.Kind, says string, act func() error) {
	b.t.Helper()
	size := headOf(b.t, b.Store).Size
	if err := act(); store.KindOf(err) != kind || !strings.Contains(fmt.Sprint(err), says) {
		b.t.Errorf("%s: %v, want %q", name, err, says)
	}
	if now := headOf(b.t, b.Store).Size; now != size {
		b.t.Errorf("%s: %d events were recorded", name, now-size)
	}
}

var acceptsIt = store.RecommendationStep{Acceptance: store.Accepted, Target: "2013-06-30"}

func TestARecommendationIsMadeAnsweredClaimedAndVerified(t *testing.T) {
	b := newPanel(t)
	ref := b.make(publishContracts)
	r := b.see(ref)
	if ref != "2013-001" || r.Made != "2013-01-14" || r.ResponseDue != "2013-03-14" || r.Waits() != store.WaitsResponse || r.Charge.Due != "2013-03-14" || !r.Charge.Open || r.Charge.Title != r.Title || r.Charge.Kind != store.ChargeRecommendation {
		t.Fatalf("%+v", r)
	}
	b.refused("a claim before a response", store.Conflict, "Respond to this first", func() error {
		return b.ActOnRecommendation(t.Context(), b.officer, ref, store.ClaimIt, store.RecommendationStep{Text: "Done."})
	})
	b.act(b.officer, ref, store.RespondToIt, acceptsIt)
	if r := b.see(ref); r.Acceptance != store.Accepted || r.First != "2013-06-30" || r.Due() != "2013-06-30" || r.Charge.Due != "2013-06-30" {
		t.Fatalf("%+v", r)
	}
	b.act(b.officer, ref, store.NoteProgress, store.RecommendationStep{Text: "Half are published."})
	b.act(b.officer, ref, store.MoveTarget, store.RecommendationStep{Target: "2013-09-30", Reason: "A supplier objects."})
	b.act(b.officer, ref, store.MoveTarget, store.RecommendationStep{Target: "2013-11-20", Reason: "It still does."})
	if r := b.see(ref); r.First != "2013-06-30" || r.Target != "2013-11-20" || len(r.Moves) != 2 || r.Slip() != 143 || r.Implementation != store.InProgress || !r.Late("2013-11-21") || r.Late("2013-11-20") {
		t.Fatalf("%+v", r)
	}
	b.act(b.officer, ref, store.ClaimIt, store.RecommendationStep{Text: "All are on the register."})
	if r := b.see(ref); r.Due() != "" || r.Charge.Due != "" || !r.Charge.Open || r.Waits() != store.WaitsVerdict {
		t.Fatalf("%+v", r)
	}
	b.act(b.clerk, ref, store.RefuseClaim, store.RecommendationStep{Text: "Minute 3 of the meeting of 1 July 2013: four are missing."})
	if r := b.see(ref); r.Implementation != store.NotVerified || r.Charge.Due != "2013-11-20" || r.Claims[0].Verdict.Verified {
		t.Fatalf("%+v", r)
	}
	b.act(b.officer, ref, store.ClaimIt, store.RecommendationStep{Text: "The four are there."})
	b.act(b.chair, ref, store.VerifyIt, store.RecommendationStep{Text: "Minute 5 of the meeting of 1 October 2013."})
	r = b.see(ref)
	if r.Open() || r.Charge.Open || r.Charge.Due != "" || r.Implementation != store.VerifiedDone || r.Turn != 9 || len(r.Events) != 9 || !r.Claims[1].Verdict.Verified {
		t.Fatalf("%+v", r)
	}
	e := lastOf(t, b.Store, "recommendation/2013-001")
	if e.Act != "recommendation.verify" || e.About != store.TheCompany || e.N != r.Claims[1].Verdict.Mark.N || !strings.Contains(e.Payload, `"charge/recommendation/2013-001"`) {
		t.Fatalf("%+v", e)
	}
	for _, act := range store.RecommendationActs {
		for _, v := range []store.Viewer{b.officer, b.chair} {
			if r.May(act, v) == nil {
				t.Errorf("%s after it was closed", act)
			}
		}
	}
	sound(t, b.Store)
}

func TestAnUndertakingIsAcceptedFromTheStart(t *testing.T) {
	b := newPanel(t)
	ref := b.make(promisesIt)
	r := b.see(ref)
	if r.Acceptance != store.Accepted || r.First != "2013-06-30" || r.Due() != "2013-06-30" || r.ResponseDue != "" || r.Charge.Kind != store.ChargeUndertaking {
		t.Fatalf("%+v", r)
	}
	b.refused("a response", store.Conflict, "needs no response", func() error {
		return b.ActOnRecommendation(t.Context(), b.officer, ref, store.RespondToIt, acceptsIt)
	})
	b.act(b.officer, ref, store.ClaimIt, store.RecommendationStep{Text: "It is published."})
	b.act(b.chair, ref, store.VerifyIt, store.RecommendationStep{Text: "Minute 1 (sample)."})
	if next := b.make(publishContracts); next != "2013-002" {
		t.Error(next)
	}
	sound(t, b.Store)
}

func TestWhatIsWrongWithARecommendationIsToldAtOnce(t *testing.T) {
	b := newPanel(t)
	for name, x := range map[string]struct {
		change func(*store.RecommendationForm)
		fields string
	}{
		"nothing":                     {func(f *store.RecommendationForm) { *f = store.RecommendationForm{Committee: "scrutiny"} }, "[kind title text source body]"},
		"an address elsewhere":        {func(f *store.RecommendationForm) { f.Source.Href = "//example.org" }, "[address]"},
		"a script":                    {func(f *store.RecommendationForm) { f.Source.Href = "javascript:alert(1)" }, "[address]"},
		"no such committee":           {func(f *store.RecommendationForm) { f.Committee = "none" }, "[committee]"},
		"no such body":                {func(f *store.RecommendationForm) { f.Body = "atlantis" }, "[body]"},
		"a target that is not theirs": {func(f *store.RecommendationForm) { f.Target = "2014-01-01" }, "[target]"},
		"a promise without a day":     {func(f *store.RecommendationForm) { f.Kind = store.ChargeUndertaking }, "[target]"},
		"a promise for yesterday":     {func(f *store.RecommendationForm) { f.Kind, f.Target = store.ChargeUndertaking, "2013-01-13" }, "[target]"},
	} {
		f := publishContracts
		x.change(&f)
		if _, err := b.MakeRecommendation(t.Context(), b.clerk, f); fmt.Sprint(faultFields(err)) != x.fields {
			t.Errorf("%s: %v %v", name, faultFields(err), err)
		}
	}
	own := publishContracts
	own.Body = store.TheAssociation
	for name, x := range map[string]struct {
		by   store.Viewer
		form store.RecommendationForm
	}{
		"to the maker’s own body": {b.clerk, own}, "by a member": {b.member, publishContracts}, "by the company": {b.officer, publishContracts}, "by a stranger": {store.Viewer{}, publishContracts},
	} {
		b.refused(name, store.Forbidden, "", func() error { _, err := b.MakeRecommendation(t.Context(), x.by, x.form); return err })
	}
	b.clock.Day("2015-01-01")
	b.refused("after the mandate", store.Forbidden, "ended on 31 December 2014", func() error {
		_, err := b.MakeRecommendation(t.Context(), b.clerk, publishContracts)
		return err
	})
}

func TestAResponseNeedsAReasonUnlessItAccepts(t *testing.T) {
	b := newPanel(t)
	for name, x := range map[string]struct {
		step   store.RecommendationStep
		fields string
		due    store.Day
	}{
		"nothing":                      {store.RecommendationStep{}, "[acceptance]", ""},
		"accepted":                     {acceptsIt, "[]", "2013-06-30"},
		"accepted without a day":       {store.RecommendationStep{Acceptance: store.Accepted}, "[target]", ""},
		"accepted for yesterday":       {store.RecommendationStep{Acceptance: store.Accepted, Target: "2013-01-13"}, "[target]", ""},
		"accepted for today":           {store.RecommendationStep{Acceptance: store.Accepted, Target: "2013-01-14"}, "[]", "2013-01-14"},
		"partly without a reason":      {store.RecommendationStep{Acceptance: store.Partly, Target: "2013-06-30"}, "[reason]", ""},
		"partly":                       {store.RecommendationStep{Acceptance: store.Partly, Target: "2013-06-30", Reason: "Above £50,000 only."}, "[]", "2013-06-30"},
		"in principle, bare":           {store.RecommendationStep{Acceptance: store.InPrinciple}, "[target reason]", ""},
		"in principle":                 {store.RecommendationStep{Acceptance: store.InPrinciple, Target: "2013-06-30", Reason: "Once there is money."}, "[]", "2013-06-30"},
		"rejected without a reason":    {store.RecommendationStep{Acceptance: store.Rejected}, "[reason]", ""},
		"rejected with a day":          {store.RecommendationStep{Acceptance: store.Rejected, Reason: "No.", Target: "2013-06-30"}, "[target]", ""},
		"rejected":                     {store.RecommendationStep{Acceptance: store.Rejected, Reason: "It costs too much."}, "[]", ""},
		"back to awaited":              {store.RecommendationStep{Acceptance: store.Awaited, Reason: "x"}, "[acceptance]", ""},
		"what only a filter can ask":   {store.RecommendationStep{Acceptance: store.InAnyForm, Reason: "x", Target: "2013-06-30"}, "[acceptance target]", ""},
		"of what nobody read any more": {store.RecommendationStep{Turn: 7, Acceptance: store.Accepted, Target: "2013-06-30"}, "conflict", ""},
	} {
		ref := b.make(publishContracts)
		err := b.ActOnRecommendation(t.Context(), b.officer, ref, store.RespondToIt, x.step)
		switch {
		case x.fields == "conflict":
			if store.KindOf(err) != store.Conflict {
				t.Errorf("%s: %v", name, err)
			}
		case x.fields == "[acceptance target]":
			if store.KindOf(err) != store.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		case fmt.Sprint(faultFields(err)) != x.fields || x.fields == "[]" && err != nil:
			t.Errorf("%s: %v", name, err)
		case err == nil && b.see(ref).Due() != x.due:
			t.Errorf("%s: due %s", name, b.see(ref).Due())
		}
	}
	sound(t, b.Store)
}

func TestALaterResponseKeepsTheEarlierAndTheFirstTarget(t *testing.T) {
	b := newPanel(t)
	ref := b.make(publishContracts)
	b.act(b.officer, ref, store.RespondToIt, acceptsIt)
	b.refused("a move without a reason", store.Invalid, "Give the reason", func() error {
		return b.ActOnRecommendation(t.Context(), b.officer, ref, store.RespondToIt, store.RecommendationStep{Acceptance: store.Accepted, Target: "2013-07-01"})
	})
	b.act(b.officer, ref, store.RespondToIt, store.RecommendationStep{Acceptance: store.Rejected, Reason: "There is no money."})
	if r := b.see(ref); r.Due() != "" || r.Waits() != store.WaitsRejection || r.Target != "" || r.First != "2013-06-30" || !r.Charge.Open {
		t.Fatalf("%+v", r)
	}
	b.refused("a claim of what is rejected", store.Conflict, "rejected this", func() error {
		return b.ActOnRecommendation(t.Context(), b.officer, ref, store.ClaimIt, store.RecommendationStep{Text: "Done."})
	})
	b.act(b.officer, ref, store.RespondToIt, store.RecommendationStep{Acceptance: store.Partly, Target: "2013-07-01", Reason: "There is some."})
	r := b.see(ref)
	if len(r.Responses) != 3 || r.First != "2013-06-30" || len(r.Moves) != 1 || r.Slip() != 1 || r.Due() != "2013-07-01" {
		t.Fatalf("%+v", r)
	}
	b.act(b.officer, ref, store.RespondToIt, store.RecommendationStep{Acceptance: store.Rejected, Reason: "There is none."})
	b.refused("another ground", store.Invalid, "Choose why", func() error {
		return b.ActOnRecommendation(t.Context(), b.clerk, ref, store.CloseIt, store.RecommendationStep{Ground: "done", Reason: "x"})
	})
	b.act(b.clerk, ref, store.CloseIt, store.RecommendationStep{Ground: store.RejectionAccepted, Reason: "Minute 9 (sample)."})
	if r := b.see(ref); r.Open() || r.Charge.Open || r.Closed.Was != store.NotStarted {
		t.Fatalf("%+v", r)
	}
	other := b.make(publishContracts)
	b.refused("a rejection that there is not", store.Invalid, "Choose why", func() error {
		return b.ActOnRecommendation(t.Context(), b.clerk, other, store.CloseIt, store.RecommendationStep{Ground: store.RejectionAccepted, Reason: "x"})
	})
	b.act(b.chair, other, store.CloseIt, store.RecommendationStep{Ground: store.Superseded, Reason: "By 2013-001."})
	sound(t, b.Store)
}

func TestAClaimNamesOnlyWhatEveryoneMayRead(t *testing.T) {
	b := newPanel(t)
	ref := b.make(promisesIt)
	draft, err := b.KeepDraft(t.Context(), b.secretary, "evidence.txt", []byte("A list (sample)."))
	b.must(err)
	for name, st := range map[string]store.RecommendationStep{
		"[]":                       {},
		"[text decision document]": {Decision: "2013-099", Document: draft},
		"[document]":               {Text: "Here.", Document: 99},
		"[decision]":               {Text: "Here.", Decision: "draft-1"},
	} {
		if name == "[]" {
			name = "[text]"
		}
		if err := b.ActOnRecommendation(t.Context(), b.secretary, ref, store.ClaimIt, st); fmt.Sprint(faultFields(err)) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPriorityHasACap(t *testing.T) {
	b := newPanel(t)
	most := store.Scrutiny().Priority
	var refs []string
	for range most + 1 {
		refs = append(refs, b.make(publishContracts))
	}
	for _, ref := range refs[:most] {
		b.act(b.chair, ref, store.GivePriority, store.RecommendationStep{})
	}
	b.refused("the clerk gives it", store.Forbidden, "Only the chair", func() error {
		return b.ActOnRecommendation(t.Context(), b.clerk, refs[most], store.GivePriority, store.RecommendationStep{})
	})
	err := b.ActOnRecommendation(t.Context(), b.chair, refs[most], store.GivePriority, store.RecommendationStep{})
	for _, ref := range refs[:most] {
		if store.KindOf(err) != store.Conflict || !strings.Contains(err.Error(), ref) {
			t.Fatalf("%v does not name %s", err, ref)
		}
	}
	b.refused("twice", store.Conflict, "has priority already", func() error {
		return b.ActOnRecommendation(t.Context(), b.chair, refs[0], store.GivePriority, store.RecommendationStep{})
	})
	b.act(b.chair, refs[0], store.TakePriority, store.RecommendationStep{})
	b.act(b.chair, refs[most], store.GivePriority, store.RecommendationStep{})
	b.act(b.clerk, refs[1], store.CloseIt, store.RecommendationStep{Ground: store.NoLongerPursued, Reason: "Minute 2 (sample)."})
	b.act(b.chair, refs[0], store.GivePriority, store.RecommendationStep{}) // what is closed counts no more
	p, err := b.Recommendations(t.Context(), store.RecommendationFilter{Priority: "yes"}, 50)
	if err != nil || p.Count != int64(most+1) {
		t.Error(p.Count, err)
	}
	sound(t, b.Store)
}

// TestWhoMayDoWhatToARecommendation tries every act in every state by every
// kind of office, at its own and at another body.
func TestWhoMayDoWhatToARecommendation(t *testing.T) {
	b := newPanel(t)
	people := map[string]store.Viewer{"a stranger": {}, "the member": b.member, "the chair": b.chair, "the clerk": b.clerk}
	bodies := map[store.OfficeKind][]string{store.Official: {store.HomeOffice}, store.AssociationOfficer: {store.TheAssociation}, store.Scrutineer: {store.TheAssociation}, store.Clerk: {store.TheAssociation},
		store.Chair: {store.TheAssociation, store.TheCompany}, store.CommissionerOffice: {"essex", "dorset"}, store.ChiefExecutive: {"essex", "dorset"}, store.Constable: {"essex", "dorset"}}
	for _, k := range store.OfficeKinds {
		at := bodies[k]
		if at == nil {
			at = []string{store.TheCompany}
		}
		for _, body := range at {
			o := store.Office{Body: body, Kind: k, Title: fmt.Sprintf("Another %s, %s", k, body)}
			if k == store.DirectorOffice {
				o.Seat = 2
			}
			storetest.Holder(t, b.Store, k, body) // who can confirm the other
			people[o.Title] = storetest.Holds(t, b.Store, storetest.Person(t, b.Store, o.Title+" (sample)"), o)
		}
	}
	// One who answers for Dorset sits on the committee, and one clerk of it holds an office at Dorset too.
	b.must(b.SeatOffice(t.Context(), b.clerk, "scrutiny", store.Seat{Office: b.dorset.Office, Role: store.SeatClerk, First: "2013-01-14"}))
	people["the commissioner of Dorset, a clerk of the committee"] = b.dorset
	both := storetest.Holds(t, b.Store, storetest.Person(t, b.Store, "Two offices (sample)"), store.Office{Body: "dorset", Kind: store.ChiefExecutive, Title: "Chief executive, second"})
	both = storetest.Holds(t, b.Store, both.Person, store.Office{Body: store.TheAssociation, Kind: store.Clerk, Title: "Second clerk"})
	b.must(b.SeatOffice(t.Context(), b.clerk, "scrutiny", store.Seat{Office: both.Office, Role: store.SeatClerk, First: "2013-01-14"}))
	people["a clerk who holds an office at Dorset"] = both

	form := publishContracts
	form.Body = "dorset"
	states := map[store.RecommendationStatus]string{}
	for _, st := range []store.RecommendationStatus{store.NotStarted, store.InProgress, store.ClaimedDone, store.NotVerified} {
		ref := b.make(form)
		states[st] = ref
		b.act(b.dorset, ref, store.RespondToIt, acceptsIt)
		if st == store.InProgress {
			b.act(b.dorset, ref, store.NoteProgress, store.RecommendationStep{Text: "Begun."})
		}
		if st == store.ClaimedDone || st == store.NotVerified {
			b.act(b.dorset, ref, store.ClaimIt, store.RecommendationStep{Text: "Done."})
		}
		if st == store.NotVerified {
			b.act(b.chair, ref, store.RefuseClaim, store.RecommendationStep{Text: "Minute 1 (sample)."})
		}
	}
	whole := store.RecommendationStep{Acceptance: store.Accepted, Target: "2013-07-31", Reason: "x", Text: "x", Ground: store.Superseded}
	tries, allowed := 0, 0
	for status, ref := range states {
		r := b.see(ref)
		for _, act := range store.RecommendationActs {
			for name, v := range people {
				may := r.May(act, v) == nil
				answers := slices.Contains([]store.Act{store.RespondToIt, store.NoteProgress, store.MoveTarget, store.ClaimIt}, act)
				want := slices.ContainsFunc(store.RecommendationLife, func(m store.Move[store.RecommendationStatus]) bool { return m.From == status && m.Act == act })
				switch {
				case answers:
					want = want && v.At("dorset", store.AnswerQuestions)
				case act == store.GivePriority:
					want = want && name == "the chair"
				case act == store.TakePriority:
					want = false // it has none
				default:
					want = want && (name == "the chair" || name == "the clerk")
				}
				if may != want {
					t.Errorf("%s may %s what is %s: %v, want %v", name, act, status, may, want)
				}
				err := b.Try(t.Context(), func(s *store.Store) error { return s.ActOnRecommendation(t.Context(), v, ref, act, whole) })
				if (err == nil) != want {
					t.Errorf("%s does %s to what is %s: %v, want %v", name, act, status, err, want)
				}
				tries++
				if want {
					allowed++
				}
			}
		}
	}
	if tries < 600 || allowed < 25 {
		t.Errorf("%d tries, %d allowed", tries, allowed)
	}
	t.Logf("%d tries, %d allowed", tries, allowed)
	sound(t, b.Store)
}

// TestNobodyVerifiesTheirOwnClaim compares persons, not offices: whoever claimed
// for the body, and has left it since, does not judge that claim.
func TestNobodyVerifiesTheirOwnClaim(t *testing.T) {
	b := newPanel(t)
	ref := b.make(promisesIt)
	leaver := storetest.Holds(t, b.Store, storetest.Person(t, b.Store, "Moved on (sample)"), store.Office{Body: store.TheCompany, Kind: store.CompanyOfficer, Title: "Officer who moves on"})
	b.act(leaver, ref, store.ClaimIt, store.RecommendationStep{Text: "Done."})
	clerk := leaver
	clerk.Office = b.clerk.Office
	clerk.Offices = []store.Office{b.clerk.Office}
	if err := b.see(ref).May(store.VerifyIt, clerk); store.KindOf(err) != store.Forbidden || !strings.Contains(err.Error(), "You made this claim") {
		t.Error(err)
	}
}

// TestTheCountsAreThoseOfTheList acts at random and holds every count to the list.
func TestTheCountsAreThoseOfTheList(t *testing.T) {
	b := newPanel(t)
	b.clock.Day("2013-01-14")
	r := rand.New(rand.NewPCG(5, 13))
	dorset := publishContracts
	dorset.Body, dorset.Title = "dorset", "Name the servers"
	var refs []string
	for i := range 60 {
		b.clock.Set(b.Now().AddDate(0, 0, r.IntN(20)))
		f := []store.RecommendationForm{publishContracts, promisesIt, dorset}[r.IntN(3)]
		if f.Target != "" {
			f.Target = store.DayOf(b.Now()).Add(30)
		}
		refs = append(refs, b.make(f))
		for range 4 {
			st := store.RecommendationStep{Acceptance: store.Acceptances[1+r.IntN(4)], Target: store.DayOf(b.Now()).Add(10 + i), Reason: "x", Text: "x", Ground: store.Superseded}
			if st.Acceptance == store.Rejected {
				st.Target = ""
			}
			act, ref := store.RecommendationActs[r.IntN(len(store.RecommendationActs))], refs[r.IntN(len(refs))]
			for _, v := range []store.Viewer{b.officer, b.dorset, b.chair} {
				if b.ActOnRecommendation(t.Context(), v, ref, act, st) == nil {
					break
				}
			}
		}
	}
	sound(t, b.Store)
	for _, age := range append([]string{""}, store.RecommendationAges...) {
		for _, body := range []string{"", "dorset", store.TheCompany} {
			for _, words := range []string{"", "publish", "servers"} {
				for _, priority := range []string{"", "yes", "no"} {
					f := store.RecommendationFilter{Age: age, Body: body, Words: words, Priority: priority}
					b.holds(f)
					f.Kind, f.Committee = store.ChargeUndertaking, "scrutiny"
					b.holds(f)
					f.Acceptance, f.Implementation = store.InAnyForm, store.ClaimedDone
					b.holds(f)
				}
			}
		}
	}
}

// holds fails the test unless the page of a filter counts what its rows say.
func (b panel) holds(f store.RecommendationFilter) {
	b.t.Helper()
	p, err := b.Recommendations(b.t.Context(), f, 7)
	b.must(err)
	var all, accepted []store.Recommendation
	b.must(b.EachRecommendation(b.t.Context(), f, func(r store.Recommendation) bool { all = append(all, r); return true }))
	if int(p.Count) != len(all) || len(p.All) != min(7, len(all)) {
		b.t.Errorf("%+v: counted %d, listed %d, %d on the page", f, p.Count, len(all), len(p.All))
	}
	f.Acceptance, f.Implementation = "", ""
	cells := map[string]int64{}
	b.must(b.EachRecommendation(b.t.Context(), f, func(r store.Recommendation) bool {
		cells[string(r.Acceptance)+" "+string(r.Implementation)]++
		if r.Acceptance.InAnyForm() {
			accepted = append(accepted, r)
		}
		return true
	}))
	for _, a := range store.Acceptances {
		for _, i := range store.RecommendationStatuses {
			if got, want := p.Tally.Of(a, i), cells[string(a)+" "+string(i)]; got != want {
				b.t.Errorf("%+v: %d are %s and %s, want %d", f, got, a, i, want)
			}
		}
	}
	median := -1
	if n := len(accepted); n > 0 {
		median = (accepted[n/2].Made.Until(p.Day) + accepted[(n-1)/2].Made.Until(p.Day)) / 2
	}
	if p.MedianDays != median {
		b.t.Errorf("%+v: median %d days, want %d", f, p.MedianDays, median)
	}
}

func TestWorkWaitsForWhoeverCanDoIt(t *testing.T) {
	b := newPanel(t)
	ref, promise := b.make(publishContracts), b.make(promisesIt)
	titles := func(v store.Viewer) (all []string) {
		t.Helper()
		tasks, err := b.Work(t.Context(), v)
		b.must(err)
		for _, k := range tasks {
			if strings.HasPrefix(k.Href, "/recommendations/") {
				all = append(all, k.Title[:strings.Index(k.Title, ":")])
			}
		}
		return all
	}
	wants := func(when string, v store.Viewer, want string) {
		t.Helper()
		if got := fmt.Sprint(titles(v)); got != want {
			t.Errorf("%s: %s, want %s", when, got, want)
		}
	}
	wants("made", b.officer, "[Respond to recommendation 2013-001]")
	wants("made", b.dorset, "[]")
	wants("made", b.clerk, "[]")
	b.act(b.officer, ref, store.RespondToIt, store.RecommendationStep{Acceptance: store.Rejected, Reason: "No."})
	wants("rejected", b.clerk, "[Answer the rejection of recommendation 2013-001]")
	b.clock.Day("2013-07-01")
	wants("late", b.officer, "[Claim or move undertaking 2013-002]")
	b.act(b.officer, promise, store.ClaimIt, store.RecommendationStep{Text: "Done."})
	wants("claimed", b.chair, "[Answer the rejection of recommendation 2013-001 Verify the claim on undertaking 2013-002]")
	wants("claimed", b.member, "[]")
	wants("claimed", b.officer, "[]")
}
