package authority_test

import (
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
)

func TestInterestMatches(t *testing.T) {
	i := authority.Interest{Company: "01234578", Name: "Alder", First: "2012-06-01", Last: "2013-01-14"}
	with := func(change func(*authority.Interest)) authority.Interest { j := i; change(&j); return j }
	for name, c := range map[string]struct {
		i       authority.Interest
		numbers []string
		on      civil.Day
		want    bool
	}{
		"the number":                          {i, []string{"01234578"}, "2013-01-14", true},
		"the number without its zero":         {i, []string{"99887766", "1234578"}, "2013-01-14", true},
		"another number":                      {i, []string{"01234579"}, "2013-01-14", false},
		"the name does not count":             {i, []string{"Alder"}, "2013-01-14", false},
		"no number":                           {i, nil, "2013-01-14", false},
		"an empty number":                     {with(func(i *authority.Interest) { i.Company = "" }), []string{""}, "2013-01-14", false},
		"on the first day":                    {i, []string{"01234578"}, "2012-06-01", true},
		"the day before":                      {i, []string{"01234578"}, "2012-05-31", false},
		"the day after the last":              {i, []string{"01234578"}, "2013-01-15", false},
		"without a last day":                  {with(func(i *authority.Interest) { i.Last = "" }), []string{"01234578"}, "2033-01-15", true},
		"declared for one decision: no other": {with(func(i *authority.Interest) { i.Decision = "2012-014" }), []string{"01234578"}, "2013-01-14", false},
	} {
		if got := c.i.Matches(c.numbers, c.on); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for on, want := range map[civil.Day]bool{"2012-05-31": false, "2012-06-01": false, "2012-06-02": true} {
		if got := (authority.Interest{First: "2012-06-01", DeclaredOn: on}).Late(); got != want {
			t.Errorf("declared on %s: late is %v", on, got)
		}
	}
}

func TestMayDeclareFor(t *testing.T) {
	at := func(person int64, kind office.Kind, body string) office.Viewer {
		return office.Viewer{Person: person, Office: office.Office{Body: body, Kind: kind}}
	}
	held := []office.Office{{Body: office.TheCompany, Kind: office.DirectorOffice}}
	for name, c := range map[string]struct {
		v    office.Viewer
		held []office.Office
		want fault.Kind
	}{
		"the person":                              {at(1, office.DirectorOffice, office.TheCompany), held, 0},
		"the person, in another office":           {at(1, office.CommissionerOffice, "kent"), held, 0},
		"the company secretary":                   {at(2, office.CompanySecretary, office.TheCompany), held, 0},
		"the company secretary, for one of Kent":  {at(2, office.CompanySecretary, office.TheCompany), []office.Office{{Body: "kent"}}, fault.Forbidden},
		"the company secretary, for a former one": {at(2, office.CompanySecretary, office.TheCompany), nil, fault.Forbidden},
		"the clerk of another body":               {at(2, office.Clerk, office.TheAssociation), held, fault.Forbidden},
		"the clerk of their own":                  {at(2, office.Clerk, office.TheAssociation), []office.Office{{Body: office.TheAssociation}}, 0},
		"a company officer":                       {at(2, office.CompanyOfficer, office.TheCompany), held, fault.Forbidden},
		"a constable, even for themselves":        {at(1, office.Constable, "kent"), held, fault.Forbidden},
		"a stranger":                              {office.Viewer{}, held, fault.Forbidden},
		"the command line":                        {office.CommandLine, held, fault.Forbidden},
	} {
		if err := decisions.MayDeclareFor(c.v, 1, c.held); fault.KindOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
