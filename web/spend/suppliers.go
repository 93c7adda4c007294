package spend

import (
	"context"
	"math"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/views/page"
	spendview "github.com/police-ict/handover/views/spend"
	"github.com/police-ict/handover/web/serve"
)

const (
	newestPayments = 10  // on a supplier's page
	fedPayments    = 50  // in its feed
	alikeMost      = 200 // pairs shown
	likeMost       = 20  // suppliers offered to choose from
)

func (s pages) suppliersRoutes() {
	s.Data("/suppliers", office.Public, s.suppliers, filterParams(), serve.One("q"), serve.Sorted())
	s.Dear("/suppliers", func(q url.Values) bool { return len(q) > 0 })
	s.Data("/suppliers/alike", office.KeepSpend, s.alike)
	s.Data("/suppliers/changes", office.Public, s.supplierChanges)
	s.Form("/suppliers/changes/:id/undo", office.KeepSpend, s.undoChangeForm, s.undoChange)
	s.Data("/suppliers/:slug", office.Public, s.supplier, filterParams())
	s.Confirm("/suppliers/:slug/merge", office.KeepSpend, false, s.mergeForm, s.mergeCheck, s.merge, serve.One("words", "into"))
	s.Edits("/suppliers/:slug/rename")
	s.Confirm("/suppliers/:slug/rename", office.KeepSpend, false, s.renameForm, s.renameCheck, s.rename)
}

// rolledUp reads a filter of what the roll-ups hold: pages of suppliers add up
// no rows.
func rolledUp(c echo.Context) (payments.Filter, error) {
	f, err := Filter(c)
	if err == nil && f.Fine() {
		err = fault.Invalid.Errorf("Amounts and points to check can be used only in the list of payments.")
	}
	return f, err
}

// agreed refuses to hand out sums as data that do not agree with their rows.
// The page says so itself.
func agreed(c echo.Context, sp spend.Spend) error {
	if sp.Reconciles() || serve.Format(c) == "html" {
		return nil
	}
	return fault.Conflict.Errorf("%s does not agree with its rows, so no sum is given.", sp.Bad[0].Title())
}

func (s pages) suppliers(c echo.Context) (serve.Answer, error) {
	l, err := s.supplierList(c)
	if err != nil {
		return serve.Answer{}, err
	}
	if err := agreed(c, l.Spend); err != nil {
		return serve.Answer{}, err
	}
	day := civil.DayOf(s.Store.Now())
	columns := supplierSumColumns(string(day), l)
	if l.Sort, l.Page, err = askedOrder(c, columns, spendview.UsualSuppliers); err != nil {
		return serve.Answer{}, err
	}
	all := l.Rows // which RowsOf sorts
	if l.Rows, l.Pages, err = serve.RowsOf(all, l.Sort, l.Page, spendview.SupplierOrders(all, l.Sort)); err != nil {
		return serve.Answer{}, err
	}
	if serve.Format(c) == "html" {
		return serve.Answer{Page: spendview.Suppliers(l, supplierSumColumns(string(day), l)), Also: []string{"csv", "json"}}, nil
	}
	told := SuppliersJSON{day, l.Spend.Version, l.Spend.Version, l.Sum, l.Count, make([]supplierSumJSON, len(all))}
	for i, r := range all {
		told.Suppliers[i] = supplierSumAsJSON(r)
	}
	return serve.Answer{JSON: told, CSV: serve.CSVOf(columns, all...)}, nil
}

// supplierList is all suppliers that an address asks for.
func (s pages) supplierList(c echo.Context) (l spendview.SupplierList, err error) {
	f, err := rolledUp(c)
	if err != nil {
		return l, err
	}
	f.Supplier = ""
	if l.Words = strings.TrimSpace(serve.Asked(c, "q")); len([]rune(l.Words)) > 200 {
		return l, fault.Field("q", "Shorten the name to 200 characters or fewer.")
	}
	p, err := spend.BySupplier(serve.Ctx(c), s.Store, f, 0, 0)
	if err != nil {
		return l, err
	}
	l.Spend, l.Rows = p.Spend, p.Rows
	if l.Words != "" {
		if l.Rows, err = s.like(serve.Ctx(c), p.Rows, l.Words); err != nil {
			return l, err
		}
	}
	for _, r := range l.Rows {
		l.Sum = l.Sum.Plus(r.Sum)
	}
	l.Count = len(l.Rows)
	return l, nil
}

// like are the rows of suppliers that are called so, here or in part.
func (s pages) like(ctx context.Context, rows []spend.SupplierSum, words string) (some []spend.SupplierSum, err error) {
	found, err := spend.SuppliersLike(ctx, s.Store, words, math.MaxInt)
	if err != nil {
		return nil, err
	}
	called := map[int64]bool{}
	for _, p := range found {
		called[p.ID] = true
	}
	for _, r := range rows {
		if called[r.Supplier.ID] {
			some = append(some, r)
		}
	}
	return some, nil
}

// askedOrder is the order and the page of a list held in memory that an address
// asks for. Its other forms are whole, so that they have no page.
func askedOrder[T any](c echo.Context, columns []serve.Column[T], usual db.Sort) (sort db.Sort, at int, err error) {
	var bad fault.Faults
	if sort, at = serve.AskedSort(c, &bad, serve.Keys(columns), usual), serve.AskedPageNumber(c, &bad); serve.Format(c) != "html" {
		at = 1
	}
	return sort, at, bad.Err()
}

// SuppliersJSON is the list of suppliers as JSON.
type SuppliersJSON struct {
	AsAt      civil.Day         `json:"as_at"`
	Event     int64             `json:"event"`       // that last changed what is shown of spend
	Known     int64             `json:"known_event"` // the same
	Total     spend.Sum         `json:"total"`       // of the suppliers listed
	Count     int               `json:"count"`
	Suppliers []supplierSumJSON `json:"suppliers"`
}

type supplierSumJSON struct {
	Payee    string  `json:"payee"` // named, blank, redacted or withheld
	Supplier *string `json:"supplier"`
	Name     *string `json:"name"`
	Number   *string `json:"company_number"`
	spend.Sum
	Bodies  int         `json:"bodies"`
	Largest string      `json:"largest_customer"`
	Most    money.Pence `json:"largest_customer_pence"`
}

func supplierSumAsJSON(r spend.SupplierSum) supplierSumJSON {
	p := r.Supplier
	return supplierSumJSON{r.Payee.Code(), serve.OrNull(p.Slug), serve.OrNull(p.Name), serve.OrNull(p.Number), r.Sum, r.Bodies, r.Top, r.Most}
}

// supplierSumColumns are the columns of what each supplier was paid, on the page
// and as CSV.
func supplierSumColumns(day string, l spendview.SupplierList) []serve.Column[spend.SupplierSum] {
	words := func(f func(spend.SupplierSum) string) func(spend.SupplierSum) templ.Component {
		return func(r spend.SupplierSum) templ.Component { return page.TextCell(f(r)) }
	}
	return []serve.Column[spend.SupplierSum]{
		{Name: "as_at", Value: func(spend.SupplierSum) string { return day }},
		{Name: "payee", Value: func(r spend.SupplierSum) string { return r.Payee.Code() }},
		{Name: "supplier", Value: func(r spend.SupplierSum) string { return r.Supplier.Slug }, Label: "Supplier", Key: "supplier", Lead: true, Cell: spendview.SupplierCell},
		{Name: "name", Value: func(r spend.SupplierSum) string { return r.Supplier.Name }},
		{Name: "company_number", Value: func(r spend.SupplierSum) string { return r.Supplier.Number }},
		{Name: "lines", Value: func(r spend.SupplierSum) string { return serve.Digits(r.Lines) },
			Label: "Payments", Key: "payments", Down: true, Numeric: true, Named: true, Cell: words(func(r spend.SupplierSum) string { return page.Num(r.Lines) })},
		{Name: "pence", Value: func(r spend.SupplierSum) string { return serve.Digits(r.Pence) }},
		{Name: "bodies", Value: func(r spend.SupplierSum) string { return strconv.Itoa(r.Bodies) },
			Label: "Bodies", Key: "bodies", Down: true, Numeric: true, Named: true, Cell: words(func(r spend.SupplierSum) string { return page.Num(int64(r.Bodies)) })},
		{Name: "largest_customer", Value: func(r spend.SupplierSum) string { return r.Top }, Label: "Largest customer", Quiet: true, Cell: words(spendview.SupplierTop)},
		{Name: "largest_customer_pence", Value: func(r spend.SupplierSum) string { return serve.Digits(r.Most) }},
		{Label: "Sum", Key: "sum", Down: true, Numeric: true, Side: true, Cell: func(r spend.SupplierSum) templ.Component { return spendview.SupplierSumCell(l, r) }},
	}
}
