package decisions

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Subject names the decision in the record.
func (d Decision) Subject() string { return fmt.Sprintf("decision/%d", d.ID) }

// ContractKey is the contract reference as it is compared with those of payments.
func ContractKey(ref string) string { return strings.Join(strings.Fields(text.Fold(ref)), "") }

// saveDecision stores how a decision stands after an act, if nobody else acted
// on it meanwhile, and works out from when it may be implemented.
func saveDecision(ctx context.Context, tx *db.Tx, d *Decision) error {
	was := d.Turn
	d.Turn, d.MovedAt = d.Turn+1, tx.Now()
	days, err := holidays.Calendar(ctx, tx)
	if err != nil {
		return err
	}
	hold, closes, err := listedTimes(ctx, tx, *d, days)
	if err != nil {
		return err
	}
	row, err := text.Canonical(d)
	if err != nil {
		return err
	}
	maker, err := makerOf(ctx, tx, *d)
	if err != nil {
		return err
	}
	return tx.Change(ctx, `UPDATE decisions SET status = $1, matter = $2, pence = $3, contract = $4, closes_at = $5, hold_until = $6, moved_at = $7, turn = $8, decision = $9, dated = $10, maker = $11
		WHERE id = $12 AND turn = $13`, d.Status, d.Matter, int64(d.Value), ContractKey(d.Contract), nullStamp(closes), nullStamp(hold), db.Stamp(d.MovedAt), d.Turn, string(row),
		string(d.Dated()), string(maker), d.ID, was)
}

// recordDecision ends every write to a decision, with the number of its event.
func recordDecision(ctx context.Context, tx *db.Tx, by office.Viewer, act office.Act, d *Decision, more ...record.Part) (int64, error) {
	if err := saveDecision(ctx, tx, d); err != nil {
		return 0, err
	}
	return record.Add(ctx, tx, by, "decision."+string(act), d.Subject(), append(more, record.About(d.Body), record.Now(d.Subject(), d))...)
}

// DraftForm is what a proposer writes down.
type DraftForm struct {
	Matter string
	Paper  authority.Paper
	Part2  string
	Urgent string // ground of urgency, "" for none
	Why    string // of a change, once it was put forward
}

// check tidies what was written and says what is wrong with it. The ground of
// urgency is claimed in a draft, and stays as it was put forward.
func (f *DraftForm) check(m authority.Matter, finished bool) (err error) {
	var faults fault.Faults
	f.Paper, err = f.Paper.Check(m, f.Part2, finished)
	if err := faults.Take("", err); err != nil {
		return err
	}
	f.Urgent = text.OneLine(f.Urgent)
	text.Tidy(&faults, "urgent", "the ground of urgency", f.Urgent, false, 500)
	return faults.Err()
}

// proposes works out whether a person may propose a kind of matter today.
func proposes(ctx context.Context, tx *db.Tx, by office.Viewer, matter string) (authority.Facts, authority.Matter, error) {
	f, err := factsOf(ctx, tx, civil.DayOf(tx.Now()), 0)
	if err != nil {
		return f, authority.Matter{}, err
	}
	m, ok := f.Scheme.Matter(matter)
	if !ok {
		return f, m, fault.Field("matter", "Choose the type of decision.")
	}
	return f, m, f.Authority(authority.Case{Role: authority.Proposes, Matter: matter}, by.Person, by.Office.ID).Refusal()
}

// mayPropose finds the kind of matter of a decision in the scheme of today, or
// says why a person may not change its paper or put it forward.
func (d Decision) mayPropose(today authority.Facts, by office.Viewer) (authority.Matter, error) {
	m, _, err := d.Band(today.Scheme.Scheme)
	if err != nil {
		return m, err
	}
	return m, today.Authority(authority.Case{Role: authority.Proposes, Matter: d.Matter}, by.Person, by.Office.ID).Refusal()
}

// proposesIn works out whether a person may propose in a decision today.
func proposesIn(ctx context.Context, tx *db.Tx, by office.Viewer, d Decision) (authority.Matter, error) {
	f, err := factsOf(ctx, tx, civil.DayOf(tx.Now()), 0)
	if err != nil {
		return authority.Matter{}, err
	}
	return d.mayPropose(f, by)
}

// SaveDraft begins a decision. Only the proposer's own body sees a draft.
func SaveDraft(ctx context.Context, tx *db.Tx, by office.Viewer, form DraftForm) (address string, err error) {
	if !by.Can(office.ProposeDecisions) {
		return "", fault.Forbidden.Errorf("Your role does not propose decisions.")
	}
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		_, m, err := proposes(ctx, tx, by, form.Matter)
		if err != nil {
			return err
		}
		d := Decision{Status: Draft, Body: by.Office.Body, Proposer: by.Person, ProposedIn: by.Office, Matter: m.Key, Version: 1}
		if err := form.check(m, false); err != nil {
			return err
		}
		// Writes run one at a time, so the next number can be taken like this.
		if d.ID, err = db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(id), 0) + 1 FROM decisions`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO decisions (id, ref, year, seq, status, body, office, matter, pence, contract, moved_at, turn, decision)
			VALUES ($1, NULL, 0, 0, $2, $3, $4, $5, 0, '', $6, 0, '')`, d.ID, d.Status, d.Body, string(d.ProposedIn.Kind), d.Matter, db.Stamp(tx.Now())); err != nil {
			return err
		}
		sealed, err := putPaper(ctx, tx, by, &d, form, authority.Part2{})
		if err != nil {
			return err
		}
		address = d.Address()
		_, err = recordDecision(ctx, tx, by, "draft", &d, sealed...)
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
	authority.Paper
	Urgent string `json:"urgent,omitempty"` // ground of urgency
}

// putPaper stores a version of the paper. A draft's words, and the restricted
// part always, are sealed in the event that record writes next.
func putPaper(ctx context.Context, tx *db.Tx, by office.Viewer, d *Decision, form DraftForm, had authority.Part2) ([]record.Part, error) {
	p := form.Paper
	v := authority.PaperVersion{Decision: d.ID, Version: d.Version, By: by.Person, On: civil.DayOf(tx.Now()), N: record.NextEvent(tx)}
	var parts []record.Part
	p.Commitment = ""
	if words := text.Paragraphs(form.Part2); words != "" {
		part2 := had
		if had.Text != words {
			salt := make([]byte, 32)
			if _, err := rand.Read(salt); err != nil {
				return nil, err
			}
			part2 = authority.Part2{Salt: hex.EncodeToString(salt), Text: words}
		}
		p.Commitment = part2.Commitment()
		sealed, err := text.Canonical(part2)
		if err != nil {
			return nil, err
		}
		v.Part2N = v.N
		parts = append(parts, record.Seal("part 2", sealed))
	}
	if d.Status == Draft {
		words, err := text.Canonical(draftWords{p, form.Urgent})
		if err != nil {
			return nil, err
		}
		parts = append(parts, record.Seal("paper", words))
	} else {
		var err error
		if v.Hash, err = p.Hash(); err != nil {
			return nil, err
		}
		v.Paper, v.Why = &p, text.OneLine(form.Why)
		d.take(p, v.Hash)
		if err := indexDecision(ctx, tx, *d, p); err != nil {
			return nil, err
		}
	}
	row, err := text.Canonical(v)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO papers (decision, version, n, paper) VALUES ($1, $2, $3, $4)
		ON CONFLICT (decision, version) DO UPDATE SET n = EXCLUDED.n, paper = EXCLUDED.paper`, d.ID, d.Version, v.N, string(row))
	return append(parts, record.Now(v.Thing(), v)), err
}

// take makes what lists and authority ask of the paper part of the public row.
func (d *Decision) take(p authority.Paper, hash string) {
	d.Title, d.Hash, d.Value, d.Contract, d.Companies, d.Effective, d.Effects = p.Title, hash, p.Whole, p.Contract, p.Companies(), p.Effective, p.Effects
}

// indexDecision stores the words and company numbers that it is found by.
func indexDecision(ctx context.Context, tx *db.Tx, d Decision, p authority.Paper) error {
	if err := putWords(ctx, tx, d.ID, d.Ref, p); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM decision_suppliers WHERE decision = $1`, d.ID); err != nil {
		return err
	}
	for _, c := range p.Companies() {
		if _, err := tx.Exec(ctx, `INSERT INTO decision_suppliers (company, decision) VALUES ($1, $2)`, c, d.ID); err != nil {
			return err
		}
	}
	return nil
}

// related finds the decisions that count together with one: of the same
// contract or supplier, put forward within so many months, and not ended.
func related(ctx context.Context, tx *db.Tx, d Decision, p authority.Paper, months int) ([]authority.Related, error) {
	since := civil.Day(tx.Now().In(civil.London).AddDate(0, -months, 0).Format(civil.DayLayout))
	found, err := db.List(ctx, tx, Scan, `SELECT d.decision FROM decisions d WHERE d.year > 0 AND d.id <> $1 AND d.matter = $2
		AND d.status NOT IN ('refused', 'lapsed', 'withdrawn') AND (d.contract <> '' AND d.contract = $3
		OR EXISTS (SELECT 1 FROM decision_suppliers c WHERE c.decision = d.id AND c.company = $4)) ORDER BY d.id DESC LIMIT 200`,
		d.ID, d.Matter, ContractKey(p.Contract), p.Company)
	var all []authority.Related
	for _, o := range found {
		if o.Proposed >= since {
			all = append(all, authority.Related{Ref: o.Ref, Value: o.Value})
		}
	}
	return all, err
}

// errOver is that the clock has ended the voting, and nothing has said so yet.
var errOver = errors.New("store: the voting is over and not recorded so")

// acting begins every act on a decision: it is found, its voting is not over
// unrecorded, and the act must be possible.
func acting(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, act office.Act) (Decision, error) {
	d, err := Find(ctx, tx, by, ref)
	if err != nil {
		return d, err
	}
	if d.Over(tx.Now()) {
		return d, errOver
	}
	return d, d.May(act, by, tx.Now())
}

// actOn runs an act on a decision. Where the clock has ended its voting
// meanwhile, that is recorded first, and stays recorded when the act is refused.
// It returns the number of the event of the act.
func actOn(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, act office.Act, do func(tx *db.Tx, d *Decision) (int64, error)) (n int64, err error) {
	acts := func(tx *db.Tx) error {
		d, err := acting(ctx, tx, by, ref, act)
		if err != nil {
			return err
		}
		n, err = do(tx, &d)
		return err
	}
	if err = record.Write(ctx, tx, acts); !errors.Is(err, errOver) {
		return n, err
	}
	if err := settleOne(ctx, tx, by, ref); err != nil {
		return 0, err
	}
	err = record.Write(ctx, tx, acts)
	return n, err
}

// Edit changes the paper. Once it was put forward, that is a new
// version: every view, approval and vote given on the old one is void.
func Edit(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, version int64, form DraftForm) (int64, error) {
	return actOn(ctx, tx, by, ref, ActEdit, func(tx *db.Tx, d *Decision) (int64, error) {
		if version != d.Edition() {
			return 0, fault.Conflict.Errorf("Someone else has changed this paper. Reload the page to see their changes.")
		}
		m, err := proposesIn(ctx, tx, by, *d)
		if err != nil {
			return 0, err
		}
		old, had, err := paperOf(ctx, tx, *d, d.Version)
		if err != nil {
			return 0, err
		}
		draft := d.Draft()
		if err := form.check(m, !draft); err != nil {
			return 0, err
		}
		if draft {
			sealed, err := putPaper(ctx, tx, by, d, form, had)
			if err != nil {
				return 0, err
			}
			return recordDecision(ctx, tx, by, ActEdit, d, sealed...)
		}
		return newVersion(ctx, tx, by, d, form, *old.Paper, had, m)
	})
}

// newVersion puts a changed paper in place of an open one.
func newVersion(ctx context.Context, tx *db.Tx, by office.Viewer, d *Decision, form DraftForm, old authority.Paper, had authority.Part2, m authority.Matter) (int64, error) {
	var f fault.Faults
	text.Tidy(&f, "why", "the reason for the change", text.OneLine(form.Why), true, 500)
	if err := f.Err(); err != nil {
		return 0, err
	}
	if err := effectsStand(ctx, tx, &form.Paper); err != nil {
		return 0, err
	}
	form.Paper.Commitment = old.Commitment // compared by its text below
	if len(form.Paper.Diff(old)) == 0 && strings.TrimSpace(form.Part2) == had.Text {
		return 0, fault.Invalid.Errorf("You have not changed anything.")
	}
	d.Again = d.Again || d.Status == ReferredBack
	d.Version++
	d.Status = PutForward
	d.reopened()
	sealed, err := putPaper(ctx, tx, by, d, form, had)
	if err != nil {
		return 0, err
	}
	if err := relate(ctx, tx, d, form.Paper); err != nil {
		return 0, err
	}
	voided, parts, err := voidBallots(ctx, tx, *d, fmt.Sprintf("the paper was changed to version %d: %s", d.Version, text.OneLine(form.Why)))
	if err != nil {
		return 0, err
	}
	parts = append(append(parts, sealed...), record.Detail(map[string]any{"changed": fieldsOf(form.Paper.Diff(old)), "voided": voided, "why": text.OneLine(form.Why)}))
	return recordDecision(ctx, tx, by, ActEdit, d, parts...)
}

func fieldsOf(all []authority.Difference) (names []string) {
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
func relate(ctx context.Context, tx *db.Tx, d *Decision, p authority.Paper) error {
	f, err := factsOf(ctx, tx, civil.DayOf(tx.Now()), 0)
	if err == nil {
		d.Related, err = related(ctx, tx, *d, p, f.Scheme.RelatedMonths)
	}
	return err
}

// asPutForward gives a draft what its paper would give it if it were put
// forward now, so that it shows who would decide.
func (d *Decision) asPutForward(ctx context.Context, tx *db.Tx, p authority.Paper) error {
	d.take(p, "")
	return relate(ctx, tx, d, p)
}

// voidBallots voids every ballot that counts, and says which.
func voidBallots(ctx context.Context, tx *db.Tx, d Decision, why string) (said []string, parts []record.Part, err error) {
	all, err := standingBallots(ctx, tx, d.ID)
	for _, b := range all {
		p, err := voidBallot(ctx, tx, b, why)
		if err != nil {
			return nil, nil, err
		}
		parts = append(parts, p)
		said = append(said, fmt.Sprintf("%s of %s, event %d", b.Role, b.Elector, b.N))
	}
	return said, parts, err
}

func voidBallot(ctx context.Context, tx *db.Tx, b authority.Ballot, why string) (record.Part, error) {
	b.Void, b.VoidWhy = record.NextEvent(tx), why
	row, err := text.Canonical(b)
	if err != nil {
		return nil, err
	}
	return record.NowRow(b.Thing(), row), tx.Change(ctx, `UPDATE ballots SET void_n = $1, ballot = $2 WHERE id = $3 AND void_n = 0`, b.Void, string(row), b.ID)
}

// PutForwardPaper puts a draft to those who decide. It gets its reference, its
// year's next, and from then on anyone may read its open part.
func PutForwardPaper(ctx context.Context, tx *db.Tx, by office.Viewer, ref string, version int64) (newRef string, n int64, err error) {
	n, err = actOn(ctx, tx, by, ref, ActPutForward, func(tx *db.Tx, d *Decision) (int64, error) {
		if version != d.Version && version != d.Edition() {
			return 0, fault.Conflict.Errorf("Someone else has changed this paper. Reload the page to see their changes.")
		}
		v, p, part2, err := finished(ctx, tx, by, *d)
		if err != nil {
			return 0, err
		}
		today := civil.DayOf(tx.Now())
		year := int64(tx.Now().In(civil.London).Year())
		seq, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(seq), 0) + 1 FROM decisions WHERE year = $1`, year)
		if err != nil {
			return 0, err
		}
		d.Ref, d.Status, d.Proposed, d.Proposer, d.ProposedIn = fmt.Sprintf("%d-%03d", year, seq), PutForward, today, by.Person, by.Office
		newRef = d.Ref
		if err := tx.Change(ctx, `UPDATE decisions SET ref = $1, year = $2, seq = $3, office = $4 WHERE id = $5 AND ref IS NULL`, d.Ref, year, seq, string(by.Office.Kind), d.ID); err != nil {
			return 0, err
		}
		d.urgent(v.Urgent)
		if err := relate(ctx, tx, d, p); err != nil {
			return 0, err
		}
		opened, err := putPaper(ctx, tx, by, d, DraftForm{Paper: p, Part2: part2.Text}, part2)
		if err != nil {
			return 0, err
		}
		return recordDecision(ctx, tx, by, ActPutForward, d, opened...)
	})
	return newRef, n, err
}

// finished is the paper of a draft as it can be put forward, or all that is
// still missing in it.
func finished(ctx context.Context, tx *db.Tx, by office.Viewer, d Decision) (v authority.PaperVersion, p authority.Paper, part2 authority.Part2, err error) {
	m, err := proposesIn(ctx, tx, by, d)
	if err != nil {
		return v, p, part2, err
	}
	if v, part2, err = paperOf(ctx, tx, d, d.Version); err != nil {
		return v, p, part2, err
	}
	if p, err = v.Paper.Check(m, part2.Text, true); err != nil {
		return v, p, part2, err
	}
	return v, p, part2, effectsStand(ctx, tx, &p)
}

// Finished says all that is still missing in a draft before it can be put
// forward, as an error of the kind Invalid, or why nobody asks that of by.
func Finished(ctx context.Context, tx *db.Tx, by office.Viewer, ref string) error {
	return tx.Read(ctx, func(tx *db.Tx) error {
		d, err := Find(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		_, _, _, err = finished(ctx, tx, by, d)
		return err
	})
}
