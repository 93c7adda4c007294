package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"

	"github.com/police-ict/handover/store/migrations"
)

// ClearDemo makes room for a demonstration: an earlier one is removed, an
// empty database is left, and any other is refused.
func ClearDemo(ctx context.Context, o Options) error {
	if engineOf(o.Database) == sqlite && missing(o.Database) {
		return nil
	}
	s, err := connect(ctx, o)
	if err != nil {
		return err
	}
	defer s.Close()
	has, err := list(ctx, s, scanInto[string], s.engine.tables())
	if err != nil {
		return unreachable(o, err)
	}
	if !slices.Contains(has, "record_head") {
		if s.engine == sqlite && len(has) > 0 {
			return fmt.Errorf("%s holds something else, so it is left as it is: name another file after --database", o.Database)
		}
		return nil
	}
	if h, err := s.Head(ctx); err != nil || h.Key != "" && !h.Demo {
		return errors.New("this database is not a demonstration, so it is left as it is: name another after --database")
	}
	if s.engine == postgres {
		return s.dropTables(ctx, has)
	}
	if err := s.Close(); err != nil {
		return err
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(o.Database + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the earlier demonstration %s cannot be removed: check who may write there", o.Database)
		}
	}
	return nil
}

var createTable = regexp.MustCompile(`CREATE TABLE (\w+)`)

// dropTables drops the tables of the portal, and no others.
func (s *Store) dropTables(ctx context.Context, has []string) error {
	ours := []string{"goose_db_version"}
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		body, err := migrations.Files.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range createTable.FindAllStringSubmatch(string(body), -1) {
			ours = append(ours, m[1])
		}
	}
	for _, table := range ours {
		if !slices.Contains(has, table) {
			continue
		}
		if _, err := s.exec(ctx, `DROP TABLE `+table+` CASCADE`); err != nil {
			return err
		}
	}
	return nil
}
