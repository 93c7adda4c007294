package web

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	scrutinyview "github.com/police-ict/handover/views/scrutiny"
)

func (s *Server) inquiriesRoutes() {
	s.data("/inquiries", office.Public, s.inquiries)
	s.form("/inquiries/new", office.SitOnCommittees, s.inquiryForm, s.openInquiry)
	s.data("/inquiries/:slug", office.Public, s.inquiry)
	s.data("/inquiries/:slug/evidence", office.Public, s.evidenceList)
	s.data("/inquiries/:slug/evidence/:n", office.Public, s.evidence)
	s.add(http.MethodGet, "/inquiries/:slug/evidence/:n/document", office.Public, s.evidenceDocument)
	s.data("/inquiries/:slug/report", office.Public, s.inquiryReport)
	s.inquiryActsRoutes()
}

// numberAsked is a whole number of the address, 0 where it is not given.
func numberAsked(c echo.Context, name string) (int64, error) {
	text := asked(c, name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, fault.Invalid.Errorf("That page of the list cannot be found: begin at its first page.")
	}
	return n, nil
}

// inquiryFilter reads which inquiries an address asks for.
func inquiryFilter(c echo.Context) (f scrutiny.InquiryFilter, err error) {
	var all fault.Faults
	f = scrutiny.InquiryFilter{Committee: asked(c, "committee"), State: asked(c, "status"), Words: strings.TrimSpace(asked(c, "q"))}
	if f.State != "" && !slices.Contains(scrutiny.InquiryStates, f.State) {
		all.Add("status", "There is no such status: choose one from the list.")
	}
	if len([]rune(f.Words)) > 200 {
		all.Add("q", "Shorten the words to 200 characters or fewer.")
	}
	if f.Before, err = numberAsked(c, "before"); all.Take("", err) != nil {
		return f, err
	}
	return f, all.Err()
}

func (s *Server) inquiries(c echo.Context) (answer, error) {
	f, err := inquiryFilter(c)
	if err != nil {
		return answer{}, err
	}
	if form(c) == "csv" {
		return answer{CSV: s.inquiryRows(ctx(c), f)}, nil
	}
	p, err := scrutiny.Inquiries(ctx(c), s.store, f, scrutinyview.InquiriesPage)
	if err != nil {
		return answer{}, err
	}
	may, err := scrutiny.CommitteesToInquire(ctx(c), s.store, viewer(c))
	if err != nil {
		return answer{}, err
	}
	return answer{Page: scrutinyview.Inquiries(p, len(may) > 0), JSON: inquiriesAsJSON(civil.DayOf(s.store.Now()), p), Atom: inquiriesFeed(p)}, nil
}

// inquiriesFeed are the inquiries of a page, the last moved first.
func inquiriesFeed(p scrutiny.InquiriesPage) *feed {
	f := feed{Title: "Inquiries"}
	for _, i := range p.All {
		f.Entries = append(f.Entries, entry{fmt.Sprintf("%s (%s)", i.Title, i.State), i.Href(), scrutinyview.CallWords(i.Inquiry, i.State), i.MovedAt})
	}
	slices.SortStableFunc(f.Entries, func(a, b entry) int { return b.At.Compare(a.At) })
	return &f
}

// listedInquiryJSON is one inquiry of a list.
type listedInquiryJSON struct {
	State    string `json:"state"`
	ClosesAt string `json:"closes_at"` // instant at which the call for evidence closes
	Evidence int64  `json:"evidence_taken_in"`
	scrutiny.Inquiry
}

type inquiriesJSON struct {
	AsAt      civil.Day           `json:"as_at"`
	Inquiries []listedInquiryJSON `json:"inquiries"`
	Next      *string             `json:"next"` // address of the next page
}

func inquiriesAsJSON(day civil.Day, p scrutiny.InquiriesPage) inquiriesJSON {
	out := inquiriesJSON{AsAt: day, Inquiries: make([]listedInquiryJSON, len(p.All))}
	for i, l := range p.All {
		out.Inquiries[i] = listedInquiryJSON{l.State, instant(l.ClosesAt()), l.Evidence, l.Inquiry}
	}
	if p.Next != 0 {
		f := p.Filter
		f.Before = p.Next
		out.Next = orNull(scrutinyview.InquiriesAddress("/inquiries.json", f))
	}
	return out
}

var inquiryHeader = []string{"as_at", "slug", "title", "committee", "state", "opened", "closes", "closes_at", "times_extended", "ended", "why_abandoned", "evidence_taken_in", "moved_at"}

// inquiryRows are all inquiries of a filter, read a page at a time.
func (s *Server) inquiryRows(ctx context.Context, f scrutiny.InquiryFilter) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		if !yield(inquiryHeader, nil) {
			return
		}
		day := string(civil.DayOf(s.store.Now()))
		err := scrutiny.EachInquiry(ctx, s.store, f, func(i scrutiny.ListedInquiry) bool {
			return yield([]string{day, i.Slug, i.Title, i.Committee, i.State, string(i.Opened), string(i.Closes), instant(i.ClosesAt()), strconv.Itoa(len(i.Extended)), string(i.Ended), i.Why,
				whole(i.Evidence), instant(i.MovedAt)}, nil)
		})
		if err != nil {
			yield(nil, err)
		}
	}
}

// fileJSON is the document of evidence, for whoever may read it.
type fileJSON struct {
	Href string `json:"href"`
	Type string `json:"type"`
	Size int64  `json:"size"`
	Hash string `json:"hash"`
}

// givenJSON is evidence as somebody may see it.
type givenJSON struct {
	Href string `json:"href"`
	scrutiny.Submission
	Author string    `json:"author,omitempty"`
	Title  string    `json:"title,omitempty"`
	Text   []string  `json:"text,omitempty"` // paragraphs, cited by their number from 1
	File   *fileJSON `json:"file,omitempty"`
}

func givenAsJSON(e scrutiny.EvidencePage) givenJSON {
	out := givenJSON{Href: e.Href(), Submission: e.Submission, Author: e.Author, Title: cmp.Or(e.Title, e.Text.Title), Text: e.Text.Paragraphs}
	if e.File != nil {
		out.File = &fileJSON{e.Href() + "/document", e.File.Type, e.File.Size, e.File.Hash}
	}
	return out
}

// inquiryJSON is an inquiry with all that its page says.
type inquiryJSON struct {
	AsAt      string               `json:"as_at"`
	Known     int64                `json:"known_event"`
	State     string               `json:"state"`
	ClosesAt  string               `json:"closes_at"`
	Holder    string               `json:"held_by"` // committee that has it today
	Last      int64                `json:"evidence_taken_in"`
	Evidence  []givenJSON          `json:"evidence"`
	Next      *string              `json:"next"` // address of the next page of evidence
	Report    *scrutiny.Report     `json:"report"`
	ReportNow *scrutiny.ReportText `json:"report_draft,omitempty"` // for whoever sits on the committee
	scrutiny.Inquiry
}

func inquiryAsJSON(a scrutiny.InquiryPage) inquiryJSON {
	out := inquiryJSON{AsAt: instant(a.Now), Known: a.Known, State: a.State(civil.DayOf(a.Now)), ClosesAt: instant(a.ClosesAt()), Holder: a.Holder.Slug, Last: a.Last,
		Evidence: []givenJSON{}, Report: a.Report, Inquiry: a.Inquiry}
	for _, e := range a.Evidence {
		out.Evidence = append(out.Evidence, givenAsJSON(e))
	}
	if a.Report != nil && a.Report.Status == scrutiny.ReportDraft {
		out.ReportNow = a.Words
	}
	if a.Next != 0 {
		out.Next = orNull(scrutinyview.EvidenceAddress(a.Href()+"/evidence.json", a.Next))
	}
	return out
}

func (s *Server) inquiry(c echo.Context) (answer, error) {
	if form(c) == "csv" || form(c) == "atom" {
		return answer{}, fault.NotFound.Errorf("Ask for the evidence of the inquiry in this form: its address ends in /evidence.")
	}
	a, err := scrutiny.ReadInquiryPage(ctx(c), s.store, viewer(c), c.Param("slug"), 0)
	return answer{Page: scrutinyview.Inquiry(a), JSON: inquiryAsJSON(a)}, err
}

func (s *Server) evidenceList(c echo.Context) (answer, error) {
	after, err := numberAsked(c, "after")
	if err != nil {
		return answer{}, err
	}
	if form(c) == "atom" {
		a, err := scrutiny.NewestEvidence(ctx(c), s.store, viewer(c), c.Param("slug"))
		return answer{Atom: evidenceFeed(a)}, err
	}
	a, err := scrutiny.ReadInquiryPage(ctx(c), s.store, viewer(c), c.Param("slug"), after)
	if err != nil {
		return answer{}, err
	}
	return answer{Page: scrutinyview.EvidenceList(a, after), JSON: inquiryAsJSON(a), CSV: s.evidenceRows(ctx(c), viewer(c), a)}, nil
}

// evidenceFeed is the newest evidence of an inquiry.
func evidenceFeed(a scrutiny.InquiryPage) *feed {
	f := feed{Title: "Evidence to the inquiry: " + a.Title}
	for _, e := range a.Evidence {
		f.Entries = append(f.Entries, entry{scrutinyview.EvidenceName(e), e.Href(), scrutinyview.EvidenceState(e), e.TakenAt})
	}
	return &f
}

var evidenceHeader = []string{"as_at", "inquiry", "number", "title", "author", "author_sealed", "status", "received", "late", "call_closed", "taken_in_at", "taken_in_by", "ground", "review", "published_at", "paragraphs", "hash", "document_hash", "withdrawn_on", "why_withdrawn", "event"}

func evidenceRow(day civil.Day, e scrutiny.EvidencePage) []string {
	published, gone, why := "", "", ""
	if e.Open() {
		published = instant(e.PublishedAt)
	}
	if e.Withdrawn != nil {
		gone, why = string(e.Withdrawn.On), e.Withdrawn.Why
	}
	return []string{string(day), e.Inquiry, whole(e.Number), cmp.Or(e.Title, e.Text.Title), e.Author, yesNo(e.AuthorSealed), string(e.Status), string(e.Received), e.Late, string(e.Closed), instant(e.TakenAt), e.Office.Title,
		e.Ground, string(e.Review), published, strconv.Itoa(e.Paragraphs), e.Hash, e.DocumentHash, gone, why, whole(e.N)}
}

// evidenceRows is all evidence from a page on, read a page at a time.
func (s *Server) evidenceRows(ctx context.Context, v office.Viewer, a scrutiny.InquiryPage) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		if !yield(evidenceHeader, nil) {
			return
		}
		day := civil.DayOf(a.Now)
		for {
			for _, e := range a.Evidence {
				if !yield(evidenceRow(day, e), nil) {
					return
				}
			}
			if a.Next == 0 {
				return
			}
			var err error
			if a, err = scrutiny.ReadInquiryPage(ctx, s.store, v, a.Slug, a.Next); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// evidenceOf reads the evidence that an address names.
func (s *Server) evidenceOf(c echo.Context) (scrutiny.EvidenceOf, error) {
	n, err := number(c, "n")
	if err != nil {
		return scrutiny.EvidenceOf{}, err
	}
	return scrutiny.Evidence(ctx(c), s.store, viewer(c), c.Param("slug"), n)
}

func (s *Server) evidence(c echo.Context) (answer, error) {
	p, err := s.evidenceOf(c)
	if err != nil {
		return answer{}, err
	}
	var rows [][]string
	for i, text := range p.Evidence.Text.Paragraphs {
		rows = append(rows, []string{p.Inquiry.Slug, whole(p.Evidence.Number), strconv.Itoa(i + 1), text})
	}
	return answer{Page: scrutinyview.Evidence(p), JSON: givenAsJSON(p.Evidence), CSV: rowsOf([]string{"inquiry", "evidence", "paragraph", "text"}, rows)}, nil
}

// evidenceDocument sends the document of evidence as a download.
func (s *Server) evidenceDocument(c echo.Context) error {
	n, err := number(c, "n")
	if err != nil {
		return err
	}
	d, content, err := scrutiny.EvidenceContent(ctx(c), s.store, viewer(c), c.Param("slug"), n)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(d.Name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	return c.Blob(http.StatusOK, d.Type, content)
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
	out := reportJSON{instant(a.Now), a.Slug, a.Title, a.Inquiry.Committee, r.Status, r.Version, r.N, instant(r.At), append([]string{}, a.Words.Paragraphs...), []reportedJSON{}}
	for i, f := range a.Words.Findings {
		out.Findings = append(out.Findings, reportedJSON{i + 1, fmt.Sprintf("%s#f%d", r.Href(), i+1), f})
	}
	return out
}

func (s *Server) inquiryReport(c echo.Context) (answer, error) {
	a, err := scrutiny.InquiryReport(ctx(c), s.store, viewer(c), c.Param("slug"))
	if err != nil {
		return answer{}, err
	}
	v := scrutinyview.ReportView{InquiryPage: a}
	if s.options.PublicURL != nil {
		v.Base = s.options.PublicURL.String()
	}
	return answer{Page: scrutinyview.InquiryReport(v), JSON: reportAsJSON(a)}, nil
}
