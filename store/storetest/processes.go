package storetest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
)

// elsewhereEnv names the database to a process that Together runs.
const elsewhereEnv = "HANDOVER_TEST_ELSEWHERE"

// Together runs the test in further processes at once, one for each group of
// people and with env added to the environment, and returns what each of them
// sends back. The test calls Elsewhere first.
func Together(t *testing.T, database, key string, env []string, people ...[]office.Viewer) []string {
	t.Helper()
	says := make([]string, len(people))
	var ready, done sync.WaitGroup
	var began int64
	start := make(chan struct{})
	for i, some := range people {
		ids := make([]string, len(some))
		for j, v := range some {
			ids[j] = fmt.Sprint(v.Person)
		}
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v") //nolint:gosec // the program is this test itself
		cmd.Env = append(os.Environ(), elsewhereEnv+"="+database, elsewhereEnv+"_KEY="+key, elsewhereEnv+"_PEOPLE="+strings.Join(ids, " "))
		cmd.Env = append(cmd.Env, env...)
		cmd.Stderr = os.Stderr
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ready.Add(1)
		done.Go(func() {
			lines, isReady := bufio.NewScanner(out), false
			var all []string
			for lines.Scan() {
				all = append(all, lines.Text())
				if lines.Text() == "ready" {
					isReady = true
					ready.Done()
					<-start
					fmt.Fprint(in, began) // a process that is gone is told of below
					in.Close()
				}
				if result, ok := strings.CutPrefix(lines.Text(), "result: "); ok {
					says[i] = result
				}
			}
			if !isReady {
				ready.Done()
			}
			if err := cmd.Wait(); err != nil || says[i] == "" {
				t.Errorf("process %d: %v\n%s", i, err, strings.Join(all, "\n"))
			}
		})
	}
	ready.Wait()
	began = time.Now().UnixMicro()
	close(start)
	done.Wait()
	return says
}

// Elsewhere is the part of a test that runs in the processes of Together: it
// opens the same database, waits until all are ready, acts for the people given
// and sends back what act returns. The clock shows Noon when they start, and
// moves on if it runs. In the first process Elsewhere does nothing and returns
// false.
func Elsewhere(t *testing.T, runs bool, act func(s *db.Tx, people []office.Viewer) string) bool {
	t.Helper()
	if os.Getenv(elsewhereEnv) == "" {
		return false
	}
	var began atomic.Int64 // in microseconds
	now := func() time.Time {
		if n := began.Load(); n != 0 && runs {
			return AtNoon().Add(time.Since(time.UnixMicro(n)))
		}
		return AtNoon()
	}
	s, err := store.Open(t.Context(), db.Options{Database: os.Getenv(elsewhereEnv), Key: os.Getenv(elsewhereEnv + "_KEY"), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var all []office.Viewer
	for person := range strings.FieldsSeq(os.Getenv(elsewhereEnv + "_PEOPLE")) {
		n, err := strconv.ParseInt(person, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		v, err := people.ViewerOf(t.Context(), s, n, 0)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	fmt.Println("ready")
	said, err := io.ReadAll(os.Stdin)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.ParseInt(string(said), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	began.Store(n)
	fmt.Println("result:", act(s, all))
	return true
}
