package web

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	handoverview "github.com/police-ict/handover/views/handover"
	recordview "github.com/police-ict/handover/views/record"
)

const (
	schedulePage  = 50  // items
	scheduleBatch = 500 // items read at once for a CSV
)

func (s *Server) scheduleRoutes() {
	s.data("/handover/schedule", office.Public, s.schedule)
	s.confirm("/handover/schedule/new", office.KeepSchedule, false, s.newItemForm, s.newItemCheck, s.addItem)
	s.importRoutes()
	s.data("/handover/schedule/:id", office.Public, s.item)
	s.confirm("/handover/schedule/:id/edit", office.KeepSchedule, false, s.editItemForm, s.editItemCheck, s.editItem)
	for _, m := range handover.ScheduleLife {
		route := "/handover/schedule/:id/" + string(m.Act)
		if _, had := s.needs["GET "+route]; !had { // the page that asks, and tells what the step does
			s.form(route, m.Need, s.itemStep(m.Act), s.takeItemStep(m.Act))
		}
	}
	acts(s, "/handover/schedule/:id/", handover.ScheduleLife, s.takeItemStep) // refuses an act of two permissions
}

// itemFilter reads which items an address asks for.
func itemFilter(c echo.Context) (f handoverview.ScheduleFilter, err error) {
	var bad fault.Faults
	f.Kind, f.Status = handover.ItemKind(asked(c, "kind")), handover.ItemStatus(asked(c, "status"))
	f.Words, f.Open = asked(c, "q"), asked(c, "open") == "yes"
	if f.Kind != "" && !slices.Contains(handover.ItemKinds, f.Kind) {
		bad.Add("kind", "There is no such kind of item: choose one from the list.")
	}
	if f.Status != "" && !slices.Contains(handover.ItemStatuses, f.Status) {
		bad.Add("status", "There is no such status: choose one from the list.")
	}
	if name := asked(c, "body"); name != "" {
		b, ok := office.BodyOf(name)
		if !ok {
			bad.Add("body", "There is no such body: choose one from the list.")
		}
		f.Body = b.Slug
	}
	if err := bad.Err(); err != nil {
		return f, err
	}
	f.After, err = askedNumber(c, "after", "Give “after” as the number of an item, 1 or more.")
	return f, err
}

func (s *Server) schedule(c echo.Context) (answer, error) {
	f, err := itemFilter(c)
	if err != nil {
		return answer{}, err
	}
	if form(c) == "csv" {
		m, err := s.moment(c)
		return answer{CSV: s.itemRows(ctx(c), m, f.ItemFilter)}, err
	}
	m, err := s.moment(c)
	if err != nil {
		return answer{}, err
	}
	after, most := f.After, schedulePage
	if form(c) == "json" {
		after, most = 0, 0
	}
	a, err := handover.ReadSchedulePage(ctx(c), s.store, m, f.ItemFilter, after, most)
	return answer{Page: handoverview.Schedule(a.Handover, f, a.Page, a.Listed), JSON: scheduleJSONOf(a.Handover, a.Page)}, err
}

type itemJSON struct {
	handover.Item
	Against bool `json:"stands_against"`
}

type scheduleJSON struct {
	AsAt     civil.Day              `json:"as_at"`
	Event    int64                  `json:"event"`
	Total    int64                  `json:"total"` // that stand: all but the withdrawn
	Open     int64                  `json:"open"`  // that stand against the handover
	Statuses []handover.StatusCount `json:"statuses"`
	Kinds    []handover.KindTotal   `json:"kinds"`
	Hash     string                 `json:"hash"`
	Matching int64                  `json:"matching"` // items that the filter chooses
	Items    []itemJSON             `json:"items"`
}

func scheduleJSONOf(h handover.Handover, p handover.ItemsPage) scheduleJSON {
	t := h.Schedule
	out := scheduleJSON{h.Moment.Day, h.Known, t.Total, t.Open, t.Statuses, t.Kinds, t.Hash, p.Matching, []itemJSON{}}
	for _, i := range p.Items {
		out.Items = append(out.Items, itemJSON{i, i.Open()})
	}
	return out
}

// itemRows reads all items of a filter, a batch at a time.
func (s *Server) itemRows(ctx context.Context, m record.Moment, f handover.ItemFilter) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		if !yield([]string{"as_at", "id", "kind", "title", "before", "after", "value_pence", "evidence", "status", "stands_against", "reason", "version", "decision"}, nil) {
			return
		}
		for after := int64(0); ; {
			p, err := handover.Items(ctx, s.store, m, f, after, scheduleBatch)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, i := range p.Items {
				if !yield(itemRow(m, i), nil) {
					return
				}
			}
			if after = p.Next; after == 0 {
				return
			}
		}
	}
}

// itemRow is an item as a row of CSV. What is not valued has an empty value.
func itemRow(m record.Moment, i handover.Item) []string {
	value := ""
	if i.Valued {
		value = strconv.FormatInt(int64(i.Value), 10)
	}
	return []string{string(m.Day), strconv.FormatInt(i.ID, 10), string(i.Kind), i.Title, i.Before, i.After, value, i.Evidence,
		string(i.Status), strconv.FormatBool(i.Open()), i.Reason, strconv.FormatInt(i.Version, 10), i.Decision}
}

const historyMost = 50 // events of one thing on its page

func (s *Server) item(c echo.Context) (answer, error) {
	id, err := number(c, "id")
	if err != nil {
		return answer{}, err
	}
	m, err := s.moment(c)
	if err != nil {
		return answer{}, err
	}
	a, err := handover.ReadItemPage(ctx(c), s.store, m, id, historyMost)
	return answer{Page: handoverview.Item(a.Handover, a.Item, a.History), JSON: itemJSON{a.Item, a.Item.Open()}}, err
}

// openItem finds the item of an address, while the schedule may still change.
func (s *Server) openItem(c echo.Context) (handover.Item, error) {
	id, err := number(c, "id")
	if err != nil {
		return handover.Item{}, err
	}
	if err := s.scheduleOpen(c); err != nil {
		return handover.Item{}, err
	}
	return handover.FindItem(ctx(c), s.store, record.Moment{}, id)
}

// itemStep is the page before a step: nobody sees it who may not take the step.
func (s *Server) itemStep(act office.Act) page {
	return func(c echo.Context) (templ.Component, error) {
		i, err := s.openItem(c)
		if err != nil {
			return nil, err
		}
		if _, err := i.Next(act, viewer(c)); err != nil {
			return nil, err
		}
		var all []decisions.Decision
		if act == handover.ActAcceptException {
			all, err = decisions.DecisionsNaming(ctx(c), s.store, authority.AcceptsItem, fmt.Sprintf("item/%d", i.ID))
		}
		return handoverview.ItemStep(i, act, all), err
	}
}

func (s *Server) takeItemStep(act office.Act) step {
	return func(c echo.Context) (string, error) {
		id, err := number(c, "id")
		if err != nil {
			return "", err
		}
		if act == handover.ActAcceptException {
			err = handover.AcceptException(ctx(c), s.store, viewer(c), id, formVersion(c), c.FormValue("decision"))
		} else {
			err = handover.ActOnItem(ctx(c), s.store, viewer(c), id, formVersion(c), act, c.FormValue("reason"))
		}
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("/handover/schedule/%d", id), s.told(c, fmt.Sprintf("Item %d: %s.", id, recordview.ActInWords("schedule."+string(act))))
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

func (s *Server) newItemForm(c echo.Context) (templ.Component, error) {
	return handoverview.ItemForm(handover.Item{}), s.scheduleOpen(c)
}

// scheduleOpen refuses to begin what the store would refuse at the end.
func (s *Server) scheduleOpen(c echo.Context) error {
	p, err := register.ReadProgramme(ctx(c), s.store, record.Moment{})
	if err == nil && p.Done() {
		err = fault.Conflict.Errorf("The handover was completed on %s, so nothing of its schedule can change.", p.CompletedOn)
	}
	return err
}

func (s *Server) newItemCheck(c echo.Context) (templ.Component, error) {
	if err := s.scheduleOpen(c); err != nil {
		return nil, err
	}
	row, faults := itemTyped(c)
	t, err := handover.TryImport(ctx(c), s.store, viewer(c), row)
	if err != nil {
		return nil, err
	}
	if err := withRow(faults, t.Faults).Err(); err != nil {
		return nil, err
	}
	h, err := handover.Read(ctx(c), s.store, record.Moment{})
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

func (s *Server) addItem(c echo.Context) (string, error) {
	i, err := itemSent(c)
	if err != nil {
		return "", err
	}
	id, err := handover.AddItem(ctx(c), s.store, viewer(c), i)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/handover/schedule/%d", id), s.told(c, fmt.Sprintf("Item %d is on the schedule, as proposed.", id))
}

func (s *Server) editItemForm(c echo.Context) (templ.Component, error) {
	i, err := s.openItem(c)
	if err == nil {
		err = i.MayEdit(viewer(c))
	}
	return handoverview.ItemForm(i), err
}

func (s *Server) editItemCheck(c echo.Context) (templ.Component, error) {
	old, err := s.openItem(c)
	if err != nil {
		return nil, err
	}
	if err := old.MayEdit(viewer(c)); err != nil {
		return nil, err
	}
	i, err := itemSent(c)
	if err != nil {
		return nil, err
	}
	switch {
	case formVersion(c) != old.Version:
		return nil, fault.Conflict.Errorf("Someone else changed this item first. Reload the page and look again.")
	case sameContent(old, i):
		return nil, fault.Invalid.Errorf("Nothing was changed, so the item stays as it is.")
	}
	h, err := handover.Read(ctx(c), s.store, record.Moment{})
	return handoverview.EditCheck(h, old, i), err
}

func sameContent(a, b handover.Item) bool {
	return a.Kind == b.Kind && a.Title == b.Title && a.Before == b.Before && a.After == b.After && a.Value == b.Value &&
		a.Valued == b.Valued && a.Evidence == b.Evidence
}

func (s *Server) editItem(c echo.Context) (string, error) {
	id, err := number(c, "id")
	if err != nil {
		return "", err
	}
	i, err := itemSent(c)
	if err != nil {
		return "", err
	}
	i.ID, i.Version = id, formVersion(c)
	if err := handover.EditItem(ctx(c), s.store, viewer(c), i); err != nil {
		return "", err
	}
	return fmt.Sprintf("/handover/schedule/%d", id), s.told(c, fmt.Sprintf("Item %d is changed, and proposed again.", id))
}
