package store_test

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
	"github.com/police-ict/handover/store/storetest"
)

// hearing is everyone who asks and answers.
type hearing struct {
	*store.Store
	t                                                       testing.TB
	clock                                                   *storetest.Clock
	chair, clerk, member, scrutineer                        store.Viewer
	kent, official, officer, secretary, auditor, assocation store.Viewer
}

func hear(t testing.TB) *hearing {
	t.Helper()
	s, clock := storetest.OpenClock(t)
	return hearIn(t, s, clock)
}

func hearIn(t testing.TB, s *store.Store, clock *storetest.Clock) *hearing {
	t.Helper()
	h := &hearing{Store: s, t: t, clock: clock}
	at := func(k store.OfficeKind, body string) store.Viewer { return storetest.Holder(t, s, k, body) }
	h.chair, h.clerk, h.scrutineer = at(store.Chair, store.TheAssociation), at(store.Clerk, store.TheAssociation), at(store.Scrutineer, store.TheAssociation)
	h.member, h.kent = at(store.CommissionerOffice, "essex"), at(store.CommissionerOffice, "kent")
	h.official, h.officer, h.secretary = at(store.Official, store.HomeOffice), at(store.CompanyOfficer, store.TheCompany), at(store.CompanySecretary, store.TheCompany)
	h.auditor, h.assocation = at(store.Auditor, store.TheCompany), at(store.AssociationOfficer, store.TheAssociation)
	committee(t, s, "scrutiny", store.DayOf(clock.Now()), "", h.chair, h.member, h.clerk)
	return h
}

func (h *hearing) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// asks puts a question to the company.
func (h *hearing) asks(by store.Viewer, committee string) string {
	h.t.Helper()
	ref, err := h.AskQuestion(h.t.Context(), by, store.QuestionForm{Title: "Why did hosting rise by 18 per cent?", Text: "What changed?\n\nWho approved it?", To: store.TheCompany, Committee: committee})
	h.must(err)
	return ref
}

func (h *hearing) see(ref string) store.QuestionAt {
	h.t.Helper()
	q, err := h.Question(h.t.Context(), h.chair, ref)
	h.must(err)
	return q
}

// form is a whole form of an act.
func sayForm(act store.Act) store.SaidForm {
	f := store.SaidForm{Text: "The supplier stored more."}
	switch act {
	case store.HoldAnswer:
		f.Expected = "2013-06-03"
	case store.GiveAnswer, store.ViewAnswer:
		f.Judgement = store.FullyAnswered
	case store.RefuseAnswer:
		f.Ground = store.RefusalGrounds[0]
	case store.ReviewRefusal:
		f.Outcome = store.RefusalUpheld
	case store.TakeUpQuestion:
		f.Committee = "scrutiny"
	}
	return f
}

func (h *hearing) says(by store.Viewer, ref string, act store.Act) {
	h.t.Helper()
	h.must(h.ActOnQuestion(h.t.Context(), by, ref, act, sayForm(act)))
}

func (h *hearing) refused(kind store.Kind, by store.Viewer, ref string, act store.Act, f store.SaidForm) {
	h.t.Helper()
	if err := h.ActOnQuestion(h.t.Context(), by, ref, act, f); store.KindOf(err) != kind {
		h.t.Errorf("%s by %s: %v, want kind %d", act, by.Office.Title, err, kind)
	}
}

func (h *hearing) verified() {
	h.t.Helper()
	v, err := h.Verify(h.t.Context())
	h.must(err)
	if !v.OK() {
		h.t.Error(v.Fault)
	}
}

func (h *hearing) tasks(v store.Viewer) (all []store.Task) {
	h.t.Helper()
	found, err := h.Work(h.t.Context(), v)
	h.must(err)
	return slices.DeleteFunc(found, func(t store.Task) bool { return !strings.HasPrefix(t.Href, "/questions/") })
}

func (h *hearing) state(ref, want string, due store.Day, open bool) store.QuestionAt {
	h.t.Helper()
	q := h.see(ref)
	if q.State() != want || q.Charge.Due != due || q.Charge.Open != open {
		h.t.Errorf("%s is %s, due %q, open %v; want %s, %q, %v", ref, q.State(), q.Charge.Due, q.Charge.Open, want, due, open)
	}
	return q
}

func TestAQuestionIsAskedAnsweredAndClosed(t *testing.T) {
	h := hear(t)
	today := store.DayOf(h.clock.Now())
	due, _ := today.AddWorking(20)
	ref := h.asks(h.scrutineer, "")
	q := h.state(ref, "due", due, true)
	if ref != "2013-001" || q.Asked() != today || q.Charge.Committee != "" || q.Charge.Since != today {
		t.Errorf("%s %+v", ref, q.Charge)
	}
	if all := h.tasks(h.officer); len(all) != 1 || all[0].Due != due || !strings.Contains(all[0].Why, "your office answers") {
		t.Errorf("the company's officer has to do %+v", all)
	}
	h.refused(store.Forbidden, h.official, ref, store.GiveAnswer, sayForm(store.GiveAnswer))
	h.refused(store.Conflict, h.scrutineer, ref, store.CloseQuestion, sayForm(store.CloseQuestion))
	h.says(h.clerk, ref, store.TakeUpQuestion)
	h.refused(store.Conflict, h.chair, ref, store.TakeUpQuestion, sayForm(store.TakeUpQuestion))
	h.says(h.officer, ref, store.HoldAnswer)
	h.state(ref, "due", due, true)

	h.clock.Day(due.Next())
	h.state(ref, "delayed", due, true)
	if all := h.tasks(h.officer); !strings.Contains(all[0].Why, "It is delayed") {
		t.Errorf("%+v", all)
	}
	h.says(h.member, ref, store.FollowUp) // before an answer: the clock goes on
	q = h.state(ref, "delayed", due, true)
	if len(q.Clocks) != 1 || q.Thread[2].Committee != "scrutiny" {
		t.Errorf("%+v", q.Thread)
	}
	h.refused(store.Conflict, h.officer, ref, store.GiveAnswer, store.SaidForm{Turn: 2, Text: "Late.", Judgement: store.PartlyAnswered})
	h.must(h.ActOnQuestion(t.Context(), h.officer, ref, store.GiveAnswer, store.SaidForm{Turn: q.Turn, Text: "More was stored.", Judgement: store.PartlyAnswered}))
	q = h.state(ref, "answered", "", true)
	if q.Clock().Took != 21 || !q.Late() {
		t.Errorf("the answer took %+v", q.Clock())
	}
	for name, v := range map[string]store.Viewer{"the asker": h.scrutineer, "the chair": h.chair} {
		if all := h.tasks(v); len(all) != 1 || !strings.HasSuffix(all[0].Href, "/view") {
			t.Errorf("%s has to do %+v", name, all)
		}
	}
	h.refused(store.Forbidden, h.member, ref, store.ViewAnswer, sayForm(store.ViewAnswer)) // a member is not the chair
	h.refused(store.Invalid, h.scrutineer, ref, store.ViewAnswer, store.SaidForm{Judgement: store.PartlyAnswered})
	h.must(h.ActOnQuestion(t.Context(), h.scrutineer, ref, store.ViewAnswer, store.SaidForm{Judgement: store.NotAnswered, Text: "Who approved it?"}))
	if all := h.tasks(h.scrutineer); len(all) != 0 {
		t.Errorf("after the view: %+v", all)
	}

	h.says(h.scrutineer, ref, store.FollowUp)
	again, _ := due.Next().AddWorking(20)
	q = h.state(ref, "due", again, true)
	h.refused(store.Conflict, h.scrutineer, ref, store.WithdrawQuestion, sayForm(store.WithdrawQuestion))
	h.says(h.secretary, ref, store.GiveAnswer)
	h.says(h.officer, ref, store.CorrectAnswer)
	q = h.see(ref)
	if last := q.Thread[len(q.Thread)-1]; last.Corrects != q.Answer {
		t.Errorf("corrects %d, not %d", last.Corrects, q.Answer)
	}
	h.refused(store.Forbidden, h.officer, ref, store.CloseQuestion, sayForm(store.CloseQuestion))
	h.says(h.member, ref, store.CloseQuestion)
	h.state(ref, "closed", "", false)
	h.verified()
}

func TestARefusalIsReviewedBySomebodyElse(t *testing.T) {
	h := hear(t)
	due, _ := store.DayOf(h.clock.Now()).AddWorking(20)
	ref := h.asks(h.kent, "")
	h.refused(store.Invalid, h.officer, ref, store.RefuseAnswer, store.SaidForm{Text: "No.", Ground: "We would rather not"})
	h.refused(store.Invalid, h.officer, ref, store.RefuseAnswer, store.SaidForm{Ground: store.RefusalGrounds[0]})
	h.says(h.officer, ref, store.RefuseAnswer)
	h.state(ref, "in review", "", true)
	h.refused(store.Forbidden, h.officer, ref, store.ReviewRefusal, sayForm(store.ReviewRefusal))
	as := h.officer // the same person in another office
	as.Office = storetest.Holds(t, h.Store, h.officer.Person, store.Office{Body: store.TheCompany, Kind: store.FinanceOfficer, Title: "Finance (sample)"}).Office
	h.refused(store.Forbidden, as, ref, store.ReviewRefusal, sayForm(store.ReviewRefusal))
	if len(h.tasks(h.officer)) != 0 || len(h.tasks(h.secretary)) != 1 {
		t.Errorf("to review: %v, %v", h.tasks(h.officer), h.tasks(h.secretary))
	}
	h.must(h.ActOnQuestion(t.Context(), h.secretary, ref, store.ReviewRefusal, store.SaidForm{Text: "We hold it.", Outcome: store.AnswerOrdered}))
	q := h.state(ref, "due", due, true) // the clock goes on as if it had not been refused
	if q.Clock().Ended != "" {
		t.Errorf("%+v", q.Clock())
	}
	h.says(h.secretary, ref, store.RefuseAnswer)
	h.says(h.officer, ref, store.ReviewRefusal)
	h.state(ref, "refused", "", true)
	h.says(h.kent, ref, store.CloseQuestion)
	h.state(ref, "closed", "", false)
	h.verified()
}

func TestOneAnswerServesSeveralQuestions(t *testing.T) {
	h := hear(t)
	a, b := h.asks(h.kent, ""), h.asks(h.chair, "scrutiny")
	other, err := h.AskQuestion(t.Context(), h.kent, store.QuestionForm{Title: "And you?", Text: "The same.", To: store.HomeOffice})
	h.must(err)
	f := sayForm(store.GiveAnswer)
	f.With = []string{other}
	h.refused(store.Invalid, h.officer, a, store.GiveAnswer, f)
	f.With = []string{"2013-999"}
	h.refused(store.Invalid, h.officer, a, store.GiveAnswer, f)
	f.With = []string{b, a, b}
	h.must(h.ActOnQuestion(t.Context(), h.officer, a, store.GiveAnswer, f))
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
	c := begin(t)
	ref := c.put("contract", paper(6_125_800))
	chair := storetest.Holder(t, c.Store, store.Chair, store.TheAssociation)
	form := store.QuestionForm{Title: "Is that the whole price?", Text: "Is it?", To: store.TheCompany, About: "decision/" + ref}
	if _, err := c.AskQuestion(t.Context(), chair, form); store.KindOf(err) != store.Invalid || !strings.Contains(err.Error(), "changed while you wrote") {
		t.Errorf("a figure that was not seen: %v", err)
	}
	seen, err := c.Look(t.Context(), chair, form.About)
	c.must(err)
	form.Seen = seen.Value
	at, err := c.AskQuestion(t.Context(), chair, form)
	c.must(err)
	q, err := c.Question(t.Context(), chair, at)
	c.must(err)
	if q.About == nil || q.About.Value != seen.Value || q.About.Event != seen.Event || q.Figure.Now.Value != seen.Value {
		t.Errorf("%+v", q.About)
	}
	form.About = "decision/1999-001"
	if _, err := c.AskQuestion(t.Context(), chair, form); store.KindOf(err) != store.Invalid {
		t.Errorf("about nothing known: %v", err)
	}
	for about, n := range map[string]int{"decision": 1, "decision/" + ref: 1, "spend": 0} {
		p, err := c.Questions(t.Context(), store.QuestionFilter{About: about}, 10)
		c.must(err)
		if len(p.All) != n {
			t.Errorf("about %s: %d", about, len(p.All))
		}
	}
}

func TestWhatIsAskedIsChecked(t *testing.T) {
	h := hear(t)
	today := store.DayOf(h.clock.Now())
	named := func(n int) store.Day { d, _ := today.AddWorking(n); return d }
	good := store.QuestionForm{Title: "Why?", Text: "Why?", To: store.TheCompany}
	for name, x := range map[string]struct {
		by     store.Viewer
		change func(*store.QuestionForm)
		kind   store.Kind
	}{
		"whole":                              {h.chair, func(*store.QuestionForm) {}, 0},
		"an auditor asks the company":        {h.auditor, func(*store.QuestionForm) {}, 0},
		"for the committee":                  {h.member, func(f *store.QuestionForm) { f.Committee = "scrutiny" }, 0},
		"for a committee it does not sit on": {h.kent, func(f *store.QuestionForm) { f.Committee = "scrutiny" }, store.Invalid},
		"for a committee, of its own body":   {h.chair, func(f *store.QuestionForm) { f.Committee, f.To = "scrutiny", store.TheAssociation }, store.Invalid},
		"of a body one answers for":          {h.official, func(f *store.QuestionForm) { f.To = store.HomeOffice }, store.Invalid},
		"of a police authority":              {h.chair, func(f *store.QuestionForm) { f.To = "kent-police-authority" }, store.Invalid},
		"of nobody":                          {h.chair, func(f *store.QuestionForm) { f.To = "" }, store.Invalid},
		"without a title":                    {h.chair, func(f *store.QuestionForm) { f.Title = " " }, store.Invalid},
		"without a text":                     {h.chair, func(f *store.QuestionForm) { f.Text = "" }, store.Invalid},
		"for the soonest named day":          {h.chair, func(f *store.QuestionForm) { f.Named = named(5) }, 0},
		"for a named day too soon":           {h.chair, func(f *store.QuestionForm) { f.Named = named(4) }, store.Invalid},
		"for a named day too late":           {h.chair, func(f *store.QuestionForm) { f.Named = named(40).Next() }, store.Invalid},
		"for a Saturday":                     {h.chair, func(f *store.QuestionForm) { f.Named = "2013-02-02" }, store.Invalid},
		"by an officer who only answers":     {h.officer, func(f *store.QuestionForm) { f.To = store.HomeOffice }, store.Forbidden},
		"by nobody":                          {store.Viewer{}, func(*store.QuestionForm) {}, store.Forbidden},
	} {
		f := good
		x.change(&f)
		if _, err := h.AskQuestion(t.Context(), x.by, f); store.KindOf(err) != x.kind || x.kind == 0 && err != nil {
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
	stages := map[store.QuestionStage][]store.Act{
		store.QuestionOwed: nil, store.QuestionAnswered: {store.GiveAnswer}, store.QuestionInReview: {store.RefuseAnswer},
		store.QuestionRefused: {store.RefuseAnswer, store.ReviewRefusal}, store.QuestionClosed: {store.GiveAnswer, store.CloseQuestion}, store.QuestionWithdrawn: {store.WithdrawQuestion},
	}
	second := map[store.Act]store.Viewer{store.ReviewRefusal: h.secretary, store.CloseQuestion: h.scrutineer, store.WithdrawQuestion: h.scrutineer}
	refs := map[store.QuestionStage]string{}
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
	places := map[store.OfficeKind][]string{}
	for _, k := range store.OfficeKinds {
		for _, body := range []string{store.TheCompany, "kent", "surrey", store.HomeOffice, store.TheAssociation} {
			if b, _ := store.BodyOf(body); k.Fits(b) {
				places[k] = append(places[k], body)
			}
		}
	}
	answering := []store.Act{store.GiveAnswer, store.HoldAnswer, store.RefuseAnswer, store.ReviewRefusal, store.CorrectAnswer}
	open := map[store.Act][]store.QuestionStage{
		store.GiveAnswer: {store.QuestionOwed}, store.HoldAnswer: {store.QuestionOwed}, store.RefuseAnswer: {store.QuestionOwed}, store.ReviewRefusal: {store.QuestionInReview},
		store.CorrectAnswer: {store.QuestionAnswered, store.QuestionClosed}, store.ViewAnswer: {store.QuestionAnswered}, store.FollowUp: {store.QuestionOwed, store.QuestionAnswered, store.QuestionRefused},
		store.CloseQuestion: {store.QuestionAnswered, store.QuestionRefused}, store.WithdrawQuestion: {store.QuestionOwed, store.QuestionInReview},
		store.TakeUpQuestion: {store.QuestionOwed, store.QuestionInReview, store.QuestionAnswered, store.QuestionRefused},
	}
	who := map[string]store.Viewer{"the asker": h.scrutineer, "the chair": h.chair, "the clerk": h.clerk, "a member": h.member}
	for k, bodies := range places {
		for _, body := range bodies {
			who[fmt.Sprintf("another %s at %s", k, body)] = storetest.Holds(t, h.Store, storetest.Person(t, h.Store, "Other (sample)"),
				store.Office{Body: body, Kind: k, Title: fmt.Sprintf("Second %s at %s (sample)", k, body), Seat: seatOf(k)})
		}
	}
	tried := 0
	for stage, ref := range refs {
		q := h.see(ref)
		for name, v := range who {
			for _, act := range store.QuestionActs {
				want := slices.Contains(open[act], stage)
				switch {
				case slices.Contains(answering, act):
					want = want && v.Office.Body == store.TheCompany && v.Office.Kind.May(store.AnswerQuestions)
				case act == store.TakeUpQuestion:
					want = want && (name == "the chair" || name == "the clerk")
				default: // of no committee: only the asker
					want = want && name == "the asker"
				}
				if got := q.May(act, v); (got == nil) != want {
					t.Errorf("%s, %s by %s: %v, want %v", stage, act, name, got, want)
				}
				err := h.Try(t.Context(), func(s *store.Store) error { return s.ActOnQuestion(t.Context(), v, ref, act, sayForm(act)) })
				if (err == nil) != want {
					t.Errorf("%s, %s by %s is written: %v, want %v", stage, act, name, err, want)
				}
				tried++
			}
		}
	}
	t.Logf("%d acts were tried by %d offices", tried, len(who))
}

func seatOf(k store.OfficeKind) int64 {
	if k == store.DirectorOffice {
		return 2
	}
	return 0
}

// Whoever asked never answers, even in an office of the answering body, and
// nobody of that body closes.
func TestPersonsAreComparedNotOffices(t *testing.T) {
	h := hear(t)
	ref := h.asks(h.kent, "")
	both := storetest.Holds(t, h.Store, h.kent.Person, store.Office{Body: store.TheCompany, Kind: store.CompanyOfficer, Title: "Second hat (sample)"})
	h.refused(store.Forbidden, both, ref, store.GiveAnswer, sayForm(store.GiveAnswer))
	h.says(h.officer, ref, store.GiveAnswer)
	asked := storetest.Holds(t, h.Store, h.officer.Person, h.kent.Office) // holds the asking office too
	h.refused(store.Forbidden, asked, ref, store.ViewAnswer, sayForm(store.ViewAnswer))
	h.refused(store.Forbidden, asked, ref, store.CloseQuestion, sayForm(store.CloseQuestion))

	own := h.asks(h.auditor, "")
	h.says(h.officer, own, store.GiveAnswer)
	h.says(h.auditor, own, store.ViewAnswer)
	h.refused(store.Forbidden, h.auditor, own, store.CloseQuestion, sayForm(store.CloseQuestion))
	h.says(h.chair, own, store.TakeUpQuestion)
	h.says(h.chair, own, store.CloseQuestion)
	h.verified()
}

// calendar is a working-day calendar of its own: it reads the file of bank
// holidays by itself, and marks each day of its years.
func calendar(t *testing.T) (days []string, at map[string]int, works []bool) {
	t.Helper()
	file, err := os.ReadFile("bank_holidays.csv")
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
		c, err := store.StartClock(store.Day(days[asked]), store.Day(named))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.State(store.Day(days[on])); got != want {
			t.Fatalf("asked %s for %q, on %s: %s, want %s (%+v)", days[asked], named, days[on], got, want, c)
		}
		if n, err := store.Day(days[asked]).WorkingTo(store.Day(days[on])); err != nil || n != passed {
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
	h.says(h.officer, "2013-001", store.GiveAnswer)
	h.says(h.kent, "2013-002", store.WithdrawQuestion)
	start := h.see("2013-003").Clock()
	for _, day := range []store.Day{start.Began, start.Due, start.Due.Next(), start.Long, start.Long.Next()} {
		h.clock.Day(day)
		for _, state := range store.QuestionStates {
			p, err := h.Questions(t.Context(), store.QuestionFilter{State: state}, 10)
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
		f store.QuestionFilter
		n int
	}{
		"to the company": {store.QuestionFilter{To: store.TheCompany}, 4}, "to kent": {store.QuestionFilter{To: "kent"}, 0}, "from kent": {store.QuestionFilter{From: "kent"}, 3},
		"of the committee": {store.QuestionFilter{Committee: "scrutiny"}, 1}, "words": {store.QuestionFilter{Words: "HOSTING approved"}, 4}, "other words": {store.QuestionFilter{Words: "hosting servers"}, 0},
		"before": {store.QuestionFilter{Before: "2013-003"}, 2},
	} {
		p, err := h.Questions(t.Context(), x.f, 10)
		h.must(err)
		if len(p.All) != x.n {
			t.Errorf("%s: %d, want %d", name, len(p.All), x.n)
		}
	}
	n := 0
	h.must(h.EachQuestion(t.Context(), store.QuestionFilter{}, func(store.Question) bool { n++; return true }))
	if p, err := h.Questions(t.Context(), store.QuestionFilter{}, 3); err != nil || len(p.All) != 3 || p.Next != "2013-002" || n != 4 {
		t.Errorf("%d, %+v, %v", n, p, err)
	}
}

func TestHowABodyKeepsTheTime(t *testing.T) {
	h := hear(t)
	rate := func() store.OnTime {
		t.Helper()
		all, err := h.OnTimeRates(t.Context())
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
	h.says(h.officer, a, store.GiveAnswer)
	h.clock.Day(clock.Due.Next())
	if r := rate(); r.OnTime != 1 || r.Count != 3 || r.Median != 2 || r.Oldest.Ref != b {
		t.Errorf("two are past their day: %+v", r)
	}
	h.says(h.officer, b, store.GiveAnswer)
	if r := rate(); r.OnTime != 1 || r.Count != 3 || r.Median != 2 || r.Oldest.Ref != c {
		t.Errorf("one came late: %+v", r)
	}
	h.says(h.kent, a, store.FollowUp)
	if r := rate(); r.OnTime != 1 || r.Count != 3 {
		t.Errorf("a follow-up is owed: %+v", r)
	}
	h.clock.Day(h.see(a).Clock().Due.Next())
	if r := rate(); r.OnTime != 0 || r.Count != 3 {
		t.Errorf("it is past its day: %+v", r)
	}
	h.says(h.kent, c, store.WithdrawQuestion)
	if r := rate(); r.OnTime != 0 || r.Count != 2 {
		t.Errorf("one is withdrawn: %+v", r)
	}
	o, err := h.OwedBy(t.Context(), store.TheCompany, 10)
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
		h.says(h.officer, "2013-001", store.GiveAnswer)
		kept{t: t, db: database}.run(k.change)
		v, err := h.Verify(t.Context())
		h.must(err)
		if v.OK() != (k.fault == "") || !strings.Contains(v.Fault, k.fault) {
			t.Errorf("%s: %q, want %q", name, v.Fault, k.fault)
		}
	}
}
