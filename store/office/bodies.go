package office

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/text"
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
	Population    int64     // 0 is not known
	First         civil.Day // "" is not known
	Last          civil.Day // "" is none
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
func (b Body) Exists(on civil.Day) bool {
	return (b.First == "" || b.First <= on) && (b.Last == "" || on <= b.Last)
}

// Matches reports whether any name of the body holds the words of q.
func (b Body) Matches(q string) bool { return strings.Contains(b.searchableKey, text.Fold(q)) }

//go:embed bodies.csv
var bodiesFile []byte

// BuiltIn are all bodies, as the program ships them.
var BuiltIn = sync.OnceValue(func() (all []Body) {
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
			Region: r[8], Country: r[9], Population: n(10), First: civil.Day(r[11]), Last: civil.Day(r[12]), Predecessor: r[13], Row: int(n(14)), Col: int(n(15))}
		b.searchableKey = text.Fold(strings.Join([]string{b.Short, b.Name, b.NameCy, b.Code, b.Force, b.ForceCy, b.Slug, initials(b.Name)}, " "))
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
	for _, b := range BuiltIn() {
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
func Bodies() []Body { return slices.Clone(BuiltIn()) }

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
	for _, b := range BuiltIn() {
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

// Regions are the regions of England, and Wales, that hold a police force.
func Regions() (all []string) {
	for _, b := range LocalPolicingBodies() {
		if b.Region != "" && !slices.Contains(all, b.Region) {
			all = append(all, b.Region)
		}
	}
	slices.Sort(all)
	return all
}
