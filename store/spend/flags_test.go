package spend_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
)

// flagLine is one payment of a file in which flags are looked for.
type flagLine struct{ day, supplier, transaction, amount, purpose, category, centre string }

func flagFile(lines ...flagLine) string {
	var b strings.Builder
	b.WriteString("Date,Supplier Name,Transaction Number,Amount,Description,Category,Cost Centre\n")
	for _, l := range lines {
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%s\n", l.day, l.supplier, l.transaction, l.amount, l.purpose, l.category, l.centre)
	}
	return b.String()
}

// pay is a payment like all others, with what is asked for changed.
func pay(transaction, amount string, change ...func(*flagLine)) flagLine {
	l := flagLine{"05/11/2012", "Alder Vale Hosting Ltd (sample)", transaction, amount, "Custody hosting", "Computer hosting", "ICT"}
	for _, c := range change {
		c(&l)
	}
	return l
}

func TestFlagsFindWhatTheySayAndNothingElse(t *testing.T) {
	otherPurpose := func(l *flagLine) { l.purpose = "Command hosting" }
	otherDay := func(l *flagLine) { l.day = "06/11/2012" }
	otherCentre := func(l *flagLine) { l.centre = "Custody" }
	otherSupplier := func(l *flagLine) { l.supplier = "Brightmere Hosting Ltd (sample)" }
	redacted := func(l *flagLine) { l.supplier = "Redacted" }
	blank := func(l *flagLine) { l.supplier = "" }
	for name, c := range map[string]struct {
		lines             []flagLine
		duplicates, split int64 // lines flagged
	}{
		"the same amount twice is a likely duplicate":          {[]flagLine{pay("1", "600.00"), pay("2", "600.00")}, 2, 0},
		"without transaction numbers too":                      {[]flagLine{pay("", "600.00"), pay("", "600.00")}, 2, 0},
		"three times is one finding of three lines":            {[]flagLine{pay("1", "600.00"), pay("2", "600.00"), pay("3", "600.00")}, 3, 0},
		"exactly £500 is looked at":                            {[]flagLine{pay("1", "500.00"), pay("2", "500.00")}, 2, 0},
		"a penny less is not":                                  {[]flagLine{pay("1", "499.99"), pay("2", "499.99")}, 0, 0},
		"two lines of one transaction are one payment":         {[]flagLine{pay("1", "600.00"), pay("1", "600.00")}, 0, 0},
		"another purpose is another payment":                   {[]flagLine{pay("1", "600.00"), pay("2", "600.00", otherPurpose)}, 0, 0},
		"another day is another payment":                       {[]flagLine{pay("1", "600.00"), pay("2", "600.00", otherDay)}, 0, 0},
		"another cost centre is another payment":               {[]flagLine{pay("1", "600.00"), pay("2", "600.00", otherCentre)}, 0, 0},
		"another supplier is another payment":                  {[]flagLine{pay("1", "600.00"), pay("2", "600.00", otherSupplier)}, 0, 0},
		"another amount is another payment":                    {[]flagLine{pay("1", "600.00"), pay("2", "600.01")}, 0, 0},
		"a redacted supplier may be two":                       {[]flagLine{pay("1", "600.00", redacted), pay("2", "600.00", redacted)}, 0, 0},
		"a blank supplier may be two":                          {[]flagLine{pay("1", "600.00", blank), pay("2", "600.00", blank)}, 0, 0},
		"a payment and its credit are no duplicate":            {[]flagLine{pay("1", "600.00"), pay("2", "-600.00")}, 0, 0},
		"two credits are no duplicate":                         {[]flagLine{pay("1", "-600.00"), pay("2", "-600.00")}, 0, 0},
		"a split comes to £10,000 exactly":                     {[]flagLine{pay("1", "4000.00"), pay("2", "6000.00")}, 0, 2},
		"a penny less is no split":                             {[]flagLine{pay("1", "4000.00"), pay("2", "5999.99")}, 0, 0},
		"a payment of £10,000 is published with its copy":      {[]flagLine{pay("1", "10000.00"), pay("2", "4000.00")}, 0, 0},
		"£9,999.99 is below it":                                {[]flagLine{pay("1", "9999.99"), pay("2", "0.01")}, 0, 2},
		"one transaction of two lines is no split":             {[]flagLine{pay("1", "4000.00"), pay("1", "6000.00")}, 0, 0},
		"lines of one transaction count as one against it":     {[]flagLine{pay("1", "4000.00"), pay("1", "6000.00"), pay("2", "300.00")}, 0, 0},
		"a split over two days is not seen":                    {[]flagLine{pay("1", "4000.00"), pay("2", "6000.00", otherDay)}, 0, 0},
		"a split over two purposes is not seen":                {[]flagLine{pay("1", "4000.00"), pay("2", "6000.00", otherPurpose)}, 0, 0},
		"a redacted supplier is not said to split":             {[]flagLine{pay("1", "4000.00", redacted), pay("2", "6000.00", redacted)}, 0, 0},
		"a split of equal parts is a likely duplicate as well": {[]flagLine{pay("1", "5000.00"), pay("2", "5000.00")}, 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := storetest.Open(t)
			storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, flagFile(append(c.lines, pay("99", "700.00", otherSupplier, otherPurpose))...))
			for method, want := range map[string]int64{payments.FlagDuplicate: c.duplicates, payments.FlagSplit: c.split} {
				f, err := report.FindingsOf(t.Context(), s, method, nil, 0, 10)
				if err != nil {
					t.Fatal(err)
				}
				if f.Lines != want || f.Examined != int64(len(c.lines)+1) || (f.Count == 1) != (want > 0) {
					t.Errorf("%s: %d lines in %d findings of %d examined, want %d", method, f.Lines, f.Count, f.Examined, want)
				}
				check(t, f)
			}
		})
	}
}

// check holds a page that shows all findings to its own sums.
func check(t testing.TB, f report.Findings) {
	t.Helper()
	var lines int64
	var sum money.Pence
	for _, g := range f.Groups {
		var group money.Pence
		for _, l := range g.Lines {
			lines++
			group += l.Pence
		}
		if group != g.Sum || g.Lines[0].ID != g.Mark {
			t.Errorf("finding %d comes to %s, says %s", g.Mark, group, g.Sum)
		}
		sum += group
	}
	if lines != f.Lines || sum != f.Sum || len(f.Groups) != f.Count || f.Next != 0 {
		t.Errorf("%d lines of %s shown, says %d of %s", lines, sum, f.Lines, f.Sum)
	}
}

func TestFindingsArePagedFilteredAndGoWithTheirFile(t *testing.T) {
	s := storetest.Open(t)
	day := func(n int) func(*flagLine) {
		return func(l *flagLine) { l.day = fmt.Sprintf("%02d/11/2012", n) }
	}
	file := func(n int, amount string) string {
		var all []flagLine
		for i := range n {
			all = append(all, pay(fmt.Sprint(2*i), amount, day(i+1)), pay(fmt.Sprint(2*i+1), amount, day(i+1)))
		}
		return flagFile(all...)
	}
	kent := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, file(5, "610.00"))
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "essex"}, file(2, "620.00"))

	whole, err := report.FindingsOf(t.Context(), s, payments.FlagDuplicate, nil, 0, 100)
	if err != nil || whole.Count != 7 || whole.Lines != 14 || whole.Examined != 14 {
		t.Fatalf("found %+v (%v)", whole, err)
	}
	check(t, whole)
	var seen []int64
	for after := int64(0); ; {
		f, err := report.FindingsOf(t.Context(), s, payments.FlagDuplicate, nil, after, 3)
		if err != nil || f.Count != 7 || f.Lines != 14 {
			t.Fatalf("page after %d: %+v (%v)", after, f, err)
		}
		for _, g := range f.Groups {
			seen = append(seen, g.Mark)
		}
		if after = f.Next; after == 0 {
			break
		}
	}
	for i, g := range whole.Groups {
		if i >= len(seen) || seen[i] != g.Mark || len(seen) != len(whole.Groups) {
			t.Fatalf("paged %v, whole list begins %d", seen, g.Mark)
		}
	}
	if f, err := report.FindingsOf(t.Context(), s, payments.FlagDuplicate, []string{"essex"}, 0, 100); err != nil || f.Count != 2 || f.Examined != 4 || f.Groups[0].Lines[0].Body != "essex" {
		t.Errorf("Essex: %+v (%v)", f, err)
	}
	if err := spend.Act(t.Context(), s, storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany), kent.ID, spend.ActWithdraw, "The wrong file."); err != nil {
		t.Fatal(err)
	}
	counts, err := report.FlagCounts(t.Context(), s)
	if err != nil || len(counts) != len(payments.Methods) || counts[0].Count != 2 || counts[0].Lines != 4 || counts[0].Examined != 4 || counts[1].Lines != 0 {
		t.Errorf("after the withdrawal %+v (%v)", counts, err)
	}
	if _, err := report.FindingsOf(t.Context(), s, "benford", nil, 0, 1); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown method: %v", err)
	}
}

func TestAFlaggedLineThatIsWithheldHidesItsWords(t *testing.T) {
	s := storetest.Open(t)
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, flagFile(pay("1", "600.00"), pay("2", "600.00")))
	f, err := report.FindingsOf(t.Context(), s, payments.FlagDuplicate, nil, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	officer := storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	if err := spend.WithholdLine(t.Context(), s, officer, f.Groups[0].Lines[0].ID, "Names a private person."); err != nil {
		t.Fatal(err)
	}
	if f, err = report.FindingsOf(t.Context(), s, payments.FlagDuplicate, nil, 0, 10); err != nil || f.Lines != 2 || f.Sum != 1200_00 {
		t.Fatalf("found %+v (%v)", f, err)
	}
	if l := f.Groups[0].Lines[0]; l.Payee != payments.Withheld || l.Supplier != "" || l.Purpose != "" || l.Pence != 600_00 {
		t.Errorf("the line shows %+v", l)
	}
}
