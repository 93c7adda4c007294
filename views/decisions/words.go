package decisions

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
	"github.com/police-ict/handover/views/page"
)

// decisionTones are the words and tones of how a decision stands.
var decisionTones = map[string]struct{ Tone, Words string }{
	"draft":                         {"", "Draft"},
	"put forward":                   {"info", "Proposed"},
	"returned":                      {"wait", "Returned"},
	"open":                          {"info", "Voting open"},
	"voting closed":                 {"wait", "Voting closed"},
	"carried":                       {"wait", "Awaiting consent"},
	"made":                          {"info", "Not published"},
	"refused":                       {"bad", "Refused"},
	"lapsed":                        {"bad", "Lapsed"},
	authority.HoldHeld:              {"wait", "On hold: call-in open"},
	authority.HoldCalledIn:          {"wait", "On hold: called in"},
	authority.HoldReferredBack:      {"wait", "Referred back"},
	authority.HoldReferredToMembers: {"wait", "On hold: referred to members"},
	authority.HoldConditions:        {"wait", "On hold: conditions not met"},
	authority.HoldNotYet:            {"wait", "On hold: not in effect yet"},
	authority.HoldFree:              {"good", "May be implemented"},
	authority.HoldImplemented:       {"good", "Implemented"},
	"withdrawn":                     {"", "Withdrawn"},
	"deferred":                      {"", "Deferred"},
}

// DecisionStateWords says the state of a decision.
func DecisionStateWords(state string) string {
	return cmp.Or(decisionTones[state].Words, text.Capital(state))
}

// StatusWord is the status of a decision without its reason: On hold.
func StatusWord(state string) string {
	word, _, _ := strings.Cut(DecisionStateWords(state), ":")
	return word
}

// DecisionTone is the tone of the tag of a decision's state.
func DecisionTone(state string) string { return decisionTones[state].Tone }

// implementTone is the tone of the answer to “may this be implemented now?”.
func implementTone(i authority.Implementation) string {
	switch i.State {
	case authority.HoldEnded:
		return "bad"
	case authority.HoldFree, authority.HoldImplemented:
		if i.May {
			return "good"
		}
		return "bad"
	}
	return "wait"
}

// ImplementBrief is the answer in a list: with the instant that it waits for.
func ImplementBrief(i authority.Implementation, now time.Time) string {
	switch {
	case i.State == authority.HoldImplemented:
		return "Implemented"
	case i.May:
		return "Yes, since " + civil.DayOf(i.From).String()
	case i.State == authority.HoldHeld && i.Closes.After(now):
		return fmt.Sprintf("No. Call-in closes %s", untilClock(i.Closes))
	case i.State == authority.HoldCalledIn && i.HearBy != "":
		return "No. Hearing due by " + i.HearBy.String()
	case i.From.After(now):
		return "No. From " + civil.DayOf(i.From).String()
	}
	return "No"
}

// DecisionName is a decision by its reference and title, or a draft by its number.
func DecisionName(d decisions.Decision) string {
	if d.Draft() {
		return fmt.Sprintf("Draft %d", d.ID)
	}
	return page.Ref(d.Ref) + ": " + d.Title
}

// wayWords are how those who decide are asked.
var wayWords = map[authority.Way]string{
	authority.ByApproval:   "by the approval of each",
	authority.ByResolution: "by a written resolution",
	authority.ByPoll:       "by a poll at a meeting",
}

// deciderWords say who decides, and how they are asked.
func deciderWords(d decisions.Page) string {
	if d.Unvalued() {
		return unvalued
	}
	words := d.Band.Deciders()
	if way, ok := wayWords[d.Way]; ok && d.Band.Who != authority.AnOffice {
		words += ", " + way
	}
	return words + fmt.Sprintf(" (scheme %d, paragraph %s)", d.Scheme.Version, d.Band.Paragraph)
}

var majorities = map[authority.Majority]string{authority.Every: "Every vote", authority.Simple: "Simple majority", authority.Special: "75%", authority.OneYes: "One approval"}

// unvalued stands where the value decides, and none is given.
const unvalued = "Cannot tell until the whole-life value is entered"

// majorityWords say by what rule a vote is counted.
func majorityWords(t authority.Tally) string {
	words := majorities[t.Rule]
	if t.Way == authority.ByPoll {
		words += fmt.Sprintf(" of votes cast, quorum %d", t.Quorum)
	}
	return fmt.Sprintf("%s (scheme %d, paragraph %s)", words, t.Scheme, t.Clause)
}

// ballotWords are the words and tone of one answer.
func ballotWords(role authority.Role, choice authority.BallotChoice, way authority.Way) (tone, words string) {
	switch {
	case role == authority.Consents && choice == authority.For:
		return "good", "Consents"
	case role == authority.Consents && choice == authority.Modify:
		return "good", "Consents with conditions"
	case choice == authority.Reject:
		return "bad", "Consent refused"
	case way == authority.ByApproval && choice == authority.For:
		return "good", "Approved"
	case way == authority.ByApproval && choice == authority.Against:
		return "bad", "Refused"
	case choice == authority.For:
		return "good", "For"
	case choice == authority.Against:
		return "bad", "Against"
	case choice == authority.Abstain:
		return "", "Abstained"
	}
	return "", "No answer"
}

// electorWords names one that votes: a body by its name, or a seat of the board.
func electorWords(key string, name func(string) string) string {
	if strings.HasPrefix(key, "seat ") {
		return text.Capital(key)
	}
	return name(key)
}

// nameThen names bodies as they were called when an event was recorded.
func nameThen(n register.NamesThen, event int64, at time.Time) func(string) string {
	return func(slug string) string { return n.Of(slug, record.Event{N: event, At: at}) }
}

// electorsSaying lists the electors that answered so, by name.
func electorsSaying(d decisions.Page, choice authority.BallotChoice) string {
	return electorsWhere(d, func(e authority.Elector) bool { return e.Excluded == "" && e.Choice == choice })
}

func electorsWhere(d decisions.Page, want func(authority.Elector) bool) string {
	var names []string
	for _, e := range d.Vote.Electors {
		if want(e) {
			names = append(names, electorWords(e.Key, d.Facts.Register.Names.Of))
		}
	}
	return strings.Join(names, ", ")
}

// together is the sum of the values that the band was held to.
func together(d decisions.Decision) money.Pence { return d.Case(authority.Votes).Together() }

// keyWords say whether it is a key decision, and by which paragraph.
func keyWords(d decisions.Page) string {
	if d.Unvalued() {
		return "" // the decision maker says why
	}
	if d.Band.Key {
		return fmt.Sprintf("Yes (paragraph %s)", d.Band.Paragraph)
	}
	return "No"
}

// callInWords say whether it can be called in, or why not.
func callInWords(d decisions.Page) string {
	c := d.Scheme.CallIn
	switch {
	case d.Unvalued():
		return ""
	case c.Days == 0:
		return "No: the scheme has no call-in"
	case !d.Band.CallIn:
		return fmt.Sprintf("No: paragraph %s excludes this type of decision", d.Band.Paragraph)
	case d.Again:
		return "No: it has already been reconsidered after a call-in"
	case d.Urgency != nil && d.Urgency.Agreed && c.Urgency:
		return "No: the chair agreed that it is urgent"
	}
	return fmt.Sprintf("Can be called in: %s (paragraph %s)", c.Window(), c.Paragraph)
}

// costWords is what an option costs.
func costWords(o authority.Option) string {
	if !o.Costed {
		return "Not costed"
	}
	return o.Cost.String()
}

// benefitWords is what is expected, by when and how it is measured.
func benefitWords(p authority.Paper) string {
	var all []string
	add := func(s string) {
		if s != "" {
			all = append(all, page.Sentenced(s))
		}
	}
	add(p.Benefit)
	if p.BenefitAmount != 0 {
		words := p.BenefitAmount.String() + " a year"
		if p.BenefitFrom != "" {
			words += " from " + p.BenefitFrom.String()
		}
		add(words)
	} else if p.BenefitFrom != "" {
		add("From " + p.BenefitFrom.String())
	}
	if p.BenefitMeasure != "" {
		add("Measure: " + p.BenefitMeasure)
	}
	if len(all) > 0 {
		add("Measured so far: cannot tell yet")
	}
	return strings.Join(all, " ")
}

// supplierWords is the supplier with its company number.
func supplierWords(p authority.Paper) string {
	if p.Supplier == "" || p.Company == "" {
		return cmp.Or(p.Supplier, p.Company)
	}
	return p.Supplier + ", company number " + p.Company
}

// viewNames are the two views as headings say them.
var viewNames = map[authority.ViewKind]string{authority.FinanceView: "Finance view", authority.LegalView: "Legal view"}
