package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/export"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/text"
	"github.com/police-ict/handover/web/serve"
	spendweb "github.com/police-ict/handover/web/spend"
)

type exportSpendCommand struct {
	Where
	Format string `required:"" enum:"csv,parquet,sqlite" help:"csv, parquet or sqlite."`
	Out    string `required:"" placeholder:"FILE" help:"The new file."`
}

// Run writes what anybody may download: names that are withheld are not in it.
func (c *exportSpendCommand) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(tx *db.Tx) error {
		if err := store.NewFile(c.Out, func(temp string) error { return c.write(ctx, tx, temp) }); err != nil {
			return err
		}
		info, err := os.Stat(c.Out)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s has all published payments (%s kB).\n", c.Out, text.Thousands((info.Size()+1023)>>10))
		return nil
	})
}

// write fills a file that is there and empty.
func (c *exportSpendCommand) write(ctx context.Context, tx *db.Tx, path string) error {
	if c.Format == "sqlite" {
		return export.SQLite(ctx, tx, payments.Filter{}, path)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if c.Format == "parquet" {
		return errors.Join(export.Parquet(ctx, tx, payments.Filter{}, f, func() {}), f.Close())
	}
	hidden, err := record.HiddenNames(ctx, tx)
	if err != nil {
		return errors.Join(err, f.Close())
	}
	return errors.Join(serve.WriteCSV(f, spendweb.PaymentRows(ctx, tx, payments.Filter{}), hidden, func() {}), f.Close())
}
