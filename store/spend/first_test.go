package spend_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/storetest"
)

// The first read after a start reads the parts of many loads together. It must
// come to the same as a store that followed them one by one.
func TestTheFirstReadComesToTheSame(t *testing.T) {
	dir := t.TempDir()
	open := func() *db.Tx {
		return storetest.At(t, filepath.Join(dir, "s.db"), filepath.Join(dir, "key"), func() time.Time { return storetest.Noon })
	}
	type seen struct {
		Spend spend.Spend
		By    spend.SuppliersPage
		lines []spend.Line
	}
	look := func(s *db.Tx) (v seen) {
		var err error
		if v.Spend, err = spend.Read(t.Context(), s, payments.Filter{}); err != nil {
			t.Fatal(err)
		}
		if v.By, err = spend.BySupplier(t.Context(), s, payments.Filter{}, 0, 50); err != nil {
			t.Fatal(err)
		}
		p, err := spend.Lines(t.Context(), s, payments.Filter{}, spend.Largest, 0, 200)
		if err != nil {
			t.Fatal(err)
		}
		v.lines = p.Lines
		return v
	}
	s, bodies := open(), office.LocalPolicingBodies()
	for i := range 20 {
		file := storetest.SpendFile(60, civil.MonthOf(2010, 1+i), 1, uint64(i+1))
		req := spend.LoadRequest{Body: bodies[i%5].Slug, File: fmt.Sprintf("%d.csv", i)}
		if _, err := spend.Import(t.Context(), s, office.CommandLine, req, bytes.NewReader(file), int64(len(file))); err != nil {
			t.Fatal(err)
		}
		look(s)
	}
	if err := spend.WithholdLine(t.Context(), s, office.CommandLine, 70, "It names a person."); err != nil {
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
