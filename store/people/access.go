package people

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
)

// From is where a request comes from, as the logs tell it.
type From struct {
	Address string // of the network
	Request string // its id in the program's log
}

// Network is the part of an address that somebody has to themselves: all of an
// IPv4 address, the first 64 bits of an IPv6 one.
func (f From) Network() string {
	a, err := netip.ParseAddr(f.Address)
	if err != nil {
		return f.Address
	}
	if a = a.Unmap().WithZone(""); a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return a.String()
	}
	return p.String()
}

// AccessAct is what the log of access tells.
type AccessAct string

// The acts of the log.
const (
	SignedIn        AccessAct = "signed in"
	SignInFailed    AccessAct = "sign-in failed"
	SignedOut       AccessAct = "signed out"
	PasswordChanged AccessAct = "password changed"
	ReadRestricted  AccessAct = "read"
)

// The log is kept for AccessKept, and of each act so many at most.
const (
	AccessKept = 400 * 24 * time.Hour
	accessMost = 100_000
)

// Access is one line of the log of access. It is no part of the record.
type Access struct {
	ID      int64
	At      time.Time
	Act     AccessAct
	Person  int64 // 0 where no account was meant
	Address string
	Request string
	What    string // what was read, or the browser
	Name    string // of the person
}

const accessCols = `l.id, l.at, l.act, l.person, l.address, l.request, l.what, COALESCE(p.name, '')`

func scanAccess(r db.Row) (a Access, err error) {
	return a, r.Scan(&a.ID, (*db.Stamp)(&a.At), &a.Act, &a.Person, &a.Address, &a.Request, &a.What, &a.Name)
}

// LogAccess adds a line to the log of access, and drops what is too old or too
// much of its act.
func LogAccess(ctx context.Context, tx *db.Tx, act AccessAct, person int64, from From, what string) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error { return logAccess(ctx, tx, act, person, from, what) })
}

func logAccess(ctx context.Context, tx *db.Tx, act AccessAct, person int64, from From, what string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM access_log WHERE at < $1`, db.Stamp(tx.Now().Add(-AccessKept))); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, fmt.Sprintf(`DELETE FROM access_log WHERE act = $1 AND id <= COALESCE((SELECT id FROM access_log WHERE act = $1 ORDER BY id DESC LIMIT 1 OFFSET %d), 0)`, accessMost-1), act); err != nil {
		return err
	}
	return tx.Change(ctx, `INSERT INTO access_log (at, act, person, address, request, what) VALUES ($1, $2, $3, $4, $5, $6)`,
		db.Stamp(tx.Now()), act, person, from.Address, from.Request, what)
}

// SignInsOf lists the newest sign-ins of a person, newest first, those that
// failed too.
func SignInsOf(ctx context.Context, tx *db.Tx, person int64, most int) ([]Access, error) {
	return db.List(ctx, tx, scanAccess, fmt.Sprintf(`SELECT %s FROM access_log l LEFT JOIN people p ON p.id = l.person
		WHERE l.person = $1 AND l.act <> $2 ORDER BY l.id DESC LIMIT %d`, accessCols, most), person, ReadRestricted)
}

// LastHere is when a person last signed in before today, zero where the log has
// no such day.
func LastHere(ctx context.Context, tx *db.Tx, person int64) (at time.Time, err error) {
	at, _, err = db.Maybe(ctx, tx, ScanInstant, `SELECT at FROM access_log WHERE person = $1 AND act = $2 AND at < $3 ORDER BY id DESC LIMIT 1`,
		person, SignedIn, db.Stamp(civil.DayOf(tx.Now()).Start()))
	return at, err
}

// AccessLog lists the newest lines of the log that v may read: sign-ins, what
// was read, or both.
func AccessLog(ctx context.Context, tx *db.Tx, v office.Viewer, most int) ([]Access, error) {
	signIns, readings := v.Reads(office.SignInLog), v.Reads(office.ReadingLog)
	return db.List(ctx, tx, scanAccess, fmt.Sprintf(`SELECT %s FROM access_log l LEFT JOIN people p ON p.id = l.person
		WHERE ($1 AND l.act <> $3 OR $2 AND l.act = $3) ORDER BY l.id DESC LIMIT %d`, accessCols, most), signIns, readings, ReadRestricted)
}

// DeviceLasts is how long a browser is known after it was last signed in from.
const DeviceLasts = 400 * 24 * time.Hour

const devicesMost = 20 // of a person

// deviceOf names a person's use of a browser. The token alone says nothing, and
// several people may use one browser.
func deviceOf(token string, person int64) string {
	return hashOf(fmt.Sprintf("device %d %s", person, token))
}

// KnowDevice notes that a person signed in from a browser, and returns the token
// of its cookie, a new one where it had none.
func KnowDevice(ctx context.Context, tx *db.Tx, person int64, token string) (string, error) {
	if token == "" || len(token) > 200 {
		token = rand.Text() + rand.Text()
	}
	return token, record.Write(ctx, tx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM devices WHERE seen_at < $1 OR hash = $2`, db.Stamp(tx.Now().Add(-DeviceLasts)), deviceOf(token, person)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, fmt.Sprintf(`DELETE FROM devices WHERE person = $1 AND hash NOT IN (SELECT hash FROM devices WHERE person = $1 ORDER BY seen_at DESC, hash LIMIT %d)`, devicesMost-1), person); err != nil {
			return err
		}
		return tx.Change(ctx, `INSERT INTO devices (hash, person, seen_at) VALUES ($1, $2, $3)`, deviceOf(token, person), person, db.Stamp(tx.Now()))
	})
}

// knows reports whether a person signed in from a browser before.
func knows(ctx context.Context, tx *db.Tx, person int64, token string) (bool, error) {
	if person == 0 || token == "" {
		return false, nil
	}
	_, found, err := db.Maybe(ctx, tx, db.ScanInto[string], `SELECT hash FROM devices WHERE hash = $1 AND seen_at >= $2`, deviceOf(token, person), db.Stamp(tx.Now().Add(-DeviceLasts)))
	return found, err
}
