package decisions_test

import (
	"crypto/ed25519"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

// decade is a company of the 43 members with ten years of changes: directors,
// delegations, interests and renewals of office, 4,000 events and more.
func decade(b *testing.B) (c *storetest.Cast, database string, commissioners []office.Viewer) {
	b.Helper()
	database = storetest.Database(b)
	clock := &storetest.Clock{}
	clock.Set(storetest.Noon)
	c = storetest.BeginOn(b, storetest.At(b, database, filepath.Join(b.TempDir(), "record.key"), clock.Now), clock)
	c.AddItem("Servers", "List", 5)
	for _, body := range office.LocalPolicingBodies() {
		c.Must(storetest.Join(b.Context(), c.Tx, c.Secretary, c.Chief(body.Slug)))
	}
	c.Certify()
	c.Must(storetest.Complete(b.Context(), c.Tx, c.Secretary))
	for _, body := range office.LocalPolicingBodies() {
		commissioners = append(commissioners, storetest.Holder(b, c.Tx, office.CommissionerOffice, body.Slug))
	}
	for year := range 10 {
		clock.Day(civil.Day(fmt.Sprintf("%d-02-01", 2013+year)))
		for i, v := range commissioners {
			_, err := decisions.Delegate(b.Context(), c.Tx, v, authority.Delegation{From: v.Office, To: c.Chief(v.Office.Body).Office, Function: authority.FunctionVote, Limited: true, Limit: money.Pence(100_00 * (i + year + 1)),
				First: civil.DayOf(clock.Now()), Last: civil.DayOf(clock.Now()).Add(300)})
			c.Must(err)
			_, err = decisions.DeclareInterest(b.Context(), c.Tx, v, authority.Interest{Person: v.Person, Company: fmt.Sprintf("99%06d", 1000*year+i), Name: "A company (sample)", Nature: "Shares", First: civil.DayOf(clock.Now())})
			c.Must(err)
		}
		for seat := int64(1); seat <= 6; seat++ {
			if year > 0 {
				c.Enter(register.Entry{Kind: register.DirectorRemoved, Seat: seat, Ground: "Term", Registered: civil.DayOf(clock.Now())})
			}
			c.Enter(register.Entry{Kind: register.DirectorAppointed, Body: "kent", Director: fmt.Sprintf("Director %d of %d (sample)", seat, year), Seat: seat, Registered: civil.DayOf(clock.Now())})
		}
	}
	return c, database, commissioners
}

// whoMay works out the authority of everyone who could act for an elector in a
// matter, each person once.
func whoMay(f authority.Facts, q authority.Case) (all []authority.Authority) {
	m, _ := f.Scheme.Matter(q.Matter)
	b, ok := m.Band(q.Together(), q.Raised)
	if !ok {
		return nil
	}
	f.Found = f.Index()
	for _, p := range f.CouldAct(q, b) {
		all = append(all, f.Authority(q, p, 0))
	}
	return all
}

// BenchmarkAuthority asks whether one person may act, and counts one matter of
// the 43 members with everyone who could act for them.
func BenchmarkAuthority(b *testing.B) {
	c, _, commissioners := decade(b)
	d := c.OpenPoll(time.Time{})
	h, err := record.ReadHead(b.Context(), c.Tx)
	c.Must(err)
	on := civil.DayOf(c.Clock.Now())
	facts, err := decisions.ReadFacts(b.Context(), c.Tx, on, 0)
	c.Must(err)
	b.Run("one person", func(b *testing.B) {
		for b.Loop() {
			if a := facts.Authority(d.Case(authority.Votes), commissioners[7].Person, 0); !a.May {
				b.Fatal(a.Why())
			}
		}
	})
	b.Run("one matter", func(b *testing.B) {
		for b.Loop() {
			if n := len(whoMay(facts, d.Case(authority.Votes))); n < 43 {
				b.Fatal(n)
			}
		}
	})
	b.Run("with reading", func(b *testing.B) {
		for b.Loop() {
			f, err := decisions.ReadFacts(b.Context(), c.Tx, on, 0)
			c.Must(err)
			if n := len(whoMay(f, d.Case(authority.Votes))); n < 43 {
				b.Fatal(n)
			}
		}
		b.ReportMetric(float64(h.Size), "events")
	})
	b.Run("as known five years ago", func(b *testing.B) {
		for b.Loop() {
			if _, err := decisions.ReadFacts(b.Context(), c.Tx, "2018-02-02", h.Size/2); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkApproval casts a vote with all that follows from it, beside a bare
// durable commit of one row on the same file.
func BenchmarkApproval(b *testing.B) {
	c, database, commissioners := decade(b)
	d := c.OpenPoll(time.Time{})
	b.Run("vote", func(b *testing.B) {
		i := 0
		for b.Loop() {
			choice := authority.For
			if (i/43)%2 == 1 {
				choice = authority.Against
			}
			if _, err := decisions.CastBallot(b.Context(), c.Tx, commissioners[i%43], d.Ref, decisions.BallotForm{Hash: d.Hash, Role: authority.Votes, Choice: choice}); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
	b.Run("bare commit", func(b *testing.B) {
		db, err := sql.Open("sqlite", "file:"+database+"?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
		if err != nil {
			b.Fatal(err)
		}
		defer db.Close()
		db.SetMaxOpenConns(1)
		if _, err := db.Exec(`CREATE TABLE bare (id INTEGER PRIMARY KEY, text TEXT)`); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			tx, err := db.Begin()
			if err != nil {
				b.Fatal(err)
			}
			if _, err := tx.Exec(`INSERT INTO bare (text) VALUES ('one row')`); err != nil {
				b.Fatal(err)
			}
			if err := tx.Commit(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkFloor writes the rows of a vote that takes the place of another, of
// the sizes they have, with a signature of a checkpoint and nothing else: no
// rule, no JSON, no reading. No approval can cost less.
func BenchmarkFloor(b *testing.B) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "floor.db")+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	_, err = db.Exec(`CREATE TABLE events (n INTEGER PRIMARY KEY, topic TEXT, subject TEXT, person BIGINT, payload TEXT); CREATE INDEX e1 ON events (topic, n); CREATE INDEX e2 ON events (subject, n); CREATE INDEX e3 ON events (person, n);
		CREATE TABLE ballots (id INTEGER PRIMARY KEY, decision BIGINT, elector TEXT, void_n BIGINT, ballot TEXT); CREATE INDEX b1 ON ballots (decision, elector, void_n);
		CREATE TABLE event_rows (thing TEXT, n BIGINT, PRIMARY KEY (thing, n)); CREATE TABLE hashes (i INTEGER PRIMARY KEY, h BLOB); CREATE TABLE head (id INTEGER PRIMARY KEY, note TEXT); INSERT INTO head VALUES (1, '')`)
	must(err)
	_, key, err := ed25519.GenerateKey(nil)
	must(err)
	stmt := func(query string) *sql.Stmt {
		st, err := db.Prepare(query)
		must(err)
		return st
	}
	event := stmt(`INSERT INTO events (topic, subject, person, payload) VALUES ('decision', 'decision/1', $1, $2)`)
	ballot, gone := stmt(`INSERT INTO ballots (id, decision, elector, void_n, ballot) VALUES ($1, 1, $2, 0, $3)`), stmt(`UPDATE ballots SET void_n = $1, ballot = $2 WHERE id = $3`)
	thing, hash, head := stmt(`INSERT INTO event_rows (thing, n) VALUES ($1, $2)`), stmt(`INSERT INTO hashes (h) VALUES ($1)`), stmt(`UPDATE head SET note = $1 WHERE id = 1`)
	row := strings.Repeat("x", 2000)
	for n := 44; b.Loop(); n++ {
		tx, err := db.Begin()
		must(err)
		for _, w := range []struct {
			st   *sql.Stmt
			args []any
		}{{gone, []any{n, row, n - 43}}, {ballot, []any{n, fmt.Sprint("elector", n%43), row}}, {event, []any{n % 43, row + row}},
			{thing, []any{fmt.Sprint("ballot/", n), n}}, {thing, []any{fmt.Sprint("ballot/", n-43), n}}, {hash, []any{row[:32]}}, {hash, []any{row[:32]}},
			{head, []any{string(ed25519.Sign(key, []byte(row[:100])))}}} {
			_, err := tx.Stmt(w.st).Exec(w.args...)
			must(err)
		}
		must(tx.Commit())
	}
}

// manyDecisions puts n decisions of one year beside the record, as the list reads them.
func manyDecisions(b *testing.B, database string, from decisions.Decision, n int) {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+database)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	for i := range n {
		d := from
		d.ID, d.Ref, d.Title = int64(1000+i), fmt.Sprintf("2014-%03d", i+1), fmt.Sprintf("Matter %d of hosting", i)
		row, err := json.Marshal(d)
		if err != nil {
			b.Fatal(err)
		}
		status := []string{"published", "implemented", "refused", "open"}[i%4]
		if _, err := tx.Exec(`INSERT INTO decisions (id, ref, year, seq, status, body, office, matter, pence, contract, hold_until, moved_at, turn, decision)
			VALUES ($1, $2, 2014, $3, $4, 'company', 'company officer', $5, $6, '', $7, '2013-01-02T00:00:00.000000Z', 1, $8)`,
			d.ID, d.Ref, i+1, status, []string{"contract", "budget"}[i%2], i*100, []string{"2013-01-02T00:00:00.000000Z", "2013-02-01T00:00:00.000000Z"}[i%10_000/9_999], string(row)); err != nil {
			b.Fatal(err)
		}
		for _, w := range []string{"hosting", "matter", fmt.Sprintf("rare%06d", i%(n/20))} {
			if _, err := tx.Exec(`INSERT INTO decision_words (word, decision) VALUES ($1, $2)`, w, d.ID); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkDecisions reads the first page of the list, with and without filters.
func BenchmarkDecisions(b *testing.B) {
	for _, n := range []int{100, 100_000} {
		database := storetest.Database(b)
		clock := &storetest.Clock{}
		clock.Set(storetest.Noon)
		c := storetest.BeginOn(b, storetest.At(b, database, filepath.Join(b.TempDir(), "record.key"), clock.Now), clock)
		ref := c.PutForward("contract", storetest.HostingPaper(6_125_800))
		c.Must(storetest.Err(decisions.OpenVoting(b.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
		manyDecisions(b, database, c.Decision(ref).Decision, n)
		least := money.Pence(50_00)
		for name, f := range map[string]decisions.Filter{
			"all": {}, "state": {State: "may be implemented"}, "held": {State: "held"}, "kind and value": {Matter: "budget", Least: &least}, "common word": {Words: "hosting"}, "rare word": {Words: "rare000003"}, "far page": {Before: fmt.Sprintf("2014-%03d", n/2)},
		} {
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) {
				for b.Loop() {
					if _, err := decisions.List(b.Context(), c.Tx, office.Viewer{}, f, 20); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
