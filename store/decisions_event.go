package store

import (
	"cmp"
	"encoding/json"
	"strings"
)

// DecisionEvent is what an event about a decision says beside who did what.
type DecisionEvent struct {
	Elector    string   `json:"elector"` // that voted or consented
	Choice     string   `json:"choice"`
	Why        string   `json:"why"`
	Reason     string   `json:"reason"`
	Reasons    string   `json:"reasons"` // of a hearing
	Result     string   `json:"result"`  // of voting
	Fell       string   `json:"fell"`    // when voting ended, and
	Recorded   string   `json:"recorded"`
	Way        Way      `json:"way"` // of a decision that was opened, and
	Closes     string   `json:"closes_at"`
	Kind       ViewKind `json:"kind"` // of a view
	Changed    []string `json:"changed"`
	Ground     string   `json:"ground"`
	Outcome    string   `json:"outcome"`
	Condition  string   `json:"condition"`
	Evidence   string   `json:"evidence"`
	Correction string   `json:"correction"`
	Signed     Day      `json:"signed"`
	Effect     string   `json:"effect"`
	Now        Decision `json:"-"` // how it stood then; zero where the event does not tell
	Ref        string   `json:"-"` // its reference then; "" of a draft, or where the event does not tell
}

// Public reports whether anyone could read the decision after the event.
func (d DecisionEvent) Public() bool { return d.Now.ID == 0 || d.Ref != "" }

// ReadDecisionEvent reads what an event about a decision says. What cannot be read
// is left empty: verify reports it.
func ReadDecisionEvent(e Event) (d DecisionEvent) {
	p := e.read()
	_ = json.Unmarshal(p.Detail, &d)
	for thing, row := range p.Now {
		switch topic, _, _ := strings.Cut(thing, "/"); {
		case thing == e.Subject:
			_ = json.Unmarshal(row, &d.Now)
			d.Ref = d.Now.Ref
		case topic == "ballot":
			var b Ballot
			_ = json.Unmarshal(row, &b)
			d.Ref = cmp.Or(d.Ref, b.Asked.Decision)
		}
	}
	return d
}
