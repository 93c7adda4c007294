package storetest

import (
	"slices"
	"testing"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
)

// Cast is a handover under way: two interim owners, a company with its
// officers, and people at some bodies. Its methods fail the test T where they
// return no error.
type Cast struct {
	*db.Tx
	T                           testing.TB
	Clock                       *Clock
	Secretary, Officer, Finance office.Viewer
	Official, SecondOfficial    office.Viewer // at the Home Office
	Association                 office.Viewer
	Administrator               office.Viewer
	executives                  map[string]office.Viewer
}

// Begin opens a handover with the two owners in the register.
func Begin(t testing.TB) *Cast {
	t.Helper()
	s, clock := OpenClock(t)
	return BeginOn(t, s, clock)
}

// BeginOn is Begin on a database that was opened without a register.
func BeginOn(t testing.TB, s *db.Tx, clock *Clock) *Cast {
	t.Helper()
	c := &Cast{Tx: s, T: t, Clock: clock, executives: map[string]office.Viewer{}}
	c.Secretary = Holder(t, s, office.CompanySecretary, office.TheCompany)
	c.Officer = Holder(t, s, office.CompanyOfficer, office.TheCompany)
	c.Finance = Holder(t, s, office.FinanceOfficer, office.TheCompany)
	c.Official = Holder(t, s, office.Official, office.HomeOffice)
	c.SecondOfficial = Holder(t, s, office.Official, office.HomeOffice)
	c.Association = Holder(t, s, office.AssociationOfficer, office.TheAssociation)
	c.Administrator = Holder(t, s, office.Administrator, office.TheCompany)
	c.Enter(register.Entry{Kind: register.Incorporated, Registered: "2012-07-16"})
	for _, body := range []string{office.HomeOffice, office.TheAssociation} {
		c.Enter(register.Entry{Kind: register.Admitted, Body: body, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Subscription", Registered: "2012-07-16"})
		c.Enter(register.Entry{Kind: register.RightGranted, Body: body, Right: register.AppointDirectors, Seats: 6, Clause: "14.2", Registered: "2012-07-16"})
	}
	return c
}

// Enter enters something in the register, and returns its number.
func (c *Cast) Enter(e register.Entry) int64 {
	c.T.Helper()
	n, err := handover.Enter(c.T.Context(), c.Tx, c.Secretary, e)
	if err != nil {
		c.T.Fatal(err)
	}
	return n
}

// Chief is the chief executive of a body, the same one each time.
func (c *Cast) Chief(body string) office.Viewer {
	c.T.Helper()
	if _, ok := c.executives[body]; !ok {
		c.executives[body] = Holder(c.T, c.Tx, office.ChiefExecutive, body)
	}
	return c.executives[body]
}

// Draft uploads a document that no act has used yet, and returns its number.
func (c *Cast) Draft(v office.Viewer) int64 {
	c.T.Helper()
	id, err := documents.KeepDraft(c.T.Context(), c.Tx, v, "paper.txt", []byte("A paper of the test."))
	if err != nil {
		c.T.Fatal(err)
	}
	return id
}

// Step takes a step of a body's accession with all that it needs.
func (c *Cast) Step(v office.Viewer, body string, act office.Act) error {
	c.T.Helper()
	st := handover.Step{Act: act}
	if handover.NeedsDocument(act) {
		st.Document = c.Draft(v)
	}
	switch act {
	case handover.ActResolve:
		st.Reference, st.DecidedOn, st.DecidedBy = "001/2013", "2013-01-10", handover.ByBody
	case handover.ActDecline, handover.ActWithdraw, handover.ActReturn:
		st.Reason = "A reason."
	}
	return handover.TakeStep(c.T.Context(), c.Tx, v, body, st)
}

// Must fails the test where there is an error.
func (c *Cast) Must(err error) {
	c.T.Helper()
	if err != nil {
		c.T.Fatal(err)
	}
}

// Bring takes the accession of a body to a status, step by step.
func (c *Cast) Bring(body string, to handover.AccessionStatus) {
	c.T.Helper()
	path := []office.Act{handover.ActInvite, handover.ActResolve, handover.ActDeliver, handover.ActConfirm}
	order := []handover.AccessionStatus{handover.Invited, handover.Resolved, handover.DeedReceived, handover.BodyReady}
	for i, act := range path[:slices.Index(order, to)+1] {
		v := c.Chief(body)
		if i == 0 || i == 3 {
			v = c.Secretary
		}
		c.Must(c.Step(v, body, act))
	}
}

// Certify prepares and certifies both the balance and the statement.
func (c *Cast) Certify() {
	c.T.Helper()
	for _, what := range []string{handover.TheBalance, handover.TheStatement} {
		by := c.Finance
		if what == handover.TheStatement {
			by = c.Secretary
		}
		_, err := handover.Prepare(c.T.Context(), c.Tx, by, what)
		c.Must(err)
		for _, v := range []office.Viewer{c.Official, c.Association} {
			c.Must(handover.Certify(c.T.Context(), c.Tx, v, what, c.Handover().Dossier(what).Now))
		}
	}
}

// Handover reads the handover as it is now.
func (c *Cast) Handover() handover.Handover {
	c.T.Helper()
	h, err := handover.Read(c.T.Context(), c.Tx, record.Moment{})
	c.Must(err)
	return h
}

// Sound is the function Sound on the database of the cast.
func (c *Cast) Sound() {
	c.T.Helper()
	Sound(c.T, c.Tx)
}

// AddItem adds an asset of the Home Office to the schedule, and returns its
// number. Its value is in pence, 0 for none stated.
func (c *Cast) AddItem(title, evidence string, value money.Pence) int64 {
	c.T.Helper()
	id, err := handover.AddItem(c.T.Context(), c.Tx, c.Officer, handover.Item{Kind: handover.AssetItem, Title: title, Before: office.HomeOffice, After: office.TheCompany, Value: value, Valued: value != 0, Evidence: evidence})
	c.Must(err)
	return id
}
