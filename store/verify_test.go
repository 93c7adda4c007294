package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/storetest"
)

// closed is a record of ten events that is closed, and its head.
type closed struct {
	storetest.Raw
	late record.Head
}

// keep makes a record of ten events and closes it: 1 and 2 open it, 3 adds a
// person, 4 appoints them, 5 to 10 are entries of the register.
func keep(t testing.TB) closed {
	t.Helper()
	k := closed{Raw: storetest.NewRaw(t)}
	c := &storetest.Clock{}
	c.Set(storetest.Noon)
	s := storetest.At(t, k.Database, k.Key, c.Now)
	storetest.ShortHistory(t, s)
	k.late = storetest.HeadOf(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return k
}

// without takes all traces of an event away but its hashes.
func without(n string) []string {
	return []string{`DELETE FROM event_rows WHERE n = ` + n, `DELETE FROM register WHERE n = ` + n, `DELETE FROM events WHERE n = ` + n}
}

const copied = `SELECT %N, at, act, topic, subject, about, person, office, body, payload FROM events WHERE n = 10`

func TestVerifyNamesTheFirstDivergence(t *testing.T) {
	t.Parallel()
	insert := `INSERT INTO events (n, at, act, topic, subject, about, person, office, body, payload) `
	beyond := []string{`INSERT INTO event_rows (topic, thing, n) SELECT topic, thing, n + 1000 FROM event_rows WHERE n = 4`}
	if os.Getenv("TEST_POSTGRES") != "" { // which lets nobody do so while the constraint is there
		beyond = append([]string{`ALTER TABLE event_rows DROP CONSTRAINT event_rows_n_fkey`}, beyond...)
	}
	for name, c := range map[string]struct {
		change []string
		want   string
	}{
		"nothing was changed":          {nil, ""},
		"a payload":                    {[]string{`UPDATE events SET payload = REPLACE(payload, '"votes":1', '"votes":9') WHERE n = 6`}, "entry 6 does not match"},
		"the first payload":            {[]string{`UPDATE events SET payload = payload || ' ' WHERE n = 1`}, "entry 1 does not match"},
		"two payloads":                 {[]string{`UPDATE events SET payload = payload || ' ' WHERE n = 5 OR n = 9`}, "entry 5 does not match"},
		"an act":                       {[]string{`UPDATE events SET act = 'register.ceased' WHERE n = 6`}, "entry 6 is listed under other values"},
		"an instant":                   {[]string{`UPDATE events SET at = '2012-01-01T00:00:00.000000Z' WHERE n = 6`}, "entry 6 is listed under other values"},
		"an instant, to nonsense":      {[]string{`UPDATE events SET at = 'yesterday' WHERE n = 6`}, "entry 6 is listed under other values"},
		"a topic":                      {[]string{`UPDATE events SET topic = 'item' WHERE n = 6`}, "entry 6 is listed under other values"},
		"a subject":                    {[]string{`UPDATE events SET subject = 'register/9' WHERE n = 6`}, "entry 6 is listed under other values"},
		"the body concerned":           {[]string{`UPDATE events SET about = 'kent' WHERE n = 6`}, "entry 6 is listed under other values"},
		"the person":                   {[]string{`UPDATE events SET person = 99 WHERE n = 6`}, "entry 6 is listed under other values"},
		"the office":                   {[]string{`UPDATE events SET office = 99 WHERE n = 6`}, "entry 6 is listed under other values"},
		"the acting body":              {[]string{`UPDATE events SET body = 'kent' WHERE n = 6`}, "entry 6 is listed under other values"},
		"an event gone in the middle":  {without("7"), "entry 7 is missing"},
		"the last event gone":          {without("10"), "entry 10 is missing"},
		"the last gone, and the count": {append(without("10"), `UPDATE record_head SET size = 9`), "counts 10 entries and the record 9"},
		"an index beyond the end":      {beyond, "is indexed, and the record has 10 entries"},
		"an event added":               {[]string{insert + strings.Replace(copied, "%N", "11", 1)}, "entry 11 is beyond the end"},
		"an event added far beyond":    {[]string{insert + strings.Replace(copied, "%N", "500", 1)}, "entry 500 is beyond the end"},
		"an event before the first":    {[]string{insert + strings.Replace(copied, "%N", "0", 1)}, "entry 0 is beyond the end"},
		"an event added and counted":   {[]string{insert + strings.Replace(copied, "%N", "11", 1), `UPDATE record_head SET size = 11`}, "counts 10 entries and the record 11"},
		"a hash":                       {[]string{`UPDATE record_hashes SET h = (SELECT h FROM record_hashes WHERE i = 0) WHERE i = 4`}, "entry 4 does not match its hash"},
		"a hash of two":                {[]string{`UPDATE record_hashes SET h = (SELECT h FROM record_hashes WHERE i = 0) WHERE i = 2`}, "entry 2 does not match its hash"},
		"a hash gone":                  {[]string{`DELETE FROM record_hashes WHERE i = 0`}, "entry 1 does not match its hash"},
		"a hash too many":              {[]string{`INSERT INTO record_hashes (i, h) SELECT 400, h FROM record_hashes WHERE i = 0`}, "1 hashes beyond the last entry"},
		"the index of things":          {[]string{`DELETE FROM event_rows WHERE n = 6`}, "entry 6 is indexed under 0 items and its text has 1"},
		"the index, to another":        {[]string{`UPDATE event_rows SET thing = 'register/5' WHERE n = 6`}, "entry 6 is indexed under register/5"},
		"the latest checkpoint":        {[]string{`UPDATE record_head SET checkpoint = REPLACE(checkpoint, '10', '11')`}, "the latest checkpoint is not signed"},
		"the instant of the head":      {[]string{`UPDATE record_head SET at = '2013-01-14T12:00:01.000000Z'`}, "head of the record gives a different time"},
		"the key":                      {[]string{`UPDATE record_head SET key = REPLACE(key, 'handover+', 'other+')`}, "names no key"},
		"the origin":                   {[]string{`UPDATE record_head SET origin = 'other'`}, "and this one is"},

		"an entry of the register":           {[]string{`UPDATE register SET entry = REPLACE(entry, '"votes":1', '"votes":9') WHERE n = 6`}, "register/6 differs from entry 6"},
		"an entry, to nonsense":              {[]string{`UPDATE register SET entry = 'votes' WHERE n = 6`}, "of the type register cannot be read"},
		"the kind an entry is listed by":     {[]string{`UPDATE register SET kind = 'ceased' WHERE n = 6`}, "register/6 differs from entry 6"},
		"the day an entry is listed by":      {[]string{`UPDATE register SET registered = '2012-07-15' WHERE n = 6`}, "register/6 differs from entry 6"},
		"an entry gone":                      {[]string{`DELETE FROM register WHERE n = 6`}, "register/6 is missing, although entry 6 records it"},
		"an entry added":                     {[]string{`INSERT INTO register (n, kind, registered, entry) SELECT 4, kind, registered, entry FROM register WHERE n = 6`}, "register/4 is in the database but not in the record"},
		"the last day of an appointment":     {[]string{`UPDATE appointments SET to_day = '2013-12-31'`}, "appointment/1 differs from entry 4"},
		"the person appointed":               {[]string{`INSERT INTO people (name, email, email_key, name_key, password, added_at, added_n) VALUES ('', '', 'x', '', '', '2013-01-14T12:00:00.000000Z', 3)`, `UPDATE appointments SET person = 2`}, "person/2 is in the database but not in the record"},
		"an appointment gone":                {[]string{`DELETE FROM appointments`}, "appointment/1 is missing, although entry 4 records it"},
		"an appointment added":               {[]string{`INSERT INTO appointments (office, person, from_day, to_day, acting, status, made_by, made_at, confirmed_by, reason) SELECT office, person, '2015-01-01', '', acting, status, 0, made_at, 0, '' FROM appointments`}, "appointment/2 is in the database but not in the record"},
		"the kind of an office":              {[]string{`UPDATE offices SET kind = 'administrator'`}, "appointment/1 differs from entry 4"},
		"a person added":                     {[]string{`INSERT INTO people (name, email, email_key, name_key, password, added_at, added_n) VALUES ('', '', 'x', '', '', '2013-01-14T12:00:00.000000Z', 3)`}, "person/2 is in the database but not in the record"},
		"a person’s name":                    {[]string{`UPDATE people SET name = 'Another'`}, "the name or address of person 1"},
		"a person’s address":                 {[]string{`UPDATE people SET email = 'another@example.org'`}, "the name or address of person 1"},
		"a person erased without an event":   {[]string{`DELETE FROM sealed`, `UPDATE people SET name = '', email = ''`}, "the restricted part “email” of entry 3 is missing, and no entry says that it was erased"},
		"the sealed text":                    {[]string{`UPDATE sealed SET text = salt WHERE name = 'name'`}, "the restricted part “name” of entry 3"},
		"the salt":                           {[]string{`UPDATE sealed SET salt = text WHERE name = 'email'`}, "the restricted part “email” of entry 3"},
		"a sealed part that nothing commits": {[]string{`INSERT INTO sealed (n, name, salt, text) SELECT 6, name, salt, text FROM sealed WHERE name = 'name'`}, "the restricted part “name” of entry 6"},
		"a condition overridden":             {[]string{`INSERT INTO overrides (condition, decision, n, override) VALUES ('seats', '2013-001', 6, '{"condition":"seats","decision":"2013-001","event":6}')`}, "override/seats is in the database but not in the record"},
		"the terms of the handover":          {[]string{`UPDATE programmes SET terms = REPLACE(terms, '"votes":1', '"votes":2')`}, "programme/1 differs from entry 2"},
	} {
		t.Run(name, func(t *testing.T) {
			k := keep(t)
			k.Run(c.change...)
			if got := k.Fault(); c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("verify says %q, want %q", got, c.want)
			}
		})
	}
}

// A record put back to what it was, head and all, is sound by itself: only a
// checkpoint kept elsewhere can tell.
func TestARecordPutBackIsFoundByASavedCheckpoint(t *testing.T) {
	db, key := storetest.Database(t), filepath.Join(t.TempDir(), "record.key")
	c := &storetest.Clock{}
	c.Set(storetest.Noon)
	s := storetest.At(t, db, key, c.Now)
	sec := storetest.Holder(t, s, office.CompanySecretary, office.TheCompany)
	early := storetest.HeadOf(t, s)
	storetest.Verifies(t, s, early.Checkpoint)
	if _, err := handover.Enter(t.Context(), s, sec, register.Entry{Kind: register.Incorporated, Registered: "2012-07-16"}); err != nil {
		t.Fatal(err)
	}
	late := storetest.HeadOf(t, s)
	if v := storetest.Verifies(t, s, early.Checkpoint, late.Checkpoint); len(v.Against) != 2 || v.Against[0] != early.Size {
		t.Errorf("held against %v", v.Against)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	k := storetest.Raw{T: t, Database: db, Key: key}
	plain := k.DB()
	for _, q := range []string{`DELETE FROM event_rows WHERE n > 4`, `DELETE FROM register`, `DELETE FROM events WHERE n > 4`, `DELETE FROM record_hashes WHERE i > 6`} {
		if _, err := plain.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := plain.Exec(`UPDATE record_head SET size = 4, checkpoint = $1`, early.Checkpoint); err != nil {
		t.Fatal(err)
	}
	plain.Close()
	if got := k.Fault(); got != "" {
		t.Errorf("by itself: %q", got)
	}
	if got := k.Fault(early.Checkpoint); got != "" {
		t.Errorf("against the early checkpoint: %q", got)
	}
	if got, want := k.Fault(late.Checkpoint), "saved checkpoint 1 counts 5 entries and the record only 4"; !strings.Contains(got, want) {
		t.Errorf("against the late checkpoint: %q, want %q", got, want)
	}
}

func TestYesterdaysFileFailsAgainstTodaysCheckpoint(t *testing.T) {
	if os.Getenv("TEST_POSTGRES") != "" {
		t.Skip("a file is copied: SQLite only")
	}
	k := keep(t)
	yesterday, err := os.ReadFile(k.Database)
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.At(t, k.Database, k.Key, nil)
	storetest.Person(t, s, "Somebody (sample)")
	today := storetest.HeadOf(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := k.Fault(today.Checkpoint, k.late.Checkpoint); got != "" {
		t.Errorf("today: %q", got)
	}
	for _, end := range []string{"-wal", "-shm"} {
		os.Remove(k.Database + end)
	}
	if err := os.WriteFile(k.Database, yesterday, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := k.Fault(); got != "" {
		t.Errorf("yesterday by itself: %q", got)
	}
	if got := k.Fault(today.Checkpoint); !strings.Contains(got, "counts 11 entries and the record only 10") {
		t.Errorf("yesterday against today: %q", got)
	}
}

func TestForkedHistoriesDoNotAgree(t *testing.T) {
	key := filepath.Join(t.TempDir(), "record.key")
	c := &storetest.Clock{}
	c.Set(storetest.Noon)
	one, two := storetest.At(t, storetest.Database(t), key, c.Now), storetest.At(t, storetest.Database(t), key, c.Now)
	if storetest.HeadOf(t, one) != storetest.HeadOf(t, two) {
		t.Fatal("the two begin apart")
	}
	storetest.Verifies(t, one, storetest.HeadOf(t, two).Checkpoint)
	storetest.Person(t, one, "Somebody (sample)")
	storetest.Person(t, two, "Somebody (sample)")
	fork := storetest.HeadOf(t, two).Checkpoint
	says := func(s *db.Tx, saved, want string) {
		t.Helper()
		if v, err := store.Verify(t.Context(), s, saved); err != nil || !strings.Contains(v.Fault, want) {
			t.Errorf("%q, %v, want %q", v.Fault, err, want)
		}
	}
	says(one, fork, "the record was forked")
	says(two, storetest.HeadOf(t, one).Checkpoint, "the record was forked")
	storetest.Person(t, one, "Another (sample)")
	says(one, fork, "the tree of 3 entries does not have the root that a checkpoint signed")
	says(two, storetest.HeadOf(t, one).Checkpoint, "counts 4 entries and the record only 3")
	says(one, "rubbish", "saved checkpoint 1 is not signed")
	says(one, strings.Replace(fork, "\n3\n", "\n2\n", 1), "saved checkpoint 1 is not signed")
}

func TestOpenRefuses(t *testing.T) {
	k := keep(t)
	other := filepath.Join(t.TempDir(), "other.key")
	storetest.At(t, storetest.Database(t), other, nil)
	rubbish := filepath.Join(t.TempDir(), "rubbish.key")
	if err := os.WriteFile(rubbish, []byte("rubbish\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(t.TempDir(), "missing.key")
	try := func(name string, o db.Options, want string) {
		t.Helper()
		o.Database = k.Database
		s, err := store.Open(t.Context(), o)
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	try("another key", db.Options{Key: other}, "set the right file with --record-key")
	try("no key", db.Options{Key: missing}, "is not there: set its file with --record-key")
	if _, err := os.Stat(missing); err == nil {
		t.Error("a key was made for a record that has one")
	}
	try("what is no key", db.Options{Key: rubbish}, "does not hold a record key")
	try("a demonstration", db.Options{Key: k.Key, Demo: true}, "is not a demonstration, so it was not changed")
	if got := k.Fault(k.late.Checkpoint); got != "" {
		t.Errorf("after the refusals: %q", got)
	}
	k.Run(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`)
	try("a newer version", db.Options{Key: k.Key}, "written by a newer version")
	if _, err := store.VerifyDatabase(t.Context(), k.Database); err == nil || !strings.Contains(err.Error(), "another version of the portal") {
		t.Errorf("verify of a newer version: %v", err)
	}
}

func TestADemonstrationIsNotARealRecord(t *testing.T) {
	o := db.Options{Database: storetest.Database(t), Key: filepath.Join(t.TempDir(), "record.key"), Demo: true}
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	o.Demo = false
	if s, err := store.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "this database is a demonstration") {
		s.Close()
		t.Errorf("opened as real: %v", err)
	}
}

func TestTheKeyIsForItsOwnerAlone(t *testing.T) {
	k := keep(t)
	info, err := os.Stat(k.Key)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file %v, %v", info, err)
	}
	text, err := os.ReadFile(k.Key)
	if err != nil || !strings.HasPrefix(string(text), "PRIVATE+KEY+handover+") {
		t.Errorf("key %v", err)
	}
}

func TestVerifyMakesNothing(t *testing.T) {
	if os.Getenv("TEST_POSTGRES") != "" {
		t.Skip("files are looked at: SQLite only")
	}
	missing := filepath.Join(t.TempDir(), "missing.db")
	if _, err := store.VerifyDatabase(t.Context(), missing); err == nil || !strings.Contains(err.Error(), "there is no database") {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("verify made the file")
	}
	text := filepath.Join(t.TempDir(), "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("just some words\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.VerifyDatabase(t.Context(), text); err == nil || !strings.Contains(err.Error(), "is not a database") {
		t.Errorf("a text: %v", err)
	}
}

func TestVerifyFindsAChangedDocument(t *testing.T) {
	for _, change := range []string{`UPDATE contents SET content = 'x'`, `DELETE FROM contents`, `UPDATE documents SET hash = 'x'`} {
		k := storetest.NewRaw(t)
		clock := &storetest.Clock{}
		clock.Set(storetest.Noon)
		s := storetest.At(t, k.Database, k.Key, clock.Now)
		c := storetest.BeginOn(t, s, clock)
		c.Bring("kent", handover.Resolved)
		c.Sound()
		c.Must(s.Close())
		k.Run(change)
		if fault := k.Fault(); !strings.Contains(fault, "document") {
			t.Errorf("%s: %q", change, fault)
		}
	}
}

// A supplier whose number an earlier version took for none is made at the first
// start of one that reads it.
func TestSuppliersOfNumbersThatWereNotReadAreMade(t *testing.T) {
	k := storetest.NewRaw(t)
	s := storetest.At(t, k.Database, k.Key, storetest.AtNoon)
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, "Date,Supplier,Company Number,Amount,Description\n01/11/2012,Larch Fell LP (sample),SL00911A,120.00,Hosting\n02/11/2012,Wren Fell Ltd (sample),01234567,130.00,Hosting\n")
	storetest.Verifies(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	k.Run(`UPDATE suppliers SET key = 'n:larch fell lp sample', number = '' WHERE number = 'SL00911A'`, `UPDATE search_state SET made = 2`)
	if v, err := store.VerifyDatabase(t.Context(), k.Database); err != nil || !v.OK() || !strings.Contains(strings.Join(v.NotRun, ";"), "the list of suppliers") {
		t.Errorf("before: %+v %v", v, err)
	}
	s = storetest.At(t, k.Database, k.Key, storetest.AtNoon)
	storetest.Verifies(t, s)
}
