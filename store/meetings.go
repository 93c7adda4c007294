package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// MeetingStatus is where a meeting stands.
type MeetingStatus string

// The statuses of a meeting.
const (
	MeetingPlanned   MeetingStatus = "planned"
	MeetingHeld      MeetingStatus = "held"
	MeetingCancelled MeetingStatus = "cancelled"
)

// What is done to a meeting.
const (
	ChangeMeeting  Act = "change"
	EditAgenda     Act = "agenda"
	PublishAgenda  Act = "publish-agenda"
	CancelMeeting  Act = "cancel"
	RecordAttended Act = "attendance"
	DraftMinutes   Act = "draft-minutes"
	PublishMinutes Act = "publish-minutes"
	CorrectMinutes Act = "correct-minutes"
)

// MeetingLife is every move of a meeting. Saying who attended is what makes it
// one that was held.
var MeetingLife = Life[MeetingStatus]{
	{MeetingPlanned, ChangeMeeting, MeetingPlanned, KeepCommittees},
	{MeetingPlanned, EditAgenda, MeetingPlanned, KeepCommittees},
	{MeetingPlanned, PublishAgenda, MeetingPlanned, KeepCommittees},
	{MeetingPlanned, CancelMeeting, MeetingCancelled, KeepCommittees},
	{MeetingPlanned, RecordAttended, MeetingHeld, KeepCommittees},
	{MeetingHeld, RecordAttended, MeetingHeld, KeepCommittees},
	{MeetingHeld, DraftMinutes, MeetingHeld, KeepCommittees},
	{MeetingHeld, PublishMinutes, MeetingHeld, KeepCommittees},
	{MeetingHeld, CorrectMinutes, MeetingHeld, KeepCommittees},
}

// Meeting is a meeting of a committee. Its JSON is its public row.
type Meeting struct {
	ID         int64         `json:"id"`
	Committee  string        `json:"committee"` // slug
	On         Day           `json:"on"`
	Starts     string        `json:"starts"` // in London: "14:00"
	Place      string        `json:"place"`
	Status     MeetingStatus `json:"status"`
	Reason     string        `json:"reason,omitempty"` // why it was cancelled
	Items      []AgendaItem  `json:"agenda,omitempty"` // in order
	Published  time.Time     `json:"agenda_published_at,omitzero"`
	Attendance []Attended    `json:"attendance,omitempty"`
	Draft      int64         `json:"minutes_draft_event,omitempty"` // that seals the minutes while they are a draft
	Minutes    []Minute      `json:"minutes,omitempty"`             // published, in the order of their numbers
	Minuted    time.Time     `json:"minutes_published_at,omitzero"`
	Turn       int64         `json:"turn"` // number of its changes
}

// AgendaItem is one thing that a meeting is to deal with.
type AgendaItem struct {
	Key    int64    `json:"key"`              // within the meeting: never used twice
	Number string   `json:"number,omitempty"` // "7" or "7A", once the agenda is published; it never changes
	Kind   string   `json:"kind"`             // one of the Item constants
	Ref    string   `json:"about,omitempty"`  // "question/2012-031", "decision/2012-014"; "" of a free item
	Title  string   `json:"title"`
	Why    string   `json:"why,omitempty"` // why it was offered
	Papers []Linked `json:"papers,omitempty"`
	Struck bool     `json:"struck,omitempty"` // taken off after the agenda was published
}

// The kinds of item of an agenda.
const (
	ItemDue      = "due"    // an answer or a response that is due or overdue
	ItemVerify   = "verify" // the body owes nothing: the committee looks at what it said
	ItemCalledIn = "called in"
	ItemCallIn   = "call-in" // a decision that can still be called in
	ItemFree     = "other"
)

// Linked is a page of the portal with its name.
type Linked struct {
	Title string `json:"title"`
	Href  string `json:"href"`
}

// Href is the page of the meeting.
func (m Meeting) Href() string { return fmt.Sprintf("/meetings/%d", m.ID) }

// Begins is the instant at which the meeting begins.
func (m Meeting) Begins() time.Time {
	t, err := m.On.At(m.Starts)
	if err != nil {
		return m.On.Start() // no meeting is kept with such a time
	}
	return t
}

// Item finds an item of the agenda by its key.
func (m Meeting) Item(key int64) (AgendaItem, bool) {
	i := slices.IndexFunc(m.Items, func(a AgendaItem) bool { return a.Key == key })
	if i < 0 {
		return AgendaItem{}, false
	}
	return m.Items[i], true
}

// May says whether v may do something to a meeting of the committee, or why not.
func (m Meeting) May(v Viewer, c Committee, act Act, today Day) error {
	if err := c.MayKeep(v); err != nil {
		return err
	}
	if _, err := MeetingLife.After(m.Status, act, v); err != nil {
		return err
	}
	switch {
	case act == RecordAttended && today < m.On:
		return Conflict.Errorf("Who attended is recorded on the day of the meeting, %s, or later.", m.On)
	case act == PublishAgenda && !m.Published.IsZero():
		return Conflict.Errorf("The agenda was published already. What is added now gets a number of its own.")
	case act == PublishAgenda && len(m.Items) == 0:
		return Conflict.Errorf("The agenda is empty. Add at least one item before it is published.")
	case (act == DraftMinutes || act == PublishMinutes) && !m.Minuted.IsZero():
		return Conflict.Errorf("The minutes are published. What is wrong in them is corrected by a new paragraph.")
	case act == PublishMinutes && m.Draft == 0:
		return Conflict.Errorf("There is no draft of the minutes to publish.")
	case act == CorrectMinutes && m.Minuted.IsZero():
		return Conflict.Errorf("The minutes are not published yet: change the draft.")
	}
	return nil
}

// MayReadDraft reports whether v may read minutes that are not published:
// whoever keeps the committee, or sits on it.
func (m Meeting) MayReadDraft(v Viewer, c Committee, today Day) bool {
	return c.MayKeep(v) == nil || v.Person != 0 && (c.Role(v.Office.ID, m.On) != "" || c.Role(v.Office.ID, today) != "")
}

// check tidies when and where a meeting is, and says what is wrong with it.
func (m *Meeting) check(c Committee, today Day) error {
	var f Faults
	m.Place = oneLine(m.Place)
	checkDay(&f, "on", "the day of the meeting", m.On)
	if len(f) == 0 {
		switch {
		case m.On < today:
			f.Add("on", "The day of the meeting must be today or later. Today is %s.", today)
		case !c.Begun(m.On):
			f.Add("on", "The mandate of the %s begins on %s.", c.Name, c.First)
		case c.Ended(m.On):
			f.Add("on", "The mandate of the %s ends on %s: it does not meet after that.", c.Name, c.Last)
		}
		_, err := m.On.At(m.Starts)
		if err != nil {
			f.Add("starts", "%s", err)
		}
	}
	text(&f, "place", "the place of the meeting", m.Place, true, 200)
	return f.Err()
}

func (m Meeting) subject() string { return fmt.Sprintf("meeting/%d", m.ID) }

const meetingCols = `m.id, m.committee, m.held_on, m.status, m.turn, m.meeting`

func scanMeeting(r row) (m Meeting, err error) {
	var listed Meeting
	var text string
	if err := r.Scan(&listed.ID, &listed.Committee, &listed.On, &listed.Status, &listed.Turn, &text); err != nil {
		return m, err
	}
	err = json.Unmarshal([]byte(text), &m)
	if m.ID != listed.ID || m.Committee != listed.Committee || m.On != listed.On || m.Status != listed.Status || m.Turn != listed.Turn {
		m = Meeting{ID: listed.ID} // listed under other words than it says: as no event tells it
	}
	return m, err
}

// meetingLedger holds the meetings to the record.
var meetingLedger = ledger{"meeting", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanMeeting, `SELECT `+meetingCols+` FROM meetings m`, func(m Meeting) (string, any) { return m.subject(), m })
}}

// meeting finds one meeting.
func (s *Store) meeting(ctx context.Context, id int64) (Meeting, error) {
	m, found, err := maybe(ctx, s, scanMeeting, `SELECT `+meetingCols+` FROM meetings m WHERE m.id = $1`, id)
	if err == nil && !found {
		err = NotFound.Errorf("There is no such meeting.")
	}
	return m, err
}

// meetingsOf lists the meetings of a committee, the latest first.
func (s *Store) meetingsOf(ctx context.Context, slug string, most int) ([]Meeting, error) {
	return list(ctx, s, scanMeeting, `SELECT `+meetingCols+` FROM meetings m WHERE m.committee = $1 ORDER BY m.held_on DESC, m.id DESC LIMIT $2`, slug, most)
}

// lastHeld is the last meeting that a committee held before an instant.
func (s *Store) lastHeld(ctx context.Context, slug string, before Day) (Meeting, bool, error) {
	return maybe(ctx, s, scanMeeting, `SELECT `+meetingCols+` FROM meetings m WHERE m.committee = $1 AND m.status = 'held' AND m.held_on <= $2 ORDER BY m.held_on DESC, m.id DESC LIMIT 1`, slug, before)
}

// saveMeeting stores how a meeting stands after an act, if nobody else changed
// it meanwhile, and records the act.
func (s *Store) saveMeeting(ctx context.Context, by Viewer, act Act, c Committee, m Meeting, more ...part) error {
	was := m.Turn
	m.Turn++
	row, err := canonical(m)
	if err != nil {
		return err
	}
	if was == 0 {
		err = s.change(ctx, `INSERT INTO meetings (id, committee, held_on, status, turn, meeting) VALUES ($1, $2, $3, $4, $5, $6)`, m.ID, m.Committee, m.On, m.Status, m.Turn, string(row))
	} else {
		err = s.change(ctx, `UPDATE meetings SET held_on = $1, status = $2, turn = $3, meeting = $4 WHERE id = $5 AND turn = $6`, m.On, m.Status, m.Turn, string(row), m.ID, was)
	}
	if err != nil {
		return err
	}
	_, err = s.record(ctx, by, "meeting."+string(act), m.subject(), append(more, about(c.Body), nowRow(m.subject(), row))...)
	return err
}

// PlanMeeting plans a meeting of a committee: of m, it takes the committee, the
// day, the time and the place.
func (s *Store) PlanMeeting(ctx context.Context, by Viewer, m Meeting) (id int64, err error) {
	m = Meeting{Committee: m.Committee, On: m.On, Starts: m.Starts, Place: m.Place, Status: MeetingPlanned}
	err = s.write(ctx, func(s *Store) error {
		c, err := s.committee(ctx, m.Committee)
		if err != nil {
			return err
		}
		if err := c.MayKeep(by); err != nil {
			return err
		}
		if err := m.check(c, DayOf(s.Now())); err != nil {
			return err
		}
		if m.ID, err = one(ctx, s, scanInto[int64], `SELECT COALESCE(MAX(id), 0) + 1 FROM meetings`); err != nil {
			return err
		}
		id = m.ID
		return s.saveMeeting(ctx, by, "plan", c, m)
	})
	return id, err
}

// atMeeting does something to a meeting: do changes it, and may add to what
// the event says.
func (s *Store) atMeeting(ctx context.Context, by Viewer, id int64, act Act, do func(*Store, Committee, *Meeting) ([]part, error)) error {
	return s.write(ctx, func(s *Store) error {
		m, err := s.meeting(ctx, id)
		if err != nil {
			return err
		}
		c, err := s.committee(ctx, m.Committee)
		if err != nil {
			return err
		}
		if err := m.May(by, c, act, DayOf(s.Now())); err != nil {
			return err
		}
		m.Items, m.Minutes = slices.Clone(m.Items), slices.Clone(m.Minutes)
		more, err := do(s, c, &m)
		if err != nil {
			return err
		}
		if m.Status, err = MeetingLife.After(m.Status, act, by); err != nil {
			return err
		}
		return s.saveMeeting(ctx, by, act, c, m, more...)
	})
}

// MoveMeeting changes when and where a planned meeting is.
func (s *Store) MoveMeeting(ctx context.Context, by Viewer, id int64, on Day, starts, place string) error {
	return s.atMeeting(ctx, by, id, ChangeMeeting, func(s *Store, c Committee, m *Meeting) ([]part, error) {
		was := map[string]string{"on": string(m.On), "starts": m.Starts, "place": m.Place}
		m.On, m.Starts, m.Place = on, starts, place
		return []part{detail(map[string]any{"was": was})}, m.check(c, DayOf(s.Now()))
	})
}

// CancelMeeting cancels a planned meeting, with the reason.
func (s *Store) CancelMeeting(ctx context.Context, by Viewer, id int64, reason string) error {
	var f Faults
	reason = oneLine(reason)
	text(&f, "reason", "the reason why it is cancelled", reason, true, 500)
	return s.atMeeting(ctx, by, id, CancelMeeting, func(_ *Store, _ Committee, m *Meeting) ([]part, error) {
		m.Reason = reason
		return nil, f.Err()
	})
}
