package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/text"
)

// Home is what the first page says.
type Home struct {
	Handover handover.Handover
	News     []record.Event // newest first
	Head     record.Head
	LastHere time.Time          // when the viewer last signed in before today
	Tasks    []office.Task      // of the viewer's offices
	Made     []decisions.Listed // recent decisions; not read for a day that is past
	Held     []decisions.Listed // decisions that may not be implemented yet
	Overdue  scrutiny.Overdue   // answers; not read for a day that is past
	Spend    report.Headline    // as the files stand now; not read for a day that is past
	Body     *HomeBody          // of a viewer who acts for a local policing body
}

// HomeBody is what the first page says of the viewer's own body.
type HomeBody struct {
	Spend report.BodySpend
	Owed  scrutiny.Owed          // what it has to answer
	Asked scrutiny.QuestionsPage // what its people asked, newest first
}

// How many of each the first page lists.
const (
	homeNews    = 6
	homeOverdue = 5
	homeAsked   = 3
)

// newsTopics are the topics that the first page tells of.
var newsTopics = []string{"register", "accession", "certificate", "handover", "item", "schedule", "milestone", "programme", "decision", "scheme", "override", "question", "committee", "meeting", "recommendation"}

// ReadHome reads the first page for a viewer at a moment.
func ReadHome(ctx context.Context, tx *db.Tx, v office.Viewer, m record.Moment) (h Home, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if h.Handover, err = handover.Read(ctx, tx, m); err != nil {
			return err
		}
		if h.Head, err = record.ReadHead(ctx, tx); err != nil {
			return err
		}
		if h.News, err = newest(ctx, tx, m, homeNews); err != nil {
			return err
		}
		if m.Past {
			return nil
		}
		if v.Person != 0 {
			if err := h.own(ctx, tx, v); err != nil {
				return err
			}
		}
		if h.Overdue, err = scrutiny.ReadOverdue(ctx, tx, homeOverdue); err != nil {
			return err
		}
		if h.Made, h.Held, err = decisions.Recent(ctx, tx); err != nil {
			return err
		}
		return spend.WithTotals(ctx, tx, func(tx *db.Tx, c *spend.Cube) error {
			h.Spend = report.HeadlineOf(c, civil.DayOf(tx.Now()))
			return nil
		})
	})
	return h, err
}

// own reads what the first page says to one person.
func (h *Home) own(ctx context.Context, tx *db.Tx, v office.Viewer) (err error) {
	if h.Tasks, err = tasks(ctx, tx, v, h.Handover); err != nil {
		return err
	}
	if h.LastHere, err = people.LastHere(ctx, tx, v.Person); err != nil {
		return err
	}
	b, ok := office.BodyOf(v.Office.Body)
	if !ok || !b.LocalPolicing() {
		return nil
	}
	h.Body = &HomeBody{}
	if h.Body.Spend, err = report.ReadBody(ctx, tx, b.Slug); err != nil {
		return err
	}
	if h.Body.Owed, err = scrutiny.OwedBy(ctx, tx, b.Slug, homeOverdue); err != nil {
		return err
	}
	h.Body.Asked, err = scrutiny.Questions(ctx, tx, scrutiny.QuestionFilter{From: b.Slug}, homeAsked)
	return err
}

// newest are the last events of the topics that people ask about, one for each
// matter.
func newest(ctx context.Context, tx *db.Tx, m record.Moment, most int) (all []record.Event, err error) {
	f := record.EventFilter{}
	if m.Past {
		f.Before = m.Event + 1
	}
	for _, topic := range newsTopics {
		f.Topic = topic
		some, err := record.Events(ctx, tx, f, 4*most)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b record.Event) int { return cmp.Compare(b.N, a.N) })
	told := map[string]bool{}
	all = slices.DeleteFunc(all, func(e record.Event) bool {
		again := told[e.Subject]
		told[e.Subject] = true
		return again
	})
	return all[:min(len(all), most)], nil
}

// Work lists what waits for a person, in all the offices they hold.
func Work(ctx context.Context, tx *db.Tx, v office.Viewer) (all []office.Task, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		h, err := handover.Read(ctx, tx, record.Moment{})
		if err != nil {
			return err
		}
		all, err = tasks(ctx, tx, v, h)
		return err
	})
	return all, err
}

func tasks(ctx context.Context, tx *db.Tx, v office.Viewer, h handover.Handover) (all []office.Task, err error) {
	for _, o := range v.Offices {
		as := v
		as.Office = o
		found := slices.Concat(h.AccessionTasks(as), h.DossierTasks(as), h.MilestoneTasks(as), h.OtherTasks(as))
		more, err := scheduleTasks(ctx, tx, as, h)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
		for _, of := range tasked {
			more, err := of(ctx, tx, as)
			if err != nil {
				return nil, err
			}
			found = append(found, more...)
		}
		for _, t := range found {
			t.Office = o
			all = append(all, t)
		}
	}
	slices.SortStableFunc(all, func(a, b office.Task) int { return cmp.Compare(cmp.Or(a.Due, "9999"), cmp.Or(b.Due, "9999")) })
	return all, nil
}

// answers are the statuses of items that wait for a holder, by the column that
// names it.
var answers = []struct {
	status handover.ItemStatus
	column string
	words  string
}{
	{handover.ItemProposed, "holder_before", "agree to"},
	{handover.ItemAgreed, "holder_after", "accept"},
	{handover.ExceptionProposed, "holder_before", "agree an exception for"},
	{handover.ExceptionAgreed, "holder_after", "accept an exception for"},
}

func scheduleTasks(ctx context.Context, tx *db.Tx, v office.Viewer, h handover.Handover) (all []office.Task, err error) {
	if !v.Can(office.AnswerForHolder) || h.Programme.Done() {
		return nil, nil
	}
	for _, a := range answers {
		items, err := db.List(ctx, tx, handover.ScanItem, `SELECT `+handover.ItemCols+` FROM items WHERE `+a.column+` = $1 AND status = $2 ORDER BY id LIMIT 200`, v.Office.Body, a.status)
		if err != nil {
			return nil, err
		}
		n := 0
		for _, i := range items {
			for _, act := range []office.Act{handover.ActAgree, handover.ActAccept, handover.ActAgreeException, handover.ActAcceptException} {
				if _, err := i.Next(act, v); err == nil {
					n++
				}
			}
		}
		if n > 0 {
			all = append(all, office.Task{Title: text.Capital(a.words) + " " + text.Count(n, "item", "items") + " of the schedule", Due: h.Programme.Aimed,
				Why: "Your body holds or receives what these items name.", Verb: "Open the list",
				Href: "/handover/schedule?status=" + string(a.status) + "&body=" + v.Office.Body})
		}
	}
	return all, nil
}
