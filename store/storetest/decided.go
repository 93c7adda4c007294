package storetest

import (
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
)

// Naming is a whole paper that names one thing it lets somebody do.
func Naming(e authority.Effect) authority.Paper {
	return authority.Paper{Title: "Let it be done (sample)", Summary: "It is needed.", Recommendation: "Do it.", Reasons: "Nothing else helps.",
		Options: []authority.Option{{Text: "Do nothing"}, {Text: "Do it", Chosen: true}}, Financial: "None.", Legal: "None.", Equality: "None.",
		Welsh: "None.", Risk: "Low.", Effects: []authority.Effect{e}}
}

// Authorised brings a decision about that names an effect, by people of its
// own, moves the clock to where its call-in closes, and returns its reference.
func Authorised(t testing.TB, s *db.Tx, clock *Clock, matter string, e authority.Effect) string {
	t.Helper()
	ref := Published(t, s, matter, e)
	d, err := decisions.ReadPage(t.Context(), s, office.Viewer{}, ref)
	must(t, err)
	clock.Set(d.May.Closes)
	return ref
}

// Published is Authorised with the decision still held for call-in.
func Published(t testing.TB, s *db.Tx, matter string, e authority.Effect) string {
	t.Helper()
	ctx := t.Context()
	secretary, officer, finance := Holder(t, s, office.CompanySecretary, office.TheCompany), Holder(t, s, office.CompanyOfficer, office.TheCompany), Holder(t, s, office.FinanceOfficer, office.TheCompany)
	owned(t, s, secretary)
	draft, err := decisions.SaveDraft(ctx, s, officer, decisions.DraftForm{Matter: matter, Paper: Naming(e)})
	must(t, err)
	ref, _, err := decisions.PutForwardPaper(ctx, s, officer, draft, 1)
	must(t, err)
	d, err := decisions.ReadPage(ctx, s, secretary, ref)
	must(t, err)
	for _, k := range d.ViewsWanted(d.Band) {
		by := map[authority.ViewKind]office.Viewer{authority.FinanceView: finance, authority.LegalView: secretary}[k]
		must(t, Err(decisions.GiveView(ctx, s, by, ref, d.Hash, k, "No objection.")))
	}
	must(t, Err(decisions.OpenVoting(ctx, s, secretary, ref, decisions.OpenForm{Way: d.Band.Ways[0]})))
	for _, by := range deciders(t, s, d.Band) {
		must(t, Err(decisions.CastBallot(ctx, s, by, ref, decisions.BallotForm{Hash: d.Hash, Role: authority.Votes, Choice: authority.For})))
	}
	if d.Band.Who == authority.TheBoard {
		must(t, Err(decisions.ClosePoll(ctx, s, Holder(t, s, office.Chair, office.TheCompany), ref)))
	}
	must(t, Err(decisions.Publish(ctx, s, secretary, ref, civil.DayOf(s.Now()))))
	return ref
}

// deciders are people who decide: one for each owner, or the director of a seat.
func deciders(t testing.TB, s *db.Tx, b authority.Band) []office.Viewer {
	t.Helper()
	if b.Who == authority.TheBoard {
		return []office.Viewer{Holder(t, s, office.DirectorOffice, office.TheCompany)}
	}
	return []office.Viewer{Holder(t, s, office.Official, office.HomeOffice), Holder(t, s, office.AssociationOfficer, office.TheAssociation)}
}

// owned enters the owners and a director in a register that has none.
func owned(t testing.TB, s *db.Tx, secretary office.Viewer) {
	t.Helper()
	const from = "2012-07-16"
	r, err := register.Read(t.Context(), s, record.When{})
	must(t, err)
	var all []register.Entry
	if len(r.Members) == 0 {
		all = append(all, register.Entry{Kind: register.Incorporated, Registered: from})
		for _, body := range []string{office.HomeOffice, office.TheAssociation} {
			all = append(all, register.Entry{Kind: register.Admitted, Body: body, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Subscription", Registered: from},
				register.Entry{Kind: register.RightGranted, Body: body, Right: register.AppointDirectors, Seats: 6, Clause: "14.2", Registered: from})
		}
	}
	if len(r.Directors) == 0 {
		all = append(all, register.Entry{Kind: register.DirectorAppointed, Body: office.HomeOffice, Director: "Director 1 (sample)", Seat: 1, Registered: from})
	}
	for _, e := range all {
		_, err := handover.Enter(t.Context(), s, secretary, e)
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
