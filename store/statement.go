package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// What is prepared by one person and certified by others.
const (
	TheStatement = "statement" // the completion statement
	TheBalance   = "balance"   // the opening balance
)

// Cessation and Admission are entries that completion will make.
type Cessation struct {
	Body   string `json:"body"`
	Ground string `json:"ground"`
}

// Admission is one body to be entered as a member.
type Admission struct {
	Body       string `json:"body"`
	Class      string `json:"class"`
	Votes      int64  `json:"votes"`
	Guarantee  Pence  `json:"guarantee_pence"`
	Instrument string `json:"instrument"`
}

// StatementContent is exactly what completion will write in the register, and
// the schedule and balance that go with it.
type StatementContent struct {
	Programme  string           `json:"programme"`
	Cessations []Cessation      `json:"cessations"`
	Admissions []Admission      `json:"admissions"`
	Rights     []ProgrammeRight `json:"rights"`
	Class      string           `json:"class"`
	Schedule   string           `json:"schedule_hash"`
	Items      int64            `json:"schedule_items"`
	Balance    string           `json:"balance_hash,omitempty"` // of the opening balance last prepared
}

// Votes is the number of votes after completion.
func (c StatementContent) Votes() (n int64) {
	for _, a := range c.Admissions {
		n += a.Votes
	}
	return n
}

// BalanceContent is the schedule's total by kind on the day aimed at.
type BalanceContent struct {
	Day   Day         `json:"day"`
	Kinds []KindTotal `json:"kinds"`
}

// Counts are the number of items of all kinds, and of those not valued. There
// is no sum over the kinds: what is owned and what is owed do not add up.
func (c BalanceContent) Counts() (items, unvalued int64) {
	for _, k := range c.Kinds {
		items += k.Count
		unvalued += k.Unvalued
	}
	return items, unvalued
}

// Prepared is one version of a statement or balance, as put to be certified.
type Prepared struct {
	What       string    `json:"what"`
	Version    int64     `json:"version"`
	Content    string    `json:"content"` // canonical JSON
	Hash       string    `json:"hash"`    // hex SHA-256 of Content
	PreparedBy int64     `json:"prepared_by"`
	PreparedAt time.Time `json:"prepared_at"`
	N          int64     `json:"-"`
}

// Statement is the content of a prepared completion statement.
func (p Prepared) Statement() (c StatementContent, err error) {
	return c, json.Unmarshal([]byte(p.Content), &c)
}

// Balance is the content of a prepared opening balance.
func (p Prepared) Balance() (c BalanceContent, err error) {
	return c, json.Unmarshal([]byte(p.Content), &c)
}

// Certificate is one transferor's word that a prepared version is right. It
// binds the hash of exactly that content.
type Certificate struct {
	ID       int64     `json:"id"`
	What     string    `json:"what"`
	Version  int64     `json:"version"`
	Hash     string    `json:"hash"`
	Body     string    `json:"body"`
	Person   int64     `json:"person"`
	Office   string    `json:"office"`
	At       time.Time `json:"at"`
	VoidN    int64     `json:"void_event,omitempty"`
	VoidedAt time.Time `json:"voided_at,omitzero"`
	Reason   string    `json:"reason,omitempty"` // why it was voided
}

// Stands reports whether the certificate was not voided.
func (c Certificate) Stands() bool { return c.VoidN == 0 }

// Dossier is one thing to be certified: what it says now, what was prepared,
// and who certified it.
type Dossier struct {
	What         string
	Now          string        // hash of the content as it is now
	Last         *Prepared     // the last version prepared, nil for none
	Versions     []Prepared    // all, oldest first
	Certificates []Certificate // all, oldest first
}

// Current reports whether the last version prepared still says what is so.
func (d Dossier) Current() bool { return d.Last != nil && d.Last.Hash == d.Now }

// By finds the standing certificate of a body on the last version.
func (d Dossier) By(body string) (Certificate, bool) {
	for _, c := range d.Certificates {
		if c.Stands() && c.Body == body && d.Last != nil && c.Version == d.Last.Version && c.Hash == d.Last.Hash {
			return c, true
		}
	}
	return Certificate{}, false
}

// Standing counts the transferors that certified the last version, if it is current.
func (d Dossier) Standing(p Programme) (n int) {
	for _, body := range p.Transferors {
		if _, ok := d.By(body); ok && d.Current() {
			n++
		}
	}
	return n
}

// preparer is the permission that prepares a thing.
func preparer(what string) Permission {
	if what == TheBalance {
		return PrepareBalance
	}
	return CompleteHandover
}

// nameOf is what a thing is called.
func nameOf(what string) string {
	if what == TheBalance {
		return "opening balance"
	}
	return "completion statement"
}

// MayPrepare says whether v may prepare a new version now, or why not.
func (d Dossier) MayPrepare(p Programme, v Viewer) error {
	switch {
	case !v.Can(preparer(d.What)):
		return Forbidden.Errorf("The office you act in does not prepare the %s.", nameOf(d.What))
	case p.Done():
		return Conflict.Errorf("The handover is complete: the %s stands as it was certified.", nameOf(d.What))
	case d.Current():
		return Conflict.Errorf("Version %d of the %s already says what is so now.", d.Last.Version, nameOf(d.What))
	}
	return nil
}

// MayCertify says whether v may certify the last version, or why not: an
// office of each transferor, never the person who prepared it, and two
// different persons.
func (d Dossier) MayCertify(p Programme, v Viewer) error {
	switch {
	case !v.Can(CertifyHandover) || !p.Transferor(v.Office.Body):
		return Forbidden.Errorf("Only an office of the bodies that hand over certifies the %s.", nameOf(d.What))
	case p.Done():
		return Conflict.Errorf("The handover is complete: nothing is left to certify.")
	case d.Last == nil:
		return Conflict.Errorf("The %s has not been prepared yet, so there is nothing to certify.", nameOf(d.What))
	case !d.Current():
		return Conflict.Errorf("What version %d says is no longer so: a new version of the %s must be prepared first.", d.Last.Version, nameOf(d.What))
	case v.Person == d.Last.PreparedBy:
		return Forbidden.Errorf("You prepared this version, so another person must certify it.")
	}
	for _, body := range p.Transferors {
		c, ok := d.By(body)
		if ok && body == v.Office.Body {
			return Conflict.Errorf("%s has already certified version %d.", ShortName(body), c.Version)
		}
		if ok && c.Person == v.Person {
			return Forbidden.Errorf("You certified this version for %s, so another person must do so here.", ShortName(body))
		}
	}
	return nil
}

// statementNow is what the completion statement says at this moment.
func statementNow(p Programme, all []Accession, sum ScheduleSummary, balance Dossier) StatementContent {
	c := StatementContent{Programme: p.Name, Rights: p.Rights, Class: p.Class, Schedule: sum.Hash, Items: sum.Total, Cessations: []Cessation{}, Admissions: []Admission{}}
	for _, body := range p.Transferors {
		c.Cessations = append(c.Cessations, Cessation{body, p.Ground})
	}
	for _, a := range all {
		if a.Status == BodyReady {
			c.Admissions = append(c.Admissions, p.admission(a))
		}
	}
	if balance.Last != nil {
		c.Balance = balance.Last.Hash
	}
	return c
}

// admission is how a ready body will be entered.
func (p Programme) admission(a Accession) Admission {
	instrument := "Deed of adherence"
	if st, ok := a.Last(Deliver); ok {
		instrument = fmt.Sprintf("Deed of adherence received %s", st.Day)
	}
	return Admission{a.Body, p.Class, p.Votes, p.Guarantee, instrument}
}

func contentHash(v any) (text, hash string, err error) {
	b, err := canonical(v)
	sum := sha256.Sum256(b)
	return string(b), hex.EncodeToString(sum[:]), err
}

func scanPrepared(r row) (p Prepared, err error) {
	return p, r.Scan(&p.What, &p.Version, &p.Content, &p.Hash, &p.PreparedBy, (*stamp)(&p.PreparedAt), &p.N)
}

const preparedCols = `what, version, content, hash, prepared_by, prepared_at, n`

func scanCertificate(r row) (c Certificate, err error) {
	var terms string
	if err := r.Scan(&c.ID, &terms); err != nil {
		return c, err
	}
	id := c.ID
	err = json.Unmarshal([]byte(terms), &c)
	c.ID = id
	return c, err
}

// dossier reads what was prepared and certified of one thing.
func (s *Store) dossier(ctx context.Context, m Moment, what string) (d Dossier, err error) {
	d.What = what
	var all []Prepared
	var certs []Certificate
	if m.Past {
		if all, err = pastRows[Prepared](ctx, s, "prepared", m.Event); err != nil {
			return d, err
		}
		certs, err = pastRows[Certificate](ctx, s, "certificate", m.Event)
	} else {
		if all, err = list(ctx, s, scanPrepared, `SELECT `+preparedCols+` FROM prepared ORDER BY version`); err != nil {
			return d, err
		}
		certs, err = list(ctx, s, scanCertificate, `SELECT id, terms FROM certificates ORDER BY id`)
	}
	for _, p := range all {
		if p.What != what {
			continue
		}
		d.Versions = append(d.Versions, p)
		if d.Last == nil || p.Version > d.Last.Version {
			d.Last = &p
		}
	}
	for _, c := range certs {
		if c.What == what {
			d.Certificates = append(d.Certificates, c)
		}
	}
	return d, err
}

// contentOf is what a thing says now.
func (h Handover) contentOf(what string) any {
	if what == TheBalance {
		return h.BalanceNow
	}
	return h.StatementNow
}

// Prepare puts the present content of the statement or the balance as a new
// version to be certified. Certificates on earlier versions are void.
func (s *Store) Prepare(ctx context.Context, by Viewer, what string) (version int64, err error) {
	err = s.write(ctx, func(s *Store) error {
		h, err := s.Handover(ctx, Moment{Day: DayOf(s.Now())})
		if err != nil {
			return err
		}
		d := h.Dossier(what)
		if err := d.MayPrepare(h.Programme, by); err != nil {
			return err
		}
		p := Prepared{What: what, Version: 1, PreparedBy: by.Person, PreparedAt: s.Now(), N: s.nextEvent()}
		if d.Last != nil {
			p.Version = d.Last.Version + 1
		}
		if p.Content, p.Hash, err = contentHash(h.contentOf(what)); err != nil {
			return err
		}
		if err := s.change(ctx, `INSERT INTO prepared (what, version, content, hash, prepared_by, prepared_at, n) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			p.What, p.Version, p.Content, p.Hash, p.PreparedBy, stamp(p.PreparedAt), p.N); err != nil {
			return err
		}
		version = p.Version
		n, err := s.record(ctx, by, "handover.prepare-"+what, "handover/"+what, now(p.thing(), p))
		if err != nil {
			return err
		}
		return s.statementMoved(ctx, fmt.Sprintf("version %d of the %s was prepared (event %s)", p.Version, nameOf(what), Thousands(n)))
	})
	return version, err
}

func (p Prepared) thing() string { return fmt.Sprintf("prepared/%s-%d", p.What, p.Version) }

// Certify gives a transferor's certificate on a version. The hash is what the
// person saw: if anything has changed since, nothing is recorded.
func (s *Store) Certify(ctx context.Context, by Viewer, what, hash string) error {
	return s.write(ctx, func(s *Store) error {
		h, err := s.Handover(ctx, Moment{Day: DayOf(s.Now())})
		if err != nil {
			return err
		}
		d := h.Dossier(what)
		if err := d.MayCertify(h.Programme, by); err != nil {
			return err
		}
		if d.Last.Hash != hash {
			return Conflict.Errorf("The %s has changed since you read it: it is now version %d. Read it again before you certify.", nameOf(what), d.Last.Version)
		}
		c := Certificate{What: what, Version: d.Last.Version, Hash: hash, Body: by.Office.Body, Person: by.Person, Office: by.Office.Title, At: s.Now()}
		if c.ID, err = one(ctx, s, scanInto[int64], `INSERT INTO certificates (what, version, body, void_n, terms) VALUES ($1, $2, $3, 0, '{}') RETURNING id`,
			c.What, c.Version, c.Body); err != nil {
			return err
		}
		if err := s.saveCertificate(ctx, c, 0); err != nil {
			return err
		}
		_, err = s.record(ctx, by, "certificate.give", c.thing(), about(c.Body), now(c.thing(), c))
		return err
	})
}

func (c Certificate) thing() string { return fmt.Sprintf("certificate/%d", c.ID) }

func (s *Store) saveCertificate(ctx context.Context, c Certificate, wasVoid int64) error {
	text, err := canonical(c)
	if err != nil {
		return err
	}
	return s.change(ctx, `UPDATE certificates SET terms = $1, void_n = $2 WHERE id = $3 AND void_n = $4`, string(text), c.VoidN, c.ID, wasVoid)
}

// statementMoved voids every standing certificate whose content is no longer
// what is so, and says why. Every write that can change the statement or the
// balance ends with it.
func (s *Store) statementMoved(ctx context.Context, why string) error {
	if s.tx.completing {
		return nil
	}
	standing, err := one(ctx, s, scanInto[int64], `SELECT COUNT(*) FROM certificates WHERE void_n = 0`)
	if err != nil || standing == 0 {
		return err
	}
	h, err := s.Handover(ctx, Moment{Day: DayOf(s.Now())})
	if err != nil || h.Programme.Done() {
		return err
	}
	for _, d := range []Dossier{h.Balance, h.Statement} {
		for _, c := range d.Certificates {
			if !c.Stands() || c.Hash == d.Now && c.Version == d.Last.Version {
				continue
			}
			c.VoidN, c.VoidedAt, c.Reason = s.nextEvent(), s.Now(), why
			if err := s.saveCertificate(ctx, c, 0); err != nil {
				return err
			}
			if _, err := s.record(ctx, Portal, "certificate.void", c.thing(), about(c.Body), now(c.thing(), c), detail(map[string]string{"why": why})); err != nil {
				return err
			}
		}
	}
	return nil
}

var (
	preparedLedger = ledger{"prepared", func(ctx context.Context, s *Store) (map[string]any, error) {
		return rowsOf(ctx, s, scanPrepared, `SELECT `+preparedCols+` FROM prepared`, func(p Prepared) (string, any) { return p.thing(), p })
	}}
	certificateLedger = ledger{"certificate", func(ctx context.Context, s *Store) (map[string]any, error) {
		return rowsOf(ctx, s, scanCertificate, `SELECT id, terms FROM certificates`, func(c Certificate) (string, any) { return c.thing(), c })
	}}
)
