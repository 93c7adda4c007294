package spend

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/sheet"
)

// TiedBy is how a payment came under a decision.
type TiedBy string

// The ways.
const (
	TiedByContract TiedBy = "contract" // it names the decision’s contract reference
	TiedByOfficer  TiedBy = "officer"
)

// Tie is what an officer said of a payment and a decision. A tie by contract
// has none until an officer acts on it.
type Tie struct {
	Line     int64     `json:"line"`
	Load     int64     `json:"load"`
	Decision int64     `json:"decision"`
	Ref      string    `json:"ref"`
	How      TiedBy    `json:"how"` // it came about
	Reason   string    `json:"reason,omitempty"`
	By       string    `json:"by,omitempty"`
	On       civil.Day `json:"on,omitempty"`
	Untied   civil.Day `json:"untied,omitempty"`
	UntiedBy string    `json:"untied_by,omitempty"`
	Why      string    `json:"untied_because,omitempty"`
}

func (t Tie) thing() string { return fmt.Sprintf("tie/%d-%d", t.Line, t.Decision) }

// Under is how a decision stood when a file with payments under it was taken
// in, or when an officer put the first of them under it. A payment is judged by
// its own day; those of before that was so by the instant alone.
type Under struct {
	Load     int64       `json:"load"`
	Decision int64       `json:"decision"`
	Ref      string      `json:"ref"`
	Contract string      `json:"contract,omitempty"` // that lines of the file name, folded; "" where none does
	Lines    int64       `json:"lines"`              // that name it
	Pence    money.Pence `json:"pence"`
	At       time.Time   `json:"at"`
	Held     bool        `json:"held"` // it might not be implemented
	State    string      `json:"state"`
	Why      string      `json:"why"`
	Until    time.Time   `json:"until,omitzero"`   // as it stood then; zero could not be told
	ByDay    bool        `json:"by_day,omitempty"` // payments are judged by their day
	Made     civil.Day   `json:"made,omitempty"`   // day on which the decision was made, "" was not yet
	Free     civil.Day   `json:"free,omitempty"`   // first day on which it might be implemented, "" might not yet
}

// Judged is how a payment stands to its decision.
type Judged string

// The ways a payment stands to its decision: nothing to ask, paid while the
// decision might not be implemented, and paid before it was made.
const (
	JudgedFine   Judged = ""
	JudgedHeld   Judged = "held"
	JudgedBefore Judged = "before"
)

// Judge says how a payment of a day stands to the decision. Where only the month
// or the quarter is known, its last day counts; where nothing is, the instant at
// which the file was taken in does.
func (u Under) Judge(paid civil.Paid) Judged {
	held := JudgedFine
	if u.Held {
		held = JudgedHeld
	}
	if !u.ByDay || paid == 0 || u.State == authority.HoldEnded {
		return held
	}
	if paid%100 == 0 {
		paid += 31 // a month alone
	}
	switch {
	case u.Made == "" || paid < civil.PaidOf(u.Made):
		return JudgedBefore
	case u.Free == "" || paid < civil.PaidOf(u.Free):
		return JudgedHeld
	}
	return JudgedFine
}

func (u Under) thing() string { return fmt.Sprintf("under/%d-%d", u.Load, u.Decision) }

// TiedRow is a payment under a decision, as it is kept.
type TiedRow struct {
	Tie
	Paid   civil.Paid
	pence  int64
	stands bool
	said   bool // an officer acted on it
	Judged Judged
}

// TiedCols are the columns that ScanTied reads, of spend_decisions t.
const TiedCols = `t.line, t.load, t.decision, t.how, t.paid, t.pence, t.stands, t.judged, t.tie`

// ScanTied reads a row of TiedCols.
func ScanTied(r db.Row) (t TiedRow, err error) {
	var line, load, decision int64
	var how TiedBy
	var text string
	if err := r.Scan(&line, &load, &decision, &how, &t.Paid, &t.pence, &t.stands, &t.Judged, &text); err != nil {
		return t, err
	}
	if t.said = text != ""; t.said {
		err = json.Unmarshal([]byte(text), &t.Tie)
		if t.Line != line || t.Load != load || t.Decision != decision || t.How != how || t.stands != (t.Untied == "") {
			t.Tie = Tie{} // listed under other words than it says: as no event tells it
		}
	}
	t.Line, t.Load, t.Decision, t.How = line, load, decision, how
	return t, err
}

const underCols = `u.load, u.decision, u.held, u.under`

func scanUnder(r db.Row) (u Under, err error) {
	var load, decision int64
	var held bool
	var text string
	if err := r.Scan(&load, &decision, &held, &text); err != nil {
		return u, err
	}
	err = json.Unmarshal([]byte(text), &u)
	if u.Load != load || u.Decision != decision || u.Held != held {
		u = Under{Load: load, Decision: decision} // as no event tells it
	}
	return u, err
}

// ReadUnder tells how a decision stood for the payments of a load.
func ReadUnder(ctx context.Context, tx *db.Tx, load, decision int64) (Under, error) {
	return db.One(ctx, tx, scanUnder, `SELECT `+underCols+` FROM load_decisions u WHERE u.load = $1 AND u.decision = $2`, load, decision)
}

// TieLedger holds its rows to the record.
var TieLedger = record.Ledger{Topic: "tie", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, ScanTied, `SELECT `+TiedCols+` FROM spend_decisions t WHERE t.tie <> ''`, func(t TiedRow) (string, any) { return t.thing(), t.Tie })
}}

// UnderLedger holds its rows to the record.
var UnderLedger = record.Ledger{Topic: "under", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanUnder, `SELECT `+underCols+` FROM load_decisions u`, func(u Under) (string, any) { return u.thing(), u })
}}

// contracts finds the decisions that a line names by its contract reference.
type contracts struct {
	by   map[string][]int64 // folded reference -> decisions, by number
	seen map[string][]int64 // the same by references as published, which repeat
}

const contractsSeen = 10_000 // references as published that are remembered

func newContracts() contracts {
	return contracts{by: map[string][]int64{}, seen: map[string][]int64{}}
}

// add makes a decision known by its reference. What has no digit names no
// contract: “none”, “n/a”, “to be confirmed”.
func (c contracts) add(key string, decision int64) {
	if strings.ContainsAny(key, "0123456789") {
		c.by[key] = append(c.by[key], decision)
	}
}

// of lists the decisions that a line names, by the rest that is kept of it.
func (c contracts) of(rest string) []int64 {
	if len(c.by) == 0 {
		return nil
	}
	var l Line
	l.unpackRest(rest)
	if l.Contract == "" {
		return nil
	}
	all, ok := c.seen[l.Contract]
	if !ok {
		all = c.by[decisions.ContractKey(l.Contract)]
		if len(c.seen) < contractsSeen {
			c.seen[strings.Clone(l.Contract)] = all
		}
	}
	return all
}

// contractsFor are the contracts of the decisions that were put forward, where
// a file has a column that may name them.
func contractsFor(ctx context.Context, tx *db.Tx, f *sheet.File) (contracts, error) {
	c := newContracts()
	if !slices.ContainsFunc(f.Sheets, func(one sheet.Sheet) bool {
		at, ok := one.Mapping[sheet.Contract]
		return ok && at >= 0 && one.LeftOut == ""
	}) {
		return c, nil
	}
	all, err := db.List(ctx, tx, func(r db.Row) (d decisions.Decision, err error) { return d, r.Scan(&d.ID, &d.Contract) },
		`SELECT id, contract FROM decisions WHERE contract <> '' ORDER BY id`)
	for _, d := range all {
		c.add(d.Contract, d.ID)
	}
	return c, err
}

// tying gathers the lines of a file that name a decision while they are staged.
type tying struct {
	contracts
	sums map[int64]*Under
	rows [][]any
}

const insertTie = `INSERT INTO spend_decisions (line, decision, load, how, paid, pence, stands, judged, tie) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`

func (t *tying) line(load, id int64, k block.Line) {
	for _, d := range t.of(k.Rest) {
		t.rows = append(t.rows, []any{id, d, load, string(TiedByContract), int64(k.Paid), k.Pence, true, "", ""})
		u := t.sums[d]
		if u == nil {
			u = &Under{Load: load, Decision: d}
			t.sums[d] = u
		}
		u.Lines++
		u.Pence = u.Pence.Plus(money.Pence(k.Pence))
	}
}

// named are the decisions that the lines came to name, by number.
func (t *tying) named() (all []Under) {
	for key, decisions := range t.by {
		for _, d := range decisions {
			if u := t.sums[d]; u != nil {
				u.Contract = key
			}
		}
	}
	for _, d := range slices.Sorted(maps.Keys(t.sums)) {
		all = append(all, *t.sums[d])
	}
	return all
}
