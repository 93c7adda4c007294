package store

import (
	"context"
	"time"
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

func scanSession(r row) (s Session, err error) {
	return s, r.Scan(&s.Hash, &s.Person, &s.Office, &s.Agent, &s.Notice, (*stamp)(&s.Started), (*stamp)(&s.Seen))
}

// SessionOf finds the session of a token and who it is, with the offices they
// hold today. A session that has ended, or whose person holds no office any
// more, is nobody's: NotFound.
func (s *Store) SessionOf(ctx context.Context, token string) (ses Session, v Viewer, err error) {
	err = s.read(ctx, func(s *Store) error {
		if ses, err = one(ctx, s, scanSession, `SELECT `+sessionCols+` FROM sessions WHERE hash = $1`, hashOf(token)); err != nil {
			return err
		}
		if !s.Now().Before(ses.Ends()) {
			return NotFound.Errorf("That session has ended.")
		}
		v, err = s.viewer(ctx, ses.Person, ses.Office)
		return err
	})
	return ses, v, err
}

// viewer is a person in the office they chose, or the first they hold today.
func (s *Store) viewer(ctx context.Context, person, office int64) (v Viewer, err error) {
	p, err := s.Person(ctx, person)
	if err != nil {
		return v, err
	}
	v = Viewer{Person: p.ID, Name: p.Name}
	if v.Offices, err = s.officesOn(ctx, person, DayOf(s.Now())); err != nil {
		return v, err
	}
	if len(v.Offices) == 0 {
		return Viewer{}, NotFound.Errorf("You hold no office today, so there is nothing to sign in to. Ask the administrator.")
	}
	v.Office = v.Offices[0]
	for _, o := range v.Offices {
		if o.ID == office {
			v.Office = o
		}
	}
	return v, nil
}

// ViewerOf is a person in an office that they hold today; 0 is the first.
func (s *Store) ViewerOf(ctx context.Context, person, office int64) (v Viewer, err error) {
	err = s.read(ctx, func(s *Store) error { v, err = s.viewer(ctx, person, office); return err })
	return v, err
}

// SessionsOf lists a person's sessions, newest first.
func (s *Store) SessionsOf(ctx context.Context, person int64) ([]Session, error) {
	now := s.Now()
	return list(ctx, s, scanSession, `SELECT `+sessionCols+` FROM sessions WHERE person = $1 AND seen_at > $2 AND started_at > $3 ORDER BY started_at DESC, hash`,
		person, stamp(now.Add(-SessionIdle)), stamp(now.Add(-SessionMost)))
}

// StartSession keeps a new session under the hash of its token, and sweeps
// away those that have ended.
func (s *Store) StartSession(ctx context.Context, token string, person int64, agent string) error {
	return s.write(ctx, func(s *Store) error {
		if _, err := s.viewer(ctx, person, 0); err != nil {
			return err
		}
		if _, err := s.exec(ctx, `DELETE FROM sessions WHERE seen_at <= $1 OR started_at <= $2`,
			stamp(s.Now().Add(-SessionIdle)), stamp(s.Now().Add(-SessionMost))); err != nil {
			return err
		}
		return s.change(ctx, `INSERT INTO sessions (hash, person, office, agent, notice, started_at, seen_at) VALUES ($1, $2, 0, $3, '', $4, $4)`,
			hashOf(token), person, agent, stamp(s.Now()))
	})
}

// KeepSession writes back what a request changed: the office acted in, the
// notice, and that the session was used.
func (s *Store) KeepSession(ctx context.Context, token string, office int64, notice string) error {
	return s.write(ctx, func(s *Store) error {
		_, err := s.exec(ctx, `UPDATE sessions SET office = $1, notice = $2, seen_at = $3 WHERE hash = $4`, office, notice, stamp(s.Now()), hashOf(token))
		return err
	})
}

// EndSession ends the session of a token.
func (s *Store) EndSession(ctx context.Context, token string) error {
	return s.write(ctx, func(s *Store) error {
		_, err := s.exec(ctx, `DELETE FROM sessions WHERE hash = $1`, hashOf(token))
		return err
	})
}

// EndSessions ends a person's sessions: the one with the hash, or all when
// hash is "".
func (s *Store) EndSessions(ctx context.Context, by Viewer, hash string) error {
	return s.write(ctx, func(s *Store) error { return s.endSessions(ctx, by.Person, hash) })
}

func (s *Store) endSessions(ctx context.Context, person int64, hash string) error {
	_, err := s.exec(ctx, `DELETE FROM sessions WHERE person = $1 AND ($2 = '' OR hash = $2)`, person, hash)
	return err
}
