package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/police-ict/handover/store"
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
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			journey(t, b)
		})
	}
}

func readsThreeDays(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	ann := b.somebody(t, demo.url)
	ann.follows("Skip to the content")
	ann.isIn("main")
	ann.opens("/")
	ann.follows("Ownership")
	ann.asksFor("Show the register as at", "20", "7", "2012")
	ann.presses("Show that day")
	ann.reads("As at 20 July 2012", "2 members own the company, with 1 vote each.", "Home Office", "Association of Police Authorities", "50.00 %", "0 of the 43")
	ann.doesNotRead("Association of Police and Crime Commissioners is a member")

	ann.asksFor("Show the register as at", "30", "11", "2012")
	ann.presses("Show that day")
	ann.reads("2 members own the company", "Association of Police and Crime Commissioners", "As at 30 November 2012")
	ann.follows("Previous change: 22 November 2012")
	ann.reads("Association of Police Authorities", "Association of Police and Crime Commissioners", "renamed")

	ann.asksFor("Show the register as at", "1", "7", "2012")
	ann.presses("Show that day")
	ann.reads("As at 1 July 2012", "No entry is known for this day.", "No earlier change")

	ann.asksFor("Show the register as at", "30", "2", "2012")
	ann.presses("Show that day")
	ann.reads("That cannot be shown", "30 February 2012")
}

func becomesReady(t *testing.T, b *browser) {
	demo, _ := demonstrate(t, "--today", "2012-12-01") // before anyone is invited
	ann := b.somebody(t, demo.url)

	ann.signsInAs("Company secretary (sample)")
	for _, body := range []string{"Sussex", "Kent"} {
		ann.goesTo("Handover", "The same as a table, with documents and dates", body, "Invite the body")
		ann.attaches("The invitation", "invitation.txt")
		ann.presses("Check before recording")
		ann.reads("Nothing has been recorded yet", "Not invited", "Invited", "invitation.txt")
		ann.swears("Record the step")
		ann.reads("Recorded", body+" was invited on 1 December 2012 and has not answered.")
	}

	ann.signsInAs("Chief executive, Sussex (sample)")
	ann.goesTo("Your work")
	ann.follows("Record the resolution*")
	ann.presses("Check before recording")
	ann.reads("Nothing was recorded", "things to put right")
	ann.follows("Give the day*")
	ann.types("When did your body decide?: Day", "30")
	ann.types("When did your body decide?: Month", "11")
	ann.types("When did your body decide?: Year", "2012")
	ann.chooses("An officer with delegated powers")
	ann.types("Office that decided, if delegated", "Chief executive")
	ann.types("Reference of the decision notice", "031/2012")
	ann.attaches("The signed decision notice", "notice.txt")
	ann.presses("Check before recording")
	ann.reads("30 November 2012", "Chief executive, under delegated powers", "031/2012", "notice.txt")
	ann.presses("Back to change it")
	ann.types("Reference of the decision notice", "032/2012")
	ann.presses("Check before recording")
	ann.reads("032/2012", "notice.txt")
	ann.swears("Record the step")
	ann.reads("Sussex has resolved to become a member. Its deed is to come.")
	ann.follows("Send the deed")
	ann.attaches("The signed deed of adherence", "deed.txt")
	ann.presses("Check before recording")
	ann.swears("Record the step")
	ann.reads("The company secretary has still to confirm it.")

	ann.signsInAs("Commissioner for Kent (sample)")
	ann.goesTo("Your work")
	ann.follows("Record the resolution*")
	ann.types("When did your body decide?: Day", "1")
	ann.types("When did your body decide?: Month", "12")
	ann.types("When did your body decide?: Year", "2012")
	ann.chooses("The body itself")
	ann.types("Reference of the decision notice", "K1")
	ann.attaches("The signed decision notice", "notice.txt")
	ann.presses("Check before recording")
	ann.swears("Record the step")
	ann.reads("Kent has resolved to become a member.")

	ann.signsInAs("Company secretary (sample)")
	ann.goesTo("Your work")
	ann.follows("Confirm the deed*")
	ann.attaches("The deed, countersigned by the company", "countersigned.txt")
	ann.presses("Check before recording")
	ann.swears("Record the step")
	ann.reads("Sussex is ready to be admitted at completion.")

	ann.presses("Sign out")
	ann.goesTo("Handover", "The same as a table, with documents and dates")
	ann.reads("1 resolved", "1 ready", "41 not invited")
	ann.follows("Sussex")
	ann.reads("Sussex is ready", "Restricted", "032/2012")
	ann.doesNotRead("deed.txt")
}

func certifiesInVain(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	ann := b.somebody(t, demo.url)

	ann.signsInAs("Chief finance officer (sample)")
	ann.goesTo("Handover", "Opening balance")
	ann.reads("no longer says what is so")
	ann.presses("Prepare version 2")
	ann.reads("Version 2 is prepared.")
	for _, who := range []string{"Official for programmes (sample)", "Association officer (sample)"} {
		ann.signsInAs(who)
		ann.goesTo("Handover", "Opening balance", "Read and certify version 2")
		ann.swears("Certify")
		ann.reads("Your certificate is recorded.")
	}
	ann.reads("is certified by both bodies that hand over")

	ann.signsInAs("Company secretary (sample)")
	ann.goesTo("Handover", "Completion statement")
	ann.presses("Prepare version 2")
	ann.signsInAs("Official for programmes (sample)")
	ann.goesTo("Handover", "Completion statement", "Read and certify version 2")
	ann.swears("Certify", "a wrong password", store.SamplePassword)
	ann.reads("Your certificate is recorded.", "Version 2 of the completion statement has 1 of 2 certificates.")

	ann.signsInAs("Company officer (sample)")
	ann.goesTo("Handover", "Schedule", "Add an item")
	ann.selects("Kind", "Asset")
	ann.types("Title", "Two vans (sample)")
	ann.selects("Holder before", "Home Office")
	ann.selects("Holder after", "Police ICT Company")
	ann.chooses("Yes, as below")
	ann.types("Value, in pounds", "9,000")
	ann.goesBackTo("Title")
	ann.types("Title", "Three vans (sample)")
	ann.presses("Check before recording")
	ann.reads("Nothing has been recorded yet", "Three vans (sample)", "£9,000.00")
	ann.presses("Add it*")
	for name, certificates := range map[string]int{"Opening balance": 2, "Completion statement": 1} {
		ann.goesTo("Handover", name)
		ann.reads("Version 2 of the "+strings.ToLower(name)+" no longer says what is so", "Voided", "voided in event")
		if n := strings.Count(ann.text(), "item 22"); n < certificates {
			t.Errorf("%s: %d of %d certificates say that item 22 voided them:\n%s", name, n, certificates, ann.text())
		}
		ann.doesNotRead("Stands")
	}
}

func completes(t *testing.T, b *browser) {
	demo, _ := demonstrate(t)
	ann := b.somebody(t, demo.url)
	for _, day := range []string{"21 January", "4 February", "18 February", "4 March", "18 March", "25 March", "1 April"} {
		ann.presses("Move the clock to " + day + " 2013")
		ann.reads("It is " + day + " 2013.")
	}
	ann.doesNotRead("Move the clock")

	prepared := map[string]string{"Opening balance": "Chief finance officer (sample)", "Completion statement": "Company secretary (sample)"}
	for _, name := range []string{"Opening balance", "Completion statement"} {
		ann.signsInAs(prepared[name])
		ann.goesTo("Handover", name)
		ann.presses("Prepare version 2")
		for _, who := range []string{"Official for programmes (sample)", "Association officer (sample)"} {
			ann.signsInAs(who)
			ann.goesTo("Handover", name, "Read and certify version 2")
			ann.swears("Certify")
		}
		ann.reads("is certified by both bodies that hand over")
	}

	ann.signsInAs("Company secretary (sample)")
	ann.goesTo("Handover")
	ann.reads("Ready")
	ann.follows("Complete the handover")
	ann.presses("Check before completing")
	ann.reads("On 1 April 2013, 40 bodies are admitted and 2 members cease, all at once.")
	ann.isAccessible("the check before completing")
	ann.swears("Complete the handover")
	ann.reads("The handover is complete. The register holds the new members.", "1 April 2013")
	ann.doesNotRead("Not ready")
	ann.isAccessible("the handover, complete")

	ann.presses("Sign out")
	ann.reads("owned by 40 bodies")
	ann.follows("Ownership")
	ann.reads("40 members own the company, with 1 vote each.", "40 of the 43 local policing bodies are members.", "2.50 %", "City of London", "Kent")
	ann.isAccessible("the register with its new members")
	ann.asksFor("Show the register as at", "31", "3", "2013")
	ann.presses("Show that day")
	ann.reads("2 members own the company", "Home Office")
}

func verifies(t *testing.T, b *browser) {
	demo, database := demonstrate(t)
	ann := b.somebody(t, demo.url)
	ann.follows("Record")
	ann.follows("300")
	ann.reads("Receipt", "signed root stands for")
	ann.follows("Download the receipt")
	var receipt struct {
		Event      map[string]any
		Checkpoint string
	}
	if err := json.Unmarshal([]byte(ann.text()), &receipt); err != nil || receipt.Checkpoint == "" || receipt.Event["n"] != float64(300) {
		t.Fatalf("the receipt: %v\n%s", err, ann.text())
	}
	ann.opens("/")
	ann.follows("Signed checkpoint of the record")
	checkpoint := ask[string](ann.tab, "document.body.textContent")
	if checkpoint != receipt.Checkpoint {
		t.Errorf("the receipt is of another checkpoint:\n%s\n%s", checkpoint, receipt.Checkpoint)
	}
	saved := filepath.Join(t.TempDir(), "checkpoint")
	write(t, saved, checkpoint)
	out := must(t, "verify", "--database", database, "--checkpoint", saved)
	if events := regexp.MustCompile(`(?m)^\d+$`).FindString(checkpoint); !strings.Contains(out, "The record holds") || !strings.Contains(out, "all "+events+" events") {
		t.Errorf("verify says of %s events: %s", events, out)
	}
}

// A person sits at a tab with a keyboard and without scripts.
type person struct{ *tab }

func (b *browser) somebody(t testing.TB, at string) person {
	t.Helper()
	p := person{b.tab(t, at, 320)}
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	p.opens("/")
	return p
}

// A stop is what has the focus.
type stop struct {
	Kind, Name string
	Seen       bool // in view, with an outline
	Checked    bool
}

const focused = `(() => {
	const e = document.activeElement, words = t => t.replace(/\s+/g, " ").trim();
	if (!e || e === document.body) return {};
	const box = e.getBoundingClientRect(), group = e.closest("fieldset");
	let name = e.getAttribute("aria-label") || (e.labels?.length ? e.labels[0].textContent : e.textContent), kind = e.type || e.localName;
	if (group && kind === "text") name = group.querySelector("legend").textContent + ": " + name;
	if (e.localName === "textarea" || kind === "email" || kind === "password" || kind === "search") kind = "text";
	return {Kind: kind, Name: words(name), Checked: e.checked === true,
		Seen: getComputedStyle(e).outlineStyle !== "none" && box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth};
})()`

func (p person) press(key string, with ...chromedp.KeyOption) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(key, with...))
}

// reaches goes from stop to stop until one is of the kind and has the name. A
// name may end with *.
func (p person) reaches(kind, name string, with ...chromedp.KeyOption) stop {
	p.t.Helper()
	var passed []string
	for around := 0; around < 3 && len(passed) < 1000; {
		s := ask[stop](p.tab, focused)
		start, open := strings.CutSuffix(name, "*")
		if s.Kind == kind && (s.Name == name || open && strings.HasPrefix(s.Name, start)) {
			return s
		}
		if s.Kind == "" {
			around++
		}
		passed = append(passed, s.Kind+" "+s.Name)
		p.press(kb.Tab, with...)
		if s := ask[stop](p.tab, focused); s.Kind != "" && !s.Seen {
			p.t.Errorf("%s: nothing shows that %s %q has the focus", ask[string](p.tab, "location.pathname"), s.Kind, s.Name)
		}
	}
	p.t.Fatalf("the keyboard finds no %s %q on %s, only\n%s", kind, name, ask[string](p.tab, "location.href"), strings.Join(passed, "\n"))
	return stop{}
}

// follows goes to a link and along it.
func (p person) follows(name string) {
	p.t.Helper()
	p.reaches("a", name)
	if ask[bool](p.tab, `document.activeElement.hash !== "" && document.activeElement.pathname === location.pathname`) {
		p.press(kb.Enter)
		return
	}
	p.arrives(kb.Enter)
}

// presses goes to a button and presses it.
func (p person) presses(name string) {
	p.t.Helper()
	p.reaches("submit", name)
	p.arrives(" ")
}

func (p person) arrives(key string) {
	p.t.Helper()
	if status := p.loads(chromedp.KeyEvent(key)); status != http.StatusOK && status != http.StatusUnprocessableEntity {
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
	p.press(text)
}

func (p person) goesBackTo(field string) {
	p.t.Helper()
	p.reaches("text", field, chromedp.KeyModifiers(chromedp.ModifierShift))
}

// asksFor fills in the three fields of a day.
func (p person) asksFor(legend, day, month, year string) {
	p.t.Helper()
	p.types(legend+": Day", day)
	p.types(legend+": Month", month)
	p.types(legend+": Year", year)
}

// chooses goes to a radio button by its arrows.
func (p person) chooses(label string) {
	p.t.Helper()
	p.reaches("radio", "*")
	for range 5 {
		s := ask[stop](p.tab, focused)
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
	p.reaches("file", label)
	file := filepath.Join(p.t.TempDir(), name)
	if err := os.WriteFile(file, fmt.Appendf(nil, "SAMPLE\n%s of a test\n", name), 0o600); err != nil {
		p.t.Fatal(err)
	}
	field := ask[*runtime.RemoteObject](p.tab, "document.activeElement")
	if _, err := chromedp.Call(p.ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{file}, ObjectID: field.ObjectID}); err != nil {
		p.t.Fatal(err)
	}
}

// swears gives the password once more and presses a button.
func (p person) swears(verb string, passwords ...string) {
	p.t.Helper()
	if passwords == nil {
		passwords = []string{store.SamplePassword}
	}
	for _, password := range passwords {
		p.types("Your password, again", password)
		p.presses(verb)
	}
}

// signsInAs goes to the sample accounts, signing out first.
func (p person) signsInAs(name string) {
	p.t.Helper()
	if ask[bool](p.tab, `!!document.querySelector("form[action='/sign-out']")`) {
		p.presses("Sign out")
	}
	p.follows("Sign in")
	p.presses("Sign in as " + name)
}

func (p person) text() string {
	p.t.Helper()
	return strings.Join(strings.Fields(ask[string](p.tab, "document.body.innerText")), " ")
}

func (p person) reads(words ...string) {
	p.t.Helper()
	text := p.text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			p.t.Fatalf("%s does not say %q:\n%s", ask[string](p.tab, "location.href"), w, text)
		}
	}
}

func (p person) doesNotRead(words ...string) {
	p.t.Helper()
	text := p.text()
	for _, w := range words {
		if strings.Contains(text, w) {
			p.t.Errorf("%s says %q:\n%s", ask[string](p.tab, "location.href"), w, text)
		}
	}
}

// isIn checks where the focus has gone.
func (p person) isIn(element string) {
	p.t.Helper()
	if got := ask[string](p.tab, "document.activeElement.localName"); got != element {
		p.t.Errorf("the focus is in %s, not %s", got, element)
	}
}
