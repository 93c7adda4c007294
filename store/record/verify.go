package record

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/police-ict/handover/store/db"
)

// Verdict is what checking the whole record found.
type Verdict struct {
	Events  int64
	Rows    int // rows held against the record
	Root    string
	Key     string
	Against []int64  // sizes of the saved checkpoints that it was held to
	Fault   string   // the first divergence, "" when there is none
	NotRun  []string // checks that could not be run
	Unheld  []Unheld // what is not held to the record
}

// OK reports whether nothing diverges.
func (v Verdict) OK() bool { return v.Fault == "" }

// Checker holds the database to the record, and keeps the first divergence.
type Checker struct {
	S       *db.Tx
	head    Head
	now     map[string]json.RawMessage // last row of each thing, as the record tells it
	from    map[string]int64           // the event that told it
	told    map[string][]int64         // all events that told of it
	roots   map[int64]tlog.Hash        // by size: what saved checkpoints say
	against []int64
	first   map[string]EventMark // the event that told of it first
	topics  map[string][]string  // things by topic, once all events are read
	sealed  map[part]commitment
	erased  map[string]int64 // subject -> the event by which its restricted parts were erased
	last    string           // instant of the event before
	root    tlog.Hash
	Held    int
	Fault   string
	skipped []string
}

// Skip notes a check that could not be run.
func (c *Checker) Skip(what string) { c.skipped = append(c.skipped, what) }

// NewChecker is a checker of the record up to a head.
func NewChecker(tx *db.Tx, h Head) *Checker {
	return &Checker{S: tx, head: h, now: map[string]json.RawMessage{}, from: map[string]int64{}, first: map[string]EventMark{}, told: map[string][]int64{}, roots: map[int64]tlog.Hash{}}
}

// Chain holds the events to the tree, and the tree to the latest checkpoint and
// to those that were saved.
func (c *Checker) Chain(ctx context.Context, saved []string) error {
	if err := c.want(c.head, saved); err != nil || c.Fault != "" {
		return err
	}
	if err := c.events(ctx); err != nil || c.Fault != "" {
		return err
	}
	return c.heads(ctx)
}

// Verdict is what was found so far.
func (c *Checker) Verdict() Verdict {
	return Verdict{Events: c.head.Size, Rows: c.Held, Root: c.root.String(), Key: c.head.Key, Against: c.against, Fault: c.Fault, NotRun: c.skipped}
}

// Diverges notes the first divergence, in words.
func (c *Checker) Diverges(format string, args ...any) error {
	if c.Fault == "" {
		c.Fault = fmt.Sprintf(format, args...)
	}
	return nil
}

// want reads the checkpoints that the record is held to.
func (c *Checker) want(h Head, saved []string) error {
	verifier, err := note.NewVerifier(h.Key)
	if err != nil {
		return c.Diverges("the record names no key")
	}
	for i, text := range append([]string{h.Checkpoint}, saved...) {
		name := "the latest checkpoint"
		if i > 0 {
			name = fmt.Sprintf("saved checkpoint %d", i)
		}
		n, err := note.Open([]byte(text), note.VerifierList(verifier))
		if err != nil {
			return c.Diverges("%s is not signed with the record’s key", name)
		}
		origin, size, root, err := ParseCheckpoint(n.Text)
		switch {
		case err != nil:
			return c.Diverges("%s cannot be read", name)
		case origin != h.Origin:
			return c.Diverges("%s is of the record %q, and this one is %q", name, origin, h.Origin)
		case i == 0 && size != h.Size:
			return c.Diverges("the latest checkpoint counts %d entries and the record %d", size, h.Size)
		case size > h.Size:
			return c.Diverges("%s counts %d entries and the record only %d: entries after %d are missing", name, size, h.Size, h.Size)
		}
		if had, ok := c.roots[size]; ok && had != root {
			return c.Diverges("two checkpoints of %d entries differ: the record was forked", size)
		}
		c.roots[size] = root
		if i > 0 {
			c.against = append(c.against, size)
		}
	}
	return nil
}

// events walks the record once, in order, rebuilding the tree as it goes.
func (c *Checker) events(ctx context.Context) error {
	c.sealed, c.erased = map[part]commitment{}, map[string]int64{}
	tree := map[int64]tlog.Hash{}
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for k, i := range indexes {
			out[k] = tree[i]
		}
		return out, nil
	})
	var next int64 = 1
	for next <= c.head.Size && c.Fault == "" {
		batch, stored, indexed, err := c.batch(ctx, next)
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			return c.Diverges("entry %d is missing", next)
		}
		for _, e := range batch {
			if e.N != next {
				return c.Diverges("entry %d is missing", next)
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
					return c.Diverges("entry %d does not match its hash in the tree: one of the two was changed after it was recorded", e.N)
				}
			}
			if err := c.event(e, indexed[e.N]); err != nil || c.Fault != "" {
				return err
			}
			if want, ok := c.roots[e.N]; ok {
				got, err := tlog.TreeHash(e.N, reader)
				if err != nil {
					return err
				}
				if got != want {
					return c.Diverges("the tree of %d entries does not have the root that a checkpoint signed: an entry up to %d was changed", e.N, e.N)
				}
				c.root = got
			}
			next++
		}
	}
	return c.beyond(ctx)
}

// beyond finds what was added to the record without being part of it.
func (c *Checker) beyond(ctx context.Context) error {
	if c.Fault != "" {
		return nil
	}
	strange, found, err := db.Maybe(ctx, c.S, db.ScanInto[int64], `SELECT n FROM events WHERE n > $1 OR n < 1 ORDER BY n LIMIT 1`, c.head.Size)
	if found {
		return c.Diverges("entry %d is beyond the end of the record, which has %d entries", strange, c.head.Size)
	}
	if err != nil {
		return err
	}
	indexed, found, err := db.Maybe(ctx, c.S, db.ScanInto[int64], `SELECT n FROM event_rows WHERE n > $1 OR n < 1 ORDER BY n LIMIT 1`, c.head.Size)
	if found {
		return c.Diverges("entry %d is indexed, and the record has %d entries", indexed, c.head.Size)
	}
	if err != nil {
		return err
	}
	extra, err := db.One(ctx, c.S, db.ScanInto[int64], `SELECT COUNT(*) FROM record_hashes WHERE i < 0 OR i >= $1`, tlog.StoredHashIndex(0, c.head.Size))
	if err == nil && extra > 0 {
		return c.Diverges("the tree has %d hashes beyond the last entry, %d", extra, c.head.Size)
	}
	return err
}

// stored reads the stored hashes of count leaves from leaf on.
func (c *Checker) stored(ctx context.Context, leaf, count int64) (map[int64]tlog.Hash, error) {
	type pair struct {
		i int64
		h []byte
	}
	all, err := db.List(ctx, c.S, func(r db.Row) (p pair, err error) { return p, r.Scan(&p.i, &p.h) },
		`SELECT i, h FROM record_hashes WHERE i >= $1 AND i < $2`, tlog.StoredHashIndex(0, leaf), tlog.StoredHashIndex(0, leaf+count))
	out := make(map[int64]tlog.Hash, len(all))
	for _, p := range all {
		var h tlog.Hash
		if copy(h[:], p.h) == len(p.h) {
			out[p.i] = h
		}
	}
	return out, err
}

// batch reads the next thousand events, with the hashes that are kept of them
// and what they are indexed under.
func (c *Checker) batch(ctx context.Context, next int64) (all []logged, stored map[int64]tlog.Hash, indexed map[int64][]indexRow, err error) {
	all, err = db.List(ctx, c.S, scanLogged, `SELECT n, at, act, topic, subject, about, person, office, body, payload FROM events
		WHERE n >= $1 AND n <= $2 ORDER BY n LIMIT 1000`, next, c.head.Size)
	if err == nil {
		stored, err = c.stored(ctx, next-1, int64(len(all)))
	}
	if err == nil {
		indexed, err = c.indexed(ctx, next, next+int64(len(all))-1)
	}
	return all, stored, indexed, err
}

// A logged event is one with its instant as it is written, readable or not.
type logged struct {
	Event
	at string
}

func scanLogged(r db.Row) (e logged, err error) {
	return e, r.Scan(&e.N, &e.at, &e.Act, &e.Topic, &e.Subject, &e.About, &e.Person, &e.Office, &e.Body, &e.Payload)
}

// event holds the columns of one event, and its index of things, to its payload.
func (c *Checker) event(e logged, indexed []indexRow) error {
	var p payload
	if err := json.Unmarshal([]byte(e.Payload), &p); err != nil {
		return c.Diverges("entry %d cannot be read", e.N)
	}
	topic, _, _ := strings.Cut(p.Subject, "/")
	if p.At < c.last && p.Clock != SetBack {
		return c.Diverges("entry %d is dated before entry %d", e.N, e.N-1)
	}
	c.last = p.At
	if p.N != e.N || p.At != e.at || p.Act != e.Act || p.Subject != e.Subject || topic != e.Topic ||
		p.About != e.About || p.Person != e.Person || p.Office != e.Office || p.Body != e.Body {
		return c.Diverges("entry %d is listed under other values than its text", e.N)
	}
	for name, sum := range p.Sealed {
		c.sealed[part{e.N, name}] = commitment{sum, p.Subject}
	}
	if e.N == 1 {
		if err := c.opened(p); err != nil || c.Fault != "" {
			return err
		}
	}
	if strings.HasSuffix(p.Act, ".erase") {
		c.erased[p.Subject] = e.N
	}
	if len(indexed) != len(p.Now) {
		return c.Diverges("entry %d is indexed under %d items and its text has %d", e.N, len(indexed), len(p.Now))
	}
	for _, i := range indexed {
		thing := i.thing
		if topic, _, _ := strings.Cut(thing, "/"); topic != i.topic {
			return c.Diverges("entry %d is indexed for %s under the topic “%s”", e.N, thing, i.topic)
		}
		told, ok := p.Now[thing]
		if !ok {
			return c.Diverges("entry %d is indexed under %s, which is not in its text", e.N, thing)
		}
		if _, had := c.now[thing]; !had {
			c.first[thing] = EventMark{e.N, e.at, e.Person}
		}
		c.now[thing], c.from[thing] = told, e.N
		c.told[thing] = append(c.told[thing], e.N)
	}
	return nil
}

// opened holds the head of the record to its first event.
func (c *Checker) opened(p payload) error {
	var said Opening
	if json.Unmarshal(p.Detail, &said) != nil || p.Act != "record.open" {
		return c.Diverges("entry 1 does not open the record")
	}
	if said.Key != c.head.Key || said.Origin != c.head.Origin {
		return c.Diverges("the head of the record names another key or origin than entry 1")
	}
	if !said.Agrees(p.At, c.head.Demo) {
		return c.Diverges("the head of the record and entry 1 disagree on whether this is a demonstration")
	}
	return nil
}

// An indexRow says that an event told of a thing.
type indexRow struct{ topic, thing string }

// indexed lists what events are indexed under, from one event to another.
func (c *Checker) indexed(ctx context.Context, from, to int64) (map[int64][]indexRow, error) {
	all := map[int64][]indexRow{}
	_, err := db.List(ctx, c.S, func(r db.Row) (none struct{}, err error) {
		var n int64
		var i indexRow
		err = r.Scan(&n, &i.topic, &i.thing)
		all[n] = append(all[n], i)
		return none, err
	}, `SELECT n, topic, thing FROM event_rows WHERE n >= $1 AND n <= $2`, from, to)
	return all, err
}

func (c *Checker) heads(context.Context) error {
	if c.head.Size == 0 {
		return c.Diverges("the record is empty")
	}
	if c.last != c.head.At.Format(db.StampLayout) {
		return c.Diverges("the head of the record gives a different time from entry %d", c.head.Size)
	}
	return nil
}

// A part is a restricted part of an event, a commitment what the event says of it.
type part struct {
	n    int64
	name string
}

type commitment struct{ sum, subject string }

const saltBytes = 32

// Seals holds what is kept of the restricted parts to their commitments. One
// that is not kept must have been erased by an event.
func (c *Checker) Seals(ctx context.Context) error {
	type kept struct {
		part
		salt, text []byte
	}
	all, err := db.List(ctx, c.S, func(r db.Row) (k kept, err error) { return k, r.Scan(&k.n, &k.name, &k.salt, &k.text) },
		`SELECT n, name, salt, text FROM sealed ORDER BY n, name`)
	if err != nil {
		return err
	}
	here := map[part]bool{}
	for _, k := range all {
		said, ok := c.sealed[k.part]
		if !ok || len(k.salt) != saltBytes || said.sum != Commitment(k.salt, k.text) {
			return c.Diverges("the restricted part “%s” of entry %d is not the one committed to", k.name, k.n)
		}
		if n := c.erased[said.subject]; n > k.n {
			return c.Diverges("the restricted part “%s” of entry %d is still there, although entry %d erased it", k.name, k.n, n)
		}
		here[k.part] = true
	}
	var lost []part
	for p, said := range c.sealed {
		if !here[p] && c.erased[said.subject] < p.n {
			lost = append(lost, p)
		}
	}
	if len(lost) == 0 {
		return nil
	}
	first := slices.MinFunc(lost, func(a, b part) int { return cmp.Or(cmp.Compare(a.n, b.n), cmp.Compare(a.name, b.name)) })
	return c.Diverges("the restricted part “%s” of entry %d is missing, and no entry says that it was erased", first.name, first.n)
}

// Names holds each person's name and address to what was sealed of them last.
func (c *Checker) Names(ctx context.Context) error {
	type told struct {
		id                int64
		name, email, said string
		part              string
	}
	all, err := db.List(ctx, c.S, func(r db.Row) (p told, err error) {
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
			return c.Diverges("the name or address of person %d is not the one recorded", p.id)
		}
	}
	return err
}
