package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// news is what an event tells those who follow something: only what anyone may
// read.
type news struct {
	title, href string
	subjects    []string // that it is about, as they are followed
	list, id    string   // the list that its thing may be in, and the thing there
}

// bodyTopics are the topics whose events are news of the body that they are
// about, without a page of their own to tell of.
var bodyTopics = []string{"register", "accession", "certificate", "milestone", "override", "explanation", "spend", "committee", "inquiry", "meeting"}

// newsOf tells what an event tells followers; ok is false where it is nothing.
func (s *Store) newsOf(ctx context.Context, e Event) (n news, ok bool, err error) {
	_, rest, _ := strings.Cut(e.Subject, "/")
	switch e.Topic {
	case "decision":
		return s.decisionNews(ctx, e)
	case "question", "said":
		ref, _, _ := strings.Cut(rest, "/")
		return s.chargeNews(ctx, ref, ChargeQuestion)
	case "recommendation", "undertaking":
		return s.chargeNews(ctx, rest, ChargeRecommendation, ChargeUndertaking)
	case "charge":
		kind, ref, _ := strings.Cut(rest, "/")
		return s.chargeNews(ctx, ref, kind)
	case "load":
		return loadNews(e, rest)
	case "supplier-change":
		return supplierNews(e)
	}
	if e.About == "" || !slices.Contains(bodyTopics, e.Topic) {
		return n, false, nil
	}
	return news{title: ShortName(e.About), href: fmt.Sprintf("/record/%d", e.N), subjects: []string{"body/" + e.About}}, true, nil
}

// decisionNews leaves out what happened to a draft, also where it was put
// forward since.
func (s *Store) decisionNews(ctx context.Context, e Event) (n news, ok bool, err error) {
	told := ReadDecisionEvent(e)
	if !told.Public() {
		return n, false, nil
	}
	_, id, _ := strings.Cut(e.Subject, "/")
	d, err := s.decision(ctx, Viewer{}, cmp.Or(told.Ref, "draft-"+id))
	if KindOf(err) == NotFound {
		return n, false, nil
	}
	n = news{"Decision " + d.Ref + ": " + d.Title, d.Href(), []string{"decision/" + d.Ref, "body/" + d.Body}, "/decisions", d.Ref}
	if e.About != "" && e.About != d.Body {
		n.subjects = append(n.subjects, "body/"+e.About)
	}
	return n, err == nil, err
}

func (s *Store) chargeNews(ctx context.Context, ref string, kinds ...string) (n news, ok bool, err error) {
	c, err := s.chargeOf(ctx, ref, kinds...)
	if KindOf(err) == NotFound {
		return n, false, nil // of what nobody but its maker sees yet
	}
	subject, listed := strings.TrimPrefix(c.Href(), "/"), "/recommendations"
	subject = strings.Replace(subject, "s/", "/", 1)
	if c.Kind == ChargeQuestion {
		listed = "/questions"
	}
	return news{c.name(), c.Href(), []string{subject, "body/" + c.Body}, listed, c.Ref}, err == nil, err
}

func loadNews(e Event, id string) (n news, ok bool, err error) {
	if e.About == "" {
		return n, false, nil
	}
	return news{"Published spend of " + ShortName(e.About), "/spend/loads/" + id, []string{"body/" + e.About}, "/spend", id}, true, nil
}

func supplierNews(e Event) (n news, ok bool, err error) {
	var subjects []string
	for _, told := range e.read().Now {
		var c SupplierChange
		if err := json.Unmarshal(told, &c); err != nil {
			return n, false, err
		}
		for _, slug := range []string{c.Slug, c.IntoSlug} {
			if slug != "" {
				subjects = append(subjects, "supplier/"+slug)
			}
		}
	}
	return news{title: "A supplier of published spend", href: "/suppliers/changes", subjects: subjects}, len(subjects) > 0, nil
}

// newsBatch is how many events are told of in one write.
const newsBatch = 50

// TellFollowers puts the news of the events since the last one told of in the
// outbox, once for each event and person. It reports whether there were any.
func (s *Store) TellFollowers(ctx context.Context) (worked bool, err error) {
	for s.options.Mail && ctx.Err() == nil {
		from, to, all, err := s.newsSince(ctx)
		if err != nil || to == from {
			return worked, err
		}
		worked = true
		if err := s.tell(ctx, from, to, all); err != nil && KindOf(err) != Conflict { // another process told of them
			return worked, err
		}
	}
	return worked, ctx.Err()
}

// told is one person’s news of one event.
type told struct {
	Mail
	follow int64
}

// newsSince works out who is to hear of the events after the last told of.
func (s *Store) newsSince(ctx context.Context) (from, to int64, all []told, err error) {
	err = s.read(ctx, func(s *Store) error {
		if from, err = one(ctx, s, scanInto[int64], `SELECT event FROM mail_state WHERE id = 1`); err != nil {
			return err
		}
		h, err := s.Head(ctx)
		if to = from; err != nil || from < 0 || h.Size <= from {
			return err
		}
		to = min(h.Size, from+newsBatch)
		if some, err := one(ctx, s, scanInto[bool], `SELECT EXISTS (SELECT 1 FROM follows)`); err != nil || !some {
			return err
		}
		events, err := s.Events(ctx, EventFilter{Since: from, Before: to + 1}, newsBatch)
		if err != nil {
			return err
		}
		for _, e := range slices.Backward(events) {
			more, err := s.mailsOf(ctx, e)
			if err != nil {
				return err
			}
			all = append(all, more...)
		}
		return nil
	})
	return from, to, all, err
}

// mailsOf are the mails about one event, one for each person.
func (s *Store) mailsOf(ctx context.Context, e Event) (all []told, err error) {
	n, ok, err := s.newsOf(ctx, e)
	if err != nil || !ok {
		return nil, err
	}
	follows, err := s.followsOf(ctx, n)
	had := map[int64]bool{}
	for _, f := range follows {
		if had[f.Person] || f.Since >= e.N {
			continue
		}
		had[f.Person] = true
		all = append(all, told{Mail{key: fmt.Sprintf("news/%d/%d", e.N, f.Person), Kind: MailNews, Person: f.Person, Act: e.Act, Title: n.title, Href: n.href,
			Words: fmt.Sprintf("Recorded on %s, as event %s of the record.", Clock(e.At), Thousands(e.N)), Why: "You follow " + f.Title + ".", Stop: f.StopHref()}, f.ID})
	}
	return all, err
}

// followsOf are the follows of a thing, and of lists that hold it.
func (s *Store) followsOf(ctx context.Context, n news) (all []Follow, err error) {
	for _, subject := range n.subjects {
		some, err := list(ctx, s, scanFollow, `SELECT `+followCols+` FROM follows f WHERE f.subject = $1 ORDER BY f.id`, subject)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	l, ok := followedLists[n.list]
	if !ok {
		return all, nil
	}
	listed, err := list(ctx, s, scanFollow, `SELECT `+followCols+` FROM follows f WHERE f.list = $1 ORDER BY f.filter, f.id`, n.list)
	if err != nil {
		return nil, err
	}
	holds, asked := false, ""
	for _, f := range listed {
		if f.Filter != asked {
			if holds, err = l.holds(ctx, s, f.Filter, n.id); err != nil {
				return nil, err
			}
			asked = f.Filter
		}
		if holds {
			all = append(all, f)
		}
	}
	return all, nil
}

// tell puts news in the outbox and notes how far it was told, all or nothing.
// News of a follow that has ended meanwhile is left out.
func (s *Store) tell(ctx context.Context, from, to int64, all []told) error {
	return s.write(ctx, func(s *Store) error {
		if err := s.change(ctx, `UPDATE mail_state SET event = $1 WHERE id = 1 AND event = $2`, to, from); err != nil {
			return err
		}
		for _, m := range all {
			_, still, err := maybe(ctx, s, scanInto[int64], `SELECT id FROM follows WHERE id = $1`, m.follow)
			if err != nil {
				return err
			}
			if still {
				if err := s.enqueue(ctx, m.Mail); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
