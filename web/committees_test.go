package web

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

// founding is a committee as it is typed, with fields replaced.
func founding(slug string, fields ...string) []string {
	return replaced([]string{"name", "Scrutiny committee " + slug + " (sample)", "slug", slug, "terms", "To hold the company to account.\r\n\r\nTo hear calls-in.",
		"from", "14", "from-month", "1", "from-year", "2013", "to", "", "to-month", "", "to-year", "", "successor", ""}, fields...)
}

// mandated is a committee under way in a browser.
type mandated struct {
	theatre
	clerk, chair, heir         at
	clerkV, chairV, heirV      office.Viewer
	committee, next, meetingAt string
}

func mandate(t testing.TB) mandated {
	t.Helper()
	x := mandated{theatre: stage(t), committee: "/committees/first", next: "/committees/next", meetingAt: "/meetings/1"}
	x.clerkV = storetest.Holder(t, x.st, office.Clerk, office.TheAssociation)
	x.chairV = storetest.Holder(t, x.st, office.Chair, office.TheAssociation)
	x.heirV = storetest.Holds(t, x.st, storetest.Person(t, x.st, "Chair elect (sample)"), office.Office{Body: office.TheAssociation, Kind: office.Chair, Title: "Chair elect"})
	x.clerk, x.chair, x.heir = as(t, x.Server, x.clerkV), as(t, x.Server, x.chairV), as(t, x.Server, x.heirV)
	goes(t, x.clerk.do(303, "POST", "/committees/new", founding("next")...), x.next)
	goes(t, x.clerk.do(303, "POST", "/committees/new", founding("first", "to", "31", "to-month", "3", "to-year", "2013")...), x.committee)
	for _, seat := range []struct {
		at, role string
		v        office.Viewer
	}{{x.committee, "chair", x.chairV}, {x.committee, "clerk", x.clerkV}, {x.next, "chair", x.heirV}} {
		goes(t, x.clerk.do(303, "POST", seat.at+"/seats", "office", fmt.Sprint(seat.v.Office.ID), "role", seat.role, "from", "14", "from-month", "1", "from-year", "2013"), seat.at)
	}
	second := x.keyedAt(t, office.AssociationOfficer, office.TheAssociation, "second.officer@example.org")
	for _, one := range []string{x.committee, x.next} {
		says(t, x.stranger.do(200, "GET", one), "by a second person at Association")
		x.clerk.do(403, "GET", one+"/seats/confirm")
		says(t, second.do(200, "GET", one+"/seats/confirm"), "Confirm the changes")
		says(t, second.do(422, "POST", one+"/seats/confirm"), `id="again-fault"`)
		goes(t, second.do(303, "POST", one+"/seats/confirm", "again", people.SamplePassword), one)
		second.do(409, "GET", one+"/seats/confirm")
	}
	return x
}

func TestACommitteeIsFoundedSeatedAndChanged(t *testing.T) {
	t.Parallel()
	o := stage(t)
	says(t, o.stranger.do(200, "GET", "/committees"), "No committees have been set up yet", `aria-label="Scrutiny"`)
	x := mandate(t)
	says(t, x.stranger.do(200, "GET", "/committees"), "Scrutiny committee first (sample)", "14 January 2013 to 31 March 2013", "No end date set", "0 open items", "Chair elect")
	says(t, x.stranger.do(200, "GET", "/committees?orphans=yes"), "All open work has been accepted by a committee")
	says(t, x.stranger.do(200, "GET", "/committees.csv"), "as_at,slug,name", "first,Scrutiny committee first (sample)")
	says(t, x.stranger.do(200, "GET", "/committees.json"), `"slug": "first"`, `"mandate_to": "2013-03-31"`, `"state": "in its mandate"`)
	says(t, x.stranger.do(200, "GET", x.committee), "To hear calls-in.", "clerk, Association", "This committee has no open questions, recommendations or undertakings.", "No meetings have been arranged.", "Set up by")
	says(t, x.stranger.do(200, "GET", x.committee+".json"), `"terms_of_reference"`, `"open_work": []`)
	x.stranger.do(404, "GET", "/committees/none")
	for _, bad := range []struct{ field, value, says string }{{"slug", "First One", `id="slug-fault"`}, {"name", "", `id="name-fault"`}, {"to-month", "2", "Check the date"}, {"slug", "next", "has that short name"}} {
		form := founding("third", "to", "31", "to-month", "3", "to-year", "2013")
		says(t, x.clerk.do(422, "POST", "/committees/new", replaced(form, bad.field, bad.value)...), bad.says)
	}
	change := func(fields ...string) []string {
		turn := field(t, x.clerk.do(200, "GET", x.committee+"/change"), "turn")
		return replaced([]string{"turn", turn, "name", "Scrutiny committee first (sample)", "terms", "To hold the company to account.\r\n\r\nTo hear calls-in.", "to", "31", "to-month", "3", "to-year", "2013", "successor", ""}, fields...)
	}
	says(t, x.clerk.do(422, "POST", x.committee+"/change", change()...), "You have not changed anything")
	says(t, x.clerk.do(422, "POST", x.committee+"/change", change("to", "13", "to-month", "1")...), "must be on or after the first day")
	x.clerk.do(409, "POST", x.committee+"/change", change("turn", "1", "name", "Another")...)
	goes(t, x.clerk.do(303, "POST", x.committee+"/change", change("successor", "next", "to", "30")...), x.committee)
	says(t, x.stranger.do(200, "GET", x.committee), "changed from 31 March 2013 to 30 March 2013.", "changed from none to Scrutiny committee next (sample).", "No open work.")
	says(t, x.clerk.do(422, "POST", x.committee+"/seats", "office", fmt.Sprint(x.heirV.Office.ID), "role", "chair", "from", "14", "from-month", "1", "from-year", "2013"), `id="role-fault"`, "already has a chair for that time")
	says(t, x.clerk.do(422, "POST", x.committee+"/seats", "role", "member", "from", "31", "from-month", "2", "from-year", "2013"), "Check the date")
	says(t, x.stranger.do(200, "GET", "/handover"), "A successor has accepted all open scrutiny work", "No committee that ends has open scrutiny work.")

	says(t, x.heir.do(200, "GET", x.committee+"/accept"), "All open work has been accepted.")
	says(t, x.heir.do(409, "POST", x.committee+"/accept", "all", "yes"), "has already been accepted")
	says(t, x.heir.do(422, "POST", x.committee+"/accept"), "Choose at least one item to accept")
	says(t, x.heir.do(422, "POST", x.committee+"/accept", sure([]string{"ref", "question/2013-099"})...), "is not open work")
	x.chair.do(403, "GET", x.committee+"/accept")
	x.chair.do(403, "POST", x.committee+"/accept", sure([]string{"all", "yes"})...)
	soundly(t, x.st)
}

func soundly(t testing.TB, st *db.Tx) {
	t.Helper()
	if v, err := store.Verify(t.Context(), st); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}

// TestWhoKeepsCommitteesAndMeetings tries every act as every kind of office, at
// the body of the committee and at others.
func TestWhoKeepsCommitteesAndMeetings(t *testing.T) {
	t.Parallel()
	x := mandate(t)
	x.clerk.do(303, "POST", x.committee+"/meetings/new", planning("on", "14")...)
	x.clerk.do(303, "POST", x.meetingAt+"/agenda/add", "title", "Welcome")
	acts := map[string][]string{
		x.committee + "/change":           {"turn", "9", "name", "Taken over", "terms", "None."},
		x.committee + "/seats":            {"office", fmt.Sprint(x.chairV.Office.ID), "role", "member", "from", "14", "from-month", "1", "from-year", "2013"},
		x.committee + "/accept":           sure([]string{"all", "yes"}),
		x.committee + "/meetings/new":     planning(),
		x.meetingAt + "/change":           planning(),
		x.meetingAt + "/cancel":           sure([]string{"reason", "Taken over"}),
		x.meetingAt + "/agenda/add":       {"title", "Taken over"},
		x.meetingAt + "/agenda/suggested": {"ref", "question/2013-001"},
		x.meetingAt + "/agenda/paper":     {"item", "1", "paper", "A paper", "href", "/handover"},
		x.meetingAt + "/agenda/move":      {"item", "1", "do", "remove"},
		x.meetingAt + "/agenda/publish":   sure(nil),
		x.meetingAt + "/attend":           {"seat-1", "present"},
		x.meetingAt + "/minutes":          {"minutes", "Taken over."},
		x.meetingAt + "/minutes/publish":  sure([]string{"draft", "1"}),
		x.meetingAt + "/correct":          sure([]string{"corrects", "0", "text", "Taken over."}),
	}
	people := map[string]at{"a stranger": x.stranger}
	for _, kind := range office.Kinds {
		for _, body := range []string{office.TheAssociation, office.TheCompany, office.HomeOffice, "kent"} {
			b, _ := office.BodyOf(body)
			if kind.Fits(b) && !(body == office.TheAssociation && kind.May(office.KeepCommittees)) {
				people[string(kind)+" at "+body] = as(t, x.Server, storetest.Holder(t, x.st, kind, body))
			}
		}
	}
	if len(people) < 14 {
		t.Fatal(len(people))
	}
	head, err := record.ReadHead(t.Context(), x.st)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(w *httptest.ResponseRecorder) bool {
		return w.Code == 403 || w.Code == 303 && strings.HasPrefix(w.Header().Get("Location"), "/sign-in")
	}
	for name, b := range people {
		for path, form := range acts {
			late := strings.HasSuffix(path, "/accept") // no successor is named, which comes first
			if w := b.send("POST", path, form...); !refused(w) && !(late && w.Code == 409) {
				t.Errorf("%s: %s is %d", name, path, w.Code)
			}
			if w := b.send("GET", path); w.Code == 200 {
				t.Errorf("%s opens %s", name, path)
			}
		}
		shown := b.do(200, "GET", x.committee).Body.String() + b.do(200, "GET", x.meetingAt).Body.String()
		for path := range acts {
			if strings.Contains(shown, `href="`+path+`"`) {
				t.Errorf("%s is offered %s", name, path)
			}
		}
	}
	if after, err := record.ReadHead(t.Context(), x.st); err != nil || after.Size != head.Size {
		t.Errorf("something was recorded: %d, then %d events", head.Size, after.Size)
	}
}
