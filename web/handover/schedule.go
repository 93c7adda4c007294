package handover

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	handoverview "github.com/police-ict/handover/views/handover"
	recordview "github.com/police-ict/handover/views/record"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) scheduleRoutes() {
	s.Data("/handover/schedule", office.Public, s.schedule, serve.One("q", "kind", "status", "body", "open", "after"), serve.AsAt(), serve.Sorted())
	s.Confirm("/handover/schedule/new", office.KeepSchedule, false, s.newItemForm, s.newItemCheck, s.addItem)
	s.importRoutes()
	s.Data("/handover/schedule/:id", office.Public, s.item, serve.AsAt())
	s.Edits("/handover/schedule/:id/edit")
	s.Confirm("/handover/schedule/:id/edit", office.KeepSchedule, false, s.editItemForm, s.editItemCheck, s.editItem)
	for _, m := range handover.ScheduleLife {
		route := "/handover/schedule/:id/" + string(m.Act)
		if !s.Has(http.MethodGet, route) { // the page that asks, and tells what the step does
			s.Edits(route)
			s.Form(route, m.Need, s.itemStep(m.Act), s.takeItemStep(m.Act))
		}
	}
	serve.Acts(s.Server, "/handover/schedule/:id/", handover.ScheduleLife, s.takeItemStep) // refuses an act of two permissions
}

// itemFilter reads which items an address asks for.
func itemFilter(c echo.Context) (f handoverview.ScheduleFilter, err error) {
	var bad fault.Faults
	f.Kind, f.Status = handover.ItemKind(serve.Asked(c, "kind")), handover.ItemStatus(serve.Asked(c, "status"))
	f.Words, f.Open = serve.Asked(c, "q"), serve.AskedYes(c, &bad, "open")
	if f.Kind != "" && !slices.Contains(handover.ItemKinds, f.Kind) {
		bad.Add("kind", "There is no such type of item. Choose one from the list.")
	}
	if f.Status != "" && !slices.Contains(handover.ItemStatuses, f.Status) {
		bad.Add("status", "There is no such status. Choose one from the list.")
	}
	if name := serve.Asked(c, "body"); name != "" {
		b, ok := office.BodyOf(name)
		if !ok {
			bad.Add("body", "There is no such body. Choose one from the list.")
		}
		f.Body = b.Slug
	}
	f.Sort, f.Page = serve.AskedSort(c, &bad, []string{"title", "number", "status", "value"}, handoverview.UsualItems), serve.AskedPageNumber(c, &bad)
	if err := bad.Err(); err != nil {
		return f, err
	}
	f.After, err = serve.AskedNumber(c, "after", "“after” must be the number of an item, 1 or more.")
	return f, err
}

func (s pages) schedule(c echo.Context) (serve.Answer, error) {
	f, err := itemFilter(c)
	if err != nil {
		return serve.Answer{}, err
	}
	if serve.Format(c) == "csv" {
		m, err := s.Moment(c)
		return serve.Answer{CSV: s.itemRows(serve.Ctx(c), m, f.ItemFilter)}, err
	}
	m, err := s.Moment(c)
	if err != nil {
		return serve.Answer{}, err
	}
	after, most := f.After, db.PageRows
	if serve.Format(c) == "json" {
		after = 0
	}
	if after == 0 {
		most = 0 // all of them are sorted
	}
	a, err := handover.ReadSchedulePage(serve.Ctx(c), s.Store, m, f.ItemFilter, after, most)
	if err != nil {
		return serve.Answer{}, err
	}
	if after == 0 && serve.Format(c) != "json" {
		if a.Page.Items, _, err = serve.RowsOf(a.Page.Items, f.Sort, f.Page, handoverview.ItemOrders); err != nil {
			return serve.Answer{}, err
		}
	}
	return serve.Answer{Page: handoverview.Schedule(a.Handover, f, a.Page, a.Listed), JSON: scheduleJSONOf(a.Handover, a.Page), Also: []string{"csv"}}, err
}

type itemJSON struct {
	handover.Item
	Against bool `json:"stands_against"`
}

// ScheduleJSON is the schedule as JSON.
type ScheduleJSON struct {
	AsAt     civil.Day              `json:"as_at"`
	Event    int64                  `json:"event"`
	Known    int64                  `json:"known_event"` // the same
	Total    int64                  `json:"total"`       // that stand: all but the withdrawn
	Open     int64                  `json:"open"`        // that stand against the handover
	Statuses []handover.StatusCount `json:"statuses"`
	Kinds    []handover.KindTotal   `json:"kinds"`
	Hash     string                 `json:"hash"`
	Matching int64                  `json:"matching"` // items that the filter chooses
	Items    []itemJSON             `json:"items"`
}

func scheduleJSONOf(h handover.Handover, p handover.ItemsPage) ScheduleJSON {
	t := h.Schedule
	out := ScheduleJSON{h.Moment.Day, h.Known, h.Known, t.Total, t.Open, t.Statuses, t.Kinds, t.Hash, p.Matching, []itemJSON{}}
	for _, i := range p.Items {
		out.Items = append(out.Items, itemJSON{i, i.Open()})
	}
	return out
}

// itemRows are all items of a filter.
func (s pages) itemRows(ctx context.Context, m record.Moment, f handover.ItemFilter) iter.Seq2[[]string, error] {
	return serve.CSV(itemColumns(string(m.Day)), db.AtOnce(ctx, s.Store, func(tx *db.Tx, each func(handover.Item) bool) error {
		p, err := handover.Items(ctx, tx, m, f, 0, 0)
		for _, i := range p.Items {
			each(i)
		}
		return err
	}))
}

// itemColumns are the columns of the schedule. What is not valued has an empty
// value.
func itemColumns(day string) []serve.Column[handover.Item] {
	return []serve.Column[handover.Item]{
		{Name: "as_at", Value: func(handover.Item) string { return day }},
		{Name: "id", Value: func(i handover.Item) string { return serve.Digits(i.ID) }},
		{Name: "kind", Value: func(i handover.Item) string { return string(i.Kind) }},
		{Name: "title", Value: func(i handover.Item) string { return i.Title }},
		{Name: "before", Value: func(i handover.Item) string { return i.Before }},
		{Name: "after", Value: func(i handover.Item) string { return i.After }},
		{Name: "value_pence", Value: func(i handover.Item) string {
			if !i.Valued {
				return ""
			}
			return serve.Digits(i.Value)
		}},
		{Name: "evidence", Value: func(i handover.Item) string { return i.Evidence }},
		{Name: "status", Value: func(i handover.Item) string { return string(i.Status) }},
		{Name: "stands_against", Value: func(i handover.Item) string { return strconv.FormatBool(i.Open()) }},
		{Name: "reason", Value: func(i handover.Item) string { return i.Reason }},
		{Name: "version", Value: func(i handover.Item) string { return serve.Digits(i.Version) }},
		{Name: "decision", Value: func(i handover.Item) string { return i.Decision }},
	}
}

func (s pages) item(c echo.Context) (serve.Answer, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return serve.Answer{}, err
	}
	m, err := s.Moment(c)
	if err != nil {
		return serve.Answer{}, err
	}
	a, err := handover.ReadItemPage(serve.Ctx(c), s.Store, m, id, serve.HistoryMost)
	return serve.Answer{Page: handoverview.Item(a.Handover, a.Item, a.History), JSON: itemJSON{a.Item, a.Item.Open()}}, err
}

// openItem finds the item of an address, while the schedule may still change.
func (s pages) openItem(c echo.Context) (handover.Item, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return handover.Item{}, err
	}
	if err := s.scheduleOpen(c); err != nil {
		return handover.Item{}, err
	}
	return handover.FindItem(serve.Ctx(c), s.Store, record.Moment{}, id)
}

// itemStep is the page before a step: nobody sees it who may not take the step.
func (s pages) itemStep(act office.Act) serve.Page {
	return func(c echo.Context) (templ.Component, error) {
		i, err := s.openItem(c)
		if err != nil {
			return nil, err
		}
		if _, err := i.Next(act, serve.Viewer(c)); err != nil {
			return nil, err
		}
		var all []decisions.Decision
		if act == handover.ActAcceptException {
			all, err = decisions.DecisionsNaming(serve.Ctx(c), s.Store, authority.AcceptsItem, fmt.Sprintf("item/%d", i.ID))
		}
		return handoverview.ItemStep(i, act, all), err
	}
}

func (s pages) takeItemStep(act office.Act) serve.Step {
	return func(c echo.Context) (string, error) {
		id, err := serve.PathNumber(c, "id")
		if err != nil {
			return "", err
		}
		if act == handover.ActAcceptException {
			err = handover.AcceptException(serve.Ctx(c), s.Store, serve.Viewer(c), id, formVersion(c), c.FormValue("decision"))
		} else {
			err = handover.ActOnItem(serve.Ctx(c), s.Store, serve.Viewer(c), id, formVersion(c), act, c.FormValue("reason"))
		}
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("/handover/schedule/%d", id), s.Tell(c, fmt.Sprintf("Item %d: %s.", id, recordview.ActInWords("schedule."+string(act))))
	}
}

// formVersion is the version of the item that the person read. A form without
// one names no version, so nothing is done with it.
func formVersion(c echo.Context) int64 {
	n, err := strconv.ParseInt(c.FormValue("version"), 10, 64)
	if err != nil || n < 1 {
		return -1
	}
	return n
}

func (s pages) newItemForm(c echo.Context) (templ.Component, error) {
	return handoverview.ItemForm(handover.Item{}), s.scheduleOpen(c)
}

// scheduleOpen refuses to begin what the store would refuse at the end.
func (s pages) scheduleOpen(c echo.Context) error {
	p, err := register.ReadProgramme(serve.Ctx(c), s.Store, record.Moment{})
	if err == nil && p.Done() {
		err = fault.Conflict.Errorf("The handover was completed on %s, so the schedule cannot change.", p.CompletedOn)
	}
	return err
}

func (s pages) newItemCheck(c echo.Context) (templ.Component, error) {
	if err := s.scheduleOpen(c); err != nil {
		return nil, err
	}
	row, faults := itemTyped(c)
	t, err := handover.TryImport(serve.Ctx(c), s.Store, serve.Viewer(c), row)
	if err != nil {
		return nil, err
	}
	if err := withRow(faults, t.Faults).Err(); err != nil {
		return nil, err
	}
	h, err := handover.Read(serve.Ctx(c), s.Store, record.Moment{})
	return handoverview.AddCheck(h, t), err
}

// itemSent is the item of a sent form.
func itemSent(c echo.Context) (handover.Item, error) {
	row, faults := itemTyped(c)
	items, bad, err := handover.ParseItems(row)
	if err != nil {
		return handover.Item{}, err
	}
	if err := withRow(faults, bad).Err(); err != nil {
		return handover.Item{}, err
	}
	return items[0], nil
}

func (s pages) addItem(c echo.Context) (string, error) {
	i, err := itemSent(c)
	if err != nil {
		return "", err
	}
	id, err := handover.AddItem(serve.Ctx(c), s.Store, serve.Viewer(c), i)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/handover/schedule/%d", id), s.Tell(c, fmt.Sprintf("Item %d has been added to the schedule as proposed.", id))
}

func (s pages) editItemForm(c echo.Context) (templ.Component, error) {
	i, err := s.openItem(c)
	if err == nil {
		err = i.MayEdit(serve.Viewer(c))
	}
	return handoverview.ItemForm(i), err
}

func (s pages) editItemCheck(c echo.Context) (templ.Component, error) {
	old, err := s.openItem(c)
	if err != nil {
		return nil, err
	}
	if err := old.MayEdit(serve.Viewer(c)); err != nil {
		return nil, err
	}
	i, err := itemSent(c)
	if err != nil {
		return nil, err
	}
	switch {
	case formVersion(c) != old.Version:
		return nil, fault.Conflict.Errorf("Someone else has changed this item. Reload the page and check it again.")
	case sameContent(old, i):
		return nil, fault.Invalid.Errorf("You have not changed anything.")
	}
	h, err := handover.Read(serve.Ctx(c), s.Store, record.Moment{})
	return handoverview.EditCheck(h, old, i), err
}

func sameContent(a, b handover.Item) bool {
	return a.Kind == b.Kind && a.Title == b.Title && a.Before == b.Before && a.After == b.After && a.Value == b.Value &&
		a.Valued == b.Valued && a.Evidence == b.Evidence
}

func (s pages) editItem(c echo.Context) (string, error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return "", err
	}
	i, err := itemSent(c)
	if err != nil {
		return "", err
	}
	i.ID, i.Version = id, formVersion(c)
	if err := handover.EditItem(serve.Ctx(c), s.Store, serve.Viewer(c), i); err != nil {
		return "", err
	}
	return fmt.Sprintf("/handover/schedule/%d", id), s.Tell(c, fmt.Sprintf("Item %d has been changed and is proposed again.", id))
}
