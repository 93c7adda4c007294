package decisions

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	decisionsview "github.com/police-ict/handover/views/decisions"
	"github.com/police-ict/handover/web/serve"
)

// ActForm is the form of one act on a decision.
type ActForm struct {
	Act      office.Act
	password bool   // asked for again: it binds a body
	said     string // once it is recorded
	Do       func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (n int64, err error)
}

func (s pages) decisionFormsRoutes() {
	s.Form("/decisions/new", office.ProposeDecisions, s.newDecision, s.draftDecision, serve.One("matter"))
	for _, a := range ActForms {
		if slices.Contains([]office.Act{decisions.ActEdit, decisions.ActPutForward, decisions.ActWithdraw}, a.Act) {
			s.Edits("/decisions/:ref/" + string(a.Act))
		}
		if a.Act == decisions.ActGiveView {
			s.Drafts("/decisions/:ref/view", func(c echo.Context) string { return "View of decision " + serve.Ref(c) })
		}
		var takes []serve.Params
		if a.Act == decisions.ActEdit {
			takes = append(takes, serve.One("section"))
		}
		s.Confirm("/decisions/:ref/"+string(a.Act), Needs(a.Act), a.password, s.decisionForm(a), s.decisionCheck(a), Take(s.Server, a), takes...)
	}
}

// Needs is the permission that an act on a decision needs.
func Needs(act office.Act) office.Permission {
	for _, m := range decisions.Life {
		if m.Act == act {
			return m.Need
		}
	}
	return office.KeepDecisions // to release Part 2, at any time of its life
}

// decisionForm shows the form of an act to whoever may do it now.
func (s pages) decisionForm(a ActForm) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		d, err := decisions.ReadPage(serve.Ctx(c), s.Store, serve.Viewer(c), serve.Ref(c))
		if err != nil {
			return nil, err
		}
		if err := d.Refusal(a.Act, serve.Viewer(c)); err != nil {
			return nil, err
		}
		part, err := partAsked(c, d)
		if err != nil || a.Act != decisions.ActPutForward {
			return decisionsview.DecisionForm(d, a.Act, part, nil), err
		}
		missing, err := s.missing(c)
		if missing != nil && missing.Kind != fault.Invalid {
			return nil, missing
		}
		return decisionsview.DecisionForm(d, a.Act, part, missing), err
	}
}

// decisionCheck shows what an act would change, by trying it.
func (s pages) decisionCheck(a ActForm) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		d, err := decisions.ReadPage(serve.Ctx(c), s.Store, serve.Viewer(c), serve.Ref(c))
		if err != nil {
			return nil, err
		}
		t, f := decisionTyped(c, a.Act, d)
		after, err := s.tryDecision(c, a, t)
		if err := serve.JoinFaults(f, err); err != nil {
			return nil, serve.OrderFaults(err, paperFields)
		}
		return decisionsview.DecisionCheck(d, after, a.Act, t, a.password), nil
	}
}

// tryDecision is the decision as an act would leave it.
func (s pages) tryDecision(c echo.Context, a ActForm, t decisionsview.DecisionTyped) (after decisions.Page, err error) {
	err = record.Try(serve.Ctx(c), s.Store, func(st *db.Tx) error {
		if _, err := a.Do(serve.Ctx(c), st, serve.Viewer(c), serve.Ref(c), t); err != nil {
			return err
		}
		after, err = decisions.ReadPage(serve.Ctx(c), st, serve.Viewer(c), serve.Ref(c))
		return err
	})
	return after, err
}

// Take records an act on a decision.
func Take(s *serve.Server, a ActForm) serve.Step {
	return func(c echo.Context) (string, error) {
		d, err := decisions.ReadPage(serve.Ctx(c), s.Store, serve.Viewer(c), serve.Ref(c))
		if err != nil {
			return "", err
		}
		t, f := decisionTyped(c, a.Act, d)
		if err := f.Err(); err != nil {
			return "", err
		}
		n, err := a.Do(serve.Ctx(c), s.Store, serve.Viewer(c), serve.Ref(c), t)
		if err != nil {
			return "", serve.OrderFaults(err, paperFields)
		}
		if d.Draft() { // which gets its reference by being put forward
			if d, err = decisions.ReadPage(serve.Ctx(c), s.Store, serve.Viewer(c), serve.Ref(c)); err != nil {
				return "", err
			}
		}
		return d.Href(), s.TellReceipt(c, doneWords(a, d, t), n)
	}
}

// doneWords say what was recorded: of an answer to a request for approval,
// which it was.
func doneWords(a ActForm, d decisions.Page, t decisionsview.DecisionTyped) string {
	if a.Act == decisions.ActVote && d.Way == authority.ByApproval {
		if t.Choice == authority.For {
			return "Your approval has been recorded."
		}
		return "Your refusal has been recorded."
	}
	return a.said
}

// decisionTyped is what was typed for an act on a decision.
func decisionTyped(c echo.Context, act office.Act, d decisions.Page) (t decisionsview.DecisionTyped, f fault.Faults) {
	v := c.FormValue
	t.Hash, t.Words, t.Ground = v("hash"), v(decisionsview.DecisionWords(act, d).Name), v("ground")
	t.Version, _ = strconv.ParseInt(v("version"), 10, 64) // 0 is of no paper: the store says so
	switch act {
	case decisions.ActEdit:
		t.Draft, f = draftTyped(c, d.Kind)
		if part, err := partAsked(c, d); err == nil && part.Key != "" {
			t.Draft, t.Version = partTyped(part, d, t.Draft), d.Edition()
		}
	case decisions.ActGiveView:
		t.View = authority.ViewKind(v("kind"))
		if t.View == "" {
			t.View = d.ViewAsked()
		}
	case decisions.ActOpen:
		t.Way = authority.Way(v("way"))
		t.Closes = closingTyped(c, &f)
	case decisions.ActVote, decisions.ActConsent:
		t.Choice, t.Consent = authority.BallotChoice(v("choice")), v("consent")
		t.Conditions = strings.Split(v("conditions"), "\n")
	case decisions.ActPublish, decisions.ActCorrect:
		t.Signed = serve.FormDay(c, &f, "signed")
	case decisions.ActHearCallIn:
		t.Outcome = authority.HearingOutcome(v("outcome"))
	case decisions.ActMeetCondition:
		t.Condition = conditionTyped(c, d, &f)
	}
	return t, f
}

// closingTyped is when a poll is to close: a day and a time, or neither.
func closingTyped(c echo.Context, f *fault.Faults) time.Time {
	day, hour := serve.FormDay(c, f, "closes"), strings.TrimSpace(c.FormValue("closes-time"))
	switch {
	case day == "" && hour != "" && len(*f) == 0:
		f.Add("closes", "Enter the date the poll closes, or remove the time.")
	case day == "" || len(*f) > 0:
	case hour == "":
		f.Add("closes-time", "Enter the time the poll closes, like 5pm.")
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
func conditionTyped(c echo.Context, d decisions.Page, f *fault.Faults) int {
	n, err := strconv.Atoi(c.FormValue("condition"))
	if err == nil {
		return n
	}
	f.Add("condition", "Choose the condition that has been met.")
	return max(0, slices.IndexFunc(d.Conditions, func(o authority.ConsentCondition) bool { return o.Met.IsZero() }))
}

// ActForms are the acts on a decision, each as its form sends it.
var ActForms = []ActForm{
	{decisions.ActEdit, false, "The paper has been changed.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		return decisions.Edit(ctx, st, by, ref, t.Version, t.Draft)
	}},
	{decisions.ActPutForward, false, "The decision has been proposed.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		_, n, err := decisions.PutForwardPaper(ctx, st, by, ref, t.Version)
		return n, err
	}},
	{decisions.ActGiveView, false, "Your view has been recorded.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		return decisions.GiveView(ctx, st, by, ref, t.Hash, t.View, t.Words)
	}},
	{decisions.ActOpen, false, "Voting is open.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		return decisions.OpenVoting(ctx, st, by, ref, decisions.OpenForm{Way: t.Way, Closes: t.Closes})
	}},
	{decisions.ActVote, true, "Your vote has been recorded.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		return decisions.CastBallot(ctx, st, by, ref, decisions.BallotForm{Hash: t.Hash, Role: authority.Votes, Choice: t.Choice, Reason: t.Words})
	}},
	{decisions.ActConsent, true, "Your answer has been recorded.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		return decisions.CastBallot(ctx, st, by, ref, decisions.BallotForm{Hash: t.Hash, Role: authority.Consents, Consent: t.Consent, Choice: t.Choice, Reason: t.Words, Conditions: t.Conditions})
	}},
	{decisions.ActReturn, false, "The paper has been returned for changes.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		return decisions.Return(ctx, st, by, ref, t.Hash, t.Words)
	}},
	{decisions.ActClosePoll, true, "The poll has been closed.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, _ decisionsview.DecisionTyped) (int64, error) {
		return decisions.ClosePoll(ctx, st, by, ref)
	}},
	{decisions.ActDefer, false, "The decision has been deferred.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		return decisions.Defer(ctx, st, by, ref, t.Words)
	}},
	{decisions.ActResume, false, "The decision has been resumed.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, _ decisionsview.DecisionTyped) (int64, error) {
		return decisions.Resume(ctx, st, by, ref)
	}},
	{decisions.ActWithdraw, false, "The decision has been withdrawn.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		return decisions.Withdraw(ctx, st, by, ref, t.Words)
	}},
	{decisions.ActAgreeUrgency, true, "Your agreement has been recorded.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, _ decisionsview.DecisionTyped) (int64, error) {
		return decisions.AgreeUrgency(ctx, st, by, ref)
	}},
	{decisions.ActPublish, true, "The notice has been published.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		return decisions.Publish(ctx, st, by, ref, t.Signed)
	}},
	{decisions.ActCorrect, false, "The notice has been corrected.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		return decisions.Correct(ctx, st, by, ref, t.Signed, t.Words)
	}},
	{decisions.ActSignCallIn, true, "Your signature has been recorded.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		return decisions.SignCallIn(ctx, st, by, ref, t.Ground, t.Words)
	}},
	{decisions.ActUnsignCallIn, false, "Your signature has been withdrawn.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, _ decisionsview.DecisionTyped) (int64, error) {
		return decisions.UnsignCallIn(ctx, st, by, ref)
	}},
	{decisions.ActHearCallIn, true, "The hearing has been recorded.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		return decisions.HearCallIn(ctx, st, by, ref, t.Outcome, t.Words)
	}},
	{decisions.ActMeetCondition, false, "The condition has been recorded as met.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		return decisions.MeetCondition(ctx, st, by, ref, t.Condition, t.Words)
	}},
	{decisions.ActImplement, false, "The implementation has been recorded.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		return decisions.Implement(ctx, st, by, ref, t.Words)
	}},
	{decisions.ActReleasePart2, false, "Part 2 has been released.", func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, t decisionsview.DecisionTyped) (int64, error) {
		return decisions.ReleasePart2(ctx, st, by, ref, t.Words)
	}},
}
