package web

import (
	"bytes"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/export"
	"github.com/police-ict/handover/store/storetest"
)

type spendTotal struct {
	Lines int64       `json:"lines"`
	Pence money.Pence `json:"pence"`
}

func totalAsked(t *testing.T, who at, query string) spendTotal {
	t.Helper()
	return decoded[struct {
		Total spendTotal `json:"total"`
	}](t, who.do(200, "GET", "/spend.json?"+query).Body.String()).Total
}

// Parquet has what the page of the same filter comes to.
func TestPaymentsAsParquetComeToTheSameSum(t *testing.T) {
	t.Parallel()
	s, _ := spent(t)
	nobody := stranger(t, s)
	for _, query := range []string{"", "it=all", "body=kent&it=all", "body=essex&year=2011&it=all", "body=surrey"} {
		w := nobody.do(200, "GET", "/spend.parquet?"+query)
		rows, err := parquet.Read[export.Row](bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
		if err != nil {
			t.Fatal(err)
		}
		var sum spendTotal
		for _, r := range rows {
			sum.Lines, sum.Pence = sum.Lines+1, sum.Pence+money.Pence(r.AmountPence)
		}
		if want := totalAsked(t, nobody, query); sum != want {
			t.Errorf("%q: the file comes to %v, the page to %v", query, sum, want)
		}
	}
	if h := nobody.do(200, "GET", "/spend.parquet?body=kent").Header(); h.Get("Content-Type") != "application/vnd.apache.parquet" || !strings.Contains(h.Get("Content-Disposition"), `filename="spend-body-kent-2013-01-14.parquet"`) {
		t.Errorf("%v", h)
	}
	says(t, nobody.do(422, "GET", "/spend.parquet?colour=red"), "There is no filter “colour”")
	nobody.do(404, "GET", "/decisions.parquet")
	nobody.do(200, "HEAD", "/spend.parquet")
}

// The SQLite file is made in the background, and again when payments changed.
func TestPaymentsAsSQLiteAreMadeOnce(t *testing.T) {
	t.Parallel()
	s, st := spent(t)
	nobody := stranger(t, s)
	w := nobody.do(http.StatusAccepted, "GET", "/spend.sqlite")
	says(t, w, "The SQLite file is being made")
	if w.Header().Get("Retry-After") == "" {
		t.Error("it does not say when to come back")
	}
	make := func() {
		t.Helper()
		if err := export.Make(t.Context(), st); err != nil {
			t.Fatal(err)
		}
	}
	make()
	w = nobody.do(200, "GET", "/spend.sqlite")
	tag := w.Header().Get("ETag")
	if h := w.Header(); h.Get("Content-Type") != "application/vnd.sqlite3" || !strings.Contains(h.Get("Content-Disposition"), `filename="spend-2013-01-14.sqlite"`) || tag == "" {
		t.Errorf("%v", h)
	}
	path := filepath.Join(t.TempDir(), "spend.sqlite")
	if err := os.WriteFile(path, w.Body.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var sum spendTotal
	if err := file.QueryRow(`SELECT COUNT(*), SUM(amount_pence) FROM payments`).Scan(&sum.Lines, &sum.Pence); err != nil || sum != totalAsked(t, nobody, "it=all") {
		t.Errorf("the file comes to %v, the page to %v; %v", sum, totalAsked(t, nobody, "it=all"), err)
	}
	r := httptest.NewRequest("GET", "/spend.sqlite", nil)
	r.Header.Set("Range", "bytes=0-14")
	part := httptest.NewRecorder()
	s.ServeHTTP(part, r)
	if part.Code != http.StatusPartialContent || part.Body.String() != "SQLite format 3" {
		t.Errorf("a part of it is %d %q", part.Code, part.Body)
	}
	says(t, nobody.do(422, "GET", "/spend.sqlite?body=kent"), "Download it without a filter")
	nobody.do(404, "GET", "/suppliers.sqlite")
	officer := storetest.Holder(t, st, office.CompanyOfficer, office.TheCompany)
	if err := spend.WithholdLine(t.Context(), st, officer, storetest.EveryLine(t, st)[0].ID, "It names a private person."); err != nil {
		t.Fatal(err)
	}
	nobody.do(http.StatusAccepted, "GET", "/spend.sqlite")
	make()
	if again := nobody.do(200, "GET", "/spend.sqlite").Header().Get("ETag"); again == tag {
		t.Error("the file of before is sent")
	}
	says(t, nobody.do(200, "GET", "/spend?it=all"), `href="/spend.parquet?it=all"`, `href="/spend.sqlite"`, `href="/spend.csv?it=all&amp;view=lines"`)
}
