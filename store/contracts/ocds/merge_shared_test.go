package ocds

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// shared is the folder of public files, which are not part of the program.
const shared = "../../../../shared/data/contracts/"

func folder(t testing.TB) string {
	t.Helper()
	for _, f := range []string{os.Getenv("CONTRACTS_DATA"), shared} {
		if f == "" {
			continue
		}
		if _, err := os.Stat(filepath.Join(f, "expected.csv")); err == nil {
			return f
		}
	}
	t.Skip("the public contract files are not beside the program: set CONTRACTS_DATA to their folder")
	return ""
}

func decode(t *testing.T, file string, into any) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	if err := dec.Decode(into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// TestMergesAsTheReferenceDoes holds merging to the cases of the reference
// implementation.
func TestMergesAsTheReferenceDoes(t *testing.T) {
	dir := folder(t)
	schema := func(file string) Rules {
		b, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		rules, err := RulesOf(b)
		if err != nil {
			t.Fatal(err)
		}
		return rules
	}
	standard := schema("schema/release-schema.json")
	if !reflect.DeepEqual(standard, Standard()) {
		t.Errorf("the rules of the schema are %v", standard)
	}
	first := Standard() // OCDS 1.0 replaces the list of suppliers
	first["awards/suppliers"] = Whole
	rules := map[string]Rules{"1.0": first, "1.1": standard, "schema": schema("ocds-merge/schema.json")}
	cases := 0
	for name, rules := range rules {
		files, err := filepath.Glob(filepath.Join(dir, "ocds-merge", name, "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			input, way, want := caseOf(file)
			if want == "" {
				continue
			}
			cases++
			var releases []map[string]any
			decode(t, input, &releases)
			var expected any
			decode(t, file, &expected)
			m := Merger{Rules: rules, Repeated: map[string]Repeated{"nested/array": way}}
			got := any(m.Compile(releases))
			switch {
			case strings.HasSuffix(want, "versioned"):
				got = m.Version(releases)
			case way != LastWins:
				// These two are merged with themselves.
				got = m.Compile(append(releases, releases...))
			}
			if !reflect.DeepEqual(got, expected) {
				a, _ := json.Marshal(got)
				b, _ := json.Marshal(expected)
				t.Errorf("%s:\n got %s\nwant %s", file, a, b)
			}
		}
	}
	if cases < 50 {
		t.Errorf("only %d cases were found", cases)
	}
}

// caseOf says which releases an expected file is made of, and how.
func caseOf(file string) (input string, way Repeated, want string) {
	for ending, way := range map[string]Repeated{"-compiled": LastWins, "-versioned": LastWins, "-append": Append, "-by-position": ByPosition} {
		if base, ok := strings.CutSuffix(file, ending+".json"); ok {
			return base + ".json", way, strings.TrimPrefix(ending, "-")
		}
	}
	return "", LastWins, ""
}
