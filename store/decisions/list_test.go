package decisions_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/storetest"
)

// severalDecisions are decisions of several days, values, makers and statuses,
// some alike in each.
func severalDecisions(t *testing.T) *storetest.Cast {
	c := storetest.Begin(t)
	for i, value := range []money.Pence{5_000_000, 600_000, 20_000, 5_000_000, 80_000, 600_000, 20_000} {
		if i%2 == 1 {
			c.Clock.Day(civil.DayOf(c.Tx.Now()).Add(1))
		}
		p := storetest.HostingPaper(value)
		p.Contract, p.Company, p.Supplier = "", "", ""
		ref := c.PutForward("contract", p)
		if i%3 == 0 {
			c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
		}
		if i == 5 {
			c.Must(storetest.Err(decisions.Withdraw(t.Context(), c.Tx, c.Officer, ref, "A sample reason")))
		}
	}
	return c
}

// all reads every page of a list of two rows a page.
func all(t *testing.T, c *storetest.Cast, f decisions.Filter) (rows []decisions.Listed) {
	t.Helper()
	for f.Page = 1; ; f.Page++ {
		p, err := decisions.List(t.Context(), c.Tx, office.Viewer{}, f, 2)
		c.Must(err)
		rows = append(rows, p.All...)
		if f.Page == p.Pages {
			if p.Count != int64(len(rows)) {
				t.Errorf("%+v: %d counted, %d on its pages", f, p.Count, len(rows))
			}
			return rows
		}
	}
}

func refsOf(rows []decisions.Listed) (all []string) {
	for _, d := range rows {
		all = append(all, d.Ref)
	}
	return all
}

func TestTheListIsSortedByEachColumnBothWays(t *testing.T) {
	c := severalDecisions(t)
	far := []decisions.Status{decisions.PutForward, decisions.Open, decisions.Withdrawn}
	compare := map[string]func(a, b decisions.Listed) int{
		"date":   func(a, b decisions.Listed) int { return cmp.Compare(a.Dated(), b.Dated()) },
		"ref":    func(a, b decisions.Listed) int { return cmp.Compare(a.Ref, b.Ref) },
		"value":  func(a, b decisions.Listed) int { return cmp.Compare(a.Value, b.Value) },
		"status": func(a, b decisions.Listed) int { return slices.Index(far, a.Status) - slices.Index(far, b.Status) },
	}
	for _, key := range decisions.Sorts() {
		for _, down := range []bool{false, true} {
			got := all(t, c, decisions.Filter{Sort: db.Sort{Key: key, Down: down}})
			want := slices.Clone(got)
			slices.SortFunc(want, func(a, b decisions.Listed) int {
				by := compare[key](a, b)
				if down {
					by = -by
				}
				return cmp.Or(by, cmp.Compare(b.Ref, a.Ref))
			})
			if len(got) != 7 || !slices.Equal(refsOf(got), refsOf(want)) {
				t.Errorf("by %s, down %v: %v, want %v", key, down, refsOf(got), refsOf(want))
			}
			var each []string
			c.Must(decisions.Each(t.Context(), c.Tx, office.Viewer{}, decisions.Filter{Sort: db.Sort{Key: key, Down: down}}, func(d decisions.Listed) bool {
				each = append(each, d.Ref)
				return true
			}))
			if !slices.Equal(each, refsOf(got)) {
				t.Errorf("by %s, down %v: the CSV has %v, the pages %v", key, down, each, refsOf(got))
			}
		}
	}
	if len(compare) != len(decisions.Sorts()) {
		t.Error("a key of the list is not tested")
	}
	if _, err := decisions.List(t.Context(), c.Tx, office.Viewer{}, decisions.Filter{Page: 5}, 2); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a page that the list does not have: %v", err)
	}
	if _, err := decisions.List(t.Context(), c.Tx, office.Viewer{}, decisions.Filter{Sort: db.Sort{Key: "d.id"}}, 2); err == nil {
		t.Error("the list was sorted by a key that it does not have")
	}
}

func TestTheListIsFilteredByMakerAndDay(t *testing.T) {
	c := severalDecisions(t)
	every := all(t, c, decisions.Filter{})
	for _, maker := range []authority.Deciders{authority.TheMembers, authority.TheBoard, authority.AnOffice} {
		var want []string
		for _, d := range every {
			if d.Band.Who == maker {
				want = append(want, d.Ref)
			}
		}
		if got := refsOf(all(t, c, decisions.Filter{Maker: maker})); len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("decided by %s: %v, want %v", maker, got, want)
		}
	}
	day := every[3].Dated()
	for f, in := range map[decisions.Filter]func(civil.Day) bool{
		{From: day}: func(d civil.Day) bool { return d >= day }, {To: day}: func(d civil.Day) bool { return d <= day },
		{From: day, To: day}: func(d civil.Day) bool { return d == day },
	} {
		var want []string
		for _, d := range every {
			if in(d.Dated()) {
				want = append(want, d.Ref)
			}
		}
		if got := refsOf(all(t, c, f)); len(got) == 0 || len(got) == len(every) || !slices.Equal(got, want) {
			t.Errorf("from %q to %q: %v, want %v", f.From, f.To, got, want)
		}
	}
}

func TestDecisionsOfBeforeAreListedByDay(t *testing.T) {
	c := severalDecisions(t)
	before := all(t, c, decisions.Filter{Sort: db.Sort{Key: "date"}, Maker: authority.TheBoard})
	c.Must(c.Tx.Transact(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE decisions SET dated = '', maker = ''`)
		return err
	}))
	if err := decisions.FillListed(t.Context(), c.Tx); err != nil {
		t.Fatal(err)
	}
	if after := all(t, c, decisions.Filter{Sort: db.Sort{Key: "date"}, Maker: authority.TheBoard}); len(after) == 0 || !slices.Equal(refsOf(after), refsOf(before)) {
		t.Errorf("%v, and %v once filled in", refsOf(before), refsOf(after))
	}
	storetest.Verifies(t, c.Tx)
}
