package classify

import (
	"fmt"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// Subject names the rule in the record.
func (r Rule) Subject() string { return fmt.Sprintf("rule/%d", r.ID) }

// Stands reports whether the rule decides anything.
func (r Rule) Stands() bool { return r.Withdrawn == "" }

// Alone refuses a rule with the conditions of another, and one too many.
func (r Rule) Alone(all []Rule) error {
	for _, o := range all {
		if o.Stands() && o.Conditions() == r.Conditions() {
			return fault.Invalid.Errorf("Rule %d already covers exactly this. Withdraw it first.", o.ID)
		}
	}
	if len(all) >= mostRules {
		return fault.Conflict.Errorf("There are already %s rules, the most allowed.", text.Thousands(int64(len(all))))
	}
	return nil
}
