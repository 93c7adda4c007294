// Package static holds the files the browser fetches, and their addresses.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

//go:embed *.css *.svg
var files embed.FS

// File is one file in the forms that browsers take.
type File struct {
	Type              string
	Raw, Gzip, Brotli []byte
}

type known struct {
	byAddress map[string]func() File // "portal.0123456789ab.css"
	addresses map[string]string      // "portal.css" -> "/static/portal.0123456789ab.css"
}

var all = sync.OnceValue(func() known {
	k := known{map[string]func() File{}, map[string]string{}}
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // the files are part of the program
	}
	for _, e := range entries {
		raw, err := files.ReadFile(e.Name())
		if err != nil {
			panic(err)
		}
		ext := path.Ext(e.Name())
		hashed := fmt.Sprintf("%s.%.6x%s", strings.TrimSuffix(e.Name(), ext), sha256.Sum256(raw), ext)
		k.addresses[e.Name()] = "/static/" + hashed
		k.byAddress[hashed] = sync.OnceValue(func() File { return packed(ext, raw) })
	}
	return k
})

func packed(ext string, raw []byte) File {
	var z, b bytes.Buffer
	gz, _ := gzip.NewWriterLevel(&z, gzip.BestCompression) // the level is right
	br := brotli.NewWriterLevel(&b, brotli.BestCompression)
	for _, w := range []interface {
		Write([]byte) (int, error)
		Close() error
	}{gz, br} {
		if _, err := w.Write(raw); err != nil {
			panic(err) // memory does not refuse
		}
		if err := w.Close(); err != nil {
			panic(err)
		}
	}
	return File{map[string]string{".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}[ext], raw, z.Bytes(), b.Bytes()}
}

// URL is the address of a file. It changes when the file does, so browsers
// may keep it for ever.
func URL(name string) string { return all().addresses[name] }

// Get finds a file by the last part of its address.
func Get(hashed string) (File, bool) {
	f, ok := all().byAddress[hashed]
	if !ok {
		return File{}, false
	}
	return f(), true
}
