package scrutiny_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// reported is a report as it is typed.
func reported(findings ...scrutiny.FindingForm) scrutiny.ReportForm {
	return scrutiny.ReportForm{Text: "What we asked.\n\nWhat we heard.", Findings: findings}
}

func (b bench) draft(version int64, form scrutiny.ReportForm) error {
	return scrutiny.DraftReport(b.t.Context(), b.Tx, b.clerk, benchSlug, version, form)
}

func TestWhatAFindingMayCite(t *testing.T) {
	b, ctx := benched(t), t.Context()
	b.take(given(b))    // 1, of three paragraphs
	b.take(confided(b)) // 2, confidential
	b.take(given(b))    // 3, withdrawn
	b.must(scrutiny.WithdrawEvidence(ctx, b.Tx, b.clerk, benchSlug, 3, "Its author asked for it."))
	doc, err := documents.KeepDraft(ctx, b.Tx, b.clerk, "table.txt", []byte("A table."))
	b.must(err)
	table := given(b)
	table.Text, table.Document = "", doc
	b.take(table) // 4, a document only
	draft := func(f scrutiny.FindingForm) error {
		a := b.see()
		if a.Report == nil {
			return b.draft(0, reported(f))
		}
		return b.draft(a.Report.Version, reported(f))
	}
	for cites, says := range map[string]string{
		"1 p3": "", "evidence 1, paragraph 2": "", "1 P1; 1p2\n2": "", "2": "", "4": "",
		"1 p4": "Evidence 1 has no paragraph 4. It has 3 paragraphs.",
		"1":    "Enter a paragraph of evidence 1, for example 1 p1",
		"2 p1": "Evidence 2 is confidential. Cite it by its number only.",
		"3 p1": "Evidence 3 was withdrawn",
		"3":    "Evidence 3 was withdrawn",
		"4 p1": "Evidence 4 has no paragraph 1. It has 0 paragraphs.",
		"5 p1": "This inquiry has no evidence 5",
		"0 p1": "This inquiry has no evidence 0",
		"x":    "“x” does not cite evidence",
		"1 p":  "does not cite evidence",
		"":     "Enter the evidence for finding 1",
	} {
		err := draft(scrutiny.FindingForm{Text: "Prices rose.", Cites: cites})
		if says == "" {
			b.must(err)
			continue
		}
		b.refused(err, fault.Invalid, says)
		if e, ok := errors.AsType[*fault.Error](err); ok && e.Faults[0].Field != "cites-1" {
			t.Errorf("%q: %+v", cites, e.Faults)
		}
	}
	b.refused(draft(scrutiny.FindingForm{Cites: "1 p1"}), fault.Invalid, "Enter finding 1")
	b.refused(draft(scrutiny.FindingForm{Text: "x", Figures: "decision/2013-001"}), fault.Invalid, "is not the reference of a published figure")
	b.refused(b.draft(0, reported()), fault.Conflict, "Someone else has changed this draft")
	b.holds()
}

func TestAFigureStaysAsItWasSeen(t *testing.T) {
	b, ctx := benched(t), t.Context()
	address, err := decisions.SaveDraft(ctx, b.Tx, b.officer, decisions.DraftForm{Matter: "contract", Paper: storetest.HostingPaper(6_125_800)})
	b.must(err)
	b.refused(b.draft(0, reported(scrutiny.FindingForm{Text: "It is drafted.", Figures: "decision/" + address})), fault.Invalid, "is not the reference of a published figure")
	ref, _, err := decisions.PutForwardPaper(ctx, b.Tx, b.officer, address, 1)
	b.must(err)
	ref = "decision/" + ref
	b.must(b.draft(0, reported(scrutiny.FindingForm{Text: "It was decided.", Figures: ref})))
	first := b.see().Words.Findings[0].Figures[0]
	if first.Ref != ref || first.Event == 0 || first.Label == "" {
		t.Errorf("%+v", first)
	}
	b.take(given(b)) // the record moves on
	b.must(b.draft(1, reported(scrutiny.FindingForm{Text: "It was decided again.", Figures: ref, Cites: "1 p1"})))
	if again := b.see().Words.Findings[0].Figures[0]; again.Event != first.Event {
		t.Errorf("seen at event %d, and then at %d", first.Event, again.Event)
	}
}

func TestAReportIsDraftedInPrivateAndPublished(t *testing.T) {
	b, ctx := benched(t), t.Context()
	b.take(given(b))
	form := scrutiny.ReportForm{Text: "Sesame begins.\n\nSesame ends.", Findings: []scrutiny.FindingForm{{}, {Text: "Sesame prices rose.", Cites: "1 p2"}}}
	b.must(b.draft(0, form))
	for name, v := range map[string]office.Viewer{"a stranger": {}, "a scrutineer": b.scrutineer, "an officer": b.officer} {
		a, err := scrutiny.ReadInquiryPage(ctx, b.Tx, v, benchSlug, 0)
		b.must(err)
		if all, err := json.Marshal(a); err != nil || a.Report == nil || strings.Contains(string(all), "Sesame") {
			t.Errorf("%s sees %s", name, all)
		}
		if _, err := scrutiny.InquiryReport(ctx, b.Tx, v, benchSlug); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s reads the draft: %v", name, err)
		}
	}
	if a, err := scrutiny.InquiryReport(ctx, b.Tx, b.kent, benchSlug); err != nil || len(a.Words.Findings) != 1 || a.Words.Paragraphs[1] != "Sesame ends." {
		t.Errorf("a member reads %+v: %v", a.Words, err)
	}
	if b.recorded("sesame") {
		t.Error("the record tells the draft")
	}
	b.refused(scrutiny.PublishReport(ctx, b.Tx, b.chair, benchSlug, 1), fault.Conflict, "The call for evidence is open until the end of 28 January 2013")
	b.clock.Day("2013-01-29")
	b.refused(scrutiny.PublishReport(ctx, b.Tx, b.chair, benchSlug, 2), fault.Conflict, "Someone else has changed this draft")
	b.must(scrutiny.PublishReport(ctx, b.Tx, b.chair, benchSlug, 1))
	a, err := scrutiny.InquiryReport(ctx, b.Tx, office.Viewer{}, benchSlug)
	b.must(err)
	if a.Status != scrutiny.InquiryReported || a.Report.Status != scrutiny.ReportPublished || a.Words.Findings[0].Cites[0] != (scrutiny.Citation{Evidence: 1, Paragraph: 2}) || len(a.Acts) != 0 {
		t.Errorf("%+v", a)
	}
	b.refused(b.draft(1, form), fault.Conflict, "because the status is “reported”")
	b.refused(scrutiny.PublishReport(ctx, b.Tx, b.chair, benchSlug, 1), fault.Conflict, "because the status is “reported”")
	b.holds()
}

func TestWhatStandsAgainstPublishingAReport(t *testing.T) {
	b, ctx := benched(t), t.Context()
	b.take(given(b))
	b.take(confided(b))
	b.clock.Day("2013-01-29")
	publishes := func(version int64, form scrutiny.ReportForm) error {
		t.Helper()
		b.must(b.draft(version, form))
		return scrutiny.PublishReport(ctx, b.Tx, b.clerk, benchSlug, version+1)
	}
	b.refused(publishes(0, reported()), fault.Conflict, "at least one finding")
	quote := "They say that PRICES rose, by nine in a hundred every year, since 2009."
	form := reported(scrutiny.FindingForm{Text: "Prices rose.", Cites: "2"})
	form.Text += "\n\n" + quote
	b.refused(publishes(1, form), fault.Conflict, "Paragraph 3 quotes evidence 2, which is confidential")
	b.refused(publishes(2, reported(scrutiny.FindingForm{Text: quote, Cites: "2"})), fault.Conflict, "Finding 1 quotes evidence 2")
	b.must(b.draft(3, reported(scrutiny.FindingForm{Text: "Prices rose.", Cites: "1 p1\n2"})))
	b.must(scrutiny.WithdrawEvidence(ctx, b.Tx, b.clerk, benchSlug, 1, "Its author asked for it."))
	b.refused(scrutiny.PublishReport(ctx, b.Tx, b.clerk, benchSlug, 4), fault.Conflict, "Finding 1 cannot be published yet. Evidence 1 was withdrawn")
	b.must(publishes(4, reported(scrutiny.FindingForm{Text: "Prices rose.", Cites: "2"})))
	b.holds()
}

// Every act on an inquiry, by every kind of office that sits, does not sit, or
// sits on another committee.
func TestWhoDoesWhatInAnInquiry(t *testing.T) {
	acts := map[string]func(b bench, v office.Viewer) error{
		"open": func(b bench, v office.Viewer) error {
			i := inquiry()
			i.Slug, i.Closes = "second", "2013-02-28"
			return scrutiny.OpenInquiry(b.t.Context(), b.Tx, v, i)
		},
		"extend": func(b bench, v office.Viewer) error {
			return scrutiny.ExtendCall(b.t.Context(), b.Tx, v, benchSlug, "2013-02-28", "x")
		},
		"abandon": func(b bench, v office.Viewer) error {
			return scrutiny.AbandonInquiry(b.t.Context(), b.Tx, v, benchSlug, "x")
		},
		"take": func(b bench, v office.Viewer) error {
			_, err := scrutiny.TakeEvidence(b.t.Context(), b.Tx, v, benchSlug, given(b))
			return err
		},
		"publish": func(b bench, v office.Viewer) error {
			return scrutiny.PublishEvidence(b.t.Context(), b.Tx, v, benchSlug, 1, "x")
		},
		"review": func(b bench, v office.Viewer) error {
			return scrutiny.ReviewEvidence(b.t.Context(), b.Tx, v, benchSlug, 1, "2013-03-01", "x")
		},
		"withdraw": func(b bench, v office.Viewer) error {
			return scrutiny.WithdrawEvidence(b.t.Context(), b.Tx, v, benchSlug, 1, "x")
		},
		"draft": func(b bench, v office.Viewer) error {
			return scrutiny.DraftReport(b.t.Context(), b.Tx, v, benchSlug, 1, reported())
		},
		"report": func(b bench, v office.Viewer) error {
			return scrutiny.PublishReport(b.t.Context(), b.Tx, v, benchSlug, 1)
		},
	}
	b := benched(t)
	b.take(confided(b))
	b.take(given(b))
	b.must(b.draft(0, reported(scrutiny.FindingForm{Text: "Prices rose.", Cites: "2 p1"})))
	another := func(kind office.Kind, body string) office.Viewer { // not in the office that sits
		title := "Another " + string(kind) + " (sample)"
		return storetest.Holds(t, b.Tx, storetest.Person(t, b.Tx, title), office.Office{Body: body, Kind: kind, Title: title, Seat: map[office.Kind]int64{office.DirectorOffice: 1}[kind]})
	}
	other := storetest.Holds(t, b.Tx, storetest.Person(t, b.Tx, "Other chair (sample)"), office.Office{Body: office.TheAssociation, Kind: office.Chair, Title: "Other chair"})
	otherClerk := storetest.Holds(t, b.Tx, storetest.Person(t, b.Tx, "Other clerk (sample)"), office.Office{Body: office.TheAssociation, Kind: office.Clerk, Title: "Other clerk"})
	essex := storetest.Holder(t, b.Tx, office.CommissionerOffice, "essex")
	storetest.AddCommittee(t, b.Tx, "other", b.today, "", other, essex, otherClerk)
	people := map[string]office.Viewer{"nobody": {}, "the portal": office.Portal, "the chair of another": other, "the clerk of another": otherClerk, "a member of another": essex, "a member": b.kent}
	for kind, body := range map[office.Kind]string{office.CommissionerOffice: "dorset", office.ChiefExecutive: "kent", office.Official: office.HomeOffice, office.AssociationOfficer: office.TheAssociation,
		office.Scrutineer: office.TheAssociation, office.Chair: office.TheAssociation, office.Clerk: office.TheAssociation, office.CompanyOfficer: office.TheCompany, office.CompanySecretary: office.TheCompany,
		office.FinanceOfficer: office.TheCompany, office.Auditor: office.TheCompany, office.Administrator: office.TheCompany, office.DirectorOffice: office.TheCompany, office.Constable: "kent"} {
		people["a "+string(kind)+" who does not sit"] = another(kind, body)
	}
	b.clock.Day("2013-01-29")
	size := func() int64 { return storetest.HeadOf(t, b.Tx).Size }
	was := size()
	for name, act := range acts {
		for who, v := range people {
			if err := act(b, v); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s, by %s: %v", name, who, err)
			}
		}
		for who, v := range map[string]office.Viewer{"the chair": b.chair, "the clerk": b.clerk} {
			err := record.Try(t.Context(), b.Tx, func(s *db.Tx) error {
				in := b
				in.Tx = s
				if name == "take" {
					b.must(scrutiny.ExtendCall(t.Context(), s, v, benchSlug, "2013-02-28", "x"))
				}
				return act(in, v)
			})
			if err != nil {
				t.Errorf("%s, by %s: %v", name, who, err)
			}
		}
	}
	if size() != was {
		t.Errorf("%d events were recorded", size()-was)
	}
}

// What is changed of an inquiry beside the record is found.
func TestVerifyFindsAChangedInquiry(t *testing.T) {
	database, key, clock := storetest.Database(t), filepath.Join(t.TempDir(), "record.key"), &storetest.Clock{}
	clock.Set(storetest.Noon)
	s := storetest.At(t, database, key, clock.Now)
	b := bench{Tx: s, t: t, clock: clock, chair: storetest.Holder(t, s, office.Chair, office.TheAssociation), clerk: storetest.Holder(t, s, office.Clerk, office.TheAssociation), today: "2013-01-14"}
	storetest.AddCommittee(t, s, "scrutiny", b.today, "", b.chair, office.Viewer{}, b.clerk)
	b.must(scrutiny.OpenInquiry(t.Context(), s, b.clerk, inquiry()))
	b.take(given(b))
	b.take(confided(b))
	b.must(b.draft(0, reported(scrutiny.FindingForm{Text: "Prices rose.", Cites: "1 p2"})))
	clock.Day("2013-01-29")
	b.must(scrutiny.PublishReport(t.Context(), s, b.chair, benchSlug, 1))
	b.holds()
	driver, address := "sqlite", "file:"+database
	if strings.HasPrefix(database, "postgres") {
		driver, address = "pgx", database
	}
	db, err := sql.Open(driver, address)
	b.must(err)
	defer db.Close()
	for name, k := range map[string]struct{ change, back, fault string }{
		"the closing day that it is listed by": {`UPDATE inquiries SET closes = '2013-01-30'`, `UPDATE inquiries SET closes = '2013-01-28'`, "inquiry/convergence"},
		"the status that it is listed by":      {`UPDATE inquiries SET status = 'abandoned'`, `UPDATE inquiries SET status = 'reported'`, "inquiry/convergence"},
		"the committee":                        {`UPDATE inquiries SET committee = 'other'`, `UPDATE inquiries SET committee = 'scrutiny'`, "inquiry/convergence"},
		"the terms":                            {`UPDATE inquiries SET inquiry = REPLACE(inquiry, 'converge.', 'differ.')`, `UPDATE inquiries SET inquiry = REPLACE(inquiry, 'differ.', 'converge.')`, "inquiry/convergence"},
		"the author of evidence":               {`UPDATE evidence SET evidence = REPLACE(evidence, 'Kent', 'Essex')`, `UPDATE evidence SET evidence = REPLACE(evidence, 'Essex', 'Kent')`, "evidence/convergence/1"},
		"confidence that is over":              {`UPDATE evidence SET status = 'published' WHERE number = 2`, `UPDATE evidence SET status = 'confidential' WHERE number = 2`, "evidence/convergence/2"},
		"the day of its review":                {`UPDATE evidence SET review = '2014-01-01' WHERE number = 2`, `UPDATE evidence SET review = '2013-02-03' WHERE number = 2`, "evidence/convergence/2"},
		"a paragraph":                          {`UPDATE evidence_texts SET text = REPLACE(text, 'second', 'last')`, `UPDATE evidence_texts SET text = REPLACE(text, 'last', 'second')`, "evidence-text/convergence/1"},
		"a sealed paragraph":                   {`UPDATE sealed SET salt = text, text = salt WHERE name = 'evidence'`, `UPDATE sealed SET text = salt, salt = text WHERE name = 'evidence'`, "restricted part “evidence”"},
		"a finding":                            {`UPDATE reports SET report = REPLACE(report, 'rose', 'fell')`, `UPDATE reports SET report = REPLACE(report, 'fell', 'rose')`, "report/convergence"},
		"a report taken back":                  {`UPDATE reports SET status = 'draft'`, `UPDATE reports SET status = 'published'`, "report/convergence"},
	} {
		for _, q := range []string{k.change, k.back} {
			if _, err := db.Exec(q); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			v, err := store.Verify(t.Context(), s)
			b.must(err)
			if q == k.change && (v.OK() || !strings.Contains(v.Fault, k.fault)) || q == k.back && !v.OK() {
				t.Errorf("%s, %s: %q, want %q", name, q, v.Fault, k.fault)
			}
		}
	}
}
