package ocds

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// members are the values of an object as they stand, by name.
type members map[string][]byte

// names are the names in order.
func (m members) names() (all []string) {
	for name := range m {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func membersOf(raw []byte) (members, error) {
	dec := jsontext.NewDecoder(bytes.NewReader(raw), lenient()...)
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	all := members{}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		key := name.String()
		v, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		if string(v) == "null" {
			continue
		}
		all[key] = slices.Clone(v)
	}
	return all, nil
}

// memberOf is one member of an object, and whether it has it.
func memberOf(raw []byte, name string) ([]byte, bool, error) {
	if len(raw) == 0 || raw[0] != '{' {
		return nil, false, nil
	}
	m, err := membersOf(raw)
	v, found := m[name]
	return v, found, err
}

// firstOf is the first element of a list, and whether it has one.
func firstOf(raw []byte) ([]byte, bool, error) {
	if len(raw) == 0 || raw[0] != '[' {
		return nil, false, nil
	}
	dec := jsontext.NewDecoder(bytes.NewReader(raw), lenient()...)
	if _, err := dec.ReadToken(); err != nil {
		return nil, false, err
	}
	if dec.PeekKind() == ']' {
		return nil, false, nil
	}
	v, err := dec.ReadValue()
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return slices.Clone(v), err == nil, err
}

// withOcid gives an object an ocid that stands beside it.
func withOcid(raw, ocid []byte) []byte {
	if len(ocid) == 0 {
		return raw
	}
	b := append([]byte(`{"ocid":`), ocid...)
	if rest := bytes.TrimSpace(raw[1:]); len(rest) > 1 {
		b = append(b, ',')
	}
	return append(b, raw[1:]...)
}
