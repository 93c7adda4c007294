package store

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// EvidencePage is how many pieces of evidence a page shows.
const EvidencePage = 50

// EvidenceAt is evidence as somebody sees it.
type EvidenceAt struct {
	Submission
	Reads  bool   // the viewer may read the words
	Sits   bool   // the viewer sits on the committee
	Author string // "" where it is sealed to the viewer
	Text   EvidenceText
	File   *Document // its document, nil for none; what it is, only where it may be read
	Acts   []Act     // that the viewer may do
}

// evidenceAt is evidence as v sees it, for the committee that has its inquiry.
func (s *Store) evidenceAt(ctx context.Context, v Viewer, holder Committee, e Submission) (a EvidenceAt, err error) {
	today := DayOf(s.Now())
	a.Submission, a.Author, a.Sits = e, e.Author, holder.May(v, today) == nil
	a.Reads = e.Open() || a.Sits
	for _, act := range EvidenceActs {
		if e.May(act, v, holder, today) == nil {
			a.Acts = append(a.Acts, act)
		}
	}
	if a.Sits {
		if a.Author, err = s.authorOf(ctx, e); err != nil {
			return a, err
		}
	}
	if !a.Reads {
		return a, nil
	}
	a.Text, err = s.wordsOfEvidence(ctx, e)
	return a, err
}

// withFile adds the document of evidence that v may read.
func (a *EvidenceAt) withFile(ctx context.Context, s *Store) error {
	if a.Document == 0 || !a.Reads {
		return nil
	}
	d, err := one(ctx, s, scanDocument, `SELECT `+documentCols+` FROM documents WHERE id = $1`, a.Document)
	a.File = &d
	return err
}

// EvidenceOf is one piece of evidence with its inquiry, as its page shows it.
type EvidenceOf struct {
	Inquiry  Inquiry
	Holder   Committee // that has the inquiry today
	Evidence EvidenceAt
	Last     int64 // number of the newest evidence of the inquiry
	Now      time.Time
	Known    int64
}

// Evidence reads the page of one piece of evidence.
func (s *Store) Evidence(ctx context.Context, v Viewer, slug string, number int64) (p EvidenceOf, err error) {
	err = s.read(ctx, func(s *Store) error {
		if p.Inquiry, p.Holder, err = s.heldInquiry(ctx, slug); err != nil {
			return err
		}
		e, err := s.submission(ctx, slug, number)
		if err != nil {
			return err
		}
		if p.Evidence, err = s.evidenceAt(ctx, v, p.Holder, e); err != nil {
			return err
		}
		if err := p.Evidence.withFile(ctx, s); err != nil {
			return err
		}
		if p.Last, err = s.lastEvidence(ctx, slug); err != nil {
			return err
		}
		h, err := s.Head(ctx)
		p.Now, p.Known = s.Now(), h.Size
		return err
	})
	return p, err
}

// EvidenceContent reads the document of evidence that v may read.
func (s *Store) EvidenceContent(ctx context.Context, v Viewer, slug string, number int64) (d Document, content []byte, err error) {
	p, err := s.Evidence(ctx, v, slug, number)
	if err == nil && p.Evidence.File == nil {
		err = NotFound.Errorf("There is no such document, or it is confidential.")
	}
	if err != nil {
		return d, nil, err
	}
	content, err = one(ctx, s, scanInto[[]byte], `SELECT content FROM contents WHERE hash = $1`, p.Evidence.File.Hash)
	return *p.Evidence.File, content, err
}

// MayDo reports whether the viewer of the page may do an act on the evidence.
func (a EvidenceAt) MayDo(act Act) bool { return slices.Contains(a.Acts, act) }

func (s *Store) lastEvidence(ctx context.Context, slug string) (int64, error) {
	return one(ctx, s, scanInto[int64], `SELECT COALESCE(MAX(number), 0) FROM evidence WHERE inquiry = $1`, slug)
}

// InquiryAt is an inquiry as its page shows it, read at one time.
type InquiryAt struct {
	Inquiry
	Now       time.Time
	Known     int64
	Committee Committee // that opened it
	Holder    Committee // that has it today
	Sits      bool      // the viewer sits on the committee that has it
	Last      int64     // number of the newest evidence
	Evidence  []EvidenceAt
	Next      int64       // After of the next page of evidence, 0 on the last
	Report    *Report     // nil where there is none
	Words     *ReportText // of the report, nil where the viewer may not read it
	Acts      []Act       // that the viewer may do
}

// MayDo reports whether the viewer of the page may do an act on the inquiry.
func (a InquiryAt) MayDo(act Act) bool { return slices.Contains(a.Acts, act) }

// Inquiry reads the page of an inquiry, with the evidence after a number.
func (s *Store) Inquiry(ctx context.Context, v Viewer, slug string, after int64) (a InquiryAt, err error) {
	err = s.read(ctx, func(s *Store) error {
		if a, err = s.inquiryAt(ctx, v, slug); err != nil {
			return err
		}
		all, err := list(ctx, s, scanSubmission, fmt.Sprintf(`SELECT `+evidenceCols+` FROM evidence e WHERE e.inquiry = $1 AND e.number > $2 ORDER BY e.number LIMIT %d`, EvidencePage+1), slug, after)
		if err != nil {
			return err
		}
		if len(all) > EvidencePage {
			all = all[:EvidencePage]
			a.Next = all[EvidencePage-1].Number
		}
		a.Evidence, err = s.evidenceSeen(ctx, v, a.Holder, all)
		return err
	})
	return a, err
}

// NewestEvidence reads an inquiry with its newest evidence, newest first.
func (s *Store) NewestEvidence(ctx context.Context, v Viewer, slug string) (a InquiryAt, err error) {
	err = s.read(ctx, func(s *Store) error {
		if a, err = s.inquiryAt(ctx, v, slug); err != nil {
			return err
		}
		all, err := list(ctx, s, scanSubmission, fmt.Sprintf(`SELECT `+evidenceCols+` FROM evidence e WHERE e.inquiry = $1 ORDER BY e.number DESC LIMIT %d`, EvidencePage), slug)
		if err != nil {
			return err
		}
		a.Evidence, err = s.evidenceSeen(ctx, v, a.Holder, all)
		return err
	})
	return a, err
}

func (s *Store) evidenceSeen(ctx context.Context, v Viewer, holder Committee, all []Submission) ([]EvidenceAt, error) {
	seen := make([]EvidenceAt, len(all))
	for i, e := range all {
		var err error
		if seen[i], err = s.evidenceAt(ctx, v, holder, e); err != nil {
			return nil, err
		}
	}
	return seen, nil
}

// inquiryAt reads an inquiry with its report, without its evidence.
func (s *Store) inquiryAt(ctx context.Context, v Viewer, slug string) (a InquiryAt, err error) {
	a.Now = s.Now()
	today := DayOf(a.Now)
	if a.Inquiry, err = s.inquiry(ctx, slug); err != nil {
		return a, err
	}
	all, err := s.Committees(ctx)
	if err != nil {
		return a, err
	}
	a.Committee, a.Holder = all[a.Inquiry.Committee], all.Holding(a.Inquiry.Committee, today)
	a.Sits = a.Holder.May(v, today) == nil
	for _, act := range []Act{ExtendCall, TakeEvidence, DraftReport, PublishReport, AbandonInquiry} {
		if a.May(act, v, a.Holder, today) == nil {
			a.Acts = append(a.Acts, act)
		}
	}
	if a.Last, err = s.lastEvidence(ctx, slug); err != nil {
		return a, err
	}
	if err := a.withReport(ctx, s); err != nil {
		return a, err
	}
	h, err := s.Head(ctx)
	a.Known = h.Size
	return a, err
}

// withReport adds the report, and its words where they may be read.
func (a *InquiryAt) withReport(ctx context.Context, s *Store) error {
	r, found, err := s.reportOf(ctx, a.Slug)
	if err != nil || !found {
		a.Acts = slices.DeleteFunc(a.Acts, func(act Act) bool { return act == PublishReport })
		return err
	}
	a.Report = &r
	if r.Status != ReportPublished && !a.Sits {
		return nil
	}
	words, err := s.wordsOfReport(ctx, r)
	a.Words = &words
	return err
}

// InquiryReport reads the report of an inquiry that v may read.
func (s *Store) InquiryReport(ctx context.Context, v Viewer, slug string) (a InquiryAt, err error) {
	err = s.read(ctx, func(s *Store) error {
		if a, err = s.inquiryAt(ctx, v, slug); err == nil && a.Words == nil {
			err = NotFound.Errorf("This inquiry has published no report.")
		}
		return err
	})
	return a, err
}

// InquiryFilter chooses inquiries. Empty fields choose all.
type InquiryFilter struct {
	Committee string // slug
	State     string // one of InquiryStates
	Words     string
	Before    int64 // number: those opened before it
}

// ListedInquiry is an inquiry in a list.
type ListedInquiry struct {
	Inquiry
	State    string
	Evidence int64 // pieces taken in
}

// InquiriesPage is one page of the list of inquiries.
type InquiriesPage struct {
	Filter     InquiryFilter
	All        []ListedInquiry
	Count      int64 // up to ListCounted
	Next       int64 // Before of the next page, 0 on the last
	Committees Committees
	Known      int64
}

// Inquiries reads one page of the list, the newest first.
func (s *Store) Inquiries(ctx context.Context, f InquiryFilter, most int) (p InquiriesPage, err error) {
	p.Filter = f
	err = s.read(ctx, func(s *Store) error {
		today := DayOf(s.Now())
		w, err := s.inquiriesWhere(ctx, f)
		if err != nil {
			return err
		}
		p.All, err = list(ctx, s, func(r row) (ListedInquiry, error) { return scanListedInquiry(r, today) }, fmt.Sprintf(`SELECT `+inquiryCols+`,
			(SELECT COALESCE(MAX(e.number), 0) FROM evidence e WHERE e.inquiry = i.slug) FROM inquiries i%s ORDER BY i.seq DESC LIMIT %d`, w, most+1), w.args...)
		if err != nil {
			return err
		}
		if len(p.All) > most {
			p.All = p.All[:most]
			p.Next = p.All[most-1].Seq
		}
		f.Before = 0
		if w, err = s.inquiriesWhere(ctx, f); err != nil {
			return err
		}
		if p.Count, err = one(ctx, s, scanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT i.seq FROM inquiries i%s LIMIT %d) AS chosen`, w, ListCounted), w.args...); err != nil {
			return err
		}
		if p.Committees, err = s.Committees(ctx); err != nil {
			return err
		}
		h, err := s.Head(ctx)
		p.Known = h.Size
		return err
	})
	return p, err
}

// wider is a row with one column more than a scan takes.
type wider struct {
	row
	more any
}

func (w wider) Scan(into ...any) error { return w.row.Scan(append(into, w.more)...) }

func scanListedInquiry(r row, today Day) (l ListedInquiry, err error) {
	l.Inquiry, err = scanInquiry(wider{r, &l.Evidence})
	l.State = l.Inquiry.State(today)
	return l, err
}

// EachInquiry reads all inquiries of a filter, the newest first.
func (s *Store) EachInquiry(ctx context.Context, f InquiryFilter, yield func(ListedInquiry) bool) error {
	for {
		p, err := s.Inquiries(ctx, f, 500)
		if err != nil {
			return err
		}
		for _, i := range p.All {
			if !yield(i) {
				return nil
			}
		}
		if p.Next == 0 {
			return nil
		}
		f.Before = p.Next
	}
}

func (s *Store) inquiriesWhere(ctx context.Context, f InquiryFilter) (*clauses, error) {
	w, today := &clauses{}, DayOf(s.Now())
	if f.Committee != "" {
		w.add("i.committee = ?", f.Committee)
	}
	switch f.State {
	case "":
	case "called":
		w.add("i.status = 'called' AND i.closes >= ?", today)
	case "closed for evidence":
		w.add("i.status = 'called' AND i.closes < ?", today)
	default:
		w.add("i.status = ?", f.State)
	}
	if f.Before != 0 {
		w.add("i.seq < ?", f.Before)
	}
	return w, addWords[int64](ctx, s, w, "inquiry_words", "seq", "i.seq", wordsOf(f.Words))
}
