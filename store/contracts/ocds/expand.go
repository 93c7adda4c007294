package ocds

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// sort is what a piece of a file is.
type sort int

const (
	release  sort = iota
	compiled      // the one release of a record
	finder        // a notice of the older interface of Contracts Finder
	refused       // none of these
)

// piece is a release or notice as it stands in the file.
type piece struct {
	sort   sort
	raw    []byte // its JSON, the piece's own
	reason string // why it is refused: a phrase
}

// Reasons for which a piece is refused.
const (
	whyStrange = "it is no release, record or notice"
	whyLinked  = "the record only links to its releases"
	whyNoOcid  = "the release has no ocid"
	whyBroken  = "it is not valid JSON"
)

// expander finds the releases and notices that an element is, or wraps.
type expander struct{ give func(piece) error }

// element says what a value is, and gives what it holds.
func (x *expander) element(raw []byte, depth int) error {
	raw = bytes.TrimSpace(raw)
	if depth > maxWrapped || len(raw) == 0 || raw[0] != '{' && raw[0] != '[' {
		return x.give(piece{sort: refused, reason: whyStrange})
	}
	if raw[0] == '[' {
		return x.elements(raw, depth)
	}
	members, err := membersOf(raw)
	if err != nil {
		return x.give(piece{sort: refused, reason: whyBroken})
	}
	has := func(name string) bool { return len(members[name]) > 0 }
	switch {
	case has("compiledRelease") || has("versionedRelease") || has("ocid") && has("releases"):
		return x.record(members, depth)
	case has("ocid"):
		return x.give(piece{sort: release, raw: raw})
	case has("notice") && (has("awards") || has("organisation")), has("noticeIdentifier"):
		return x.give(piece{sort: finder, raw: raw})
	case has("releases"):
		return x.elements(members["releases"], depth)
	case has("records"):
		return x.elements(members["records"], depth)
	case has("awards") && (has("buyer") || has("tender") || has("tag")):
		return x.give(piece{sort: refused, reason: whyNoOcid})
	}
	found := false
	for _, name := range members.names() {
		if v := members[name]; holders[name] && (v[0] == '{' || v[0] == '[') {
			found = true
			if err := x.element(v, depth+1); err != nil {
				return err
			}
		}
	}
	if found {
		return nil
	}
	return x.give(piece{sort: refused, reason: whyStrange})
}

// elements are the items of a list, or one object that stands in its place.
func (x *expander) elements(raw []byte, depth int) error {
	if len(raw) > 0 && raw[0] == '{' {
		return x.element(raw, depth+1)
	}
	dec := jsontext.NewDecoder(bytes.NewReader(raw), lenient()...)
	if t, err := dec.ReadToken(); err != nil || t.Kind() != '[' {
		return err
	}
	for dec.PeekKind() != ']' {
		v, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if k := v.Kind(); k != '{' && k != '[' {
			continue
		}
		if err := x.element(slices.Clone(v), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// record gives the one release that a record compiles, else its releases.
func (x *expander) record(m members, depth int) error {
	if v := m["compiledRelease"]; len(v) > 0 && v[0] == '{' {
		if _, found, _ := memberOf(v, "ocid"); found {
			return x.give(piece{sort: compiled, raw: v})
		}
		return x.give(piece{sort: compiled, raw: withOcid(v, m["ocid"])})
	}
	if v := m["versionedRelease"]; len(v) > 0 && v[0] == '{' {
		b, err := json.Marshal(latestOf(treeOf(v)))
		if err != nil {
			return err
		}
		return x.give(piece{sort: compiled, raw: b})
	}
	if first, found, _ := firstOf(m["releases"]); !found {
		return x.give(piece{sort: refused, reason: whyLinked})
	} else if _, whole, _ := memberOf(first, "ocid"); !whole {
		return x.give(piece{sort: refused, reason: whyLinked})
	}
	return x.elements(m["releases"], depth)
}

// latestOf is a release whose fields hold all their values with the latest alone.
func latestOf(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = latestOf(v[k])
		}
	case []any:
		if n := len(v); n > 0 {
			last := asObject(v[n-1])
			if _, versioned := last["releaseDate"]; versioned {
				return last["value"]
			}
		}
		for i := range v {
			v[i] = latestOf(v[i])
		}
	}
	return v
}
