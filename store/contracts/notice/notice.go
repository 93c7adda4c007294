// Package notice holds what published files say of contracts, whatever their
// format: who bought what from whom, from when until when, for how much, and in
// which rows of the file that stands.
//
// It knows nothing of databases, requests or formats. Package register reads
// tables into notices, package ocds reads JSON, and package published says which
// of them reads a file. What a file does not say stays empty; nothing is guessed.
package notice

import (
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/text"
)

// Kind is what a notice is about.
type Kind string

// The kinds of notice.
const (
	Tender    Kind = "tender"    // asked for, and not yet awarded
	Award     Kind = "award"     // awarded; the file says nothing of the contract itself
	Contract  Kind = "contract"  // a contract, or a row of a register of contracts
	CallOff   Kind = "call-off"  // a contract under a framework
	Framework Kind = "framework" // an agreement that itself buys nothing
)

// Party is a buyer or a supplier as the file names it.
type Party struct {
	Name    string `json:"name,omitempty"`
	ID      string `json:"id,omitempty"`      // the file's own, such as GB-COH-01234567
	Scheme  string `json:"scheme,omitempty"`  // the register of its number, such as GB-COH
	Number  string `json:"number,omitempty"`  // in that register, as published
	Company string `json:"company,omitempty"` // at Companies House, in eight characters
	Person  bool   `json:"person,omitempty"`  // the file says that it is a person, not a firm
	Lead    bool   `json:"lead,omitempty"`    // the buyer that acts for the others
	Share   *Value `json:"share,omitempty"`   // its part of the value
}

// Date is a day of a notice, or the words that stand where one should.
type Date struct {
	Day   civil.Day `json:"day,omitempty"`
	Words string    `json:"words,omitempty"` // as published, where no day can be read: "Ongoing"
}

// IsZero says that the file has nothing there.
func (d Date) IsZero() bool { return d.Day == "" && d.Words == "" }

// Amendment is a change of a contract that the file tells of.
type Amendment struct {
	Day    civil.Day `json:"day,omitempty"`
	Words  string    `json:"words,omitempty"`
	Stated *Value    `json:"stated,omitempty"` // the change as stated
	Value  *Value    `json:"value,omitempty"`  // the value after it
	Place  Place     `json:"place"`
}

// Place is where something stands in the file.
type Place struct {
	Sheet   string `json:"sheet,omitempty"`
	Record  int    `json:"record"`            // row of a table, or release of a package, from 1
	Release string `json:"release,omitempty"` // the id of the release
	Dated   string `json:"dated,omitempty"`   // when the release or row says that it was published
}

// Notice is what a file says under one reference of its publisher, once the rows
// and releases about it are brought together: the latest that it says, with the
// places of all. The publisher and Key are its identity; the supplier never is.
type Notice struct {
	Kind      Kind   `json:"kind"`
	Proposed  string `json:"proposed,omitempty"` // why the kind is a proposal: a phrase; empty where the file says it
	Reference string `json:"reference,omitempty"`
	Key       string `json:"key"` // the reference folded, made unlike others of the file
	Ocid      string `json:"ocid,omitempty"`
	Parent    string `json:"parent,omitempty"` // reference of the framework or earlier notice

	Title       string   `json:"title,omitempty"`
	Description string   `json:"description,omitempty"`
	Department  string   `json:"department,omitempty"`
	Category    string   `json:"category,omitempty"`
	CPV         []string `json:"cpv,omitempty"`
	Procedure   string   `json:"procedure,omitempty"`
	Status      string   `json:"status,omitempty"`
	Lot         string   `json:"lot,omitempty"`

	Buyers    []Party `json:"buyers,omitempty"`
	Suppliers []Party `json:"suppliers,omitempty"`

	Published Date   `json:"published,omitzero"`
	Awarded   Date   `json:"awarded,omitzero"`
	Signed    Date   `json:"signed,omitzero"`
	Start     Date   `json:"start,omitzero"`
	End       Date   `json:"end,omitzero"`    // without options
	Latest    Date   `json:"latest,omitzero"` // with all options
	Review    Date   `json:"review,omitzero"`
	Term      string `json:"term,omitempty"`    // its length in words
	Options   string `json:"options,omitempty"` // extensions in words
	Renewal   string `json:"renewal,omitempty"`

	Values     []Value     `json:"values,omitempty"`
	Withheld   []string    `json:"withheld,omitempty"` // what the publisher withholds: "value", "supplier"
	Ground     string      `json:"ground,omitempty"`   // why, in the publisher's words
	Amendments []Amendment `json:"amendments,omitempty"`
	Places     []Place     `json:"places"`           // oldest first
	Doubts     []string    `json:"doubts,omitempty"` // whole sentences for an officer
	LeftOut    string      `json:"left_out,omitempty"`
}

// Doubt notes what an officer should look at.
func (n *Notice) Doubt(sentence string) {
	for _, d := range n.Doubts {
		if d == sentence {
			return
		}
	}
	n.Doubts = append(n.Doubts, sentence)
}

// Value is the value of one kind, nil where the file has none.
func (n *Notice) Value(kind ValueKind) *Value {
	for i := range n.Values {
		if n.Values[i].Kind == kind {
			return &n.Values[i]
		}
	}
	return nil
}

// FoldReference is a reference without case, spaces and the kinds of dashes, so
// that two spellings of one are alike. Marks stay: 1/2 is not 12.
func FoldReference(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\n', '\u00a0':
			return -1
		case '‐', '‑', '–', '—', '−':
			return '-'
		}
		return r
	}, s)
	return text.Fold(s)
}

// frameworkWords are words of a title that name an agreement under which others buy.
var frameworkWords = []string{"framework", "dynamic purchasing", "dynamic market", "(dps)", "(maximum)"}

// callOffWords say that a title is about a contract under one.
var callOffWords = []string{"call-off", "call off", "calloff", "mini competition", "mini-competition", "under framework", "under the framework", "via framework", "from framework", "further competition"}

// ProposeKind is what the words of a title make of a contract, and why. An
// officer confirms it.
func ProposeKind(title string, suppliers int, oneValue bool) (Kind, string) {
	folded := text.Fold(title)
	for _, w := range callOffWords {
		if strings.Contains(folded, w) {
			return CallOff, "the title says so"
		}
	}
	for _, w := range frameworkWords {
		if strings.Contains(folded, w) || folded == "dps" || strings.HasSuffix(folded, " dps") {
			return Framework, "the title says so"
		}
	}
	if suppliers >= 10 && oneValue {
		return Framework, "ten suppliers or more share one value"
	}
	return Contract, ""
}
