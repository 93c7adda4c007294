package web

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
	spendview "github.com/police-ict/handover/views/spend"
)

const (
	suppliersPage  = 50  // suppliers on a page
	newestPayments = 10  // on a supplier's page
	fedPayments    = 50  // in its feed
	alikeMost      = 200 // pairs shown
	likeMost       = 20  // suppliers offered to choose from
)

func (s *Server) suppliersRoutes() {
	s.data("/suppliers", office.Public, s.suppliers)
	s.data("/suppliers/alike", office.KeepSpend, s.alike)
	s.data("/suppliers/changes", office.Public, s.supplierChanges)
	s.form("/suppliers/changes/:id/undo", office.KeepSpend, s.undoChangeForm, s.undoChange)
	s.data("/suppliers/:slug", office.Public, s.supplier)
	s.confirm("/suppliers/:slug/merge", office.KeepSpend, false, s.mergeForm, s.mergeCheck, s.merge)
	s.confirm("/suppliers/:slug/rename", office.KeepSpend, false, s.renameForm, s.renameCheck, s.rename)
}

// rolledUp reads a filter of what the roll-ups hold: pages of suppliers add up
// no rows.
func rolledUp(c echo.Context) (payments.Filter, error) {
	f, err := spendFilter(c)
	if err == nil && f.Fine() {
		err = fault.Invalid.Errorf("Amounts and flags are asked for among the payments, not here.")
	}
	return f, err
}

// agreed refuses to hand out sums as data that do not agree with their rows.
// The page says so itself.
func agreed(c echo.Context, sp spend.Spend) error {
	if sp.Reconciles() || form(c) == "html" {
		return nil
	}
	return fault.Conflict.Errorf("What is kept of %s does not agree with its rows, so no sum is given.", sp.Bad[0].Title())
}

func (s *Server) suppliers(c echo.Context) (answer, error) {
	l, err := s.supplierList(c)
	if err != nil {
		return answer{}, err
	}
	if err := agreed(c, l.Spend); err != nil {
		return answer{}, err
	}
	if form(c) == "html" {
		l, err = paged(c, l)
		return answer{Page: spendview.Suppliers(l)}, err
	}
	day := civil.DayOf(s.store.Now())
	rows := make([][]string, len(l.Rows))
	told := suppliersJSON{day, l.Spend.Version, l.Sum, l.Count, make([]supplierSumJSON, len(l.Rows))}
	for i, r := range l.Rows {
		told.Suppliers[i] = supplierSumAsJSON(r)
		rows[i] = supplierSumAsRow(day, r)
	}
	return answer{JSON: told, CSV: rowsOf(supplierSumHeader, rows)}, nil
}

// supplierList is all suppliers that an address asks for.
func (s *Server) supplierList(c echo.Context) (l spendview.SupplierList, err error) {
	f, err := rolledUp(c)
	if err != nil {
		return l, err
	}
	f.Supplier = ""
	if l.Words = strings.TrimSpace(asked(c, "q")); len([]rune(l.Words)) > 200 {
		return l, fault.Field("q", "Shorten the name to 200 characters or fewer.")
	}
	p, err := spend.BySupplier(ctx(c), s.store, f, 0, 0)
	if err != nil {
		return l, err
	}
	l.Spend, l.Rows = p.Spend, p.Rows
	if l.Words != "" {
		if l.Rows, err = s.like(ctx(c), p.Rows, l.Words); err != nil {
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
func (s *Server) like(ctx context.Context, rows []spend.SupplierSum, words string) (some []spend.SupplierSum, err error) {
	found, err := spend.SuppliersLike(ctx, s.store, words, math.MaxInt)
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

// paged leaves the page of a list that an address asks for.
func paged(c echo.Context, l spendview.SupplierList) (spendview.SupplierList, error) {
	var err error
	if l.Page, l.Pages, l.From, err = pageAsked(c, l.Count, suppliersPage); err != nil {
		return l, err
	}
	l.Rows = l.Rows[l.From:min(l.From+suppliersPage, l.Count)]
	return l, nil
}

// pageAsked is the page of a list of count rows that an address asks for: its
// number, how many there are, and how many rows come before it.
func pageAsked(c echo.Context, count, most int) (page, pages, from int, err error) {
	n, err := askedNumber(c, "page", "Give “page” as a whole number, 1 or more.")
	page, pages = int(max(n, 1)), max((count+most-1)/most, 1)
	if err == nil && page > pages {
		err = fault.Invalid.Errorf("The list has %s, so there is no page %d.", text.Count(pages, "page", "pages"), page)
	}
	return page, pages, (page - 1) * most, err
}

type suppliersJSON struct {
	AsAt      civil.Day         `json:"as_at"`
	Event     int64             `json:"event"` // that last changed what is shown of spend
	Total     spend.Sum         `json:"total"` // of the suppliers listed
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
	return supplierSumJSON{r.Payee.Code(), orNull(p.Slug), orNull(p.Name), orNull(p.Number), r.Sum, r.Bodies, r.Top, r.Most}
}

var supplierSumHeader = []string{"as_at", "payee", "supplier", "name", "company_number", "lines", "pence", "bodies", "largest_customer", "largest_customer_pence"}

func supplierSumAsRow(day civil.Day, r spend.SupplierSum) []string {
	p := r.Supplier
	return []string{string(day), r.Payee.Code(), p.Slug, p.Name, p.Number, whole(r.Lines), whole(r.Pence), strconv.Itoa(r.Bodies), r.Top, whole(r.Most)}
}

func (s *Server) supplier(c echo.Context) (answer, error) {
	f, err := rolledUp(c)
	if err != nil {
		return answer{}, err
	}
	if len(given(c.Request().URL.Query()["it"])) == 0 {
		f.Class = nil // a supplier's page shows all that it was paid
	}
	p, err := spend.ReadSupplier(ctx(c), s.store, c.Param("slug"), f)
	if err != nil {
		return answer{}, err
	}
	if p.MovedTo.ID != 0 {
		// Undone, the merge would lead elsewhere: no browser may keep the way.
		c.Response().Header().Set("Cache-Control", "no-cache")
		return answer{Goes: redirect{http.StatusMovedPermanently, supplierAddress(c, p.MovedTo.Slug)}}, nil
	}
	if err := agreed(c, p.Spend); err != nil {
		return answer{}, err
	}
	v := spendview.SupplierView{SupplierPage: p}
	most := newestPayments
	if form(c) == "atom" {
		most = fedPayments
	}
	page, err := spend.Lines(ctx(c), s.store, p.Spend.Filter, spend.Newest, 0, most)
	if err != nil {
		return answer{}, err
	}
	v.Newest = page.Lines
	if v.Changes, err = s.toldChanges(ctx(c), p.Changes); err != nil {
		return answer{}, err
	}
	day := civil.DayOf(s.store.Now())
	return answer{Page: spendview.SupplierPage(v), JSON: supplierAsJSON(day, v), CSV: rowsOf(supplierHeader, supplierAsRows(day, v)), Atom: supplierFeed(v)}, nil
}

// supplierAddress is a supplier's page in the form asked for.
func supplierAddress(c echo.Context, slug string) string {
	u := url.URL{Path: "/suppliers/" + slug, RawQuery: c.Request().URL.RawQuery}
	if f := form(c); f != "html" {
		u.Path += "." + f
	}
	return u.String()
}

func supplierFeed(v spendview.SupplierView) *feed {
	f := feed{Title: "Newest payments to " + v.Name}
	for _, l := range v.Newest {
		f.Entries = append(f.Entries, entry{fmt.Sprintf("%s from %s, %s", l.Pence, office.ShortName(l.Body), l.Paid),
			fmt.Sprintf("/spend/lines/%d", l.ID), l.Purpose, lineDay(l).Start().Add(12 * time.Hour)})
	}
	return &f
}

// lineDay is the day of a payment, or the last of the month or the quarter that
// it is known to be of. What is not dated is older than all else.
func lineDay(l spend.Line) civil.Day {
	if l.Paid == 0 {
		return "1970-01-01"
	}
	return cmp.Or(l.Paid.Day(), l.Paid.Period().Month.Last())
}

type partJSON struct {
	Code string `json:"code"`
	spend.Sum
}

type monthJSON struct {
	Month civil.Month `json:"month"`
	spend.Sum
	Published int `json:"bodies_published"`
	Of        int `json:"of_bodies"`
}

type nameJSON struct {
	Name   string       `json:"name"`
	Number string       `json:"company_number,omitempty"`
	First  civil.Period `json:"first"`
	Last   civil.Period `json:"last"`
	spend.Sum
}

type supplierJSON struct {
	AsAt    civil.Day `json:"as_at"`
	Event   int64     `json:"event"`
	Slug    string    `json:"supplier"`
	Name    string    `json:"name"`
	Number  *string   `json:"company_number"`
	Total   spend.Sum `json:"total"`
	Forces  int       `json:"bodies"`
	Of      int       `json:"of_bodies"`
	Largest *partJSON `json:"largest_customer"`
	// What the same comes to by class, whatever class is asked for.
	Classes []partJSON                `json:"classes"`
	Bodies  []partJSON                `json:"by_body"`
	Months  []monthJSON               `json:"by_month"`
	Quarter spend.Sum                 `json:"only_the_quarter"`
	Undated spend.Sum                 `json:"not_dated"`
	Names   []nameJSON                `json:"names"` // of all its payments
	Changes []spendview.SupplierEvent `json:"changes"`
	Newest  []lineJSON                `json:"newest"`
}

func supplierAsJSON(day civil.Day, v spendview.SupplierView) supplierJSON {
	sp := v.Spend
	out := supplierJSON{AsAt: day, Event: sp.Version, Slug: v.Slug, Name: v.Name, Number: orNull(v.Number), Total: sp.Total, Of: sp.Cover.Of,
		Quarter: sp.Quarter, Undated: sp.Undated, Bodies: []partJSON{}, Months: []monthJSON{}, Names: []nameJSON{}, Newest: lineJSONsOf(v.Newest)}
	forces, top := v.Dependence()
	if out.Forces = forces; forces > 0 {
		out.Largest = &partJSON{top.Body.Slug, top.Sum}
	}
	for _, k := range classify.Classes {
		out.Classes = append(out.Classes, partJSON{k.Code(), sp.Classes[k]})
	}
	for _, b := range sp.Bodies {
		if b.Lines > 0 {
			out.Bodies = append(out.Bodies, partJSON{b.Body.Slug, b.Sum})
		}
	}
	for _, m := range sp.Months {
		out.Months = append(out.Months, monthJSON{m.Month, m.Sum, m.Bodies, m.Of})
	}
	for _, n := range v.Names {
		out.Names = append(out.Names, nameJSON{n.Name, n.Number, n.First, n.Last, n.Sum})
	}
	out.Changes = append([]spendview.SupplierEvent{}, v.Changes...)
	return out
}

var supplierHeader = []string{"as_at", "supplier", "part", "code", "name", "lines", "pence"}

// supplierAsRows says each part of a supplier's page in rows: the total, then
// what makes it up by body, by month and by class, then the published names.
func supplierAsRows(day civil.Day, v spendview.SupplierView) (rows [][]string) {
	add := func(part, code, name string, sum spend.Sum) {
		rows = append(rows, []string{string(day), v.Slug, part, code, name, whole(sum.Lines), whole(sum.Pence)})
	}
	told := supplierAsJSON(day, v)
	add("total", "", v.Name, told.Total)
	for _, b := range told.Bodies {
		add("body", b.Code, office.ShortName(b.Code), b.Sum)
	}
	for _, m := range told.Months {
		add("month", m.Month.Code(), m.Month.String(), m.Sum)
	}
	add("month", "quarter", "Only the quarter is published", told.Quarter)
	add("month", "undated", "Not dated", told.Undated)
	for _, k := range told.Classes {
		add("class", k.Code, "", k.Sum)
	}
	for _, n := range told.Names {
		add("name", n.Number, n.Name, n.Sum)
	}
	return rows
}

// toldChanges adds the names of suppliers, and who undid what was undone.
func (s *Server) toldChanges(ctx context.Context, changes []spend.SupplierChange) (all []spendview.SupplierEvent, err error) {
	names := map[string]string{}
	shown := func(slug string) string {
		if _, had := names[slug]; !had && slug != "" && err == nil {
			p, problem := spend.ReadSupplier(ctx, s.store, slug, payments.Filter{})
			if fault.KindOf(problem) == 0 {
				err = problem
			}
			names[slug] = cmp.Or(p.Name, slug)
		}
		return names[slug]
	}
	for _, ch := range changes {
		e := spendview.SupplierEvent{SupplierChange: ch, Shown: shown(ch.Slug), IntoShown: shown(ch.IntoSlug)}
		if ch.Undone != 0 && err == nil {
			var undo record.Event
			undo, err = record.FindEvent(ctx, s.store, ch.Undone)
			e.UndoneBy, e.UndoneOn = cmp.Or(undo.OfficeTitle(), undo.Origin()), civil.DayOf(undo.At)
		}
		all = append(all, e)
	}
	return all, err
}

func (s *Server) alike(c echo.Context) (answer, error) {
	all, err := spend.LikelySame(ctx(c), s.store, alikeMost)
	if err != nil {
		return answer{}, err
	}
	day := civil.DayOf(s.store.Now())
	out := alikeJSON{AsAt: day, Pairs: []pairJSON{}}
	var rows [][]string
	for _, a := range all {
		out.Pairs = append(out.Pairs, pairJSON{a.A.Slug, a.B.Slug, a.A.Name, a.B.Name, a.SumA, a.SumB, a.Why})
		rows = append(rows, []string{string(day), a.A.Slug, a.A.Name, whole(a.SumA.Lines), whole(a.SumA.Pence), a.B.Slug, a.B.Name, whole(a.SumB.Lines), whole(a.SumB.Pence), a.Why})
	}
	return answer{Page: spendview.Alike(all, alikeMost), JSON: out,
		CSV: rowsOf([]string{"as_at", "supplier", "name", "lines", "pence", "other_supplier", "other_name", "other_lines", "other_pence", "why"}, rows)}, nil
}

type alikeJSON struct {
	AsAt  civil.Day  `json:"as_at"`
	Pairs []pairJSON `json:"pairs"`
}

type pairJSON struct {
	Supplier  string    `json:"supplier"`
	Other     string    `json:"other_supplier"`
	Name      string    `json:"name"`
	OtherName string    `json:"other_name"`
	Sum       spend.Sum `json:"sum"`
	OtherSum  spend.Sum `json:"other_sum"`
	Why       string    `json:"why"`
}

// changesMade are all merges and renames as they stand, newest first, as the
// record tells of them.
func (s *Server) changesMade(ctx context.Context) (all []spend.SupplierChange, err error) {
	had := map[string]bool{}
	for f := (record.EventFilter{Topic: "supplier-change"}); ; {
		batch, err := record.Events(ctx, s.store, f, recordBatch)
		if err != nil || len(batch) == 0 {
			slices.SortFunc(all, func(a, b spend.SupplierChange) int { return cmp.Compare(b.ID, a.ID) })
			return all, err
		}
		for _, e := range batch {
			f.Before = e.N
			var told struct {
				Now map[string]spend.SupplierChange `json:"now"`
			}
			if had[e.Subject] || json.Unmarshal([]byte(e.Payload), &told) != nil {
				continue // it was told of later; verify reports what cannot be read
			}
			had[e.Subject] = true
			all = append(all, told.Now[e.Subject])
		}
	}
}

func (s *Server) supplierChanges(c echo.Context) (answer, error) {
	made, err := s.changesMade(ctx(c))
	if err != nil {
		return answer{}, err
	}
	all, err := s.toldChanges(ctx(c), made)
	if err != nil {
		return answer{}, err
	}
	day := civil.DayOf(s.store.Now())
	out := changesJSON{day, append([]spendview.SupplierEvent{}, all...)}
	var rows [][]string
	for _, e := range all {
		undone := ""
		if e.Undone != 0 {
			undone = whole(e.Undone)
		}
		rows = append(rows, []string{string(day), whole(e.ID), string(e.Kind), e.Slug, e.IntoSlug, e.Name, string(e.From), e.Reason, e.By, string(e.On), undone, string(e.UndoneOn), e.UndoneBy, e.Why})
	}
	return answer{Page: spendview.SupplierChanges(all), JSON: out,
		CSV: rowsOf([]string{"as_at", "id", "kind", "supplier", "into", "name", "from", "reason", "by", "on", "undone_by_event", "undone_on", "undone_by", "undone_because"}, rows)}, nil
}

type changesJSON struct {
	AsAt    civil.Day                 `json:"as_at"`
	Changes []spendview.SupplierEvent `json:"changes"`
}

// standingChange is the merge or rename of an address, while it can be undone.
func (s *Server) standingChange(c echo.Context) (e spendview.SupplierEvent, err error) {
	id, err := number(c, "id")
	if err != nil {
		return e, err
	}
	made, err := s.changesMade(ctx(c))
	if err != nil {
		return e, err
	}
	i := slices.IndexFunc(made, func(ch spend.SupplierChange) bool { return ch.ID == id })
	switch {
	case i < 0:
		return e, fault.NotFound.Errorf("There is no merge or rename %d.", id)
	case made[i].Undone != 0:
		return e, fault.Conflict.Errorf("This was undone already.")
	}
	told, err := s.toldChanges(ctx(c), made[i:i+1])
	if err != nil {
		return e, err
	}
	return told[0], nil
}

func (s *Server) undoChangeForm(c echo.Context) (templ.Component, error) {
	e, err := s.standingChange(c)
	return spendview.UndoChange(e), err
}

func (s *Server) undoChange(c echo.Context) (string, error) {
	e, err := s.standingChange(c)
	if err != nil {
		return "", err
	}
	if err := spend.UndoSupplierChange(ctx(c), s.store, viewer(c), e.ID, c.FormValue("reason")); err != nil {
		return "", err
	}
	return "/suppliers/" + e.Slug, s.told(c, "Undone: "+e.Says()+".")
}

// ownSupplier is the supplier of an address, while it stands by itself.
func (s *Server) ownSupplier(c echo.Context) (spend.SupplierPage, error) {
	p, err := spend.ReadSupplier(ctx(c), s.store, c.Param("slug"), payments.Filter{})
	if err == nil && p.MovedTo.ID != 0 {
		err = fault.Conflict.Errorf("%s is merged into %s: change that one, or undo the merge first.", p.Name, p.MovedTo.Name)
	}
	return p, err
}

// found are the suppliers that the words typed may mean, the one chosen among
// them. Chosen is "" where the words ask for others.
func (s *Server) found(c echo.Context, self string) (all []spend.Supplier, chosen string, err error) {
	words, into := strings.TrimSpace(c.FormValue("words")), c.FormValue("into")
	if words != "" {
		if all, err = spend.SuppliersLike(ctx(c), s.store, words, likeMost+1); err != nil {
			return nil, "", err
		}
		all = slices.DeleteFunc(all, func(p spend.Supplier) bool { return p.Slug == self })
	}
	if slices.ContainsFunc(all, func(p spend.Supplier) bool { return p.Slug == into }) {
		return all, into, nil
	}
	if into == "" || into == self || len(all) > 0 {
		return all, "", nil
	}
	p, err := spend.ReadSupplier(ctx(c), s.store, into, payments.Filter{})
	if fault.KindOf(err) == fault.NotFound {
		return all, "", nil
	}
	return []spend.Supplier{p.Supplier}, into, err
}

func (s *Server) mergeForm(c echo.Context) (templ.Component, error) {
	p, err := s.ownSupplier(c)
	if err != nil {
		return nil, err
	}
	found, into, err := s.found(c, p.Slug)
	return spendview.MergeForm(p, c.FormValue("words"), into, found[:min(len(found), likeMost)]), err
}

// mergeSent is the merge of a sent form.
func (s *Server) mergeSent(c echo.Context) (ch spend.SupplierChange, err error) {
	ch = spend.SupplierChange{Kind: spend.SupplierMerged, Slug: c.Param("slug")}
	var f fault.Faults
	found, into, err := s.found(c, ch.Slug)
	if err != nil {
		return ch, err
	}
	words := strings.TrimSpace(c.FormValue("words"))
	switch ch.IntoSlug = into; {
	case into != "":
	case len(found) == 1 && words != "":
		ch.IntoSlug = found[0].Slug
	case len(found) > likeMost:
		f.Add("words", "More than %d suppliers are called so: give more of the name.", likeMost)
	case len(found) > 0:
		f.Add("into", "Choose which of these suppliers it is.")
	case words != "":
		f.Add("words", "No other supplier is called “%s”: look for it among the suppliers.", words)
	default:
		f.Add("words", "Choose another supplier to merge this one into.")
	}
	ch.From, ch.Reason = sinceTyped(c, &f), reasonTyped(c, &f)
	return ch, f.Err()
}

// sinceTyped is the day of a sent form since when a change is so.
func sinceTyped(c echo.Context, f *fault.Faults) civil.Day {
	had := len(*f)
	d := formDay(c, f, "from")
	if d == "" && len(*f) == had {
		f.Add("from", "Give the day since when it is so.")
	}
	return d
}

// reasonTyped is the reason of a sent form; the store keeps the same limits.
func reasonTyped(c echo.Context, f *fault.Faults) string {
	why := strings.Join(strings.Fields(c.FormValue("reason")), " ")
	switch {
	case why == "":
		f.Add("reason", "Give the reason.")
	case len([]rune(why)) > 500:
		f.Add("reason", "Shorten the reason to 500 characters or fewer.")
	}
	return why
}

func (s *Server) mergeCheck(c echo.Context) (templ.Component, error) {
	p, err := s.ownSupplier(c)
	if err != nil {
		return nil, err
	}
	ch, err := s.mergeSent(c)
	if err != nil {
		return nil, err
	}
	into, err := spend.ReadSupplier(ctx(c), s.store, ch.IntoSlug, payments.Filter{})
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return nil, fault.Field("words", "%s", err.Error())
	case err != nil:
		return nil, err
	case into.MovedTo.Slug == p.Slug:
		return nil, fault.Field("into", "%s is merged into this supplier already.", into.Name)
	case into.MovedTo.ID != 0:
		if into, err = spend.ReadSupplier(ctx(c), s.store, into.MovedTo.Slug, payments.Filter{}); err != nil {
			return nil, err
		}
	}
	return spendview.MergeCheck(p, into, ch), nil
}

func (s *Server) merge(c echo.Context) (string, error) {
	ch, err := s.mergeSent(c)
	if err != nil {
		return "", err
	}
	p, err := s.ownSupplier(c)
	if err != nil {
		return "", err
	}
	if _, err := spend.ChangeSupplier(ctx(c), s.store, viewer(c), ch); err != nil {
		return "", err
	}
	return "/suppliers/" + ch.IntoSlug, s.told(c, fmt.Sprintf("%s is merged into this supplier.", p.Name))
}

func (s *Server) renameForm(c echo.Context) (templ.Component, error) {
	p, err := s.ownSupplier(c)
	return spendview.RenameForm(p), err
}

// renameSent is the rename of a sent form.
func renameSent(c echo.Context) (spend.SupplierChange, error) {
	var f fault.Faults
	ch := spend.SupplierChange{Kind: spend.SupplierRenamed, Slug: c.Param("slug"), Name: strings.Join(strings.Fields(c.FormValue("name")), " ")}
	switch {
	case ch.Name == "":
		f.Add("name", "Give the name.")
	case len([]rune(ch.Name)) > 200:
		f.Add("name", "Shorten the name to 200 characters or fewer.")
	}
	ch.From, ch.Reason = sinceTyped(c, &f), reasonTyped(c, &f)
	return ch, f.Err()
}

func (s *Server) renameCheck(c echo.Context) (templ.Component, error) {
	p, err := s.ownSupplier(c)
	if err != nil {
		return nil, err
	}
	ch, err := renameSent(c)
	if err == nil && ch.Name == p.Name {
		err = fault.Field("name", "The supplier is shown under this name already.")
	}
	return spendview.RenameCheck(p, ch), err
}

func (s *Server) rename(c echo.Context) (string, error) {
	if _, err := s.ownSupplier(c); err != nil {
		return "", err
	}
	ch, err := renameSent(c)
	if err != nil {
		return "", err
	}
	if _, err := spend.ChangeSupplier(ctx(c), s.store, viewer(c), ch); err != nil {
		return "", err
	}
	return "/suppliers/" + ch.Slug, s.told(c, fmt.Sprintf("The supplier is shown as %s.", ch.Name))
}
