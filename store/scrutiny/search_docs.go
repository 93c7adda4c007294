package scrutiny

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/search"
	"github.com/police-ict/handover/store/text"
)

// QuestionDoc is a question with the name of what it is about.
func QuestionDoc(_ context.Context, _ *db.Tx, thing string, row []byte) (search.Doc, bool, error) {
	q, ok := text.RowTold[Question](row)
	d := search.Doc{Thing: thing, Kind: search.Question, Ref: q.Ref, Title: q.Title, Text: q.Text, Href: q.Href(), Day: q.Asked()}
	if q.About != nil {
		d.Text = text.Lines(q.Text, q.About.Label)
	}
	return d, ok && q.Ref != "" && q.Title != "", nil
}

// saidWords are what is said on a question, at the beginning of a title.
var saidWords = map[office.Act]string{
	ActAnswer: "Answer to", ActHold: "Holding answer to", ActRefuse: "Refusal of", ActReviewRefusal: "Review of the refusal of", ActCorrectAnswer: "Correction of the answer to",
	ActView: "View of the answer to", ActFollowUp: "Follow-up of", ActCloseQuestion: "Closing of", ActWithdrawQuestion: "Withdrawal of", ActTakeUp: "Committee takes up",
}

// SaidDoc is what was said on a question, where any words were.
func SaidDoc(_ context.Context, _ *db.Tx, thing string, row []byte) (search.Doc, bool, error) {
	d, ok := text.RowTold[Said](row)
	title := saidWords[d.Kind] + " question " + d.Question
	return search.Doc{Thing: thing, Kind: search.Answer, Ref: d.Question, Title: title, Text: text.Lines(d.Text, d.Ground), Href: fmt.Sprintf("/questions/%s#said-%d", d.Question, d.Seq), Day: civil.DayOf(d.At)},
		ok && saidWords[d.Kind] != "" && d.Text+d.Ground != "", nil
}

// RecommendationDoc is a recommendation or an undertaking with all that was
// said on it.
func RecommendationDoc(_ context.Context, _ *db.Tx, thing string, row []byte) (search.Doc, bool, error) {
	r, ok := text.RowTold[Recommendation](row)
	d := search.Doc{Thing: thing, Kind: search.Recommendation, Ref: r.Ref, Title: r.Title, Href: r.Href(), Day: r.Made}
	if r.Undertaking() {
		d.Kind = search.Undertaking
	}
	words := []string{r.Text, r.Source.Text}
	for _, x := range r.Responses {
		words = append(words, x.Reason)
	}
	for _, x := range r.Moves {
		words = append(words, x.Reason)
	}
	for _, x := range r.Notes {
		words = append(words, x.Text)
	}
	for _, x := range r.Claims {
		words = append(words, x.Evidence)
		if x.Verdict != nil {
			words = append(words, x.Verdict.Minute)
		}
	}
	if r.Closed != nil {
		words = append(words, r.Closed.Reason)
	}
	d.Text = text.Lines(words...)
	return d, ok && r.Ref != "" && r.Title != "", nil
}

// CommitteeDoc is the text by which search finds a committee.
func CommitteeDoc(_ context.Context, _ *db.Tx, thing string, row []byte) (search.Doc, bool, error) {
	c, ok := text.RowTold[Committee](row)
	d := search.Doc{Thing: thing, Kind: search.Committee, Ref: c.Slug, Title: c.Name, Text: c.Terms, Href: "/committees/" + c.Slug, Day: c.First}
	d.Named = func(ctx context.Context, tx *db.Tx) ([]record.Past, error) { return meetingRows(ctx, tx, c.Slug) }
	return d, ok && c.Slug != "" && c.Name != "", nil
}

// meetingRows are the public rows of a committee's meetings, which are named
// after it.
func meetingRows(ctx context.Context, tx *db.Tx, committee string) (all []record.Past, err error) {
	meetings, err := db.List(ctx, tx, scanMeeting, `SELECT `+meetingCols+` FROM meetings m WHERE m.committee = $1 ORDER BY m.id`, committee)
	for _, m := range meetings {
		row, err := text.Canonical(m)
		if err != nil {
			return nil, err
		}
		all = append(all, record.Past{Thing: m.subject(), Row: row})
	}
	return all, err
}

// MeetingDoc is a meeting with its agenda and its minutes, once they are
// published.
func MeetingDoc(ctx context.Context, tx *db.Tx, thing string, row []byte) (search.Doc, bool, error) {
	m, ok := text.RowTold[Meeting](row)
	d := search.Doc{Thing: thing, Kind: search.Meeting, Ref: strconv.FormatInt(m.ID, 10), Href: m.Href(), Day: m.On}
	if !ok || m.Committee == "" || m.On == "" {
		return d, false, nil
	}
	c, _, err := db.Maybe(ctx, tx, scanCommittee, `SELECT `+committeeCols+` FROM committees c WHERE c.slug = $1`, m.Committee)
	d.Title = "Meeting of the " + cmp.Or(c.Name, m.Committee) + ", " + d.Day.String()
	words := []string{m.Place, m.Reason}
	for _, a := range m.Items {
		if !m.Published.IsZero() && !a.Struck {
			words = append(words, a.Title)
		}
	}
	for _, p := range m.Minutes { // those of a draft are in no row
		words = append(words, p.Text)
	}
	d.Text = text.Lines(words...)
	return d, err == nil, err
}

// InquiryDoc is the text by which search finds an inquiry.
func InquiryDoc(_ context.Context, _ *db.Tx, thing string, row []byte) (search.Doc, bool, error) {
	i, ok := text.RowTold[Inquiry](row)
	return search.Doc{Thing: thing, Kind: search.Inquiry, Ref: i.Slug, Title: i.Title, Text: text.Lines(i.Terms, i.Why), Href: i.Href(), Day: i.Opened}, ok && i.Slug != "" && i.Title != "", nil
}

// EvidenceDoc is a piece of evidence, once anyone may read its words. They are
// told in a row of their own, by the event that publishes them, and never change.
func EvidenceDoc(ctx context.Context, tx *db.Tx, thing string, row []byte) (search.Doc, bool, error) {
	e, ok := text.RowTold[Submission](row)
	d := search.Doc{Thing: thing, Kind: search.Evidence, Ref: fmt.Sprintf("%s/%d", e.Inquiry, e.Number), Title: e.Title, Href: e.Href(), Day: civil.DayOf(e.PublishedAt)}
	if !ok || !e.Open() || e.Title == "" {
		return d, false, nil
	}
	told, found, err := db.Maybe(ctx, tx, db.ScanInto[string], `SELECT text FROM evidence_texts WHERE inquiry = $1 AND number = $2`, e.Inquiry, e.Number)
	if err != nil || !found {
		return d, false, err
	}
	words, _ := text.RowTold[EvidenceText]([]byte(told)) // none where the row was tampered with
	d.Text = text.Lines(append([]string{e.Author}, words.Paragraphs...)...)
	return d, true, nil
}

// ReportDoc is the report of an inquiry, once it is published. The words of a
// draft are in no row.
func ReportDoc(ctx context.Context, tx *db.Tx, thing string, row []byte) (search.Doc, bool, error) {
	r, ok := text.RowTold[Report](row)
	d := search.Doc{Thing: thing, Kind: search.Report, Ref: r.Inquiry, Href: r.Href(), Day: civil.DayOf(r.At)}
	if !ok || r.Status != ReportPublished || r.ReportText == nil {
		return d, false, nil
	}
	i, found, err := db.Maybe(ctx, tx, scanInquiry, `SELECT `+inquiryCols+` FROM inquiries i WHERE i.slug = $1`, r.Inquiry)
	d.Title = "Report: " + cmp.Or(i.Title, r.Inquiry)
	words := r.Paragraphs
	for _, f := range r.Findings {
		words = append(words, f.Text)
	}
	d.Text = text.Lines(words...)
	return d, found, err
}
