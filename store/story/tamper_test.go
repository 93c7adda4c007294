package story

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/rejected"
	"github.com/police-ict/handover/store/storetest"
)

// short is the story told to its end over the files of two bodies, one of which
// names contracts, and a little more, so that every table has a row.
func short(t testing.TB) *db.Tx {
	t.Helper()
	d := &Demonstration{teller: &teller{people: map[string]int64{}, refs: map[string]string{}, matters: map[string]string{}, meetings: map[string]int64{}},
		clock: &storyClock{at: story[0].instant()}}
	d.lenient = true // an act on a payment that is left out does not happen
	bodies := map[string]bool{"west-yorkshire": true}
	for f := range sampleFiles() {
		if len(bodies) == 1 && bytes.Contains(f.content, []byte("Contract Ref")) {
			bodies[f.body] = true
		}
		if bodies[f.body] {
			d.files = append(d.files, f)
		}
	}
	database := storetest.Bare(t)
	tx, err := store.Open(t.Context(), db.Options{Database: database, Key: filepath.Join(t.TempDir(), "story.key"), Demo: true, Scratch: true, Mail: true, Now: d.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tx.Close() })
	d.store = tx
	if err := d.tellUpTo(t.Context(), Last(), t.Output()); err != nil {
		t.Fatal(err)
	}
	more(t, d)
	return tx
}

// more does what the story leaves out.
func more(t testing.TB, d *Demonstration) {
	t.Helper()
	ctx, tx := t.Context(), d.store
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	line, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT MIN(first_line) FROM loads WHERE status = 'standing' AND first_line > 0`)
	must(err)
	must(spend.WithholdLine(ctx, tx, office.CommandLine, line+3, "It names a person (sample)."))
	of, err := db.One(ctx, tx, db.ScanInto[string], `SELECT body FROM loads WHERE first_line = $1`, line)
	must(err)
	must(spend.Explain(ctx, tx, storetest.Holder(t, tx, office.ChiefExecutive, of), fmt.Sprintf("line/%d", line+1), "It was paid late (sample)."))
	slugs, err := db.List(ctx, tx, db.ScanInto[string], `SELECT slug FROM suppliers ORDER BY id LIMIT 2`)
	must(err)
	_, err = spend.ChangeSupplier(ctx, tx, office.CommandLine, spend.SupplierChange{Kind: spend.SupplierMerged, Slug: slugs[1], IntoSlug: slugs[0], From: "2012-01-01", Reason: "They are one (sample)."})
	must(err)
	ref, err := db.One(ctx, tx, db.ScanInto[string], `SELECT ref FROM decisions WHERE status = 'published' ORDER BY id LIMIT 1`)
	must(err)
	officer, err := d.as(ctx, "officer")
	must(err)
	must(spend.Link(ctx, tx, officer, line+2, ref, "It is for that contract (sample)."))
	proposed, err := holidays.Propose(ctx, tx, storetest.Holder(t, tx, office.Administrator, office.TheCompany), holidays.Form{Day: "2013-05-10", Name: "Bank holiday for a wedding (sample)", Source: "A proclamation (sample)"})
	must(err)
	_, err = holidays.Decide(ctx, tx, storetest.Holder(t, tx, office.Administrator, office.TheCompany), proposed.ID, true, "")
	must(err)
	admin := storetest.Holder(t, tx, office.Administrator, office.TheCompany)
	_, request, err := people.Invite(ctx, tx, admin, storetest.Holder(t, tx, office.Official, office.HomeOffice).Person)
	if must(err); request == 0 {
		t.Fatal("no request waits for a second person")
	}
	type place struct {
		load       int64
		table, row int
	}
	p, err := db.One(ctx, tx, func(r db.Row) (p place, err error) { return p, r.Scan(&p.load, &p.table, &p.row) },
		`SELECT r.load, r.sheet, r.record FROM spend_rejected r JOIN loads l ON l.id = r.load WHERE l.status = 'standing' ORDER BY r.load, r.sheet, r.record LIMIT 1`)
	must(err)
	must(rejected.Withhold(ctx, tx, office.CommandLine, p.load, p.table, p.row, false, "It names a person (sample)."))
	must(decisions.SettleAll(ctx, tx))
	must(spend.Keep(ctx, tx))
}

// column is one column of a table, declared as a kind.
type column struct{ table, name, kind string }

func columns(t testing.TB, tx *db.Tx, table string) []column {
	t.Helper()
	query := `SELECT name, type FROM pragma_table_info($1)`
	if tx.Engine == db.Postgres {
		query = `SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`
	}
	all, err := db.List(t.Context(), tx, func(r db.Row) (column, error) { c := column{table: table}; return c, r.Scan(&c.name, &c.kind) }, query, table)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		all[i].table, all[i].kind = table, strings.ToUpper(all[i].kind)
	}
	return all
}

// other are values that the column is changed to, in SQL.
func (c column) other(tx *db.Tx) []string {
	name := `"` + c.name + `"`
	switch c.kind {
	case "BLOB":
		return []string{"CAST(X'00' || " + name + " AS BLOB)", "CAST(substr(" + name + ", 1, length(" + name + ") - 1) AS BLOB)"}
	case "BYTEA":
		return []string{`'\x00'::bytea || ` + name, "substr(" + name + ", 1, length(" + name + ") - 1)"}
	case "BOOLEAN":
		return []string{"NOT " + name}
	case "INTEGER", "BIGINT":
		return []string{name + " + 1", name + " + 1000000", "- 1 - " + name}
	}
	return []string{"'x' || COALESCE(" + name + ", '')", "COALESCE(" + name + ", '') || 'x'", "COALESCE(" + name + ", '') || ' '", "substr(COALESCE(NULLIF(" + name + ", ''), 'xy'), 2)",
		"(SELECT o." + name + " FROM " + c.table + " o WHERE o." + name + " <> " + c.table + "." + name + " LIMIT 1)"}
}

var errBack = errors.New("taken back")

// tampered is what verify finds after a statement, which is taken back. refused
// is a statement that the database does not take, or that changes nothing.
func tampered(t testing.TB, tx *db.Tx, statement string) (found string, refused bool) {
	t.Helper()
	loose := []string{`PRAGMA defer_foreign_keys = ON`, `PRAGMA ignore_check_constraints = ON`}
	if tx.Engine == db.Postgres {
		loose = []string{`SET LOCAL session_replication_role = replica`}
	}
	err := tx.Transact(t.Context(), func(tx *db.Tx) error {
		for _, q := range loose {
			if _, err := tx.Exec(t.Context(), q); err != nil {
				return err
			}
		}
		n, err := tx.Exec(t.Context(), statement)
		if refused = err != nil && (fault.KindOf(err) == fault.Conflict || strings.Contains(err.Error(), "onstraint") || strings.Contains(err.Error(), "invalid input syntax")) || err == nil && n == 0 && !strings.Contains(statement, " INDEX ") && !strings.HasPrefix(statement, "CREATE"); refused {
			return errBack
		}
		if err != nil {
			return err
		}
		v, err := store.Verify(t.Context(), tx)
		found = v.Fault
		return cmp.Or(err, errBack)
	})
	if !errors.Is(err, errBack) {
		t.Errorf("%s: %v", statement, err)
	}
	return found, refused
}

// trials are statements that each change one thing behind the record's back.
func trials(t testing.TB, tx *db.Tx, rng *rand.Rand, tables []string) (all []string) {
	t.Helper()
	row := map[db.Engine]string{db.Sqlite: "rowid", db.Postgres: "ctid"}[tx.Engine]
	for _, table := range tables {
		if strings.HasPrefix(table, "search_index") || store.CannotHold(table, "") {
			continue
		}
		n, err := db.One(t.Context(), tx, db.ScanInto[int], `SELECT COUNT(*) FROM `+table)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 && table != "overrides" { // of which the story has none: see TestVerifyHoldsOverrides
			t.Errorf("the table %s is empty, so nothing of it is tried", table)
		}
		one := func() string {
			return fmt.Sprintf(`(SELECT %s FROM %s LIMIT 1 OFFSET %d)`, row, table, rng.IntN(max(n, 1)))
		}
		fields := columns(t, tx, table)
		var names, others []string
		for _, c := range fields {
			other := c.other(tx)
			for _, to := range some(rng, other) {
				if !store.CannotHold(table, c.name) {
					all = append(all, fmt.Sprintf(`UPDATE %s SET "%s" = %s WHERE %s = %s AND "%s" IS DISTINCT FROM %s`, table, c.name, to, row, one(), c.name, to))
				}
			}
			names, others = append(names, `"`+c.name+`"`), append(others, other[min(len(other)-1, 1)])
		}
		if table == "spend_totals" {
			continue // a row that is not there is made again
		}
		all = append(all, fmt.Sprintf(`DELETE FROM %s WHERE %s = %s`, table, row, one()))
		places := make([]int, len(fields))
		for i := range places {
			places[i] = i
		}
		for _, i := range some(rng, places) { // another row, like one that is there but for one column
			like := slices.Clone(names)
			like[i] = others[i]
			all = append(all, fmt.Sprintf(`INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s = %s`, table, strings.Join(names, ", "), strings.Join(like, ", "), table, row, one()))
		}
	}
	return all
}

// some is one of several ways to change a thing, or each where TAMPER is all:
// that takes ten minutes.
func some[T any](rng *rand.Rand, all []T) []T {
	if os.Getenv("TAMPER") == "all" || len(all) == 0 {
		return all
	}
	i := rng.IntN(len(all))
	return all[i : i+1]
}

// structural are changes of what the tables are.
func structural(t testing.TB, tx *db.Tx) (all []string) {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`
	if tx.Engine == db.Postgres {
		query = `SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace s ON s.oid = i.relnamespace
			WHERE s.nspname = current_schema() AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid) AND i.relname NOT LIKE 'search_index%'`
	}
	indexes, err := db.List(t.Context(), tx, db.ScanInto[string], query)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range indexes {
		all = append(all, `DROP INDEX `+name)
	}
	all = append(all, `ALTER TABLE questions ADD COLUMN more TEXT`, `CREATE INDEX questions_more ON questions (title)`, `ALTER TABLE items RENAME COLUMN folded TO found_by`)
	all[len(all)-2] = `CREATE INDEX questions_more ON questions (turn)`
	if tx.Engine == db.Postgres {
		return append(all, `CREATE RULE quiet AS ON DELETE TO events DO INSTEAD NOTHING`, `ALTER TABLE events ENABLE ROW LEVEL SECURITY`)
	}
	return append(all, `CREATE TRIGGER quiet AFTER INSERT ON events BEGIN DELETE FROM ballots; END`, `CREATE VIEW more AS SELECT 1`, `CREATE TABLE more (id BIGINT)`, `DROP TABLE overrides`)
}

// Whatever is changed behind the record's back, verify names. In everyday work
// a few of the changes are tried, others each time.
func TestVerifyHoldsEveryColumn(t *testing.T) {
	t.Parallel()
	tx := short(t)
	storetest.Verifies(t, tx)
	seed := rand.Uint64()
	rng := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d", seed)
	tables, err := db.List(t.Context(), tx, db.ScanInto[string], tx.Engine.Tables())
	if err != nil {
		t.Fatal(err)
	}
	rows, shape := trials(t, tx, rng, tables), structural(t, tx)
	if !storetest.Thorough() {
		rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		rng.Shuffle(len(shape), func(i, j int) { shape[i], shape[j] = shape[j], shape[i] })
		rows, shape = rows[:8], shape[:2]
	}
	tried := 0
	for _, q := range slices.Concat(rows, shape) {
		found, refused := tampered(t, tx, q)
		if !refused {
			tried++
		}
		if found == "" && !refused {
			t.Errorf("verify does not see: %s", q)
		}
	}
	t.Logf("%d changes of %d were tried; the database refused the others", tried, len(rows)+len(shape))
	storetest.Verifies(t, tx)
}

// The story is brought to completion with every condition met. One that is
// overridden is in a database of its own.
func TestVerifyHoldsOverrides(t *testing.T) {
	t.Parallel()
	tx, clock := storetest.OpenClock(t)
	h, err := handover.Read(t.Context(), tx, record.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(h.Conditions, func(c handover.Condition) bool { return c.ID == "schedule" })
	ref := storetest.Authorised(t, tx, clock, "override", authority.Effect{Kind: authority.OverridesIt, Subject: "condition/" + h.Conditions[i].ID})
	if err := handover.OverrideCondition(t.Context(), tx, storetest.Holder(t, tx, office.CompanySecretary, office.TheCompany), h.Conditions[i].ID, ref); err != nil {
		t.Fatal(err)
	}
	storetest.Verifies(t, tx)
	rng := rand.New(rand.NewPCG(rand.Uint64(), 0))
	tried := 0
	for _, q := range trials(t, tx, rng, []string{"overrides"}) {
		found, refused := tampered(t, tx, q)
		if !refused {
			tried++
		}
		if found == "" && !refused {
			t.Errorf("verify does not see: %s", q)
		}
	}
	if tried < 4 {
		t.Errorf("only %d changes were tried", tried)
	}
	storetest.Verifies(t, tx)
}
