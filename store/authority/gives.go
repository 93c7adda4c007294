package authority

import (
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
)

// Gives says why a delegation that is in force lets nobody act on the day of
// the facts, or "".
// It asks Authority about each holder of the office in each matter and band
// that the delegation covers, so that what is said of a delegation is what
// happens when somebody acts under it.
func (f Facts) Gives(d Delegation) string {
	holders := f.Index().office[d.To.ID]
	if len(holders) == 0 {
		return fmt.Sprintf("Nobody held the role of %s on %s.", d.To.Title, f.On)
	}
	var last Authority // the refusal that came furthest
	for _, q := range f.cases(d) {
		for _, a := range holders {
			got := f.under(d, q, a)
			if got.May {
				return ""
			}
			if len(got.Findings) > len(last.Findings) {
				last = got
			}
		}
	}
	if len(last.Findings) == 0 {
		return fmt.Sprintf("The scheme of authority in force on %s has no decisions that this delegation covers.", f.On)
	}
	return fmt.Sprintf("%s. The rule: %s.", text.Capital(last.Why().Fact), text.Lower(last.Why().Rule))
}

// under is the authority of a holder by one delegation alone.
func (f Facts) under(d Delegation, q Case, a office.Appointment) Authority {
	only := *f.Index()
	only.to = map[int64][]Delegation{d.To.ID: {d}}
	f.Found = &only
	got := f.Authority(q, a.Person, a.Office.ID)
	if got.May && got.Delegation != d.ID { // the holder may by the office itself
		got.May, got.Findings = false, append(slices.Clone(got.Findings), Applied{"delegation", "The holder acts under the delegation", "the holder’s own role already allows this", false})
	}
	return got
}

// cases are what a delegation is asked about: each matter and band of value of
// the scheme in which its function could be used, within its limit.
func (f Facts) cases(d Delegation) (all []Case) {
	for _, m := range f.Scheme.Matters {
		if d.Matter != "" && d.Matter != m.Key {
			continue
		}
		least := money.Pence(0) // the lowest value of the band
		if m.Valued {
			least = 1
		}
		for _, b := range m.Bands {
			q := Case{Matter: m.Key, Value: least, Way: b.Ways[0]}
			least = b.UpTo + 1
			switch {
			case d.Function == FunctionVote && b.Who == TheMembers, d.Function == FunctionDecide && b.Who == AnOffice:
				q.Role = Votes
				all = append(all, q)
			case d.Function == FunctionConsent:
				for _, q.Consent = range b.Consents {
					q.Role = Consents
					all = append(all, q)
				}
			case d.Function == FunctionView:
				for _, q.View = range b.Views {
					q.Role = Views
					all = append(all, q)
				}
			}
		}
	}
	return all
}
