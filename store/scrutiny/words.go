package scrutiny

import (
	"context"
	"strings"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

func (i Inquiry) words() string { return i.Slug + " " + i.Title + " " + i.Terms }

func (r Recommendation) words() string {
	return strings.Join([]string{r.Ref, r.Title, r.Text, r.Source.Text}, " ")
}

// putWords stores the words by which a thing is found in its list, in place of
// those that were there. Names that are withheld find nothing.
func putWords(ctx context.Context, tx *db.Tx, table, key string, id any, words string) error {
	hidden, err := record.HiddenNames(ctx, tx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE `+key+` = $1`, id); err != nil {
		return err
	}
	for _, w := range decisions.FoundBy(hidden, words) {
		if _, err := tx.Exec(ctx, `INSERT INTO `+table+` (word, `+key+`) VALUES ($1, $2)`, w, id); err != nil {
			return err
		}
	}
	return nil
}

// KeepNames stores the words of questions, recommendations and inquiries again in
// which names are that are withheld or shown again.
func KeepNames(ctx context.Context, tx *db.Tx, moved, _ *text.Names) error {
	questions, err := db.List(ctx, tx, scanQuestion, `SELECT `+questionCols+` FROM questions q`)
	if err != nil {
		return err
	}
	for _, q := range questions {
		if moved.In(q.words()) {
			if err := indexQuestion(ctx, tx, q); err != nil {
				return err
			}
		}
	}
	recommendations, err := db.List(ctx, tx, scanRecommendation, `SELECT `+recommendationCols+` FROM recommendations r`)
	if err != nil {
		return err
	}
	for _, r := range recommendations {
		if moved.In(r.words()) {
			if err := putWords(ctx, tx, "recommendation_words", "recommendation", r.ID, r.words()); err != nil {
				return err
			}
		}
	}
	inquiries, err := db.List(ctx, tx, scanInquiry, `SELECT `+inquiryCols+` FROM inquiries i`)
	if err != nil {
		return err
	}
	for _, i := range inquiries {
		if moved.In(i.words()) {
			if err := putWords(ctx, tx, "inquiry_words", "seq", i.Seq, i.words()); err != nil {
				return err
			}
		}
	}
	return nil
}
