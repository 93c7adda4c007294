package scrutiny

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/text"
)

const acceptedInAnyForm = `r.acceptance NOT IN ('awaited', 'rejected')`

// RecommendationsWhere adds the condition of a list of recommendations.
func RecommendationsWhere(ctx context.Context, tx *db.Tx, f RecommendationFilter, w *db.Clauses) error {
	if f.Acceptance == InAnyForm {
		w.Add(acceptedInAnyForm)
	} else if f.Acceptance != "" {
		w.Add("r.acceptance = ?", string(f.Acceptance))
	}
	for _, eq := range []struct{ column, value string }{{"implementation", string(f.Implementation)}, {"body", f.Body}, {"committee", f.Committee}, {"kind", f.Kind}} {
		if eq.value != "" {
			w.Add("r."+eq.column+" = ?", eq.value)
		}
	}
	switch f.Priority {
	case "yes":
		w.Add("r.priority")
	case "no":
		w.Add("NOT r.priority")
	}
	// Numbers rise with the days: an age is a range of the order of the list.
	const upTo = `COALESCE((SELECT b.id FROM recommendations b WHERE b.made <= ? ORDER BY b.made DESC, b.id DESC LIMIT 1), 0)`
	from, to := aged(f.Age, civil.DayOf(tx.Now()))
	if from != "" {
		w.Add("r.id > "+upTo, from.Add(-1))
	}
	if to != "" {
		w.Add("r.id <= "+upTo, to)
	}
	if text.ReferenceForm.MatchString(f.Before) {
		w.Add("r.id < (SELECT b.id FROM recommendations b WHERE b.ref = ?)", f.Before)
	}
	return db.AddWords[int64](ctx, tx, w, "recommendation_words", "recommendation", "r.id", decisions.WordsOf(f.Words))
}

// tallied counts the recommendations of a filter by acceptance and
// implementation. Its cost does not grow with their number: whole months come
// from what the writes counted, and days only for the months that an age cuts.
func tallied(ctx context.Context, tx *db.Tx, f RecommendationFilter) (t RecommendationTally, err error) {
	if f.Words != "" {
		return talliedByWords(ctx, tx, f)
	}
	from, to := aged(f.Age, civil.DayOf(tx.Now()))
	if err := talliedMonths(ctx, tx, f, from, to, &t); err != nil {
		return t, err
	}
	for _, cut := range cutMonths(from, to) {
		w := f.ofDays(cut[0], cut[1])
		found, err := db.List(ctx, tx, func(r db.Row) (c tallyRow, err error) { return c, r.Scan(&c.a, &c.i, &c.made, &c.n) },
			`SELECT r.acceptance, r.implementation, r.made, COUNT(*) FROM recommendations r`+w.String()+` GROUP BY r.acceptance, r.implementation, r.made`, w.Args...)
		if err != nil {
			return t, err
		}
		for _, c := range found {
			t.addDay(c.a, c.i, c.made, c.n)
		}
	}
	return t, nil
}

// tallyRow is one count.
type tallyRow struct {
	a    Acceptance
	i    RecommendationStatus
	made civil.Day
	n    int64
}

// talliedMonths adds the whole months between two days to a tally.
func talliedMonths(ctx context.Context, tx *db.Tx, f RecommendationFilter, from, to civil.Day, t *RecommendationTally) error {
	scope := strings.Join([]string{f.Body, f.Committee, f.Kind, f.Priority}, "|")
	months := func(scope string) *db.Clauses {
		w := &db.Clauses{}
		w.Add("scope = ? AND n <> 0 AND made > ?", scope, string(from[:min(7, len(from))]))
		if to != "" {
			w.Add("made < ?", string(to[:7]))
		}
		return w
	}
	w := months(scope)
	if from == "" && to == "" {
		w = &db.Clauses{}
		w.Add("scope = ? AND made = '' AND n <> 0", scope)
	}
	cells, err := db.List(ctx, tx, func(r db.Row) (c tallyRow, err error) { return c, r.Scan(&c.a, &c.i, &c.n) },
		`SELECT acceptance, implementation, CAST(SUM(n) AS BIGINT) FROM recommendation_counts`+w.String()+` GROUP BY acceptance, implementation`, w.Args...)
	if err != nil {
		return err
	}
	for _, c := range cells {
		t.add(c.a, c.i, c.n)
	}
	w = months(scope + ofAccepted)
	ages, err := db.List(ctx, tx, func(r db.Row) (a agedCount, err error) { return a, r.Scan(&a.made, &a.n) }, `SELECT made, n FROM recommendation_counts`+w.String(), w.Args...)
	t.ages = append(t.ages, ages...)
	return err
}

// cutMonths are the days of the months in which a range begins and ends.
func cutMonths(from, to civil.Day) (all [][2]civil.Day) {
	first := func(d civil.Day) civil.Day { return d[:8] + "01" }
	last := func(d civil.Day) civil.Day { return monthsAfter(first(d), 1).Add(-1) }
	if from != "" && to != "" && from[:7] == to[:7] {
		return [][2]civil.Day{{from, to}}
	}
	if from != "" {
		all = append(all, [2]civil.Day{from, last(from)})
	}
	if to != "" {
		all = append(all, [2]civil.Day{first(to), to})
	}
	return all
}

// ofDays chooses those of a filter that were made in some days. The columns are
// expressions, so that the days are looked up and not the rest.
func (f RecommendationFilter) ofDays(from, to civil.Day) *db.Clauses {
	w := &db.Clauses{}
	w.Add("r.made >= ? AND r.made <= ?", from, to)
	for _, eq := range []struct{ column, value string }{{"body", f.Body}, {"committee", f.Committee}, {"kind", f.Kind}} {
		if eq.value != "" {
			w.Add("COALESCE(r."+eq.column+", '') = ?", eq.value)
		}
	}
	if f.Priority != "" {
		w.Add("COALESCE(r.priority, FALSE) = ?", f.Priority == "yes")
	}
	return w
}

// talliedByWords counts the newest of those that hold some words.
func talliedByWords(ctx context.Context, tx *db.Tx, f RecommendationFilter) (t RecommendationTally, err error) {
	w := &db.Clauses{}
	if err := RecommendationsWhere(ctx, tx, f, w); err != nil {
		return t, err
	}
	found, err := db.List(ctx, tx, func(r db.Row) (m Recommendation, err error) {
		return m, r.Scan(&m.Acceptance, &m.Implementation, &m.Made)
	},
		fmt.Sprintf(`SELECT r.acceptance, r.implementation, r.made FROM recommendations r%s ORDER BY r.id DESC LIMIT %d`, w, RecommendationsRead+1), w.Args...)
	if len(found) > RecommendationsRead {
		found, t.Capped = found[:RecommendationsRead], true
	}
	for _, m := range found {
		t.addDay(m.Acceptance, m.Implementation, m.Made, 1)
	}
	return t, err
}

// medianAge is how many days ago the middle one of those accepted was made; of
// two in the middle, half-way between. It is -1 where there are none.
func medianAge(ctx context.Context, tx *db.Tx, f RecommendationFilter, t RecommendationTally) (int, error) {
	n := t.Accepted("")
	if n == 0 {
		return -1, nil
	}
	t.ages = byMade(t.ages)
	older, err := madeAt(ctx, tx, f, t, (n-1)/2)
	if err != nil {
		return 0, err
	}
	newer, err := madeAt(ctx, tx, f, t, n/2)
	today := civil.DayOf(tx.Now())
	return (older.Until(today) + newer.Until(today)) / 2, err
}

// byMade puts counts in order, those of one month or day together.
func byMade(all []agedCount) (out []agedCount) {
	all = slices.SortedFunc(slices.Values(all), func(a, b agedCount) int { return cmp.Compare(a.made, b.made) })
	for _, a := range all {
		if n := len(out); n > 0 && out[n-1].made == a.made {
			out[n-1].n += a.n
			continue
		}
		out = append(out, a)
	}
	return out
}

// madeAt is the day on which the k-th of those accepted was made, from 0.
func madeAt(ctx context.Context, tx *db.Tx, f RecommendationFilter, t RecommendationTally, k int64) (civil.Day, error) {
	for _, a := range t.ages {
		if k >= a.n {
			k -= a.n
			continue
		}
		if len(a.made) > len("2012-07") {
			return civil.Day(a.made), nil
		}
		first := civil.Day(a.made + "-01")
		w := f.ofDays(first, monthsAfter(first, 1).Add(-1))
		w.Add(acceptedInAnyForm)
		return db.One(ctx, tx, db.ScanInto[civil.Day], fmt.Sprintf(`SELECT r.made FROM recommendations r%s ORDER BY r.made, r.id LIMIT 1 OFFSET %d`, w, k), w.Args...)
	}
	return "", fmt.Errorf("store: recommendations are counted otherwise than they stand")
}
