package align

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/police-ict/handover/store/money"
)

// Frontier lists the days that no other day betters: of every set of contracts
// that can be made to end together, and to which no other day adds a contract, the
// earliest day. They are ordered by what the contracts cost a year, the highest
// first, and days of the same cost by which is earlier. most limits how many are
// given, 0 gives all; count is how many there are.
//
// Only first and last days of spans are looked at: on any day between two of them
// the same contracts can end as on the earlier one, or fewer.
func (r *Register) Frontier(most int) (days []Day, count int) {
	s := r.sweep()
	var best []ranked
	for i := range s.days {
		if s.size[i] > 0 && s.best(i) {
			best = append(best, ranked{i, r.yearly(s.sets[i]), s.size[i]})
		}
	}
	slices.SortFunc(best, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.yearly, a.yearly), cmp.Compare(a.at, b.at))
	})
	count = len(best)
	if most > 0 && most < count {
		best = best[:most]
	}
	for _, b := range best {
		days = append(days, r.day(s.days[b.at], s.sets[b.at].members(b.size)))
	}
	return days, count
}

// ranked is a day that may be listed.
type ranked struct {
	at     int
	yearly money.Pence
	size   int
}

// set is a set of contracts by their places.
type set []uint64

// within reports whether every contract of s is in t.
func (s set) within(t set) bool {
	for i, word := range s {
		if word&^t[i] != 0 {
			return false
		}
	}
	return true
}

func (s set) members(size int) []int {
	all := make([]int, 0, size)
	for w, word := range s {
		for ; word != 0; word &= word - 1 {
			all = append(all, w*64+bits.TrailingZeros64(word))
		}
	}
	return all
}

func (r *Register) yearly(s set) (sum money.Pence) {
	for w, word := range s {
		for ; word != 0; word &= word - 1 {
			if y := r.contracts[w*64+bits.TrailingZeros64(word)].Yearly; y != nil {
				sum = sum.Plus(*y)
			}
		}
	}
	return sum
}

// sweep is what can end together on every day that is looked at.
type sweep struct {
	days  []int // their numbers, in order
	sets  []set // what can end on each
	size  []int
	spans [][]span // of each contract, by places in days
	count []int    // on how many of the days each contract can end
}

// sweep walks the days once, in order, and lets contracts in and out.
func (r *Register) sweep() *sweep {
	s := &sweep{count: make([]int, len(r.spans))}
	place := r.places(s)
	words := (len(r.spans) + 63) / 64
	in, out := s.listed(r, place)
	now, size, kept := make(set, words), 0, make(set, words*len(s.days))
	s.sets, s.size = make([]set, len(s.days)), make([]int, len(s.days))
	for d := range s.days {
		for _, i := range out.at(d) {
			now[i/64] &^= 1 << (i % 64)
			size--
		}
		for _, i := range in.at(d) {
			now[i/64] |= 1 << (i % 64)
			size++
		}
		s.sets[d], s.size[d] = kept[d*words:(d+1)*words:(d+1)*words], size
		copy(s.sets[d], now)
	}
	return s
}

// places fills in the days that are looked at, and gives the place of each among
// them by its number less that of the first day.
func (r *Register) places(s *sweep) []int {
	place := make([]int, max(r.last-r.first+1, 0))
	for _, all := range r.spans {
		for _, p := range all {
			place[p.from-r.first], place[p.to-r.first] = 1, 1
		}
	}
	for n, is := range place {
		if is == 1 {
			place[n] = len(s.days)
			s.days = append(s.days, r.first+n)
		}
	}
	return place
}

// listed fills in the spans by places, and lists which contracts come in on each
// day and which go out.
func (s *sweep) listed(r *Register, place []int) (in, out lists) {
	in, out = newLists(len(s.days)), newLists(len(s.days))
	spans := 0
	for _, all := range r.spans {
		spans += len(all)
		for _, p := range all {
			in.room(place[p.from-r.first])
			out.room(place[p.to-r.first] + 1)
		}
	}
	in.open()
	out.open()
	flat := make([]span, 0, spans)
	s.spans = make([][]span, len(r.spans))
	for i, all := range r.spans {
		from := len(flat)
		for _, p := range all {
			p = span{place[p.from-r.first], place[p.to-r.first]}
			in.put(p.from, i)
			out.put(p.to+1, i)
			s.count[i] += p.to - p.from + 1
			flat = append(flat, p)
		}
		s.spans[i] = flat[from:len(flat):len(flat)]
	}
	return in, out
}

// lists are lists of numbers in one row of memory: room is asked for each number,
// then the lists are opened, then each number is put.
type lists struct {
	ends []int // of each list, in all; while it is filled, where the next number goes
	all  []int
}

func newLists(n int) lists { return lists{ends: make([]int, n+2)} }

func (l *lists) room(list int) { l.ends[list+1]++ }

func (l *lists) open() {
	for i := 1; i < len(l.ends); i++ {
		l.ends[i] += l.ends[i-1]
	}
	l.all = make([]int, l.ends[len(l.ends)-1])
}

// put moves the end of the list before it on, which is where the list begins.
func (l *lists) put(list, n int) {
	l.all[l.ends[list]] = n
	l.ends[list]++
}

func (l *lists) at(list int) []int {
	if list == 0 {
		return l.all[:l.ends[0]]
	}
	return l.all[l.ends[list-1]:l.ends[list]]
}

// best reports whether no other day has all the contracts of a day and more, and
// no earlier one the same. It looks through the days of the contract that has the
// fewest.
func (s *sweep) best(d int) bool {
	rare := -1
	for w, word := range s.sets[d] {
		for ; word != 0; word &= word - 1 {
			if i := w*64 + bits.TrailingZeros64(word); rare < 0 || s.count[i] < s.count[rare] {
				rare = i
			}
		}
		if rare >= 0 && s.count[rare] == 1 {
			return true
		}
	}
	for _, p := range s.spans[rare] {
		for other := p.from; other <= p.to; other++ {
			if (s.size[other] > s.size[d] || s.size[other] == s.size[d] && other < d) && s.sets[d].within(s.sets[other]) {
				return false
			}
		}
	}
	return true
}
