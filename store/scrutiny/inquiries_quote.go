package scrutiny

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"unicode"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// quoteLeast is how many words on end, the same as in confidential evidence,
// count as a quotation of it.
const quoteLeast = 8

// quoted are the words of a text in their order, folded.
func quoted(words string) []string {
	return strings.FieldsFunc(text.Fold(words), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// quotable are all runs of so many words in a text.
func quotable(text string) iter.Seq[string] {
	words := quoted(text)
	return func(yield func(string) bool) {
		for i := range max(0, len(words)-quoteLeast+1) {
			if !yield(strings.Join(words[i:i+quoteLeast], " ")) {
				return
			}
		}
	}
}

// quotesNone refuses a report that quotes confidential evidence, whoever wrote
// it: they alone could have read it.
func quotesNone(ctx context.Context, tx *db.Tx, slug string, t ReportText) error {
	secret := map[string]int64{} // run of words -> number of the evidence
	all, err := db.List(ctx, tx, scanSubmission, `SELECT `+evidenceCols+` FROM evidence e WHERE e.inquiry = $1`, slug)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.Open() {
			continue
		}
		words, err := wordsOfEvidence(ctx, tx, e)
		if err != nil {
			return err
		}
		for _, p := range append(words.Paragraphs, words.Title) {
			for run := range quotable(p) {
				secret[run] = e.Number
			}
		}
	}
	refuse := func(where, text string) error {
		for run := range quotable(text) {
			if n, ok := secret[run]; ok {
				return fault.Conflict.Errorf("%s quotes evidence %d, which is confidential. Put it in other words or publish that evidence first.", where, n)
			}
		}
		return nil
	}
	for i, p := range t.Paragraphs {
		if err := refuse(fmt.Sprintf("Paragraph %d", i+1), p); err != nil {
			return err
		}
	}
	for i, f := range t.Findings {
		if err := refuse(fmt.Sprintf("Finding %d", i+1), f.Text); err != nil {
			return err
		}
	}
	return nil
}
