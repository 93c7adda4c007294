package store

import (
	"context"
	"slices"
)

// Publication is the statutory matrix: which body published its payments of
// which month, under the Elected Local Policing Bodies (Specified Information)
// Order 2011 (SI 2011/3050), schedule, paragraph 3(g). It binds commissioners
// and the Mayor’s office, not the Common Council of the City of London.
type Publication struct {
	From, To Month
	Bodies   []PublicationRow
	Version  int64
	LateRule LateRule
}

// LateRule is when a publication counts as late. The Order says “as soon as
// practicable” after the end of the month, so the days are a parameter of the
// portal, with the day from which it holds.
type LateRule struct {
	Days int
	From Day
	Note string
}

// Late is the rule in force. It is an assumption, and its page says so.
var Late = LateRule{31, "2012-01-16", "The Order names no number of days. 31 is taken from the practice of councils, which publish within a month of the end of the quarter (Local Government Transparency Code)."}

// PublicationRow is one body’s months.
type PublicationRow struct {
	Body  Body
	Bound bool // by the Order
	Cells []PublicationCell
}

// PublicationCell is one body’s publication for one month.
type PublicationCell struct {
	Month     Month
	Loads     []int64 // that hold payments of the month, or of its quarter
	Lines     int64
	Pence     Pence
	Over      int64 // items over £500
	NoReason  int64 // of those, without a reason why they are value for money
	Quarter   bool  // only a file for the whole quarter holds them
	Published Day   // of the first of the files, "" where it is not known
	Days      int   // from the end of the month to the publication
	Known     bool  // the day of publication is known
	Due       bool  // the month is over, so that it could be published
	Before    bool  // the body did not exist, or the Order was not in force
	Notes     []Explanation
}

// Missing reports whether nothing stands for a month that could be published.
func (c PublicationCell) Missing() bool { return c.Due && len(c.Loads) == 0 }

// IsLate reports whether the publication counts as late under the rule.
func (c PublicationCell) IsLate() bool {
	return c.Known && c.Days > Late.Days && c.Month.Last() >= Late.From
}

// PublicationOf works out the matrix for some months, at most 24; zero months
// are the last that payments stand for.
func (s *Store) PublicationOf(ctx context.Context, from, to Month) (out Publication, err error) {
	err = s.spend(ctx, func(s *Store, c *cube) error {
		last, first := c.lastMonth(), Month(0)
		if to == 0 {
			to = last
		}
		if first = from; first == 0 || first < to-23 || first > to {
			first = to - 11
		}
		out = Publication{From: first, To: to, Version: c.version, LateRule: Late}
		if to == 0 {
			out.From = 0
		}
		today := DayOf(s.Now())
		for _, b := range LocalPolicingBodies() {
			row := PublicationRow{Body: b, Bound: b.Kind != CommonCouncil}
			for m := first; m <= to && to != 0; m++ {
				row.Cells = append(row.Cells, PublicationCell{Month: m, Due: m.Last() < today, Before: m.Last() < "2012-01-16"})
			}
			out.Bodies = append(out.Bodies, row)
		}
		for _, l := range c.loads {
			out.add(l)
		}
		return s.explainedCells(ctx, &out)
	})
	return out, err
}

// lastMonth is the last month that payments stand for.
func (c *cube) lastMonth() (m Month) {
	for _, l := range c.loads {
		for _, p := range l.Periods {
			m = max(m, p.Period.Month)
		}
	}
	return m
}

func (p *Publication) add(l *cubeLoad) {
	for _, of := range l.Periods {
		for _, m := range of.Period.Months() {
			if m < p.From || m > p.To {
				continue
			}
			cell := &p.Bodies[l.body].Cells[m-p.From]
			if !slices.Contains(cell.Loads, l.ID) {
				cell.Loads = append(cell.Loads, l.ID)
			}
			cell.Quarter = of.Period.Quarter && (cell.Quarter || cell.Lines == 0)
			cell.Lines += of.Lines
			cell.Pence += of.Pence
			cell.Over += of.Over
			cell.NoReason += of.NoReason
			if l.Published != "" && (!cell.Known || l.Published < cell.Published) {
				cell.Published, cell.Known, cell.Days = l.Published, true, m.Last().Until(l.Published)
			}
		}
	}
}

func (s *Store) explainedCells(ctx context.Context, p *Publication) error {
	all, err := list(ctx, s, scanExplanation, `SELECT `+explanationCols+` FROM spend_notes WHERE subject LIKE 'cell/%' ORDER BY id`)
	for _, e := range all {
		for i := range p.Bodies {
			for j := range p.Bodies[i].Cells {
				if cell := &p.Bodies[i].Cells[j]; e.Taken == "" && e.Subject == "cell/"+p.Bodies[i].Body.Slug+"/"+cell.Month.Code() {
					cell.Notes = append(cell.Notes, e)
				}
			}
		}
	}
	return err
}

// Findings are the lines that the methods flag among those of a filter.
type Findings struct {
	Method   Method
	Groups   []Finding // of the page
	Count    int       // of findings
	Lines    int64     // flagged
	Examined int64     // lines that the method looked at
	Sum      Pence     // of the flagged lines
	Next     int64     // mark after which the next page begins, 0 where there is none
}

// Finding is the lines of one finding.
type Finding struct {
	Mark  int64
	Lines []Line
	Sum   Pence
}

// FindingsOf lists what one method flags in the standing loads of some bodies;
// none is all.
func (s *Store) FindingsOf(ctx context.Context, method string, bodies []string, after int64, most int) (out Findings, err error) {
	i := slices.IndexFunc(Methods, func(m Method) bool { return m.Code == method })
	if i < 0 {
		return out, NotFound.Errorf("There is no method “%s”.", short(method))
	}
	out.Method = Methods[i]
	err = s.spend(ctx, func(s *Store, c *cube) error {
		for _, l := range c.loads {
			if len(bodies) > 0 && !slices.Contains(bodies, l.Body) {
				continue
			}
			out.Examined += l.Lines
			if err := s.findings(ctx, c, l, method, after, most, &out); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (s *Store) findings(ctx context.Context, c *cube, l *cubeLoad, method string, after int64, most int, out *Findings) error {
	groups := map[int64][]int64{}
	for _, f := range l.flags {
		if f.method == method {
			out.Lines++
			out.Sum += Pence(f.pence)
			groups[f.mark] = append(groups[f.mark], f.line)
		}
	}
	for _, mark := range sorted(groups) {
		out.Count++
		if mark <= after || out.Next != 0 {
			continue
		}
		if len(out.Groups) == most {
			out.Next = out.Groups[most-1].Mark
			continue
		}
		g := Finding{Mark: mark}
		for _, id := range groups[mark] {
			b, err := s.blockOf(ctx, id)
			if err != nil {
				return err
			}
			line := c.line(l, id, b.lines[id-b.first])
			g.Lines = append(g.Lines, line)
			g.Sum += line.Pence
		}
		out.Groups = append(out.Groups, g)
	}
	return nil
}
