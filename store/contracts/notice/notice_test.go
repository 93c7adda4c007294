package notice

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/money"
)

func TestAmounts(t *testing.T) {
	plain, json := Reading{Currency: "GBP"}, Reading{Exponent: true}
	for s, want := range map[string]money.Pence{
		"0": 0, "1": 100, "1234.5": 123450, "£1,234.50": 123450, "£ 96,000 p.a.": 9600000, "96000 per annum": 9600000, "1 234": 123400, "1\u00a0234,": -1, "(£5.00)": -500, "-5": -500, "−£5": -500,
		"524701.1699999999": 52470117, "0.005": 1, ".5": 50, "5.": 500, "GBP 7": 700, "£25,000,000,000": 2500000000000, "9999999999999": 999999999999900, "€12.00": 1200, "'12": 1200,
	} {
		if v := plain.Read(Total, s); v.Known && v.Pence != want || !v.Known && want != -1 {
			t.Errorf("%q is %+v, want %d", s, v, want)
		}
	}
	for s, why := range map[string]string{
		"": NoValue, "N/A": NoValue, "-": NoValue, "null": NoValue, "TBC": BadValue, "000": BadValue, "01234567": BadValue, "12,34": BadValue, "1.2.3": BadValue, "£": BadValue, "1,234 5": BadValue,
		"£8M": RoundValue, "2.5 million": RoundValue, "50k": RoundValue, "£0-£2M": RangeValue, "1000000-4000000": RangeValue, "up to £500": RangeValue, "100 to 200": RangeValue, "500+": RangeValue, "<100": RangeValue,
		"Commercially sensitive": WithheldValue, "Exempt s.43": WithheldValue, "Withheld": WithheldValue, "Commercial in confidence": WithheldValue,
		"1.2E+06": LostDigits, "99999999999999": LargeValue, strings.Repeat("9", 300): BadValue,
	} {
		if v := plain.Read(Total, s); v.Known || v.Why != why {
			t.Errorf("%q is %+v, want %q", s, v, why)
		}
	}
	for s, want := range map[string]money.Pence{"1.5e3": 150000, "2E-1": 20, "1.25e+2": 12500, "5e0": 500, "-1e1": -1000} {
		if v := json.Read(Total, s); !v.Known || v.Pence != want {
			t.Errorf("%q is %+v, want %d", s, v, want)
		}
	}
	if v := json.Read(Total, "1e9999"); v.Known || v.Why != LargeValue {
		t.Errorf("%+v", v)
	}
	if v := plain.Read(Total, "£96,000 p.a."); v.Kind != Yearly || v.Currency != "GBP" {
		t.Errorf("%+v", v)
	}
	if v := (Reading{Comma: true}).Read(Total, "1.234,56"); v.Pence != 123456 {
		t.Errorf("%+v", v)
	}
	if v := plain.Read(Total, "524701.1699999999"); !v.Noise {
		t.Errorf("%+v", v)
	}
}

// FuzzAmount reads any cell; one that is read is read the same when it is written
// plainly.
func FuzzAmount(f *testing.F) {
	for _, s := range []string{"£1,234.50", "1e9999", "(5)", "1.234,56", "£0-£2M", "--5", "1 2 3", "٣"} {
		f.Add(s, false, false)
	}
	f.Fuzz(func(t *testing.T, s string, comma, exponent bool) {
		r := Reading{Comma: comma, Exponent: exponent}
		v := r.Read(Total, s)
		if v.Known == (v.Why != "") {
			t.Fatalf("%q is %+v", s, v)
		}
		if again := (Reading{}).Read(Total, v.Pence.Plain()); v.Known && (!again.Known || again.Pence != v.Pence) {
			t.Errorf("%q is %+v and again %+v", s, v, again)
		}
	})
}

func TestKindsAreProposedByTitles(t *testing.T) {
	for title, want := range map[string]Kind{
		"Radios": Contract, "IT consultancy framework (maximum)": Framework, "Call-off 3: under framework": CallOff, "Vehicles DPS": Framework, "Dynamic Purchasing System for taxis": Framework, "Mini competition for boots": CallOff,
	} {
		if got, why := ProposeKind(title, 1, true); got != want || (why == "") != (want == Contract) {
			t.Errorf("%q is a %s (%s)", title, got, why)
		}
	}
	if got, _ := ProposeKind("Radios", 10, true); got != Framework {
		t.Error(got)
	}
	for pair, want := range map[[2]money.Pence]int64{{1884873100, 18848700}: 100, {100, 100000}: 1000, {100, 200}: 0, {0, 100}: 0, {5, 505}: 0} {
		if got := Slip(pair[0], pair[1]); got != want {
			t.Errorf("%v: %d", pair, got)
		}
	}
}

func TestWhatALaterSnapshotGivesOtherwise(t *testing.T) {
	contract := func() *Notice {
		return &Notice{Title: "Custody  records", Start: Date{Day: "2011-04-01"}, End: Date{Day: "2015-03-31"}, Buyers: []Party{{Name: "Invented Borough (sample)"}},
			Suppliers: []Party{{Name: "A Ltd (sample)"}, {Name: "B Ltd (sample)", Company: "01234567"}}, Values: []Value{{Kind: Total, Pence: 100, Known: true, Currency: "GBP"}}}
	}
	was, now := contract(), contract()
	now.Title = "CUSTODY  RECORDS"
	now.Suppliers[0], now.Suppliers[1] = now.Suppliers[1], now.Suppliers[0]
	if all := Compare(was, now); len(all) != 0 {
		t.Errorf("%v", all)
	}
	now.End, now.Suppliers, now.Values[0] = Date{Words: "Ongoing"}, now.Suppliers[:1], Value{Kind: Total, Words: "TBC"}
	want := "[{suppliers A Ltd (sample); B Ltd (sample) B Ltd (sample)} {end 2015-03-31 Ongoing} {current 1.00 GBP TBC}]"
	if got := fmt.Sprint(Compare(was, now)); got != want {
		t.Errorf("%s", got)
	}
	if !was.Resembles(now) || !now.Resembles(was) {
		t.Error("a contract does not resemble itself")
	}
	for name, change := range map[string]func(*Notice){
		"title": func(n *Notice) { n.Title = "Mobile records" }, "start": func(n *Notice) { n.Start.Day = "2011-04-02" }, "no start": func(n *Notice) { n.Start.Day = "" },
		"buyer": func(n *Notice) { n.Buyers = nil }, "supplier": func(n *Notice) { n.Suppliers = n.Suppliers[:0] },
	} {
		other := contract()
		if change(other); was.Resembles(other) {
			t.Errorf("another %s resembles it", name)
		}
	}
}

func TestPeopleAreKnownByTheirNames(t *testing.T) {
	for name, want := range map[string]bool{"Mr Invented Person (sample)": true, "Dr. A Person": true, "Miss Invented": true, "Invented Ltd": false, "Dr Invented Engineering Limited": false, "Mrs Invented & Co": false, "Mr": false, "": false} {
		if IsPerson(name) != want {
			t.Errorf("%q is a person: %v", name, !want)
		}
	}
	s, n := WithoutMail("Ask first.last@example.invalid or nobody@mail.example.invalid, not @home.")
	if n != 2 || s != "Ask (address removed) or (address removed), not @home." {
		t.Errorf("%d: %s", n, s)
	}
}

func TestTheSpoolGivesBackWhatItTook(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{10, 3000} { // in memory alone, and in a file
		var s Spool
		want := map[uint64][]string{}
		var order []uint64
		for i := range 1000 {
			group := uint64(random.IntN(300)) + 1
			b := fmt.Sprintf("%d/%d/", group, i) + strings.Repeat("x", random.IntN(size))
			if err := s.Add(group, int64(i%3), uint64(i), []byte(b)); err != nil {
				t.Fatal(err)
			}
			if want[group] == nil {
				order = append(order, group)
			}
			want[group] = append(want[group], b)
		}
		at := 0
		err := s.Groups(func(all []Packed) error {
			group := order[at]
			at++
			if len(all) != len(want[group]) {
				t.Errorf("%d of %d records", len(all), len(want[group]))
			}
			for i, p := range all {
				if !strings.HasPrefix(string(p.Bytes), fmt.Sprintf("%d/%d/", group, p.Seq)) || p.Tag != uint64(p.Seq) {
					t.Errorf("%d: %.20s", p.Seq, p.Bytes)
				}
				if i > 0 && (all[i-1].Order > p.Order || all[i-1].Order == p.Order && all[i-1].Seq > p.Seq) {
					t.Errorf("record %d stands before %d", all[i-1].Seq, p.Seq)
				}
			}
			return nil
		})
		if err != nil || at != len(order) || s.Len() != 1000 {
			t.Errorf("%d of %d groups, %v", at, len(order), err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestFiguresOfManyCurrenciesAndReasons(t *testing.T) {
	var s Summary
	for _, code := range []string{"GBP", "EUR", "GBP", ""} {
		s.InCurrency(code)
	}
	s.Leave("b")
	s.Leave("a")
	s.Leave("b")
	s.Span("2013-01-02", "2013-02-01")
	s.Span("2013-01-01", "")
	if s.Currency != "EUR|GBP" || len(s.LeftOut) != 2 || s.LeftOut[1].Count != 2 || s.FirstStart != "2013-01-01" || s.LastEnd != "2013-02-01" {
		t.Errorf("%+v", s)
	}
	for i := range Kept + 5 {
		s.Reject(Place{Record: i}, "why")
	}
	if s.Rejected != Kept+5 || len(s.Rejections) != Kept {
		t.Errorf("%d, %d", s.Rejected, len(s.Rejections))
	}
	if FoldReference("IT – 1/2") != "it-1/2" {
		t.Error(FoldReference("IT – 1/2"))
	}
}
