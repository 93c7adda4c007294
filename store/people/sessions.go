package people

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
)

// How long a session lasts: idle, and at most.
const (
	SessionIdle = 30 * time.Minute
	SessionMost = 12 * time.Hour
)

// Session is one signed-in browser. The cookie holds the token; the database
// only its hash.
type Session struct {
	Hash    string
	Person  int64
	Office  int64
	Agent   string // the browser, in words
	Notice  string // what to tell on the next page
	Started time.Time
	Seen    time.Time
}

// Ends is when the session ends if nothing more is asked.
func (s Session) Ends() time.Time {
	idle, most := s.Seen.Add(SessionIdle), s.Started.Add(SessionMost)
	if idle.Before(most) {
		return idle
	}
	return most
}

const sessionCols = `hash, person, office, agent, notice, started_at, seen_at`

func scanSession(r db.Row) (s Session, err error) {
	return s, r.Scan(&s.Hash, &s.Person, &s.Office, &s.Agent, &s.Notice, (*db.Stamp)(&s.Started), (*db.Stamp)(&s.Seen))
}

// SessionOf finds the session of a token and who it is, with the offices they
// hold today. A session that has ended, or whose person holds no office any
// more, is nobody's: NotFound.
func SessionOf(ctx context.Context, tx *db.Tx, token string) (ses Session, v office.Viewer, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if ses, err = db.One(ctx, tx, scanSession, `SELECT `+sessionCols+` FROM sessions WHERE hash = $1`, hashOf(token)); err != nil {
			return err
		}
		if !tx.Now().Before(ses.Ends()) {
			return fault.NotFound.Errorf("That session has ended.")
		}
		v, err = viewer(ctx, tx, ses.Person, ses.Office)
		return err
	})
	return ses, v, err
}

// viewer is a person in the office they chose, or the first they hold today.
func viewer(ctx context.Context, tx *db.Tx, person, post int64) (v office.Viewer, err error) {
	p, err := Find(ctx, tx, person)
	if err != nil {
		return v, err
	}
	v = office.Viewer{Person: p.ID, Name: p.Name}
	if v.Offices, err = office.OfficesOn(ctx, tx, person, civil.DayOf(tx.Now())); err != nil {
		return v, err
	}
	if len(v.Offices) == 0 {
		return office.Viewer{}, fault.NotFound.Errorf("You have no role today, so you cannot sign in. Ask the administrator.")
	}
	v.Office = v.Offices[0]
	for _, o := range v.Offices {
		if o.ID == post {
			v.Office = o
		}
	}
	return v, nil
}

// ViewerOf is a person in an office that they hold today; 0 is the first.
func ViewerOf(ctx context.Context, tx *db.Tx, person, office int64) (v office.Viewer, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error { v, err = viewer(ctx, tx, person, office); return err })
	return v, err
}

// SessionsOf lists a person's sessions, newest first.
func SessionsOf(ctx context.Context, tx *db.Tx, person int64) ([]Session, error) {
	now := tx.Now()
	return db.List(ctx, tx, scanSession, `SELECT `+sessionCols+` FROM sessions WHERE person = $1 AND seen_at > $2 AND started_at > $3 ORDER BY started_at DESC, hash`,
		person, db.Stamp(now.Add(-SessionIdle)), db.Stamp(now.Add(-SessionMost)))
}

// StartSession keeps a new session under the hash of its token, and sweeps
// away those that have ended.
func StartSession(ctx context.Context, tx *db.Tx, token string, person int64, agent string) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		if _, err := viewer(ctx, tx, person, 0); err != nil {
			return err
		}
		idle, most := db.Stamp(tx.Now().Add(-SessionIdle)), db.Stamp(tx.Now().Add(-SessionMost))
		if err := ended(ctx, tx, `seen_at <= $1 OR started_at <= $2`, idle, most); err != nil {
			return err
		}
		return tx.Change(ctx, `INSERT INTO sessions (hash, person, office, agent, notice, started_at, seen_at) VALUES ($1, $2, 0, $3, '', $4, $4)`,
			hashOf(token), person, agent, db.Stamp(tx.Now()))
	})
}

// KeepSession writes back what a request changed: the office acted in, the
// notice, and that the session was used.
func KeepSession(ctx context.Context, tx *db.Tx, token string, office int64, notice string) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE sessions SET office = $1, notice = $2, seen_at = $3 WHERE hash = $4`, office, notice, db.Stamp(tx.Now()), hashOf(token))
		return err
	})
}

// EndSession ends the session of a token.
func EndSession(ctx context.Context, tx *db.Tx, token string) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		return ended(ctx, tx, `hash = $1`, hashOf(token))
	})
}

// EndSessions ends a person's sessions: the one with the hash, or all when
// hash is "".
func EndSessions(ctx context.Context, tx *db.Tx, by office.Viewer, hash string) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error { return endSessions(ctx, tx, by.Person, hash) })
}

func endSessions(ctx context.Context, tx *db.Tx, person int64, hash string) error {
	return ended(ctx, tx, `person = $1 AND ($2 = '' OR hash = $2)`, person, hash)
}

// ended ends the sessions that a condition chooses, and remembers for a while
// whose they were.
func ended(ctx context.Context, tx *db.Tx, where string, args ...any) error {
	if _, err := tx.Exec(ctx, `DELETE FROM ended_sessions WHERE ended_at < $1`, db.Stamp(tx.Now().Add(-SessionMost))); err != nil {
		return err
	}
	at := fmt.Sprintf("$%d", len(args)+1)
	if _, err := tx.Exec(ctx, `INSERT INTO ended_sessions (hash, person, ended_at) SELECT hash, person, `+at+` FROM sessions WHERE `+where+` ON CONFLICT (hash) DO NOTHING`,
		append(slices.Clone(args), db.Stamp(tx.Now()))...); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM sessions WHERE `+where, args...)
	return err
}

// OwnerOf is whose a session was that is no more, by its token; 0 where that is
// not known.
func OwnerOf(ctx context.Context, tx *db.Tx, token string) (int64, error) {
	person, _, err := db.Maybe(ctx, tx, db.ScanInto[int64], `SELECT person FROM ended_sessions WHERE hash = $1
		UNION ALL SELECT person FROM sessions WHERE hash = $1 LIMIT 1`, hashOf(token))
	return person, err
}
