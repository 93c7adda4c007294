package scrutiny_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/search"
	"github.com/police-ict/handover/store/storetest"
)

// scrutiny is a committee's work on a database that can be looked into.
type theScrutiny struct {
	bench
	k                     storetest.Raw
	meeting, confidential int64
}

// scrutinised has a thing of each kind: minutes, evidence and a report that are
// not public yet too.
func scrutinised(t testing.TB) *theScrutiny {
	t.Helper()
	clock := &storetest.Clock{}
	clock.Set(storetest.Noon)
	k := storetest.NewRaw(t)
	b := benchedOn(t, storetest.At(t, k.Database, k.Key, clock.Now), clock)
	x, ctx := &theScrutiny{bench: b, k: k}, t.Context()
	ask, err := scrutiny.AskQuestion(ctx, b.Tx, b.chair, scrutiny.QuestionForm{Title: "Why did quokkas rise?", Text: "Who saw the numbat?", To: office.TheCompany})
	b.must(err)
	b.must(scrutiny.ActOnQuestion(ctx, b.Tx, b.officer, ask, scrutiny.ActAnswer, scrutiny.SaidForm{Text: "The wombat did.", Judgement: scrutiny.FullyAnswered}))
	for _, f := range []scrutiny.RecommendationForm{publishContracts, promisesIt} {
		f.Text += " So says the " + map[string]string{scrutiny.ChargeRecommendation: "bilby", scrutiny.ChargeUndertaking: "potoroo"}[f.Kind] + "."
		ref, err := scrutiny.MakeRecommendation(ctx, b.Tx, b.clerk, f)
		b.must(err)
		if f.Kind == scrutiny.ChargeRecommendation {
			b.must(scrutiny.ActOnRecommendation(ctx, b.Tx, b.officer, ref, scrutiny.ActRespond, scrutiny.RecommendationStep{Acceptance: scrutiny.Rejected, Reason: "A kowari objects."}))
		}
	}
	x.take(given(b))
	form := confided(b)
	form.Document, err = documents.KeepDraft(ctx, b.Tx, b.clerk, "sesame-file.txt", []byte("Sesame file."))
	b.must(err)
	x.confidential = x.take(form)
	b.must(b.draft(0, reported(scrutiny.FindingForm{Text: "Sesamefinding rose.", Cites: "1 p1"})))
	x.meeting, err = scrutiny.PlanMeeting(ctx, b.Tx, b.clerk, scrutiny.Meeting{Committee: "scrutiny", On: b.today, Starts: "14:00", Place: "Tamandua House (sample)"})
	b.must(err)
	b.must(scrutiny.AddAgendaItem(ctx, b.Tx, b.clerk, x.meeting, "Sesameitem of the agenda", "", nil))
	return x
}

// minutes publishes the agenda and drafts minutes.
func (x *theScrutiny) minutes() {
	x.t.Helper()
	ctx := x.t.Context()
	x.must(scrutiny.PublishAgenda(ctx, x.bench.Tx, x.clerk, x.meeting))
	var all []scrutiny.Attended
	for _, v := range []office.Viewer{x.chair, x.kent, x.clerk} {
		all = append(all, scrutiny.Attended{Office: v.Office, Answer: scrutiny.Present})
	}
	x.must(scrutiny.RecordAttendance(ctx, x.bench.Tx, x.clerk, x.meeting, all))
	x.must(scrutiny.KeepMinutes(ctx, x.bench.Tx, x.clerk, x.meeting, "Sesameminute was said."))
}

func (x *theScrutiny) finds(q search.Query) (all []string) {
	x.t.Helper()
	q.Size = 50
	p, err := search.Find(x.t.Context(), x.bench.Tx, q)
	x.must(err)
	if len(p.All) != p.Count {
		x.t.Errorf("%q: %d of %d results on one page", q.Words, len(p.All), p.Count)
	}
	for _, f := range p.All {
		all = append(all, f.Href)
		if f.Ref == "" || len(f.Title) == 0 || f.Year != 2013 {
			x.t.Errorf("%q finds %+v", q.Words, f)
		}
	}
	return all
}

func (x *theScrutiny) found(words string, kind search.Kind, href string) {
	x.t.Helper()
	for _, q := range []search.Query{{Words: words}, {Words: words, Kind: kind, Year: 2013}} {
		if got := x.finds(q); !slices.Equal(got, []string{href}) {
			x.t.Errorf("%+v finds %q, want %s", q, got, href)
		}
	}
}

// none fails the test if a word finds anything, or stands in what search keeps.
func (x *theScrutiny) none(words ...string) {
	x.t.Helper()
	kept := strings.ToLower(strings.Join(x.k.SearchRows(), "\n"))
	for _, w := range words {
		if got := x.finds(search.Query{Words: w}); len(got) > 0 || strings.Contains(kept, w) {
			x.t.Errorf("%s finds %q", w, got)
		}
	}
}

func TestSearchFindsEachThingOfScrutinyByItsWords(t *testing.T) {
	x := scrutinised(t)
	for _, k := range []struct {
		words string
		kind  search.Kind
		href  string
	}{
		{"quokkas", search.Question, "/questions/2013-001"},
		{"numbat", search.Question, "/questions/2013-001"},
		{"wombat", search.Answer, "/questions/2013-001#said-1"},
		{"bilby", search.Recommendation, "/recommendations/2013-001"},
		{"kowari", search.Recommendation, "/recommendations/2013-001"},
		{"potoroo", search.Undertaking, "/recommendations/2013-002"},
		{"account", search.Committee, "/committees/scrutiny"},
		{"tamandua", search.Meeting, "/meetings/1"},
		{"systems", search.Inquiry, "/inquiries/convergence"},
		{"third", search.Evidence, "/inquiries/convergence/evidence/1"},
		{"office of the commissioner", search.Evidence, "/inquiries/convergence/evidence/1"},
	} {
		x.found(k.words, k.kind, k.href)
	}
	found, err := search.SimilarQuestions(t.Context(), x.bench.Tx, "Who has a numbat?", 5)
	if err != nil || len(found) != 1 || found[0].Ref != "2013-001" {
		t.Errorf("similar: %+v, %v", found, err)
	}
}

func TestSearchOfScrutinyFindsNothingBeforeItIsPublished(t *testing.T) {
	x, ctx := scrutinised(t), t.Context()
	x.none("sesame", "sesameitem", "sesamefinding")
	x.minutes()
	x.none("sesameminute", "sesamefinding", "sesame title", "sesame author", "sesame file", "nine in a hundred")
	x.found("sesameitem", search.Meeting, "/meetings/1")
	x.must(store.RebuildSearch(ctx, x.bench.Tx))
	x.none("sesameminute", "sesamefinding", "sesame title", "sesame author", "sesame file", "nine in a hundred")

	p, err := scrutiny.ReadMeetingPage(ctx, x.bench.Tx, x.clerk, x.meeting)
	x.must(err)
	x.must(scrutiny.PublishMinutes(ctx, x.bench.Tx, x.clerk, x.meeting, p.Draft.Event))
	x.found("sesameminute", search.Meeting, "/meetings/1")
	x.must(scrutiny.PublishEvidence(ctx, x.bench.Tx, x.clerk, benchSlug, x.confidential, "The contract has ended."))
	x.found("sesame title", search.Evidence, "/inquiries/convergence/evidence/2")
	x.found("nine in a hundred", search.Evidence, "/inquiries/convergence/evidence/2")
	x.none("sesame author", "sesame file")
	x.clock.Day("2013-01-29")
	x.must(scrutiny.PublishReport(ctx, x.bench.Tx, x.clerk, benchSlug, 1))
	x.found("sesamefinding", search.Report, "/inquiries/convergence/report")
	x.found("what we heard", search.Report, "/inquiries/convergence/report")
	x.must(scrutiny.WithdrawEvidence(ctx, x.bench.Tx, x.clerk, benchSlug, 1, "Its author asked."))
	x.renamed(t)

	was := x.k.SearchRows()
	x.must(store.RebuildSearch(ctx, x.bench.Tx))
	if is := x.k.SearchRows(); !slices.Equal(is, was) {
		t.Errorf("made again it is\n%q, was\n%q", is, was)
	}
	x.none("sesame author", "sesame file")
}

// renamed gives the committee another name, under which its meetings are found.
func (x *theScrutiny) renamed(t testing.TB) {
	t.Helper()
	all, err := scrutiny.AllCommittees(t.Context(), x.bench.Tx)
	x.must(err)
	c := all["scrutiny"]
	c.Name = "Marsupial committee (sample)"
	x.must(scrutiny.ChangeCommittee(t.Context(), x.bench.Tx, x.clerk, c))
	if got := x.finds(search.Query{Words: "marsupial"}); len(got) != 2 || !slices.Contains(got, "/meetings/1") {
		t.Errorf("under its new name: %q", got)
	}
}
