package people

import (
	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	peopleview "github.com/police-ict/handover/views/people"
	"github.com/police-ict/handover/web/serve"
)

// requestRoutes are what an administrator asks for and a second person decides,
// and the resignation from one's own office, which nobody decides.
func (s pages) requestRoutes() {
	const one = "/appointments/requests/:id"
	s.Get(one, office.ConfirmAppointments, s.request)
	s.PostShown(one+"/agree", office.ConfirmAppointments, s.request, s.decideRequest(true))
	s.PostShown(one+"/refuse", office.ConfirmAppointments, s.request, s.decideRequest(false))
	s.Form("/account/appointments/:id/resign", office.SignedIn, s.resignForm, s.resign)
}

// asked is the request of an address, where the viewer may see it.
func (s pages) asked(c echo.Context) (people.Request, office.Chain, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return people.Request{}, nil, err
	}
	r, err := people.FindRequest(serve.Ctx(c), s.Store, id)
	if err == nil && !r.At(serve.Viewer(c).Office.Body) && r.Person != serve.Viewer(c).Person {
		err = fault.NotFound.Errorf("There is no such request at your body.")
	}
	if err != nil {
		return r, nil, err
	}
	chain, err := office.ReadChain(serve.Ctx(c), s.Store)
	return r, chain, err
}

func (s pages) request(c echo.Context) (templ.Component, error) {
	r, chain, err := s.asked(c)
	if err != nil {
		return nil, err
	}
	return peopleview.Request(r, r.MayDecide(serve.Viewer(c), chain, civil.DayOf(s.Store.Now()))), nil
}

// decideRequest agrees to a request or refuses it. The address of an invitation
// is shown to whoever agreed to it, and never again.
func (s pages) decideRequest(agree bool) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		r, chain, err := s.asked(c)
		if err != nil {
			return nil, err
		}
		if err := r.MayDecide(serve.Viewer(c), chain, civil.DayOf(s.Store.Now())); err != nil {
			return nil, err
		}
		if err := s.again(c); err != nil {
			return nil, err
		}
		token, err := people.DecideRequest(serve.Ctx(c), s.Store, serve.Viewer(c), r.ID, agree, c.FormValue("reason"))
		if err != nil {
			return nil, err
		}
		if token != "" {
			return s.invitedPage(c, r.Person, token)
		}
		return s.request(c)
	}
}

// ownAppointment is the appointment of an address that the viewer may resign.
func (s pages) ownAppointment(c echo.Context) (office.Appointment, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return office.Appointment{}, err
	}
	a, err := office.FindAppointment(serve.Ctx(c), s.Store, id)
	if err == nil {
		err = a.MayResign(serve.Viewer(c), civil.DayOf(s.Store.Now()))
	}
	return a, err
}

func (s pages) resignForm(c echo.Context) (templ.Component, error) {
	a, err := s.ownAppointment(c)
	return peopleview.ResignForm(a), err
}

func (s pages) resign(c echo.Context) (string, error) {
	a, err := s.ownAppointment(c)
	if err != nil {
		return "", err
	}
	var f fault.Faults
	last := serve.FormDay(c, &f, "to")
	if err := f.Err(); err != nil {
		return "", err
	}
	if err := people.CheckLast(a, last, civil.DayOf(s.Store.Now())); err != nil {
		return "", err
	}
	if err := s.again(c); err != nil {
		return "", err
	}
	if err := people.Resign(serve.Ctx(c), s.Store, serve.Viewer(c), a.ID, last); err != nil {
		return "", err
	}
	if _, err := people.ViewerOf(serve.Ctx(c), s.Store, serve.Viewer(c).Person, 0); err != nil {
		return "/", nil // their last office ended, and they are signed out
	}
	return "/account", s.Tell(c, "Your resignation has been recorded. Your last day as "+a.Office.Title+" is "+last.String()+".")
}
