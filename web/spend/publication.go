package spend

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	spendview "github.com/police-ict/handover/views/spend"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) publicationRoutes() {
	s.Data("/spend/publication", office.Public, s.publication)
	s.Data("/spend/publication/:body", office.Public, s.publicationOfBody)
	s.Data("/spend/publication/:body/:month", office.Public, s.publicationMonth)
	s.Data("/spend/flags", office.Public, s.flags)
	s.Data("/spend/flags/:method", office.Public, s.flagFindings)
	s.Dear("/spend/flags/:method", serve.AlwaysDear)
	s.Data("/spend/claims", office.Public, s.claims)
}

// askedPublication reads the months of an address and works out their matrix.
func (s pages) askedPublication(c echo.Context) (spend.Publication, error) {
	var bad fault.Faults
	from, to := payments.AskedMonth(&bad, "from", strings.TrimSpace(serve.Asked(c, "from"))), payments.AskedMonth(&bad, "to", strings.TrimSpace(serve.Asked(c, "to")))
	if err := bad.Err(); err != nil {
		return spend.Publication{}, err
	}
	return spend.ReadPublication(serve.Ctx(c), s.Store, from, to)
}

func (s pages) publication(c echo.Context) (serve.Answer, error) {
	p, err := s.askedPublication(c)
	if err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: spendview.Publication(p), JSON: publicationAsJSON(p, p.Bodies, p.Count()), CSV: publicationRows(p.Version, p.Bodies)}, nil
}

func (s pages) publicationOfBody(c echo.Context) (serve.Answer, error) {
	p, err := s.askedPublication(c)
	if err != nil {
		return serve.Answer{}, err
	}
	b, _ := office.BodyOf(c.Param("body"))
	row, ok := p.Row(b.Slug)
	if !ok {
		return serve.Answer{}, fault.NotFound.Errorf("There is no such local policing body.")
	}
	only := []spend.PublicationRow{row}
	return serve.Answer{Page: spendview.PublicationOfBody(p, row), JSON: publicationAsJSON(p, only, row.Count()), CSV: publicationRows(p.Version, only)}, nil
}

func (s pages) publicationMonth(c echo.Context) (serve.Answer, error) {
	m, err := civil.ParseMonth(c.Param("month"))
	if err != nil {
		return serve.Answer{}, fault.NotFound.Errorf("There is no such month: write it like 2012-03.")
	}
	p, err := spend.ReadPublicationPage(serve.Ctx(c), s.Store, c.Param("body"), m)
	if err != nil {
		return serve.Answer{}, err
	}
	only := p.PublicationRow
	only.Cells = []spend.PublicationCell{p.Cell}
	return serve.Answer{Page: spendview.PublicationMonth(p), JSON: cellAsJSON(p.Body, p.Cell), CSV: publicationRows(p.Version, []spend.PublicationRow{only})}, nil
}

// PublicationJSON is the publication record as JSON.
type PublicationJSON struct {
	Order     string            `json:"order"`
	From      civil.Month       `json:"from"`
	To        civil.Month       `json:"to"`
	AsOf      int64             `json:"as_of_event"`
	Loads     int               `json:"loads"` // of any month; with none nothing can be told
	LateAfter int               `json:"late_after_days"`
	LateFrom  civil.Day         `json:"late_rule_from"`
	LateNote  string            `json:"late_rule_note"`
	Months    int               `json:"months"`
	Published int               `json:"published"`
	Missing   int               `json:"missing"`
	Inherited int               `json:"missing_before_first_day_of_body"`
	Before    int               `json:"nothing_before_the_order"`
	NotBound  int               `json:"nothing_not_bound"`
	NotOver   int               `json:"nothing_not_over"`
	Late      int               `json:"late"`
	DayKnown  int               `json:"day_known"`
	Items     spend.Amount      `json:"items"` // of files for a whole quarter counted once
	Cells     []publicationCell `json:"cells"`
}

// publicationCell is one month of one body; null is not known.
type publicationCell struct {
	Body       string                 `json:"body"`
	Bound      bool                   `json:"bound"`
	BodyExists bool                   `json:"body_exists"`
	Month      civil.Month            `json:"month"`
	State      spend.PublicationState `json:"state"`
	Own        spend.Amount           `json:"of_the_month"`
	Shared     spend.Amount           `json:"of_the_quarter"`
	Published  *civil.Day             `json:"published_on"`
	Days       *int                   `json:"days_after_month_end"`
	Late       *bool                  `json:"late"`
	Loads      []int64                `json:"loads"`
	Explained  []spend.Explanation    `json:"explanations"`
}

func cellAsJSON(b office.Body, c spend.PublicationCell) publicationCell {
	out := publicationCell{Body: b.Slug, Bound: c.Bound, BodyExists: !c.Inherited, Month: c.Month, State: c.State(), Own: c.Own, Shared: c.Shared,
		Published: serve.OrNull(c.Day), Loads: slices.Concat([]int64{}, c.Loads), Explained: slices.Concat([]spend.Explanation{}, c.Notes)}
	if c.Day != "" {
		late := c.IsLate()
		out.Days, out.Late = &c.Days, &late
	}
	return out
}

func publicationAsJSON(p spend.Publication, rows []spend.PublicationRow, n spend.PublicationCount) PublicationJSON {
	out := PublicationJSON{Order: "SI 2011/3050, schedule, paragraph 3(g)", From: p.From, To: p.To, AsOf: p.Version, Loads: p.Loads,
		LateAfter: spend.Late.Days, LateFrom: spend.Late.From, LateNote: spend.Late.Note, Months: n.Months, Published: n.Published,
		Missing: n.Missing, Inherited: n.Inherited, Before: n.Before, NotBound: n.NotBound, NotOver: n.NotOver, Late: n.Late, DayKnown: n.Published - n.NoDay, Items: n.Items}
	for _, r := range rows {
		for _, c := range r.Cells {
			out.Cells = append(out.Cells, cellAsJSON(r.Body, c))
		}
	}
	return out
}

// publishedCell is one month of one body, as a row of CSV.
type publishedCell struct {
	spend.PublicationCell
	body office.Body
}

// publicationColumns are the columns of the publication record; an empty cell
// is not known.
func publicationColumns(version int64) []serve.Column[publishedCell] {
	return []serve.Column[publishedCell]{
		{Name: "as_of_event", Value: func(publishedCell) string { return serve.Digits(version) }},
		{Name: "body", Value: func(c publishedCell) string { return c.body.Slug }},
		{Name: "name", Value: func(c publishedCell) string { return c.body.Name }},
		{Name: "bound", Value: func(c publishedCell) string { return strconv.FormatBool(c.Bound) }},
		{Name: "body_exists", Value: func(c publishedCell) string { return strconv.FormatBool(!c.Inherited) }},
		{Name: "month", Value: func(c publishedCell) string { return c.Month.Code() }},
		{Name: "state", Value: func(c publishedCell) string { return string(c.State()) }},
		{Name: "lines", Value: func(c publishedCell) string { return serve.Digits(c.Own.Lines) }},
		{Name: "pence", Value: func(c publishedCell) string { return serve.Digits(c.Own.Pence) }},
		{Name: "over_500", Value: func(c publishedCell) string { return serve.Digits(c.Own.Over) }},
		{Name: "over_500_no_reason", Value: func(c publishedCell) string { return serve.Digits(c.Own.NoReason) }},
		{Name: "quarter_lines", Value: func(c publishedCell) string { return serve.Digits(c.Shared.Lines) }},
		{Name: "quarter_pence", Value: func(c publishedCell) string { return serve.Digits(c.Shared.Pence) }},
		{Name: "quarter_over_500", Value: func(c publishedCell) string { return serve.Digits(c.Shared.Over) }},
		{Name: "quarter_over_500_no_reason", Value: func(c publishedCell) string { return serve.Digits(c.Shared.NoReason) }},
		{Name: "published_on", Value: func(c publishedCell) string { return string(c.Day) }},
		{Name: "days_after_month_end", Value: func(c publishedCell) string {
			if c.Day == "" {
				return ""
			}
			return strconv.Itoa(c.Days)
		}},
		{Name: "late", Value: func(c publishedCell) string {
			if c.Day == "" {
				return ""
			}
			return strconv.FormatBool(c.IsLate())
		}},
		{Name: "late_after_days", Value: func(publishedCell) string { return strconv.Itoa(spend.Late.Days) }},
		{Name: "loads", Value: func(c publishedCell) string {
			loads := make([]string, len(c.Loads))
			for i, id := range c.Loads {
				loads[i] = serve.Digits(id)
			}
			return strings.Join(loads, " ")
		}},
		{Name: "explanations", Value: func(c publishedCell) string { return strconv.Itoa(len(c.Notes)) }},
	}
}

// publicationRows are the months of bodies as CSV.
func publicationRows(version int64, rows []spend.PublicationRow) iter.Seq2[[]string, error] {
	return serve.CSV(publicationColumns(version), func(yield func(publishedCell, error) bool) {
		for _, r := range rows {
			for _, c := range r.Cells {
				if !yield(publishedCell{c, r.Body}, nil) {
					return
				}
			}
		}
	})
}

// flagsJSON is a method and what it flags; the number and what it is not stand
// together.
type flagsJSON struct {
	Method   string      `json:"method"`
	Name     string      `json:"name"`
	How      string      `json:"how"`
	Blind    string      `json:"cannot_know"`
	Is       string      `json:"is"`
	Says     string      `json:"says"`
	AsOf     int64       `json:"as_of_event"`
	Lines    int64       `json:"lines"`
	Examined int64       `json:"examined"`
	Findings int         `json:"findings"`
	Pence    money.Pence `json:"pence"`
}

type flagMethodsJSON struct {
	Methods       []flagsJSON         `json:"methods"`
	NotComputable []notComputableJSON `json:"not_computable"`
}

type notComputableJSON struct {
	Flag string `json:"flag"`
	Why  string `json:"why"`
}

func flagsAsJSON(f spend.Findings) flagsJSON {
	return flagsJSON{f.Method.Code, f.Method.Name, f.Method.How, f.Method.Blind, spendview.NotAVerdict, spendview.FlaggedSays(f), f.Version, f.Lines, f.Examined, f.Count, f.Sum}
}

func (s pages) flags(c echo.Context) (serve.Answer, error) {
	all, err := spend.FlagCounts(serve.Ctx(c), s.Store)
	if err != nil {
		return serve.Answer{}, err
	}
	var out flagMethodsJSON
	var rows [][]string
	for _, f := range all {
		out.Methods = append(out.Methods, flagsAsJSON(f))
		rows = append(rows, []string{serve.Digits(f.Version), f.Method.Code, f.Method.Name, "yes", f.Method.How, f.Method.Blind, serve.Digits(f.Lines), serve.Digits(f.Examined), strconv.Itoa(f.Count), serve.Digits(f.Sum), spendview.NotAVerdict})
	}
	for _, n := range spend.NotComputable {
		out.NotComputable = append(out.NotComputable, notComputableJSON{n[0], n[1]})
		rows = append(rows, []string{"", "", n[0], "no", "", n[1], "", "", "", "", ""})
	}
	header := []string{"as_of_event", "method", "name", "computable", "how", "cannot_know", "lines", "examined", "findings", "pence", "is"}
	return serve.Answer{Page: spendview.Flags(all), JSON: out, CSV: serve.Rows(header, rows)}, nil
}

// findingsMost is how many findings a page shows.
const findingsMost = 20

// FindingsJSON is a page of the findings of a check as JSON.
type FindingsJSON struct {
	flagsJSON
	Body     string        `json:"body,omitempty"`
	Findings []findingJSON `json:"page"`
	Next     string        `json:"next,omitempty"`
}

type findingJSON struct {
	Mark  int64       `json:"finding"`
	Pence money.Pence `json:"pence"`
	Lines []lineJSON  `json:"lines"`
	Held  []tieJSON   `json:"decisions,omitempty"` // that held, when the file was taken in
}

func (s pages) flagFindings(c echo.Context) (serve.Answer, error) {
	list := spendview.FindingList{}
	var bodies []string
	if name := serve.Asked(c, "body"); name != "" {
		b, ok := office.BodyOf(name)
		if !ok || !b.LocalPolicing() {
			return serve.Answer{}, fault.Field("body", "There is no local policing body “%s”: choose one from the list.", name)
		}
		list.Body, bodies = b.Slug, []string{b.Slug}
	}
	list.After, _ = strconv.ParseInt(serve.Asked(c, "after"), 10, 64) // what is no mark is the first page
	method := c.Param("method")
	var err error
	if list.Findings, err = spend.FindingsOf(serve.Ctx(c), s.Store, method, bodies, list.After, findingsMost); err != nil {
		return serve.Answer{}, err
	}
	out := FindingsJSON{flagsJSON: flagsAsJSON(list.Findings), Body: list.Body, Findings: []findingJSON{}}
	for _, g := range list.Groups {
		out.Findings = append(out.Findings, findingAsJSON(g))
	}
	if list.Next != 0 {
		out.Next = list.Href(".json", list.Next)
	}
	return serve.Answer{Page: spendview.FlagFindings(list), JSON: out, CSV: s.findingRows(c, method, bodies)}, nil
}

func findingAsJSON(g spend.Finding) findingJSON {
	return findingJSON{g.Mark, g.Sum, lineJSONsOf(g.Lines), tiesAsJSON(g.Held)}
}

// findingRows are all findings, line by line.
func (s pages) findingRows(c echo.Context, method string, bodies []string) iter.Seq2[[]string, error] {
	header := slices.Concat([]string{"method", "finding"}, lineColumns, []string{"is", "says", "decisions"})
	return func(yield func([]string, error) bool) {
		if !yield(header, nil) {
			return
		}
		for f, err := range spend.EachFinding(serve.Ctx(c), s.Store, method, bodies) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range flaggedRows(f) {
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

func flaggedRows(f spend.Findings) (rows [][]string) {
	for _, g := range f.Groups {
		for _, l := range g.Lines {
			line := make([]string, len(lineColumns))
			lineRow(line, l, l.Paid.Code())
			rows = append(rows, slices.Concat([]string{f.Method.Code, serve.Digits(g.Mark)}, line, []string{spendview.NotAVerdict, spendview.FlaggedSays(f), heldRefs(g)}))
		}
	}
	return rows
}

// heldRefs are the decisions of a finding that were held, each with until when.
func heldRefs(g spend.Finding) string {
	var refs []string
	for _, t := range g.Held {
		refs = append(refs, t.Decision.Ref+": "+spendview.UnderUntil(t.Under))
	}
	return strings.Join(refs, "; ")
}

// ClaimsJSON is what is claimed of spend, with its evidence, as JSON.
type ClaimsJSON struct {
	AsOf      int64          `json:"as_of_event"`
	Claims    []spend.Claim  `json:"claims"`
	Evidenced []evidenceJSON `json:"evidenced"`
}

// evidenceJSON is what stands for a financial year; a sum that does not agree
// with its rows is null.
type evidenceJSON struct {
	Year      int          `json:"year_begins"`
	IT        *money.Pence `json:"it_pence"`
	Lines     *int64       `json:"it_lines"`
	Unknown   *money.Pence `json:"not_classified_pence"`
	Bodies    int          `json:"bodies"`
	Of        int          `json:"bodies_of"`
	Months    int          `json:"months_published"`
	MonthsOf  int          `json:"months_of"`
	MonthsDue int          `json:"months_over"`
	Whole     bool         `json:"whole"`
}

func (s pages) claims(c echo.Context) (serve.Answer, error) {
	e, err := spend.Evidenced(serve.Ctx(c), s.Store)
	if err != nil {
		return serve.Answer{}, err
	}
	p := spendview.ClaimsPage{Claims: spend.Claims(), Evidence: e}
	out := ClaimsJSON{AsOf: e.Version, Claims: p.Claims, Evidenced: []evidenceJSON{}}
	var rows [][]string
	for _, k := range p.Claims {
		rows = append(rows, []string{k.Kind, k.Key, k.Figure, pencesOf(k.Parts), k.Says, k.Year, k.Who, k.Counts, k.Source, strings.Join(k.Links, " "), k.Note})
	}
	for _, y := range e.Years {
		j := evidenceAsJSON(y)
		out.Evidenced = append(out.Evidenced, j)
		rows = append(rows, evidenceAsRow(y, j))
	}
	header := []string{"kind", "key", "figure", "pence", "says", "year", "who", "counts", "source", "addresses", "note"}
	return serve.Answer{Page: spendview.Claims(p), JSON: out, CSV: serve.Rows(header, rows)}, nil
}

func pencesOf(all []money.Pence) string {
	words := make([]string, len(all))
	for i, p := range all {
		words[i] = serve.Digits(p)
	}
	return strings.Join(words, " ")
}

func evidenceAsJSON(y spend.YearSpend) evidenceJSON {
	out := evidenceJSON{Year: y.Year, Bodies: y.Bodies, Of: y.Of, Months: y.Months, MonthsOf: 12 * y.Of, MonthsDue: y.Expected, Whole: y.Whole()}
	if !y.Bad {
		out.IT, out.Lines, out.Unknown = &y.IT.Pence, &y.IT.Lines, &y.Unclassified.Pence
	}
	return out
}

func evidenceAsRow(y spend.YearSpend, j evidenceJSON) []string {
	figure, pence := "withheld: a file does not agree with its rows", ""
	if j.IT != nil {
		figure, pence = j.IT.String(), serve.Digits(*j.IT)
	}
	return []string{"evidenced", "evidenced-" + strconv.Itoa(y.Year), figure, pence, "Payments for IT in the files that stand.", civil.YearWords(y.Year), "",
		spendview.YearCover(y), "", "", ""}
}
