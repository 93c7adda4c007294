package scrutiny

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// InquiryStatus is where an inquiry stands. That its call for evidence has
// closed follows from the day, and is never written.
type InquiryStatus string

// The statuses of an inquiry.
const (
	InquiryCalled    InquiryStatus = "called"
	InquiryReported  InquiryStatus = "reported"
	InquiryAbandoned InquiryStatus = "abandoned"
)

// The acts on an inquiry.
const (
	ActExtendCall    office.Act = "extend"
	ActTakeEvidence  office.Act = "take-evidence"
	ActDraftReport   office.Act = "draft-report"
	ActPublishReport office.Act = "publish-report"
	ActAbandon       office.Act = "abandon"
)

// InquiryLife is every move of an inquiry.
var InquiryLife = office.Life[InquiryStatus]{
	{From: InquiryCalled, Act: ActExtendCall, To: InquiryCalled, Need: office.SitOnCommittees},
	{From: InquiryCalled, Act: ActTakeEvidence, To: InquiryCalled, Need: office.SitOnCommittees},
	{From: InquiryCalled, Act: ActDraftReport, To: InquiryCalled, Need: office.SitOnCommittees},
	{From: InquiryCalled, Act: ActPublishReport, To: InquiryReported, Need: office.SitOnCommittees},
	{From: InquiryCalled, Act: ActAbandon, To: InquiryAbandoned, Need: office.SitOnCommittees},
}

// InquiryStates lists the states that a list can be filtered by.
var InquiryStates = []string{"called", "closed for evidence", "reported", "abandoned"}

// Extension is a closing day put off.
type Extension struct {
	From   civil.Day     `json:"from"` // the closing day before
	To     civil.Day     `json:"to"`
	Why    string        `json:"why"`
	On     civil.Day     `json:"on"`
	Office office.Office `json:"office"`
	N      int64         `json:"event"`
}

// Inquiry is a matter that a committee looks into. Its JSON is its public row.
type Inquiry struct {
	Slug      string        `json:"slug"`
	Seq       int64         `json:"seq"` // in the order in which they were opened
	Title     string        `json:"title"`
	Terms     string        `json:"terms_of_reference"` // paragraphs, an empty line between
	Committee string        `json:"committee"`          // slug of the one that opened it
	Body      string        `json:"body"`               // whose committee it is
	Status    InquiryStatus `json:"status"`
	Opened    civil.Day     `json:"opened"`
	Closes    civil.Day     `json:"closes"` // last day for evidence
	Extended  []Extension   `json:"extended,omitempty"`
	Ended     civil.Day     `json:"ended,omitempty"` // when it was reported or abandoned
	Why       string        `json:"why,omitempty"`   // it was abandoned
	Turn      int64         `json:"turn"`            // number of its changes
	MovedAt   time.Time     `json:"moved_at"`
}

// Closed reports whether the call for evidence has closed by a day.
func (i Inquiry) Closed(on civil.Day) bool { return i.Status != InquiryCalled || i.Closes < on }

// ClosesAt is the instant at which the call closes: the end of its last day.
func (i Inquiry) ClosesAt() time.Time { return i.Closes.End() }

// State is how the inquiry stands on a day, one of InquiryStates.
func (i Inquiry) State(on civil.Day) string {
	if i.Status == InquiryCalled && i.Closed(on) {
		return "closed for evidence"
	}
	return string(i.Status)
}

// Href is the address of the inquiry's page.
func (i Inquiry) Href() string { return "/inquiries/" + i.Slug }

func (i Inquiry) subject() string { return "inquiry/" + i.Slug }

// Holding is the committee that has the work of one on a day: the committee
// itself while its mandate runs, then the successor named for it.
func (all Committees) Holding(slug string, on civil.Day) Committee {
	c := all[slug]
	for range all {
		next, ok := all[c.Successor]
		if !c.Ended(on) || !ok {
			break
		}
		c = next
	}
	return c
}

// May says whether v may do an act for the committee that has the inquiry on a
// day, or why not: its chair or its clerk. The page and the write both ask it.
func (i Inquiry) May(act office.Act, v office.Viewer, holder Committee, on civil.Day) error {
	if err := holder.May(v, on, SeatChair, SeatClerk); err != nil {
		return err
	}
	if _, err := InquiryLife.After(i.Status, act, v); err != nil {
		return err
	}
	if act == ActPublishReport && !i.Closed(on) {
		return fault.Conflict.Errorf("The call for evidence is open until the end of %s. Publish the report after that day.", i.Closes)
	}
	return nil
}

// check tidies an inquiry and says what is wrong with it by itself.
func (i *Inquiry) check(today civil.Day) error {
	var f fault.Faults
	i.Title, i.Terms, i.Slug = text.OneLine(i.Title), strings.TrimSpace(i.Terms), strings.TrimSpace(i.Slug)
	text.Tidy(&f, "title", "the title of the inquiry", i.Title, true, 160)
	if !committeeSlug.MatchString(i.Slug) || i.Slug == "new" {
		f.Add("slug", "Enter a short name of up to 40 lower-case letters, digits and hyphens.")
	}
	text.Tidy(&f, "terms", "the terms of reference", i.Terms, true, 10_000)
	if civil.CheckDay(&f, "closes", "the last day for evidence", i.Closes); i.Closes != "" && i.Closes < today {
		f.Add("closes", "The last day for evidence must be today or later. Today is %s.", today)
	}
	return f.Err()
}

const inquiryCols = `i.slug, i.seq, i.committee, i.status, i.closes, i.turn, i.inquiry`

func scanInquiry(r db.Row) (i Inquiry, err error) {
	var c Inquiry
	var text string
	if err := r.Scan(&c.Slug, &c.Seq, &c.Committee, &c.Status, &c.Closes, &c.Turn, &text); err != nil {
		return i, err
	}
	err = json.Unmarshal([]byte(text), &i)
	if c.Slug != i.Slug || c.Seq != i.Seq || c.Committee != i.Committee || c.Status != i.Status || c.Closes != i.Closes || c.Turn != i.Turn {
		i = Inquiry{Slug: c.Slug} // listed under other words than it says: as no event tells it
	}
	return i, err
}

// InquiryLedger holds the inquiries to the record.
var InquiryLedger = record.Ledger{Topic: "inquiry", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanInquiry, `SELECT `+inquiryCols+` FROM inquiries i`, func(i Inquiry) (string, any) { return i.subject(), i })
}}

// inquiry finds one inquiry.
func inquiry(ctx context.Context, tx *db.Tx, slug string) (Inquiry, error) {
	i, found, err := db.Maybe(ctx, tx, scanInquiry, `SELECT `+inquiryCols+` FROM inquiries i WHERE i.slug = $1`, slug)
	if err == nil && !found {
		err = fault.NotFound.Errorf("Inquiry not found. Look for it in the list of inquiries.")
	}
	return i, err
}

// saveInquiry stores how an inquiry stands after an act, if nobody else changed
// it meanwhile, and gives the part for that act's event.
func saveInquiry(ctx context.Context, tx *db.Tx, i Inquiry) (record.Part, error) {
	was := i.Turn
	i.Turn, i.MovedAt = i.Turn+1, tx.Now()
	row, err := text.Canonical(i)
	if err != nil {
		return nil, err
	}
	if was == 0 {
		err = tx.Change(ctx, `INSERT INTO inquiries (slug, seq, committee, status, closes, turn, inquiry) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			i.Slug, i.Seq, i.Committee, i.Status, i.Closes, i.Turn, string(row))
	} else {
		err = tx.Change(ctx, `UPDATE inquiries SET status = $1, closes = $2, turn = $3, inquiry = $4 WHERE slug = $5 AND turn = $6`,
			i.Status, i.Closes, i.Turn, string(row), i.Slug, was)
	}
	return record.NowRow(i.subject(), row), err
}

// OpenInquiry opens an inquiry and calls for evidence. Of i, it takes the slug,
// the title, the terms, the committee and the closing day.
func OpenInquiry(ctx context.Context, tx *db.Tx, by office.Viewer, i Inquiry) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		today := civil.DayOf(tx.Now())
		all, err := AllCommittees(ctx, tx)
		if err != nil {
			return err
		}
		c, ok := all[i.Committee]
		if !ok {
			return fault.Field("committee", "Choose one of your committees from the list.")
		}
		if err := c.May(by, today, SeatChair, SeatClerk); err != nil {
			return err
		}
		i := Inquiry{Slug: i.Slug, Title: i.Title, Terms: i.Terms, Committee: c.Slug, Body: c.Body, Status: InquiryCalled, Opened: today, Closes: i.Closes}
		if err := i.check(today); err != nil {
			return err
		}
		if err := numbered(ctx, tx, &i); err != nil {
			return err
		}
		said, err := saveInquiry(ctx, tx, i)
		if err != nil {
			return err
		}
		if err := putWords(ctx, tx, "inquiry_words", "seq", i.Seq, i.words()); err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, "inquiry.open", i.subject(), record.About(i.Body), said)
		return err
	})
}

// numbered gives a new inquiry its number, if its short name is free.
func numbered(ctx context.Context, tx *db.Tx, i *Inquiry) error {
	_, had, err := db.Maybe(ctx, tx, scanInquiry, `SELECT `+inquiryCols+` FROM inquiries i WHERE i.slug = $1`, i.Slug)
	if had {
		return fault.Field("slug", "Another inquiry has that short name. Choose a different one.")
	}
	if err == nil {
		i.Seq, err = db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(seq), 0) + 1 FROM inquiries`)
	}
	return err
}

// inquiring begins an act on an inquiry: it is found with the committee that
// has it, and the act must be possible.
func inquiring(ctx context.Context, tx *db.Tx, by office.Viewer, slug string, act office.Act) (i Inquiry, holder Committee, err error) {
	if i, holder, err = heldInquiry(ctx, tx, slug); err != nil {
		return i, holder, err
	}
	return i, holder, i.May(act, by, holder, civil.DayOf(tx.Now()))
}

// heldInquiry finds an inquiry with the committee that has it today.
func heldInquiry(ctx context.Context, tx *db.Tx, slug string) (i Inquiry, holder Committee, err error) {
	if i, err = inquiry(ctx, tx, slug); err != nil {
		return i, holder, err
	}
	all, err := AllCommittees(ctx, tx)
	return i, all.Holding(i.Committee, civil.DayOf(tx.Now())), err
}

// ExtendCall puts the closing day of a call for evidence off, with the reason.
func ExtendCall(ctx context.Context, tx *db.Tx, by office.Viewer, slug string, to civil.Day, why string) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		i, _, err := inquiring(ctx, tx, by, slug, ActExtendCall)
		if err != nil {
			return err
		}
		var f fault.Faults
		today := civil.DayOf(tx.Now())
		why = text.OneLine(why)
		switch civil.CheckDay(&f, "closes", "the new last day for evidence", to); {
		case to == "":
		case to <= i.Closes:
			f.Add("closes", "The new last day must be after %s.", i.Closes)
		case to < today:
			f.Add("closes", "The new last day must be today or later. Today is %s.", today)
		}
		text.Tidy(&f, "why", "the reason for extending it", why, true, 500)
		if err := f.Err(); err != nil {
			return err
		}
		x := Extension{From: i.Closes, To: to, Why: why, On: today, Office: by.Office, N: record.NextEvent(tx)}
		i.Closes, i.Extended = to, append(slices.Clone(i.Extended), x)
		said, err := saveInquiry(ctx, tx, i)
		if err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, "inquiry.extend", i.subject(), record.About(i.Body), said, record.Detail(x))
		return err
	})
}

// AbandonInquiry ends an inquiry without a report, with the reason.
func AbandonInquiry(ctx context.Context, tx *db.Tx, by office.Viewer, slug, why string) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		i, _, err := inquiring(ctx, tx, by, slug, ActAbandon)
		if err != nil {
			return err
		}
		var f fault.Faults
		why = text.OneLine(why)
		text.Tidy(&f, "why", "the reason for abandoning it", why, true, 1000)
		if err := f.Err(); err != nil {
			return err
		}
		i.Status, i.Ended, i.Why = InquiryAbandoned, civil.DayOf(tx.Now()), why
		said, err := saveInquiry(ctx, tx, i)
		if err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, "inquiry.abandon", i.subject(), record.About(i.Body), said, record.Detail(map[string]string{"why": why}))
		return err
	})
}

// CommitteesToInquire are the committees for which v may open an inquiry today.
func CommitteesToInquire(ctx context.Context, tx *db.Tx, v office.Viewer) (list []Committee, err error) {
	today := civil.DayOf(tx.Now())
	all, err := AllCommittees(ctx, tx)
	for _, c := range all.Sorted() {
		if c.May(v, today, SeatChair, SeatClerk) == nil {
			list = append(list, c)
		}
	}
	return list, err
}

// paragraphsOf splits a text by its empty lines. A paragraph is one line.
func paragraphsOf(words string) (all []string) {
	var here []string
	for line := range strings.Lines(words + "\n\n") {
		if line = text.OneLine(line); line != "" {
			here = append(here, line)
			continue
		}
		if len(here) > 0 {
			all = append(all, strings.Join(here, " "))
		}
		here = nil
	}
	return all
}

// evidenceRef is how evidence is cited in words: “evidence 3, paragraph 4”.
func evidenceRef(number int64, paragraph int) string {
	if paragraph == 0 {
		return fmt.Sprintf("evidence %d", number)
	}
	return fmt.Sprintf("evidence %d, paragraph %d", number, paragraph)
}
