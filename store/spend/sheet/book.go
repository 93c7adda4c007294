package sheet

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// worksheets are those of a file, of whatever format. Worksheets are counted
// from 0, as in File.Sheets.
type worksheets interface {
	rows(i int) (cellRows, error)
	merges(i int) []merge
	isHidden(i int) bool
	// uncalculated says that one of the rows from a number on, as many as are
	// shown, has a formula without a value in a column.
	uncalculated(i, column, from int) bool
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

// excelBook is an XLSX workbook.
type excelBook struct {
	f    *File
	book *excelize.File
}

type excelRows struct{ *excelize.Rows }

func (r excelRows) cells() ([]string, error) { return r.Columns() }

func (b excelBook) rows(i int) (cellRows, error) {
	rows, err := b.book.Rows(b.f.Sheets[i].Name)
	if err != nil {
		return nil, err
	}
	return excelRows{rows}, nil
}

func (b excelBook) merges(i int) []merge { return b.f.merges(b.f.Sheets[i].Name) }

func (b excelBook) isHidden(i int) bool {
	shown, err := b.book.GetSheetVisible(b.f.Sheets[i].Name)
	return err == nil && !shown
}

func (b excelBook) uncalculated(i, column, from int) bool {
	for row := from; row < from+shownRows; row++ {
		cell, err := excelize.CoordinatesToCellName(column+1, row)
		if err != nil {
			return false
		}
		if formula, err := b.book.GetCellFormula(b.f.Sheets[i].Name, cell); err == nil && formula != "" {
			return true
		}
	}
	return false
}

func (b excelBook) Close() error { return b.book.Close() }

// tellHidden says that a worksheet is read which a person who opens the workbook
// does not see.
func (f *File) tellHidden(i int) {
	if s := &f.Sheets[i]; f.book != nil && f.book.isHidden(i) {
		s.Notices = append(s.Notices, fmt.Sprintf("The worksheet %q is hidden in the workbook, and is read.", s.Name))
	}
}
