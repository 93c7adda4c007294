package scrutiny

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// MakeRecommendation makes a recommendation of a committee to a body, or
// records an undertaking that the body gave it.
func MakeRecommendation(ctx context.Context, tx *db.Tx, by office.Viewer, f RecommendationForm) (ref string, err error) {
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		today := civil.DayOf(tx.Now())
		f := f
		all, err := AllCommittees(ctx, tx)
		if err != nil {
			return err
		}
		c, ok := all[f.Committee]
		if !ok {
			return fault.Field("committee", "Choose the committee from the list.")
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
		r := f.made(mark(tx, by))
		if r.ID, err = db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(id), 0) + 1 FROM recommendations`); err != nil {
			return err
		}
		year := int64(tx.Now().In(civil.London).Year())
		seq, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(seq), 0) + 1 FROM recommendations WHERE year = $1`, year)
		if err != nil {
			return err
		}
		r.Ref = fmt.Sprintf("%d-%03d", year, seq)
		ref = r.Ref
		if err := tx.Change(ctx, `INSERT INTO recommendations (id, ref, year, seq, kind, body, committee, made, acceptance, implementation, priority, waits, due, turn, recommendation)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', FALSE, '', '', 0, '')`, r.ID, r.Ref, year, seq, r.Kind, r.Body, r.Committee, r.Made); err != nil {
			return err
		}
		if err := putWords(ctx, tx, "recommendation_words", "recommendation", r.ID, r.words()); err != nil {
			return err
		}
		return saveRecommendation(ctx, tx, by, "make", Recommendation{}, r, Charge{})
	})
	return ref, err
}

// mark is who does what the next event tells.
func mark(tx *db.Tx, by office.Viewer) Mark {
	return Mark{At: tx.Now(), Person: by.Person, Office: by.Office, N: record.NextEvent(tx)}
}

// made is the recommendation of a checked form.
func (f RecommendationForm) made(by Mark) Recommendation {
	r := Recommendation{Kind: f.Kind, Committee: f.Committee, Body: f.Body, Title: f.Title, Text: f.Text, Source: f.Source, Made: by.On(), By: by,
		Acceptance: Awaited, Implementation: NotStarted}
	if r.Undertaking() {
		r.Acceptance, r.First, r.Target = Accepted, f.Target, f.Target
		return r
	}
	r.ResponseDue = monthsAfter(r.Made, Terms().Response)
	return r
}

// ActOnRecommendation takes one step of the life of a recommendation.
func ActOnRecommendation(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, act office.Act, st RecommendationStep) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		r, err := recommendation(ctx, tx, ref)
		if err != nil {
			return err
		}
		c, err := FindCharge(ctx, tx, r.Kind, ref)
		if err != nil {
			return err
		}
		all, err := AllCommittees(ctx, tx)
		if err != nil {
			return err
		}
		today := civil.DayOf(tx.Now())
		if err := r.May(act, by, c, all, today); err != nil {
			return err
		}
		if st.Turn != 0 && st.Turn != r.Turn {
			return fault.Conflict.Errorf("Someone else has changed this. Reload the page and check it.")
		}
		if act == ActGivePriority {
			if err := priorityFree(ctx, tx, all, c.Holder(all, today), today); err != nil {
				return err
			}
		}
		then, err := r.after(act, st, mark(tx, by))
		if act == ActClaim {
			err = evidenced(ctx, tx, by, st, err)
		}
		if err != nil {
			return err
		}
		return saveRecommendation(ctx, tx, by, string(act), r, then, c)
	})
}

// evidenced adds to the faults of a claim what it names and is not there for
// everyone to read.
func evidenced(ctx context.Context, tx *db.Tx, by office.Viewer, st RecommendationStep, err error) error {
	var bad fault.Faults
	if err := bad.Take("", err); err != nil {
		return err
	}
	if ref := strings.TrimSpace(st.Decision); ref != "" {
		if _, err := decisions.Find(ctx, tx, office.Viewer{}, ref); fault.KindOf(err) == fault.NotFound {
			bad.Add("decision", "There is no decision %q that everyone may read: check the reference.", text.Short(ref))
		} else if err != nil {
			return err
		}
	}
	if st.Document != 0 {
		d, err := documents.Find(ctx, tx, by, st.Document)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		if err != nil || !d.MayRead(office.Viewer{}) {
			bad.Add("document", "There is no published document of that number: publish it first.")
		}
	}
	return bad.Err()
}

// priorityFree refuses a priority beyond those that a committee may give.
func priorityFree(ctx context.Context, tx *db.Tx, all Committees, holder string, today civil.Day) error {
	with, err := db.List(ctx, tx, ScanCharge, `SELECT `+ChargeCols+` FROM recommendations r JOIN charges c ON c.kind = r.kind AND c.ref = r.ref WHERE r.priority AND r.waits <> '' ORDER BY r.id`)
	if err != nil {
		return err
	}
	var refs []string
	for _, c := range with {
		if c.Holder(all, today) == holder {
			refs = append(refs, c.Ref)
		}
	}
	if most := Terms().Priority; len(refs) >= most {
		return fault.Conflict.Errorf("The %s has given priority to %s already, the most that it may: %s. Take it from one of them first.", all.Name(holder), text.Count(most, "open matter", "open matters"), joined(refs))
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
func saveRecommendation(ctx context.Context, tx *db.Tx, by office.Viewer, act string, was, r Recommendation, had Charge) error {
	r.Turn, r.MovedAt = was.Turn+1, tx.Now()
	row, err := text.Canonical(r)
	if err != nil {
		return err
	}
	if err := tx.Change(ctx, `UPDATE recommendations SET acceptance = $1, implementation = $2, priority = $3, waits = $4, due = $5, turn = $6, recommendation = $7 WHERE id = $8 AND turn = $9`,
		string(r.Acceptance), string(r.Implementation), r.Priority, r.Waits(), r.Due(), r.Turn, string(row), r.ID, was.Turn); err != nil {
		return err
	}
	if err := recount(ctx, tx, was, r); err != nil {
		return err
	}
	parts := []record.Part{record.About(r.Body), record.NowRow(r.subject(), row)}
	charge := r.charge()
	charge.Heir = had.Heir
	if charge != had {
		told, err := SaveCharge(ctx, tx, charge)
		if err != nil {
			return err
		}
		parts = append(parts, told)
	}
	_, err = record.Add(ctx, tx, by, "recommendation."+act, r.subject(), parts...)
	return err
}

// mostTasks is how many of one sort of task are listed, so that the work of a
// body with very many stays readable.
const mostTasks = 50

// RecommendationTasks are what recommendations and undertakings wait for.
func RecommendationTasks(ctx context.Context, tx *db.Tx, v office.Viewer) (all []office.Task, err error) {
	today := civil.DayOf(tx.Now())
	if v.Can(office.AnswerQuestions) {
		owed, err := db.List(ctx, tx, scanRecommendation, fmt.Sprintf(`SELECT `+recommendationCols+` FROM recommendations r WHERE r.body = $1 AND r.waits = 'response' ORDER BY r.due, r.id LIMIT %d`, mostTasks), v.Office.Body)
		if err != nil {
			return nil, err
		}
		late, err := db.List(ctx, tx, scanRecommendation, fmt.Sprintf(`SELECT `+recommendationCols+` FROM recommendations r WHERE r.body = $1 AND r.waits = 'work' AND r.due < $2 ORDER BY r.due, r.id LIMIT %d`, mostTasks), v.Office.Body, today)
		if err != nil {
			return nil, err
		}
		for _, r := range slices.Concat(owed, late) {
			all = append(all, r.bodyTask())
		}
	}
	if !v.Can(office.SitOnCommittees) {
		return all, nil
	}
	more, err := verdictTasks(ctx, tx, v, today)
	return append(all, more...), err
}

func (r Recommendation) bodyTask() office.Task {
	if r.Waits() == WaitsResponse {
		return office.Task{Title: "Respond to recommendation " + r.Ref + ": " + r.Title, Due: r.Due(), Why: "It is put to your body, which responds within " + text.Count(Terms().Response, "month", "months") + ".", Verb: "Respond", Href: r.Href() + "/" + string(ActRespond)}
	}
	return office.Task{Title: "Claim or move " + r.Kind + " " + r.Ref + ": " + r.Title, Due: r.Due(), Why: "Its target date has passed, and your body answers for it: claim that it is done, or move the date and say why.", Verb: "Open it", Href: r.Href()}
}

// verdictTasks are what waits for the chair and the clerk of a committee: a
// claim to verify, a rejection to answer.
func verdictTasks(ctx context.Context, tx *db.Tx, v office.Viewer, today civil.Day) (out []office.Task, err error) {
	all, err := AllCommittees(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, c := range all.Of(v.Office.ID, today) {
		found, err := db.List(ctx, tx, scanRecommendation, fmt.Sprintf(`SELECT `+recommendationCols+` FROM recommendations r WHERE r.id IN (
			SELECT a.id FROM recommendations a WHERE a.committee = $1 AND a.waits IN ('verdict', 'rejection')
			UNION SELECT b.id FROM charges h JOIN recommendations b ON b.ref = h.ref AND b.kind = h.kind WHERE h.heir = $1 AND h.open AND b.waits IN ('verdict', 'rejection')) ORDER BY r.id LIMIT %d`, mostTasks), c.Slug)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			has, err := FindCharge(ctx, tx, r.Kind, r.Ref)
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

func (r Recommendation) verdictTask(v office.Viewer, c Charge, all Committees, today civil.Day) []office.Task {
	switch {
	case r.May(ActVerify, v, c, all, today) == nil:
		return []office.Task{{Title: "Verify the claim on " + r.Kind + " " + r.Ref + ": " + r.Title, Why: office.ShortName(r.Body) + " claims that it is done; the chair or the clerk records what the committee found.", Verb: "Read the claim", Href: r.Href()}}
	case r.Waits() == WaitsRejection && r.May(ActClose, v, c, all, today) == nil:
		return []office.Task{{Title: "Answer the rejection of " + r.Kind + " " + r.Ref + ": " + r.Title, Why: office.ShortName(r.Body) + " rejected it; the committee accepts that, or goes on asking.", Verb: "Read the reasons", Href: r.Href()}}
	}
	return nil
}
