package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// The test program runs itself with these to become a process of acts.
const (
	actsDatabase = "HANDOVER_TEST_DATABASE"
	actsKey      = "HANDOVER_TEST_KEY"
	actsPerson   = "HANDOVER_TEST_PERSON"
	killWithin   = 200 // acts
)

// actUntilKilled does acts one after the other, and tells of each once the
// store has said that it is done.
func actUntilKilled() {
	if err := acts(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func acts(ctx context.Context) error {
	st, err := store.Open(ctx, store.Options{Database: os.Getenv(actsDatabase), Key: os.Getenv(actsKey)})
	if err != nil {
		return err
	}
	var person int64
	if _, err := fmt.Sscan(os.Getenv(actsPerson), &person); err != nil {
		return err
	}
	by, err := st.ViewerOf(ctx, person, 0)
	if err != nil {
		return err
	}
	for { // it ends by being killed, or by nobody listening any more
		n, err := st.Enter(ctx, by, store.Entry{Kind: store.Renamed, Body: store.TheCompany, Name: "Company " + rand.Text(), Registered: "2012-11-22"})
		if err != nil {
			return err
		}
		fmt.Println("event", n)
		id, _, err := st.AddPerson(ctx, store.CommandLine, "Sample", strings.ToLower(rand.Text())+"@example.org")
		if err != nil {
			return err
		}
		fmt.Println("person", id)
	}
}

func TestKillLosesNothing(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		killTest(t, filepath.Join(t.TempDir(), "handover.db"), 4)
	})
	t.Run("postgres", func(t *testing.T) { killTest(t, onPostgres(t), 3) })
}

func killTest(t *testing.T, database string, rounds int) {
	key := filepath.Join(t.TempDir(), "record.key")
	st, err := store.Open(t.Context(), store.Options{Database: database, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	secretary := storetest.Holder(t, st, store.CompanySecretary, store.TheCompany)
	if _, err := st.Enter(t.Context(), secretary, store.Entry{Kind: store.Incorporated, Registered: "2012-07-16"}); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	for range rounds {
		told := killed(t, database, key, secretary.Person, 1+mathrand.IntN(killWithin))
		held(t, database, key, told)
	}
}

// killed runs a process of acts, kills it a moment after it has told of some,
// and returns all that it told.
func killed(t *testing.T, database, key string, person int64, after int) (told []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), actsDatabase+"="+database, actsKey+"="+key, fmt.Sprintf("%s=%d", actsPerson, person))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // killed, perhaps in the middle of a line
		}
		told = append(told, strings.TrimSpace(line))
		if len(told) == after {
			time.AfterFunc(mathrand.N(5*time.Millisecond), func() { cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil || len(told) < after {
		t.Fatalf("the process of acts was not killed: %v after %d of %d acts", err, len(told), after)
	}
	return told
}

// held checks that all that was told is there, and that acts and events match.
func held(t *testing.T, database, key string, told []string) {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{Database: database, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for _, line := range told {
		var what string
		var n int64
		if _, err := fmt.Sscan(line, &what, &n); err != nil {
			t.Fatal(line, err)
		}
		switch what {
		case "event":
			_, err = st.Entry(t.Context(), n)
		case "person":
			_, err = st.Person(t.Context(), n)
		}
		if err != nil {
			t.Errorf("%s was acknowledged and is lost: %v", line, err)
		}
	}
	v, err := st.Verify(t.Context())
	if err != nil || !v.OK() {
		t.Fatalf("after the kill: %v %s", err, v.Fault)
	}
	t.Logf("killed after %d acts; the record holds %d events", len(told), v.Events)
}
