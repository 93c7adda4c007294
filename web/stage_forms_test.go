package web

import (
	"fmt"
	"html"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

func TestStagedImpossibleDayIsOneSentence(t *testing.T) {
	th := stage(t)
	for _, path := range []string{"/handover", "/handover/bodies", "/handover/statement", "/handover/balance", "/handover/schedule", "/handover/milestones"} {
		for query, sentence := range map[string]string{
			"as_at=2013-02-30": `"2013-02-30" is not a date. Enter it like 2012-07-16.`, "as_at=yesterday": `"yesterday" is not a date.`, "as_at=2013-01-15": "15 January 2013 is in the future. Enter today or an earlier date.",
			"day=30&day-month=2&day-year=2013": "Check the date", "as_at=%3Cb%3E": `"<b>" is not a date.`,
		} {
			page := th.stranger.do(422, "GET", path+"?"+query)
			if !strings.Contains(html.UnescapeString(page.Body.String()), sentence) || strings.Contains(page.Body.String(), "<b>") {
				t.Errorf("%s?%s: the page does not say %q as words", path, query, sentence)
			}
			said := decoded[map[string]string](t, th.stranger.do(422, "GET", path+".json?"+query).Body.String())
			if len(said) != 1 || !strings.HasPrefix(said["error"], sentence) || strings.Contains(said["error"], "\n") {
				t.Errorf("%s.json?%s: %v", path, query, said)
			}
			if w := th.stranger.do(422, "GET", path+".csv?"+query); !strings.Contains(html.UnescapeString(w.Body.String()), sentence) || w.Header().Get("Content-Disposition") != "" {
				t.Errorf("%s.csv?%s: %v", path, query, w.Header())
			}
		}
	}
}

func TestStagedHandoverJSON(t *testing.T) {
	th := stage(t)
	check := func(path string) map[string]any {
		t.Helper()
		w := th.stranger.do(200, "GET", path)
		all := decoded[map[string]any](t, w.Body.String())
		if day, ok := all["as_at"].(string); !ok || len(day) != 10 || all["ready"] != false || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
			t.Errorf("%s: as_at %v, ready %v", path, all["as_at"], all["ready"])
		}
		conditions, _ := all["conditions"].([]any)
		for _, c := range conditions {
			one := c.(map[string]any)
			if !slices.Contains([]any{"met", "not_met", "cannot_tell"}, one["state"]) || one["id"] == "" || one["evidence"] == "" {
				t.Errorf("%s: %v", path, one)
			}
		}
		bodies, _ := all["bodies"].(map[string]any)
		sum := 0.0
		for _, n := range bodies {
			sum += n.(float64)
		}
		want := []string{"admitted", "declined", "deed_received", "invited", "not_invited", "ready", "resolved", "withdrawn"}
		if keys := slices.Sorted(maps.Keys(bodies)); !slices.Equal(keys, want) || sum != 43 || len(conditions) != 8 {
			t.Errorf("%s: %d conditions, bodies %v sum to %v", path, len(conditions), bodies, sum)
		}
		return bodies
	}
	check("/handover.json")
	th.ready()
	if bodies := check("/handover.json"); bodies["ready"] != 1.0 || bodies["not_invited"] != 42.0 {
		t.Error(bodies)
	}
	if bodies := check("/handover.json?as_at=2012-07-15"); bodies["not_invited"] != 43.0 {
		t.Error(bodies)
	}
	rows := csvOf(t, th.stranger.do(200, "GET", "/handover.csv").Body.String())
	h, err := handover.Read(t.Context(), th.st, record.Moment{})
	if err != nil || len(rows) != 9 {
		t.Fatal(len(rows), err)
	}
	page := html.UnescapeString(th.stranger.do(200, "GET", "/handover").Body.String())
	for i, c := range h.Conditions {
		if r := rows[i+1]; r[1] != c.ID || r[2] != c.Title || r[3] != string(c.State) || r[4] != c.Evidence || !strings.Contains(page, c.Title) || !strings.Contains(page, c.Evidence) {
			t.Errorf("%v is not %+v", r, c)
		}
	}
}

func TestStagedBodiesAreTheSameInEveryForm(t *testing.T) {
	th := stage(t)
	th.ready()
	th.secretary.takes("/handover/bodies/essex/invite", "invitation.txt", "You are invited.")
	type listed struct {
		Bodies []struct {
			Body, Name, Region, Status, Since string
			Steps                             []handover.Step
		}
	}
	for query, want := range map[string]int{"": 43, "step=ready": 1, "step=invited": 1, "step=not_invited": 41, "step=admitted": 0, "region=Wales": 4, "q=essex": 1, "q=e23000032": 1, "q=nowhere": 0} {
		rows := csvOf(t, th.stranger.do(200, "GET", "/handover/bodies.csv?"+query).Body.String())[1:]
		all := decoded[listed](t, th.stranger.do(200, "GET", "/handover/bodies.json?"+query).Body.String()).Bodies
		page := allPages(th.stranger, "/handover/bodies?"+query)
		onPage := strings.Split(page, `<th role="rowheader" scope="row" class="first"><a href="/handover/bodies/`)[1:]
		if len(rows) != want || len(all) != want || len(onPage) != want {
			t.Errorf("%q: %d in CSV, %d in JSON, %d on the page, want %d", query, len(rows), len(all), len(onPage), want)
			continue
		}
		for i, a := range all {
			if r := rows[i]; r[1] != a.Body || r[2] != a.Name || r[3] != a.Region || r[4] != a.Status || r[5] != a.Since || r[6] != fmt.Sprint(len(a.Steps)) || !strings.HasPrefix(onPage[i], a.Body+`"`) {
				t.Errorf("%q, place %d: CSV %v, JSON %+v, page %.40s", query, i, r, a, onPage[i])
			}
		}
	}
}

func TestStagedDocumentIsADownloadForThoseWhoMayReadIt(t *testing.T) {
	th := stage(t)
	th.secretary.takes("/handover/bodies/kent/invite", "invitation.txt", "You are invited.")
	th.chief.takes("/handover/bodies/kent/resolve", `no"tice ŵ.txt`, "We resolve <script>.", noticeForm()...)
	doc := found(t, th.chief.do(200, "GET", "/handover/bodies/kent"), `href="(/documents/\d+)">Decision notice`)
	auditor := as(t, th.Server, storetest.Holder(t, th.st, office.Auditor, office.TheCompany))
	for name, b := range map[string]at{"a stranger": th.stranger, "another body": th.essex, "a scrutineer": th.outsider, "a company officer": th.officer} {
		if w := b.send("GET", doc); w.Code != 404 || strings.Contains(w.Body.String(), "We resolve") || w.Header().Get("Content-Disposition") != "" {
			t.Errorf("%s: %d %s", name, w.Code, w.Header().Get("Content-Disposition"))
		}
		if page := b.do(200, "GET", "/handover/bodies/kent").Body.String(); strings.Contains(page, doc) || strings.Contains(page, "tice ŵ") || !strings.Contains(page, "Restricted") {
			t.Errorf("%s is told of the file", name)
		}
		if w := b.send("POST", doc+"/publish"); w.Code != 404 && w.Header().Get("Location") != "/sign-in" {
			t.Errorf("%s publishes: %d", name, w.Code)
		}
	}
	is := func(w *httptest.ResponseRecorder) {
		t.Helper()
		h := w.Header()
		if w.Body.String() != "We resolve <script>." || h.Get("Content-Type") != "text/plain; charset=utf-8" || h.Get("X-Content-Type-Options") != "nosniff" ||
			h.Get("Content-Disposition") != `attachment; filename="no_tice _.txt"; filename*=UTF-8''no_tice%20%C5%B5.txt` || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%v %q", h, w.Body)
		}
	}
	for name, b := range map[string]at{"its body": th.chief, "the commissioner": th.kent, "the secretary": th.secretary, "the auditor": auditor, "an official": th.official} {
		w := b.send("GET", doc)
		if w.Code != 200 || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, kept %q", name, w.Code, w.Header().Get("Cache-Control"))
			continue
		}
		is(w)
	}
	auditor.do(403, "POST", doc+"/publish")
	goes(t, th.chief.do(303, "POST", doc+"/publish"), "/handover/bodies/kent")
	th.chief.do(409, "POST", doc+"/publish")
	is(th.stranger.do(200, "GET", doc))
	says(t, th.stranger.do(200, "GET", "/handover/bodies/kent"), doc, "Published")
	th.stranger.do(404, "GET", "/documents/999")
	th.stranger.do(404, "GET", "/documents/none")
}

func TestStagedCompletionNamesEveryCondition(t *testing.T) {
	th := stage(t)
	w := th.secretary.do(409, "POST", "/handover/complete", surely("on", "14", "on-month", "1", "on-year", "2013")...)
	form := th.secretary.do(200, "GET", "/handover/complete")
	h, err := handover.Read(t.Context(), th.st, record.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range h.Against() {
		says(t, w, html.EscapeString(c.Title))
		says(t, form, html.EscapeString(c.Title))
	}
	if strings.Contains(form.Body.String(), `name="hash"`) {
		t.Error("the form is there though the handover is not ready")
	}
}
