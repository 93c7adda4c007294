package ocds

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// smallFile bytes are read value by value; a larger file may be one value, whose
// releases are read one by one.
const smallFile = 16 << 20

// scanner finds the elements of a file that may be releases, and gives each as it
// stands: its bytes are the taker's.
type scanner struct {
	give func(raw []byte) error
	c    *cleaner
}

// unpacked is a file without its gzip, if it has one.
func unpacked(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	if head, _ := b.Peek(2); len(head) < 2 || head[0] != 0x1F || head[1] != 0x8B {
		return b, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, Refusal("The file is a damaged gzip archive.")
	}
	return z, nil
}

// scan gives every element of a file in order. A file of at most small bytes is
// read value by value.
func scan(r io.Reader, small int, give func(raw []byte) error) error {
	r, err := unpacked(r)
	if err != nil {
		return err
	}
	s := scanner{give: give, c: newCleaner(r)}
	head, err := io.ReadAll(io.LimitReader(s.c, int64(small)+1))
	if err != nil {
		return asRefusal(err)
	}
	rest := io.MultiReader(bytes.NewReader(head), s.c)
	switch {
	case isLines(head):
		err = s.lines(bufio.NewReaderSize(rest, 1<<20))
	case len(head) <= small:
		err = s.values(head)
	default:
		err = s.large(rest)
	}
	return asRefusal(err)
}

// asRefusal is an error in the words of a person, where the file is at fault.
func asRefusal(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errTooLarge):
		return Refusal("One release in the file is larger than 64 MiB. Check that it is the right file.")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return Refusal("The file ends in the middle of a release: it was cut short. Download it again.")
	case errors.As(err, &syntax):
		return Refusal(fmt.Sprintf("The file is not valid JSON after about %d bytes. Download it again, or ask the publisher.", syntax.ByteOffset))
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return Refusal("The file is a damaged gzip archive.")
	}
	return err
}

// isLines says that each line of a file is a value of its own: its first is a
// whole one, and another follows.
func isLines(head []byte) bool {
	head = bytes.TrimLeft(head, " \r\n\t")
	line, rest, found := bytes.Cut(head, []byte("\n"))
	if !found || len(line) == 0 || line[0] != '{' && line[0] != '[' {
		return false
	}
	rest = bytes.TrimLeft(rest, " \r\n\t")
	return len(rest) > 0 && (rest[0] == '{' || rest[0] == '[') && jsontext.Value(line).IsValid(lenient()...)
}

// lines reads a file line by line: one that is broken spoils no other.
func (s *scanner) lines(b *bufio.Reader) error {
	for {
		line, err := b.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return err
		}
		s.c.mark()
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if e := s.give(line); e != nil {
				return e
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

// values reads a small file of one value or several.
func (s *scanner) values(b []byte) error {
	dec := jsontext.NewDecoder(bytes.NewReader(b), lenient()...)
	for {
		v, err := dec.ReadValue()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.give(slices.Clone(v)); err != nil {
			return err
		}
	}
}

// large reads a file as a stream.
func (s *scanner) large(r io.Reader) error {
	dec := jsontext.NewDecoder(r, lenient()...)
	for {
		if err := s.stream(dec, 0); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// maxWrapped is how deep releases may be wrapped in other objects.
const maxWrapped = 5

// stream goes into a value: lists and packages are opened, what they hold is read
// element by element.
func (s *scanner) stream(dec *jsontext.Decoder, depth int) error {
	kind := dec.PeekKind()
	if depth > maxWrapped || kind != '[' && kind != '{' {
		_, err := dec.ReadValue()
		s.c.mark()
		return err
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	if kind == '{' {
		return s.streamObject(dec, depth)
	}
	for dec.PeekKind() != ']' {
		if err := s.next(dec); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// streamObject goes into an object. One that has an ocid is a release itself, and
// is given whole.
func (s *scanner) streamObject(dec *jsontext.Decoder, depth int) error {
	whole, isRelease := []byte("{"), false
	for dec.PeekKind() != '}' {
		name, err := dec.ReadValue()
		if err != nil {
			return err
		}
		key := unquoted(name)
		if holders[key] && !isRelease {
			if err := s.stream(dec, depth+1); err != nil {
				return err
			}
			continue
		}
		if len(whole) > 1 {
			whole = append(whole, ',')
		}
		whole = append(append(whole, name...), ':')
		v, err := dec.ReadValue()
		if err != nil {
			return err
		}
		isRelease = isRelease || key == "ocid"
		whole = append(whole, v...)
		if len(whole) > maxElement {
			return errTooLarge
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	s.c.mark()
	if isRelease {
		return s.give(append(whole, '}'))
	}
	return nil
}

// next reads one element of a list. Packages list addresses as texts, too.
func (s *scanner) next(dec *jsontext.Decoder) error {
	if k := dec.PeekKind(); k != '{' && k != '[' {
		s.c.mark()
		return dec.SkipValue()
	}
	v, err := dec.ReadValue()
	if err != nil {
		return err
	}
	s.c.mark()
	return s.give(slices.Clone(v))
}

// holders are the names under which packages and wrappers hold what is looked for.
var holders = map[string]bool{
	"releases": true, "records": true, "results": true, "items": true, "hits": true, "data": true, "docs": true, "value": true, "body": true,
	"_source": true, "doc": true, "release": true, "record": true, "package": true, "packages": true, "json": true, "item": true,
	"noticeList": true, "notices": true, "release_package": true, "record_package": true, "compiledRelease": true, "compiledReleases": true,
}
