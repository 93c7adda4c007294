package web

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/spend/payments"
)

// spendFilter reads which lines an address asks for.
func spendFilter(c echo.Context) (payments.Filter, error) {
	return payments.ParseFilter(c.Request().URL.Query())
}

// given are the values that are not empty: a form sends its empty fields too.
func given(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(v string) bool { return strings.TrimSpace(v) == "" })
}
