package spend

import (
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/export"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	spendview "github.com/police-ict/handover/views/spend"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) spendRoutes() {
	s.Data("/spend", office.Public, s.spend, filterParams(), serve.One("view", "of", "order", "after"), serve.Sorted())
	s.Dear("/spend", rowsAsked)
	s.Data("/spend/lines/:id", office.Public, s.spendLine)
}

// askedSpend reads which lines an address asks for, and under which view.
func askedSpend(c echo.Context) (v spendview.SpendView, err error) {
	var bad fault.Faults
	if v.Spend.Filter, err = Filter(c); err != nil {
		if err := bad.Take("", err); err != nil {
			return v, err
		}
	}
	if v.View = serve.Asked(c, "view"); v.View == "" {
		v.View = spendview.SpendByBody
	}
	if !slices.Contains(spendview.SpendViews, v.View) {
		bad.Add("view", "There is no such view. Choose one from the list.")
	}
	switch serve.Asked(c, "of") {
	case "", "total":
	case "head":
		v.Head = v.View == spendview.SpendByBody
	default:
		bad.Add("of", "Enter “head” for pounds per person or “total”.")
	}
	switch v.Order = spend.Order(serve.Asked(c, "order")); v.Order {
	case "":
		v.Order = spend.Newest
	case spend.Newest, spend.Largest, spend.Latest:
	default:
		bad.Add("", "Payments can be sorted newest, largest or latest first.")
	}
	v.Sort = askedSpendSort(c, &bad, v)
	v.Page = 1
	if n := serve.Asked(c, "page"); n != "" {
		page, err := strconv.Atoi(n)
		if err != nil || page < 1 || page > 1_000_000 {
			bad.Add("", "Enter the page as a number, 1 or more.")
		}
		v.Page = page
	}
	if v.After, err = serve.AskedNumber(c, "after", "Enter “after” as the number of a payment, 1 or more."); err != nil {
		if err := bad.Take("", err); err != nil {
			return v, err
		}
	}
	return v, bad.Err()
}

// askedSpendSort is the order of the bodies or of the suppliers, none where the
// address asks for the usual one. Payments have an order of their own.
func askedSpendSort(c echo.Context, bad *fault.Faults, v spendview.SpendView) db.Sort {
	var keys []string
	switch v.View {
	case spendview.SpendByBody:
		keys = spendview.BodySorts(v.Head)
	case spendview.SpendBySupplier:
		keys = serve.Keys(spendSupplierColumns(v))
	default:
		if serve.Asked(c, "sort") != "" {
			bad.Add("sort", "Only bodies and suppliers can be sorted by “sort”. Payments are sorted by “order”.")
		}
		return db.Sort{}
	}
	return serve.AskedSort(c, bad, keys, db.Sort{})
}

// spend is what a filter of published spend comes to, under one of its views.
func (s pages) spend(c echo.Context) (serve.Answer, error) {
	if serve.Format(c) == "sqlite" {
		return s.allAsSQLite(c)
	}
	v, err := askedSpend(c)
	if err != nil {
		return serve.Answer{}, err
	}
	if err := s.spendSupplier(c, &v); err != nil {
		return serve.Answer{}, err
	}
	switch {
	case serve.Format(c) == "atom":
		f, err := s.spendFeed(c, v)
		return serve.Answer{Atom: &f}, err
	case serve.Format(c) == "csv" && v.View == spendview.SpendLines:
		return serve.Answer{CSV: PaymentRows(serve.Ctx(c), s.Store, v.Spend.Filter)}, nil
	case serve.Format(c) == "parquet":
		return serve.Answer{File: &serve.File{Kind: "application/vnd.apache.parquet", Write: func(to io.Writer, found func()) error {
			return export.Parquet(serve.Ctx(c), s.Store, v.Spend.Filter, to, found)
		}}}, nil
	}
	if err := s.spendRead(c, &v); err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: spendview.Spend(v, spendSupplierColumns(v)), SVG: v.Chart(), JSON: spendJSONOf(v, s.Store.Now()), CSV: spendRows(v), Also: []string{"atom"}}, nil
}

// allAsSQLite is the file of all payments, which is made once for everybody, so
// that it has no filter.
func (s pages) allAsSQLite(c echo.Context) (serve.Answer, error) {
	if len(c.QueryParams()) > 0 {
		return serve.Answer{}, fault.Invalid.Errorf("The SQLite file has all payments. Download it without a filter.")
	}
	f, err := export.Current(serve.Ctx(c), s.Store)
	if err != nil {
		return serve.Answer{}, err
	}
	const kind = "application/vnd.sqlite3"
	if f == nil {
		return serve.Answer{File: &serve.File{Kind: kind, Later: spendview.FileBeingMade()}}, nil
	}
	return serve.Answer{File: &serve.File{Kind: kind, Made: f.Content(), Tag: f.Tag}}, nil
}

// spendSupplier finds the name of the supplier that a filter names.
func (s pages) spendSupplier(c echo.Context, v *spendview.SpendView) error {
	f := v.Spend.Filter
	if f.Supplier == "" {
		return nil
	}
	p, err := report.ReadSupplier(serve.Ctx(c), s.Store, f.Supplier, payments.Filter{})
	if fault.KindOf(err) == fault.NotFound {
		return fault.Field("supplier", "%s", err.Error())
	}
	v.Supplier = p.Supplier
	return err
}

// spendRead reads what the view shows.
func (s pages) spendRead(c echo.Context, v *spendview.SpendView) (err error) {
	f := v.Spend.Filter
	switch v.View {
	case spendview.SpendBySupplier:
		if err = s.spendSuppliersRead(c, v); err != nil {
			return err
		}
	case spendview.SpendLines:
		return s.spendLinesRead(c, v)
	default:
		if v.Spend, err = spend.Read(serve.Ctx(c), s.Store, f); err != nil {
			return err
		}
	}
	if v.View == spendview.SpendByBody {
		if pages := v.BodyPages(); v.Page > pages && serve.Format(c) == "html" {
			return db.NoSuchPage(v.Page, pages)
		}
		if v.Sort.Key != "" {
			v.Spend.Bodies = v.InOrder()
		}
	}
	if !v.Spend.Known && serve.Format(c) == "html" { // no total, so that the lines are shown
		return s.spendLinesRead(c, v)
	}
	return nil
}

// spendSuppliersRead reads the suppliers of a filter in the order asked for: a
// page of them for the page, all for its other forms.
func (s pages) spendSuppliersRead(c echo.Context, v *spendview.SpendView) error {
	p, err := spend.BySupplier(serve.Ctx(c), s.Store, v.Spend.Filter, 0, 0)
	if err != nil {
		return err
	}
	order, at := v.Sort, v.Page
	if order.Key == "" {
		order = spendview.UsualSuppliers
	}
	if serve.Format(c) != "html" {
		at = 1
	}
	v.Spend, v.Rows, v.Count = p.Spend, p.Rows, p.Count
	shown, pages, err := serve.RowsOf(v.Rows, order, at, spendview.SupplierOrders(v.Rows, order))
	if v.Pages = pages; serve.Format(c) == "html" {
		v.Rows = shown
	}
	return err
}

func (s pages) spendLinesRead(c echo.Context, v *spendview.SpendView) error {
	most := spendview.SpendPage
	if serve.Format(c) == "json" {
		most = linesOfJSON
	}
	p, err := spend.Lines(serve.Ctx(c), s.Store, v.Spend.Filter, v.Order, v.After, most)
	if fault.KindOf(err) == fault.NotFound {
		return fault.Field("", "%s", err.Error())
	}
	v.Spend, v.Lines, v.Next = p.Spend, p.Lines, p.Next
	return err
}

// spendLine is one payment.
func (s pages) spendLine(c echo.Context) (serve.Answer, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return serve.Answer{}, fault.NotFound.Errorf("There is no payment “%.40s”.", c.Param("id"))
	}
	v := spendview.SpendLineView{Told: true}
	if v.LinePage, err = report.ReadLine(serve.Ctx(c), s.Store, serve.Viewer(c), id); err != nil {
		return serve.Answer{}, err
	}
	if v.Identity.ID != 0 {
		same, err := spend.Read(serve.Ctx(c), s.Store, v.SameFilter())
		if err != nil {
			return serve.Answer{}, err
		}
		v.Told = same.Reconciles()
	}
	return serve.Answer{Page: spendview.SpendLine(v), JSON: lineAtJSONOf(v)}, nil
}

// filterParams are the parameters of a filter of payments.
func filterParams() (all serve.Params) {
	for _, p := range payments.Params {
		all = append(all, serve.Param{Name: p.Name, Many: p.Many})
	}
	return all
}

// Filter reads which lines an address asks for.
func Filter(c echo.Context) (payments.Filter, error) {
	return payments.ParseFilter(c.Request().URL.Query())
}

// given are the values that are not empty: a form sends its empty fields too.
func given(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(v string) bool { return strings.TrimSpace(v) == "" })
}

// rowsAsked reports whether a question takes more than the sums that are at hand.
func rowsAsked(q url.Values) bool {
	return q.Has("view") || slices.ContainsFunc([]string{"text", "flag", "min", "max", "supplier"}, func(name string) bool { return q.Get(name) != "" })
}
