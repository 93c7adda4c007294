package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Task is one thing that waits for an office, with the one page to do it on.
type Task struct {
	Office Office // that it waits for
	Title  string
	Why    string // why this office
	Verb   string // of its button
	Href   string
	Due    Day // "" where no day is set
}

// Home is what the first page says.
type Home struct {
	Handover Handover
	News     []Event // newest first
	Head     Head
	Tasks    []Task   // of the viewer's offices
	Made     []Listed // decisions made lately; not read for a day that is past
	Held     []Listed // decisions that may not be implemented yet
	Spend    Headline // as the files stand now; not read for a day that is past
}

// newsTopics are the topics that the first page tells of.
var newsTopics = []string{"register", "accession", "certificate", "handover", "item", "schedule", "milestone", "programme", "decision", "scheme", "override", "question", "committee", "meeting", "recommendation"}

// Home reads the first page for a viewer at a moment.
func (s *Store) Home(ctx context.Context, v Viewer, m Moment) (h Home, err error) {
	err = s.read(ctx, func(s *Store) error {
		if h.Handover, err = s.Handover(ctx, m); err != nil {
			return err
		}
		if h.Head, err = s.Head(ctx); err != nil {
			return err
		}
		if h.News, err = s.news(ctx, m, 6); err != nil {
			return err
		}
		if m.Past {
			return nil
		}
		if v.Person != 0 {
			if h.Tasks, err = s.tasks(ctx, v, h.Handover); err != nil {
				return err
			}
		}
		if h.Made, h.Held, err = s.latelyDecided(ctx); err != nil {
			return err
		}
		return s.spend(ctx, func(_ *Store, c *cube) error {
			h.Spend = c.headline()
			return nil
		})
	})
	return h, err
}

// news are the last events of the topics that people ask about.
func (s *Store) news(ctx context.Context, m Moment, most int) (all []Event, err error) {
	f := EventFilter{}
	if m.Past {
		f.Before = m.Event + 1
	}
	for _, topic := range newsTopics {
		f.Topic = topic
		some, err := s.Events(ctx, f, most)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b Event) int { return cmp.Compare(b.N, a.N) })
	return all[:min(len(all), most)], nil
}

// Work lists what waits for a person, in all the offices they hold.
func (s *Store) Work(ctx context.Context, v Viewer) (all []Task, err error) {
	err = s.read(ctx, func(s *Store) error {
		h, err := s.Handover(ctx, Moment{})
		if err != nil {
			return err
		}
		all, err = s.tasks(ctx, v, h)
		return err
	})
	return all, err
}

func (s *Store) tasks(ctx context.Context, v Viewer, h Handover) (all []Task, err error) {
	for _, o := range v.Offices {
		as := v
		as.Office = o
		found := slices.Concat(h.accessionTasks(as), h.dossierTasks(as), h.milestoneTasks(as), h.otherTasks(as))
		more, err := s.scheduleTasks(ctx, as, h)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
		for _, of := range tasked {
			more, err := of(s, ctx, as)
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
	slices.SortStableFunc(all, func(a, b Task) int { return cmp.Compare(cmp.Or(a.Due, "9999"), cmp.Or(b.Due, "9999")) })
	return all, nil
}

func (h Handover) accessionTasks(v Viewer) (all []Task) {
	waiting := 0
	for _, a := range h.Accessions {
		may := func(act Act) bool { _, err := a.After(act, v); return err == nil }
		name, href := ShortName(a.Body), "/handover/bodies/"+a.Body+"/"
		switch {
		case may(Resolve):
			all = append(all, Task{Title: "Record your body’s resolution on membership", Why: "Your body was invited on " + a.Since().String() + " and has not answered.", Verb: "Record it", Href: href + string(Resolve)})
		case may(Deliver):
			all = append(all, Task{Title: "Send your body’s deed of adherence", Why: "Your body resolved to become a member; its deed is to come.", Verb: "Send it", Href: href + string(Deliver)})
		case may(Confirm):
			all = append(all, Task{Title: "Confirm the deed of " + name, Why: "The company secretary confirms each deed; it came on " + a.Since().String() + ".", Verb: "Read and confirm", Href: href + string(Confirm)})
		case a.Status == NotInvited && may(Invite):
			if b, _ := BodyOf(a.Body); b.Exists(h.Moment.Day) {
				waiting++
			}
		case a.Status == BodyReady && h.Programme.Done() && v.Can(KeepRegister):
			all = append(all, Task{Title: "Enter " + name + " in the register", Why: "Its deed is confirmed, and the handover is complete.", Verb: "Enter it", Href: "/ownership/enter/admitted?body=" + a.Body})
		}
	}
	if waiting > 0 {
		all = append(all, Task{Title: "Invite " + Count(waiting, "body", "bodies"), Why: "The company secretary invites each body that may become a member.", Verb: "Choose a body", Href: "/handover/bodies?step=not_invited"})
	}
	return all
}

func (h Handover) dossierTasks(v Viewer) (all []Task) {
	for _, d := range []Dossier{h.Balance, h.Statement} {
		href := "/handover/" + d.What
		switch {
		case d.MayCertify(h.Programme, v) == nil:
			all = append(all, Task{Title: fmt.Sprintf("Certify the %s, version %d", nameOf(d.What), d.Last.Version), Due: h.Programme.Aimed,
				Why: "Each body that hands over certifies it, by someone who did not prepare it." + h.voided(d, v.Office.Body), Verb: "Read and certify", Href: href + "/certify"})
		case d.MayPrepare(h.Programme, v) == nil && h.worthPreparing(d):
			all = append(all, Task{Title: "Prepare the " + nameOf(d.What), Due: h.Programme.Aimed, Why: "It is not prepared, or what it says has changed.", Verb: "Read and prepare", Href: href})
		}
	}
	return all
}

// voided says that a body's last certificate was voided, and why.
func (h Handover) voided(d Dossier, body string) string {
	for _, c := range slices.Backward(d.Certificates) {
		if c.Body == body && !c.Stands() {
			return fmt.Sprintf(" Your certificate of %s was voided: %s.", DayOf(c.At), c.Reason)
		}
	}
	return ""
}

// worthPreparing keeps the work list to what has something to say.
func (h Handover) worthPreparing(d Dossier) bool {
	if d.What == TheBalance {
		return h.Schedule.Total > 0
	}
	return len(h.StatementNow.Admissions) > 0 && h.Balance.Current()
}

func (h Handover) milestoneTasks(v Viewer) (all []Task) {
	for _, m := range h.Milestones {
		if m.Expected() < h.Moment.Day && m.May(v) == nil {
			all = append(all, Task{Title: "Forecast or close: " + m.Title, Due: m.Expected(), Why: "The day it was forecast for has passed.", Verb: "Open it", Href: fmt.Sprintf("/handover/milestones/%d", m.ID)})
		}
	}
	return all
}

func (h Handover) otherTasks(v Viewer) (all []Task) {
	if v.Can(CompleteHandover) && h.Ready() {
		all = append(all, Task{Title: "Complete the handover", Due: h.Programme.Longstop, Why: "Nothing stands against it; the company secretary completes.", Verb: "Read and complete", Href: "/handover/complete"})
	}
	if v.Can(KeepSchedule) && h.Schedule.Open > 0 && !h.Programme.Done() {
		all = append(all, Task{Title: Count(int(h.Schedule.Open), "item of the schedule lacks", "items of the schedule lack") + " a receiver or evidence", Due: h.Programme.Aimed,
			Why: "The company’s officers keep the schedule.", Verb: "Open them", Href: "/handover/schedule?open=yes"})
	}
	return all
}

// answers are the statuses of items that wait for a holder, by the column that
// names it.
var answers = []struct {
	status ItemStatus
	column string
	words  string
}{
	{ItemProposed, "holder_before", "agree to"},
	{ItemAgreed, "holder_after", "accept"},
	{ExceptionProposed, "holder_before", "agree an exception for"},
	{ExceptionAgreed, "holder_after", "accept an exception for"},
}

func (s *Store) scheduleTasks(ctx context.Context, v Viewer, h Handover) (all []Task, err error) {
	if !v.Can(AnswerForHolder) || h.Programme.Done() {
		return nil, nil
	}
	for _, a := range answers {
		items, err := list(ctx, s, scanItem, `SELECT `+itemCols+` FROM items WHERE `+a.column+` = $1 AND status = $2 ORDER BY id LIMIT 200`, v.Office.Body, a.status)
		if err != nil {
			return nil, err
		}
		n := 0
		for _, i := range items {
			for _, act := range []Act{AgreeItem, AcceptItem, AgreeException, AcceptException} {
				if _, err := i.Next(act, v); err == nil {
					n++
				}
			}
		}
		if n > 0 {
			all = append(all, Task{Title: Capital(a.words) + " " + Count(n, "item", "items") + " of the schedule", Due: h.Programme.Aimed,
				Why: "Your body holds or receives what these items name.", Verb: "Open the list",
				Href: "/handover/schedule?status=" + string(a.status) + "&body=" + v.Office.Body})
		}
	}
	return all, nil
}

func (s *Store) confirmTasks(ctx context.Context, v Viewer) (all []Task, err error) {
	if !v.Can(ConfirmAppointments) {
		return nil, nil
	}
	appointments, err := list(ctx, s, scanAppointment, `SELECT `+appointmentCols+appointmentFrom+`WHERE o.body = $1 AND a.status = 'proposed' ORDER BY a.id`, v.Office.Body)
	for _, a := range appointments {
		if a.MayConfirm(v) == nil {
			all = append(all, Task{Title: "Confirm an appointment: " + a.Office.Title, Due: a.From, Why: "A second person of the body confirms whoever holds this office.",
				Verb: "Read and confirm", Href: fmt.Sprintf("/appointments/%d", a.ID)})
		}
	}
	return all, err
}
