package scrutiny

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/text"
	decisionsview "github.com/police-ict/handover/views/decisions"
	"github.com/police-ict/handover/views/page"
	recordview "github.com/police-ict/handover/views/record"
)

// RecommendationsPage is how many recommendations a page of the list shows.
const RecommendationsPage = 50

// RecommendationsAddress is the list under a filter, before a reference.
func RecommendationsAddress(path string, f scrutiny.RecommendationFilter) string {
	return page.Query(path, "acceptance", string(f.Acceptance), "implementation", string(f.Implementation), "age", f.Age, "body", f.Body, "committee", f.Committee,
		"kind", f.Kind, "priority", f.Priority, "q", f.Words, "before", f.Before)
}

// AcceptanceWords is what was said to a recommendation, in words.
func AcceptanceWords(a scrutiny.Acceptance) string {
	return map[scrutiny.Acceptance]string{scrutiny.Awaited: "no response yet", scrutiny.Accepted: "accepted", scrutiny.Partly: "accepted in part", scrutiny.InPrinciple: "accepted in principle",
		scrutiny.Rejected: "rejected", scrutiny.InAnyForm: "accepted in any form"}[a]
}

// ImplementationWords is how far a recommendation is done, in words.
func ImplementationWords(i scrutiny.RecommendationStatus) string {
	return map[scrutiny.RecommendationStatus]string{scrutiny.NotStarted: "not started", scrutiny.InProgress: "in progress", scrutiny.ClaimedDone: "claimed", scrutiny.NotVerified: "not verified",
		scrutiny.VerifiedDone: "verified", scrutiny.ClosedUndone: "closed, not done"}[i]
}

func implementationTone(i scrutiny.RecommendationStatus) string {
	return map[scrutiny.RecommendationStatus]string{scrutiny.NotStarted: "unknown", scrutiny.InProgress: "info", scrutiny.ClaimedDone: "wait", scrutiny.NotVerified: "bad", scrutiny.VerifiedDone: "good", scrutiny.ClosedUndone: "plain"}[i]
}

func acceptanceTone(a scrutiny.Acceptance) string {
	return map[scrutiny.Acceptance]string{scrutiny.Awaited: "wait", scrutiny.Accepted: "good", scrutiny.Partly: "info", scrutiny.InPrinciple: "info", scrutiny.Rejected: "bad"}[a]
}

// kindNoun is what it is, with a capital.
func kindNoun(r scrutiny.Recommendation) string { return text.Capital(r.Kind) }

// WasItDone is the first line of a recommendation's page: whether it was done,
// in words, with what tone.
func WasItDone(r scrutiny.RecommendationPage) (tone, say string) {
	body := office.ShortName(r.Body)
	claim, _ := r.LastClaim()
	switch {
	case r.Implementation == scrutiny.VerifiedDone:
		return "good", fmt.Sprintf("Yes. The committee verified it on %s.", claim.Verdict.Mark.On())
	case r.Implementation == scrutiny.ClosedUndone:
		return "plain", fmt.Sprintf("No. It was closed without being verified on %s: %s.", r.Closed.Mark.On(), r.Closed.Ground)
	case r.Implementation == scrutiny.ClaimedDone:
		return "wait", fmt.Sprintf("%s says so since %s. The committee has not verified it.", text.Capital(body), claim.Mark.On())
	case r.Acceptance == scrutiny.Awaited && r.Late(r.Day()):
		return "bad", fmt.Sprintf("No. %s has not responded: its response was due on %s.", text.Capital(body), r.ResponseDue)
	case r.Acceptance == scrutiny.Awaited:
		return "wait", fmt.Sprintf("Not yet. %s has not responded.", text.Capital(body))
	case r.Acceptance == scrutiny.Rejected:
		return "bad", fmt.Sprintf("No. %s rejected it on %s.", text.Capital(body), r.Responses[len(r.Responses)-1].Mark.On())
	case r.Implementation == scrutiny.NotVerified:
		return "bad", fmt.Sprintf("No. %s claimed it, and on %s the committee did not find it done.", text.Capital(body), claim.Verdict.Mark.On())
	case r.Late(r.Day()):
		return "bad", fmt.Sprintf("No. It is %s, and %s.", ImplementationWords(r.Implementation), lateWords(r))
	}
	return "info", fmt.Sprintf("Not yet. It is %s.", ImplementationWords(r.Implementation))
}

func lateWords(r scrutiny.RecommendationPage) string {
	return text.Count(r.Due().Until(r.Day()), "day", "days") + " past its target date"
}

// OwesWhat says who owes what by when.
func OwesWhat(r scrutiny.RecommendationPage) string {
	body := office.ShortName(r.Body)
	by := " by " + r.Due().String() + "."
	if r.Late(r.Day()) {
		by = fmt.Sprintf(": it was due on %s, %s ago.", r.Due(), text.Count(r.Due().Until(r.Day()), "day", "days"))
	}
	switch r.Waits() {
	case scrutiny.WaitsResponse:
		return text.Capital(body) + " owes a response" + by
	case scrutiny.WaitsWork:
		return text.Capital(body) + " owes the work" + by
	case scrutiny.WaitsVerdict:
		return committeeOf(r) + " is to verify the claim, or to find it not done. No day is set for that."
	case scrutiny.WaitsRejection:
		return committeeOf(r) + " is to accept the rejection, or to go on asking. No day is set for that."
	}
	return "Nobody owes anything: it is closed."
}

// committeeOf names the committee that has it, or says that none has.
func committeeOf(r scrutiny.RecommendationPage) string {
	c := r.Holder()
	if c.Ended(r.Day()) {
		return "The mandate of the " + c.Name + " has ended and no other committee has accepted this: a successor"
	}
	return "The " + c.Name
}

// MovedWords counts the moves of the target date.
func MovedWords(r scrutiny.Recommendation) string {
	n := len(r.Moves)
	if n == 0 {
		return "never moved"
	}
	words := fmt.Sprintf("moved %s, ", text.Count(n, "time", "times"))
	switch slip := r.Slip(); {
	case slip > 0:
		return words + text.Count(slip, "day", "days") + " later than first promised"
	case slip < 0:
		return words + text.Count(-slip, "day", "days") + " earlier than first promised"
	}
	return words + "and stands again as first promised"
}

// RecommendationVerb is an act as its button says it.
func RecommendationVerb(act office.Act) string {
	return map[office.Act]string{scrutiny.ActRespond: "Respond", scrutiny.ActNoteProgress: "Record progress", scrutiny.ActMoveTarget: "Move the target date", scrutiny.ActClaim: "Claim that it is done",
		scrutiny.ActVerify: "Verify the claim", scrutiny.ActRefuseClaim: "Find it not done", scrutiny.ActClose: "Close it without verifying", scrutiny.ActGivePriority: "Give it priority", scrutiny.ActTakePriority: "Take its priority away"}[act]
}

func recommendationWarning(act office.Act) string {
	return map[office.Act]string{
		scrutiny.ActRespond:      "Your body is bound by its response. It can be changed only by a new one, and this one stays shown.",
		scrutiny.ActNoteProgress: "The note is published and stays.",
		scrutiny.ActMoveTarget:   "The first target date stays shown, with every move and its reason.",
		scrutiny.ActClaim:        "This is your body’s word. It closes nothing: the committee verifies it.",
		scrutiny.ActVerify:       "This closes the matter for good. Nothing can be added to it afterwards.",
		scrutiny.ActRefuseClaim:  "It goes back to the body, with what the committee found.",
		scrutiny.ActClose:        "This closes the matter for good, as not done. Nothing can be added to it afterwards.",
		scrutiny.ActGivePriority: fmt.Sprintf("A committee gives priority to %s at a time, so that it keeps its meaning.", text.Count(scrutiny.Terms().Priority, "open matter", "open matters")),
		scrutiny.ActTakePriority: "That it had priority stays in the record.",
	}[act]
}

// newestFirst is a list turned round.
func newestFirst[T any](all []T) []T {
	out := slices.Clone(all)
	slices.Reverse(out)
	return out
}

// tellRecommendation tells an event of a recommendation in words.
func tellRecommendation(r scrutiny.RecommendationPage, e record.Event) decisionsview.ToldEvent {
	t := decisionsview.ToldEvent{Event: e, Title: recordview.ActInWords(e.Act), By: recordview.ActingOffice(e, r.Names)}
	note := func(words ...string) { t.Notes = append(t.Notes, words...) }
	for _, a := range r.Responses {
		if a.Mark.N == e.N {
			t.Title = "Response: " + AcceptanceWords(a.Acceptance)
			note(page.Paragraphs(a.Reason)...)
			if a.Target != "" {
				note("Target date: " + a.Target.String() + ".")
			}
		}
	}
	for _, m := range r.Moves {
		if m.Mark.N == e.N {
			note(fmt.Sprintf("The target date moved from %s to %s.", m.From, m.To))
			if e.Act == "recommendation."+string(scrutiny.ActMoveTarget) {
				note(page.Paragraphs(m.Reason)...)
			}
		}
	}
	for _, p := range r.Notes {
		if p.Mark.N == e.N {
			note(page.Paragraphs(p.Text)...)
		}
	}
	for _, c := range r.Claims {
		if c.Mark.N == e.N {
			note(page.Paragraphs(c.Evidence)...)
			t.Link = claimLink(c)
		}
		if c.Verdict != nil && c.Verdict.Mark.N == e.N {
			note(page.Paragraphs(c.Verdict.Minute)...)
		}
	}
	if r.Closed != nil && r.Closed.Mark.N == e.N {
		note(page.Sentenced(text.Capital(string(r.Closed.Ground)))+" It was "+ImplementationWords(r.Closed.Was)+".", r.Closed.Reason)
	}
	return t
}

// claimLink leads to what a claim rests on.
func claimLink(c scrutiny.Claim) page.Link {
	switch {
	case c.Decision != "":
		return page.Link{Href: "/decisions/" + c.Decision, Text: "Decision " + c.Decision}
	case c.Document != 0:
		return page.Link{Href: fmt.Sprintf("/documents/%d", c.Document), Text: fmt.Sprintf("Document %d", c.Document)}
	}
	return page.Link{}
}

// yearsWords is a number of days in years, with one decimal: 1.4 years.
func yearsWords(days int) string {
	return strconv.FormatFloat(float64(days)/365.25, 'f', 1, 64) + " years"
}

func acceptanceChoices() []page.Choice {
	all := []page.Choice{{Label: "Whatever was said"}, {Value: string(scrutiny.InAnyForm), Label: "Accepted in any form"}}
	for _, a := range scrutiny.Acceptances {
		all = append(all, page.Choice{Value: string(a), Label: text.Capital(AcceptanceWords(a))})
	}
	return all
}

func implementationChoices() []page.Choice {
	all := []page.Choice{{Label: "However far it is"}}
	for _, i := range scrutiny.RecommendationStatuses {
		all = append(all, page.Choice{Value: string(i), Label: text.Capital(ImplementationWords(i))})
	}
	return all
}

func ageChoices() []page.Choice {
	all := []page.Choice{{Label: "Any age"}}
	for _, a := range scrutiny.RecommendationAges {
		all = append(all, page.Choice{Value: a, Label: text.Capital(a)})
	}
	return all
}

// recommendationsCount says how many the filter chooses.
func recommendationsCount(p scrutiny.RecommendationsPage) string {
	words := text.Count(int(p.Count), "matter", "matters")
	if p.Tally.Capped {
		words = page.Num(p.Count) + " matters among the newest " + page.Num(scrutiny.RecommendationsRead) + " with these words"
	}
	if int64(len(p.All)) < p.Count {
		words += fmt.Sprintf("; %d on this page", len(p.All))
	}
	return words
}

// responseChoices are the responses that a body can give.
func responseChoices() (all []page.Choice) {
	for _, a := range scrutiny.Acceptances {
		if a != scrutiny.Awaited {
			all = append(all, page.Choice{Value: string(a), Label: text.Capital(AcceptanceWords(a))})
		}
	}
	return all
}

func closingChoices(r scrutiny.Recommendation) (all []page.Choice) {
	for _, g := range r.ClosingGrounds() {
		all = append(all, page.Choice{Value: string(g), Label: text.Capital(string(g))})
	}
	return all
}

// recommendationChanges compares a recommendation before and after an act.
func recommendationChanges(was, is scrutiny.RecommendationPage) (all []stateFact) {
	add := func(name, before, after string) {
		if before != after {
			all = append(all, stateFact{name, before, after})
		}
	}
	add("What the body says", text.Capital(AcceptanceWords(was.Acceptance)), text.Capital(AcceptanceWords(is.Acceptance)))
	add("How far it is done", text.Capital(ImplementationWords(was.Implementation)), text.Capital(ImplementationWords(is.Implementation)))
	add("First target date", dayOrNone(was.First), dayOrNone(is.First))
	add("Target date now", dayOrNone(was.Target), dayOrNone(is.Target))
	add("Moves of the target date", MovedWords(was.Recommendation), MovedWords(is.Recommendation))
	add("Priority", yesNoWords(was.Priority), yesNoWords(is.Priority))
	add("Who owes what", OwesWhat(was), OwesWhat(is))
	return all
}

// stateFact is one thing before and after an act.
type stateFact struct{ Name, Before, After string }

func dayOrNone(d civil.Day) string {
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
func recommendationTyped(act office.Act, st scrutiny.RecommendationStep) (all []stateFact) {
	add := func(name, v string) {
		if strings.TrimSpace(v) != "" {
			all = append(all, stateFact{Name: name, After: v})
		}
	}
	if st.Acceptance != "" {
		add("Response", text.Capital(AcceptanceWords(st.Acceptance)))
	}
	if st.Ground != "" {
		add("Ground", text.Capital(string(st.Ground)))
	}
	add("Target date", st.Target.String())
	add("Reason", st.Reason)
	add(map[office.Act]string{scrutiny.ActClaim: "Evidence", scrutiny.ActNoteProgress: "Progress", scrutiny.ActVerify: "Minute", scrutiny.ActRefuseClaim: "Minute"}[act], st.Text)
	add("Decision", st.Decision)
	add("Document", page.Number(st.Document))
	return all
}

// recommendationKicker is the reference with what sets it apart.
func recommendationKicker(r scrutiny.Recommendation) string {
	words := r.Ref
	if r.Undertaking() {
		words += ", undertaking"
	}
	if r.Priority {
		words += ", priority"
	}
	return words
}
