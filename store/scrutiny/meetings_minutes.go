package scrutiny

import (
	"context"
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

// Attended is whether the holder of a seat came to a meeting, and what interest
// they declared there.
type Attended struct {
	Office   office.Office `json:"office"`
	Role     SeatRole      `json:"role"`
	Answer   Attendance    `json:"answer"`
	Declared string        `json:"declared,omitempty"`
}

// Attendance is whether somebody came.
type Attendance string

// Whether somebody came.
const (
	Present   Attendance = "present"
	Apologies Attendance = "apologies"
	Absent    Attendance = "absent"
)

// Attendances lists them all.
var Attendances = []Attendance{Present, Apologies, Absent}

// Minute is one numbered paragraph of the minutes.
type Minute struct {
	Number   int       `json:"number"`
	Item     string    `json:"item,omitempty"` // number of the agenda's item that it is about
	Text     string    `json:"text"`
	Corrects int       `json:"corrects,omitempty"` // number of the paragraph that it corrects
	At       time.Time `json:"at"`                 // of its publication
}

// SeatsOn are the seats of a committee that are taken on a day, the chair first
// and the clerk last.
func (c Committee) SeatsOn(on civil.Day) (all []Seat) {
	for _, role := range SeatRoles {
		for _, seat := range c.Seats {
			if seat.Role == role && seat.InForce(on) {
				all = append(all, seat)
			}
		}
	}
	return all
}

// RecordAttendance says for every seat of the day of the meeting whether its
// holder came, and what was declared. Recorded again, it replaces what stood;
// the record keeps both.
func RecordAttendance(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, said []Attended) error {
	return atMeeting(ctx, tx, by, id, ActRecordAttendance, func(_ *db.Tx, c Committee, m *Meeting) ([]record.Part, error) {
		var f fault.Faults
		var all []Attended
		for _, seat := range c.SeatsOn(m.On) {
			field := fmt.Sprintf("seat-%d", seat.Office.ID)
			i := slices.IndexFunc(said, func(a Attended) bool { return a.Office.ID == seat.Office.ID })
			if i < 0 || !slices.Contains(Attendances, said[i].Answer) {
				f.Add(field, "Choose whether the %s attended.", seat.Office.Title)
				continue
			}
			declared := text.OneLine(said[i].Declared)
			text.Tidy(&f, strings.Replace(field, "seat", "declared", 1), "the interest declared", declared, false, 500)
			all = append(all, Attended{seat.Office, seat.Role, said[i].Answer, declared})
		}
		m.Attendance = all
		return nil, f.Err()
	})
}

const minutesSeal = "minutes"

// paragraphs reads minutes as they are typed: paragraphs with an empty line
// between, each of which may begin with the item that it is about, “Item 7A:”.
func (m Meeting) paragraphs(words string) (all []Minute) {
	for block := range strings.SplitSeq(text.Clean(words), "\n\n") {
		words := text.OneLine(block)
		if words == "" {
			continue
		}
		p := Minute{Number: len(all) + 1, Text: words}
		if rest, ok := strings.CutPrefix(words, "Item "); ok {
			number, said, colon := strings.Cut(rest, ":")
			if colon && slices.ContainsFunc(m.Items, func(a AgendaItem) bool { return a.Number != "" && a.Number == number }) {
				p.Item, p.Text = number, strings.TrimSpace(said)
			}
		}
		all = append(all, p)
	}
	return all
}

// KeepMinutes keeps a draft of the minutes, which only the committee reads: the
// record holds a commitment to it and not its words.
func KeepMinutes(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, words string) error {
	return atMeeting(ctx, tx, by, id, ActDraftMinutes, func(tx *db.Tx, _ Committee, m *Meeting) ([]record.Part, error) {
		var f fault.Faults
		words = text.Paragraphs(words)
		text.Tidy(&f, "minutes", "the minutes", words, true, 50_000)
		for _, p := range m.paragraphs(words) {
			text.Tidy(&f, "minutes", fmt.Sprintf("paragraph %d of the minutes", p.Number), p.Text, true, 4000)
		}
		m.Draft = record.NextEvent(tx)
		return []record.Part{record.Seal(minutesSeal, []byte(words))}, f.Err()
	})
}

// draftMinutes reads the draft of the minutes as it was typed.
func draftMinutes(ctx context.Context, tx *db.Tx, m Meeting) (string, error) {
	if m.Draft == 0 {
		return "", nil
	}
	_, words, _, err := record.Unseal(ctx, tx, m.Draft, minutesSeal)
	return string(words), err
}

// PublishMinutes publishes the draft that was kept in an event: from then on
// its paragraphs keep their numbers and words for good.
func PublishMinutes(ctx context.Context, tx *db.Tx, by office.Viewer, id, draft int64) error {
	return atMeeting(ctx, tx, by, id, ActPublishMinutes, func(tx *db.Tx, _ Committee, m *Meeting) ([]record.Part, error) {
		if m.Draft != draft {
			return nil, fault.Conflict.Errorf("The draft has changed since you read it. Read it again before publishing it.")
		}
		words, err := draftMinutes(ctx, tx, *m)
		if err != nil {
			return nil, err
		}
		m.Minutes, m.Minuted, m.Draft = m.paragraphs(words), tx.Now(), 0
		for i := range m.Minutes {
			m.Minutes[i].At = tx.Now()
		}
		return []record.Part{record.Detail(map[string]int64{"draft_event": draft})}, nil
	})
}

// CorrectMinutes adds a paragraph to published minutes that corrects an
// earlier one, or adds to them with 0. The earlier one stays as it is.
func CorrectMinutes(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, corrects int, words string) error {
	var f fault.Faults
	words = text.OneLine(words)
	text.Tidy(&f, "text", "the text of the new paragraph", words, true, 4000)
	return atMeeting(ctx, tx, by, id, ActCorrectMinutes, func(tx *db.Tx, _ Committee, m *Meeting) ([]record.Part, error) {
		if corrects < 0 || corrects > len(m.Minutes) {
			f.Add("corrects", "Choose the paragraph you are correcting from the list.")
		}
		p := Minute{Number: len(m.Minutes) + 1, Text: words, Corrects: corrects, At: tx.Now()}
		m.Minutes = append(m.Minutes, p)
		return []record.Part{record.Detail(map[string]any{"paragraph": p.Number, "corrects": corrects})}, f.Err()
	})
}

// MinutesDraft is a draft of minutes for whoever may read it.
type MinutesDraft struct {
	Event      int64 // 0 while there is none
	Words      string
	Paragraphs []Minute
}

// draftFor reads the draft of the minutes, if v may.
func draftFor(ctx context.Context, tx *db.Tx, v office.Viewer, c Committee, m Meeting) (d MinutesDraft, err error) {
	if m.Draft == 0 || !m.MayReadDraft(v, c, civil.DayOf(tx.Now())) {
		return d, nil
	}
	d.Event = m.Draft
	d.Words, err = draftMinutes(ctx, tx, m)
	d.Paragraphs = m.paragraphs(d.Words)
	return d, err
}

// CorrectedBy are the numbers of the paragraphs that correct one.
func (m Meeting) CorrectedBy(number int) (all []int) {
	for _, p := range m.Minutes {
		if p.Corrects == number {
			all = append(all, p.Number)
		}
	}
	return all
}
