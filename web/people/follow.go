package people

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/news"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/outbox"
	peopleview "github.com/police-ict/handover/views/people"
	decisionsweb "github.com/police-ict/handover/web/decisions"
	scrutinyweb "github.com/police-ict/handover/web/scrutiny"
	"github.com/police-ict/handover/web/serve"
	spendweb "github.com/police-ict/handover/web/spend"
)

const outboxMost = 50 // mails of a kind on the page

func (s pages) followRoutes() {
	s.Post("/follow", office.SignedIn, s.follow)
	s.Form("/account/following", office.SignedIn, s.following, s.endFollow)
	s.fresh("/unsubscribe/:token", office.Public, s.unsubscribeForm)
	s.PostShown("/unsubscribe/:token", office.Public, s.unsubscribeForm, s.unsubscribe)
	s.Form("/people/outbox", office.KeepPeople, s.outbox, s.retryMail)
}

// followFilters read what a list is asked for from its address, as the store
// keeps it. A list that can be followed adds its line here and in the store.
var followFilters = map[string]func(echo.Context) (string, error){
	"/decisions": func(c echo.Context) (string, error) {
		f, err := decisionsweb.Filter(c)
		if err == nil && f.Draft {
			err = fault.Invalid.Errorf("Drafts cannot be followed.")
		}
		f.Before = "" // the order and the page are no part of what is kept
		return kept(f, err)
	},
	"/questions": func(c echo.Context) (string, error) {
		f, err := scrutinyweb.QuestionFilter(c)
		f.Before = ""
		return kept(f, err)
	},
	"/recommendations": func(c echo.Context) (string, error) {
		f, err := scrutinyweb.RecommendationFilter(c)
		f.Before = ""
		return kept(f, err)
	},
	"/spend": func(c echo.Context) (string, error) {
		f, err := spendweb.Filter(c)
		if err != nil {
			return "", err
		}
		return f.Kept()
	},
}

func kept(filter any, err error) (string, error) {
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(filter)
	return string(b), err
}

// follow follows what a page is about, and goes back to the page.
func (s pages) follow(c echo.Context) (string, error) {
	subject := c.FormValue("subject")
	filter, err := s.listFilter(c, subject)
	if err != nil {
		return "", err
	}
	f, err := news.StartFollow(serve.Ctx(c), s.Store, serve.Viewer(c), subject, filter)
	if err != nil {
		return "", err
	}
	return local(f.Href), s.Tell(c, "You follow this by mail. Each mail has an address that ends it.")
}

// listFilter is the filter of the list that an address names, "" of what is no list.
func (s pages) listFilter(c echo.Context, address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, "/") {
		return "", nil
	}
	read, ok := followFilters[u.Path]
	if !ok {
		return "", nil
	}
	if u.RawQuery, err = s.Takes(u.Path).Tidy(u.RawQuery, false); err != nil {
		return "", err
	}
	r := c.Request().Clone(serve.Ctx(c))
	r.URL = u
	return read(c.Echo().NewContext(r, c.Response()))
}

func (s pages) following(c echo.Context) (templ.Component, error) {
	all, err := news.Following(serve.Ctx(c), s.Store, serve.Viewer(c).Person)
	return peopleview.Following(all), err
}

func (s pages) endFollow(c echo.Context) (string, error) {
	id, err := strconv.ParseInt(c.FormValue("end"), 10, 64)
	if err != nil {
		return "", fault.Invalid.Errorf("Choose what to follow no more.")
	}
	if err := news.EndFollow(serve.Ctx(c), s.Store, serve.Viewer(c), id); err != nil {
		return "", err
	}
	return "/account/following", s.Tell(c, "You hear no more of it by mail.")
}

func (s pages) unsubscribeForm(c echo.Context) (templ.Component, error) {
	f, err := news.FollowOf(serve.Ctx(c), s.Store, c.Param("token"))
	return peopleview.Unsubscribe(f), err
}

// unsubscribe needs no account: whoever holds the mail may end it, and mail
// programs do it with one click (RFC 8058).
func (s pages) unsubscribe(c echo.Context) (templ.Component, error) {
	return peopleview.Unsubscribed(), news.Unsubscribe(serve.Ctx(c), s.Store, c.Param("token"))
}

func (s pages) outbox(c echo.Context) (templ.Component, error) {
	b, err := outbox.ReadOutbox(serve.Ctx(c), s.Store, outboxMost)
	return peopleview.Outbox(b), err
}

func (s pages) retryMail(c echo.Context) (string, error) {
	id, err := strconv.ParseInt(c.FormValue("retry"), 10, 64)
	if err != nil {
		return "", fault.Invalid.Errorf("Choose a mail to try again.")
	}
	if err := outbox.Retry(serve.Ctx(c), s.Store, serve.Viewer(c), id); err != nil {
		return "", err
	}
	return "/people/outbox", s.Tell(c, "The mail is tried again.")
}
