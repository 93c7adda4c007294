package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// cast is a handover under way: two interim owners, a company with its
// officers, and people at some bodies.
type cast struct {
	*store.Store
	t                           testing.TB
	clock                       *storetest.Clock
	secretary, officer, finance store.Viewer
	official, official2, assoc  store.Viewer
	admin                       store.Viewer
	executives                  map[string]store.Viewer
}

// begin opens a handover with the two owners in the register.
func begin(t testing.TB) *cast {
	t.Helper()
	s, clock := storetest.OpenClock(t)
	return cast0(t, s, clock)
}

func cast0(t testing.TB, s *store.Store, clock *storetest.Clock) *cast {
	c := &cast{Store: s, t: t, clock: clock, executives: map[string]store.Viewer{}}
	c.secretary = storetest.Holder(t, s, store.CompanySecretary, store.TheCompany)
	c.officer = storetest.Holder(t, s, store.CompanyOfficer, store.TheCompany)
	c.finance = storetest.Holder(t, s, store.FinanceOfficer, store.TheCompany)
	c.official = storetest.Holder(t, s, store.Official, store.HomeOffice)
	c.official2 = storetest.Holder(t, s, store.Official, store.HomeOffice)
	c.assoc = storetest.Holder(t, s, store.AssociationOfficer, store.TheAssociation)
	c.admin = storetest.Holder(t, s, store.Administrator, store.TheCompany)
	c.enter(store.Entry{Kind: store.Incorporated, Registered: "2012-07-16"})
	for _, body := range []string{store.HomeOffice, store.TheAssociation} {
		c.enter(store.Entry{Kind: store.Admitted, Body: body, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Subscription", Registered: "2012-07-16"})
		c.enter(store.Entry{Kind: store.RightGranted, Body: body, Right: store.AppointDirectors, Seats: 6, Clause: "14.2", Registered: "2012-07-16"})
	}
	return c
}

func (c *cast) enter(e store.Entry) int64 {
	c.t.Helper()
	n, err := c.Enter(c.t.Context(), c.secretary, e)
	if err != nil {
		c.t.Fatal(err)
	}
	return n
}

// at is a chief executive of a body.
func (c *cast) at(body string) store.Viewer {
	c.t.Helper()
	if _, ok := c.executives[body]; !ok {
		c.executives[body] = storetest.Holder(c.t, c.Store, store.ChiefExecutive, body)
	}
	return c.executives[body]
}

func (c *cast) draft(v store.Viewer) int64 {
	c.t.Helper()
	id, err := c.KeepDraft(c.t.Context(), v, "paper.txt", []byte("A paper of the test."))
	if err != nil {
		c.t.Fatal(err)
	}
	return id
}

// step takes a step of a body's accession with all that it needs.
func (c *cast) step(v store.Viewer, body string, act store.Act) error {
	c.t.Helper()
	st := store.Step{Act: act}
	if store.NeedsDocument(act) {
		st.Document = c.draft(v)
	}
	switch act {
	case store.Resolve:
		st.Reference, st.DecidedOn, st.DecidedBy = "001/2013", "2013-01-10", store.ByBody
	case store.Decline, store.Withdraw, store.Return:
		st.Reason = "A reason."
	}
	return c.TakeStep(c.t.Context(), v, body, st)
}

func (c *cast) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// bring takes a body to a status.
func (c *cast) bring(body string, to store.AccessionStatus) {
	c.t.Helper()
	path := []store.Act{store.Invite, store.Resolve, store.Deliver, store.Confirm}
	order := []store.AccessionStatus{store.Invited, store.Resolved, store.DeedReceived, store.BodyReady}
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
		c.bring(body, store.BodyReady)
	}
	_, err := c.AddItem(c.t.Context(), c.officer, store.Item{Kind: store.ContractItem, Title: "Hosting", Before: store.HomeOffice, After: store.TheCompany, Value: 100_00, Valued: true, Evidence: "Novation 1"})
	c.must(err)
	c.certify()
}

// certify prepares and certifies both the balance and the statement.
func (c *cast) certify() {
	c.t.Helper()
	for _, what := range []string{store.TheBalance, store.TheStatement} {
		by := c.finance
		if what == store.TheStatement {
			by = c.secretary
		}
		_, err := c.Prepare(c.t.Context(), by, what)
		c.must(err)
		for _, v := range []store.Viewer{c.official, c.assoc} {
			c.must(c.Certify(c.t.Context(), v, what, c.now().Dossier(what).Now))
		}
	}
}

func (c *cast) now() store.Handover {
	c.t.Helper()
	h, err := c.Handover(c.t.Context(), store.Moment{})
	c.must(err)
	return h
}

func (c *cast) sound() {
	c.t.Helper()
	v, err := c.Verify(c.t.Context())
	if err != nil || !v.OK() {
		c.t.Errorf("the record does not hold: %s %v", v.Fault, err)
	}
}

func (c *cast) state(id string) store.ConditionState {
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
		if d.State == store.Met && d.ID != "scrutiny" { // there is no work to lose
			t.Errorf("%s is met with nothing done: %s", d.ID, d.Evidence)
		}
	}
	c.gather("kent", "essex")
	if h := c.now(); !h.Ready() {
		t.Fatalf("not ready: %+v", h.Against())
	}
	c.must(c.Complete(ctx, c.secretary, "2013-01-14", c.now().Statement.Now))
	r, err := c.Register(ctx, store.When{})
	c.must(err)
	if len(r.Members) != 2 || r.Votes != 2 || r.Members[0].Body != "essex" || r.Seats() != 12 || len(r.Former) != 2 {
		t.Errorf("the register after completion: %+v", r)
	}
	if h := c.now(); !h.Programme.Done() || len(h.Against()) != 0 || h.Count(store.IsAdmitted) != 2 {
		t.Errorf("after completion: %s %+v", h.Answer(), h.Against())
	}
	if err := c.Complete(ctx, c.secretary, "2013-01-14", c.now().Statement.Now); store.KindOf(err) != store.Conflict {
		t.Errorf("a second completion: %v", err)
	}
	c.sound()
	// Afterwards, one by one.
	c.bring("surrey", store.DeedReceived)
	late := store.Entry{Kind: store.Admitted, Body: "surrey", Class: "Local policing body", Votes: 1, Guarantee: 100, Instrument: "Deed", Registered: "2013-01-14"}
	if _, err := c.Enter(ctx, c.secretary, late); store.KindOf(err) != store.Invalid {
		t.Errorf("a body that is not ready was admitted: %v", err)
	}
	c.must(c.step(c.secretary, "surrey", store.Confirm))
	c.enter(late)
	c.sound()
}

func TestCertificatesAreVoidedByAnyChange(t *testing.T) {
	c := begin(t)
	ctx := t.Context()
	c.gather("kent")
	change := map[string]func(){
		"an item is added": func() {
			_, err := c.AddItem(ctx, c.officer, store.Item{Kind: store.AssetItem, Title: "Servers", Before: store.HomeOffice, After: store.TheCompany, Valued: true, Value: 5, Evidence: "List"})
			c.must(err)
		},
		"a body becomes ready":   func() { c.bring("essex", store.BodyReady) },
		"a ready body withdraws": func() { c.must(c.step(c.at("essex"), "essex", store.Withdraw)) },
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
			_, err := c.Prepare(ctx, c.secretary, store.TheStatement)
			c.must(err)
			for _, v := range []store.Viewer{c.official, c.assoc} {
				c.must(c.Certify(ctx, v, store.TheStatement, c.now().Statement.Now))
			}
			continue
		}
		c.certify()
	}
	c.sound()
}
