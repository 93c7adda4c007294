package store_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// scrutiny is a committee's work on a database that can be looked into.
type scrutiny struct {
	bench
	k                     kept
	meeting, confidential int64
}

// scrutinised has a thing of each kind: minutes, evidence and a report that are
// not public yet too.
func scrutinised(t testing.TB) *scrutiny {
	t.Helper()
	clock := &storetest.Clock{}
	clock.Set(storetest.Noon)
	k := kept{t: t, db: storetest.Database(t), key: filepath.Join(t.TempDir(), "record.key")}
	b := benchedOn(t, storetest.At(t, k.db, k.key, clock.Now), clock)
	x, ctx := &scrutiny{bench: b, k: k}, t.Context()
	ask, err := b.AskQuestion(ctx, b.chair, store.QuestionForm{Title: "Why did quokkas rise?", Text: "Who saw the numbat?", To: store.TheCompany})
	b.must(err)
	b.must(b.ActOnQuestion(ctx, b.officer, ask, store.GiveAnswer, store.SaidForm{Text: "The wombat did.", Judgement: store.FullyAnswered}))
	for _, f := range []store.RecommendationForm{publishContracts, promisesIt} {
		f.Text += " So says the " + map[string]string{store.ChargeRecommendation: "bilby", store.ChargeUndertaking: "potoroo"}[f.Kind] + "."
		ref, err := b.MakeRecommendation(ctx, b.clerk, f)
		b.must(err)
		if f.Kind == store.ChargeRecommendation {
			b.must(b.ActOnRecommendation(ctx, b.officer, ref, store.RespondToIt, store.RecommendationStep{Acceptance: store.Rejected, Reason: "A kowari objects."}))
		}
	}
	x.take(given(b))
	form := confided(b)
	form.Document, err = b.KeepDraft(ctx, b.clerk, "sesame-file.txt", []byte("Sesame file."))
	b.must(err)
	x.confidential = x.take(form)
	b.must(b.draft(0, reported(store.FindingForm{Text: "Sesamefinding rose.", Cites: "1 p1"})))
	x.meeting, err = b.PlanMeeting(ctx, b.clerk, store.Meeting{Committee: "scrutiny", On: b.today, Starts: "14:00", Place: "Tamandua House (sample)"})
	b.must(err)
	b.must(b.AddAgendaItem(ctx, b.clerk, x.meeting, "Sesameitem of the agenda", "", nil))
	return x
}

// minutes publishes the agenda and drafts minutes.
func (x *scrutiny) minutes() {
	x.t.Helper()
	ctx := x.t.Context()
	x.must(x.PublishAgenda(ctx, x.clerk, x.meeting))
	var all []store.Attended
	for _, v := range []store.Viewer{x.chair, x.kent, x.clerk} {
		all = append(all, store.Attended{Office: v.Office, Answer: store.Present})
	}
	x.must(x.RecordAttendance(ctx, x.clerk, x.meeting, all))
	x.must(x.KeepMinutes(ctx, x.clerk, x.meeting, "Sesameminute was said."))
}

func (x *scrutiny) finds(q store.SearchQuery) (all []string) {
	x.t.Helper()
	q.Size = 50
	p, err := x.Search(x.t.Context(), q)
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

func (x *scrutiny) found(words string, kind store.FoundKind, href string) {
	x.t.Helper()
	for _, q := range []store.SearchQuery{{Words: words}, {Words: words, Kind: kind, Year: 2013}} {
		if got := x.finds(q); !slices.Equal(got, []string{href}) {
			x.t.Errorf("%+v finds %q, want %s", q, got, href)
		}
	}
}

// none fails the test if a word finds anything, or stands in what search keeps.
func (x *scrutiny) none(words ...string) {
	x.t.Helper()
	kept := strings.ToLower(strings.Join(x.k.searchRows(), "\n"))
	for _, w := range words {
		if got := x.finds(store.SearchQuery{Words: w}); len(got) > 0 || strings.Contains(kept, w) {
			x.t.Errorf("%s finds %q", w, got)
		}
	}
}

func TestSearchFindsEachThingOfScrutinyByItsWords(t *testing.T) {
	x := scrutinised(t)
	for _, k := range []struct {
		words string
		kind  store.FoundKind
		href  string
	}{
		{"quokkas", store.FoundQuestion, "/questions/2013-001"},
		{"numbat", store.FoundQuestion, "/questions/2013-001"},
		{"wombat", store.FoundAnswer, "/questions/2013-001#said-1"},
		{"bilby", store.FoundRecommendation, "/recommendations/2013-001"},
		{"kowari", store.FoundRecommendation, "/recommendations/2013-001"},
		{"potoroo", store.FoundUndertaking, "/recommendations/2013-002"},
		{"account", store.FoundCommittee, "/committees/scrutiny"},
		{"tamandua", store.FoundMeeting, "/meetings/1"},
		{"systems", store.FoundInquiry, "/inquiries/convergence"},
		{"third", store.FoundEvidence, "/inquiries/convergence/evidence/1"},
		{"office of the commissioner", store.FoundEvidence, "/inquiries/convergence/evidence/1"},
	} {
		x.found(k.words, k.kind, k.href)
	}
	found, err := x.SimilarQuestions(t.Context(), "Who has a numbat?", 5)
	if err != nil || len(found) != 1 || found[0].Ref != "2013-001" {
		t.Errorf("similar: %+v, %v", found, err)
	}
}

func TestSearchOfScrutinyFindsNothingBeforeItIsPublished(t *testing.T) {
	x, ctx := scrutinised(t), t.Context()
	x.none("sesame", "sesameitem", "sesamefinding")
	x.minutes()
	x.none("sesameminute", "sesamefinding", "sesame title", "sesame author", "sesame file", "nine in a hundred")
	x.found("sesameitem", store.FoundMeeting, "/meetings/1")
	x.must(x.RebuildSearch(ctx))
	x.none("sesameminute", "sesamefinding", "sesame title", "sesame author", "sesame file", "nine in a hundred")

	p, err := x.MeetingAt(ctx, x.clerk, x.meeting)
	x.must(err)
	x.must(x.PublishMinutes(ctx, x.clerk, x.meeting, p.Draft.Event))
	x.found("sesameminute", store.FoundMeeting, "/meetings/1")
	x.must(x.PublishEvidence(ctx, x.clerk, benchSlug, x.confidential, "The contract has ended."))
	x.found("sesame title", store.FoundEvidence, "/inquiries/convergence/evidence/2")
	x.found("nine in a hundred", store.FoundEvidence, "/inquiries/convergence/evidence/2")
	x.none("sesame author", "sesame file")
	x.clock.Day("2013-01-29")
	x.must(x.PublishReport(ctx, x.clerk, benchSlug, 1))
	x.found("sesamefinding", store.FoundReport, "/inquiries/convergence/report")
	x.found("what we heard", store.FoundReport, "/inquiries/convergence/report")
	x.must(x.WithdrawEvidence(ctx, x.clerk, benchSlug, 1, "Its author asked."))
	x.renamed(t)

	was := x.k.searchRows()
	x.must(x.RebuildSearch(ctx))
	if is := x.k.searchRows(); !slices.Equal(is, was) {
		t.Errorf("made again it is\n%q, was\n%q", is, was)
	}
	x.none("sesame author", "sesame file")
}

// renamed gives the committee another name, under which its meetings are found.
func (x *scrutiny) renamed(t testing.TB) {
	t.Helper()
	all, err := x.Committees(t.Context())
	x.must(err)
	c := all["scrutiny"]
	c.Name = "Marsupial committee (sample)"
	x.must(x.ChangeCommittee(t.Context(), x.clerk, c))
	if got := x.finds(store.SearchQuery{Words: "marsupial"}); len(got) != 2 || !slices.Contains(got, "/meetings/1") {
		t.Errorf("under its new name: %q", got)
	}
}
