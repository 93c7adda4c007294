package scrutiny

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/views/page"
	scrutinyview "github.com/police-ict/handover/views/scrutiny"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) inquiriesRoutes() {
	s.Data("/inquiries", office.Public, s.inquiries, serve.One("q", "committee", "status", "before"), serve.Sorted())
	s.Form("/inquiries/new", office.SitOnCommittees, s.inquiryForm, s.openInquiry)
	s.Data("/inquiries/:slug", office.Public, s.inquiry)
	s.Data("/inquiries/:slug/evidence", office.Public, s.evidenceList, serve.One("after"))
	s.Data("/inquiries/:slug/evidence/:n", office.Public, s.evidence)
	s.Add(http.MethodGet, "/inquiries/:slug/evidence/:n/document", office.Public, s.evidenceDocument)
	s.Streams("/inquiries/:slug/evidence/:n/document")
	s.Data("/inquiries/:slug/report", office.Public, s.inquiryReport)
	s.inquiryActsRoutes()
}

// numberAsked is a whole number of the address, 0 where it is not given.
func numberAsked(c echo.Context, name string) (int64, error) {
	text := serve.Asked(c, name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, fault.Invalid.Errorf("Page not found in this list. Start from the first page.")
	}
	return n, nil
}

// inquiryFilter reads which inquiries an address asks for.
func inquiryFilter(c echo.Context) (f scrutiny.InquiryFilter, err error) {
	var all fault.Faults
	f = scrutiny.InquiryFilter{Committee: serve.Asked(c, "committee"), State: serve.Asked(c, "status"), Words: strings.TrimSpace(serve.Asked(c, "q"))}
	if f.State != "" && !slices.Contains(scrutiny.InquiryStates, f.State) {
		all.Add("status", "Choose a status from the list.")
	}
	if len([]rune(f.Words)) > 200 {
		all.Add("q", "Shorten the words to 200 characters or fewer.")
	}
	f.Sort, f.Page = serve.AskedSort(c, &all, scrutiny.InquirySorts(), scrutinyview.UsualInquiries), serve.AskedPageNumber(c, &all)
	if f.Before, err = numberAsked(c, "before"); all.Take("", err) != nil {
		return f, err
	}
	return f, all.Err()
}

func (s pages) inquiries(c echo.Context) (serve.Answer, error) {
	f, err := inquiryFilter(c)
	if err != nil {
		return serve.Answer{}, err
	}
	if serve.Format(c) == "csv" {
		return serve.Answer{CSV: s.inquiryRows(serve.Ctx(c), f)}, nil
	}
	if serve.Format(c) == "atom" {
		f.Before, f.Sort = 0, db.Sort{}
		feed, err := s.inquiriesFeed(serve.Ctx(c), f)
		return serve.Answer{Atom: feed}, err
	}
	p, err := scrutiny.Inquiries(serve.Ctx(c), s.Store, f, db.PageRows)
	if err != nil {
		return serve.Answer{}, err
	}
	may, err := scrutiny.CommitteesToInquire(serve.Ctx(c), s.Store, serve.Viewer(c))
	if err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: scrutinyview.Inquiries(p, inquiryColumns("", p.Committees), len(may) > 0), JSON: inquiriesAsJSON(civil.DayOf(s.Store.Now()), p), Also: []string{"csv", "atom"}}, nil
}

// inquiriesFeed are the inquiries of a filter. One moves when something is done
// on it, and when its call for evidence closes.
func (s pages) inquiriesFeed(ctx context.Context, f scrutiny.InquiryFilter) (*serve.Feed, error) {
	out, now := serve.Feed{Title: "Inquiries"}, s.Store.Now()
	err := scrutiny.EachInquiry(ctx, s.Store, f, func(i scrutiny.ListedInquiry) bool {
		at := serve.Latest(now, i.MovedAt, i.Closes.End())
		out.Entries = append(out.Entries, serve.Entry{Title: fmt.Sprintf("%s (%s)", i.Title, scrutinyview.InquiryStatus(i.State)), Href: i.Href(), Summary: scrutinyview.CallWords(i.Inquiry, i.State), At: at})
		return len(out.Entries) < serve.FeedMost
	})
	return &out, err
}

// listedInquiryJSON is one inquiry of a list.
type listedInquiryJSON struct {
	State    string `json:"state"`
	ClosesAt string `json:"closes_at"` // instant at which the call for evidence closes
	Evidence int64  `json:"evidence_taken_in"`
	scrutiny.Inquiry
}

// InquiriesJSON is the list of inquiries as JSON.
type InquiriesJSON struct {
	AsAt      civil.Day           `json:"as_at"`
	Inquiries []listedInquiryJSON `json:"inquiries"`
	Next      *string             `json:"next"` // address of the next page
}

func inquiriesAsJSON(day civil.Day, p scrutiny.InquiriesPage) InquiriesJSON {
	out := InquiriesJSON{AsAt: day, Inquiries: make([]listedInquiryJSON, len(p.All))}
	for i, l := range p.All {
		out.Inquiries[i] = listedInquiryJSON{l.State, serve.Instant(l.ClosesAt()), l.Evidence, l.Inquiry}
	}
	if f := p.Filter; p.Next != 0 || f.Before == 0 && f.Page < p.Pages {
		if f.Page++; p.Next != 0 {
			f.Before, f.Page = p.Next, 0
		}
		out.Next = serve.OrNull(scrutinyview.InquiriesAddress("/inquiries.json", f))
	}
	return out
}

// inquiryColumns are the columns of the inquiries, on the page and as CSV.
func inquiryColumns(day string, committees scrutiny.Committees) []serve.Column[scrutiny.ListedInquiry] {
	return []serve.Column[scrutiny.ListedInquiry]{
		{Label: "Opened", Key: "opened", Down: true, Cell: func(i scrutiny.ListedInquiry) templ.Component { return page.DayCell(i.Opened) }},
		{Name: "as_at", Value: func(scrutiny.ListedInquiry) string { return day }},
		{Name: "slug", Value: func(i scrutiny.ListedInquiry) string { return i.Slug }},
		{Name: "title", Value: func(i scrutiny.ListedInquiry) string { return i.Title }, Label: "Inquiry", Lead: true, Cell: scrutinyview.InquiryCell},
		{Name: "committee", Value: func(i scrutiny.ListedInquiry) string { return i.Committee },
			Label: "Committee", Key: "committee", Quiet: true, Cell: func(i scrutiny.ListedInquiry) templ.Component { return page.TextCell(committees.Name(i.Committee)) }},
		{Label: "Evidence received", Numeric: true, Quiet: true, Cell: func(i scrutiny.ListedInquiry) templ.Component { return page.TextCell(page.Num(i.Evidence)) }},
		{Name: "state", Value: func(i scrutiny.ListedInquiry) string { return i.State }, Label: "Status", Key: "status", Side: true, Cell: scrutinyview.InquiryStatusCell},
		{Name: "opened", Value: func(i scrutiny.ListedInquiry) string { return string(i.Opened) }},
		{Name: "closes", Value: func(i scrutiny.ListedInquiry) string { return string(i.Closes) }},
		{Name: "closes_at", Value: func(i scrutiny.ListedInquiry) string { return serve.Instant(i.ClosesAt()) }},
		{Name: "times_extended", Value: func(i scrutiny.ListedInquiry) string { return strconv.Itoa(len(i.Extended)) }},
		{Name: "ended", Value: func(i scrutiny.ListedInquiry) string { return string(i.Ended) }},
		{Name: "why_abandoned", Value: func(i scrutiny.ListedInquiry) string { return i.Why }},
		{Name: "evidence_taken_in", Value: func(i scrutiny.ListedInquiry) string { return serve.Digits(i.Evidence) }},
		{Name: "moved_at", Value: func(i scrutiny.ListedInquiry) string { return serve.Instant(i.MovedAt) }},
	}
}

// inquiryRows are all inquiries of a filter.
func (s pages) inquiryRows(ctx context.Context, f scrutiny.InquiryFilter) iter.Seq2[[]string, error] {
	day := string(civil.DayOf(s.Store.Now()))
	return serve.CSV(inquiryColumns(day, nil), db.AtOnce(ctx, s.Store, func(tx *db.Tx, each func(scrutiny.ListedInquiry) bool) error {
		return scrutiny.EachInquiry(ctx, tx, f, each)
	}))
}

// fileJSON is the document of evidence, for whoever may read it.
type fileJSON struct {
	Href string `json:"href"`
	Type string `json:"type"`
	Size int64  `json:"size"`
	Hash string `json:"hash"`
}

// GivenJSON is evidence as somebody may see it.
type GivenJSON struct {
	Href string `json:"href"`
	scrutiny.Submission
	Author string    `json:"author,omitempty"`
	Title  string    `json:"title,omitempty"`
	Text   []string  `json:"text,omitempty"` // paragraphs, cited by their number from 1
	File   *fileJSON `json:"file,omitempty"`
}

func givenAsJSON(e scrutiny.EvidencePage) GivenJSON {
	out := GivenJSON{Href: e.Href(), Submission: e.Submission, Author: e.Author, Title: cmp.Or(e.Title, e.Text.Title), Text: e.Text.Paragraphs}
	if e.File != nil {
		out.File = &fileJSON{e.Href() + "/document", e.File.Type, e.File.Size, e.File.Hash}
	}
	return out
}

// InquiryJSON is an inquiry with all that its page says.
type InquiryJSON struct {
	AsAt      string               `json:"as_at"`
	Known     int64                `json:"known_event"`
	State     string               `json:"state"`
	ClosesAt  string               `json:"closes_at"`
	Holder    string               `json:"held_by"` // committee that has it today
	Last      int64                `json:"evidence_taken_in"`
	Evidence  []GivenJSON          `json:"evidence"`
	Next      *string              `json:"next"` // address of the next page of evidence
	Report    *scrutiny.Report     `json:"report"`
	ReportNow *scrutiny.ReportText `json:"report_draft,omitempty"` // for whoever sits on the committee
	scrutiny.Inquiry
}

func inquiryAsJSON(a scrutiny.InquiryPage) InquiryJSON {
	out := InquiryJSON{AsAt: serve.Instant(a.Now), Known: a.Known, State: a.State(civil.DayOf(a.Now)), ClosesAt: serve.Instant(a.ClosesAt()), Holder: a.Holder.Slug, Last: a.Last,
		Evidence: []GivenJSON{}, Report: a.Report, Inquiry: a.Inquiry}
	for _, e := range a.Evidence {
		out.Evidence = append(out.Evidence, givenAsJSON(e))
	}
	if a.Report != nil && a.Report.Status == scrutiny.ReportDraft {
		out.ReportNow = a.Words
	}
	if a.Next != 0 {
		out.Next = serve.OrNull(scrutinyview.EvidenceAddress(a.Href()+"/evidence.json", a.Next))
	}
	return out
}

func (s pages) inquiry(c echo.Context) (serve.Answer, error) {
	if serve.Format(c) == "csv" || serve.Format(c) == "atom" {
		return serve.Answer{}, fault.NotFound.Errorf("Only the evidence of an inquiry can be downloaded in this format. Its address ends in /evidence.")
	}
	a, err := scrutiny.ReadInquiryPage(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("slug"), 0)
	if err == nil {
		err = s.NoteReading(c, office.SealedEvidence, readsSealed(a.Evidence...))
	}
	return serve.Answer{Page: scrutinyview.Inquiry(a), JSON: inquiryAsJSON(a)}, err
}

func (s pages) evidenceList(c echo.Context) (serve.Answer, error) {
	after, err := numberAsked(c, "after")
	if err != nil {
		return serve.Answer{}, err
	}
	if serve.Format(c) == "atom" {
		a, err := scrutiny.NewestEvidence(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("slug"))
		return serve.Answer{Atom: evidenceFeed(a)}, err
	}
	a, err := scrutiny.ReadInquiryPage(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("slug"), after)
	if err != nil {
		return serve.Answer{}, err
	}
	if err := s.NoteReading(c, office.SealedEvidence, readsSealed(a.Evidence...)); err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: scrutinyview.EvidenceList(a, after), JSON: inquiryAsJSON(a), CSV: s.evidenceRows(serve.Ctx(c), serve.Viewer(c), a), Also: []string{"atom"}}, nil
}

// readsSealed reports whether the viewer of some evidence sees what others do not.
func readsSealed(all ...scrutiny.EvidencePage) bool {
	return slices.ContainsFunc(all, func(e scrutiny.EvidencePage) bool { return e.Sits && (!e.Open() || e.AuthorSealed) })
}

// evidenceFeed is the newest evidence of an inquiry.
func evidenceFeed(a scrutiny.InquiryPage) *serve.Feed {
	f := serve.Feed{Title: "Evidence to the inquiry: " + a.Title}
	for _, e := range a.Evidence {
		f.Entries = append(f.Entries, serve.Entry{Title: scrutinyview.EvidenceName(e), Href: e.Href(), Summary: scrutinyview.EvidenceState(e), At: e.TakenAt})
	}
	return &f
}

// evidenceColumns are the columns of the evidence to an inquiry.
func evidenceColumns(day civil.Day) []serve.Column[scrutiny.EvidencePage] {
	return []serve.Column[scrutiny.EvidencePage]{
		{Name: "as_at", Value: func(scrutiny.EvidencePage) string { return string(day) }},
		{Name: "inquiry", Value: func(e scrutiny.EvidencePage) string { return e.Inquiry }},
		{Name: "number", Value: func(e scrutiny.EvidencePage) string { return serve.Digits(e.Number) }},
		{Name: "title", Value: func(e scrutiny.EvidencePage) string { return cmp.Or(e.Title, e.Text.Title) }},
		{Name: "author", Value: func(e scrutiny.EvidencePage) string { return e.Author }},
		{Name: "author_sealed", Value: func(e scrutiny.EvidencePage) string { return serve.YesNo(e.AuthorSealed) }},
		{Name: "status", Value: func(e scrutiny.EvidencePage) string { return string(e.Status) }},
		{Name: "received", Value: func(e scrutiny.EvidencePage) string { return string(e.Received) }},
		{Name: "late", Value: func(e scrutiny.EvidencePage) string { return e.Late }},
		{Name: "call_closed", Value: func(e scrutiny.EvidencePage) string { return string(e.Closed) }},
		{Name: "taken_in_at", Value: func(e scrutiny.EvidencePage) string { return serve.Instant(e.TakenAt) }},
		{Name: "taken_in_by", Value: func(e scrutiny.EvidencePage) string { return e.Office.Title }},
		{Name: "ground", Value: func(e scrutiny.EvidencePage) string { return e.Ground }},
		{Name: "review", Value: func(e scrutiny.EvidencePage) string { return string(e.Review) }},
		{Name: "published_at", Value: func(e scrutiny.EvidencePage) string {
			if !e.Open() {
				return ""
			}
			return serve.Instant(e.PublishedAt)
		}},
		{Name: "paragraphs", Value: func(e scrutiny.EvidencePage) string { return strconv.Itoa(e.Paragraphs) }},
		{Name: "hash", Value: func(e scrutiny.EvidencePage) string { return e.Hash }},
		{Name: "document_hash", Value: func(e scrutiny.EvidencePage) string { return e.DocumentHash }},
		{Name: "withdrawn_on", Value: func(e scrutiny.EvidencePage) string {
			if e.Withdrawn == nil {
				return ""
			}
			return string(e.Withdrawn.On)
		}},
		{Name: "why_withdrawn", Value: func(e scrutiny.EvidencePage) string {
			if e.Withdrawn == nil {
				return ""
			}
			return e.Withdrawn.Why
		}},
		{Name: "event", Value: func(e scrutiny.EvidencePage) string { return serve.Digits(e.N) }},
	}
}

// evidenceRows is all evidence from a page on.
func (s pages) evidenceRows(ctx context.Context, v office.Viewer, a scrutiny.InquiryPage) iter.Seq2[[]string, error] {
	from := int64(0)
	if len(a.Evidence) > 0 {
		from = a.Evidence[0].Number - 1
	}
	return serve.CSV(evidenceColumns(civil.DayOf(a.Now)), db.AtOnce(ctx, s.Store, func(tx *db.Tx, each func(scrutiny.EvidencePage) bool) error {
		return scrutiny.EachEvidence(ctx, tx, v, a.Slug, from, each)
	}))
}

// evidenceOf reads the evidence that an address names.
func (s pages) evidenceOf(c echo.Context) (scrutiny.EvidenceOf, error) {
	n, err := serve.PathNumber(c, "n")
	if err != nil {
		return scrutiny.EvidenceOf{}, err
	}
	return scrutiny.Evidence(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("slug"), n)
}

func (s pages) evidence(c echo.Context) (serve.Answer, error) {
	p, err := s.evidenceOf(c)
	if err != nil {
		return serve.Answer{}, err
	}
	if err := s.NoteReading(c, office.SealedEvidence, readsSealed(p.Evidence)); err != nil {
		return serve.Answer{}, err
	}
	var rows [][]string
	for i, text := range p.Evidence.Text.Paragraphs {
		rows = append(rows, []string{p.Inquiry.Slug, serve.Digits(p.Evidence.Number), strconv.Itoa(i + 1), text})
	}
	return serve.Answer{Page: scrutinyview.Evidence(p), JSON: givenAsJSON(p.Evidence), CSV: serve.Rows([]string{"inquiry", "evidence", "paragraph", "text"}, rows)}, nil
}

// evidenceDocument sends the document of evidence as a download.
func (s pages) evidenceDocument(c echo.Context) error {
	n, err := serve.PathNumber(c, "n")
	if err != nil {
		return err
	}
	d, content, err := scrutiny.EvidenceContent(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("slug"), n)
	if err != nil {
		return err
	}
	if err := s.NoteReading(c, office.SealedEvidence, !d.Published()); err != nil {
		return err
	}
	return s.SendFile(c, d.Name, d.Type, d.Hash, content)
}

// reportedJSON is a finding of a report with its number and its address.
type reportedJSON struct {
	Number int    `json:"number"`
	Href   string `json:"href"`
	scrutiny.Finding
}

type reportJSON struct {
	AsAt       string                `json:"as_at"`
	Inquiry    string                `json:"inquiry"`
	Title      string                `json:"title"`
	Committee  string                `json:"committee"`
	Status     scrutiny.ReportStatus `json:"status"`
	Version    int64                 `json:"version"`
	Event      int64                 `json:"event"`
	At         string                `json:"at"`
	Paragraphs []string              `json:"paragraphs"`
	Findings   []reportedJSON        `json:"findings"`
}

func reportAsJSON(a scrutiny.InquiryPage) reportJSON {
	r := *a.Report
	out := reportJSON{serve.Instant(a.Now), a.Slug, a.Title, a.Inquiry.Committee, r.Status, r.Version, r.N, serve.Instant(r.At), append([]string{}, a.Words.Paragraphs...), []reportedJSON{}}
	for i, f := range a.Words.Findings {
		out.Findings = append(out.Findings, reportedJSON{i + 1, fmt.Sprintf("%s#f%d", r.Href(), i+1), f})
	}
	return out
}

func (s pages) inquiryReport(c echo.Context) (serve.Answer, error) {
	a, err := scrutiny.InquiryReport(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("slug"))
	if err != nil {
		return serve.Answer{}, err
	}
	if err := s.NoteReading(c, office.DraftReport, a.Report.Status != scrutiny.ReportPublished); err != nil {
		return serve.Answer{}, err
	}
	v := scrutinyview.ReportView{InquiryPage: a}
	if s.Options.PublicURL != nil {
		v.Base = s.Options.PublicURL.String()
	}
	return serve.Answer{Page: scrutinyview.InquiryReport(v), JSON: reportAsJSON(a)}, nil
}
