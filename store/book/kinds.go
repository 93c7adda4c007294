package book

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"
)

// opening is how a workbook is opened, by what the file begins with; nil for any
// other file.
func (f *File) opening(head []byte) func() error {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return f.openArchive
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0")):
		return f.openCompound
	case !bytes.HasPrefix(text, []byte("<")):
		return nil
	case bytes.Contains(text, []byte("<office:document")) && bytes.Contains(text, []byte(openDocument)):
		return f.openFlat
	case bytes.Contains(text, []byte("urn:schemas-microsoft-com:office:spreadsheet")) && bytes.Contains(text, []byte("Workbook")):
		return f.openMarkup
	}
	return nil
}

// openArchive opens the workbooks that are archives.
func (f *File) openArchive() error {
	z, err := zip.NewReader(f.r, f.Size)
	if err != nil {
		return Refusal("The file is a damaged archive. Download it again, or ask the publisher for another copy.")
	}
	switch kind := mimetype(z); {
	case strings.HasPrefix(kind, openDocument) && partNamed(z, "content.xml") != nil:
		return f.openOpenDocument(z)
	case strings.HasPrefix(kind, openDocument):
		return refuseDamaged
	case strings.HasPrefix(kind, "application/vnd.oasis.opendocument."):
		return Refusal("The file is an OpenDocument text, presentation or drawing, not a spreadsheet. Save its table as ODS, XLSX or CSV.")
	}
	return f.openExcel()
}

// mimetype is what an OpenDocument archive says that it is.
func mimetype(z *zip.Reader) string {
	part := partNamed(z, "mimetype")
	if part == nil {
		return ""
	}
	r, err := part.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	b, _ := io.ReadAll(io.LimitReader(r, 200))
	return string(b)
}

// otherArchive names an archive that is no workbook that can be read.
func otherArchive(z *zip.Reader) Refusal {
	tables, files := 0, 0
	for _, part := range z.File {
		name := strings.ToLower(strings.ReplaceAll(part.Name, "\\", "/"))
		switch {
		case name == "xl/workbook.bin":
			return "The file is a binary Excel workbook (.xlsb), which cannot be read. Open it in Excel and save it as XLSX or CSV."
		case name == "word/document.xml":
			return "The file is a Word document, not a table. Copy the table into a spreadsheet and save it as XLSX or CSV."
		case name == "ppt/presentation.xml":
			return "The file is a presentation, not a table. Copy the table into a spreadsheet and save it as XLSX or CSV."
		case strings.HasSuffix(name, ".iwa"), name == "index.zip":
			return "The file is from Apple Numbers or a similar program and cannot be read. Export it as XLSX or CSV."
		case strings.HasSuffix(name, "/"):
			continue
		}
		files++
		switch path.Ext(name) {
		case ".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods":
			tables++
		}
	}
	switch tables {
	case 0:
		return "The file is an archive but not an Excel workbook. Unpack it and load the tables inside it."
	case 1:
		return "The file is an archive (ZIP) with a table in it. Unpack it and load the table inside it."
	}
	return Refusal(fmt.Sprintf("The file is an archive (ZIP) of %d files, %d of which may be tables. Unpack it and load each of them.", files, tables))
}

// starts are how other kinds of file begin, and what a person can do with one.
var starts = []struct{ begins, why string }{
	{"PAR1", "The file is a Parquet table, which cannot be read. Ask the publisher for CSV or XLSX."},
	{"ARROW1", "The file is an Arrow table, which cannot be read. Ask the publisher for CSV or XLSX."},
	{"\x1F\x8B", "The file is compressed (gzip). Unpack it and load the table inside it."},
	{"BZh", "The file is compressed (bzip2). Unpack it and load the table inside it."},
	{"\xFD7zXZ", "The file is compressed (xz). Unpack it and load the table inside it."},
	{"\x28\xB5\x2F\xFD", "The file is compressed (Zstandard). Unpack it and load the table inside it."},
	{"SQLite format 3\x00", "The file is an SQLite database, not a table. Save the table as CSV."},
	{"\x00\x01\x00\x00Standard ", "The file is an Access database, not a table. Save the table as CSV or XLSX."},
	{"\x09\x00\x04\x00", string(refuseOlder)},
	{"\x09\x02\x06\x00", string(refuseOlder)},
	{"\x09\x04\x06\x00", string(refuseOlder)},
	{"\x09\x08\x08\x00\x00\x05", string(refuseOlder)},
	{"\x09\x08\x10\x00\x00\x06", string(refuseOldDamaged)},
	{"\x00\x00\x02\x00\x06\x04\x06\x00", "The file is a Lotus 1-2-3 worksheet, which cannot be read. Save it as XLSX or CSV."},
	{"MIME-Version: ", "The file is a web page with its pictures (.mht), not a table. Open it in a spreadsheet and save it as XLSX or CSV."},
}

// begun names a file that no table begins like; empty for others. Web pages are
// often given the name of an Excel workbook, which opens them.
func begun(head []byte, name string) string {
	for _, s := range starts {
		if bytes.HasPrefix(head, []byte(s.begins)) {
			return s.why
		}
	}
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n"))
	if !bytes.HasPrefix(text, []byte("<")) {
		return ""
	}
	ending := strings.ToLower(path.Ext(name))
	page := bytes.Contains(text, []byte("<html")) || bytes.Contains(text, []byte("<table")) || bytes.Contains(text, []byte("<!doctype html"))
	if page && (strings.HasPrefix(ending, ".xls") || bytes.Contains(text, []byte("office:excel"))) {
		return "The file is a web page with the name of an Excel workbook. Open it in a spreadsheet and save it as XLSX or CSV."
	}
	if bytes.Contains(text, []byte("<office:document")) {
		return "The file is an OpenDocument text, presentation or drawing, not a spreadsheet. Save its table as ODS, XLSX or CSV."
	}
	return ""
}

// notATable knows other kinds of file by how they begin.
func notATable(head []byte) string {
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n\x00"))
	has := func(prefixes ...string) bool {
		for _, p := range prefixes {
			if bytes.HasPrefix(text, []byte(p)) {
				return true
			}
		}
		return false
	}
	switch {
	case len(text) == 0:
		return "The file contains only blanks. Check that you chose the right file."
	case has("<?xml", "<error", "<rss"):
		return "The file is XML, not a table. Save it as CSV or XLSX."
	case has("<"):
		return "The file is a web page, not a table. Its address may have changed. Download the file again."
	case has("%pdf-"):
		return "The file is a PDF, which cannot be read as a table. Ask the publisher for CSV or XLSX."
	case has("pk\x05\x06", "rar!", "7z\xbc\xaf"):
		return "The file is a compressed archive. Unpack it and load the tables inside it."
	case has("{\\rtf"):
		return "The file is a text document, not a table. Copy the table into a spreadsheet and save it as XLSX or CSV."
	case has("{", "[{"):
		return "The file is JSON, not a table. Ask the publisher for CSV or XLSX."
	case bytes.HasPrefix(head, []byte("\x89PNG")), bytes.HasPrefix(head, []byte{0xFF, 0xD8, 0xFF}), has("gif8"):
		return "The file is a picture, not a table. Ask the publisher for CSV or XLSX."
	}
	return ""
}
