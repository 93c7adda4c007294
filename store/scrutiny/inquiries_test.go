package scrutiny_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// bench is a committee with its people, and an inquiry of it.
type bench struct {
	*db.Tx
	t                   testing.TB
	clock               *storetest.Clock
	chair, clerk, kent  office.Viewer // kent is a member
	scrutineer, officer office.Viewer // who do not sit
	today               civil.Day
}

const benchSlug = "convergence"

func benched(t testing.TB) bench {
	t.Helper()
	s, clock := storetest.OpenClock(t)
	return benchedOn(t, s, clock)
}

func benchedOn(t testing.TB, s *db.Tx, clock *storetest.Clock) bench {
	t.Helper()
	b := bench{Tx: s, t: t, clock: clock, chair: storetest.Holder(t, s, office.Chair, office.TheAssociation), clerk: storetest.Holder(t, s, office.Clerk, office.TheAssociation),
		kent: storetest.Holder(t, s, office.CommissionerOffice, "kent"), scrutineer: storetest.Holder(t, s, office.Scrutineer, office.TheAssociation),
		officer: storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany), today: civil.DayOf(clock.Now())}
	storetest.AddCommittee(t, s, "scrutiny", b.today, b.today.Add(60), b.chair, b.kent, b.clerk)
	b.must(scrutiny.OpenInquiry(t.Context(), s, b.clerk, inquiry()))
	return b
}

func inquiry() scrutiny.Inquiry {
	return scrutiny.Inquiry{Slug: benchSlug, Title: "Convergence of systems (sample)", Terms: "Whether systems converge.\n\nAnd at what price.", Committee: "scrutiny", Closes: "2013-01-28"}
}

func (b bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b bench) refused(err error, kind fault.Kind, words string) {
	b.t.Helper()
	if fault.KindOf(err) != kind || !strings.Contains(err.Error(), words) {
		b.t.Errorf("%v, want %q", err, words)
	}
}

// given is evidence as it is typed, with three paragraphs.
func given(b bench) scrutiny.EvidenceForm {
	return scrutiny.EvidenceForm{Author: "Office of the Commissioner for Kent (sample)", Title: "What Kent pays", Received: b.today, Text: "First line\nof the first paragraph.\n\nThe second.\n\n\n\nThe third."}
}

// confided is evidence that is confidential, and whose author asked not to be named.
func confided(b bench) scrutiny.EvidenceForm {
	return scrutiny.EvidenceForm{Author: "Sesame Author", AuthorSealed: true, Title: "Sesame title", Received: b.today, Confidential: true, Ground: scrutiny.EvidenceGrounds[2], Review: b.today.Add(20),
		Text: "Sesame prices rose by nine in a hundred every year since the contract began."}
}

func (b bench) take(form scrutiny.EvidenceForm) int64 {
	b.t.Helper()
	n, err := scrutiny.TakeEvidence(b.t.Context(), b.Tx, b.clerk, benchSlug, form)
	b.must(err)
	return n
}

func (b bench) evidence(v office.Viewer, n int64) scrutiny.EvidencePage {
	b.t.Helper()
	p, err := scrutiny.Evidence(b.t.Context(), b.Tx, v, benchSlug, n)
	b.must(err)
	return p.Evidence
}

func (b bench) see() scrutiny.InquiryPage {
	b.t.Helper()
	a, err := scrutiny.ReadInquiryPage(b.t.Context(), b.Tx, b.clerk, benchSlug, 0)
	b.must(err)
	return a
}

// holds fails the test unless the record holds every row.
func (b bench) holds() {
	b.t.Helper()
	v, err := store.Verify(b.t.Context(), b.Tx)
	b.must(err)
	if !v.OK() {
		b.t.Error(v.Fault)
	}
}

// recorded reports whether a word stands anywhere in the record.
func (b bench) recorded(word string) bool {
	b.t.Helper()
	all, err := record.Events(b.t.Context(), b.Tx, record.EventFilter{}, 1000)
	b.must(err)
	for _, e := range all {
		if strings.Contains(strings.ToLower(e.Payload), strings.ToLower(word)) {
			return true
		}
	}
	return false
}

func TestAnInquiryIsOpenedExtendedAndAbandoned(t *testing.T) {
	b, ctx := benched(t), t.Context()
	if i := b.see(); i.State(b.today) != "called" || i.State("2013-01-28") != "called" || i.State("2013-01-29") != "closed for evidence" || i.ClosesAt() != civil.Day("2013-01-29").Start() {
		t.Errorf("%+v", i.Inquiry)
	}
	for name, k := range map[string]struct {
		to    civil.Day
		why   string
		field string
	}{"no day": {"", "Late news.", "closes"}, "the same day": {"2013-01-28", "Late news.", "closes"}, "no reason": {"2013-02-04", " ", "why"}, "no day that there is": {"2013-02-30", "x", "closes"}} {
		err := scrutiny.ExtendCall(ctx, b.Tx, b.clerk, benchSlug, k.to, k.why)
		if fault.KindOf(err) != fault.Invalid || storetest.FieldOf(err) != k.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.clock.Day("2013-02-10") // it closed, and is opened once more
	b.refused(scrutiny.ExtendCall(ctx, b.Tx, b.chair, benchSlug, "2013-02-09", "x"), fault.Invalid, "Today is 10 February 2013")
	b.must(scrutiny.ExtendCall(ctx, b.Tx, b.chair, benchSlug, "2013-02-14", "Two bodies asked for time."))
	if i := b.see(); len(i.Extended) != 1 || i.Extended[0].From != "2013-01-28" || i.State("2013-02-10") != "called" {
		t.Errorf("%+v", i.Extended)
	}
	b.refused(scrutiny.AbandonInquiry(ctx, b.Tx, b.chair, benchSlug, ""), fault.Invalid, "Enter the reason")
	b.must(scrutiny.AbandonInquiry(ctx, b.Tx, b.chair, benchSlug, "The House inquires into the same."))
	b.refused(scrutiny.ExtendCall(ctx, b.Tx, b.chair, benchSlug, "2013-02-20", "x"), fault.Conflict, "because the status is “abandoned”")
	_, err := scrutiny.TakeEvidence(ctx, b.Tx, b.clerk, benchSlug, given(b))
	b.refused(err, fault.Conflict, "because the status is “abandoned”")
	b.holds()
}

func TestAnInquiryIsChecked(t *testing.T) {
	b, ctx := benched(t), t.Context()
	for name, k := range map[string]struct {
		change func(*scrutiny.Inquiry)
		field  string
	}{
		"no title":       {func(i *scrutiny.Inquiry) { i.Title = " " }, "title"},
		"no terms":       {func(i *scrutiny.Inquiry) { i.Terms = "" }, "terms"},
		"a bad address":  {func(i *scrutiny.Inquiry) { i.Slug = "A b" }, "slug"},
		"a taken one":    {func(i *scrutiny.Inquiry) { i.Slug = benchSlug }, "slug"},
		"a reserved one": {func(i *scrutiny.Inquiry) { i.Slug = "new" }, "slug"},
		"a day past":     {func(i *scrutiny.Inquiry) { i.Closes = "2013-01-13" }, "closes"},
		"no committee":   {func(i *scrutiny.Inquiry) { i.Committee = "none" }, "committee"},
	} {
		i := inquiry()
		i.Slug = "another"
		k.change(&i)
		err := scrutiny.OpenInquiry(ctx, b.Tx, b.clerk, i)
		if fault.KindOf(err) != fault.Invalid || storetest.FieldOf(err) != k.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEvidenceIsTakenInWithNumberedParagraphs(t *testing.T) {
	b, ctx := benched(t), t.Context()
	e := b.evidence(office.Viewer{}, b.take(given(b)))
	if e.Number != 1 || e.Submission.Paragraphs != 3 || !e.Reads || e.Text.Paragraphs[0] != "First line of the first paragraph." || e.Title != "What Kent pays" || e.Office.ID != b.clerk.Office.ID {
		t.Errorf("%+v", e)
	}
	for name, k := range map[string]struct {
		change func(*scrutiny.EvidenceForm)
		field  string
	}{
		"no author":           {func(e *scrutiny.EvidenceForm) { e.Author = "" }, "author"},
		"no title":            {func(e *scrutiny.EvidenceForm) { e.Title = "" }, "title"},
		"neither text nor":    {func(e *scrutiny.EvidenceForm) { e.Text = " \n" }, "text"},
		"a day to come":       {func(e *scrutiny.EvidenceForm) { e.Received = b.today.Add(1) }, "received"},
		"before the call":     {func(e *scrutiny.EvidenceForm) { e.Received = b.today.Add(-1) }, "received"},
		"no ground":           {func(e *scrutiny.EvidenceForm) { e.Confidential, e.Review = true, b.today.Add(9) }, "ground"},
		"a ground of its own": {func(e *scrutiny.EvidenceForm) { e.Confidential, e.Ground, e.Review = true, "Shy", b.today.Add(9) }, "ground"},
		"no day of review":    {func(e *scrutiny.EvidenceForm) { e.Confidential, e.Ground = true, scrutiny.EvidenceGrounds[0] }, "review"},
		"reviewed today": {func(e *scrutiny.EvidenceForm) {
			e.Confidential, e.Ground, e.Review = true, scrutiny.EvidenceGrounds[0], b.today
		}, "review"},
		"a file that is not":   {func(e *scrutiny.EvidenceForm) { e.Document = 99 }, "file"},
		"too many paragraphs":  {func(e *scrutiny.EvidenceForm) { e.Text = strings.Repeat("x\n\n", 1001) }, "text"},
		"control characters":   {func(e *scrutiny.EvidenceForm) { e.Text = "a\x00b" }, "text"},
		"a far too long title": {func(e *scrutiny.EvidenceForm) { e.Title = strings.Repeat("é", 161) }, "title"},
	} {
		form := given(b)
		k.change(&form)
		_, err := scrutiny.TakeEvidence(ctx, b.Tx, b.clerk, benchSlug, form)
		if fault.KindOf(err) != fault.Invalid || storetest.FieldOf(err) != k.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.clock.Day("2013-01-29")
	form := given(b)
	form.Received = "2013-01-28"
	if e := b.evidence(b.clerk, b.take(form)); e.Late != "" {
		t.Error("what came on the last day is late")
	}
	form.Received = "2013-01-29"
	_, err := scrutiny.TakeEvidence(ctx, b.Tx, b.clerk, benchSlug, form)
	b.refused(err, fault.Invalid, "accepting it after the call closed on 28 January 2013")
	form.Late = "Their figures were published on that day."
	if e := b.evidence(office.Viewer{}, b.take(form)); e.Number != 3 || e.Late != form.Late || e.Closed != "2013-01-28" {
		t.Errorf("%+v", e.Submission)
	}
	b.holds()
}

func TestConfidentialEvidenceIsSealedAndPublishedAsTheSameText(t *testing.T) {
	b, ctx := benched(t), t.Context()
	doc, err := documents.KeepDraft(ctx, b.Tx, b.clerk, "sesame-author.txt", []byte("sesame document"))
	b.must(err)
	form := confided(b)
	form.Document = doc
	n := b.take(form)
	for name, v := range map[string]office.Viewer{"a stranger": {}, "a scrutineer": b.scrutineer, "an officer": b.officer} {
		e := b.evidence(v, n)
		if all, err := json.Marshal(e); err != nil || e.Reads || strings.Contains(strings.ToLower(string(all)), "sesame") || e.Ground != form.Ground || e.Review != form.Review {
			t.Errorf("%s sees %s", name, all)
		}
		if _, _, err := scrutiny.EvidenceContent(ctx, b.Tx, v, benchSlug, n); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s reads the document: %v", name, err)
		}
	}
	for name, v := range map[string]office.Viewer{"the chair": b.chair, "the clerk": b.clerk, "a member": b.kent} {
		if e := b.evidence(v, n); !e.Reads || e.Author != "Sesame Author" || e.Text.Title != "Sesame title" {
			t.Errorf("%s sees %+v", name, e)
		}
		if _, content, err := scrutiny.EvidenceContent(ctx, b.Tx, v, benchSlug, n); err != nil || string(content) != "sesame document" {
			t.Errorf("%s reads %q: %v", name, content, err)
		}
		if _, err := documents.Find(ctx, b.Tx, v, doc); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s is given the document beside the evidence: %v", name, err)
		}
	}
	hash := b.evidence(b.clerk, n).File.Hash
	if b.recorded("sesame") || b.recorded(hash) {
		t.Error("the record tells what is sealed")
	}
	b.holds()

	b.refused(scrutiny.ReviewEvidence(ctx, b.Tx, b.clerk, benchSlug, n, b.today, "x"), fault.Invalid, "must be after today")
	b.must(scrutiny.ReviewEvidence(ctx, b.Tx, b.clerk, benchSlug, n, b.today.Add(40), "The tender still runs."))
	b.refused(scrutiny.PublishEvidence(ctx, b.Tx, b.clerk, benchSlug, n, ""), fault.Invalid, "Enter the reason")
	b.must(scrutiny.PublishEvidence(ctx, b.Tx, b.chair, benchSlug, n, "The tender is over."))
	b.refused(scrutiny.PublishEvidence(ctx, b.Tx, b.chair, benchSlug, n, "x"), fault.Conflict, "because the status is “published”")
	e := b.evidence(office.Viewer{}, n)
	if !e.Reads || e.Text.Title != "Sesame title" || e.Author != "" || len(e.Reviews) != 1 || e.DocumentHash != hash {
		t.Errorf("%+v", e)
	}
	if _, content, err := scrutiny.EvidenceContent(ctx, b.Tx, office.Viewer{}, benchSlug, n); err != nil || string(content) != "sesame document" {
		t.Errorf("%q %v", content, err)
	}
	if b.recorded("Sesame Author") || b.recorded("sesame-author.txt") {
		t.Error("who asked not to be named is named")
	}
	b.proves(e)
	b.holds()
}

// proves works the commitments of the event that took evidence in out again,
// from the event that published it alone.
func (b bench) proves(e scrutiny.EvidencePage) {
	b.t.Helper()
	read := func(n int64, into any) {
		b.t.Helper()
		event, err := record.FindEvent(b.t.Context(), b.Tx, n)
		b.must(err)
		b.must(json.Unmarshal([]byte(event.Payload), into))
	}
	var said struct {
		Detail map[string]any             `json:"detail"`
		Now    map[string]json.RawMessage `json:"now"`
	}
	var took struct {
		Sealed map[string]string `json:"sealed"`
	}
	read(e.PublishedN, &said)
	read(e.N, &took)
	for name, text := range map[string]string{"evidence": string(said.Now[fmt.Sprintf("evidence-text/%s/%d", benchSlug, e.Number)]), fmt.Sprintf("document %d", e.Document): e.DocumentHash} {
		field := "salt"
		if name != "evidence" {
			field = "document_salt"
		}
		salt, err := hex.DecodeString(said.Detail[field].(string))
		b.must(err)
		if record.Commitment(salt, []byte(text)) != took.Sealed[name] || text == "" {
			b.t.Errorf("the event that published it does not prove %s", name)
		}
	}
}

func TestEvidenceIsWithdrawnAndStaysListed(t *testing.T) {
	b, ctx := benched(t), t.Context()
	open, kept := b.take(given(b)), b.take(confided(b))
	for _, n := range []int64{open, kept} {
		b.refused(scrutiny.WithdrawEvidence(ctx, b.Tx, b.clerk, benchSlug, n, ""), fault.Invalid, "Enter the reason")
		b.must(scrutiny.WithdrawEvidence(ctx, b.Tx, b.clerk, benchSlug, n, "Its author asked for it."))
		b.refused(scrutiny.WithdrawEvidence(ctx, b.Tx, b.clerk, benchSlug, n, "x"), fault.Conflict, "because the status is “withdrawn”")
	}
	b.refused(scrutiny.PublishEvidence(ctx, b.Tx, b.clerk, benchSlug, kept, "x"), fault.Conflict, "because the status is “withdrawn”")
	a, err := scrutiny.ReadInquiryPage(ctx, b.Tx, office.Viewer{}, benchSlug, 0)
	b.must(err)
	if len(a.Evidence) != 2 || a.Evidence[1].Withdrawn.Why != "Its author asked for it." || !a.Evidence[0].Reads || a.Evidence[1].Reads {
		t.Errorf("%+v", a.Evidence)
	}
	b.refused(scrutiny.WithdrawEvidence(ctx, b.Tx, b.clerk, benchSlug, 9, "x"), fault.NotFound, "no evidence 9")
	b.holds()
}

// After the mandate, the successor reads and acts, and the first no longer.
func TestTheSuccessorHoldsTheInquiry(t *testing.T) {
	b, ctx := benched(t), t.Context()
	after := b.today.Add(31)
	essex, dorset := storetest.Holder(t, b.Tx, office.CommissionerOffice, "essex"), storetest.Holder(t, b.Tx, office.CommissionerOffice, "dorset")
	storetest.AddCommittee(t, b.Tx, "next", after, "", essex, dorset, b.clerk)
	old := scrutiny.Committee{Slug: "old", Name: "The old committee (sample)", Terms: "Until the next.", First: b.today, Last: after.Add(-1), Successor: "next"}
	b.must(scrutiny.FoundCommittee(ctx, b.Tx, b.clerk, old))
	b.must(storetest.Seat(ctx, b.Tx, b.clerk, "old", scrutiny.Seat{Office: b.chair.Office, Role: scrutiny.SeatChair, First: b.today}))
	i := inquiry()
	i.Slug, i.Committee = "passed-on", "old"
	b.must(scrutiny.OpenInquiry(ctx, b.Tx, b.chair, i))
	n, err := scrutiny.TakeEvidence(ctx, b.Tx, b.chair, "passed-on", confided(b))
	b.must(err)
	reads := func(want bool, who ...office.Viewer) {
		t.Helper()
		for _, v := range who {
			p, err := scrutiny.Evidence(ctx, b.Tx, v, "passed-on", n)
			b.must(err)
			if p.Evidence.Reads != want || (p.Evidence.Text.Title != "") != want {
				t.Errorf("%s reads it: %v", v.Office.Title, p.Evidence.Reads)
			}
		}
	}
	reads(true, b.chair)
	reads(false, essex, dorset, b.clerk, b.kent)
	b.clock.Day(after)
	reads(true, essex, dorset, b.clerk)
	reads(false, b.chair, b.kent)
	b.refused(scrutiny.AbandonInquiry(ctx, b.Tx, b.chair, "passed-on", "x"), fault.Forbidden, "Only members and clerks of the Scrutiny committee next (sample)")
	b.must(scrutiny.PublishEvidence(ctx, b.Tx, essex, "passed-on", n, "The tender is over."))
	b.holds()
}

// Without a successor nobody reads on, once the mandate has ended.
func TestNobodyReadsOnAfterTheMandate(t *testing.T) {
	b, ctx := benched(t), t.Context()
	n := b.take(confided(b))
	b.clock.Day(b.today.Add(61))
	for _, v := range []office.Viewer{b.chair, b.clerk, b.kent} {
		if e := b.evidence(v, n); e.Reads || e.Text.Title != "" || len(e.Acts) != 0 {
			t.Errorf("%s reads %+v", v.Office.Title, e)
		}
	}
	b.refused(scrutiny.AbandonInquiry(ctx, b.Tx, b.chair, benchSlug, "x"), fault.Forbidden, "mandate of the Scrutiny committee scrutiny (sample) ended")
	if h := (scrutiny.Committees{}).Holding("none", b.today); h.May(b.chair, b.today) == nil {
		t.Errorf("%+v", h)
	}
}

func TestInquiriesAreListed(t *testing.T) {
	b, ctx := benched(t), t.Context()
	for n := range 4 {
		i := inquiry()
		i.Slug, i.Title, i.Closes = fmt.Sprintf("inquiry-%d", n), fmt.Sprintf("Ŵater number%d (sample)", n), b.today.Add(n)
		b.must(scrutiny.OpenInquiry(ctx, b.Tx, b.chair, i))
	}
	b.must(scrutiny.AbandonInquiry(ctx, b.Tx, b.clerk, "inquiry-3", "No time."))
	b.clock.Day(b.today.Add(2))
	b.take(given(b))
	for name, k := range map[string]struct {
		f    scrutiny.InquiryFilter
		want string
	}{
		"all":               {scrutiny.InquiryFilter{}, "inquiry-3 inquiry-2 inquiry-1 inquiry-0 convergence"},
		"called":            {scrutiny.InquiryFilter{State: "called"}, "inquiry-2 convergence"},
		"closed":            {scrutiny.InquiryFilter{State: "closed for evidence"}, "inquiry-1 inquiry-0"},
		"abandoned":         {scrutiny.InquiryFilter{State: "abandoned"}, "inquiry-3"},
		"a word":            {scrutiny.InquiryFilter{Words: "water NUMBER2"}, "inquiry-2"},
		"words in no order": {scrutiny.InquiryFilter{Words: "price systems", Before: 3}, "inquiry-0 convergence"},
		"another committee": {scrutiny.InquiryFilter{Committee: "other"}, ""},
		"older":             {scrutiny.InquiryFilter{Before: 2}, "convergence"},
	} {
		var got []string
		b.must(scrutiny.EachInquiry(ctx, b.Tx, k.f, func(i scrutiny.ListedInquiry) bool { got = append(got, i.Slug); return true }))
		if strings.Join(got, " ") != k.want {
			t.Errorf("%s: %v, want %s", name, got, k.want)
		}
	}
	p, err := scrutiny.Inquiries(ctx, b.Tx, scrutiny.InquiryFilter{}, 2)
	b.must(err)
	if len(p.All) != 2 || p.Count != 5 || p.Next != 4 {
		t.Errorf("%+v", p)
	}
	p, err = scrutiny.Inquiries(ctx, b.Tx, scrutiny.InquiryFilter{Before: 2}, 2)
	b.must(err)
	if p.All[0].Evidence != 1 || p.All[0].State != "called" {
		t.Errorf("%+v", p.All)
	}
}

func TestWhatWaitsForTheClerk(t *testing.T) {
	b, ctx := benched(t), t.Context()
	b.take(confided(b))
	titles := func(v office.Viewer) string {
		t.Helper()
		v.Offices = []office.Office{v.Office}
		all, err := store.Work(ctx, b.Tx, v)
		b.must(err)
		var words []string
		for _, k := range all {
			words = append(words, k.Title+" <"+k.Href+">")
		}
		return strings.Join(words, "; ")
	}
	if got := titles(b.clerk); got != "" {
		t.Errorf("waiting at once: %s", got)
	}
	b.clock.Day("2013-01-29")
	if got := titles(b.clerk); got != "Draft the report of the inquiry: Convergence of systems (sample) </inquiries/convergence/report/draft>" {
		t.Error(got)
	}
	b.must(scrutiny.DraftReport(ctx, b.Tx, b.clerk, benchSlug, 0, scrutiny.ReportForm{Text: "To come."}))
	b.clock.Day(b.today.Add(21))
	if got := titles(b.clerk); got != "Review confidential evidence 1 of convergence </inquiries/convergence/evidence/1>" {
		t.Error(got)
	}
	for name, v := range map[string]office.Viewer{"the chair": b.chair, "a member": b.kent, "a scrutineer": b.scrutineer} {
		if got := titles(v); strings.Contains(got, "convergence") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
