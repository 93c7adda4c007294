package decisions

import (
	"context"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Ledger holds the rows of decisions to the record.
var Ledger = record.Ledger{Topic: "decision", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanDecisionListed, `SELECT COALESCE(ref, ''), status, body, office, matter, pence, contract, turn, decision FROM decisions`,
		func(d Decision) (string, any) { return d.Subject(), d })
}}

// scanDecisionListed reads a decision together with the columns that it is
// listed by: under other words than it says, it is as no event tells it.
func scanDecisionListed(r db.Row) (d Decision, err error) {
	var l Decision
	var office office.Kind
	var contract, words string
	if err := r.Scan(&l.Ref, &l.Status, &l.Body, &office, &l.Matter, &l.Value, &contract, &l.Turn, &words); err != nil {
		return d, err
	}
	if d, err = text.FromJSON[Decision](words); err != nil {
		return d, err
	}
	if l.Ref != d.Ref || l.Status != d.Status || l.Body != d.Body || office != d.ProposedIn.Kind || l.Matter != d.Matter || l.Value != d.Value || contract != ContractKey(d.Contract) || l.Turn != d.Turn {
		d = Decision{ID: d.ID}
	}
	return d, nil
}

// PaperLedger holds its rows to the record.
var PaperLedger = record.Ledger{Topic: "paper", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanPaper, `SELECT `+paperCols+` FROM papers p`, func(v authority.PaperVersion) (string, any) { return v.Thing(), v })
}}

// BallotLedger holds its rows to the record.
var BallotLedger = record.Ledger{Topic: "ballot", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanBallotListed, `SELECT decision, elector, role, person, void_n, ballot FROM ballots`, func(b authority.Ballot) (string, any) { return b.Thing(), b })
}}

// scanBallotListed reads a ballot together with the columns by which it counts.
func scanBallotListed(r db.Row) (b authority.Ballot, err error) {
	var l authority.Ballot
	var role, words string
	if err := r.Scan(&l.Decision, &l.Elector, &role, &l.Person, &l.Void, &words); err != nil {
		return b, err
	}
	if b, err = text.FromJSON[authority.Ballot](words); err != nil {
		return b, err
	}
	if l.Decision != b.Decision || l.Elector != b.Elector || role != b.Key() || l.Person != b.Person || l.Void != b.Void {
		b = authority.Ballot{ID: b.ID}
	}
	return b, nil
}
