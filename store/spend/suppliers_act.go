package spend

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// SupplierChangeKind is a merge or a rename.
type SupplierChangeKind string

// The kinds of change. Each is dated, has a reason and can be undone; the names
// as published stay on every line.
const (
	SupplierMerged  SupplierChangeKind = "merged"
	SupplierRenamed SupplierChangeKind = "renamed"
)

// SupplierChange is one merge or rename.
type SupplierChange struct {
	ID       int64              `json:"id"`
	Kind     SupplierChangeKind `json:"kind"`
	Supplier int64              `json:"supplier"`
	Slug     string             `json:"slug"`                // of the supplier
	Into     int64              `json:"into,omitempty"`      // of a merge
	IntoSlug string             `json:"into_slug,omitempty"` //
	Name     string             `json:"name,omitempty"`      // of a rename
	From     civil.Day          `json:"from"`                // since when it is so
	Reason   string             `json:"reason"`
	By       string             `json:"by"`
	On       civil.Day          `json:"on"`
	Undone   int64              `json:"undone,omitempty"` // the event that undid it
	Why      string             `json:"undone_because,omitempty"`
}

func (c SupplierChange) subject() string { return fmt.Sprintf("supplier-change/%d", c.ID) }

func scanSupplierChange(r db.Row) (c SupplierChange, err error) {
	var text string
	var id int64
	if err := r.Scan(&id, &text); err != nil {
		return c, err
	}
	err = json.Unmarshal([]byte(text), &c)
	c.ID = id
	return c, err
}

// supplierChanges are all changes, in order.
func supplierChanges(ctx context.Context, tx *db.Tx) ([]SupplierChange, error) {
	return db.List(ctx, tx, scanSupplierChange, `SELECT id, change FROM supplier_changes ORDER BY id`)
}

// SupplierChangeLedger holds its rows to the record.
var SupplierChangeLedger = record.Ledger{Topic: "supplier-change", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanSupplierChange, `SELECT id, change FROM supplier_changes`, func(c SupplierChange) (string, any) { return c.subject(), c })
}}

// ChangeSupplier merges a supplier into another, or renames it. Slug, and
// IntoSlug or Name, say which; From is the day since when it is so.
func ChangeSupplier(ctx context.Context, tx *db.Tx, by office.Viewer, c SupplierChange) (id int64, err error) {
	if err := mayKeepSpend(by); err != nil {
		return 0, err
	}
	var f fault.Faults
	c.Reason, c.Name = text.OneLine(c.Reason), text.OneLine(c.Name)
	text.Tidy(&f, "reason", "the reason", c.Reason, true, 500)
	text.Tidy(&f, "name", "the name", c.Name, c.Kind == SupplierRenamed, 200)
	if c.From == "" {
		f.Add("from", "Enter the day from which this applies.")
	}
	if c.Kind == SupplierMerged && (c.IntoSlug == "" || c.IntoSlug == c.Slug) {
		f.Add("into", "Choose another supplier to merge this one into.")
	}
	if err := f.Err(); err != nil {
		return 0, err
	}
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		k, _, err := cube(ctx, tx, false)
		if err != nil {
			return err
		}
		if c, err = k.completed(c); err != nil {
			return err
		}
		c.ID, c.On, c.By, c.Undone, c.Why = int64(len(k.changes))+1, civil.DayOf(tx.Now()), OfficeOr(by), 0, ""
		id = c.ID
		return recordSupplierChange(ctx, tx, by, string(c.Kind), c)
	})
	return id, err
}

// completed finds the suppliers that a change names, and refuses what makes no
// sense: a merge of what is merged already, or in a circle.
func (k *Cube) completed(c SupplierChange) (SupplierChange, error) {
	at, ok := k.bySlug[c.Slug]
	if !ok {
		return c, fault.NotFound.Errorf("There is no supplier “%s”.", text.Short(c.Slug))
	}
	c.Supplier, c.Into = int64(at), 0
	if c.Kind == SupplierRenamed {
		c.IntoSlug = ""
		if k.nameOf(at) == c.Name {
			return c, fault.Field("name", "The supplier is already shown under this name.")
		}
		return c, nil
	}
	into, ok := k.bySlug[c.IntoSlug]
	switch {
	case !ok:
		return c, fault.Field("into", "There is no supplier “%s”. Choose one from the list.", text.Short(c.IntoSlug))
	case k.root[at] != at:
		return c, fault.Conflict.Errorf("%s has already been merged into another supplier.", k.suppliers[at].Name)
	case k.root[into] == at:
		return c, fault.Field("into", "%s has already been merged into this supplier.", k.suppliers[into].Name)
	}
	c.Into, c.Name = int64(into), ""
	return c, nil
}

func recordSupplierChange(ctx context.Context, tx *db.Tx, by office.Viewer, act string, c SupplierChange) error {
	text, err := text.Canonical(c)
	if err != nil {
		return err
	}
	if err := tx.Change(ctx, `INSERT INTO supplier_changes (id, change) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET change = EXCLUDED.change`, c.ID, string(text)); err != nil {
		return err
	}
	n, err := record.Add(ctx, tx, by, "supplier."+act, c.subject(), record.Now(c.subject(), c))
	if err != nil {
		return err
	}
	return moved(ctx, tx, n)
}

// UndoSupplierChange undoes a merge or a rename, with a reason.
func UndoSupplierChange(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, why string) error {
	if err := mayKeepSpend(by); err != nil {
		return err
	}
	var f fault.Faults
	why = text.OneLine(why)
	text.Tidy(&f, "reason", "the reason", why, true, 500)
	if err := f.Err(); err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		c, err := db.One(ctx, tx, scanSupplierChange, `SELECT id, change FROM supplier_changes WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if c.Undone != 0 {
			return fault.Conflict.Errorf("This has already been undone.")
		}
		c.Undone, c.Why = record.NextEvent(tx), why
		return recordSupplierChange(ctx, tx, by, "undo", c)
	})
}

// nameOf is the name that a supplier is shown under: of its last rename that
// stands, else as first published.
func (k *Cube) nameOf(at int32) string {
	for _, c := range slices.Backward(k.changes) {
		if c.Kind == SupplierRenamed && c.Undone == 0 && int32(c.Supplier) == at {
			return c.Name
		}
	}
	if int(at) >= len(k.suppliers) {
		return ""
	}
	return k.suppliers[at].Name
}

// supplier is who a supplier is, under the name that it is shown by.
func (k *Cube) supplier(at int32) Supplier {
	if at <= 0 || int(at) >= len(k.suppliers) {
		return Supplier{}
	}
	p := k.suppliers[at]
	p.Name = k.nameOf(at)
	return p
}

// SupplierBy finds a supplier by its slug, and the one that it is merged into:
// itself where it is not.
func (k *Cube) SupplierBy(slug string) (p, into Supplier, found bool) {
	at, found := k.bySlug[slug]
	if !found {
		return p, into, false
	}
	return k.supplier(at), k.supplier(k.root[at]), true
}
