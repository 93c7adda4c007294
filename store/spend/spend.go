// Package spend holds published payments: source files, the rules by which
// payments are classified, suppliers, publication, and what they come to.
package spend

import (
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
)

// Sum is so many lines and so much, in pence.
type Sum struct {
	Lines int64       `json:"lines"`
	Pence money.Pence `json:"pence"`
}

// Plus adds two sums.
func (s Sum) Plus(o Sum) Sum { return Sum{s.Lines + o.Lines, s.Pence.Plus(o.Pence)} }

// Minus takes o from s.
func (s Sum) Minus(o Sum) Sum { return Sum{s.Lines - o.Lines, s.Pence.Minus(o.Pence)} }

// Line is one payment of a published file. Its words are as published, save
// what is withheld.
type Line struct {
	ID             int64
	Load           int64
	Body           string // slug of the body that published it
	Paid           civil.Paid
	Pence          money.Pence
	Payee          payments.PayeeKind
	Supplier       string // as published
	CompanyNumber  string
	SupplierNumber string // the publisher's own
	Purpose        string
	Reason         string // why it is value for money
	Category       string
	CostCentre     string
	Transaction    string
	Contract       string
	Spender        string // which part of the body spent it
	PublishedBody  string // the body's name in the file
	VAT            money.Pence
	HasVAT         bool
	Sheet          int // index among the file's sheets
	Record         int // from 1

	Class    classify.Class
	Rule     int64    // that decided, 0 where none did
	Taxon    string   // slug of the category of police IT, "" for none
	Identity Supplier // who the supplier is; zero where none is named
	Flags    []string // methods that flag it
}

// Words are what a line says of its payee, for titles.
func (l Line) Words() string {
	if l.Payee != payments.Named {
		return l.Payee.String()
	}
	return strings.TrimSpace(l.Supplier)
}
