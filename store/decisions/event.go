package decisions

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/record"
)

// DecisionEvent is what an event about a decision says beside who did what.
type DecisionEvent struct {
	Elector    string             `json:"elector"` // that voted or consented
	Choice     string             `json:"choice"`
	Why        string             `json:"why"`
	Reason     string             `json:"reason"`
	Reasons    string             `json:"reasons"` // of a hearing
	Result     string             `json:"result"`  // of voting
	Fell       string             `json:"fell"`    // when voting ended, and
	Recorded   string             `json:"recorded"`
	Way        authority.Way      `json:"way"` // of a decision that was opened, and
	Closes     string             `json:"closes_at"`
	Kind       authority.ViewKind `json:"kind"` // of a view
	Changed    []string           `json:"changed"`
	Ground     string             `json:"ground"`
	Outcome    string             `json:"outcome"`
	Condition  string             `json:"condition"`
	Evidence   string             `json:"evidence"`
	Correction string             `json:"correction"`
	Signed     civil.Day          `json:"signed"`
	Effect     string             `json:"effect"`
	Now        Decision           `json:"-"` // how it stood then; zero where the event does not tell
	Ref        string             `json:"-"` // its reference then; "" of a draft, or where the event does not tell
}

// Public reports whether anyone could read the decision after the event.
func (d DecisionEvent) Public() bool { return d.Now.ID == 0 || d.Ref != "" }

// ReadEvent reads what an event about a decision says. What cannot be read
// is left empty: verify reports it.
func ReadEvent(e record.Event) (d DecisionEvent) {
	p := e.Read()
	_ = json.Unmarshal(p.Detail, &d)
	for thing, row := range p.Now {
		switch topic, _, _ := strings.Cut(thing, "/"); {
		case thing == e.Subject:
			_ = json.Unmarshal(row, &d.Now)
			d.Ref = d.Now.Ref
		case topic == "ballot":
			var b authority.Ballot
			_ = json.Unmarshal(row, &b)
			d.Ref = cmp.Or(d.Ref, b.Asked.Decision)
		}
	}
	return d
}
