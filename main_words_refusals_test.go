package main

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// saysToPeople are the functions whose texts are shown to whoever asked for
// something that cannot be done.
var saysToPeople = []string{"Add", "Errorf", "Field", "Refusal", "doubt", "misusef", "leaveOut"}

// insideOnly are texts of faults that only a log shows: "store: reading the head".
var insideOnly = regexp.MustCompile(`^[a-z]+: `)

// inRefusals are phrases that no refusal says, beside those that no page says.
var inRefusals = []unsaid{
	{`(?:^|[.:;,?] (?:and )?)[Gg]ive `, "Enter …; Choose …"},
	{`(?i)\bbelow zero\b|\bas it stands\b|\bholds no\b|\btake in\b`, "negative; as shown; has no; load"},
}

// A refusal is on no page that a crawl finds, so the texts are read in the source.
func TestRefusalsSpeakPlainly(t *testing.T) {
	all, files := sources(t)
	held, count := append(slices.Clone(unsaids), inRefusals...), 0
	held = slices.DeleteFunc(held, func(u unsaid) bool { // of what a scheme or a field is typed like
		return strings.HasPrefix(u.but, "a reference") || strings.HasPrefix(u.but, "5pm, ")
	})
	var said []*regexp.Regexp
	for _, u := range held {
		said = append(said, regexp.MustCompile(u.not))
	}
	for _, s := range all {
		if s.syntax == nil {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			for _, lit := range refusalsOf(n) {
				words, err := strconv.Unquote(lit.Value)
				if err != nil || !strings.Contains(words, " ") || insideOnly.MatchString(words) {
					continue
				}
				count++
				for i, e := range said {
					if m := e.FindString(words); m != "" {
						t.Errorf("%s: %q says %q: say %s", files.Position(lit.Pos()), words, m, held[i].but)
					}
				}
			}
			return true
		})
	}
	if count < 500 {
		t.Errorf("%d texts are not every refusal", count)
	}
}

// refusalsOf are the texts of a call that says something to people.
func refusalsOf(n ast.Node) (all []*ast.BasicLit) {
	call, ok := n.(*ast.CallExpr)
	if !ok || !slices.Contains(saysToPeople, calledName(call)) {
		return nil
	}
	for _, arg := range call.Args {
		if one, ok := arg.(*ast.CallExpr); ok && calledName(one) == "Sprintf" {
			all = append(all, texts(one.Args)...)
		}
	}
	return append(all, texts(call.Args)...)
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func texts(args []ast.Expr) (all []*ast.BasicLit) {
	for _, arg := range args {
		if lit, ok := arg.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			all = append(all, lit)
		}
	}
	return all
}
