package term_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/contracts/term"
	"github.com/police-ict/handover/store/fault"
)

func FuzzParseNotice(f *testing.F) {
	for _, seed := range []string{"3 months", "90 days", "six weeks’ notice", "", "0", "none", "3", "1 year", "99999 days", "-1 months", "٣ months", "12 x", "3 months written notice."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		n, err := term.ParseNotice(typed)
		if err != nil {
			if n != (term.Notice{}) || fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: refused as %v with %v", typed, n, err)
			}
			return
		}
		if again, err := term.ParseNotice(n.String()); err != nil || again != n {
			t.Errorf("%q was read as %v, written %q and read again as %v: %v", typed, n, n, again, err)
		}
		if last := civil.Day("2013-03-31"); n.Before(last) > last || n.Stated() != (n.Before(last) < last) {
			t.Errorf("%q: notice for %s is due by %s", typed, last, n.Before(last))
		}
	})
}

func FuzzParseOptions(f *testing.F) {
	for _, seed := range []string{"12+12", "2 x 12 months", "1 year + 6 months", "", "none", "12+", "99999999 x 9", "x", "+", "Option 12 + 12 months", "12, 6 & 3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		all, err := term.ParseOptions(typed)
		if err != nil && (all != nil || fault.KindOf(err) != fault.Invalid) {
			t.Errorf("%q: refused as %v with %v", typed, all, err)
		}
		for _, n := range all {
			if n < 1 || n > term.MostMonths || len(all) > 24 {
				t.Errorf("%q was read as %v", typed, all)
			}
		}
	})
}

// FuzzTerm holds what a term that passes its check promises, on any day: it comes
// back from its JSON, its days are in order and it can be told in words.
func FuzzTerm(f *testing.F) {
	for _, k := range renewals {
		text, err := json.Marshal(k.term)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, string(k.on))
	}
	f.Add([]byte(`{"start":"2999-12-31","months":1200,"renewal":"tacit","every":1,"notice":{"n":3600,"unit":"days"}}`), "2999-12-31")
	f.Add([]byte(`{"last":"1900-01-01","options":[{"months":1200,"any_day":true,"notice":{"n":120,"unit":"months"}}],"breaks":[{"day":"1900-01-01","any_day":true}]}`), "1900-01-01")
	f.Fuzz(func(t *testing.T, text []byte, day string) {
		var c, again term.Term
		on, err := civil.ParseDay(day)
		if json.Unmarshal(text, &c) != nil || err != nil {
			return
		}
		var faults fault.Faults
		if c.Check(&faults); faults != nil {
			return
		}
		written, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(written, &again); err != nil {
			t.Fatal(err)
		}
		st := term.At(&c, term.Known{On: on})
		if got := term.At(&again, term.Known{On: on}); !reflect.DeepEqual(got, st) {
			t.Errorf("%s: %+v, and from its JSON %+v", text, st, got)
		}
		if st.Words() == "" || c.Ways(on, "2999-12-31") == "" {
			t.Errorf("%s: no words", text)
		}
		over := st.Status == term.Ended || st.Status == term.RunsOn
		if over != (st.Last != "" && st.Last < on) || st.Latest != "" && st.Latest < st.First || st.First != "" && st.First < on {
			t.Errorf("%s on %s: %+v", text, on, st)
		}
		for _, e := range c.EndsOn(on, on.AddMonths(120)) {
			if e.From < on || e.To != "" && e.To < e.From || e.By != "" && e.By < on || !e.Has(e.From) || e.Has(e.From) && e.ActBy(e.From) > e.From {
				t.Errorf("%s on %s: %+v", text, on, e)
			}
		}
	})
}
