package views

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/police-ict/handover/store"
)

// DecisionTyped is what was typed for an act on a decision. Each act has its own fields.
type DecisionTyped struct {
	Hash       string // of the paper that was read
	Version    int64  // of the paper that was changed or put forward
	Draft      store.DraftForm
	View       store.ViewKind
	Way        store.Way
	Closes     time.Time
	Choice     store.BallotChoice
	Consent    string
	Conditions []string
	Signed     store.Day
	Ground     string
	Outcome    store.HearingOutcome
	Condition  int
	Words      string // the reasons, the evidence, the view or the correction
}

// decisionStep is what a form says of its act.
type decisionStep struct {
	Verb string
	Warn string // what follows from it, before anything is typed
}

var decisionSteps = map[store.Act]decisionStep{
	store.EditPaper:      {"Change the paper", ""},
	store.PutForward:     {"Put it forward", "From then on anyone can read the paper, but for Part 2. It gets the next reference of the year. A change is a new version, and voids every view, approval and vote given."},
	store.GiveView:       {"Give your view", "The view is published with the paper. It holds for this version of the paper only."},
	store.OpenDecision:   {"Ask those who decide", "The scheme in force today stays the rule of this decision."},
	store.CastVote:       {"Vote", ""},
	store.GiveConsent:    {"Give or refuse your consent", "A consent that is refused ends the decision. One with conditions lets it be implemented only once they are met."},
	store.ReturnPaper:    {"Return it for changes", "This is no refusal: the paper goes back to its proposer, and approvals given are void."},
	store.ClosePoll:      {"Close the poll", "Nobody can vote afterwards. The decision is made or refused by the votes as they stand."},
	store.DeferDecision:  {"Defer it", "It is laid aside until the company secretary takes it up again. What was voted is void."},
	store.ResumeDecision: {"Take it up again", "Its paper stays as it is. It is put forward anew, and those who decide are asked again."},
	store.WithdrawIt:     {"Withdraw it", "It is taken back for good. It stays listed with this reason, and what was voted is void."},
	store.AgreeUrgency:   {"Agree that it is urgent", "An urgent decision is not called in: it can be implemented as soon as it is published. The notice shows your agreement."},
	store.PublishIt:      {"Publish the notice", ""},
	store.CorrectNotice:  {"Correct the notice", "This publishes another version of the notice. The earlier one still answers at its own address."},
	store.SignCallIn:     {"Sign the call-in", ""},
	store.UnsignCallIn:   {"Withdraw your signature", "Your signature no longer counts. It stays listed as withdrawn."},
	store.HearCallIn:     {"Record the hearing", "A decision that is referred must be reconsidered. It is not called in a second time."},
	store.MeetCondition:  {"Record that a condition is met", ""},
	store.ImplementIt:    {"Record the implementation", "The decision has then been carried out."},
	store.ReleasePart2:   {"Release Part 2", "Anyone can read it afterwards. It cannot be made restricted again."},
}

// decisionVerb is what the act does, on its button and at the head of its form.
func decisionVerb(d store.DecisionAt, act store.Act) string {
	if act == store.CastVote {
		switch d.Way {
		case store.ByApproval:
			return "Approve or refuse"
		case store.ByResolution:
			return "Answer the written resolution"
		}
	}
	if act == store.GiveView {
		return "Give your " + string(d.ViewAsked()) + " view"
	}
	return decisionSteps[act].Verb
}

// confirmVerb is what the last button says: of a vote, how it answers.
func confirmVerb(d store.DecisionAt, act store.Act, t DecisionTyped) string {
	if act == store.CastVote || act == store.GiveConsent {
		return "Record your answer: " + labelOf(answersOf(d, act), string(t.Choice))
	}
	return decisionVerb(d, act)
}

// decisionWarning says what follows from an act.
func decisionWarning(d store.DecisionAt, act store.Act) string {
	if act != store.CastVote {
		return decisionSteps[act].Warn
	}
	switch d.Way {
	case store.ByApproval:
		return "One refusal ends the matter. To have the paper changed, return it for changes instead."
	case store.ByResolution:
		return "Agreement to a written resolution cannot be withdrawn (Companies Act 2006, section 296). It passes the moment that its majority is reached."
	}
	return "You can change your vote until the chair closes the poll."
}

// DecisionWords is the field of the words that an act asks for, if any.
func DecisionWords(act store.Act, d store.DecisionAt) Field {
	published := "Published with the event. Leave out personal details."
	reason := Field{Name: "reason", Label: "Reason", Hint: published + " 500 characters at most.", Rows: 3}
	switch act {
	case store.GiveView:
		return Field{Name: "text", Label: "Your view", Hint: published + " 5,000 characters at most.", Rows: 6}
	case store.CastVote:
		reason.Label, reason.Hint = "Your reasons, if you give any", published+" 1,000 characters at most."
		if d.Way == store.ByApproval {
			reason.Label = "Your reasons, needed when you refuse"
		}
	case store.GiveConsent:
		reason.Label, reason.Hint = "Your reasons, needed when you reject it", published+" 1,000 characters at most."
	case store.ReturnPaper:
		reason.Label, reason.Hint = "What should be changed", published+" 1,000 characters at most."
	case store.CorrectNotice:
		return Field{Name: "correction", Label: "What is corrected, and why", Hint: published + " 1,000 characters at most.", Rows: 3}
	case store.SignCallIn:
		reason.Label, reason.Hint = "Your reason", published+" 2,000 characters at most."
	case store.HearCallIn:
		return Field{Name: "reasons", Label: "Reasons", Hint: published + " 2,000 characters at most.", Rows: 4}
	case store.MeetCondition, store.ImplementIt:
		return Field{Name: "evidence", Label: "Evidence", Hint: "What shows it, and where that is kept. " + published + " 500 characters at most.", Rows: 3}
	case store.DeferDecision, store.WithdrawIt, store.ReleasePart2:
	default:
		return Field{}
	}
	return reason
}

var wayChoices = map[store.Way]Choice{
	store.ByApproval:   {Value: string(store.ByApproval), Label: "Ask each for its approval"},
	store.ByResolution: {Value: string(store.ByResolution), Label: "Circulate a written resolution"},
	store.ByPoll:       {Value: string(store.ByPoll), Label: "Take a poll at a meeting"},
}

// waysOf are the ways in which those who decide may be asked.
func waysOf(d store.DecisionAt) (all []Choice) {
	for _, w := range d.Band.Ways {
		c := wayChoices[w]
		switch w {
		case store.ByResolution:
			c.Hint = fmt.Sprintf("Who may answer is fixed today. It lapses after %s, the day of circulation counted in, unless a majority of all who may vote agrees before.", store.Count(d.Scheme.ResolutionDays, "day", "days"))
		case store.ByPoll:
			c.Hint = fmt.Sprintf("A majority of the votes cast, with %d of %d votes present.", d.Band.Quorum.Of(d.Vote.Counted), d.Vote.Counted)
		}
		all = append(all, c)
	}
	return all
}

// answersOf are the answers to choose from in a vote or a consent.
func answersOf(d store.DecisionAt, act store.Act) []Choice {
	switch {
	case act == store.GiveConsent:
		return []Choice{{string(store.For), "Approve", ""}, {string(store.Modify), "Approve with conditions", ""}, {string(store.Reject), "Reject", "This ends the decision."}}
	case d.Way == store.ByPoll:
		return []Choice{{string(store.For), "For", ""}, {string(store.Against), "Against", ""}, {string(store.Abstain), "Abstain", "Counts towards the quorum, not among the votes cast."}}
	case d.Way == store.ByResolution:
		return []Choice{{string(store.For), "Agree", "This cannot be withdrawn."}, {string(store.Against), "Do not agree", "You may still agree later."}}
	}
	return []Choice{{string(store.For), "Approve", ""}, {string(store.Against), "Refuse", "This ends the matter. Give your reasons."}}
}

func labelOf(all []Choice, value string) string {
	for _, c := range all {
		if c.Value == value {
			return c.Label
		}
	}
	return value
}

// choicesOf are words to choose from, each its own value.
func choicesOf[S ~string](all []S) (out []Choice) {
	for _, s := range all {
		out = append(out, Choice{Value: string(s), Label: store.Capital(string(s))})
	}
	return out
}

func conditionChoices(d store.DecisionAt) (all []Choice) {
	for i, c := range d.Conditions {
		if c.Met.IsZero() {
			all = append(all, Choice{Value: fmt.Sprint(i), Label: c.Text})
		}
	}
	return all
}

// A fact is one row of a list or of a table of before and after.
type fact struct{ Name, Now, After string }

// typedFacts are what was typed for an act, in words.
func typedFacts(d store.DecisionAt, act store.Act, t DecisionTyped) (all []fact) {
	add := func(name, words string) {
		if strings.TrimSpace(words) != "" {
			all = append(all, fact{Name: name, Now: words})
		}
	}
	switch act {
	case store.OpenDecision:
		add("How they are asked", wayChoices[t.Way].Label)
	case store.CastVote, store.GiveConsent:
		add("Your answer", labelOf(answersOf(d, act), string(t.Choice)))
		add("Conditions", strings.Join(t.Conditions, "\n"))
	case store.SignCallIn:
		add("Ground", t.Ground)
	case store.HearCallIn:
		add("Outcome", store.Capital(string(t.Outcome)))
	case store.MeetCondition:
		add("Condition", labelOf(conditionChoices(d), fmt.Sprint(t.Condition)))
	case store.PublishIt, store.CorrectNotice:
		add("Signed on", t.Signed.String())
	case store.AgreeUrgency:
		add("Ground of urgency", d.Urgency.Ground)
	case store.EditPaper:
		add("Why it is changed", t.Draft.Why)
	}
	if f := DecisionWords(act, d); f.Name != "" {
		add(f.Label, t.Words)
	}
	return all
}

// effectFacts are what an act changes of a decision: how it stands always, the
// rest where it differs.
func effectFacts(before, after store.DecisionAt) (all []fact) {
	was, is := standsNow(before), standsNow(after)
	for i, f := range is {
		if i == 0 || f.Now != was[i].Now {
			all = append(all, fact{f.Name, cmp.Or(was[i].Now, "None"), cmp.Or(f.Now, "None")})
		}
	}
	return all
}

// standsNow is how a decision stands, in words.
func standsNow(d store.DecisionAt) []fact {
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
			part2 = "Open to anyone"
		}
	}
	if n := len(d.Hearings); n > 0 {
		heard = store.Capital(string(d.Hearings[n-1].Outcome))
	}
	urgency := ""
	if d.Urgency != nil {
		urgency = map[bool]string{true: "Agreed", false: "Claimed, not agreed"}[d.Urgency.Agreed]
	}
	signatures, closes := "", ""
	if d.May.Need > 0 {
		signatures = fmt.Sprintf("%d of %d", d.May.Count, d.May.Need)
	}
	if !d.ClosesAt.IsZero() {
		closes = store.Clock(d.ClosesAt)
	}
	return []fact{
		{Name: "State", Now: stateNow(d)}, {Name: "Reference", Now: d.Ref}, {Name: "Version of the paper", Now: fmt.Sprint(d.Version)},
		{Name: "Votes", Now: votes}, {Name: "Voting closes", Now: closes}, {Name: "Consents that wait", Now: consentsWaiting(d)}, {Name: "Conditions of the consent", Now: met},
		{Name: "Views that wait", Now: viewsWaiting(d)}, {Name: "Notice", Now: notice}, {Name: "Urgency", Now: urgency}, {Name: "Signatures under a call-in", Now: signatures}, {Name: "Hearing", Now: heard},
		{Name: "May it be implemented?", Now: d.May.Say}, {Name: "Part 2", Now: part2},
	}
}

// stateNow is how a decision stands, with the consents that it waits for.
func stateNow(d store.DecisionAt) string {
	state := store.Capital(d.Decision.State(d.Now, d.May))
	if d.Status == store.DecisionCarried {
		state += ": waits for the consent of " + consentsWaiting(d)
	}
	return state
}

func consentsWaiting(d store.DecisionAt) string {
	var all []string
	for _, c := range d.Consents {
		if c.Given == nil {
			all = append(all, fmt.Sprintf("%s (%s)", store.ShortName(c.Body), c.Matter))
		}
	}
	return strings.Join(all, "; ")
}

func viewsWaiting(d store.DecisionAt) string {
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
func voidedBy(before, after store.DecisionAt) (all []string) {
	if before.Hash != after.Hash {
		for _, o := range before.Views {
			if o.Hash == before.Hash {
				all = append(all, fmt.Sprintf("The %s view of the %s, event %s", o.Kind, o.Office.Title, store.Thousands(o.N)))
			}
		}
	}
	for _, b := range before.Ballots {
		for _, now := range after.Ballots {
			if b.ID == now.ID && b.Counts() && !now.Counts() {
				all = append(all, fmt.Sprintf("%s of %s, event %s", ballotNoun(b, before.Way), electorIn(before, b.Elector), store.Thousands(b.N)))
			}
		}
	}
	return all
}

func ballotNoun(b store.Ballot, way store.Way) string {
	switch {
	case b.Role == store.Consents_:
		return "The consent"
	case way == store.ByApproval:
		return "The approval"
	}
	return "The vote"
}

// electorIn names one who votes in a decision: a body, or a seat of the board.
func electorIn(d store.DecisionAt, elector string) string {
	if strings.HasPrefix(elector, "seat ") {
		return elector
	}
	return d.Facts.Register.Names.Of(elector)
}

// mayVote says of an elector whether it counts.
func mayVote(e store.Elector) string {
	switch {
	case e.Excluded != "":
		return "Excluded by an interest: " + e.Excluded
	case e.Nobody:
		return "Counts, but nobody can act for it today"
	}
	return "May vote"
}

// workingOf is the authority by which the viewer does an act, if it asks for any.
func workingOf(before, after store.DecisionAt, act store.Act) store.Authority {
	switch act {
	case store.CastVote, store.ReturnPaper:
		return before.Mine
	case store.GiveConsent:
		return before.MyConsent
	case store.GiveView:
		return after.Views[len(after.Views)-1].Authority
	}
	return store.Authority{}
}

func appliedTag(ok bool) (tone, word string) {
	if ok {
		return "good", "Holds"
	}
	return "bad", "Does not hold"
}

// decisionTitle is the title of its paper, with its reference.
func decisionTitle(d store.DecisionAt) string {
	if d.Draft() {
		return fmt.Sprintf("Draft %d: %s", d.ID, d.Paper.Title)
	}
	return d.Ref + ": " + d.Paper.Title
}
