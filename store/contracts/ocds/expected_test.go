package ocds

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
		if !strings.HasSuffix(row[2], "json") && row[2] != "ocds" {
			continue
		}
		t.Run(row[0], func(t *testing.T) {
			file, err := os.Open(filepath.Join(dir, row[0]))
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			keys := map[string]bool{}
			s, err := Read(context.Background(), file, row[0], func(n *notice.Notice) error {
				if keys[n.Key] {
					t.Errorf("the key %q stands twice", n.Key)
				}
				keys[n.Key] = true
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			got := figures(s)
			for i, name := range rows[0] {
				if want, ours := row[i], got[name]; want != "" && name != "sha256_16" && ours != want && got[name] != "" || want != "" && want != "0" && want != "0.00" && ours == "" && strings.Contains("rows processes awards_published sum_published contracts sum_contracts currency", name) {
					t.Errorf("%s is %q, want %q", name, ours, want)
				}
			}
			t.Logf("%d notices, people %d, rejected %v, left out %v, unchanged %d", len(keys), s.PeopleDropped, s.Rejections, s.LeftOut, s.Unchanged)
		})
	}
}
