package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
)

const milestoneCols = `id, COALESCE(key, ''), version, milestone`

func scanMilestone(r row) (m Milestone, err error) {
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
func (s *Store) Milestones(ctx context.Context, at Moment) (all []Milestone, err error) {
	if at.Past {
		all, err = pastRows[Milestone](ctx, s, "milestone", at.Event)
	} else {
		all, err = list(ctx, s, scanMilestone, `SELECT `+milestoneCols+` FROM milestones`)
	}
	slices.SortFunc(all, func(a, b Milestone) int { return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.ID, b.ID)) })
	return all, err
}

// Milestone finds one milestone. One that was added after the moment is not found.
func (s *Store) Milestone(ctx context.Context, at Moment, id int64) (Milestone, error) {
	if at.Past {
		return thingThen[Milestone](ctx, s, fmt.Sprintf("milestone/%d", id), at)
	}
	return one(ctx, s, scanMilestone, `SELECT `+milestoneCols+` FROM milestones WHERE id = $1`, id)
}

// MilestoneByKey finds the milestone that a page knows by its key, such as
// "handover". A key is never changed.
func (s *Store) MilestoneByKey(ctx context.Context, at Moment, key string) (m Milestone, err error) {
	err = s.read(ctx, func(s *Store) error {
		m, err = one(ctx, s, scanMilestone, `SELECT `+milestoneCols+` FROM milestones WHERE key = $1`, key)
		if err == nil && at.Past {
			m, err = s.Milestone(ctx, at, m.ID)
		}
		return err
	})
	return m, err
}

// AddMilestone records a promise and returns its number. Of m, it takes the
// key, the title, the source and the baseline with its words.
func (s *Store) AddMilestone(ctx context.Context, by Viewer, m Milestone) (id int64, err error) {
	if !by.Can(KeepMilestones) {
		return 0, Forbidden.Errorf("The office you act in does not keep milestones.")
	}
	if m, err = m.check(); err != nil {
		return 0, err
	}
	m = Milestone{Key: m.Key, Title: m.Title, Source: m.Source, Baseline: m.Baseline, BaselineWords: m.BaselineWords,
		First: m.Baseline, FirstWords: m.BaselineWords, Version: 1}
	err = s.write(ctx, func(s *Store) error {
		if err := s.keyFree(ctx, m.Key); err != nil {
			return err
		}
		// Writes run one at a time, so the next number can be taken like this.
		m.ID, err = one(ctx, s, scanInto[int64], `SELECT COALESCE(MAX(id), 0) + 1 FROM milestones`)
		if err != nil {
			return err
		}
		m.Added, id = DayOf(s.Now()), m.ID
		row, err := canonical(m)
		if err != nil {
			return err
		}
		if err := s.change(ctx, `INSERT INTO milestones (id, key, version, milestone) VALUES ($1, $2, $3, $4)`,
			m.ID, sql.NullString{String: m.Key, Valid: m.Key != ""}, m.Version, string(row)); err != nil {
			return err
		}
		_, err = s.record(ctx, by, "milestone.add", m.subject(), about(TheCompany), now(m.subject(), m))
		return err
	})
	return id, err
}

func (m Milestone) subject() string { return fmt.Sprintf("milestone/%d", m.ID) }

func (s *Store) keyFree(ctx context.Context, key string) error {
	if key == "" {
		return nil
	}
	had, found, err := maybe(ctx, s, scanMilestone, `SELECT `+milestoneCols+` FROM milestones WHERE key = $1`, key)
	if found {
		return Field("key", "The milestone “%s” has this key already.", had.Title)
	}
	return err
}

// A milestoneStep works out how a milestone stands after an act, and what the
// event says of it.
type milestoneStep func(s *Store, m Milestone, today Day) (Milestone, any, error)

// actOnMilestone takes one step in one write.
func (s *Store) actOnMilestone(ctx context.Context, by Viewer, id int64, act Act, take milestoneStep) error {
	return s.write(ctx, func(s *Store) error {
		old, err := s.Milestone(ctx, Moment{}, id)
		if err != nil {
			return err
		}
		if err := old.May(by); err != nil {
			return err
		}
		m, said, err := take(s, old, DayOf(s.Now()))
		if err != nil {
			return err
		}
		m.Version++
		row, err := canonical(m)
		if err != nil {
			return err
		}
		if err := s.change(ctx, `UPDATE milestones SET version = $1, milestone = $2 WHERE id = $3 AND version = $4`, m.Version, string(row), id, old.Version); err != nil {
			return err
		}
		_, err = s.record(ctx, by, "milestone."+string(act), m.subject(), about(TheCompany), now(m.subject(), m), detail(said))
		return err
	})
}

// ForecastMilestone records what is expected today, and why. Words stand
// beside the day when the forecast is not of a day: "Spring 2013".
func (s *Store) ForecastMilestone(ctx context.Context, by Viewer, id int64, day Day, words, reason string) error {
	return s.actOnMilestone(ctx, by, id, MilestoneForecast, func(s *Store, m Milestone, today Day) (Milestone, any, error) {
		m, err := m.forecast(Forecast{Made: today, By: by.Office.Title, Day: day, Words: words, Reason: reason, N: s.nextEvent()})
		return m, m.Forecasts[len(m.Forecasts)-1], err
	})
}

// AchieveMilestone records the day on which a milestone was reached, once.
func (s *Store) AchieveMilestone(ctx context.Context, by Viewer, id int64, on Day) error {
	return s.actOnMilestone(ctx, by, id, MilestoneAchieve, func(_ *Store, m Milestone, today Day) (Milestone, any, error) {
		m, err := m.achieve(on, today)
		return m, map[string]Day{"actual": on}, err
	})
}

// WithdrawMilestone says that a milestone no longer counts, and why.
func (s *Store) WithdrawMilestone(ctx context.Context, by Viewer, id int64, reason string) error {
	return s.actOnMilestone(ctx, by, id, MilestoneWithdraw, func(_ *Store, m Milestone, _ Day) (Milestone, any, error) {
		m, err := m.withdraw(reason)
		return m, map[string]string{"reason": m.Withdrawn}, err
	})
}

// Rebaseline puts a new baseline in force, under a decision that names the
// milestone and the day.
func (s *Store) Rebaseline(ctx context.Context, by Viewer, id int64, day Day, ref string) error {
	return s.actOnMilestone(ctx, by, id, MilestoneRebaseline, func(s *Store, m Milestone, today Day) (Milestone, any, error) {
		if err := m.CheckBaseline(day); err != nil {
			return m, nil, err
		}
		d, err := s.under(ctx, by, ref, Effect{Kind: NewBaseline, Subject: m.subject(), Value: string(day)})
		m = m.rebaseline(Rebaseline{New: day, Reason: d.Title, Made: today, Took: today, Decision: d.Ref, N: s.nextEvent()})
		return m, m.Rebaselines[len(m.Rebaselines)-1], err
	})
}

// milestoneLedger holds the milestones to the record.
var milestoneLedger = ledger{"milestone", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanMilestone, `SELECT `+milestoneCols+` FROM milestones`, func(m Milestone) (string, any) { return m.subject(), m })
}}

// MilestoneAt is one milestone as its page shows it, read at one time.
type MilestoneAt struct {
	Milestone Milestone
	History   Listing
}

// MilestoneAt reads the page of a milestone at a moment, with up to most of
// its events.
func (s *Store) MilestoneAt(ctx context.Context, at Moment, id int64, most int) (a MilestoneAt, err error) {
	err = s.read(ctx, func(s *Store) error {
		if a.Milestone, err = s.Milestone(ctx, at, id); err != nil {
			return err
		}
		a.History, err = s.Listing(ctx, EventFilter{Subject: a.Milestone.subject(), UpTo: at.Day}, most)
		return err
	})
	return a, err
}
