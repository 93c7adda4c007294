package scrutiny

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

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

func (s pages) inquiryActsRoutes() {
	const one, sit = "/inquiries/:slug", office.SitOnCommittees
	s.Edits(one + "/extend")
	s.Edits(one + "/report/draft")
	s.Form(one+"/extend", sit, s.inquiryActForm(scrutiny.ActExtendCall), s.extendCall)
	s.Confirm(one+"/abandon", sit, false, s.inquiryActForm(scrutiny.ActAbandon), s.inquiryActCheck(scrutiny.ActAbandon, abandons), s.takeInquiryAct(abandons, "The inquiry has been abandoned."))
	s.TakesFile(one + "/evidence/new")
	s.Drafts(one+"/evidence/new", titled("Evidence"))
	s.Confirm(one+"/evidence/new", sit, false, s.inquiryActForm(scrutiny.ActTakeEvidence), s.evidenceCheck, s.takeEvidence)
	s.Form(one+"/report/draft", sit, s.inquiryActForm(scrutiny.ActDraftReport), s.draftReport)
	s.Confirm(one+"/report/publish", sit, false, s.inquiryActForm(scrutiny.ActPublishReport), s.inquiryActCheck(scrutiny.ActPublishReport, publishes), s.takeInquiryAct(publishes, "The report has been published."))
	s.Confirm(one+"/evidence/:n/publish", sit, false, s.evidenceForm(scrutiny.ActPublishEvidence), s.evidenceActCheck(scrutiny.ActPublishEvidence, tellsEvidence), s.takeEvidenceAct(tellsEvidence, "has been published."))
	s.Confirm(one+"/evidence/:n/withdraw", sit, false, s.evidenceForm(scrutiny.ActWithdrawEvidence), s.evidenceActCheck(scrutiny.ActWithdrawEvidence, withdrawsEvidence), s.takeEvidenceAct(withdrawsEvidence, "has been withdrawn."))
	s.Form(one+"/evidence/:n/review", sit, s.evidenceForm(scrutiny.ActReviewEvidence), s.takeEvidenceAct(reviewsEvidence, "stays confidential."))
}

// An inquiryDo does an act on an inquiry, or on evidence, as a form says.
type (
	inquiryDo  func(c echo.Context, st *db.Tx) error
	evidenceDo func(c echo.Context, st *db.Tx, e scrutiny.EvidencePage) error
)

func abandons(c echo.Context, st *db.Tx) error {
	return scrutiny.AbandonInquiry(serve.Ctx(c), st, serve.Viewer(c), c.Param("slug"), c.FormValue("why"))
}

func publishes(c echo.Context, st *db.Tx) error {
	version, err := strconv.ParseInt(c.FormValue("version"), 10, 64)
	if err != nil {
		return fault.Conflict.Errorf("The draft may have changed. Reload the page and try again.")
	}
	return scrutiny.PublishReport(serve.Ctx(c), st, serve.Viewer(c), c.Param("slug"), version)
}

func tellsEvidence(c echo.Context, st *db.Tx, e scrutiny.EvidencePage) error {
	return scrutiny.PublishEvidence(serve.Ctx(c), st, serve.Viewer(c), e.Inquiry, e.Number, c.FormValue("why"))
}

func withdrawsEvidence(c echo.Context, st *db.Tx, e scrutiny.EvidencePage) error {
	return scrutiny.WithdrawEvidence(serve.Ctx(c), st, serve.Viewer(c), e.Inquiry, e.Number, c.FormValue("why"))
}

func reviewsEvidence(c echo.Context, st *db.Tx, e scrutiny.EvidencePage) error {
	var f fault.Faults
	until := serve.FormDay(c, &f, "review")
	return serve.JoinFaults(f, scrutiny.ReviewEvidence(serve.Ctx(c), st, serve.Viewer(c), e.Inquiry, e.Number, until, c.FormValue("why")))
}

func (s pages) inquiryForm(c echo.Context) (templ.Component, error) {
	all, err := scrutiny.CommitteesToInquire(serve.Ctx(c), s.Store, serve.Viewer(c))
	if err == nil && len(all) == 0 {
		err = fault.Forbidden.Errorf("Only the chair or clerk of a committee can open an inquiry, and only during its mandate.")
	}
	return scrutinyview.InquiryForm(all), err
}

func (s pages) openInquiry(c echo.Context) (string, error) {
	var f fault.Faults
	i := scrutiny.Inquiry{Slug: c.FormValue("slug"), Title: c.FormValue("title"), Terms: c.FormValue("terms"), Committee: c.FormValue("committee"), Closes: serve.FormDay(c, &f, "closes")}
	if err := serve.JoinFaults(f, scrutiny.OpenInquiry(serve.Ctx(c), s.Store, serve.Viewer(c), i)); err != nil {
		return "", err
	}
	return "/inquiries/" + i.Slug, s.Tell(c, "The inquiry is open. The call for evidence closes at midnight at the end of "+i.Closes.String()+".")
}

// inquiryToAct reads the inquiry of an address, for somebody who may do an act.
func (s pages) inquiryToAct(c echo.Context, act office.Act) (scrutiny.InquiryPage, error) {
	a, err := scrutiny.ReadInquiryPage(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("slug"), 0)
	if err == nil {
		err = a.May(act, serve.Viewer(c), a.Holder, civil.DayOf(a.Now))
	}
	if err == nil && act == scrutiny.ActPublishReport && a.Report == nil {
		err = fault.Conflict.Errorf("Write a draft of the report before you publish it.")
	}
	return a, err
}

func (s pages) inquiryActForm(act office.Act) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		a, err := s.inquiryToAct(c, act)
		return scrutinyview.InquiryActForm(a, act), err
	}
}

func (s pages) inquiryActCheck(act office.Act, do inquiryDo) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		a, err := s.inquiryToAct(c, act)
		if err != nil {
			return nil, err
		}
		if err := record.Try(serve.Ctx(c), s.Store, func(st *db.Tx) error { return do(c, st) }); err != nil {
			return nil, err
		}
		return scrutinyview.InquiryCheck(a, act, c.FormValue("why")), nil
	}
}

func (s pages) takeInquiryAct(do inquiryDo, said string) serve.Step {
	return func(c echo.Context) (string, error) {
		if err := do(c, s.Store); err != nil {
			return "", err
		}
		return "/inquiries/" + c.Param("slug"), s.Tell(c, said)
	}
}

func (s pages) extendCall(c echo.Context) (string, error) {
	var f fault.Faults
	closes := serve.FormDay(c, &f, "closes")
	if err := serve.JoinFaults(f, scrutiny.ExtendCall(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("slug"), closes, c.FormValue("why"))); err != nil {
		return "", err
	}
	return "/inquiries/" + c.Param("slug"), s.Tell(c, "The call for evidence now closes at midnight at the end of "+closes.String()+".")
}

// evidenceFields is the order of the fields of evidence.
var evidenceFields = []string{"author", "naming", "title", "received", "late", "text", "file", "status", "ground", "review"}

// evidenceFrom reads evidence from a sent form. A file sent with it is kept as
// a draft, whose number the form carries from then on.
func (s pages) evidenceFrom(c echo.Context) (e scrutiny.EvidenceForm, f fault.Faults, err error) {
	e = scrutiny.EvidenceForm{Author: c.FormValue("author"), AuthorSealed: c.FormValue("naming") == "sealed", Title: c.FormValue("title"), Late: c.FormValue("late"), Text: c.FormValue("text"),
		Confidential: c.FormValue("status") == string(scrutiny.EvidenceConfidential), Ground: c.FormValue("ground")}
	e.Received = serve.FormDay(c, &f, "received")
	if e.Confidential {
		e.Review = serve.FormDay(c, &f, "review")
	}
	if !slices.Contains([]string{"named", "sealed"}, c.FormValue("naming")) {
		f.Add("naming", "Choose whether the author can be named.")
	}
	if !e.Confidential && c.FormValue("status") != string(scrutiny.EvidencePublished) {
		f.Add("status", "Choose who may read the evidence.")
	}
	e.Document, err = s.DraftFrom(c)
	return e, f, f.Take("file", err)
}

func (s pages) evidenceCheck(c echo.Context) (templ.Component, error) {
	a, err := s.inquiryToAct(c, scrutiny.ActTakeEvidence)
	if err != nil {
		return nil, err
	}
	e, f, err := s.evidenceFrom(c)
	if err != nil {
		return nil, err
	}
	var after scrutiny.EvidenceOf
	err = record.Try(serve.Ctx(c), s.Store, func(st *db.Tx) error {
		n, err := scrutiny.TakeEvidence(serve.Ctx(c), st, serve.Viewer(c), a.Slug, e)
		if err != nil {
			return err
		}
		after, err = scrutiny.Evidence(serve.Ctx(c), st, serve.Viewer(c), a.Slug, n)
		return err
	})
	if err := serve.JoinFaults(f, err); err != nil {
		return nil, serve.OrderFaults(withoutText(err, e.Text), evidenceFields)
	}
	return scrutinyview.EvidenceCheck(after), nil
}

// withoutText asks for no text where a document was given in its place and
// refused.
func withoutText(err error, typed string) error {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok || strings.TrimSpace(typed) != "" || !slices.ContainsFunc(e.Faults, func(f fault.Fault) bool { return f.Field == "file" }) {
		return err
	}
	return fault.Faults(slices.DeleteFunc(slices.Clone(e.Faults), func(f fault.Fault) bool { return f.Field == "text" })).Err()
}

func (s pages) takeEvidence(c echo.Context) (string, error) {
	e, f, err := s.evidenceFrom(c)
	if err == nil {
		err = f.Err()
	}
	if err != nil {
		return "", err
	}
	n, err := scrutiny.TakeEvidence(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("slug"), e)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/inquiries/%s/evidence/%d", c.Param("slug"), n), s.Tell(c, fmt.Sprintf("Evidence %d has been recorded.", n))
}

// evidenceToAct reads the evidence of an address, for somebody who may do an act.
func (s pages) evidenceToAct(c echo.Context, act office.Act) (scrutiny.EvidenceOf, error) {
	p, err := s.evidenceOf(c)
	if err == nil {
		err = p.Evidence.May(act, serve.Viewer(c), p.Holder, civil.DayOf(p.Now))
	}
	return p, err
}

func (s pages) evidenceForm(act office.Act) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		p, err := s.evidenceToAct(c, act)
		return scrutinyview.EvidenceForm(p, act), err
	}
}

func (s pages) evidenceActCheck(act office.Act, do evidenceDo) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		p, err := s.evidenceToAct(c, act)
		if err != nil {
			return nil, err
		}
		if err := record.Try(serve.Ctx(c), s.Store, func(st *db.Tx) error { return do(c, st, p.Evidence) }); err != nil {
			return nil, err
		}
		return scrutinyview.EvidenceActCheck(p, act, c.FormValue("why")), nil
	}
}

func (s pages) takeEvidenceAct(do evidenceDo, said string) serve.Step {
	return func(c echo.Context) (string, error) {
		p, err := s.evidenceOf(c)
		if err != nil {
			return "", err
		}
		if err := do(c, s.Store, p.Evidence); err != nil {
			return "", err
		}
		return p.Evidence.Href(), s.Tell(c, fmt.Sprintf("Evidence %d %s", p.Evidence.Number, said))
	}
}

// draftReport keeps a draft. It is no act for good: the next one replaces it.
func (s pages) draftReport(c echo.Context) (string, error) {
	version, err := strconv.ParseInt(c.FormValue("version"), 10, 64)
	if err != nil {
		return "", fault.Conflict.Errorf("The draft may have changed. Reload the page and try again.")
	}
	form := scrutiny.ReportForm{Text: c.FormValue("text")}
	for i := range scrutiny.FindingsMost {
		form.Findings = append(form.Findings, scrutiny.FindingForm{Text: c.FormValue(scrutiny.FindingField("finding", i)), Cites: c.FormValue(scrutiny.FindingField("cites", i)), Figures: c.FormValue(scrutiny.FindingField("figures", i))})
	}
	if err := scrutiny.DraftReport(serve.Ctx(c), s.Store, serve.Viewer(c), c.Param("slug"), version, form); err != nil {
		return "", err
	}
	return "/inquiries/" + c.Param("slug") + "/report", s.Tell(c, "The draft has been saved. Only the committee can read it.")
}
