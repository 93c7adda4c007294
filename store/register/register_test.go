package register_test

import (
	"slices"
	"testing"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/store/text"
)

const (
	essexPA = "essex-police-authority" // exists to 21 November 2012
	kentPA  = "kent-police-authority"
	dfltDay = civil.Day("2012-09-10")
)

func seats(body string, n int64, on civil.Day) register.Entry {
	return register.Entry{Kind: register.RightGranted, Body: body, Right: register.AppointDirectors, Seats: n, Clause: "14.2", Registered: on}
}

func consents(body, matter string, on civil.Day) register.Entry {
	return register.Entry{Kind: register.RightGranted, Body: body, Right: register.Consent, Matter: matter, Clause: "9.1", Registered: on}
}

// peopled is a cast whose register has had a summer: two directors, one gone,
// a member that came and went, and a new name.
func peopled(t testing.TB) (c *storetest.Cast, right int64) {
	t.Helper()
	c = storetest.Begin(t)
	right = c.Enter(consents(office.HomeOffice, "Change of the articles", "2012-07-20"))
	for _, e := range []register.Entry{
		storetest.Director("Ann Bell", 1, office.HomeOffice, "2012-07-20"), storetest.Director("Cy Dee", 7, office.TheAssociation, "2012-07-20"),
		storetest.Admitted(kentPA, "2012-08-01", 3), storetest.Removed(7, "2012-09-01"), storetest.Ceased(kentPA, "2012-10-01"),
		storetest.Renamed(office.TheAssociation, "Association of Police and Crime Commissioners", "2012-11-22"),
	} {
		c.Enter(e)
	}
	return c, right
}

func TestWhatTheRegisterRefuses(t *testing.T) {
	c, right := peopled(t)
	e := func(change func(*register.Entry)) register.Entry {
		return storetest.With(storetest.Admitted(essexPA, dfltDay, 1), change)
	}
	withdrawn := func(n int64, on civil.Day) register.Entry {
		return register.Entry{Kind: register.RightWithdrawn, Withdraw: n, Registered: on}
	}
	class := func(name string) register.Entry {
		return register.Entry{Kind: register.RightGranted, Class: name, Right: register.Consent, Matter: "New members", Clause: "9.2", Registered: dfltDay}
	}
	for name, k := range map[string]struct {
		e     register.Entry
		field string // at fault, "" when the entry is taken
	}{
		"a body is admitted":                          {storetest.Admitted(essexPA, dfltDay, 1), ""},
		"on the last day that it exists":              {storetest.Admitted(essexPA, "2012-11-21", 1), ""},
		"the day after it ended":                      {storetest.Admitted(essexPA, "2012-11-22", 1), "registered"},
		"on the day of incorporation itself":          {storetest.Admitted(essexPA, "2012-07-16", 1), ""},
		"the day before the incorporation":            {storetest.Admitted(essexPA, "2012-07-15", 1), "registered"},
		"registered today":                            {storetest.Renamed(office.TheCompany, "PICT", "2013-01-14"), ""},
		"registered tomorrow":                         {storetest.Renamed(office.TheCompany, "PICT", "2013-01-15"), "registered"},
		"without a day":                               {storetest.Admitted(essexPA, "", 1), "registered"},
		"an admission twice":                          {storetest.Admitted(office.HomeOffice, dfltDay, 1), "body"},
		"an admission while it is still a member":     {storetest.Admitted(kentPA, "2012-09-30", 1), "body"},
		"an admission again on the day it ceased":     {storetest.Admitted(kentPA, "2012-10-01", 1), ""},
		"an admission that makes the first one twice": {storetest.Admitted(kentPA, "2012-07-20", 1), "registered"},
		"an admission of the company itself":          {storetest.Admitted(office.TheCompany, dfltDay, 1), "body"},
		"an admission of nobody":                      {storetest.Admitted("", dfltDay, 1), "body"},
		"an admission of a body that is not":          {storetest.Admitted("atlantis", dfltDay, 1), "body"},
		"no vote":                                     {storetest.Admitted(essexPA, dfltDay, 0), "votes"},
		"a vote less than none":                       {storetest.Admitted(essexPA, dfltDay, -1), "votes"},
		"more votes than can be":                      {storetest.Admitted(essexPA, dfltDay, 1_000_001), "votes"},
		"no class":                                    {e(func(e *register.Entry) { e.Class = "  " }), "class"},
		"no instrument":                               {e(func(e *register.Entry) { e.Instrument = "" }), "instrument"},
		"a guarantee below nothing":                   {e(func(e *register.Entry) { e.Guarantee = -1 }), "guarantee"},
		"a guarantee of nothing":                      {e(func(e *register.Entry) { e.Guarantee = 0 }), ""},
		"agreed, completed and registered in order":   {e(func(e *register.Entry) { e.Agreed, e.Completed = "2012-09-01", "2012-09-05" }), ""},
		"all three on one day":                        {e(func(e *register.Entry) { e.Agreed, e.Completed = dfltDay, dfltDay }), ""},
		"completed after registered":                  {e(func(e *register.Entry) { e.Completed = "2012-09-11" }), "completed"},
		"agreed after completed":                      {e(func(e *register.Entry) { e.Agreed, e.Completed = "2012-09-06", "2012-09-05" }), "agreed"},
		"agreed after registered":                     {e(func(e *register.Entry) { e.Agreed = "2012-09-11" }), "agreed"},
		"a note with control characters":              {e(func(e *register.Entry) { e.Note = "a\x00b" }), "note"},
		"a note that is far too long":                 {e(func(e *register.Entry) { e.Note = string(make([]rune, 501)) }), "note"},
		"an incorporation twice":                      {register.Entry{Kind: register.Incorporated, Registered: dfltDay}, "kind"},
		"an incorporation before the one entered":     {register.Entry{Kind: register.Incorporated, Registered: "2012-07-01"}, "registered"},

		"a cessation of who is no member":              {storetest.Ceased(essexPA, dfltDay), "body"},
		"a cessation before the admission":             {storetest.Ceased(kentPA, "2012-07-31"), "body"},
		"a cessation after the cessation":              {storetest.Ceased(kentPA, "2012-10-01"), "body"},
		"a cessation that makes a later one twice":     {storetest.Ceased(kentPA, "2012-08-31"), "registered"},
		"a cessation without a ground":                 {storetest.With(storetest.Ceased(kentPA, "2012-08-31"), func(e *register.Entry) { e.Ground = "" }), "ground"},
		"an owner ceases before the handover":          {storetest.Ceased(office.HomeOffice, "2013-01-10"), "body"},
		"a transferee is admitted before the handover": {storetest.Admitted("kent", "2013-01-10", 1), "body"},
		"even one that always existed":                 {storetest.Admitted("city-of-london", dfltDay, 1), "body"},

		"a new name of who is no member":      {storetest.Renamed(essexPA, "EPA", dfltDay), "body"},
		"a new name of a former member":       {storetest.Renamed(kentPA, "KPA", "2012-10-02"), "body"},
		"the company's own new name":          {storetest.Renamed(office.TheCompany, "PICT", dfltDay), ""},
		"the name that it has":                {storetest.Renamed(office.HomeOffice, "Home Office", dfltDay), "name"},
		"no name":                             {storetest.Renamed(office.HomeOffice, " ", dfltDay), "name"},
		"the new name, before it was taken":   {storetest.Renamed(office.TheAssociation, "Association of Police and Crime Commissioners", "2012-11-21"), "registered"},
		"another name on the same day, after": {storetest.Renamed(office.TheAssociation, "APCC", "2012-11-22"), ""},

		"a right of a member":                     {consents(kentPA, "New members", "2012-08-01"), ""},
		"a right of who is no member":             {seats(essexPA, 1, dfltDay), "body"},
		"a right the day before the admission":    {consents(kentPA, "New members", "2012-07-31"), "body"},
		"a right on the day of the cessation":     {consents(kentPA, "New members", "2012-10-01"), "body"},
		"a right of a class that has members":     {class("Observer"), ""},
		"a right of a class without members":      {class("Shadow"), "class"},
		"a right of neither":                      {class(" "), "body"},
		"a right that is in force":                {seats(office.HomeOffice, 3, dfltDay), "right"},
		"a right before the one that is the same": {consents(office.HomeOffice, "Change of the articles", "2012-07-18"), "registered"},
		"a right to nothing":                      {storetest.With(seats(kentPA, 1, dfltDay), func(e *register.Entry) { e.Right = "" }), "right"},
		"a right to no seat":                      {seats(kentPA, 0, dfltDay), "seats"},
		"a right to 101 seats":                    {seats(kentPA, 101, dfltDay), "seats"},
		"a right to consent to nothing":           {consents(kentPA, " ", dfltDay), "matter"},
		"a right without a clause":                {storetest.With(seats(kentPA, 1, dfltDay), func(e *register.Entry) { e.Clause = "" }), "clause"},
		"a right withdrawn":                       {withdrawn(right, dfltDay), ""},
		"a right withdrawn before it was given":   {withdrawn(right, "2012-07-19"), "withdraws"},
		"a right withdrawn that never was":        {withdrawn(999, dfltDay), "withdraws"},

		"a second director":                           {storetest.Director("Flo Gee", 2, office.HomeOffice, dfltDay), ""},
		"a director in a filled seat":                 {storetest.Director("Flo Gee", 1, office.HomeOffice, dfltDay), "seat"},
		"a director in the other body's filled seat":  {storetest.Director("Flo Gee", 1, office.TheAssociation, dfltDay), "seat"},
		"a term that begins inside another":           {storetest.Director("Flo Gee", 7, office.TheAssociation, "2012-08-15"), "seat"},
		"a term that another begins inside":           {storetest.Director("Flo Gee", 1, office.HomeOffice, "2012-07-18"), "registered"},
		"a seat on the day that it fell vacant":       {storetest.Director("Flo Gee", 7, office.TheAssociation, "2012-09-01"), ""},
		"the same director in two seats":              {storetest.Director("ANN BELL", 2, office.HomeOffice, dfltDay), "director"},
		"the same director, with an accent":           {storetest.Director("Ánn Bell", 2, office.HomeOffice, dfltDay), "director"},
		"a former director in a new seat":             {storetest.Director("Cy Dee", 8, office.TheAssociation, "2012-09-01"), ""},
		"a director without a name":                   {storetest.Director("", 2, office.HomeOffice, dfltDay), "director"},
		"a director by a member without a right":      {storetest.Director("Flo Gee", 2, kentPA, dfltDay), "body"},
		"a director by who is no member":              {storetest.Director("Flo Gee", 2, essexPA, dfltDay), "body"},
		"a director before the right":                 {storetest.Director("Flo Gee", 2, office.HomeOffice, "2012-07-15"), "body"},
		"seat 0":                                      {storetest.Director("Flo Gee", 0, office.HomeOffice, dfltDay), "seat"},
		"seat 101":                                    {storetest.Director("Flo Gee", 101, office.HomeOffice, dfltDay), "seat"},
		"a removal":                                   {storetest.Removed(1, dfltDay), ""},
		"a removal from a vacant seat":                {storetest.Removed(2, dfltDay), "seat"},
		"a removal before the appointment":            {storetest.Removed(1, "2012-07-19"), "seat"},
		"a removal without a ground":                  {storetest.With(storetest.Removed(1, dfltDay), func(e *register.Entry) { e.Ground = "" }), "ground"},
		"a removal that makes a later one impossible": {storetest.Removed(7, "2012-08-15"), "registered"},
	} {
		_, _, err := handover.TryEntry(t.Context(), c.Tx, c.Secretary, k.e)
		if got := storetest.FieldOf(err); got != k.field || (err != nil) != (k.field != "") {
			t.Errorf("%s: fault of %q, want %q: %v", name, got, k.field, err)
		}
	}
	if _, err := handover.Enter(t.Context(), c.Tx, c.Official, storetest.Admitted(essexPA, dfltDay, 1)); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("an official made an entry: %v", err)
	}
}

func TestSeatsBelongToTheRight(t *testing.T) {
	c := storetest.Begin(t)
	observe := []register.Entry{storetest.Admitted(essexPA, "2012-08-01", 1), storetest.Admitted(kentPA, "2012-08-01", 1),
		{Kind: register.RightGranted, Class: "Observer", Right: register.AppointDirectors, Seats: 2, Clause: "15", Registered: "2012-08-01"},
		storetest.Director("One", 21, essexPA, "2012-08-02"), storetest.Director("Two", 22, kentPA, "2012-08-02")}
	for _, e := range observe {
		c.Enter(e)
	}
	try := func(e register.Entry) string {
		_, _, err := handover.TryEntry(t.Context(), c.Tx, c.Secretary, e)
		return storetest.FieldOf(err)
	}
	if got := try(storetest.Director("Three", 23, essexPA, "2012-08-03")); got != "body" {
		t.Errorf("a class of two seats filled a third: %q", got)
	}
	c.Enter(storetest.Removed(22, "2012-08-04"))
	if got := try(storetest.Director("Three", 22, essexPA, "2012-08-04")); got != "" {
		t.Errorf("a seat of the class cannot be filled by another of its members: %q", got)
	}
	c.Enter(storetest.Ceased(essexPA, "2012-09-01"))
	r, err := register.Read(t.Context(), c.Tx, record.When{Day: "2012-09-01"})
	c.Must(err)
	if len(r.Directors) != 1 || r.Seats() != 14 {
		t.Errorf("a director left with the member, or a class lost its right: %+v", r.Directors)
	}
	if got := try(storetest.Director("Four", 24, essexPA, "2012-09-02")); got != "body" {
		t.Errorf("a former member appoints: %q", got)
	}
	c.Sound()
}

// since opens an empty database at an instant, which it is never before.
func since(t testing.TB, instant string) (*db.Tx, *storetest.Clock) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		t.Fatal(err)
	}
	return storetest.OpenSince(t, at)
}

// A day's register, as one line of figures.
type standing struct {
	members, former, rights, directors int
	votes                              int64
	association                        string
	before, after                      civil.Day
}

func standingOf(r register.Register) standing {
	return standing{len(r.Members), len(r.Former), len(r.Rights), len(r.Directors), r.Votes, r.Names.Of(office.TheAssociation), r.Before, r.After}
}

func TestTheRegisterOnADay(t *testing.T) {
	c, _ := peopled(t)
	const apa, apcc = "Association of Police Authorities", "Association of Police and Crime Commissioners"
	for name, k := range map[string]struct {
		day  civil.Day
		want standing
	}{
		"long before":                     {"2011-07-04", standing{association: apa, after: "2012-07-16"}},
		"the day before the first entry":  {"2012-07-15", standing{association: apa, after: "2012-07-16"}},
		"the day of the first entry":      {"2012-07-16", standing{2, 0, 2, 0, 2, apa, "", "2012-07-20"}},
		"the day after it":                {"2012-07-17", standing{2, 0, 2, 0, 2, apa, "2012-07-16", "2012-07-20"}},
		"the day directors are appointed": {"2012-07-20", standing{2, 0, 3, 2, 2, apa, "2012-07-16", "2012-08-01"}},
		"the day before a member comes":   {"2012-07-31", standing{2, 0, 3, 2, 2, apa, "2012-07-20", "2012-08-01"}},
		"the day it comes":                {"2012-08-01", standing{3, 0, 3, 2, 5, apa, "2012-07-20", "2012-09-01"}},
		"the day a director goes":         {"2012-09-01", standing{3, 0, 3, 1, 5, apa, "2012-08-01", "2012-10-01"}},
		"the last day of a membership":    {"2012-09-30", standing{3, 0, 3, 1, 5, apa, "2012-09-01", "2012-10-01"}},
		"the day it ceased":               {"2012-10-01", standing{2, 1, 3, 1, 2, apa, "2012-09-01", "2012-11-22"}},
		"the day before the new name":     {"2012-11-21", standing{2, 1, 3, 1, 2, apa, "2012-10-01", "2012-11-22"}},
		"the day of the new name":         {"2012-11-22", standing{2, 1, 3, 1, 2, apcc, "2012-10-01", ""}},
		"today":                           {"", standing{2, 1, 3, 1, 2, apcc, "2012-11-22", ""}},
		"a day to come":                   {"2999-12-31", standing{2, 1, 3, 1, 2, apcc, "2012-11-22", ""}},
	} {
		r, err := register.Read(t.Context(), c.Tx, record.When{Day: k.day})
		c.Must(err)
		if got := standingOf(r); got != k.want {
			t.Errorf("%s: %+v, want %+v", name, got, k.want)
		}
	}
}

func TestEntriesOfOneDayStandInOrder(t *testing.T) {
	s, _ := since(t, "2012-08-01T12:00:00Z")
	sec := storetest.Holder(t, s, office.CompanySecretary, office.TheCompany)
	for _, e := range []register.Entry{{Kind: register.Incorporated, Registered: "2012-07-16"}, storetest.Admitted(essexPA, "2012-07-16", 1), seats(essexPA, 1, "2012-07-16"),
		storetest.Director("One", 1, essexPA, "2012-07-16"), storetest.Removed(1, "2012-07-16"), storetest.Director("Two", 1, essexPA, "2012-07-16"),
		storetest.Renamed(essexPA, "First", "2012-07-16"), storetest.Renamed(essexPA, "Second", "2012-07-16"), storetest.Ceased(essexPA, "2012-07-16"), storetest.Admitted(essexPA, "2012-07-16", 4)} {
		if _, err := handover.Enter(t.Context(), s, sec, e); err != nil {
			t.Fatal(e.Kind, err)
		}
	}
	r, err := register.Read(t.Context(), s, record.When{Day: "2012-07-16"})
	if err != nil || len(r.Members) != 1 || r.Votes != 4 || r.Members[0].Name != "Second" || len(r.Rights) != 0 || len(r.Former) != 1 || len(r.Directors) != 1 || r.Directors[0].Name != "Two" {
		t.Errorf("%+v %v", r, err)
	}
	if r, _ = register.Read(t.Context(), s, record.When{Day: "2012-07-15"}); len(r.Entries) != 0 || r.After != "2012-07-16" {
		t.Errorf("the day before: %+v", r)
	}
}

func TestTodayIsTheLondonDay(t *testing.T) {
	for name, k := range map[string]struct {
		now string
		day civil.Day
		ok  bool
	}{
		"half past eleven UTC in July is the 16th":   {"2012-07-15T23:30:00Z", "2012-07-16", true},
		"one minute to eleven UTC is still the 15th": {"2012-07-15T22:59:00Z", "2012-07-16", false},
		"the evening after the clocks went back":     {"2012-10-28T23:30:00Z", "2012-10-29", false},
		"the evening before they went back":          {"2012-10-27T23:30:00Z", "2012-10-28", true},
		"the evening before they went forward":       {"2012-03-24T23:30:00Z", "2012-03-25", false},
		"the evening after they went forward":        {"2012-03-25T23:30:00Z", "2012-03-26", true},
		"a leap day":                                 {"2012-02-29T00:00:00Z", "2012-02-29", true},
		"the day after a leap day":                   {"2012-02-29T23:59:59Z", "2012-03-01", false},
	} {
		s, _ := since(t, k.now)
		sec := storetest.Holder(t, s, office.CompanySecretary, office.TheCompany)
		_, err := handover.Enter(t.Context(), s, sec, register.Entry{Kind: register.Incorporated, Registered: k.day})
		if (err == nil) != k.ok || err != nil && storetest.FieldOf(err) != "registered" {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r, err := register.Read(t.Context(), s, record.When{}); err != nil || (r.Incorporated == k.day) != k.ok {
			t.Errorf("%s: incorporated %q, %v", name, r.Incorporated, err)
		}
	}
}

func TestAsAtAndKnownOn(t *testing.T) {
	s, clock := since(t, "2012-07-17T12:00:00Z")
	sec := storetest.Holder(t, s, office.CompanySecretary, office.TheCompany)
	enter := func(e register.Entry) int64 {
		t.Helper()
		n, err := handover.Enter(t.Context(), s, sec, e)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	correct := func(n int64, e register.Entry) int64 {
		e.Kind, e.Corrects, e.Note = register.Correction, n, "It was wrong"
		return enter(e)
	}
	first := enter(register.Entry{Kind: register.Incorporated, Registered: "2012-07-16"})
	ho := enter(storetest.Admitted(office.HomeOffice, "2012-07-16", 1))
	clock.Set(time.Date(2012, 7, 31, 23, 30, 0, 0, time.UTC)) // in London, 1 August
	ho2 := correct(ho, storetest.Admitted(office.HomeOffice, "2012-07-16", 2))
	clock.Day("2012-08-10")
	ho3 := correct(ho2, storetest.Admitted(office.HomeOffice, "2012-07-20", 3))
	clock.Day("2012-08-20")
	pa := enter(storetest.Admitted(essexPA, "2012-07-18", 10)) // told late
	clock.Day("2012-08-30")
	correct(ho3, register.Entry{Struck: true})
	for name, k := range map[string]struct {
		asAt, known string
		votes       int64
	}{
		"before anything was known":                 {"2012-07-16", "2012-07-16", 0},
		"on the day it was told":                    {"2012-07-16", "2012-07-17", 1},
		"a day before it was so":                    {"2012-07-15", "2012-07-17", 0},
		"told at half past eleven UTC, not in July": {"2012-07-16", "2012-07-31", 1},
		"but on 1 August in London":                 {"2012-07-16", "2012-08-01", 2},
		"the day before a correction":               {"2012-07-16", "2012-08-09", 2},
		"a correction of a correction moves a day":  {"2012-07-16", "2012-08-10", 0},
		"to the day it says":                        {"2012-07-20", "2012-08-10", 3},
		"told late, not known before":               {"2012-07-18", "2012-08-19", 0},
		"told late, known after":                    {"2012-07-18", "2012-08-20", 10},
		"all of it":                                 {"2012-07-20", "2012-08-20", 13},
		"struck out":                                {"2012-07-20", "2012-08-30", 10},
		"as known today":                            {"2012-07-20", "", 10},
		"by the number of an event":                 {"2012-07-20", text.Thousands(ho3), 3},
		"by the number of the one before":           {"2012-07-20", text.Thousands(ho3 - 1), 2},
		"by an event before the register":           {"2012-07-20", text.Thousands(first - 1), 0},
		"by the late one":                           {"2012-07-18", text.Thousands(pa), 10},
	} {
		w, err := register.AsAt(t.Context(), s, k.asAt, k.known)
		if err != nil {
			t.Fatal(name, err)
		}
		r, err := register.Read(t.Context(), s, w)
		if err != nil || r.Votes != k.votes {
			t.Errorf("%s: %d votes, want %d (%v)", name, r.Votes, k.votes, err)
		}
	}
	for _, bad := range [][2]string{{"2012-02-30", ""}, {"yesterday", ""}, {"", "2012-13-01"}, {"", "0"}, {"", "-3"}, {"", "1e3"}, {"", "99999999999999999999"}, {"2012-7-6", ""}, {"", "²"}} {
		if _, err := register.AsAt(t.Context(), s, bad[0], bad[1]); fault.KindOf(err) != fault.Invalid || storetest.FieldOf(err) == "" {
			t.Errorf("as_at=%s known_on=%s: %v", bad[0], bad[1], err)
		}
	}
	storetest.Verifies(t, s)
}

func TestCorrections(t *testing.T) {
	// Each act corrects the entry that a name points to, and is kept by its own name.
	type act struct {
		of, as string
		e      register.Entry
		kind   fault.Kind // 0 when it is taken
		field  string
	}
	ho := func(on civil.Day, votes int64) register.Entry {
		return storetest.With(storetest.Admitted(office.HomeOffice, on, votes), func(e *register.Entry) { e.Class = "Interim owner" })
	}
	struck := register.Entry{Struck: true}
	for name, k := range map[string]struct {
		acts []act
		want standing
	}{
		"a correction replaces what was said":      {[]act{{"ann", "", storetest.Director("Ann Ball", 1, office.HomeOffice, "2012-07-20"), 0, ""}}, standing{members: 3, rights: 2, directors: 1, votes: 5}},
		"a correction strikes out":                 {[]act{{"pa", "", struck, 0, ""}}, standing{members: 2, rights: 2, directors: 1, votes: 2}},
		"a correction of a correction":             {[]act{{"pa", "b", storetest.Admitted(kentPA, dfltDay, 7), 0, ""}, {"b", "", storetest.Admitted(kentPA, dfltDay, 9), 0, ""}}, standing{members: 3, rights: 2, directors: 1, votes: 11}},
		"what was struck out is put back":          {[]act{{"pa", "b", struck, 0, ""}, {"b", "", storetest.Admitted(kentPA, dfltDay, 4), 0, ""}}, standing{members: 3, rights: 2, directors: 1, votes: 6}},
		"an entry is not corrected twice":          {[]act{{"pa", "", storetest.Admitted(kentPA, dfltDay, 7), 0, ""}, {"pa", "", storetest.Admitted(kentPA, dfltDay, 9), fault.Invalid, "corrects"}}, standing{members: 3, rights: 2, directors: 1, votes: 9}},
		"nor struck out after it was corrected":    {[]act{{"pa", "", storetest.Admitted(kentPA, dfltDay, 7), 0, ""}, {"pa", "", struck, fault.Invalid, "corrects"}}, standing{members: 3, rights: 2, directors: 1, votes: 9}},
		"an event that is no entry":                {[]act{{"none", "", struck, fault.NotFound, ""}}, standing{members: 3, rights: 2, directors: 1, votes: 5}},
		"an admission that rights rest on":         {[]act{{"ho", "", struck, fault.Invalid, "registered"}}, standing{members: 3, rights: 2, directors: 1, votes: 5}},
		"an admission moved behind its right":      {[]act{{"ho", "", ho("2012-07-17", 1), fault.Invalid, "registered"}}, standing{members: 3, rights: 2, directors: 1, votes: 5}},
		"an incorporation that all rests on":       {[]act{{"inc", "", struck, fault.Invalid, "registered"}}, standing{members: 3, rights: 2, directors: 1, votes: 5}},
		"an incorporation moved to a later day":    {[]act{{"inc", "", register.Entry{Registered: "2012-07-17"}, fault.Invalid, "registered"}}, standing{members: 3, rights: 2, directors: 1, votes: 5}},
		"an incorporation moved to an earlier day": {[]act{{"inc", "", register.Entry{Registered: "2012-07-02"}, 0, ""}}, standing{members: 3, rights: 2, directors: 1, votes: 5}},
		"a right that a director sits by":          {[]act{{"right", "", struck, fault.Invalid, "registered"}}, standing{members: 3, rights: 2, directors: 1, votes: 5}},
		"director first, then the right":           {[]act{{"ann", "", struck, 0, ""}, {"right", "", struck, 0, ""}}, standing{members: 3, rights: 1, votes: 5}},
		"other votes keep right and director":      {[]act{{"ho", "", ho("2012-07-16", 6), 0, ""}}, standing{members: 3, rights: 2, directors: 1, votes: 10}},
		"a correction that cannot be itself":       {[]act{{"pa", "", storetest.Admitted(office.TheAssociation, dfltDay, 3), fault.Invalid, "body"}}, standing{members: 3, rights: 2, directors: 1, votes: 5}},
		"a correction to no votes":                 {[]act{{"pa", "", storetest.Admitted(kentPA, dfltDay, 0), fault.Invalid, "votes"}}, standing{members: 3, rights: 2, directors: 1, votes: 5}},
		"a correction to a day to come":            {[]act{{"pa", "", storetest.Admitted(kentPA, "2013-01-15", 3), fault.Invalid, "registered"}}, standing{members: 3, rights: 2, directors: 1, votes: 5}},
		"a correction that admits a transferee":    {[]act{{"pa", "", storetest.Admitted("city-of-london", dfltDay, 3), fault.Invalid, "body"}}, standing{members: 3, rights: 2, directors: 1, votes: 5}},
		"a correction to another body":             {[]act{{"pa", "", storetest.Admitted(essexPA, dfltDay, 3), 0, ""}}, standing{members: 3, rights: 2, directors: 1, votes: 5}},
	} {
		c := storetest.Begin(t)
		r, err := register.Read(t.Context(), c.Tx, record.When{})
		c.Must(err)
		events := map[string]int64{"inc": r.All[0].N, "ho": r.All[1].N, "right": r.All[2].N, "none": 1,
			"pa": c.Enter(storetest.Admitted(kentPA, dfltDay, 3)), "ann": c.Enter(storetest.Director("Ann Bell", 1, office.HomeOffice, "2012-07-20"))}
		for i, a := range k.acts {
			a.e.Kind, a.e.Corrects, a.e.Note = register.Correction, events[a.of], "It was wrong"
			n, err := handover.Enter(t.Context(), c.Tx, c.Secretary, a.e)
			events[a.as] = n
			if fault.KindOf(err) != a.kind || storetest.FieldOf(err) != a.field {
				t.Errorf("%s, act %d: %v (field %q)", name, i, err, storetest.FieldOf(err))
			}
		}
		r, err = register.Read(t.Context(), c.Tx, record.When{})
		c.Must(err)
		got := standingOf(r)
		got.association, got.before, got.after = "", "", ""
		if got != k.want {
			t.Errorf("%s: %+v, want %+v", name, got, k.want)
		}
		if !slices.ContainsFunc(r.All, func(e register.Entry) bool { return e.N == events["pa"] && e.Votes == 3 }) {
			t.Errorf("%s: the first entry is no longer there", name)
		}
		c.Sound()
	}
	c := storetest.Begin(t)
	n := c.Enter(storetest.Admitted(kentPA, dfltDay, 3))
	for name, e := range map[string]register.Entry{"replaced": storetest.Admitted(kentPA, dfltDay, 1), "struck out": {Struck: true}} {
		e.Kind, e.Corrects = register.Correction, n
		if _, err := handover.Enter(t.Context(), c.Tx, c.Secretary, e); storetest.FieldOf(err) != "note" {
			t.Errorf("%s without a reason: %v", name, err)
		}
	}
}
