package store

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/police-ict/handover/store/sheet"
)

// LineAt is one payment with everything that is known of it.
type LineAt struct {
	Line
	From      Load
	Rules     Rule // that decided; zero where none did
	Raw       string
	Cells     []LineCell  // of its row, by column
	Withheld  Withholding // of the line; zero where it is not
	History   []Event     // newest first
	Same      []Line      // payments of the body to the same supplier, newest first
	SameSum   Sum         // of all of them
	Notes     []Explanation
	Ties      []LineTie // decisions that it is under; none of a line that is withheld
	Published bool      // the line counts: its load stands
}

// LineCell is one cell of the row that a line was read from.
type LineCell struct {
	Heading string
	Text    string
	Field   string // as it was read: "amount"; "" for a column that is not read
}

const sameMost = 10

// LineOf tells of one payment.
func (s *Store) LineOf(ctx context.Context, by Viewer, id int64) (out LineAt, err error) {
	err = s.spend(ctx, func(s *Store, c *cube) error {
		b, err := s.blockOf(ctx, id)
		if err != nil {
			return lineNotFound(err, id)
		}
		if out.From, err = s.Load(ctx, by, b.load); err != nil {
			return lineNotFound(err, id)
		}
		if out.From.Status != LoadStanding && out.From.Status != LoadWithdrawn && out.From.Status != LoadReplaced {
			return NotFound.Errorf("There is no line %d.", id)
		}
		l := &cubeLoad{Load: out.From}
		if standing, ok := c.load(b.load); ok {
			l, out.Published = standing, true
		}
		k := b.lines[id-b.first]
		out.Line = c.line(l, id, k)
		for _, r := range c.rules {
			if r.ID == out.Line.Rule {
				out.Rules = r
			}
		}
		if err := s.lineRest(ctx, &out, k); err != nil {
			return err
		}
		return s.sameSupplier(ctx, c, &out)
	})
	return out, err
}

func lineNotFound(err error, id int64) error {
	if KindOf(err) == NotFound {
		return NotFound.Errorf("There is no line %d.", id)
	}
	return err
}

// lineRest reads the row of the file, and what was recorded and said of a line.
func (s *Store) lineRest(ctx context.Context, out *LineAt, k kept) error {
	w, found, err := maybe(ctx, s, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld WHERE line = $1`, out.ID)
	if err != nil {
		return err
	}
	if found {
		out.Withheld = w.Withholding
	}
	if out.Payee != Withheld {
		if out.Raw, err = s.rawOf(ctx, out.From, k.start, k.size); err != nil {
			return err
		}
		out.Cells = cellsOf(out.From, k.sheet, out.Raw)
		if out.Ties, err = s.tiesOf(ctx, out.ID); err != nil {
			return err
		}
	}
	if out.Notes, err = s.explanations(ctx, fmt.Sprintf("line/%d", out.ID)); err != nil {
		return err
	}
	out.History, err = s.Events(ctx, EventFilter{Subject: fmt.Sprintf("line/%d", out.ID)}, 20)
	return err
}

// rawOf is a record of a load’s file, as text.
func (s *Store) rawOf(ctx context.Context, l Load, start int64, size int) (string, error) {
	if start < 0 {
		return "", nil
	}
	hash := l.Hash
	if l.Delimiter == "" {
		hash = rowsOfBook(l.ID)
	}
	raw, err := s.keptText(ctx, hash, start, min(size, sheet.RawLimit))
	if err != nil || l.Delimiter == "" {
		return string(raw), err
	}
	return sheet.Text(l.Encoding, raw), nil
}

// cellsOf cuts a record into the cells of its columns.
func cellsOf(l Load, at int, raw string) (all []LineCell) {
	if at >= len(l.Sheets) || raw == "" {
		return nil
	}
	var delimiter byte
	if l.Delimiter != "" {
		delimiter = l.Delimiter[0]
	}
	cols := l.Sheets[at].Header
	for i, text := range sheet.Cells(raw, delimiter) {
		cell := LineCell{Text: text}
		if i < len(cols) {
			cell.Heading, cell.Field = cols[i].Heading, cols[i].Field
		}
		if cell.Text != "" || cell.Field != "" {
			all = append(all, cell)
		}
	}
	return all
}

// sameSupplier lists what the body paid to the same supplier.
func (s *Store) sameSupplier(ctx context.Context, c *cube, out *LineAt) error {
	if out.Identity.ID == 0 {
		return nil
	}
	f := SpendFilter{Bodies: []string{out.Body}, Supplier: out.Identity.Slug}
	sum, err := c.spend(ctx, s, f)
	if err != nil {
		return err
	}
	sc, err := c.scope(s, f)
	if err != nil {
		return err
	}
	out.SameSum = sum.Total
	out.Same, err = s.first(ctx, c.rowScope(sc), Newest, LineMark{}, sameMost)
	return err
}

// LoadPage is a load with some of its lines.
type LoadPage struct {
	Load
	Lines   []Line
	Next    int64 // line after which the next page begins, 0 where there is none
	Rejects []RejectedRow
	More    int64 // rejected rows beyond those
	History []Event
}

// LoadAt tells of one load, with its lines after one of them.
func (s *Store) LoadAt(ctx context.Context, by Viewer, id, after int64, most int) (out LoadPage, err error) {
	err = s.spend(ctx, func(s *Store, c *cube) error {
		if out.Load, err = s.Load(ctx, by, id); err != nil {
			return err
		}
		if out.History, err = s.Events(ctx, EventFilter{Subject: out.subject()}, 20); err != nil {
			return err
		}
		if err := s.rejects(ctx, &out); err != nil {
			return err
		}
		if out.Status == LoadStanding || out.Status == LoadWithdrawn || out.Status == LoadReplaced {
			return s.loadLines(ctx, c, &out, after, most)
		}
		return nil
	})
	return out, err
}

func (s *Store) loadLines(ctx context.Context, c *cube, out *LoadPage, after int64, most int) error {
	l, ok := c.load(out.ID)
	if !ok {
		flags, err := s.flagsOf(ctx, out.ID)
		if err != nil {
			return err
		}
		l = &cubeLoad{Load: out.Load, flags: flags}
	}
	stop := errors.New("enough")
	err := s.eachBlockFrom(ctx, out.ID, after, func(b *block) error {
		for i, k := range b.lines {
			id := b.first + int64(i)
			if id <= after {
				continue
			}
			if len(out.Lines) == most {
				out.Next = out.Lines[most-1].ID
				return stop
			}
			out.Lines = append(out.Lines, c.line(l, id, k))
		}
		return nil
	})
	if errors.Is(err, stop) {
		return nil
	}
	return err
}

// EachLoadLine goes through the lines of a load, standing or not, in one
// snapshot and in memory that does not grow with them.
func (s *Store) EachLoadLine(ctx context.Context, by Viewer, id int64) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		stop := errors.New("enough")
		err := s.spend(ctx, func(s *Store, c *cube) error {
			l, err := s.Load(ctx, by, id)
			if err != nil || l.Status != LoadStanding && l.Status != LoadWithdrawn && l.Status != LoadReplaced {
				return err
			}
			of, ok := c.load(id)
			if !ok {
				of = &cubeLoad{Load: l}
			}
			return s.eachBlock(ctx, id, func(b *block) error {
				for i, k := range b.lines {
					if !yield(c.line(of, b.first+int64(i), k), nil) {
						return stop
					}
				}
				return nil
			})
		})
		if err != nil && !errors.Is(err, stop) {
			yield(Line{}, err)
		}
	}
}

// rejects reads the first rejected rows of a load. Of a load that is withheld
// the text is not shown.
func (s *Store) rejects(ctx context.Context, out *LoadPage) error {
	type rejected struct {
		sheet, record int
		start         int64
		size          int
		reason        string
	}
	all, err := list(ctx, s, func(r row) (v rejected, err error) {
		return v, r.Scan(&v.sheet, &v.record, &v.start, &v.size, &v.reason)
	},
		`SELECT sheet, record, start, size, reason FROM spend_rejected WHERE load = $1 ORDER BY sheet, record LIMIT 100`, out.ID)
	if err != nil {
		return err
	}
	for _, v := range all {
		row := RejectedRow{Record: v.record, Reason: v.reason}
		if v.sheet < len(out.Sheets) {
			row.Sheet = out.Sheets[v.sheet].Name
		}
		if out.Load.Withheld == "" {
			if row.Raw, err = s.rawOf(ctx, out.Load, v.start, v.size); err != nil {
				return err
			}
			row.Raw = published(row.Raw)
		}
		out.Rejects = append(out.Rejects, row)
	}
	out.More = max(0, out.Rejected-int64(len(all)))
	return nil
}
