package spend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend/kept"
	"github.com/police-ict/handover/store/spend/sheet"
	"github.com/police-ict/handover/store/text"
)

// LoadRequest is a file to be taken in, and what is said of it.
type LoadRequest struct {
	Body           string              // slug or code of a local policing body
	File           string              // its name
	Period         civil.Period        // for lines without a readable date; zero is none
	Published      civil.Day           // "" is not known
	Source         string              // the address it came from
	AcceptRejected bool                // although more than one row in twenty is rejected
	AcceptOverlap  bool                // although rows of it are loaded from another file
	Replaces       int64               // the load that this one replaces, 0 is none
	Reason         string              // why it replaces that
	Dates          sheet.Order         // which figure of its dates is the day, where it was said
	Columns        map[sheet.Field]int // of every table that is read, counted from 0, as a command names them
	Sheet          string              // the only worksheet to read; "" is all
	Mappings       Mappings
	Recognised     *sheet.File // what this same file was recognised to be before; nil is not yet
}

// Mappings are the columns that an officer named, by the name of the sheet; a
// nil mapping leaves the sheet out.
type Mappings map[string]sheet.Mapping

// Trial is what a file was found to be, and what taking it in would do.
type Trial struct {
	Load     Load          `json:"load"`
	Ask      bool          `json:"ask"`                 // how it is to be read is not beyond doubt
	AskDates bool          `json:"ask_dates,omitempty"` // and it is which figure of its dates is the day
	Known    bool          `json:"known"`               // the columns are those that an officer named for this publisher before
	Sheets   []TrialSheet  `json:"sheets"`              // for the person who is asked
	Sample   []TrialRow    `json:"sample"`              // the first lines
	Rejected []RejectedRow `json:"rejected"`
	Overlap  map[int64]int `json:"overlap,omitempty"` // load -> rows of it that this file holds too
	Refused  string        `json:"refused,omitempty"` // why it cannot be taken in as it is
	Accept   string        `json:"accept,omitempty"`  // what would accept it: "rejected" or "overlap"
	Doubts   []string      `json:"doubts,omitempty"`
	request  LoadRequest
	mappings map[string]string // headings -> mapping, to be remembered
	gross    money.Pence       // of its payments, without their signs
	seen     map[int64]bool    // loads of the body that stood when it was held to them
}

// TrialSheet is one table of a file, with its headings and first cells.
type TrialSheet struct {
	Name    string                `json:"name"`
	Header  []string              `json:"header"`
	Mapping sheet.Mapping         `json:"mapping"`
	LeftOut string                `json:"left_out,omitempty"`
	Sure    bool                  `json:"sure"`
	Doubts  []string              `json:"doubts,omitempty"`
	Sample  [][]string            `json:"sample,omitempty"`
	Read    []sheet.Understanding `json:"read,omitempty"`
}

// TrialRow is one of the first lines, as it would be read.
type TrialRow struct {
	Sheet    string      `json:"sheet,omitempty"`
	Record   int         `json:"record"`
	Paid     string      `json:"paid"`
	Supplier string      `json:"supplier"`
	Purpose  string      `json:"purpose"`
	Category string      `json:"category"`
	Pence    money.Pence `json:"pence"`
}

// RejectedRow is a record of a file that was not taken, and why.
type RejectedRow struct {
	Sheet  string `json:"sheet,omitempty"`
	Record int    `json:"row"` // from 1, title rows and blank ones included
	Reason string `json:"reason"`
	Paid   string `json:"paid,omitempty"`   // day, where it can be read
	Amount string `json:"amount,omitempty"` // where it can be read
	Raw    string `json:"raw,omitempty"`    // for those who keep the spend of the body: it may name a person
}

const (
	trialRows     = 10
	trialRejected = 10_000 // listed; all are counted, and kept when the file is taken in
	rejectedShare = 20     // one row in so many may be rejected without being asked
)

// Recognised reports whether enough is known of the file to read it.
func (t Trial) Recognised() bool { return t.Load.Encoding != "" }

// Preview reads a file once, keeps nothing, and says what taking it in would
// do. What is wrong with the request or the whole file is an error; Trial tells
// what was recognised all the same.
func Preview(ctx context.Context, tx *db.Tx, by office.Viewer, req LoadRequest, r io.ReaderAt, size int64) (Trial, error) {
	t, f, err := preview(ctx, tx, by, req, r, size)
	if f != nil {
		err = errors.Join(err, f.Close())
	}
	return t, err
}

// preview is TryLoad, with the file as recognised, to be closed.
func preview(ctx context.Context, tx *db.Tx, by office.Viewer, req LoadRequest, r io.ReaderAt, size int64) (t Trial, f *sheet.File, err error) {
	if req, err = CheckLoad(ctx, tx, by, req); err != nil {
		return t, nil, err
	}
	t.request = req
	t.Load = Load{Body: req.Body, Status: Draft, File: req.File, Size: size, Period: req.Period, Published: req.Published, Source: req.Source,
		AcceptRejected: req.AcceptRejected, AcceptOverlap: req.AcceptOverlap, Replaces: req.Replaces, Reason: req.Reason, Dates: req.Dates}
	if f = req.Recognised; f == nil || f.Name != req.File || f.Size != size {
		if f, err = sheet.Recognise(r, size, req.File, MaxBytes); err != nil {
			return t, nil, refusal(err)
		}
	}
	t.Load.Encoding = f.Encoding
	if err := remembered(ctx, tx, &t, f); err != nil {
		return t, f, refusal(err)
	}
	hash := sync.OnceValues(func() (string, error) { return kept.Hash(r, size) })
	go hash()
	sum, err := t.read(ctx, f)
	t.Load = t.Load.described(f, sum)
	hash() // also where the file is refused: nobody reads it any more then
	if err != nil {
		return t, f, refusal(err)
	}
	if t.Load.Hash, err = hash(); err != nil {
		return t, f, err
	}
	return t, f, consider(ctx, tx, &t, f)
}

// refusal is a reader's refusal as a fault of the file.
func refusal(err error) error {
	if why, ok := errors.AsType[sheet.Refusal](err); ok {
		return fault.Field("file", "%s", string(why))
	}
	return err
}

// CheckLoad holds a request to its rules, and looks at no file: it returns the
// request as it is kept, or all that is wrong with it.
func CheckLoad(ctx context.Context, tx *db.Tx, by office.Viewer, req LoadRequest) (LoadRequest, error) {
	var f fault.Faults
	b, ok := office.BodyOf(req.Body)
	switch {
	case !ok:
		f.Add("body", "Choose a body from the list.")
	case !b.LocalPolicing():
		f.Add("body", "%s is not one of the 43 local policing bodies whose spend is published here.", b.Name)
	}
	req.Body, req.File, req.Source, req.Reason = b.Slug, CellText(req.File), strings.TrimSpace(req.Source), text.OneLine(req.Reason)
	if req.File == "" {
		f.Add("file", "Choose a file.")
	}
	text.Tidy(&f, "file", "the name of the file", req.File, false, 200)
	text.Tidy(&f, "source", "the address", req.Source, false, 500)
	text.Tidy(&f, "reason", "the reason for replacing the other file", req.Reason, req.Replaces != 0, 500)
	if req.Source != "" && !strings.HasPrefix(req.Source, "https://") && !strings.HasPrefix(req.Source, "http://") {
		f.Add("source", "Enter the address in full, beginning with https://.")
	}
	if today := civil.DayOf(tx.Now()); req.Published > today {
		f.Add("published", "%s is in the future. Enter the day on which the file was published.", req.Published)
	}
	if err := f.Err(); err != nil {
		return req, err
	}
	if err := MayLoad(by, req.Body); err != nil {
		return req, err
	}
	if req.Replaces == 0 {
		return req, nil
	}
	old, err := FindLoad(ctx, tx, by, req.Replaces)
	if fault.KindOf(err) == fault.NotFound || err == nil && (old.Body != req.Body || old.Status != Published) {
		return req, fault.Field("replaces", "Source file %d is not a file of %s that is included, so it cannot be replaced.", req.Replaces, b.Short)
	}
	return req, err
}

// remembered applies the columns that an officer names now, or named for the
// same headings of the same publisher before, and notes what must be asked.
func remembered(ctx context.Context, tx *db.Tx, t *Trial, f *sheet.File) error {
	t.mappings = map[string]string{}
	for i := range f.Sheets {
		one := &f.Sheets[i]
		head := one.Form()
		if m, named := t.request.Mappings[one.Name]; named {
			one.Say(m)
			text, err := json.Marshal(m)
			if err != nil {
				return err
			}
			t.mappings[head] = string(text)
		} else if err := remember(ctx, tx, t, one, head); err != nil {
			return err
		}
	}
	if err := f.Understand(t.request.says()); err != nil {
		return err
	}
	for _, one := range f.Sheets {
		t.Sheets = append(t.Sheets, TrialSheet{one.Name, one.Header, maps.Clone(one.Mapping), one.LeftOut, one.Sure, one.Doubts, one.Sample, one.Understanding()})
		if one.LeftOut != "" {
			continue
		}
		t.Load.Notices = append(t.Load.Notices, one.Notices...)
		if !one.Sure {
			t.Ask, t.AskDates = true, t.AskDates || one.AsksOrder()
			t.Doubts = append(t.Doubts, one.Doubts...)
		}
	}
	return nil
}

// says is what a request says of how the file is to be read.
func (r LoadRequest) says() sheet.Options {
	return sheet.Options{Dates: r.Dates, Columns: r.Columns, Sheet: r.Sheet, Period: r.Period}
}

func remember(ctx context.Context, tx *db.Tx, t *Trial, one *sheet.Sheet, head string) error {
	text, found, err := db.Maybe(ctx, tx, db.ScanInto[string], `SELECT mapping FROM spend_mappings WHERE body = $1 AND headings = $2`, t.Load.Body, head)
	if err != nil || !found {
		return err
	}
	var m sheet.Mapping
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return err
	}
	t.Known = true
	one.Say(m)
	return nil
}

// read reads the file once and counts.
func (t *Trial) read(ctx context.Context, f *sheet.File) (*sheet.Summary, error) {
	tally := newLoadTally()
	n := 0
	sum, err := f.Rows(func(r *sheet.Row) error {
		if n++; n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		name := f.Sheets[r.Sheet].Name
		switch r.Kind {
		case sheet.Line:
			tally.count(countedOf(r, t.request.Period))
			if len(t.Sample) < trialRows {
				l := lineOf(r, t.request.Period)
				t.Sample = append(t.Sample, TrialRow{name, r.Record, l.Paid.String(), l.Supplier, l.Purpose, l.Category, money.Pence(l.Pence)})
			}
		case sheet.Rejected:
			if len(t.Rejected) < trialRejected {
				t.Rejected = append(t.Rejected, RejectedRow{Sheet: name, Record: r.Record, Reason: r.Reason, Raw: CellText(r.Raw)})
			}
		}
		return nil
	})
	if f.Nil && t.request.Period.Month != 0 {
		tally.nothing(t.request.Period)
	}
	t.Load, t.gross = t.Load.span(tally.periods, tally.first, tally.last), tally.gross
	return sum, err
}

// consider says why a file that can be read cannot be taken in as it is.
func consider(ctx context.Context, tx *db.Tx, t *Trial, f *sheet.File) error {
	l := t.Load
	same, found, err := db.Maybe(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads WHERE hash = $1 AND id <> $2
		AND (status = 'standing' OR status = 'taking_in' AND (n > 0 OR leased_to > $3)) ORDER BY id LIMIT 1`, l.Hash, l.ID, db.Stamp(tx.Now()))
	if err != nil {
		return err
	}
	if err := beyondTotal(ctx, tx, l, t.gross); err != nil {
		return err
	}
	rejected, rows := l.Rejected-l.Headings, l.Rejected-l.Headings+l.Lines
	switch {
	case found && same.same(l):
		t.Refused = fmt.Sprintf("This file is already loaded, as source file %d of %s.", same.ID, office.ShortName(same.Body))
		return nil
	case f.Nil && l.Period == (civil.Period{}):
		t.Refused = "This file says that nothing was paid. Enter its month or quarter."
		return nil
	case l.First == 0 && l.Period == (civil.Period{}):
		t.Refused = "No row of this file has a date that can be read. Enter its month or quarter."
		return nil
	case rejected*rejectedShare > rows && !l.AcceptRejected:
		t.Refused = fmt.Sprintf("%s of %s rows cannot be read, more than 5%%. Check whether they can be left out.", text.Thousands(rejected), text.Thousands(rows))
		t.Accept = "rejected"
		return nil
	}
	if t.Overlap, err = overlapping(ctx, tx, t, f); err != nil {
		return err
	}
	if len(t.Overlap) > 0 && !l.AcceptOverlap {
		id := slices.Min(slices.Collect(maps.Keys(t.Overlap)))
		t.Refused = fmt.Sprintf("%s of this file are already in source file %d. Withdraw or replace that file, or confirm that they are separate payments.", text.Count(t.Overlap[id], "row", "rows"), id)
		t.Accept = "overlap"
	}
	return nil
}
