package handover

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Override is a condition of the handover that a decision overrides: what the
// record says of it stays, and no longer stands against the handover. Its JSON
// is its public row.
type Override struct {
	Condition string         `json:"condition"`
	Title     string         `json:"title"` // of the condition
	State     ConditionState `json:"state"` // what the record said of it then
	Evidence  string         `json:"evidence"`
	Decision  string         `json:"decision"` // reference
	By        int64          `json:"by"`       // person
	On        civil.Day      `json:"on"`
	N         int64          `json:"event"`
}

func (o Override) thing() string { return "override/" + o.Condition }

func scanOverride(r db.Row) (o Override, err error) {
	var condition, decision, text string
	var n int64
	if err := r.Scan(&condition, &decision, &n, &text); err != nil {
		return o, err
	}
	err = json.Unmarshal([]byte(text), &o)
	if o.Condition != condition || o.Decision != decision || o.N != n {
		o = Override{Condition: condition} // listed under other words than it says: as no event tells it
	}
	return o, err
}

const overridesAll = `SELECT condition, decision, n, override FROM overrides`

// Overrides lists the conditions that were overridden by a moment, oldest first.
func Overrides(ctx context.Context, tx *db.Tx, m record.Moment) (all []Override, err error) {
	if m.Past {
		all, err = record.PastRows[Override](ctx, tx, "override", m.Event)
	} else {
		all, err = db.List(ctx, tx, scanOverride, overridesAll)
	}
	slices.SortFunc(all, func(a, b Override) int { return cmp.Compare(a.N, b.N) })
	return all, err
}

// Condition finds a condition of the handover by its id.
func (h Handover) Condition(id string) (Condition, error) {
	i := slices.IndexFunc(h.Conditions, func(c Condition) bool { return c.ID == id })
	if i < 0 {
		return Condition{}, fault.NotFound.Errorf("There is no such condition. Choose one on the page of the handover.")
	}
	return h.Conditions[i], nil
}

// MayOverride says whether v may override a condition, or why not.
func (h Handover) MayOverride(c Condition, v office.Viewer) error {
	switch {
	case !v.Can(office.CompleteHandover):
		return fault.Forbidden.Errorf("Only the company secretary can override a condition.")
	case h.Programme.Done():
		return fault.Conflict.Errorf("The handover was completed on %s, so you cannot override its conditions.", h.Programme.CompletedOn)
	case c.Override != "":
		return fault.Conflict.Errorf("Decision %s already overrides this condition.", c.Override)
	case c.State == Met:
		return fault.Conflict.Errorf("This condition is met, so there is nothing to override.")
	}
	return nil
}

// OverrideCondition overrides a condition of the handover that is not met,
// under a decision that names it. It cannot be taken back.
func OverrideCondition(ctx context.Context, tx *db.Tx, by office.Viewer, id, ref string) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		h, err := Read(ctx, tx, record.Moment{})
		if err != nil {
			return err
		}
		c, err := h.Condition(id)
		if err != nil {
			return err
		}
		if err := h.MayOverride(c, by); err != nil {
			return err
		}
		d, err := decisions.Under(ctx, tx, by, ref, authority.Effect{Kind: authority.OverridesIt, Subject: "condition/" + c.ID})
		if err != nil {
			return err
		}
		o := Override{Condition: c.ID, Title: c.Title, State: c.State, Evidence: c.Evidence, Decision: d.Ref, By: by.Person, On: civil.DayOf(tx.Now()), N: record.NextEvent(tx)}
		row, err := text.Canonical(o)
		if err != nil {
			return err
		}
		if err := tx.Change(ctx, `INSERT INTO overrides (condition, decision, n, override) VALUES ($1, $2, $3, $4)`, o.Condition, o.Decision, o.N, string(row)); err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, "override.make", o.thing(), record.About(office.TheCompany), record.Now(o.thing(), o), record.Detail(map[string]string{"decision": d.Ref, "condition": c.Title}))
		return err
	})
}

// OverrideLedger holds its rows to the record.
var OverrideLedger = record.Ledger{Topic: "override", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanOverride, overridesAll, func(o Override) (string, any) { return o.thing(), o })
}}
