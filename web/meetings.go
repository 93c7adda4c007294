package web

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
)

func (s *Server) meetingsRoutes() {
	const one, need = "/meetings/:id", office.KeepCommittees
	s.data(one, office.Public, s.meeting)
	s.data(one+"/attendance", office.Public, s.attendance)
	s.get(one+"/pack", office.Public, s.pack)
	s.form(one+"/change", need, s.moveForm, s.moveMeeting)
	s.confirm(one+"/cancel", need, false, s.cancelForm, s.cancelCheck, s.cancelMeeting)
	s.get(one+"/agenda", need, s.agendaForm)
	s.form(one+"/agenda/add", need, s.agendaForm, s.addAgendaItem)
	s.form(one+"/agenda/suggested", need, s.agendaForm, s.addSuggested)
	s.form(one+"/agenda/paper", need, s.agendaForm, s.addPaper)
	s.form(one+"/agenda/move", need, s.agendaForm, s.moveItem)
	s.confirm(one+"/agenda/publish", need, false, s.asks(scrutiny.ActPublishAgenda), s.checks(scrutiny.ActPublishAgenda), s.publishAgenda)
	s.form(one+"/attend", need, s.attendForm, s.attend)
	s.form(one+"/minutes", need, s.minutesForm, s.keepMinutes)
	s.confirm(one+"/minutes/publish", need, false, s.asks(scrutiny.ActPublishMinutes), s.checks(scrutiny.ActPublishMinutes), s.publishMinutes)
	s.confirm(one+"/correct", need, false, s.correctForm, s.correctCheck, s.correctMinutes)
}

// meetingPage is the page of the meeting that an address names.
func (s *Server) meetingPage(c echo.Context) (p scrutiny.MeetingPage, err error) {
	id, err := number(c, "id")
	if err != nil {
		return p, err
	}
	return scrutiny.ReadMeetingPage(ctx(c), s.store, viewer(c), id)
}

// openMeeting is the page of a meeting to which the person may do something.
func (s *Server) openMeeting(c echo.Context, act office.Act) (scrutiny.MeetingPage, error) {
	p, err := s.meetingPage(c)
	if err == nil {
		err = p.Can(viewer(c), act)
	}
	return p, err
}

type meetingJSON struct {
	AsAt  string `json:"as_at"`
	Known int64  `json:"known_event"`
	scrutiny.Meeting
}

func (s *Server) meeting(c echo.Context) (answer, error) {
	p, err := s.meetingPage(c)
	if err != nil {
		return answer{}, err
	}
	return answer{Page: scrutinyview.Meeting(p), JSON: meetingJSON{instant(p.Now), p.Known, p.Meeting}}, nil
}

type attendanceJSON struct {
	AsAt       string              `json:"as_at"`
	Meeting    int64               `json:"meeting"`
	On         civil.Day           `json:"on"`
	Attendance []scrutiny.Attended `json:"attendance"`
}

func (s *Server) attendance(c echo.Context) (answer, error) {
	p, err := s.meetingPage(c)
	if err != nil {
		return answer{}, err
	}
	var rows [][]string
	for _, a := range p.Attendance {
		rows = append(rows, []string{strconv.FormatInt(p.ID, 10), p.Committee, string(p.On), strconv.FormatInt(a.Office.ID, 10), a.Office.Title, a.Office.Body, string(a.Role), string(a.Answer), a.Declared})
	}
	header := []string{"meeting", "committee", "on", "office_id", "office", "body", "role", "attendance", "declared"}
	return answer{Page: scrutinyview.Attendance(p), JSON: attendanceJSON{instant(p.Now), p.ID, p.On, append([]scrutiny.Attended{}, p.Attendance...)}, CSV: rowsOf(header, rows)}, nil
}

func (s *Server) pack(c echo.Context) (templ.Component, error) {
	p, err := s.meetingPage(c)
	v := scrutinyview.PackView{MeetingPage: p}
	if s.options.PublicURL != nil {
		v.Base = s.options.PublicURL.String()
	}
	return scrutinyview.MeetingPack(v), err
}

func (s *Server) planForm(c echo.Context) (templ.Component, error) {
	p, err := s.keptCommittee(c)
	return scrutinyview.MeetingForm(p.Committee, scrutiny.Meeting{}), err
}

func (s *Server) plan(c echo.Context) (string, error) {
	var f fault.Faults
	m := scrutiny.Meeting{Committee: c.Param("slug"), On: formDay(c, &f, "on"), Starts: c.FormValue("starts"), Place: c.FormValue("place")}
	id, err := scrutiny.PlanMeeting(ctx(c), s.store, viewer(c), m)
	if err := joined(f, err); err != nil { // refuses a day that could not be read
		return "", err
	}
	return fmt.Sprintf("/meetings/%d", id), s.told(c, "The meeting is set. Build its agenda.")
}

func (s *Server) moveForm(c echo.Context) (templ.Component, error) {
	p, err := s.openMeeting(c, scrutiny.ActChangeMeeting)
	return scrutinyview.MeetingForm(p.Of, p.Meeting), err
}

func (s *Server) moveMeeting(c echo.Context) (string, error) {
	var f fault.Faults
	on := formDay(c, &f, "on")
	return s.atMeeting(c, "The change is recorded.", "", func(id int64) error {
		return joined(f, scrutiny.MoveMeeting(ctx(c), s.store, viewer(c), id, on, c.FormValue("starts"), c.FormValue("place")))
	})
}

// atMeeting does something to a meeting and leads to a page below its own.
func (s *Server) atMeeting(c echo.Context, notice, below string, act func(id int64) error) (string, error) {
	id, err := number(c, "id")
	if err == nil {
		err = act(id)
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/meetings/%d%s", id, below), s.told(c, notice)
}

func (s *Server) cancelForm(c echo.Context) (templ.Component, error) {
	p, err := s.openMeeting(c, scrutiny.ActCancelMeeting)
	return scrutinyview.CancelMeetingForm(p), err
}

func (s *Server) cancelCheck(c echo.Context) (templ.Component, error) {
	return s.wouldBe(c, scrutiny.ActCancelMeeting, c.FormValue("reason"), func(st *db.Tx, id int64) error {
		return scrutiny.CancelMeeting(ctx(c), st, viewer(c), id, c.FormValue("reason"))
	})
}

// wouldBe shows what an act on a meeting would do, once it would be accepted.
func (s *Server) wouldBe(c echo.Context, act office.Act, words string, do func(*db.Tx, int64) error) (templ.Component, error) {
	p, err := s.openMeeting(c, act)
	if err != nil {
		return nil, err
	}
	err = record.Try(ctx(c), s.store, func(st *db.Tx) error { return do(st, p.ID) })
	return scrutinyview.MeetingCheck(p, act, words), err
}

func (s *Server) cancelMeeting(c echo.Context) (string, error) {
	return s.atMeeting(c, "The meeting is cancelled.", "", func(id int64) error {
		return scrutiny.CancelMeeting(ctx(c), s.store, viewer(c), id, c.FormValue("reason"))
	})
}

func (s *Server) agendaForm(c echo.Context) (templ.Component, error) {
	p, err := s.openMeeting(c, scrutiny.ActEditAgenda)
	return scrutinyview.AgendaForm(p), err
}

func (s *Server) addAgendaItem(c echo.Context) (string, error) {
	return s.atMeeting(c, "The item is on the agenda.", "/agenda", func(id int64) error {
		return scrutiny.AddAgendaItem(ctx(c), s.store, viewer(c), id, c.FormValue("title"), c.FormValue("after"), nil)
	})
}

func (s *Server) addSuggested(c echo.Context) (string, error) {
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
	return s.atMeeting(c, "What was chosen is on the agenda.", "/agenda", func(id int64) error { return scrutiny.AddSuggested(ctx(c), s.store, viewer(c), id, refs) })
}

// keyOf is the item of the agenda that a form names, 0 where it names none.
func keyOf(c echo.Context) int64 {
	key, err := strconv.ParseInt(c.FormValue("item"), 10, 64)
	if err != nil {
		return 0 // which no item has
	}
	return key
}

func (s *Server) addPaper(c echo.Context) (string, error) {
	return s.atMeeting(c, "The paper is added.", "/agenda", func(id int64) error {
		return scrutiny.AddPaper(ctx(c), s.store, viewer(c), id, keyOf(c), scrutiny.Linked{Title: c.FormValue("paper"), Href: c.FormValue("href")})
	})
}

func (s *Server) moveItem(c echo.Context) (string, error) {
	return s.atMeeting(c, "The agenda is changed.", "/agenda", func(id int64) error {
		switch c.FormValue("do") {
		case "up", "down":
			return scrutiny.MoveItem(ctx(c), s.store, viewer(c), id, keyOf(c), c.FormValue("do") == "up")
		case "remove":
			return scrutiny.RemoveItem(ctx(c), s.store, viewer(c), id, keyOf(c))
		}
		return fault.Invalid.Errorf("Say what to do with the item: move it up, move it down or take it off.")
	})
}

// asks is the page that asks for an act without anything to type.
func (s *Server) asks(act office.Act) page {
	return func(c echo.Context) (templ.Component, error) {
		p, err := s.openMeeting(c, act)
		return scrutinyview.PublishForm(p, act), err
	}
}

func (s *Server) checks(act office.Act) page {
	return func(c echo.Context) (templ.Component, error) {
		return s.wouldBe(c, act, "", func(st *db.Tx, id int64) error {
			if act == scrutiny.ActPublishAgenda {
				return scrutiny.PublishAgenda(ctx(c), st, viewer(c), id)
			}
			return scrutiny.PublishMinutes(ctx(c), st, viewer(c), id, draftOf(c))
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

func (s *Server) publishAgenda(c echo.Context) (string, error) {
	return s.atMeeting(c, "The agenda is published.", "", func(id int64) error { return scrutiny.PublishAgenda(ctx(c), s.store, viewer(c), id) })
}

func (s *Server) attendForm(c echo.Context) (templ.Component, error) {
	p, err := s.openMeeting(c, scrutiny.ActRecordAttendance)
	return scrutinyview.AttendForm(p), err
}

func (s *Server) attend(c echo.Context) (string, error) {
	p, err := s.openMeeting(c, scrutiny.ActRecordAttendance)
	if err != nil {
		return "", err
	}
	var said []scrutiny.Attended
	for _, seat := range p.Of.SeatsOn(p.On) {
		id := strconv.FormatInt(seat.Office.ID, 10)
		said = append(said, scrutiny.Attended{Office: seat.Office, Answer: scrutiny.Attendance(c.FormValue("seat-" + id)), Declared: c.FormValue("declared-" + id)})
	}
	return s.atMeeting(c, "Attendance is recorded.", "", func(id int64) error { return scrutiny.RecordAttendance(ctx(c), s.store, viewer(c), id, said) })
}

func (s *Server) minutesForm(c echo.Context) (templ.Component, error) {
	p, err := s.openMeeting(c, scrutiny.ActDraftMinutes)
	return scrutinyview.MinutesForm(p), err
}

func (s *Server) keepMinutes(c echo.Context) (string, error) {
	return s.atMeeting(c, "The draft is kept.", "", func(id int64) error {
		return scrutiny.KeepMinutes(ctx(c), s.store, viewer(c), id, c.FormValue("minutes"))
	})
}

func (s *Server) publishMinutes(c echo.Context) (string, error) {
	return s.atMeeting(c, "The minutes are published.", "", func(id int64) error { return scrutiny.PublishMinutes(ctx(c), s.store, viewer(c), id, draftOf(c)) })
}

func (s *Server) correctForm(c echo.Context) (templ.Component, error) {
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

func (s *Server) correctCheck(c echo.Context) (templ.Component, error) {
	return s.wouldBe(c, scrutiny.ActCorrectMinutes, c.FormValue("text"), func(st *db.Tx, id int64) error {
		return scrutiny.CorrectMinutes(ctx(c), st, viewer(c), id, correctSent(c), c.FormValue("text"))
	})
}

func (s *Server) correctMinutes(c echo.Context) (string, error) {
	return s.atMeeting(c, "The paragraph is published.", "", func(id int64) error {
		return scrutiny.CorrectMinutes(ctx(c), s.store, viewer(c), id, correctSent(c), c.FormValue("text"))
	})
}
