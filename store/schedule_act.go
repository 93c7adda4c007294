package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// peopleIDs are numbers of people, kept as a JSON list.
type peopleIDs []int64

// Value is the list as text.
func (l peopleIDs) Value() (driver.Value, error) {
	if len(l) == 0 {
		return "[]", nil
	}
	b, err := json.Marshal([]int64(l))
	return string(b), err
}

// Scan reads the list from text; an empty one is nil, as in JSON.
func (l *peopleIDs) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("people: cannot read %T", v)
	}
	var all []int64
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return err
	}
	if *l = all; len(all) == 0 {
		*l = nil
	}
	return nil
}

const itemCols = `id, kind, title, holder_before, holder_after, pence, valued, evidence, status, reason, decision,
	proposed_by, changed_by, agreed_by, accepted_by, exception_by, exception_agreed_by, exception_accepted_by, version`

func scanItem(r row) (i Item, err error) {
	return i, r.Scan(&i.ID, &i.Kind, &i.Title, &i.Before, &i.After, &i.Value, &i.Valued, &i.Evidence, &i.Status, &i.Reason, &i.Decision,
		&i.ProposedBy, (*peopleIDs)(&i.ChangedBy), &i.AgreedBy, &i.AcceptedBy, &i.ExceptionBy, &i.ExceptionAgreedBy, &i.ExceptionAcceptedBy, &i.Version)
}

// scheduleOpen refuses every change once the handover is complete.
func (s *Store) scheduleOpen(ctx context.Context) error {
	p, err := s.Programme(ctx, Moment{})
	if err == nil && p.Done() {
		return Conflict.Errorf("The handover was completed on %s, so nothing of its schedule can change.", p.CompletedOn)
	}
	return err
}

func mayKeepSchedule(by Viewer) error {
	if !by.Can(KeepSchedule) {
		return Forbidden.Errorf("The office you act in does not keep the schedule.")
	}
	return nil
}

// AddItem puts a thing on the schedule, as proposed, and returns its number.
func (s *Store) AddItem(ctx context.Context, by Viewer, i Item) (id int64, err error) {
	if err := mayKeepSchedule(by); err != nil {
		return 0, err
	}
	if i, err = i.check(); err != nil {
		return 0, err
	}
	err = s.write(ctx, func(s *Store) error {
		if err := s.scheduleOpen(ctx); err != nil {
			return err
		}
		i, err := s.insertItem(ctx, by, i)
		if err != nil {
			return err
		}
		id = i.ID
		return s.recordItem(ctx, by, "add", "added", i)
	})
	return id, err
}

// insertItem stores the content of an item as a new one, proposed.
func (s *Store) insertItem(ctx context.Context, by Viewer, c Item) (i Item, err error) {
	i = Item{Kind: c.Kind, Title: c.Title, Before: c.Before, After: c.After, Value: c.Value, Valued: c.Valued, Evidence: c.Evidence,
		Status: ItemProposed, ProposedBy: by.Person, Version: 1}
	i.ID, err = one(ctx, s, scanInto[int64], `INSERT INTO items (kind, title, holder_before, holder_after, pence, valued, evidence, status, reason,
			proposed_by, changed_by, agreed_by, accepted_by, exception_by, exception_agreed_by, exception_accepted_by, version, folded)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, '[]', 0, 0, 0, 0, 0, $10, $11) RETURNING id`,
		i.Kind, i.Title, i.Before, i.After, i.Value, i.Valued, i.Evidence, i.Status, i.ProposedBy, i.Version, i.folded())
	return i, err
}

// replaceItem stores how an item stands now, if it still stands as old.
func (s *Store) replaceItem(ctx context.Context, old, i Item) error {
	return s.change(ctx, `UPDATE items SET kind = $1, title = $2, holder_before = $3, holder_after = $4, pence = $5, valued = $6, evidence = $7,
			status = $8, reason = $9, changed_by = $10, agreed_by = $11, accepted_by = $12, exception_by = $13, exception_agreed_by = $14,
			exception_accepted_by = $15, version = $16, folded = $17, decision = $18
		WHERE id = $19 AND status = $20 AND version = $21`,
		i.Kind, i.Title, i.Before, i.After, i.Value, i.Valued, i.Evidence, i.Status, i.Reason, peopleIDs(i.ChangedBy), i.AgreedBy, i.AcceptedBy,
		i.ExceptionBy, i.ExceptionAgreedBy, i.ExceptionAcceptedBy, i.Version, i.folded(), i.Decision, i.ID, old.Status, old.Version)
}

// recordItem ends every write to one item. The certificates of the handover
// bind the schedule, so they are looked at again.
func (s *Store) recordItem(ctx context.Context, by Viewer, act Act, done string, i Item, more ...part) error {
	n, err := s.record(ctx, by, "schedule."+string(act), i.subject(), append(more, about(i.Before), now(i.subject(), i))...)
	if err != nil {
		return err
	}
	return s.statementMoved(ctx, fmt.Sprintf("item %d of the schedule was %s (event %s)", i.ID, done, Thousands(n)))
}

// EditItem changes the content of the item with c's ID, as read at c's
// Version. It goes back to proposed: every agreement or acceptance is void.
func (s *Store) EditItem(ctx context.Context, by Viewer, c Item) error {
	if err := mayKeepSchedule(by); err != nil {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		old, err := s.Item(ctx, Moment{}, c.ID)
		if err != nil {
			return err
		}
		if err := s.scheduleOpen(ctx); err != nil {
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
			return Conflict.Errorf("Someone else changed this item first. Reload the page and look again.")
		case len(changed) == 0:
			return Invalid.Errorf("Nothing was changed, so the item stays as it is.")
		}
		i := old.edited(c, by.Person)
		if err := s.replaceItem(ctx, old, i); err != nil {
			return err
		}
		return s.recordItem(ctx, by, "edit", "changed", i, detail(editDetail{changed, old.Status, old.answered()}))
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
		return "the exception, with every agreement to it"
	}
	return ""
}

// ActOnItem takes one step of the item's life. Some need a reason. The version
// is that of the page on which the person decided: nobody agrees to what they
// have not read. 0 is the item as it stands.
func (s *Store) ActOnItem(ctx context.Context, by Viewer, id, version int64, act Act, reason string) error {
	return s.actOnItem(ctx, by, id, version, act, reason, "")
}

// AcceptException accepts the exception of an item, as ActOnItem does, under a
// decision that names the item.
func (s *Store) AcceptException(ctx context.Context, by Viewer, id, version int64, ref string) error {
	return s.actOnItem(ctx, by, id, version, AcceptException, "", ref)
}

func (s *Store) actOnItem(ctx context.Context, by Viewer, id, version int64, act Act, reason, ref string) error {
	var f Faults
	reason = oneLine(reason)
	text(&f, "reason", "a reason", reason, ItemNeedsReason(act), 500)
	return s.write(ctx, func(s *Store) error {
		old, err := s.Item(ctx, Moment{}, id)
		if err != nil {
			return err
		}
		if err := s.scheduleOpen(ctx); err != nil {
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
			return Conflict.Errorf("Someone else changed this item first. Reload the page and look again.")
		}
		i := old.apply(act, to, by.Person, reason)
		if act == AcceptException {
			d, err := s.under(ctx, by, ref, Effect{Kind: AcceptsItem, Subject: i.subject()})
			if err != nil {
				return err
			}
			i.Decision, ref = d.Ref, d.Ref
		}
		if err := s.replaceItem(ctx, old, i); err != nil {
			return err
		}
		return s.recordItem(ctx, by, act, itemDone[act], i, whyDetail(reason, ref))
	})
}

// itemDone says what an act did, for the reason why a certificate is void.
var itemDone = map[Act]string{
	AgreeItem: "agreed", AcceptItem: "accepted", ExceptItem: "proposed as an exception", AgreeException: "agreed as an exception",
	AcceptException: "accepted as an exception", ReturnItem: "returned to proposed", WithdrawItem: "withdrawn",
}

// whyDetail is the reason of an act and the decision it was done under, where
// there are any.
func whyDetail(reason, ref string) part {
	said := map[string]string{}
	if reason != "" {
		said["reason"] = reason
	}
	if ref != "" {
		said["decision"] = ref
	}
	if len(said) == 0 {
		return func(*eventParts) error { return nil }
	}
	return detail(said)
}
