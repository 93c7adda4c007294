package web

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
	scrutinyweb "github.com/police-ict/handover/web/scrutiny"
	"github.com/police-ict/handover/web/serve"
)

// hearing is a committee with its people at their screens.
type hearing struct {
	*serve.Server
	st                                  *db.Tx
	clock                               *storetest.Clock
	chair, clerk, kent, other, stranger at // kent is a member; other is the clerk of another committee
	outsiders                           map[string]at
	viewers                             []office.Viewer // of them all
}

const inquiryAt = "/inquiries/convergence"

func heard(t testing.TB) hearing {
	t.Helper()
	s, st, clock := open(t)
	sits := func(kind office.Kind, body, title string) office.Viewer {
		return storetest.Holds(t, st, storetest.Person(t, st, title+" (sample)"), office.Office{Body: body, Kind: kind, Title: title})
	}
	chair, clerk := sits(office.Chair, office.TheAssociation, "Committee chair"), sits(office.Clerk, office.TheAssociation, "Committee clerk")
	kent, other := storetest.Holder(t, st, office.CommissionerOffice, "kent"), sits(office.Clerk, office.TheAssociation, "Other clerk")
	for slug, seats := range map[string][]scrutiny.Seat{
		"scrutiny": {{Office: chair.Office, Role: scrutiny.SeatChair}, {Office: clerk.Office, Role: scrutiny.SeatClerk}, {Office: kent.Office, Role: scrutiny.SeatMember}},
		"other":    {{Office: other.Office, Role: scrutiny.SeatClerk}},
	} {
		c := scrutiny.Committee{Slug: slug, Name: "Scrutiny committee " + slug + " (sample)", Terms: "To hold the company to account.", First: "2013-01-14", Last: "2013-12-31"}
		if err := scrutiny.FoundCommittee(t.Context(), st, clerk, c); err != nil {
			t.Fatal(err)
		}
		for i := range seats {
			seats[i].First = c.First
		}
		if err := storetest.Seat(t.Context(), st, clerk, slug, seats...); err != nil {
			t.Fatal(err)
		}
	}
	h := hearing{Server: s, st: st, clock: clock, stranger: stranger(t, s), viewers: []office.Viewer{chair, clerk, kent, other}}
	h.chair, h.clerk, h.kent, h.other = as(t, s, chair), as(t, s, clerk), as(t, s, kent), as(t, s, other)
	h.outsiders = map[string]at{"a stranger": h.stranger, "the clerk of another committee": h.other}
	for _, k := range office.Kinds {
		if k != office.CommissionerOffice { // that of Kent sits
			v := storetest.Holder(t, st, k, bodyFor[k])
			h.viewers, h.outsiders[string(k)] = append(h.viewers, v), as(t, s, v)
		}
	}
	return h
}

// day moves the clock to another day, on which everyone signs in again.
func (h hearing) day(t testing.TB, d civil.Day) {
	t.Helper()
	h.clock.Day(d)
	for _, v := range h.viewers {
		as(t, h.Server, v)
	}
}

// callForm opens an inquiry as it is typed.
func callForm(fields ...string) []string {
	return replaced([]string{"committee", "scrutiny", "title", "Convergence of systems (sample)", "slug", "convergence", "terms", "Whether systems converge.\n\nAnd at what price.",
		"closes", "28", "closes-month", "1", "closes-year", "2013"}, fields...)
}

// evidenceTyped is evidence to be published as it is typed.
func evidenceTyped(fields ...string) []string {
	return replaced([]string{"author", "Office of the Commissioner for Kent (sample)", "naming", "named", "title", "What Kent pays", "received", "14", "received-month", "1", "received-year", "2013",
		"text", "The first paragraph.\n\nThe second.", "status", "published"}, fields...)
}

// Evidence holds a secret in its author, title, text and document.
const secretEvidence = "sesame-evidence-3307"

func secretTyped(fields ...string) []string {
	return evidenceTyped(append([]string{"author", secretEvidence + " author", "naming", "sealed", "title", secretEvidence + " title", "text", secretEvidence + " text rose by nine in a hundred in every single year.", "status", "confidential",
		"ground", scrutiny.EvidenceGrounds[0], "review", "1", "review-month", "3", "review-year", "2013"}, fields...)...)
}

// opened has an inquiry with published evidence 1, confidential evidence 2 with
// a document, confidential evidence 3 that was withdrawn, and a draft of a report.
func (h hearing) opened(t testing.TB) {
	t.Helper()
	goes(t, h.clerk.do(303, "POST", "/inquiries/new", callForm()...), inquiryAt)
	goes(t, h.clerk.do(303, "POST", inquiryAt+"/evidence/new", sure(evidenceTyped())...), inquiryAt+"/evidence/1")
	w := h.chair.handIn(200, inquiryAt+"/evidence/new", secretEvidence+".txt", []byte(secretEvidence+" document"), secretTyped()...)
	goes(t, h.chair.do(303, "POST", inquiryAt+"/evidence/new", sure(secretTyped("document", field(t, w, "document")))...), inquiryAt+"/evidence/2")
	goes(t, h.clerk.do(303, "POST", inquiryAt+"/evidence/new", sure(secretTyped())...), inquiryAt+"/evidence/3")
	goes(t, h.clerk.do(303, "POST", inquiryAt+"/evidence/3/withdraw", sure([]string{"why", "It was sent twice."})...), inquiryAt+"/evidence/3")
	goes(t, h.clerk.do(303, "POST", inquiryAt+"/report/draft", reportTyped()...), inquiryAt+"/report")
}

func reportTyped(fields ...string) []string {
	return replaced([]string{"version", "0", "text", secretEvidence + " draft.\n\nIt ends.", "finding-1", secretEvidence + " finding", "cites-1", "1 p2\n2"}, fields...)
}

func TestAnInquiryIsToldByItsForms(t *testing.T) {
	h := heard(t)
	says(t, h.stranger.do(200, "GET", "/inquiries"), "No inquiries have been opened yet", `aria-label="Scrutiny"`)
	says(t, h.clerk.do(200, "GET", "/inquiries"), `href="/inquiries/new"`)
	says(t, h.clerk.do(422, "POST", "/inquiries/new", callForm("closes", "13", "title", "")...), `href="#closes"`, `href="#title"`, "And at what price.")
	h.opened(t)

	page := h.stranger.do(200, "GET", inquiryAt)
	says(t, page, "Evidence is accepted until midnight at the end of 28 January 2013.", "And at what price.", "Evidence 1: What Kent pays", "Evidence 2</a>", "Not named, at the author’s request",
		"Confidential: Commercial interests. To be reviewed by 1 March 2013.", "It was sent twice.", "The committee is drafting its report.")
	for _, act := range []string{"/evidence/new", "/extend", "/abandon", "/report/draft", "/report/publish"} {
		if strings.Contains(page.Body.String(), inquiryAt+act) {
			t.Errorf("a stranger is offered %s", act)
		}
	}
	says(t, h.stranger.do(200, "GET", inquiryAt+"/evidence/1"), `id="p2"`, `href="#p2"`, "The second.", "Committee clerk", "Hash of the text")
	says(t, h.stranger.do(200, "GET", inquiryAt+"/evidence/2"), "Only the committee can read this evidence", "<dt>Document</dt><dd>Confidential")
	says(t, h.kent.do(200, "GET", inquiryAt+"/evidence/2"), "You can read this because you are on the committee", secretEvidence+" text", secretEvidence+" author (named to the committee only)", "/evidence/2/document")
	says(t, h.kent.do(200, "GET", inquiryAt+"/report"), "This is a draft.", secretEvidence+" draft.", inquiryAt+"/evidence/1#p2")

	// Put off, and late.
	says(t, h.clerk.do(422, "POST", inquiryAt+"/extend", "closes", "1", "closes-month", "1", "closes-year", "2013"), `href="#closes"`, `href="#why"`)
	goes(t, h.clerk.do(303, "POST", inquiryAt+"/extend", "closes", "30", "closes-month", "1", "closes-year", "2013", "why", "Two bodies asked."), inquiryAt)
	says(t, h.stranger.do(200, "GET", inquiryAt), "Extended", "From 28 January 2013 to 30 January 2013", "Two bodies asked.")
	says(t, h.chair.do(409, "GET", inquiryAt+"/report/publish"), "The call for evidence is open until the end of 30 January 2013")
	h.day(t, "2013-01-31")
	late := evidenceTyped("received", "31")
	says(t, h.clerk.do(422, "POST", inquiryAt+"/evidence/new", late...), `href="#late"`, "The second.")
	says(t, h.clerk.do(200, "POST", inquiryAt+"/evidence/new", append(late, "late", "Their files came late.")...), "Nothing has been recorded yet", "Their files came late.", "Anyone, as soon as it is recorded", `id="p1"`)
	goes(t, h.clerk.do(303, "POST", inquiryAt+"/evidence/new", sure(append(late, "late", "Their files came late."))...), inquiryAt+"/evidence/4")
	says(t, h.stranger.do(200, "GET", inquiryAt+"/evidence"), "After the call closed on 30 January 2013")
	says(t, h.stranger.do(200, "GET", inquiryAt+"/evidence/4"), "The call had closed on 30 January 2013. Reason for accepting it: Their files came late.")

	// Confidence is looked at again, and ended.
	h.day(t, "2013-03-02")
	says(t, h.clerk.do(200, "GET", "/work"), "Review confidential evidence 2 of convergence", "You are the clerk of the Scrutiny committee scrutiny (sample).")
	says(t, h.stranger.do(200, "GET", inquiryAt+"/evidence/2"), "The review is overdue.")
	says(t, h.clerk.do(422, "POST", inquiryAt+"/evidence/2/review", "review", "2", "review-month", "3", "review-year", "2013"), `href="#review"`, `href="#why"`)
	goes(t, h.clerk.do(303, "POST", inquiryAt+"/evidence/2/review", "review", "1", "review-month", "4", "review-year", "2013", "why", "The tender runs."), inquiryAt+"/evidence/2")
	says(t, h.stranger.do(200, "GET", inquiryAt+"/evidence/2"), "Reviewed", "confidential until 1 April 2013", "The tender runs.")
	says(t, h.chair.do(200, "POST", inquiryAt+"/evidence/2/publish", "why", "The tender is over."), "What becomes public", secretEvidence+" title", "You cannot change this later.")
	says(t, h.stranger.do(200, "GET", inquiryAt+"/evidence/2"), "Only the committee can read this evidence")
	goes(t, h.chair.do(303, "POST", inquiryAt+"/evidence/2/publish", sure([]string{"why", "The tender is over."})...), inquiryAt+"/evidence/2")
	w := h.stranger.do(200, "GET", inquiryAt+"/evidence/2")
	says(t, w, secretEvidence+" text", "It was confidential before then. Reason for publishing: The tender is over.", "Not named, at the author’s request", "That entry holds the text and a random value")
	if strings.Contains(w.Body.String(), secretEvidence+" author") {
		t.Error("whoever asked not to be named is named")
	}
	doc := h.stranger.do(200, "GET", inquiryAt+"/evidence/2/document")
	if doc.Body.String() != secretEvidence+" document" || !strings.Contains(doc.Header().Get("Content-Disposition"), "convergence-evidence-2.txt") {
		t.Errorf("%s %v", doc.Body, doc.Header())
	}

	// The report.
	says(t, h.clerk.do(422, "POST", inquiryAt+"/report/draft", reportTyped("version", "1", "cites-1", "1 p9", "finding-2", "Alone.")...), "Evidence 1 has no paragraph 9. It has 2 paragraphs.", `href="#cites-1"`, `href="#cites-2"`, "Alone.")
	says(t, h.clerk.do(409, "POST", inquiryAt+"/report/draft", reportTyped()...), "Someone else has changed this draft")
	goes(t, h.clerk.do(303, "POST", inquiryAt+"/report/draft", reportTyped("version", "1", "text", "What we heard.", "finding-1", "Prices rose.", "cites-1", "1 p2; 2 p1")...), inquiryAt+"/report")
	says(t, h.chair.do(200, "GET", inquiryAt+"/report/draft"), "1 p2\n2 p1", `name="version" value="2"`)
	h.stranger.do(404, "GET", inquiryAt+"/report")
	says(t, h.chair.do(200, "POST", inquiryAt+"/report/publish", "version", "2"), "Version 2, with 1 paragraph and 1 finding", "You cannot change this later.")
	goes(t, h.chair.do(303, "POST", inquiryAt+"/report/publish", sure([]string{"version", "2"})...), inquiryAt)
	says(t, h.stranger.do(200, "GET", inquiryAt), "The report was published on 2 March 2013.", "/report#f1", "Prices rose.")
	says(t, h.stranger.do(200, "GET", inquiryAt+"/report"), "Finding 1", `id="p1"`, inquiryAt+"/evidence/2#p1", "Evidence 2, paragraph 1")
	says(t, h.chair.do(200, "GET", inquiryAt+"/report"), "/recommendations/new?source=%2Finquiries%2Fconvergence%2Freport")
	h.clerk.do(409, "POST", inquiryAt+"/evidence/new", sure(evidenceTyped())...)
	says(t, h.stranger.do(200, "GET", inquiryAt+"/evidence/1"), "Published on 14 January 2013.")
	says(t, h.stranger.do(200, "GET", "/record?subject=evidence"), "published evidence 2")
	if v, err := store.Verify(t.Context(), h.st); err != nil || !v.OK() {
		t.Error(v.Fault, err)
	}
}

func TestInquiriesAreHadInEveryForm(t *testing.T) {
	h := heard(t)
	h.opened(t)
	h.clerk.do(303, "POST", "/inquiries/new", callForm("slug", "second", "title", "Second (sample)")...)
	goes(t, h.clerk.do(303, "POST", "/inquiries/second/abandon", sure([]string{"why", "No time."})...), "/inquiries/second")
	says(t, h.stranger.do(200, "GET", "/inquiries?status=abandoned"), "Second (sample)")
	says(t, h.stranger.do(200, "GET", "/inquiries?q=price&committee=other"), "No inquiries match this filter.")
	says(t, h.stranger.do(422, "GET", "/inquiries?status=x"), "Choose a status from the list.")
	says(t, h.stranger.do(422, "GET", "/inquiries?before=x"), "Start from the first page")
	if all := decoded[scrutinyweb.InquiriesJSON](t, h.stranger.do(200, "GET", "/inquiries.json?status=called").Body.String()); len(all.Inquiries) != 1 || all.Inquiries[0].ClosesAt != "2013-01-29T00:00:00.000000Z" || all.Inquiries[0].Evidence != 3 {
		t.Errorf("%+v", all)
	}
	if rows := csvOf(t, h.stranger.do(200, "GET", "/inquiries.csv").Body.String()); len(rows) != 3 || rows[1][1] != "second" || rows[1][4] != "abandoned" {
		t.Errorf("%v", rows)
	}
	says(t, h.stranger.do(200, "GET", "/inquiries.atom"), "Second (sample) (Abandoned)", "Abandoned on 14 January 2013. Reason: No time.")
	one := decoded[scrutinyweb.InquiryJSON](t, h.stranger.do(200, "GET", inquiryAt+".json").Body.String())
	if len(one.Evidence) != 3 || one.Evidence[0].Text != nil && one.Evidence[0].Text[1] != "The second." || one.Evidence[1].Text != nil || one.Report == nil || one.Report.ReportText != nil {
		t.Errorf("%+v", one)
	}
	if rows := csvOf(t, h.stranger.do(200, "GET", inquiryAt+"/evidence.csv").Body.String()); len(rows) != 4 || rows[2][3] != "" || rows[2][12] != scrutiny.EvidenceGrounds[0] {
		t.Errorf("%v", rows)
	}
	says(t, h.stranger.do(200, "GET", inquiryAt+"/evidence.atom"), "Evidence 1: What Kent pays", "<title>Evidence 2</title>")
	if rows := csvOf(t, h.stranger.do(200, "GET", inquiryAt+"/evidence/1.csv").Body.String()); len(rows) != 3 || rows[2][3] != "The second." {
		t.Errorf("%v", rows)
	}
	if e := decoded[scrutinyweb.GivenJSON](t, h.kent.do(200, "GET", inquiryAt+"/evidence/2.json").Body.String()); len(e.Text) != 1 || e.File == nil || e.Author != secretEvidence+" author" {
		t.Errorf("%+v", e)
	}
	h.stranger.do(404, "GET", inquiryAt+"/evidence/9")
	h.stranger.do(404, "GET", "/inquiries/none")
	says(t, h.stranger.do(404, "GET", inquiryAt+"/report.json"), "has not published a report")
}

// inquiryPages are every page about inquiries, and the acts among them.
func (h hearing) inquiryPages(t testing.TB) (pages, acts []string) {
	pages = []string{"/", "/work", "/record", "/record?subject=inquiry", "/record?subject=evidence", "/record?subject=report", "/inquiries", "/inquiries?q=sesame", "/committees", "/questions", "/recommendations",
		inquiryAt, inquiryAt + "/evidence", inquiryAt + "/report", "/help/steps"}
	acts = []string{inquiryAt + "/extend", inquiryAt + "/abandon", inquiryAt + "/evidence/new", inquiryAt + "/report/draft", inquiryAt + "/report/publish", "/inquiries/new"}
	for _, n := range []string{"1", "2", "3", "4"} {
		at := inquiryAt + "/evidence/" + n
		pages = append(pages, at, at+"/document")
		for _, act := range scrutiny.EvidenceActs {
			acts = append(acts, at+"/"+string(act))
		}
	}
	head, err := record.ReadHead(t.Context(), h.st)
	if err != nil {
		t.Fatal(err)
	}
	for n := range head.Size + 1 {
		pages = append(pages, fmt.Sprintf("/record/%d", n+1), fmt.Sprintf("/documents/%d", n+1))
	}
	return append(pages, acts...), acts
}

// TestNoConfidentialEvidenceReachesAnOutsider asks for every form of every
// page about inquiries, and tries every act, by everyone who does not sit.
func TestNoConfidentialEvidenceReachesAnOutsider(t *testing.T) {
	t.Parallel()
	h := heard(t)
	h.opened(t)
	hash := h.hashOf(t, 2)
	pages, acts := h.inquiryPages(t)
	h.day(t, "2013-03-02") // what waits for the clerk is shown
	before, err := record.ReadHead(t.Context(), h.st)
	if err != nil {
		t.Fatal(err)
	}
	tries, reader := 0, 0
	for name, b := range h.outsiders {
		looks := func(what string, w *httptest.ResponseRecorder) {
			tries++
			said := strings.ToLower(w.Body.String() + fmt.Sprint(w.Header()))
			for _, secret := range []string{"sesame-", hash} {
				if i := strings.Index(said, secret); i >= 0 {
					t.Errorf("%s reads a secret at %s: …%s…", name, what, said[max(0, i-80):min(len(said), i+80)])
				}
			}
		}
		reader++
		for _, page := range storetest.Share(pages, reader, 3) {
			address, query, _ := strings.Cut(page, "?")
			for _, f := range forms {
				looks(page+f, b.send("GET", address+f+"?"+strings.ReplaceAll(query, "q=sesame", "q=ses")))
			}
		}
		for _, act := range acts {
			looks("POST "+act, b.send("POST", act, append(everything, "why", "x", "version", "1", "text", "x", "cites-1", "2 p1", "finding-1", "x")...))
		}
	}
	if now, err := record.ReadHead(t.Context(), h.st); err != nil || now.Size != before.Size {
		t.Errorf("%d events were recorded: %v", now.Size-before.Size, err)
	}
	t.Logf("%d answers were looked at", tries)

	// So that there is something to find, and the refusals tell nothing either:
	for _, b := range []at{h.chair, h.clerk, h.kent} {
		says(t, b.do(200, "GET", inquiryAt+"/evidence/2"), secretEvidence+" title", secretEvidence+" text", hash)
		says(t, b.do(200, "GET", inquiryAt+"/evidence/2/document"), secretEvidence+" document")
		says(t, b.do(200, "GET", inquiryAt+".json"), secretEvidence+" author")
		says(t, b.do(200, "GET", inquiryAt+"/evidence.csv"), secretEvidence+" title")
		says(t, b.do(200, "GET", inquiryAt+"/report.json"), secretEvidence+" finding")
	}
}

func (h hearing) hashOf(t testing.TB, n int) string {
	t.Helper()
	e := decoded[scrutinyweb.GivenJSON](t, h.clerk.do(200, "GET", fmt.Sprintf("%s/evidence/%d.json", inquiryAt, n)).Body.String())
	if e.File == nil || len(e.File.Hash) != 64 {
		t.Fatalf("%+v", e)
	}
	return e.File.Hash
}

// TestAnInquiryButtonNeverLies compares the steps that pages offer with those
// whose form opens, for everyone.
func TestAnInquiryButtonNeverLies(t *testing.T) {
	h := heard(t)
	h.opened(t)
	people := map[string]at{"the chair": h.chair, "the clerk": h.clerk, "a member": h.kent, "the clerk of another": h.other}
	for name, b := range h.outsiders {
		people[name] = b
	}
	pages := map[string][]string{inquiryAt: {"evidence/new", "extend", "abandon", "report/draft", "report/publish"}}
	for _, n := range []string{"1", "2", "3"} {
		pages[inquiryAt+"/evidence/"+n] = []string{"publish", "review", "withdraw"}
	}
	offered := 0
	for _, day := range []civil.Day{"2013-01-14", "2013-01-29", "2014-01-01"} { // called, closed, after the mandate
		if day != "2013-01-14" {
			h.day(t, day)
		}
		for name, b := range people {
			for page, acts := range pages {
				shown := b.do(200, "GET", page).Body.String()
				for _, act := range acts {
					offers, opens := strings.Contains(shown, `"`+page+"/"+act+`"`), b.send("GET", page+"/"+act).Code == 200
					if offers != opens {
						t.Errorf("on %s, %s is offered %s/%s: %v, may open it: %v", day, name, page, act, offers, opens)
					}
					if offers {
						offered++
					}
				}
			}
		}
	}
	if offered != 2*(4+4)+2*(5+4) {
		t.Errorf("%d steps were offered", offered)
	}
}

// TestForgedInquiryFormsAreRefused sends what no form of the portal would send.
func TestForgedInquiryFormsAreRefused(t *testing.T) {
	h := heard(t)
	h.opened(t)
	before, err := record.ReadHead(t.Context(), h.st)
	if err != nil {
		t.Fatal(err)
	}
	for name, k := range map[string]struct {
		who  at
		path string
		form []string
		code int
		says string
	}{
		"an inquiry of another committee":  {h.other, "/inquiries/new", callForm("slug", "third"), 403, "Only members and clerks of the Scrutiny committee scrutiny (sample) can do this."},
		"an inquiry by a member":           {h.kent, "/inquiries/new", callForm("slug", "third"), 403, "Only the chair or the clerk"},
		"evidence by a member":             {h.kent, inquiryAt + "/evidence/new", sure(evidenceTyped()), 403, "Only the chair or the clerk"},
		"evidence neither here nor there":  {h.clerk, inquiryAt + "/evidence/new", sure(evidenceTyped("status", "secret", "naming", "")), 422, "Choose who may read the evidence."},
		"another person’s file":            {h.clerk, inquiryAt + "/evidence/new", sure(evidenceTyped("document", "1")), 422, "Choose the file again"},
		"a ground that is none":            {h.clerk, inquiryAt + "/evidence/new", sure(secretTyped("ground", "Shyness")), 422, "Choose the reason for keeping it confidential."},
		"published by another clerk":       {h.other, inquiryAt + "/evidence/2/publish", sure([]string{"why", "x"}), 403, "Only members and clerks"},
		"published twice":                  {h.clerk, inquiryAt + "/evidence/1/publish", sure([]string{"why", "x"}), 409, "because the status is “published”"},
		"withdrawn twice":                  {h.clerk, inquiryAt + "/evidence/3/withdraw", sure([]string{"why", "x"}), 409, "because the status is “withdrawn”"},
		"confidential evidence quoted":     {h.clerk, inquiryAt + "/report/draft", reportTyped("version", "1", "cites-1", "2 p1"), 422, "Evidence 2 is confidential. Cite it by its number only."},
		"a report before the call closed":  {h.clerk, inquiryAt + "/report/publish", sure([]string{"version", "1"}), 409, "The call for evidence is open until"},
		"a report of a version that is no": {h.clerk, inquiryAt + "/report/publish", sure([]string{"version", "one"}), 409, "The call for evidence is open until"},
		"a draft of no version":            {h.clerk, inquiryAt + "/report/draft", reportTyped("version", ""), 409, "The draft may have changed."},
		"evidence that is not there":       {h.clerk, inquiryAt + "/evidence/9/withdraw", sure([]string{"why", "x"}), 404, "no evidence 9"},
		"an inquiry that is not there":     {h.clerk, "/inquiries/none/abandon", sure([]string{"why", "x"}), 404, "Inquiry not found."},
	} {
		w := k.who.send("POST", k.path, k.form...)
		if w.Code != k.code || !strings.Contains(html.UnescapeString(w.Body.String()), k.says) {
			t.Errorf("%s: %d, want %d with %q\n%.2500s", name, w.Code, k.code, k.says, w.Body)
		}
	}
	if now, err := record.ReadHead(t.Context(), h.st); err != nil || now.Size != before.Size {
		t.Errorf("%d events were recorded: %v", now.Size-before.Size, err)
	}
}

// TestARecordOfAnInquiryIsWholeJSON looks at the receipts that outsiders check
// what was published by.
func TestARecordOfAnInquiryIsWholeJSON(t *testing.T) {
	h := heard(t)
	h.opened(t)
	e := decoded[scrutinyweb.GivenJSON](t, h.stranger.do(200, "GET", inquiryAt+"/evidence/2.json").Body.String())
	var receipt struct {
		Payload string `json:"payload"`
	}
	text := h.stranger.do(200, "GET", fmt.Sprintf("/record/%d.json", e.N)).Body.String()
	if err := json.Unmarshal([]byte(text), &receipt); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(receipt.Payload, `"sealed":{"author":`) || !strings.Contains(receipt.Payload, `"evidence":"`) {
		t.Errorf("the receipt holds no commitment: %s", receipt.Payload)
	}
}
