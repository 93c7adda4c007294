package sheet

import (
	"bytes"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/book/booktest"
)

func TestANilReturnWithAZeroIsOne(t *testing.T) {
	head := "Supplier,Date,Net Amount\n"
	for data, nothing := range map[string]bool{
		head + "NIL RETURN,30/06/2012,0.00\n": true, head + "N/A,30/06/2012,0.00\n": true, head + "Nil spend,,0\n": true, head + "N/A,N/A,N/A\n": true, head + "Nil spend,30/06/2012,-\n": true,
		"NIL RETURN June 2012\n": true, "Body,Supplier,Date,Net Amount\nMarsh (sample),NIL RETURN,30/06/2012,0.00\n": true,
		head + "Nil return,30/06/2012,5.00\n": false, head + "Tern Ltd (sample),30/06/2012,0.00\n": false, head + "N/A,30/06/2012,0.00\nTern Ltd (sample),30/06/2012,5.00\n": false,
	} {
		f := recognise(t, data)
		sum, err := f.Rows(func(*Row) error { return nil })
		if f.Nil != nothing || err != nil || (sum.Lines == 0) != nothing {
			t.Errorf("%q: nil %v, %d lines, %v", data, f.Nil, sum.Lines, err)
		}
	}
}

func TestARowThatNobodyFilledInIsBlank(t *testing.T) {
	data := "Body Name,Supplier,Date,Net Amount,VAT\nMarsh (sample),Tern Ltd (sample),13/06/2012,5.00,1.00\nMarsh (sample),,, -   ,\nMarsh (sample),,,0.00,0.00\n,,,0.00,\n,,,£ -,\nMarsh (sample),Knot Ltd (sample),,0.00,\n"
	if sum := taking(t, recognise(t, data)).sum; sum.Lines != 2 || sum.Blank != 4 || sum.Rejected > 0 {
		t.Errorf("%d lines, %d blank, rejected %v", sum.Lines, sum.Blank, sum.Rejections)
	}
}

func TestZerosOfFormulasAreNotCalculated(t *testing.T) {
	parts := booktest.Parts(t, booktest.Workbook(t, []string{"A"}, map[string][][]any{"A": {{"Supplier", "Date", "Amount"}, {"Tern Ltd (sample)", 41085, 0}, {"Knot Ltd (sample)", 41086, 0}}}))
	const sheet = "xl/worksheets/sheet1.xml"
	parts[sheet] = bytes.ReplaceAll(parts[sheet], []byte("<v>0</v></c></row>"), []byte("<f>2*3</f><v>0</v></c></row>"))
	if _, err := recogniseBytes(t, "a.xlsx", booktest.Archive(t, parts)); err == nil || !strings.Contains(err.Error(), "never calculated") {
		t.Error(err)
	}
}
