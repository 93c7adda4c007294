package web

import (
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// scrutinised has something of a committee for every kind of page of scrutiny:
// a question and its answer, a recommendation and an undertaking, and an inquiry
// with evidence, open and confidential, and a report that is a draft. The secret
// stands wherever nothing is public. The clerk sits on the committee.
func scrutinised(t testing.TB, st *store.Store, clerk store.Viewer, committee, secret string) {
	t.Helper()
	ctx, today := t.Context(), store.DayOf(st.Now())
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	officer := storetest.Holder(t, st, store.CompanyOfficer, store.TheCompany)
	ask, err := st.AskQuestion(ctx, clerk, store.QuestionForm{Title: "Why did licences rise?", Text: "What changed?", To: store.TheCompany, Committee: committee})
	must(err)
	must(st.ActOnQuestion(ctx, officer, ask, store.GiveAnswer, store.SaidForm{Text: "More people use them.", Judgement: store.FullyAnswered}))
	for _, f := range []store.RecommendationForm{
		{Kind: store.ChargeRecommendation, Title: "Publish every licence", Text: "The company should publish them.", Source: store.Origin{Text: "First report (sample)"}},
		{Kind: store.ChargeUndertaking, Title: "Publish the list of prices", Text: "“We will publish it.”", Source: store.Origin{Text: "Answer to question " + ask, Href: "/questions/" + ask + "#said-1"}, Target: today.Add(90)},
	} {
		f.Committee, f.Body = committee, store.TheCompany
		_, err := st.MakeRecommendation(ctx, clerk, f)
		must(err)
	}
	slug := committee
	must(st.OpenInquiry(ctx, clerk, store.Inquiry{Slug: slug, Title: "Licences of systems (sample)", Terms: "Whether licences are shared.", Committee: committee, Closes: today}))
	take := func(f store.EvidenceForm, file string) {
		t.Helper()
		f.Document, err = st.KeepDraft(ctx, clerk, file, []byte(f.Text))
		must(err)
		f.Received = today
		_, err = st.TakeEvidence(ctx, clerk, slug, f)
		must(err)
	}
	take(store.EvidenceForm{Author: "Office of the Commissioner for Kent (sample)", Title: "What Kent pays", Text: "Kent pays for each.\n\nIt shares none."}, "table.txt")
	take(store.EvidenceForm{Author: secret + " author", AuthorSealed: true, Title: secret + " title", Text: secret + " paragraph.", Confidential: true, Ground: store.EvidenceGrounds[2], Review: today.Add(30)}, secret+".txt")
	must(st.DraftReport(ctx, clerk, slug, 0, store.ReportForm{Text: secret + " in a report.", Findings: []store.FindingForm{{Text: secret + " finding", Cites: "1 p1"}}}))
}

// convened has a committee, whose clerk it returns, and a meeting of it with an
// agenda and minutes.
func convened(t testing.TB, st *store.Store, slug string) store.Viewer {
	t.Helper()
	ctx, today := t.Context(), store.DayOf(st.Now())
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	clerk := storetest.Holder(t, st, store.Clerk, store.TheAssociation)
	must(st.FoundCommittee(ctx, clerk, store.Committee{Slug: slug, Name: "Scrutiny committee " + slug + " (sample)", Terms: "To hold the company to account.", First: today}))
	must(st.SeatOffice(ctx, clerk, slug, store.Seat{Office: clerk.Office, Role: store.SeatClerk, First: today}))
	id, err := st.PlanMeeting(ctx, clerk, store.Meeting{Committee: slug, On: today, Starts: "14:00", Place: "Local Government House (sample)"})
	must(err)
	must(st.AddAgendaItem(ctx, clerk, id, "Licences", "", nil))
	must(st.PublishAgenda(ctx, clerk, id))
	must(st.RecordAttendance(ctx, clerk, id, []store.Attended{{Office: clerk.Office, Answer: store.Present}}))
	must(st.KeepMinutes(ctx, clerk, id, "Item 1: Licences were looked at."))
	p, err := st.MeetingAt(ctx, clerk, id)
	must(err)
	must(st.PublishMinutes(ctx, clerk, id, p.Draft.Event))
	return clerk
}
