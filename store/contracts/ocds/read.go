package ocds

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/maphash"
	"io"
	"runtime"

	"github.com/police-ict/handover/store/contracts/notice"
	"github.com/police-ict/handover/store/text"
)

// maxReleases of one process. No process has as many; they are held in memory
// together.
const maxReleases = 20_000

// Read reads a file of JSON and gives each notice in it, process by process in the
// order of the file. Nothing is given before the file was read to its end. It
// returns a Refusal where the file as a whole cannot be read, or holds nothing
// that is known.
func Read(ctx context.Context, r io.Reader, name string, give func(*notice.Notice) error) (notice.Summary, error) {
	return readAs(ctx, r, name, smallFile, give)
}

func readAs(ctx context.Context, r io.Reader, name string, small int, give func(*notice.Notice) error) (notice.Summary, error) {
	read := &reading{
		ctx: ctx, small: small, seed: maphash.MakeSeed(), give: give,
		sum: notice.Summary{File: name, Shape: notice.OCDS, LeftOut: []notice.LeftOut{}}, suppliers: notice.NewDistinct(), buyers: notice.NewDistinct(),
	}
	defer read.spool.Close()
	if err := read.collect(r); err != nil {
		return notice.Summary{}, err
	}
	if err := read.check(); err != nil {
		return notice.Summary{}, err
	}
	if read.sum.Shape == notice.OCDS {
		for _, figure := range []**int64{&read.sum.AwardsPublished, &read.sum.AwardsCurrent, &read.sum.Contracts} {
			notice.Count(figure, 0)
		}
		notice.Sum(&read.sum.PencePublished, 0)
		notice.Sum(&read.sum.PenceCurrent, 0)
		if err := read.spool.Groups(read.group); err != nil {
			return notice.Summary{}, err
		}
		read.sum.Processes = &read.processes
	}
	read.sum.Suppliers, read.sum.Buyers = read.suppliers.Len(), read.buyers.Len()
	return read.sum, nil
}

// reading is one file on its way.
type reading struct {
	ctx       context.Context
	small     int // bytes of a file that is read value by value
	seed      maphash.Seed
	give      func(*notice.Notice) error
	sum       notice.Summary
	spool     notice.Spool
	records   int // pieces so far
	found     int // of them releases and notices
	finders   []*notice.Notice
	processes int64
	suppliers *notice.Distinct
	buyers    *notice.Distinct
	grower    *grower
}

// batch is some elements on their way through the workers.
type batch struct {
	raw  [][]byte
	size int
	out  []reduced
	err  error
	done chan struct{}
}

// reduced is a piece with what is read of it alone.
type reduced struct {
	piece
	head head
}

// batchSize bytes of elements go through the workers together.
const batchSize = 512 << 10

// collect reads the file once: one routine finds the elements, others reduce
// them, this one keeps them in their order.
func (r *reading) collect(src io.Reader) error {
	workers := max(1, min(runtime.GOMAXPROCS(0), 4))
	ctx, cancel := context.WithCancel(r.ctx)
	work, queue, end := make(chan *batch), make(chan *batch, workers+1), make(chan error, 1)
	defer func() {
		cancel()
		for range queue { // until the reading of the file has ended
			continue
		}
	}()
	go func() {
		defer close(queue)
		defer close(work)
		end <- feed(ctx, src, r.small, work, queue)
	}()
	for range workers {
		go func() {
			w := worker{pruner: newPruner()}
			for b := range work {
				w.reduce(b)
			}
		}()
	}
	for b := range queue {
		select {
		case <-b.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if b.err != nil {
			return b.err
		}
		for i := range b.out {
			if err := r.keep(&b.out[i]); err != nil {
				return err
			}
		}
	}
	return <-end
}

// feed finds the elements and hands them on in batches.
func feed(ctx context.Context, src io.Reader, small int, work, queue chan<- *batch) error {
	b := &batch{done: make(chan struct{})}
	hand := func() error {
		if len(b.raw) == 0 {
			return nil
		}
		for _, to := range []chan<- *batch{queue, work} {
			select {
			case to <- b:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		b = &batch{done: make(chan struct{})}
		return nil
	}
	err := scan(src, small, func(raw []byte) error {
		b.raw = append(b.raw, raw)
		if b.size += len(raw); b.size < batchSize {
			return nil
		}
		return hand()
	})
	return errors.Join(err, hand())
}

type worker struct {
	pruner *pruner
	out    []reduced
}

// reduce turns each element of a batch into the pieces that it is, or wraps.
func (w *worker) reduce(b *batch) {
	defer close(b.done)
	w.out = nil
	x := expander{give: w.take}
	for _, raw := range b.raw {
		out, h, err := []byte(nil), head{}, error(nil)
		if len(raw) > 0 && raw[0] == '{' {
			out, h, err = w.pruner.prune(raw)
		}
		if err == nil && h.ocid != "" && !h.record {
			w.add(release, out, h, raw)
			continue
		}
		if b.err = x.element(raw, 0); b.err != nil {
			return
		}
	}
	b.out, b.raw = w.out, nil
}

// take reduces one piece.
func (w *worker) take(p piece) error {
	if p.sort == refused || p.sort == finder {
		w.out = append(w.out, reduced{piece: p})
		return nil
	}
	out, h, err := w.pruner.prune(p.raw)
	switch {
	case err != nil:
		w.out = append(w.out, reduced{piece: piece{sort: refused, reason: whyBroken}})
	case h.ocid == "":
		w.out = append(w.out, reduced{piece: piece{sort: refused, reason: whyNoOcid}, head: h})
	default:
		w.add(p.sort, out, h, p.raw)
	}
	return nil
}

func (w *worker) add(sort sort, out []byte, h head, raw []byte) {
	if h.id == "" {
		h.id = hashOf(raw)
	}
	w.out = append(w.out, reduced{piece{sort: sort, raw: append([]byte(nil), out...)}, h})
}

// hashOf is the id of a release that has none: that of its content.
func hashOf(raw []byte) string {
	b, err := text.Canonical(treeOf(raw))
	if err != nil {
		b = raw
	}
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// keep takes one piece into the file's figures, and a release into the spool.
func (r *reading) keep(p *reduced) error {
	r.records++
	r.sum.PeopleDropped += p.head.people
	switch p.sort {
	case refused:
		r.sum.Reject(notice.Place{Record: r.records}, p.reason)
		return nil
	case finder:
		r.found++
		r.sum.Rows++
		return r.finder(p.raw)
	}
	r.found++
	r.sum.Rows++
	var tag uint64
	if p.head.buyer != "" {
		tag = hashed(r.seed, p.head.buyer) &^ 1
	}
	if p.head.awarded {
		tag |= 1
	}
	var order int64
	if t := instant(p.head.date); !t.IsZero() {
		order = t.UnixMicro()
	}
	b := binary.AppendUvarint(make([]byte, 0, len(p.raw)+len(p.head.id)+12), uint64(r.records))
	b = binary.AppendUvarint(b, uint64(len(p.head.id)))
	b = append(append(b, p.head.id...), p.raw...)
	return r.spool.Add(hashed(r.seed, p.head.ocid), order, tag, b)
}

// check refuses a file in which nothing was found, or two shapes.
func (r *reading) check() error {
	switch {
	case r.found == 0 && r.sum.Rejected == 0:
		return Refusal("The file has no releases, records or notices.")
	case r.found == 0 && len(r.sum.Rejections) > 0 && r.sum.Rejections[0].Reason == whyLinked:
		return Refusal("The records in the file only link to their releases. Download the release package, or the records with their compiled releases.")
	case r.found == 0 && len(r.sum.Rejections) > 0 && r.sum.Rejections[0].Reason == whyNoOcid:
		return Refusal("The releases in the file have no ocid, so that none can be told from another.")
	case r.found == 0 && len(r.sum.Rejections) > 0 && r.sum.Rejections[0].Reason == whyBroken:
		return Refusal("The file is not valid JSON. Download it again, or ask the publisher.")
	case r.found == 0:
		return Refusal("The file is JSON, but it has no contract releases, records or notices.")
	}
	if len(r.finders) == 0 {
		return nil
	}
	if r.spool.Len() > 0 {
		return Refusal("The file holds releases and notices of Contracts Finder together. Load them as two files.")
	}
	r.sum.Shape = notice.FinderJSON
	for _, n := range r.finders {
		if err := r.give(n); err != nil {
			return err
		}
	}
	return nil
}
