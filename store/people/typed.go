package people

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"time"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/record"
)

// How much of what somebody typed is kept, and for how long.
const (
	TypedFor  = time.Hour
	TypedMost = 1 << 20 // bytes of one form
	typedRows = 30      // of one person; the oldest make room
)

// Typed is a form that was typed and not recorded.
type Typed struct {
	Purpose string       `json:"-"` // TypedCheck or TypedAgain
	Form    url.Values   `json:"form"`
	Fault   *fault.Error `json:"fault,omitempty"` // why it was refused, where it was
}

// What a form is kept for.
const (
	TypedCheck = "check" // to be confirmed
	TypedAgain = "again" // to be shown again as it was typed
)

// sealed is the cipher of what is kept under a key. Only the reader's browser
// has the key: the database, and a copy of it, has its hash.
func sealed(key string) (cipher.AEAD, error) {
	secret, err := hkdf.Key(sha256.New, []byte(key), nil, "typed form", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// KeepTyped keeps what a person typed at an address, encrypted, and returns the
// key that finds it again. What is too large to keep has no key.
func KeepTyped(ctx context.Context, tx *db.Tx, person int64, path string, t Typed) (key string, err error) {
	form, err := json.Marshal(t)
	if err != nil || len(form) > TypedMost {
		return "", err
	}
	key = rand.Text()
	seal, err := sealed(key)
	if err != nil {
		return "", err
	}
	form = seal.Seal(nil, nil, form, nil) // #nosec G407 -- the cipher puts a random nonce in front itself
	err = record.Write(record.WithSending(ctx, nil), tx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM typed WHERE made_at < $1 OR key IN
			(SELECT key FROM typed WHERE person = $2 ORDER BY made_at DESC, key LIMIT 1000 OFFSET $3)`, db.Stamp(tx.Now().Add(-TypedFor)), person, typedRows-1); err != nil {
			return err
		}
		return tx.Change(ctx, `INSERT INTO typed (key, person, path, purpose, form, made_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			hashOf(key), person, path, t.Purpose, base64.StdEncoding.EncodeToString(form), db.Stamp(tx.Now()))
	})
	return key, err
}

// FindTyped finds what a person typed at an address. What somebody else typed
// is not there.
func FindTyped(ctx context.Context, tx *db.Tx, person int64, path, key string) (t Typed, err error) {
	var form string
	t, found, err := db.Maybe(ctx, tx, func(r db.Row) (t Typed, err error) { return t, r.Scan(&t.Purpose, &form) },
		`SELECT purpose, form FROM typed WHERE key = $1 AND person = $2 AND path = $3 AND made_at >= $4`, hashOf(key), person, path, db.Stamp(tx.Now().Add(-TypedFor)))
	if err == nil && !found {
		err = errNotKept
	}
	if err != nil {
		return t, err
	}
	open, err := sealed(key)
	if err != nil {
		return t, err
	}
	content, err := base64.StdEncoding.DecodeString(form)
	if err == nil {
		content, err = open.Open(nil, nil, content, nil)
	}
	if err != nil {
		return t, errNotKept // it was kept before forms were encrypted
	}
	return t, json.Unmarshal(content, &t)
}

var errNotKept = fault.NotFound.Errorf("Your answers are no longer saved. Open the form and start again.")

// ForgetTyped deletes what a person typed and did not record.
func ForgetTyped(ctx context.Context, tx *db.Tx, person int64) error {
	return record.Write(record.WithSending(ctx, nil), tx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM typed WHERE person = $1`, person)
		return err
	})
}
