package scrutiny

import (
	"context"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// SaidForm is what somebody says on a question. Each act takes what it needs.
type SaidForm struct {
	Turn      int64     // of the question as it was read; 0 takes it as it stands
	Text      string    // the answer, the reasons, the words
	Expected  civil.Day // of a holding answer
	Ground    string    // of a refusal
	Outcome   ReviewOutcome
	Judgement Judgement
	Corrects  int64    // entry of the answer; 0 is the newest
	With      []string // other questions that an answer serves
	Committee string   // that takes the question up
}

// What may be said by an act: how it is named, and how long it may be.
var saidTexts = map[office.Act]struct {
	name string
	need bool
	most int
}{
	ActHold: {"the holding answer", true, 2000}, ActAnswer: {"the answer", true, 20_000}, ActRefuse: {"the reasons", true, 5000},
	ActReviewRefusal: {"the reasons", true, 5000}, ActCorrectAnswer: {"the correction", true, 5000}, ActFollowUp: {"the follow-up question", true, 5000},
	ActView: {"the reason", false, 2000}, ActCloseQuestion: {"the reason for closing it", false, 2000}, ActWithdrawQuestion: {"the reason", true, 1000}, ActTakeUp: {"the reason", false, 1000},
}

// ActOnQuestion does one act on a question: somebody says something on it.
func ActOnQuestion(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, act office.Act, form SaidForm) error {
	form.Text = text.Paragraphs(form.Text)
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		q, err := held(ctx, tx, ref)
		if err != nil {
			return err
		}
		if err := q.May(act, by); err != nil {
			return err
		}
		if form.Turn != 0 && form.Turn != q.Turn {
			return fault.Conflict.Errorf("Someone has added to this question since you opened it. Reload the page and try again.")
		}
		said := Said{Kind: act, Text: form.Text}
		if err := said.fill(by, q, form); err != nil {
			return err
		}
		served := []QuestionHeld{q}
		if act == ActAnswer {
			if served, err = servedBy(ctx, tx, by, q, form.With); err != nil {
				return err
			}
		}
		for _, one := range served {
			said.With = nil
			for _, other := range served {
				if other.Ref != one.Ref {
					said.With = append(said.With, other.Ref)
				}
			}
			if err := say(ctx, tx, by, one, said, form); err != nil {
				return err
			}
		}
		return nil
	})
}

// servedBy are the questions that one answer serves: each must be open to the
// same answer by the same person.
func servedBy(ctx context.Context, tx *db.Tx, by office.Viewer, q QuestionHeld, with []string) ([]QuestionHeld, error) {
	all := []QuestionHeld{q}
	for _, ref := range with {
		if slices.ContainsFunc(all, func(had QuestionHeld) bool { return had.Ref == ref }) {
			continue
		}
		other, err := held(ctx, tx, ref)
		if fault.KindOf(err) == fault.NotFound {
			return nil, fault.Field("with", "There is no question %q. Choose from the list.", text.Short(ref))
		}
		if err != nil {
			return nil, err
		}
		if other.To != q.To {
			return nil, fault.Field("with", "Question %s is addressed to %s, so this answer cannot be used for it.", ref, office.ShortName(other.To))
		}
		if err := other.May(ActAnswer, by); err != nil {
			return nil, fault.Field("with", "This answer cannot be used for question %s. %s", ref, err.Error())
		}
		all = append(all, other)
	}
	return all, nil
}

// fill takes from the form what the act needs, and says what is wrong with it.
func (d *Said) fill(by office.Viewer, q QuestionHeld, form SaidForm) error {
	var f fault.Faults
	words := saidTexts[d.Kind]
	text.Tidy(&f, "text", words.name, form.Text, words.need, words.most)
	switch d.Kind {
	case ActHold:
		if d.Expected = form.Expected; d.Expected <= q.Today {
			f.Add("expected", "Enter the date you expect to answer by. It must be after today.")
		}
	case ActAnswer:
		if d.Judgement = form.Judgement; d.Judgement != FullyAnswered && d.Judgement != PartlyAnswered {
			f.Add("judgement", "Choose whether this answers the question in full or in part.")
		}
	case ActRefuse:
		if d.Ground = form.Ground; !slices.Contains(RefusalGrounds, d.Ground) {
			f.Add("ground", "Choose the reason for refusing from the list.")
		}
	case ActReviewRefusal:
		if d.Outcome = form.Outcome; !slices.Contains(ReviewOutcomes, d.Outcome) {
			f.Add("outcome", "Choose the outcome of the review.")
		}
	case ActView:
		d.fillView(&f, form)
	case ActTakeUp:
		if d.Committee = form.Committee; !slices.ContainsFunc(q.Takers(by), func(c Committee) bool { return c.Slug == d.Committee }) {
			f.Add("committee", "Choose the committee that is taking up the question.")
		}
	}
	return f.Err()
}

func (d *Said) fillView(f *fault.Faults, form SaidForm) {
	if d.Judgement = form.Judgement; !slices.Contains(Judgements, d.Judgement) {
		f.Add("judgement", "Choose whether the question is answered in full, in part or not at all.")
	}
	if d.Judgement != FullyAnswered && form.Text == "" {
		f.Add("text", "Enter what is missing.")
	}
}

// say adds an entry to the thread of a question, with all that follows from it.
func say(ctx context.Context, tx *db.Tx, by office.Viewer, q QuestionHeld, d Said, form SaidForm) error {
	q.Said++
	d.Question, d.Seq, d.Person, d.Office, d.At, d.N = q.Ref, q.Said, by.Person, by.Office, tx.Now(), record.NextEvent(tx)
	was := q.Question
	q.Clocks, q.Replied, q.Pressed = slices.Clone(q.Clocks), slices.Clone(q.Replied), slices.Clone(q.Pressed)
	if err := q.take(&d, form); err != nil {
		return err
	}
	if d.Kind != ActTakeUp && by.Office.ID != q.Office.ID && slices.Contains(pressing, d.Kind) {
		d.Committee = q.Holder()
	}
	row, err := text.Canonical(d)
	if err != nil {
		return err
	}
	if err := tx.Change(ctx, `INSERT INTO said (question, seq, said) VALUES ($1, $2, $3)`, d.Question, d.Seq, string(row)); err != nil {
		return err
	}
	return saveQuestion(ctx, tx, by, d.Kind, was, q.Question, q.Charge, record.Detail(map[string]any{"stage": q.Stage, "was": was.Stage}), record.NowRow(d.thing(), row))
}

// pressing are the acts of scrutiny.
var pressing = []office.Act{ActView, ActFollowUp, ActCloseQuestion, ActWithdrawQuestion}

// take makes what was said part of how the question stands.
func (q *QuestionHeld) take(d *Said, form SaidForm) (err error) {
	clock := len(q.Clocks) - 1
	was := q.Stage
	for _, m := range QuestionLife {
		if m.From == was && m.Act == d.Kind {
			q.Stage = m.To
		}
	}
	if slices.Contains(pressing, d.Kind) || d.Kind == ActTakeUp {
		q.Pressed = withPerson(q.Pressed, d.Person)
	} else {
		q.Replied = withPerson(q.Replied, d.Person)
	}
	switch d.Kind {
	case ActAnswer:
		q.Answer, q.Clocks[clock] = d.Seq, q.Clocks[clock].end(q.Days, q.Today)
	case ActRefuse:
		q.Refuser, q.Clocks[clock] = d.Person, q.Clocks[clock].end(q.Days, q.Today)
	case ActReviewRefusal:
		if d.Outcome == AnswerOrdered {
			q.Stage = QuestionOwed
			q.Clocks[clock], err = q.running(q.Days) // which goes on where the refusal that ended it falls
		}
	case ActCorrectAnswer:
		if d.Corrects = form.Corrects; d.Corrects == 0 {
			d.Corrects = q.Answer
		}
	case ActFollowUp:
		if was != QuestionOwed {
			var c AnswerClock
			c, err = StartClock(q.Days, q.Today, "")
			q.Clocks = append(q.Clocks, c)
		}
	case ActView:
		q.View = d.Seq
	case ActTakeUp:
		q.Committee = d.Committee
	}
	return err
}

func withPerson(all []int64, person int64) []int64 {
	if slices.Contains(all, person) {
		return all
	}
	return append(all, person)
}
