package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// MakeRecommendation makes a recommendation of a committee to a body, or
// records an undertaking that the body gave it.
func (s *Store) MakeRecommendation(ctx context.Context, by Viewer, f RecommendationForm) (ref string, err error) {
	err = s.write(ctx, func(s *Store) error {
		today := DayOf(s.Now())
		f := f
		all, err := s.Committees(ctx)
		if err != nil {
			return err
		}
		c, ok := all[f.Committee]
		if !ok {
			return Field("committee", "Choose the committee from the list.")
		}
		if err := c.MayMake(by, "", today); err != nil {
			return err
		}
		if err := f.check(today); err != nil {
			return err
		}
		if err := c.MayMake(by, f.Body, today); err != nil {
			return err
		}
		r := f.made(s.mark(by))
		if r.ID, err = one(ctx, s, scanInto[int64], `SELECT COALESCE(MAX(id), 0) + 1 FROM recommendations`); err != nil {
			return err
		}
		year := int64(s.Now().In(london).Year())
		seq, err := one(ctx, s, scanInto[int64], `SELECT COALESCE(MAX(seq), 0) + 1 FROM recommendations WHERE year = $1`, year)
		if err != nil {
			return err
		}
		r.Ref = fmt.Sprintf("%d-%03d", year, seq)
		ref = r.Ref
		if err := s.change(ctx, `INSERT INTO recommendations (id, ref, year, seq, kind, body, committee, made, acceptance, implementation, priority, waits, due, turn, recommendation)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', FALSE, '', '', 0, '')`, r.ID, r.Ref, year, seq, r.Kind, r.Body, r.Committee, r.Made); err != nil {
			return err
		}
		for _, w := range wordsOf(strings.Join([]string{r.Ref, r.Title, r.Text, r.Source.Text}, " ")) {
			if err := s.change(ctx, `INSERT INTO recommendation_words (word, recommendation) VALUES ($1, $2)`, w, r.ID); err != nil {
				return err
			}
		}
		return s.saveRecommendation(ctx, by, "make", Recommendation{}, r, Charge{})
	})
	return ref, err
}

// mark is who does what the next event tells.
func (s *Store) mark(by Viewer) Mark {
	return Mark{At: s.Now(), Person: by.Person, Office: by.Office, N: s.nextEvent()}
}

// made is the recommendation of a checked form.
func (f RecommendationForm) made(by Mark) Recommendation {
	r := Recommendation{Kind: f.Kind, Committee: f.Committee, Body: f.Body, Title: f.Title, Text: f.Text, Source: f.Source, Made: by.On(), By: by,
		Acceptance: Awaited, Implementation: NotStarted}
	if r.Undertaking() {
		r.Acceptance, r.First, r.Target = Accepted, f.Target, f.Target
		return r
	}
	r.ResponseDue = monthsAfter(r.Made, Scrutiny().Response)
	return r
}

// ActOnRecommendation takes one step of the life of a recommendation.
func (s *Store) ActOnRecommendation(ctx context.Context, by Viewer, ref string, act Act, st RecommendationStep) error {
	return s.write(ctx, func(s *Store) error {
		r, err := s.recommendation(ctx, ref)
		if err != nil {
			return err
		}
		c, err := s.charge(ctx, r.Kind, ref)
		if err != nil {
			return err
		}
		all, err := s.Committees(ctx)
		if err != nil {
			return err
		}
		today := DayOf(s.Now())
		if err := r.May(act, by, c, all, today); err != nil {
			return err
		}
		if st.Turn != 0 && st.Turn != r.Turn {
			return Conflict.Errorf("Someone else changed this first. Reload the page and look again.")
		}
		if act == GivePriority {
			if err := s.priorityFree(ctx, all, c.Holder(all, today), today); err != nil {
				return err
			}
		}
		then, err := r.after(act, st, s.mark(by))
		if act == ClaimIt {
			err = s.evidenced(ctx, by, st, err)
		}
		if err != nil {
			return err
		}
		return s.saveRecommendation(ctx, by, string(act), r, then, c)
	})
}

// evidenced adds to the faults of a claim what it names and is not there for
// everyone to read.
func (s *Store) evidenced(ctx context.Context, by Viewer, st RecommendationStep, err error) error {
	var bad Faults
	if err := bad.Take("", err); err != nil {
		return err
	}
	if ref := strings.TrimSpace(st.Decision); ref != "" {
		if _, err := s.decision(ctx, Viewer{}, ref); KindOf(err) == NotFound {
			bad.Add("decision", "There is no decision %q that everyone may read: check the reference.", short(ref))
		} else if err != nil {
			return err
		}
	}
	if st.Document != 0 {
		d, err := s.Document(ctx, by, st.Document)
		if err != nil && KindOf(err) != NotFound {
			return err
		}
		if err != nil || !d.MayRead(Viewer{}) {
			bad.Add("document", "There is no published document of that number: publish it first.")
		}
	}
	return bad.Err()
}

// priorityFree refuses a priority beyond those that a committee may give.
func (s *Store) priorityFree(ctx context.Context, all Committees, holder string, today Day) error {
	with, err := list(ctx, s, scanCharge, `SELECT `+chargeCols+` FROM recommendations r JOIN charges c ON c.kind = r.kind AND c.ref = r.ref WHERE r.priority AND r.waits <> '' ORDER BY r.id`)
	if err != nil {
		return err
	}
	var refs []string
	for _, c := range with {
		if c.Holder(all, today) == holder {
			refs = append(refs, c.Ref)
		}
	}
	if most := Scrutiny().Priority; len(refs) >= most {
		return Conflict.Errorf("The %s has given priority to %s already, the most that it may: %s. Take it from one of them first.", all.Name(holder), Count(most, "open matter", "open matters"), joined(refs))
	}
	return nil
}

// joined lists words: a, b and c.
func joined(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// saveRecommendation stores how one stands after an act, if nobody else acted
// on it meanwhile, with whose work it is, and records the act.
func (s *Store) saveRecommendation(ctx context.Context, by Viewer, act string, was, r Recommendation, had Charge) error {
	r.Turn, r.MovedAt = was.Turn+1, s.Now()
	row, err := canonical(r)
	if err != nil {
		return err
	}
	if err := s.change(ctx, `UPDATE recommendations SET acceptance = $1, implementation = $2, priority = $3, waits = $4, due = $5, turn = $6, recommendation = $7 WHERE id = $8 AND turn = $9`,
		string(r.Acceptance), string(r.Implementation), r.Priority, r.Waits(), r.Due(), r.Turn, string(row), r.ID, was.Turn); err != nil {
		return err
	}
	if err := s.recount(ctx, was, r); err != nil {
		return err
	}
	parts := []part{about(r.Body), nowRow(r.subject(), row)}
	charge := r.charge()
	charge.Heir = had.Heir
	if charge != had {
		told, err := s.charged(ctx, charge)
		if err != nil {
			return err
		}
		parts = append(parts, told)
	}
	_, err = s.record(ctx, by, "recommendation."+act, r.subject(), parts...)
	return err
}

// mostTasks is how many of one sort of task are listed, so that the work of a
// body with very many stays readable.
const mostTasks = 50

// recommendationTasks are what recommendations and undertakings wait for.
func (s *Store) recommendationTasks(ctx context.Context, v Viewer) (all []Task, err error) {
	today := DayOf(s.Now())
	if v.Can(AnswerQuestions) {
		owed, err := list(ctx, s, scanRecommendation, fmt.Sprintf(`SELECT `+recommendationCols+` FROM recommendations r WHERE r.body = $1 AND r.waits = 'response' ORDER BY r.due, r.id LIMIT %d`, mostTasks), v.Office.Body)
		if err != nil {
			return nil, err
		}
		late, err := list(ctx, s, scanRecommendation, fmt.Sprintf(`SELECT `+recommendationCols+` FROM recommendations r WHERE r.body = $1 AND r.waits = 'work' AND r.due < $2 ORDER BY r.due, r.id LIMIT %d`, mostTasks), v.Office.Body, today)
		if err != nil {
			return nil, err
		}
		for _, r := range slices.Concat(owed, late) {
			all = append(all, r.bodyTask())
		}
	}
	if !v.Can(SitOnCommittees) {
		return all, nil
	}
	more, err := s.verdictTasks(ctx, v, today)
	return append(all, more...), err
}

func (r Recommendation) bodyTask() Task {
	if r.Waits() == WaitsResponse {
		return Task{Title: "Respond to recommendation " + r.Ref + ": " + r.Title, Due: r.Due(), Why: "It is put to your body, which responds within " + Count(Scrutiny().Response, "month", "months") + ".", Verb: "Respond", Href: r.Href() + "/" + string(RespondToIt)}
	}
	return Task{Title: "Claim or move " + r.Kind + " " + r.Ref + ": " + r.Title, Due: r.Due(), Why: "Its target date has passed, and your body answers for it: claim that it is done, or move the date and say why.", Verb: "Open it", Href: r.Href()}
}

// verdictTasks are what waits for the chair and the clerk of a committee: a
// claim to verify, a rejection to answer.
func (s *Store) verdictTasks(ctx context.Context, v Viewer, today Day) (out []Task, err error) {
	all, err := s.Committees(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range all.Of(v.Office.ID, today) {
		found, err := list(ctx, s, scanRecommendation, fmt.Sprintf(`SELECT `+recommendationCols+` FROM recommendations r WHERE r.id IN (
			SELECT a.id FROM recommendations a WHERE a.committee = $1 AND a.waits IN ('verdict', 'rejection')
			UNION SELECT b.id FROM charges h JOIN recommendations b ON b.ref = h.ref AND b.kind = h.kind WHERE h.heir = $1 AND h.open AND b.waits IN ('verdict', 'rejection')) ORDER BY r.id LIMIT %d`, mostTasks), c.Slug)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			has, err := s.charge(ctx, r.Kind, r.Ref)
			if err != nil {
				return nil, err
			}
			if has.Holder(all, today) == c.Slug {
				out = append(out, r.verdictTask(v, has, all, today)...)
			}
		}
	}
	return out, nil
}

func (r Recommendation) verdictTask(v Viewer, c Charge, all Committees, today Day) []Task {
	switch {
	case r.May(VerifyIt, v, c, all, today) == nil:
		return []Task{{Title: "Verify the claim on " + r.Kind + " " + r.Ref + ": " + r.Title, Why: ShortName(r.Body) + " claims that it is done; the chair or the clerk records what the committee found.", Verb: "Read the claim", Href: r.Href()}}
	case r.Waits() == WaitsRejection && r.May(CloseIt, v, c, all, today) == nil:
		return []Task{{Title: "Answer the rejection of " + r.Kind + " " + r.Ref + ": " + r.Title, Why: ShortName(r.Body) + " rejected it; the committee accepts that, or goes on asking.", Verb: "Read the reasons", Href: r.Href()}}
	}
	return nil
}
