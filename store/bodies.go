package store

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// BodyKind is what sort of organisation a body is.
type BodyKind string

// The kinds of body.
const (
	Department      BodyKind = "department"
	Association     BodyKind = "association"
	Company         BodyKind = "company"
	Commissioner    BodyKind = "pcc"
	MOPAC           BodyKind = "mopac"
	CommonCouncil   BodyKind = "common_council"
	PoliceAuthority BodyKind = "police_authority"
)

// String is the kind in words.
func (k BodyKind) String() string {
	return map[BodyKind]string{
		Department: "Government department", Association: "Association", Company: "Company",
		Commissioner: "Police and crime commissioner", MOPAC: "Mayor’s office", CommonCouncil: "Common council",
		PoliceAuthority: "Police authority",
	}[k]
}

// Slugs of the bodies that are not local policing bodies.
const (
	HomeOffice     = "home-office"
	TheAssociation = "association"
	TheCompany     = "company"
)

// Body is an organisation. The bodies are built in: they are facts, not data
// that a user keeps. Populations are of the 2011 census.
type Body struct {
	Slug          string
	Short         string // "Kent"
	Name          string // as first known; the register may hold later names
	NameCy        string // in Welsh, "" where not known
	Kind          BodyKind
	Code          string // of the police force area, by the Office for National Statistics
	Force         string
	ForceCy       string
	Region        string
	Country       string
	Population    int64 // 0 is not known
	First         Day   // "" is not known
	Last          Day   // "" is none
	Predecessor   string
	Row, Col      int // place on the tile map
	Successor     string
	searchableKey string
}

// LocalPolicing reports whether b is one of the 43 local policing bodies.
func (b Body) LocalPolicing() bool {
	return b.Kind == Commissioner || b.Kind == MOPAC || b.Kind == CommonCouncil
}

// Exists reports whether the body exists on a day, as far as is known.
func (b Body) Exists(on Day) bool {
	return (b.First == "" || b.First <= on) && (b.Last == "" || on <= b.Last)
}

// Matches reports whether any name of the body holds the words of q.
func (b Body) Matches(q string) bool { return strings.Contains(b.searchableKey, Fold(q)) }

//go:embed bodies.csv
var bodiesFile []byte

var builtIn = sync.OnceValue(func() (all []Body) {
	rows, err := csv.NewReader(bytes.NewReader(bodiesFile)).ReadAll()
	if err != nil {
		panic(err) // the file is part of the program
	}
	successors := map[string]string{}
	for _, r := range rows[1:] {
		n := func(i int) int64 {
			v, _ := strconv.ParseInt(r[i], 10, 64) // empty is 0: not known
			return v
		}
		b := Body{Slug: r[0], Short: r[1], Name: r[2], NameCy: r[3], Kind: BodyKind(r[4]), Code: r[5], Force: r[6], ForceCy: r[7],
			Region: r[8], Country: r[9], Population: n(10), First: Day(r[11]), Last: Day(r[12]), Predecessor: r[13], Row: int(n(14)), Col: int(n(15))}
		b.searchableKey = Fold(strings.Join([]string{b.Short, b.Name, b.NameCy, b.Code, b.Force, b.ForceCy, b.Slug, initials(b.Name)}, " "))
		successors[b.Predecessor] = b.Slug
		all = append(all, b)
	}
	for i, b := range all {
		all[i].Successor = successors[b.Slug]
	}
	return all
})

var bySlug = sync.OnceValue(func() map[string]Body {
	all := map[string]Body{}
	for _, b := range builtIn() {
		all[b.Slug] = b
	}
	return all
})

// initials are the capitals of a name: APA of Association of Police Authorities.
func initials(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return r
		}
		return -1
	}, name)
}

// Bodies lists every body there is or was: the three of the company, then by name.
func Bodies() []Body { return slices.Clone(builtIn()) }

// LocalPolicingBodies lists the 43, by name.
func LocalPolicingBodies() []Body {
	all := slices.DeleteFunc(Bodies(), func(b Body) bool { return !b.LocalPolicing() })
	slices.SortFunc(all, func(a, b Body) int { return cmp.Compare(a.Short, b.Short) })
	return all
}

// BodyOf finds a body by its slug or by the code of its police force area.
func BodyOf(name string) (Body, bool) {
	if b, ok := bySlug()[name]; ok {
		return b, true
	}
	for _, b := range builtIn() {
		if b.Code != "" && strings.EqualFold(b.Code, name) {
			return b, true
		}
	}
	return Body{}, false
}

// ShortName is the short name of a body, or its slug where there is no such body.
func ShortName(slug string) string {
	if b, ok := BodyOf(slug); ok {
		return b.Short
	}
	return slug
}

// Names are the names of bodies at a time: slug to name.
type Names map[string]string

// Of is the name of a body then.
func (n Names) Of(slug string) string {
	if name, ok := n[slug]; ok {
		return name
	}
	if b, ok := BodyOf(slug); ok {
		return b.Name
	}
	return slug
}

// Names tells what the bodies were called.
func (s *Store) Names(ctx context.Context, w When) (Names, error) {
	r, err := s.Register(ctx, w)
	return r.Names, err
}

// NamesThen tells what bodies were called when an event was recorded: the
// entries of the register that rename one, in force, in order.
type NamesThen []Entry

// Of is the name of a body at the time of an event.
func (n NamesThen) Of(slug string, e Event) string {
	name := Names{}.Of(slug)
	for _, r := range n {
		if r.Body == slug && r.N <= e.N && r.Registered <= DayOf(e.At) {
			name = r.Name
		}
	}
	return name
}

func (s *Store) namesThen(ctx context.Context) (NamesThen, error) {
	all, err := list(ctx, s, scanEntry, `SELECT r.n, e.at, r.entry FROM register r JOIN events e ON e.n = r.n ORDER BY r.n`)
	return slices.DeleteFunc(inForce(all), func(e Entry) bool { return e.Kind != Renamed }), err
}

// BodyAt is one body on a day: its name then, and its place in the company.
type BodyAt struct {
	Body
	Name     string
	Register Register
	Events   []Event // the last ten about it or by it, newest first
	Then     NamesThen
}

// Body tells of one body, by slug or code, at the end of a day.
func (s *Store) Body(ctx context.Context, name string, w When) (b BodyAt, err error) {
	found, ok := BodyOf(name)
	if !ok {
		return b, NotFound.Errorf("There is no body “%s”: look for it among the bodies.", short(name))
	}
	b.Body = found
	err = s.read(ctx, func(s *Store) error {
		if b.Register, err = s.Register(ctx, w); err != nil {
			return err
		}
		b.Name = b.Register.Names.Of(b.Slug)
		if b.Then, err = s.namesThen(ctx); err != nil {
			return err
		}
		b.Events, err = s.Events(ctx, EventFilter{Body: b.Slug, UpTo: w.Day}, 10)
		return err
	})
	return b, err
}

// Member is the body's membership on the day, if it is a member then.
func (b BodyAt) Member() (Member, bool) { return b.Register.Member(b.Slug) }

// Former lists the memberships that the body had and has no longer.
func (b BodyAt) Former() []Member {
	return slices.DeleteFunc(slices.Clone(b.Register.Former), func(m Member) bool { return m.Body != b.Slug })
}

// Rights lists the rights that the body holds on the day, alone or with its class.
func (b BodyAt) Rights() (all []Right) {
	m, ok := b.Member()
	for _, t := range b.Register.Rights {
		if ok && (t.Body == b.Slug || t.Body == "" && t.Class == m.Class) {
			all = append(all, t)
		}
	}
	return all
}

// Directors lists the directors in office on the day whom the body appointed.
func (b BodyAt) Directors() (all []Director) {
	for _, d := range b.Register.Directors {
		if d.Appointer == b.Slug {
			all = append(all, d)
		}
	}
	return all
}
