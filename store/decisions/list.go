package decisions

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
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
	Before string // reference: those listed after it
	Draft  bool   // drafts of the viewer's own body, instead of what was put forward
}

// Listed is a decision in a list.
type Listed struct {
	Decision
	State string
	May   authority.Implementation
	hold  authority.HoldFacts
}

// MaySign reports whether somebody may sign a call-in of the decision now.
func (d Listed) MaySign(v office.Viewer, now time.Time) bool {
	return d.Decision.May(ActSignCallIn, v, now) == nil && d.hold.MaySign(v.Person, v.Office, now) == nil
}

// ListPage is one page of the list of decisions.
type ListPage struct {
	Filter Filter
	All    []Listed
	Count  int64  // up to ListCounted
	Next   string // Before of the next page, "" on the last
	Kinds  []authority.Matter
	Known  int64

	MayPropose bool // the reader's role proposes decisions by the scheme in force
}

// List reads one page of the list, newest reference first.
func List(ctx context.Context, tx *db.Tx, v office.Viewer, f Filter, most int) (p ListPage, err error) {
	p.Filter = f
	err = tx.Read(ctx, func(tx *db.Tx) error {
		all, err := listed(ctx, tx, v, f, most+1)
		if err != nil {
			return err
		}
		if len(all) > most {
			all = all[:most]
			p.Next = all[most-1].Ref
		}
		if p.All, err = WithState(ctx, tx, all); err != nil {
			return err
		}
		if p.Kinds, err = matters(ctx, tx); err != nil {
			return err
		}
		f.Before = ""
		w, err := Where(ctx, tx, v, f)
		if err != nil {
			return err
		}
		p.Count, err = db.One(ctx, tx, db.ScanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT d.id FROM decisions d%s LIMIT %d) AS chosen`, w, db.ListCounted), w.Args...)
		if err != nil {
			return err
		}
		if v.Can(office.ProposeDecisions) {
			_, err := Proposable(ctx, tx, v)
			if err != nil && fault.KindOf(err) == 0 {
				return err
			}
			p.MayPropose = err == nil
		}
		h, err := record.ReadHead(ctx, tx)
		p.Known = h.Size
		return err
	})
	return p, err
}

// Each reads all decisions of a filter, newest reference first.
func Each(ctx context.Context, tx *db.Tx, v office.Viewer, f Filter, yield func(Listed) bool) error {
	for {
		p, err := List(ctx, tx, v, f, 500)
		if err != nil {
			return err
		}
		for _, d := range p.All {
			if !yield(d) {
				return nil
			}
		}
		if p.Next == "" {
			return nil
		}
		f.Before = p.Next
	}
}

func listed(ctx context.Context, tx *db.Tx, v office.Viewer, f Filter, most int) ([]Decision, error) {
	w, err := Where(ctx, tx, v, f)
	if err != nil {
		return nil, err
	}
	return db.List(ctx, tx, Scan, fmt.Sprintf(`SELECT d.decision FROM decisions d%s ORDER BY d.year DESC, d.seq DESC, d.id DESC LIMIT %d`, w, most), w.Args...)
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
		if !ok && d.Scheme != 0 {
			v, err := FindScheme(ctx, tx, d.Scheme)
			if err != nil {
				return nil, err
			}
			sc = v.Scheme
			schemes[d.Scheme] = sc
		}
		hold := d.Hold(sc, days)
		may := authority.MayImplement(hold, now)
		out = append(out, Listed{d, d.State(now, may), may, hold})
	}
	return out, nil
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
