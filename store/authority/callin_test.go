package authority_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
)

// schemesOfCallIn are those of testdata/callin, by file name.
func schemesOfCallIn(t *testing.T) map[string]authority.CallIn {
	t.Helper()
	files, err := filepath.Glob("testdata/callin/*.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]authority.CallIn{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var one struct {
			Title, Note string
			Synthetic   bool
			CallIn      authority.CallIn `json:"call_in"`
		}
		d := json.NewDecoder(strings.NewReader(string(raw)))
		d.DisallowUnknownFields()
		if err := d.Decode(&one); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if err := one.CallIn.Check(); err != nil || !one.Synthetic || !strings.Contains(one.Title, "(synthetic)") || !strings.Contains(one.Note, "Made up") {
			t.Errorf("%s: %v, or it does not say what of it is made up", file, err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = one.CallIn
	}
	if len(all) < 6 {
		t.Fatalf("%d schemes", len(all))
	}
	return all
}

func instant(t testing.TB, s string) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

const (
	five   = "five-working-days"
	four   = "four-working-days"
	eighth = "midday-of-the-eighth-day"
	least  = "at-least-ten-working-days"
	ground = "named-grounds"
	chair  = "chair-alone"
)

func TestWhenACallInCloses(t *testing.T) {
	all := schemesOfCallIn(t)
	for name, c := range map[string]struct{ scheme, published, closes string }{
		"a week like any other":                           {five, "2012-10-12T13:02:00Z", "2012-10-19T16:00:00Z"},
		"the Thursday before Easter":                      {five, "2013-03-28T14:00:00Z", "2013-04-08T16:00:00Z"},
		"Easter, four days to the end of the day":         {four, "2013-03-28T14:00:00Z", "2013-04-05T23:00:00Z"},
		"Easter, calendar days":                           {eighth, "2013-03-28T14:00:00Z", "2013-04-05T11:00:00Z"},
		"Easter, closing at four":                         {least, "2013-03-28T14:00:00Z", "2013-04-08T15:00:00Z"},
		"Easter, a minute before midnight":                {ground, "2013-03-28T14:00:00Z", "2013-04-08T22:59:00Z"},
		"Easter, three days to midday":                    {chair, "2013-03-28T14:00:00Z", "2013-04-04T11:00:00Z"},
		"over Christmas 2012":                             {five, "2012-12-21T10:00:00Z", "2013-01-02T17:00:00Z"},
		"Christmas, to the end of the year":               {four, "2012-12-21T10:00:00Z", "2013-01-01T00:00:00Z"},
		"Christmas, calendar days":                        {eighth, "2012-12-21T10:00:00Z", "2012-12-29T12:00:00Z"},
		"Christmas, three days":                           {chair, "2012-12-21T10:00:00Z", "2012-12-28T12:00:00Z"},
		"published on Christmas Day":                      {five, "2012-12-25T10:00:00Z", "2013-01-03T17:00:00Z"},
		"Christmas and New Year on Sundays":               {five, "2011-12-23T10:00:00Z", "2012-01-04T17:00:00Z"},
		"the Jubilee of 2012":                             {five, "2012-05-31T10:00:00Z", "2012-06-11T16:00:00Z"},
		"the Jubilee, four days":                          {four, "2012-05-31T10:00:00Z", "2012-06-08T23:00:00Z"},
		"the Monday of May that worked in 2012":           {five, "2012-05-25T10:00:00Z", "2012-06-01T16:00:00Z"},
		"the royal wedding after Easter":                  {five, "2011-04-20T10:00:00Z", "2011-05-03T16:00:00Z"},
		"VE Day":                                          {five, "2020-05-01T10:00:00Z", "2020-05-11T16:00:00Z"},
		"the Platinum Jubilee":                            {five, "2022-06-01T10:00:00Z", "2022-06-10T16:00:00Z"},
		"the state funeral":                               {five, "2022-09-16T10:00:00Z", "2022-09-26T16:00:00Z"},
		"the coronation":                                  {five, "2023-05-03T10:00:00Z", "2023-05-11T16:00:00Z"},
		"the last day of a year":                          {five, "2012-12-31T23:59:59Z", "2013-01-08T17:00:00Z"},
		"the last instant of a day in summer":             {five, "2012-10-11T22:59:59.999999Z", "2012-10-18T16:00:00Z"},
		"the first instant of the next":                   {five, "2012-10-11T23:00:00Z", "2012-10-19T16:00:00Z"},
		"one second to midnight in winter":                {five, "2013-01-10T23:59:59Z", "2013-01-17T17:00:00Z"},
		"midnight in winter":                              {five, "2013-01-11T00:00:00Z", "2013-01-18T17:00:00Z"},
		"on a Saturday":                                   {five, "2012-10-13T10:00:00Z", "2012-10-19T16:00:00Z"},
		"on a Sunday, calendar days":                      {eighth, "2012-10-14T10:00:00Z", "2012-10-22T11:00:00Z"},
		"on Good Friday":                                  {five, "2013-03-29T10:00:00Z", "2013-04-08T16:00:00Z"},
		"summer time begins on the closing day":           {eighth, "2013-03-23T10:00:00Z", "2013-03-31T11:00:00Z"},
		"summer time ends on the closing day":             {eighth, "2012-10-20T10:00:00Z", "2012-10-28T12:00:00Z"},
		"summer time begins in the window":                {five, "2012-03-23T10:00:00Z", "2012-03-30T16:00:00Z"},
		"summer time ends in the window":                  {five, "2012-10-22T10:00:00Z", "2012-10-29T17:00:00Z"},
		"to the end of the day before summer time begins": {four, "2012-03-19T10:00:00Z", "2012-03-24T00:00:00Z"},
		"a leap day":                                      {five, "2012-02-28T10:00:00Z", "2012-03-06T17:00:00Z"},
		"calendar days do not ask for bank holidays":      {eighth, "2035-12-28T10:00:00Z", "2036-01-05T12:00:00Z"},
		"into the year after the last that is known":      {five, "2035-12-28T10:00:00Z", ""},
		"before the first year that is known":             {five, "2009-12-24T10:00:00Z", ""},
		"the day of publication itself need not be known": {five, "2009-12-31T10:00:00Z", "2010-01-08T17:00:00Z"},
	} {
		got, err := all[c.scheme].Closes(instant(t, c.published), civil.Calendar{})
		if c.closes == "" {
			if !got.IsZero() || err == nil || !strings.Contains(err.Error(), "Bank holidays are known from 2010 to 2035") {
				t.Errorf("%s: %s %v", name, got, err)
			}
			continue
		}
		if err != nil || !got.Equal(instant(t, c.closes)) {
			t.Errorf("%s: %s, published %s, closes %s, want %s (%v)", name, c.scheme, c.published, got.Format(time.RFC3339), c.closes, err)
		}
	}
}

func TestTheCallInOfASchemeIsChecked(t *testing.T) {
	good := schemesOfCallIn(t)[five]
	for name, c := range map[string]struct {
		change func(*authority.CallIn)
		says   string
	}{
		"as it is":                 {func(*authority.CallIn) {}, ""},
		"none at all":              {func(c *authority.CallIn) { *c = authority.CallIn{} }, ""},
		"the end of the day":       {func(c *authority.CallIn) { c.ClosesAt = "24:00" }, ""},
		"negative days":            {func(c *authority.CallIn) { c.Days = -1 }, "from 0 to 366, not -1"},
		"a hearing in two years":   {func(c *authority.CallIn) { c.HearingDays = 700 }, "from 0 to 366, not 700"},
		"no paragraph":             {func(c *authority.CallIn) { c.Paragraph = " " }, "paragraph"},
		"no hour":                  {func(c *authority.CallIn) { c.ClosesAt = "" }, "Enter the time call-in closes"},
		"an hour that is not":      {func(c *authority.CallIn) { c.ClosesAt = "25:00" }, "not “25:00”"},
		"an hour in short":         {func(c *authority.CallIn) { c.ClosesAt = "9:00" }, "not “9:00”"},
		"an hour that comes twice": {func(c *authority.CallIn) { c.ClosesAt = "01:30" }, "from 02:00 to 24:00"},
		"an hour and more":         {func(c *authority.CallIn) { c.ClosesAt = "17:00:00" }, "not “17:00:00”"},
		"nobody signs":             {func(c *authority.CallIn) { c.Signatories = nil }, "Say who may sign a call-in"},
		"nobody is enough": {func(c *authority.CallIn) {
			c.Signatories = []authority.CallInGroup{{Kinds: []office.Kind{office.Chair}}}
		}, "from 1 to 100 signatures, not 0"},
		"a group of no kind": {func(c *authority.CallIn) { c.Signatories = []authority.CallInGroup{{Need: 1}} }, "Name at least one kind of role"},
		"a kind that is not": {func(c *authority.CallIn) {
			c.Signatories = []authority.CallInGroup{{Kinds: []office.Kind{"mayor"}, Need: 1}}
		}, "no type of role “mayor”"},
		"an empty ground":             {func(c *authority.CallIn) { c.Grounds = []string{""} }, "each ground"},
		"lapsing with no time for it": {func(c *authority.CallIn) { c.Lapses, c.HearingDays = true, 0 }, "can lapse only if"},
	} {
		one := good
		c.change(&one)
		err := one.Check()
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) || err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want a word of %q", name, err, c.says)
		}
	}
}

func TestTheWordsOfASignature(t *testing.T) {
	all := schemesOfCallIn(t)
	for name, c := range map[string]struct{ scheme, ground, reason, field string }{
		"any reason":                   {five, "", "It costs more than was said", ""},
		"no reason":                    {five, "", " ", "reason"},
		"a ground of the scheme":       {ground, "It is outside the policy or the budget", "By £1", ""},
		"no ground where one is asked": {ground, "", "By £1", "ground"},
		"a ground of one's own":        {ground, "I do not like it", "By £1", "ground"},
	} {
		if err := all[c.scheme].CheckSignature(c.ground, c.reason); storetest.FieldOf(err) != c.field || (err == nil) != (c.field == "") {
			t.Errorf("%s: %v, want a fault of %q", name, err, c.field)
		}
	}
}

func TestHowACallInIsPutInWords(t *testing.T) {
	all := schemesOfCallIn(t)
	for scheme, want := range map[string][2]string{
		five:   {"5 working days after the day of publication, closing at 5pm", "3 signatures (scrutineer or chair), or 2 signatures (chair)"},
		four:   {"4 working days after the day of publication, closing at the end of the day", "2 signatures (scrutineer)"},
		eighth: {"8 days after the day of publication, closing at midday", "2 signatures (scrutineer), or 1 signature (chair)"},
	} {
		if got := [2]string{all[scheme].Window(), all[scheme].Who()}; got != want {
			t.Errorf("%s: %q", scheme, got)
		}
	}
}

func TestWhatATallyLeavesOut(t *testing.T) {
	c := schemesOfCallIn(t)[ground]
	ours := c.Grounds[0]
	f := facts(t, c, because(1, office.Scrutineer, ours, "2012-10-12T13:00:00Z"), because(2, office.Scrutineer, ours, "2012-10-19T22:59:00Z"),
		because(3, office.Clerk, ours, monday), because(4, office.Chair, "", monday), because(5, office.Chair, ours, monday), withdrawn(tuesday),
		because(6, office.Scrutineer, ours, thursday), withdrawn("2012-10-20T09:00:00Z"), because(7, office.Chair, ours, muchLater))
	closes, err := c.Closes(f.Published, f.Days)
	if err != nil {
		t.Fatal(err)
	}
	got := c.Tally(f.Signatures, f.Published, closes, instant(t, "2012-10-22T09:00:00Z"))
	want := []string{
		"Member 1 (sample), 12 October 2012, 2pm: before publication",
		"Member 2 (sample), 19 October 2012, 11:59pm: signed after call-in closed",
		"Member 3 (sample), 15 October 2012, 10am: a role that may not sign",
		"Member 4 (sample), 15 October 2012, 10am: no ground from the scheme",
		"Member 5 (sample), 15 October 2012, 10am: withdrawn 16 October 2012, 10am",
	}
	if !slices.Equal(got.LeftOut, want) {
		t.Errorf("%q", got.LeftOut)
	}
	// Withdrawn after the close, the sixth still stands; it is one of two.
	if got.Count != 1 || got.Group.Need != 2 || !got.Valid.IsZero() || len(got.Stands) != 1 || got.Stands[0].Person != 6 {
		t.Errorf("%+v", got)
	}
}
