package spend

import (
	"strings"
	"testing"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/due"
)

// A body that has not published every month is never among those that have,
// whichever sum the bodies are sorted by. By name all are in one order.
func TestAnIncompleteBodyIsNeverRankedAmongWholeOnes(t *testing.T) {
	body := func(slug string, pence, year money.Pence, months, gaps int) spend.BodySum {
		b, _ := office.BodyOf(slug)
		return spend.BodySum{Body: b, Sum: spend.Sum{Lines: int64(pence), Pence: pence}, Year: spend.Sum{Lines: 1, Pence: year}, Months: months, Loads: 1, Gaps: make([]due.Gap, gaps)}
	}
	v := SpendView{Spend: spend.Spend{Bodies: []spend.BodySum{
		body("kent", 500, 10, 12, 0), body("essex", 900, 40, 12, 3), body("surrey", 100, 30, 12, 0), body("sussex", 700, 90, 7, 0), body("dorset", 950, 80, 6, 9), {Body: office.Body{Slug: "gwent"}},
	}}}
	for name, k := range map[string]struct {
		compare int
		head    bool
		sort    string
		want    string
	}{
		"usual":                        {2011, false, "", "essex surrey kent dorset sussex"},
		"by the year":                  {2011, false, "-year", "essex surrey kent dorset sussex"},
		"by the year, smallest first":  {2011, false, "year", "kent surrey essex dorset sussex"},
		"by all months":                {2011, false, "-sum", "sussex kent surrey dorset essex"},
		"all months, smallest first":   {2011, false, "sum", "surrey kent sussex essex dorset"},
		"by payments":                  {2011, false, "-payments", "sussex kent surrey dorset essex"},
		"by name":                      {2011, false, "body", "dorset essex kent surrey sussex"},
		"by name, last first":          {2011, false, "-body", "sussex surrey kent essex dorset"},
		"by months not published":      {2011, false, "-months", "dorset essex kent surrey sussex"},
		"no year to compare by":        {0, false, "", "sussex kent surrey dorset essex"},
		"the year where there is none": {0, false, "-year", "sussex kent surrey dorset essex"},
		"per person":                   {2011, true, "", "surrey essex kent dorset sussex"},
	} {
		v.Spend.Compare, v.Head, v.Sort = k.compare, k.head, db.SortOf(k.sort)
		var got []string
		rows := v.bodies()
		for _, b := range rows.Rows {
			got = append(got, b.Body.Slug)
		}
		if strings.Join(got, " ") != k.want || len(rows.None) != 1 {
			t.Errorf("%s: %v, want %s", name, got, k.want)
		}
		if all := v.InOrder(); len(all) != 6 || all[5].Body.Slug != "gwent" {
			t.Errorf("%s: the other forms list %d bodies", name, len(all))
		}
	}
}
