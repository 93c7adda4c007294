package outbox_test

import (
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/news"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/outbox"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/storetest"
)

// outboxOf reads how the outgoing mail stands.
func outboxOf(t testing.TB, s *db.Tx) outbox.Queue {
	t.Helper()
	b, err := outbox.ReadOutbox(t.Context(), s, 50)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAnInvitationIsMailedOnce(t *testing.T) {
	s, clock, _ := storetest.Mailing(t)
	id, token, err := people.Add(t.Context(), s, office.CommandLine, "Sample", "sample@example.org")
	if err != nil {
		t.Fatal(err)
	}
	again, err := storetest.Invite(t.Context(), s, office.CommandLine, id)
	if err != nil {
		t.Fatal(err)
	}
	all := storetest.TakeMail(t, s)
	if len(all) != 1 || all[0].To != "sample@example.org" || all[0].Href != "/invitations/"+again || all[0].Kind != outbox.Invitation {
		t.Errorf("an invitation that replaces %s… is mailed as %+v", token[:4], all)
	}
	if _, err = storetest.Invite(t.Context(), s, office.CommandLine, id); err != nil {
		t.Fatal(err)
	}
	clock.Set(storetest.Noon.Add(people.InvitationLasts))
	if all := storetest.TakeMail(t, s); len(all) != 0 {
		t.Errorf("an invitation that has lapsed is mailed: %+v", all)
	}
	if b := outboxOf(t, s); b.Waiting != 0 || b.Sent != 1 || b.GivenUp != 1 || b.Given[0].Fault == "" {
		t.Errorf("the outbox is %+v", b)
	}
}

func TestAnInvitationThatWasTakenUpIsNotMailed(t *testing.T) {
	s, _, again := storetest.Mailing(t)
	_, token, err := people.Add(t.Context(), s, office.CommandLine, "Sample", "sample@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if err := people.AcceptInvitation(t.Context(), s, token, "", "four unrelated words"); err != nil {
		t.Fatal(err)
	}
	off := again(false)
	storetest.Person(t, off, "Sample") // while mail is off
	if all := storetest.TakeMail(t, again(true)); len(all) != 0 {
		t.Errorf("mailed: %+v", all)
	}
}

func TestAMailThatFailsWaitsLongerAndIsGivenUp(t *testing.T) {
	s, clock, _ := storetest.Mailing(t)
	storetest.Person(t, s, "Sample")
	var waits []time.Duration
	for last := clock.Now(); ; clock.Set(clock.Now().Add(time.Second)) {
		m, found, err := outbox.Claim(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if found {
			waits, last = append(waits, clock.Now().Sub(last)), clock.Now()
			if err := outbox.Failed(t.Context(), s, m, "450 try\r\nlater", false); err != nil {
				t.Fatal(err)
			}
			b := outboxOf(t, s)
			if b.GivenUp == 1 {
				break
			}
			if len(b.Failing) != 1 || b.Failing[0].Fault != "450 try later" {
				t.Fatalf("the outbox is %+v", b)
			}
			clock.Set(b.Failing[0].DueAt.Add(-time.Second))
		}
	}
	for i := 1; i < len(waits); i++ {
		if waits[i] <= waits[i-1] {
			t.Errorf("the waits do not grow: %v", waits)
		}
	}
	if len(waits) != 9 || clock.Now().Sub(storetest.Noon) > people.InvitationLasts {
		t.Errorf("tried %d times in %s", len(waits), clock.Now().Sub(storetest.Noon))
	}
}

func TestAMailGivenUpIsTriedAgainByAnAdministrator(t *testing.T) {
	s, _, _ := storetest.Mailing(t)
	admin, officer := storetest.Holder(t, s, office.Administrator, office.TheCompany), storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	storetest.TakeMail(t, s)
	storetest.Person(t, s, "Sample")
	m, _, err := outbox.Claim(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if err := outbox.Failed(t.Context(), s, m, "550 no such mailbox", true); err != nil {
		t.Fatal(err)
	}
	if b := outboxOf(t, s); b.GivenUp != 1 || b.Given[0].Fault != "550 no such mailbox" || b.Given[0].Tries != 1 {
		t.Errorf("the outbox is %+v", b)
	}
	if err := outbox.Retry(t.Context(), s, officer, m.ID); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("an officer tries again: %v", err)
	}
	if err := outbox.Retry(t.Context(), s, admin, m.ID); err != nil {
		t.Error(err)
	}
	if err := outbox.Retry(t.Context(), s, admin, m.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second time: %v", err)
	}
	all := storetest.TakeMail(t, s)
	if len(all) != 1 || all[0].MessageID("portal.example.org") != m.MessageID("portal.example.org") {
		t.Errorf("sent: %+v", all)
	}
}

func TestTheMessageIDIsOneOfTheMail(t *testing.T) {
	m := outbox.Mail{ID: 7, MadeAt: storetest.Noon}
	for origin, want := range map[string]string{"portal.example.org": "outbox.7.1358164800000000@portal.example.org", "localhost:8080": "outbox.7.1358164800000000@localhost.8080"} {
		if got := m.MessageID(origin); got != want {
			t.Errorf("%s: %s", origin, got)
		}
	}
}

// Many senders over two stores: each mail is taken once, and once more only
// after its lease has passed.
func TestTwoSendersNeverTakeTheSameMail(t *testing.T) {
	s, clock, again := storetest.Mailing(t)
	for range 20 {
		storetest.Person(t, s, "Sample")
	}
	both := []*db.Tx{s, again(true)}
	race := func() map[int64]int {
		var mu sync.Mutex
		var wg sync.WaitGroup
		taken := map[int64]int{}
		for i := range 8 {
			wg.Go(func() {
				for {
					m, found, err := outbox.Claim(t.Context(), both[i%2])
					if err != nil {
						t.Error(err)
					}
					if err != nil || !found {
						return
					}
					mu.Lock()
					taken[m.ID]++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		return taken
	}
	first := race()
	if len(first) != 20 {
		t.Errorf("%d of 20 mails were taken", len(first))
	}
	for id, n := range first {
		if n != 1 {
			t.Errorf("mail %d was taken %d times", id, n)
		}
	}
	if more := race(); len(more) != 0 {
		t.Errorf("under their leases %v were taken again", more)
	}
	clock.Set(clock.Now().Add(outbox.Lease))
	if second := race(); !maps.Equal(first, second) {
		t.Errorf("after the leases %v were taken", second)
	}
}

func TestASenderWhoseLeaseIsOverNotesNothing(t *testing.T) {
	s, clock, _ := storetest.Mailing(t)
	storetest.Person(t, s, "Sample")
	slow, _, err := outbox.Claim(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	clock.Set(clock.Now().Add(outbox.Lease))
	if m, found, err := outbox.Claim(t.Context(), s); err != nil || !found || m.ID != slow.ID {
		t.Fatal(m, found, err)
	}
	if err := outbox.Failed(t.Context(), s, slow, "550 late", true); fault.KindOf(err) != fault.Conflict {
		t.Errorf("the slow one notes a fault: %v", err)
	}
	if err := outbox.WasSent(t.Context(), s, slow); fault.KindOf(err) != fault.Conflict {
		t.Errorf("the slow one notes that it was sent: %v", err)
	}
}

func TestASentMailKeepsNoText(t *testing.T) {
	s, clock, _ := storetest.Mailing(t)
	storetest.Person(t, s, "Sample")
	storetest.TakeMail(t, s)
	if err := outbox.Tidy(t.Context(), s); err != nil || outboxOf(t, s).Sent != 1 {
		t.Errorf("tidied too early: %v", err)
	}
	clock.Set(clock.Now().Add(31 * 24 * time.Hour))
	if err := outbox.Tidy(t.Context(), s); err != nil || outboxOf(t, s).Sent != 0 {
		t.Errorf("a mail of long ago is kept: %v", err)
	}
}

func TestATitleBeginsNoHeader(t *testing.T) {
	c := storetest.BeginMailing(t)
	p := storetest.HostingPaper(100)
	ref := c.PutForward("contract", p)
	if _, err := news.StartFollow(t.Context(), c.Tx, c.Official, "decision/"+ref, ""); err != nil {
		t.Fatal(err)
	}
	c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.TellFollowers()
	for _, m := range storetest.TakeMail(t, c.Tx) {
		if strings.ContainsAny(m.Title+m.Href+m.Stop, "\r\n") {
			t.Errorf("%+v", m)
		}
	}
}
