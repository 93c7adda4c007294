package serve

import (
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
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
	b := bounded{most: dataMost, msg: "This answer would be larger than 32 MB. Choose fewer, or ask for it as CSV."}
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	return s.send(c, status, "application/json; charset=utf-8", b.buf.Bytes())
}

// sendSVG sends a chart as a file.
func (s *Server) sendSVG(c echo.Context, chart templ.Component) error {
	b := bounded{most: dataMost, msg: "This chart would be larger than 32 MB. Choose fewer months."}
	if err := chart.Render(Ctx(c), &b); err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.svg"`, fileName(c.Request().URL)))
	return s.send(c, http.StatusOK, "image/svg+xml", b.buf.Bytes())
}

// byteOrder is the mark by which Excel tells that a file is UTF-8.
const byteOrder = "\uFEFF"

// sendCSV streams rows, for as long as they flow and are taken. A cell that a
// spreadsheet would run as a formula gets an apostrophe in front.
func (s *Server) sendCSV(c echo.Context, rows iter.Seq2[[]string, error]) error {
	h := c.Response().Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.csv"`, fileName(c.Request().URL)))
	hidden, err := record.HiddenNames(Ctx(c), s.Store)
	if err != nil {
		return err
	}
	out, end, err := streamed(c, s.waits.taken)
	if err != nil {
		return err
	}
	if c.Request().Method == http.MethodHead {
		return c.NoContent(http.StatusOK)
	}
	w := csv.NewWriter(&marked{out: out})
	w.UseCRLF = true
	for row, err := range rows {
		flows(c)
		if err != nil {
			return cmp.Or(overdue(c), err)
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

// marked puts the mark of UTF-8 before the first bytes, so that an error before
// them is still a whole answer.
type marked struct {
	out   io.Writer
	begun bool
}

func (m *marked) Write(p []byte) (int, error) {
	if !m.begun {
		m.begun = true
		if _, err := io.WriteString(m.out, byteOrder); err != nil {
			return 0, err
		}
	}
	return m.out.Write(p)
}

// fileName is the name of a CSV with what was asked for:
// spend-body-kent-year-2011.
func fileName(u *url.URL) string {
	name := u.Path
	if given, err := readQuery(u.RawQuery); err == nil {
		for _, a := range given {
			if a.value != "" {
				name += "-" + a.name + "-" + a.value
			}
		}
	}
	name = strings.Trim(unnamed.ReplaceAllString(strings.ToLower(name), "-"), "-")
	return strings.TrimRight(name[:min(len(name), nameMost)], "-")
}

const nameMost = 120 // letters of the name of a file

var unnamed = regexp.MustCompile(`[^a-z0-9_.]+`)

// streamed is where a long answer is written, compressed for whoever takes it
// so. Only a whole answer is ended: one that breaks off is seen to be broken.
// Nothing is held while the client takes a part of it.
func streamed(c echo.Context, taken time.Duration) (out io.Writer, end func() error, err error) {
	h := c.Response().Header()
	h.Add("Vary", "Accept-Encoding")
	to := &download{c: c, taken: taken}
	if !Accepts(c.Request(), "gzip") {
		return to, to.Flush, nil
	}
	h.Set("Content-Encoding", "gzip")
	z, err := gzip.NewWriterLevel(to, gzip.BestSpeed)
	return z, func() error { return errors.Join(z.Close(), to.Flush()) }, err
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
