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
		f := scrutiny.RecommendationForm{Kind: scrutiny.ChargeRecommendation, Committee: firstCommittee, Body: body, Title: title, Text: text,
			Source: scrutiny.Origin{Text: "Meeting of 29 October 2012", Href: "/meetings/1"}}
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
		return advises(name, body, wanted[i], advice[i], func(f *scrutiny.RecommendationForm) {
			f.Source.Href = fmt.Sprintf("/meetings/1#minute-%d", 2+i%2)
		})
	})
}

func respondsAll() []act {
	return eachCell(func(name string, a scrutiny.Acceptance, i int) act {
		_, key := answering(i)
		st := scrutiny.RecommendationStep{Acceptance: a, Target: civil.Day("2013-01-04").Add(14 * (i % 6))}
		if a != scrutiny.Accepted {
			st.Reason = "We agree with the aim. Part of it needs the agreement of forces or suppliers, which we cannot promise for them. We will do what is in our power by the target date, and say then what is left."
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
		f := scrutiny.ReportForm{Text: "The committee opened this inquiry in October 2012, after the company extended its contract for hosting the custody and case system. We wanted to know what the hosting costs, how the price was reached, and what another way would have cost.\n\nWe received three pieces of evidence, from the supplier, from a force and from a former member of staff. The last was given in confidence. We have read it and taken it into account, but do not quote it.\n\nWe find that the extension was lawful and that notice was given in time. We also find that the company agreed a price without comparing it with another supplier’s. The estimate of what a new purchase would cost was made inside the company and was not tested. We recommend that the next contract is tendered in lots, and that its unit price is published each year.",
			Findings: []scrutiny.FindingForm{
				{Text: "The monthly price was not compared with another supplier’s before the contract was extended.", Cites: "1 p2", Figures: "decision/" + t.ref("hosting")},
				{Text: "Notice of the end of the contract was given in time, and the company had more than seven months in which to act.", Cites: "1 p1\n3 p1"},
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
	"2012-10-15": slices.Concat(plans("first", "2012-10-29", "Decisions since the company was formed", "Replies on custody hosting"), []act{queues("first"),
		doing("clerk", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			return scrutiny.OpenInquiry(ctx, tx, v, scrutiny.Inquiry{Slug: sampleInquiry, Title: "What custody hosting costs", Committee: firstCommittee, Closes: "2012-11-23",
				Terms: "To find out what the hosting of custody and case systems costs each force, how the price was reached, and what another way of providing it would have cost.\n\nThe committee invites evidence from suppliers, forces and anyone who has worked on the contract. It will report before its mandate ends."})
		})}),
	"2012-10-29": {meets("first"), advises("late", office.TheCompany, "Publish the register of interests of directors before each meeting", "The register of interests is published once a year. A director had declared an interest in the supplier of the network contract in July, and nobody outside the company could have known when the contract was decided. Publishing the register before each meeting would let anyone see which items concern which director.", nil)},
	"2012-11-15": slices.Concat([]act{minutes("first", "The chair welcomed members and thanked the clerk for the papers. The second scrutineer had sent apologies. No interests were declared.\n\nItem 1: The committee went through the decisions made since the company was formed. Members noted that unit prices were given in none of the papers, and that two papers did not name the forces concerned. The chair asked officers to bring a list of contracts over £250,000 to the next meeting.\n\nItem 2: The company’s officer explained the extension of custody hosting. Members accepted that the contract could not have passed to 43 bodies by March. They were not satisfied with the estimate of the cost of buying again, which has no source. A follow-up question had been sent on 15 October and the reply was received on the day of the meeting.\n\nThe committee agreed to make 15 recommendations to the company and the Home Office, and to open the evidence received so far to the public where its authors agree. The next meeting will be arranged by the clerk."),
		takesEvidence(scrutiny.EvidenceForm{Author: "Alder Vale Hosting Ltd (sample)", Title: "What the contract provides", Received: "2012-11-12",
			Text: "We have hosted the custody and case system since 2009. Notice that the contract would end was given to us on 20 August 2012, which is within the time that it allows.\n\nThe monthly price depends on the number of cells in use, and is reviewed each April. It was £6.10 a cell a day in 2011-12 and £6.35 in 2012-13. The price under the extension is £5.90. We reached it by spreading the cost of equipment over one more year. We were not asked how it compares with other customers.\n\nStorage is charged separately, at cost plus 4%. It has grown faster than we expected, because interviews are now recorded on video. We would welcome a contract that is divided into hosting and storage, and would bid for either."})},
		advisesAll(), []act{onAdvice("chair", cell(scrutiny.Accepted, "claimed"), scrutiny.ActGivePriority, scrutiny.RecommendationStep{}), onAdvice("chair", cell(scrutiny.Partly, "in progress"), scrutiny.ActGivePriority, scrutiny.RecommendationStep{})}),
	"2012-11-22": {takesEvidence(scrutiny.EvidenceForm{Author: "A former member of staff (sample)", AuthorSealed: true, Title: "How the price was reached", Received: "2012-11-21", Confidential: true,
		Ground: scrutiny.EvidenceGrounds[1], Review: "2013-05-22", Text: "SAMPLE CONFIDENTIAL EVIDENCE. I worked on the extension until September 2012. The invented first offer was 9% lower than the price that was agreed. It was for two years, and the company wished to commit itself for one only.\n\nI do not think that anyone acted improperly. The committee may wish to ask for the supplier’s letter of 27 August."})},
	"2012-12-03": {takesEvidence(scrutiny.EvidenceForm{Author: "Kent force finance office (sample)", Title: "What Kent paid for hosting", Received: "2012-11-30", Late: "It was posted before the call closed.",
		Text: "We received a copy of the notice of August and were asked whether we could host the system ourselves. We cannot. Our own machine room closes in 2014.\n\nOur charge rose twice within the year: in April, by 4.1%, and again in July, when the number of cells was counted anew. We were told of the second rise by invoice. We would have planned for it if we had been told the unit price and the count on which it is based.\n\nThe service itself is good. It was unavailable for 3 hours in the year, against the 9 that the contract allows."})},
	"2012-12-04": slices.Concat([]act{
		advises("rejected", office.TheCompany, "Let the committee’s chair see tenders before they are opened", "The committee hears of a tender when the decision is published. If its chair could read the bids in confidence beforehand, questions could be asked while there is still time to answer them.", nil),
		advises("undertaking", office.TheCompany, "Tell the five regions by 1 February when training begins", "The company’s officer told the committee that the five regions would hear by 1 February 2013 when training begins, whatever the board decides about the framework.", func(f *scrutiny.RecommendationForm) {
			f.Kind, f.Target, f.Source = scrutiny.ChargeUndertaking, "2013-02-01", scrutiny.Origin{Text: "Said by the company’s officer on 4 December 2012"}
		})}, respondsAll()),
	"2012-12-13": slices.Concat([]act{onAdvice("officer", "rejected", scrutiny.ActRespond, scrutiny.RecommendationStep{Acceptance: scrutiny.Rejected, Reason: "Tenders are opened by two officers together, and nobody else may see them before the decision. If one bid became known to another bidder, the purchase would have to be stopped. The committee can see all bids once the contract has been awarded."})},
		eachStep(scrutiny.ActNoteProgress, "Work has begun. A draft was sent to three forces for comment on 10 December. Two have replied, and their changes are being made.", "in progress")),
	"2012-12-20": eachStep(scrutiny.ActClaim, "This was put into practice on 19 December. The notice of that day describes it, and the first results are published with it.", "claimed", "verified", "not verified"),
	"2013-01-07": slices.Concat(eachStep(scrutiny.ActVerify, "Minute 4 of the meeting of 7 January 2013: the committee read the notice and checked five examples. All were as described.", "verified"),
		eachStep(scrutiny.ActRefuseClaim, "Minute 5 of the meeting of 7 January 2013: the committee checked ten examples. Five were missing, so the work is not complete.", "not verified")),
	"2013-01-09": plans("second", "2013-01-24"),
	"2013-01-11": {
		advises("awaited", office.TheCompany, "Publish what each member will be charged before it joins", "Commissioners set their budgets in January and must know the charge by then. The company should publish what each member will be charged, and how the sum is shared out, before it invites a body to join.", nil),
		queues("second"), reports(),
	},
	"2013-02-04": {onAdvice("officer", "awaited", scrutiny.ActRespond, scrutiny.RecommendationStep{Acceptance: scrutiny.Accepted, Target: "2013-03-01"}),
		onAdvice("officer", "undertaking", scrutiny.ActClaim, scrutiny.RecommendationStep{Text: "All five regions were told by letter on 30 January that courses begin on 11 March 2013. Copies of the letters have been sent to the clerk."})},
}
