// Lint runs what staticcheck does not: errors compared by value, answers and
// rows that are not closed, and what gosec thinks unsafe. It has a module of
// its own so that its needs stay out of the portal's go.mod. From the top:
//
//	go -C .ci/lint build -o /tmp/lint . && /tmp/lint ./...
//
// A finding is excused here for all files, or on its line by a comment
// //nolint:NAME with the reason after it (#nosec G123 -- reason for gosec).
package main

import (
	"go/token"
	"os"
	"strings"

	"github.com/polyfloyd/go-errorlint/errorlint"
	"github.com/ryanrolds/sqlclosecheck/pkg/analyzer"
	"github.com/securego/gosec/v2/goanalysis"
	"github.com/timakin/bodyclose/passes/bodyclose"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/multichecker"
)

// excused are rules of gosec that do not fit the portal, and why.
var excused = map[string]string{
	"G104": "errors that are dropped on purpose: staticcheck and go vet find the others",
	"G115": "numbers are checked where they come in, and most conversions it finds cannot overflow",
	"G304": "the portal's files are named by whoever starts it",
	"G404": "random waits and sample data are no secrets: keys and tokens come from crypto/rand",
}

// inTests are the analyzers that are kept out of tests, and why.
var inTests = map[string]string{
	"bodyclose":     "tests close an answer in the function that reads it, which it does not follow",
	"sqlclosecheck": "the end of a test closes its database",
	"gosec":         "tests write to folders of their own, with sample passwords",
}

func main() {
	var ids []string
	for id := range excused {
		ids = append(ids, id)
	}
	if err := goanalysis.Analyzer.Flags.Set("exclude", strings.Join(ids, ",")); err != nil {
		panic(err)
	}
	all := []*analysis.Analyzer{errorlint.NewAnalyzer(), bodyclose.Analyzer, analyzer.NewAnalyzer(), goanalysis.Analyzer}
	for _, a := range all {
		a.Run = excusing(a.Name, a.Run)
	}
	multichecker.Main(all...)
}

// excusing is an analyzer's run without the findings that are excused.
func excusing(name string, run func(*analysis.Pass) (any, error)) func(*analysis.Pass) (any, error) {
	return func(pass *analysis.Pass) (any, error) {
		to := *pass
		to.Report = func(d analysis.Diagnostic) {
			at := pass.Fset.Position(d.Pos)
			_, dropped := inTests[name]
			if !(dropped && strings.HasSuffix(at.Filename, "_test.go")) && !strings.HasSuffix(at.Filename, "_templ.go") && !nolint(at, name) {
				pass.Report(d)
			}
		}
		return run(&to)
	}
}

// nolint reports whether the line of a finding excuses it.
func nolint(at token.Position, name string) bool {
	text, err := os.ReadFile(at.Filename)
	if err != nil {
		return false
	}
	lines := strings.Split(string(text), "\n")
	return at.Line > 0 && at.Line <= len(lines) && strings.Contains(lines[at.Line-1], "//nolint:"+name+" ")
}
