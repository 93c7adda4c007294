package block

import (
	"fmt"
	"testing"
)

func TestNumbersFindsEveryValueInItsListAndNoOther(t *testing.T) {
	n := NewNumbers[string]()
	if _, found := n.Find(nil, "a"); found {
		t.Error("found in an empty list")
	}
	list := []string{""}
	for round := range 4 {
		from := len(list)
		if round == 0 {
			from = 0
		}
		for i := range 2_000 {
			list = append(list, fmt.Sprintf("%d/%d", round, i))
		}
		n.Add(list, from)
		for i, v := range list {
			if at, found := n.Find(list, v); !found || at != uint32(i) {
				t.Fatalf("%q is number %d, %v; want %d", v, at, found, i)
			}
		}
		if at, found := n.Find(list, fmt.Sprintf("%d/0", round+1)); found {
			t.Errorf("found number %d, which was not added", at)
		}
	}
	list = append(list, list[5])
	n.Add(list, len(list)-1)
	if at, _ := n.Find(list, list[5]); at != 5 {
		t.Errorf("a value listed twice has number %d, not its first", at)
	}
}
