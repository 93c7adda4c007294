package decisions

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// State is how a decision stands at an instant, in the words of lists.
func (d Decision) State(now time.Time, may authority.Implementation) string {
	switch d.Status {
	case Published:
		return may.State
	case Open:
		if d.Over(now) && d.Way == authority.ByResolution {
			return "lapsed"
		}
		if d.Over(now) {
			return "voting closed"
		}
	}
	return text.Plain(string(d.Status))
}

// States lists the states that a list can be filtered by.
var States = []string{"put forward", "returned", "open", "carried", "made", "refused", "lapsed", "held", "may be implemented", "implemented", "referred back", "withdrawn", "deferred"}

// Filter chooses decisions. Empty fields choose all.
type Filter struct {
	State  string // one of DecisionStates
	Matter string
	Body   string // whose office proposed it
	Office office.Kind
	Least  *money.Pence // whole-life value
	Most   *money.Pence
	May    string // "yes" or "no": may it be implemented
	Words  string
	Before string             // reference: those listed after it
	Draft  bool               // drafts of the viewer's own body, instead of what was put forward
	Maker  authority.Deciders `json:",omitempty"` // who decides
	From   civil.Day          `json:",omitempty"` // the first and last day on which they were made or put forward
	To     civil.Day          `json:",omitempty"`
	Sort   db.Sort            `json:"-"` // the zero Sort is newest reference first
	Page   int                `json:"-"` // counted from 1
}

// Listed is a decision in a list.
type Listed struct {
	Decision
	State string
	May   authority.Implementation
	Band  authority.Band // who decides it; the zero Band where that is not known yet
}

// Dated is the day by which a decision is listed: on which it was made or put
// forward, or on which a draft was last changed.
func (d Decision) Dated() civil.Day {
	switch {
	case !d.MadeAt.IsZero():
		return civil.DayOf(d.MadeAt)
	case d.Proposed != "":
		return d.Proposed
	}
	return civil.DayOf(d.MovedAt)
}

// ListPage is one page of the list of decisions.
type ListPage struct {
	Filter Filter
	All    []Listed
	Count  int64  // of all pages, up to one more than can be asked for
	Pages  int    // that can be asked for
	Next   string // Before of the next page where the list is read by references, "" on the last
	Kinds  []authority.Matter
	Known  int64
}

// sorts are the keys of the list with the SQL of each. A status is sorted by how
// far a decision has come.
var sorts = db.Order{
	"":      {"d.year", "d.seq", "d.id"},
	"date":  {"d.dated"},
	"ref":   {"d.year", "d.seq", "d.id"},
	"value": {"d.pence"},
	"status": {`CASE d.status WHEN 'draft' THEN 0 WHEN 'put_forward' THEN 1 WHEN 'returned' THEN 2 WHEN 'deferred' THEN 3 WHEN 'open' THEN 4 WHEN 'carried' THEN 5
		WHEN 'made' THEN 6 WHEN 'published' THEN 7 WHEN 'implemented' THEN 8 WHEN 'referred_back' THEN 9 WHEN 'refused' THEN 10 WHEN 'lapsed' THEN 11 ELSE 12 END`, "COALESCE(d.hold_until, '9999')"},
}

// Sorts are the keys by which the list can be sorted.
func Sorts() []string { return []string{"date", "ref", "value", "status"} }

const newestFirst = "d.year DESC, d.seq DESC, d.id DESC"

// orderOf is the ORDER BY of the list.
func (f Filter) orderOf() (string, error) {
	if f.Sort.Key == "" || f.Before != "" {
		return " ORDER BY " + newestFirst, nil
	}
	return sorts.By(f.Sort, newestFirst)
}

// List reads one page of the list.
func List(ctx context.Context, tx *db.Tx, v office.Viewer, f Filter, most int) (p ListPage, err error) {
	p.Filter = f
	err = tx.Read(ctx, func(tx *db.Tx) error {
		w, err := Where(ctx, tx, v, f)
		if err != nil {
			return err
		}
		if p.Count, err = db.One(ctx, tx, db.ScanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT d.id FROM decisions d%s LIMIT %d) AS chosen`, w, db.PagesMost*most+1), w.Args...); err != nil {
			return err
		}
		p.Pages = db.PagesOf(p.Count, most)
		if f.Page > p.Pages {
			return db.NoSuchPage(f.Page, p.Pages)
		}
		ids, err := listedIDs(ctx, tx, w, f, db.Span(f.Page, most))
		if err != nil {
			return err
		}
		if p.All, err = withIDs(ctx, tx, ids); err != nil {
			return err
		}
		if n := len(p.All); n == most && p.Count > int64(most) && (f.Sort.Key == "" || f.Before != "") {
			p.Next = p.All[n-1].Ref
		}
		if p.Kinds, err = matters(ctx, tx); err != nil {
			return err
		}
		h, err := record.ReadHead(ctx, tx)
		p.Known = h.Size
		return err
	})
	return p, err
}

// listedIDs are the decisions that a condition chooses, in the order of a filter.
func listedIDs(ctx context.Context, tx *db.Tx, w *db.Clauses, f Filter, span string) ([]int64, error) {
	order, err := f.orderOf()
	if err != nil {
		return nil, err
	}
	return db.List(ctx, tx, db.ScanInto[int64], `SELECT d.id FROM decisions d`+w.String()+order+span, w.Args...)
}

// withIDs are decisions as a list shows them, in the order of their ids. The
// rows are long, so that only those of a page are read, and none is sorted.
func withIDs(ctx context.Context, tx *db.Tx, ids []int64) ([]Listed, error) {
	w := &db.Clauses{}
	w.In("d.id", ids)
	all, err := db.List(ctx, tx, Scan, `SELECT d.decision FROM decisions d`+w.String(), w.Args...)
	if err != nil {
		return nil, err
	}
	at := make(map[int64]int, len(ids))
	for i, id := range ids {
		at[id] = i
	}
	slices.SortFunc(all, func(a, b Decision) int { return at[a.ID] - at[b.ID] })
	for i, d := range all {
		if !d.Draft() {
			continue
		}
		v, _, err := paperOf(ctx, tx, d, d.Version)
		if err != nil && !errors.Is(err, ErrNone) {
			return nil, err
		}
		if v.Paper != nil {
			all[i].Title = v.Paper.Title
		}
	}
	return WithState(ctx, tx, all)
}

// eachBatch is how many decisions are read at once for a file of all of them.
const eachBatch = 500

// Each reads all decisions of a filter, in its order.
func Each(ctx context.Context, tx *db.Tx, v office.Viewer, f Filter, yield func(Listed) bool) error {
	w, err := Where(ctx, tx, v, f)
	if err != nil {
		return err
	}
	ids, err := listedIDs(ctx, tx, w, f, "")
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(ids, eachBatch) {
		all, err := withIDs(ctx, tx, batch)
		if err != nil {
			return err
		}
		for _, d := range all {
			if !yield(d) {
				return nil
			}
		}
	}
	return nil
}

// WithState are decisions as a list shows them, with their state now.
func WithState(ctx context.Context, tx *db.Tx, all []Decision) (out []Listed, err error) {
	schemes := map[int64]authority.Scheme{}
	now := tx.Now()
	days, err := holidays.Calendar(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		sc, ok := schemes[d.Scheme]
		if !ok {
			v, err := schemeOf(ctx, tx, d)
			if err != nil {
				return nil, err
			}
			sc = v.Scheme
			schemes[d.Scheme] = sc
		}
		one := Listed{Decision: d, May: authority.MayImplement(d.Hold(sc, days), now)}
		one.State = d.State(now, one.May)
		if _, b, err := d.Band(sc); err == nil && !d.Draft() { // the value of a draft is in no row
			one.Band = b
		}
		out = append(out, one)
	}
	return out, nil
}

// schemeOf is the scheme by which a decision is decided: the one in force when
// its voting was opened, or else the one in force now.
func schemeOf(ctx context.Context, tx *db.Tx, d Decision) (authority.SchemeVersion, error) {
	if d.Scheme == 0 {
		return SchemeOn(ctx, tx, civil.DayOf(tx.Now()), 0)
	}
	return FindScheme(ctx, tx, d.Scheme)
}

// Where is the condition of a list of decisions, as a viewer may see it.
func Where(ctx context.Context, tx *db.Tx, v office.Viewer, f Filter) (*db.Clauses, error) {
	w := &db.Clauses{}
	if f.Draft {
		w.Add("d.year = 0 AND d.status = 'draft' AND d.body = ?", v.Office.Body)
		if !v.Can(office.ProposeDecisions) {
			w.Add("1 = 0")
		}
	} else {
		w.Add("d.year > 0")
	}
	stateWhere(tx, f, w.Add)
	for _, eq := range []struct{ column, value string }{{"matter", f.Matter}, {"body", f.Body}, {"office", string(f.Office)}} {
		if eq.value != "" {
			w.Add("d."+eq.column+" = ?", eq.value)
		}
	}
	if f.Maker != "" {
		if err := makerWhere(ctx, tx, w, f.Maker); err != nil {
			return nil, err
		}
	}
	if f.From != "" {
		w.Add("d.dated >= ?", string(f.From))
	}
	if f.To != "" {
		w.Add("d.dated <= ?", string(f.To))
	}
	if f.Least != nil {
		w.Add("d.pence >= ?", int64(*f.Least))
	}
	if f.Most != nil {
		w.Add("d.pence <= ?", int64(*f.Most))
	}
	if year, seq, ok := text.RefParts(f.Before); ok {
		w.Add("(d.year, d.seq) < (?, ?)", year, seq)
	}
	return w, db.AddWords[int64](ctx, tx, w, "decision_words", "decision", "d.id", WordsOf(f.Words))
}

// makerWhere chooses by who decides. Of what was not opened yet, which is little,
// the scheme in force now says it.
func makerWhere(ctx context.Context, tx *db.Tx, w *db.Clauses, maker authority.Deciders) error {
	open, err := db.List(ctx, tx, Scan, `SELECT d.decision FROM decisions d WHERE d.maker = '' AND d.year > 0`)
	if err != nil || len(open) == 0 {
		w.Add("d.maker = ?", string(maker))
		return err
	}
	now, err := SchemeOn(ctx, tx, civil.DayOf(tx.Now()), 0)
	if err != nil {
		return err
	}
	var ids []string
	for _, d := range open {
		if _, b, err := d.Band(now.Scheme); err == nil && b.Who == maker {
			ids = append(ids, strconv.FormatInt(d.ID, 10))
		}
	}
	if len(ids) == 0 {
		w.Add("d.maker = ?", string(maker))
	} else {
		w.Add("(d.maker = ? OR d.id IN ("+strings.Join(ids, ", ")+"))", string(maker))
	}
	return nil
}

// freeFrom is when a published decision comes free, as far as can be told. Most
// have: it is an expression so that they are read in the order of the list, not
// by this instant. Those that are held are few, and found by it.
const freeFrom = "COALESCE(d.hold_until, '9999')"

// stateWhere chooses by state and by whether it may be implemented, both of
// which depend on the instant.
func stateWhere(tx *db.Tx, f Filter, arg func(string, ...any)) {
	now := db.Stamp(tx.Now())
	switch f.State {
	case "":
	case "held":
		arg("d.id IN (SELECT h.id FROM decisions h WHERE h.status = 'published' AND h.hold_until > ? UNION ALL SELECT h.id FROM decisions h WHERE h.status = 'published' AND h.hold_until IS NULL)", now)
	case "may be implemented":
		arg("d.status = 'published' AND "+freeFrom+" <= ?", now)
	case "open":
		arg("d.status = 'open' AND (d.closes_at IS NULL OR d.closes_at > ?)", now)
	default:
		arg("d.status = ?", strings.ReplaceAll(f.State, " ", "_"))
	}
	switch f.May {
	case "yes":
		arg("d.status = 'published' AND "+freeFrom+" <= ?", now)
	case "no":
		arg("NOT (d.status = 'published' AND "+freeFrom+" <= ?)", now)
	}
}

// WordsOf are the words of a text, folded, each once.
func WordsOf(words string) (all []string) {
	for _, w := range strings.FieldsFunc(text.Fold(words), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}

func nullStamp(t time.Time) any {
	if t.IsZero() {
		return sql.NullString{}
	}
	return db.Stamp(t)
}
