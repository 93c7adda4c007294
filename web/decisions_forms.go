package web

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/views"
)

// decisionAct is the form of one act on a decision.
type decisionAct struct {
	act      store.Act
	password bool   // asked for again: it binds a body
	said     string // once it is recorded
	do       func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (n int64, err error)
}

func (s *Server) decisionFormsRoutes() {
	s.form("/decisions/new", store.ProposeDecisions, s.newDecision, s.draftDecision)
	for _, a := range decisionActs {
		s.confirm("/decisions/:ref/"+string(a.act), decisionNeeds(a.act), a.password, s.decisionForm(a), s.decisionCheck(a), s.takeDecision(a))
	}
}

// decisionNeeds is the permission that an act on a decision needs.
func decisionNeeds(act store.Act) store.Permission {
	for _, m := range store.DecisionLife {
		if m.Act == act {
			return m.Need
		}
	}
	return store.KeepDecisions // to release Part 2, at any time of its life
}

// decisionForm shows the form of an act to whoever may do it now.
func (s *Server) decisionForm(a decisionAct) page {
	return func(c echo.Context) (templ.Component, error) {
		d, err := s.store.Decision(ctx(c), viewer(c), decisionRef(c))
		if err != nil {
			return nil, err
		}
		if err := d.Refusal(a.act, viewer(c)); err != nil {
			return nil, err
		}
		var missing error
		if a.act == store.PutForward {
			missing = s.store.Finished(ctx(c), viewer(c), decisionRef(c))
		}
		if missing != nil && store.KindOf(missing) != store.Invalid {
			return nil, missing
		}
		fault, _ := errors.AsType[*store.Error](inOrder(missing, paperFields))
		return views.DecisionForm(d, a.act, fault), nil
	}
}

// decisionCheck shows what an act would change, by trying it.
func (s *Server) decisionCheck(a decisionAct) page {
	return func(c echo.Context) (templ.Component, error) {
		d, err := s.store.Decision(ctx(c), viewer(c), decisionRef(c))
		if err != nil {
			return nil, err
		}
		t, f := decisionTyped(c, a.act, d)
		after, err := s.tryDecision(c, a, t)
		if err := joined(f, err); err != nil {
			return nil, inOrder(err, paperFields)
		}
		return views.DecisionCheck(d, after, a.act, t, a.password), nil
	}
}

// tryDecision is the decision as an act would leave it.
func (s *Server) tryDecision(c echo.Context, a decisionAct, t views.DecisionTyped) (after store.DecisionAt, err error) {
	err = s.store.Try(ctx(c), func(st *store.Store) error {
		if _, err := a.do(ctx(c), st, viewer(c), decisionRef(c), t); err != nil {
			return err
		}
		after, err = st.Decision(ctx(c), viewer(c), decisionRef(c))
		return err
	})
	return after, err
}

func (s *Server) takeDecision(a decisionAct) step {
	return func(c echo.Context) (string, error) {
		d, err := s.store.Decision(ctx(c), viewer(c), decisionRef(c))
		if err != nil {
			return "", err
		}
		t, f := decisionTyped(c, a.act, d)
		if err := f.Err(); err != nil {
			return "", err
		}
		n, err := a.do(ctx(c), s.store, viewer(c), decisionRef(c), t)
		if err != nil {
			return "", inOrder(err, paperFields)
		}
		if d.Draft() { // which gets its reference by being put forward
			if d, err = s.store.Decision(ctx(c), viewer(c), decisionRef(c)); err != nil {
				return "", err
			}
		}
		return d.Href(), s.told(c, fmt.Sprintf("%s event %s. Read your receipt at /record/%d.", a.said, store.Thousands(n), n))
	}
}

// decisionRef is the reference of the address: 2013-001, or draft-1.
func decisionRef(c echo.Context) string {
	ref, err := url.PathUnescape(c.Param("ref"))
	if err != nil {
		return "" // of no decision
	}
	return ref
}

// decisionTyped is what was typed for an act on a decision.
func decisionTyped(c echo.Context, act store.Act, d store.DecisionAt) (t views.DecisionTyped, f store.Faults) {
	v := c.FormValue
	t.Hash, t.Words, t.Ground = v("hash"), v(views.DecisionWords(act, d).Name), v("ground")
	t.Version, _ = strconv.ParseInt(v("version"), 10, 64) // 0 is of no paper: the store says so
	switch act {
	case store.EditPaper:
		t.Draft, f = draftTyped(c, d.Kind)
	case store.GiveView:
		t.View = store.ViewKind(v("kind"))
		if t.View == "" {
			t.View = d.ViewAsked()
		}
	case store.OpenDecision:
		t.Way = store.Way(v("way"))
		t.Closes = closingTyped(c, &f)
	case store.CastVote, store.GiveConsent:
		t.Choice, t.Consent = store.BallotChoice(v("choice")), v("consent")
		t.Conditions = strings.Split(v("conditions"), "\n")
	case store.PublishIt, store.CorrectNotice:
		t.Signed = formDay(c, &f, "signed")
	case store.HearCallIn:
		t.Outcome = store.HearingOutcome(v("outcome"))
	case store.MeetCondition:
		t.Condition = conditionTyped(c, d, &f)
	}
	return t, f
}

// closingTyped is when a poll is to close: a day and a time, or neither.
func closingTyped(c echo.Context, f *store.Faults) time.Time {
	day, hour := formDay(c, f, "closes"), strings.TrimSpace(c.FormValue("closes-time"))
	switch {
	case day == "" && hour != "" && len(*f) == 0:
		f.Add("closes", "Give the day on which the poll closes, or take away the time.")
	case day == "" || len(*f) > 0:
	case hour == "":
		f.Add("closes-time", "Give the time at which the poll closes, like 17:00.")
	default:
		at, err := day.At(hour)
		if f.Take("closes-time", err) == nil {
			return at
		}
	}
	return time.Time{}
}

// conditionTyped is the condition that was chosen, or else the first that is
// not met, so that all else that is wrong is told at once.
func conditionTyped(c echo.Context, d store.DecisionAt, f *store.Faults) int {
	n, err := strconv.Atoi(c.FormValue("condition"))
	if err == nil {
		return n
	}
	f.Add("condition", "Choose the condition that is met.")
	return max(0, slices.IndexFunc(d.Conditions, func(o store.ConsentCondition) bool { return o.Met.IsZero() }))
}

// decisionActs are the acts on a decision, each as its form sends it.
var decisionActs = []decisionAct{
	{store.EditPaper, false, "The paper is changed: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		return st.EditDecision(ctx, by, ref, t.Version, t.Draft)
	}},
	{store.PutForward, false, "The decision is put forward: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		_, n, err := st.PutForward(ctx, by, ref, t.Version)
		return n, err
	}},
	{store.GiveView, false, "Your view is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		return st.View(ctx, by, ref, t.Hash, t.View, t.Words)
	}},
	{store.OpenDecision, false, "Those who decide are asked: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		return st.OpenDecision(ctx, by, ref, store.OpenForm{Way: t.Way, Closes: t.Closes})
	}},
	{store.CastVote, true, "Recorded: your vote is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		return st.Cast(ctx, by, ref, store.BallotForm{Hash: t.Hash, Role: store.Votes, Choice: t.Choice, Reason: t.Words})
	}},
	{store.GiveConsent, true, "Recorded: your answer is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		return st.Cast(ctx, by, ref, store.BallotForm{Hash: t.Hash, Role: store.Consents_, Consent: t.Consent, Choice: t.Choice, Reason: t.Words, Conditions: t.Conditions})
	}},
	{store.ReturnPaper, false, "The paper is returned for changes: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		return st.ReturnDecision(ctx, by, ref, t.Hash, t.Words)
	}},
	{store.ClosePoll, true, "The poll is closed: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, _ views.DecisionTyped) (int64, error) {
		return st.ClosePoll(ctx, by, ref)
	}},
	{store.DeferDecision, false, "The decision is deferred: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		return st.DeferDecision(ctx, by, ref, t.Words)
	}},
	{store.ResumeDecision, false, "The decision is taken up again: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, _ views.DecisionTyped) (int64, error) {
		return st.ResumeDecision(ctx, by, ref)
	}},
	{store.WithdrawIt, false, "The decision is withdrawn: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		return st.WithdrawDecision(ctx, by, ref, t.Words)
	}},
	{store.AgreeUrgency, true, "You agreed that it is urgent: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, _ views.DecisionTyped) (int64, error) {
		return st.AgreeUrgency(ctx, by, ref)
	}},
	{store.PublishIt, true, "The notice is published: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		return st.PublishDecision(ctx, by, ref, t.Signed)
	}},
	{store.CorrectNotice, false, "The notice is corrected: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		return st.CorrectDecision(ctx, by, ref, t.Signed, t.Words)
	}},
	{store.SignCallIn, true, "Recorded: your signature is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		return st.SignCallIn(ctx, by, ref, t.Ground, t.Words)
	}},
	{store.UnsignCallIn, false, "Your signature is withdrawn: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, _ views.DecisionTyped) (int64, error) {
		return st.UnsignCallIn(ctx, by, ref)
	}},
	{store.HearCallIn, true, "The hearing is recorded: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		return st.HearCallIn(ctx, by, ref, t.Outcome, t.Words)
	}},
	{store.MeetCondition, false, "The condition is met: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		return st.MeetCondition(ctx, by, ref, t.Condition, t.Words)
	}},
	{store.ImplementIt, false, "The implementation is recorded: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		return st.ImplementDecision(ctx, by, ref, t.Words)
	}},
	{store.ReleasePart2, false, "Part 2 is released: it is", func(ctx context.Context, st *store.Store, by store.Viewer, ref string, t views.DecisionTyped) (int64, error) {
		return st.ReleasePart2(ctx, by, ref, t.Words)
	}},
}
