package decisions

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
	"github.com/police-ict/handover/views/page"
)

// DecisionTyped is what was typed for an act on a decision. Each act has its own fields.
type DecisionTyped struct {
	Hash       string // of the paper that was read
	Version    int64  // of the paper that was changed or put forward
	Draft      decisions.DraftForm
	View       authority.ViewKind
	Way        authority.Way
	Closes     time.Time
	Choice     authority.BallotChoice
	Consent    string
	Conditions []string
	Signed     civil.Day
	Ground     string
	Outcome    authority.HearingOutcome
	Condition  int
	Words      string // the reasons, the evidence, the view or the correction
}

// decisionStep is what a form says of its act.
type decisionStep struct {
	Verb string
	Warn string // what follows from it, before anything is typed
}

var decisionSteps = map[office.Act]decisionStep{
	decisions.ActEdit:          {"Change the paper", ""},
	decisions.ActPutForward:    {"Propose the decision", "Anyone will be able to read the paper, except Part 2. It gets the next reference of the year. If you change it later, every view and vote already given will no longer count."},
	decisions.ActGiveView:      {"Give your view", "Your view is published with the paper. It applies to this version only."},
	decisions.ActOpen:          {"Open voting", "The scheme in force today applies to this decision from now on."},
	decisions.ActVote:          {"Vote", ""},
	decisions.ActConsent:       {"Give or refuse your consent", "If you refuse consent, the decision ends. If you set conditions, it can be implemented only once they are met."},
	decisions.ActReturn:        {"Return it for changes", "The paper goes back to its proposer. This is not a refusal. Approvals already given will no longer count."},
	decisions.ActClosePoll:     {"Close the poll", "Nobody can vote afterwards. The decision is made or refused on the votes cast."},
	decisions.ActDefer:         {"Defer the decision", "It is put aside until the company secretary resumes it. Votes already cast will no longer count."},
	decisions.ActResume:        {"Resume the decision", "The paper does not change. It is proposed again and voting starts afresh."},
	decisions.ActWithdraw:      {"Withdraw the decision", "You cannot undo this. The decision stays listed with your reason. Votes already cast will no longer count."},
	decisions.ActAgreeUrgency:  {"Agree that it is urgent", "An urgent decision cannot be called in. It can be implemented as soon as it is published. The notice shows that you agreed."},
	decisions.ActPublish:       {"Publish the notice", ""},
	decisions.ActCorrect:       {"Correct the notice", "This publishes a new version of the notice. The earlier version stays available."},
	decisions.ActSignCallIn:    {"Sign the call-in", ""},
	decisions.ActUnsignCallIn:  {"Withdraw your signature", "Your signature will no longer count. It stays listed as withdrawn."},
	decisions.ActHearCallIn:    {"Record the hearing", "If you refer the decision back, it must be reconsidered. It cannot be called in a second time."},
	decisions.ActMeetCondition: {"Record a condition as met", ""},
	decisions.ActImplement:     {"Record the implementation", "This records that the decision has been carried out."},
	decisions.ActReleasePart2:  {"Release Part 2", "Anyone will be able to read it. You cannot restrict it again."},
}

// decisionVerb is what the act does, on its button and at the head of its form.
func decisionVerb(d decisions.Page, act office.Act) string {
	if act == decisions.ActVote {
		switch d.Way {
		case authority.ByApproval:
			return "Approve or refuse"
		case authority.ByResolution:
			return "Answer the written resolution"
		}
	}
	if act == decisions.ActGiveView {
		return "Give your " + string(d.ViewAsked()) + " view"
	}
	return decisionSteps[act].Verb
}

// confirmVerb is what the last button says: of a vote, how it answers.
func confirmVerb(d decisions.Page, act office.Act, t DecisionTyped) string {
	if act == decisions.ActVote || act == decisions.ActConsent {
		return answerVerb(d, act, t)
	}
	return decisionVerb(d, act)
}

// answerVerb is what the last button of a vote or a consent says.
func answerVerb(d decisions.Page, act office.Act, t DecisionTyped) string {
	label := labelOf(answersOf(d, act), string(t.Choice))
	if act == decisions.ActVote && d.Way == authority.ByPoll {
		return "Vote: " + label
	}
	return label
}

// decisionWarning says what follows from an act.
func decisionWarning(d decisions.Page, act office.Act) string {
	if act != decisions.ActVote {
		return decisionSteps[act].Warn
	}
	switch d.Way {
	case authority.ByApproval:
		return "If anyone refuses, the decision ends. To ask for changes instead, return the paper."
	case authority.ByResolution:
		return "You cannot withdraw your agreement (Companies Act 2006, section 296). The resolution passes as soon as enough members agree."
	}
	return "You can change your vote until the chair closes the poll."
}

// DecisionWords is the field of the words that an act asks for, if any.
func DecisionWords(act office.Act, d decisions.Page) page.Field {
	published := "This will be published. Do not include personal details."
	reason := page.Field{Name: "reason", Label: "Reason", Hint: published + " Up to 500 characters.", Rows: 3}
	switch act {
	case decisions.ActGiveView:
		return page.Field{Name: "text", Label: "Your view", Hint: published + " Up to 5,000 characters.", Rows: 6}
	case decisions.ActVote:
		reason.Label, reason.Hint = "Your reasons (optional)", published+" Up to 1,000 characters."
		if d.Way == authority.ByApproval {
			reason.Label = "Your reasons (needed if you refuse)"
		}
	case decisions.ActConsent:
		reason.Label, reason.Hint = "Your reasons (needed if you refuse)", published+" Up to 1,000 characters."
	case decisions.ActReturn:
		reason.Label, reason.Hint = "What needs to change", published+" Up to 1,000 characters."
	case decisions.ActCorrect:
		return page.Field{Name: "correction", Label: "What you are correcting, and why", Hint: published + " Up to 1,000 characters.", Rows: 3}
	case decisions.ActSignCallIn:
		reason.Label, reason.Hint = "Your reason", published+" Up to 2,000 characters."
	case decisions.ActHearCallIn:
		return page.Field{Name: "reasons", Label: "Reasons", Hint: published + " Up to 2,000 characters.", Rows: 4}
	case decisions.ActMeetCondition, decisions.ActImplement:
		return page.Field{Name: "evidence", Label: "Evidence", Hint: "What shows this, and where it is kept. " + published + " Up to 500 characters.", Rows: 3}
	case decisions.ActDefer, decisions.ActWithdraw, decisions.ActReleasePart2:
	default:
		return page.Field{}
	}
	return reason
}

var wayChoices = map[authority.Way]page.Choice{
	authority.ByApproval:   {Value: string(authority.ByApproval), Label: "Ask each for approval"},
	authority.ByResolution: {Value: string(authority.ByResolution), Label: "Circulate a written resolution"},
	authority.ByPoll:       {Value: string(authority.ByPoll), Label: "Poll at a meeting"},
}

// waysOf are the ways in which those who decide may be asked.
func waysOf(d decisions.Page) (all []page.Choice) {
	for _, w := range d.Band.Ways {
		c := wayChoices[w]
		switch w {
		case authority.ByResolution:
			c.Hint = fmt.Sprintf("Today’s members may answer. It lapses after %s, counting today, unless enough of them agree before then.", text.Count(d.Scheme.ResolutionDays, "day", "days"))
		case authority.ByPoll:
			c.Hint = fmt.Sprintf("A majority of the votes cast. The quorum is %d of %d votes.", d.Band.Quorum.Of(d.Vote.Counted), d.Vote.Counted)
		}
		all = append(all, c)
	}
	return all
}

// answersOf are the answers to choose from in a vote or a consent.
func answersOf(d decisions.Page, act office.Act) []page.Choice {
	switch {
	case act == decisions.ActConsent:
		return []page.Choice{{Value: string(authority.For), Label: "Approve", Hint: ""}, {Value: string(authority.Modify), Label: "Approve with conditions", Hint: ""}, {Value: string(authority.Reject), Label: "Refuse consent", Hint: "This ends the decision. Give your reasons."}}
	case d.Way == authority.ByPoll:
		return []page.Choice{{Value: string(authority.For), Label: "For", Hint: ""}, {Value: string(authority.Against), Label: "Against", Hint: ""}, {Value: string(authority.Abstain), Label: "Abstain", Hint: "Counts towards the quorum but is not a vote cast."}}
	case d.Way == authority.ByResolution:
		return []page.Choice{{Value: string(authority.For), Label: "Agree", Hint: "This cannot be withdrawn."}, {Value: string(authority.Against), Label: "Do not agree", Hint: "You may still agree later."}}
	}
	return []page.Choice{{Value: string(authority.For), Label: "Approve", Hint: ""}, {Value: string(authority.Against), Label: "Refuse", Hint: "This ends the decision. Give your reasons."}}
}

func labelOf(all []page.Choice, value string) string {
	for _, c := range all {
		if c.Value == value {
			return c.Label
		}
	}
	return value
}

func conditionChoices(d decisions.Page) (all []page.Choice) {
	for i, c := range d.Conditions {
		if c.Met.IsZero() {
			all = append(all, page.Choice{Value: fmt.Sprint(i), Label: c.Text})
		}
	}
	return all
}

// typedFacts are what was typed for an act, in words.
func typedFacts(d decisions.Page, act office.Act, t DecisionTyped) (all []page.Change) {
	add := func(name, words string) {
		if strings.TrimSpace(words) != "" {
			all = append(all, page.Change{Name: name, Now: words})
		}
	}
	switch act {
	case decisions.ActOpen:
		add("How it will be decided", wayChoices[t.Way].Label)
	case decisions.ActVote, decisions.ActConsent:
		add("Your answer", labelOf(answersOf(d, act), string(t.Choice)))
		add("Conditions", strings.Join(t.Conditions, "\n"))
	case decisions.ActSignCallIn:
		add("Ground", t.Ground)
	case decisions.ActHearCallIn:
		add("Outcome", text.Capital(string(t.Outcome)))
	case decisions.ActMeetCondition:
		add("Condition", labelOf(conditionChoices(d), fmt.Sprint(t.Condition)))
	case decisions.ActPublish, decisions.ActCorrect:
		add("Date signed", t.Signed.String())
	case decisions.ActAgreeUrgency:
		add("Reason for urgency", d.Urgency.Ground)
	case decisions.ActEdit:
		add("Reason for the change", t.Draft.Why)
	}
	if f := DecisionWords(act, d); f.Name != "" {
		add(f.Label, t.Words)
	}
	return all
}

// effectFacts are what an act changes of a decision: how it stands always, the
// rest where it differs.
func effectFacts(before, after decisions.Page) (all []page.Change) {
	was, is := standsNow(before), standsNow(after)
	for i, f := range is {
		if i == 0 || f.Now != was[i].Now {
			all = append(all, page.Change{Name: f.Name, Now: cmp.Or(was[i].Now, "None"), After: cmp.Or(f.Now, "None")})
		}
	}
	return all
}

// standsNow is how a decision stands, in words.
func standsNow(d decisions.Page) []page.Change {
	votes, met, notice, part2, heard := "", "", "", "", ""
	if d.Way != "" || d.Tally != nil {
		votes = d.Vote.Result()
	}
	if n := len(d.Conditions); n > 0 {
		met = fmt.Sprintf("%d of %d met", n-len(conditionChoices(d)), n)
	}
	if n := len(d.Notices); n > 0 {
		notice = fmt.Sprintf("Version %d, signed %s", n, d.Notices[n-1].Signed)
	}
	if d.Paper.Commitment != "" {
		part2 = "Restricted"
		if d.PaperNow.Released != 0 {
			part2 = "Public"
		}
	}
	if n := len(d.Hearings); n > 0 {
		heard = text.Capital(string(d.Hearings[n-1].Outcome))
	}
	urgency := ""
	if d.Urgency != nil {
		urgency = map[bool]string{true: "Agreed", false: "Not agreed"}[d.Urgency.Agreed]
	}
	signatures, closes := "", ""
	if d.May.Need > 0 {
		signatures = fmt.Sprintf("%d of %d", d.May.Count, d.May.Need)
	}
	if !d.ClosesAt.IsZero() {
		closes = text.Capital(untilClock(d.ClosesAt))
	}
	return []page.Change{
		{Name: "Status", Now: stateNow(d)}, {Name: "Reference", Now: page.Ref(d.Ref)}, {Name: "Version of the paper", Now: fmt.Sprint(d.Version)},
		{Name: "Votes", Now: votes}, {Name: "Voting closes", Now: closes}, {Name: "Consents due", Now: consentsWaiting(d)}, {Name: "Conditions of consent", Now: met},
		{Name: "Views due", Now: viewsWaiting(d)}, {Name: "Notice", Now: notice}, {Name: "Urgency", Now: urgency}, {Name: "Call-in signatures", Now: signatures}, {Name: "Hearing", Now: heard},
		{Name: "May it be implemented?", Now: d.May.Say}, {Name: "Part 2", Now: part2},
	}
}

// stateNow is how a decision stands, with the consents that it waits for.
func stateNow(d decisions.Page) string {
	state := DecisionStateWords(d.Decision.State(d.Now, d.May))
	if d.Status == decisions.Carried {
		state += " from " + consentsWaiting(d)
	}
	return state
}

func consentsWaiting(d decisions.Page) string {
	var all []string
	for _, c := range d.Consents {
		if c.Given == nil {
			all = append(all, fmt.Sprintf("%s (%s)", office.ShortName(c.Body), c.Matter))
		}
	}
	return strings.Join(all, "; ")
}

func viewsWaiting(d decisions.Page) string {
	if d.Draft() {
		return ""
	}
	var all []string
	for _, k := range d.ViewsWanted(d.Band) {
		all = append(all, string(k))
	}
	return strings.Join(all, " and ")
}

// voidedBy lists the views, approvals and votes that an act voids.
func voidedBy(before, after decisions.Page) (all []string) {
	if before.Hash != after.Hash {
		for _, o := range before.Views {
			if o.Hash == before.Hash {
				all = append(all, fmt.Sprintf("The %s view from the %s (entry %s)", o.Kind, o.Office.Title, text.Thousands(o.N)))
			}
		}
	}
	for _, b := range before.Ballots {
		for _, now := range after.Ballots {
			if b.ID == now.ID && b.Counts() && !now.Counts() {
				all = append(all, fmt.Sprintf("%s of %s (entry %s)", ballotNoun(b, before.Way), electorIn(before, b.Elector), text.Thousands(b.N)))
			}
		}
	}
	return all
}

func ballotNoun(b authority.Ballot, way authority.Way) string {
	switch {
	case b.Role == authority.Consents:
		return "The consent"
	case way == authority.ByApproval:
		return "The approval"
	}
	return "The vote"
}

// electorIn names one who votes in a decision: a body, or a seat of the board.
func electorIn(d decisions.Page, elector string) string {
	if strings.HasPrefix(elector, "seat ") {
		return elector
	}
	return d.Facts.Register.Names.Of(elector)
}

// mayVote says of an elector whether it counts.
func mayVote(e authority.Elector) string {
	switch {
	case e.Excluded != "":
		return "Excluded because of an interest: " + e.Excluded
	case e.Nobody:
		return "Counts, but nobody can act for this member today"
	}
	return "May vote"
}

// workingOf is the authority by which the viewer does an act, if it asks for any.
func workingOf(before, after decisions.Page, act office.Act) authority.Authority {
	switch act {
	case decisions.ActVote, decisions.ActReturn:
		return before.Mine
	case decisions.ActConsent:
		return before.MyConsent
	case decisions.ActGiveView:
		return after.Views[len(after.Views)-1].Authority
	}
	return authority.Authority{}
}

func appliedTag(ok bool) (tone, word string) {
	if ok {
		return "good", "Passed"
	}
	return "bad", "Not passed"
}

// decisionTitle is the title of its paper, with its reference.
func decisionTitle(d decisions.Page) string {
	if d.Draft() {
		return fmt.Sprintf("Draft %d: %s", d.ID, cmp.Or(d.Paper.Title, "no title yet"))
	}
	return page.Ref(d.Ref) + ": " + d.Paper.Title
}
