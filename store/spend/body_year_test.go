package spend_test

import (
	"testing"

	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/due"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
)

func TestABodyIsComparedByWholeYearsAndTheSameMonths(t *testing.T) {
	s := storetest.Open(t)
	for body, months := range map[string]int{"kent": 20, "essex": 12, "sussex": 11} {
		storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: body}, string(storetest.SpendFile(60*months, month(t, "2011-04"), months, 7)))
	}
	b, err := report.ReadBody(t.Context(), s, "kent")
	if err != nil {
		t.Fatal(err)
	}
	y := b.Current
	if y.Year != 2012 || y.Both != 8 || !y.Months[7].HasThis || y.Months[8].HasThis || !y.Months[8].HasLast {
		t.Errorf("this year %+v", y)
	}
	var now, then money.Pence
	for _, m := range y.Months[:8] {
		now, then = now.Plus(m.This), then.Plus(m.Last)
	}
	if y.This != now || y.Last != then || now == 0 || then == 0 {
		t.Errorf("%s and %s, months come to %s and %s", y.This, y.Last, now, then)
	}
	if !b.Top.Compared || b.Top.From.Code() != "2012-04" || b.Top.To.Code() != "2012-11" || b.Top.Rows[0].Before == 0 {
		t.Errorf("suppliers %+v", b.Top)
	}
	if b.PeersIn != 2011 || len(b.Peers) != 7 || !b.Peers[0].Whole() || !b.Peers[1].Whole() || b.Peers[2].Whole() || b.Peers[2].Body.Slug != "sussex" || b.Peers[0].Head < b.Peers[1].Head {
		t.Errorf("in %d: %+v", b.PeersIn, b.Peers)
	}
	if got := b.Rank(); got != "The highest of 2." && got != "The lowest of 2." {
		t.Errorf("rank %q", got)
	}
	sussex, err := report.ReadBody(t.Context(), s, "sussex")
	if err != nil || sussex.Rank() != "Cannot tell: a month of the year is not published." {
		t.Errorf("rank %q (%v)", sussex.Rank(), err)
	}
	for i, d := range sussex.Due {
		if d.Overdue != (d.By < "2013-01-14") || d.By != due.Late.Until(d.Month) || i > 0 && d.Month <= sussex.Due[i-1].Month {
			t.Errorf("due %+v", d)
		}
	}
	if len(sussex.Due) == 0 {
		t.Error("nothing is due of a body that published no month of this year")
	}
	city, err := report.ReadBody(t.Context(), s, "city-of-london")
	if err != nil || len(city.Peers) != 0 || len(city.Due) != 0 {
		t.Errorf("the City has %d peers and %d months due (%v)", len(city.Peers), len(city.Due), err)
	}
}
