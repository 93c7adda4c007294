package web

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// sendFile posts a form with a file, as a browser does.
func (b at) sendFile(want int, path, name string, content []byte, form ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(form); i += 2 {
		if err := w.WriteField(form[i], form[i+1]); err != nil {
			b.t.Fatal(err)
		}
	}
	if name != "" {
		part, err := w.CreateFormFile("file", name)
		if err != nil {
			b.t.Fatal(err)
		}
		if _, err := part.Write(content); err != nil {
			b.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Cookie", b.cookie)
	got := serve(b, r)
	if got.Code != want {
		b.t.Fatalf("POST %s: %d, want %d\n%.3000s", path, got.Code, want, got.Body)
	}
	return got
}

func TestOneBodysWay(t *testing.T) {
	s, st, _ := open(t)
	secretary, v := secretaryOf(t, s)
	chief, _ := holderWithPassword(t, s, store.ChiefExecutive, "kent")
	nobody := stranger(t, s)
	entered(t, s, v)
	const kent = "/handover/bodies/kent"
	says(t, nobody.do(200, "GET", kent), "Kent has not been invited.")
	chief.do(403, "GET", kent+"/invite")
	chief.do(409, "GET", kent+"/resolve")

	letter := []byte("Please join us.")
	says(t, secretary.sendFile(422, kent+"/invite", "", nil), "Choose the document")
	w := secretary.sendFile(200, kent+"/invite", "letter.txt", letter)
	draft := field(t, w, "document")
	secretary.do(303, "POST", kent+"/invite", append([]string{"document", draft}, again...)...)

	// What is wrong is all told at once, and what was typed is kept.
	w = chief.sendFile(422, kent+"/resolve", "notice.zip", []byte("PK\x03\x04 an archive"), onDay("decided", "18", "1", "2013", "reference", "014/2012")...)
	says(t, w, "3 things to put right", "must be today or earlier", "Say who decided.", "ZIP archive", `value="014/2012"`, `value="18"`)
	good := onDay("decided", "4", "1", "2013", "reference", "014/2013", "by", "delegated", "decider", "Chief executive")
	for name, content := range map[string][]byte{"notice.pdf": []byte("MZ\x90 a program"), "notice.txt": {}, "notice.png": []byte("<html>"), "big.pdf": append([]byte("%PDF-"), make([]byte, 21<<20)...)} {
		w = chief.sendFile(422, kent+"/resolve", name, content, good...)
		says(t, w, `id="file-fault"`, `value="014/2013"`, "Nothing was recorded")
	}
	w = chief.sendFile(200, kent+"/resolve", "notice.pdf", []byte("%PDF-1.4 restricted words"), good...)
	says(t, w, "Check before you record it", "under delegated powers", "notice.pdf")
	good = append(good, "document", field(t, w, "document"))
	says(t, chief.do(422, "POST", kent+"/resolve", append(good, "confirmed", "yes", "again", "no")...), "That is not your password.")
	chief.do(303, "POST", kent+"/resolve", append(good, again...)...)
	says(t, nobody.do(200, "GET", kent), "Kent has resolved to become a member.", "014/2013", "Restricted")

	// The notice is restricted until the body publishes it.
	docs, err := st.Documents(t.Context(), "accession/kent")
	if err != nil || len(docs) != 2 {
		t.Fatal(docs, err)
	}
	nobody.do(404, "GET", "/documents/2")
	as(t, s, storetest.Holder(t, st, store.ChiefExecutive, "essex")).do(404, "GET", "/documents/2")
	says(t, as(t, s, storetest.Holder(t, st, store.Auditor, store.TheCompany)).do(200, "GET", "/documents/2"), "restricted words")
	chief.do(303, "POST", "/documents/2/publish")
	w = nobody.do(200, "GET", "/documents/2")
	if h := w.Header(); !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("headers of a download: %v", h)
	}
	chief.do(409, "POST", "/documents/2/publish")

	w = chief.sendFile(200, kent+"/deliver", "deed.txt", []byte("We adhere."))
	chief.do(303, "POST", kent+"/deliver", append([]string{"document", field(t, w, "document")}, again...)...)
	says(t, secretary.do(200, "GET", kent+"/confirm"), "Deed of adherence")
	w = secretary.sendFile(200, kent+"/confirm", "deed.txt", []byte("Countersigned."))
	secretary.do(303, "POST", kent+"/confirm", append([]string{"document", field(t, w, "document")}, again...)...)
	says(t, nobody.do(200, "GET", kent), "Kent is ready to be admitted at completion.")
	chief.do(409, "GET", kent+"/deliver")
	nobody.do(404, "GET", "/handover/bodies/atlantis")
}

func TestTheHandoverInJSON(t *testing.T) {
	s, _, _ := open(t)
	_, v := secretaryOf(t, s)
	entered(t, s, v)
	invite(t, s.store, v, "kent")
	var told struct {
		AsAt       string `json:"as_at"`
		Ready      *bool
		Conditions []struct{ ID, State, Evidence string }
		Bodies     map[string]int
	}
	if err := json.Unmarshal(stranger(t, s).do(200, "GET", "/handover.json").Body.Bytes(), &told); err != nil {
		t.Fatal(err)
	}
	if told.AsAt != "2013-01-14" || told.Ready == nil || *told.Ready || len(told.Conditions) != 7 {
		t.Errorf("%+v", told)
	}
	sum := 0
	for _, status := range []string{"not_invited", "invited", "resolved", "deed_received", "ready", "declined", "withdrawn", "admitted"} {
		n, ok := told.Bodies[status]
		if !ok {
			t.Errorf("no count of %s", status)
		}
		sum += n
	}
	if sum != 43 || told.Bodies["invited"] != 1 || len(told.Bodies) != 8 {
		t.Errorf("bodies %v add to %d", told.Bodies, sum)
	}
	for _, c := range told.Conditions {
		if c.State != "met" && c.State != "not_met" && c.State != "cannot_tell" || c.ID == "" || c.Evidence == "" {
			t.Errorf("%+v", c)
		}
	}
}

func TestCompletionNamesWhatStandsAgainstIt(t *testing.T) {
	s, _, _ := open(t)
	secretary, v := secretaryOf(t, s)
	entered(t, s, v)
	official, _ := holderWithPassword(t, s, store.Official, store.HomeOffice)
	says(t, secretary.do(200, "GET", "/handover/complete"), "Not ready: 7 of 7 conditions stand against it.", "Would meet it:")
	w := secretary.do(409, "POST", "/handover/complete", append(onDay("on", "14", "1", "2013"), again...)...)
	says(t, w, "7 conditions stand against it", "Every invited body has resolved or declined")
	official.do(403, "GET", "/handover/complete")
	official.do(409, "GET", "/handover/statement/certify")
	secretary.do(403, "GET", "/handover/statement/certify")
	official.do(403, "POST", "/handover/statement/prepare")
	secretary.do(303, "POST", "/handover/statement/prepare")
	says(t, official.do(200, "GET", "/handover/statement/certify"), "Certify the completion statement, version 1", "It binds exactly this")
	hash := field(t, official.do(200, "GET", "/handover/statement/certify"), "hash")
	official.do(409, "POST", "/handover/statement/certify", append([]string{"hash", "another"}, again...)...)
	says(t, official.do(422, "POST", "/handover/statement/certify", "hash", hash, "confirmed", "yes", "again", "x"), "That is not your password.")
	official.do(303, "POST", "/handover/statement/certify", append([]string{"hash", hash}, again...)...)
	official.do(409, "POST", "/handover/statement/certify", append([]string{"hash", hash}, again...)...)
	says(t, stranger(t, s).do(200, "GET", "/handover/statement"), "1 of 2 certificates", "Stands")
	says(t, stranger(t, s).do(200, "GET", "/handover/statement/1"), "Completion statement, version 1")
	stranger(t, s).do(404, "GET", "/handover/statement/2")
}
