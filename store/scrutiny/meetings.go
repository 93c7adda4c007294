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
	ActChangeMeeting    office.Act = "change"
	ActEditAgenda       office.Act = "agenda"
	ActPublishAgenda    office.Act = "publish-agenda"
	ActCancelMeeting    office.Act = "cancel"
	ActRecordAttendance office.Act = "attendance"
	ActDraftMinutes     office.Act = "draft-minutes"
	ActPublishMinutes   office.Act = "publish-minutes"
	ActCorrectMinutes   office.Act = "correct-minutes"
)

// MeetingLife is every move of a meeting. Saying who attended is what makes it
// one that was held.
var MeetingLife = office.Life[MeetingStatus]{
	{From: MeetingPlanned, Act: ActChangeMeeting, To: MeetingPlanned, Need: office.KeepCommittees},
	{From: MeetingPlanned, Act: ActEditAgenda, To: MeetingPlanned, Need: office.KeepCommittees},
	{From: MeetingPlanned, Act: ActPublishAgenda, To: MeetingPlanned, Need: office.KeepCommittees},
	{From: MeetingPlanned, Act: ActCancelMeeting, To: MeetingCancelled, Need: office.KeepCommittees},
	{From: MeetingPlanned, Act: ActRecordAttendance, To: MeetingHeld, Need: office.KeepCommittees},
	{From: MeetingHeld, Act: ActRecordAttendance, To: MeetingHeld, Need: office.KeepCommittees},
	{From: MeetingHeld, Act: ActDraftMinutes, To: MeetingHeld, Need: office.KeepCommittees},
	{From: MeetingHeld, Act: ActPublishMinutes, To: MeetingHeld, Need: office.KeepCommittees},
	{From: MeetingHeld, Act: ActCorrectMinutes, To: MeetingHeld, Need: office.KeepCommittees},
}

// Meeting is a meeting of a committee. Its JSON is its public row.
type Meeting struct {
	ID         int64         `json:"id"`
	Committee  string        `json:"committee"` // slug
	On         civil.Day     `json:"on"`
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
func (m Meeting) May(v office.Viewer, c Committee, act office.Act, today civil.Day) error {
	if err := c.MayKeep(v, today); err != nil {
		return err
	}
	if _, err := MeetingLife.After(m.Status, act, v); err != nil {
		return err
	}
	switch {
	case act == ActRecordAttendance && today < m.On:
		return fault.Conflict.Errorf("Attendance can be recorded on the day of the meeting, %s, or later.", m.On)
	case act == ActPublishAgenda && !m.Published.IsZero():
		return fault.Conflict.Errorf("The agenda has already been published. You can still add items to it.")
	case act == ActPublishAgenda && len(m.Items) == 0:
		return fault.Conflict.Errorf("Add at least one item before you publish the agenda.")
	case (act == ActDraftMinutes || act == ActPublishMinutes) && !m.Minuted.IsZero():
		return fault.Conflict.Errorf("The minutes have been published. Add a paragraph to correct them.")
	case act == ActPublishMinutes && m.Draft == 0:
		return fault.Conflict.Errorf("Write a draft of the minutes before you publish them.")
	case act == ActCorrectMinutes && m.Minuted.IsZero():
		return fault.Conflict.Errorf("The minutes have not been published yet. Change the draft instead.")
	}
	return nil
}

// MayReadDraft reports whether v may read minutes that are not published:
// whoever keeps the committee, or sits on it.
func (m Meeting) MayReadDraft(v office.Viewer, c Committee, today civil.Day) bool {
	var bonds []office.Bond
	if c.MayKeep(v, today) == nil {
		bonds = append(bonds, office.Keeps)
	}
	if c.Role(v.Office.ID, m.On) != "" || c.Role(v.Office.ID, today) != "" {
		bonds = append(bonds, office.Sits)
	}
	return v.Reads(office.DraftMinutes, bonds...)
}

// check tidies when and where a meeting is, and says what is wrong with it.
func (m *Meeting) check(c Committee, today civil.Day) error {
	var f fault.Faults
	m.Place = text.OneLine(m.Place)
	civil.CheckDay(&f, "on", "the date of the meeting", m.On)
	if len(f) == 0 {
		switch {
		case m.On < today:
			f.Add("on", "The date of the meeting must be today, %s, or later.", today)
		case !c.Begun(m.On):
			f.Add("on", "The mandate of the %s begins on %s.", c.Name, c.First)
		case c.Ended(m.On):
			f.Add("on", "The mandate of the %s ends on %s. Enter a date before then.", c.Name, c.Last)
		}
		if _, err := m.On.At(m.Starts); err != nil {
			f.Add("starts", "%s", err)
		}
	}
	text.Tidy(&f, "place", "the place of the meeting", m.Place, true, 200)
	return f.Err()
}

// hourOf is a time of day as it is kept, or as it was typed where it is none.
func hourOf(typed string) string {
	if hour, err := civil.HourFrom(typed); err == nil {
		return hour
	}
	return typed // which check refuses
}

func (m Meeting) subject() string { return fmt.Sprintf("meeting/%d", m.ID) }

const meetingCols = `m.id, m.committee, m.held_on, m.status, m.turn, m.meeting`

func scanMeeting(r db.Row) (m Meeting, err error) {
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

// MeetingLedger holds the meetings to the record.
var MeetingLedger = record.Ledger{Topic: "meeting", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanMeeting, `SELECT `+meetingCols+` FROM meetings m`, func(m Meeting) (string, any) { return m.subject(), m })
}}

// meeting finds one meeting.
func meeting(ctx context.Context, tx *db.Tx, id int64) (Meeting, error) {
	m, found, err := db.Maybe(ctx, tx, scanMeeting, `SELECT `+meetingCols+` FROM meetings m WHERE m.id = $1`, id)
	if err == nil && !found {
		err = fault.NotFound.Errorf("There is no such meeting.")
	}
	return m, err
}

// meetingsOf lists the meetings of a committee, the latest first.
func meetingsOf(ctx context.Context, tx *db.Tx, slug string, most int) ([]Meeting, error) {
	return db.List(ctx, tx, scanMeeting, `SELECT `+meetingCols+` FROM meetings m WHERE m.committee = $1 ORDER BY m.held_on DESC, m.id DESC LIMIT $2`, slug, most)
}

// lastHeld is the last meeting that a committee held before an instant.
func lastHeld(ctx context.Context, tx *db.Tx, slug string, before civil.Day) (Meeting, bool, error) {
	return db.Maybe(ctx, tx, scanMeeting, `SELECT `+meetingCols+` FROM meetings m WHERE m.committee = $1 AND m.status = 'held' AND m.held_on <= $2 ORDER BY m.held_on DESC, m.id DESC LIMIT 1`, slug, before)
}

// saveMeeting stores how a meeting stands after an act, if nobody else changed
// it meanwhile, and records the act.
func saveMeeting(ctx context.Context, tx *db.Tx, by office.Viewer, act office.Act, c Committee, m Meeting, more ...record.Part) error {
	was := m.Turn
	m.Turn++
	row, err := text.Canonical(m)
	if err != nil {
		return err
	}
	if was == 0 {
		err = tx.Change(ctx, `INSERT INTO meetings (id, committee, held_on, status, turn, meeting) VALUES ($1, $2, $3, $4, $5, $6)`, m.ID, m.Committee, m.On, m.Status, m.Turn, string(row))
	} else {
		err = tx.Change(ctx, `UPDATE meetings SET held_on = $1, status = $2, turn = $3, meeting = $4 WHERE id = $5 AND turn = $6`, m.On, m.Status, m.Turn, string(row), m.ID, was)
	}
	if err != nil {
		return err
	}
	_, err = record.Add(ctx, tx, by, "meeting."+string(act), m.subject(), append(more, record.About(c.Body), record.NowRow(m.subject(), row))...)
	return err
}

// PlanMeeting plans a meeting of a committee: of m, it takes the committee, the
// day, the time and the place.
func PlanMeeting(ctx context.Context, tx *db.Tx, by office.Viewer, m Meeting) (id int64, err error) {
	m = Meeting{Committee: m.Committee, On: m.On, Starts: hourOf(m.Starts), Place: m.Place, Status: MeetingPlanned}
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		c, err := committee(ctx, tx, m.Committee)
		if err != nil {
			return err
		}
		if err := c.MayKeep(by, civil.DayOf(tx.Now())); err != nil {
			return err
		}
		if err := m.check(c, civil.DayOf(tx.Now())); err != nil {
			return err
		}
		if m.ID, err = db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(id), 0) + 1 FROM meetings`); err != nil {
			return err
		}
		id = m.ID
		return saveMeeting(ctx, tx, by, "plan", c, m)
	})
	return id, err
}

// atMeeting does something to a meeting: do changes it, and may add to what
// the event says.
func atMeeting(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, act office.Act, do func(*db.Tx, Committee, *Meeting) ([]record.Part, error)) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		m, err := meeting(ctx, tx, id)
		if err != nil {
			return err
		}
		c, err := committee(ctx, tx, m.Committee)
		if err != nil {
			return err
		}
		if err := m.May(by, c, act, civil.DayOf(tx.Now())); err != nil {
			return err
		}
		m.Items, m.Minutes = slices.Clone(m.Items), slices.Clone(m.Minutes)
		more, err := do(tx, c, &m)
		if err != nil {
			return err
		}
		if m.Status, err = MeetingLife.After(m.Status, act, by); err != nil {
			return err
		}
		return saveMeeting(ctx, tx, by, act, c, m, more...)
	})
}

// MoveMeeting changes when and where a planned meeting is.
func MoveMeeting(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, on civil.Day, starts, place string) error {
	return atMeeting(ctx, tx, by, id, ActChangeMeeting, func(tx *db.Tx, c Committee, m *Meeting) ([]record.Part, error) {
		was := map[string]string{"on": string(m.On), "starts": m.Starts, "place": m.Place}
		m.On, m.Starts, m.Place = on, hourOf(starts), place
		return []record.Part{record.Detail(map[string]any{"was": was})}, m.check(c, civil.DayOf(tx.Now()))
	})
}

// CancelMeeting cancels a planned meeting, with the reason.
func CancelMeeting(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, reason string) error {
	var f fault.Faults
	reason = text.OneLine(reason)
	text.Tidy(&f, "reason", "the reason for cancelling it", reason, true, 500)
	return atMeeting(ctx, tx, by, id, ActCancelMeeting, func(_ *db.Tx, _ Committee, m *Meeting) ([]record.Part, error) {
		m.Reason = reason
		return nil, f.Err()
	})
}
