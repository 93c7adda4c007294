package register_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

// A told is one entry as the model of these tests remembers it. The model
// knows nothing of rules: what the store accepts, it believes.
type told struct {
	n int64
	e register.Entry
}

// modelled is what stands at the end of a day, as known by an event, worked
// out the plain way: strike and replace first, then every entry in its turn.
func modelled(all []told, day civil.Day, known int64) (votes map[string]int64, directors map[int64]string, names map[string]string) {
	type stands struct {
		root int64
		e    register.Entry
		gone bool
	}
	var rows []*stands
	by := map[int64]*stands{} // every event, to the row that it speaks of
	for _, t := range all {
		if t.n > known {
			continue
		}
		if t.e.Kind != register.Correction {
			by[t.n] = &stands{root: t.n, e: t.e}
			rows = append(rows, by[t.n])
			continue
		}
		row := by[t.e.Corrects]
		by[t.n], row.gone = row, t.e.Struck
		if !t.e.Struck {
			kind := row.e.Kind
			row.e = t.e
			row.e.Kind = kind
		}
	}
	slices.SortStableFunc(rows, func(a, b *stands) int {
		return cmp.Or(cmp.Compare(a.e.Registered, b.e.Registered), cmp.Compare(a.root, b.root))
	})
	votes, directors, names = map[string]int64{}, map[int64]string{}, map[string]string{}
	for _, r := range rows {
		if r.gone || r.e.Registered > day {
			continue
		}
		switch r.e.Kind {
		case register.Admitted:
			votes[r.e.Body] = r.e.Votes
		case register.Ceased:
			delete(votes, r.e.Body)
		case register.Renamed:
			names[r.e.Body] = r.e.Name
		case register.DirectorAppointed:
			directors[r.e.Seat] = r.e.Director
		case register.DirectorRemoved:
			delete(directors, r.e.Seat)
		}
	}
	return votes, directors, names
}

// agrees holds a register to the model and to itself.
func agrees(t *testing.T, what string, r register.Register, all []told) {
	t.Helper()
	votes, directors, names := modelled(all, r.AsAt, r.Known)
	got, seated, sum, shown := map[string]int64{}, map[int64]string{}, int64(0), int64(0)
	alike := map[int64]string{}
	for _, m := range r.Members {
		got[m.Body] = m.Votes
		sum += m.Votes
		share := r.Percent(m)
		hundredths, err := strconv.ParseInt(strings.Replace(share, ".", "", 1), 10, 64)
		if err != nil {
			t.Errorf("%s: a share of %q", what, share)
		}
		shown += hundredths
		if off := hundredths*r.Votes - m.Votes*10_000; 2*off > r.Votes+1 || 2*off < -r.Votes-1 {
			t.Errorf("%s: %d of %d votes is shown as %s", what, m.Votes, r.Votes, share)
		}
		if before, had := alike[m.Votes]; had && before != share {
			t.Errorf("%s: equal votes are shown as %s and %s", what, before, share)
		}
		alike[m.Votes] = share
		if name, ok := names[m.Body]; ok && m.Name != name {
			t.Errorf("%s: %s is called %s, want %s", what, m.Body, m.Name, name)
		}
	}
	for _, d := range r.Directors {
		seated[d.Seat] = d.Name
	}
	if sum != r.Votes || shown != r.PercentSum() || len(got) != len(r.Members) || len(seated) != len(r.Directors) {
		t.Errorf("%s: %d votes in the rows, %d in the sum; %d hundredths in the rows, %d in the sum", what, sum, r.Votes, shown, r.PercentSum())
	}
	if !maps.Equal(got, votes) || !maps.Equal(seated, directors) {
		t.Errorf("%s: as at %s, known %d: members %v want %v, directors %v want %v", what, r.AsAt, r.Known, got, votes, seated, directors)
	}
}

// A historian enters at random, on random days, and remembers what was taken.
type historian struct {
	*db.Tx
	t     *testing.T
	r     *rand.Rand
	sec   office.Viewer
	all   []told
	fixed []int64 // events of entries that nothing corrects yet
}

var visitors = []string{office.HomeOffice, office.TheAssociation, essexPA, kentPA, "surrey-police-authority", "sussex-police-authority"}

func historianOf(t *testing.T, seed uint64, day string) (*historian, *storetest.Clock) {
	t.Helper()
	s, clock := storetest.OpenSince(t, civil.Day(day).Start().Add(12*time.Hour))
	h := &historian{Tx: s, t: t, r: rand.New(rand.NewPCG(seed, 7)), sec: storetest.Holder(t, s, office.CompanySecretary, office.TheCompany)}
	h.tries(register.Entry{Kind: register.Incorporated, Registered: "2012-03-01"})
	return h, clock
}

// tries makes an entry if it can be made.
func (h *historian) tries(e register.Entry) bool {
	h.t.Helper()
	n, err := handover.Enter(h.t.Context(), h.Tx, h.sec, e)
	if err != nil {
		if fault.KindOf(err) == 0 {
			h.t.Fatalf("%+v: %v", e, err)
		}
		return false
	}
	h.all = append(h.all, told{n, e})
	h.fixed = slices.DeleteFunc(h.fixed, func(old int64) bool { return e.Kind == register.Correction && old == e.Corrects })
	h.fixed = append(h.fixed, n)
	return true
}

func (h *historian) pick(of []string) string { return of[h.r.IntN(len(of))] }

func (h *historian) entry() register.Entry {
	day := civil.Day("2012-02-25").Add(h.r.IntN(70)) // over a leap day and the clocks going forward
	body, seat := h.pick(visitors), int64(h.r.IntN(4)+1)
	switch h.r.IntN(10) {
	case 0, 1, 2:
		return storetest.Admitted(body, day, int64(h.r.IntN(9)+1))
	case 3:
		return storetest.Ceased(body, day)
	case 4:
		return storetest.Renamed(body, fmt.Sprintf("Name %d", h.r.IntN(100)), day)
	case 5, 6:
		return seats(body, int64(h.r.IntN(2)+1), day)
	case 7:
		return storetest.Removed(seat, day)
	}
	return storetest.Director(fmt.Sprintf("Director %d", h.r.IntN(9)), seat, body, day)
}

// correction is a random correction of the last word on some entry.
func (h *historian) correction() register.Entry {
	n := h.fixed[h.r.IntN(len(h.fixed))]
	if h.r.IntN(4) == 0 {
		return register.Entry{Kind: register.Correction, Corrects: n, Struck: true, Note: "It was wrong"}
	}
	kind := register.Correction
	for at := n; kind == register.Correction; { // the kind at the root of the chain
		i := slices.IndexFunc(h.all, func(t told) bool { return t.n == at })
		kind, at = h.all[i].e.Kind, h.all[i].e.Corrects
	}
	e := h.entry()
	for e.Kind != kind {
		if kind == register.Incorporated {
			e = register.Entry{Kind: kind, Registered: civil.Day("2012-02-20").Add(h.r.IntN(20))}
			continue
		}
		e = h.entry()
	}
	e.Kind, e.Corrects, e.Note = register.Correction, n, "It was wrong"
	return e
}

// days are those on which something changes, and those beside them.
func (h *historian) days() (all []civil.Day) {
	for _, t := range h.all {
		if t.e.Registered != "" {
			all = append(all, t.e.Registered.Add(-1), t.e.Registered, t.e.Registered.Next())
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestVotesAddUpInAnyHistory(t *testing.T) {
	t.Parallel()
	histories := 80
	if !storetest.Thorough() {
		histories = 8
	}
	entries := 0
	for seed := range uint64(histories) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { // which closes its database
			h, _ := historianOf(t, seed, "2012-06-01")
			for range 60 {
				h.tries(h.entry())
			}
			entries += len(h.all)
			for _, day := range h.days() {
				r, err := register.Read(t.Context(), h.Tx, record.When{Day: day})
				if err != nil {
					t.Fatal(err)
				}
				agrees(t, fmt.Sprintf("history %d", seed), r, h.all)
			}
			storetest.Verifies(t, h.Tx)
		})
	}
	t.Logf("%d histories of %d entries", histories, entries)
}

func TestKnownOnReplaysThirtyCorrections(t *testing.T) {
	t.Parallel()
	histories := uint64(4)
	if !storetest.Thorough() {
		histories = 1
	}
	for seed := range histories {
		h, clock := historianOf(t, 1000+seed, "2012-06-01")
		for len(h.all) < 15 {
			h.tries(h.entry())
		}
		type day struct {
			on   civil.Day
			last int64
		}
		known := []day{{"2012-06-01", h.all[len(h.all)-1].n}}
		for tries := 0; len(known) <= 30; tries++ {
			if tries > 3000 {
				t.Fatalf("only %d corrections were possible", len(known)-1)
			}
			next := known[len(known)-1].on.Next()
			clock.Day(next)
			if h.tries(h.correction()) {
				known = append(known, day{next, h.all[len(h.all)-1].n})
			}
		}
		days := h.days()
		for _, k := range known {
			for range 12 {
				asAt := days[h.r.IntN(len(days))]
				for _, by := range []string{string(k.on), fmt.Sprint(k.last)} {
					w, err := register.AsAt(t.Context(), h.Tx, string(asAt), by)
					if err != nil {
						t.Fatal(err)
					}
					r, err := register.Read(t.Context(), h.Tx, w)
					if err != nil {
						t.Fatal(err)
					}
					if r.Known < k.last || r.Known > k.last+1 && by != string(known[len(known)-1].on) {
						t.Errorf("known on %s is event %d, want %d", by, r.Known, k.last)
					}
					agrees(t, fmt.Sprintf("history %d, known on %s", seed, by), r, h.all)
				}
			}
		}
		storetest.Verifies(t, h.Tx)
	}
}

func TestTheTwoDatesOfAnAddress(t *testing.T) {
	s := storetest.Open(t)
	for _, tt := range []struct {
		asAt, known string
		want        record.When
		kind        fault.Kind
	}{
		{"", "", record.When{}, 0},
		{"2012-07-20", "", record.When{Day: "2012-07-20"}, 0},
		{"", "2", record.When{Event: 2}, 0},
		{"", "2013-01-14", record.When{Known: "2013-01-14"}, 0}, // today: all that is recorded
		{"", "2030-01-01", record.When{}, fault.Invalid},        // nobody knows that yet
		{"", "2013-01-15", record.When{}, fault.Invalid},
		{"2030-01-01", "", record.When{Day: "2030-01-01"}, 0},
		{"", "3", record.When{}, fault.Invalid},                            // the record ends with entry 2
		{"", "2012-07-15", record.When{Known: "2012-07-15", Event: -1}, 0}, // before the record
		{"", "0", record.When{}, fault.Invalid},
		{"", "99999999999999999999", record.When{}, fault.Invalid},
		{"", "12x", record.When{}, fault.Invalid},
		{"2012-02-30", "", record.When{}, fault.Invalid},
	} {
		got, err := register.AsAt(t.Context(), s, tt.asAt, tt.known)
		if fault.KindOf(err) != tt.kind || err == nil && got != tt.want {
			t.Errorf("At(%q, %q) = %+v, %v; want %+v", tt.asAt, tt.known, got, err, tt.want)
		}
	}
}
