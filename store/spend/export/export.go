// Package export writes published payments as files for programs that analyse
// them: Parquet and SQLite. Each payment says there what it says on its page.
package export

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
)

// Row is a payment in a file, with the columns that it has in the CSV. A text
// that is empty is null.
type Row struct {
	Line           int64  `parquet:"line"`
	Load           int64  `parquet:"load,dict"`
	Body           string `parquet:"body,dict"`
	Paid           string `parquet:"paid,optional,dict"` // the day, or the month or quarter where only that is known
	PaidOn         *int32 `parquet:"paid_on,optional,date"`
	Supplier       string `parquet:"supplier,optional,dict"`
	SupplierSlug   string `parquet:"supplier_slug,optional,dict"`
	CompanyNumber  string `parquet:"company_number,optional,dict"`
	SupplierNumber string `parquet:"supplier_number,optional"`
	Payee          string `parquet:"payee,dict"`
	Purpose        string `parquet:"purpose,optional,dict"`
	Category       string `parquet:"category,optional,dict"`
	CostCentre     string `parquet:"cost_centre,optional,dict"`
	Reason         string `parquet:"reason,optional,dict"`
	Transaction    string `parquet:"transaction,optional"`
	Contract       string `parquet:"contract,optional,dict"`
	Spender        string `parquet:"spender,optional,dict"`
	Amount         int64  `parquet:"amount,decimal(2:18)"`
	AmountPence    int64  `parquet:"amount_pence"`
	VATPounds      *int64 `parquet:"vat_pounds,optional,decimal(2:18)"`
	VATPence       *int64 `parquet:"vat_pence,optional"`
	It             string `parquet:"it,dict"`
	CategoryOfIt   string `parquet:"category_of_it,optional,dict"`
	Rule           int64  `parquet:"rule,optional"`
	Flags          string `parquet:"flags,optional,dict"`
	FileSheet      int64  `parquet:"file_sheet"`
	FileRow        int64  `parquet:"file_row"`
}

// About is what a file says of itself.
type About struct {
	Entry int64     // that last changed what is shown of spend
	AsAt  civil.Day // the day on which the file was made
}

// rows are the payments of a filter, newest first, without the names that are
// withheld. One row is used for all of them.
func rows(ctx context.Context, tx *db.Tx, f payments.Filter) (About, iter.Seq2[*Row, error], error) {
	about := About{AsAt: civil.DayOf(tx.Now())}
	hidden, err := record.HiddenNames(ctx, tx)
	if err == nil {
		about.Entry, err = spend.Version(ctx, tx)
	}
	if err != nil {
		return about, nil, err
	}
	return about, func(yield func(*Row, error) bool) {
		var r Row
		for l, err := range spend.EachLine(ctx, tx, f) {
			if err == nil {
				r.fill(l, hidden)
			}
			if !yield(&r, err) {
				return
			}
		}
	}, nil
}

func (r *Row) fill(l spend.Line, hidden *text.Names) {
	*r = Row{
		Line: l.ID, Load: l.Load, Body: l.Body, Paid: l.Paid.Code(), PaidOn: daysSince1970(l.Paid),
		Supplier: l.Supplier, SupplierSlug: l.Identity.Slug, CompanyNumber: l.CompanyNumber, SupplierNumber: l.SupplierNumber, Payee: l.Payee.Code(),
		Purpose: l.Purpose, Category: l.Category, CostCentre: l.CostCentre, Reason: l.Reason, Transaction: l.Transaction, Contract: l.Contract, Spender: l.Spender,
		Amount: int64(l.Pence), AmountPence: int64(l.Pence), It: l.Class.Code(), CategoryOfIt: l.Taxon, Rule: l.Rule, Flags: strings.Join(l.Flags, " "),
		FileSheet: int64(l.Sheet) + 1, FileRow: int64(l.Record),
	}
	if l.HasVAT {
		vat := int64(l.VAT)
		r.VATPounds, r.VATPence = &vat, &vat
	}
	if hidden == nil {
		return
	}
	for _, cell := range []*string{&r.Supplier, &r.SupplierSlug, &r.CompanyNumber, &r.SupplierNumber, &r.Purpose, &r.Category, &r.CostCentre, &r.Reason, &r.Transaction, &r.Contract, &r.Spender} {
		*cell = hidden.Hide(*cell)
	}
}

// daysSince1970 is a day as files of data count it, nil where no day is known.
func daysSince1970(p civil.Paid) *int32 {
	day, err := time.Parse(time.DateOnly, string(p.Day()))
	if err != nil {
		return nil
	}
	n := int32(day.Unix() / (24 * 60 * 60))
	return &n
}
