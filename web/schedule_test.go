package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
	handoverweb "github.com/police-ict/handover/web/handover"
	"github.com/police-ict/handover/web/serve"
)

// moving is everyone with a part in the schedule and its milestones.
type moving struct {
	*serve.Server
	st                          *db.Tx
	clock                       *storetest.Clock
	secretary, officer, finance at
	official, assoc             at
	kent, essex                 at
	outsider, stranger          at
	by                          office.Viewer // the company secretary
}

func move(t testing.TB) moving {
	t.Helper()
	s, st, clock := open(t)
	sits := func(k office.Kind, body string) at { return as(t, s, storetest.Holder(t, st, k, body)) }
	m := moving{Server: s, st: st, clock: clock, by: storetest.Holder(t, st, office.CompanySecretary, office.TheCompany), stranger: stranger(t, s)}
	m.secretary = as(t, s, m.by)
	m.officer, m.finance = sits(office.CompanyOfficer, office.TheCompany), sits(office.FinanceOfficer, office.TheCompany)
	m.official, m.assoc = sits(office.Official, office.HomeOffice), sits(office.AssociationOfficer, office.TheAssociation)
	m.kent, m.essex = sits(office.CommissionerOffice, "kent"), sits(office.ChiefExecutive, "essex")
	m.outsider = sits(office.Scrutineer, office.TheAssociation)
	return m
}

// network is an item as it is typed, with fields replaced.
func network(fields ...string) []string {
	all := []string{"kind", "contract", "title", "Wide area network", "before", "home-office", "after", "kent", "valued", "yes", "value", "1,234.50", "evidence", "Deed 7"}
	return replaced(all, fields...)
}

func replaced(all []string, fields ...string) []string {
	all = slices.Clone(all)
	for i := 0; i+1 < len(fields); i += 2 {
		at := -1
		for j := 0; j+1 < len(all); j += 2 {
			if all[j] == fields[i] {
				at = j
			}
		}
		if at < 0 {
			all = append(all, fields[i], fields[i+1])
			continue
		}
		all[at+1] = fields[i+1]
	}
	return all
}

// sure is a form as its check page sends it.
func sure(form []string) []string { return append(slices.Clone(form), "confirmed", "yes") }

func (m moving) add(t testing.TB, fields ...string) string {
	t.Helper()
	w := m.secretary.do(303, "POST", "/handover/schedule/new", sure(network(fields...))...)
	return w.Header().Get("Location")
}

func TestAnItemGoesFromHandToHand(t *testing.T) {
	m := move(t)
	says(t, m.stranger.do(200, "GET", "/handover/schedule"), "Cannot tell: the schedule is empty.")
	says(t, m.secretary.do(200, "GET", "/handover/schedule"), "Add an item", "Import a CSV file")
	m.secretary.do(200, "GET", "/handover/schedule/new")
	says(t, m.secretary.do(200, "POST", "/handover/schedule/new", network()...), "Check before you add the item", "£1,234.50", "Add the item", `name="title" value="Wide area network"`)
	says(t, m.stranger.do(200, "GET", "/handover/schedule"), "the schedule is empty")
	item := m.add(t)
	if item != "/handover/schedule/1" {
		t.Fatal(item)
	}
	says(t, m.secretary.do(200, "GET", item), "has been added to the schedule as proposed", "Change the item", "Withdraw the item", "Next, Home Office agrees")
	for who, b := range map[string]at{"the company": m.secretary, "the holder after": m.kent, "another body": m.essex, "an outsider": m.outsider} {
		b.do(403, "POST", item+"/agree", "version", "1")
		b.do(403, "GET", item+"/agree")
		if strings.Contains(b.do(200, "GET", item).Body.String(), item+"/agree") {
			t.Errorf("%s is offered to agree", who)
		}
	}
	m.stranger.do(303, "GET", item+"/agree")
	if w := m.stranger.send("POST", item+"/agree", "version", "1"); w.Header().Get("Location") != "/sign-in" {
		t.Error("a stranger agrees:", w.Code)
	}
	m.official.do(409, "POST", item+"/accept", "version", "1")
	says(t, m.official.do(200, "GET", item), item+"/agree")
	says(t, m.official.do(200, "GET", item+"/agree"), "Home Office", `name="version" value="1"`)
	m.official.do(409, "POST", item+"/agree") // a form that names no version
	m.official.do(409, "POST", item+"/agree", "version", "9")
	m.official.do(303, "POST", item+"/agree", "version", "1")
	says(t, m.official.do(200, "GET", item), "Item 1: Item agreed by its holder before the handover.", "Next, Kent accepts it")
	m.essex.do(403, "POST", item+"/accept", "version", "1")
	m.kent.do(303, "POST", item+"/accept", "version", "1")
	says(t, m.stranger.do(200, "GET", item), "Accepted: it passes from Home Office to Kent.", "Item accepted by its holder after the handover", "entry ")
	says(t, m.stranger.do(200, "GET", "/handover/schedule"), "1 of 1 item has a receiver and evidence", "£1,234.50")
	m.officer.do(409, "POST", item+"/except", "version", "1", "reason", "late")
	m.stranger.do(404, "GET", "/handover/schedule/2")
	m.stranger.do(404, "GET", "/handover/schedule/zero")
}

func TestAnExceptionNeedsBothHoldersAndAReason(t *testing.T) {
	m := move(t)
	item := m.add(t, "after", "", "evidence", "")
	says(t, m.stranger.do(200, "GET", "/handover/schedule"), "0 of 1 item have a receiver", "1 holds up the handover")
	m.kent.do(403, "GET", item+"/except")
	w := m.officer.do(422, "POST", item+"/except", "version", "1", "reason", "")
	says(t, w, "Enter a reason.", `href="#reason"`, "Nothing was recorded")
	long := strings.Repeat("long ", 120)
	says(t, m.officer.do(422, "POST", item+"/except", "version", "1", "reason", long), "500 characters", ">"+strings.TrimSpace(long))
	m.officer.do(303, "POST", item+"/except", "version", "1", "reason", "The licence <cannot> pass")
	m.officer.do(403, "POST", item+"/agree-exception", "version", "1")
	m.official.do(303, "POST", item+"/agree-exception", "version", "1")
	m.official.do(403, "POST", item+"/accept-exception", "version", "1")
	m.officer.do(403, "POST", item+"/accept-exception", "version", "1") // proposed it
	// Without a receiver the company answers, by another person.
	other := as(t, m.Server, storetest.Holder(t, m.st, office.CompanyOfficer, office.TheCompany))
	says(t, other.do(422, "POST", item+"/accept-exception", "version", "1"), "Enter the reference of the decision", `href="#decision"`)
	ref := storetest.Authorised(t, m.st, m.clock, "exception", authority.Effect{Kind: authority.AcceptsItem, Subject: "item/1"})
	other, secretary := as(t, m.Server, storetest.Holder(t, m.st, office.CompanyOfficer, office.TheCompany)), as(t, m.Server, m.by)
	says(t, other.do(200, "GET", item+"/accept-exception"), `value="`+ref+`"`, "The exception of item 1 of the schedule is accepted")
	other.do(303, "POST", item+"/accept-exception", "version", "1", "decision", ref)
	w = m.stranger.do(200, "GET", item)
	says(t, w, "Excepted: both holders agree", "The licence &lt;cannot&gt; pass", "Reason: The licence", "Excepted under", `<a href="/decisions/`+ref+`">`)
	says(t, m.stranger.do(200, "GET", "/handover/schedule"), `<a href="/decisions/`+ref+`">`)
	says(t, m.stranger.do(200, "GET", "/handover/schedule.csv"), ref)
	says(t, m.stranger.do(200, "GET", item+".json"), `"decision": "`+ref+`"`)
	secretary.do(303, "POST", item+"/return", "version", "1", "reason", "it can after all")
	w = m.stranger.do(200, "GET", item)
	says(t, w, "no receiver or evidence", "Reason: it can after all")
	if strings.Contains(w.Body.String(), "Excepted under") {
		t.Error("a returned exception still carries its decision")
	}
	secretary.do(303, "POST", item+"/withdraw", "version", "1", "reason", "sold")
	says(t, m.stranger.do(200, "GET", item), "Withdrawn", "Reason for withdrawal", "sold")
	secretary.do(409, "GET", item+"/edit")
}

func TestAnEditIsCheckedAndVoidsWhatWasAnswered(t *testing.T) {
	m := move(t)
	item := m.add(t)
	m.official.do(303, "POST", item+"/agree", "version", "1")
	m.official.do(403, "GET", item+"/edit")
	m.official.do(403, "POST", item+"/edit", network()...)
	says(t, m.finance.do(200, "GET", item+"/edit"), "agreement to hand it over is cancelled", `value="1234.50"`, `value="kent" selected`)
	m.finance.do(422, "POST", item+"/edit", network("version", "1")...) // nothing is changed
	changed := network("version", "1", "value", "2000", "title", "Network <b>")
	w := m.finance.do(200, "POST", item+"/edit", changed...)
	says(t, w, "Check before you change the item", "Earlier answers are cancelled", "£1,234.50", "£2,000.00", "Network &lt;b&gt;", "This does not void any certificate")
	m.finance.do(409, "POST", item+"/edit", network("version", "7", "value", "2000")...)
	m.finance.do(303, "POST", item+"/edit", sure(changed)...)
	w = m.official.do(200, "GET", item)
	says(t, w, "£2,000.00", "Next, Home Office agrees", "Changed: title, value")
	m.official.do(409, "POST", item+"/agree", "version", "1") // as read before
	m.secretary.do(409, "POST", item+"/edit", sure(network("version", "1", "value", "3"))...)
	m.official.do(303, "POST", item+"/agree", "version", "2")
}

func TestWhatIsWrongWithAnItemIsToldAtOnceAndKept(t *testing.T) {
	m := move(t)
	for name, tt := range map[string]struct {
		form  []string
		wants []string
	}{
		"nothing typed":      {nil, []string{"4 things to correct", `href="#kind"`, `href="#title"`, `href="#before"`, `href="#valued"`, "Enter a title."}},
		"no sum":             {network("value", "12,3", "title", "Kept <words>"), []string{"is not an amount of money", `value="12,3"`, `value="Kept &lt;words&gt;"`, `value="kent" selected`}},
		"valued at nothing":  {network("value", ""), []string{"Enter the value, or choose “not valued”."}},
		"below zero":         {network("value", "-5"), []string{"zero or more"}},
		"no such body":       {network("after", "atlantis"), []string{"“atlantis” is not a known body. Enter the holder after by its name, short name or code."}},
		"nothing to be seen": {network("title", "\u200b\ufeff"), []string{"Enter a title."}},
		"far too long":       {network("title", strings.Repeat("é", 300)), []string{"200 characters"}},
	} {
		w := m.secretary.send("POST", "/handover/schedule/new", tt.form...)
		if w.Code != 422 {
			t.Errorf("%s: %d", name, w.Code)
		}
		says(t, w, tt.wants...)
	}
	m.official.do(403, "GET", "/handover/schedule/new")
	m.official.do(403, "POST", "/handover/schedule/new", sure(network())...)
	m.stranger.do(303, "POST", "/handover/schedule/new", sure(network())...)
	if p, err := handover.Items(t.Context(), m.st, record.Moment{}, handover.ItemFilter{}, 0, 0); err != nil || p.Matching != 0 {
		t.Error("something was stored:", p, err)
	}
}

// stock fills the schedule with items of every kind and some statuses.
func (m moving) stock(t testing.TB, n int) {
	t.Helper()
	for i := range n {
		it := handover.Item{Kind: handover.ItemKinds[i%len(handover.ItemKinds)], Title: fmt.Sprintf("Thing %d", i+1), Before: office.HomeOffice, Value: money.Pence(i * 101), Valued: i%4 != 0}
		if i%3 != 0 {
			it.After, it.Evidence = []string{"kent", "essex"}[i%2], "Deed, of “2013”"
		}
		if _, err := handover.AddItem(t.Context(), m.st, m.by, it); err != nil {
			t.Fatal(err)
		}
	}
	if err := handover.ActOnItem(t.Context(), m.st, m.by, 5, 0, handover.ActWithdrawItem, "sold"); err != nil {
		t.Fatal(err)
	}
}

// shown are the items that the pages of an address list, one after the other.
func shown(t testing.TB, b at, address string) (ids []string) {
	t.Helper()
	for pages := 0; address != ""; pages++ {
		html := b.do(200, "GET", address).Body.String()
		if _, list, ok := strings.Cut(html, `<section id="items"`); ok {
			list, _, _ = strings.Cut(list, "</table>")
			for _, row := range strings.Split(list, `class="first"><a href="/handover/schedule/`)[1:] {
				id, _, _ := strings.Cut(row, `"`)
				ids = append(ids, id)
			}
		}
		address = ""
		if _, next, ok := strings.Cut(html, `<nav class="pages" aria-label="Pages of this list">`); ok {
			next, _, _ = strings.Cut(next, "</nav>")
			if at := strings.Index(next, `" rel="next"`); at >= 0 {
				address = strings.ReplaceAll(next[strings.LastIndex(next[:at], `"`)+1:at], "&amp;", "&")
				address, _, _ = strings.Cut(address, "#")
			}
		}
		if pages > 9 {
			t.Fatal("the pages do not end")
		}
	}
	return ids
}

func TestTheScheduleIsTheSameInEveryForm(t *testing.T) {
	m := move(t)
	m.stock(t, 120)
	for _, f := range []string{"", "kind=contract", "kind=intellectual+property", "status=withdrawn", "status=proposed", "body=essex", "open=yes",
		"q=thing+1", "q=DEED", "kind=asset&open=yes", "body=kent&status=agreed", "q=nowhere", "as_at=2013-01-14", "as_at=2012-06-01"} {
		j := decoded[handoverweb.ScheduleJSON](t, m.stranger.do(200, "GET", "/handover/schedule.json?"+f).Body.String())
		rows := csvOf(t, m.stranger.do(200, "GET", "/handover/schedule.csv?"+f).Body.String())[1:]
		page := shown(t, m.stranger, "/handover/schedule?"+f)
		if len(j.Items) != len(rows) || int64(len(rows)) != j.Matching || len(page) != len(rows) {
			t.Fatalf("%q: %d in JSON, %d in CSV, %d on the pages, %d matching", f, len(j.Items), len(rows), len(page), j.Matching)
		}
		for n, i := range j.Items {
			value := ""
			if i.Valued {
				value = strconv.FormatInt(int64(i.Value), 10)
			}
			want := []string{string(j.AsAt), strconv.FormatInt(i.ID, 10), string(i.Kind), i.Title, i.Before, i.After, value, i.Evidence, string(i.Status),
				strconv.FormatBool(i.Against), i.Reason, strconv.FormatInt(i.Version, 10), i.Decision}
			if !slices.Equal(rows[n], want) || page[n] != want[1] {
				t.Fatalf("%q, place %d: CSV %q, JSON %q, page %s", f, n, rows[n], want, page[n])
			}
		}
	}
	says(t, m.stranger.do(200, "GET", "/handover/schedule"), "119", "Items in the list</dt><dd>120", "Difference</dt><dd>0", "120 items", "1 withdrawn")
	says(t, m.stranger.do(200, "GET", "/handover/schedule?kind=asset&after=9"), "Difference</dt><dd>0", "First page", `href="/handover/schedule.csv?kind=asset"`)
	says(t, m.stranger.do(200, "GET", "/handover/schedule?q=nowhere"), "No items match.")
}

func TestTheScheduleRefusesWhatCannotBeAsked(t *testing.T) {
	m := move(t)
	m.stock(t, 5)
	for _, f := range []string{"kind=spaceship", "status=lost", "body=atlantis", "as_at=2013-02-30", "as_at=2031-01-01", "after=x", "day=40&day-month=1&day-year=2013"} {
		m.stranger.do(422, "GET", "/handover/schedule?"+f)
		m.stranger.do(422, "GET", "/handover/schedule.csv?"+f)
		m.stranger.do(422, "GET", "/handover/schedule.json?"+f)
	}
	m.stranger.do(422, "GET", "/handover/schedule/1?as_at=2013-02-30")
	m.stranger.do(404, "GET", "/handover/schedule/1.csv")
}

func TestAPastDayShowsWhatWasThen(t *testing.T) {
	m := move(t)
	item := m.add(t, "title", "As it was")
	m.clock.Day("2013-01-20")
	m.secretary = as(t, m.Server, m.by) // the old session has idled out
	m.secretary.do(303, "POST", item+"/edit", sure(network("title", "As it is", "version", "1", "value", "9"))...)
	m.add(t, "title", "Later")
	says(t, m.stranger.do(200, "GET", item), "As it is", "£9.00")
	then := m.stranger.do(200, "GET", item+"?as_at=2013-01-14")
	says(t, then, "As it was", "£1,234.50", "As at 14 January 2013")
	for _, later := range []string{"As it is", "Item of the schedule changed"} {
		if strings.Contains(then.Body.String(), later) {
			t.Errorf("a past day knows %q", later)
		}
	}
	list := m.secretary.do(200, "GET", "/handover/schedule?day=14&day-month=1&day-year=2013")
	says(t, list, "As it was", "1 of 1 item has", `href="/handover/schedule.csv?as_at=2013-01-14"`)
	for _, not := range []string{"Later", "Add an item"} {
		if strings.Contains(list.Body.String(), not) {
			t.Errorf("the list of a past day says %q", not)
		}
	}
	if strings.Contains(m.secretary.do(200, "GET", item+"?as_at=2013-01-14").Body.String(), "What you can do") {
		t.Error("a past day offers steps")
	}
	m.stranger.do(404, "GET", "/handover/schedule/2?as_at=2013-01-14")
}

func TestAnItemsWordsCannotRun(t *testing.T) {
	m := move(t)
	item := m.add(t, "title", `<script>alert(1)</script>`, "evidence", "=1+1")
	m.add(t, "title", "=cmd()", "evidence", "@SUM(A1)")
	for _, b := range []at{m.stranger, m.secretary} {
		for _, page := range []string{"/handover/schedule", item, item + "/edit", item + "/withdraw"} {
			w := b.send("GET", page)
			if w.Code == 200 && (strings.Contains(w.Body.String(), "<script") || !strings.Contains(w.Body.String(), "&lt;script&gt;")) {
				t.Error(page, "does not escape")
			}
		}
	}
	says(t, m.stranger.do(200, "GET", "/handover/schedule.csv"), ",'=1+1,", ",'=cmd(),", ",'@SUM(A1),")
}

// upload sends a file as a browser does.
func (b at) upload(want int, path, content string) *httptest.ResponseRecorder {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "schedule.csv")
	if err != nil {
		b.t.Fatal(err)
	}
	part.Write([]byte(content))
	w.Close()
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Cookie", b.cookie)
	rec := sent(b, r)
	if rec.Code != want {
		b.t.Fatalf("%s: %d, want %d\n%s", path, rec.Code, want, rec.Body)
	}
	return rec
}

const columns = "kind,title,holder before,holder after,value,evidence\r\n"

// field is the value of a hidden field of a page.
func field(t testing.TB, w *httptest.ResponseRecorder, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(w.Body.String(), `name="`+name+`" value="`)
	if !ok {
		t.Fatalf("no field %s in %s", name, w.Body)
	}
	value, _, _ := strings.Cut(rest, `"`)
	return strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(value)
}

func TestAFileIsTakenInWholeOrNotAtAll(t *testing.T) {
	m := move(t)
	const path = "/handover/schedule/import"
	says(t, m.finance.do(200, "GET", path), "kind,title,holder before", `enctype="multipart/form-data"`)
	m.kent.do(403, "GET", path)
	m.kent.upload(403, path, columns)
	m.stranger.do(303, "GET", path)
	stored := func() int64 {
		p, err := handover.Items(t.Context(), m.st, record.Moment{}, handover.ItemFilter{}, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		return p.Matching
	}

	bad := columns + "contract,Network,Home Office,Kent,100.00,Deed\r\nspaceship,,Atlantis,,12;3,\r\nasset,\"Servers\",Home Office,Essex,5\r\n"
	w := m.finance.upload(422, path, bad)
	says(t, w, "In 2 rows, 5 things are wrong in the file, so nothing was imported.", "Problems by row", "spaceship", "Atlantis", "12;3", "Enter a title.", "The whole row", "Choose the file again.")
	for name, file := range map[string]string{
		"nothing":        "",
		"no header":      "Network,Home Office\r\n",
		"no row":         columns,
		"no CSV":         "PK\x03\x04\x00\x00",
		"a loose quote":  columns + "contract,\"Net\"work,Home Office,Kent,1,Deed\r\n",
		"far too large":  columns + strings.Repeat("x", handover.MaxImportBytes),
		"too many lines": columns + strings.Repeat("asset,A,Home Office,Kent,1,D\r\n", handover.MaxImportRows+1),
	} {
		if w := m.finance.upload(422, path, file); !strings.Contains(w.Body.String(), `href="#file"`) {
			t.Errorf("%s: the fault does not lead to the file", name)
		}
	}
	m.finance.do(422, "POST", path)
	if n := stored(); n != 0 {
		t.Fatalf("%d items stored of files at fault", n)
	}

	good := columns + "contract,\"Network, wide\r\narea\",Home Office,Kent,\"1,000.00\",\"<script>\"\r\nasset,\xc9toile,home-office,,,\r\n"
	w = m.finance.upload(200, path, good)
	says(t, w, "2 items, with no problems found", "Network, wide area", "Étoile", "Import 2 items", "£1,000.00", "&lt;script&gt;")
	if stored() != 0 {
		t.Fatal("the check stored something")
	}
	text := strings.ReplaceAll(field(t, w, "csv"), "\n", "\r\n") // as browsers send it
	m.finance.do(422, "POST", path, "csv", columns+"contract,,Home Office,Kent,1,D\n", "confirmed", "yes")
	m.kent.do(403, "POST", path, "csv", text, "confirmed", "yes")
	says(t, m.finance.do(200, "POST", path, "csv", text, "back", "yes"), "Choose the file again.")
	m.finance.do(303, "POST", path, "csv", text, "confirmed", "yes")
	if n := stored(); n != 2 {
		t.Fatalf("%d items stored of 2", n)
	}
	says(t, m.finance.do(200, "GET", "/handover/schedule"), "2 items have been imported", "Étoile", "not valued")
	says(t, m.stranger.do(200, "GET", "/handover/schedule/1"), "It was imported from a file.")
	says(t, m.finance.upload(200, path, good), "2 rows are already in the schedule")
}

func TestALargeFileIsCarriedWhole(t *testing.T) {
	m := move(t)
	var b strings.Builder
	b.WriteString(columns)
	for i := range 1900 {
		fmt.Fprintf(&b, "contract,Ŵork package %d %s,Home Office,Kent,%d.25,Deed\r\n", i, strings.Repeat("é", 120), i)
	}
	w := m.finance.upload(200, "/handover/schedule/import", b.String())
	m.finance.do(303, "POST", "/handover/schedule/import", "csv", strings.ReplaceAll(field(t, w, "csv"), "\n", "\r\n"), "confirmed", "yes")
	says(t, m.stranger.do(200, "GET", "/handover/schedule?q=work+package+1899"), "1 item", "£1,899.25")
}

func TestCertificatesAreToldToBeVoided(t *testing.T) {
	m := move(t)
	item := m.add(t)
	if _, err := handover.Prepare(t.Context(), m.st, storetest.Holder(t, m.st, office.FinanceOfficer, office.TheCompany), handover.TheBalance); err != nil {
		t.Fatal(err)
	}
	h, err := handover.Read(t.Context(), m.st, record.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	if err := handover.Certify(t.Context(), m.st, storetest.Holder(t, m.st, office.Official, office.HomeOffice), handover.TheBalance, h.Balance.Now); err != nil {
		t.Fatal(err)
	}
	says(t, m.officer.do(200, "POST", item+"/edit", network("version", "1", "value", "8")...), "1 certificate is voided by this")
	says(t, m.officer.do(200, "POST", "/handover/schedule/new", network("title", "Another")...), "1 certificate is voided by this")
	says(t, m.officer.upload(200, "/handover/schedule/import", columns+"asset,A,Home Office,Kent,1,D\n"), "1 certificate is voided by this")
}
