package web

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
)

// slowReader takes nothing of an answer until it is let go on.
type slowReader struct {
	*httptest.ResponseRecorder
	stuck, goOn chan bool
	once        sync.Once
}

func (r *slowReader) Write(b []byte) (int, error) {
	r.once.Do(func() { r.stuck <- true; <-r.goOn })
	return r.ResponseRecorder.Write(b)
}

func TestSlowReadersKeepNobodyWaiting(t *testing.T) {
	t.Parallel()
	s, st, _ := open(t)
	first := takesIn(t, st, spend.LoadRequest{Body: "kent"}, string(storetest.SpendFile(4_000, civil.MonthOf(2012, 1), 3, 5)))
	who := stranger(t, s)
	paths := []string{"/spend.csv?view=lines&it=all", "/spend/loads/" + serve.Digits(first.ID) + ".csv", "/spend.csv?view=lines&it=all&text=sample"}
	want := map[string]string{}
	for _, path := range paths {
		want[path] = who.do(200, "GET", path).Body.String()
	}
	stuck, goOn := make(chan bool), make(chan bool)
	var all sync.WaitGroup
	for i := range 34 {
		path := paths[i%len(paths)]
		all.Go(func() {
			r := &slowReader{ResponseRecorder: httptest.NewRecorder(), stuck: stuck, goOn: goOn}
			s.ServeHTTP(r, httptest.NewRequest(http.MethodGet, path, nil))
			if r.Body.String() != want[path] {
				t.Errorf("%s: %d bytes of %d after a file was taken in meanwhile", path, r.Body.Len(), len(want[path]))
			}
		})
	}
	for range 34 {
		<-stuck
	}
	if n := st.InUse(); n != 0 {
		t.Errorf("%d connections are held for readers who do not read", n)
	}
	takesIn(t, st, spend.LoadRequest{Body: "essex"}, string(storetest.SpendFile(100, civil.MonthOf(2012, 1), 1, 6)))
	for _, path := range []string{"/", "/readyz", "/sign-in", "/spend?view=lines&it=all&text=sample"} {
		who.do(200, "GET", path)
	}
	close(goOn)
	all.Wait()
}
