package record

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
	pageview "github.com/police-ict/handover/views/page"
	recordview "github.com/police-ict/handover/views/record"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) recordRoutes() {
	s.Data("/record", office.Public, s.record, serve.One("subject", "body", "office", "before"), serve.Day("to", "day"), serve.Sorted())
	s.Data("/record/:n", office.Public, s.event)
	s.Add(http.MethodGet, "/record/checkpoint", office.Public, s.checkpoint)
	s.Add(http.MethodGet, "/record/key", office.Public, s.recordKey)
	s.Add(http.MethodGet, "/record/consistency", office.Public, s.consistency, serve.One("from", "to"))
}

func (s pages) record(c echo.Context) (serve.Answer, error) {
	f, err := recordFilter(c)
	if err != nil {
		return serve.Answer{}, err
	}
	if serve.Format(c) == "csv" {
		return serve.Answer{CSV: s.eventRows(serve.Ctx(c), f.EventFilter)}, nil
	}
	l, err := register.ReadListing(serve.Ctx(c), s.Store, f.EventFilter, db.PageRows)
	if err != nil {
		return serve.Answer{}, err
	}
	return serve.Answer{Page: recordview.Record(f, l, eventColumns(l.Names)), JSON: listingJSON(f, l), Atom: recordFeed(f, l), Also: []string{"csv"}}, nil
}

// recordFeed are the events of a page, newest first.
func recordFeed(f recordview.RecordFilter, l register.Listing) *serve.Feed {
	out := serve.Feed{Title: "The record"}
	for _, e := range l.Events {
		out.Entries = append(out.Entries, eventEntry(e))
	}
	if next := nextOf(f, l, "/record"); next != "" {
		_, out.Next, _ = strings.Cut(next, "?")
	}
	return &out
}

func eventEntry(e record.Event) serve.Entry {
	return serve.Entry{Title: recordview.ActInWords(e.Act), Href: "/record/" + serve.Digits(e.N), Summary: e.Subject, At: e.At}
}

// recordFilter reads which events an address asks for.
func recordFilter(c echo.Context) (f recordview.RecordFilter, err error) {
	f.Subject = serve.Asked(c, "subject")
	if f.Subject == "all" {
		f.Subject = ""
	}
	if strings.Contains(f.Subject, "/") {
		f.EventFilter.Subject = f.Subject
	} else {
		f.Topic = f.Subject
	}
	if name := serve.Asked(c, "body"); name != "" {
		b, ok := office.BodyOf(name)
		if !ok {
			return f, fault.Field("body", "There is no such body. Choose one from the list.")
		}
		f.Body = b.Slug
	}
	if f.Office, err = serve.AskedNumber(c, "office", "“office” must be the number of a role."); err != nil {
		return f, err
	}
	if f.Before, err = serve.AskedNumber(c, "before", "“before” must be the number of an entry, 1 or more."); err != nil {
		return f, err
	}
	var all fault.Faults
	f.Oldest, f.Page = !serve.AskedSort(c, &all, []string{"date"}, recordview.Newest).Down, serve.AskedPageNumber(c, &all)
	if err := all.Err(); err != nil {
		return f, err
	}
	f.Skip = (f.Page - 1) * db.PageRows
	day, err := serve.AskedDay(c, "to", "day")
	if err != nil || day == "" {
		return f, err
	}
	if f.UpTo, err = civil.ParseDay(day); err != nil {
		return f, fault.Field("day", "%s", err.Error())
	}
	return f, nil
}

// ListJSON is a page of the record as JSON.
type ListJSON struct {
	Size   int64             `json:"size"`
	Count  int64             `json:"count"` // that the filter chooses
	Events []json.RawMessage `json:"events"`
	Next   string            `json:"next,omitempty"`
}

// MarshalJSON has null for no next page.
func (l ListJSON) MarshalJSON() ([]byte, error) {
	type plain ListJSON
	return json.Marshal(struct {
		plain
		Next *string `json:"next"`
	}{plain(l), serve.OrNull(l.Next)})
}

func listingJSON(f recordview.RecordFilter, l register.Listing) ListJSON {
	out := ListJSON{Size: l.Head.Size, Count: l.Count, Events: make([]json.RawMessage, len(l.Events))}
	for i, e := range l.Events {
		out.Events[i] = json.RawMessage(e.Payload)
	}
	out.Next = nextOf(f, l, "/record.json")
	return out
}

// nextOf is the address of the page after a page of the record, "" after the last.
func nextOf(f recordview.RecordFilter, l register.Listing, path string) string {
	switch {
	case l.Older == 0:
		return ""
	case f.Oldest || f.Page > 1:
		f.Page++
		return f.Address(path, 0)
	}
	return f.Address(path, l.Older)
}

// eventRows reads all events of a filter, a batch at a time.
func (s pages) eventRows(ctx context.Context, f record.EventFilter) iter.Seq2[[]string, error] {
	f.Skip = 0 // all of them are in the file
	return serve.CSV(eventColumns(nil), func(yield func(record.Event, error) bool) {
		for {
			batch, err := record.Events(ctx, s.Store, f, serve.RecordBatch)
			if err != nil {
				yield(record.Event{}, err)
				return
			}
			for _, e := range batch {
				if !yield(e, nil) {
					return
				}
			}
			if len(batch) < serve.RecordBatch {
				return
			}
			if last := batch[len(batch)-1].N; f.Oldest {
				f.Since = last
			} else {
				f.Before = last
			}
		}
	})
}

// eventColumns are the columns of the record, with the names of bodies for the page.
func eventColumns(then register.NamesThen) []serve.Column[record.Event] {
	return []serve.Column[record.Event]{
		{Label: "What happened", Lead: true, Cell: func(e record.Event) templ.Component { return recordview.SentenceCell(e, then) }},
		{Label: "Role", Quiet: true, Cell: func(e record.Event) templ.Component { return pageview.TextCell(recordview.RoleWords(e)) }},
		{Label: "Date", Key: "date", Down: true, Cell: func(e record.Event) templ.Component { return recordview.InstantCell(e) }},
		{Label: "Entry", Side: true, Cell: func(e record.Event) templ.Component { return recordview.NumberCell(e) }},
		{Name: "event", Value: func(e record.Event) string { return serve.Digits(e.N) }},
		{Name: "at", Value: func(e record.Event) string { return e.At.Format("2006-01-02T15:04:05.000000Z") }},
		{Name: "act", Value: func(e record.Event) string { return e.Act }},
		{Name: "subject", Value: func(e record.Event) string { return e.Subject }},
		{Name: "about", Value: func(e record.Event) string { return e.About }},
		{Name: "person", Value: func(e record.Event) string { return serve.Digits(e.Person) }},
		{Name: "office", Value: func(e record.Event) string { return serve.Digits(e.Office) }},
		{Name: "body", Value: func(e record.Event) string { return e.Body }},
		{Name: "leaf_hash", Value: func(e record.Event) string { return e.LeafHex() }},
		{Name: "payload", Value: func(e record.Event) string { return e.Payload }},
	}
}

// ReceiptJSON is the receipt of an event as JSON.
type ReceiptJSON struct {
	Event      json.RawMessage `json:"event"`
	Payload    string          `json:"payload"` // the exact text whose hash is the leaf
	Leaf       int64           `json:"leaf"`
	LeafHash   string          `json:"leaf_hash"`
	Proof      []string        `json:"proof"`
	Checkpoint string          `json:"checkpoint"`
	Key        string          `json:"key"`
	Withheld   string          `json:"withheld,omitempty"` // that a name was taken out of the event, so that its hash is of another text
}

func (s pages) event(c echo.Context) (serve.Answer, error) {
	n, err := strconv.ParseInt(c.Param("n"), 10, 64)
	if err != nil || n < 1 || c.Param("n") != strconv.FormatInt(n, 10) {
		return serve.Answer{}, fault.NotFound.Errorf("There is no such entry. Entries are numbered from 1.")
	}
	r, err := register.ReadReceipt(serve.Ctx(c), s.Store, n)
	if fault.KindOf(err) == fault.NotFound {
		return serve.Answer{}, fault.NotFound.Errorf("There is no entry %s in the record.", text.Thousands(n))
	}
	if err != nil {
		return serve.Answer{}, err
	}
	hidden, err := record.HiddenNames(serve.Ctx(c), s.Store)
	if err != nil {
		return serve.Answer{}, err
	}
	withheld := ""
	if hidden.In(r.Event.Payload) {
		withheld = "A name in this entry is withheld, so its text is shown without the name and does not match its hash."
	}
	return serve.Answer{Page: recordview.Event(r, withheld), JSON: ReceiptJSON{Withheld: withheld, Event: json.RawMessage(r.Event.Payload), Payload: r.Event.Payload,
		Leaf: r.Leaf, LeafHash: r.Hash, Proof: r.Proof, Checkpoint: r.Checkpoint, Key: r.Head.Key}}, nil
}

func (s pages) checkpoint(c echo.Context) error {
	h, err := record.ReadHead(serve.Ctx(c), s.Store)
	if err != nil {
		return err
	}
	return c.String(http.StatusOK, h.Checkpoint)
}

func (s pages) recordKey(c echo.Context) error {
	h, err := record.ReadHead(serve.Ctx(c), s.Store)
	if err != nil {
		return err
	}
	return c.String(http.StatusOK, h.Key+"\n")
}

func (s pages) consistency(c echo.Context) error {
	serve.SetFormat(c, "json")
	from, err := strconv.ParseInt(serve.Asked(c, "from"), 10, 64)
	to, errTo := strconv.ParseInt(serve.Asked(c, "to"), 10, 64)
	if err != nil || errTo != nil {
		from, to = 0, 0 // which the store refuses, with the size of the record
	}
	proof, err := record.ProveConsistency(serve.Ctx(c), s.Store, from, to)
	if err != nil {
		return err
	}
	return s.SendJSON(c, http.StatusOK, proof)
}
