package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// Before a question is sent, those that are like it are shown: one may follow
// one of them instead, or go on and ask.
func TestAskingShowsWhatWasAskedAlready(t *testing.T) {
	s, st := mailing(t)
	chair := as(t, s, storetest.Holder(t, st, office.Chair, office.TheAssociation))
	v := storetest.Holder(t, st, office.Clerk, office.TheAssociation)
	clerk := as(t, s, v)
	if page := chair.do(200, "POST", "/questions/new", asksWhy()...).Body.String(); strings.Contains(page, "Was it asked already?") {
		t.Error("the first question is like another")
	}
	chair.do(303, "POST", "/questions/new", sure(asksWhy())...)
	again := asksWhy("title", "Hosting in Kent", "text", "What does it cost?")
	says(t, clerk.do(200, "POST", "/questions/new", again...), "Was it asked already?", `<a href="/questions/2013-001">Why did hosting rise?</a>`, "Question 2013-001, put to Police ICT Company on 14 January 2013",
		"Due", `value="question/2013-001"`, "Follow by email", "Ask it")
	goes(t, clerk.do(303, "POST", "/follow", "subject", "question/2013-001"), "/questions/2013-001")
	says(t, clerk.do(200, "GET", "/questions/2013-001"), "You follow this by email")
	says(t, clerk.do(200, "POST", "/questions/new", again...), "You follow question 2013-001 by email.", "Ask it")
	goes(t, clerk.do(303, "POST", "/questions/new", sure(again)...), "/questions/2013-002")
	other := asksWhy("title", "Zebras", "text", "Zebras?")
	if page := chair.do(200, "POST", "/questions/new", other...).Body.String(); strings.Contains(page, "Was it asked already?") {
		t.Error("a question that shares no word is like another")
	}
}

// Who follows a list by its filter, and one recommendation, gets one mail of
// each event, with nothing in it that is restricted.
func TestFollowersOfScrutinyGetOneMailOfEachEvent(t *testing.T) {
	s, st := mailing(t)
	v := storetest.Holder(t, st, office.Official, office.HomeOffice)
	official := as(t, s, v)
	asker, chair, clerk := storetest.Holder(t, st, office.Scrutineer, office.TheAssociation), storetest.Holder(t, st, office.Chair, office.TheAssociation), storetest.Holder(t, st, office.Clerk, office.TheAssociation)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	today := civil.DayOf(st.Now())
	must(scrutiny.FoundCommittee(t.Context(), st, clerk, scrutiny.Committee{Slug: "scrutiny", Name: "Scrutiny committee (sample)", Terms: "To hold the company to account.", First: today}))
	must(storetest.Seat(t.Context(), st, clerk, "scrutiny", scrutiny.Seat{Office: chair.Office, Role: scrutiny.SeatChair, First: today}, scrutiny.Seat{Office: clerk.Office, Role: scrutiny.SeatClerk, First: today}))
	ref, err := scrutiny.MakeRecommendation(t.Context(), st, clerk, scrutiny.RecommendationForm{Kind: scrutiny.ChargeRecommendation, Committee: "scrutiny", Body: office.TheCompany, Title: "Publish every contract",
		Text: "The company should publish them.", Source: scrutiny.Origin{Text: "First report (sample)"}})
	must(err)
	newsTo(t, st, v)
	for path, subject := range map[string]string{"/questions?to=company": "/questions?to=company", "/recommendations?body=company": "/recommendations?body=company", "/recommendations/" + ref: "recommendation/" + ref} {
		says(t, official.do(200, "GET", path), "Follow by email", `value="`+subject+`"`)
		goes(t, official.do(303, "POST", "/follow", "subject", subject), path)
	}
	official.do(422, "POST", "/follow", "subject", "/questions?state=lost")
	says(t, official.do(200, "GET", "/account/following"), "Questions: to company", "Recommendations: body company", "Publish every contract")
	ask, err := scrutiny.AskQuestion(t.Context(), st, asker, scrutiny.QuestionForm{Title: "Why did hosting rise?", Text: "Sesame text?", To: office.TheCompany})
	must(err)
	_, err = scrutiny.AskQuestion(t.Context(), st, asker, scrutiny.QuestionForm{Title: "Why the Home Office?", Text: "Sesame text?", To: office.HomeOffice})
	must(err)
	officer := storetest.Holder(t, st, office.CompanyOfficer, office.TheCompany)
	must(scrutiny.ActOnRecommendation(t.Context(), st, officer, ref, scrutiny.ActRespond, scrutiny.RecommendationStep{Acceptance: scrutiny.Rejected, Reason: "Sesame reason."}))
	all := newsTo(t, st, v)
	var hrefs []string
	for _, m := range all {
		hrefs = append(hrefs, m.Href)
		if strings.Contains(strings.ToLower(fmt.Sprintf("%+v", m)), "sesame") || m.Stop == "" {
			t.Errorf("mailed: %+v", m)
		}
	}
	if !slices.Equal(hrefs, []string{"/questions/" + ask, "/recommendations/" + ref}) {
		t.Errorf("mailed of %v", hrefs)
	}
}
