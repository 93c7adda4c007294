package web

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/register"
	registerweb "github.com/police-ict/handover/web/register"
)

// allPages are the pages of a list, one after another.
func allPages(who at, address string) string {
	var all strings.Builder
	for n := 1; ; n++ {
		page := who.do(200, "GET", fmt.Sprintf("%s&page=%d", address, n)).Body.String()
		all.WriteString(page)
		if !strings.Contains(page, `rel="next"`) {
			return all.String()
		}
	}
}

func TestBodiesAreTheSameInEveryForm(t *testing.T) {
	s, st, _ := open(t)
	history(t, st)
	reader := stranger(t, s)
	for query, want := range map[string]int{
		"":                               len(office.Bodies()),
		"kind=pcc":                       41,
		"kind=mopac":                     1,
		"kind=police_authority":          42,
		"region=Wales&kind=pcc":          4,
		"region=London":                  3,
		"q=kent":                         2,
		"q=KENT&kind=pcc":                1,
		"q=E23000003":                    1,
		"q=heddlu":                       8, // the four and their police authorities
		"q=nothing+is+called+this":       0,
		"kind=department":                1,
		"region=South+East&kind=company": 0,
	} {
		rows := csvOf(t, reader.do(200, "GET", "/bodies.csv?"+query).Body.String())[1:]
		l := decoded[registerweb.BodiesJSON](t, reader.do(200, "GET", "/bodies.json?"+query).Body.String())
		page := allPages(reader, "/bodies?"+query)
		onPage := strings.Count(page, `<th role="rowheader"`)
		if len(rows) != want || len(l.Bodies) != want || l.Count != want || onPage != want {
			t.Errorf("%q: %d in CSV, %d in JSON, %d on the page, want %d", query, len(rows), len(l.Bodies), onPage, want)
			continue
		}
		for i, r := range rows {
			if r[1] != l.Bodies[i].Slug || !strings.Contains(page, `href="/bodies/`+r[1]+`"`) {
				t.Errorf("%q: row %d is %s in CSV and %s in JSON", query, i, r[1], l.Bodies[i].Slug)
			}
		}
	}
	says(t, reader.do(422, "GET", "/bodies?kind=football"), "There is no such type of body")
}

func TestPopulationsSumAndUnknownIsNotNothing(t *testing.T) {
	s, st, _ := open(t)
	history(t, st)
	reader := stranger(t, s)
	var sum int64
	for _, b := range decoded[registerweb.BodiesJSON](t, reader.do(200, "GET", "/bodies.json").Body.String()).Bodies {
		if b.Population != nil {
			sum += *b.Population
		}
		if b.Slug == "home-office" && (b.Population != nil || b.First != nil || b.Region != nil) {
			t.Errorf("the Home Office has facts that are not known: %+v", b)
		}
	}
	if sum != 56_075_912 {
		t.Errorf("populations sum to %d", sum)
	}
	for _, r := range csvOf(t, reader.do(200, "GET", "/bodies.csv").Body.String())[1:] {
		if n, err := strconv.Atoi(r[9]); r[9] != "" && (err != nil || n < 1) {
			t.Errorf("%s: population %q", r[1], r[9])
		}
	}
	says(t, reader.do(200, "GET", "/bodies/city-of-london"), "<dt>First day</dt><dd>Not known</dd>")
}

func TestABodyOwnsWhatTheRegisterSays(t *testing.T) {
	s, st, _ := open(t)
	history(t, st)
	reader := stranger(t, s)
	says(t, reader.do(200, "GET", "/bodies/home-office"), "Member since", "1 of 2, 50%", "£1.00", "Appoint 6 directors", "Director 1 (sample), seat 1", "entry 6", `href="/record?body=home-office"`)
	says(t, reader.do(200, "GET", "/bodies/home-office?as_at=2012-07-15"), "Not a member of the company on 15 July 2012")
	says(t, reader.do(200, "GET", "/bodies/home-office?day=16&day-month=7&day-year=2012"), "Member since")
	says(t, reader.do(200, "GET", "/bodies/kent"), "Police and Crime Commissioner for Kent", "E23000032", "1,727,665", "22 November 2012", "Kent Police Authority", "was not checked", "The record has no entry about this body")
	says(t, reader.do(200, "GET", "/bodies/kent?as_at=2012-11-21"), "did not exist on 21 November 2012. Its first day is 22 November 2012")
	says(t, reader.do(200, "GET", "/bodies/kent-police-authority"), "Its last day was 21 November 2012", "Replaced by")
	says(t, reader.do(200, "GET", "/bodies/gwent"), `lang="cy"`, "Heddlu Gwent")
	says(t, reader.do(200, "GET", "/bodies/company"), "This is the company itself")

	got := decoded[registerweb.BodyPageJSON](t, reader.do(200, "GET", "/bodies/home-office.json").Body.String())
	if got.Member == nil || got.Member.Votes != 1 || got.Member.Percent != "50.00" || len(got.Rights) != 1 || len(got.Directors) != 1 {
		t.Errorf("JSON %+v", got)
	}
	rows := csvOf(t, reader.do(200, "GET", "/bodies/home-office.csv").Body.String())
	if len(rows) != 2 || rows[1][16] != "1" || rows[1][17] != "50.00" {
		t.Errorf("CSV %v", rows)
	}
	if got := decoded[registerweb.BodyPageJSON](t, reader.do(200, "GET", "/bodies/kent.json").Body.String()); got.Member != nil || got.Rights == nil || got.Directors == nil {
		t.Errorf("JSON of one who is no member: %+v", got)
	}
}

func TestABodyIsCalledAsItWasThen(t *testing.T) {
	s, st, _ := open(t)
	history(t, st)
	reader := stranger(t, s)
	says(t, reader.do(200, "GET", "/bodies/association?as_at=2012-11-21"), "<h1>Association of Police Authorities</h1>")
	says(t, reader.do(200, "GET", "/bodies/association?as_at=2012-11-22"), "<h1>Association of Police and Crime Commissioners</h1>")
}

func TestABodyIsFoundByItsCode(t *testing.T) {
	s, st, _ := open(t)
	history(t, st)
	reader := stranger(t, s)
	for from, to := range map[string]string{
		"/bodies/E23000032":                      "/bodies/kent",
		"/bodies/e23000032.json":                 "/bodies/kent.json",
		"/bodies/E23000032.csv?as_at=2012-12-01": "/bodies/kent.csv?as_at=2012-12-01",
	} {
		if got := reader.do(301, "GET", from).Header().Get("Location"); got != to {
			t.Errorf("%s leads to %s, want %s", from, got, to)
		}
	}
	reader.do(301, "HEAD", "/bodies/E23000032")
	reader.do(404, "GET", "/bodies/atlantis")
	reader.do(404, "GET", "/bodies/atlantis.json")
	reader.do(422, "GET", "/bodies/kent?as_at=2013-02-29")
	reader.do(422, "GET", "/bodies/kent.json?as_at=yesterday")
	reader.do(422, "GET", "/bodies/kent?day=30&day-month=2&day-year=2013")
}

// A list to choose a body from names each as on the day that its page shows,
// and sets past bodies apart.
func TestABodyIsChosenByItsNameOfTheDay(t *testing.T) {
	th := stage(t)
	if _, err := handover.Enter(t.Context(), th.st, th.by, register.Entry{Kind: register.Renamed, Body: "association", Name: "Association of Commissioners (sample)", Registered: "2012-11-22"}); err != nil {
		t.Fatal(err)
	}
	const option = `<option value="association">`
	for _, path := range []string{"/record", "/questions", "/interests", "/handover/schedule?q=nothing"} {
		page := th.stranger.do(200, "GET", path).Body.String()
		if strings.Contains(page, option) && !strings.Contains(page, option+"Association of Commissioners (sample)") {
			t.Errorf("%s does not name the association as today", path)
		}
	}
	page := th.stranger.do(200, "GET", "/record").Body.String()
	if _, past, ok := strings.Cut(page, `<optgroup label="Past bodies">`); !ok || !strings.Contains(past, `<option value="kent-police-authority">`) || strings.Contains(past, `<option value="kent">`) {
		t.Error("past bodies do not come last, under their own name")
	}
	page = th.stranger.do(200, "GET", "/bodies?as_at=2012-11-21").Body.String()
	if !strings.Contains(page, "Association of Police Authorities") || strings.Contains(page, "Association of Commissioners") {
		t.Error("/bodies as at a day before the change of name has the new name")
	}
	says(t, th.stranger.do(200, "GET", "/bodies?kind=police_authority"), "Past bodies")
	says(t, th.stranger.do(200, "GET", "/bodies?as_at=2012-11-21&kind=pcc"), "Bodies that did not exist yet")
}
