package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/police-ict/handover/store/sheet"
)

// LoadMost is the largest file that is taken in, in bytes.
const LoadMost = 512 << 20

// LoadStatus is where a load stands.
type LoadStatus string

// The statuses of a load. Only the lines of a standing one are counted.
const (
	LoadDraft     LoadStatus = "draft"     // sent and looked at, not confirmed
	LoadTaking    LoadStatus = "taking_in" // its lines are being staged
	LoadStanding  LoadStatus = "standing"
	LoadWithdrawn LoadStatus = "withdrawn"
	LoadReplaced  LoadStatus = "replaced"
	LoadStopped   LoadStatus = "stopped"
	LoadFailed    LoadStatus = "failed"
)

// LoadStatuses lists those that the record tells of.
var LoadStatuses = []LoadStatus{LoadStanding, LoadTaking, LoadWithdrawn, LoadReplaced, LoadStopped, LoadFailed}

// The acts of a load.
const (
	ConfirmLoad  Act = "confirm"
	DiscardLoad  Act = "discard"
	StopLoad     Act = "stop"
	WithdrawLoad Act = "withdraw"
	AcceptLoad   Act = "accept"
	ReplaceLoad  Act = "replace"
)

// LoadLife is what people do to a load. That it is accepted, fails or is
// replaced follows from what is in the file and from the load that replaces it.
var LoadLife = Life[LoadStatus]{
	{LoadDraft, ConfirmLoad, LoadTaking, LoadSpend},
	{LoadDraft, DiscardLoad, LoadStopped, LoadSpend},
	{LoadTaking, StopLoad, LoadStopped, LoadSpend},
	{LoadStanding, WithdrawLoad, LoadWithdrawn, LoadSpend},
}

// LoadSheet is one table of the file: a text file, or a worksheet.
type LoadSheet struct {
	Name      string   `json:"name,omitempty"`
	HeaderRow int      `json:"header_row"` // record of the headings, 0 where there are none
	LeftOut   string   `json:"left_out,omitempty"`
	Header    []Column `json:"columns,omitempty"` // in order
	Lines     int64    `json:"lines"`
	Pence     Pence    `json:"pence"`
	Rejected  int64    `json:"rejected"`
	Blank     int64    `json:"blank"`
	Totals    int64    `json:"totals"`
	Stated    *Pence   `json:"stated_pence"` // total that the sheet states of itself
	Agrees    *bool    `json:"agrees"`
}

// Column is one column of a table: its heading, and the field that it was read
// as, "" where it was not read.
type Column struct {
	Heading string `json:"heading"`
	Field   string `json:"field,omitempty"`
}

// LoadPeriod is what a load holds for one month or quarter.
type LoadPeriod struct {
	Period   Period `json:"period"`
	Lines    int64  `json:"lines"`
	Pence    Pence  `json:"pence"`
	Over     int64  `json:"over_500"`           // lines of more than £500, either way
	NoReason int64  `json:"over_500_no_reason"` // of those, without a reason why it is value for money
}

// Load is one published file taken in, as the record tells it.
type Load struct {
	ID             int64        `json:"id"`
	Body           string       `json:"body"`
	Status         LoadStatus   `json:"status"`
	File           string       `json:"file"`
	Size           int64        `json:"size"` // bytes
	Hash           string       `json:"sha256"`
	Encoding       string       `json:"encoding"`
	Delimiter      string       `json:"delimiter,omitempty"`
	Period         Period       `json:"period,omitzero"`     // for lines without a readable date
	Published      Day          `json:"published,omitempty"` // "" is not known
	Source         string       `json:"source,omitempty"`    // the address it came from
	Sheets         []LoadSheet  `json:"sheets"`
	Lines          int64        `json:"lines"`
	Pence          Pence        `json:"pence"`
	Rejected       int64        `json:"rejected"`
	Headings       int64        `json:"headings,omitempty"` // of Rejected, those that only repeat the headings
	Blank          int64        `json:"blank"`
	Totals         int64        `json:"totals"`
	Stated         *Pence       `json:"stated_pence"`
	Agrees         *bool        `json:"agrees"`
	Undated        int64        `json:"undated"` // lines without a readable date
	Negative       int64        `json:"negative"`
	Redacted       int64        `json:"redacted"`
	Rounded        int64        `json:"rounded"`
	Periods        []LoadPeriod `json:"periods"`
	First          Paid         `json:"first"`
	Last           Paid         `json:"last"`
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

func (l Load) subject() string { return fmt.Sprintf("load/%d", l.ID) }

// Title names the load for people.
func (l Load) Title() string { return fmt.Sprintf("Load %d", l.ID) }

// Counts reports whether its lines are in the totals.
func (l Load) Counts() bool { return l.Status == LoadStanding }

// sum is what the load comes to.
func (l Load) sum() Sum { return Sum{l.Lines, l.Pence} }

// After is the status that an act leads to, or why v may not do it. A body's
// own office acts on its own files, the company's officers on any.
func (l Load) After(act Act, v Viewer) (LoadStatus, error) {
	if err := MayLoad(v, l.Body); err != nil {
		return l.Status, err
	}
	return LoadLife.After(l.Status, act, v)
}

// MayLoad says whether v may take in files of a body, or why not.
func MayLoad(v Viewer, body string) error {
	switch {
	case v.System != "":
		return nil
	case !v.Can(LoadSpend):
		return Forbidden.Errorf("The office you act in does not take in spend.")
	case v.Office.Body != TheCompany && v.Office.Body != body:
		return Forbidden.Errorf("An office of %s takes in and changes its own files only.", ShortName(v.Office.Body))
	}
	return nil
}

const loadCols = `id, body, hash, status, first_line, lines, done, person, made_at, leased_to, checked_at, differs, moved, n, load, preview`

func scanLoad(r row) (l Load, err error) {
	var text, body, hash string
	var id, first, lines int64
	var status LoadStatus
	if err := r.Scan(&id, &body, &hash, &status, &first, &lines, &l.Done, &l.Person, (*stamp)(&l.MadeAt), (*stamp)(&l.leased), (*stamp)(&l.Checked), &l.Differs, &l.Moved, &l.N, &text, &l.Preview); err != nil {
		return l, err
	}
	err = json.Unmarshal([]byte(text), &l)
	if l.ID != id || l.Body != body || l.Hash != hash || l.Status != status || l.FirstLine != first || l.Lines != lines {
		l = Load{ID: id} // listed under other words than it says: as no event tells it
	}
	return l, err
}

// Load finds a load. A draft is found by whoever may confirm it.
func (s *Store) Load(ctx context.Context, by Viewer, id int64) (Load, error) {
	l, err := one(ctx, s, scanLoad, `SELECT `+loadCols+` FROM loads WHERE id = $1`, id)
	if err == nil && l.N == 0 && MayLoad(by, l.Body) != nil {
		return Load{}, NotFound.Errorf("There is no such page.")
	}
	return l, err
}

// insertLoad makes the row of a load that no event tells of yet.
func (s *Store) insertLoad(ctx context.Context, by Viewer, l Load) (Load, error) {
	id, err := one(ctx, s, scanInto[int64], `INSERT INTO loads (body, status, hash, first_line, lines, done, person, made_at, differs, moved, n, load, preview)
		VALUES ($1, $2, $3, 0, $4, 0, $5, $6, FALSE, 0, 0, '{}', $7) RETURNING id`, l.Body, l.Status, l.Hash, l.Lines, by.Person, stamp(s.Now()), l.Preview)
	if err != nil {
		return l, err
	}
	l.ID, l.Person, l.MadeAt = id, by.Person, s.Now()
	return l, s.putLoad(ctx, l.Status, l)
}

// putLoad stores how a load stands, if it still has the status it had.
func (s *Store) putLoad(ctx context.Context, was LoadStatus, l Load) error {
	text, err := canonical(l)
	if err != nil {
		return err
	}
	if l.Status != LoadDraft && l.Status != LoadTaking {
		l.Preview = "" // it shows rows that may be withheld one day
	}
	return s.change(ctx, `UPDATE loads SET status = $1, first_line = $2, lines = $3, load = $4, preview = $5 WHERE id = $6 AND status = $7`,
		l.Status, l.FirstLine, l.Lines, string(text), l.Preview, l.ID, was)
}

// recordLoad stores how a load stands after an act, and records it. What
// changes the totals moves the spend version, by which every page knows.
func (s *Store) recordLoad(ctx context.Context, by Viewer, act Act, was LoadStatus, l Load, more ...part) error {
	if err := s.putLoad(ctx, was, l); err != nil {
		return err
	}
	n, err := s.record(ctx, by, "load."+string(act), l.subject(), append(more, about(l.Body), now(l.subject(), l))...)
	if err != nil {
		return err
	}
	if _, err := s.exec(ctx, `UPDATE loads SET n = $1 WHERE id = $2 AND n = 0`, n, l.ID); err != nil {
		return err
	}
	if was != LoadStanding && l.Status != LoadStanding {
		return nil
	}
	return s.moved(ctx, n, l.ID)
}

// moved notes that event n changed what is shown of spend, and of which loads.
func (s *Store) moved(ctx context.Context, n int64, loads ...int64) error {
	for _, id := range loads {
		if err := s.change(ctx, `UPDATE loads SET moved = $1 WHERE id = $2`, n, id); err != nil {
			return err
		}
		if err := s.showSpend(ctx, id); err != nil {
			return err
		}
	}
	return s.change(ctx, `UPDATE spend_head SET version = $1 WHERE id = 1`, n)
}

// LoadFilter is which loads are listed.
type LoadFilter struct {
	Body   string
	Status LoadStatus
	Before int64 // loads with a lower number; 0 is all
	Drafts int64 // a person's drafts too
}

// Loads lists loads, newest first.
func (s *Store) Loads(ctx context.Context, f LoadFilter, most int) ([]Load, error) {
	return list(ctx, s, scanLoad, `SELECT `+loadCols+` FROM loads
		WHERE ($1 = '' OR body = $1) AND ($2 = '' OR status = $2) AND ($3 = 0 OR id < $3) AND (n > 0 OR $4 <> 0 AND person = $4 AND status = 'draft')
		ORDER BY id DESC LIMIT $5`, f.Body, string(f.Status), f.Before, f.Drafts, most)
}

var loadLedger = ledger{"load", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanLoad, `SELECT `+loadCols+` FROM loads WHERE n > 0`, func(l Load) (string, any) { return l.subject(), l })
}}

// columnsOf says what each column of a table is headed and read as.
func columnsOf(s sheet.Sheet) (all []Column) {
	for _, h := range s.Header {
		all = append(all, Column{Heading: short(published(h))})
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

func pence(n *int64) *Pence {
	if n == nil {
		return nil
	}
	p := Pence(*n)
	return &p
}

// described is a load with what was read of its file.
func (l Load) described(f *sheet.File, sum *sheet.Summary) Load {
	l.Encoding, l.Sheets = f.Encoding, nil
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
			ls.Lines, ls.Pence, ls.Rejected, ls.Blank, ls.Totals = int64(t.Lines), Pence(t.Pence), int64(t.Rejected), int64(t.Blank), int64(t.Totals)
			ls.Stated, ls.Agrees = pence(t.Stated), t.Agrees
		}
		l.Sheets = append(l.Sheets, ls)
	}
	l.Lines, l.Pence, l.Rejected, l.Headings = int64(sum.Lines), Pence(sum.Pence), int64(sum.Rejected), int64(sum.Headings)
	l.Blank, l.Totals, l.Stated, l.Agrees = int64(sum.Blank), int64(sum.Totals), pence(sum.Stated), sum.Agrees
	l.Undated, l.Negative = int64(sum.Undated+sum.UnreadableDate), int64(sum.Negative)
	l.Redacted, l.Rounded = int64(sum.Redacted), int64(sum.Rounded)
	return l
}

// span sets the periods of a load and its first and last day.
func (l Load) span(all map[Period]*LoadPeriod, first, last Paid) Load {
	l.Periods, l.First, l.Last = nil, first, last
	for _, p := range all {
		l.Periods = append(l.Periods, *p)
	}
	slices.SortFunc(l.Periods, func(a, b LoadPeriod) int { return int(a.Period.Paid()) - int(b.Period.Paid()) })
	return l
}
