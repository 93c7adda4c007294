package register

import (
	"fmt"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/contracts/notice"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/spend/sheet"
	"github.com/police-ict/handover/store/text"
)

// date reads the day in a cell; words where there is none.
func (r *reading) date(s *Sheet, cell string) notice.Date {
	if cell == "" || isNA(cell) {
		return notice.Date{}
	}
	if d := sheet.ParseDateIn(cell, s.order, r.f.book.From1904); !d.IsZero() && !d.WholeMonth {
		return notice.Date{Day: civil.Day(d.String())}
	}
	return notice.Date{Words: text.OneLine(cell[:min(len(cell), 200)])}
}

func (r *reading) days(n *notice.Notice, rows []row) {
	s := rows[len(rows)-1].s
	day := func(f Field) notice.Date { return r.date(s, last(rows, f)) }
	n.Awarded, n.Signed, n.Review = day(Awarded), day(Signed), day(Review)
	n.Start, n.End, n.Latest = day(Start), day(End), day(Latest)
	if n.Start.Day != "" && n.End.Day != "" && n.End.Day < n.Start.Day {
		n.Doubt("The contract ends before it starts. Check both dates.")
	}
	if n.Latest.Day != "" && n.End.Day != "" && n.Latest.Day < n.End.Day {
		n.Doubt("The latest possible end is before the end. Check both dates.")
	}
}

// money gives a notice its values, each of its kind, and its amendments.
func (r *reading) money(n *notice.Notice, rows []row) {
	now := rows[len(rows)-1]
	add := func(f Field, kind notice.ValueKind) {
		cell := last(rows, f)
		if v := now.s.read(kind, cell); v.Known || v.Why != notice.NoValue {
			n.Values = append(n.Values, v)
			if v.Noise {
				n.Doubt("A value has more than two decimal places. It is rounded to the penny.")
			}
			if !v.Known && v.Why != notice.WithheldValue {
				n.Doubt("A value could not be read: " + v.Why + ".")
			}
		}
	}
	add(Value, notice.Total)
	add(Estimated, notice.Estimate)
	add(Yearly, notice.Yearly)
	add(Maximum, notice.Maximum)
	add(Original, notice.Original)
	add(TaxLost, notice.TaxLost)
	if code := strings.ToUpper(text.OneLine(now.get(Currency))); len(code) == 3 {
		for i := range n.Values {
			n.Values[i].Currency = code
		}
	}
	switch {
	case r.f.Shape == notice.Amended:
		r.amendments(n, rows)
	case len(rows) > 1:
		r.several(n, rows)
	}
}

// read reads an amount of the sheet.
func (s *Sheet) read(kind notice.ValueKind, cell string) notice.Value {
	if isNA(cell) {
		cell = ""
	}
	return s.money.Read(kind, cell)
}

// amendments are the rows of a register that has one for each change: what each
// states, what came of it, and where the two do not agree.
func (r *reading) amendments(n *notice.Notice, rows []row) {
	var before notice.Value
	worked := false
	for i, one := range rows {
		value, change := one.s.read(notice.Total, one.s.valueCell(one.cells)), one.s.read(notice.Change, one.get(Change))
		if i > 0 && !value.Known && change.Known && before.Known {
			value, worked = before, true
			value.Pence = before.Pence.Plus(change.Pence)
		}
		if i > 0 {
			a := notice.Amendment{Day: r.date(one.s, one.get(Signed)).Day, Words: text.Clean(one.get(Options)), Place: one.place}
			if value.Known {
				a.Value = &value
			}
			if change.Known {
				a.Stated = &change
			}
			n.Amendments = append(n.Amendments, a)
			compare(n, before, value, change)
		}
		if value.Known {
			before = value
		}
	}
	if total := n.Value(notice.Total); worked && total != nil {
		total.Pence = before.Pence
		n.Doubt("Some rows give a change but no value. The value is worked out from the changes.")
	}
}

// compare notes a step that does not add up, or that is a slip of the point.
func compare(n *notice.Notice, before, after, change notice.Value) {
	if !before.Known || !after.Known {
		return
	}
	if step := after.Pence.Minus(before.Pence); change.Known && step.Minus(change.Pence).Size() > 1 {
		n.Doubt(fmt.Sprintf("The value changed by %s, but the stated change is %s.", step.Plain(), change.Pence.Plain()))
	}
	if factor := notice.Slip(before.Pence, after.Pence); factor > 0 {
		n.Doubt(fmt.Sprintf("The value changed by a factor of about %d. The decimal point may be in the wrong place.", factor))
	}
}

// several brings together rows of one reference that differ: buyers with shares,
// suppliers beside each other, or changes in the order of the file.
func (r *reading) several(n *notice.Notice, rows []row) {
	total := n.Value(notice.Total)
	if total == nil {
		return
	}
	var sum money.Pence
	same, apart := true, true
	names := map[string]bool{}
	first := rows[0].s.read(notice.Total, rows[0].get(Value))
	for _, one := range rows {
		v := one.s.read(notice.Total, one.get(Value))
		same = same && v.Pence == first.Pence && v.Known == first.Known
		apart = apart && v.Known && !names[text.Fold(one.get(Supplier))] && one.get(Supplier) != ""
		names[text.Fold(one.get(Supplier))] = true
		sum = sum.Plus(v.Pence)
	}
	switch {
	case same:
		r.shares(n, *total)
	case apart:
		total.Pence, total.Known, total.Words = sum, true, ""
		n.Doubt("Each supplier has its own value. The value of the contract is their sum.")
	default:
		n.Doubt("Rows with this reference have different values. The last in the file is used.")
		r.amendments(n, rows)
	}
}

// shares compares the parts of the buyers with the whole.
func (r *reading) shares(n *notice.Notice, total notice.Value) {
	var sum money.Pence
	for _, b := range n.Buyers {
		if b.Share == nil {
			return
		}
		sum = sum.Plus(b.Share.Pence)
	}
	if total.Known && len(n.Buyers) > 0 && sum != total.Pence {
		n.Doubt(fmt.Sprintf("The buyers' shares add up to %s, but the value is %s.", sum.Plain(), total.Pence.Plain()))
	}
}

// leftFramework is why a framework has no part in the sum of contracts.
const leftFramework = "it is a framework, whose maximum is not spending"

// count takes a contract into the figures.
func (r *reading) count(n *notice.Notice, rows []row) {
	r.processes++
	notice.Count(&r.sum.Contracts, 0)
	if n.Kind == notice.Framework {
		n.LeftOut = leftFramework
		r.sum.Leave(n.LeftOut)
		return
	}
	notice.Count(&r.sum.Contracts, 1)
	for _, one := range rows {
		for _, s := range r.f.suppliersOf(one) {
			r.suppliers.Add(s.Name)
		}
		start, end := r.date(one.s, one.get(Start)).Day, r.date(one.s, one.get(End)).Day
		r.sum.Span(start, end)
	}
	v := n.Value(notice.Total)
	if v == nil {
		v = n.Value(notice.Estimate)
	}
	switch {
	case v != nil && v.Known:
		notice.Sum(&r.sum.PenceContracts, v.Pence)
		return
	case len(n.Withheld) > 0:
		n.LeftOut = notice.WithheldValue
	case n.Value(notice.Yearly) != nil:
		n.LeftOut = notice.YearlyValue
	case v != nil:
		n.LeftOut = v.Why
	default:
		n.LeftOut = notice.NoValue
	}
	r.sum.Leave(n.LeftOut)
}

// finish settles the figures of the whole file.
func (r *reading) finish() {
	s := &r.sum
	s.Suppliers, s.Buyers = r.suppliers.Len(), max(r.buyers.Len(), 1)
	if r.f.profile == finder {
		s.Suppliers = r.mentions
		if s.Rows == 1000 {
			s.Doubts = append(s.Doubts, "The file has exactly 1,000 notices, where Contracts Finder cuts its answers off. Ask it for a shorter time.")
		}
		s.Processes = &r.processes
		return
	}
	s.Processes = &r.processes
	published := r.rowSum
	if r.stated != nil {
		published = *r.stated
		if published != r.rowSum {
			s.Doubts = append(s.Doubts, fmt.Sprintf("The rows do not add up to the stated total. The file states %s and its rows come to %s.", published.Plain(), r.rowSum.Plain()))
		} else if s.PenceContracts != nil && *s.PenceContracts != published {
			s.Doubts = append(s.Doubts, fmt.Sprintf("The total stated in the file, %s, includes repeated rows, frameworks or values for one year.", published.Plain()))
		}
	}
	s.PencePublished = &published
	if s.Currency == "" && r.rowSum == 0 {
		s.Currency = r.f.Currency
	}
	if s.Shape == notice.Amended {
		notice.Count(&s.AwardsPublished, s.Rows)
		s.AwardsCurrent, s.PenceCurrent = s.Contracts, s.PenceContracts
	}
}
