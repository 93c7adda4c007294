package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
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
	ExtendCall     Act = "extend"
	TakeEvidence   Act = "take-evidence"
	DraftReport    Act = "draft-report"
	PublishReport  Act = "publish-report"
	AbandonInquiry Act = "abandon"
)

// InquiryLife is every move of an inquiry.
var InquiryLife = Life[InquiryStatus]{
	{InquiryCalled, ExtendCall, InquiryCalled, SitOnCommittees},
	{InquiryCalled, TakeEvidence, InquiryCalled, SitOnCommittees},
	{InquiryCalled, DraftReport, InquiryCalled, SitOnCommittees},
	{InquiryCalled, PublishReport, InquiryReported, SitOnCommittees},
	{InquiryCalled, AbandonInquiry, InquiryAbandoned, SitOnCommittees},
}

// InquiryStates lists the states that a list can be filtered by.
var InquiryStates = []string{"called", "closed for evidence", "reported", "abandoned"}

// Extension is a closing day put off.
type Extension struct {
	From   Day    `json:"from"` // the closing day before
	To     Day    `json:"to"`
	Why    string `json:"why"`
	On     Day    `json:"on"`
	Office Office `json:"office"`
	N      int64  `json:"event"`
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
	Opened    Day           `json:"opened"`
	Closes    Day           `json:"closes"` // last day for evidence
	Extended  []Extension   `json:"extended,omitempty"`
	Ended     Day           `json:"ended,omitempty"` // when it was reported or abandoned
	Why       string        `json:"why,omitempty"`   // it was abandoned
	Turn      int64         `json:"turn"`            // number of its changes
	MovedAt   time.Time     `json:"moved_at"`
}

// Closed reports whether the call for evidence has closed by a day.
func (i Inquiry) Closed(on Day) bool { return i.Status != InquiryCalled || i.Closes < on }

// ClosesAt is the instant at which the call closes: the end of its last day.
func (i Inquiry) ClosesAt() time.Time { return i.Closes.End() }

// State is how the inquiry stands on a day, one of InquiryStates.
func (i Inquiry) State(on Day) string {
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
func (all Committees) Holding(slug string, on Day) Committee {
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
func (i Inquiry) May(act Act, v Viewer, holder Committee, on Day) error {
	if err := holder.May(v, on, SeatChair, SeatClerk); err != nil {
		return err
	}
	if _, err := InquiryLife.After(i.Status, act, v); err != nil {
		return err
	}
	if act == PublishReport && !i.Closed(on) {
		return Conflict.Errorf("Evidence is taken until the end of %s: publish the report after that day.", i.Closes)
	}
	return nil
}

// check tidies an inquiry and says what is wrong with it by itself.
func (i *Inquiry) check(today Day) error {
	var f Faults
	i.Title, i.Terms, i.Slug = oneLine(i.Title), strings.TrimSpace(i.Terms), strings.TrimSpace(i.Slug)
	text(&f, "title", "the title of the inquiry", i.Title, true, 160)
	if !committeeSlug.MatchString(i.Slug) || i.Slug == "new" {
		f.Add("slug", "Give a short name for its address in small letters, digits and hyphens, at most 40.")
	}
	text(&f, "terms", "the terms of reference", i.Terms, true, 10_000)
	if checkDay(&f, "closes", "the last day for evidence", i.Closes); i.Closes != "" && i.Closes < today {
		f.Add("closes", "The last day for evidence must be today or later. Today is %s.", today)
	}
	return f.Err()
}

const inquiryCols = `i.slug, i.seq, i.committee, i.status, i.closes, i.turn, i.inquiry`

func scanInquiry(r row) (i Inquiry, err error) {
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

// inquiryLedger holds the inquiries to the record.
var inquiryLedger = ledger{"inquiry", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanInquiry, `SELECT `+inquiryCols+` FROM inquiries i`, func(i Inquiry) (string, any) { return i.subject(), i })
}}

// inquiry finds one inquiry.
func (s *Store) inquiry(ctx context.Context, slug string) (Inquiry, error) {
	i, found, err := maybe(ctx, s, scanInquiry, `SELECT `+inquiryCols+` FROM inquiries i WHERE i.slug = $1`, slug)
	if err == nil && !found {
		err = NotFound.Errorf("There is no such inquiry: look for it in the list of inquiries.")
	}
	return i, err
}

// saveInquiry stores how an inquiry stands after an act, if nobody else changed
// it meanwhile, and gives the part for that act's event.
func (s *Store) saveInquiry(ctx context.Context, i Inquiry) (part, error) {
	was := i.Turn
	i.Turn, i.MovedAt = i.Turn+1, s.Now()
	row, err := canonical(i)
	if err != nil {
		return nil, err
	}
	if was == 0 {
		err = s.change(ctx, `INSERT INTO inquiries (slug, seq, committee, status, closes, turn, inquiry) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			i.Slug, i.Seq, i.Committee, i.Status, i.Closes, i.Turn, string(row))
	} else {
		err = s.change(ctx, `UPDATE inquiries SET status = $1, closes = $2, turn = $3, inquiry = $4 WHERE slug = $5 AND turn = $6`,
			i.Status, i.Closes, i.Turn, string(row), i.Slug, was)
	}
	return nowRow(i.subject(), row), err
}

// OpenInquiry opens an inquiry and calls for evidence. Of i, it takes the slug,
// the title, the terms, the committee and the closing day.
func (s *Store) OpenInquiry(ctx context.Context, by Viewer, i Inquiry) error {
	return s.write(ctx, func(s *Store) error {
		today := DayOf(s.Now())
		all, err := s.Committees(ctx)
		if err != nil {
			return err
		}
		c, ok := all[i.Committee]
		if !ok {
			return Field("committee", "Choose one of your committees from the list.")
		}
		if err := c.May(by, today, SeatChair, SeatClerk); err != nil {
			return err
		}
		i := Inquiry{Slug: i.Slug, Title: i.Title, Terms: i.Terms, Committee: c.Slug, Body: c.Body, Status: InquiryCalled, Opened: today, Closes: i.Closes}
		if err := i.check(today); err != nil {
			return err
		}
		if err := s.numbered(ctx, &i); err != nil {
			return err
		}
		said, err := s.saveInquiry(ctx, i)
		if err != nil {
			return err
		}
		for _, w := range wordsOf(i.Slug + " " + i.Title + " " + i.Terms) {
			if _, err := s.exec(ctx, `INSERT INTO inquiry_words (word, seq) VALUES ($1, $2)`, w, i.Seq); err != nil {
				return err
			}
		}
		_, err = s.record(ctx, by, "inquiry.open", i.subject(), about(i.Body), said)
		return err
	})
}

// numbered gives a new inquiry its number, if its short name is free.
func (s *Store) numbered(ctx context.Context, i *Inquiry) error {
	_, had, err := maybe(ctx, s, scanInquiry, `SELECT `+inquiryCols+` FROM inquiries i WHERE i.slug = $1`, i.Slug)
	if had {
		return Field("slug", "There is an inquiry of that short name already: choose another.")
	}
	if err == nil {
		i.Seq, err = one(ctx, s, scanInto[int64], `SELECT COALESCE(MAX(seq), 0) + 1 FROM inquiries`)
	}
	return err
}

// inquiring begins an act on an inquiry: it is found with the committee that
// has it, and the act must be possible.
func (s *Store) inquiring(ctx context.Context, by Viewer, slug string, act Act) (i Inquiry, holder Committee, err error) {
	if i, holder, err = s.heldInquiry(ctx, slug); err != nil {
		return i, holder, err
	}
	return i, holder, i.May(act, by, holder, DayOf(s.Now()))
}

// heldInquiry finds an inquiry with the committee that has it today.
func (s *Store) heldInquiry(ctx context.Context, slug string) (i Inquiry, holder Committee, err error) {
	if i, err = s.inquiry(ctx, slug); err != nil {
		return i, holder, err
	}
	all, err := s.Committees(ctx)
	return i, all.Holding(i.Committee, DayOf(s.Now())), err
}

// ExtendCall puts the closing day of a call for evidence off, with the reason.
func (s *Store) ExtendCall(ctx context.Context, by Viewer, slug string, to Day, why string) error {
	return s.write(ctx, func(s *Store) error {
		i, _, err := s.inquiring(ctx, by, slug, ExtendCall)
		if err != nil {
			return err
		}
		var f Faults
		today := DayOf(s.Now())
		why = oneLine(why)
		switch checkDay(&f, "closes", "the new last day for evidence", to); {
		case to == "":
		case to <= i.Closes:
			f.Add("closes", "The new last day must be after %s.", i.Closes)
		case to < today:
			f.Add("closes", "The new last day must be today or later. Today is %s.", today)
		}
		text(&f, "why", "why it is put off", why, true, 500)
		if err := f.Err(); err != nil {
			return err
		}
		x := Extension{From: i.Closes, To: to, Why: why, On: today, Office: by.Office, N: s.nextEvent()}
		i.Closes, i.Extended = to, append(slices.Clone(i.Extended), x)
		said, err := s.saveInquiry(ctx, i)
		if err != nil {
			return err
		}
		_, err = s.record(ctx, by, "inquiry.extend", i.subject(), about(i.Body), said, detail(x))
		return err
	})
}

// AbandonInquiry ends an inquiry without a report, with the reason.
func (s *Store) AbandonInquiry(ctx context.Context, by Viewer, slug, why string) error {
	return s.write(ctx, func(s *Store) error {
		i, _, err := s.inquiring(ctx, by, slug, AbandonInquiry)
		if err != nil {
			return err
		}
		var f Faults
		why = oneLine(why)
		text(&f, "why", "why it is abandoned", why, true, 1000)
		if err := f.Err(); err != nil {
			return err
		}
		i.Status, i.Ended, i.Why = InquiryAbandoned, DayOf(s.Now()), why
		said, err := s.saveInquiry(ctx, i)
		if err != nil {
			return err
		}
		_, err = s.record(ctx, by, "inquiry.abandon", i.subject(), about(i.Body), said, detail(map[string]string{"why": why}))
		return err
	})
}

// CommitteesToInquire are the committees for which v may open an inquiry today.
func (s *Store) CommitteesToInquire(ctx context.Context, v Viewer) (list []Committee, err error) {
	today := DayOf(s.Now())
	all, err := s.Committees(ctx)
	for _, c := range all.Sorted() {
		if c.May(v, today, SeatChair, SeatClerk) == nil {
			list = append(list, c)
		}
	}
	return list, err
}

// paragraphsOf splits a text by its empty lines. A paragraph is one line.
func paragraphsOf(text string) (all []string) {
	var here []string
	for line := range strings.Lines(text + "\n\n") {
		if line = oneLine(line); line != "" {
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
