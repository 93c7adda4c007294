package scrutiny

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// EvidenceStatus is where evidence stands.
type EvidenceStatus string

// The statuses of evidence.
const (
	EvidenceConfidential EvidenceStatus = "confidential"
	EvidencePublished    EvidenceStatus = "published"
	EvidenceWithdrawn    EvidenceStatus = "withdrawn"
)

// The acts on evidence that was taken in.
const (
	ActPublishEvidence  office.Act = "publish"
	ActReviewEvidence   office.Act = "review"
	ActWithdrawEvidence office.Act = "withdraw"
)

// EvidenceActs lists them all.
var EvidenceActs = []office.Act{ActPublishEvidence, ActReviewEvidence, ActWithdrawEvidence}

// EvidenceLife is every move of evidence that was taken in.
var EvidenceLife = office.Life[EvidenceStatus]{
	{From: EvidenceConfidential, Act: ActPublishEvidence, To: EvidencePublished, Need: office.SitOnCommittees},
	{From: EvidenceConfidential, Act: ActReviewEvidence, To: EvidenceConfidential, Need: office.SitOnCommittees},
	{From: EvidenceConfidential, Act: ActWithdrawEvidence, To: EvidenceWithdrawn, Need: office.SitOnCommittees},
	{From: EvidencePublished, Act: ActWithdrawEvidence, To: EvidenceWithdrawn, Need: office.SitOnCommittees},
}

// EvidenceGrounds are the grounds on which evidence is kept confidential.
var EvidenceGrounds = []string{"Commercial interests", "An individual, or who they are", "Given in confidence, and asked to be kept so", "Legal professional privilege", "Prevention or investigation of crime"}

// EvidenceReview is a decision to keep evidence confidential for longer.
type EvidenceReview struct {
	Until  civil.Day     `json:"until"` // when it is looked at again
	Why    string        `json:"why"`
	On     civil.Day     `json:"on"`
	Office office.Office `json:"office"`
	N      int64         `json:"event"`
}

// EvidenceEnd says that evidence was withdrawn.
type EvidenceEnd struct {
	Why    string        `json:"why"`
	On     civil.Day     `json:"on"`
	Office office.Office `json:"office"`
	N      int64         `json:"event"`
}

// Submission is one piece of evidence given to an inquiry. Its JSON is its
// public row: what is confidential is no part of it.
type Submission struct {
	Inquiry      string           `json:"inquiry"` // slug
	Number       int64            `json:"number"`  // from 1 within the inquiry
	Status       EvidenceStatus   `json:"status"`
	Author       string           `json:"author,omitempty"` // "" where it is sealed
	AuthorSealed bool             `json:"author_sealed,omitempty"`
	Title        string           `json:"title,omitempty"` // "" until it is published
	Received     civil.Day        `json:"received"`
	Late         string           `json:"late,omitempty"`    // why it was taken in although it came after the call had closed
	Closed       civil.Day        `json:"closed,omitempty"`  // the closing day that it came after
	TakenAt      time.Time        `json:"taken_in_at"`       //
	Office       office.Office    `json:"taken_in_by"`       // whoever took it in
	N            int64            `json:"event"`             // that took it in and, of what is confidential, holds it sealed
	Ground       string           `json:"ground,omitempty"`  // of confidence; kept once published
	Review       civil.Day        `json:"review,omitempty"`  // when confidence is looked at again
	Reviews      []EvidenceReview `json:"reviews,omitempty"` // by which confidence was kept for longer
	Paragraphs   int              `json:"paragraphs,omitempty"`
	Hash         string           `json:"hash,omitempty"`     // hex SHA-256 of the words as published
	Document     int64            `json:"document,omitempty"` // number of its document, 0 for none
	DocumentHash string           `json:"document_hash,omitempty"`
	PublishedAt  time.Time        `json:"published_at,omitzero"`
	PublishedN   int64            `json:"published_event,omitempty"`
	Why          string           `json:"why_published,omitempty"` // after it was confidential
	Withdrawn    *EvidenceEnd     `json:"withdrawn,omitempty"`
	Turn         int64            `json:"turn"` // number of its events
}

// Open reports whether anyone may read the words of the evidence.
func (e Submission) Open() bool { return e.PublishedN != 0 }

// Overdue reports whether the day has passed on which confidence was to be
// looked at again.
func (e Submission) Overdue(on civil.Day) bool {
	return e.Status == EvidenceConfidential && e.Review < on
}

// Href is the address of the page of the evidence.
func (e Submission) Href() string {
	return fmt.Sprintf("/inquiries/%s/evidence/%d", e.Inquiry, e.Number)
}

func (e Submission) subject() string { return fmt.Sprintf("evidence/%s/%d", e.Inquiry, e.Number) }

// May says whether v may do an act on the evidence for the committee that has
// its inquiry on a day, or why not. The page and the write both ask it.
func (e Submission) May(act office.Act, v office.Viewer, holder Committee, on civil.Day) error {
	if err := holder.May(v, on, SeatChair, SeatClerk); err != nil {
		return err
	}
	_, err := EvidenceLife.After(e.Status, act, v)
	return err
}

// EvidenceText are the words of evidence. Its canonical JSON is what the record
// commits to while they are confidential, and tells once they are published.
type EvidenceText struct {
	Inquiry    string   `json:"inquiry"`
	Number     int64    `json:"number"`
	Title      string   `json:"title"`
	Paragraphs []string `json:"paragraphs"` // cited by their number, from 1
}

func (t EvidenceText) thing() string { return fmt.Sprintf("evidence-text/%s/%d", t.Inquiry, t.Number) }

// Paragraph is the text of a paragraph by its number, from 1.
func (t EvidenceText) Paragraph(n int) (string, bool) {
	if n < 1 || n > len(t.Paragraphs) {
		return "", false
	}
	return t.Paragraphs[n-1], true
}

// EvidenceForm is what whoever takes evidence in writes down.
type EvidenceForm struct {
	Author       string
	AuthorSealed bool // the author asked not to be named
	Title        string
	Received     civil.Day
	Late         string // why it is taken in after the call closed
	Text         string // paragraphs, an empty line between
	Document     int64  // number of a draft, 0 for none
	Confidential bool
	Ground       string
	Review       civil.Day
}

// check tidies evidence and says what is wrong with it for an inquiry today.
func (e *EvidenceForm) check(i Inquiry, today civil.Day) error {
	var f fault.Faults
	e.Author, e.Title, e.Late, e.Ground = text.OneLine(e.Author), text.OneLine(e.Title), text.OneLine(e.Late), text.OneLine(e.Ground)
	text.Tidy(&f, "author", "the author of the evidence", e.Author, true, 160)
	text.Tidy(&f, "title", "the title of the evidence", e.Title, true, 160)
	e.checkReceived(&f, i, today)
	text.Tidy(&f, "text", "the text", e.Text, e.Document == 0, 200_000)
	if paragraphs := len(paragraphsOf(e.Text)); paragraphs > 1000 {
		f.Add("text", "The text has %s paragraphs. It can have up to 1,000.", text.Thousands(int64(paragraphs)))
	}
	if !e.Confidential {
		e.Ground, e.Review = "", ""
		return f.Err()
	}
	if !slices.Contains(EvidenceGrounds, e.Ground) {
		f.Add("ground", "Choose the reason for keeping it confidential.")
	}
	checkReview(&f, e.Review, today)
	return f.Err()
}

func (e *EvidenceForm) checkReceived(f *fault.Faults, i Inquiry, today civil.Day) {
	civil.CheckDay(f, "received", "the date it was received", e.Received)
	switch {
	case e.Received == "":
	case e.Received > today:
		f.Add("received", "The date received must be today, %s, or earlier.", today)
	case e.Received < i.Opened:
		f.Add("received", "The date received must be %s or later, because the call opened on that day.", i.Opened)
	case e.Received <= i.Closes:
		e.Late = ""
	default:
		text.Tidy(f, "late", "the reason for accepting it after the call closed on "+i.Closes.String(), e.Late, true, 500)
	}
}

// checkReview is the rule for the day on which confidence is looked at again.
func checkReview(f *fault.Faults, d, today civil.Day) {
	if civil.CheckDay(f, "review", "the date its confidentiality will be reviewed", d); d != "" && d <= today {
		f.Add("review", "The review date must be after today, %s.", today)
	}
}

const evidenceCols = `e.inquiry, e.number, e.status, e.review, e.turn, e.evidence`

func scanSubmission(r db.Row) (e Submission, err error) {
	var c Submission
	var text string
	if err := r.Scan(&c.Inquiry, &c.Number, &c.Status, &c.Review, &c.Turn, &text); err != nil {
		return e, err
	}
	err = json.Unmarshal([]byte(text), &e)
	if c.Inquiry != e.Inquiry || c.Number != e.Number || c.Status != e.Status || c.Review != e.waits() || c.Turn != e.Turn {
		e = Submission{Inquiry: c.Inquiry, Number: c.Number} // listed under other words than it says: as no event tells it
	}
	return e, err
}

// waits is the day on which something is to be done about the evidence, "" for none.
func (e Submission) waits() civil.Day {
	if e.Status == EvidenceConfidential {
		return e.Review
	}
	return ""
}

const evidenceTextCols = `t.inquiry, t.number, t.text`

func scanEvidenceText(r db.Row) (t EvidenceText, err error) {
	var c EvidenceText
	var text string
	if err := r.Scan(&c.Inquiry, &c.Number, &text); err != nil {
		return t, err
	}
	err = json.Unmarshal([]byte(text), &t)
	if c.Inquiry != t.Inquiry || c.Number != t.Number {
		t = c // kept under another number than it says: as no event tells it
	}
	return t, err
}

// EvidenceLedger and evidenceTextLedger hold evidence and the words of what is
// published to the record.
var (
	EvidenceLedger = record.Ledger{Topic: "evidence", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
		return record.RowsOf(ctx, tx, scanSubmission, `SELECT `+evidenceCols+` FROM evidence e`, func(e Submission) (string, any) { return e.subject(), e })
	}}
	EvidenceTextLedger = record.Ledger{Topic: "evidence-text", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
		return record.RowsOf(ctx, tx, scanEvidenceText, `SELECT `+evidenceTextCols+` FROM evidence_texts t`, func(t EvidenceText) (string, any) { return t.thing(), t })
	}}
)

// submission finds one piece of evidence.
func submission(ctx context.Context, tx *db.Tx, slug string, number int64) (Submission, error) {
	e, found, err := db.Maybe(ctx, tx, scanSubmission, `SELECT `+evidenceCols+` FROM evidence e WHERE e.inquiry = $1 AND e.number = $2`, slug, number)
	if err == nil && !found {
		err = fault.NotFound.Errorf("This inquiry has no evidence %d.", number)
	}
	return e, err
}

// sealedEvidence names the sealed parts of the event that took evidence in.
const (
	sealedEvidence = "evidence"
	sealedAuthor   = "author"
)

// wordsOfEvidence reads the words of evidence: those of what is confidential
// too, so that whoever calls must know who asks.
func wordsOfEvidence(ctx context.Context, tx *db.Tx, e Submission) (t EvidenceText, err error) {
	if e.Open() {
		return db.One(ctx, tx, scanEvidenceText, `SELECT `+evidenceTextCols+` FROM evidence_texts t WHERE t.inquiry = $1 AND t.number = $2`, e.Inquiry, e.Number)
	}
	_, text, found, err := record.Unseal(ctx, tx, e.N, sealedEvidence)
	if err != nil || !found {
		return t, err
	}
	return t, json.Unmarshal(text, &t)
}

// authorOf reads who gave evidence, where that is sealed too.
func authorOf(ctx context.Context, tx *db.Tx, e Submission) (string, error) {
	if !e.AuthorSealed {
		return e.Author, nil
	}
	_, name, _, err := record.Unseal(ctx, tx, e.N, sealedAuthor)
	return string(name), err
}
