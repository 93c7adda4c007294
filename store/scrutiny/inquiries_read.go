package scrutiny

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
)

// EvidencePageSize is how many pieces of evidence a page shows.
const EvidencePageSize = db.PageRows

// evidenceFed is how many pieces of evidence the feed of an inquiry has.
const evidenceFed = 50

// EvidencePage is evidence as somebody sees it.
type EvidencePage struct {
	Submission
	Reads  bool   // the viewer may read the words
	Sits   bool   // the viewer sits on the committee
	Author string // "" where it is sealed to the viewer
	Text   EvidenceText
	File   *documents.Document // its document, nil for none; what it is, only where it may be read
	Acts   []office.Act        // that the viewer may do
}

// evidenceAt is evidence as v sees it, for the committee that has its inquiry.
func evidenceAt(ctx context.Context, tx *db.Tx, v office.Viewer, holder Committee, e Submission) (a EvidencePage, err error) {
	today := civil.DayOf(tx.Now())
	a.Submission, a.Author = e, e.Author
	a.Sits = v.Reads(office.SealedEvidence, holder.bonds(v, today)...)
	a.Reads = e.Open() || a.Sits
	for _, act := range EvidenceActs {
		if e.May(act, v, holder, today) == nil {
			a.Acts = append(a.Acts, act)
		}
	}
	if a.Sits {
		if a.Author, err = authorOf(ctx, tx, e); err != nil {
			return a, err
		}
	}
	if !a.Reads {
		return a, nil
	}
	a.Text, err = wordsOfEvidence(ctx, tx, e)
	return a, err
}

// withFile adds the document of evidence that v may read.
func (a *EvidencePage) withFile(ctx context.Context, tx *db.Tx) error {
	if a.Document == 0 || !a.Reads {
		return nil
	}
	d, err := db.One(ctx, tx, documents.Scan, `SELECT `+documents.Cols+` FROM documents WHERE id = $1`, a.Document)
	a.File = &d
	return err
}

// EvidenceOf is one piece of evidence with its inquiry, as its page shows it.
type EvidenceOf struct {
	Inquiry  Inquiry
	Holder   Committee // that has the inquiry today
	Evidence EvidencePage
	Last     int64 // number of the newest evidence of the inquiry
	Now      time.Time
	Known    int64
}

// Evidence reads the page of one piece of evidence.
func Evidence(ctx context.Context, tx *db.Tx, v office.Viewer, slug string, number int64) (p EvidenceOf, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if p.Inquiry, p.Holder, err = heldInquiry(ctx, tx, slug); err != nil {
			return err
		}
		e, err := submission(ctx, tx, slug, number)
		if err != nil {
			return err
		}
		if p.Evidence, err = evidenceAt(ctx, tx, v, p.Holder, e); err != nil {
			return err
		}
		if err := p.Evidence.withFile(ctx, tx); err != nil {
			return err
		}
		if p.Last, err = lastEvidence(ctx, tx, slug); err != nil {
			return err
		}
		h, err := record.ReadHead(ctx, tx)
		p.Now, p.Known = tx.Now(), h.Size
		return err
	})
	return p, err
}

// EvidenceContent reads the document of evidence that v may read.
func EvidenceContent(ctx context.Context, tx *db.Tx, v office.Viewer, slug string, number int64) (d documents.Document, content []byte, err error) {
	p, err := Evidence(ctx, tx, v, slug, number)
	if err == nil && p.Evidence.File == nil {
		err = fault.NotFound.Errorf("Document not found. It may be confidential.")
	}
	if err != nil {
		return d, nil, err
	}
	content, err = db.One(ctx, tx, db.ScanInto[[]byte], `SELECT content FROM contents WHERE hash = $1`, p.Evidence.File.Hash)
	return *p.Evidence.File, content, err
}

// MayDo reports whether the viewer of the page may do an act on the evidence.
func (a EvidencePage) MayDo(act office.Act) bool { return slices.Contains(a.Acts, act) }

func lastEvidence(ctx context.Context, tx *db.Tx, slug string) (int64, error) {
	return db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(number), 0) FROM evidence WHERE inquiry = $1`, slug)
}

// InquiryPage is an inquiry as its page shows it, read at one time.
type InquiryPage struct {
	Inquiry
	Now       time.Time
	Known     int64
	Committee Committee // that opened it
	Holder    Committee // that has it today
	Sits      bool      // the viewer sits on the committee that has it
	Last      int64     // number of the newest evidence
	Evidence  []EvidencePage
	Next      int64        // After of the next page of evidence, 0 on the last
	Report    *Report      // nil where there is none
	Words     *ReportText  // of the report, nil where the viewer may not read it
	Acts      []office.Act // that the viewer may do
}

// MayDo reports whether the viewer of the page may do an act on the inquiry.
func (a InquiryPage) MayDo(act office.Act) bool { return slices.Contains(a.Acts, act) }

// ReadInquiryPage reads the page of an inquiry, with the evidence after a number.
func ReadInquiryPage(ctx context.Context, tx *db.Tx, v office.Viewer, slug string, after int64) (a InquiryPage, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if a, err = inquiryAt(ctx, tx, v, slug); err != nil {
			return err
		}
		all, err := db.List(ctx, tx, scanSubmission, fmt.Sprintf(`SELECT `+evidenceCols+` FROM evidence e WHERE e.inquiry = $1 AND e.number > $2 ORDER BY e.number LIMIT %d`, EvidencePageSize+1), slug, after)
		if err != nil {
			return err
		}
		if len(all) > EvidencePageSize {
			all = all[:EvidencePageSize]
			a.Next = all[EvidencePageSize-1].Number
		}
		a.Evidence, err = evidenceSeen(ctx, tx, v, a.Holder, all)
		return err
	})
	return a, err
}

// EachEvidence gives all evidence to an inquiry after a number, until yield says
// no.
func EachEvidence(ctx context.Context, tx *db.Tx, v office.Viewer, slug string, after int64, yield func(EvidencePage) bool) error {
	for {
		a, err := ReadInquiryPage(ctx, tx, v, slug, after)
		if err != nil {
			return err
		}
		for _, e := range a.Evidence {
			if !yield(e) {
				return nil
			}
		}
		if after = a.Next; after == 0 {
			return nil
		}
	}
}

// NewestEvidence reads an inquiry with its newest evidence, newest first.
func NewestEvidence(ctx context.Context, tx *db.Tx, v office.Viewer, slug string) (a InquiryPage, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if a, err = inquiryAt(ctx, tx, v, slug); err != nil {
			return err
		}
		all, err := db.List(ctx, tx, scanSubmission, fmt.Sprintf(`SELECT `+evidenceCols+` FROM evidence e WHERE e.inquiry = $1 ORDER BY e.number DESC LIMIT %d`, evidenceFed), slug)
		if err != nil {
			return err
		}
		a.Evidence, err = evidenceSeen(ctx, tx, v, a.Holder, all)
		return err
	})
	return a, err
}

func evidenceSeen(ctx context.Context, tx *db.Tx, v office.Viewer, holder Committee, all []Submission) ([]EvidencePage, error) {
	seen := make([]EvidencePage, len(all))
	for i, e := range all {
		var err error
		if seen[i], err = evidenceAt(ctx, tx, v, holder, e); err != nil {
			return nil, err
		}
	}
	return seen, nil
}

// inquiryAt reads an inquiry with its report, without its evidence.
func inquiryAt(ctx context.Context, tx *db.Tx, v office.Viewer, slug string) (a InquiryPage, err error) {
	a.Now = tx.Now()
	today := civil.DayOf(a.Now)
	if a.Inquiry, err = inquiry(ctx, tx, slug); err != nil {
		return a, err
	}
	all, err := AllCommittees(ctx, tx)
	if err != nil {
		return a, err
	}
	a.Committee, a.Holder = all[a.Inquiry.Committee], all.Holding(a.Inquiry.Committee, today)
	a.Sits = v.Reads(office.DraftReport, a.Holder.bonds(v, today)...)
	for _, act := range []office.Act{ActExtendCall, ActTakeEvidence, ActDraftReport, ActPublishReport, ActAbandon} {
		if a.May(act, v, a.Holder, today) == nil {
			a.Acts = append(a.Acts, act)
		}
	}
	if a.Last, err = lastEvidence(ctx, tx, slug); err != nil {
		return a, err
	}
	if err := a.withReport(ctx, tx); err != nil {
		return a, err
	}
	h, err := record.ReadHead(ctx, tx)
	a.Known = h.Size
	return a, err
}

// withReport adds the report, and its words where they may be read.
func (a *InquiryPage) withReport(ctx context.Context, tx *db.Tx) error {
	r, found, err := reportOf(ctx, tx, a.Slug)
	if err != nil || !found {
		a.Acts = slices.DeleteFunc(a.Acts, func(act office.Act) bool { return act == ActPublishReport })
		return err
	}
	a.Report = &r
	if r.Status != ReportPublished && !a.Sits {
		return nil
	}
	words, err := wordsOfReport(ctx, tx, r)
	a.Words = &words
	return err
}

// InquiryReport reads the report of an inquiry that v may read.
func InquiryReport(ctx context.Context, tx *db.Tx, v office.Viewer, slug string) (a InquiryPage, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if a, err = inquiryAt(ctx, tx, v, slug); err == nil && a.Words == nil {
			err = fault.NotFound.Errorf("This inquiry has not published a report.")
		}
		return err
	})
	return a, err
}
