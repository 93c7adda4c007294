package payments

import (
	"encoding/json"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/spend/classify"
)

// KeptFilter is a filter of spend as a follow keeps it: an open month is 0.
type KeptFilter struct {
	Filter
	From, To int
}

// Kept is the filter as a follow keeps it. Sums of rows are not looked for.
func (f Filter) Kept() (string, error) {
	if f.Fine() {
		return "", fault.Invalid.Errorf("A list of payments cannot be followed by amount or points to check. Remove those filters.")
	}
	b, err := json.Marshal(KeptFilter{f, int(f.From), int(f.To)})
	return string(b), err
}

// Label is what the total of the filter is.
func (f Filter) Label(supplier string) string {
	label := "Published spend of police bodies"
	if len(f.Class) == 1 && f.Class[0] == classify.IsIT {
		label, f.Class = "Spend on police IT", []classify.Class{}
	}
	if words := f.Words(supplier); words != "" {
		label += ": " + words
	}
	return label
}
