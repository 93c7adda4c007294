package storetest

import (
	"testing"

	"github.com/police-ict/handover/store"
)

// Naming is a whole paper that names one thing it lets somebody do.
func Naming(e store.Effect) store.Paper {
	return store.Paper{Title: "Let it be done (sample)", Summary: "It is needed.", Recommendation: "Do it.", Reasons: "Nothing else helps.",
		Options: []store.Option{{Text: "Do nothing"}, {Text: "Do it", Chosen: true}}, Financial: "None.", Legal: "None.", Equality: "None.",
		Welsh: "None.", Risk: "Low.", Effects: []store.Effect{e}}
}

// Authorised brings a decision about that names an effect, by people of its
// own, moves the clock to where its call-in closes, and returns its reference.
func Authorised(t testing.TB, s *store.Store, clock *Clock, matter string, e store.Effect) string {
	t.Helper()
	ref := Published(t, s, matter, e)
	d, err := s.Decision(t.Context(), store.Viewer{}, ref)
	must(t, err)
	clock.Set(d.May.Closes)
	return ref
}

// Published is Authorised with the decision still held for call-in.
func Published(t testing.TB, s *store.Store, matter string, e store.Effect) string {
	t.Helper()
	ctx := t.Context()
	secretary, officer, finance := Holder(t, s, store.CompanySecretary, store.TheCompany), Holder(t, s, store.CompanyOfficer, store.TheCompany), Holder(t, s, store.FinanceOfficer, store.TheCompany)
	owned(t, s, secretary)
	draft, err := s.DraftDecision(ctx, officer, store.DraftForm{Matter: matter, Paper: Naming(e)})
	must(t, err)
	ref, _, err := s.PutForward(ctx, officer, draft, 1)
	must(t, err)
	d, err := s.Decision(ctx, secretary, ref)
	must(t, err)
	for _, k := range d.ViewsWanted(d.Band) {
		by := map[store.ViewKind]store.Viewer{store.FinanceView: finance, store.LegalView: secretary}[k]
		must(t, Err(s.View(ctx, by, ref, d.Hash, k, "No objection.")))
	}
	must(t, Err(s.OpenDecision(ctx, secretary, ref, store.OpenForm{Way: d.Band.Ways[0]})))
	for _, by := range deciders(t, s, d.Band) {
		must(t, Err(s.Cast(ctx, by, ref, store.BallotForm{Hash: d.Hash, Role: store.Votes, Choice: store.For})))
	}
	if d.Band.Who == store.TheBoard {
		must(t, Err(s.ClosePoll(ctx, Holder(t, s, store.Chair, store.TheCompany), ref)))
	}
	must(t, Err(s.PublishDecision(ctx, secretary, ref, store.DayOf(s.Now()))))
	return ref
}

// deciders are people who decide: one for each owner, or the director of a seat.
func deciders(t testing.TB, s *store.Store, b store.Band) []store.Viewer {
	t.Helper()
	if b.Who == store.TheBoard {
		return []store.Viewer{Holder(t, s, store.DirectorOffice, store.TheCompany)}
	}
	return []store.Viewer{Holder(t, s, store.Official, store.HomeOffice), Holder(t, s, store.AssociationOfficer, store.TheAssociation)}
}

// owned enters the owners and a director in a register that has none.
func owned(t testing.TB, s *store.Store, secretary store.Viewer) {
	t.Helper()
	const from = "2012-07-16"
	r, err := s.Register(t.Context(), store.When{})
	must(t, err)
	var all []store.Entry
	if len(r.Members) == 0 {
		all = append(all, store.Entry{Kind: store.Incorporated, Registered: from})
		for _, body := range []string{store.HomeOffice, store.TheAssociation} {
			all = append(all, store.Entry{Kind: store.Admitted, Body: body, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Subscription", Registered: from},
				store.Entry{Kind: store.RightGranted, Body: body, Right: store.AppointDirectors, Seats: 6, Clause: "14.2", Registered: from})
		}
	}
	if len(r.Directors) == 0 {
		all = append(all, store.Entry{Kind: store.DirectorAppointed, Body: store.HomeOffice, Director: "Director 1 (sample)", Seat: 1, Registered: from})
	}
	for _, e := range all {
		_, err := s.Enter(t.Context(), secretary, e)
		must(t, err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Err is the error of a write that returns its event too.
func Err(_ int64, err error) error { return err }
