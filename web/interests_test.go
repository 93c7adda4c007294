package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/storetest"
	decisionsweb "github.com/police-ict/handover/web/decisions"
)

// holdingForm is an interest as it is typed, with fields replaced.
func holdingForm(fields ...string) []string {
	return replaced([]string{"number", "1234578", "company", "Alder Vale Hosting Ltd (sample)", "nature", "Owns a tenth of the shares",
		"from", "1", "from-month", "6", "from-year", "2012"}, fields...)
}

func TestAnOfficeHolderDeclaresAnInterest(t *testing.T) {
	m := move(t)
	director := storetest.Holder(t, m.st, office.DirectorOffice, office.TheCompany)
	seat, constable := as(t, m.Server, director), as(t, m.Server, storetest.Holder(t, m.st, office.Constable, "kent"))
	own := fmt.Sprintf("/interests/people/%d", director.Person)
	says(t, m.stranger.do(200, "GET", "/interests"), "No interests match on this date.")
	m.stranger.do(404, "GET", own)
	says(t, seat.do(200, "GET", own), "No interests have been declared.", "director, Police ICT Company, seat 1")
	goes(t, m.stranger.do(303, "POST", "/interests/new", sure(holdingForm())...), "/sign-in")
	constable.do(403, "GET", "/interests/new")
	constable.do(403, "POST", "/interests/new", sure(holdingForm())...)
	if strings.Contains(constable.do(200, "GET", "/interests").Body.String(), "/interests/new") || !strings.Contains(seat.do(200, "GET", "/interests").Body.String(), "/interests/new") {
		t.Error("the button to declare lies")
	}
	if strings.Contains(seat.do(200, "GET", "/interests/new").Body.String(), "You keep the registers of your own body.") {
		t.Error("a director declares for others")
	}
	says(t, seat.do(200, "GET", "/interests/new?decision=2012-014"), `value="2012-014"`)
	says(t, seat.do(200, "POST", "/interests/new", holdingForm()...), "Check before sending", "01234578", "227 days", "Nothing has been recorded yet")
	goes(t, seat.do(303, "POST", "/interests/new", sure(holdingForm())...), own)
	says(t, seat.do(200, "GET", own), "View your receipt", "Your interest has been recorded.", "01234578", "227 days late", "/interests/1/end")
	seat.do(409, "POST", "/interests/new", sure(holdingForm())...)
	says(t, m.stranger.do(200, "GET", own), "director for Police ICT Company (sample)", "Alder Vale Hosting Ltd (sample)")

	// The company secretary keeps the registers of the company, and no other.
	says(t, m.secretary.do(200, "GET", "/interests/new"), "You keep the registers of your own body.", director.Name)
	person := fmt.Sprint(director.Person)
	goes(t, m.secretary.do(303, "POST", "/interests/new", sure(holdingForm("person", person, "number", "", "company", "", "decision", "2012-014", "from", "", "from-month", "", "from-year", ""))...), own)
	says(t, m.stranger.do(200, "GET", own), "For decision 2012‑014 only", "No company named", "From 14 January 2013")
	for name, b := range map[string]at{"a commissioner": m.kent, "a company officer": m.officer, "a scrutineer": m.outsider} {
		if w := b.send("POST", "/interests/new", sure(holdingForm("person", person, "nature", "Forged"))...); w.Code != 403 {
			t.Errorf("%s declares for the director: %d", name, w.Code)
		}
		if w := b.send("GET", "/interests/1/end"); w.Code != 403 || strings.Contains(b.do(200, "GET", own).Body.String(), "/interests/1/end") {
			t.Errorf("%s may end it: %d", name, w.Code)
		}
		b.do(403, "POST", "/interests/1/end", "to", "14", "to-month", "1", "to-year", "2013")
	}
	says(t, m.secretary.do(200, "GET", "/interests/1/end"), "End an interest", "Alder Vale Hosting Ltd (sample)")
	says(t, seat.do(422, "POST", "/interests/1/end", "to", "31", "to-month", "5", "to-year", "2012"), "The interest began on", `value="31"`)
	says(t, seat.do(422, "POST", "/interests/1/end", "to", "31", "to-month", "2", "to-year", "2012"), "Check the date")
	goes(t, seat.do(303, "POST", "/interests/1/end", "to", "13", "to-month", "1", "to-year", "2013"), own)
	seat.do(409, "GET", "/interests/1/end")
	seat.do(404, "GET", "/interests/9/end")
	says(t, m.stranger.do(200, "GET", own), "1 June 2012 to 13 January 2013", "Ended")
	if v, err := store.Verify(t.Context(), m.st); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}

func TestAnInterestsFaultsAreToldAtOnceAndKept(t *testing.T) {
	m := move(t)
	for name, k := range map[string]struct {
		form, faults, keeps []string
	}{
		"nothing typed":         {nil, []string{"number", "company", "nature", "from"}, nil},
		"a number in words":     {holdingForm("number", "<b>x"), []string{"number"}, []string{"&lt;b&gt;x", `value="2012"`}},
		"a decision in words":   {holdingForm("decision", "the last"), []string{"decision"}, []string{`value="the last"`, "Owns a tenth"}},
		"no such day":           {holdingForm("from", "31"), []string{"from"}, []string{`value="31"`}},
		"an end before it":      {holdingForm("to", "31", "to-month", "5", "to-year", "2012"), []string{"to"}, []string{`value="5"`}},
		"an end that is no day": {holdingForm("to", "x", "to-month", "5", "to-year", "2012"), []string{"to"}, []string{`value="x"`}},
		"nobody's":              {holdingForm("person", "x"), []string{"person"}, []string{"Owns a tenth"}},
	} {
		w := m.secretary.do(422, "POST", "/interests/new", sure(k.form)...)
		for _, f := range k.faults {
			if !strings.Contains(w.Body.String(), `href="#`+f+`"`) || name != "nobody's" && !strings.Contains(w.Body.String(), `id="`+f+`-fault"`) {
				t.Errorf("%s: the page does not name the field %s", name, f)
			}
		}
		says(t, w, k.keeps...)
	}
}

func TestInterestsAreTheSameInEveryForm(t *testing.T) {
	m := move(t)
	m.kent.do(303, "POST", "/interests/new", sure(holdingForm("company", "=1+1", "nature", "<script>alert(1)</script>"))...)
	m.official.do(303, "POST", "/interests/new", sure(holdingForm("number", "SC345", "to", "31", "to-month", "12", "to-year", "2012"))...)
	m.assoc.do(303, "POST", "/interests/new", sure(holdingForm("from-month", "2", "from-year", "2013"))...)
	for query, want := range map[string]int{"": 1, "?all=yes": 3, "?all=yes&body=kent": 1, "?all=yes&number=1234578": 2, "?all=yes&number=SC000345": 1, "?all=yes&q=OFFICIAL+hosting": 1,
		"?q=nothing": 0, "?all=yes&as_at=2013-01-13": 0} {
		rows := csvOf(t, m.stranger.do(200, "GET", "/interests.csv"+query).Body.String())[1:]
		all := decoded[decisionsweb.InterestsJSON](t, m.stranger.do(200, "GET", "/interests.json"+query).Body.String()).Interests
		page := m.stranger.do(200, "GET", "/interests"+query).Body.String()
		if n := strings.Count(page, `<th role="rowheader"`); len(rows) != want || len(all) != want || n != want || strings.Contains(page, "<script>") {
			t.Errorf("%q: %d in CSV, %d in JSON, %d on the page, want %d", query, len(rows), len(all), n, want)
			continue
		}
		for i, d := range all {
			if r := rows[i]; r[1] != fmt.Sprint(d.ID) || r[3] != d.Holder || r[5] != d.Company || strings.TrimPrefix(r[6], "'") != d.Name || r[12] != fmt.Sprint(d.Late) || r[13] != fmt.Sprint(d.InForce) || len(d.Offices) != 1 {
				t.Errorf("CSV %q, JSON %+v", r, d)
			}
		}
	}
	for _, path := range []string{"/interests?body=atlantis", "/interests?number=x", "/interests?as_at=2013-02-30", "/interests?as_at=2013-01-15", "/interests?page=2", "/interests?sort=colour"} {
		m.stranger.do(422, "GET", path)
	}
	for sort, first := range map[string]string{"held": "2012-06-01", "-held": "2013-02-01"} {
		if rows := csvOf(t, m.stranger.do(200, "GET", "/interests.csv?all=yes&sort="+sort).Body.String())[1:]; rows[0][8] != first {
			t.Errorf("sorted by %q an interest from %s comes first", sort, rows[0][8])
		}
	}
	says(t, m.stranger.do(422, "GET", "/interests?number=x&body=atlantis"), `id="number-fault"`, `id="body-fault"`)
	m.stranger.do(404, "GET", "/interests/people/9999")
	m.stranger.do(404, "GET", "/interests/people/x")
}

func TestAnErasedPersonsRegisterNamesNobody(t *testing.T) {
	m := move(t)
	admin, v := storetest.Holder(t, m.st, office.Administrator, office.TheCompany), storetest.Holder(t, m.st, office.Auditor, office.TheCompany)
	as(t, m.Server, v).do(303, "POST", "/interests/new", sure(holdingForm())...)
	held, err := office.AppointmentsOf(t.Context(), m.st, v.Person)
	if err != nil {
		t.Fatal(err)
	}
	if err := storetest.EndOffice(t.Context(), m.st, admin, held[0].ID, "2013-01-14"); err != nil {
		t.Fatal(err)
	}
	m.clock.Day("2013-01-15")
	if err := people.Erase(t.Context(), m.st, admin, v.Person, "They asked for it."); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/interests", "/interests?as_at=2013-01-14", fmt.Sprintf("/interests/people/%d", v.Person)} {
		w := m.stranger.do(200, "GET", path)
		says(t, w, "A person whose details were erased", "Alder Vale Hosting Ltd (sample)")
		if strings.Contains(w.Body.String(), v.Name) {
			t.Errorf("%s names %s", path, v.Name)
		}
	}
	if all := decoded[decisionsweb.InterestsJSON](t, m.stranger.do(200, "GET", "/interests.json").Body.String()).Interests; len(all) != 1 || all[0].Holder != "" || all[0].Person != v.Person {
		t.Errorf("%+v", all)
	}
}
