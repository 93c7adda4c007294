package store

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func openHere(t *testing.T) *Store {
	t.Helper()
	noon := time.Date(2013, 1, 14, 12, 0, 0, 0, time.UTC)
	s, err := Open(t.Context(), Options{Database: filepath.Join(t.TempDir(), "here.db"), Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
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
		got, err := canonical(c.in)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, c.want)
		}
		again, err := canonical(jsonRaw(got))
		if err != nil || string(again) != c.want {
			t.Errorf("%s, done twice: %s, %v", name, again, err)
		}
	}
	if _, err := canonical(make(chan int)); err == nil {
		t.Error("what is no JSON was taken")
	}
}

type jsonRaw []byte

func (r jsonRaw) MarshalJSON() ([]byte, error) { return r, nil }

func TestRecordIsPartOfAWrite(t *testing.T) {
	ctx, s := t.Context(), openHere(t)
	if _, err := s.record(ctx, Portal, "test.act", "test"); err == nil || !strings.Contains(err.Error(), "outside a write") {
		t.Errorf("outside: %v", err)
	}
	err := s.read(ctx, func(s *Store) error {
		_, err := s.record(ctx, Portal, "test.act", "test")
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "outside a write") {
		t.Errorf("inside a read: %v", err)
	}
	if err := s.read(ctx, func(s *Store) error { return s.write(ctx, func(*Store) error { return nil }) }); err == nil {
		t.Error("a write began inside a read")
	}
	before, err := s.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	gone := errors.New("changed my mind")
	if err := s.write(ctx, func(s *Store) error {
		if _, err := s.record(ctx, Portal, "test.act", "test"); err != nil {
			return err
		}
		return gone
	}); !errors.Is(err, gone) {
		t.Errorf("the write: %v", err)
	}
	after, err := s.Head(ctx)
	if err != nil || after != before {
		t.Errorf("an act that failed left the head at %+v, %v", after, err)
	}
	for name, by := range map[string]Viewer{"a stranger": {}, "one who holds no office": {Person: 7, Office: Office{ID: 3}}} {
		err := s.write(ctx, func(s *Store) error { _, err := s.record(ctx, by, "test.act", "test"); return err })
		if KindOf(err) != Forbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOneWriteMayRecordSeveralEvents(t *testing.T) {
	ctx, s := t.Context(), openHere(t)
	var numbers []int64
	if err := s.write(ctx, func(s *Store) error {
		for range 5 {
			n, err := s.record(ctx, Portal, "test.act", "test/1", about("kent"), detail(map[string]int{"k": 1}))
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
	if v, err := s.Verify(ctx); err != nil || !v.OK() {
		t.Error(v, err)
	}
	e, err := s.Event(ctx, numbers[0])
	if err != nil || e.Topic != "test" || e.About != "kent" || e.Origin() != "the portal" || !strings.Contains(e.Detail(), `"k": 1`) {
		t.Errorf("event %+v, %v", e, err)
	}
}

func TestASealedPartIsKeptApart(t *testing.T) {
	ctx, s := t.Context(), openHere(t)
	var n int64
	if err := s.write(ctx, func(s *Store) (err error) {
		n, err = s.record(ctx, Portal, "test.act", "test/1", seal("draft", []byte("the secret words")), seal("nothing", nil))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	salt, text, found, err := s.unseal(ctx, n, "draft")
	if err != nil || !found || string(text) != "the secret words" || len(salt) != 32 {
		t.Errorf("unsealed %q, %v, %v", text, found, err)
	}
	if _, text, found, err := s.unseal(ctx, n, "nothing"); err != nil || !found || len(text) != 0 {
		t.Errorf("an empty part: %q, %v, %v", text, found, err)
	}
	if _, _, found, err := s.unseal(ctx, n, "other"); err != nil || found {
		t.Errorf("a part that is not there: %v, %v", found, err)
	}
	e, err := s.Event(ctx, n)
	if err != nil || strings.Contains(e.Payload, "secret") || e.read().Sealed["draft"] != Commitment(salt, text) {
		t.Errorf("payload %s, %v", e.Payload, err)
	}
}

func TestAThingToldWithoutARowIsFound(t *testing.T) {
	ctx, s := t.Context(), openHere(t)
	if err := s.write(ctx, func(s *Store) error {
		_, err := s.record(ctx, Portal, "test.act", "test/1", now("test/1", map[string]int{"k": 1}))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if v, err := s.Verify(ctx); err != nil || !strings.Contains(v.Fault, "tells of test/1") {
		t.Error(v, err)
	}
}
