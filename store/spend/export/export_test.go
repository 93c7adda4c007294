package export_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/export"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/storetest"
)

const few = "Supplier,Date,Amount,Description,VAT Amount\n" +
	"Quillfeather Widgets Ltd (sample),02/05/2012,\"1,700.25\",Kumquat hosting,283.38\n" +
	"=Fernhall Networks Ltd (sample),30/05/2012,-812.05,Network lines,\n" +
	"Redacted personal data,03/05/2012,900.00,Training,0.00\n"

func several(t *testing.T) *db.Tx {
	t.Helper()
	s := storetest.Open(t)
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, few)
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "essex"}, string(storetest.SpendFile(2_300, civil.MonthOf(2012, 1), 3, 7)))
	return s
}

func parquetRows(t *testing.T, s *db.Tx, f payments.Filter) []export.Row {
	t.Helper()
	var b bytes.Buffer
	if err := export.Parquet(t.Context(), s, f, &b, func() {}); err != nil {
		t.Fatal(err)
	}
	rows, err := parquet.Read[export.Row](bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func sqliteFile(t *testing.T, s *db.Tx, f payments.Filter) *sql.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "payments.sqlite")
	if err := export.SQLite(t.Context(), s, f, path); err != nil {
		t.Fatal(err)
	}
	file, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// Each file comes to what the page comes to, for all payments and for a filter,
// and the same payments are written in the same bytes.
func TestFilesComeToWhatThePagesComeTo(t *testing.T) {
	t.Parallel()
	s := several(t)
	for _, f := range []payments.Filter{{}, {Bodies: []string{"kent"}}, {From: civil.MonthOf(2012, 2), To: civil.MonthOf(2012, 2)}, {Bodies: []string{"surrey"}}} {
		page, err := spend.Read(t.Context(), s, f)
		if err != nil {
			t.Fatal(err)
		}
		var sum spend.Sum
		for _, r := range parquetRows(t, s, f) {
			sum = sum.Plus(spend.Sum{Lines: 1, Pence: money.Pence(r.AmountPence)})
			if r.Amount != r.AmountPence {
				t.Errorf("payment %d has %d in pounds and %d in pence", r.Line, r.Amount, r.AmountPence)
			}
		}
		if sum != page.Total {
			t.Errorf("%+v: the Parquet file comes to %v, the page to %v", f, sum, page.Total)
		}
		if err := sqliteFile(t, s, f).QueryRow(`SELECT COUNT(*), COALESCE(SUM(amount_pence), 0) FROM payments`).Scan(&sum.Lines, &sum.Pence); err != nil || sum != page.Total {
			t.Errorf("%+v: the SQLite file comes to %v, the page to %v; %v", f, sum, page.Total, err)
		}
	}
	var a, b bytes.Buffer
	if err := export.Parquet(t.Context(), s, payments.Filter{}, &a, func() {}); err != nil {
		t.Fatal(err)
	}
	if err := export.Parquet(t.Context(), s, payments.Filter{}, &b, func() {}); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("two files of the same payments differ, %v", err)
	}
}

// Both files say of each payment what its line says.
func TestFilesSayWhatTheLinesSay(t *testing.T) {
	t.Parallel()
	s := several(t)
	f := payments.Filter{Bodies: []string{"kent"}}
	file := sqliteFile(t, s, f)
	for _, r := range parquetRows(t, s, f) {
		from, k, err := spend.FindLine(t.Context(), s, office.Viewer{}, r.Line)
		if err != nil {
			t.Fatal(err)
		}
		if from.ID != r.Load || r.Paid != k.Paid.Code() || int64(k.Pence) != r.AmountPence {
			t.Errorf("payment %d is %+v in the file, and %+v", r.Line, r, k)
		}
		vat := "<nil>"
		if r.VATPence != nil {
			vat = fmt.Sprint(*r.VATPence)
		}
		want := strings.Join([]string{r.Body, r.Paid, r.Supplier, r.Payee, r.Purpose, fmt.Sprint(r.AmountPence), vat, fmt.Sprint(r.FileRow)}, "|")
		var got string
		if err := file.QueryRow(`SELECT body || '|' || paid_on || '|' || COALESCE(supplier, '') || '|' || payee || '|' || COALESCE(purpose, '') || '|' || amount_pence || '|' || COALESCE(vat_pence, '<nil>') || '|' || file_row
			FROM payments WHERE line = ?`, r.Line).Scan(&got); err != nil || got != want {
			t.Errorf("payment %d is %s in SQLite, %s in Parquet; %v", r.Line, got, want, err)
		}
	}
	var plan string
	if err := file.QueryRow(`SELECT group_concat(name) FROM sqlite_master WHERE type = 'index' AND name LIKE 'payments_%'`).Scan(&plan); err != nil || strings.Count(plan, ",") != 2 {
		t.Errorf("its indexes are %s, %v", plan, err)
	}
}

// What is withheld is in neither file, and its amount is.
func TestWhatIsWithheldIsInNoFile(t *testing.T) {
	t.Parallel()
	s := several(t)
	officer := storetest.Holder(t, s, office.CompanyOfficer, office.TheCompany)
	if err := export.Make(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if f, err := export.Current(t.Context(), s); err != nil || f == nil {
		t.Fatal(f, err)
	}
	for _, r := range parquetRows(t, s, payments.Filter{Bodies: []string{"kent"}}) {
		if strings.HasPrefix(r.Supplier, "Quill") {
			if err := spend.WithholdLine(t.Context(), s, officer, r.Line, "It names a private person."); err != nil {
				t.Fatal(err)
			}
		}
	}
	if f, err := export.Current(t.Context(), s); err != nil || f != nil {
		t.Errorf("the file with the name is kept: %v, %v", f, err)
	}
	sum := money.Pence(0)
	for _, r := range parquetRows(t, s, payments.Filter{Bodies: []string{"kent"}}) {
		sum += money.Pence(r.AmountPence)
		if said := fmt.Sprintf("%+v", r); strings.Contains(strings.ToLower(said), "quillfeather") || strings.Contains(said, "Kumquat") {
			t.Errorf("the Parquet file has %s", said)
		}
	}
	if sum != 178_820 {
		t.Errorf("the sum with the withheld payment is %s", sum)
	}
	var n int
	if err := sqliteFile(t, s, payments.Filter{}).QueryRow(`SELECT COUNT(*) FROM payments WHERE supplier LIKE '%quill%' OR supplier_slug LIKE '%quill%' OR purpose LIKE '%kumquat%'`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d payments of the SQLite file have the name, %v", n, err)
	}
}

// The SQLite file is made once, and again when the payments changed.
func TestTheFileIsKeptUntilThePaymentsChange(t *testing.T) {
	t.Parallel()
	s := several(t)
	current := func() *export.File {
		t.Helper()
		f, err := export.Current(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	remake := func() *export.File {
		t.Helper()
		if err := export.Make(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		return current()
	}
	if current() != nil {
		t.Fatal("there is a file before one was made")
	}
	first := remake()
	storetest.Person(t, s, "Somebody (sample)") // an event that changes no payment
	if again := remake(); first == nil || again != first || current() != first {
		t.Errorf("the file is made again although nothing changed: %v, %v", first, again)
	}
	storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "surrey"}, few+"Alder Vale Ltd (sample),04/05/2012,650.00,Lines,\n")
	if current() != nil {
		t.Error("an old file is kept")
	}
	if second := remake(); second == nil || second.Tag == first.Tag {
		t.Errorf("the second file is %v", second)
	}
	head := make([]byte, 15)
	if _, err := first.Content().Read(head); err != nil || string(head) != "SQLite format 3" { // whoever reads it reads on
		t.Errorf("the first file begins %q, %v", head, err)
	}
}
