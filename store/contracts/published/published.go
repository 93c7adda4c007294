// Package published reads a file of contracts as somebody published it, of
// whatever shape: it says which, and gives the notices in it.
//
// It knows nothing of databases or requests. Tables are read by package register,
// JSON by package ocds; what is neither is refused in one sentence, and a file of
// payments is told apart.
package published

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/police-ict/handover/store/book"
	"github.com/police-ict/handover/store/contracts/notice"
	"github.com/police-ict/handover/store/contracts/ocds"
	"github.com/police-ict/handover/store/contracts/register"
	"github.com/police-ict/handover/store/spend/sheet"
	"github.com/police-ict/handover/store/text"
)

// Refusal is why a file is refused whole: one plain sentence for a person.
type Refusal = book.Refusal

// Payments is the refusal of a file of payments.
const Payments = Refusal("The file looks like payments, not contracts. Load it as payments: on the command line, handover load spend.")

// flattened is the refusal of releases that were cut up into a table.
const flattened = Refusal("The file is a table made of Open Contracting releases. Load the JSON that it was made from.")

// File is a file that was opened. It keeps the reader that it was given.
type File struct {
	Name string
	Size int64

	// Register is the table that was recognised, whose columns may be corrected
	// before Read; nil for JSON.
	Register *register.File

	r io.ReaderAt
}

// Open says what a file is. It returns a Refusal where it holds no contracts that
// can be read; whether JSON does is known only when it is read. Any other error is
// a fault of the reader. limit is the largest size in bytes, 0 for none. Close the
// File when done.
func Open(r io.ReaderAt, size int64, name string, limit int64) (*File, error) {
	f := &File{Name: name, Size: size, r: r}
	switch {
	case size == 0:
		return nil, Refusal("The file is empty.")
	case limit > 0 && size > limit:
		return nil, Refusal(fmt.Sprintf("The file is larger than the %d MiB that can be loaded.", limit>>20))
	}
	head := make([]byte, min(size, 4096))
	if n, err := r.ReadAt(head, 0); n == 0 {
		return nil, fmt.Errorf("published: reading %s: %w", name, err)
	}
	if packed, isPacked := unpackedHead(head); isPacked {
		if !isJSON(packed) {
			return nil, Refusal("The file is compressed (gzip) and has no JSON. Unpack it and load the table inside it.")
		}
		return f, nil
	}
	if isJSON(head) {
		return f, nil
	}
	table, err := register.Open(r, size, name, limit)
	if err == nil {
		f.Register = table
		return f, nil
	}
	if why, ok := errors.AsType[register.Refusal](err); !ok || why != register.NoHeadings {
		return nil, err
	}
	if line, _, _ := bytes.Cut(head, []byte("\n")); bytes.Contains(line, []byte("ocid")) || bytes.Contains(line, []byte("/0/")) {
		return nil, flattened
	}
	if isPayments(r, size, name, limit) {
		return nil, Payments
	}
	return nil, err
}

// Close frees what a workbook holds.
func (f *File) Close() error {
	if f.Register == nil {
		return nil
	}
	return f.Register.Close()
}

// Read reads the whole file and gives its notices. Nothing is given before the
// file was read to its end, so that a file that is cut short gives nothing. The
// notice is the caller's. Read may be called again: the same file gives the same.
func (f *File) Read(ctx context.Context, give func(*notice.Notice) error) (notice.Summary, error) {
	if f.Register != nil {
		return f.Register.Read(ctx, give)
	}
	return ocds.Read(ctx, io.NewSectionReader(f.r, 0, f.Size), f.Name, give)
}

// Copy writes the file without the people in it: JSON as JSON, a table or workbook
// as comma-separated values. Suppliers stay.
func (f *File) Copy(w io.Writer) error {
	if f.Register != nil {
		return f.Register.Copy(w)
	}
	return ocds.Copy(w, io.NewSectionReader(f.r, 0, f.Size))
}

// unpackedHead is the beginning of a file without its gzip, and whether it has one.
func unpackedHead(head []byte) ([]byte, bool) {
	if !bytes.HasPrefix(head, []byte("\x1F\x8B")) {
		return nil, false
	}
	z, err := gzip.NewReader(bytes.NewReader(head))
	if err != nil {
		return nil, true
	}
	out := make([]byte, 1024)
	n, _ := io.ReadFull(z, out) // the archive is cut, as its beginning is all there is
	return out[:n], true
}

// isJSON says that a file begins as JSON does.
func isJSON(head []byte) bool {
	if len(head) >= 2 && (head[0] == 0xFF && head[1] == 0xFE || head[0] == 0xFE && head[1] == 0xFF) {
		head = bytes.ReplaceAll(head[2:], []byte{0}, nil)
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return false
	}
	rest := bytes.TrimLeft(text[1:], " \t\r\n")
	return len(rest) == 0 || strings.IndexByte(`"{}[]`, rest[0]) >= 0
}

// isPayments says that the reader of payments finds amounts to suppliers in a file,
// or that it says that nothing was paid.
func isPayments(r io.ReaderAt, size int64, name string, limit int64) bool {
	f, err := sheet.Recognise(r, size, name, limit)
	if err != nil {
		return false
	}
	defer f.Close()
	for _, s := range f.Sheets {
		has := func(field sheet.Field) bool { c, ok := s.Mapping[field]; return ok && c >= 0 }
		if s.LeftOut != "" || !has(sheet.Amount) || !has(sheet.Supplier) {
			continue
		}
		if has(sheet.DatePaid) || has(sheet.Transaction) || s.Mapping[sheet.Amount] < len(s.Header) && namesMoney(s.Header[s.Mapping[sheet.Amount]]) {
			return true
		}
	}
	return f.Nil
}

// namesMoney says that a heading is one of amounts that were paid.
func namesMoney(heading string) bool {
	name := text.Letters(heading)
	for _, word := range []string{"amount", "total", "net", "gross", "paid", "payment", "spend"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
