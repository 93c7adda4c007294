// Package documents keeps files by their content.
package documents

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
)

// MaxBytes is the largest document taken, in bytes.
const MaxBytes = 20 << 20

// Document is a paper that a step needs. Its content is kept by hash, and is
// restricted until it is published.
type Document struct {
	ID         int64     `json:"id"`
	Hash       string    `json:"hash,omitempty"` // hex SHA-256 of the content; in the record only once published
	Name       string    `json:"-"`              // of the file
	Type       string    `json:"type"`
	Size       int64     `json:"size"` // bytes
	Title      string    `json:"title"`
	Subject    string    `json:"subject"` // "accession/kent"; "" while a draft of a form
	Body       string    `json:"body"`    // whose office gave it in
	Person     int64     `json:"-"`
	AddedAt    time.Time `json:"-"`
	AddedN     int64     `json:"-"`
	PublishedN int64     `json:"published_event,omitempty"`
}

// Published reports whether anyone may read the document.
func (d Document) Published() bool { return d.PublishedN != 0 }

// MayRead reports whether v may read the document.
func (d Document) MayRead(v office.Viewer) bool {
	switch {
	case d.Subject == "":
		return v.Person != 0 && v.Person == d.Person
	case subjectOfEvidence(d.Subject):
		return false // its inquiry says who may
	case d.Published():
		return true
	}
	return v.Reads(office.UnpublishedPaper, d.bonds(v)...)
}

// bonds are what ties v to the document: it is of their body, or about it, as
// the invitation of a body is.
func (d Document) bonds(v office.Viewer) (all []office.Bond) {
	if v.Office.Body == d.Body {
		all = append(all, office.AtItsBody)
	}
	if d.Subject == "accession/"+v.Office.Body {
		all = append(all, office.AboutUs)
	}
	return all
}

// MayPublish reports whether v may publish the document: the body that gave it
// in, or the company secretary.
func (d Document) MayPublish(v office.Viewer) bool {
	return d.Subject != "" && !subjectOfEvidence(d.Subject) && !d.Published() && v.ActsOn(office.UnpublishedPaper, d.bonds(v)...)
}

// Row is the document as the record tells it.
func (d Document) Row() Document {
	if !d.Published() {
		d.Hash = ""
	}
	if !d.Published() && subjectOfEvidence(d.Subject) {
		d.Type, d.Size = "", 0 // which could tell a known file
	}
	return d
}

// TypeOf finds what a file is from its content, whatever its name says, and
// refuses what is neither PDF, image nor plain text.
func TypeOf(content []byte) (string, error) {
	for _, known := range []struct{ magic, kind string }{
		{"%PDF-", "application/pdf"}, {"\x89PNG\r\n\x1a\n", "image/png"}, {"\xff\xd8\xff", "image/jpeg"},
		{"GIF87a", "image/gif"}, {"GIF89a", "image/gif"}, {"II*\x00", "image/tiff"}, {"MM\x00*", "image/tiff"},
	} {
		if bytes.HasPrefix(content, []byte(known.magic)) {
			return known.kind, nil
		}
	}
	for _, known := range []struct{ magic, name string }{
		{"PK\x03\x04", "a ZIP archive or an office document"}, {"PK\x05\x06", "a ZIP archive"}, {"MZ", "a program"}, {"\x7fELF", "a program"},
		{"\xca\xfe\xba\xbe", "a program"}, {"\xcf\xfa\xed\xfe", "a program"}, {"#!", "a script"}, {"\xd0\xcf\x11\xe0", "an old office document"},
		{"Rar!", "an archive"}, {"\x1f\x8b", "an archive"}, {"7z\xbc\xaf", "an archive"},
	} {
		if bytes.HasPrefix(content, []byte(known.magic)) {
			return "", fault.Invalid.Errorf("The file is %s. Choose a PDF, an image or a text file.", known.name)
		}
	}
	if len(bytes.TrimSpace(content)) == 0 {
		return "", fault.Invalid.Errorf("The file is empty. Choose a PDF, an image or a text file.")
	}
	text := bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(bytes.TrimLeftFunc(text, blank), []byte("<")) {
		return "", fault.Invalid.Errorf("The file is a web page. Choose a PDF, an image or a text file.")
	}
	kind := "text/plain; charset=utf-8"
	if !utf8.Valid(text) && windows1252(text) {
		kind, text = "text/plain; charset=windows-1252", nil // as older editors write it
	}
	if !utf8.Valid(text) || bytes.ContainsFunc(text, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\n\r\t\f", r) || r == 0x7f }) {
		return "", fault.Invalid.Errorf("The type of the file is not known. Choose a PDF, an image or a text file.")
	}
	return kind, nil
}

// windows1252 reports whether bytes read as text in Windows-1252: no control
// character, none of the bytes that it leaves out, and mostly plain letters.
func windows1252(text []byte) bool {
	high := 0
	for _, b := range text {
		switch {
		case b < ' ' && !strings.ContainsRune("\n\r\t\f", rune(b)), b == 0x7f, b == 0x81, b == 0x8d, b == 0x8f, b == 0x90, b == 0x9d:
			return false
		case b >= 0x80:
			high++
		}
	}
	return high*2 <= len(text)
}

// blank reports whether a character shows nothing, a byte order mark included.
func blank(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }

// fileName is a file's own name, without any folder, fit to be shown and saved.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`"<>|:*?/`, r) || r == 0x7f {
			return '_'
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 100 {
		name = string(r[len(r)-100:])
	}
	if name == "." || name == ".." || name == "" {
		return "document"
	}
	return name
}

// Cols are the columns that Scan reads.
const Cols = `id, hash, name, type, size, title, subject, body, person, added_at, added_n, published_n`

// Scan reads a document from a row of Cols.
func Scan(r db.Row) (d Document, err error) {
	return d, r.Scan(&d.ID, &d.Hash, &d.Name, &d.Type, &d.Size, &d.Title, &d.Subject, &d.Body, &d.Person, (*db.Stamp)(&d.AddedAt), &d.AddedN, &d.PublishedN)
}

// Find finds a document that v may read; any other is not there for them.
func Find(ctx context.Context, tx *db.Tx, v office.Viewer, id int64) (Document, error) {
	d, err := db.One(ctx, tx, Scan, `SELECT `+Cols+` FROM documents WHERE id = $1`, id)
	if err == nil && !d.MayRead(v) {
		return Document{}, fault.NotFound.Errorf("There is no such document, or it is restricted.")
	}
	return d, err
}

// Content reads a document that v may read.
func Content(ctx context.Context, tx *db.Tx, v office.Viewer, id int64) (d Document, content []byte, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if d, err = Find(ctx, tx, v, id); err != nil {
			return err
		}
		content, err = db.One(ctx, tx, db.ScanInto[[]byte], `SELECT content FROM contents WHERE hash = $1`, d.Hash)
		return err
	})
	return d, content, err
}

// OfSubject lists the documents of a subject, oldest first: that they exist is
// public, their content is not.
func OfSubject(ctx context.Context, tx *db.Tx, subject string) ([]Document, error) {
	return db.List(ctx, tx, Scan, `SELECT `+Cols+` FROM documents WHERE subject = $1 ORDER BY id`, subject)
}

// KeepDraft takes in a file for a form that is not yet confirmed. Drafts that
// came to nothing are swept away after a day.
func KeepDraft(ctx context.Context, tx *db.Tx, by office.Viewer, name string, content []byte) (id int64, err error) {
	if len(content) > MaxBytes {
		return 0, fault.Field("file", "The file is larger than 20 MB. Choose a smaller one.")
	}
	kind, err := TypeOf(content)
	if err != nil {
		var f fault.Faults
		if err := f.Take("file", err); err != nil {
			return 0, err
		}
		return 0, f.Err()
	}
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM documents WHERE subject = '' AND added_at < $1`, db.Stamp(tx.Now().Add(-24*time.Hour))); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM contents WHERE hash NOT IN (SELECT hash FROM documents)`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO contents (hash, content) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`, hash, content); err != nil {
			return err
		}
		id, err = db.One(ctx, tx, db.ScanInto[int64], `INSERT INTO documents (hash, name, type, size, title, subject, body, person, added_at, added_n, published_n)
			VALUES ($1, $2, $3, $4, '', '', $5, $6, $7, 0, 0) RETURNING id`, hash, fileName(name), kind, int64(len(content)), by.Office.Body, by.Person, db.Stamp(tx.Now()))
		return err
	})
	return id, err
}

// Attach makes a draft of the same person part of a subject. The event that
// record writes next commits to its content.
func Attach(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, title, subject string) (Document, []record.Part, error) {
	return AttachAs(ctx, tx, by, id, title, subject, func(d Document) string { return d.Name })
}

// AttachAs is Attach, under another name than that of the file.
func AttachAs(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, title, subject string, name func(Document) string) (d Document, parts []record.Part, err error) {
	d, err = db.One(ctx, tx, Scan, `SELECT `+Cols+` FROM documents WHERE id = $1 AND subject = '' AND person = $2`, id, by.Person)
	if fault.KindOf(err) == fault.NotFound {
		return d, nil, fault.Field("file", "Choose the file again. It was only kept for a day.")
	}
	if err != nil {
		return d, nil, err
	}
	d.Title, d.Subject, d.Body, d.AddedN = title, subject, by.Office.Body, record.NextEvent(tx)
	d.Name = name(d)
	if err := tx.Change(ctx, `UPDATE documents SET title = $1, subject = $2, body = $3, added_n = $4, name = $5 WHERE id = $6 AND subject = ''`,
		d.Title, d.Subject, d.Body, d.AddedN, d.Name, id); err != nil {
		return d, nil, err
	}
	return d, []record.Part{record.Seal(d.Seal(), []byte(d.Hash)), record.Seal(d.sealOfName(), []byte(d.Name)), record.Now(d.Thing(), d.Row())}, nil
}

// Seal is the name of the sealed part that commits to the content.
func (d Document) Seal() string { return fmt.Sprintf("document %d", d.ID) }

// Thing names the document in the record.
func (d Document) Thing() string { return fmt.Sprintf("document/%d", d.ID) }

// Publish lets anyone read a document. The event tells the hash and the salt
// of the commitment, so that it can be proved the same.
func Publish(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		d, err := Find(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if d.Published() {
			return fault.Conflict.Errorf("This document is already published.")
		}
		if !d.MayPublish(by) {
			return fault.Forbidden.Errorf("Only the body that sent the document or the company secretary can publish it.")
		}
		salt, _, _, err := record.Unseal(ctx, tx, d.AddedN, d.Seal())
		if err != nil {
			return err
		}
		d.PublishedN = record.NextEvent(tx)
		if err := SavePublished(ctx, tx, d); err != nil {
			return err
		}
		about_ := strings.TrimPrefix(d.Subject, "accession/")
		_, err = record.Add(ctx, tx, by, "document.publish", d.Thing(), record.About(about_), record.Now(d.Thing(), d.Row()),
			record.Detail(map[string]any{"committed_in_event": d.AddedN, "hash": d.Hash, "salt": hex.EncodeToString(salt), "file": d.Name}))
		return err
	})
}

// SavePublished stores the event by which a document was published.
func SavePublished(ctx context.Context, tx *db.Tx, d Document) error {
	return tx.Change(ctx, `UPDATE documents SET published_n = $1 WHERE id = $2 AND published_n = 0`, d.PublishedN, d.ID)
}

// Ledger holds the rows of documents to the record.
var Ledger = record.Ledger{Topic: "document", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, Scan, `SELECT `+Cols+` FROM documents WHERE subject <> ''`, func(d Document) (string, any) { return d.Thing(), d.Row() })
}}

// subjectOfEvidence reports whether documents of a subject are evidence, which
// only the page of the evidence gives out.
func subjectOfEvidence(subject string) bool { return strings.HasPrefix(subject, "evidence/") }
