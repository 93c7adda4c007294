package people_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

func TestErasePerson(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	adm := storetest.Holder(t, s, office.Administrator, office.TheCompany)
	id, token, err := people.Add(ctx, s, adm, "Zebedee Quill", "zebedee.quill@example.org")
	if err != nil {
		t.Fatal(err)
	}
	made, err := people.Appoint(ctx, s, adm, office.Appointment{Office: office.Office{Body: office.TheCompany, Kind: office.Auditor, Title: "Auditor"}, Person: id, From: "2013-01-14"})
	if err != nil {
		t.Fatal(err)
	}
	if v, err := people.ViewerOf(ctx, s, id, 0); fault.KindOf(err) != fault.NotFound {
		t.Fatalf("an auditor in office without a second person: %v", v)
	}
	if err := people.DecideAppointment(ctx, s, storetest.Holder(t, s, office.CompanySecretary, office.TheCompany), made, true, ""); err != nil {
		t.Fatal(err)
	}
	if err := people.Erase(ctx, s, adm, id, "asked"); fault.KindOf(err) != fault.Conflict {
		t.Fatalf("erased while in office: %v", err)
	}
	if err := storetest.EndOffice(ctx, s, adm, made, "2013-01-13"); err != nil {
		t.Fatal(err)
	}
	if err := people.Erase(ctx, s, adm, id, ""); storetest.FieldOf(err) != "reason" {
		t.Errorf("erased without a reason: %v", err)
	}
	if err := people.Erase(ctx, s, adm, id, "The person asked for it."); err != nil {
		t.Fatal(err)
	}
	if err := people.Erase(ctx, s, adm, id, "again"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("erased twice: %v", err)
	}
	if _, err := people.Invited(ctx, s, token); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the invitation still works: %v", err)
	}
	if _, err := storetest.Invite(ctx, s, adm, id); fault.KindOf(err) != fault.Conflict {
		t.Errorf("an erased person was invited: %v", err)
	}
	if _, err := people.Appoint(ctx, s, adm, office.Appointment{Office: office.Office{Body: office.TheCompany, Kind: office.Auditor, Title: "Auditor"}, Person: id, From: "2013-02-01"}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("an erased person was appointed: %v", err)
	}
	if _, err := people.FindByEmail(ctx, s, "zebedee.quill@example.org"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the address finds someone: %v", err)
	}
	if a, err := people.ReadAccount(ctx, s, id); err != nil || a.Name+a.Email != "" || a.State(s.Now()) != "erased" {
		t.Errorf("%+v %v", a, err)
	}
	events, err := record.Events(ctx, s, record.EventFilter{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if said := fmt.Sprintf("%+v", e); strings.Contains(strings.ToLower(said), "zebedee") {
			t.Errorf("event %d still tells the name: %s", e.N, said)
		}
	}
	storetest.Sound(t, s)
}

func TestDirectoryPagesWithoutGapsOrRepeats(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	for _, name := range []string{"Ŵyn", "wyn", "Élan", "elan", "Elan", "50%_x", "Zoë", "anna", "Anna", "anna"} {
		storetest.Person(t, s, name)
	}
	var seen []string
	ids, after := map[int64]bool{}, int64(0)
	for more := true; more; {
		var all []people.Account
		var err error
		p, err := people.Directory(ctx, s, people.DirectoryFilter{After: after}, 3)
		if all, more = p.All, p.More; err != nil {
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
		if p, err := people.Directory(ctx, s, people.DirectoryFilter{Words: q, Page: 1, Sort: db.Sort{Key: "name"}}, 25); err != nil || len(p.All) != want || p.Count != int64(want) {
			t.Errorf("%q finds %d: %v", q, len(p.All), err)
		}
	}
}

func TestInvitationsAndPasswords(t *testing.T) {
	s, clock := storetest.OpenClock(t)
	ctx := t.Context()
	_, token, err := people.Add(ctx, s, office.CommandLine, "Ann Lee", "annlee@example.org")
	if err != nil {
		t.Fatal(err)
	}
	for password, says := range map[string]string{
		"short":                   "12 characters",
		"my-ANNLEE-password":      "email address",
		"aaaaaaaaaaaabbbb":        "different characters",
		strings.Repeat("ab", 101): "200 characters",
	} {
		if err := people.AcceptInvitation(ctx, s, token, "", password); storetest.FieldOf(err) != "password" || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", password, err)
		}
	}
	clock.Set(storetest.Noon.Add(people.InvitationLasts - time.Microsecond))
	if _, err := people.Invited(ctx, s, token); err != nil {
		t.Errorf("within 72 hours: %v", err)
	}
	clock.Set(storetest.Noon.Add(people.InvitationLasts))
	if err := people.AcceptInvitation(ctx, s, token, "", "four unrelated words"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("after 72 hours: %v", err)
	}
	p, err := people.FindByEmail(ctx, s, "ANNLEE@example.org")
	if err != nil {
		t.Fatal(err)
	}
	first, err := storetest.Invite(ctx, s, office.CommandLine, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	second, err := storetest.Invite(ctx, s, office.CommandLine, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := people.Invited(ctx, s, first); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a replaced invitation works: %v", err)
	}
	if err := people.AcceptInvitation(ctx, s, second, "", "four unrelated words"); err != nil {
		t.Fatal(err)
	}
	if err := people.AcceptInvitation(ctx, s, second, "", "four unrelated words"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an invitation works twice: %v", err)
	}
	for _, address := range []string{"", "no address", "Ann <ann@example.org>", "a@b@c", strings.Repeat("x", 200) + "@example.org", "annLEE@example.org"} {
		if _, _, err := people.Add(ctx, s, office.CommandLine, "Bob", address); storetest.FieldOf(err) != "email" {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// withPassword adds a person who can sign in.
func withPassword(t testing.TB, s *db.Tx, email, password string) int64 {
	t.Helper()
	id, token, err := people.Add(t.Context(), s, office.CommandLine, "Ann", email)
	if err != nil {
		t.Fatal(err)
	}
	if err := people.AcceptInvitation(t.Context(), s, token, "", password); err != nil {
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
			if _, err := signIn(ctx, s, account, "wrong", "192.0.2.1"); fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%s, try %d: %v", account, i+1, err)
			}
		}
		for _, seconds := range []int{2, 4, 8, 16} {
			wait := time.Duration(seconds) * time.Second
			clock.Set(clock.Now().Add(wait - time.Microsecond))
			if _, err := signIn(ctx, s, account, "four unrelated words", "192.0.2.1"); fault.KindOf(err) != fault.Slow || !strings.Contains(err.Error(), "Wait 1 second,") {
				t.Fatalf("%s just before %s: %v", account, wait, err)
			}
			clock.Set(clock.Now().Add(time.Microsecond))
			if _, err := signIn(ctx, s, account, "wrong", "192.0.2.1"); fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%s after %s: %v", account, wait, err)
			}
		}
	}
	clock.Set(clock.Now().Add(15 * time.Minute)) // the longest wait
	if got, err := signIn(ctx, s, "SLOW@example.org", "four unrelated words", "192.0.2.1"); err != nil || got != id {
		t.Errorf("no recovery: %d %v", got, err)
	}
	if _, err := signIn(ctx, s, "slow@example.org", "wrong", "192.0.2.1"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("the right password did not clear the account: %v", err)
	}
}

func TestAnAddressIsSlowedAcrossAccounts(t *testing.T) {
	t.Parallel()
	s, clock := storetest.OpenClock(t)
	id := withPassword(t, s, "member@example.org", "four unrelated words")
	for i := range 101 {
		if _, err := signIn(t.Context(), s, fmt.Sprintf("a%d@example.org", i), "wrong", "192.0.2.7"); fault.KindOf(err) != fault.Invalid {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	if _, err := signIn(t.Context(), s, "one.more@example.org", "wrong", "192.0.2.7"); fault.KindOf(err) != fault.Slow {
		t.Errorf("the 102nd from one address: %v", err)
	}
	if _, err := signIn(t.Context(), s, "one.more@example.org", "wrong", "192.0.2.8"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("another address: %v", err)
	}
	for i := range 30 { // whoever goes on makes nobody beside them wait for longer than a minute
		clock.Set(clock.Now().Add(time.Minute))
		if _, err := signIn(t.Context(), s, fmt.Sprintf("b%d@example.org", i), "wrong", "192.0.2.7"); fault.KindOf(err) != fault.Invalid {
			t.Fatalf("try %d, a minute later: %v", i+1, err)
		}
	}
	clock.Set(clock.Now().Add(time.Minute))
	if got, err := signIn(t.Context(), s, "member@example.org", "four unrelated words", "192.0.2.7"); err != nil || got != id {
		t.Errorf("a member behind the same address, a minute later: %d %v", got, err)
	}
}

// TestManyPeopleSignInFromOneAddress has forty members sign in at once from one
// address, while another beside them types wrong passwords.
func TestManyPeopleSignInFromOneAddress(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	const here = "192.0.2.7"
	var ids []int64
	for i := range 41 {
		ids = append(ids, withPassword(t, s, fmt.Sprintf("m%d@example.org", i), "four unrelated words"))
	}
	for range 20 {
		if _, err := signIn(t.Context(), s, "m40@example.org", "wrong", here); fault.KindOf(err) == 0 {
			t.Fatal(err)
		}
	}
	var all sync.WaitGroup
	for i, id := range ids[:40] {
		all.Go(func() {
			if got, err := signIn(t.Context(), s, fmt.Sprintf("m%d@example.org", i), "four unrelated words", here); err != nil || got != id {
				t.Errorf("member %d: %d %v", i, got, err)
			}
		})
	}
	all.Wait()
	if _, err := signIn(t.Context(), s, "m40@example.org", "four unrelated words", here); fault.KindOf(err) != fault.Slow {
		t.Errorf("whoever typed wrong passwords does not wait: %v", err)
	}
}

func TestTriesAtTheSameInstantDoNotSlipPast(t *testing.T) {
	s := storetest.Open(t)
	withPassword(t, s, "many@example.org", "four unrelated words")
	var mu sync.Mutex
	var all sync.WaitGroup
	got := map[fault.Kind]int{}
	for range 20 {
		all.Go(func() {
			_, err := signIn(t.Context(), s, "many@example.org", "wrong", "192.0.2.1")
			mu.Lock()
			defer mu.Unlock()
			got[fault.KindOf(err)]++
		})
	}
	all.Wait()
	if got[fault.Invalid] != 6 || got[fault.Slow] != 14 {
		t.Errorf("heard %d, slowed %d: %v", got[fault.Invalid], got[fault.Slow], got)
	}
}

func TestChangingThePasswordEndsEverySession(t *testing.T) {
	s := storetest.Open(t)
	ctx := t.Context()
	id := withPassword(t, s, "change@example.org", "four unrelated words")
	if _, err := people.Appoint(ctx, s, office.CommandLine, office.Appointment{Office: office.Office{Body: office.TheCompany, Kind: office.Auditor, Title: "Auditor"}, Person: id, From: "2013-01-01"}); err != nil {
		t.Fatal(err)
	}
	v, err := people.ViewerOf(ctx, s, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{"one-" + t.Name(), "two-" + t.Name()} {
		if err := people.StartSession(ctx, s, token, id, "a test"); err != nil {
			t.Fatal(err)
		}
	}
	if err := people.ChangePassword(ctx, s, v, "not it", "five entirely different words"); storetest.FieldOf(err) != "old" {
		t.Errorf("with a wrong old one: %v", err)
	}
	if err := people.ChangePassword(ctx, s, v, "four unrelated words", "short"); storetest.FieldOf(err) != "password" {
		t.Errorf("with a short new one: %v", err)
	}
	if all, err := people.SessionsOf(ctx, s, id); err != nil || len(all) != 2 {
		t.Errorf("a refused change ended sessions: %v %v", all, err)
	}
	if err := people.ChangePassword(ctx, s, v, "four unrelated words", "five entirely different words"); err != nil {
		t.Fatal(err)
	}
	if all, err := people.SessionsOf(ctx, s, id); err != nil || len(all) != 0 {
		t.Errorf("sessions remain: %v %v", all, err)
	}
	if _, err := signIn(ctx, s, "change@example.org", "four unrelated words", "192.0.2.1"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("the old password still opens: %v", err)
	}
	if _, err := signIn(ctx, s, "change@example.org", "five entirely different words", "192.0.2.1"); err != nil {
		t.Error(err)
	}
	storetest.Sound(t, s)
}

func TestANewInvitationNeedsASecondPerson(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	admin := storetest.Holder(t, s, office.Administrator, office.TheCompany)
	second := storetest.Holder(t, s, office.Official, office.HomeOffice)
	official := storetest.Holder(t, s, office.Official, office.HomeOffice)
	holds := func(when string) {
		t.Helper()
		if _, err := people.ViewerOf(ctx, s, official.Person, 0); err != nil {
			t.Fatalf("%s: %v", when, err)
		}
	}
	token, request, err := people.Invite(ctx, s, office.CommandLine, official.Person)
	if err != nil || request != 0 {
		t.Fatal(request, err)
	}
	if err := people.AcceptInvitation(ctx, s, token, "", people.SamplePassword); err != nil {
		t.Fatal(err)
	}
	holds("after an invitation by whoever can run the program on its machine")
	old, _, err := people.Invite(ctx, s, office.CommandLine, official.Person)
	if err != nil {
		t.Fatal(err)
	}
	code, request, err := people.Invite(ctx, s, admin, official.Person)
	if err != nil || request == 0 {
		t.Fatalf("an administrator alone invited an official again: %d %v", request, err)
	}
	for what, secret := range map[string]string{"an earlier link": old, "the code": code} {
		if _, err := people.Invited(ctx, s, secret); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s works while the request waits: %v", what, err)
		}
	}
	if _, _, err := people.Invite(ctx, s, admin, official.Person); fault.KindOf(err) != fault.Conflict {
		t.Errorf("asked twice: %v", err)
	}
	for who, v := range map[string]office.Viewer{"the administrator": admin, "the official": official, "the secretary of the company": storetest.Holder(t, s, office.CompanySecretary, office.TheCompany)} {
		if _, err := people.DecideRequest(ctx, s, v, request, true, ""); fault.KindOf(err) == 0 {
			t.Errorf("%s agreed: %v", who, err)
		}
	}
	if token, err = people.DecideRequest(ctx, s, second, request, true, ""); err != nil || token == "" {
		t.Fatal(err)
	}
	if _, err := people.Invited(ctx, s, old); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an earlier link works again: %v", err)
	}
	for _, wrong := range []string{"", "AAAAA-AAAAA", token, code + "A", code[:5]} {
		if err := people.AcceptInvitation(ctx, s, token, wrong, "four unrelated words"); storetest.FieldOf(err) != "code" {
			t.Errorf("whoever agreed took the account with the link and the code %q: %v", wrong, err)
		}
	}
	if err := people.AcceptInvitation(ctx, s, token, " "+strings.ToLower(strings.ReplaceAll(code, "-", " ")), people.SamplePassword); err != nil {
		t.Fatal(err)
	}
	if err := people.AcceptInvitation(ctx, s, token, code, people.SamplePassword); fault.KindOf(err) != fault.NotFound {
		t.Errorf("it works twice: %v", err)
	}
	holds("after an invitation that a second person agreed to")
	storetest.Sound(t, s)
}

func TestAnInvitationOfOneAloneIsConfirmedAgain(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	admin := storetest.Holder(t, s, office.Administrator, office.TheCompany)
	second := storetest.Holder(t, s, office.Official, office.HomeOffice)
	id, token, err := people.Add(ctx, s, admin, "Ann", "ann@example.org")
	if err != nil {
		t.Fatal(err)
	}
	made, err := people.Appoint(ctx, s, admin, office.Appointment{Office: office.Office{Body: office.HomeOffice, Kind: office.Official, Title: "Official"}, Person: id, From: "2013-01-14"})
	if err != nil {
		t.Fatal(err)
	}
	confirm := func() {
		t.Helper()
		if err := people.DecideAppointment(ctx, s, second, made, true, ""); err != nil {
			t.Fatal(err)
		}
	}
	confirm()
	if err := people.AcceptInvitation(ctx, s, token, "", people.SamplePassword); err != nil {
		t.Fatal(err)
	}
	if _, err := people.ViewerOf(ctx, s, id, 0); fault.KindOf(err) != fault.NotFound {
		t.Fatalf("whoever made the invitation could act as the official: %v", err)
	}
	if err := people.DecideAppointment(ctx, s, admin, made, true, ""); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("the administrator confirmed it: %v", err)
	}
	confirm()
	if _, err := people.ViewerOf(ctx, s, id, 0); err != nil {
		t.Errorf("after the second person: %v", err)
	}
	if v, err := store.Verify(ctx, s); err != nil || !v.OK() {
		t.Errorf("%s %v", v.Fault, err)
	}
}

// Tests hash at little cost, and an installation at the whole.
func TestAPasswordIsHashedAtItsWholeCost(t *testing.T) {
	for _, scratch := range []bool{true, false} {
		dir := t.TempDir()
		s, err := store.Open(t.Context(), db.Options{Database: filepath.Join(dir, "kept.db"), Key: filepath.Join(dir, "record.key"), Scratch: scratch})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		_, token, err := people.Add(t.Context(), s, office.CommandLine, "Sample", "sample@example.org")
		if err != nil {
			t.Fatal(err)
		}
		if err := people.AcceptInvitation(t.Context(), s, token, "", "four unrelated words"); err != nil {
			t.Fatal(err)
		}
		hash, err := db.One(t.Context(), s, db.ScanInto[string], `SELECT password FROM people`)
		if whole := strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$"); err != nil || whole == scratch {
			t.Errorf("scratch %t: %s %v", scratch, hash, err)
		}
	}
}

// signIn signs in from a browser that nobody knows.
func signIn(ctx context.Context, s *db.Tx, email, password, address string) (int64, error) {
	person, _, err := people.SignIn(ctx, s, people.Entry{Email: email, Password: password, From: people.From{Address: address}})
	return person, err
}
