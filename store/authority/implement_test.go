package authority_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
)

// Every scene is of a decision made on 10 and published on Friday 12 October
// 2012 at 2:02pm in London. Under the scheme of five working days its call-in
// closes on Friday 19 October at 5pm, which is 16:00 in UTC.
const (
	published = "2012-10-12T13:02:00Z"
	before    = "2012-10-19T15:59:59.999999Z"
	closing   = "2012-10-19T16:00:00Z"
	monday    = "2012-10-15T09:00:00Z"
	tuesday   = "2012-10-16T09:00:00Z"
	thursday  = "2012-10-18T09:00:00Z"
	muchLater = "2013-06-01T09:00:00Z"
)

// A twist alters the facts of a scene.
type twist func(testing.TB, *authority.HoldFacts)

func signed(person int64, kind office.Kind, at string) twist {
	return because(person, kind, "", at)
}

func because(person int64, kind office.Kind, ground, at string) twist {
	return func(t testing.TB, f *authority.HoldFacts) {
		n := int64(len(f.Signatures)*2 + 1)
		f.Signatures = append(f.Signatures, authority.CallInSignature{Person: person, N: n, At: instant(t, at), Ground: ground, Reason: "A test",
			Office: office.Office{ID: n, Body: "association", Kind: kind, Title: fmt.Sprintf("Member %d (sample)", person)}})
	}
}

// withdrawn withdraws the last signature.
func withdrawn(at string) twist {
	return func(t testing.TB, f *authority.HoldFacts) {
		s := &f.Signatures[len(f.Signatures)-1]
		s.WithdrawnAt, s.WithdrawnN = instant(t, at), s.N+1
	}
}

func heard(o authority.HearingOutcome, at string) twist {
	return func(t testing.TB, f *authority.HoldFacts) { f.Outcome, f.OutcomeAt = o, instant(t, at) }
}

func condition(words, met string) twist {
	return func(t testing.TB, f *authority.HoldFacts) {
		f.Conditions = append(f.Conditions, authority.ConsentCondition{Text: words, Met: instant(t, met)})
	}
}

func effective(on civil.Day) twist {
	return func(_ testing.TB, f *authority.HoldFacts) { f.Effective = on }
}

func set(fn func(*authority.HoldFacts)) twist {
	return func(_ testing.TB, f *authority.HoldFacts) { fn(f) }
}

// called is a call-in of three scrutineers, valid on Tuesday 16 October.
func called(t testing.TB, f *authority.HoldFacts) {
	for i, at := range []string{monday, monday, tuesday} {
		signed(int64(i+1), office.Scrutineer, at)(t, f)
	}
}

func both(all ...twist) twist {
	return func(t testing.TB, f *authority.HoldFacts) {
		for _, c := range all {
			c(t, f)
		}
	}
}

func facts(t testing.TB, c authority.CallIn, changes ...twist) authority.HoldFacts {
	f := authority.HoldFacts{Made: instant(t, "2012-10-10T13:00:00Z"), Published: instant(t, published), CallIn: c}
	both(changes...)(t, &f)
	return f
}

func TestMayThisBeImplementedNow(t *testing.T) {
	all := schemesOfCallIn(t)
	urgent := set(func(f *authority.HoldFacts) { f.Urgent = "The contract ends tomorrow" })
	for name, c := range map[string]struct {
		scheme string
		facts  twist
		now    string
		state  string
		from   string // "" is cannot be told
		say    string
	}{
		"not made":                             {five, set(func(f *authority.HoldFacts) { f.Made = time.Time{} }), closing, authority.HoldNotMade, "", "No. It has not been made yet."},
		"asked about a day before it was made": {five, both(), "2012-10-01T09:00:00Z", authority.HoldNotMade, "", "No. It has not been made yet."},
		"made, not published":                  {five, set(func(f *authority.HoldFacts) { f.Published = time.Time{} }), closing, authority.HoldNotPublished, "", "No. It was made on 10 October 2012 but has not been published."},
		"refused":                              {five, set(func(f *authority.HoldFacts) { f.Ended = "refused" }), closing, authority.HoldEnded, "", "No. It was refused."},
		"at the instant of publication":        {five, both(), published, authority.HoldHeld, closing, "No. It may be implemented from 5pm on 19 October 2012 unless it is called in before then."},
		"a microsecond before the close":       {five, both(), before, authority.HoldHeld, closing, "No. It may be implemented from 5pm on 19 October 2012 unless it is called in before then."},
		"at the close":                         {five, both(), closing, authority.HoldFree, closing, "Yes, since 5pm on 19 October 2012."},
		"long after":                           {five, both(), muchLater, authority.HoldFree, closing, "Yes, since 5pm on 19 October 2012."},
		"a window to the end of a day":         {four, both(), monday, authority.HoldHeld, "2012-10-18T23:00:00Z", "No. It may be implemented from 19 October 2012 unless it is called in before then."},
		"which is over":                        {four, both(), "2012-10-18T23:00:00Z", authority.HoldFree, "2012-10-18T23:00:00Z", "Yes, since 19 October 2012."},

		"two of three signatures":                   {five, both(signed(1, office.Scrutineer, monday), signed(2, office.Chair, monday)), closing, authority.HoldFree, closing, "Yes"},
		"three are a call-in":                       {five, called, tuesday, authority.HoldCalledIn, "", "No. It was called in on 16 October 2012 and must be heard by 13 November 2012."},
		"asked about the instant before the third":  {five, called, "2012-10-16T08:59:59.999999Z", authority.HoldHeld, closing, "No. It may be implemented from 5pm on 19 October"},
		"the third a microsecond before the close":  {five, both(signed(1, office.Scrutineer, monday), signed(2, office.Scrutineer, monday), signed(3, office.Scrutineer, before)), muchLater, authority.HoldCalledIn, "", "should have been heard by 16 November 2012. It has not been heard."},
		"the third at the close":                    {five, both(signed(1, office.Scrutineer, monday), signed(2, office.Scrutineer, monday), signed(3, office.Scrutineer, closing)), closing, authority.HoldFree, closing, "Yes"},
		"the third before publication":              {five, both(signed(1, office.Scrutineer, monday), signed(2, office.Scrutineer, monday), signed(3, office.Scrutineer, "2012-10-12T13:01:59.999999Z")), closing, authority.HoldFree, closing, "Yes"},
		"all at the instant of publication":         {five, both(signed(1, office.Scrutineer, published), signed(2, office.Scrutineer, published), signed(3, office.Scrutineer, published)), published, authority.HoldCalledIn, "", "No. It was called in on 12 October 2012"},
		"one person in two offices counts once":     {five, both(signed(1, office.Scrutineer, monday), signed(1, office.Chair, monday), signed(2, office.Scrutineer, monday)), closing, authority.HoldFree, closing, "Yes"},
		"one person twice is not two chairs":        {five, both(signed(1, office.Chair, monday), signed(1, office.Chair, tuesday)), closing, authority.HoldFree, closing, "Yes"},
		"two chairs are a group":                    {five, both(signed(1, office.Chair, monday), signed(2, office.Chair, tuesday)), closing, authority.HoldCalledIn, "", "No. It was called in on 16 October"},
		"an office that may not sign":               {five, both(signed(1, office.Scrutineer, monday), signed(2, office.Scrutineer, monday), signed(3, office.Official, monday)), closing, authority.HoldFree, closing, "Yes"},
		"a signature withdrawn before the third":    {five, both(signed(1, office.Scrutineer, monday), withdrawn(tuesday), signed(2, office.Scrutineer, tuesday), signed(3, office.Scrutineer, thursday)), closing, authority.HoldFree, closing, "Yes"},
		"withdrawn and signed again":                {five, both(signed(1, office.Scrutineer, monday), withdrawn(tuesday), signed(2, office.Scrutineer, tuesday), signed(3, office.Scrutineer, tuesday), signed(1, office.Scrutineer, thursday)), closing, authority.HoldCalledIn, "", "No. It was called in on 18 October"},
		"withdrawn in one office, kept in another":  {five, both(signed(1, office.Scrutineer, monday), withdrawn(tuesday), signed(1, office.Chair, monday), signed(2, office.Scrutineer, tuesday), signed(3, office.Scrutineer, thursday)), closing, authority.HoldCalledIn, "", "No. It was called in on 18 October"},
		"a withdrawal does not undo what is valid":  {five, both(called, withdrawn(thursday)), closing, authority.HoldCalledIn, "", "No. It was called in on 16 October"},
		"withdrawn at the instant of the third":     {five, both(signed(1, office.Scrutineer, monday), withdrawn(tuesday), signed(2, office.Scrutineer, monday), signed(3, office.Scrutineer, tuesday)), closing, authority.HoldFree, closing, "Yes"},
		"never all at once":                         {five, both(signed(1, office.Scrutineer, monday), signed(2, office.Scrutineer, monday), withdrawn(tuesday), signed(3, office.Scrutineer, thursday)), closing, authority.HoldFree, closing, "Yes"},
		"the chair alone":                           {chair, signed(1, office.Chair, monday), tuesday, authority.HoldCalledIn, "2012-10-30T00:00:00Z", "No. It may be implemented from 30 October 2012 unless the call-in is heard before then."},
		"a scrutineer alone, where it is the chair": {chair, both(signed(1, office.Scrutineer, monday), signed(2, office.Scrutineer, monday)), muchLater, authority.HoldFree, "2012-10-17T11:00:00Z", "Yes, since midday on 17 October 2012."},
		"two of the committee, calendar days":       {eighth, both(signed(1, office.Scrutineer, monday), signed(2, office.Scrutineer, "2012-10-20T10:59:59Z")), "2012-10-20T11:00:00Z", authority.HoldCalledIn, "", "must be heard by 17 November 2012."},
		"two of the committee, one a second late":   {eighth, both(signed(1, office.Scrutineer, monday), signed(2, office.Scrutineer, "2012-10-20T11:00:00Z")), "2012-10-20T11:00:00Z", authority.HoldFree, "2012-10-20T11:00:00Z", "Yes, since midday on 20 October 2012."},
		"grounds that are the scheme's":             {ground, both(because(1, office.Scrutineer, "It was not treated as a key decision", monday), because(2, office.Chair, "It is outside the policy or the budget", monday)), tuesday, authority.HoldCalledIn, "", "No. It was called in on 15 October 2012 and must be heard by 29 October 2012."},
		"a ground that is not":                      {ground, both(because(1, office.Scrutineer, "It was not treated as a key decision", monday), because(2, office.Chair, "I do not like it", monday)), tuesday, authority.HoldHeld, "2012-10-19T22:59:00Z", "No. It may be implemented from 11:59pm on 19 October 2012"},
		"signatures given later are not known then": {five, called, monday, authority.HoldHeld, closing, "No. It may be implemented from 5pm"},

		"urgent, with the chair":                   {five, urgent, published, authority.HoldFree, published, "Yes, since 2:02pm on 12 October 2012."},
		"urgent, where the scheme knows none":      {chair, urgent, published, authority.HoldHeld, "2012-10-17T11:00:00Z", "No. It may be implemented from midday on 17 October 2012"},
		"exempt":                                   {five, both(called, set(func(f *authority.HoldFacts) { f.Exempt = "admissions are exempt" })), published, authority.HoldFree, published, "Yes, since 2:02pm on 12 October 2012."},
		"a scheme without call-in":                 {"", called, published, authority.HoldFree, published, "Yes, since 2:02pm on 12 October 2012."},
		"reconsidered, and signed against again":   {five, both(called, set(func(f *authority.HoldFacts) { f.Reconsidered = true })), published, authority.HoldFree, published, "Yes, since 2:02pm on 12 October 2012."},
		"heard, no further action":                 {five, both(called, heard(authority.NoFurtherAction, "2012-10-30T15:00:00Z")), muchLater, authority.HoldFree, "2012-10-30T15:00:00Z", "Yes, since 3pm on 30 October 2012."},
		"at the instant of that":                   {five, both(called, heard(authority.NoFurtherAction, "2012-10-30T15:00:00Z")), "2012-10-30T15:00:00Z", authority.HoldFree, "2012-10-30T15:00:00Z", "Yes"},
		"not yet heard then":                       {five, both(called, heard(authority.NoFurtherAction, "2012-10-30T15:00:00Z")), "2012-10-30T14:59:59Z", authority.HoldCalledIn, "", "No. It was called in"},
		"heard while the window is open":           {five, both(called, heard(authority.NoFurtherAction, thursday)), thursday, authority.HoldFree, thursday, "Yes, since 10am on 18 October 2012."},
		"referred back":                            {five, both(called, heard(authority.ReferBack, "2012-11-30T15:00:00Z")), muchLater, authority.HoldReferredBack, "", "No. It was referred back on 30 November 2012 and must be reconsidered by 2 January 2013."},
		"referred back, with no limit":             {four, both(called, heard(authority.ReferBack, "2012-11-30T15:00:00Z")), muchLater, authority.HoldReferredBack, "", "No. It was referred back on 30 November 2012 and must be reconsidered."},
		"referred to the members":                  {five, both(called, heard(authority.ReferToMembers, "2012-10-30T15:00:00Z")), muchLater, authority.HoldReferredToMembers, "", "No. It was referred to the members on 30 October 2012."},
		"an outcome without a call-in":             {five, heard(authority.ReferBack, tuesday), closing, authority.HoldFree, closing, "Yes"},
		"at least ten working days, heard at once": {least, both(signed(1, office.Chair, monday), heard(authority.NoFurtherAction, tuesday)), thursday, authority.HoldCalledIn, "2012-10-30T00:00:00Z", "No. It may be implemented from 30 October 2012."},
		"which are over":                           {least, both(signed(1, office.Chair, monday), heard(authority.NoFurtherAction, tuesday)), "2012-10-30T00:00:00Z", authority.HoldFree, "2012-10-30T00:00:00Z", "Yes, since 30 October 2012."},
		"heard after ten working days":             {least, both(signed(1, office.Chair, monday), heard(authority.NoFurtherAction, "2012-11-05T10:00:00Z")), muchLater, authority.HoldFree, "2012-11-05T10:00:00Z", "Yes, since 10am on 5 November 2012."},
		"never heard, and lapsed":                  {chair, signed(1, office.Chair, monday), "2012-10-30T00:00:00Z", authority.HoldFree, "2012-10-30T00:00:00Z", "Yes, since 30 October 2012."},
		"heard after it lapsed":                    {chair, both(signed(1, office.Chair, monday), heard(authority.ReferBack, "2012-10-30T00:00:00Z")), muchLater, authority.HoldFree, "2012-10-30T00:00:00Z", "Yes"},
		"heard a microsecond before":               {chair, both(signed(1, office.Chair, monday), heard(authority.ReferBack, "2012-10-29T23:59:59.999999Z")), muchLater, authority.HoldReferredBack, "", "No. It was referred back on 29 October 2012 and must be reconsidered by 5 November 2012."},

		"a condition not met":                    {five, condition("The prices are published", ""), closing, authority.HoldConditions, "", "No. 1 condition of the consent has not been met."},
		"one of two":                             {five, both(condition("The prices are published", tuesday), condition("The audit is done", "")), closing, authority.HoldConditions, "", "No. 1 condition of the consent has not been met."},
		"neither":                                {five, both(condition("The prices are published", ""), condition("The audit is done", "")), closing, authority.HoldConditions, "", "No. 2 conditions of the consent have not been met."},
		"met in time":                            {five, condition("The prices are published", tuesday), closing, authority.HoldFree, closing, "Yes, since 5pm on 19 October 2012."},
		"met after the close":                    {five, condition("The prices are published", "2012-11-05T10:00:00Z"), muchLater, authority.HoldFree, "2012-11-05T10:00:00Z", "Yes, since 10am on 5 November 2012."},
		"met only after the instant asked about": {five, condition("The prices are published", "2012-11-05T10:00:00Z"), closing, authority.HoldConditions, "", "No. 1 condition"},
		"held, and a condition not met":          {five, condition("The prices are published", ""), monday, authority.HoldHeld, "", "No. It is on hold until 5pm on 19 October 2012, and 1 condition of the consent has not been met."},

		"the authority starts in the future": {five, effective("2013-04-01"), closing, authority.HoldNotYet, "2013-03-31T23:00:00Z", "No. It may be implemented from 1 April 2013."},
		"a microsecond before it does":       {five, effective("2013-04-01"), "2013-03-31T22:59:59.999999Z", authority.HoldNotYet, "2013-03-31T23:00:00Z", "No. It may be implemented from 1 April 2013."},
		"when it does":                       {five, effective("2013-04-01"), "2013-03-31T23:00:00Z", authority.HoldFree, "2013-03-31T23:00:00Z", "Yes, since 1 April 2013."},
		"held, and starting later":           {five, effective("2013-04-01"), monday, authority.HoldHeld, "2013-03-31T23:00:00Z", "No. It may be implemented from 1 April 2013 unless it is called in before then."},
		"started before the close":           {five, effective("2012-10-15"), closing, authority.HoldFree, closing, "Yes, since 5pm on 19 October 2012."},

		"outside the bank holidays that are known":  {five, set(func(f *authority.HoldFacts) { f.Published = time.Date(2035, 12, 28, 10, 0, 0, 0, time.UTC) }), "2036-06-01T09:00:00Z", authority.HoldHeld, "", "No. Working days cannot be counted for that date. Bank holidays are known from 2010 to 2035."},
		"calendar days are known":                   {eighth, set(func(f *authority.HoldFacts) { f.Published = time.Date(2035, 12, 28, 10, 0, 0, 0, time.UTC) }), "2036-06-01T09:00:00Z", authority.HoldFree, "2036-01-05T12:00:00Z", "Yes, since midday on 5 January 2036."},
		"implemented":                               {five, set(func(f *authority.HoldFacts) { f.Implemented = time.Date(2012, 10, 22, 9, 0, 0, 0, time.UTC) }), muchLater, authority.HoldImplemented, closing, "Yes. It was implemented on 22 October 2012."},
		"implemented while it was held":             {five, set(func(f *authority.HoldFacts) { f.Implemented = time.Date(2012, 10, 16, 9, 0, 0, 0, time.UTC) }), muchLater, authority.HoldImplemented, closing, "No. It was implemented on 16 October 2012, before this was allowed."},
		"implemented after the instant asked about": {five, set(func(f *authority.HoldFacts) { f.Implemented = time.Date(2012, 10, 22, 9, 0, 0, 0, time.UTC) }), closing, authority.HoldFree, closing, "Yes, since 5pm on 19 October 2012."},
	} {
		f := facts(t, all[c.scheme], c.facts)
		got := authority.MayImplement(f, instant(t, c.now))
		if got.State != c.state || !got.From.Equal(instant(t, c.from)) || !strings.Contains(got.Say, c.say) || got.May != strings.HasPrefix(c.say, "Yes") {
			t.Errorf("%s: %v, %q, from %s, %q\n\twant %q, from %q, %q", name, got.May, got.State, got.From.UTC().Format(time.RFC3339Nano), got.Say, c.state, c.from, c.say)
		}
		if got.Why == "" || len(got.Working) == 0 {
			t.Errorf("%s: it does not say why", name)
		}
	}
}

func TestHowAnAnswerIsWorkedOut(t *testing.T) {
	c := schemesOfCallIn(t)[five]
	f := facts(t, c, set(func(f *authority.HoldFacts) { f.Published = time.Date(2013, 3, 28, 14, 0, 0, 0, time.UTC) }),
		signed(1, office.Scrutineer, "2013-04-02T09:00:00Z"), signed(3, office.Scrutineer, "2013-04-02T10:00:00Z"), withdrawn("2013-04-02T11:00:00Z"),
		signed(2, office.Scrutineer, "2013-04-02T12:00:00Z"), condition("The audit is done", ""), effective("2013-05-01"))
	i := authority.MayImplement(f, instant(t, "2013-04-03T09:00:00Z"))
	if got := i.Signatures(); got != "2 of 3 signatures. Call-in closes at 5pm on Monday 8 April 2013" {
		t.Error(got)
	}
	if i.Why != "It is on hold for call-in. 2 of 3 signatures. Call-in closes at 5pm on Monday 8 April 2013." {
		t.Error(i.Why)
	}
	want := []authority.WorkingStep{
		{Rule: "A decision must be made and published before it is implemented.", Fact: "Made 10 October 2012, 2pm. Published 28 March 2013, 2pm.", Result: "Published"},
		{Rule: "Paragraph 12: 5 working days after the day of publication, closing at 5pm.",
			Fact:   "Published Thursday 28 March 2013, 2pm. 5 working days from Tuesday 2 April 2013 to Monday 8 April 2013. Bank holidays left out: Good Friday, 29 March 2013; Easter Monday, 1 April 2013.",
			Result: "Closes at 5pm on Monday 8 April 2013"},
		{Rule: "Paragraph 12: 3 signatures (scrutineer or chair), or 2 signatures (chair).",
			Fact: "2 of 3 signatures (scrutineer or chair). Not counted: Member 3 (sample), 2 April 2013, 11am: withdrawn 2 April 2013, midday.", Result: "Not called in"},
		{Rule: "Each condition of the consent must be met.", Fact: "The audit is done", Result: "Not met"},
		{Rule: "The decision takes effect on a set date.", Fact: "Wednesday 1 May 2013", Result: "Not before 1 May 2013"},
	}
	if !slices.Equal(i.Working, want) {
		t.Errorf("%+q", i.Working)
	}
	f = facts(t, schemesOfCallIn(t)[four])
	if got := authority.MayImplement(f, instant(t, monday)).Signatures(); got != "0 of 2 signatures. Call-in closes at midnight at the end of Thursday 18 October 2012" {
		t.Error(got)
	}
}

func TestWhoMaySignAndWithdraw(t *testing.T) {
	all := schemesOfCallIn(t)
	scrutineer, official := office.Office{Kind: office.Scrutineer}, office.Office{Kind: office.Official}
	reconsidered := set(func(f *authority.HoldFacts) { f.Reconsidered = true })
	for name, c := range map[string]struct {
		scheme   string
		facts    twist
		now      string
		by       office.Office
		sign     fault.Kind
		withdraw fault.Kind
	}{
		"nobody has signed":                         {five, both(), monday, scrutineer, 0, fault.NotFound},
		"another person has":                        {five, signed(1, office.Chair, monday), monday, scrutineer, 0, fault.NotFound},
		"who signed signs once":                     {five, signed(9, office.Scrutineer, monday), monday, scrutineer, fault.Conflict, 0},
		"in another office too":                     {five, signed(9, office.Chair, monday), monday, scrutineer, fault.Conflict, 0},
		"who withdrew may sign again":               {five, both(signed(9, office.Scrutineer, monday), withdrawn(tuesday)), thursday, scrutineer, 0, fault.NotFound},
		"an official never":                         {five, both(), monday, official, fault.Forbidden, fault.NotFound},
		"a microsecond before the close":            {five, signed(9, office.Scrutineer, monday), before, scrutineer, fault.Conflict, 0},
		"at the close":                              {five, signed(9, office.Scrutineer, monday), closing, scrutineer, fault.Conflict, fault.Conflict},
		"it is called in already":                   {five, both(called, signed(9, office.Scrutineer, monday)), thursday, scrutineer, fault.Conflict, fault.Conflict},
		"a second call-in after it was heard":       {five, both(called, heard(authority.NoFurtherAction, thursday)), thursday, scrutineer, fault.Conflict, fault.Conflict},
		"a second call-in of what was reconsidered": {five, reconsidered, monday, scrutineer, fault.Conflict, fault.Conflict},
		"a scheme without call-in":                  {"", both(), monday, scrutineer, fault.Conflict, fault.Conflict},
		"not published":                             {five, set(func(f *authority.HoldFacts) { f.Published = time.Time{} }), monday, scrutineer, fault.Conflict, fault.Conflict},
		"when it closes cannot be told":             {five, set(func(f *authority.HoldFacts) { f.Published = time.Date(2035, 12, 28, 10, 0, 0, 0, time.UTC) }), "2035-12-29T10:00:00Z", scrutineer, fault.Conflict, fault.Conflict},
	} {
		f := facts(t, all[c.scheme], c.facts)
		if err := f.MaySign(9, c.by, instant(t, c.now)); fault.KindOf(err) != c.sign || (err == nil) != (c.sign == 0) {
			t.Errorf("%s: signing: %v", name, err)
		}
		if err := f.MayWithdraw(9, instant(t, c.now)); fault.KindOf(err) != c.withdraw || (err == nil) != (c.withdraw == 0) {
			t.Errorf("%s: withdrawing: %v", name, err)
		}
	}
}

// slowly is the answer worked out the plain way, a day and an event at a time.
type slowly struct {
	t      *testing.T
	london *time.Location
	f      authority.HoldFacts
}

// after is the n-th day after the day of an instant, as a date at noon in UTC.
func (s slowly) after(at time.Time, n int, calendar bool) time.Time {
	y, m, d := at.In(s.london).Date()
	day := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
	for n > 0 {
		day = day.Add(24 * time.Hour)
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		holiday := slices.ContainsFunc(civil.BankHolidays(day.Year()), func(h civil.Holiday) bool { return string(h.Day) == day.Format(time.DateOnly) })
		if calendar || !weekend && !holiday {
			n--
		}
	}
	return day
}

// reads is the instant at which London's clocks read a time on a day.
func (s slowly) reads(day time.Time, clock string) time.Time {
	if clock == "24:00" {
		day, clock = day.Add(24*time.Hour), "00:00"
	}
	want := day.Format(time.DateOnly) + " " + clock
	at, err := time.Parse("2006-01-02 15:04", want)
	if err != nil {
		s.t.Fatal(err)
	}
	if at.In(s.london).Format("2006-01-02 15:04") != want {
		at = at.Add(-time.Hour)
	}
	return at
}

// valid is when the call-in became valid: after every event, all signatures are
// looked at again.
func (s slowly) valid(closes, now time.Time) time.Time {
	type mark struct {
		at time.Time
		n  int64
	}
	var marks []mark
	for _, g := range s.f.Signatures {
		marks = append(marks, mark{g.At, g.N})
	}
	slices.SortFunc(marks, func(a, b mark) int {
		if a.at.Equal(b.at) {
			return int(a.n - b.n)
		}
		return a.at.Compare(b.at)
	})
	for _, m := range marks {
		if m.at.After(now) {
			break
		}
		for _, group := range s.f.CallIn.Signatories {
			persons := map[int64]bool{}
			for _, g := range s.f.Signatures {
				given := g.At.Before(m.at) || g.At.Equal(m.at) && g.N <= m.n
				gone := !g.WithdrawnAt.IsZero() && g.WithdrawnAt.Before(closes) && (g.WithdrawnAt.Before(m.at) || g.WithdrawnAt.Equal(m.at) && g.WithdrawnN <= m.n)
				inTime := !g.At.Before(s.f.Published) && g.At.Before(closes)
				onGround := len(s.f.CallIn.Grounds) == 0 || slices.Contains(s.f.CallIn.Grounds, g.Ground)
				if given && !gone && inTime && onGround && slices.Contains(group.Kinds, g.Office.Kind) {
					persons[g.Person] = true
				}
			}
			if len(persons) >= group.Need {
				return m.at
			}
		}
	}
	return time.Time{}
}

// answer is the state, and from when it may be implemented.
func (s slowly) answer(now time.Time) (state string, from, closes time.Time) {
	c := s.f.CallIn
	if now.Before(s.f.Published) {
		return authority.HoldNotPublished, time.Time{}, time.Time{}
	}
	closes = s.reads(s.after(s.f.Published, c.Days, c.Calendar), c.ClosesAt)
	from, state = closes, authority.HoldHeld
	if v := s.valid(closes, now); !v.IsZero() {
		from, state = time.Time{}, authority.HoldCalledIn
		if c.Lapses {
			from = s.reads(s.after(v, c.HearingDays, c.HearingCalendar), "24:00")
		}
		if s.f.Outcome != "" && !s.f.OutcomeAt.After(now) && (from.IsZero() || s.f.OutcomeAt.Before(from)) {
			from = s.f.OutcomeAt
		}
		if c.LeastDays > 0 && !from.IsZero() {
			if end := s.reads(s.after(v, c.LeastDays, false), "24:00"); from.Before(end) {
				from = end
			}
		}
	}
	if !from.IsZero() && !now.Before(from) {
		state = authority.HoldFree
	}
	return state, from, closes
}

func TestAnyDecisionIsAnsweredAsTheSlowWayAnswersIt(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	schemes, names := schemesOfCallIn(t), []string{five, four, eighth, least, ground, chair}
	r := rand.New(rand.NewPCG(12, 2012))
	span := time.Date(2035, 10, 1, 0, 0, 0, 0, time.UTC).Sub(time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC))
	seen := map[string]int{}
	for try := range 10_000 {
		c := schemes[names[r.IntN(len(names))]]
		f := authority.HoldFacts{CallIn: c, Published: time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.Int64N(int64(span)))).Truncate(time.Microsecond)}
		f.Made = f.Published.AddDate(-1, 0, 0)
		closes, err := c.Closes(f.Published, f.Days)
		if err != nil {
			t.Fatal(err)
		}
		near := func() time.Time { // by twelfths of the window, so that instants meet
			return f.Published.Add(closes.Sub(f.Published) / 12 * time.Duration(r.IntN(14)-1)).Add(time.Duration(r.IntN(2)) * (closes.Sub(f.Published) % 12))
		}
		for n := range int64(r.IntN(9)) {
			s := authority.CallInSignature{Person: r.Int64N(5), N: n, At: near(), Office: office.Office{ID: n, Kind: []office.Kind{office.Scrutineer, office.Scrutineer, office.Chair, office.Clerk}[r.IntN(4)]}}
			s.Ground = append(slices.Clone(c.Grounds), "")[r.IntN(len(c.Grounds)+1)]
			if at := near(); r.IntN(3) == 0 && at.After(s.At) {
				s.WithdrawnAt, s.WithdrawnN = at, 100+n
			}
			f.Signatures = append(f.Signatures, s)
		}
		if r.IntN(3) == 0 {
			f.Outcome, f.OutcomeAt = authority.NoFurtherAction, closes.Add(time.Duration(r.IntN(30*24))*time.Hour)
		}
		now := []time.Time{near(), closes, closes.Add(-time.Microsecond), closes.Add(time.Duration(r.IntN(40*24)) * time.Hour)}[r.IntN(4)]
		state, from, shut := slowly{t: t, london: london, f: f}.answer(now)
		got := authority.MayImplement(f, now)
		seen[state]++
		if got.State != state || !got.From.Equal(from) || !got.Closes.Equal(shut) || got.May != (state == authority.HoldFree) {
			t.Fatalf("try %d, at %s: %q from %s, closes %s; the slow way %q from %s, closes %s\n%+v", try, now, got.State, got.From, got.Closes, state, from, shut, f)
		}
		if got.May != strings.HasPrefix(got.Say, "Yes") || got.Why == "" || got.May && got.From.After(now) {
			t.Fatalf("try %d: %+v", try, got)
		}
	}
	for _, state := range []string{authority.HoldNotPublished, authority.HoldHeld, authority.HoldCalledIn, authority.HoldFree} {
		if seen[state] < 100 {
			t.Errorf("%d tries were %s: the property is hardly tried", seen[state], state)
		}
	}
}
