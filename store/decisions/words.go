package decisions

import (
	"context"
	"strings"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// putWords stores the words by which a decision is found in its list, in place of
// those that were there. Names that are withheld find nothing.
func putWords(ctx context.Context, tx *db.Tx, id int64, ref string, p authority.Paper) error {
	hidden, err := record.HiddenNames(ctx, tx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM decision_words WHERE decision = $1`, id); err != nil {
		return err
	}
	for _, w := range FoundBy(hidden, paperWords(ref, p)) {
		if _, err := tx.Exec(ctx, `INSERT INTO decision_words (word, decision) VALUES ($1, $2)`, w, id); err != nil {
			return err
		}
	}
	return nil
}

// FoundBy are the words of a text that something is found by: none of a name
// that is withheld.
func FoundBy(hidden *text.Names, words string) []string {
	return WordsOf(strings.ReplaceAll(hidden.Hide(words), text.Hidden, " "))
}

func paperWords(ref string, p authority.Paper) string {
	return strings.Join([]string{ref, p.Title, p.Summary, p.Supplier, p.Company, p.Contract}, " ")
}

// KeepNames stores the words of decisions again in which names are that are
// withheld or shown again.
func KeepNames(ctx context.Context, tx *db.Tx, moved, _ *text.Names) error {
	refs := map[int64]string{}
	if _, err := db.List(ctx, tx, func(r db.Row) (none struct{}, err error) {
		var id int64
		var ref string
		err = r.Scan(&id, &ref)
		refs[id] = ref
		return none, err
	}, `SELECT id, COALESCE(ref, '') FROM decisions`); err != nil {
		return err
	}
	papers, err := db.List(ctx, tx, scanPaper, `SELECT `+paperCols+` FROM papers p
		WHERE p.version = (SELECT MAX(o.version) FROM papers o WHERE o.decision = p.decision)`)
	if err != nil {
		return err
	}
	for _, v := range papers {
		if v.Paper != nil && moved.In(paperWords(refs[v.Decision], *v.Paper)) {
			if err := putWords(ctx, tx, v.Decision, refs[v.Decision], *v.Paper); err != nil {
				return err
			}
		}
	}
	return nil
}
