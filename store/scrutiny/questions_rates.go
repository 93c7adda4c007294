package scrutiny

import (
	"context"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
)

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
func OnTimeRates(ctx context.Context, tx *db.Tx) (all []OnTime, err error) {
	rates := map[string]*OnTime{}
	of := func(body string) *OnTime {
		if rates[body] == nil {
			rates[body] = &OnTime{Body: body, Median: -1}
		}
		return rates[body]
	}
	times, err := answerTimes(ctx, tx, of)
	if err != nil {
		return nil, err
	}
	if err := overdue(ctx, tx, of); err != nil {
		return nil, err
	}
	owing, err := db.List(ctx, tx, db.ScanInto[string], `SELECT DISTINCT body FROM questions WHERE stage = 'owed'`)
	if err != nil {
		return nil, err
	}
	for _, body := range owing {
		r := of(body)
		if r.Oldest, err = db.One(ctx, tx, scanQuestion, `SELECT `+questionCols+` FROM questions q WHERE q.body = $1 AND q.stage = 'owed' ORDER BY q.year, q.seq LIMIT 1`, body); err != nil {
			return nil, err
		}
	}
	for body, r := range rates {
		r.Median = median(times[body])
		all = append(all, *r)
	}
	slices.SortFunc(all, func(a, b OnTime) int {
		return strings.Compare(text.Fold(office.ShortName(a.Body)), text.Fold(office.ShortName(b.Body)))
	})
	return all, nil
}

// lasting is how many questions a body first replied to in so many working
// days, and whether a reply to them came late.
type lasting struct {
	body string
	took int64 // -1 where it cannot be told
	late bool
	n    int64
}

func scanLasting(r db.Row) (l lasting, err error) { return l, r.Scan(&l.body, &l.took, &l.late, &l.n) }

// countTimes counts a question where it stands now, and no more where it stood.
func countTimes(ctx context.Context, tx *db.Tx, was, is questionRow) error {
	if was.Replied == is.Replied && was.Body == is.Body && was.Took == is.Took && was.Late == is.Late {
		return nil
	}
	for _, one := range []struct {
		questionRow
		n int64
	}{{was, -1}, {is, 1}} {
		if !one.Replied {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO question_times (body, took, late, n) VALUES ($1, $2, $3, $4)
			ON CONFLICT (body, took, late) DO UPDATE SET n = question_times.n + excluded.n`, one.Body, one.Took, one.Late, one.n); err != nil {
			return err
		}
	}
	if was.Replied { // a count of none says nothing
		_, err := tx.Exec(ctx, `DELETE FROM question_times WHERE body = $1 AND took = $2 AND late = $3 AND n = 0`, was.Body, was.Took, was.Late)
		return err
	}
	return nil
}

// miscounted names the bodies whose counts are not those of their questions.
func miscounted(ctx context.Context, tx *db.Tx) (bodies []string, err error) {
	counts := map[lasting]int64{}
	kept, err := db.List(ctx, tx, scanLasting, `SELECT body, took, late, n FROM question_times`)
	if err != nil {
		return nil, err
	}
	real, err := db.List(ctx, tx, scanLasting, `SELECT body, took, late, COUNT(*) FROM questions WHERE replied = TRUE GROUP BY body, took, late`)
	for _, l := range kept {
		counts[lasting{l.body, l.took, l.late, 0}] += l.n
	}
	for _, l := range real {
		counts[lasting{l.body, l.took, l.late, 0}] -= l.n
	}
	for l, n := range counts {
		if n != 0 {
			bodies = append(bodies, l.body)
		}
	}
	return bodies, err
}

// answerTimes counts the questions that were replied to, by body and time taken.
func answerTimes(ctx context.Context, tx *db.Tx, of func(string) *OnTime) (map[string][]lasting, error) {
	all, err := db.List(ctx, tx, scanLasting, `SELECT body, took, late, n FROM question_times WHERE n > 0 ORDER BY body, took`)
	times := map[string][]lasting{}
	for _, l := range all {
		r := of(l.body)
		r.Count += l.n
		if !l.late {
			r.OnTime += l.n
		}
		if l.took >= 0 {
			times[l.body] = append(times[l.body], l)
		}
	}
	return times, err
}

// overdue counts the questions whose due day is past, and takes those that were
// on time before back.
func overdue(ctx context.Context, tx *db.Tx, of func(string) *OnTime) error {
	type past struct {
		body        string
		never, once int64
	}
	all, err := db.List(ctx, tx, func(r db.Row) (p past, err error) { return p, r.Scan(&p.body, &p.never, &p.once) },
		`SELECT body, COUNT(*) FILTER (WHERE NOT replied), COUNT(*) FILTER (WHERE replied AND NOT late) FROM questions WHERE stage = 'owed' AND due < $1 GROUP BY body`, civil.DayOf(tx.Now()))
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
