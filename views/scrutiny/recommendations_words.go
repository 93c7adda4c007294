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

// RecommendationsAddress is the list under a filter, in its order and on its
// page.
func RecommendationsAddress(path string, f scrutiny.RecommendationFilter) string {
	sort, at := sortAndPage(f.Sort, f.Page)
	return page.Query(path, "acceptance", string(f.Acceptance), "implementation", string(f.Implementation), "age", f.Age, "body", f.Body, "committee", f.Committee,
		"kind", f.Kind, "priority", f.Priority, "q", f.Words, "before", f.Before, "sort", sort, "page", at)
}

// AcceptanceWords is what was said to a recommendation, in words.
func AcceptanceWords(a scrutiny.Acceptance) string {
	return map[scrutiny.Acceptance]string{scrutiny.Awaited: "no response yet", scrutiny.Accepted: "accepted", scrutiny.Partly: "accepted in part", scrutiny.InPrinciple: "accepted in principle",
		scrutiny.Rejected: "rejected", scrutiny.InAnyForm: "accepted, in full or in part"}[a]
}

// ImplementationWords is how far a recommendation is done, in words.
func ImplementationWords(i scrutiny.RecommendationStatus) string {
	return map[scrutiny.RecommendationStatus]string{scrutiny.NotStarted: "not started", scrutiny.InProgress: "in progress", scrutiny.ClaimedDone: "reported complete", scrutiny.NotVerified: "not complete",
		scrutiny.VerifiedDone: "complete", scrutiny.ClosedUndone: "closed, not done"}[i]
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
		return "good", fmt.Sprintf("Yes. The committee confirmed on %s that it is complete.", claim.Verdict.Mark.On())
	case r.Implementation == scrutiny.ClosedUndone:
		return "plain", fmt.Sprintf("No. It was closed on %s without being done: %s.", r.Closed.Mark.On(), r.Closed.Ground)
	case r.Implementation == scrutiny.ClaimedDone:
		return "wait", fmt.Sprintf("%s reported on %s that it is complete. The committee has not yet confirmed this.", text.Capital(body), claim.Mark.On())
	case r.Acceptance == scrutiny.Awaited && r.Late(r.Day()):
		return "bad", fmt.Sprintf("No. %s has not responded. Its response was due on %s.", text.Capital(body), r.ResponseDue)
	case r.Acceptance == scrutiny.Awaited:
		return "wait", fmt.Sprintf("Not yet. %s has not responded.", text.Capital(body))
	case r.Acceptance == scrutiny.Rejected:
		return "bad", fmt.Sprintf("No. %s rejected it on %s.", text.Capital(body), r.Responses[len(r.Responses)-1].Mark.On())
	case r.Implementation == scrutiny.NotVerified:
		return "bad", fmt.Sprintf("No. %s reported it complete, but on %s the committee found that it is not.", text.Capital(body), claim.Verdict.Mark.On())
	case r.Late(r.Day()):
		return "bad", fmt.Sprintf("No. It is %s and %s.", ImplementationWords(r.Implementation), lateWords(r))
	}
	return "info", fmt.Sprintf("Not yet. It is %s.", ImplementationWords(r.Implementation))
}

func lateWords(r scrutiny.RecommendationPage) string {
	return text.Count(r.Due().Until(r.Day()), "day", "days") + " past its target date"
}

// OwesWhat says who has to do what next, and by when.
func OwesWhat(r scrutiny.RecommendationPage) string {
	body := office.ShortName(r.Body)
	by := " is due by " + r.Due().String() + "."
	if r.Late(r.Day()) {
		by = fmt.Sprintf(" was due on %s and is overdue by %s.", r.Due(), text.Count(r.Due().Until(r.Day()), "day", "days"))
	}
	switch r.Waits() {
	case scrutiny.WaitsResponse:
		return "A response from " + body + by
	case scrutiny.WaitsWork:
		return "The work" + by
	case scrutiny.WaitsVerdict:
		return committeeOf(r) + " needs to confirm whether it is complete. There is no deadline for this."
	case scrutiny.WaitsRejection:
		return text.Capital(body) + " has replied. " + committeeOf(r) + " needs to consider the reply. There is no deadline for this."
	}
	return "It is closed. Nothing more is due."
}

// committeeOf names the committee that has it, or says that none has.
func committeeOf(r scrutiny.RecommendationPage) string {
	c := r.Holder()
	if c.Ended(r.Day()) {
		return "The mandate of the " + c.Name + " has ended and no other committee has accepted this. A successor committee"
	}
	return "The " + c.Name
}

// MovedWords counts the moves of the target date.
func MovedWords(r scrutiny.Recommendation) string {
	n := len(r.Moves)
	if n == 0 {
		return "never changed"
	}
	words := fmt.Sprintf("changed %s, ", times(n))
	switch slip := r.Slip(); {
	case slip > 0:
		return words + text.Count(slip, "day", "days") + " later than the first target date"
	case slip < 0:
		return words + text.Count(-slip, "day", "days") + " earlier than the first target date"
	}
	return words + "and now the same as the first target date"
}

// times says how often.
func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return text.Count(n, "time", "times")
}

// RecommendationVerb is an act as its button says it.
func RecommendationVerb(act office.Act) string {
	return map[office.Act]string{scrutiny.ActRespond: "Respond", scrutiny.ActNoteProgress: "Record progress", scrutiny.ActMoveTarget: "Change the target date", scrutiny.ActClaim: "Report it complete",
		scrutiny.ActVerify: "Confirm it is complete", scrutiny.ActRefuseClaim: "Record it as not complete", scrutiny.ActClose: "Close it as not done", scrutiny.ActGivePriority: "Make it a priority", scrutiny.ActTakePriority: "Remove its priority"}[act]
}

func recommendationWarning(act office.Act) string {
	return map[office.Act]string{
		scrutiny.ActRespond:      "The response commits your body. You can give a new one later, but this one will remain on the page.",
		scrutiny.ActNoteProgress: "The note will be published and cannot be removed.",
		scrutiny.ActMoveTarget:   "The page will still show the first target date, and every change with its reason.",
		scrutiny.ActClaim:        "This records your body’s view. The committee decides whether it is complete.",
		scrutiny.ActVerify:       "This closes the recommendation permanently. Nothing can be added to it afterwards.",
		scrutiny.ActRefuseClaim:  "It goes back to the body with the committee’s findings.",
		scrutiny.ActClose:        "This closes the recommendation permanently as not done. Nothing can be added to it afterwards.",
		scrutiny.ActGivePriority: fmt.Sprintf("A committee can have up to %s at a time.", text.Count(scrutiny.Terms().Priority, "priority", "priorities")),
		scrutiny.ActTakePriority: "The record will still show that it was a priority.",
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
			note(fmt.Sprintf("The target date changed from %s to %s.", m.From, m.To))
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
		note(page.Sentenced(text.Capital(string(r.Closed.Ground)))+" Progress at the time: "+ImplementationWords(r.Closed.Was)+".", r.Closed.Reason)
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
	all := []page.Choice{{Label: "Any response"}, {Value: string(scrutiny.InAnyForm), Label: "Accepted, in full or in part"}}
	for _, a := range scrutiny.Acceptances {
		all = append(all, page.Choice{Value: string(a), Label: text.Capital(AcceptanceWords(a))})
	}
	return all
}

func implementationChoices() []page.Choice {
	all := []page.Choice{{Label: "Any progress"}}
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
	words := text.Count(int(p.Count), "recommendation or undertaking", "recommendations and undertakings")
	if p.Tally.Capped {
		words = page.Num(p.Count) + " recommendations and undertakings among the newest " + page.Num(scrutiny.RecommendationsRead) + " with these words"
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
func recommendationChanges(was, is scrutiny.RecommendationPage) (all []page.Change) {
	add := func(name, before, after string) {
		if before != after {
			all = append(all, page.Change{Name: name, Now: before, After: after})
		}
	}
	add("Response", text.Capital(AcceptanceWords(was.Acceptance)), text.Capital(AcceptanceWords(is.Acceptance)))
	add("Progress", text.Capital(ImplementationWords(was.Implementation)), text.Capital(ImplementationWords(is.Implementation)))
	add("First target date", dayOrNone(was.First), dayOrNone(is.First))
	add("Target date now", dayOrNone(was.Target), dayOrNone(is.Target))
	add("Changes to the target date", MovedWords(was.Recommendation), MovedWords(is.Recommendation))
	add("Priority", yesNoWords(was.Priority), yesNoWords(is.Priority))
	add("Next step", OwesWhat(was), OwesWhat(is))
	return all
}

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
func recommendationTyped(act office.Act, st scrutiny.RecommendationStep) (all []page.Change) {
	add := func(name, v string) {
		if strings.TrimSpace(v) != "" {
			all = append(all, page.Change{Name: name, After: v})
		}
	}
	if st.Acceptance != "" {
		add("Response", text.Capital(AcceptanceWords(st.Acceptance)))
	}
	if st.Ground != "" {
		add("Reason for closing", text.Capital(string(st.Ground)))
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
	words := page.Ref(r.Ref)
	if r.Undertaking() {
		words += ", undertaking"
	}
	if r.Priority {
		words += ", priority"
	}
	return words
}
