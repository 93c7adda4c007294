package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
	decisionsweb "github.com/police-ict/handover/web/decisions"
)

// letting is a delegation as it is typed, with fields replaced.
func letting(office int64, fields ...string) []string {
	return replaced([]string{"body", "kent", "office", fmt.Sprint(office), "function", "vote", "matter", "contract", "limit", "50,000",
		"from", "14", "from-month", "1", "from-year", "2013", "to", "31", "to-month", "3", "to-year", "2013"}, fields...)
}

// officeOf finds the office of a body by its title.
func (m moving) officeOf(t testing.TB, body, title string) int64 {
	t.Helper()
	all, err := office.AtBody(t.Context(), m.st, body)
	i := slices.IndexFunc(all, func(o office.Office) bool { return o.Title == title })
	if err != nil || i < 0 {
		t.Fatalf("no office %s at %s: %v %v", title, body, all, err)
	}
	return all[i].ID
}

func TestACommissionerDelegatesAndTheChiefExecutivePassesItOn(t *testing.T) {
	const list, blank, one, two = "/authority/delegations", "/authority/delegations/new", "/authority/delegations/1", "/authority/delegations/2"
	m := move(t)
	pcc, chief := m.keyed(t, office.CommissionerOffice, "kent"), m.keyed(t, office.ChiefExecutive, "kent")
	storetest.Holds(t, m.st, storetest.Person(t, m.st, "Deputy (sample)"), office.Office{Body: "kent", Kind: office.ChiefExecutive, Title: "Deputy chief executive"})
	executive, deputy := m.officeOf(t, "kent", "chief executive, Kent"), m.officeOf(t, "kent", "Deputy chief executive")
	says(t, m.stranger.do(200, "GET", list), "No delegations match on this date.")
	if strings.Contains(m.stranger.do(200, "GET", list).Body.String(), blank) || !strings.Contains(pcc.do(200, "GET", list).Body.String(), blank) {
		t.Error("the button to delegate lies")
	}
	for name, b := range map[string]at{"a chief executive": m.essex, "a scrutineer": m.outsider} {
		if w := b.send("POST", blank, surely(letting(executive)...)...); w.Code != 403 || b.send("GET", blank).Code != 403 {
			t.Errorf("%s delegates: %d", name, w.Code)
		}
	}
	goes(t, m.stranger.do(303, "POST", blank, surely(letting(executive)...)...), "/sign-in")

	says(t, pcc.do(200, "GET", blank), "chief executive, Kent (chief executive)", "Show its roles", "section 18")
	if strings.Contains(pcc.do(200, "GET", blank).Body.String(), "commissioner, Kent (commissioner)") {
		t.Error("an office is offered to itself")
	}
	says(t, pcc.do(200, "GET", blank+"?body=essex"), "chief executive, Essex (chief executive)")
	says(t, pcc.do(200, "GET", blank+"?body=surrey"), "has no roles yet. An administrator adds one")
	pcc.do(422, "GET", blank+"?body=atlantis")
	says(t, pcc.do(200, "POST", blank, letting(executive, "pass_on", "yes")...), "Check before sending", "Nothing has been recorded yet", "£50,000.00", "Vote for the body as a member",
		"14 January 2013 to 31 March 2013", "Your password", `name="office" value="`+fmt.Sprint(executive)+`"`)
	says(t, pcc.do(422, "POST", blank, append(sure(letting(executive, "pass_on", "yes")), "again", "wrong")...), `id="again-fault"`)
	says(t, pcc.do(200, "POST", blank, append(letting(executive, "pass_on", "yes"), "back", "yes")...), `value="50,000"`, `name="pass_on" value="yes" checked`)
	goes(t, pcc.do(303, "POST", blank, surely(letting(executive, "pass_on", "yes")...)...), one)
	says(t, pcc.do(200, "GET", one), "View your receipt", "It is in force, but nobody can act under it on this date.", "limit is £50,000.00", one+"/end")
	pcc.do(409, "POST", blank, surely(letting(executive, "pass_on", "yes")...)...)

	says(t, chief.do(200, "GET", one+"/pass-on"), "Delegate delegation 1 further", `value="£50,000.00"`, `value="contract"`)
	for _, k := range []struct{ field, value, fault string }{{"limit", "50,001", "limit"}, {"limit", "", "limit"}, {"matter", "", "matter"}, {"to-month", "4", "to"}} {
		says(t, chief.do(422, "POST", one+"/pass-on", letting(deputy, k.field, k.value, "to", "30")...), `id="`+k.fault+`-fault"`)
	}
	goes(t, chief.do(303, "POST", one+"/pass-on", surely(letting(deputy, "limit", "20,000", "function", "view")...)...), two)
	says(t, m.stranger.do(200, "GET", two), "It is in force, but nobody can act under it on this date.", "Delegated from", "Vote for the body as a member")
	says(t, m.stranger.do(200, "GET", one), "Delegated further", "Deputy chief executive")
	for name, b := range map[string]at{"the commissioner": pcc, "another body": m.essex, "a stranger": m.stranger, "an official": m.official} {
		shown := b.do(200, "GET", two).Body.String()
		for _, act := range []string{"/pass-on", "/end"} {
			if strings.Contains(shown, two+act) {
				t.Errorf("%s is offered %s", name, act)
			}
			if w := b.send("GET", two+act); w.Code == 200 {
				t.Errorf("%s opens %s", name, act)
			}
			if w := b.send("POST", two+act, surely(letting(deputy)...)...); w.Code != 403 && w.Header().Get("Location") != "/sign-in" {
				t.Errorf("%s does %s: %d", name, act, w.Code)
			}
		}
	}
	chief.do(200, "GET", two+"/end")

	pcc.do(200, "GET", one+"/end")
	says(t, pcc.do(422, "POST", one+"/end", "to", "30", "to-month", "2", "to-year", "2013"), "Check the date", `value="30"`)
	says(t, pcc.do(422, "POST", one+"/end", "to", "1", "to-month", "1", "to-year", "2013"), "must be yesterday or later")
	goes(t, pcc.do(303, "POST", one+"/end", "to", "13", "to-month", "1", "to-year", "2013"), one)
	says(t, m.stranger.do(200, "GET", one), "No.", "ended on 13 January 2013")
	says(t, m.stranger.do(200, "GET", two), "Delegation 1 was not in force on 14 January 2013")
	pcc.do(409, "GET", one+"/end")
	chief.do(409, "GET", one+"/pass-on")
	if v, err := store.Verify(t.Context(), m.st); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}

func TestAForbiddenDelegateIsToldTheRuleAndWhatWasTypedIsKept(t *testing.T) {
	const blank = "/authority/delegations/new"
	m := move(t)
	pcc := m.keyed(t, office.CommissionerOffice, "kent")
	storetest.Holder(t, m.st, office.Constable, "kent")
	storetest.Holder(t, m.st, office.CommissionerOffice, "surrey")
	head, err := record.ReadHead(t.Context(), m.st)
	if err != nil {
		t.Fatal(err)
	}
	for name, k := range map[string]struct {
		form   []string
		faults []string
		says   string
	}{
		"a constable":                  {letting(m.officeOf(t, "kent", "constable, Kent")), []string{"office"}, "may not delegate to a constable"},
		"another commissioner":         {letting(m.officeOf(t, "surrey", "commissioner, Surrey"), "body", "surrey"), []string{"office"}, "may not delegate to another commissioner"},
		"the staff of another":         {letting(m.officeOf(t, "essex", "chief executive, Essex"), "body", "essex"), []string{"office"}, "a member of the staff of another body that maintains a police force"},
		"itself":                       {letting(m.officeOf(t, "kent", "commissioner, Kent")), []string{"office"}, "cannot delegate to itself"},
		"nothing chosen":               {letting(0, "function", "", "from", "", "from-month", "", "from-year", ""), []string{"office", "function", "from"}, "3 things to correct"},
		"a limit in words, an odd day": {letting(0, "limit", "a lot", "to", "31", "to-month", "2"), []string{"office", "limit", "to"}, "is not an amount of money"},
		"an office in words":           {letting(0, "office", "x"), []string{"office"}, "Choose a role from the list."},
	} {
		w := pcc.do(422, "POST", blank, surely(k.form...)...)
		says(t, w, k.says, `value="contract"`, `name="body" value="`+k.form[1]+`"`)
		for _, f := range k.faults {
			if !strings.Contains(w.Body.String(), `href="#`+f+`"`) || !strings.Contains(w.Body.String(), `id="`+f+`-fault"`) {
				t.Errorf("%s: the page does not name the field %s", name, f)
			}
		}
	}
	if after, err := record.ReadHead(t.Context(), m.st); err != nil || after.Size != head.Size {
		t.Errorf("%d events were recorded, %v", after.Size-head.Size, err)
	}
}

func TestDelegationsAreTheSameInEveryForm(t *testing.T) {
	const list = "/authority/delegations"
	m := move(t)
	pcc := m.keyed(t, office.CommissionerOffice, "kent")
	m.keyed(t, office.ChiefExecutive, "kent")
	executive := m.officeOf(t, "kent", "chief executive, Kent")
	for _, matter := range []string{"articles", "policy", ""} {
		pcc.do(303, "POST", list+"/new", surely(letting(executive, "matter", matter)...)...)
	}
	pcc.do(303, "POST", list+"/new", surely(letting(executive, "from-month", "2")...)...)
	for query, want := range map[string]int{"": 3, "?all=yes": 4, "?body=kent": 3, "?body=essex": 0, "?body=E23000032": 3, "?as_at=2013-01-13&all=yes": 0} {
		rows := csvOf(t, m.stranger.do(200, "GET", list+".csv"+query).Body.String())[1:]
		all := decoded[decisionsweb.DelegationsJSON](t, m.stranger.do(200, "GET", list+".json"+query).Body.String()).Delegations
		page := m.stranger.do(200, "GET", list+query).Body.String()
		if n := strings.Count(page, `<th role="rowheader"`); len(rows) != want || len(all) != want || n != want {
			t.Errorf("%q: %d in CSV, %d in JSON, %d on the page, want %d", query, len(rows), len(all), n, want)
			continue
		}
		for i, d := range all {
			if r := rows[i]; r[1] != fmt.Sprint(d.ID) || r[3] != d.From.Title || r[5] != d.To.Title || r[7] != d.Matter || r[8] != "5000000" || r[13] != fmt.Sprint(d.InForce) || r[14] != d.Why {
				t.Errorf("CSV %q, JSON %+v", r, d)
			}
		}
	}
	for _, path := range []string{list + "?body=atlantis", list + "?as_at=2013-02-30", list + "?as_at=2013-01-15", list + "?page=2", list + "?page=x", list + "?sort=colour"} {
		m.stranger.do(422, "GET", path)
	}
	for sort, first := range map[string]string{"": "1", "number": "1", "-number": "4", "date": "1", "-date": "4"} {
		if rows := csvOf(t, m.stranger.do(200, "GET", list+".csv?all=yes&sort="+sort).Body.String())[1:]; rows[0][1] != first {
			t.Errorf("sorted by %q delegation %s comes first", sort, rows[0][1])
		}
	}
	one := decoded[decisionsweb.DelegationPageJSON](t, m.stranger.do(200, "GET", list+"/4.json").Body.String())
	if one.ID != 4 || one.InForce || !strings.Contains(one.Why, "begins on 14 February 2013") || one.Up == nil || one.AsAt != "2013-01-14" {
		t.Errorf("%+v", one)
	}
	m.stranger.do(404, "GET", list+"/9")
	m.stranger.do(404, "GET", list+"/x")
	m.stranger.do(404, "GET", list+"/1?as_at=2013-01-13")
	m.clock.Day("2013-02-14")
	says(t, m.stranger.do(200, "GET", list+"/4?as_at=2013-02-01"), "No.", "As at 1 February 2013")
	says(t, m.stranger.do(200, "GET", list+"/4"), "It is in force, but nobody can act under it on this date.")
}
