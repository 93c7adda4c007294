package storetest

import (
	"testing"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/news"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/outbox"
)

// BeginMailing is Begin at a portal that sends mail. The mail of the invitations
// is sent already.
func BeginMailing(t testing.TB) *Cast {
	t.Helper()
	s, clock, _ := Mailing(t)
	c := BeginOn(t, s, clock)
	c.TellFollowers()
	TakeMail(t, s)
	return c
}

// TellFollowers puts the mail to followers about what is new in the outbox.
func (c *Cast) TellFollowers() {
	c.T.Helper()
	_, err := news.TellFollowers(c.T.Context(), c.Tx)
	c.Must(err)
}

// Heard sends all mail and returns what each person is sent, as "act href".
func (c *Cast) Heard() map[int64][]string {
	c.T.Helper()
	c.TellFollowers()
	heard := map[int64][]string{}
	for _, m := range TakeMail(c.T, c.Tx) {
		heard[m.Person] = append(heard[m.Person], m.Act+" "+m.Href)
	}
	return heard
}

// Follow lets a person follow a subject, or a list by its filter.
func (c *Cast) Follow(v office.Viewer, subject, filter string) {
	c.T.Helper()
	_, err := news.StartFollow(c.T.Context(), c.Tx, v, subject, filter)
	c.Must(err)
}

// TakeMail takes all mail out of the outbox, as a server that accepts it.
func TakeMail(t testing.TB, s *db.Tx) (all []outbox.Mail) {
	t.Helper()
	for {
		m, found, err := outbox.Claim(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			return all
		}
		if err := outbox.WasSent(t.Context(), s, m); err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
}
