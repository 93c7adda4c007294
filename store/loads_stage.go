package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/police-ict/handover/store/sheet"
)

const (
	runLines   = 64 * blockLines // sorted by day together, and written together
	cellsMost  = 200_000         // gathered before they are written
	writeBytes = 1 << 20         // of blocks in one write
)

// stager puts the lines of one load into blocks.
type stager struct {
	s        *Store
	l        *Load
	words    *dictionary
	tally    *loadTally
	digest   hash.Hash
	refused  hash.Hash      // of the rejected rows
	texts    hash.Hash      // of a workbook's rows as text
	run      []payment      // read
	runs     chan []payment // to be written
	rejected []rejection
	next     int64 // number of the next line
	cells    map[uint64]*cell
	places   []blockAt
	part     int64
	book     *rowsKeeper // nil for a text file
	ties     tying
	line     []byte // of the digest
}

type rejection struct {
	sheet, record int
	start         int64
	size          int
	reason        string
}

func newStager(s *Store, l *Load) *stager {
	st := &stager{s: s, l: l, words: s.dictionary(), tally: newLoadTally(), digest: sha256.New(), refused: sha256.New(), texts: sha256.New(), cells: map[uint64]*cell{}, runs: make(chan []payment, 1),
		ties: tying{sums: map[int64]*Under{}}}
	if l.Delimiter == "" {
		st.book = &rowsKeeper{s: s, hash: rowsOfBook(l.ID)}
	}
	return st
}

// stage reads the file and, beside that, writes what was read.
func (st *stager) stage(ctx context.Context, f *sheet.File) (*sheet.Summary, error) {
	var err error
	if st.ties.contracts, err = st.s.contractsFor(ctx, f); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	written := make(chan struct{})
	go func() {
		defer close(written)
		for run := range st.runs {
			if context.Cause(ctx) != nil {
				continue // nothing more is kept: let the reader end
			}
			if err := st.flush(ctx, run); err != nil {
				cancel(err)
			}
		}
	}()
	sum, err := f.Rows(func(row *sheet.Row) error { return st.row(ctx, row) })
	if err == nil {
		err = st.send(ctx)
	}
	close(st.runs)
	<-written
	if cause := context.Cause(ctx); cause != nil {
		return sum, cause
	}
	if err != nil {
		return sum, err
	}
	return sum, st.finish(ctx)
}

// send hands what was read over to be written.
func (st *stager) send(ctx context.Context) error {
	if len(st.run) > 0 {
		full := len(st.run) == runLines
		st.runs <- st.run
		if st.run = nil; full { // more is likely to come
			st.run = make([]payment, 0, runLines)
		}
	}
	return context.Cause(ctx)
}

// row takes one record of the file.
func (st *stager) row(ctx context.Context, r *sheet.Row) (err error) {
	if r.Kind != sheet.Line && r.Kind != sheet.Rejected {
		return nil
	}
	if st.book != nil {
		if r.Offset, r.Length, err = st.book.add(ctx, r.Raw); err != nil {
			return err
		}
		io.WriteString(st.texts, r.Raw+"\n") // a hash does not fail
	}
	if r.Kind == sheet.Rejected {
		no := rejection{r.Sheet, r.Record, r.Offset, r.Length, r.Reason}
		fmt.Fprintln(st.refused, no)
		st.rejected = append(st.rejected, no)
		if len(st.rejected) == 500 {
			return st.writeRejected(ctx)
		}
		return nil
	}
	l := lineOf(r, st.l.Period)
	st.tally.count(l)
	if st.run = append(st.run, l); len(st.run) == runLines {
		return st.send(ctx)
	}
	return nil
}

// flush writes a run of lines, in order of day.
func (st *stager) flush(ctx context.Context, run []payment) error {
	if err := st.words.number(ctx, run); err != nil {
		return err
	}
	slices.SortStableFunc(run, func(a, b payment) int { return cmp.Compare(a.paid, b.paid) })
	if err := st.begin(ctx); err != nil {
		return err
	}
	var rows [][]any
	size := 0
	for block := range slices.Chunk(run, blockLines) {
		hot, cold := st.block(block)
		rows = append(rows, []any{st.places[len(st.places)-1].first, st.l.ID, len(block), hot, cold})
		if size += len(hot) + len(cold); size > writeBytes {
			if err := st.write(ctx, insertBlock, rows); err != nil {
				return err
			}
			rows, size = rows[:0], 0
		}
	}
	if err := st.write(ctx, insertBlock, rows); err != nil {
		return err
	}
	if err := st.writeTies(ctx); err != nil {
		return err
	}
	if len(st.cells) > cellsMost {
		return st.writeCells(ctx)
	}
	return nil
}

// begin gives out the numbers of the load’s lines, all at once.
func (st *stager) begin(ctx context.Context) error {
	if st.next != 0 {
		return nil
	}
	return st.s.write(ctx, func(s *Store) error {
		given, err := one(ctx, s, scanInto[int64], `SELECT lines FROM spend_head WHERE id = 1`)
		if err != nil {
			return err
		}
		st.next, st.l.FirstLine = given+1, given+1
		return s.change(ctx, `UPDATE spend_head SET lines = $1 WHERE id = 1`, given+st.l.Lines)
	})
}

// block packs lines, and counts them into the cells and the digest.
func (st *stager) block(lines []payment) (hot, cold []byte) {
	packed := make([]kept, len(lines))
	at := blockAt{first: st.next, lines: int32(len(lines)), least: lines[0].paid, most: lines[len(lines)-1].paid, small: lines[0].pence, big: lines[0].pence}
	for i, l := range lines {
		packed[i] = l.kept
		at.small, at.big = min(at.small, l.pence), max(at.big, l.pence)
		st.count(l.kept)
		st.ties.line(st.l.ID, st.next+int64(i), l.kept)
		st.line = appendDigest(st.line[:0], l.kept, l.words)
		st.digest.Write(st.line)
	}
	st.places = append(st.places, at)
	st.next += int64(len(lines))
	return encodeBlock(packed)
}

func (st *stager) count(l kept) {
	period := packPeriod(l.paid.Period())
	key := uint64(period)<<32 | uint64(uint32(l.combo))
	c := st.cells[key]
	if c == nil {
		c = &cell{period: period, combo: uint32(l.combo)}
		st.cells[key] = c
	}
	c.lines++
	c.pence += l.pence
}

// appendDigest writes a line as its load’s digest holds it: all that is kept
// of it, apart by unit separators.
func appendDigest(b []byte, l kept, w words) []byte {
	for _, n := range []int64{int64(l.sheet), int64(l.record), l.start, int64(l.size), int64(l.paid), l.pence} {
		b = append(strconv.AppendInt(b, n, 10), unitSeparator...)
	}
	for _, text := range []string{w.supplier, w.number, w.category, w.centre, w.purpose, l.rest} {
		b = append(append(b, text...), unitSeparator...)
	}
	return append(b, '\n')
}

// digestOf is what a load’s event says of all that is kept of it: of its lines,
// of its rejected rows, and of the rows of a workbook as text.
func digestOf(lines, refused, texts hash.Hash) string {
	lines.Write(refused.Sum(nil))
	lines.Write(texts.Sum(nil))
	return hex.EncodeToString(lines.Sum(nil))
}

const insertBlock = `INSERT INTO spend_blocks (first, load, lines, hot, cold) VALUES ($1, $2, $3, $4, $5)`

// write stores rows, and says how far the load is. It ends the work when the
// load was stopped, or is another process’s by now.
func (st *stager) write(ctx context.Context, insert string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	var lease time.Time
	err := st.s.write(ctx, func(s *Store) (err error) {
		if lease, err = st.hold(ctx, s); err != nil {
			return err
		}
		return s.insert(ctx, insert, rows)
	})
	if err == nil {
		st.l.leased = lease // the write may have been done more than once
	}
	return err
}

// hold takes the lease on the load for a while longer, inside a write.
func (st *stager) hold(ctx context.Context, s *Store) (lease time.Time, err error) {
	lease = s.Now().Add(leaseTime)
	done := int64(0)
	if st.l.FirstLine > 0 {
		done = st.next - st.l.FirstLine
	}
	n, err := s.exec(ctx, `UPDATE loads SET done = $1, leased_to = $2 WHERE id = $3 AND status = 'taking_in' AND leased_to = $4`,
		done, stamp(lease), st.l.ID, stamp(st.l.leased))
	if err == nil && n != 1 {
		err = errStopped
	}
	return lease, err
}

// writeTies stores which lines of the run name a decision.
func (st *stager) writeTies(ctx context.Context) error {
	for part := range slices.Chunk(st.ties.rows, 2000) {
		if err := st.write(ctx, insertTie, part); err != nil {
			return err
		}
	}
	st.ties.rows = st.ties.rows[:0]
	return nil
}

func (st *stager) writeCells(ctx context.Context) error {
	cells := make([]cell, 0, len(st.cells))
	for _, c := range st.cells {
		cells = append(cells, *c)
	}
	slices.SortFunc(cells, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.period, b.period), cmp.Compare(a.combo, b.combo))
	})
	err := st.s.write(ctx, func(s *Store) error {
		return s.change(ctx, `INSERT INTO spend_cells (load, part, data) VALUES ($1, $2, $3)`, st.l.ID, st.part, encodeCells(cells, st.places))
	})
	st.part, st.places = st.part+1, nil
	clear(st.cells)
	return err
}

func (st *stager) writeRejected(ctx context.Context) error {
	if len(st.rejected) == 0 {
		return nil
	}
	var rows [][]any
	for _, r := range st.rejected {
		rows = append(rows, []any{st.l.ID, r.sheet, r.record, r.start, r.size, r.reason})
	}
	err := st.s.write(ctx, func(s *Store) error {
		return s.insert(ctx, `INSERT INTO spend_rejected (load, sheet, record, start, size, reason) VALUES ($1, $2, $3, $4, $5, $6)`, rows)
	})
	st.rejected = st.rejected[:0]
	return err
}

func (st *stager) finish(ctx context.Context) error {
	if err := st.writeCells(ctx); err != nil {
		return err
	}
	if st.book != nil {
		if err := st.book.flush(ctx); err != nil {
			return err
		}
	}
	return st.writeRejected(ctx)
}

// sorted are the keys of a map, in order.
func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
