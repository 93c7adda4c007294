package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

type verifyCommand struct {
	Database   string   `default:"${database}" env:"HANDOVER_DATABASE" placeholder:"FILE" help:"SQLite file, or postgres:// address. Default: ${database}"`
	JSON       bool     `name:"json" help:"Print one line of JSON."`
	Checkpoint []string `placeholder:"FILE" help:"Saved checkpoint, from /record/checkpoint, that the record must still contain. Can be repeated."`
}

func (c *verifyCommand) Run(ctx context.Context, out io.Writer) error {
	var saved []string
	for _, file := range c.Checkpoint {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("the saved checkpoint %s cannot be read: check its name", file)
		}
		saved = append(saved, string(text))
	}
	v, err := store.VerifyDatabase(ctx, c.Database, saved...)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := json.NewEncoder(out).Encode(verdictOf(v)); err != nil {
			return err
		}
	}
	if !v.OK() {
		return fmt.Errorf("the record failed the check: %s", v.Fault)
	}
	if c.JSON {
		return nil
	}
	fmt.Fprintf(out, "The record passed the check: %s and %s agree.\nRoot: %s\nSigned with: %s\n",
		text.Count(int(v.Events), "entry", "entries"), text.Count(v.Rows, "row", "rows"), v.Root, v.Key)
	for i, size := range v.Against {
		fmt.Fprintf(out, "It contains all %s of %s.\n", text.Count(int(size), "entry", "entries"), c.Checkpoint[i])
	}
	for _, what := range v.NotRun {
		fmt.Fprintf(out, "Not checked: %s.\n", what)
	}
	fmt.Fprintln(out, "Not checked, because it is not in the record:")
	for _, u := range v.Unheld {
		fmt.Fprintf(out, "  %s: %s.\n", u.Name(), u.Why)
	}
	return nil
}

// verdictLine is what --json prints.
type verdictLine struct {
	Holds  bool         `json:"holds"`
	Fault  string       `json:"fault,omitempty"`
	Events int64        `json:"events"`
	Rows   int          `json:"rows"`
	Root   string       `json:"root"`
	Key    string       `json:"key"`
	Saved  []int64      `json:"checkpoints"` // sizes of the saved checkpoints that it was held to
	NotRun []string     `json:"not_checked"`
	Unheld []unheldLine `json:"not_held"`
}

type unheldLine struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

func verdictOf(v record.Verdict) verdictLine {
	line := verdictLine{v.OK(), v.Fault, v.Events, v.Rows, v.Root, v.Key, append([]int64{}, v.Against...), append([]string{}, v.NotRun...), nil}
	for _, u := range v.Unheld {
		line.Unheld = append(line.Unheld, unheldLine{u.Name(), u.Why})
	}
	return line
}

type backupCommand struct {
	Where
	To string `arg:"" help:"File to write."`
}

func (c *backupCommand) Run(ctx context.Context, out io.Writer) error {
	o, err := c.options("")
	if err != nil {
		return err
	}
	made, err := store.Backup(ctx, o, c.To)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s contains %s (%s kB).\n", c.To, text.Count(int(made.Events), "entry", "entries"), text.Thousands((made.Bytes+1023)>>10))
	fmt.Fprintf(out, "The record key is not in the backup. Keep a copy of %s in another, safe place.\n", made.Key)
	return nil
}

type restoreCommand struct {
	Where
	From string `arg:"" help:"Backup to restore."`
}

func (c *restoreCommand) Run(ctx context.Context, out io.Writer) error {
	o, err := c.options("")
	if err != nil {
		return err
	}
	v, err := store.Restore(ctx, o, c.From)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s has been restored and checked: %s.\n", c.Database, text.Count(int(v.Events), "entry", "entries"))
	fmt.Fprintf(out, "To start the portal you need its record key in %s.\n", o.KeyFile())
	return nil
}

type personAddCommand struct {
	Where
	Name  string `required:"" help:"Name of the person."`
	Email string `required:"" help:"Email address, to sign in with."`
}

// Run makes a database that is not there yet: the first person may be added
// before the first start.
func (c *personAddCommand) Run(ctx context.Context, out io.Writer) error {
	u, err := publicURL(c.PublicURL, "localhost:8080")
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
	_, token, err := people.Add(ctx, tx, office.CommandLine, c.Name, c.Email)
	if err == nil {
		invited(out, strings.TrimSpace(c.Name), "added", u, token)
	}
	return errors.Join(err, tx.Close())
}

type personInviteCommand struct {
	Where
	Email string `required:"" help:"Email address of the person."`
}

// Run is the way back for an administrator who lost their password.
func (c *personInviteCommand) Run(ctx context.Context, out io.Writer) error {
	u, err := publicURL(c.PublicURL, "localhost:8080")
	if err != nil {
		return err
	}
	return c.with(ctx, func(tx *db.Tx) error {
		p, err := people.FindByEmail(ctx, tx, c.Email)
		if err != nil {
			return err
		}
		token, _, err := people.Invite(ctx, tx, office.CommandLine, p.ID)
		if err == nil {
			invited(out, p.Name, "invited again", u, token)
		}
		return err
	})
}

func invited(out io.Writer, name, what string, portal *url.URL, token string) {
	fmt.Fprintf(out, "%s is %s. This invitation works once, within 72 hours, and is not shown again:\n%s/invitations/%s\n", name, what, portal, token)
}

type personListCommand struct{ Where }

func (c *personListCommand) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(tx *db.Tx) error {
		var last people.Person
		for {
			page, err := people.People(ctx, tx, "", last, 200)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, p := range page {
				fmt.Fprintln(out, personLine(p))
			}
			last = page[len(page)-1]
		}
	})
}

func personLine(p people.Person) string {
	switch {
	case p.Name == "":
		return fmt.Sprintf("%d\t(erased)", p.ID)
	case !p.Ready:
		return fmt.Sprintf("%d\t%s\t%s\tno password yet", p.ID, p.Name, p.Email)
	}
	return fmt.Sprintf("%d\t%s\t%s", p.ID, p.Name, p.Email)
}

type officeGiveCommand struct {
	Where
	Email  string `required:"" help:"Email address of the person."`
	Body   string `required:"" help:"Body, as in the address of its page: company, home-office, kent."`
	Kind   string `required:"" help:"Type of role, which decides what it can do: administrator, company-secretary, official and so on."`
	Title  string `required:"" help:"Title of the role."`
	Seat   int64  `help:"Seat of a director, from 1 to 100."`
	From   string `required:"" placeholder:"DAY" help:"First day, like 2012-11-22."`
	To     string `placeholder:"DAY" help:"Last day. Default: none."`
	Acting bool   `help:"The person fills the role temporarily."`
}

func (c *officeGiveCommand) Run(ctx context.Context, out io.Writer) error {
	a, err := c.appointment()
	if err != nil {
		return err
	}
	return c.with(ctx, func(tx *db.Tx) error {
		p, err := people.FindByEmail(ctx, tx, c.Email)
		if err != nil {
			return err
		}
		a.Person = p.ID
		id, err := people.Appoint(ctx, tx, office.CommandLine, a)
		if err != nil {
			return err
		}
		made, err := office.FindAppointment(ctx, tx, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: %s, %s, from %s: %s.\n", p.Name, made.Office.Title, office.ShortName(made.Office.Body), made.From, made.State(civil.DayOf(tx.Now())))
		if made.Status == office.Proposed {
			fmt.Fprintf(out, "It takes effect when a second person at %s confirms it.\n", office.ShortName(made.Office.Body))
		}
		return nil
	})
}

// appointment is what the flags ask for. What they cannot mean is a misuse;
// what may not be is for the store to say.
func (c *officeGiveCommand) appointment() (a office.Appointment, err error) {
	kind := office.Kind(strings.ReplaceAll(c.Kind, "-", " "))
	if !slices.Contains(office.Kinds, kind) {
		return a, misusef("--kind %s is not a type of role: choose one of %s", c.Kind, kindList())
	}
	body, ok := office.BodyOf(c.Body)
	if !ok {
		return a, misusef("--body %s is not a body: use the name in the address of its page, like company, home-office or kent", c.Body)
	}
	a = office.Appointment{Office: office.Office{Body: body.Slug, Kind: kind, Title: c.Title, Seat: c.Seat}, Acting: c.Acting}
	if a.From, err = dayOf("from", c.From); err != nil || c.To == "" {
		return a, err
	}
	a.To, err = dayOf("to", c.To)
	return a, err
}

func kindList() string {
	var all []string
	for _, k := range office.Kinds {
		all = append(all, strings.ReplaceAll(string(k), " ", "-"))
	}
	return strings.Join(all, ", ")
}

func dayOf(flag, text string) (civil.Day, error) {
	d, err := civil.ParseDay(text)
	if err != nil {
		return "", misusef("--%s %s is not a date: write it like 2012-11-22", flag, text)
	}
	return d, nil
}

type officeEndCommand struct {
	Where
	Appointment int64  `required:"" help:"Number of the appointment, from 'handover office list'."`
	Last        string `required:"" placeholder:"DAY" help:"Last day, like 2012-11-22. Yesterday ends it now."`
}

// Run is the way out of an emergency at a body that has no second person.
func (c *officeEndCommand) Run(ctx context.Context, out io.Writer) error {
	last, err := dayOf("last", c.Last)
	if err != nil {
		return err
	}
	return c.with(ctx, func(tx *db.Tx) error {
		if _, err := people.EndAppointment(ctx, tx, office.CommandLine, c.Appointment, last); err != nil {
			return err
		}
		a, err := office.FindAppointment(ctx, tx, c.Appointment)
		if err == nil {
			fmt.Fprintf(out, "%s: the last day of %s is %s.\n", a.Name, a.Office.Title, a.To)
		}
		return err
	})
}

type officeListCommand struct {
	Where
	Body string `required:"" help:"Body, as in the address of its page: company, home-office, kent."`
}

func (c *officeListCommand) Run(ctx context.Context, out io.Writer) error {
	body, ok := office.BodyOf(c.Body)
	if !ok {
		return misusef("--body %s is not a body: use the name in the address of its page, like company, home-office or kent", c.Body)
	}
	return c.with(ctx, func(tx *db.Tx) error {
		all, err := office.AppointmentsAt(ctx, tx, body.Slug)
		for _, a := range all {
			term := "from " + a.From.String()
			if a.To != "" {
				term += " to " + a.To.String()
			}
			fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\tappointment %d\n", a.Office.Title, a.Office.Kind, a.Name, term, a.State(civil.DayOf(tx.Now())), a.ID)
		}
		return err
	})
}

// with runs fn over a database that is there already: a name mistyped makes
// no new one.
func (w Where) with(ctx context.Context, fn func(*db.Tx) error) error {
	o, err := w.options("")
	if err != nil {
		return err
	}
	tx, err := store.OpenExisting(ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(fn(tx), tx.Close())
}
