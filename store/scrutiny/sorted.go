package scrutiny

import (
	"context"
	"fmt"

	"github.com/police-ict/handover/store/db"
)

// questionSorts are the keys that the list of questions can be sorted by, with
// the SQL of each.
var questionSorts = db.Order{"date": {"q.year", "q.seq"}, "to": {"q.body"}, "due": {"q.due"}, "status": {"q.stage", "q.due"}}

// QuestionSorts are those keys, in the order of the columns.
func QuestionSorts() []string { return []string{"date", "to", "due", "status"} }

// sortedQuestions are the questions of one page of the list, in its order.
func sortedQuestions(ctx context.Context, tx *db.Tx, f QuestionFilter, most int) ([]Question, error) {
	f.Before, f.inEither = "", true
	w, err := QuestionsWhere(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	order, err := questionSorts.By(f.Sort, "q.year DESC, q.seq DESC")
	if err != nil {
		return nil, err
	}
	return db.List(ctx, tx, scanQuestion, fmt.Sprintf(`SELECT `+questionCols+` FROM questions q%s%s%s`, w, order, db.Span(f.Page, most)), w.Args...)
}

// recommendationSorts are the keys that the list of recommendations can be
// sorted by, with the SQL of each. Those with no next date come last.
var recommendationSorts = db.Order{"date": {"r.id"}, "to": {"r.body"}, "response": {"r.acceptance"}, "progress": {"r.implementation"}, "due": {"COALESCE(NULLIF(r.due, ''), '9999')"}}

// RecommendationSorts are those keys, in the order of the columns.
func RecommendationSorts() []string { return []string{"date", "to", "response", "progress", "due"} }

// sortedRecommendations are the recommendations of one page of the list, in its
// order.
func sortedRecommendations(ctx context.Context, tx *db.Tx, f RecommendationFilter, most int) ([]Recommendation, error) {
	f.Before = ""
	w := &db.Clauses{}
	if err := RecommendationsWhere(ctx, tx, f, w); err != nil {
		return nil, err
	}
	order, err := recommendationSorts.By(f.Sort, "r.id DESC")
	if err != nil {
		return nil, err
	}
	return db.List(ctx, tx, scanRecommendation, fmt.Sprintf(`SELECT %s FROM recommendations r%s%s%s`, recommendationCols, w, order, db.Span(f.Page, most)), w.Args...)
}
