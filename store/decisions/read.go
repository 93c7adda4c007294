package decisions

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/holidays"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
)

// Cols are the columns that Scan reads.
const Cols = `decision`

// Scan reads a decision from a row of Cols.
func Scan(r db.Row) (d Decision, err error) {
	var text string
	if err := r.Scan(&text); err != nil {
		return d, err
	}
	return d, json.Unmarshal([]byte(text), &d)
}

const paperCols = `p.n, p.paper`

func scanPaper(r db.Row) (v authority.PaperVersion, err error) {
	var n int64
	var text string
	if err := r.Scan(&n, &text); err != nil {
		return v, err
	}
	err = json.Unmarshal([]byte(text), &v)
	v.N = n
	return v, err
}

const ballotCols = `b.ballot, COALESCE(p.name, '')`

// ballotFrom names whoever cast a ballot, while the name is not erased.
const ballotFrom = ` FROM ballots b LEFT JOIN people p ON p.id = b.person `

func scanBallot(r db.Row) (b authority.Ballot, err error) {
	var text, name string
	if err := r.Scan(&text, &name); err != nil {
		return b, err
	}
	err = json.Unmarshal([]byte(text), &b)
	b.Name = name
	return b, err
}

// ErrNone is that there is no such decision for the reader.
var ErrNone = fault.NotFound.Errorf("There is no decision at this address. Look for it in the list of decisions.")

// Find finds a decision by its reference, or a draft by its address.
func Find(ctx context.Context, tx *db.Tx, v office.Viewer, ref string) (d Decision, err error) {
	ref = text.RefTyped(ref)
	where, arg := `ref = $1`, any(ref)
	if id, ok := strings.CutPrefix(ref, "draft-"); ok {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return d, ErrNone
		}
		where, arg = `id = $1`, n
	}
	d, found, err := db.Maybe(ctx, tx, Scan, `SELECT `+Cols+` FROM decisions WHERE `+where, arg)
	if err == nil && (!found || !d.MayRead(v)) {
		err = ErrNone
	}
	return d, err
}

// papersOf lists the versions of a decision's paper, oldest first. Those of a
// draft come with their words only to whoever may read it, through paperOf.
func papersOf(ctx context.Context, tx *db.Tx, id int64) ([]authority.PaperVersion, error) {
	return db.List(ctx, tx, scanPaper, `SELECT `+paperCols+` FROM papers p WHERE p.decision = $1 ORDER BY p.version`, id)
}

// paperOf finds one version of a paper, a draft's with its sealed words.
func paperOf(ctx context.Context, tx *db.Tx, d Decision, version int64) (v authority.PaperVersion, part2 authority.Part2, err error) {
	v, found, err := db.Maybe(ctx, tx, scanPaper, `SELECT `+paperCols+` FROM papers p WHERE p.decision = $1 AND p.version = $2`, d.ID, version)
	if err == nil && !found {
		err = fault.NotFound.Errorf("This decision’s paper has no version %d.", version)
	}
	if err != nil {
		return v, part2, err
	}
	if v.Paper == nil {
		_, text, found, err := record.Unseal(ctx, tx, v.N, "paper")
		if err != nil || !found {
			return v, part2, cmp.Or(err, ErrNone)
		}
		var words draftWords
		if err := json.Unmarshal(text, &words); err != nil {
			return v, part2, err
		}
		v.Paper, v.Urgent = &words.Paper, words.Urgent
	}
	if v.Part2N == 0 {
		return v, part2, nil
	}
	_, text, found, err := record.Unseal(ctx, tx, v.Part2N, "part 2")
	if err == nil && found {
		err = json.Unmarshal(text, &part2)
	}
	return v, part2, err
}

func ballotsOf(ctx context.Context, tx *db.Tx, id int64) ([]authority.Ballot, error) {
	return db.List(ctx, tx, scanBallot, `SELECT `+ballotCols+ballotFrom+`WHERE b.decision = $1 ORDER BY b.id`, id)
}

// standingBallots are those of a decision's ballots that count.
func standingBallots(ctx context.Context, tx *db.Tx, id int64) ([]authority.Ballot, error) {
	return db.List(ctx, tx, scanBallot, `SELECT `+ballotCols+ballotFrom+`WHERE b.decision = $1 AND b.void_n = 0 ORDER BY b.id`, id)
}

// acted lists who acted in a decision already.
func acted(cast []authority.Ballot) (all []authority.Acted) {
	for _, c := range cast {
		if c.Counts() {
			all = append(all, authority.Acted{Person: c.Person, Elector: c.Elector})
		}
	}
	return all
}

// Page is a decision as its page shows it, read at one time.
type Page struct {
	Decision
	Now       time.Time
	Notice    int64 // version of the notice that was asked for
	Paper     authority.Paper
	PaperNow  authority.PaperVersion
	Papers    []authority.PaperVersion
	Part2     string // "" unless v may read it
	Ballots   []authority.Ballot
	Scheme    authority.SchemeVersion // in force at opening, or now
	Kind      authority.Matter
	Band      authority.Band
	Vote      authority.Tally
	Consents  []authority.ConsentWanted
	Standing  []authority.Authority // of everyone who could act in it, and of whoever did
	Mine      authority.Authority   // of the viewer, to vote
	MyConsent authority.Authority   // of the viewer, to consent
	MyView    []authority.ViewKind  // that the viewer may give now
	Differs   []Differing
	May       authority.Implementation
	Facts     authority.Facts
	Events    []record.Event // oldest first
	Names     register.NamesThen
	Days      civil.Calendar // by which its times run

	inForce    authority.SchemeVersion // today
	restricted bool                    // the paper has a restricted part that is not erased
}

// Differing is an act whose authority would differ if asked today.
type Differing struct {
	Ballot authority.Ballot
	Today  authority.Authority
}

// ReadPage reads a decision as its page shows it, but for its payments.
func ReadPage(ctx context.Context, tx *db.Tx, v office.Viewer, ref string) (a Page, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		d, err := Find(ctx, tx, v, ref)
		if err != nil {
			return err
		}
		a, err = decisionAt(ctx, tx, v, d)
		return err
	})
	return a, err
}

func decisionAt(ctx context.Context, tx *db.Tx, v office.Viewer, d Decision) (a Page, err error) {
	a.Decision, a.Now = d, tx.Now()
	var part2 authority.Part2
	if a.PaperNow, part2, err = paperOf(ctx, tx, d, d.Version); err != nil {
		return a, err
	}
	a.Paper = *a.PaperNow.Paper
	if a.Draft() {
		a.urgent(a.PaperNow.Urgent)
		if err := a.asPutForward(ctx, tx, a.Paper); err != nil {
			return a, err
		}
	}
	if a.Papers, err = papersOf(ctx, tx, d.ID); err != nil {
		return a, err
	}
	if a.Ballots, err = ballotsOf(ctx, tx, d.ID); err != nil {
		return a, err
	}
	if err := a.learn(ctx, tx); err != nil {
		return a, err
	}
	a.Kind, a.Band, _ = a.Decision.Band(a.Scheme.Scheme) // a matter that is known no more shows none
	if a.Unvalued() {
		a.Band = authority.Band{}
	}
	a.May = authority.MayImplement(d.Hold(a.Scheme.Scheme, a.Days), a.Now)
	a.fill(v)
	a.restricted = part2.Text != ""
	if a.restricted && a.mayReadPart2(v) {
		a.Part2 = part2.Text
	}
	if err := differing(ctx, tx, &a); err != nil {
		return a, err
	}
	if a.Events, err = record.Events(ctx, tx, record.EventFilter{Subject: d.Subject()}, 200); err != nil {
		return a, err
	}
	slices.Reverse(a.Events)
	a.Names, err = register.ReadNamesThen(ctx, tx)
	return a, err
}

// Unvalued reports whether nobody can tell yet who decides: it goes by the
// whole-life value, and a draft has none.
func (a Page) Unvalued() bool { return a.Draft() && a.Kind.Valued && a.Value == 0 }

// learn reads the facts of today, the scheme that was in force when the decision
// was opened, and the one in force now.
func (a *Page) learn(ctx context.Context, tx *db.Tx) (err error) {
	today, err := factsOf(ctx, tx, civil.DayOf(tx.Now()), 0)
	if err != nil {
		return err
	}
	if a.Days, err = holidays.Calendar(ctx, tx); err != nil {
		return err
	}
	a.Facts, a.Scheme, a.inForce = today, today.Scheme, today.Scheme
	if a.Decision.Scheme != 0 && a.Decision.Scheme != today.Scheme.Version {
		a.Scheme, err = FindScheme(ctx, tx, a.Decision.Scheme)
		a.Facts.Scheme = a.Scheme
	}
	return err
}

// ReadNotice reads a version of a decision's notice, 0 for the last: one of before
// it was reconsidered as the record tells what was decided then.
func ReadNotice(ctx context.Context, tx *db.Tx, v office.Viewer, ref string, version int64) (a Page, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		d, err := Find(ctx, tx, v, ref)
		if err != nil {
			return err
		}
		last := int64(len(d.Notices))
		switch version = cmp.Or(version, last); {
		case last == 0:
			return fault.NotFound.Errorf("The notice of this decision has not been published yet.")
		case version < 1 || version > last:
			return fault.NotFound.Errorf("The notice of this decision has %s. There is no version %d.", text.Count(int(last), "version", "versions"), version)
		}
		then, notice := d, d.Notices[version-1]
		if d.PublishedAt.IsZero() || notice.At.Before(d.PublishedAt) {
			e, err := record.FindEvent(ctx, tx, notice.N)
			if err != nil {
				return err
			}
			if err := json.Unmarshal(e.Read().Now[d.Subject()], &then); err != nil {
				return err
			}
		}
		if a, err = decisionAt(ctx, tx, v, then); err != nil {
			return err
		}
		a.Notice, a.Notices, a.May = version, d.Notices, authority.MayImplement(d.Hold(a.Scheme.Scheme, a.Days), a.Now)
		return nil
	})
	return a, err
}

// factsFor reads the facts of today, with the scheme that was in force when the
// decision was opened.
func factsFor(ctx context.Context, tx *db.Tx, d Decision) (authority.Facts, error) {
	f, err := factsOf(ctx, tx, civil.DayOf(tx.Now()), 0)
	if err != nil || d.Scheme == 0 || d.Scheme == f.Scheme.Version {
		return f, err
	}
	f.Scheme, err = FindScheme(ctx, tx, d.Scheme)
	return f, err
}

// fill works out who may act, and what the viewer may.
func (a *Page) fill(v office.Viewer) {
	q := a.Case(authority.Votes)
	q.Acted = acted(a.Ballots)
	a.Vote = a.Facts.Tally(q, a.Band, a.Electors, a.Ballots)
	if a.Tally != nil {
		a.Vote = *a.Tally
	}
	a.Consents = a.Facts.Consents(a.Band, a.Ballots)
	if a.Status == PutForward || a.Status == Open || a.Status == Carried {
		seen := map[int64]bool{}
		for _, e := range a.Vote.Electors {
			for _, p := range a.Facts.ActsFor(e.Key, q, a.Band) {
				if !seen[p.ID] {
					seen[p.ID] = true
					a.Standing = append(a.Standing, a.answerable(a.Facts.Authority(q, p.Person, p.Office.ID)))
				}
			}
		}
	}
	if v.Person == 0 {
		return
	}
	a.Mine = a.answerable(a.Facts.Authority(q, v.Person, v.Office.ID))
	for _, c := range a.Consents {
		q.Role, q.Consent = authority.Consents, c.Matter
		if got := a.Facts.Authority(q, v.Person, v.Office.ID); c.Given == nil && got.Elector == c.Body {
			a.MyConsent = got
		}
	}
	for _, k := range a.ViewsWanted(a.Band) {
		q.Role, q.View = authority.Views, k
		if a.Decision.May(ActGiveView, v, a.Now) == nil && a.Facts.Authority(q, v.Person, v.Office.ID).May {
			a.MyView = append(a.MyView, k)
		}
	}
}

// answerable is the authority to vote, less where an answer of whom it acts for
// stands that no other may take the place of.
func (a *Page) answerable(got authority.Authority) authority.Authority {
	i := slices.IndexFunc(a.Ballots, func(b authority.Ballot) bool {
		return b.Counts() && b.Role == authority.Votes && b.Elector == got.Elector
	})
	if i < 0 || !got.May {
		return got
	}
	for _, to := range []authority.BallotChoice{authority.For, authority.Against, authority.Abstain} {
		err := mayChange(a.Ballots[i], a.Decision, to)
		if err == nil {
			return got
		}
		if to != a.Ballots[i].Choice {
			got.Findings = append(slices.Clone(got.Findings), authority.Applied{Name: "answered", Rule: "The body has not already given a final answer", Fact: strings.TrimSuffix(err.Error(), "."), OK: false})
			got.May = false
			return got
		}
	}
	return got
}

// mayReadPart2 reports whether v may read the restricted part, by the table of
// readers; nobody with an interest in the matter does.
func (a *Page) mayReadPart2(v office.Viewer) bool {
	if a.PaperNow.Released != 0 {
		return true
	}
	if _, excluded := a.Facts.Excluded(v.Person, a.Case(authority.Votes)); excluded || v.Person == 0 {
		return false
	}
	var bonds []office.Bond
	if v.Office.Body == a.Body {
		bonds = append(bonds, office.AtItsBody)
	}
	if a.mayDecide(v) {
		bonds = append(bonds, office.Decides)
	}
	return v.Reads(office.RestrictedPart, bonds...)
}

// mayDecide reports whether v acts for one of those who decide it.
func (a *Page) mayDecide(v office.Viewer) bool {
	return slices.ContainsFunc(a.Vote.Electors, func(e authority.Elector) bool {
		return slices.ContainsFunc(a.Facts.ActsFor(e.Key, a.Case(authority.Votes), a.Band), func(p office.Appointment) bool { return p.Person == v.Person && p.Office.ID == v.Office.ID })
	})
}

// differing asks again, against all that is known today, by what authority each
// act was done. Acts stay valid as known then.
func differing(ctx context.Context, tx *db.Tx, a *Page) error {
	for _, b := range a.Ballots {
		today, err := askAgainOf(ctx, tx, b, 0)
		if err != nil {
			return err
		}
		if today.May != b.Authority.May {
			a.Differs = append(a.Differs, Differing{b, today})
		}
	}
	return nil
}

// askAgainOf works the authority of a ballot out once more, for the day on
// which it was cast, from what was known by an event; 0 is all that is known.
func askAgainOf(ctx context.Context, tx *db.Tx, b authority.Ballot, known int64) (authority.Authority, error) {
	f, err := factsOf(ctx, tx, b.Authority.On, known)
	if err != nil {
		return authority.Authority{}, err
	}
	if f.Scheme.Version != b.Authority.Scheme && b.Authority.Scheme != 0 {
		if f.Scheme, err = FindScheme(ctx, tx, b.Authority.Scheme); err != nil {
			return authority.Authority{}, err
		}
	}
	return f.Authority(b.Asked, b.Person, b.Office.ID), nil
}

// Open lists the acts that v may do on the decision now, in the order of their
// buttons.
func (a Page) Open(v office.Viewer) (all []office.Act) {
	for _, m := range Life {
		if m.From == a.Status && a.Refusal(m.Act, v) == nil {
			all = append(all, m.Act)
		}
	}
	if a.Refusal(ActReleasePart2, v) == nil {
		all = append(all, ActReleasePart2)
	}
	return all
}

// Refusal says why v may not do an act on the decision now, or nil where they
// may. Each of its rules is the one that the write of the act holds to, so that
// whoever is shown a button or a form is refused only for what they type.
func (a Page) Refusal(act office.Act, v office.Viewer) error {
	if err := a.Decision.May(act, v, a.Now); err != nil {
		return err
	}
	today, hold := a.Facts, a.Hold(a.Scheme.Scheme, a.Days)
	today.Scheme = a.inForce
	var err error
	switch act {
	case ActEdit, ActPutForward:
		_, err = a.mayPropose(today, v)
	case ActGiveView:
		_, err = a.mayView(a.Facts, v, a.ViewAsked())
	case ActOpen:
		_, err = a.mayOpen(today)
	case ActVote:
		_, err = a.ballot(a.Facts, v, BallotForm{Role: authority.Votes}, a.Ballots)
	case ActConsent:
		if a.Over(a.Now) && !(a.Way == authority.ByPoll && a.Vote.Carried()) {
			return fault.Conflict.Errorf("Voting closed at %s.", civil.Clock(a.ClosesAt))
		}
		_, err = a.ballot(a.Facts, v, BallotForm{Role: authority.Consents, Consent: a.ConsentAsked()}, a.Ballots)
	case ActReturn:
		err = a.mayReturn(a.Facts, v, a.Ballots)
	case ActAgreeUrgency:
		err = a.mayAgree(a.Scheme, v)
	case ActSignCallIn:
		err = hold.MaySign(v.Person, v.Office, a.Now)
	case ActUnsignCallIn:
		err = hold.MayWithdraw(v.Person, a.Now)
	case ActHearCallIn:
		err = a.mayHear(a.May, v)
	case ActMeetCondition:
		err = a.mayMeet(max(0, slices.IndexFunc(a.Conditions, func(c authority.ConsentCondition) bool { return c.Met.IsZero() })))
	case ActImplement:
		err = mayImplement(a.May)
	case ActReleasePart2:
		err = a.mayRelease(a.PaperNow, a.restricted)
	}
	return err
}

// ViewAsked is the view that the viewer may give, or else the first that waits.
func (a Page) ViewAsked() authority.ViewKind {
	for _, k := range slices.Concat(a.MyView, a.ViewsWanted(a.Band)) {
		return k
	}
	return ""
}

// ConsentAsked is the matter of the consent that the viewer may give, or else
// of the first that waits.
func (a Page) ConsentAsked() (matter string) {
	for _, c := range a.Consents {
		if c.Given != nil {
			continue
		}
		if c.Body == a.MyConsent.Elector {
			return c.Matter
		}
		matter = cmp.Or(matter, c.Matter)
	}
	return matter
}
