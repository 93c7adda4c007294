package web

import (
	"strings"
	"testing"

	"github.com/police-ict/handover/web/serve"
)

// Readers are told where to write to by the settings, and what to do where there
// are none.
func TestReadersAreToldWhereToWrite(t *testing.T) {
	t.Parallel()
	_, st, _ := open(t)
	to := serve.Contact{Name: "The help desk (sample)", Email: "help@example.org", Post: "1 Example Street", Phone: "01632 960000"}
	given, none := New(st, serve.Options{Contact: to}), New(st, serve.Options{})
	for _, path := range []string{"/contact", "/problem"} {
		says(t, stranger(t, given).do(200, "GET", path), "The help desk (sample)", "mailto:help@example.org", "1 Example Street", "01632 960000")
		says(t, stranger(t, none).do(200, "GET", path), "for the attention of the company secretary")
	}
	says(t, stranger(t, given).do(200, "GET", "/accessibility"), "mailto:help@example.org", "partially compliant", "Enforcement procedure", "Equality Advisory and Support Service", "prepared on")
	says(t, stranger(t, none).do(200, "GET", "/"), `href="/contact"`, `href="/problem"`)
}

// Every page that people begin at has a description of its own.
func TestPagesHaveDescriptions(t *testing.T) {
	t.Parallel()
	s, _, _ := open(t)
	had := map[string]string{}
	for _, path := range []string{"/", "/ownership", "/handover", "/decisions", "/spend", "/questions", "/bodies", "/record", "/bodies/kent", "/bodies/essex", "/help/words", "/search", "/sign-in"} {
		_, after, _ := strings.Cut(stranger(t, s).do(200, "GET", path).Body.String(), `<meta name="description" content="`)
		words, _, _ := strings.Cut(after, `"`)
		if other := had[words]; words == "" || other != "" {
			t.Errorf("%s is described as %q, as is %q", path, words, other)
		}
		had[words] = path
	}
}
