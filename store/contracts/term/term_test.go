package term_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/contracts/term"
	"github.com/police-ict/handover/store/fault"
)

func months(n int) term.Notice { return term.Notice{N: n, Unit: term.Months} }

// renewal is one contract, the day it is looked at and what must come of it.
type renewal struct {
	name                  string
	term                  term.Term
	on                    civil.Day
	last, next, notice    civil.Day
	status                term.Status
	missed                bool
	reached, reachedUntil civil.Day // the first and the last end that can be reached
}

// renewals are contracts of the kinds that registers have had wrong for years.
// All names are invented.
var renewals = []renewal{
	{"Marshfold sample: tacit, the day after its notice day", term.Term{Start: "2020-08-01", Months: 36, Renewal: term.Tacit, Every: 12, Notice: months(3)},
		"2023-05-01", "2023-07-31", "2023-07-31", "2023-04-30", term.NoticeMissed, true, "2024-07-31", ""},
	{"Marshfold sample: tacit, once renewed", term.Term{Start: "2020-08-01", Months: 36, Renewal: term.Tacit, Every: 12, Notice: months(3)},
		"2023-08-02", "2023-07-31", "2024-07-31", "2024-04-30", term.InExtension, false, "2024-07-31", ""},
	{"Thornwick sample: a fixed term with a notice day", term.Term{Start: "2018-09-27", Months: 36, Notice: months(3)},
		"2019-06-06", "2021-09-26", "2021-09-26", "2021-06-26", term.Running, false, "2021-09-26", "2021-09-26"},
	{"Oxbarrow sample: a renewal of 12 months after 60", term.Term{Start: "2018-05-01", Months: 60, Renewal: term.Tacit, Every: 12},
		"2023-05-12", "2023-04-30", "2024-04-30", "", term.InExtension, false, "2024-04-30", ""},
	{"Pellgate sample: the notice day of the second renewal", term.Term{Start: "2024-08-29", Months: 12, Renewal: term.Tacit, Every: 12, Notice: months(2)},
		"2026-02-11", "2025-08-28", "2026-08-28", "2026-06-28", term.InExtension, false, "2026-08-28", ""},
	{"Quernby sample: from the end of a month", term.Term{Start: "2012-08-31", Months: 6, Notice: months(1)},
		"2012-09-01", "2013-02-28", "2013-02-28", "2013-01-28", term.Running, false, "2013-02-28", "2013-02-28"},
	{"Rushey sample: from a leap day", term.Term{Start: "2012-02-29", Months: 12},
		"2012-03-01", "2013-02-28", "2013-02-28", "", term.Running, false, "2013-02-28", "2013-02-28"},
	{"Saltmere sample: two options, the first one missed", term.Term{Start: "2012-04-01", Months: 24, Options: []term.Option{{Months: 12, Notice: months(6)}, {Months: 12, Notice: months(6)}}},
		"2013-10-15", "2014-03-31", "2014-03-31", "2013-09-30", term.NoticeMissed, true, "2014-03-31", "2014-03-31"},
	{"Saltmere sample: on its notice day", term.Term{Start: "2012-04-01", Months: 24, Options: []term.Option{{Months: 12, Notice: months(6)}, {Months: 12, Notice: months(6)}}},
		"2013-09-30", "2014-03-31", "2014-03-31", "2013-09-30", term.Running, false, "2014-03-31", "2016-03-31"},
	{"Saltmere sample: the first option taken", term.Term{Start: "2012-04-01", Months: 24, Options: []term.Option{{Months: 12, Notice: months(6), Taken: "2013-09-02"}, {Months: 12, Notice: months(6)}}},
		"2014-05-01", "2014-03-31", "2015-03-31", "2014-09-30", term.InExtension, false, "2015-03-31", "2016-03-31"},
	{"Saltmere sample: asked as at a day before the option was taken", term.Term{Start: "2012-04-01", Months: 24, Options: []term.Option{{Months: 12, Notice: months(6), Taken: "2013-09-02"}}},
		"2013-09-01", "2014-03-31", "2014-03-31", "2013-09-30", term.Running, false, "2014-03-31", "2015-03-31"},
	{"Saltmere sample: on the day the option was taken", term.Term{Start: "2012-04-01", Months: 24, Options: []term.Option{{Months: 12, Notice: months(6), Taken: "2013-09-02"}}},
		"2013-09-02", "2014-03-31", "2015-03-31", "", term.Running, false, "2015-03-31", "2015-03-31"},
	{"Tillbrook sample: months are never chained", term.Term{Start: "2012-08-31", Months: 6, Options: []term.Option{{Months: 6, Taken: "2013-01-01"}}},
		"2013-02-01", "2013-02-28", "2013-08-30", "", term.Running, false, "2013-08-30", "2013-08-30"},
	{"Ullthorpe sample: a stated last day comes before the months", term.Term{Start: "2012-04-01", Months: 24, Last: "2014-04-01", Options: []term.Option{{Months: 12}}},
		"2013-04-01", "2014-04-01", "2014-04-01", "", term.Running, false, "2014-04-01", "2015-04-01"},
	{"Venncross sample: open, with notice of three months", term.Term{Start: "2010-07-01", Renewal: term.Open, Notice: months(3)},
		"2013-01-15", "", "", "", term.Running, false, "2013-04-15", ""},
	{"Venncross sample: open after a first term", term.Term{Start: "2012-07-01", Months: 24, Renewal: term.Open, Notice: months(3)},
		"2013-01-15", "2014-06-30", "2014-06-30", "2014-03-30", term.Running, false, "2014-06-30", ""},
	{"Wexholme sample: ended by notice", term.Term{Start: "2010-07-01", Renewal: term.Open, Notice: months(3), Endings: []term.Ending{{Given: "2012-10-01", Last: "2013-01-31"}}},
		"2013-01-15", "", "2013-01-31", "", term.Running, false, "2013-01-31", "2013-01-31"},
	{"Wexholme sample: the notice was withdrawn", term.Term{Start: "2010-07-01", Renewal: term.Open, Notice: months(3), Endings: []term.Ending{{Given: "2012-10-01", Last: "2013-01-31", Withdrawn: "2013-01-10"}}},
		"2013-01-15", "", "", "", term.Running, false, "2013-04-15", ""},
	{"Wexholme sample: on the day it was withdrawn", term.Term{Start: "2010-07-01", Renewal: term.Open, Notice: months(3), Endings: []term.Ending{{Given: "2012-10-01", Last: "2013-01-31", Withdrawn: "2013-01-10"}}},
		"2013-01-10", "", "", "", term.Running, false, "2013-04-10", ""},
	{"Yarnham sample: a break of which the notice day is still to come", term.Term{Start: "2012-04-01", Months: 48, Breaks: []term.Break{{Day: "2014-03-31", Notice: months(6)}}},
		"2013-09-30", "2016-03-31", "2016-03-31", "", term.Running, false, "2014-03-31", "2016-03-31"},
	{"Yarnham sample: the day after", term.Term{Start: "2012-04-01", Months: 48, Breaks: []term.Break{{Day: "2014-03-31", Notice: months(6)}}},
		"2013-10-01", "2016-03-31", "2016-03-31", "", term.Running, false, "2016-03-31", "2016-03-31"},
	{"Zealstone sample: the day after the end", term.Term{Start: "2012-04-01", Months: 12},
		"2013-04-01", "2013-03-31", "2013-03-31", "", term.Ended, false, "", ""},
	{"Zealstone sample: its last day", term.Term{Start: "2012-04-01", Months: 12},
		"2013-03-31", "2013-03-31", "2013-03-31", "", term.Running, false, "2013-03-31", "2013-03-31"},
	{"Zealstone sample: before it begins", term.Term{Start: "2012-04-01", Months: 12},
		"2012-03-31", "2013-03-31", "2013-03-31", "", term.NotBegun, false, "2013-03-31", "2013-03-31"},
	{"Ashlode sample: no end is known", term.Term{Start: "2012-04-01"}, "2013-03-31", "", "", "", term.CannotTell, false, "", ""},
	{"Ashlode sample: nothing at all is known", term.Term{}, "2013-03-31", "", "", "", term.CannotTell, false, "", ""},
	{"Birchover sample: only the last day is known", term.Term{Last: "2013-09-30"}, "2013-03-31", "2013-09-30", "2013-09-30", "", term.Running, false, "2013-09-30", "2013-09-30"},
	{"Coldharbour sample: the last day was moved by agreement", term.Term{Start: "2012-04-01", Months: 12, Agreed: []term.Agreed{{On: "2013-03-01", Last: "2013-06-14"}}},
		"2013-05-01", "2013-03-31", "2013-06-14", "", term.InExtension, false, "2013-06-14", "2013-06-14"},
}

func TestTheStateOfAContract(t *testing.T) {
	for _, k := range renewals {
		t.Run(k.name, func(t *testing.T) { k.check(t) })
	}
}

func (k renewal) check(t *testing.T) {
	t.Helper()
	st := term.At(&k.term, term.Known{On: k.on})
	if st.Initial != k.last || st.Last != k.next || st.NoticeBy != k.notice {
		t.Errorf("first term to %q, now to %q, notice by %q; want %q, %q, %q", string(st.Initial), string(st.Last), string(st.NoticeBy), string(k.last), string(k.next), string(k.notice))
	}
	if st.Status != k.status || st.Missed.Needed() != k.missed {
		t.Errorf("%s, missed %v; want %s, %v", st.Status, st.Missed.Needed(), k.status, k.missed)
	}
	if st.First != k.reached || st.Latest != k.reachedUntil {
		t.Errorf("can end from %q to %q, want %q to %q", string(st.First), string(st.Latest), string(k.reached), string(k.reachedUntil))
	}
}

// TestTheStateOfPublishedCases holds the rules to cases that others keep: the
// file lies beside the repository and is no part of it.
func TestTheStateOfPublishedCases(t *testing.T) {
	f, err := os.Open("../../../../shared/data/contracts/facts/renewal-cases.csv")
	if err != nil {
		t.Skip("skipped: the published cases are not beside the repository, in ../shared/data/contracts/facts")
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 9 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		cell := map[string]string{}
		for i, name := range rows[0] {
			cell[name] = row[i]
		}
		number := func(s string) int { n, _ := strconv.Atoi(s); return n } // a blank is 0
		notice := months(number(cell["notice_months"]))
		c := term.Term{Start: civil.Day(cell["start"]), Months: number(cell["initial_months"])}
		switch cell["renewal"] {
		case "tacit":
			c.Renewal, c.Every, c.Notice = term.Tacit, number(cell["renewal_months"]), notice
		case "options":
			all, err := term.ParseOptions(cell["renewal_months"])
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range all {
				c.Options = append(c.Options, term.Option{Months: n, Notice: notice})
			}
		case "none":
			c.Notice = notice
		default:
			t.Fatalf("%s: a renewal of %q", cell["case"], cell["renewal"])
		}
		st := term.At(&c, term.Known{On: civil.Day(cell["as_at"])})
		if string(st.Initial) != cell["last_day"] || string(st.Last) != cell["next_last_day"] || string(st.NoticeBy) != cell["notice_by"] {
			t.Errorf("%s: first term to %q, now to %q, notice by %q", cell["case"], string(st.Initial), string(st.Last), string(st.NoticeBy))
		}
	}
}

func TestAContractThatIsPaidAfterItsEndRunsOn(t *testing.T) {
	c := term.Term{Start: "2012-04-01", Months: 12}
	for _, k := range []struct {
		on, paid civil.Day
		want     term.Status
	}{
		{"2013-06-30", "2013-06-14", term.RunsOn}, {"2013-06-30", "2013-03-31", term.Ended}, {"2013-06-30", "", term.Ended}, {"2013-06-30", "2013-04-01", term.RunsOn},
		{"2013-06-13", "2013-06-14", term.Ended}, {"2013-03-31", "2013-03-30", term.Running},
	} {
		if st := term.At(&c, term.Known{On: k.on, LastPaid: k.paid}); st.Status != k.want {
			t.Errorf("on %s, paid %s: %s, want %s", k.on, k.paid, st.Status, k.want)
		}
	}
}

func TestAStateInWords(t *testing.T) {
	for _, k := range []struct {
		term  term.Term
		known term.Known
		want  string
	}{
		{term.Term{Start: "2010-10-01", Months: 36, Options: []term.Option{{Months: 12, By: "2013-03-31"}}}, term.Known{On: "2013-03-15"},
			"Ends 30 September 2013. May be extended to 30 September 2014 if notice is given by 31 March 2013: 16 days left."},
		{term.Term{Start: "2010-10-01", Months: 36, Options: []term.Option{{Months: 12, Notice: months(6)}}}, term.Known{On: "2013-03-15"},
			"Ends 30 September 2013. May be extended to 30 September 2014 if notice is given by 30 March 2013: 15 days left."},
		{term.Term{Start: "2010-10-01", Months: 36, Options: []term.Option{{Months: 12, Notice: months(6)}}}, term.Known{On: "2013-03-30"},
			"Ends 30 September 2013. May be extended to 30 September 2014 if notice is given by 30 March 2013: the last day."},
		{term.Term{Start: "2010-10-01", Months: 36, Options: []term.Option{{Months: 12, Notice: months(6)}}}, term.Known{On: "2013-03-31"},
			"Ends 30 September 2013. It can no longer be extended to 30 September 2014 as of right: notice was due by 30 March 2013."},
		{term.Term{Start: "2012-11-01", Months: 12, Options: []term.Option{{Months: 6, AnyDay: true}}}, term.Known{On: "2013-10-30"},
			"Ends 31 October 2013. May be extended to any day up to 30 April 2014 if the option is taken by 31 October 2013: 1 day left."},
		{term.Term{Start: "2012-04-01", Months: 24, Options: []term.Option{{Months: 12, Taken: "2013-09-02"}}}, term.Known{On: "2014-05-01"},
			"Ends 31 March 2015. Its first term ended 31 March 2014."},
		{term.Term{Start: "2018-09-27", Months: 36, Notice: months(3)}, term.Known{On: "2021-06-06"},
			"Ends 26 September 2021. Its notice day is 26 June 2021: 20 days left."},
		{term.Term{Start: "2012-08-01", Months: 12, Renewal: term.Tacit, Every: 12, Notice: months(3)}, term.Known{On: "2013-01-15"},
			"Ends 31 July 2013 if notice is given by 30 April 2013: 105 days left. Otherwise it renews to 31 July 2014."},
		{term.Term{Start: "2012-08-01", Months: 12, Renewal: term.Tacit, Every: 12, Notice: months(3)}, term.Known{On: "2013-05-01"},
			"Renews on 1 August 2013 until 31 July 2014: notice was due by 30 April 2013. Ends 31 July 2014 if notice is given by 30 April 2014: 364 days left. Otherwise it renews to 31 July 2015."},
		{term.Term{Start: "2010-07-01", Renewal: term.Open, Notice: months(3)}, term.Known{On: "2013-01-15"},
			"Has no end day. Notice of 3 months given on 15 January 2013 ends it on 15 April 2013."},
		{term.Term{Start: "2010-07-01", Renewal: term.Open}, term.Known{On: "2013-01-15"}, "Has no end day. The notice that ends it is not stated."},
		{term.Term{Start: "2012-07-01", Months: 24, Renewal: term.Open, Notice: months(3)}, term.Known{On: "2013-01-15"},
			"Ends 30 June 2014 if notice is given by 30 March 2014: 439 days left. Otherwise it goes on without an end."},
		{term.Term{Start: "2012-07-01", Months: 24, Renewal: term.Open, Notice: months(3)}, term.Known{On: "2014-05-01"},
			"Has no end day, and runs at least to 30 June 2014. Notice of 3 months given on 1 May 2014 ends it on 1 August 2014."},
		{term.Term{Start: "2010-07-01", Renewal: term.Open, Endings: []term.Ending{{Given: "2012-10-01", Last: "2013-01-31"}}}, term.Known{On: "2013-01-15"},
			"Ends 31 January 2013: notice was given on 1 October 2012."},
		{term.Term{Start: "2010-07-01", Months: 60, Endings: []term.Ending{{Given: "2012-10-01", Last: "2013-01-31", Terminate: true}}}, term.Known{On: "2013-02-15"},
			"Ended 31 January 2013: it was terminated on 1 October 2012."},
		{term.Term{Start: "2012-04-01", Months: 48, Breaks: []term.Break{{Day: "2014-03-31", Notice: months(6)}}, Review: "2014-01-31"}, term.Known{On: "2013-09-01"},
			"Ends 31 March 2016. May be ended early on 31 March 2014 if notice is given by 30 September 2013: 29 days left. Its review is due on 31 January 2014."},
		{term.Term{Start: "2012-04-01", Months: 48, Breaks: []term.Break{{Day: "2013-04-01", AnyDay: true, Notice: months(3)}}}, term.Known{On: "2013-09-01"},
			"Ends 31 March 2016. May be ended early on any day from 1 December 2013 with notice of 3 months."},
		{term.Term{Start: "2012-07-01", Months: 12, Renewal: term.Tacit, Every: 1, Notice: months(3)}, term.Known{On: "2013-09-01"},
			"Ends 31 December 2013 if notice is given by 30 September 2013: 29 days left. Otherwise it renews to 31 January 2014. Its first term ended 30 June 2013."},
		{term.Term{Start: "2013-04-01", Months: 12}, term.Known{On: "2013-01-15"}, "Begins 1 April 2013. Ends 31 March 2014."},
		{term.Term{Start: "2012-04-01", Months: 24, Review: "2013-07-01"}, term.Known{On: "2013-07-01"}, "Ends 31 March 2014. Its review is due on 1 July 2013."},
		{term.Term{Start: "2012-04-01", Months: 24, Review: "2013-06-30"}, term.Known{On: "2013-07-01"}, "Ends 31 March 2014."},
		{term.Term{Start: "2012-04-01", Months: 12}, term.Known{On: "2013-07-01"}, "Ended 31 March 2013."},
		{term.Term{Start: "2012-04-01", Months: 12}, term.Known{On: "2013-07-01", LastPaid: "2013-06-14"}, "Ended 31 March 2013, but a payment was made on 14 June 2013, 75 days later."},
		{term.Term{Start: "2012-04-01"}, term.Known{On: "2013-07-01"}, "Cannot tell when it ends: neither its last day nor its length is known."},
	} {
		if got := term.At(&k.term, k.known).Words(); got != k.want {
			t.Errorf("%q\n want %q", got, k.want)
		}
	}
}

func TestTheStepsOfAContract(t *testing.T) {
	c := term.Term{Start: "2012-04-01", Months: 24, Options: []term.Option{{Months: 12, Notice: months(3)}}, Breaks: []term.Break{{Day: "2013-09-30", Notice: term.Notice{N: 30, Unit: term.Days}}, {Day: "2012-09-30"}}}
	steps := term.Steps(&c, "2013-01-15")
	if len(steps) != 2 {
		t.Fatalf("%d steps: %v", len(steps), steps)
	}
	for i, want := range []string{
		"2013-08-31 228 Give notice to end early on 30 September 2013. It goes on to 31 March 2014.",
		"2013-12-31 350 Give notice to extend to 31 March 2015. It ends on 31 March 2014.",
	} {
		s := steps[i]
		if got := string(s.By) + " " + strconv.Itoa(s.Left) + " " + s.Do() + ". " + s.Otherwise(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	// 31 August 2013 is a Saturday, and the bank holiday of that month is the 26th.
	if d, err := steps[0].SendBy(civil.CalendarWith()); d != "2013-08-30" || err != nil {
		t.Errorf("sent by %s, %v", d, err)
	}
	if d, err := (term.Step{By: "2014-04-21"}).SendBy(civil.CalendarWith(civil.Holiday{Day: "2014-04-17"})); d != "2014-04-16" || err != nil {
		t.Errorf("before Easter and a holiday that was added: %s, %v", d, err)
	}
	if _, err := (term.Step{By: "2999-04-21"}).SendBy(civil.CalendarWith()); err == nil {
		t.Error("working days were counted in a year whose bank holidays are not known")
	}
	if s := term.Steps(&c, "2014-04-01"); s != nil {
		t.Errorf("steps of a contract that has ended: %v", s)
	}
}

func TestTheWaysAContractCanEnd(t *testing.T) {
	for _, k := range []struct {
		term term.Term
		want string
	}{
		{term.Term{Start: "2010-10-01", Months: 36, Options: []term.Option{{Months: 12, Notice: months(6)}}}, "Ends on 30 September 2013, or on 30 September 2014 if the option is taken by 30 March 2013."},
		{term.Term{Start: "2011-04-01", Months: 36}, "Ends on 31 March 2014."},
		{term.Term{Start: "2010-04-01", Months: 48, Options: []term.Option{{Months: 12, AnyDay: true, Notice: months(3)}}}, "Ends on 31 March 2014, or on any day from 1 April 2014 to 31 March 2015 if the option is taken by 31 December 2013."},
		{term.Term{Start: "2008-07-01", Months: 12, Renewal: term.Tacit, Every: 12, Notice: months(3)}, "Ends on 30 June 2013 if notice is given by 30 March 2013, on 30 June 2014 if notice is given by 30 March 2014, on 30 June 2015 if notice is given by 30 March 2015, and so on."},
		{term.Term{Start: "2010-07-01", Renewal: term.Open, Notice: months(3)}, "Ends on any day from 15 April 2013 with notice of 3 months."},
		{term.Term{Start: "2010-07-01", Months: 24}, "Ended 30 June 2012."},
		{term.Term{Start: "2012-04-01", Months: 24, Breaks: []term.Break{{Day: "2013-03-31", Notice: months(1)}}}, "Ends on 31 March 2013 if notice of a break is given by 28 February 2013, or on 31 March 2014."},
	} {
		if got := k.term.Ways("2013-01-15", "2016-12-31"); got != k.want {
			t.Errorf("%q\n want %q", got, k.want)
		}
	}
}

func TestATermThatCannotBe(t *testing.T) {
	for name, k := range map[string]struct {
		term  term.Term
		field string
	}{
		"ends before it begins":         {term.Term{Start: "2013-04-01", Last: "2013-03-31"}, "last"},
		"no date":                       {term.Term{Start: "2013-02-30", Months: 12}, "start"},
		"months from nowhere":           {term.Term{Months: 12}, "start"},
		"too many months":               {term.Term{Start: "2013-04-01", Months: 1201}, "months"},
		"a renewal of no length":        {term.Term{Start: "2013-04-01", Months: 12, Renewal: term.Tacit}, "every"},
		"a length without renewal":      {term.Term{Start: "2013-04-01", Months: 12, Every: 12}, "every"},
		"renews and is extended":        {term.Term{Start: "2013-04-01", Months: 12, Renewal: term.Tacit, Every: 12, Options: []term.Option{{Months: 12}}}, "options.0"},
		"an unknown renewal":            {term.Term{Start: "2013-04-01", Months: 12, Renewal: "rolling"}, "renewal"},
		"an option of no length":        {term.Term{Start: "2013-04-01", Months: 12, Options: []term.Option{{}}}, "options.0"},
		"an option that ends earlier":   {term.Term{Start: "2013-04-01", Last: "2014-03-31", Options: []term.Option{{Last: "2014-03-30"}}}, "options.0"},
		"the second option first":       {term.Term{Start: "2013-04-01", Months: 12, Options: []term.Option{{Months: 12}, {Months: 12, Taken: "2014-01-01"}}}, "options.1"},
		"a day that was not to choose":  {term.Term{Start: "2013-04-01", Months: 12, Options: []term.Option{{Months: 12, Taken: "2014-01-01", To: "2014-06-30"}}}, "options.0"},
		"notice in years":               {term.Term{Start: "2013-04-01", Months: 12, Notice: term.Notice{N: 1, Unit: "years"}}, "notice"},
		"a break without a day":         {term.Term{Start: "2013-04-01", Months: 12, Breaks: []term.Break{{}}}, "breaks.0"},
		"a break before the first day":  {term.Term{Start: "2013-04-01", Months: 12, Breaks: []term.Break{{Day: "2013-03-31"}}}, "breaks.0"},
		"withdrawn before it was given": {term.Term{Start: "2013-04-01", Months: 12, Endings: []term.Ending{{Given: "2013-06-01", Last: "2013-09-30", Withdrawn: "2013-05-31"}}}, "endings.0"},
		"agreed to end before it began": {term.Term{Start: "2013-04-01", Months: 12, Agreed: []term.Agreed{{On: "2013-06-01", Last: "2013-03-31"}}}, "agreed.0"},
	} {
		var f fault.Faults
		if k.term.Check(&f); len(f) == 0 || f[0].Field != k.field {
			t.Errorf("%s: %v, want a fault of %s", name, f, k.field)
		}
	}
	for _, k := range renewals {
		var f fault.Faults
		if k.term.Check(&f); len(f) > 0 {
			t.Errorf("%s: %v", k.name, f)
		}
	}
}

func TestLengthsAsTheyAreTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"3 months": "3 months", "1 month": "1 month", "90 days": "90 days", "Three months’ notice": "3 months", "3 months' notice.": "3 months", "six weeks": "42 days", "1 year": "12 months",
		"3 calendar months": "3 months", "": "", "none": "", "0": "", " 30 DAYS written notice": "30 days", "0 days": "", "1,000 days": "1,000 days", "1000 days": "1,000 days",
	} {
		if n, err := term.ParseNotice(typed); err != nil || n.String() != want {
			t.Errorf("%q: %s, %v", typed, n, err)
		}
	}
	for _, typed := range []string{"3", "months", "three", "3 m", "12 moons", "-3 months", "99999 days", "121 months", "3.5 months", "by agreement", "3 months or 90 days"} {
		if n, err := term.ParseNotice(typed); err == nil || fault.KindOf(err) != fault.Invalid || n.Stated() {
			t.Errorf("%q was read as %s, %v", typed, n, err)
		}
	}
	for typed, want := range map[string]string{"12+12": "12 12", "12 + 12 months": "12 12", "2 x 12 months": "12 12", "1 year + 6 months": "12 6", "Option of 12 months": "12", "three x one year": "12 12 12", "": "", "None": "", "12, 6": "12 6", "Option 12 + 12 months": "12 12"} {
		got, err := term.ParseOptions(typed)
		var parts []string
		for _, n := range got {
			parts = append(parts, strconv.Itoa(n))
		}
		if err != nil || strings.Join(parts, " ") != want {
			t.Errorf("%q: %v, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"12+", "+12", "12++12", "0", "yes", "99 x 12", "12 weeks", "1201", "12+by agreement", "-12"} {
		if got, err := term.ParseOptions(typed); err == nil || got != nil {
			t.Errorf("%q was read as %v", typed, got)
		}
	}
}

func TestWhatIsDoubtfulInATerm(t *testing.T) {
	for _, k := range []struct {
		term term.Term
		want string
	}{
		{term.Term{Start: "2012-04-01", Months: 24, Last: "2014-04-03"}, ""},
		{term.Term{Start: "2012-04-01", Months: 24, Last: "2014-04-04"}, "last: The last day, 4 April 2014, is 4 days after the end of 24 months, 31 March 2014. The stated day is used."},
		{term.Term{Start: "2012-04-01", Months: 24, Last: "2013-03-31"}, "last: The last day, 31 March 2013, is 365 days before the end of 24 months, 31 March 2014. The stated day is used."},
		{term.Term{Start: "2012-04-01", Months: 24, Options: []term.Option{{Months: 12, Notice: months(6), Taken: "2013-09-30"}}}, ""},
		{term.Term{Start: "2012-04-01", Months: 24, Options: []term.Option{{Months: 12, Notice: months(6), Taken: "2013-10-01"}}}, "options.0: The option was taken on 1 October 2013, after its notice day, 30 September 2013: the supplier must have agreed."},
		{term.Term{Start: "2012-04-01", Months: 12, Options: []term.Option{{Months: 12, Taken: "2013-03-01"}, {Months: 12, Notice: months(3), Taken: "2014-01-01"}}}, "options.1: The option was taken on 1 January 2014, after its notice day, 31 December 2013: the supplier must have agreed."},
		{term.Term{Start: "2012-04-01", Months: 12, Endings: []term.Ending{{Given: "2012-05-01", Last: "2013-04-30"}}}, "endings.0: The notice of 1 May 2012 ends the contract on 30 April 2013, after its last day, 31 March 2013."},
		{term.Term{Start: "2012-04-01", Months: 12, Renewal: term.Tacit, Every: 12, Notice: months(3), Endings: []term.Ending{{Given: "2013-01-01", Last: "2013-03-31"}}}, "endings.0: The notice of 1 January 2013 was given after its notice day, 31 December 2012: the supplier must have agreed."},
		{term.Term{Start: "2012-04-01", Months: 12, Renewal: term.Tacit, Every: 12, Notice: months(3), Endings: []term.Ending{{Given: "2012-12-31", Last: "2013-03-31"}}}, ""},
	} {
		var got []string
		for _, d := range k.term.Doubts() {
			got = append(got, d.Field+": "+d.Msg)
		}
		if strings.Join(got, " ") != k.want {
			t.Errorf("%q\n want %q", got, k.want)
		}
	}
}
