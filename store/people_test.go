package store_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

func TestErasePerson(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	adm := storetest.Holder(t, s, store.Administrator, store.TheCompany)
	id, token, err := s.AddPerson(ctx, adm, "Zebedee Quill", "zebedee.quill@example.org")
	if err != nil {
		t.Fatal(err)
	}
	made, err := s.Appoint(ctx, adm, store.Appointment{Office: store.Office{Body: store.TheCompany, Kind: store.Auditor, Title: "Auditor"}, Person: id, From: "2013-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ErasePerson(ctx, adm, id, "asked"); store.KindOf(err) != store.Conflict {
		t.Fatalf("erased while in office: %v", err)
	}
	if err := s.EndAppointment(ctx, adm, made, "2013-01-13"); err != nil {
		t.Fatal(err)
	}
	if err := s.ErasePerson(ctx, adm, id, ""); fieldOf(err) != "reason" {
		t.Errorf("erased without a reason: %v", err)
	}
	if err := s.ErasePerson(ctx, adm, id, "The person asked for it."); err != nil {
		t.Fatal(err)
	}
	if err := s.ErasePerson(ctx, adm, id, "again"); store.KindOf(err) != store.Conflict {
		t.Errorf("erased twice: %v", err)
	}
	if _, err := s.Invited(ctx, token); store.KindOf(err) != store.NotFound {
		t.Errorf("the invitation still works: %v", err)
	}
	if _, err := s.Invite(ctx, adm, id); store.KindOf(err) != store.Conflict {
		t.Errorf("an erased person was invited: %v", err)
	}
	if _, err := s.Appoint(ctx, adm, store.Appointment{Office: store.Office{Body: store.TheCompany, Kind: store.Auditor, Title: "Auditor"}, Person: id, From: "2013-02-01"}); store.KindOf(err) != store.Conflict {
		t.Errorf("an erased person was appointed: %v", err)
	}
	if _, err := s.FindPerson(ctx, "zebedee.quill@example.org"); store.KindOf(err) != store.NotFound {
		t.Errorf("the address finds someone: %v", err)
	}
	if a, err := s.Account(ctx, id); err != nil || a.Name+a.Email != "" || a.State(s.Now()) != "erased" {
		t.Errorf("%+v %v", a, err)
	}
	events, err := s.Events(ctx, store.EventFilter{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if said := fmt.Sprintf("%+v", e); strings.Contains(strings.ToLower(said), "zebedee") {
			t.Errorf("event %d still tells the name: %s", e.N, said)
		}
	}
	verified(t, s)
}

func verified(t testing.TB, s *store.Store) {
	t.Helper()
	if v, err := s.Verify(t.Context()); err != nil || !v.OK() {
		t.Errorf("the record diverges: %s %v", v.Fault, err)
	}
}

func TestDirectoryPagesWithoutGapsOrRepeats(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	for _, name := range []string{"Ŵyn", "wyn", "Élan", "elan", "Elan", "50%_x", "Zoë", "anna", "Anna", "anna"} {
		storetest.Person(t, s, name)
	}
	var seen []string
	ids, after := map[int64]bool{}, int64(0)
	for more := true; more; {
		var all []store.Account
		var err error
		if all, more, err = s.Directory(ctx, "", after, 3); err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if ids[a.ID] {
				t.Errorf("%s twice", a.Name)
			}
			ids[a.ID], after, seen = true, a.ID, append(seen, a.Name)
		}
	}
	if len(seen) != 10 {
		t.Errorf("saw %v", seen)
	}
	for q, want := range map[string]int{"ELAN": 3, "w": 2, "%": 1, "_": 1, "nobody": 0, "zoe": 1} {
		if all, _, err := s.Directory(ctx, q, 0, 25); err != nil || len(all) != want {
			t.Errorf("%q finds %d: %v", q, len(all), err)
		}
	}
}

func TestInvitationsAndPasswords(t *testing.T) {
	s, clock := storetest.OpenClock(t)
	ctx := t.Context()
	_, token, err := s.AddPerson(ctx, store.CommandLine, "Ann Lee", "annlee@example.org")
	if err != nil {
		t.Fatal(err)
	}
	for password, says := range map[string]string{
		"short":                   "12 characters",
		"my-ANNLEE-password":      "e-mail address",
		"aaaaaaaaaaaabbbb":        "different characters",
		strings.Repeat("ab", 101): "200 characters",
	} {
		if err := s.AcceptInvitation(ctx, token, password); fieldOf(err) != "password" || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", password, err)
		}
	}
	clock.Set(storetest.Noon.Add(store.InvitationLasts - time.Microsecond))
	if _, err := s.Invited(ctx, token); err != nil {
		t.Errorf("within 72 hours: %v", err)
	}
	clock.Set(storetest.Noon.Add(store.InvitationLasts))
	if err := s.AcceptInvitation(ctx, token, "four unrelated words"); store.KindOf(err) != store.NotFound {
		t.Errorf("after 72 hours: %v", err)
	}
	p, err := s.FindPerson(ctx, "ANNLEE@example.org")
	if err != nil {
		t.Fatal(err)
	}
	first, err := s.Invite(ctx, store.CommandLine, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.Invite(ctx, store.CommandLine, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Invited(ctx, first); store.KindOf(err) != store.NotFound {
		t.Errorf("a replaced invitation works: %v", err)
	}
	if err := s.AcceptInvitation(ctx, second, "four unrelated words"); err != nil {
		t.Fatal(err)
	}
	if err := s.AcceptInvitation(ctx, second, "four unrelated words"); store.KindOf(err) != store.NotFound {
		t.Errorf("an invitation works twice: %v", err)
	}
	for _, address := range []string{"", "no address", "Ann <ann@example.org>", "a@b@c", strings.Repeat("x", 200) + "@example.org", "annLEE@example.org"} {
		if _, _, err := s.AddPerson(ctx, store.CommandLine, "Bob", address); fieldOf(err) != "email" {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// withPassword adds a person who can sign in.
func withPassword(t testing.TB, s *store.Store, email, password string) int64 {
	t.Helper()
	id, token, err := s.AddPerson(t.Context(), store.CommandLine, "Ann", email)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AcceptInvitation(t.Context(), token, password); err != nil {
		t.Fatal(err)
	}
	return id
}

func TestWrongSignInsSlowDownAndRecover(t *testing.T) {
	t.Parallel()
	s, clock := storetest.OpenClock(t)
	ctx := t.Context()
	id := withPassword(t, s, "slow@example.org", "four unrelated words")
	for _, account := range []string{"slow@example.org", "nobody@example.org"} {
		clock.Set(clock.Now().Add(2 * time.Hour))
		for i := range 6 {
			if _, err := s.SignIn(ctx, account, "wrong", "192.0.2.1"); store.KindOf(err) != store.Invalid {
				t.Fatalf("%s, try %d: %v", account, i+1, err)
			}
		}
		for _, seconds := range []int{2, 4, 8, 16} {
			wait := time.Duration(seconds) * time.Second
			clock.Set(clock.Now().Add(wait - time.Microsecond))
			if _, err := s.SignIn(ctx, account, "four unrelated words", "192.0.2.1"); store.KindOf(err) != store.Slow || !strings.Contains(err.Error(), "Wait 1 second,") {
				t.Fatalf("%s just before %s: %v", account, wait, err)
			}
			clock.Set(clock.Now().Add(time.Microsecond))
			if _, err := s.SignIn(ctx, account, "wrong", "192.0.2.1"); store.KindOf(err) != store.Invalid {
				t.Fatalf("%s after %s: %v", account, wait, err)
			}
		}
	}
	clock.Set(clock.Now().Add(15 * time.Minute)) // the longest wait
	if got, err := s.SignIn(ctx, "SLOW@example.org", "four unrelated words", "192.0.2.1"); err != nil || got != id {
		t.Errorf("no recovery: %d %v", got, err)
	}
	if _, err := s.SignIn(ctx, "slow@example.org", "wrong", "192.0.2.1"); store.KindOf(err) != store.Invalid {
		t.Errorf("the right password did not clear the account: %v", err)
	}
}

func TestAnAddressIsSlowedAcrossAccounts(t *testing.T) {
	t.Parallel()
	s, _ := storetest.OpenClock(t)
	for i := range 31 {
		if _, err := s.SignIn(t.Context(), fmt.Sprintf("a%d@example.org", i), "wrong", "192.0.2.7"); store.KindOf(err) != store.Invalid {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	if _, err := s.SignIn(t.Context(), "one.more@example.org", "wrong", "192.0.2.7"); store.KindOf(err) != store.Slow {
		t.Errorf("the 32nd from one address: %v", err)
	}
	if _, err := s.SignIn(t.Context(), "one.more@example.org", "wrong", "192.0.2.8"); store.KindOf(err) != store.Invalid {
		t.Errorf("another address: %v", err)
	}
}

func TestTriesAtTheSameInstantDoNotSlipPast(t *testing.T) {
	s := storetest.Open(t)
	withPassword(t, s, "many@example.org", "four unrelated words")
	var mu sync.Mutex
	var all sync.WaitGroup
	got := map[store.Kind]int{}
	for range 20 {
		all.Go(func() {
			_, err := s.SignIn(t.Context(), "many@example.org", "wrong", "192.0.2.1")
			mu.Lock()
			defer mu.Unlock()
			got[store.KindOf(err)]++
		})
	}
	all.Wait()
	if got[store.Invalid] != 6 || got[store.Slow] != 14 {
		t.Errorf("heard %d, slowed %d: %v", got[store.Invalid], got[store.Slow], got)
	}
}

func TestChangingThePasswordEndsEverySession(t *testing.T) {
	s := storetest.Open(t)
	ctx := t.Context()
	id := withPassword(t, s, "change@example.org", "four unrelated words")
	if _, err := s.Appoint(ctx, store.CommandLine, store.Appointment{Office: store.Office{Body: store.TheCompany, Kind: store.Auditor, Title: "Auditor"}, Person: id, From: "2013-01-01"}); err != nil {
		t.Fatal(err)
	}
	v, err := s.ViewerOf(ctx, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{"one-" + t.Name(), "two-" + t.Name()} {
		if err := s.StartSession(ctx, token, id, "a test"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.ChangePassword(ctx, v, "not it", "five entirely different words"); fieldOf(err) != "old" {
		t.Errorf("with a wrong old one: %v", err)
	}
	if err := s.ChangePassword(ctx, v, "four unrelated words", "short"); fieldOf(err) != "password" {
		t.Errorf("with a short new one: %v", err)
	}
	if all, err := s.SessionsOf(ctx, id); err != nil || len(all) != 2 {
		t.Errorf("a refused change ended sessions: %v %v", all, err)
	}
	if err := s.ChangePassword(ctx, v, "four unrelated words", "five entirely different words"); err != nil {
		t.Fatal(err)
	}
	if all, err := s.SessionsOf(ctx, id); err != nil || len(all) != 0 {
		t.Errorf("sessions remain: %v %v", all, err)
	}
	if _, err := s.SignIn(ctx, "change@example.org", "four unrelated words", "192.0.2.1"); store.KindOf(err) != store.Invalid {
		t.Errorf("the old password still opens: %v", err)
	}
	if _, err := s.SignIn(ctx, "change@example.org", "five entirely different words", "192.0.2.1"); err != nil {
		t.Error(err)
	}
	verified(t, s)
}

func TestANewInvitationAsksForTheSecondPersonAgain(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	admin := storetest.Holder(t, s, store.Administrator, store.TheCompany)
	second := storetest.Holder(t, s, store.Official, store.HomeOffice)
	official := storetest.Holder(t, s, store.Official, store.HomeOffice)
	accept := func(by store.Viewer) {
		t.Helper()
		token, err := s.Invite(ctx, by, official.Person)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.AcceptInvitation(ctx, token, store.SamplePassword); err != nil {
			t.Fatal(err)
		}
	}
	accept(admin) // the first password: the office was confirmed for this person
	if _, err := s.ViewerOf(ctx, official.Person, 0); err != nil {
		t.Fatalf("after the first password: %v", err)
	}
	accept(store.CommandLine) // whoever can run the program on its machine
	if _, err := s.ViewerOf(ctx, official.Person, 0); err != nil {
		t.Fatalf("after an invitation by the command line: %v", err)
	}
	accept(admin)
	if _, err := s.ViewerOf(ctx, official.Person, 0); store.KindOf(err) != store.NotFound {
		t.Fatalf("an administrator could act as the official: %v", err)
	}
	all, err := s.AppointmentsOf(ctx, official.Person)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if err := s.DecideAppointment(ctx, admin, all[0].ID, true, ""); store.KindOf(err) != store.Forbidden {
		t.Errorf("the administrator confirmed it: %v", err)
	}
	if err := s.DecideAppointment(ctx, second, all[0].ID, true, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ViewerOf(ctx, official.Person, 0); err != nil {
		t.Errorf("after the second person: %v", err)
	}
	if v, err := s.Verify(ctx); err != nil || !v.OK() {
		t.Errorf("%s %v", v.Fault, err)
	}
}
