package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

func (d Decision) subject() string { return fmt.Sprintf("decision/%d", d.ID) }

// folded is the contract reference as it is compared with those of payments.
func contractKey(ref string) string { return strings.Join(strings.Fields(Fold(ref)), "") }

// saveDecision stores how a decision stands after an act, if nobody else acted
// on it meanwhile, and works out from when it may be implemented.
func (s *Store) saveDecision(ctx context.Context, d *Decision) error {
	was := d.Turn
	d.Turn, d.MovedAt = d.Turn+1, s.Now()
	hold, closes := time.Time{}, d.ClosesAt
	if d.Status == DecisionPublished {
		sc, err := s.scheme(ctx, d.Scheme)
		if err != nil {
			return err
		}
		may := MayImplement(d.hold(sc.Scheme), s.Now())
		hold, closes = may.From, may.Closes // of the call-in, once voting is over
	}
	row, err := canonical(d)
	if err != nil {
		return err
	}
	return s.change(ctx, `UPDATE decisions SET status = $1, matter = $2, pence = $3, contract = $4, closes_at = $5, hold_until = $6, moved_at = $7, turn = $8, decision = $9
		WHERE id = $10 AND turn = $11`, d.Status, d.Matter, int64(d.Value), contractKey(d.Contract), nullStamp(closes), nullStamp(hold), stamp(d.MovedAt), d.Turn, string(row), d.ID, was)
}

// recordDecision ends every write to a decision, with the number of its event.
func (s *Store) recordDecision(ctx context.Context, by Viewer, act Act, d *Decision, more ...part) (int64, error) {
	if err := s.saveDecision(ctx, d); err != nil {
		return 0, err
	}
	return s.record(ctx, by, "decision."+string(act), d.subject(), append(more, about(d.Body), now(d.subject(), d))...)
}

// DraftForm is what a proposer writes down.
type DraftForm struct {
	Matter string
	Paper  Paper
	Part2  string
	Urgent string // ground of urgency, "" for none
	Why    string // of a change, once it was put forward
}

// check tidies what was written and says what is wrong with it. The ground of
// urgency is claimed in a draft, and stays as it was put forward.
func (f *DraftForm) check(m Matter, finished bool) (err error) {
	var faults Faults
	f.Paper, err = f.Paper.check(m, f.Part2, finished)
	if err := faults.Take("", err); err != nil {
		return err
	}
	f.Urgent = oneLine(f.Urgent)
	text(&faults, "urgent", "the ground of urgency", f.Urgent, false, 500)
	return faults.Err()
}

// proposes works out whether a person may propose a kind of matter today.
func (s *Store) proposes(ctx context.Context, by Viewer, matter string) (Facts, Matter, error) {
	f, err := s.factsOf(ctx, DayOf(s.Now()), 0)
	if err != nil {
		return f, Matter{}, err
	}
	m, ok := f.Scheme.Matter(matter)
	if !ok {
		return f, m, Field("matter", "Choose the kind of matter from the list.")
	}
	return f, m, f.Authority(Case{Role: Proposes, Matter: matter}, by.Person, by.Office.ID).Refusal()
}

// mayPropose finds the kind of matter of a decision in the scheme of today, or
// says why a person may not change its paper or put it forward.
func (d Decision) mayPropose(today Facts, by Viewer) (Matter, error) {
	m, _, err := d.Band(today.Scheme.Scheme)
	if err != nil {
		return m, err
	}
	return m, today.Authority(Case{Role: Proposes, Matter: d.Matter}, by.Person, by.Office.ID).Refusal()
}

// proposesIn works out whether a person may propose in a decision today.
func (s *Store) proposesIn(ctx context.Context, by Viewer, d Decision) (Matter, error) {
	f, err := s.factsOf(ctx, DayOf(s.Now()), 0)
	if err != nil {
		return Matter{}, err
	}
	return d.mayPropose(f, by)
}

// DraftDecision begins a decision. Only the proposer's own body sees a draft.
func (s *Store) DraftDecision(ctx context.Context, by Viewer, form DraftForm) (address string, err error) {
	if !by.Can(ProposeDecisions) {
		return "", Forbidden.Errorf("The office you act in does not propose decisions.")
	}
	err = s.write(ctx, func(s *Store) error {
		_, m, err := s.proposes(ctx, by, form.Matter)
		if err != nil {
			return err
		}
		d := Decision{Status: DecisionDraft, Body: by.Office.Body, Proposer: by.Person, ProposedIn: by.Office, Matter: m.Key, Version: 1}
		if err := form.check(m, false); err != nil {
			return err
		}
		// Writes run one at a time, so the next number can be taken like this.
		if d.ID, err = one(ctx, s, scanInto[int64], `SELECT COALESCE(MAX(id), 0) + 1 FROM decisions`); err != nil {
			return err
		}
		if _, err := s.exec(ctx, `INSERT INTO decisions (id, ref, year, seq, status, body, office, matter, pence, contract, moved_at, turn, decision)
			VALUES ($1, NULL, 0, 0, $2, $3, $4, $5, 0, '', $6, 0, '')`, d.ID, d.Status, d.Body, string(d.ProposedIn.Kind), d.Matter, stamp(s.Now())); err != nil {
			return err
		}
		sealed, err := s.putPaper(ctx, by, &d, form, Part2{})
		if err != nil {
			return err
		}
		address = d.Address()
		_, err = s.recordDecision(ctx, by, "draft", &d, sealed...)
		return err
	})
	return address, err
}

// urgent claims urgency, or takes the claim back.
func (d *Decision) urgent(ground string) {
	if d.Urgency = nil; ground != "" {
		d.Urgency = &Urgency{Ground: ground}
	}
}

// draftWords are the sealed words of a draft.
type draftWords struct {
	Paper
	Urgent string `json:"urgent,omitempty"` // ground of urgency
}

// putPaper stores a version of the paper. A draft's words, and the restricted
// part always, are sealed in the event that record writes next.
func (s *Store) putPaper(ctx context.Context, by Viewer, d *Decision, form DraftForm, had Part2) ([]part, error) {
	p := form.Paper
	v := PaperVersion{Decision: d.ID, Version: d.Version, By: by.Person, On: DayOf(s.Now()), N: s.NextEvent()}
	var parts []part
	p.Commitment = ""
	if text := strings.TrimSpace(form.Part2); text != "" {
		part2 := had
		if had.Text != text {
			salt := make([]byte, 32)
			if _, err := rand.Read(salt); err != nil {
				return nil, err
			}
			part2 = Part2{hex.EncodeToString(salt), text}
		}
		p.Commitment = part2.Commitment()
		sealed, err := canonical(part2)
		if err != nil {
			return nil, err
		}
		v.Part2N = v.N
		parts = append(parts, seal("part 2", sealed))
	}
	if d.Status == DecisionDraft {
		words, err := canonical(draftWords{p, form.Urgent})
		if err != nil {
			return nil, err
		}
		parts = append(parts, seal("paper", words))
	} else {
		var err error
		if v.Hash, err = p.Hash(); err != nil {
			return nil, err
		}
		v.Paper, v.Why = &p, oneLine(form.Why)
		d.take(p, v.Hash)
		if err := s.indexDecision(ctx, *d, p); err != nil {
			return nil, err
		}
	}
	row, err := canonical(v)
	if err != nil {
		return nil, err
	}
	_, err = s.exec(ctx, `INSERT INTO papers (decision, version, n, paper) VALUES ($1, $2, $3, $4)
		ON CONFLICT (decision, version) DO UPDATE SET n = EXCLUDED.n, paper = EXCLUDED.paper`, d.ID, d.Version, v.N, string(row))
	return append(parts, now(v.thing(), v)), err
}

// take makes what lists and authority ask of the paper part of the public row.
func (d *Decision) take(p Paper, hash string) {
	d.Title, d.Hash, d.Value, d.Contract, d.Companies, d.Effective, d.Effects = p.Title, hash, p.Whole, p.Contract, p.Companies(), p.Effective, p.Effects
}

// indexDecision stores the words and company numbers that it is found by.
func (s *Store) indexDecision(ctx context.Context, d Decision, p Paper) error {
	for _, table := range []string{"decision_words", "decision_suppliers"} {
		if _, err := s.exec(ctx, `DELETE FROM `+table+` WHERE decision = $1`, d.ID); err != nil {
			return err
		}
	}
	for _, w := range wordsOf(strings.Join([]string{d.Ref, p.Title, p.Summary, p.Supplier, p.Company, p.Contract}, " ")) {
		if _, err := s.exec(ctx, `INSERT INTO decision_words (word, decision) VALUES ($1, $2)`, w, d.ID); err != nil {
			return err
		}
	}
	for _, c := range p.Companies() {
		if _, err := s.exec(ctx, `INSERT INTO decision_suppliers (company, decision) VALUES ($1, $2)`, c, d.ID); err != nil {
			return err
		}
	}
	return nil
}

// related finds the decisions that count together with one: of the same
// contract or supplier, put forward within so many months, and not ended.
func (s *Store) related(ctx context.Context, d Decision, p Paper, months int) ([]Related, error) {
	since := Day(s.Now().In(london).AddDate(0, -months, 0).Format(dayLayout))
	found, err := list(ctx, s, scanDecision, `SELECT d.decision FROM decisions d WHERE d.year > 0 AND d.id <> $1 AND d.matter = $2
		AND d.status NOT IN ('refused', 'lapsed', 'withdrawn') AND (d.contract <> '' AND d.contract = $3
		OR EXISTS (SELECT 1 FROM decision_suppliers c WHERE c.decision = d.id AND c.company = $4)) ORDER BY d.id DESC LIMIT 200`,
		d.ID, d.Matter, contractKey(p.Contract), p.Company)
	var all []Related
	for _, o := range found {
		if o.Proposed >= since {
			all = append(all, Related{o.Ref, o.Value})
		}
	}
	return all, err
}

// errOver is that the clock has ended the voting, and nothing has said so yet.
var errOver = errors.New("store: the voting is over and not recorded so")

// acting begins every act on a decision: it is found, its voting is not over
// unrecorded, and the act must be possible.
func (s *Store) acting(ctx context.Context, by Viewer, ref string, act Act) (Decision, error) {
	d, err := s.decision(ctx, by, ref)
	if err != nil {
		return d, err
	}
	if d.Over(s.Now()) {
		return d, errOver
	}
	return d, d.May(act, by, s.Now())
}

// actOn runs an act on a decision. Where the clock has ended its voting
// meanwhile, that is recorded first, and stays recorded when the act is refused.
// It returns the number of the event of the act.
func (s *Store) actOn(ctx context.Context, by Viewer, ref string, act Act, do func(s *Store, d *Decision) (int64, error)) (n int64, err error) {
	acts := func(s *Store) error {
		d, err := s.acting(ctx, by, ref, act)
		if err != nil {
			return err
		}
		n, err = do(s, &d)
		return err
	}
	if err = s.write(ctx, acts); !errors.Is(err, errOver) {
		return n, err
	}
	if err := s.settleOne(ctx, by, ref); err != nil {
		return 0, err
	}
	err = s.write(ctx, acts)
	return n, err
}

// EditDecision changes the paper. Once it was put forward, that is a new
// version: every view, approval and vote given on the old one is void.
func (s *Store) EditDecision(ctx context.Context, by Viewer, ref string, version int64, form DraftForm) (int64, error) {
	return s.actOn(ctx, by, ref, EditPaper, func(s *Store, d *Decision) (int64, error) {
		if version != d.Version {
			return 0, Conflict.Errorf("Someone else changed this paper first. Reload the page and look again.")
		}
		m, err := s.proposesIn(ctx, by, *d)
		if err != nil {
			return 0, err
		}
		old, had, err := s.paperOf(ctx, *d, d.Version)
		if err != nil {
			return 0, err
		}
		draft := d.Draft()
		if err := form.check(m, !draft); err != nil {
			return 0, err
		}
		if draft {
			sealed, err := s.putPaper(ctx, by, d, form, had)
			if err != nil {
				return 0, err
			}
			return s.recordDecision(ctx, by, EditPaper, d, sealed...)
		}
		return s.newVersion(ctx, by, d, form, *old.Paper, had, m)
	})
}

// newVersion puts a changed paper in place of an open one.
func (s *Store) newVersion(ctx context.Context, by Viewer, d *Decision, form DraftForm, old Paper, had Part2, m Matter) (int64, error) {
	var f Faults
	text(&f, "why", "why the paper is changed", oneLine(form.Why), true, 500)
	if err := f.Err(); err != nil {
		return 0, err
	}
	if err := s.effectsStand(ctx, &form.Paper); err != nil {
		return 0, err
	}
	form.Paper.Commitment = old.Commitment // compared by its text below
	if len(form.Paper.Diff(old)) == 0 && strings.TrimSpace(form.Part2) == had.Text {
		return 0, Invalid.Errorf("Nothing was changed, so the paper stays as it is.")
	}
	d.Again = d.Again || d.Status == DecisionReferredBack
	d.Version++
	d.Status = DecisionPutForward
	d.reopened()
	sealed, err := s.putPaper(ctx, by, d, form, had)
	if err != nil {
		return 0, err
	}
	if err := s.relate(ctx, d, form.Paper); err != nil {
		return 0, err
	}
	voided, parts, err := s.voidBallots(ctx, *d, fmt.Sprintf("the paper was changed to version %d: %s", d.Version, oneLine(form.Why)))
	if err != nil {
		return 0, err
	}
	parts = append(append(parts, sealed...), detail(map[string]any{"changed": fieldsOf(form.Paper.Diff(old)), "voided": voided, "why": oneLine(form.Why)}))
	return s.recordDecision(ctx, by, EditPaper, d, parts...)
}

func fieldsOf(all []Difference) (names []string) {
	for _, d := range all {
		names = append(names, d.Field)
	}
	return names
}

// reopened takes back what was set when voting was opened.
func (d *Decision) reopened() {
	d.Way, d.Scheme, d.OpenedAt, d.ClosesAt, d.Electors, d.Tally, d.Ended, d.MadeAt, d.RecordedAt = "", 0, time.Time{}, time.Time{}, nil, nil, "", time.Time{}, time.Time{}
	d.PublishedAt, d.Signatures, d.Conditions = time.Time{}, nil, nil
}

// relate finds the decisions that count together with it.
func (s *Store) relate(ctx context.Context, d *Decision, p Paper) error {
	f, err := s.factsOf(ctx, DayOf(s.Now()), 0)
	if err == nil {
		d.Related, err = s.related(ctx, *d, p, f.Scheme.RelatedMonths)
	}
	return err
}

// voidBallots voids every ballot that counts, and says which.
func (s *Store) voidBallots(ctx context.Context, d Decision, why string) (said []string, parts []part, err error) {
	all, err := s.standingBallots(ctx, d.ID)
	for _, b := range all {
		p, err := s.voidBallot(ctx, b, why)
		if err != nil {
			return nil, nil, err
		}
		parts = append(parts, p)
		said = append(said, fmt.Sprintf("%s of %s, event %d", b.Role, b.Elector, b.N))
	}
	return said, parts, err
}

func (s *Store) voidBallot(ctx context.Context, b Ballot, why string) (part, error) {
	b.Void, b.VoidWhy = s.NextEvent(), why
	row, err := canonical(b)
	if err != nil {
		return nil, err
	}
	return nowRow(b.thing(), row), s.change(ctx, `UPDATE ballots SET void_n = $1, ballot = $2 WHERE id = $3 AND void_n = 0`, b.Void, string(row), b.ID)
}

// PutForward puts a draft to those who decide. It gets its reference, its
// year's next, and from then on anyone may read its open part.
func (s *Store) PutForward(ctx context.Context, by Viewer, ref string, version int64) (newRef string, n int64, err error) {
	n, err = s.actOn(ctx, by, ref, PutForward, func(s *Store, d *Decision) (int64, error) {
		if version != d.Version {
			return 0, Conflict.Errorf("Someone else changed this paper first. Reload the page and look again.")
		}
		v, p, part2, err := s.finished(ctx, by, *d)
		if err != nil {
			return 0, err
		}
		today := DayOf(s.Now())
		year := int64(s.Now().In(london).Year())
		seq, err := one(ctx, s, scanInto[int64], `SELECT COALESCE(MAX(seq), 0) + 1 FROM decisions WHERE year = $1`, year)
		if err != nil {
			return 0, err
		}
		d.Ref, d.Status, d.Proposed, d.Proposer, d.ProposedIn = fmt.Sprintf("%d-%03d", year, seq), DecisionPutForward, today, by.Person, by.Office
		newRef = d.Ref
		if err := s.change(ctx, `UPDATE decisions SET ref = $1, year = $2, seq = $3, office = $4 WHERE id = $5 AND ref IS NULL`, d.Ref, year, seq, string(by.Office.Kind), d.ID); err != nil {
			return 0, err
		}
		d.urgent(v.Urgent)
		if err := s.relate(ctx, d, p); err != nil {
			return 0, err
		}
		opened, err := s.putPaper(ctx, by, d, DraftForm{Paper: p, Part2: part2.Text}, part2)
		if err != nil {
			return 0, err
		}
		return s.recordDecision(ctx, by, PutForward, d, opened...)
	})
	return newRef, n, err
}

// finished is the paper of a draft as it can be put forward, or all that is
// still missing in it.
func (s *Store) finished(ctx context.Context, by Viewer, d Decision) (v PaperVersion, p Paper, part2 Part2, err error) {
	m, err := s.proposesIn(ctx, by, d)
	if err != nil {
		return v, p, part2, err
	}
	if v, part2, err = s.paperOf(ctx, d, d.Version); err != nil {
		return v, p, part2, err
	}
	if p, err = v.Paper.check(m, part2.Text, true); err != nil {
		return v, p, part2, err
	}
	return v, p, part2, s.effectsStand(ctx, &p)
}

// Finished says all that is still missing in a draft before it can be put
// forward, as an error of the kind Invalid, or why nobody asks that of by.
func (s *Store) Finished(ctx context.Context, by Viewer, ref string) error {
	return s.read(ctx, func(s *Store) error {
		d, err := s.decision(ctx, by, ref)
		if err != nil {
			return err
		}
		_, _, _, err = s.finished(ctx, by, d)
		return err
	})
}

// effectFinder finds what an effect of one kind names; id is the text after the
// slash of its subject, n its number. It may fill in the value of the effect.
type effectFinder func(ctx context.Context, s *Store, e *Effect, id string, n int64) error

// effects are the kinds of effect, as they are registered.
var effects Slot[map[EffectKind]effectFinder]

// RegisterEffects sets how what a decision names is found, by kind of effect.
func RegisterEffects(s *Store, all map[EffectKind]effectFinder) { *effects.Of(s) = all }

// effectsStand holds what a decision names to what is there.
func (s *Store) effectsStand(ctx context.Context, p *Paper) error {
	for i, e := range p.Effects {
		_, id, _ := strings.Cut(e.Subject, "/")
		var n int64
		if e.Kind != OverridesIt {
			var err error
			if n, err = ParseCount(id, 1); err != nil {
				return Field("subject", "Name %s by its number.", effectNamed[e.Kind])
			}
		}
		err := (*effects.Of(s))[e.Kind](ctx, s, &p.Effects[i], id, n)
		if KindOf(err) == NotFound {
			return Field("subject", "There is no %s: name one that stands.", Plain(e.Subject))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func schemeStands(ctx context.Context, s *Store, e *Effect, _ string, n int64) error {
	v, err := s.scheme(ctx, n)
	e.Value = v.Hash
	return err
}

// strictly reads JSON that may hold nothing but what is known.
func strictly(text []byte, into any) error {
	dec := json.NewDecoder(strings.NewReader(string(text)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errMoreFollows
	}
	return nil
}

var decisionLedger = ledger{"decision", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanDecisionListed, `SELECT COALESCE(ref, ''), status, body, office, matter, pence, contract, turn, decision FROM decisions`,
		func(d Decision) (string, any) { return d.subject(), d })
}}

// scanDecisionListed reads a decision together with the columns that it is
// listed by: under other words than it says, it is as no event tells it.
func scanDecisionListed(r row) (d Decision, err error) {
	var l Decision
	var office OfficeKind
	var contract, text string
	if err := r.Scan(&l.Ref, &l.Status, &l.Body, &office, &l.Matter, &l.Value, &contract, &l.Turn, &text); err != nil {
		return d, err
	}
	if d, err = fromJSON[Decision](text); err != nil {
		return d, err
	}
	if l.Ref != d.Ref || l.Status != d.Status || l.Body != d.Body || office != d.ProposedIn.Kind || l.Matter != d.Matter || l.Value != d.Value || contract != contractKey(d.Contract) || l.Turn != d.Turn {
		d = Decision{ID: d.ID}
	}
	return d, nil
}

var paperLedger = ledger{"paper", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanPaper, `SELECT `+paperCols+` FROM papers p`, func(v PaperVersion) (string, any) { return v.thing(), v })
}}

var ballotLedger = ledger{"ballot", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanBallotListed, `SELECT decision, elector, role, person, void_n, ballot FROM ballots`, func(b Ballot) (string, any) { return b.thing(), b })
}}

// scanBallotListed reads a ballot together with the columns by which it counts.
func scanBallotListed(r row) (b Ballot, err error) {
	var l Ballot
	var role, text string
	if err := r.Scan(&l.Decision, &l.Elector, &role, &l.Person, &l.Void, &text); err != nil {
		return b, err
	}
	if b, err = fromJSON[Ballot](text); err != nil {
		return b, err
	}
	if l.Decision != b.Decision || l.Elector != b.Elector || role != b.key() || l.Person != b.Person || l.Void != b.Void {
		b = Ballot{ID: b.ID}
	}
	return b, nil
}
