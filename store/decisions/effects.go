package decisions

import (
	"context"
	"strings"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// EffectFinder finds what an effect of one kind names; id is the text after the
// slash of its subject, n its number. It may fill in the value of the effect.
type EffectFinder func(ctx context.Context, tx *db.Tx, e *authority.Effect, id string, n int64) error

// effects are the kinds of effect, as they are registered.
var effects db.Slot[map[authority.EffectKind]EffectFinder]

// RegisterEffects sets how what a decision names is found, by kind of effect.
func RegisterEffects(tx *db.Tx, all map[authority.EffectKind]EffectFinder) { *effects.Of(tx) = all }

// effectsStand holds what a decision names to what is there.
func effectsStand(ctx context.Context, tx *db.Tx, p *authority.Paper) error {
	for i, e := range p.Effects {
		_, id, _ := strings.Cut(e.Subject, "/")
		var n int64
		if e.Kind != authority.OverridesIt {
			var err error
			if n, err = text.ParseCount(id, 1); err != nil {
				return fault.Field("subject", "Enter the number of %s.", authority.EffectNamed[e.Kind])
			}
		}
		err := (*effects.Of(tx))[e.Kind](ctx, tx, &p.Effects[i], id, n)
		if fault.KindOf(err) == fault.NotFound {
			return fault.Field("subject", "There is no %s. Enter another number.", text.Plain(e.Subject))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// SchemeStands finds the scheme that an effect names, and fills in its hash.
func SchemeStands(ctx context.Context, tx *db.Tx, e *authority.Effect, _ string, n int64) error {
	v, err := FindScheme(ctx, tx, n)
	e.Value = v.Hash
	return err
}
