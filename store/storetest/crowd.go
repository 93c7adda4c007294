package storetest

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
)

// Crowd is a cast in which each of the 43 bodies has a chief executive, with the
// addresses of its database and key for those who open it once more.
func Crowd(t *testing.T) (c *Cast, database, key string, chiefs []office.Viewer) {
	t.Helper()
	database, key = Database(t), filepath.Join(t.TempDir(), "record.key")
	clock := &Clock{}
	clock.Set(Noon)
	c = BeginOn(t, At(t, database, key, clock.Now), clock)
	for _, b := range office.LocalPolicingBodies() {
		chiefs = append(chiefs, c.Chief(b.Slug))
	}
	if len(chiefs) != 43 {
		t.Fatal(len(chiefs))
	}
	c.AddItem("Servers", "List", 5)
	return c, database, key, chiefs
}

// Join takes the body of a chief executive all the way to ready, each step by
// whom it belongs to.
func Join(ctx context.Context, s *db.Tx, secretary, chief office.Viewer) error {
	body := chief.Office.Body
	for _, act := range []office.Act{handover.ActInvite, handover.ActResolve, handover.ActDeliver, handover.ActConfirm} {
		by := chief
		if act == handover.ActInvite || act == handover.ActConfirm {
			by = secretary
		}
		doc, err := documents.KeepDraft(ctx, s, by, "paper.txt", []byte("The paper of "+body))
		if err != nil {
			return fmt.Errorf("%s, %s: %w", body, act, err)
		}
		if err := handover.TakeStep(ctx, s, by, body, handover.Step{Act: act, Document: doc, Reference: "1", DecidedOn: "2013-01-10", DecidedBy: handover.ByBody}); err != nil {
			return fmt.Errorf("%s, %s: %w", body, act, err)
		}
	}
	return nil
}

// Complete completes the handover on Noon's day with the statement as it is.
func Complete(ctx context.Context, s *db.Tx, secretary office.Viewer) error {
	h, err := handover.Read(ctx, s, record.Moment{})
	if err != nil {
		return err
	}
	return handover.Complete(ctx, s, secretary, "2013-01-14", h.Statement.Now)
}
