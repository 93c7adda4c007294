package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/police-ict/handover/store/story"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/views/page"
	"github.com/police-ict/handover/web/serve"
)

// demonstration is a sample story as web shows it.
type demonstration struct{ *story.Demonstration }

// Accounts are the sample people to sign in as.
func (d demonstration) Accounts() (all []page.SampleAccount) {
	for _, a := range d.Demonstration.Accounts() {
		all = append(all, page.SampleAccount(a))
	}
	return all
}

func runDemo(ctx context.Context, o DemoOptions, out io.Writer) error {
	today, err := civil.ParseDay(o.Today)
	if err != nil || today < story.First() || today > story.Last() {
		return misusef("the demonstration runs from %s to %s: enter a day between them with --today, like 2013-01-14", story.First(), story.Last())
	}
	return portal(ctx, o.ServeOptions, nil, out, func(ctx context.Context) (*db.Tx, serve.Story, string, error) {
		if o.Database == "" {
			dir, err := os.MkdirTemp("", "handover-demo-")
			if err != nil {
				return nil, nil, "", errors.New("a temporary file cannot be created for the demonstration: name one with --database")
			}
			o.Database = filepath.Join(dir, "demo.db")
		}
		options, err := o.options(o.Addr)
		if err != nil {
			return nil, nil, "", err
		}
		words := ", with the demonstration"
		if !strings.Contains(o.Database, "://") { // an address may hold a password
			words += ", kept in " + o.Database
		}
		tx, told, err := story.Begin(ctx, options, today, out)
		return tx, demonstration{told}, words, err
	})
}
