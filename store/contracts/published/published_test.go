package published

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/contracts/notice"
)

const (
	table   = "Contract Reference,Contract Title,Supplier,Contract Value,Start Date,End Date,Contract Manager\nC/1,Radios,A Ltd (sample),100,01/04/2013,31/03/2014,Nobody Invented\n"
	release = `{"ocid":"o-1","id":"1","date":"2013-04-01","buyer":{"id":"B","name":"Invented Borough (sample)","contactPoint":{"name":"Nobody Invented"}},"awards":[{"id":"1","title":"Radios","value":{"amount":100,"currency":"GBP"},"suppliers":[{"name":"A Ltd (sample)"}]}]}`
)

func packed(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}

func TestEachShapeIsReadTwiceAlikeAndCopiedWithoutPeople(t *testing.T) {
	for name, file := range map[string]string{"register": table, "ocds": release, "gz": packed("[" + release + "]"), "lines": release + "\n" + release, "v2": `{"notice":{"identifier":"N-1","title":"Radios","organisationName":"Invented Borough (sample)","contactDetails":{"name":"Nobody Invented"}},"awards":[{"value":100,"supplierName":"A Ltd (sample)","contact":null}]}`} {
		t.Run(name, func(t *testing.T) {
			f, err := Open(strings.NewReader(file), int64(len(file)), name, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			var told [2]string
			for i := range told {
				n := 0
				s, err := f.Read(context.Background(), func(one *notice.Notice) error {
					b, err := json.Marshal(one)
					told[i] += string(b)
					n++
					return err
				})
				if err != nil || n != 1 || s.PeopleDropped == 0 || s.File != name {
					t.Fatalf("%d notices, %+v, %v", n, s, err)
				}
				b, err := json.Marshal(s)
				if err != nil || !strings.Contains(string(b), `"left_out":[`) {
					t.Errorf("%v: %s", err, b)
				}
				told[i] += string(b)
			}
			if told[0] != told[1] || strings.Contains(told[0], "Nobody") || !strings.Contains(told[0], "A Ltd (sample)") {
				t.Errorf("%s\n%s", told[0], told[1])
			}
			var copied bytes.Buffer
			if err := f.Copy(&copied); err != nil || strings.Contains(copied.String(), "Nobody") || !strings.Contains(copied.String(), "A Ltd (sample)") {
				t.Errorf("%v: %s", err, copied.String())
			}
		})
	}
}

func TestWhatIsNoFileOfContractsIsRefusedInOneSentence(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"payments":  {"Body,Date Paid,Supplier,Transaction,Amount\nInvented Borough (sample),01/04/2013,A Ltd (sample),7,12.00\n", "handover load spend"},
		"empty":     {"", "is empty"},
		"flattened": {"ocid,awards/0/value/amount\no-1,100\n", "Load the JSON"},
		"words":     {"Dear Sir\n", "headings of a contract register"},
		"packed":    {packed(table), "Unpack it"},
		"picture":   {"\x89PNG\r\n\x1a\n....", "picture"},
		"PDF":       {"%PDF-1.4 ....", "PDF"},
		"other":     {`{"name":"x"}`, "no contract releases"},
		"broken":    {`{"releases":[`, "cut short"},
		"large":     {strings.Repeat("x", 2<<20), "1 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Open(strings.NewReader(c.file), int64(len(c.file)), name, 1<<20)
			if err == nil {
				_, err = f.Read(context.Background(), func(*notice.Notice) error { return nil })
			}
			if why, ok := errors.AsType[Refusal](err); !ok || !strings.Contains(string(why), c.want) || strings.Contains(string(why), "\n") {
				t.Errorf("%v", err)
			}
		})
	}
}

// FuzzOpen reads whatever it is given, and must give the same twice, with sums
// that no notice contradicts.
func FuzzOpen(f *testing.F) {
	for _, seed := range []string{table, release, "[" + release + "]", packed(release), release + "\n{", "\xff\xfe{\x00}\x00", `{"records":[{"ocid":"o","releases":[` + release + `]}]}`, "a;b\n1;2", `{"notice":{"identifier":"1"},"awards":[{"value":1e9}]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 1<<20 {
			return
		}
		opened, err := Open(bytes.NewReader(file), int64(len(file)), "fuzzed", 1<<20)
		if err != nil {
			if _, ok := errors.AsType[Refusal](err); !ok {
				t.Fatal(err)
			}
			return
		}
		defer opened.Close()
		var told [2]string
		for i := range told {
			s, err := opened.Read(context.Background(), func(n *notice.Notice) error {
				if len(n.Places) == 0 {
					t.Errorf("%+v stands nowhere", n)
				}
				b, err := json.Marshal(n)
				told[i] += string(b)
				return err
			})
			if err != nil {
				if _, ok := errors.AsType[Refusal](err); !ok {
					t.Fatal(err)
				}
				told[i] = err.Error()
				continue
			}
			b, _ := json.Marshal(s)
			told[i] += string(b)
		}
		if told[0] != told[1] {
			t.Errorf("%s\n%s", told[0], told[1])
		}
		if err := opened.Copy(&bytes.Buffer{}); err != nil {
			if _, ok := errors.AsType[Refusal](err); !ok {
				t.Fatal(err)
			}
		}
	})
}
