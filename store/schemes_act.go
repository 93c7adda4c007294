package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
)

// SchemeVersion is a version of the scheme with what became of it.
type SchemeVersion struct {
	Scheme
	Hash      string `json:"hash"`
	Adopted   bool   `json:"adopted"`
	Decision  string `json:"decision,omitempty"`   // that adopted it; "" for the first, with which the record begins
	AdoptedOn Day    `json:"adopted_on,omitempty"` // "" for the first
	ByPerson  int64  `json:"by,omitempty"`         // who put it in
	From      Day    `json:"-"`                    // first day in force; "" while that is not known
	To        Day    `json:"-"`                    // last day; "" while none is set
}

// State is how the version stands on a day, in a few words.
func (v SchemeVersion) State(on Day) string {
	switch {
	case !v.Adopted:
		return "proposed"
	case v.To != "" && v.To < v.From:
		return "overtaken"
	case v.From == "" || on < v.From:
		return "adopted, not begun"
	case v.To != "" && v.To < on:
		return "ended"
	}
	return "in force"
}

func (v SchemeVersion) subject() string { return fmt.Sprintf("scheme/%d", v.Version) }

// Hash is the hex SHA-256 of the scheme, by which a decision adopts it.
func (s Scheme) Hash() (string, error) {
	b, err := canonical(s)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), err
}

func scanScheme(r row) (v SchemeVersion, err error) {
	var text string
	if err := r.Scan(&text); err != nil {
		return v, err
	}
	return v, json.Unmarshal([]byte(text), &v)
}

//go:embed schemes.json
var schemesFile []byte

// shipSchemes puts the shipped versions of the scheme on a record that was
// opened before there were any.
func (s *Store) shipSchemes(ctx context.Context) error {
	had, err := one(ctx, s, scanInto[int64], `SELECT COUNT(*) FROM schemes`)
	if err != nil || had > 0 {
		return err
	}
	rows, err := s.shippedSchemes(ctx)
	if err == nil {
		_, err = s.record(ctx, Portal, "scheme.ship", "scheme", rows...)
	}
	return err
}

// shippedSchemes stores the versions of the scheme that the portal ships: the
// first is in force from its day, any other is a proposal to be adopted.
func (s *Store) shippedSchemes(ctx context.Context) (rows []part, err error) {
	var shipped []Scheme
	if err := json.Unmarshal(schemesFile, &shipped); err != nil {
		return nil, fmt.Errorf("schemes.json: %w", err)
	}
	for i, sc := range shipped {
		if err := sc.Check(); err != nil {
			return nil, fmt.Errorf("schemes.json, version %d: %w", sc.Version, err)
		}
		v := SchemeVersion{Scheme: sc, Adopted: i == 0}
		if v.Hash, err = sc.Hash(); err != nil {
			return nil, err
		}
		if err := s.saveScheme(ctx, v); err != nil {
			return nil, err
		}
		rows = append(rows, now(v.subject(), v))
	}
	return rows, nil
}

// saveScheme stores how a version stands.
func (s *Store) saveScheme(ctx context.Context, v SchemeVersion) error {
	row, err := canonical(v)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `INSERT INTO schemes (version, scheme) VALUES ($1, $2)
		ON CONFLICT (version) DO UPDATE SET scheme = EXCLUDED.scheme`, v.Version, string(row))
	return err
}

func (s *Store) putScheme(ctx context.Context, by Viewer, act string, v SchemeVersion, more ...part) error {
	if err := s.saveScheme(ctx, v); err != nil {
		return err
	}
	_, err := s.record(ctx, by, act, v.subject(), append(more, about(TheCompany), now(v.subject(), v))...)
	return err
}

// Schemes lists the versions of the scheme as known by an event, oldest first,
// each with the days on which it is in force.
func (s *Store) Schemes(ctx context.Context, known int64) (all []SchemeVersion, err error) {
	err = s.read(ctx, func(s *Store) error { all, err = s.schemes(ctx, known); return err })
	return all, err
}

func (s *Store) schemes(ctx context.Context, known int64) (all []SchemeVersion, err error) {
	m := Moment{}
	if known == 0 {
		all, err = list(ctx, s, scanScheme, `SELECT scheme FROM schemes ORDER BY version`)
	} else {
		m = Moment{Past: true, Event: known}
		all, err = pastRows[SchemeVersion](ctx, s, "scheme", known)
		slices.SortFunc(all, func(a, b SchemeVersion) int { return cmp.Compare(a.Version, b.Version) })
	}
	if err != nil {
		return nil, err
	}
	p, err := s.Programme(ctx, m)
	if err != nil {
		return nil, err
	}
	runs(all, p.CompletedOn)
	return all, nil
}

// runs works out the days on which each version is in force. None is before the
// day on which it was adopted: what was done until then keeps its authority. A
// version ends when a later one begins.
func runs(all []SchemeVersion, completed Day) {
	for i := range all {
		v := &all[i]
		first := v.Starts
		if v.OnCompletion {
			first = completed
		}
		if !v.Adopted || first == "" {
			continue
		}
		v.From = max(first, v.AdoptedOn)
		for j := range all[:i] {
			if o := &all[j]; o.From != "" && (o.To == "" || o.To >= v.From) {
				o.To = v.From.Add(-1)
			}
		}
	}
}

// schemeOn finds the version in force on a day: the latest adopted one that has
// begun. Its Version is 0 when there is none.
func (s *Store) schemeOn(ctx context.Context, on Day, known int64) (found SchemeVersion, err error) {
	all, err := s.schemes(ctx, known)
	for _, v := range all {
		if v.Adopted && v.From != "" && v.From <= on {
			found = v
		}
	}
	return found, err
}

// scheme finds one version.
func (s *Store) scheme(ctx context.Context, version int64) (SchemeVersion, error) {
	all, err := s.schemes(ctx, 0)
	for _, v := range all {
		if v.Version == version {
			return v, err
		}
	}
	return SchemeVersion{}, cmp.Or(err, NotFound.Errorf("There is no version %d of the scheme of authority.", version))
}

// matters lists the kinds of matter of every version, each once.
func (s *Store) matters(ctx context.Context) (all []Matter, err error) {
	versions, err := s.schemes(ctx, 0)
	for _, v := range slices.Backward(versions) {
		for _, m := range v.Matters {
			if !slices.ContainsFunc(all, func(o Matter) bool { return o.Key == m.Key }) {
				all = append(all, m)
			}
		}
	}
	return all, err
}

// Proposable is the scheme in force today with the kinds of matter that v may
// propose under it, or why there is none.
func (s *Store) Proposable(ctx context.Context, v Viewer) (sc Scheme, err error) {
	err = s.read(ctx, func(s *Store) error {
		f, err := s.factsOf(ctx, DayOf(s.Now()), 0)
		if err != nil {
			return err
		}
		sc = f.Scheme.Scheme
		sc.Matters = nil
		last := f.Authority(Case{Role: Proposes}, v.Person, v.Office.ID) // refuses where no scheme is in force
		for _, m := range f.Scheme.Matters {
			if last = f.Authority(Case{Role: Proposes, Matter: m.Key}, v.Person, v.Office.ID); last.May {
				sc.Matters = append(sc.Matters, m)
			}
		}
		if len(sc.Matters) == 0 {
			return last.Refusal()
		}
		return nil
	})
	return sc, err
}

// ProposeScheme puts in a new version of the scheme, to be adopted by a
// decision. It takes the next number.
func (s *Store) ProposeScheme(ctx context.Context, by Viewer, text string) (version int64, err error) {
	if !by.Can(KeepDecisions) {
		return 0, Forbidden.Errorf("Only the company secretary puts in a version of the scheme.")
	}
	sc, err := ParseScheme(text)
	if err != nil {
		return 0, err
	}
	err = s.write(ctx, func(s *Store) error {
		v, err := s.nextScheme(ctx, sc)
		if err != nil {
			return err
		}
		v.ByPerson, version = by.Person, v.Version
		return s.putScheme(ctx, by, "scheme.propose", v)
	})
	return version, err
}

// nextScheme is a scheme as the next version. One that says what another
// version says already is refused.
func (s *Store) nextScheme(ctx context.Context, sc Scheme) (v SchemeVersion, err error) {
	all, err := s.schemes(ctx, 0)
	if err != nil {
		return v, err
	}
	v.Scheme, v.Version = sc, 1
	for _, o := range all {
		v.Version = o.Version
		if v.Hash, err = v.Scheme.Hash(); err != nil {
			return v, err
		}
		if v.Hash == o.Hash {
			return v, Field("scheme", "This says what version %d says already, word for word: change something.", o.Version)
		}
		v.Version++
	}
	v.Hash, err = v.Scheme.Hash()
	return v, err
}

// adoption is the effect of a decision that lets the version be adopted.
func (v SchemeVersion) adoption() Effect {
	return Effect{Kind: AdoptsScheme, Subject: v.subject(), Value: v.Hash}
}

// mayAdopt says why a version cannot be adopted any more, or nil.
func (s *Store) mayAdopt(ctx context.Context, v SchemeVersion) error {
	if v.Adopted && v.Decision == "" {
		return Conflict.Errorf("Version %d of the scheme is the one that the record begins with: it needs no adoption.", v.Version)
	}
	if v.Adopted {
		return Conflict.Errorf("Version %d of the scheme was adopted already, by decision %s.", v.Version, v.Decision)
	}
	all, err := s.schemes(ctx, 0)
	for _, o := range all {
		if o.Adopted && o.Version > v.Version {
			return Conflict.Errorf("Version %d was adopted already, and is later than version %d: put the older one in again as a new version.", o.Version, v.Version)
		}
	}
	return err
}

// AdoptScheme brings a version of the scheme into force, under a decision that
// names it by its hash.
func (s *Store) AdoptScheme(ctx context.Context, by Viewer, version int64, ref string) error {
	if !by.Can(KeepDecisions) {
		return Forbidden.Errorf("Only the company secretary brings a scheme into force.")
	}
	return s.write(ctx, func(s *Store) error {
		v, err := s.scheme(ctx, version)
		if err != nil {
			return err
		}
		if err := s.mayAdopt(ctx, v); err != nil {
			return err
		}
		d, err := s.under(ctx, by, ref, v.adoption())
		if err != nil {
			return err
		}
		v.Adopted, v.Decision, v.AdoptedOn = true, d.Ref, DayOf(s.Now())
		return s.putScheme(ctx, by, "scheme.adopt", v, detail(map[string]string{"decision": d.Ref}))
	})
}

// SchemeAt is a version of the scheme beside the one that it is compared with.
type SchemeAt struct {
	SchemeVersion
	Today   Day
	Before  SchemeVersion // the version before it, or the one in force; Version 0 is none
	Known   int64
	Choices []Decision // that name its adoption and were not used
}

// Changes are what the version changes of the one that it is compared with.
func (a SchemeAt) Changes() []Difference { return a.Diff(a.Before.Scheme) }

// SchemeVersion reads one version of the scheme beside the version before it.
func (s *Store) SchemeVersion(ctx context.Context, version int64) (a SchemeAt, err error) {
	err = s.read(ctx, func(s *Store) error {
		if a.SchemeVersion, err = s.scheme(ctx, version); err != nil {
			return err
		}
		if version > 1 {
			if a.Before, err = s.scheme(ctx, version-1); err != nil {
				return err
			}
		}
		a.Today = DayOf(s.Now())
		if a.Choices, err = s.DecisionsNaming(ctx, AdoptsScheme, a.subject()); err != nil {
			return err
		}
		h, err := s.Head(ctx)
		a.Known = h.Size
		return err
	})
	return a, err
}

// TryScheme says what a new version would change of the one in force, without
// putting it in.
func (s *Store) TryScheme(ctx context.Context, by Viewer, text string) (a SchemeAt, err error) {
	if !by.Can(KeepDecisions) {
		return a, Forbidden.Errorf("Only the company secretary puts in a version of the scheme.")
	}
	sc, err := ParseScheme(text)
	if err != nil {
		return a, err
	}
	err = s.read(ctx, func(s *Store) error {
		a.Today = DayOf(s.Now())
		if a.Before, err = s.schemeOn(ctx, a.Today, 0); err != nil {
			return err
		}
		a.SchemeVersion, err = s.nextScheme(ctx, sc)
		return err
	})
	return a, err
}

// TryAdoption says what the adoption of a version under a decision would do, or
// why it is not possible; while no decision is given, why it is not under any.
func (s *Store) TryAdoption(ctx context.Context, by Viewer, version int64, ref string, given bool) (a SchemeAt, d Decision, err error) {
	if !by.Can(KeepDecisions) {
		return a, d, Forbidden.Errorf("Only the company secretary brings a scheme into force.")
	}
	err = s.read(ctx, func(s *Store) error {
		if a, err = s.SchemeVersion(ctx, version); err != nil {
			return err
		}
		if a.Before, err = s.schemeOn(ctx, a.Today, 0); err != nil {
			return err
		}
		if err := s.mayAdopt(ctx, a.SchemeVersion); err != nil || !given {
			return err
		}
		if d, _, err = s.naming(ctx, by, ref, a.adoption()); err != nil {
			return err
		}
		p, err := s.Programme(ctx, Moment{})
		next := []SchemeVersion{a.SchemeVersion}
		next[0].Adopted, next[0].AdoptedOn = true, a.Today
		runs(next, p.CompletedOn)
		a.From = next[0].From
		return err
	})
	return a, d, err
}

var schemeLedger = ledger{"scheme", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanScheme, `SELECT scheme FROM schemes`, func(v SchemeVersion) (string, any) { return v.subject(), v })
}}
