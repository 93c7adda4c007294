// Handover is the portal of the police ICT company: who owns it on any day,
// how far its handover to the commissioners has come, and by what authority.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/police-ict/handover/web/serve"
)

// commands is the whole command line.
type commands struct {
	Serve   serveCommand   `cmd:"" set:"database=handover.db" help:"Run the portal."`
	Demo    demoCommand    `cmd:"" set:"database=" help:"Run the demonstration, with invented data in a file of its own."`
	Verify  verifyCommand  `cmd:"" set:"database=handover.db" help:"Check the record and every row of a database."`
	Backup  backupCommand  `cmd:"" set:"database=handover.db" help:"Copy the database into a new file while the portal runs."`
	Restore restoreCommand `cmd:"" set:"database=handover.db" help:"Restore a backup in place of a missing database."`
	Load    struct {
		Spend loadSpendCommand `cmd:"" help:"Load files of published spend."`
	} `cmd:"" set:"database=handover.db" help:"Load published files."`
	Export struct {
		Spend exportSpendCommand `cmd:"" help:"Write all published payments into a new file."`
	} `cmd:"" set:"database=handover.db" help:"Write what is published into files."`
	Person struct {
		Add    personAddCommand    `cmd:"" help:"Add a person and print an invitation."`
		Invite personInviteCommand `cmd:"" help:"Print a new invitation for someone who lost theirs or forgot their password."`
		List   personListCommand   `cmd:"" help:"List the people."`
	} `cmd:"" set:"database=handover.db" help:"Add and list people."`
	Office struct {
		Give officeGiveCommand `cmd:"" help:"Give a person a role at a body."`
		End  officeEndCommand  `cmd:"" help:"End a role where nobody at the body can agree to it."`
		List officeListCommand `cmd:"" help:"List who holds a role at a body."`
	} `cmd:"" set:"database=handover.db" help:"Give, end and list roles."`
}

// Where says which database is meant, and whose.
type Where struct {
	Database  string `default:"${database}" env:"HANDOVER_DATABASE" placeholder:"FILE" help:"SQLite file, or postgres:// address. Default: ${database}"`
	RecordKey string `env:"HANDOVER_RECORD_KEY" placeholder:"FILE" help:"File with the key that signs the record. Created on the first start. Default: beside the database."`
	PublicURL string `name:"public-url" env:"HANDOVER_PUBLIC_URL" placeholder:"URL" help:"Address that people use, like https://portal.example.org. Becomes the name of a new record."`
}

// ServeOptions are the settings of a portal that runs.
type ServeOptions struct {
	Where
	Addr string `default:"localhost:8080" env:"HANDOVER_ADDR" help:"Host and port to listen on."`
	Over string `name:"decision-over" default:"100000" env:"HANDOVER_DECISION_OVER" placeholder:"POUNDS" help:"List payments without a decision from this amount."`
	ContactOptions
	TrustProxy []string `env:"HANDOVER_TRUST_PROXY" placeholder:"CIDR" help:"Network of a trusted proxy, whose X-Forwarded-For is used. Can be repeated."`
	Security   string   `name:"security-contact" env:"HANDOVER_SECURITY_CONTACT" placeholder:"ADDRESS" help:"Where to report a security problem: an email address, or a page that begins with https://. Shown in /.well-known/security.txt."`
}

// ContactOptions say where readers write to, for the pages on contact, problems
// and accessibility.
type ContactOptions struct {
	ContactName  string `env:"HANDOVER_CONTACT_NAME" placeholder:"NAME" help:"Who answers readers. Default: the company secretary."`
	ContactEmail string `env:"HANDOVER_CONTACT_EMAIL" placeholder:"ADDRESS" help:"Email address for readers."`
	ContactPost  string `env:"HANDOVER_CONTACT_POST" placeholder:"ADDRESS" help:"Postal address for readers, on one line."`
	ContactPhone string `env:"HANDOVER_CONTACT_PHONE" placeholder:"NUMBER" help:"Telephone number for readers."`
}

// contact is what the settings say, with the email address checked.
func (o ContactOptions) contact() (serve.Contact, error) {
	c := serve.Contact{Name: o.ContactName, Email: o.ContactEmail, Post: o.ContactPost, Phone: o.ContactPhone}
	if a, err := mail.ParseAddress(c.Email); c.Email != "" && (err != nil || a.Address != c.Email) {
		return c, misusef("--contact-email %s is not an email address: enter one like help@example.org", c.Email)
	}
	return c, nil
}

// DemoOptions are the settings of a demonstration.
type DemoOptions struct {
	ServeOptions
	Today string `default:"2013-01-14" placeholder:"DAY" help:"First day of the demonstration."`
}

type serveCommand struct {
	ServeOptions
	MailOptions
}

func (c *serveCommand) Run(ctx context.Context, out io.Writer) error {
	return runServe(ctx, c.ServeOptions, c.MailOptions, out)
}

type demoCommand struct{ DemoOptions }

func (c *demoCommand) Run(ctx context.Context, out io.Writer) error {
	return runDemo(ctx, c.DemoOptions, out)
}

// A misuse is a command line that cannot be meant.
type misuse struct{ error }

func misusef(format string, args ...any) error { return misuse{fmt.Errorf(format, args...)} }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run does what the arguments ask for and returns the program's exit code: 0,
// 1 for a failure or 2 for a command line that cannot be meant.
func run(ctx context.Context, args []string, out, problems io.Writer) int {
	err := command(ctx, args, out)
	if err == nil {
		return 0
	}
	fmt.Fprintln(problems, "handover: "+strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; "))
	if _, ok := errors.AsType[misuse](err); ok {
		return 2
	}
	return 1
}

func command(ctx context.Context, args []string, out io.Writer) error {
	parser, err := kong.New(&commands{}, kong.Name("handover"),
		kong.Description("The portal of the police ICT company. Set options by flag or by the variable named beside each."),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.BindTo(out, (*io.Writer)(nil)))
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return misusef("%w: run “handover --help” for a list", err)
	}
	return parsed.Run()
}
