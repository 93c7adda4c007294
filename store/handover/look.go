package handover

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/text"
)

// LookOwnership looks at what a reference of its kind leads to.
func LookOwnership(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	_, m, err := register.MomentIn(ctx, tx, rest)
	if err != nil {
		return seen.Figure{}, err
	}
	r, err := register.Read(ctx, tx, record.When{Day: m.Day})
	if err != nil {
		return seen.Figure{}, err
	}
	seen := seen.Figure{Ref: m.Pinned("ownership"), Label: "Members of the company", Value: text.Count(len(r.Members), "member", "members"), AsAt: m.Day, Href: m.Pinned("/ownership")}
	seen.Rows, seen.Filter = int64(len(r.Members)), text.Count(int(r.Votes), "vote", "votes")
	return seen, nil
}

// handoverIn reads the handover at the moment of a reference.
func handoverIn(ctx context.Context, tx *db.Tx, rest string) (name string, h Handover, err error) {
	name, m, err := register.MomentIn(ctx, tx, rest)
	if err != nil {
		return name, h, err
	}
	h, err = Read(ctx, tx, m)
	return name, h, err
}

// seenOf is a thing of the handover at its moment.
func (h Handover) seenOf(ref, label, value, href string) seen.Figure {
	return seen.Figure{Ref: h.Moment.Pinned(ref), Label: label, Value: value, AsAt: h.Moment.Day, Href: h.Moment.Pinned(href)}
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

// LookGate looks at what a reference of its kind leads to.
func LookGate(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	_, h, err := handoverIn(ctx, tx, rest)
	if err != nil {
		return seen.Figure{}, err
	}
	seen := h.seenOf("gate", "Whether the company is ready to hand over", h.GateWord(), "/handover")
	seen.Rows, seen.Filter = int64(len(h.Conditions)), fmt.Sprintf("%d of %d conditions met", h.Met(), len(h.Conditions))
	return seen, nil
}

// Words is the state as people read it.
func (s ConditionState) Words() string { return text.Capital(text.Plain(string(s))) }

// LookCondition looks at what a reference of its kind leads to.
func LookCondition(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	id, h, err := handoverIn(ctx, tx, rest)
	if err != nil {
		return seen.Figure{}, err
	}
	c, err := h.Condition(id)
	if err != nil {
		return seen.Figure{}, err
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
	if !m.Standing() {
		return "Withdrawn"
	}
	return text.Count(m.Slip(), "day", "days")
}

// LookSlip looks at what a reference of its kind leads to.
func LookSlip(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	_, h, err := handoverIn(ctx, tx, rest)
	if err != nil {
		return seen.Figure{}, err
	}
	seen := h.seenOf("slip", "Delay to the handover", cmp.Or(h.SlipWord(), "Cannot tell"), "/handover#slip")
	if m, ok := h.TheMilestone(); ok {
		seen.Rows = int64(len(m.Points()))
	}
	return seen, nil
}

// LookMilestone looks at what a reference of its kind leads to.
func LookMilestone(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	path, m, err := register.MomentIn(ctx, tx, rest)
	if err != nil {
		return seen.Figure{}, err
	}
	id, err := seen.Number("/" + path)
	if err != nil {
		return seen.Figure{}, err
	}
	one, err := FindMilestone(ctx, tx, m, id)
	if err != nil {
		return seen.Figure{}, err
	}
	ref := fmt.Sprintf("milestone/%d", id)
	seen := seen.Figure{Ref: m.Pinned(ref), Label: "Milestone: " + one.Title, Value: one.Expected().String(), AsAt: m.Day, Href: m.Pinned("/handover/milestones/" + path)}
	seen.Filter = "delay of " + text.Count(one.Slip(), "day", "days") + " from the first target date"
	return seen, nil
}

// Answered is the number of bodies that answered their invitation, or were
// admitted.
func (h Handover) Answered() int { return len(h.Accessions) - h.Count(NotInvited) - h.Count(Invited) }

// LookBodies looks at what a reference of its kind leads to.
func LookBodies(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	_, h, err := handoverIn(ctx, tx, rest)
	if err != nil {
		return seen.Figure{}, err
	}
	var parts []string
	for _, status := range AccessionStatuses {
		if n := h.Count(status); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, text.Plain(string(status))))
		}
	}
	seen := h.seenOf("bodies", "Bodies that answered the invitation", fmt.Sprintf("%d of %d", h.Answered(), len(h.Accessions)), "/handover/bodies")
	seen.Rows, seen.Filter = int64(len(h.Accessions)), strings.Join(parts, ", ")
	return seen, nil
}

// LookAccession looks at what a reference of its kind leads to.
func LookAccession(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	body, h, err := handoverIn(ctx, tx, rest)
	if err != nil {
		return seen.Figure{}, err
	}
	for _, a := range h.Accessions {
		if a.Body == body {
			return h.seenOf("accession/"+body, "Accession of "+office.ShortName(body), text.Plain(string(a.Status)), "/handover/bodies/"+body), nil
		}
	}
	return seen.Figure{}, seen.ErrNoReference
}

// LookDossier looks at the opening balance or the completion statement.
func LookDossier(what string) seen.Finder {
	return func(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
		_, h, err := handoverIn(ctx, tx, rest)
		if err != nil {
			return seen.Figure{}, err
		}
		d, value := h.Dossier(what), "not been prepared"
		if d.Last != nil {
			value = fmt.Sprintf("version %d", d.Last.Version)
		}
		seen := h.seenOf(what, text.Capital(nameOf(what)), value, "/handover/"+what)
		if seen.Rows = int64(len(h.StatementNow.Admissions)); what == TheBalance {
			seen.Rows, _ = h.BalanceNow.Counts()
		}
		seen.Filter = fmt.Sprintf("%s in force", text.Count(d.Standing(h.Programme), "certificate", "certificates"))
		return seen, nil
	}
}

// LookSchedule looks at what a reference of its kind leads to.
func LookSchedule(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	_, h, err := handoverIn(ctx, tx, rest)
	if err != nil {
		return seen.Figure{}, err
	}
	seen := h.seenOf("schedule", "Schedule of what is handed over", text.Count(int(h.Schedule.Total), "item", "items"), "/handover/schedule")
	if h.Schedule.Total == 0 {
		seen.Value = "empty"
	}
	seen.Rows, seen.Filter = h.Schedule.Total, fmt.Sprintf("%d without a receiver or evidence", h.Schedule.Open)
	return seen, nil
}

// LookItem looks at what a reference of its kind leads to.
func LookItem(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	path, m, err := register.MomentIn(ctx, tx, rest)
	if err != nil {
		return seen.Figure{}, err
	}
	id, err := seen.Number("/" + path)
	if err != nil {
		return seen.Figure{}, err
	}
	i, err := FindItem(ctx, tx, m, id)
	if err != nil {
		return seen.Figure{}, err
	}
	ref := fmt.Sprintf("item/%d", id)
	seen := seen.Figure{Ref: m.Pinned(ref), Label: fmt.Sprintf("Item %d of the schedule: %s", id, i.Title), Value: i.Worth(), AsAt: m.Day, Href: m.Pinned("/handover/schedule/" + path)}
	if seen.Filter = text.Plain(string(i.Status)); i.Valued {
		seen.Pence = &i.Value
	}
	return seen, nil
}

// LookOverride looks at what a reference of its kind leads to.
func LookOverride(ctx context.Context, tx *db.Tx, _ office.Viewer, rest string) (seen.Figure, error) {
	id, h, err := handoverIn(ctx, tx, rest)
	if err != nil {
		return seen.Figure{}, err
	}
	for _, o := range h.Overrides {
		if o.Condition == id {
			seen := h.seenOf("override/"+id, "Condition overridden: "+o.Title, "decision "+o.Decision, "/handover#condition-"+id)
			seen.Filter = o.Evidence
			return seen, nil
		}
	}
	return seen.Figure{}, seen.ErrNoReference
}
