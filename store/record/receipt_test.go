package record_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

// What follows checks receipts as a stranger would who has read only RFC 6962
// and the page on receipts: nothing of the portal or of its libraries is used.

type digest = [sha256.Size]byte

func leafOf(text string) digest { return sha256.Sum256(append([]byte{0}, text...)) }

func node(left, right digest) digest {
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}

func digests(texts []string) (all []digest, err error) {
	for _, text := range texts {
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(b) != sha256.Size {
			return nil, errors.New("no hash: " + text)
		}
		all = append(all, digest(b))
	}
	return all, nil
}

// walk computes the root from a leaf and its proof: RFC 9162, 2.1.3.2.
func walk(leaf digest, index, size int64, proof []digest) (digest, error) {
	if index < 0 || index >= size {
		return leaf, errors.New("the leaf is not in the tree")
	}
	at, last, r := index, size-1, leaf
	for _, p := range proof {
		if last == 0 {
			return r, errors.New("the proof is too long")
		}
		if at&1 == 1 || at == last {
			r = node(p, r)
			for at&1 == 0 && at != 0 {
				at, last = at>>1, last>>1
			}
		} else {
			r = node(r, p)
		}
		at, last = at>>1, last>>1
	}
	if last != 0 {
		return r, errors.New("the proof is too short")
	}
	return r, nil
}

// extends checks a consistency proof: RFC 9162, 2.1.4.2.
func extends(from, to int64, old, root digest, proof []digest) bool {
	if from == to {
		return len(proof) == 0 && old == root
	}
	if from&(from-1) == 0 {
		proof = append([]digest{old}, proof...)
	}
	if len(proof) == 0 {
		return false
	}
	at, last := from-1, to-1
	for at&1 == 1 {
		at, last = at>>1, last>>1
	}
	a, b := proof[0], proof[0]
	for _, p := range proof[1:] {
		if last == 0 {
			return false
		}
		if at&1 == 1 || at == last {
			a, b = node(p, a), node(p, b)
			for at&1 == 0 && at != 0 {
				at, last = at>>1, last>>1
			}
		} else {
			b = node(b, p)
		}
		at, last = at>>1, last>>1
	}
	return last == 0 && a == old && b == root
}

// opened checks the signature of a checkpoint and reads its size and root.
func opened(checkpoint, key string) (size int64, root digest, err error) {
	parts := strings.SplitN(key, "+", 3)
	public, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(public) != 33 || public[0] != 1 {
		return 0, root, errors.New("no key")
	}
	text, signatures, ok := strings.Cut(checkpoint, "\n\n")
	if !ok {
		return 0, root, errors.New("no signature")
	}
	text += "\n"
	line, ok := strings.CutPrefix(strings.TrimSuffix(signatures, "\n"), "— "+parts[0]+" ")
	signature, err := base64.StdEncoding.DecodeString(line)
	if !ok || err != nil || len(signature) != 4+ed25519.SignatureSize || fmt.Sprintf("%08x", binary.BigEndian.Uint32(signature)) != parts[1] {
		return 0, root, errors.New("signed by another")
	}
	if !ed25519.Verify(public[1:], []byte(text), signature[4:]) {
		return 0, root, errors.New("the signature does not hold")
	}
	lines := strings.Split(text, "\n")
	if lines[0] != parts[0] {
		return 0, root, errors.New("of another record")
	}
	if size, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return 0, root, err
	}
	all, err := digests(lines[2:3])
	if err != nil {
		return 0, root, err
	}
	return size, all[0], nil
}

// slip is a receipt as a stranger has it in hand.
type slip struct {
	payload, checkpoint, key string
	leaf                     int64
	proof                    []digest
}

func (p slip) holds() error {
	size, root, err := opened(p.checkpoint, p.key)
	if err != nil {
		return err
	}
	got, err := walk(leafOf(p.payload), p.leaf, size, p.proof)
	if err == nil && got != root {
		err = errors.New("another root")
	}
	return err
}

func slipOf(t testing.TB, s *db.Tx, n int64) slip {
	t.Helper()
	r, err := register.ReadReceipt(t.Context(), s, n)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := digests(r.Proof)
	if err != nil {
		t.Fatal(err)
	}
	leaf := leafOf(r.Event.Payload)
	if base64.StdEncoding.EncodeToString(leaf[:]) != r.Hash {
		t.Errorf("event %d: leaf hash %s", n, r.Hash)
	}
	if root := base64.StdEncoding.EncodeToString(rootOf(t, r)); root != r.Root {
		t.Errorf("event %d: root %s, signed %s", n, r.Root, root)
	}
	return slip{r.Event.Payload, r.Checkpoint, r.Head.Key, r.Leaf, proof}
}

func rootOf(t testing.TB, r register.Receipt) []byte {
	t.Helper()
	_, root, err := opened(r.Checkpoint, r.Head.Key)
	if err != nil {
		t.Fatal(err)
	}
	return root[:]
}

func TestEveryReceiptHoldsForAStranger(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	for i := range 300 {
		storetest.Person(t, s, fmt.Sprintf("Somebody %d (sample)", i))
	}
	size := storetest.HeadOf(t, s).Size
	for n := int64(1); n <= size; n++ {
		if err := slipOf(t, s, n).holds(); err != nil {
			t.Errorf("event %d of %d: %v", n, size, err)
		}
	}
	for _, n := range []int64{1, 257, size} {
		everyFlipFails(t, slipOf(t, s, n))
	}
	swapped := slipOf(t, s, 10)
	swapped.payload = slipOf(t, s, 11).payload
	if swapped.holds() == nil {
		t.Error("the receipt of one event holds for another")
	}
	longer := slipOf(t, s, 10)
	longer.proof = append(longer.proof, digest{})
	if longer.holds() == nil {
		t.Error("a proof with one hash more holds")
	}
	longer.proof = longer.proof[:len(longer.proof)-2]
	if longer.holds() == nil {
		t.Error("a proof with one hash less holds")
	}
}

// everyFlipFails turns each bit of a receipt over, one at a time.
func everyFlipFails(t testing.TB, p slip) {
	t.Helper()
	flips := func(what string, text []byte, put func([]byte) slip) {
		for i := range len(text) * 8 {
			wrong := bytes.Clone(text)
			wrong[i/8] ^= 1 << (i % 8)
			if put(wrong).holds() == nil {
				t.Errorf("leaf %d holds with bit %d of its %s turned over", p.leaf, i, what)
			}
		}
	}
	flips("payload", []byte(p.payload), func(b []byte) slip { q := p; q.payload = string(b); return q })
	signed, _, _ := strings.Cut(p.checkpoint, "\n\n")
	flips("checkpoint", []byte(signed), func(b []byte) slip {
		q := p
		q.checkpoint = string(b) + p.checkpoint[len(signed):]
		return q
	})
	for k := range p.proof {
		flips(fmt.Sprintf("proof, hash %d,", k), p.proof[k][:], func(b []byte) slip {
			q := p
			q.proof = append([]digest(nil), p.proof...)
			q.proof[k] = digest(b)
			return q
		})
	}
	for bit := range 16 {
		q := p
		q.leaf ^= 1 << bit
		if q.holds() == nil {
			t.Errorf("leaf %d holds as leaf %d", p.leaf, q.leaf)
		}
	}
}

func TestEveryConsistencyProofHolds(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	for i := range 38 {
		storetest.Person(t, s, fmt.Sprintf("Somebody %d (sample)", i))
	}
	size := storetest.HeadOf(t, s).Size
	for to := int64(1); to <= size; to++ {
		for from := int64(1); from <= to; from++ {
			c, err := record.ProveConsistency(ctx, s, from, to)
			if err != nil {
				t.Fatal(err)
			}
			roots, err := digests([]string{c.FromRoot, c.ToRoot})
			if err != nil {
				t.Fatal(err)
			}
			proof, err := digests(c.Proof)
			if err != nil || !extends(from, to, roots[0], roots[1], proof) {
				t.Errorf("from %d to %d: %+v, %v", from, to, c, err)
			}
			wrong := roots[0]
			wrong[7] ^= 1
			if extends(from, to, wrong, roots[1], proof) || from < to && extends(from, to, roots[1], roots[0], proof) {
				t.Errorf("from %d to %d: a wrong root is proved", from, to)
			}
		}
	}
	for _, c := range [][2]int64{{0, 3}, {-1, 3}, {4, 3}, {1, size + 1}, {0, 0}} {
		if _, err := record.ProveConsistency(ctx, s, c[0], c[1]); fault.KindOf(err) != fault.Invalid {
			t.Errorf("from %d to %d: %v", c[0], c[1], err)
		}
	}
}

func TestAnOldReceiptStillHolds(t *testing.T) {
	s := storetest.Open(t)
	storetest.Person(t, s, "Somebody (sample)")
	old := slipOf(t, s, 3)
	oldSize, oldRoot, err := opened(old.checkpoint, old.key)
	if err != nil {
		t.Fatal(err)
	}
	storetest.ShortHistory(t, s)
	if err := old.holds(); err != nil {
		t.Error(err)
	}
	size, root, err := opened(storetest.HeadOf(t, s).Checkpoint, old.key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := record.ProveConsistency(t.Context(), s, oldSize, size)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := digests(c.Proof)
	if err != nil || !extends(oldSize, size, oldRoot, root, proof) {
		t.Errorf("the record is not seen to extend what it was: %+v, %v", c, err)
	}
}
