// Package story tells the sample story of a demonstration: invented people of
// real bodies act through the store’s own writes, each act at its own instant.
package story

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/sheet"
	"github.com/police-ict/handover/store/text"
)

// storyClock is the clock of a demonstration. It stands still while the story
// is told, and runs on from there.
type storyClock struct {
	mu    sync.Mutex
	at    time.Time // what the clock showed
	since time.Time // when it showed it; zero while it stands still
}

func (c *storyClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since.IsZero() {
		return c.at
	}
	return c.at.Add(time.Since(c.since))
}

// stand stops the clock at an instant, never before what it has shown.
func (c *storyClock) stand(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.at) {
		c.at = at
	}
	c.since = time.Time{}
}

// run lets the clock run on.
func (c *storyClock) run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.since = time.Now()
}

// Demonstration is the sample story over a database of its own.
type Demonstration struct {
	*teller
	clock *storyClock
	mu    sync.Mutex
	told  int          // how many dates of the story are over
	files []sampleFile // not yet published, in order
	ahead <-chan *sheet.File
}

// First is the first day of the story, Last its last.
func First() civil.Day { return story[0].day }

// Last is the last day of the story.
func Last() civil.Day { return story[len(story)-1].day }

// Begin tells the story up to a day in a fresh database, and opens it for
// readers. It says what it does on out. An earlier demonstration gives way; any
// other database is refused.
func Begin(ctx context.Context, o db.Options, today civil.Day, out io.Writer) (*db.Tx, *Demonstration, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // nobody waits for memory while the story is told
	if err := store.ClearDemo(ctx, o); err != nil {
		return nil, nil, err
	}
	began := time.Now()
	fmt.Fprintf(out, "Setting up the sample story up to %s\n", today)
	d := &Demonstration{teller: &teller{people: map[string]int64{}, refs: map[string]string{}, matters: map[string]string{}, meetings: map[string]int64{}}, clock: &storyClock{at: story[0].instant()}, files: slices.Collect(sampleFiles())}
	o.Demo, o.Scratch, o.Now = true, true, d.clock.now
	tx, err := store.Open(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	d.store = tx
	if err := d.tellUpTo(ctx, today, out); err != nil {
		return nil, nil, errors.Join(err, tx.Close())
	}
	if err := tx.Close(); err != nil {
		return nil, nil, err
	}
	o.Scratch = false
	if d.store, err = store.Open(ctx, o); err != nil {
		return nil, nil, err
	}
	d.clock.stand(today.Start().Add(12 * time.Hour))
	d.clock.run()
	fmt.Fprintf(out, "The sample story is ready (%s)\n", seconds(began))
	return d.store, d, nil
}

// seconds is how long it is since an instant, in words.
func seconds(began time.Time) string {
	return fmt.Sprintf("%.1f seconds", time.Since(began).Seconds())
}

// tellUpTo tells the story up to a day. Its acts are short, so that it is
// stopped between them: to watch for the end of a context during each
// statement costs about as much as the statement.
func (d *Demonstration) tellUpTo(ctx context.Context, today civil.Day, out io.Writer) error {
	looking, stop := context.WithCancel(ctx)
	defer stop()
	d.ahead = recognise(looking, d.files, today)
	for d.told < len(story) && story[d.told].day <= today {
		at, files, began := story[d.told], len(d.files), time.Now()
		if err := d.tell(ctx); err != nil {
			return err
		}
		with := ""
		if n := files - len(d.files); n > 0 {
			with = text.Count(n, "source file", "source files") + ", "
		}
		fmt.Fprintf(out, "%s: %s (%s%s)\n", at.day, at.what, with, seconds(began))
	}
	return nil
}

// recognise looks at the files that were published by a day in order, beside
// the story, so that each is recognised when its turn comes. A file that it
// cannot recognise is nil.
func recognise(ctx context.Context, files []sampleFile, today civil.Day) <-chan *sheet.File {
	found := make(chan *sheet.File, 4)
	go func() {
		defer close(found)
		for _, f := range files {
			if f.published > today {
				return
			}
			as, err := sheet.Recognise(bytes.NewReader(f.content), int64(len(f.content)), f.name, spend.MaxBytes)
			if err != nil {
				as = nil // whoever takes it in will see why
			}
			select {
			case found <- as:
			case <-ctx.Done():
				return
			}
		}
	}()
	return found
}

// tell tells the next date of the story, each act at its own instant, after
// the files that were published since the date before.
func (d *Demonstration) tell(ctx context.Context) error {
	at := story[d.told]
	if d.told > 0 { // nobody could take them in before
		if err := d.publish(ctx, at.day); err != nil {
			return err
		}
	}
	d.clock.stand(at.instant())
	if err := decisions.SettleAll(ctx, d.store); err != nil {
		return err
	}
	for i, act := range slices.Concat(at.acts, scrutinyOn[at.day], committeeOn[at.day]) {
		d.clock.stand(at.instant().Add(time.Duration(i) * 3 * time.Minute))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := act(context.WithoutCancel(ctx), d.teller); err != nil {
			return fmt.Errorf("the story of %s, act %d: %w", at.day, i+1, err)
		}
	}
	d.told++
	return nil
}

// publish takes in the files that were published up to a day, each on its own.
func (d *Demonstration) publish(ctx context.Context, day civil.Day) error {
	for len(d.files) > 0 && d.files[0].published <= day {
		f := d.files[0]
		d.files = d.files[1:]
		d.clock.stand(f.published.Start().Add(8 * time.Hour))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := takesIn("officer", f, <-d.ahead)(context.WithoutCancel(ctx), d.teller); err != nil {
			return fmt.Errorf("the file %s: %w", f.name, err)
		}
	}
	return nil
}

// Next is the next date of the story. After its last date, it is a week later.
func (d *Demonstration) Next() (civil.Day, string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.next()
}

func (d *Demonstration) next() (civil.Day, string) {
	if d.told == len(story) {
		return civil.DayOf(d.clock.now()).Add(7), "A week later. What happens is up to you"
	}
	return story[d.told].day, story[d.told].what
}

// Forward moves the clock to the next date and tells what happens then. What
// a reader has made impossible meanwhile does not happen.
func (d *Demonstration) Forward(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lenient = true
	defer d.clock.run()
	day, _ := d.next()
	if d.told < len(story) {
		if err := d.tell(ctx); err != nil {
			return err
		}
	}
	d.clock.stand(day.Start().Add(12 * time.Hour))
	return decisions.SettleAll(ctx, d.store)
}

// An Account is a sample person whom a reader may sign in as.
type Account struct {
	Person           int64
	Name, Body, What string
}

// Accounts are the sample people who hold an office on the day.
func (d *Demonstration) Accounts() (all []Account) {
	names, err := register.ReadNames(context.Background(), d.store, record.When{})
	if err != nil {
		return nil // the page that asks will say so
	}
	for _, s := range accounts() {
		person, ok := d.person(s.key)
		if !ok {
			continue
		}
		v, err := people.ViewerOf(context.Background(), d.store, person, 0)
		if err != nil {
			continue // holds no office on the day
		}
		all = append(all, Account{Person: person, Name: v.Name, Body: names.Of(v.Office.Body), What: s.what})
	}
	return all
}
