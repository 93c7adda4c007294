package value_test

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/contracts/value"
	"github.com/police-ict/handover/store/money"
)

// TestPublishedContractsAreSpreadAsOthersSpreadThem holds the plain case, a value
// over its days, to 100 contracts that another project has spread. The file lies
// beside the repository and is no part of it.
func TestPublishedContractsAreSpreadAsOthersSpreadThem(t *testing.T) {
	f, err := os.Open("../../../../shared/data/contracts/canada/straight-line.csv")
	if err != nil {
		t.Skip("skipped: the published contracts are not beside the repository, in ../shared/data/contracts/canada")
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 100 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		total, err := strconv.ParseFloat(row[3], 64)
		day, err2 := strconv.ParseFloat(row[6], 64)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		first, last := civil.Day(row[4]), civil.Day(row[5])
		sum := money.Pence(math.Round(total * 100))
		parts := value.Plan(first, last, sum, nil)
		if got := value.Between(parts, first, first); math.Abs(float64(got)-day*100) > 1 {
			t.Errorf("%s from %s to %s: %s on a day, want %f", sum, first, last, got, day)
		}
		if got := value.Between(parts, first, last); got != sum {
			t.Errorf("%s is spread as %s", sum, got)
		}
	}
}
