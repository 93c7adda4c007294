package spend

import (
	"fmt"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/spend/rejected"
	spendview "github.com/police-ict/handover/views/spend"
	"github.com/police-ict/handover/web/serve"
)

// rejectedAt reads which rejected row an address names.
func rejectedAt(c echo.Context) (load int64, table, row int, err error) {
	if load, err = serve.PathNumber(c, "id"); err != nil {
		return 0, 0, 0, err
	}
	table, errTable := strconv.Atoi(c.Param("table"))
	row, errRow := strconv.Atoi(c.Param("row"))
	if errTable != nil || errRow != nil {
		err = fault.NotFound.Errorf("There is no such row.")
	}
	return load, table, row, err
}

func (s pages) withholdRowForm(lift bool) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		load, table, row, err := rejectedAt(c)
		if err != nil {
			return nil, err
		}
		l, r, err := rejected.Find(serve.Ctx(c), s.Store, serve.Viewer(c), load, table, row)
		if err != nil {
			return nil, err
		}
		if r.Withheld.Stands() != lift {
			return nil, fault.Conflict.Errorf("Someone else changed which details of this row are shown. Open the page of its source file again.")
		}
		return spendview.WithholdRejected(l, r, lift), nil
	}
}

func (s pages) withholdRow(lift bool) serve.Step {
	return func(c echo.Context) (string, error) {
		load, table, row, err := rejectedAt(c)
		if err != nil {
			return "", err
		}
		if err := rejected.Withhold(serve.Ctx(c), s.Store, serve.Viewer(c), load, table, row, lift, c.FormValue("reason")); err != nil {
			return "", err
		}
		words := "its text is withheld from everyone"
		if lift {
			words = "its text is shown again to those who keep the spend of the body"
		}
		return loadAddress(load), s.Tell(c, fmt.Sprintf("Row %d: %s.", row, words))
	}
}
