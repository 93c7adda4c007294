package sheet

import (
	"strings"
	"testing"
)

func TestAmounts(t *testing.T) {
	for text, want := range map[string]int64{
		"1": 100, "1.5": 150, "-1.25": -125, "£1,234.56": 123456, "-£5": -500, "£-5.00": -500, "£ -5.00": -500, "161,413.00-": -16141300,
		"(1,234.56)": -123456, "£(5.00)": -500, "(£5.00)": -500, "5.00 CR": -500, "5.00Cr": -500, "CR 5.00": -500, "5.00 DR": 500, "\u22125.00": -500, "\u20135.00": -500,
		"1\u00A0234.56": 123456, "\u00A0 765.00 ": 76500, `"7.00"`: 700, "'7.00": 700, "1239.6400000000001": 123964, "17040.509999999998": 1704051,
		"GBP 12.00": 1200, "12.00 GBP": 1200, "Â£12.00": 1200, "\uFFFD12.00": 1200, ".50": 50, "5.": 500, "+5.00": 500, "0": 0, "0.00": 0, "12,345,678.90": 1234567890,
		"£322.50": 32250, "1.00000": 100, "9999999999.99": 999999999999,
	} {
		if got, rounded, why := ParseAmount(text); got != want || rounded || why != "" {
			t.Errorf("%q is %d, %v, %q", text, got, rounded, why)
		}
	}
	for text, why := range map[string]string{
		"": whyEmpty, " \u00A0": whyEmpty, "12,34": whyComma, "1,2345": whyComma, "1234,567.00": whyComma, ",123": whyComma, "1e5": whyNumber, "1.0E-2": whyNumber,
		"REDACTED": whyWithheld, "25/06/2012900": whyFused, "25/06/2012": whyFused, "2012-06-25": whyFused, "-(5.00)": whySigns, "-5.00 CR": whySigns,
		"€5": whyCurrency, "5 EUR": whyCurrency, "$5": whyCurrency, "£1.2m": whyNumber, "-": whyNumber, "£": whyNumber, ".": whyNumber, "n/a": whyNumber, "nil": whyNumber,
		"1.2.3": whyNumber, "1 234": whyNumber, "#REF!": whyError, "1000000000000": whyLarge, "46279931_1": whyNumber, "12p": whyNumber, "££5": whyNumber,
	} {
		if p, _, got := ParseAmount(text); got != why {
			t.Errorf("%q is %d, %q; want %q", text, p, got, why)
		}
	}
}

func TestFractionsOfAPennyAreRoundedAndSaid(t *testing.T) {
	for text, want := range map[string]int64{"1.005": 101, "-1.005": -101, "1.0049": 100, "416.666666666667": 41667, "0.999": 100} {
		if got, rounded, why := ParseAmount(text); got != want || !rounded || why != "" {
			t.Errorf("%q is %d, %v, %q", text, got, rounded, why)
		}
	}
}

func TestWorkbooksWriteExponents(t *testing.T) {
	for text, want := range map[string]int64{"1.0E-2": 1, "1E+5": 10000000, "1.2345E3": 123450, "-2.5E1": -2500, "5.0000000000000001E-2": 5} {
		if got, rounded, why := amount(text, true); got != want || rounded || why != "" {
			t.Errorf("%q is %d, %v, %q", text, got, rounded, why)
		}
	}
	for _, text := range []string{"E5", "1E", "1E+400", "1E5E5", "1e-"} {
		if got, _, why := amount(text, true); why == "" {
			t.Errorf("%q is %d", text, got)
		}
	}
}

func TestDates(t *testing.T) {
	for text, want := range map[string]string{
		"25/06/2012": "2012-06-25", "5/6/12": "2012-06-05", "05-Apr-17": "2017-04-05", "6 Jun 2023": "2023-06-06", "13-Nov-2012": "2012-11-13", "2012-06-25": "2012-06-25",
		"25/06/2012 00:00:00": "2012-06-25", "2012-06-25T00:00:00Z": "2012-06-25", "2012-06-25 13:45": "2012-06-25", "25/06/2012 1:30 PM": "2012-06-25",
		"41085": "2012-06-25", "45044.0": "2023-04-28", "45044.75": "2023-04-28", "2012-10-01l": "2012-10-01", "20120625": "2012-06-25", "25062012": "2012-06-25",
		"25.06.2012": "2012-06-25", "4th January 2012": "2012-01-04", "Wed 04 Jan 2012": "2012-01-04", "Wednesday, 4 January 2012": "2012-01-04", "January 4, 2012": "2012-01-04",
		"04JAN2012": "2012-01-04", "1 Sept 2012": "2012-09-01", "29/02/2012": "2012-02-29", "2012/11/30": "2012-11-30", "2012-Nov-30": "2012-11-30",
	} {
		if got := ParseDate(text); got.String() != want || got.WholeMonth {
			t.Errorf("%q is %s, %v", text, got, got.WholeMonth)
		}
	}
	for text, want := range map[string]string{
		"Nov-12": "2012-11-01", "November 2012": "2012-11-01", "2012-11": "2012-11-01", "11/2012": "2012-11-01", "201211": "2012-11-01", "Nov '12": "2012-11-01", "2012 Nov": "2012-11-01",
	} {
		if got := ParseDate(text); got.String() != want || !got.WholeMonth {
			t.Errorf("%q is %s, %v", text, got, got.WholeMonth)
		}
	}
	for _, text := range []string{
		"", "12/25/2012", "25/06/2012900", "31/04/2012", "29/02/2013", "soon", "1", "100.50", "00/00/2012", "2012", "25/06/212", "1/2/3/4", "1899-01-01", "46279931", "T1000", "12-34-56 78", "X/Y/2012", "99999",
	} {
		if got := ParseDate(text); !got.IsZero() {
			t.Errorf("%q is %s", text, got)
		}
	}
	if got := parseDate("39623", true).String(); got != "2012-06-25" {
		t.Errorf("counted from 1904 it is %s", got)
	}
}

func TestWithheldSuppliersAreOneKind(t *testing.T) {
	for _, s := range []string{"Redacted", "REDACTED PERSONAL DATA", "Redacted, personal data", "THIRD PARTY", "THIRD PARTY SUPPLIER", "REDACTED - Personal Information", "Name withheld", "[redacted]", "Withheld under section 40", "Personal Data", "** REDACTED **", "Supplier redacted"} {
		if !IsRedacted(s) {
			t.Errorf("%q is not withheld", s)
		}
	}
	for _, s := range []string{"", "Heron Ltd", "Third Party Heronry Ltd", "Personal Heron Ltd", "Individual Care Services", "Confidential Shredding Ltd"} {
		if IsRedacted(s) {
			t.Errorf("%q is withheld", s)
		}
	}
}

func TestTotalsAreToldFromSuppliers(t *testing.T) {
	for s, want := range map[string]int{
		"Grand Total": 3, " Grand Total ": 3, "Total": 2, "TOTAL:": 2, "Totals": 2, "Sub total": 1, "Sub-Total": 1, "North Total": 1, "Total for June": 2,
		"Total Gas & Power": 0, "Total Bittern Ltd": 0, "Subtle Ltd": 0, "Heron Ltd": 0, "": 0,
	} {
		if got := totalLabel(s); got != want {
			t.Errorf("%q is %d, want %d", s, got, want)
		}
	}
}

// The quick way reads an amount as the long one does, or leaves it to that.
func TestPlainAmountsAreReadAsTheLongWayReadsThem(t *testing.T) {
	try := func(s string) {
		quick, ok := plainAmount(s)
		if !ok {
			return
		}
		digits, negative, why := peel(s)
		pence, rounded, also := number(digits)
		if negative {
			pence = -pence
		}
		if why != "" || also != "" || rounded || pence != quick {
			t.Fatalf("%q is %d by the quick way and %d by the long one (%s%s)", s, quick, pence, why, also)
		}
	}
	marks := []string{"", "-", "£", "1", "25", "305", ",", "."}
	for n := range 1 << 18 {
		s := ""
		for i := range 6 {
			s += marks[n>>(3*i)&7]
		}
		if s != "" {
			try(s)
		}
	}
	for _, s := range []string{"9,999,999,999.99", "99,999,999,999.99", "99999999999", "0,000,000,000,001.00", "00000000000001.5"} {
		try(s)
	}
	for s, want := range map[string]int64{"1,234.56": 1_234_56, "£12,345": 12_345_00, "-£1,234,567.8": -1_234_567_80, "9999999999.99": 999_999_999_999} {
		if got, ok := plainAmount(s); !ok || got != want {
			t.Errorf("%q: %d, %v", s, got, ok)
		}
	}
}

func TestNoWordOfWithholdingIsPassedOver(t *testing.T) {
	names := []string{"withheld by law", "personal data of a person", "name withheld here", "redacted", "Smith redaction", "Sample Ltd (Redact)", "c/o ReDACTED"}
	for name := range withheldNames {
		names = append(names, name)
	}
	for _, name := range names {
		for _, s := range []string{name, strings.ToUpper(name), strings.ToUpper(name[:1]) + name[1:], "(" + name + ")", "**" + name + "**", "[" + name, "<" + name + ">"} {
			if !IsRedacted(s) {
				t.Errorf("%q is taken for a name", s)
			}
		}
	}
}
