package views

import "testing"

func TestQuestionsAreAnsweredFirst(t *testing.T) {
	for asked, want := range map[string]string{
		"call-in":               "Call-in",
		"Who owns the company?": "Who owns the company",
		"held decisions":        "Decisions on hold",
		"decisions on hold":     "Decisions on hold",
		"deed":                  "Deed of adherence",
		"late answers":          "Overdue answers",
		"glossary":              "Words used here",
		"am I expensive":        "",
		"is it expensive":       "Spend per person",
		"download csv":          "Data and feeds",
		"of the":                "",
		"in":                    "",
		"2012-004":              "",
		"Skylark Fell Radio":    "",
	} {
		got := ""
		if all := AnswersTo(asked); len(all) > 0 {
			got = all[0].Title
		}
		if got != want {
			t.Errorf("%q is answered by %q, want %q", asked, got, want)
		}
	}
}
