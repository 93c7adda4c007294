package decisions

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	decisionsview "github.com/police-ict/handover/views/decisions"
	"github.com/police-ict/handover/web/serve"
)

// paperFields are the fields of a paper in the order of its form.
var paperFields = slices.Concat([]string{"title", "summary", "recommendation", "reasons", "options"}, optionFields(), []string{"amount", "whole", "supplier", "company", "contract",
	"benefit", "benefit-amount", "benefit-from", "measure", "financial", "legal", "equality", "welsh", "risk", "background", "effective",
	"subject", "value", "part2", "ground", "review", "urgent", "why", "way", "closes", "closes-time", "choice", "signed", "outcome", "condition"})

func optionFields() (all []string) {
	for i := range decisionsview.MostOptions {
		name := fmt.Sprintf("option-%d", i+1)
		all = append(all, name, name+"-cost")
	}
	return all
}

// newDecision asks for the kind of matter, and then shows its form.
func (s pages) newDecision(c echo.Context) (templ.Component, error) {
	sc, err := decisions.Proposable(serve.Ctx(c), s.Store, serve.Viewer(c))
	if err != nil {
		return nil, err
	}
	if c.FormValue("matter") == "" {
		return decisionsview.ChooseMatter(sc), nil
	}
	m, err := matterTyped(c, sc)
	return decisionsview.NewDecision(sc, m), err
}

func matterTyped(c echo.Context, sc authority.Scheme) (authority.Matter, error) {
	m, ok := sc.Matter(c.FormValue("matter"))
	if !ok {
		return m, fault.Field("matter", "Choose the type of decision.")
	}
	return m, nil
}

// draftDecision keeps a draft. When something could not be read, nothing is
// kept, and all that is wrong is told at once.
func (s pages) draftDecision(c echo.Context) (string, error) {
	sc, err := decisions.Proposable(serve.Ctx(c), s.Store, serve.Viewer(c))
	if err != nil {
		return "", err
	}
	m, err := matterTyped(c, sc)
	if err != nil {
		return "", err
	}
	form, f := draftTyped(c, m)
	if len(f) > 0 {
		err := record.Try(serve.Ctx(c), s.Store, func(st *db.Tx) error {
			_, err := decisions.SaveDraft(serve.Ctx(c), st, serve.Viewer(c), form)
			return err
		})
		return "", serve.OrderFaults(serve.JoinFaults(f, err), paperFields)
	}
	address, err := decisions.SaveDraft(serve.Ctx(c), s.Store, serve.Viewer(c), form)
	if err != nil {
		return "", serve.OrderFaults(err, paperFields)
	}
	return "/decisions/" + address, s.Tell(c, fmt.Sprintf("Your draft has been saved. Only %s can see it until it is proposed.", office.ShortName(serve.Viewer(c).Office.Body)))
}

// partAsked is the part of a draft that a form is about, none for the whole.
func partAsked(c echo.Context, d decisions.Page) (decisionsview.Section, error) {
	key := c.FormValue("section")
	if key == "" || !d.Draft() {
		return decisionsview.Section{}, nil
	}
	part, ok := decisionsview.SectionOf(key)
	if !ok {
		return part, fault.NotFound.Errorf("A paper has no such section. Go to the draft and choose one.")
	}
	return part, nil
}

// partTyped is a draft with one of its parts as it was typed.
func partTyped(part decisionsview.Section, d decisions.Page, typed decisions.DraftForm) decisions.DraftForm {
	form := decisions.DraftForm{Matter: d.Matter, Paper: d.Paper, Part2: d.Part2}
	if d.Urgency != nil {
		form.Urgent = d.Urgency.Ground
	}
	p, t := &form.Paper, typed.Paper
	switch part.Key {
	case "decision":
		p.Title, p.Summary, p.Recommendation, p.Reasons = t.Title, t.Summary, t.Recommendation, t.Reasons
	case "options":
		p.Options = t.Options
	case "money":
		p.Amount, p.Whole, p.Supplier, p.Company, p.Contract = t.Amount, t.Whole, t.Supplier, t.Company, t.Contract
	case "benefit":
		p.Benefit, p.BenefitAmount, p.BenefitFrom, p.BenefitMeasure = t.Benefit, t.BenefitAmount, t.BenefitFrom, t.BenefitMeasure
	case "implications":
		p.Financial, p.Legal, p.Equality, p.Welsh, p.Risk, p.Background = t.Financial, t.Legal, t.Equality, t.Welsh, t.Risk, t.Background
	case "effect":
		p.Effective, p.Effects = t.Effective, t.Effects
	case "part2":
		p.Ground, p.Review, form.Part2, form.Urgent = t.Ground, t.Review, typed.Part2, typed.Urgent
	}
	return form
}

// draftTyped is the paper that was typed, on a kind of matter.
func draftTyped(c echo.Context, m authority.Matter) (form decisions.DraftForm, f fault.Faults) {
	v := c.FormValue
	p := authority.Paper{Title: v("title"), Summary: v("summary"), Recommendation: v("recommendation"), Reasons: v("reasons"), Financial: v("financial"), Legal: v("legal"),
		Equality: v("equality"), Welsh: v("welsh"), Risk: v("risk"), Background: v("background"), Contract: v("contract"), Supplier: v("supplier"), Company: strings.TrimSpace(v("company")),
		Benefit: v("benefit"), BenefitMeasure: v("measure"), Ground: v("ground")}
	money := func(field string) money.Pence {
		if strings.TrimSpace(v(field)) == "" {
			return 0
		}
		sum, err := money.ParsePence(v(field))
		if f.Take(field, err) != nil {
			f.Add(field, "Enter an amount like 1,234.56.")
		}
		return sum
	}
	p.Amount, p.Whole, p.BenefitAmount = money("amount"), money("whole"), money("benefit-amount")
	p.BenefitFrom, p.Effective, p.Review = serve.FormDay(c, &f, "benefit-from"), serve.FormDay(c, &f, "effective"), serve.FormDay(c, &f, "review")
	for i := range decisionsview.MostOptions {
		name := fmt.Sprintf("option-%d", i+1)
		o := authority.Option{Text: v(name), Cost: money(name + "-cost"), Costed: strings.TrimSpace(v(name+"-cost")) != "", Chosen: v("chosen") == strconv.Itoa(i+1)}
		if strings.TrimSpace(o.Text) == "" && o.Costed {
			f.Add(name, "Describe the option, or remove its cost.")
		}
		p.Options = append(p.Options, o)
	}
	if id := strings.TrimSpace(v("subject")); m.Effect != "" && id != "" {
		e := authority.Effect{Kind: m.Effect, Subject: m.Effect.Topic() + "/" + id}
		if m.Effect == authority.NewBaseline {
			e.Value = string(serve.FormDay(c, &f, "value"))
		}
		if m.Effect == authority.CorrectsMember {
			e.Value = v("value")
		}
		p.Effects = []authority.Effect{e}
	}
	return decisions.DraftForm{Matter: m.Key, Paper: p, Part2: normal(v("part2")), Urgent: v("urgent"), Why: v("why")}, f
}

// normal is a text of a form with the line ends that it was kept with.
func normal(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
