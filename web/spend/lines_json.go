package spend

import (
	"cmp"
	"strconv"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	spendview "github.com/police-ict/handover/views/spend"
	"github.com/police-ict/handover/web/serve"
)

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
