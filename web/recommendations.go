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

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/text"
	scrutinyview "github.com/police-ict/handover/views/scrutiny"
)

func (s *Server) recommendationsRoutes() {
	s.data("/recommendations", office.Public, s.recommendations)
	s.confirm("/recommendations/new", office.SitOnCommittees, true, s.newRecommendation, s.newRecommendationCheck, s.makeRecommendation)
	s.data("/recommendations/:ref", office.Public, s.recommendation)
	for _, act := range scrutiny.RecommendationActs {
		s.confirm("/recommendations/:ref/"+string(act), recommendationNeeds(act), recommendationBinds(act), s.recommendationForm(act), s.recommendationCheck(act), s.actOnRecommendation(act))
	}
}

// recommendationNeeds is the permission that an act needs.
func recommendationNeeds(act office.Act) office.Permission {
	i := slices.IndexFunc(scrutiny.RecommendationLife, func(m office.Move[scrutiny.RecommendationStatus]) bool { return m.Act == act })
	return scrutiny.RecommendationLife[i].Need
}

// recommendationBinds reports whether an act binds a body or a committee, so
// that it asks for the password again.
func recommendationBinds(act office.Act) bool {
	return slices.Contains([]office.Act{scrutiny.ActRespond, scrutiny.ActClaim, scrutiny.ActVerify, scrutiny.ActRefuseClaim, scrutiny.ActClose}, act)
}

// recommendationFilter reads which recommendations an address asks for.
func recommendationFilter(c echo.Context) (scrutiny.RecommendationFilter, error) {
	var all fault.Faults
	f := scrutiny.RecommendationFilter{Acceptance: scrutiny.Acceptance(asked(c, "acceptance")), Implementation: scrutiny.RecommendationStatus(asked(c, "implementation")), Age: asked(c, "age"),
		Body: asked(c, "body"), Committee: asked(c, "committee"), Kind: asked(c, "kind"), Priority: asked(c, "priority"), Words: strings.TrimSpace(asked(c, "q")), Before: asked(c, "before")}
	if f.Acceptance != "" && f.Acceptance != scrutiny.InAnyForm && !slices.Contains(scrutiny.Acceptances, f.Acceptance) {
		all.Add("acceptance", "There is no such answer: choose one from the list.")
	}
	if f.Implementation != "" && !slices.Contains(scrutiny.RecommendationStatuses, f.Implementation) {
		all.Add("implementation", "There is no such state: choose one from the list.")
	}
	if f.Age != "" && !slices.Contains(scrutiny.RecommendationAges, f.Age) {
		all.Add("age", "There is no such age: choose one from the list.")
	}
	if f.Body != "" {
		b, ok := office.BodyOf(f.Body)
		if !ok {
			all.Add("body", "There is no such body: choose one from the list.")
		}
		f.Body = b.Slug
	}
	if !slices.Contains([]string{"", scrutiny.ChargeRecommendation, scrutiny.ChargeUndertaking}, f.Kind) {
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
	p, err := scrutiny.Recommendations(ctx(c), s.store, f, scrutinyview.RecommendationsPage)
	if err != nil {
		return answer{}, err
	}
	makes := len(makersOf(p.Committees, viewer(c), p.Day)) > 0
	return answer{Page: scrutinyview.Recommendations(p, makes), JSON: recommendationsAsJSON(p), Atom: recommendationsFeed(p)}, nil
}

// makersOf are the committees for which v makes recommendations on a day.
func makersOf(all scrutiny.Committees, v office.Viewer, on civil.Day) (mine []scrutiny.Committee) {
	for _, c := range all.Sorted() {
		if c.MayMake(v, "", on) == nil {
			mine = append(mine, c)
		}
	}
	return mine
}

// recommendationsFeed are the recommendations of a page, the last moved first.
func recommendationsFeed(p scrutiny.RecommendationsPage) *feed {
	f := feed{Title: "Recommendations and undertakings"}
	for _, r := range p.All {
		state := scrutinyview.AcceptanceWords(r.Acceptance) + "; " + scrutinyview.ImplementationWords(r.Implementation)
		f.Entries = append(f.Entries, entry{fmt.Sprintf("%s: %s (%s)", r.Ref, r.Title, state), r.Href(), r.Text, r.MovedAt})
	}
	slices.SortStableFunc(f.Entries, func(a, b entry) int { return b.At.Compare(a.At) })
	return &f
}

// recommendationJSON is a recommendation with what is worked out for a day.
type recommendationJSON struct {
	AsAt civil.Day `json:"as_at"`
	scrutiny.Recommendation
	WaitsFor string    `json:"waits_for"`
	Due      civil.Day `json:"due"`
	Late     bool      `json:"late"`
	Moves    int       `json:"target_moves"`
	SlipDays int       `json:"slip_days"`
	AgeDays  int       `json:"age_days"`
}

func recommendationAsJSON(r scrutiny.Recommendation, on civil.Day) recommendationJSON {
	return recommendationJSON{on, r, r.Waits(), r.Due(), r.Late(on), len(r.Moves), r.Slip(), r.Made.Until(on)}
}

type recommendationsJSON struct {
	AsAt       civil.Day                                                       `json:"as_at"`
	Count      int64                                                           `json:"count"`
	Accepted   int64                                                           `json:"accepted"`
	Verified   int64                                                           `json:"verified"`
	Claimed    int64                                                           `json:"claimed"`
	MedianDays *int                                                            `json:"median_age_days"`
	Counts     map[scrutiny.Acceptance]map[scrutiny.RecommendationStatus]int64 `json:"counts"`
	Capped     bool                                                            `json:"counts_capped"`
	All        []recommendationJSON                                            `json:"recommendations"`
	Next       *string                                                         `json:"next"` // address of the next page
}

func recommendationsAsJSON(p scrutiny.RecommendationsPage) recommendationsJSON {
	t := p.Tally
	out := recommendationsJSON{AsAt: p.Day, Count: p.Count, Accepted: t.Accepted(""), Verified: t.Accepted(scrutiny.VerifiedDone), Claimed: t.Accepted(scrutiny.ClaimedDone), Counts: t.Cells, Capped: t.Capped, All: []recommendationJSON{}}
	if p.MedianDays >= 0 {
		out.MedianDays = &p.MedianDays
	}
	for _, r := range p.All {
		out.All = append(out.All, recommendationAsJSON(r, p.Day))
	}
	if p.Next != "" {
		f := p.Filter
		f.Before = p.Next
		out.Next = orNull(scrutinyview.RecommendationsAddress("/recommendations.json", f))
	}
	return out
}

var recommendationHeader = []string{"as_at", "ref", "kind", "title", "body", "committee", "made", "response_due", "acceptance", "implementation", "first_target", "target", "target_moves", "slip_days", "waits_for", "due", "priority", "source", "source_address", "moved_at"}

// recommendationRows are all of a filter, read a page at a time.
func (s *Server) recommendationRows(ctx context.Context, f scrutiny.RecommendationFilter) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		if !yield(recommendationHeader, nil) {
			return
		}
		day := string(civil.DayOf(s.store.Now()))
		err := scrutiny.EachRecommendation(ctx, s.store, f, func(r scrutiny.Recommendation) bool {
			return yield([]string{day, r.Ref, r.Kind, r.Title, r.Body, r.Committee, string(r.Made), string(r.ResponseDue), string(r.Acceptance), string(r.Implementation), string(r.First), string(r.Target),
				strconv.Itoa(len(r.Moves)), strconv.Itoa(r.Slip()), r.Waits(), string(r.Due()), yesNo(r.Priority), r.Source.Text, r.Source.Href, instant(r.MovedAt)}, nil)
		})
		if err != nil {
			yield(nil, err)
		}
	}
}

func (s *Server) recommendation(c echo.Context) (answer, error) {
	r, err := scrutiny.ReadRecommendationPage(ctx(c), s.store, decisionRef(c))
	if err != nil {
		return answer{}, err
	}
	return answer{Page: scrutinyview.Recommendation(r), JSON: recommendationAsJSON(r.Recommendation, r.Day())}, nil
}

// recommendationForm shows the form of an act to whoever may do it now.
func (s *Server) recommendationForm(act office.Act) page {
	return func(c echo.Context) (templ.Component, error) {
		r, err := scrutiny.ReadRecommendationPage(ctx(c), s.store, decisionRef(c))
		if err != nil {
			return nil, err
		}
		return scrutinyview.RecommendationForm(r, act), r.May(act, viewer(c))
	}
}

// recommendationStep is what was typed for an act.
func recommendationStep(c echo.Context, act office.Act) (st scrutiny.RecommendationStep, f fault.Faults) {
	v := c.FormValue
	st.Turn = numberTyped(v("turn"))
	switch act {
	case scrutiny.ActRespond:
		st.Acceptance, st.Reason = scrutiny.Acceptance(v("acceptance")), v("reason")
		if st.Target = formDay(c, &f, "target"); st.Acceptance == scrutiny.Rejected {
			st.Target, f = "", nil // the date of an earlier response stands in the form
		}
	case scrutiny.ActMoveTarget:
		st.Target, st.Reason = formDay(c, &f, "target"), v("reason")
	case scrutiny.ActClose:
		st.Ground, st.Reason = scrutiny.ClosingGround(v("ground")), v("reason")
	case scrutiny.ActClaim:
		st.Text, st.Decision = v("text"), strings.TrimSpace(v("decision"))
		if words := strings.TrimSpace(v("document")); words != "" {
			n, err := text.ParseCount(words, 1)
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
func numberTyped(words string) int64 {
	n, err := text.ParseCount(words, 0)
	if err != nil {
		return 0
	}
	return n
}

// recommendationCheck shows what an act would change, by trying it.
func (s *Server) recommendationCheck(act office.Act) page {
	return func(c echo.Context) (templ.Component, error) {
		before, err := scrutiny.ReadRecommendationPage(ctx(c), s.store, decisionRef(c))
		if err != nil {
			return nil, err
		}
		st, f := recommendationStep(c, act)
		after, err := scrutiny.TryRecommendation(ctx(c), s.store, viewer(c), before.Ref, act, st)
		if err := joined(f, err); err != nil {
			return nil, err
		}
		return scrutinyview.RecommendationCheck(before, after, act, st, recommendationBinds(act)), nil
	}
}

var recommendationSaid = map[office.Act]string{
	scrutiny.ActRespond: "Your response is recorded.", scrutiny.ActNoteProgress: "The progress is recorded.", scrutiny.ActMoveTarget: "The target date is moved. The first stays shown.",
	scrutiny.ActClaim: "Your claim is recorded. The committee is to verify it.", scrutiny.ActVerify: "It is verified and closed.", scrutiny.ActRefuseClaim: "It is recorded as not done.",
	scrutiny.ActClose: "It is closed.", scrutiny.ActGivePriority: "It has priority now.", scrutiny.ActTakePriority: "It has no priority any more.",
}

func (s *Server) actOnRecommendation(act office.Act) step {
	return func(c echo.Context) (string, error) {
		ref := decisionRef(c)
		st, f := recommendationStep(c, act)
		if err := f.Err(); err != nil {
			return "", err
		}
		if err := scrutiny.ActOnRecommendation(ctx(c), s.store, viewer(c), ref, act, st); err != nil {
			return "", err
		}
		return "/recommendations/" + ref, s.told(c, recommendationSaid[act])
	}
}

// recommendationAsked is a new recommendation as an address asks for it: a
// source that begins with / is an address, any other is its words.
func recommendationAsked(c echo.Context) scrutiny.RecommendationForm {
	f := scrutiny.RecommendationForm{Kind: asked(c, "kind"), Body: asked(c, "body"), Committee: asked(c, "committee"), Title: asked(c, "title"), Text: asked(c, "text")}
	if f.Kind != scrutiny.ChargeUndertaking {
		f.Kind = scrutiny.ChargeRecommendation
	}
	f.Source = scrutiny.Origin{Text: asked(c, "source"), Href: asked(c, "address")}
	if strings.HasPrefix(f.Source.Text, "/") {
		f.Source = scrutiny.Origin{Href: f.Source.Text}
	}
	return f
}

// newRecommendation shows the form to whoever makes them for some committee.
func (s *Server) newRecommendation(c echo.Context) (templ.Component, error) {
	all, err := scrutiny.AllCommittees(ctx(c), s.store)
	if err != nil {
		return nil, err
	}
	mine := makersOf(all, viewer(c), civil.DayOf(s.store.Now()))
	if len(mine) == 0 {
		return nil, fault.Forbidden.Errorf("Only the chair or the clerk of a committee makes recommendations, while its mandate runs.")
	}
	f := recommendationAsked(c)
	if c.FormValue("kind") == scrutiny.ChargeUndertaking {
		f.Kind = scrutiny.ChargeUndertaking
	}
	return scrutinyview.RecommendationNew(f, mine), nil
}

// recommendationTyped is a new recommendation as it was typed.
func recommendationTyped(c echo.Context) (scrutiny.RecommendationForm, fault.Faults) {
	v := c.FormValue
	form := scrutiny.RecommendationForm{Kind: v("kind"), Committee: v("committee"), Body: v("body"), Title: v("title"), Text: v("text"), Source: scrutiny.Origin{Text: v("source"), Href: v("address")}}
	var f fault.Faults
	if form.Kind == scrutiny.ChargeUndertaking {
		form.Target = formDay(c, &f, "target")
	}
	return form, f
}

func (s *Server) newRecommendationCheck(c echo.Context) (templ.Component, error) {
	form, f := recommendationTyped(c)
	r, err := scrutiny.TryNewRecommendation(ctx(c), s.store, viewer(c), form)
	if err := joined(f, err); err != nil {
		return nil, err
	}
	return scrutinyview.RecommendationNewCheck(r), nil
}

func (s *Server) makeRecommendation(c echo.Context) (string, error) {
	form, f := recommendationTyped(c)
	if err := f.Err(); err != nil {
		return "", err
	}
	ref, err := scrutiny.MakeRecommendation(ctx(c), s.store, viewer(c), form)
	if err != nil {
		return "", err
	}
	return "/recommendations/" + ref, s.told(c, "It is recorded as "+ref+".")
}
