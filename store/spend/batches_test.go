package spend_test

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
)

// longSpend is a database with a file of more payments than are read at once.
func longSpend(t *testing.T) (*db.Tx, spend.Load) {
	t.Helper()
	s := storetest.Open(t)
	file := string(storetest.SpendFile(2_900, civil.MonthOf(2012, 1), 3, 7))
	for i, row := range strings.SplitAfter(file, "\r\n")[1:201] { // each of them is paid once more, and so a finding
		file += strings.Replace(row, ",7", fmt.Sprintf(",8%03d", i), 1)
	}
	return s, storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent"}, file)
}

// downloads are the ways to read payments for longer than a transaction lasts.
func downloads(t *testing.T, s *db.Tx, load int64) map[string]func() iter.Seq2[string, error] {
	return map[string]func() iter.Seq2[string, error]{
		"a filter": func() iter.Seq2[string, error] {
			return told(spend.EachLine(t.Context(), s, payments.Filter{Bodies: []string{"kent"}}))
		},
		"words": func() iter.Seq2[string, error] {
			return told(spend.EachLine(t.Context(), s, payments.Filter{Text: "sample"}))
		},
		"a load": func() iter.Seq2[string, error] {
			return told(spend.EachLoadLine(t.Context(), s, office.Viewer{}, load))
		},
		"findings": func() iter.Seq2[string, error] {
			return told(report.EachFinding(t.Context(), s, payments.FlagDuplicate, nil))
		},
	}
}

func told[T any](all iter.Seq2[T, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for v, err := range all {
			if !yield(fmt.Sprintf("%+v", v), err) {
				return
			}
		}
	}
}

// whole reads a download to its end, and does something after its first row.
func whole(t *testing.T, s *db.Tx, all iter.Seq2[string, error], after func()) (rows []string, err error) {
	t.Helper()
	for row, err := range all {
		if err != nil {
			return rows, err
		}
		if n := s.InUse(); n != 0 {
			t.Fatalf("%d connections are held while row %d is taken", n, len(rows))
		}
		if rows = append(rows, row); len(rows) == 1 {
			after()
		}
	}
	return rows, nil
}

func TestADownloadHoldsNothingAndTellsOneState(t *testing.T) {
	t.Parallel()
	s, load := longSpend(t)
	n := 0
	for name, all := range downloads(t, s, load.ID) {
		before, err := whole(t, s, all(), func() {})
		if err != nil || len(before) < 150 {
			t.Fatalf("%s: %d rows, %v", name, len(before), err)
		}
		after, err := whole(t, s, all(), func() {
			n++
			storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: []string{"kent", "essex"}[n%2], AcceptOverlap: true},
				string(storetest.SpendFile(40, civil.MonthOf(2012, 1+n), 1, uint64(n))))
		})
		if err != nil || !slices.Equal(before, after) {
			t.Errorf("%s: a file was taken in meanwhile: %d rows, then %d, %v", name, len(before), len(after), err)
		}
	}
}

func TestADownloadEndsWhereWhatItTellsIsWithheld(t *testing.T) {
	t.Parallel()
	s, load := longSpend(t)
	other := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "essex", AcceptRejected: true}, storetest.KentFile)
	all := downloads(t, s, load.ID)
	for _, step := range []struct {
		what  string
		do    func() error
		stops bool
	}{
		{"a line is withheld", func() error {
			return spend.WithholdLine(t.Context(), s, office.CommandLine, load.FirstLine+3, "It names a person.")
		}, true},
		{"it is shown again", func() error {
			return spend.LiftLine(t.Context(), s, office.CommandLine, load.FirstLine+3, "It names none.")
		}, true},
		{"the load is withheld", func() error {
			return spend.WithholdLoad(t.Context(), s, office.CommandLine, load.ID, false, "It names people.")
		}, true},
		{"the load is shown again", func() error {
			return spend.WithholdLoad(t.Context(), s, office.CommandLine, load.ID, true, "It names none.")
		}, true},
		{"another load is withheld", func() error {
			return spend.WithholdLoad(t.Context(), s, office.CommandLine, other.ID, false, "It names people.")
		}, false},
	} {
		rows, err := whole(t, s, all["a load"](), func() {
			if err := step.do(); err != nil {
				t.Fatal(err)
			}
		})
		if step.stops != (err != nil && strings.Contains(err.Error(), "begin it again")) || !step.stops && len(rows) != 3_100 {
			t.Errorf("%s: %d rows, %v", step.what, len(rows), err)
		}
	}
}

func TestWhatIsWithheldIsNotFoundByItsWords(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	load := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, storetest.KentFile)
	found := func(words string) int {
		t.Helper()
		p, err := spend.Lines(t.Context(), s, payments.Filter{Text: words}, spend.Newest, 0, 50)
		if err != nil || int64(len(p.Lines)) != p.Spend.Total.Lines {
			t.Fatalf("%s: %d lines of %d, %v", words, len(p.Lines), p.Spend.Total.Lines, err)
		}
		return len(p.Lines)
	}
	if n := found("brightmere"); n != 1 {
		t.Fatalf("%d lines are found", n)
	}
	line := load.FirstLine
	for l, err := range spend.EachLine(t.Context(), s, payments.Filter{Text: "BRIGHT mere fuel"}) {
		if line = l.ID; err != nil {
			t.Fatal(err)
		}
	}
	if err := spend.WithholdLine(t.Context(), s, office.CommandLine, line, "It names a person."); err != nil {
		t.Fatal(err)
	}
	if n := found("brightmere"); n != 0 {
		t.Errorf("%d lines are found by a name that is withheld", n)
	}
	if err := spend.LiftLine(t.Context(), s, office.CommandLine, line, "It names none."); err != nil {
		t.Fatal(err)
	}
	if n := found("brightmere fleet mere e"); n != 1 {
		t.Errorf("%d lines are found by a name that is shown again", n)
	}
	if err := spend.WithholdLoad(t.Context(), s, office.CommandLine, load.ID, false, "It names people."); err != nil {
		t.Fatal(err)
	}
	if n := found("brightmere") + found("fleet"); n != 0 {
		t.Errorf("%d lines are found of a load that is withheld", n)
	}
}
