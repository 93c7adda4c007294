package serve

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/record"
)

// Rows makes a CSV of rows that are all at hand.
func Rows(header []string, rows [][]string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		if !yield(header, nil) {
			return
		}
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// SendJSON sends v as JSON.
func (s *Server) SendJSON(c echo.Context, status int, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	return s.send(c, status, "application/json; charset=utf-8", b.Bytes())
}

// sendCSV streams rows. A cell that a spreadsheet would run as a formula gets
// an apostrophe in front.
func (s *Server) sendCSV(c echo.Context, rows iter.Seq2[[]string, error]) error {
	name := strings.Trim(strings.ReplaceAll(c.Request().URL.Path, "/", "-"), "-")
	h := c.Response().Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.csv"`, name))
	hidden, err := record.HiddenNames(Ctx(c), s.Store)
	if err != nil {
		return err
	}
	out, end, err := streamed(c)
	if err != nil {
		return err
	}
	w := csv.NewWriter(out)
	w.UseCRLF = true
	rc, n := http.NewResponseController(c.Response().Writer), 0
	for row, err := range rows {
		if n++; n%500 == 1 {
			_ = rc.SetWriteDeadline(time.Now().Add(idleTime)) // a recorder in a test has none to set
		}
		if err != nil {
			return err
		}
		for i, cell := range row {
			if hidden != nil {
				cell = hidden.Hide(cell)
				row[i] = cell
			}
			if cell != "" && strings.ContainsRune("=+@\t\r", rune(cell[0])) || len(cell) > 1 && cell[0] == '-' && !isNumber(cell[1:]) {
				row[i] = "'" + cell
			}
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return errors.Join(w.Error(), end())
}

// streamed is where a long answer is written, compressed for whoever takes it
// so. Only a whole answer is ended: one that breaks off is seen to be broken.
func streamed(c echo.Context) (out io.Writer, end func() error, err error) {
	h := c.Response().Header()
	h.Add("Vary", "Accept-Encoding")
	if !strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		return c.Response(), func() error { return nil }, nil
	}
	h.Set("Content-Encoding", "gzip")
	z, err := gzip.NewWriterLevel(c.Response(), gzip.BestSpeed)
	return z, z.Close, err
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789.") == ""
}

// OrNull is v, or null where v is empty.
func OrNull[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

// Instant is an instant as data has it.
func Instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// InstantOrNull is an instant, or null where there is none.
func InstantOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := Instant(t)
	return &text
}

// YesNo is a boolean as a CSV has it.
func YesNo(v bool) string {
	if v {
		return "yes"
	}
	return "no"
}

// Digits is a whole number as data has it.
func Digits[N ~int64](n N) string { return strconv.FormatInt(int64(n), 10) }
