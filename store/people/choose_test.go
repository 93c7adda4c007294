package people_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/storetest"
)

func TestPasswordsThatOthersGuessAreRefused(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	person := withPassword(t, s, "quentin.hollis@example.org", "four unrelated words")
	accept := func(password string) error {
		token, _, err := people.Invite(ctx, s, office.CommandLine, person)
		if err != nil {
			t.Fatal(err)
		}
		return people.AcceptInvitation(ctx, s, token, "", password)
	}
	for _, password := range []string{"password1234", "Password2024!", "P@ssw0rd1234", "123456789012", "qwertyuiop123", "1q2w3e4r5t6y", "zaq12wsxcde3", "abcdefghijkl",
		"letmeinletmein", "sunshinesunshine", "iloveyou12345", "Welcome2012!!", "Liverpool2013!", "january14012013", "policeictcompany", "PoliceICTCompany1", "police-ict-company-2026",
		"handover2013!", "Commissioner2013", "Administrator1!", "Hollis20131401", "hollishollis12", "Passw0rdPassw0rd"} {
		if err := accept(password); storetest.FieldOf(err) != "password" {
			t.Errorf("%s was accepted: %v", password, err)
		}
	}
	for _, password := range []string{"four unrelated words", "kettle-marble-sunset-91", "giraffe teapot onion", "x7Kq2mVp9TzL", "aB3$kL9!mN2&", "a police horse eats marmalade"} {
		if err := accept(password); err != nil {
			t.Errorf("%s was refused: %v", password, err)
		}
	}
}

// entry is a try from an address, and from a browser where one is given.
func entry(password, address, device string) people.Entry {
	return people.Entry{Email: "owner@example.org", Password: password, Device: device, From: people.From{Address: address, Request: "a request"}}
}

func TestAStrangerDoesNotKeepTheOwnerOut(t *testing.T) {
	ctx := t.Context()
	s, clock := storetest.OpenClock(t)
	owner := withPassword(t, s, "owner@example.org", "four unrelated words")
	device, err := people.KnowDevice(ctx, s, owner, "")
	if err != nil {
		t.Fatal(err)
	}
	const here, there = "192.0.2.1", "198.51.100.7"
	for range 6 {
		if _, _, err := people.SignIn(ctx, s, entry("wrong", there, "")); fault.KindOf(err) != fault.Invalid {
			t.Fatal(err)
		}
	}
	if _, _, err := people.SignIn(ctx, s, entry("wrong", there, "")); fault.KindOf(err) != fault.Slow {
		t.Errorf("the stranger goes on: %v", err)
	}
	if got, wait, err := people.SignIn(ctx, s, entry("four unrelated words", here, "")); err != nil || got != owner || wait != 0 {
		t.Errorf("the owner elsewhere: %v %v", wait, err)
	}
	if got, _, err := people.SignIn(ctx, s, entry("four unrelated words", there, device)); err != nil || got != owner {
		t.Errorf("the owner's browser behind the same address: %v", err)
	}
	for i := range 60 { // from sixty networks: each is heard, after a moment
		if _, wait, err := people.SignIn(ctx, s, entry("wrong", fmt.Sprintf("2001:db8:0:%x::1", i), "")); fault.KindOf(err) != fault.Invalid || wait > 3*time.Second {
			t.Fatalf("%v %v", wait, err)
		}
	}
	if got, wait, err := people.SignIn(ctx, s, entry("four unrelated words", "203.0.113.9", "")); err != nil || got != owner || wait == 0 || wait > 3*time.Second {
		t.Errorf("under attack, from an unknown address: %v %v", wait, err)
	}
	if _, wait, err := people.SignIn(ctx, s, entry("four unrelated words", "203.0.113.9", device)); err != nil || wait != 0 {
		t.Errorf("under attack, from a known browser: %v %v", wait, err)
	}
	for i := range 6 { // one network of IPv6
		if _, _, err := people.SignIn(ctx, s, entry("wrong", fmt.Sprintf("2001:db8:1:1::%x", i+1), "")); fault.KindOf(err) != fault.Invalid {
			t.Fatal(err)
		}
	}
	if _, _, err := people.SignIn(ctx, s, entry("wrong", "2001:db8:1:1:ffff::1", "")); fault.KindOf(err) != fault.Slow {
		t.Errorf("another address of the same /64 goes on: %v", err)
	}
	other := withPassword(t, s, "other@example.org", "four unrelated words")
	if e := (people.Entry{Email: "other@example.org", Password: "wrong", Device: device, From: people.From{Address: there}}); other != 0 {
		for range 5 {
			if _, _, err := people.SignIn(ctx, s, e); fault.KindOf(err) == 0 {
				t.Error("the device of one opened another's account at once")
			}
		}
		if _, _, err := people.SignIn(ctx, s, e); fault.KindOf(err) == 0 {
			t.Error("the device of one opened another's account")
		}
	}
	clock.Set(clock.Now().Add(people.DeviceLasts + time.Hour))
	all, err := people.SignInsOf(ctx, s, owner, 100)
	if err != nil || len(all) < 60 || all[0].Address == "" || all[0].Request != "a request" {
		t.Errorf("%d lines of the log, %v", len(all), err)
	}
}

func TestAKnownBrowserGuessesTwentyTimes(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	owner := withPassword(t, s, "owner@example.org", "four unrelated words")
	device, err := people.KnowDevice(ctx, s, owner, "")
	if err != nil {
		t.Fatal(err)
	}
	slow := 0
	for range 40 {
		if _, _, err := people.SignIn(ctx, s, entry("wrong", "192.0.2.1", device)); fault.KindOf(err) == fault.Slow {
			slow++
		}
	}
	if slow == 0 {
		t.Error("whoever has the owner's browser guesses on and on")
	}
}
