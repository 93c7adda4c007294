package handover

import (
	"context"
	"fmt"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
)

// ItemCols are the columns that ScanItem reads.
const ItemCols = `id, kind, title, holder_before, holder_after, pence, valued, evidence, status, reason, decision,
	proposed_by, changed_by, agreed_by, accepted_by, exception_by, exception_agreed_by, exception_accepted_by, version`

// ScanItem reads a row of ItemCols.
func ScanItem(r db.Row) (i Item, err error) {
	return i, r.Scan(&i.ID, &i.Kind, &i.Title, &i.Before, &i.After, &i.Value, &i.Valued, &i.Evidence, &i.Status, &i.Reason, &i.Decision,
		&i.ProposedBy, (*record.PeopleIDs)(&i.ChangedBy), &i.AgreedBy, &i.AcceptedBy, &i.ExceptionBy, &i.ExceptionAgreedBy, &i.ExceptionAcceptedBy, &i.Version)
}

// scheduleOpen refuses every change once the handover is complete.
func scheduleOpen(ctx context.Context, tx *db.Tx) error {
	p, err := register.ReadProgramme(ctx, tx, record.Moment{})
	if err == nil && p.Done() {
		return fault.Conflict.Errorf("The handover was completed on %s, so the schedule cannot change.", p.CompletedOn)
	}
	return err
}

func mayKeepSchedule(by office.Viewer) error {
	if !by.Can(office.KeepSchedule) {
		return fault.Forbidden.Errorf("Your role cannot change the schedule.")
	}
	return nil
}

// AddItem puts a thing on the schedule, as proposed, and returns its number.
func AddItem(ctx context.Context, tx *db.Tx, by office.Viewer, i Item) (id int64, err error) {
	if err := mayKeepSchedule(by); err != nil {
		return 0, err
	}
	if i, err = i.check(); err != nil {
		return 0, err
	}
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		if err := scheduleOpen(ctx, tx); err != nil {
			return err
		}
		i, err := insertItem(ctx, tx, by, i)
		if err != nil {
			return err
		}
		id = i.ID
		return recordItem(ctx, tx, by, "add", "added", i)
	})
	return id, err
}

// insertItem stores the content of an item as a new one, proposed.
func insertItem(ctx context.Context, tx *db.Tx, by office.Viewer, c Item) (i Item, err error) {
	i = Item{Kind: c.Kind, Title: c.Title, Before: c.Before, After: c.After, Value: c.Value, Valued: c.Valued, Evidence: c.Evidence,
		Status: ItemProposed, ProposedBy: by.Person, Version: 1}
	i.ID, err = db.One(ctx, tx, db.ScanInto[int64], `INSERT INTO items (kind, title, holder_before, holder_after, pence, valued, evidence, status, reason,
			proposed_by, changed_by, agreed_by, accepted_by, exception_by, exception_agreed_by, exception_accepted_by, version, folded)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, '[]', 0, 0, 0, 0, 0, $10, $11) RETURNING id`,
		i.Kind, i.Title, i.Before, i.After, i.Value, i.Valued, i.Evidence, i.Status, i.ProposedBy, i.Version, i.folded())
	return i, err
}

// replaceItem stores how an item stands now, if it still stands as old.
func replaceItem(ctx context.Context, tx *db.Tx, old, i Item) error {
	return tx.Change(ctx, `UPDATE items SET kind = $1, title = $2, holder_before = $3, holder_after = $4, pence = $5, valued = $6, evidence = $7,
			status = $8, reason = $9, changed_by = $10, agreed_by = $11, accepted_by = $12, exception_by = $13, exception_agreed_by = $14,
			exception_accepted_by = $15, version = $16, folded = $17, decision = $18
		WHERE id = $19 AND status = $20 AND version = $21`,
		i.Kind, i.Title, i.Before, i.After, i.Value, i.Valued, i.Evidence, i.Status, i.Reason, record.PeopleIDs(i.ChangedBy), i.AgreedBy, i.AcceptedBy,
		i.ExceptionBy, i.ExceptionAgreedBy, i.ExceptionAcceptedBy, i.Version, i.folded(), i.Decision, i.ID, old.Status, old.Version)
}

// recordItem ends every write to one item. The certificates of the handover
// bind the schedule, so they are looked at again.
func recordItem(ctx context.Context, tx *db.Tx, by office.Viewer, act office.Act, done string, i Item, more ...record.Part) error {
	n, err := record.Add(ctx, tx, by, "schedule."+string(act), i.subject(), append(more, record.About(i.Before), record.Now(i.subject(), i))...)
	if err != nil {
		return err
	}
	return statementMoved(ctx, tx, fmt.Sprintf("item %d of the schedule was %s (entry %s)", i.ID, done, text.Thousands(n)))
}

// EditItem changes the content of the item with c's ID, as read at c's
// Version. It goes back to proposed: every agreement or acceptance is void.
func EditItem(ctx context.Context, tx *db.Tx, by office.Viewer, c Item) error {
	if err := mayKeepSchedule(by); err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		old, err := FindItem(ctx, tx, record.Moment{}, c.ID)
		if err != nil {
			return err
		}
		if err := scheduleOpen(ctx, tx); err != nil {
			return err
		}
		if err := old.MayEdit(by); err != nil {
			return err
		}
		if c, err = c.check(); err != nil {
			return err
		}
		changed := old.changes(c)
		switch {
		case c.Version != old.Version:
			return fault.Conflict.Errorf("Someone else has changed this item. Reload the page and check it again.")
		case len(changed) == 0:
			return fault.Invalid.Errorf("You have not changed anything.")
		}
		i := old.edited(c, by.Person)
		if err := replaceItem(ctx, tx, old, i); err != nil {
			return err
		}
		return recordItem(ctx, tx, by, "edit", "changed", i, record.Detail(editDetail{changed, old.Status, old.answered()}))
	})
}

// editDetail says what an edit changed, and what it took back.
type editDetail struct {
	Changed []string   `json:"changed"`
	Was     ItemStatus `json:"was"`
	Voided  string     `json:"voided,omitempty"`
}

// answered names the answers that an edit voids, "" when there are none.
func (i Item) answered() string {
	switch i.Status {
	case ItemAgreed:
		return "the agreement of the holder before"
	case ItemAccepted:
		return "the agreement of the holder before and the acceptance of the holder after"
	case ExceptionProposed, ExceptionAgreed, ItemExcepted:
		return "the exception and every agreement to it"
	}
	return ""
}

// ActOnItem takes one step of the item's life. Some need a reason. The version
// is that of the page on which the person decided: nobody agrees to what they
// have not read. 0 is the item as it stands.
func ActOnItem(ctx context.Context, tx *db.Tx, by office.Viewer, id, version int64, act office.Act, reason string) error {
	return actOnItem(ctx, tx, by, id, version, act, reason, "")
}

// AcceptException accepts the exception of an item, as ActOnItem does, under a
// decision that names the item.
func AcceptException(ctx context.Context, tx *db.Tx, by office.Viewer, id, version int64, ref string) error {
	return actOnItem(ctx, tx, by, id, version, ActAcceptException, "", ref)
}

func actOnItem(ctx context.Context, tx *db.Tx, by office.Viewer, id, version int64, act office.Act, reason, ref string) error {
	var f fault.Faults
	reason = text.OneLine(reason)
	text.Tidy(&f, "reason", "a reason", reason, ItemNeedsReason(act), 500)
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		old, err := FindItem(ctx, tx, record.Moment{}, id)
		if err != nil {
			return err
		}
		if err := scheduleOpen(ctx, tx); err != nil {
			return err
		}
		to, err := old.Next(act, by)
		if err != nil {
			return err
		}
		if err := f.Err(); err != nil {
			return err
		}
		if version != 0 && version != old.Version {
			return fault.Conflict.Errorf("Someone else has changed this item. Reload the page and check it again.")
		}
		i := old.apply(act, to, by.Person, reason)
		if act == ActAcceptException {
			d, err := decisions.Under(ctx, tx, by, ref, authority.Effect{Kind: authority.AcceptsItem, Subject: i.subject()})
			if err != nil {
				return err
			}
			i.Decision, ref = d.Ref, d.Ref
		}
		if err := replaceItem(ctx, tx, old, i); err != nil {
			return err
		}
		return recordItem(ctx, tx, by, act, itemDone[act], i, record.WhyDetail(reason, ref))
	})
}

// itemDone says what an act did, for the reason why a certificate is void.
var itemDone = map[office.Act]string{
	ActAgree: "agreed", ActAccept: "accepted", ActExcept: "proposed as an exception", ActAgreeException: "agreed as an exception",
	ActAcceptException: "accepted as an exception", ActReturnItem: "returned to proposed", ActWithdrawItem: "withdrawn",
}
