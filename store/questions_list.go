package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
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

	inherited bool // of the committee: those that it accepted of another
}

// parts are the filters that choose what the filter does, none of it twice, and
// each in the order of one index: a committee has what it asked or took up, and
// what it accepted of another.
func (f QuestionFilter) parts() []QuestionFilter {
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
	Count      int64  // up to ListCounted
	Next       string // Before of the next page, "" on the last
	Rates      []OnTime
	Committees Committees
	Today      Day
	Known      int64
}

// Questions reads one page of the list, newest reference first.
func (s *Store) Questions(ctx context.Context, f QuestionFilter, most int) (p QuestionsPage, err error) {
	p.Filter, p.Today = f, DayOf(s.Now())
	err = s.read(ctx, func(s *Store) error {
		if p.All, p.Next, err = s.questions(ctx, f, most); err != nil {
			return err
		}
		if p.Count, err = s.countQuestions(ctx, f); err != nil {
			return err
		}
		if p.Rates, err = s.OnTimeRates(ctx); err != nil {
			return err
		}
		if p.Committees, err = s.Committees(ctx); err != nil {
			return err
		}
		h, err := s.Head(ctx)
		p.Known = h.Size
		return err
	})
	return p, err
}

// countQuestions counts the questions of a filter, on all pages, up to ListCounted.
func (s *Store) countQuestions(ctx context.Context, f QuestionFilter) (n int64, err error) {
	f.Before = ""
	for _, part := range f.parts() {
		w, err := s.questionsWhere(ctx, part)
		if err != nil {
			return 0, err
		}
		some, err := one(ctx, s, scanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT q.ref FROM questions q%s LIMIT %d) AS chosen`, w, ListCounted), w.args...)
		if err != nil {
			return 0, err
		}
		n += some
	}
	return min(n, ListCounted), nil
}

// questions are the rows of one page, and where the next begins.
func (s *Store) questions(ctx context.Context, f QuestionFilter, most int) (all []Question, next string, err error) {
	for _, part := range f.parts() {
		w, err := s.questionsWhere(ctx, part)
		if err != nil {
			return nil, "", err
		}
		some, err := list(ctx, s, scanQuestion, fmt.Sprintf(`SELECT `+questionCols+` FROM questions q%s ORDER BY q.year DESC, q.seq DESC LIMIT %d`, w, most+1), w.args...)
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
func (s *Store) EachQuestion(ctx context.Context, f QuestionFilter, yield func(Question) bool) error {
	for {
		all, next, err := s.questions(ctx, f, 500)
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

func (s *Store) questionsWhere(ctx context.Context, f QuestionFilter) (*clauses, error) {
	w := &clauses{}
	questionState(f.State, DayOf(s.Now()), w.add)
	about := "about_kind"
	if kind, _ := cutKind(f.About); kind != f.About {
		about = "about"
	}
	committee := "committee"
	if f.inherited {
		committee = "heir"
	}
	for _, eq := range []struct{ column, value string }{{"body", f.To}, {"from_body", f.From}, {about, f.About}, {committee, f.Committee}} {
		if eq.value != "" {
			w.add("q."+eq.column+" = ?", eq.value)
		}
	}
	if year, seq, ok := refParts(f.Before); ok {
		w.add("(q.year, q.seq) < (?, ?)", year, seq)
	}
	return w, addWords[string](ctx, s, w, "question_words", "question", "q.ref", wordsOf(f.Words))
}

// questionState chooses by state, which depends on the day while an answer is owed.
func questionState(state string, today Day, arg func(string, ...any)) {
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
