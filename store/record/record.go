// Package record is the one append-only log of all acts: events, seals,
// receipts, signed checkpoints, and the checker that holds them together. Write
// is how every act is made.
package record

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
)

// Head is where the record stands.
type Head struct {
	Size       int64     // number of events; event n is leaf n-1
	At         time.Time // instant of the last event
	Origin     string    // first line of every checkpoint
	Key        string    // public key of its signatures, in the form of golang.org/x/mod/sumdb/note
	Checkpoint string    // the latest signed note: origin, size and root
	Demo       bool
}

// Event is one entry of the record. It is never changed.
type Event struct {
	N       int64 // from 1
	At      time.Time
	Act     string // "accession.resolve"
	Topic   string // "accession"
	Subject string // "accession/kent"
	About   string // slug of the body the matter is about, or ""
	Person  int64  // 0 when no person acted
	Office  int64
	Body    string // slug of the body the office is at, or ""
	Payload string // canonical JSON of the whole event: its SHA-256 leaf hash is in the tree
	Name    string // of the person, while it is not erased; not part of the record
}

// payload is an event as it is hashed. A field's absence means "none". Its
// fields stand in the order of their keys, and what is raw in it is canonical.
type payload struct {
	About    string                     `json:"about,omitempty"`
	Act      string                     `json:"act"`
	At       string                     `json:"at"`
	Body     string                     `json:"body,omitempty"`
	By       string                     `json:"by,omitempty"`    // "command line" or "the portal", when no person acted
	Clock    string                     `json:"clock,omitempty"` // SetBack, where it is dated before the event that it follows
	Detail   json.RawMessage            `json:"detail,omitempty"`
	N        int64                      `json:"n"`
	Now      map[string]json.RawMessage `json:"now,omitempty"` // how each thing stands after the act
	Office   int64                      `json:"office,omitempty"`
	OfficeAs string                     `json:"office_title,omitempty"`
	Person   int64                      `json:"person,omitempty"`
	Sealed   map[string]string          `json:"sealed,omitempty"` // commitments: hex SHA-256 of salt and text
	Subject  string                     `json:"subject"`
}

// SetBack is what an event says that is dated before the one that it follows.
const SetBack = "set back"

// Origin names who acted, when no person did.
func (e Event) Origin() string { return e.Read().By }

// OfficeTitle is the office acted in, as it was called then.
func (e Event) OfficeTitle() string { return e.Read().OfficeAs }

// Detail is the event's own detail as indented JSON, or "".
func (e Event) Detail() string {
	p := e.Read()
	all := map[string]any{}
	if len(p.Detail) > 0 {
		all["detail"] = p.Detail
	}
	if len(p.Now) > 0 {
		all["now"] = p.Now
	}
	if len(p.Sealed) > 0 {
		all["sealed"] = p.Sealed
	}
	if len(all) == 0 {
		return ""
	}
	b, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return e.Payload
	}
	return string(b)
}

// Read is the payload of the event, as JSON says it.
func (e Event) Read() (p payload) {
	if json.Unmarshal([]byte(e.Payload), &p) != nil {
		return payload{} // verify reports what cannot be read
	}
	return p
}

// LeafHash is the hash of the event's leaf, in base64.
func (e Event) LeafHash() string { return tlog.RecordHash([]byte(e.Payload)).String() }

// LeafHex is the same in hexadecimal, which no spreadsheet takes for anything else.
func (e Event) LeafHex() string {
	h := tlog.RecordHash([]byte(e.Payload))
	return hex.EncodeToString(h[:])
}

// A Part is something that an event says beyond who did what to which subject.
type Part func(*eventParts) error

type eventParts struct {
	payload
	rows  []string
	seals map[string][]byte
}

// About names the body that the matter is about, so that its page finds it.
func About(body string) Part {
	return func(e *eventParts) error { e.About = body; return nil }
}

// Detail adds what the act itself says. It is public: no personal text.
func Detail(v any) Part {
	return func(e *eventParts) (err error) { e.Detail, err = text.Canonical(v); return err }
}

// Now says how a thing stands after the act, as its public row. The last such
// row up to an event is how the thing stood then; verify holds the tables to it.
func Now(thing string, v any) Part {
	return func(e *eventParts) error {
		row, err := text.Canonical(v)
		if err != nil {
			return err
		}
		return NowRow(thing, row)(e)
	}
}

// NowRow is now, of a thing whose canonical JSON is there already.
func NowRow(thing string, row []byte) Part {
	return func(e *eventParts) error {
		if e.Now == nil {
			e.Now = map[string]json.RawMessage{}
		}
		if _, had := e.Now[thing]; !had {
			e.rows = append(e.rows, thing)
		}
		e.Now[thing] = row
		return nil
	}
}

// Seal keeps text out of the record: the event holds only a commitment to it,
// made with a random salt. The text can be released, or erased, later.
func Seal(name string, text []byte) Part {
	return func(e *eventParts) error {
		if e.seals == nil {
			e.seals = map[string][]byte{}
		}
		e.seals[name] = text
		return nil
	}
}

// Commitment is the hex SHA-256 of salt and text, as events hold it.
func Commitment(salt, text []byte) string {
	h := sha256.New()
	h.Write(salt)
	h.Write(text)
	return hex.EncodeToString(h.Sum(nil))
}

// Add writes one event, in the transaction of the act that it tells, and
// returns its number. It refuses a person who no longer holds the office they
// act in.
func Add(ctx context.Context, tx *db.Tx, by office.Viewer, act, subject string, parts ...Part) (int64, error) {
	if !tx.Writing() {
		return 0, fmt.Errorf("store: %s recorded outside a write", act)
	}
	if err := office.Holds(ctx, tx, by); err != nil {
		return 0, err
	}
	e := eventParts{payload: payload{
		Act: act, At: tx.Now().UTC().Format(db.StampLayout), Subject: subject, N: NextEvent(tx),
		Person: by.Person, By: by.System, Office: by.Office.ID, OfficeAs: by.Office.Title, Body: by.Office.Body,
	}}
	if tx.Now().Before(Writing.Of(tx).Head.At) {
		e.Clock = SetBack
	}
	for _, p := range parts {
		if err := p(&e); err != nil {
			return 0, err
		}
	}
	if err := e.commit(); err != nil {
		return 0, err
	}
	body, err := text.AsWritten(e.payload)
	if err != nil {
		return 0, err
	}
	return e.N, appendEvent(ctx, tx, e, body)
}

// commit puts the commitments to the sealed parts into the payload. A salt is
// kept in front of its text until append stores the two apart.
func (e *eventParts) commit() error {
	for name, text := range e.seals {
		salt := make([]byte, 32)
		if _, err := rand.Read(salt); err != nil {
			return err
		}
		if e.Sealed == nil {
			e.Sealed = map[string]string{}
		}
		e.Sealed[name] = Commitment(salt, text)
		e.seals[name] = append(salt, text...)
	}
	return nil
}

func appendEvent(ctx context.Context, tx *db.Tx, e eventParts, body []byte) error {
	in := Writing.Of(tx)
	topic, _, _ := strings.Cut(e.Subject, "/")
	if err := tx.Change(ctx, `INSERT INTO events (n, at, act, topic, subject, about, person, office, body, payload)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.N, e.At, e.Act, topic, e.Subject, e.About, e.Person, e.Office, e.Body, string(body)); err != nil {
		return err
	}
	for _, thing := range e.rows {
		topic, _, _ := strings.Cut(thing, "/")
		in.told = append(in.told, Past{thing, e.N, e.Now[thing]})
		if err := tx.Change(ctx, `INSERT INTO event_rows (topic, thing, n) VALUES ($1, $2, $3)`, topic, thing, e.N); err != nil {
			return err
		}
	}
	for name, text := range e.seals {
		if err := tx.Change(ctx, `INSERT INTO sealed (n, name, salt, text) VALUES ($1, $2, $3, $4)`, e.N, name, text[:32], text[32:]); err != nil {
			return err
		}
	}
	if err := addLeaf(ctx, tx, e.N, body); err != nil {
		return err
	}
	in.Head.Size, in.Head.At, in.moved = e.N, tx.Now(), true
	in.events++
	if s := sendingOf(ctx); s != nil && s.Person == e.Person {
		in.sent = true
	}
	return nil
}

func addLeaf(ctx context.Context, tx *db.Tx, n int64, body []byte) error {
	hashes, err := tlog.StoredHashes(n-1, body, Hashes(ctx, tx))
	if err != nil {
		return err
	}
	first := tlog.StoredHashIndex(0, n-1)
	for i, h := range hashes {
		if err := tx.Change(ctx, `INSERT INTO record_hashes (i, h) VALUES ($1, $2)`, first+int64(i), h[:]); err != nil {
			return err
		}
	}
	return nil
}

// Hashes reads the tree's stored hashes through s, and so through its transaction.
func Hashes(ctx context.Context, tx *db.Tx) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for k, i := range indexes {
			h, err := db.One(ctx, tx, db.ScanInto[[]byte], `SELECT h FROM record_hashes WHERE i = $1`, i)
			if err != nil {
				return nil, fmt.Errorf("hash %d of the record: %w", i, err)
			}
			copy(out[k][:], h)
		}
		return out, nil
	})
}

// sealHead signs a checkpoint over all events so far and writes the head back.
func sealHead(ctx context.Context, tx *db.Tx) error {
	h := Writing.Of(tx).Head
	root, err := tlog.TreeHash(h.Size, Hashes(ctx, tx))
	if err != nil {
		return err
	}
	signed, err := note.Sign(&note.Note{Text: CheckpointText(h.Origin, h.Size, root)}, *Signing.Of(tx))
	if err != nil {
		return err
	}
	return tx.Change(ctx, `UPDATE record_head SET size = $1, at = $2, checkpoint = $3 WHERE id = 1`, h.Size, db.Stamp(h.At), string(signed))
}

// CheckpointText is the signed text of a checkpoint: origin, number of events
// and root hash, a line each.
func CheckpointText(origin string, size int64, root tlog.Hash) string {
	return fmt.Sprintf("%s\n%d\n%s\n", origin, size, base64.StdEncoding.EncodeToString(root[:]))
}

// ParseCheckpoint reads the signed text of a checkpoint.
func ParseCheckpoint(text string) (origin string, size int64, root tlog.Hash, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 3 {
		return "", 0, root, fault.Invalid.Errorf("This is not a checkpoint of a record.")
	}
	if _, err := fmt.Sscanf(lines[1], "%d", &size); err != nil || size < 0 {
		return "", 0, root, fault.Invalid.Errorf("This checkpoint does not state a number of entries.")
	}
	if root, err = tlog.ParseHash(lines[2]); err != nil {
		return "", 0, root, fault.Invalid.Errorf("This checkpoint does not state a root hash.")
	}
	return lines[0], size, root, nil
}

const headCols = `size, at, origin, key, checkpoint, demo`

func scanHead(r db.Row) (h Head, err error) {
	return h, r.Scan(&h.Size, (*db.Stamp)(&h.At), &h.Origin, &h.Key, &h.Checkpoint, &h.Demo)
}

// ReadHead tells where the record stands.
func ReadHead(ctx context.Context, tx *db.Tx) (Head, error) {
	if tx.Writing() {
		return Writing.Of(tx).Head, nil
	}
	began := time.Now()
	h, err := db.One(ctx, tx, scanHead, `SELECT `+headCols+` FROM record_head WHERE id = 1`)
	if err == nil && !tx.Inside() { // a snapshot may be older than its query
		known.Of(tx).read(h, began)
	}
	return h, err
}

// KeptHead is the head of the record as its row says it, also inside a write.
func KeptHead(ctx context.Context, tx *db.Tx) (Head, error) {
	return db.One(ctx, tx, scanHead, `SELECT `+headCols+` FROM record_head WHERE id = 1`)
}

// LastOn is the number of the last event recorded by the end of a day, 0 when
// there is none.
func LastOn(ctx context.Context, tx *db.Tx, d civil.Day) (int64, error) {
	return db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(n), 0) FROM events WHERE at < $1`, db.Stamp(d.End()))
}

// A Past is one thing as the record tells it.
type Past struct {
	Thing string
	N     int64
	Row   json.RawMessage
}

// asOf tells how each thing of a topic stood after event n.
func asOf(ctx context.Context, tx *db.Tx, topic string, n int64) ([]Past, error) {
	found, err := db.List(ctx, tx, func(r db.Row) (p Past, err error) {
		return p, r.Scan(&p.Thing, &p.N)
	}, `SELECT thing, MAX(n) FROM event_rows WHERE topic = $1 AND n <= $2 GROUP BY thing ORDER BY thing`, topic, n)
	if err != nil {
		return nil, err
	}
	told := map[int64]payload{}
	for i, p := range found {
		said, ok := told[p.N]
		if !ok {
			e, err := FindEvent(ctx, tx, p.N)
			if err != nil {
				return nil, err
			}
			said = e.Read()
			told[p.N] = said
		}
		found[i].Row = said.Now[p.Thing]
	}
	return found, nil
}

// PastRows reads the things of a topic, as they stood after event n, into T.
func PastRows[T any](ctx context.Context, tx *db.Tx, topic string, n int64) ([]T, error) {
	found, err := asOf(ctx, tx, topic, n)
	out := make([]T, len(found))
	for i, p := range found {
		if err := json.Unmarshal(p.Row, &out[i]); err != nil {
			return nil, fmt.Errorf("%s in event %d: %w", p.Thing, p.N, err)
		}
	}
	return out, err
}

// Unseal reads a sealed part of an event, if it has not been erased.
func Unseal(ctx context.Context, tx *db.Tx, n int64, name string) (salt, text []byte, found bool, err error) {
	type pair struct{ salt, text []byte }
	p, found, err := db.Maybe(ctx, tx, func(r db.Row) (p pair, err error) { return p, r.Scan(&p.salt, &p.text) },
		`SELECT salt, text FROM sealed WHERE n = $1 AND name = $2`, n, name)
	return p.salt, p.text, found, err
}

// Pinned adds a past day to a reference or an address.
func (m Moment) Pinned(at string) string {
	if !m.Past {
		return at
	}
	path, mark, _ := strings.Cut(at, "#")
	if path += "?as_at=" + string(m.Day); mark != "" {
		path += "#" + mark
	}
	return path
}

// EraseSealed erases the restricted parts of all events about a subject. The
// events and their commitments stay as they are.
func EraseSealed(ctx context.Context, tx *db.Tx, subject string) error {
	_, err := tx.Exec(ctx, `DELETE FROM sealed WHERE n IN (SELECT n FROM events WHERE subject = $1)`, subject)
	return err
}
