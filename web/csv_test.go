package web

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
)

// formulas are texts that a spreadsheet would run.
var formulas = []string{"=1+1", "+44 20 (sample)", "-2+3 cmd (sample)", "@SUM(A1) (sample)"}

// inEveryCSV is a portal with something in each of its lists, some of it named
// as formulas are.
func inEveryCSV(t *testing.T) (*serve.Server, []at) {
	t.Helper()
	s, st := spent(t)
	history(t, st)
	officer := storetest.Holder(t, st, office.CompanyOfficer, office.TheCompany)
	file := "Supplier,Date,Amount,Description,Category\n"
	for i, f := range formulas {
		p := storetest.HostingPaper(money.Pence(100_000 * (i + 1)))
		p.Title, p.Contract, p.Company, p.Supplier = f, "", "", ""
		draft, err := decisions.SaveDraft(t.Context(), st, officer, decisions.DraftForm{Matter: "contract", Paper: p})
		if err == nil {
			_, _, err = decisions.PutForwardPaper(t.Context(), st, officer, draft, 1)
		}
		if err != nil {
			t.Fatal(err)
		}
		file += f + "," + "1" + strconv.Itoa(i) + "/05/2012," + strconv.Itoa(-600-i) + ".05," + f + ",Computer hosting\n"
	}
	takesIn(t, st, spend.LoadRequest{Body: "surrey", File: "=surrey.csv"}, file)
	readers := []at{stranger(t, s), as(t, s, officer)}
	for _, k := range []office.Kind{office.CompanySecretary, office.Administrator, office.FinanceOfficer, office.Clerk} {
		readers = append(readers, as(t, s, storetest.Holder(t, st, k, bodyFor[k])))
	}
	return s, readers
}

// Every CSV says that it is UTF-8, what it is and of which day, has each sum in
// pounds and in pence, and no cell that a spreadsheet runs.
func TestEveryCSVIsSafeAndInPounds(t *testing.T) {
	t.Parallel()
	s, readers := inEveryCSV(t)
	had, sums, defused := 0, 0, 0
	for _, r := range s.Routes() {
		if r.Method != http.MethodGet || !s.Shows(r.Path) || strings.HasPrefix(r.Path, "/static/") {
			continue
		}
		path := filled(r.Path) + ".csv"
		addresses := []string{path}
		if path == "/spend.csv" {
			addresses = []string{path, path + "?view=lines", path + "?view=supplier", path + "?view=month"}
		}
		for _, address := range addresses {
			for _, who := range readers {
				w := who.send("GET", address)
				if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") {
					continue
				}
				had++
				u, _ := url.Parse(address)
				name := `filename="` + strings.Trim(strings.NewReplacer("/", "-", ".csv", "").Replace(u.Path), "-")
				if h := w.Header().Get("Content-Disposition"); !strings.Contains(h, name) || !strings.HasSuffix(h, "-"+string(civil.DayOf(s.Store.Now()))+`.csv"`) {
					t.Errorf("%s is named %s", address, h)
				}
				if !strings.HasPrefix(w.Body.String(), "\uFEFF") {
					t.Errorf("%s does not begin with the byte order mark", address)
				}
				m, n := checksCSV(t, address, rowsOf(t, w.Body.String()))
				sums, defused = sums+m, defused+n
				break
			}
		}
	}
	if had < 40 || sums < 100 || defused < 8 {
		t.Errorf("only %d files, %d sums and %d formulas were read", had, sums, defused)
	}
}

var poundsWritten = regexp.MustCompile(`^(-?[0-9]+\.[0-9]{2}( |$))*$`)

// checksCSV counts the sums in pounds of a file and the formulas that it defused.
func checksCSV(t *testing.T, address string, rows [][]string) (sums, defused int) {
	t.Helper()
	header := rows[0]
	for i, name := range header {
		what, isPence := strings.CutSuffix(name, "pence")
		if !isPence {
			continue
		}
		at := slices.Index(header, what+"pounds")
		if what == "amount_" && at < 0 {
			at = slices.Index(header, "amount")
		}
		if at < 0 {
			t.Errorf("%s has %s, and not in pounds", address, name)
			continue
		}
		for _, row := range rows[1:] {
			if pence := strings.ReplaceAll(row[at], ".", ""); !poundsWritten.MatchString(row[at]) || trimmed(pence) != trimmed(row[i]) {
				t.Errorf("%s says %q in pounds for %q", address, row[at], row[i])
			}
			sums++
		}
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+@\t\r\n", rune(cell[0])) || strings.HasPrefix(cell, "-") && strings.Trim(cell, "-0123456789. ") != "" {
				t.Errorf("%s has the cell %q", address, cell)
			}
			if rest, ok := strings.CutPrefix(cell, "'"); ok && slices.Contains(formulas, rest) {
				defused++
			}
		}
	}
	return sums, defused
}

// trimmed are sums in pence without the noughts that pounds put before them.
func trimmed(sums string) string {
	words := strings.Fields(sums)
	for i, w := range words {
		n, _ := strconv.ParseInt(w, 10, 64)
		words[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(words, " ")
}
