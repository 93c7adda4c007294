package store

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"
)

// Receipt is the proof that an event is in the record.
type Receipt struct {
	Event      Event
	Leaf       int64    // index in the tree, from 0
	Hash       string   // of the leaf, base64
	Proof      []string // from leaf to root, base64
	Checkpoint string
	Head       Head
	Root       string // of the tree, base64, as the checkpoint signs it
	Names      NamesThen
}

// Receipt proves that event n is in the record as it stands.
func (s *Store) Receipt(ctx context.Context, n int64) (p Receipt, err error) {
	err = s.read(ctx, func(s *Store) error {
		if p.Event, err = s.Event(ctx, n); err != nil {
			return err
		}
		if p.Head, err = s.Head(ctx); err != nil {
			return err
		}
		proof, err := tlog.ProveRecord(p.Head.Size, n-1, s.hashes(ctx))
		if err != nil {
			return err
		}
		_, _, root, err := ParseCheckpoint(p.Head.Checkpoint)
		if err != nil {
			return err
		}
		if p.Names, err = s.namesThen(ctx); err != nil {
			return err
		}
		p.Root = root.String()
		p.Leaf, p.Hash, p.Proof, p.Checkpoint = n-1, p.Event.LeafHash(), base64s(proof), p.Head.Checkpoint
		return nil
	})
	return p, err
}

// Signer is the name of the key that signs checkpoints, with its hash.
func (h Head) Signer() string { return keyName(h.Key) }

// Consistency is the proof that the record of from events is the beginning of
// that of to events.
type Consistency struct {
	From     int64    `json:"from"`
	To       int64    `json:"to"`
	FromRoot string   `json:"from_root"`
	ToRoot   string   `json:"to_root"`
	Proof    []string `json:"proof"`
}

// Consistency proves that nothing before event from has changed up to event to.
func (s *Store) Consistency(ctx context.Context, from, to int64) (c Consistency, err error) {
	err = s.read(ctx, func(s *Store) error {
		h, err := s.Head(ctx)
		if err != nil {
			return err
		}
		if from < 1 || to < from || to > h.Size {
			return Invalid.Errorf("Give from and to as numbers of events: 1 or more, from not after to, and to at most %d.", h.Size)
		}
		proof, err := tlog.ProveTree(to, from, s.hashes(ctx))
		if err != nil {
			return err
		}
		old, err := tlog.TreeHash(from, s.hashes(ctx))
		if err != nil {
			return err
		}
		root, err := tlog.TreeHash(to, s.hashes(ctx))
		c = Consistency{from, to, old.String(), root.String(), base64s(proof)}
		return err
	})
	return c, err
}

func base64s[T ~[]tlog.Hash](hashes T) []string {
	out := make([]string, len(hashes))
	for i, h := range hashes {
		out[i] = h.String()
	}
	return out
}
