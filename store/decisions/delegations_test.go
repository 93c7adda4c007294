package decisions_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

// kentish are people of Kent with their offices, and the offices by kind.
type kentish struct {
	*db.Tx
	clock            *storetest.Clock
	pcc, chief, next office.Viewer
}

func kent(t testing.TB) kentish {
	t.Helper()
	s, clock := storetest.OpenClock(t)
	k := kentish{Tx: s, clock: clock}
	k.pcc, k.chief = storetest.Holder(t, s, office.CommissionerOffice, "kent"), storetest.Holder(t, s, office.ChiefExecutive, "kent")
	k.next = storetest.Holds(t, s, storetest.Person(t, s, "Deputy (sample)"), office.Office{Body: "kent", Kind: office.ChiefExecutive, Title: "Deputy chief executive"})
	return k
}

func to(v office.Viewer, change ...func(*authority.Delegation)) authority.Delegation {
	d := authority.Delegation{To: v.Office, Function: authority.FunctionVote, First: "2013-01-14"}
	for _, c := range change {
		c(&d)
	}
	return d
}

func (k kentish) delegates(t testing.TB, by office.Viewer, d authority.Delegation) int64 {
	t.Helper()
	id, err := decisions.Delegate(t.Context(), k.Tx, by, d)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestDelegateSaysWhatIsWrong(t *testing.T) {
	k := kent(t)
	ctx := t.Context()
	constable := storetest.Holder(t, k.Tx, office.Constable, "kent")
	essex := storetest.Holder(t, k.Tx, office.CommissionerOffice, "essex")
	both := storetest.Holds(t, k.Tx, storetest.Person(t, k.Tx, "Both (sample)"), office.Office{Body: "kent", Kind: office.ChiefExecutive, Title: "Head of staff"})
	storetest.Holds(t, k.Tx, both.Person, office.Office{Body: "kent", Kind: office.Constable, Title: "Special constable"})
	fixed := k.delegates(t, k.pcc, to(k.chief, func(d *authority.Delegation) { d.Matter = "budget" }))
	limited := k.delegates(t, k.pcc, to(k.chief, func(d *authority.Delegation) {
		d.Matter, d.Limited, d.Limit, d.First, d.Last, d.MayPassOn = "contract", true, 50_000_00, "2013-01-20", "2013-03-31", true
	}))
	passing := func(change ...func(*authority.Delegation)) authority.Delegation {
		return to(k.next, append([]func(*authority.Delegation){func(d *authority.Delegation) {
			d.PassedOn, d.Matter, d.Limited, d.Limit, d.First, d.Last = limited, "contract", true, 50_000_00, "2013-01-20", "2013-03-31"
		}}, change...)...)
	}
	h, err := record.ReadHead(ctx, k.Tx)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		by    office.Viewer
		d     authority.Delegation
		want  fault.Kind
		field string
	}{
		"no such function":                {k.pcc, to(k.chief, func(d *authority.Delegation) { d.Function = "reign" }), fault.Invalid, "function"},
		"a matter that no scheme has":     {k.pcc, to(k.chief, func(d *authority.Delegation) { d.Matter = "weather" }), fault.Invalid, "matter"},
		"a matter in capitals":            {k.pcc, to(k.chief, func(d *authority.Delegation) { d.Matter = "Contracts" }), fault.Invalid, "matter"},
		"a limit below nothing":           {k.pcc, to(k.chief, func(d *authority.Delegation) { d.Limited, d.Limit = true, -1 }), fault.Invalid, "limit"},
		"no first day":                    {k.pcc, to(k.chief, func(d *authority.Delegation) { d.First = "" }), fault.Invalid, "from"},
		"a first day that is over":        {k.pcc, to(k.chief, func(d *authority.Delegation) { d.First = "2013-01-13" }), fault.Invalid, "from"},
		"a day that does not exist":       {k.pcc, to(k.chief, func(d *authority.Delegation) { d.First = "2013-02-30" }), fault.Invalid, "from"},
		"a last day before the first":     {k.pcc, to(k.chief, func(d *authority.Delegation) { d.Last = "2013-01-13" }), fault.Invalid, "to"},
		"to itself":                       {k.pcc, to(k.pcc), fault.Invalid, "office"},
		"to no office":                    {k.pcc, to(office.Viewer{}), fault.Invalid, "office"},
		"to a constable":                  {k.pcc, to(constable), fault.Forbidden, ""},
		"to whoever is a constable too":   {k.pcc, to(both), fault.Forbidden, ""},
		"to another commissioner":         {k.pcc, to(essex), fault.Forbidden, ""},
		"by an office that delegates not": {k.chief, to(k.next), fault.Forbidden, ""},
		"by a stranger":                   {office.Viewer{}, to(k.chief), fault.Forbidden, ""},
		"by the command line":             {office.CommandLine, to(k.chief), fault.Forbidden, ""},
		"by someone who lost the office":  {func() office.Viewer { v := k.pcc; v.Person = essex.Person; return v }(), to(k.chief), fault.Forbidden, ""},
		"what was said before":            {k.pcc, to(k.chief, func(d *authority.Delegation) { d.Matter = "budget" }), fault.Conflict, ""},
		"passing on what is not there":    {k.chief, passing(func(d *authority.Delegation) { d.PassedOn = 99 }), fault.NotFound, ""},
		"passing on what may not be":      {k.chief, passing(func(d *authority.Delegation) { d.PassedOn, d.Matter = fixed, "budget" }), fault.Forbidden, ""},
		"passing on another's":            {k.next, passing(func(d *authority.Delegation) { d.To = k.chief.Office }), fault.Forbidden, ""},
		"the commissioner passes it on":   {k.pcc, passing(), fault.Forbidden, ""},
		"passing on another function":     {k.chief, passing(func(d *authority.Delegation) { d.Function = authority.FunctionView }), fault.Invalid, "function"},
		"passing on every matter":         {k.chief, passing(func(d *authority.Delegation) { d.Matter = "" }), fault.Invalid, "matter"},
		"passing on a pound more":         {k.chief, passing(func(d *authority.Delegation) { d.Limit = 50_001_00 }), fault.Invalid, "limit"},
		"passing on without limit":        {k.chief, passing(func(d *authority.Delegation) { d.Limited = false }), fault.Invalid, "limit"},
		"passing on a day too early":      {k.chief, passing(func(d *authority.Delegation) { d.First = "2013-01-19" }), fault.Invalid, "from"},
		"passing on a day too long":       {k.chief, passing(func(d *authority.Delegation) { d.Last = "2013-04-01" }), fault.Invalid, "to"},
		"passing on without end":          {k.chief, passing(func(d *authority.Delegation) { d.Last = "" }), fault.Invalid, "to"},
		"passing on to a constable":       {k.chief, passing(func(d *authority.Delegation) { d.To = constable.Office }), fault.Forbidden, ""},
		"passing on to a commissioner":    {k.chief, passing(func(d *authority.Delegation) { d.To = essex.Office }), fault.Forbidden, ""},
	} {
		_, err := decisions.Delegate(ctx, k.Tx, c.by, c.d)
		if fault.KindOf(err) != c.want || storetest.FieldOf(err) != c.field {
			t.Errorf("%s: %v, field %q", name, err, storetest.FieldOf(err))
		}
		_, foreseen := decisions.ForeseeDelegation(ctx, k.Tx, c.by, c.d)
		if name == "by someone who lost the office" {
			continue // only the record asks once more who holds it
		}
		if told := storetest.FieldOf(foreseen) == "office"; fault.KindOf(foreseen) != c.want && !told || foreseen.Error() != err.Error() {
			t.Errorf("%s is foreseen as %v, and is %v", name, foreseen, err)
		}
	}
	if after, err := record.ReadHead(ctx, k.Tx); err != nil || after.Size != h.Size {
		t.Errorf("%d events recorded, %v", after.Size-h.Size, err)
	}
	k.delegates(t, k.chief, passing())
	storetest.Sound(t, k.Tx)
}

func TestADelegationIsMadePassedOnAndEnded(t *testing.T) {
	k := kent(t)
	ctx := t.Context()
	one := k.delegates(t, k.pcc, to(k.chief, func(d *authority.Delegation) { d.MayPassOn, d.Limited, d.Limit = true, true, 100_00 }))
	two := k.delegates(t, k.chief, to(k.next, func(d *authority.Delegation) { d.PassedOn, d.Limited, d.Limit = one, true, 50_00 }))
	made, err := decisions.FindDelegation(ctx, k.Tx, record.Moment{}, one)
	if err != nil {
		t.Fatal(err)
	}
	if made.From != k.pcc.Office || made.To != k.chief.Office || made.MadeBy != k.pcc.Person || made.Limit != 100_00 || !made.Limited || !made.MayPassOn || made.Last != "" {
		t.Errorf("%+v", made)
	}
	e, err := record.FindEvent(ctx, k.Tx, made.N)
	if err != nil || e.Act != "delegation.make" || e.Subject != "delegation/1" || e.About != "kent" || e.Person != k.pcc.Person || e.Office != k.pcc.Office.ID {
		t.Errorf("%+v %v", e, err)
	}
	a, err := decisions.ReadDelegationPage(ctx, k.Tx, record.Moment{}, two, 10)
	if err != nil || a.Why != "" || len(a.Up) != 1 || a.Up[0].ID != one || len(a.Down) != 0 || len(a.History.Events) != 1 || a.History.Events[0].Act != "delegation.pass-on" {
		t.Errorf("%+v %v", a, err)
	}

	k.clock.Day("2013-01-20")
	for name, c := range map[string]struct {
		by   office.Viewer
		last civil.Day
		want fault.Kind
	}{
		"the delegate does not end it":      {k.chief, "2013-01-20", fault.Forbidden},
		"nor does a stranger":               {office.Viewer{}, "2013-01-20", fault.Forbidden},
		"nor the command line":              {office.CommandLine, "2013-01-20", fault.Forbidden},
		"not without a day":                 {k.pcc, "", fault.Invalid},
		"not two days ago":                  {k.pcc, "2013-01-18", fault.Invalid},
		"not on a day that does not exist":  {k.pcc, "2013-02-30", fault.Invalid},
		"not one whose office is elsewhere": {storetest.Holder(t, k.Tx, office.CommissionerOffice, "essex"), "2013-01-20", fault.Forbidden},
	} {
		if err := decisions.EndDelegation(ctx, k.Tx, c.by, one, c.last); fault.KindOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := decisions.EndDelegation(ctx, k.Tx, k.pcc, 99, "2013-01-20"); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
	if err := decisions.EndDelegation(ctx, k.Tx, k.pcc, one, "2013-03-31"); err != nil {
		t.Fatal(err)
	}
	if err := decisions.EndDelegation(ctx, k.Tx, k.pcc, one, "2013-04-30"); storetest.FieldOf(err) != "to" {
		t.Errorf("it was made longer: %v", err)
	}
	before, err := record.ReadHead(ctx, k.Tx)
	if err != nil {
		t.Fatal(err)
	}
	if err := decisions.EndDelegation(ctx, k.Tx, k.pcc, one, "2013-01-19"); err != nil {
		t.Fatal(err)
	}
	ended, err := decisions.FindDelegation(ctx, k.Tx, record.Moment{}, one)
	if err != nil || ended.Last != "2013-01-19" || ended.EndedBy != k.pcc.Person || ended.InForce("2013-01-20") || !ended.InForce("2013-01-19") {
		t.Errorf("%+v %v", ended, err)
	}
	if err := decisions.EndDelegation(ctx, k.Tx, k.pcc, one, "2013-01-20"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("ended twice: %v", err)
	}
	if a, err := decisions.ReadDelegationPage(ctx, k.Tx, record.Moment{}, two, 10); err != nil || !strings.Contains(a.Why, "Delegation 1 was not in force") {
		t.Errorf("what was passed on outlives it: %+v %v", a.Standing, err)
	}
	if _, err := decisions.Delegate(ctx, k.Tx, k.chief, to(k.next, func(d *authority.Delegation) { d.PassedOn, d.First, d.Limited = one, "2013-01-20", true })); fault.KindOf(err) != fault.Conflict {
		t.Errorf("one that has ended is passed on: %v", err)
	}

	// As it was known before: without that end.
	then := record.Moment{Day: "2013-01-20", Past: true, Event: before.Size}
	if all, err := decisions.Delegations(ctx, k.Tx, then); err != nil || len(all) != 2 || all[0].Last != "2013-03-31" || all[1] == (authority.Delegation{}) {
		t.Errorf("%+v %v", all, err)
	}
	if d, err := decisions.FindDelegation(ctx, k.Tx, then, one); err != nil || d.Last != "2013-03-31" || d.From != k.pcc.Office {
		t.Errorf("%+v %v", d, err)
	}
	if all, err := decisions.Delegations(ctx, k.Tx, record.Moment{Past: true}); err != nil || len(all) != 0 {
		t.Errorf("before the record: %v %v", all, err)
	}
	if _, err := decisions.FindDelegation(ctx, k.Tx, record.Moment{Past: true, Event: made.N - 1}, one); fault.KindOf(err) != fault.NotFound {
		t.Errorf("known before it was made: %v", err)
	}
	storetest.Sound(t, k.Tx)
}

func TestDelegationList(t *testing.T) {
	k := kent(t)
	for _, matter := range []string{"articles", "policy"} {
		k.delegates(t, k.pcc, to(k.chief, func(d *authority.Delegation) { d.Matter = matter }))
	}
	k.delegates(t, k.pcc, to(k.chief, func(d *authority.Delegation) { d.First = "2013-02-01" }))
	official, other := storetest.Holder(t, k.Tx, office.Official, office.HomeOffice), storetest.Holder(t, k.Tx, office.AssociationOfficer, office.TheAssociation)
	k.delegates(t, official, to(other))
	for name, c := range map[string]struct {
		f    decisions.DelegationFilter
		day  civil.Day
		want []int64
	}{
		"those in force today":      {decisions.DelegationFilter{}, "", []int64{1, 2, 4}},
		"all":                       {decisions.DelegationFilter{All: true}, "", []int64{1, 2, 3, 4}},
		"of one body":               {decisions.DelegationFilter{Body: "kent"}, "", []int64{1, 2}},
		"of the body that receives": {decisions.DelegationFilter{Body: office.TheAssociation}, "", []int64{4}},
		"of a body without any":     {decisions.DelegationFilter{Body: "essex"}, "", nil},
		"on a later day":            {decisions.DelegationFilter{Body: "kent"}, "2013-02-01", []int64{1, 2, 3}},
		"on a day before them all":  {decisions.DelegationFilter{}, "2013-01-13", nil},
	} {
		all, err := decisions.DelegationList(t.Context(), k.Tx, record.Moment{Day: c.day}, c.f)
		var got []int64
		for _, d := range all {
			got = append(got, d.ID)
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
}
