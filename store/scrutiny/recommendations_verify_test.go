package scrutiny_test

import (
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// TestARecommendationChangedBesideTheRecordIsFound changes each column that a
// list goes by, and a count.
func TestARecommendationChangedBesideTheRecordIsFound(t *testing.T) {
	for _, q := range []string{
		`UPDATE recommendations SET acceptance = 'rejected'`,
		`UPDATE recommendations SET implementation = 'verified'`,
		`UPDATE recommendations SET body = 'kent'`,
		`UPDATE recommendations SET committee = 'other'`,
		`UPDATE recommendations SET kind = 'undertaking'`,
		`UPDATE recommendations SET made = '2012-01-01'`,
		`UPDATE recommendations SET priority = TRUE`,
		`UPDATE recommendations SET waits = ''`,
		`UPDATE recommendations SET due = '2099-01-01'`,
		`UPDATE recommendations SET recommendation = REPLACE(recommendation, 'within 30 days', 'some day')`,
		`UPDATE charges SET due = ''`,
		`DELETE FROM recommendations`,
		`UPDATE recommendation_counts SET n = n + 1 WHERE scope = '|||' AND made = ''`,
		`DELETE FROM recommendation_counts WHERE scope = '|||'`,
	} {
		k := storetest.NewRaw(t)
		clock := &storetest.Clock{}
		clock.Set(storetest.Noon)
		s := storetest.At(t, k.Database, k.Key, clock.Now)
		b := panelOn(t, s, clock)
		b.act(b.officer, b.make(publishContracts), scrutiny.ActRespond, acceptsIt)
		storetest.Sound(t, s)
		k.Run(q)
		v, err := store.Verify(t.Context(), s)
		if err != nil || v.OK() || !strings.Contains(v.Fault, "recommendation") {
			t.Errorf("%s: %v %v", q, v.Fault, err)
		}
	}
}
