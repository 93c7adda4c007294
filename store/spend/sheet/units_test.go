package sheet

import (
	"fmt"
	"strings"
	"testing"
)

// Amounts in thousands or millions are asked about, never read as pounds.
func TestAmountsInThousandsAreAskedAbout(t *testing.T) {
	for heading, unit := range map[string]string{
		"Amount (£000)": "thousands", "Amount £k": "thousands", "Amount (£'000)": "thousands", "Amount £’000": "thousands", "Amount £000s": "thousands",
		"Amount (000s)": "thousands", "Amount in thousands": "thousands", "Net Amount (K)": "thousands", "£000": "thousands", "£k": "thousands", "Amount £ 000": "thousands", "£ thousand": "thousands", "AmountGBP000": "thousands", "Amount (£1,000)": "thousands", "Amount (£1,000s)": "thousands",
		"Amount £m": "millions", "Amount (£M)": "millions", "£mn": "millions", "Amount (£ million)": "millions", "Amount in millions": "millions", "£m": "millions", "Amount £000,000": "millions",
		"Amount": "", "Amount (£)": "", "Amount over £500": "", "Amount £500": "", "Amount £25,000": "", "Net amount (£25k and over)": "", "Amount over £25,000": "", "Spend over £1,000": "", "Amount £5000": "", "Payments over £1m": "",
	} {
		for _, sep := range []string{",", ";"} {
			f := recognise(t, strings.Join([]string{"Supplier", "Date", "\"" + heading + "\""}, sep)+"\n"+lines(12, func(i int) string {
				return strings.Join([]string{firm(i), fmt.Sprintf("%d/06/2012", 13+i), fmt.Sprintf("%d.25", 5+i)}, sep)
			}))
			asked := strings.Join(f.Sheets[0].Doubts, " ")
			if (unit == "" && strings.Contains(asked, "in pounds")) || unit != "" && !strings.Contains(asked, unit) {
				t.Errorf("%s: asked %q", heading, asked)
			}
		}
	}
	f := recognise(t, "Supplier,Date,Amount\n,,£000\n"+lines(12, func(i int) string { return fmt.Sprintf("%s,%d/06/2012,%d.25", firm(i), 13+i, 5+i) }))
	if asked := strings.Join(f.Sheets[0].Doubts, " "); !strings.Contains(asked, "thousands") {
		t.Errorf("units below the headings: asked %q, header %q", asked, f.Sheets[0].Header)
	}
	f = recognise(t, "Payments in June 2012 (all figures in £000s),,\nSupplier,Date,Amount\n"+lines(12, func(i int) string { return fmt.Sprintf("%s,%d/06/2012,%d.25", firm(i), 13+i, 5+i) }))
	if asked := strings.Join(f.Sheets[0].Doubts, " "); !strings.Contains(asked, "thousands") {
		t.Errorf("units in the title: asked %q", asked)
	}
}
