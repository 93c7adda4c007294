package decisions

import (
	"slices"
	"strings"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/fault"
)

// A Section is a part of a paper that is filled in and saved by itself.
type Section struct {
	Key, Title string
	Optional   bool
	labels     []string // of its fields: see paperLabels
}

// sections are the parts of a paper, in the order of its form.
var sections = []Section{
	{"decision", "Title and decision", false, []string{"Title", "Summary", "Decision", "Reasons"}},
	{"options", "Options considered", false, []string{"Options considered"}},
	{"money", "Cost and supplier", false, []string{"Cost of this decision", "Whole-life value", "Supplier", "Company number", "Contract reference"}},
	{"benefit", "Expected benefit", true, []string{"Expected benefit", "Benefit per year", "Benefit from", "How the benefit is measured"}},
	{"implications", "Implications", false, []string{"Financial implications", "Legal implications", "Equality implications", "Welsh language implications", "Risk implications", "Background papers"}},
	{"effect", "When it takes effect", true, []string{"May be implemented from", "What this decision allows"}},
	{"part2", "Part 2 and urgency", true, []string{"Ground for Part 2", "Part 2 review date"}},
}

// SectionOf finds a part of a paper by its key.
func SectionOf(key string) (Section, bool) {
	i := slices.IndexFunc(sections, func(s Section) bool { return s.Key == key })
	if i < 0 {
		return Section{}, false
	}
	return sections[i], true
}

// sectionOfField is the part of a paper in which a field is filled in.
func sectionOfField(field string) Section {
	if strings.HasPrefix(field, "option") || field == "chosen" {
		field = "options"
	}
	for _, l := range paperLabels {
		if l.Field == field {
			for _, s := range sections {
				if slices.Contains(s.labels, l.Label) {
					return s
				}
			}
		}
	}
	if field == "value" {
		s, _ := SectionOf("effect")
		return s
	}
	return sections[len(sections)-1]
}

// stateOf is how far a part of a draft is filled in: missing is what keeps the
// draft from being proposed.
func (s Section) stateOf(p authority.Paper, part2, urgent string, missing *fault.Error) (tone, word string) {
	given := givenIn(p)
	some := slices.ContainsFunc(s.labels, func(l string) bool { return given[l] != "" }) || s.Key == "part2" && part2+urgent != ""
	lacks := missing != nil && slices.ContainsFunc(missing.Faults, func(f fault.Fault) bool { return sectionOfField(f.Field).Key == s.Key })
	switch {
	case lacks && some:
		return "wait", "In progress"
	case lacks:
		return "info", "Not started"
	case some:
		return "good", "Completed"
	case s.Optional:
		return "", "Optional"
	}
	return "good", "Completed"
}
