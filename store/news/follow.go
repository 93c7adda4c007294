package news

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/outbox"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
)

// Follow is something that a person wants to hear of by mail.
type Follow struct {
	ID      int64
	Person  int64
	Subject string // "decision/2012-014", "body/kent", or the address of a list
	List    string // "/decisions" where things of a list are followed
	Filter  string // JSON of what the list is asked for
	Title   string
	Href    string
	Token   string // ends it without signing in
	Since   int64  // the last event when it began
	MadeAt  time.Time
}

// FollowsMost is how many things a person can follow.
const FollowsMost = 200

const followCols = `f.id, f.person, f.subject, f.list, f.filter, f.title, f.href, f.token, f.since, f.made_at`

func scanFollow(r db.Row) (f Follow, err error) {
	return f, r.Scan(&f.ID, &f.Person, &f.Subject, &f.List, &f.Filter, &f.Title, &f.Href, &f.Token, &f.Since, (*db.Stamp)(&f.MadeAt))
}

// StopHref is the page that ends the follow without signing in.
func (f Follow) StopHref() string { return "/unsubscribe/" + f.Token }

// followable finds what can be followed under a reference of one kind, as
// anyone may see it: its title, its page and the list that it makes.
type followable func(ctx context.Context, tx *db.Tx, rest string) (Follow, error)

// followables are the kinds of things that can be followed.
var followables = map[string]followable{
	"decision":       followDecision,
	"question":       followCharge(scrutiny.ChargeQuestion),
	"recommendation": followCharge(scrutiny.ChargeRecommendation, scrutiny.ChargeUndertaking),
	"body":           followBody,
	"supplier":       followSupplier,
}

func followDecision(ctx context.Context, tx *db.Tx, rest string) (f Follow, err error) {
	d, err := decisions.Find(ctx, tx, office.Viewer{}, rest)
	if err == nil && d.Ref != rest {
		err = decisions.ErrNone // it has a reference by now
	}
	return Follow{Title: "Decision " + d.Ref + ": " + d.Title, Href: d.Href()}, err
}

func followCharge(kinds ...string) followable {
	return func(ctx context.Context, tx *db.Tx, rest string) (Follow, error) {
		c, err := scrutiny.FindChargeOf(ctx, tx, rest, kinds...)
		return Follow{Title: c.Name(), Href: c.Href()}, err
	}
}

func followBody(ctx context.Context, tx *db.Tx, rest string) (Follow, error) {
	b, ok := office.BodyOf(rest)
	if !ok || b.Slug != rest {
		return Follow{}, fault.NotFound.Errorf("There is no such body.")
	}
	names, err := register.ReadNames(ctx, tx, record.When{})
	return Follow{Title: names.Of(b.Slug), Href: "/bodies/" + b.Slug}, err
}

// followSupplier follows the supplier itself, and the payments to it.
func followSupplier(ctx context.Context, tx *db.Tx, rest string) (Follow, error) {
	p, err := report.ReadSupplier(ctx, tx, rest, payments.Filter{})
	if err != nil {
		return Follow{}, err
	}
	filter, err := payments.Filter{Supplier: p.Slug}.Kept()
	return Follow{Title: p.Name, Href: "/suppliers/" + p.Slug, List: "/spend", Filter: filter}, err
}

// A FollowedList tells whether a thing is in a list that is asked for as the
// filter says, so that anyone sees it there.
type followedList struct {
	title string
	holds func(ctx context.Context, tx *db.Tx, filter, id string) (bool, error)
}

// followedLists are the lists that can be followed, by address. A subject with
// a list adds its line here; web reads its filter from an address.
var followedLists = map[string]followedList{
	"/decisions":       {"Decisions", decisionListed},
	"/questions":       {"Questions", questionListed},
	"/recommendations": {"Recommendations", recommendationListed},
	"/spend":           {"Published spend", loadListed},
}

func decisionListed(ctx context.Context, tx *db.Tx, filter, id string) (bool, error) {
	var f decisions.Filter
	if json.Unmarshal([]byte(filter), &f) != nil {
		return false, nil // of a version that kept it otherwise: it keeps no other news from being told
	}
	f.Before, f.Draft = "", false
	w, err := decisions.Where(ctx, tx, office.Viewer{}, f)
	if err != nil {
		return false, err
	}
	w.Add("d.ref = ?", id)
	_, found, err := db.Maybe(ctx, tx, db.ScanInto[int64], `SELECT d.id FROM decisions d`+w.String(), w.Args...)
	return found, err
}

func questionListed(ctx context.Context, tx *db.Tx, filter, ref string) (bool, error) {
	var f scrutiny.QuestionFilter
	if json.Unmarshal([]byte(filter), &f) != nil {
		return false, nil // as for decisions
	}
	f.Before = ""
	for _, part := range f.Parts() {
		w, err := scrutiny.QuestionsWhere(ctx, tx, part)
		if err != nil {
			return false, err
		}
		w.Add("q.ref = ?", ref)
		_, found, err := db.Maybe(ctx, tx, db.ScanInto[string], `SELECT q.ref FROM questions q`+w.String(), w.Args...)
		if err != nil || found {
			return found, err
		}
	}
	return false, nil
}

func recommendationListed(ctx context.Context, tx *db.Tx, filter, ref string) (bool, error) {
	var f scrutiny.RecommendationFilter
	if json.Unmarshal([]byte(filter), &f) != nil {
		return false, nil // as for decisions
	}
	f.Before = ""
	w := &db.Clauses{}
	if err := scrutiny.RecommendationsWhere(ctx, tx, f, w); err != nil {
		return false, err
	}
	w.Add("r.ref = ?", ref)
	_, found, err := db.Maybe(ctx, tx, db.ScanInto[string], `SELECT r.ref FROM recommendations r`+w.String(), w.Args...)
	return found, err
}

// loadListed reports whether a file of spend brought payments to a list.
func loadListed(ctx context.Context, tx *db.Tx, filter, id string) (found bool, err error) {
	var k payments.KeptFilter
	if json.Unmarshal([]byte(filter), &k) != nil {
		return false, nil // as for decisions
	}
	f := k.Filter
	f.From, f.To = civil.Month(k.From), civil.Month(k.To)
	err = spend.WithCube(ctx, tx, func(tx *db.Tx, c *spend.Cube) error {
		sc, err := c.Scope(tx, f)
		if fault.KindOf(err) == fault.Invalid {
			return nil // the supplier is there no more
		}
		if err != nil {
			return err
		}
		for _, l := range c.Loads {
			if fmt.Sprint(l.ID) == id && sc.Bodies[l.Index] {
				sc.EachFine(l, func(spend.Fine) { found = true })
			}
		}
		return nil
	})
	return found, err
}

// listTitle names a list with what it is asked for.
func listTitle(name string, q url.Values) string {
	var parts []string
	for key, values := range q {
		parts = append(parts, key+" "+strings.Join(values, " or "))
	}
	if len(parts) == 0 {
		return name
	}
	slices.Sort(parts)
	return outbox.HeaderLine(name+": "+strings.Join(parts, ", "), 150)
}

// StartFollow lets a person follow a thing, by its reference, or a list, by its
// address and the filter that web read from it. Doing it twice is doing it once.
func StartFollow(ctx context.Context, tx *db.Tx, by office.Viewer, subject, filter string) (f Follow, err error) {
	switch {
	case by.Person == 0:
		return f, fault.Forbidden.Errorf("Sign in to follow by email.")
	case !tx.Options.Mail:
		return f, fault.Conflict.Errorf("This portal does not send email. Use the feed of the page instead.")
	}
	if f, err = followed(ctx, tx, subject, filter); err != nil {
		return f, err
	}
	f.Person, f.Subject, f.Token = by.Person, subject, rand.Text()+rand.Text()
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		n, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COUNT(*) FROM follows WHERE person = $1`, by.Person)
		if err != nil {
			return err
		}
		if n >= FollowsMost {
			return fault.Conflict.Errorf("You already follow %d pages. Stop following one of them first.", FollowsMost)
		}
		_, err = tx.Exec(ctx, `INSERT INTO follows (person, subject, list, filter, title, href, token, since, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (person, subject) DO NOTHING`, f.Person, f.Subject, f.List, f.Filter, outbox.HeaderLine(f.Title, 200), f.Href, f.Token, record.NextEvent(tx)-1, db.Stamp(tx.Now()))
		return err
	})
	return f, err
}

// followed finds what a reference or the address of a list leads to.
func followed(ctx context.Context, tx *db.Tx, subject, filter string) (f Follow, err error) {
	none := fault.NotFound.Errorf("This page cannot be followed.")
	if len(subject) > 1000 {
		return f, none
	}
	if strings.HasPrefix(subject, "/") {
		u, err := url.Parse(subject)
		if err != nil {
			return f, none
		}
		l, ok := followedLists[u.Path]
		if !ok || filter == "" {
			return f, none
		}
		return Follow{List: u.Path, Filter: filter, Title: listTitle(l.title, u.Query()), Href: subject}, nil
	}
	kind, rest, _ := strings.Cut(subject, "/")
	find, ok := followables[kind]
	if !ok {
		return f, none
	}
	err = tx.Read(ctx, func(tx *db.Tx) error { f, err = find(ctx, tx, rest); return err })
	return f, err
}

// Following lists what a person follows, newest first.
func Following(ctx context.Context, tx *db.Tx, person int64) ([]Follow, error) {
	return db.List(ctx, tx, scanFollow, `SELECT `+followCols+` FROM follows f WHERE f.person = $1 ORDER BY f.id DESC`, person)
}

// EndFollow ends one of the own follows. What waits to be sent of it is dropped.
func EndFollow(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		f, err := db.One(ctx, tx, scanFollow, `SELECT `+followCols+` FROM follows f WHERE f.id = $1 AND f.person = $2`, id, by.Person)
		if err != nil {
			return err
		}
		return endFollow(ctx, tx, f)
	})
}

var followOver = fault.NotFound.Errorf("You have already stopped these emails.")

// FollowOf finds the follow that a token of a mail ends.
func FollowOf(ctx context.Context, tx *db.Tx, token string) (Follow, error) {
	f, found, err := db.Maybe(ctx, tx, scanFollow, `SELECT `+followCols+` FROM follows f WHERE f.token = $1`, token)
	if err == nil && !found {
		err = followOver
	}
	return f, err
}

// Unsubscribe ends the follow of a token, for whoever holds the mail.
func Unsubscribe(ctx context.Context, tx *db.Tx, token string) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		f, err := FollowOf(ctx, tx, token)
		if err != nil {
			return err
		}
		return endFollow(ctx, tx, f)
	})
}

func endFollow(ctx context.Context, tx *db.Tx, f Follow) error {
	if err := outbox.DropFollowed(ctx, tx, f.Person, f.StopHref()); err != nil {
		return err
	}
	return tx.Change(ctx, `DELETE FROM follows WHERE id = $1`, f.ID)
}

// ForgetFollows erases what a person follows.
func ForgetFollows(ctx context.Context, tx *db.Tx, person int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM follows WHERE person = $1`, person)
	return err
}
