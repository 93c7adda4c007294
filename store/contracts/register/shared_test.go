package register

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/contracts/notice"
	"github.com/police-ict/handover/store/money"
)

// figures are the columns of the expected figures, as text.
func figures(s notice.Summary) map[string]string {
	count := func(n *int64) string {
		if n == nil {
			return ""
		}
		return fmt.Sprint(*n)
	}
	sum := func(p *money.Pence) string {
		if p == nil {
			return ""
		}
		return p.Plain()
	}
	return map[string]string{
		"rows": fmt.Sprint(s.Rows), "processes": count(s.Processes), "awards_published": count(s.AwardsPublished), "sum_published": sum(s.PencePublished),
		"awards_current": count(s.AwardsCurrent), "sum_current": sum(s.PenceCurrent), "contracts": count(s.Contracts), "sum_contracts": sum(s.PenceContracts),
		"currency": s.Currency, "suppliers": fmt.Sprint(s.Suppliers), "buyers": fmt.Sprint(s.Buyers), "first_start": string(s.FirstStart), "last_end": string(s.LastEnd),
	}
}

func TestT(t *testing.T) {
	dir := os.Getenv("CONTRACTS_DATA")
	f, err := os.Open(filepath.Join(dir, "expected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, _ := csv.NewReader(f).ReadAll()
	for _, row := range rows[1:] {
		if strings.HasSuffix(row[0], ".json") || strings.HasSuffix(row[0], ".jsonl") {
			continue
		}
		t.Run(row[0], func(t *testing.T) {
			file, err := os.Open(filepath.Join(dir, row[0]))
			if err != nil {
				t.Fatal(err)
			}
			st, _ := file.Stat()
			o, err := Open(file, st.Size(), row[0], 0)
			if err != nil {
				t.Fatal(err)
			}
			keys := map[string]bool{}
			s, err := o.Read(context.Background(), func(n *notice.Notice) error {
				if keys[n.Key] && n.Key != "" {
					t.Errorf("twice %q", n.Key)
				}
				keys[n.Key] = true
				if len(n.Doubts) > 0 && row[2] != "contracts finder csv" {
					t.Log(n.Key, n.Doubts, n.Withheld, n.Ground, n.LeftOut)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			got := figures(s)
			for i, name := range rows[0] {
				if want, ours := row[i], got[name]; want != "" && ours != want {
					if _, ok := got[name]; ok {
						t.Errorf("%s is %q, want %q", name, ours, want)
					}
				}
			}
			t.Log(s.Shape, o.Sheets[0].Mapping, o.Sheets[0].People, s.LeftOut, s.Doubts, s.PeopleDropped, s.Doubted)
		})
	}
}
