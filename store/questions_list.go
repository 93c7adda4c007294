package store

import (
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
}

// QuestionsPage is one page of the list of questions.
type QuestionsPage struct {
	Filter     QuestionFilter
	All        []Question
	Count      int64  // up to DecisionsCounted
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
		f.Before = ""
		where, args, err := s.questionsWhere(ctx, f)
		if err != nil {
			return err
		}
		if p.Count, err = one(ctx, s, scanInto[int64], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT q.ref FROM questions q%s LIMIT %d) AS chosen`, where, DecisionsCounted), args...); err != nil {
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

// questions are the rows of one page, and where the next begins.
func (s *Store) questions(ctx context.Context, f QuestionFilter, most int) (all []Question, next string, err error) {
	where, args, err := s.questionsWhere(ctx, f)
	if err != nil {
		return nil, "", err
	}
	all, err = list(ctx, s, scanQuestion, fmt.Sprintf(`SELECT `+questionCols+` FROM questions q%s ORDER BY q.year DESC, q.seq DESC LIMIT %d`, where, most+1), args...)
	if len(all) > most {
		all = all[:most]
		next = all[most-1].Ref
	}
	return all, next, err
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

func (s *Store) questionsWhere(ctx context.Context, f QuestionFilter) (string, []any, error) {
	all, args := []string{"1 = 1"}, []any{}
	arg := func(clause string, vs ...any) {
		for _, v := range vs {
			args = append(args, v)
			clause = strings.Replace(clause, "?", fmt.Sprintf("$%d", len(args)), 1)
		}
		all = append(all, clause)
	}
	questionState(f.State, DayOf(s.Now()), arg)
	about := "about_kind"
	if kind, _ := cutKind(f.About); kind != f.About {
		about = "about"
	}
	for _, eq := range []struct{ column, value string }{{"body", f.To}, {"from_body", f.From}, {about, f.About}} {
		if eq.value != "" {
			arg("q."+eq.column+" = ?", eq.value)
		}
	}
	if f.Committee != "" {
		arg("(q.committee = ? OR q.ref IN (SELECT c.ref FROM charges c WHERE c.kind = 'question' AND c.heir = ?))", f.Committee, f.Committee)
	}
	words := wordsOf(f.Words)
	few, found, err := s.rareQuestions(ctx, words)
	if err != nil {
		return "", nil, err
	}
	if found {
		arg("q.ref IN (''"+strings.Repeat(", ?", len(few))+")", few...)
	}
	for _, w := range words {
		arg("EXISTS (SELECT 1 FROM question_words w WHERE w.question = q.ref AND w.word >= ? AND w.word < ?)", w, w+"\U0010FFFF")
	}
	if year, seq, ok := refParts(f.Before); ok {
		arg("(q.year, q.seq) < (?, ?)", year, seq)
	}
	return " WHERE " + strings.Join(all, " AND "), args, nil
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

// rareQuestions lists the questions that hold the rarest of some words, where
// they are few: they are looked up then, and not the whole list.
func (s *Store) rareQuestions(ctx context.Context, words []string) (few []any, found bool, err error) {
	best := DecisionsCounted + 1
	for _, w := range words {
		refs, err := list(ctx, s, scanInto[string], fmt.Sprintf(`SELECT question FROM question_words WHERE word >= $1 AND word < $2 LIMIT %d`, DecisionsCounted+1), w, w+"\U0010FFFF")
		if err != nil {
			return nil, false, err
		}
		if len(refs) < best {
			best, found, few = len(refs), true, nil
			for _, r := range refs {
				few = append(few, r)
			}
		}
	}
	return few, found, nil
}

// OnTime is how a body keeps the time to answer. A question counts as on time
// when every answer to it that was owed by now came by its due day.
type OnTime struct {
	Body   string
	OnTime int64    // of Count
	Count  int64    // questions that were answered or refused, or whose due day is past
	Median int64    // working days to the first answer or refusal, -1 where none was given
	Oldest Question // that still owes an answer; its Ref is "" where none does
}

// OnTimeRates reads how each body keeps the time to answer, by its name.
func (s *Store) OnTimeRates(ctx context.Context) (all []OnTime, err error) {
	rates := map[string]*OnTime{}
	of := func(body string) *OnTime {
		if rates[body] == nil {
			rates[body] = &OnTime{Body: body, Median: -1}
		}
		return rates[body]
	}
	times, err := s.answerTimes(ctx, of)
	if err != nil {
		return nil, err
	}
	if err := s.overdue(ctx, of); err != nil {
		return nil, err
	}
	owing, err := list(ctx, s, scanInto[string], `SELECT DISTINCT body FROM questions WHERE stage = 'owed'`)
	if err != nil {
		return nil, err
	}
	for _, body := range owing {
		r := of(body)
		if r.Oldest, err = one(ctx, s, scanQuestion, `SELECT `+questionCols+` FROM questions q WHERE q.body = $1 AND q.stage = 'owed' ORDER BY q.year, q.seq LIMIT 1`, body); err != nil {
			return nil, err
		}
	}
	for body, r := range rates {
		r.Median = median(times[body])
		all = append(all, *r)
	}
	slices.SortFunc(all, func(a, b OnTime) int { return strings.Compare(Fold(ShortName(a.Body)), Fold(ShortName(b.Body))) })
	return all, nil
}

// lasting is how many first replies of a body took so many working days.
type lasting struct {
	body        string
	took        int64
	punctual, n int64
}

// answerTimes counts the questions that were replied to, by body and time taken.
func (s *Store) answerTimes(ctx context.Context, of func(string) *OnTime) (map[string][]lasting, error) {
	all, err := list(ctx, s, func(r row) (l lasting, err error) { return l, r.Scan(&l.body, &l.took, &l.punctual, &l.n) },
		`SELECT body, took, COUNT(*) FILTER (WHERE NOT late), COUNT(*) FROM questions WHERE replied = TRUE GROUP BY body, took ORDER BY body, took`)
	times := map[string][]lasting{}
	for _, l := range all {
		r := of(l.body)
		r.OnTime, r.Count = r.OnTime+l.punctual, r.Count+l.n
		if l.took >= 0 {
			times[l.body] = append(times[l.body], l)
		}
	}
	return times, err
}

// overdue counts the questions whose due day is past, and takes those that were
// on time before back.
func (s *Store) overdue(ctx context.Context, of func(string) *OnTime) error {
	type past struct {
		body        string
		never, once int64
	}
	all, err := list(ctx, s, func(r row) (p past, err error) { return p, r.Scan(&p.body, &p.never, &p.once) },
		`SELECT body, COUNT(*) FILTER (WHERE NOT replied), COUNT(*) FILTER (WHERE replied AND NOT late) FROM questions WHERE stage = 'owed' AND due < $1 GROUP BY body`, DayOf(s.Now()))
	for _, p := range all {
		r := of(p.body)
		r.Count, r.OnTime = r.Count+p.never, r.OnTime-p.once
	}
	return err
}

// median is the middle of times in order, the lower of two.
func median(times []lasting) int64 {
	var n int64
	for _, l := range times {
		n += l.n
	}
	for at := (n + 1) / 2; len(times) > 0; times = times[1:] {
		if at -= times[0].n; at <= 0 {
			return times[0].took
		}
	}
	return -1
}
