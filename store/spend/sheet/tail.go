package sheet

import (
	"fmt"

	"github.com/police-ict/handover/store/money"
)

// aboutTail is a doubt about a table behind the payments.
const aboutTail = aboutHeadings + 1

// aboutGroups is a doubt about payments without a supplier below one that has it.
const aboutGroups = aboutTail + 1

// askGroups asks about suppliers that may stand on the first row of their group
// alone: the payments below are never taken without one in silence.
func (s *Sheet) askGroups() {
	s.settle(aboutGroups)
	if s.groups < 2 || s.withName == 0 || len(s.Header) != s.usual || s.said {
		return
	}
	switch all := s.nameless + s.withName; {
	case s.nameless*2 >= all:
		s.doubt(aboutGroups, "%d payments have no supplier, but follow others that have one. Is the supplier written once for each group? If so, fill it in on every row and load that file.", s.nameless)
	case s.nameless*5 >= all:
		s.Notices = append(s.Notices, fmt.Sprintf("%d payments have no supplier, but follow others that have one. Check whether the supplier is written once for each group.", s.nameless))
	}
}

// tail follows, while a sheet is surveyed, where rows without a date begin that
// may sum up the payments above: below a blank row or other headings.
type tail struct {
	first  int  // record of its first row; 0 for none
	above  int  // payments above it
	lines  int  // payments so far
	gap    bool // a blank row or other headings went before
	headed bool // it has headings of its own
	dated  bool // the payments above have dates
}

// look takes in a row that was read; turned says that it is other headings.
func (t *tail) look(cells []string, number int, turned, dated, paid bool) {
	switch {
	case isBlank(cells):
		t.gap = true
	case turned:
		t.gap, t.headed = true, true
		t.first, t.above = number, t.lines
	case dated:
		*t = tail{lines: t.lines + 1, dated: true}
	case paid:
		if t.gap && !t.headed && (t.first == 0 || !t.dated) {
			t.first, t.above = number, t.lines
		}
		t.gap = false
		t.lines++
	}
}

// settleTail leaves out a table behind the payments that repeats what they come
// to, in all or for each supplier; one that only may is asked about.
func (f *File) settleTail(i int) error {
	s := &f.Sheets[i]
	s.settle(aboutTail)
	s.tail = 0
	if s.behind.first == 0 || s.behind.above < 2 {
		return nil
	}
	s.tail = s.behind.first
	var pence, behind int64
	by, lines, same, known := map[string]int64{}, 0, 0, 0
	err := f.sheetRows(i, newTally(s), func(r *Row) error {
		switch name := letters(r.texts[Supplier]); {
		case r.Kind == Line:
			pence = money.Add(pence, r.Amount)
			by[name] = money.Add(by[name], r.Amount)
		case r.Kind == Total && r.summary:
			lines, behind = lines+1, money.Add(behind, r.Amount)
			if sum, ok := by[name]; ok && name != "" {
				known++
				if sum == r.Amount {
					same++
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	switch {
	case lines > 0 && (behind == pence && (lines > 1 || s.behind.headed) || same == lines && (lines > 1 || s.behind.headed)):
		s.Notices = append(s.Notices, fmt.Sprintf("A summary of the payments above (%s, from row %d) is left out.", counting(lines, "row", "rows"), s.tail))
		return nil
	case s.behind.headed && s.behind.dated && lines > 1 && (known*2 > lines || by[""] == 0 && known == 0) && !s.said:
		s.doubt(aboutTail, "The table from row %d has no dates, unlike the payments above. Is it a summary of them? If so, remove it from the file and load the file again.", s.tail)
	}
	s.tail = 0
	return nil
}
