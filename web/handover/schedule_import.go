package handover

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
	handoverview "github.com/police-ict/handover/views/handover"
	"github.com/police-ict/handover/web/serve"
)

const keyRowFaults = "row faults" // of the file sent, for the page that comes back

const (
	faultsMost = 1000  // rows of them that one page shows
	carried    = "csv" // the field in which a good file is sent once more
)

func (s pages) importRoutes() {
	const path = "/handover/schedule/import"
	s.TakesFile(path)
	s.Confirm(path, office.KeepSchedule, false, s.importForm, s.importCheck, s.importItems)
}

func (s pages) importForm(c echo.Context) (templ.Component, error) {
	faults, _ := c.Get(keyRowFaults).([]handover.RowFault)
	return handoverview.ImportForm(faults, faultsMost), s.scheduleOpen(c)
}

// fileSent is the text of the file, or what a check page carries of it.
func fileSent(c echo.Context) ([]byte, error) {
	if text := c.FormValue(carried); text != "" {
		return []byte(text), nil
	}
	file, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, fault.Field("file", "Choose the CSV file to import.")
	}
	if err != nil {
		return nil, err
	}
	r, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, handover.MaxImportBytes+1)) // one more, so that the store sees that it is too large
}

// importCheck tells what a file would do. A file cannot be sent once more by a
// page, so its rows are carried as text, written anew: in UTF-8, one line to a
// row, so that no browser changes them on their way.
func (s pages) importCheck(c echo.Context) (templ.Component, error) {
	if err := s.scheduleOpen(c); err != nil {
		return nil, err
	}
	file, err := fileSent(c)
	if err != nil {
		return nil, err
	}
	t, err := handover.TryImport(serve.Ctx(c), s.Store, serve.Viewer(c), file)
	if err != nil {
		return nil, err
	}
	if len(t.Faults) > 0 {
		c.Set(keyRowFaults, t.Faults)
		return nil, fault.Field("file", "%s wrong in the file, so nothing was imported. Correct the file, then choose it again.", faultsFound(t.Faults))
	}
	if !t.Good() {
		return nil, fault.Field("file", "The file has no items.")
	}
	rows := csvOfItems(t.Items)
	if len(rows) > handover.MaxImportBytes {
		return nil, fault.Field("file", "The file is larger than 5 MB. Split it into several files.")
	}
	c.Request().Form.Set(carried, string(rows))
	h, err := handover.Read(serve.Ctx(c), s.Store, record.Moment{})
	return handoverview.ImportCheck(h, t), err
}

func faultsFound(faults []handover.RowFault) string {
	rows := 0
	for i, f := range faults {
		if i == 0 || faults[i-1].Row != f.Row {
			rows++
		}
	}
	things := "things are"
	if len(faults) == 1 {
		things = "thing is"
	}
	return fmt.Sprintf("In %s, %s %s", text.Count(rows, "row", "rows"), text.Thousands(int64(len(faults))), things)
}

func (s pages) importItems(c echo.Context) (string, error) {
	items, faults, err := handover.ParseItems([]byte(c.FormValue(carried)))
	if err != nil {
		return "", err
	}
	if len(faults) > 0 { // the check page was written by someone else
		return "", fault.Field("file", "Nothing was imported. There is a problem with row %d. %s", faults[0].Row, faults[0].Msg)
	}
	_, err = handover.ImportItems(serve.Ctx(c), s.Store, serve.Viewer(c), items)
	if err != nil {
		return "", err
	}
	return "/handover/schedule", s.Tell(c, fmt.Sprintf("%s been imported.", text.Count(len(items), "item has", "items have")))
}

// csvOfItems writes items as a file that ParseItems reads back the same.
func csvOfItems(items []handover.Item) []byte {
	rows := make([][]string, len(items))
	for n, i := range items {
		value := ""
		if i.Valued {
			value = fmt.Sprintf("%d.%02d", i.Value/100, i.Value%100)
		}
		rows[n] = []string{string(i.Kind), i.Title, i.Before, i.After, value, i.Evidence}
	}
	return csvText(rows...)
}

func csvText(rows ...[]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(handover.ImportColumns) // memory does not refuse
	w.WriteAll(rows)
	return b.Bytes()
}

// itemTyped is the form of one item as a file of one row, so that what is typed
// and what is imported are held to the same rules, told in the same words.
func itemTyped(c echo.Context) (row []byte, faults fault.Faults) {
	v := c.FormValue
	value := strings.TrimSpace(v("value"))
	switch v("valued") {
	case "no":
		value = "not valued"
	case "yes":
		if value == "" {
			faults.Add("value", "Enter the value, or choose “not valued”.")
		} else if _, err := money.ParsePence(value); faults.Take("value", err) != nil {
			faults.Add("value", "Enter the value as an amount, like 1,234.56.")
		}
		if len(faults) > 0 { // told of already
			value = "not valued"
		}
	default:
		value = "not valued"
		faults.Add("valued", "Choose whether it has a value.")
	}
	return csvText([]string{v("kind"), v("title"), v("before"), v("after"), value, v("evidence")}), faults
}

// formOrder is the order of the fields on the form of an item.
var formOrder = []string{"kind", "title", "before", "after", "valued", "value", "evidence"}

// withRow adds what is wrong with the row of a form, in the order of its fields.
func withRow(f fault.Faults, row []handover.RowFault) fault.Faults {
	for _, r := range row {
		f.Add(r.Field, "%s", r.Msg)
	}
	slices.SortStableFunc(f, func(a, b fault.Fault) int {
		return slices.Index(formOrder, a.Field) - slices.Index(formOrder, b.Field)
	})
	return f
}
