package people

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	peopleview "github.com/police-ict/handover/views/people"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) peopleRoutes() {
	s.accountRoutes()

	s.Get("/people", office.KeepPeople, s.people, serve.One("q", "after"), serve.Sorted())
	s.Get("/people/new", office.KeepPeople, s.personForm)
	s.PostShown("/people/new", office.KeepPeople, s.personForm, s.addPerson)
	s.Get("/people/:id", office.KeepPeople, s.person)
	s.PostShown("/people/:id/invite", office.KeepPeople, s.person, s.invite)
	s.Confirm("/people/:id/appoint", office.KeepPeople, true, s.appointForm, s.appointCheck, s.appoint)
	s.Confirm("/people/:id/erase", office.KeepPeople, true, s.eraseForm, s.eraseCheck, s.erase)
	s.Form("/appointments/:id/end", office.KeepPeople, s.endForm, s.endAppointment)

	s.Get("/appointments", office.ConfirmAppointments, s.proposals)
	s.Get("/appointments/:id", office.ConfirmAppointments, s.proposal)
	s.PostOn("/appointments/:id/confirm", office.ConfirmAppointments, s.proposal, s.decide(true))
	s.PostOn("/appointments/:id/refuse", office.ConfirmAppointments, s.proposal, s.decide(false))
	s.requestRoutes()
}

func (s pages) people(c echo.Context) (templ.Component, error) {
	after, err := serve.AskedNumber(c, "after", "“after” must be the number of a person, 1 or more.")
	if err != nil {
		return nil, err
	}
	var bad fault.Faults
	f := people.DirectoryFilter{Words: serve.Asked(c, "q"), After: after,
		Sort: serve.AskedSort(c, &bad, people.DirectorySorts(), peopleview.UsualPeople), Page: serve.AskedPageNumber(c, &bad)}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	p, err := people.Directory(serve.Ctx(c), s.Store, f, db.PageRows)
	return peopleview.People(p), err
}

// again asks a signed-in person for their password once more, as every act that
// keeps people does.
func (s pages) again(c echo.Context) error {
	return people.ConfirmPassword(serve.Ctx(c), s.Store, serve.Viewer(c), c.FormValue("again"))
}

func (s pages) personForm(echo.Context) (templ.Component, error) {
	return peopleview.PersonForm(), nil
}

func (s pages) addPerson(c echo.Context) (templ.Component, error) {
	if err := people.CheckPerson(c.FormValue("name"), c.FormValue("email")); err != nil {
		return nil, err
	}
	if err := s.again(c); err != nil {
		return nil, err
	}
	id, token, err := people.Add(serve.Ctx(c), s.Store, serve.Viewer(c), c.FormValue("name"), c.FormValue("email"))
	if err != nil {
		return nil, err
	}
	return s.invitedPage(c, id, token)
}

func (s pages) invite(c echo.Context) (templ.Component, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return nil, err
	}
	if err := s.again(c); err != nil {
		return nil, err
	}
	secret, request, err := people.Invite(serve.Ctx(c), s.Store, serve.Viewer(c), id)
	if err != nil {
		return nil, err
	}
	if request == 0 {
		return s.invitedPage(c, id, secret)
	}
	a, err := s.account(c)
	return peopleview.InvitationAsked(a, secret), err
}

// invitedPage shows the address of an invitation, the only time that it is known.
func (s pages) invitedPage(c echo.Context, id int64, token string) (templ.Component, error) {
	a, err := people.ReadAccount(serve.Ctx(c), s.Store, id)
	return peopleview.Invited(a, s.absolute(c, "/invitations/"+token)), err
}

// absolute is an address of the portal as another machine would ask for it.
func (s pages) absolute(c echo.Context, path string) string {
	if u := s.Options.PublicURL; u != nil {
		return u.JoinPath(path).String() //nolint:gosec // the path is one of our own routes
	}
	return "http://" + c.Request().Host + path
}

func (s pages) account(c echo.Context) (people.Account, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return people.Account{}, err
	}
	return people.ReadAccount(serve.Ctx(c), s.Store, id)
}

func (s pages) person(c echo.Context) (templ.Component, error) {
	a, err := s.account(c)
	return peopleview.Person(a), err
}

func (s pages) appointForm(c echo.Context) (templ.Component, error) {
	a, err := s.account(c)
	return peopleview.AppointForm(a), err
}

// foreseen reads the form of an appointment and what it would lead to, with
// everything that is wrong told at once.
func (s pages) foreseen(c echo.Context) (people.Outlook, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return people.Outlook{}, err
	}
	var f fault.Faults
	a := office.Appointment{
		Office: office.Office{Body: c.FormValue("body"), Kind: office.Kind(c.FormValue("kind")), Title: c.FormValue("title"), Seat: formSeat(c, &f)},
		Person: id, From: serve.FormDay(c, &f, "from"), To: serve.FormDay(c, &f, "to"), Acting: c.FormValue("acting") == "yes",
	}
	o, err := people.Foresee(serve.Ctx(c), s.Store, serve.Viewer(c), a)
	return o, serve.JoinFaults(f, err)
}

// formSeat is the seat of a sent form, 0 when it is left empty.
func formSeat(c echo.Context, f *fault.Faults) int64 {
	text := strings.TrimSpace(c.FormValue("seat"))
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 {
		f.Add("seat", "Enter the seat as a whole number from 1 to %d.", office.SeatMost)
	}
	return n
}

func (s pages) appointCheck(c echo.Context) (templ.Component, error) {
	o, err := s.foreseen(c)
	return peopleview.AppointCheck(o), err
}

func (s pages) appoint(c echo.Context) (string, error) {
	o, err := s.foreseen(c)
	if err != nil {
		return "", err
	}
	if _, err := people.Appoint(serve.Ctx(c), s.Store, serve.Viewer(c), o.Appointment); err != nil {
		return "", err
	}
	said := "The appointment has been recorded."
	if o.Second {
		said = "The appointment has been recorded. It takes effect when it is confirmed by a second person at " + office.ShortName(o.Office.Body) + "."
	}
	return "/people/" + c.Param("id"), s.Tell(c, said)
}

func (s pages) eraseForm(c echo.Context) (templ.Component, error) {
	a, err := s.account(c)
	if err == nil {
		err = a.MayErase(civil.DayOf(s.Store.Now()))
	}
	return peopleview.EraseForm(a), err
}

func (s pages) eraseCheck(c echo.Context) (templ.Component, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return nil, err
	}
	a, err := people.ForeseeErasure(serve.Ctx(c), s.Store, id, c.FormValue("reason"))
	return peopleview.EraseCheck(a, c.FormValue("reason")), err
}

func (s pages) erase(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	if err := people.Erase(serve.Ctx(c), s.Store, serve.Viewer(c), id, c.FormValue("reason")); err != nil {
		return "", err
	}
	return "/people/" + c.Param("id"), s.Tell(c, "The name and email address have been erased.")
}

func (s pages) endForm(c echo.Context) (templ.Component, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return nil, err
	}
	a, err := office.FindAppointment(serve.Ctx(c), s.Store, id)
	if err == nil {
		err = a.MayEnd(serve.Viewer(c), civil.DayOf(s.Store.Now()))
	}
	return peopleview.EndForm(a), err
}

func (s pages) endAppointment(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	var f fault.Faults
	last := serve.FormDay(c, &f, "to")
	if err := f.Err(); err != nil {
		return "", err
	}
	a, err := office.FindAppointment(serve.Ctx(c), s.Store, id)
	if err != nil {
		return "", err
	}
	if err := a.MayEnd(serve.Viewer(c), civil.DayOf(s.Store.Now())); err != nil {
		return "", err
	}
	if err := people.CheckLast(a, last, civil.DayOf(s.Store.Now())); err != nil {
		return "", err
	}
	if err := s.again(c); err != nil {
		return "", err
	}
	request, err := people.EndAppointment(serve.Ctx(c), s.Store, serve.Viewer(c), id, last)
	if err != nil {
		return "", err
	}
	said := "The last day of " + a.Office.Title + " has been recorded: " + last.String() + "."
	if request != 0 {
		said = "The end of " + a.Office.Title + " on " + last.String() + " must now be agreed by a second person at " + office.ShortName(a.Office.Body) + "."
	}
	return "/people/" + strconv.FormatInt(a.Person, 10), s.Tell(c, said)
}

func (s pages) proposals(c echo.Context) (templ.Component, error) {
	body := serve.Viewer(c).Office.Body
	all, err := people.ProposedAt(serve.Ctx(c), s.Store, body)
	if err != nil {
		return nil, err
	}
	asked, err := people.AskedAt(serve.Ctx(c), s.Store, body)
	return peopleview.Proposals(all, asked), err
}

func (s pages) proposal(c echo.Context) (templ.Component, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return nil, err
	}
	p, err := people.ReadProposal(serve.Ctx(c), s.Store, serve.Viewer(c), id)
	return peopleview.Proposal(p), err
}

// decide confirms or refuses an appointment at one's own body.
func (s pages) decide(confirm bool) serve.Step {
	return func(c echo.Context) (string, error) {
		id, err := serve.PathNumber(c, "id")
		if err != nil {
			return "", err
		}
		p, err := people.ReadProposal(serve.Ctx(c), s.Store, serve.Viewer(c), id)
		if err != nil {
			return "", err
		}
		if err := p.MayConfirm(serve.Viewer(c)); err != nil {
			return "", err
		}
		if err := s.again(c); err != nil {
			return "", err
		}
		if err := people.DecideAppointment(serve.Ctx(c), s.Store, serve.Viewer(c), id, confirm, c.FormValue("reason")); err != nil {
			return "", err
		}
		said := "You confirmed that " + p.Name + " holds " + p.Office.Title + "."
		if !confirm {
			said = "You refused the appointment of " + p.Name + " to " + p.Office.Title + "."
		}
		return "/appointments", s.Tell(c, said)
	}
}
