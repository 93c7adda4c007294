package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/sheet"
	"github.com/police-ict/handover/store/text"
)

type loadSpendCommand struct {
	Where
	Body           string   `required:"" help:"Local policing body: the ONS code of its force area, like E23000003, or the name in the address of its page."`
	Period         string   `placeholder:"PERIOD" help:"Month or quarter for rows without a readable date, like 2012-02 or 2012-Q1 (January to March 2012)."`
	Published      string   `placeholder:"DAY" help:"Day on which the file was published. Default: not known."`
	Source         string   `placeholder:"ADDRESS" help:"Address that the file came from."`
	AcceptRejected bool     `help:"Load the file even if more than one row in twenty cannot be read."`
	AcceptOverlap  bool     `help:"Load the file even if some of its rows are in another source file."`
	Dates          string   `placeholder:"ORDER" help:"Order of day and month in dates, if the file does not make it clear: day-first or month-first."`
	Column         []string `placeholder:"FIELD=COLUMN" sep:"none" help:"Column of a field, as a spreadsheet names it, like amount=G. Use amount=none for no column. Can be repeated."`
	Sheet          string   `placeholder:"NAME" help:"Only worksheet to read."`
	Explain        bool     `help:"Print how each column was understood."`
	JSON           bool     `name:"json" help:"Print one line of JSON for each file."`
	Files          []string `arg:"" name:"file" help:"Published files: CSV in any form, XLSX, XLS of Excel 97 to 2003, or ODS."`
}

// loadMemory is what the command tries to keep its memory within, in bytes: it
// most often runs beside the portal. GOMEMLIMIT sets another.
const loadMemory = 128 << 20

func (c *loadSpendCommand) Run(ctx context.Context, out io.Writer) error {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(loadMemory)
	}
	req, err := c.request()
	if err != nil {
		return err
	}
	o, err := c.options("")
	if err != nil {
		return err
	}
	tx, err := store.OpenOrMake(ctx, o)
	if err != nil {
		return err
	}
	var problems []error
	for _, file := range c.Files {
		if err := c.take(ctx, tx, req, file, out); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(joined(problems), spend.Keep(ctx, tx), tx.Close())
}

// joined is one error of several; it is a misuse where one of them is.
func joined(problems []error) error {
	if len(problems) == 0 {
		return nil
	}
	err := errors.Join(problems...)
	if _, ok := errors.AsType[misuse](err); ok {
		return misuse{err}
	}
	return err
}

func (c *loadSpendCommand) request() (req spend.LoadRequest, err error) {
	body, ok := office.BodyOf(c.Body)
	if !ok || !body.LocalPolicing() {
		return req, misusef("--body %s is not one of the 43 local policing bodies: use the ONS code of its force area, like E23000003, or the name in the address of its page, like kent", c.Body)
	}
	req = spend.LoadRequest{Body: body.Slug, Source: c.Source, AcceptRejected: c.AcceptRejected, AcceptOverlap: c.AcceptOverlap}
	if c.Period != "" {
		if req.Period, err = civil.ParsePeriod(c.Period); err != nil {
			return req, misusef("--period %s is not a month or quarter: write it like 2012-02 or 2012-Q1", c.Period)
		}
	}
	if c.Published != "" {
		if req.Published, err = dayOf("published", c.Published); err != nil {
			return req, err
		}
	}
	req.Sheet = c.Sheet
	if req.Dates.UnmarshalText([]byte(c.Dates)) != nil {
		return req, misusef("--dates %s is not an order of day and month: write day-first or month-first", c.Dates)
	}
	req.Columns, err = columnsSaid(c.Column)
	return req, err
}

// columnsSaid reads the columns that a command names, like amount=G.
func columnsSaid(all []string) (map[sheet.Field]int, error) {
	named := map[sheet.Field]int{}
	for _, one := range all {
		field, column, _ := strings.Cut(one, "=")
		var f sheet.Field
		if f.UnmarshalText([]byte(field)) != nil {
			return nil, misusef("--column %s does not name a field: the fields are %s", one, fieldNames())
		}
		at, ok := sheet.ColumnNamed(column)
		switch {
		case column == "none":
			named[f] = -1
		case !ok:
			return nil, misusef("--column %s does not name a column: write it as in a spreadsheet, like %s=G", one, f)
		default:
			named[f] = at
		}
	}
	return named, nil
}

func fieldNames() string {
	var all []string
	for _, f := range sheet.Fields() {
		all = append(all, f.String())
	}
	return strings.Join(all, ", ")
}

// take takes in one file, and says what came of it. What is refused is a
// misuse: exit code 2.
func (c *loadSpendCommand) take(ctx context.Context, tx *db.Tx, req spend.LoadRequest, file string, out io.Writer) error {
	f, err := os.Open(file)
	if err != nil {
		return misusef("%s cannot be read: check its name", file)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return misusef("%s is not a file", file)
	}
	req.File = filepath.Base(file)
	t, err := spend.Import(ctx, tx, office.CommandLine, req, f, info.Size())
	kind := fault.KindOf(err)
	refused := kind != 0 && kind != fault.Unavailable && kind != fault.Busy
	if err != nil && !refused {
		return err
	}
	if c.JSON {
		if err := json.NewEncoder(out).Encode(loadLineOf(file, t, err)); err != nil {
			return err
		}
	} else if err == nil {
		fmt.Fprint(out, loadWords(file, t.Load))
	}
	if c.Explain && !c.JSON {
		fmt.Fprint(out, explained(t))
	}
	if refused {
		return misusef("%s: %w%s", file, err, answers(t))
	}
	return nil
}

// answers says how a command answers what is asked of a file.
func answers(t spend.Trial) string {
	switch {
	case t.Accept == "rejected":
		return " To leave them out, add --accept-rejected."
	case t.Accept == "overlap":
		return " If they are separate payments, add --accept-overlap."
	case !t.Ask:
		return ""
	case t.AskDates:
		return " Answer with --dates day-first or --dates month-first."
	}
	return " Answer with --column, like --column amount=G, or with --sheet; --explain shows how the columns were understood."
}

// explained says how each column was understood.
func explained(t spend.Trial) string {
	var b strings.Builder
	for _, s := range t.Sheets {
		if s.Name != "" {
			fmt.Fprintf(&b, "Worksheet %q:\n", s.Name)
		}
		if s.LeftOut != "" {
			fmt.Fprintf(&b, "  left out: %s\n", s.LeftOut)
			continue
		}
		for _, u := range s.Read {
			fmt.Fprintf(&b, "  %s: column %s, headed %q: %s\n", u.Field, u.Column, u.Heading, u.How)
		}
		for _, d := range s.Doubts {
			fmt.Fprintf(&b, "  in doubt: %s\n", d)
		}
	}
	for _, n := range t.Load.Notices {
		fmt.Fprintf(&b, "  note: %s\n", n)
	}
	return b.String()
}

// loadLine is what --json prints of a file.
type loadLine struct {
	File      string              `json:"file"`
	Encoding  string              `json:"encoding"`
	HeaderRow int                 `json:"header_row"` // of the first table that is read; 0 is none
	Lines     int64               `json:"lines"`
	Pence     money.Pence         `json:"pence"`
	Rejected  []spend.RejectedRow `json:"rejected"`
	Blank     int64               `json:"blank"`
	Totals    int64               `json:"totals"`
	Undated   int64               `json:"undated"` // lines without a readable date
	Sure      bool                `json:"sure"`    // nothing is in doubt, and nothing speaks against how it was read
	Doubts    []string            `json:"doubts"`
	Notices   []string            `json:"notices"`
	Columns   []loadColumns       `json:"columns"` // how they were understood
	Stated    *money.Pence        `json:"stated_pence"`
	Agrees    *bool               `json:"agrees"`
	Sheets    []spend.LoadSheet   `json:"sheets"`
	Load      *int64              `json:"load"`
	Refused   string              `json:"refused,omitempty"`
}

// loadColumns are the columns of one table, as they were understood.
type loadColumns struct {
	Sheet string                `json:"sheet,omitempty"`
	Read  []sheet.Understanding `json:"read"`
}

func loadLineOf(file string, t spend.Trial, err error) loadLine {
	l := t.Load
	line := loadLine{File: file, Encoding: codec(l.Encoding), Lines: l.Lines, Pence: l.Pence, Rejected: t.Rejected, Blank: l.Blank, Totals: l.Totals,
		Stated: l.Stated, Agrees: l.Agrees, Sheets: l.Sheets, Undated: l.Undated, Sure: t.Recognised() && !t.Ask && len(l.Notices) == 0,
		Doubts: append([]string{}, t.Doubts...), Notices: append([]string{}, l.Notices...), Columns: []loadColumns{}}
	for _, s := range t.Sheets {
		line.Columns = append(line.Columns, loadColumns{s.Name, s.Read})
	}
	if line.Rejected == nil {
		line.Rejected = []spend.RejectedRow{}
	}
	if line.Sheets == nil {
		line.Sheets = []spend.LoadSheet{}
	}
	for _, s := range l.Sheets {
		if s.LeftOut == "" {
			line.HeaderRow = s.HeaderRow
			break
		}
	}
	if err != nil {
		line.Refused = err.Error()
		return line
	}
	line.Load = &l.ID
	return line
}

// codec is an encoding as programs commonly name it.
func codec(encoding string) string {
	if encoding == "windows-1252" {
		return "cp1252"
	}
	return encoding
}

// loadWords says what came of a file, in lines for people.
func loadWords(file string, l spend.Load) string {
	words := fmt.Sprintf("%s: source file %d of %s, %s, %s.\n", file, l.ID, office.ShortName(l.Body), text.Count(int(l.Lines), "payment", "payments"), l.Pence)
	switch {
	case l.Agrees != nil && *l.Agrees:
		words += "The payments add up to the total in the file.\n"
	case l.Stated != nil:
		words += fmt.Sprintf("The total in the file is %s. The payments differ from it by %s.\n", *l.Stated, l.Pence-*l.Stated)
	}
	if l.Undated > 0 {
		words += fmt.Sprintf("%s counted in %s.\n", text.Count(int(l.Undated), "payment without a readable date is", "payments without a readable date are"), undatedIn(l))
	}
	for _, n := range l.Notices {
		words += n + "\n"
	}
	if l.Rejected > 0 {
		words += fmt.Sprintf("%s could not be read and were left out. The page of the source file lists them with reasons.\n", text.Count(int(l.Rejected), "row", "rows"))
	}
	return words
}

// undatedIn is where the lines without a readable date are counted.
func undatedIn(l spend.Load) string {
	if l.Period == (civil.Period{}) {
		return "no month"
	}
	return l.Period.String()
}
