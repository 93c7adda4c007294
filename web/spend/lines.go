package spend

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/views/page"
	spendview "github.com/police-ict/handover/views/spend"
	"github.com/police-ict/handover/web/serve"
)

const (
	linesOfJSON = 1000 // of one answer, with the address of the next
	linesOfFeed = 50
)

// spendFeed is the newest lines of a filter, as they were taken in. A line has
// no instant of its own: it is as new as its load.
func (s pages) spendFeed(c echo.Context, v spendview.SpendView) (out serve.Feed, err error) {
	p, err := spend.Lines(serve.Ctx(c), s.Store, v.Spend.Filter, spend.Latest, 0, linesOfFeed)
	if err != nil {
		return out, err
	}
	out.Title = v.Title() + ": new payments"
	taken := map[int64]time.Time{}
	for _, l := range p.Lines {
		if _, had := taken[l.Load]; !had {
			load, err := spend.FindLoad(serve.Ctx(c), s.Store, serve.Viewer(c), l.Load)
			if err != nil {
				return out, err
			}
			taken[l.Load] = load.TakenAt
		}
		out.Entries = append(out.Entries, serve.Entry{
			Title:   fmt.Sprintf("%s, %s: %s", l.Pence, office.ShortName(l.Body), l.Words()),
			Href:    fmt.Sprintf("/spend/lines/%d", l.ID),
			Summary: strings.TrimPrefix(l.Paid.String()+". "+l.Purpose, ". "),
			At:      taken[l.Load],
		})
	}
	return out, nil
}

// PaymentRows are the payments of a filter as CSV, newest first.
func PaymentRows(ctx context.Context, tx *db.Tx, f payments.Filter) iter.Seq2[[]string, error] {
	return lineRows(spend.EachLine(ctx, tx, f))
}

// lineRows are lines as CSV, with more columns of one list after those of a
// line.
func lineRows(all iter.Seq2[spend.Line, error], more ...serve.Column[*spend.Line]) iter.Seq2[[]string, error] {
	return serve.CSV(append(lineColumns(), more...), func(yield func(*spend.Line, error) bool) {
		var line spend.Line // filled anew for each row, so that millions cost no memory
		for l, err := range all {
			line = l
			if !yield(&line, err) {
				return
			}
		}
	})
}

// lineColumns are the columns of a line. They remember days, so they are made
// for each list.
func lineColumns() []serve.Column[*spend.Line] {
	days := map[civil.Paid]string{} // as written before
	return []serve.Column[*spend.Line]{
		{Name: "line", Value: func(l *spend.Line) string { return serve.Digits(l.ID) }},
		{Name: "load", Value: func(l *spend.Line) string { return serve.Digits(l.Load) }},
		{Name: "body", Value: func(l *spend.Line) string { return l.Body }},
		{Name: "paid", Value: func(l *spend.Line) string {
			day, had := days[l.Paid]
			if !had {
				day = l.Paid.Code()
				days[l.Paid] = day
			}
			return day
		}},
		{Name: "supplier", Value: func(l *spend.Line) string { return l.Supplier }},
		{Name: "supplier_slug", Value: func(l *spend.Line) string { return l.Identity.Slug }},
		{Name: "company_number", Value: func(l *spend.Line) string { return l.CompanyNumber }},
		{Name: "supplier_number", Value: func(l *spend.Line) string { return l.SupplierNumber }},
		{Name: "payee", Value: func(l *spend.Line) string { return l.Payee.Code() }},
		{Name: "purpose", Value: func(l *spend.Line) string { return l.Purpose }},
		{Name: "category", Value: func(l *spend.Line) string { return l.Category }},
		{Name: "cost_centre", Value: func(l *spend.Line) string { return l.CostCentre }},
		{Name: "reason", Value: func(l *spend.Line) string { return l.Reason }},
		{Name: "transaction", Value: func(l *spend.Line) string { return l.Transaction }},
		{Name: "contract", Value: func(l *spend.Line) string { return l.Contract }},
		{Name: "spender", Value: func(l *spend.Line) string { return l.Spender }},
		{Name: "amount", Value: func(l *spend.Line) string { return l.Pence.Plain() }},
		{Name: "amount_pence", Value: func(l *spend.Line) string { return serve.Digits(l.Pence) }},
		{Name: "vat_pence", Value: func(l *spend.Line) string {
			if !l.HasVAT {
				return ""
			}
			return serve.Digits(l.VAT)
		}},
		{Name: "it", Value: func(l *spend.Line) string { return l.Class.Code() }},
		{Name: "category_of_it", Value: func(l *spend.Line) string { return l.Taxon }},
		{Name: "rule", Value: func(l *spend.Line) string { return numberOrNone(l.Rule) }},
		{Name: "flags", Value: func(l *spend.Line) string { return strings.Join(l.Flags, " ") }},
		{Name: "file_sheet", Value: func(l *spend.Line) string { return strconv.Itoa(l.Sheet + 1) }},
		{Name: "file_row", Value: func(l *spend.Line) string { return strconv.Itoa(l.Record) }},
	}
}

// spendRows are the rows of a view that adds up. No sum is in them that may
// not be shown.
func spendRows(v spendview.SpendView) iter.Seq2[[]string, error] {
	switch v.View {
	case spendview.SpendBySupplier:
		if !v.Told() {
			return serve.CSVOf(spendSupplierColumns(v))
		}
		return serve.CSVOf(spendSupplierColumns(v), v.Rows...)
	case spendview.SpendByMonth:
		return serve.CSVOf(spendMonthColumns(v), spendMonths(v)...)
	}
	return serve.CSVOf(spendBodyColumns(v), v.Spend.Bodies...)
}

// sumColumns are the columns of a sum, empty where none is shown.
func sumColumns[T any](sum func(T) (s spend.Sum, shown bool)) []serve.Column[T] {
	cell := func(value func(spend.Sum) string) func(T) string {
		return func(v T) string {
			if s, shown := sum(v); shown {
				return value(s)
			}
			return ""
		}
	}
	return []serve.Column[T]{
		{Name: "lines", Value: cell(func(s spend.Sum) string { return serve.Digits(s.Lines) })},
		{Name: "amount", Value: cell(func(s spend.Sum) string { return s.Pence.Plain() })},
		{Name: "amount_pence", Value: cell(func(s spend.Sum) string { return serve.Digits(s.Pence) })},
	}
}

// spendStanding says whether the sums of a view are shown, in one word.
func spendStanding(v spendview.SpendView) string {
	switch {
	case !v.Spend.Reconciles():
		return "withheld: does not reconcile"
	case !v.Spend.Known:
		return "not added up"
	case v.Spend.Cover.Bodies == 0:
		return "cannot tell: no source file"
	}
	return "reconciles"
}

// spendBodyColumns are the columns of the spend of each body.
func spendBodyColumns(v spendview.SpendView) []serve.Column[spend.BodySum] {
	return slices.Concat([]serve.Column[spend.BodySum]{
		{Name: "body", Value: func(b spend.BodySum) string { return b.Body.Slug }},
		{Name: "name", Value: func(b spend.BodySum) string { return b.Body.Short }},
		{Name: "files", Value: func(b spend.BodySum) string { return strconv.Itoa(b.Loads) }},
	}, sumColumns(func(b spend.BodySum) (spend.Sum, bool) { return b.Sum, v.Told() && b.Loads > 0 }), []serve.Column[spend.BodySum]{
		{Name: "residents_2011", Value: func(b spend.BodySum) string { return serve.Digits(b.Body.Population) }},
		{Name: "pence_a_head", Value: func(b spend.BodySum) string {
			per, ok := v.Spend.PerHead(b)
			if !ok || !v.Told() {
				return ""
			}
			return strconv.FormatFloat(per, 'f', 2, 64)
		}},
		{Name: "months_missing", Value: func(b spend.BodySum) string { return spendMonthCodes(b.Missing(), " ") }},
		{Name: "months_not_published", Value: func(b spend.BodySum) string { return strconv.Itoa(len(b.Gaps)) }},
		{Name: "compared_year", Value: func(spend.BodySum) string { return comparedYear(v.Spend) }},
		{Name: "compared_pence", Value: func(b spend.BodySum) string {
			if b.Loads == 0 || !v.Told() {
				return ""
			}
			return serve.Digits(v.Spend.Like(b).Pence)
		}},
		{Name: "complete", Value: func(b spend.BodySum) string { return serve.YesNo(v.Spend.Whole(b)) }},
		{Name: "explanations", Value: func(b spend.BodySum) string { return strconv.Itoa(len(b.Notes)) }},
		{Name: "sum", Value: func(b spend.BodySum) string {
			if b.Loads == 0 {
				return "cannot tell"
			}
			return spendStanding(v)
		}},
	})
}

// comparedYear is the financial year that bodies are compared by, "" where the
// filter chooses the time.
func comparedYear(sp spend.Spend) string {
	if sp.Compare == 0 {
		return ""
	}
	return civil.YearWords(sp.Compare)
}

func spendMonthCodes(all []civil.Month, between string) string {
	var codes []string
	for _, m := range all {
		codes = append(codes, m.Code())
	}
	return strings.Join(codes, between)
}

// spendSupplierColumns are the columns of the spend on each supplier, on the page
// and as CSV.
func spendSupplierColumns(v spendview.SpendView) []serve.Column[spend.SupplierSum] {
	words := func(f func(spend.SupplierSum) string) func(spend.SupplierSum) templ.Component {
		return func(r spend.SupplierSum) templ.Component { return page.TextCell(f(r)) }
	}
	return slices.Concat([]serve.Column[spend.SupplierSum]{
		{Name: "supplier", Value: func(r spend.SupplierSum) string { return r.Supplier.Name },
			Label: "Supplier", Key: "supplier", Lead: true, Cell: func(r spend.SupplierSum) templ.Component { return spendview.SpendPaidCell(v, r) }},
		{Name: "slug", Value: func(r spend.SupplierSum) string { return r.Supplier.Slug }},
		{Name: "company_number", Value: func(r spend.SupplierSum) string { return r.Supplier.Number }},
		{Name: "payee", Value: func(r spend.SupplierSum) string { return r.Payee.Code() }},
		{Label: "Payments", Key: "payments", Down: true, Numeric: true, Named: true, Cell: words(func(r spend.SupplierSum) string { return page.Num(r.Lines) })},
		{Name: "bodies", Value: func(r spend.SupplierSum) string { return strconv.Itoa(r.Bodies) },
			Label: "Bodies", Key: "bodies", Down: true, Numeric: true, Named: true, Cell: words(func(r spend.SupplierSum) string { return page.Num(int64(r.Bodies)) })},
		{Name: "largest_customer", Value: func(r spend.SupplierSum) string { return r.Top }, Label: "Largest customer", Quiet: true, Cell: words(spendview.SpendTop)},
		{Name: "largest_customer_pence", Value: func(r spend.SupplierSum) string { return serve.Digits(r.Most) }},
		{Label: "Sum", Key: "sum", Down: true, Numeric: true, Side: true, Cell: words(func(r spend.SupplierSum) string { return r.Pence.String() })},
	}, sumColumns(func(r spend.SupplierSum) (spend.Sum, bool) { return r.Sum, true }))
}

// spendMonth is the spend of a month, or what is in no month.
type spendMonth struct {
	spend.MonthSum
	in string // nothing but a sum is known of it; "" for a month
}

// spendMonths are the months, and what is in none: so that they add up to the
// whole.
func spendMonths(v spendview.SpendView) (all []spendMonth) {
	if !v.Told() {
		return nil
	}
	for _, m := range v.Spend.Months {
		all = append(all, spendMonth{MonthSum: m})
	}
	if q := v.Spend.Quarter; q.Lines > 0 {
		all = append(all, spendMonth{spend.MonthSum{Sum: q}, "quarter only"})
	}
	if u := v.Spend.Undated; u.Lines > 0 {
		all = append(all, spendMonth{spend.MonthSum{Sum: u}, "not dated"})
	}
	return all
}
