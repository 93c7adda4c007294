package scrutiny

import (
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
)

// RecommendationForm is what a committee makes a recommendation of, or records
// an undertaking by.
type RecommendationForm struct {
	Kind, Committee, Body, Title, Text string
	Source                             Origin
	Target                             civil.Day // of an undertaking
}

// check tidies a form and says what is wrong with it by itself.
func (f *RecommendationForm) check(today civil.Day) error {
	var bad fault.Faults
	f.Title, f.Text, f.Source.Text, f.Source.Href = text.OneLine(f.Title), text.Paragraphs(f.Text), text.OneLine(f.Source.Text), text.OneLine(f.Source.Href)
	if f.Kind != ChargeRecommendation && f.Kind != ChargeUndertaking {
		bad.Add("kind", "Choose whether it is a recommendation or an undertaking.")
	}
	text.Tidy(&bad, "title", "a title", f.Title, true, 200)
	text.Tidy(&bad, "text", "the text", f.Text, true, 5000)
	text.Tidy(&bad, "source", "the source: a report, a meeting or an answer", f.Source.Text, true, 300)
	if f.Source.Href != "" && !within(f.Source.Href) {
		bad.Add("address", "Enter an address on this site, beginning with /, for example /meetings/3.")
	}
	switch b, ok := office.BodyOf(f.Body); {
	case !ok:
		bad.Add("body", "Choose the body from the list.")
	case !b.Exists(today) || !answersAt(b):
		bad.Add("body", "No one can answer for %s. Choose another body.", b.Short)
	default:
		f.Body = b.Slug
	}
	if f.Kind == ChargeUndertaking {
		checkTarget(&bad, f.Target, today)
	} else if f.Target != "" {
		bad.Add("target", "Leave the target date empty. The body sets it when it responds.")
	}
	return bad.Err()
}

// answersAt reports whether there may be an office at a body that answers for it.
func answersAt(b office.Body) bool {
	return slices.ContainsFunc(office.KindsWith(office.AnswerQuestions), func(k office.Kind) bool { return k.Fits(b) })
}

// checkTarget is the rule for a target date.
func checkTarget(bad *fault.Faults, target, today civil.Day) {
	n := len(*bad)
	civil.CheckDay(bad, "target", "the target date", target)
	if len(*bad) == n && target < today {
		bad.Add("target", "%s has passed. Enter today or a later date.", target)
	}
}

// MayMake says whether v may make a recommendation or record an undertaking for
// a committee, to a body, or why not. No body is any.
func (c Committee) MayMake(v office.Viewer, body string, on civil.Day) error {
	if !v.Can(office.SitOnCommittees) {
		return fault.Forbidden.Errorf("Only a scrutiny committee can make recommendations.")
	}
	if err := c.May(v, on, SeatChair, SeatClerk); err != nil {
		return err
	}
	if body != "" && atBody(v, body) {
		return fault.Forbidden.Errorf("You hold a role at %s, so someone else on the committee must do this.", office.ShortName(body))
	}
	return nil
}

// RecommendationStep is what is sent for an act on a recommendation. Each act
// takes its own fields.
type RecommendationStep struct {
	Turn       int64 // of what was read: 0 is not said
	Acceptance Acceptance
	Target     civil.Day
	Reason     string // of a response, a move or a closing
	Text       string // progress, evidence or minute
	Decision   string // that a claim rests on
	Document   int64
	Ground     ClosingGround
}

// A recommendationRule works out how a recommendation stands after an act.
type recommendationRule func(Recommendation, RecommendationStep, Mark) (Recommendation, error)

var recommendationRules = map[office.Act]recommendationRule{
	ActRespond: Recommendation.respond, ActNoteProgress: Recommendation.note, ActMoveTarget: Recommendation.move, ActClaim: Recommendation.claim,
	ActVerify: verdictRule(true), ActRefuseClaim: verdictRule(false), ActClose: Recommendation.close,
	ActGivePriority: priorityRule(true), ActTakePriority: priorityRule(false),
}

// after is the recommendation after an act that its life allows, as far as its
// own rules go.
func (r Recommendation) after(act office.Act, st RecommendationStep, by Mark) (Recommendation, error) {
	then, err := recommendationRules[act](r, st, by)
	for _, m := range RecommendationLife {
		if m.From == r.Implementation && m.Act == act {
			then.Implementation = m.To
		}
	}
	return then, err
}

// respond answers it. A later response stands in place of the earlier ones, and
// a target date that differs from the last is a move.
func (r Recommendation) respond(st RecommendationStep, by Mark) (Recommendation, error) {
	var bad fault.Faults
	st.Reason = strings.TrimSpace(st.Reason)
	last, moved := r.LastTarget(), false
	switch {
	case st.Acceptance.InAnyForm():
		checkTarget(&bad, st.Target, by.On())
		moved = last != "" && st.Target != last
	case st.Acceptance != Rejected:
		bad.Add("acceptance", "Choose your body’s response.")
	case st.Target != "":
		bad.Add("target", "Leave the target date empty if you reject the recommendation.")
	}
	text.Tidy(&bad, "reason", "the reason", st.Reason, st.Acceptance != Accepted && st.Acceptance != "" || moved, 5000)
	if err := bad.Err(); err != nil {
		return r, err
	}
	if moved {
		r.Moves = append(slices.Clone(r.Moves), TargetMove{last, st.Target, st.Reason, by})
	} else if r.First == "" {
		r.First = st.Target
	}
	r.Acceptance, r.Target = st.Acceptance, st.Target
	r.Responses = append(slices.Clone(r.Responses), BodyResponse{st.Acceptance, st.Reason, st.Target, by})
	return r, nil
}

func (r Recommendation) note(st RecommendationStep, by Mark) (Recommendation, error) {
	var bad fault.Faults
	st.Text = strings.TrimSpace(st.Text)
	text.Tidy(&bad, "text", "the progress so far", st.Text, true, 5000)
	r.Notes = append(slices.Clone(r.Notes), ProgressNote{st.Text, by})
	return r, bad.Err()
}

func (r Recommendation) move(st RecommendationStep, by Mark) (Recommendation, error) {
	var bad fault.Faults
	st.Reason = strings.TrimSpace(st.Reason)
	checkTarget(&bad, st.Target, by.On())
	if len(bad) == 0 && st.Target == r.Target {
		bad.Add("target", "The target date is already %s. Enter a different date or cancel.", r.Target)
	}
	text.Tidy(&bad, "reason", "the reason for changing the target date", st.Reason, true, 2000)
	r.Moves = append(slices.Clone(r.Moves), TargetMove{r.Target, st.Target, st.Reason, by})
	r.Target = st.Target
	return r, bad.Err()
}

// claim is the body's word only: it closes nothing.
func (r Recommendation) claim(st RecommendationStep, by Mark) (Recommendation, error) {
	var bad fault.Faults
	st.Text = strings.TrimSpace(st.Text)
	text.Tidy(&bad, "text", "the evidence that it is done", st.Text, true, 5000)
	r.Claims = append(slices.Clone(r.Claims), Claim{Evidence: st.Text, Decision: strings.TrimSpace(st.Decision), Document: st.Document, Mark: by})
	return r, bad.Err()
}

// verdictRule is what the committee finds of the last claim.
func verdictRule(verified bool) recommendationRule {
	return func(r Recommendation, st RecommendationStep, by Mark) (Recommendation, error) {
		var bad fault.Faults
		st.Text = strings.TrimSpace(st.Text)
		text.Tidy(&bad, "text", "the minute: the meeting, its date and what was found", st.Text, true, 2000)
		r.Claims = slices.Clone(r.Claims)
		r.Claims[len(r.Claims)-1].Verdict = &ClaimVerdict{verified, st.Text, by}
		return r, bad.Err()
	}
}

func priorityRule(has bool) recommendationRule {
	return func(r Recommendation, _ RecommendationStep, _ Mark) (Recommendation, error) {
		r.Priority = has
		return r, nil
	}
}

func (r Recommendation) close(st RecommendationStep, by Mark) (Recommendation, error) {
	var bad fault.Faults
	st.Reason = strings.TrimSpace(st.Reason)
	if !slices.Contains(r.ClosingGrounds(), st.Ground) {
		bad.Add("ground", "Choose why you are closing it.")
	}
	text.Tidy(&bad, "reason", "the reason, and the meeting that decided it", st.Reason, true, 2000)
	r.Closed = &Closing{st.Ground, st.Reason, r.Implementation, by}
	return r, bad.Err()
}
