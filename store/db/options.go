package db

import (
	"path/filepath"
	"strings"
)

// KeyFile is where the record's signing key lives unless the options say.
func (o Options) KeyFile() string {
	if o.Key != "" {
		return o.Key
	}
	if EngineOf(o.Database) == Postgres {
		return "handover.key"
	}
	return strings.TrimSuffix(o.Database, filepath.Ext(o.Database)) + ".key"
}

// OriginName is the record’s name, or the usual one.
func (o Options) OriginName() string {
	if o.Origin != "" {
		return o.Origin
	}
	return "handover"
}
