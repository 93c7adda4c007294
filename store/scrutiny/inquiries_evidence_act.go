package scrutiny

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// extensions are how a file of a known type is named.
var extensions = map[string]string{"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/tiff": ".tif"}

// saveSubmission stores how evidence stands after an act, if nobody else
// changed it meanwhile, and records the act.
func saveSubmission(ctx context.Context, tx *db.Tx, by office.Viewer, act string, i Inquiry, e Submission, more ...record.Part) error {
	was := e.Turn
	e.Turn++
	row, err := text.Canonical(e)
	if err != nil {
		return err
	}
	if was == 0 {
		err = tx.Change(ctx, `INSERT INTO evidence (inquiry, number, status, review, turn, evidence) VALUES ($1, $2, $3, $4, $5, $6)`,
			e.Inquiry, e.Number, e.Status, e.waits(), e.Turn, string(row))
	} else {
		err = tx.Change(ctx, `UPDATE evidence SET status = $1, review = $2, turn = $3, evidence = $4 WHERE inquiry = $5 AND number = $6 AND turn = $7`,
			e.Status, e.waits(), e.Turn, string(row), e.Inquiry, e.Number, was)
	}
	if err != nil {
		return err
	}
	_, err = record.Add(ctx, tx, by, "evidence."+act, e.subject(), append(more, record.About(i.Body), record.NowRow(e.subject(), row))...)
	return err
}

// TakeEvidence takes evidence in, published or confidential, and returns its
// number. Of what is confidential, the record holds a commitment only.
func TakeEvidence(ctx context.Context, tx *db.Tx, by office.Viewer, slug string, form EvidenceForm) (number int64, err error) {
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		i, _, err := inquiring(ctx, tx, by, slug, ActTakeEvidence)
		if err != nil {
			return err
		}
		if err := form.check(i, civil.DayOf(tx.Now())); err != nil {
			return err
		}
		// Writes run one at a time, so the next number can be taken like this.
		if number, err = db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(number), 0) + 1 FROM evidence WHERE inquiry = $1`, slug); err != nil {
			return err
		}
		e := Submission{Inquiry: slug, Number: number, Status: EvidencePublished, Author: form.Author, AuthorSealed: form.AuthorSealed, Received: form.Received,
			Late: form.Late, TakenAt: tx.Now(), Office: by.Office, N: record.NextEvent(tx), Ground: form.Ground, Review: form.Review}
		if e.Late != "" {
			e.Closed = i.Closes
		}
		var parts []record.Part
		if e.AuthorSealed {
			parts, e.Author = append(parts, record.Seal(sealedAuthor, []byte(e.Author))), ""
		}
		words := EvidenceText{Inquiry: slug, Number: number, Title: form.Title, Paragraphs: paragraphsOf(form.Text)}
		if form.Confidential {
			e.Status = EvidenceConfidential
			sealed, err := text.Canonical(words)
			if err != nil {
				return err
			}
			parts = append(parts, record.Seal(sealedEvidence, sealed))
		} else {
			told, err := tellWords(ctx, tx, &e, words)
			if err != nil {
				return err
			}
			parts = append(parts, told)
		}
		attached, err := attachEvidence(ctx, tx, by, &e, form.Document)
		if err != nil {
			return err
		}
		return saveSubmission(ctx, tx, by, "take", i, e, append(parts, attached...)...)
	})
	return number, err
}

// tellWords makes the words of evidence public, in the event that record
// writes next.
func tellWords(ctx context.Context, tx *db.Tx, e *Submission, words EvidenceText) (record.Part, error) {
	row, err := text.Canonical(words)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(row)
	e.Title, e.Paragraphs, e.Hash = words.Title, len(words.Paragraphs), hex.EncodeToString(sum[:])
	e.Status, e.PublishedAt, e.PublishedN = EvidencePublished, tx.Now(), record.NextEvent(tx)
	return record.NowRow(words.thing(), row), tx.Change(ctx, `INSERT INTO evidence_texts (inquiry, number, text) VALUES ($1, $2, $3)`, e.Inquiry, e.Number, string(row))
}

// attachEvidence makes a draft the document of evidence. It is named by the
// evidence, since the name of a file may tell who sent it.
func attachEvidence(ctx context.Context, tx *db.Tx, by office.Viewer, e *Submission, id int64) ([]record.Part, error) {
	if id == 0 {
		return nil, nil
	}
	d, parts, err := documents.AttachAs(ctx, tx, by, id, text.Capital(evidenceRef(e.Number, 0)), e.subject(), func(d documents.Document) string {
		return fmt.Sprintf("%s-evidence-%d%s", e.Inquiry, e.Number, extensionOf(d.Type))
	})
	if err != nil {
		return nil, err
	}
	e.Document = d.ID
	if !e.Open() {
		return parts, nil
	}
	told, err := tellDocument(ctx, tx, e, d)
	return append(parts, told), err
}

func extensionOf(kind string) string {
	if end, ok := extensions[kind]; ok {
		return end
	}
	return ".txt"
}

// tellDocument makes the document of evidence public, in the event that record
// writes next.
func tellDocument(ctx context.Context, tx *db.Tx, e *Submission, d documents.Document) (record.Part, error) {
	d.PublishedN = record.NextEvent(tx)
	e.DocumentHash = d.Hash
	return record.Now(d.Thing(), d.Row()), documents.SavePublished(ctx, tx, d)
}

// actOnEvidence runs an act on evidence that was taken in.
func actOnEvidence(ctx context.Context, tx *db.Tx, by office.Viewer, slug string, number int64, act office.Act, do func(tx *db.Tx, e *Submission, f *fault.Faults) ([]record.Part, error)) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		i, holder, err := heldInquiry(ctx, tx, slug)
		if err != nil {
			return err
		}
		e, err := submission(ctx, tx, slug, number)
		if err != nil {
			return err
		}
		if err := e.May(act, by, holder, civil.DayOf(tx.Now())); err != nil {
			return err
		}
		var f fault.Faults
		parts, err := do(tx, &e, &f)
		if err != nil {
			return err
		}
		return saveSubmission(ctx, tx, by, string(act), i, e, parts...)
	})
}

// provedJSON is what an event that publishes confidential evidence tells, so
// that anyone can work the commitments of the event that took it in out again:
// SHA-256 of a salt and the words, or of a salt and the hash of the document.
type provedJSON struct {
	In           int64  `json:"committed_in_event"`
	Salt         string `json:"salt"`
	Commitment   string `json:"commitment"` // of the words, as this event tells them
	Why          string `json:"why"`
	DocumentSalt string `json:"document_salt,omitempty"`
	Document     string `json:"document_commitment,omitempty"` // of the hash of the document
}

// PublishEvidence lets anyone read evidence that was confidential. The event
// proves that it is the same text. Who gave it stays sealed where they asked
// for that.
func PublishEvidence(ctx context.Context, tx *db.Tx, by office.Viewer, slug string, number int64, why string) error {
	return actOnEvidence(ctx, tx, by, slug, number, ActPublishEvidence, func(tx *db.Tx, e *Submission, f *fault.Faults) ([]record.Part, error) {
		why = text.OneLine(why)
		text.Tidy(f, "why", "the reason for publishing it", why, true, 500)
		if err := f.Err(); err != nil {
			return nil, err
		}
		words, err := wordsOfEvidence(ctx, tx, *e)
		if err != nil {
			return nil, err
		}
		salt, sealed, found, err := record.Unseal(ctx, tx, e.N, sealedEvidence)
		if err == nil && !found {
			err = fault.Conflict.Errorf("The text of this evidence has been erased, so it cannot be published.")
		}
		if err != nil {
			return nil, err
		}
		told, err := tellWords(ctx, tx, e, words)
		if err != nil {
			return nil, err
		}
		e.Why = why
		proof := provedJSON{In: e.N, Salt: hex.EncodeToString(salt), Commitment: record.Commitment(salt, sealed), Why: why}
		parts := []record.Part{told}
		if e.Document != 0 {
			told, err := proveDocument(ctx, tx, e, &proof)
			if err != nil {
				return nil, err
			}
			parts = append(parts, told)
		}
		return append(parts, record.Detail(proof)), nil
	})
}

func proveDocument(ctx context.Context, tx *db.Tx, e *Submission, proof *provedJSON) (record.Part, error) {
	d, err := db.One(ctx, tx, documents.Scan, `SELECT `+documents.Cols+` FROM documents WHERE id = $1`, e.Document)
	if err != nil {
		return nil, err
	}
	salt, hash, found, err := record.Unseal(ctx, tx, d.AddedN, d.Seal())
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fault.Conflict.Errorf("The document of this evidence can no longer be verified, so it cannot be published.")
	}
	proof.DocumentSalt, proof.Document = hex.EncodeToString(salt), record.Commitment(salt, hash)
	return tellDocument(ctx, tx, e, d)
}

// ReviewEvidence keeps evidence confidential for longer, with the reason.
func ReviewEvidence(ctx context.Context, tx *db.Tx, by office.Viewer, slug string, number int64, until civil.Day, why string) error {
	return actOnEvidence(ctx, tx, by, slug, number, ActReviewEvidence, func(tx *db.Tx, e *Submission, f *fault.Faults) ([]record.Part, error) {
		why = text.OneLine(why)
		today := civil.DayOf(tx.Now())
		checkReview(f, until, today)
		text.Tidy(f, "why", "the reason for keeping it confidential", why, true, 500)
		if err := f.Err(); err != nil {
			return nil, err
		}
		r := EvidenceReview{Until: until, Why: why, On: today, Office: by.Office, N: record.NextEvent(tx)}
		e.Review, e.Reviews = until, append(slices.Clone(e.Reviews), r)
		return []record.Part{record.Detail(r)}, nil
	})
}

// WithdrawEvidence takes evidence out of what the inquiry goes by. It stays
// listed, with the reason.
func WithdrawEvidence(ctx context.Context, tx *db.Tx, by office.Viewer, slug string, number int64, why string) error {
	return actOnEvidence(ctx, tx, by, slug, number, ActWithdrawEvidence, func(tx *db.Tx, e *Submission, f *fault.Faults) ([]record.Part, error) {
		why = text.OneLine(why)
		text.Tidy(f, "why", "the reason for withdrawing it", why, true, 500)
		if err := f.Err(); err != nil {
			return nil, err
		}
		record.Hides(tx)
		e.Status, e.Withdrawn = EvidenceWithdrawn, &EvidenceEnd{Why: why, On: civil.DayOf(tx.Now()), Office: by.Office, N: record.NextEvent(tx)}
		return []record.Part{record.Detail(map[string]string{"why": why})}, nil
	})
}
