package web

import (
	"regexp"
	"strings"
	"testing"
)

var (
	contentsLinks = regexp.MustCompile(`(?s)<nav class="contents" aria-labelledby="contents">.*?</nav>`)
	foldedSteps   = regexp.MustCompile(`<details class="wide"><summary>Show the \d+ steps`)
)

// contents are the places that the list of sections of a page leads to.
func (b at) contents(path string) (all []string) {
	b.t.Helper()
	page := b.do(200, "GET", path).Body.String()
	for _, l := range hrefs.FindAllStringSubmatch(contentsLinks.FindString(page), -1) {
		if id := strings.TrimPrefix(l[1], "#"); strings.Count(page, `id="`+id+`"`) != 1 {
			b.t.Errorf("%s leads to %s, which is not once on the page", path, l[1])
		}
		all = append(all, l[1])
	}
	return all
}

// TestLongPagesOfScrutinyHaveAListOfSections gives each page of scrutiny more
// words than three screens hold.
func TestLongPagesOfScrutinyHaveAListOfSections(t *testing.T) {
	t.Parallel()
	h := heard(t)
	long := strings.TrimSpace(strings.Repeat(strings.Repeat("Whether the systems converge, and at what price. ", 16)+"\n\n", 6))
	goes(t, h.clerk.do(303, "POST", "/inquiries/new", callForm("terms", long)...), inquiryAt)
	h.clerk.do(303, "POST", inquiryAt+"/evidence/new", sure(evidenceTyped())...)
	goes(t, h.clerk.do(303, "POST", inquiryAt+"/report/draft", reportTyped("text", long, "cites-1", "1 p1")...), inquiryAt+"/report")
	h.day(t, "2013-03-02")
	goes(t, h.chair.do(303, "POST", inquiryAt+"/report/publish", sure([]string{"version", "1"})...), inquiryAt)
	h.chair.do(303, "POST", "/questions/new", sure(asksWhy("text", long, "committee", "scrutiny"))...)
	committee := sit(t)
	committee.clerk.do(303, "POST", "/recommendations/new", surely(replaced(recommended, "text", long)...)...)
	for path, want := range map[string]string{
		inquiryAt:             "#terms #call #findings #evidence",
		inquiryAt + "/report": "#report #findings #terms",
		"/questions/2013-001": "#facts #thread #follow",
		firstOne:              "#words #story #follow",
	} {
		who := h.stranger
		if path == firstOne {
			who = committee.stranger
		}
		if got := strings.Join(who.contents(path), " "); got != want {
			t.Errorf("%s lists %q, want %q", path, got, want)
		}
	}
	if got := h.stranger.contents("/inquiries"); len(got) != 0 {
		t.Errorf("a short list has the sections %v", got)
	}
	says(t, h.stranger.do(200, "GET", inquiryAt), `<div class="section-head"><h2 id="findings">Findings</h2><a class="ask" href="/questions/new?about=report%2Fconvergence"`)
}

// TestTheStepsOfEachProcessAreFolded reads the page of all steps, of which each
// process has a part that is opened when it is wanted.
func TestTheStepsOfEachProcessAreFolded(t *testing.T) {
	t.Parallel()
	s, _, _ := open(t)
	who := stranger(t, s)
	page := who.do(200, "GET", "/help/steps").Body.String()
	if all := who.contents("/help/steps"); len(all) != len(lives()) || all[0] != "#accession" {
		t.Errorf("the page leads to %v", all)
	}
	if n := len(foldedSteps.FindAllString(page, -1)); n != len(lives()) {
		t.Errorf("%d of %d processes are folded", n, len(lives()))
	}
	outside := regexp.MustCompile(`(?s)<details.*?</details>`).ReplaceAllString(page, "")
	if strings.Contains(outside, "<table") || !strings.Contains(outside, "The body takes its own steps.") {
		t.Error("a table of steps is not folded, or what a process is has gone")
	}
}
