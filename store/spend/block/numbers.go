package block

import "hash/maphash"

// Numbers finds the number that a text or a combination has in its list. It
// holds four bytes where a map would hold each value a second time.
type Numbers[T comparable] struct {
	seed  maphash.Seed
	slots []uint32 // a number and one more; 0 is free
	used  int
}

// NewNumbers knows no value yet.
func NewNumbers[T comparable]() *Numbers[T] { return &Numbers[T]{seed: maphash.MakeSeed()} }

// Find is the number of v in its list, and whether it has one.
func (n *Numbers[T]) Find(list []T, v T) (number uint32, found bool) {
	if n.used == 0 {
		return 0, false
	}
	at := n.slot(list, v)
	return at - 1, at != 0
}

// Add takes in the values of its list from a number on.
func (n *Numbers[T]) Add(list []T, from int) {
	for i := from; i < len(list); i++ {
		if n.used*2 >= len(n.slots) {
			n.grow(list)
		}
		n.put(list, uint32(i)+1)
	}
}

// slot is what is kept for a value, 0 where it is not there.
func (n *Numbers[T]) slot(list []T, v T) uint32 {
	mask := uint64(len(n.slots) - 1)
	for at := maphash.Comparable(n.seed, v) & mask; ; at = (at + 1) & mask {
		if has := n.slots[at]; has == 0 || list[has-1] == v {
			return has
		}
	}
}

func (n *Numbers[T]) put(list []T, number uint32) {
	mask := uint64(len(n.slots) - 1)
	at := maphash.Comparable(n.seed, list[number-1]) & mask
	for ; n.slots[at] != 0; at = (at + 1) & mask {
		if list[n.slots[at]-1] == list[number-1] {
			return // its first number stays
		}
	}
	n.slots[at] = number
	n.used++
}

func (n *Numbers[T]) grow(list []T) {
	old := n.slots
	n.slots, n.used = make([]uint32, max(1024, 2*len(old))), 0
	for _, number := range old {
		if number != 0 {
			n.put(list, number)
		}
	}
}
