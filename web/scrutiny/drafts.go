package scrutiny

import (
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
	scrutinyview "github.com/police-ict/handover/views/scrutiny"
)

// titled calls a draft by the title that was typed in it.
func titled(what string) func(echo.Context) string {
	return func(c echo.Context) string {
		if title := strings.TrimSpace(c.FormValue("title")); title != "" {
			return what + ": " + text.Short(title)
		}
		return what + " without a title"
	}
}

// saidOn calls a draft by what it says on which question.
func saidOn(act office.Act) func(echo.Context) string {
	return func(c echo.Context) string { return scrutinyview.SaidName(act) + ", question " + c.Param("ref") }
}
