package web

import (
	"html"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/register"
)

// forged is a request that no form of the portal would send.
type forged struct {
	who  at
	act  office.Act
	form []string
	code int
	says string
}

// refuses fails the test unless each request is refused with its sentence and
// the record stays as long as it was.
func (ch chamber) refuses(t testing.TB, tries map[string]forged) {
	t.Helper()
	size := ch.events(t)
	for name, k := range tries {
		w := k.who.send("POST", first+"/"+string(k.act), surely(k.form...)...)
		if w.Code != k.code || !strings.Contains(html.UnescapeString(w.Body.String()), k.says) {
			t.Errorf("%s: %d, want %d with %q\n%.3000s", name, w.Code, k.code, k.says, w.Body)
		}
		if now := ch.events(t); now != size {
			t.Errorf("%s: %d events were recorded", name, now-size)
			size = now
		}
	}
}

// TestAPersonAnswersForOneOwnerOnly gives the official of one owner an office
// of the other, and of the company that proposes.
func TestAPersonAnswersForOneOwnerOnly(t *testing.T) {
	t.Parallel()
	ch := convene(t)
	d := ch.forward(t)
	recorded(t, ch.secretary.do(303, "POST", first+"/open", sure([]string{"way", "approval"})...))
	both := ch.second(t, ch.official, office.AssociationOfficer, office.TheAssociation)
	clerk := ch.second(t, ch.official, office.CompanySecretary, office.TheCompany)
	answer := []string{"hash", d.Hash, "choice", "for"}
	ch.refuses(t, map[string]forged{
		"in an office that does not decide": {clerk, decisions.ActVote, answer, 403, "You cannot do this because "},
		"the proposer’s own body":           {ch.secretary, decisions.ActVote, answer, 403, "You cannot do this because "},
		"a consent that no right asks for":  {ch.official, decisions.ActConsent, append(answer, "consent", "Change of the articles"), 409, "This decision does not need a consent today."},
		"a poll that is none":               {ch.convenor, decisions.ActClosePoll, nil, 409, "Only a poll can be closed by the chair."},
	})
	recorded(t, ch.official.votes(d, "for"))
	for name, form := range map[string][]string{"the second office": nil, "a field that names the other owner": {"elector", office.TheAssociation, "body", office.TheAssociation}} {
		ch.refuses(t, map[string]forged{name: {both, decisions.ActVote, append(answer, form...), 403, "You cannot do this because "}})
	}
	ch.refuses(t, map[string]forged{
		"a second answer of the same owner": {ch.official, decisions.ActVote, []string{"hash", d.Hash, "choice", "against", "reason", "x"}, 409, "already answered"},
		"a paper that is put forward again": {ch.proposer, decisions.ActPutForward, []string{"version", "1"}, 409, "You cannot do this now"},
		"an edit of another’s version":      {ch.proposer, decisions.ActEdit, hostingForm("version", "7", "why", "x"), 409, "Someone else has changed this paper"},
	})
	if w := both.send("GET", first+"/vote"); w.Code != 403 {
		t.Errorf("the form of a vote that may not be given: %d", w.Code)
	}
	recorded(t, ch.assoc.votes(d, "for"))
	if d := ch.see(t, "2013-001"); d.Status != decisions.Made || len(d.Ballots) != 2 {
		t.Errorf("%s, %d ballots", d.Status, len(d.Ballots))
	}
	auditor, constable, administrator := ch.keyed(t, office.Auditor, office.TheCompany), ch.keyed(t, office.Constable, "kent"), ch.keyed(t, office.Administrator, office.TheCompany)
	signed := []string{"signed", "14", "signed-month", "1", "signed-year", "2013"}
	ch.refuses(t, map[string]forged{
		"an official publishes":       {ch.official, decisions.ActPublish, signed, 403, "It needs a role"},
		"the proposer publishes":      {ch.proposer, decisions.ActPublish, signed, 403, "It needs a role"},
		"an administrator publishes":  {administrator, decisions.ActPublish, signed, 403, "It needs a role"},
		"a day before it was decided": {ch.secretary, decisions.ActPublish, []string{"signed", "13", "signed-month", "1", "signed-year", "2013"}, 422, "Enter that date or a later one"},
		"a day to come":               {ch.secretary, decisions.ActPublish, []string{"signed", "15", "signed-month", "1", "signed-year", "2013"}, 422, "must be today or earlier"},
		"implemented before a notice": {ch.secretary, decisions.ActImplement, []string{"evidence", "x"}, 409, "You cannot do this now"},
		"called in before its notice": {ch.outsider, decisions.ActSignCallIn, []string{"ground", "x", "reason", "x"}, 409, "You cannot do this now"},
		"withdrawn once made":         {ch.proposer, decisions.ActWithdraw, []string{"reason", "x"}, 409, "You cannot do this now"},
	})
	recorded(t, ch.secretary.do(303, "POST", first+"/publish", surely(signed...)...))
	signs := []string{"ground", "Facts or options that matter were left out", "reason", "No second offer was asked for."}
	ch.refuses(t, map[string]forged{
		"a constable calls in":          {constable, decisions.ActSignCallIn, signs, 403, "It needs a role"},
		"an auditor calls in":           {auditor, decisions.ActSignCallIn, signs, 403, "It needs a role"},
		"an owner calls in":             {ch.official, decisions.ActSignCallIn, signs, 403, "It needs a role"},
		"implemented while it is held":  {ch.secretary, decisions.ActImplement, []string{"evidence", "x"}, 409, "This may not be implemented now."},
		"a hearing of no call-in":       {ch.convenor, decisions.ActHearCallIn, []string{"outcome", "no further action", "reasons", "x"}, 409, "There is no call-in of this decision to hear"},
		"urgency that nobody claimed":   {ch.convenor, decisions.ActAgreeUrgency, nil, 409, "You cannot do this now"},
		"a restricted part that is not": {ch.secretary, decisions.ActReleasePart2, []string{"reason", "x"}, 409, "This paper has no restricted part."},
		"released by an official":       {ch.official, decisions.ActReleasePart2, []string{"reason", "x"}, 403, "It needs a role"},
		"a vote on what is made":        {ch.official, decisions.ActVote, answer, 409, "You cannot do this now"},
	})
	ch.holds(t)
}

// TestAVoteAfterTheCloseIsRefused sends votes at the instant at which a poll
// closes. What the clock ended is recorded without them.
func TestAVoteAfterTheCloseIsRefused(t *testing.T) {
	ch := convene(t)
	if _, err := handover.Enter(t.Context(), ch.st, ch.by, register.Entry{Kind: register.RightGranted, Body: office.HomeOffice, Right: register.Consent, Matter: "Change of the articles", Clause: "9.1", Registered: "2012-07-16"}); err != nil {
		t.Fatal(err)
	}
	d := ch.forward(t, "matter", "articles", "amount", "", "whole", "", "supplier", "", "company", "", "contract", "", "option-2-cost", "")
	recorded(t, ch.secretary.do(303, "POST", first+"/open", sure([]string{"way", "poll", "closes", "14", "closes-month", "1", "closes-year", "2013", "closes-time", "12:10"})...))
	recorded(t, ch.official.votes(d, "for"))
	consent := []string{"hash", d.Hash, "consent", "Change of the articles", "choice", "for"}
	ch.refuses(t, map[string]forged{
		"a consent without the right":          {ch.assoc, decisions.ActConsent, consent, 403, "the register gives the body the right to consent"},
		"a consent of another’s right":         {ch.assoc, decisions.ActConsent, append(consent, "elector", office.HomeOffice), 403, "the register gives the body"},
		"a consent to another matter":          {ch.official, decisions.ActConsent, replaced(consent, "consent", "Everything"), 409, "This decision does not need a consent"},
		"a poll closed by whoever is no chair": {ch.secretary, decisions.ActClosePoll, nil, 403, "It needs a role"},
		"a poll returned":                      {ch.official, decisions.ActReturn, []string{"hash", d.Hash, "reason", "x"}, 409, "decided by a vote"},
	})
	ch.clock.Set(ch.see(t, "2013-001").ClosesAt)
	size := ch.events(t)
	ch.assoc.send("POST", first+"/vote", surely("hash", d.Hash, "choice", "against")...)
	if now := ch.events(t); now != size+1 {
		t.Errorf("whoever comes first after the close records %d events, want only that it closed", now-size)
	}
	ch.refuses(t, map[string]forged{
		"who has not voted":  {ch.assoc, decisions.ActVote, []string{"hash", d.Hash, "choice", "against"}, 409, "You cannot do this now"},
		"who changes a vote": {ch.official, decisions.ActVote, []string{"hash", d.Hash, "choice", "against"}, 409, "You cannot do this now"},
	})
	for range 2 {
		if err := decisions.SettleAll(t.Context(), ch.st); err != nil {
			t.Fatal(err)
		}
	}
	if over := ch.see(t, "2013-001"); len(over.Ballots) != 1 || over.Status != decisions.Carried || over.Tally.For != 1 || over.Tally.Present() != 1 {
		t.Errorf("%s, %+v", over.Status, over.Tally)
	}
	ch.holds(t)
}
