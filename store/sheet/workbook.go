package sheet

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Limits of a workbook. Unpacked parts above partInMemory go to temporary files,
// and what claims to unpack to more than unpacked is refused before it is.
const (
	unpacked     = 1 << 30
	unpackedHere = 128 << 20 // parts that the library keeps in memory whatever their size
	partInMemory = 16 << 20
	maxParts     = 10_000
	maxColumns   = 1024
	maxCells     = 400_000_000
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
		return Refusal("The workbook is damaged or locked and cannot be opened.")
	}
	f.book, f.Encoding = book, "xlsx"
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		f.date1904 = *props.Date1904
	}
	words := newDictionary()
	readable := false
	for i, name := range book.GetSheetList() {
		f.Sheets = append(f.Sheets, Sheet{Name: name})
		s, err := f.recogniseSheet(words, i)
		if err != nil {
			return err
		}
		s.Name = name
		f.Sheets[i] = s
		readable = readable || s.LeftOut == ""
	}
	if !readable {
		return Refusal("No worksheet holds a column of amounts.")
	}
	f.doubtSummaries()
	return nil
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

// doubtSummaries asks about a sheet without dates or suppliers in a workbook
// whose others have them: it may add up the others and count everything twice.
func (f *File) doubtSummaries() {
	dated := false
	for _, s := range f.Sheets {
		dated = dated || s.LeftOut == "" && s.column(DatePaid) >= 0 && s.column(Supplier) >= 0
	}
	for i := range f.Sheets {
		s := &f.Sheets[i]
		if dated && s.LeftOut == "" && (s.column(DatePaid) < 0 || s.column(Supplier) < 0) {
			s.doubt("The worksheet %q has no dates or no suppliers, unlike others: is it a summary that should be left out?", s.Name)
		}
	}
}

// checkParts refuses what is no workbook, and what would unpack to too much. The
// unpacker holds each part to the size that it claims.
func (f *File) checkParts() error {
	z, err := zip.NewReader(f.r, f.Size)
	if err != nil {
		return Refusal("The file is a damaged archive.")
	}
	var size, here uint64
	workbook := false
	for _, part := range z.File {
		name := strings.ToLower(strings.ReplaceAll(part.Name, "\\", "/"))
		workbook = workbook || name == "xl/workbook.xml"
		n := min(part.UncompressedSize64, unpacked+1)
		size += n
		if n <= partInMemory || name != "xl/sharedstrings.xml" && !strings.HasPrefix(name, "xl/worksheets/sheet") {
			here += n
		}
		if size > unpacked || here > unpackedHere || len(z.File) > maxParts {
			return Refusal("The workbook unpacks to more than a table of payments could; save it as CSV.")
		}
	}
	if !workbook {
		return Refusal("The file is an archive but not an Excel workbook; unpack it and load the tables inside it.")
	}
	return nil
}

// openSheet gives the records of a worksheet.
func (f *File) openSheet(i int) (source, func(), error) {
	rows, err := f.book.Rows(f.Sheets[i].Name)
	if err != nil {
		return nil, nil, fmt.Errorf("sheet: opening worksheet %d of %s: %w", i+1, f.Name, err)
	}
	return &worksheet{rows: rows}, func() { _ = rows.Close() }, nil
}

// worksheet gives the records of one worksheet, with the values as they are
// stored, not as they are shown.
type worksheet struct {
	rows   *excelize.Rows
	number int
	cells  int
}

func (w *worksheet) next() ([]string, record, error) {
	if !w.rows.Next() {
		if err := w.rows.Error(); err != nil {
			return nil, record{}, err
		}
		return nil, record{}, io.EOF
	}
	w.number++
	cells, err := w.rows.Columns()
	if err != nil {
		return nil, record{}, err
	}
	if w.cells += len(cells); w.cells > maxCells {
		return nil, record{}, errTooWide
	}
	cells = trimRight(cells[:min(len(cells), maxColumns)])
	for i, c := range cells {
		cells[i] = trim(c)
	}
	return cells, record{number: w.number, offset: -1, raw: asCSV(cells)}, nil
}

// asCSV writes the cells as one record, for people to read.
func asCSV(cells []string) string {
	var b strings.Builder
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		if strings.ContainsAny(c, ",\"\r\n") {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		b.WriteString(c)
		if b.Len() > RawLimit {
			break
		}
	}
	return b.String()
}
