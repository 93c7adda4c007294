package handover

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
)

const milestoneCols = `id, COALESCE(key, ''), version, milestone`

func scanMilestone(r db.Row) (m Milestone, err error) {
	var id, version int64
	var key, row string
	if err := r.Scan(&id, &key, &version, &row); err != nil {
		return m, err
	}
	err = json.Unmarshal([]byte(row), &m)
	m.ID, m.Key, m.Version = id, key, version
	return m, err
}

// Milestones lists them all, by their first baseline. The withdrawn stay listed.
func Milestones(ctx context.Context, tx *db.Tx, at record.Moment) (all []Milestone, err error) {
	if at.Past {
		all, err = record.PastRows[Milestone](ctx, tx, "milestone", at.Event)
	} else {
		all, err = db.List(ctx, tx, scanMilestone, `SELECT `+milestoneCols+` FROM milestones`)
	}
	slices.SortFunc(all, func(a, b Milestone) int { return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.ID, b.ID)) })
	return all, err
}

// FindMilestone finds one milestone. One that was added after the moment is not found.
func FindMilestone(ctx context.Context, tx *db.Tx, at record.Moment, id int64) (Milestone, error) {
	if at.Past {
		return record.ThingThen[Milestone](ctx, tx, fmt.Sprintf("milestone/%d", id), at)
	}
	return db.One(ctx, tx, scanMilestone, `SELECT `+milestoneCols+` FROM milestones WHERE id = $1`, id)
}

// MilestoneByKey finds the milestone that a page knows by its key, such as
// "handover": the last of those that replaced each other. A key is never changed.
func MilestoneByKey(ctx context.Context, tx *db.Tx, at record.Moment, key string) (Milestone, error) {
	all, err := Milestones(ctx, tx, at)
	if err != nil {
		return Milestone{}, err
	}
	m, ok := Latest(all, key)
	if !ok {
		return m, fault.NotFound.Errorf("No milestone has this key.")
	}
	return m, nil
}

// AddMilestone records a promise and returns its number. Of m, it takes the
// key, the title, the source and the baseline with its words. Under the key of
// a milestone that was withdrawn, it becomes that one's successor.
func AddMilestone(ctx context.Context, tx *db.Tx, by office.Viewer, m Milestone) (id int64, err error) {
	if !by.Can(office.KeepMilestones) {
		return 0, fault.Forbidden.Errorf("Your role cannot change milestones.")
	}
	if m, err = m.check(); err != nil {
		return 0, err
	}
	m = Milestone{Key: m.Key, Title: m.Title, Source: m.Source, Baseline: m.Baseline, BaselineWords: m.BaselineWords,
		First: m.Baseline, FirstWords: m.BaselineWords, Version: 1}
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		if err := m.takeKey(ctx, tx); err != nil {
			return err
		}
		// Writes run one at a time, so the next number can be taken like this.
		m.ID, err = db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(id), 0) + 1 FROM milestones`)
		if err != nil {
			return err
		}
		m.Added, id = civil.DayOf(tx.Now()), m.ID
		row, err := text.Canonical(m)
		if err != nil {
			return err
		}
		if err := tx.Change(ctx, `INSERT INTO milestones (id, key, version, milestone) VALUES ($1, $2, $3, $4)`,
			m.ID, sql.NullString{String: m.Key, Valid: m.Key != ""}, m.Version, string(row)); err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, "milestone.add", m.subject(), record.About(office.TheCompany), record.Now(m.subject(), m))
		return err
	})
	return id, err
}

func (m Milestone) subject() string { return fmt.Sprintf("milestone/%d", m.ID) }

// takeKey gives the milestone its key where that is free, or makes it the
// successor of the withdrawn one that has it.
func (m *Milestone) takeKey(ctx context.Context, tx *db.Tx) error {
	had, err := MilestoneByKey(ctx, tx, record.Moment{}, m.Key)
	switch {
	case m.Key == "" || fault.KindOf(err) == fault.NotFound:
		return nil
	case err != nil:
		return err
	case had.Standing():
		return fault.Field("key", "The milestone “%s” already has this key. Enter another.", had.Title)
	}
	m.Key, m.Replaces = "", had.ID
	return nil
}

// A milestoneStep works out how a milestone stands after an act, and what the
// event says of it.
type milestoneStep func(tx *db.Tx, m Milestone, today civil.Day) (Milestone, any, error)

// actOnMilestone takes one step in one write.
func actOnMilestone(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, act office.Act, take milestoneStep) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		old, err := FindMilestone(ctx, tx, record.Moment{}, id)
		if err != nil {
			return err
		}
		if err := old.May(by); err != nil {
			return err
		}
		m, said, err := take(tx, old, civil.DayOf(tx.Now()))
		if err != nil {
			return err
		}
		m.Version++
		row, err := text.Canonical(m)
		if err != nil {
			return err
		}
		if err := tx.Change(ctx, `UPDATE milestones SET version = $1, milestone = $2 WHERE id = $3 AND version = $4`, m.Version, string(row), id, old.Version); err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, "milestone."+string(act), m.subject(), record.About(office.TheCompany), record.Now(m.subject(), m), record.Detail(said))
		return err
	})
}

// ForecastMilestone records what is expected today, and why. Words stand
// beside the day when the forecast is not of a day: "Spring 2013".
func ForecastMilestone(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, day civil.Day, words, reason string) error {
	return actOnMilestone(ctx, tx, by, id, ActForecast, func(tx *db.Tx, m Milestone, today civil.Day) (Milestone, any, error) {
		m, err := m.forecast(Forecast{Made: today, By: by.Office.Title, Day: day, Words: words, Reason: reason, N: record.NextEvent(tx)})
		return m, m.Forecasts[len(m.Forecasts)-1], err
	})
}

// AchieveMilestone records the day on which a milestone was reached, once. That
// of the handover is reached by its completion alone.
func AchieveMilestone(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, on civil.Day) error {
	return actOnMilestone(ctx, tx, by, id, ActAchieve, func(tx *db.Tx, m Milestone, today civil.Day) (Milestone, any, error) {
		p, handover, err := m.ofHandover(ctx, tx)
		if err != nil {
			return m, nil, err
		}
		if handover && !p.Done() {
			return m, nil, fault.Conflict.Errorf("This milestone is achieved when the company secretary completes the handover.")
		}
		m, err = m.achieve(on, today)
		return m, map[string]civil.Day{"actual": on}, err
	})
}

// ofHandover tells whether the milestone is that of the handover, by its
// programme.
func (m Milestone) ofHandover(ctx context.Context, tx *db.Tx) (p register.Programme, is bool, err error) {
	the, err := MilestoneByKey(ctx, tx, record.Moment{}, HandoverMilestone)
	if fault.KindOf(err) == fault.NotFound || err == nil && the.ID != m.ID {
		return p, false, nil
	}
	if err != nil {
		return p, false, err
	}
	p, err = register.ReadProgramme(ctx, tx, record.Moment{})
	return p, true, err
}

// Withdrawal is the effect of a decision that lets the milestone of the
// handover be withdrawn.
func (m Milestone) Withdrawal() authority.Effect {
	return authority.Effect{Kind: authority.WithdrawsIt, Subject: m.subject()}
}

// WithdrawMilestone says that a milestone no longer counts, and why. That of
// the handover is withdrawn only under a decision that names it and that every
// transferor said yes to, since all else is measured by it.
func WithdrawMilestone(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, reason, ref string) error {
	return actOnMilestone(ctx, tx, by, id, ActWithdrawMilestone, func(tx *db.Tx, m Milestone, _ civil.Day) (Milestone, any, error) {
		p, handover, err := m.ofHandover(ctx, tx)
		if err != nil {
			return m, nil, err
		}
		m, err = m.withdraw(reason)
		if err == nil && handover {
			m.WithdrawnBy, err = underTransferors(ctx, tx, by, p, ref, m.Withdrawal())
		}
		said := map[string]string{"reason": m.Withdrawn}
		if m.WithdrawnBy != "" {
			said["decision"] = m.WithdrawnBy
		}
		return m, said, err
	})
}

// underTransferors uses a decision that names an effect and that every
// transferor said yes to, and returns its reference.
func underTransferors(ctx context.Context, tx *db.Tx, by office.Viewer, p register.Programme, ref string, e authority.Effect) (string, error) {
	d, err := decisions.Under(ctx, tx, by, ref, e)
	if err != nil {
		return "", err
	}
	yes, err := decisions.SaidYes(ctx, tx, d)
	if err != nil {
		return "", err
	}
	for _, body := range p.Transferors {
		if !p.Done() && !slices.Contains(yes, body) {
			return "", fault.Field("decision", "%s has not approved decision %s. Every transferor must approve it.", text.Capital(office.ShortName(body)), d.Ref)
		}
	}
	return d.Ref, nil
}

// RebaselineMilestone puts a new baseline in force, under a decision that names the
// milestone and the day.
func RebaselineMilestone(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, day civil.Day, ref string) error {
	return actOnMilestone(ctx, tx, by, id, ActRebaseline, func(tx *db.Tx, m Milestone, today civil.Day) (Milestone, any, error) {
		if err := m.CheckBaseline(day); err != nil {
			return m, nil, err
		}
		d, err := decisions.Under(ctx, tx, by, ref, authority.Effect{Kind: authority.NewBaseline, Subject: m.subject(), Value: string(day)})
		m = m.rebaseline(Rebaseline{New: day, Reason: d.Title, Made: today, Took: today, Decision: d.Ref, N: record.NextEvent(tx)})
		return m, m.Rebaselines[len(m.Rebaselines)-1], err
	})
}

// MilestoneLedger holds the milestones to the record.
var MilestoneLedger = record.Ledger{Topic: "milestone", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanMilestone, `SELECT `+milestoneCols+` FROM milestones`, func(m Milestone) (string, any) { return m.subject(), m })
}}

// MilestonePage is one milestone as its page shows it, read at one time.
type MilestonePage struct {
	Milestone Milestone
	History   register.Listing
}

// ReadMilestonePage reads the page of a milestone at a moment, with up to most of
// its events.
func ReadMilestonePage(ctx context.Context, tx *db.Tx, at record.Moment, id int64, most int) (a MilestonePage, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if a.Milestone, err = FindMilestone(ctx, tx, at, id); err != nil {
			return err
		}
		a.History, err = register.ReadListing(ctx, tx, record.EventFilter{Subject: a.Milestone.subject(), UpTo: at.Day}, most)
		return err
	})
	return a, err
}
