package scrutiny_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// manyRecommendations puts n recommendations of ten years beside the record,
// with their counts, as the list reads them.
func manyRecommendations(b *testing.B, database string, from scrutiny.Recommendation, n int) {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+database)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	tx, err := db.Begin()
	must(err)
	bodies := office.LocalPolicingBodies()
	first := civil.Day("2013-01-15")
	for i := range n {
		r := from
		r.ID, r.Made, r.Body, r.Title = int64(100+i), first.Add(i*3650/n), bodies[i%len(bodies)].Slug, fmt.Sprintf("Matter %d of hosting", i)
		r.Ref, r.Turn = fmt.Sprintf("%s-%06d", r.Made[:4], i+1), 1
		r.Acceptance, r.Implementation = scrutiny.Acceptances[i%4], scrutiny.RecommendationStatuses[(i/4)%6]
		r.First, r.Target = r.Made.Add(90), r.Made.Add(90)
		if r.Acceptance == scrutiny.Awaited {
			r.Implementation, r.ResponseDue = scrutiny.NotStarted, r.Made.Add(60)
		}
		row, err := json.Marshal(r)
		must(err)
		_, err = tx.Exec(`INSERT INTO recommendations (id, ref, year, seq, kind, body, committee, made, acceptance, implementation, priority, waits, due, turn, recommendation)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, FALSE, $11, $12, 1, $13)`, r.ID, r.Ref, string(r.Made[:4]), 100+i, r.Kind, r.Body, r.Committee, string(r.Made), string(r.Acceptance), string(r.Implementation), r.Waits(), string(r.Due()), string(row))
		must(err)
		for _, w := range []string{"hosting", "matter", fmt.Sprintf("rare%06d", i%(n/20))} {
			_, err := tx.Exec(`INSERT INTO recommendation_words (word, recommendation) VALUES ($1, $2)`, w, r.ID)
			must(err)
		}
	}
	for mask := range 16 {
		parts := []string{"body", "committee", "kind", "'no'"}
		for i := range parts {
			if mask&(1<<i) == 0 {
				parts[i] = "''"
			}
		}
		scope := strings.Join(parts, ` || '|' || `)
		for _, q := range []string{
			`SELECT ` + scope + `, '', acceptance, implementation, COUNT(*) FROM recommendations WHERE id >= 100 GROUP BY 1, 2, 3, 4`,
			`SELECT ` + scope + `, SUBSTR(made, 1, 7), acceptance, implementation, COUNT(*) FROM recommendations WHERE id >= 100 GROUP BY 1, 2, 3, 4`,
			`SELECT ` + scope + ` || '|accepted', SUBSTR(made, 1, 7), '', '', COUNT(*) FROM recommendations WHERE id >= 100 AND acceptance NOT IN ('awaited', 'rejected') GROUP BY 1, 2`,
		} {
			_, err := tx.Exec(`INSERT INTO recommendation_counts (scope, made, acceptance, implementation, n) ` + q + ` ON CONFLICT DO UPDATE SET n = n + excluded.n`)
			must(err)
		}
	}
	must(tx.Commit())
}

// BenchmarkRecommendations reads the first page of the list with its sentence
// and its table, with and without filters, and takes one step of one.
func BenchmarkRecommendations(b *testing.B) {
	for _, n := range []int{100, 100_000} {
		database := storetest.Database(b)
		clock := &storetest.Clock{}
		clock.Set(storetest.Noon)
		c := panelOn(b, storetest.At(b, database, filepath.Join(b.TempDir(), "record.key"), clock.Now), clock)
		ref := c.make(publishContracts)
		manyRecommendations(b, database, c.see(ref).Recommendation, n)
		clock.Day("2022-12-31")
		for name, f := range map[string]scrutiny.RecommendationFilter{
			"all": {}, "claimed": {Acceptance: scrutiny.InAnyForm, Implementation: scrutiny.ClaimedDone}, "body": {Body: "kent"}, "body rejected": {Body: "kent", Acceptance: scrutiny.Accepted}, "1 to 2 years": {Age: "1 to 2 years"},
			"kind, committee, old": {Kind: scrutiny.ChargeRecommendation, Committee: "scrutiny", Age: "over 2 years"}, "priority": {Priority: "yes"}, "undertakings": {Kind: scrutiny.ChargeUndertaking}, "common word": {Words: "hosting"}, "rare word": {Words: "rare000003"},
		} {
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) {
				for b.Loop() {
					if _, err := scrutiny.Recommendations(b.Context(), c.Tx, f, 50); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		clock.Set(storetest.Noon.AddDate(0, 0, 1))
		c.act(c.officer, ref, scrutiny.ActRespond, acceptsIt)
		b.Run(fmt.Sprintf("%d/a move", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				c.act(c.officer, ref, []office.Act{scrutiny.ActNoteProgress, scrutiny.ActClaim}[i%2], scrutiny.RecommendationStep{Text: "x"})
				if i%2 == 1 {
					c.act(c.chair, ref, scrutiny.ActRefuseClaim, scrutiny.RecommendationStep{Text: "x"})
				}
				if i > 200 {
					b.Skip("the row grows")
				}
			}
		})
	}
}
