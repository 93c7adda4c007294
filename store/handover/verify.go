package handover

import (
	"context"
	"database/sql"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
)

// Tables are what verify holds of the handover, column by column.
var Tables = []record.Table{
	{Name: "accessions", Columns: "body, status, step", Want: record.OnePer("accession", func(a Accession, words string) []any {
		return []any{a.Body, a.Status, words}
	})},
	{Name: "certificates", Columns: "id, what, version, body, void_n, terms", Want: record.OnePer("certificate", func(v Certificate, words string) []any {
		return []any{v.ID, v.What, v.Version, v.Body, v.VoidN, words}
	})},
	{Name: "items", Columns: `id, kind, title, holder_before, holder_after, pence, valued, evidence, status, reason, decision, proposed_by, changed_by,
		agreed_by, accepted_by, exception_by, exception_agreed_by, exception_accepted_by, version, folded`, Want: record.OnePer("item", func(i Item, _ string) []any {
		return []any{i.ID, i.Kind, i.Title, i.Before, i.After, i.Value, i.Valued, i.Evidence, i.Status, i.Reason, i.Decision, i.ProposedBy, record.PeopleIDs(i.ChangedBy),
			i.AgreedBy, i.AcceptedBy, i.ExceptionBy, i.ExceptionAgreedBy, i.ExceptionAcceptedBy, i.Version, i.folded()}
	})},
	{Name: "milestones", Columns: "id, key, version, milestone", Want: record.OnePer("milestone", func(m Milestone, words string) []any {
		return []any{m.ID, sql.NullString{String: m.Key, Valid: m.Key != ""}, m.Version, words}
	})},
	{Name: "overrides", Columns: "condition, decision, n, override", Want: record.OnePer("override", func(o Override, words string) []any {
		return []any{o.Condition, o.Decision, o.N, words}
	})},
	{Name: "prepared", Columns: "what, version, content, hash, prepared_by, prepared_at, n", Want: wantPrepared},
}

func wantPrepared(_ context.Context, c *record.Checker, row func(...any)) error {
	return record.EachTold(c, "prepared", func(p Prepared, _ string) error {
		row(p.What, p.Version, p.Content, p.Hash, p.PreparedBy, db.Stamp(p.PreparedAt), c.First(p.thing()).N)
		return nil
	})
}
