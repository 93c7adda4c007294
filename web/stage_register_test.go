package web

import (
	"fmt"
	"html"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
	registerweb "github.com/police-ict/handover/web/register"
)

// entryOn is the day of an entry as its form sends it.
func entryOn(d, m, y string, more ...string) []string {
	return append([]string{"registered", d, "registered-month", m, "registered-year", y}, more...)
}

func admissionForm(more ...string) []string {
	return replaced(entryOn("1", "8", "2012", "body", "essex-police-authority", "class", "Observer", "votes", "1", "guarantee", "1.00", "instrument", "Deed of 1 August 2012"), more...)
}

func TestStagedRegisterIsKeptByItsForms(t *testing.T) {
	t.Parallel()
	th := stage(t)
	enter := func(kind string, form ...string) {
		t.Helper()
		path := "/ownership/enter/" + kind
		th.secretary.do(200, "GET", path)
		says(t, th.secretary.do(200, "POST", path, form...), "Check before you record the entry", "The register before and after", "Your password")
		says(t, th.secretary.do(422, "POST", path, append(sure(form), "again", "wrong")...), `id="again-fault"`)
		goes(t, th.secretary.do(303, "POST", path, surely(form...)...), "/ownership")
	}
	says(t, th.stranger.do(200, "GET", "/ownership"), "2 members own the company, with 1 vote each.", "Difference</dt><dd>0")
	enter("admitted", admissionForm()...)
	says(t, th.stranger.do(200, "GET", "/ownership"), "3 members own the company, with 1 vote each.", "Percentages are rounded.", "99.99%")
	enter("right-granted", entryOn("2", "8", "2012", "body", "essex-police-authority", "right", "appoint-directors", "seats", "1", "clause", "16")...)
	enter("right-granted", entryOn("2", "8", "2012", "class", "Observer", "right", "consent", "matter", "New members", "clause", "17", "seats", "ignored")...)
	enter("director-appointed", entryOn("3", "8", "2012", "body", "essex-police-authority", "director", "Observer director (sample)", "seat", "13")...)
	enter("renamed", entryOn("4", "8", "2012", "body", "essex-police-authority", "name", "Essex <Authority>")...)
	says(t, th.stranger.do(200, "GET", "/ownership"), "Essex &lt;Authority&gt;", "Observer director (sample)", "Members of the class Observer, jointly", "Change of name.")
	enter("director-removed", entryOn("5", "9", "2012", "seat", "13", "ground", "Term over")...)
	enter("ceased", entryOn("6", "9", "2012", "body", "essex-police-authority", "ground", "Notice")...)
	says(t, th.stranger.do(200, "GET", "/ownership"), "2 members own the company")
	says(t, th.stranger.do(200, "GET", "/ownership?as_at=2012-09-05"), "3 members own the company", "Previous change: 4 August 2012", "Next change: 6 September 2012")
	says(t, th.stranger.do(200, "GET", "/ownership/members/essex-police-authority"), "is not a member", "ceased to be a member: Notice")
	says(t, th.stranger.do(200, "GET", "/ownership/members/essex-police-authority?as_at=2012-09-05"), "is a member, with 1 of 3 votes", "33.33%")
	says(t, th.stranger.do(200, "GET", "/ownership/print"), "Companies Act 2006, section 113", "6 September 2012: Notice")
	says(t, th.stranger.do(200, "GET", "/ownership/compare?from=2012-07-15&to=2012-08-01"), "15 July 2012", "1 August 2012")
	n := found(t, th.secretary.do(200, "GET", "/ownership/entries"), `href="/ownership/correct/(\d+)">Correct`)
	if strings.Contains(th.official.do(200, "GET", "/ownership/entries").Body.String(), "/ownership/correct/") {
		t.Error("an official is offered to correct")
	}
	th.secretary.do(404, "GET", "/ownership/correct/1") // the opening of the record
	th.secretary.do(404, "POST", "/ownership/correct/1", surely(entryOn("1", "8", "2012", "note", "x")...)...)
	th.secretary.do(404, "GET", "/ownership/correct/none")
	th.secretary.do(404, "GET", "/ownership/enter/correction")
	th.secretary.do(404, "GET", "/ownership/enter/anything")
	says(t, th.secretary.do(200, "GET", "/ownership/correct/"+n), "It stays in the list")
	if v, err := store.Verify(t.Context(), th.st); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}

func TestStagedEntrysFaultsAreToldAtOnceAndKept(t *testing.T) {
	th := stage(t)
	for name, k := range map[string]struct {
		kind          string
		form          []string
		faults, keeps []string
	}{
		"nothing typed":                 {"admitted", entryOn("", "", ""), []string{"votes", "guarantee"}, nil},
		"a body that is a member":       {"admitted", admissionForm("body", "home-office"), []string{"body"}, []string{`value="Deed of 1 August 2012"`, `value="home-office" selected`}},
		"no body":                       {"admitted", admissionForm("body", ""), []string{"body"}, []string{`value="Observer"`}},
		"a body that does not exist":    {"admitted", admissionForm("body", "atlantis"), []string{"body"}, nil},
		"votes of nothing":              {"admitted", admissionForm("votes", "0"), []string{"votes"}, []string{`value="0"`, `value="Observer"`}},
		"votes below nothing":           {"admitted", admissionForm("votes", "-1"), []string{"votes"}, []string{`value="-1"`}},
		"votes in words":                {"admitted", admissionForm("votes", "one"), []string{"votes"}, []string{`value="one"`}},
		"a guarantee in words":          {"admitted", admissionForm("guarantee", "a pound"), []string{"guarantee"}, []string{`value="a pound"`}},
		"no such day":                   {"admitted", admissionForm("registered", "31", "registered-month", "6"), []string{"registered"}, []string{`value="31"`}},
		"a day to come":                 {"admitted", admissionForm("registered", "15", "registered-month", "1", "registered-year", "2013"), []string{"registered"}, []string{`value="2013"`}},
		"before the incorporation":      {"admitted", admissionForm("registered-month", "7"), []string{"registered"}, []string{`value="7"`}},
		"completed after registered":    {"admitted", admissionForm("completed", "2", "completed-month", "8", "completed-year", "2012"), []string{"completed"}, []string{`name="completed" inputmode="numeric" value="2"`}},
		"days out of order, two faults": {"admitted", admissionForm("completed", "40", "completed-month", "8", "completed-year", "2012", "votes", "x"), []string{"completed", "votes"}, []string{`value="40"`, `value="x"`}},
		"a transferee, too early":       {"admitted", admissionForm("body", "kent", "registered", "14", "registered-month", "1", "registered-year", "2013"), []string{"body"}, []string{`value="kent" selected`}},
		"an owner that would cease":     {"ceased", entryOn("14", "1", "2013", "body", "home-office", "ground", "Kept <ground>"), []string{"body"}, []string{"Kept &lt;ground&gt;"}},
		"who is no member ceases":       {"ceased", entryOn("14", "1", "2013", "body", "kent", "ground", "x"), []string{"body"}, nil},
		"no ground":                     {"ceased", entryOn("14", "1", "2013", "body", "home-office"), []string{"ground"}, nil},
		"a filled seat":                 {"director-appointed", entryOn("1", "8", "2012", "body", "home-office", "director", "Somebody", "seat", "1"), []string{"seat"}, []string{`value="Somebody"`}},
		"a director in two seats":       {"director-appointed", entryOn("1", "8", "2012", "body", "home-office", "director", "director 1 (SAMPLE)", "seat", "2"), []string{"director"}, []string{`value="director 1 (SAMPLE)"`}},
		"no right to appoint":           {"director-appointed", entryOn("1", "8", "2012", "body", "association", "director", "Somebody", "seat", "7"), []string{"body"}, nil},
		"a vacant seat":                 {"director-removed", entryOn("1", "8", "2012", "seat", "9", "ground", "x"), []string{"seat"}, nil},
		"a right of no kind":            {"right-granted", entryOn("1", "8", "2012", "body", "home-office", "clause", "1"), []string{"right"}, nil},
		"a right that was not given":    {"right-withdrawn", entryOn("1", "8", "2012", "withdraws", "99"), []string{"withdraws"}, nil},
		"no right chosen":               {"right-withdrawn", entryOn("1", "8", "2012", "withdraws", ""), []string{"withdraws"}, nil},
		"the same name":                 {"renamed", entryOn("1", "8", "2012", "body", "home-office", "name", "Home Office"), []string{"name"}, nil},
		"an incorporation twice":        {"incorporated", entryOn("1", "8", "2012"), []string{"kind"}, nil},
	} {
		w := th.secretary.send("POST", "/ownership/enter/"+k.kind, sure(k.form)...)
		page := w.Body.String()
		if w.Code != 422 {
			t.Errorf("%s: %d", name, w.Code)
			continue
		}
		for _, f := range k.faults {
			if !strings.Contains(page, `href="#`+f+`"`) {
				t.Errorf("%s: the summary does not lead to %s", name, f)
			}
			if f != "kind" && !strings.Contains(page, `id="`+f+`-fault"`) {
				t.Errorf("%s: the fault is not beside %s", name, f)
			}
		}
		for _, kept := range k.keeps {
			if !strings.Contains(page, kept) {
				t.Errorf("%s: the page did not keep %s", name, kept)
			}
		}
	}
	r, err := register.Read(t.Context(), th.st, record.When{})
	if err != nil || len(r.All) != 5 {
		t.Errorf("%d entries, 5 were made: %v", len(r.All), err)
	}
}

func TestStagedCorrectionIsMadeByItsForm(t *testing.T) {
	th := stage(t)
	r, err := register.Read(t.Context(), th.st, record.When{})
	if err != nil {
		t.Fatal(err)
	}
	seat := fmt.Sprintf("/ownership/correct/%d", r.Directors[0].N)
	typed := entryOn("16", "7", "2012", "struck", "no", "director", "Director one (sample)", "seat", "1", "body", "home-office", "note", "Misspelt")
	says(t, th.secretary.do(200, "GET", seat), `value="Director 1 (sample)"`)
	says(t, th.secretary.do(422, "POST", seat, replaced(typed, "note", "")...), `href="#note"`, `value="Director one (sample)"`)
	says(t, th.secretary.do(200, "POST", seat, typed...), "Director one (sample)", "Misspelt")
	th.secretary.do(303, "POST", seat, surely(typed...)...)
	says(t, th.stranger.do(200, "GET", "/ownership"), "Director one (sample)")
	says(t, th.stranger.do(200, "GET", fmt.Sprintf("/ownership?known_on=%d", r.Known)), "Director 1 (sample)")
	says(t, th.secretary.do(422, "POST", seat, typed...), "was already corrected")
	corrected := fmt.Sprintf("/ownership/correct/%d", r.Known+1)
	for _, struck := range []string{"no", "yes"} {
		th.secretary.do(200, "POST", corrected, replaced(typed, "struck", struck)...)
	}
	ho, _ := r.Member(office.HomeOffice)
	says(t, th.secretary.do(422, "POST", fmt.Sprintf("/ownership/correct/%d", ho.N), "struck", "yes", "note", "Kept reason"), "Kept reason", "This contradicts a later entry", `value="yes" checked`)
}

func TestStagedOwnershipJSON(t *testing.T) {
	th := stage(t)
	keys := func(v any) []string { return slices.Sorted(maps.Keys(v.(map[string]any))) }
	all := decoded[map[string]any](t, th.stranger.do(200, "GET", "/ownership.json?as_at=2012-07-20").Body.String())
	if got := keys(all); !slices.Equal(got, []string{"as_at", "directors", "known_event", "known_on", "members", "rights", "votes"}) {
		t.Error(got)
	}
	if all["as_at"] != "2012-07-20" || all["known_on"] != "2013-01-14" || all["votes"] != 2.0 {
		t.Errorf("%v", all)
	}
	members, directors, rights := all["members"].([]any), all["directors"].([]any), all["rights"].([]any)
	if len(members) != 2 || len(directors) != 1 || len(rights) != 1 {
		t.Fatalf("%v", all)
	}
	m := slices.IndexFunc(members, func(m any) bool { return m.(map[string]any)["body"] == office.HomeOffice })
	ho := members[m].(map[string]any)
	delete(ho, "event")
	want := map[string]any{"body": "home-office", "name": "Home Office", "class": "Interim owner", "votes": 1.0, "percent": "50.00", "admitted": "2012-07-16", "guarantee_pence": 100.0}
	if !maps.Equal(ho, want) {
		t.Errorf("%v", ho)
	}
	if d := directors[0].(map[string]any); d["seat"] != 1.0 || d["name"] != "Director 1 (sample)" || d["appointed_by"] != "home-office" || d["from"] != "2012-07-16" {
		t.Errorf("%v", d)
	}
	if r := rights[0].(map[string]any); r["right"] != "appoint-directors" || r["body"] != "home-office" || r["seats"] != 6.0 || r["clause"] != "14.2" {
		t.Errorf("%v", r)
	}
	for _, address := range []string{"as_at=2012-07-15", "known_on=2013-01-13", "as_at=2012-07-20&known_on=1"} {
		w := th.stranger.do(200, "GET", "/ownership.json?"+address)
		says(t, w, `"members": []`, `"directors": []`, `"rights": []`, `"votes": 0`)
		says(t, th.stranger.do(200, "GET", "/ownership?"+address), "The register has no entry for this date.")
		if rows := csvOf(t, th.stranger.do(200, "GET", "/ownership.csv?"+address).Body.String()); len(rows) != 1 {
			t.Errorf("%s: %v", address, rows)
		}
	}
}

func TestStagedOwnershipIsTheSameInEveryForm(t *testing.T) {
	th := stage(t)
	for _, e := range []register.Entry{
		{Kind: register.Admitted, Body: "essex-police-authority", Class: "=cmd", Votes: 5, Guarantee: 0, Instrument: "Deed", Registered: "2012-08-01"},
		{Kind: register.Admitted, Body: "kent-police-authority", Class: "Observer", Votes: 1, Guarantee: 250, Instrument: "Deed", Registered: "2012-08-02"},
		{Kind: register.Ceased, Body: "essex-police-authority", Ground: "Notice", Registered: "2012-10-01"},
	} {
		if _, err := handover.Enter(t.Context(), th.st, th.by, e); err != nil {
			t.Fatal(err)
		}
	}
	for _, address := range []string{"", "as_at=2012-08-01", "as_at=2012-08-02", "as_at=2012-09-30", "as_at=2012-10-01", "day=2&day-month=8&day-year=2012"} {
		all := decoded[registerweb.RegisterJSON](t, th.stranger.do(200, "GET", "/ownership.json?"+address).Body.String())
		rows := csvOf(t, th.stranger.do(200, "GET", "/ownership.csv?"+address).Body.String())[1:]
		page := th.stranger.do(200, "GET", "/ownership?"+address).Body.String()
		_, list, _ := strings.Cut(page, "<caption>Members and votes")
		list, _, _ = strings.Cut(list, "</table>")
		lines := strings.Split(list, `class="first"><a href="/bodies/`)[1:]
		if len(rows) != len(all.Members) || len(lines) != len(rows) {
			t.Fatalf("%q: %d in CSV, %d in JSON, %d on the page", address, len(rows), len(all.Members), len(lines))
		}
		var votes int64
		for i, m := range all.Members {
			want := []string{string(all.AsAt), strconv.FormatInt(all.Known, 10), m.Body, m.Name, m.Class, strconv.FormatInt(m.Votes, 10), m.Percent, string(m.Admitted), strconv.FormatInt(int64(m.Guarantee), 10)}
			rows[i][4] = strings.TrimPrefix(rows[i][4], "'") // against formulas
			if !slices.Equal(rows[i], want) || !strings.HasPrefix(lines[i], m.Body+`"`) || !strings.Contains(lines[i], strings.TrimSuffix(m.Percent, ".00")+"%") {
				t.Errorf("%q, place %d: CSV %v, JSON %v, page %.60s", address, i, rows[i], want, lines[i])
			}
			votes += m.Votes
		}
		if votes != all.Votes {
			t.Errorf("%q: rows hold %d votes, the sum is %d", address, votes, all.Votes)
		}
	}
	says(t, th.stranger.do(200, "GET", "/ownership.csv?as_at=2012-08-01"), "'=cmd")
	head := th.stranger.do(200, "GET", "/ownership.csv").Header()
	if head.Get("Content-Type") != "text/csv; charset=utf-8" || head.Get("Content-Disposition") != `attachment; filename="ownership-2013-01-14.csv"` {
		t.Error(head)
	}
}

func TestStagedImpossibleDayOfTheRegister(t *testing.T) {
	th := stage(t)
	for query, sentence := range map[string]string{
		"as_at=2013-02-29":                       `"2013-02-29" is not a date`,
		"as_at=%3Cscript%3E":                     `"<script>" is not a date`,
		"as_at=2012-07-16T00:00":                 `"2012-07-16T00:00" is not a date`,
		"as_at=9999-12-31":                       `"9999-12-31" is not a date`,
		"as_at=" + strings.Repeat("9", 5000):     `"9999`,
		"known_on=2012-13-01":                    `"2012-13-01" is not a date`,
		"known_on=0":                             "Entries of the record are numbered from 1.",
		"known_on=-1":                            `"-1" is not a date like 2012-07-16 or the number of an entry.`,
		"day=29&day-month=2&day-year=2013":       "Check the date",
		"day=x&day-month=7&day-year=2012":        "Enter the date as numbers",
		"known=1&known-month=13&known-year=2012": "Enter the date as numbers",
	} {
		said := decoded[map[string]string](t, th.stranger.do(422, "GET", "/ownership.json?"+query).Body.String())
		if !strings.HasPrefix(said["error"], sentence) {
			t.Errorf("%s: %v", query, said)
		}
		for _, path := range []string{"/ownership", "/ownership.csv", "/ownership/print", "/ownership/members/home-office"} {
			w := th.stranger.do(422, "GET", path+"?"+query)
			if page := w.Body.String(); !strings.Contains(html.UnescapeString(page), sentence) || strings.Contains(page, "<script") || len(page) > 100_000 {
				t.Errorf("%s?%s does not say %s as words", path, query, sentence)
			}
		}
	}
	for _, query := range []string{"from=2012-02-30", "to=2012-02-30", "from-day=30&from-day-month=2&from-day-year=2012", "from=%3Cb%3E"} {
		th.stranger.do(422, "GET", "/ownership/compare?"+query)
	}
	th.stranger.do(404, "GET", "/ownership/members/atlantis")
	th.stranger.do(404, "GET", "/ownership/print.csv")
	th.stranger.do(200, "HEAD", "/ownership.json")
}

func TestStagedNobodyElseKeepsTheRegister(t *testing.T) {
	th := stage(t)
	for _, path := range []string{"/ownership/enter", "/ownership/enter/admitted", "/ownership/correct/1"} {
		if w := th.stranger.do(303, "GET", path); w.Header().Get("Location") != "/sign-in?to="+strings.ReplaceAll(path, "/", "%2F") {
			t.Error(w.Header())
		}
		for _, k := range []office.Kind{office.CompanyOfficer, office.FinanceOfficer, office.Administrator, office.Auditor} {
			as(t, th.Server, storetest.Holder(t, th.st, k, office.TheCompany)).do(403, "GET", path)
		}
	}
	for _, b := range []at{th.official, th.chief, th.outsider} {
		b.do(403, "POST", "/ownership/enter/admitted", surely(admissionForm()...)...)
	}
	for _, word := range []string{"shareholder", "shareholding", "equity"} {
		for _, path := range []string{"/", "/ownership", "/ownership/print", "/ownership/entries", "/handover", "/help/words"} {
			if strings.Contains(strings.ToLower(th.stranger.do(200, "GET", path).Body.String()), word) {
				t.Errorf("%s speaks of %s", path, word)
			}
		}
	}
}
