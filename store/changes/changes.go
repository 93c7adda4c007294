// Package changes says what became of a figure that somebody saw: whether it is
// the same now, and what was recorded since that changed it.
package changes

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/text"
)

// Change is what somebody saw beside what is shown now, and the entries recorded
// since.
type Change struct {
	Was, Now seen.Figure
	Gone     bool           // what the reference named cannot be seen any more: Now is what was seen then
	Loads    []LoadChange   // files behind it that were withdrawn, replaced or taken in since, in order of the record
	Before   []spend.Line   // rows of the figure that stand no longer, at most 50
	After    []spend.Line   // rows of the figure that stand now and did not then, at most 50
	Rows     int            // rows that differ in all, of those compared
	Partly   bool           // more changed than was compared
	Rest     *money.Pence   // of the difference of a sum, what neither a file nor a row above accounts for; nil where that is nothing or cannot be told
	Events   []record.Event // about it since, newest first, at most 20
	More     bool           // there are more events
}

// LoadChange is a file of spend that began or ceased to count.
type LoadChange struct {
	Load spend.Load
	N    int64 // the event
	On   civil.Day
	Why  string // as the record gives it
}

// Added reports whether the file began to count.
func (c LoadChange) Added() bool { return c.Load.Counts() }

// Words say what happened to the file.
func (c LoadChange) Words() string {
	words := fmt.Sprintf("source file %d was loaded on %s", c.Load.ID, c.On)
	switch {
	case c.Load.ReplacedBy != 0:
		words = fmt.Sprintf("source file %d was replaced by source file %d on %s", c.Load.ID, c.Load.ReplacedBy, c.On)
	case !c.Added():
		words = fmt.Sprintf("source file %d was %s on %s", c.Load.ID, text.Plain(string(c.Load.Status)), c.On)
	}
	if c.Why != "" && !c.Added() {
		words += ": " + strings.TrimRight(c.Why, ".")
	}
	return words
}

// Changed reports whether it is not what was seen.
func (c Change) Changed() bool {
	return c.Gone || c.Was.Value != c.Now.Value || c.Was.Rows != c.Now.Rows || c.Rows > 0 || (c.Was.Pence == nil) != (c.Now.Pence == nil) ||
		c.Was.Pence != nil && *c.Was.Pence != *c.Now.Pence
}

// Difference is now less then, where both are amounts.
func (c Change) Difference() (p money.Pence, ok bool) {
	if c.Gone || c.Was.Pence == nil || c.Now.Pence == nil {
		return 0, false
	}
	return *c.Now.Pence - *c.Was.Pence, true
}

// Lost are the files that ceased to count.
func (c Change) Lost() (all []LoadChange) {
	for _, l := range c.Loads {
		if !l.Added() {
			all = append(all, l)
		}
	}
	return all
}

// Why says why it is not what was seen, as far as the record tells.
func (c Change) Why() string {
	named := c.Lost()
	if len(named) == 0 {
		named = c.Loads
	}
	var all []string
	for i, l := range named {
		if i == 3 {
			all = append(all, text.Count(len(named)-i, "other source file changed", "other source files changed"))
			break
		}
		all = append(all, l.Words())
	}
	return strings.Join(all, "; ")
}

// Say is the change in one sentence.
func (c Change) Say() string {
	switch {
	case c.Gone:
		return "It is no longer available here."
	case !c.Changed() && len(c.Loads) > 0:
		return "It is the same now, though " + c.Why() + "."
	case !c.Changed():
		return "It is the same now."
	}
	was, now := cmp.Or(c.Was.Value, "without a value"), cmp.Or(c.Now.Value, "without a value")
	words := fmt.Sprintf("It was %s and is now %s", was, now)
	if was == now {
		words = fmt.Sprintf("It is still %s, but from different payments", now)
	}
	if why := c.Why(); why != "" {
		return words + ", because " + why + "."
	}
	return words + "."
}

// seenEvents is how many events since are told.
const seenEvents = 20

// SeenNow looks at what somebody saw once more, and says what changed and why.
// It looks at the files and rows of that figure alone.
func SeenNow(ctx context.Context, tx *db.Tx, v office.Viewer, theSeen seen.Figure) (c Change, err error) {
	kind, rest := seen.Cut(theSeen.Ref)
	err = spend.WithCube(ctx, tx, func(tx *db.Tx, cb *spend.Cube) error {
		c = Change{Was: theSeen}
		if c.Now, err = seen.Look(ctx, tx, v, theSeen.Ref); err != nil {
			if fault.KindOf(err) != fault.NotFound {
				return err
			}
			c.Gone, c.Now = true, theSeen
		}
		if err := eventsSince(ctx, tx, kind, rest, &c); err != nil {
			return err
		}
		switch kind {
		case "spend", "supplier":
			f, err := filterSeen(kind, rest)
			if err != nil {
				return err
			}
			return spendSince(ctx, tx, cb, f, &c)
		case "line", "load", "publication":
			return loadsSince(ctx, tx, theSeen.Loads, &c)
		}
		return nil
	})
	return c, err
}

// filterSeen is the filter that a figure of spend is of.
func filterSeen(kind, rest string) (payments.Filter, error) {
	if kind == "spend" {
		return report.FilterIn(rest)
	}
	slug, err := seen.Name(rest)
	return payments.Filter{Supplier: slug}, err
}

// topicsOf are the topics of the record whose events may change a kind of thing
// that has no events of its own.
var topicsOf = map[string][]string{
	"decisions": {"decision"}, "gate": {"accession", "certificate", "handover", "item", "schedule", "override", "register"},
	"condition": {"accession", "certificate", "handover", "item", "schedule", "override", "register"}, "slip": {"milestone"}, "bodies": {"accession"},
	"balance": {"handover", "certificate"}, "statement": {"handover", "certificate"}, "schedule": {"item", "schedule"}, "override": {"override"},
	"ownership": {"register"}, "register": {"register"}, "authority": {"scheme"}, "delegations": {"delegation"}, "interests": {"interest"},
	"spend": {"rule", "supplier-change"}, "supplier": {"rule", "supplier-change"}, "loads": {"load"}, "flags": {"load", "rule"}, "rules": {"rule"},
	"recommendations": {"recommendation"}, "committees": {"committee"}, "inquiries": {"inquiry", "report"},
}

// ownEvents are the kinds that the record tells of under their own reference.
var ownEvents = map[string]bool{"milestone": true, "accession": true, "item": true, "delegation": true, "line": true, "load": true, "rule": true,
	"question": true, "recommendation": true, "committee": true, "meeting": true, "inquiry": true, "evidence": true, "report": true}

// eventsSince lists the events about a thing since it was seen.
func eventsSince(ctx context.Context, tx *db.Tx, kind, rest string, c *Change) error {
	filters, err := eventsAbout(ctx, tx, kind, rest)
	if err != nil {
		return err
	}
	for _, f := range filters {
		f.Since = max(c.Was.Event, 1)
		all, err := record.Events(ctx, tx, f, seenEvents+1)
		if err != nil {
			return err
		}
		c.Events = append(c.Events, all...)
	}
	newestFirst(c.Events)
	if c.More = len(c.Events) > seenEvents; c.More {
		c.Events = c.Events[:seenEvents]
	}
	return nil
}

func eventsAbout(ctx context.Context, tx *db.Tx, kind, rest string) (all []record.EventFilter, err error) {
	name, _, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "?")
	switch {
	case kind == "decision":
		id, found, err := db.Maybe(ctx, tx, db.ScanInto[int64], `SELECT id FROM decisions WHERE ref = $1`, name)
		if err != nil || !found {
			return nil, err
		}
		return []record.EventFilter{{Subject: decisions.Decision{ID: id}.Subject()}}, nil
	case kind == "body":
		return []record.EventFilter{{Body: name}}, nil
	case ownEvents[kind]:
		return []record.EventFilter{{Subject: kind + "/" + name}}, nil
	}
	for _, topic := range topicsOf[kind] {
		all = append(all, record.EventFilter{Topic: topic})
	}
	return all, nil
}
