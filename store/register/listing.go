package register

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
)

// Listing is one page of the record.
type Listing struct {
	Head   record.Head
	Filter record.EventFilter
	Events []record.Event // newest first
	Count  int64          // events that the filter chooses, on all pages
	Older  int64          // Before of the next page, 0 on the last
	Pages  int            // that can be asked for by number
	Names  NamesThen
}

// ReadListing reads one page of the record, of up to most events.
func ReadListing(ctx context.Context, tx *db.Tx, f record.EventFilter, most int) (l Listing, err error) {
	l.Filter = f
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if l.Head, err = record.ReadHead(ctx, tx); err != nil {
			return err
		}
		if l.Events, err = record.Events(ctx, tx, f, most+1); err != nil {
			return err
		}
		if len(l.Events) > most {
			l.Events = l.Events[:most]
			l.Older = l.Events[most-1].N
		}
		if l.Names, err = ReadNamesThen(ctx, tx); err != nil {
			return err
		}
		if l.Count, err = record.CountUpTo(ctx, tx, f, record.CountMost, l.Head.Size); err != nil {
			return err
		}
		l.Pages = db.PagesOf(l.Count, most)
		if at := f.Skip/most + 1; at > l.Pages {
			return db.NoSuchPage(at, l.Pages)
		}
		return nil
	})
	return l, err
}

// Receipt is the proof that an event is in the record.
type Receipt struct {
	Event      record.Event
	Leaf       int64    // index in the tree, from 0
	Hash       string   // of the leaf, base64
	Proof      []string // from leaf to root, base64
	Checkpoint string
	Head       record.Head
	Root       string // of the tree, base64, as the checkpoint signs it
	Names      NamesThen
}

// ReadReceipt proves that event n is in the record as it stands.
func ReadReceipt(ctx context.Context, tx *db.Tx, n int64) (p Receipt, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if p.Event, err = record.FindEvent(ctx, tx, n); err != nil {
			return err
		}
		if p.Head, err = record.ReadHead(ctx, tx); err != nil {
			return err
		}
		proof, err := tlog.ProveRecord(p.Head.Size, n-1, record.Hashes(ctx, tx))
		if err != nil {
			return err
		}
		_, _, root, err := record.ParseCheckpoint(p.Head.Checkpoint)
		if err != nil {
			return err
		}
		if p.Names, err = ReadNamesThen(ctx, tx); err != nil {
			return err
		}
		p.Root = root.String()
		p.Leaf, p.Hash, p.Proof, p.Checkpoint = n-1, p.Event.LeafHash(), record.Base64s(proof), p.Head.Checkpoint
		return nil
	})
	return p, err
}
