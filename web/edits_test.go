package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// editing is an edit of some text: the page of its form, and what is typed.
type editing struct {
	by    at
	path  string
	typed []string
}

// TestNoEditOverwritesUnseen sends each edit without its version, with an empty
// one and with one that nobody gave out: it is refused, and its form comes back
// with what was typed and what stands.
func TestNoEditOverwritesUnseen(t *testing.T) {
	t.Parallel()
	x := mandate(t)
	goes(t, x.clerk.do(303, "POST", x.committee+"/meetings/new", planning()...), x.meetingAt)
	const second = "/meetings/2"
	goes(t, x.clerk.do(303, "POST", x.committee+"/meetings/new", planning("on", "31")...), second)
	x.clock.Day("2013-01-17")
	x.clerk, x.chair = x.back(t, x.clerkV), x.back(t, x.chairV)
	x.clerk.do(303, "POST", x.meetingAt+"/attend", "seat-"+fmt.Sprint(x.chairV.Office.ID), "present", "seat-"+fmt.Sprint(x.clerkV.Office.ID), "present")
	x.clerk.do(303, "POST", x.meetingAt+"/minutes", "minutes", "Item 1: All were welcomed.")
	for _, k := range []editing{
		{x.clerk, x.meetingAt + "/minutes", []string{"minutes", "Minutes of somebody else."}},
		{x.clerk, x.meetingAt + "/attend", []string{"declared-" + fmt.Sprint(x.chairV.Office.ID), "Shares in Alder Vale (sample)"}},
		{x.clerk, second + "/change", []string{"place", "Another room"}},
		{x.clerk, x.committee + "/change", []string{"name", "Another name", "terms", "Other terms."}},
	} {
		form := opened(t, k.by, k.path, k.path)
		if form.Get("was") == "" {
			t.Errorf("%s: its form does not say what it was opened on", k.path)
		}
		before := size(t, x.st)
		for how, was := range map[string][]string{"without": nil, "with an empty": {""}, "with an unknown": {strings.Repeat("0", 32)}, "with a made-up": {"1"}} {
			v := typing(form, k.typed...)
			v.Del("once")
			if v["was"] = was; was == nil {
				v.Del("was")
			}
			w := k.by.posts(k.path, v)
			if w.Code != http.StatusConflict || size(t, x.st) != before {
				t.Errorf("%s %s version answers %d", k.path, how, w.Code)
			}
			says(t, w, "Nothing was recorded.", k.typed[1])
			if again := formOf(t, w, k.path); again.Get("was") != form.Get("was") {
				t.Errorf("%s %s version: the form that comes back was opened on %q, not %q", k.path, how, again.Get("was"), form.Get("was"))
			}
		}
	}
}
