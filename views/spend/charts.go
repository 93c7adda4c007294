package spend

import (
	"fmt"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/text"
	"github.com/police-ict/handover/views/page"
)

// Chart is the chart of a view as a file, nil where it has none.
func (v SpendView) Chart() page.ChartFile {
	if !v.Told() || v.Spend.Total.Lines == 0 {
		return nil
	}
	switch v.View {
	case SpendByBody:
		return v.bodyBars(v.bodies(), "")
	case SpendByMonth:
		return v.monthChart(v.categories())
	}
	return nil
}

// overdueWords says how many months of bodies are missing and how many may still
// come in time.
func overdueWords(h report.Headline) string {
	words := "No month is missing"
	if n := h.Gaps.Overdue; n > 0 {
		words = fmt.Sprintf("%s missing", text.Count(n, "month is", "months are"))
	}
	if n := h.Gaps.NotDue; n > 0 {
		words += fmt.Sprintf(" and %s not yet due", page.Num(int64(n))+" "+page.AreIs(n))
	}
	return words + "."
}

// HeadlineFigure is what is published of police IT in a whole financial year,
// beside the figure that was claimed for a year.
func HeadlineFigure(h report.Headline) page.Figure {
	f := page.Figure{Ref: "figure-spend", About: "spend", Label: "Spend on police IT", Value: "Cannot tell", Href: "/spend", Cover: "No source file has been loaded yet."}
	if h.Loads == 0 {
		return f
	}
	claim := report.Claims()[0]
	f.Cover = fmt.Sprintf("%d of %d bodies have published. %s %s was claimed in %s.", h.Bodies, h.Of, overdueWords(h), text.Capital(claim.Figure), claim.Year)
	if h.To == 0 {
		f.Cover = fmt.Sprintf("%d of %d bodies have published. No payment has a date.", h.Bodies, h.Of)
	}
	if h.Bad {
		f.Cover = "No sum is shown, because a source file does not agree with its rows. " + f.Cover
		return f
	}
	if h.YearOf > 0 {
		f.Label += ", " + civil.YearWords(h.Year)
		f.Value, f.Href = AboutPounds(h.YearIT.Pence), page.Query("/spend", "year", fmt.Sprint(h.Year))
		f.About = payments.Ref(payments.Filter{Class: []classify.Class{classify.IsIT}, Years: []int{h.Year}})
		return f
	}
	f.Value = AboutPounds(h.IT.Pence)
	return f
}
