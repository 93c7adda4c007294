package published

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/contracts/notice"
	"github.com/police-ict/handover/store/money"
)

// shared is the folder of public files, which are not part of the program.
const shared = "../../../../shared/data/contracts/"

func folder(t testing.TB) string {
	t.Helper()
	for _, f := range []string{os.Getenv("CONTRACTS_DATA"), shared} {
		if _, err := os.Stat(filepath.Join(f, "expected.csv")); f != "" && err == nil {
			return f
		}
	}
	t.Skip("the public contract files are not beside the program: set CONTRACTS_DATA to their folder")
	return ""
}

// figures are the columns of the expected figures, as text.
func figures(s notice.Summary) map[string]string {
	count := func(n *int64) string {
		if n == nil {
			return "0"
		}
		return fmt.Sprint(*n)
	}
	sum := func(p *money.Pence) string {
		if p == nil {
			return "0.00"
		}
		return p.Plain()
	}
	return map[string]string{
		"rows": fmt.Sprint(s.Rows), "processes": count(s.Processes), "awards_published": count(s.AwardsPublished), "sum_published": sum(s.PencePublished),
		"awards_current": count(s.AwardsCurrent), "sum_current": sum(s.PenceCurrent), "contracts": count(s.Contracts), "sum_contracts": sum(s.PenceContracts),
		"currency": s.Currency, "suppliers": fmt.Sprint(s.Suppliers), "buyers": fmt.Sprint(s.Buyers), "first_start": string(s.FirstStart), "last_end": string(s.LastEnd),
	}
}

// TestPublicFilesGiveTheirFigures holds every public file to the figures that an
// independent reading found.
func TestPublicFilesGiveTheirFigures(t *testing.T) {
	dir := folder(t)
	f, err := os.Open(filepath.Join(dir, "expected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		t.Run(row[0], func(t *testing.T) {
			keys := map[string]bool{}
			s := readFile(t, filepath.Join(dir, row[0]), func(n *notice.Notice) {
				if n.Key != "" && keys[n.Key] {
					t.Errorf("the key %q stands twice", n.Key)
				}
				keys[n.Key] = true
			})
			got := figures(s)
			for i, name := range rows[0] {
				if ours, ok := got[name]; ok && row[i] != "" && ours != row[i] {
					t.Errorf("%s is %s, want %s", name, ours, row[i])
				}
			}
			shape := strings.TrimSuffix(row[2], " (invented)")
			if shape != "oracle" && string(s.Shape) != shape {
				t.Errorf("the shape is %q, want %q", s.Shape, shape)
			}
			if s.Rejected > 0 {
				t.Errorf("rejected: %v", s.Rejections)
			}
		})
	}
}

func readFile(t *testing.T, path string, give func(*notice.Notice)) notice.Summary {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	stat, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	opened, err := Open(file, stat.Size(), filepath.Base(path), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	s, err := opened.Read(context.Background(), func(n *notice.Notice) error {
		give(n)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTwoQuartersOfOneRegister compares two snapshots of a register: one contract
// was extended in silence, one is no longer listed, and that ends nothing.
func TestTwoQuartersOfOneRegister(t *testing.T) {
	dir := folder(t)
	snapshot := func(file string) map[string]*notice.Notice {
		all := map[string]*notice.Notice{}
		readFile(t, filepath.Join(dir, "register-shapes", file), func(n *notice.Notice) { all[n.Key] = n })
		return all
	}
	was, now := snapshot("council-2012-q3.csv"), snapshot("council-2012-q4.csv")
	moved, gone := map[string][]notice.Moved{}, 0
	for key, n := range was {
		if now[key] == nil {
			gone++
		} else if m := notice.Compare(n, now[key]); len(m) > 0 {
			moved[key] = m
		}
	}
	if gone != 1 || len(moved) != 1 || moved["ict/0101"][0] != (notice.Moved{Field: "end", Was: "2015-03-31", Now: "2016-03-31"}) {
		t.Errorf("%d gone, %v", gone, moved)
	}
}

// TestPaymentsAreToldFromContracts refuses the public files of payments.
func TestPaymentsAreToldFromContracts(t *testing.T) {
	all, err := filepath.Glob(filepath.Join(folder(t), "../spend/*/*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		stat, err := f.Stat()
		if err != nil || stat.IsDir() || stat.Size() == 0 || stat.Size() > 100<<10 {
			f.Close()
			continue
		}
		if _, err := Open(f, stat.Size(), filepath.Base(path), 0); !errors.Is(err, Payments) {
			t.Errorf("%s: %v", path, err)
		}
		f.Close()
	}
}
