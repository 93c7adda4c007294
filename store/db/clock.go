package db

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/police-ict/handover/store/fault"
)

// clockSlack is how far a machine's clock may be corrected without a word.
// clockTrust is how long a larger step is not followed: then it is believed.
const (
	clockSlack = 2 * time.Minute
	clockTrust = 10 * time.Minute
)

// steadyClock is the machine's clock, held to the time that really passed
// since it was last believed. A step is seen, not followed at once, and followed
// after clockTrust, so that no deadline stands still for ever.
type steadyClock struct {
	mu      sync.Mutex
	read    func() (wall time.Time, passed time.Duration) // passed never steps
	wall    time.Time                                     // when the clock was last believed
	at      time.Duration
	stepped time.Duration // when a step was first seen, 0 while there is none
	by      time.Duration
}

func newSteadyClock(read func() (time.Time, time.Duration)) *steadyClock {
	c := &steadyClock{read: read}
	c.wall, c.at = read()
	return c
}

// machineClock reads the machine's clock and the time since the program began.
func machineClock() func() (time.Time, time.Duration) {
	began := time.Now()
	return func() (time.Time, time.Duration) { now := time.Now(); return now.Round(0), now.Sub(began) }
}

// now is the instant as far as the clock is believed.
func (c *steadyClock) now() time.Time {
	wall, passed := c.read()
	c.mu.Lock()
	defer c.mu.Unlock()
	should := c.wall.Add(passed - c.at)
	c.by = wall.Sub(should)
	switch {
	case c.by.Abs() <= clockSlack:
		c.wall, c.at, c.stepped, c.by = wall, passed, 0, 0
		return wall
	case c.stepped == 0:
		c.stepped = passed
	case passed-c.stepped >= clockTrust:
		c.wall, c.at, c.stepped, c.by = wall, passed, 0, 0
		return wall
	}
	return should
}

// fault says in one sentence that the clock stepped, nil where it did not.
func (c *steadyClock) fault() error {
	c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stepped == 0 {
		return nil
	}
	how := "ahead"
	if c.by < 0 {
		how = "back"
	}
	return fmt.Errorf("the machine’s clock stepped %s by %s: set it right; it is believed after %s", how, c.by.Abs().Round(time.Second), clockTrust)
}

// sound is what a running portal watches beside its tables: the machine's clock,
// the file that it opened, and whether what is written reaches the disk.
type sound struct {
	mu     sync.Mutex
	clock  *steadyClock
	file   os.FileInfo // as opened, nil where it is no file
	failed error       // of the last write that found no room
	at     time.Time   // when it did
}

// fullTime is how long a disk is held to be full after a write found no room: a
// small write may still fit where a large one does not.
const fullTime = time.Minute

var watched Slot[sound]

// Fault is what is wrong around the database, in one sentence: the clock
// stepped, the file was moved away or the last write found no room.
func (tx *Tx) Fault() error {
	w := watched.Of(tx)
	if w.clock != nil {
		if err := w.clock.fault(); err != nil {
			return err
		}
	}
	if err := tx.gone(); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failed
}

// gone says in one sentence that the file that was opened was moved away, nil
// where it was not.
func (tx *Tx) gone() error {
	file := watched.Of(tx).file
	if file == nil {
		return nil
	}
	if now, err := os.Stat(tx.Options.Database); err == nil && os.SameFile(file, now) {
		return nil
	}
	return fault.Unavailable.Errorf("The database file has been moved, so nothing was recorded. Tell whoever runs this service.")
}

// wrote notes how a write ended.
func (tx *Tx) wrote(err error) error {
	w := watched.Of(tx)
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case errors.Is(err, errFull):
		w.failed, w.at = err, tx.Now()
	case err == nil && tx.Now().Sub(w.at) > fullTime:
		w.failed = nil
	}
	return err
}
