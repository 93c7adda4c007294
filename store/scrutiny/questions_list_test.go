package scrutiny_test

import (
	"fmt"
	"testing"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
)

// The list of questions has a page for each of them, however many there are.
func TestEveryQuestionIsOnAPageOfTheList(t *testing.T) {
	t.Parallel()
	h := hear(t)
	const all = 203
	for n := range all {
		if _, err := scrutiny.AskQuestion(t.Context(), h.Tx, h.chair, scrutiny.QuestionForm{Title: fmt.Sprintf("Question %d (sample)", n+1), Text: "What changed?", To: office.TheCompany}); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	for at := 1; at <= 9; at++ {
		p, err := scrutiny.Questions(t.Context(), h.Tx, scrutiny.QuestionFilter{Sort: db.Sort{Key: "date"}, Page: at}, db.PageRows)
		if err != nil || p.Count != all || p.Pages != 9 {
			t.Fatalf("page %d: %d questions on %d pages, %v", at, p.Count, p.Pages, err)
		}
		for _, q := range p.All {
			seen[q.Ref] = true
		}
	}
	if len(seen) != all {
		t.Errorf("the pages show %d of %d questions", len(seen), all)
	}
}
