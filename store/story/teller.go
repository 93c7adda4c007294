package story

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/sheet"
)

// A date is one day of the story, with what is done on it.
type date struct {
	day  civil.Day
	what string
	acts []act
}

// instant is when the acts of a date begin: nine in the morning in London.
func (d date) instant() time.Time { return d.day.Start().Add(9 * time.Hour) }

// An act is one thing done in the story, through the store's own writes.
type act func(context.Context, *teller) error

// teller does the acts of the story, each as one of its people.
type teller struct {
	store    *db.Tx
	mu       sync.Mutex
	people   map[string]int64  // key of a person -> number
	refs     map[string]string // name of a decision -> reference
	matters  map[string]string // kind and name of another matter -> reference
	meetings map[string]int64  // name of a meeting -> number
	lenient  bool              // leave out what a reader has made impossible
}

func (t *teller) person(key string) (int64, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	id, ok := t.people[key]
	return id, ok
}

// as is a person of the story in the office they hold.
func (t *teller) as(ctx context.Context, key string) (office.Viewer, error) {
	id, ok := t.person(key)
	if !ok {
		return office.Viewer{}, fmt.Errorf("nobody is called %s yet", key)
	}
	return people.ViewerOf(ctx, t.store, id, 0)
}

// doing is an act of one person. Once the reader takes part, what the rules
// refuse does not happen.
func doing(key string, do func(context.Context, *db.Tx, office.Viewer) error) act {
	return func(ctx context.Context, t *teller) error {
		v, err := t.as(ctx, key)
		if err == nil {
			err = do(ctx, t.store, v)
		}
		if t.lenient && fault.KindOf(err) != 0 {
			return nil
		}
		return err
	}
}

// joins adds a person with an office from a day, confirmed by a second person
// of the body where one is needed and there. The person gets the sample
// password when they are one of the sample accounts.
func joins(key, name string, kind office.Kind, body string, from civil.Day) act {
	return func(ctx context.Context, t *teller) error {
		return t.join(ctx, key, name, office.Office{Body: body, Kind: kind, Title: strings.TrimSuffix(name, " (sample)")}, from)
	}
}

func (t *teller) join(ctx context.Context, key, name string, post office.Office, from civil.Day) error {
	id, token, err := people.Add(ctx, t.store, office.CommandLine, name, strings.ReplaceAll(key, " ", ".")+"@example.org")
	if err != nil {
		return err
	}
	t.mu.Lock()
	t.people[key] = id
	t.mu.Unlock()
	if isSample(key) {
		if err := people.AcceptInvitation(ctx, t.store, token, "", people.SamplePassword); err != nil {
			return err
		}
	}
	made, err := people.Appoint(ctx, t.store, office.CommandLine, office.Appointment{Office: post, Person: id, From: from})
	if err != nil {
		return err
	}
	return t.confirm(ctx, made)
}

// confirm lets a second person of the body confirm an appointment.
func (t *teller) confirm(ctx context.Context, id int64) error {
	a, err := office.FindAppointment(ctx, t.store, id)
	if err != nil || a.Status != office.Proposed {
		return err
	}
	chain, err := office.ReadChain(ctx, t.store)
	if err != nil {
		return err
	}
	others, err := office.AppointmentsAt(ctx, t.store, a.Office.Body)
	if err != nil {
		return err
	}
	today := civil.DayOf(t.store.Now())
	for _, o := range others {
		v, err := people.ViewerOf(ctx, t.store, o.Person, o.Office.ID)
		if err == nil && a.MayConfirm(v, chain, today) == nil {
			return people.DecideAppointment(ctx, t.store, v, id, true, "")
		}
	}
	return fmt.Errorf("nobody can confirm the appointment %s", a.Office.Title)
}

// enters is an entry in the register by the company secretary.
func enters(e register.Entry) act {
	return doing("secretary", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
		_, err := handover.Enter(ctx, tx, v, e)
		return err
	})
}

// steps is one step of several bodies: by the company secretary, or by each
// body's own chief executive.
func steps(act_ office.Act, bodies ...string) (all []act) {
	for i, body := range bodies {
		key := "executive of " + body
		if act_ == handover.ActInvite || act_ == handover.ActConfirm {
			key = "secretary"
		}
		all = append(all, doing(key, func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			return takes(ctx, tx, v, body, act_, i)
		}))
	}
	return all
}

// takes takes a step with the sample papers that it needs.
func takes(ctx context.Context, tx *db.Tx, v office.Viewer, body string, act_ office.Act, i int) error {
	st := handover.Step{Act: act_}
	today := civil.DayOf(tx.Now())
	if handover.NeedsDocument(act_) {
		text := fmt.Sprintf("SAMPLE DOCUMENT\n\n%s: %s\n%s\n\nThis paper was invented for the demonstration. It is not a document of the body.\n", office.ShortName(body), act_, today)
		id, err := documents.KeepDraft(ctx, tx, v, fmt.Sprintf("%s-%s-sample.txt", body, act_), []byte(text))
		if err != nil {
			return err
		}
		st.Document = id
	}
	switch act_ {
	case handover.ActResolve:
		st.Reference, st.DecidedOn, st.DecidedBy = fmt.Sprintf("%03d/%s (sample)", 12+7*i, string(today[:4])), today.Add(-i%4), handover.ByBody
		if i%3 == 1 {
			st.DecidedBy, st.Decider = handover.ByDelegate, "Chief executive (sample)"
		}
	case handover.ActDecline:
		st.Reason = "Sample reason: the body prefers to see the first accounts of the company."
	case handover.ActWithdraw:
		st.Reason = "Sample reason: the body reconsiders after its first budget."
	}
	if err := handover.TakeStep(ctx, tx, v, body, st); err != nil || act_ != handover.ActResolve {
		return err
	}
	docs, err := documents.OfSubject(ctx, tx, "accession/"+body)
	if err != nil || i%2 == 1 {
		return err
	}
	return documents.Publish(ctx, tx, v, docs[len(docs)-1].ID) // every other notice is published at once
}

// lists adds items to the schedule, as the company secretary.
func lists(items ...handover.Item) (all []act) {
	for _, i := range items {
		all = append(all, doing("secretary", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			_, err := handover.AddItem(ctx, tx, v, i)
			return err
		}))
	}
	return all
}

// answers does an act on items of the schedule.
func answers(key string, act_ office.Act, reason string, ids ...int64) (all []act) {
	for _, id := range ids {
		all = append(all, doing(key, func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
			return handover.ActOnItem(ctx, tx, v, id, 0, act_, reason)
		}))
	}
	return all
}

// mends gives an item of the schedule a receiver or evidence, as the company
// secretary.
func mends(id int64, after, evidence string) act {
	return doing("secretary", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
		i, err := handover.FindItem(ctx, tx, record.Moment{}, id)
		if err != nil || !i.Open() {
			return err
		}
		if after != "" {
			i.After = after
		}
		if evidence != "" {
			i.Evidence = evidence
		}
		return handover.EditItem(ctx, tx, v, i)
	})
}

// promises adds a milestone; forecasts, achieves act on one.
func promises(m handover.Milestone) act {
	return doing("officer", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
		_, err := handover.AddMilestone(ctx, tx, v, m)
		return err
	})
}

func forecasts(key string, day civil.Day, words, reason string) act {
	return onMilestone(key, func(ctx context.Context, tx *db.Tx, v office.Viewer, id int64) error {
		return handover.ForecastMilestone(ctx, tx, v, id, day, words, reason)
	})
}

func achieves(key string, on civil.Day) act {
	return onMilestone(key, func(ctx context.Context, tx *db.Tx, v office.Viewer, id int64) error {
		return handover.AchieveMilestone(ctx, tx, v, id, on)
	})
}

func onMilestone(key string, do func(context.Context, *db.Tx, office.Viewer, int64) error) act {
	return doing("officer", func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
		m, err := handover.MilestoneByKey(ctx, tx, record.Moment{}, key)
		if err != nil {
			return err
		}
		return do(ctx, tx, v, m.ID)
	})
}

// prepares and certifies are the acts on the statement and the balance.
func prepares(key, what string) act {
	return doing(key, func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
		_, err := handover.Prepare(ctx, tx, v, what)
		return err
	})
}

func certifies(key, what string) act {
	return doing(key, func(ctx context.Context, tx *db.Tx, v office.Viewer) error {
		h, err := handover.Read(ctx, tx, record.Moment{})
		if err != nil {
			return err
		}
		return handover.Certify(ctx, tx, v, what, h.Dossier(what).Now)
	})
}

// takesIn takes in a published file, as any other would be. As is what it was
// recognised to be, or nil.
func takesIn(key string, f sampleFile, as *sheet.File) act {
	return doing(key, func(ctx context.Context, tx *db.Tx, by office.Viewer) error {
		req := spend.LoadRequest{Body: f.body, File: f.name, Published: f.published, Source: f.source, Recognised: as}
		if f.period != "" {
			var err error
			if req.Period, err = civil.ParsePeriod(f.period); err != nil {
				return err
			}
		}
		_, err := spend.Import(ctx, tx, by, req, bytes.NewReader(f.content), int64(len(f.content)))
		return err
	})
}
