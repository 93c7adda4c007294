package handover_test

import (
	"testing"
	"time"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

// gather brings everything to where only completion is left.
func gather(c *storetest.Cast, bodies ...string) {
	c.T.Helper()
	for _, body := range bodies {
		c.Bring(body, handover.BodyReady)
	}
	_, err := handover.AddItem(c.T.Context(), c.Tx, c.Officer, handover.Item{Kind: handover.ContractItem, Title: "Hosting", Before: office.HomeOffice, After: office.TheCompany, Value: 100_00, Valued: true, Evidence: "Novation 1"})
	c.Must(err)
	c.Certify()
}

func state(c *storetest.Cast, id string) handover.ConditionState {
	c.T.Helper()
	for _, d := range c.Handover().Conditions {
		if d.ID == id {
			return d.State
		}
	}
	c.T.Fatalf("no condition %s", id)
	return ""
}

func TestHandoverCompletes(t *testing.T) {
	c := storetest.Begin(t)
	ctx := t.Context()
	for _, d := range c.Handover().Conditions {
		if d.State == handover.Met && d.ID != "scrutiny" { // there is no work to lose
			t.Errorf("%s is met with nothing done: %s", d.ID, d.Evidence)
		}
	}
	gather(c, "kent", "essex")
	if h := c.Handover(); !h.Ready() {
		t.Fatalf("not ready: %+v", h.Against())
	}
	c.Must(handover.Complete(ctx, c.Tx, c.Secretary, "2013-01-14", c.Handover().Statement.Now))
	r, err := register.Read(ctx, c.Tx, record.When{})
	c.Must(err)
	if len(r.Members) != 2 || r.Votes != 2 || r.Members[0].Body != "essex" || r.Seats() != 12 || len(r.Former) != 2 {
		t.Errorf("the register after completion: %+v", r)
	}
	if h := c.Handover(); !h.Programme.Done() || len(h.Against()) != 0 || h.Count(handover.IsAdmitted) != 2 {
		t.Errorf("after completion: %s %+v", h.Answer(), h.Against())
	}
	if err := handover.Complete(ctx, c.Tx, c.Secretary, "2013-01-14", c.Handover().Statement.Now); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second completion: %v", err)
	}
	c.Sound()
	// Afterwards, one by one.
	c.Bring("surrey", handover.DeedReceived)
	late := register.Entry{Kind: register.Admitted, Body: "surrey", Class: "Local policing body", Votes: 1, Guarantee: 100, Instrument: "Deed", Registered: "2013-01-14"}
	if _, err := handover.Enter(ctx, c.Tx, c.Secretary, late); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a body that is not ready was admitted: %v", err)
	}
	c.Must(c.Step(c.Secretary, "surrey", handover.ActConfirm))
	c.Enter(late)
	c.Sound()
}

func TestCertificatesAreVoidedByAnyChange(t *testing.T) {
	c := storetest.Begin(t)
	ctx := t.Context()
	gather(c, "kent")
	change := map[string]func(){
		"an item is added": func() {
			_, err := handover.AddItem(ctx, c.Tx, c.Officer, handover.Item{Kind: handover.AssetItem, Title: "Servers", Before: office.HomeOffice, After: office.TheCompany, Valued: true, Value: 5, Evidence: "List"})
			c.Must(err)
		},
		"a body becomes ready":   func() { c.Bring("essex", handover.BodyReady) },
		"a ready body withdraws": func() { c.Must(c.Step(c.Chief("essex"), "essex", handover.ActWithdraw)) },
	}
	for _, name := range []string{"an item is added", "a body becomes ready", "a ready body withdraws"} {
		if !c.Handover().Ready() {
			t.Fatalf("before %s: %+v", name, c.Handover().Against())
		}
		change[name]()
		h := c.Handover()
		if n := h.Statement.Standing(h.Programme); n != 0 {
			t.Errorf("%s, and %d certificates on the statement still stand", name, n)
		}
		last := h.Statement.Certificates[len(h.Statement.Certificates)-1]
		if last.Stands() || last.Reason == "" {
			t.Errorf("%s: the certificate does not say why it was voided: %+v", name, last)
		}
		c.Clock.Set(c.Clock.Now().Add(time.Hour))
		if h.Balance.Current() {
			_, err := handover.Prepare(ctx, c.Tx, c.Secretary, handover.TheStatement)
			c.Must(err)
			for _, v := range []office.Viewer{c.Official, c.Association} {
				c.Must(handover.Certify(ctx, c.Tx, v, handover.TheStatement, c.Handover().Statement.Now))
			}
			continue
		}
		c.Certify()
	}
	c.Sound()
}
