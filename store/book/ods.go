package book

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// openDocument is how the kind of an OpenDocument spreadsheet begins; templates
// have another end.
const openDocument = "application/vnd.oasis.opendocument.spreadsheet"

// maxContent is how many bytes the cells of an OpenDocument spreadsheet may
// unpack to.
const maxContent = 512 << 20

// openOpenDocument reads a packed spreadsheet (ODS).
func (f *File) openOpenDocument(z *zip.Reader) error {
	if isLocked(z) {
		return Refusal("The OpenDocument spreadsheet is locked by a password. Open it, save it without the password and load that file.")
	}
	part := partNamed(z, "content.xml")
	if part.UncompressedSize64 > maxContent || len(z.File) > maxParts {
		return refuseSize
	}
	r, err := part.Open()
	if err != nil {
		return refuseDamaged
	}
	defer r.Close()
	f.Encoding = "ods"
	return f.openSpool(func(s *spool) error { return readOpenDocument(r, s) })
}

// openFlat reads an OpenDocument spreadsheet in one XML file (FODS).
func (f *File) openFlat() error {
	f.Encoding = "fods"
	return f.openSpool(func(s *spool) error { return readOpenDocument(f.afterMark(), s) })
}

// afterMark is the whole file without a byte order mark.
func (f *File) afterMark() io.Reader {
	var mark [3]byte
	if n, _ := f.r.ReadAt(mark[:], 0); n == 3 && string(mark[:]) == "\xEF\xBB\xBF" {
		return io.NewSectionReader(f.r, 3, f.Size-3)
	}
	return io.NewSectionReader(f.r, 0, f.Size)
}

// isLocked says that parts are encrypted.
func isLocked(z *zip.Reader) bool {
	part := partNamed(z, "META-INF/manifest.xml")
	if partNamed(z, "encrypted-package") != nil {
		return true
	}
	if part == nil {
		return false
	}
	r, err := part.Open()
	if err != nil {
		return false
	}
	defer r.Close()
	t := newTokens(io.LimitReader(r, lookedInto))
	for {
		token, err := t.next()
		if err != nil {
			return false
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "encryption-data" {
			return true
		}
	}
}

// openReader reads the worksheets of an OpenDocument spreadsheet.
type openReader struct {
	t     *tokens
	spool *spool
	style string          // being read
	shut  map[string]bool // styles of hidden worksheets
	sheet *spooled        // being read

	row, times int
	cells      []string
	at         int // columns of the row so far
}

func readOpenDocument(r io.Reader, to *spool) error {
	o := &openReader{t: newTokens(r), spool: to, shut: map[string]bool{}}
	for {
		token, err := o.t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			err = o.start(e)
		case xml.EndElement:
			err = o.end(e)
		}
		if err != nil {
			return unreadable(err)
		}
	}
}

func (o *openReader) start(e xml.StartElement) error {
	switch e.Name.Space + ":" + e.Name.Local {
	case "style:style":
		o.style = attribute(e, "style", "name")
	case "style:table-properties":
		if attribute(e, "table", "display") == "false" {
			o.shut[o.style] = true
		}
	case "table:shapes", "table:tracked-changes", "table:dde-links", "office:dde-source", "table:content-validations", "office:forms", "table:scenario", "office:scripts", "table:named-expressions":
		return o.t.skip()
	case "table:table":
		name := attribute(e, "table", "name")
		if o.sheet != nil || strings.HasPrefix(name, "'file:") { // kept of another file
			return o.t.skip()
		}
		sheet, err := o.spool.begin(name, o.shut[attribute(e, "table", "style-name")])
		o.sheet, o.row = sheet, 0
		return err
	case "table:table-row":
		o.times = count(attribute(e, "table", "number-rows-repeated"), maxRows+1)
		o.cells, o.at = o.cells[:0], 0
	case "table:table-cell", "table:covered-table-cell":
		if o.sheet == nil {
			return o.t.skip()
		}
		return o.cell(e)
	}
	return nil
}

func (o *openReader) end(e xml.EndElement) error {
	switch e.Name.Space + ":" + e.Name.Local {
	case "table:table":
		o.sheet = nil
	case "table:table-row":
		if o.sheet == nil {
			return nil
		}
		err := o.spool.add(o.sheet, o.row+1, o.times, o.cells)
		o.row = min(o.row+o.times, 2*maxRows)
		o.times, o.cells, o.at = 0, o.cells[:0], 0
		return err
	}
	return nil
}

// cell reads a cell, which may stand in several columns.
func (o *openReader) cell(e xml.StartElement) error {
	text, err := o.text()
	if err != nil {
		return err
	}
	times := count(attribute(e, "table", "number-columns-repeated"), MaxColumns+1)
	at := o.at
	o.at = min(o.at+times, 2*MaxColumns)
	if e.Name.Local == "covered-table-cell" {
		return nil
	}
	value := valueOf(e, text)
	if value == "" && attribute(e, "table", "formula") != "" && text == "" {
		o.sheet.note(at, o.row+1)
	}
	if rows := count(attribute(e, "table", "number-rows-spanned"), maxRows); rows > 1 {
		o.sheet.merge(at+1, o.row+1, o.row+rows)
	}
	if value == "" || at >= MaxColumns {
		return nil
	}
	for len(o.cells) < at {
		o.cells = append(o.cells, "")
	}
	for range min(times, MaxColumns-len(o.cells)) {
		o.cells = append(o.cells, value)
	}
	return nil
}

// text is what a cell shows: its paragraphs, without notes and drawings.
func (o *openReader) text() (string, error) {
	var b strings.Builder
	for depth, paragraph := 1, 0; depth > 0; {
		token, err := o.t.next()
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch name := e.Name.Space + ":" + e.Name.Local; name {
			case "office:annotation", "text:note", "text:ruby-text", "table:table":
				err = o.t.skip()
				depth--
			case "text:p", "text:h":
				if b.Len() > 0 {
					b.WriteByte('\n')
				}
				paragraph = depth
			case "text:s":
				b.WriteString(strings.Repeat(" ", count(attribute(e, "text", "c"), 100)))
			case "text:tab", "text:line-break":
				b.WriteByte(' ')
			default:
				if e.Name.Space == "draw" {
					err = o.t.skip()
					depth--
				}
			}
			depth++
		case xml.EndElement:
			if depth--; depth == paragraph {
				paragraph = 0
			}
		case xml.CharData:
			if paragraph > 0 {
				b.Write(e)
			}
		}
		if err == nil && b.Len() > maxText {
			err = errTooLong
		}
		if err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// valueOf is the value of a cell as an Excel workbook stores it: a date is its
// count of days, and money other than pounds has its name behind it.
func valueOf(e xml.StartElement, text string) string {
	kind := attribute(e, "office", "value-type")
	value := attribute(e, "office", "value")
	if attribute(e, "calcext", "value-type") == "error" {
		return clean(text)
	}
	switch kind {
	case "float", "percentage":
		return clean(value)
	case "currency":
		if code := attribute(e, "office", "currency"); value != "" && code != "" && code != "GBP" && code != "£" {
			return clean(value + " " + code)
		}
		return clean(value)
	case "date":
		return serialOf(attribute(e, "office", "date-value"))
	case "boolean":
		return strings.ToUpper(clean(attribute(e, "office", "boolean-value")))
	case "string":
		if s := attribute(e, "office", "string-value"); s != "" {
			return clean(s)
		}
	}
	return clean(text)
}

// clean makes a text fit to be kept: rows are kept with a zero between cells.
func clean(s string) string { return strings.ReplaceAll(s, "\x00", " ") }

// serialOf is a day in ISO form, perhaps with a time, as a spreadsheet's count of
// days; another text stays as it is.
func serialOf(s string) string {
	for _, form := range []string{"2006-01-02", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02T15:04:05Z07:00"} {
		t, err := time.Parse(form, s)
		if err != nil {
			continue
		}
		d := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC).Sub(time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC))
		if d < 0 || t.Year() > 2100 {
			break
		}
		return strconv.FormatFloat(float64(d/time.Second)/86400, 'f', -1, 64)
	}
	return clean(s)
}

// openSpool reads all worksheets of a workbook once.
func (f *File) openSpool(read func(*spool) error) (err error) {
	s := &spool{}
	f.book = s
	defer func() {
		if p := recover(); p != nil {
			err = refuseDamaged
		}
	}()
	if err := read(s); err != nil {
		return err
	}
	if err := s.done(); err != nil {
		return fmt.Errorf("book: keeping the worksheets of %s: %w", f.Name, err)
	}
	names := make([]string, len(s.sheets))
	for i, one := range s.sheets {
		names[i] = one.name
	}
	return f.name(names)
}
