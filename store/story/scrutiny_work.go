package story

import (
	"context"
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
)

// plans plans a meeting of the first committee; the number is kept by name.
func plans(name string, on civil.Day, items ...string) (all []act) {
	all = append(all, func(ctx context.Context, t *teller) error {
		return doing("clerk", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			id, err := scrutiny.PlanMeeting(ctx, tx, v, scrutiny.Meeting{Committee: firstCommittee, On: on, Starts: "14:00", Place: "Committee room 2 (sample)"})
			t.mu.Lock()
			t.meetings[name] = id
			t.mu.Unlock()
			return err
		})(ctx, t)
	})
	for _, item := range items {
		all = append(all, atMeeting(name, func(ctx context.Context, tx *db.Tx, v office.Viewer, id int64) error {
			return scrutiny.AddAgendaItem(ctx, tx, v, id, item, "", nil)
		}))
	}
	return all
}

// atMeeting is an act of the clerk on a meeting of the story.
func atMeeting(name string, do func(context.Context, *db.Tx, office.Viewer, int64) error) act {
	return func(ctx context.Context, t *teller) error {
		t.mu.Lock()
		id := t.meetings[name]
		t.mu.Unlock()
		return doing("clerk", func(ctx context.Context, tx *db.Tx, v office.Viewer) error { return do(ctx, tx, v, id) })(ctx, t)
	}
}

// queues puts on an agenda what waits for the committee, and publishes it.
func queues(name string) act {
	return atMeeting(name, func(ctx context.Context, tx *db.Tx, v office.Viewer, id int64) error {
		m, err := scrutiny.ReadMeetingPage(ctx, tx, v, id)
		if err != nil {
			return err
		}
		var refs []string
		for _, offered := range m.Offered[:min(len(m.Offered), 8)] {
			refs = append(refs, offered.Ref)
		}
		if len(refs) > 0 {
			if err := scrutiny.AddSuggested(ctx, tx, v, id, refs); err != nil {
				return err
			}
		}
		return scrutiny.PublishAgenda(ctx, tx, v, id)
	})
}

// meets records who came to a meeting: all but one, who sent apologies.
func meets(name string) act {
	return atMeeting(name, func(ctx context.Context, tx *db.Tx, v office.Viewer, id int64) error {
		m, err := scrutiny.ReadMeetingPage(ctx, tx, v, id)
		if err != nil {
			return err
		}
		var came []scrutiny.Attended
		for i, seat := range m.Of.SeatsOn(m.On) {
			a := scrutiny.Attended{Office: seat.Office, Role: seat.Role, Answer: scrutiny.Present}
			if i == 2 {
				a.Answer = scrutiny.Apologies
			}
			came = append(came, a)
		}
		return scrutiny.RecordAttendance(ctx, tx, v, id, came)
	})
}

// minutes keeps the minutes of a meeting and publishes them.
func minutes(name, words string) act {
	return atMeeting(name, func(ctx context.Context, tx *db.Tx, v office.Viewer, id int64) error {
		if err := scrutiny.KeepMinutes(ctx, tx, v, id, words); err != nil {
			return err
		}
		m, err := scrutiny.ReadMeetingPage(ctx, tx, v, id)
		if err != nil {
			return err
		}
		return scrutiny.PublishMinutes(ctx, tx, v, id, m.Draft.Event)
	})
}

// advises makes a recommendation or records an undertaking.
func advises(name, body, title, text string, change func(*scrutiny.RecommendationForm)) act {
	return func(ctx context.Context, t *teller) error {
		f := scrutiny.RecommendationForm{Kind: scrutiny.ChargeRecommendation, Committee: firstCommittee, Body: body, Title: title, Text: text + " (Sample text.)",
			Source: scrutiny.Origin{Text: "Meeting of 29 October 2012 (sample)", Href: "/meetings/1"}}
		if change != nil {
			change(&f)
		}
		return doing("clerk", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			ref, err := scrutiny.MakeRecommendation(ctx, tx, v, f)
			t.mu.Lock()
			t.matters["recommendation "+name] = ref
			t.mu.Unlock()
			return err
		})(ctx, t)
	}
}

// onAdvice is an act on a recommendation of the story.
func onAdvice(key, name string, what office.Act, st scrutiny.RecommendationStep) act {
	return func(ctx context.Context, t *teller) error {
		ref := t.matter("recommendation " + name)
		return doing(key, func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			return scrutiny.ActOnRecommendation(ctx, tx, v, ref, what, st)
		})(ctx, t)
	}
}

// wanted are what the sample recommendations want, three by five: how each was
// accepted, by how far it is done.
var wanted = [...]string{
	"Publish the unit price of every contract over £250,000", "Give each force a named contact for its contracts", "List the systems that two forces or more run",
	"Report the age of hardware each quarter", "Set a ceiling on day rates of contractors", "Test the exit terms of the five largest contracts",
	"Name the owner of each saving that is claimed", "Offer the hosting contract in smaller lots", "Review the network contract after one year",
	"Publish the minutes of the board within 20 working days", "Keep one register of licences for all forces", "Compare the price of mobile telephones by force",
	"Say how each programme treats Welsh", "Ask suppliers for accessible products", "Train two people for each finance system",
}

var (
	acceptances = []scrutiny.Acceptance{scrutiny.Accepted, scrutiny.Partly, scrutiny.InPrinciple}
	progressed  = []string{"not started", "in progress", "claimed", "verified", "not verified"}
)

// cell is the name of a recommendation by how it was accepted and how far it is.
func cell(a scrutiny.Acceptance, done string) string { return string(a) + ", " + done }

// eachCell is one act for each recommendation that got as far as one of some steps.
func eachCell(do func(name string, a scrutiny.Acceptance, i int) act, as ...string) (all []act) {
	for i, a := range acceptances {
		for j, done := range progressed {
			if len(as) == 0 || slices.Contains(as, done) {
				all = append(all, do(cell(a, done), a, i*len(progressed)+j))
			}
		}
	}
	return all
}

// answering is the body that a sample recommendation is put to, and who answers for it.
func answering(i int) (body, key string) {
	if i%4 == 3 {
		return office.HomeOffice, "official"
	}
	return office.TheCompany, "officer"
}

func advisesAll() []act {
	return eachCell(func(name string, _ scrutiny.Acceptance, i int) act {
		body, _ := answering(i)
		return advises(name, body, wanted[i], wanted[i]+", and say by when.", func(f *scrutiny.RecommendationForm) {
			f.Source.Href = fmt.Sprintf("/meetings/1#minute-%d", 2+i%2)
		})
	})
}

func respondsAll() []act {
	return eachCell(func(name string, a scrutiny.Acceptance, i int) act {
		_, key := answering(i)
		st := scrutiny.RecommendationStep{Acceptance: a, Target: civil.Day("2013-01-04").Add(14 * (i % 6))}
		if a != scrutiny.Accepted {
			st.Reason = "Sample reason: part of it needs the agreement of others."
		}
		return onAdvice(key, name, scrutiny.ActRespond, st)
	})
}

func eachStep(what office.Act, text string, as ...string) []act {
	return eachCell(func(name string, _ scrutiny.Acceptance, i int) act {
		_, key := answering(i)
		if what == scrutiny.ActVerify || what == scrutiny.ActRefuseClaim {
			key = "chair"
		}
		return onAdvice(key, name, what, scrutiny.RecommendationStep{Text: text})
	}, as...)
}

// takesEvidence takes evidence in to the sample inquiry.
func takesEvidence(form scrutiny.EvidenceForm) act {
	return doing("clerk", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
		_, err := scrutiny.TakeEvidence(ctx, tx, v, sampleInquiry, form)
		return err
	})
}

const sampleInquiry = "hosting-costs"

// reports drafts the report of the sample inquiry and publishes it.
func reports() act {
	return func(ctx context.Context, t *teller) error {
		f := scrutiny.ReportForm{Text: "The committee asked what custody hosting costs and why. (Sample report.)\n\nIt took three pieces of evidence, one of them in confidence.",
			Findings: []scrutiny.FindingForm{
				{Text: "The price for each month was not compared with another before the contract was extended. (Sample finding.)", Cites: "1 p2", Figures: "decision/" + t.ref("hosting")},
				{Text: "Notice of the end of the contract was given in time. (Sample finding.)", Cites: "1 p1\n3 p1"},
			}}
		return doing("chair", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			if err := scrutiny.DraftReport(ctx, tx, v, sampleInquiry, 0, f); err != nil {
				return err
			}
			return scrutiny.PublishReport(ctx, tx, v, sampleInquiry, 1)
		})(ctx, t)
	}
}

// committeeOn is what the committee does beside its questions, by date.
var committeeOn = map[civil.Day][]act{
	"2012-10-15": slices.Concat(plans("first", "2012-10-29", "Decisions since the company was formed (sample)", "Replies on custody hosting (sample)"), []act{queues("first"),
		doing("clerk", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			return scrutiny.OpenInquiry(ctx, tx, v, scrutiny.Inquiry{Slug: sampleInquiry, Title: "What custody hosting costs (sample)", Committee: firstCommittee, Closes: "2012-11-23",
				Terms: "What the hosting of custody and case systems costs, how the price was reached, and what another way would have cost."})
		})}),
	"2012-10-29": {meets("first"), advises("late", office.TheCompany, "Publish the register of interests of directors before each meeting", "So that anyone can see whom a matter touches.", nil)},
	"2012-11-15": slices.Concat([]act{minutes("first", "The chair opened the meeting. (Sample minutes.)\n\nThe committee read the replies on custody hosting and was not satisfied on the cost of buying again.\n\nIt resolved to make fifteen recommendations to the company and the Home Office."),
		takesEvidence(scrutiny.EvidenceForm{Author: "Alder Vale Hosting Ltd (sample)", Title: "What the contract provides", Received: "2012-11-12",
			Text: "Notice of the end of the contract was given on 20 August 2012. (Sample evidence.)\n\nThe price for each month follows the number of cells in use.\n\nStorage is charged apart."})},
		advisesAll(), []act{onAdvice("chair", cell(scrutiny.Accepted, "claimed"), scrutiny.ActGivePriority, scrutiny.RecommendationStep{}), onAdvice("chair", cell(scrutiny.Partly, "in progress"), scrutiny.ActGivePriority, scrutiny.RecommendationStep{})}),
	"2012-11-22": {takesEvidence(scrutiny.EvidenceForm{Author: "A former member of staff (sample)", AuthorSealed: true, Title: "How the price was reached", Received: "2012-11-21", Confidential: true,
		Ground: scrutiny.EvidenceGrounds[1], Review: "2013-05-22", Text: "SAMPLE CONFIDENTIAL EVIDENCE. The invented first offer was nine per cent lower."})},
	"2012-12-03": {takesEvidence(scrutiny.EvidenceForm{Author: "Kent force finance office (sample)", Title: "What Kent paid for hosting", Received: "2012-11-30", Late: "It was posted before the call closed.",
		Text: "The notice of August reached us. (Sample evidence.)\n\nThe charge rose twice within the year."})},
	"2012-12-04": slices.Concat([]act{
		advises("rejected", office.TheCompany, "Let the committee see tenders before they are opened", "In confidence, and by its chair alone.", nil),
		advises("undertaking", office.TheCompany, "Tell the five regions by 1 February when training begins", "The company said so in its answer.", func(f *scrutiny.RecommendationForm) {
			f.Kind, f.Target, f.Source = scrutiny.ChargeUndertaking, "2013-02-01", scrutiny.Origin{Text: "Said by the company’s officer on 4 December 2012 (sample)"}
		})}, respondsAll()),
	"2012-12-13": slices.Concat([]act{onAdvice("officer", "rejected", scrutiny.ActRespond, scrutiny.RecommendationStep{Acceptance: scrutiny.Rejected, Reason: "Sample reason: tenders are opened by officers alone."})},
		eachStep(scrutiny.ActNoteProgress, "Begun. (Sample note.)", "in progress")),
	"2012-12-20": eachStep(scrutiny.ActClaim, "Done; see the notice of 19 December. (Sample evidence.)", "claimed", "verified", "not verified"),
	"2013-01-07": slices.Concat(eachStep(scrutiny.ActVerify, "Minute 4 of the sitting of 7 January: seen and agreed. (Sample.)", "verified"),
		eachStep(scrutiny.ActRefuseClaim, "Minute 5 of the sitting of 7 January: half of it is missing. (Sample.)", "not verified")),
	"2013-01-09": plans("second", "2013-01-24"),
	"2013-01-11": {
		advises("awaited", office.TheCompany, "Publish what each member will be charged before it joins", "Commissioners set their budgets in January.", nil),
		queues("second"), reports(),
	},
	"2013-02-04": {onAdvice("officer", "awaited", scrutiny.ActRespond, scrutiny.RecommendationStep{Acceptance: scrutiny.Accepted, Target: "2013-03-01"}),
		onAdvice("officer", "undertaking", scrutiny.ActClaim, scrutiny.RecommendationStep{Text: "The regions were told on 30 January. (Sample evidence.)"})},
}
