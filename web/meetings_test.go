package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/storetest"
)

// planning is a meeting as it is typed.
func planning(fields ...string) []string {
	return replaced([]string{"on", "17", "on-month", "1", "on-year", "2013", "starts", "14:00", "place", "Local Government House"}, fields...)
}

// back signs a person in once more, when the first session is over.
func (x mandated) back(t testing.TB, v office.Viewer) at {
	t.Helper()
	if err := people.EndSession(t.Context(), x.st, fmt.Sprintf("test-%d-%d", v.Person, v.Office.ID)); err != nil {
		t.Fatal(err)
	}
	return as(t, x.Server, v)
}

func TestAMeetingIsToldByItsForms(t *testing.T) {
	const secret = "sesame-minute-4402"
	x := mandate(t)
	one := x.meetingAt
	ref := storetest.Published(t, x.st, "override", authority.Effect{Kind: authority.OverridesIt, Subject: "condition/schedule"})
	says(t, x.stranger.do(200, "GET", x.committee+"/decisions"), "has not met yet", ref)
	says(t, x.stranger.do(200, "GET", x.committee+"/decisions.json"), `"last_meeting": null`, `"can_be_called_in": true`)
	says(t, x.stranger.do(200, "GET", x.committee+"/decisions.csv"), ref+",")
	says(t, x.clerk.do(200, "GET", "/work"), "Set a meeting of the Scrutiny committee first (sample)")

	says(t, x.clerk.do(422, "POST", x.committee+"/meetings/new", planning("on", "31", "on-month", "2")...), "Check the date", `value="14:00"`)
	says(t, x.clerk.do(422, "POST", x.committee+"/meetings/new", planning("starts", "half past two")...), `id="starts-fault"`)
	goes(t, x.clerk.do(303, "POST", x.committee+"/meetings/new", planning()...), one)
	goes(t, x.clerk.do(303, "POST", one+"/change", planning("place", "Another house")...), one)
	says(t, x.stranger.do(200, "GET", one), "17 January 2013, 2pm", "Another house", "Nothing is on the agenda yet.", "draft")
	says(t, x.clerk.do(200, "GET", one+"/agenda"), "Decision "+ref, "It can be called in until")
	x.clerk.do(409, "GET", one+"/agenda/publish")
	says(t, x.clerk.do(422, "POST", one+"/agenda/suggested"), "Choose at least one thing to add.")
	goes(t, x.clerk.do(303, "POST", one+"/agenda/suggested", "all", "yes"), one+"/agenda")
	says(t, x.clerk.do(422, "POST", one+"/agenda/add"), `id="title-fault"`)
	x.clerk.do(303, "POST", one+"/agenda/add", "title", "Welcome <b>all</b>")
	x.clerk.do(303, "POST", one+"/agenda/add", "title", "Lunch")
	x.clerk.do(303, "POST", one+"/agenda/move", "item", "2", "do", "up")
	x.clerk.do(303, "POST", one+"/agenda/move", "item", "3", "do", "remove")
	says(t, x.clerk.do(422, "POST", one+"/agenda/move", "item", "2", "do", "burn"), "Say what to do")
	says(t, x.clerk.do(422, "POST", one+"/agenda/paper", "item", "2", "paper", "Elsewhere", "href", "javascript:alert(1)"), `id="href-fault"`)
	x.clerk.do(303, "POST", one+"/agenda/paper", "item", "2", "paper", "The handover", "href", "/handover")
	says(t, x.clerk.do(200, "POST", one+"/agenda/publish"), "Nothing has been recorded yet", "Welcome &lt;b&gt;")
	goes(t, x.clerk.do(303, "POST", one+"/agenda/publish", sure(nil)...), one)
	x.clerk.do(303, "POST", one+"/agenda/move", "item", "1", "do", "remove")
	x.clerk.do(303, "POST", one+"/agenda/add", "title", "Between", "after", "1")
	pack := x.stranger.do(200, "GET", one+"/pack").Body.String()
	for _, words := range []string{"<strong>1.</strong>", "<strong>1A.</strong>", "Between", "<s>Decision " + ref, "Paper 1/1:", "This page is made to be printed"} {
		if !strings.Contains(pack, words) {
			t.Errorf("the pack lacks %s", words)
		}
	}
	x.clerk.do(409, "GET", one+"/attend")

	x.clock.Day("2013-01-17")
	x.clerk, x.chair = x.back(t, x.clerkV), x.back(t, x.chairV)
	clerk, chair := fmt.Sprint(x.clerkV.Office.ID), fmt.Sprint(x.chairV.Office.ID)
	says(t, x.clerk.do(422, "POST", one+"/attend", "seat-"+chair, "present"), `id="seat-`+clerk+`-fault"`)
	goes(t, x.clerk.do(303, "POST", one+"/attend", "seat-"+chair, "present", "declared-"+chair, "=Shares in Alder Vale (sample)", "seat-"+clerk, "apologies"), one)
	says(t, x.stranger.do(200, "GET", one+"/attendance.csv"), "present,'=Shares in Alder Vale (sample)", "apologies")
	says(t, x.stranger.do(200, "GET", one+"/attendance.json"), `"answer": "apologies"`)
	says(t, x.stranger.do(200, "GET", one+"/attendance"), "Shares in Alder Vale")

	goes(t, x.clerk.do(303, "POST", one+"/minutes", "minutes", "Item 1: All were welcomed.\r\n\r\n"+secret), one)
	says(t, x.chair.do(200, "GET", one), secret, `id="minute-2"`, "This is a draft.")
	for name, b := range map[string]at{"a stranger": x.stranger, "the secretary": as(t, x.Server, storetest.Holder(t, x.st, office.CompanySecretary, office.TheCompany)), "an official": as(t, x.Server, storetest.Holder(t, x.st, office.Official, office.HomeOffice))} {
		for _, page := range []string{one, one + ".json", one + "/pack", one + "/minutes", one + "/minutes/publish", "/record?subject=meeting", "/record.json?subject=meeting"} {
			if strings.Contains(b.send("GET", page).Body.String(), secret) {
				t.Errorf("%s reads the draft at %s", name, page)
			}
		}
	}
	draft := field(t, x.clerk.do(200, "GET", one+"/minutes/publish"), "draft")
	x.clerk.do(409, "POST", one+"/minutes/publish", sure([]string{"draft", "1"})...)
	says(t, x.clerk.do(200, "POST", one+"/minutes/publish", "draft", draft), secret, "Nothing has been recorded yet")
	goes(t, x.clerk.do(303, "POST", one+"/minutes/publish", sure([]string{"draft", draft})...), one)
	says(t, x.stranger.do(200, "GET", one), secret, `id="minute-1"`, `href="#item-1"`)
	says(t, x.clerk.do(422, "POST", one+"/correct", "corrects", "1"), `id="text-fault"`)
	says(t, x.clerk.do(200, "POST", one+"/correct", "corrects", "1", "text", "Nearly all were welcomed."), "A new paragraph 3 is published")
	goes(t, x.clerk.do(303, "POST", one+"/correct", sure([]string{"corrects", "1", "text", "Nearly all were welcomed."})...), one)
	says(t, x.stranger.do(200, "GET", one), `id="minute-3"`, "Correction of", `href="#minute-1"`, "All were welcomed.")
	says(t, x.stranger.do(200, "GET", x.committee), "Agenda, attendance, minutes")
	says(t, x.stranger.do(200, "GET", x.committee+"/decisions"), "The committee last met on 17 January 2013, 2pm.")

	goes(t, x.clerk.do(303, "POST", x.committee+"/meetings/new", planning("on", "18")...), "/meetings/2")
	says(t, x.clerk.do(422, "POST", "/meetings/2/cancel"), `id="reason-fault"`)
	says(t, x.clerk.do(200, "POST", "/meetings/2/cancel", "reason", "Not quorate"), "Not quorate", "Nothing has been recorded yet")
	goes(t, x.clerk.do(303, "POST", "/meetings/2/cancel", sure([]string{"reason", "Not quorate"})...), "/meetings/2")
	says(t, x.stranger.do(200, "GET", "/meetings/2"), "Cancelled", "Not quorate")
	x.clerk.do(409, "GET", "/meetings/2/agenda")
	x.stranger.do(404, "GET", "/meetings/3")
	soundly(t, x.st)
}
