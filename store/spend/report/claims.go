package report

import (
	"context"
	_ "embed"
	"encoding/json"
	"sync"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
)

// Claim is a headline figure that somebody gave for police IT. Claims differ in
// what they count, so none of them is taken as the truth.
type Claim struct {
	Key    string        `json:"key"`
	Kind   string        `json:"kind"`   // cost, or saving
	Figure string        `json:"figure"` // in words, as claimed
	Parts  []money.Pence `json:"pence"`  // as claimed; more than one were given beside each other
	Over   bool          `json:"over,omitempty"`
	Says   string        `json:"says"` // what it claims, in our words
	Year   string        `json:"year"`
	Who    string        `json:"who"`       // "" is not recorded
	Counts string        `json:"counts"`    // how it is defined
	Source string        `json:"source"`    // reference, as text
	Links  []string      `json:"addresses"` // public, none where only the reference is known
	Note   string        `json:"note,omitempty"`
}

// The kinds of claim.
const (
	CostClaim   = "cost"
	SavingClaim = "saving"
)

// SavingNeeds is what must be known before a saving can be checked.
var SavingNeeds = []string{"its baseline", "who validated it", "whether it releases cash", "its year", "who is responsible for it"}

//go:embed claims.json
var claimsFile []byte

var claims = sync.OnceValue(func() (all []Claim) {
	if err := json.Unmarshal(claimsFile, &all); err != nil {
		panic(err) // the file is part of the program
	}
	return all
})

// Claims lists the competing headline figures, oldest first, costs before
// savings.
func Claims() []Claim { return claims() }

// Evidence is what stands of police IT, by financial year, to be held beside
// what was claimed.
type Evidence struct {
	Years   []YearSpend // newest first
	Version int64
}

// Evidenced tells what the files taken in come to for IT in each financial year.
func Evidenced(ctx context.Context, tx *db.Tx) (out Evidence, err error) {
	err = spend.WithCube(ctx, tx, func(tx *db.Tx, c *spend.Cube) error {
		out.Version = c.Version()
		out.Years, err = yearsOf(ctx, tx, c, payments.Filter{Class: []classify.Class{classify.IsIT}})
		return err
	})
	return out, err
}
