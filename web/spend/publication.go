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
	"github.com/police-ict/handover/store/spend/due"
	"github.com/police-ict/handover/store/spend/flag"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	spendview "github.com/police-ict/handover/views/spend"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) publicationRoutes() {
	s.Data("/spend/publication", office.Public, s.publication, serve.One("from", "to"))
	s.Data("/spend/publication/:body", office.Public, s.publicationOfBody, serve.One("from", "to"))
	s.Data("/spend/publication/:body/:month", office.Public, s.publicationMonth)
	s.Data("/spend/flags", office.Public, s.flags)
	s.Data("/spend/flags/:method", office.Public, s.flagFindings, serve.One("body", "after"))
	s.Dear("/spend/flags/:method", serve.AlwaysDear)
	s.Data("/spend/claims", office.Public, s.claims)
}

// askedPublication reads the months of an address and works out their matrix.
func (s pages) askedPublication(c echo.Context) (report.Publication, error) {
	var bad fault.Faults
	from, to := payments.AskedMonth(&bad, "from", strings.TrimSpace(serve.Asked(c, "from"))), payments.AskedMonth(&bad, "to", strings.TrimSpace(serve.Asked(c, "to")))
	if err := bad.Err(); err != nil {
		return report.Publication{}, err
	}
	return report.ReadPublication(serve.Ctx(c), s.Store, from, to)
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
	only := []report.PublicationRow{row}
	return serve.Answer{Page: spendview.PublicationOfBody(p, row), JSON: publicationAsJSON(p, only, row.Count()), CSV: publicationRows(p.Version, only)}, nil
}

func (s pages) publicationMonth(c echo.Context) (serve.Answer, error) {
	m, err := civil.ParseMonth(c.Param("month"))
	if err != nil {
		return serve.Answer{}, fault.NotFound.Errorf("There is no such month. Enter it like 2012-03.")
	}
	p, err := report.ReadPublicationPage(serve.Ctx(c), s.Store, c.Param("body"), m)
	if err != nil {
		return serve.Answer{}, err
	}
	only := p.PublicationRow
	only.Cells = []report.PublicationCell{p.Cell}
	return serve.Answer{Page: spendview.PublicationMonth(p), JSON: cellAsJSON(p.Body, p.Cell), CSV: publicationRows(p.Version, []report.PublicationRow{only})}, nil
}

// PublicationJSON is the publication record as JSON.
type PublicationJSON struct {
	Order     string            `json:"order"`
	From      civil.Month       `json:"from"`
	To        civil.Month       `json:"to"`
	AsOf      int64             `json:"as_of_event"`
	Known     int64             `json:"known_event"` // the same
	Loads     int               `json:"loads"`       // of any month; with none nothing can be told
	LateAfter int               `json:"late_after_days"`
	LateFrom  civil.Day         `json:"late_rule_from"`
	LateNote  string            `json:"late_rule_note"`
	Months    int               `json:"months"`
	Published int               `json:"published"`
	Missing   int               `json:"missing"`
	Inherited int               `json:"missing_before_first_day_of_body"`
	NotDue    int               `json:"nothing_not_yet_due"`
	Before    int               `json:"nothing_before_the_order"`
	NotBound  int               `json:"nothing_not_bound"`
	NotOver   int               `json:"nothing_not_over"`
	Late      int               `json:"late"`
	DayKnown  int               `json:"day_known"`
	Items     report.Amount     `json:"items"` // of files for a whole quarter counted once
	Cells     []publicationCell `json:"cells"`
}

// publicationCell is one month of one body; null is not known.
type publicationCell struct {
	Body       string                  `json:"body"`
	Bound      bool                    `json:"bound"`
	BodyExists bool                    `json:"body_exists"`
	Month      civil.Month             `json:"month"`
	State      report.PublicationState `json:"state"`
	Own        report.Amount           `json:"of_the_month"`
	Shared     report.Amount           `json:"of_the_quarter"`
	Published  *civil.Day              `json:"published_on"`
	Days       *int                    `json:"days_after_month_end"`
	Late       *bool                   `json:"late"`
	Loads      []int64                 `json:"loads"`
	Explained  []spend.Explanation     `json:"explanations"`
}

func cellAsJSON(b office.Body, c report.PublicationCell) publicationCell {
	out := publicationCell{Body: b.Slug, Bound: c.Bound, BodyExists: !c.Inherited, Month: c.Month, State: c.State(), Own: c.Own, Shared: c.Shared,
		Published: serve.OrNull(c.Day), Loads: slices.Concat([]int64{}, c.Loads), Explained: slices.Concat([]spend.Explanation{}, c.Notes)}
	if c.Day != "" {
		late := c.IsLate()
		out.Days, out.Late = &c.Days, &late
	}
	return out
}

func publicationAsJSON(p report.Publication, rows []report.PublicationRow, n report.PublicationCount) PublicationJSON {
	out := PublicationJSON{Order: "SI 2011/3050, schedule, paragraph 3(g)", From: p.From, To: p.To, AsOf: p.Version, Known: p.Version, Loads: p.Loads,
		LateAfter: due.Late.Days, LateFrom: due.Late.From, LateNote: due.Late.Note, Months: n.Months, Published: n.Published,
		Missing: n.Missing, Inherited: n.Inherited, NotDue: n.NotDue, Before: n.Before, NotBound: n.NotBound, NotOver: n.NotOver, Late: n.Late, DayKnown: n.Published - n.NoDay, Items: n.Items}
	for _, r := range rows {
		for _, c := range r.Cells {
			out.Cells = append(out.Cells, cellAsJSON(r.Body, c))
		}
	}
	return out
}

// publishedCell is one month of one body, as a row of CSV.
type publishedCell struct {
	report.PublicationCell
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
		{Name: "late_after_days", Value: func(publishedCell) string { return strconv.Itoa(due.Late.Days) }},
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
func publicationRows(version int64, rows []report.PublicationRow) iter.Seq2[[]string, error] {
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
	Known    int64       `json:"known_event"` // the same
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

func flagsAsJSON(f report.Findings) flagsJSON {
	return flagsJSON{f.Method.Code, f.Method.Name, f.Method.How, f.Method.Blind, spendview.NotAVerdict, spendview.FlaggedSays(f), f.Version, f.Version, f.Lines, f.Examined, f.Count, f.Sum}
}

func (s pages) flags(c echo.Context) (serve.Answer, error) {
	all, err := report.FlagCounts(serve.Ctx(c), s.Store)
	if err != nil {
		return serve.Answer{}, err
	}
	var out flagMethodsJSON
	var rows []flagRow
	for _, f := range all {
		out.Methods = append(out.Methods, flagsAsJSON(f))
		rows = append(rows, flagRow{f, true})
	}
	for _, n := range flag.NotComputable {
		out.NotComputable = append(out.NotComputable, notComputableJSON{n[0], n[1]})
		rows = append(rows, flagRow{Findings: report.Findings{Method: payments.Method{Name: n[0], Blind: n[1]}}})
	}
	return serve.Answer{Page: spendview.Flags(all, s.Options.DecisionOver), JSON: out, CSV: serve.CSVOf(flagColumns(), rows...)}, nil
}

// flagRow is a method with what it flags, or one that published spend cannot
// support.
type flagRow struct {
	report.Findings
	computable bool
}

// flagColumns are the columns of the methods. What cannot be computed has a
// name and a reason.
func flagColumns() []serve.Column[flagRow] {
	computed := func(value func(flagRow) string) func(flagRow) string {
		return func(f flagRow) string {
			if !f.computable {
				return ""
			}
			return value(f)
		}
	}
	return []serve.Column[flagRow]{
		{Name: "as_of_event", Value: computed(func(f flagRow) string { return serve.Digits(f.Version) })},
		{Name: "method", Value: func(f flagRow) string { return f.Method.Code }},
		{Name: "name", Value: func(f flagRow) string { return f.Method.Name }},
		{Name: "computable", Value: func(f flagRow) string { return serve.YesNo(f.computable) }},
		{Name: "how", Value: func(f flagRow) string { return f.Method.How }},
		{Name: "cannot_know", Value: func(f flagRow) string { return f.Method.Blind }},
		{Name: "lines", Value: computed(func(f flagRow) string { return serve.Digits(f.Lines) })},
		{Name: "examined", Value: computed(func(f flagRow) string { return serve.Digits(f.Examined) })},
		{Name: "findings", Value: computed(func(f flagRow) string { return strconv.Itoa(f.Count) })},
		{Name: "pence", Value: computed(func(f flagRow) string { return serve.Digits(f.Sum) })},
		{Name: "is", Value: computed(func(flagRow) string { return spendview.NotAVerdict })},
	}
}

// findingsMost is how many findings a page shows.
const findingsMost = 20

// FindingsJSON is a page of the findings of a check as JSON.
type FindingsJSON struct {
	flagsJSON
	Body     string        `json:"body,omitempty"`
	Findings []findingJSON `json:"page"`
	Next     *string       `json:"next"`
}

type findingJSON struct {
	Mark  int64       `json:"finding"`
	Pence money.Pence `json:"pence"`
	Lines []lineJSON  `json:"lines"`
	Held  []tieJSON   `json:"decisions,omitempty"` // that the payment was judged against
}

func (s pages) flagFindings(c echo.Context) (serve.Answer, error) {
	list := spendview.FindingList{}
	var bodies []string
	if name := serve.Asked(c, "body"); name != "" {
		b, ok := office.BodyOf(name)
		if !ok || !b.LocalPolicing() {
			return serve.Answer{}, fault.Field("body", "There is no local policing body “%s”. Choose one from the list.", name)
		}
		list.Body, bodies = b.Slug, []string{b.Slug}
	}
	var err error
	if list.After, err = serve.AskedNumber(c, "after", "Enter “after” as the number of a finding, 1 or more."); err != nil {
		return serve.Answer{}, err
	}
	method := c.Param("method")
	if list.Findings, err = report.FindingsOf(serve.Ctx(c), s.Store, method, bodies, list.After, findingsMost); err != nil {
		return serve.Answer{}, err
	}
	out := FindingsJSON{flagsJSON: flagsAsJSON(list.Findings), Body: list.Body, Findings: []findingJSON{}}
	for _, g := range list.Groups {
		out.Findings = append(out.Findings, findingAsJSON(g))
	}
	if list.Next != 0 {
		out.Next = serve.OrNull(list.Href(".json", list.Next))
	}
	return serve.Answer{Page: spendview.FlagFindings(list), JSON: out, CSV: s.findingRows(c, method, bodies)}, nil
}

func findingAsJSON(g report.Finding) findingJSON {
	return findingJSON{g.Mark, g.Sum, lineJSONsOf(g.Lines), tiesAsJSON(g.Held)}
}

// foundLine is a line of a finding, as a row of CSV.
type foundLine struct {
	*spend.Line
	in *report.Findings
	of report.Finding
}

// foundColumns are the columns of a line, between those of its finding.
func foundColumns() []serve.Column[foundLine] {
	return slices.Concat([]serve.Column[foundLine]{
		{Name: "method", Value: func(l foundLine) string { return l.in.Method.Code }},
		{Name: "finding", Value: func(l foundLine) string { return serve.Digits(l.of.Mark) }},
	}, serve.Of(lineColumns(), func(l foundLine) *spend.Line { return l.Line }), []serve.Column[foundLine]{
		{Name: "is", Value: func(foundLine) string { return spendview.NotAVerdict }},
		{Name: "says", Value: func(l foundLine) string { return spendview.FlaggedSays(*l.in) }},
		{Name: "decisions", Value: func(l foundLine) string { return heldRefs(l.of) }},
	})
}

// findingRows are all findings, line by line.
func (s pages) findingRows(c echo.Context, method string, bodies []string) iter.Seq2[[]string, error] {
	return serve.CSV(foundColumns(), func(yield func(foundLine, error) bool) {
		for f, err := range report.EachFinding(serve.Ctx(c), s.Store, method, bodies) {
			if err != nil {
				yield(foundLine{}, err)
				return
			}
			for _, g := range f.Groups {
				for i := range g.Lines {
					if !yield(foundLine{&g.Lines[i], &f, g}, nil) {
						return
					}
				}
			}
		}
	})
}

// heldRefs are the decisions of a finding, each with how the payment stands to it.
func heldRefs(g report.Finding) string {
	var refs []string
	for _, t := range g.Held {
		refs = append(refs, t.Decision.Ref+": "+spendview.JudgedWords(t.Under, t.Judged))
	}
	return strings.Join(refs, "; ")
}

// ClaimsJSON is what is claimed of spend, with its evidence, as JSON.
type ClaimsJSON struct {
	AsOf      int64          `json:"as_of_event"`
	Known     int64          `json:"known_event"` // the same
	Claims    []report.Claim `json:"claims"`
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
	e, err := report.Evidenced(serve.Ctx(c), s.Store)
	if err != nil {
		return serve.Answer{}, err
	}
	p := spendview.ClaimsPage{Claims: report.Claims(), Evidence: e}
	out := ClaimsJSON{AsOf: e.Version, Known: e.Version, Claims: p.Claims, Evidenced: []evidenceJSON{}}
	rows := slices.Clone(p.Claims)
	for _, y := range e.Years {
		out.Evidenced = append(out.Evidenced, evidenceAsJSON(y))
		rows = append(rows, evidenceAsClaim(y))
	}
	return serve.Answer{Page: spendview.Claims(p), JSON: out, CSV: serve.CSVOf(claimColumns(), rows...)}, nil
}

// claimColumns are the columns of what is claimed, and of what is evidenced.
func claimColumns() []serve.Column[report.Claim] {
	return []serve.Column[report.Claim]{
		{Name: "kind", Value: func(k report.Claim) string { return k.Kind }},
		{Name: "key", Value: func(k report.Claim) string { return k.Key }},
		{Name: "figure", Value: func(k report.Claim) string { return k.Figure }},
		{Name: "pence", Value: func(k report.Claim) string { return pencesOf(k.Parts) }},
		{Name: "says", Value: func(k report.Claim) string { return k.Says }},
		{Name: "year", Value: func(k report.Claim) string { return k.Year }},
		{Name: "who", Value: func(k report.Claim) string { return k.Who }},
		{Name: "counts", Value: func(k report.Claim) string { return k.Counts }},
		{Name: "source", Value: func(k report.Claim) string { return k.Source }},
		{Name: "addresses", Value: func(k report.Claim) string { return strings.Join(k.Links, " ") }},
		{Name: "note", Value: func(k report.Claim) string { return k.Note }},
	}
}

func pencesOf(all []money.Pence) string {
	words := make([]string, len(all))
	for i, p := range all {
		words[i] = serve.Digits(p)
	}
	return strings.Join(words, " ")
}

func evidenceAsJSON(y report.YearSpend) evidenceJSON {
	out := evidenceJSON{Year: y.Year, Bodies: y.Bodies, Of: y.Of, Months: y.Months, MonthsOf: 12 * y.Of, MonthsDue: y.Expected, Whole: y.Whole()}
	if !y.Bad {
		out.IT, out.Lines, out.Unknown = &y.IT.Pence, &y.IT.Lines, &y.Unclassified.Pence
	}
	return out
}

// evidenceAsClaim is what stands for a financial year in the columns of a claim.
func evidenceAsClaim(y report.YearSpend) report.Claim {
	out := report.Claim{Kind: "evidenced", Key: "evidenced-" + strconv.Itoa(y.Year), Figure: "withheld: a file does not agree with its rows",
		Says: "Payments for IT in the published files.", Year: civil.YearWords(y.Year), Counts: spendview.YearCover(y)}
	if !y.Bad {
		out.Figure, out.Parts = y.IT.Pence.String(), []money.Pence{y.IT.Pence}
	}
	return out
}
