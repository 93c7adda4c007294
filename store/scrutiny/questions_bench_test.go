package scrutiny_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// manyQuestions puts n questions of one year beside the record, as the list
// reads them: to all bodies, one in fifty of them owed, and of these half late.
func manyQuestions(b *testing.B, database string, from scrutiny.Question, n int) {
	b.Helper()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite", "file:"+database)
	must(err)
	defer db.Close()
	tx, err := db.Begin()
	must(err)
	bodies := office.LocalPolicingBodies()
	for i := range n {
		q := from
		q.Ref, q.Title = fmt.Sprintf("2014-%03d", i+1), fmt.Sprintf("Question %d about hosting", i)
		row, err := json.Marshal(q)
		must(err)
		stage, due, long := []string{"closed", "closed", "answered", "refused", "in_review", "withdrawn"}[i%6], "2013-02-11", "2013-03-11"
		if i%50 == 7 {
			stage, due, long = "owed", []string{"2013-02-11", "2012-12-03", "2012-11-01"}[i/50%3], []string{"2013-03-11", "2013-02-01", "2012-12-01"}[i/50%3]
		}
		_, err = tx.Exec(`INSERT INTO questions (ref, year, seq, body, from_body, office, committee, about_kind, about, stage, due, long_day, replied, took, late, viewed, turn, question)
			VALUES ($1, 2014, $2, $3, 'kent', 1, $4, 'spend', $5, $6, $7, $8, $9, $10, $11, FALSE, 1, $12)`,
			q.Ref, i+1, bodies[i%43].Slug, []string{"", "scrutiny"}[i%2], fmt.Sprintf("spend?body=%d", i%500), stage, due, long, stage != "owed" && stage != "withdrawn", i%61, i%61 > 20, string(row))
		must(err)
		_, err = tx.Exec(`INSERT INTO charges (kind, ref, title, body, committee, heir, since, due, open) VALUES ('question', $1, $2, $3, $4, '', '2013-01-14', $5, $6)`,
			q.Ref, q.Title, bodies[i%43].Slug, []string{"", "scrutiny"}[i%2], map[bool]string{true: due}[stage == "owed"], stage != "closed" && stage != "withdrawn")
		must(err)
		for _, w := range []string{"hosting", "question", fmt.Sprintf("rare%06d", i%(n/20))} {
			_, err := tx.Exec(`INSERT INTO question_words (word, question) VALUES ($1, $2)`, w, q.Ref)
			must(err)
		}
	}
	_, err = tx.Exec(`DELETE FROM question_times; INSERT INTO question_times (body, took, late, n) SELECT body, took, late, COUNT(*) FROM questions WHERE replied GROUP BY body, took, late`)
	must(err)
	must(tx.Commit())
}

// BenchmarkQuestions reads the first page of the list, with and without
// filters, and how every body keeps the time, of 100 questions and of 100,000.
func BenchmarkQuestions(b *testing.B) {
	for _, n := range []int{100, 100_000} {
		database := storetest.Database(b)
		clock := &storetest.Clock{}
		clock.Set(storetest.Noon)
		h := hearIn(b, storetest.At(b, database, filepath.Join(b.TempDir(), "record.key"), clock.Now), clock)
		manyQuestions(b, database, h.see(h.asks(h.kent, "")).Question, n)
		for name, f := range map[string]scrutiny.QuestionFilter{
			"all": {}, "due": {State: "due"}, "delayed": {State: "delayed"}, "long overdue": {State: "long overdue"}, "closed": {State: "closed"}, "to a body": {To: "kent", State: "answered"},
			"from": {From: "kent"}, "committee": {Committee: "scrutiny"}, "about": {About: "spend?body=3"}, "common word": {Words: "hosting"}, "rare word": {Words: "rare000003"}, "far page": {Before: fmt.Sprintf("2014-%03d", n/2)},
		} {
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) {
				for b.Loop() {
					if _, err := scrutiny.Questions(b.Context(), h.Tx, f, 50); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(fmt.Sprintf("%d/rates", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := scrutiny.OnTimeRates(b.Context(), h.Tx); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("%d/work", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := store.Work(b.Context(), h.Tx, h.kent); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
