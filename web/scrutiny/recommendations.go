package scrutiny

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
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/text"
	scrutinyview "github.com/police-ict/handover/views/scrutiny"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) recommendationsRoutes() {
	s.Data("/recommendations", office.Public, s.recommendations,
		serve.One("q", "acceptance", "implementation", "age", "body", "committee", "kind", "priority", "before"))
	s.Confirm("/recommendations/new", office.SitOnCommittees, true, s.newRecommendation, s.newRecommendationCheck, s.makeRecommendation,
		serve.One("kind", "body", "committee", "title", "text", "source", "address"))
	s.Data("/recommendations/:ref", office.Public, s.recommendation)
	s.Edits("/recommendations/:ref/" + string(scrutiny.ActMoveTarget))
	for _, act := range scrutiny.RecommendationActs {
		s.Confirm("/recommendations/:ref/"+string(act), recommendationNeeds(act), recommendationBinds(act), s.recommendationForm(act), s.recommendationCheck(act), s.actOnRecommendation(act))
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

// RecommendationFilter reads which recommendations an address asks for.
func RecommendationFilter(c echo.Context) (scrutiny.RecommendationFilter, error) {
	var all fault.Faults
	f := scrutiny.RecommendationFilter{Acceptance: scrutiny.Acceptance(serve.Asked(c, "acceptance")), Implementation: scrutiny.RecommendationStatus(serve.Asked(c, "implementation")), Age: serve.Asked(c, "age"),
		Body: serve.Asked(c, "body"), Committee: serve.Asked(c, "committee"), Kind: serve.Asked(c, "kind"), Priority: serve.Asked(c, "priority"), Words: strings.TrimSpace(serve.Asked(c, "q")), Before: serve.Asked(c, "before")}
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
		all.Add("kind", "Choose a type from the list.")
	}
	if !slices.Contains([]string{"", "yes", "no"}, f.Priority) {
		all.Add("priority", "Ask for yes or no.")
	}
	if len([]rune(f.Words)) > 200 || len(f.Committee) > 40 {
		all.Add("q", "Shorten the words to 200 characters or fewer.")
	}
	return f, all.Err()
}

func (s pages) recommendations(c echo.Context) (serve.Answer, error) {
	f, err := RecommendationFilter(c)
	if err != nil {
		return serve.Answer{}, err
	}
	if serve.Format(c) == "csv" {
		return serve.Answer{CSV: s.recommendationRows(serve.Ctx(c), f)}, nil
	}
	if serve.Format(c) == "atom" {
		f.Before = ""
		feed, err := s.recommendationsFeed(serve.Ctx(c), f)
		return serve.Answer{Atom: feed}, err
	}
	p, err := scrutiny.Recommendations(serve.Ctx(c), s.Store, f, scrutinyview.RecommendationsPage)
	if err != nil {
		return serve.Answer{}, err
	}
	makes := len(makersOf(p.Committees, serve.Viewer(c), p.Day)) > 0
	return serve.Answer{Page: scrutinyview.Recommendations(p, makes), JSON: recommendationsAsJSON(p), Also: []string{"csv", "atom"}}, nil
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

// recommendationsFeed are the recommendations of a filter. One moves when
// something is done on it, and when what is owed on it is late.
func (s pages) recommendationsFeed(ctx context.Context, f scrutiny.RecommendationFilter) (*serve.Feed, error) {
	out, now := serve.Feed{Title: "Recommendations and undertakings"}, s.Store.Now()
	err := scrutiny.EachRecommendation(ctx, s.Store, f, func(r scrutiny.Recommendation) bool {
		at := r.MovedAt
		if due := r.Due(); due != "" {
			at = serve.Latest(now, at, due.End())
		}
		state := scrutinyview.AcceptanceWords(r.Acceptance) + "; " + scrutinyview.ImplementationWords(r.Implementation)
		out.Entries = append(out.Entries, serve.Entry{Title: fmt.Sprintf("%s: %s (%s)", r.Ref, r.Title, state), Href: r.Href(), Summary: r.Text, At: at})
		return len(out.Entries) < serve.FeedMost
	})
	return &out, err
}

// RecommendationJSON is a recommendation with what is worked out for a day.
type RecommendationJSON struct {
	AsAt civil.Day `json:"as_at"`
	scrutiny.Recommendation
	WaitsFor string    `json:"waits_for"`
	Due      civil.Day `json:"due"`
	Late     bool      `json:"late"`
	Moves    int       `json:"target_moves"`
	SlipDays int       `json:"slip_days"`
	AgeDays  int       `json:"age_days"`
}

func recommendationAsJSON(r scrutiny.Recommendation, on civil.Day) RecommendationJSON {
	return RecommendationJSON{on, r, r.Waits(), r.Due(), r.Late(on), len(r.Moves), r.Slip(), r.Made.Until(on)}
}

// RecommendationsJSON is the list of recommendations as JSON.
type RecommendationsJSON struct {
	AsAt       civil.Day                                                       `json:"as_at"`
	Count      int64                                                           `json:"count"`
	Accepted   int64                                                           `json:"accepted"`
	Verified   int64                                                           `json:"verified"`
	Claimed    int64                                                           `json:"claimed"`
	MedianDays *int                                                            `json:"median_age_days"`
	Counts     map[scrutiny.Acceptance]map[scrutiny.RecommendationStatus]int64 `json:"counts"`
	Capped     bool                                                            `json:"counts_capped"`
	All        []RecommendationJSON                                            `json:"recommendations"`
	Next       *string                                                         `json:"next"` // address of the next page
}

func recommendationsAsJSON(p scrutiny.RecommendationsPage) RecommendationsJSON {
	t := p.Tally
	out := RecommendationsJSON{AsAt: p.Day, Count: p.Count, Accepted: t.Accepted(""), Verified: t.Accepted(scrutiny.VerifiedDone), Claimed: t.Accepted(scrutiny.ClaimedDone), Counts: t.Cells, Capped: t.Capped, All: []RecommendationJSON{}}
	if p.MedianDays >= 0 {
		out.MedianDays = &p.MedianDays
	}
	for _, r := range p.All {
		out.All = append(out.All, recommendationAsJSON(r, p.Day))
	}
	if p.Next != "" {
		f := p.Filter
		f.Before = p.Next
		out.Next = serve.OrNull(scrutinyview.RecommendationsAddress("/recommendations.json", f))
	}
	return out
}

// recommendationColumns are the columns of the recommendations.
func recommendationColumns(day string) []serve.Column[scrutiny.Recommendation] {
	return []serve.Column[scrutiny.Recommendation]{
		{Name: "as_at", Value: func(scrutiny.Recommendation) string { return day }},
		{Name: "ref", Value: func(r scrutiny.Recommendation) string { return r.Ref }},
		{Name: "kind", Value: func(r scrutiny.Recommendation) string { return r.Kind }},
		{Name: "title", Value: func(r scrutiny.Recommendation) string { return r.Title }},
		{Name: "body", Value: func(r scrutiny.Recommendation) string { return r.Body }},
		{Name: "committee", Value: func(r scrutiny.Recommendation) string { return r.Committee }},
		{Name: "made", Value: func(r scrutiny.Recommendation) string { return string(r.Made) }},
		{Name: "response_due", Value: func(r scrutiny.Recommendation) string { return string(r.ResponseDue) }},
		{Name: "acceptance", Value: func(r scrutiny.Recommendation) string { return string(r.Acceptance) }},
		{Name: "implementation", Value: func(r scrutiny.Recommendation) string { return string(r.Implementation) }},
		{Name: "first_target", Value: func(r scrutiny.Recommendation) string { return string(r.First) }},
		{Name: "target", Value: func(r scrutiny.Recommendation) string { return string(r.Target) }},
		{Name: "target_moves", Value: func(r scrutiny.Recommendation) string { return strconv.Itoa(len(r.Moves)) }},
		{Name: "slip_days", Value: func(r scrutiny.Recommendation) string { return strconv.Itoa(r.Slip()) }},
		{Name: "waits_for", Value: func(r scrutiny.Recommendation) string { return r.Waits() }},
		{Name: "due", Value: func(r scrutiny.Recommendation) string { return string(r.Due()) }},
		{Name: "priority", Value: func(r scrutiny.Recommendation) string { return serve.YesNo(r.Priority) }},
		{Name: "source", Value: func(r scrutiny.Recommendation) string { return r.Source.Text }},
		{Name: "source_address", Value: func(r scrutiny.Recommendation) string { return r.Source.Href }},
		{Name: "moved_at", Value: func(r scrutiny.Recommendation) string { return serve.Instant(r.MovedAt) }},
	}
}

// recommendationRows are all recommendations of a filter.
func (s pages) recommendationRows(ctx context.Context, f scrutiny.RecommendationFilter) iter.Seq2[[]string, error] {
	day := string(civil.DayOf(s.Store.Now()))
	return serve.CSV(recommendationColumns(day), db.AtOnce(ctx, s.Store, func(tx *db.Tx, each func(scrutiny.Recommendation) bool) error {
		return scrutiny.EachRecommendation(ctx, tx, f, each)
	}))
}

func (s pages) recommendation(c echo.Context) (serve.Answer, error) {
	r, err := scrutiny.ReadRecommendationPage(serve.Ctx(c), s.Store, serve.Ref(c))
	if err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: scrutinyview.Recommendation(r), JSON: recommendationAsJSON(r.Recommendation, r.Day())}, nil
}

// recommendationForm shows the form of an act to whoever may do it now.
func (s pages) recommendationForm(act office.Act) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		r, err := scrutiny.ReadRecommendationPage(serve.Ctx(c), s.Store, serve.Ref(c))
		if err != nil {
			return nil, err
		}
		return scrutinyview.RecommendationForm(r, act), r.May(act, serve.Viewer(c))
	}
}

// recommendationStep is what was typed for an act.
func recommendationStep(c echo.Context, act office.Act) (st scrutiny.RecommendationStep, f fault.Faults) {
	v := c.FormValue
	st.Turn = numberTyped(v("turn"))
	switch act {
	case scrutiny.ActRespond:
		st.Acceptance, st.Reason = scrutiny.Acceptance(v("acceptance")), v("reason")
		if st.Target = serve.FormDay(c, &f, "target"); st.Acceptance == scrutiny.Rejected {
			st.Target, f = "", nil // the date of an earlier response stands in the form
		}
	case scrutiny.ActMoveTarget:
		st.Target, st.Reason = serve.FormDay(c, &f, "target"), v("reason")
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
func (s pages) recommendationCheck(act office.Act) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		before, err := scrutiny.ReadRecommendationPage(serve.Ctx(c), s.Store, serve.Ref(c))
		if err != nil {
			return nil, err
		}
		st, f := recommendationStep(c, act)
		after, err := scrutiny.TryRecommendation(serve.Ctx(c), s.Store, serve.Viewer(c), before.Ref, act, st)
		if err := serve.JoinFaults(f, err); err != nil {
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

func (s pages) actOnRecommendation(act office.Act) serve.Step {
	return func(c echo.Context) (string, error) {
		ref := serve.Ref(c)
		st, f := recommendationStep(c, act)
		if err := f.Err(); err != nil {
			return "", err
		}
		if err := scrutiny.ActOnRecommendation(serve.Ctx(c), s.Store, serve.Viewer(c), ref, act, st); err != nil {
			return "", err
		}
		return "/recommendations/" + ref, s.Tell(c, recommendationSaid[act])
	}
}

// recommendationAsked is a new recommendation as an address asks for it: a
// source that begins with / is an address, any other is its words.
func recommendationAsked(c echo.Context) scrutiny.RecommendationForm {
	f := scrutiny.RecommendationForm{Kind: serve.Asked(c, "kind"), Body: serve.Asked(c, "body"), Committee: serve.Asked(c, "committee"), Title: serve.Asked(c, "title"), Text: serve.Asked(c, "text")}
	if f.Kind != scrutiny.ChargeUndertaking {
		f.Kind = scrutiny.ChargeRecommendation
	}
	f.Source = scrutiny.Origin{Text: serve.Asked(c, "source"), Href: serve.Asked(c, "address")}
	if strings.HasPrefix(f.Source.Text, "/") {
		f.Source = scrutiny.Origin{Href: f.Source.Text}
	}
	return f
}

// newRecommendation shows the form to whoever makes them for some committee.
func (s pages) newRecommendation(c echo.Context) (templ.Component, error) {
	all, err := scrutiny.AllCommittees(serve.Ctx(c), s.Store)
	if err != nil {
		return nil, err
	}
	mine := makersOf(all, serve.Viewer(c), civil.DayOf(s.Store.Now()))
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
		form.Target = serve.FormDay(c, &f, "target")
	}
	return form, f
}

func (s pages) newRecommendationCheck(c echo.Context) (templ.Component, error) {
	form, f := recommendationTyped(c)
	r, err := scrutiny.TryNewRecommendation(serve.Ctx(c), s.Store, serve.Viewer(c), form)
	if err := serve.JoinFaults(f, err); err != nil {
		return nil, err
	}
	return scrutinyview.RecommendationNewCheck(r), nil
}

func (s pages) makeRecommendation(c echo.Context) (string, error) {
	form, f := recommendationTyped(c)
	if err := f.Err(); err != nil {
		return "", err
	}
	ref, err := scrutiny.MakeRecommendation(serve.Ctx(c), s.Store, serve.Viewer(c), form)
	if err != nil {
		return "", err
	}
	return "/recommendations/" + ref, s.Tell(c, "It is recorded as "+ref+".")
}
