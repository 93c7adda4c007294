package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
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

	Class      string `json:"class,omitempty"` // of a member; or, for a right, the class that holds it jointly
	Votes      int64  `json:"votes,omitempty"`
	Guarantee  Pence  `json:"guarantee_pence,omitempty"`
	Instrument string `json:"instrument,omitempty"` // the document by which it was done
	Ground     string `json:"ground,omitempty"`     // of a cessation or removal
	Name       string `json:"name,omitempty"`       // new name of a body

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

	Agreed     Day    `json:"agreed,omitempty"`
	Completed  Day    `json:"completed,omitempty"`
	Registered Day    `json:"registered"`
	Note       string `json:"note,omitempty"`

	Stated int64 `json:"-"` // event of the correction that it stands by, when corrected
}

// Member is a member of the company on a day.
type Member struct {
	Body, Name, Class, Instrument string
	Votes                         int64
	Guarantee                     Pence
	Admitted, Ceased              Day // Ceased is "" while a member
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
	From, To       Day // To is "" while in force
}

// Director is a director in a seat.
type Director struct {
	N, Seat   int64
	Name      string
	Appointer string // slug of the body
	From, To  Day
}

// Register is the register of members on a day, as it was known.
type Register struct {
	AsAt         Day
	Known        int64 // the last event known
	KnownOn      Day
	Incorporated Day // "" when not known
	Members      []Member
	Former       []Member
	Rights       []Right
	Directors    []Director
	Gone         []Director
	Votes        int64
	Names        Names
	Entries      []Entry // in force by then, as corrected, in order of the day registered
	All          []Entry // every entry known, in order of recording
	Before       Day     // the last day of change before AsAt, "" for none
	After        Day     // the next day of change
}

// Percent is the member's share of the votes, two decimals, for showing.
func (r Register) Percent(m Member) string { return Percent(m.Votes, r.Votes) }

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
func (r Register) Guarantees() (sum Pence) {
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

// inForce is what the entries say once corrections are taken in: each entry as
// its last correction states it, in order of the day registered.
func inForce(all []Entry) []Entry {
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

// replay applies entries in order up to the end of a day. Its error is the
// first thing that cannot be, with the entry that says it.
func replay(entries []Entry, asAt Day) (r Register, at Entry, err error) {
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
		return cmp.Or(cmp.Compare(a.Admitted, b.Admitted), cmp.Compare(Fold(r.Names.Of(a.Body)), Fold(r.Names.Of(b.Body))))
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
			return Field("kind", "The company was already entered as incorporated, on %s.", r.Incorporated)
		}
		if len(r.Members) > 0 {
			return Field("registered", "A member is entered before this day: the company must be incorporated first.")
		}
		r.Incorporated = e.Registered
	case Admitted:
		return r.admit(e)
	case Ceased:
		return r.cease(e)
	case Renamed:
		if _, member := r.Member(e.Body); !member && e.Body != TheCompany {
			return Field("body", "%s is not a member on %s, so its name is not in the register.", r.Names.Of(e.Body), e.Registered)
		}
		if r.Names.Of(e.Body) == e.Name {
			return Field("name", "%s already has that name.", e.Name)
		}
		r.Names[e.Body] = e.Name
	case RightGranted:
		return r.grant(e)
	case RightWithdrawn:
		i := slices.IndexFunc(r.Rights, func(t Right) bool { return t.N == e.Withdraw })
		if i < 0 {
			return Field("withdraws", "That right is not in force on %s.", e.Registered)
		}
		r.Rights = slices.Delete(r.Rights, i, i+1)
	case DirectorAppointed:
		return r.appoint(e)
	case DirectorRemoved:
		i := slices.IndexFunc(r.Directors, func(d Director) bool { return d.Seat == e.Seat })
		if i < 0 {
			return Field("seat", "Seat %d is vacant on %s.", e.Seat, e.Registered)
		}
		gone := r.Directors[i]
		gone.To = e.Registered
		r.Gone = append(r.Gone, gone)
		r.Directors = slices.Delete(r.Directors, i, i+1)
	}
	return nil
}

func (r *Register) admit(e Entry) error {
	b, ok := BodyOf(e.Body)
	if !ok {
		return Field("body", "Choose a body from the list.")
	}
	if r.Incorporated == "" {
		return Field("registered", "The company is not entered as incorporated by %s.", e.Registered)
	}
	if m, had := r.Member(e.Body); had {
		return Field("body", "%s is already a member, since %s.", r.Names.Of(e.Body), m.Admitted)
	}
	if !b.Exists(e.Registered) {
		return Field("registered", "%s does not exist on %s.", b.Name, e.Registered)
	}
	r.Members = append(r.Members, Member{Body: e.Body, Class: e.Class, Votes: e.Votes, Guarantee: e.Guarantee, Instrument: e.Instrument, Admitted: e.Registered, N: e.N})
	return nil
}

func (r *Register) cease(e Entry) error {
	i := slices.IndexFunc(r.Members, func(m Member) bool { return m.Body == e.Body })
	if i < 0 {
		return Field("body", "%s is not a member on %s, so it cannot cease to be one.", r.Names.Of(e.Body), e.Registered)
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
			return Field("class", "No member has the class “%s” on %s.", e.Class, e.Registered)
		}
		return Field("body", "%s is not a member on %s, so it cannot hold a right.", r.Names.Of(e.Body), e.Registered)
	}
	same := func(t Right) bool {
		return t.Kind == e.Right && t.Body == e.Body && (e.Body != "" || t.Class == e.Class) && t.Matter == e.Matter
	}
	if slices.ContainsFunc(r.Rights, same) {
		return Field("right", "That right is already in force: withdraw it before another takes its place.")
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
			return Field("seat", "Seat %d is filled on %s, by %s: terms in one seat cannot overlap.", e.Seat, e.Registered, d.Name)
		}
		if Fold(d.Name) == Fold(e.Director) {
			return Field("director", "%s is already a director on %s, in seat %d.", d.Name, e.Registered, d.Seat)
		}
	}
	t, ok := r.SeatRight(e.Body)
	if !ok {
		return Field("body", "%s holds no right to appoint a director on %s.", r.Names.Of(e.Body), e.Registered)
	}
	if r.seated(t) >= t.Seats {
		return Field("body", "%s has filled all %d seats of its right.", r.Holder(t), t.Seats)
	}
	r.Directors = append(r.Directors, Director{N: e.N, Seat: e.Seat, Name: e.Director, Appointer: e.Body, From: e.Registered})
	return nil
}

// check holds the fields of an entry to its kind, apart from the register.
func (e Entry) check(today Day) error {
	var f Faults
	kind := e.Kind
	if kind == Correction {
		kind = e.As
	}
	if e.Struck {
		text(&f, "note", "the reason for the correction", e.Note, true, 500)
		return f.Err()
	}
	switch kind {
	case Admitted:
		text(&f, "class", "the class of the member", e.Class, true, 80)
		text(&f, "instrument", "the instrument of admission", e.Instrument, true, 200)
		if e.Votes < 1 || e.Votes > 1_000_000 {
			f.Add("votes", "Give the votes as a whole number of 1 or more.")
		}
		if e.Guarantee < 0 {
			f.Add("guarantee", "The guarantee cannot be less than nothing.")
		}
	case Ceased:
		text(&f, "ground", "the ground of the cessation", e.Ground, true, 200)
	case Renamed:
		text(&f, "name", "the new name", e.Name, true, 160)
	case RightGranted:
		e.checkRight(&f)
	case DirectorAppointed:
		text(&f, "director", "the director’s name", e.Director, true, 120)
		e.checkSeat(&f)
	case DirectorRemoved:
		e.checkSeat(&f)
		text(&f, "ground", "the ground of the removal", e.Ground, true, 200)
	}
	text(&f, "note", "the note", e.Note, e.Kind == Correction, 500)
	e.checkDays(&f, today)
	return f.Err()
}

func (e Entry) checkRight(f *Faults) {
	text(f, "clause", "the clause of the articles", e.Clause, true, 80)
	switch e.Right {
	case AppointDirectors:
		if e.Seats < 1 || e.Seats > 100 {
			f.Add("seats", "Give the number of directors as a whole number from 1 to 100.")
		}
	case Consent:
		text(f, "matter", "the reserved matter", e.Matter, true, 120)
	default:
		f.Add("right", "Choose what the right lets its holder do.")
	}
	if e.Body == "" && strings.TrimSpace(e.Class) == "" {
		f.Add("body", "Choose the member that holds the right, or name the class that holds it jointly.")
	}
}

func (e Entry) checkSeat(f *Faults) {
	if e.Seat < 1 || e.Seat > 100 {
		f.Add("seat", "Give the seat as a whole number from 1 to 100.")
	}
}

func (e Entry) checkDays(f *Faults, today Day) {
	switch {
	case e.Registered == "":
		f.Add("registered", "Give the day of the entry in the register.")
	case e.Registered > today:
		f.Add("registered", "The day registered must be today or earlier. Today is %s.", today)
	}
	if e.Completed != "" && e.Registered != "" && e.Completed > e.Registered {
		f.Add("completed", "The day completed cannot be after the day registered.")
	}
	if e.Agreed != "" && cmp.Or(e.Completed, e.Registered) != "" && e.Agreed > cmp.Or(e.Completed, e.Registered) {
		f.Add("agreed", "The day agreed cannot be after the day completed or registered.")
	}
}

// fits reports why an entry cannot join the others: because of those before
// it, or because a later one would then be impossible.
func fits(all []Entry, e Entry) error {
	_, at, err := replay(inForce(append(slices.Clone(all), e)), "9999-12-31")
	if err == nil {
		return nil
	}
	if at.N == e.N || e.Kind == Correction && at.Stated == e.N {
		return err
	}
	return Field("registered", "This would make a later entry impossible (event %d, %s): %s", at.N, at.Registered, err.Error())
}

// correctable finds the entry that a correction names. Only the last word on
// an entry can be corrected, so that corrections never contradict each other.
func correctable(all []Entry, n int64) (Entry, error) {
	var found Entry
	for _, e := range all {
		if e.N == n {
			found = e
		}
		if e.Kind == Correction && e.Corrects == n {
			return found, Field("corrects", "Event %d was already corrected by event %d: correct that one.", n, e.N)
		}
	}
	if found.N == 0 {
		return found, NotFound.Errorf("Event %d is not an entry of the register.", n)
	}
	return found, nil
}

// When is the two dates of a question: the day whose state is asked for, and
// the last event that counts as known.
type When struct {
	Day   Day   // "" is today
	Event int64 // 0 is all that is recorded
	Known Day   // the day that Event was taken from, if it was
}

// At reads the two dates from an address: as_at is a day; known_on is a day
// (its end) or the number of an event. Empty is today and now.
func (s *Store) At(ctx context.Context, asAt, knownOn string) (w When, err error) {
	if asAt != "" {
		if w.Day, err = ParseDay(asAt); err != nil {
			return w, Field("day", "There is no day %q: write it like 2012-07-16.", short(asAt))
		}
	}
	if knownOn == "" {
		return w, nil
	}
	if _, err := fmt.Sscanf(knownOn, "%d", &w.Event); err == nil && digits(knownOn) {
		if w.Event < 1 {
			return w, Field("known", "Events are numbered from 1.")
		}
		return w, nil
	}
	if w.Known, err = ParseDay(knownOn); err != nil {
		return w, Field("known", "%q is neither a day like 2012-07-16 nor the number of an event.", short(knownOn))
	}
	if w.Known >= DayOf(s.Now()) {
		return w, nil // all that is recorded
	}
	if w.Event, err = s.LastAt(ctx, w.Known); w.Event == 0 {
		w.Event = -1 // nothing was known
	}
	return w, err
}

// day is the day asked for, or today.
func (s *Store) day(w When) Day { return cmp.Or(w.Day, DayOf(s.Now())) }

func scanEntry(r row) (e Entry, err error) {
	var text string
	var n int64
	var at time.Time
	if err := r.Scan(&n, (*stamp)(&at), &text); err != nil {
		return e, err
	}
	err = json.Unmarshal([]byte(text), &e)
	e.N, e.At = n, at
	return e, err
}

func (s *Store) entries(ctx context.Context, known int64) ([]Entry, error) {
	return list(ctx, s, scanEntry, `SELECT r.n, e.at, r.entry FROM register r JOIN events e ON e.n = r.n WHERE r.n <= $1 ORDER BY r.n`, known)
}

// Register reads the register of members as it stood at the end of a day, as
// the portal knew it then.
func (s *Store) Register(ctx context.Context, w When) (r Register, err error) {
	err = s.read(ctx, func(s *Store) error {
		known, on := w.Event, w.Known
		if known == 0 {
			h, err := s.Head(ctx)
			if err != nil {
				return err
			}
			known, on = h.Size, DayOf(s.Now())
		}
		all, err := s.entries(ctx, known)
		if err != nil {
			return err
		}
		if r, _, err = replay(inForce(all), s.day(w)); err != nil {
			return fmt.Errorf("the register cannot be read: %w", err)
		}
		r.All, r.Known, r.KnownOn = all, max(known, 0), on
		if on == "" && known > 0 {
			e, found, err := maybe(ctx, s, scanEvent, `SELECT `+eventCols+eventFrom+`WHERE e.n = $1`, known)
			if err != nil {
				return err
			}
			if found {
				r.KnownOn = DayOf(e.At)
			}
		}
		return nil
	})
	return r, err
}

// Between reads the register of two days, as known by the same event. An empty
// first day is the day of the first entry.
func (s *Store) Between(ctx context.Context, from Day, w When) (then, at Register, err error) {
	err = s.read(ctx, func(s *Store) error {
		if at, err = s.Register(ctx, w); err != nil {
			return err
		}
		if from == "" && len(at.Entries) > 0 {
			from = at.Entries[0].Registered
		}
		w.Day = cmp.Or(from, at.AsAt)
		then, err = s.Register(ctx, w)
		return err
	})
	return then, at, err
}

// Entry finds one entry of the register.
func (s *Store) Entry(ctx context.Context, n int64) (Entry, error) {
	return one(ctx, s, scanEntry, `SELECT r.n, e.at, r.entry FROM register r JOIN events e ON e.n = r.n WHERE r.n = $1`, n)
}

// TryEntry tells what an entry would do: the register before and after it, on
// the day it is entered for. Its error is why it cannot be entered.
func (s *Store) TryEntry(ctx context.Context, by Viewer, e Entry) (before, after Register, err error) {
	err = s.read(ctx, func(s *Store) error { before, after, _, err = s.tryEntry(ctx, by, e); return err })
	return before, after, err
}

func (s *Store) tryEntry(ctx context.Context, by Viewer, e Entry) (before, after Register, out Entry, err error) {
	h, err := s.Head(ctx)
	if err != nil {
		return before, after, e, err
	}
	all, err := s.entries(ctx, h.Size)
	if err != nil {
		return before, after, e, err
	}
	if e, err = e.complete(all); err != nil {
		return before, after, e, err
	}
	e.N = h.Size + 1
	if err := e.check(DayOf(s.Now())); err != nil {
		return before, after, e, err
	}
	if err := fits(all, e); err != nil {
		return before, after, e, err
	}
	if err := s.gate(ctx, e); err != nil {
		return before, after, e, err
	}
	on := DayOf(s.Now())
	if before, _, err = replay(inForce(all), on); err != nil {
		return before, after, e, err
	}
	after, _, err = replay(inForce(append(all, e)), on)
	return before, after, e, err
}

// complete fills in what an entry takes from the one that it corrects.
func (e Entry) complete(all []Entry) (Entry, error) {
	e.Class, e.Name, e.Director, e.Matter = strings.TrimSpace(e.Class), strings.TrimSpace(e.Name), strings.TrimSpace(e.Director), strings.TrimSpace(e.Matter)
	if e.Kind != Correction {
		return e, nil
	}
	old, err := correctable(all, e.Corrects)
	if err != nil {
		return e, err
	}
	e.As = old.Kind
	if old.Kind == Correction {
		e.As = old.As
	}
	if e.Struck {
		return Entry{Kind: Correction, Corrects: e.Corrects, As: e.As, Struck: true, Registered: old.Registered, Note: e.Note}, nil
	}
	return e, nil
}

// Enter writes an entry into the register and returns its event.
func (s *Store) Enter(ctx context.Context, by Viewer, e Entry) (n int64, err error) {
	if !by.Can(KeepRegister) {
		return 0, Forbidden.Errorf("Only the company secretary keeps the register of members.")
	}
	err = s.write(ctx, func(s *Store) error { n, err = s.enter(ctx, by, e); return err })
	return n, err
}

func (s *Store) enter(ctx context.Context, by Viewer, e Entry) (int64, error) {
	_, _, e, err := s.tryEntry(ctx, by, e)
	if err != nil {
		return 0, err
	}
	n, err := s.record(ctx, by, "register."+string(e.Kind), "register", about(e.Body), now(fmt.Sprintf("register/%d", e.N), e))
	if err != nil {
		return 0, err
	}
	text, err := canonical(e)
	if err != nil {
		return 0, err
	}
	if err := s.change(ctx, `INSERT INTO register (n, kind, registered, entry) VALUES ($1, $2, $3, $4)`, n, e.Kind, e.Registered, string(text)); err != nil {
		return 0, err
	}
	return n, s.statementMoved(ctx, fmt.Sprintf("the register gained an entry: %s (event %d)", Plain(string(e.Kind)), n))
}
