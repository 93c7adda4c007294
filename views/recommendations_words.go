package views

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/police-ict/handover/store"
)

// RecommendationsPage is how many recommendations a page of the list shows.
const RecommendationsPage = 50

// RecommendationsAddress is the list under a filter, before a reference.
func RecommendationsAddress(path string, f store.RecommendationFilter) string {
	return query(path, "acceptance", string(f.Acceptance), "implementation", string(f.Implementation), "age", f.Age, "body", f.Body, "committee", f.Committee,
		"kind", f.Kind, "priority", f.Priority, "q", f.Words, "before", f.Before)
}

// AcceptanceWords is what was said to a recommendation, in words.
func AcceptanceWords(a store.Acceptance) string {
	return map[store.Acceptance]string{store.Awaited: "no response yet", store.Accepted: "accepted", store.Partly: "accepted in part", store.InPrinciple: "accepted in principle",
		store.Rejected: "rejected", store.InAnyForm: "accepted in any form"}[a]
}

// ImplementationWords is how far a recommendation is done, in words.
func ImplementationWords(i store.RecommendationStatus) string {
	return map[store.RecommendationStatus]string{store.NotStarted: "not started", store.InProgress: "in progress", store.ClaimedDone: "claimed", store.NotVerified: "not verified",
		store.VerifiedDone: "verified", store.ClosedUndone: "closed, not done"}[i]
}

func implementationTone(i store.RecommendationStatus) string {
	return map[store.RecommendationStatus]string{store.NotStarted: "unknown", store.InProgress: "info", store.ClaimedDone: "wait", store.NotVerified: "bad", store.VerifiedDone: "good", store.ClosedUndone: "plain"}[i]
}

func acceptanceTone(a store.Acceptance) string {
	return map[store.Acceptance]string{store.Awaited: "wait", store.Accepted: "good", store.Partly: "info", store.InPrinciple: "info", store.Rejected: "bad"}[a]
}

// kindNoun is what it is, with a capital.
func kindNoun(r store.Recommendation) string { return store.Capital(r.Kind) }

// WasItDone is the first line of a recommendation's page: whether it was done,
// in words, with what tone.
func WasItDone(r store.RecommendationAt) (tone, say string) {
	body := store.ShortName(r.Body)
	claim, _ := r.LastClaim()
	switch {
	case r.Implementation == store.VerifiedDone:
		return "good", fmt.Sprintf("Yes. The committee verified it on %s.", claim.Verdict.Mark.On())
	case r.Implementation == store.ClosedUndone:
		return "plain", fmt.Sprintf("No. It was closed without being verified on %s: %s.", r.Closed.Mark.On(), r.Closed.Ground)
	case r.Implementation == store.ClaimedDone:
		return "wait", fmt.Sprintf("%s says so since %s. The committee has not verified it.", store.Capital(body), claim.Mark.On())
	case r.Acceptance == store.Awaited && r.Late(r.Day()):
		return "bad", fmt.Sprintf("No. %s has not responded: its response was due on %s.", store.Capital(body), r.ResponseDue)
	case r.Acceptance == store.Awaited:
		return "wait", fmt.Sprintf("Not yet. %s has not responded.", store.Capital(body))
	case r.Acceptance == store.Rejected:
		return "bad", fmt.Sprintf("No. %s rejected it on %s.", store.Capital(body), r.Responses[len(r.Responses)-1].Mark.On())
	case r.Implementation == store.NotVerified:
		return "bad", fmt.Sprintf("No. %s claimed it, and on %s the committee did not find it done.", store.Capital(body), claim.Verdict.Mark.On())
	case r.Late(r.Day()):
		return "bad", fmt.Sprintf("No. It is %s, and %s.", ImplementationWords(r.Implementation), lateWords(r))
	}
	return "info", fmt.Sprintf("Not yet. It is %s.", ImplementationWords(r.Implementation))
}

func lateWords(r store.RecommendationAt) string {
	return store.Count(r.Due().Until(r.Day()), "day", "days") + " past its target date"
}

// OwesWhat says who owes what by when.
func OwesWhat(r store.RecommendationAt) string {
	body := store.ShortName(r.Body)
	by := " by " + r.Due().String() + "."
	if r.Late(r.Day()) {
		by = fmt.Sprintf(": it was due on %s, %s ago.", r.Due(), store.Count(r.Due().Until(r.Day()), "day", "days"))
	}
	switch r.Waits() {
	case store.WaitsResponse:
		return store.Capital(body) + " owes a response" + by
	case store.WaitsWork:
		return store.Capital(body) + " owes the work" + by
	case store.WaitsVerdict:
		return committeeOf(r) + " is to verify the claim, or to find it not done. No day is set for that."
	case store.WaitsRejection:
		return committeeOf(r) + " is to accept the rejection, or to go on asking. No day is set for that."
	}
	return "Nobody owes anything: it is closed."
}

// committeeOf names the committee that has it, or says that none has.
func committeeOf(r store.RecommendationAt) string {
	c := r.Holder()
	if c.Ended(r.Day()) {
		return "The mandate of the " + c.Name + " has ended and no other committee has accepted this: a successor"
	}
	return "The " + c.Name
}

// MovedWords counts the moves of the target date.
func MovedWords(r store.Recommendation) string {
	n := len(r.Moves)
	if n == 0 {
		return "never moved"
	}
	words := fmt.Sprintf("moved %s, ", store.Count(n, "time", "times"))
	switch slip := r.Slip(); {
	case slip > 0:
		return words + store.Count(slip, "day", "days") + " later than first promised"
	case slip < 0:
		return words + store.Count(-slip, "day", "days") + " earlier than first promised"
	}
	return words + "and stands again as first promised"
}

// RecommendationVerb is an act as its button says it.
func RecommendationVerb(act store.Act) string {
	return map[store.Act]string{store.RespondToIt: "Respond", store.NoteProgress: "Record progress", store.MoveTarget: "Move the target date", store.ClaimIt: "Claim that it is done",
		store.VerifyIt: "Verify the claim", store.RefuseClaim: "Find it not done", store.CloseIt: "Close it without verifying", store.GivePriority: "Give it priority", store.TakePriority: "Take its priority away"}[act]
}

func recommendationWarning(act store.Act) string {
	return map[store.Act]string{
		store.RespondToIt:  "Your body is bound by its response. It can be changed only by a new one, and this one stays shown.",
		store.NoteProgress: "The note is published and stays.",
		store.MoveTarget:   "The first target date stays shown, with every move and its reason.",
		store.ClaimIt:      "This is your body’s word. It closes nothing: the committee verifies it.",
		store.VerifyIt:     "This closes the matter for good. Nothing can be added to it afterwards.",
		store.RefuseClaim:  "It goes back to the body, with what the committee found.",
		store.CloseIt:      "This closes the matter for good, as not done. Nothing can be added to it afterwards.",
		store.GivePriority: fmt.Sprintf("A committee gives priority to %s at a time, so that it keeps its meaning.", store.Count(store.Scrutiny().Priority, "open matter", "open matters")),
		store.TakePriority: "That it had priority stays in the record.",
	}[act]
}

// newestFirst is a list turned round.
func newestFirst[T any](all []T) []T {
	out := slices.Clone(all)
	slices.Reverse(out)
	return out
}

// tellRecommendation tells an event of a recommendation in words.
func tellRecommendation(r store.RecommendationAt, e store.Event) toldEvent {
	t := toldEvent{Event: e, Title: ActInWords(e.Act), By: actingOffice(e, r.Names)}
	note := func(words ...string) { t.Notes = append(t.Notes, words...) }
	for _, a := range r.Responses {
		if a.Mark.N == e.N {
			t.Title = "Response: " + AcceptanceWords(a.Acceptance)
			note(paragraphs(a.Reason)...)
			if a.Target != "" {
				note("Target date: " + a.Target.String() + ".")
			}
		}
	}
	for _, m := range r.Moves {
		if m.Mark.N == e.N {
			note(fmt.Sprintf("The target date moved from %s to %s.", m.From, m.To))
			if e.Act == "recommendation."+string(store.MoveTarget) {
				note(paragraphs(m.Reason)...)
			}
		}
	}
	for _, p := range r.Notes {
		if p.Mark.N == e.N {
			note(paragraphs(p.Text)...)
		}
	}
	for _, c := range r.Claims {
		if c.Mark.N == e.N {
			note(paragraphs(c.Evidence)...)
			t.Link = claimLink(c)
		}
		if c.Verdict != nil && c.Verdict.Mark.N == e.N {
			note(paragraphs(c.Verdict.Minute)...)
		}
	}
	if r.Closed != nil && r.Closed.Mark.N == e.N {
		note(sentenced(store.Capital(string(r.Closed.Ground)))+" It was "+ImplementationWords(r.Closed.Was)+".", r.Closed.Reason)
	}
	return t
}

// claimLink leads to what a claim rests on.
func claimLink(c store.DoneClaim) Link {
	switch {
	case c.Decision != "":
		return Link{"/decisions/" + c.Decision, "Decision " + c.Decision}
	case c.Document != 0:
		return Link{fmt.Sprintf("/documents/%d", c.Document), fmt.Sprintf("Document %d", c.Document)}
	}
	return Link{}
}

// yearsWords is a number of days in years, with one decimal: 1.4 years.
func yearsWords(days int) string {
	return strconv.FormatFloat(float64(days)/365.25, 'f', 1, 64) + " years"
}

func acceptanceChoices() []Choice {
	all := []Choice{{Label: "Whatever was said"}, {Value: string(store.InAnyForm), Label: "Accepted in any form"}}
	for _, a := range store.Acceptances {
		all = append(all, Choice{Value: string(a), Label: store.Capital(AcceptanceWords(a))})
	}
	return all
}

func implementationChoices() []Choice {
	all := []Choice{{Label: "However far it is"}}
	for _, i := range store.RecommendationStatuses {
		all = append(all, Choice{Value: string(i), Label: store.Capital(ImplementationWords(i))})
	}
	return all
}

func ageChoices() []Choice {
	all := []Choice{{Label: "Any age"}}
	for _, a := range store.RecommendationAges {
		all = append(all, Choice{Value: a, Label: store.Capital(a)})
	}
	return all
}

// recommendationsCount says how many the filter chooses.
func recommendationsCount(p store.RecommendationsPage) string {
	words := store.Count(int(p.Count), "matter", "matters")
	if p.Tally.Capped {
		words = num(p.Count) + " matters among the newest " + num(store.RecommendationsRead) + " with these words"
	}
	if int64(len(p.All)) < p.Count {
		words += fmt.Sprintf("; %d on this page", len(p.All))
	}
	return words
}

// responseChoices are the responses that a body can give.
func responseChoices() (all []Choice) {
	for _, a := range store.Acceptances {
		if a != store.Awaited {
			all = append(all, Choice{Value: string(a), Label: store.Capital(AcceptanceWords(a))})
		}
	}
	return all
}

func closingChoices(r store.Recommendation) (all []Choice) {
	for _, g := range r.ClosingGrounds() {
		all = append(all, Choice{Value: string(g), Label: store.Capital(string(g))})
	}
	return all
}

// recommendationChanges compares a recommendation before and after an act.
func recommendationChanges(was, is store.RecommendationAt) (all []stateFact) {
	add := func(name, before, after string) {
		if before != after {
			all = append(all, stateFact{name, before, after})
		}
	}
	add("What the body says", store.Capital(AcceptanceWords(was.Acceptance)), store.Capital(AcceptanceWords(is.Acceptance)))
	add("How far it is done", store.Capital(ImplementationWords(was.Implementation)), store.Capital(ImplementationWords(is.Implementation)))
	add("First target date", dayOrNone(was.First), dayOrNone(is.First))
	add("Target date now", dayOrNone(was.Target), dayOrNone(is.Target))
	add("Moves of the target date", MovedWords(was.Recommendation), MovedWords(is.Recommendation))
	add("Priority", yesNoWords(was.Priority), yesNoWords(is.Priority))
	add("Who owes what", OwesWhat(was), OwesWhat(is))
	return all
}

// stateFact is one thing before and after an act.
type stateFact struct{ Name, Before, After string }

func dayOrNone(d store.Day) string {
	if d == "" {
		return "None"
	}
	return d.String()
}

func yesNoWords(v bool) string {
	if v {
		return "Yes"
	}
	return "No"
}

// recommendationTyped is what was typed for an act, as its check page shows it.
func recommendationTyped(act store.Act, st store.RecommendationStep) (all []stateFact) {
	add := func(name, v string) {
		if strings.TrimSpace(v) != "" {
			all = append(all, stateFact{Name: name, After: v})
		}
	}
	if st.Acceptance != "" {
		add("Response", store.Capital(AcceptanceWords(st.Acceptance)))
	}
	if st.Ground != "" {
		add("Ground", store.Capital(string(st.Ground)))
	}
	add("Target date", st.Target.String())
	add("Reason", st.Reason)
	add(map[store.Act]string{store.ClaimIt: "Evidence", store.NoteProgress: "Progress", store.VerifyIt: "Minute", store.RefuseClaim: "Minute"}[act], st.Text)
	add("Decision", st.Decision)
	add("Document", number(st.Document))
	return all
}

// recommendationKicker is the reference with what sets it apart.
func recommendationKicker(r store.Recommendation) string {
	words := r.Ref
	if r.Undertaking() {
		words += ", undertaking"
	}
	if r.Priority {
		words += ", priority"
	}
	return words
}
