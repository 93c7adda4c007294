package serve

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// How much an address may ask for, and a form may repeat.
const (
	queryMost    = 16 << 10 // bytes of all parameters
	valueMost    = 8000     // bytes of one value
	valuesMost   = 100      // different values in all
	repeatedMost = 1000     // values of one field of a form
	fieldsMost   = 10_000   // values of a form in all
)

// A Param is a parameter that an address takes.
type Param struct {
	Name string
	Many bool // several values may be asked for at once
}

// Params are the parameters that an address takes, in the order in which a
// refusal names them. Each route declares its own beside what reads them; any
// other parameter is refused, so that a misspelt filter does not give everything
// as if it were the answer.
type Params []Param

// One are parameters of one value each.
func One(names ...string) Params { return params(names, false) }

// Many are parameters that may be repeated.
func Many(names ...string) Params { return params(names, true) }

func params(names []string, many bool) (all Params) {
	for _, n := range names {
		all = append(all, Param{n, many})
	}
	return all
}

// Day are the parameters of AskedDay: one of a link, and the three fields of a form.
func Day(name, field string) Params { return One(name, field, field+"-month", field+"-year") }

// AsAt are the parameters of a day: see Moment.
func AsAt() Params { return Day("as_at", "day") }

// TwoDates are the parameters of When.
func TwoDates() Params { return slices.Concat(AsAt(), Day("known_on", "known")) }

// Find is a parameter by its name.
func (p Params) Find(name string) (Param, bool) {
	i := slices.IndexFunc(p, func(one Param) bool { return one.Name == name })
	if i < 0 {
		return Param{}, false
	}
	return p[i], true
}

// trackers are parameters that mailers, feed readers and social sites add to
// links. They ask for nothing, so they are left out.
var trackers = []string{"fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid", "srsltid", "li_fat_id",
	"mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "_ga", "_gl", "oly_anon_id", "oly_enc_id", "vero_id", "ref_src", "ref_url"}

var trackerFamilies = []string{"utm_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "ns_"}

// dates are the parameters of another day, which no page leaves out in silence:
// it would show today as if it were that day.
var dates = []string{"as_at", "known_on"}

func tracks(name string) bool {
	name = strings.ToLower(name)
	return slices.Contains(trackers, name) || slices.ContainsFunc(trackerFamilies, func(f string) bool { return strings.HasPrefix(name, f) })
}

// asked is a parameter as an address gives it.
type asked struct{ name, value string }

// readQuery reads the parameters of an address in their order.
func readQuery(raw string) (all []asked, err error) {
	if len(raw) > queryMost {
		return nil, fault.Invalid.Errorf("The web address is too long. Choose fewer filters.")
	}
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		n, err := url.QueryUnescape(name)
		v, errValue := url.QueryUnescape(value)
		if err != nil || errValue != nil || strings.Contains(pair, ";") {
			return nil, fault.Invalid.Errorf("The web address contains “%s”, which cannot be read. Check the address.", shown(pair))
		}
		if len(v) > valueMost {
			return nil, fault.Invalid.Errorf("Shorten “%s” to %s characters or fewer.", shown(n), text.Thousands(valueMost))
		}
		all = append(all, asked{n, v})
	}
	return all, nil
}

// shown is a part of an address as a sentence quotes it.
func shown(s string) string {
	runes := []rune(strings.ToValidUTF8(s, "\uFFFD"))
	if len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return string(runes)
}

// Tidy gives the parameters of an address as its handler reads them: each value
// once, in the order in which it was asked for, without what only tracks readers.
// A parameter that the address does not take is refused; where lenient says so it
// is left out.
func (p Params) Tidy(raw string, lenient bool) (string, error) {
	if raw == "" {
		return "", nil
	}
	given, err := readQuery(raw)
	if err != nil {
		return "", err
	}
	kept := make([]asked, 0, len(given))
	values := map[asked]bool{}
	first := map[string]int{} // where a parameter of one value stands
	for _, a := range given {
		param, ok := p.Find(a.name)
		if !ok {
			if slices.Contains(dates, a.name) {
				return "", fault.Invalid.Errorf("This page cannot be shown as at another date. Remove “%s” from the address.", a.name)
			}
			if lenient || tracks(a.name) {
				continue
			}
			return "", p.unknown(a.name)
		}
		i, had := first[a.name]
		switch {
		case values[a]:
			continue
		case had && !param.Many && a.value == "":
			continue
		case had && !param.Many && kept[i].value != "":
			return "", fault.Invalid.Errorf("“%s” can have only one value. Choose “%s” or “%s”.", a.name, shown(kept[i].value), shown(a.value))
		case had && !param.Many:
			kept[i] = a // a form sends its empty fields too
		default:
			first[a.name] = len(kept)
			kept = append(kept, a)
		}
		values[a] = true
	}
	if len(kept) > valuesMost {
		return "", fault.Invalid.Errorf("Choose %d filters or fewer. This address has %s.", valuesMost, text.Thousands(int64(len(kept))))
	}
	if len(kept) == len(given) && strings.Count(raw, "&") == len(given)-1 {
		return raw, nil // as it came, so that a form is sent back to the same address
	}
	return encoded(kept), nil
}

func encoded(all []asked) string {
	var b strings.Builder
	for i, a := range all {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(a.name) + "=" + url.QueryEscape(a.value))
	}
	return b.String()
}

// unknown refuses a parameter, and names the one that was probably meant.
func (p Params) unknown(name string) error {
	if len(p) == 0 {
		return fault.Invalid.Errorf("There is no filter “%s”. This page has no filters.", shown(name))
	}
	folded := strings.ToLower(name)
	near, best := "", 3
	for _, one := range p {
		if n := text.Distance(folded, one.Name, 2); n < best && n <= len(one.Name)/2 {
			near, best = one.Name, n
		}
	}
	if near != "" {
		return fault.Invalid.Errorf("There is no filter “%s”. Did you mean “%s”?", shown(name), near)
	}
	return fault.Invalid.Errorf("There is no filter “%s”. Choose from %s.", shown(name), strings.Join(p.names(), ", "))
}

// names are the parameters without the parts of days, which only forms send.
func (p Params) names() (all []string) {
	for _, one := range p {
		if !strings.HasSuffix(one.Name, "-month") && !strings.HasSuffix(one.Name, "-year") {
			all = append(all, one.Name)
		}
	}
	return all
}

// Takes are the parameters that a GET of a route takes.
func (s *Server) Takes(route string) Params { return s.takes[route] }

// asks reads the parameters of an address once, before any handler: what it
// gives a handler is folded and declared. Every page, list and export refuses
// what it does not take, and leaves out what only tracks readers. What programs
// fetch, such as a file or a check of health, leaves out everything.
func (s *Server) asks(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			if _, err := readQuery(r.URL.RawQuery); err != nil {
				return err
			}
			return next(c)
		}
		if r.URL.RawQuery == "" && !r.URL.ForceQuery {
			return next(c)
		}
		takes := s.takes[c.Path()]
		raw, err := takes.Tidy(r.URL.RawQuery, len(takes) == 0 && Format(c) == "html" && !s.shows[c.Path()])
		if err != nil {
			r.URL.RawQuery = ""
			c.Set(string(keyRefused), err)
			return next(c)
		}
		r.URL.RawQuery, r.URL.ForceQuery = raw, false
		r.RequestURI = address(r.RequestURI, raw)
		if k, ok := s.keptFor(r); ok {
			_, err := k.send(c.Response(), r)
			return err
		}
		return next(c)
	}
}

// address is the one spelling of an address, which its answer is kept under.
func address(asSent, raw string) string {
	path, _, _ := strings.Cut(asSent, "?")
	q, err := url.ParseQuery(raw)
	if err != nil {
		return asSent
	}
	for name, values := range q {
		if q[name] = slices.DeleteFunc(values, func(v string) bool { return v == "" }); len(q[name]) == 0 {
			delete(q, name)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// keptFor finds the kept answer to a signed-out reader, without a query.
func (s *Server) keptFor(r *http.Request) (k keptPage, ok bool) {
	if s.sessions.named(r) || r.ContentLength != 0 {
		return k, false
	}
	head, ok := record.Known(s.Store)
	if !ok {
		return k, false
	}
	k, ok, _ = s.pages.find(head.Size, s.Store.Now(), r.RequestURI)
	return k, ok
}

// once are values in their order, each once.
func once(values []string) []string {
	had := make(map[string]bool, len(values))
	return slices.DeleteFunc(values, func(v string) bool {
		twice := had[v]
		had[v] = true
		return twice
	})
}

// checkFields holds a form to a number of values, each of a field once.
func checkFields(form url.Values) error {
	all := 0
	for name, values := range form {
		values = once(values)
		form[name] = values
		if all += len(values); all > fieldsMost {
			return fault.Invalid.Errorf("The form has more than %s answers. Send fewer at once.", text.Thousands(fieldsMost))
		}
		if len(values) > repeatedMost {
			return fault.Field(name, "Choose %d or fewer. You chose %s.", repeatedMost, text.Thousands(int64(len(values))))
		}
	}
	return nil
}
