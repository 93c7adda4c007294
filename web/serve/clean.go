package serve

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
	pageview "github.com/police-ict/handover/views/page"
)

// cleaned cleans what an address asks for before anything reads it: see
// text.Clean. A name in the path that is not clean leads nowhere.
func cleaned(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		for _, v := range c.ParamValues() {
			if !text.IsLine(v) {
				return fault.NotFound.Errorf("There is no page at this address.")
			}
		}
		if u := c.Request().URL; u.RawQuery != "" {
			u.RawQuery = cleanQuery(u.RawQuery)
		}
		return next(c)
	}
}

// cleanQuery is a query with clean names and values, as it came where it is clean.
func cleanQuery(raw string) string {
	if !strings.ContainsFunc(raw, func(r rune) bool { return r == '%' || r > '~' || r < ' ' }) {
		return raw
	}
	pairs := strings.Split(raw, "&")
	changed := false
	for i, pair := range pairs {
		name, value, has := strings.Cut(pair, "=")
		n, errName := url.QueryUnescape(name)
		v, errValue := url.QueryUnescape(value)
		if errName != nil || errValue != nil || text.IsLine(n) && text.IsLine(v) {
			continue
		}
		pairs[i] = url.QueryEscape(text.Line(n))
		if changed = true; has {
			pairs[i] += "=" + url.QueryEscape(text.Line(v))
		}
	}
	if !changed {
		return raw
	}
	return strings.Join(pairs, "&")
}

// fieldMost is the longest text of one field, in bytes. A file that a form
// carries from its check page, fieldFile, has the limits of a file.
const (
	fieldMost = 500_000
	fieldFile = "csv"
)

// readable refuses a form with a field that nobody can have typed, or that is
// longer than any text may be. Pasted characters that show nothing are left out.
func readable(form url.Values) error {
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, v := range form[name] {
			switch {
			case !text.Readable(name) || !text.Readable(v):
				return fault.Field(text.OneLine(name), "“%s” contains characters that cannot be read or that change the order of a text. They have been removed. Check the text and send it again.", shown(pageview.FieldWords(text.OneLine(name))))
			case len(v) > fieldMost && name != fieldFile:
				return fault.Field(name, "Shorten “%s” to %s characters or fewer.", shown(pageview.FieldWords(name)), text.Thousands(fieldMost))
			}
		}
	}
	return nil
}

// cleanForm cleans the fields of a form and the names of its files. Secrets stay
// as they were typed: they are compared and never shown or kept.
func cleanForm(r *http.Request) {
	for _, form := range []url.Values{r.Form, r.PostForm} {
		cleanValues(form)
	}
	if r.MultipartForm == nil {
		return
	}
	cleanValues(r.MultipartForm.Value)
	for _, files := range r.MultipartForm.File {
		for _, f := range files {
			f.Filename = text.OneLine(f.Filename)
		}
	}
}

func cleanValues(form map[string][]string) {
	for name, values := range form {
		if name == "password" || name == "repeat" || name == "old" || name == "again" {
			continue
		}
		for i, v := range values {
			values[i] = text.Clean(v)
		}
	}
}
