package spend

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/sheet"
	"github.com/police-ict/handover/store/text"
)

// payment is one line on its way from the file into a block.
type payment struct {
	block.Line
	block.Words
	as     block.Combo
	reason bool // why it is value for money was published
}

// CellText is a cell as it is kept: valid text without control characters.
func CellText(s string) string {
	if len(s) > block.CellMost {
		s = s[:block.CellMost]
		for !utf8.ValidString(s) && len(s) > block.CellMost-4 {
			s = s[:len(s)-1]
		}
		s += "…"
	}
	plain := true // most cells are, and a file has millions
	for i := 0; i < len(s) && plain; i++ {
		plain = ' ' <= s[i] && s[i] < 0x7f
	}
	if plain || text.IsLine(s) {
		return s
	}
	return strings.TrimSpace(text.Line(s))
}

// restFields are what a line keeps besides its combination, in order.
var restFields = [...]sheet.Field{sheet.Reason, sheet.Transaction, sheet.SupplierNumber, sheet.Contract, sheet.Spender, sheet.Body}

const unitSeparator = "\x1f"

// restOf packs what a line keeps besides its combination: the VAT, where there
// is any, and the fields above.
func restOf(r *sheet.Row) string {
	var parts [len(restFields) + 1]string
	if r.HasVAT {
		parts[0] = strconv.FormatInt(r.VAT, 10)
	}
	last := 0
	for i, f := range restFields {
		if parts[i+1] = CellText(r.Text(f)); parts[i+1] != "" {
			last = i + 1
		}
	}
	return strings.Join(parts[:last+1], unitSeparator)
}

// unpackRest fills in a line from what restOf packed.
func (l *Line) unpackRest(rest string) {
	var parts [len(restFields) + 1]string
	for i := range parts {
		parts[i], rest, _ = strings.Cut(rest, unitSeparator)
	}
	if n, err := strconv.ParseInt(parts[0], 10, 64); err == nil {
		l.VAT, l.HasVAT = money.Pence(n), true
	}
	l.Reason, l.Transaction, l.SupplierNumber, l.Contract, l.Spender, l.PublishedBody = parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]
}

// lineOf makes a line of a row of the file.
func lineOf(r *sheet.Row, period civil.Period) payment {
	t := countedOf(r, period)
	t.Sheet, t.Record, t.Start, t.Size, t.Rest = r.Sheet, r.Record, r.Offset, r.Length, restOf(r)
	t.Words = block.Words{
		Supplier: CellText(r.Text(sheet.Supplier)), Number: CellText(r.Text(sheet.CompanyNumber)), Category: CellText(r.Text(sheet.Category)),
		Centre: CellText(r.Text(sheet.CostCentre)), Purpose: CellText(r.Text(sheet.Purpose)),
	}
	return t
}

// countedOf is as much of the line of a row as is counted. A date that cannot be
// read leaves the period, if one was given.
func countedOf(r *sheet.Row, period civil.Period) payment {
	t := payment{Line: block.Line{Paid: period.Paid(), Pence: r.Amount}, reason: strings.TrimSpace(r.Text(sheet.Reason)) != ""}
	if !r.Date.IsZero() {
		t.Paid = civil.PaidOn(r.Date.Year, r.Date.Month, r.Date.Day)
		if r.Date.WholeMonth {
			t.Paid = civil.PaidOn(r.Date.Year, r.Date.Month, 0)
		}
	}
	return t
}

// loadTally is what a load comes to by period while it is read.
type loadTally struct {
	periods     map[civil.Period]*LoadPeriod
	first, last civil.Paid
	gross       money.Pence // without signs
	at          *LoadPeriod // of the last line, since most lines repeat its period
}

func newLoadTally() *loadTally { return &loadTally{periods: map[civil.Period]*LoadPeriod{}} }

// nothing notes a period of which the file says that nothing was paid.
func (t *loadTally) nothing(p civil.Period) { t.periods[p] = &LoadPeriod{Period: p} }

func (t *loadTally) count(l payment) {
	p := l.Paid.Period()
	if t.at == nil || t.at.Period != p {
		if t.at = t.periods[p]; t.at == nil {
			t.at = &LoadPeriod{Period: p}
			t.periods[p] = t.at
		}
	}
	t.at.Lines++
	t.at.Pence = t.at.Pence.Plus(money.Pence(l.Pence))
	t.gross = t.gross.Plus(money.Pence(l.Pence).Size())
	if l.Pence > payments.Statutory || l.Pence < -payments.Statutory {
		t.at.Over++
		if !l.reason {
			t.at.NoReason++
		}
	}
	if l.Paid == 0 {
		return
	}
	if t.first == 0 || l.Paid < t.first {
		t.first = l.Paid
	}
	t.last = max(t.last, l.Paid)
}
