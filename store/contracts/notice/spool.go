package notice

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
)

// Spool keeps packed records in a temporary file and gives them back group by
// group: the rows or releases about one thing may stand anywhere in a file that
// does not fit in memory. Of each record about 40 bytes stay in memory.
type Spool struct {
	file  *os.File
	buf   []byte
	size  int64 // written, the buffer included
	index []entry
}

type entry struct {
	group uint64
	order int64
	at    int64
	size  uint32
	seq   uint32
	tag   uint64
}

// Packed is a record of a spool.
type Packed struct {
	Order int64 // as it was added
	Seq   int   // how many were added before it
	Tag   uint64
	Bytes []byte
}

const spoolBuffer = 1 << 20

// Add keeps a record of a group. Order sorts the records of a group before the
// order in which they were added; Tag is for the caller.
func (s *Spool) Add(group uint64, order int64, tag uint64, b []byte) error {
	if len(s.index) == 1<<31 {
		return errors.New("notice: more records than can be spooled")
	}
	s.index = append(s.index, entry{group, order, s.size, uint32(len(b)), uint32(len(s.index)), tag})
	s.buf = append(s.buf, b...)
	s.size += int64(len(b))
	if len(s.buf) < spoolBuffer {
		return nil
	}
	if s.file == nil {
		f, err := os.CreateTemp("", "handover-contracts-*")
		if err != nil {
			return fmt.Errorf("notice: opening a temporary file: %w", err)
		}
		s.file = f
		_ = os.Remove(f.Name()) // where the system lets it go while it is open, it goes however the process ends
	}
	if _, err := s.file.Write(s.buf); err != nil {
		return fmt.Errorf("notice: writing a temporary file: %w", err)
	}
	s.buf = s.buf[:0]
	return nil
}

// Len is how many records were added.
func (s *Spool) Len() int { return len(s.index) }

// Groups gives each group in the order in which its first record was added. The
// records are good until the next call.
func (s *Spool) Groups(give func([]Packed) error) error {
	slices.SortFunc(s.index, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.order, b.order), cmp.Compare(a.seq, b.seq))
	})
	type run struct {
		first    uint32
		from, to int
	}
	var runs []run
	for from := 0; from < len(s.index); {
		r := run{s.index[from].seq, from, from + 1}
		for r.to < len(s.index) && s.index[r.to].group == s.index[from].group {
			r.first = min(r.first, s.index[r.to].seq)
			r.to++
		}
		runs = append(runs, r)
		from = r.to
	}
	slices.SortFunc(runs, func(a, b run) int { return cmp.Compare(a.first, b.first) })
	var records []Packed
	var room []byte
	for _, r := range runs {
		records, room = records[:0], room[:0]
		for _, e := range s.index[r.from:r.to] {
			at := len(room)
			room = slices.Grow(room, int(e.size))[:at+int(e.size)]
			if err := s.read(room[at:], e.at); err != nil {
				return err
			}
			records = append(records, Packed{Order: e.order, Seq: int(e.seq), Tag: e.tag})
		}
		at := 0
		for i, e := range s.index[r.from:r.to] {
			records[i].Bytes = room[at : at+int(e.size) : at+int(e.size)]
			at += int(e.size)
		}
		if err := give(records); err != nil {
			return err
		}
	}
	return nil
}

// read fills b from what was written, or is still in the buffer.
func (s *Spool) read(b []byte, at int64) error {
	written := s.size - int64(len(s.buf))
	if at < written {
		if _, err := s.file.ReadAt(b, at); err != nil {
			return fmt.Errorf("notice: reading a temporary file: %w", err)
		}
		return nil
	}
	copy(b, s.buf[at-written:])
	return nil
}

// Close removes the temporary file.
func (s *Spool) Close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	if gone := os.Remove(s.file.Name()); !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}
