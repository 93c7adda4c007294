package export

import (
	"context"
	"io"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/spend/payments"
)

// How many rows are held at once: memory grows with the rows of a group, not
// with the file.
const (
	groupRows = 20_000
	batchRows = 1024
)

// Parquet writes the payments of a filter as a Parquet file, and calls found for
// each of them. One that breaks off has no end, so that no program reads a part
// of it for the whole.
func Parquet(ctx context.Context, tx *db.Tx, f payments.Filter, to io.Writer, found func()) error {
	about, all, err := rows(ctx, tx, f)
	if err != nil {
		return err
	}
	w := parquet.NewGenericWriter[Row](to, parquet.MaxRowsPerRowGroup(groupRows), parquet.Compression(&parquet.Snappy), parquet.CreatedBy("handover", "1", ""),
		parquet.KeyValueMetadata("entry", strconv.FormatInt(about.Entry, 10)), parquet.KeyValueMetadata("as_at", string(about.AsAt)))
	batch := make([]Row, 0, batchRows)
	for r, err := range all {
		if err != nil {
			return err
		}
		found()
		if batch = append(batch, *r); len(batch) == batchRows {
			if _, err := w.Write(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	if _, err := w.Write(batch); err != nil {
		return err
	}
	return w.Close()
}
