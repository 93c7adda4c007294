package register

import (
	"context"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Names are the names of bodies at a time: slug to name.
type Names map[string]string

// Of is the name of a body then.
func (n Names) Of(slug string) string {
	if name, ok := n[slug]; ok {
		return name
	}
	if b, ok := office.BodyOf(slug); ok {
		return b.Name
	}
	return slug
}

// ReadNames tells what the bodies were called.
func ReadNames(ctx context.Context, tx *db.Tx, w record.When) (Names, error) {
	r, err := Read(ctx, tx, w)
	return r.Names, err
}

// NamesThen tells what bodies were called when an event was recorded: the
// entries of the register that rename one, in force, in order.
type NamesThen []Entry

// Of is the name of a body at the time of an event.
func (n NamesThen) Of(slug string, e record.Event) string {
	name := Names{}.Of(slug)
	for _, r := range n {
		if r.Body == slug && r.N <= e.N && r.Registered <= civil.DayOf(e.At) {
			name = r.Name
		}
	}
	return name
}

// ReadNamesThen reads the entries that rename a body.
func ReadNamesThen(ctx context.Context, tx *db.Tx) (NamesThen, error) {
	all, err := db.List(ctx, tx, scanEntry, `SELECT r.n, e.at, r.entry FROM register r JOIN events e ON e.n = r.n ORDER BY r.n`)
	return slices.DeleteFunc(InForce(all), func(e Entry) bool { return e.Kind != Renamed }), err
}

// BodyPage is one body on a day: its name then, and its place in the company.
type BodyPage struct {
	office.Body
	Name     string
	Register Register
	Events   []record.Event // the last ten about it or by it, newest first
	Then     NamesThen
}

// ReadBody tells of one body, by slug or code, at the end of a day.
func ReadBody(ctx context.Context, tx *db.Tx, name string, w record.When) (b BodyPage, err error) {
	found, ok := office.BodyOf(name)
	if !ok {
		return b, fault.NotFound.Errorf("There is no body “%s”. Look for it in the list of bodies.", text.Short(name))
	}
	b.Body = found
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if b.Register, err = Read(ctx, tx, w); err != nil {
			return err
		}
		b.Name = b.Register.Names.Of(b.Slug)
		if b.Then, err = ReadNamesThen(ctx, tx); err != nil {
			return err
		}
		b.Events, err = record.Events(ctx, tx, record.EventFilter{Body: b.Slug, UpTo: w.Day}, 10)
		return err
	})
	return b, err
}

// Member is the body's membership on the day, if it is a member then.
func (b BodyPage) Member() (Member, bool) { return b.Register.Member(b.Slug) }

// Former lists the memberships that the body had and has no longer.
func (b BodyPage) Former() []Member {
	return slices.DeleteFunc(slices.Clone(b.Register.Former), func(m Member) bool { return m.Body != b.Slug })
}

// Rights lists the rights that the body holds on the day, alone or with its class.
func (b BodyPage) Rights() (all []Right) {
	m, ok := b.Member()
	for _, t := range b.Register.Rights {
		if ok && (t.Body == b.Slug || t.Body == "" && t.Class == m.Class) {
			all = append(all, t)
		}
	}
	return all
}

// Directors lists the directors in office on the day whom the body appointed.
func (b BodyPage) Directors() (all []Director) {
	for _, d := range b.Register.Directors {
		if d.Appointer == b.Slug {
			all = append(all, d)
		}
	}
	return all
}
