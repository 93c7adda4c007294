package scrutiny_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/storetest"
)

// hearing is everyone who asks and answers.
type hearing struct {
	*db.Tx
	t                                                       testing.TB
	clock                                                   *storetest.Clock
	chair, clerk, member, scrutineer                        office.Viewer
	kent, official, officer, secretary, auditor, assocation office.Viewer
}

func hear(t testing.TB) *hearing {
	t.Helper()
	s, clock := storetest.OpenClock(t)
	return hearIn(t, s, clock)
}

func hearIn(t testing.TB, s *db.Tx, clock *storetest.Clock) *hearing {
	t.Helper()
	h := &hearing{Tx: s, t: t, clock: clock}
	at := func(k office.Kind, body string) office.Viewer { return storetest.Holder(t, s, k, body) }
	h.chair, h.clerk, h.scrutineer = at(office.Chair, office.TheAssociation), at(office.Clerk, office.TheAssociation), at(office.Scrutineer, office.TheAssociation)
	h.member, h.kent = at(office.CommissionerOffice, "essex"), at(office.CommissionerOffice, "kent")
	h.official, h.officer, h.secretary = at(office.Official, office.HomeOffice), at(office.CompanyOfficer, office.TheCompany), at(office.CompanySecretary, office.TheCompany)
	h.auditor, h.assocation = at(office.Auditor, office.TheCompany), at(office.AssociationOfficer, office.TheAssociation)
	storetest.AddCommittee(t, s, "scrutiny", civil.DayOf(clock.Now()), "", h.chair, h.member, h.clerk)
	return h
}

func (h *hearing) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// asks puts a question to the company.
func (h *hearing) asks(by office.Viewer, committee string) string {
	h.t.Helper()
	ref, err := scrutiny.AskQuestion(h.t.Context(), h.Tx, by, scrutiny.QuestionForm{Title: "Why did hosting rise by 18 per cent?", Text: "What changed?\n\nWho approved it?", To: office.TheCompany, Committee: committee})
	h.must(err)
	return ref
}

func (h *hearing) see(ref string) scrutiny.QuestionPage {
	h.t.Helper()
	q, err := scrutiny.ReadQuestionPage(h.t.Context(), h.Tx, h.chair, ref)
	h.must(err)
	return q
}

// form is a whole form of an act.
func sayForm(act office.Act) scrutiny.SaidForm {
	f := scrutiny.SaidForm{Text: "The supplier stored more."}
	switch act {
	case scrutiny.ActHold:
		f.Expected = "2013-06-03"
	case scrutiny.ActAnswer, scrutiny.ActView:
		f.Judgement = scrutiny.FullyAnswered
	case scrutiny.ActRefuse:
		f.Ground = scrutiny.RefusalGrounds[0]
	case scrutiny.ActReviewRefusal:
		f.Outcome = scrutiny.RefusalUpheld
	case scrutiny.ActTakeUp:
		f.Committee = "scrutiny"
	}
	return f
}

func (h *hearing) says(by office.Viewer, ref string, act office.Act) {
	h.t.Helper()
	h.must(scrutiny.ActOnQuestion(h.t.Context(), h.Tx, by, ref, act, sayForm(act)))
}

func (h *hearing) refused(kind fault.Kind, by office.Viewer, ref string, act office.Act, f scrutiny.SaidForm) {
	h.t.Helper()
	if err := scrutiny.ActOnQuestion(h.t.Context(), h.Tx, by, ref, act, f); fault.KindOf(err) != kind {
		h.t.Errorf("%s by %s: %v, want kind %d", act, by.Office.Title, err, kind)
	}
}

func (h *hearing) verified() {
	h.t.Helper()
	v, err := store.Verify(h.t.Context(), h.Tx)
	h.must(err)
	if !v.OK() {
		h.t.Error(v.Fault)
	}
}

func (h *hearing) tasks(v office.Viewer) (all []office.Task) {
	h.t.Helper()
	found, err := store.Work(h.t.Context(), h.Tx, v)
	h.must(err)
	return slices.DeleteFunc(found, func(t office.Task) bool { return !strings.HasPrefix(t.Href, "/questions/") })
}

func (h *hearing) state(ref, want string, due civil.Day, open bool) scrutiny.QuestionPage {
	h.t.Helper()
	q := h.see(ref)
	if q.State() != want || q.Charge.Due != due || q.Charge.Open != open {
		h.t.Errorf("%s is %s, due %q, open %v; want %s, %q, %v", ref, q.State(), q.Charge.Due, q.Charge.Open, want, due, open)
	}
	return q
}

func TestAQuestionIsAskedAnsweredAndClosed(t *testing.T) {
	h := hear(t)
	today := civil.DayOf(h.clock.Now())
	due, _ := today.AddWorking(20)
	ref := h.asks(h.scrutineer, "")
	q := h.state(ref, "due", due, true)
	if ref != "2013-001" || q.Asked() != today || q.Charge.Committee != "" || q.Charge.Since != today {
		t.Errorf("%s %+v", ref, q.Charge)
	}
	if all := h.tasks(h.officer); len(all) != 1 || all[0].Due != due || !strings.Contains(all[0].Why, "your role answers") {
		t.Errorf("the company's officer has to do %+v", all)
	}
	h.refused(fault.Forbidden, h.official, ref, scrutiny.ActAnswer, sayForm(scrutiny.ActAnswer))
	h.refused(fault.Conflict, h.scrutineer, ref, scrutiny.ActCloseQuestion, sayForm(scrutiny.ActCloseQuestion))
	h.says(h.clerk, ref, scrutiny.ActTakeUp)
	h.refused(fault.Conflict, h.chair, ref, scrutiny.ActTakeUp, sayForm(scrutiny.ActTakeUp))
	h.says(h.officer, ref, scrutiny.ActHold)
	h.state(ref, "due", due, true)

	h.clock.Day(due.Next())
	h.state(ref, "delayed", due, true)
	if all := h.tasks(h.officer); !strings.Contains(all[0].Why, "It is overdue") {
		t.Errorf("%+v", all)
	}
	h.says(h.member, ref, scrutiny.ActFollowUp) // before an answer: the clock goes on
	q = h.state(ref, "delayed", due, true)
	if len(q.Clocks) != 1 || q.Thread[2].Committee != "scrutiny" {
		t.Errorf("%+v", q.Thread)
	}
	h.refused(fault.Conflict, h.officer, ref, scrutiny.ActAnswer, scrutiny.SaidForm{Turn: 2, Text: "Late.", Judgement: scrutiny.PartlyAnswered})
	h.must(scrutiny.ActOnQuestion(t.Context(), h.Tx, h.officer, ref, scrutiny.ActAnswer, scrutiny.SaidForm{Turn: q.Turn, Text: "More was stored.", Judgement: scrutiny.PartlyAnswered}))
	q = h.state(ref, "answered", "", true)
	if q.Clock().Took != 21 || !q.Late() {
		t.Errorf("the answer took %+v", q.Clock())
	}
	for name, v := range map[string]office.Viewer{"the asker": h.scrutineer, "the chair": h.chair} {
		if all := h.tasks(v); len(all) != 1 || !strings.HasSuffix(all[0].Href, "/view") {
			t.Errorf("%s has to do %+v", name, all)
		}
	}
	h.refused(fault.Forbidden, h.member, ref, scrutiny.ActView, sayForm(scrutiny.ActView)) // a member is not the chair
	h.refused(fault.Invalid, h.scrutineer, ref, scrutiny.ActView, scrutiny.SaidForm{Judgement: scrutiny.PartlyAnswered})
	h.must(scrutiny.ActOnQuestion(t.Context(), h.Tx, h.scrutineer, ref, scrutiny.ActView, scrutiny.SaidForm{Judgement: scrutiny.NotAnswered, Text: "Who approved it?"}))
	if all := h.tasks(h.scrutineer); len(all) != 0 {
		t.Errorf("after the view: %+v", all)
	}

	h.says(h.scrutineer, ref, scrutiny.ActFollowUp)
	again, _ := due.Next().AddWorking(20)
	q = h.state(ref, "due", again, true)
	h.refused(fault.Conflict, h.scrutineer, ref, scrutiny.ActWithdrawQuestion, sayForm(scrutiny.ActWithdrawQuestion))
	h.says(h.secretary, ref, scrutiny.ActAnswer)
	h.says(h.officer, ref, scrutiny.ActCorrectAnswer)
	q = h.see(ref)
	if last := q.Thread[len(q.Thread)-1]; last.Corrects != q.Answer {
		t.Errorf("corrects %d, not %d", last.Corrects, q.Answer)
	}
	h.refused(fault.Forbidden, h.officer, ref, scrutiny.ActCloseQuestion, sayForm(scrutiny.ActCloseQuestion))
	h.says(h.member, ref, scrutiny.ActCloseQuestion)
	h.state(ref, "closed", "", false)
	h.verified()
}

func TestARefusalIsReviewedBySomebodyElse(t *testing.T) {
	h := hear(t)
	due, _ := civil.DayOf(h.clock.Now()).AddWorking(20)
	ref := h.asks(h.kent, "")
	h.refused(fault.Invalid, h.officer, ref, scrutiny.ActRefuse, scrutiny.SaidForm{Text: "No.", Ground: "We would rather not"})
	h.refused(fault.Invalid, h.officer, ref, scrutiny.ActRefuse, scrutiny.SaidForm{Ground: scrutiny.RefusalGrounds[0]})
	h.says(h.officer, ref, scrutiny.ActRefuse)
	h.state(ref, "in review", "", true)
	h.refused(fault.Forbidden, h.officer, ref, scrutiny.ActReviewRefusal, sayForm(scrutiny.ActReviewRefusal))
	as := h.officer // the same person in another office
	as.Office = storetest.Holds(t, h.Tx, h.officer.Person, office.Office{Body: office.TheCompany, Kind: office.FinanceOfficer, Title: "Finance (sample)"}).Office
	h.refused(fault.Forbidden, as, ref, scrutiny.ActReviewRefusal, sayForm(scrutiny.ActReviewRefusal))
	if len(h.tasks(h.officer)) != 0 || len(h.tasks(h.secretary)) != 1 {
		t.Errorf("to review: %v, %v", h.tasks(h.officer), h.tasks(h.secretary))
	}
	h.must(scrutiny.ActOnQuestion(t.Context(), h.Tx, h.secretary, ref, scrutiny.ActReviewRefusal, scrutiny.SaidForm{Text: "We hold it.", Outcome: scrutiny.AnswerOrdered}))
	q := h.state(ref, "due", due, true) // the clock goes on as if it had not been refused
	if q.Clock().Ended != "" {
		t.Errorf("%+v", q.Clock())
	}
	h.says(h.secretary, ref, scrutiny.ActRefuse)
	h.says(h.officer, ref, scrutiny.ActReviewRefusal)
	h.state(ref, "refused", "", true)
	h.says(h.kent, ref, scrutiny.ActCloseQuestion)
	h.state(ref, "closed", "", false)
	h.verified()
}

func TestOneAnswerServesSeveralQuestions(t *testing.T) {
	h := hear(t)
	a, b := h.asks(h.kent, ""), h.asks(h.chair, "scrutiny")
	other, err := scrutiny.AskQuestion(t.Context(), h.Tx, h.kent, scrutiny.QuestionForm{Title: "And you?", Text: "The same.", To: office.HomeOffice})
	h.must(err)
	f := sayForm(scrutiny.ActAnswer)
	f.With = []string{other}
	h.refused(fault.Invalid, h.officer, a, scrutiny.ActAnswer, f)
	f.With = []string{"2013-999"}
	h.refused(fault.Invalid, h.officer, a, scrutiny.ActAnswer, f)
	f.With = []string{b, a, b}
	h.must(scrutiny.ActOnQuestion(t.Context(), h.Tx, h.officer, a, scrutiny.ActAnswer, f))
	for ref, with := range map[string]string{a: b, b: a} {
		q := h.state(ref, "answered", "", true)
		if len(q.Thread) != 1 || !slices.Equal(q.Thread[0].With, []string{with}) {
			t.Errorf("%s: %+v", ref, q.Thread)
		}
	}
	h.state(other, "due", h.see(other).Clock().Due, true)
	h.verified()
}

func TestAQuestionKeepsTheFigureAsSeen(t *testing.T) {
	c := storetest.Begin(t)
	ref := c.PutForward("contract", storetest.HostingPaper(6_125_800))
	chair := storetest.Holder(t, c.Tx, office.Chair, office.TheAssociation)
	form := scrutiny.QuestionForm{Title: "Is that the whole price?", Text: "Is it?", To: office.TheCompany, About: "decision/" + ref}
	if _, err := scrutiny.AskQuestion(t.Context(), c.Tx, chair, form); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "changed while you were writing") {
		t.Errorf("a figure that was not seen: %v", err)
	}
	seen, err := seen.Look(t.Context(), c.Tx, chair, form.About)
	c.Must(err)
	form.Seen = seen.Value
	at, err := scrutiny.AskQuestion(t.Context(), c.Tx, chair, form)
	c.Must(err)
	q, err := scrutiny.ReadQuestionPage(t.Context(), c.Tx, chair, at)
	c.Must(err)
	if q.About == nil || q.About.Value != seen.Value || q.About.Event != seen.Event || q.Figure.Now.Value != seen.Value {
		t.Errorf("%+v", q.About)
	}
	form.About = "decision/1999-001"
	if _, err := scrutiny.AskQuestion(t.Context(), c.Tx, chair, form); fault.KindOf(err) != fault.Invalid {
		t.Errorf("about nothing known: %v", err)
	}
	for about, n := range map[string]int{"decision": 1, "decision/" + ref: 1, "spend": 0} {
		p, err := scrutiny.Questions(t.Context(), c.Tx, scrutiny.QuestionFilter{About: about}, 10)
		c.Must(err)
		if len(p.All) != n {
			t.Errorf("about %s: %d", about, len(p.All))
		}
	}
}

func TestWhatIsAskedIsChecked(t *testing.T) {
	h := hear(t)
	today := civil.DayOf(h.clock.Now())
	named := func(n int) civil.Day { d, _ := today.AddWorking(n); return d }
	good := scrutiny.QuestionForm{Title: "Why?", Text: "Why?", To: office.TheCompany}
	for name, x := range map[string]struct {
		by     office.Viewer
		change func(*scrutiny.QuestionForm)
		kind   fault.Kind
	}{
		"whole":                              {h.chair, func(*scrutiny.QuestionForm) {}, 0},
		"an auditor asks the company":        {h.auditor, func(*scrutiny.QuestionForm) {}, 0},
		"for the committee":                  {h.member, func(f *scrutiny.QuestionForm) { f.Committee = "scrutiny" }, 0},
		"for a committee it does not sit on": {h.kent, func(f *scrutiny.QuestionForm) { f.Committee = "scrutiny" }, fault.Invalid},
		"for a committee, of its own body":   {h.chair, func(f *scrutiny.QuestionForm) { f.Committee, f.To = "scrutiny", office.TheAssociation }, fault.Invalid},
		"of a body one answers for":          {h.official, func(f *scrutiny.QuestionForm) { f.To = office.HomeOffice }, fault.Invalid},
		"of a police authority":              {h.chair, func(f *scrutiny.QuestionForm) { f.To = "kent-police-authority" }, fault.Invalid},
		"of nobody":                          {h.chair, func(f *scrutiny.QuestionForm) { f.To = "" }, fault.Invalid},
		"without a title":                    {h.chair, func(f *scrutiny.QuestionForm) { f.Title = " " }, fault.Invalid},
		"without a text":                     {h.chair, func(f *scrutiny.QuestionForm) { f.Text = "" }, fault.Invalid},
		"for the soonest named day":          {h.chair, func(f *scrutiny.QuestionForm) { f.Named = named(5) }, 0},
		"for a named day too soon":           {h.chair, func(f *scrutiny.QuestionForm) { f.Named = named(4) }, fault.Invalid},
		"for a named day too late":           {h.chair, func(f *scrutiny.QuestionForm) { f.Named = named(40).Next() }, fault.Invalid},
		"for a Saturday":                     {h.chair, func(f *scrutiny.QuestionForm) { f.Named = "2013-02-02" }, fault.Invalid},
		"by an officer who only answers":     {h.officer, func(f *scrutiny.QuestionForm) { f.To = office.HomeOffice }, fault.Forbidden},
		"by nobody":                          {office.Viewer{}, func(*scrutiny.QuestionForm) {}, fault.Forbidden},
	} {
		f := good
		x.change(&f)
		if _, err := scrutiny.AskQuestion(t.Context(), h.Tx, x.by, f); fault.KindOf(err) != x.kind || x.kind == 0 && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.verified()
}

// TestWhoMayActOnAQuestion tries every act by every kind of office, at the
// answering body and at another, on a question in every stage, and holds the
// page's rule to the write's.
func TestWhoMayActOnAQuestion(t *testing.T) {
	h := hear(t)
	stages := map[scrutiny.QuestionStage][]office.Act{
		scrutiny.QuestionOwed: nil, scrutiny.QuestionAnswered: {scrutiny.ActAnswer}, scrutiny.QuestionInReview: {scrutiny.ActRefuse},
		scrutiny.QuestionRefused: {scrutiny.ActRefuse, scrutiny.ActReviewRefusal}, scrutiny.QuestionClosed: {scrutiny.ActAnswer, scrutiny.ActCloseQuestion}, scrutiny.QuestionWithdrawn: {scrutiny.ActWithdrawQuestion},
	}
	second := map[office.Act]office.Viewer{scrutiny.ActReviewRefusal: h.secretary, scrutiny.ActCloseQuestion: h.scrutineer, scrutiny.ActWithdrawQuestion: h.scrutineer}
	refs := map[scrutiny.QuestionStage]string{}
	for stage, acts := range stages {
		refs[stage] = h.asks(h.scrutineer, "")
		for _, a := range acts {
			by, ok := second[a]
			if !ok {
				by = h.officer
			}
			h.says(by, refs[stage], a)
		}
	}
	places := map[office.Kind][]string{}
	for _, k := range office.Kinds {
		for _, body := range []string{office.TheCompany, "kent", "surrey", office.HomeOffice, office.TheAssociation} {
			if b, _ := office.BodyOf(body); k.Fits(b) {
				places[k] = append(places[k], body)
			}
		}
	}
	answering := []office.Act{scrutiny.ActAnswer, scrutiny.ActHold, scrutiny.ActRefuse, scrutiny.ActReviewRefusal, scrutiny.ActCorrectAnswer}
	open := map[office.Act][]scrutiny.QuestionStage{
		scrutiny.ActAnswer: {scrutiny.QuestionOwed}, scrutiny.ActHold: {scrutiny.QuestionOwed}, scrutiny.ActRefuse: {scrutiny.QuestionOwed}, scrutiny.ActReviewRefusal: {scrutiny.QuestionInReview},
		scrutiny.ActCorrectAnswer: {scrutiny.QuestionAnswered, scrutiny.QuestionClosed}, scrutiny.ActView: {scrutiny.QuestionAnswered}, scrutiny.ActFollowUp: {scrutiny.QuestionOwed, scrutiny.QuestionAnswered, scrutiny.QuestionRefused},
		scrutiny.ActCloseQuestion: {scrutiny.QuestionAnswered, scrutiny.QuestionRefused}, scrutiny.ActWithdrawQuestion: {scrutiny.QuestionOwed, scrutiny.QuestionInReview},
		scrutiny.ActTakeUp: {scrutiny.QuestionOwed, scrutiny.QuestionInReview, scrutiny.QuestionAnswered, scrutiny.QuestionRefused},
	}
	who := map[string]office.Viewer{"the asker": h.scrutineer, "the chair": h.chair, "the clerk": h.clerk, "a member": h.member}
	for k, bodies := range places {
		for _, body := range bodies {
			who[fmt.Sprintf("another %s at %s", k, body)] = storetest.Holds(t, h.Tx, storetest.Person(t, h.Tx, "Other (sample)"),
				office.Office{Body: body, Kind: k, Title: fmt.Sprintf("Second %s at %s (sample)", k, body), Seat: seatOf(k)})
		}
	}
	tried := 0
	for stage, ref := range refs {
		q := h.see(ref)
		for name, v := range who {
			for _, act := range scrutiny.QuestionActs {
				want := slices.Contains(open[act], stage)
				switch {
				case slices.Contains(answering, act):
					want = want && v.Office.Body == office.TheCompany && v.Office.Kind.May(office.AnswerQuestions)
				case act == scrutiny.ActTakeUp:
					want = want && (name == "the chair" || name == "the clerk")
				default: // of no committee: only the asker
					want = want && name == "the asker"
				}
				if got := q.May(act, v); (got == nil) != want {
					t.Errorf("%s, %s by %s: %v, want %v", stage, act, name, got, want)
				}
				err := record.Try(t.Context(), h.Tx, func(s *db.Tx) error { return scrutiny.ActOnQuestion(t.Context(), s, v, ref, act, sayForm(act)) })
				if (err == nil) != want {
					t.Errorf("%s, %s by %s is written: %v, want %v", stage, act, name, err, want)
				}
				tried++
			}
		}
	}
	t.Logf("%d acts were tried by %d offices", tried, len(who))
}

func seatOf(k office.Kind) int64 {
	if k == office.DirectorOffice {
		return 2
	}
	return 0
}

// Whoever asked never answers, even in an office of the answering body, and
// nobody of that body closes.
func TestPersonsAreComparedNotOffices(t *testing.T) {
	h := hear(t)
	ref := h.asks(h.kent, "")
	both := storetest.Holds(t, h.Tx, h.kent.Person, office.Office{Body: office.TheCompany, Kind: office.CompanyOfficer, Title: "Second hat (sample)"})
	h.refused(fault.Forbidden, both, ref, scrutiny.ActAnswer, sayForm(scrutiny.ActAnswer))
	h.says(h.officer, ref, scrutiny.ActAnswer)
	asked := storetest.Holds(t, h.Tx, h.officer.Person, h.kent.Office) // holds the asking office too
	h.refused(fault.Forbidden, asked, ref, scrutiny.ActView, sayForm(scrutiny.ActView))
	h.refused(fault.Forbidden, asked, ref, scrutiny.ActCloseQuestion, sayForm(scrutiny.ActCloseQuestion))

	own := h.asks(h.auditor, "")
	h.says(h.officer, own, scrutiny.ActAnswer)
	h.says(h.auditor, own, scrutiny.ActView)
	h.refused(fault.Forbidden, h.auditor, own, scrutiny.ActCloseQuestion, sayForm(scrutiny.ActCloseQuestion))
	h.says(h.chair, own, scrutiny.ActTakeUp)
	h.says(h.chair, own, scrutiny.ActCloseQuestion)
	h.verified()
}

// calendar is a working-day calendar of its own: it reads the file of bank
// holidays by itself, and marks each day of its years.
func calendar(t *testing.T) (days []string, at map[string]int, works []bool) {
	t.Helper()
	file, err := os.ReadFile("../civil/bank_holidays.csv")
	if err != nil {
		t.Fatal(err)
	}
	free := map[string]bool{}
	for _, line := range strings.Split(string(file), "\n")[1:] {
		day, _, _ := strings.Cut(line, ",")
		free[day] = true
	}
	at = map[string]int{}
	for d := time.Date(2010, 1, 1, 12, 0, 0, 0, time.UTC); d.Year() < 2036; d = d.AddDate(0, 0, 1) {
		day := d.Format("2006-01-02")
		at[day] = len(days)
		days = append(days, day)
		works = append(works, int(d.Weekday())%6 != 0 && !free[day])
	}
	return days, at, works
}

func TestTheClockAgreesWithACalendarOfItsOwn(t *testing.T) {
	days, _, works := calendar(t)
	r := rand.New(rand.NewPCG(2012, 31))
	seen := map[string]int{}
	for range 10_000 {
		asked := r.IntN(len(days) - 400)
		on := asked + r.IntN(120)
		named := ""
		if r.IntN(3) == 0 {
			for i, n := asked, 5+r.IntN(36); n > 0; { // the n-th working day ahead
				if i++; works[i] {
					if n--; n == 0 {
						named = days[i]
					}
				}
			}
		}
		passed, dueAt := 0, -1
		for i := asked + 1; i <= on; i++ {
			if works[i] {
				passed++
			}
			if named != "" && days[i] == named || named == "" && passed == 20 && dueAt < 0 {
				dueAt = i
			}
		}
		want := "due"
		if dueAt >= 0 && on > dueAt {
			want = "delayed"
		}
		if passed > 40 || passed == 40 && !works[on] {
			want = "long overdue"
		}
		c, err := scrutiny.StartClock(civil.Calendar{}, civil.Day(days[asked]), civil.Day(named))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.State(civil.Day(days[on])); got != want {
			t.Fatalf("asked %s for %q, on %s: %s, want %s (%+v)", days[asked], named, days[on], got, want, c)
		}
		if n, err := civil.Day(days[asked]).WorkingTo(civil.Day(days[on])); err != nil || n != passed {
			t.Fatalf("%s to %s: %d working days, want %d: %v", days[asked], days[on], n, passed, err)
		}
		seen[want]++
	}
	for _, s := range []string{"due", "delayed", "long overdue"} {
		if seen[s] < 500 {
			t.Errorf("%s was met %d times only", s, seen[s])
		}
	}
}

func TestQuestionsAreFilteredByStateOnTheDay(t *testing.T) {
	h := hear(t)
	for range 3 {
		h.asks(h.kent, "")
	}
	h.asks(h.chair, "scrutiny")
	h.says(h.officer, "2013-001", scrutiny.ActAnswer)
	h.says(h.kent, "2013-002", scrutiny.ActWithdrawQuestion)
	start := h.see("2013-003").Clock()
	for _, day := range []civil.Day{start.Began, start.Due, start.Due.Next(), start.Long, start.Long.Next()} {
		h.clock.Day(day)
		for _, state := range scrutiny.QuestionStates {
			p, err := scrutiny.Questions(t.Context(), h.Tx, scrutiny.QuestionFilter{State: state}, 10)
			h.must(err)
			var want, got []string
			for _, ref := range []string{"2013-004", "2013-003", "2013-002", "2013-001"} {
				if h.see(ref).State() == state {
					want = append(want, ref)
				}
			}
			for _, q := range p.All {
				got = append(got, q.Ref)
			}
			if !slices.Equal(got, want) || p.Count != int64(len(want)) {
				t.Errorf("%s on %s: %v, want %v", state, day, got, want)
			}
		}
	}
	for name, x := range map[string]struct {
		f scrutiny.QuestionFilter
		n int
	}{
		"to the company": {scrutiny.QuestionFilter{To: office.TheCompany}, 4}, "to kent": {scrutiny.QuestionFilter{To: "kent"}, 0}, "from kent": {scrutiny.QuestionFilter{From: "kent"}, 3},
		"of the committee": {scrutiny.QuestionFilter{Committee: "scrutiny"}, 1}, "words": {scrutiny.QuestionFilter{Words: "HOSTING approved"}, 4}, "other words": {scrutiny.QuestionFilter{Words: "hosting servers"}, 0},
		"before": {scrutiny.QuestionFilter{Before: "2013-003"}, 2},
	} {
		p, err := scrutiny.Questions(t.Context(), h.Tx, x.f, 10)
		h.must(err)
		if len(p.All) != x.n {
			t.Errorf("%s: %d, want %d", name, len(p.All), x.n)
		}
	}
	n := 0
	h.must(scrutiny.EachQuestion(t.Context(), h.Tx, scrutiny.QuestionFilter{}, func(scrutiny.Question) bool { n++; return true }))
	if p, err := scrutiny.Questions(t.Context(), h.Tx, scrutiny.QuestionFilter{}, 3); err != nil || len(p.All) != 3 || p.Next != "2013-002" || n != 4 {
		t.Errorf("%d, %+v, %v", n, p, err)
	}
}

func TestHowABodyKeepsTheTime(t *testing.T) {
	h := hear(t)
	rate := func() scrutiny.OnTime {
		t.Helper()
		all, err := scrutiny.OnTimeRates(t.Context(), h.Tx)
		h.must(err)
		if len(all) != 1 {
			t.Fatalf("%+v", all)
		}
		return all[0]
	}
	a, b, c := h.asks(h.kent, ""), h.asks(h.kent, ""), h.asks(h.kent, "")
	if r := rate(); r.Count != 0 || r.Median != -1 || r.Oldest.Ref != a {
		t.Errorf("at first: %+v", r)
	}
	clock := h.see(a).Clock()
	two, _ := clock.Began.AddWorking(2)
	h.clock.Day(two)
	h.says(h.officer, a, scrutiny.ActAnswer)
	h.clock.Day(clock.Due.Next())
	if r := rate(); r.OnTime != 1 || r.Count != 3 || r.Median != 2 || r.Oldest.Ref != b {
		t.Errorf("two are past their day: %+v", r)
	}
	h.says(h.officer, b, scrutiny.ActAnswer)
	if r := rate(); r.OnTime != 1 || r.Count != 3 || r.Median != 2 || r.Oldest.Ref != c {
		t.Errorf("one came late: %+v", r)
	}
	h.says(h.kent, a, scrutiny.ActFollowUp)
	if r := rate(); r.OnTime != 1 || r.Count != 3 {
		t.Errorf("a follow-up is owed: %+v", r)
	}
	h.clock.Day(h.see(a).Clock().Due.Next())
	if r := rate(); r.OnTime != 0 || r.Count != 3 {
		t.Errorf("it is past its day: %+v", r)
	}
	h.says(h.kent, c, scrutiny.ActWithdrawQuestion)
	if r := rate(); r.OnTime != 0 || r.Count != 2 {
		t.Errorf("one is withdrawn: %+v", r)
	}
	o, err := scrutiny.OwedBy(t.Context(), h.Tx, office.TheCompany, 10)
	h.must(err)
	if o.Count != 1 || o.All[0].Ref != a {
		t.Errorf("owed: %+v", o)
	}
}

func TestVerifyFindsAChangedQuestion(t *testing.T) {
	for name, k := range map[string]struct{ change, fault string }{
		"nothing":                   {`UPDATE questions SET turn = turn`, ""},
		"the due day of the list":   {`UPDATE questions SET due = '2020-01-01'`, "question/2013-001"},
		"lateness":                  {`UPDATE questions SET late = TRUE`, "question/2013-001"},
		"how long it took":          {`UPDATE questions SET took = 1`, "question/2013-001"},
		"the stage":                 {`UPDATE questions SET stage = 'closed'`, "question/2013-001"},
		"the words of the question": {`UPDATE questions SET question = REPLACE(question, '18 per cent', '8 per cent')`, "question/2013-001"},
		"the words of an answer":    {`UPDATE said SET said = REPLACE(said, 'more', 'less')`, "said/2013-001/1"},
		"the place of an answer":    {`UPDATE said SET seq = 7`, "said/2013-001"},
		"an answer taken away":      {`DELETE FROM said`, "said/2013-001/1"},
		"the count of what is late": {`UPDATE question_times SET late = TRUE`, "question/counts of company"},
		"whose work it is":          {`UPDATE charges SET committee = 'other'`, "charge/question/2013-001"},
	} {
		database, clock := storetest.Database(t), &storetest.Clock{}
		clock.Set(storetest.Noon)
		h := hearIn(t, storetest.At(t, database, filepath.Join(t.TempDir(), "record.key"), clock.Now), clock)
		h.asks(h.kent, "")
		h.says(h.officer, "2013-001", scrutiny.ActAnswer)
		storetest.Raw{T: t, Database: database}.Run(k.change)
		v, err := store.Verify(t.Context(), h.Tx)
		h.must(err)
		if v.OK() != (k.fault == "") || !strings.Contains(v.Fault, k.fault) {
			t.Errorf("%s: %q, want %q", name, v.Fault, k.fault)
		}
	}
}
