package book

import (
	"io"

	"github.com/xuri/excelize/v2"
)

// worksheets are those of a workbook, of whatever format.
type worksheets interface {
	rows(i int) (cellRows, error)
	merges(i int) []merge
	isHidden(i int) bool
	// uncalculated says that one of n rows from a number on has a formula without
	// a value in a column.
	uncalculated(i, column, from, n int) bool
	Close() error
}

// cellRows gives the rows of a worksheet with the values as they are stored. Rows
// without a cell are given too. The cells are good until the next row.
type cellRows interface {
	Next() bool
	Error() error
	cells() ([]string, error)
	Close() error
}

// openExcel opens an XLSX workbook.
func (f *File) openExcel() error {
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
		f.From1904 = *props.Date1904
	}
	return f.name(book.GetSheetList())
}

const refuseSheetCount = Refusal("The workbook has too many worksheets. Save the ones you need as CSV.")

// name takes the names of the worksheets, if they are not too many.
func (f *File) name(sheets []string) error {
	if len(sheets) > maxSheets {
		return refuseSheetCount
	}
	f.Sheets = sheets
	return nil
}

// excelBook is an XLSX workbook.
type excelBook struct {
	f    *File
	book *excelize.File
}

type excelRows struct{ *excelize.Rows }

func (r excelRows) cells() ([]string, error) { return r.Columns() }

func (b excelBook) rows(i int) (cellRows, error) {
	rows, err := b.book.Rows(b.f.Sheets[i])
	if err != nil {
		return nil, err
	}
	return excelRows{rows}, nil
}

func (b excelBook) merges(i int) []merge { return b.f.findMerges(b.f.Sheets[i]) }

func (b excelBook) isHidden(i int) bool {
	shown, err := b.book.GetSheetVisible(b.f.Sheets[i])
	return err == nil && !shown
}

func (b excelBook) uncalculated(i, column, from, n int) bool {
	for row := from; row < from+n; row++ {
		cell, err := excelize.CoordinatesToCellName(column+1, row)
		if err != nil {
			return false
		}
		if formula, err := b.book.GetCellFormula(b.f.Sheets[i], cell); err == nil && formula != "" {
			return true
		}
	}
	return false
}

func (b excelBook) Close() error { return b.book.Close() }
