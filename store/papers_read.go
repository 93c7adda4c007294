package store

import "context"

// PaperAt is one version of a decision's paper, beside the one before it.
type PaperAt struct {
	Decision
	This   PaperVersion
	Before *PaperVersion // nil for the first version
	Papers []PaperVersion
	Part2  string    // of this version; "" unless v may read it
	Voided []Ballot  // by the change to this version
	Views  []Opinion // given on this version
	Kind   Matter
	Names  NamesThen
}

// Changes lists the fields in which the version differs from the one before.
func (p PaperAt) Changes() []Difference {
	if p.Before == nil {
		return nil
	}
	return p.This.Paper.Diff(*p.Before.Paper)
}

// PaperOf reads one version of a decision's paper. Of a restricted part it holds
// the text only for those who may read the part of that version.
func (s *Store) PaperOf(ctx context.Context, v Viewer, ref string, version int64) (p PaperAt, err error) {
	err = s.read(ctx, func(s *Store) error {
		d, err := s.decision(ctx, v, ref)
		if err != nil {
			return err
		}
		a, err := s.decisionAt(ctx, v, d)
		if err != nil {
			return err
		}
		p = PaperAt{Decision: d, Papers: a.Papers, Kind: a.Kind, Names: a.Names}
		var part2 Part2
		if p.This, part2, err = s.paperOf(ctx, d, version); err != nil {
			return err
		}
		a.PaperNow, a.Companies = p.This, p.This.Paper.Companies() // whoever has an interest in its supplier does not read it
		if a.mayReadPart2(v) {
			p.Part2 = part2.Text
		}
		if version > 1 {
			before, _, err := s.paperOf(ctx, d, version-1)
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
