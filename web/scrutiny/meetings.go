package scrutiny

import (
	"fmt"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	scrutinyview "github.com/police-ict/handover/views/scrutiny"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) meetingsRoutes() {
	const one, need = "/meetings/:id", office.KeepCommittees
	s.Data(one, office.Public, s.meeting)
	s.Data(one+"/attendance", office.Public, s.attendance)
	s.Get(one+"/pack", office.Public, s.pack)
	for _, edit := range []string{"/change", "/agenda/move", "/attend", "/minutes"} {
		s.Edits(one + edit)
	}
	s.Repeats(one + "/agenda/move")      // one up, and one up again
	s.Repeats(one + "/agenda/suggested") // all that waits then
	s.Form(one+"/change", need, s.moveForm, s.moveMeeting)
	s.Confirm(one+"/cancel", need, false, s.cancelForm, s.cancelCheck, s.cancelMeeting)
	s.Get(one+"/agenda", need, s.agendaForm)
	s.Form(one+"/agenda/add", need, s.agendaForm, s.addAgendaItem)
	s.Form(one+"/agenda/suggested", need, s.agendaForm, s.addSuggested)
	s.Form(one+"/agenda/paper", need, s.agendaForm, s.addPaper)
	s.Form(one+"/agenda/move", need, s.agendaForm, s.moveItem)
	s.Confirm(one+"/agenda/publish", need, false, s.asks(scrutiny.ActPublishAgenda), s.checks(scrutiny.ActPublishAgenda), s.publishAgenda)
	s.Form(one+"/attend", need, s.attendForm, s.attend)
	s.Drafts(one+"/minutes", func(c echo.Context) string { return "Minutes of meeting " + c.Param("id") })
	s.Form(one+"/minutes", need, s.minutesForm, s.keepMinutes)
	s.Confirm(one+"/minutes/publish", need, false, s.asks(scrutiny.ActPublishMinutes), s.checks(scrutiny.ActPublishMinutes), s.publishMinutes)
	s.Confirm(one+"/correct", need, false, s.correctForm, s.correctCheck, s.correctMinutes)
}

// meetingPage is the page of the meeting that an address names.
func (s pages) meetingPage(c echo.Context) (p scrutiny.MeetingPage, err error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return p, err
	}
	return scrutiny.ReadMeetingPage(serve.Ctx(c), s.Store, serve.Viewer(c), id)
}

// openMeeting is the page of a meeting to which the person may do something.
func (s pages) openMeeting(c echo.Context, act office.Act) (scrutiny.MeetingPage, error) {
	p, err := s.meetingPage(c)
	if err == nil {
		err = p.Can(serve.Viewer(c), act)
	}
	return p, err
}

type meetingJSON struct {
	AsAt  string `json:"as_at"`
	Known int64  `json:"known_event"`
	scrutiny.Meeting
}

func (s pages) meeting(c echo.Context) (serve.Answer, error) {
	p, err := s.meetingPage(c)
	if err != nil {
		return serve.Answer{}, err
	}
	if err := s.NoteReading(c, office.DraftMinutes, p.Draft.Event != 0); err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: scrutinyview.Meeting(p), JSON: meetingJSON{serve.Instant(p.Now), p.Known, p.Meeting}}, nil
}

type attendanceJSON struct {
	AsAt       string              `json:"as_at"`
	Meeting    int64               `json:"meeting"`
	On         civil.Day           `json:"on"`
	Attendance []scrutiny.Attended `json:"attendance"`
}

func (s pages) attendance(c echo.Context) (serve.Answer, error) {
	p, err := s.meetingPage(c)
	if err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: scrutinyview.Attendance(p), JSON: attendanceJSON{serve.Instant(p.Now), p.ID, p.On, append([]scrutiny.Attended{}, p.Attendance...)},
		CSV: serve.CSVOf(attendanceColumns(p.Meeting), p.Attendance...)}, nil
}

// attendanceColumns are the columns of who came to a meeting.
func attendanceColumns(m scrutiny.Meeting) []serve.Column[scrutiny.Attended] {
	return []serve.Column[scrutiny.Attended]{
		{Name: "meeting", Value: func(scrutiny.Attended) string { return serve.Digits(m.ID) }},
		{Name: "committee", Value: func(scrutiny.Attended) string { return m.Committee }},
		{Name: "on", Value: func(scrutiny.Attended) string { return string(m.On) }},
		{Name: "office_id", Value: func(a scrutiny.Attended) string { return serve.Digits(a.Office.ID) }},
		{Name: "office", Value: func(a scrutiny.Attended) string { return a.Office.Title }},
		{Name: "body", Value: func(a scrutiny.Attended) string { return a.Office.Body }},
		{Name: "role", Value: func(a scrutiny.Attended) string { return string(a.Role) }},
		{Name: "attendance", Value: func(a scrutiny.Attended) string { return string(a.Answer) }},
		{Name: "declared", Value: func(a scrutiny.Attended) string { return a.Declared }},
	}
}

func (s pages) pack(c echo.Context) (templ.Component, error) {
	p, err := s.meetingPage(c)
	v := scrutinyview.PackView{MeetingPage: p}
	if s.Options.PublicURL != nil {
		v.Base = s.Options.PublicURL.String()
	}
	return scrutinyview.MeetingPack(v), err
}

func (s pages) planForm(c echo.Context) (templ.Component, error) {
	p, err := s.keptCommittee(c)
	return scrutinyview.MeetingForm(p.Committee, scrutiny.Meeting{}), err
}

func (s pages) plan(c echo.Context) (string, error) {
	var f fault.Faults
	m := scrutiny.Meeting{Committee: c.Param("slug"), On: serve.FormDay(c, &f, "on"), Starts: c.FormValue("starts"), Place: c.FormValue("place")}
	id, err := scrutiny.PlanMeeting(serve.Ctx(c), s.Store, serve.Viewer(c), m)
	if err := serve.JoinFaults(f, err); err != nil { // refuses a day that could not be read
		return "", err
	}
	return fmt.Sprintf("/meetings/%d", id), s.Tell(c, "The meeting has been arranged. You can now build its agenda.")
}

func (s pages) moveForm(c echo.Context) (templ.Component, error) {
	p, err := s.openMeeting(c, scrutiny.ActChangeMeeting)
	return scrutinyview.MeetingForm(p.Of, p.Meeting), err
}

func (s pages) moveMeeting(c echo.Context) (string, error) {
	var f fault.Faults
	on := serve.FormDay(c, &f, "on")
	return s.atMeeting(c, "Your changes have been saved.", "", func(id int64) error {
		return serve.JoinFaults(f, scrutiny.MoveMeeting(serve.Ctx(c), s.Store, serve.Viewer(c), id, on, c.FormValue("starts"), c.FormValue("place")))
	})
}

// atMeeting does something to a meeting and leads to a page below its own.
func (s pages) atMeeting(c echo.Context, notice, below string, act func(id int64) error) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err == nil {
		err = act(id)
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/meetings/%d%s", id, below), s.Tell(c, notice)
}

func (s pages) cancelForm(c echo.Context) (templ.Component, error) {
	p, err := s.openMeeting(c, scrutiny.ActCancelMeeting)
	return scrutinyview.CancelMeetingForm(p), err
}

func (s pages) cancelCheck(c echo.Context) (templ.Component, error) {
	return s.wouldBe(c, scrutiny.ActCancelMeeting, c.FormValue("reason"), func(st *db.Tx, id int64) error {
		return scrutiny.CancelMeeting(serve.Ctx(c), st, serve.Viewer(c), id, c.FormValue("reason"))
	})
}

// wouldBe shows what an act on a meeting would do, once it would be accepted.
func (s pages) wouldBe(c echo.Context, act office.Act, words string, do func(*db.Tx, int64) error) (templ.Component, error) {
	p, err := s.openMeeting(c, act)
	if err != nil {
		return nil, err
	}
	err = record.Try(serve.Ctx(c), s.Store, func(st *db.Tx) error { return do(st, p.ID) })
	return scrutinyview.MeetingCheck(p, act, words), err
}

func (s pages) cancelMeeting(c echo.Context) (string, error) {
	return s.atMeeting(c, "The meeting has been cancelled.", "", func(id int64) error {
		return scrutiny.CancelMeeting(serve.Ctx(c), s.Store, serve.Viewer(c), id, c.FormValue("reason"))
	})
}

func (s pages) agendaForm(c echo.Context) (templ.Component, error) {
	p, err := s.openMeeting(c, scrutiny.ActEditAgenda)
	return scrutinyview.AgendaForm(p), err
}

func (s pages) addAgendaItem(c echo.Context) (string, error) {
	return s.atMeeting(c, "The item has been added to the agenda.", "/agenda", func(id int64) error {
		return scrutiny.AddAgendaItem(serve.Ctx(c), s.Store, serve.Viewer(c), id, c.FormValue("title"), c.FormValue("after"), nil)
	})
}

func (s pages) addSuggested(c echo.Context) (string, error) {
	refs := c.Request().Form["ref"]
	if c.FormValue("all") == "yes" {
		p, err := s.openMeeting(c, scrutiny.ActEditAgenda)
		if err != nil {
			return "", err
		}
		refs = nil
		for _, a := range p.Offered {
			refs = append(refs, a.Ref)
		}
	}
	return s.atMeeting(c, "The chosen items have been added to the agenda.", "/agenda", func(id int64) error { return scrutiny.AddSuggested(serve.Ctx(c), s.Store, serve.Viewer(c), id, refs) })
}

// keyOf is the item of the agenda that a form names, 0 where it names none.
func keyOf(c echo.Context) int64 {
	key, err := strconv.ParseInt(c.FormValue("item"), 10, 64)
	if err != nil {
		return 0 // which no item has
	}
	return key
}

func (s pages) addPaper(c echo.Context) (string, error) {
	return s.atMeeting(c, "The paper has been added.", "/agenda", func(id int64) error {
		return scrutiny.AddPaper(serve.Ctx(c), s.Store, serve.Viewer(c), id, keyOf(c), scrutiny.Linked{Title: c.FormValue("paper"), Href: c.FormValue("href")})
	})
}

func (s pages) moveItem(c echo.Context) (string, error) {
	return s.atMeeting(c, "The agenda has been changed.", "/agenda", func(id int64) error {
		switch c.FormValue("do") {
		case "up", "down":
			return scrutiny.MoveItem(serve.Ctx(c), s.Store, serve.Viewer(c), id, keyOf(c), c.FormValue("do") == "up")
		case "remove":
			return scrutiny.RemoveItem(serve.Ctx(c), s.Store, serve.Viewer(c), id, keyOf(c))
		}
		return fault.Invalid.Errorf("Choose whether to move the item up, move it down or remove it.")
	})
}

// asks is the page that asks for an act without anything to type.
func (s pages) asks(act office.Act) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		p, err := s.openMeeting(c, act)
		return scrutinyview.PublishForm(p, act), err
	}
}

func (s pages) checks(act office.Act) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		return s.wouldBe(c, act, "", func(st *db.Tx, id int64) error {
			if act == scrutiny.ActPublishAgenda {
				return scrutiny.PublishAgenda(serve.Ctx(c), st, serve.Viewer(c), id)
			}
			return scrutiny.PublishMinutes(serve.Ctx(c), st, serve.Viewer(c), id, draftOf(c))
		})
	}
}

// draftOf is the event of the draft that a form was made from.
func draftOf(c echo.Context) int64 {
	n, err := strconv.ParseInt(c.FormValue("draft"), 10, 64)
	if err != nil {
		return -1 // which no draft has
	}
	return n
}

func (s pages) publishAgenda(c echo.Context) (string, error) {
	return s.atMeeting(c, "The agenda has been published.", "", func(id int64) error { return scrutiny.PublishAgenda(serve.Ctx(c), s.Store, serve.Viewer(c), id) })
}

func (s pages) attendForm(c echo.Context) (templ.Component, error) {
	p, err := s.openMeeting(c, scrutiny.ActRecordAttendance)
	return scrutinyview.AttendForm(p), err
}

func (s pages) attend(c echo.Context) (string, error) {
	p, err := s.openMeeting(c, scrutiny.ActRecordAttendance)
	if err != nil {
		return "", err
	}
	var said []scrutiny.Attended
	for _, seat := range p.Of.SeatsOn(p.On) {
		id := strconv.FormatInt(seat.Office.ID, 10)
		said = append(said, scrutiny.Attended{Office: seat.Office, Answer: scrutiny.Attendance(c.FormValue("seat-" + id)), Declared: c.FormValue("declared-" + id)})
	}
	return s.atMeeting(c, "Attendance has been recorded.", "", func(id int64) error {
		return scrutiny.RecordAttendance(serve.Ctx(c), s.Store, serve.Viewer(c), id, said)
	})
}

func (s pages) minutesForm(c echo.Context) (templ.Component, error) {
	p, err := s.openMeeting(c, scrutiny.ActDraftMinutes)
	return scrutinyview.MinutesForm(p), err
}

func (s pages) keepMinutes(c echo.Context) (string, error) {
	return s.atMeeting(c, "The draft has been saved.", "", func(id int64) error {
		return scrutiny.KeepMinutes(serve.Ctx(c), s.Store, serve.Viewer(c), id, c.FormValue("minutes"))
	})
}

func (s pages) publishMinutes(c echo.Context) (string, error) {
	return s.atMeeting(c, "The minutes have been published.", "", func(id int64) error {
		return scrutiny.PublishMinutes(serve.Ctx(c), s.Store, serve.Viewer(c), id, draftOf(c))
	})
}

func (s pages) correctForm(c echo.Context) (templ.Component, error) {
	p, err := s.openMeeting(c, scrutiny.ActCorrectMinutes)
	return scrutinyview.CorrectForm(p), err
}

// correctSent is the number of the paragraph that a sent form corrects.
func correctSent(c echo.Context) int {
	n, err := strconv.Atoi(c.FormValue("corrects"))
	if err != nil {
		return -1 // which no paragraph has
	}
	return n
}

func (s pages) correctCheck(c echo.Context) (templ.Component, error) {
	return s.wouldBe(c, scrutiny.ActCorrectMinutes, c.FormValue("text"), func(st *db.Tx, id int64) error {
		return scrutiny.CorrectMinutes(serve.Ctx(c), st, serve.Viewer(c), id, correctSent(c), c.FormValue("text"))
	})
}

func (s pages) correctMinutes(c echo.Context) (string, error) {
	return s.atMeeting(c, "The paragraph has been published.", "", func(id int64) error {
		return scrutiny.CorrectMinutes(serve.Ctx(c), s.Store, serve.Viewer(c), id, correctSent(c), c.FormValue("text"))
	})
}
