package ocds

import (
	"encoding/json"
	"strings"
)

// asText is a value as text; empty for lists and objects.
func asText(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}

// asObject is an object; nil for anything else.
func asObject(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// asObjects are the objects of a list, or one object that stands where a list
// should.
func asObjects(v any) (all []map[string]any) {
	switch v := v.(type) {
	case map[string]any:
		return []map[string]any{v}
	case []any:
		for _, one := range v {
			if m := asObject(one); m != nil {
				all = append(all, m)
			}
		}
	}
	return all
}
