package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	peopleview "github.com/police-ict/handover/views/people"
)

func (s *Server) peopleRoutes() {
	s.accountRoutes()

	s.get("/people", office.KeepPeople, s.people)
	s.get("/people/new", office.KeepPeople, s.personForm)
	s.shown("/people/new", office.KeepPeople, s.personForm, s.addPerson)
	s.get("/people/:id", office.KeepPeople, s.person)
	s.shown("/people/:id/invite", office.KeepPeople, s.person, s.invite)
	s.confirm("/people/:id/appoint", office.KeepPeople, false, s.appointForm, s.appointCheck, s.appoint)
	s.confirm("/people/:id/erase", office.KeepPeople, false, s.eraseForm, s.eraseCheck, s.erase)
	s.form("/appointments/:id/end", office.KeepPeople, s.endForm, s.endAppointment)

	s.get("/appointments", office.ConfirmAppointments, s.proposals)
	s.get("/appointments/:id", office.ConfirmAppointments, s.proposal)
	s.postOn("/appointments/:id/confirm", office.ConfirmAppointments, s.proposal, s.decide(true))
	s.postOn("/appointments/:id/refuse", office.ConfirmAppointments, s.proposal, s.decide(false))
}

// postOn takes a step that another page offers: a fault in what was sent comes
// back on that page.
func (s *Server) postOn(path string, need office.Permission, on page, h step) {
	s.add(http.MethodPost, path, need, func(c echo.Context) error {
		if err := read(c); err != nil {
			return err
		}
		to, err := h(c)
		return s.after(c, on, to, err)
	})
}

// shown takes a step whose answer is a page that is shown once and never again.
func (s *Server) shown(path string, need office.Permission, on, h page) {
	s.add(http.MethodPost, path, need, func(c echo.Context) error {
		if err := read(c); err != nil {
			return err
		}
		v, err := h(c)
		if err != nil {
			return s.after(c, on, "", err)
		}
		return s.render(c, http.StatusOK, v, nil)
	})
}

const peoplePage = 25

func (s *Server) people(c echo.Context) (templ.Component, error) {
	after, err := strconv.ParseInt(asked(c, "after"), 10, 64)
	if err != nil {
		after = 0
	}
	all, more, err := people.Directory(ctx(c), s.store, asked(c, "q"), after, peoplePage)
	return peopleview.People(asked(c, "q"), all, after != 0, more), err
}

func (s *Server) personForm(echo.Context) (templ.Component, error) {
	return peopleview.PersonForm(), nil
}

func (s *Server) addPerson(c echo.Context) (templ.Component, error) {
	id, token, err := people.Add(ctx(c), s.store, viewer(c), c.FormValue("name"), c.FormValue("email"))
	if err != nil {
		return nil, err
	}
	return s.invitedPage(c, id, token)
}

func (s *Server) invite(c echo.Context) (templ.Component, error) {
	id, err := number(c, "id")
	if err != nil {
		return nil, err
	}
	token, err := people.Invite(ctx(c), s.store, viewer(c), id)
	if err != nil {
		return nil, err
	}
	return s.invitedPage(c, id, token)
}

// invitedPage shows the address of an invitation, the only time that it is known.
func (s *Server) invitedPage(c echo.Context, id int64, token string) (templ.Component, error) {
	a, err := people.ReadAccount(ctx(c), s.store, id)
	return peopleview.Invited(a, s.absolute(c, "/invitations/"+token)), err
}

// absolute is an address of the portal as another machine would ask for it.
func (s *Server) absolute(c echo.Context, path string) string {
	if u := s.options.PublicURL; u != nil {
		return u.JoinPath(path).String() //nolint:gosec // the path is one of our own routes
	}
	return "http://" + c.Request().Host + path
}

func (s *Server) account(c echo.Context) (people.Account, error) {
	id, err := number(c, "id")
	if err != nil {
		return people.Account{}, err
	}
	return people.ReadAccount(ctx(c), s.store, id)
}

func (s *Server) person(c echo.Context) (templ.Component, error) {
	a, err := s.account(c)
	return peopleview.Person(a), err
}

func (s *Server) appointForm(c echo.Context) (templ.Component, error) {
	a, err := s.account(c)
	return peopleview.AppointForm(a), err
}

// foreseen reads the form of an appointment and what it would lead to, with
// everything that is wrong told at once.
func (s *Server) foreseen(c echo.Context) (people.Outlook, error) {
	id, err := number(c, "id")
	if err != nil {
		return people.Outlook{}, err
	}
	var f fault.Faults
	a := office.Appointment{
		Office: office.Office{Body: c.FormValue("body"), Kind: office.Kind(c.FormValue("kind")), Title: c.FormValue("title"), Seat: formSeat(c, &f)},
		Person: id, From: formDay(c, &f, "from"), To: formDay(c, &f, "to"), Acting: c.FormValue("acting") == "yes",
	}
	o, err := people.Foresee(ctx(c), s.store, viewer(c), a)
	return o, joined(f, err)
}

// formSeat is the seat of a sent form, 0 when it is left empty.
func formSeat(c echo.Context, f *fault.Faults) int64 {
	text := strings.TrimSpace(c.FormValue("seat"))
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 {
		f.Add("seat", "Give the seat as a whole number from 1 to %d.", office.SeatMost)
	}
	return n
}

// joined adds the faults of reading a form to those that the store found, and
// tells one for each field.
func joined(read fault.Faults, err error) error {
	e, ok := errors.AsType[*fault.Error](err)
	if len(read) == 0 || err != nil && (!ok || e.Kind != fault.Invalid) {
		return err
	}
	var all fault.Faults
	if ok {
		all = slices.DeleteFunc(slices.Clone(fault.Faults(e.Faults)), func(one fault.Fault) bool {
			return slices.ContainsFunc(read, func(had fault.Fault) bool { return had.Field == one.Field })
		})
	}
	return append(all, read...).Err()
}

func (s *Server) appointCheck(c echo.Context) (templ.Component, error) {
	o, err := s.foreseen(c)
	return peopleview.AppointCheck(o), err
}

func (s *Server) appoint(c echo.Context) (string, error) {
	o, err := s.foreseen(c)
	if err != nil {
		return "", err
	}
	if _, err := people.Appoint(ctx(c), s.store, viewer(c), o.Appointment); err != nil {
		return "", err
	}
	said := "The appointment is made."
	if o.Second {
		said = "The appointment is made and awaits confirmation by a second person at " + office.ShortName(o.Office.Body) + "."
	}
	return "/people/" + c.Param("id"), s.told(c, said)
}

func (s *Server) eraseForm(c echo.Context) (templ.Component, error) {
	a, err := s.account(c)
	if err == nil {
		err = a.MayErase(civil.DayOf(s.store.Now()))
	}
	return peopleview.EraseForm(a), err
}

func (s *Server) eraseCheck(c echo.Context) (templ.Component, error) {
	id, err := number(c, "id")
	if err != nil {
		return nil, err
	}
	a, err := people.ForeseeErasure(ctx(c), s.store, id, c.FormValue("reason"))
	return peopleview.EraseCheck(a, c.FormValue("reason")), err
}

func (s *Server) erase(c echo.Context) (string, error) {
	id, err := number(c, "id")
	if err != nil {
		return "", err
	}
	if err := people.Erase(ctx(c), s.store, viewer(c), id, c.FormValue("reason")); err != nil {
		return "", err
	}
	return "/people/" + c.Param("id"), s.told(c, "The name and the address are erased. Every proof of the record still holds.")
}

func (s *Server) endForm(c echo.Context) (templ.Component, error) {
	id, err := number(c, "id")
	if err != nil {
		return nil, err
	}
	a, err := office.FindAppointment(ctx(c), s.store, id)
	if err == nil {
		err = a.MayEnd(viewer(c), civil.DayOf(s.store.Now()))
	}
	return peopleview.EndForm(a), err
}

func (s *Server) endAppointment(c echo.Context) (string, error) {
	id, err := number(c, "id")
	if err != nil {
		return "", err
	}
	var f fault.Faults
	last := formDay(c, &f, "to")
	if err := f.Err(); err != nil {
		return "", err
	}
	if err := people.EndAppointment(ctx(c), s.store, viewer(c), id, last); err != nil {
		return "", err
	}
	a, err := office.FindAppointment(ctx(c), s.store, id)
	if err != nil {
		return "", err
	}
	return "/people/" + strconv.FormatInt(a.Person, 10), s.told(c, "The last day of "+a.Office.Title+" is "+last.String()+".")
}

func (s *Server) proposals(c echo.Context) (templ.Component, error) {
	all, err := people.ProposedAt(ctx(c), s.store, viewer(c).Office.Body)
	return peopleview.Proposals(all), err
}

func (s *Server) proposal(c echo.Context) (templ.Component, error) {
	id, err := number(c, "id")
	if err != nil {
		return nil, err
	}
	p, err := people.ReadProposal(ctx(c), s.store, viewer(c), id)
	return peopleview.Proposal(p), err
}

// decide confirms or refuses an appointment at one's own body.
func (s *Server) decide(confirm bool) step {
	return func(c echo.Context) (string, error) {
		id, err := number(c, "id")
		if err != nil {
			return "", err
		}
		p, err := people.ReadProposal(ctx(c), s.store, viewer(c), id)
		if err != nil {
			return "", err
		}
		if err := people.DecideAppointment(ctx(c), s.store, viewer(c), id, confirm, c.FormValue("reason")); err != nil {
			return "", err
		}
		said := "You confirmed that " + p.Name + " holds " + p.Office.Title + "."
		if !confirm {
			said = "You refused the appointment of " + p.Name + " to " + p.Office.Title + "."
		}
		return "/appointments", s.told(c, said)
	}
}
