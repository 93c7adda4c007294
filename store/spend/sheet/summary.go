package sheet

import (
	"fmt"

	"github.com/police-ict/handover/store/money"
)

// Rejection is a record that was not taken, and why.
type Rejection struct {
	Record int // from 1
	Reason string
}

// rejectionsKept bounds memory; Rejected goes on counting.
const rejectionsKept = 10_000

// SheetSummary is what one sheet came to.
type SheetSummary struct {
	Name           string
	LeftOut        string // why the sheet was not read
	Lines          int
	Pence          int64 // exact sum of the lines
	Rejected       int
	Rejections     []Rejection // the first 10,000
	Blank          int         // blank records below the headings
	Totals         int         // total rows left out
	Headings       int         // of the rejected, those that only repeat the headings
	Stated         *int64      // pence that the sheet says it comes to; nil where it says nothing
	Agrees         *bool       // whether Stated is Pence
	First, Last    Date
	Undated        int // lines whose date is blank or without a column
	UnreadableDate int // lines whose date cannot be read
	Outside        int // lines dated beside the months that the file is said to be for
	Negative       int // lines below zero
	Redacted       int // lines whose supplier is withheld
	Rounded        int // lines with a fraction of a penny
}

// Summary is what a file came to: the sums over its sheets.
type Summary struct {
	SheetSummary
	Sheets  []SheetSummary
	Notices []string // whole sentences on what the rows do not bear out
}

// tally adds up one sheet while it is read.
type tally struct {
	sheet    SheetSummary
	titled   *int64
	grand    *int64 // the last grand total
	plain    []int64
	parts    int64 // sum of the sub totals
	nparts   int
	expected map[int]bool // months
	sections
}

func newTally(s *Sheet) *tally {
	return &tally{sheet: SheetSummary{Name: s.Name, LeftOut: s.LeftOut}, titled: s.titled, expected: s.expected}
}

func (t *tally) count(r *Row) {
	s := &t.sheet
	switch r.Kind {
	case Blank:
		s.Blank++
	case Rejected:
		s.Rejected++
		if r.Reason == whyHeadings {
			s.Headings++
		}
		if len(s.Rejections) < rejectionsKept {
			s.Rejections = append(s.Rejections, Rejection{r.Record, r.Reason})
		}
	case Line:
		before := section{s.Lines, s.Pence}
		s.Lines++
		s.Pence = money.Add(s.Pence, r.Amount)
		t.sections.count(r, before)
		t.countDate(r)
		if r.Amount < 0 {
			s.Negative++
		}
		if r.Redacted {
			s.Redacted++
		}
		if r.Rounded {
			s.Rounded++
		}
	}
}

func (t *tally) countDate(r *Row) {
	s := &t.sheet
	if !r.Date.IsZero() && len(t.expected) > 0 && !t.expected[r.Date.month()] {
		s.Outside++
	}
	switch {
	case r.Date.IsZero() && r.texts[DatePaid] == "":
		s.Undated++
		return
	case r.Date.IsZero():
		s.UnreadableDate++
		return
	}
	if s.First.IsZero() || r.Date.Before(s.First) {
		s.First = r.Date
	}
	if s.Last.Before(r.Date) {
		s.Last = r.Date
	}
}

// state notes a total row: 1 a part, 2 a total, 3 a grand total.
func (t *tally) state(pence int64, label int) {
	t.sheet.Totals++
	t.begin(section{t.sheet.Lines, t.sheet.Pence})
	switch label {
	case 3:
		t.grand = &pence
	case 2:
		if len(t.plain) < 1000 {
			t.plain = append(t.plain, pence)
		}
	default:
		t.parts = money.Add(t.parts, pence)
		t.nparts++
	}
}

// nearSum says that an amount standing alone is the sum of the lines so far, or
// within a hundredth of it, and thus a total that nobody labelled.
func (t *tally) nearSum(pence int64) bool {
	off := pence - t.sheet.Pence
	if off == 0 {
		return t.sheet.Lines >= 2 || t.named == 1 && pence != 0
	}
	return t.sheet.Lines >= 10 && off > -pence/100 && off < pence/100
}

// finish decides what the sheet states of itself and compares.
func (t *tally) finish() SheetSummary {
	s := &t.sheet
	if s.Stated = t.stated(); s.Stated != nil {
		agrees := *s.Stated == s.Pence
		s.Agrees = &agrees
	}
	return *s
}

// stated prefers the grand total; several plain totals may be one for each
// section, and then the sheet states their sum.
func (t *tally) stated() *int64 {
	var sum int64
	for _, p := range t.plain {
		sum = money.Add(sum, p)
	}
	switch n := len(t.plain); {
	case t.grand != nil:
		return t.grand
	case n > 1 && sum == t.sheet.Pence:
		return &sum
	case n > 0:
		return &t.plain[n-1]
	case t.titled != nil:
		return t.titled
	case t.nparts > 0:
		return &t.parts
	}
	return nil
}

// outside says that most payments fall beside the months that the file is said to
// be for.
func (s SheetSummary) outside(months map[int]bool) string {
	dated := s.Lines - s.Undated - s.UnreadableDate
	if s.Outside*2 <= dated {
		return ""
	}
	in := ""
	if s.Name != "" {
		in = fmt.Sprintf(" in the worksheet %q", s.Name)
	}
	return fmt.Sprintf("Most payments%s, %d of %d, fall outside %s, the period of this file. Check the dates and the period.", in, s.Outside, dated, span(months))
}

// add takes a finished sheet into the file's sums. The file states a total only
// where every sheet with lines does; it disagrees where any sheet does.
func (sum *Summary) add(s SheetSummary) {
	silent := len(sum.Sheets) > 0 && sum.Lines > 0 && sum.Stated == nil
	first := sum.Lines == 0
	sum.Sheets = append(sum.Sheets, s)
	sum.Lines += s.Lines
	sum.Pence = money.Add(sum.Pence, s.Pence)
	sum.Rejected += s.Rejected
	sum.Blank += s.Blank
	sum.Totals += s.Totals
	sum.Headings += s.Headings
	sum.Undated += s.Undated
	sum.UnreadableDate += s.UnreadableDate
	sum.Outside += s.Outside
	sum.Negative += s.Negative
	sum.Redacted += s.Redacted
	sum.Rounded += s.Rounded
	sum.addDates(s)
	if len(sum.Rejections) < rejectionsKept {
		sum.Rejections = append(sum.Rejections, s.Rejections...)
	}
	if s.Lines > 0 {
		sum.addStated(s, first, silent)
	}
}

func (sum *Summary) addDates(s SheetSummary) {
	if sum.First.IsZero() || !s.First.IsZero() && s.First.Before(sum.First) {
		sum.First = s.First
	}
	if sum.Last.Before(s.Last) {
		sum.Last = s.Last
	}
}

func (sum *Summary) addStated(s SheetSummary, first, silent bool) {
	switch {
	case first && s.Stated != nil:
		stated := *s.Stated
		sum.Stated = &stated
	case s.Stated == nil || silent:
		sum.Stated = nil
	case sum.Stated != nil:
		stated := money.Add(*sum.Stated, *s.Stated)
		sum.Stated = &stated
	}
	if s.Agrees != nil {
		agrees := *s.Agrees && (sum.Agrees == nil || *sum.Agrees)
		sum.Agrees = &agrees
	}
}
