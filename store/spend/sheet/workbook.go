package sheet

import (
	"fmt"
	"hash/maphash"

	"github.com/police-ict/handover/store/book"
	"github.com/police-ict/handover/store/money"
)

// recogniseSheets recognises each worksheet of a workbook that is open.
func (f *File) recogniseSheets() error {
	f.seed = maphash.MakeSeed()
	words := newDictionary()
	readable := false
	for i, name := range f.book.Sheets {
		f.Sheets = append(f.Sheets, Sheet{Name: name})
		s, err := f.recogniseSheet(words, i)
		if err != nil {
			return err
		}
		s.Name = name
		f.zeroFormulas(i, &s)
		f.Sheets[i] = s
		readable = readable || s.LeftOut == ""
	}
	if !readable {
		return f.refuseSheets()
	}
	if err := f.Understand(Options{}); err != nil {
		return err
	}
	if err := f.settleCopies(); err != nil {
		return err
	}
	return f.settleSummaries()
}

func (f *File) recogniseSheet(words *dictionary, i int) (Sheet, error) {
	src, done, err := f.openSheet(i)
	if err != nil {
		return Sheet{LeftOut: "it is not a table"}, nil
	}
	defer done()
	s, err := take(src)
	if err != nil {
		return Sheet{LeftOut: "it cannot be read: " + book.Explain(err)}, nil
	}
	if len(s.rows) == 0 {
		return Sheet{LeftOut: "it is empty"}, nil
	}
	t := words.table(s)
	if len(t.Header) == 0 && t.LeftOut == "" && len(s.rows) < sampleRecords {
		last := len(s.rows) - 1
		if words.scoreHeader(s.rows[last]).found {
			h := header{found: true, cells: s.rows[last], at: -1, record: s.numbers[last]}
			t = words.under(&sample{s.rows[:last], s.numbers[:last]}, h)
		}
	}
	return t, nil
}

// settleSummaries looks at sheets without dates or suppliers in a workbook whose
// others have them: they may add up the others and count everything twice. One
// that comes to the same to the penny is left out; of any other a person is asked.
func (f *File) settleSummaries() error {
	var tables, others []int
	for i, s := range f.Sheets {
		switch {
		case s.LeftOut != "":
		case s.column(DatePaid) >= 0 && s.column(Supplier) >= 0:
			tables = append(tables, i)
		default:
			others = append(others, i)
		}
	}
	if len(tables) == 0 || len(others) == 0 {
		return nil
	}
	sums, err := f.sums(tables)
	if err != nil {
		return err
	}
	for _, i := range others {
		s := &f.Sheets[i]
		switch repeats, err := f.repeats(i, sums); {
		case err != nil:
			return err
		case repeats:
			s.leaveOut("its total is that of the other worksheets, to the penny")
		default:
			s.doubt(aboutSheet, "The worksheet %q has no dates or no suppliers, unlike others. Is it a summary that should be left out?", s.Name)
		}
	}
	return nil
}

// sums are what the sheets come to, one by one and together.
func (f *File) sums(sheets []int) (map[int64]bool, error) {
	f.book.Rewind()
	found, all := map[int64]bool{}, int64(0)
	for _, i := range sheets {
		s, err := f.sum(i)
		if err != nil {
			return nil, err
		}
		found[s.Pence] = true
		all = money.Add(all, s.Pence)
	}
	found[all] = true
	return found, nil
}

// repeats says that a sheet of two lines or more comes to one of the sums.
func (f *File) repeats(i int, sums map[int64]bool) (bool, error) {
	s, err := f.sum(i)
	return err == nil && s.Lines > 1 && s.Pence != 0 && sums[s.Pence], err
}

func (f *File) sum(i int) (SheetSummary, error) {
	t := newTally(&f.Sheets[i])
	err := f.sheetRows(i, t, func(*Row) error { return nil })
	return t.finish(), err
}

// openSheet gives the records of a worksheet. Merged cells are filled up, but for
// money: an amount is paid once.
func (f *File) openSheet(i int) (book.Records, func(), error) {
	rows, err := f.book.Rows(i)
	if err != nil {
		return nil, nil, err
	}
	if s := &f.Sheets[i]; len(s.Mapping) > 0 {
		money := []int{s.column(Amount), s.column(VAT), s.credit}
		if s.credit == s.debit {
			money = money[:2]
		}
		rows.Fill(money...)
	}
	return rows, func() { _ = rows.Close() }, nil
}

// tellHidden says that a worksheet is read which a person who opens the workbook
// does not see.
func (f *File) tellHidden(i int) {
	if s := &f.Sheets[i]; !f.book.IsText() && f.book.IsHidden(i) {
		s.Notices = append(s.Notices, fmt.Sprintf("The worksheet %q is hidden in the workbook, but has been read.", s.Name))
	}
}
