package ocds

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Rule is how a field is merged, where not by the id of its items.
type Rule string

// The rules.
const (
	Omit  Rule = "omitWhenMerged"
	Whole Rule = "wholeListMerge"
)

// Rules are the rules of fields, by their path with slashes between.
type Rules map[string]Rule

// Standard are the rules of OCDS 1.1.5.
func Standard() Rules {
	rules := Rules{"id": Omit, "date": Omit, "tag": Omit}
	for _, path := range strings.Fields(`
		parties/additionalIdentifiers parties/roles buyer/additionalIdentifiers
		tender/procuringEntity/additionalIdentifiers tender/items/additionalClassifications
		tender/additionalProcurementCategories tender/submissionMethod tender/tenderers/additionalIdentifiers
		tender/amendments/changes tender/amendment/changes
		awards/suppliers/additionalIdentifiers awards/items/additionalClassifications
		awards/amendments/changes awards/amendment/changes
		contracts/items/additionalClassifications
		contracts/implementation/transactions/payer/additionalIdentifiers
		contracts/implementation/transactions/payee/additionalIdentifiers
		contracts/relatedProcesses/relationship contracts/amendments/changes contracts/amendment/changes
		relatedProcesses/relationship`) {
		rules[path] = Whole
	}
	return rules
}

// RulesOf reads the rules out of a JSON schema of releases, whose references are
// to its own definitions.
func RulesOf(schema []byte) (Rules, error) {
	var root map[string]any
	if err := json.Unmarshal(schema, &root); err != nil {
		return nil, fmt.Errorf("ocds: reading a schema: %w", err)
	}
	s := schemaRules{root: root, rules: Rules{}}
	properties, _ := root["properties"].(map[string]any)
	s.walk(properties, "", 0)
	return s.rules, nil
}

type schemaRules struct {
	root  map[string]any
	rules Rules
}

// deref follows references to definitions.
func (s schemaRules) deref(v any) map[string]any {
	for range 10 {
		m, _ := v.(map[string]any)
		ref, ok := m["$ref"].(string)
		if !ok {
			return m
		}
		v = s.root
		for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			m, _ := v.(map[string]any)
			v = m[part]
		}
	}
	return nil
}

func schemaTypes(m map[string]any) map[string]bool {
	all := map[string]bool{}
	switch t := m["type"].(type) {
	case string:
		all[t] = true
	case []any:
		for _, one := range t {
			if name, ok := one.(string); ok {
				all[name] = true
			}
		}
	}
	return all
}

func (s schemaRules) walk(properties map[string]any, above string, depth int) {
	if depth > 20 {
		return
	}
	for key, value := range properties {
		v, path := s.deref(value), above+key
		types := schemaTypes(v)
		inner, _ := v["properties"].(map[string]any)
		switch {
		case v["omitWhenMerged"] == true:
			s.rules[path] = Omit
		case types["array"] && v["wholeListMerge"] == true:
			s.rules[path] = Whole
		case types["object"] && inner != nil:
			s.walk(inner, path+"/", depth+1)
		case types["array"] && v["items"] != nil:
			s.items(s.deref(v["items"]), path, depth)
		}
	}
}

// items adds the rules of a list: one of anything but objects with an id is taken
// whole.
func (s schemaRules) items(items map[string]any, path string, depth int) {
	types := schemaTypes(items)
	inner, _ := items["properties"].(map[string]any)
	others := len(types)
	if types["object"] {
		others--
	}
	switch {
	case others > 0:
		s.rules[path] = Whole
	case inner == nil:
	case inner["id"] == nil:
		s.rules[path] = Whole
	default:
		s.walk(inner, path+"/", depth+1)
	}
}
