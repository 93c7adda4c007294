package book

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
)

// tokens reads the marks of a spreadsheet written as XML one after the other,
// without names of spaces, in memory that does not grow with the file.
type tokens struct {
	*xml.Decoder
	stream *boundedReader
}

// boundedReader ends a stream where one mark or text would have to be held that is
// longer than any cell: the decoder holds each whole.
type boundedReader struct {
	r    io.Reader
	left int // bytes until the next mark has to end
}

var errTooLong = errors.New("book: a mark or text is longer than any cell")

func (w *boundedReader) Read(b []byte) (int, error) {
	if w.left <= 0 {
		return 0, errTooLong
	}
	n, err := w.r.Read(b[:min(len(b), w.left)])
	w.left -= n
	return n, err
}

func newTokens(r io.Reader) *tokens {
	w := &boundedReader{r: r, left: maxText}
	return &tokens{Decoder: xml.NewDecoder(bufio.NewReaderSize(w, block)), stream: w}
}

func (t *tokens) next() (xml.Token, error) {
	t.stream.left = maxText
	return t.RawToken()
}

// skip passes over what the mark just begun contains.
func (t *tokens) skip() error {
	for depth := 1; depth > 0; {
		token, err := t.next()
		if err != nil {
			return err
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

// attribute is the value of an attribute, empty where there is none.
func attribute(e xml.StartElement, space, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == space {
			return a.Value
		}
	}
	return ""
}

// count is a whole number of 1 or more that an attribute tells, within bounds.
func count(s string, most int) int {
	if s == "" {
		return 1
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 1
	}
	return int(min(max(n, 1), int64(most)))
}

// unreadable is why an XML spreadsheet is refused, by what its reading met.
func unreadable(err error) error {
	var refusal Refusal
	switch {
	case errors.As(err, &refusal):
		return refusal
	case errors.Is(err, errTooLong):
		return refuseSize
	}
	return refuseDamaged
}

const refuseDamaged = Refusal("The workbook is damaged and cannot be read to the end. Open it in a spreadsheet and save it as XLSX or CSV.")
