package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Attended is whether the holder of a seat came to a meeting, and what interest
// they declared there.
type Attended struct {
	Office   Office     `json:"office"`
	Role     SeatRole   `json:"role"`
	Answer   Attendance `json:"answer"`
	Declared string     `json:"declared,omitempty"`
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
func (c Committee) SeatsOn(on Day) (all []Seat) {
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
func (s *Store) RecordAttendance(ctx context.Context, by Viewer, id int64, said []Attended) error {
	return s.atMeeting(ctx, by, id, RecordAttended, func(_ *Store, c Committee, m *Meeting) ([]part, error) {
		var f Faults
		var all []Attended
		for _, seat := range c.SeatsOn(m.On) {
			field := fmt.Sprintf("seat-%d", seat.Office.ID)
			i := slices.IndexFunc(said, func(a Attended) bool { return a.Office.ID == seat.Office.ID })
			if i < 0 || !slices.Contains(Attendances, said[i].Answer) {
				f.Add(field, "Say whether the %s came.", seat.Office.Title)
				continue
			}
			declared := oneLine(said[i].Declared)
			text(&f, strings.Replace(field, "seat", "declared", 1), "what was declared", declared, false, 500)
			all = append(all, Attended{seat.Office, seat.Role, said[i].Answer, declared})
		}
		m.Attendance = all
		return nil, f.Err()
	})
}

const minutesSeal = "minutes"

// paragraphs reads minutes as they are typed: paragraphs with an empty line
// between, each of which may begin with the item that it is about, “Item 7A:”.
func (m Meeting) paragraphs(text string) (all []Minute) {
	for block := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		words := oneLine(block)
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
func (s *Store) KeepMinutes(ctx context.Context, by Viewer, id int64, words string) error {
	return s.atMeeting(ctx, by, id, DraftMinutes, func(s *Store, _ Committee, m *Meeting) ([]part, error) {
		var f Faults
		words = strings.TrimSpace(strings.ReplaceAll(words, "\r\n", "\n"))
		text(&f, "minutes", "the minutes", words, true, 50_000)
		for _, p := range m.paragraphs(words) {
			text(&f, "minutes", fmt.Sprintf("paragraph %d of the minutes", p.Number), p.Text, true, 4000)
		}
		m.Draft = s.nextEvent()
		return []part{seal(minutesSeal, []byte(words))}, f.Err()
	})
}

// draftMinutes reads the draft of the minutes as it was typed.
func (s *Store) draftMinutes(ctx context.Context, m Meeting) (string, error) {
	if m.Draft == 0 {
		return "", nil
	}
	_, words, _, err := s.unseal(ctx, m.Draft, minutesSeal)
	return string(words), err
}

// PublishMinutes publishes the draft that was kept in an event: from then on
// its paragraphs keep their numbers and words for good.
func (s *Store) PublishMinutes(ctx context.Context, by Viewer, id, draft int64) error {
	return s.atMeeting(ctx, by, id, PublishMinutes, func(s *Store, _ Committee, m *Meeting) ([]part, error) {
		if m.Draft != draft {
			return nil, Conflict.Errorf("The draft has changed since you read it. Read it again before you publish it.")
		}
		words, err := s.draftMinutes(ctx, *m)
		if err != nil {
			return nil, err
		}
		m.Minutes, m.Minuted, m.Draft = m.paragraphs(words), s.Now(), 0
		for i := range m.Minutes {
			m.Minutes[i].At = s.Now()
		}
		return []part{detail(map[string]int64{"draft_event": draft})}, nil
	})
}

// CorrectMinutes adds a paragraph to published minutes that corrects an
// earlier one, or adds to them with 0. The earlier one stays as it is.
func (s *Store) CorrectMinutes(ctx context.Context, by Viewer, id int64, corrects int, words string) error {
	var f Faults
	words = oneLine(words)
	text(&f, "text", "the words of the new paragraph", words, true, 4000)
	return s.atMeeting(ctx, by, id, CorrectMinutes, func(s *Store, _ Committee, m *Meeting) ([]part, error) {
		if corrects < 0 || corrects > len(m.Minutes) {
			f.Add("corrects", "Choose the paragraph that is corrected from the list.")
		}
		p := Minute{Number: len(m.Minutes) + 1, Text: words, Corrects: corrects, At: s.Now()}
		m.Minutes = append(m.Minutes, p)
		return []part{detail(map[string]any{"paragraph": p.Number, "corrects": corrects})}, f.Err()
	})
}

// MinutesDraft is a draft of minutes for whoever may read it.
type MinutesDraft struct {
	Event      int64 // 0 while there is none
	Words      string
	Paragraphs []Minute
}

// draftFor reads the draft of the minutes, if v may.
func (s *Store) draftFor(ctx context.Context, v Viewer, c Committee, m Meeting) (d MinutesDraft, err error) {
	if m.Draft == 0 || !m.MayReadDraft(v, c, DayOf(s.Now())) {
		return d, nil
	}
	d.Event = m.Draft
	d.Words, err = s.draftMinutes(ctx, m)
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
