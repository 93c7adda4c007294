package documents

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
)

// Check holds each document to the content that its event committed to, read
// one at a time.
func Check(ctx context.Context, c *record.Checker) error {
	all, err := db.List(ctx, c.S, Scan, `SELECT `+Cols+` FROM documents WHERE subject <> '' ORDER BY id`)
	for _, d := range all {
		_, hash, kept, err := record.Unseal(ctx, c.S, d.AddedN, d.Seal())
		if err != nil {
			return err
		}
		content, found, err := db.Maybe(ctx, c.S, db.ScanInto[[]byte], `SELECT content FROM contents WHERE hash = $1`, d.Hash)
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(content); !found || kept && string(hash) != d.Hash || hex.EncodeToString(sum[:]) != d.Hash {
			return c.Diverges("the content of document %d is not the one that event %d committed to", d.ID, d.AddedN)
		}
	}
	return err
}
