package web

import (
	"testing"
	"time"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	decisionsweb "github.com/police-ict/handover/web/decisions"
)

// TestNoFormOfADecisionWaitsForAWrite opens the form of every act, for whoever
// may do it and whoever may not, while another write is under way.
func TestNoFormOfADecisionWaitsForAWrite(t *testing.T) {
	t.Parallel()
	ch := convene(t)
	ch.committee(t)
	people := []at{ch.proposer, ch.secretary, ch.money, ch.official, ch.commissioner, ch.convenor, ch.scrutineers[0], ch.clerk}
	draft := ch.proposer.do(303, "POST", "/decisions/new", "matter", "contract", "title", "Extend hosting").Header().Get("Location")
	d := ch.forward(t)
	opened := 0
	during := func(address string) {
		t.Helper()
		for _, b := range people {
			b.do(200, "GET", "/help/words") // where the notice of an earlier act is shown, once
		}
		held, release, done := make(chan struct{}), make(chan struct{}), make(chan error)
		go func() {
			done <- record.Try(t.Context(), ch.st, func(*db.Tx) error {
				close(held)
				select {
				case <-release:
				case <-time.After(20 * time.Second):
				}
				return nil
			})
		}()
		<-held
		for _, b := range people {
			for _, a := range decisionsweb.ActForms {
				began := time.Now()
				if w := b.send("GET", address+"/"+string(a.Act)); w.Code == 200 {
					opened++
				}
				if took := time.Since(began); took > time.Second {
					t.Errorf("the form of %s at %s was answered after %s, behind a write", a.Act, address, took)
				}
			}
		}
		close(release)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	during(draft)
	during(first)
	recorded(t, ch.secretary.do(303, "POST", first+"/open", sure([]string{"way", "approval"})...))
	during(first)
	recorded(t, ch.official.votes(d, "for"))
	recorded(t, ch.assoc.votes(d, "for"))
	during(first)
	recorded(t, ch.secretary.do(303, "POST", first+"/publish", surely("signed", "14", "signed-month", "1", "signed-year", "2013")...))
	during(first)
	if opened < 15 {
		t.Errorf("only %d forms opened", opened)
	}
}
