package decisions_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/storetest"
)

// What is changed of a decision beside the record is found, whether a page
// reads it or only a list.
func TestVerifyFindsAChangedDecision(t *testing.T) {
	t.Parallel()
	for name, k := range map[string]struct{ change, fault string }{
		"nothing":                             {`UPDATE decisions SET turn = turn`, ""},
		"a value on the paper":                {`UPDATE papers SET paper = REPLACE(paper, '612580000', '612580001')`, "paper/1-1"},
		"the vote of an owner":                {`UPDATE ballots SET ballot = REPLACE(ballot, '"choice":"for"', '"choice":"against"')`, "ballot/1"},
		"a ballot made not to count":          {`UPDATE ballots SET void_n = 9`, "ballot/1"},
		"a ballot of another body":            {`UPDATE ballots SET elector = 'association'`, "ballot/1"},
		"a ballot taken away":                 {`DELETE FROM ballots`, "ballot/1"},
		"the state that it is listed by":      {`UPDATE decisions SET status = 'published'`, "decision/1"},
		"the value that it is listed by":      {`UPDATE decisions SET pence = 1`, "decision/1"},
		"the reference":                       {`UPDATE decisions SET ref = '2013-009'`, "decision/1"},
		"what the paper's hash is":            {`UPDATE decisions SET decision = REPLACE(decision, '"hash":"', '"hash":"0')`, "decision/1"},
		"a majority of the scheme":            {`UPDATE schemes SET scheme = REPLACE(scheme, '"rule":"every"', '"rule":"majority"')`, "scheme/1"},
		"a scheme adopted without a decision": {`UPDATE schemes SET scheme = REPLACE(scheme, '"adopted":false', '"adopted":true')`, "scheme/2"},
	} {
		database, clock := storetest.Database(t), &storetest.Clock{}
		clock.Set(storetest.Noon)
		c := storetest.BeginOn(t, storetest.At(t, database, filepath.Join(t.TempDir(), "record.key"), clock.Now), clock)
		ref := c.PutForward("contract", storetest.HostingPaper(6_125_800))
		c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
		c.Must(c.Vote(c.Official, ref, authority.For))
		driver, address := "sqlite", "file:"+database
		if strings.HasPrefix(database, "postgres") {
			driver, address = "pgx", database
		}
		db, err := sql.Open(driver, address)
		c.Must(err)
		if _, err := db.Exec(k.change); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		c.Must(db.Close())
		v, err := store.Verify(t.Context(), c.Tx)
		c.Must(err)
		if v.OK() != (k.fault == "") || !strings.Contains(v.Fault, k.fault) {
			t.Errorf("%s: %q, want %q", name, v.Fault, k.fault)
		}
	}
}
