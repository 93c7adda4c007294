package register

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/contracts/notice"
	"github.com/police-ict/handover/store/text"
)

// maxRows of one contract are held in memory together.
const maxRows = 10_000

// maxApart rows of one reference are compared with each other.
const maxApart = 1000

// row is one row of a contract.
type row struct {
	s     *Sheet
	cells []string
	place notice.Place
	again []notice.Place // of rows that are alike
}

func (r row) get(f Field) string { return r.s.cell(r.cells, f) }

// unpack reads a row out of the spool.
func (f *File) unpack(b []byte) row {
	next := func() int {
		v, n := binary.Uvarint(b)
		b = b[n:]
		return int(v)
	}
	r := row{s: &f.Sheets[next()]}
	r.place = notice.Place{Sheet: r.s.Name, Record: next()}
	for len(b) > 0 {
		n := next()
		r.cells = append(r.cells, string(b[:n]))
		b = b[n:]
	}
	r.place.Dated = r.get(Period)
	return r
}

// group takes all rows under one reference.
func (r *reading) group(packed []notice.Packed) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if len(packed) > maxRows {
		return Refusal(fmt.Sprintf("One reference appears on %d rows. At most %d can be read. Check the column of the reference.", len(packed), maxRows))
	}
	var rows []row
	at := map[string]int{}
	for _, p := range packed {
		one := r.f.unpack(p.Bytes)
		key := strings.Join(one.cells, "\x00")
		if i, found := at[key]; found {
			rows[i].again = append(rows[i].again, one.place)
			if r.f.profile != finder {
				continue
			}
			r.award(one)
			continue
		}
		at[key] = len(rows)
		rows = append(rows, one)
	}
	if r.f.profile == finder {
		return r.finderGroup(rows)
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(strings.Compare(a.get(Period), b.get(Period)), byRowNumber(a, b))
	})
	for i, part := range r.parts(rows) {
		if err := r.contract(part, i); err != nil {
			return err
		}
	}
	return nil
}

// byRowNumber orders rows of one period: 2 stands before 10.
func byRowNumber(a, b row) int {
	x, y := a.get(RowNumber), b.get(RowNumber)
	if text.Digits(x) && text.Digits(y) {
		return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y))
	}
	return strings.Compare(x, y)
}

// parts are the rows of one reference, apart where they cannot be about one
// contract: nothing of title, supplier, start and end is the same.
func (r *reading) parts(rows []row) (parts [][]row) {
	if len(rows) == 1 || len(rows) > maxApart || r.f.Shape == notice.Amended {
		return [][]row{rows}
	}
next:
	for _, one := range rows {
		for i := range parts {
			if slices.ContainsFunc(parts[i], func(o row) bool { return alike(one, o) }) {
				parts[i] = append(parts[i], one)
				continue next
			}
		}
		parts = append(parts, []row{one})
	}
	return parts
}

func alike(a, b row) bool {
	for _, f := range []Field{Title, Supplier, Start, End} {
		if x, y := text.Letters(a.get(f)), text.Letters(b.get(f)); x == y && x != "" {
			return true
		}
	}
	return a.get(Title) == "" && a.get(Description) == b.get(Description)
}

// last is the latest that the rows say of a field.
func last(rows []row, f Field) string {
	for _, r := range slices.Backward(rows) {
		if c := r.get(f); c != "" && !isNA(c) {
			return c
		}
	}
	return ""
}

// isNA says that a cell of a file made by a program holds nothing.
func isNA(c string) bool { return c == "NA" || c == "NULL" || c == "null" }

// contract gives the notice of one contract and takes it into the figures.
func (r *reading) contract(rows []row, part int) error {
	n := &notice.Notice{Kind: notice.Contract}
	now := rows[len(rows)-1]
	n.Reference = text.OneLine(last(rows, Reference))
	if n.Key = r.keyOf(now, n.Reference); part > 0 && n.Key != "" {
		n.Key += fmt.Sprintf("#%d", part+1)
	}
	if part > 0 {
		n.Doubt("Rows with this reference have nothing else in common. They are read as separate contracts.")
	}
	for _, one := range rows {
		n.Places = append(append(n.Places, one.place), one.again...)
		if len(one.again) > 0 {
			n.Doubt(fmt.Sprintf("The same row appears %d times. It is counted once.", len(one.again)+1))
		}
	}
	r.describe(n, rows)
	r.organisations(n, rows)
	r.days(n, rows)
	r.money(n, rows)
	r.withheld(n, now)
	r.kind(n, rows)
	r.count(n, rows)
	if len(n.Doubts) > 0 {
		r.sum.Doubted++
	}
	return r.give(n)
}

// keyOf is the identity of a contract in the file; empty where it has no
// reference.
func (r *reading) keyOf(one row, ref string) string {
	if r.f.key(one.s, one.cells) == "" {
		return ""
	}
	if r.f.profile == canada {
		ref = withoutSuffix(ref)
	}
	key := notice.FoldReference(ref)
	_, led := one.s.Mapping[Lead]
	_, shared := one.s.Mapping[Share]
	by := one.get(Lead)
	if !led && !shared {
		by = one.get(Buyer)
	}
	if by = text.Fold(by); by != "" {
		key = by + "#" + key
	}
	return key
}

func (r *reading) describe(n *notice.Notice, rows []row) {
	line := func(f Field) string { return text.OneLine(last(rows, f)) }
	n.Title, n.Description = line(Title), text.Clean(last(rows, Description))
	if n.Title == "" {
		n.Title = text.Short(text.OneLine(n.Description))
	}
	n.Department, n.Category, n.Procedure, n.Status = line(Department), line(Category), line(Procedure), line(Status)
	n.Parent, n.Term, n.Options = line(Framework), line(Term), text.Clean(last(rows, Options))
	n.CPV = strings.FieldsFunc(last(rows, CPV), func(r rune) bool { return strings.ContainsRune(" ,;/|\n", r) })
	var titles []string
	for _, one := range rows {
		if t := text.Letters(one.get(Title)); t != "" && !slices.Contains(titles, t) {
			titles = append(titles, t)
		}
	}
	if len(titles) > 1 && r.f.profile == plain {
		n.Doubt("Rows with this reference have different titles. They are read as one contract.")
	}
}

// organisations gives a notice its buyers with their shares, and its suppliers.
func (r *reading) organisations(n *notice.Notice, rows []row) {
	lead := text.OneLine(last(rows, Lead))
	for _, one := range rows {
		name := text.OneLine(one.get(Buyer))
		if name == "" {
			continue
		}
		i := slices.IndexFunc(n.Buyers, func(p notice.Party) bool { return p.Name == name })
		if i < 0 {
			i = len(n.Buyers)
			n.Buyers = append(n.Buyers, notice.Party{Name: name, Lead: lead != "" && text.Fold(lead) == text.Fold(name)})
		}
		if v := one.s.money.Read(notice.Part, one.get(Share)); v.Known {
			n.Buyers[i].Share = &v
		}
	}
	if lead != "" && !slices.ContainsFunc(n.Buyers, func(p notice.Party) bool { return p.Lead }) {
		n.Buyers = append([]notice.Party{{Name: lead, Lead: true}}, n.Buyers...)
	}
	of := rows
	if r.f.Shape == notice.Amended {
		of = rows[len(rows)-1:]
	}
	for _, one := range of {
		for _, p := range r.f.suppliersOf(one) {
			if !slices.ContainsFunc(n.Suppliers, func(o notice.Party) bool { return text.Fold(o.Name) == text.Fold(p.Name) }) {
				n.Suppliers = append(n.Suppliers, p)
			}
		}
	}
}

// suppliersOf are the suppliers in a cell, with the company number where there is
// one supplier.
func (f *File) suppliersOf(one row) (all []notice.Party) {
	between := func(r rune) bool { return f.profile != canada && (r == ';' || r == '\n' || r == '|') }
	for name := range strings.FieldsFuncSeq(one.get(Supplier), between) {
		if name = text.OneLine(name); name == "" || isNA(name) || notice.IsWithheld(name) {
			continue
		}
		all = append(all, notice.Party{Name: name, Person: notice.IsPerson(name)})
	}
	if number := text.OneLine(one.get(Company)); len(all) == 1 && number != "" && !isNA(number) {
		all[0].Number = number
		if company, ok := text.CompanyNumber(number); ok {
			all[0].Company, all[0].Scheme = company, "GB-COH"
		}
	}
	return all
}

// kind says what a row is about.
func (r *reading) kind(n *notice.Notice, rows []row) {
	if r.f.profile == canada {
		return // its departments mark contracts as standing offers, and the other way round
	}
	types := last(rows, Type)
	n.Kind, n.Proposed = notice.ProposeKind(n.Title, len(n.Suppliers), true)
	if kind, why := notice.ProposeKind(types, 0, false); n.Kind == notice.Contract && why != "" {
		n.Kind, n.Proposed = kind, "the type says so"
	}
	if n.Kind == notice.Framework {
		for i := range n.Values {
			if n.Values[i].Kind == notice.Total || n.Values[i].Kind == notice.Estimate {
				n.Values[i].Kind = notice.Maximum
			}
		}
	}
}

// withheld notes what the publisher keeps back, and the words for it.
func (r *reading) withheld(n *notice.Notice, now row) {
	if s := now.get(Supplier); len(n.Suppliers) == 0 && notice.IsWithheld(s) {
		n.Withheld, n.Ground = append(n.Withheld, "supplier"), s
	}
	known, kept := false, ""
	for _, v := range n.Values {
		known = known || v.Known
		if v.Why == notice.WithheldValue {
			kept = v.Words
		}
	}
	words := []Field{Title, Description, Department, Category, Supplier, Procedure, Buyer, Lead, Type, Status, Options, Framework}
	for c, cell := range now.cells {
		if known || kept != "" || !notice.IsWithheld(cell) || slices.ContainsFunc(words, func(f Field) bool { at, ok := now.s.Mapping[f]; return ok && at == c }) {
			continue
		}
		kept = cell
	}
	if kept != "" && !known {
		n.Withheld, n.Ground = append(n.Withheld, "value"), text.OneLine(kept)
	}
}
