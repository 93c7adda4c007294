package holidays_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// keeping is an administrator with what runs beside them.
type keeping struct {
	*db.Tx
	t              testing.TB
	clock          *storetest.Clock
	admin, officer office.Viewer
	second         office.Viewer // another administrator
	chair          office.Viewer
}

func keep(t testing.TB) *keeping {
	t.Helper()
	s, clock := storetest.OpenClock(t)
	return &keeping{s, t, clock, storetest.Holder(t, s, office.Administrator, office.TheCompany),
		storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany),
		storetest.Holder(t, s, office.Administrator, office.TheCompany), storetest.Holder(t, s, office.Chair, office.TheAssociation)}
}

// add has one administrator propose a bank holiday, and the second confirm it.
func (k *keeping) add(by office.Viewer, f holidays.Form) (holidays.Outlook, error) {
	p, err := holidays.Propose(k.t.Context(), k.Tx, by, f)
	if err != nil {
		return holidays.Outlook{}, err
	}
	return holidays.Decide(k.t.Context(), k.Tx, k.second, p.ID, true, "")
}

func (k *keeping) remove(by office.Viewer, day civil.Day, reason string) (holidays.Outlook, error) {
	p, err := holidays.ProposeRemoval(k.t.Context(), k.Tx, by, day, reason)
	if err != nil {
		return holidays.Outlook{}, err
	}
	return holidays.Decide(k.t.Context(), k.Tx, k.second, p.ID, true, "")
}

// TestABankHolidayTakesEffectWhenASecondConfirms has one administrator propose
// and others decide.
func TestABankHolidayTakesEffectWhenASecondConfirms(t *testing.T) {
	t.Parallel()
	k := keep(t)
	plain := k.asks("")
	p, err := holidays.Propose(t.Context(), k.Tx, k.admin, form("2013-02-06"))
	k.must(err)
	k.due(plain, "2013-02-11", "2013-03-11")
	if _, err := holidays.Propose(t.Context(), k.Tx, k.second, form("2013-02-06")); fault.KindOf(err) != fault.Invalid {
		t.Errorf("proposed twice: %v", err)
	}
	for name, by := range map[string]office.Viewer{"whoever proposed it": k.admin, "an officer": k.officer, "a stranger": {}} {
		for _, confirm := range []bool{true, false} {
			if _, err := holidays.Decide(t.Context(), k.Tx, by, p.ID, confirm, "A reason."); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s decides: %v", name, err)
			}
		}
	}
	if _, err := holidays.Decide(t.Context(), k.Tx, k.second, p.ID, false, " "); fault.KindOf(err) != fault.Invalid {
		t.Errorf("refused without a reason: %v", err)
	}
	_, err = holidays.Decide(t.Context(), k.Tx, k.second, p.ID, false, "It was never proclaimed (sample).")
	k.must(err)
	k.due(plain, "2013-02-11", "2013-03-11")
	if _, err := holidays.Decide(t.Context(), k.Tx, k.second, p.ID, true, ""); fault.KindOf(err) != fault.Conflict {
		t.Errorf("confirmed after it was refused: %v", err)
	}
	k.adds("2013-02-06")
	k.due(plain, "2013-02-12", "2013-03-12")
	p, err = holidays.ProposeRemoval(t.Context(), k.Tx, k.second, "2013-02-06", "It was withdrawn (sample).")
	k.must(err)
	k.due(plain, "2013-02-12", "2013-03-12")
	if _, err := holidays.Decide(t.Context(), k.Tx, k.second, p.ID, true, ""); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("one administrator alone removed it: %v", err)
	}
	tasks, err := holidays.Tasks(t.Context(), k.Tx, k.admin)
	if k.must(err); len(tasks) != 1 || tasks[0].Title != "Remove the bank holiday of 6 February 2013" {
		t.Errorf("tasks of the other: %v", tasks)
	}
	k.clock.Day("2013-02-06")
	if _, err := holidays.Decide(t.Context(), k.Tx, k.admin, p.ID, true, ""); fault.KindOf(err) != fault.Invalid {
		t.Errorf("confirmed on its day: %v", err)
	}
	k.verified()
}

func (k *keeping) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *keeping) asks(named civil.Day) string {
	k.t.Helper()
	ref, err := scrutiny.AskQuestion(k.t.Context(), k.Tx, k.chair, scrutiny.QuestionForm{Title: "Why did hosting rise?", Text: "What changed?", To: office.TheCompany, Named: named})
	k.must(err)
	return ref
}

func (k *keeping) adds(d civil.Day) holidays.Outlook {
	k.t.Helper()
	o, err := k.add(k.admin, form(d))
	k.must(err)
	return o
}

func form(d civil.Day) holidays.Form {
	return holidays.Form{Day: d, Name: "Bank holiday for a wedding (sample)", Source: "Proclamation of 10 January 2013 (sample)"}
}

func (k *keeping) clockOf(ref string) scrutiny.AnswerClock {
	k.t.Helper()
	q, err := scrutiny.ReadQuestionPage(k.t.Context(), k.Tx, k.chair, ref)
	k.must(err)
	if q.Charge.Open && q.Stage == scrutiny.QuestionOwed && q.Charge.Due != q.Clock().Due {
		k.t.Errorf("the charge of %s is due %s and its clock %s", ref, q.Charge.Due, q.Clock().Due)
	}
	return q.Clock()
}

func (k *keeping) due(ref string, due, long civil.Day) {
	k.t.Helper()
	if c := k.clockOf(ref); c.Due != due || c.Long != long {
		k.t.Errorf("question %s is due %s, long overdue after %s; want %s, %s", ref, c.Due, c.Long, due, long)
	}
}

func (k *keeping) verified() {
	k.t.Helper()
	v, err := store.Verify(k.t.Context(), k.Tx)
	k.must(err)
	if !v.OK() {
		k.t.Error(v.Fault)
	}
}

// moved are the moves in short, in order.
func moved(o holidays.Outlook) (all []string) {
	for _, m := range o.Moves {
		all = append(all, fmt.Sprintf("%s: %s %s → %s", m.Ref, m.What, string(m.From), string(m.To)))
	}
	return all
}

func same(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("moves\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestABankHolidayThatIsAddedMovesTheClocksThatRun(t *testing.T) {
	t.Parallel()
	k := keep(t)
	plain, named, early := k.asks(""), k.asks("2013-02-06"), k.asks("2013-01-28")
	answered := k.asks("")
	k.must(scrutiny.ActOnQuestion(t.Context(), k.Tx, k.officer, answered, scrutiny.ActAnswer, scrutiny.SaidForm{Text: "More was stored.", Judgement: scrutiny.FullyAnswered}))
	refused := k.asks("")
	k.must(scrutiny.ActOnQuestion(t.Context(), k.Tx, k.officer, refused, scrutiny.ActRefuse, scrutiny.SaidForm{Text: "It costs too much.", Ground: scrutiny.RefusalGrounds[1]}))
	k.due(plain, "2013-02-11", "2013-03-11")

	want := []string{
		"question/" + plain + ": the answer is due 2013-02-11 → 2013-02-12", "question/" + plain + ": it is long overdue after 2013-03-11 → 2013-03-12",
		"question/" + named + ": the answer is due 2013-02-06 → 2013-02-07", "question/" + named + ": it is long overdue after 2013-03-11 → 2013-03-12",
		"question/" + early + ": it is long overdue after 2013-03-11 → 2013-03-12",
	}
	before := storetest.HeadOf(t, k.Tx).Size
	o, err := holidays.Foresee(t.Context(), k.Tx, k.admin, form("2013-02-06"))
	k.must(err)
	same(t, moved(o), want...)
	if storetest.HeadOf(t, k.Tx).Size != before {
		t.Error("looking at what would move recorded something")
	}
	k.due(plain, "2013-02-11", "2013-03-11")
	same(t, moved(k.adds("2013-02-06")), want...)
	k.due(plain, "2013-02-12", "2013-03-12")
	k.due(named, "2013-02-07", "2013-03-12")
	k.due(early, "2013-01-28", "2013-03-12")
	k.due(answered, "2013-02-11", "2013-03-11")
	k.due(refused, "2013-02-11", "2013-03-11")
	k.verified()

	// What was known before stays as it was known.
	then, err := record.ThingThen[scrutiny.Question](t.Context(), k.Tx, "question/"+plain, record.Moment{Event: before})
	k.must(err)
	if then.Clock().Due != "2013-02-11" {
		t.Errorf("as known at event %d the answer was due %s", before, then.Clock().Due)
	}
	k.due(k.asks(""), "2013-02-12", "2013-03-12")
	other := storetest.Holder(t, k.Tx, office.CompanySecretary, office.TheCompany)
	k.must(scrutiny.ActOnQuestion(t.Context(), k.Tx, other, refused, scrutiny.ActReviewRefusal, scrutiny.SaidForm{Text: "It does not.", Outcome: scrutiny.AnswerOrdered}))
	k.due(refused, "2013-02-12", "2013-03-12")

	o, err = k.remove(k.admin, "2013-02-06", "It was never proclaimed (sample).")
	k.must(err)
	if len(o.Moves) != 9 { // the five, and two each of the question asked since and of the one that is owed again
		t.Errorf("%q", moved(o))
	}
	for _, ref := range []string{plain, refused} {
		k.due(ref, "2013-02-11", "2013-03-11")
	}
	k.due(named, "2013-02-06", "2013-03-11")
	k.verified()
	k.adds("2013-02-06")
	k.due(plain, "2013-02-12", "2013-03-12")
	k.clock.Day("2013-02-12")
	k.must(scrutiny.ActOnQuestion(t.Context(), k.Tx, k.officer, plain, scrutiny.ActAnswer, scrutiny.SaidForm{Text: "More was stored.", Judgement: scrutiny.FullyAnswered}))
	if c := k.clockOf(plain); c.Took != 20 {
		t.Errorf("the answer took %d working days", c.Took)
	}
	k.verified()
}

func TestABankHolidayThatIsAddedMovesTheTimesOfDecisions(t *testing.T) {
	t.Parallel()
	k := keep(t)
	ref := storetest.Published(t, k.Tx, "override", authority.Effect{Kind: authority.OverridesIt, Subject: "condition/schedule"})
	may := func() (closes, from string) {
		t.Helper()
		p, err := decisions.ReadPage(t.Context(), k.Tx, k.admin, ref)
		k.must(err)
		listed, err := decisions.List(t.Context(), k.Tx, k.admin, decisions.Filter{State: "held"}, 10)
		k.must(err)
		for _, d := range listed.All {
			if !d.May.Closes.Equal(p.May.Closes) {
				t.Errorf("the list says %s and the page %s", d.May.Closes, p.May.Closes)
			}
		}
		return p.May.Closes.Format("2006-01-02 15:04"), p.May.From.Format("2006-01-02 15:04")
	}
	closed, free := may()
	if closed != "2013-01-21 17:00" || free != closed {
		t.Fatalf("the call-in closes %s, free %s", closed, free)
	}
	o := k.adds("2013-01-18")
	same(t, moved(o), "decision/"+ref+": the call-in closes 2013-01-21 → 2013-01-22", "decision/"+ref+": it may be implemented from 2013-01-21 → 2013-01-22")
	if closed, free = may(); closed != "2013-01-22 17:00" || free != closed {
		t.Errorf("the call-in closes %s, free %s", closed, free)
	}
	k.verified()
	next, err := decisions.NextInstant(t.Context(), k.Tx)
	k.must(err)
	if got := next.Format("2006-01-02 15:04"); got != closed {
		t.Errorf("pages change next at %s", got)
	}
	k.clock.Set(next.AddDate(0, 0, -1).Add(1)) // when it would have closed
	if _, err := decisions.Implement(t.Context(), k.Tx, k.officer, ref, "Signed."); fault.KindOf(err) == 0 {
		t.Error("it was implemented within the call-in")
	}
	k.clock.Day("2013-01-17")
	_, err = k.remove(k.admin, "2013-01-18", "It was never proclaimed (sample).")
	k.must(err)
	if closed, _ = may(); closed != "2013-01-21 17:00" {
		t.Errorf("the call-in closes %s", closed)
	}
	for range 3 {
		_, err := decisions.SignCallIn(t.Context(), k.Tx, storetest.Holder(t, k.Tx, office.Scrutineer, office.TheAssociation), ref, "It was not treated as a key decision", "It is one.")
		k.must(err)
	}
	same(t, moved(k.adds("2013-02-06")), "decision/"+ref+": the call-in is to be heard by 2013-02-14 → 2013-02-15")
	k.clock.Day("2013-01-24")
	_, err = decisions.HearCallIn(t.Context(), k.Tx, k.chair, ref, authority.ReferBack, "Say more.")
	k.must(err)
	same(t, moved(k.adds("2013-02-07")), "decision/"+ref+": it is to be reconsidered by 2013-02-22 → 2013-02-25")
	k.verified()
}

func TestWhichDaysCanBeAddedAndRemoved(t *testing.T) {
	t.Parallel()
	k := keep(t)
	k.adds("2013-02-06")
	for name, c := range map[string]struct {
		by   office.Viewer
		form holidays.Form
		kind fault.Kind
		want string
	}{
		"by another":        {k.officer, form("2013-02-07"), fault.Forbidden, "Only an administrator"},
		"by a stranger":     {office.Viewer{}, form("2013-02-07"), fault.Forbidden, "Only an administrator"},
		"a past day":        {k.admin, form("2013-01-11"), fault.Invalid, "11 January 2013 has passed. Choose a day after 14 January 2013."},
		"today":             {k.admin, form("2013-01-14"), fault.Invalid, "14 January 2013 is today. Choose a day after 14 January 2013."},
		"a shipped day":     {k.admin, form("2013-03-29"), fault.Invalid, "29 March 2013 is already a bank holiday: Good Friday."},
		"the same again":    {k.admin, form("2013-02-06"), fault.Invalid, "6 February 2013 is already a bank holiday: Bank holiday for a wedding (sample)."},
		"a Saturday":        {k.admin, form("2013-02-09"), fault.Invalid, "Saturday 9 February 2013 is not a working day"},
		"a Sunday":          {k.admin, form("2013-02-10"), fault.Invalid, "Sunday 10 February 2013 is not a working day"},
		"beyond the years":  {k.admin, form("2036-01-02"), fault.Invalid, "Choose a day before the end of 31 December 2035"},
		"no day":            {k.admin, form(""), fault.Invalid, "Enter the date of the bank holiday."},
		"a day in nonsense": {k.admin, form("soon"), fault.Invalid, "is not a date"},
		"no name":           {k.admin, holidays.Form{Day: "2013-02-07", Name: " ", Source: "A proclamation"}, fault.Invalid, "the name of the bank holiday"},
		"no source":         {k.admin, holidays.Form{Day: "2013-02-07", Name: "A day"}, fault.Invalid, "the proclamation or notice"},
	} {
		size := storetest.HeadOf(t, k.Tx).Size
		_, err := k.add(c.by, c.form)
		if said := words(err); fault.KindOf(err) != c.kind || !strings.Contains(said, c.want) {
			t.Errorf("%s: %q, want %q", name, said, c.want)
		}
		if storetest.HeadOf(t, k.Tx).Size != size {
			t.Errorf("%s: recorded", name)
		}
	}
	for name, c := range map[string]struct {
		by     office.Viewer
		day    civil.Day
		reason string
		kind   fault.Kind
	}{
		"by another":       {k.officer, "2013-02-06", "Wrong.", fault.Forbidden},
		"a shipped day":    {k.admin, "2013-03-29", "Wrong.", fault.NotFound},
		"no such day":      {k.admin, "2013-02-07", "Wrong.", fault.NotFound},
		"without a reason": {k.admin, "2013-02-06", " ", fault.Invalid},
	} {
		if _, err := k.remove(c.by, c.day, c.reason); fault.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	k.clock.Day("2013-02-06")
	if _, err := k.remove(k.admin, "2013-02-06", "Wrong."); fault.KindOf(err) != fault.Invalid || !strings.Contains(words(err), "6 February 2013 is today.") {
		t.Errorf("on its day: %s", words(err))
	}
	p, err := holidays.Read(t.Context(), k.Tx)
	k.must(err)
	if len(p.Days) != len(civil.Shipped())+1 || !slices.IsSortedFunc(p.Days, func(a, b holidays.Listed) int { return strings.Compare(string(a.Day), string(b.Day)) }) {
		t.Errorf("%d days", len(p.Days))
	}
	k.verified()
}

// words are an error with all its faults.
func words(err error) (said string) {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return fmt.Sprint(err)
	}
	for _, f := range e.Faults {
		said += f.Msg + " "
	}
	return cmp.Or(said, e.Msg)
}
