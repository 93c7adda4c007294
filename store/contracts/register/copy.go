package register

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"

	"github.com/police-ict/handover/store/book"
	"github.com/police-ict/handover/store/contracts/notice"
)

// Copy writes the rows of all tables as comma-separated values without the cells
// that hold people, which may be shown to everybody. A workbook's tables stand one
// below the other, each under its name.
func (f *File) Copy(w io.Writer) error {
	out := csv.NewWriter(w)
	f.book.Rewind()
	for i := range f.Sheets {
		s := &f.Sheets[i]
		if s.LeftOut != "" {
			continue // what is not read cannot be told to be without people
		}
		if err := f.copySheet(i, s, out); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (f *File) copySheet(i int, s *Sheet, out *csv.Writer) error {
	var src book.Records
	if f.book.IsText() {
		src = f.book.Lines(f.Delimiter)
	} else {
		rows, err := f.book.Rows(i)
		if err != nil {
			return err
		}
		defer rows.Close()
		src = rows
		if err := out.Write([]string{s.Name}); err != nil {
			return err
		}
	}
	for {
		cells, rec, err := src.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		cells = slices.Clone(cells)
		if rec.Number > s.HeaderRecord {
			cells = s.without(cells)
		}
		for i, c := range cells {
			cells[i], _ = notice.WithoutMail(c)
		}
		if blank(cells) || rec.Broken != "" {
			continue // a broken row's cells stand anywhere
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
}
