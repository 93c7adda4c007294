package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"

	"github.com/police-ict/handover/store/storetest"
)

// serverOfItsOwn is a PostgreSQL server of the test, that may be killed.
type serverOfItsOwn struct {
	bin, data, address string
	run                *syscall.SysProcAttr // as whom it runs
}

// ownPostgres starts a server that waits for its disk, as a real one does.
func ownPostgres(t *testing.T) *serverOfItsOwn {
	t.Helper()
	if !storetest.Thorough() && os.Getenv("KILLS") == "" {
		t.Skip("skipped: this test starts a server of PostgreSQL, in CI")
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(found) == 0 {
		if os.Getenv("CI") != "" {
			t.Fatal("this test needs the programs of PostgreSQL")
		}
		t.Skip("skipped: this test needs the programs of PostgreSQL in /usr/lib/postgresql")
	}
	slices.Sort(found)
	dir, err := os.MkdirTemp("", "pg") // the path of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	p := &serverOfItsOwn{bin: found[len(found)-1], data: filepath.Join(dir, "data"), address: "postgres://portal@/postgres?host=" + dir + "&port=55431"}
	if os.Getuid() == 0 { // the server refuses to run as root
		u, err := user.Lookup("postgres")
		if err != nil {
			t.Skip("skipped: the server of PostgreSQL does not run as root, and there is no user postgres")
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		if err := os.Chown(dir, uid, gid); err != nil {
			t.Fatal(err)
		}
		p.run = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	p.do(t, "initdb", "-D", p.data, "-A", "trust", "-U", "portal")
	p.start(t)
	t.Cleanup(func() { p.do(t, "pg_ctl", "-D", p.data, "-m", "immediate", "stop") })
	return p
}

func (p *serverOfItsOwn) do(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.SysProcAttr, cmd.Dir = p.run, filepath.Dir(p.data)
	if err := cmd.Run(); err != nil { // its output is not awaited: the server keeps it open
		t.Errorf("%s: %v", name, err)
	}
}

func (p *serverOfItsOwn) start(t *testing.T) {
	t.Helper()
	p.do(t, "pg_ctl", "-D", p.data, "-l", filepath.Join(filepath.Dir(p.data), "log"), "-w", "start",
		"-o", fmt.Sprintf("-c listen_addresses= -c unix_socket_directories=%s -p 55431", filepath.Dir(p.data)))
}

// kill ends the server at once, with nothing written, and starts it again. The
// process that acts may have gone on: it is ended too.
func (p *serverOfItsOwn) kill(t *testing.T, cmd *exec.Cmd) {
	p.do(t, "pg_ctl", "-D", p.data, "-m", "immediate", "stop")
	p.start(t)
	cmd.Process.Kill()
}
