package store

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

const decisionCols = `decision`

func scanDecision(r row) (d Decision, err error) {
	var text string
	if err := r.Scan(&text); err != nil {
		return d, err
	}
	return d, json.Unmarshal([]byte(text), &d)
}

const paperCols = `p.n, p.paper`

func scanPaper(r row) (v PaperVersion, err error) {
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

func scanBallot(r row) (b Ballot, err error) {
	var text, name string
	if err := r.Scan(&text, &name); err != nil {
		return b, err
	}
	err = json.Unmarshal([]byte(text), &b)
	b.Name = name
	return b, err
}

var noDecision = NotFound.Errorf("There is no such decision: look for it in the list of decisions.")

// decision finds a decision by its reference, or a draft by its address.
func (s *Store) decision(ctx context.Context, v Viewer, ref string) (d Decision, err error) {
	where, arg := `ref = $1`, any(ref)
	if id, ok := strings.CutPrefix(ref, "draft-"); ok {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return d, noDecision
		}
		where, arg = `id = $1`, n
	}
	d, found, err := maybe(ctx, s, scanDecision, `SELECT `+decisionCols+` FROM decisions WHERE `+where, arg)
	if err == nil && (!found || !d.MayRead(v)) {
		err = noDecision
	}
	return d, err
}

// papersOf lists the versions of a decision's paper, oldest first. Those of a
// draft come with their words only to whoever may read it, through paperOf.
func (s *Store) papersOf(ctx context.Context, id int64) ([]PaperVersion, error) {
	return list(ctx, s, scanPaper, `SELECT `+paperCols+` FROM papers p WHERE p.decision = $1 ORDER BY p.version`, id)
}

// paperOf finds one version of a paper, a draft's with its sealed words.
func (s *Store) paperOf(ctx context.Context, d Decision, version int64) (v PaperVersion, part2 Part2, err error) {
	v, found, err := maybe(ctx, s, scanPaper, `SELECT `+paperCols+` FROM papers p WHERE p.decision = $1 AND p.version = $2`, d.ID, version)
	if err == nil && !found {
		err = NotFound.Errorf("This decision has no version %d of its paper.", version)
	}
	if err != nil {
		return v, part2, err
	}
	if v.Paper == nil {
		_, text, found, err := s.unseal(ctx, v.N, "paper")
		if err != nil || !found {
			return v, part2, cmp.Or(err, noDecision)
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
	_, text, found, err := s.unseal(ctx, v.Part2N, "part 2")
	if err == nil && found {
		err = json.Unmarshal(text, &part2)
	}
	return v, part2, err
}

func (s *Store) ballotsOf(ctx context.Context, id int64) ([]Ballot, error) {
	return list(ctx, s, scanBallot, `SELECT `+ballotCols+ballotFrom+`WHERE b.decision = $1 ORDER BY b.id`, id)
}

// standingBallots are those of a decision's ballots that count.
func (s *Store) standingBallots(ctx context.Context, id int64) ([]Ballot, error) {
	return list(ctx, s, scanBallot, `SELECT `+ballotCols+ballotFrom+`WHERE b.decision = $1 AND b.void_n = 0 ORDER BY b.id`, id)
}

// ConsentWanted is a consent that a right in the register grants its holder.
type ConsentWanted struct {
	Body, Matter string
	Right        Right
	Given        *Ballot // the one that counts, nil while it waits
}

// consents lists the consents that a band asks for by the register: a right
// that has ended asks for none, and one held by a whole class is given by the
// members' own vote.
func (f Facts) consents(b Band, cast []Ballot) (all []ConsentWanted) {
	for _, matter := range b.Consents {
		for _, r := range f.Register.Rights {
			if r.Kind != Consent || r.Matter != matter || r.Body == "" {
				continue
			}
			w := ConsentWanted{Body: r.Body, Matter: matter, Right: r}
			for _, c := range cast {
				if c.Counts() && c.Role == Consents_ && c.Elector == r.Body && c.Consent == matter {
					w.Given = &c
				}
			}
			all = append(all, w)
		}
	}
	return all
}

// acted lists who acted in a decision already.
func acted(cast []Ballot) (all []Acted) {
	for _, c := range cast {
		if c.Counts() {
			all = append(all, Acted{c.Person, c.Elector})
		}
	}
	return all
}

// DecisionAt is a decision as its page shows it, read at one time.
type DecisionAt struct {
	Decision
	Now       time.Time
	Notice    int64 // version of the notice that was asked for
	Paper     Paper
	PaperNow  PaperVersion
	Papers    []PaperVersion
	Part2     string // "" unless v may read it
	Ballots   []Ballot
	Scheme    SchemeVersion // in force at opening, or now
	Kind      Matter
	Band      Band
	Vote      Tally
	Consents  []ConsentWanted
	Standing  []Authority // of everyone who could act in it, and of whoever did
	Mine      Authority   // of the viewer, to vote
	MyConsent Authority   // of the viewer, to consent
	MyView    []ViewKind  // that the viewer may give now
	Differs   []Differing
	May       Implementation
	Facts     Facts
	Events    []Event // oldest first
	Names     NamesThen

	inForce    SchemeVersion // today
	restricted bool          // the paper has a restricted part that is not erased
}

// Differing is an act whose authority would differ if asked today.
type Differing struct {
	Ballot Ballot
	Today  Authority
}

// Decision reads a decision as its page shows it, but for its payments.
func (s *Store) Decision(ctx context.Context, v Viewer, ref string) (a DecisionAt, err error) {
	err = s.read(ctx, func(s *Store) error {
		d, err := s.decision(ctx, v, ref)
		if err != nil {
			return err
		}
		a, err = s.decisionAt(ctx, v, d)
		return err
	})
	return a, err
}

func (s *Store) decisionAt(ctx context.Context, v Viewer, d Decision) (a DecisionAt, err error) {
	a.Decision, a.Now = d, s.Now()
	var part2 Part2
	if a.PaperNow, part2, err = s.paperOf(ctx, d, d.Version); err != nil {
		return a, err
	}
	a.Paper = *a.PaperNow.Paper
	if a.Draft() {
		a.urgent(a.PaperNow.Urgent)
	}
	if a.Papers, err = s.papersOf(ctx, d.ID); err != nil {
		return a, err
	}
	if a.Ballots, err = s.ballotsOf(ctx, d.ID); err != nil {
		return a, err
	}
	if err := a.learn(ctx, s); err != nil {
		return a, err
	}
	a.Kind, a.Band, _ = d.Band(a.Scheme.Scheme) // a matter that is known no more shows none
	a.May = MayImplement(d.hold(a.Scheme.Scheme), a.Now)
	a.fill(v)
	a.restricted = part2.Text != ""
	if a.restricted && a.mayReadPart2(v) {
		a.Part2 = part2.Text
	}
	if err := s.differing(ctx, &a); err != nil {
		return a, err
	}
	if a.Events, err = s.Events(ctx, EventFilter{Subject: d.subject()}, 200); err != nil {
		return a, err
	}
	slices.Reverse(a.Events)
	a.Names, err = s.namesThen(ctx)
	return a, err
}

// learn reads the facts of today, the scheme that was in force when the decision
// was opened, and the one in force now.
func (a *DecisionAt) learn(ctx context.Context, s *Store) (err error) {
	today, err := s.factsOf(ctx, DayOf(s.Now()), 0)
	if err != nil {
		return err
	}
	a.Facts, a.Scheme, a.inForce = today, today.Scheme, today.Scheme
	if a.Decision.Scheme != 0 && a.Decision.Scheme != today.Scheme.Version {
		a.Scheme, err = s.scheme(ctx, a.Decision.Scheme)
		a.Facts.Scheme = a.Scheme
	}
	return err
}

// NoticeOf reads a version of a decision's notice, 0 for the last: one of before
// it was reconsidered as the record tells what was decided then.
func (s *Store) NoticeOf(ctx context.Context, v Viewer, ref string, version int64) (a DecisionAt, err error) {
	err = s.read(ctx, func(s *Store) error {
		d, err := s.decision(ctx, v, ref)
		if err != nil {
			return err
		}
		last := int64(len(d.Notices))
		switch version = cmp.Or(version, last); {
		case last == 0:
			return NotFound.Errorf("No notice of this decision is published yet. Its page says how far it has come.")
		case version < 1 || version > last:
			return NotFound.Errorf("The notice of this decision has %s, so there is no version %d.", Count(int(last), "version", "versions"), version)
		}
		then, notice := d, d.Notices[version-1]
		if d.PublishedAt.IsZero() || notice.At.Before(d.PublishedAt) {
			e, err := s.Event(ctx, notice.N)
			if err != nil {
				return err
			}
			if err := json.Unmarshal(e.read().Now[d.subject()], &then); err != nil {
				return err
			}
		}
		if a, err = s.decisionAt(ctx, v, then); err != nil {
			return err
		}
		a.Notice, a.Notices, a.May = version, d.Notices, MayImplement(d.hold(a.Scheme.Scheme), a.Now)
		return nil
	})
	return a, err
}

// factsFor reads the facts of today, with the scheme that was in force when the
// decision was opened.
func (s *Store) factsFor(ctx context.Context, d Decision) (Facts, error) {
	f, err := s.factsOf(ctx, DayOf(s.Now()), 0)
	if err != nil || d.Scheme == 0 || d.Scheme == f.Scheme.Version {
		return f, err
	}
	f.Scheme, err = s.scheme(ctx, d.Scheme)
	return f, err
}

// fill works out who may act, and what the viewer may.
func (a *DecisionAt) fill(v Viewer) {
	q := a.Case(Votes)
	q.Acted = acted(a.Ballots)
	a.Vote = a.Facts.tally(q, a.Band, a.Electors, a.Ballots)
	if a.Tally != nil {
		a.Vote = *a.Tally
	}
	a.Consents = a.Facts.consents(a.Band, a.Ballots)
	if a.Status == DecisionPutForward || a.Status == DecisionOpen || a.Status == DecisionCarried {
		seen := map[int64]bool{}
		for _, e := range a.Vote.Electors {
			for _, p := range a.Facts.actsFor(e.Key, q, a.Band) {
				if !seen[p.ID] {
					seen[p.ID] = true
					a.Standing = append(a.Standing, a.Facts.Authority(q, p.Person, p.Office.ID))
				}
			}
		}
	}
	if v.Person == 0 {
		return
	}
	a.Mine = a.Facts.Authority(q, v.Person, v.Office.ID)
	for _, c := range a.Consents {
		q.Role, q.Consent = Consents_, c.Matter
		if got := a.Facts.Authority(q, v.Person, v.Office.ID); c.Given == nil && got.Elector == c.Body {
			a.MyConsent = got
		}
	}
	for _, k := range a.ViewsWanted(a.Band) {
		q.Role, q.View = Views, k
		if a.Decision.May(GiveView, v, a.Now) == nil && a.Facts.Authority(q, v.Person, v.Office.ID).May {
			a.MyView = append(a.MyView, k)
		}
	}
}

// mayReadPart2 reports whether v may read the restricted part: the body that
// proposed it, whoever reads restricted documents, and those who decide; none of
// them with an interest in the matter.
func (a *DecisionAt) mayReadPart2(v Viewer) bool {
	if a.PaperNow.Released != 0 {
		return true
	}
	if _, excluded := a.Facts.excluded(v.Person, a.Case(Votes)); excluded || v.Person == 0 {
		return false
	}
	if v.Office.Body == a.Body || v.Can(ReadRestricted) {
		return true
	}
	if !v.Can(VoteOnDecisions) {
		return false
	}
	for _, e := range a.Vote.Electors {
		if slices.ContainsFunc(a.Facts.actsFor(e.Key, a.Case(Votes), a.Band), func(p Appointment) bool { return p.Person == v.Person && p.Office.ID == v.Office.ID }) {
			return true
		}
	}
	return false
}

// differing asks again, against all that is known today, by what authority each
// act was done. Acts stay valid as known then.
func (s *Store) differing(ctx context.Context, a *DecisionAt) error {
	for _, b := range a.Ballots {
		today, err := s.askAgainOf(ctx, b, 0)
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
func (s *Store) askAgainOf(ctx context.Context, b Ballot, known int64) (Authority, error) {
	f, err := s.factsOf(ctx, b.Authority.On, known)
	if err != nil {
		return Authority{}, err
	}
	if f.Scheme.Version != b.Authority.Scheme && b.Authority.Scheme != 0 {
		if f.Scheme, err = s.scheme(ctx, b.Authority.Scheme); err != nil {
			return Authority{}, err
		}
	}
	return f.Authority(b.Asked, b.Person, b.Office.ID), nil
}

// Open lists the acts that v may do on the decision now, in the order of their
// buttons.
func (a DecisionAt) Open(v Viewer) (all []Act) {
	for _, m := range DecisionLife {
		if m.From == a.Status && a.Refusal(m.Act, v) == nil {
			all = append(all, m.Act)
		}
	}
	if a.Refusal(ReleasePart2, v) == nil {
		all = append(all, ReleasePart2)
	}
	return all
}

// Refusal says why v may not do an act on the decision now, or nil where they
// may. Each of its rules is the one that the write of the act holds to, so that
// whoever is shown a button or a form is refused only for what they type.
func (a DecisionAt) Refusal(act Act, v Viewer) error {
	if err := a.Decision.May(act, v, a.Now); err != nil {
		return err
	}
	today, hold := a.Facts, a.hold(a.Scheme.Scheme)
	today.Scheme = a.inForce
	var err error
	switch act {
	case EditPaper, PutForward:
		_, err = a.mayPropose(today, v)
	case GiveView:
		_, err = a.mayView(a.Facts, v, a.ViewAsked())
	case OpenDecision:
		_, err = a.mayOpen(today)
	case CastVote:
		_, err = a.ballot(a.Facts, v, BallotForm{Role: Votes}, a.Ballots)
	case GiveConsent:
		if a.Over(a.Now) && !(a.Way == ByPoll && a.Vote.Carried()) {
			return Conflict.Errorf("Voting on this closed at %s, by the portal’s clock.", Clock(a.ClosesAt))
		}
		_, err = a.ballot(a.Facts, v, BallotForm{Role: Consents_, Consent: a.ConsentAsked()}, a.Ballots)
	case ReturnPaper:
		err = a.mayReturn(a.Facts, v, a.Ballots)
	case AgreeUrgency:
		err = a.mayAgree(a.Scheme, v)
	case SignCallIn:
		err = hold.MaySign(v.Person, v.Office, a.Now)
	case UnsignCallIn:
		err = hold.MayWithdraw(v.Person, a.Now)
	case HearCallIn:
		err = a.mayHear(a.May, v)
	case MeetCondition:
		err = a.mayMeet(max(0, slices.IndexFunc(a.Conditions, func(c ConsentCondition) bool { return c.Met.IsZero() })))
	case ImplementIt:
		err = mayImplement(a.May)
	case ReleasePart2:
		err = a.mayRelease(a.PaperNow, a.restricted)
	}
	return err
}

// ViewAsked is the view that the viewer may give, or else the first that waits.
func (a DecisionAt) ViewAsked() ViewKind {
	for _, k := range slices.Concat(a.MyView, a.ViewsWanted(a.Band)) {
		return k
	}
	return ""
}

// ConsentAsked is the matter of the consent that the viewer may give, or else
// of the first that waits.
func (a DecisionAt) ConsentAsked() (matter string) {
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
