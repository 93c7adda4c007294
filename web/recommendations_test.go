package web

import (
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
	scrutinyweb "github.com/police-ict/handover/web/scrutiny"
)

// A tribunal is a committee of scrutiny, those whom it asks, and onlookers.
type tribunal struct {
	moving
	chair, clerk, answers at
}

func sit(t testing.TB) tribunal {
	t.Helper()
	m := move(t)
	tr := tribunal{m, m.keyedAt(t, office.Chair, office.TheAssociation, "chair@example.org"), m.keyedAt(t, office.Clerk, office.TheAssociation, "clerk@example.org"), m.keyedAt(t, office.CompanyOfficer, office.TheCompany, "answers@example.org")}
	clerk := storetest.Holder(t, m.st, office.Clerk, office.TheAssociation)
	c := scrutiny.Committee{Slug: "ict", Name: "ICT scrutiny committee (sample)", Terms: "To hold the company to account.", First: "2013-01-14"}
	if err := scrutiny.FoundCommittee(t.Context(), m.st, clerk, c); err != nil {
		t.Fatal(err)
	}
	offices, err := office.AtBody(t.Context(), m.st, office.TheAssociation)
	if err != nil {
		t.Fatal(err)
	}
	var seats []scrutiny.Seat
	for _, o := range offices {
		role := map[string]scrutiny.SeatRole{"chair, Association": scrutiny.SeatChair, "clerk, Association": scrutiny.SeatClerk}[o.Title]
		if role == "" && (o.Kind == office.Chair || o.Kind == office.Clerk) {
			role = scrutiny.SeatRole(o.Kind)
		}
		if role == "" {
			continue
		}
		seats = append(seats, scrutiny.Seat{Office: o, Role: role, First: "2013-01-14"})
	}
	if err := storetest.Seat(t.Context(), m.st, clerk, "ict", seats...); err != nil {
		t.Fatal(err)
	}
	return tr
}

var recommended = []string{"kind", "recommendation", "committee", "ict", "body", office.TheCompany, "title", "Publish every contract", "text", "The company should publish <every> contract.", "source", "First report (sample)", "address", "/meetings/3#minute-4"}

const firstOne = "/recommendations/2013-001"

func targeted(day, month, year string, more ...string) []string {
	return append([]string{"target", day, "target-month", month, "target-year", year}, more...)
}

func TestARecommendationIsToldByItsPages(t *testing.T) {
	t.Parallel()
	tr := sit(t)
	says(t, tr.stranger.do(200, "GET", "/recommendations"), "No recommendations have been made yet.", "No recommendation to any body has been accepted.", `aria-label="Scrutiny"`)
	tr.officer.do(403, "GET", "/recommendations/new")
	tr.kent.do(403, "GET", "/recommendations/new") // may sit on committees, and sits on none
	says(t, tr.clerk.do(200, "GET", "/recommendations/new?source=%2Fmeetings%2F3%23minute-4&body=company"), `value="/meetings/3#minute-4"`, `value="company" selected`)
	says(t, tr.clerk.do(200, "GET", "/recommendations/new?source=Question+2013-001&address=%2Fquestions%2F2013-001"), `value="Question 2013-001"`, `value="/questions/2013-001"`)
	says(t, tr.clerk.do(200, "GET", "/recommendations/new?kind=undertaking&source=Minute+4"), "Record an undertaking", `value="Minute 4"`, "By when will it be done?")
	says(t, tr.clerk.do(422, "POST", "/recommendations/new", "kind", "undertaking", "committee", "ict"), "Record an undertaking", "Enter a title.", "Choose the body", "Enter the target date.")
	says(t, tr.clerk.do(200, "POST", "/recommendations/new", recommended...), "Nothing has been recorded yet", "is due by 14 March 2013.", "&lt;every&gt;")
	says(t, tr.clerk.do(422, "POST", "/recommendations/new", append(sure(recommended), "again", "wrong")...), "password")
	goes(t, tr.clerk.do(303, "POST", "/recommendations/new", surely(recommended...)...), firstOne)

	page := tr.stranger.do(200, "GET", firstOne)
	says(t, page, "Has it been done?", "has not responded.", "is due by 14 March 2013.", "As at 14 January 2013", `href="/meetings/3#minute-4"`, "Next: 14 March 2013")
	if strings.Contains(page.Body.String(), "What you can do") {
		t.Error("a stranger is offered a step")
	}
	says(t, tr.answers.do(200, "GET", "/work"), "Respond to recommendation 2013-001")
	for _, act := range scrutiny.RecommendationActs {
		if code := tr.kent.send("GET", firstOne+"/"+string(act)).Code; code != 403 && code != 409 {
			t.Errorf("another body opens %s: %d", act, code)
		}
	}
	says(t, tr.answers.do(422, "POST", firstOne+"/respond", targeted("30", "6", "", "acceptance", "partly")...), "Enter the date as numbers", "Enter the reason.")
	responds := targeted("30", "6", "2013", "acceptance", "partly", "reason", "Above £50,000 only.", "turn", "1")
	says(t, tr.answers.do(200, "POST", firstOne+"/respond", responds...), "Accepted in part", "What this will change", "The work is due by 30 June 2013.")
	goes(t, tr.answers.do(303, "POST", firstOne+"/respond", surely(responds...)...), firstOne)
	tr.answers.do(409, "POST", firstOne+"/respond", surely(responds...)...) // of what was read before
	goes(t, tr.answers.do(303, "POST", firstOne+"/progress", surely("text", "Half are out.")...), firstOne)
	goes(t, tr.answers.do(303, "POST", firstOne+"/move", surely(targeted("20", "11", "2013", "reason", "A supplier objects.")...)...), firstOne)
	says(t, tr.stranger.do(200, "GET", firstOne), "Not yet. It is in progress.", "changed once, 143 days later than the first target date", "30 June 2013", "A supplier objects.", "Half are out.", "Response: accepted in part")

	tr.clock.Day("2013-11-22")
	tr.answers, tr.chair, tr.clerk = enters(t, tr.Server, "answers@example.org", people.SamplePassword), enters(t, tr.Server, "chair@example.org", people.SamplePassword), enters(t, tr.Server, "clerk@example.org", people.SamplePassword)
	says(t, tr.stranger.do(200, "GET", firstOne), "No. It is in progress and 2 days past its target date.")
	says(t, tr.answers.do(200, "GET", "/work"), "Update recommendation 2013-001")
	goes(t, tr.answers.do(303, "POST", firstOne+"/claim", surely("text", "All are out.")...), firstOne)
	says(t, tr.stranger.do(200, "GET", firstOne), "reported on 22 November 2013 that it is complete. The committee has not yet confirmed this.", "needs to confirm whether it is complete")
	tr.answers.do(403, "POST", firstOne+"/verify", surely("text", "x")...)
	tr.answers.do(403, "POST", firstOne+"/close", surely("ground", "superseded", "reason", "x")...)
	says(t, tr.chair.do(200, "GET", "/work"), "Confirm whether complete: recommendation 2013-001")
	says(t, tr.chair.do(200, "GET", firstOne+"/not-verify"), "All are out.")
	goes(t, tr.chair.do(303, "POST", firstOne+"/not-verify", surely("text", "Minute 3: four are missing.")...), firstOne)
	says(t, tr.stranger.do(200, "GET", firstOne), "the committee found that it is not.", "Minute 3: four are missing.")
	goes(t, tr.answers.do(303, "POST", firstOne+"/claim", surely("text", "Now they are.")...), firstOne)
	goes(t, tr.clerk.do(303, "POST", firstOne+"/verify", surely("text", "Minute 5.")...), firstOne)
	page = tr.stranger.do(200, "GET", firstOne)
	says(t, page, `<a href="/record/`, "Yes. The committee confirmed on 22 November 2013 that it is complete.", "It is closed. Nothing more is due.")
	tr.chair.do(409, "GET", firstOne+"/close")
	if got := decoded[scrutinyweb.RecommendationJSON](t, tr.stranger.do(200, "GET", firstOne+".json").Body.String()); got.AsAt != "2013-11-22" || got.Implementation != scrutiny.VerifiedDone || got.Moves != 1 || got.SlipDays != 143 || got.WaitsFor != "" || len(got.Claims) != 2 {
		t.Errorf("%+v", got)
	}
	tr.stranger.do(404, "GET", "/recommendations/2013-002")
}

func TestTheListOfRecommendationsIsFiltered(t *testing.T) {
	t.Parallel()
	tr := sit(t)
	for n := range 53 {
		goes(t, tr.clerk.do(303, "POST", "/recommendations/new", surely(replaced(recommended, "title", fmt.Sprintf("Matter %d of hosting", n+1))...)...), fmt.Sprintf("/recommendations/2013-%03d", n+1))
	}
	promise := append(replaced(recommended, "kind", "undertaking", "title", "Publish the price list"), targeted("30", "6", "2013")...)
	goes(t, tr.clerk.do(303, "POST", "/recommendations/new", surely(promise...)...), "/recommendations/2013-054")
	goes(t, tr.answers.do(303, "POST", "/recommendations/2013-054/claim", surely("text", "It is out.")...), "/recommendations/2013-054")
	goes(t, tr.answers.do(303, "POST", firstOne+"/respond", surely(targeted("30", "6", "2013", "acceptance", "accepted")...)...), firstOne)
	goes(t, tr.answers.do(303, "POST", "/recommendations/2013-002/respond", surely("acceptance", "rejected", "reason", "No.")...), "/recommendations/2013-002")
	goes(t, tr.chair.do(303, "POST", firstOne+"/priority", sure(nil)...), firstOne)
	says(t, tr.stranger.do(200, "GET", "/recommendations"), "54 recommendations and undertakings; 25 on this page", "2 accepted</a>", "0 complete</a>", "1 reported complete</a>", "The median age is", "acceptance=any_form&amp;implementation=claimed", "page=2")
	says(t, tr.stranger.do(200, "GET", "/recommendations?before=2013-005"), "2013\u2011004", "2013\u2011001", "First page")
	for query, want := range map[string]int64{"": 54, "?acceptance=awaited": 51, "?acceptance=any_form": 2, "?acceptance=any_form&implementation=claimed": 1, "?acceptance=rejected": 1, "?kind=undertaking": 1, "?priority=yes": 1, "?priority=no": 53,
		"?body=company": 54, "?body=kent": 0, "?committee=ict": 54, "?committee=none": 0, "?q=price": 1, "?q=hosting": 53, "?q=hosting&acceptance=rejected": 1, "?age=under+1+year": 54, "?age=over+2+years": 0, "?q=zebra": 0} {
		p := decoded[scrutinyweb.RecommendationsJSON](t, tr.stranger.do(200, "GET", "/recommendations.json"+query).Body.String())
		rows := csvOf(t, tr.stranger.do(200, "GET", "/recommendations.csv"+query).Body.String())
		if p.Count != want || int64(len(rows)-1) != want || len(p.All) != int(min(want, 25)) || len(rows[0]) != 20 {
			t.Errorf("%s: %d counted, %d rows, %d listed, want %d", query, p.Count, len(rows)-1, len(p.All), want)
		}
		tr.stranger.do(200, "GET", "/recommendations"+query)
	}
	says(t, tr.stranger.do(200, "GET", "/recommendations?q=zebra"), "No recommendations match this filter.", "Clear the filter")
	says(t, tr.stranger.do(200, "GET", "/recommendations.atom"), "2013-054: Publish the price list (accepted; reported complete)")
	for _, query := range []string{"acceptance=yes", "implementation=done", "age=old", "body=atlantis", "kind=question", "priority=1"} {
		says(t, tr.stranger.do(422, "GET", "/recommendations?"+query), "This page cannot be shown")
	}
	says(t, tr.stranger.do(200, "GET", "/recommendations"), `href="/recommendations?acceptance=rejected&amp;implementation=not_started"`)
}

// TestForgedFormsOfRecommendationsAreRefused sends what no form would send.
func TestForgedFormsOfRecommendationsAreRefused(t *testing.T) {
	tr := sit(t)
	goes(t, tr.clerk.do(303, "POST", "/recommendations/new", surely(recommended...)...), firstOne)
	goes(t, tr.answers.do(303, "POST", firstOne+"/respond", surely(targeted("30", "6", "2013", "acceptance", "accepted")...)...), firstOne)
	assoc := replaced(recommended, "body", office.TheAssociation)
	head := func() int64 {
		h, err := record.ReadHead(t.Context(), tr.st)
		if err != nil {
			t.Fatal(err)
		}
		return h.Size
	}
	size := head()
	for name, k := range map[string]struct {
		who  at
		path string
		form []string
		code int
		says string
	}{
		"the company verifies":                {tr.answers, firstOne + "/verify", []string{"text", "x"}, 403, "needs a role"},
		"what is not claimed is verified":     {tr.chair, firstOne + "/verify", []string{"text", "x"}, 409, "cannot be done now"},
		"the committee claims":                {tr.clerk, firstOne + "/claim", []string{"text", "x"}, 403, "needs a role"},
		"another body claims":                 {tr.kent, firstOne + "/claim", []string{"text", "x"}, 403, "Only a role that answers for it"},
		"another body closes":                 {tr.kent, firstOne + "/close", []string{"ground", "superseded", "reason", "x"}, 403, "Only members and clerks"},
		"the clerk gives priority":            {tr.clerk, firstOne + "/priority", nil, 403, "Only the chair"},
		"a ground that is none":               {tr.chair, firstOne + "/close", []string{"ground", "done", "reason", "x"}, 422, "Choose why you are closing it."},
		"a rejection that is none":            {tr.chair, firstOne + "/close", []string{"ground", "rejection accepted", "reason", "x"}, 422, "Choose why you are closing it."},
		"a response that is none":             {tr.answers, firstOne + "/respond", targeted("30", "6", "2013", "acceptance", "any_form", "reason", "x"), 422, "Choose your body’s response"},
		"a document that is none":             {tr.answers, firstOne + "/claim", []string{"text", "x", "document", "all"}, 422, "number of a published document"},
		"a decision that is none":             {tr.answers, firstOne + "/claim", []string{"text", "x", "decision", "2013-099"}, 422, "There is no published decision"},
		"to the committee’s own body":         {tr.clerk, "/recommendations/new", assoc, 403, "You hold a role at"},
		"for a committee that is none":        {tr.clerk, "/recommendations/new", replaced(recommended, "committee", "none"), 422, "Choose the committee"},
		"an address of another site":          {tr.clerk, "/recommendations/new", replaced(recommended, "address", "https://example.org"), 422, "Enter an address on this site"},
		"a kind that is none":                 {tr.clerk, "/recommendations/new", replaced(recommended, "kind", "question"), 422, "recommendation or an undertaking"},
		"by whoever sits on no committee":     {tr.kent, "/recommendations/new", recommended, 403, "Only members and clerks"},
		"a recommendation that there is none": {tr.chair, "/recommendations/2013-009/close", []string{"ground", "superseded", "reason", "x"}, 404, "Recommendation not found."},
	} {
		w := k.who.send("POST", k.path, surely(k.form...)...)
		if w.Code != k.code || !strings.Contains(html.UnescapeString(w.Body.String()), k.says) {
			t.Errorf("%s: %d, want %d with %q\n%.2000s", name, w.Code, k.code, k.says, w.Body)
		}
	}
	if now := head(); now != size {
		t.Errorf("%d events were recorded", now-size)
	}
}

// TestTheButtonsOfARecommendationNeverLie compares what its page offers with
// the forms that open.
func TestTheButtonsOfARecommendationNeverLie(t *testing.T) {
	tr := sit(t)
	goes(t, tr.clerk.do(303, "POST", "/recommendations/new", surely(recommended...)...), firstOne)
	check := func() {
		t.Helper()
		for name, b := range map[string]at{"the chair": tr.chair, "the clerk": tr.clerk, "the company": tr.answers, "Kent": tr.kent, "an official": tr.official, "a stranger": tr.stranger} {
			shown := b.do(200, "GET", firstOne).Body.String()
			for _, act := range scrutiny.RecommendationActs {
				step := firstOne + "/" + string(act)
				if offers, opens := strings.Contains(shown, `"`+step+`"`), b.send("GET", step).Code == 200; offers != opens {
					t.Errorf("%s is offered %s: %v, may open it: %v", name, step, offers, opens)
				}
			}
		}
	}
	check()
	tr.answers.do(303, "POST", firstOne+"/respond", surely(targeted("30", "6", "2013", "acceptance", "accepted")...)...)
	check()
	tr.answers.do(303, "POST", firstOne+"/claim", surely("text", "Done.")...)
	check()
	tr.chair.do(303, "POST", firstOne+"/verify", surely("text", "Minute 1 (sample).")...)
	check()
}
