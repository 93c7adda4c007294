package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// postgresType is how a column declared for SQLite is kept by PostgreSQL.
var postgresType = map[string]string{"INTEGER": "bigint", "BIGINT": "bigint", "TEXT": "text", "BYTETEXT": "text", "BOOLEAN": "boolean", "BLOB": "bytea"}

// strangePostgres compares the tables of the portal with those of a new SQLite
// database. A schema may be shared, so what else stands in it is not looked at.
func (tx *Tx) strangePostgres(ctx context.Context, made *Tx) (string, error) {
	tables, err := List(ctx, made, ScanInto[string], `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_index%' AND name <> 'goose_db_version' ORDER BY name`)
	if err != nil {
		return "", err
	}
	want, has := map[string]string{}, map[string]string{}
	for _, table := range tables {
		for _, read := range []struct {
			tx    *Tx
			into  map[string]string
			query string
			name  func(kind, declared string) string
		}{
			{made, want, `SELECT name, type, "notnull" OR pk > 0 FROM pragma_table_info($1)`, func(_, declared string) string { return postgresType[strings.ToUpper(declared)] }},
			{tx, has, `SELECT column_name, data_type, is_nullable = 'NO' FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1`, func(_, declared string) string { return declared }},
		} {
			_, err := List(ctx, read.tx, func(r Row) (none struct{}, err error) {
				var name, kind string
				var must bool
				if err := r.Scan(&name, &kind, &must); err != nil {
					return none, err
				}
				read.into["column "+table+"."+name] = fmt.Sprintf("%s %t", read.name(name, kind), must)
				return none, nil
			}, read.query, table)
			if err != nil {
				return "", err
			}
		}
	}
	if err := indexesSqlite(ctx, made, tables, want); err != nil {
		return "", err
	}
	if err := tx.indexesPostgres(ctx, tables, has); err != nil {
		return "", err
	}
	if fault := differ(want, has); fault != "" {
		return fault, nil
	}
	return tx.attached(ctx, tables)
}

const indexColumns = `SELECT name FROM pragma_index_info($1) ORDER BY seqno`

// indexesSqlite lists the indexes of the tables, those of a key by its columns.
func indexesSqlite(ctx context.Context, made *Tx, tables []string, into map[string]string) error {
	type index struct {
		name, origin    string
		unique, partial bool
	}
	for _, table := range tables {
		all, err := List(ctx, made, func(r Row) (i index, err error) { return i, r.Scan(&i.name, &i.unique, &i.origin, &i.partial) }, `SELECT name, "unique", origin, partial FROM pragma_index_list($1)`, table)
		if err != nil {
			return err
		}
		for _, i := range all {
			columns, err := List(ctx, made, ScanInto[string], indexColumns, i.name)
			if err != nil {
				return err
			}
			on := strings.Join(columns, ", ")
			if i.origin == "c" {
				into["index "+i.name] = fmt.Sprintf("%s (%s) %t %t", table, on, i.unique, i.partial)
			} else {
				into["key "+table+" ("+on+")"] = ""
			}
		}
		key, err := List(ctx, made, ScanInto[string], `SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk`, table)
		if err != nil {
			return err
		}
		into["key "+table+" ("+strings.Join(key, ", ")+")"] = ""
	}
	return nil
}

func (tx *Tx) indexesPostgres(ctx context.Context, tables []string, into map[string]string) error {
	_, err := List(ctx, tx, func(r Row) (none struct{}, err error) {
		var name, table, on string
		var unique, partial, key bool
		if err := r.Scan(&name, &table, &unique, &partial, &key, &on); err != nil || !slices.Contains(tables, table) {
			return none, err
		}
		if key {
			into["key "+table+" ("+on+")"] = ""
		} else {
			into["index "+name] = fmt.Sprintf("%s (%s) %t %t", table, on, unique, partial)
		}
		return none, nil
	}, `SELECT i.relname, t.relname, x.indisunique, x.indpred IS NOT NULL, EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid AND c.contype IN ('p', 'u')),
			(SELECT string_agg(a.attname, ', ' ORDER BY k.ord) FROM unnest(x.indkey) WITH ORDINALITY AS k(attnum, ord) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum)
		FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace s ON s.oid = t.relnamespace
		WHERE s.nspname = current_schema() AND x.indisvalid`)
	return err
}

// attached finds triggers, rules and row policies on the tables of the portal,
// and constraints that are gone.
func (tx *Tx) attached(ctx context.Context, tables []string) (string, error) {
	type strange struct{ kind, name, table string }
	all, err := List(ctx, tx, func(r Row) (s strange, err error) { return s, r.Scan(&s.kind, &s.name, &s.table) },
		`SELECT 'trigger', g.tgname, t.relname FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid JOIN pg_namespace s ON s.oid = t.relnamespace WHERE s.nspname = current_schema() AND NOT g.tgisinternal
		UNION ALL SELECT 'rule', r.rulename, t.relname FROM pg_rewrite r JOIN pg_class t ON t.oid = r.ev_class JOIN pg_namespace s ON s.oid = t.relnamespace WHERE s.nspname = current_schema() AND t.relkind = 'r'
		UNION ALL SELECT 'row policy', t.relname, t.relname FROM pg_class t JOIN pg_namespace s ON s.oid = t.relnamespace WHERE s.nspname = current_schema() AND t.relrowsecurity
		ORDER BY 1, 2, 3`)
	for _, s := range all {
		if slices.Contains(tables, s.table) {
			return fmt.Sprintf("the table %s has the %s %s, which the portal did not make", s.table, s.kind, s.name), nil
		}
	}
	return "", err
}

// amcheck checks the indexes with PostgreSQL's own extension, where it is there.
func (tx *Tx) amcheck(ctx context.Context) (fault, notRun string, err error) {
	const without = "PostgreSQL’s check of its indexes, which needs the extension amcheck and the right to use it"
	there, err := One(ctx, tx, ScanInto[bool], `SELECT EXISTS (SELECT 1 FROM pg_proc p JOIN pg_extension e ON e.extname = 'amcheck' WHERE p.proname = 'bt_index_check' AND has_function_privilege(p.oid, 'EXECUTE'))`)
	if err != nil || !there {
		return "", without, err
	}
	indexes, err := List(ctx, tx, ScanInto[string], `SELECT i.oid::regclass::text FROM pg_class i JOIN pg_am a ON a.oid = i.relam JOIN pg_namespace s ON s.oid = i.relnamespace
		WHERE s.nspname = current_schema() AND i.relkind = 'i' AND a.amname = 'btree' ORDER BY 1`)
	for _, name := range indexes {
		if _, err := One(ctx, tx, ScanInto[string], `SELECT 'ok' || COALESCE(bt_index_check($1::regclass)::text, '')`, name); err != nil {
			return fmt.Sprintf("the index %s is damaged: %s", name, err), "", nil
		}
	}
	return "", "", err
}
