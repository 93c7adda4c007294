package decisions

import (
	"context"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/register"
)

// PaperPage is one version of a decision's paper, beside the one before it.
type PaperPage struct {
	Decision
	This   authority.PaperVersion
	Before *authority.PaperVersion // nil for the first version
	Papers []authority.PaperVersion
	Part2  string             // of this version; "" unless v may read it
	Voided []authority.Ballot // by the change to this version
	Views  []Opinion          // given on this version
	Kind   authority.Matter
	Names  register.NamesThen
}

// Changes lists the fields in which the version differs from the one before.
func (p PaperPage) Changes() []authority.Difference {
	if p.Before == nil {
		return nil
	}
	return p.This.Paper.Diff(*p.Before.Paper)
}

// ReadPaper reads one version of a decision's paper. Of a restricted part it holds
// the text only for those who may read the part of that version.
func ReadPaper(ctx context.Context, tx *db.Tx, v office.Viewer, ref string, version int64) (p PaperPage, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		d, err := Find(ctx, tx, v, ref)
		if err != nil {
			return err
		}
		a, err := decisionAt(ctx, tx, v, d)
		if err != nil {
			return err
		}
		p = PaperPage{Decision: d, Papers: a.Papers, Kind: a.Kind, Names: a.Names}
		var part2 authority.Part2
		if p.This, part2, err = paperOf(ctx, tx, d, version); err != nil {
			return err
		}
		a.PaperNow, a.Companies = p.This, p.This.Paper.Companies() // whoever has an interest in its supplier does not read it
		if a.mayReadPart2(v) {
			p.Part2 = part2.Text
		}
		if version > 1 {
			before, _, err := paperOf(ctx, tx, d, version-1)
			if err != nil {
				return err
			}
			p.Before = &before
		}
		for _, b := range a.Ballots {
			if b.Void == p.This.N {
				p.Voided = append(p.Voided, b)
			}
		}
		for _, o := range d.Views {
			if o.Hash == p.This.Hash && o.Version == version {
				p.Views = append(p.Views, o)
			}
		}
		return nil
	})
	return p, err
}
