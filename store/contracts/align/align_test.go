package align_test

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/contracts/align"
	"github.com/police-ict/handover/store/contracts/term"
	"github.com/police-ict/handover/store/money"
)

const on civil.Day = "2013-01-15"

func months(n int) term.Notice {
	if n == 0 {
		return term.Notice{}
	}
	return term.Notice{N: n, Unit: term.Months}
}

func pounds(n int64) *money.Pence {
	p := money.Pence(n * 100)
	return &p
}

// options are a term with options that need the same notice.
func options(start civil.Day, initial, notice int, anyDay bool, months ...int) *term.Term {
	t := &term.Term{Start: start, Months: initial}
	for _, n := range months {
		t.Options = append(t.Options, term.Option{Months: n, AnyDay: anyDay, Notice: term.Notice{N: notice, Unit: term.Months}})
	}
	return t
}

func yearByYear(start civil.Day, notice int) *term.Term {
	return &term.Term{Start: start, Months: 12, Renewal: term.Tacit, Every: 12, Notice: months(notice)}
}

// planted is a register of which the answers are known. Every contract and body in
// it is invented.
func planted() []align.Contract {
	taken := options("2009-04-01", 36, 6, false, 12, 12)
	taken.Options[0].Taken = "2011-09-30"
	return []align.Contract{
		{"SAMPLE-01", "marshfold", options("2010-04-01", 36, 6, false, 12, 12), pounds(120_000)},
		{"SAMPLE-02", "thornwick", options("2010-10-01", 36, 6, false, 12), pounds(90_000)},
		{"SAMPLE-03", "oxbarrow", options("2011-04-01", 36, 0, false), pounds(80_000)},
		{"SAMPLE-04", "pellgate", options("2010-04-01", 48, 3, true, 12), pounds(150_000)},
		{"SAMPLE-05", "quernby", yearByYear("2008-07-01", 3), pounds(30_000)},
		{"SAMPLE-06", "rushey", options("2012-04-01", 24, 0, false), pounds(25_000)},
		{"SAMPLE-07", "saltmere", taken, pounds(60_000)},
		{"SAMPLE-08", "tillbrook", options("2012-11-01", 12, 1, true, 6), pounds(40_000)},
		{"SAMPLE-09", "ullthorpe", options("2011-10-01", 60, 0, false), pounds(200_000)},
		{"SAMPLE-10", "venncross", yearByYear("2013-04-01", 1), pounds(10_000)},
		{"SAMPLE-11", "marshfold", options("2012-04-01", 24, 0, false), pounds(15_000)},
		{"SAMPLE-12", "wexholme", options("2012-02-29", 24, 0, true, 1), pounds(35_000)},
	}
}

func ask() align.Ask {
	return align.Ask{On: on, Lead: align.UsualLead, Until: "2016-12-31", Near: align.UsualNear}
}

func TestTheBestDayToBuyTogether(t *testing.T) {
	register := planted()
	r := align.Prepare(register, ask())
	days, count := r.Frontier(3)
	if len(days) != 3 || count < 3 {
		t.Fatalf("%d of %d days", len(days), count)
	}
	for i, want := range []struct {
		day       civil.Day
		yearly    money.Pence
		bodies    int
		contracts string
	}{
		{"2014-03-31", 320_000_00, 6, "03 04 06 08 10 11"}, {"2014-09-30", 240_000_00, 2, "02 04"}, {"2016-09-30", 200_000_00, 1, "09"},
	} {
		var numbers []string
		for _, c := range days[i].Contracts {
			numbers = append(numbers, strings.TrimPrefix(register[c].Number, "SAMPLE-"))
		}
		if d := days[i]; d.Day != want.day || d.Yearly != want.yearly || len(d.Bodies) != want.bodies || strings.Join(numbers, " ") != want.contracts || d.Priced != len(d.Contracts) {
			t.Errorf("%s: %s of %v by %v, want %+v", d.Day, d.Yearly, numbers, d.Bodies, want)
		}
		if again := r.On(want.day); !slices.Equal(again.Contracts, days[i].Contracts) || again.Yearly != want.yearly {
			t.Errorf("%s by itself: %+v", want.day, again)
		}
	}
	if all, movable, priced := r.Contracts(); all != 12 || movable != 10 || priced != 12 {
		t.Errorf("%d contracts, %d movable, %d priced", all, movable, priced)
	}
}

func TestWhoMissesADayAndWhatEachCouldDo(t *testing.T) {
	register := planted()
	r := align.Prepare(register, ask())
	misses := r.Misses("2014-03-31")
	var got []string
	for _, m := range misses {
		got = append(got, register[m.Contract].Body+" "+strconv.Itoa(m.Gap))
	}
	if want := []string{"wexholme -3", "quernby 91"}; !slices.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i, want := range []string{
		"Can end on 28 March 2014, 3 days too early. It could agree with its supplier to run 3 days longer, or do without for those days.",
		"Can end on 30 June 2014, 91 days too late. It could join the others on 1 July 2014, or agree with its supplier to end 91 days earlier.",
	} {
		if got := misses[i].Words(); got != want {
			t.Errorf("%q\n want %q", got, want)
		}
	}
	if r.Misses("2013-07-14") != nil || r.Misses("2017-01-01") != nil {
		t.Error("a day that is not looked at is missed")
	}
	acts := map[string]string{}
	for _, a := range r.Acts("2014-03-31") {
		acts[register[a.Contract].Body+" "+register[a.Contract].Number] = a.Words()
	}
	for of, want := range map[string]string{
		"oxbarrow SAMPLE-03": "Ends by itself.", "pellgate SAMPLE-04": "Ends by itself.", "tillbrook SAMPLE-08": "Take the option by 30 September 2013.", "venncross SAMPLE-10": "Give notice by 28 February 2014.",
	} {
		if acts[of] != want {
			t.Errorf("%s: %q, want %q", of, acts[of], want)
		}
	}
	if len(acts) != 6 || r.Acts("2014-03-31")[0].By != "2013-09-30" {
		t.Errorf("%v", acts)
	}
	if got, want := r.Ways(1), "Ends on 30 September 2013, or on 30 September 2014 if the option is taken by 30 March 2013."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAContractEndsByTheActThatLeavesMostTime(t *testing.T) {
	notice := term.Notice{N: 1, Unit: term.Months}
	both := options("2011-04-01", 36, 6, true, 12)
	both.Breaks = []term.Break{{Day: "2011-04-01", AnyDay: true, Notice: notice}}
	r := align.Prepare([]align.Contract{
		{"SAMPLE-13", "ashlode", both, nil},
		{"SAMPLE-14", "birchover", &term.Term{Start: "2010-04-01", Renewal: term.Open, Notice: notice, Breaks: []term.Break{{Day: "2014-09-30", Notice: term.Notice{N: 14, Unit: term.Days}}}}, nil},
		{"SAMPLE-15", "coldharbour", &term.Term{Start: "2010-04-01", Renewal: term.Open, Notice: notice, Endings: []term.Ending{{Given: "2013-01-10", Last: "2014-09-30"}}}, nil},
		{"SAMPLE-16", "dunmoor", options("2011-04-01", 36, 6, false, 3, 3), nil},
	}, ask())
	for day, want := range map[civil.Day][]string{
		"2014-03-31": {"Give notice by 28 February 2014.", "Ends by itself.", "Ends by itself."},
		"2014-09-30": {"Take 2 options, the first by 30 September 2013.", "Take the option by 30 September 2013.", "Use the break, by notice on 16 September 2014 at the latest.", "Ends by an act that was done already."},
		"2014-02-28": {"Use the break, by notice on 28 January 2014 at the latest.", "Give notice by 28 January 2014."},
	} {
		var got []string
		for _, a := range r.Acts(day) {
			got = append(got, a.Words())
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q\n want %q", day, got, want)
		}
	}
}

func TestACostThatIsNotKnownIsCountedAsNone(t *testing.T) {
	all := planted()
	all[2].Yearly = nil
	days, _ := align.Prepare(all, ask()).Frontier(1)
	if d := days[0]; d.Day != "2014-03-31" || d.Yearly != 240_000_00 || len(d.Contracts) != 6 || d.Priced != 5 {
		t.Errorf("%+v", d)
	}
	if days, count := align.Prepare(nil, ask()).Frontier(0); days != nil || count != 0 {
		t.Errorf("of no contracts: %+v", days)
	}
	if days, count := align.Prepare(all, align.Ask{On: on, Lead: 600}).Frontier(0); days != nil || count != 0 {
		t.Errorf("of no days: %+v", days)
	}
}

// TestThePublishedAlignment holds the same register to the file that lies beside
// the repository and is no part of it.
func TestThePublishedAlignment(t *testing.T) {
	text, err := os.ReadFile("../../../../shared/data/contracts/register-shapes/alignment-planted.csv")
	if err != nil {
		t.Skip("skipped: the planted register is not beside the repository, in ../shared/data/contracts/register-shapes")
	}
	in := csv.NewReader(strings.NewReader(string(text)))
	in.Comment = '#'
	rows, err := in.ReadAll()
	if err != nil || len(rows) != 13 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	var all []align.Contract
	for _, row := range rows[1:] {
		cell := map[string]string{}
		for i, name := range rows[0] {
			cell[name] = row[i]
		}
		number := func(name string) int { n, _ := strconv.Atoi(cell[name]); return n } // a blank is 0
		c := &term.Term{Start: civil.Day(cell["start"]), Months: number("initial_months")}
		lengths, err := term.ParseOptions(cell["option_months"])
		if err != nil {
			t.Fatal(err)
		}
		switch cell["renewal"] {
		case "tacit":
			c.Renewal, c.Every, c.Notice = term.Tacit, lengths[0], months(number("notice_months"))
		case "options":
			for i, n := range lengths {
				o := term.Option{Months: n, AnyDay: cell["any_day"] == "yes", Notice: months(number("notice_months"))}
				if i < number("options_taken") {
					o.Taken = c.Start
				}
				c.Options = append(c.Options, o)
			}
		}
		all = append(all, align.Contract{Number: cell["contract"], Body: cell["body"], Term: c, Yearly: pounds(int64(number("annual_pounds")))})
	}
	r := align.Prepare(all, ask())
	days, _ := r.Frontier(1)
	if d := days[0]; d.Day != "2014-03-31" || d.Yearly != 320_000_00 || len(d.Bodies) != 6 {
		t.Errorf("%+v", d)
	}
	if m := r.Misses("2014-03-31"); len(m) == 0 || all[m[0].Contract].Body != "cheshire" || m[0].Gap != -3 {
		t.Errorf("%+v", m)
	}
}
