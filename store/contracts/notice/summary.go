package notice

import (
	"hash/maphash"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
)

// Shape is the form that a file has.
type Shape string

// The shapes of files that can be read.
const (
	OCDS       Shape = "ocds"                         // Open Contracting releases and records, in JSON
	FinderCSV  Shape = "contracts finder csv"         // the table of notices of Contracts Finder
	FinderJSON Shape = "contracts finder v2 json"     // notices of its older interface
	Register   Shape = "register"                     // a table of contracts
	Amended    Shape = "register with amendment rows" // a table with a row for each amendment
)

// LeftOut is how many notices are not in a total, and why.
type LeftOut struct {
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
}

// Rejection is a row or release that could not be read, and why: a phrase that
// quotes nothing.
type Rejection struct {
	Place  Place  `json:"place"`
	Reason string `json:"reason"`
}

// Kept is how many rejections a Summary holds; it counts all.
const Kept = 1000

// Summary is what a file comes to. A nil figure does not exist for its shape.
type Summary struct {
	File            string       `json:"file"`
	Shape           Shape        `json:"shape"`
	Rows            int64        `json:"rows"`      // rows, releases or records
	Processes       *int64       `json:"processes"` // references that differ
	AwardsPublished *int64       `json:"awards_published"`
	PencePublished  *money.Pence `json:"pence_published"` // every award or row as it stands, or the total that a register states
	AwardsCurrent   *int64       `json:"awards_current"`
	PenceCurrent    *money.Pence `json:"pence_current"` // the latest of each award, without those that came to nothing
	Contracts       *int64       `json:"contracts"`
	PenceContracts  *money.Pence `json:"pence_contracts"` // contracts alone: no framework, nothing withheld, nothing for a year
	Currency        string       `json:"currency"`        // codes with a bar between, where there are several
	Suppliers       int64        `json:"suppliers"`
	Buyers          int64        `json:"buyers"`
	FirstStart      civil.Day    `json:"first_start"`
	LastEnd         civil.Day    `json:"last_end"` // without options
	Rejected        int64        `json:"rejected"`
	PeopleDropped   int64        `json:"people_dropped"` // contact points and cells of officers
	LeftOut         []LeftOut    `json:"left_out"`       // of PenceContracts

	Aside      int64       `json:"-"` // rows that are totals, remarks or repeated headings
	Unchanged  int64       `json:"-"` // releases that change nothing of what is read
	Doubted    int64       `json:"-"` // notices with doubts
	Rejections []Rejection `json:"-"` // the first of them
	Doubts     []string    `json:"-"` // whole sentences about the file
}

// Reject notes a row or release that could not be read.
func (s *Summary) Reject(p Place, reason string) {
	s.Rejected++
	if len(s.Rejections) < Kept {
		s.Rejections = append(s.Rejections, Rejection{p, reason})
	}
}

// Leave counts one notice that is not in the sum of contracts.
func (s *Summary) Leave(reason string) {
	i, found := slices.BinarySearchFunc(s.LeftOut, reason, func(l LeftOut, r string) int { return strings.Compare(l.Reason, r) })
	if !found {
		s.LeftOut = slices.Insert(s.LeftOut, i, LeftOut{Reason: reason})
	}
	s.LeftOut[i].Count++
}

// Span widens the first start and the last end.
func (s *Summary) Span(start, end civil.Day) {
	if start != "" && (s.FirstStart == "" || start < s.FirstStart) {
		s.FirstStart = start
	}
	if end > s.LastEnd {
		s.LastEnd = end
	}
}

// InCurrency notes that values of a currency are among those counted.
func (s *Summary) InCurrency(code string) {
	codes := strings.Split(s.Currency, "|")
	if code == "" || slices.Contains(codes, code) {
		return
	}
	if s.Currency == "" {
		codes = nil
	}
	codes = append(codes, code)
	slices.Sort(codes)
	s.Currency = strings.Join(codes, "|")
}

// Count adds to a figure that exists.
func Count(n **int64, more int64) {
	if *n == nil {
		*n = new(int64)
	}
	**n += more
}

// Sum adds money to a figure that exists.
func Sum(p **money.Pence, more money.Pence) {
	if *p == nil {
		*p = new(money.Pence)
	}
	**p = (**p).Plus(more)
}

// Distinct counts the texts that differ among many, keeping eight bytes of each.
type Distinct struct {
	seed maphash.Seed
	seen map[uint64]struct{}
}

// NewDistinct counts from nothing.
func NewDistinct() *Distinct { return &Distinct{maphash.MakeSeed(), map[uint64]struct{}{}} }

// Add takes a text into the count; an empty one is none.
func (d *Distinct) Add(s string) {
	if s != "" {
		d.seen[maphash.String(d.seed, s)] = struct{}{}
	}
}

// Len is how many differ.
func (d *Distinct) Len() int64 { return int64(len(d.seen)) }
