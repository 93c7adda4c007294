package handover

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
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
	Body       string      `json:"body"`
	Class      string      `json:"class"`
	Votes      int64       `json:"votes"`
	Guarantee  money.Pence `json:"guarantee_pence"`
	Instrument string      `json:"instrument"`
}

// StatementContent is exactly what completion will write in the register, and
// the schedule and balance that go with it.
type StatementContent struct {
	Programme  string                    `json:"programme"`
	Cessations []Cessation               `json:"cessations"`
	Admissions []Admission               `json:"admissions"`
	Rights     []register.ProgrammeRight `json:"rights"`
	Class      string                    `json:"class"`
	Schedule   string                    `json:"schedule_hash"`
	Items      int64                     `json:"schedule_items"`
	Balance    string                    `json:"balance_hash,omitempty"` // of the opening balance last prepared
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
	Day   civil.Day   `json:"day"`
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
func (d Dossier) Standing(p register.Programme) (n int) {
	for _, body := range p.Transferors {
		if _, ok := d.By(body); ok && d.Current() {
			n++
		}
	}
	return n
}

// preparer is the permission that prepares a thing.
func preparer(what string) office.Permission {
	if what == TheBalance {
		return office.PrepareBalance
	}
	return office.CompleteHandover
}

// nameOf is what a thing is called.
func nameOf(what string) string {
	if what == TheBalance {
		return "opening balance"
	}
	return "completion statement"
}

// MayPrepare says whether v may prepare a new version now, or why not.
func (d Dossier) MayPrepare(p register.Programme, v office.Viewer) error {
	switch {
	case !v.Can(preparer(d.What)):
		return fault.Forbidden.Errorf("Your role cannot prepare the %s.", nameOf(d.What))
	case p.Done():
		return fault.Conflict.Errorf("The handover is complete, so the %s cannot change.", nameOf(d.What))
	case d.Current():
		return fault.Conflict.Errorf("Version %d of the %s is already up to date.", d.Last.Version, nameOf(d.What))
	}
	return nil
}

// MayCertify says whether v may certify the last version, or why not: an
// office of each transferor, never the person who prepared it, and two
// different persons.
func (d Dossier) MayCertify(p register.Programme, v office.Viewer) error {
	switch {
	case !v.Can(office.CertifyHandover) || !p.Transferor(v.Office.Body):
		return fault.Forbidden.Errorf("Only a transferor can certify the %s.", nameOf(d.What))
	case p.Done():
		return fault.Conflict.Errorf("The handover is complete. There is nothing left to certify.")
	case d.Last == nil:
		return fault.Conflict.Errorf("The %s has not been prepared yet, so there is nothing to certify.", nameOf(d.What))
	case !d.Current():
		return fault.Conflict.Errorf("Version %d of the %s is out of date. A new version must be prepared first.", d.Last.Version, nameOf(d.What))
	case v.Person == d.Last.PreparedBy:
		return fault.Forbidden.Errorf("You prepared this version, so another person must certify it.")
	}
	for _, body := range p.Transferors {
		c, ok := d.By(body)
		if ok && body == v.Office.Body {
			return fault.Conflict.Errorf("%s has already certified version %d.", office.ShortName(body), c.Version)
		}
		if ok && c.Person == v.Person {
			return fault.Forbidden.Errorf("You certified this version for %s, so another person must certify it here.", office.ShortName(body))
		}
	}
	return nil
}

// statementNow is what the completion statement says at this moment.
func statementNow(p register.Programme, all []Accession, sum ScheduleSummary, balance Dossier) StatementContent {
	c := StatementContent{Programme: p.Name, Rights: p.Rights, Class: p.Class, Schedule: sum.Hash, Items: sum.Total, Cessations: []Cessation{}, Admissions: []Admission{}}
	for _, body := range p.Transferors {
		c.Cessations = append(c.Cessations, Cessation{body, p.Ground})
	}
	for _, a := range all {
		if a.Status == BodyReady {
			c.Admissions = append(c.Admissions, admission(p, a))
		}
	}
	if balance.Last != nil {
		c.Balance = balance.Last.Hash
	}
	return c
}

// admission is how a ready body will be entered.
func admission(p register.Programme, a Accession) Admission {
	instrument := "Deed of adherence"
	if st, ok := a.Last(ActDeliver); ok {
		instrument = fmt.Sprintf("Deed of adherence received %s", st.Day)
	}
	return Admission{a.Body, p.Class, p.Votes, p.Guarantee, instrument}
}

func contentHash(v any) (words, hash string, err error) {
	b, err := text.Canonical(v)
	sum := sha256.Sum256(b)
	return string(b), hex.EncodeToString(sum[:]), err
}

func scanPrepared(r db.Row) (p Prepared, err error) {
	return p, r.Scan(&p.What, &p.Version, &p.Content, &p.Hash, &p.PreparedBy, (*db.Stamp)(&p.PreparedAt), &p.N)
}

const preparedCols = `what, version, content, hash, prepared_by, prepared_at, n`

func scanCertificate(r db.Row) (c Certificate, err error) {
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
func dossier(ctx context.Context, tx *db.Tx, m record.Moment, what string) (d Dossier, err error) {
	d.What = what
	var all []Prepared
	var certs []Certificate
	if m.Past {
		if all, err = record.PastRows[Prepared](ctx, tx, "prepared", m.Event); err != nil {
			return d, err
		}
		certs, err = record.PastRows[Certificate](ctx, tx, "certificate", m.Event)
	} else {
		if all, err = db.List(ctx, tx, scanPrepared, `SELECT `+preparedCols+` FROM prepared ORDER BY version`); err != nil {
			return d, err
		}
		certs, err = db.List(ctx, tx, scanCertificate, `SELECT id, terms FROM certificates ORDER BY id`)
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
func Prepare(ctx context.Context, tx *db.Tx, by office.Viewer, what string) (version int64, err error) {
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		h, err := Read(ctx, tx, record.Moment{Day: civil.DayOf(tx.Now())})
		if err != nil {
			return err
		}
		d := h.Dossier(what)
		if err := d.MayPrepare(h.Programme, by); err != nil {
			return err
		}
		p := Prepared{What: what, Version: 1, PreparedBy: by.Person, PreparedAt: tx.Now(), N: record.NextEvent(tx)}
		if d.Last != nil {
			p.Version = d.Last.Version + 1
		}
		if p.Content, p.Hash, err = contentHash(h.contentOf(what)); err != nil {
			return err
		}
		if err := tx.Change(ctx, `INSERT INTO prepared (what, version, content, hash, prepared_by, prepared_at, n) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			p.What, p.Version, p.Content, p.Hash, p.PreparedBy, db.Stamp(p.PreparedAt), p.N); err != nil {
			return err
		}
		version = p.Version
		n, err := record.Add(ctx, tx, by, "handover.prepare-"+what, "handover/"+what, record.Now(p.thing(), p))
		if err != nil {
			return err
		}
		return statementMoved(ctx, tx, fmt.Sprintf("version %d of the %s was prepared (entry %s)", p.Version, nameOf(what), text.Thousands(n)))
	})
	return version, err
}

func (p Prepared) thing() string { return fmt.Sprintf("prepared/%s-%d", p.What, p.Version) }

// Certify gives a transferor's certificate on a version. The hash is what the
// person saw: if anything has changed since, nothing is recorded.
func Certify(ctx context.Context, tx *db.Tx, by office.Viewer, what, hash string) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		h, err := Read(ctx, tx, record.Moment{Day: civil.DayOf(tx.Now())})
		if err != nil {
			return err
		}
		d := h.Dossier(what)
		if err := d.MayCertify(h.Programme, by); err != nil {
			return err
		}
		if d.Last.Hash != hash {
			return fault.Conflict.Errorf("The %s has changed since you opened it. Read version %[2]d before you certify.", nameOf(what), d.Last.Version)
		}
		c := Certificate{What: what, Version: d.Last.Version, Hash: hash, Body: by.Office.Body, Person: by.Person, Office: by.Office.Title, At: tx.Now()}
		if c.ID, err = db.One(ctx, tx, db.ScanInto[int64], `INSERT INTO certificates (what, version, body, void_n, terms) VALUES ($1, $2, $3, 0, '{}') RETURNING id`,
			c.What, c.Version, c.Body); err != nil {
			return err
		}
		if err := saveCertificate(ctx, tx, c, 0); err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, "certificate.give", c.thing(), record.About(c.Body), record.Now(c.thing(), c))
		return err
	})
}

func (c Certificate) thing() string { return fmt.Sprintf("certificate/%d", c.ID) }

func saveCertificate(ctx context.Context, tx *db.Tx, c Certificate, wasVoid int64) error {
	text, err := text.Canonical(c)
	if err != nil {
		return err
	}
	return tx.Change(ctx, `UPDATE certificates SET terms = $1, void_n = $2 WHERE id = $3 AND void_n = $4`, string(text), c.VoidN, c.ID, wasVoid)
}

// statementMoved voids every standing certificate whose content is no longer
// what is so, and says why. Every write that can change the statement or the
// balance ends with it.
func statementMoved(ctx context.Context, tx *db.Tx, why string) error {
	if *completing.Of(tx) {
		return nil
	}
	standing, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COUNT(*) FROM certificates WHERE void_n = 0`)
	if err != nil || standing == 0 {
		return err
	}
	h, err := Read(ctx, tx, record.Moment{Day: civil.DayOf(tx.Now())})
	if err != nil || h.Programme.Done() {
		return err
	}
	for _, d := range []Dossier{h.Balance, h.Statement} {
		for _, c := range d.Certificates {
			if !c.Stands() || c.Hash == d.Now && c.Version == d.Last.Version {
				continue
			}
			c.VoidN, c.VoidedAt, c.Reason = record.NextEvent(tx), tx.Now(), why
			if err := saveCertificate(ctx, tx, c, 0); err != nil {
				return err
			}
			if _, err := record.Add(ctx, tx, office.Portal, "certificate.void", c.thing(), record.About(c.Body), record.Now(c.thing(), c), record.Detail(map[string]string{"why": why})); err != nil {
				return err
			}
		}
	}
	return nil
}

var (
	// PreparedLedger holds its rows to the record.
	PreparedLedger = record.Ledger{Topic: "prepared", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
		return record.RowsOf(ctx, tx, scanPrepared, `SELECT `+preparedCols+` FROM prepared`, func(p Prepared) (string, any) { return p.thing(), p })
	}}
	// CertificateLedger holds its rows to the record.
	CertificateLedger = record.Ledger{Topic: "certificate", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
		return record.RowsOf(ctx, tx, scanCertificate, `SELECT id, terms FROM certificates`, func(c Certificate) (string, any) { return c.thing(), c })
	}}
)
