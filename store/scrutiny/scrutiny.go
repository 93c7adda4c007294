// Package scrutiny holds committees, questions, recommendations, meetings and
// inquiries.
package scrutiny

import (
	"context"
	_ "embed"
	"encoding/json"
	"sync"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Name is the matter with its reference, in words.
func (c Charge) Name() string { return text.Capital(c.Kind) + " " + c.Ref + ": " + c.Title }

// FindChargeOf finds the matter of a reference that is of one of some kinds.
func FindChargeOf(ctx context.Context, tx *db.Tx, ref string, kinds ...string) (c Charge, err error) {
	for _, k := range kinds {
		if c, err = FindCharge(ctx, tx, k, ref); fault.KindOf(err) != fault.NotFound {
			return c, err
		}
	}
	return c, err
}

// ProgrammeTerms are the parameters of scrutiny.
type ProgrammeTerms struct {
	Answer      int    `json:"answer_working_days"`       // in which a question is to be answered
	NamedDay    int    `json:"named_day_working_days"`    // in which one for a named day is, at the soonest
	LongOverdue int    `json:"long_overdue_working_days"` // after which it is long overdue
	Response    int    `json:"response_months"`           // in which a recommendation is to be responded to
	Priority    int    `json:"priority_most"`             // open recommendations of a committee with priority
	Note        string `json:"note"`
}

//go:embed scrutiny.json
var scrutinyJSON []byte

// Terms gives the parameters of scrutiny.
var Terms = sync.OnceValue(func() (t ProgrammeTerms) {
	if err := json.Unmarshal(scrutinyJSON, &t); err != nil {
		panic(err) // the file is part of the program
	}
	return t
})

// Charge is whose work a matter of scrutiny is: a question, a recommendation or
// an undertaking. Its JSON is its public row.
type Charge struct {
	Kind      string    `json:"kind"` // one of ChargeKinds
	Ref       string    `json:"ref"`  // of the matter: "2012-031"
	Title     string    `json:"title"`
	Body      string    `json:"body"`                // that it is put to
	Committee string    `json:"committee,omitempty"` // slug; "" is of no committee
	Heir      string    `json:"successor,omitempty"` // slug of the committee that accepted it, for when the mandate of the first ends
	Since     civil.Day `json:"since"`
	Due       civil.Day `json:"due,omitempty"` // when the body must next do something, "" while it owes nothing
	Open      bool      `json:"open"`
}

// The kinds of matters of scrutiny.
const (
	ChargeQuestion       = "question"
	ChargeRecommendation = "recommendation"
	ChargeUndertaking    = "undertaking"
)

// ChargeKinds lists them all.
var ChargeKinds = []string{ChargeQuestion, ChargeRecommendation, ChargeUndertaking}

// Subject names the matter in the record.
func (c Charge) Subject() string { return "charge/" + c.Kind + "/" + c.Ref }

// Href is the page of the matter.
func (c Charge) Href() string {
	if c.Kind == ChargeQuestion {
		return "/questions/" + c.Ref
	}
	return "/recommendations/" + c.Ref
}

// Holder is the committee that has the matter on a day: the first while its
// mandate runs, then the one that accepted it. It is "" where there is none.
func (c Charge) Holder(all Committees, on civil.Day) string {
	if c.Heir != "" && all[c.Committee].Ended(on) {
		return c.Heir
	}
	return c.Committee
}

// Orphan reports whether the matter is open under a mandate that has a last
// day, and no committee has accepted it for when that day is past.
func (c Charge) Orphan(all Committees) bool {
	return c.Open && c.Committee != "" && c.Heir == "" && all[c.Committee].Last != ""
}

// MayScrutinise says whether v acts, in one of some roles, for the committee
// that has a matter on a day, or why not. No role given is any. Who sits on a
// committee never acts for it on what is put to their own body.
func (all Committees) MayScrutinise(v office.Viewer, c Charge, on civil.Day, roles ...SeatRole) error {
	committee, ok := all[c.Holder(all, on)]
	switch {
	case v.Person == 0 || !v.Can(office.SitOnCommittees):
		return fault.Forbidden.Errorf("Only the committee responsible can do this.")
	case !ok:
		return fault.Forbidden.Errorf("No committee is responsible for this, so no committee can act on it.")
	case v.Office.Body == c.Body:
		return fault.Forbidden.Errorf("This is addressed to %s, so no one from there can act on it for the committee.", office.ShortName(c.Body))
	}
	return committee.May(v, on, roles...)
}

// ChargeCols are the columns that ScanCharge reads.
const ChargeCols = `c.kind, c.ref, c.title, c.body, c.committee, c.heir, c.since, c.due, c.open`

// ScanCharge reads a row of ChargeCols.
func ScanCharge(r db.Row) (c Charge, err error) {
	return c, r.Scan(&c.Kind, &c.Ref, &c.Title, &c.Body, &c.Committee, &c.Heir, &c.Since, &c.Due, &c.Open)
}

// ChargeLedger holds the charges to the record.
var ChargeLedger = record.Ledger{Topic: "charge", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, ScanCharge, `SELECT `+ChargeCols+` FROM charges c`, func(c Charge) (string, any) { return c.Subject(), c })
}}

// FindCharge finds whose work a matter is.
func FindCharge(ctx context.Context, tx *db.Tx, kind, ref string) (Charge, error) {
	return db.One(ctx, tx, ScanCharge, `SELECT `+ChargeCols+` FROM charges c WHERE c.kind = $1 AND c.ref = $2`, kind, ref)
}

// SaveCharge stores whose work a matter is, in the write of the act that makes it
// so; the part is for that act's event. Only acceptance moves what a successor
// has accepted: any other act leaves it where it was.
func SaveCharge(ctx context.Context, tx *db.Tx, c Charge) (record.Part, error) {
	if c.Heir != "" {
		had, found, err := db.Maybe(ctx, tx, ScanCharge, `SELECT `+ChargeCols+` FROM charges c WHERE c.kind = $1 AND c.ref = $2`, c.Kind, c.Ref)
		if err != nil {
			return nil, err
		}
		if found && had.Heir == c.Heir {
			c.Committee = had.Committee
		}
	}
	row, err := text.Canonical(c)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO charges (kind, ref, title, body, committee, heir, since, due, open) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (kind, ref) DO UPDATE SET title = excluded.title, body = excluded.body, committee = excluded.committee, heir = excluded.heir, since = excluded.since, due = excluded.due, open = excluded.open`,
		c.Kind, c.Ref, c.Title, c.Body, c.Committee, c.Heir, c.Since, c.Due, c.Open)
	if err == nil && c.Kind == ChargeQuestion { // whose list finds it by the committee that accepted it
		_, err = tx.Exec(ctx, `UPDATE questions SET heir = $1 WHERE ref = $2 AND heir <> $1`, c.Heir, c.Ref)
	}
	return record.NowRow(c.Subject(), row), err
}
