// Package news tells people by mail what they follow and what is due.
package news

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/outbox"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/text"
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
func newsOf(ctx context.Context, tx *db.Tx, e record.Event) (n news, ok bool, err error) {
	_, rest, _ := strings.Cut(e.Subject, "/")
	switch e.Topic {
	case "decision":
		return decisionNews(ctx, tx, e)
	case "question", "said":
		ref, _, _ := strings.Cut(rest, "/")
		return chargeNews(ctx, tx, ref, scrutiny.ChargeQuestion)
	case "recommendation", "undertaking":
		return chargeNews(ctx, tx, rest, scrutiny.ChargeRecommendation, scrutiny.ChargeUndertaking)
	case "charge":
		kind, ref, _ := strings.Cut(rest, "/")
		return chargeNews(ctx, tx, ref, kind)
	case "load":
		return loadNews(e, rest)
	case "supplier-change":
		return supplierNews(e)
	}
	if e.About == "" || !slices.Contains(bodyTopics, e.Topic) {
		return n, false, nil
	}
	return news{title: office.ShortName(e.About), href: fmt.Sprintf("/record/%d", e.N), subjects: []string{"body/" + e.About}}, true, nil
}

// decisionNews leaves out what happened to a draft, also where it was put
// forward since.
func decisionNews(ctx context.Context, tx *db.Tx, e record.Event) (n news, ok bool, err error) {
	told := decisions.ReadEvent(e)
	if !told.Public() {
		return n, false, nil
	}
	_, id, _ := strings.Cut(e.Subject, "/")
	d, err := decisions.Find(ctx, tx, office.Viewer{}, cmp.Or(told.Ref, "draft-"+id))
	if fault.KindOf(err) == fault.NotFound {
		return n, false, nil
	}
	n = news{"Decision " + d.Ref + ": " + d.Title, d.Href(), []string{"decision/" + d.Ref, "body/" + d.Body}, "/decisions", d.Ref}
	if e.About != "" && e.About != d.Body {
		n.subjects = append(n.subjects, "body/"+e.About)
	}
	return n, err == nil, err
}

func chargeNews(ctx context.Context, tx *db.Tx, ref string, kinds ...string) (n news, ok bool, err error) {
	c, err := scrutiny.FindChargeOf(ctx, tx, ref, kinds...)
	if fault.KindOf(err) == fault.NotFound {
		return n, false, nil // of what nobody but its maker sees yet
	}
	subject, listed := strings.TrimPrefix(c.Href(), "/"), "/recommendations"
	subject = strings.Replace(subject, "s/", "/", 1)
	if c.Kind == scrutiny.ChargeQuestion {
		listed = "/questions"
	}
	return news{c.Name(), c.Href(), []string{subject, "body/" + c.Body}, listed, c.Ref}, err == nil, err
}

func loadNews(e record.Event, id string) (n news, ok bool, err error) {
	if e.About == "" {
		return n, false, nil
	}
	return news{"Published spend of " + office.ShortName(e.About), "/spend/loads/" + id, []string{"body/" + e.About}, "/spend", id}, true, nil
}

func supplierNews(e record.Event) (n news, ok bool, err error) {
	var subjects []string
	for _, told := range e.Read().Now {
		var c spend.SupplierChange
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
func TellFollowers(ctx context.Context, tx *db.Tx) (worked bool, err error) {
	for tx.Options.Mail && ctx.Err() == nil {
		from, to, all, err := newsSince(ctx, tx)
		if err != nil || to == from {
			return worked, err
		}
		worked = true
		if err := tell(ctx, tx, from, to, all); err != nil && fault.KindOf(err) != fault.Conflict { // another process told of them
			return worked, err
		}
	}
	return worked, ctx.Err()
}

// told is one person’s news of one event.
type told struct {
	outbox.Mail
	follow int64
}

// newsSince works out who is to hear of the events after the last told of.
func newsSince(ctx context.Context, tx *db.Tx) (from, to int64, all []told, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if from, err = db.One(ctx, tx, db.ScanInto[int64], `SELECT event FROM mail_state WHERE id = 1`); err != nil {
			return err
		}
		h, err := record.ReadHead(ctx, tx)
		if to = from; err != nil || from < 0 || h.Size <= from {
			return err
		}
		to = min(h.Size, from+newsBatch)
		if some, err := db.One(ctx, tx, db.ScanInto[bool], `SELECT EXISTS (SELECT 1 FROM follows)`); err != nil || !some {
			return err
		}
		events, err := record.Events(ctx, tx, record.EventFilter{Since: from, Before: to + 1}, newsBatch)
		if err != nil {
			return err
		}
		for _, e := range slices.Backward(events) {
			more, err := mailsOf(ctx, tx, e)
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
func mailsOf(ctx context.Context, tx *db.Tx, e record.Event) (all []told, err error) {
	n, ok, err := newsOf(ctx, tx, e)
	if err != nil || !ok {
		return nil, err
	}
	follows, err := followsOf(ctx, tx, n)
	had := map[int64]bool{}
	for _, f := range follows {
		if had[f.Person] || f.Since >= e.N {
			continue
		}
		had[f.Person] = true
		all = append(all, told{outbox.Mail{Key: fmt.Sprintf("news/%d/%d", e.N, f.Person), Kind: outbox.News, Person: f.Person, Act: e.Act, Title: n.title, Href: n.href,
			Words: fmt.Sprintf("Recorded on %s in entry %s.", civil.Clock(e.At), text.Thousands(e.N)), Why: "You follow " + f.Title + ".", Stop: f.StopHref()}, f.ID})
	}
	return all, err
}

// followsOf are the follows of a thing, and of lists that hold it.
func followsOf(ctx context.Context, tx *db.Tx, n news) (all []Follow, err error) {
	for _, subject := range n.subjects {
		some, err := db.List(ctx, tx, scanFollow, `SELECT `+followCols+` FROM follows f WHERE f.subject = $1 ORDER BY f.id`, subject)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	l, ok := followedLists[n.list]
	if !ok {
		return all, nil
	}
	listed, err := db.List(ctx, tx, scanFollow, `SELECT `+followCols+` FROM follows f WHERE f.list = $1 ORDER BY f.filter, f.id`, n.list)
	if err != nil {
		return nil, err
	}
	holds, asked := false, ""
	for _, f := range listed {
		if f.Filter != asked {
			if holds, err = l.holds(ctx, tx, f.Filter, n.id); err != nil {
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
func tell(ctx context.Context, tx *db.Tx, from, to int64, all []told) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		if err := outbox.SaveTold(ctx, tx, from, to); err != nil {
			return err
		}
		for _, m := range all {
			_, still, err := db.Maybe(ctx, tx, db.ScanInto[int64], `SELECT id FROM follows WHERE id = $1`, m.follow)
			if err != nil {
				return err
			}
			if still {
				if err := outbox.Enqueue(ctx, tx, m.Mail); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
