package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
)

// papers holds each document to the content that its event committed to, read
// one at a time.
func (c *checker) papers(ctx context.Context) error {
	all, err := list(ctx, c.s, scanDocument, `SELECT `+documentCols+` FROM documents WHERE subject <> '' ORDER BY id`)
	for _, d := range all {
		_, hash, kept, err := c.s.unseal(ctx, d.AddedN, d.seal())
		if err != nil {
			return err
		}
		content, found, err := maybe(ctx, c.s, scanInto[[]byte], `SELECT content FROM contents WHERE hash = $1`, d.Hash)
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(content); !found || kept && string(hash) != d.Hash || hex.EncodeToString(sum[:]) != d.Hash {
			return c.diverges("the content of document %d is not the one that event %d committed to", d.ID, d.AddedN)
		}
	}
	return err
}
