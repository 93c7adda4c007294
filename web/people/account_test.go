package people

import "testing"

func TestWhatToGoOnToIsNowhereElse(t *testing.T) {
	for to, want := range map[string]string{
		"":                           "/",
		"/handover?as_at=2013-01-14": "/handover?as_at=2013-01-14",
		"/":                          "/",
		"https://evil.example":       "/",
		"//evil.example":             "/",
		"///evil.example":            "/",
		`/\evil.example`:             "/",
		`\\evil.example`:             "/",
		"/\t/evil.example":           "/",
		"/\n/evil.example":           "/",
		" //evil.example":            "/",
		"javascript:alert(1)":        "/",
		"evil.example":               "/",
		"/%zz":                       "/",
		"http:/people":               "/",
	} {
		if got := local(to); got != want {
			t.Errorf("%q leads to %q", to, got)
		}
	}
}
