package store

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// State is how a decision stands at an instant, in the words of lists.
func (d Decision) State(now time.Time, may Implementation) string {
	switch d.Status {
	case DecisionPublished:
		return may.State
	case DecisionOpen:
		if d.Over(now) && d.Way == ByResolution {
			return "lapsed"
		}
		if d.Over(now) {
			return "voting closed"
		}
	}
	return Plain(string(d.Status))
}

// DecisionStates lists the states that a list can be filtered by.
var DecisionStates = []string{"put forward", "returned", "open", "carried", "made", "refused", "lapsed", "held", "may be implemented", "implemented", "referred back", "withdrawn", "deferred"}

// DecisionFilter chooses decisions. Empty fields choose all.
type DecisionFilter struct {
	State  string // one of DecisionStates
	Matter string
	Body   string // whose office proposed it
	Office OfficeKind
	Least  *Pence // whole-life value
	Most   *Pence
	May    string // "yes" or "no": may it be implemented
	Words  string
	Before string // reference: those listed after it
	Draft  bool   // drafts of the viewer's own body, instead of what was put forward
}

var referenceForm = regexp.MustCompile(`^(\d{4})-(\d{3,})$`)

// Listed is a decision in a list.
type Listed struct {
	Decision
	State string
	May   Implementation
}

// DecisionsPage is one page of the list of decisions.
type DecisionsPage struct {
	Filter DecisionFilter
	All    []Listed
	Count  int64  // up to ListCounted
	Next   string // Before of the next page, "" on the last
	Kinds  []Matter
	Known  int64
}

// Decisions reads one page of the list, newest reference first.
func (s *Store) Decisions(ctx context.Context, v Viewer, f DecisionFilter, most int) (p DecisionsPage, err error) {
	p.Filter = f
	err = s.read(ctx, func(s *Store) error {
		all, err := s.decisions(ctx, v, f, most+1)
		if err != nil {
			return err
		}
		if len(all) > most {
			all = all[:most]
			p.Next = all[most-1].Ref
		}
		if p.All, err = s.listed(ctx, all); err != nil {
			return err
		}
		if p.Kinds, err = s.matters(ctx); err != nil {
			return err
		}
		f.Before = ""
		w, err := s.decisionsWhere(ctx, v, f)
		if err != nil {
			return err
		}
		p.Count, err = one(ctx, s, scanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT d.id FROM decisions d%s LIMIT %d) AS chosen`, w, ListCounted), w.args...)
		if err != nil {
			return err
		}
		h, err := s.Head(ctx)
		p.Known = h.Size
		return err
	})
	return p, err
}

// EachDecision reads all decisions of a filter, newest reference first.
func (s *Store) EachDecision(ctx context.Context, v Viewer, f DecisionFilter, yield func(Listed) bool) error {
	for {
		p, err := s.Decisions(ctx, v, f, 500)
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

func (s *Store) decisions(ctx context.Context, v Viewer, f DecisionFilter, most int) ([]Decision, error) {
	w, err := s.decisionsWhere(ctx, v, f)
	if err != nil {
		return nil, err
	}
	return list(ctx, s, scanDecision, fmt.Sprintf(`SELECT d.decision FROM decisions d%s ORDER BY d.year DESC, d.seq DESC, d.id DESC LIMIT %d`, w, most), w.args...)
}

func (s *Store) listed(ctx context.Context, all []Decision) (out []Listed, err error) {
	schemes := map[int64]Scheme{}
	now := s.Now()
	for _, d := range all {
		sc, ok := schemes[d.Scheme]
		if !ok && d.Scheme != 0 {
			v, err := s.scheme(ctx, d.Scheme)
			if err != nil {
				return nil, err
			}
			sc = v.Scheme
			schemes[d.Scheme] = sc
		}
		may := MayImplement(d.hold(sc), now)
		out = append(out, Listed{d, d.State(now, may), may})
	}
	return out, nil
}

func (s *Store) decisionsWhere(ctx context.Context, v Viewer, f DecisionFilter) (*clauses, error) {
	w := &clauses{}
	if f.Draft {
		w.add("d.year = 0 AND d.status = 'draft' AND d.body = ?", v.Office.Body)
		if !v.Can(ProposeDecisions) {
			w.add("1 = 0")
		}
	} else {
		w.add("d.year > 0")
	}
	s.stateWhere(f, w.add)
	for _, eq := range []struct{ column, value string }{{"matter", f.Matter}, {"body", f.Body}, {"office", string(f.Office)}} {
		if eq.value != "" {
			w.add("d."+eq.column+" = ?", eq.value)
		}
	}
	if f.Least != nil {
		w.add("d.pence >= ?", int64(*f.Least))
	}
	if f.Most != nil {
		w.add("d.pence <= ?", int64(*f.Most))
	}
	if year, seq, ok := refParts(f.Before); ok {
		w.add("(d.year, d.seq) < (?, ?)", year, seq)
	}
	return w, addWords[int64](ctx, s, w, "decision_words", "decision", "d.id", wordsOf(f.Words))
}

func joinNumbers(all []int64) string {
	words := []string{"0"} // there is no decision 0
	for _, n := range all {
		words = append(words, strconv.FormatInt(n, 10))
	}
	return strings.Join(words, ", ")
}

// freeFrom is when a published decision comes free, as far as can be told. Most
// have: it is an expression so that they are read in the order of the list, not
// by this instant. Those that are held are few, and found by it.
const freeFrom = "COALESCE(d.hold_until, '9999')"

// stateWhere chooses by state and by whether it may be implemented, both of
// which depend on the instant.
func (s *Store) stateWhere(f DecisionFilter, arg func(string, ...any)) {
	now := stamp(s.Now())
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

// wordsOf are the words of a text, folded, each once.
func wordsOf(text string) (all []string) {
	for _, w := range strings.FieldsFunc(Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
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
	return stamp(t)
}
