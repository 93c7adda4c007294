package authority_test

import (
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
)

func post(id int64, body string, kind office.Kind) office.Office {
	return office.Office{ID: id, Body: body, Kind: kind, Title: string(kind) + ", " + body}
}

func TestForbiddenDelegate(t *testing.T) {
	kent, mopac, city := post(1, "kent", office.CommissionerOffice), post(2, "metropolitan", office.CommissionerOffice), post(3, "city-of-london", office.CommissionerOffice)
	chief, officer := post(4, "kent", office.ChiefExecutive), post(5, office.TheCompany, office.CompanyOfficer)
	for name, c := range map[string]struct {
		from, to office.Office
		also     []office.Office
		words    string // of the refusal, "" where there is none
	}{
		"the own chief executive":                            {kent, chief, nil, ""},
		"the own deputy commissioner":                        {kent, post(9, "kent", office.CommissionerOffice), nil, ""},
		"a constable of the own force":                       {kent, post(9, "kent", office.Constable), nil, "a constable"},
		"a constable of another force":                       {kent, post(9, "essex", office.Constable), nil, "a constable"},
		"a chief executive who is a constable too":           {kent, chief, []office.Office{chief, post(9, "kent", office.Constable)}, "a constable"},
		"another commissioner":                               {kent, post(9, "essex", office.CommissionerOffice), nil, "another commissioner"},
		"an own officer who is another commissioner":         {kent, chief, []office.Office{post(9, "essex", office.CommissionerOffice)}, "another commissioner"},
		"MOPAC itself":                                       {kent, mopac, nil, "a body that maintains a police force"},
		"the Common Council itself":                          {kent, city, nil, "a body that maintains a police force"},
		"the staff of another commissioner":                  {kent, post(9, "essex", office.ChiefExecutive), nil, "a member of the staff"},
		"the staff of MOPAC":                                 {kent, post(9, "metropolitan", office.ChiefExecutive), nil, "a member of the staff"},
		"the staff of a police authority":                    {kent, post(9, "essex-police-authority", office.ChiefExecutive), nil, "a member of the staff"},
		"an own officer on the staff of another":             {kent, chief, []office.Office{post(9, "essex", office.ChiefExecutive)}, "a member of the staff"},
		"an officer of the company":                          {kent, officer, nil, ""},
		"an officer of the company who is a constable":       {kent, officer, []office.Office{post(9, "kent", office.Constable)}, "a constable"},
		"MOPAC to a commissioner":                            {mopac, kent, nil, "another commissioner"},
		"MOPAC to its own chief executive":                   {mopac, post(9, "metropolitan", office.ChiefExecutive), nil, ""},
		"the Common Council to a constable":                  {city, post(9, "city-of-london", office.Constable), nil, "a constable"},
		"a chief executive who passes on to a constable":     {chief, post(9, "kent", office.Constable), nil, "a constable"},
		"the Home Office, which the section does not name":   {post(9, office.HomeOffice, office.Official), kent, nil, ""},
		"the company, which the section does not name":       {officer, post(9, "kent", office.Constable), nil, ""},
		"a body that does not exist: nothing is known of it": {post(9, "atlantis", office.CommissionerOffice), post(8, "kent", office.Constable), nil, ""},
	} {
		err := authority.ForbiddenDelegate(c.from, c.to, c.also)
		switch {
		case c.words == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.words != "" && (fault.KindOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "may not delegate to "+c.words) || !strings.Contains(err.Error(), "2011, section 18")):
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestChain(t *testing.T) {
	a, b, c, d := post(1, "kent", office.CommissionerOffice), post(2, "kent", office.ChiefExecutive), post(3, "kent", office.ChiefExecutive), post(4, "kent", office.ChiefExecutive)
	first := authority.Delegation{ID: 1, From: a, To: b, Function: authority.FunctionVote, First: "2013-01-01", Last: "2013-06-30", MayPassOn: true}
	second := authority.Delegation{ID: 2, From: b, To: c, Function: authority.FunctionVote, First: "2013-02-01", MayPassOn: true, PassedOn: 1}
	third := authority.Delegation{ID: 3, From: c, To: d, Function: authority.FunctionVote, First: "2013-02-01", PassedOn: 2}
	with := func(d authority.Delegation, change func(*authority.Delegation)) authority.Delegation {
		change(&d)
		return d
	}
	for name, k := range map[string]struct {
		first, second authority.Delegation
		of            authority.Delegation
		on            civil.Day
		words         string // of the refusal, "" where there is none
	}{
		"the first has force on its first day":         {first, second, first, "2013-01-01", ""},
		"not the day before":                           {first, second, first, "2012-12-31", "begins on 1 January 2013"},
		"on its last day":                              {first, second, first, "2013-06-30", ""},
		"not the day after":                            {first, second, first, "2013-07-01", "ended on 30 June 2013"},
		"one passed on has force while its parent has": {first, second, second, "2013-06-30", ""},
		"and none after, though it has no end":         {first, second, second, "2013-07-01", "Delegation 1 was not in force"},
		"nor before its own first day":                 {first, second, second, "2013-01-31", "Delegation 2 was not in force"},
		"one passed on twice has force":                {first, second, third, "2013-02-01", ""},
		"and none once the first has ended":            {first, second, third, "2013-07-01", "Delegation 1 was not in force"},
		"a parent that may not be passed on": {with(first, func(d *authority.Delegation) { d.MayPassOn = false }), second, second, "2013-02-01",
			"may not be passed on"},
		"a grandparent that may not": {with(first, func(d *authority.Delegation) { d.MayPassOn = false }), second, third, "2013-02-01",
			"Delegation 1 may not be passed on"},
		"another function": {with(first, func(d *authority.Delegation) { d.Function = authority.FunctionView }), second, second, "2013-02-01",
			"for another purpose"},
		"every matter, of one": {with(first, func(d *authority.Delegation) { d.Matter = "contract" }), second, second, "2013-02-01",
			"covers only “contract” decisions"},
		"another matter": {with(first, func(d *authority.Delegation) { d.Matter = "contract" }), second, with(second, func(d *authority.Delegation) { d.Matter = "rules" }), "2013-02-01",
			"covers only “contract” decisions"},
		"the same matter":      {with(first, func(d *authority.Delegation) { d.Matter = "contract" }), second, with(second, func(d *authority.Delegation) { d.Matter = "contract" }), "2013-02-01", ""},
		"one matter, of every": {first, second, with(second, func(d *authority.Delegation) { d.Matter = "contract" }), "2013-02-01", ""},
		"no limit, of a limited one": {with(first, func(d *authority.Delegation) { d.Limited, d.Limit = true, 100_00 }), second, second, "2013-02-01",
			"has a limit of £100.00"},
		"a penny more": {with(first, func(d *authority.Delegation) { d.Limited, d.Limit = true, 100_00 }), second,
			with(second, func(d *authority.Delegation) { d.Limited, d.Limit = true, 100_01 }), "2013-02-01", "has a limit of £100.00"},
		"the same limit": {with(first, func(d *authority.Delegation) { d.Limited, d.Limit = true, 100_00 }), second,
			with(second, func(d *authority.Delegation) { d.Limited, d.Limit = true, 100_00 }), "2013-02-01", ""},
		"a limit, of an unlimited one": {first, second, with(second, func(d *authority.Delegation) { d.Limited, d.Limit = true, 1 }), "2013-02-01", ""},
		"by an office that was not given it": {first, second, with(second, func(d *authority.Delegation) { d.From = a }), "2013-02-01",
			"Only chief executive, kent can pass on"},
		"of one that is not there": {first, second, with(second, func(d *authority.Delegation) { d.PassedOn = 9 }), "2013-02-01", "which does not exist"},
		"of itself": {with(first, func(d *authority.Delegation) { d.PassedOn, d.From = 2, c }), with(second, func(d *authority.Delegation) { d.MayPassOn = true }), second, "2013-02-01",
			"passed on from itself"},
	} {
		err := authority.Chain([]authority.Delegation{k.first, k.second, third}, k.of, k.on)
		switch {
		case k.words == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case k.words != "" && (fault.KindOf(err) != fault.Forbidden || !strings.Contains(err.Error(), k.words)):
			t.Errorf("%s: %v", name, err)
		}
	}
}
