package authority

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/register"
)

// The people of the cases.
const (
	official int64 = iota + 1
	official2
	assoc
	officer
	finance
	secretary
	kent        // commissioner
	kentChief   // acts by delegation
	kentDeputy  // to whom the chief passed it on
	essex       // commissioner, who has an interest
	essexChief  // delegated, and the delegation ends
	surreyOld   // commissioner to 1 May 2013
	surreyActs  // acting commissioner to 6 June 2013
	surreyNew   // commissioner from 7 June 2013
	constable   // who is chief executive of Sussex too
	sussexChief // to whom Sussex delegated
	norfolk     // commissioner of a body that is not a member
	director1
	director2 // who has an interest
	director3 // whose seat is vacant
	both      // commissioner for Dorset and, wrongly, for Devon and Cornwall
	scrutineer
	stranger
)

const completion civil.Day = "2013-04-01"

// factsOn are the facts of a day: the whole story of a company that passes to
// eight bodies on 1 April 2013.
func factsOn(t testing.TB, on civil.Day) Facts {
	t.Helper()
	var shipped []Scheme
	if err := json.Unmarshal(SchemesFile, &shipped); err != nil {
		t.Fatal(err)
	}
	f := Facts{On: on, Known: 100}
	switch {
	case on >= completion:
		f.Scheme = SchemeVersion{Scheme: shipped[1], Adopted: true, From: completion}
	case on >= "2012-07-16":
		f.Scheme = SchemeVersion{Scheme: shipped[0], Adopted: true, From: "2012-07-16"}
	}
	var n int64
	var entries []register.Entry
	enter := func(e register.Entry) {
		n++
		e.N = n
		entries = append(entries, e)
	}
	enter(register.Entry{Kind: register.Incorporated, Registered: "2012-07-16"})
	for _, body := range []string{office.HomeOffice, office.TheAssociation} {
		enter(register.Entry{Kind: register.Admitted, Body: body, Class: "Interim owner", Votes: 1, Registered: "2012-07-16"})
		enter(register.Entry{Kind: register.RightGranted, Body: body, Right: register.AppointDirectors, Seats: 6, Clause: "14.2", Registered: "2012-07-16"})
		enter(register.Entry{Kind: register.RightGranted, Body: body, Right: register.Consent, Matter: "Change of the articles", Clause: "9.1", Registered: "2012-07-16"})
	}
	enter(register.Entry{Kind: register.RightGranted, Body: office.HomeOffice, Right: register.Consent, Matter: "Contracts over £250,000", Clause: "9.2", Registered: "2012-09-01"})
	for seat := range int64(2) {
		enter(register.Entry{Kind: register.DirectorAppointed, Body: office.HomeOffice, Director: fmt.Sprint("Director ", seat+1), Seat: seat + 1, Registered: "2012-07-16"})
	}
	for _, body := range []string{"kent", "essex", "surrey", "sussex", "dorset", "devon-and-cornwall"} {
		enter(register.Entry{Kind: register.Admitted, Body: body, Class: "Local policing body", Votes: 1, Registered: completion})
	}
	for _, body := range []string{office.HomeOffice, office.TheAssociation} {
		enter(register.Entry{Kind: register.Ceased, Body: body, Ground: "Handover", Registered: completion})
	}
	r, _, err := register.Replay(register.InForce(entries), on)
	if err != nil {
		t.Fatal(err)
	}
	f.Register = r
	f.Appointments = slices.DeleteFunc(appointments(), func(a office.Appointment) bool { return !a.InForce(on) })
	post := func(person int64) office.Office {
		i := slices.IndexFunc(appointments(), func(a office.Appointment) bool { return a.Person == person })
		return appointments()[i].Office
	}
	f.Delegations = []Delegation{
		{ID: 1, From: post(kent), To: post(kentChief), Function: FunctionVote, Limited: true, Limit: 200_000_000, First: "2013-01-01", MayPassOn: true},
		{ID: 2, From: post(kentChief), To: post(kentDeputy), Function: FunctionVote, Limited: true, Limit: 150_000_000, First: "2013-02-01", PassedOn: 1},
		{ID: 3, From: post(essex), To: post(essexChief), Function: FunctionVote, First: "2013-04-01", Last: "2013-05-31"},
		{ID: 4, From: office.Office{ID: 900, Body: "sussex", Kind: office.CommissionerOffice, Title: "Commissioner for Sussex"}, To: post(constable), Function: FunctionVote, First: "2013-04-01"},
		{ID: 5, From: office.Office{ID: 900, Body: "sussex", Kind: office.CommissionerOffice, Title: "Commissioner for Sussex"}, To: post(sussexChief), Function: FunctionVote, Matter: "contract", First: "2013-04-01"},
		{ID: 6, From: post(officer), To: post(secretary), Function: FunctionDecide, Limited: true, Limit: 2_000_000, First: "2012-08-01"},
		{ID: 7, From: post(finance), To: post(officer), Function: FunctionView, First: "2012-08-01", Last: "2012-08-31"},
	}
	f.Interests = []Interest{
		{ID: 1, Person: essex, Company: "99000101", Name: "Alder Vale Hosting Ltd (sample)", First: "2012-11-22"},
		{ID: 2, Person: director2, Company: "99000101", Name: "Alder Vale Hosting Ltd (sample)", First: "2012-08-01", Last: "2013-05-31"},
		{ID: 3, Person: official2, Decision: "2013-009", Name: "A relative works for the bidder", First: "2013-01-01"},
	}
	return f
}

func appointments() (all []office.Appointment) {
	hold := func(person int64, body string, kind office.Kind, from, to civil.Day, seat int64) {
		id := int64(len(all) + 1)
		all = append(all, office.Appointment{ID: id, Person: person, From: from, To: to, Status: office.Confirmed, Acting: person == surreyActs,
			Office: office.Office{ID: id, Body: body, Kind: kind, Title: string(kind) + " of " + body, Seat: seat}})
	}
	hold(official, office.HomeOffice, office.Official, "2012-07-02", "", 0)
	hold(official2, office.HomeOffice, office.Official, "2012-07-02", "", 0)
	hold(assoc, office.TheAssociation, office.AssociationOfficer, "2012-07-02", "", 0)
	hold(officer, office.TheCompany, office.CompanyOfficer, "2011-07-01", "", 0)
	hold(finance, office.TheCompany, office.FinanceOfficer, "2012-07-02", "", 0)
	hold(secretary, office.TheCompany, office.CompanySecretary, "2011-07-01", "", 0)
	hold(kent, "kent", office.CommissionerOffice, "2012-11-22", "", 0)
	hold(kentChief, "kent", office.ChiefExecutive, "2012-11-22", "", 0)
	hold(kentDeputy, "kent", office.ChiefExecutive, "2012-11-22", "", 0)
	hold(essex, "essex", office.CommissionerOffice, "2012-11-22", "", 0)
	hold(essexChief, "essex", office.ChiefExecutive, "2012-11-22", "", 0)
	hold(surreyOld, "surrey", office.CommissionerOffice, "2012-11-22", "2013-05-01", 0)
	hold(surreyActs, "surrey", office.CommissionerOffice, "2013-05-02", "2013-06-06", 0)
	hold(surreyNew, "surrey", office.CommissionerOffice, "2013-06-07", "", 0)
	hold(constable, "sussex", office.ChiefExecutive, "2012-11-22", "", 0)
	hold(constable, "sussex", office.Constable, "2012-11-22", "", 0)
	hold(sussexChief, "sussex", office.ChiefExecutive, "2012-11-22", "", 0)
	hold(norfolk, "norfolk", office.CommissionerOffice, "2012-11-22", "", 0)
	hold(director1, office.TheCompany, office.DirectorOffice, "2012-07-16", "", 1)
	hold(director2, office.TheCompany, office.DirectorOffice, "2012-07-16", "", 2)
	hold(director3, office.TheCompany, office.DirectorOffice, "2012-07-16", "", 3)
	hold(both, "dorset", office.CommissionerOffice, "2012-11-22", "", 0)
	hold(both, "devon-and-cornwall", office.CommissionerOffice, "2012-11-22", "", 0)
	hold(scrutineer, office.TheAssociation, office.Scrutineer, "2012-07-02", "", 0)
	return all
}

// asks is a question about a contract at a whole-life value in pounds.
func asks(pounds money.Pence, change ...func(*Case)) Case {
	q := Case{Role: Votes, Matter: "contract", Value: pounds * 100, Way: ByApproval, Proposer: officer, Companies: []string{"99000999"}}
	for _, c := range change {
		c(&q)
	}
	return q
}

func of(matter string) func(*Case) { return func(q *Case) { q.Matter, q.Value = matter, 0 } }

func to(role Role) func(*Case) { return func(q *Case) { q.Role = role } }

func by(way Way) func(*Case) { return func(q *Case) { q.Way = way } }

func from(person int64) func(*Case) { return func(q *Case) { q.Proposer = person } }

func wants(v ViewKind) func(*Case) { return func(q *Case) { q.Role, q.View = Views, v } }

func right(matter string) func(*Case) {
	return func(q *Case) { q.Role, q.Consent = Consents, matter }
}

func with(company string) func(*Case) {
	return func(q *Case) { q.Companies = []string{company} }
}

func ref(r string) func(*Case) { return func(q *Case) { q.Decision = r } }

func split(pounds money.Pence) func(*Case) {
	return func(q *Case) { q.Related = []Related{{"2012-900", pounds * 100}} }
}

func did(person int64, elector string) func(*Case) {
	return func(q *Case) { q.Acted = append(q.Acted, Acted{person, elector}) }
}

func circulated(on civil.Day, electors ...string) func(*Case) {
	return func(q *Case) { q.Circulated, q.Electors = on, electors }
}

const million = 1_000_000

type authorityCase struct {
	on     civil.Day
	person int64
	q      Case
	rule   string // that refuses; "" when the person may
}

var authorityCases = map[string]authorityCase{
	"an official approves what every owner must":            {"2012-10-10", official, asks(6 * million), ""},
	"an association officer approves it too":                {"2012-10-10", assoc, asks(6 * million), ""},
	"on the day of the register's first entry":              {"2012-07-16", official, asks(6 * million), ""},
	"the day before, no scheme is in force":                 {"2012-07-15", official, asks(6 * million), "scheme"},
	"a matter that the scheme does not know":                {"2012-10-10", official, asks(0, of("weather")), "matter"},
	"whoever holds no office":                               {"2012-10-10", stranger, asks(6 * million), "office"},
	"an office that began later":                            {"2012-11-21", kent, asks(6 * million), "office"},
	"a scrutineer approves nothing":                         {"2012-10-10", scrutineer, asks(6 * million), "member-office"},
	"a company officer acts for no member":                  {"2012-10-10", secretary, asks(6 * million), "member-office"},
	"a commissioner whose body is not yet a member":         {"2013-03-31", kent, asks(6 * million), "member"},
	"at 00:00 of the handover day the commissioner votes":   {completion, kent, asks(6*million, by(ByPoll)), ""},
	"at 00:00 of the handover day the Home Office does not": {completion, official, asks(6*million, by(ByPoll)), "member"},
	"the day before it did":                                 {"2013-03-31", official, asks(6 * million), ""},
	"the association after ceasing":                         {"2013-04-02", assoc, asks(6*million, by(ByPoll)), "member"},
	"a body ready but not admitted":                         {"2013-05-10", norfolk, asks(6*million, by(ByPoll)), "member"},
	"the last day of a commissioner who resigned":           {"2013-05-01", surreyOld, asks(6*million, by(ByPoll)), ""},
	"the day after":                                         {"2013-05-02", surreyOld, asks(6*million, by(ByPoll)), "office"},
	"an acting commissioner from her first day":             {"2013-05-02", surreyActs, asks(6*million, by(ByPoll)), ""},
	"an acting commissioner on her last":                    {"2013-06-06", surreyActs, asks(6*million, by(ByPoll)), ""},
	"by-election day: the acting one is out":                {"2013-06-07", surreyActs, asks(6*million, by(ByPoll)), "office"},
	"by-election day: the new one is in":                    {"2013-06-07", surreyNew, asks(6*million, by(ByPoll)), ""},
	"the day before she was not":                            {"2013-06-06", surreyNew, asks(6*million, by(ByPoll)), "office"},
	"a chief executive by delegation":                       {"2013-04-10", kentChief, asks(2*million, by(ByPoll)), ""},
	"a delegate £1 over the limit":                          {"2013-04-10", kentChief, asks(2*million+1, by(ByPoll)), "limit"},
	"a delegate over it by related decisions":               {"2013-04-10", kentChief, asks(1*million, by(ByPoll), split(1*million+1)), "limit"},
	"a delegate to whom it was passed on":                   {"2013-04-10", kentDeputy, asks(1_400_000, by(ByPoll)), ""},
	"passed on with a lower limit":                          {"2013-04-10", kentDeputy, asks(1_500_001, by(ByPoll)), "limit"},
	"a delegate before the first day":                       {"2012-12-31", kentChief, asks(6 * million), "member-office"},
	"a delegate on the last day":                            {"2013-05-31", essexChief, asks(2*million, by(ByPoll)), ""},
	"a delegation that ended yesterday":                     {"2013-06-01", essexChief, asks(2*million, by(ByPoll)), "member-office"},
	"a constable, who is chief executive too":               {"2013-04-10", constable, asks(2*million, by(ByPoll)), "forbidden"},
	"a delegate for contracts, on a contract":               {"2013-04-10", sussexChief, asks(2*million, by(ByPoll)), ""},
	"a delegate for contracts, on the articles":             {"2013-04-10", sussexChief, asks(0, of("articles"), by(ByPoll)), "member-office"},
	"an office of the company up to its limit":              {"2012-10-10", officer, asks(50_000, from(finance)), ""},
	"£1 over, the board decides":                            {"2012-10-10", officer, asks(50_001, from(finance)), "director"},
	"split in two, the board decides":                       {"2012-10-10", officer, asks(30_000, from(finance), split(30_000)), "director"},
	"two that together stay within":                         {"2012-10-10", officer, asks(30_000, from(finance), split(20_000)), ""},
	"the secretary for the officer, by delegation":          {"2012-10-10", secretary, asks(20_000, from(finance)), ""},
	"the same, over that delegation's limit":                {"2012-10-10", secretary, asks(20_001, from(finance)), "limit"},
	"a finance officer decides no contract":                 {"2012-10-10", finance, asks(20_000), "office-decides"},
	"a director whose seat is filled":                       {"2012-10-10", director1, asks(250_000, by(ByPoll)), ""},
	"a director whose seat is vacant":                       {"2012-10-10", director3, asks(250_000, by(ByPoll)), "director"},
	"an official is no director":                            {"2012-10-10", official, asks(250_000, by(ByPoll)), "director"},
	"£1 over the board's limit, every owner":                {"2012-10-10", director1, asks(1*million + 1), "member-office"},
	"at the board's limit, the board":                       {"2012-10-10", director1, asks(1*million, by(ByPoll)), ""},
	"a director with an interest in the supplier":           {"2012-10-10", director2, asks(250_000, by(ByPoll), with("99000101")), "interest"},
	"an interest in another company":                        {"2012-10-10", director2, asks(250_000, by(ByPoll), with("99000102")), ""},
	"the day after the interest ended":                      {"2013-06-01", director2, asks(250_000, by(ByPoll), with("99000101")), ""},
	"the last day of the interest":                          {"2013-05-31", director2, asks(250_000, by(ByPoll), with("99000101")), "interest"},
	"a commissioner with an interest":                       {"2013-04-10", essex, asks(2*million, by(ByPoll), with("99000101")), "interest"},
	"the body's delegate without one":                       {"2013-04-10", essexChief, asks(2*million, by(ByPoll), with("99000101")), ""},
	"declared for this decision":                            {"2013-01-10", official2, asks(6*million, ref("2013-009")), "interest"},
	"declared for another decision":                         {"2013-01-10", official2, asks(6*million, ref("2013-010")), ""},
	"the proposer approves nothing":                         {"2012-10-10", official, asks(6*million, from(official)), "proposer"},
	"the proposer through another office of theirs":         {"2012-10-10", officer, asks(20_000, from(officer)), "proposer"},
	"a commissioner who proposed votes in a poll":           {"2013-04-10", kent, asks(6*million, by(ByPoll), from(kent)), ""},
	"one person for two bodies":                             {"2013-04-10", both, asks(6*million, by(ByPoll), did(both, "dorset"), did(both, "devon-and-cornwall")), "once"},
	"one person for the same body again":                    {"2013-04-10", kent, asks(6*million, by(ByPoll), did(kent, "kent")), ""},
	"another person for another body":                       {"2013-04-10", kent, asks(6*million, by(ByPoll), did(both, "dorset")), ""},
	"consent by the holder of the right":                    {"2012-10-10", official, asks(640_000, right("Contracts over £250,000")), ""},
	"consent the day before the right was granted":          {"2012-08-31", official, asks(640_000, right("Contracts over £250,000")), "right"},
	"consent by the other owner, which has no such right":   {"2012-10-10", assoc, asks(640_000, right("Contracts over £250,000")), "right"},
	"consent on the day membership ceases":                  {completion, official, asks(640_000, right("Contracts over £250,000")), "member"},
	"consent by an office that acts for no member":          {"2012-10-10", secretary, asks(640_000, right("Contracts over £250,000")), "consent-office"},
	"consent by the proposer":                               {"2012-10-10", official, asks(640_000, right("Contracts over £250,000"), from(official)), "proposer"},
	"the finance view":                                      {"2012-10-10", finance, asks(6*million, wants(FinanceView)), ""},
	"the finance view by the secretary":                     {"2012-10-10", secretary, asks(6*million, wants(FinanceView)), "view"},
	"the finance view by a delegate":                        {"2012-08-31", officer, asks(6*million, wants(FinanceView), from(secretary)), ""},
	"the day after that delegation":                         {"2012-09-01", officer, asks(6*million, wants(FinanceView), from(secretary)), "view"},
	"the finance view by the proposer":                      {"2012-10-10", finance, asks(6*million, wants(FinanceView), from(finance)), "proposer"},
	"the legal view":                                        {"2012-10-10", secretary, asks(6*million, wants(LegalView)), ""},
	"a company officer proposes":                            {"2012-10-10", officer, asks(6*million, to(Proposes)), ""},
	"an official does not propose":                          {"2012-10-10", official, asks(6*million, to(Proposes)), "proposes"},
	"a commissioner does not propose before the handover":   {"2013-03-31", kent, asks(6*million, to(Proposes)), "proposes"},
	"a commissioner proposes after it":                      {completion, kent, asks(6*million, to(Proposes)), ""},
	"a member when the resolution was circulated":           {"2013-04-05", official, asks(0, of("articles"), by(ByResolution), circulated("2013-03-30", office.HomeOffice, office.TheAssociation)), ""},
	"no member when the resolution was circulated":          {"2013-04-05", kent, asks(0, of("articles"), by(ByResolution), circulated("2013-03-30", office.HomeOffice, office.TheAssociation)), "member"},
	"referred to the members, a small contract":             {"2012-10-10", official, asks(20_000, func(q *Case) { q.Raised = true }), ""},
	"referred to the members, an officer decides no longer": {"2012-10-10", officer, asks(20_000, from(finance), func(q *Case) { q.Raised = true }), "member-office"},
}

func TestWhoMayActInAMatter(t *testing.T) {
	for name, k := range authorityCases {
		got := factsOn(t, k.on).Authority(k.q, k.person, 0)
		if got.May != (k.rule == "") || !got.May && got.Why().Name != k.rule {
			t.Errorf("%s: may is %v, by the rule %q; want %q\n%+v", name, got.May, got.Why().Name, k.rule, got.Findings)
		}
		for _, f := range got.Findings {
			if f.Rule == "" || f.Fact == "" || f.Name == "" {
				t.Errorf("%s: a rule without words or fact: %+v", name, f)
			}
		}
	}
	if n := len(authorityCases); n < 60 {
		t.Errorf("only %d cases", n)
	}
}

// A rule that could be left out without a case noticing would not be tested.
func TestEveryRuleOfAuthorityIsNeeded(t *testing.T) {
	t.Parallel()
	names := []string{"splitting"}
	for _, r := range authorityRules {
		names = append(names, r.name)
	}
	for _, off := range names {
		missed := 0
		for _, k := range authorityCases {
			got := factsOn(t, k.on).authority(k.q, k.person, 0, off)
			if got.May != (k.rule == "") || !got.May && got.Why().Name != k.rule {
				missed++
			}
		}
		if missed == 0 {
			t.Errorf("with the rule %q switched off every case still holds", off)
		}
	}
}

// voted are ballots by elector.
func voted(choices map[string]BallotChoice) (all []Ballot) {
	for elector, c := range choices {
		all = append(all, Ballot{Role: Votes, Elector: elector, Choice: c})
	}
	return all
}

func TestWhatCarries(t *testing.T) {
	board := Band{Who: TheBoard, Rule: Simple, Quorum: Fraction{1, 2}, Ways: []Way{ByPoll}}
	members := func(rule Majority) Band { return Band{Who: TheMembers, Rule: rule, Quorum: Fraction{1, 2}} }
	six := func(n int, c BallotChoice) map[string]BallotChoice {
		out := map[string]BallotChoice{}
		for _, body := range []string{"kent", "surrey", "sussex", "dorset", "devon-and-cornwall", "essex"}[:n] {
			out[body] = c
		}
		return out
	}
	mixed := func(yes, no, abstain int) map[string]BallotChoice {
		out := map[string]BallotChoice{}
		for i, body := range []string{"kent", "surrey", "sussex", "dorset", "devon-and-cornwall", "essex"} {
			switch {
			case i < yes:
				out[body] = For
			case i < yes+no:
				out[body] = Against
			case i < yes+no+abstain:
				out[body] = Abstain
			}
		}
		return out
	}
	const after civil.Day = "2013-05-10"
	for name, k := range map[string]struct {
		on        civil.Day
		band      Band
		q         Case
		cast      map[string]BallotChoice
		counted   int64
		carried   bool
		inquorate bool
	}{
		"both owners":                                       {"2012-10-10", members(Every), asks(6 * million), map[string]BallotChoice{office.HomeOffice: For, office.TheAssociation: For}, 2, true, false},
		"one of two owners":                                 {"2012-10-10", members(Every), asks(6 * million), map[string]BallotChoice{office.HomeOffice: For}, 2, false, false},
		"one for, one against":                              {"2012-10-10", members(Every), asks(6 * million), map[string]BallotChoice{office.HomeOffice: For, office.TheAssociation: Against}, 2, false, false},
		"a poll of six: four to two":                        {after, members(Simple), asks(2*million, by(ByPoll)), mixed(4, 2, 0), 6, true, false},
		"a tie":                                             {after, members(Simple), asks(2*million, by(ByPoll)), mixed(3, 3, 0), 6, false, false},
		"two to one, three abstain":                         {after, members(Simple), asks(2*million, by(ByPoll)), mixed(2, 1, 3), 6, true, false},
		"two for, nobody else there: inquorate":             {after, members(Simple), asks(2*million, by(ByPoll)), mixed(2, 0, 0), 6, false, true},
		"three of six make the quorum":                      {after, members(Simple), asks(2*million, by(ByPoll)), mixed(3, 0, 0), 6, true, false},
		"all abstain":                                       {after, members(Simple), asks(2*million, by(ByPoll)), mixed(0, 0, 6), 6, false, false},
		"special at a poll: three to one":                   {after, members(Special), asks(6*million, by(ByPoll)), mixed(3, 1, 0), 6, true, false},
		"special at a poll: four to two":                    {after, members(Special), asks(6*million, by(ByPoll)), mixed(4, 2, 0), 6, false, false},
		"a resolution: three of six":                        {after, members(Simple), asks(2*million, by(ByResolution)), six(3, For), 6, false, false},
		"a resolution: four of six":                         {after, members(Simple), asks(2*million, by(ByResolution)), six(4, For), 6, true, false},
		"special resolution: four of six":                   {after, members(Special), asks(6*million, by(ByResolution)), six(4, For), 6, false, false},
		"special resolution: five of six":                   {after, members(Special), asks(6*million, by(ByResolution)), six(5, For), 6, true, false},
		"an interest with a delegate left excludes no body": {after, members(Simple), asks(2*million, by(ByPoll), with("99000101")), mixed(3, 0, 0), 6, true, false},
		"the delegation ended: the body is excluded":        {"2013-06-10", members(Simple), asks(2*million, by(ByPoll), with("99000101")), mixed(3, 2, 0), 5, true, false},
		"the board":                                         {"2012-10-10", board, asks(250_000, by(ByPoll)), map[string]BallotChoice{"seat 1": For, "seat 2": For}, 2, true, false},
		"a director's interest changes the count":           {"2012-10-10", board, asks(250_000, by(ByPoll), with("99000101")), map[string]BallotChoice{"seat 1": For}, 1, true, false},
		"nobody left":                                       {"2012-10-10", Band{Who: TheBoard, Rule: Simple, Ways: []Way{ByPoll}}, asks(250_000, by(ByPoll), with("99000101")), nil, 1, false, false},
	} {
		got := factsOn(t, k.on).Tally(k.q, k.band, nil, voted(k.cast))
		if got.Counted != k.counted || got.Carried() != k.carried || (got.Inquorate() != "") != k.inquorate {
			t.Errorf("%s: carried %v, inquorate %q, %s", name, got.Carried(), got.Inquorate(), got.Result())
		}
		if got.Total != got.Counted+got.Excluded || got.Present() > got.Counted {
			t.Errorf("%s: the votes do not add up: %+v", name, got)
		}
	}
}

func TestNobodyLeftMakesItInquorate(t *testing.T) {
	f := factsOn(t, "2012-10-10")
	f.Interests = append(f.Interests, Interest{ID: 9, Person: director1, Company: "99000101", Name: "Alder Vale Hosting Ltd (sample)", First: "2012-08-01"})
	got := f.Tally(asks(250_000, by(ByPoll), with("99000101")), Band{Who: TheBoard, Rule: Simple, Quorum: Fraction{1, 2}}, nil, nil)
	if got.Counted != 0 || got.Excluded != 2 || got.Inquorate() != "nobody may vote" || got.Carried() {
		t.Errorf("%+v: %q", got, got.Inquorate())
	}
}
