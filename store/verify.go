package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Verdict is what checking the whole record found.
type Verdict struct {
	Events  int64
	Rows    int // rows held against the record
	Root    string
	Key     string
	Against []int64 // sizes of the saved checkpoints that it was held to
	Fault   string  // the first divergence, "" when there is none
}

// OK reports whether nothing diverges.
func (v Verdict) OK() bool { return v.Fault == "" }

// Verify opens a database to read only, without its signing key, and checks it.
func Verify(ctx context.Context, database string, saved ...string) (v Verdict, err error) {
	s, err := openToCheck(database)
	if err != nil {
		return v, err
	}
	defer s.Close()
	if err := s.readable(ctx); err != nil {
		return v, fmt.Errorf("%s holds no record that this version can read: it is not a database of the portal, or of another version", describe(database))
	}
	return s.Verify(ctx, saved...)
}

// openToCheck opens a database that is there, for reading alone.
func openToCheck(database string) (*Store, error) {
	if engineOf(database) == sqlite {
		if err := there(database); err != nil {
			return nil, err
		}
		return openFile(database)
	}
	db, err := sql.Open(postgres.driver(), database)
	if err != nil {
		return nil, unreachable(Options{Database: database}, err)
	}
	return &Store{Now: time.Now, reads: db, writes: db, q: db, engine: postgres, known: &knownHead{}, options: Options{Database: database}}, nil
}

// readable is nil when the tables are those that this program knows. Unlike
// current it makes nothing, not even the table of versions.
func (s *Store) readable(ctx context.Context) error {
	p, err := s.provider()
	if err != nil {
		return err
	}
	var known int64
	for _, source := range p.ListSources() {
		known = max(known, source.Version)
	}
	has, err := one(ctx, s, scanInto[int64], `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version`)
	if err == nil && has != known {
		err = fmt.Errorf("tables are at version %d, want %d", has, known)
	}
	return err
}

func describe(database string) string {
	if engineOf(database) == postgres {
		return "the database"
	}
	return database
}

// Verify recomputes everything: each leaf from its event, the tree from the
// leaves, the root against the latest checkpoint and the saved ones, the sealed
// parts against their commitments, each present row against the record, and
// each line of spend and each roll-up against its load.
func (s *Store) Verify(ctx context.Context, saved ...string) (v Verdict, err error) {
	err = s.read(ctx, func(s *Store) error {
		h, err := s.Head(ctx)
		if err != nil {
			return err
		}
		v = Verdict{Events: h.Size, Key: h.Key}
		c := &checker{s: s, head: h, now: map[string]json.RawMessage{}, from: map[string]int64{}, roots: map[int64]tlog.Hash{}}
		for _, step := range []func(context.Context) error{
			func(context.Context) error { return c.want(h, saved) }, c.events, c.heads, c.seals, c.rows, c.loads, c.counted,
		} {
			if err := step(ctx); err != nil {
				return err
			}
			if c.fault != "" {
				break
			}
		}
		v.Fault, v.Rows, v.Root, v.Against = c.fault, c.held, c.root.String(), c.against
		return nil
	})
	return v, err
}

type checker struct {
	s       *Store
	head    Head
	now     map[string]json.RawMessage // last row of each thing, as the record tells it
	from    map[string]int64           // the event that told it
	roots   map[int64]tlog.Hash        // by size: what saved checkpoints say
	against []int64
	sealed  map[string]string // "n name" -> commitment
	last    string            // instant of the event before
	root    tlog.Hash
	held    int
	fault   string
}

func (c *checker) diverges(format string, args ...any) error {
	if c.fault == "" {
		c.fault = fmt.Sprintf(format, args...)
	}
	return nil
}

// want reads the checkpoints that the record is held to.
func (c *checker) want(h Head, saved []string) error {
	verifier, err := note.NewVerifier(h.Key)
	if err != nil {
		return c.diverges("the record names no key")
	}
	for i, text := range append([]string{h.Checkpoint}, saved...) {
		name := "the latest checkpoint"
		if i > 0 {
			name = fmt.Sprintf("saved checkpoint %d", i)
		}
		n, err := note.Open([]byte(text), note.VerifierList(verifier))
		if err != nil {
			return c.diverges("%s is not signed with the record’s key", name)
		}
		origin, size, root, err := ParseCheckpoint(n.Text)
		switch {
		case err != nil:
			return c.diverges("%s cannot be read", name)
		case origin != h.Origin:
			return c.diverges("%s is of the record %q, and this one is %q", name, origin, h.Origin)
		case i == 0 && size != h.Size:
			return c.diverges("the latest checkpoint counts %d events and the record %d", size, h.Size)
		case size > h.Size:
			return c.diverges("%s counts %d events and the record only %d: events after %d are missing", name, size, h.Size, h.Size)
		}
		if had, ok := c.roots[size]; ok && had != root {
			return c.diverges("two checkpoints of %d events differ: the record was forked", size)
		}
		c.roots[size] = root
		if i > 0 {
			c.against = append(c.against, size)
		}
	}
	return nil
}

// events walks the record once, in order, rebuilding the tree as it goes.
func (c *checker) events(ctx context.Context) error {
	c.sealed = map[string]string{}
	tree := map[int64]tlog.Hash{}
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for k, i := range indexes {
			out[k] = tree[i]
		}
		return out, nil
	})
	var next int64 = 1
	for next <= c.head.Size && c.fault == "" {
		batch, err := list(ctx, c.s, scanLogged, `SELECT n, at, act, topic, subject, about, person, office, body, payload FROM events
			WHERE n >= $1 AND n <= $2 ORDER BY n LIMIT 1000`, next, c.head.Size)
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			return c.diverges("event %d is missing", next)
		}
		stored, err := c.stored(ctx, next-1, int64(len(batch)))
		if err != nil {
			return err
		}
		for _, e := range batch {
			if e.N != next {
				return c.diverges("event %d is missing", next)
			}
			hashes, err := tlog.StoredHashes(e.N-1, []byte(e.Payload), reader)
			if err != nil {
				return err
			}
			first := tlog.StoredHashIndex(0, e.N-1)
			for k, h := range hashes {
				i := first + int64(k)
				tree[i] = h
				if stored[i] != h {
					return c.diverges("event %d does not match its hash in the tree: one of the two was changed after it was recorded", e.N)
				}
			}
			if err := c.event(ctx, e); err != nil || c.fault != "" {
				return err
			}
			if want, ok := c.roots[e.N]; ok {
				got, err := tlog.TreeHash(e.N, reader)
				if err != nil {
					return err
				}
				if got != want {
					return c.diverges("the tree of %d events does not have the root that a checkpoint signed: an event up to %d was changed", e.N, e.N)
				}
				c.root = got
			}
			next++
		}
	}
	return c.beyond(ctx)
}

// beyond finds what was added to the record without being part of it.
func (c *checker) beyond(ctx context.Context) error {
	if c.fault != "" {
		return nil
	}
	strange, found, err := maybe(ctx, c.s, scanInto[int64], `SELECT n FROM events WHERE n > $1 OR n < 1 ORDER BY n LIMIT 1`, c.head.Size)
	if found {
		return c.diverges("event %d is beyond the end of the record, which counts %d events", strange, c.head.Size)
	}
	if err != nil {
		return err
	}
	extra, err := one(ctx, c.s, scanInto[int64], `SELECT COUNT(*) FROM record_hashes WHERE i < 0 OR i >= $1`, tlog.StoredHashIndex(0, c.head.Size))
	if err == nil && extra > 0 {
		return c.diverges("the tree holds %d hashes beyond the last event, %d", extra, c.head.Size)
	}
	return err
}

// stored reads the stored hashes of count leaves from leaf on.
func (c *checker) stored(ctx context.Context, leaf, count int64) (map[int64]tlog.Hash, error) {
	type pair struct {
		i int64
		h []byte
	}
	all, err := list(ctx, c.s, func(r row) (p pair, err error) { return p, r.Scan(&p.i, &p.h) },
		`SELECT i, h FROM record_hashes WHERE i >= $1 AND i < $2`, tlog.StoredHashIndex(0, leaf), tlog.StoredHashIndex(0, leaf+count))
	out := make(map[int64]tlog.Hash, len(all))
	for _, p := range all {
		var h tlog.Hash
		copy(h[:], p.h)
		out[p.i] = h
	}
	return out, err
}

// A logged event is one with its instant as it is written, readable or not.
type logged struct {
	Event
	at string
}

func scanLogged(r row) (e logged, err error) {
	return e, r.Scan(&e.N, &e.at, &e.Act, &e.Topic, &e.Subject, &e.About, &e.Person, &e.Office, &e.Body, &e.Payload)
}

// event holds the columns of one event, and its index of things, to its payload.
func (c *checker) event(ctx context.Context, e logged) error {
	var p payload
	if err := json.Unmarshal([]byte(e.Payload), &p); err != nil {
		return c.diverges("event %d cannot be read", e.N)
	}
	topic, _, _ := strings.Cut(p.Subject, "/")
	if p.At < c.last {
		return c.diverges("event %d is dated before event %d", e.N, e.N-1)
	}
	c.last = p.At
	if p.N != e.N || p.At != e.at || p.Act != e.Act || p.Subject != e.Subject || topic != e.Topic ||
		p.About != e.About || p.Person != e.Person || p.Office != e.Office || p.Body != e.Body {
		return c.diverges("event %d is listed under other words than it says", e.N)
	}
	for name, commitment := range p.Sealed {
		c.sealed[fmt.Sprintf("%d %s", e.N, name)] = commitment
	}
	indexed, err := list(ctx, c.s, scanInto[string], `SELECT thing FROM event_rows WHERE n = $1`, e.N)
	if err != nil {
		return err
	}
	if len(indexed) != len(p.Now) {
		return c.diverges("event %d is indexed under %d things and tells of %d", e.N, len(indexed), len(p.Now))
	}
	for _, thing := range indexed {
		told, ok := p.Now[thing]
		if !ok {
			return c.diverges("event %d is indexed under %s, of which it does not tell", e.N, thing)
		}
		c.now[thing], c.from[thing] = told, e.N
	}
	return nil
}

func (c *checker) heads(context.Context) error {
	if c.head.Size == 0 {
		return c.diverges("the record is empty")
	}
	if c.last != c.head.At.Format(stampLayout) {
		return c.diverges("the record’s head names another instant than event %d", c.head.Size)
	}
	return nil
}

// seals holds what is kept of the restricted parts to their commitments.
func (c *checker) seals(ctx context.Context) error {
	type kept struct {
		n          int64
		name       string
		salt, text []byte
	}
	all, err := list(ctx, c.s, func(r row) (k kept, err error) { return k, r.Scan(&k.n, &k.name, &k.salt, &k.text) },
		`SELECT n, name, salt, text FROM sealed ORDER BY n, name`)
	for _, k := range all {
		if c.sealed[fmt.Sprintf("%d %s", k.n, k.name)] != Commitment(k.salt, k.text) {
			return c.diverges("the restricted part “%s” of event %d is not the one committed to", k.name, k.n)
		}
	}
	if err != nil {
		return err
	}
	if err := c.names(ctx); err != nil || c.fault != "" {
		return err
	}
	return c.papers(ctx)
}

// names holds each person's name and address to what was sealed of them last.
func (c *checker) names(ctx context.Context) error {
	type told struct {
		id                int64
		name, email, said string
		part              string
	}
	all, err := list(ctx, c.s, func(r row) (p told, err error) {
		var said []byte
		err = r.Scan(&p.id, &p.name, &p.email, &p.part, &said)
		p.said = string(said)
		return p, err
	}, `SELECT p.id, p.name, p.email, COALESCE(k.name, ''), k.text FROM people p
		LEFT JOIN events e ON e.topic = 'person' AND e.subject = 'person/' || p.id
		LEFT JOIN sealed k ON k.n = e.n WHERE p.name <> '' ORDER BY p.id, k.n`)
	sealed := map[string]string{}
	for _, p := range all {
		sealed[fmt.Sprintf("%d %s", p.id, p.part)] = p.said
	}
	for _, p := range all {
		if sealed[fmt.Sprintf("%d name", p.id)] != p.name || sealed[fmt.Sprintf("%d email", p.id)] != p.email {
			return c.diverges("the name or address of person %d is not the one recorded", p.id)
		}
	}
	return err
}
