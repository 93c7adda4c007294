package web

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
	recordview "github.com/police-ict/handover/views/record"
)

const (
	recordPage  = 50   // events
	recordBatch = 1000 // events read at once for a CSV
)

func (s *Server) recordRoutes() {
	s.data("/record", office.Public, s.record)
	s.data("/record/:n", office.Public, s.event)
	s.add(http.MethodGet, "/record/checkpoint", office.Public, s.checkpoint)
	s.add(http.MethodGet, "/record/key", office.Public, s.recordKey)
	s.add(http.MethodGet, "/record/consistency", office.Public, s.consistency)
}

func (s *Server) record(c echo.Context) (answer, error) {
	f, err := recordFilter(c)
	if err != nil {
		return answer{}, err
	}
	if form(c) == "csv" {
		return answer{CSV: s.eventRows(ctx(c), f.EventFilter)}, nil
	}
	l, err := register.ReadListing(ctx(c), s.store, f.EventFilter, recordPage)
	if err != nil {
		return answer{}, err
	}
	return answer{Page: recordview.Record(f, l), JSON: listingJSON(f, l), Atom: recordFeed(l)}, nil
}

// recordFeed are the events of a page, newest first.
func recordFeed(l register.Listing) *feed {
	f := feed{Title: "The record"}
	for _, e := range l.Events {
		f.Entries = append(f.Entries, entry{recordview.ActInWords(e.Act), "/record/" + whole(e.N), e.Subject, e.At})
	}
	return &f
}

// recordFilter reads which events an address asks for.
func recordFilter(c echo.Context) (f recordview.RecordFilter, err error) {
	f.Subject = asked(c, "subject")
	if f.Subject == "all" {
		f.Subject = ""
	}
	if strings.Contains(f.Subject, "/") {
		f.EventFilter.Subject = f.Subject
	} else {
		f.Topic = f.Subject
	}
	if name := asked(c, "body"); name != "" {
		b, ok := office.BodyOf(name)
		if !ok {
			return f, fault.Field("body", "There is no such body: choose one from the list.")
		}
		f.Body = b.Slug
	}
	if f.Office, err = askedNumber(c, "office", "Give the office by its number."); err != nil {
		return f, err
	}
	if f.Before, err = askedNumber(c, "before", "Give “before” as the number of an event, 1 or more."); err != nil {
		return f, err
	}
	day, err := askedDay(c, "to", "day")
	if err != nil || day == "" {
		return f, err
	}
	if f.UpTo, err = civil.ParseDay(day); err != nil {
		return f, fault.Field("day", "%s", err.Error())
	}
	return f, nil
}

// askedNumber is a number of the address, 0 when it is not given.
func askedNumber(c echo.Context, name, problem string) (int64, error) {
	text := asked(c, name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, fault.Invalid.Errorf("%s", problem) // no field of the form asks for it
	}
	return n, nil
}

type recordJSON struct {
	Size   int64             `json:"size"`
	Count  int64             `json:"count"` // that the filter chooses
	Events []json.RawMessage `json:"events"`
	Next   string            `json:"next,omitempty"`
}

func listingJSON(f recordview.RecordFilter, l register.Listing) recordJSON {
	out := recordJSON{Size: l.Head.Size, Count: l.Count, Events: make([]json.RawMessage, len(l.Events))}
	for i, e := range l.Events {
		out.Events[i] = json.RawMessage(e.Payload)
	}
	if l.Older != 0 {
		out.Next = f.Address("/record.json", l.Older)
	}
	return out
}

// eventRows reads all events of a filter, a batch at a time.
func (s *Server) eventRows(ctx context.Context, f record.EventFilter) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		if !yield([]string{"event", "at", "act", "subject", "about", "person", "office", "body", "leaf_hash", "payload"}, nil) {
			return
		}
		for {
			batch, err := record.Events(ctx, s.store, f, recordBatch)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, e := range batch {
				if !yield(eventRow(e), nil) {
					return
				}
			}
			if len(batch) < recordBatch {
				return
			}
			f.Before = batch[len(batch)-1].N
		}
	}
}

func eventRow(e record.Event) []string {
	return []string{strconv.FormatInt(e.N, 10), e.At.Format("2006-01-02T15:04:05.000000Z"), e.Act, e.Subject, e.About,
		strconv.FormatInt(e.Person, 10), strconv.FormatInt(e.Office, 10), e.Body, e.LeafHash(), e.Payload}
}

type receiptJSON struct {
	Event      json.RawMessage `json:"event"`
	Payload    string          `json:"payload"` // the exact text whose hash is the leaf
	Leaf       int64           `json:"leaf"`
	LeafHash   string          `json:"leaf_hash"`
	Proof      []string        `json:"proof"`
	Checkpoint string          `json:"checkpoint"`
	Key        string          `json:"key"`
}

func (s *Server) event(c echo.Context) (answer, error) {
	n, err := strconv.ParseInt(c.Param("n"), 10, 64)
	if err != nil || n < 1 || c.Param("n") != strconv.FormatInt(n, 10) {
		return answer{}, fault.NotFound.Errorf("There is no such event: events are numbered from 1.")
	}
	r, err := register.ReadReceipt(ctx(c), s.store, n)
	if fault.KindOf(err) == fault.NotFound {
		return answer{}, fault.NotFound.Errorf("There is no event %s in the record.", text.Thousands(n))
	}
	if err != nil {
		return answer{}, err
	}
	return answer{Page: recordview.Event(r), JSON: receiptJSON{Event: json.RawMessage(r.Event.Payload), Payload: r.Event.Payload,
		Leaf: r.Leaf, LeafHash: r.Hash, Proof: r.Proof, Checkpoint: r.Checkpoint, Key: r.Head.Key}}, nil
}

func (s *Server) checkpoint(c echo.Context) error {
	h, err := record.ReadHead(ctx(c), s.store)
	if err != nil {
		return err
	}
	return c.String(http.StatusOK, h.Checkpoint)
}

func (s *Server) recordKey(c echo.Context) error {
	h, err := record.ReadHead(ctx(c), s.store)
	if err != nil {
		return err
	}
	return c.String(http.StatusOK, h.Key+"\n")
}

func (s *Server) consistency(c echo.Context) error {
	c.Set(string(keyForm), "json")
	from, err := strconv.ParseInt(asked(c, "from"), 10, 64)
	to, errTo := strconv.ParseInt(asked(c, "to"), 10, 64)
	if err != nil || errTo != nil {
		from, to = 0, 0 // which the store refuses, with the size of the record
	}
	proof, err := record.ProveConsistency(ctx(c), s.store, from, to)
	if err != nil {
		return err
	}
	return s.sendJSON(c, http.StatusOK, proof)
}
