package spend

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

// rowsOfBook is the name under which the rows of a workbook are kept as text:
// its own bytes have no row that could be pointed at.
func rowsOfBook(load int64) string { return fmt.Sprintf("rows of load %d", load) }

// fileHash is the hex SHA-256 of a file.
func fileHash(r io.ReaderAt, size int64) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(r, 0, size)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// keepFile keeps a file, compressed, a part in each write. What is kept already
// is left as it is.
func keepFile(ctx context.Context, tx *db.Tx, hash string, r io.ReaderAt, size int64) error {
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

type filePiece struct {
	start, size int64
	data        []byte
}

func scanPiece(r db.Row) (p filePiece, err error) { return p, r.Scan(&p.start, &p.size, &p.data) }

func (p filePiece) raw() ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(p.data)), p.size+1))
	if err != nil || int64(len(b)) != p.size {
		return nil, fmt.Errorf("a part of a kept file cannot be read: it was changed beside the portal")
	}
	return b, nil
}

// keptText reads size bytes of a kept file from start on; fewer where the file
// ends, none where it is not kept.
func keptText(ctx context.Context, tx *db.Tx, hash string, start int64, size int) ([]byte, error) {
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

// copyKept writes a kept file to w, a part at a time.
func copyKept(ctx context.Context, tx *db.Tx, hash string, w io.Writer) error {
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

// dropFile forgets what is kept of a file for a load that came to nothing: the
// rows of its workbook, and the file, if no other load is made of it.
func dropFile(ctx context.Context, tx *db.Tx, l Load) error {
	if err := dropParts(ctx, tx, rowsOfBook(l.ID)); err != nil {
		return err
	}
	used, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COUNT(*) FROM loads WHERE hash = $1 AND id <> $2 AND status NOT IN ('stopped', 'failed')`, l.Hash, l.ID)
	if err != nil || used > 0 {
		return err
	}
	return dropParts(ctx, tx, l.Hash)
}

func dropParts(ctx context.Context, tx *db.Tx, name string) error {
	return inShortWrites(ctx, tx, `DELETE FROM spend_files WHERE hash = $1 AND part IN (SELECT part FROM spend_files WHERE hash = $1 ORDER BY part LIMIT 16)`, name)
}

// inShortWrites runs a statement that touches a few rows until it touches none.
func inShortWrites(ctx context.Context, tx *db.Tx, query string, args ...any) error {
	for left := int64(1); left > 0; {
		err := record.Write(ctx, tx, func(tx *db.Tx) (err error) {
			left, err = tx.Exec(ctx, query, args...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// rowsKeeper keeps the rows of a workbook as text, and says where each stands.
type rowsKeeper struct {
	s     *db.Tx
	hash  string
	part  int64
	start int64
	buf   []byte
}

func (k *rowsKeeper) add(ctx context.Context, raw string) (start int64, size int, err error) {
	start, size = k.start+int64(len(k.buf)), len(raw)
	k.buf = append(append(k.buf, raw...), '\n')
	if len(k.buf) >= filePart {
		err = k.flush(ctx)
	}
	return start, size, err
}

func (k *rowsKeeper) flush(ctx context.Context) error {
	if len(k.buf) == 0 {
		return nil
	}
	if err := keepPart(ctx, k.s, k.hash, k.part, k.start, k.buf); err != nil {
		return err
	}
	k.part, k.start, k.buf = k.part+1, k.start+int64(len(k.buf)), k.buf[:0]
	return nil
}
