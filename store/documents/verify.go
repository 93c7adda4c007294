package documents

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
)

// Tables are what verify holds of documents, column by column, beside Check.
var Tables = []record.Table{
	{Name: "documents", Columns: "id, title, subject, body, person, added_n, published_n", Where: " WHERE subject <> ''", Want: func(_ context.Context, c *record.Checker, row func(...any)) error {
		return record.EachTold(c, "document", func(d Document, _ string) error {
			first := c.First(d.Thing())
			row(d.ID, d.Title, d.Subject, d.Body, first.Person, first.N, d.PublishedN)
			return nil
		})
	}},
}

// Check holds each document to the content that its event committed to, read
// one at a time: its type and size are those of the content, and its name the
// one that was sealed with it.
func Check(ctx context.Context, c *record.Checker) error {
	all, err := db.List(ctx, c.S, Scan, `SELECT `+Cols+` FROM documents ORDER BY id`)
	if err != nil {
		return err
	}
	for _, d := range all {
		if err := d.check(ctx, c); err != nil || c.Fault != "" {
			return err
		}
	}
	stray, found, err := db.Maybe(ctx, c.S, db.ScanInto[string], `SELECT hash FROM contents WHERE hash NOT IN (SELECT hash FROM documents) ORDER BY hash LIMIT 1`)
	if found {
		return c.Diverges("the content %s does not belong to any document", stray)
	}
	return err
}

func (d Document) check(ctx context.Context, c *record.Checker) error {
	content, found, err := db.Maybe(ctx, c.S, db.ScanInto[[]byte], `SELECT content FROM contents WHERE hash = $1`, d.Hash)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	whole := found && hex.EncodeToString(sum[:]) == d.Hash
	if d.Subject == "" {
		if !whole {
			return c.Diverges("the content of document %d, a draft, is not the one that was uploaded", d.ID)
		}
		return nil
	}
	_, hash, kept, err := record.Unseal(ctx, c.S, d.AddedN, d.Seal())
	if err != nil {
		return err
	}
	if !whole || !kept || string(hash) != d.Hash {
		return c.Diverges("the content of document %d is not the one that entry %d committed to", d.ID, d.AddedN)
	}
	if kind, err := TypeOf(content); err != nil || kind != d.Type || d.Size != int64(len(content)) {
		return c.Diverges("document %d has another type or size than its content", d.ID)
	}
	_, name, kept, err := record.Unseal(ctx, c.S, d.AddedN, d.sealOfName())
	if err == nil && kept && string(name) != d.Name {
		err = c.Diverges("document %d does not have the name that entry %d committed to", d.ID, d.AddedN)
	}
	return err
}

// sealOfName is the name of the sealed part that commits to the file's name.
func (d Document) sealOfName() string { return fmt.Sprintf("name of document %d", d.ID) }
