package spend

import (
	"context"
	"maps"
	"slices"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
)

// tieCheck holds the payments of a load under decisions to the lines and to
// what the record tells of the decisions that they name.
type tieCheck struct {
	contracts
	named map[int64]Sum // what the record says that lines of the load name
	known map[int64]Under
	rows  []TiedRow // by line
	sums  map[int64]Sum
	at    int // row that comes next
	bad   bool
}

func tiesToCheck(ctx context.Context, tx *db.Tx, load int64) (*tieCheck, error) {
	t := &tieCheck{contracts: newContracts(), named: map[int64]Sum{}, known: map[int64]Under{}, sums: map[int64]Sum{}}
	unders, err := db.List(ctx, tx, scanUnder, `SELECT `+underCols+` FROM load_decisions u WHERE u.load = $1 ORDER BY u.decision`, load)
	if err != nil {
		return nil, err
	}
	for _, u := range unders {
		t.known[u.Decision] = u
		if u.Contract != "" {
			t.add(u.Contract, u.Decision)
			t.named[u.Decision] = Sum{u.Lines, u.Pence}
		}
	}
	t.rows, err = db.List(ctx, tx, ScanTied, `SELECT `+TiedCols+` FROM spend_decisions t WHERE t.load = $1 ORDER BY t.line, t.decision`, load)
	return t, err
}

// block goes through the lines of a block, as they were published.
func (t *tieCheck) block(b *storedBlock) {
	for i, k := range b.Lines {
		var names []int64
		for ; t.at < len(t.rows) && t.rows[t.at].Line == b.First+int64(i); t.at++ {
			r := t.rows[t.at]
			if r.How == TiedByContract {
				names = append(names, r.Decision)
				t.sums[r.Decision] = t.sums[r.Decision].Plus(Sum{1, money.Pence(k.Pence)})
			}
			u, known := t.known[r.Decision]
			t.bad = t.bad || r.Paid != k.Paid || r.pence != k.Pence || !known || r.Judged != u.Judge(r.Paid) || !r.said && (r.How != TiedByContract || !r.stands)
		}
		t.bad = t.bad || !slices.Equal(names, t.of(k.Rest))
	}
}

// hold reports whether every row was met, and they come to what the record says.
func (t *tieCheck) hold() bool {
	return !t.bad && t.at == len(t.rows) && maps.Equal(t.sums, t.named)
}
