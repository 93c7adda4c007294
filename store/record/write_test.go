package record_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

func TestRecordIsPartOfAWrite(t *testing.T) {
	ctx, tx := t.Context(), storetest.Open(t)
	if _, err := record.Add(ctx, tx, office.Portal, "test.act", "test"); err == nil || !strings.Contains(err.Error(), "outside a write") {
		t.Errorf("outside: %v", err)
	}
	err := tx.Read(ctx, func(tx *db.Tx) error {
		_, err := record.Add(ctx, tx, office.Portal, "test.act", "test")
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "outside a write") {
		t.Errorf("inside a read: %v", err)
	}
	if err := tx.Read(ctx, func(tx *db.Tx) error { return record.Write(ctx, tx, func(*db.Tx) error { return nil }) }); err == nil {
		t.Error("a write began inside a read")
	}
	before, err := record.ReadHead(ctx, tx)
	if err != nil {
		t.Fatal(err)
	}
	gone := errors.New("changed my mind")
	if err := record.Write(ctx, tx, func(tx *db.Tx) error {
		if _, err := record.Add(ctx, tx, office.Portal, "test.act", "test"); err != nil {
			return err
		}
		return gone
	}); !errors.Is(err, gone) {
		t.Errorf("the write: %v", err)
	}
	after, err := record.ReadHead(ctx, tx)
	if err != nil || after != before {
		t.Errorf("an act that failed left the head at %+v, %v", after, err)
	}
	for name, by := range map[string]office.Viewer{"a stranger": {}, "one who holds no office": {Person: 7, Office: office.Office{ID: 3}}} {
		err := record.Write(ctx, tx, func(tx *db.Tx) error { _, err := record.Add(ctx, tx, by, "test.act", "test"); return err })
		if fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOneWriteMayRecordSeveralEvents(t *testing.T) {
	ctx, tx := t.Context(), storetest.Open(t)
	var numbers []int64
	if err := record.Write(ctx, tx, func(tx *db.Tx) error {
		for range 5 {
			n, err := record.Add(ctx, tx, office.Portal, "test.act", "test/1", record.About("kent"), record.Detail(map[string]int{"k": 1}))
			if err != nil {
				return err
			}
			numbers = append(numbers, n)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i, n := range numbers {
		if n != numbers[0]+int64(i) {
			t.Errorf("numbers %v", numbers)
		}
	}
	if v, err := store.Verify(ctx, tx); err != nil || !v.OK() {
		t.Error(v, err)
	}
	e, err := record.FindEvent(ctx, tx, numbers[0])
	if err != nil || e.Topic != "test" || e.About != "kent" || e.Origin() != "the portal" || !strings.Contains(e.Detail(), `"k": 1`) {
		t.Errorf("event %+v, %v", e, err)
	}
}

func TestASealedPartIsKeptApart(t *testing.T) {
	ctx, tx := t.Context(), storetest.Open(t)
	var n int64
	if err := record.Write(ctx, tx, func(tx *db.Tx) (err error) {
		n, err = record.Add(ctx, tx, office.Portal, "test.act", "test/1", record.Seal("draft", []byte("the secret words")), record.Seal("nothing", nil))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	salt, text, found, err := record.Unseal(ctx, tx, n, "draft")
	if err != nil || !found || string(text) != "the secret words" || len(salt) != 32 {
		t.Errorf("unsealed %q, %v, %v", text, found, err)
	}
	if _, text, found, err := record.Unseal(ctx, tx, n, "nothing"); err != nil || !found || len(text) != 0 {
		t.Errorf("an empty part: %q, %v, %v", text, found, err)
	}
	if _, _, found, err := record.Unseal(ctx, tx, n, "other"); err != nil || found {
		t.Errorf("a part that is not there: %v, %v", found, err)
	}
	e, err := record.FindEvent(ctx, tx, n)
	if err != nil || strings.Contains(e.Payload, "secret") || e.Read().Sealed["draft"] != record.Commitment(salt, text) {
		t.Errorf("payload %s, %v", e.Payload, err)
	}
}

func TestAThingToldWithoutARowIsFound(t *testing.T) {
	ctx, tx := t.Context(), storetest.Open(t)
	if err := record.Write(ctx, tx, func(tx *db.Tx) error {
		_, err := record.Add(ctx, tx, office.Portal, "test.act", "test/1", record.Now("test/1", map[string]int{"k": 1}))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if v, err := store.Verify(ctx, tx); err != nil || !strings.Contains(v.Fault, "records test/1") {
		t.Error(v, err)
	}
}
