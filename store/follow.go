package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
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

func scanFollow(r row) (f Follow, err error) {
	return f, r.Scan(&f.ID, &f.Person, &f.Subject, &f.List, &f.Filter, &f.Title, &f.Href, &f.Token, &f.Since, (*stamp)(&f.MadeAt))
}

// StopHref is the page that ends the follow without signing in.
func (f Follow) StopHref() string { return "/unsubscribe/" + f.Token }

// followable finds what can be followed under a reference of one kind, as
// anyone may see it: its title, its page and the list that it makes.
type followable func(ctx context.Context, s *Store, rest string) (Follow, error)

// followables are the kinds of things that can be followed.
var followables = map[string]followable{
	"decision":       followDecision,
	"question":       followCharge(ChargeQuestion),
	"recommendation": followCharge(ChargeRecommendation, ChargeUndertaking),
	"body":           followBody,
	"supplier":       followSupplier,
}

func followDecision(ctx context.Context, s *Store, rest string) (f Follow, err error) {
	d, err := s.decision(ctx, Viewer{}, rest)
	if err == nil && d.Ref != rest {
		err = noDecision // it has a reference by now
	}
	return Follow{Title: "Decision " + d.Ref + ": " + d.Title, Href: d.Href()}, err
}

func followCharge(kinds ...string) followable {
	return func(ctx context.Context, s *Store, rest string) (Follow, error) {
		c, err := s.chargeOf(ctx, rest, kinds...)
		return Follow{Title: c.name(), Href: c.Href()}, err
	}
}

// name is the matter with its reference, in words.
func (c Charge) name() string { return Capital(c.Kind) + " " + c.Ref + ": " + c.Title }

// chargeOf finds the matter of a reference that is of one of some kinds.
func (s *Store) chargeOf(ctx context.Context, ref string, kinds ...string) (c Charge, err error) {
	for _, k := range kinds {
		if c, err = s.charge(ctx, k, ref); KindOf(err) != NotFound {
			return c, err
		}
	}
	return c, err
}

func followBody(_ context.Context, _ *Store, rest string) (Follow, error) {
	b, ok := BodyOf(rest)
	if !ok || b.Slug != rest {
		return Follow{}, NotFound.Errorf("There is no such body.")
	}
	return Follow{Title: b.Name, Href: "/bodies/" + b.Slug}, nil
}

// followSupplier follows the supplier itself, and the payments to it.
func followSupplier(ctx context.Context, s *Store, rest string) (Follow, error) {
	p, err := s.SupplierOf(ctx, rest, SpendFilter{})
	if err != nil {
		return Follow{}, err
	}
	filter, err := SpendFilter{Supplier: p.Slug}.Kept()
	return Follow{Title: p.Name, Href: "/suppliers/" + p.Slug, List: "/spend", Filter: filter}, err
}

// A FollowedList tells whether a thing is in a list that is asked for as the
// filter says, so that anyone sees it there.
type followedList struct {
	title string
	holds func(ctx context.Context, s *Store, filter, id string) (bool, error)
}

// followedLists are the lists that can be followed, by address. A subject with
// a list adds its line here; web reads its filter from an address.
var followedLists = map[string]followedList{
	"/decisions":       {"Decisions", decisionListed},
	"/questions":       {"Questions", questionListed},
	"/recommendations": {"Recommendations", recommendationListed},
	"/spend":           {"Published spend", loadListed},
}

func decisionListed(ctx context.Context, s *Store, filter, id string) (bool, error) {
	var f DecisionFilter
	if json.Unmarshal([]byte(filter), &f) != nil {
		return false, nil // of a version that kept it otherwise: it keeps no other news from being told
	}
	f.Before, f.Draft = "", false
	w, err := s.decisionsWhere(ctx, Viewer{}, f)
	if err != nil {
		return false, err
	}
	w.add("d.ref = ?", id)
	_, found, err := maybe(ctx, s, scanInto[int64], `SELECT d.id FROM decisions d`+w.String(), w.args...)
	return found, err
}

func questionListed(ctx context.Context, s *Store, filter, ref string) (bool, error) {
	var f QuestionFilter
	if json.Unmarshal([]byte(filter), &f) != nil {
		return false, nil // as for decisions
	}
	f.Before = ""
	for _, part := range f.parts() {
		w, err := s.questionsWhere(ctx, part)
		if err != nil {
			return false, err
		}
		w.add("q.ref = ?", ref)
		_, found, err := maybe(ctx, s, scanInto[string], `SELECT q.ref FROM questions q`+w.String(), w.args...)
		if err != nil || found {
			return found, err
		}
	}
	return false, nil
}

func recommendationListed(ctx context.Context, s *Store, filter, ref string) (bool, error) {
	var f RecommendationFilter
	if json.Unmarshal([]byte(filter), &f) != nil {
		return false, nil // as for decisions
	}
	f.Before = ""
	w := &clauses{}
	if err := s.recommendationsWhere(ctx, f, w); err != nil {
		return false, err
	}
	w.add("r.ref = ?", ref)
	_, found, err := maybe(ctx, s, scanInto[string], `SELECT r.ref FROM recommendations r`+w.String(), w.args...)
	return found, err
}

// keptSpend is a filter of spend as a follow keeps it: an open month is 0.
type keptSpend struct {
	SpendFilter
	From, To int
}

// Kept is the filter as a follow keeps it. Sums of rows are not looked for.
func (f SpendFilter) Kept() (string, error) {
	if f.Fine() {
		return "", Invalid.Errorf("A list of payments by amount or by flag cannot be followed: leave those out.")
	}
	b, err := json.Marshal(keptSpend{f, int(f.From), int(f.To)})
	return string(b), err
}

// loadListed reports whether a file of spend brought payments to a list.
func loadListed(ctx context.Context, s *Store, filter, id string) (found bool, err error) {
	var k keptSpend
	if json.Unmarshal([]byte(filter), &k) != nil {
		return false, nil // as for decisions
	}
	f := k.SpendFilter
	f.From, f.To = Month(k.From), Month(k.To)
	err = s.spend(ctx, func(s *Store, c *cube) error {
		sc, err := c.scope(s, f)
		if KindOf(err) == Invalid {
			return nil // the supplier is there no more
		}
		if err != nil {
			return err
		}
		for _, l := range c.loads {
			if fmt.Sprint(l.ID) == id && sc.bodies[l.body] {
				sc.eachFine(l, func(fine) { found = true })
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
	return headerLine(name+": "+strings.Join(parts, ", "), 150)
}

// StartFollow lets a person follow a thing, by its reference, or a list, by its
// address and the filter that web read from it. Doing it twice is doing it once.
func (s *Store) StartFollow(ctx context.Context, by Viewer, subject, filter string) (f Follow, err error) {
	switch {
	case by.Person == 0:
		return f, Forbidden.Errorf("Sign in to follow something by mail.")
	case !s.options.Mail:
		return f, Conflict.Errorf("The portal sends no mail. Follow the feed of this page instead.")
	}
	if f, err = s.followed(ctx, subject, filter); err != nil {
		return f, err
	}
	f.Person, f.Subject, f.Token = by.Person, subject, rand.Text()+rand.Text()
	err = s.write(ctx, func(s *Store) error {
		n, err := one(ctx, s, scanInto[int64], `SELECT COUNT(*) FROM follows WHERE person = $1`, by.Person)
		if err != nil {
			return err
		}
		if n >= FollowsMost {
			return Conflict.Errorf("You follow %d things already: end one of them first.", FollowsMost)
		}
		_, err = s.exec(ctx, `INSERT INTO follows (person, subject, list, filter, title, href, token, since, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (person, subject) DO NOTHING`, f.Person, f.Subject, f.List, f.Filter, headerLine(f.Title, 200), f.Href, f.Token, s.NextEvent()-1, stamp(s.Now()))
		return err
	})
	return f, err
}

// followed finds what a reference or the address of a list leads to.
func (s *Store) followed(ctx context.Context, subject, filter string) (f Follow, err error) {
	none := NotFound.Errorf("There is nothing here that can be followed.")
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
	err = s.read(ctx, func(s *Store) error { f, err = find(ctx, s, rest); return err })
	return f, err
}

// Following lists what a person follows, newest first.
func (s *Store) Following(ctx context.Context, person int64) ([]Follow, error) {
	return list(ctx, s, scanFollow, `SELECT `+followCols+` FROM follows f WHERE f.person = $1 ORDER BY f.id DESC`, person)
}

// EndFollow ends one of the own follows. What waits to be sent of it is dropped.
func (s *Store) EndFollow(ctx context.Context, by Viewer, id int64) error {
	return s.write(ctx, func(s *Store) error {
		f, err := one(ctx, s, scanFollow, `SELECT `+followCols+` FROM follows f WHERE f.id = $1 AND f.person = $2`, id, by.Person)
		if err != nil {
			return err
		}
		return s.endFollow(ctx, f)
	})
}

var followOver = NotFound.Errorf("This has ended already: no mail is sent of it any more.")

// FollowOf finds the follow that a token of a mail ends.
func (s *Store) FollowOf(ctx context.Context, token string) (Follow, error) {
	f, found, err := maybe(ctx, s, scanFollow, `SELECT `+followCols+` FROM follows f WHERE f.token = $1`, token)
	if err == nil && !found {
		err = followOver
	}
	return f, err
}

// Unsubscribe ends the follow of a token, for whoever holds the mail.
func (s *Store) Unsubscribe(ctx context.Context, token string) error {
	return s.write(ctx, func(s *Store) error {
		f, err := s.FollowOf(ctx, token)
		if err != nil {
			return err
		}
		return s.endFollow(ctx, f)
	})
}

func (s *Store) endFollow(ctx context.Context, f Follow) error {
	if _, err := s.exec(ctx, `DELETE FROM outbox WHERE person = $1 AND stop = $2 AND status <> 'sent' AND leased_to IS NULL`, f.Person, f.StopHref()); err != nil {
		return err
	}
	return s.change(ctx, `DELETE FROM follows WHERE id = $1`, f.ID)
}
