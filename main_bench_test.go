package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkStart prints how long the built program takes on an existing file
// until it is ready, and how much memory it then rests in.
func BenchmarkStart(b *testing.B) {
	database := filepath.Join(b.TempDir(), "bench.db")
	start(b, "serve", "--database", database).stop()
	var memory int64
	for range b.N {
		p := start(b, "serve", "--database", database)
		for {
			res, err := http.Get(p.url + "/readyz")
			if err == nil {
				res.Body.Close()
				if res.StatusCode == http.StatusOK {
					break
				}
			}
			time.Sleep(time.Millisecond)
		}
		b.StopTimer()
		memory = max(memory, resting(b, p.cmd.Process.Pid))
		p.stop()
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/start")
	b.ReportMetric(float64(memory)/1024, "MB-at-rest")
}

// resting is the memory of a process, in kB, as Linux tells it; 0 elsewhere.
func resting(b *testing.B, pid int) (kB int64) {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	if _, err := fmt.Sscan(rest, &kB); err != nil {
		b.Fatal(err)
	}
	return kB
}
