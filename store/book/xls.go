package book

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"
)

// Limits of an old binary workbook (XLS), which holds 65,536 rows of 256 columns
// a worksheet.
const (
	maxOld      = 256 << 20 // bytes
	maxOldReads = 50_000    // to find the streams in it: the library holds each of its folders
)

const (
	refuseOldLocked  = Refusal("The Excel workbook is protected or locked by a password. Open it, remove the protection, save it as XLSX and load that file.")
	refuseOldDamaged = Refusal("The old Excel workbook (.xls) is damaged and cannot be read. Open it in a spreadsheet and save it as XLSX or CSV.")
	refuseOlder      = Refusal("The file is an Excel workbook of version 5 or older, a format used before 1997. Open it in a spreadsheet and save it as XLSX or CSV.")
)

// openCompound knows the files that Microsoft's older programs wrote, and
// reads the workbooks of Excel 97 to 2003 among them.
func (f *File) openCompound() (err error) {
	defer func() {
		if p := recover(); p != nil { // of the library, at what no program wrote
			err = refuseOldDamaged
		}
	}()
	r := &fewReads{ReaderAt: f.r, left: maxOldReads}
	box, err := mscfb.New(r)
	if err != nil {
		return Refusal("The file is from an older Microsoft Office program and is damaged. Open it in that program and save it as XLSX or CSV.")
	}
	r.left = 1 << 62
	streams := map[string]*mscfb.File{}
	for _, one := range box.File {
		if len(one.Path) == 0 {
			streams[one.Name] = one
		}
	}
	book := streams["Workbook"]
	if book == nil {
		book = streams["WORKBOOK"]
	}
	switch {
	case streams["EncryptedPackage"] != nil:
		return Refusal("The workbook is locked by a password. Open it, save it without the password and load that file.")
	case book != nil:
	case streams["Book"] != nil:
		return refuseOlder
	case streams["WordDocument"] != nil:
		return Refusal("The file is a Word document, not a table. Copy the table into a spreadsheet and save it as XLSX or CSV.")
	case streams["PowerPoint Document"] != nil:
		return Refusal("The file is a presentation, not a table. Copy the table into a spreadsheet and save it as XLSX or CSV.")
	case streams["__properties_version1.0"] != nil:
		return Refusal("The file is an Outlook message. Save its attachment and load that.")
	default:
		return Refusal("The file is from an older Microsoft Office program but is not an Excel workbook. Save the table as XLSX or CSV.")
	}
	if f.Size > maxOld || book.Size > f.Size {
		return refuseOldDamaged
	}
	f.Encoding = "xls"
	return f.openSpool(func(s *spool) error { return f.readOld(book, s) })
}

// fewReads fails after a number of reads.
type fewReads struct {
	io.ReaderAt
	left int64
}

func (r *fewReads) ReadAt(b []byte, at int64) (int, error) {
	if r.left--; r.left < 0 {
		return 0, errors.New("book: too many parts")
	}
	return r.ReaderAt.ReadAt(b, at)
}

// Records of a workbook's stream (BIFF8).
const (
	oldFormula  = 0x0006
	oldEnd      = 0x000A
	oldDates    = 0x0022
	oldLocked   = 0x002F
	oldMore     = 0x003C
	oldSheet    = 0x0085
	oldMulRK    = 0x00BD
	oldRich     = 0x00D6
	oldStyle    = 0x00E0
	oldMerged   = 0x00E5
	oldTexts    = 0x00FC
	oldText     = 0x00FD
	oldNumber   = 0x0203
	oldLabel    = 0x0204
	oldBool     = 0x0205
	oldString   = 0x0207
	oldRK       = 0x027E
	oldFormat   = 0x041E
	oldBegin    = 0x0809
	oldVersion8 = 0x0600
)

// oldBook reads an old binary workbook.
type oldBook struct {
	stream io.ReadSeeker
	r      *bufio.Reader
	left   int64 // bytes that may still be read: no worksheet shares records with another
	kind   uint16
	data   []byte // of the record
	ahead  bool   // the record is to be given again

	sheets  []oldSheetAt
	texts   texts
	formats map[uint16]string // money other than pounds, by format
	styles  []uint16          // the format of each
	spool   *spool
}

type oldSheetAt struct {
	at     int64
	name   string
	hidden bool
	table  bool
}

func (f *File) readOld(stream *mscfb.File, to *spool) error {
	b := &oldBook{stream: stream, spool: to, left: stream.Size + 1<<20, formats: map[uint16]string{}}
	b.r = bufio.NewReaderSize(stream, block)
	from1904, err := b.globals()
	if err != nil {
		return oldUnreadable(err)
	}
	f.From1904 = from1904
	for _, one := range b.sheets {
		sheet, err := to.begin(one.name, one.hidden)
		if err != nil {
			return err
		}
		if !one.table {
			continue
		}
		if _, err := stream.Seek(one.at, io.SeekStart); err != nil {
			return refuseOldDamaged
		}
		b.r.Reset(stream)
		b.ahead = false
		if err := b.sheet(sheet); err != nil {
			return oldUnreadable(err)
		}
	}
	return nil
}

func oldUnreadable(err error) error {
	var refusal Refusal
	if errors.As(err, &refusal) {
		return refusal
	}
	return refuseOldDamaged
}

// next reads a record.
func (b *oldBook) next() error {
	if b.ahead {
		b.ahead = false
		return nil
	}
	var head [4]byte
	if _, err := io.ReadFull(b.r, head[:]); err != nil {
		return err
	}
	n := int(binary.LittleEndian.Uint16(head[2:]))
	b.kind = binary.LittleEndian.Uint16(head[:])
	if b.left -= int64(n + 4); b.left < 0 {
		return refuseOldDamaged
	}
	b.data = slices.Grow(b.data[:0], n)[:n]
	_, err := io.ReadFull(b.r, b.data)
	return err
}

// more reads the record that continues the last one, if it does.
func (b *oldBook) more() ([]byte, error) {
	if err := b.next(); err != nil {
		return nil, err
	}
	if b.kind != oldMore {
		b.ahead = true
		return nil, refuseOldDamaged
	}
	return b.data, nil
}

// begin reads the first record of a part of the stream, and its version.
func (b *oldBook) begin() error {
	if err := b.next(); err != nil {
		return err
	}
	switch {
	case b.kind != oldBegin || len(b.data) < 4:
		return refuseOldDamaged
	case binary.LittleEndian.Uint16(b.data) != oldVersion8:
		return refuseOlder
	}
	return nil
}

// globals reads what all worksheets share, and whether days count from 1904.
func (b *oldBook) globals() (from1904 bool, err error) {
	if err := b.begin(); err != nil {
		return false, err
	}
	for {
		if err := b.next(); err != nil {
			return false, err
		}
		switch d := b.data; b.kind {
		case oldEnd:
			return from1904, nil
		case oldLocked:
			return false, refuseOldLocked
		case oldDates:
			from1904 = len(d) > 1 && d[0] == 1
		case oldStyle:
			if len(d) < 4 {
				return false, refuseOldDamaged
			}
			b.styles = append(b.styles, binary.LittleEndian.Uint16(d[2:]))
		case oldFormat:
			err = b.format(d)
		case oldSheet:
			err = b.sheetAt(d)
		case oldTexts:
			err = b.readTexts()
		}
		if err != nil {
			return false, err
		}
	}
}

// format notes the money that a form of numbers shows. The forms below 164 are
// those of whoever opens the workbook, so that they tell nothing.
func (b *oldBook) format(d []byte) error {
	if len(d) < 2 {
		return refuseOldDamaged
	}
	id := binary.LittleEndian.Uint16(d)
	form, err := (&pieces{data: d[2:]}).text(2)
	if err != nil {
		return err
	}
	if money := moneyShown(form); money != "" && id >= 164 {
		b.formats[id] = money
	}
	return nil
}

func (b *oldBook) sheetAt(d []byte) error {
	if len(d) < 8 || len(b.sheets) > maxSheets {
		return refuseOldDamaged
	}
	name, err := (&pieces{data: d[6:]}).text(1)
	if err != nil {
		return err
	}
	b.sheets = append(b.sheets, oldSheetAt{int64(binary.LittleEndian.Uint32(d)), name, d[4]&3 != 0, d[5] == 0})
	return nil
}

// texts are those that cells share, one after the other.
type texts struct {
	all  []byte
	ends []uint32
}

func (t *texts) at(i int) string {
	if i < 0 || i >= len(t.ends) {
		return ""
	}
	from := uint32(0)
	if i > 0 {
		from = t.ends[i-1]
	}
	return string(t.all[from:t.ends[i]])
}

// readTexts reads the texts that cells share, up to the end of the record and of
// those that continue it: the number that it claims is not believed.
func (b *oldBook) readTexts() error {
	if len(b.data) < 8 {
		return refuseOldDamaged
	}
	n := int(binary.LittleEndian.Uint32(b.data[4:]))
	p := &pieces{data: b.data[8:], more: b.more}
	for range n {
		s, err := p.text(2)
		if err != nil {
			return err
		}
		b.texts.all = append(b.texts.all, s...)
		b.texts.ends = append(b.texts.ends, uint32(len(b.texts.all)))
		if len(b.texts.all) > maxShared {
			return refuseSize
		}
	}
	return nil
}

// pieces reads values that may be cut by the end of a record.
type pieces struct {
	data []byte
	more func() ([]byte, error) // the record that continues; nil for none
}

func (p *pieces) fill() error {
	if p.more == nil {
		return refuseOldDamaged
	}
	data, err := p.more()
	p.data = data
	return err
}

func (p *pieces) number(bytes int) (int, error) {
	n := 0
	for i := range bytes {
		for len(p.data) == 0 {
			if err := p.fill(); err != nil {
				return 0, err
			}
		}
		n |= int(p.data[0]) << (8 * i)
		p.data = p.data[1:]
	}
	return n, nil
}

func (p *pieces) skip(n int) error {
	for n > len(p.data) {
		n -= len(p.data)
		if err := p.fill(); err != nil {
			return err
		}
	}
	p.data = p.data[n:]
	return nil
}

// text reads a text with the number of its letters before it, in some bytes.
// Where a record ends within the letters, the next says anew how wide they are.
func (p *pieces) text(bytes int) (string, error) {
	n, err := p.number(bytes)
	if err != nil {
		return "", err
	}
	flags, err := p.number(1)
	if err != nil {
		return "", err
	}
	after := 0
	if flags&8 != 0 {
		runs, err := p.number(2)
		if err != nil {
			return "", err
		}
		after = 4 * runs
	}
	if flags&4 != 0 {
		extra, err := p.number(4)
		if err != nil {
			return "", err
		}
		after += extra
	}
	units := make([]uint16, 0, min(n, 4096))
	for wide := flags & 1; n > 0; n-- {
		if len(p.data) == 0 {
			if err := p.fill(); err != nil {
				return "", err
			}
			if wide, err = p.number(1); err != nil {
				return "", err
			}
			wide &= 1
		}
		unit, err := p.number(1 + wide)
		if err != nil {
			return "", err
		}
		units = append(units, uint16(unit))
	}
	return clean(string(utf16.Decode(units))), p.skip(after)
}
