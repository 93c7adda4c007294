package scrutiny

import (
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/office"
	scrutinyview "github.com/police-ict/handover/views/scrutiny"
)

// titleMost is how much of what was typed as a title a list shows.
const titleMost = 150

// titled calls a draft by the title that was typed in it.
func titled(what string) func(echo.Context) string {
	return func(c echo.Context) string {
		if title := strings.TrimSpace(c.FormValue("title")); title != "" {
			if r := []rune(title); len(r) > titleMost {
				title = string(r[:titleMost]) + "…"
			}
			return what + ": " + title
		}
		return what + " without a title"
	}
}

// saidOn calls a draft by what it says on which question.
func saidOn(act office.Act) func(echo.Context) string {
	return func(c echo.Context) string { return scrutinyview.SaidName(act) + ", question " + c.Param("ref") }
}
