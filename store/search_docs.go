package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// doc is one text that search finds.
type doc struct {
	thing string // what it tells of
	kind  FoundKind
	ref   string
	title string
	text  string
	href  string
	day   Day
}

// year is that of its day, or of its reference; 0 is none.
func (d doc) year() int {
	year := string(d.day)
	if m := referenceForm.FindStringSubmatch(d.ref); m != nil && year == "" {
		year = m[1]
	}
	n, _ := strconv.Atoi(year[:min(len(year), 4)]) // 0 for what is no year
	return n
}

// An extractor makes of a public row what search finds. No doc is none: what
// was found of the thing before is taken away.
type extractor func(ctx context.Context, s *Store, thing string, row []byte) (doc, bool, error)

// extractors by topic. Only the public rows of events are read, so nothing that
// is sealed can be found.
var extractors map[string]extractor

func init() { // they read through the store, which writes through them
	extractors = map[string]extractor{
		"paper":          paperDoc,
		"question":       questionDoc,
		"said":           saidDoc,
		"recommendation": recommendationDoc,
		"committee":      committeeDoc,
		"meeting":        meetingDoc,
		"inquiry":        inquiryDoc,
		"evidence":       evidenceDoc,
		"report":         reportDoc,
	}
}

// rowTold reads a public row, which may lack what this program knows of it.
func rowTold[T any](row []byte) (v T, ok bool) {
	err := json.Unmarshal(row, &v)
	return v, err == nil
}

func lines(parts ...string) string {
	var all []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return strings.Join(all, "\n")
}

// paperDoc is a decision with the open part of its paper. The words of a draft
// are in no row, and a decision without a reference is a draft.
func paperDoc(ctx context.Context, s *Store, _ string, row []byte) (doc, bool, error) {
	v, ok := rowTold[PaperVersion](row)
	d := doc{thing: fmt.Sprintf("decision/%d", v.Decision), kind: FoundDecision}
	if !ok || v.Paper == nil {
		return d, false, nil
	}
	ref, found, err := maybe(ctx, s, scanInto[string], `SELECT COALESCE(ref, '') FROM decisions WHERE id = $1`, v.Decision)
	if err != nil || !found || ref == "" {
		return d, false, err
	}
	p := v.Paper
	d.ref, d.title, d.href, d.day = ref, p.Title, "/decisions/"+ref, v.On
	text := []string{p.Summary, p.Recommendation, p.Reasons}
	for _, o := range p.Options {
		text = append(text, o.Text)
	}
	d.text = lines(append(text, p.Supplier, p.Company, p.Contract, p.Benefit, p.BenefitMeasure, p.Financial, p.Legal, p.Equality, p.Welsh, p.Risk, p.Background)...)
	return d, true, nil
}

func questionDoc(_ context.Context, _ *Store, thing string, row []byte) (doc, bool, error) {
	q, ok := rowTold[struct {
		Ref, Title, Text string
	}](row)
	return doc{thing: thing, kind: FoundQuestion, ref: q.Ref, title: q.Title, text: q.Text, href: "/questions/" + q.Ref}, ok && q.Ref != "" && q.Title != "", nil
}

// saidDoc is what was said on a question. Its own number is the last part of
// its name.
func saidDoc(_ context.Context, _ *Store, thing string, row []byte) (doc, bool, error) {
	q, ok := rowTold[struct {
		Question, Kind, Text string
	}](row)
	_, number, _ := strings.Cut(strings.TrimPrefix(thing, "said/"), "/")
	title := saying(cmp.Or(q.Kind, "answer")) + " to question " + q.Question
	return doc{thing: thing, kind: FoundAnswer, ref: q.Question, title: title, text: q.Text, href: "/questions/" + q.Question + "#said-" + number},
		ok && q.Question != "" && q.Text != "" && number != "", nil
}

// saying is a kind of saying at the beginning of a title.
func saying(kind string) string {
	r := []rune(Plain(kind))
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

func recommendationDoc(_ context.Context, _ *Store, thing string, row []byte) (doc, bool, error) {
	q, ok := rowTold[struct {
		Ref, Title, Text, Kind string
	}](row)
	kind := FoundRecommendation
	if q.Kind == string(FoundUndertaking) {
		kind = FoundUndertaking
	}
	return doc{thing: thing, kind: kind, ref: q.Ref, title: q.Title, text: q.Text, href: "/recommendations/" + q.Ref}, ok && q.Ref != "" && q.Title != "", nil
}

func committeeDoc(_ context.Context, _ *Store, thing string, row []byte) (doc, bool, error) {
	c, ok := rowTold[Committee](row)
	return doc{thing: thing, kind: FoundCommittee, ref: c.Slug, title: c.Name, text: c.Terms, href: "/committees/" + c.Slug, day: c.First}, ok && c.Slug != "" && c.Name != "", nil
}

// meetingDoc is a meeting. Of its minutes only those are found that were
// published.
func meetingDoc(ctx context.Context, s *Store, thing string, row []byte) (doc, bool, error) {
	m, ok := rowTold[struct {
		Committee, Date, Title, Agenda, Minutes string
		Published                               any
	}](row)
	_, id, _ := strings.Cut(thing, "/")
	d := doc{thing: thing, kind: FoundMeeting, ref: id, href: "/committees/" + m.Committee + "/meetings/" + id, day: Day(m.Date)}
	if !ok || m.Committee == "" || m.Date == "" {
		return d, false, nil
	}
	c, _, err := maybe(ctx, s, scanCommittee, `SELECT `+committeeCols+` FROM committees c WHERE c.slug = $1`, m.Committee)
	d.title = "Meeting of " + cmp.Or(c.Name, m.Committee) + ", " + d.day.String()
	d.text = lines(m.Title, m.Agenda)
	if isSaid(m.Published) {
		d.text = lines(m.Title, m.Agenda, m.Minutes)
	}
	return d, err == nil, err
}

// isSaid reports whether a field of a row says that something was done: a day,
// an instant, a number or true.
func isSaid(v any) bool { return v != nil && v != "" && v != false && v != float64(0) }

func inquiryDoc(_ context.Context, _ *Store, thing string, row []byte) (doc, bool, error) {
	q, ok := rowTold[struct {
		Slug, Title, Terms, Opened string
	}](row)
	return doc{thing: thing, kind: FoundInquiry, ref: q.Slug, title: q.Title, text: q.Terms, href: "/inquiries/" + q.Slug, day: dayIn(q.Opened)}, ok && q.Slug != "" && q.Title != "", nil
}

// evidenceDoc is a piece of evidence, once it is published.
func evidenceDoc(_ context.Context, _ *Store, thing string, row []byte) (doc, bool, error) {
	e, ok := rowTold[struct {
		Inquiry, Title, Author, Text, Status string
		Number                               int64
		Paragraphs                           []json.RawMessage
		Published                            any
		Restricted, Withheld                 any
	}](row)
	ref := fmt.Sprintf("%s/%d", e.Inquiry, e.Number)
	text := []string{e.Author, e.Text}
	for _, p := range e.Paragraphs {
		text = append(text, paragraph(p))
	}
	open := (e.Status == "published" || e.Status == "" && isSaid(e.Published)) && !isSaid(e.Restricted) && !isSaid(e.Withheld)
	published, _ := e.Published.(string)
	return doc{thing: thing, kind: FoundEvidence, ref: ref, title: e.Title, text: lines(text...), href: fmt.Sprintf("/inquiries/%s/evidence/%d", e.Inquiry, e.Number), day: dayIn(published)},
		ok && open && e.Inquiry != "" && e.Title != "" && e.Number > 0, nil
}

// paragraph is the text of a paragraph, which is a string or has one.
func paragraph(raw []byte) (text string) {
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	p, _ := rowTold[struct{ Text string }](raw)
	return p.Text
}

// dayIn is the day that a day or an instant begins with.
func dayIn(text string) Day {
	d, err := ParseDay(text[:min(len(text), len(dayLayout))])
	if err != nil {
		return ""
	}
	return d
}

// reportDoc is the report of an inquiry, once it is published.
func reportDoc(_ context.Context, _ *Store, thing string, row []byte) (doc, bool, error) {
	r, ok := rowTold[struct {
		Inquiry, Title, Summary, Text, Status string
		Published                             any
	}](row)
	published, _ := r.Published.(string)
	open := r.Status == "published" || r.Status == "" && isSaid(r.Published)
	return doc{thing: thing, kind: FoundReport, ref: r.Inquiry, title: r.Title, text: lines(r.Summary, r.Text), href: "/inquiries/" + r.Inquiry + "/report", day: dayIn(published)},
		ok && open && r.Inquiry != "" && r.Title != "", nil
}

func bodyDoc(b Body) doc {
	return doc{thing: "body/" + b.Slug, kind: FoundBody, ref: b.Slug, title: b.Name, text: lines(b.Short, b.NameCy, b.Force, b.ForceCy, b.Code, b.Region, b.Kind.String()), href: "/bodies/" + b.Slug}
}
