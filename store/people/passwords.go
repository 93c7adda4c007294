package people

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// hashing limits how many passwords are hashed at once, since each takes a
// processor and 19 MiB.
var hashing = make(chan struct{}, runtime.NumCPU())

// argon are the parameters of OWASP's first choice for argon2id; cheap are the
// least that it takes, for databases that can be made again.
var (
	argon = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	cheap = &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
)

// costOf is what a hash costs: little only in a database that can be made again.
func costOf(tx *db.Tx) *argon2id.Params {
	if tx.Options.Scratch {
		return cheap
	}
	return argon
}

func hashPassword(ctx context.Context, tx *db.Tx, password string) (hash string, err error) {
	if tx.Demo() && password == SamplePassword {
		return sampleHash.Of(tx).hash(SamplePassword, argon)
	}
	err = oneOf(ctx, func() error { hash, err = argon2id.CreateHash(password, costOf(tx)); return err })
	return hash, err
}

func matches(ctx context.Context, password, hash string) (ok bool, err error) {
	err = oneOf(ctx, func() error { ok, err = argon2id.ComparePasswordAndHash(password, hash); return err })
	return ok, err
}

func oneOf(ctx context.Context, work func() error) error {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
		return work()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// nobody is a hash to try where there is no account, so that it takes as long.
var nobody db.Slot[onceHashed]

// Wrong sign-ins slow down: from the sixth for an account from one network, each
// doubles the wait, to a quarter of an hour at most; from the hundred-and-first
// for a network too, to a minute at most, since many people may share it. Tries older than an hour are forgotten. Wrong tries for an account
// from everywhere make each further one pause for a moment, but refuse nobody:
// a stranger must not keep its owner out. Nor does any of it hold for a browser
// from which the person signed in before, until that browser has itself been
// wrong twenty times.
const (
	triesKept  = time.Hour
	longest    = 15 * time.Minute
	perPair    = 5
	perNetwork = 100
	shared     = time.Minute // the longest wait of a network
	perDevice  = 20
	perAccount = 10
	pauseMost  = 3 * time.Second
)

// pause is how long a try for an account waits after n wrong ones from anywhere.
func pause(n int) time.Duration {
	if n <= perAccount {
		return 0
	}
	return min(pauseMost, time.Duration(n-perAccount)*100*time.Millisecond)
}

// wait is how long after the last of n wrong tries the next is heard.
func wait(n int, from source) time.Duration {
	if n <= from.free {
		return 0
	}
	if n-from.free > 10 {
		return from.most
	}
	return min(from.most, time.Second<<(n-from.free))
}

// Entry is what somebody signs in with.
type Entry struct {
	Email, Password string
	Device          string // token of the browser's cookie, "" for none
	Browser         string // in words
	From
}

// SignIn checks an address and a password and returns whose they are, and how
// long the answer is to be kept back. What it says does not tell whether there
// is such an account.
func SignIn(ctx context.Context, tx *db.Tx, e Entry) (person int64, wait time.Duration, err error) {
	key := text.Fold(e.Email)
	everywhere := source{hashOf("account " + key), 0, 0}
	var sources []source
	var id int64
	var hash string
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		type account struct {
			id   int64
			hash string
		}
		a, _, err := db.Maybe(ctx, tx, func(r db.Row) (a account, err error) { return a, r.Scan(&a.id, &a.hash) },
			`SELECT id, password FROM people WHERE email_key = $1 AND password <> ''`, key)
		if err != nil {
			return err
		}
		id, hash = a.id, a.hash
		if sources, wait, err = sourcesOf(ctx, tx, e, id); err != nil {
			return err
		}
		for _, one := range sources {
			if err := tryFrom(ctx, tx, one); err != nil {
				return err
			}
		}
		return tx.Change(ctx, `INSERT INTO sign_in_tries (source, at) VALUES ($1, $2)`, everywhere.hash, db.Stamp(tx.Now()))
	})
	if err != nil {
		return 0, 0, err
	}
	if id == 0 {
		if hash, err = nobody.Of(tx).hash("no such account", costOf(tx)); err != nil {
			return 0, 0, err
		}
	}
	ok, err := matches(ctx, e.Password, hash)
	if err != nil {
		return 0, 0, err
	}
	if !ok || id == 0 {
		if err := LogAccess(ctx, tx, SignInFailed, id, e.From, e.Browser); err != nil {
			return 0, 0, err
		}
		return 0, wait, fault.Invalid.Errorf("The email address or password is not correct. Check both and try again.")
	}
	return id, wait, forgetTries(ctx, tx, append(sources, everywhere))
}

// sourcesOf are the sources that a try is counted for and may have to wait for,
// and how long it pauses: none of a browser that the person is known from.
func sourcesOf(ctx context.Context, tx *db.Tx, e Entry, person int64) (all []source, wait time.Duration, err error) {
	if known, err := knows(ctx, tx, person, e.Device); err != nil {
		return nil, 0, err
	} else if known {
		device := source{hashOf("device " + deviceOf(e.Device, person)), perDevice, longest}
		n, err := wrongFrom(ctx, tx, device)
		if err != nil || n < perDevice {
			return []source{device}, 0, err
		}
	}
	n, err := wrongFrom(ctx, tx, source{hashOf("account " + text.Fold(e.Email)), 0, 0})
	network := e.Network()
	return []source{{hashOf("account " + text.Fold(e.Email) + " from " + network), perPair, longest}, {hashOf("address " + network), perNetwork, shared}}, pause(n), err
}

// wrongFrom counts the tries from a source in the last hour.
func wrongFrom(ctx context.Context, tx *db.Tx, from source) (int, error) {
	return db.One(ctx, tx, db.ScanInto[int], `SELECT COUNT(*) FROM sign_in_tries WHERE source = $1 AND at >= $2`, from.hash, db.Stamp(tx.Now().Add(-triesKept)))
}

// ConfirmPassword checks a signed-in person's password once more, for an act
// that binds a body.
func ConfirmPassword(ctx context.Context, tx *db.Tx, by office.Viewer, password string) error {
	sources := []source{{hashOf(fmt.Sprint("confirm ", by.Person)), perPair, longest}}
	var hash string
	err := record.Write(ctx, tx, func(tx *db.Tx) (err error) {
		if err := tryFrom(ctx, tx, sources[0]); err != nil {
			return err
		}
		hash, err = db.One(ctx, tx, db.ScanInto[string], `SELECT password FROM people WHERE id = $1`, by.Person)
		return err
	})
	if err != nil {
		return err
	}
	if hash == "" {
		return fault.Field("again", "You do not have a password yet. Open your invitation first.")
	}
	if ok, err := matches(ctx, password, hash); err != nil {
		return err
	} else if !ok {
		return fault.Field("again", "The password is not correct. Nothing has been recorded.")
	}
	return forgetTries(ctx, tx, sources)
}

// A source is where tries come from, how many wrong ones cost no wait, and how
// long it waits at most.
type source struct {
	hash string
	free int
	most time.Duration // the longest wait
}

// tryFrom counts one more try from a source, unless it must wait. The try is
// counted before the password is looked at, so that tries at the same instant
// cannot slip past each other.
func tryFrom(ctx context.Context, tx *db.Tx, from source) error {
	if _, err := tx.Exec(ctx, `DELETE FROM sign_in_tries WHERE at < $1`, db.Stamp(tx.Now().Add(-triesKept))); err != nil {
		return err
	}
	type tries struct {
		n    int
		last time.Time
	}
	t, err := db.One(ctx, tx, func(r db.Row) (t tries, err error) { return t, r.Scan(&t.n, (*db.Stamp)(&t.last)) },
		`SELECT COUNT(*), MAX(at) FROM sign_in_tries WHERE source = $1`, from.hash)
	if err != nil {
		return err
	}
	if left := t.last.Add(wait(t.n, from)).Sub(tx.Now()); t.n > 0 && left > 0 {
		return fault.Slow.Errorf("Too many wrong tries. Wait %s, then try again.", text.Count(int((left+time.Second-1)/time.Second), "second", "seconds"))
	}
	return tx.Change(ctx, `INSERT INTO sign_in_tries (source, at) VALUES ($1, $2)`, from.hash, db.Stamp(tx.Now()))
}

// forgetTries recovers the account after a right password. What is counted for
// more than this account from this place loses the one try alone.
func forgetTries(ctx context.Context, tx *db.Tx, sources []source) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM sign_in_tries WHERE source = $1`, sources[0].hash); err != nil {
			return err
		}
		for _, from := range sources[1:] {
			if _, err := tx.Exec(ctx, `DELETE FROM sign_in_tries WHERE id = (SELECT MAX(id) FROM sign_in_tries WHERE source = $1)`, from.hash); err != nil {
				return err
			}
		}
		return nil
	})
}

// SamplePassword is the password of every sample account of a demonstration.
// Every page that asks for a password shows it, so the accounts may share one
// hash and its salt.
const SamplePassword = "a sample password"

// sampleHash is its hash, made once for a demonstration.
var sampleHash db.Slot[onceHashed]

// onceHashed is the hash of a password that everybody may know.
type onceHashed struct {
	once  sync.Once
	value string
	err   error
}

func (h *onceHashed) hash(password string, cost *argon2id.Params) (string, error) {
	h.once.Do(func() { h.value, h.err = argon2id.CreateHash(password, cost) })
	return h.value, h.err
}
