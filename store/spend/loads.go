package spend

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/sheet"
	"github.com/police-ict/handover/store/text"
)

// MaxBytes is the largest file that is taken in, in bytes.
const MaxBytes = 512 << 20

// Status is where a load stands.
type Status string

// The statuses of a load. Only the lines of a standing one are counted.
const (
	Draft     Status = "draft"     // sent and looked at, not confirmed
	Importing Status = "taking_in" // its lines are being staged
	Published Status = "standing"
	Withdrawn Status = "withdrawn"
	Replaced  Status = "replaced"
	Stopped   Status = "stopped"
	Failed    Status = "failed"
)

// Statuses lists those that the record tells of.
var Statuses = []Status{Published, Importing, Withdrawn, Replaced, Stopped, Failed}

// The acts of a load.
const (
	ActConfirm  office.Act = "confirm"
	ActDiscard  office.Act = "discard"
	ActStop     office.Act = "stop"
	ActWithdraw office.Act = "withdraw"
	ActAccept   office.Act = "accept"
	ActReplace  office.Act = "replace"
)

// Life is what people do to a load. That it is accepted, fails or is
// replaced follows from what is in the file and from the load that replaces it.
var Life = office.Life[Status]{
	{From: Draft, Act: ActConfirm, To: Importing, Need: office.LoadSpend},
	{From: Draft, Act: ActDiscard, To: Stopped, Need: office.LoadSpend},
	{From: Importing, Act: ActStop, To: Stopped, Need: office.LoadSpend},
	{From: Published, Act: ActWithdraw, To: Withdrawn, Need: office.LoadSpend},
}

// LoadSheet is one table of the file: a text file, or a worksheet.
type LoadSheet struct {
	Name      string       `json:"name,omitempty"`
	HeaderRow int          `json:"header_row"` // record of the headings, 0 where there are none
	LeftOut   string       `json:"left_out,omitempty"`
	Header    []Column     `json:"columns,omitempty"` // in order
	Lines     int64        `json:"lines"`
	Pence     money.Pence  `json:"pence"`
	Rejected  int64        `json:"rejected"`
	Blank     int64        `json:"blank"`
	Totals    int64        `json:"totals"`
	Stated    *money.Pence `json:"stated_pence"` // total that the sheet states of itself
	Agrees    *bool        `json:"agrees"`
}

// Column is one column of a table: its heading, and the field that it was read
// as, "" where it was not read.
type Column struct {
	Heading string `json:"heading"`
	Field   string `json:"field,omitempty"`
}

// LoadPeriod is what a load holds for one month or quarter.
type LoadPeriod struct {
	Period   civil.Period `json:"period"`
	Lines    int64        `json:"lines"`
	Pence    money.Pence  `json:"pence"`
	Over     int64        `json:"over_500"`           // lines of more than £500, either way
	NoReason int64        `json:"over_500_no_reason"` // of those, without a reason why it is value for money
}

// Load is one published file taken in, as the record tells it.
type Load struct {
	ID             int64        `json:"id"`
	Body           string       `json:"body"`
	Status         Status       `json:"status"`
	File           string       `json:"file"`
	Size           int64        `json:"size"` // bytes
	Hash           string       `json:"sha256"`
	Encoding       string       `json:"encoding"`
	Delimiter      string       `json:"delimiter,omitempty"`
	Period         civil.Period `json:"period,omitzero"`     // for lines without a readable date
	Published      civil.Day    `json:"published,omitempty"` // "" is not known
	Source         string       `json:"source,omitempty"`    // the address it came from
	Dates          sheet.Order  `json:"dates,omitempty"`     // which figure of its dates is the day, where it was said
	Notices        []string     `json:"notices,omitempty"`   // how it was read otherwise than it seems
	Sheets         []LoadSheet  `json:"sheets"`
	Lines          int64        `json:"lines"`
	Pence          money.Pence  `json:"pence"`
	Rejected       int64        `json:"rejected"`
	Headings       int64        `json:"headings,omitempty"` // of Rejected, those that only repeat the headings
	Blank          int64        `json:"blank"`
	Totals         int64        `json:"totals"`
	Stated         *money.Pence `json:"stated_pence"`
	Agrees         *bool        `json:"agrees"`
	Undated        int64        `json:"undated"` // lines without a readable date
	Negative       int64        `json:"negative"`
	Redacted       int64        `json:"redacted"`
	Rounded        int64        `json:"rounded"`
	Periods        []LoadPeriod `json:"periods"`
	First          civil.Paid   `json:"first"`
	Last           civil.Paid   `json:"last"`
	FirstLine      int64        `json:"first_line"`       // number of its first line, 0 before there is one
	Digest         string       `json:"digest,omitempty"` // hex SHA-256 of all lines, in order
	AcceptRejected bool         `json:"accept_rejected,omitempty"`
	AcceptOverlap  bool         `json:"accept_overlap,omitempty"`
	Replaces       int64        `json:"replaces,omitempty"`
	ReplacedBy     int64        `json:"replaced_by,omitempty"`
	Reason         string       `json:"reason,omitempty"`   // why it was withdrawn, stopped, or replaces another; why it failed
	Decision       string       `json:"decision,omitempty"` // reference, under which it was withdrawn
	Withheld       string       `json:"withheld,omitempty"`
	TakenAt        time.Time    `json:"taken_at,omitzero"`

	// What stands in the row alone.
	N       int64     `json:"-"` // the event that told of it first
	Moved   int64     `json:"-"`
	Person  int64     `json:"-"`
	MadeAt  time.Time `json:"-"`
	Done    int64     `json:"-"` // lines staged so far
	Checked time.Time `json:"-"` // when its lines were last added up again
	Differs bool      `json:"-"` // they did not agree then
	Preview string    `json:"-"` // JSON of the Trial of a draft
	leased  time.Time
	named   []Under // decisions that its lines name, while it is staged
}

// Subject names the load in the record.
func (l Load) Subject() string { return fmt.Sprintf("load/%d", l.ID) }

// Title names the load for people.
func (l Load) Title() string { return fmt.Sprintf("Source file %d", l.ID) }

// Counts reports whether its lines are in the totals.
func (l Load) Counts() bool { return l.Status == Published }

// Shown reports whether everyone may see the load’s lines: it stands, or did.
func (l Load) Shown() bool {
	return l.Status == Published || l.Status == Withdrawn || l.Status == Replaced
}

// same reports whether another load is of the same file; nil returns are alike.
func (l Load) same(o Load) bool {
	return l.Hash == o.Hash && (l.Lines > 0 || l.Body == o.Body && l.Period == o.Period)
}

// sum is what the load comes to.
func (l Load) sum() Sum { return Sum{l.Lines, l.Pence} }

// After is the status that an act leads to, or why v may not do it. A body's
// own office acts on its own files, the company's officers on any.
func (l Load) After(act office.Act, v office.Viewer) (Status, error) {
	if err := MayLoad(v, l.Body); err != nil {
		return l.Status, err
	}
	return Life.After(l.Status, act, v)
}

// MayLoad says whether v may take in files of a body, or why not.
func MayLoad(v office.Viewer, body string) error {
	switch {
	case v.System != "":
		return nil
	case !v.Can(office.LoadSpend):
		return fault.Forbidden.Errorf("You do not have permission to load source files.")
	case v.Office.Body != office.TheCompany && v.Office.Body != body:
		return fault.Forbidden.Errorf("You can load and change only the files of %s.", office.ShortName(v.Office.Body))
	}
	return nil
}

// LoadCols are the columns that ScanLoad reads.
const LoadCols = `id, body, hash, status, first_line, lines, done, person, made_at, leased_to, checked_at, differs, moved, n, load, preview`

// ScanLoad reads a row of LoadCols.
func ScanLoad(r db.Row) (l Load, err error) {
	row, err := scanLoadRow(r)
	if err != nil {
		return l, err
	}
	return row.load()
}

// loadRow is the row of a load whose JSON is still to be read.
type loadRow struct {
	is, says Load // says is what stands in the columns that its JSON tells too
	text     string
}

func scanLoadRow(r db.Row) (w loadRow, err error) {
	l, s := &w.is, &w.says
	return w, r.Scan(&s.ID, &s.Body, &s.Hash, &s.Status, &s.FirstLine, &s.Lines, &l.Done, &l.Person, (*db.Stamp)(&l.MadeAt), (*db.Stamp)(&l.leased), (*db.Stamp)(&l.Checked), &l.Differs, &l.Moved, &l.N, &w.text, &l.Preview)
}

func (w loadRow) load() (Load, error) {
	l, s := w.is, w.says
	err := json.Unmarshal([]byte(w.text), &l)
	if l.ID != s.ID || l.Body != s.Body || l.Hash != s.Hash || l.Status != s.Status || l.FirstLine != s.FirstLine || l.Lines != s.Lines {
		l = Load{ID: s.ID} // listed under other words than it says: as no event tells it
	}
	return l, err
}

// FindLoad finds a load. A draft is found by whoever may confirm it.
func FindLoad(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) (Load, error) {
	l, err := db.One(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads WHERE id = $1`, id)
	if err == nil && l.N == 0 && MayLoad(by, l.Body) != nil {
		return Load{}, fault.NotFound.Errorf("There is no page at this address.")
	}
	return l, err
}

// insertLoad makes the row of a load that no event tells of yet.
func insertLoad(ctx context.Context, tx *db.Tx, by office.Viewer, l Load) (Load, error) {
	id, err := db.One(ctx, tx, db.ScanInto[int64], `INSERT INTO loads (body, status, hash, first_line, lines, done, person, made_at, differs, moved, n, load, preview)
		VALUES ($1, $2, $3, 0, $4, 0, $5, $6, FALSE, 0, 0, '{}', $7) RETURNING id`, l.Body, l.Status, l.Hash, l.Lines, by.Person, db.Stamp(tx.Now()), l.Preview)
	if err != nil {
		return l, err
	}
	l.ID, l.Person, l.MadeAt = id, by.Person, tx.Now()
	return l, putLoad(ctx, tx, l.Status, l)
}

// putLoad stores how a load stands, if it still has the status it had.
func putLoad(ctx context.Context, tx *db.Tx, was Status, l Load) error {
	text, err := text.Canonical(l)
	if err != nil {
		return err
	}
	if l.Status != Draft && l.Status != Importing {
		l.Preview = "" // it shows rows that may be withheld one day
	}
	return tx.Change(ctx, `UPDATE loads SET status = $1, first_line = $2, lines = $3, load = $4, preview = $5 WHERE id = $6 AND status = $7`,
		l.Status, l.FirstLine, l.Lines, string(text), l.Preview, l.ID, was)
}

// recordLoad stores how a load stands after an act, and records it. What
// changes the totals moves the spend version, by which every page knows.
func recordLoad(ctx context.Context, tx *db.Tx, by office.Viewer, act office.Act, was Status, l Load, more ...record.Part) error {
	if err := putLoad(ctx, tx, was, l); err != nil {
		return err
	}
	n, err := record.Add(ctx, tx, by, "load."+string(act), l.Subject(), append(more, record.About(l.Body), record.Now(l.Subject(), l))...)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE loads SET n = $1 WHERE id = $2 AND n = 0`, n, l.ID); err != nil {
		return err
	}
	if was != Published && l.Status != Published {
		return nil
	}
	return moved(ctx, tx, n, l.ID)
}

// moved notes that event n changed what is shown of spend, and of which loads.
func moved(ctx context.Context, tx *db.Tx, n int64, loads ...int64) error {
	for _, id := range loads {
		if err := tx.Change(ctx, `UPDATE loads SET moved = $1 WHERE id = $2`, n, id); err != nil {
			return err
		}
		if err := showSpend(ctx, tx, id); err != nil {
			return err
		}
	}
	return tx.Change(ctx, `UPDATE spend_head SET version = $1 WHERE id = 1`, n)
}

// LoadLedger holds its rows to the record.
var LoadLedger = record.Ledger{Topic: "load", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads WHERE n > 0`, func(l Load) (string, any) { return l.Subject(), l })
}}

// columnsOf says what each column of a table is headed and read as.
func columnsOf(s sheet.Sheet) (all []Column) {
	for _, h := range s.Header {
		all = append(all, Column{Heading: text.Short(CellText(h))})
	}
	for f, c := range s.Mapping {
		if c < 0 {
			continue
		}
		for len(all) <= c {
			all = append(all, Column{})
		}
		all[c].Field = f.String()
	}
	return all
}

func pence(n *int64) *money.Pence {
	if n == nil {
		return nil
	}
	p := money.Pence(*n)
	return &p
}

// described is a load with what was read of its file.
func (l Load) described(f *sheet.File, sum *sheet.Summary) Load {
	l.Encoding, l.Sheets = f.Encoding, nil
	l.Notices = append(l.Notices, sum.Notices...)
	if f.Delimiter != 0 {
		l.Delimiter = string(rune(f.Delimiter))
	}
	for i, one := range f.Sheets {
		ls := LoadSheet{Name: one.Name, HeaderRow: one.HeaderRecord, LeftOut: one.LeftOut}
		if one.LeftOut == "" {
			ls.Header = columnsOf(one)
		}
		if i < len(sum.Sheets) {
			t := sum.Sheets[i]
			ls.Lines, ls.Pence, ls.Rejected, ls.Blank, ls.Totals = int64(t.Lines), money.Pence(t.Pence), int64(t.Rejected), int64(t.Blank), int64(t.Totals)
			ls.Stated, ls.Agrees = pence(t.Stated), t.Agrees
		}
		l.Sheets = append(l.Sheets, ls)
	}
	l.Lines, l.Pence, l.Rejected, l.Headings = int64(sum.Lines), money.Pence(sum.Pence), int64(sum.Rejected), int64(sum.Headings)
	l.Blank, l.Totals, l.Stated, l.Agrees = int64(sum.Blank), int64(sum.Totals), pence(sum.Stated), sum.Agrees
	l.Undated, l.Negative = int64(sum.Undated+sum.UnreadableDate), int64(sum.Negative)
	l.Redacted, l.Rounded = int64(sum.Redacted), int64(sum.Rounded)
	return l
}

// span sets the periods of a load and its first and last day.
func (l Load) span(all map[civil.Period]*LoadPeriod, first, last civil.Paid) Load {
	l.Periods, l.First, l.Last = nil, first, last
	for _, p := range all {
		l.Periods = append(l.Periods, *p)
	}
	slices.SortFunc(l.Periods, func(a, b LoadPeriod) int { return int(a.Period.Paid()) - int(b.Period.Paid()) })
	return l
}
