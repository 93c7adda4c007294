package store_test

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/storetest"
)

var keepOld = flag.Bool("keep-old", false, "keep a database of the tables as they are in testdata/old")

// paperTrail is what people saved of a record: receipts and checkpoints.
type paperTrail struct {
	Key         string   // that signed them
	Checkpoints []string // in order
	Receipts    []savedReceipt
}

// A savedReceipt is a receipt as it was given then.
type savedReceipt struct {
	Payload    string
	Leaf       int64
	Proof      []string // base64
	Checkpoint string
}

// keepsTrail saves a receipt for each event so far.
func (p *paperTrail) keeps(t *testing.T, s *db.Tx) {
	t.Helper()
	head := storetest.HeadOf(t, s)
	p.Key, p.Checkpoints = head.Key, append(p.Checkpoints, head.Checkpoint)
	for n := int64(1); n <= head.Size; n += 1 + head.Size/7 {
		r, err := register.ReadReceipt(t.Context(), s, n)
		if err != nil {
			t.Fatal(err)
		}
		p.Receipts = append(p.Receipts, savedReceipt{r.Event.Payload, r.Leaf, r.Proof, r.Checkpoint})
	}
}

// holds checks a receipt with nothing but the public key.
func (r savedReceipt) holds(key string) error {
	v, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	signed, err := note.Open([]byte(r.Checkpoint), note.VerifierList(v))
	if err != nil {
		return err
	}
	_, size, root, err := record.ParseCheckpoint(signed.Text)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, text := range r.Proof {
		h, err := tlog.ParseHash(text)
		if err != nil {
			return err
		}
		proof = append(proof, h)
	}
	return tlog.CheckRecord(proof, size, root, r.Leaf, tlog.RecordHash([]byte(r.Payload)))
}

// TestKeepOld makes a small history that touches each subject, and keeps its
// database, its key and what people saved of it. Run it with -keep-old, before
// the tables change.
func TestKeepOld(t *testing.T) {
	if !*keepOld {
		t.Skip("skipped: this keeps a database in testdata/old, with -keep-old")
	}
	k := storetest.NewRaw(t)
	clock := &storetest.Clock{}
	clock.Set(storetest.Noon)
	s := storetest.At(t, k.Database, k.Key, clock.Now)
	trail := oldHistory(t, s, clock)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	raw := k.DB()
	defer raw.Close()
	version := 0
	if err := raw.QueryRow(`SELECT MAX(version_id) FROM goose_db_version`).Scan(&version); err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec(`VACUUM`); err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join("testdata", "old", fmt.Sprintf("%04d", version))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	file, key := readFile(t, k.Database), readFile(t, k.Key)
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	z.Write(file)
	z.Close()
	text, err := json.MarshalIndent(trail, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"handover.db.gz": packed.Bytes(), "record.key": key, "saved.json": append(text, '\n')} {
		if err := os.WriteFile(filepath.Join(folder, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("kept in %s: %d bytes, %d events", folder, packed.Len(), len(trail.Receipts))
}

// oldHistory is a decision with a part that is sealed, votes, payments of which
// one is withheld, a question with its answer, confidential evidence, and a person who
// was erased.
func oldHistory(t *testing.T, s *db.Tx, clock *storetest.Clock) (trail paperTrail) {
	t.Helper()
	ctx := t.Context()
	c := storetest.BeginOn(t, s, clock)
	c.AddItem("Servers (sample)", "A list", 123_450)
	trail.keeps(t, s)

	p := storetest.HostingPaper(6_125_800)
	p.Ground, p.Review = "Commercial interests", "2013-10-01"
	draft, err := decisions.SaveDraft(ctx, s, c.Officer, decisions.DraftForm{Matter: "contract", Paper: p, Part2: "The price (sample)."})
	c.Must(err)
	_, _, err = decisions.PutForwardPaper(ctx, s, c.Officer, draft, 1)
	c.Must(err)
	storetest.Published(t, s, "override", authority.Effect{Kind: authority.OverridesIt, Subject: "condition/schedule"})
	trail.keeps(t, s)

	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, storetest.KentFile)
	_, err = spend.ChangeSupplier(ctx, s, office.CommandLine, spend.SupplierChange{Kind: spend.SupplierRenamed, Slug: storetest.EveryLine(t, s)[0].Identity.Slug, Name: "Another Name (sample)", From: "2012-01-01", Reason: "A test."})
	c.Must(err)
	c.Must(spend.WithholdLine(ctx, s, office.CommandLine, storetest.EveryLine(t, s)[1].ID, "It names a private person."))
	c.Must(spend.Keep(ctx, s))

	chair, clerk := storetest.Holder(t, s, office.Chair, office.TheAssociation), storetest.Holder(t, s, office.Clerk, office.TheAssociation)
	storetest.AddCommittee(t, s, "scrutiny", civil.DayOf(clock.Now()), "", chair, storetest.Holder(t, s, office.CommissionerOffice, "kent"), clerk)
	question, err := scrutiny.AskQuestion(ctx, s, chair, scrutiny.QuestionForm{Title: "Why did hosting rise? (sample)", Text: "What changed?", To: office.TheCompany, Committee: "scrutiny"})
	c.Must(err)
	c.Must(scrutiny.ActOnQuestion(ctx, s, c.Officer, question, scrutiny.ActAnswer, scrutiny.SaidForm{Text: "More was stored (sample).", Judgement: scrutiny.FullyAnswered}))

	c.Must(scrutiny.OpenInquiry(ctx, s, clerk, scrutiny.Inquiry{Slug: "prices", Title: "Prices (sample)", Terms: "What is paid.", Committee: "scrutiny", Closes: "2013-01-28"}))
	_, err = scrutiny.TakeEvidence(ctx, s, clerk, "prices", scrutiny.EvidenceForm{Author: "Somebody (sample)", AuthorSealed: true, Title: "A sealed title (sample)", Received: civil.DayOf(clock.Now()),
		Confidential: true, Ground: scrutiny.EvidenceGrounds[2], Review: civil.DayOf(clock.Now()).Add(20), Text: "A sealed text (sample)."})
	c.Must(err)

	c.Must(people.Erase(ctx, s, c.Administrator, storetest.Person(t, s, "Somebody (sample)"), "They asked for it."))
	trail.keeps(t, s)
	storetest.Verifies(t, s, trail.Checkpoints...)
	return trail
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// putBack puts a kept database where the test may change it.
func putBack(t *testing.T, folder string) (k storetest.Raw, trail paperTrail) {
	t.Helper()
	if err := json.Unmarshal(readFile(t, filepath.Join(folder, "saved.json")), &trail); err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(readFile(t, filepath.Join(folder, "handover.db.gz"))))
	if err != nil {
		t.Fatal(err)
	}
	file, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	k = storetest.Raw{T: t, Database: filepath.Join(dir, "handover.db"), Key: filepath.Join(dir, "record.key")}
	for path, b := range map[string][]byte{k.Database: file, k.Key: readFile(t, filepath.Join(folder, "record.key"))} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if os.Getenv("TEST_POSTGRES") == "" {
		return k, trail
	}
	version, err := strconv.ParseInt(filepath.Base(folder), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	k.Database = carried(t, k, version)
	return k, trail
}

// carried carries a SQLite database over to PostgreSQL, with the tables of the
// same version. Search is left out, which is filled when it is opened.
func carried(t *testing.T, from storetest.Raw, version int64) (database string) {
	t.Helper()
	to := storetest.Raw{T: t, Database: storetest.Bare(t)}
	tx, err := db.Connect(t.Context(), db.Options{Database: to.Database, Scratch: true})
	if err != nil {
		t.Fatal(err)
	}
	p, err := tx.Provider()
	if err == nil {
		_, err = p.UpTo(t.Context(), version)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := tx.Close(); err != nil {
		t.Fatal(err)
	}
	in, out := from.DB(), to.DB()
	defer in.Close()
	defer out.Close()
	todo := textsOf(t, out, `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_name <> 'goose_db_version' AND table_name NOT LIKE 'search%'`)
	for len(todo) > 0 {
		left := len(todo)
		todo = slices.DeleteFunc(todo, func(table string) bool { err = carry(t, in, out, table); return err == nil })
		if len(todo) == left { // else those that others refer to are there now
			t.Fatal(todo, err)
		}
	}
	return to.Database
}

func textsOf(t *testing.T, q *sql.DB, query string, values ...any) (all []string) {
	t.Helper()
	rows, err := q.QueryContext(t.Context(), query, values...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// carry carries the rows of a table over, all or none, and counts on where they
// end.
func carry(t *testing.T, in, out *sql.DB, table string) error {
	t.Helper()
	const columns = `FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1`
	names := textsOf(t, out, `SELECT column_name `+columns+` ORDER BY ordinal_position`, table)
	yes := textsOf(t, out, `SELECT column_name `+columns+` AND data_type = 'boolean'`, table)
	tx, err := out.BeginTx(t.Context(), nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(t.Context(), `DELETE FROM `+table); err != nil { // what a migration put there
		return err
	}
	rows, err := in.QueryContext(t.Context(), `SELECT `+strings.Join(names, ", ")+` FROM `+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	places := make([]string, len(names))
	for i := range places {
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	insert := `INSERT INTO ` + table + ` (` + strings.Join(names, ", ") + `) VALUES (` + strings.Join(places, ", ") + `)`
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range into {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, name := range names {
			if n, ok := values[i].(int64); ok && slices.Contains(yes, name) {
				values[i] = n != 0
			}
		}
		if _, err := tx.ExecContext(t.Context(), insert, values...); err != nil {
			return fmt.Errorf("%s: %w", insert, err)
		}
	}
	if err := errors.Join(rows.Err(), tx.Commit()); err != nil {
		return err
	}
	for _, name := range textsOf(t, out, `SELECT column_name `+columns+` AND is_identity = 'YES'`, table) {
		if _, err := out.ExecContext(t.Context(), `SELECT setval(pg_get_serial_sequence($1, $2), COALESCE((SELECT MAX(`+name+`) FROM `+table+`), 0) + 1, FALSE)`, table, name); err != nil {
			return err
		}
	}
	return nil
}

// A database made by an earlier version opens, verifies and goes on, and what
// people saved of it then holds: receipts by themselves, checkpoints against it.
func TestOldDatabasesOpenAndVerify(t *testing.T) {
	folders, err := filepath.Glob(filepath.Join("testdata", "old", "*"))
	if err != nil || len(folders) == 0 {
		t.Fatal(folders, err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			k, trail := putBack(t, folder)
			s := storetest.At(t, k.Database, k.Key, storetest.AtNoon)
			if v := storetest.Verifies(t, s, trail.Checkpoints...); len(v.Against) != len(trail.Checkpoints) || len(trail.Checkpoints) < 3 {
				t.Errorf("held to %v of %d checkpoints", v.Against, len(trail.Checkpoints))
			}
			for _, r := range trail.Receipts {
				if err := r.holds(trail.Key); err != nil {
					t.Errorf("the receipt of entry %d: %v", r.Leaf+1, err)
				}
				now, err := register.ReadReceipt(t.Context(), s, r.Leaf+1)
				if err != nil || now.Event.Payload != r.Payload || now.Head.Key != trail.Key {
					t.Errorf("entry %d is not what its receipt says: %v", r.Leaf+1, err)
				}
			}
			oldIsRead(t, s)
			if _, _, err := people.Add(t.Context(), s, office.CommandLine, "Somebody new (sample)", "new@example.org"); err != nil {
				t.Fatal(err)
			}
			storetest.Verifies(t, s, trail.Checkpoints...)
		})
	}
}

// oldIsRead reads what oldHistory made.
func oldIsRead(t *testing.T, s *db.Tx) {
	t.Helper()
	sp, err := spend.Read(t.Context(), s, payments.Filter{})
	if err != nil || sp.Total.Lines != 4 || !sp.Reconciles() {
		t.Errorf("spend: %v, %v", sp.Total, err)
	}
	all, err := decisions.List(t.Context(), s, office.Viewer{}, decisions.Filter{}, 10)
	if err != nil || len(all.All) != 2 {
		t.Errorf("%d decisions, %v", len(all.All), err)
	}
	q, err := scrutiny.ReadQuestionPage(t.Context(), s, office.Viewer{}, "2013-001")
	if err != nil || !strings.Contains(q.Title, "hosting") || q.Answer == 0 {
		t.Errorf("the question: %+v, %v", q.Question, err)
	}
	r, err := register.Read(t.Context(), s, record.When{})
	if err != nil || len(r.Members) != 2 {
		t.Errorf("%d members, %v", len(r.Members), err)
	}
}
