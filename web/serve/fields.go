package serve

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/police-ict/handover/store/record"
	pageview "github.com/police-ict/handover/views/page"
)

// A shownForm is one form of a page as it was written: what it sends, and under
// which labels. Hidden fields, guards and labels are read from the page itself,
// so that no form can be left out.
type shownForm struct {
	at, open int    // where the form begins, and where its opening tag ends
	action   string // its address, without a query
	post     bool
	fields   []*shownField
}

// shownField is one name of a form.
type shownField struct {
	name, label, kind string
	values            []string          // that it would send untouched
	options           map[string]string // the words of each choice
}

// shownForms finds the forms of a page.
func shownForms(page []byte) (all []shownForm) {
	const begin, end = "<form", "</form>"
	for at := 0; ; {
		i := bytes.Index(page[at:], []byte(begin))
		if i < 0 {
			return all
		}
		at += i
		n := bytes.Index(page[at:], []byte(end))
		if n < 0 {
			return all
		}
		f := readForm(page[at : at+n])
		f.at, f.open = at, f.open+at
		all = append(all, f)
		at += n
	}
}

// formReader reads the tags of one form.
type formReader struct {
	form   shownForm
	labels map[string]string // id of a field -> label
	ids    map[string]string // id -> name
	legend string
	in     string // the field whose words are being read: a label’s id, "legend", or a field’s name
	text   strings.Builder
	choice string // the value of the option being read
}

func readForm(part []byte) shownForm {
	r := formReader{labels: map[string]string{}, ids: map[string]string{}}
	z := html.NewTokenizer(bytes.NewReader(part))
	read := 0
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		read += len(z.Raw())
		t := z.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			if r.start(t); t.Data == "form" {
				r.form.open = read
			}
		case html.TextToken:
			r.text.WriteString(t.Data)
		case html.EndTagToken:
			r.end(t.Data)
		}
	}
	for id, label := range r.labels {
		if f := r.field(r.ids[id]); f != nil && f.kind != "radio" && f.kind != "checkbox" {
			f.label = strings.TrimPrefix(f.label+": "+label, ": ")
		}
	}
	return r.form
}

func attr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(t html.Token, name string) bool {
	return slices.ContainsFunc(t.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func (r *formReader) field(name string) *shownField {
	for _, f := range r.form.fields {
		if f.name == name && name != "" {
			return f
		}
	}
	return nil
}

// start takes in an opening tag.
func (r *formReader) start(t html.Token) {
	switch t.Data {
	case "form":
		path, _, _ := strings.Cut(attr(t, "action"), "?")
		r.form.action, r.form.post = path, strings.EqualFold(attr(t, "method"), "post")
	case "legend":
		r.in = "legend"
		r.text.Reset()
	case "label":
		r.in = "#" + attr(t, "for")
		r.text.Reset()
	case "input", "select", "textarea":
		r.input(t)
	case "option":
		if f := r.field(r.in); f != nil {
			r.choice = attr(t, "value")
			r.text.Reset()
			if has(t, "selected") || len(f.values) == 0 {
				f.values = []string{r.choice}
			}
		}
	}
}

func (r *formReader) input(t html.Token) {
	name, kind := attr(t, "name"), attr(t, "type")
	if name == "" || kind == "submit" {
		return
	}
	f := r.field(name)
	if f == nil {
		f = &shownField{name: name, kind: kind, options: map[string]string{}}
		if kind != "hidden" {
			f.label = r.legend
		}
		r.form.fields = append(r.form.fields, f)
	}
	if id := attr(t, "id"); id != "" {
		r.ids[id] = name
	}
	switch {
	case t.Data != "input":
		f.kind, r.in = t.Data, name
		r.text.Reset()
	case kind == "radio", kind == "checkbox":
		f.options[attr(t, "value")] = ""
		r.choice = attr(t, "value")
		if has(t, "checked") {
			f.values = append(f.values, attr(t, "value"))
		}
	default:
		f.values = append(f.values, attr(t, "value"))
	}
}

// end takes in a closing tag.
func (r *formReader) end(tag string) {
	words := strings.Join(strings.Fields(r.text.String()), " ")
	switch tag {
	case "legend":
		r.legend = words
	case "fieldset":
		r.legend = ""
	case "label":
		id := strings.TrimPrefix(r.in, "#")
		if f := r.field(r.ids[id]); f != nil && (f.kind == "radio" || f.kind == "checkbox") {
			f.options[r.choice] = words
		}
		r.labels[id] = words
	case "option":
		if f := r.field(r.in); f != nil {
			f.options[r.choice] = words
		}
	case "textarea":
		if f := r.field(r.in); f != nil {
			f.values = []string{strings.TrimPrefix(r.text.String(), "\n")}
		}
		r.in = ""
	case "select":
		r.in = ""
	}
}

// The fields that every form carries beside its own.
const (
	fieldOnce   = "once"   // its own key
	fieldActing = "acting" // the office it was shown for
	fieldWas    = "was"    // what it said before anything was typed
)

// control are the names that say what to do with a form, not what is recorded.
func control(name string) bool {
	return slices.Contains([]string{fieldOnce, fieldActing, fieldWas, "again", "confirmed", "back"}, name)
}

// secret are the names of what is never kept and never shown again.
func secret(name string) bool {
	return slices.Contains([]string{"again", "password", "repeat", "old", "token", "code", "secret"}, name)
}

// digest is what a form says before anything is typed: it changes whenever what
// the form would change does.
func (f shownForm) digest() string {
	var parts []string
	for _, one := range f.fields {
		if !control(one.name) {
			parts = append(parts, append([]string{one.name}, one.values...)...)
		}
	}
	return record.Digest(parts...)[:32]
}

// find finds the form of a page that sends to an address: the one with most of
// what was sent.
func find(forms []shownForm, path string, sent url.Values) (best *shownForm) {
	most := -1
	for i, f := range forms {
		n := 0
		for _, one := range f.fields {
			if sent.Has(one.name) {
				n++
			}
		}
		if f.post && f.action == path && n > most {
			best, most = &forms[i], n
		}
	}
	return best
}

// words are the values of a field as a reader sees them.
func (f shownField) words(values []string) string {
	var all []string
	for _, v := range values {
		if label := f.options[v]; label != "" {
			v = label
		}
		all = append(all, strings.ReplaceAll(v, "\r\n", "\n"))
	}
	return strings.TrimSpace(strings.Join(all, "\n"))
}

// typedFields are the fields that were sent, under the labels of the form where
// it is known. Secrets are left out; of a file only its name is known.
func typedFields(c typedRequest, form *shownForm) (all []pageview.TypedField) {
	var names []string
	labels := map[string]shownField{}
	if form != nil {
		for _, f := range form.fields {
			names, labels[f.name] = append(names, f.name), *f
		}
	}
	var others []string
	for name := range c.form {
		if !slices.Contains(names, name) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	for _, name := range append(names, others...) {
		f, known := labels[name]
		words := f.words(c.form[name])
		if words == "" || control(name) || secret(name) || f.kind == "password" || f.kind == "hidden" {
			continue
		}
		if f.label == "" || !known {
			f.label = pageview.FieldWords(name)
		}
		all = append(all, pageview.TypedField{Name: name, Label: f.label, Value: words})
	}
	for _, name := range c.files {
		all = append(all, pageview.TypedField{Label: "File (choose it again)", Value: name})
	}
	return all
}

// differing are the fields in which what was typed is not what is recorded now.
func differing(now shownForm, sent url.Values) (all []pageview.TypedField) {
	for _, f := range now.fields {
		if f.name == "stands" {
			all = append(all, pageview.TypedField{Name: f.name, Label: "Current value", Now: f.words(f.values)})
		}
		if f.kind == "hidden" || f.kind == "password" || f.kind == "file" || control(f.name) || secret(f.name) {
			continue
		}
		if stands, typed := f.words(f.values), f.words(sent[f.name]); stands != typed {
			label := f.label
			if label == "" {
				label = pageview.FieldWords(f.name)
			}
			all = append(all, pageview.TypedField{Name: f.name, Label: label, Value: typed, Now: stands})
		}
	}
	return all
}
