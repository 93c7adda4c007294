package ocds

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/police-ict/handover/store/contracts/notice"
)

// lenient reads what publishers write: names that stand twice, letters cut in two.
func lenient() []jsontext.Options {
	return []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}
}

// maxText bytes of one text are kept.
const maxText = 8000

// want says which fields are read: nil keeps a value whole.
type want map[string]want

// fields are what is read of a release.
func fields() want {
	party := want{"id": nil, "name": nil, "identifier": {"scheme": nil, "id": nil, "legalName": nil}, "additionalIdentifiers": {"scheme": nil, "id": nil}}
	member := want{"roles": nil, "details": {"scale": nil}}
	for k, v := range party {
		member[k] = v
	}
	value := want{"amount": nil, "currency": nil, "amountGross": nil, "amountNet": nil}
	period := want{"startDate": nil, "endDate": nil, "maxExtentDate": nil, "durationInDays": nil}
	words := want{"description": nil}
	class := want{"scheme": nil, "id": nil}
	items := want{"id": nil, "classification": class, "additionalClassifications": class}
	amendment := want{"id": nil, "date": nil, "rationale": nil, "description": nil}
	lot := want{"id": nil, "title": nil, "value": value, "contractPeriod": period, "options": words, "renewal": words, "hasOptions": nil, "hasRenewal": nil}
	return want{
		"ocid": nil, "id": nil, "date": nil, "tag": nil, "title": nil, "description": nil,
		"buyer": party, "parties": member,
		"relatedProcesses": {"id": nil, "relationship": nil, "identifier": nil},
		"tender": {
			"id": nil, "title": nil, "description": nil, "status": nil, "value": value, "contractPeriod": period,
			"procurementMethod": nil, "procurementMethodDetails": nil, "mainProcurementCategory": nil,
			"classification": class, "items": items, "lots": lot, "procuringEntity": party,
			"hasOptions": nil, "options": words, "hasRenewal": nil, "renewal": words,
			"techniques": {"hasFrameworkAgreement": nil, "hasDynamicPurchasingSystem": nil, "frameworkAgreement": {"value": value}},
		},
		"awards": {
			"id": nil, "title": nil, "description": nil, "status": nil, "date": nil, "datePublished": nil,
			"value": value, "suppliers": party, "contractPeriod": period, "period": period, "relatedLots": nil,
			"items": items, "amendments": amendment, "amendment": amendment,
			"hasOptions": nil, "options": words, "hasRenewal": nil, "renewal": words, "mainProcurementCategory": nil,
		},
		"contracts": {
			"id": nil, "awardID": nil, "title": nil, "description": nil, "status": nil, "dateSigned": nil,
			"value": value, "suppliers": party, "period": period, "contractPeriod": period, "relatedLots": nil,
			"items": items, "amendments": amendment, "amendment": amendment,
			"hasOptions": nil, "options": words, "hasRenewal": nil, "renewal": words,
		},
	}
}

// head is what is known of a release before it is merged.
type head struct {
	ocid, id, date string
	buyer          string // its name, else its id
	awarded        bool   // it has awards
	record         bool   // it is no release but a record of some
	people         int64  // contact points that were dropped
}

// pruner copies what is read of releases.
type pruner struct {
	want want
	dec  *jsontext.Decoder
	src  bytes.Reader
	out  []byte
	head head
}

func newPruner() *pruner {
	p := &pruner{want: fields()}
	p.dec = jsontext.NewDecoder(&p.src, lenient()...)
	return p
}

// prune gives a release with what is read alone. The bytes are good until the
// next call.
func (p *pruner) prune(raw []byte) ([]byte, head, error) {
	p.src.Reset(raw)
	p.dec.Reset(&p.src, lenient()...)
	p.out, p.head = p.out[:0], head{}
	err := p.object(p.want, 0)
	return p.out, p.head, err
}

func (p *pruner) value(w want, depth int) error {
	if depth > 40 {
		return fmt.Errorf("ocds: values are nested too deeply")
	}
	switch p.dec.PeekKind() {
	case '{':
		if w == nil {
			return p.object(nil, depth)
		}
		return p.object(w, depth)
	case '[':
		return p.list(w, depth)
	case '"':
		v, err := p.dec.ReadValue()
		if err != nil {
			return err
		}
		if bytes.IndexByte(v, '@') >= 0 {
			return p.withMail(v)
		}
		if len(v) > maxText {
			return p.long(v)
		}
		p.out = append(p.out, v...)
		return nil
	}
	v, err := p.dec.ReadValue()
	p.out = append(p.out, v...)
	return err
}

// withMail keeps a text without the addresses of mail in it.
func (p *pruner) withMail(v jsontext.Value) error {
	b, err := jsontext.AppendUnquote(nil, v)
	if err != nil {
		return err
	}
	s, n := notice.WithoutMail(string(b))
	p.head.people += n
	v, err = jsontext.AppendQuote(nil, s)
	if err != nil || len(v) > maxText {
		return errors.Join(err, p.long(v))
	}
	p.out = append(p.out, v...)
	return nil
}

// long keeps the beginning of a text.
func (p *pruner) long(v jsontext.Value) error {
	b, err := jsontext.AppendUnquote(nil, v)
	if len(b) > maxText {
		b = bytes.ToValidUTF8(b[:maxText], nil)
	}
	p.out, _ = jsontext.AppendQuote(p.out, b)
	return err
}

func (p *pruner) list(w want, depth int) error {
	if _, err := p.dec.ReadToken(); err != nil {
		return err
	}
	p.out = append(p.out, '[')
	for n := 0; p.dec.PeekKind() != ']'; n++ {
		if n > 0 {
			p.out = append(p.out, ',')
		}
		if err := p.value(w, depth+1); err != nil {
			return err
		}
	}
	p.out = append(p.out, ']')
	_, err := p.dec.ReadToken()
	return err
}

func (p *pruner) object(w want, depth int) error {
	if _, err := p.dec.ReadToken(); err != nil {
		return err
	}
	p.out = append(p.out, '{')
	first := true
	for p.dec.PeekKind() != '}' {
		name, err := p.dec.ReadValue()
		if err != nil {
			return err
		}
		plain := name[1 : len(name)-1]
		inner, keep := w[string(plain)]
		if depth == 0 && recordNames[string(plain)] {
			p.head.record = true
		}
		if string(plain) == "contactPoint" || string(plain) == "contactPoints" || string(plain) == "persons" {
			if err := p.person(); err != nil {
				return err
			}
			continue
		}
		if !keep && w != nil {
			if err := p.skip(); err != nil {
				return err
			}
			continue
		}
		if !first {
			p.out = append(p.out, ',')
		}
		first = false
		key := string(plain)
		p.out = append(append(p.out, name...), ':')
		from := len(p.out)
		if err := p.value(inner, depth+1); err != nil {
			return err
		}
		if depth == 0 {
			p.note(key, p.out[from:])
		}
	}
	p.out = append(p.out, '}')
	_, err := p.dec.ReadToken()
	return err
}

// recordNames are fields that records have and releases have not.
var recordNames = map[string]bool{"releases": true, "records": true, "compiledRelease": true, "versionedRelease": true}

// skip drops a value, but counts the contact points inside it.
func (p *pruner) skip() error {
	if k := p.dec.PeekKind(); k != '{' && k != '[' {
		return p.dec.SkipValue()
	}
	depth := p.dec.StackDepth()
	for {
		t, err := p.dec.ReadToken()
		if err != nil {
			return err
		}
		if p.dec.StackDepth() == depth {
			return nil
		}
		if t.Kind() == '"' {
			if kind, n := p.dec.StackIndex(p.dec.StackDepth()); kind == '{' && n%2 == 1 && t.String() == "contactPoint" {
				if err := p.person(); err != nil {
					return err
				}
			}
		}
	}
}

// person drops a contact point and counts it where it holds anything.
func (p *pruner) person() error {
	depth, found := p.dec.StackDepth(), false
	for {
		t, err := p.dec.ReadToken()
		if err != nil {
			return err
		}
		kind, n := p.dec.StackIndex(p.dec.StackDepth())
		isName := kind == '{' && n%2 == 1 && t.Kind() == '"' && p.dec.StackDepth() > depth
		if !isName && (t.Kind() == '0' || t.Kind() == '"' && t.String() != "") {
			found = true
		}
		if p.dec.StackDepth() == depth {
			break
		}
	}
	if found {
		p.head.people++
	}
	return nil
}

// note takes what is known of a release out of a field of it.
func (p *pruner) note(key string, v []byte) {
	switch key {
	case "ocid":
		p.head.ocid = unquoted(v)
	case "id":
		p.head.id = unquoted(v)
	case "date":
		p.head.date = unquoted(v)
	case "awards":
		p.head.awarded = len(v) > 2 && string(v) != "null"
	case "buyer":
		p.head.buyer = buyerOf(v)
	}
}

// unquoted is a text or a number as text.
func unquoted(v []byte) string {
	if len(v) > 0 && v[0] == '"' {
		b, _ := jsontext.AppendUnquote(nil, v)
		return strings.TrimSpace(string(b))
	}
	if len(v) > 0 && (v[0] == '-' || v[0] >= '0' && v[0] <= '9') {
		return string(v)
	}
	return ""
}

// buyerOf is the name of a buyer, else its id.
func buyerOf(v []byte) string {
	object, _ := treeOf(v).(map[string]any)
	if name := asText(object["name"]); name != "" {
		return strings.ToLower(strings.Join(strings.Fields(name), " "))
	}
	return asText(object["id"])
}

// hashed is a text in eight bytes, never 0.
func hashed(seed maphash.Seed, s string) uint64 { return max(maphash.String(seed, s), 1) }
