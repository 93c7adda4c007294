package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

// cast is a handover under way: two interim owners, a company with its
// officers, and people at some bodies.
type cast struct {
	*db.Tx
	t                           testing.TB
	clock                       *storetest.Clock
	secretary, officer, finance office.Viewer
	official, official2, assoc  office.Viewer
	admin                       office.Viewer
	executives                  map[string]office.Viewer
}

// begin opens a handover with the two owners in the register.
func begin(t testing.TB) *cast {
	t.Helper()
	s, clock := storetest.OpenClock(t)
	return cast0(t, s, clock)
}

func cast0(t testing.TB, s *db.Tx, clock *storetest.Clock) *cast {
	c := &cast{Tx: s, t: t, clock: clock, executives: map[string]office.Viewer{}}
	c.secretary = storetest.Holder(t, s, office.CompanySecretary, office.TheCompany)
	c.officer = storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	c.finance = storetest.Holder(t, s, office.FinanceOfficer, office.TheCompany)
	c.official = storetest.Holder(t, s, office.Official, office.HomeOffice)
	c.official2 = storetest.Holder(t, s, office.Official, office.HomeOffice)
	c.assoc = storetest.Holder(t, s, office.AssociationOfficer, office.TheAssociation)
	c.admin = storetest.Holder(t, s, office.Administrator, office.TheCompany)
	c.enter(register.Entry{Kind: register.Incorporated, Registered: "2012-07-16"})
	for _, body := range []string{office.HomeOffice, office.TheAssociation} {
		c.enter(register.Entry{Kind: register.Admitted, Body: body, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Subscription", Registered: "2012-07-16"})
		c.enter(register.Entry{Kind: register.RightGranted, Body: body, Right: register.AppointDirectors, Seats: 6, Clause: "14.2", Registered: "2012-07-16"})
	}
	return c
}

func (c *cast) enter(e register.Entry) int64 {
	c.t.Helper()
	n, err := handover.Enter(c.t.Context(), c.Tx, c.secretary, e)
	if err != nil {
		c.t.Fatal(err)
	}
	return n
}

// at is a chief executive of a body.
func (c *cast) at(body string) office.Viewer {
	c.t.Helper()
	if _, ok := c.executives[body]; !ok {
		c.executives[body] = storetest.Holder(c.t, c.Tx, office.ChiefExecutive, body)
	}
	return c.executives[body]
}

func (c *cast) draft(v office.Viewer) int64 {
	c.t.Helper()
	id, err := documents.KeepDraft(c.t.Context(), c.Tx, v, "paper.txt", []byte("A paper of the test."))
	if err != nil {
		c.t.Fatal(err)
	}
	return id
}

// step takes a step of a body's accession with all that it needs.
func (c *cast) step(v office.Viewer, body string, act office.Act) error {
	c.t.Helper()
	st := handover.Step{Act: act}
	if handover.NeedsDocument(act) {
		st.Document = c.draft(v)
	}
	switch act {
	case handover.ActResolve:
		st.Reference, st.DecidedOn, st.DecidedBy = "001/2013", "2013-01-10", handover.ByBody
	case handover.ActDecline, handover.ActWithdraw, handover.ActReturn:
		st.Reason = "A reason."
	}
	return handover.TakeStep(c.t.Context(), c.Tx, v, body, st)
}

func (c *cast) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// bring takes a body to a status.
func (c *cast) bring(body string, to handover.AccessionStatus) {
	c.t.Helper()
	path := []office.Act{handover.ActInvite, handover.ActResolve, handover.ActDeliver, handover.ActConfirm}
	order := []handover.AccessionStatus{handover.Invited, handover.Resolved, handover.DeedReceived, handover.BodyReady}
	for i, act := range path[:slices.Index(order, to)+1] {
		v := c.at(body)
		if i == 0 || i == 3 {
			v = c.secretary
		}
		c.must(c.step(v, body, act))
	}
}

// gather brings everything to where only completion is left.
func (c *cast) gather(bodies ...string) {
	c.t.Helper()
	for _, body := range bodies {
		c.bring(body, handover.BodyReady)
	}
	_, err := handover.AddItem(c.t.Context(), c.Tx, c.officer, handover.Item{Kind: handover.ContractItem, Title: "Hosting", Before: office.HomeOffice, After: office.TheCompany, Value: 100_00, Valued: true, Evidence: "Novation 1"})
	c.must(err)
	c.certify()
}

// certify prepares and certifies both the balance and the statement.
func (c *cast) certify() {
	c.t.Helper()
	for _, what := range []string{handover.TheBalance, handover.TheStatement} {
		by := c.finance
		if what == handover.TheStatement {
			by = c.secretary
		}
		_, err := handover.Prepare(c.t.Context(), c.Tx, by, what)
		c.must(err)
		for _, v := range []office.Viewer{c.official, c.assoc} {
			c.must(handover.Certify(c.t.Context(), c.Tx, v, what, c.now().Dossier(what).Now))
		}
	}
}

func (c *cast) now() handover.Handover {
	c.t.Helper()
	h, err := handover.Read(c.t.Context(), c.Tx, record.Moment{})
	c.must(err)
	return h
}

func (c *cast) sound() {
	c.t.Helper()
	v, err := store.Verify(c.t.Context(), c.Tx)
	if err != nil || !v.OK() {
		c.t.Errorf("the record does not hold: %s %v", v.Fault, err)
	}
}

func (c *cast) state(id string) handover.ConditionState {
	c.t.Helper()
	for _, d := range c.now().Conditions {
		if d.ID == id {
			return d.State
		}
	}
	c.t.Fatalf("no condition %s", id)
	return ""
}

func TestHandoverCompletes(t *testing.T) {
	c := begin(t)
	ctx := t.Context()
	for _, d := range c.now().Conditions {
		if d.State == handover.Met && d.ID != "scrutiny" { // there is no work to lose
			t.Errorf("%s is met with nothing done: %s", d.ID, d.Evidence)
		}
	}
	c.gather("kent", "essex")
	if h := c.now(); !h.Ready() {
		t.Fatalf("not ready: %+v", h.Against())
	}
	c.must(handover.Complete(ctx, c.Tx, c.secretary, "2013-01-14", c.now().Statement.Now))
	r, err := register.Read(ctx, c.Tx, record.When{})
	c.must(err)
	if len(r.Members) != 2 || r.Votes != 2 || r.Members[0].Body != "essex" || r.Seats() != 12 || len(r.Former) != 2 {
		t.Errorf("the register after completion: %+v", r)
	}
	if h := c.now(); !h.Programme.Done() || len(h.Against()) != 0 || h.Count(handover.IsAdmitted) != 2 {
		t.Errorf("after completion: %s %+v", h.Answer(), h.Against())
	}
	if err := handover.Complete(ctx, c.Tx, c.secretary, "2013-01-14", c.now().Statement.Now); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second completion: %v", err)
	}
	c.sound()
	// Afterwards, one by one.
	c.bring("surrey", handover.DeedReceived)
	late := register.Entry{Kind: register.Admitted, Body: "surrey", Class: "Local policing body", Votes: 1, Guarantee: 100, Instrument: "Deed", Registered: "2013-01-14"}
	if _, err := handover.Enter(ctx, c.Tx, c.secretary, late); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a body that is not ready was admitted: %v", err)
	}
	c.must(c.step(c.secretary, "surrey", handover.ActConfirm))
	c.enter(late)
	c.sound()
}

func TestCertificatesAreVoidedByAnyChange(t *testing.T) {
	c := begin(t)
	ctx := t.Context()
	c.gather("kent")
	change := map[string]func(){
		"an item is added": func() {
			_, err := handover.AddItem(ctx, c.Tx, c.officer, handover.Item{Kind: handover.AssetItem, Title: "Servers", Before: office.HomeOffice, After: office.TheCompany, Valued: true, Value: 5, Evidence: "List"})
			c.must(err)
		},
		"a body becomes ready":   func() { c.bring("essex", handover.BodyReady) },
		"a ready body withdraws": func() { c.must(c.step(c.at("essex"), "essex", handover.ActWithdraw)) },
	}
	for _, name := range []string{"an item is added", "a body becomes ready", "a ready body withdraws"} {
		if !c.now().Ready() {
			t.Fatalf("before %s: %+v", name, c.now().Against())
		}
		change[name]()
		h := c.now()
		if n := h.Statement.Standing(h.Programme); n != 0 {
			t.Errorf("%s, and %d certificates on the statement still stand", name, n)
		}
		last := h.Statement.Certificates[len(h.Statement.Certificates)-1]
		if last.Stands() || last.Reason == "" {
			t.Errorf("%s: the certificate does not say why it was voided: %+v", name, last)
		}
		c.clock.Set(c.clock.Now().Add(time.Hour))
		if h.Balance.Current() {
			_, err := handover.Prepare(ctx, c.Tx, c.secretary, handover.TheStatement)
			c.must(err)
			for _, v := range []office.Viewer{c.official, c.assoc} {
				c.must(handover.Certify(ctx, c.Tx, v, handover.TheStatement, c.now().Statement.Now))
			}
			continue
		}
		c.certify()
	}
	c.sound()
}
