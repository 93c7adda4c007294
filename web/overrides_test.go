package web

import (
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/storetest"
)

// again signs a keyed person in once more, after the clock has moved.
func (m moving) again(t testing.TB, email string) at {
	t.Helper()
	id, _, err := people.SignIn(t.Context(), m.st, people.Entry{Email: email, Password: people.SamplePassword, From: people.From{Address: "192.0.2.1"}})
	if err != nil {
		t.Fatal(err)
	}
	v, err := people.ViewerOf(t.Context(), m.st, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	return as(t, m.Server, v)
}

func TestAnOverriddenConditionIsSaidOnEveryPageOfTheHandover(t *testing.T) {
	t.Parallel()
	th := stage(t)
	th.ready()
	th.add(t, "after", "company", "evidence", "")
	th.certified(t, handover.TheBalance, th.finance)
	th.certified(t, handover.TheStatement, th.secretary)
	const form = "/handover/conditions/schedule/override"
	says(t, th.secretary.do(200, "GET", "/handover"), form)
	says(t, th.secretary.do(200, "GET", form), "Override a condition", "0 of 1 items have both", "says so permanently")
	th.officer.do(403, "GET", form)
	th.secretary.do(404, "GET", "/handover/conditions/weather/override")
	says(t, th.secretary.do(409, "GET", "/handover/conditions/deeds/override"), "is met, so there is nothing to override")
	says(t, th.secretary.do(422, "POST", form), "Enter the reference of the decision", `id="decision-fault"`)
	says(t, th.secretary.do(422, "POST", form, surely("decision", "2013-009")...), "There is no decision")

	ref := storetest.Authorised(t, th.st, th.clock, "override", authority.Effect{Kind: authority.OverridesIt, Subject: "condition/schedule"})
	banner := "Decision " + ref + " overrides the condition “Every item of the schedule has a receiver and evidence”."
	secretary := th.again(t, "company-secretary.company@example.org")
	says(t, secretary.do(200, "GET", form), `value="`+ref+`"`, "The condition “schedule” of the handover is overridden")
	says(t, secretary.do(200, "POST", form, "decision", ref), banner, "Nothing has been recorded yet", "Your password")
	if strings.Contains(th.stranger.do(200, "GET", "/handover").Body.String(), banner) {
		t.Fatal("the check recorded something")
	}
	secretary.do(303, "POST", form, surely("decision", ref)...)
	says(t, secretary.do(409, "GET", form), "Decision "+ref+" already overrides")

	says(t, th.stranger.do(200, "GET", "/handover"), "Ready: 7 of 8 conditions are met, and the rest are overridden by decision.", "Not met", "Overridden", `<a href="/decisions/`+ref+`">`)
	says(t, th.stranger.do(200, "GET", "/handover.json"), `"overridden_by": "`+ref+`"`, `"ready": true`)
	says(t, th.stranger.do(200, "GET", "/handover.csv"), ","+ref)
	pages := []string{"/", "/handover", "/handover/bodies", "/handover/bodies/kent", "/handover/schedule", "/handover/schedule/1", "/handover/milestones", "/handover/balance",
		"/handover/statement", "/handover/statement/1"}
	shown := func(when string) {
		t.Helper()
		for _, page := range pages {
			if !strings.Contains(th.stranger.do(200, "GET", page).Body.String(), banner) {
				t.Errorf("%s, %s does not say that a condition is overridden", when, page)
			}
		}
	}
	shown("before completion")
	says(t, secretary.do(200, "GET", "/handover/complete"), banner)
	for _, page := range []string{"/ownership", "/handover?as_at=2013-01-14"} {
		if strings.Contains(th.stranger.do(200, "GET", page).Body.String(), banner) {
			t.Errorf("%s says that a condition is overridden", page)
		}
	}
	hash := field(t, secretary.do(200, "GET", "/handover/complete"), "hash")
	secretary.do(303, "POST", "/handover/complete", surely("on", "21", "on-month", "1", "on-year", "2013", "hash", hash)...)
	shown("after completion")
	says(t, secretary.do(409, "GET", "/handover/conditions/deeds/override"), "was completed on 21 January 2013")
}
