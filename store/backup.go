package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
)

// A Copy is a backup as it was made.
type Copy struct {
	Events int64
	Bytes  int64
	Key    string // the file of the record's key, which is not in the copy
}

// OpenOrMake opens the database, and where a SQLite file is not there yet
// makes it whole under another name first: a start that is refused leaves
// nothing behind.
func OpenOrMake(ctx context.Context, o db.Options) (*db.Tx, error) {
	if db.EngineOf(o.Database) == db.Sqlite && missing(o.Database) {
		if err := db.Usable(db.Sqlite, o.Database); err != nil {
			return nil, err
		}
		if info, err := os.Stat(filepath.Dir(o.KeyFile())); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("the folder of the record key %s does not exist: create it, or choose another place with --record-key", o.KeyFile())
		}
		err := NewFile(o.Database, func(temp string) error {
			made := o
			made.Database, made.Key = temp, o.KeyFile()
			tx, err := Open(ctx, made)
			if err != nil {
				return err
			}
			return tx.Close()
		})
		if err != nil && missing(o.Database) { // otherwise another process made it first
			return nil, err
		}
	}
	return Open(ctx, o)
}

// OpenExisting opens a database that is there already.
func OpenExisting(ctx context.Context, o db.Options) (*db.Tx, error) {
	if db.EngineOf(o.Database) == db.Sqlite {
		if err := there(o.Database); err != nil {
			return nil, err
		}
	}
	return Open(ctx, o)
}

// Backup copies a SQLite database into a new file while the portal runs. The
// record's key is not in the copy.
func Backup(ctx context.Context, o db.Options, to string) (c Copy, err error) {
	if db.EngineOf(o.Database) == db.Postgres {
		return c, errors.New("a PostgreSQL database is copied with its own tools: use pg_dump, and keep a copy of the record key apart from it")
	}
	if db.EngineOf(to) == db.Postgres {
		return c, errors.New("a backup is a file: name a new one")
	}
	c.Key = o.KeyFile()
	err = NewFile(to, func(temp string) error {
		if err := there(o.Database); err != nil {
			return err
		}
		tx, err := db.Connect(ctx, o)
		if err != nil {
			return err
		}
		c.Events, err = copyInto(ctx, tx, temp)
		return errors.Join(err, tx.Close())
	})
	if err != nil {
		return c, err
	}
	info, err := os.Stat(to)
	if err == nil {
		c.Bytes = info.Size()
	}
	return c, err
}

// Restore puts a backup in the place of a database that is not there. It is
// brought up to this version and checked whole first; only what verifies is
// put in place.
func Restore(ctx context.Context, o db.Options, from string) (v record.Verdict, err error) {
	if db.EngineOf(o.Database) == db.Postgres || db.EngineOf(from) == db.Postgres {
		return v, errors.New("a PostgreSQL database is put back with its own tools: use pg_restore, then “handover verify”")
	}
	err = NewFile(o.Database, func(temp string) error {
		if err := there(from); err != nil {
			return err
		}
		tx, err := openFile(from, "mode=rw")
		if err != nil {
			return err
		}
		if _, err := copyInto(ctx, tx, temp); err != nil {
			return errors.Join(err, tx.Close())
		}
		if err := tx.Close(); err != nil {
			return err
		}
		if err := upgrade(ctx, temp); err != nil {
			return err
		}
		if v, err = VerifyDatabase(ctx, temp); err == nil && !v.OK() {
			err = fmt.Errorf("%s was not restored, because it failed the check: %s", from, v.Fault)
		}
		return err
	})
	return v, err
}

// upgrade brings the tables of a file that nobody else uses up to date.
func upgrade(ctx context.Context, path string) error {
	tx, err := db.Connect(ctx, db.Options{Database: path})
	if err != nil {
		return err
	}
	err = tx.Migrate(ctx)
	if err == nil {
		err = spend.FillSuppliers(ctx, tx)
	}
	if err == nil {
		err = decisions.FillListed(ctx, tx)
	}
	return errors.Join(err, tx.Close())
}

// copyInto copies a SQLite database into the file to, as it stands at one
// instant, and counts its events. It goes through SQLite and never through
// os.Open, which would drop the locks of a database in use.
func copyInto(ctx context.Context, tx *db.Tx, to string) (events int64, err error) {
	if _, err := record.ReadHead(ctx, tx); err != nil {
		return 0, fmt.Errorf("%s is not a database of the portal", tx.Options.Database)
	}
	if _, err := tx.Writes.ExecContext(ctx, `VACUUM INTO $1`, to); err != nil {
		return 0, fmt.Errorf("%s cannot be copied: %w", tx.Options.Database, err)
	}
	made, err := openFile(to, "mode=rw")
	if err != nil {
		return 0, err
	}
	h, err := record.ReadHead(ctx, made)
	return h.Size, errors.Join(err, made.Close())
}

// there refuses a SQLite file that is not there.
func there(path string) error {
	if err := db.Usable(db.Sqlite, path); err != nil {
		return err
	}
	if missing(path) {
		return fmt.Errorf("there is no database %s: check its name", path)
	}
	return nil
}

// openFile opens a SQLite file that is there, and makes nothing of it that it
// is not: no tables, no other journal.
func openFile(path, how string) (*db.Tx, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	theDb, err := sql.Open(db.Sqlite.Driver(), "file:"+(&url.URL{Path: full}).EscapedPath()+"?"+how+"&_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, err
	}
	theDb.SetMaxOpenConns(1)
	return &db.Tx{Now: time.Now, Reads: theDb, Writes: theDb, Q: theDb, Engine: db.Sqlite, Options: db.Options{Database: path}, Slots: &sync.Map{}}, nil
}

// NewFile makes a database file: under another name first, and in its place
// only once it is whole and on the disk. A file that is there already is left
// as it is.
func NewFile(path string, fill func(temp string) error) error {
	if err := free(path); err != nil {
		return err
	}
	temp, err := filepath.Abs(path + ".part-" + rand.Text()[:8])
	if err != nil {
		return err
	}
	defer discard(temp)
	// Made here so that only its owner may read it: it holds restricted texts.
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return fmt.Errorf("%s cannot be made: check the folder and who may write there", path)
	}
	if err := fill(temp); err != nil {
		return errors.New(strings.ReplaceAll(err.Error(), temp, path))
	}
	if info, err := os.Stat(temp + "-wal"); err == nil && info.Size() > 0 {
		return fmt.Errorf("%s could not be finished: something else holds it open", path)
	}
	if err := flush(temp); err != nil {
		return err
	}
	if err := place(temp, path); err != nil {
		return err
	}
	return flush(filepath.Dir(path))
}

// free refuses a path where something is already.
func free(path string) error {
	if err := db.Usable(db.Sqlite, path); err != nil {
		return err
	}
	if !missing(path) {
		return taken(path)
	}
	for _, rest := range []string{"-wal", "-journal"} {
		// SQLite would take what is left of another database into the new one.
		if info, err := os.Stat(path + rest); err == nil && info.Size() > 0 {
			return fmt.Errorf("%s is left from another database of that name: move it away first", path+rest)
		}
	}
	return nil
}

func missing(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// place gives a finished file its name, unless something has that name. A link
// never replaces; where the disk has no links, a look before must do.
func place(temp, path string) error {
	if err := os.Link(temp, path); err == nil {
		return nil
	}
	if !missing(path) {
		return taken(path)
	}
	return os.Rename(temp, path)
}

func taken(path string) error {
	return fmt.Errorf("%s already exists and was not changed: choose a new file name", path)
}

// flush waits until a file or folder is on the disk.
func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// discard removes what is left of a file that was made under another name.
func discard(temp string) {
	for _, rest := range []string{"", "-wal", "-shm", "-journal"} {
		_ = os.Remove(temp + rest) // mostly not there
	}
}
