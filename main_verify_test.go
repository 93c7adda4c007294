package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// filled is a database with a few events, and the checkpoint of each moment.
func filled(t *testing.T) (database string, checkpoints []string) {
	t.Helper()
	database = filepath.Join(t.TempDir(), "handover.db")
	for _, name := range []string{"ann", "bob", "eve"} {
		must(t, "person", "add", "--database", database, "--name", name, "--email", name+"@example.org")
		file := filepath.Join(t.TempDir(), name+".checkpoint")
		write(t, file, checkpoint(t, database))
		checkpoints = append(checkpoints, file)
	}
	return database, checkpoints
}

func checkpoint(t *testing.T, database string) (text string) {
	t.Helper()
	db, err := sql.Open("sqlite", database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(`SELECT checkpoint FROM record_head`).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

func TestVerifyCommand(t *testing.T) {
	t.Parallel()
	database, saved := filled(t)
	if err := os.Remove(strings.TrimSuffix(database, ".db") + ".key"); err != nil {
		t.Fatal(err) // verify needs only the database
	}
	out := must(t, "verify", "--database", database, "--checkpoint", saved[0], "--checkpoint", saved[1])
	if !strings.Contains(out, "The record passed the check") || strings.Count(out, "It contains all") != 2 {
		t.Error(out)
	}

	short := filepath.Join(t.TempDir(), "short.db")
	must(t, "backup", "--database", database, short)
	for name, c := range map[string]struct{ query, says string }{
		"a payload is changed":     {`UPDATE events SET payload = REPLACE(payload, 'person.add', 'person.ask') WHERE n = 4`, "entry 4 "},
		"a column is changed":      {`UPDATE events SET act = 'person.ask' WHERE n = 4`, "entry 4 "},
		"an event is removed":      {`DELETE FROM event_rows WHERE n = 4; DELETE FROM sealed WHERE n = 4; DELETE FROM events WHERE n = 4`, "entry 4 "},
		"a row is changed":         {`UPDATE people SET name = 'Mallory' WHERE id = 2`, "person 2"},
		"a row is removed":         {`DELETE FROM invitations WHERE person = 2; DELETE FROM people WHERE id = 2`, "person/2"},
		"a row is put in":          {`INSERT INTO people SELECT 99, name, email, 'x', name_key, password, added_at, added_n FROM people WHERE id = 1`, "99"},
		"the checkpoint is undone": {`UPDATE record_head SET checkpoint = ''`, "checkpoint"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := filepath.Join(t.TempDir(), "bad.db")
			must(t, "backup", "--database", short, bad)
			edit(t, bad, c.query)
			diverges(t, c.says, "verify", "--database", bad)
			to := filepath.Join(t.TempDir(), "restored.db")
			diverges(t, c.says, "restore", "--database", to, bad)
			if _, err := os.Stat(to); err == nil {
				t.Error("a backup that does not verify was put in place")
			}
		})
	}
}

// diverges runs the program and expects one sentence that names the divergence.
func diverges(t *testing.T, says string, args ...string) {
	t.Helper()
	out, problem, code := do(t, args...)
	if code != 1 || out != "" || strings.Count(problem, "\n") != 1 || !strings.Contains(problem, says) {
		t.Errorf("%s: exit %d, want a sentence on %q\n%s%s", args[0], code, says, out, problem)
	}
}

// A record cut back to an earlier state is whole in itself: only a checkpoint
// kept elsewhere shows what is missing.
func TestVerifyFindsARecordCutShort(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "handover.db")
	must(t, "person", "add", "--database", database, "--name", "Ann", "--email", "ann@example.org")
	earlier := filepath.Join(t.TempDir(), "earlier.db")
	must(t, "backup", "--database", database, earlier)
	must(t, "person", "add", "--database", database, "--name", "Bob", "--email", "bob@example.org")
	saved := filepath.Join(t.TempDir(), "checkpoint")
	write(t, saved, checkpoint(t, database))
	must(t, "verify", "--database", database, "--checkpoint", saved)
	must(t, "verify", "--database", earlier)
	diverges(t, "missing", "verify", "--database", earlier, "--checkpoint", saved)
}

func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database, copied, again := filepath.Join(dir, "handover.db"), filepath.Join(dir, "copy.db"), filepath.Join(dir, "again.db")
	p := start(t, "serve", "--database", database)
	must(t, "person", "add", "--database", database, "--name", "Ann", "--email", "ann@example.org")
	out := must(t, "backup", "--database", database, copied)
	if !strings.Contains(out, "handover.key") || !strings.Contains(out, "another, safe place") {
		t.Error("backup does not say where the key is:", out)
	}
	must(t, "person", "add", "--database", database, "--name", "Bob", "--email", "bob@example.org")
	p.stop()

	before, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	must(t, "restore", "--database", again, copied)
	after, err := os.ReadFile(copied)
	if err != nil || string(before) != string(after) {
		t.Error("restoring changed the backup", err)
	}
	info, err := os.Stat(again)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error("others may read the restored database:", info.Mode(), err)
	}
	key := filepath.Join(dir, "handover.key")
	if people := must(t, "person", "list", "--database", again, "--record-key", key); !strings.Contains(people, "Ann") || strings.Contains(people, "Bob") {
		t.Error("the people of the backup:", people)
	}
	start(t, "serve", "--database", again, "--record-key", key).stop()
	must(t, "verify", "--database", again)
}
