package web

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
)

// theatre is a handover under way in a browser: the owners are in the register
// and those who must say who they are once more have passwords.
type theatre struct {
	moving
	secretary, chief, official, assoc at // each with a password
	sitting                           at // clerk of the committee, where there is one
}

func stage(t testing.TB) theatre {
	t.Helper()
	th := theatre{moving: move(t)}
	for _, e := range []register.Entry{
		{Kind: register.Incorporated, Registered: "2012-07-16"},
		{Kind: register.Admitted, Body: office.HomeOffice, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Subscription", Registered: "2012-07-16"},
		{Kind: register.Admitted, Body: office.TheAssociation, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Subscription", Registered: "2012-07-16"},
		{Kind: register.RightGranted, Body: office.HomeOffice, Right: register.AppointDirectors, Seats: 6, Clause: "14.2", Registered: "2012-07-16"},
		{Kind: register.DirectorAppointed, Body: office.HomeOffice, Director: "Director 1 (sample)", Seat: 1, Registered: "2012-07-16"},
	} {
		if _, err := handover.Enter(t.Context(), th.st, th.by, e); err != nil {
			t.Fatal(err)
		}
	}
	th.secretary = th.keyed(t, office.CompanySecretary, office.TheCompany)
	th.chief = th.keyed(t, office.ChiefExecutive, "kent")
	th.official = th.keyed(t, office.Official, office.HomeOffice)
	th.assoc = th.keyed(t, office.AssociationOfficer, office.TheAssociation)
	return th
}

// surely is a form confirmed, with the password of every keyed person.
func surely(form ...string) []string {
	return append(sure(form), "again", people.SamplePassword)
}

// handIn sends a form with a file, as a browser does.
func (b at) handIn(want int, path, name string, content []byte, form ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(form); i += 2 {
		if err := w.WriteField(form[i], form[i+1]); err != nil {
			b.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	part.Write(content) // memory does not refuse
	w.Close()
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Cookie", b.cookie)
	rec := sent(b, r)
	if rec.Code != want {
		b.t.Fatalf("POST %s with %s: %d, want %d\n%.2000s", path, name, rec.Code, want, rec.Body)
	}
	return rec
}

// takes takes a step that needs a document: the form, its check, and yes.
func (b at) takes(path, file, content string, form ...string) {
	b.t.Helper()
	b.do(200, "GET", path)
	w := b.handIn(200, path, file, []byte(content), form...)
	b.do(303, "POST", path, surely(append(form, "document", field(b.t, w, "document"))...)...)
}

func noticeForm(fields ...string) []string {
	return replaced([]string{"decided", "10", "decided-month", "1", "decided-year", "2013", "by", "body", "reference", "031/2012"}, fields...)
}

// ready brings Kent there, by everyone's own forms.
func (th theatre) ready() {
	const kent = "/handover/bodies/kent/"
	th.secretary.takes(kent+"invite", "invitation.txt", "You are invited.")
	th.chief.takes(kent+"resolve", "notice.txt", "We resolve.", noticeForm()...)
	th.chief.takes(kent+"deliver", "deed.pdf", "%PDF-1.4 The deed.")
	th.secretary.takes(kent+"confirm", "deed.pdf", "%PDF-1.4 The deed, countersigned.")
}

// certified prepares a thing and has both owners certify it.
func (th theatre) certified(t testing.TB, what string, by at) {
	t.Helper()
	path := "/handover/" + what
	by.do(303, "POST", path+"/prepare")
	for _, b := range []at{th.official, th.assoc} {
		hash := field(t, b.do(200, "GET", path+"/certify"), "hash")
		b.do(303, "POST", path+"/certify", surely("hash", hash)...)
	}
}

func TestAHandoverIsToldByItsForms(t *testing.T) {
	t.Parallel()
	th := stage(t)
	says(t, th.stranger.do(200, "GET", "/handover"), "Not ready: 7 of 8 conditions are not met.")
	th.ready()
	says(t, th.chief.do(200, "GET", "/handover/bodies/kent"), "Kent is ready to be admitted at completion.", "Notice 031/2012, decided on 10 January 2013 by the body itself", "notice.txt")
	th.add(t, "after", "company")
	th.certified(t, handover.TheBalance, th.finance)
	th.certified(t, handover.TheStatement, th.secretary)
	says(t, th.stranger.do(200, "GET", "/handover"), "Ready: all 8 conditions are met.")

	// A changed schedule voids what was certified, and completion says so.
	th.secretary.do(303, "POST", "/handover/schedule/1/edit", sure(network("version", "1", "after", "company", "title", "Another network"))...)
	says(t, th.stranger.do(200, "GET", "/handover/statement"), "item 1 of the schedule was")
	w := th.secretary.do(409, "POST", "/handover/complete", "on", "14", "on-month", "1", "on-year", "2013", "hash", "stale")
	says(t, w, "1 condition is not met: “Each transferor has certified the completion statement”.")
	th.certified(t, handover.TheStatement, th.secretary)

	hash := field(t, th.secretary.do(200, "GET", "/handover/complete"), "hash")
	day := func(d, m string) []string { return []string{"on", d, "on-month", m, "on-year", "2013", "hash", hash} }
	says(t, th.secretary.do(422, "POST", "/handover/complete", day("31", "2")...), "Check the date", `value="31"`, `href="#on"`)
	says(t, th.secretary.do(422, "POST", "/handover/complete", day("15", "1")...), "The date of completion must be today, 14 January 2013, or earlier.", `value="15"`)
	says(t, th.secretary.do(200, "POST", "/handover/complete", day("14", "1")...), "Nothing has been recorded yet", "Kent", "Your password")
	says(t, th.secretary.do(422, "POST", "/handover/complete", append(sure(day("14", "1")), "again", "wrong")...), `id="again-fault"`)
	th.secretary.do(409, "POST", "/handover/complete", surely("on", "14", "on-month", "1", "on-year", "2013", "hash", "stale")...)
	says(t, th.stranger.do(200, "GET", "/ownership"), "2 members own the company")
	goes(t, th.secretary.do(303, "POST", "/handover/complete", surely(day("14", "1")...)...), "/handover")
	says(t, th.stranger.do(200, "GET", "/ownership"), "Police and Crime Commissioner for Kent is the only member.")
	says(t, th.stranger.do(200, "GET", "/handover"), "Complete: the company passed to the local policing bodies on 14 January 2013.")
	says(t, th.secretary.do(409, "POST", "/handover/complete", surely(day("14", "1")...)...), "already completed")
	says(t, th.stranger.do(200, "GET", "/ownership?as_at=2013-01-13"), "2 members own the company")
	verified, err := store.Verify(t.Context(), th.st)
	if err != nil || !verified.OK() {
		t.Error(verified.Fault, err)
	}
}

func TestStagedStepsFaultsAreToldAtOnceAndKept(t *testing.T) {
	t.Parallel()
	th := stage(t)
	const path = "/handover/bodies/kent/resolve"
	th.secretary.takes("/handover/bodies/kent/invite", "invitation.txt", "You are invited.")
	notice := []byte("We resolve.")
	for name, k := range map[string]struct {
		form   []string
		file   []byte
		faults []string // the fields that the summary leads to
		keeps  []string
	}{
		"nothing typed":        {nil, nil, []string{"decided", "by", "reference", "file"}, nil},
		"no such day":          {noticeForm("decided", "31", "decided-month", "2"), notice, []string{"decided"}, []string{`value="31"`, `value="031/2012"`}},
		"a day to come":        {noticeForm("decided", "15"), notice, []string{"decided"}, []string{`value="15"`, `name="document"`}},
		"before it existed":    {noticeForm("decided-year", "2012"), notice, []string{"decided"}, []string{`value="2012"`, `name="document"`}},
		"no reference":         {noticeForm("reference", ""), notice, []string{"reference"}, []string{`value="2013"`, `name="document"`}},
		"a far too long one":   {noticeForm("reference", strings.Repeat("é", 61)), notice, []string{"reference"}, []string{strings.Repeat("é", 61)}},
		"delegated to nobody":  {noticeForm("by", "delegated"), notice, []string{"decider"}, []string{`value="delegated" checked`, `name="document"`}},
		"markup kept as words": {noticeForm("reference", "", "reason", `<b>"x"</b>`), notice, []string{"reference"}, []string{"&lt;b&gt;"}},
		"no file":              {noticeForm(), nil, []string{"file"}, []string{`value="031/2012"`}},
		"an empty file":        {noticeForm(), []byte{}, []string{"file"}, []string{`value="031/2012"`}},
		"a renamed program":    {noticeForm(), []byte("MZ\x90\x00\x03\x00\x00\x00"), []string{"file"}, []string{`value="031/2012"`, `value="10"`}},
		"a renamed page":       {noticeForm("reference", ""), []byte("<!doctype html><script>"), []string{"file", "reference"}, []string{`value="10"`}},
		"a file of 21 MB":      {noticeForm("decider", "Kept words"), bytes.Repeat([]byte("a"), 21<<20), []string{"file"}, []string{`value="031/2012"`, `value="Kept words"`}},
	} {
		var w *httptest.ResponseRecorder
		if k.file == nil {
			w = th.chief.do(422, "POST", path, sure(k.form)...)
		} else {
			w = th.chief.handIn(422, path, "deed.pdf", k.file, sure(k.form)...)
		}
		page := w.Body.String()
		for _, f := range k.faults {
			if !strings.Contains(page, `href="#`+f+`"`) || !strings.Contains(page, `id="`+f+`-fault"`) {
				t.Errorf("%s: the page does not name the field %s", name, f)
			}
		}
		if n := strings.Count(page, `-fault">`); n != len(k.faults) {
			t.Errorf("%s: %d fields are at fault, want %v", name, n, k.faults)
		}
		for _, kept := range k.keeps {
			if !strings.Contains(page, kept) {
				t.Errorf("%s: the page did not keep %s", name, kept)
			}
		}
	}
	if a, err := handover.FindAccession(t.Context(), th.st, record.Moment{}, "kent"); err != nil || a.Status != handover.Invited {
		t.Errorf("%s %v", a.Status, err)
	}
	th.chief.do(413, "POST", path, "reason", strings.Repeat("x", 30<<20))
	th.chief.handIn(413, path, "deed.pdf", bytes.Repeat([]byte("a"), 30<<20))
	th.chief.do(409, "GET", "/handover/bodies/kent/deliver")
	for _, path := range []string{"/handover/bodies/atlantis", "/handover/bodies/home-office", "/handover/bodies/kent-police-authority"} {
		th.stranger.do(404, "GET", path)
		th.stranger.do(404, "GET", path+".json")
	}
	th.chief.do(404, "GET", "/handover/bodies/atlantis/resolve")
	th.chief.do(404, "POST", "/handover/bodies/atlantis/resolve", surely(noticeForm()...)...)
	th.secretary.handIn(404, "/handover/bodies/atlantis/invite", "x.txt", []byte("x"))
	th.chief.do(404, "GET", "/handover/bodies/kent/dance")
}

func TestAChosenFileIsCarriedToTheEnd(t *testing.T) {
	th := stage(t)
	const path = "/handover/bodies/kent/resolve"
	th.secretary.takes("/handover/bodies/kent/invite", "invitation.txt", "You are invited.")
	w := th.chief.handIn(422, path, "notice.txt", []byte("We resolve."), noticeForm("reference", "")...)
	doc := field(t, w, "document")
	says(t, w, "Your file has been kept.")
	w = th.chief.do(200, "POST", path, append(noticeForm(), "document", doc)...)
	says(t, w, "Check before you record the step", "notice.txt", "10 January 2013", `name="reference" value="031/2012"`, "Your password")
	says(t, th.chief.do(422, "POST", path, append(sure(noticeForm()), "document", doc)...), `id="again-fault"`, `name="document" value="`+doc+`"`)
	says(t, th.chief.do(200, "POST", path, append(noticeForm(), "document", doc, "back", "yes")...), `value="031/2012"`, "Your file has been kept.")
	other := th.keyed(t, office.CommissionerOffice, "kent")
	other.do(422, "POST", path, surely(append(noticeForm(), "document", doc)...)...) // another person's draft
	goes(t, th.chief.do(303, "POST", path, surely(append(noticeForm(), "document", doc)...)...), "/handover/bodies/kent")
	says(t, th.chief.do(200, "GET", "/handover/bodies/kent"), "View your receipt")
	th.chief.do(409, "POST", path, surely(append(noticeForm(), "document", doc)...)...)
}
