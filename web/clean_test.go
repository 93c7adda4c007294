package web

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/store/text"
)

// spoilt is a text with what no text may hold.
const spoilt = "Sam\x00ple\xff \u202Etxet\u202C \u2066a\u2069 z\u200Be\u200C\u200Dr\u2060o\uFEFF \u200E\u200F a\u2028b\u2029c\x1b\x7f\u0085d\r\nBcc: sample@example.org"

// sentForm is a form of a page as a browser would send it.
type sentForm struct {
	method, action string
	values         url.Values
	typed          []string // names of what is typed
	shows          []string // names of fields that show what is recorded
}

// saysItsVersion holds a form that shows what is recorded, or names its version,
// to saying what it was opened on, so that nobody overwrites what they have not seen.
func saysItsVersion(t testing.TB, f sentForm) {
	t.Helper()
	shows := slices.DeleteFunc(f.shows, func(name string) bool { // a day is offered, and 0 is the version of what is new
		return f.values.Has(name+"-month") || strings.HasSuffix(name, "-month") || strings.HasSuffix(name, "-year") || f.values.Get(name) == "0"
	})
	if f.method == "POST" && len(shows) > 0 && f.values.Get("was") == "" {
		t.Errorf("the form to %s shows %v and does not say which version it changes", shapeOf(f.action), shows)
	}
}

// formsOn reads the forms of a page.
func formsOn(t testing.TB, at, body string) (all []sentForm) {
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var form *sentForm
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		name, _ := attr(n, "name")
		value, _ := attr(n, "value")
		switch n.Data {
		case "form":
			method, _ := attr(n, "method")
			action, ok := attr(n, "action")
			if !ok {
				action = at
			}
			all = append(all, sentForm{method: strings.ToUpper(method), action: action, values: url.Values{}})
			form = &all[len(all)-1]
		case "input", "textarea", "select", "button":
			if form == nil || name == "" {
				continue
			}
			kind, _ := attr(n, "type")
			text := n.Data == "textarea" || n.Data == "input" && (kind == "text" || kind == "")
			if text && (value != "" || n.FirstChild != nil && strings.TrimSpace(n.FirstChild.Data) != "") || slices.Contains([]string{"version", "turn", "hash", "stands"}, name) {
				form.shows = append(form.shows, name)
			}
			switch {
			case n.Data == "textarea" || n.Data == "input" && (kind == "text" || kind == "" || kind == "search" || kind == "email" || kind == "hidden"):
				form.typed = append(form.typed, name)
			case n.Data == "select":
				for o := range n.Descendants() {
					if v, _ := attr(o, "value"); o.Data == "option" && v != "" {
						form.values.Set(name, v)
						break
					}
				}
				continue
			}
			if kind != "radio" && kind != "checkbox" || form.values.Get(name) == "" {
				form.values.Set(name, value)
			}
		}
	}
	return all
}

// Bad bytes in any field of any form, or in any parameter, are no fault of the
// portal on either engine, and what is kept has none of them.
func TestNoMistypedByteReachesTheDatabase(t *testing.T) {
	t.Parallel()
	c := storied(t)
	readers := []at{c.secretary, c.keyed(t, office.Administrator, office.TheCompany)}
	values := []string{"a%00%ff%e2%80%ae%ed%a0%80", "99999999999999999999"}
	if storetest.Thorough() {
		readers = append(readers, c.chief, c.keyed(t, office.CompanyOfficer, office.TheCompany), c.keyed(t, office.Clerk, office.TheAssociation))
		values = append(values, "%00", "%ff", "a%00b", "%e2%80%ae", "0000-00-00", "-1", strings.Repeat("x", 3000))
	}
	done, posts := map[string]bool{}, 0
	var take func(reader at, f sentForm, depth int)
	take = func(reader at, f sentForm, depth int) {
		key := fmt.Sprint(reader.cookie, f.method, shapeOf(f.action), f.typed, depth)
		if done[key] || strings.HasPrefix(f.action, "/sign-out") || strings.HasPrefix(f.action, "/account") && f.method == "POST" {
			return
		}
		done[key] = true
		for _, hidden := range []bool{false, true} {
			v := url.Values{}
			for name, values := range f.values {
				v[name] = slices.Clone(values)
			}
			for _, name := range f.typed {
				if v.Get(name) == "" || hidden {
					v.Set(name, spoilt)
				} else if depth == 0 {
					v.Set(name, v.Get(name)+"\u202E")
				}
			}
			if v.Has("again") {
				v.Set("again", people.SamplePassword)
			}
			w := sent(reader, newPost(reader, f.action, v))
			if f.method != "POST" {
				path, _, _ := strings.Cut(f.action, "?")
				w = reader.send("GET", path+"?"+v.Encode())
			}
			posts++
			if w.Code >= 500 {
				t.Errorf("%s %s %v: %d\n%.300s", f.method, f.action, v, w.Code, w.Body)
			}
			if depth == 0 && w.Code == 200 && f.method == "POST" {
				for _, check := range formsOn(t, f.action, w.Body.String()) {
					take(reader, check, 1)
				}
			}
		}
	}
	paths, asked := map[string]bool{}, []string{}
	for _, reader := range readers {
		crawl(t, reader, func(href string) string { path, _, _ := strings.Cut(href, "?"); return shapeOf(path) }, func(path string, p *askedPage) {
			path, _, _ = strings.Cut(path, "?")
			if shape := shapeOf(path); !paths[shape] {
				paths[shape], asked = true, append(asked, path)
			} else if reader != readers[0] {
				return
			}
			for _, f := range formsOn(t, path, reader.send("GET", path).Body.String()) {
				saysItsVersion(t, f)
				take(reader, f, 0)
			}
		})
	}
	for _, path := range asked {
		route, _ := routeOf(c.Needs(), "GET", path)
		for _, bad := range values {
			for _, takes := range c.Takes(strings.TrimPrefix(route, "GET ")) {
				if w := c.stranger.send("GET", path+"?"+takes.Name+"="+bad); w.Code >= 500 {
					t.Errorf("%s?%s=%s: %d", path, takes.Name, bad, w.Code)
				}
			}
			if w := c.stranger.send("GET", path[:strings.LastIndex(path, "/")+1]+bad); w.Code >= 500 {
				t.Errorf("%s of %s: %d", bad, path, w.Code)
			}
		}
	}
	t.Logf("%d forms sent, %d pages asked", posts, len(asked))
	if posts < 60 {
		t.Errorf("only %d forms were sent", posts)
	}
	keptIsClean(t, c.st)
}

// keptIsClean holds every text of every table to what may be kept.
func keptIsClean(t testing.TB, st *db.Tx) {
	t.Helper()
	tables, err := db.List(t.Context(), st, db.ScanInto[string], st.Engine.Tables())
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		rows, err := st.Reads.QueryContext(t.Context(), "SELECT * FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := rows.Columns()
		for rows.Next() {
			values := make([]any, len(columns))
			into := make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			for i, v := range values {
				for _, s := range textsIn(v) {
					if !text.IsClean(strings.NewReplacer("\x1f", "", "\x1e", "", "\r", "").Replace(s)) {
						t.Errorf("%s.%s keeps %q", table, columns[i], s)
					}
				}
			}
		}
		rows.Close()
	}
}

// textsIn are the texts of a column: itself, or those of its JSON.
func textsIn(v any) (all []string) {
	s, ok := v.(string)
	if !ok {
		return nil
	}
	var plain any
	if json.Unmarshal([]byte(s), &plain) != nil {
		return []string{s}
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			if _, err := base64.StdEncoding.DecodeString(v); err != nil {
				all = append(all, v)
			}
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			for k, one := range v {
				all = append(all, k)
				walk(one)
			}
		}
	}
	walk(plain)
	return all
}

// badFields are what nobody types into a field.
var badFields = []string{"a\xffb", "a\x00b", "a\u202Eb", "\u2066a\u2069", "\x1b[2J", "\xc0\x80", "\xed\xa0\x80", strings.Repeat("x", 1<<20), strings.Repeat("€", 300_000)}

// TestBadBytesAreRefusedInEveryField sends to each address, by somebody who may,
// a form that would be taken but for one field. It is refused in one sentence,
// and nothing is kept.
func TestBadBytesAreRefusedInEveryField(t *testing.T) {
	t.Parallel()
	th := haunted(t)
	people := everyone(t, th.Server)
	size, tries := th.events(t), 0
	for route, need := range th.Needs() {
		path, ok := strings.CutPrefix(route, "POST ")
		if !ok || path == "/sign-out" || path == "/account/sessions/end" {
			continue
		}
		who := people["stranger"]
		for name, b := range people {
			if need != office.Public && name != "stranger" && office.Kind(name).May(need) {
				who = b
			}
		}
		whole := typing(nil, everything...)
		names := append(text.SortedKeys(whole), "text", "words", "minutes", "document", "once", "unheard-of")
		nth := 16
		if storetest.Thorough() {
			nth = 4 // each name at every fourth address
		}
		for i := tries % nth; i < len(names); i += nth {
			name := names[i]
			bad := badFields[(tries+i)%len(badFields)]
			v := typing(whole, name, bad)
			w := httptest.NewRecorder()
			th.ServeHTTP(w, newPost(who, placed(path), v))
			says := strings.Contains(w.Body.String(), "contains characters that cannot be read") || strings.Contains(w.Body.String(), "Shorten “") || w.Code == 413
			if w.Code < 400 || w.Code >= 500 || !says && w.Code != 403 {
				t.Errorf("POST %s with %.8q in %s answers %d: %.200s", path, bad, name, w.Code, w.Body)
			}
			if now := th.events(t); now != size {
				t.Errorf("POST %s with %.8q in %s recorded something", path, bad, name)
				size = now
			}
		}
		tries++
	}
	keptIsClean(t, th.st)
	if tries < 100 {
		t.Errorf("only %d addresses", tries)
	}
}
