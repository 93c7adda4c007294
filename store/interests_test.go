package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

var holding = store.Interest{Company: "1234578", Name: "Alder Vale Hosting Ltd (sample)", Nature: "Owns a tenth of the shares", First: "2012-06-01"}

func declaring(change func(*store.Interest)) store.Interest { i := holding; change(&i); return i }

func TestInterestMatches(t *testing.T) {
	i := store.Interest{Company: "01234578", Name: "Alder", First: "2012-06-01", Last: "2013-01-14"}
	with := func(change func(*store.Interest)) store.Interest { j := i; change(&j); return j }
	for name, c := range map[string]struct {
		i       store.Interest
		numbers []string
		on      store.Day
		want    bool
	}{
		"the number":                          {i, []string{"01234578"}, "2013-01-14", true},
		"the number without its zero":         {i, []string{"99887766", "1234578"}, "2013-01-14", true},
		"another number":                      {i, []string{"01234579"}, "2013-01-14", false},
		"the name does not count":             {i, []string{"Alder"}, "2013-01-14", false},
		"no number":                           {i, nil, "2013-01-14", false},
		"an empty number":                     {with(func(i *store.Interest) { i.Company = "" }), []string{""}, "2013-01-14", false},
		"on the first day":                    {i, []string{"01234578"}, "2012-06-01", true},
		"the day before":                      {i, []string{"01234578"}, "2012-05-31", false},
		"the day after the last":              {i, []string{"01234578"}, "2013-01-15", false},
		"without a last day":                  {with(func(i *store.Interest) { i.Last = "" }), []string{"01234578"}, "2033-01-15", true},
		"declared for one decision: no other": {with(func(i *store.Interest) { i.Decision = "2012-014" }), []string{"01234578"}, "2013-01-14", false},
	} {
		if got := c.i.Matches(c.numbers, c.on); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for on, want := range map[store.Day]bool{"2012-05-31": false, "2012-06-01": false, "2012-06-02": true} {
		if got := (store.Interest{First: "2012-06-01", DeclaredOn: on}).Late(); got != want {
			t.Errorf("declared on %s: late is %v", on, got)
		}
	}
}

func TestMayDeclareFor(t *testing.T) {
	at := func(person int64, kind store.OfficeKind, body string) store.Viewer {
		return store.Viewer{Person: person, Office: store.Office{Body: body, Kind: kind}}
	}
	held := []store.Office{{Body: store.TheCompany, Kind: store.DirectorOffice}}
	for name, c := range map[string]struct {
		v    store.Viewer
		held []store.Office
		want store.Kind
	}{
		"the person":                              {at(1, store.DirectorOffice, store.TheCompany), held, 0},
		"the person, in another office":           {at(1, store.CommissionerOffice, "kent"), held, 0},
		"the company secretary":                   {at(2, store.CompanySecretary, store.TheCompany), held, 0},
		"the company secretary, for one of Kent":  {at(2, store.CompanySecretary, store.TheCompany), []store.Office{{Body: "kent"}}, store.Forbidden},
		"the company secretary, for a former one": {at(2, store.CompanySecretary, store.TheCompany), nil, store.Forbidden},
		"the clerk of another body":               {at(2, store.Clerk, store.TheAssociation), held, store.Forbidden},
		"the clerk of their own":                  {at(2, store.Clerk, store.TheAssociation), []store.Office{{Body: store.TheAssociation}}, 0},
		"a company officer":                       {at(2, store.CompanyOfficer, store.TheCompany), held, store.Forbidden},
		"a constable, even for themselves":        {at(1, store.Constable, "kent"), held, store.Forbidden},
		"a stranger":                              {store.Viewer{}, held, store.Forbidden},
		"the command line":                        {store.CommandLine, held, store.Forbidden},
	} {
		if err := store.MayDeclareFor(c.v, 1, c.held); store.KindOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDeclareInterestSaysWhatIsWrong(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	kent, essex := storetest.Holder(t, s, store.CommissionerOffice, "kent"), storetest.Holder(t, s, store.CommissionerOffice, "essex")
	secretary := storetest.Holder(t, s, store.CompanySecretary, store.TheCompany)
	if _, err := s.DeclareInterest(ctx, kent, holding); err != nil {
		t.Fatal(err)
	}
	h, err := s.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		by    store.Viewer
		i     store.Interest
		want  store.Kind
		field string
	}{
		"no number":                        {essex, declaring(func(i *store.Interest) { i.Company = "" }), store.Invalid, "number"},
		"a number that only fills":         {essex, declaring(func(i *store.Interest) { i.Company = "12345678" }), store.Invalid, "number"},
		"a bad number, for one decision":   {essex, declaring(func(i *store.Interest) { i.Company, i.Decision = "x", "2012-014" }), store.Invalid, "number"},
		"a decision in words":              {essex, declaring(func(i *store.Interest) { i.Decision = "the last one" }), store.Invalid, "decision"},
		"no name":                          {essex, declaring(func(i *store.Interest) { i.Name = " " }), store.Invalid, "company"},
		"no name of a numbered company":    {essex, declaring(func(i *store.Interest) { i.Name, i.Decision = "", "2012-014" }), store.Invalid, "company"},
		"a name of 161 characters":         {essex, declaring(func(i *store.Interest) { i.Name = strings.Repeat("ŵ", 161) }), store.Invalid, "company"},
		"no nature":                        {essex, declaring(func(i *store.Interest) { i.Nature = "" }), store.Invalid, "nature"},
		"a nature of 301 characters":       {essex, declaring(func(i *store.Interest) { i.Nature = strings.Repeat("ŵ", 301) }), store.Invalid, "nature"},
		"no first day":                     {essex, declaring(func(i *store.Interest) { i.First = "" }), store.Invalid, "from"},
		"a day that does not exist":        {essex, declaring(func(i *store.Interest) { i.First = "2013-02-30" }), store.Invalid, "from"},
		"a last day before the first":      {essex, declaring(func(i *store.Interest) { i.Last = "2012-05-31" }), store.Invalid, "to"},
		"another's":                        {essex, declaring(func(i *store.Interest) { i.Person = kent.Person }), store.Forbidden, ""},
		"the secretary, for Kent":          {secretary, declaring(func(i *store.Interest) { i.Person = kent.Person }), store.Forbidden, ""},
		"a stranger":                       {store.Viewer{}, declaring(func(i *store.Interest) { i.Person = kent.Person }), store.Forbidden, ""},
		"the command line":                 {store.CommandLine, declaring(func(i *store.Interest) { i.Person = kent.Person }), store.Forbidden, ""},
		"exactly what was declared before": {kent, declaring(func(i *store.Interest) { i.Company = "01234578" }), store.Conflict, ""},
	} {
		_, err := s.DeclareInterest(ctx, c.by, c.i)
		if store.KindOf(err) != c.want || fieldOf(err) != c.field {
			t.Errorf("%s: %v, field %q", name, err, fieldOf(err))
		}
		if _, foreseen := s.ForeseeInterest(ctx, c.by, c.i); foreseen == nil || foreseen.Error() != err.Error() {
			t.Errorf("%s is foreseen as %v, and is %v", name, foreseen, err)
		}
	}
	if after, err := s.Head(ctx); err != nil || after.Size != h.Size {
		t.Errorf("%d events recorded, %v", after.Size-h.Size, err)
	}
}

func TestAnInterestIsDeclaredAndEnded(t *testing.T) {
	ctx := t.Context()
	s, clock := storetest.OpenClock(t)
	secretary, director := storetest.Holder(t, s, store.CompanySecretary, store.TheCompany), storetest.Holder(t, s, store.DirectorOffice, store.TheCompany)
	one, err := s.DeclareInterest(ctx, secretary, declaring(func(i *store.Interest) { i.Person, i.Nature = director.Person, "  Owns a \n tenth " }))
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Interest(ctx, one)
	if err != nil || got.Company != "01234578" || got.Nature != "Owns a tenth" || got.Person != director.Person || got.DeclaredBy != secretary.Person || got.DeclaredOn != "2013-01-14" || !got.Late() {
		t.Errorf("%+v %v", got, err)
	}
	e, err := s.Event(ctx, got.N)
	if err != nil || e.Act != "interest.declare" || e.Subject != "interest/1" || e.About != store.TheCompany || strings.Contains(e.Payload, director.Name) || !strings.Contains(e.Payload, "01234578") {
		t.Errorf("%+v %v", e, err)
	}
	matter, err := s.DeclareInterest(ctx, director, store.Interest{Decision: "2012-014", Nature: "A relative works there"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Interest(ctx, matter); err != nil || got.First != "2013-01-14" || got.Late() || got.Person != director.Person {
		t.Errorf("%+v %v", got, err)
	}
	before, err := s.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	clock.Day("2013-02-01")
	stranger := storetest.Holder(t, s, store.Official, store.HomeOffice)
	for _, c := range []struct {
		name string
		by   store.Viewer
		last store.Day
		want store.Kind
	}{
		{"another person does not end it", stranger, "2013-02-01", store.Forbidden},
		{"not without a day", director, "", store.Invalid},
		{"not before it began", director, "2012-05-31", store.Invalid},
		{"on a day to come", director, "2013-03-31", 0},
		{"not twice on that day", director, "2013-03-31", store.Invalid},
		{"on a day that is over, after all", director, "2013-01-31", 0},
		{"once it has ended", director, "2013-02-01", store.Conflict},
	} {
		if err := s.EndInterest(ctx, c.by, one, c.last); store.KindOf(err) != c.want || c.want == 0 && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := s.EndInterest(ctx, director, 99, "2013-02-01"); store.KindOf(err) != store.NotFound {
		t.Error(err)
	}
	if got, err := s.Interest(ctx, one); err != nil || got.Last != "2013-01-31" || got.EndedBy != director.Person {
		t.Errorf("%+v %v", got, err)
	}
	then := store.Moment{Day: "2013-01-14", Past: true, Event: before.Size}
	if all, err := s.Interests(ctx, store.InterestFilter{Person: director.Person}, then); err != nil || len(all) != 2 || all[0].Last != "" || all[0].Offices[0].Seat != 1 {
		t.Errorf("%+v %v", all, err)
	}
	if all, err := s.Interests(ctx, store.InterestFilter{All: true}, store.Moment{Past: true}); err != nil || len(all) != 0 {
		t.Errorf("before the record: %v %v", all, err)
	}
	verified(t, s)
}

func TestInterestsAreFoundByWhoseAndWhat(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	kent, essex := storetest.Holder(t, s, store.CommissionerOffice, "kent"), storetest.Holder(t, s, store.CommissionerOffice, "essex")
	for by, i := range map[int64]store.Interest{
		kent.Person: holding, essex.Person: declaring(func(i *store.Interest) { i.Company, i.Name, i.Last = "SC345", "Bière Ltd (sample)", "2012-12-31" }),
	} {
		v, err := s.ViewerOf(ctx, by, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.DeclareInterest(ctx, v, i); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		f    store.InterestFilter
		want []int64
	}{
		"those in force":                 {store.InterestFilter{}, []int64{kent.Person}},
		"all, by name":                   {store.InterestFilter{All: true}, []int64{essex.Person, kent.Person}},
		"of a body":                      {store.InterestFilter{All: true, Body: "essex"}, []int64{essex.Person}},
		"of a body without any":          {store.InterestFilter{All: true, Body: "surrey"}, nil},
		"of a person":                    {store.InterestFilter{All: true, Person: kent.Person}, []int64{kent.Person}},
		"by number":                      {store.InterestFilter{All: true, Company: "1234578"}, []int64{kent.Person}},
		"by what is no number":           {store.InterestFilter{All: true, Company: "Alder"}, nil},
		"by words, accents aside":        {store.InterestFilter{All: true, Words: "BIERE sample"}, []int64{essex.Person}},
		"by the name of the person":      {store.InterestFilter{All: true, Words: "commissioner for kent"}, []int64{kent.Person}},
		"by words of two different ones": {store.InterestFilter{All: true, Words: "biere alder"}, nil},
	} {
		all, err := s.Interests(ctx, c.f, store.Moment{})
		var got []int64
		for _, d := range all {
			got = append(got, d.Person)
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
}

func TestWhoeverIsErasedKeepsTheirRegister(t *testing.T) {
	ctx := t.Context()
	s, clock := storetest.OpenClock(t)
	admin, kent := storetest.Holder(t, s, store.Administrator, store.TheCompany), storetest.Holder(t, s, store.CommissionerOffice, "kent")
	if _, err := s.DeclareInterest(ctx, kent, holding); err != nil {
		t.Fatal(err)
	}
	held, err := s.AppointmentsOf(ctx, kent.Person)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.EndAppointment(ctx, admin, held[0].ID, "2013-01-14"); err != nil {
		t.Fatal(err)
	}
	clock.Day("2013-01-15")
	if err := s.ErasePerson(ctx, admin, kent.Person, "They asked for it."); err != nil {
		t.Fatal(err)
	}
	p, err := s.PersonInterests(ctx, store.Viewer{}, kent.Person, store.Moment{})
	if err != nil || p.Holder != "" || len(p.Offices) != 0 || len(p.Interests) != 1 || p.Interests[0].Holder != "" {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := s.PersonInterests(ctx, store.Viewer{}, admin.Person, store.Moment{}); store.KindOf(err) != store.NotFound {
		t.Errorf("a stranger reads an empty register: %v", err)
	}
	if p, err := s.PersonInterests(ctx, admin, admin.Person, store.Moment{}); err != nil || p.Holder != admin.Name || len(p.Interests) != 0 {
		t.Errorf("%+v %v", p, err)
	}
	verified(t, s)
}

func TestDeclarersAreOnesOwn(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	secretary, director := storetest.Holder(t, s, store.CompanySecretary, store.TheCompany), storetest.Holder(t, s, store.DirectorOffice, store.TheCompany)
	kent, constable := storetest.Holder(t, s, store.CommissionerOffice, "kent"), storetest.Holder(t, s, store.Constable, "kent")
	for name, c := range map[string]struct {
		v    store.Viewer
		want []int64
	}{
		"the secretary's are all of the company": {secretary, []int64{secretary.Person, director.Person}},
		"a director's are their own":             {director, []int64{director.Person}},
		"a commissioner's are their own":         {kent, []int64{kent.Person}},
	} {
		all, err := s.Declarers(ctx, c.v)
		var got []int64
		for _, a := range all {
			got = append(got, a.Person)
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
	if _, err := s.Declarers(ctx, constable); store.KindOf(err) != store.Forbidden {
		t.Error(err)
	}
}
