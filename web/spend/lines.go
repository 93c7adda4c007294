package spend

import (
	"cmp"
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
			return serve.CSVOf(spendSupplierColumns())
		}
		return serve.CSVOf(spendSupplierColumns(), v.Rows...)
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
		return "cannot tell: no file taken in"
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

// spendSupplierColumns are the columns of the spend on each supplier.
func spendSupplierColumns() []serve.Column[spend.SupplierSum] {
	return append([]serve.Column[spend.SupplierSum]{
		{Name: "supplier", Value: func(r spend.SupplierSum) string { return r.Supplier.Name }},
		{Name: "slug", Value: func(r spend.SupplierSum) string { return r.Supplier.Slug }},
		{Name: "company_number", Value: func(r spend.SupplierSum) string { return r.Supplier.Number }},
		{Name: "payee", Value: func(r spend.SupplierSum) string { return r.Payee.Code() }},
		{Name: "bodies", Value: func(r spend.SupplierSum) string { return strconv.Itoa(r.Bodies) }},
		{Name: "largest_customer", Value: func(r spend.SupplierSum) string { return r.Top }},
		{Name: "largest_customer_pence", Value: func(r spend.SupplierSum) string { return serve.Digits(r.Most) }},
	}, sumColumns(func(r spend.SupplierSum) (spend.Sum, bool) { return r.Sum, true })...)
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

// spendMonthColumns are the columns of the spend of each month.
func spendMonthColumns(v spendview.SpendView) []serve.Column[spendMonth] {
	ofMonth := func(value func(spendMonth) string) func(spendMonth) string {
		return func(m spendMonth) string {
			if m.in != "" {
				return ""
			}
			return value(m)
		}
	}
	columns := append([]serve.Column[spendMonth]{
		{Name: "month", Value: func(m spendMonth) string { return cmp.Or(m.in, m.Month.Code()) }},
	}, sumColumns(func(m spendMonth) (spend.Sum, bool) { return m.Sum, true })...)
	columns = append(columns, []serve.Column[spendMonth]{
		{Name: "bodies_published", Value: ofMonth(func(m spendMonth) string { return strconv.Itoa(m.Bodies) })},
		{Name: "bodies", Value: ofMonth(func(m spendMonth) string { return strconv.Itoa(m.Of) })},
		{Name: "complete", Value: ofMonth(func(m spendMonth) string { return strconv.FormatBool(m.Complete()) })},
		{Name: "change_on_year_before", Value: ofMonth(func(m spendMonth) string { return v.Change(m.MonthSum) })},
	}...)
	ofTaxon := func(name, taxon string) {
		columns = append(columns, serve.Column[spendMonth]{Name: name + "_pence", Value: ofMonth(func(m spendMonth) string { return serve.Digits(m.Taxa[taxon]) })})
	}
	for _, t := range classify.Taxa() {
		ofTaxon(t.Slug, t.Slug)
	}
	ofTaxon("no_category", "")
	ofTaxon("not_it", classify.NotIT.Code())
	ofTaxon("not_classified", classify.NotClassified.Code())
	return columns
}

type spendCoverJSON struct {
	Bodies   int    `json:"bodies"`
	Of       int    `json:"of"`
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
	Missing  int    `json:"months_of_bodies_missing"`
	NotDue   int    `json:"months_of_bodies_not_yet_due"`
	NotOver  int    `json:"months_of_bodies_not_over"`
	NotBound int    `json:"months_of_bodies_not_bound"`
	Before   int    `json:"months_of_bodies_before_the_order"`
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
	Compared     *money.Pence        `json:"compared_pence"` // in the year of compared_year, or the months asked for
	Complete     bool                `json:"complete"`       // every month compared is published
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
	Compare      string               `json:"compared_year,omitempty"`
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
	out := SumsJSON{AsAt: civil.DayOf(now), Address: v.Address("/spend", sp.Filter), View: v.View, Version: sp.Version, Known: sp.Version, Standing: spendStanding(v), Checked: sp.Checked, Compare: comparedYear(sp),
		Cover: spendCoverJSON{c.Bodies, c.Of, "", "", c.Gaps.Overdue, c.Gaps.NotDue, c.Gaps.NotOver, c.Gaps.NotBound, c.Gaps.Before, c.Expected, c.Partial, c.Rejected, c.Differs}}
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
			out.BodyRows = append(out.BodyRows, spendBodyOf(sp, b))
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

func spendBodyOf(sp spend.Spend, b spend.BodySum) spendBodyJSON {
	out := spendBodyJSON{Body: b.Body.Slug, Name: b.Body.Short, Files: b.Loads, Residents: b.Body.Population, Complete: sp.Whole(b), Missing: b.Missing(), Explanations: b.Notes}
	if b.Loads > 0 {
		like := sp.Like(b).Pence
		out.Sum, out.Compared = &b.Sum, &like
	}
	if per, ok := sp.PerHead(b); ok {
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
