package sheet

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"

	"github.com/xuri/excelize/v2"
)

// Limits of reading a workbook; those of its parts are in parts.go.
const (
	maxSheets  = 250
	maxRows    = 1 << 20 // of a worksheet, as spreadsheets have it; a row's own number may claim more
	maxColumns = 1024
	maxWide    = 2_000       // rows with more columns than that, each of which the library fills up
	maxCells   = 200_000_000 // of the whole workbook
)

var errTooWide = errors.New("sheet: the worksheet has more cells than can be read")

// recogniseWorkbook opens a workbook and recognises each of its worksheets.
func (f *File) recogniseWorkbook() error {
	if err := f.checkParts(); err != nil {
		return err
	}
	book, err := excelize.OpenReader(io.NewSectionReader(f.r, 0, f.Size), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: unpacked, UnzipXMLSizeLimit: partInMemory,
	})
	if err != nil {
		return refuseBroken
	}
	f.book, f.Encoding = excelBook{f, book}, "xlsx"
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		f.date1904 = *props.Date1904
	}
	return f.recogniseSheets(book.GetSheetList())
}

const refuseSheetCount = Refusal("The workbook has more worksheets than can be read; save those with payments as CSV.")

// recogniseSheets recognises each worksheet of a workbook that is open.
func (f *File) recogniseSheets(names []string) error {
	f.seed = maphash.MakeSeed()
	if len(names) > maxSheets {
		return refuseSheetCount
	}
	words := newDictionary()
	readable := false
	for i, name := range names {
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
		return Sheet{LeftOut: "it cannot be read: " + plainly(err)}, nil
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

func plainly(err error) string {
	if errors.Is(err, errTooWide) {
		return "it has too many cells"
	}
	return "it is damaged"
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
			s.leaveOut("it repeats the sum of other worksheets to the penny")
		default:
			s.doubt(aboutSheet, "The worksheet %q has no dates or no suppliers, unlike others: is it a summary that should be left out?", s.Name)
		}
	}
	return nil
}

// sums are what the sheets come to, one by one and together.
func (f *File) sums(sheets []int) (map[int64]bool, error) {
	f.cells = 0
	found, all := map[int64]bool{}, int64(0)
	for _, i := range sheets {
		s, err := f.sum(i)
		if err != nil {
			return nil, err
		}
		found[s.Pence] = true
		all = plus(all, s.Pence)
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

// openSheet gives the records of a worksheet.
func (f *File) openSheet(i int) (source, func(), error) {
	rows, err := f.book.rows(i)
	if err != nil {
		return nil, nil, fmt.Errorf("sheet: opening worksheet %d of %s: %w", i+1, f.Name, err)
	}
	s := &f.Sheets[i]
	w := &worksheet{rows: rows, cells: &f.cells}
	if len(s.Mapping) > 0 {
		if !s.merged {
			s.merges, s.merged = f.book.merges(i), true
		}
		w.merges, w.money = s.merges, []int{s.column(Amount), s.column(VAT), s.credit}
		if s.credit == s.debit {
			w.money = w.money[:2]
		}
	}
	return w, func() { _ = rows.Close() }, nil
}

// worksheet gives the records of one worksheet, with the values as they are
// stored, not as they are shown.
type worksheet struct {
	rows   cellRows
	number int
	wide   int
	cells  *int // read so far in the whole workbook
	merges []merge
	open   []merge // that the row may stand in
	money  []int   // columns that are not filled up
}

func (w *worksheet) next() ([]string, record, error) {
	if !w.rows.Next() {
		if err := w.rows.Error(); err != nil {
			return nil, record{}, err
		}
		return nil, record{}, io.EOF
	}
	if w.number++; w.number > maxRows {
		return nil, record{}, errTooWide
	}
	cells, err := w.rows.cells()
	if err != nil {
		return nil, record{}, err
	}
	if len(cells) > maxColumns {
		w.wide++
	}
	if *w.cells += len(cells); *w.cells > maxCells || w.wide > maxWide {
		return nil, record{}, errTooWide
	}
	cells = trimRight(cells[:min(len(cells), maxColumns)])
	for i, c := range cells {
		cells[i] = trim(c)
	}
	if len(w.merges)+len(w.open) > 0 && len(cells) > 0 {
		cells = w.filled(cells)
	}
	return cells, record{number: w.number, offset: -1, raw: asCSV(cells)}, nil
}
