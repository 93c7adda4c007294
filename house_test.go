package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms are the packages of the program in rows, lowest first: a package imports
// only what stands before it. A new arrow is a change of this list. The colours
// are those of docs/architecture.svg.
var rooms = []struct {
	colour string
	names  []string
}{
	{"#f3f2f1", []string{"static", "store/migrations", "store/fault", "store/text", "store/civil", "store/money", "store/book"}},
	{"#f3f2f1", []string{"store/contracts/term", "store/contracts/value", "store/contracts/align"}},
	{"#d9e7f5", []string{"store/db", "store/office", "store/record"}},
	{"#d9e7f5", []string{"store/holidays", "store/outbox", "store/search", "store/seen", "store/people", "store/register", "store/documents", "store/drafts"}},
	{"#d9e7f5", []string{"store/authority", "store/decisions"}},
	{"#d9e7f5", []string{"store/spend/supplier", "store/spend/classify", "store/spend/block", "store/spend/payments", "store/spend/flag", "store/spend/sheet", "store/spend/kept", "store/spend/due"}},
	{"#d9e7f5", []string{"store/contracts/notice", "store/contracts/ocds", "store/contracts/register", "store/contracts/published"}},
	{"#d9e7f5", []string{"store/spend", "store/spend/audit", "store/spend/export", "store/spend/rejected", "store/spend/report", "store/changes", "store/scrutiny", "store/handover", "store/news"}},
	{"#d9e7f5", []string{"store", "store/story", "store/storetest", "store/book/booktest"}},
	{"#e3f1e3", []string{"views/page", "views/record", "views/holidays", "views/register", "views/spend"}},
	{"#e3f1e3", []string{"views/decisions", "views/scrutiny", "views/handover", "views/people", "views"}},
	{"#fbeed5", []string{"web/serve", "web/holidays", "web/record", "web/register", "web/spend"}},
	{"#fbeed5", []string{"web/decisions", "web/scrutiny", "web/handover", "web/people", "web"}},
	{"#fff", []string{""}},
}

// order are all rooms, lowest first.
func order() (all []string) {
	for _, r := range rooms {
		all = append(all, r.names...)
	}
	return all
}

// pure are the packages that know no database.
var pure = []string{"store/fault", "store/text", "store/civil", "store/money", "store/book", "store/authority",
	"store/contracts/term", "store/contracts/value", "store/contracts/align",
	"store/contracts/notice", "store/contracts/ocds", "store/contracts/register", "store/contracts/published",
	"store/spend/supplier", "store/spend/classify", "store/spend/block", "store/spend/payments", "store/spend/flag", "store/spend/sheet", "store/spend/due"}

// banned is what no package below a folder imports.
var banned = map[string][]string{
	"static": {module},
	"store":  {"net/http", "github.com/labstack/echo", "github.com/a-h/templ"},
	"views":  {"net/http", "github.com/labstack/echo", "database/sql"},
	"web":    {"database/sql"},
}

// source is a file of the program that somebody wrote: no test, nothing made by
// a generator.
type source struct {
	folder, path string
	text         []byte
	syntax       *ast.File // nil for a template
}

func sources(t *testing.T) (all []source, files *token.FileSet) {
	t.Helper()
	files = token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir(), strings.HasSuffix(path, "_test.go"), strings.HasSuffix(path, "_templ.go"):
			return nil
		case filepath.Ext(path) != ".go" && filepath.Ext(path) != ".templ":
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s := source{folder: strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "."), path: path, text: text}
		if filepath.Ext(path) == ".go" {
			if s.syntax, err = parser.ParseFile(files, path, text, parser.SkipObjectResolution); err != nil {
				return err
			}
		}
		all = append(all, s)
		return nil
	})
	if err != nil || len(all) < 100 {
		t.Fatalf("%d files, %v", len(all), err)
	}
	return all, files
}

func imports(t *testing.T, s source) (all []string) {
	t.Helper()
	if s.syntax == nil {
		return nil // its imports are those of what is generated from it
	}
	for _, i := range s.syntax.Imports {
		name, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, name)
	}
	return all
}

func TestNoPackageImportsALaterOne(t *testing.T) {
	all, _ := sources(t)
	generated, err := filepath.Glob("views/*/*_templ.go")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("views/*_templ.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(generated, more...) {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, source{folder: filepath.ToSlash(filepath.Dir(path)), path: path, syntax: f})
	}
	order := order()
	for _, s := range all {
		at := slices.Index(order, s.folder)
		if at < 0 {
			t.Errorf("%s: the package %s stands nowhere in the order", s.path, s.folder)
			continue
		}
		top, _, _ := strings.Cut(s.folder, "/")
		for _, name := range imports(t, s) {
			for _, no := range banned[top] {
				if name == no || strings.HasPrefix(name, no+"/") {
					t.Errorf("%s imports %s: nothing below %s may", s.path, name, top)
				}
			}
			if strings.HasPrefix(name, "database/sql") && slices.Contains(pure, s.folder) {
				t.Errorf("%s imports %s: %s knows no database", s.path, name, s.folder)
			}
			ours, ok := strings.CutPrefix(name, module)
			if !ok {
				continue
			}
			if slices.Index(order, strings.TrimPrefix(ours, "/")) >= at {
				t.Errorf("%s imports %s, which stands after %s in the order", s.path, name, s.folder)
			}
		}
	}
}

// shippedDays are the ways to count working days without those that were added.
var shippedDays = regexp.MustCompile(`\.(?:AddWorking|WorkingTo)\(|\.Working\(\)|civil\.(?:Calendar\{\}|BankHolidays\()`)

func TestWorkingDaysAreCountedByTheCalendarOfTheDatabase(t *testing.T) {
	all, _ := sources(t)
	for _, s := range all {
		if slices.Contains([]string{"store/civil", "store/holidays", "store/storetest"}, s.folder) {
			continue
		}
		for _, m := range shippedDays.FindAll(s.text, -1) {
			t.Errorf("%s counts by the shipped bank holidays alone, with %s: ask holidays.Calendar", s.path, m)
		}
	}
}

var writing = regexp.MustCompile(`(?:INSERT INTO|UPDATE|DELETE FROM) ([a-z][a-z_]+)`)

func TestEachTableIsWrittenByOnePackage(t *testing.T) {
	all, _ := sources(t)
	owner := map[string]map[string]bool{}
	for _, s := range all {
		if strings.HasPrefix(s.folder, "store") && s.folder != "store/storetest" {
			for _, m := range writing.FindAllSubmatch(s.text, -1) {
				table := string(m[1])
				if owner[table] == nil {
					owner[table] = map[string]bool{}
				}
				owner[table][s.folder] = true
			}
		}
	}
	if len(owner) < 50 {
		t.Errorf("only %d tables are written", len(owner))
	}
	for table, by := range owner {
		if len(by) != 1 {
			t.Errorf("%s is written by %v", table, slices.Sorted(maps.Keys(by)))
		}
	}
}

// The limits of what somebody reads in one go.
const (
	linesOfFile     = 500
	linesOfPackage  = 8000
	linesOfFunction = 60
)

func TestNothingIsTooLongToRead(t *testing.T) {
	all, files := sources(t)
	packages := map[string]int{}
	for _, s := range all {
		n := bytes.Count(s.text, []byte("\n"))
		packages[s.folder] += n
		if n > linesOfFile {
			t.Errorf("%s has %d lines: split it by aspect", s.path, n)
		}
		if s.syntax == nil {
			continue
		}
		for _, d := range s.syntax.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				if n := files.Position(f.End()).Line - files.Position(f.Pos()).Line + 1; n > linesOfFunction {
					t.Errorf("%s: %s has %d lines", s.path, f.Name.Name, n)
				}
			}
		}
	}
	for name, n := range packages {
		if n > linesOfPackage {
			t.Errorf("package %s has %d lines: split it by subject", name, n)
		}
	}
}
