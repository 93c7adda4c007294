package web

import (
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
	recordweb "github.com/police-ict/handover/web/record"
	"github.com/police-ict/handover/web/serve"
)

// history enters a short register by a company secretary.
func history(t testing.TB, st *db.Tx) office.Viewer {
	t.Helper()
	sec := storetest.Holder(t, st, office.CompanySecretary, office.TheCompany)
	for _, e := range []register.Entry{
		{Kind: register.Incorporated, Registered: "2012-07-16"},
		{Kind: register.Admitted, Body: office.HomeOffice, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Deed", Registered: "2012-07-16"},
		{Kind: register.Admitted, Body: office.TheAssociation, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Deed", Registered: "2012-07-16"},
		{Kind: register.RightGranted, Body: office.HomeOffice, Right: register.AppointDirectors, Seats: 6, Clause: "14.2", Registered: "2012-07-16"},
		{Kind: register.DirectorAppointed, Body: office.HomeOffice, Director: "Director 1 (sample)", Seat: 1, Registered: "2012-07-16"},
		{Kind: register.Renamed, Body: office.TheAssociation, Name: "Association of Police and Crime Commissioners", Registered: "2012-11-22"},
	} {
		if _, err := handover.Enter(t.Context(), st, sec, e); err != nil {
			t.Fatal(err)
		}
	}
	return sec
}

// more adds n events about people.
func more(t testing.TB, st *db.Tx, n int) {
	t.Helper()
	for i := range n {
		storetest.Person(t, st, fmt.Sprintf("Somebody %d (sample)", i))
	}
}

func decoded[T any](t testing.TB, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// csvOf are the rows of a CSV without its columns in pounds, which
// TestEveryCSVIsSafeAndInPounds holds to those in pence.
func csvOf(t testing.TB, text string) [][]string {
	t.Helper()
	rows := rowsOf(t, text)
	header := slices.Clone(rows[0])
	for i := len(header) - 1; i >= 0; i-- {
		if strings.HasSuffix(header[i], "pounds") {
			for n := range rows {
				rows[n] = slices.Delete(rows[n], i, i+1)
			}
		}
	}
	return rows
}

func rowsOf(t testing.TB, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(unmarked(strings.NewReader(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// payloadNumbers are the events of a listing, by number.
func payloadNumbers(t testing.TB, l recordweb.ListJSON) (all []string) {
	t.Helper()
	for _, e := range l.Events {
		all = append(all, fmt.Sprint(decoded[struct{ N int64 }](t, string(e)).N))
	}
	return all
}

func TestTheRecordIsPagedAndTheSameInEveryForm(t *testing.T) {
	s, st, _ := open(t)
	history(t, st)
	more(t, st, 120)
	reader := stranger(t, s)
	h, err := record.ReadHead(t.Context(), st)
	if err != nil {
		t.Fatal(err)
	}

	rows := csvOf(t, reader.do(200, "GET", "/record.csv").Body.String())[1:]
	if int64(len(rows)) != h.Size {
		t.Fatalf("%d rows of CSV, %d events", len(rows), h.Size)
	}
	var fromJSON, fromPages []string
	for next, pages := "/record.json", 0; next != ""; pages++ {
		if pages > 5 {
			t.Fatal("the pages do not end")
		}
		l := decoded[recordweb.ListJSON](t, reader.do(200, "GET", next).Body.String())
		if l.Size != h.Size || l.Count != h.Size {
			t.Errorf("%s: size %d, count %d, want %d", next, l.Size, l.Count, h.Size)
		}
		page := payloadNumbers(t, l)
		fromJSON = append(fromJSON, page...)
		html := reader.do(200, "GET", strings.Replace(next, ".json", "", 1)).Body.String()
		for _, n := range page {
			if strings.Contains(html, fmt.Sprintf(`href="/record/%s"`, n)) {
				fromPages = append(fromPages, n)
			}
		}
		if got := strings.Count(html, `<th role="rowheader"`); got != len(page) {
			t.Errorf("%s: %d rows on the page, %d in JSON", next, got, len(page))
		}
		next = l.Next
	}
	for i, r := range rows {
		if want := fmt.Sprint(h.Size - int64(i)); r[0] != want || fromJSON[i] != want || fromPages[i] != want {
			t.Fatalf("place %d: CSV %s, JSON %s, page %s, want %s", i, r[0], fromJSON[i], fromPages[i], want)
		}
	}
	says(t, reader.do(200, "GET", "/record"), "The record", fmt.Sprintf("%d entries", h.Size), "Page 1 of 6")
	says(t, reader.do(200, "GET", "/record?before=20"), "Newest", "19</a>")
}

func TestTheRecordIsFiltered(t *testing.T) {
	s, st, clock := open(t)
	sec := history(t, st)
	more(t, st, 3)
	clock.Day("2013-01-20")
	more(t, st, 2)
	reader := stranger(t, s)
	for query, want := range map[string]int{
		"subject=register":                      6,
		"subject=person":                        6,
		"subject=person/1":                      1,
		"subject=all":                           15,
		"":                                      15,
		"subject=nothing":                       0,
		"body=home-office":                      3,
		"body=home-office&subject=appointment":  0,
		"body=company":                          7, // six entries by its secretary and the appointment
		fmt.Sprintf("office=%d", sec.Office.ID): 6,
		"to=2013-01-14":                         13,
		"day=14&day-month=1&day-year=2013":      13,
		"to=2013-01-13":                         0,
		"to=2013-01-20":                         15,
		"before=4":                              3,
		"subject=register&before=7&body=home-office": 1,
	} {
		rows := csvOf(t, reader.do(200, "GET", "/record.csv?"+query).Body.String())[1:]
		l := decoded[recordweb.ListJSON](t, reader.do(200, "GET", "/record.json?"+query).Body.String())
		page := reader.do(200, "GET", "/record?"+query).Body.String()
		shown := strings.Count(page, `<th role="rowheader"`)
		if len(rows) != want || len(l.Events) != want || shown != want {
			t.Errorf("%q: %d in CSV, %d in JSON, %d on the page, want %d", query, len(rows), len(l.Events), shown, want)
		}
	}
}

func TestAQuestionToTheRecordThatCannotBe(t *testing.T) {
	s, st, _ := open(t)
	history(t, st)
	reader := stranger(t, s)
	for address, want := range map[string]string{
		"/record?to=2013-02-30":                    "is not a date",
		"/record?day=31&day-month=2&day-year=2013": "Check the date",
		"/record?before=x":                         "“before” must be the number of an entry, 1 or more.",
		"/record?before=0":                         "“before” must be the number of an entry, 1 or more.",
		"/record?before=-4":                        "“before” must be the number of an entry, 1 or more.",
		"/record.json?before=99999999999999999999": "“before” must be the number of an entry, 1 or more.",
		"/record.csv?before=1e3":                   "“before” must be the number of an entry, 1 or more.",
		"/record?body=atlantis":                    "There is no such body",
		"/record?office=none":                      "“office” must be the number of a role",
		"/record/consistency":                      "Enter “from” and “to” as entry numbers",
		"/record/consistency?from=0&to=3":          "Enter “from” and “to” as entry numbers",
		"/record/consistency?from=3&to=2":          "Enter “from” and “to” as entry numbers",
		"/record/consistency?from=1&to=100":        "from 1 to 10",
		"/record/consistency?from=a&to=b":          "Enter “from” and “to” as entry numbers",
	} {
		says(t, reader.do(422, "GET", address), want)
	}
	for _, address := range []string{"/record/0", "/record/99", "/record/-1", "/record/01", "/record/x", "/record/99.json", "/record/3.csv", "/record/99999999999999999999"} {
		reader.do(404, "GET", address)
	}
}

func TestOneEventShowsItsProof(t *testing.T) {
	s, st, _ := open(t)
	history(t, st)
	reader := stranger(t, s)
	says(t, reader.do(200, "GET", "/record/6"), "Member admitted", "<code>register.admitted</code>", `href="/ownership"`, `href="/bodies/home-office"`,
		"company secretary", `href="/help/receipts"`, `href="/record/5"`, `href="/record/7"`, `<span class="hash">handover+`, "&#34;votes&#34;: 1")
	says(t, reader.do(200, "GET", "/record/1"), "The first entry", "The portal")
	says(t, reader.do(200, "GET", "/record/10"), "The latest entry", "Body renamed", "Association of Police and Crime Commissioners")

	got := decoded[recordweb.ReceiptJSON](t, reader.do(200, "GET", "/record/6.json").Body.String())
	if string(got.Event) == "" || got.Leaf != 5 || len(got.Proof) == 0 || !strings.HasPrefix(got.Checkpoint, "handover\n10\n") {
		t.Errorf("receipt %+v", got)
	}
	var compact strings.Builder
	if err := json.NewEncoder(&compact).Encode(decoded[any](t, got.Payload)); err != nil {
		t.Fatal(err)
	}
	for _, h := range append(got.Proof, got.LeafHash) {
		if b, err := base64.StdEncoding.DecodeString(h); err != nil || len(b) != 32 {
			t.Errorf("%q is no hash", h)
		}
	}
	for _, method := range []string{"GET", "HEAD"} {
		for _, address := range []string{"/record/checkpoint", "/record/key"} {
			w := reader.do(200, method, address)
			if kind := w.Header().Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") {
				t.Errorf("%s %s: %s", method, address, kind)
			}
		}
	}
	if text := reader.do(200, "GET", "/record/checkpoint").Body.String(); text != got.Checkpoint {
		t.Errorf("checkpoint %q, receipt %q", text, got.Checkpoint)
	}
	if text := reader.do(200, "GET", "/record/key").Body.String(); text != got.Key+"\n" {
		t.Errorf("key %q", text)
	}
	says(t, reader.do(200, "GET", "/record/consistency?from=3&to=10"), `"from": 3`, `"to_root"`, `"proof": [`)
}

func TestAnEventTellsWhatBodiesWereCalledThen(t *testing.T) {
	s, st, _ := open(t)
	sec := history(t, st)
	e := register.Entry{Kind: register.RightGranted, Body: office.TheAssociation, Right: register.AppointDirectors, Seats: 6, Clause: "14.2", Registered: "2012-12-01"}
	if _, err := handover.Enter(t.Context(), st, sec, e); err != nil {
		t.Fatal(err)
	}
	reader := stranger(t, s)
	says(t, reader.do(200, "GET", "/record/7"), "Association of Police Authorities</a>")
	says(t, reader.do(200, "GET", "/record/11"), "Association of Police and Crime Commissioners</a>")
}

func TestNobodysNameIsInTheRecord(t *testing.T) {
	s, st, _ := open(t)
	const name, mail = "Ffion Secretname", "ffion.secret@example.org"
	id, token, err := people.Add(t.Context(), st, office.CommandLine, name, mail)
	if err != nil {
		t.Fatal(err)
	}
	a := office.Appointment{Office: office.Office{Body: office.TheCompany, Kind: office.CompanySecretary, Title: "Company secretary"}, Person: id, From: "2012-01-01"}
	if _, err := people.Appoint(t.Context(), st, office.CommandLine, a); err != nil {
		t.Fatal(err)
	}
	sec, err := people.ViewerOf(t.Context(), st, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	n, err := handover.Enter(t.Context(), st, sec, register.Entry{Kind: register.Incorporated, Registered: "2012-07-16"})
	if err != nil {
		t.Fatal(err)
	}
	addresses := []string{"/record", "/record.csv", "/record.json", "/bodies/company", "/bodies/company.json"}
	for i := int64(1); i <= n; i++ {
		addresses = append(addresses, fmt.Sprintf("/record/%d", i), fmt.Sprintf("/record/%d.json", i))
	}
	for _, address := range addresses {
		body := reader(t, s, address)
		for _, secret := range []string{"Ffion", "Secretname", mail, "ffion.secret", token} {
			if strings.Contains(body, secret) {
				t.Errorf("%s shows %q", address, secret)
			}
		}
	}
	says(t, as(t, s, sec).do(200, "GET", fmt.Sprintf("/record/%d", n)), name)
	if body := reader(t, s, fmt.Sprintf("/record/%d", n)); strings.Contains(body, "Ffion") {
		t.Error("the page of one who is signed in was kept for strangers")
	}
}

func reader(t testing.TB, s *serve.Server, address string) string {
	return stranger(t, s).do(200, "GET", address).Body.String()
}

func TestACSVCellCannotBecomeAFormula(t *testing.T) {
	s, st, _ := open(t)
	history(t, st)
	for _, r := range csvOf(t, reader(t, s, "/record.csv")) {
		if slices.ContainsFunc(r, func(cell string) bool { return strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") }) {
			t.Errorf("row %v", r)
		}
	}
}
