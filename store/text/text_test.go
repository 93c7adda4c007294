package text_test

import (
	"testing"

	"github.com/police-ict/handover/store/text"
)

func TestCanonicalJSON(t *testing.T) {
	type inner struct {
		Z int64  `json:"z"`
		A string `json:"a"`
	}
	for name, c := range map[string]struct {
		in   any
		want string
	}{
		"keys are sorted, at every depth":       {map[string]any{"b": inner{1, "x"}, "a": 2}, `{"a":2,"b":{"a":"x","z":1}}`},
		"nothing is escaped for HTML":           {map[string]string{"k": "<a & b>"}, `{"k":"<a & b>"}`},
		"letters stay letters":                  {map[string]string{"k": "Ŵ “é”"}, `{"k":"Ŵ “é”"}`},
		"great whole numbers stay exact":        {map[string]int64{"k": 9223372036854775807}, `{"k":9223372036854775807}`},
		"empty lists and nulls are kept":        {map[string]any{"a": []int{}, "b": nil}, `{"a":[],"b":null}`},
		"what is canonical stays as it is":      {[]any{true, "x", 1}, `[true,"x",1]`},
		"a struct and its map are the same":     {inner{7, "y"}, `{"a":"y","z":7}`},
		"a line break is an escape, not a line": {"a\nb", `"a\nb"`},
	} {
		got, err := text.Canonical(c.in)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, c.want)
		}
		again, err := text.Canonical(jsonRaw(got))
		if err != nil || string(again) != c.want {
			t.Errorf("%s, done twice: %s, %v", name, again, err)
		}
	}
	if _, err := text.Canonical(make(chan int)); err == nil {
		t.Error("what is no JSON was taken")
	}
}

type jsonRaw []byte

func (r jsonRaw) MarshalJSON() ([]byte, error) { return r, nil }

func TestSharesAreRoundedHalfUpAndAlike(t *testing.T) {
	for name, c := range map[string]struct {
		part, whole int64
		want        string
	}{
		"one of two":        {1, 2, "50.00"},
		"one of three":      {1, 3, "33.33"},
		"two of three":      {2, 3, "66.67"},
		"one of 43":         {1, 43, "2.33"},
		"all":               {43, 43, "100.00"},
		"none":              {0, 43, "0.00"},
		"of nothing":        {0, 0, "0.00"},
		"half up":           {1, 16, "6.25"},
		"exactly a half":    {1, 20000, "0.01"},
		"the largest there": {1_000_000, 1_000_000, "100.00"},
		"one of a million":  {1, 1_000_000, "0.00"},
	} {
		if got := text.Percent(c.part, c.whole); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestWordsAreFoldedAlike(t *testing.T) {
	for _, pair := range [][2]string{{"Ŵ", "w"}, {"ŵ", "W"}, {"Ynys Môn", "ynys mon"}, {" Kent ", "kent"}, {"STRASSE", "straße"}, {"e\u0301", "É"}} {
		if text.Fold(pair[0]) != text.Fold(pair[1]) {
			t.Errorf("%q folds to %q, %q to %q", pair[0], text.Fold(pair[0]), pair[1], text.Fold(pair[1]))
		}
	}
}

func TestTheFirstLetterIsMadeCapitalWhole(t *testing.T) {
	for words, want := range map[string]string{"ŵyr": "Ŵyr", "ŷd": "Ŷd", "home Office": "Home Office", "élan": "Élan", "": "", "7 days": "7 days", "Kent": "Kent"} {
		if got := text.Capital(words); got != want {
			t.Errorf("%q becomes %q, want %q", words, got, want)
		}
	}
}

func TestCompanyNumbersOfAllRegistrars(t *testing.T) {
	for typed, want := range map[string]string{
		"01234567": "01234567", "1234567": "01234567", "445790": "00445790", "00000006": "00000006", "01111111": "01111111",
		"SC123456": "SC123456", "sc 123456": "SC123456", "SC-123456": "SC123456", "sc0123": "SC000123", "SC123": "SC000123", "NI012345": "NI012345", "NI12345": "NI012345",
		"FC012345": "FC012345", "OE001234": "OE001234", "SC000123": "SC000123", "RC000123": "RC000123", "R0000521": "R0000521", "SL00911A": "SL00911A",
		"IP000CUS": "IP000CUS", "IP00012R": "IP00012R", "SP2345RS": "SP2345RS", "BR012345": "BR012345", "OC301234": "OC301234", "SO300123": "SO300123", "NC000045": "NC000045",
		"LP003837": "LP003837", "NL000123": "NL000123", "GE000123": "GE000123", "GS000001": "GS000001", "GN000001": "GN000001", "ES000045": "ES000045", "SE000012": "SE000012",
		"CE012345": "CE012345", "CS001234": "CS001234", "PC000123": "PC000123", "RS007890": "RS007890", "AC000123": "AC000123", "SA000123": "SA000123", "NA000123": "NA000123",
		"IC000123": "IC000123", "SI000123": "SI000123", "NV000123": "NV000123", "SF001234": "SF001234", "NF003456": "NF003456", "SR000123": "SR000123", "NR000123": "NR000123",
		"NP000123": "NP000123", "NO000123": "NO000123", "SG000123": "SG000123", "ZC000195": "ZC000195",
		"": "", "12345": "", "123456789": "", "00000000": "", "12345678": "", "99999999": "", "SC000000": "", "XX123456": "", "SC1": "", "SC12345A7": "", "12345A": "", "tbc": "", "GB123456789": "",
	} {
		if got, ok := text.CompanyNumber(typed); got != want || ok != (want != "") {
			t.Errorf("%q: %q %t, want %q", typed, got, ok, want)
		}
	}
}
