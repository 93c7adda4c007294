package web

import (
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// scrutinised has something of a committee for every kind of page of scrutiny:
// a question and its answer, a recommendation and an undertaking, and an inquiry
// with evidence, open and confidential, and a report that is a draft. The secret
// stands wherever nothing is public. The clerk sits on the committee.
func scrutinised(t testing.TB, st *db.Tx, clerk office.Viewer, committee, secret string) {
	t.Helper()
	ctx, today := t.Context(), civil.DayOf(st.Now())
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	officer := storetest.Holder(t, st, office.CompanyOfficer, office.TheCompany)
	ask, err := scrutiny.AskQuestion(ctx, st, clerk, scrutiny.QuestionForm{Title: "Why did licences rise?", Text: "What changed?", To: office.TheCompany, Committee: committee})
	must(err)
	must(scrutiny.ActOnQuestion(ctx, st, officer, ask, scrutiny.ActAnswer, scrutiny.SaidForm{Text: "More people use them.", Judgement: scrutiny.FullyAnswered}))
	for _, f := range []scrutiny.RecommendationForm{
		{Kind: scrutiny.ChargeRecommendation, Title: "Publish every licence", Text: "The company should publish them.", Source: scrutiny.Origin{Text: "First report (sample)"}},
		{Kind: scrutiny.ChargeUndertaking, Title: "Publish the list of prices", Text: "“We will publish it.”", Source: scrutiny.Origin{Text: "Answer to question " + ask, Href: "/questions/" + ask + "#said-1"}, Target: today.Add(90)},
	} {
		f.Committee, f.Body = committee, office.TheCompany
		_, err := scrutiny.MakeRecommendation(ctx, st, clerk, f)
		must(err)
	}
	slug := committee
	must(scrutiny.OpenInquiry(ctx, st, clerk, scrutiny.Inquiry{Slug: slug, Title: "Licences of systems (sample)", Terms: "Whether licences are shared.", Committee: committee, Closes: today}))
	take := func(f scrutiny.EvidenceForm, file string) {
		t.Helper()
		f.Document, err = documents.KeepDraft(ctx, st, clerk, file, []byte(f.Text))
		must(err)
		f.Received = today
		_, err = scrutiny.TakeEvidence(ctx, st, clerk, slug, f)
		must(err)
	}
	take(scrutiny.EvidenceForm{Author: "Office of the Commissioner for Kent (sample)", Title: "What Kent pays", Text: "Kent pays for each.\n\nIt shares none."}, "table.txt")
	take(scrutiny.EvidenceForm{Author: secret + " author", AuthorSealed: true, Title: secret + " title", Text: secret + " paragraph.", Confidential: true, Ground: scrutiny.EvidenceGrounds[2], Review: today.Add(30)}, secret+".txt")
	must(scrutiny.DraftReport(ctx, st, clerk, slug, 0, scrutiny.ReportForm{Text: secret + " in a report.", Findings: []scrutiny.FindingForm{{Text: secret + " finding", Cites: "1 p1"}}}))
}

// convened has a committee, whose clerk it returns, and a meeting of it with an
// agenda and minutes.
func convened(t testing.TB, st *db.Tx, slug string) office.Viewer {
	t.Helper()
	ctx, today := t.Context(), civil.DayOf(st.Now())
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	clerk := storetest.Holder(t, st, office.Clerk, office.TheAssociation)
	must(scrutiny.FoundCommittee(ctx, st, clerk, scrutiny.Committee{Slug: slug, Name: "Scrutiny committee " + slug + " (sample)", Terms: "To hold the company to account.", First: today}))
	must(storetest.Seat(ctx, st, clerk, slug, scrutiny.Seat{Office: clerk.Office, Role: scrutiny.SeatClerk, First: today}))
	id, err := scrutiny.PlanMeeting(ctx, st, clerk, scrutiny.Meeting{Committee: slug, On: today, Starts: "14:00", Place: "Local Government House (sample)"})
	must(err)
	must(scrutiny.AddAgendaItem(ctx, st, clerk, id, "Licences", "", nil))
	must(scrutiny.PublishAgenda(ctx, st, clerk, id))
	must(scrutiny.RecordAttendance(ctx, st, clerk, id, []scrutiny.Attended{{Office: clerk.Office, Answer: scrutiny.Present}}))
	must(scrutiny.KeepMinutes(ctx, st, clerk, id, "Item 1: Licences were looked at."))
	p, err := scrutiny.ReadMeetingPage(ctx, st, clerk, id)
	must(err)
	must(scrutiny.PublishMinutes(ctx, st, clerk, id, p.Draft.Event))
	return clerk
}
