package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/story"
)

// TestBrowser drives the built program in Chromium. AXE names axe.min.js of
// axe-core: npm pack axe-core. The journeys are in main_journey_test.go.
func TestBrowser(t *testing.T) {
	b := openBrowser(t)
	b.library, _ = demonstrate(t)
	t.Run("axe", b.axePages)
	t.Run("heights", b.heights)
	t.Run("contents", b.contents)
	t.Run("print", b.print)
	t.Run("print the notice", b.printNotice)
	t.Run("serve", b.serve)
	t.Run("journeys", b.journeys)
}

// A browser is one Chromium for all tests.
type browser struct {
	ctx     context.Context
	axe     string   // source of axe-core
	library *program // a demonstration for all who only read, or whose acts change nothing that others read
	narrow  sync.Map // kinds of pages that axe read whole on a phone
}

// openBrowser skips the test where Chromium or axe is missing, but not where
// everything is to be tested.
func openBrowser(t *testing.T) *browser {
	missing := func(what string) {
		if os.Getenv("CI") != "" {
			t.Fatal("the browser tests need " + what)
		}
		t.Skip("skipped: the browser tests need " + what)
	}
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		missing("Chromium: install the package chromium")
	}
	axe, err := os.ReadFile(os.Getenv("AXE"))
	if err != nil {
		missing("axe-core: set AXE to its axe.min.js (npm pack axe-core)")
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"))...)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(func() { end(); stop() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &browser{ctx: ctx, axe: string(axe)}
}

// demonstrate starts a demonstration on a file, and waits until its story is
// told.
func demonstrate(t testing.TB, args ...string) (p *program, database string) {
	t.Helper()
	database = filepath.Join(t.TempDir(), "demo.db")
	p = start(t, append([]string{"demo", "--database", database}, args...)...)
	t.Cleanup(func() {
		if t.Failed() {
			said := p.log.String()
			t.Logf("the portal’s log ends with\n%s", said[max(0, len(said)-3000):])
		}
	})
	return p, database
}

// A tab is one page of the browser, with cookies of its own.
type tab struct {
	t   testing.TB
	b   *browser
	ctx context.Context
	at  string // the portal's address
}

func (b *browser) tab(t testing.TB, at string, width int64) *tab {
	t.Helper()
	ctx, end := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(end)
	p := &tab{t, b, ctx, at}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800)); err != nil { // without a time limit, which would end the tab
		t.Fatal(err)
	}
	return p
}

// do takes steps, and fails the test unless they end well and in time.
func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%v, on %s", err, ask[string](p, "location.pathname"))
	}
}

// loads takes steps that lead to a page, and returns its status.
func (p *tab) loads(steps ...chromedp.Action[chromedp.Void]) int64 {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 20*time.Second)
	defer cancel()
	res, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		p.t.Fatalf("no page came: %v, on %s", err, ask[string](p, "location.pathname"))
	}
	if wide := ask[int](p, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
		p.t.Errorf("%s scrolls sideways by %d px", ask[string](p, "location.pathname"), wide)
	}
	return res.Status
}

func (p *tab) opens(path string) int64 {
	p.t.Helper()
	return p.loads(chromedp.Navigate(p.at + path))
}

// ask asks the page something by script.
func ask[T any](p *tab, script string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 60*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", script[:min(len(script), 80)], err)
	}
	return v
}

func quoted(v any) string {
	b, _ := json.Marshal(v) // text and maps of text
	return string(b)
}

// signIn begins a session as a sample account.
func (p *tab) signIn(name string) {
	p.t.Helper()
	p.opens("/sign-in")
	if status := p.loads(by(`[...document.querySelectorAll("button")].find(b => b.textContent.replace(/\s+/g, " ") === ` + quoted("Sign in as "+name) + `).click()`)); status != http.StatusOK {
		p.t.Fatalf("signing in as %s: %d", name, status)
	}
}

// by is a step taken by script.
func by(script string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Evaluate[json.RawMessage](script+";0")(ctx, t)
		return chromedp.Void{}, err
	}
}

// submit fills in the form of the page and sends it.
func (p *tab) submit(fields map[string]string) int64 {
	p.t.Helper()
	return p.loads(by(`{
		const form = document.querySelector("main form[method=post]");
		for (const [name, value] of Object.entries(` + quoted(fields) + ` ?? {})) {
			const field = form.elements[name];
			if (field.type === "file") {
				const files = new DataTransfer();
				files.items.add(new File([value], "sample.txt", {type: "text/plain"}));
				field.files = files.files;
			} else field.value = value;
		}
		form.submit();
	}`))
}

// A violation is what axe found.
type violation struct {
	ID, Help string
	Nodes    []struct{ HTML, FailureSummary string }
}

// What axe looks for: everything, and what the width of a window can change.
const (
	everyRule  = `{type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}`
	widthRules = `{type: "rule", values: ["target-size", "scrollable-region-focusable"]}`
)

// isAccessible fails the test when axe finds anything on the page.
func (p *tab) isAccessible(name string) {
	p.t.Helper()
	p.keeps(name, everyRule)
}

// keeps fails the test when axe finds that the page breaks one of the rules.
func (p *tab) keeps(name, rules string) {
	p.t.Helper()
	if !ask[bool](p, `typeof axe === "object"`) {
		p.do(by(p.b.axe))
	}
	found := ask[[]violation](p, `axe.run(document, {resultTypes: ["violations"], runOnly: `+rules+`}).then(r => r.violations)`)
	for _, v := range found {
		for _, n := range v.Nodes {
			p.t.Errorf("%s at %d px: %s: %s\n%s\n%s", name, ask[int](p, "innerWidth"), v.ID, v.Help, n.HTML, n.FailureSummary)
		}
	}
}

// partCall is the call of a part of a page that came to stand in its text.
var partCall = regexp.MustCompile(`@[a-z][A-Za-z]*\(`)

// looks checks the page at both widths: on a phone by every rule where it is the
// first of its kind, and else by those that the width can change.
func (p *tab) looks(name string) {
	p.t.Helper()
	if call := partCall.FindString(ask[string](p, "document.body.textContent")); call != "" {
		p.t.Errorf("%s shows %q, which names a part of the page and is not one", name, call)
	}
	p.isAccessible(name)
	p.do(chromedp.EmulateViewport(320, 800))
	if wide := ask[int](p, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
		p.t.Errorf("%s scrolls sideways by %d px at 320 px", name, wide)
	}
	at, err := url.Parse(ask[string](p, "location.href"))
	if err != nil {
		p.t.Fatal(err)
	}
	rules := everyRule
	if _, known := p.b.narrow.LoadOrStore(kindOfPage(at), true); known && !strings.Contains(name, ", sent with ") {
		rules = widthRules
	}
	p.keeps(name, rules)
	p.do(chromedp.EmulateViewport(1280, 800))
}

// openPages are the pages that anyone reaches from the menu, the footer and
// the main links.
var openPages = []string{
	"/", "/?as_at=2012-07-20", "/ownership?as_at=2012-07-01", "/ownership?as_at=2012-07-20", "/ownership?as_at=2012-11-30", "/ownership",
	"/ownership/compare", "/ownership/print", "/ownership/members/home-office", "/ownership/entries",
	"/handover", "/handover/bodies", "/handover/bodies?step=invited", "/handover/bodies/kent", "/handover/bodies/essex",
	"/handover/schedule", "/handover/schedule?open=yes", "/handover/schedule/4", "/handover/milestones", "/handover/milestones/1",
	"/handover/statement", "/handover/statement/1", "/handover/balance", "/handover/balance/1",
	"/bodies", "/bodies?q=nowhere", "/bodies/kent", "/bodies/home-office", "/record", "/record/1", "/record/100",
	"/spend", "/spend?of=head&year=2012", "/spend?view=supplier", "/spend?view=month&body=kent", "/spend?view=lines&flag=duplicate&it=all", "/spend?text=nothing+so", "/spend?min=x",
	"/spend/lines/100", "/spend/lines/9999999", "/spend/loads", "/spend/loads/1", "/suppliers", "/suppliers/alder-vale-hosting-ltd-sample", "/suppliers/changes",
	"/spend/rules", "/spend/rules/1", "/spend/categories", "/spend/publication", "/spend/publication/kent", "/spend/publication/wiltshire/2012-01",
	"/spend/flags", "/spend/flags/split", "/spend/claims",
	"/decisions", "/decisions?state=held", "/decisions?q=nothing+so", "/decisions/2012-001", "/decisions/2012-002", "/decisions/2012-003", "/decisions/2012-004", "/decisions/2012-005",
	"/decisions/2012-007", "/decisions/2012-008", "/decisions/2013-001", "/decisions/2013-002", "/decisions/2013-003", "/decisions/2013-004",
	"/decisions/2012-001/paper/1", "/decisions/2012-001/paper/2", "/decisions/2012-001/notice", "/decisions/2012-007/notice", "/decisions/2012-003/authority", "/decisions/2013-003/authority",
	"/authority", "/authority/who", "/authority/differs", "/authority/schemes", "/authority/schemes/1", "/authority/schemes/2",
	"/authority/delegations", "/authority/delegations?body=kent&all=yes", "/interests", "/interests?q=nothing+so",
	"/questions", "/questions?state=delayed&to=company", "/questions?q=nothing+so", "/questions/2012-002", "/questions/2012-003", "/questions/2012-004", "/questions/2012-006", "/questions/2012-008",
	"/questions/new", "/questions/new?about=spend%3Fbody%3Dkent%26year%3D2012", "/questions/new?about=decision%2F2012-001",
	"/recommendations", "/recommendations?acceptance=accepted&implementation=verified", "/recommendations?q=nothing+so", "/recommendations/2012-001", "/recommendations/2012-006", "/recommendations/2012-017",
	"/committees", "/committees?orphans=yes", "/committees/scrutiny", "/committees/commissioners-scrutiny", "/committees/scrutiny/decisions",
	"/meetings/1", "/meetings/2", "/inquiries", "/inquiries/hosting-costs", "/inquiries/hosting-costs/evidence/1", "/inquiries/hosting-costs/report",
	"/search", "/search?q=hosting", "/search?q=hosting&kind=supplier&year=2012", "/search?q=2012-001", "/search?q=nothing+so", "/search?q=x&year=no",
	"/help/receipts", "/help/addresses", "/help/words", "/help/offices", "/help/steps",
	"/accessibility", "/contact", "/problem", "/privacy", "/cookies", "/sign-in", "/demonstration",
	"/nowhere", "/ownership?as_at=2012-02-30",
}

// A sent is a form, sent.
type sent struct {
	path   string
	fields map[string]string
}

func (b *browser) axePages(t *testing.T) {
	demo := b.library
	for i, part := range slices.Collect(slices.Chunk(openPages, (len(openPages)+2)/3)) {
		t.Run(fmt.Sprintf("signed out, part %d", i+1), func(t *testing.T) {
			t.Parallel()
			p := b.tab(t, demo.url, 1280)
			for _, path := range part {
				p.opens(path)
				p.looks(path)
			}
		})
	}
	for name, all := range map[string]struct {
		pages []string
		forms []sent
	}{
		"Company secretary (sample)": {
			[]string{"/", "/work", "/account", "/account/following", "/account/password", "/handover", "/handover/bodies/essex", "/handover/statement", "/handover/complete",
				"/ownership/enter", "/ownership/enter/director-removed", "/ownership/enter/admitted", "/ownership/enter/right-granted",
				"/handover/schedule/new", "/handover/schedule/import", "/handover/bodies/city-of-london/invite", "/handover/milestones/new",
				"/handover/milestones/1/rebaseline", "/handover/conditions/certified/override",
				"/decisions/2012-006/implement", "/decisions/2012-007/condition", "/decisions/2012-008/correct", "/decisions/2012-007/release", "/authority/schemes/new"},
			[]sent{
				{"/decisions/2012-007/condition", nil},
				{"/decisions/2012-007/condition", map[string]string{"condition": "0", "evidence": "Sample of a letter"}},
				{"/decisions/2012-006/implement", map[string]string{"evidence": "Sample of a delivery note"}},
				{"/ownership/enter/admitted", nil},
				{"/ownership/enter/director-removed", map[string]string{"seat": "1", "ground": "Resignation"}},
				{"/handover/milestones/1/rebaseline", nil},
				{"/handover/conditions/certified/override", nil},
				{"/handover/conditions/certified/override", map[string]string{"decision": "2012-001"}},
				{"/handover/schedule/new", map[string]string{"kind": "asset", "title": "Vans", "before": "home-office", "valued": "no"}},
				{"/handover/bodies/city-of-london/invite", nil},
				{"/handover/bodies/city-of-london/invite", map[string]string{"file": "Sample of an invitation"}},
			},
		},
		"Administrator (sample)": {
			[]string{"/", "/people", "/people/outbox", "/people/3", "/people/3/appoint", "/people/new", "/people/4/appoint"},
			[]sent{{"/people/3/appoint", nil}, {"/people/new", nil}},
		},
		"Chief executive, Sussex (sample)": {[]string{"/handover/bodies/sussex", "/handover/bodies/sussex/resolve"}, []sent{{"/handover/bodies/sussex/resolve", nil}}},
		"Chair of scrutiny (sample)": {[]string{"/appointments", "/work", "/decisions/2013-002", "/decisions/2013-002/call-in",
			"/questions/2012-004", "/questions/2012-004/follow-up", "/questions/2012-006/take-up", "/recommendations", "/recommendations/2012-004/verify", "/recommendations/new?kind=undertaking",
			"/committees/new", "/committees/scrutiny", "/committees/scrutiny/change", "/committees/scrutiny/seats?body=association", "/inquiries/new"}, []sent{
			{"/decisions/2013-002/call-in", nil},
			{"/decisions/2013-002/call-in", map[string]string{"ground": story.LeftOut, "reason": "A sample reason"}},
			{"/questions/2012-004/view", nil},
			{"/questions/2012-004/view", map[string]string{"judgement": string(scrutiny.PartlyAnswered), "text": "A sample reason"}},
			{"/recommendations/new", nil},
		}},
		"Chair of the commissioners’ scrutiny (sample)": {[]string{"/work", "/committees/scrutiny", "/committees/scrutiny/accept"}, []sent{{"/committees/scrutiny/accept", nil}}},
		"Official for programmes (sample)": {[]string{"/work", "/decisions/2013-003", "/decisions/2013-003/vote", "/decisions/2013-003/return", "/interests/new"}, []sent{
			{"/decisions/2013-003/vote", nil},
			{"/decisions/2013-003/vote", map[string]string{"choice": string(authority.For)}},
			{"/interests/new", nil},
		}},
		"Chief finance officer (sample)": {[]string{"/decisions/2013-004/view"}, []sent{
			{"/decisions/2013-004/view", nil},
			{"/decisions/2013-004/view", map[string]string{"text": "A sample view"}},
		}},
		"Company officer (sample)": {
			[]string{"/spend/loads", "/spend/loads/1", "/spend/loads/1/withdraw", "/spend/loads/1/withhold", "/spend/lines/100", "/spend/lines/100/withhold",
				"/suppliers/alike", "/suppliers/alder-vale-hosting-ltd-sample", "/suppliers/alder-vale-hosting-ltd-sample/rename", "/suppliers/alder-vale-hosting-ltd-sample/merge",
				"/spend/rules/new", "/spend/rules/1/withdraw",
				"/decisions/new", "/decisions/new?matter=contract", "/decisions/2012-007", "/decisions/2013-004", "/decisions/2013-004/edit", "/decisions/2013-004/withdraw"},
			[]sent{
				{"/decisions/new?matter=contract", nil},
				{"/decisions/2013-004/edit", nil},
				{"/decisions/2013-004/edit", map[string]string{"why": "A sample reason", "whole": "170,000"}},
				{"/questions/2012-006/answer", nil},
				{"/questions/2012-006/answer", map[string]string{"judgement": string(scrutiny.FullyAnswered), "text": "A sample answer"}},
				{"/questions/2012-006/hold", nil}, {"/questions/2012-006/refuse", nil},
				{"/recommendations/2013-001/respond", nil}, {"/recommendations/2012-006/claim", nil}, {"/recommendations/2012-003/move", nil},
				{"/spend/loads/new", nil}, {"/spend/rules/new", nil}, {"/spend/rules/new", map[string]string{"purpose": "first aid courses", "class": "no", "reason": "A sample reason"}}},
		},
		"Commissioner for Kent (sample)": {
			[]string{"/", "/bodies/kent", "/spend?body=kent", "/spend/explain?subject=bar/kent/2012", "/decisions/2013-003", "/authority/delegations/new",
				"/account/following", "/questions/2012-006", "/questions/new?about=spend%3Fbody%3Dkent%26year%3D2012"},
			[]sent{
				{"/authority/delegations/new", nil},
				{"/questions/new?about=spend%3Fbody%3Dkent%26year%3D2012", nil},
				{"/questions/new?about=spend%3Fbody%3Dkent%26year%3D2012", map[string]string{"title": "A sample question", "text": "Why is it so?", "to": office.TheCompany}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := b.tab(t, demo.url, 1280)
			p.signIn(name)
			for _, path := range all.pages {
				if status := p.opens(path); status != http.StatusOK {
					t.Errorf("%s: %d", path, status)
				}
				p.looks(path)
			}
			for _, f := range all.forms {
				p.opens(f.path)
				status := p.submit(f.fields)
				if want := map[bool]int64{true: http.StatusUnprocessableEntity, false: http.StatusOK}[f.fields == nil]; status != want {
					t.Errorf("%s with %v: %d, not %d", f.path, slices.Collect(maps.Keys(f.fields)), status, want)
				}
				p.looks(fmt.Sprintf("%s, sent with %d fields,", f.path, len(f.fields)))
			}
		})
	}
}

// pdfPages finds the pages of a PDF.
var pdfPages = regexp.MustCompile(`/Type\s*/Page\b`)

// print: the register on paper is the register alone.
func (b *browser) print(t *testing.T) {
	demo := b.library
	p := b.tab(t, demo.url, 1280)
	p.opens("/ownership/print")
	pdf, err := chromedp.Run(p.ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(pdfPages.FindAll(pdf, -1)); n < 1 || n > 3 {
		t.Errorf("the printed register has %d pages", n)
	}
	text := p.onPaper()
	for _, no := range []string{"Sign in", "Skip to main content", "Bodies\n", "Record key", "You are here", "Print this page", "Move the clock"} {
		if strings.Contains(text, no) {
			t.Errorf("the paper shows %q:\n%s", no, text)
		}
	}
	if !strings.Contains(text, "Home Office") || !strings.Contains(text, "Companies Act 2006") {
		t.Errorf("the paper lacks the register:\n%s", text)
	}
}

// printNotice: a decision’s notice on paper is one sheet, tagged, with its
// title and its answer and nothing of the site around it.
func (b *browser) printNotice(t *testing.T) {
	demo := b.library
	p := b.tab(t, demo.url, 1280)
	for path, title := range map[string]string{
		"/decisions/2012-001/notice": "Extend custody and case hosting by 12 months",
		"/decisions/2012-007/notice": "Case preparation software for five forces",
		"/decisions/2013-002/notice": "Shared maintenance of radio masts",
	} {
		p.opens(path)
		pdf, err := chromedp.Run(p.ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(pdfPages.FindAll(pdf, -1)); n < 1 || n > 3 {
			t.Errorf("%s has %d printed pages", path, n)
		}
		if !bytes.Contains(pdf, []byte("/StructTreeRoot")) {
			t.Errorf("%s is printed without tags", path)
		}
		text := p.onPaper()
		for _, no := range []string{"Sign in", "Skip to main content", "Bodies\n", "Record key", "You are here", "to print this page or save it", "Move the clock"} {
			if strings.Contains(text, no) {
				t.Errorf("the paper of %s shows %q:\n%s", path, no, text)
			}
		}
		for _, must := range []string{title, "May this be implemented now?", "Fingerprint of the paper"} {
			if !strings.Contains(text, must) {
				t.Errorf("the paper of %s lacks %q:\n%s", path, must, text)
			}
		}
	}
}

// onPaper is the text of the page as it is printed.
func (p *tab) onPaper() string {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		p.t.Fatal(err)
	}
	return ask[string](p, "document.body.innerText")
}

// serve: what belongs to the demonstration is nowhere else.
func (b *browser) serve(t *testing.T) {
	p := b.tab(t, start(t, "serve", "--database", filepath.Join(t.TempDir(), "new.db")).url, 320)
	for path, want := range map[string]int64{"/": 200, "/ownership": 200, "/handover": 200, "/sign-in": 200, "/demonstration": 404} {
		if got := p.opens(path); got != want {
			t.Errorf("%s: %d, not %d", path, got, want)
		}
		text := ask[string](p, "document.body.textContent")
		for _, no := range []string{"Demonstration", "demonstration", "Move the clock", "sample", "Sign in as"} {
			if strings.Contains(text, no) {
				t.Errorf("%s says %q outside a demonstration", path, no)
			}
		}
		p.isAccessible("an empty portal’s " + path)
	}
}
