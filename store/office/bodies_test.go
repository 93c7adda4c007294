package office_test

import (
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

func TestTheBodiesAreWhatTheyAre(t *testing.T) {
	kinds, slugs, codes := map[office.BodyKind]int{}, map[string]bool{}, map[string]bool{}
	for _, b := range office.Bodies() {
		kinds[b.Kind]++
		if slugs[b.Slug] || b.Slug == "" || b.Name == "" || b.Short == "" {
			t.Errorf("%+v", b)
		}
		slugs[b.Slug] = true
		if b.Code != "" && codes[b.Code] {
			t.Errorf("two bodies have the code %s", b.Code)
		}
		codes[b.Code] = true
		if b.Kind.String() == "" {
			t.Errorf("%s: the kind %q has no words", b.Slug, b.Kind)
		}
	}
	for kind, want := range map[office.BodyKind]int{office.Commissioner: 41, office.MOPAC: 1, office.CommonCouncil: 1,
		office.Department: 1, office.Association: 1, office.Company: 1, office.PoliceAuthority: 42} {
		if kinds[kind] != want {
			t.Errorf("%d of the kind %s, want %d", kinds[kind], kind, want)
		}
	}
	var people int64
	local := office.LocalPolicingBodies()
	for i, b := range local {
		people += b.Population
		if b.Code == "" || b.Force == "" || b.Region == "" || b.Population == 0 || b.Row == 0 || b.Col == 0 {
			t.Errorf("a fact is missing: %+v", b)
		}
		if (b.Country == "Wales") != (b.ForceCy != "") {
			t.Errorf("%s: Welsh name %q", b.Slug, b.ForceCy)
		}
		if i > 0 && local[i-1].Short >= b.Short {
			t.Errorf("%s comes after %s", b.Short, local[i-1].Short)
		}
	}
	if len(local) != 43 || people != 56_075_912 {
		t.Errorf("%d bodies of %d people", len(local), people)
	}
}

func TestOneBodyFollowsAnother(t *testing.T) {
	predecessors := 0
	places := map[[2]int]string{}
	for _, b := range office.LocalPolicingBodies() {
		if had := places[[2]int{b.Row, b.Col}]; had != "" {
			t.Errorf("%s and %s have one place on the map", had, b.Slug)
		}
		places[[2]int{b.Row, b.Col}] = b.Slug
		if b.Predecessor == "" {
			if b.Kind != office.CommonCouncil {
				t.Errorf("%s follows nobody", b.Slug)
			}
			continue
		}
		predecessors++
		old, ok := office.BodyOf(b.Predecessor)
		if !ok || old.Kind != office.PoliceAuthority || old.Successor != b.Slug || old.Last.Next() != b.First {
			t.Errorf("%s from %s follows %+v", b.Slug, b.First, old)
		}
		want := civil.Day("2012-11-22")
		if b.Kind == office.MOPAC {
			want = "2012-01-16"
		}
		if b.First != want || b.Exists(want.Add(-1)) || !b.Exists(want) || !old.Exists(want.Add(-1)) || old.Exists(want) {
			t.Errorf("%s begins on %s", b.Slug, b.First)
		}
	}
	if predecessors != 42 {
		t.Errorf("%d have a predecessor", predecessors)
	}
	for _, b := range office.Bodies() {
		if b.Kind != office.PoliceAuthority && b.Successor != "" {
			t.Errorf("%s is followed by %s", b.Slug, b.Successor)
		}
	}
}

func TestBodiesAreFoundByAnyName(t *testing.T) {
	for words, want := range map[string]string{"KENT": "kent", "e23000032": "kent", "Heddlu Gwent": "gwent", "kent police": "kent"} {
		found := false
		for _, b := range office.Bodies() {
			found = found || b.Slug == want && b.Matches(words)
		}
		if !found {
			t.Errorf("%q does not find %s", words, want)
		}
	}
	if b, ok := office.BodyOf("E23000032"); !ok || b.Slug != "kent" {
		t.Errorf("by code: %+v", b)
	}
	for _, name := range []string{"", "atlantis", "KENT"} {
		if b, ok := office.BodyOf(name); ok {
			t.Errorf("%q finds %s", name, b.Slug)
		}
	}
}

func TestABodyOnADay(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	storetest.ShortHistory(t, s)
	b, err := register.ReadBody(ctx, s, "association", record.When{Day: "2012-11-21"})
	if err != nil || b.Name != "Association of Police Authorities" {
		t.Errorf("before: %s, %v", b.Name, err)
	}
	if m, ok := b.Member(); !ok || m.Votes != 1 || len(b.Rights()) != 0 || len(b.Directors()) != 0 {
		t.Errorf("before: %+v", m)
	}
	if b, err = register.ReadBody(ctx, s, "association", record.When{}); err != nil || b.Name != "Association of Police and Crime Commissioners" || len(b.Events) != 2 {
		t.Errorf("now: %s, %d events, %v", b.Name, len(b.Events), err)
	}
	admitted, renamed := b.Events[1], b.Events[0]
	if got := b.Then.Of("association", admitted); got != "Association of Police Authorities" {
		t.Errorf("at its admission it was %q", got)
	}
	if got := b.Then.Of("association", renamed); got != "Association of Police and Crime Commissioners" {
		t.Errorf("at its renaming it was %q", got)
	}
	if b, err = register.ReadBody(ctx, s, "home-office", record.When{}); err != nil || len(b.Rights()) != 1 || len(b.Directors()) != 1 || len(b.Former()) != 0 {
		t.Errorf("the Home Office: %+v, %v", b.Rights(), err)
	}
	if b, err = register.ReadBody(ctx, s, "home-office", record.When{Day: "2012-07-15"}); err != nil || len(b.Rights()) != 0 || len(b.Events) != 0 {
		t.Errorf("the Home Office before: %+v, %v", b.Rights(), err)
	}
	if _, err = register.ReadBody(ctx, s, "atlantis", record.When{}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("no body: %v", err)
	}
}
