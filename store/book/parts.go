package book

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
)

// Limits of a workbook's parts. Worksheets and shared texts above partInMemory
// are unpacked to temporary files, and what claims to unpack to more than
// unpacked is refused before it is; so is what no spreadsheet would write.
const (
	unpacked     = 1 << 30
	unpackedHere = 128 << 20 // parts that the library keeps in memory whatever their size
	partInMemory = 16 << 20
	maxParts     = 10_000
	maxShared    = 64 << 20  // bytes of the texts that cells share, which the library holds in memory
	maxTags      = 8_000_000 // of the shared texts, at four for each
	lookedInto   = 4 << 20   // parts above this are looked through first
	maxText      = 1 << 20   // bytes: a cell holds 32,767 letters
)

const (
	refuseSize   = Refusal("The workbook is too large when unpacked. Save it as CSV.")
	refuseBroken = Refusal("The workbook is damaged or locked and cannot be opened. Open it in a spreadsheet and save it as XLSX or CSV.")
)

// checkParts refuses what is no workbook, and what would unpack to too much. The
// unpacker holds each part to the size that it claims.
func (f *File) checkParts() error {
	z, err := zip.NewReader(f.r, f.Size)
	if err != nil {
		return Refusal("The file is a damaged archive. Download it again, or ask the publisher for another copy.")
	}
	var size, here uint64
	workbook := false
	for _, part := range z.File {
		name := strings.ToLower(strings.ReplaceAll(part.Name, "\\", "/"))
		workbook = workbook || name == "xl/workbook.xml"
		shared := name == "xl/sharedstrings.xml"
		n := min(part.UncompressedSize64, unpacked+1)
		size += n
		if n <= partInMemory || !shared && !strings.HasPrefix(name, "xl/worksheets/sheet") {
			here += n
		}
		if size > unpacked || here > unpackedHere || len(z.File) > maxParts || shared && n > maxShared {
			return refuseSize
		}
	}
	if !workbook {
		return otherArchive(z)
	}
	for _, part := range z.File {
		if part.UncompressedSize64 > lookedInto && strings.HasSuffix(strings.ToLower(part.Name), ".xml") {
			if err := lookThrough(part); err != nil {
				return err
			}
		}
	}
	return nil
}

// lookThrough unpacks a large part once, keeping nothing, and refuses one with a
// text or a tag longer than any cell, or with too many texts: the library would
// hold each whole in memory, several times.
func lookThrough(part *zip.File) error {
	r, err := part.Open()
	if err != nil {
		return refuseBroken
	}
	defer r.Close()
	buf := make([]byte, block)
	run, tags := 0, 0
	for {
		n, err := r.Read(buf)
		b := buf[:n]
		for mark := bytes.IndexByte(b, '<'); mark >= 0; mark = bytes.IndexByte(b, '<') {
			if run+mark > maxText {
				return refuseSize
			}
			b, run = b[mark+1:], 0
			tags++
		}
		if run += len(b); run > maxText || strings.Contains(strings.ToLower(part.Name), "sharedstrings") && tags > maxTags {
			return refuseSize
		}
		switch err {
		case nil:
		case io.EOF:
			return nil
		default:
			return refuseBroken
		}
	}
}
