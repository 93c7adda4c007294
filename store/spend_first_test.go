package store_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// The first read after a start reads the parts of many loads together. It must
// come to the same as a store that followed them one by one.
func TestTheFirstReadComesToTheSame(t *testing.T) {
	dir := t.TempDir()
	open := func() *store.Store {
		return storetest.At(t, filepath.Join(dir, "s.db"), filepath.Join(dir, "key"), func() time.Time { return storetest.Noon })
	}
	type seen struct {
		Spend store.Spend
		By    store.SupplierPage
		Lines []store.Line
	}
	look := func(s *store.Store) (v seen) {
		var err error
		if v.Spend, err = s.Spend(t.Context(), store.SpendFilter{}); err != nil {
			t.Fatal(err)
		}
		if v.By, err = s.SpendBySupplier(t.Context(), store.SpendFilter{}, 0, 50); err != nil {
			t.Fatal(err)
		}
		p, err := s.Lines(t.Context(), store.SpendFilter{}, store.Largest, 0, 200)
		if err != nil {
			t.Fatal(err)
		}
		v.Lines = p.Lines
		return v
	}
	s, bodies := open(), store.LocalPolicingBodies()
	for i := range 20 {
		file := storetest.SpendFile(60, store.MonthOf(2010, 1+i), 1, uint64(i+1))
		req := store.LoadRequest{Body: bodies[i%5].Slug, File: fmt.Sprintf("%d.csv", i)}
		if _, err := s.TakeIn(t.Context(), store.CommandLine, req, bytes.NewReader(file), int64(len(file))); err != nil {
			t.Fatal(err)
		}
		look(s)
	}
	if err := s.WithholdLine(t.Context(), store.CommandLine, 70, "It names a person."); err != nil {
		t.Fatal(err)
	}
	followed, first := look(s), look(open())
	if !reflect.DeepEqual(followed, first) {
		t.Errorf("followed one by one:\n%+v\nread first:\n%+v", followed.Spend, first.Spend)
	}
	if first.Spend.All.Lines != 1200 || !first.Spend.Reconciles() || len(first.By.Rows) == 0 {
		t.Errorf("%d lines, %d suppliers, bad: %v", first.Spend.All.Lines, len(first.By.Rows), first.Spend.Bad)
	}
}
