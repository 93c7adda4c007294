package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// mailingCast is begin at a portal that sends mail. What the invitations made is
// out of the way.
func mailingCast(t testing.TB) *cast {
	t.Helper()
	s, clock, _ := storetest.Mailing(t)
	c := cast0(t, s, clock)
	c.tells()
	takesMail(t, s)
	return c
}

func (c *cast) tells() {
	c.t.Helper()
	_, err := c.TellFollowers(c.t.Context())
	c.must(err)
}

// hears gives who is sent what now, as "act: href".
func (c *cast) hears() map[int64][]string {
	c.t.Helper()
	c.tells()
	heard := map[int64][]string{}
	for _, m := range takesMail(c.t, c.Store) {
		heard[m.Person] = append(heard[m.Person], m.Act+" "+m.Href)
	}
	return heard
}

func (c *cast) follows(v store.Viewer, subject, filter string) {
	c.t.Helper()
	_, err := c.StartFollow(c.t.Context(), v, subject, filter)
	c.must(err)
}

func TestEachEventIsToldOncePerFollower(t *testing.T) {
	c := mailingCast(t)
	ref := c.put("contract", paper(6_125_800))
	href := "/decisions/" + ref
	c.follows(c.official, "decision/"+ref, "")
	c.follows(c.official, "body/"+store.TheCompany, "")
	c.follows(c.official, "decision/"+ref, "")
	c.follows(c.assoc, "/decisions?state=open", `{"State":"open"}`)
	c.follows(c.finance, "/decisions?state=held", `{"State":"held"}`)
	if heard := c.hears(); len(heard) != 0 {
		t.Errorf("of what was before they hear %v", heard)
	}
	c.must(storetest.Err(c.OpenDecision(t.Context(), c.secretary, ref, store.OpenForm{Way: store.ByApproval})))
	heard := c.hears()
	want := []string{"decision.open " + href}
	if !slices.Equal(heard[c.official.Person], want) || !slices.Equal(heard[c.assoc.Person], want) || len(heard) != 2 {
		t.Errorf("of the opening they hear %v", heard)
	}
	c.must(c.says(c.official, ref, store.For))
	if heard = c.hears(); len(heard[c.official.Person]) != 1 || len(heard[c.assoc.Person]) != 1 {
		t.Errorf("of a vote they hear %v", heard)
	}
	if heard = c.hears(); len(heard) != 0 {
		t.Errorf("once more they hear %v", heard)
	}
}

func TestADraftIsNoNews(t *testing.T) {
	c := mailingCast(t)
	c.follows(c.assoc, "body/"+store.TheCompany, "")
	c.follows(c.assoc, "/decisions", `{}`)
	draft, err := c.DraftDecision(t.Context(), c.officer, store.DraftForm{Matter: "contract", Paper: paper(100)})
	c.must(err)
	if heard := c.hears(); len(heard) != 0 {
		t.Errorf("of a draft they hear %v", heard)
	}
	c.must(storetest.Err(c.EditDecision(t.Context(), c.officer, "draft-1", 1, store.DraftForm{Matter: "contract", Paper: paper(200)})))
	if _, _, err := c.PutForward(t.Context(), c.officer, draft, 1); err != nil {
		t.Fatal(err)
	}
	if heard := c.hears(); !slices.Equal(heard[c.assoc.Person], []string{"decision.put-forward /decisions/2013-001"}) {
		t.Errorf("of a draft that was changed and put forward they hear %v", heard)
	}
	for _, subject := range []string{"decision/draft-1", "decision/2013-009", "body/nowhere", "person/1", "question/2013-001", "/people", "decision"} {
		if _, err := c.StartFollow(t.Context(), c.assoc, subject, ""); store.KindOf(err) != store.NotFound {
			t.Errorf("following %s: %v", subject, err)
		}
	}
	if _, err := c.StartFollow(t.Context(), store.Viewer{}, "body/kent", ""); store.KindOf(err) != store.Forbidden {
		t.Errorf("a stranger follows: %v", err)
	}
}

func TestTurningMailOnTellsNoOldNews(t *testing.T) {
	s, clock, again := storetest.Mailing(t)
	c := cast0(t, s, clock)
	c.follows(c.official, "/decisions", `{}`)
	takesMail(t, s)
	c.put("contract", paper(100)) // not told yet
	c.Store = again(false)
	if _, err := c.StartFollow(t.Context(), c.assoc, "body/kent", ""); store.KindOf(err) != store.Conflict {
		t.Errorf("following while mail is off: %v", err)
	}
	ref := c.put("contract", paper(200))
	c.tells()
	c.Store = again(true)
	if heard := c.hears(); len(heard) != 0 {
		t.Errorf("after mail was off they hear %v", heard)
	}
	c.must(storetest.Err(c.OpenDecision(t.Context(), c.secretary, ref, store.OpenForm{Way: store.ByApproval})))
	c.Store = again(true) // a start while mail is on leaves nothing out
	if heard := c.hears(); len(heard[c.official.Person]) != 1 {
		t.Errorf("of what came after they hear %v", heard)
	}
}

func TestAFollowEnds(t *testing.T) {
	c := mailingCast(t)
	ref := c.put("contract", paper(100))
	for _, v := range []store.Viewer{c.official, c.assoc, c.finance} {
		c.follows(v, "decision/"+ref, "")
	}
	c.must(storetest.Err(c.OpenDecision(t.Context(), c.secretary, ref, store.OpenForm{Way: store.ByApproval})))
	c.tells()
	mine, err := c.Following(t.Context(), c.official.Person)
	if err != nil || len(mine) != 1 || !strings.Contains(mine[0].Title, ref) {
		t.Fatal(mine, err)
	}
	if err := c.EndFollow(t.Context(), c.assoc, mine[0].ID); store.KindOf(err) != store.NotFound {
		t.Errorf("ending another’s: %v", err)
	}
	c.must(c.EndFollow(t.Context(), c.official, mine[0].ID))
	theirs, err := c.Following(t.Context(), c.assoc.Person)
	c.must(err)
	c.must(c.Unsubscribe(t.Context(), theirs[0].Token))
	if err := c.Unsubscribe(t.Context(), theirs[0].Token); store.KindOf(err) != store.NotFound {
		t.Errorf("unsubscribing twice: %v", err)
	}
	if heard := c.hears(); len(heard) != 1 || len(heard[c.finance.Person]) != 1 {
		t.Errorf("after two of three ended it they hear %v", heard)
	}
}

func TestErasingAPersonErasesTheirMail(t *testing.T) {
	c := mailingCast(t)
	ref := c.put("contract", paper(100))
	v := storetest.Holder(t, c.Store, store.Scrutineer, store.TheAssociation)
	c.follows(v, "decision/"+ref, "")
	c.must(storetest.Err(c.OpenDecision(t.Context(), c.secretary, ref, store.OpenForm{Way: store.ByApproval})))
	c.tells()
	all, err := c.AppointmentsOf(t.Context(), v.Person)
	c.must(err)
	c.must(c.EndAppointment(t.Context(), c.admin, all[0].ID, store.DayOf(c.Now()).Add(-1)))
	c.must(c.ErasePerson(t.Context(), c.admin, v.Person, "They asked for it."))
	if mine, err := c.Following(t.Context(), v.Person); err != nil || len(mine) != 0 {
		t.Errorf("an erased person follows %v, %v", mine, err)
	}
	if heard := c.hears(); len(heard[v.Person]) != 0 {
		t.Errorf("an erased person hears %v", heard)
	}
}

func TestPaymentsOfAListAndASupplierAreNews(t *testing.T) {
	c := mailingCast(t)
	takeIn(t, c.Store, store.CommandLine, store.LoadRequest{Body: "kent", AcceptRejected: true}, kentFile)
	slug := everyLine(t, c.Store)[0].Identity.Slug
	c.follows(c.official, "supplier/"+slug, "")
	kent, err := store.SpendFilter{Bodies: []string{"kent"}, Payee: []store.PayeeKind{store.Named, store.Redacted}, Class: []store.Class{store.IsIT}, From: store.MonthOf(2012, 5)}.Kept()
	c.must(err)
	c.follows(c.assoc, "/spend?body=kent", kent)
	essex, err := store.SpendFilter{Bodies: []string{"essex"}}.Kept()
	c.must(err)
	c.follows(c.finance, "/spend?body=essex", essex)
	c.follows(c.officer, "body/kent", "")
	if heard := c.hears(); len(heard) != 0 {
		t.Errorf("of what was before they hear %v", heard)
	}
	next := strings.NewReplacer("/04/2012", "/06/2012", "/05/2012", "/06/2012", ",100", ",200").Replace(kentFile)
	takeIn(t, c.Store, store.CommandLine, store.LoadRequest{Body: "kent", AcceptRejected: true}, next)
	heard := c.hears()
	for name, v := range map[string]store.Viewer{"the supplier": c.official, "the list": c.assoc, "the body": c.officer} {
		if !slices.ContainsFunc(heard[v.Person], func(m string) bool { return strings.HasPrefix(m, "load.accept /spend/loads/") }) {
			t.Errorf("who follows %s hears %v", name, heard[v.Person])
		}
	}
	if len(heard[c.finance.Person]) != 0 {
		t.Errorf("who follows another body hears %v", heard[c.finance.Person])
	}
	if _, err := c.ChangeSupplier(t.Context(), store.CommandLine, store.SupplierChange{Kind: store.SupplierRenamed, Slug: slug, Name: "Another Name (sample)", From: "2012-01-01", Reason: "A test"}); err != nil {
		t.Fatal(err)
	}
	if heard := c.hears(); len(heard[c.official.Person]) != 1 {
		t.Errorf("of a rename they hear %v", heard)
	}
	if _, err := (store.SpendFilter{Flag: "duplicate"}).Kept(); store.KindOf(err) != store.Invalid {
		t.Errorf("following by flag: %v", err)
	}
}

// A list of questions or recommendations is followed by its filter, and what
// somebody follows twice is told once.
func TestListsOfScrutinyAreFollowed(t *testing.T) {
	s, clock, _ := storetest.Mailing(t)
	c := cast0(t, s, clock)
	b := panelOn(t, s, clock)
	c.follows(c.official, "/questions?to=company", `{"To":"company"}`)
	c.follows(c.assoc, "/questions?to=home-office", `{"To":"home-office"}`)
	c.follows(c.finance, "/recommendations?body=company", `{"Body":"company"}`)
	c.follows(c.admin, "/recommendations?acceptance=rejected", `{"Acceptance":"rejected"}`)
	c.tells()
	takesMail(t, s)
	ask, err := s.AskQuestion(t.Context(), b.chair, store.QuestionForm{Title: "Why did hosting rise?", Text: "Sesame text?", To: store.TheCompany})
	c.must(err)
	c.follows(c.official, "question/"+ask, "")
	if heard := c.hears(); !slices.Equal(heard[c.official.Person], []string{"question.ask /questions/" + ask}) || len(heard) != 1 {
		t.Errorf("of a question they hear %v", heard)
	}
	c.must(s.ActOnQuestion(t.Context(), b.officer, ask, store.GiveAnswer, store.SaidForm{Text: "More was stored.", Judgement: store.FullyAnswered}))
	if heard := c.hears(); len(heard[c.official.Person]) != 1 || len(heard) != 1 {
		t.Errorf("of an answer, who follows the question and its list hears %v", heard)
	}
	ref := b.make(publishContracts)
	c.follows(c.finance, "recommendation/"+ref, "")
	if heard := c.hears(); len(heard[c.finance.Person]) != 1 || len(heard) != 1 {
		t.Errorf("of a recommendation they hear %v", heard)
	}
	b.act(b.officer, ref, store.RespondToIt, store.RecommendationStep{Acceptance: store.Rejected, Reason: "It is too dear."})
	if heard := c.hears(); len(heard[c.finance.Person]) != 1 || len(heard[c.admin.Person]) != 1 || len(heard) != 2 {
		t.Errorf("of a rejection they hear %v", heard)
	}
}

// Who follows the questions of a committee hears of those that it accepted.
func TestAcceptedQuestionsAreNewsOfTheirSuccessor(t *testing.T) {
	s, clock, _ := storetest.Mailing(t)
	c := cast0(t, s, clock)
	h := hearIn(t, s, clock)
	next := storetest.Holder(t, s, store.Chair, store.TheAssociation)
	committee(t, s, "next", store.DayOf(clock.Now()), "", next, store.Viewer{}, h.clerk)
	ref := h.asks(h.chair, "scrutiny")
	all, err := s.Committees(t.Context())
	c.must(err)
	of := all["scrutiny"]
	of.Last, of.Successor = store.DayOf(clock.Now()).Add(10), "next"
	c.must(s.ChangeCommittee(t.Context(), h.clerk, of))
	c.must(s.AcceptCharges(t.Context(), next, "scrutiny", []string{"question/" + ref}))
	c.follows(c.official, "/questions?committee=next", `{"Committee":"next"}`)
	c.tells()
	takesMail(t, s)
	c.must(s.ActOnQuestion(t.Context(), h.officer, ref, store.GiveAnswer, store.SaidForm{Text: "More was stored.", Judgement: store.FullyAnswered}))
	if heard := c.hears(); len(heard[c.official.Person]) != 1 || len(heard) != 1 {
		t.Errorf("of the answer they hear %v", heard)
	}
}
