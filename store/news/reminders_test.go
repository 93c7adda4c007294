package news_test

import (
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/news"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/outbox"
	"github.com/police-ict/handover/store/storetest"
)

// reminded gives the titles of the reminders that a person is sent now.
func reminded(c *storetest.Cast, v office.Viewer) (titles []string) {
	c.T.Helper()
	c.Must(news.Remind(c.T.Context(), c.Tx))
	for _, m := range storetest.TakeMail(c.T, c.Tx) {
		if m.Person == v.Person && m.Kind == outbox.Reminder {
			titles = append(titles, m.Title)
		}
	}
	return titles
}

func TestWhatFallsDueIsToldThreeWorkingDaysBeforeAndOnTheDay(t *testing.T) {
	clock := &storetest.Clock{}
	clock.Set(storetest.Noon)
	k := storetest.NewRaw(t)
	s, err := store.Open(t.Context(), db.Options{Database: k.Database, Key: k.Key, Now: clock.Now, Mail: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := storetest.BeginOn(t, s, clock)
	c.Must(outbox.SetMail(t.Context(), s))
	storetest.TakeMail(t, s)
	chief := storetest.Holder(t, s, office.ChiefExecutive, "kent")
	db := k.DB()
	defer db.Close()
	for ref, open := range map[string]bool{"2013-001": true, "2013-002": false} {
		if _, err := db.Exec(`INSERT INTO charges (kind, ref, title, body, committee, heir, since, due, open) VALUES ('question', $1, 'Who pays?', 'kent', '', '', '2013-01-02', '2013-01-21', $2)`, ref, open); err != nil {
			t.Fatal(err)
		}
	}
	for _, day := range []struct {
		at   time.Time
		says string
	}{
		{time.Date(2013, 1, 15, 12, 0, 0, 0, time.UTC), ""},
		{time.Date(2013, 1, 16, 6, 59, 0, 0, time.UTC), ""},                                                    // Wednesday: three working days before Monday, but early
		{time.Date(2013, 1, 16, 7, 0, 0, 0, time.UTC), "Due on 21 January 2013: Question 2013-001: Who pays?"}, //
		{time.Date(2013, 1, 16, 9, 0, 0, 0, time.UTC), ""},
		{time.Date(2013, 1, 17, 9, 0, 0, 0, time.UTC), ""},
		{time.Date(2013, 1, 21, 9, 0, 0, 0, time.UTC), "Due today: Question 2013-001: Who pays?"},
		{time.Date(2013, 1, 21, 17, 0, 0, 0, time.UTC), ""},
		{time.Date(2013, 1, 22, 9, 0, 0, 0, time.UTC), ""},
	} {
		clock.Set(day.at)
		if got := strings.Join(reminded(c, chief), "; "); got != day.says {
			t.Errorf("at %s Kent is told %q, want %q", day.at, got, day.says)
		}
	}
}

func TestAVoteThatClosesIsToldToWhoHasNotVoted(t *testing.T) {
	c := storetest.BeginMailing(t)
	d := c.OpenPoll(c.Now().Add(10 * 24 * time.Hour))
	if got := reminded(c, c.Official); len(got) != 0 {
		t.Errorf("ten days before: %v", got)
	}
	c.Clock.Set(c.Now().Add(8 * 24 * time.Hour))
	c.Must(c.Vote(c.Official, d.Ref, authority.For))
	c.Must(news.Remind(t.Context(), c.Tx))
	told := map[int64]int{}
	for _, m := range storetest.TakeMail(t, c.Tx) {
		if m.Kind == outbox.Reminder {
			told[m.Person]++
		}
	}
	if told[c.Association.Person] != 1 || told[c.Official.Person] != 0 || told[c.SecondOfficial.Person] != 0 || told[c.Administrator.Person] != 0 {
		t.Errorf("told: %v (association %d, official %d)", told, c.Association.Person, c.Official.Person)
	}
}
