package store

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"
)

// momentIn reads what stands between a kind’s slash and its question mark, and
// the day that is asked about: condition/seats?as_at=2012-09-03.
func momentIn(ctx context.Context, s *Store, rest string) (name string, m Moment, err error) {
	name, query, _ := strings.Cut(rest, "?")
	q, err := url.ParseQuery(query)
	if err != nil {
		return name, m, noReference
	}
	m, err = s.Moment(ctx, q.Get("as_at"))
	return strings.TrimPrefix(name, "/"), m, err
}

// pinned adds a past day to a reference or an address.
func (m Moment) pinned(at string) string {
	if !m.Past {
		return at
	}
	path, mark, _ := strings.Cut(at, "#")
	if path += "?as_at=" + string(m.Day); mark != "" {
		path += "#" + mark
	}
	return path
}

// handoverIn reads the handover at the moment of a reference.
func handoverIn(ctx context.Context, s *Store, rest string) (name string, h Handover, err error) {
	name, m, err := momentIn(ctx, s, rest)
	if err != nil {
		return name, h, err
	}
	h, err = s.Handover(ctx, m)
	return name, h, err
}

// seenOf is a thing of the handover at its moment.
func (h Handover) seenOf(ref, label, value, href string) Seen {
	return Seen{Ref: h.Moment.pinned(ref), Label: label, Value: value, AsAt: h.Moment.Day, Href: h.Moment.pinned(href)}
}

// GateWord is the answer of the handover in a word or two.
func (h Handover) GateWord() string {
	switch {
	case h.Programme.Done():
		return "Complete"
	case h.Ready():
		return "Ready"
	}
	return "Not ready"
}

func lookGate(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	_, h, err := handoverIn(ctx, s, rest)
	if err != nil {
		return Seen{}, err
	}
	seen := h.seenOf("gate", "Whether the company is ready to hand over", h.GateWord(), "/handover")
	seen.Rows, seen.Filter = int64(len(h.Conditions)), fmt.Sprintf("%d of %d conditions met", h.Met(), len(h.Conditions))
	return seen, nil
}

// Words is the state as people read it.
func (s ConditionState) Words() string { return Capital(Plain(string(s))) }

func lookCondition(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	id, h, err := handoverIn(ctx, s, rest)
	if err != nil {
		return Seen{}, err
	}
	c, err := h.Condition(id)
	if err != nil {
		return Seen{}, err
	}
	seen := h.seenOf("condition/"+c.ID, "Condition of the handover: "+c.Title, c.State.Words(), "/handover#condition-"+c.ID)
	seen.Filter = c.Evidence
	return seen, nil
}

// SlipWord is the slip of the handover day in words, "" where no promise of it
// is recorded.
func (h Handover) SlipWord() string {
	m, ok := h.TheMilestone()
	if !ok {
		return ""
	}
	return Count(m.Slip(), "day", "days")
}

func lookSlip(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	_, h, err := handoverIn(ctx, s, rest)
	if err != nil {
		return Seen{}, err
	}
	seen := h.seenOf("slip", "Slip of the handover day against the first promise", cmp.Or(h.SlipWord(), "Cannot tell"), "/handover#slip")
	if m, ok := h.TheMilestone(); ok {
		seen.Rows = int64(len(m.Points()))
	}
	return seen, nil
}

func lookMilestone(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	path, m, err := momentIn(ctx, s, rest)
	if err != nil {
		return Seen{}, err
	}
	id, err := numberedIn("/" + path)
	if err != nil {
		return Seen{}, err
	}
	one, err := s.Milestone(ctx, m, id)
	if err != nil {
		return Seen{}, err
	}
	ref := fmt.Sprintf("milestone/%d", id)
	seen := Seen{Ref: m.pinned(ref), Label: "Milestone: " + one.Title, Value: one.Expected().String(), AsAt: m.Day, Href: m.pinned("/handover/milestones/" + path)}
	seen.Filter = "slip of " + Count(one.Slip(), "day", "days") + " against the first promise"
	return seen, nil
}

// Answered is the number of bodies that answered their invitation, or were
// admitted.
func (h Handover) Answered() int { return len(h.Accessions) - h.Count(NotInvited) - h.Count(Invited) }

func lookBodies(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	_, h, err := handoverIn(ctx, s, rest)
	if err != nil {
		return Seen{}, err
	}
	var parts []string
	for _, status := range AccessionStatuses {
		if n := h.Count(status); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, Plain(string(status))))
		}
	}
	seen := h.seenOf("bodies", "Bodies that answered the invitation", fmt.Sprintf("%d of %d", h.Answered(), len(h.Accessions)), "/handover/bodies")
	seen.Rows, seen.Filter = int64(len(h.Accessions)), strings.Join(parts, ", ")
	return seen, nil
}

func lookAccession(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	body, h, err := handoverIn(ctx, s, rest)
	if err != nil {
		return Seen{}, err
	}
	for _, a := range h.Accessions {
		if a.Body == body {
			return h.seenOf("accession/"+body, "Accession of "+ShortName(body), Plain(string(a.Status)), "/handover/bodies/"+body), nil
		}
	}
	return Seen{}, noReference
}

// lookDossier looks at the opening balance or the completion statement.
func lookDossier(what string) finder {
	return func(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
		_, h, err := handoverIn(ctx, s, rest)
		if err != nil {
			return Seen{}, err
		}
		d, value := h.Dossier(what), "not been prepared"
		if d.Last != nil {
			value = fmt.Sprintf("version %d", d.Last.Version)
		}
		seen := h.seenOf(what, Capital(nameOf(what)), value, "/handover/"+what)
		if seen.Rows = int64(len(h.StatementNow.Admissions)); what == TheBalance {
			seen.Rows, _ = h.BalanceNow.Counts()
		}
		seen.Filter = fmt.Sprintf("%s standing", Count(d.Standing(h.Programme), "certificate", "certificates"))
		return seen, nil
	}
}

func lookSchedule(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	_, h, err := handoverIn(ctx, s, rest)
	if err != nil {
		return Seen{}, err
	}
	seen := h.seenOf("schedule", "Schedule of what is handed over", Count(int(h.Schedule.Total), "item", "items"), "/handover/schedule")
	if h.Schedule.Total == 0 {
		seen.Value = "empty"
	}
	seen.Rows, seen.Filter = h.Schedule.Total, fmt.Sprintf("%d without a receiver or evidence", h.Schedule.Open)
	return seen, nil
}

func lookItem(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	path, m, err := momentIn(ctx, s, rest)
	if err != nil {
		return Seen{}, err
	}
	id, err := numberedIn("/" + path)
	if err != nil {
		return Seen{}, err
	}
	i, err := s.Item(ctx, m, id)
	if err != nil {
		return Seen{}, err
	}
	ref := fmt.Sprintf("item/%d", id)
	seen := Seen{Ref: m.pinned(ref), Label: fmt.Sprintf("Item %d of the schedule: %s", id, i.Title), Value: i.Worth(), AsAt: m.Day, Href: m.pinned("/handover/schedule/" + path)}
	if seen.Filter = Plain(string(i.Status)); i.Valued {
		seen.Pence = &i.Value
	}
	return seen, nil
}

func lookOverride(ctx context.Context, s *Store, _ Viewer, rest string) (Seen, error) {
	id, h, err := handoverIn(ctx, s, rest)
	if err != nil {
		return Seen{}, err
	}
	for _, o := range h.Overrides {
		if o.Condition == id {
			seen := h.seenOf("override/"+id, "Condition overridden: "+o.Title, "decision "+o.Decision, "/handover#condition-"+id)
			seen.Filter = o.Evidence
			return seen, nil
		}
	}
	return Seen{}, noReference
}
