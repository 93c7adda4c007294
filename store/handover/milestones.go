package handover

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
)

// Milestone is a dated promise. Its baselines, forecasts and actual day are
// added to, never overwritten. Its JSON is its public row.
type Milestone struct {
	ID            int64        `json:"id"`
	Key           string       `json:"key,omitempty"` // by which a page finds it: "handover"
	Title         string       `json:"title"`
	Source        string       `json:"source"`                   // who promised it, and where
	Added         civil.Day    `json:"added"`                    // the day it was recorded
	Baseline      civil.Day    `json:"baseline"`                 // in force: the last day that keeps the promise
	BaselineWords string       `json:"baseline_words,omitempty"` // "Spring 2012", when the promise was not a day
	First         civil.Day    `json:"first_baseline"`           // the original baseline, whatever came after
	FirstWords    string       `json:"first_baseline_words,omitempty"`
	Forecasts     []Forecast   `json:"forecasts,omitempty"` // oldest first
	Actual        civil.Day    `json:"actual,omitempty"`    // "" until it is achieved
	Withdrawn     string       `json:"withdrawn,omitempty"` // why it no longer counts; it stays listed
	Rebaselines   []Rebaseline `json:"rebaselines,omitempty"`
	WithdrawnBy   string       `json:"withdrawn_by,omitempty"` // reference of the decision, where it needed one
	Replaces      int64        `json:"replaces,omitempty"`     // the withdrawn milestone that this one succeeds
	Version       int64        `json:"version"`                // number of changes, adding included

	// Of records from before decisions, when transferors answered proposals.
	Pending *Rebaseline  `json:"pending,omitempty"`
	Refused []Rebaseline `json:"refused,omitempty"`
}

// Forecast is what was expected on the day it was made.
type Forecast struct {
	Made   civil.Day `json:"made"`
	By     string    `json:"by"` // the office's title
	Day    civil.Day `json:"day"`
	Words  string    `json:"words,omitempty"`
	Reason string    `json:"reason"`
	N      int64     `json:"event"`
}

// Rebaseline is a new baseline, which a decision names.
type Rebaseline struct {
	Old      civil.Day `json:"old"`
	New      civil.Day `json:"new"`
	Hides    int       `json:"hides"`  // days of slip
	Reason   string    `json:"reason"` // the decision's title
	Made     civil.Day `json:"made"`
	Took     civil.Day `json:"took_effect,omitempty"`
	Decision string    `json:"decision,omitempty"` // its reference
	N        int64     `json:"event"`

	// Of records from before decisions.
	ProposedBy int64             `json:"proposed_by,omitempty"`
	Agreed     []BaselineConsent `json:"agreed,omitempty"`
	RefusedBy  string            `json:"refused_by,omitempty"` // slug of the transferor
	Refusal    string            `json:"refusal,omitempty"`    // its reason
}

// BaselineConsent is one transferor's yes to a new baseline.
type BaselineConsent struct {
	Body   string    `json:"body"`
	Person int64     `json:"person"`
	Made   civil.Day `json:"made"`
	N      int64     `json:"event"`
}

// The acts on a milestone.
const (
	ActForecast          office.Act = "forecast"
	ActAchieve           office.Act = "achieve"
	ActWithdrawMilestone office.Act = "withdraw"
	ActRebaseline        office.Act = "rebaseline" // under a decision
)

// SlipPoint is one point of the slip chart.
type SlipPoint struct {
	Made     civil.Day // when it was said
	Day      civil.Day // what was said
	Slip     int       // days after the first baseline
	What     string    // "baseline", "forecast", "new baseline" or "actual"
	Decision string    // by which a new baseline was set
}

// Standing reports whether the milestone counts.
func (m Milestone) Standing() bool { return m.Withdrawn == "" }

// Expected is the actual day, else the latest forecast, else the baseline in
// force.
func (m Milestone) Expected() civil.Day {
	switch {
	case m.Actual != "":
		return m.Actual
	case len(m.Forecasts) > 0:
		return m.Forecasts[len(m.Forecasts)-1].Day
	}
	return m.Baseline
}

// Latest finds the milestone that a key names: the one that carries it, or the
// last of those that replaced it after it was withdrawn.
func Latest(all []Milestone, key string) (found Milestone, ok bool) {
	i := slices.IndexFunc(all, func(m Milestone) bool { return m.Key == key && key != "" })
	for i >= 0 {
		found = all[i]
		i = slices.IndexFunc(all, func(m Milestone) bool { return m.Replaces == found.ID })
	}
	return found, found.ID != 0
}

// Slip is how many days after the first baseline the milestone is expected, or
// was achieved. It is negative when early.
func (m Milestone) Slip() int { return m.First.Until(m.Expected()) }

// SlipShown is Slip against the baseline in force.
func (m Milestone) SlipShown() int { return m.Baseline.Until(m.Expected()) }

// Hidden is how many days of slip the new baselines hide together.
func (m Milestone) Hidden() int { return m.Slip() - m.SlipShown() }

// Late reports whether, on a day, the baseline in force had passed without the
// milestone achieved. One that was achieved late stays late.
func (m Milestone) Late(on civil.Day) bool {
	if m.Actual != "" && m.Actual <= on {
		on = m.Actual
	}
	return m.Standing() && on > m.Baseline
}

// Hides is how many days of slip a new baseline would hide. Whatever is
// forecast, the slip shown shrinks by the days between the two baselines; an
// earlier baseline hides none.
func (m Milestone) Hides(baseline civil.Day) int { return max(0, m.Baseline.Until(baseline)) }

// Points are the points of the slip chart, in the order in which they were said.
func (m Milestone) Points() []SlipPoint {
	point := func(made, day civil.Day, what string) SlipPoint {
		return SlipPoint{Made: made, Day: day, Slip: m.First.Until(day), What: what}
	}
	all := []SlipPoint{point(m.Added, m.First, "baseline")}
	for _, f := range m.Forecasts {
		all = append(all, point(f.Made, f.Day, "forecast"))
	}
	for _, r := range m.Rebaselines {
		p := point(r.Took, r.New, "new baseline")
		p.Decision = r.Decision
		all = append(all, p)
	}
	if m.Actual != "" {
		all = append(all, point(m.Actual, m.Actual, "actual"))
	}
	slices.SortStableFunc(all, func(a, b SlipPoint) int { return cmp.Compare(a.Made, b.Made) })
	return all
}

// May says whether v may act on the milestone, or why not.
func (m Milestone) May(v office.Viewer) error {
	switch {
	case !m.Standing():
		return fault.Conflict.Errorf("This milestone was withdrawn, so you cannot add to it.")
	case m.Actual != "":
		return fault.Conflict.Errorf("This milestone was achieved on %s, so you cannot add to it.", m.Actual)
	case !v.Can(office.KeepMilestones):
		return fault.Forbidden.Errorf("Your role cannot change milestones.")
	}
	return nil
}

// forecast is the milestone with one forecast more.
func (m Milestone) forecast(f Forecast) (Milestone, error) {
	var bad fault.Faults
	f.Words, f.Reason = text.OneLine(f.Words), text.OneLine(f.Reason)
	text.Tidy(&bad, "words", "the wording of the forecast", f.Words, false, 60)
	text.Tidy(&bad, "reason", "a reason", f.Reason, true, 500)
	last := Forecast{}
	if n := len(m.Forecasts); n > 0 {
		last = m.Forecasts[n-1]
	}
	civil.CheckDay(&bad, "day", "the new forecast", f.Day)
	switch {
	case len(bad) > 0:
	case f.Day < f.Made:
		bad.Add("day", "%s has passed. If the milestone was reached, record that it was achieved.", f.Day)
	case f.Day == last.Day && f.Words == last.Words:
		bad.Add("day", "This is already the forecast of %s. Enter another date.", last.Made)
	}
	m.Forecasts = append(slices.Clone(m.Forecasts), f)
	return m, bad.Err()
}

// achieve is the milestone as achieved on a day.
func (m Milestone) achieve(on, today civil.Day) (Milestone, error) {
	var bad fault.Faults
	civil.CheckDay(&bad, "day", "the date on which it was achieved", on)
	if len(bad) == 0 && on > today {
		bad.Add("day", "%s is in the future. Enter today or an earlier date.", on)
	}
	m.Actual, m.Pending = on, nil
	return m, bad.Err()
}

// withdraw is the milestone as withdrawn for a reason, before any decision is
// asked for.
func (m Milestone) withdraw(reason string) (Milestone, error) {
	var bad fault.Faults
	m.Withdrawn, m.Pending = text.OneLine(reason), nil
	text.Tidy(&bad, "reason", "a reason", m.Withdrawn, true, 500)
	return m, bad.Err()
}

// CheckBaseline says what is wrong with a day as the new baseline.
func (m Milestone) CheckBaseline(day civil.Day) error {
	var bad fault.Faults
	civil.CheckDay(&bad, "day", "the new baseline", day)
	if len(bad) == 0 && day == m.Baseline {
		bad.Add("day", "The baseline is already %s. Enter another date.", m.Baseline)
	}
	return bad.Err()
}

// rebaseline is the milestone with a new baseline in force.
func (m Milestone) rebaseline(r Rebaseline) Milestone {
	r.Old, r.Hides = m.Baseline, m.Hides(r.New)
	m.Rebaselines = append(slices.Clone(m.Rebaselines), r)
	m.Baseline, m.BaselineWords, m.Pending = r.New, "", nil
	return m
}

// BaselineDecision is the reference of the decision that set the baseline in
// force, "" where none did.
func (m Milestone) BaselineDecision() string {
	if n := len(m.Rebaselines); n > 0 {
		return m.Rebaselines[n-1].Decision
	}
	return ""
}

var milestoneKey = regexp.MustCompile(`^[a-z0-9-]{0,40}$`)

// check tidies a milestone to be added and says what is wrong with it.
func (m Milestone) check() (Milestone, error) {
	var bad fault.Faults
	m.Title, m.Source, m.BaselineWords = text.OneLine(m.Title), text.OneLine(m.Source), text.OneLine(m.BaselineWords)
	text.Tidy(&bad, "title", "a title", m.Title, true, 200)
	text.Tidy(&bad, "source", "the source of the target date", m.Source, true, 300)
	text.Tidy(&bad, "words", "the wording", m.BaselineWords, false, 60)
	civil.CheckDay(&bad, "baseline", "the first target date", m.Baseline)
	if !milestoneKey.MatchString(m.Key) {
		bad.Add("key", "Enter a key of up to 40 lower-case letters, digits and hyphens.")
	}
	return m, bad.Err()
}
