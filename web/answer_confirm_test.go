package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/views"
	decisionsview "github.com/police-ict/handover/views/decisions"
	decisionsweb "github.com/police-ict/handover/web/decisions"
)

// TestAConfirmedActRunsOnce counts how often a form that is confirmed is
// checked and done.
func TestAConfirmedActRunsOnce(t *testing.T) {
	t.Parallel()
	ch := convene(t)
	checked, done := 0, 0
	var refusal error
	page := func(echo.Context) (templ.Component, error) { return views.Demonstration(), nil }
	check := func(echo.Context) (templ.Component, error) { checked++; return views.Demonstration(), refusal }
	act := func(echo.Context) (string, error) { done++; return "/", refusal }
	for path, password := range map[string]bool{"/confirm-me": false, "/confirm-me-well": true} {
		ch.Confirm(path, office.SignedIn, password, page, check, act)
	}
	for name, k := range map[string]struct {
		path          string
		form          []string
		refusal       error
		code          int
		checked, done int
	}{
		"first sent":              {"/confirm-me", nil, nil, 200, 2, 0}, // taken, and then shown
		"confirmed":               {"/confirm-me", sure(nil), nil, 303, 0, 1},
		"confirmed and refused":   {"/confirm-me", sure(nil), fault.Field("x", "Enter the x."), 422, 1, 1},
		"confirmed, a password":   {"/confirm-me-well", surely(), nil, 303, 0, 1},
		"confirmed, a wrong one":  {"/confirm-me-well", append(sure(nil), "again", "wrong"), nil, 422, 1, 0},
		"taken back to be edited": {"/confirm-me", append(sure(nil), "back", "yes"), nil, 200, 0, 0},
	} {
		checked, done, refusal = 0, 0, k.refusal
		if w := ch.official.send(http.MethodPost, k.path, k.form...); w.Code != k.code || checked != k.checked || done != k.done {
			t.Errorf("%s: %d, checked %d times and done %d times, want %d, %d and %d", name, w.Code, checked, done, k.code, k.checked, k.done)
		}
	}
}

// TestTheNoticeOfAnActNamesItsOwnEvent has one person act in two tabs, and reads
// the notices afterwards.
func TestTheNoticeOfAnActNamesItsOwnEvent(t *testing.T) {
	t.Parallel()
	ch := convene(t)
	d := ch.forward(t, "matter", "articles", "amount", "", "whole", "", "supplier", "", "company", "", "contract", "", "option-2-cost", "")
	recorded(t, ch.secretary.do(303, "POST", first+"/open", sure([]string{"way", "poll"})...))
	v := ch.viewerOf(t, ch.official)
	vote := decisionsweb.ActForms[4]
	if vote.Act != decisions.ActVote {
		t.Fatal(vote.Act)
	}
	var inOtherTab int64
	do := vote.Do
	vote.Do = func(ctx context.Context, st *db.Tx, by office.Viewer, ref string, typed decisionsview.DecisionTyped) (int64, error) {
		n, err := do(ctx, st, by, ref, typed)
		if err != nil {
			return n, err
		}
		typed.Choice = authority.Against
		inOtherTab, err = do(ctx, st, by, ref, typed)
		return n, err
	}
	ch.Post("/vote-in-two-tabs/:ref", office.VoteOnDecisions, decisionsweb.Take(ch.Server, vote))
	goes(t, ch.official.do(303, "POST", "/vote-in-two-tabs/2013-001", "hash", d.Hash, "choice", "for"), first)
	if inOtherTab == 0 || v.Person == 0 {
		t.Fatal("no second vote was cast")
	}
	page := ch.official.do(200, "GET", "/help/words").Body.String()
	if own := fmt.Sprintf(`Your vote has been recorded. <a href="/record/%d">View your receipt`, inOtherTab-1); !strings.Contains(page, own) {
		t.Errorf("the notice does not say %q", own)
	}
}
