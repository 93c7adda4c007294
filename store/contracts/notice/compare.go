package notice

import (
	"slices"
	"strings"

	"github.com/police-ict/handover/store/text"
)

// Moved is a field that two snapshots of one publisher give differently.
type Moved struct {
	Field string `json:"field"` // as in the JSON of a Notice; a value by its kind
	Was   string `json:"was,omitempty"`
	Now   string `json:"now,omitempty"`
}

// Compare says what a later snapshot gives otherwise than an earlier one, for
// notices of one key. Spaces, capitals and the order of lists are no difference.
func Compare(was, now *Notice) (all []Moved) {
	field := func(name, a, b string) {
		if text.Fold(a) != text.Fold(b) {
			all = append(all, Moved{name, a, b})
		}
	}
	field("title", was.Title, now.Title)
	field("status", was.Status, now.Status)
	field("buyers", names(was.Buyers), names(now.Buyers))
	field("suppliers", names(was.Suppliers), names(now.Suppliers))
	for _, d := range []struct {
		name string
		a, b Date
	}{
		{"awarded", was.Awarded, now.Awarded}, {"signed", was.Signed, now.Signed}, {"start", was.Start, now.Start},
		{"end", was.End, now.End}, {"latest", was.Latest, now.Latest}, {"review", was.Review, now.Review},
	} {
		field(d.name, d.a.written(), d.b.written())
	}
	for _, kind := range []ValueKind{Estimate, Awarded, Total, Original, Maximum, Yearly} {
		field(string(kind), was.Value(kind).written(), now.Value(kind).written())
	}
	field("options", text.OneLine(was.Options), text.OneLine(now.Options))
	field("renewal", text.OneLine(was.Renewal), text.OneLine(now.Renewal))
	field("withheld", strings.Join(was.Withheld, ", "), strings.Join(now.Withheld, ", "))
	return all
}

// written is the day, else the words in its place.
func (d Date) written() string {
	if d.Day != "" {
		return string(d.Day)
	}
	return text.OneLine(d.Words)
}

// written is an amount with its currency, else the words in its place.
func (v *Value) written() string {
	switch {
	case v == nil:
		return ""
	case v.Known:
		return strings.TrimSpace(v.Pence.Plain() + " " + v.Currency)
	}
	return text.OneLine(v.Words)
}

func names(parties []Party) string {
	var all []string
	for _, p := range parties {
		all = append(all, p.Name)
	}
	slices.SortFunc(all, func(a, b string) int { return strings.Compare(text.Fold(a), text.Fold(b)) })
	return strings.Join(all, "; ")
}

// Resembles says that two notices may be of one contract though their references
// differ, or one has none: the same buyer, a supplier in common, the same start and
// nearly the same title. An officer decides.
func (n *Notice) Resembles(o *Notice) bool {
	if n.Start.Day == "" || n.Start.Day != o.Start.Day || text.Fold(names(n.Buyers)) != text.Fold(names(o.Buyers)) {
		return false
	}
	common := slices.ContainsFunc(n.Suppliers, func(a Party) bool {
		return slices.ContainsFunc(o.Suppliers, func(b Party) bool {
			return a.Company != "" && a.Company == b.Company || a.Name != "" && text.Letters(a.Name) == text.Letters(b.Name)
		})
	})
	return common && overlap(words(n.Title), words(o.Title)) >= 0.8
}

// words are those of a title, without order and repeats.
func words(title string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(text.Fold(title)) {
		if w = text.Letters(w); w != "" {
			all[w] = true
		}
	}
	return all
}

// overlap is the share of words that two titles have in common.
func overlap(a, b map[string]bool) float64 {
	common := 0
	for w := range a {
		if b[w] {
			common++
		}
	}
	if all := len(a) + len(b) - common; all > 0 {
		return float64(common) / float64(all)
	}
	return 0
}
