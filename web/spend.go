package web

import (
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	spendview "github.com/police-ict/handover/views/spend"
)

func (s *Server) spendRoutes() {
	s.data("/spend", office.Public, s.spend)
	s.data("/spend/lines/:id", office.Public, s.spendLine)
}

// askedSpend reads which lines an address asks for, and under which view.
func askedSpend(c echo.Context) (v spendview.SpendView, err error) {
	var bad fault.Faults
	if v.Spend.Filter, err = spendFilter(c); err != nil {
		if err := bad.Take("", err); err != nil {
			return v, err
		}
	}
	if v.View = asked(c, "view"); v.View == "" {
		v.View = spendview.SpendByBody
	}
	if !slices.Contains(spendview.SpendViews, v.View) {
		bad.Add("view", "There is no such view: choose one from the list.")
	}
	switch asked(c, "of") {
	case "", "total":
	case "head":
		v.Head = v.View == spendview.SpendByBody
	default:
		bad.Add("of", "Give head or total: pounds a head, or in all.")
	}
	switch v.Order = spend.Order(asked(c, "order")); v.Order {
	case "":
		v.Order = spend.Newest
	case spend.Newest, spend.Largest, spend.Latest:
	default:
		bad.Add("", "There is no such order: lines are listed newest, largest or latest first.")
	}
	v.Page = 1
	if n := asked(c, "page"); n != "" {
		page, err := strconv.Atoi(n)
		if err != nil || page < 1 || page > 1_000_000 {
			bad.Add("", "Give the page as a number, 1 or more.")
		}
		v.Page = page
	}
	if v.After, err = askedNumber(c, "after", "Give “after” as the number of a line, 1 or more."); err != nil {
		if err := bad.Take("", err); err != nil {
			return v, err
		}
	}
	return v, bad.Err()
}

// spend is what a filter of published spend comes to, under one of its views.
func (s *Server) spend(c echo.Context) (answer, error) {
	v, err := askedSpend(c)
	if err != nil {
		return answer{}, err
	}
	if err := s.spendSupplier(c, &v); err != nil {
		return answer{}, err
	}
	switch {
	case form(c) == "atom":
		f, err := s.spendFeed(c, v)
		return answer{Atom: &f}, err
	case form(c) == "csv" && v.View == spendview.SpendLines:
		return answer{CSV: lineRows(spend.EachLine(ctx(c), s.store, v.Spend.Filter))}, nil
	}
	if err := s.spendRead(c, &v); err != nil {
		return answer{}, err
	}
	return answer{Page: spendview.Spend(v), JSON: spendJSONOf(v, s.store.Now()), CSV: spendRows(v)}, nil
}

// spendSupplier finds the name of the supplier that a filter names.
func (s *Server) spendSupplier(c echo.Context, v *spendview.SpendView) error {
	f := v.Spend.Filter
	if f.Supplier == "" {
		return nil
	}
	p, err := spend.ReadSupplier(ctx(c), s.store, f.Supplier, payments.Filter{})
	if fault.KindOf(err) == fault.NotFound {
		return fault.Field("supplier", "%s", err.Error())
	}
	v.Supplier = p.Supplier
	return err
}

// spendRead reads what the view shows.
func (s *Server) spendRead(c echo.Context, v *spendview.SpendView) (err error) {
	f := v.Spend.Filter
	switch v.View {
	case spendview.SpendBySupplier:
		from, most := (v.Page-1)*spendview.SpendPage, spendview.SpendPage
		if form(c) != "html" {
			from, most = 0, 0
		}
		p, err := spend.BySupplier(ctx(c), s.store, f, from, most)
		if err != nil {
			return err
		}
		v.Spend, v.Rows, v.Count, v.From = p.Spend, p.Rows, p.Count, p.From
	case spendview.SpendLines:
		return s.spendLinesRead(c, v)
	default:
		if v.Spend, err = spend.Read(ctx(c), s.store, f); err != nil {
			return err
		}
	}
	if !v.Spend.Known && form(c) == "html" { // no total, so that the lines are shown
		return s.spendLinesRead(c, v)
	}
	return nil
}

func (s *Server) spendLinesRead(c echo.Context, v *spendview.SpendView) error {
	most := spendview.SpendPage
	if form(c) == "json" {
		most = linesOfJSON
	}
	p, err := spend.Lines(ctx(c), s.store, v.Spend.Filter, v.Order, v.After, most)
	if fault.KindOf(err) == fault.NotFound {
		return fault.Field("", "%s", err.Error())
	}
	v.Spend, v.Lines, v.Next = p.Spend, p.Lines, p.Next
	return err
}

// spendLine is one payment.
func (s *Server) spendLine(c echo.Context) (answer, error) {
	id, err := number(c, "id")
	if err != nil {
		return answer{}, fault.NotFound.Errorf("There is no line “%.40s”.", c.Param("id"))
	}
	v := spendview.SpendLineView{Told: true}
	if v.LinePage, err = spend.ReadLine(ctx(c), s.store, viewer(c), id); err != nil {
		return answer{}, err
	}
	if v.Identity.ID != 0 {
		same, err := spend.Read(ctx(c), s.store, v.SameFilter())
		if err != nil {
			return answer{}, err
		}
		v.Told = same.Reconciles()
	}
	return answer{Page: spendview.SpendLine(v), JSON: lineAtJSONOf(v)}, nil
}
