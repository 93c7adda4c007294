package web

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/storetest"
	handoverweb "github.com/police-ict/handover/web/handover"
)

var spring = []string{"title", "Handover to the commissioners", "source", "Home Secretary, 4 July 2011", "baseline", "31", "baseline-month", "5", "baseline-year", "2012",
	"words", "Spring 2012", "key", "handover"}

func dayForm(d, month, year string, more ...string) []string {
	return append([]string{"day", d, "day-month", month, "day-year", year}, more...)
}

// keyed is a person with an office and a password.
func (m moving) keyed(t testing.TB, k office.Kind, body string) at {
	t.Helper()
	return m.keyedAt(t, k, body, strings.ReplaceAll(string(k), " ", "-")+"."+body+"@example.org")
}

// keyedAt is keyed, under an address of one's own.
func (m moving) keyedAt(t testing.TB, k office.Kind, body, address string) at {
	t.Helper()
	id, token, err := people.Add(t.Context(), m.st, office.CommandLine, "Keyed for "+body, address)
	if err != nil {
		t.Fatal(err)
	}
	if err := people.AcceptInvitation(t.Context(), m.st, token, "", people.SamplePassword); err != nil {
		t.Fatal(err)
	}
	b, _ := office.BodyOf(body)
	storetest.Holds(t, m.st, id, office.Office{Body: body, Kind: k, Title: string(k) + ", " + b.Short})
	v, err := people.ViewerOf(t.Context(), m.st, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	return as(t, m.Server, v)
}

func TestAPromiseSlipsAndIsAchieved(t *testing.T) {
	m := move(t)
	says(t, m.stranger.do(200, "GET", "/handover/milestones"), "There is no milestone on this date.")
	m.officer.do(200, "GET", "/handover/milestones/new")
	m.official.do(403, "GET", "/handover/milestones/new")
	m.official.do(403, "POST", "/handover/milestones/new", spring...)
	m.stranger.do(303, "POST", "/handover/milestones/new", spring...)
	says(t, m.officer.do(422, "POST", "/handover/milestones/new", replaced(spring, "baseline-month", "13", "title", "")...),
		"2 things to correct", "Enter a title.", "Enter the date as numbers", `value="13"`, `value="Spring 2012"`)
	w := m.officer.do(303, "POST", "/handover/milestones/new", spring...)
	const one = "/handover/milestones/1"
	if w.Header().Get("Location") != one {
		t.Fatal(w.Header())
	}
	says(t, m.stranger.do(200, "GET", one), "Late: the target date of 31 May 2012 has passed", `role="img"`, "“Spring 2012”", "Home Secretary, 4 July 2011")

	for name, b := range map[string]at{"a transferor": m.official, "a commissioner": m.kent, "an outsider": m.outsider} {
		if strings.Contains(b.do(200, "GET", one).Body.String(), "What you can do") {
			t.Errorf("%s is offered a step", name)
		}
		for _, act := range []string{"forecast", "achieve", "withdraw", "rebaseline"} {
			b.do(403, "GET", one+"/"+act)
			b.do(403, "POST", one+"/"+act, dayForm("1", "4", "2013", "reason", "x")...)
		}
	}
	says(t, m.officer.do(422, "POST", one+"/forecast", dayForm("30", "2", "2013", "reason", "Kept <reason>")...), "Check the date", "Kept &lt;reason&gt;")
	says(t, m.officer.do(422, "POST", one+"/forecast", dayForm("", "", "")...), "Enter the new forecast.", "Enter a reason.", "2 things to correct")
	says(t, m.officer.do(422, "POST", one+"/forecast", dayForm("1", "1", "2013", "reason", "x")...), "1 January 2013 has passed.")
	m.officer.do(303, "POST", one+"/forecast", dayForm("1", "4", "2013", "reason", "Elections first", "words", "Spring 2013")...)
	says(t, m.officer.do(200, "GET", one), "Your forecast of 1 April 2013 has been recorded.", "Expected on 1 April 2013, 305 days after the first target date.", "Elections first", "305 days late", "“Spring 2013”")
	says(t, m.stranger.do(200, "GET", "/handover/milestones"), "0 of 1 milestone achieved, 1 late.", "305", "How the handover date has moved")

	m.clock.Day("2013-04-03")
	officer := as(t, m.Server, storetest.Holder(t, m.st, office.CompanyOfficer, office.TheCompany))
	says(t, officer.do(409, "POST", one+"/achieve", dayForm("2", "4", "2013")...), "achieved when the company secretary completes the handover")
	says(t, officer.do(200, "GET", one+"/withdraw"), "every transferor has approved", "There is no published decision for this that you can still use.")
	says(t, officer.do(422, "POST", one+"/withdraw", "reason", "Kept reason"), "Enter the reference of the decision", "Kept reason")
	officer.do(303, "POST", "/handover/milestones/new", replaced(spring, "key", "")...)
	const two = "/handover/milestones/2"
	says(t, officer.do(422, "POST", two+"/achieve", dayForm("4", "4", "2013")...), "is in the future")
	officer.do(303, "POST", two+"/achieve", dayForm("2", "4", "2013")...)
	says(t, m.stranger.do(200, "GET", two), "Achieved on 2 April 2013, 306 days after the first target date.", "Achieved late", "came 306 days late")
	officer.do(409, "GET", two+"/forecast")
	officer.do(409, "POST", two+"/withdraw", "reason", "x")

	ref := storetest.Authorised(t, m.st, m.clock, "withdraw-milestone", authority.Effect{Kind: authority.WithdrawsIt, Subject: "milestone/1"})
	officer = as(t, m.Server, storetest.Holder(t, m.st, office.CompanyOfficer, office.TheCompany))
	says(t, officer.do(200, "GET", one+"/withdraw"), `value="`+ref+`"`)
	officer.do(303, "POST", one+"/withdraw", "reason", "Overtaken by events", "decision", ref)
	says(t, m.stranger.do(200, "GET", one), "Withdrawn. It no longer counts.", "Overtaken by events", "/decisions/"+ref)
	says(t, m.stranger.do(200, "GET", "/"), "The milestone of the handover was withdrawn: Overtaken by events.")
	says(t, officer.do(200, "GET", one), "Add the milestone that replaces it")
	officer.do(303, "POST", "/handover/milestones/new", replaced(spring, "baseline-year", "2014", "words", "")...)
	says(t, m.stranger.do(200, "GET", "/handover/milestones/3"), "Replaces", `href="/handover/milestones/1"`)

	then := m.stranger.do(200, "GET", one+"?as_at=2013-01-14")
	says(t, then, "Expected on 1 April 2013", "As at 14 January 2013")
	if strings.Contains(then.Body.String(), "Achieved on") {
		t.Error("a past day knows what came after")
	}
	m.stranger.do(404, "GET", one+"?as_at=2013-01-13")
	says(t, m.stranger.do(200, "GET", "/handover/milestones?as_at=2013-01-13"), "There is no milestone on this date.")
	m.stranger.do(422, "GET", "/handover/milestones?as_at=2013-13-13")
	m.stranger.do(404, "GET", "/handover/milestones/4")
}

func TestANewBaselineNeedsADecision(t *testing.T) {
	m := move(t)
	m.officer.do(303, "POST", "/handover/milestones/new", spring...)
	const one = "/handover/milestones/1"
	says(t, m.officer.do(200, "GET", one+"/rebaseline"), "There is no published decision for this that you can still use.")
	says(t, m.officer.do(422, "POST", one+"/rebaseline", dayForm("1", "4", "")...), "Enter the date as numbers", "Enter the reference of the decision", `href="#decision"`)
	says(t, m.officer.do(422, "POST", one+"/rebaseline", sure(dayForm("1", "4", "2013", "decision", "2013-007"))...), "There is no decision", `value="2013-007"`, `id="decision-fault"`)
	names := authority.Effect{Kind: authority.NewBaseline, Subject: "milestone/1", Value: "2013-04-01"}
	ref := storetest.Published(t, m.st, "baseline", names)
	says(t, m.officer.do(422, "POST", one+"/rebaseline", sure(dayForm("1", "4", "2013", "decision", ref))...), "may not be implemented now")

	ref = storetest.Authorised(t, m.st, m.clock, "baseline", names)
	officer := as(t, m.Server, storetest.Holder(t, m.st, office.CompanyOfficer, office.TheCompany))
	says(t, officer.do(200, "GET", one+"/rebaseline"), `value="`+ref+`"`, "/decisions/"+ref, "A new baseline of milestone 1: 1 April 2013", `value="2013"`)
	says(t, officer.do(422, "POST", one+"/rebaseline", sure(dayForm("2", "4", "2013", "decision", ref))...), "does not allow this: a new baseline of milestone 1: 2 April 2013.")
	typed := dayForm("1", "4", "2013", "decision", ref)
	says(t, officer.do(200, "POST", one+"/rebaseline", typed...), "This hides 305 days of delay.", "The new baseline is set under", "decision "+ref, "Nothing has been recorded yet")
	if strings.Contains(m.stranger.do(200, "GET", one).Body.String(), ref) {
		t.Fatal("the check recorded something")
	}
	officer.do(303, "POST", one+"/rebaseline", sure(typed)...)
	says(t, m.stranger.do(200, "GET", one), "New baselines hide 305 days of delay.", "31 May 2012", `<a href="/decisions/`+ref+`">Decision `+ref, "Let it be done (sample)", "new baseline "+ref)
	says(t, officer.do(422, "POST", one+"/rebaseline", sure(typed)...), "The baseline is already 1 April 2013.")
	if got := decoded[handoverweb.MilestoneJSON](t, m.stranger.do(200, "GET", one+".json").Body.String()); got.Rebaselines[0].Decision != ref {
		t.Errorf("%+v", got)
	}
	if rows := csvOf(t, m.stranger.do(200, "GET", one+".csv").Body.String()); rows[2][6] != ref {
		t.Error(rows)
	}
	if rows := csvOf(t, m.stranger.do(200, "GET", "/handover/milestones.csv").Body.String()); rows[1][13] != ref {
		t.Error(rows)
	}
}

func TestMilestonesAreTheSameInEveryForm(t *testing.T) {
	m := move(t)
	for _, title := range []string{"=1+1", "<script>alert(1)</script>", "Plain"} {
		m.officer.do(303, "POST", "/handover/milestones/new", replaced(spring, "title", title, "key", "")...)
	}
	m.officer.do(303, "POST", "/handover/milestones/2/forecast", dayForm("1", "4", "2013", "reason", "=2+2")...)
	j := decoded[handoverweb.MilestonesJSON](t, m.stranger.do(200, "GET", "/handover/milestones.json").Body.String())
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
	if len(points) != 3 || !slices.Equal(points[2][2:], []string{"2013-01-14", "forecast", "2013-04-01", "305", ""}) {
		t.Error(points)
	}
	one := decoded[handoverweb.MilestoneJSON](t, m.stranger.do(200, "GET", "/handover/milestones/2.json").Body.String())
	if one.SlipDays != 305 || one.Forecasts[0].Reason != "=2+2" {
		t.Errorf("%+v", one)
	}
}
