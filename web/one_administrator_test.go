package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// alone is an administrator who acts with nobody else, in a portal where every
// body has honest people who do nothing.
type alone struct {
	theatre
	admin  at
	chair  office.Viewer // of the committee that keeps sealed evidence
	clerk  office.Viewer
	others at // the chair of another committee at the same body
	n      int
}

func onlyOne(t *testing.T) *alone {
	t.Helper()
	a := &alone{theatre: stage(t)}
	a.admin = a.keyed(t, office.Administrator, office.TheCompany)
	a.chair, a.clerk = keyedHolder(t, a.st, office.Chair, office.TheAssociation), keyedHolder(t, a.st, office.Clerk, office.TheAssociation)
	today := civil.DayOf(a.st.Now())
	storetest.AddCommittee(t, a.st, "ict", today, "", a.chair, office.Viewer{}, a.clerk)
	other := storetest.Holds(t, a.st, storetest.Person(t, a.st, "Other chair (sample)"), office.Office{Body: office.TheAssociation, Kind: office.Chair, Title: "Other chair"})
	storetest.AddCommittee(t, a.st, "other", today, "", other, office.Viewer{}, a.clerk)
	a.others = as(t, a.Server, other)
	err := scrutiny.OpenInquiry(t.Context(), a.st, a.clerk, scrutiny.Inquiry{Slug: "hosting", Title: "Hosting (sample)", Terms: "What it costs.", Committee: "ict", Closes: today.Add(30)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = scrutiny.TakeEvidence(t.Context(), a.st, a.clerk, "hosting", scrutiny.EvidenceForm{Author: "CANARY author (sample)", AuthorSealed: true, Title: "CANARY title", Received: today,
		Text: "CANARY text of the evidence.", Confidential: true, Ground: scrutiny.EvidenceGrounds[0], Review: today.Add(30)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// person adds somebody whom only the administrator is, with a password.
func (a *alone) person() (path string, who at) {
	a.t().Helper()
	a.n++
	email := fmt.Sprintf("puppet%d@example.org", a.n)
	w := a.admin.do(200, "POST", "/people/new", "name", fmt.Sprintf("Puppet %d (sample)", a.n), "email", email, "again", people.SamplePassword)
	token, path := found(a.t(), w, `/invitations/([A-Z2-7]+)`), found(a.t(), w, `"(/people/\d+)"`)
	stranger(a.t(), a.Server).do(303, "POST", "/invitations/"+token, "password", people.SamplePassword, "repeat", people.SamplePassword)
	return path, a.signIn(email)
}

func (a *alone) t() testing.TB { return a.admin.t }

// signIn is whoever signs in with an address and the sample password: nobody
// where that leads to no office.
func (a *alone) signIn(email string) at {
	b := stranger(a.t(), a.Server)
	w := b.send("POST", "/sign-in", "email", email, "password", people.SamplePassword)
	for _, c := range w.Result().Cookies() {
		if strings.HasSuffix(c.Name, "session") {
			b.cookie = c.Name + "=" + c.Value
		}
	}
	return b
}

func (a *alone) appoint(path, body, kind, title string, more ...string) {
	form := append([]string{"body", body, "kind", kind, "title", title, "from", "14", "from-month", "1", "from-year", "2013", "confirmed", "yes", "again", people.SamplePassword}, more...)
	a.admin.send("POST", path+"/appoint", form...)
}

// confirmAll has somebody try to confirm everything that there is.
func (a *alone) confirmAll(by ...at) {
	for _, b := range append(by, a.admin) {
		for id := range 60 {
			b.send("POST", fmt.Sprintf("/appointments/%d/confirm", id), "again", people.SamplePassword)
			b.send("POST", fmt.Sprintf("/appointments/requests/%d/agree", id), "again", people.SamplePassword)
		}
		for _, slug := range []string{"ict", "other"} {
			b.send("POST", "/committees/"+slug+"/seats/confirm", "again", people.SamplePassword)
		}
	}
}

// powerless fails the test where one of some people can do what binds or read
// what is restricted.
func (a *alone) powerless(all ...at) {
	a.t().Helper()
	for i, b := range append(all, a.admin) {
		for _, path := range []string{"/inquiries/hosting/evidence/1", "/inquiries/hosting/evidence/1.json"} {
			if w := b.send("GET", path); strings.Contains(w.Body.String(), "CANARY") {
				a.t().Errorf("person %d reads sealed evidence at %s", i, path)
			}
		}
		for _, path := range []string{"/handover/balance/certify", "/handover/statement/certify", "/decisions/2013-001/vote", "/decisions/2013-001/call-in", "/decisions/2013-001/hear",
			"/handover/complete", "/committees/new", "/committees/ict/change", "/committees/ict/seats", "/committees/ict/meetings/new", "/appointments", "/ownership/enter"} {
			if w := b.send("GET", path); w.Code == 200 {
				a.t().Errorf("person %d is shown %s", i, path)
			}
		}
	}
}

// TestOneAdministratorAloneBindsNobody plays the ways in which one administrator,
// with accounts that nobody else has, could end in certifying, voting, signing,
// hearing, keeping a committee or reading what is restricted.
func TestOneAdministratorAloneBindsNobody(t *testing.T) {
	for name, play := range map[string]func(*alone) []at{
		"a clerk who confirms an association officer": func(a *alone) []at {
			x, clerk := a.person()
			y, officer := a.person()
			a.appoint(x, office.TheAssociation, "clerk", "New clerk")
			a.appoint(y, office.TheAssociation, "association officer", "New officer")
			a.confirmAll(a.signIn("puppet1@example.org"), clerk)
			return []at{a.signIn("puppet1@example.org"), a.signIn("puppet2@example.org"), officer}
		},
		"a scrutineer, a chair and an auditor": func(a *alone) []at {
			var all []at
			for i, kind := range []string{"scrutineer", "chair", "auditor", "director"} {
				path, who := a.person()
				body := office.TheAssociation
				if i > 1 {
					body = office.TheCompany
				}
				a.appoint(path, body, kind, "New "+kind, "seat", map[bool]string{true: "3", false: ""}[kind == "director"])
				a.confirmAll(who)
				all = append(all, a.signIn(fmt.Sprintf("puppet%d@example.org", i+1)))
			}
			return all
		},
		"an office that has a seat already": func(a *alone) []at {
			path, _ := a.person()
			a.appoint(path, office.TheAssociation, "clerk", a.clerk.Office.Title)
			b := a.signIn("puppet1@example.org")
			a.confirmAll(b)
			return []at{a.signIn("puppet1@example.org")}
		},
		"an appointment into the past": func(a *alone) []at {
			path, _ := a.person()
			a.appoint(path, office.TheAssociation, "clerk", a.clerk.Office.Title, "from-year", "2012")
			a.admin.do(422, "POST", path+"/appoint", "body", "kent", "kind", "constable", "title", "Constable", "from", "13", "from-month", "1", "from-year", "2013", "confirmed", "yes", "again", people.SamplePassword)
			a.confirmAll()
			return []at{a.signIn("puppet1@example.org")}
		},
		"a new invitation for the clerk": func(a *alone) []at {
			w := a.admin.send("POST", fmt.Sprintf("/people/%d/invite", a.clerk.Person), "again", people.SamplePassword)
			if strings.Contains(w.Body.String(), "/invitations/") {
				t.Errorf("the administrator is shown an invitation for the clerk")
			}
			a.confirmAll()
			as(t, a.Server, a.clerk).do(200, "GET", "/account") // the clerk is still who they were
			return nil
		},
		"a second account of the administrator, who appoints the first": func(a *alone) []at {
			x, _ := a.person()
			a.appoint(x, office.TheCompany, "administrator", "Second administrator")
			second := a.signIn("puppet1@example.org")
			a.confirmAll(second)
			id := found(t, a.admin.do(200, "GET", "/people?q=Keyed+for+company"), `"(/people/\d+)"`)
			second.send("POST", id+"/appoint", "body", office.TheCompany, "kind", "company secretary", "title", "Secretary", "from", "14", "from-month", "1", "from-year", "2013", "confirmed", "yes", "again", people.SamplePassword)
			a.confirmAll(second)
			return []at{second}
		},
		"somebody acting for the holder": func(a *alone) []at {
			path, _ := a.person()
			a.appoint(path, office.TheAssociation, "association officer", "Association officer", "acting", "yes")
			a.appoint(path, office.HomeOffice, "official", "Deputy official", "acting", "yes")
			a.confirmAll(a.signIn("puppet1@example.org"))
			return []at{a.signIn("puppet1@example.org")}
		},
		"the end of those who would object": func(a *alone) []at {
			for id := range 60 {
				a.admin.send("POST", fmt.Sprintf("/appointments/%d/end", id), "to", "13", "to-month", "1", "to-year", "2013", "again", people.SamplePassword)
			}
			a.confirmAll()
			for _, v := range []office.Viewer{a.chair, a.clerk} {
				if _, err := people.ViewerOf(t.Context(), a.st, v.Person, 0); err != nil {
					t.Errorf("an administrator alone ended an office: %v", err)
				}
			}
			return nil
		},
		"a body where nobody holds an office": func(a *alone) []at {
			x, _ := a.person()
			y, _ := a.person()
			a.appoint(x, "sussex", "commissioner", "Commissioner for Sussex")
			a.appoint(y, "sussex", "chief executive", "Chief executive of Sussex")
			b, c := a.signIn("puppet1@example.org"), a.signIn("puppet2@example.org")
			a.confirmAll(b, c)
			return []at{a.signIn("puppet1@example.org"), a.signIn("puppet2@example.org")}
		},
		"an office confirmed before its password was chosen": func(a *alone) []at {
			w := a.admin.do(200, "POST", "/people/new", "name", "Ann (sample)", "email", "ann@example.org", "again", people.SamplePassword)
			token, path := found(t, w, `/invitations/([A-Z2-7]+)`), found(t, w, `"(/people/\d+)"`)
			a.appoint(path, office.TheCompany, "company secretary", "Second secretary")
			a.secretary.do(303, "POST", found(t, a.secretary.do(200, "GET", "/appointments"), `"(/appointments/\d+)"`)+"/confirm", "again", people.SamplePassword)
			a.admin.send("POST", path+"/invite", "again", people.SamplePassword)
			stranger(t, a.Server).send("POST", "/invitations/"+token, "password", people.SamplePassword, "repeat", people.SamplePassword)
			a.confirmAll()
			return []at{a.signIn("ann@example.org")}
		},
		"a seat on the committee, asked for by another chair": func(a *alone) []at {
			for _, path := range []string{"/committees/ict/seats", "/committees/ict/change", "/committees/ict/meetings/new"} {
				a.others.do(403, "GET", path)
				a.others.do(403, "POST", path, "office", fmt.Sprint(a.chair.Office.ID), "role", "member", "from", "14", "from-month", "1", "from-year", "2013",
					"name", "Mine", "terms", "Mine.", "turn", "1", "on", "20", "on-month", "1", "on-year", "2013", "starts", "10:00", "place", "Here")
			}
			w := a.others.do(200, "GET", "/inquiries/hosting/evidence/1")
			if strings.Contains(w.Body.String(), "CANARY") {
				t.Error("the chair of another committee reads sealed evidence")
			}
			return nil
		},
		"a commissioner and a delegate at a body that was invited": func(a *alone) []at {
			path, _ := a.person()
			a.appoint(path, "kent", "commissioner", "Commissioner for Kent")
			a.appoint(path, "kent", "constable", "Constable")
			b := a.signIn("puppet1@example.org")
			b.send("POST", "/delegations/new", "function", "vote", "again", people.SamplePassword, "confirmed", "yes")
			a.confirmAll(b)
			return []at{a.signIn("puppet1@example.org")}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := onlyOne(t)
			a.powerless(play(a)...)
			storetest.Sound(t, a.st)
		})
	}
}
