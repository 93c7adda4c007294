package store

import (
	"bytes"
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
	By       string                     `json:"by,omitempty"` // "command line" or "the portal", when no person acted
	Detail   json.RawMessage            `json:"detail,omitempty"`
	N        int64                      `json:"n"`
	Now      map[string]json.RawMessage `json:"now,omitempty"` // how each thing stands after the act
	Office   int64                      `json:"office,omitempty"`
	OfficeAs string                     `json:"office_title,omitempty"`
	Person   int64                      `json:"person,omitempty"`
	Sealed   map[string]string          `json:"sealed,omitempty"` // commitments: hex SHA-256 of salt and text
	Subject  string                     `json:"subject"`
}

// Origin names who acted, when no person did.
func (e Event) Origin() string { return e.read().By }

// OfficeTitle is the office acted in, as it was called then.
func (e Event) OfficeTitle() string { return e.read().OfficeAs }

// Detail is the event's own detail as indented JSON, or "".
func (e Event) Detail() string {
	p := e.read()
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

func (e Event) read() (p payload) {
	if json.Unmarshal([]byte(e.Payload), &p) != nil {
		return payload{} // verify reports what cannot be read
	}
	return p
}

// LeafHash is the hash of the event's leaf, in base64.
func (e Event) LeafHash() string { return tlog.RecordHash([]byte(e.Payload)).String() }

// A part is something that an event says beyond who did what to which subject.
type part func(*eventParts) error

type eventParts struct {
	payload
	rows  []string
	seals map[string][]byte
}

// about names the body that the matter is about, so that its page finds it.
func about(body string) part {
	return func(e *eventParts) error { e.About = body; return nil }
}

// detail adds what the act itself says. It is public: no personal text.
func detail(v any) part {
	return func(e *eventParts) (err error) { e.Detail, err = canonical(v); return err }
}

// now says how a thing stands after the act, as its public row. The last such
// row up to an event is how the thing stood then; verify holds the tables to it.
func now(thing string, v any) part {
	return func(e *eventParts) error {
		row, err := canonical(v)
		if err != nil {
			return err
		}
		return nowRow(thing, row)(e)
	}
}

// nowRow is now, of a thing whose canonical JSON is there already.
func nowRow(thing string, row []byte) part {
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

// seal keeps text out of the record: the event holds only a commitment to it,
// made with a random salt. The text can be released, or erased, later.
func seal(name string, text []byte) part {
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

// canonical is v as JSON with sorted keys, no spaces and no HTML escapes.
func canonical(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	dec := json.NewDecoder(&b)
	dec.UseNumber()
	var plain any
	if err := dec.Decode(&plain); err != nil {
		return nil, err
	}
	return asWritten(plain)
}

// asWritten is the JSON of a value whose keys are in order as they stand.
func asWritten(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// record writes one event, in the transaction of the act that it tells, and
// returns its number. It refuses a person who no longer holds the office they
// act in.
func (s *Store) record(ctx context.Context, by Viewer, act, subject string, parts ...part) (int64, error) {
	if !s.Writing() {
		return 0, fmt.Errorf("store: %s recorded outside a write", act)
	}
	if err := s.holds(ctx, by); err != nil {
		return 0, err
	}
	e := eventParts{payload: payload{
		Act: act, At: s.Now().UTC().Format(stampLayout), Subject: subject, N: s.NextEvent(),
		Person: by.Person, By: by.System, Office: by.Office.ID, OfficeAs: by.Office.Title, Body: by.Office.Body,
	}}
	for _, p := range parts {
		if err := p(&e); err != nil {
			return 0, err
		}
	}
	if err := e.commit(); err != nil {
		return 0, err
	}
	body, err := asWritten(e.payload)
	if err != nil {
		return 0, err
	}
	return e.N, s.append(ctx, e, body)
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

func (s *Store) append(ctx context.Context, e eventParts, body []byte) error {
	in := writing.Of(s)
	topic, _, _ := strings.Cut(e.Subject, "/")
	if err := s.change(ctx, `INSERT INTO events (n, at, act, topic, subject, about, person, office, body, payload)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.N, e.At, e.Act, topic, e.Subject, e.About, e.Person, e.Office, e.Body, string(body)); err != nil {
		return err
	}
	for _, thing := range e.rows {
		topic, _, _ := strings.Cut(thing, "/")
		in.told = append(in.told, past{thing, e.N, e.Now[thing]})
		if err := s.change(ctx, `INSERT INTO event_rows (topic, thing, n) VALUES ($1, $2, $3)`, topic, thing, e.N); err != nil {
			return err
		}
	}
	for name, text := range e.seals {
		if err := s.change(ctx, `INSERT INTO sealed (n, name, salt, text) VALUES ($1, $2, $3, $4)`, e.N, name, text[:32], text[32:]); err != nil {
			return err
		}
	}
	if err := s.addLeaf(ctx, e.N, body); err != nil {
		return err
	}
	in.head.Size, in.head.At, in.moved = e.N, s.Now(), true
	return nil
}

func (s *Store) addLeaf(ctx context.Context, n int64, body []byte) error {
	hashes, err := tlog.StoredHashes(n-1, body, s.hashes(ctx))
	if err != nil {
		return err
	}
	first := tlog.StoredHashIndex(0, n-1)
	for i, h := range hashes {
		if err := s.change(ctx, `INSERT INTO record_hashes (i, h) VALUES ($1, $2)`, first+int64(i), h[:]); err != nil {
			return err
		}
	}
	return nil
}

// hashes reads the tree's stored hashes through s, and so through its transaction.
func (s *Store) hashes(ctx context.Context) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for k, i := range indexes {
			h, err := one(ctx, s, scanInto[[]byte], `SELECT h FROM record_hashes WHERE i = $1`, i)
			if err != nil {
				return nil, fmt.Errorf("hash %d of the record: %w", i, err)
			}
			copy(out[k][:], h)
		}
		return out, nil
	})
}

// sealHead signs a checkpoint over all events so far and writes the head back.
func (s *Store) sealHead(ctx context.Context) error {
	h := writing.Of(s).head
	root, err := tlog.TreeHash(h.Size, s.hashes(ctx))
	if err != nil {
		return err
	}
	signed, err := note.Sign(&note.Note{Text: CheckpointText(h.Origin, h.Size, root)}, *signing.Of(s))
	if err != nil {
		return err
	}
	return s.change(ctx, `UPDATE record_head SET size = $1, at = $2, checkpoint = $3 WHERE id = 1`, h.Size, stamp(h.At), string(signed))
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
		return "", 0, root, Invalid.Errorf("That is not a checkpoint of a record.")
	}
	if _, err := fmt.Sscanf(lines[1], "%d", &size); err != nil || size < 0 {
		return "", 0, root, Invalid.Errorf("That checkpoint names no number of events.")
	}
	if root, err = tlog.ParseHash(lines[2]); err != nil {
		return "", 0, root, Invalid.Errorf("That checkpoint names no root hash.")
	}
	return lines[0], size, root, nil
}

const headCols = `size, at, origin, key, checkpoint, demo`

func scanHead(r row) (h Head, err error) {
	return h, r.Scan(&h.Size, (*stamp)(&h.At), &h.Origin, &h.Key, &h.Checkpoint, &h.Demo)
}

// Head tells where the record stands.
func (s *Store) Head(ctx context.Context) (Head, error) {
	if s.Writing() {
		return writing.Of(s).head, nil
	}
	began := time.Now()
	h, err := one(ctx, s, scanHead, `SELECT `+headCols+` FROM record_head WHERE id = 1`)
	if err == nil && !s.Inside() { // a snapshot may be older than its query
		known.Of(s).read(h, began)
	}
	return h, err
}

// LastAt is the number of the last event recorded by the end of a day, 0 when
// there is none.
func (s *Store) LastAt(ctx context.Context, d Day) (int64, error) {
	return one(ctx, s, scanInto[int64], `SELECT COALESCE(MAX(n), 0) FROM events WHERE at < $1`, stamp(d.End()))
}

// A past is one thing as the record tells it.
type past struct {
	thing string
	n     int64
	row   json.RawMessage
}

// asOf tells how each thing of a topic stood after event n.
func (s *Store) asOf(ctx context.Context, topic string, n int64) ([]past, error) {
	found, err := list(ctx, s, func(r row) (p past, err error) {
		return p, r.Scan(&p.thing, &p.n)
	}, `SELECT thing, MAX(n) FROM event_rows WHERE topic = $1 AND n <= $2 GROUP BY thing ORDER BY thing`, topic, n)
	if err != nil {
		return nil, err
	}
	told := map[int64]payload{}
	for i, p := range found {
		said, ok := told[p.n]
		if !ok {
			e, err := s.Event(ctx, p.n)
			if err != nil {
				return nil, err
			}
			said = e.read()
			told[p.n] = said
		}
		found[i].row = said.Now[p.thing]
	}
	return found, nil
}

// pastRows reads the things of a topic, as they stood after event n, into T.
func pastRows[T any](ctx context.Context, s *Store, topic string, n int64) ([]T, error) {
	found, err := s.asOf(ctx, topic, n)
	out := make([]T, len(found))
	for i, p := range found {
		if err := json.Unmarshal(p.row, &out[i]); err != nil {
			return nil, fmt.Errorf("%s in event %d: %w", p.thing, p.n, err)
		}
	}
	return out, err
}

// unseal reads a sealed part of an event, if it has not been erased.
func (s *Store) unseal(ctx context.Context, n int64, name string) (salt, text []byte, found bool, err error) {
	type pair struct{ salt, text []byte }
	p, found, err := maybe(ctx, s, func(r row) (p pair, err error) { return p, r.Scan(&p.salt, &p.text) },
		`SELECT salt, text FROM sealed WHERE n = $1 AND name = $2`, n, name)
	return p.salt, p.text, found, err
}
