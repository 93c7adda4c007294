package block

import (
	"bytes"
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/police-ict/handover/store/civil"
)

// randomKept are lines as a load may hold them, with the extremes among them.
func randomKept(r *rand.Rand, n int) (all []Line) {
	amounts := []int64{0, 1, -1, 50_000, math.MaxInt64, math.MinInt64}
	days := []civil.Paid{0, civil.PaidOn(2012, 3, 0), civil.PaidOn(2012, 3, civil.QuarterDay), civil.PaidOn(2079, 12, 31), civil.PaidOn(1990, 1, 1)}
	for range n {
		k := Line{Paid: days[r.IntN(len(days))], Combo: r.Int64N(1 << 32), Pence: amounts[r.IntN(len(amounts))], Sheet: r.IntN(300),
			Record: r.IntN(1 << 20), Start: r.Int64N(1<<40) - 1, Size: r.IntN(1 << 20)}
		if r.IntN(2) == 0 {
			k.Pence = r.Int64() - r.Int64()
		}
		if r.IntN(3) > 0 {
			k.Rest = string(bytes.Repeat([]byte("Ŵ\x1f"), r.IntN(40)))
		}
		all = append(all, k)
	}
	return all
}

// unpacked reads both blobs of a block.
func unpacked(hot, cold []byte) ([]Line, error) {
	lines, err := DecodeHot(hot, nil)
	if err != nil {
		return nil, err
	}
	return lines, DecodeCold(cold, lines)
}

func TestABlockComesBackAsItWas(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		lines := randomKept(r, r.IntN(MaxLines+1))
		hot, cold := Encode(lines)
		got, err := unpacked(hot, cold)
		if err != nil || !slices.Equal(got, lines) {
			t.Fatalf("%d lines came back as %d others: %v", len(lines), len(got), err)
		}
	}
}

// A block has no checksum: what Verify holds it to is the digest of its load.
// But nothing cut short or made longer is read as if it were whole.
func TestABlockCutShortIsAnError(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	lines := randomKept(r, 40)
	hot, cold := Encode(lines)
	for n := range hot {
		if _, err := DecodeHot(hot[:n], nil); err == nil {
			t.Errorf("%d of %d bytes of the hot part were read", n, len(hot))
		}
	}
	for n := range cold {
		if _, err := unpacked(hot, cold[:n]); err == nil {
			t.Errorf("%d of %d bytes of the cold part were read", n, len(cold))
		}
	}
	if _, err := DecodeHot(append(slices.Clone(hot), 0), nil); err == nil {
		t.Error("a hot part with a byte too many was read")
	}
	if _, err := unpacked(hot, append(slices.Clone(cold), 0)); err == nil {
		t.Error("a cold part with a byte too many was read")
	}
}

func TestAnAlteredBlockNeverPanics(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	hot, cold := Encode(randomKept(r, 60))
	cells, totals := EncodeCells(randomCells(r, 60)), EncodeTotals(randomTotals(r, 60))
	for range 2_000 {
		for _, b := range [][]byte{hot, cold, cells, totals} {
			b[r.IntN(len(b))] ^= byte(1 << r.IntN(8))
		}
		unpacked(hot, cold)
		DecodeCells(cells, nil, nil)
		DecodeTotals(totals)
	}
}

// randomCells are cells, sorted as a load has them, and places of blocks.
func randomCells(r *rand.Rand, n int) (cells []Cell, places []Place) {
	for range n {
		cells = append(cells, Cell{uint16(r.IntN(1 << 16)), r.Uint32(), r.Int64() - r.Int64(), r.Int64() - r.Int64()})
		places = append(places, Place{r.Int64(), int32(r.IntN(MaxLines)), civil.Paid(r.Int32()), civil.Paid(r.Int32()), r.Int64() - r.Int64(), r.Int64() - r.Int64()})
	}
	slices.SortFunc(cells, func(a, b Cell) int { return cmp.Or(cmp.Compare(a.Period, b.Period), cmp.Compare(a.Combo, b.Combo)) })
	slices.SortFunc(places, func(a, b Place) int { return cmp.Compare(a.First, b.First) })
	return cells, places
}

func TestCellsComeBackAsTheyWere(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 100 {
		cells, places := randomCells(r, r.IntN(100))
		more, others := randomCells(r, r.IntN(100))
		gotCells, gotPlaces, err := DecodeCells(EncodeCells(cells, places), nil, nil)
		if err == nil {
			gotCells, gotPlaces, err = DecodeCells(EncodeCells(more, others), gotCells, gotPlaces)
		}
		if err != nil || !slices.Equal(gotCells, append(cells, more...)) || !slices.Equal(gotPlaces, append(places, others...)) {
			t.Fatalf("two parts of %d and %d cells came back as %d: %v", len(cells), len(more), len(gotCells), err)
		}
		whole := EncodeCells(cells, places)
		if _, _, err := DecodeCells(whole[:len(whole)-1], nil, nil); err == nil {
			t.Fatal("a part cut short was read")
		}
	}
}

func randomTotals(r *rand.Rand, n int) (all []Total) {
	for range n {
		all = append(all, Total{uint16(r.IntN(1 << 16)), uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), r.Int64() - r.Int64(), r.Int64() - r.Int64()})
	}
	return all
}

func TestTotalsComeBackAsTheyWere(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 100 {
		all := randomTotals(r, r.IntN(100))
		packed := EncodeTotals(all)
		if got, err := DecodeTotals(packed); err != nil || !slices.Equal(got, all) {
			t.Fatalf("%d totals came back as %d others: %v", len(all), len(got), err)
		}
		if len(all) == 0 {
			continue
		}
		if _, err := DecodeTotals(packed[:len(packed)-1]); err == nil {
			t.Fatal("totals cut short were read")
		}
	}
}

func TestWordsComeBackAsTheyWere(t *testing.T) {
	texts := []string{"", "Ŵyres", "a\x00b", string(bytes.Repeat([]byte("x"), CellMost))}
	u := Unpacker{B: string(PackTexts(texts))}
	for _, want := range texts {
		if got := u.Text(u.Uvarint()); got != want {
			t.Errorf("%q came back as %q", want, got)
		}
	}
	if u.Bad || len(u.B) > 0 {
		t.Error("the texts do not end where they should")
	}
}

// A period in 16 bits comes back as it was, and periods keep their order.
func TestAPeriodIsPackedAndComesBack(t *testing.T) {
	if PackPeriod(civil.Period{}) != 0 || UnpackPeriod(0) != (civil.Period{}) {
		t.Error("not dated is not 0")
	}
	last := uint16(0)
	for m := civil.MonthOf(1990, 1); m <= civil.MonthOf(2079, 12); m++ {
		for _, quarter := range []bool{false, true} {
			p := civil.Period{Month: m, Quarter: quarter}
			n := PackPeriod(p)
			if got := UnpackPeriod(n); got != p || n <= last {
				t.Fatalf("%s is packed as %d after %d, and comes back as %s", p, n, last, got)
			}
			if got := p.Paid().Period(); got != p {
				t.Fatalf("%s is paid in %s", p, got)
			}
			last = n
		}
	}
}

func FuzzBlock(f *testing.F) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, n := range []int{0, 1, 7} {
		hot, cold := Encode(randomKept(r, n))
		f.Add(hot, cold)
		f.Add(EncodeCells(randomCells(r, n)), PackTexts([]string{"a", "b"}))
		f.Add(EncodeTotals(randomTotals(r, n)), cold)
	}
	f.Fuzz(func(t *testing.T, hot, cold []byte) {
		if lines, err := unpacked(hot, cold); err == nil {
			again, err := unpacked(Encode(lines))
			if err != nil || !slices.Equal(again, lines) {
				t.Errorf("%d lines came back otherwise: %v", len(lines), err)
			}
		}
		if cells, places, err := DecodeCells(hot, nil, nil); err == nil {
			again, at, err := DecodeCells(EncodeCells(cells, places), nil, nil)
			if err != nil || !slices.Equal(again, cells) || !slices.Equal(at, places) {
				t.Errorf("%d cells came back otherwise: %v", len(cells), err)
			}
		}
		if all, err := DecodeTotals(hot); err == nil {
			if again, err := DecodeTotals(EncodeTotals(all)); err != nil || !slices.Equal(again, all) {
				t.Errorf("%d totals came back otherwise: %v", len(all), err)
			}
		}
	})
}
