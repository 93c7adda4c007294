package store

import (
	"github.com/police-ict/handover/store/sheet"
)

// Supplier is one payee: all published names that its key stands for, and those
// of the suppliers merged into it.
type Supplier struct {
	ID     int64  `json:"id"`
	Key    string `json:"key"` // c:01234567, or n:name where no company number is known
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Number string `json:"company_number,omitempty"`
}

const supplierCols = `id, key, slug, name, number`

func scanSupplier(r row) (p Supplier, err error) {
	return p, r.Scan(&p.ID, &p.Key, &p.Slug, &p.Name, &p.Number)
}

// payeeKind says what is known of who was paid.
func payeeKind(name string) PayeeKind {
	switch {
	case name == "":
		return NotStated
	case sheet.IsRedacted(name):
		return Redacted
	}
	return Named
}
