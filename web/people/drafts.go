package people

import (
	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/drafts"
	"github.com/police-ict/handover/store/office"
	peopleview "github.com/police-ict/handover/views/people"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) draftsRoutes() {
	s.Form("/account/drafts", office.SignedIn, s.ownDrafts, s.deleteDraft)
}

func (s pages) ownDrafts(c echo.Context) (templ.Component, error) {
	all, err := drafts.Of(serve.Ctx(c), s.Store, serve.Viewer(c))
	return peopleview.Drafts(all), err
}

func (s pages) deleteDraft(c echo.Context) (string, error) {
	if err := drafts.Delete(serve.Ctx(c), s.Store, serve.Viewer(c), c.FormValue("draft"), 0); err != nil {
		return "", err
	}
	return "/account/drafts", s.Tell(c, "The draft has been deleted.")
}
