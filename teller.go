package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/sheet"
)

// A date is one day of the story, with what is done on it.
type date struct {
	day  store.Day
	what string
	acts []act
}

// instant is when the acts of a date begin: nine in the morning in London.
func (d date) instant() time.Time { return d.day.Start().Add(9 * time.Hour) }

// An act is one thing done in the story, through the store's own writes.
type act func(context.Context, *teller) error

// teller does the acts of the story, each as one of its people.
type teller struct {
	store    *store.Store
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
func (t *teller) as(ctx context.Context, key string) (store.Viewer, error) {
	id, ok := t.person(key)
	if !ok {
		return store.Viewer{}, fmt.Errorf("nobody is called %s yet", key)
	}
	return t.store.ViewerOf(ctx, id, 0)
}

// doing is an act of one person. Once the reader takes part, what the rules
// refuse does not happen.
func doing(key string, do func(context.Context, *store.Store, store.Viewer) error) act {
	return func(ctx context.Context, t *teller) error {
		v, err := t.as(ctx, key)
		if err == nil {
			err = do(ctx, t.store, v)
		}
		if t.lenient && store.KindOf(err) != 0 {
			return nil
		}
		return err
	}
}

// joins adds a person with an office from a day, confirmed by a second person
// of the body where one is needed and there. The person gets the sample
// password when they are one of the sample accounts.
func joins(key, name string, kind store.OfficeKind, body string, from store.Day) act {
	return func(ctx context.Context, t *teller) error {
		return t.join(ctx, key, name, store.Office{Body: body, Kind: kind, Title: strings.TrimSuffix(name, " (sample)")}, from)
	}
}

func (t *teller) join(ctx context.Context, key, name string, office store.Office, from store.Day) error {
	id, token, err := t.store.AddPerson(ctx, store.CommandLine, name, strings.ReplaceAll(key, " ", ".")+"@example.org")
	if err != nil {
		return err
	}
	t.mu.Lock()
	t.people[key] = id
	t.mu.Unlock()
	if isSample(key) {
		if err := t.store.AcceptInvitation(ctx, token, store.SamplePassword); err != nil {
			return err
		}
	}
	made, err := t.store.Appoint(ctx, store.CommandLine, store.Appointment{Office: office, Person: id, From: from})
	if err != nil {
		return err
	}
	return t.confirm(ctx, made)
}

// confirm lets a second person of the body confirm an appointment.
func (t *teller) confirm(ctx context.Context, id int64) error {
	a, err := t.store.Appointment(ctx, id)
	if err != nil || a.Status != store.AppointmentProposed {
		return err
	}
	others, err := t.store.AppointmentsAt(ctx, a.Office.Body)
	if err != nil {
		return err
	}
	for _, o := range others {
		v, err := t.store.ViewerOf(ctx, o.Person, o.Office.ID)
		if err == nil && a.MayConfirm(v) == nil {
			return t.store.DecideAppointment(ctx, v, id, true, "")
		}
	}
	return fmt.Errorf("nobody can confirm the appointment %s", a.Office.Title)
}

// enters is an entry in the register by the company secretary.
func enters(e store.Entry) act {
	return doing("secretary", func(ctx context.Context, s *store.Store, v store.Viewer) error {
		_, err := s.Enter(ctx, v, e)
		return err
	})
}

// steps is one step of several bodies: by the company secretary, or by each
// body's own chief executive.
func steps(act_ store.Act, bodies ...string) (all []act) {
	for i, body := range bodies {
		key := "executive of " + body
		if act_ == store.Invite || act_ == store.Confirm {
			key = "secretary"
		}
		all = append(all, doing(key, func(ctx context.Context, s *store.Store, v store.Viewer) error {
			return takes(ctx, s, v, body, act_, i)
		}))
	}
	return all
}

// takes takes a step with the sample papers that it needs.
func takes(ctx context.Context, s *store.Store, v store.Viewer, body string, act_ store.Act, i int) error {
	st := store.Step{Act: act_}
	today := store.DayOf(s.Now())
	if store.NeedsDocument(act_) {
		text := fmt.Sprintf("SAMPLE DOCUMENT\n\n%s: %s\n%s\n\nThis paper was invented for the demonstration. It is not a document of the body.\n", store.ShortName(body), act_, today)
		id, err := s.KeepDraft(ctx, v, fmt.Sprintf("%s-%s-sample.txt", body, act_), []byte(text))
		if err != nil {
			return err
		}
		st.Document = id
	}
	switch act_ {
	case store.Resolve:
		st.Reference, st.DecidedOn, st.DecidedBy = fmt.Sprintf("%03d/%s (sample)", 12+7*i, string(today[:4])), today.Add(-i%4), store.ByBody
		if i%3 == 1 {
			st.DecidedBy, st.Decider = store.ByDelegate, "Chief executive (sample)"
		}
	case store.Decline:
		st.Reason = "Sample reason: the body prefers to see the first accounts of the company."
	case store.Withdraw:
		st.Reason = "Sample reason: the body reconsiders after its first budget."
	}
	if err := s.TakeStep(ctx, v, body, st); err != nil || act_ != store.Resolve {
		return err
	}
	docs, err := s.Documents(ctx, "accession/"+body)
	if err != nil || i%2 == 1 {
		return err
	}
	return s.Publish(ctx, v, docs[len(docs)-1].ID) // every other notice is published at once
}

// lists adds items to the schedule, as the company secretary.
func lists(items ...store.Item) (all []act) {
	for _, i := range items {
		all = append(all, doing("secretary", func(ctx context.Context, s *store.Store, v store.Viewer) error {
			_, err := s.AddItem(ctx, v, i)
			return err
		}))
	}
	return all
}

// answers does an act on items of the schedule.
func answers(key string, act_ store.Act, reason string, ids ...int64) (all []act) {
	for _, id := range ids {
		all = append(all, doing(key, func(ctx context.Context, s *store.Store, v store.Viewer) error {
			return s.ActOnItem(ctx, v, id, 0, act_, reason)
		}))
	}
	return all
}

// mends gives an item of the schedule a receiver or evidence, as the company
// secretary.
func mends(id int64, after, evidence string) act {
	return doing("secretary", func(ctx context.Context, s *store.Store, v store.Viewer) error {
		i, err := s.Item(ctx, store.Moment{}, id)
		if err != nil || !i.Open() {
			return err
		}
		if after != "" {
			i.After = after
		}
		if evidence != "" {
			i.Evidence = evidence
		}
		return s.EditItem(ctx, v, i)
	})
}

// promises adds a milestone; forecasts, achieves act on one.
func promises(m store.Milestone) act {
	return doing("officer", func(ctx context.Context, s *store.Store, v store.Viewer) error {
		_, err := s.AddMilestone(ctx, v, m)
		return err
	})
}

func forecasts(key string, day store.Day, words, reason string) act {
	return onMilestone(key, func(ctx context.Context, s *store.Store, v store.Viewer, id int64) error {
		return s.ForecastMilestone(ctx, v, id, day, words, reason)
	})
}

func achieves(key string, on store.Day) act {
	return onMilestone(key, func(ctx context.Context, s *store.Store, v store.Viewer, id int64) error {
		return s.AchieveMilestone(ctx, v, id, on)
	})
}

func onMilestone(key string, do func(context.Context, *store.Store, store.Viewer, int64) error) act {
	return doing("officer", func(ctx context.Context, s *store.Store, v store.Viewer) error {
		m, err := s.MilestoneByKey(ctx, store.Moment{}, key)
		if err != nil {
			return err
		}
		return do(ctx, s, v, m.ID)
	})
}

// prepares and certifies are the acts on the statement and the balance.
func prepares(key, what string) act {
	return doing(key, func(ctx context.Context, s *store.Store, v store.Viewer) error {
		_, err := s.Prepare(ctx, v, what)
		return err
	})
}

func certifies(key, what string) act {
	return doing(key, func(ctx context.Context, s *store.Store, v store.Viewer) error {
		h, err := s.Handover(ctx, store.Moment{})
		if err != nil {
			return err
		}
		return s.Certify(ctx, v, what, h.Dossier(what).Now)
	})
}

// takesIn takes in a published file, as any other would be. As is what it was
// recognised to be, or nil.
func takesIn(key string, f sampleFile, as *sheet.File) act {
	return doing(key, func(ctx context.Context, st *store.Store, by store.Viewer) error {
		req := store.LoadRequest{Body: f.body, File: f.name, Published: f.published, Source: f.source, Recognised: as}
		if f.period != "" {
			var err error
			if req.Period, err = store.ParsePeriod(f.period); err != nil {
				return err
			}
		}
		_, err := st.TakeIn(ctx, by, req, bytes.NewReader(f.content), int64(len(f.content)))
		return err
	})
}
