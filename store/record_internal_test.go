package store

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

func openHere(t *testing.T) *db.Tx {
	t.Helper()
	noon := time.Date(2013, 1, 14, 12, 0, 0, 0, time.UTC)
	tx, err := Open(t.Context(), db.Options{Database: filepath.Join(t.TempDir(), "here.db"), Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tx.Close() })
	return tx
}

func TestCanonicalJSON(t *testing.T) {
	type inner struct {
		Z int64  `json:"z"`
		A string `json:"a"`
	}
	for name, c := range map[string]struct {
		in   any
		want string
	}{
		"keys are sorted, at every depth":       {map[string]any{"b": inner{1, "x"}, "a": 2}, `{"a":2,"b":{"a":"x","z":1}}`},
		"nothing is escaped for HTML":           {map[string]string{"k": "<a & b>"}, `{"k":"<a & b>"}`},
		"letters stay letters":                  {map[string]string{"k": "Ŵ “é”"}, `{"k":"Ŵ “é”"}`},
		"great whole numbers stay exact":        {map[string]int64{"k": 9223372036854775807}, `{"k":9223372036854775807}`},
		"empty lists and nulls are kept":        {map[string]any{"a": []int{}, "b": nil}, `{"a":[],"b":null}`},
		"what is canonical stays as it is":      {[]any{true, "x", 1}, `[true,"x",1]`},
		"a struct and its map are the same":     {inner{7, "y"}, `{"a":"y","z":7}`},
		"a line break is an escape, not a line": {"a\nb", `"a\nb"`},
	} {
		got, err := text.Canonical(c.in)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, c.want)
		}
		again, err := text.Canonical(jsonRaw(got))
		if err != nil || string(again) != c.want {
			t.Errorf("%s, done twice: %s, %v", name, again, err)
		}
	}
	if _, err := text.Canonical(make(chan int)); err == nil {
		t.Error("what is no JSON was taken")
	}
}

type jsonRaw []byte

func (r jsonRaw) MarshalJSON() ([]byte, error) { return r, nil }

func TestRecordIsPartOfAWrite(t *testing.T) {
	ctx, tx := t.Context(), openHere(t)
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
	ctx, tx := t.Context(), openHere(t)
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
	if v, err := Verify(ctx, tx); err != nil || !v.OK() {
		t.Error(v, err)
	}
	e, err := record.FindEvent(ctx, tx, numbers[0])
	if err != nil || e.Topic != "test" || e.About != "kent" || e.Origin() != "the portal" || !strings.Contains(e.Detail(), `"k": 1`) {
		t.Errorf("event %+v, %v", e, err)
	}
}

func TestASealedPartIsKeptApart(t *testing.T) {
	ctx, tx := t.Context(), openHere(t)
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
	ctx, tx := t.Context(), openHere(t)
	if err := record.Write(ctx, tx, func(tx *db.Tx) error {
		_, err := record.Add(ctx, tx, office.Portal, "test.act", "test/1", record.Now("test/1", map[string]int{"k": 1}))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if v, err := Verify(ctx, tx); err != nil || !strings.Contains(v.Fault, "tells of test/1") {
		t.Error(v, err)
	}
}
