package record

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/police-ict/handover/store/db"
)

// MakeKey makes a signing key in a new file that only its owner may read. If
// another process made it first, that one is used.
func MakeKey(path, origin string) ([]byte, error) {
	private, _, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return ReadKey(path)
	}
	if err != nil {
		return nil, err
	}
	_, err = f.WriteString(private + "\n")
	return []byte(private), errors.Join(err, f.Sync(), f.Close())
}

// ReadKey reads a key file. One that is still empty is being written by
// another process, so it is given a moment.
func ReadKey(path string) (key []byte, err error) {
	for range 40 {
		if key, err = os.ReadFile(path); err != nil || len(key) > 0 {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	return key, err
}

// PublicKey is the verifier's key of a signer's key.
func PublicKey(private string) (string, error) {
	// PRIVATE+KEY+<name>+<hash>+<algorithm and seed>
	parts := strings.SplitN(strings.TrimPrefix(private, "PRIVATE+KEY+"), "+", 3)
	if len(parts) != 3 {
		return "", errors.New("that is not a record key")
	}
	pub, err := ed25519Public(parts[2])
	if err != nil {
		return "", err
	}
	return note.NewEd25519VerifierKey(parts[0], pub)
}

// KeyName is the part of a public key that tells it from others.
func KeyName(public string) string {
	parts := strings.SplitN(public, "+", 3)
	return strings.Join(parts[:min(2, len(parts))], "+")
}

func ed25519Public(encoded string) (ed25519.PublicKey, error) {
	seed, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return nil, errors.New("that is not a record key")
	}
	return ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey), nil
}

// An Opening is what the first event of a record says of it.
type Opening struct {
	Origin string `json:"origin"`
	Key    string `json:"key"`
	Demo   *bool  `json:"demo,omitempty"` // nil in records that were opened before it was said
}

// firstRelease is before every record of a real installation. The story of
// every demonstration begins before it.
const firstRelease = "2026-01-01"

// Agrees reports whether a record that was opened at an instant may be said to
// be a demonstration, or to be none. Where the event does not say, the day
// tells: no real record began before the first release.
func (o Opening) Agrees(at string, demo bool) bool {
	if o.Demo != nil {
		return *o.Demo == demo
	}
	return !demo || at < firstRelease
}

// BeganAsDemo reports whether a record may be that of a demonstration, by its
// first event.
func BeganAsDemo(ctx context.Context, tx *db.Tx) (bool, error) {
	e, err := FindEvent(ctx, tx, 1)
	if err != nil {
		return false, err
	}
	var said Opening
	p := e.Read()
	err = json.Unmarshal(p.Detail, &said)
	return said.Agrees(p.At, true), err
}

// Claim writes the public key of the signer into a new record.
func Claim(ctx context.Context, tx *db.Tx, public string) error {
	h, name := &Writing.Of(tx).Head, (*Signing.Of(tx)).Name()
	h.Key, h.Origin, h.Demo = public, name, tx.Options.Demo
	return tx.Change(ctx, `UPDATE record_head SET key = $1, origin = $2, demo = $3 WHERE id = 1`, public, name, tx.Options.Demo)
}
