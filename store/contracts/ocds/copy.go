package ocds

import (
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/police-ict/handover/store/contracts/notice"
)

// contacts are the names under which people stand in releases and notices.
var contacts = map[string]bool{"contactPoint": true, "contactPoints": true, "persons": true, "contact": true, "contactDetails": true, "contactDetail": true}

// Copy writes a file of JSON without its contact points, which may be shown to
// everybody. It returns a Refusal where the file cannot be read to its end.
func Copy(w io.Writer, r io.Reader) error {
	r, err := unpacked(r)
	if err != nil {
		return err
	}
	c := newCleaner(r)
	dec := jsontext.NewDecoder(c, lenient()...)
	enc := jsontext.NewEncoder(w, lenient()...)
	for {
		t, err := dec.ReadToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return asRefusal(err)
		}
		c.mark()
		if kind, n := dec.StackIndex(dec.StackDepth()); kind == '{' && n%2 == 1 && t.Kind() == '"' && contacts[t.String()] {
			if err := dec.SkipValue(); err != nil {
				return asRefusal(err)
			}
			continue
		}
		if t.Kind() == '"' {
			s, _ := notice.WithoutMail(t.String())
			t = jsontext.String(s)
		}
		if err := enc.WriteToken(t); err != nil {
			return err
		}
	}
}
