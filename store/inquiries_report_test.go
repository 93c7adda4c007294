package store_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// reported is a report as it is typed.
func reported(findings ...store.FindingForm) store.ReportForm {
	return store.ReportForm{Text: "What we asked.\n\nWhat we heard.", Findings: findings}
}

func (b bench) draft(version int64, form store.ReportForm) error {
	return b.DraftReport(b.t.Context(), b.clerk, benchSlug, version, form)
}

func TestWhatAFindingMayCite(t *testing.T) {
	b, ctx := benched(t), t.Context()
	b.take(given(b))    // 1, of three paragraphs
	b.take(confided(b)) // 2, confidential
	b.take(given(b))    // 3, withdrawn
	b.must(b.WithdrawEvidence(ctx, b.clerk, benchSlug, 3, "Its author asked for it."))
	doc, err := b.KeepDraft(ctx, b.clerk, "table.txt", []byte("A table."))
	b.must(err)
	table := given(b)
	table.Text, table.Document = "", doc
	b.take(table) // 4, a document only
	draft := func(f store.FindingForm) error {
		a := b.see()
		if a.Report == nil {
			return b.draft(0, reported(f))
		}
		return b.draft(a.Report.Version, reported(f))
	}
	for cites, says := range map[string]string{
		"1 p3": "", "evidence 1, paragraph 2": "", "1 P1; 1p2\n2": "", "2": "", "4": "",
		"1 p4": "Evidence 1 has no paragraph 4: it has 3 paragraphs.",
		"1":    "Say which paragraph of evidence 1, like 1 p1",
		"2 p1": "Evidence 2 is confidential, so it cannot be quoted: cite it by its number only.",
		"3 p1": "Evidence 3 was withdrawn",
		"3":    "Evidence 3 was withdrawn",
		"4 p1": "Evidence 4 has no paragraph 1: it has 0 paragraphs.",
		"5 p1": "This inquiry has no evidence 5",
		"0 p1": "This inquiry has no evidence 0",
		"x":    "“x” does not cite evidence",
		"1 p":  "does not cite evidence",
		"":     "Say what finding 1 rests on",
	} {
		err := draft(store.FindingForm{Text: "Prices rose.", Cites: cites})
		if says == "" {
			b.must(err)
			continue
		}
		b.refused(err, store.Invalid, says)
		if e, ok := errors.AsType[*store.Error](err); ok && e.Faults[0].Field != "cites-1" {
			t.Errorf("%q: %+v", cites, e.Faults)
		}
	}
	b.refused(draft(store.FindingForm{Cites: "1 p1"}), store.Invalid, "Give finding 1")
	b.refused(draft(store.FindingForm{Text: "x", Figures: "decision/2013-001"}), store.Invalid, "nothing of the reference")
	b.refused(b.draft(0, reported()), store.Conflict, "Someone else changed this draft first")
	b.holds()
}

func TestAFigureStaysAsItWasSeen(t *testing.T) {
	b, ctx := benched(t), t.Context()
	address, err := b.DraftDecision(ctx, b.officer, store.DraftForm{Matter: "contract", Paper: paper(6_125_800)})
	b.must(err)
	b.refused(b.draft(0, reported(store.FindingForm{Text: "It is drafted.", Figures: "decision/" + address})), store.Invalid, "nothing of the reference")
	ref, _, err := b.PutForward(ctx, b.officer, address, 1)
	b.must(err)
	ref = "decision/" + ref
	b.must(b.draft(0, reported(store.FindingForm{Text: "It was decided.", Figures: ref})))
	first := b.see().Words.Findings[0].Figures[0]
	if first.Ref != ref || first.Event == 0 || first.Label == "" {
		t.Errorf("%+v", first)
	}
	b.take(given(b)) // the record moves on
	b.must(b.draft(1, reported(store.FindingForm{Text: "It was decided again.", Figures: ref, Cites: "1 p1"})))
	if again := b.see().Words.Findings[0].Figures[0]; again.Event != first.Event {
		t.Errorf("seen at event %d, and then at %d", first.Event, again.Event)
	}
}

func TestAReportIsDraftedInPrivateAndPublished(t *testing.T) {
	b, ctx := benched(t), t.Context()
	b.take(given(b))
	form := store.ReportForm{Text: "Sesame begins.\n\nSesame ends.", Findings: []store.FindingForm{{}, {Text: "Sesame prices rose.", Cites: "1 p2"}}}
	b.must(b.draft(0, form))
	for name, v := range map[string]store.Viewer{"a stranger": {}, "a scrutineer": b.scrutineer, "an officer": b.officer} {
		a, err := b.Inquiry(ctx, v, benchSlug, 0)
		b.must(err)
		if all, err := json.Marshal(a); err != nil || a.Report == nil || strings.Contains(string(all), "Sesame") {
			t.Errorf("%s sees %s", name, all)
		}
		if _, err := b.InquiryReport(ctx, v, benchSlug); store.KindOf(err) != store.NotFound {
			t.Errorf("%s reads the draft: %v", name, err)
		}
	}
	if a, err := b.InquiryReport(ctx, b.kent, benchSlug); err != nil || len(a.Words.Findings) != 1 || a.Words.Paragraphs[1] != "Sesame ends." {
		t.Errorf("a member reads %+v: %v", a.Words, err)
	}
	if b.recorded("sesame") {
		t.Error("the record tells the draft")
	}
	b.refused(b.PublishReport(ctx, b.chair, benchSlug, 1), store.Conflict, "Evidence is taken until the end of 28 January 2013")
	b.clock.Day("2013-01-29")
	b.refused(b.PublishReport(ctx, b.chair, benchSlug, 2), store.Conflict, "Someone else changed this draft first")
	b.must(b.PublishReport(ctx, b.chair, benchSlug, 1))
	a, err := b.InquiryReport(ctx, store.Viewer{}, benchSlug)
	b.must(err)
	if a.Status != store.InquiryReported || a.Report.Status != store.ReportPublished || a.Words.Findings[0].Cites[0] != (store.Citation{Evidence: 1, Paragraph: 2}) || len(a.Acts) != 0 {
		t.Errorf("%+v", a)
	}
	b.refused(b.draft(1, form), store.Conflict, "This is reported")
	b.refused(b.PublishReport(ctx, b.chair, benchSlug, 1), store.Conflict, "This is reported")
	b.holds()
}

func TestWhatStandsAgainstPublishingAReport(t *testing.T) {
	b, ctx := benched(t), t.Context()
	b.take(given(b))
	b.take(confided(b))
	b.clock.Day("2013-01-29")
	publishes := func(version int64, form store.ReportForm) error {
		t.Helper()
		b.must(b.draft(version, form))
		return b.PublishReport(ctx, b.clerk, benchSlug, version+1)
	}
	b.refused(publishes(0, reported()), store.Conflict, "at least one finding")
	quote := "They say that PRICES rose, by nine in a hundred every year, since 2009."
	form := reported(store.FindingForm{Text: "Prices rose.", Cites: "2"})
	form.Text += "\n\n" + quote
	b.refused(publishes(1, form), store.Conflict, "Paragraph 3 quotes evidence 2, which is confidential")
	b.refused(publishes(2, reported(store.FindingForm{Text: quote, Cites: "2"})), store.Conflict, "Finding 1 quotes evidence 2")
	b.must(b.draft(3, reported(store.FindingForm{Text: "Prices rose.", Cites: "1 p1\n2"})))
	b.must(b.WithdrawEvidence(ctx, b.clerk, benchSlug, 1, "Its author asked for it."))
	b.refused(b.PublishReport(ctx, b.clerk, benchSlug, 4), store.Conflict, "Finding 1 cannot be published as it is. Evidence 1 was withdrawn")
	b.must(publishes(4, reported(store.FindingForm{Text: "Prices rose.", Cites: "2"})))
	b.holds()
}

// Every act on an inquiry, by every kind of office that sits, does not sit, or
// sits on another committee.
func TestWhoDoesWhatInAnInquiry(t *testing.T) {
	acts := map[string]func(b bench, v store.Viewer) error{
		"open": func(b bench, v store.Viewer) error {
			i := inquiry()
			i.Slug, i.Closes = "second", "2013-02-28"
			return b.OpenInquiry(b.t.Context(), v, i)
		},
		"extend": func(b bench, v store.Viewer) error {
			return b.ExtendCall(b.t.Context(), v, benchSlug, "2013-02-28", "x")
		},
		"abandon": func(b bench, v store.Viewer) error { return b.AbandonInquiry(b.t.Context(), v, benchSlug, "x") },
		"take": func(b bench, v store.Viewer) error {
			_, err := b.TakeEvidence(b.t.Context(), v, benchSlug, given(b))
			return err
		},
		"publish": func(b bench, v store.Viewer) error { return b.PublishEvidence(b.t.Context(), v, benchSlug, 1, "x") },
		"review": func(b bench, v store.Viewer) error {
			return b.ReviewEvidence(b.t.Context(), v, benchSlug, 1, "2013-03-01", "x")
		},
		"withdraw": func(b bench, v store.Viewer) error { return b.WithdrawEvidence(b.t.Context(), v, benchSlug, 1, "x") },
		"draft":    func(b bench, v store.Viewer) error { return b.DraftReport(b.t.Context(), v, benchSlug, 1, reported()) },
		"report":   func(b bench, v store.Viewer) error { return b.PublishReport(b.t.Context(), v, benchSlug, 1) },
	}
	b := benched(t)
	b.take(confided(b))
	b.take(given(b))
	b.must(b.draft(0, reported(store.FindingForm{Text: "Prices rose.", Cites: "2 p1"})))
	another := func(kind store.OfficeKind, body string) store.Viewer { // not in the office that sits
		title := "Another " + string(kind) + " (sample)"
		return storetest.Holds(t, b.Store, storetest.Person(t, b.Store, title), store.Office{Body: body, Kind: kind, Title: title, Seat: map[store.OfficeKind]int64{store.DirectorOffice: 1}[kind]})
	}
	other := storetest.Holds(t, b.Store, storetest.Person(t, b.Store, "Other chair (sample)"), store.Office{Body: store.TheAssociation, Kind: store.Chair, Title: "Other chair"})
	otherClerk := storetest.Holds(t, b.Store, storetest.Person(t, b.Store, "Other clerk (sample)"), store.Office{Body: store.TheAssociation, Kind: store.Clerk, Title: "Other clerk"})
	essex := storetest.Holder(t, b.Store, store.CommissionerOffice, "essex")
	committee(t, b.Store, "other", b.today, "", other, essex, otherClerk)
	people := map[string]store.Viewer{"nobody": {}, "the portal": store.Portal, "the chair of another": other, "the clerk of another": otherClerk, "a member of another": essex, "a member": b.kent}
	for kind, body := range map[store.OfficeKind]string{store.CommissionerOffice: "dorset", store.ChiefExecutive: "kent", store.Official: store.HomeOffice, store.AssociationOfficer: store.TheAssociation,
		store.Scrutineer: store.TheAssociation, store.Chair: store.TheAssociation, store.Clerk: store.TheAssociation, store.CompanyOfficer: store.TheCompany, store.CompanySecretary: store.TheCompany,
		store.FinanceOfficer: store.TheCompany, store.Auditor: store.TheCompany, store.Administrator: store.TheCompany, store.DirectorOffice: store.TheCompany, store.Constable: "kent"} {
		people["a "+string(kind)+" who does not sit"] = another(kind, body)
	}
	b.clock.Day("2013-01-29")
	size := func() int64 { return headOf(t, b.Store).Size }
	was := size()
	for name, act := range acts {
		for who, v := range people {
			if err := act(b, v); store.KindOf(err) != store.Forbidden {
				t.Errorf("%s, by %s: %v", name, who, err)
			}
		}
		for who, v := range map[string]store.Viewer{"the chair": b.chair, "the clerk": b.clerk} {
			err := b.Try(t.Context(), func(s *store.Store) error {
				in := b
				in.Store = s
				if name == "take" {
					b.must(s.ExtendCall(t.Context(), v, benchSlug, "2013-02-28", "x"))
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
	b := bench{Store: s, t: t, clock: clock, chair: storetest.Holder(t, s, store.Chair, store.TheAssociation), clerk: storetest.Holder(t, s, store.Clerk, store.TheAssociation), today: "2013-01-14"}
	committee(t, s, "scrutiny", b.today, "", b.chair, store.Viewer{}, b.clerk)
	b.must(s.OpenInquiry(t.Context(), b.clerk, inquiry()))
	b.take(given(b))
	b.take(confided(b))
	b.must(b.draft(0, reported(store.FindingForm{Text: "Prices rose.", Cites: "1 p2"})))
	clock.Day("2013-01-29")
	b.must(s.PublishReport(t.Context(), b.chair, benchSlug, 1))
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
			v, err := s.Verify(t.Context())
			b.must(err)
			if q == k.change && (v.OK() || !strings.Contains(v.Fault, k.fault)) || q == k.back && !v.OK() {
				t.Errorf("%s, %s: %q, want %q", name, q, v.Fault, k.fault)
			}
		}
	}
}
