package serve

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
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
	b := bounded{most: dataMost, msg: "This chart is too large. Choose fewer months."}
	if err := chart.Render(Ctx(c), &b); err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.svg"`, fileName(c.Request().URL, civil.DayOf(s.Store.Now()))))
	return s.send(c, http.StatusOK, "image/svg+xml", b.buf.Bytes())
}

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
