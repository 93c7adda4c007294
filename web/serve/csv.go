package serve

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// byteOrder is the mark by which Excel tells that a file is UTF-8.
const byteOrder = "\uFEFF"

// sendCSV streams rows, for as long as they flow and are taken.
func (s *Server) sendCSV(c echo.Context, rows iter.Seq2[[]string, error]) error {
	h := c.Response().Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.csv"`, fileName(c.Request().URL, civil.DayOf(s.Store.Now()))))
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
	if err := WriteCSV(out, rows, hidden, func() { flows(c) }); err != nil {
		return cmp.Or(overdue(c), err)
	}
	return end()
}

// WriteCSV writes rows without the names that are hidden. A cell that a
// spreadsheet would run as a formula gets an apostrophe in front, and each sum
// in pence is in pounds too. Found is called for each row.
func WriteCSV(out io.Writer, rows iter.Seq2[[]string, error], hidden *text.Names, found func()) error {
	w := csv.NewWriter(&marked{out: out})
	w.UseCRLF = true
	for row, err := range inPounds(rows) {
		found()
		if err != nil {
			return err
		}
		for i, cell := range row {
			if hidden != nil {
				cell = hidden.Hide(cell)
				row[i] = cell
			}
			if isFormula(cell) {
				row[i] = "'" + cell
			}
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
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

// isFormula reports whether a spreadsheet would run a cell. A negative number is
// left as it is.
func isFormula(cell string) bool {
	return cell != "" && strings.ContainsRune("=+@\t\r\n", rune(cell[0])) || len(cell) > 1 && cell[0] == '-' && !isNumber(cell[1:])
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789.") == ""
}

// inPounds puts a column in pounds after each column in pence. It uses one row
// for all of them.
func inPounds(rows iter.Seq2[[]string, error]) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		var pounds []string // the name of the new column after each column, "" where there is none
		var out []string
		for row, err := range rows {
			names := pounds == nil
			if names {
				pounds = poundsNames(row)
			}
			out = out[:0]
			for i, cell := range row {
				out = append(out, cell)
				switch {
				case pounds[i] == "":
				case names:
					out = append(out, pounds[i])
				default:
					out = append(out, poundsIn(cell))
				}
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

// poundsNames are the columns in pounds that a header lacks: vat_pounds for
// vat_pence. That of amount_pence is called amount, and may be there already.
func poundsNames(header []string) []string {
	all := make([]string, len(header))
	for i, name := range header {
		what, ok := strings.CutSuffix(name, "pence")
		if ok && !(what == "amount_" && slices.Contains(header, "amount")) {
			all[i] = what + "pounds"
		}
	}
	return all
}

// poundsIn is a cell of pence in pounds with two decimals. One of several sums
// has spaces between them.
func poundsIn(cell string) string {
	words := strings.Fields(cell)
	for i, word := range words {
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return ""
		}
		words[i] = money.Pence(n).Plain()
	}
	return strings.Join(words, " ")
}

// fileName is the name of a CSV, with what was asked for and the day:
// spend-body-kent-year-2011-2013-01-14.
func fileName(u *url.URL, day civil.Day) string {
	name := u.Path
	if given, err := readQuery(u.RawQuery); err == nil {
		for _, a := range given {
			if a.value != "" {
				name += "-" + a.name + "-" + a.value
			}
		}
	}
	name = strings.Trim(unnamed.ReplaceAllString(strings.ToLower(name), "-"), "-")
	return strings.TrimRight(name[:min(len(name), nameMost)], "-") + "-" + string(day)
}

const nameMost = 120 // letters of the name of a file, without its day

var unnamed = regexp.MustCompile(`[^a-z0-9_.]+`)
