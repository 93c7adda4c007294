package handover

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"slices"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/record"
)

// KindTotal is the schedule's total of one kind. All of its items count, those
// excepted too; what is excepted is said beside it.
type KindTotal struct {
	Kind          ItemKind    `json:"kind"`
	Count         int64       `json:"count"`
	Pence         money.Pence `json:"pence"`
	Unvalued      int64       `json:"unvalued"`
	Excepted      int64       `json:"excepted"` // of Count
	ExceptedPence money.Pence `json:"excepted_pence"`
}

// StatusCount is the number of items of one status.
type StatusCount struct {
	Status ItemStatus `json:"status"`
	Count  int64      `json:"count"`
}

// ScheduleSummary is the whole schedule in figures. Every kind and status is
// there, in the order of ItemKinds and ItemStatuses.
type ScheduleSummary struct {
	Total    int64         `json:"total"` // that stand: all but the withdrawn
	Open     int64         `json:"open"`  // that stand against the handover
	Statuses []StatusCount `json:"statuses"`
	Kinds    []KindTotal   `json:"kinds"`
	Hash     string        `json:"hash"` // hex SHA-256 of the content that stands; answers do not change it, an exception does
}

// Count is the number of items of a status.
func (t ScheduleSummary) Count(s ItemStatus) (n int64) {
	for _, c := range t.Statuses {
		if c.Status == s {
			n = c.Count
		}
	}
	return n
}

// boundItem is what certificates bind of an item. Its fields are in the order
// of their names, so that its JSON is canonical as it is.
type boundItem struct {
	After    string      `json:"after"`
	Before   string      `json:"before"`
	Evidence string      `json:"evidence"`
	Excepted bool        `json:"excepted"`
	ID       int64       `json:"id"`
	Kind     ItemKind    `json:"kind"`
	Title    string      `json:"title"`
	Value    money.Pence `json:"value_pence"`
	Valued   bool        `json:"valued"`
	Version  int64       `json:"version"`
}

// tally adds up a schedule, item by item in the order of their ids.
type tally struct {
	ScheduleSummary
	hash hash.Hash
}

func newTally() *tally {
	t := &tally{hash: sha256.New()}
	for _, s := range ItemStatuses {
		t.Statuses = append(t.Statuses, StatusCount{Status: s})
	}
	for _, k := range ItemKinds {
		t.Kinds = append(t.Kinds, KindTotal{Kind: k})
	}
	return t
}

func (t *tally) add(i Item) error {
	if n := slices.Index(ItemStatuses, i.Status); n >= 0 {
		t.Statuses[n].Count++
	}
	if !i.Standing() {
		return nil
	}
	if i.Open() {
		t.Open++
	}
	if n := slices.Index(ItemKinds, i.Kind); n >= 0 {
		t.Kinds[n].add(i)
	}
	lead := byte(',')
	if t.Total == 0 {
		lead = '['
	}
	t.Total++
	return t.bind(lead, i)
}

// bind adds an item to the hash: canonical would say the same, slower.
func (t *tally) bind(lead byte, i Item) error {
	var b bytes.Buffer
	b.WriteByte(lead)
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(boundItem{i.After, i.Before, i.Evidence, i.Status == ItemExcepted, i.ID, i.Kind, i.Title, i.Value, i.Valued, i.Version})
	if err != nil {
		return err
	}
	_, err = t.hash.Write(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return err
}

func (k *KindTotal) add(i Item) {
	k.Count++
	k.Pence += i.Value
	if !i.Valued {
		k.Unvalued++
	}
	if i.Status == ItemExcepted {
		k.Excepted++
		k.ExceptedPence += i.Value
	}
}

// summary closes the tally. The hash is over the canonical JSON of a list.
func (t *tally) summary() ScheduleSummary {
	end := "]"
	if t.Total == 0 {
		end = "[]"
	}
	t.hash.Write([]byte(end)) // a hash never fails to take it
	out := t.ScheduleSummary
	out.Hash = hex.EncodeToString(t.hash.Sum(nil))
	out.Statuses, out.Kinds = slices.Clone(t.Statuses), slices.Clone(t.Kinds) // the tally may go on
	return out
}

// Summary adds up the schedule at a moment. Every figure comes from the same
// rows, read once, so that the totals reconcile with the list.
func Summary(ctx context.Context, tx *db.Tx, m record.Moment) (ScheduleSummary, error) {
	t := newTally()
	if m.Past {
		all, err := pastItems(ctx, tx, m)
		for _, i := range all {
			if err := t.add(i); err != nil {
				return ScheduleSummary{}, err
			}
		}
		return t.summary(), err
	}
	_, err := db.List(ctx, tx, func(r db.Row) (none struct{}, err error) {
		i, err := ScanItem(r)
		if err != nil {
			return none, err
		}
		return none, t.add(i)
	}, `SELECT `+ItemCols+` FROM items ORDER BY id`)
	return t.summary(), err
}
