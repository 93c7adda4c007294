package news_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/news"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/storetest"
)

func TestEachEventIsToldOncePerFollower(t *testing.T) {
	c := storetest.BeginMailing(t)
	ref := c.PutForward("contract", storetest.HostingPaper(6_125_800))
	href := "/decisions/" + ref
	c.Follow(c.Official, "decision/"+ref, "")
	c.Follow(c.Official, "body/"+office.TheCompany, "")
	c.Follow(c.Official, "decision/"+ref, "")
	c.Follow(c.Association, "/decisions?state=open", `{"State":"open"}`)
	c.Follow(c.Finance, "/decisions?state=held", `{"State":"held"}`)
	if heard := c.Heard(); len(heard) != 0 {
		t.Errorf("of what was before they hear %v", heard)
	}
	c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	heard := c.Heard()
	want := []string{"decision.open " + href}
	if !slices.Equal(heard[c.Official.Person], want) || !slices.Equal(heard[c.Association.Person], want) || len(heard) != 2 {
		t.Errorf("of the opening they hear %v", heard)
	}
	c.Must(c.Vote(c.Official, ref, authority.For))
	if heard = c.Heard(); len(heard[c.Official.Person]) != 1 || len(heard[c.Association.Person]) != 1 {
		t.Errorf("of a vote they hear %v", heard)
	}
	if heard = c.Heard(); len(heard) != 0 {
		t.Errorf("once more they hear %v", heard)
	}
}

func TestADraftIsNoNews(t *testing.T) {
	c := storetest.BeginMailing(t)
	c.Follow(c.Association, "body/"+office.TheCompany, "")
	c.Follow(c.Association, "/decisions", `{}`)
	draft, err := decisions.SaveDraft(t.Context(), c.Tx, c.Officer, decisions.DraftForm{Matter: "contract", Paper: storetest.HostingPaper(100)})
	c.Must(err)
	if heard := c.Heard(); len(heard) != 0 {
		t.Errorf("of a draft they hear %v", heard)
	}
	c.Must(storetest.Err(decisions.Edit(t.Context(), c.Tx, c.Officer, "draft-1", 1, decisions.DraftForm{Matter: "contract", Paper: storetest.HostingPaper(200)})))
	if _, _, err := decisions.PutForwardPaper(t.Context(), c.Tx, c.Officer, draft, 1); err != nil {
		t.Fatal(err)
	}
	if heard := c.Heard(); !slices.Equal(heard[c.Association.Person], []string{"decision.put-forward /decisions/2013-001"}) {
		t.Errorf("of a draft that was changed and put forward they hear %v", heard)
	}
	for _, subject := range []string{"decision/draft-1", "decision/2013-009", "body/nowhere", "person/1", "question/2013-001", "/people", "decision"} {
		if _, err := news.StartFollow(t.Context(), c.Tx, c.Association, subject, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("following %s: %v", subject, err)
		}
	}
	if _, err := news.StartFollow(t.Context(), c.Tx, office.Viewer{}, "body/kent", ""); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a stranger follows: %v", err)
	}
}

func TestTurningMailOnTellsNoOldNews(t *testing.T) {
	s, clock, again := storetest.Mailing(t)
	c := storetest.BeginOn(t, s, clock)
	c.Follow(c.Official, "/decisions", `{}`)
	storetest.TakeMail(t, s)
	c.PutForward("contract", storetest.HostingPaper(100)) // not told yet
	c.Tx = again(false)
	if _, err := news.StartFollow(t.Context(), c.Tx, c.Association, "body/kent", ""); fault.KindOf(err) != fault.Conflict {
		t.Errorf("following while mail is off: %v", err)
	}
	ref := c.PutForward("contract", storetest.HostingPaper(200))
	c.TellFollowers()
	c.Tx = again(true)
	if heard := c.Heard(); len(heard) != 0 {
		t.Errorf("after mail was off they hear %v", heard)
	}
	c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.Tx = again(true) // a start while mail is on leaves nothing out
	if heard := c.Heard(); len(heard[c.Official.Person]) != 1 {
		t.Errorf("of what came after they hear %v", heard)
	}
}

func TestAFollowEnds(t *testing.T) {
	c := storetest.BeginMailing(t)
	ref := c.PutForward("contract", storetest.HostingPaper(100))
	for _, v := range []office.Viewer{c.Official, c.Association, c.Finance} {
		c.Follow(v, "decision/"+ref, "")
	}
	c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.TellFollowers()
	mine, err := news.Following(t.Context(), c.Tx, c.Official.Person)
	if err != nil || len(mine) != 1 || !strings.Contains(mine[0].Title, ref) {
		t.Fatal(mine, err)
	}
	if err := news.EndFollow(t.Context(), c.Tx, c.Association, mine[0].ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("ending another’s: %v", err)
	}
	c.Must(news.EndFollow(t.Context(), c.Tx, c.Official, mine[0].ID))
	theirs, err := news.Following(t.Context(), c.Tx, c.Association.Person)
	c.Must(err)
	c.Must(news.Unsubscribe(t.Context(), c.Tx, theirs[0].Token))
	if err := news.Unsubscribe(t.Context(), c.Tx, theirs[0].Token); fault.KindOf(err) != fault.NotFound {
		t.Errorf("unsubscribing twice: %v", err)
	}
	if heard := c.Heard(); len(heard) != 1 || len(heard[c.Finance.Person]) != 1 {
		t.Errorf("after two of three ended it they hear %v", heard)
	}
}

func TestErasingAPersonErasesTheirMail(t *testing.T) {
	c := storetest.BeginMailing(t)
	ref := c.PutForward("contract", storetest.HostingPaper(100))
	v := storetest.Holder(t, c.Tx, office.Scrutineer, office.TheAssociation)
	c.Follow(v, "decision/"+ref, "")
	c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.TellFollowers()
	all, err := office.AppointmentsOf(t.Context(), c.Tx, v.Person)
	c.Must(err)
	c.Must(storetest.EndOffice(t.Context(), c.Tx, c.Administrator, all[0].ID, civil.DayOf(c.Now()).Add(-1)))
	c.Must(people.Erase(t.Context(), c.Tx, c.Administrator, v.Person, "They asked for it."))
	if mine, err := news.Following(t.Context(), c.Tx, v.Person); err != nil || len(mine) != 0 {
		t.Errorf("an erased person follows %v, %v", mine, err)
	}
	if heard := c.Heard(); len(heard[v.Person]) != 0 {
		t.Errorf("an erased person hears %v", heard)
	}
}

func TestPaymentsOfAListAndASupplierAreNews(t *testing.T) {
	c := storetest.BeginMailing(t)
	storetest.Load(t, c.Tx, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, storetest.KentFile)
	slug := storetest.EveryLine(t, c.Tx)[0].Identity.Slug
	c.Follow(c.Official, "supplier/"+slug, "")
	kent, err := payments.Filter{Bodies: []string{"kent"}, Payee: []payments.PayeeKind{payments.Named, payments.Redacted}, Class: []classify.Class{classify.IsIT}, From: civil.MonthOf(2012, 5)}.Kept()
	c.Must(err)
	c.Follow(c.Association, "/spend?body=kent", kent)
	essex, err := payments.Filter{Bodies: []string{"essex"}}.Kept()
	c.Must(err)
	c.Follow(c.Finance, "/spend?body=essex", essex)
	c.Follow(c.Officer, "body/kent", "")
	if heard := c.Heard(); len(heard) != 0 {
		t.Errorf("of what was before they hear %v", heard)
	}
	next := strings.NewReplacer("/04/2012", "/06/2012", "/05/2012", "/06/2012", ",100", ",200").Replace(storetest.KentFile)
	storetest.Load(t, c.Tx, office.CommandLine, spend.LoadRequest{Body: "kent", AcceptRejected: true}, next)
	heard := c.Heard()
	for name, v := range map[string]office.Viewer{"the supplier": c.Official, "the list": c.Association, "the body": c.Officer} {
		if !slices.ContainsFunc(heard[v.Person], func(m string) bool { return strings.HasPrefix(m, "load.accept /spend/loads/") }) {
			t.Errorf("who follows %s hears %v", name, heard[v.Person])
		}
	}
	if len(heard[c.Finance.Person]) != 0 {
		t.Errorf("who follows another body hears %v", heard[c.Finance.Person])
	}
	if _, err := spend.ChangeSupplier(t.Context(), c.Tx, office.CommandLine, spend.SupplierChange{Kind: spend.SupplierRenamed, Slug: slug, Name: "Another Name (sample)", From: "2012-01-01", Reason: "A test"}); err != nil {
		t.Fatal(err)
	}
	if heard := c.Heard(); len(heard[c.Official.Person]) != 1 {
		t.Errorf("of a rename they hear %v", heard)
	}
	if _, err := (payments.Filter{Flag: "duplicate"}).Kept(); fault.KindOf(err) != fault.Invalid {
		t.Errorf("following by flag: %v", err)
	}
}
