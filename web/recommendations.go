package web

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/views"
)

func (s *Server) recommendationsRoutes() {
	s.data("/recommendations", store.Public, s.recommendations)
	s.confirm("/recommendations/new", store.SitOnCommittees, true, s.newRecommendation, s.newRecommendationCheck, s.makeRecommendation)
	s.data("/recommendations/:ref", store.Public, s.recommendation)
	for _, act := range store.RecommendationActs {
		s.confirm("/recommendations/:ref/"+string(act), recommendationNeeds(act), recommendationBinds(act), s.recommendationForm(act), s.recommendationCheck(act), s.actOnRecommendation(act))
	}
}

// recommendationNeeds is the permission that an act needs.
func recommendationNeeds(act store.Act) store.Permission {
	i := slices.IndexFunc(store.RecommendationLife, func(m store.Move[store.RecommendationStatus]) bool { return m.Act == act })
	return store.RecommendationLife[i].Need
}

// recommendationBinds reports whether an act binds a body or a committee, so
// that it asks for the password again.
func recommendationBinds(act store.Act) bool {
	return slices.Contains([]store.Act{store.RespondToIt, store.ClaimIt, store.VerifyIt, store.RefuseClaim, store.CloseIt}, act)
}

// recommendationFilter reads which recommendations an address asks for.
func recommendationFilter(c echo.Context) (store.RecommendationFilter, error) {
	var all store.Faults
	f := store.RecommendationFilter{Acceptance: store.Acceptance(asked(c, "acceptance")), Implementation: store.RecommendationStatus(asked(c, "implementation")), Age: asked(c, "age"),
		Body: asked(c, "body"), Committee: asked(c, "committee"), Kind: asked(c, "kind"), Priority: asked(c, "priority"), Words: strings.TrimSpace(asked(c, "q")), Before: asked(c, "before")}
	if f.Acceptance != "" && f.Acceptance != store.InAnyForm && !slices.Contains(store.Acceptances, f.Acceptance) {
		all.Add("acceptance", "There is no such answer: choose one from the list.")
	}
	if f.Implementation != "" && !slices.Contains(store.RecommendationStatuses, f.Implementation) {
		all.Add("implementation", "There is no such state: choose one from the list.")
	}
	if f.Age != "" && !slices.Contains(store.RecommendationAges, f.Age) {
		all.Add("age", "There is no such age: choose one from the list.")
	}
	if f.Body != "" {
		b, ok := store.BodyOf(f.Body)
		if !ok {
			all.Add("body", "There is no such body: choose one from the list.")
		}
		f.Body = b.Slug
	}
	if !slices.Contains([]string{"", store.ChargeRecommendation, store.ChargeUndertaking}, f.Kind) {
		all.Add("kind", "There is no such kind: choose one from the list.")
	}
	if !slices.Contains([]string{"", "yes", "no"}, f.Priority) {
		all.Add("priority", "Ask for yes or no.")
	}
	if len([]rune(f.Words)) > 200 || len(f.Committee) > 40 {
		all.Add("q", "Shorten the words to 200 characters or fewer.")
	}
	return f, all.Err()
}

func (s *Server) recommendations(c echo.Context) (answer, error) {
	f, err := recommendationFilter(c)
	if err != nil {
		return answer{}, err
	}
	if form(c) == "csv" {
		return answer{CSV: s.recommendationRows(ctx(c), f)}, nil
	}
	p, err := s.store.Recommendations(ctx(c), f, views.RecommendationsPage)
	if err != nil {
		return answer{}, err
	}
	makes := len(makersOf(p.Committees, viewer(c), p.Day)) > 0
	return answer{Page: views.Recommendations(p, makes), JSON: recommendationsAsJSON(p), Atom: recommendationsFeed(p)}, nil
}

// makersOf are the committees for which v makes recommendations on a day.
func makersOf(all store.Committees, v store.Viewer, on store.Day) (mine []store.Committee) {
	for _, c := range all.Sorted() {
		if c.MayMake(v, "", on) == nil {
			mine = append(mine, c)
		}
	}
	return mine
}

// recommendationsFeed are the recommendations of a page, the last moved first.
func recommendationsFeed(p store.RecommendationsPage) *feed {
	f := feed{Title: "Recommendations and undertakings"}
	for _, r := range p.All {
		state := views.AcceptanceWords(r.Acceptance) + "; " + views.ImplementationWords(r.Implementation)
		f.Entries = append(f.Entries, entry{fmt.Sprintf("%s: %s (%s)", r.Ref, r.Title, state), r.Href(), r.Text, r.MovedAt})
	}
	slices.SortStableFunc(f.Entries, func(a, b entry) int { return b.At.Compare(a.At) })
	return &f
}

// recommendationJSON is a recommendation with what is worked out for a day.
type recommendationJSON struct {
	AsAt store.Day `json:"as_at"`
	store.Recommendation
	WaitsFor string    `json:"waits_for"`
	Due      store.Day `json:"due"`
	Late     bool      `json:"late"`
	Moves    int       `json:"target_moves"`
	SlipDays int       `json:"slip_days"`
	AgeDays  int       `json:"age_days"`
}

func recommendationAsJSON(r store.Recommendation, on store.Day) recommendationJSON {
	return recommendationJSON{on, r, r.Waits(), r.Due(), r.Late(on), len(r.Moves), r.Slip(), r.Made.Until(on)}
}

type recommendationsJSON struct {
	AsAt       store.Day                                                 `json:"as_at"`
	Count      int64                                                     `json:"count"`
	Accepted   int64                                                     `json:"accepted"`
	Verified   int64                                                     `json:"verified"`
	Claimed    int64                                                     `json:"claimed"`
	MedianDays *int                                                      `json:"median_age_days"`
	Counts     map[store.Acceptance]map[store.RecommendationStatus]int64 `json:"counts"`
	Capped     bool                                                      `json:"counts_capped"`
	All        []recommendationJSON                                      `json:"recommendations"`
	Next       *string                                                   `json:"next"` // address of the next page
}

func recommendationsAsJSON(p store.RecommendationsPage) recommendationsJSON {
	t := p.Tally
	out := recommendationsJSON{AsAt: p.Day, Count: p.Count, Accepted: t.Accepted(""), Verified: t.Accepted(store.VerifiedDone), Claimed: t.Accepted(store.ClaimedDone), Counts: t.Cells, Capped: t.Capped, All: []recommendationJSON{}}
	if p.MedianDays >= 0 {
		out.MedianDays = &p.MedianDays
	}
	for _, r := range p.All {
		out.All = append(out.All, recommendationAsJSON(r, p.Day))
	}
	if p.Next != "" {
		f := p.Filter
		f.Before = p.Next
		out.Next = orNull(views.RecommendationsAddress("/recommendations.json", f))
	}
	return out
}

var recommendationHeader = []string{"as_at", "ref", "kind", "title", "body", "committee", "made", "response_due", "acceptance", "implementation", "first_target", "target", "target_moves", "slip_days", "waits_for", "due", "priority", "source", "source_address", "moved_at"}

// recommendationRows are all of a filter, read a page at a time.
func (s *Server) recommendationRows(ctx context.Context, f store.RecommendationFilter) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		if !yield(recommendationHeader, nil) {
			return
		}
		day := string(store.DayOf(s.store.Now()))
		err := s.store.EachRecommendation(ctx, f, func(r store.Recommendation) bool {
			return yield([]string{day, r.Ref, r.Kind, r.Title, r.Body, r.Committee, string(r.Made), string(r.ResponseDue), string(r.Acceptance), string(r.Implementation), string(r.First), string(r.Target),
				strconv.Itoa(len(r.Moves)), strconv.Itoa(r.Slip()), r.Waits(), string(r.Due()), yesNo(r.Priority), r.Source.Text, r.Source.Href, instant(r.MovedAt)}, nil)
		})
		if err != nil {
			yield(nil, err)
		}
	}
}

func (s *Server) recommendation(c echo.Context) (answer, error) {
	r, err := s.store.Recommendation(ctx(c), decisionRef(c))
	if err != nil {
		return answer{}, err
	}
	return answer{Page: views.Recommendation(r), JSON: recommendationAsJSON(r.Recommendation, r.Day())}, nil
}

// recommendationForm shows the form of an act to whoever may do it now.
func (s *Server) recommendationForm(act store.Act) page {
	return func(c echo.Context) (templ.Component, error) {
		r, err := s.store.Recommendation(ctx(c), decisionRef(c))
		if err != nil {
			return nil, err
		}
		return views.RecommendationForm(r, act), r.May(act, viewer(c))
	}
}

// recommendationStep is what was typed for an act.
func recommendationStep(c echo.Context, act store.Act) (st store.RecommendationStep, f store.Faults) {
	v := c.FormValue
	st.Turn = numberTyped(v("turn"))
	switch act {
	case store.RespondToIt:
		st.Acceptance, st.Reason = store.Acceptance(v("acceptance")), v("reason")
		if st.Target = formDay(c, &f, "target"); st.Acceptance == store.Rejected {
			st.Target, f = "", nil // the date of an earlier response stands in the form
		}
	case store.MoveTarget:
		st.Target, st.Reason = formDay(c, &f, "target"), v("reason")
	case store.CloseIt:
		st.Ground, st.Reason = store.ClosingGround(v("ground")), v("reason")
	case store.ClaimIt:
		st.Text, st.Decision = v("text"), strings.TrimSpace(v("decision"))
		if text := strings.TrimSpace(v("document")); text != "" {
			n, err := store.ParseCount(text, 1)
			if err != nil {
				f.Add("document", "Give the number of a published document, for example 12.")
			}
			st.Document = n
		}
	default:
		st.Text = v("text")
	}
	return st, f
}

// numberTyped is a number that a form carries; what is none is 0.
func numberTyped(text string) int64 {
	n, err := store.ParseCount(text, 0)
	if err != nil {
		return 0
	}
	return n
}

// recommendationCheck shows what an act would change, by trying it.
func (s *Server) recommendationCheck(act store.Act) page {
	return func(c echo.Context) (templ.Component, error) {
		before, err := s.store.Recommendation(ctx(c), decisionRef(c))
		if err != nil {
			return nil, err
		}
		st, f := recommendationStep(c, act)
		after, err := s.store.TryRecommendation(ctx(c), viewer(c), before.Ref, act, st)
		if err := joined(f, err); err != nil {
			return nil, err
		}
		return views.RecommendationCheck(before, after, act, st, recommendationBinds(act)), nil
	}
}

var recommendationSaid = map[store.Act]string{
	store.RespondToIt: "Your response is recorded.", store.NoteProgress: "The progress is recorded.", store.MoveTarget: "The target date is moved. The first stays shown.",
	store.ClaimIt: "Your claim is recorded. The committee is to verify it.", store.VerifyIt: "It is verified and closed.", store.RefuseClaim: "It is recorded as not done.",
	store.CloseIt: "It is closed.", store.GivePriority: "It has priority now.", store.TakePriority: "It has no priority any more.",
}

func (s *Server) actOnRecommendation(act store.Act) step {
	return func(c echo.Context) (string, error) {
		ref := decisionRef(c)
		st, f := recommendationStep(c, act)
		if err := f.Err(); err != nil {
			return "", err
		}
		if err := s.store.ActOnRecommendation(ctx(c), viewer(c), ref, act, st); err != nil {
			return "", err
		}
		return "/recommendations/" + ref, s.told(c, recommendationSaid[act])
	}
}

// recommendationAsked is a new recommendation as an address asks for it: a
// source that begins with / is an address, any other is its words.
func recommendationAsked(c echo.Context) store.RecommendationForm {
	f := store.RecommendationForm{Kind: asked(c, "kind"), Body: asked(c, "body"), Committee: asked(c, "committee"), Title: asked(c, "title"), Text: asked(c, "text")}
	if f.Kind != store.ChargeUndertaking {
		f.Kind = store.ChargeRecommendation
	}
	f.Source = store.Origin{Text: asked(c, "source"), Href: asked(c, "address")}
	if strings.HasPrefix(f.Source.Text, "/") {
		f.Source = store.Origin{Href: f.Source.Text}
	}
	return f
}

// newRecommendation shows the form to whoever makes them for some committee.
func (s *Server) newRecommendation(c echo.Context) (templ.Component, error) {
	all, err := s.store.Committees(ctx(c))
	if err != nil {
		return nil, err
	}
	mine := makersOf(all, viewer(c), store.DayOf(s.store.Now()))
	if len(mine) == 0 {
		return nil, store.Forbidden.Errorf("Only the chair or the clerk of a committee makes recommendations, while its mandate runs.")
	}
	f := recommendationAsked(c)
	if c.FormValue("kind") == store.ChargeUndertaking {
		f.Kind = store.ChargeUndertaking
	}
	return views.RecommendationNew(f, mine), nil
}

// recommendationTyped is a new recommendation as it was typed.
func recommendationTyped(c echo.Context) (store.RecommendationForm, store.Faults) {
	v := c.FormValue
	form := store.RecommendationForm{Kind: v("kind"), Committee: v("committee"), Body: v("body"), Title: v("title"), Text: v("text"), Source: store.Origin{Text: v("source"), Href: v("address")}}
	var f store.Faults
	if form.Kind == store.ChargeUndertaking {
		form.Target = formDay(c, &f, "target")
	}
	return form, f
}

func (s *Server) newRecommendationCheck(c echo.Context) (templ.Component, error) {
	form, f := recommendationTyped(c)
	r, err := s.store.TryNewRecommendation(ctx(c), viewer(c), form)
	if err := joined(f, err); err != nil {
		return nil, err
	}
	return views.RecommendationNewCheck(r), nil
}

func (s *Server) makeRecommendation(c echo.Context) (string, error) {
	form, f := recommendationTyped(c)
	if err := f.Err(); err != nil {
		return "", err
	}
	ref, err := s.store.MakeRecommendation(ctx(c), viewer(c), form)
	if err != nil {
		return "", err
	}
	return "/recommendations/" + ref, s.told(c, "It is recorded as "+ref+".")
}
