package scrutiny

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/text"
)

// ReportStatus is where a report stands.
type ReportStatus string

// The statuses of a report.
const (
	ReportDraft     ReportStatus = "draft"
	ReportPublished ReportStatus = "published"
)

// FindingsMost is how many findings a report may have.
const FindingsMost = 60

// Citation is a paragraph of evidence that a finding rests on, or the evidence
// as a whole where it cannot be quoted.
type Citation struct {
	Evidence  int64 `json:"evidence"`
	Paragraph int   `json:"paragraph,omitempty"` // from 1; 0 is the whole
}

// Words are how a citation is said: “evidence 3, paragraph 4”.
func (c Citation) Words() string { return evidenceRef(c.Evidence, c.Paragraph) }

// Typed is a citation as people type it: “3 p4”.
func (c Citation) Typed() string {
	if c.Paragraph == 0 {
		return strconv.FormatInt(c.Evidence, 10)
	}
	return fmt.Sprintf("%d p%d", c.Evidence, c.Paragraph)
}

// Finding is one thing that an inquiry found, and what it rests on.
type Finding struct {
	Text    string        `json:"text"`
	Cites   []Citation    `json:"evidence,omitempty"`
	Figures []seen.Figure `json:"figures,omitempty"` // as they were seen when they were cited
}

// ReportText are the words of a report.
type ReportText struct {
	Paragraphs []string  `json:"paragraphs"` // cited by their number, from 1
	Findings   []Finding `json:"findings"`   // in the order of their numbers, from 1
}

// Report is the report of an inquiry. Its JSON is its public row: the words of
// a draft are no part of it.
type Report struct {
	Inquiry     string        `json:"inquiry"` // slug
	Status      ReportStatus  `json:"status"`
	Version     int64         `json:"version"` // of the draft
	N           int64         `json:"event"`   // that holds the draft sealed, or published the report
	Office      office.Office `json:"office"`  // that wrote this version, or published it
	At          time.Time     `json:"at"`
	*ReportText               // once published
}

// Href is the address of the report's page.
func (r Report) Href() string { return "/inquiries/" + r.Inquiry + "/report" }

func (r Report) subject() string { return "report/" + r.Inquiry }

const reportCols = `r.inquiry, r.status, r.version, r.report`

func scanReport(r db.Row) (v Report, err error) {
	var c Report
	var text string
	if err := r.Scan(&c.Inquiry, &c.Status, &c.Version, &text); err != nil {
		return v, err
	}
	err = json.Unmarshal([]byte(text), &v)
	if c.Inquiry != v.Inquiry || c.Status != v.Status || c.Version != v.Version {
		v = Report{Inquiry: c.Inquiry} // listed under other words than it says: as no event tells it
	}
	return v, err
}

// ReportLedger holds the reports, with their findings, to the record.
var ReportLedger = record.Ledger{Topic: "report", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanReport, `SELECT `+reportCols+` FROM reports r`, func(r Report) (string, any) { return r.subject(), r })
}}

// reportOf finds the report of an inquiry, if there is one.
func reportOf(ctx context.Context, tx *db.Tx, slug string) (r Report, found bool, err error) {
	return db.Maybe(ctx, tx, scanReport, `SELECT `+reportCols+` FROM reports r WHERE r.inquiry = $1`, slug)
}

// wordsOfReport reads the words of a report: those of a draft too, so that
// whoever calls must know who asks.
func wordsOfReport(ctx context.Context, tx *db.Tx, r Report) (t ReportText, err error) {
	if r.ReportText != nil {
		return *r.ReportText, nil
	}
	_, text, found, err := record.Unseal(ctx, tx, r.N, "report")
	if err != nil || !found {
		return t, err
	}
	return t, json.Unmarshal(text, &t)
}

// FindingForm is one finding as it is typed.
type FindingForm struct {
	Text    string
	Cites   string // “3 p4”, one to a line or with commas between
	Figures string // references, one to a line
}

func (f FindingForm) empty() bool {
	return strings.TrimSpace(f.Text+f.Cites+f.Figures) == ""
}

// ReportForm is a report as it is typed.
type ReportForm struct {
	Text     string        // paragraphs, an empty line between
	Findings []FindingForm // those that are empty are left out
}

var citationForm = regexp.MustCompile(`(?i)^(?:evidence )?(\d{1,6})(?:,? *(?:p|paragraph) ?(\d{1,6}))?$`)

// citationsOf reads the citations of a finding.
func citationsOf(typed string) (all []Citation, err error) {
	for _, one := range strings.FieldsFunc(typed, func(r rune) bool { return r == '\n' || r == ';' }) {
		if one = text.OneLine(one); one == "" {
			continue
		}
		m := citationForm.FindStringSubmatch(one)
		if m == nil {
			return nil, fault.Invalid.Errorf("“%s” does not cite evidence. Enter the number of the evidence and the paragraph, for example 3 p4.", text.Short(one))
		}
		n, _ := strconv.ParseInt(m[1], 10, 64) // only a few digits
		p, _ := strconv.Atoi(m[2])             // "" is the whole
		if c := (Citation{n, p}); !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all, nil
}

// FindingField names the fields of the finding of a number, from 0, in a form.
func FindingField(name string, i int) string { return fmt.Sprintf("%s-%d", name, i+1) }

// citable says why a citation cannot stand in a report, or nil.
func citable(ctx context.Context, tx *db.Tx, slug string, c Citation) error {
	e, err := submission(ctx, tx, slug, c.Evidence)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return fault.Invalid.Errorf("This inquiry has no evidence %d. Use the number from the list of evidence.", c.Evidence)
	case err != nil:
		return err
	case e.Status == EvidenceWithdrawn:
		return fault.Invalid.Errorf("Evidence %d was withdrawn, so it cannot be cited.", c.Evidence)
	case e.Status == EvidenceConfidential && c.Paragraph != 0:
		return fault.Invalid.Errorf("Evidence %d is confidential. Cite it by its number only.", c.Evidence)
	case e.Status == EvidenceConfidential:
		return nil
	case c.Paragraph == 0 && e.Paragraphs > 0:
		return fault.Invalid.Errorf("Enter a paragraph of evidence %d, for example %d p1. It has %s.", c.Evidence, c.Evidence, text.Count(e.Paragraphs, "paragraph", "paragraphs"))
	case c.Paragraph > e.Paragraphs:
		return fault.Invalid.Errorf("Evidence %d has no paragraph %d. It has %s.", c.Evidence, c.Paragraph, text.Count(e.Paragraphs, "paragraph", "paragraphs"))
	}
	return nil
}

// finding reads one finding. A figure that the draft cites already stays as it
// was seen then; others are looked at as anyone sees them, since anyone reads
// the report.
func finding(ctx context.Context, tx *db.Tx, slug string, i int, form FindingForm, had []seen.Figure, f *fault.Faults) (out Finding, err error) {
	out.Text = text.OneLine(form.Text)
	text.Tidy(f, FindingField("finding", i), fmt.Sprintf("finding %d", i+1), out.Text, true, 4000)
	var wrong error
	if out.Cites, wrong = citationsOf(form.Cites); f.Take(FindingField("cites", i), wrong) != nil {
		return out, wrong
	}
	for _, c := range out.Cites {
		if err := f.Take(FindingField("cites", i), citable(ctx, tx, slug, c)); err != nil {
			return out, err
		}
	}
	for _, ref := range strings.Fields(form.Figures) {
		if k := slices.IndexFunc(had, func(seen seen.Figure) bool { return seen.Ref == ref }); k >= 0 {
			out.Figures = append(out.Figures, had[k])
			continue
		}
		seen, err := seen.Look(ctx, tx, office.Viewer{}, ref)
		if fault.KindOf(err) == fault.NotFound {
			err = fault.Invalid.Errorf("“%s” is not the reference of a published figure. Copy the reference from the page of the figure.", text.Short(ref))
		}
		if err != nil {
			if err := f.Take(FindingField("figures", i), err); err != nil {
				return out, err
			}
			continue
		}
		out.Figures = append(out.Figures, seen)
	}
	if len(out.Cites)+len(out.Figures) == 0 && strings.TrimSpace(form.Cites+form.Figures) == "" {
		f.Add(FindingField("cites", i), "Enter the evidence for finding %d: a paragraph, like 3 p4, or a figure.", i+1)
	}
	return out, nil
}

// read reads a report as it was typed, for an inquiry.
func (form ReportForm) read(ctx context.Context, tx *db.Tx, slug string, had ReportText) (t ReportText, err error) {
	var f fault.Faults
	text.Tidy(&f, "text", "the text of the report", form.Text, true, 400_000)
	t.Paragraphs = paragraphsOf(form.Text)
	var seen []seen.Figure
	for _, was := range had.Findings {
		seen = append(seen, was.Figures...)
	}
	for i, one := range form.Findings {
		if one.empty() {
			continue
		}
		found, err := finding(ctx, tx, slug, i, one, seen, &f)
		if err != nil {
			return t, err
		}
		t.Findings = append(t.Findings, found)
	}
	if len(t.Findings) > FindingsMost {
		f.Add("", "A report can have up to %d findings.", FindingsMost)
	}
	return t, f.Err()
}

// saveReport stores how a report stands, if nobody else changed it meanwhile.
func saveReport(ctx context.Context, tx *db.Tx, r Report, was int64) (record.Part, error) {
	row, err := text.Canonical(r)
	if err != nil {
		return nil, err
	}
	if was == 0 {
		err = tx.Change(ctx, `INSERT INTO reports (inquiry, status, version, report) VALUES ($1, $2, $3, $4)`, r.Inquiry, r.Status, r.Version, string(row))
	} else {
		err = tx.Change(ctx, `UPDATE reports SET status = $1, version = $2, report = $3 WHERE inquiry = $4 AND version = $5 AND status = 'draft'`, r.Status, r.Version, string(row), r.Inquiry, was)
	}
	return record.NowRow(r.subject(), row), err
}

// DraftReport keeps a draft of the report in place of a version of it, 0 for
// none. Only whoever sits on the committee reads it: the record holds a
// commitment only.
func DraftReport(ctx context.Context, tx *db.Tx, by office.Viewer, slug string, version int64, form ReportForm) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		i, _, err := inquiring(ctx, tx, by, slug, ActDraftReport)
		if err != nil {
			return err
		}
		r, had, err := draftOf(ctx, tx, slug, version)
		if err != nil {
			return err
		}
		words, err := form.read(ctx, tx, slug, had)
		if err != nil {
			return err
		}
		sealed, err := text.Canonical(words)
		if err != nil {
			return err
		}
		r = Report{Inquiry: slug, Status: ReportDraft, Version: r.Version + 1, N: record.NextEvent(tx), Office: by.Office, At: tx.Now()}
		said, err := saveReport(ctx, tx, r, version)
		if err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, "report.draft", r.subject(), record.About(i.Body), said, record.Seal("report", sealed))
		return err
	})
}

// draftOf finds the draft of a version with its words; 0 is that there is none.
func draftOf(ctx context.Context, tx *db.Tx, slug string, version int64) (r Report, t ReportText, err error) {
	r, found, err := reportOf(ctx, tx, slug)
	if err != nil {
		return r, t, err
	}
	if r.Version != version {
		return r, t, fault.Conflict.Errorf("Someone else has changed this draft. Reload the page and try again.")
	}
	if found {
		t, err = wordsOfReport(ctx, tx, r)
	}
	return r, t, err
}

// PublishReport publishes the draft of a version as the report, once the call
// for evidence has closed. All that it cites must still stand.
func PublishReport(ctx context.Context, tx *db.Tx, by office.Viewer, slug string, version int64) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		i, _, err := inquiring(ctx, tx, by, slug, ActPublishReport)
		if err != nil {
			return err
		}
		r, words, err := draftOf(ctx, tx, slug, version)
		if err != nil {
			return err
		}
		if err := fitToPublish(ctx, tx, slug, words); err != nil {
			return err
		}
		r.Status, r.N, r.Office, r.At, r.ReportText = ReportPublished, record.NextEvent(tx), by.Office, tx.Now(), &words
		said, err := saveReport(ctx, tx, r, version)
		if err != nil {
			return err
		}
		i.Status, i.Ended = InquiryReported, civil.DayOf(tx.Now())
		moved, err := saveInquiry(ctx, tx, i)
		if err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, "report.publish", r.subject(), record.About(i.Body), said, moved)
		return err
	})
}

// fitToPublish says why the words of a draft cannot be published, or nil: what
// was cited may have been withdrawn since, and what is confidential is not to
// be quoted.
func fitToPublish(ctx context.Context, tx *db.Tx, slug string, t ReportText) error {
	if len(t.Paragraphs) == 0 || len(t.Findings) == 0 {
		return fault.Conflict.Errorf("Add a text and at least one finding to the draft before you publish the report.")
	}
	for i, f := range t.Findings {
		for _, c := range f.Cites {
			err := citable(ctx, tx, slug, c)
			if fault.KindOf(err) == fault.Invalid {
				err = fault.Conflict.Errorf("Finding %d cannot be published yet. %s", i+1, err)
			}
			if err != nil {
				return err
			}
		}
	}
	return quotesNone(ctx, tx, slug, t)
}
