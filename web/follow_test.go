package web

import (
	"regexp"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/news"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/outbox"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/web/serve"
)

// mailing starts a portal that sends mail.
func mailing(t testing.TB) (*serve.Server, *db.Tx) {
	st, _, _ := storetest.Mailing(t)
	return New(st, serve.Options{}), st
}

// newsTo takes the mails that wait for a person out of the outbox.
func newsTo(t testing.TB, st *db.Tx, v office.Viewer) (all []outbox.Mail) {
	t.Helper()
	if _, err := news.TellFollowers(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	for {
		m, found, err := outbox.Claim(t.Context(), st)
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			return all
		}
		if err := outbox.WasSent(t.Context(), st, m); err != nil {
			t.Fatal(err)
		}
		if m.Person == v.Person && m.Kind == outbox.News {
			all = append(all, m)
		}
	}
}

func TestAnOfficialFollowsAndHearsNoMore(t *testing.T) {
	s, st := mailing(t)
	v := storetest.Holder(t, st, office.Official, office.HomeOffice)
	official, nobody := as(t, s, v), stranger(t, s)
	storetest.Published(t, st, "override", authority.Effect{Kind: authority.OverridesIt, Subject: "condition/schedule"})
	newsTo(t, st, v)
	for path, subject := range map[string]string{"/decisions/2013-001": "decision/2013-001", "/bodies/kent": "body/kent", "/decisions?state=held": "/decisions?state=held"} {
		says(t, official.do(200, "GET", path), "Follow by email", `value="`+subject+`"`, ".atom")
		says(t, nobody.do(200, "GET", path), "Sign in</a> to follow", ".atom")
		if w := official.do(303, "POST", "/follow", "subject", subject); w.Header().Get("Location") != path {
			t.Errorf("from %s to %s", path, w.Header().Get("Location"))
		}
		says(t, official.do(200, "GET", path), "You follow this by email")
	}
	says(t, official.do(200, "GET", "/account/following"), "Let it be done (sample)", "Decisions: state held", "Kent")
	says(t, official.do(200, "GET", "/account"), "/account/following")
	nobody.do(303, "POST", "/follow", "subject", "body/kent")
	official.do(404, "POST", "/follow", "subject", "person/1")
	official.do(404, "POST", "/follow", "subject", "/people")
	official.do(422, "POST", "/follow", "subject", "/decisions?state=nowhere")
	official.do(422, "POST", "/follow", "subject", "/decisions?drafts=yes")

	secretary := storetest.Holder(t, st, office.CompanySecretary, office.TheCompany)
	if _, err := decisions.Correct(t.Context(), st, secretary, "2013-001", "2013-01-14", "A correction."); err != nil {
		t.Fatal(err)
	}
	all := newsTo(t, st, v)
	if len(all) != 1 || all[0].Href != "/decisions/2013-001" || all[0].Stop == "" {
		t.Fatalf("mailed: %+v", all)
	}
	says(t, nobody.do(200, "GET", all[0].Stop), "Stop these emails")
	says(t, nobody.do(200, "GET", all[0].Stop), "Stop these emails") // looking ends nothing
	says(t, nobody.do(200, "POST", all[0].Stop, "List-Unsubscribe", "One-Click"), "You have stopped these emails")
	nobody.do(404, "GET", all[0].Stop)
	nobody.do(404, "POST", all[0].Stop)
	page := official.do(200, "GET", "/account/following").Body.String()
	ends := regexp.MustCompile(`name="end" value="(\d+)"`).FindAllStringSubmatch(page, -1)
	if len(ends) != 2 {
		t.Fatalf("%d are followed still", len(ends))
	}
	as(t, s, secretary).do(404, "POST", "/account/following", "end", ends[0][1])
	official.do(303, "POST", "/account/following", "end", ends[0][1])
	official.do(303, "POST", "/account/following", "end", ends[1][1])
	says(t, official.do(200, "GET", "/account/following"), "You are not following anything")
}

func TestWhereNoMailIsSentAPageGivesItsFeed(t *testing.T) {
	s, st, _ := open(t)
	official := as(t, s, storetest.Holder(t, st, office.Official, office.HomeOffice))
	w := official.do(200, "GET", "/bodies/kent")
	says(t, w, "This site does not send email", "/record.atom?body=kent")
	if strings.Contains(w.Body.String(), "Follow by email") {
		t.Error("following by mail is offered")
	}
	official.do(409, "POST", "/follow", "subject", "body/kent")
	says(t, stranger(t, s).do(200, "GET", "/record.atom?body=kent"), "<feed")
	admin := as(t, s, storetest.Holder(t, st, office.Administrator, office.TheCompany))
	says(t, admin.do(200, "GET", "/people/outbox"), "Email is off")
	says(t, admin.do(200, "GET", "/people/new"), "The portal does not send email to it")
}

func TestAnAdministratorSeesWhatWasGivenUp(t *testing.T) {
	s, st := mailing(t)
	admin := keyed(t, s, office.Administrator, office.TheCompany)
	says(t, admin.do(200, "POST", "/people/new", "name", "Sample", "email", "sample@example.org", "again", people.SamplePassword), "It is also being sent to sample@example.org")
	for {
		m, found, err := outbox.Claim(t.Context(), st)
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			break
		}
		if err := outbox.Failed(t.Context(), st, m, "550 no such mailbox", true); err != nil {
			t.Fatal(err)
		}
	}
	w := admin.do(200, "GET", "/people/outbox")
	says(t, w, "550 no such mailbox", "sample@example.org", "Try again")
	if strings.Contains(w.Body.String(), "/invitations/") {
		t.Error("the page tells an invitation")
	}
	id := regexp.MustCompile(`name="retry" value="(\d+)"`).FindStringSubmatch(w.Body.String())[1]
	admin.do(303, "POST", "/people/outbox", "retry", id)
	admin.do(409, "POST", "/people/outbox", "retry", id)
	says(t, admin.do(200, "GET", "/people/outbox"), "will be sent again")
	as(t, s, storetest.Holder(t, st, office.Official, office.HomeOffice)).do(403, "GET", "/people/outbox")
}
