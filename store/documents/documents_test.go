package documents_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/storetest"
	"github.com/police-ict/handover/store/text"
)

func TestAFileIsWhatItHolds(t *testing.T) {
	for name, k := range map[string]struct{ content, kind string }{
		"a PDF":                         {"%PDF-1.4\n%\xe2\xe3", "application/pdf"},
		"a PNG":                         {"\x89PNG\r\n\x1a\n\x00", "image/png"},
		"a JPEG":                        {"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"},
		"a GIF":                         {"GIF89a\x01", "image/gif"},
		"a TIFF":                        {"II*\x00\x08", "image/tiff"},
		"a text":                        {"We resolve to join.\r\n", "text/plain; charset=utf-8"},
		"a text in Welsh":               {"Ŵyth o'r gloch", "text/plain; charset=utf-8"},
		"a text with a byte order mark": {"\xef\xbb\xbfWe resolve.", "text/plain; charset=utf-8"},
		"a text that speaks of <html>":  {"See <html>", "text/plain; charset=utf-8"},
		"a program":                     {"MZ\x90\x00\x03", ""},
		"a text that begins as one":     {"MZ is how programs begin", ""},
		"a program for Linux":           {"\x7fELF\x02\x01", ""},
		"a program for a Mac":           {"\xcf\xfa\xed\xfe\x07", ""},
		"a Java class":                  {"\xca\xfe\xba\xbe\x00", ""},
		"a script":                      {"#!/bin/sh\nrm -rf /\n", ""},
		"a ZIP, or DOCX":                {"PK\x03\x04\x14", ""},
		"an old office document":        {"\xd0\xcf\x11\xe0\xa1", ""},
		"a web page":                    {"<!DOCTYPE html><p>", ""},
		"a web page behind blanks":      {strings.Repeat("\r\n ", 500) + "<html>", ""},
		"an SVG with a byte order mark": {"\xef\xbb\xbf<svg onload='x'>", ""},
		"nothing":                       {"", ""},
		"blanks":                        {" \n\t ", ""},
		"a text in an old encoding":     {"caf\xe9 \x96 \x93here\x94", "text/plain; charset=windows-1252"},
		"bytes of no encoding":          {"caf\x81\xe9 text", ""},
		"mostly high bytes":             {"\xe9\xe8\xe7 \xe6", ""},
		"a web page in an old encoding": {"<p>caf\xe9", ""},
		"a text in UTF-16":              {"\xff\xfeh\x00i\x00", ""},
		"bytes":                         {"abc\x00def", ""},
		"an escape":                     {"a\x1b[31mred", ""},
	} {
		got, err := documents.TypeOf([]byte(k.content))
		if got != k.kind || (err == nil) != (k.kind != "") || err != nil && !strings.Contains(err.Error(), "Choose a PDF, an image or a text file") {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
}

func TestAFileNameIsMadeSafe(t *testing.T) {
	c := storetest.Begin(t)
	for sent, kept := range map[string]string{
		"deed.pdf": "deed.pdf", `C:\Users\Ann\deed.pdf`: "deed.pdf", "../../etc/passwd": "passwd", "a\r\nSet-Cookie: x.txt": "a__Set-Cookie_ x.txt",
		`q"u<o>t|e*s?.txt`: "q_u_o_t_e_s_.txt", "": "document", "..": "document", ".": "document", strings.Repeat("é", 150) + ".txt": strings.Repeat("é", 96) + ".txt", "ŵ.txt": "ŵ.txt",
	} {
		id, err := documents.KeepDraft(t.Context(), c.Tx, c.Secretary, sent, []byte("text"))
		c.Must(err)
		if d, err := documents.Find(t.Context(), c.Tx, c.Secretary, id); err != nil || d.Name != kept {
			t.Errorf("%q is kept as %q, want %q (%v)", sent, d.Name, kept, err)
		}
	}
}

func TestAFileMayBeTwentyMegabytes(t *testing.T) {
	c := storetest.Begin(t)
	whole := bytes.Repeat([]byte("a"), documents.MaxBytes)
	id, err := documents.KeepDraft(t.Context(), c.Tx, c.Secretary, "large.txt", whole)
	c.Must(err)
	_, content, err := documents.Content(t.Context(), c.Tx, c.Secretary, id)
	if err != nil || !bytes.Equal(content, whole) {
		t.Errorf("%d bytes came back: %v", len(content), err)
	}
	if _, err := documents.KeepDraft(t.Context(), c.Tx, c.Secretary, "larger.txt", append(whole, 'a')); storetest.FieldOf(err) != "file" {
		t.Errorf("one byte more: %v", err)
	}
}

// paper takes Kent to resolved with a document of some content.
func paper(c *storetest.Cast, name, content string) int64 {
	c.T.Helper()
	c.Bring("kent", handover.Invited)
	id, err := documents.KeepDraft(c.T.Context(), c.Tx, c.Chief("kent"), name, []byte(content))
	c.Must(err)
	c.Must(handover.TakeStep(c.T.Context(), c.Tx, c.Chief("kent"), "kent", handover.Step{Act: handover.ActResolve, Document: id, Reference: "1", DecidedOn: "2013-01-10", DecidedBy: handover.ByBody}))
	return id
}

func TestWhoReadsADocument(t *testing.T) {
	c := storetest.Begin(t)
	id := paper(c, "notice.txt", "The notice.")
	draft := c.Draft(c.Chief("kent"))
	colleague := storetest.Holder(t, c.Tx, office.CommissionerOffice, "kent")
	auditor := storetest.Holder(t, c.Tx, office.Auditor, office.TheCompany)
	for name, k := range map[string]struct {
		v                   office.Viewer
		doc, draft, publish bool
	}{
		"whoever gave it in":     {c.Chief("kent"), true, true, true},
		"their commissioner":     {colleague, true, false, true},
		"another body":           {c.Chief("essex"), false, false, false},
		"the company secretary":  {c.Secretary, true, false, true},
		"the auditor":            {auditor, true, false, false},
		"an official":            {c.Official, true, false, false},
		"an association officer": {c.Association, true, false, false},
		"a company officer":      {c.Officer, false, false, false},
		"the administrator":      {c.Administrator, false, false, false},
		"a stranger":             {office.Viewer{}, false, false, false},
	} {
		for what, one := range map[string]struct {
			id   int64
			want bool
		}{"the document": {id, k.doc}, "the draft": {draft, k.draft}} {
			_, content, err := documents.Content(t.Context(), c.Tx, k.v, one.id)
			if (err == nil) != one.want || err != nil && (fault.KindOf(err) != fault.NotFound || content != nil) {
				t.Errorf("%s, %s: %q %v", name, what, content, err)
			}
		}
		d, err := documents.Find(t.Context(), c.Tx, c.Secretary, id)
		c.Must(err)
		if d.MayPublish(k.v) != k.publish {
			t.Errorf("%s may publish: %v", name, !k.publish)
		}
		if !k.publish {
			if err := documents.Publish(t.Context(), c.Tx, k.v, id); fault.KindOf(err) != fault.Forbidden && fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s published it: %v", name, err)
			}
		}
	}
}

func TestARestrictedDocumentIsInTheRecordAsACommitment(t *testing.T) {
	c := storetest.Begin(t)
	const words, name = "The marker of the content: 8f1e.", "marker-of-the-name.txt"
	sum := sha256.Sum256([]byte(words))
	hash := hex.EncodeToString(sum[:])
	id := paper(c, name, words)
	holds := func(want bool) {
		t.Helper()
		all, err := record.Events(t.Context(), c.Tx, record.EventFilter{}, 1000)
		c.Must(err)
		found := map[string]bool{}
		for _, e := range all {
			for _, marker := range []string{name, hash} {
				found[marker] = found[marker] || strings.Contains(e.Payload, marker)
			}
			if strings.Contains(e.Payload, "8f1e.") {
				t.Errorf("event %d tells the content", e.N)
			}
		}
		if found[name] != want || found[hash] != want {
			t.Errorf("the record tells name and hash: %v, want %v", found, want)
		}
	}
	holds(false)
	c.Must(documents.Publish(t.Context(), c.Tx, c.Chief("kent"), id))
	holds(true)
	if _, content, err := documents.Content(t.Context(), c.Tx, office.Viewer{}, id); err != nil || string(content) != words {
		t.Errorf("published, and a stranger reads %q %v", content, err)
	}
	if err := documents.Publish(t.Context(), c.Tx, c.Secretary, id); fault.KindOf(err) != fault.Conflict {
		t.Errorf("published twice: %v", err)
	}
	// What was released proves that it is what was committed to.
	last := storetest.LastOf(t, c.Tx, "document/"+text.Thousands(id))
	var said struct {
		Detail struct {
			Committed int64 `json:"committed_in_event"`
			Hash      string
			Salt      string
		}
	}
	c.Must(json.Unmarshal([]byte(last.Payload), &said))
	first, err := record.FindEvent(t.Context(), c.Tx, said.Detail.Committed)
	c.Must(err)
	salt, err := hex.DecodeString(said.Detail.Salt)
	c.Must(err)
	if said.Detail.Hash != hash || !strings.Contains(first.Payload, record.Commitment(salt, []byte(hash))) {
		t.Errorf("the commitment in event %d is not opened by event %d", first.N, last.N)
	}
	c.Sound()
}

func TestDraftsAreSweptAfterADay(t *testing.T) {
	c := storetest.Begin(t)
	old := c.Draft(c.Chief("kent"))
	kept := paper(c, "notice.txt", "A paper of the test.") // the same content as the draft
	c.Clock.Set(c.Clock.Now().Add(24*time.Hour + time.Second))
	fresh := c.Draft(c.Secretary)
	if _, err := documents.Find(t.Context(), c.Tx, c.Chief("kent"), old); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a draft of yesterday is still there: %v", err)
	}
	for name, id := range map[string]int64{"the document of the step": kept, "the fresh draft": fresh} {
		if _, content, err := documents.Content(t.Context(), c.Tx, c.Secretary, id); err != nil || string(content) != "A paper of the test." {
			t.Errorf("%s: %q %v", name, content, err)
		}
	}
	c.Sound()
}
