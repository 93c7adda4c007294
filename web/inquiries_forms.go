package web

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/views"
)

func (s *Server) inquiryActsRoutes() {
	const one, sit = "/inquiries/:slug", store.SitOnCommittees
	s.form(one+"/extend", sit, s.inquiryActForm(store.ExtendCall), s.extendCall)
	s.confirm(one+"/abandon", sit, false, s.inquiryActForm(store.AbandonInquiry), s.inquiryActCheck(store.AbandonInquiry, abandons), s.takeInquiryAct(abandons, "The inquiry is abandoned."))
	s.takesFile(one + "/evidence/new")
	s.confirm(one+"/evidence/new", sit, false, s.inquiryActForm(store.TakeEvidence), s.evidenceCheck, s.takeEvidence)
	s.form(one+"/report/draft", sit, s.inquiryActForm(store.DraftReport), s.draftReport)
	s.confirm(one+"/report/publish", sit, false, s.inquiryActForm(store.PublishReport), s.inquiryActCheck(store.PublishReport, publishes), s.takeInquiryAct(publishes, "The report is published: anyone can read it now."))
	s.confirm(one+"/evidence/:n/publish", sit, false, s.evidenceForm(store.PublishEvidence), s.evidenceActCheck(store.PublishEvidence, tellsEvidence), s.takeEvidenceAct(tellsEvidence, "published: anyone can read it now."))
	s.confirm(one+"/evidence/:n/withdraw", sit, false, s.evidenceForm(store.WithdrawEvidence), s.evidenceActCheck(store.WithdrawEvidence, withdrawsEvidence), s.takeEvidenceAct(withdrawsEvidence, "withdrawn. It stays listed, with the reason."))
	s.form(one+"/evidence/:n/review", sit, s.evidenceForm(store.ReviewEvidence), s.takeEvidenceAct(reviewsEvidence, "kept confidential."))
}

// An inquiryDo does an act on an inquiry, or on evidence, as a form says.
type (
	inquiryDo  func(c echo.Context, st *store.Store) error
	evidenceDo func(c echo.Context, st *store.Store, e store.EvidenceAt) error
)

func abandons(c echo.Context, st *store.Store) error {
	return st.AbandonInquiry(ctx(c), viewer(c), c.Param("slug"), c.FormValue("why"))
}

func publishes(c echo.Context, st *store.Store) error {
	version, err := strconv.ParseInt(c.FormValue("version"), 10, 64)
	if err != nil {
		return store.Conflict.Errorf("The form does not say which version of the draft it publishes. Reload the page and look again.")
	}
	return st.PublishReport(ctx(c), viewer(c), c.Param("slug"), version)
}

func tellsEvidence(c echo.Context, st *store.Store, e store.EvidenceAt) error {
	return st.PublishEvidence(ctx(c), viewer(c), e.Inquiry, e.Number, c.FormValue("why"))
}

func withdrawsEvidence(c echo.Context, st *store.Store, e store.EvidenceAt) error {
	return st.WithdrawEvidence(ctx(c), viewer(c), e.Inquiry, e.Number, c.FormValue("why"))
}

func reviewsEvidence(c echo.Context, st *store.Store, e store.EvidenceAt) error {
	var f store.Faults
	until := formDay(c, &f, "review")
	return joined(f, st.ReviewEvidence(ctx(c), viewer(c), e.Inquiry, e.Number, until, c.FormValue("why")))
}

func (s *Server) inquiryForm(c echo.Context) (templ.Component, error) {
	all, err := s.store.CommitteesToInquire(ctx(c), viewer(c))
	if err == nil && len(all) == 0 {
		err = store.Forbidden.Errorf("Only the chair or the clerk of a committee opens an inquiry, while its mandate runs.")
	}
	return views.InquiryForm(all), err
}

func (s *Server) openInquiry(c echo.Context) (string, error) {
	var f store.Faults
	i := store.Inquiry{Slug: c.FormValue("slug"), Title: c.FormValue("title"), Terms: c.FormValue("terms"), Committee: c.FormValue("committee"), Closes: formDay(c, &f, "closes")}
	if err := joined(f, s.store.OpenInquiry(ctx(c), viewer(c), i)); err != nil {
		return "", err
	}
	return "/inquiries/" + i.Slug, s.told(c, "The inquiry is open, and evidence is called for until the end of "+i.Closes.String()+".")
}

// inquiryToAct reads the inquiry of an address, for somebody who may do an act.
func (s *Server) inquiryToAct(c echo.Context, act store.Act) (store.InquiryAt, error) {
	a, err := s.store.Inquiry(ctx(c), viewer(c), c.Param("slug"), 0)
	if err == nil {
		err = a.May(act, viewer(c), a.Holder, store.DayOf(a.Now))
	}
	if err == nil && act == store.PublishReport && a.Report == nil {
		err = store.Conflict.Errorf("There is no draft of a report to publish: write one first.")
	}
	return a, err
}

func (s *Server) inquiryActForm(act store.Act) page {
	return func(c echo.Context) (templ.Component, error) {
		a, err := s.inquiryToAct(c, act)
		return views.InquiryActForm(a, act), err
	}
}

func (s *Server) inquiryActCheck(act store.Act, do inquiryDo) page {
	return func(c echo.Context) (templ.Component, error) {
		a, err := s.inquiryToAct(c, act)
		if err != nil {
			return nil, err
		}
		if err := s.store.Try(ctx(c), func(st *store.Store) error { return do(c, st) }); err != nil {
			return nil, err
		}
		return views.InquiryCheck(a, act, c.FormValue("why")), nil
	}
}

func (s *Server) takeInquiryAct(do inquiryDo, said string) step {
	return func(c echo.Context) (string, error) {
		if err := do(c, s.store); err != nil {
			return "", err
		}
		return "/inquiries/" + c.Param("slug"), s.told(c, said)
	}
}

func (s *Server) extendCall(c echo.Context) (string, error) {
	var f store.Faults
	closes := formDay(c, &f, "closes")
	if err := joined(f, s.store.ExtendCall(ctx(c), viewer(c), c.Param("slug"), closes, c.FormValue("why"))); err != nil {
		return "", err
	}
	return "/inquiries/" + c.Param("slug"), s.told(c, "Evidence is taken until the end of "+closes.String()+".")
}

// evidenceFields is the order of the fields of evidence.
var evidenceFields = []string{"author", "naming", "title", "received", "late", "text", "file", "status", "ground", "review"}

// evidenceFrom reads evidence from a sent form. A file sent with it is kept as
// a draft, whose number the form carries from then on.
func (s *Server) evidenceFrom(c echo.Context) (e store.EvidenceForm, f store.Faults, err error) {
	e = store.EvidenceForm{Author: c.FormValue("author"), AuthorSealed: c.FormValue("naming") == "sealed", Title: c.FormValue("title"), Late: c.FormValue("late"), Text: c.FormValue("text"),
		Confidential: c.FormValue("status") == string(store.EvidenceConfidential), Ground: c.FormValue("ground")}
	e.Received = formDay(c, &f, "received")
	if e.Confidential {
		e.Review = formDay(c, &f, "review")
	}
	if !slices.Contains([]string{"named", "sealed"}, c.FormValue("naming")) {
		f.Add("naming", "Choose whether the author is named.")
	}
	if !e.Confidential && c.FormValue("status") != string(store.EvidencePublished) {
		f.Add("status", "Choose whether the evidence is published.")
	}
	e.Document, err = s.draftFrom(c)
	return e, f, f.Take("file", err)
}

func (s *Server) evidenceCheck(c echo.Context) (templ.Component, error) {
	a, err := s.inquiryToAct(c, store.TakeEvidence)
	if err != nil {
		return nil, err
	}
	e, f, err := s.evidenceFrom(c)
	if err != nil {
		return nil, err
	}
	var after store.EvidenceOf
	err = s.store.Try(ctx(c), func(st *store.Store) error {
		n, err := st.TakeEvidence(ctx(c), viewer(c), a.Slug, e)
		if err != nil {
			return err
		}
		after, err = st.Evidence(ctx(c), viewer(c), a.Slug, n)
		return err
	})
	if err := joined(f, err); err != nil {
		return nil, inOrder(err, evidenceFields)
	}
	return views.EvidenceCheck(after), nil
}

func (s *Server) takeEvidence(c echo.Context) (string, error) {
	e, f, err := s.evidenceFrom(c)
	if err == nil {
		err = f.Err()
	}
	if err != nil {
		return "", err
	}
	n, err := s.store.TakeEvidence(ctx(c), viewer(c), c.Param("slug"), e)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/inquiries/%s/evidence/%d", c.Param("slug"), n), s.told(c, fmt.Sprintf("Evidence %d is taken in.", n))
}

// evidenceToAct reads the evidence of an address, for somebody who may do an act.
func (s *Server) evidenceToAct(c echo.Context, act store.Act) (store.EvidenceOf, error) {
	p, err := s.evidenceOf(c)
	if err == nil {
		err = p.Evidence.May(act, viewer(c), p.Holder, store.DayOf(p.Now))
	}
	return p, err
}

func (s *Server) evidenceForm(act store.Act) page {
	return func(c echo.Context) (templ.Component, error) {
		p, err := s.evidenceToAct(c, act)
		return views.EvidenceForm(p, act), err
	}
}

func (s *Server) evidenceActCheck(act store.Act, do evidenceDo) page {
	return func(c echo.Context) (templ.Component, error) {
		p, err := s.evidenceToAct(c, act)
		if err != nil {
			return nil, err
		}
		if err := s.store.Try(ctx(c), func(st *store.Store) error { return do(c, st, p.Evidence) }); err != nil {
			return nil, err
		}
		return views.EvidenceActCheck(p, act, c.FormValue("why")), nil
	}
}

func (s *Server) takeEvidenceAct(do evidenceDo, said string) step {
	return func(c echo.Context) (string, error) {
		p, err := s.evidenceOf(c)
		if err != nil {
			return "", err
		}
		if err := do(c, s.store, p.Evidence); err != nil {
			return "", err
		}
		return p.Evidence.Href(), s.told(c, fmt.Sprintf("Evidence %d is %s", p.Evidence.Number, said))
	}
}

// draftReport keeps a draft. It is no act for good: the next one replaces it.
func (s *Server) draftReport(c echo.Context) (string, error) {
	version, err := strconv.ParseInt(c.FormValue("version"), 10, 64)
	if err != nil {
		return "", store.Conflict.Errorf("The form does not say which version of the draft it changes. Reload the page and look again.")
	}
	form := store.ReportForm{Text: c.FormValue("text")}
	for i := range store.FindingsMost {
		form.Findings = append(form.Findings, store.FindingForm{Text: c.FormValue(store.FindingField("finding", i)), Cites: c.FormValue(store.FindingField("cites", i)), Figures: c.FormValue(store.FindingField("figures", i))})
	}
	if err := s.store.DraftReport(ctx(c), viewer(c), c.Param("slug"), version, form); err != nil {
		return "", err
	}
	return "/inquiries/" + c.Param("slug") + "/report", s.told(c, "The draft is kept. Only whoever sits on the committee reads it.")
}
