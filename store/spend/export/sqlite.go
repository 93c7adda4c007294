package export

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // the driver that the file is made with

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/spend/payments"
)

const tables = `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -8000;
CREATE TABLE payments (
	line INTEGER PRIMARY KEY, load INTEGER NOT NULL, body TEXT NOT NULL, paid TEXT, paid_on TEXT,
	supplier TEXT, supplier_slug TEXT, company_number TEXT, supplier_number TEXT, payee TEXT NOT NULL,
	purpose TEXT, category TEXT, cost_centre TEXT, reason TEXT, "transaction" TEXT, contract TEXT, spender TEXT,
	amount NUMERIC NOT NULL, amount_pence INTEGER NOT NULL, vat_pounds NUMERIC, vat_pence INTEGER,
	it TEXT NOT NULL, category_of_it TEXT, rule INTEGER, flags TEXT, file_sheet INTEGER NOT NULL, file_row INTEGER NOT NULL
);
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);`

const indexes = `CREATE INDEX payments_body ON payments (body, paid);
CREATE INDEX payments_paid ON payments (paid);
CREATE INDEX payments_supplier ON payments (supplier_slug);
ANALYZE;`

const (
	sqlColumns = 27
	sqlRows    = 100 // of one statement
)

// SQLite writes the payments of a filter into an empty file, as a SQLite database
// with a table of payments.
func SQLite(ctx context.Context, tx *db.Tx, f payments.Filter, path string) (err error) {
	about, all, err := rows(ctx, tx, f)
	if err != nil {
		return err
	}
	file, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	file.SetMaxOpenConns(1)
	if _, err := file.ExecContext(ctx, tables); err != nil {
		return err
	}
	into, err := file.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer into.Rollback()                                    // does nothing after the commit
	full, err := into.PrepareContext(ctx, insertOf(sqlRows)) //nolint:sqlclosecheck // closed below: the loop hides it
	if err != nil {
		return err
	}
	defer full.Close()
	values := make([]any, 0, sqlRows*sqlColumns)
	for r, err := range all {
		if err != nil {
			return err
		}
		if values = r.values(values); len(values) == cap(values) {
			if _, err := full.ExecContext(ctx, values...); err != nil {
				return err
			}
			values = values[:0]
		}
	}
	if len(values) > 0 {
		if _, err := into.ExecContext(ctx, insertOf(len(values)/sqlColumns), values...); err != nil {
			return err
		}
	}
	if _, err := into.ExecContext(ctx, `INSERT INTO about (name, value) VALUES ('as_at', ?), ('entry', ?)`, string(about.AsAt), strconv.FormatInt(about.Entry, 10)); err != nil {
		return err
	}
	if err := into.Commit(); err != nil {
		return err
	}
	_, err = file.ExecContext(ctx, indexes)
	return err
}

func insertOf(n int) string {
	row := ", (?" + strings.Repeat(", ?", sqlColumns-1) + ")"
	return "INSERT INTO payments VALUES " + strings.Repeat(row, n)[2:]
}

// values are the columns of the table, in their order.
func (r *Row) values(to []any) []any {
	var paidOn, vat, vatPence any
	if r.PaidOn != nil {
		paidOn = r.Paid
	}
	if r.VATPence != nil {
		vat, vatPence = money.Pence(*r.VATPence).Plain(), *r.VATPence
	}
	var rule any
	if r.Rule != 0 {
		rule = r.Rule
	}
	return append(to, r.Line, r.Load, r.Body, orNull(r.Paid), paidOn,
		orNull(r.Supplier), orNull(r.SupplierSlug), orNull(r.CompanyNumber), orNull(r.SupplierNumber), r.Payee,
		orNull(r.Purpose), orNull(r.Category), orNull(r.CostCentre), orNull(r.Reason), orNull(r.Transaction), orNull(r.Contract), orNull(r.Spender),
		money.Pence(r.AmountPence).Plain(), r.AmountPence, vat, vatPence,
		r.It, orNull(r.CategoryOfIt), rule, orNull(r.Flags), r.FileSheet, r.FileRow)
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
