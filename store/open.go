package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
)

// openRecord loads the signing key, or makes it on the first start, and
// refuses a key that is not the one that the database names.
func openRecord(ctx context.Context, tx *db.Tx) error {
	h, err := record.ReadHead(ctx, tx)
	if err != nil {
		return err
	}
	if h.Key != "" && h.Demo != tx.Options.Demo {
		if h.Demo {
			return errors.New("this database is a demonstration: open it with “handover demo”, or name another for a real installation")
		}
		return errors.New("this database is not a demonstration, so it was not changed: choose another file with --database")
	}
	path := tx.Options.KeyFile()
	key, err := record.ReadKey(path)
	if errors.Is(err, os.ErrNotExist) && h.Key == "" {
		key, err = record.MakeKey(path, tx.Options.OriginName())
	}
	if errors.Is(err, os.ErrNotExist) && h.Key != "" {
		return fmt.Errorf("the record of this database is signed with the key %s, and %s is not there: set its file with --record-key", record.KeyName(h.Key), path)
	}
	if err != nil {
		return fmt.Errorf("the record key %s cannot be read or made: check the folder and who may write there", path)
	}
	if *record.Signing.Of(tx), err = note.NewSigner(strings.TrimSpace(string(key))); err != nil {
		return fmt.Errorf("%s does not hold a record key", path)
	}
	return claim(ctx, tx, strings.TrimSpace(string(key)))
}

// claim writes the key into a new record, or checks that it is the record's.
func claim(ctx context.Context, tx *db.Tx, key string) error {
	public, err := record.PublicKey(key)
	if err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		h, err := record.ReadHead(ctx, tx)
		if err != nil {
			return err
		}
		if h.Key == public {
			return decisions.ShipSchemes(ctx, tx) // to a record that was opened before there were any
		}
		if h.Key != "" {
			return fmt.Errorf("the record of this database is signed with the key %s, not with %s: set the right file with --record-key", record.KeyName(h.Key), record.KeyName(public))
		}
		if err := record.Claim(ctx, tx, public); err != nil {
			return err
		}
		return firstEvents(ctx, tx)
	})
}

// firstEvents opens the record with what the portal ships.
func firstEvents(ctx context.Context, tx *db.Tx) error {
	h, err := record.ReadHead(ctx, tx)
	if err != nil {
		return err
	}
	if _, err := record.Add(ctx, tx, office.Portal, "record.open", "record", record.Detail(record.Opening{Origin: h.Origin, Key: h.Key, Demo: &h.Demo})); err != nil {
		return err
	}
	schemes, err := decisions.ShippedSchemes(ctx, tx)
	if err != nil {
		return err
	}
	return register.ShipProgramme(ctx, tx, schemes)
}

// Open opens the database, brings its tables up to date and opens its record
// on first use. Its errors are sentences for whoever started the program.
func Open(ctx context.Context, o db.Options) (*db.Tx, error) {
	tx, err := db.Connect(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := tx.Ours(ctx); err != nil {
		return nil, errors.Join(err, tx.Close())
	}
	if err := tx.Migrate(ctx); err != nil {
		return nil, errors.Join(err, tx.Close())
	}
	registered(tx)
	if err := openRecord(ctx, tx); err != nil {
		return nil, errors.Join(err, tx.Close())
	}
	if err := decisions.FillListed(ctx, tx); err != nil {
		return nil, errors.Join(err, tx.Close())
	}
	if err := fillSearch(ctx, tx); err != nil {
		return nil, errors.Join(err, tx.Close())
	}
	return tx, nil
}

// Ready reports whether the database answers and its tables are current.
func Ready(ctx context.Context, tx *db.Tx) error {
	h, err := record.ReadHead(ctx, tx)
	if err != nil {
		return err
	}
	if err := tx.Current(ctx); err != nil {
		return err
	}
	if fault.KindOf(tx.Fault()) == fault.Unavailable { // there may be room again
		if err := record.TryDisk(ctx, tx); err != nil {
			return err
		}
	}
	if err := tx.Fault(); err != nil {
		return err
	}
	return record.Ahead(tx, h)
}

// quickMost is up to which size a file is looked through at each start.
const quickMost = 256 << 20

// QuickCheck refuses a SQLite file that is damaged, if it is small enough to be
// looked through at a start. Verify does more.
func QuickCheck(ctx context.Context, tx *db.Tx) error {
	if tx.Engine != db.Sqlite {
		return nil
	}
	size, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`)
	if err != nil || size > quickMost {
		return err
	}
	found, err := db.One(ctx, tx, db.ScanInto[string], `PRAGMA quick_check(1)`)
	if err == nil && found == "ok" {
		return nil
	}
	return fmt.Errorf("the file %s is damaged: restore a backup, or run “handover verify” on it to see how much of it is intact", tx.Options.Database)
}
