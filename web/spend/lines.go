package spend

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
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
	out.Title = v.Title() + ": lines taken in"
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

var lineColumns = []string{"line", "load", "body", "paid", "supplier", "supplier_slug", "company_number", "supplier_number", "payee", "purpose", "category", "cost_centre", "reason",
	"transaction", "contract", "spender", "amount", "amount_pence", "vat_pence", "it", "category_of_it", "rule", "flags", "file_sheet", "file_row"}

// lineRows are lines as rows of lineColumns, with the same more in each. The
// row is filled anew for each of them, so that millions cost no memory.
func lineRows(all iter.Seq2[spend.Line, error], more ...namedCell) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		header, row, days := slices.Clone(lineColumns), make([]string, len(lineColumns)), map[civil.Paid]string{}
		for _, m := range more {
			header, row = append(header, m.name), append(row, m.value)
		}
		if !yield(header, nil) {
			return
		}
		for l, err := range all {
			if err != nil {
				yield(nil, err)
				return
			}
			day, had := days[l.Paid]
			if !had {
				day = l.Paid.Code()
				days[l.Paid] = day
			}
			lineRow(row, l, day)
			if !yield(row, nil) {
				return
			}
		}
	}
}

// namedCell is a cell that the rows of one list have beside those of a line.
type namedCell struct{ name, value string }

// lineRow fills a row of CSV, in the order of lineColumns.
func lineRow(row []string, l spend.Line, day string) {
	vat := ""
	if l.HasVAT {
		vat = serve.Digits(l.VAT)
	}
	for i, v := range [...]string{serve.Digits(l.ID), serve.Digits(l.Load), l.Body, day, l.Supplier, l.Identity.Slug, l.CompanyNumber, l.SupplierNumber, l.Payee.Code(),
		l.Purpose, l.Category, l.CostCentre, l.Reason, l.Transaction, l.Contract, l.Spender, l.Pence.Plain(), serve.Digits(l.Pence), vat, l.Class.Code(), l.Taxon, numberOrNone(l.Rule),
		strings.Join(l.Flags, " "), strconv.Itoa(l.Sheet + 1), strconv.Itoa(l.Record)} {
		row[i] = v
	}
}

// spendRows are the rows of a view that adds up. No sum is in them that may
// not be shown.
func spendRows(v spendview.SpendView) iter.Seq2[[]string, error] {
	switch v.View {
	case spendview.SpendBySupplier:
		return serve.Rows([]string{"supplier", "slug", "company_number", "payee", "bodies", "largest_customer", "largest_customer_pence", "lines", "amount", "amount_pence"}, spendSupplierRows(v))
	case spendview.SpendByMonth:
		return spendMonthRows(v)
	}
	return serve.Rows([]string{"body", "name", "files", "lines", "amount", "amount_pence", "residents_2011", "pence_a_head", "months_missing", "explanations", "sum"}, spendBodyRows(v))
}

// spendSums are the cells of a sum: lines, pounds, pence; empty where none is shown.
func spendSums(v spendview.SpendView, s spend.Sum) []string {
	if !v.Told() {
		return []string{"", "", ""}
	}
	return []string{serve.Digits(s.Lines), s.Pence.Plain(), serve.Digits(s.Pence)}
}

// spendStanding says whether the sums of a view are shown, in one word.
func spendStanding(v spendview.SpendView) string {
	switch {
	case !v.Spend.Reconciles():
		return "withheld: does not reconcile"
	case !v.Spend.Known:
		return "not added up"
	case v.Spend.Cover.Bodies == 0:
		return "cannot tell: no file taken in"
	}
	return "reconciles"
}

func spendBodyRows(v spendview.SpendView) (all [][]string) {
	for _, b := range v.Spend.Bodies {
		head, sum, standing := "", spendSums(v, b.Sum), spendStanding(v)
		if per, ok := b.PerHead(); ok && v.Told() {
			head = strconv.FormatFloat(per, 'f', 2, 64)
		}
		if b.Loads == 0 {
			sum, standing = []string{"", "", ""}, "cannot tell"
		}
		row := append([]string{b.Body.Slug, b.Body.Short, strconv.Itoa(b.Loads)}, sum...)
		all = append(all, append(row, serve.Digits(b.Body.Population), head, spendMonthCodes(b.Missing, " "), strconv.Itoa(len(b.Notes)), standing))
	}
	return all
}

func spendMonthCodes(all []civil.Month, between string) string {
	var codes []string
	for _, m := range all {
		codes = append(codes, m.Code())
	}
	return strings.Join(codes, between)
}

func spendSupplierRows(v spendview.SpendView) (all [][]string) {
	if !v.Told() {
		return nil
	}
	for _, r := range v.Rows {
		p := r.Supplier
		all = append(all, append([]string{p.Name, p.Slug, p.Number, r.Payee.Code(), strconv.Itoa(r.Bodies), r.Top, serve.Digits(r.Most)}, spendSums(v, r.Sum)...))
	}
	return all
}

// spendMonthRows are the months, and what is in none: so that they add up to the
// whole.
func spendMonthRows(v spendview.SpendView) iter.Seq2[[]string, error] {
	header := []string{"month", "lines", "amount", "amount_pence", "bodies_published", "bodies", "complete", "change_on_year_before"}
	for _, t := range classify.Taxa() {
		header = append(header, t.Slug+"_pence")
	}
	header = append(header, "no_category_pence", "not_it_pence", "not_classified_pence")
	if !v.Told() {
		return serve.Rows(header, nil)
	}
	var rows [][]string
	for _, m := range v.Spend.Months {
		row := append([]string{m.Month.Code()}, spendSums(v, m.Sum)...)
		row = append(row, strconv.Itoa(m.Bodies), strconv.Itoa(m.Of), strconv.FormatBool(m.Complete()), v.Change(m))
		for _, t := range classify.Taxa() {
			row = append(row, serve.Digits(m.Taxa[t.Slug]))
		}
		rows = append(rows, append(row, serve.Digits(m.Taxa[""]), serve.Digits(m.Taxa[classify.NotIT.Code()]), serve.Digits(m.Taxa[classify.NotClassified.Code()])))
	}
	for _, left := range []struct {
		name string
		spend.Sum
	}{{"quarter only", v.Spend.Quarter}, {"not dated", v.Spend.Undated}} {
		if left.Lines > 0 {
			row := append([]string{left.name}, spendSums(v, left.Sum)...)
			rows = append(rows, append(row, make([]string, len(header)-len(row))...))
		}
	}
	return serve.Rows(header, rows)
}

type spendCoverJSON struct {
	Bodies   int    `json:"bodies"`
	Of       int    `json:"of"`
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
	Missing  int    `json:"months_of_bodies_missing"`
	Expected int    `json:"months_of_bodies_expected"`
	Partial  int    `json:"months_incomplete"`
	Rejected int64  `json:"rows_rejected"`
	Differs  int    `json:"files_that_differ_from_their_own_total"`
}

type spendBodyJSON struct {
	Body         string              `json:"body"`
	Name         string              `json:"name"`
	Files        int                 `json:"files"`
	Sum          *spend.Sum          `json:"sum"` // null is not known, or not shown
	Residents    int64               `json:"residents_2011,omitempty"`
	Head         *float64            `json:"pence_a_head"`
	Missing      []civil.Month       `json:"months_missing,omitempty"`
	Explanations []spend.Explanation `json:"explanations,omitempty"`
}

type spendSupplierJSON struct {
	Supplier spend.Supplier `json:"supplier,omitzero"`
	Payee    string         `json:"payee"`
	Bodies   int            `json:"bodies"`
	Top      string         `json:"largest_customer"`
	Most     money.Pence    `json:"largest_customer_pence"`
	spend.Sum
}

type spendMonthJSON struct {
	Month    civil.Month `json:"month"`
	Bodies   int         `json:"bodies_published"`
	Of       int         `json:"bodies"`
	Complete bool        `json:"complete"`
	spend.Sum
	Taxa map[string]money.Pence `json:"pence_by_category"` // "" is IT of no category; no and unknown are not IT and not classified
}

// SumsJSON is the sums of a view of spend as JSON.
type SumsJSON struct {
	AsAt         civil.Day            `json:"as_at"`
	Address      string               `json:"address"`
	View         string               `json:"view"`
	Version      int64                `json:"event"`       // that last changed what is shown of spend
	Known        int64                `json:"known_event"` // the same
	Standing     string               `json:"sum_is"`
	Bad          []int64              `json:"loads_that_do_not_reconcile,omitempty"`
	Total        *spend.Sum           `json:"total"` // null where it is not shown
	Classes      map[string]spend.Sum `json:"by_it,omitempty"`
	Payees       map[string]spend.Sum `json:"by_payee,omitempty"`
	Quarter      *spend.Sum           `json:"quarter_only"`
	Undated      *spend.Sum           `json:"not_dated"`
	Cover        spendCoverJSON       `json:"coverage"`
	Checked      time.Time            `json:"reconciled_at,omitzero"`
	BodyRows     []spendBodyJSON      `json:"bodies,omitempty"`
	SupplierRows []spendSupplierJSON  `json:"suppliers,omitempty"`
	MonthRows    []spendMonthJSON     `json:"months,omitempty"`
	Lines        []lineJSON           `json:"lines,omitempty"`
	Next         *string              `json:"next"` // address of the lines that follow
}

func spendJSONOf(v spendview.SpendView, now time.Time) SumsJSON {
	sp := v.Spend
	c := sp.Cover
	out := SumsJSON{AsAt: civil.DayOf(now), Address: v.Address("/spend", sp.Filter), View: v.View, Version: sp.Version, Known: sp.Version, Standing: spendStanding(v), Checked: sp.Checked,
		Cover: spendCoverJSON{c.Bodies, c.Of, "", "", c.Missing, c.Expected, c.Partial, c.Rejected, c.Differs}}
	if c.From != 0 {
		out.Cover.From, out.Cover.To = c.From.Code(), c.To.Code()
	}
	for _, l := range sp.Bad {
		out.Bad = append(out.Bad, l.ID)
	}
	out.Lines = lineJSONsOf(v.Lines)
	if v.Next != 0 {
		out.Next = serve.OrNull(spendview.SpendHref("/spend.json", sp.Filter, "view", spendview.SpendLines, "order", string(v.Order), "after", serve.Digits(v.Next)))
	}
	if v.Told() {
		out.told(v)
	}
	return out
}

// told adds the sums.
func (out *SumsJSON) told(v spendview.SpendView) {
	sp := v.Spend
	out.Total, out.Quarter, out.Undated = &sp.Total, &sp.Quarter, &sp.Undated
	out.Classes, out.Payees = map[string]spend.Sum{}, map[string]spend.Sum{}
	for _, k := range classify.Classes {
		out.Classes[k.Code()] = sp.Classes[k]
	}
	for _, k := range payments.PayeeKinds() {
		out.Payees[k.Code()] = sp.Payees[k]
	}
	switch v.View {
	case spendview.SpendByBody:
		for _, b := range sp.Bodies {
			out.BodyRows = append(out.BodyRows, spendBodyOf(b))
		}
	case spendview.SpendBySupplier:
		for _, r := range v.Rows {
			out.SupplierRows = append(out.SupplierRows, spendSupplierJSON{r.Supplier, r.Payee.Code(), r.Bodies, r.Top, r.Most, r.Sum})
		}
	case spendview.SpendByMonth:
		for _, m := range sp.Months {
			out.MonthRows = append(out.MonthRows, spendMonthJSON{m.Month, m.Bodies, m.Of, m.Complete(), m.Sum, m.Taxa})
		}
	}
}

func spendBodyOf(b spend.BodySum) spendBodyJSON {
	out := spendBodyJSON{Body: b.Body.Slug, Name: b.Body.Short, Files: b.Loads, Residents: b.Body.Population, Missing: b.Missing, Explanations: b.Notes}
	if b.Loads > 0 {
		out.Sum = &b.Sum
	}
	if per, ok := b.PerHead(); ok {
		out.Head = &per
	}
	return out
}

// lineJSON is a line wherever one is told of; what is withheld is empty in it.
type lineJSON struct {
	Line           int64          `json:"line"`
	Load           int64          `json:"load"`
	Body           string         `json:"body"`
	Paid           string         `json:"paid"`
	Payee          string         `json:"payee"`
	Supplier       string         `json:"supplier,omitempty"`
	Slug           string         `json:"supplier_slug,omitempty"`
	CompanyNumber  string         `json:"company_number,omitempty"`
	SupplierNumber string         `json:"supplier_number,omitempty"` // the publisher's own
	Purpose        string         `json:"purpose,omitempty"`
	Category       string         `json:"category,omitempty"` // as published
	CostCentre     string         `json:"cost_centre,omitempty"`
	Reason         string         `json:"reason,omitempty"`
	Transaction    string         `json:"transaction,omitempty"`
	Contract       string         `json:"contract,omitempty"`
	Spender        string         `json:"spender,omitempty"`
	Pence          money.Pence    `json:"pence"`
	VAT            *money.Pence   `json:"vat_pence,omitempty"`
	Class          classify.Class `json:"it"`
	Taxon          string         `json:"category_of_it,omitempty"` // ours
	Rule           int64          `json:"rule,omitempty"`
	Flags          []string       `json:"flags,omitempty"`
	Sheet          int            `json:"file_sheet"` // from 1
	Row            int            `json:"file_row"`
}

func lineJSONOf(l spend.Line) lineJSON {
	out := lineJSON{l.ID, l.Load, l.Body, l.Paid.Code(), l.Payee.Code(), l.Supplier, l.Identity.Slug, l.CompanyNumber, l.SupplierNumber, l.Purpose, l.Category, l.CostCentre, l.Reason,
		l.Transaction, l.Contract, l.Spender, l.Pence, nil, l.Class, l.Taxon, l.Rule, l.Flags, l.Sheet + 1, l.Record}
	if l.HasVAT {
		out.VAT = &l.VAT
	}
	return out
}

func lineJSONsOf(all []spend.Line) []lineJSON {
	out := make([]lineJSON, len(all))
	for i, l := range all {
		out[i] = lineJSONOf(l)
	}
	return out
}

type lineCellJSON struct {
	Column string `json:"column"`
	Text   string `json:"text"`
	Field  string `json:"read_as,omitempty"`
}

// LineAtJSON is everything that the page of a line shows.
type LineAtJSON struct {
	lineJSON
	Counts       bool                `json:"counts"` // its load stands
	Status       spend.Status        `json:"load_status"`
	File         string              `json:"file"`
	Source       string              `json:"source,omitempty"`
	Published    civil.Day           `json:"published,omitempty"`
	Hash         string              `json:"sha256"`
	Event        int64               `json:"event"`
	RuleSays     string              `json:"rule_conditions,omitempty"`
	Identity     *spend.Supplier     `json:"identity"`
	Cells        []lineCellJSON      `json:"row,omitempty"`
	Withheld     *spend.Withholding  `json:"withheld,omitempty"`
	LoadWithheld string              `json:"load_withheld,omitempty"`
	Explanations []spend.Explanation `json:"explanations,omitempty"`
	Ties         []tieJSON           `json:"decisions,omitempty"` // that it is under
	SameSum      *spend.Sum          `json:"same_supplier_sum"`
	Same         []lineJSON          `json:"same_supplier_newest,omitempty"`
}

func lineAtJSONOf(v spendview.SpendLineView) LineAtJSON {
	l := v.From
	out := LineAtJSON{lineJSON: lineJSONOf(v.Line), Counts: v.LinePage.Published, Status: l.Status, File: l.File, Source: l.Source, Published: l.Published, Hash: l.Hash, Event: l.N,
		RuleSays: v.Rules.Conditions(), LoadWithheld: l.Withheld, Explanations: v.Notes, Ties: tiesAsJSON(v.Ties)}
	for _, c := range v.Cells {
		out.Cells = append(out.Cells, lineCellJSON{c.Heading, c.Text, c.Field})
	}
	if v.LinePage.Withheld.Line != 0 && v.LinePage.Withheld.Lifted == "" {
		out.Withheld = &v.LinePage.Withheld
	}
	if v.Identity.ID != 0 {
		out.Identity = &v.Identity
		out.Same = lineJSONsOf(v.Same)
	}
	if v.Identity.ID != 0 && v.Told {
		out.SameSum = &v.SameSum
	}
	return out
}
