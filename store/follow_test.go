package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/news"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
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
	_, err := news.TellFollowers(c.t.Context(), c.Tx)
	c.must(err)
}

// hears gives who is sent what now, as "act: href".
func (c *cast) hears() map[int64][]string {
	c.t.Helper()
	c.tells()
	heard := map[int64][]string{}
	for _, m := range takesMail(c.t, c.Tx) {
		heard[m.Person] = append(heard[m.Person], m.Act+" "+m.Href)
	}
	return heard
}

func (c *cast) follows(v office.Viewer, subject, filter string) {
	c.t.Helper()
	_, err := news.StartFollow(c.t.Context(), c.Tx, v, subject, filter)
	c.must(err)
}

func TestEachEventIsToldOncePerFollower(t *testing.T) {
	c := mailingCast(t)
	ref := c.put("contract", paper(6_125_800))
	href := "/decisions/" + ref
	c.follows(c.official, "decision/"+ref, "")
	c.follows(c.official, "body/"+office.TheCompany, "")
	c.follows(c.official, "decision/"+ref, "")
	c.follows(c.assoc, "/decisions?state=open", `{"State":"open"}`)
	c.follows(c.finance, "/decisions?state=held", `{"State":"held"}`)
	if heard := c.hears(); len(heard) != 0 {
		t.Errorf("of what was before they hear %v", heard)
	}
	c.must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	heard := c.hears()
	want := []string{"decision.open " + href}
	if !slices.Equal(heard[c.official.Person], want) || !slices.Equal(heard[c.assoc.Person], want) || len(heard) != 2 {
		t.Errorf("of the opening they hear %v", heard)
	}
	c.must(c.says(c.official, ref, authority.For))
	if heard = c.hears(); len(heard[c.official.Person]) != 1 || len(heard[c.assoc.Person]) != 1 {
		t.Errorf("of a vote they hear %v", heard)
	}
	if heard = c.hears(); len(heard) != 0 {
		t.Errorf("once more they hear %v", heard)
	}
}

func TestADraftIsNoNews(t *testing.T) {
	c := mailingCast(t)
	c.follows(c.assoc, "body/"+office.TheCompany, "")
	c.follows(c.assoc, "/decisions", `{}`)
	draft, err := decisions.SaveDraft(t.Context(), c.Tx, c.officer, decisions.DraftForm{Matter: "contract", Paper: paper(100)})
	c.must(err)
	if heard := c.hears(); len(heard) != 0 {
		t.Errorf("of a draft they hear %v", heard)
	}
	c.must(storetest.Err(decisions.Edit(t.Context(), c.Tx, c.officer, "draft-1", 1, decisions.DraftForm{Matter: "contract", Paper: paper(200)})))
	if _, _, err := decisions.PutForwardPaper(t.Context(), c.Tx, c.officer, draft, 1); err != nil {
		t.Fatal(err)
	}
	if heard := c.hears(); !slices.Equal(heard[c.assoc.Person], []string{"decision.put-forward /decisions/2013-001"}) {
		t.Errorf("of a draft that was changed and put forward they hear %v", heard)
	}
	for _, subject := range []string{"decision/draft-1", "decision/2013-009", "body/nowhere", "person/1", "question/2013-001", "/people", "decision"} {
		if _, err := news.StartFollow(t.Context(), c.Tx, c.assoc, subject, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("following %s: %v", subject, err)
		}
	}
	if _, err := news.StartFollow(t.Context(), c.Tx, office.Viewer{}, "body/kent", ""); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a stranger follows: %v", err)
	}
}

func TestTurningMailOnTellsNoOldNews(t *testing.T) {
	s, clock, again := storetest.Mailing(t)
	c := cast0(t, s, clock)
	c.follows(c.official, "/decisions", `{}`)
	takesMail(t, s)
	c.put("contract", paper(100)) // not told yet
	c.Tx = again(false)
	if _, err := news.StartFollow(t.Context(), c.Tx, c.assoc, "body/kent", ""); fault.KindOf(err) != fault.Conflict {
		t.Errorf("following while mail is off: %v", err)
	}
	ref := c.put("contract", paper(200))
	c.tells()
	c.Tx = again(true)
	if heard := c.hears(); len(heard) != 0 {
		t.Errorf("after mail was off they hear %v", heard)
	}
	c.must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.Tx = again(true) // a start while mail is on leaves nothing out
	if heard := c.hears(); len(heard[c.official.Person]) != 1 {
		t.Errorf("of what came after they hear %v", heard)
	}
}

func TestAFollowEnds(t *testing.T) {
	c := mailingCast(t)
	ref := c.put("contract", paper(100))
	for _, v := range []office.Viewer{c.official, c.assoc, c.finance} {
		c.follows(v, "decision/"+ref, "")
	}
	c.must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.tells()
	mine, err := news.Following(t.Context(), c.Tx, c.official.Person)
	if err != nil || len(mine) != 1 || !strings.Contains(mine[0].Title, ref) {
		t.Fatal(mine, err)
	}
	if err := news.EndFollow(t.Context(), c.Tx, c.assoc, mine[0].ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("ending another’s: %v", err)
	}
	c.must(news.EndFollow(t.Context(), c.Tx, c.official, mine[0].ID))
	theirs, err := news.Following(t.Context(), c.Tx, c.assoc.Person)
	c.must(err)
	c.must(news.Unsubscribe(t.Context(), c.Tx, theirs[0].Token))
	if err := news.Unsubscribe(t.Context(), c.Tx, theirs[0].Token); fault.KindOf(err) != fault.NotFound {
		t.Errorf("unsubscribing twice: %v", err)
	}
	if heard := c.hears(); len(heard) != 1 || len(heard[c.finance.Person]) != 1 {
		t.Errorf("after two of three ended it they hear %v", heard)
	}
}

func TestErasingAPersonErasesTheirMail(t *testing.T) {
	c := mailingCast(t)
	ref := c.put("contract", paper(100))
	v := storetest.Holder(t, c.Tx, office.Scrutineer, office.TheAssociation)
	c.follows(v, "decision/"+ref, "")
	c.must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.tells()
	all, err := office.AppointmentsOf(t.Context(), c.Tx, v.Person)
	c.must(err)
	c.must(people.EndAppointment(t.Context(), c.Tx, c.admin, all[0].ID, civil.DayOf(c.Now()).Add(-1)))
	c.must(people.Erase(t.Context(), c.Tx, c.admin, v.Person, "They asked for it."))
	if mine, err := news.Following(t.Context(), c.Tx, v.Person); err != nil || len(mine) != 0 {
		t.Errorf("an erased person follows %v, %v", mine, err)
	}
	if heard := c.hears(); len(heard[v.Person]) != 0 {
		t.Errorf("an erased person hears %v", heard)
	}
}

func TestPaymentsOfAListAndASupplierAreNews(t *testing.T) {
	c := mailingCast(t)
	takeIn(t, c.Tx, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, kentFile)
	slug := everyLine(t, c.Tx)[0].Identity.Slug
	c.follows(c.official, "supplier/"+slug, "")
	kent, err := payments.Filter{Bodies: []string{"kent"}, Payee: []payments.PayeeKind{payments.Named, payments.Redacted}, Class: []classify.Class{classify.IsIT}, From: civil.MonthOf(2012, 5)}.Kept()
	c.must(err)
	c.follows(c.assoc, "/spend?body=kent", kent)
	essex, err := payments.Filter{Bodies: []string{"essex"}}.Kept()
	c.must(err)
	c.follows(c.finance, "/spend?body=essex", essex)
	c.follows(c.officer, "body/kent", "")
	if heard := c.hears(); len(heard) != 0 {
		t.Errorf("of what was before they hear %v", heard)
	}
	next := strings.NewReplacer("/04/2012", "/06/2012", "/05/2012", "/06/2012", ",100", ",200").Replace(kentFile)
	takeIn(t, c.Tx, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, next)
	heard := c.hears()
	for name, v := range map[string]office.Viewer{"the supplier": c.official, "the list": c.assoc, "the body": c.officer} {
		if !slices.ContainsFunc(heard[v.Person], func(m string) bool { return strings.HasPrefix(m, "load.accept /spend/loads/") }) {
			t.Errorf("who follows %s hears %v", name, heard[v.Person])
		}
	}
	if len(heard[c.finance.Person]) != 0 {
		t.Errorf("who follows another body hears %v", heard[c.finance.Person])
	}
	if _, err := spend.ChangeSupplier(t.Context(), c.Tx, office.CommandLine, spend.SupplierChange{Kind: spend.SupplierRenamed, Slug: slug, Name: "Another Name (sample)", From: "2012-01-01", Reason: "A test"}); err != nil {
		t.Fatal(err)
	}
	if heard := c.hears(); len(heard[c.official.Person]) != 1 {
		t.Errorf("of a rename they hear %v", heard)
	}
	if _, err := (payments.Filter{Flag: "duplicate"}).Kept(); fault.KindOf(err) != fault.Invalid {
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
	ask, err := scrutiny.AskQuestion(t.Context(), s, b.chair, scrutiny.QuestionForm{Title: "Why did hosting rise?", Text: "Sesame text?", To: office.TheCompany})
	c.must(err)
	c.follows(c.official, "question/"+ask, "")
	if heard := c.hears(); !slices.Equal(heard[c.official.Person], []string{"question.ask /questions/" + ask}) || len(heard) != 1 {
		t.Errorf("of a question they hear %v", heard)
	}
	c.must(scrutiny.ActOnQuestion(t.Context(), s, b.officer, ask, scrutiny.ActAnswer, scrutiny.SaidForm{Text: "More was stored.", Judgement: scrutiny.FullyAnswered}))
	if heard := c.hears(); len(heard[c.official.Person]) != 1 || len(heard) != 1 {
		t.Errorf("of an answer, who follows the question and its list hears %v", heard)
	}
	ref := b.make(publishContracts)
	c.follows(c.finance, "recommendation/"+ref, "")
	if heard := c.hears(); len(heard[c.finance.Person]) != 1 || len(heard) != 1 {
		t.Errorf("of a recommendation they hear %v", heard)
	}
	b.act(b.officer, ref, scrutiny.ActRespond, scrutiny.RecommendationStep{Acceptance: scrutiny.Rejected, Reason: "It is too dear."})
	if heard := c.hears(); len(heard[c.finance.Person]) != 1 || len(heard[c.admin.Person]) != 1 || len(heard) != 2 {
		t.Errorf("of a rejection they hear %v", heard)
	}
}

// Who follows the questions of a committee hears of those that it accepted.
func TestAcceptedQuestionsAreNewsOfTheirSuccessor(t *testing.T) {
	s, clock, _ := storetest.Mailing(t)
	c := cast0(t, s, clock)
	h := hearIn(t, s, clock)
	next := storetest.Holder(t, s, office.Chair, office.TheAssociation)
	committee(t, s, "next", civil.DayOf(clock.Now()), "", next, office.Viewer{}, h.clerk)
	ref := h.asks(h.chair, "scrutiny")
	all, err := scrutiny.AllCommittees(t.Context(), s)
	c.must(err)
	of := all["scrutiny"]
	of.Last, of.Successor = civil.DayOf(clock.Now()).Add(10), "next"
	c.must(scrutiny.ChangeCommittee(t.Context(), s, h.clerk, of))
	c.must(scrutiny.AcceptCharges(t.Context(), s, next, "scrutiny", []string{"question/" + ref}))
	c.follows(c.official, "/questions?committee=next", `{"Committee":"next"}`)
	c.tells()
	takesMail(t, s)
	c.must(scrutiny.ActOnQuestion(t.Context(), s, h.officer, ref, scrutiny.ActAnswer, scrutiny.SaidForm{Text: "More was stored.", Judgement: scrutiny.FullyAnswered}))
	if heard := c.hears(); len(heard[c.official.Person]) != 1 || len(heard) != 1 {
		t.Errorf("of the answer they hear %v", heard)
	}
}
