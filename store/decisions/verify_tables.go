package decisions

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Tables are what verify holds of decisions, column by column.
var Tables = []record.Table{
	{Name: "schemes", Columns: "version, scheme", Want: record.OnePer("scheme", func(v authority.SchemeVersion, words string) []any {
		return []any{v.Version, words}
	})},
	{Name: "decisions", Columns: "id, ref, year, seq, status, body, office, matter, pence, contract, closes_at, hold_until, moved_at, turn, decision, dated, maker", Want: wantDecisions},
	{Name: "papers", Columns: "decision, version, n, paper", Want: func(_ context.Context, c *record.Checker, row func(...any)) error {
		return record.EachTold(c, "paper", func(v authority.PaperVersion, words string) error {
			row(v.Decision, v.Version, wordsFrom(c, v), words)
			return nil
		})
	}},
	{Name: "decision_words", Columns: "word, decision", Want: wantFound(foundBy)},
	{Name: "decision_suppliers", Columns: "company, decision", Want: wantFound(func(_ *text.Names, _ Decision, p authority.Paper) []string { return p.Companies() })},
	{Name: "ballots", Columns: "id, decision, elector, role, person, cast_on, cast_n, void_n, ballot", Want: record.OnePer("ballot", func(b authority.Ballot, words string) []any {
		return []any{b.ID, b.Decision, b.Elector, b.Key(), b.Person, civil.DayOf(b.At), b.N, b.Void, words}
	})},
	{Name: "delegations", Columns: `id, from_office, to_office, function, matter, limited, most, first_day, last_day, may_pass_on, passed_on, made_by, n, ended_by`,
		Want: record.OnePer("delegation", func(d authority.Delegation, _ string) []any {
			return []any{d.ID, d.From.ID, d.To.ID, d.Function, d.Matter, d.Limited, d.Limit, d.First, d.Last, d.MayPassOn, d.PassedOn, d.MadeBy, d.N, d.EndedBy}
		})},
	{Name: "interests", Columns: `id, person, company, name, nature, first_day, last_day, decision, declared_on, declared_by, n, ended_by`,
		Want: record.OnePer("interest", func(i authority.Interest, _ string) []any {
			return []any{i.ID, i.Person, i.Company, i.Name, i.Nature, i.First, i.Last, i.Decision, i.DeclaredOn, i.DeclaredBy, i.N, i.EndedBy}
		})},
}

// wordsFrom is the event that holds the words of a version of a paper: the
// last that told of it, but for the release of its restricted part.
func wordsFrom(c *record.Checker, v authority.PaperVersion) int64 {
	told := slices.DeleteFunc(c.Events(v.Thing()), func(n int64) bool { return n == v.Released })
	return told[len(told)-1]
}

// wantDecisions works out the columns by which each decision is listed.
func wantDecisions(ctx context.Context, c *record.Checker, row func(...any)) error {
	days, err := holidays.Calendar(ctx, c.S)
	if err != nil {
		return err
	}
	return record.EachTold(c, "decision", func(d Decision, words string) error {
		var year, seq int64
		if !d.Draft() {
			year, seq, _ = text.RefParts(d.Ref) // the reference is the portal's own
		}
		hold, closes, err := listedTimes(ctx, c.S, d, days)
		if err != nil {
			return err
		}
		maker, err := makerOf(ctx, c.S, d)
		row(d.ID, sql.NullString{String: d.Ref, Valid: d.Ref != ""}, year, seq, d.Status, d.Body, d.ProposedIn.Kind, d.Matter, d.Value, ContractKey(d.Contract),
			db.Stamp(closes), db.Stamp(hold), db.Stamp(d.MovedAt), d.Turn, words, d.Dated(), maker)
		return err
	})
}

// listedTimes is from when a decision may be implemented, and when its voting
// or its call-in closes, as things stood when it last moved, by a calendar.
func listedTimes(ctx context.Context, tx *db.Tx, d Decision, days civil.Calendar) (hold, closes time.Time, err error) {
	if d.Status != Published {
		return hold, d.ClosesAt, nil
	}
	sc, err := FindScheme(ctx, tx, d.Scheme)
	if err != nil {
		return hold, closes, err
	}
	may := authority.MayImplement(d.Hold(sc.Scheme, days), d.MovedAt)
	return may.From, may.Closes, nil // of the call-in, once voting is over
}

// makerOf is who decides a decision by the scheme that it was opened under, ""
// until then.
func makerOf(ctx context.Context, tx *db.Tx, d Decision) (authority.Deciders, error) {
	if d.Scheme == 0 {
		return "", nil
	}
	sc, err := FindScheme(ctx, tx, d.Scheme)
	if err != nil {
		return "", err
	}
	_, b, _ := d.Band(sc.Scheme) // of a matter that the scheme does not know, nobody
	return b.Who, nil
}

// FillListed gives the columns by which decisions are listed to those that were
// there before the columns were.
func FillListed(ctx context.Context, tx *db.Tx) error {
	without := `SELECT d.decision FROM decisions d WHERE d.dated = ''`
	all, err := db.List(ctx, tx, Scan, without)
	if err != nil || len(all) == 0 {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		all, err := db.List(ctx, tx, Scan, without)
		if err != nil {
			return err
		}
		for _, d := range all {
			maker, err := makerOf(ctx, tx, d)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE decisions SET dated = $1, maker = $2 WHERE id = $3`, string(d.Dated()), string(maker), d.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// foundBy are the words that a decision is found by.
func foundBy(hidden *text.Names, d Decision, p authority.Paper) []string {
	return FoundBy(hidden, paperWords(d.Ref, p))
}

// wantFound is the Want of a table of what decisions put forward are found by.
func wantFound(keys func(*text.Names, Decision, authority.Paper) []string) func(context.Context, *record.Checker, func(...any)) error {
	return func(ctx context.Context, c *record.Checker, row func(...any)) error {
		hidden, err := record.HiddenNames(ctx, c.S)
		if err != nil {
			return err
		}
		papers := map[int64]authority.PaperVersion{}
		if err := record.EachTold(c, "paper", func(v authority.PaperVersion, _ string) error {
			if had := papers[v.Decision]; v.Paper != nil && v.Version >= had.Version {
				papers[v.Decision] = v
			}
			return nil
		}); err != nil {
			return err
		}
		return record.EachTold(c, "decision", func(d Decision, _ string) error {
			v, ok := papers[d.ID]
			if !ok || d.Draft() {
				return nil
			}
			for _, key := range keys(hidden, d, *v.Paper) {
				row(key, d.ID)
			}
			return nil
		})
	}
}
