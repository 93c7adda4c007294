package scrutiny_test

import (
	"slices"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// A list of questions or recommendations is followed by its filter, and what
// somebody follows twice is told once.
func TestListsOfScrutinyAreFollowed(t *testing.T) {
	s, clock, _ := storetest.Mailing(t)
	c := storetest.BeginOn(t, s, clock)
	b := panelOn(t, s, clock)
	c.Follow(c.Official, "/questions?to=company", `{"To":"company"}`)
	c.Follow(c.Association, "/questions?to=home-office", `{"To":"home-office"}`)
	c.Follow(c.Finance, "/recommendations?body=company", `{"Body":"company"}`)
	c.Follow(c.Administrator, "/recommendations?acceptance=rejected", `{"Acceptance":"rejected"}`)
	c.TellFollowers()
	storetest.TakeMail(t, s)
	ask, err := scrutiny.AskQuestion(t.Context(), s, b.chair, scrutiny.QuestionForm{Title: "Why did hosting rise?", Text: "Sesame text?", To: office.TheCompany})
	c.Must(err)
	c.Follow(c.Official, "question/"+ask, "")
	if heard := c.Heard(); !slices.Equal(heard[c.Official.Person], []string{"question.ask /questions/" + ask}) || len(heard) != 1 {
		t.Errorf("of a question they hear %v", heard)
	}
	c.Must(scrutiny.ActOnQuestion(t.Context(), s, b.officer, ask, scrutiny.ActAnswer, scrutiny.SaidForm{Text: "More was stored.", Judgement: scrutiny.FullyAnswered}))
	if heard := c.Heard(); len(heard[c.Official.Person]) != 1 || len(heard) != 1 {
		t.Errorf("of an answer, who follows the question and its list hears %v", heard)
	}
	ref := b.make(publishContracts)
	c.Follow(c.Finance, "recommendation/"+ref, "")
	if heard := c.Heard(); len(heard[c.Finance.Person]) != 1 || len(heard) != 1 {
		t.Errorf("of a recommendation they hear %v", heard)
	}
	b.act(b.officer, ref, scrutiny.ActRespond, scrutiny.RecommendationStep{Acceptance: scrutiny.Rejected, Reason: "It is too dear."})
	if heard := c.Heard(); len(heard[c.Finance.Person]) != 1 || len(heard[c.Administrator.Person]) != 1 || len(heard) != 2 {
		t.Errorf("of a rejection they hear %v", heard)
	}
}

// Who follows the questions of a committee hears of those that it accepted.
func TestAcceptedQuestionsAreNewsOfTheirSuccessor(t *testing.T) {
	s, clock, _ := storetest.Mailing(t)
	c := storetest.BeginOn(t, s, clock)
	h := hearIn(t, s, clock)
	next := storetest.Holder(t, s, office.Chair, office.TheAssociation)
	storetest.AddCommittee(t, s, "next", civil.DayOf(clock.Now()), "", next, office.Viewer{}, h.clerk)
	ref := h.asks(h.chair, "scrutiny")
	all, err := scrutiny.AllCommittees(t.Context(), s)
	c.Must(err)
	of := all["scrutiny"]
	of.Last, of.Successor = civil.DayOf(clock.Now()).Add(10), "next"
	c.Must(scrutiny.ChangeCommittee(t.Context(), s, h.clerk, of))
	c.Must(scrutiny.AcceptCharges(t.Context(), s, next, "scrutiny", []string{"question/" + ref}))
	c.Follow(c.Official, "/questions?committee=next", `{"Committee":"next"}`)
	c.TellFollowers()
	storetest.TakeMail(t, s)
	c.Must(scrutiny.ActOnQuestion(t.Context(), s, h.officer, ref, scrutiny.ActAnswer, scrutiny.SaidForm{Text: "More was stored.", Judgement: scrutiny.FullyAnswered}))
	if heard := c.Heard(); len(heard[c.Official.Person]) != 1 || len(heard) != 1 {
		t.Errorf("of the answer they hear %v", heard)
	}
}
