package scrutiny_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/changes"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/storetest"
)

// What scrutiny made can be asked about as anyone sees it.
func TestWhatScrutinyMadeCanBeAskedAbout(t *testing.T) {
	x := scrutinised(t)
	for ref, want := range map[string]seen.Figure{
		"question/2013-001":       {Label: "Question 2013-001: Why did quokkas rise?", Value: "answered", Href: "/questions/2013-001"},
		"recommendation/2013-001": {Label: "Recommendation 2013-001: Publish every contract above £10,000", Value: "not started", Href: "/recommendations/2013-001"},
		"recommendation/2013-002": {Label: "Undertaking 2013-002: Publish the price list", Value: "not started", Href: "/recommendations/2013-002"},
		"committee/scrutiny":      {Label: "Scrutiny committee scrutiny (sample)", Value: "in its mandate", Href: "/committees/scrutiny"},
		"meeting/1":               {Label: "Meeting of the Scrutiny committee scrutiny (sample), 14 January 2013", Href: "/meetings/1"},
		"inquiry/convergence":     {Label: "Inquiry: Convergence of systems (sample)", Value: "called", Href: "/inquiries/convergence"},
		"evidence/convergence/1":  {Label: "Evidence 1 to the inquiry “Convergence of systems (sample)”: What Kent pays", Value: "published", Href: "/inquiries/convergence/evidence/1"},
		"evidence/convergence/2":  {Label: "Evidence 2 to the inquiry “Convergence of systems (sample)”", Value: "confidential", Href: "/inquiries/convergence/evidence/2"},
		"inquiries":               {Label: "Inquiries", Href: "/inquiries"},
	} {
		if seen := storetest.Look(t, x.Tx, ref); seen.Ref != ref || seen.Label != want.Label || seen.Value != want.Value || seen.Href != want.Href {
			t.Errorf("%s is seen as %+v", ref, seen)
		}
	}
	for _, v := range []office.Viewer{{}, x.clerk} {
		if seen, err := seen.Look(t.Context(), x.bench.Tx, v, "report/convergence"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the draft of a report is seen as %+v, %v", seen, err)
		}
		if seen, err := seen.Look(t.Context(), x.bench.Tx, v, "evidence/convergence/2"); err != nil || strings.Contains(strings.ToLower(fmt.Sprint(seen)), "sesame") {
			t.Errorf("confidential evidence is seen as %+v, %v", seen, err)
		}
	}
	was := storetest.Look(t, x.Tx, "evidence/convergence/2")
	x.must(scrutiny.PublishEvidence(t.Context(), x.bench.Tx, x.clerk, benchSlug, 2, "The contract has ended."))
	if c, err := changes.SeenNow(t.Context(), x.Tx, office.Viewer{}, was); err != nil || !c.Changed() || c.Now.Value != "published" || len(c.Events) != 1 {
		t.Errorf("published since, it is told as %+v", c)
	}
	x.clock.Day("2013-01-29")
	x.must(scrutiny.PublishReport(t.Context(), x.bench.Tx, x.clerk, benchSlug, 1))
	if seen := storetest.Look(t, x.Tx, "report/convergence"); seen.Label != "Report: Convergence of systems (sample)" || seen.Href != "/inquiries/convergence/report" {
		t.Errorf("the report is seen as %+v", seen)
	}
}
