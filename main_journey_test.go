package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/text"
)

// journeys are what people come for, each told from its first page to its
// last: by keyboard, with scripts off, on a page 320 pixels wide.
func (b *browser) journeys(t *testing.T) {
	for name, journey := range map[string]func(*testing.T, *browser){
		"read the register on three days": readsThreeDays,
		"invite, resolve, deed, ready":    becomesReady,
		"certify, change, void":           certifiesInVain,
		"complete":                        completes,
		"verify":                          verifies,
		"take in a messy workbook":        takesInAWorkbook,
		"follow the money to its row":     followsTheMoney,
		"approve with proof":              approvesWithProof,
		"call in":                         callsIn,
		"three sign the call-in":          threeSign,
		"a commissioner votes":            commissionerVotes,
		"approve what waits":              approvesWhatWaits,
		"nobody signs the call-in":        nobodySigns,
		"find no vote":                    findsNoVote,
		"ask, recommend, verify":          asksAboutABar,
		"hand scrutiny's work on":         workIsHandedOn,
		"go back and forward":             goesBackAndForward,
		"find five answers":               findsFiveAnswers,
		"see their body":                  seesTheirBody,
		"lose no answer":                  losesNoAnswer,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			journey(t, b)
		})
	}
}

func readsThreeDays(t *testing.T, b *browser) {
	demo := b.library
	reader := b.somebody(t, demo.url)
	reader.follows("Skip to main content")
	reader.opens("/")
	reader.follows("Ownership")
	reader.asksFor("20", "7", "2012")
	reader.reads("As at 20 July 2012", "2 members own the company, with 1 vote each.", "0 of the 43 local policing bodies",
		"Home Office Interim owner 16 July 2012", "Association of Police Authorities Interim owner 16 July 2012", "50%")

	reader.asksFor("30", "11", "2012")
	reader.reads("As at 30 November 2012", "2 members own the company",
		"Home Office Interim owner 16 July 2012", "Association of Police and Crime Commissioners Interim owner 16 July 2012")
	reader.doesNotRead("as recorded by entry") // the form names a date, which is no number of an entry
	reader.follows("Previous change: 22 November 2012")
	reader.reads("Association of Police Authorities became Association of Police and Crime Commissioners", "Its membership did not change hands.")

	reader.asksFor("1", "7", "2012")
	reader.reads("As at 1 July 2012", "The register has no entry for this date.", "No earlier change")

	reader.asksFor("30", "2", "2012")
	reader.reads("This page cannot be shown", "Check the date.")
}

func becomesReady(t *testing.T, b *browser) {
	demo, _ := demonstrate(t, "--today", "2012-12-01") // before anyone is invited
	secretary := b.office(t, demo.url, "Company secretary (sample)")
	sussex := b.office(t, demo.url, "Chief executive, Sussex (sample)")
	kent := b.office(t, demo.url, "Commissioner for Kent (sample)")

	for _, body := range []string{"Sussex", "Kent"} {
		secretary.goesTo("Your tasks", "Choose a body: Invite*")
		secretary.types("Search bodies", body)
		secretary.presses("Apply")
		secretary.goesTo(body, "Invite the body")
		secretary.attaches("The invitation", "invitation.txt")
		secretary.presses("Check before recording")
		secretary.reads("Nothing has been recorded yet", "Not invited", "Invited", "invitation.txt")
		secretary.swears("Record the step")
		secretary.reads("Body invited", body+" was invited on 1 December 2012 and has not answered.")
	}

	sussex.goesTo("Your tasks", "Record it: Record your body’s resolution on membership")
	sussex.presses("Check before recording")
	sussex.hasFocusOn("Nothing was recorded: *")
	sussex.follows("Enter the date of the decision*")
	sussex.decided("30", "11", "2012", "An officer with delegated powers")
	sussex.types("Role that decided, if delegated", "Chief executive")
	sussex.types("Reference of the decision notice", "031/2012")
	sussex.attaches("The signed decision notice", "notice.txt")
	sussex.presses("Check before recording")
	sussex.reads("30 November 2012", "Chief executive, under delegated powers", "031/2012", "notice.txt")
	sussex.presses("Change your answers")
	sussex.types("Reference of the decision notice", "032/2012")
	sussex.presses("Check before recording")
	sussex.reads("30 November 2012", "Chief executive, under delegated powers", "032/2012", "notice.txt")
	sussex.swears("Record the step")
	sussex.reads("Sussex has resolved to become a member. It has not sent its deed yet.")
	sussex.follows("Send the deed")
	sussex.attaches("The signed deed of adherence", "deed.txt")
	sussex.presses("Check before recording")
	sussex.swears("Record the step")
	sussex.reads("The company secretary has not confirmed it yet.")

	kent.goesTo("Your tasks", "Record it: Record your body’s resolution on membership")
	kent.decided("1", "12", "2012", "The body itself")
	kent.types("Reference of the decision notice", "K1")
	kent.attaches("The signed decision notice", "notice.txt")
	kent.presses("Check before recording")
	kent.swears("Record the step")
	kent.reads("Kent has resolved to become a member.")

	secretary.goesTo("Your tasks", "Read and confirm: Confirm the deed of Sussex")
	secretary.attaches("The deed, countersigned by the company", "countersigned.txt")
	secretary.presses("Check before recording")
	secretary.swears("Record the step")
	secretary.reads("Sussex is ready to be admitted at completion.")

	secretary.presses("Sign out")
	secretary.goesTo("Handover", "All bodies, with dates, decision notices and a map")
	secretary.reads("41 not invited", "1 resolved", "1 ready")
	secretary.types("Search bodies", "Sussex")
	secretary.presses("Apply")
	secretary.follows("Sussex")
	secretary.reads("Sussex is ready", "032/2012", "Restricted")
	secretary.doesNotRead("deed.txt")
}

func certifiesInVain(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	finance := b.office(t, demo.url, "Chief finance officer (sample)")
	official := b.office(t, demo.url, "Official for programmes (sample)")
	association := b.office(t, demo.url, "Association officer (sample)")
	secretary := b.office(t, demo.url, "Company secretary (sample)")
	officer := b.office(t, demo.url, "Company officer (sample)")

	finance.goesTo("Your tasks", "Read and prepare: Prepare the opening balance")
	finance.reads("Version 1 of the opening balance is out of date.")
	finance.presses("Prepare version 2")
	finance.reads("Version 2 has been prepared. The transferors can now certify it.")
	for _, certifier := range []person{official, association} {
		certifier.goesTo("Your tasks", "Read and certify: Certify the opening balance, version 2")
		certifier.swears("Certify")
		certifier.reads("Your certificate has been recorded.")
	}
	association.reads("is certified by both transferors")

	secretary.goesTo("Your tasks", "Read and prepare: Prepare the completion statement")
	secretary.presses("Prepare version 2")
	official.goesTo("Your tasks", "Read and certify: Certify the completion statement, version 2")
	official.swears("Certify", "a wrong password", people.SamplePassword)
	official.reads("Your certificate has been recorded.", "Version 2 of the completion statement has 1 of 2 certificates.")

	officer.goesTo("Handover", "Every item of the schedule has a receiver and evidence", "Add an item")
	officer.selects("Type", "Asset")
	officer.types("Title", "Two vans (sample)")
	officer.selects("Holder before", "Home Office")
	officer.selects("Holder after", "Police ICT Company")
	officer.chooses("Yes")
	officer.types("Value, in pounds", "9,000")
	officer.goesBackTo("Title")
	officer.types("Title", "Three vans (sample)")
	officer.presses("Check before recording")
	officer.reads("Nothing has been recorded yet", "Three vans (sample)", "£9,000.00")
	officer.presses("Add the item")
	for condition, voided := range map[string]int{"Both transferors have certified the opening balance": 4, "Each transferor has certified the completion statement": 3} {
		officer.goesTo("Handover", condition)
		officer.reads("Version 2", "is out of date", "item 22")
		officer.doesNotRead("Valid")
		if n := strings.Count(officer.text(), "Voided"); n != voided {
			t.Errorf("%d certificates are voided, not %d:\n%s", n, voided, officer.text())
		}
	}
}

func completes(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	reader := b.somebody(t, demo.url)
	for _, day := range []string{"21 January", "4 February", "18 February", "4 March", "18 March", "25 March", "1 April"} {
		reader.presses("Move to " + day + " 2013")
		reader.reads("The date here is " + day + " 2013.")
	}
	reader.reads("Move to 8 April 2013") // the members go on by weeks

	secretary := b.office(t, demo.url, "Company secretary (sample)")
	certifiesAll(b, demo.url, secretary)
	secretary.goesTo("Your tasks", "Read and complete: Complete the handover")
	secretary.presses("Check before completing")
	secretary.reads("On 1 April 2013, 40 bodies become members and 2 members leave at the same time.")
	secretary.isAccessible("the check before completing")
	secretary.swears("Complete the handover")
	secretary.reads("The handover is complete. The new members are in the register.", "1 April 2013")
	secretary.doesNotRead("Not ready")
	secretary.isAccessible("the handover, complete")

	reader.goesTo("Handover", "Ownership")
	reader.reads("40 members own the company, with 1 vote each.", "40 of the 43 local policing bodies are members.", "City of London", "Kent",
		"2.50%", "All members £40.00 40 100%")
	if rows := ask[int](reader.tab, `document.querySelector("main table").tBodies[0].rows.length`); rows != 40 {
		t.Errorf("the register lists %d members", rows)
	}
	reader.isAccessible("the register with its new members")
	reader.asksFor("31", "3", "2013")
	reader.reads("2 members own the company", "Home Office Interim owner")
}

// certifiesAll prepares both dossiers as they stand on the last day of the story,
// and certifies them for both sides, after which nothing stands against completion.
func certifiesAll(b *browser, at string, secretary person) {
	t := secretary.t
	t.Helper()
	finance := b.office(t, at, "Chief finance officer (sample)")
	official := b.office(t, at, "Official for programmes (sample)")
	association := b.office(t, at, "Association officer (sample)")
	for _, dossier := range []struct {
		name     string
		preparer person
	}{{"opening balance", finance}, {"completion statement", secretary}} {
		dossier.preparer.goesTo("Your tasks", "Read and prepare: Prepare the "+dossier.name)
		dossier.preparer.presses("Prepare version 2")
		for _, certifier := range []person{official, association} {
			certifier.goesTo("Your tasks", "Read and certify: Certify the "+dossier.name+", version 2")
			certifier.swears("Certify")
		}
		association.reads("is certified by both transferors")
	}
}

func verifies(t *testing.T, b *browser) {
	demo, database := demonstrate(t)
	reader := b.somebody(t, demo.url)
	reader.follows("Record")
	newest := ask[string](reader.tab, `document.querySelector("main tbody a[href^='/record/']").textContent`)
	reader.follows("Entry " + newest)
	reader.reads("Receipt", "is included in the signed record of")
	reader.follows("Download the receipt")
	var receipt struct {
		Event      struct{ N int64 }
		Checkpoint string
	}
	if err := json.Unmarshal([]byte(reader.text()), &receipt); err != nil || receipt.Checkpoint == "" || text.Thousands(receipt.Event.N) != newest {
		t.Fatalf("the receipt: %v\n%s", err, reader.text())
	}
	reader.opens("/")
	reader.follows("Signed checkpoint")
	checkpoint := ask[string](reader.tab, "document.body.textContent")
	if checkpoint != receipt.Checkpoint {
		t.Errorf("the receipt is of another checkpoint:\n%s\n%s", checkpoint, receipt.Checkpoint)
	}
	saved := filepath.Join(t.TempDir(), "checkpoint")
	write(t, saved, checkpoint)
	out := must(t, "verify", "--database", database, "--checkpoint", saved)
	if events := regexp.MustCompile(`(?m)^\d+$`).FindString(checkpoint); !strings.Contains(out, "The record passed the check") || !strings.Contains(out, "all "+events+" entries") {
		t.Errorf("verify says of %s events: %s", events, out)
	}
}

// A person sits at a tab with a keyboard and without scripts.
type person struct{ *tab }

func (b *browser) somebody(t testing.TB, at string) person {
	t.Helper()
	p := person{b.tab(t, at, 320)}
	p.scripts(false)
	p.opens("/")
	return p
}

// A stop is what has the focus.
type stop struct {
	Kind, Name string
	Seen       bool // in view, with an outline
	Checked    bool
}

// is compares the name; one that ends with * is a beginning.
func (s stop) is(name string) bool {
	s.Name = plainDashes(s.Name)
	start, open := strings.CutSuffix(plainDashes(name), "*")
	return s.Name == plainDashes(name) || open && strings.HasPrefix(s.Name, start)
}

func (p person) focus() stop {
	p.t.Helper()
	return ask[stop](p.tab, focused)
}

// hasFocusOn checks where a page has put the focus, which it does once it is drawn.
func (p person) hasFocusOn(name string) {
	p.t.Helper()
	var s stop
	for range 100 {
		if s = p.focus(); s.is(name) && s.Seen {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.t.Errorf("the focus is on %+v, not on %q", s, name)
}

const focused = `(() => {
	const e = document.activeElement, words = t => t.replace(/\s+/g, " ").trim();
	if (!e || e === document.body) return {};
	const box = e.getBoundingClientRect(), group = e.closest("fieldset");
	const label = (e.labels?.length ? e.labels[0] : e).cloneNode(true);
	label.querySelectorAll("[aria-hidden=true]").forEach(x => x.remove());
	let name = e.getAttribute("aria-label") || label.textContent, kind = e.type || e.localName;
	if (group && kind === "text") name = group.querySelector("legend").textContent + ": " + name;
	if (e.localName === "textarea" || kind === "email" || kind === "password" || kind === "search") kind = "text";
	return {Kind: kind, Name: words(name), Checked: e.checked === true,
		Seen: getComputedStyle(e).outlineStyle !== "none" && box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth};
})()`

// office is somebody signed in as a sample account.
func (b *browser) office(t testing.TB, at, name string) person {
	t.Helper()
	p := b.somebody(t, at)
	p.follows("Sign in")
	p.presses("Sign in as " + name)
	return p
}

// isAccessible lets axe run, which needs scripts.
func (p person) isAccessible(name string) {
	p.t.Helper()
	p.scripts(true)
	p.tab.isAccessible(name)
	p.scripts(false)
}

func (p person) scripts(on bool) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on}); err != nil {
		p.t.Fatal(err)
	}
}

func (p person) press(key string, with ...chromedp.KeyOption) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(key, with...))
}

// enter presses Enter as one key. chromedp sends it as two events: when a link
// moves the focus between them, the second one sends the form.
func enter(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	key := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "Enter", Code: "Enter", Text: "\r", WindowsVirtualKeyCode: 13}
	if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, key); err != nil {
		return chromedp.Void{}, err
	}
	key.Type, key.Text = input.DispatchKeyEventTypeKeyUp, ""
	_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, key)
	return chromedp.Void{}, err
}

// reaches goes from stop to stop until one is of the kind and has the name.
func (p person) reaches(kind, name string, with ...chromedp.KeyOption) {
	p.t.Helper()
	if kind != "a" && kind != "submit" && p.focus().Kind == "" {
		p.press(kb.Tab)
		p.follows("Skip to main content")
	}
	var passed []string
	for around := 0; around < 3 && len(passed) < 1000; {
		s := p.focus()
		if s.Kind == kind && s.is(name) {
			if !s.Seen {
				p.t.Errorf("%s: nothing shows that %s %q has the focus", ask[string](p.tab, "location.pathname"), kind, name)
			}
			return
		}
		if s.Kind == "" {
			around++
		}
		passed = append(passed, s.Kind+" "+s.Name)
		p.press(kb.Tab, with...)
	}
	p.t.Fatalf("the keyboard finds no %s %q on %s, only\n%s", kind, name, ask[string](p.tab, "location.href"), strings.Join(passed, "\n"))
}

// follows goes to a link and along it.
func (p person) follows(name string) {
	p.t.Helper()
	p.reaches("a", name)
	to := ask[string](p.tab, `document.activeElement.pathname === location.pathname ? document.activeElement.hash : ""`)
	if to == "" {
		p.arrives(enter)
		return
	}
	p.do(enter)
	for range 100 {
		if ask[bool](p.tab, `"#" + document.activeElement.id === `+quoted(to)) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.t.Fatalf("%s does not lead the focus to %s", name, to)
}

// presses goes to a button and presses it.
func (p person) presses(name string) {
	p.t.Helper()
	p.reaches("submit", name)
	p.arrives(chromedp.KeyEvent(" "))
}

func (p person) arrives(key chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if status := p.loads(key); status != http.StatusOK && status != http.StatusUnprocessableEntity {
		p.t.Fatalf("%s: %d\n%s", ask[string](p.tab, "location.pathname"), status, p.text())
	}
}

// goesTo follows one link after the other.
func (p person) goesTo(names ...string) {
	p.t.Helper()
	for _, name := range names {
		p.follows(name)
	}
}

func (p person) types(field, text string) {
	p.t.Helper()
	p.reaches("text", field)
	p.press(kb.End)
	p.press(kb.Home, chromedp.KeyModifiers(chromedp.ModifierShift))
	if len(text) > 200 { // key by key it would take half a minute
		p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
			_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
			return chromedp.Void{}, err
		})
	} else {
		p.press(text)
	}
	if got := ask[string](p.tab, "document.activeElement.value"); got != text {
		p.t.Fatalf("%q holds %q, not %q", field, got, text)
	}
}

func (p person) goesBackTo(field string) {
	p.t.Helper()
	p.reaches("text", field, chromedp.KeyModifiers(chromedp.ModifierShift))
}

// fillsDay fills in the three fields of a day.
func (p person) fillsDay(legend, day, month, year string) {
	p.t.Helper()
	p.types(legend+": Day", day)
	p.types(legend+": Month", month)
	p.types(legend+": Year", year)
}

// asksFor asks for the register of a day.
func (p person) asksFor(day, month, year string) {
	p.t.Helper()
	p.fillsDay("Register as at", day, month, year)
	p.presses("Show the register")
}

// decided says when and by whom a body decided.
func (p person) decided(day, month, year, by string) {
	p.t.Helper()
	p.fillsDay("When did your body decide?", day, month, year)
	p.chooses(by)
}

// chooses goes to a radio button by its arrows.
func (p person) chooses(label string) {
	p.t.Helper()
	p.reaches("radio", "*")
	for range 5 {
		s := p.focus()
		if s.Name == label {
			if !s.Checked {
				p.press(" ")
			}
			return
		}
		p.press(kb.ArrowDown)
	}
	p.t.Fatalf("no choice %q", label)
}

// unfolds goes to what a page keeps folded, and opens it.
func (p person) unfolds(summary string) {
	p.t.Helper()
	p.reaches("summary", summary)
	p.press(" ")
	if !ask[bool](p.tab, "document.activeElement.parentElement.open") {
		p.t.Fatalf("%q does not open", summary)
	}
}

// selects types the beginning of a choice of a list.
func (p person) selects(label, choice string) {
	p.t.Helper()
	p.reaches("select-one", label)
	p.press(choice)
	if got := ask[string](p.tab, "document.activeElement.selectedOptions[0].textContent"); got != choice {
		p.t.Fatalf("%s is %q, not %q", label, got, choice)
	}
}

// attaches goes to the field of a file and chooses a file of that name.
func (p person) attaches(label, name string) {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), name)
	if err := os.WriteFile(file, fmt.Appendf(nil, "SAMPLE\n%s of a test\n", name), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.attachesFile(label, file)
}

func (p person) attachesFile(label, file string) {
	p.t.Helper()
	p.reaches("file", label)
	field := ask[*runtime.RemoteObject](p.tab, "document.activeElement")
	if _, err := chromedp.Call(p.ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{file}, ObjectID: field.ObjectID}); err != nil {
		p.t.Fatal(err)
	}
}

// swears gives the password once more and presses a button.
func (p person) swears(verb string, passwords ...string) {
	p.t.Helper()
	if passwords == nil {
		passwords = []string{people.SamplePassword}
	}
	for _, password := range passwords {
		p.types("Your password", password)
		p.presses(verb)
	}
}

// plainDashes writes a reference, which does not break on a page, with the
// hyphen of a keyboard.
func plainDashes(s string) string { return strings.ReplaceAll(s, "\u2011", "-") }

func (p person) text() string {
	p.t.Helper()
	return plainDashes(strings.Join(strings.Fields(ask[string](p.tab, "document.body.innerText")), " "))
}

func (p person) reads(words ...string) {
	p.t.Helper()
	text := p.text()
	for _, w := range words {
		if !strings.Contains(text, plainDashes(w)) {
			p.t.Fatalf("%s does not say %q:\n%s", ask[string](p.tab, "location.href"), w, text)
		}
	}
}

func (p person) doesNotRead(words ...string) {
	p.t.Helper()
	text := p.text()
	for _, w := range words {
		if strings.Contains(text, plainDashes(w)) {
			p.t.Errorf("%s says %q:\n%s", ask[string](p.tab, "location.href"), w, text)
		}
	}
}
