package book

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// openMarkup reads a workbook that Excel 2003 and many a ledger write as
// XML, often under the name of an XLS.
func (f *File) openMarkup() error {
	f.Encoding = "xml"
	return f.openSpool(func(s *spool) error { return readMarkup(f.afterMark(), s) })
}

// markupReader reads the worksheets of a workbook in XML.
type markupReader struct {
	t     *tokens
	spool *spool
	sheet *spooled // being read

	row, column int // in which the next stands, from 0
	cells       []string
}

func readMarkup(r io.Reader, to *spool) error {
	m := &markupReader{t: newTokens(r), spool: to}
	for {
		token, err := m.t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			err = m.start(e)
		case xml.EndElement:
			err = m.end(e)
		}
		if err != nil {
			return unreadable(err)
		}
	}
}

// own is an attribute of the workbook's own space, whose name is usually written.
func own(e xml.StartElement, name string) string {
	if s := attribute(e, "ss", name); s != "" {
		return s
	}
	return attribute(e, "", name)
}

func (m *markupReader) start(e xml.StartElement) error {
	switch {
	case e.Name.Local == "Worksheet":
		sheet, err := m.spool.begin(own(e, "Name"), false)
		m.sheet, m.row = sheet, 0
		return err
	case m.sheet == nil:
	case e.Name.Local == "Row":
		if at := own(e, "Index"); at != "" {
			m.row = max(m.row, count(at, 2*maxRows)-1)
		}
		m.column, m.cells = 0, m.cells[:0]
	case e.Name.Local == "Cell":
		return m.cell(e)
	case e.Name.Local == "Visible": // of the worksheet's options
		token, err := m.t.next()
		if text, ok := token.(xml.CharData); ok && strings.HasSuffix(string(text), "Hidden") {
			m.sheet.hidden = true
		}
		return err
	}
	return nil
}

func (m *markupReader) end(e xml.EndElement) error {
	switch {
	case e.Name.Local == "Worksheet":
		m.sheet = nil
	case e.Name.Local == "Row" && m.sheet != nil:
		err := m.spool.add(m.sheet, m.row+1, 1, m.cells)
		m.row, m.cells = min(m.row+1, 2*maxRows), m.cells[:0]
		return err
	}
	return nil
}

func (m *markupReader) cell(e xml.StartElement) error {
	if at := own(e, "Index"); at != "" {
		m.column = max(m.column, count(at, MaxColumns+1)-1)
	}
	value, err := m.value()
	if err != nil {
		return err
	}
	if value == "" && own(e, "Formula") != "" {
		m.sheet.note(m.column, m.row+1)
	}
	if down := own(e, "MergeDown"); down != "" {
		m.sheet.merge(m.column+1, m.row+1, m.row+1+count(down, maxRows))
	}
	if value != "" && m.column < MaxColumns {
		for len(m.cells) < m.column {
			m.cells = append(m.cells, "")
		}
		m.cells = append(m.cells[:m.column], value)
	}
	across := 0
	if s := own(e, "MergeAcross"); s != "" && s != "0" {
		across = count(s, MaxColumns)
	}
	m.column = min(m.column+1+across, MaxColumns+1)
	return nil
}

// value is what a cell holds, without its comments.
func (m *markupReader) value() (string, error) {
	var b strings.Builder
	kind, data := "", 0
	for depth := 1; depth > 0; {
		token, err := m.t.next()
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch {
			case e.Name.Local == "Comment":
				if err := m.t.skip(); err != nil {
					return "", err
				}
				continue
			case e.Name.Local == "Data":
				kind, data = own(e, "Type"), depth
			}
			depth++
		case xml.EndElement:
			if depth--; depth == data {
				data = 0
			}
		case xml.CharData:
			if data > 0 {
				b.Write(e)
			}
		}
		if b.Len() > maxText {
			return "", errTooLong
		}
	}
	switch s := clean(b.String()); kind {
	case "DateTime":
		return serialOf(s), nil
	case "Boolean":
		return fixed(byte(len(strings.Trim(s, "0"))), false), nil
	default:
		return s, nil
	}
}
