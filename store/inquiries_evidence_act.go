package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// extensions are how a file of a known type is named.
var extensions = map[string]string{"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/tiff": ".tif"}

// saveSubmission stores how evidence stands after an act, if nobody else
// changed it meanwhile, and records the act.
func (s *Store) saveSubmission(ctx context.Context, by Viewer, act string, i Inquiry, e Submission, more ...part) error {
	was := e.Turn
	e.Turn++
	row, err := canonical(e)
	if err != nil {
		return err
	}
	if was == 0 {
		err = s.change(ctx, `INSERT INTO evidence (inquiry, number, status, review, turn, evidence) VALUES ($1, $2, $3, $4, $5, $6)`,
			e.Inquiry, e.Number, e.Status, e.waits(), e.Turn, string(row))
	} else {
		err = s.change(ctx, `UPDATE evidence SET status = $1, review = $2, turn = $3, evidence = $4 WHERE inquiry = $5 AND number = $6 AND turn = $7`,
			e.Status, e.waits(), e.Turn, string(row), e.Inquiry, e.Number, was)
	}
	if err != nil {
		return err
	}
	_, err = s.record(ctx, by, "evidence."+act, e.subject(), append(more, about(i.Body), nowRow(e.subject(), row))...)
	return err
}

// TakeEvidence takes evidence in, published or confidential, and returns its
// number. Of what is confidential, the record holds a commitment only.
func (s *Store) TakeEvidence(ctx context.Context, by Viewer, slug string, form EvidenceForm) (number int64, err error) {
	err = s.write(ctx, func(s *Store) error {
		i, _, err := s.inquiring(ctx, by, slug, TakeEvidence)
		if err != nil {
			return err
		}
		if err := form.check(i, DayOf(s.Now())); err != nil {
			return err
		}
		// Writes run one at a time, so the next number can be taken like this.
		if number, err = one(ctx, s, scanInto[int64], `SELECT COALESCE(MAX(number), 0) + 1 FROM evidence WHERE inquiry = $1`, slug); err != nil {
			return err
		}
		e := Submission{Inquiry: slug, Number: number, Status: EvidencePublished, Author: form.Author, AuthorSealed: form.AuthorSealed, Received: form.Received,
			Late: form.Late, TakenAt: s.Now(), Office: by.Office, N: s.NextEvent(), Ground: form.Ground, Review: form.Review}
		if e.Late != "" {
			e.Closed = i.Closes
		}
		var parts []part
		if e.AuthorSealed {
			parts, e.Author = append(parts, seal(sealedAuthor, []byte(e.Author))), ""
		}
		words := EvidenceText{Inquiry: slug, Number: number, Title: form.Title, Paragraphs: paragraphsOf(form.Text)}
		if form.Confidential {
			e.Status = EvidenceConfidential
			sealed, err := canonical(words)
			if err != nil {
				return err
			}
			parts = append(parts, seal(sealedEvidence, sealed))
		} else {
			told, err := s.tellWords(ctx, &e, words)
			if err != nil {
				return err
			}
			parts = append(parts, told)
		}
		attached, err := s.attachEvidence(ctx, by, &e, form.Document)
		if err != nil {
			return err
		}
		return s.saveSubmission(ctx, by, "take", i, e, append(parts, attached...)...)
	})
	return number, err
}

// tellWords makes the words of evidence public, in the event that record
// writes next.
func (s *Store) tellWords(ctx context.Context, e *Submission, words EvidenceText) (part, error) {
	row, err := canonical(words)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(row)
	e.Title, e.Paragraphs, e.Hash = words.Title, len(words.Paragraphs), hex.EncodeToString(sum[:])
	e.Status, e.PublishedAt, e.PublishedN = EvidencePublished, s.Now(), s.NextEvent()
	return nowRow(words.thing(), row), s.change(ctx, `INSERT INTO evidence_texts (inquiry, number, text) VALUES ($1, $2, $3)`, e.Inquiry, e.Number, string(row))
}

// attachEvidence makes a draft the document of evidence. It is named by the
// evidence, since the name of a file may tell who sent it.
func (s *Store) attachEvidence(ctx context.Context, by Viewer, e *Submission, id int64) ([]part, error) {
	if id == 0 {
		return nil, nil
	}
	d, parts, err := s.attach(ctx, by, id, Capital(evidenceRef(e.Number, 0)), e.subject())
	if err != nil {
		return nil, err
	}
	e.Document = d.ID
	d.Name = fmt.Sprintf("%s-evidence-%d%s", e.Inquiry, e.Number, extensionOf(d.Type))
	if err := s.change(ctx, `UPDATE documents SET name = $1 WHERE id = $2`, d.Name, d.ID); err != nil || !e.Open() {
		return parts, err
	}
	told, err := s.tellDocument(ctx, e, d)
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
func (s *Store) tellDocument(ctx context.Context, e *Submission, d Document) (part, error) {
	d.PublishedN = s.NextEvent()
	e.DocumentHash = d.Hash
	return now(d.thing(), d.row()), s.change(ctx, `UPDATE documents SET published_n = $1 WHERE id = $2 AND published_n = 0`, d.PublishedN, d.ID)
}

// actOnEvidence runs an act on evidence that was taken in.
func (s *Store) actOnEvidence(ctx context.Context, by Viewer, slug string, number int64, act Act, do func(s *Store, e *Submission, f *Faults) ([]part, error)) error {
	return s.write(ctx, func(s *Store) error {
		i, holder, err := s.heldInquiry(ctx, slug)
		if err != nil {
			return err
		}
		e, err := s.submission(ctx, slug, number)
		if err != nil {
			return err
		}
		if err := e.May(act, by, holder, DayOf(s.Now())); err != nil {
			return err
		}
		var f Faults
		parts, err := do(s, &e, &f)
		if err != nil {
			return err
		}
		return s.saveSubmission(ctx, by, string(act), i, e, parts...)
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
func (s *Store) PublishEvidence(ctx context.Context, by Viewer, slug string, number int64, why string) error {
	return s.actOnEvidence(ctx, by, slug, number, PublishEvidence, func(s *Store, e *Submission, f *Faults) ([]part, error) {
		why = oneLine(why)
		text(f, "why", "why it is published", why, true, 500)
		if err := f.Err(); err != nil {
			return nil, err
		}
		words, err := s.wordsOfEvidence(ctx, *e)
		if err != nil {
			return nil, err
		}
		salt, sealed, found, err := s.unseal(ctx, e.N, sealedEvidence)
		if err == nil && !found {
			err = Conflict.Errorf("The words of this evidence were erased, so they cannot be published.")
		}
		if err != nil {
			return nil, err
		}
		told, err := s.tellWords(ctx, e, words)
		if err != nil {
			return nil, err
		}
		e.Why = why
		proof := provedJSON{In: e.N, Salt: hex.EncodeToString(salt), Commitment: Commitment(salt, sealed), Why: why}
		parts := []part{told}
		if e.Document != 0 {
			told, err := s.proveDocument(ctx, e, &proof)
			if err != nil {
				return nil, err
			}
			parts = append(parts, told)
		}
		return append(parts, detail(proof)), nil
	})
}

func (s *Store) proveDocument(ctx context.Context, e *Submission, proof *provedJSON) (part, error) {
	d, err := one(ctx, s, scanDocument, `SELECT `+documentCols+` FROM documents WHERE id = $1`, e.Document)
	if err != nil {
		return nil, err
	}
	salt, hash, found, err := s.unseal(ctx, d.AddedN, d.seal())
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, Conflict.Errorf("What the document of this evidence is proved by was erased, so it cannot be published.")
	}
	proof.DocumentSalt, proof.Document = hex.EncodeToString(salt), Commitment(salt, hash)
	return s.tellDocument(ctx, e, d)
}

// ReviewEvidence keeps evidence confidential for longer, with the reason.
func (s *Store) ReviewEvidence(ctx context.Context, by Viewer, slug string, number int64, until Day, why string) error {
	return s.actOnEvidence(ctx, by, slug, number, ReviewEvidence, func(s *Store, e *Submission, f *Faults) ([]part, error) {
		why = oneLine(why)
		today := DayOf(s.Now())
		checkReview(f, until, today)
		text(f, "why", "why it is kept confidential", why, true, 500)
		if err := f.Err(); err != nil {
			return nil, err
		}
		r := EvidenceReview{Until: until, Why: why, On: today, Office: by.Office, N: s.NextEvent()}
		e.Review, e.Reviews = until, append(slices.Clone(e.Reviews), r)
		return []part{detail(r)}, nil
	})
}

// WithdrawEvidence takes evidence out of what the inquiry goes by. It stays
// listed, with the reason.
func (s *Store) WithdrawEvidence(ctx context.Context, by Viewer, slug string, number int64, why string) error {
	return s.actOnEvidence(ctx, by, slug, number, WithdrawEvidence, func(s *Store, e *Submission, f *Faults) ([]part, error) {
		why = oneLine(why)
		text(f, "why", "why it is withdrawn", why, true, 500)
		if err := f.Err(); err != nil {
			return nil, err
		}
		s.Hides()
		e.Status, e.Withdrawn = EvidenceWithdrawn, &EvidenceEnd{Why: why, On: DayOf(s.Now()), Office: by.Office, N: s.NextEvent()}
		return []part{detail(map[string]string{"why": why})}, nil
	})
}
