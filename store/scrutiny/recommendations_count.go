package scrutiny

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// recommendationCell is what recommendations are counted by.
type recommendationCell struct {
	scope          string
	made           string // month, "" is in all
	acceptance     Acceptance
	implementation RecommendationStatus
}

// scopes are the filters of body, committee, kind and priority that choose it.
func (r Recommendation) scopes() (all []string) {
	values := []string{r.Body, r.Committee, r.Kind, yesOrNo(r.Priority)}
	for mask := range 1 << len(values) {
		parts := make([]string, len(values))
		for i, v := range values {
			if mask&(1<<i) != 0 {
				parts[i] = v
			}
		}
		all = append(all, strings.Join(parts, "|"))
	}
	return all
}

func yesOrNo(v bool) string {
	if v {
		return "yes"
	}
	return "no"
}

// ofAccepted ends the scope of what is counted by month alone.
const ofAccepted = "|accepted"

func (r Recommendation) cells() (all []recommendationCell) {
	month := string(r.Made[:7])
	for _, scope := range r.scopes() {
		all = append(all, recommendationCell{scope, "", r.Acceptance, r.Implementation}, recommendationCell{scope, month, r.Acceptance, r.Implementation})
		if r.Acceptance.InAnyForm() {
			all = append(all, recommendationCell{scope: scope + ofAccepted, made: month})
		}
	}
	return all
}

// recount takes a recommendation out of the cells where it was counted and
// counts it where it belongs now. was.Turn 0 is one that was counted nowhere.
func recount(ctx context.Context, tx *db.Tx, was, is Recommendation) error {
	if was.Turn != 0 {
		if slices.Equal(was.cells(), is.cells()) {
			return nil
		}
		if err := addToCells(ctx, tx, was.cells(), -1); err != nil {
			return err
		}
	}
	if err := addToCells(ctx, tx, is.cells(), 1); err != nil || was.Turn == 0 {
		return err
	}
	for _, c := range was.cells() { // a count of none says nothing, so that nothing could be held to it
		if _, err := tx.Exec(ctx, `DELETE FROM recommendation_counts WHERE scope = $1 AND made = $2 AND acceptance = $3 AND implementation = $4 AND n = 0`,
			c.scope, c.made, string(c.acceptance), string(c.implementation)); err != nil {
			return err
		}
	}
	return nil
}

func addToCells(ctx context.Context, tx *db.Tx, cells []recommendationCell, n int) error {
	var rows []string
	var args []any
	for _, c := range cells {
		at := len(args)
		rows = append(rows, fmt.Sprintf("($%d, $%d, $%d, $%d, %d)", at+1, at+2, at+3, at+4, n))
		args = append(args, c.scope, c.made, string(c.acceptance), string(c.implementation))
	}
	_, err := tx.Exec(ctx, `INSERT INTO recommendation_counts (scope, made, acceptance, implementation, n) VALUES `+strings.Join(rows, ", ")+`
		ON CONFLICT (scope, made, acceptance, implementation) DO UPDATE SET n = recommendation_counts.n + excluded.n`, args...)
	return err
}

// CheckCounts holds the counts of recommendations to the recommendations.
func CheckCounts(ctx context.Context, c *record.Checker) error {
	all, err := db.List(ctx, c.S, scanRecommendation, `SELECT `+recommendationCols+` FROM recommendations r`)
	if err != nil {
		return err
	}
	want := map[recommendationCell]int64{}
	for _, r := range all {
		for _, cell := range r.cells() {
			want[cell]++
		}
	}
	type count struct {
		cell recommendationCell
		n    int64
	}
	has, err := db.List(ctx, c.S, func(r db.Row) (n count, err error) {
		return n, r.Scan(&n.cell.scope, &n.cell.made, &n.cell.acceptance, &n.cell.implementation, &n.n)
	}, `SELECT scope, made, acceptance, implementation, n FROM recommendation_counts ORDER BY scope, made, acceptance, implementation`)
	for _, k := range has {
		if want[k.cell] != k.n {
			return c.Diverges("recommendations are counted %d times as %s %s, made in %s, under “%s”: there are %d", k.n, k.cell.acceptance, k.cell.implementation, k.cell.made, k.cell.scope, want[k.cell])
		}
		delete(want, k.cell)
	}
	if err == nil && len(want) > 0 {
		return c.Diverges("%s not counted", text.Count(len(want), "group of recommendations is", "groups of recommendations are"))
	}
	return err
}

// RecommendationTally is how many recommendations there are of each acceptance
// and implementation.
type RecommendationTally struct {
	Cells  map[Acceptance]map[RecommendationStatus]int64
	Capped bool // only the newest RecommendationsRead that hold the words are counted
	ages   []agedCount
}

// agedCount is how many accepted ones were made in a month or on a day.
type agedCount struct {
	made string
	n    int64
}

// Of counts those of an acceptance and an implementation; "" is any.
func (t RecommendationTally) Of(a Acceptance, i RecommendationStatus) (n int64) {
	for acceptance, row := range t.Cells {
		for implementation, k := range row {
			if (a == "" || a == acceptance) && (i == "" || i == implementation) {
				n += k
			}
		}
	}
	return n
}

// Accepted counts those accepted in any form, of an implementation; "" is any.
func (t RecommendationTally) Accepted(i RecommendationStatus) int64 {
	return t.Of(Accepted, i) + t.Of(Partly, i) + t.Of(InPrinciple, i)
}

func (t *RecommendationTally) add(a Acceptance, i RecommendationStatus, n int64) {
	if t.Cells == nil {
		t.Cells = map[Acceptance]map[RecommendationStatus]int64{}
	}
	if t.Cells[a] == nil {
		t.Cells[a] = map[RecommendationStatus]int64{}
	}
	t.Cells[a][i] += n
}

// addDay is add, of one or more that were made on a day.
func (t *RecommendationTally) addDay(a Acceptance, i RecommendationStatus, made civil.Day, n int64) {
	t.add(a, i, n)
	if a.InAnyForm() {
		t.ages = append(t.ages, agedCount{string(made), n})
	}
}
