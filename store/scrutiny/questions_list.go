package scrutiny

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/seen"
	"github.com/police-ict/handover/store/text"
)

// QuestionFilter chooses questions. Empty fields choose all.
type QuestionFilter struct {
	State     string // one of QuestionStates
	To        string // body that is to answer
	From      string // body of the office that asked
	About     string // kind of a reference, or a whole one
	Committee string // slug of the one that has it
	Words     string
	Before    string // reference: those listed after it
	Sort      db.Sort
	Page      int // counted from 1; 0 is read by Before, newest first

	inherited bool // of the committee: those that it accepted of another
	inEither  bool // of the committee in either way
}

// Parts are the filters that choose what the filter does, none of it twice, and
// each in the order of one index: a committee has what it asked or took up, and
// what it accepted of another.
func (f QuestionFilter) Parts() []QuestionFilter {
	if f.Committee == "" {
		return []QuestionFilter{f}
	}
	accepted := f
	accepted.inherited = true
	return []QuestionFilter{f, accepted}
}

// QuestionsPage is one page of the list of questions.
type QuestionsPage struct {
	Filter     QuestionFilter
	All        []Question
	Count      int64 // as far as pages can be asked for
	Pages      int
	Next       string // Before of the next page where it is read by references, "" on the last
	Rates      []OnTime
	Committees Committees
	Today      civil.Day
	Days       civil.Calendar
	Known      int64
}

// Questions reads one page of the list, newest reference first.
func Questions(ctx context.Context, tx *db.Tx, f QuestionFilter, most int) (p QuestionsPage, err error) {
	p.Filter, p.Today = f, civil.DayOf(tx.Now())
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if p.Count, err = countQuestions(ctx, tx, f); err != nil {
			return err
		}
		p.Pages = db.PagesOf(p.Count, most)
		if f.Before == "" && f.Page > p.Pages {
			return db.NoSuchPage(f.Page, p.Pages)
		}
		if f.Before == "" && f.Page > 0 {
			p.All, err = sortedQuestions(ctx, tx, f, most)
		} else {
			p.All, p.Next, err = questions(ctx, tx, f, most)
		}
		if err != nil {
			return err
		}
		if p.Rates, err = OnTimeRates(ctx, tx); err != nil {
			return err
		}
		if p.Committees, err = AllCommittees(ctx, tx); err != nil {
			return err
		}
		if p.Days, err = holidays.Calendar(ctx, tx); err != nil {
			return err
		}
		h, err := record.ReadHead(ctx, tx)
		p.Known = h.Size
		return err
	})
	return p, err
}

// countedMost is how far the rows of a list that is read in pages are counted.
const countedMost = db.PagesMost*db.PageRows + 1

// countQuestions counts the questions of a filter, on all pages, as far as
// pages can be asked for.
func countQuestions(ctx context.Context, tx *db.Tx, f QuestionFilter) (n int64, err error) {
	f.Before = ""
	for _, part := range f.Parts() {
		w, err := QuestionsWhere(ctx, tx, part)
		if err != nil {
			return 0, err
		}
		some, err := db.One(ctx, tx, db.ScanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT q.ref FROM questions q%s LIMIT %d) AS chosen`, w, countedMost), w.Args...)
		if err != nil {
			return 0, err
		}
		n += some
	}
	return min(n, countedMost), nil
}

// questions are the rows of one page, and where the next begins.
func questions(ctx context.Context, tx *db.Tx, f QuestionFilter, most int) (all []Question, next string, err error) {
	for _, part := range f.Parts() {
		w, err := QuestionsWhere(ctx, tx, part)
		if err != nil {
			return nil, "", err
		}
		some, err := db.List(ctx, tx, scanQuestion, fmt.Sprintf(`SELECT `+questionCols+` FROM questions q%s ORDER BY q.year DESC, q.seq DESC LIMIT %d`, w, most+1), w.Args...)
		if err != nil {
			return nil, "", err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b Question) int { return cmp.Compare(b.N, a.N) }) // references and events go up together
	if len(all) > most {
		all = all[:most]
		next = all[most-1].Ref
	}
	return all, next, nil
}

// EachQuestion reads all questions of a filter, newest reference first.
func EachQuestion(ctx context.Context, tx *db.Tx, f QuestionFilter, yield func(Question) bool) error {
	for {
		all, next, err := questions(ctx, tx, f, 500)
		if err != nil {
			return err
		}
		for _, q := range all {
			if !yield(q) {
				return nil
			}
		}
		if next == "" {
			return nil
		}
		f.Before = next
	}
}

// QuestionsWhere is the condition of a list of questions.
func QuestionsWhere(ctx context.Context, tx *db.Tx, f QuestionFilter) (*db.Clauses, error) {
	w := &db.Clauses{}
	questionState(f.State, civil.DayOf(tx.Now()), w.Add)
	about := "about_kind"
	if kind, _ := seen.Cut(f.About); kind != f.About {
		about = "about"
	}
	committee := "committee"
	if f.inherited {
		committee = "heir"
	}
	if f.inEither && f.Committee != "" {
		w.Add("(q.committee = ? OR q.heir = ?)", f.Committee, f.Committee)
		f.Committee = ""
	}
	for _, eq := range []struct{ column, value string }{{"body", f.To}, {"from_body", f.From}, {about, f.About}, {committee, f.Committee}} {
		if eq.value != "" {
			w.Add("q."+eq.column+" = ?", eq.value)
		}
	}
	if year, seq, ok := text.RefParts(f.Before); ok {
		w.Add("(q.year, q.seq) < (?, ?)", year, seq)
	}
	return w, db.AddWords[string](ctx, tx, w, "question_words", "question", "q.ref", decisions.WordsOf(f.Words))
}

// questionState chooses by state, which depends on the day while an answer is owed.
func questionState(state string, today civil.Day, arg func(string, ...any)) {
	switch state {
	case "":
	case "due":
		arg("q.stage = 'owed' AND q.due >= ? AND q.long_day >= ?", today, today)
	case "delayed":
		arg("q.stage = 'owed' AND q.due < ? AND q.long_day >= ?", today, today)
	case "long overdue":
		arg("q.stage = 'owed' AND q.long_day < ?", today)
	default:
		arg("q.stage = ?", strings.ReplaceAll(state, " ", "_"))
	}
}
