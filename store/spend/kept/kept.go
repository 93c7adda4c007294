// Package kept keeps files as they were sent, in parts, under the hash of their
// bytes, and the rows of workbooks as text.
package kept

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"sync"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
)

// filePart is how much of a file is kept in one row, before compression.
const filePart = 1 << 20

// RowsOf is the name under which the rows of a workbook are kept as text:
// its own bytes have no row that could be pointed at.
func RowsOf(load int64) string { return fmt.Sprintf("rows of load %d", load) }

// Hash is the hex SHA-256 of a file.
func Hash(r io.ReaderAt, size int64) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(r, 0, size)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Keep keeps a file, compressed, a part in each write. What is kept already
// is left as it is.
func Keep(ctx context.Context, tx *db.Tx, hash string, r io.ReaderAt, size int64) error {
	has, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(SUM(size), 0) FROM spend_files WHERE hash = $1`, hash)
	if err != nil || has == size {
		return err
	}
	buf := make([]byte, min(filePart, size))
	for part, start := int64(0), int64(0); start < size; part, start = part+1, start+filePart {
		n, err := r.ReadAt(buf[:min(filePart, size-start)], start)
		if err != nil && err != io.EOF {
			return err
		}
		if err := keepPart(ctx, tx, hash, part, start, buf[:n]); err != nil {
			return err
		}
	}
	return nil
}

// squeezers are large to make, and used once for each part of a file.
var squeezers = sync.Pool{New: func() any { w, _ := flate.NewWriter(io.Discard, flate.BestSpeed); return w }} // the level is a good one

func keepPart(ctx context.Context, tx *db.Tx, hash string, part, start int64, raw []byte) error {
	var z bytes.Buffer
	w := squeezers.Get().(*flate.Writer)
	defer squeezers.Put(w)
	w.Reset(&z)
	w.Write(raw) // memory does not refuse
	w.Close()
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO spend_files (hash, part, start, size, data) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hash, part) DO NOTHING`,
			hash, part, start, len(raw), z.Bytes())
		return err
	})
}

type piece struct {
	start, size int64
	data        []byte
}

func scanPiece(r db.Row) (p piece, err error) { return p, r.Scan(&p.start, &p.size, &p.data) }

func (p piece) raw() ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(p.data)), p.size+1))
	if err != nil || int64(len(b)) != p.size {
		return nil, fmt.Errorf("a part of a kept file cannot be read: it was changed beside the portal")
	}
	return b, nil
}

// Text reads size bytes of a kept file from start on; fewer where the file
// ends, none where it is not kept.
func Text(ctx context.Context, tx *db.Tx, hash string, start int64, size int) ([]byte, error) {
	var out []byte
	for len(out) < size {
		p, found, err := db.Maybe(ctx, tx, scanPiece, `SELECT start, size, data FROM spend_files WHERE hash = $1 AND start <= $2 ORDER BY start DESC LIMIT 1`, hash, start)
		if err != nil || !found || start >= p.start+p.size {
			return out, err
		}
		raw, err := p.raw()
		if err != nil {
			return out, err
		}
		raw = raw[start-p.start:]
		raw = raw[:min(len(raw), size-len(out))]
		out = append(out, raw...)
		start += int64(len(raw))
	}
	return out, nil
}

// Copy writes a kept file to w, a part at a time.
func Copy(ctx context.Context, tx *db.Tx, hash string, w io.Writer) error {
	for part := int64(0); ; part++ {
		p, found, err := db.Maybe(ctx, tx, scanPiece, `SELECT start, size, data FROM spend_files WHERE hash = $1 AND part = $2`, hash, part)
		if err != nil || !found {
			return err
		}
		raw, err := p.raw()
		if err != nil {
			return err
		}
		if _, err := w.Write(raw); err != nil {
			return err
		}
	}
}

// Drop forgets what is kept under a name, in short writes.
func Drop(ctx context.Context, tx *db.Tx, name string) error {
	return record.InShortWrites(ctx, tx, `DELETE FROM spend_files WHERE hash = $1 AND part IN (SELECT part FROM spend_files WHERE hash = $1 ORDER BY part LIMIT 16)`, name)
}

// Rows keeps the rows of a workbook as text, and says where each stands.
type Rows struct {
	tx    *db.Tx
	hash  string
	part  int64
	start int64
	buf   []byte
}

// NewRows begins to keep the rows of the workbook of a load.
func NewRows(tx *db.Tx, load int64) *Rows { return &Rows{tx: tx, hash: RowsOf(load)} }

// Add keeps a row, and says where it begins and how long it is.
func (k *Rows) Add(ctx context.Context, raw string) (start int64, size int, err error) {
	start, size = k.start+int64(len(k.buf)), len(raw)
	k.buf = append(append(k.buf, raw...), '\n')
	if len(k.buf) >= filePart {
		err = k.Flush(ctx)
	}
	return start, size, err
}

// Flush writes what is not written yet.
func (k *Rows) Flush(ctx context.Context) error {
	if len(k.buf) == 0 {
		return nil
	}
	if err := keepPart(ctx, k.tx, k.hash, k.part, k.start, k.buf); err != nil {
		return err
	}
	k.part, k.start, k.buf = k.part+1, k.start+int64(len(k.buf)), k.buf[:0]
	return nil
}
