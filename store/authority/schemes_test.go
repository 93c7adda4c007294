package authority_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/storetest"
)

func TestEveryShippedSchemeIsReadToTheLetterAndPasses(t *testing.T) {
	c := storetest.Begin(t)
	all, err := decisions.Schemes(t.Context(), c.Tx, 0)
	c.Must(err)
	texts := storetest.ShippedSchemes(t)
	if len(all) != 2 || len(texts) != 2 || !all[0].Adopted || all[1].Adopted || all[0].From != "2012-07-16" || all[1].From != "" {
		t.Fatalf("%d schemes shipped, %d stand: %+v", len(texts), len(all), all)
	}
	for i, text := range texts {
		sc, err := authority.ParseScheme(text)
		c.Must(err)
		hash, err := sc.Hash()
		c.Must(err)
		if hash != all[i].Hash || sc.Version != int64(i)+1 || !strings.Contains(sc.Note, "assumptions") {
			t.Errorf("version %d: %s is not %s, or its note does not say that it is assumed", sc.Version, hash, all[i].Hash)
		}
		again, err := json.Marshal(sc)
		c.Must(err)
		back, err := authority.ParseScheme(string(again))
		c.Must(err)
		if diff := back.Diff(sc); len(diff) != 0 {
			t.Errorf("version %d comes back changed: %v", sc.Version, diff)
		}
	}
}

// TestABrokenSchemeIsRefusedWithASentence breaks the first shipped scheme in
// one way at a time.
func TestABrokenSchemeIsRefusedWithASentence(t *testing.T) {
	good := storetest.ShippedSchemes(t)[0]
	for name, k := range map[string]struct{ old, new, says string }{
		"an unknown field":             {`"title"`, `"tittle"`, "no field “tittle”"},
		"an unknown field of a band":   {`"rule": "one"`, `"majority": "one"`, "no field “majority”"},
		"text instead of a sum":        {`"up_to_pence": 5000000`, `"up_to_pence": "50,000"`, "must be a whole number"},
		"a fraction of a penny":        {`"up_to_pence": 5000000`, `"up_to_pence": 5000000.5`, "must be a whole number"},
		"a word instead of a list":     {`"proposers": [`, `"proposers": "anyone", "x": [`, "must be a list"},
		"a yes instead of true":        {`"key_decision": true`, `"key_decision": "yes"`, "must be true or false"},
		"a comma too many":             {`"version": 1,`, `"version": 1,,`, "Line 2 is not JSON"},
		"an open quotation mark":       {`"Scheme of authority of the interim owners"`, `"Scheme`, "Line 3 is not JSON. Close the quotation mark"},
		"more after its end":           {good, good + "}", "Remove the text after the end"},
		"another scheme after it":      {good, good + good, "Remove the text after the end"},
		"half of it":                   {good, good[:len(good)/2], "ends too early"},
		"nothing":                      {good, "", "Enter the scheme as JSON"},
		"a list":                       {good, "[" + good + "]", "must be one JSON object"},
		"too much":                     {good, strings.Repeat(" ", 200_001), "200,000 characters or fewer"},
		"no title":                     {`"Scheme of authority of the interim owners"`, `" "`, "Enter the title"},
		"no note on what is assumed":   {`"The articles of`, `"", "x": "`, ""},
		"an office of no kind":         {`"company officer"`, `"wizard"`, "no type of role “wizard”"},
		"a scrutineer of no kind":      {`"scrutineer"`, `"sage"`, "no type of role “sage”"},
		"a body of no kind":            {`"association"` + "\n", `"parliament"` + "\n", "no type of body “parliament”"},
		"no such day":                  {`"2012-07-16"`, `"2012-02-30"`, `"2012-02-30" is not a date`},
		"a start on two occasions":     {`"starts": "2012-07-16"`, `"starts": "2012-07-16", "on_completion": true`, "on a date or on completion"},
		"no start":                     {`"starts": "2012-07-16",`, ``, "on a date or on completion"},
		"the same matter twice":        {`"key": "budget"`, `"key": "contract"`, "“contract” is named twice"},
		"a key in capitals":            {`"key": "budget"`, `"key": "Budget"`, "lower-case letters"},
		"an effect that is not known":  {`"effect": "baseline"`, `"effect": "abolish"`, "unknown effect: “abolish”"},
		"no way to change it":          {`"effect": "scheme"`, `"effect": "override"`, "could not be changed"},
		"bands that fall":              {`"up_to_pence": 25000000`, `"up_to_pence": 1000`, "rising order"},
		"no band for any value":        {`"paragraph": "4.4"`, `"up_to_pence": 900000000, "paragraph": "4.4"`, "must be for any value"},
		"nobody who decides":           {`"who": "office"`, `"who": "fate"`, "decided by “fate”"},
		"a majority of an office":      {`"rule": "one"`, `"rule": "majority"`, "which office cannot have"},
		"a written resolution of one":  {`"approval"`, `"resolution"`, "not possible"},
		"an office that is not named":  {`"who": "office",` + "\n      " + `"offices": [` + "\n       " + `"company officer"` + "\n      ]", `"who": "office"`, "names no role"},
		"a quorum over the whole":      {`"num": 1`, `"num": 3`, "quorum between 0 and 1"},
		"a quorum of nothing":          {`"den": 2`, `"den": 0`, "quorum between 0 and 1"},
		"a view that nobody gives":     {`"kind": "finance"`, `"kind": "budgetary"`, "asks for the finance view"},
		"the same view twice":          {`"kind": "legal"`, `"kind": "finance"`, "“finance” needs its own name"},
		"values of what has none":      {`"valued": true,`, ``, "not marked as having a value"},
		"a period of no days":          {`"resolution_days": 28`, `"resolution_days": 0`, "1 to 366 days"},
		"months before nothing":        {`"related_months": 12`, `"related_months": -1`, "0 to 120 months"},
		"a limit below nothing":        {`"withdraw_load_pence": 100000000`, `"withdraw_load_pence": -1`, "must be £0 or more"},
		"no paragraph":                 {`"interest_paragraph": "10"`, `"interest_paragraph": ""`, "each paragraph"},
		"a call-in that none may sign": {`"need": 3`, `"need": 0`, "1 to 100 signatures"},
		"a call-in that never closes":  {`"closes_at": "17:00"`, `"closes_at": "tea time"`, "tea time"},
		"an exempt matter unknown":     {`"urgency": true`, `"urgency": true, "exempt": ["weather"]`, "“weather”"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(good, k.old, k.new, 1)
			if text == good {
				t.Fatalf("nothing to break: %q is not in the shipped scheme", k.old)
			}
			_, err := authority.ParseScheme(text)
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("it was taken, or the error is not for people: %v", err)
			}
			if msg := err.Error(); !strings.Contains(msg, k.says) || !strings.HasSuffix(msg, ".") || strings.Contains(msg, "json:") || strings.Contains(msg, "store.") {
				t.Errorf("it says %q, not %q", msg, k.says)
			}
		})
	}
}

func TestAVersionOfTheSchemeDiffersBandByBand(t *testing.T) {
	texts := storetest.ShippedSchemes(t)
	old, err := authority.ParseScheme(texts[0])
	if err != nil {
		t.Fatal(err)
	}
	next, err := authority.ParseScheme(texts[1])
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]authority.Difference{}
	var fields []string
	for _, d := range next.Diff(old) {
		found[d.Field] = d
		fields = append(fields, d.Field)
	}
	if d := found["Contract, or extension of one, up to £250,000.00"]; d.New != "" || !strings.Contains(d.Old, "The board, by a simple majority") {
		t.Errorf("a band taken away: %+v", d)
	}
	if d := found["Contract, or extension of one, up to £5,000,000.00"]; d.Old != "" || !strings.Contains(d.New, "The members of the company, by a simple majority") {
		t.Errorf("a band added: %+v", d)
	}
	if d := found["Contract, or extension of one, up to £1,000,000.00"]; !strings.Contains(d.Old, "Contracts over £250,000") || strings.Contains(d.New, "consent") {
		t.Errorf("a band changed: %+v", d)
	}
	if _, ok := found["Policy or programme of the company, any value"]; ok {
		t.Error("a band that says the same is said to differ")
	}
	if i, j := slices.Index(fields, "Contract, or extension of one, up to £250,000.00"), slices.Index(fields, "Contract, or extension of one, any value"); i > j {
		t.Errorf("what was taken away does not stand where it was: %v", fields)
	}
	next.Matters = next.Matters[1:]
	gone := next.Diff(old)
	if !slices.ContainsFunc(gone, func(d authority.Difference) bool {
		return d.Field == "Contract, or extension of one" && d.New == ""
	}) {
		t.Errorf("a kind of matter taken away is not told: %v", gone)
	}
}
