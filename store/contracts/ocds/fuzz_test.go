package ocds

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/contracts/notice"
)

// FuzzClean cleans any bytes: valid JSON in UTF-8 stays what it is, and the length
// of what is read at once changes nothing.
func FuzzClean(f *testing.F) {
	for _, s := range []string{`{"a":1}`, `{"a":000,"b":"é\x"}`, "{\"a\":\"\xe9\"}", `["\u0000",1e9999,NaN,-]`, "\xef\xbb\xbf[]", "\"\xc3"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		clean := func(r *cleaner) string {
			var out bytes.Buffer
			if _, err := out.ReadFrom(r); err != nil {
				t.Fatal(err)
			}
			return out.String()
		}
		got := clean(newCleaner(bytes.NewReader(b)))
		if slow := clean(newCleaner(&oneByOne{b})); slow != got {
			t.Errorf("%q, byte by byte %q", got, slow)
		}
		if json.Valid(b) && !bytes.ContainsRune(b, 0xFFFD) && !bytes.ContainsAny(b, "\x7f") {
			var was, is any
			if json.Unmarshal(b, &was) == nil && strings.ToValidUTF8(string(b), "") == string(b) {
				if err := json.Unmarshal([]byte(got), &is); err != nil || !reflect.DeepEqual(was, is) {
					t.Errorf("%q became %q: %v", b, got, err)
				}
			}
		}
	})
}

// oneByOne gives a byte at a time.
type oneByOne struct{ b []byte }

func (o *oneByOne) Read(p []byte) (int, error) {
	if len(o.b) == 0 {
		return 0, io.EOF
	}
	p[0] = o.b[0]
	o.b = o.b[1:]
	return 1, nil
}

// FuzzRead reads any file as a stream and value by value.
func FuzzRead(f *testing.F) {
	one := released("o-1", "1", "2013-04-01", award)
	for _, s := range []string{one, packageOf(one, one), one + "\n" + one, `{"records":[{"ocid":"o","versionedRelease":{"a":[{"releaseDate":"x","value":1}]}}]}`, `{"releases":[{"ocid":"o","awards":[{"id":1},{"id":"1"}],"contracts":{"id":2}}]}`, `[{"_id":1,"data":[[{"ocid":"x"}]]}]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, small := range []int{smallFile, max(16, len(b)/2)} {
			_, err := readAs(context.Background(), bytes.NewReader(b), "fuzzed", small, func(*notice.Notice) error { return nil })
			if err == nil {
				continue
			}
			if _, ok := errors.AsType[Refusal](err); !ok {
				t.Fatal(err)
			}
		}
	})
}

// FuzzMerge merges any releases: a release merged with itself is itself, and the
// latest values are those of the compiled release.
func FuzzMerge(f *testing.F) {
	f.Add([]byte(`{"ocid":"o","date":"1","awards":[{"id":1,"value":{"amount":2}},{"x":3}],"buyer":{"id":"B"}}`), []byte(`{"ocid":"o","date":"2","awards":[{"id":"1","value":null}],"buyer":"text"}`))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		x, y := asObject(treeOf(a)), asObject(treeOf(b))
		if x == nil || y == nil {
			return
		}
		for _, way := range []Repeated{LastWins, Append, ByPosition, ByTurn} {
			m := Merger{Rules: Standard(), Repeated: map[string]Repeated{"awards": way}}
			one, two := m.Compile([]map[string]any{x, y}), m.Compile([]map[string]any{x, y})
			if way != Append && !reflect.DeepEqual(one, two) {
				t.Errorf("%v and %v", one, two)
			}
			m.Version([]map[string]any{x, y})
		}
	})
}
