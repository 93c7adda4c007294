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

// TestOtherFormsOfANameAreFound finds a name in each form in which people write it.
func TestOtherFormsOfANameAreFound(t *testing.T) {
	for name, forms := range map[string][]string{
		"J.P. O'Dell-Smith": {"J P O’Dell Smith", "JP ODell-Smith", "j. p. o`dell‑smith", "J.P.O'Dell-Smith", "J P O&#39;Dell-Smith", "JPODell-Smith", "JP O’DellSmith", "JP+O%27Dell-Smith", "J.\u00a0P.\u00a0O‘Dell – Smith"},
		"ODell Zoe":         {"O'Dell Zoë", "O’DELL, ZOÈ", "odell%20zo%C3%AB", "O\u00adDell\nZo\u0065\u0308"},
		"Łukasz Sørensen":   {"Lukasz Sorensen", "LukaszSørensen", "LUKASZ SØRENSEN", "Łukasz\\nSørensen", "Ｌukasz Sorensen"},
		"Llŷn Æthel":        {"Llyn Aethel", "LLŶN ÆTHEL"},
	} {
		n := text.NewNames([]string{name})
		for _, form := range forms {
			if got := n.Hide("Paid to “" + form + "”."); got != "Paid to “[withheld]”." {
				t.Errorf("%q of %q becomes %q", form, name, got)
			}
		}
	}
	if n := text.NewNames([]string{"MacDonald, Ann"}); n.Hide("MACDONALD Ann, Mac Donald Ann, Macdonald, Ann") != "[withheld], Mac Donald Ann, [withheld]" {
		t.Error(n.Hide("MACDONALD Ann, Mac Donald Ann, Macdonald, Ann"))
	}
	n := text.NewNames([]string{"A Cross", "An Other", "J Bloggs", "Jo B", "Green House", "MacDonald Ann"})
	for _, other := range []string{"across the road", "another", "J Bloggson", "jbloggs", "Jo Bloggs", "job", "JB Loggs", "a crossing", "J, P Bloggs", "greenhouse", "Macdonaldann", "GreenHouseholds"} {
		if n.In(other) {
			t.Errorf("%q becomes %q", other, n.Hide(other))
		}
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
