package store

import (
	"context"
	"fmt"
	"slices"

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

// addSuppliers makes the suppliers of published names that are not known yet.
func (s *Store) addSuppliers(ctx context.Context, payees []payee) error {
	names := map[string]Supplier{}
	var keys []string
	for _, p := range payees {
		key := SupplierKey(p.name, p.number)
		if _, had := names[key]; had || key == "" || payeeKind(p.name) != Named {
			continue
		}
		number, _ := CompanyNumber(p.number)
		names[key] = Supplier{Key: key, Name: p.name, Number: number}
		keys = append(keys, key)
	}
	for part := range slices.Chunk(keys, batchWords) {
		if err := s.addSupplierKeys(ctx, part, names); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) addSupplierKeys(ctx context.Context, keys []string, names map[string]Supplier) error {
	missing, err := s.missing(ctx, "key", keys)
	if err != nil || len(missing) == 0 {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		missing, err := s.missing(ctx, "key", keys)
		if err != nil || len(missing) == 0 {
			return err
		}
		slugs, err := s.freeSlugs(ctx, missing, names)
		if err != nil {
			return err
		}
		var args []any
		for i, key := range missing {
			p := names[key]
			args = append(args, key, slugs[i], p.Name, p.Number)
		}
		_, err = s.exec(ctx, `INSERT INTO suppliers (key, slug, name, number) VALUES `+marks(len(missing), 4), args...)
		return err
	})
}

// missing are those of some keys or slugs that no supplier has.
func (s *Store) missing(ctx context.Context, column string, wanted []string) (out []string, err error) {
	args := make([]any, len(wanted))
	for i, w := range wanted {
		args[i] = w
	}
	has, err := list(ctx, s, scanInto[string], `SELECT `+column+` FROM suppliers WHERE `+column+` IN `+marks(1, len(args)), args...)
	if err != nil {
		return nil, err
	}
	had := map[string]bool{}
	for _, h := range has {
		had[h] = true
	}
	for _, w := range wanted {
		if !had[w] {
			out = append(out, w)
		}
	}
	return out, nil
}

// freeSlugs gives each new supplier an address of its own.
func (s *Store) freeSlugs(ctx context.Context, keys []string, names map[string]Supplier) ([]string, error) {
	slugs := make([]string, len(keys))
	for i, key := range keys {
		slugs[i] = SupplierSlug(names[key].Name)
	}
	free, err := s.missing(ctx, "slug", slugs)
	if err != nil {
		return nil, err
	}
	given := map[string]bool{}
	for i, slug := range slugs {
		for n := 2; given[slugs[i]] || !slices.Contains(free, slugs[i]); n++ {
			slugs[i] = fmt.Sprintf("%s-%d", slug, n)
			if left, err := s.missing(ctx, "slug", slugs[i:i+1]); err != nil {
				return nil, err
			} else if len(left) == 1 {
				free = append(free, slugs[i])
			}
		}
		given[slugs[i]] = true
	}
	return slugs, nil
}
