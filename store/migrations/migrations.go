// Package migrations holds the tables of the portal: one text for both
// engines, never edited once it has landed.
package migrations

import "embed"

// Files are the migrations, in the order of their names.
//
//go:embed *.sql
var Files embed.FS
