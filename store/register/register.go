// Package register is the register of members: its entries, what they come to
// on a day, and the programme of the handover.
package register

import (
	"cmp"
	"slices"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
)

// EntryKind is a kind of entry in the register of members.
type EntryKind string

// The kinds of entry.
const (
	Incorporated      EntryKind = "incorporated"
	Admitted          EntryKind = "admitted"
	Ceased            EntryKind = "ceased"
	Renamed           EntryKind = "renamed"
	RightGranted      EntryKind = "right-granted"
	RightWithdrawn    EntryKind = "right-withdrawn"
	DirectorAppointed EntryKind = "director-appointed"
	DirectorRemoved   EntryKind = "director-removed"
	Correction        EntryKind = "correction"
)

// EntryKinds lists the kinds that can be entered by hand, corrections aside.
var EntryKinds = []EntryKind{Incorporated, Admitted, Ceased, Renamed, RightGranted, RightWithdrawn, DirectorAppointed, DirectorRemoved}

// RightKind is what a right lets its holder do.
type RightKind string

// The kinds of right.
const (
	AppointDirectors RightKind = "appoint-directors"
	Consent          RightKind = "consent"
)

// Entry is one entry of the register of members (Companies Act 2006, s.113).
// It is written once. A body is a member only from the day Registered; the
// days on which that was Agreed and Completed are kept apart.
type Entry struct {
	N    int64     `json:"-"` // its event
	At   time.Time `json:"-"` // when it was recorded
	Kind EntryKind `json:"kind"`
	Body string    `json:"body,omitempty"`

	Class      string      `json:"class,omitempty"` // of a member; or, for a right, the class that holds it jointly
	Votes      int64       `json:"votes,omitempty"`
	Guarantee  money.Pence `json:"guarantee_pence,omitempty"`
	Instrument string      `json:"instrument,omitempty"` // the document by which it was done
	Ground     string      `json:"ground,omitempty"`     // of a cessation or removal
	Name       string      `json:"name,omitempty"`       // new name of a body

	Right    RightKind `json:"right,omitempty"`
	Seats    int64     `json:"seats,omitempty"`  // that the right appoints
	Matter   string    `json:"matter,omitempty"` // that the right consents to
	Clause   string    `json:"clause,omitempty"`
	Withdraw int64     `json:"withdraws,omitempty"` // event of the right withdrawn

	Director string `json:"director,omitempty"`
	Seat     int64  `json:"seat,omitempty"`

	Corrects int64     `json:"corrects,omitempty"` // event of the entry that this corrects
	As       EntryKind `json:"as,omitempty"`       // kind of the corrected entry
	Struck   bool      `json:"struck,omitempty"`   // the corrected entry is struck out, not replaced

	Agreed     civil.Day `json:"agreed,omitempty"`
	Completed  civil.Day `json:"completed,omitempty"`
	Registered civil.Day `json:"registered"`
	Note       string    `json:"note,omitempty"`
	Decision   string    `json:"decision,omitempty"` // reference of the decision under which it was made

	Stated int64 `json:"-"` // event of the correction that it stands by, when corrected
}

// Member is a member of the company on a day.
type Member struct {
	Body, Name, Class, Instrument string
	Votes                         int64
	Guarantee                     money.Pence
	Admitted, Ceased              civil.Day // Ceased is "" while a member
	Ground                        string
	N, CeasedN                    int64
}

// Right is a right of a member, or of the members of a class jointly.
type Right struct {
	N              int64
	Kind           RightKind
	Body, Class    string // one of the two is ""
	Seats          int64
	Matter, Clause string
	From, To       civil.Day // To is "" while in force
}

// Director is a director in a seat.
type Director struct {
	N, Seat   int64
	Name      string
	Appointer string // slug of the body
	From, To  civil.Day
}

// Register is the register of members on a day, as it was known.
type Register struct {
	AsAt         civil.Day
	Known        int64 // the last event known
	KnownOn      civil.Day
	Latest       bool      // all that is recorded was asked for, not what was known at some time
	Incorporated civil.Day // "" when not known
	Members      []Member
	Former       []Member
	Rights       []Right
	Directors    []Director
	Gone         []Director
	Votes        int64
	Names        Names
	Entries      []Entry   // in force by then, as corrected, in order of the day registered
	All          []Entry   // every entry known, in order of recording
	Before       civil.Day // the last day of change before AsAt, "" for none
	After        civil.Day // the next day of change
}

// Percent is the member's share of the votes, two decimals, for showing.
func (r Register) Percent(m Member) string { return text.Percent(m.Votes, r.Votes) }

// PercentSum is what the shown percentages add to, in hundredths.
func (r Register) PercentSum() (hundredths int64) {
	for _, m := range r.Members {
		if r.Votes > 0 {
			hundredths += (m.Votes*1_000_000/r.Votes + 50) / 100
		}
	}
	return hundredths
}

// Member finds a member by body.
func (r Register) Member(body string) (Member, bool) {
	for _, m := range r.Members {
		if m.Body == body {
			return m, true
		}
	}
	return Member{}, false
}

// Guarantees is the sum of all guarantees.
func (r Register) Guarantees() (sum money.Pence) {
	for _, m := range r.Members {
		sum += m.Guarantee
	}
	return sum
}

// Holder names the holder of a right.
func (r Register) Holder(t Right) string {
	if t.Body == "" {
		return "Members of the class " + t.Class + ", jointly"
	}
	return r.Names.Of(t.Body)
}

// Seats is the number of director seats that rights in force appoint to.
func (r Register) Seats() (n int64) {
	for _, t := range r.Rights {
		if t.Kind == AppointDirectors {
			n += t.Seats
		}
	}
	return n
}

// SeatRight finds the right under which a body appoints directors.
func (r Register) SeatRight(body string) (Right, bool) {
	m, ok := r.Member(body)
	for _, t := range r.Rights {
		if ok && t.Kind == AppointDirectors && (t.Body == body || t.Body == "" && t.Class == m.Class) {
			return t, true
		}
	}
	return Right{}, false
}

// seated counts the directors appointed under a right.
func (r Register) seated(t Right) (n int64) {
	for _, d := range r.Directors {
		if u, ok := r.SeatRight(d.Appointer); ok && u.N == t.N {
			n++
		}
	}
	return n
}

// Filled counts the directors whom the holder of a right has in office.
func (r Register) Filled(t Right) int64 { return r.seated(t) }

// InForce is what the entries say once corrections are taken in: each entry as
// its last correction states it, in order of the day registered.
func InForce(all []Entry) []Entry {
	byN, last := map[int64]Entry{}, map[int64]Entry{}
	var roots []int64
	for _, e := range all {
		byN[e.N] = e
		if e.Kind != Correction {
			roots = append(roots, e.N)
			last[e.N] = e
			continue
		}
		last[root(byN, e)] = e
	}
	var out []Entry
	for _, n := range roots {
		e := last[n]
		if e.Struck {
			continue
		}
		if e.Kind == Correction {
			e.Kind, e.Stated = e.As, e.N
			e.N = n
		}
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Registered, b.Registered), cmp.Compare(a.N, b.N))
	})
	return out
}

// root is the entry at the beginning of a chain of corrections.
func root(byN map[int64]Entry, e Entry) int64 {
	for e.Kind == Correction {
		e = byN[e.Corrects]
	}
	return e.N
}

// Replay applies entries in order up to the end of a day. Its error is the
// first thing that cannot be, with the entry that says it.
func Replay(entries []Entry, asAt civil.Day) (r Register, at Entry, err error) {
	r.AsAt, r.Names = asAt, Names{}
	for _, e := range entries {
		if e.Registered > asAt {
			r.After = cmp.Or(r.After, e.Registered)
			continue
		}
		if e.Registered < asAt {
			r.Before = e.Registered
		}
		r.Entries = append(r.Entries, e)
		if err = r.apply(e); err != nil {
			return r, e, err
		}
	}
	slices.SortStableFunc(r.Members, func(a, b Member) int {
		return cmp.Or(cmp.Compare(a.Admitted, b.Admitted), cmp.Compare(text.Fold(r.Names.Of(a.Body)), text.Fold(r.Names.Of(b.Body))))
	})
	for i := range r.Members {
		r.Members[i].Name = r.Names.Of(r.Members[i].Body)
		r.Votes += r.Members[i].Votes
	}
	slices.SortFunc(r.Directors, func(a, b Director) int { return cmp.Compare(a.Seat, b.Seat) })
	return r, at, nil
}

// apply is what one entry does to the register, or why it cannot be.
func (r *Register) apply(e Entry) error {
	switch e.Kind {
	case Incorporated:
		if r.Incorporated != "" {
			return fault.Field("kind", "The company was already incorporated, on %s.", r.Incorporated)
		}
		if len(r.Members) > 0 {
			return fault.Field("registered", "A member was entered before this date. The company must be incorporated first.")
		}
		r.Incorporated = e.Registered
	case Admitted:
		return r.admit(e)
	case Ceased:
		return r.cease(e)
	case Renamed:
		if _, member := r.Member(e.Body); !member && e.Body != office.TheCompany {
			return fault.Field("body", "%s is not a member on %s, so its name is not in the register.", r.Names.Of(e.Body), e.Registered)
		}
		if r.Names.Of(e.Body) == e.Name {
			return fault.Field("name", "%s already has that name.", e.Name)
		}
		r.Names[e.Body] = e.Name
	case RightGranted:
		return r.grant(e)
	case RightWithdrawn:
		i := slices.IndexFunc(r.Rights, func(t Right) bool { return t.N == e.Withdraw })
		if i < 0 {
			return fault.Field("withdraws", "This right is not in force on %s.", e.Registered)
		}
		r.Rights = slices.Delete(r.Rights, i, i+1)
	case DirectorAppointed:
		return r.appoint(e)
	case DirectorRemoved:
		i := slices.IndexFunc(r.Directors, func(d Director) bool { return d.Seat == e.Seat })
		if i < 0 {
			return fault.Field("seat", "Seat %d is vacant on %s.", e.Seat, e.Registered)
		}
		gone := r.Directors[i]
		gone.To = e.Registered
		r.Gone = append(r.Gone, gone)
		r.Directors = slices.Delete(r.Directors, i, i+1)
	}
	return nil
}

func (r *Register) admit(e Entry) error {
	b, ok := office.BodyOf(e.Body)
	if !ok {
		return fault.Field("body", "Choose a body from the list.")
	}
	if e.Body == office.TheCompany {
		return fault.Field("body", "The company cannot be a member of itself.")
	}
	if r.Incorporated == "" {
		return fault.Field("registered", "The company was not incorporated by %s.", e.Registered)
	}
	if m, had := r.Member(e.Body); had {
		return fault.Field("body", "%s has been a member since %s.", r.Names.Of(e.Body), m.Admitted)
	}
	if !b.Exists(e.Registered) {
		return fault.Field("registered", "%s does not exist on %s.", b.Name, e.Registered)
	}
	r.Members = append(r.Members, Member{Body: e.Body, Class: e.Class, Votes: e.Votes, Guarantee: e.Guarantee, Instrument: e.Instrument, Admitted: e.Registered, N: e.N})
	return nil
}

func (r *Register) cease(e Entry) error {
	i := slices.IndexFunc(r.Members, func(m Member) bool { return m.Body == e.Body })
	if i < 0 {
		return fault.Field("body", "%s is not a member on %s, so it cannot cease to be one.", r.Names.Of(e.Body), e.Registered)
	}
	m := r.Members[i]
	m.Name, m.Ceased, m.Ground, m.CeasedN = r.Names.Of(m.Body), e.Registered, e.Ground, e.N
	r.Former = append(r.Former, m)
	r.Members = slices.Delete(r.Members, i, i+1)
	r.Rights = slices.DeleteFunc(r.Rights, func(t Right) bool { return t.Body == e.Body }) // a right ends with the membership
	return nil
}

func (r *Register) grant(e Entry) error {
	holder := func(m Member) bool { return e.Body != "" && m.Body == e.Body || e.Body == "" && m.Class == e.Class }
	if !slices.ContainsFunc(r.Members, holder) {
		if e.Body == "" {
			return fault.Field("class", "No member has the class “%s” on %s.", e.Class, e.Registered)
		}
		return fault.Field("body", "%s is not a member on %s, so it cannot hold a right.", r.Names.Of(e.Body), e.Registered)
	}
	same := func(t Right) bool {
		return t.Kind == e.Right && t.Body == e.Body && (e.Body != "" || t.Class == e.Class) && t.Matter == e.Matter
	}
	if slices.ContainsFunc(r.Rights, same) {
		return fault.Field("right", "This right is already in force. Withdraw it first.")
	}
	class := e.Class
	if e.Body != "" {
		class = ""
	}
	r.Rights = append(r.Rights, Right{N: e.N, Kind: e.Right, Body: e.Body, Class: class, Seats: e.Seats, Matter: e.Matter, Clause: e.Clause, From: e.Registered})
	return nil
}

func (r *Register) appoint(e Entry) error {
	for _, d := range r.Directors {
		if d.Seat == e.Seat {
			return fault.Field("seat", "Seat %d is filled on %s, by %s. Terms in one seat cannot overlap.", e.Seat, e.Registered, d.Name)
		}
		if text.Fold(d.Name) == text.Fold(e.Director) {
			return fault.Field("director", "%s is already a director on %s, in seat %d.", d.Name, e.Registered, d.Seat)
		}
	}
	t, ok := r.SeatRight(e.Body)
	if !ok {
		return fault.Field("body", "%s has no right to appoint a director on %s.", r.Names.Of(e.Body), e.Registered)
	}
	if r.seated(t) >= t.Seats {
		return fault.Field("body", "%s has filled all %d seats of its right.", r.Holder(t), t.Seats)
	}
	r.Directors = append(r.Directors, Director{N: e.N, Seat: e.Seat, Name: e.Director, Appointer: e.Body, From: e.Registered})
	return nil
}
