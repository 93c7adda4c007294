package store_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

var conditionIDs = []string{"resolved", "deeds", "votes", "seats", "schedule", "balance", "certified", "scrutiny"}

// states are how the conditions stand, by id.
func (c *cast) states() map[string]handover.ConditionState {
	c.t.Helper()
	all := map[string]handover.ConditionState{}
	for _, d := range c.now().Conditions {
		all[d.ID] = d.State
		if d.Title == "" || d.Evidence == "" || d.Href == "" || (d.Would == "") != (d.State == handover.Met) {
			c.t.Errorf("a condition without title, evidence, link, or what would meet it: %+v", d)
		}
	}
	return all
}

// flips fails the test unless exactly these conditions do not stand as met.
func (c *cast) flips(name string, want map[string]handover.ConditionState) {
	c.t.Helper()
	got := c.states()
	if len(got) != len(conditionIDs) {
		c.t.Errorf("%s: %d conditions", name, len(got))
	}
	for _, id := range conditionIDs {
		state := want[id]
		if state == "" {
			state = handover.Met
		}
		if got[id] != state {
			c.t.Errorf("%s: %s is %q, want %q", name, id, got[id], state)
		}
	}
	if ready := c.now().Ready(); ready != (len(want) == 0) {
		c.t.Errorf("%s: ready is %v", name, ready)
	}
}

// reworded is a cast over a database whose terms can be written by hand, as
// the terms of another handover would be.
func reworded(t testing.TB) (c *cast, reword func(old, new string)) {
	t.Helper()
	database, clock := storetest.Database(t), &storetest.Clock{}
	clock.Set(storetest.Noon)
	c = cast0(t, storetest.At(t, database, filepath.Join(t.TempDir(), "record.key"), clock.Now), clock)
	return c, func(old, new string) {
		t.Helper()
		driver, address := "sqlite", "file:"+database
		if strings.HasPrefix(database, "postgres") {
			driver, address = "pgx", database
		}
		db, err := sql.Open(driver, address)
		c.must(err)
		defer db.Close()
		if _, err := db.Exec(`UPDATE programmes SET terms = REPLACE(terms, '` + old + `', '` + new + `')`); err != nil {
			t.Fatal(err)
		}
		c.draft(c.secretary) // no event, so that only the terms differ
		_, err = handover.AddMilestone(t.Context(), c.Tx, c.secretary, handover.Milestone{Title: "An event of its own", Source: "A test", Baseline: "2013-04-01"})
		c.must(err) // the present handover is kept until the record grows
	}
}

// again certifies what is no longer current, and only that.
func (c *cast) again(what ...string) {
	c.t.Helper()
	for _, w := range what {
		by := c.secretary
		if w == handover.TheBalance {
			by = c.finance
		}
		_, err := handover.Prepare(c.t.Context(), c.Tx, by, w)
		c.must(err)
		for _, v := range []office.Viewer{c.official, c.assoc} {
			c.must(handover.Certify(c.t.Context(), c.Tx, v, w, c.now().Dossier(w).Now))
		}
	}
}

func (c *cast) item(title, evidence string, value money.Pence) int64 {
	c.t.Helper()
	id, err := handover.AddItem(c.t.Context(), c.Tx, c.officer, handover.Item{Kind: handover.AssetItem, Title: title, Before: office.HomeOffice, After: office.TheCompany, Value: value, Valued: value != 0, Evidence: evidence})
	c.must(err)
	return id
}

func TestUnknownIsCannotTell(t *testing.T) {
	c := begin(t)
	for id, state := range c.states() {
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
	if h := c.now(); h.Ready() || h.Answer() != "Not ready: 7 of 8 conditions stand against it." {
		t.Error(h.Answer())
	}
}

func TestEachConditionTurnsByItself(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, k := range map[string]struct {
		turn func(c *cast, reword func(old, new string))
		want map[string]handover.ConditionState
	}{
		"nothing": {func(*cast, func(string, string)) {}, nil},
		"one more body is invited": {func(c *cast, _ func(string, string)) {
			c.bring("surrey", handover.Invited)
		}, map[string]handover.ConditionState{"resolved": handover.NotMet}},
		"it declines": {func(c *cast, _ func(string, string)) {
			c.bring("surrey", handover.Invited)
			c.must(c.step(c.at("surrey"), "surrey", handover.ActDecline))
		}, nil},
		"it resolves, and its deed is to come": {func(c *cast, _ func(string, string)) {
			c.bring("surrey", handover.Resolved)
		}, map[string]handover.ConditionState{"deeds": handover.NotMet}},
		"its deed is not confirmed": {func(c *cast, _ func(string, string)) {
			c.bring("surrey", handover.DeedReceived)
		}, map[string]handover.ConditionState{"deeds": handover.NotMet}},
		"the terms give no vote": {func(c *cast, reword func(string, string)) {
			reword(`"votes":1`, `"votes":0`)
			c.again(handover.TheStatement)
		}, map[string]handover.ConditionState{"votes": handover.NotMet}},
		"the terms have a seat too many": {func(c *cast, reword func(string, string)) {
			reword(`"seats":12,"transferees"`, `"seats":13,"transferees"`)
		}, map[string]handover.ConditionState{"seats": handover.NotMet}},
		"an item loses its evidence": {func(c *cast, _ func(string, string)) {
			i, err := handover.FindItem(ctx, c.Tx, record.Moment{}, 1)
			c.must(err)
			i.Evidence = ""
			c.must(handover.EditItem(ctx, c.Tx, c.officer, i))
			c.again(handover.TheStatement)
		}, map[string]handover.ConditionState{"schedule": handover.NotMet}},
		"an item is added and only the statement certified": {func(c *cast, _ func(string, string)) {
			c.item("Servers", "List", 5)
			c.again(handover.TheStatement)
		}, map[string]handover.ConditionState{"balance": handover.NotMet}},
		"an item has another title": {func(c *cast, _ func(string, string)) {
			i, err := handover.FindItem(ctx, c.Tx, record.Moment{}, 1)
			c.must(err)
			i.Title = "Hosting of it all"
			c.must(handover.EditItem(ctx, c.Tx, c.officer, i))
		}, map[string]handover.ConditionState{"certified": handover.NotMet}},
		"the only ready body withdraws": {func(c *cast, _ func(string, string)) {
			c.must(c.step(c.at("kent"), "kent", handover.ActWithdraw))
			c.again(handover.TheStatement)
		}, map[string]handover.ConditionState{"deeds": handover.CannotTell, "votes": handover.CannotTell, "seats": handover.CannotTell}},
		"the only item is withdrawn": {func(c *cast, _ func(string, string)) {
			c.must(handover.ActOnItem(ctx, c.Tx, c.officer, 1, 0, handover.ActWithdrawItem, "Sold"))
			c.again(handover.TheBalance, handover.TheStatement)
		}, map[string]handover.ConditionState{"schedule": handover.CannotTell}},
		"scrutiny opens a matter under a mandate that ends": {func(c *cast, _ func(string, string)) {
			c.scrutinised("2013-06-30")
		}, map[string]handover.ConditionState{"scrutiny": handover.NotMet}},
		"scrutiny opens a matter under a mandate without a last day": {func(c *cast, _ func(string, string)) {
			c.scrutinised("")
		}, nil},
		"the successor accepts the matter": {func(c *cast, _ func(string, string)) {
			heir := c.scrutinised("2013-06-30")
			c.must(scrutiny.AcceptCharges(ctx, c.Tx, heir, "first", []string{"question/2013-001"}))
		}, nil},
		"an owner's directors leave": {func(c *cast, _ func(string, string)) {
			c.enter(director("Ann Bell", 1, office.HomeOffice, "2013-01-10"))
			c.enter(removed(1, "2013-01-11"))
		}, nil},
	} {
		c, reword := reworded(t)
		c.gather("kent")
		c.flips("before "+name, nil)
		k.turn(c, reword)
		c.flips(name, k.want)
	}
}

func TestWhoPreparesAndCertifies(t *testing.T) {
	c := begin(t)
	ctx := t.Context()
	c.bring("kent", handover.BodyReady)
	c.item("Servers", "List", 5)
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
	both := c.also(c.official2, office.AssociationOfficer, office.TheAssociation)
	official2 := c.as(c.official2, c.official2)
	preparing := c.also(c.official, office.CompanySecretary, office.TheCompany)
	official := c.as(c.official, c.official)

	certifies("with nothing prepared, an official", official, handover.TheBalance, "", fault.Conflict)
	prepares("the secretary", c.secretary, handover.TheBalance, fault.Forbidden)
	prepares("an official", official, handover.TheStatement, fault.Forbidden)
	prepares("a stranger", office.Viewer{}, handover.TheStatement, fault.Forbidden)
	prepares("the finance officer", c.finance, handover.TheStatement, fault.Forbidden)
	prepares("the finance officer", c.finance, handover.TheBalance, 0)
	prepares("the finance officer, once more,", c.finance, handover.TheBalance, fault.Conflict)
	prepares("the official, as secretary,", preparing, handover.TheStatement, 0)

	hash := c.now().Statement.Now
	for name, v := range map[string]office.Viewer{"the secretary": c.secretary, "the finance officer": c.finance, "Kent": c.at("kent"), "a stranger": {}, "the administrator": c.admin} {
		certifies(name, v, handover.TheStatement, hash, fault.Forbidden)
	}
	certifies("its preparer, in another office,", official, handover.TheStatement, hash, fault.Forbidden)
	certifies("an official of a stale page", official2, handover.TheStatement, strings.Repeat("0", 64), fault.Conflict)
	certifies("an official of no page", official2, handover.TheStatement, "", fault.Conflict)
	certifies("an official", official2, handover.TheStatement, hash, 0)
	certifies("the same official again", official2, handover.TheStatement, hash, fault.Conflict)
	certifies("another official of the same body", storetest.Holder(t, c.Tx, office.Official, office.HomeOffice), handover.TheStatement, hash, fault.Conflict)
	certifies("the same person for the other body", both, handover.TheStatement, hash, fault.Forbidden)
	if h := c.now(); h.Statement.Standing(h.Programme) != 1 {
		t.Errorf("%d certificates stand", h.Statement.Standing(h.Programme))
	}
	certifies("an association officer", c.assoc, handover.TheStatement, hash, 0)
	// Not the preparer of the balance: the official may certify that one.
	certifies("the official", official, handover.TheBalance, c.now().Balance.Now, 0)
	if c.state("certified") != handover.Met || c.state("balance") != handover.NotMet {
		t.Errorf("%+v", c.states())
	}
	c.item("More servers", "List", 7)
	certifies("an association officer, of what is no longer so,", c.assoc, handover.TheBalance, c.now().Balance.Now, fault.Conflict)
	c.sound()
}

func TestEveryKindOfChangeVoidsAndSaysWhy(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	edit := func(c *cast, change func(*handover.Item)) {
		i, err := handover.FindItem(ctx, c.Tx, record.Moment{}, 1)
		c.must(err)
		change(&i)
		c.must(handover.EditItem(ctx, c.Tx, c.officer, i))
	}
	statement, balance := []string{handover.TheStatement}, []string{handover.TheBalance, handover.TheStatement}
	for name, k := range map[string]struct {
		change func(c *cast)
		void   []string
		why    string
	}{
		"an item is added":           {func(c *cast) { c.item("Servers", "List", 5) }, balance, "item 2 "},
		"an item has another value":  {func(c *cast) { edit(c, func(i *handover.Item) { i.Value++ }) }, balance, "item 1 "},
		"an item has another title":  {func(c *cast) { edit(c, func(i *handover.Item) { i.Title = "Hosting it" }) }, statement, "item 1 "},
		"an item has other evidence": {func(c *cast) { edit(c, func(i *handover.Item) { i.Evidence = "Novation 2" }) }, statement, "item 1 "},
		"an item has another holder": {func(c *cast) { edit(c, func(i *handover.Item) { i.After = "kent" }) }, statement, "item 1 "},
		"an item is withdrawn": {func(c *cast) {
			c.must(handover.ActOnItem(ctx, c.Tx, c.officer, 1, 0, handover.ActWithdrawItem, "Sold"))
		}, balance, "item 1 "},
		"an item is only agreed": {func(c *cast) { c.must(handover.ActOnItem(ctx, c.Tx, c.official, 1, 0, handover.ActAgree, "")) }, nil, ""},
		"a file is imported": {func(c *cast) {
			_, err := handover.ImportItems(ctx, c.Tx, c.officer, []handover.Item{{Kind: handover.LoanItem, Title: "Loan", Before: office.TheCompany, After: office.TheCompany, Evidence: "Deed"}})
			c.must(err)
		}, balance, "1 item was added to the schedule from a file"},
		"another body is ready":  {func(c *cast) { c.bring("essex", handover.BodyReady) }, statement, "Essex is now ready"},
		"a ready body withdraws": {func(c *cast) { c.must(c.step(c.at("kent"), "kent", handover.ActWithdraw)) }, statement, "Kent is now withdrawn"},
		"another body only declines": {func(c *cast) {
			c.bring("essex", handover.Invited)
			c.must(c.step(c.at("essex"), "essex", handover.ActDecline))
		}, nil, ""},
		"a director is entered": {func(c *cast) { c.enter(director("Ann Bell", 1, office.HomeOffice, "2013-01-10")) }, nil, ""},
		"a milestone is added": {func(c *cast) {
			_, err := handover.AddMilestone(ctx, c.Tx, c.officer, handover.Milestone{Title: "One", Source: "A test", Baseline: "2013-04-01"})
			c.must(err)
		}, nil, ""},
	} {
		c := begin(t)
		c.gather("kent")
		k.change(c)
		h := c.now()
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
		c.sound()
	}
	// A new version of the balance changes what the statement says of it.
	c := begin(t)
	c.gather("kent")
	edit(c, func(i *handover.Item) { i.Value++ })
	c.again(handover.TheStatement)
	_, err := handover.Prepare(ctx, c.Tx, c.finance, handover.TheBalance)
	c.must(err)
	h := c.now()
	if last := h.Statement.Certificates[len(h.Statement.Certificates)-1]; last.Stands() || !strings.Contains(last.Reason, "version 2 of the opening balance") {
		t.Errorf("the statement stands on a balance that was replaced: %+v", last)
	}
}
