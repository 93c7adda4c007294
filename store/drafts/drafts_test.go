package drafts_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/drafts"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
)

const form = "/questions/new"

func wrote(words string) drafts.Draft {
	return drafts.Draft{Path: form, Title: "Question: " + words, Once: "key of " + words, Fields: url.Values{"text": {words}}}
}

func TestADraftIsSavedOpenedAndDeleted(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	clerk, chair := storetest.Holder(t, s, office.Clerk, office.TheAssociation), storetest.Holder(t, s, office.Chair, office.TheAssociation)
	before, err := record.ReadHead(ctx, s)
	must(t, err)
	d, err := drafts.Save(ctx, s, clerk, wrote("Why?"))
	must(t, err)
	if d.ID == "" || d.Version != 1 || d.Office != clerk.Office.ID {
		t.Errorf("%+v", d)
	}
	twice, err := drafts.Save(ctx, s, clerk, wrote("Why?"))
	must(t, err)
	if twice.ID != d.ID || twice.Version != 1 {
		t.Errorf("a double click saved %+v beside %+v", twice, d)
	}
	d.Fields = url.Values{"text": {"Why now?"}}
	d, err = drafts.Save(ctx, s, clerk, d)
	must(t, err)
	found, err := drafts.Find(ctx, s, clerk, form, d.ID)
	must(t, err)
	if found.Version != 2 || found.Fields.Get("text") != "Why now?" {
		t.Errorf("%+v", found)
	}
	for who, find := range map[string]func() (drafts.Draft, error){
		"another person":     func() (drafts.Draft, error) { return drafts.Find(ctx, s, chair, form, d.ID) },
		"at another address": func() (drafts.Draft, error) { return drafts.Find(ctx, s, clerk, "/questions/2013-001/answer", d.ID) },
		"without their role": func() (drafts.Draft, error) {
			return drafts.Find(ctx, s, office.Viewer{Person: clerk.Person, Offices: chair.Offices}, form, d.ID)
		},
		"by a number of none": func() (drafts.Draft, error) { return drafts.Find(ctx, s, clerk, form, "x") },
	} {
		if got, err := find(); fault.KindOf(err) != fault.NotFound || len(got.Fields) > 0 {
			t.Errorf("%s finds %+v: %v", who, got, err)
		}
	}
	must(t, drafts.Delete(ctx, s, chair, d.ID, 0))
	tasks, err := store.Work(ctx, s, clerk)
	must(t, err)
	if len(tasks) != 1 || !strings.Contains(tasks[0].Title, "Why?") || tasks[0].Href != form+"?saved="+d.ID {
		t.Errorf("tasks: %+v", tasks)
	}
	must(t, drafts.Delete(ctx, s, clerk, d.ID, 1)) // what was saved since stays
	if all, err := drafts.Of(ctx, s, clerk); err != nil || len(all) != 1 {
		t.Errorf("%v %v", all, err)
	}
	must(t, drafts.Delete(ctx, s, clerk, d.ID, 2))
	if all, err := drafts.Of(ctx, s, clerk); err != nil || len(all) != 0 {
		t.Errorf("%v %v", all, err)
	}
	after, err := record.ReadHead(ctx, s)
	must(t, err)
	if after.Size != before.Size {
		t.Errorf("%d events were recorded", after.Size-before.Size)
	}
	storetest.Sound(t, s)
}

func TestADraftSavedInTwoTabsIsNotOverwritten(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	clerk := storetest.Holder(t, s, office.Clerk, office.TheAssociation)
	first, err := drafts.Save(ctx, s, clerk, wrote("One"))
	must(t, err)
	one, two := first, first
	one.Fields, two.Fields = url.Values{"text": {"One, from the first tab"}}, url.Values{"text": {"One, from the second"}}
	_, err = drafts.Save(ctx, s, clerk, one)
	must(t, err)
	now, err := drafts.Save(ctx, s, clerk, two)
	if !errors.Is(err, drafts.ErrChanged) || now.Fields.Get("text") != "One, from the first tab" || now.Version != 2 {
		t.Errorf("the second tab: %+v, %v", now, err)
	}
	back := wrote("One")
	back.Fields = url.Values{"text": {"One, after the back button"}}
	if now, err = drafts.Save(ctx, s, clerk, back); !errors.Is(err, drafts.ErrChanged) || now.ID != first.ID {
		t.Errorf("the form that it was first saved from: %+v, %v", now, err)
	}
	two.Version = 2
	now, err = drafts.Save(ctx, s, clerk, two)
	must(t, err)
	if now.Version != 3 || now.Fields.Get("text") != "One, from the second" {
		t.Errorf("%+v", now)
	}
	must(t, drafts.Delete(ctx, s, clerk, first.ID, 0))
	if now, err = drafts.Save(ctx, s, clerk, two); err != nil || now.ID == first.ID || now.ID == "" {
		t.Errorf("one that was deleted elsewhere is not kept anew: %+v, %v", now, err)
	}
}

func TestDraftsAreKeptWithinLimits(t *testing.T) {
	ctx := t.Context()
	s, clock := storetest.OpenClock(t)
	clerk := storetest.Holder(t, s, office.Clerk, office.TheAssociation)
	d, err := drafts.Save(ctx, s, clerk, wrote("Old"))
	must(t, err)
	if d.Until() != "2013-04-14" {
		t.Errorf("kept until %s", d.Until())
	}
	clock.Day("2013-04-14")
	if _, err := drafts.Find(ctx, s, clerk, form, d.ID); err != nil {
		t.Errorf("on its last day: %v", err)
	}
	clock.Day("2013-04-15")
	if _, err := drafts.Find(ctx, s, clerk, form, d.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("after its last day: %v", err)
	}
	for i := range drafts.Most {
		_, err := drafts.Save(ctx, s, clerk, wrote(fmt.Sprint(i)))
		must(t, err)
	}
	if _, err := drafts.Save(ctx, s, clerk, wrote("too many")); fault.KindOf(err) != fault.Invalid {
		t.Errorf("one too many: %v", err)
	}
	long := wrote("long")
	long.Fields.Set("text", strings.Repeat("x", drafts.MostSize))
	if _, err := drafts.Save(ctx, s, clerk, long); fault.KindOf(err) != fault.Invalid {
		t.Errorf("too long: %v", err)
	}
}

func TestTheDraftsOfAnErasedPersonAreDeleted(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	adm := storetest.Holder(t, s, office.Administrator, office.TheCompany)
	id, _, err := people.Add(ctx, s, adm, "Zebedee Quill", "zebedee.quill@example.org")
	must(t, err)
	v := office.Viewer{Person: id, Office: adm.Office, Offices: adm.Offices}
	_, err = drafts.Save(ctx, s, v, wrote("Why?"))
	must(t, err)
	must(t, people.Erase(ctx, s, adm, id, "The person asked for it."))
	if all, err := drafts.Of(ctx, s, v); err != nil || len(all) > 0 {
		t.Errorf("%v %v", all, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
