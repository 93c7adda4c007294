package handover

import (
	"fmt"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	handoverview "github.com/police-ict/handover/views/handover"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) statementRoutes() {
	for what, prepare := range map[string]office.Permission{handover.TheStatement: office.CompleteHandover, handover.TheBalance: office.PrepareBalance} {
		path := "/handover/" + what
		s.Data(path, office.Public, s.dossier(what), serve.AsAt())
		s.Get(path+"/:version", office.Public, s.preparedVersion(what))
		s.Repeats(path + "/prepare") // it is prepared of what stands then
		s.Post(path+"/prepare", prepare, s.prepare(what))
		s.Confirm(path+"/certify", office.CertifyHandover, true, s.certifyPage(what), s.certifyPage(what), s.certify(what))
	}
	s.Confirm("/handover/complete", office.CompleteHandover, true, s.completeForm, s.completeCheck, s.complete)
}

func (s pages) dossier(what string) serve.Data {
	return func(c echo.Context) (serve.Answer, error) {
		h, err := s.handoverAt(c)
		if err != nil {
			return serve.Answer{}, err
		}
		if what == handover.TheBalance {
			return serve.Answer{Page: handoverview.Balance(h), JSON: dossierJSON(h, what, h.BalanceNow), CSV: serve.CSVOf(balanceColumns(string(h.BalanceNow.Day)), h.BalanceNow.Kinds...)}, nil
		}
		return serve.Answer{Page: handoverview.Statement(h), JSON: dossierJSON(h, what, h.StatementNow), CSV: serve.Rows(statementRows(h))}, nil
	}
}

func dossierJSON(h handover.Handover, what string, now any) map[string]any {
	d := h.Dossier(what)
	out := map[string]any{"as_at": h.Moment.Day, "event": h.Known, "known_event": h.Known, "content": now, "hash": d.Now, "current": d.Current(), "certificates": d.Certificates, "version": 0}
	if d.Last != nil {
		out["version"] = d.Last.Version
	}
	return out
}

// balanceColumns are the columns of the opening balance.
func balanceColumns(day string) []serve.Column[handover.KindTotal] {
	return []serve.Column[handover.KindTotal]{
		{Name: "day", Value: func(handover.KindTotal) string { return day }},
		{Name: "kind", Value: func(k handover.KindTotal) string { return string(k.Kind) }},
		{Name: "items", Value: func(k handover.KindTotal) string { return serve.Digits(k.Count) }},
		{Name: "pence", Value: func(k handover.KindTotal) string { return serve.Digits(k.Pence) }},
		{Name: "not_valued", Value: func(k handover.KindTotal) string { return serve.Digits(k.Unvalued) }},
		{Name: "excepted", Value: func(k handover.KindTotal) string { return serve.Digits(k.Excepted) }},
	}
}

func statementRows(h handover.Handover) ([]string, [][]string) {
	var rows [][]string
	for _, a := range h.StatementNow.Admissions {
		rows = append(rows, []string{"admission", a.Body, a.Class, strconv.FormatInt(a.Votes, 10), strconv.FormatInt(int64(a.Guarantee), 10), a.Instrument})
	}
	for _, d := range h.StatementNow.Cessations {
		rows = append(rows, []string{"cessation", d.Body, "", "", "", d.Ground})
	}
	for _, r := range h.StatementNow.Rights {
		rows = append(rows, []string{"right", "", h.StatementNow.Class, "", "", handoverview.ProgrammeRightWords(r)})
	}
	return []string{"entry", "body", "class", "votes", "guarantee_pence", "words"}, rows
}

func (s pages) preparedVersion(what string) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		n, err := serve.PathNumber(c, "version")
		if err != nil {
			return nil, err
		}
		h, err := handover.Read(serve.Ctx(c), s.Store, record.Moment{})
		if err != nil {
			return nil, err
		}
		for _, p := range h.Dossier(what).Versions {
			if p.Version == n {
				return handoverview.PreparedVersion(h, p)
			}
		}
		return nil, fault.NotFound.Errorf("There is no such version.")
	}
}

func (s pages) prepare(what string) serve.Step {
	return func(c echo.Context) (string, error) {
		n, err := handover.Prepare(serve.Ctx(c), s.Store, serve.Viewer(c), what)
		if err != nil {
			return "", err
		}
		return "/handover/" + what, s.Tell(c, fmt.Sprintf("Version %d has been prepared. The transferors can now certify it.", n))
	}
}

// certifyPage shows exactly what will be certified. It carries the hash of
// what was read, so that nothing else can be certified by it.
func (s pages) certifyPage(what string) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		h, err := handover.Read(serve.Ctx(c), s.Store, record.Moment{})
		if err != nil {
			return nil, err
		}
		if err := h.Dossier(what).MayCertify(h.Programme, serve.Viewer(c)); err != nil {
			return nil, err
		}
		return handoverview.Certify(h, what), nil
	}
}

func (s pages) certify(what string) serve.Step {
	return func(c echo.Context) (string, error) {
		if err := handover.Certify(serve.Ctx(c), s.Store, serve.Viewer(c), what, c.FormValue("hash")); err != nil {
			return "", err
		}
		return "/handover/" + what, s.Tell(c, "Your certificate has been recorded.")
	}
}

func (s pages) completeForm(c echo.Context) (templ.Component, error) {
	h, err := handover.Read(serve.Ctx(c), s.Store, record.Moment{})
	return handoverview.CompleteForm(h), err
}

func (s pages) completeCheck(c echo.Context) (templ.Component, error) {
	var f fault.Faults
	on := serve.FormDay(c, &f, "on")
	if err := f.Err(); err != nil {
		return nil, err
	}
	h, err := handover.Read(serve.Ctx(c), s.Store, record.Moment{})
	if err != nil {
		return nil, err
	}
	if err := h.MayComplete(serve.Viewer(c), on, civil.DayOf(s.Store.Now())); err != nil {
		return nil, err
	}
	return handoverview.CompleteCheck(h, on), nil
}

func (s pages) complete(c echo.Context) (string, error) {
	var f fault.Faults
	on := serve.FormDay(c, &f, "on")
	if err := f.Err(); err != nil {
		return "", err
	}
	if err := handover.Complete(serve.Ctx(c), s.Store, serve.Viewer(c), on, c.FormValue("hash")); err != nil {
		return "", err
	}
	return "/handover", s.Tell(c, "The handover is complete. The new members are in the register.")
}
