package decisions_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

var holding = authority.Interest{Company: "1234578", Name: "Alder Vale Hosting Ltd (sample)", Nature: "Owns a tenth of the shares", First: "2012-06-01"}

func declaring(change func(*authority.Interest)) authority.Interest {
	i := holding
	change(&i)
	return i
}

func TestDeclareInterestSaysWhatIsWrong(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	kent, essex := storetest.Holder(t, s, office.CommissionerOffice, "kent"), storetest.Holder(t, s, office.CommissionerOffice, "essex")
	secretary := storetest.Holder(t, s, office.CompanySecretary, office.TheCompany)
	if _, err := decisions.DeclareInterest(ctx, s, kent, holding); err != nil {
		t.Fatal(err)
	}
	h, err := record.ReadHead(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		by    office.Viewer
		i     authority.Interest
		want  fault.Kind
		field string
	}{
		"no number":                        {essex, declaring(func(i *authority.Interest) { i.Company = "" }), fault.Invalid, "number"},
		"a number that only fills":         {essex, declaring(func(i *authority.Interest) { i.Company = "12345678" }), fault.Invalid, "number"},
		"a bad number, for one decision":   {essex, declaring(func(i *authority.Interest) { i.Company, i.Decision = "x", "2012-014" }), fault.Invalid, "number"},
		"a decision in words":              {essex, declaring(func(i *authority.Interest) { i.Decision = "the last one" }), fault.Invalid, "decision"},
		"no name":                          {essex, declaring(func(i *authority.Interest) { i.Name = " " }), fault.Invalid, "company"},
		"no name of a numbered company":    {essex, declaring(func(i *authority.Interest) { i.Name, i.Decision = "", "2012-014" }), fault.Invalid, "company"},
		"a name of 161 characters":         {essex, declaring(func(i *authority.Interest) { i.Name = strings.Repeat("ŵ", 161) }), fault.Invalid, "company"},
		"no nature":                        {essex, declaring(func(i *authority.Interest) { i.Nature = "" }), fault.Invalid, "nature"},
		"a nature of 301 characters":       {essex, declaring(func(i *authority.Interest) { i.Nature = strings.Repeat("ŵ", 301) }), fault.Invalid, "nature"},
		"no first day":                     {essex, declaring(func(i *authority.Interest) { i.First = "" }), fault.Invalid, "from"},
		"a day that does not exist":        {essex, declaring(func(i *authority.Interest) { i.First = "2013-02-30" }), fault.Invalid, "from"},
		"a last day before the first":      {essex, declaring(func(i *authority.Interest) { i.Last = "2012-05-31" }), fault.Invalid, "to"},
		"another's":                        {essex, declaring(func(i *authority.Interest) { i.Person = kent.Person }), fault.Forbidden, ""},
		"the secretary, for Kent":          {secretary, declaring(func(i *authority.Interest) { i.Person = kent.Person }), fault.Forbidden, ""},
		"a stranger":                       {office.Viewer{}, declaring(func(i *authority.Interest) { i.Person = kent.Person }), fault.Forbidden, ""},
		"the command line":                 {office.CommandLine, declaring(func(i *authority.Interest) { i.Person = kent.Person }), fault.Forbidden, ""},
		"exactly what was declared before": {kent, declaring(func(i *authority.Interest) { i.Company = "01234578" }), fault.Conflict, ""},
	} {
		_, err := decisions.DeclareInterest(ctx, s, c.by, c.i)
		if fault.KindOf(err) != c.want || storetest.FieldOf(err) != c.field {
			t.Errorf("%s: %v, field %q", name, err, storetest.FieldOf(err))
		}
		if _, foreseen := decisions.ForeseeInterest(ctx, s, c.by, c.i); foreseen == nil || foreseen.Error() != err.Error() {
			t.Errorf("%s is foreseen as %v, and is %v", name, foreseen, err)
		}
	}
	if after, err := record.ReadHead(ctx, s); err != nil || after.Size != h.Size {
		t.Errorf("%d events recorded, %v", after.Size-h.Size, err)
	}
}

func TestAnInterestIsDeclaredAndEnded(t *testing.T) {
	ctx := t.Context()
	s, clock := storetest.OpenClock(t)
	secretary, director := storetest.Holder(t, s, office.CompanySecretary, office.TheCompany), storetest.Holder(t, s, office.DirectorOffice, office.TheCompany)
	one, err := decisions.DeclareInterest(ctx, s, secretary, declaring(func(i *authority.Interest) { i.Person, i.Nature = director.Person, "  Owns a \n tenth " }))
	if err != nil {
		t.Fatal(err)
	}
	got, err := decisions.FindInterest(ctx, s, one)
	if err != nil || got.Company != "01234578" || got.Nature != "Owns a tenth" || got.Person != director.Person || got.DeclaredBy != secretary.Person || got.DeclaredOn != "2013-01-14" || !got.Late() {
		t.Errorf("%+v %v", got, err)
	}
	e, err := record.FindEvent(ctx, s, got.N)
	if err != nil || e.Act != "interest.declare" || e.Subject != "interest/1" || e.About != office.TheCompany || strings.Contains(e.Payload, director.Name) || !strings.Contains(e.Payload, "01234578") {
		t.Errorf("%+v %v", e, err)
	}
	matter, err := decisions.DeclareInterest(ctx, s, director, authority.Interest{Decision: "2012-014", Nature: "A relative works there"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := decisions.FindInterest(ctx, s, matter); err != nil || got.First != "2013-01-14" || got.Late() || got.Person != director.Person {
		t.Errorf("%+v %v", got, err)
	}
	before, err := record.ReadHead(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	clock.Day("2013-02-01")
	stranger := storetest.Holder(t, s, office.Official, office.HomeOffice)
	for _, c := range []struct {
		name string
		by   office.Viewer
		last civil.Day
		want fault.Kind
	}{
		{"another person does not end it", stranger, "2013-02-01", fault.Forbidden},
		{"not without a day", director, "", fault.Invalid},
		{"not before it began", director, "2012-05-31", fault.Invalid},
		{"on a day to come", director, "2013-03-31", 0},
		{"not twice on that day", director, "2013-03-31", fault.Invalid},
		{"on a day that is over, after all", director, "2013-01-31", 0},
		{"once it has ended", director, "2013-02-01", fault.Conflict},
	} {
		if err := decisions.EndInterest(ctx, s, c.by, one, c.last); fault.KindOf(err) != c.want || c.want == 0 && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := decisions.EndInterest(ctx, s, director, 99, "2013-02-01"); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
	if got, err := decisions.FindInterest(ctx, s, one); err != nil || got.Last != "2013-01-31" || got.EndedBy != director.Person {
		t.Errorf("%+v %v", got, err)
	}
	then := record.Moment{Day: "2013-01-14", Past: true, Event: before.Size}
	if all, err := decisions.Interests(ctx, s, decisions.InterestFilter{Person: director.Person}, then); err != nil || len(all) != 2 || all[0].Last != "" || all[0].Offices[0].Seat != 1 {
		t.Errorf("%+v %v", all, err)
	}
	if all, err := decisions.Interests(ctx, s, decisions.InterestFilter{All: true}, record.Moment{Past: true}); err != nil || len(all) != 0 {
		t.Errorf("before the record: %v %v", all, err)
	}
	storetest.Sound(t, s)
}

func TestInterestsAreFoundByWhoseAndWhat(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	kent, essex := storetest.Holder(t, s, office.CommissionerOffice, "kent"), storetest.Holder(t, s, office.CommissionerOffice, "essex")
	for by, i := range map[int64]authority.Interest{
		kent.Person: holding, essex.Person: declaring(func(i *authority.Interest) { i.Company, i.Name, i.Last = "SC345", "Bière Ltd (sample)", "2012-12-31" }),
	} {
		v, err := people.ViewerOf(ctx, s, by, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decisions.DeclareInterest(ctx, s, v, i); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		f    decisions.InterestFilter
		want []int64
	}{
		"those in force":                 {decisions.InterestFilter{}, []int64{kent.Person}},
		"all, by name":                   {decisions.InterestFilter{All: true}, []int64{essex.Person, kent.Person}},
		"of a body":                      {decisions.InterestFilter{All: true, Body: "essex"}, []int64{essex.Person}},
		"of a body without any":          {decisions.InterestFilter{All: true, Body: "surrey"}, nil},
		"of a person":                    {decisions.InterestFilter{All: true, Person: kent.Person}, []int64{kent.Person}},
		"by number":                      {decisions.InterestFilter{All: true, Company: "1234578"}, []int64{kent.Person}},
		"by what is no number":           {decisions.InterestFilter{All: true, Company: "Alder"}, nil},
		"by words, accents aside":        {decisions.InterestFilter{All: true, Words: "BIERE sample"}, []int64{essex.Person}},
		"by the name of the person":      {decisions.InterestFilter{All: true, Words: "commissioner for kent"}, []int64{kent.Person}},
		"by words of two different ones": {decisions.InterestFilter{All: true, Words: "biere alder"}, nil},
	} {
		all, err := decisions.Interests(ctx, s, c.f, record.Moment{})
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
	admin, kent := storetest.Holder(t, s, office.Administrator, office.TheCompany), storetest.Holder(t, s, office.CommissionerOffice, "kent")
	if _, err := decisions.DeclareInterest(ctx, s, kent, holding); err != nil {
		t.Fatal(err)
	}
	held, err := office.AppointmentsOf(ctx, s, kent.Person)
	if err != nil {
		t.Fatal(err)
	}
	if err := storetest.EndOffice(ctx, s, admin, held[0].ID, "2013-01-14"); err != nil {
		t.Fatal(err)
	}
	clock.Day("2013-01-15")
	if err := people.Erase(ctx, s, admin, kent.Person, "They asked for it."); err != nil {
		t.Fatal(err)
	}
	p, err := decisions.ReadPersonInterests(ctx, s, office.Viewer{}, kent.Person, record.Moment{})
	if err != nil || p.Holder != "" || len(p.Offices) != 0 || len(p.Interests) != 1 || p.Interests[0].Holder != "" {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := decisions.ReadPersonInterests(ctx, s, office.Viewer{}, admin.Person, record.Moment{}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a stranger reads an empty register: %v", err)
	}
	if p, err := decisions.ReadPersonInterests(ctx, s, admin, admin.Person, record.Moment{}); err != nil || p.Holder != admin.Name || len(p.Interests) != 0 {
		t.Errorf("%+v %v", p, err)
	}
	storetest.Sound(t, s)
}

func TestDeclarersAreOnesOwn(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	secretary, director := storetest.Holder(t, s, office.CompanySecretary, office.TheCompany), storetest.Holder(t, s, office.DirectorOffice, office.TheCompany)
	kent, constable := storetest.Holder(t, s, office.CommissionerOffice, "kent"), storetest.Holder(t, s, office.Constable, "kent")
	for name, c := range map[string]struct {
		v    office.Viewer
		want []int64
	}{
		"the secretary's are all of the company": {secretary, []int64{secretary.Person, director.Person}},
		"a director's are their own":             {director, []int64{director.Person}},
		"a commissioner's are their own":         {kent, []int64{kent.Person}},
	} {
		all, err := decisions.Declarers(ctx, s, c.v)
		var got []int64
		for _, a := range all {
			got = append(got, a.Person)
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
	if _, err := decisions.Declarers(ctx, s, constable); fault.KindOf(err) != fault.Forbidden {
		t.Error(err)
	}
}
