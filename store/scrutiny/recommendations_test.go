package scrutiny_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// A panel is a committee, and those who answer to it.
type panel struct {
	*db.Tx
	t                          testing.TB
	clock                      *storetest.Clock
	chair, clerk, member       office.Viewer
	officer, secretary, dorset office.Viewer
}

func newPanel(t testing.TB) panel {
	t.Helper()
	s, clock := storetest.OpenClock(t)
	return panelOn(t, s, clock)
}

func panelOn(t testing.TB, s *db.Tx, clock *storetest.Clock) panel {
	t.Helper()
	b := panel{Tx: s, t: t, clock: clock,
		chair: storetest.Holder(t, s, office.Chair, office.TheAssociation), clerk: storetest.Holder(t, s, office.Clerk, office.TheAssociation),
		member:  storetest.Holder(t, s, office.CommissionerOffice, "kent"),
		officer: storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany), secretary: storetest.Holder(t, s, office.CompanySecretary, office.TheCompany),
		dorset: storetest.Holder(t, s, office.CommissionerOffice, "dorset")}
	storetest.AddCommittee(t, s, "scrutiny", "2013-01-14", "2014-12-31", b.chair, b.member, b.clerk)
	return b
}

func (b panel) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

var publishContracts = scrutiny.RecommendationForm{Kind: scrutiny.ChargeRecommendation, Committee: "scrutiny", Body: office.TheCompany, Title: "Publish every contract above £10,000",
	Text: "The company should publish every contract above £10,000 within 30 days.", Source: scrutiny.Origin{Text: "First report (sample), paragraph 14", Href: "/inquiries/hosting/report"}}

var promisesIt = scrutiny.RecommendationForm{Kind: scrutiny.ChargeUndertaking, Committee: "scrutiny", Body: office.TheCompany, Title: "Publish the price list",
	Text: "“We will publish the price list by the summer.”", Source: scrutiny.Origin{Text: "Minute 4 of 14 January 2013 (sample)", Href: "/meetings/3#minute-4"}, Target: "2013-06-30"}

func (b panel) make(f scrutiny.RecommendationForm) string {
	b.t.Helper()
	ref, err := scrutiny.MakeRecommendation(b.t.Context(), b.Tx, b.clerk, f)
	b.must(err)
	return ref
}

func (b panel) see(ref string) scrutiny.RecommendationPage {
	b.t.Helper()
	r, err := scrutiny.ReadRecommendationPage(b.t.Context(), b.Tx, ref)
	b.must(err)
	return r
}

func (b panel) act(by office.Viewer, ref string, act office.Act, st scrutiny.RecommendationStep) {
	b.t.Helper()
	b.must(scrutiny.ActOnRecommendation(b.t.Context(), b.Tx, by, ref, act, st))
}

// refused fails the test unless an act is refused so, and nothing was recorded.
func (b panel) refused(name string, kind fault.Kind, says string, act func() error) {
	b.t.Helper()
	size := storetest.HeadOf(b.t, b.Tx).Size
	if err := act(); fault.KindOf(err) != kind || !strings.Contains(fmt.Sprint(err), says) {
		b.t.Errorf("%s: %v, want %q", name, err, says)
	}
	if now := storetest.HeadOf(b.t, b.Tx).Size; now != size {
		b.t.Errorf("%s: %d events were recorded", name, now-size)
	}
}

var acceptsIt = scrutiny.RecommendationStep{Acceptance: scrutiny.Accepted, Target: "2013-06-30"}

func TestARecommendationIsMadeAnsweredClaimedAndVerified(t *testing.T) {
	b := newPanel(t)
	ref := b.make(publishContracts)
	r := b.see(ref)
	if ref != "2013-001" || r.Made != "2013-01-14" || r.ResponseDue != "2013-03-14" || r.Waits() != scrutiny.WaitsResponse || r.Charge.Due != "2013-03-14" || !r.Charge.Open || r.Charge.Title != r.Title || r.Charge.Kind != scrutiny.ChargeRecommendation {
		t.Fatalf("%+v", r)
	}
	b.refused("a claim before a response", fault.Conflict, "Respond to the recommendation first", func() error {
		return scrutiny.ActOnRecommendation(t.Context(), b.Tx, b.officer, ref, scrutiny.ActClaim, scrutiny.RecommendationStep{Text: "Done."})
	})
	b.act(b.officer, ref, scrutiny.ActRespond, acceptsIt)
	if r := b.see(ref); r.Acceptance != scrutiny.Accepted || r.First != "2013-06-30" || r.Due() != "2013-06-30" || r.Charge.Due != "2013-06-30" {
		t.Fatalf("%+v", r)
	}
	b.act(b.officer, ref, scrutiny.ActNoteProgress, scrutiny.RecommendationStep{Text: "Half are published."})
	b.act(b.officer, ref, scrutiny.ActMoveTarget, scrutiny.RecommendationStep{Target: "2013-09-30", Reason: "A supplier objects."})
	b.act(b.officer, ref, scrutiny.ActMoveTarget, scrutiny.RecommendationStep{Target: "2013-11-20", Reason: "It still does."})
	if r := b.see(ref); r.First != "2013-06-30" || r.Target != "2013-11-20" || len(r.Moves) != 2 || r.Slip() != 143 || r.Implementation != scrutiny.InProgress || !r.Late("2013-11-21") || r.Late("2013-11-20") {
		t.Fatalf("%+v", r)
	}
	b.act(b.officer, ref, scrutiny.ActClaim, scrutiny.RecommendationStep{Text: "All are on the register."})
	if r := b.see(ref); r.Due() != "" || r.Charge.Due != "" || !r.Charge.Open || r.Waits() != scrutiny.WaitsVerdict {
		t.Fatalf("%+v", r)
	}
	b.act(b.clerk, ref, scrutiny.ActRefuseClaim, scrutiny.RecommendationStep{Text: "Minute 3 of the meeting of 1 July 2013: four are missing."})
	if r := b.see(ref); r.Implementation != scrutiny.NotVerified || r.Charge.Due != "2013-11-20" || r.Claims[0].Verdict.Verified {
		t.Fatalf("%+v", r)
	}
	b.act(b.officer, ref, scrutiny.ActClaim, scrutiny.RecommendationStep{Text: "The four are there."})
	b.act(b.chair, ref, scrutiny.ActVerify, scrutiny.RecommendationStep{Text: "Minute 5 of the meeting of 1 October 2013."})
	r = b.see(ref)
	if r.Open() || r.Charge.Open || r.Charge.Due != "" || r.Implementation != scrutiny.VerifiedDone || r.Turn != 9 || len(r.Events) != 9 || !r.Claims[1].Verdict.Verified {
		t.Fatalf("%+v", r)
	}
	e := storetest.LastOf(t, b.Tx, "recommendation/2013-001")
	if e.Act != "recommendation.verify" || e.About != office.TheCompany || e.N != r.Claims[1].Verdict.Mark.N || !strings.Contains(e.Payload, `"charge/recommendation/2013-001"`) {
		t.Fatalf("%+v", e)
	}
	for _, act := range scrutiny.RecommendationActs {
		for _, v := range []office.Viewer{b.officer, b.chair} {
			if r.May(act, v) == nil {
				t.Errorf("%s after it was closed", act)
			}
		}
	}
	storetest.Sound(t, b.Tx)
}

func TestAnUndertakingIsAcceptedFromTheStart(t *testing.T) {
	b := newPanel(t)
	ref := b.make(promisesIt)
	r := b.see(ref)
	if r.Acceptance != scrutiny.Accepted || r.First != "2013-06-30" || r.Due() != "2013-06-30" || r.ResponseDue != "" || r.Charge.Kind != scrutiny.ChargeUndertaking {
		t.Fatalf("%+v", r)
	}
	b.refused("a response", fault.Conflict, "does not need a response", func() error {
		return scrutiny.ActOnRecommendation(t.Context(), b.Tx, b.officer, ref, scrutiny.ActRespond, acceptsIt)
	})
	b.act(b.officer, ref, scrutiny.ActClaim, scrutiny.RecommendationStep{Text: "It is published."})
	b.act(b.chair, ref, scrutiny.ActVerify, scrutiny.RecommendationStep{Text: "Minute 1 (sample)."})
	if next := b.make(publishContracts); next != "2013-002" {
		t.Error(next)
	}
	storetest.Sound(t, b.Tx)
}

func TestWhatIsWrongWithARecommendationIsToldAtOnce(t *testing.T) {
	b := newPanel(t)
	for name, x := range map[string]struct {
		change func(*scrutiny.RecommendationForm)
		fields string
	}{
		"nothing":                     {func(f *scrutiny.RecommendationForm) { *f = scrutiny.RecommendationForm{Committee: "scrutiny"} }, "[kind title text source body]"},
		"an address elsewhere":        {func(f *scrutiny.RecommendationForm) { f.Source.Href = "//example.org" }, "[address]"},
		"a script":                    {func(f *scrutiny.RecommendationForm) { f.Source.Href = "javascript:alert(1)" }, "[address]"},
		"no such committee":           {func(f *scrutiny.RecommendationForm) { f.Committee = "none" }, "[committee]"},
		"no such body":                {func(f *scrutiny.RecommendationForm) { f.Body = "atlantis" }, "[body]"},
		"a target that is not theirs": {func(f *scrutiny.RecommendationForm) { f.Target = "2014-01-01" }, "[target]"},
		"a promise without a day":     {func(f *scrutiny.RecommendationForm) { f.Kind = scrutiny.ChargeUndertaking }, "[target]"},
		"a promise for yesterday":     {func(f *scrutiny.RecommendationForm) { f.Kind, f.Target = scrutiny.ChargeUndertaking, "2013-01-13" }, "[target]"},
	} {
		f := publishContracts
		x.change(&f)
		if _, err := scrutiny.MakeRecommendation(t.Context(), b.Tx, b.clerk, f); fmt.Sprint(storetest.FieldsOf(err)) != x.fields {
			t.Errorf("%s: %v %v", name, storetest.FieldsOf(err), err)
		}
	}
	own := publishContracts
	own.Body = office.TheAssociation
	for name, x := range map[string]struct {
		by   office.Viewer
		form scrutiny.RecommendationForm
	}{
		"to the maker’s own body": {b.clerk, own}, "by a member": {b.member, publishContracts}, "by the company": {b.officer, publishContracts}, "by a stranger": {office.Viewer{}, publishContracts},
	} {
		b.refused(name, fault.Forbidden, "", func() error { _, err := scrutiny.MakeRecommendation(t.Context(), b.Tx, x.by, x.form); return err })
	}
	b.clock.Day("2015-01-01")
	b.refused("after the mandate", fault.Forbidden, "ended on 31 December 2014", func() error {
		_, err := scrutiny.MakeRecommendation(t.Context(), b.Tx, b.clerk, publishContracts)
		return err
	})
}

func TestAResponseNeedsAReasonUnlessItAccepts(t *testing.T) {
	b := newPanel(t)
	for name, x := range map[string]struct {
		step   scrutiny.RecommendationStep
		fields string
		due    civil.Day
	}{
		"nothing":                      {scrutiny.RecommendationStep{}, "[acceptance]", ""},
		"accepted":                     {acceptsIt, "[]", "2013-06-30"},
		"accepted without a day":       {scrutiny.RecommendationStep{Acceptance: scrutiny.Accepted}, "[target]", ""},
		"accepted for yesterday":       {scrutiny.RecommendationStep{Acceptance: scrutiny.Accepted, Target: "2013-01-13"}, "[target]", ""},
		"accepted for today":           {scrutiny.RecommendationStep{Acceptance: scrutiny.Accepted, Target: "2013-01-14"}, "[]", "2013-01-14"},
		"partly without a reason":      {scrutiny.RecommendationStep{Acceptance: scrutiny.Partly, Target: "2013-06-30"}, "[reason]", ""},
		"partly":                       {scrutiny.RecommendationStep{Acceptance: scrutiny.Partly, Target: "2013-06-30", Reason: "Above £50,000 only."}, "[]", "2013-06-30"},
		"in principle, bare":           {scrutiny.RecommendationStep{Acceptance: scrutiny.InPrinciple}, "[target reason]", ""},
		"in principle":                 {scrutiny.RecommendationStep{Acceptance: scrutiny.InPrinciple, Target: "2013-06-30", Reason: "Once there is money."}, "[]", "2013-06-30"},
		"rejected without a reason":    {scrutiny.RecommendationStep{Acceptance: scrutiny.Rejected}, "[reason]", ""},
		"rejected with a day":          {scrutiny.RecommendationStep{Acceptance: scrutiny.Rejected, Reason: "No.", Target: "2013-06-30"}, "[target]", ""},
		"rejected":                     {scrutiny.RecommendationStep{Acceptance: scrutiny.Rejected, Reason: "It costs too much."}, "[]", ""},
		"back to awaited":              {scrutiny.RecommendationStep{Acceptance: scrutiny.Awaited, Reason: "x"}, "[acceptance]", ""},
		"what only a filter can ask":   {scrutiny.RecommendationStep{Acceptance: scrutiny.InAnyForm, Reason: "x", Target: "2013-06-30"}, "[acceptance target]", ""},
		"of what nobody read any more": {scrutiny.RecommendationStep{Turn: 7, Acceptance: scrutiny.Accepted, Target: "2013-06-30"}, "conflict", ""},
	} {
		ref := b.make(publishContracts)
		err := scrutiny.ActOnRecommendation(t.Context(), b.Tx, b.officer, ref, scrutiny.ActRespond, x.step)
		switch {
		case x.fields == "conflict":
			if fault.KindOf(err) != fault.Conflict {
				t.Errorf("%s: %v", name, err)
			}
		case x.fields == "[acceptance target]":
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		case fmt.Sprint(storetest.FieldsOf(err)) != x.fields || x.fields == "[]" && err != nil:
			t.Errorf("%s: %v", name, err)
		case err == nil && b.see(ref).Due() != x.due:
			t.Errorf("%s: due %s", name, b.see(ref).Due())
		}
	}
	storetest.Sound(t, b.Tx)
}

func TestALaterResponseKeepsTheEarlierAndTheFirstTarget(t *testing.T) {
	b := newPanel(t)
	ref := b.make(publishContracts)
	b.act(b.officer, ref, scrutiny.ActRespond, acceptsIt)
	b.refused("a move without a reason", fault.Invalid, "Enter the reason", func() error {
		return scrutiny.ActOnRecommendation(t.Context(), b.Tx, b.officer, ref, scrutiny.ActRespond, scrutiny.RecommendationStep{Acceptance: scrutiny.Accepted, Target: "2013-07-01"})
	})
	b.act(b.officer, ref, scrutiny.ActRespond, scrutiny.RecommendationStep{Acceptance: scrutiny.Rejected, Reason: "There is no money."})
	if r := b.see(ref); r.Due() != "" || r.Waits() != scrutiny.WaitsRejection || r.Target != "" || r.First != "2013-06-30" || !r.Charge.Open {
		t.Fatalf("%+v", r)
	}
	b.refused("a claim of what is rejected", fault.Conflict, "rejected this", func() error {
		return scrutiny.ActOnRecommendation(t.Context(), b.Tx, b.officer, ref, scrutiny.ActClaim, scrutiny.RecommendationStep{Text: "Done."})
	})
	b.act(b.officer, ref, scrutiny.ActRespond, scrutiny.RecommendationStep{Acceptance: scrutiny.Partly, Target: "2013-07-01", Reason: "There is some."})
	r := b.see(ref)
	if len(r.Responses) != 3 || r.First != "2013-06-30" || len(r.Moves) != 1 || r.Slip() != 1 || r.Due() != "2013-07-01" {
		t.Fatalf("%+v", r)
	}
	b.act(b.officer, ref, scrutiny.ActRespond, scrutiny.RecommendationStep{Acceptance: scrutiny.Rejected, Reason: "There is none."})
	b.refused("another ground", fault.Invalid, "Choose why", func() error {
		return scrutiny.ActOnRecommendation(t.Context(), b.Tx, b.clerk, ref, scrutiny.ActClose, scrutiny.RecommendationStep{Ground: "done", Reason: "x"})
	})
	b.act(b.clerk, ref, scrutiny.ActClose, scrutiny.RecommendationStep{Ground: scrutiny.RejectionAccepted, Reason: "Minute 9 (sample)."})
	if r := b.see(ref); r.Open() || r.Charge.Open || r.Closed.Was != scrutiny.NotStarted {
		t.Fatalf("%+v", r)
	}
	other := b.make(publishContracts)
	b.refused("a rejection that there is not", fault.Invalid, "Choose why", func() error {
		return scrutiny.ActOnRecommendation(t.Context(), b.Tx, b.clerk, other, scrutiny.ActClose, scrutiny.RecommendationStep{Ground: scrutiny.RejectionAccepted, Reason: "x"})
	})
	b.act(b.chair, other, scrutiny.ActClose, scrutiny.RecommendationStep{Ground: scrutiny.Superseded, Reason: "By 2013-001."})
	storetest.Sound(t, b.Tx)
}

func TestAClaimNamesOnlyWhatEveryoneMayRead(t *testing.T) {
	b := newPanel(t)
	ref := b.make(promisesIt)
	draft, err := documents.KeepDraft(t.Context(), b.Tx, b.secretary, "evidence.txt", []byte("A list (sample)."))
	b.must(err)
	for name, st := range map[string]scrutiny.RecommendationStep{
		"[]":                       {},
		"[text decision document]": {Decision: "2013-099", Document: draft},
		"[document]":               {Text: "Here.", Document: 99},
		"[decision]":               {Text: "Here.", Decision: "draft-1"},
	} {
		if name == "[]" {
			name = "[text]"
		}
		if err := scrutiny.ActOnRecommendation(t.Context(), b.Tx, b.secretary, ref, scrutiny.ActClaim, st); fmt.Sprint(storetest.FieldsOf(err)) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPriorityHasACap(t *testing.T) {
	b := newPanel(t)
	most := scrutiny.Terms().Priority
	var refs []string
	for range most + 1 {
		refs = append(refs, b.make(publishContracts))
	}
	for _, ref := range refs[:most] {
		b.act(b.chair, ref, scrutiny.ActGivePriority, scrutiny.RecommendationStep{})
	}
	b.refused("the clerk gives it", fault.Forbidden, "Only the chair", func() error {
		return scrutiny.ActOnRecommendation(t.Context(), b.Tx, b.clerk, refs[most], scrutiny.ActGivePriority, scrutiny.RecommendationStep{})
	})
	err := scrutiny.ActOnRecommendation(t.Context(), b.Tx, b.chair, refs[most], scrutiny.ActGivePriority, scrutiny.RecommendationStep{})
	for _, ref := range refs[:most] {
		if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), ref) {
			t.Fatalf("%v does not name %s", err, ref)
		}
	}
	b.refused("twice", fault.Conflict, "is already a priority", func() error {
		return scrutiny.ActOnRecommendation(t.Context(), b.Tx, b.chair, refs[0], scrutiny.ActGivePriority, scrutiny.RecommendationStep{})
	})
	b.act(b.chair, refs[0], scrutiny.ActTakePriority, scrutiny.RecommendationStep{})
	b.act(b.chair, refs[most], scrutiny.ActGivePriority, scrutiny.RecommendationStep{})
	b.act(b.clerk, refs[1], scrutiny.ActClose, scrutiny.RecommendationStep{Ground: scrutiny.NoLongerPursued, Reason: "Minute 2 (sample)."})
	b.act(b.chair, refs[0], scrutiny.ActGivePriority, scrutiny.RecommendationStep{}) // what is closed counts no more
	p, err := scrutiny.Recommendations(t.Context(), b.Tx, scrutiny.RecommendationFilter{Priority: "yes"}, 50)
	if err != nil || p.Count != int64(most+1) {
		t.Error(p.Count, err)
	}
	storetest.Sound(t, b.Tx)
}

// TestWhoMayDoWhatToARecommendation tries every act in every state by every
// kind of office, at its own and at another body.
func TestWhoMayDoWhatToARecommendation(t *testing.T) {
	b := newPanel(t)
	people := map[string]office.Viewer{"a stranger": {}, "the member": b.member, "the chair": b.chair, "the clerk": b.clerk}
	bodies := map[office.Kind][]string{office.Official: {office.HomeOffice}, office.AssociationOfficer: {office.TheAssociation}, office.Scrutineer: {office.TheAssociation}, office.Clerk: {office.TheAssociation},
		office.Chair: {office.TheAssociation, office.TheCompany}, office.CommissionerOffice: {"essex", "dorset"}, office.ChiefExecutive: {"essex", "dorset"}, office.Constable: {"essex", "dorset"}}
	for _, k := range office.Kinds {
		at := bodies[k]
		if at == nil {
			at = []string{office.TheCompany}
		}
		for _, body := range at {
			o := office.Office{Body: body, Kind: k, Title: fmt.Sprintf("Another %s, %s", k, body)}
			if k == office.DirectorOffice {
				o.Seat = 2
			}
			storetest.Holder(t, b.Tx, k, body) // who can confirm the other
			people[o.Title] = storetest.Holds(t, b.Tx, storetest.Person(t, b.Tx, o.Title+" (sample)"), o)
		}
	}
	// One who answers for Dorset sits on the committee, and one clerk of it holds an office at Dorset too.
	b.must(storetest.Seat(t.Context(), b.Tx, b.clerk, "scrutiny", scrutiny.Seat{Office: b.dorset.Office, Role: scrutiny.SeatClerk, First: "2013-01-14"}))
	people["the commissioner of Dorset, a clerk of the committee"] = b.dorset
	both := storetest.Holds(t, b.Tx, storetest.Person(t, b.Tx, "Two offices (sample)"), office.Office{Body: "dorset", Kind: office.ChiefExecutive, Title: "Chief executive, second"})
	both = storetest.Holds(t, b.Tx, both.Person, office.Office{Body: office.TheAssociation, Kind: office.Clerk, Title: "Second clerk"})
	b.must(storetest.Seat(t.Context(), b.Tx, b.clerk, "scrutiny", scrutiny.Seat{Office: both.Office, Role: scrutiny.SeatClerk, First: "2013-01-14"}))
	people["a clerk who holds an office at Dorset"] = both

	form := publishContracts
	form.Body = "dorset"
	states := map[scrutiny.RecommendationStatus]string{}
	for _, st := range []scrutiny.RecommendationStatus{scrutiny.NotStarted, scrutiny.InProgress, scrutiny.ClaimedDone, scrutiny.NotVerified} {
		ref := b.make(form)
		states[st] = ref
		b.act(b.dorset, ref, scrutiny.ActRespond, acceptsIt)
		if st == scrutiny.InProgress {
			b.act(b.dorset, ref, scrutiny.ActNoteProgress, scrutiny.RecommendationStep{Text: "Begun."})
		}
		if st == scrutiny.ClaimedDone || st == scrutiny.NotVerified {
			b.act(b.dorset, ref, scrutiny.ActClaim, scrutiny.RecommendationStep{Text: "Done."})
		}
		if st == scrutiny.NotVerified {
			b.act(b.chair, ref, scrutiny.ActRefuseClaim, scrutiny.RecommendationStep{Text: "Minute 1 (sample)."})
		}
	}
	whole := scrutiny.RecommendationStep{Acceptance: scrutiny.Accepted, Target: "2013-07-31", Reason: "x", Text: "x", Ground: scrutiny.Superseded}
	tries, allowed := 0, 0
	for status, ref := range states {
		r := b.see(ref)
		for _, act := range scrutiny.RecommendationActs {
			for name, v := range people {
				may := r.May(act, v) == nil
				answers := slices.Contains([]office.Act{scrutiny.ActRespond, scrutiny.ActNoteProgress, scrutiny.ActMoveTarget, scrutiny.ActClaim}, act)
				want := slices.ContainsFunc(scrutiny.RecommendationLife, func(m office.Move[scrutiny.RecommendationStatus]) bool { return m.From == status && m.Act == act })
				switch {
				case answers:
					want = want && v.At("dorset", office.AnswerQuestions)
				case act == scrutiny.ActGivePriority:
					want = want && name == "the chair"
				case act == scrutiny.ActTakePriority:
					want = false // it has none
				default:
					want = want && (name == "the chair" || name == "the clerk")
				}
				if may != want {
					t.Errorf("%s may %s what is %s: %v, want %v", name, act, status, may, want)
				}
				err := record.Try(t.Context(), b.Tx, func(s *db.Tx) error { return scrutiny.ActOnRecommendation(t.Context(), s, v, ref, act, whole) })
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
	storetest.Sound(t, b.Tx)
}

// TestNobodyVerifiesTheirOwnClaim compares persons, not offices: whoever claimed
// for the body, and has left it since, does not judge that claim.
func TestNobodyVerifiesTheirOwnClaim(t *testing.T) {
	b := newPanel(t)
	ref := b.make(promisesIt)
	leaver := storetest.Holds(t, b.Tx, storetest.Person(t, b.Tx, "Moved on (sample)"), office.Office{Body: office.TheCompany, Kind: office.CompanyOfficer, Title: "Officer who moves on"})
	b.act(leaver, ref, scrutiny.ActClaim, scrutiny.RecommendationStep{Text: "Done."})
	clerk := leaver
	clerk.Office = b.clerk.Office
	clerk.Offices = []office.Office{b.clerk.Office}
	if err := b.see(ref).May(scrutiny.ActVerify, clerk); fault.KindOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "You reported this complete") {
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
		f := []scrutiny.RecommendationForm{publishContracts, promisesIt, dorset}[r.IntN(3)]
		if f.Target != "" {
			f.Target = civil.DayOf(b.Now()).Add(30)
		}
		refs = append(refs, b.make(f))
		for range 4 {
			st := scrutiny.RecommendationStep{Acceptance: scrutiny.Acceptances[1+r.IntN(4)], Target: civil.DayOf(b.Now()).Add(10 + i), Reason: "x", Text: "x", Ground: scrutiny.Superseded}
			if st.Acceptance == scrutiny.Rejected {
				st.Target = ""
			}
			act, ref := scrutiny.RecommendationActs[r.IntN(len(scrutiny.RecommendationActs))], refs[r.IntN(len(refs))]
			for _, v := range []office.Viewer{b.officer, b.dorset, b.chair} {
				if scrutiny.ActOnRecommendation(t.Context(), b.Tx, v, ref, act, st) == nil {
					break
				}
			}
		}
	}
	storetest.Sound(t, b.Tx)
	for _, age := range append([]string{""}, scrutiny.RecommendationAges...) {
		for _, body := range []string{"", "dorset", office.TheCompany} {
			for _, words := range []string{"", "publish", "servers"} {
				for _, priority := range []string{"", "yes", "no"} {
					f := scrutiny.RecommendationFilter{Age: age, Body: body, Words: words, Priority: priority}
					b.holds(f)
					f.Kind, f.Committee = scrutiny.ChargeUndertaking, "scrutiny"
					b.holds(f)
					f.Acceptance, f.Implementation = scrutiny.InAnyForm, scrutiny.ClaimedDone
					b.holds(f)
				}
			}
		}
	}
}

// holds fails the test unless the page of a filter counts what its rows say.
func (b panel) holds(f scrutiny.RecommendationFilter) {
	b.t.Helper()
	p, err := scrutiny.Recommendations(b.t.Context(), b.Tx, f, 7)
	b.must(err)
	var all, accepted []scrutiny.Recommendation
	b.must(scrutiny.EachRecommendation(b.t.Context(), b.Tx, f, func(r scrutiny.Recommendation) bool { all = append(all, r); return true }))
	if int(p.Count) != len(all) || len(p.All) != min(7, len(all)) {
		b.t.Errorf("%+v: counted %d, listed %d, %d on the page", f, p.Count, len(all), len(p.All))
	}
	f.Acceptance, f.Implementation = "", ""
	cells := map[string]int64{}
	b.must(scrutiny.EachRecommendation(b.t.Context(), b.Tx, f, func(r scrutiny.Recommendation) bool {
		cells[string(r.Acceptance)+" "+string(r.Implementation)]++
		if r.Acceptance.InAnyForm() {
			accepted = append(accepted, r)
		}
		return true
	}))
	for _, a := range scrutiny.Acceptances {
		for _, i := range scrutiny.RecommendationStatuses {
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
	titles := func(v office.Viewer) (all []string) {
		t.Helper()
		tasks, err := store.Work(t.Context(), b.Tx, v)
		b.must(err)
		for _, k := range tasks {
			if strings.HasPrefix(k.Href, "/recommendations/") {
				all = append(all, k.Title[:strings.LastIndex(k.Title, ":")])
			}
		}
		return all
	}
	wants := func(when string, v office.Viewer, want string) {
		t.Helper()
		if got := fmt.Sprint(titles(v)); got != want {
			t.Errorf("%s: %s, want %s", when, got, want)
		}
	}
	wants("made", b.officer, "[Respond to recommendation 2013-001]")
	wants("made", b.dorset, "[]")
	wants("made", b.clerk, "[]")
	b.act(b.officer, ref, scrutiny.ActRespond, scrutiny.RecommendationStep{Acceptance: scrutiny.Rejected, Reason: "No."})
	wants("rejected", b.clerk, "[Consider the rejection of recommendation 2013-001]")
	b.clock.Day("2013-07-01")
	wants("late", b.officer, "[Update undertaking 2013-002]")
	b.act(b.officer, promise, scrutiny.ActClaim, scrutiny.RecommendationStep{Text: "Done."})
	wants("claimed", b.chair, "[Consider the rejection of recommendation 2013-001 Confirm whether complete: undertaking 2013-002]")
	wants("claimed", b.member, "[]")
	wants("claimed", b.officer, "[]")
}
