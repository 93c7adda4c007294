package web

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

var spring = []string{"title", "Handover to the commissioners", "source", "Home Secretary, 4 July 2011", "baseline", "31", "baseline-month", "5", "baseline-year", "2012",
	"words", "Spring 2012", "key", "handover"}

func dayForm(d, month, year string, more ...string) []string {
	return append([]string{"day", d, "day-month", month, "day-year", year}, more...)
}

// keyed is a person with an office and a password.
func (m moving) keyed(t testing.TB, k store.OfficeKind, body string) at {
	t.Helper()
	return m.keyedAt(t, k, body, strings.ReplaceAll(string(k), " ", "-")+"."+body+"@example.org")
}

// keyedAt is keyed, under an address of one's own.
func (m moving) keyedAt(t testing.TB, k store.OfficeKind, body, address string) at {
	t.Helper()
	id, token, err := m.st.AddPerson(t.Context(), store.CommandLine, "Keyed for "+body, address)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.st.AcceptInvitation(t.Context(), token, store.SamplePassword); err != nil {
		t.Fatal(err)
	}
	b, _ := store.BodyOf(body)
	made, err := m.st.Appoint(t.Context(), store.CommandLine, store.Appointment{Office: store.Office{Body: body, Kind: k, Title: string(k) + ", " + b.Short}, Person: id, From: max("2012-01-01", b.First)})
	if err != nil {
		t.Fatal(err)
	}
	if k.NeedsSecond() {
		if err := m.st.DecideAppointment(t.Context(), storetest.Holder(t, m.st, k, body), made, true, ""); err != nil {
			t.Fatal(err)
		}
	}
	v, err := m.st.ViewerOf(t.Context(), id, 0)
	if err != nil {
		t.Fatal(err)
	}
	return as(t, m.Server, v)
}

func TestAPromiseSlipsAndIsAchieved(t *testing.T) {
	m := move(t)
	says(t, m.stranger.do(200, "GET", "/handover/milestones"), "No milestone stands on this day.")
	m.officer.do(200, "GET", "/handover/milestones/new")
	m.official.do(403, "GET", "/handover/milestones/new")
	m.official.do(403, "POST", "/handover/milestones/new", spring...)
	m.stranger.do(303, "POST", "/handover/milestones/new", spring...)
	says(t, m.officer.do(422, "POST", "/handover/milestones/new", replaced(spring, "baseline-month", "13", "title", "")...),
		"2 things to put right", "Give a title.", "Write the day as numbers", `value="13"`, `value="Spring 2012"`)
	w := m.officer.do(303, "POST", "/handover/milestones/new", spring...)
	const one = "/handover/milestones/1"
	if w.Header().Get("Location") != one {
		t.Fatal(w.Header())
	}
	says(t, m.stranger.do(200, "GET", one), "Late: the promise of 31 May 2012 has passed", `role="img"`, "“Spring 2012” is counted as 31 May 2012", "Home Secretary, 4 July 2011")

	for name, b := range map[string]at{"a transferor": m.official, "a commissioner": m.kent, "an outsider": m.outsider} {
		if strings.Contains(b.do(200, "GET", one).Body.String(), "What you can do") {
			t.Errorf("%s is offered a step", name)
		}
		for _, act := range []string{"forecast", "achieve", "withdraw", "rebaseline"} {
			b.do(403, "GET", one+"/"+act)
			b.do(403, "POST", one+"/"+act, dayForm("1", "4", "2013", "reason", "x")...)
		}
	}
	says(t, m.officer.do(422, "POST", one+"/forecast", dayForm("30", "2", "2013", "reason", "Kept <reason>")...), "There is no such day", "Kept &lt;reason&gt;")
	says(t, m.officer.do(422, "POST", one+"/forecast", dayForm("", "", "")...), "Give the day forecast.", "Give a reason.", "2 things to put right")
	says(t, m.officer.do(422, "POST", one+"/forecast", dayForm("1", "1", "2013", "reason", "x")...), "is over")
	m.officer.do(303, "POST", one+"/forecast", dayForm("1", "4", "2013", "reason", "Elections first", "words", "Spring 2013")...)
	says(t, m.officer.do(200, "GET", one), "The forecast is 1 April 2013.", "Expected on 1 April 2013, 305 days after the first promise.", "Elections first", "305 days late", "“Spring 2013”")
	says(t, m.stranger.do(200, "GET", "/handover/milestones"), "0 of 1 milestone achieved; 1 is late.", "305", "How the day of the handover has moved")

	m.clock.Day("2013-04-03")
	officer := as(t, m.Server, storetest.Holder(t, m.st, store.CompanyOfficer, store.TheCompany))
	says(t, officer.do(422, "POST", one+"/achieve", dayForm("4", "4", "2013")...), "has not come yet")
	officer.do(303, "POST", one+"/achieve", dayForm("2", "4", "2013")...)
	says(t, m.stranger.do(200, "GET", one), "Achieved on 2 April 2013, 306 days after the first promise.", "achieved late", "came 306 days late")
	officer.do(409, "GET", one+"/forecast")
	officer.do(409, "POST", one+"/withdraw", "reason", "x")

	then := m.stranger.do(200, "GET", one+"?as_at=2013-01-14")
	says(t, then, "Expected on 1 April 2013", "As at 14 January 2013")
	if strings.Contains(then.Body.String(), "Achieved on") {
		t.Error("a past day knows what came after")
	}
	m.stranger.do(404, "GET", one+"?as_at=2013-01-13")
	says(t, m.stranger.do(200, "GET", "/handover/milestones?as_at=2013-01-13"), "No milestone stands on this day.")
	m.stranger.do(422, "GET", "/handover/milestones?as_at=2013-13-13")
	m.stranger.do(404, "GET", "/handover/milestones/2")
}

func TestANewBaselineNeedsBothOwners(t *testing.T) {
	m := move(t)
	m.officer.do(303, "POST", "/handover/milestones/new", spring...)
	const one = "/handover/milestones/1"
	official, assoc := m.keyed(t, store.Official, store.HomeOffice), m.keyed(t, store.AssociationOfficer, store.TheAssociation)
	official.do(409, "GET", one+"/agree-baseline")

	says(t, m.officer.do(422, "POST", one+"/rebaseline", dayForm("1", "4", "")...), "Write the day as numbers", "Give a reason.")
	typed := dayForm("1", "4", "2013", "reason", "The elections <moved>")
	says(t, m.officer.do(200, "POST", one+"/rebaseline", typed...), "This hides 305 days of slip.", "Home Office and ", "The elections &lt;moved&gt;", "Nothing has been recorded yet")
	if strings.Contains(m.stranger.do(200, "GET", one).Body.String(), "A new baseline is proposed") {
		t.Fatal("the check recorded something")
	}
	m.officer.do(303, "POST", one+"/rebaseline", sure(typed)...)
	m.officer.do(409, "GET", one+"/rebaseline")

	page := official.do(200, "GET", one)
	says(t, page, "A new baseline is proposed", "This hides 305 days of slip.", "Agree to it", "Refuse it")
	n := field(t, page, "proposal")
	for name, b := range map[string]at{"its proposer": m.officer, "a commissioner": m.kent, "an outsider": m.outsider} {
		if strings.Contains(b.do(200, "GET", one).Body.String(), "Agree to it") {
			t.Errorf("%s is offered to agree", name)
		}
		b.do(403, "POST", one+"/agree-baseline", "proposal", n, "confirmed", "yes", "again", store.SamplePassword)
		b.do(403, "POST", one+"/refuse-baseline", "proposal", n, "reason", "x")
	}
	official.do(409, "POST", one+"/agree-baseline", "proposal", "1")
	says(t, official.do(200, "POST", one+"/agree-baseline", "proposal", n), "You agree for Home Office", "Your password, again", "This hides 305 days")
	says(t, official.do(422, "POST", one+"/agree-baseline", "proposal", n, "confirmed", "yes", "again", "wrong"), `id="again-fault"`)
	official.do(303, "POST", one+"/agree-baseline", "proposal", n, "confirmed", "yes", "again", store.SamplePassword)
	official.do(409, "POST", one+"/agree-baseline", "proposal", n)
	says(t, assoc.do(200, "POST", one+"/agree-baseline", "proposal", n), "Yours is the last agreement")
	assoc.do(303, "POST", one+"/agree-baseline", "proposal", n, "confirmed", "yes", "again", store.SamplePassword)
	says(t, m.stranger.do(200, "GET", one), "New baselines hide 305 days of slip.", "31 May 2012", "Agreed by every transferor")

	m.officer.do(303, "POST", one+"/rebaseline", sure(dayForm("1", "5", "2013", "reason", "Again"))...)
	n = field(t, assoc.do(200, "GET", one), "proposal")
	says(t, assoc.do(422, "POST", one+"/refuse-baseline", "proposal", n, "reason", ""), "Give a reason.", `value="`+n+`"`)
	assoc.do(303, "POST", one+"/refuse-baseline", "proposal", n, "reason", "Once is enough")
	says(t, m.stranger.do(200, "GET", one), "New baselines that were refused", "Once is enough")
	m.officer.do(303, "POST", one+"/withdraw", "reason", "Overtaken")
	says(t, m.stranger.do(200, "GET", one), "Why it was withdrawn: Overtaken", "withdrawn")
}

func TestMilestonesAreTheSameInEveryForm(t *testing.T) {
	m := move(t)
	for _, title := range []string{"=1+1", "<script>alert(1)</script>", "Plain"} {
		m.officer.do(303, "POST", "/handover/milestones/new", replaced(spring, "title", title, "key", "")...)
	}
	m.officer.do(303, "POST", "/handover/milestones/2/forecast", dayForm("1", "4", "2013", "reason", "=2+2")...)
	j := decoded[milestonesJSON](t, m.stranger.do(200, "GET", "/handover/milestones.json").Body.String())
	rows := csvOf(t, m.stranger.do(200, "GET", "/handover/milestones.csv").Body.String())
	html := m.stranger.do(200, "GET", "/handover/milestones").Body.String()
	if len(j.Milestones) != 3 || len(rows) != 4 || strings.Contains(html, "<script") || !strings.Contains(html, "&lt;script&gt;") {
		t.Fatal(j, rows, html)
	}
	for n, one := range j.Milestones {
		row := rows[n+1]
		if row[1] != strconv.FormatInt(one.ID, 10) || strings.TrimPrefix(row[3], "'") != one.Title || row[8] != string(one.Expected) || row[9] != strconv.Itoa(one.SlipDays) ||
			row[11] != strconv.FormatBool(one.Late) || !strings.Contains(html, `href="/handover/milestones/`+row[1]+`"`) {
			t.Errorf("CSV %q, JSON %+v", row, one)
		}
	}
	if rows[1][3] != "'=1+1" {
		t.Error("a formula is not defused:", rows[1])
	}
	points := csvOf(t, m.stranger.do(200, "GET", "/handover/milestones/2.csv").Body.String())
	if len(points) != 3 || !slices.Equal(points[2][2:], []string{"2013-01-14", "forecast", "2013-04-01", "305"}) {
		t.Error(points)
	}
	one := decoded[milestoneJSON](t, m.stranger.do(200, "GET", "/handover/milestones/2.json").Body.String())
	if one.SlipDays != 305 || one.Forecasts[0].Reason != "=2+2" {
		t.Errorf("%+v", one)
	}
}
