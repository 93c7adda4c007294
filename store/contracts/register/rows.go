package register

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"io"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/book"
	"github.com/police-ict/handover/store/contracts/notice"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/text"
)

// reading is one file on its way.
type reading struct {
	f         *File
	ctx       context.Context
	give      func(*notice.Notice) error
	sum       notice.Summary
	spool     notice.Spool
	seed      maphash.Seed
	suppliers *notice.Distinct
	buyers    *notice.Distinct
	keys      map[uint64]int // how often a key was given
	mentions  int64          // of suppliers
	stated    *money.Pence   // the total that the file states
	rowSum    money.Pence
	processes int64
}

// Read reads all rows and gives the notice of each contract, in the order in which
// the contracts first stand in the file. Nothing is given before the last row was
// read. It may be called again.
func (f *File) Read(ctx context.Context, give func(*notice.Notice) error) (notice.Summary, error) {
	r := &reading{
		f: f, ctx: ctx, give: give, seed: maphash.MakeSeed(), keys: map[uint64]int{},
		sum:       notice.Summary{File: f.Name, Shape: f.Shape, LeftOut: []notice.LeftOut{}},
		suppliers: notice.NewDistinct(), buyers: notice.NewDistinct(),
	}
	defer r.spool.Close()
	f.book.Rewind()
	for i := range f.Sheets {
		if f.Sheets[i].LeftOut != "" {
			continue
		}
		if err := r.sheet(i); err != nil {
			return notice.Summary{}, err
		}
	}
	if r.sum.Rows == 0 && r.sum.Rejected == 0 {
		return notice.Summary{}, Refusal("The file has the headings of a contract register and no contract under them.")
	}
	if err := r.spool.Groups(r.group); err != nil {
		return notice.Summary{}, err
	}
	r.finish()
	return r.sum, nil
}

// sheet takes the rows of one sheet into the spool.
func (r *reading) sheet(i int) error {
	s := &r.f.Sheets[i]
	var src book.Records
	if r.f.book.IsText() {
		src = r.f.book.Lines(r.f.Delimiter)
	} else {
		rows, err := r.f.book.Rows(i)
		if err != nil {
			return err
		}
		defer rows.Close()
		rows.Fill(s.moneyColumns()...)
		src = rows
	}
	for {
		cells, rec, err := src.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !r.f.book.IsText():
			return Refusal("The worksheet cannot be read to its end: " + book.Explain(err) + ".")
		case err != nil:
			return err
		}
		if rec.Number <= s.HeaderRecord || blank(cells) {
			continue
		}
		if err := r.row(i, cells, rec); err != nil {
			return err
		}
	}
}

func (s *Sheet) moneyColumns() (all []int) {
	for _, f := range []Field{Value, Estimated, Yearly, Maximum, Share, Original, Change, TaxLost} {
		if c, ok := s.Mapping[f]; ok {
			all = append(all, c)
		}
	}
	return all
}

// row takes one row: a contract, a total, or a note between.
func (r *reading) row(i int, cells []string, rec book.Record) error {
	s := &r.f.Sheets[i]
	if rec.Number%1000 == 0 {
		if err := r.ctx.Err(); err != nil {
			return err
		}
	}
	place := notice.Place{Sheet: s.Name, Record: rec.Number}
	switch {
	case rec.Broken != "":
		r.sum.Rows++
		r.sum.Reject(place, rec.Broken)
		return nil
	case s.isTotal(cells):
		if v := s.money.Read(notice.Total, s.valueCell(cells)); v.Known && !isPart(cells) {
			notice.Sum(&r.stated, v.Pence)
		}
		r.sum.Aside++
		return nil
	case s.isNote(cells), s.isHeader(cells):
		r.sum.Aside++
		return nil
	}
	r.sum.Rows++
	r.sum.PeopleDropped += s.people(cells)
	r.published(s, cells)
	cells = s.without(cells)
	for i, c := range cells {
		kept, mails := notice.WithoutMail(c)
		cells[i] = kept
		r.sum.PeopleDropped += mails
	}
	key := r.f.key(s, cells)
	if key == "" {
		key = "\x00" + strings.Join(cells, "\x00")
	}
	b := binary.AppendUvarint(nil, uint64(i))
	b = binary.AppendUvarint(b, uint64(rec.Number))
	for _, c := range cells {
		b = binary.AppendUvarint(b, uint64(len(c)))
		b = append(b, c...)
	}
	return r.spool.Add(maphash.String(r.seed, key), 0, 0, b)
}

// published takes one row into the figures as it stands.
func (r *reading) published(s *Sheet, cells []string) {
	if r.f.profile == finder {
		return
	}
	if v := s.money.Read(notice.Total, s.valueCell(cells)); v.Known {
		r.rowSum = r.rowSum.Plus(v.Pence)
		r.sum.InCurrency(v.Currency)
	}
	r.buyers.Add(s.cell(cells, Buyer))
}

// valueCell is the cell of the value of the whole contract: that of an estimate
// where the table has no other.
func (s *Sheet) valueCell(cells []string) string {
	if _, ok := s.Mapping[Value]; ok {
		return s.cell(cells, Value)
	}
	return s.cell(cells, Estimated)
}

// key is what rows about one contract share: the reference, with the buyer where a
// table lists the contracts of several that number by themselves. It is empty
// where the row has no reference.
func (f *File) key(s *Sheet, cells []string) string {
	ref := s.cell(cells, Reference)
	if ref == "" || len(notice.FoldReference(ref)) == 0 || isFiller(ref) {
		return ""
	}
	if f.profile == canada {
		ref = withoutSuffix(ref)
	}
	ref = notice.FoldReference(ref)
	_, led := s.Mapping[Lead]
	_, shared := s.Mapping[Share]
	switch {
	case led:
		return text.Fold(s.cell(cells, Lead)) + "\x00" + ref
	case shared:
		return "\x00" + ref
	}
	return text.Fold(s.cell(cells, Buyer)) + "\x00" + ref
}

// isFiller says that a reference is none.
func isFiller(ref string) bool {
	switch text.Letters(ref) {
	case "", "na", "none", "tbc", "nil", "notapplicable", "unknown", "various":
		return true
	}
	return false
}

// withoutSuffix takes off what numbers an amendment: three characters at most
// after the last slash.
func withoutSuffix(ref string) string {
	if i := strings.LastIndexByte(ref, '/'); i >= 0 && len(ref)-i-1 >= 1 && len([]rune(ref[i+1:])) <= 3 {
		return ref[:i]
	}
	return ref
}

// isTotal says that a row adds up others: it is labelled so, or holds a value and
// nothing beside it.
func (s *Sheet) isTotal(cells []string) bool {
	if s.cell(cells, Start) != "" || s.cell(cells, End) != "" {
		return false
	}
	first, filled := "", 0
	for _, c := range cells {
		if c != "" {
			filled++
		}
		if first == "" {
			first = c
		}
	}
	switch text.Letters(first) {
	case "total", "totals", "grandtotal", "subtotal", "totalvalue", "overalltotal":
		return true
	}
	if s.cell(cells, Supplier) != "" {
		return false
	}
	if filled == 1 {
		return first == s.valueCell(cells)
	}
	ref := s.cell(cells, Reference)
	return strings.HasPrefix(text.Fold(first), "total ") && (ref == "" || ref == first)
}

// isPart says that a total is of some rows, not of all.
func isPart(cells []string) bool {
	for _, c := range cells {
		if c != "" {
			return strings.HasPrefix(text.Letters(c), "sub")
		}
	}
	return false
}

// isNote says that a row is a remark: one cell alone, or a line with a hash.
func (s *Sheet) isNote(cells []string) bool {
	filled := 0
	for _, c := range cells {
		if c != "" {
			filled++
		}
	}
	return strings.HasPrefix(cells[0], "#") && filled <= 2 || filled == 1 && len(s.Mapping) > 2 && s.cell(cells, Value) == ""
}

// isHeader says that a row repeats the headings.
func (s *Sheet) isHeader(cells []string) bool {
	same := 0
	for i, h := range s.Header {
		if i < len(cells) && h != "" && strings.EqualFold(cells[i], h) {
			same++
		}
	}
	return same >= 3
}

// people counts whom a row names in the columns that are not read: each person
// once, contact details without a name as one.
func (s *Sheet) people(cells []string) (n int64) {
	reached := false
	for _, i := range s.People {
		if i >= len(cells) || cells[i] == "" {
			continue
		}
		if slices.Contains(s.reach, i) {
			reached = true
		} else {
			n++
		}
	}
	if n == 0 && reached {
		n = 1
	}
	return n
}
