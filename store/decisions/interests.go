package decisions

import (
	"cmp"
	"context"
	"slices"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
)

// MayDeclareFor says whether v may declare or end an interest of a person who
// holds some offices, or why not: the person may, and so may the company
// secretary or the clerk for a person of their own body.
func MayDeclareFor(v office.Viewer, person int64, held []office.Office) error {
	switch {
	case !v.Can(office.DeclareInterests):
		return fault.Forbidden.Errorf("Your role does not declare interests.")
	case v.Person == person:
		return nil
	case v.Office.Kind != office.CompanySecretary && v.Office.Kind != office.Clerk:
		return fault.Forbidden.Errorf("Only the person, or the company secretary or clerk of their body, can change their register of interests.")
	case !slices.ContainsFunc(held, func(o office.Office) bool { return o.Body == v.Office.Body }):
		return fault.Forbidden.Errorf("That person has no role at %s today, so you cannot change their register of interests.", office.ShortName(v.Office.Body))
	}
	return nil
}

const interestCols = `id, person, company, name, nature, first_day, last_day, decision, declared_on, declared_by, n, ended_by`

func scanInterest(r db.Row) (i authority.Interest, err error) {
	return i, r.Scan(&i.ID, &i.Person, &i.Company, &i.Name, &i.Nature, &i.First, &i.Last, &i.Decision, &i.DeclaredOn, &i.DeclaredBy, &i.N, &i.EndedBy)
}

// InterestLedger holds the registers of interests to the record.
var InterestLedger = record.Ledger{Topic: "interest", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanInterest, `SELECT `+interestCols+` FROM interests`, func(i authority.Interest) (string, any) { return i.Subject(), i })
}}

// interestsAt are all interests as known by an event; 0 is all that is recorded.
func interestsAt(ctx context.Context, tx *db.Tx, known int64) (all []authority.Interest, err error) {
	if known != 0 {
		all, err = record.PastRows[authority.Interest](ctx, tx, "interest", known)
	} else {
		all, err = db.List(ctx, tx, scanInterest, `SELECT `+interestCols+` FROM interests`)
	}
	slices.SortFunc(all, func(a, b authority.Interest) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

// FindInterest finds one interest.
func FindInterest(ctx context.Context, tx *db.Tx, id int64) (authority.Interest, error) {
	return db.One(ctx, tx, scanInterest, `SELECT `+interestCols+` FROM interests WHERE id = $1`, id)
}

// declaring is an interest as by would declare it, or what is wrong with it.
// One for nobody is by’s own.
func declaring(ctx context.Context, tx *db.Tx, by office.Viewer, i authority.Interest) (authority.Interest, error) {
	today := civil.DayOf(tx.Now())
	i = i.Terms()
	i.Person = cmp.Or(i.Person, by.Person)
	held, err := office.OfficesOn(ctx, tx, i.Person, today)
	if err != nil {
		return i, err
	}
	if err := MayDeclareFor(by, i.Person, held); err != nil {
		return i, err
	}
	if i, err = i.Check(today); err != nil {
		return i, err
	}
	mine, err := db.List(ctx, tx, scanInterest, `SELECT `+interestCols+` FROM interests WHERE person = $1 ORDER BY id`, i.Person)
	for _, had := range mine {
		if had.Terms() == i {
			return i, fault.Conflict.Errorf("This interest was already declared on %s.", had.DeclaredOn)
		}
	}
	return i, err
}

// ForeseeInterest is an interest as DeclareInterest would record it, or why it
// would not.
func ForeseeInterest(ctx context.Context, tx *db.Tx, by office.Viewer, i authority.Interest) (Declared, error) {
	d := Declared{}
	err := tx.Read(ctx, func(tx *db.Tx) (err error) {
		if d.Interest, err = declaring(ctx, tx, by, i); err != nil {
			return err
		}
		d.DeclaredOn = civil.DayOf(tx.Now())
		if d.Touched, err = touched(ctx, tx, d.Interest); err != nil {
			return err
		}
		p, err := people.Find(ctx, tx, d.Person)
		d.Holder = p.Name
		return err
	})
	return d, err
}

// DeclareInterest adds an entry to a register of interests and returns its
// number. Of i, it takes the person, the company, the nature, the days and the
// decision.
func DeclareInterest(ctx context.Context, tx *db.Tx, by office.Viewer, i authority.Interest) (id int64, err error) {
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		i, err := declaring(ctx, tx, by, i)
		if err != nil {
			return err
		}
		if i.ID, err = db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(id), 0) + 1 FROM interests`); err != nil {
			return err
		}
		id, i.DeclaredOn, i.DeclaredBy, i.N = i.ID, civil.DayOf(tx.Now()), by.Person, record.NextEvent(tx)
		if err := tx.Change(ctx, `INSERT INTO interests (id, person, company, name, nature, first_day, last_day, decision, declared_on, declared_by, n, ended_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)`,
			i.ID, i.Person, i.Company, i.Name, i.Nature, i.First, i.Last, i.Decision, i.DeclaredOn, i.DeclaredBy, i.N); err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, "interest.declare", i.Subject(), record.About(by.Office.Body), record.Now(i.Subject(), i))
		return err
	})
	return id, err
}

// MayEndInterest finds an interest that by may end, or tells why they may not.
func MayEndInterest(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) (i authority.Interest, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if i, err = FindInterest(ctx, tx, id); err != nil {
			return err
		}
		today := civil.DayOf(tx.Now())
		held, err := office.OfficesOn(ctx, tx, i.Person, today)
		if err != nil {
			return err
		}
		if err := MayDeclareFor(by, i.Person, held); err != nil {
			return err
		}
		if i.Last != "" && i.Last < today {
			return fault.Conflict.Errorf("This interest already ended on %s.", i.Last)
		}
		return nil
	})
	return i, err
}

// EndInterest sets the last day on which an interest was or will be held.
func EndInterest(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, last civil.Day) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		i, err := MayEndInterest(ctx, tx, by, id)
		if err != nil {
			return err
		}
		var f fault.Faults
		civil.CheckDay(&f, "to", "the last day of the interest", last)
		switch {
		case len(f) > 0:
		case last < i.First:
			f.Add("to", "The interest began on %s. Enter that date or a later one.", i.First)
		case last == i.Last:
			f.Add("to", "The last day is already %s. Enter another date.", i.Last)
		}
		if err := f.Err(); err != nil {
			return err
		}
		before := i.Last
		i.Last, i.EndedBy = last, by.Person
		if err := tx.Change(ctx, `UPDATE interests SET last_day = $1, ended_by = $2 WHERE id = $3 AND last_day = $4`, i.Last, i.EndedBy, id, before); err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, "interest.end", i.Subject(), record.About(by.Office.Body), record.Now(i.Subject(), i))
		return err
	})
}
