package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

const (
	busyTime = 5 * time.Second        // how long a connection to SQLite waits for another
	logKept  = 8 << 20                // bytes that SQLite's log keeps once it was copied back
	logTime  = 100 * time.Millisecond // how long shrinking the log waits for readers, and writers for it
)

// ShrinkLog copies SQLite's log back into the database and cuts it, where it has
// grown beyond what is kept of it: it grows while reads last, and SQLite itself
// cuts it only in a later write. While reads last it is left for the next time.
func (tx *Tx) ShrinkLog(ctx context.Context) error {
	if tx.Engine != Sqlite {
		return nil
	}
	info, err := os.Stat(tx.Options.Database + "-wal")
	if errors.Is(err, os.ErrNotExist) || err == nil && info.Size() <= logKept {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := tx.Writes.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.ExecContext(ctx, fmt.Sprintf(`PRAGMA busy_timeout = %d`, logTime.Milliseconds())); err != nil {
		return err
	}
	var busy, pages, copied int64
	err = c.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &copied)
	if tx.Engine.again(err) {
		err = nil
	}
	_, after := c.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf(`PRAGMA busy_timeout = %d`, busyTime.Milliseconds()))
	return errors.Join(err, after)
}
