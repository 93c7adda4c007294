package record

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
)

// Signer is the name of the key that signs checkpoints, with its hash.
func (h Head) Signer() string { return KeyName(h.Key) }

// Consistency is the proof that the record of from events is the beginning of
// that of to events.
type Consistency struct {
	From     int64    `json:"from"`
	To       int64    `json:"to"`
	FromRoot string   `json:"from_root"`
	ToRoot   string   `json:"to_root"`
	Proof    []string `json:"proof"`
}

// ProveConsistency proves that nothing before event from has changed up to event to.
func ProveConsistency(ctx context.Context, tx *db.Tx, from, to int64) (c Consistency, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		h, err := ReadHead(ctx, tx)
		if err != nil {
			return err
		}
		if from < 1 || to < from || to > h.Size {
			return fault.Invalid.Errorf("Enter “from” and “to” as entry numbers from 1 to %d, with “from” not after “to”.", h.Size)
		}
		proof, err := tlog.ProveTree(to, from, Hashes(ctx, tx))
		if err != nil {
			return err
		}
		old, err := tlog.TreeHash(from, Hashes(ctx, tx))
		if err != nil {
			return err
		}
		root, err := tlog.TreeHash(to, Hashes(ctx, tx))
		c = Consistency{from, to, old.String(), root.String(), Base64s(proof)}
		return err
	})
	return c, err
}

// Base64s are hashes in base64.
func Base64s[T ~[]tlog.Hash](hashes T) []string {
	out := make([]string, len(hashes))
	for i, h := range hashes {
		out[i] = h.String()
	}
	return out
}
