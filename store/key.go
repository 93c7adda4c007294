package store

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// KeyFile is where the record's signing key lives unless the options say.
func (o Options) KeyFile() string {
	if o.Key != "" {
		return o.Key
	}
	if engineOf(o.Database) == postgres {
		return "handover.key"
	}
	return strings.TrimSuffix(o.Database, filepath.Ext(o.Database)) + ".key"
}

// openRecord loads the signing key, or makes it on the first start, and
// refuses a key that is not the one that the database names.
func (s *Store) openRecord(ctx context.Context) error {
	h, err := s.Head(ctx)
	if err != nil {
		return err
	}
	if h.Key != "" && h.Demo != s.options.Demo {
		if h.Demo {
			return errors.New("this database is a demonstration: open it with “handover demo”, or name another for a real installation")
		}
		return errors.New("this database is not a demonstration, so it is left as it is: name another file after --database")
	}
	path := s.options.KeyFile()
	key, err := readKey(path)
	if errors.Is(err, os.ErrNotExist) && h.Key == "" {
		key, err = makeKey(path, s.options.origin())
	}
	if errors.Is(err, os.ErrNotExist) && h.Key != "" {
		return fmt.Errorf("the record of this database is signed with the key %s, and %s is not there: name its file after --record-key", keyName(h.Key), path)
	}
	if err != nil {
		return fmt.Errorf("the record key %s cannot be read or made: check the folder and who may write there", path)
	}
	if *signing.Of(s), err = note.NewSigner(strings.TrimSpace(string(key))); err != nil {
		return fmt.Errorf("%s does not hold a record key", path)
	}
	return s.claim(ctx, strings.TrimSpace(string(key)))
}

// claim writes the key into a new record, or checks that it is the record's.
func (s *Store) claim(ctx context.Context, key string) error {
	public, err := publicKey(key)
	if err != nil {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		in, signer := writing.Of(s), *signing.Of(s)
		h := in.head
		if h.Key == public {
			return s.shipSchemes(ctx) // to a record that was opened before there were any
		}
		if h.Key != "" {
			return fmt.Errorf("the record of this database is signed with the key %s, not with %s: name the right file after --record-key", keyName(h.Key), keyName(public))
		}
		in.head.Key, in.head.Origin, in.head.Demo = public, signer.Name(), s.options.Demo
		if err := s.change(ctx, `UPDATE record_head SET key = $1, origin = $2, demo = $3 WHERE id = 1`, public, signer.Name(), s.options.Demo); err != nil {
			return err
		}
		return s.firstEvents(ctx)
	})
}

// firstEvents opens the record with what the portal ships.
func (s *Store) firstEvents(ctx context.Context) error {
	if _, err := s.record(ctx, Portal, "record.open", "record", detail(map[string]string{"origin": writing.Of(s).head.Origin, "key": writing.Of(s).head.Key})); err != nil {
		return err
	}
	schemes, err := s.shippedSchemes(ctx)
	if err != nil {
		return err
	}
	return s.shipProgramme(ctx, schemes)
}

func (o Options) origin() string {
	if o.Origin != "" {
		return o.Origin
	}
	return "handover"
}

// makeKey makes a signing key in a new file that only its owner may read. If
// another process made it first, that one is used.
func makeKey(path, origin string) ([]byte, error) {
	private, _, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return readKey(path)
	}
	if err != nil {
		return nil, err
	}
	_, err = f.WriteString(private + "\n")
	return []byte(private), errors.Join(err, f.Sync(), f.Close())
}

// readKey reads a key file. One that is still empty is being written by
// another process, so it is given a moment.
func readKey(path string) (key []byte, err error) {
	for range 40 {
		if key, err = os.ReadFile(path); err != nil || len(key) > 0 {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	return key, err
}

// publicKey is the verifier's key of a signer's key.
func publicKey(private string) (string, error) {
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

// keyName is the part of a public key that tells it from others.
func keyName(public string) string {
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
