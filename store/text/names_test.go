package text_test

import (
	"encoding/json"
	"testing"

	"github.com/police-ict/handover/store/text"
)

func TestNamesAreFoundHoweverTheyAreWritten(t *testing.T) {
	n := text.NewNames([]string{"Quill Wrenfield (sample)", "Quill Wrenfield", "Mr Zoë O'Dell", "Ab"})
	for was, want := range map[string]string{
		"Paid to QUILL  wrenfield.":                   "Paid to [withheld].",
		"Quill\nWrenfield (sample) asked":             "[withheld]) asked",
		"/suppliers/quill-wrenfield-sample":           "/suppliers/[withheld]",
		"?text=Quill+Wrenfield&x=1":                   "?text=[withheld]&x=1",
		"?text=quill%20wrenfield":                     "?text=[withheld]",
		`{"a":"Quill\nWrenfield","b":1}`:              `{"a":"[withheld]","b":1}`,
		`{"payload":"{\"a\":\"Quill\\nWrenfield\"}"}`: `{"payload":"{\"a\":\"[withheld]\"}"}`,
		`["Quill","Wrenfield"]`:                       `["Quill","Wrenfield"]`,
		"<b>Quill</b> <b>Wrenfield</b>":               "<b>Quill</b> <b>Wrenfield</b>",
		"mr ZOE O&#39;Dell, Mr Zoë O’Dell":            "[withheld], [withheld]",
		"Quillian Wrenfield, Wrenfield Quill, Ab":     "Quillian Wrenfield, Wrenfield Quill, Ab",
		"<p>Quill</p><p>Wrenfield</p>":                "<p>[withheld]</p>",
		"<p>Mr Quill<br/>Wrenfield</p>":               "<p>Mr [withheld]</p>",
		"quill quill wrenfield":                       "quill [withheld]",
		"":                                            "",
	} {
		if got := n.Hide(was); got != want {
			t.Errorf("%q becomes %q, want %q", was, got, want)
		}
		if n.In(was) != (was != want) {
			t.Errorf("%q: In says %v", was, n.In(was))
		}
	}
	if got := n.HidePage(`<p>Quill Wrenfield</p><input name="q" value="Quill Wrenfield"/><textarea>Quill Wrenfield</textarea>`); got !=
		`<p>[withheld]</p><input name="q" value="Quill Wrenfield"/><textarea>Quill Wrenfield</textarea>` {
		t.Errorf("a page becomes %s", got)
	}
	var none *text.Names
	if none.In("x") || none.Hide("x") != "x" || text.NewNames([]string{"", "Ab", "(-)"}) != nil {
		t.Error("no names find something")
	}
}

func FuzzHiddenJSONStaysJSON(f *testing.F) {
	f.Add("Quill", "Wrenfield")
	f.Fuzz(func(t *testing.T, a, b string) {
		n := text.NewNames([]string{"Quill Wrenfield", a + " " + b})
		was, err := json.Marshal(map[string]any{"k": a + " Quill\n" + b, "l": []string{a, b, "Quill", "Wrenfield"}})
		if err != nil {
			t.Skip()
		}
		if got := n.Hide(string(was)); !json.Valid([]byte(got)) {
			t.Errorf("%s becomes %s", was, got)
		}
	})
}
