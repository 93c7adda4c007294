package authority

import (
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/office"
)

// BallotChoice is what a ballot says.
type BallotChoice string

// The choices. A consent that is modified is given with conditions.
const (
	For     BallotChoice = "for"
	Against BallotChoice = "against"
	Abstain BallotChoice = "abstain"
	Modify  BallotChoice = "modify"
	Reject  BallotChoice = "reject"
)

// Elector is one that may vote in a matter: a member, a director's seat, or an
// office. Excluded electors count neither in the votes nor in the quorum.
type Elector struct {
	Key      string       `json:"elector"`
	Votes    int64        `json:"votes"`
	Excluded string       `json:"excluded,omitempty"` // the interest of everyone who could act for it
	Nobody   bool         `json:"nobody,omitempty"`   // no office-holder can act for it
	Choice   BallotChoice `json:"choice,omitempty"`
}

// Tally is how a matter stands, with its rule.
type Tally struct {
	Who      Deciders  `json:"who"`
	Rule     Majority  `json:"rule"`
	Way      Way       `json:"way"`
	Scheme   int64     `json:"scheme"`
	Clause   string    `json:"paragraph"`
	Electors []Elector `json:"electors"`
	Total    int64     `json:"total"`    // votes of all electors
	Excluded int64     `json:"excluded"` // votes of those excluded by an interest
	Counted  int64     `json:"counted"`  // votes that may be cast: Total less Excluded
	For      int64     `json:"for"`
	Against  int64     `json:"against"`
	Abstain  int64     `json:"abstain"`
	Quorum   int64     `json:"quorum,omitempty"` // votes that must be present at a poll
	Known    int64     `json:"known"`
}

// Present is the number of votes cast or abstained.
func (t Tally) Present() int64 { return t.For + t.Against + t.Abstain }

// Inquorate says why nothing can be decided, "" when it can: a poll without
// its quorum, or nobody left who may vote.
func (t Tally) Inquorate() string {
	switch {
	case t.Counted == 0:
		return "nobody may vote"
	case t.Way == ByPoll && t.Present() < t.Quorum:
		return fmt.Sprintf("only %d of the %d votes needed for a quorum are present", t.Present(), t.Quorum)
	}
	return ""
}

// Need is the number of votes for that carries it: at a poll of the votes cast,
// in a resolution or by approvals of all that may be cast.
func (t Tally) Need() int64 {
	of := t.Counted
	if t.Way == ByPoll {
		of = t.For + t.Against
	}
	switch t.Rule {
	case Every:
		return max(1, of)
	case Special:
		return max(1, (3*of+3)/4)
	case OneYes:
		return 1
	}
	return of/2 + 1
}

// Carried reports whether it is carried as it stands. Equal votes do not carry.
func (t Tally) Carried() bool {
	return t.Inquorate() == "" && t.For >= t.Need() && (t.Rule != Every || t.Against == 0)
}

// Result says the result in one line, with numerator and denominator.
func (t Tally) Result() string {
	of := fmt.Sprintf("%d of %d votes for, %d needed", t.For, t.Counted, t.Need())
	if t.Way == ByPoll {
		of = fmt.Sprintf("%d for, %d against, %d abstained; %d of %d votes present, quorum %d", t.For, t.Against, t.Abstain, t.Present(), t.Counted, t.Quorum)
	}
	if t.Excluded > 0 {
		of += fmt.Sprintf("; %d excluded by an interest", t.Excluded)
	}
	return of
}

// Tally counts the ballots of those who decide a matter.
func (f Facts) Tally(q Case, b Band, fixed []Elector, cast []Ballot) Tally {
	t := Tally{Who: b.Who, Rule: b.Rule, Way: q.Way, Scheme: f.Scheme.Version, Clause: b.Paragraph, Known: f.Known}
	t.Electors = f.electors(q, b, fixed)
	for i, e := range t.Electors {
		t.Total += e.Votes
		if e.Excluded != "" {
			t.Excluded += e.Votes
			continue
		}
		t.Counted += e.Votes
		j := slices.IndexFunc(cast, func(c Ballot) bool { return c.Counts() && c.Role == Votes && c.Elector == e.Key })
		if j < 0 {
			continue
		}
		t.Electors[i].Choice = cast[j].Choice
		switch cast[j].Choice {
		case For:
			t.For += e.Votes
		case Against:
			t.Against += e.Votes
		case Abstain:
			t.Abstain += e.Votes
		}
	}
	if t.Way == ByPoll {
		t.Quorum = b.Quorum.Of(t.Counted)
	}
	return t
}

// electors lists who may vote in a matter. One whose every office-holder has an
// interest is excluded; one with an office-holder or delegate without any is not.
func (f Facts) electors(q Case, b Band, fixed []Elector) []Elector {
	f.Found = f.Index()
	all := slices.Clone(fixed)
	if fixed == nil {
		all = f.Entitled(b)
	}
	for i, e := range all {
		all[i].Excluded, all[i].Nobody, all[i].Choice = "", true, ""
		for _, a := range f.ActsFor(e.Key, q, b) {
			interest, found := f.Excluded(a.Person, q)
			if found && (b.Who != TheMembers || f.Scheme.InterestMembers) {
				if all[i].Nobody {
					all[i].Excluded = interest.fact()
				}
				continue
			}
			all[i].Excluded, all[i].Nobody = "", false
		}
		if all[i].Excluded != "" {
			all[i].Nobody = false
		}
	}
	return all
}

// Entitled lists the electors of a band by the register: every member, every
// filled seat, or the one office.
func (f Facts) Entitled(b Band) (all []Elector) {
	switch b.Who {
	case TheMembers:
		for _, m := range f.Register.Members {
			all = append(all, Elector{Key: m.Body, Votes: m.Votes})
		}
	case TheBoard:
		for _, d := range f.Register.Directors {
			all = append(all, Elector{Key: seatKey(d.Seat), Votes: 1})
		}
	default:
		for _, a := range f.Appointments {
			if slices.Contains(b.Offices, a.Office.Kind) {
				return []Elector{{Key: a.Office.Body, Votes: 1}}
			}
		}
	}
	return all
}

// ActsFor lists the appointments that could act for an elector: of the offices
// that do, and of those they have delegated it to within a limit that the matter
// keeps to. Interests are not looked at.
func (f Facts) ActsFor(elector string, q Case, b Band) (all []office.Appointment) {
	kinds, function := f.Scheme.MemberOffices, FunctionVote
	switch b.Who {
	case TheBoard:
		for _, a := range f.Index().body[office.TheCompany] {
			if a.Office.Kind == office.DirectorOffice && seatKey(a.Office.Seat) == elector {
				all = append(all, a)
			}
		}
		return all
	case AnOffice:
		kinds, function = b.Offices, FunctionDecide
	}
	all = f.at(elector, kinds)
	for _, d := range f.Index().principal[elector] {
		p := f.principal(d)
		if d.Function != function || !slices.Contains(kinds, p.Kind) || d.Matter != "" && d.Matter != q.Matter || d.Limited && q.Together() > d.Limit {
			continue
		}
		for _, a := range f.Index().office[d.To.ID] {
			if ForbiddenDelegate(p, a.Office, f.offices(a.Person)) == nil && !slices.ContainsFunc(all, func(b office.Appointment) bool { return b.ID == a.ID }) {
				all = append(all, a)
			}
		}
	}
	return all
}
