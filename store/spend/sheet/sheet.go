// Package sheet reads a messy table of payments out of a published file.
//
// It knows nothing of databases, requests or the portal's subjects. Package book
// opens the file; Recognise says what it holds: the delimiter, where the headings
// stand, which column holds what, and whether that is beyond doubt. File.Rows
// then reads every record once, in order, in memory that does not grow with the
// file.
//
// Money is whole pence. Records are numbered from 1, as a person counts them in
// the file or worksheet, title rows and blank records included. A record whose
// amount cannot be read is rejected with a reason and never guessed; reasons
// never quote the cell, since cells may name private people.
package sheet

import (
	"fmt"
	"hash/maphash"

	"github.com/police-ict/handover/store/book"
)

// Field is what a column of a table of payments may hold.
type Field uint8

// The fields, in the order in which they are shown.
const (
	Body           Field = iota // the public body
	Spender                     // which part of it spent: the local policing body or the chief officer
	DatePaid                    // the day of payment, else of the invoice
	Supplier                    // the name as published
	SupplierNumber              // the publisher's own number for the supplier
	CompanyNumber               // at Companies House
	Purpose                     // what it was for
	Reason                      // why it is value for money
	Category                    // kind of expenditure
	CostCentre                  // department, service or cost centre
	Transaction                 // the publisher's reference
	Amount                      // pounds, net where the file offers a choice
	VAT                         // pounds of VAT, irrecoverable where the file says so
	Contract                    // contract reference
	Currency                    // three letters; anything but GBP rejects the record
	fields         = iota
)

var fieldNames = [fields]string{
	"body", "spender", "date", "supplier", "supplier_number", "company_number", "purpose", "reason",
	"category", "cost_centre", "transaction", "amount", "vat", "contract", "currency",
}

// Fields are all fields, in the order in which they are shown.
func Fields() []Field {
	all := make([]Field, fields)
	for i := range all {
		all[i] = Field(i)
	}
	return all
}

// String is the field's name as it is kept, such as "cost_centre".
func (f Field) String() string {
	if int(f) < fields {
		return fieldNames[f]
	}
	return fmt.Sprintf("field %d", uint8(f))
}

// MarshalText makes a Mapping readable as JSON.
func (f Field) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads a field's name, and fails on a name that is no field's.
func (f *Field) UnmarshalText(b []byte) error {
	for i, name := range fieldNames {
		if name == string(b) {
			*f = Field(i)
			return nil
		}
	}
	return fmt.Errorf("sheet: no field is called %q", b)
}

// Mapping is the column of each field, counted from 0; a field without a
// column is absent or negative.
type Mapping map[Field]int

// Refusal is why a file is refused whole: one plain sentence for a person.
type Refusal = book.Refusal

// File is a recognised file. It keeps the reader that it was given; the caller
// may correct Sheets (mapping, left out) before calling Rows.
type File struct {
	Name      string
	Size      int64  // bytes
	Encoding  string // utf-8, utf-8-sig, utf-16le, utf-16be, windows-1252, cp850, mac_roman; xlsx, xls, ods, fods or xml for a workbook
	Delimiter byte   // 0 for a workbook
	LineEnds  book.LineEnds
	Sheets    []Sheet // one for a text file
	Nil       bool    // it has headings and says that nothing was paid

	book  *book.File
	seed  maphash.Seed
	hints map[int]bool // months that the file is for, by its name or as it was said
}

// Sheet is one table: a text file, or one worksheet of a workbook.
type Sheet struct {
	Name         string     // of the worksheet; empty for a text file
	Header       []string   // headings, trimmed; empty where the table has none
	HeaderRecord int        // 0 where the table has none
	Mapping      Mapping    // what was recognised; the caller may change it
	Sure         bool       // beyond doubt
	Doubts       []string   // whole sentences for the person who is asked
	Notices      []string   // whole sentences on what was read otherwise than it seems
	LeftOut      string     // why the sheet is not read; empty when it is
	Sample       [][]string // cells of the first records of data

	first    int            // first record of data
	width    int            // number of headings, else of cells
	usual    int            // commonest number of cells
	dates    map[int]bool   // columns that hold dates
	texts    map[int]bool   // columns that hold words
	sorts    []sort         // what each column holds
	titled   *int64         // a total stated above the headings, in pence
	headers  map[string]int // fingerprint of the heading rows
	debit    int            // column of debits, where credit is their pair
	full     int            // cells of the headings, with blank ones at their end
	credit   int            // column of credits, to be taken off; 0 for none
	about    []Field        // what each doubt is about
	later    []int          // more columns of dates, for rows where that of the payment is blank
	days     []*days        // how the dates are written, a column each
	titles   map[int]bool   // months named above the headings
	comma    bool           // amounts have a comma before the pence
	top      int            // record of a total that stands before the rows it adds up; 0 for none
	opening  int            // record of the first row of the sample
	held     *held          // its payments, where they are compared with those of other sheets
	surveyed []int          // the columns that it was surveyed for
	expected map[int]bool   // months that it is said to be for
	isNil    bool           // it has headings and says that nothing was paid
	behind   tail           // rows behind the payments that may sum them up
	tail     int            // record from which on the rows do; 0 for none
	nameless int            // payments with a date and no supplier
	withName int            // payments with both
	groups   int            // how often one without follows one with a supplier
	below    bool           // the last had none
	said     bool           // a person named its columns
	excluded bool           // left out, since others hold its rows
}

// Sure says whether everything that is read was recognised beyond doubt.
func (f *File) Sure() bool {
	for _, s := range f.Sheets {
		if s.LeftOut == "" && !s.Sure {
			return false
		}
	}
	return true
}

// Close frees what a workbook holds; a text file holds nothing.
func (f *File) Close() error { return f.book.Close() }

// Kind is what a record of the table turned out to be.
type Kind uint8

// The kinds of record.
const (
	Line     Kind = iota // a payment
	Blank                // nothing in any cell
	Total                // a total of other rows: left out, and compared
	Rejected             // the amount cannot be read, or the record is broken
)

// String is the kind in one word.
func (k Kind) String() string {
	return [...]string{"line", "blank", "total", "rejected"}[k]
}

// Row is one record of data. The pointer that Rows yields is used again for the
// next record; its strings may be kept.
type Row struct {
	Sheet    int    // index in File.Sheets
	Record   int    // from 1
	Offset   int64  // of the record's first byte in the file; -1 in a workbook
	Length   int    // bytes in the file, without the line end; 0 in a workbook
	Raw      string // the record as text, at most book.RawLimit bytes
	Kind     Kind
	Reason   string // why it was rejected: a phrase that quotes nothing
	Amount   int64  // pence; of a total row, what it states
	VAT      int64  // pence
	HasVAT   bool   // VAT could be read
	Rounded  bool   // the amount had a real fraction of a penny, rounded half away from zero
	Date     Date   // zero where there is none or it cannot be read
	Redacted bool   // the publisher withheld the supplier

	texts   [fields]string
	summary bool // it sums up payments in a table of its own
}

// Text is the trimmed cell of a field, empty where the field has no column.
func (r *Row) Text(f Field) string { return r.texts[f] }
