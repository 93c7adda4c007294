package main

import (
	"context"
	"slices"

	"github.com/police-ict/handover/store"
)

// The sample committees: one of the association, whose mandate ends in the
// middle of the handover, and one of the commissioners that is to follow it.
const (
	firstCommittee = "scrutiny"
	nextCommittee  = "commissioners-scrutiny"
)

// sampleSeat is one seat of a committee, by the key of who holds the office.
type sampleSeat struct {
	key  string
	role store.SeatRole
}

// founds founds a committee and gives its seats.
func founds(c store.Committee, seats ...sampleSeat) (all []act) {
	all = append(all, doing("clerk", func(ctx context.Context, s *store.Store, v store.Viewer) error { return s.FoundCommittee(ctx, v, c) }))
	for _, seat := range seats {
		all = append(all, takesSeat(c, seat))
	}
	return all
}

func takesSeat(c store.Committee, seat sampleSeat) act {
	return func(ctx context.Context, t *teller) error {
		who, err := t.as(ctx, seat.key)
		if err != nil {
			return err
		}
		return doing("clerk", func(ctx context.Context, s *store.Store, v store.Viewer) error {
			return s.SeatOffice(ctx, v, c.Slug, store.Seat{Office: who.Office, Role: seat.role, First: c.First})
		})(ctx, t)
	}
}

// ends sets the last day of the first committee's mandate, and its successor.
func ends(last store.Day) act {
	return doing("clerk", func(ctx context.Context, s *store.Store, v store.Viewer) error {
		all, err := s.Committees(ctx)
		if err != nil {
			return err
		}
		c := all[firstCommittee]
		c.Last, c.Successor = last, nextCommittee
		return s.ChangeCommittee(ctx, v, c)
	})
}

// accepts takes open work of the first committee over: matters of the story by
// name, or all that is left.
func accepts(names ...string) act {
	return func(ctx context.Context, t *teller) error {
		refs := []string{}
		for _, name := range names {
			refs = append(refs, "question/"+t.matter("question "+name))
		}
		if len(names) == 0 {
			refs = []string{store.AllCharges}
		}
		return doing("chair of the successor", func(ctx context.Context, s *store.Store, v store.Viewer) error {
			return s.AcceptCharges(ctx, v, firstCommittee, refs)
		})(ctx, t)
	}
}

// asks puts a question; about names a decision of the story, or is a reference.
func asks(key, name string, f store.QuestionForm, about string) act {
	return func(ctx context.Context, t *teller) error {
		if f.About = about; t.ref(about) != "" {
			f.About = "decision/" + t.ref(about)
		}
		return doing(key, func(ctx context.Context, s *store.Store, v store.Viewer) error {
			if f.About != "" {
				seen, err := s.Look(ctx, v, f.About)
				if err != nil {
					return err
				}
				f.Seen = seen.Value
			}
			ref, err := s.AskQuestion(ctx, v, f)
			t.mu.Lock()
			t.matters["question "+name] = ref
			t.mu.Unlock()
			return err
		})(ctx, t)
	}
}

// says is one entry of the thread of a question of the story.
func says(key, name string, what store.Act, f store.SaidForm) act {
	return func(ctx context.Context, t *teller) error {
		ref := t.matter("question " + name)
		f := f // told more than once
		f.With = slices.Clone(f.With)
		for i, other := range f.With {
			f.With[i] = t.matter("question " + other)
		}
		return doing(key, func(ctx context.Context, s *store.Store, v store.Viewer) error {
			return s.ActOnQuestion(ctx, v, ref, what, f)
		})(ctx, t)
	}
}

func holds(key, name, words string, expected store.Day) act {
	return says(key, name, store.HoldAnswer, store.SaidForm{Text: words, Expected: expected})
}

func replies(key, name, words string, whole bool, with ...string) act {
	judged := store.PartlyAnswered
	if whole {
		judged = store.FullyAnswered
	}
	return says(key, name, store.GiveAnswer, store.SaidForm{Text: words, Judgement: judged, With: with})
}

func judges(key, name string, j store.Judgement, words string) act {
	return says(key, name, store.ViewAnswer, store.SaidForm{Judgement: j, Text: words})
}

// scrutinyOn is what scrutiny does in the story, by date. It is invented, and
// its texts say so.
var scrutinyOn = map[store.Day][]act{
	"2012-07-30": founds(store.Committee{Slug: firstCommittee, Name: "Scrutiny committee of the association (sample)", First: "2012-07-30",
		Terms: "To hold the company and its interim owners to account for what they spend and decide.\n\nTo ask questions, take evidence, make recommendations and follow them up until they are verified."},
		sampleSeat{"chair", store.SeatChair}, sampleSeat{"scrutineer", store.SeatMember}, sampleSeat{"second scrutineer", store.SeatMember}, sampleSeat{"clerk", store.SeatClerk}),
	"2012-09-03": {asks("chair", "custody", store.QuestionForm{To: store.TheCompany, Committee: firstCommittee, Title: "Why is custody hosting to be extended and not bought again?",
		Text: "The paper says that novation cannot be finished in time. Who told the company so, and when? (Sample question.)"}, "hosting")},
	"2012-09-14": {asks("scrutineer", "vote", store.QuestionForm{To: store.HomeOffice, Committee: firstCommittee, Title: "What was discussed with ministers about the vote of the interim owners?",
		Text: "Please list the meetings and what was said. (Sample question.)"}, "")},
	"2012-10-01": {
		holds("officer", "custody", "We wait for the supplier’s statement. (Sample answer.)", "2012-10-12"),
		says("official", "vote", store.RefuseAnswer, store.SaidForm{Ground: store.RefusalGrounds[7], Text: "Advice to ministers is still being formed. (Sample text.)"}),
	},
	"2012-10-08": {
		replies("officer", "custody", "The supplier told us on 20 August that novation takes seven months. (Sample answer.)", true),
		says("second official", "vote", store.ReviewRefusal, store.SaidForm{Outcome: store.RefusalUpheld, Text: "The ground applies. (Sample text.)"}),
	},
	"2012-10-15": {
		judges("chair", "custody", store.PartlyAnswered, "Who was told is answered; what another purchase would cost is not. (Sample text.)"),
		says("chair", "custody", store.FollowUp, store.SaidForm{Text: "What would another purchase have cost, and who worked it out? (Sample text.)"}),
		asks("scrutineer", "saving", store.QuestionForm{To: store.TheCompany, Committee: firstCommittee, Title: "How is the saving of the programme worked out?",
			Text: "Please give the baseline, its source, and whether the saving releases money. (Sample question.)"}, ""),
	},
	"2012-10-29": {
		replies("finance officer", "custody", "£17,724,000.00 by our own estimate of July. (Sample answer.)", true),
		asks("second scrutineer", "network", store.QuestionForm{To: store.TheCompany, Committee: firstCommittee, Title: "How many forces will use the network monitoring?",
			Text: "The paper names none. (Sample question.)"}, "network"),
	},
	"2012-11-15": {
		judges("chair", "custody", store.FullyAnswered, ""),
		says("chair", "custody", store.CloseQuestion, store.SaidForm{Text: "Answered. (Sample text.)"}),
		holds("officer", "network", "Two forces have yet to answer us. (Sample answer.)", "2012-11-30"),
	},
	"2012-11-22": {asks("commissioner for kent", "deeds", store.QuestionForm{To: store.TheAssociation, Title: "When will the deed of adherence be agreed?",
		Text: "Bodies cannot resolve before they have seen it. (Sample question.)"}, "")},
	"2012-12-03": {replies("officer", "network", "Twelve. (Sample answer.)", true)},
	"2012-12-04": {asks("commissioner for kent", "vans", store.QuestionForm{To: store.TheCompany, Title: "Were two used vans compared with leasing?",
		Text: "The paper compares with hire alone. (Sample question.)"}, "vans")},
	"2012-12-13": {
		replies("association officer", "deeds", "It was agreed on 30 November and sent with the invitations. (Sample answer.)", true),
		says("officer", "network", store.CorrectAnswer, store.SaidForm{Text: "Eleven: one force was counted twice. (Sample correction.)"}),
		asks("official", "licences", store.QuestionForm{To: store.TheCompany, Title: "Which licences end before the handover?", Text: "Please list them. (Sample question.)"}, ""),
	},
	"2012-12-20": {
		judges("commissioner for kent", "deeds", store.FullyAnswered, ""),
		says("commissioner for kent", "deeds", store.CloseQuestion, store.SaidForm{}),
		judges("second scrutineer", "network", store.NotAnswered, "Which forces, was the question behind it. (Sample text.)"),
		says("official", "licences", store.WithdrawQuestion, store.SaidForm{Text: "The schedule lists them. (Sample text.)"}),
		asks("chair", "loans", store.QuestionForm{To: store.HomeOffice, Committee: firstCommittee, Title: "Does the department keep any liability of the company?",
			Text: "Loans, guarantees and indemnities, please. (Sample question.)"}, ""),
		asks("scrutineer", "kent", store.QuestionForm{To: "kent", Committee: firstCommittee, Title: "What explains Kent’s spend on IT so far?",
			Text: "Which of it would Kent have bought in any case, and which for the programme? (Sample question.)"}, "spend?body=kent"),
	},
	"2013-01-07": slices.Concat([]act{joins("chair of the successor", "Chair of the commissioners’ scrutiny (sample)", store.Chair, store.TheAssociation, "2013-01-07")}, founds(store.Committee{Slug: nextCommittee, Name: "Commissioners’ scrutiny committee (sample)", First: "2013-02-01",
		Terms: "To take over the work of the association’s scrutiny committee when its mandate ends, and to hold the company to account for the members."},
		sampleSeat{"chair of the successor", store.SeatChair}, sampleSeat{"commissioner for kent", store.SeatMember}, sampleSeat{"clerk", store.SeatClerk}),
		[]act{
			ends("2013-01-31"),
			asks("scrutineer", "training", store.QuestionForm{To: store.TheCompany, Committee: firstCommittee, Title: "Why was the training framework deferred?",
				Text: "Five regions were told that it would begin in January. (Sample question.)"}, "training"),
			asks("second scrutineer", "regions", store.QuestionForm{To: store.TheCompany, Committee: firstCommittee, Title: "When will the five regions hear about training?",
				Text: "They have planned for it. (Sample question.)"}, "training"),
		}),
	"2013-01-09": {
		says("official", "loans", store.RefuseAnswer, store.SaidForm{Ground: store.RefusalGrounds[12], Text: "The terms are being negotiated. (Sample text.)"}),
		asks("commissioner for kent", "price", store.QuestionForm{To: store.TheCompany, Title: "What will the company charge a member in its first year?",
			Text: "Commissioners set their budgets in January. (Sample question.)", Named: "2013-01-21"}, ""),
	},
	"2013-01-10": {replies("commissioner for kent", "kent", "All but the network survey would have been bought in any case. (Sample answer.)", true),
		replies("officer", "training", "Five forces have yet to name their users; the regions will hear by 1 February. (Sample answer.)", false, "regions")},
	"2013-01-11": {
		asks("second scrutineer", "masts", store.QuestionForm{To: store.TheCompany, Committee: firstCommittee, Title: "How old are the radio masts?",
			Text: "Their age decides what three years of maintenance cost. (Sample question.)"}, "radio"),
		holds("finance officer", "price", "The budget is before the owners. (Sample answer.)", "2013-01-18"),
		accepts("saving", "network"),
	},
	"2013-01-21": {
		replies("finance officer", "price", "£25,000.00, if 40 bodies join. (Sample answer.)", true),
		replies("officer", "vans", "Yes: leasing would have cost £4,100.00 more. (Sample answer.)", true),
		says("second official", "loans", store.ReviewRefusal, store.SaidForm{Outcome: store.AnswerOrdered, Text: "The ground covers the sums, not whether there are any. (Sample text.)"}),
	},
	"2013-02-04": {replies("officer", "masts", "Between 6 and 31 years. (Sample answer.)", true)},
	"2013-02-18": {replies("official", "loans", "One indemnity, which ends at completion. (Sample answer.)", true)},
	"2013-03-18": {accepts()},
}
