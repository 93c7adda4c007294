package search

import "testing"

func TestTheNearestWordIsFound(t *testing.T) {
	known := map[string]bool{"skylark": true, "skyline": true, "hosting": true, "kent": true, "adherence": true}
	for typed, want := range map[string]string{"skylrk": "skylark", "skylakr": "skylark", "hostign": "hosting", "hsoting": "hosting", "adherance": "adherence", "knet": "kent", "zebra": "", "qqqq": ""} {
		if got := nearWord(typed, known); got != want {
			t.Errorf("%s is taken for %q, want %q", typed, got, want)
		}
	}
}

func TestLinesStayApartInASnippet(t *testing.T) {
	if got := inLine("Do nothing\nAs  recommended\n\n99000109"); got != "Do nothing · As recommended · 99000109" {
		t.Error(got)
	}
}
