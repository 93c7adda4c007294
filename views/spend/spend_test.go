package spend

import (
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
)

func TestOnlyAWholeYearOfAllBodiesStandsBesideTheClaim(t *testing.T) {
	april := civil.MonthOf(2011, 4)
	year := payments.Filter{Class: []classify.Class{classify.IsIT}, Years: []int{2011}}
	changed := func(change func(*payments.Filter)) payments.Filter {
		f := year
		change(&f)
		return f
	}
	least := money.Pence(1)
	for name, k := range map[string]struct {
		filter   payments.Filter
		from, to civil.Month
		want     bool
	}{
		"IT of one whole year":        {year, april, april + 11, true},
		"the year is not over":        {year, april, april + 8, false},
		"the year begins late":        {year, april + 1, april + 11, false},
		"two years":                   {changed(func(f *payments.Filter) { f.Years = []int{2011, 2012} }), april, april + 11, false},
		"no year":                     {changed(func(f *payments.Filter) { f.Years = nil }), april, april + 11, false},
		"all spend":                   {changed(func(f *payments.Filter) { f.Class = nil }), april, april + 11, false},
		"one body":                    {changed(func(f *payments.Filter) { f.Bodies = []string{"kent"} }), april, april + 11, false},
		"one region":                  {changed(func(f *payments.Filter) { f.Region = "Wales" }), april, april + 11, false},
		"what a method flags":         {changed(func(f *payments.Filter) { f.Flag = payments.FlagSplit }), april, april + 11, false},
		"payments of an amount":       {changed(func(f *payments.Filter) { f.Least = &least }), april, april + 11, false},
		"one kind of payee":           {changed(func(f *payments.Filter) { f.Payee = []payments.PayeeKind{payments.Redacted} }), april, april + 11, false},
		"IT and what is unclassified": {changed(func(f *payments.Filter) { f.Class = []classify.Class{classify.IsIT, classify.NotClassified} }), april, april + 11, false},
	} {
		sp := spend.Spend{Filter: k.filter, Cover: spend.Coverage{From: k.from, To: k.to}}
		if got := SpendClaimed(sp); got != k.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestMonthsAreComparedOnlyWhereBothAreComplete(t *testing.T) {
	march := civil.MonthOf(2012, 3)
	month := func(m civil.Month, pence money.Pence, bodies int) spend.MonthSum {
		return spend.MonthSum{Month: m, Sum: spend.Sum{Lines: 1, Pence: pence}, Bodies: bodies, Of: 2}
	}
	for name, k := range map[string]struct {
		before, now spend.MonthSum
		want        string
	}{
		"more than the year before": {month(march-12, 100_00, 2), month(march, 150_00, 2), "+£50.00"},
		"less":                      {month(march-12, 100_00, 2), month(march, 40_00, 2), "−£60.00"},
		"as much":                   {month(march-12, 100_00, 2), month(march, 100_00, 2), "£0.00"},
		"this month is incomplete":  {month(march-12, 100_00, 2), month(march, 150_00, 1), "Not compared: incomplete"},
		"that month was incomplete": {month(march-12, 100_00, 1), month(march, 150_00, 2), "Not compared: year before incomplete"},
		"eleven months apart":       {month(march-11, 100_00, 2), month(march, 150_00, 2), "No year before"},
	} {
		v := SpendView{Spend: spend.Spend{Months: []spend.MonthSum{k.before, k.now}}}
		if got := v.Change(k.now); got != k.want {
			t.Errorf("%s: %q, want %q", name, got, k.want)
		}
	}
}

func TestALinesTitleSaysWhoHasTheMoney(t *testing.T) {
	for want, l := range map[string]spend.Line{
		"£398,100.00 to Alder Vale Hosting Ltd":      {Pence: 398_100_00, Supplier: "Alder Vale Hosting Ltd"},
		"Credit of £4,120.00 from Fernhall Networks": {Pence: -4_120_00, Supplier: "Fernhall Networks"},
		"£1.00, supplier redacted by the publisher":  {Pence: 100, Payee: payments.Redacted, Supplier: "REDACTED"},
		"£1.00, supplier not stated":                 {Pence: 100, Payee: payments.NotStated},
		"Credit of £1.00, supplier withheld":         {Pence: -100, Payee: payments.Withheld},
	} {
		if got := (SpendLineView{LinePage: report.LinePage{Line: l}}).Title(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestThePayerIsWhoeverWasThereOnTheDay(t *testing.T) {
	for want, l := range map[string]spend.Line{
		"Kent Police Authority":                      {Body: "kent", Paid: civil.PaidOn(2012, 3, 30)},
		"The Police and Crime Commissioner for Kent": {Body: "kent", Paid: civil.PaidOn(2012, 11, 22)},
	} {
		if got := (SpendLineView{LinePage: report.LinePage{Line: l}}).payer(); got != want {
			t.Errorf("%s paid on %s, not %s", got, l.Paid, want)
		}
	}
}

func TestMonthsAreNamedByTheirRuns(t *testing.T) {
	m := civil.MonthOf(2011, 11)
	for want, all := range map[string][]civil.Month{
		"":                              nil,
		"November 2011":                 {m},
		"November 2011 to January 2012": {m, m + 1, m + 2},
		"November 2011, January 2012 to March 2012": {m, m + 2, m + 3, m + 4},
	} {
		if got := spendMonthList(all); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAnAmountAsTypedIsExact(t *testing.T) {
	for want, p := range map[string]money.Pence{"0.00": 0, "0.05": 5, "-0.05": -5, "1234.50": 1234_50, "-12.00": -12_00, "90071992547409.93": 9_007_199_254_740_993} {
		if got := p.Plain(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAReasonIsOwedFromOver500PoundsEitherWay(t *testing.T) {
	for name, k := range map[string]struct {
		line spend.Line
		want bool
	}{
		"more than £500":          {spend.Line{Pence: 500_01}, true},
		"£500":                    {spend.Line{Pence: 500_00}, false},
		"a credit of more":        {spend.Line{Pence: -500_01}, true},
		"a reason is given":       {spend.Line{Pence: 900_00, Reason: "Tender"}, false},
		"it is withheld here":     {spend.Line{Pence: 900_00, Payee: payments.Withheld}, false},
		"redacted, and no reason": {spend.Line{Pence: 900_00, Payee: payments.Redacted}, true},
	} {
		if got := SpendOwesReason(k.line); got != k.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
