package scrutiny

import (
	"context"
	"fmt"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/text"
)

// QuestionForm is what an asker writes down.
type QuestionForm struct {
	Title, Text string
	To          string
	Committee   string // for which it is asked, "" for none
	Named       civil.Day
	About       string // reference, "" for nothing in particular
	Seen        string // value that the form quoted: a figure that changed meanwhile is shown again first
}

// check tidies what was written and says what is wrong with it by itself.
func (f *QuestionForm) check(by office.Viewer, today civil.Day, days civil.Calendar) (*fault.Faults, error) {
	var faults fault.Faults
	f.Title, f.Text = text.OneLine(f.Title), text.Paragraphs(f.Text)
	text.Tidy(&faults, "title", "the question in one line", f.Title, true, 150)
	text.Tidy(&faults, "text", "the question", f.Text, true, 5000)
	if b, ok := office.BodyOf(f.To); !ok || b.Slug != f.To || !b.Answers(today) {
		faults.Add("to", "Choose the body that must reply from the list.")
	} else if err := faults.Take("to", mayAsk(by, f.To)); err != nil {
		return nil, err
	}
	return &faults, checkNamed(&faults, days, today, f.Named)
}

// AskQuestion puts a question to a body. It gets its reference, its year's next,
// and keeps what it is about as it is seen now.
func AskQuestion(ctx context.Context, tx *db.Tx, by office.Viewer, form QuestionForm) (ref string, err error) {
	if !by.Can(office.AskQuestions) {
		return "", fault.Forbidden.Errorf("Your role cannot ask questions.")
	}
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		today := civil.DayOf(tx.Now())
		days, err := holidays.Calendar(ctx, tx)
		if err != nil {
			return err
		}
		faults, err := form.check(by, today, days)
		if err != nil {
			return err
		}
		all, err := AllCommittees(ctx, tx)
		if err != nil {
			return err
		}
		if form.Committee != "" && len(*faults) == 0 {
			charge := Charge{Kind: ChargeQuestion, Body: form.To, Committee: form.Committee}
			if err := all.MayScrutinise(by, charge, today); err != nil {
				faults.Add("committee", "%s", err.Error())
			}
		}
		seen, err := lookedAt(ctx, tx, by, form, faults)
		if err != nil {
			return err
		}
		if err := faults.Err(); err != nil {
			return err
		}
		clock, err := StartClock(days, today, form.Named)
		if err != nil {
			return err
		}
		q := Question{Title: form.Title, Text: form.Text, About: seen, To: form.To, Committee: form.Committee, Person: by.Person, Office: by.Office,
			At: tx.Now(), N: record.NextEvent(tx), Named: form.Named, Clocks: []AnswerClock{clock}, Stage: QuestionOwed}
		year := int64(tx.Now().In(civil.London).Year())
		// Writes run one at a time, so the next number can be taken like this.
		seq, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(seq), 0) + 1 FROM questions WHERE year = $1`, year)
		if err != nil {
			return err
		}
		q.Ref = fmt.Sprintf("%d-%03d", year, seq)
		ref = q.Ref
		if err := indexQuestion(ctx, tx, q); err != nil {
			return err
		}
		return saveQuestion(ctx, tx, by, ActAsk, Question{}, q, Charge{})
	})
	return ref, err
}

// lookedAt is what the question is about, as it is seen now. Where it is not
// what the form quoted, it is asked about only once the asker has seen that.
func lookedAt(ctx context.Context, tx *db.Tx, by office.Viewer, form QuestionForm, f *fault.Faults) (*seen.Figure, error) {
	if form.About == "" {
		return nil, nil
	}
	seen, err := seen.Look(ctx, tx, by, form.About)
	if fault.KindOf(err) == fault.NotFound || fault.KindOf(err) == fault.Invalid {
		f.Add("about", "%s", err.Error())
		return nil, nil
	}
	if err == nil && seen.Value != form.Seen {
		f.Add("about", "The figure changed while you were writing, from %s to %s. Check your question and send it again.", orNothing(form.Seen), orNothing(seen.Value))
	}
	if seen.Kept != "" {
		seen.Label = seen.Kept // a name in the record could not be withheld any more: it is looked up when it is shown
	}
	return &seen, err
}

func orNothing(value string) string {
	if value == "" {
		return "without a value"
	}
	return value
}

// indexQuestion stores the words that it is found by.
func indexQuestion(ctx context.Context, tx *db.Tx, q Question) error {
	return putWords(ctx, tx, "question_words", "question", q.Ref, q.words())
}

// saveQuestion stores how a question stands after an act, in place of how it
// stood, with whose work it is, and records the act.
func saveQuestion(ctx context.Context, tx *db.Tx, by office.Viewer, act office.Act, old, q Question, had Charge, more ...record.Part) error {
	was := q.Turn
	q.Turn++
	if err := countTimes(ctx, tx, old.row(), q.row()); err != nil {
		return err
	}
	text, err := text.Canonical(q)
	if err != nil {
		return err
	}
	values := append(q.row().values(), string(text))
	if was == 0 {
		err = tx.Change(ctx, `INSERT INTO questions (`+questionRowCols+`, question) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`, values...)
	} else {
		err = tx.Change(ctx, `UPDATE questions SET year = $2, seq = $3, body = $4, from_body = $5, office = $6, committee = $7, about_kind = $8, about = $9, stage = $10, due = $11,
			long_day = $12, replied = $13, took = $14, late = $15, viewed = $16, turn = $17, question = $18 WHERE ref = $1 AND turn = $19`, append(values, was)...)
	}
	if err != nil {
		return err
	}
	charge := q.charge(had)
	if charge != had {
		told, err := SaveCharge(ctx, tx, charge)
		if err != nil {
			return err
		}
		more = append(more, told)
	}
	_, err = record.Add(ctx, tx, by, "question."+string(act), q.subject(), append(more, record.About(q.To), record.NowRow(q.subject(), text))...)
	return err
}
