package authority

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/text"
)

// SchemeVersion is a version of the scheme with what became of it.
type SchemeVersion struct {
	Scheme
	Hash      string    `json:"hash"`
	Adopted   bool      `json:"adopted"`
	Decision  string    `json:"decision,omitempty"`   // that adopted it; "" for the first, with which the record begins
	AdoptedOn civil.Day `json:"adopted_on,omitempty"` // "" for the first
	ByPerson  int64     `json:"by,omitempty"`         // who put it in
	From      civil.Day `json:"-"`                    // first day in force; "" while that is not known
	To        civil.Day `json:"-"`                    // last day; "" while none is set
}

// State is how the version stands on a day, in a few words.
func (v SchemeVersion) State(on civil.Day) string {
	switch {
	case !v.Adopted:
		return "proposed"
	case v.To != "" && v.To < v.From:
		return "overtaken"
	case v.From == "" || on < v.From:
		return "adopted, not begun"
	case v.To != "" && v.To < on:
		return "ended"
	}
	return "in force"
}

// Subject names the version in the record.
func (v SchemeVersion) Subject() string { return fmt.Sprintf("scheme/%d", v.Version) }

// Hash is the hex SHA-256 of the scheme, by which a decision adopts it.
func (s Scheme) Hash() (string, error) {
	b, err := text.Canonical(s)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), err
}

// SchemesFile holds the schemes that the program ships, as JSON.
//
//go:embed schemes.json
var SchemesFile []byte

// Adoption is the effect of a decision that lets the version be adopted.
func (v SchemeVersion) Adoption() Effect {
	return Effect{Kind: AdoptsScheme, Subject: v.Subject(), Value: v.Hash}
}
