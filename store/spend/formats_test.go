package spend_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/store/storetest"
)

// Old Excel and OpenDocument workbooks are kept, read again and held as others are.
func TestVerifyHoldsTheRowsOfEveryKindOfWorkbook(t *testing.T) {
	for name, encoding := range map[string]string{"xlwt.xls": "xls", "odfpy.ods": "ods"} {
		data, err := os.ReadFile(filepath.Join("..", "book", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		k := storetest.NewRaw(t)
		s := storetest.At(t, k.Database, k.Key, storetest.AtNoon)
		l := storetest.Load(t, s, office.CommandLine, spend.LoadRequest{Body: "kent", File: name}, string(data))
		if l.Encoding != encoding || l.Lines != 12 || l.Pence != 845_850 || l.Size != int64(len(data)) {
			t.Errorf("%s: %+v", name, l)
		}
		if at, err := report.ReadLine(t.Context(), s, office.Viewer{}, 3); err != nil || !strings.Contains(at.Raw, "Heron 2 Ltd") {
			t.Errorf("%s: the row of line 3 is %q, %v", name, at.Raw, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if got := k.Fault(); got != "" {
			t.Errorf("%s: verify says %q", name, got)
		}
	}
}
