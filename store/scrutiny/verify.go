package scrutiny

import (
	"context"

	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Tables are what verify holds of scrutiny, column by column.
var Tables = []record.Table{
	{Name: "committees", Columns: "slug, turn, committee", Want: record.OnePer("committee", func(v Committee, words string) []any {
		return []any{v.Slug, v.Turn, words}
	})},
	{Name: "charges", Columns: "kind, ref, title, body, committee, heir, since, due, open", Want: record.OnePer("charge", func(v Charge, _ string) []any {
		return []any{v.Kind, v.Ref, v.Title, v.Body, v.Committee, v.Heir, v.Since, v.Due, v.Open}
	})},
	{Name: "questions", Columns: questionRowCols + ", heir, question", Want: wantQuestions},
	{Name: "question_words", Columns: "word, question", Want: wantWords("question", func(q Question) (any, string) { return q.Ref, q.words() })},
	{Name: "said", Columns: "question, seq, said", Want: record.OnePer("said", func(v Said, words string) []any {
		return []any{v.Question, v.Seq, words}
	})},
	{Name: "recommendations", Columns: "id, ref, year, seq, kind, body, committee, made, acceptance, implementation, priority, waits, due, turn, recommendation",
		Want: record.OnePer("recommendation", func(r Recommendation, words string) []any {
			year, seq, _ := text.RefParts(r.Ref) // the reference is the portal's own
			return []any{r.ID, r.Ref, year, seq, r.Kind, r.Body, r.Committee, r.Made, r.Acceptance, r.Implementation, r.Priority, r.Waits(), r.Due(), r.Turn, words}
		})},
	{Name: "recommendation_words", Columns: "word, recommendation", Want: wantWords("recommendation", func(r Recommendation) (any, string) { return r.ID, r.words() })},
	{Name: "meetings", Columns: "id, committee, held_on, status, turn, meeting", Want: record.OnePer("meeting", func(v Meeting, words string) []any {
		return []any{v.ID, v.Committee, v.On, v.Status, v.Turn, words}
	})},
	{Name: "inquiries", Columns: "slug, seq, committee, status, closes, turn, inquiry", Want: record.OnePer("inquiry", func(v Inquiry, words string) []any {
		return []any{v.Slug, v.Seq, v.Committee, v.Status, v.Closes, v.Turn, words}
	})},
	{Name: "inquiry_words", Columns: "word, seq", Want: wantWords("inquiry", func(i Inquiry) (any, string) { return i.Seq, i.words() })},
	{Name: "evidence", Columns: "inquiry, number, status, review, turn, evidence", Want: record.OnePer("evidence", func(v Submission, words string) []any {
		return []any{v.Inquiry, v.Number, v.Status, v.waits(), v.Turn, words}
	})},
	{Name: "evidence_texts", Columns: "inquiry, number, text", Want: record.OnePer("evidence-text", func(v EvidenceText, words string) []any {
		return []any{v.Inquiry, v.Number, words}
	})},
	{Name: "reports", Columns: "inquiry, status, version, report", Want: record.OnePer("report", func(v Report, words string) []any {
		return []any{v.Inquiry, v.Status, v.Version, words}
	})},
}

// wantWords is the Want of a table of the words that things of a topic are found
// by: names that are withheld find nothing.
func wantWords[T any](topic string, of func(T) (key any, words string)) func(context.Context, *record.Checker, func(...any)) error {
	return func(ctx context.Context, c *record.Checker, row func(...any)) error {
		hidden, err := record.HiddenNames(ctx, c.S)
		if err != nil {
			return err
		}
		return record.Words(topic, func(v T) (any, []string) {
			key, words := of(v)
			return key, decisions.FoundBy(hidden, words)
		})(ctx, c, row)
	}
}

// wantQuestions makes the row of each question, with the committee that
// accepted it as its charge says.
func wantQuestions(_ context.Context, c *record.Checker, row func(...any)) error {
	heirs := map[string]string{}
	if err := record.EachTold(c, "charge", func(v Charge, _ string) error {
		if v.Kind == ChargeQuestion {
			heirs[v.Ref] = v.Heir
		}
		return nil
	}); err != nil {
		return err
	}
	return record.EachTold(c, "question", func(q Question, words string) error {
		row(append(q.row().values(), heirs[q.Ref], words)...)
		return nil
	})
}
