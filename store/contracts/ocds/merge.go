package ocds

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/police-ict/handover/store/text"
)

// Repeated is what is done with items of one list of one release that share an id.
type Repeated int

// The ways to treat them.
const (
	LastWins   Repeated = iota // they are one item, as the standard has it
	Append                     // each is an item of its own, in each release
	ByPosition                 // the first item of one release is the first of the next
	ByTurn                     // the second item of an id is the second of that id in the next
)

// Merger merges releases of one process. The zero Merger has no rules and takes
// items that share an id for one.
type Merger struct {
	Rules    Rules
	Repeated map[string]Repeated // by the path of the list

	Collided map[string]bool // paths of lists in which an id stood twice; set by merging
	unique   int
}

// part is a step of a path: a name, or an item of a list.
type part struct {
	name string // of a property, or what makes the item unlike others
	item bool
	id   any // of the item, as it stands; nil for none
}

type path []part

func (p path) key() string {
	var b strings.Builder
	for _, one := range p {
		b.WriteString(strconv.Quote(one.name))
		if one.item {
			b.WriteByte('#')
		}
	}
	return b.String()
}

// field is a value at the end of a path.
type field struct {
	path  path
	value any
}

// flat are fields in the order in which they were first met.
type flat struct {
	fields  []field
	at      map[string]int
	changed bool // a value was set that was not there
}

func newFlat() *flat { return &flat{at: map[string]int{}} }

func (f *flat) set(p path, v any) {
	key := p.key()
	i, found := f.at[key]
	if !f.changed && p[len(p)-1].name != "datePublished" { // every release has a new one
		f.changed = found && !reflect.DeepEqual(f.fields[i].value, v) || !found && v != nil
	}
	if found {
		f.fields[i] = field{p, v}
		return
	}
	f.at[key] = len(f.fields)
	f.fields = append(f.fields, field{p, v})
}

// sortByDate puts releases in the order of their dates, and keeps the order of
// those with one date.
func sortByDate(releases []map[string]any) []map[string]any {
	sorted := slices.Clone(releases)
	slices.SortStableFunc(sorted, func(a, b map[string]any) int {
		return strings.Compare(asText(a["date"]), asText(b["date"]))
	})
	return sorted
}

// Compile merges releases into the one that stands after the last.
func (m *Merger) Compile(releases []map[string]any) map[string]any {
	return m.compile(sortByDate(releases))
}

// compile merges releases that are in their order.
func (m *Merger) compile(releases []map[string]any) map[string]any {
	all := newFlat()
	ocid, date := "", ""
	for _, r := range releases {
		ocid, date = asText(r["ocid"]), asText(r["date"])
		m.flatten(r, nil, "", all)
	}
	compiled := all.unflatten(true)
	compiled["tag"] = []any{"compiled"}
	compiled["id"] = ocid + "-" + date
	compiled["date"] = date
	return compiled
}

// Version merges releases into one that holds all values of each field.
func (m *Merger) Version(releases []map[string]any) map[string]any {
	all := newFlat()
	var ocid any
	for _, r := range sortByDate(releases) {
		ocid = r["ocid"]
		one := newFlat()
		m.flatten(r, nil, "", one)
		for _, f := range one.fields {
			if len(f.path) == 1 && f.path[0].name == "ocid" {
				continue
			}
			i, found := all.at[f.path.key()]
			if !found {
				i = len(all.fields)
				all.set(f.path, []any{})
			}
			values := all.fields[i].value.([]any)
			if n := len(values); n > 0 && reflect.DeepEqual(values[n-1].(map[string]any)["value"], f.value) {
				continue
			}
			all.fields[i].value = append(values, map[string]any{"releaseID": r["id"], "releaseDate": r["date"], "releaseTag": r["tag"], "value": f.value})
		}
	}
	versioned := all.unflatten(false)
	versioned["ocid"] = ocid
	return versioned
}

// flatten gives each value that is merged as a whole its path.
func (m *Merger) flatten(object map[string]any, above path, rulePath string, to *flat) {
	for _, key := range text.SortedKeys(object) {
		if len(above) == 0 && (key == "id" || key == "date" || key == "tag") {
			continue // of the release, not of the process
		}
		value := object[key]
		p := append(slices.Clone(above), part{name: key})
		rule := rulePath + key
		switch v := value.(type) {
		case map[string]any:
			switch {
			case m.Rules[rule] == Omit:
			case m.Rules[rule] == Whole:
				to.set(p, v)
			default:
				m.flatten(v, p, rule+"/", to)
			}
		case []any:
			switch {
			case m.Rules[rule] == Omit:
			case m.Rules[rule] == Whole || slices.ContainsFunc(v, isNoObject):
				to.set(p, v)
			default:
				m.flattenItems(v, p, rule, to)
			}
		default:
			if m.Rules[rule] != Omit {
				to.set(p, v)
			}
		}
	}
}

func isNoObject(v any) bool {
	_, ok := v.(map[string]any)
	return !ok
}

func (m *Merger) flattenItems(items []any, above path, rulePath string, to *flat) {
	seen := map[string]int{}
	for i, item := range items {
		object := item.(map[string]any)
		id := object["id"]
		one := part{item: true, id: id, name: idText(id)}
		if id != nil && seen[one.name] > 0 {
			if m.Collided == nil {
				m.Collided = map[string]bool{}
			}
			m.Collided[rulePath] = true
		}
		seen[one.name]++
		turn := seen[one.name]
		switch way := m.Repeated[rulePath]; {
		case way == ByPosition:
			one.name = strconv.Itoa(i)
		case way == ByTurn && id != nil:
			one.name += "\x00" + strconv.Itoa(turn)
		case id == nil, way == Append:
			m.unique++
			one.name = "\x00" + strconv.Itoa(m.unique)
		}
		m.flatten(object, append(slices.Clone(above), one), rulePath+"/", to)
	}
}

// idText is an id as text: 1 and "1" are one id.
func idText(id any) string {
	switch v := id.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return fmt.Sprint(id)
}

// list is an array while items are still added to it.
type list struct {
	items []any
	at    map[string]map[string]any
}

// unflatten builds the object of all fields. Where one release has an object and
// another a plain value, the one that was met first stays.
func (f *flat) unflatten(dropNull bool) map[string]any {
	root := map[string]any{}
	for _, one := range f.fields {
		put(root, one, dropNull)
	}
	return tidy(root).(map[string]any)
}

func put(root map[string]any, f field, dropNull bool) {
	var at any = root
	for i, p := range f.path {
		last := i+1 == len(f.path)
		if p.item {
			l := at.(*list)
			object, found := l.at[p.name]
			if !found {
				object = map[string]any{}
				if p.id != nil {
					object["id"] = p.id
				}
				l.at[p.name] = object
				l.items = append(l.items, object)
			}
			at = object
			continue
		}
		object := at.(map[string]any)
		next, found := object[p.name]
		switch {
		case found && last:
			return // the id of an item, as it stands
		case found:
			_, isList := next.(*list)
			_, isObject := next.(map[string]any)
			if wantsList := f.path[i+1].item; wantsList && !isList || !wantsList && !isObject {
				return
			}
			at = next
		case last:
			if f.value != nil || !dropNull {
				object[p.name] = f.value
			}
		case f.path[i+1].item:
			l := &list{at: map[string]map[string]any{}}
			object[p.name], at = l, l
		default:
			inner := map[string]any{}
			object[p.name], at = inner, inner
		}
	}
}

// tidy makes plain arrays of lists.
func tidy(v any) any {
	switch v := v.(type) {
	case *list:
		for i := range v.items {
			v.items[i] = tidy(v.items[i])
		}
		return v.items
	case map[string]any:
		for k := range v {
			switch inner := v[k].(type) {
			case *list, map[string]any:
				v[k] = tidy(inner)
			}
		}
	}
	return v
}
