package record

import (
	"context"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/text"
)

// Hiding is how names are withheld from what was recorded before. Nothing that is
// recorded can be changed, so they are taken out of it when it is shown.
type Hiding struct {
	Names func(ctx context.Context, tx *db.Tx) (*text.Names, error)               // that are withheld now
	Moved []func(ctx context.Context, tx *db.Tx, moved, hidden *text.Names) error // keep what finds texts by their words
}

var hiding db.Slot[Hiding]

// RegisterHiding sets which names are withheld.
func RegisterHiding(tx *db.Tx, h Hiding) { *hiding.Of(tx) = h }

// HiddenNames are the names that are withheld now, nil where there are none. Every
// page, feed, export and mail is sent without them.
func HiddenNames(ctx context.Context, tx *db.Tx) (*text.Names, error) {
	if h := *hiding.Of(tx); h.Names != nil {
		return h.Names(ctx, tx)
	}
	return nil, nil
}

// NamesMoved keeps what finds texts by their words with names that a write
// withholds or shows again.
func NamesMoved(ctx context.Context, tx *db.Tx, moved *text.Names) error {
	hidden, err := HiddenNames(ctx, tx)
	if err != nil || moved == nil {
		return err
	}
	for _, keep := range hiding.Of(tx).Moved {
		if err := keep(ctx, tx, moved, hidden); err != nil {
			return err
		}
	}
	return nil
}
