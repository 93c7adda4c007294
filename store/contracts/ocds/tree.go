package ocds

import (
	"bytes"
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
)

// grower builds values of JSON with numbers as they are written, one after another.
type grower struct {
	dec *jsontext.Decoder
	src bytes.Reader
}

func newGrower() *grower {
	g := &grower{}
	g.dec = jsontext.NewDecoder(&g.src, lenient()...)
	return g
}

// grow is the value of some JSON; nil where it is damaged.
func (g *grower) grow(raw []byte) any {
	g.src.Reset(raw)
	g.dec.Reset(&g.src, lenient()...)
	v, err := g.value(0)
	if err != nil {
		return nil
	}
	return v
}

func (g *grower) value(depth int) (any, error) {
	t, err := g.dec.ReadToken()
	if err != nil || depth > 60 {
		return nil, err
	}
	switch t.Kind() {
	case '"':
		return t.String(), nil
	case '0':
		return json.Number(t.String()), nil
	case 't', 'f':
		return t.Bool(), nil
	case '{':
		object := map[string]any{}
		for g.dec.PeekKind() != '}' {
			name, err := g.dec.ReadToken()
			if err != nil {
				return nil, err
			}
			key := name.String()
			if object[key], err = g.value(depth + 1); err != nil {
				return nil, err
			}
		}
		_, err = g.dec.ReadToken()
		return object, err
	case '[':
		items := []any{}
		for g.dec.PeekKind() != ']' {
			v, err := g.value(depth + 1)
			if err != nil {
				return nil, err
			}
			items = append(items, v)
		}
		_, err = g.dec.ReadToken()
		return items, err
	}
	return nil, nil
}

// treeOf is the value of some JSON.
func treeOf(raw []byte) any { return newGrower().grow(raw) }
