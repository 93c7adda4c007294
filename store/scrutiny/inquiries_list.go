package scrutiny

import (
	"context"
	"fmt"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/record"
)

// InquiryFilter chooses inquiries. Empty fields choose all.
type InquiryFilter struct {
	Committee string // slug
	State     string // one of InquiryStates
	Words     string
	Before    int64 // number: those opened before it
	Sort      db.Sort
	Page      int // counted from 1; 0 is read by Before, newest first
}

// inquirySorts are the keys that the list of inquiries can be sorted by, each
// with the columns of an index.
var inquirySorts = db.Order{"opened": {"i.seq"}, "committee": {"i.committee", "i.seq"}, "status": {"i.status", "i.closes", "i.seq"}}

// InquirySorts are those keys, in the order of the columns.
func InquirySorts() []string { return []string{"opened", "committee", "status"} }

// order is the ORDER BY of the list.
func (f InquiryFilter) order() (string, error) {
	if f.Sort.Key == "" || f.Before != 0 {
		return " ORDER BY i.seq DESC", nil
	}
	return inquirySorts.By(f.Sort, "i.seq DESC")
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
	Count      int64 // as far as pages can be asked for
	Pages      int
	Next       int64 // Before of the next page where it is read by numbers, 0 on the last
	Committees Committees
	Known      int64
}

// Inquiries reads one page of the list in the order of its filter.
func Inquiries(ctx context.Context, tx *db.Tx, f InquiryFilter, most int) (p InquiriesPage, err error) {
	p.Filter = f
	err = tx.Read(ctx, func(tx *db.Tx) error {
		all := f
		all.Before = 0
		w, err := inquiriesWhere(ctx, tx, all)
		if err != nil {
			return err
		}
		if p.Count, err = db.One(ctx, tx, db.ScanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT i.seq FROM inquiries i%s LIMIT %d) AS chosen`, w, db.PagesMost*most+1), w.Args...); err != nil {
			return err
		}
		if p.Pages = db.PagesOf(p.Count, most); f.Before == 0 && f.Page > p.Pages {
			return db.NoSuchPage(f.Page, p.Pages)
		}
		if f.Before != 0 {
			f.Page = 0
		}
		if p.All, p.Next, err = listedInquiries(ctx, tx, f, most); err != nil {
			return err
		}
		if p.Committees, err = AllCommittees(ctx, tx); err != nil {
			return err
		}
		h, err := record.ReadHead(ctx, tx)
		p.Known = h.Size
		return err
	})
	return p, err
}

// listedInquiries are the rows of one page, and where the next begins.
func listedInquiries(ctx context.Context, tx *db.Tx, f InquiryFilter, most int) (all []ListedInquiry, next int64, err error) {
	today := civil.DayOf(tx.Now())
	w, err := inquiriesWhere(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	order, err := f.order()
	if err != nil {
		return nil, 0, err
	}
	span := db.Span(f.Page, most)
	if f.Page == 0 {
		span = fmt.Sprintf(" LIMIT %d", most+1)
	}
	all, err = db.List(ctx, tx, func(r db.Row) (ListedInquiry, error) { return scanListedInquiry(r, today) }, `SELECT `+inquiryCols+`,
		(SELECT COALESCE(MAX(e.number), 0) FROM evidence e WHERE e.inquiry = i.slug) FROM inquiries i`+w.String()+order+span, w.Args...)
	if err == nil && len(all) > most {
		all = all[:most]
		next = all[most-1].Seq
	}
	return all, next, err
}

// wider is a row with one column more than a scan takes.
type wider struct {
	db.Row
	more any
}

// Scan reads the rest of the row beside the columns before it.
func (w wider) Scan(into ...any) error { return w.Row.Scan(append(into, w.more)...) }

func scanListedInquiry(r db.Row, today civil.Day) (l ListedInquiry, err error) {
	l.Inquiry, err = scanInquiry(wider{r, &l.Evidence})
	l.State = l.Inquiry.State(today)
	return l, err
}

// EachInquiry reads all inquiries of a filter, in its order.
func EachInquiry(ctx context.Context, tx *db.Tx, f InquiryFilter, yield func(ListedInquiry) bool) error {
	const most = 500
	for f.Page = 1; ; f.Page++ {
		all, _, err := listedInquiries(ctx, tx, f, most)
		if err != nil {
			return err
		}
		for _, i := range all {
			if !yield(i) {
				return nil
			}
		}
		if len(all) < most {
			return nil
		}
	}
}

func inquiriesWhere(ctx context.Context, tx *db.Tx, f InquiryFilter) (*db.Clauses, error) {
	w, today := &db.Clauses{}, civil.DayOf(tx.Now())
	if f.Committee != "" {
		w.Add("i.committee = ?", f.Committee)
	}
	switch f.State {
	case "":
	case "called":
		w.Add("i.status = 'called' AND i.closes >= ?", today)
	case "closed for evidence":
		w.Add("i.status = 'called' AND i.closes < ?", today)
	default:
		w.Add("i.status = ?", f.State)
	}
	if f.Before != 0 {
		w.Add("i.seq < ?", f.Before)
	}
	return w, db.AddWords[int64](ctx, tx, w, "inquiry_words", "seq", "i.seq", decisions.WordsOf(f.Words))
}
