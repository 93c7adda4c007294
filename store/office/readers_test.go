package office_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/office"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// TestWhoReadsWhat walks every thing that is not public, every kind of office
// and every bond, so that a change of who reads shows as a difference.
func TestWhoReadsWhat(t *testing.T) {
	var out strings.Builder
	bonds := []office.Bond{office.Wherever, office.AtItsBody, office.AboutUs, office.Decides, office.Sits, office.Keeps}
	for _, thing := range office.Things {
		fmt.Fprintf(&out, "%s\n", thing)
		for _, bond := range bonds {
			var reads []string
			for _, k := range office.Kinds {
				v := office.Viewer{Person: 1, Office: office.Office{ID: 1, Kind: k}}
				switch {
				case bond != office.Wherever && v.Reads(thing) == v.Reads(thing, bond) && v.ActsOn(thing) == v.ActsOn(thing, bond):
				case v.ActsOn(thing, bond):
					reads = append(reads, string(k)+" (and acts)")
				case v.Reads(thing, bond):
					reads = append(reads, string(k))
				}
			}
			if len(reads) > 0 {
				fmt.Fprintf(&out, "  %s: %s\n", bond, strings.Join(reads, ", "))
			}
		}
		for _, v := range []office.Viewer{{}, office.CommandLine, {Office: office.Office{Kind: office.Auditor}}} {
			if v.Reads(thing, bonds...) || v.ActsOn(thing, bonds...) {
				t.Errorf("%+v reads %s", v, thing)
			}
		}
		for _, k := range []office.Kind{office.Administrator, office.Constable} {
			v := office.Viewer{Person: 1, Office: office.Office{ID: 1, Kind: k}}
			if v.Reads(thing, bonds...) && thing != office.PeopleAndAddresses && thing != office.SignInLog {
				t.Errorf("a %s reads %s", k, thing)
			}
		}
	}
	const file = "testdata/readers.golden"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != out.String() {
		t.Errorf("%s differs (go test ./store/office -update to accept):\n%s", file, out.String())
	}
}
