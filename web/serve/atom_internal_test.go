package serve

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

// A reader that pages on sees every entry once, whatever moves meanwhile.
func TestAFeedPagesOnWhileThingsMove(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2013, 1, 14, 0, minute, 0, 0, time.UTC) }
	entries := func(moved int) (all []Entry) {
		for i := range 120 {
			e := Entry{Href: fmt.Sprintf("/questions/%03d", i), At: at(i / 2)} // two of each minute
			if i == moved {
				e.At = at(500)
			}
			all = append(all, e)
		}
		return all
	}
	seen, query, pages := map[string]int{}, "state=due", 0
	for query != "" || pages == 0 {
		c := echo.New().NewContext(httptest.NewRequest("GET", "/questions?"+query, nil), httptest.NewRecorder())
		f := Feed{Entries: entries(map[int]int{0: -1, 1: 7, 2: 7}[pages])}
		first, next, last, err := f.page(c)
		if err != nil || first != "state=due" || last == "" {
			t.Fatal(first, next, last, err)
		}
		for i, e := range f.Entries {
			seen[e.Href]++
			if i > 0 && f.Entries[i-1].At.Before(e.At) {
				t.Error("an older entry stands before a newer one")
			}
		}
		query = next
		pages++
	}
	for href, n := range seen {
		if n != 1 {
			t.Errorf("%s was sent %d times", href, n)
		}
	}
	if len(seen) != 119 || pages != 3 { // the one that moved stands on the first page now
		t.Errorf("%d entries on %d pages", len(seen), pages)
	}
	c := echo.New().NewContext(httptest.NewRequest("GET", "/questions?before=2013-001", nil), httptest.NewRecorder())
	f := &Feed{Entries: entries(-1)} // an address of before, which named a thing of the list
	if _, next, _, err := f.page(c); err != nil || len(f.Entries) != 50 || next == "" {
		t.Errorf("an address of before does not begin at the first page: %d entries, %v", len(f.Entries), err)
	}
}
