package spend

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/flag"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/supplier"
	"github.com/police-ict/handover/store/text"
)

// cubes keeps the roll-ups of spend as last read. A cube is never changed: a
// new one shares what has not moved.
type cubes struct {
	mu     sync.Mutex // held while last is brought up
	last   atomic.Pointer[Cube]
	words  *dictionary // left by the last load
	first  sync.Mutex
	totals *Cube        // of totals alone, until last is there
	keptTo atomic.Int64 // the spend version that Keep kept
}

// Cube is every roll-up of spend in memory, at one spend version, and what the
// rules and the suppliers’ identities make of each published combination. So a
// change of a rule changes one row of a table and nothing else, and no page’s
// cost grows with the lines.
type Cube struct {
	version   int64
	rulesText string // the rules that judged
	rules     []classify.Rule
	block.Lexicon
	found     block.Found // texts, as they are searched
	judged    []judgement // by combination
	hidden    map[[2]uint32]judgement
	payees    []cubePayee
	payeeAt   map[[2]uint32]uint32 // texts of name and number -> its place in payees
	suppliers []Supplier           // by number
	changes   []SupplierChange
	root      []int32 // supplier -> the one it is merged into
	bySlug    map[string]int32
	Loads     []*CubeLoad // standing, by number
	classes   *classify.Classifier
	grouped   sync.Once
	groups    map[int32][]uint32 // supplier -> its payees
}

// cubePayee is a payee as published.
type cubePayee struct {
	name, number uint32 // texts
	kind         payments.PayeeKind
	supplier     int32 // before any merge; 0 is none
}

// The payees that are not named by a text.
const (
	payeeBlank = iota
	payeeWithheld
	payeesNamed
)

// judgement is what the portal makes of a combination.
type judgement struct {
	payee uint32
	rule  int32 // number of the rule that decided, 0 is none
	class classify.Class
	taxon uint8 // index in Taxa, from 1; 0 is none
}

// CubeLoad is one standing load, rolled up twice.
type CubeLoad struct {
	Load
	Index   int    // index in LocalPolicingBodies
	cells   []Fine // as they were read, until they are sorted
	sort    sync.Once
	coarse  []coarse // by period, class, category and kind of payee
	rules   []ruleSum
	Places  []block.Place
	Flags   []flag.Found
	hides   []int64 // its lines that are withheld
	tied    []int64 // its lines under a decision, or withheld, rising
	looked  loadIndex
	differs bool // its roll-ups do not come to what its event says
	only    bool // its totals and its row: the rest was not read
}

// Fine is what a load paid a payee in a period, by class and category.
type Fine struct {
	payee  uint32
	period uint16
	class  classify.Class
	taxon  uint8
	lines  int32
	pence  int64
}

// coarse is what a load comes to in a period, by class, category and kind of
// payee.
type coarse struct {
	period uint16
	class  classify.Class
	taxon  uint8
	payee  payments.PayeeKind
	lines  int64
	pence  int64
}

// ruleSum is what a rule decides in a load.
type ruleSum struct {
	rule int32
	Sum
}

var spendCubes db.Slot[cubes]

// WithCube runs fn over one snapshot of the database together with the cube of
// that snapshot.
func WithCube(ctx context.Context, tx *db.Tx, fn func(tx *db.Tx, c *Cube) error) error {
	return with(ctx, tx, cube, fn)
}

func with(ctx context.Context, tx *db.Tx, find func(context.Context, *db.Tx, bool) (*Cube, bool, error), fn func(tx *db.Tx, c *Cube) error) error {
	again := false
	for {
		err := tx.Read(ctx, func(in *db.Tx) error {
			c, late, err := find(ctx, in, !tx.Inside())
			if again = late && !tx.Inside(); err != nil || again {
				return err
			}
			return fn(in, c)
		})
		if err != nil || !again {
			return err
		}
		spendCubes.Of(tx).wait()
	}
}

// wait ends when nobody brings the roll-ups up.
func (all *cubes) wait() {
	all.mu.Lock()
	defer all.mu.Unlock()
}

// Version is the event that last changed what is shown of spend, 0 before the first.
func Version(ctx context.Context, tx *db.Tx) (int64, error) {
	return db.One(ctx, tx, db.ScanInto[int64], `SELECT version FROM spend_head WHERE id = 1`)
}

// cube brings the roll-ups up to the version that s sees. Late says that the
// cube is of a later one: s looks at an older snapshot. Where somebody else
// brings them up it is late too, if it may be, so that no connection waits.
func cube(ctx context.Context, tx *db.Tx, mayBeLate bool) (c *Cube, late bool, err error) {
	all := spendCubes.Of(tx)
	version, err := Version(ctx, tx)
	if err != nil {
		return nil, false, err
	}
	if old := all.last.Load(); old != nil && old.version >= version && !tx.Writing() {
		return old, old.version > version, nil
	}
	if !all.mu.TryLock() {
		if mayBeLate {
			return nil, true, nil
		}
		all.mu.Lock()
	}
	defer all.mu.Unlock()
	old := all.last.Load()
	if old != nil && old.version >= version && !tx.Writing() {
		return old, old.version > version, nil
	}
	if old == nil || old.version > version {
		old = &Cube{version: -1}
		if all.words != nil { // the last load knows all words: they are not read and held a second time
			old.Lexicon = all.words.lexicon
		}
	}
	c = &Cube{version: version}
	if err := c.refresh(ctx, tx, old); err != nil {
		return nil, false, err
	}
	if !tx.Writing() { // what a write has not committed is nobody else’s
		all.last.Store(c)
	}
	return c, false, nil
}

func (c *Cube) refresh(ctx context.Context, tx *db.Tx, old *Cube) error {
	if err := c.readWords(ctx, tx, old); err != nil {
		return err
	}
	if err := c.readSuppliers(ctx, tx, old); err != nil {
		return err
	}
	rejudged, err := c.judge(ctx, tx, old)
	if err != nil {
		return err
	}
	return c.readLoads(ctx, tx, old, rejudged)
}

func (c *Cube) readWords(ctx context.Context, tx *db.Tx, old *Cube) (err error) {
	if old.Lexicon.Texts == nil {
		old.Lexicon = block.NewLexicon()
	}
	if c.Lexicon, err = readLexicon(ctx, tx, old.Lexicon); err != nil {
		return err
	}
	var more []string
	for _, t := range c.Texts[old.found.Texts():] {
		more = append(more, text.Fold(t))
	}
	c.found = old.found.With(more...)
	return nil
}

func (c *Cube) judgement(id int64) judgement {
	if id <= 0 || id >= int64(len(c.judged)) {
		return judgement{payee: payeeBlank}
	}
	return c.judged[id]
}

// supplierOf is who a payee is, after merges; 0 is none.
func (c *Cube) supplierOf(payee uint32) int32 { return c.root[c.payees[payee].supplier] }

// payeesOf are the payees that a supplier stands for.
func (c *Cube) payeesOf(supplier int32) []uint32 {
	c.grouped.Do(func() {
		c.groups = map[int32][]uint32{}
		for i := range c.payees {
			if at := c.supplierOf(uint32(i)); at != 0 {
				c.groups[at] = append(c.groups[at], uint32(i))
			}
		}
	})
	return c.groups[supplier]
}

// padded puts v at index id of a list that grows.
func padded[T any](all []T, id int64, v T) []T {
	for int64(len(all)) < id {
		var none T
		all = append(all, none)
	}
	return append(all, v)
}

func (c *Cube) readSuppliers(ctx context.Context, tx *db.Tx, old *Cube) error {
	c.suppliers = slices.Clip(old.suppliers)
	more, err := db.List(ctx, tx, scanSupplier, `SELECT `+supplierCols+` FROM suppliers WHERE id >= $1 ORDER BY id`, len(c.suppliers))
	if err != nil {
		return err
	}
	for _, p := range more {
		c.suppliers = padded(c.suppliers, p.ID, p)
	}
	if c.changes, err = supplierChanges(ctx, tx); err != nil {
		return err
	}
	if len(c.suppliers) == 0 {
		c.suppliers = []Supplier{{}}
	}
	c.root, c.bySlug = make([]int32, len(c.suppliers)), make(map[string]int32, len(c.suppliers))
	for i, p := range c.suppliers {
		c.root[i] = int32(i)
		if p.ID != 0 {
			c.bySlug[p.Slug] = int32(i)
		}
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
func (c *Cube) judge(ctx context.Context, tx *db.Tx, old *Cube) (rejudged bool, err error) {
	if c.rules, err = rules(ctx, tx); err != nil {
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
func (c *Cube) apply(old *Cube) (rejudged bool) {
	c.payees, c.payeeAt = []cubePayee{{kind: payments.NotStated}, {kind: payments.Withheld}}, map[[2]uint32]uint32{}
	if c.rulesText == old.rulesText {
		c.judged, c.classes = slices.Clip(old.judged), old.classes
	} else {
		c.classes, rejudged = classify.NewClassifier(c.rules), true
	}
	if old.payees != nil { // the same payee has the same place for ever
		c.payees, c.payeeAt = slices.Clip(old.payees), maps.Clone(old.payeeAt)
	}
	c.hidden = map[[2]uint32]judgement{}
	keys := make(map[string]int32, len(c.suppliers))
	for i, p := range c.suppliers {
		keys[p.Key] = int32(i)
	}
	j := &judge{c: c, keys: keys, hits: [4]map[uint32][]uint16{{}, {}, {}, {}}, payees: map[[2]uint32][]uint16{}}
	for id := len(c.judged); id < len(c.Combos); id++ {
		c.judged = append(c.judged, j.of(c.Combos[id]))
	}
	for _, k := range c.Combos {
		at := [2]uint32{k.Category, k.Centre}
		if _, had := c.hidden[at]; !had {
			c.hidden[at] = j.of(block.Combo{Category: k.Category, Centre: k.Centre, Withheld: true})
		}
	}
	return rejudged
}

// trying is what other rules would make of the combinations, for a preview.
func (c *Cube) trying(rules []classify.Rule) *Cube {
	t := &Cube{version: c.version, rules: rules, rulesText: "trying", Lexicon: c.Lexicon, found: c.found,
		suppliers: c.suppliers, changes: c.changes, root: c.root, bySlug: c.bySlug}
	t.apply(&Cube{})
	return t
}

// judge remembers which rules each text meets while it goes through the
// combinations.
type judge struct {
	c      *Cube
	keys   map[string]int32
	hits   [4]map[uint32][]uint16
	payees map[[2]uint32][]uint16
}

func (j *judge) text(f classify.RuleField, id uint32) []uint16 {
	got, ok := j.hits[f][id]
	if !ok && id != 0 {
		got = j.c.classes.Hits(f, j.c.Text(id))
		j.hits[f][id] = got
	}
	return got
}

// payee is the place of a combination’s payee, and the rules that it meets.
func (j *judge) payee(k block.Combo) (uint32, []uint16) {
	if k.Withheld {
		return payeeWithheld, nil
	}
	at := [2]uint32{k.Supplier, k.Number}
	place, ok := j.c.payeeAt[at]
	if !ok {
		place = j.newPayee(k)
		j.c.payeeAt[at] = place
	}
	if j.c.payees[place].kind != payments.Named {
		return place, nil
	}
	hits, ok := j.payees[at]
	if !ok {
		hits = j.c.classes.SupplierHits(j.c.Text(k.Supplier), j.c.Text(k.Number))
		j.payees[at] = hits
	}
	return place, hits
}

func (j *judge) newPayee(k block.Combo) uint32 {
	name, number := j.c.Text(k.Supplier), j.c.Text(k.Number)
	p := cubePayee{name: k.Supplier, number: k.Number, kind: payeeKind(name)}
	if p.kind == payments.NotStated {
		return payeeBlank
	}
	if p.kind == payments.Named {
		p.supplier = j.keys[supplier.Key(name, number)]
	}
	j.c.payees = append(j.c.payees, p)
	return uint32(len(j.c.payees) - 1)
}

func (j *judge) of(k block.Combo) (out judgement) {
	payee, payees := j.payee(k)
	out.payee = payee
	i := j.c.classes.Decide(payees, j.text(classify.ByCategory, k.Category), j.text(classify.ByCostCentre, k.Centre), j.text(classify.ByPurpose, k.Purpose))
	if i < 0 {
		return out
	}
	r := j.c.classes.Rule(i)
	out.class, out.rule, out.taxon = r.Class, int32(r.ID), taxonIndex(r.Taxon)
	return out
}

// taxonIndex is the place of a category in Taxa, from 1; 0 is none.
func taxonIndex(slug string) uint8 {
	return uint8(slices.IndexFunc(classify.AllTaxa(), func(t classify.Taxon) bool { return t.Slug == slug }) + 1)
}

func (c *Cube) readLoads(ctx context.Context, tx *db.Tx, old *Cube, rejudged bool) error {
	moved, err := listLoads(ctx, tx, `WHERE moved > $1 ORDER BY id`, old.version)
	if err != nil {
		return err
	}
	gone := map[int64]bool{}
	for _, l := range moved {
		gone[l.ID] = true
	}
	for _, l := range old.Loads {
		switch {
		case gone[l.ID]:
		case rejudged:
			moved = append(moved, l.Load)
		default:
			c.Loads = append(c.Loads, l)
		}
	}
	moved = slices.DeleteFunc(moved, func(l Load) bool { return !l.Counts() })
	read, err := cubeLoads(ctx, tx, c, moved)
	if err != nil {
		return err
	}
	c.Loads = append(c.Loads, read...)
	slices.SortFunc(c.Loads, func(a, b *CubeLoad) int { return int(a.ID - b.ID) })
	return nil
}

// CellsOf reads the cells of a load, with what its withheld lines take from
// some and put into others, and the directory of its blocks.
func CellsOf(ctx context.Context, tx *db.Tx, load int64) (cells []block.Cell, places []block.Place, err error) {
	parts, err := db.List(ctx, tx, db.ScanInto[[]byte], `SELECT data FROM spend_cells WHERE load = $1 ORDER BY part`, load)
	if err != nil {
		return nil, nil, err
	}
	for _, data := range parts {
		if cells, places, err = block.DecodeCells(data, cells, places); err != nil {
			return nil, nil, err
		}
	}
	withheld, err := withheldOf(ctx, tx, load)
	for _, w := range withheld {
		cells = append(cells, w.cells()...)
	}
	return cells, places, err
}

var bodyPlaces = sync.OnceValue(func() map[string]int {
	at := map[string]int{}
	for i, b := range office.LocalPolicingBodies() {
		at[b.Slug] = i
	}
	return at
})

// BodyIndex is the place of a body among the local policing bodies.
func BodyIndex(slug string) int { return bodyPlaces()[slug] }

// Version is the spend version that the cube is of.
func (c *Cube) Version() int64 { return c.version }

// Load finds a standing load.
func (c *Cube) Load(id int64) (*CubeLoad, bool) {
	i, ok := slices.BinarySearchFunc(c.Loads, id, func(l *CubeLoad, id int64) int { return int(l.ID - id) })
	if !ok {
		return nil, false
	}
	return c.Loads[i], true
}

// lastTaken is when the last of the standing loads was taken in.
func (c *Cube) lastTaken() (at time.Time) {
	for _, l := range c.Loads {
		if l.TakenAt.After(at) {
			at = l.TakenAt
		}
	}
	return at
}
