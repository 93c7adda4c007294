package main

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/police-ict/handover/store/storetest"
)

// binary is the program, built once for all tests of this package.
var binary string

func TestMain(m *testing.M) {
	if os.Getenv(actsDatabase) != "" {
		actUntilKilled()
		return
	}
	if os.Getenv(postServer) != "" {
		postUntilKilled()
		return
	}
	dir, err := os.MkdirTemp("", "handover")
	if err == nil {
		binary = filepath.Join(dir, "handover")
		var out []byte
		if out, err = exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
			err = fmt.Errorf("%w\n%s", err, out)
		}
	}
	code := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, "the program cannot be built:", err)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

const module = "github.com/police-ict/handover"

// arrows is what each folder may not import.
var arrows = map[string][]string{
	"static": {module},
	"store":  {module + "/web", module + "/views", module + "/static", "net/http", "github.com/labstack/echo", "github.com/a-h/templ"},
	"views":  {module + "/web", "net/http", "github.com/labstack/echo", "database/sql"},
	"web":    {"database/sql"},
}

func TestImportArrows(t *testing.T) {
	for folder, banned := range arrows {
		files := 0
		err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			files++
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			for _, i := range f.Imports {
				name, err := strconv.Unquote(i.Path.Value)
				if err != nil {
					return err
				}
				for _, no := range banned {
					if name == no || strings.HasPrefix(name, no+"/") {
						t.Errorf("%s imports %s: %s may not", path, name, folder)
					}
				}
			}
			return nil
		})
		if err != nil || files == 0 {
			t.Errorf("%s: %d files, %v", folder, files, err)
		}
	}
}

// do runs the program to its end.
func do(t testing.TB, args ...string) (out, problem string, code int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Env = plainEnv()
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// must is do, and fails the test unless the program succeeds.
func must(t testing.TB, args ...string) string {
	t.Helper()
	out, problem, code := do(t, args...)
	if code != 0 {
		t.Fatalf("handover %s: exit %d\n%s%s", strings.Join(args, " "), code, out, problem)
	}
	return out
}

// plainEnv is the environment without settings of the portal.
func plainEnv() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "HANDOVER_") })
}

// A program is a portal that runs.
type program struct {
	t    testing.TB
	cmd  *exec.Cmd
	addr string
	url  string
	log  *lines
	done chan error
}

// start runs a portal on a free port and waits until it says that it is there.
func start(t testing.TB, args ...string) *program {
	t.Helper()
	addr := freeAddr(t)
	p := &program{t: t, addr: addr, url: "http://" + addr, log: &lines{}, done: make(chan error, 1)}
	p.cmd = exec.Command(binary, append(args, "--addr", addr)...)
	p.cmd.Env, p.cmd.Stderr = plainEnv(), p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.cmd.Process.Kill() })
	said := make(chan bool, 1)
	go func() {
		s := bufio.NewScanner(out)
		for s.Scan() {
			if strings.HasPrefix(s.Text(), "The portal is at http") {
				said <- true
				break
			}
		}
		io.Copy(io.Discard, out)
		p.done <- p.cmd.Wait()
	}()
	select {
	case <-said:
	case err := <-p.done:
		t.Fatalf("the portal ended: %v\n%s", err, p.log)
	case <-time.After(30 * time.Second):
		t.Fatalf("the portal does not start\n%s", p.log)
	}
	return p
}

// stop asks the portal to stop, and fails the test unless it does so well and
// in time.
func (p *program) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	p.ends()
}

func (p *program) ends() {
	p.t.Helper()
	select {
	case err := <-p.done:
		if err != nil {
			p.t.Fatalf("the portal stopped with %v\n%s", err, p.log)
		}
	case <-time.After(10 * time.Second):
		p.t.Fatal("the portal did not stop within 10 seconds")
	}
}

func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// lines is what a program has written so far.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// onPostgres is an empty PostgreSQL database. Without a server the test is
// skipped, but not where everything is to be tested. TEST_POSTGRES_SERVER is
// for these tests alone, where all others run on SQLite.
func onPostgres(t testing.TB) string {
	t.Helper()
	server := cmp.Or(os.Getenv("TEST_POSTGRES_SERVER"), os.Getenv("TEST_POSTGRES"))
	if server == "" && os.Getenv("CI") != "" {
		t.Fatal("this test needs PostgreSQL: set TEST_POSTGRES_SERVER to the address of a server")
	}
	if server == "" {
		t.Skip("skipped: this test needs PostgreSQL. Set TEST_POSTGRES_SERVER to the address of a server.")
	}
	t.Setenv("TEST_POSTGRES", server)
	return storetest.Bare(t)
}
