package story

import (
	"context"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/seen"
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
	role scrutiny.SeatRole
}

// founds founds a committee and gives its seats.
func founds(c scrutiny.Committee, seats ...sampleSeat) (all []act) {
	all = append(all, doing("clerk", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
		return scrutiny.FoundCommittee(ctx, tx, v, c)
	}))
	for _, seat := range seats {
		all = append(all, takesSeat(c, seat))
	}
	return append(all, doing("association officer", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
		return scrutiny.DecideSeats(ctx, tx, v, c.Slug, true)
	}))
}

func takesSeat(c scrutiny.Committee, seat sampleSeat) act {
	return func(ctx context.Context, t *teller) error {
		who, err := t.as(ctx, seat.key)
		if err != nil {
			return err
		}
		return doing("clerk", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			return scrutiny.SeatOffice(ctx, tx, v, c.Slug, scrutiny.Seat{Office: who.Office, Role: seat.role, First: c.First})
		})(ctx, t)
	}
}

// ends sets the last day of the first committee's mandate, and its successor.
func ends(last civil.Day) act {
	return doing("clerk", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
		all, err := scrutiny.AllCommittees(ctx, tx)
		if err != nil {
			return err
		}
		c := all[firstCommittee]
		c.Last, c.Successor = last, nextCommittee
		return scrutiny.ChangeCommittee(ctx, tx, v, c)
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
			refs = []string{scrutiny.AllCharges}
		}
		return doing("chair of the successor", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			return scrutiny.AcceptCharges(ctx, tx, v, firstCommittee, refs)
		})(ctx, t)
	}
}

// asks puts a question; about names a decision of the story, or is a reference.
func asks(key, name string, f scrutiny.QuestionForm, about string) act {
	return func(ctx context.Context, t *teller) error {
		if f.About = about; t.ref(about) != "" {
			f.About = "decision/" + t.ref(about)
		}
		return doing(key, func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			if f.About != "" {
				seen, err := seen.Look(ctx, tx, v, f.About)
				if err != nil {
					return err
				}
				f.Seen = seen.Value
			}
			ref, err := scrutiny.AskQuestion(ctx, tx, v, f)
			t.mu.Lock()
			t.matters["question "+name] = ref
			t.mu.Unlock()
			return err
		})(ctx, t)
	}
}

// says is one entry of the thread of a question of the story.
func says(key, name string, what office.Act, f scrutiny.SaidForm) act {
	return func(ctx context.Context, t *teller) error {
		ref := t.matter("question " + name)
		f := f // told more than once
		f.With = slices.Clone(f.With)
		for i, other := range f.With {
			f.With[i] = t.matter("question " + other)
		}
		return doing(key, func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			return scrutiny.ActOnQuestion(ctx, tx, v, ref, what, f)
		})(ctx, t)
	}
}

func holds(key, name, words string, expected civil.Day) act {
	return says(key, name, scrutiny.ActHold, scrutiny.SaidForm{Text: words, Expected: expected})
}

func replies(key, name, words string, whole bool, with ...string) act {
	judged := scrutiny.PartlyAnswered
	if whole {
		judged = scrutiny.FullyAnswered
	}
	return says(key, name, scrutiny.ActAnswer, scrutiny.SaidForm{Text: words, Judgement: judged, With: with})
}

func judges(key, name string, j scrutiny.Judgement, words string) act {
	return says(key, name, scrutiny.ActView, scrutiny.SaidForm{Judgement: j, Text: words})
}

// scrutinyOn is what scrutiny does in the story, by date. All of it is invented.
var scrutinyOn = map[civil.Day][]act{
	"2012-07-30": founds(scrutiny.Committee{Slug: firstCommittee, Name: "Scrutiny committee of the association (sample)", First: "2012-07-30",
		Terms: "To hold the company and its interim owners to account for what they spend and decide.\n\nTo ask questions, take evidence, make recommendations, and follow them up until they are complete."},
		sampleSeat{"chair", scrutiny.SeatChair}, sampleSeat{"scrutineer", scrutiny.SeatMember}, sampleSeat{"second scrutineer", scrutiny.SeatMember}, sampleSeat{"clerk", scrutiny.SeatClerk}),
	"2012-09-03": {asks("chair", "custody", scrutiny.QuestionForm{To: office.TheCompany, Committee: firstCommittee, Title: "Why extend custody hosting instead of buying again?",
		Text: asked["custody"]}, "hosting")},
	"2012-09-14": {asks("scrutineer", "vote", scrutiny.QuestionForm{To: office.HomeOffice, Committee: firstCommittee, Title: "What did the department discuss with ministers about the vote?",
		Text: asked["vote"]}, "")},
	"2012-10-01": {
		holds("officer", "custody", remarked["custody hold"], "2012-10-12"),
		says("official", "vote", scrutiny.ActRefuse, scrutiny.SaidForm{Ground: scrutiny.RefusalGrounds[7], Text: remarked["vote refuse"]}),
	},
	"2012-10-08": {
		replies("officer", "custody", replied["custody"], true),
		says("second official", "vote", scrutiny.ActReviewRefusal, scrutiny.SaidForm{Outcome: scrutiny.RefusalUpheld, Text: remarked["vote review"]}),
	},
	"2012-10-15": {
		judges("chair", "custody", scrutiny.PartlyAnswered, remarked["custody view"]),
		says("chair", "custody", scrutiny.ActFollowUp, scrutiny.SaidForm{Text: remarked["custody follow-up"]}),
		asks("scrutineer", "saving", scrutiny.QuestionForm{To: office.TheCompany, Committee: firstCommittee, Title: "How is the saving of the programme worked out?",
			Text: asked["saving"]}, ""),
	},
	"2012-10-29": {
		replies("finance officer", "custody", replied["custody again"], true),
		asks("second scrutineer", "network", scrutiny.QuestionForm{To: office.TheCompany, Committee: firstCommittee, Title: "How many forces will use the network monitoring?",
			Text: asked["network"]}, "network"),
	},
	"2012-11-15": {
		judges("chair", "custody", scrutiny.FullyAnswered, ""),
		says("chair", "custody", scrutiny.ActCloseQuestion, scrutiny.SaidForm{Text: remarked["custody close"]}),
		holds("officer", "network", remarked["network hold"], "2012-11-30"),
	},
	"2012-11-22": {asks("commissioner for kent", "deeds", scrutiny.QuestionForm{To: office.TheAssociation, Title: "When will the deed of adherence be agreed?",
		Text: asked["deeds"]}, "")},
	"2012-12-03": {replies("officer", "network", replied["network"], true)},
	"2012-12-04": {asks("commissioner for kent", "vans", scrutiny.QuestionForm{To: office.TheCompany, Title: "Were two used vans compared with leasing?",
		Text: asked["vans"]}, "vans")},
	"2012-12-13": {
		replies("association officer", "deeds", replied["deeds"], true),
		says("officer", "network", scrutiny.ActCorrectAnswer, scrutiny.SaidForm{Text: remarked["network correct"]}),
		asks("official", "licences", scrutiny.QuestionForm{To: office.TheCompany, Title: "Which licences end before the handover?", Text: asked["licences"]}, ""),
	},
	"2012-12-20": {
		judges("commissioner for kent", "deeds", scrutiny.FullyAnswered, ""),
		says("commissioner for kent", "deeds", scrutiny.ActCloseQuestion, scrutiny.SaidForm{}),
		judges("second scrutineer", "network", scrutiny.NotAnswered, remarked["network view"]),
		says("official", "licences", scrutiny.ActWithdrawQuestion, scrutiny.SaidForm{Text: remarked["licences withdraw"]}),
		asks("chair", "loans", scrutiny.QuestionForm{To: office.HomeOffice, Committee: firstCommittee, Title: "Does the department keep any liability of the company?",
			Text: asked["loans"]}, ""),
		asks("scrutineer", "kent", scrutiny.QuestionForm{To: "kent", Committee: firstCommittee, Title: "What explains Kent’s spend on IT so far?",
			Text: asked["kent"]}, "spend?body=kent"),
	},
	"2013-01-07": slices.Concat([]act{joins("chair of the successor", "Chair of the commissioners’ scrutiny (sample)", office.Chair, office.TheAssociation, "2013-01-07")}, founds(scrutiny.Committee{Slug: nextCommittee, Name: "Commissioners’ scrutiny committee (sample)", First: "2013-02-01",
		Terms: "To take over the work of the association’s scrutiny committee when its mandate ends, and to hold the company to account for the members."},
		sampleSeat{"chair of the successor", scrutiny.SeatChair}, sampleSeat{"commissioner for kent", scrutiny.SeatMember}, sampleSeat{"clerk", scrutiny.SeatClerk}),
		[]act{
			ends("2013-01-31"),
			asks("scrutineer", "training", scrutiny.QuestionForm{To: office.TheCompany, Committee: firstCommittee, Title: "Why was the training framework deferred?",
				Text: asked["training"]}, "training"),
			asks("second scrutineer", "regions", scrutiny.QuestionForm{To: office.TheCompany, Committee: firstCommittee, Title: "When will the five regions hear about training?",
				Text: asked["regions"]}, "training"),
		}),
	"2013-01-09": {
		says("official", "loans", scrutiny.ActRefuse, scrutiny.SaidForm{Ground: scrutiny.RefusalGrounds[12], Text: remarked["loans refuse"]}),
		asks("commissioner for kent", "price", scrutiny.QuestionForm{To: office.TheCompany, Title: "What will the company charge a member in its first year?",
			Text: asked["price"], Named: "2013-01-21"}, ""),
	},
	"2013-01-10": {replies("commissioner for kent", "kent", replied["kent"], true),
		replies("officer", "training", replied["training"], false, "regions")},
	"2013-01-11": {
		asks("second scrutineer", "masts", scrutiny.QuestionForm{To: office.TheCompany, Committee: firstCommittee, Title: "How old are the radio masts?",
			Text: asked["masts"]}, "radio"),
		holds("finance officer", "price", remarked["price hold"], "2013-01-18"),
		accepts("saving", "network"),
	},
	"2013-01-21": {
		replies("finance officer", "price", replied["price"], true),
		replies("officer", "vans", replied["vans"], true),
		says("second official", "loans", scrutiny.ActReviewRefusal, scrutiny.SaidForm{Outcome: scrutiny.AnswerOrdered, Text: remarked["loans review"]}),
	},
	"2013-02-04": {replies("officer", "masts", replied["masts"], true)},
	"2013-02-18": {replies("official", "loans", replied["loans"], true)},
	"2013-03-18": {accepts()},
}
