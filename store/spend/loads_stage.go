package spend

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"slices"
	"time"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/kept"
	"github.com/police-ict/handover/store/spend/sheet"
)

const (
	runLines   = 64 * block.MaxLines // sorted by day together, and written together
	cellsMost  = 200_000             // gathered before they are written
	writeBytes = 1 << 20             // of blocks in one write
)

// stager puts the lines of one load into blocks.
type stager struct {
	s        *db.Tx
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
	cells    map[uint64]*block.Cell
	places   []block.Place
	part     int64
	book     *kept.Rows // nil for a text file
	ties     tying
	line     []byte // of the digest
}

type rejection struct {
	sheet, record int
	start         int64
	size          int
	reason        string
}

func newStager(tx *db.Tx, l *Load) *stager {
	st := &stager{s: tx, l: l, words: takeDictionary(tx), tally: newLoadTally(), digest: sha256.New(), refused: sha256.New(), texts: sha256.New(), cells: map[uint64]*block.Cell{}, runs: make(chan []payment, 1),
		ties: tying{sums: map[int64]*Under{}}}
	if l.Delimiter == "" {
		st.book = kept.NewRows(tx, l.ID)
	}
	return st
}

// stage reads the file and, beside that, writes what was read.
func (st *stager) stage(ctx context.Context, f *sheet.File) (*sheet.Summary, error) {
	var err error
	if st.ties.contracts, err = contractsFor(ctx, st.s, f); err != nil {
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
		if r.Offset, r.Length, err = st.book.Add(ctx, r.Raw); err != nil {
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
	slices.SortStableFunc(run, func(a, b payment) int { return cmp.Compare(a.Paid, b.Paid) })
	if err := st.begin(ctx); err != nil {
		return err
	}
	var rows [][]any
	size := 0
	for block := range slices.Chunk(run, block.MaxLines) {
		hot, cold := st.block(block)
		rows = append(rows, []any{st.places[len(st.places)-1].First, st.l.ID, len(block), hot, cold})
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
	return record.Write(ctx, st.s, func(tx *db.Tx) error {
		given, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT lines FROM spend_head WHERE id = 1`)
		if err != nil {
			return err
		}
		st.next, st.l.FirstLine = given+1, given+1
		return tx.Change(ctx, `UPDATE spend_head SET lines = $1 WHERE id = 1`, given+st.l.Lines)
	})
}

// block packs lines, and counts them into the cells and the digest.
func (st *stager) block(lines []payment) (hot, cold []byte) {
	packed := make([]block.Line, len(lines))
	at := block.Place{First: st.next, Lines: int32(len(lines)), Least: lines[0].Paid, Most: lines[len(lines)-1].Paid, Small: lines[0].Pence, Big: lines[0].Pence}
	for i, l := range lines {
		packed[i] = l.Line
		at.Small, at.Big = min(at.Small, l.Pence), max(at.Big, l.Pence)
		st.count(l.Line)
		st.ties.line(st.l.ID, st.next+int64(i), l.Line)
		st.line = block.AppendDigest(st.line[:0], l.Line, l.Words)
		st.digest.Write(st.line)
	}
	st.places = append(st.places, at)
	st.next += int64(len(lines))
	return block.Encode(packed)
}

func (st *stager) count(l block.Line) {
	period := block.PackPeriod(l.Paid.Period())
	key := uint64(period)<<32 | uint64(uint32(l.Combo))
	c := st.cells[key]
	if c == nil {
		c = &block.Cell{Period: period, Combo: uint32(l.Combo)}
		st.cells[key] = c
	}
	c.Lines++
	c.Pence = money.Add(c.Pence, l.Pence)
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
func (st *stager) write(ctx context.Context, theInsert string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	var lease time.Time
	err := record.Write(ctx, st.s, func(tx *db.Tx) (err error) {
		if lease, err = st.hold(ctx, tx); err != nil {
			return err
		}
		return insert(ctx, tx, theInsert, rows)
	})
	if err == nil {
		st.l.leased = lease // the write may have been done more than once
	}
	return err
}

// hold takes the lease on the load for a while longer, inside a write.
func (st *stager) hold(ctx context.Context, tx *db.Tx) (lease time.Time, err error) {
	lease = tx.Now().Add(leaseTime)
	done := int64(0)
	if st.l.FirstLine > 0 {
		done = st.next - st.l.FirstLine
	}
	n, err := tx.Exec(ctx, `UPDATE loads SET done = $1, leased_to = $2 WHERE id = $3 AND status = 'taking_in' AND leased_to = $4`,
		done, db.Stamp(lease), st.l.ID, db.Stamp(st.l.leased))
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
	cells := make([]block.Cell, 0, len(st.cells))
	for _, c := range st.cells {
		cells = append(cells, *c)
	}
	slices.SortFunc(cells, func(a, b block.Cell) int {
		return cmp.Or(cmp.Compare(a.Period, b.Period), cmp.Compare(a.Combo, b.Combo))
	})
	err := record.Write(ctx, st.s, func(tx *db.Tx) error {
		return tx.Change(ctx, `INSERT INTO spend_cells (load, part, data) VALUES ($1, $2, $3)`, st.l.ID, st.part, block.EncodeCells(cells, st.places))
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
	err := record.Write(ctx, st.s, func(tx *db.Tx) error {
		return insert(ctx, tx, `INSERT INTO spend_rejected (load, sheet, record, start, size, reason) VALUES ($1, $2, $3, $4, $5, $6)`, rows)
	})
	st.rejected = st.rejected[:0]
	return err
}

func (st *stager) finish(ctx context.Context) error {
	if err := st.writeCells(ctx); err != nil {
		return err
	}
	if st.book != nil {
		if err := st.book.Flush(ctx); err != nil {
			return err
		}
	}
	return st.writeRejected(ctx)
}
