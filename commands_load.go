package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/text"
)

type loadSpendCommand struct {
	Where
	Body           string   `required:"" help:"The local policing body: the ONS code of its police force area, like E23000003, or its name in the address of its page."`
	Period         string   `placeholder:"PERIOD" help:"Month or quarter of rows without a readable date, like 2012-02 or 2012-Q1 (January to March 2012)."`
	Published      string   `placeholder:"DAY" help:"The day on which the file was published. Default: not known."`
	Source         string   `placeholder:"ADDRESS" help:"The address that the file came from."`
	AcceptRejected bool     `help:"Take the file in although more than one row in twenty cannot be read."`
	AcceptOverlap  bool     `help:"Take the file in although rows of it stand in another load."`
	JSON           bool     `name:"json" help:"Print one line of JSON for each file."`
	Files          []string `arg:"" name:"file" help:"Published files: CSV in any form, XLSX, XLS of Excel 97 to 2003, or ODS."`
}

func (c *loadSpendCommand) Run(ctx context.Context, out io.Writer) error {
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
		return req, misusef("--body %s is none of the 43 local policing bodies: give the ONS code of its force area, like E23000003, or the name in the address of its page, like kent", c.Body)
	}
	req = spend.LoadRequest{Body: body.Slug, Source: c.Source, AcceptRejected: c.AcceptRejected, AcceptOverlap: c.AcceptOverlap}
	if c.Period != "" {
		if req.Period, err = civil.ParsePeriod(c.Period); err != nil {
			return req, misusef("--period %s is no month or quarter: write it like 2012-02 or 2012-Q1", c.Period)
		}
	}
	if c.Published != "" {
		req.Published, err = dayOf("published", c.Published)
	}
	return req, err
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
	refused := fault.KindOf(err) != 0
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
	if refused {
		return misusef("%s: %w", file, err)
	}
	return nil
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
	Stated    *money.Pence        `json:"stated_pence"`
	Agrees    *bool               `json:"agrees"`
	Sheets    []spend.LoadSheet   `json:"sheets"`
	Load      *int64              `json:"load"`
	Refused   string              `json:"refused,omitempty"`
}

func loadLineOf(file string, t spend.Trial, err error) loadLine {
	l := t.Load
	line := loadLine{File: file, Encoding: codec(l.Encoding), Lines: l.Lines, Pence: l.Pence, Rejected: t.Rejected, Blank: l.Blank, Totals: l.Totals,
		Stated: l.Stated, Agrees: l.Agrees, Sheets: l.Sheets}
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
	words := fmt.Sprintf("%s: load %d of %s, %s, %s.\n", file, l.ID, office.ShortName(l.Body), text.Count(int(l.Lines), "line", "lines"), l.Pence)
	switch {
	case l.Agrees != nil && *l.Agrees:
		words += "Its own total agrees.\n"
	case l.Stated != nil:
		words += fmt.Sprintf("Its own total is %s: the lines differ from it by %s.\n", *l.Stated, l.Pence-*l.Stated)
	}
	if l.Rejected > 0 {
		words += fmt.Sprintf("%s could not be read and left out: the page of the load lists them with reasons.\n", text.Count(int(l.Rejected), "row", "rows"))
	}
	return words
}
