package published

import (
	"context"
	"fmt"
	"os"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/police-ict/handover/store/contracts/notice"
)

func TestAll(t *testing.T) {
	dir := os.Getenv("ALL_DATA")
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if d.IsDir() { return nil }
		f, err := os.Open(path); if err != nil { return nil }
		defer f.Close()
		st, _ := f.Stat()
		if st.Size() > 30<<20 { return nil }
		rel, _ := filepath.Rel(dir, path)
		at := time.Now()
		o, err := Open(f, st.Size(), filepath.Base(path), 0)
		if err != nil { fmt.Printf("%-60s %4dms %v\n", rel, time.Since(at).Milliseconds(), err); return nil }
		n := 0
		s, err := o.Read(context.Background(), func(*notice.Notice) error { n++; return nil })
		if err != nil { fmt.Printf("%-60s %v\n", rel, err); return nil }
		fmt.Printf("%-60s READ %s rows %d notices %d rejected %d %v left %v\n", rel, s.Shape, s.Rows, n, s.Rejected, s.Rejections[:min(2,len(s.Rejections))], s.LeftOut)
		if o.Register != nil { fmt.Printf("    %v\n", o.Register.Sheets[0].Mapping) }
		return nil
	})
}
