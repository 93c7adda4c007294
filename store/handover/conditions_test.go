package handover_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// scrutinised opens a matter of a committee with a last day, and gives the
// chair of its successor.
func scrutinised(c *storetest.Cast, last civil.Day) (heir office.Viewer) {
	c.T.Helper()
	chair, heir := storetest.Holder(c.T, c.Tx, office.Chair, office.TheAssociation), storetest.Holder(c.T, c.Tx, office.Chair, office.TheAssociation)
	clerk := storetest.Holder(c.T, c.Tx, office.Clerk, office.TheAssociation)
	storetest.AddCommittee(c.T, c.Tx, "next", "2013-01-14", "", heir, office.Viewer{}, clerk)
	storetest.AddCommittee(c.T, c.Tx, "first", "2012-07-16", last, chair, office.Viewer{}, clerk)
	all, err := scrutiny.AllCommittees(c.T.Context(), c.Tx)
	c.Must(err)
	first := all["first"]
	first.Successor = "next"
	c.Must(scrutiny.ChangeCommittee(c.T.Context(), c.Tx, clerk, first))
	c.Must(storetest.KeepCharge(c.T.Context(), c.Tx, chair, scrutiny.Charge{Kind: scrutiny.ChargeQuestion, Ref: "2013-001", Title: "A question", Body: office.TheCompany, Committee: "first", Since: "2013-01-14", Open: true}))
	return heir
}

var conditionIDs = []string{"resolved", "deeds", "votes", "seats", "schedule", "balance", "certified", "scrutiny"}

// states are how the conditions stand, by id.
func states(c *storetest.Cast) map[string]handover.ConditionState {
	c.T.Helper()
	all := map[string]handover.ConditionState{}
	for _, d := range c.Handover().Conditions {
		all[d.ID] = d.State
		if d.Title == "" || d.Evidence == "" || d.Href == "" || (d.Would == "") != (d.State == handover.Met) {
			c.T.Errorf("a condition without title, evidence, link, or what would meet it: %+v", d)
		}
	}
	return all
}

// flips fails the test unless exactly these conditions do not stand as met.
func flips(c *storetest.Cast, name string, want map[string]handover.ConditionState) {
	c.T.Helper()
	got := states(c)
	if len(got) != len(conditionIDs) {
		c.T.Errorf("%s: %d conditions", name, len(got))
	}
	for _, id := range conditionIDs {
		state := want[id]
		if state == "" {
			state = handover.Met
		}
		if got[id] != state {
			c.T.Errorf("%s: %s is %q, want %q", name, id, got[id], state)
		}
	}
	if ready := c.Handover().Ready(); ready != (len(want) == 0) {
		c.T.Errorf("%s: ready is %v", name, ready)
	}
}

// reworded is a cast over a database whose terms can be written by hand, as
// the terms of another handover would be.
func reworded(t testing.TB) (c *storetest.Cast, reword func(old, new string)) {
	t.Helper()
	database, clock := storetest.Database(t), &storetest.Clock{}
	clock.Set(storetest.Noon)
	c = storetest.BeginOn(t, storetest.At(t, database, filepath.Join(t.TempDir(), "record.key"), clock.Now), clock)
	return c, func(old, new string) {
		t.Helper()
		driver, address := "sqlite", "file:"+database
		if strings.HasPrefix(database, "postgres") {
			driver, address = "pgx", database
		}
		db, err := sql.Open(driver, address)
		c.Must(err)
		defer db.Close()
		if _, err := db.Exec(`UPDATE programmes SET terms = REPLACE(terms, '` + old + `', '` + new + `')`); err != nil {
			t.Fatal(err)
		}
		c.Draft(c.Secretary) // no event, so that only the terms differ
		_, err = handover.AddMilestone(t.Context(), c.Tx, c.Secretary, handover.Milestone{Title: "An event of its own", Source: "A test", Baseline: "2013-04-01"})
		c.Must(err) // the present handover is kept until the record grows
	}
}

// again certifies what is no longer current, and only that.
func again(c *storetest.Cast, what ...string) {
	c.T.Helper()
	for _, w := range what {
		by := c.Secretary
		if w == handover.TheBalance {
			by = c.Finance
		}
		_, err := handover.Prepare(c.T.Context(), c.Tx, by, w)
		c.Must(err)
		for _, v := range []office.Viewer{c.Official, c.Association} {
			c.Must(handover.Certify(c.T.Context(), c.Tx, v, w, c.Handover().Dossier(w).Now))
		}
	}
}

func TestUnknownIsCannotTell(t *testing.T) {
	c := storetest.Begin(t)
	for id, state := range states(c) {
		want := handover.CannotTell
		switch id {
		case "certified":
			want = handover.NotMet // that nobody certified is known
		case "scrutiny":
			want = handover.Met // there is no work to lose
		}
		if state != want {
			t.Errorf("with nothing done %s is %s, want %s", id, state, want)
		}
	}
	if h := c.Handover(); h.Ready() || h.Answer() != "Not ready: 7 of 8 conditions are not met." {
		t.Error(h.Answer())
	}
}

func TestEachConditionTurnsByItself(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, k := range map[string]struct {
		turn func(c *storetest.Cast, reword func(old, new string))
		want map[string]handover.ConditionState
	}{
		"nothing": {func(*storetest.Cast, func(string, string)) {}, nil},
		"one more body is invited": {func(c *storetest.Cast, _ func(string, string)) {
			c.Bring("surrey", handover.Invited)
		}, map[string]handover.ConditionState{"resolved": handover.NotMet}},
		"it declines": {func(c *storetest.Cast, _ func(string, string)) {
			c.Bring("surrey", handover.Invited)
			c.Must(c.Step(c.Chief("surrey"), "surrey", handover.ActDecline))
		}, nil},
		"it resolves, and its deed is to come": {func(c *storetest.Cast, _ func(string, string)) {
			c.Bring("surrey", handover.Resolved)
		}, map[string]handover.ConditionState{"deeds": handover.NotMet}},
		"its deed is not confirmed": {func(c *storetest.Cast, _ func(string, string)) {
			c.Bring("surrey", handover.DeedReceived)
		}, map[string]handover.ConditionState{"deeds": handover.NotMet}},
		"the terms give no vote": {func(c *storetest.Cast, reword func(string, string)) {
			reword(`"votes":1`, `"votes":0`)
			again(c, handover.TheStatement)
		}, map[string]handover.ConditionState{"votes": handover.NotMet}},
		"the terms have a seat too many": {func(c *storetest.Cast, reword func(string, string)) {
			reword(`"seats":12,"transferees"`, `"seats":13,"transferees"`)
		}, map[string]handover.ConditionState{"seats": handover.NotMet}},
		"an item loses its evidence": {func(c *storetest.Cast, _ func(string, string)) {
			i, err := handover.FindItem(ctx, c.Tx, record.Moment{}, 1)
			c.Must(err)
			i.Evidence = ""
			c.Must(handover.EditItem(ctx, c.Tx, c.Officer, i))
			again(c, handover.TheStatement)
		}, map[string]handover.ConditionState{"schedule": handover.NotMet}},
		"an item is added and only the statement certified": {func(c *storetest.Cast, _ func(string, string)) {
			c.AddItem("Servers", "List", 5)
			again(c, handover.TheStatement)
		}, map[string]handover.ConditionState{"balance": handover.NotMet}},
		"an item has another title": {func(c *storetest.Cast, _ func(string, string)) {
			i, err := handover.FindItem(ctx, c.Tx, record.Moment{}, 1)
			c.Must(err)
			i.Title = "Hosting of it all"
			c.Must(handover.EditItem(ctx, c.Tx, c.Officer, i))
		}, map[string]handover.ConditionState{"certified": handover.NotMet}},
		"the only ready body withdraws": {func(c *storetest.Cast, _ func(string, string)) {
			c.Must(c.Step(c.Chief("kent"), "kent", handover.ActWithdraw))
			again(c, handover.TheStatement)
		}, map[string]handover.ConditionState{"deeds": handover.CannotTell, "votes": handover.CannotTell, "seats": handover.CannotTell}},
		"the only item is withdrawn": {func(c *storetest.Cast, _ func(string, string)) {
			c.Must(handover.ActOnItem(ctx, c.Tx, c.Officer, 1, 0, handover.ActWithdrawItem, "Sold"))
			again(c, handover.TheBalance, handover.TheStatement)
		}, map[string]handover.ConditionState{"schedule": handover.CannotTell}},
		"scrutiny opens a matter under a mandate that ends": {func(c *storetest.Cast, _ func(string, string)) {
			scrutinised(c, "2013-06-30")
		}, map[string]handover.ConditionState{"scrutiny": handover.NotMet}},
		"scrutiny opens a matter under a mandate without a last day": {func(c *storetest.Cast, _ func(string, string)) {
			scrutinised(c, "")
		}, nil},
		"the successor accepts the matter": {func(c *storetest.Cast, _ func(string, string)) {
			heir := scrutinised(c, "2013-06-30")
			c.Must(scrutiny.AcceptCharges(ctx, c.Tx, heir, "first", []string{"question/2013-001"}))
		}, nil},
		"an owner's directors leave": {func(c *storetest.Cast, _ func(string, string)) {
			c.Enter(storetest.Director("Ann Bell", 1, office.HomeOffice, "2013-01-10"))
			c.Enter(storetest.Removed(1, "2013-01-11"))
		}, nil},
	} {
		c, reword := reworded(t)
		gather(c, "kent")
		flips(c, "before "+name, nil)
		k.turn(c, reword)
		flips(c, name, k.want)
	}
}

func TestWhoPreparesAndCertifies(t *testing.T) {
	c := storetest.Begin(t)
	ctx := t.Context()
	c.Bring("kent", handover.BodyReady)
	c.AddItem("Servers", "List", 5)
	prepares := func(name string, v office.Viewer, what string, want fault.Kind) {
		t.Helper()
		if _, err := handover.Prepare(ctx, c.Tx, v, what); fault.KindOf(err) != want {
			t.Errorf("%s prepared the %s: %v", name, what, err)
		}
	}
	certifies := func(name string, v office.Viewer, what, hash string, want fault.Kind) {
		t.Helper()
		if err := handover.Certify(ctx, c.Tx, v, what, hash); fault.KindOf(err) != want {
			t.Errorf("%s certified the %s: %v", name, what, err)
		}
	}
	// One person may hold the offices of both, and of the preparer: persons are compared.
	both := also(c, c.SecondOfficial, office.AssociationOfficer, office.TheAssociation)
	official2 := as(c, c.SecondOfficial, c.SecondOfficial)
	preparing := also(c, c.Official, office.CompanySecretary, office.TheCompany)
	official := as(c, c.Official, c.Official)

	certifies("with nothing prepared, an official", official, handover.TheBalance, "", fault.Conflict)
	prepares("the secretary", c.Secretary, handover.TheBalance, fault.Forbidden)
	prepares("an official", official, handover.TheStatement, fault.Forbidden)
	prepares("a stranger", office.Viewer{}, handover.TheStatement, fault.Forbidden)
	prepares("the finance officer", c.Finance, handover.TheStatement, fault.Forbidden)
	prepares("the finance officer", c.Finance, handover.TheBalance, 0)
	prepares("the finance officer, once more,", c.Finance, handover.TheBalance, fault.Conflict)
	prepares("the official, as secretary,", preparing, handover.TheStatement, 0)

	hash := c.Handover().Statement.Now
	for name, v := range map[string]office.Viewer{"the secretary": c.Secretary, "the finance officer": c.Finance, "Kent": c.Chief("kent"), "a stranger": {}, "the administrator": c.Administrator} {
		certifies(name, v, handover.TheStatement, hash, fault.Forbidden)
	}
	certifies("its preparer, in another office,", official, handover.TheStatement, hash, fault.Forbidden)
	certifies("an official of a stale page", official2, handover.TheStatement, strings.Repeat("0", 64), fault.Conflict)
	certifies("an official of no page", official2, handover.TheStatement, "", fault.Conflict)
	certifies("an official", official2, handover.TheStatement, hash, 0)
	certifies("the same official again", official2, handover.TheStatement, hash, fault.Conflict)
	certifies("another official of the same body", storetest.Holder(t, c.Tx, office.Official, office.HomeOffice), handover.TheStatement, hash, fault.Conflict)
	certifies("the same person for the other body", both, handover.TheStatement, hash, fault.Forbidden)
	if h := c.Handover(); h.Statement.Standing(h.Programme) != 1 {
		t.Errorf("%d certificates stand", h.Statement.Standing(h.Programme))
	}
	certifies("an association officer", c.Association, handover.TheStatement, hash, 0)
	// Not the preparer of the balance: the official may certify that one.
	certifies("the official", official, handover.TheBalance, c.Handover().Balance.Now, 0)
	if state(c, "certified") != handover.Met || state(c, "balance") != handover.NotMet {
		t.Errorf("%+v", states(c))
	}
	c.AddItem("More servers", "List", 7)
	certifies("an association officer, of what is no longer so,", c.Association, handover.TheBalance, c.Handover().Balance.Now, fault.Conflict)
	c.Sound()
}

func TestEveryKindOfChangeVoidsAndSaysWhy(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	edit := func(c *storetest.Cast, change func(*handover.Item)) {
		i, err := handover.FindItem(ctx, c.Tx, record.Moment{}, 1)
		c.Must(err)
		change(&i)
		c.Must(handover.EditItem(ctx, c.Tx, c.Officer, i))
	}
	statement, balance := []string{handover.TheStatement}, []string{handover.TheBalance, handover.TheStatement}
	for name, k := range map[string]struct {
		change func(c *storetest.Cast)
		void   []string
		why    string
	}{
		"an item is added":           {func(c *storetest.Cast) { c.AddItem("Servers", "List", 5) }, balance, "item 2 "},
		"an item has another value":  {func(c *storetest.Cast) { edit(c, func(i *handover.Item) { i.Value++ }) }, balance, "item 1 "},
		"an item has another title":  {func(c *storetest.Cast) { edit(c, func(i *handover.Item) { i.Title = "Hosting it" }) }, statement, "item 1 "},
		"an item has other evidence": {func(c *storetest.Cast) { edit(c, func(i *handover.Item) { i.Evidence = "Novation 2" }) }, statement, "item 1 "},
		"an item has another holder": {func(c *storetest.Cast) { edit(c, func(i *handover.Item) { i.After = "kent" }) }, statement, "item 1 "},
		"an item is withdrawn": {func(c *storetest.Cast) {
			c.Must(handover.ActOnItem(ctx, c.Tx, c.Officer, 1, 0, handover.ActWithdrawItem, "Sold"))
		}, balance, "item 1 "},
		"an item is only agreed": {func(c *storetest.Cast) {
			c.Must(handover.ActOnItem(ctx, c.Tx, c.Official, 1, 0, handover.ActAgree, ""))
		}, nil, ""},
		"a file is imported": {func(c *storetest.Cast) {
			_, err := handover.ImportItems(ctx, c.Tx, c.Officer, []handover.Item{{Kind: handover.LoanItem, Title: "Loan", Before: office.TheCompany, After: office.TheCompany, Evidence: "Deed"}})
			c.Must(err)
		}, balance, "1 item was added to the schedule from a file"},
		"another body is ready":  {func(c *storetest.Cast) { c.Bring("essex", handover.BodyReady) }, statement, "Essex is now ready"},
		"a ready body withdraws": {func(c *storetest.Cast) { c.Must(c.Step(c.Chief("kent"), "kent", handover.ActWithdraw)) }, statement, "Kent is now withdrawn"},
		"another body only declines": {func(c *storetest.Cast) {
			c.Bring("essex", handover.Invited)
			c.Must(c.Step(c.Chief("essex"), "essex", handover.ActDecline))
		}, nil, ""},
		"a director is entered": {func(c *storetest.Cast) { c.Enter(storetest.Director("Ann Bell", 1, office.HomeOffice, "2013-01-10")) }, nil, ""},
		"a milestone is added": {func(c *storetest.Cast) {
			_, err := handover.AddMilestone(ctx, c.Tx, c.Officer, handover.Milestone{Title: "One", Source: "A test", Baseline: "2013-04-01"})
			c.Must(err)
		}, nil, ""},
	} {
		c := storetest.Begin(t)
		gather(c, "kent")
		k.change(c)
		h := c.Handover()
		for _, what := range []string{handover.TheBalance, handover.TheStatement} {
			for _, cert := range h.Dossier(what).Certificates {
				if cert.Stands() == slices.Contains(k.void, what) {
					t.Errorf("%s: the certificate of %s on the %s stands: %v", name, cert.Body, what, cert.Stands())
				}
				if !cert.Stands() && (!strings.Contains(cert.Reason, k.why) || cert.VoidedAt.IsZero() || cert.VoidN == 0) {
					t.Errorf("%s: voided because %q, want %q", name, cert.Reason, k.why)
				}
			}
		}
		if h.Ready() != (k.void == nil) {
			t.Errorf("%s: ready is %v", name, h.Ready())
		}
		c.Sound()
	}
	// A new version of the balance changes what the statement says of it.
	c := storetest.Begin(t)
	gather(c, "kent")
	edit(c, func(i *handover.Item) { i.Value++ })
	again(c, handover.TheStatement)
	_, err := handover.Prepare(ctx, c.Tx, c.Finance, handover.TheBalance)
	c.Must(err)
	h := c.Handover()
	if last := h.Statement.Certificates[len(h.Statement.Certificates)-1]; last.Stands() || !strings.Contains(last.Reason, "version 2 of the opening balance") {
		t.Errorf("the statement stands on a balance that was replaced: %+v", last)
	}
}
