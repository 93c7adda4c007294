package store

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// cubes keeps the roll-ups of spend as last read. A cube is never changed: a
// new one shares what has not moved.
type cubes struct {
	mu    sync.Mutex
	last  *cube
	words *dictionary // left by the last load
}

// cube is every roll-up of spend in memory, at one spend version: the cells of
// the standing loads, and what the rules and the suppliers' identities make of
// each published combination. So a change of a rule changes one row of a table
// and nothing else, and no page's cost grows with the lines.
type cube struct {
	version   int64
	rulesText string // the rules that judged
	rules     []Rule
	lexicon
	folded    []string    // texts, as they are searched
	judged    []judgement // by combination
	hidden    map[[2]uint32]judgement
	suppliers []Supplier // by number
	changes   []SupplierChange
	root      []int32 // supplier -> the one it is merged into
	bySlug    map[string]int32
	loads     []*cubeLoad // standing, by number
	classes   *classifier

	posted sync.Once
	posts  map[int32][]post // supplier -> its cells
}

// judgement is what the portal makes of a combination.
type judgement struct {
	supplier int32 // 0 is none
	rule     int32 // number of the rule that decided, 0 is none
	class    Class
	taxon    uint8 // index in Taxa, from 1; 0 is none
	payee    PayeeKind
}

// cubeLoad is one standing load: its cells, and the same rolled up further.
type cubeLoad struct {
	Load
	body    int // index in LocalPolicingBodies
	cells   []cell
	places  []blockAt
	flags   []flagged
	coarse  []coarse
	differs bool // its roll-ups do not come to what its event says
}

// coarse is what a load comes to in a period, by class, category and payee.
type coarse struct {
	period uint16
	class  Class
	taxon  uint8
	payee  PayeeKind
	lines  int64
	pence  int64
}

type post struct {
	load *cubeLoad
	cell int32
}

// spend runs fn over one snapshot of the database together with the cube of
// that snapshot.
func (s *Store) spend(ctx context.Context, fn func(s *Store, c *cube) error) error {
	behind := false
	for {
		err := s.read(ctx, func(in *Store) error {
			c, late, err := in.cube(ctx)
			if behind = late && s.tx == nil; err != nil || behind {
				return err
			}
			return fn(in, c)
		})
		if err != nil || !behind {
			return err
		}
	}
}

// cube brings the roll-ups up to the version that s sees. Late says that the
// cube is of a later one: s looks at an older snapshot.
func (s *Store) cube(ctx context.Context) (c *cube, late bool, err error) {
	s.cubes.mu.Lock()
	defer s.cubes.mu.Unlock()
	version, err := one(ctx, s, scanInto[int64], `SELECT version FROM spend_head WHERE id = 1`)
	if err != nil {
		return nil, false, err
	}
	if last := s.cubes.last; last != nil && last.version >= version && (s.tx == nil || !s.tx.writing) {
		return last, last.version > version, nil
	}
	old := s.cubes.last
	if old == nil || old.version > version {
		old = &cube{version: -1}
	}
	c = &cube{version: version}
	if err := c.refresh(ctx, s, old); err != nil {
		return nil, false, err
	}
	if s.tx == nil || !s.tx.writing { // what a write has not committed is nobody else’s
		s.cubes.last = c
	}
	return c, false, nil
}

func (c *cube) refresh(ctx context.Context, s *Store, old *cube) error {
	if err := c.readWords(ctx, s, old); err != nil {
		return err
	}
	if err := c.readSuppliers(ctx, s, old); err != nil {
		return err
	}
	rejudged, err := c.judge(ctx, s, old)
	if err != nil {
		return err
	}
	return c.readLoads(ctx, s, old, rejudged)
}

func (c *cube) readWords(ctx context.Context, s *Store, old *cube) (err error) {
	if old.lexicon.texts == nil {
		old.lexicon = newLexicon()
	}
	if c.lexicon, err = s.readLexicon(ctx, old.lexicon); err != nil {
		return err
	}
	c.folded = slices.Clip(old.folded)
	for _, t := range c.texts[len(c.folded):] {
		c.folded = append(c.folded, Fold(t))
	}
	return nil
}

func (c *cube) judgement(id int64) judgement {
	if id <= 0 || id >= int64(len(c.judged)) {
		return judgement{payee: NotStated}
	}
	return c.judged[id]
}

// padded puts v at index id of a list that grows.
func padded[T any](all []T, id int64, v T) []T {
	for int64(len(all)) < id {
		var none T
		all = append(all, none)
	}
	return append(all, v)
}

func (c *cube) readSuppliers(ctx context.Context, s *Store, old *cube) error {
	c.suppliers = slices.Clip(old.suppliers)
	more, err := list(ctx, s, scanSupplier, `SELECT `+supplierCols+` FROM suppliers WHERE id >= $1 ORDER BY id`, len(c.suppliers))
	if err != nil {
		return err
	}
	for _, p := range more {
		c.suppliers = padded(c.suppliers, p.ID, p)
	}
	if c.changes, err = s.supplierChanges(ctx); err != nil {
		return err
	}
	c.root, c.bySlug = make([]int32, len(c.suppliers)), make(map[string]int32, len(c.suppliers))
	for i, p := range c.suppliers {
		c.root[i] = int32(i)
		c.bySlug[p.Slug] = int32(i)
	}
	for _, ch := range c.changes {
		if ch.Kind == SupplierMerged && ch.Undone == 0 && ch.Supplier < int64(len(c.root)) {
			c.root[ch.Supplier] = int32(ch.Into)
		}
	}
	for i := range c.root {
		for n := 0; c.root[i] != c.root[c.root[i]] && n < len(c.root); n++ {
			c.root[i] = c.root[c.root[i]]
		}
	}
	return nil
}

// judge reads the rules and applies them.
func (c *cube) judge(ctx context.Context, s *Store, old *cube) (rejudged bool, err error) {
	if c.rules, err = s.rules(ctx); err != nil {
		return false, err
	}
	text, err := json.Marshal([]any{c.rules, c.changes})
	if err != nil {
		return false, err
	}
	c.rulesText = string(text)
	return c.apply(old), nil
}

// apply applies the rules and the suppliers’ identities to the combinations: to
// those that are new, or to all where something changed.
func (c *cube) apply(old *cube) (rejudged bool) {
	if c.rulesText == old.rulesText {
		c.judged, c.classes = slices.Clip(old.judged), old.classes
	} else {
		c.classes, rejudged = newClassifier(c.rules), true
	}
	c.hidden = map[[2]uint32]judgement{}
	keys := make(map[string]int32, len(c.suppliers))
	for i, p := range c.suppliers {
		keys[p.Key] = int32(i)
	}
	j := &judge{c: c, keys: keys, hits: [4]map[uint32][]uint16{{}, {}, {}, {}}, payees: map[[2]uint32][]uint16{}}
	for id := len(c.judged); id < len(c.combos); id++ {
		c.judged = append(c.judged, j.of(c.combos[id]))
	}
	for _, k := range c.combos {
		at := [2]uint32{k.category, k.centre}
		if _, had := c.hidden[at]; !had {
			c.hidden[at] = j.of(combo{category: k.category, centre: k.centre, withheld: true})
		}
	}
	return rejudged
}

// trying is the cube with other rules, for a preview. Nothing is kept of it.
func (c *cube) trying(rules []Rule) *cube {
	t := &cube{version: c.version, rules: rules, rulesText: "trying", lexicon: c.lexicon, folded: c.folded,
		suppliers: c.suppliers, changes: c.changes, root: c.root, bySlug: c.bySlug, loads: c.loads}
	t.apply(&cube{})
	return t
}

// judge remembers which rules each text meets while it goes through the
// combinations.
type judge struct {
	c      *cube
	keys   map[string]int32
	hits   [4]map[uint32][]uint16
	payees map[[2]uint32][]uint16
}

func (j *judge) text(f ruleField, id uint32) []uint16 {
	got, ok := j.hits[f][id]
	if !ok && id != 0 {
		got = j.c.classes.hits(f, j.c.text(id))
		j.hits[f][id] = got
	}
	return got
}

func (j *judge) payee(k combo) []uint16 {
	at := [2]uint32{k.supplier, k.number}
	got, ok := j.payees[at]
	if !ok {
		got = j.c.classes.supplierHits(j.c.text(k.supplier), j.c.text(k.number))
		j.payees[at] = got
	}
	return got
}

func (j *judge) of(k combo) judgement {
	out := judgement{payee: Withheld}
	var payees []uint16
	if !k.withheld {
		name := j.c.text(k.supplier)
		if out.payee = payeeKind(name); out.payee == Named {
			payees = j.payee(k)
			if at, ok := j.keys[SupplierKey(name, j.c.text(k.number))]; ok {
				out.supplier = j.c.root[at]
			}
		}
	}
	i := j.c.classes.decide(payees, j.text(byCategory, k.category), j.text(byCostCentre, k.centre), j.text(byPurpose, k.purpose))
	if i < 0 {
		return out
	}
	r := j.c.classes.rule(i)
	out.class, out.rule, out.taxon = r.Class, int32(r.ID), taxonIndex(r.Taxon)
	return out
}

// taxonIndex is the place of a category in Taxa, from 1; 0 is none.
func taxonIndex(slug string) uint8 {
	return uint8(slices.IndexFunc(Taxa(), func(t Taxon) bool { return t.Slug == slug }) + 1)
}

func (c *cube) readLoads(ctx context.Context, s *Store, old *cube, rejudged bool) error {
	moved, err := list(ctx, s, scanLoad, `SELECT `+loadCols+` FROM loads WHERE moved > $1 ORDER BY id`, old.version)
	if err != nil {
		return err
	}
	gone := map[int64]bool{}
	for _, l := range moved {
		gone[l.ID] = true
	}
	for _, l := range old.loads {
		if gone[l.ID] {
			continue
		}
		if rejudged {
			again := *l
			again.roll(c)
			l = &again
		}
		c.loads = append(c.loads, l)
	}
	for _, l := range moved {
		if !l.Counts() {
			continue
		}
		one, err := s.cubeLoad(ctx, c, l)
		if err != nil {
			return err
		}
		c.loads = append(c.loads, one)
	}
	slices.SortFunc(c.loads, func(a, b *cubeLoad) int { return int(a.ID - b.ID) })
	return nil
}

// cubeLoad reads the roll-ups of one load.
func (s *Store) cubeLoad(ctx context.Context, c *cube, l Load) (*cubeLoad, error) {
	out := &cubeLoad{Load: l, body: bodyIndex(l.Body)}
	parts, err := list(ctx, s, scanInto[[]byte], `SELECT data FROM spend_cells WHERE load = $1 ORDER BY part`, l.ID)
	if err != nil {
		return nil, err
	}
	for _, data := range parts {
		if out.cells, out.places, err = decodeCells(data, out.cells, out.places); err != nil {
			out.cells, out.differs = nil, true
			break
		}
	}
	var sum Sum
	for _, k := range out.cells {
		sum.Lines, sum.Pence = sum.Lines+k.lines, sum.Pence+Pence(k.pence)
	}
	out.differs = out.differs || sum != l.sum() || l.Differs
	moves, err := s.withheldCells(ctx, l.ID)
	if err != nil {
		return nil, err
	}
	out.cells = append(out.cells, moves...)
	if out.flags, err = s.flagsOf(ctx, l.ID); err != nil {
		return nil, err
	}
	out.roll(c)
	return out, nil
}

// of is the judgement of one of the load's combinations. A load that is
// withheld shows neither supplier nor purpose, so nothing is judged by them.
func (l *cubeLoad) of(c *cube, id int64) judgement {
	if l.Withheld != "" {
		k := c.combo(id)
		return c.hidden[[2]uint32{k.category, k.centre}]
	}
	return c.judgement(id)
}

// roll adds up the cells of a load by class, category and payee.
func (l *cubeLoad) roll(c *cube) {
	at := map[coarse]int{}
	l.coarse = nil
	for _, k := range l.cells {
		j := l.of(c, int64(k.combo))
		key := coarse{period: k.period, class: j.class, taxon: j.taxon, payee: j.payee}
		i, ok := at[key]
		if !ok {
			i = len(l.coarse)
			at[key] = i
			l.coarse = append(l.coarse, key)
		}
		l.coarse[i].lines += k.lines
		l.coarse[i].pence += k.pence
	}
}

// post lists the cells of each supplier, once for each cube that is asked.
func (c *cube) post(supplier int32) []post {
	c.posted.Do(func() {
		c.posts = map[int32][]post{}
		for _, l := range c.loads {
			for i := range l.cells {
				if j := l.of(c, int64(l.cells[i].combo)); j.supplier != 0 {
					c.posts[j.supplier] = append(c.posts[j.supplier], post{l, int32(i)})
				}
			}
		}
	})
	return c.posts[supplier]
}

var bodyPlaces = sync.OnceValue(func() map[string]int {
	at := map[string]int{}
	for i, b := range LocalPolicingBodies() {
		at[b.Slug] = i
	}
	return at
})

func bodyIndex(slug string) int { return bodyPlaces()[slug] }

// load finds a standing load.
func (c *cube) load(id int64) (*cubeLoad, bool) {
	i, ok := slices.BinarySearchFunc(c.loads, id, func(l *cubeLoad, id int64) int { return int(l.ID - id) })
	if !ok {
		return nil, false
	}
	return c.loads[i], true
}

// lastTaken is when the last of the standing loads was taken in.
func (c *cube) lastTaken() (at time.Time) {
	for _, l := range c.loads {
		if l.TakenAt.After(at) {
			at = l.TakenAt
		}
	}
	return at
}
