package record

import (
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/web/serve"
)

// followed are the pages that are followed by the entries of the record about
// them: the subject of those entries, with the names of the address in it, or
// their topic alone.
var followed = map[string]struct{ title, about string }{
	"/bodies":                     {"Bodies: the register of members", "register"},
	"/ownership":                  {"Who owns the company", "register"},
	"/handover":                   {"Handover: resolutions and deeds", "accession"},
	"/handover/milestones":        {"Milestones of the handover", "milestone"},
	"/handover/milestones/:id":    {"A milestone of the handover", "milestone/:id"},
	"/handover/schedule":          {"Schedule of the handover", "item"},
	"/suppliers":                  {"Suppliers: source files", "load"},
	"/suppliers/changes":          {"Suppliers merged and renamed", "supplier-change"},
	"/spend/publication":          {"Publication record", "load"},
	"/spend/rules":                {"How payments are classified", "rule"},
	"/committees":                 {"Committees", "committee"},
	"/committees/:slug":           {"A committee", "committee/:slug"},
	"/committees/:slug/decisions": {"Decisions", "decision"},
	"/meetings/:id":               {"A meeting", "meeting/:id"},
	"/recommendations/:ref":       {"A recommendation", "recommendation/:ref"},
	"/interests":                  {"Registers of interests", "interest"},
	"/authority/delegations":      {"Delegations", "delegation"},
	"/authority/delegations/:id":  {"A delegation", "delegation/:id"},
	"/authority":                  {"The scheme of authority", "scheme"},
	"/bank-holidays":              {"Bank holidays", "holiday"},
	"/authority/schemes":          {"Versions of the scheme of authority", "scheme"},
}

// follow is the feed of a page that has none of its own: the newest entries of
// the record about it.
func (s pages) follow(c echo.Context) (serve.Feed, error) {
	of, ok := followed[c.Path()]
	if !ok {
		return serve.Feed{}, fault.NotFound.Errorf("This page has no feed.")
	}
	out, about := serve.Feed{Title: of.title}, of.about
	for _, name := range c.ParamNames() {
		about = strings.ReplaceAll(about, ":"+name, c.Param(name))
	}
	f := record.EventFilter{Topic: about}
	if strings.Contains(about, "/") {
		f = record.EventFilter{Subject: about}
		out.Title += ": " + about[strings.Index(about, "/")+1:]
	}
	for len(out.Entries) < serve.FeedMost {
		batch, err := record.Events(serve.Ctx(c), s.Store, f, serve.RecordBatch)
		if err != nil {
			return out, err
		}
		for _, e := range batch {
			out.Entries = append(out.Entries, eventEntry(e))
		}
		if len(batch) < serve.RecordBatch {
			break
		}
		f.Before = batch[len(batch)-1].N
	}
	return out, nil
}
