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

	// named reads the rows of things whose texts hold its title, so that they are
	// put in again when it changes.
	named func(context.Context, *Store) ([]past, error)
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

// questionDoc is a question with the name of what it is about.
func questionDoc(_ context.Context, _ *Store, thing string, row []byte) (doc, bool, error) {
	q, ok := rowTold[Question](row)
	d := doc{thing: thing, kind: FoundQuestion, ref: q.Ref, title: q.Title, text: q.Text, href: q.Href(), day: q.Asked()}
	if q.About != nil {
		d.text = lines(q.Text, q.About.Label)
	}
	return d, ok && q.Ref != "" && q.Title != "", nil
}

// saidWords are what is said on a question, at the beginning of a title.
var saidWords = map[Act]string{
	GiveAnswer: "Answer to", HoldAnswer: "Holding answer to", RefuseAnswer: "Refusal of", ReviewRefusal: "Review of the refusal of", CorrectAnswer: "Correction of the answer to",
	ViewAnswer: "View of the answer to", FollowUp: "Follow-up of", CloseQuestion: "Close of", WithdrawQuestion: "Withdrawal of", TakeUpQuestion: "Taking up of",
}

// saidDoc is what was said on a question, where any words were.
func saidDoc(_ context.Context, _ *Store, thing string, row []byte) (doc, bool, error) {
	d, ok := rowTold[Said](row)
	title := saidWords[d.Kind] + " question " + d.Question
	return doc{thing: thing, kind: FoundAnswer, ref: d.Question, title: title, text: lines(d.Text, d.Ground), href: fmt.Sprintf("/questions/%s#said-%d", d.Question, d.Seq), day: DayOf(d.At)},
		ok && saidWords[d.Kind] != "" && d.Text+d.Ground != "", nil
}

// recommendationDoc is a recommendation or an undertaking with all that was
// said on it.
func recommendationDoc(_ context.Context, _ *Store, thing string, row []byte) (doc, bool, error) {
	r, ok := rowTold[Recommendation](row)
	d := doc{thing: thing, kind: FoundRecommendation, ref: r.Ref, title: r.Title, href: r.Href(), day: r.Made}
	if r.Undertaking() {
		d.kind = FoundUndertaking
	}
	text := []string{r.Text, r.Source.Text}
	for _, x := range r.Responses {
		text = append(text, x.Reason)
	}
	for _, x := range r.Moves {
		text = append(text, x.Reason)
	}
	for _, x := range r.Notes {
		text = append(text, x.Text)
	}
	for _, x := range r.Claims {
		text = append(text, x.Evidence)
		if x.Verdict != nil {
			text = append(text, x.Verdict.Minute)
		}
	}
	if r.Closed != nil {
		text = append(text, r.Closed.Reason)
	}
	d.text = lines(text...)
	return d, ok && r.Ref != "" && r.Title != "", nil
}

func committeeDoc(_ context.Context, _ *Store, thing string, row []byte) (doc, bool, error) {
	c, ok := rowTold[Committee](row)
	d := doc{thing: thing, kind: FoundCommittee, ref: c.Slug, title: c.Name, text: c.Terms, href: "/committees/" + c.Slug, day: c.First}
	d.named = func(ctx context.Context, s *Store) ([]past, error) { return s.meetingRows(ctx, c.Slug) }
	return d, ok && c.Slug != "" && c.Name != "", nil
}

// meetingRows are the public rows of a committee's meetings, which are named
// after it.
func (s *Store) meetingRows(ctx context.Context, committee string) (all []past, err error) {
	meetings, err := list(ctx, s, scanMeeting, `SELECT `+meetingCols+` FROM meetings m WHERE m.committee = $1 ORDER BY m.id`, committee)
	for _, m := range meetings {
		row, err := canonical(m)
		if err != nil {
			return nil, err
		}
		all = append(all, past{thing: m.subject(), row: row})
	}
	return all, err
}

// meetingDoc is a meeting with its agenda and its minutes, once they are
// published.
func meetingDoc(ctx context.Context, s *Store, thing string, row []byte) (doc, bool, error) {
	m, ok := rowTold[Meeting](row)
	d := doc{thing: thing, kind: FoundMeeting, ref: strconv.FormatInt(m.ID, 10), href: m.Href(), day: m.On}
	if !ok || m.Committee == "" || m.On == "" {
		return d, false, nil
	}
	c, _, err := maybe(ctx, s, scanCommittee, `SELECT `+committeeCols+` FROM committees c WHERE c.slug = $1`, m.Committee)
	d.title = "Meeting of the " + cmp.Or(c.Name, m.Committee) + ", " + d.day.String()
	text := []string{m.Place, m.Reason}
	for _, a := range m.Items {
		if !m.Published.IsZero() && !a.Struck {
			text = append(text, a.Title)
		}
	}
	for _, p := range m.Minutes { // those of a draft are in no row
		text = append(text, p.Text)
	}
	d.text = lines(text...)
	return d, err == nil, err
}

func inquiryDoc(_ context.Context, _ *Store, thing string, row []byte) (doc, bool, error) {
	i, ok := rowTold[Inquiry](row)
	return doc{thing: thing, kind: FoundInquiry, ref: i.Slug, title: i.Title, text: lines(i.Terms, i.Why), href: i.Href(), day: i.Opened}, ok && i.Slug != "" && i.Title != "", nil
}

// evidenceDoc is a piece of evidence, once anyone may read its words. They are
// told in a row of their own, by the event that publishes them, and never change.
func evidenceDoc(ctx context.Context, s *Store, thing string, row []byte) (doc, bool, error) {
	e, ok := rowTold[Submission](row)
	d := doc{thing: thing, kind: FoundEvidence, ref: fmt.Sprintf("%s/%d", e.Inquiry, e.Number), title: e.Title, href: e.Href(), day: DayOf(e.PublishedAt)}
	if !ok || !e.Open() || e.Title == "" {
		return d, false, nil
	}
	told, found, err := maybe(ctx, s, scanInto[string], `SELECT text FROM evidence_texts WHERE inquiry = $1 AND number = $2`, e.Inquiry, e.Number)
	if err != nil || !found {
		return d, false, err
	}
	words, _ := rowTold[EvidenceText]([]byte(told)) // none where the row was tampered with
	d.text = lines(append([]string{e.Author}, words.Paragraphs...)...)
	return d, true, nil
}

// reportDoc is the report of an inquiry, once it is published. The words of a
// draft are in no row.
func reportDoc(ctx context.Context, s *Store, thing string, row []byte) (doc, bool, error) {
	r, ok := rowTold[Report](row)
	d := doc{thing: thing, kind: FoundReport, ref: r.Inquiry, href: r.Href(), day: DayOf(r.At)}
	if !ok || r.Status != ReportPublished || r.ReportText == nil {
		return d, false, nil
	}
	i, found, err := maybe(ctx, s, scanInquiry, `SELECT `+inquiryCols+` FROM inquiries i WHERE i.slug = $1`, r.Inquiry)
	d.title = "Report: " + cmp.Or(i.Title, r.Inquiry)
	text := r.Paragraphs
	for _, f := range r.Findings {
		text = append(text, f.Text)
	}
	d.text = lines(text...)
	return d, found, err
}

func bodyDoc(b Body) doc {
	return doc{thing: "body/" + b.Slug, kind: FoundBody, ref: b.Slug, title: b.Name, text: lines(b.Short, b.NameCy, b.Force, b.ForceCy, b.Code, b.Region, b.Kind.String()), href: "/bodies/" + b.Slug}
}
