package sheet

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/book"
	"github.com/police-ict/handover/store/money"
)

// held are the payments of a worksheet, by a hash of each, with how often it is
// there; the order of rows and columns does not change them.
type held struct {
	lines int
	all   map[uint64]int
}

// heldMost bounds the memory that a worksheet's payments take.
const heldMost = 200_000

func (h *held) add(sum uint64) {
	if h.lines++; len(h.all) < heldMost {
		h.all[sum]++
	}
}

// common is how many payments two worksheets both hold.
func (h *held) common(o *held) int {
	n := 0
	for sum, times := range h.all {
		n += min(times, o.all[sum])
	}
	return n
}

// likely says that most of the smaller worksheet is in the other.
func (h *held) likely(o *held) bool {
	common, smaller := h.common(o), min(h.lines, o.lines)
	return common*5 >= smaller*4 && (common >= 5 || common > 1 && common == smaller)
}

// payment is a payment as it is compared: to whom, how much and, where it is
// known, when.
func payment(seed maphash.Seed, supplier string, pence int64, d Date) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	h.WriteString(strings.ToLower(supplier)) // a hash does not fail
	fmt.Fprintf(&h, "|%d|%d", pence, d.order())
	return h.Sum64()
}

// settleCopies looks at worksheets that hold the same payments, in whatever order
// and beside whatever other columns. A copy is left out, and so is one that comes
// to what all others come to, in lines and pence, since it holds the whole year
// beside its months; of any other a person is asked.
func (f *File) settleCopies() error {
	var sums []SheetSummary // once, where they are asked for
	for i := range f.Sheets {
		for j := range i {
			a, b := &f.Sheets[j], &f.Sheets[i]
			if a.LeftOut != "" || b.LeftOut != "" || a.held == nil || b.held == nil || !a.held.likely(b.held) {
				continue
			}
			same, most, differ, err := f.compare(j, i)
			switch {
			case err != nil:
				return err
			case same && differ:
				b.doubt(aboutSheet, "The worksheets %q and %q have the same suppliers, dates and amounts but differ in other columns. Is one a copy that should be left out?", a.Name, b.Name)
				continue
			case same:
				b.leaveOut(fmt.Sprintf("it repeats the payments of the worksheet %q", a.Name))
				continue
			case !most:
				continue
			}
			if sums == nil {
				if sums, err = f.allSums(); err != nil {
					return err
				}
			}
			if whole := f.wholeOf(sums, j, i); whole >= 0 {
				f.Sheets[whole].leaveOut("it repeats the rows of the other worksheets")
			} else {
				b.doubt(aboutSheet, "Most payments are in both of the worksheets %q and %q. Is one a copy that should be left out?", a.Name, b.Name)
				break
			}
		}
	}
	return nil
}

func (s *Sheet) leaveOut(why string) { s.LeftOut, s.excluded = why, true }

// compare reads two worksheets with their dates: do they hold the same payments,
// all of them or most, and do these differ in the other columns that both have?
func (f *File) compare(a, b int) (same, most, differ bool, err error) {
	dated := f.Sheets[a].column(DatePaid) >= 0 && f.Sheets[b].column(DatePaid) >= 0
	var two, full [2]*held
	f.book.Rewind()
	beside := beside(&f.Sheets[a], &f.Sheets[b])
	for k, i := range []int{a, b} {
		two[k], full[k] = &held{all: map[uint64]int{}}, &held{all: map[uint64]int{}}
		err := f.sheetRows(i, newTally(&f.Sheets[i]), func(r *Row) error {
			if r.Kind != Line {
				return nil
			}
			d := r.Date
			if !dated {
				d = Date{}
			}
			two[k].add(payment(f.seed, r.texts[Supplier], r.Amount, d))
			full[k].add(payment(f.seed, r.texts[Supplier]+others(r.Raw, beside[k]), r.Amount, d))
			return nil
		})
		if err != nil {
			return false, false, false, err
		}
	}
	same = two[0].common(two[1]) == max(two[0].lines, two[1].lines)
	return same, two[0].likely(two[1]), full[0].common(full[1]) < two[0].common(two[1]), nil
}

// beside are the columns of two sheets that have the same headings, without those
// of the supplier, the date and the amount.
func beside(a, b *Sheet) (columns [2][]int) {
	used := func(s *Sheet, i int) bool {
		return i == s.column(Supplier) || i == s.column(Amount) || slices.Contains(s.dayColumns(), i)
	}
	for i, heading := range a.Header {
		name := letters(heading)
		k := slices.IndexFunc(b.Header, func(other string) bool { return letters(other) == name })
		if name == "" || k < 0 || used(a, i) || used(b, k) {
			continue
		}
		columns[0], columns[1] = append(columns[0], i), append(columns[1], k)
	}
	return columns
}

// others are the cells of some columns of a record.
func others(raw string, columns []int) string {
	if len(columns) == 0 {
		return ""
	}
	var b strings.Builder
	cells := book.Cells(raw, 0)
	for _, c := range columns {
		b.WriteByte('|')
		if c < len(cells) {
			b.WriteString(cells[c])
		}
	}
	return b.String()
}

// allSums are what the sheets that are read come to, in their order.
func (f *File) allSums() ([]SheetSummary, error) {
	f.book.Rewind()
	sums := make([]SheetSummary, len(f.Sheets))
	for i, s := range f.Sheets {
		if s.LeftOut != "" {
			continue
		}
		var err error
		if sums[i], err = f.sum(i); err != nil {
			return nil, err
		}
	}
	return sums, nil
}

// wholeOf is which of two sheets comes to as much as all others that are read;
// negative for neither.
func (f *File) wholeOf(sums []SheetSummary, a, b int) int {
	lines, pence, read := 0, int64(0), 0
	for i, s := range f.Sheets {
		if s.LeftOut == "" {
			lines, pence, read = lines+sums[i].Lines, money.Add(pence, sums[i].Pence), read+1
		}
	}
	for _, i := range []int{a, b} {
		if s := sums[i]; read > 2 && s.Lines*2 == lines && s.Pence == pence-s.Pence {
			return i
		}
	}
	return -1
}
