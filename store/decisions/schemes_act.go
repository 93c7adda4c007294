package decisions

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
)

func scanScheme(r db.Row) (v authority.SchemeVersion, err error) {
	var text string
	if err := r.Scan(&text); err != nil {
		return v, err
	}
	return v, json.Unmarshal([]byte(text), &v)
}

// ShipSchemes puts the shipped versions of the scheme on a record that was
// opened before there were any.
func ShipSchemes(ctx context.Context, tx *db.Tx) error {
	had, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COUNT(*) FROM schemes`)
	if err != nil || had > 0 {
		return err
	}
	rows, err := ShippedSchemes(ctx, tx)
	if err == nil {
		_, err = record.Add(ctx, tx, office.Portal, "scheme.ship", "scheme", rows...)
	}
	return err
}

// ShippedSchemes stores the versions of the scheme that the portal ships: the
// first is in force from its day, any other is a proposal to be adopted.
func ShippedSchemes(ctx context.Context, tx *db.Tx) (rows []record.Part, err error) {
	var shipped []authority.Scheme
	if err := json.Unmarshal(authority.SchemesFile, &shipped); err != nil {
		return nil, fmt.Errorf("schemes.json: %w", err)
	}
	for i, sc := range shipped {
		if err := sc.Check(); err != nil {
			return nil, fmt.Errorf("schemes.json, version %d: %w", sc.Version, err)
		}
		v := authority.SchemeVersion{Scheme: sc, Adopted: i == 0}
		if v.Hash, err = sc.Hash(); err != nil {
			return nil, err
		}
		if err := saveScheme(ctx, tx, v); err != nil {
			return nil, err
		}
		rows = append(rows, record.Now(v.Subject(), v))
	}
	return rows, nil
}

// saveScheme stores how a version stands.
func saveScheme(ctx context.Context, tx *db.Tx, v authority.SchemeVersion) error {
	row, err := text.Canonical(v)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO schemes (version, scheme) VALUES ($1, $2)
		ON CONFLICT (version) DO UPDATE SET scheme = EXCLUDED.scheme`, v.Version, string(row))
	return err
}

func putScheme(ctx context.Context, tx *db.Tx, by office.Viewer, act string, v authority.SchemeVersion, more ...record.Part) error {
	if err := saveScheme(ctx, tx, v); err != nil {
		return err
	}
	_, err := record.Add(ctx, tx, by, act, v.Subject(), append(more, record.About(office.TheCompany), record.Now(v.Subject(), v))...)
	return err
}

// Schemes lists the versions of the scheme as known by an event, oldest first,
// each with the days on which it is in force.
func Schemes(ctx context.Context, tx *db.Tx, known int64) (all []authority.SchemeVersion, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error { all, err = schemes(ctx, tx, known); return err })
	return all, err
}

func schemes(ctx context.Context, tx *db.Tx, known int64) (all []authority.SchemeVersion, err error) {
	m := record.Moment{}
	if known == 0 {
		all, err = db.List(ctx, tx, scanScheme, `SELECT scheme FROM schemes ORDER BY version`)
	} else {
		m = record.Moment{Past: true, Event: known}
		all, err = record.PastRows[authority.SchemeVersion](ctx, tx, "scheme", known)
		slices.SortFunc(all, func(a, b authority.SchemeVersion) int { return cmp.Compare(a.Version, b.Version) })
	}
	if err != nil {
		return nil, err
	}
	p, err := register.ReadProgramme(ctx, tx, m)
	if err != nil {
		return nil, err
	}
	runs(all, p.CompletedOn)
	return all, nil
}

// runs works out the days on which each version is in force. None is before the
// day on which it was adopted: what was done until then keeps its authority. A
// version ends when a later one begins.
func runs(all []authority.SchemeVersion, completed civil.Day) {
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

// SchemeOn finds the version in force on a day: the latest adopted one that has
// begun. Its Version is 0 when there is none.
func SchemeOn(ctx context.Context, tx *db.Tx, on civil.Day, known int64) (found authority.SchemeVersion, err error) {
	all, err := schemes(ctx, tx, known)
	for _, v := range all {
		if v.Adopted && v.From != "" && v.From <= on {
			found = v
		}
	}
	return found, err
}

// FindScheme finds one version.
func FindScheme(ctx context.Context, tx *db.Tx, version int64) (authority.SchemeVersion, error) {
	all, err := schemes(ctx, tx, 0)
	for _, v := range all {
		if v.Version == version {
			return v, err
		}
	}
	return authority.SchemeVersion{}, cmp.Or(err, fault.NotFound.Errorf("There is no version %d of the scheme of authority.", version))
}

// matters lists the kinds of matter of every version, each once.
func matters(ctx context.Context, tx *db.Tx) (all []authority.Matter, err error) {
	versions, err := schemes(ctx, tx, 0)
	for _, v := range slices.Backward(versions) {
		for _, m := range v.Matters {
			if !slices.ContainsFunc(all, func(o authority.Matter) bool { return o.Key == m.Key }) {
				all = append(all, m)
			}
		}
	}
	return all, err
}

// Proposable is the scheme in force today with the kinds of matter that v may
// propose under it, or why there is none.
func Proposable(ctx context.Context, tx *db.Tx, v office.Viewer) (sc authority.Scheme, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		f, err := factsOf(ctx, tx, civil.DayOf(tx.Now()), 0)
		if err != nil {
			return err
		}
		sc = f.Scheme.Scheme
		sc.Matters = nil
		last := f.Authority(authority.Case{Role: authority.Proposes}, v.Person, v.Office.ID) // refuses where no scheme is in force
		for _, m := range f.Scheme.Matters {
			if last = f.Authority(authority.Case{Role: authority.Proposes, Matter: m.Key}, v.Person, v.Office.ID); last.May {
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
func ProposeScheme(ctx context.Context, tx *db.Tx, by office.Viewer, text string) (version int64, err error) {
	if !by.Can(office.KeepDecisions) {
		return 0, fault.Forbidden.Errorf("Only the company secretary can add a version of the scheme.")
	}
	sc, err := authority.ParseScheme(text)
	if err != nil {
		return 0, err
	}
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		v, err := nextScheme(ctx, tx, sc)
		if err != nil {
			return err
		}
		v.ByPerson, version = by.Person, v.Version
		return putScheme(ctx, tx, by, "scheme.propose", v)
	})
	return version, err
}

// nextScheme is a scheme as the next version. One that says what another
// version says already is refused.
func nextScheme(ctx context.Context, tx *db.Tx, sc authority.Scheme) (v authority.SchemeVersion, err error) {
	all, err := schemes(ctx, tx, 0)
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
			return v, fault.Field("scheme", "This is the same as version %d. Change something.", o.Version)
		}
		v.Version++
	}
	v.Hash, err = v.Scheme.Hash()
	return v, err
}

// mayAdopt says why a version cannot be adopted any more, or nil.
func mayAdopt(ctx context.Context, tx *db.Tx, v authority.SchemeVersion) error {
	if v.Adopted && v.Decision == "" {
		return fault.Conflict.Errorf("Version %d was the first scheme and does not need to be adopted.", v.Version)
	}
	if v.Adopted {
		return fault.Conflict.Errorf("Version %d was already adopted, by decision %s.", v.Version, v.Decision)
	}
	all, err := schemes(ctx, tx, 0)
	for _, o := range all {
		if o.Adopted && o.Version > v.Version {
			return fault.Conflict.Errorf("Version %d, which is later than version %d, has already been adopted. Add the older one again as a new version.", o.Version, v.Version)
		}
	}
	return err
}

// AdoptScheme brings a version of the scheme into force, under a decision that
// names it by its hash.
func AdoptScheme(ctx context.Context, tx *db.Tx, by office.Viewer, version int64, ref string) error {
	if !by.Can(office.KeepDecisions) {
		return fault.Forbidden.Errorf("Only the company secretary can adopt a scheme.")
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		v, err := FindScheme(ctx, tx, version)
		if err != nil {
			return err
		}
		if err := mayAdopt(ctx, tx, v); err != nil {
			return err
		}
		d, err := Under(ctx, tx, by, ref, v.Adoption())
		if err != nil {
			return err
		}
		v.Adopted, v.Decision, v.AdoptedOn = true, d.Ref, civil.DayOf(tx.Now())
		return putScheme(ctx, tx, by, "scheme.adopt", v, record.Detail(map[string]string{"decision": d.Ref}))
	})
}

// SchemePage is a version of the scheme beside the one that it is compared with.
type SchemePage struct {
	authority.SchemeVersion
	Today   civil.Day
	Before  authority.SchemeVersion // the version before it, or the one in force; Version 0 is none
	Known   int64
	Choices []Decision // that name its adoption and were not used
}

// Changes are what the version changes of the one that it is compared with.
func (a SchemePage) Changes() []authority.Difference { return a.Diff(a.Before.Scheme) }

// ReadSchemePage reads one version of the scheme beside the version before it.
func ReadSchemePage(ctx context.Context, tx *db.Tx, version int64) (a SchemePage, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if a.SchemeVersion, err = FindScheme(ctx, tx, version); err != nil {
			return err
		}
		if version > 1 {
			if a.Before, err = FindScheme(ctx, tx, version-1); err != nil {
				return err
			}
		}
		a.Today = civil.DayOf(tx.Now())
		if a.Choices, err = DecisionsNaming(ctx, tx, authority.AdoptsScheme, a.Subject()); err != nil {
			return err
		}
		h, err := record.ReadHead(ctx, tx)
		a.Known = h.Size
		return err
	})
	return a, err
}

// TryScheme says what a new version would change of the one in force, without
// putting it in.
func TryScheme(ctx context.Context, tx *db.Tx, by office.Viewer, text string) (a SchemePage, err error) {
	if !by.Can(office.KeepDecisions) {
		return a, fault.Forbidden.Errorf("Only the company secretary can add a version of the scheme.")
	}
	sc, err := authority.ParseScheme(text)
	if err != nil {
		return a, err
	}
	err = tx.Read(ctx, func(tx *db.Tx) error {
		a.Today = civil.DayOf(tx.Now())
		if a.Before, err = SchemeOn(ctx, tx, a.Today, 0); err != nil {
			return err
		}
		a.SchemeVersion, err = nextScheme(ctx, tx, sc)
		return err
	})
	return a, err
}

// TryAdoption says what the adoption of a version under a decision would do, or
// why it is not possible; while no decision is given, why it is not under any.
func TryAdoption(ctx context.Context, tx *db.Tx, by office.Viewer, version int64, ref string, given bool) (a SchemePage, d Decision, err error) {
	if !by.Can(office.KeepDecisions) {
		return a, d, fault.Forbidden.Errorf("Only the company secretary can adopt a scheme.")
	}
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if a, err = ReadSchemePage(ctx, tx, version); err != nil {
			return err
		}
		if a.Before, err = SchemeOn(ctx, tx, a.Today, 0); err != nil {
			return err
		}
		if err := mayAdopt(ctx, tx, a.SchemeVersion); err != nil || !given {
			return err
		}
		if d, _, err = naming(ctx, tx, by, ref, a.Adoption()); err != nil {
			return err
		}
		p, err := register.ReadProgramme(ctx, tx, record.Moment{})
		next := []authority.SchemeVersion{a.SchemeVersion}
		next[0].Adopted, next[0].AdoptedOn = true, a.Today
		runs(next, p.CompletedOn)
		a.From = next[0].From
		return err
	})
	return a, d, err
}

// SchemeLedger holds its rows to the record.
var SchemeLedger = record.Ledger{Topic: "scheme", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanScheme, `SELECT scheme FROM schemes`, func(v authority.SchemeVersion) (string, any) { return v.Subject(), v })
}}
