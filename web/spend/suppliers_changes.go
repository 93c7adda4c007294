package spend

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/report"
	spendview "github.com/police-ict/handover/views/spend"
	"github.com/police-ict/handover/web/serve"
)

func (s pages) alike(c echo.Context) (serve.Answer, error) {
	all, err := spend.LikelySame(serve.Ctx(c), s.Store, alikeMost)
	if err != nil {
		return serve.Answer{}, err
	}
	day := civil.DayOf(s.Store.Now())
	out := alikeJSON{AsAt: day, Pairs: []pairJSON{}}
	for _, a := range all {
		out.Pairs = append(out.Pairs, pairJSON{a.A.Slug, a.B.Slug, a.A.Name, a.B.Name, a.SumA, a.SumB, a.Why})
	}
	return serve.Answer{Page: spendview.Alike(all, alikeMost), JSON: out, CSV: serve.CSVOf(alikeColumns(string(day)), all...)}, nil
}

// alikeColumns are the columns of pairs of suppliers that may be one.
func alikeColumns(day string) []serve.Column[spend.AlikeSuppliers] {
	return []serve.Column[spend.AlikeSuppliers]{
		{Name: "as_at", Value: func(spend.AlikeSuppliers) string { return day }},
		{Name: "supplier", Value: func(a spend.AlikeSuppliers) string { return a.A.Slug }},
		{Name: "name", Value: func(a spend.AlikeSuppliers) string { return a.A.Name }},
		{Name: "lines", Value: func(a spend.AlikeSuppliers) string { return serve.Digits(a.SumA.Lines) }},
		{Name: "pence", Value: func(a spend.AlikeSuppliers) string { return serve.Digits(a.SumA.Pence) }},
		{Name: "other_supplier", Value: func(a spend.AlikeSuppliers) string { return a.B.Slug }},
		{Name: "other_name", Value: func(a spend.AlikeSuppliers) string { return a.B.Name }},
		{Name: "other_lines", Value: func(a spend.AlikeSuppliers) string { return serve.Digits(a.SumB.Lines) }},
		{Name: "other_pence", Value: func(a spend.AlikeSuppliers) string { return serve.Digits(a.SumB.Pence) }},
		{Name: "why", Value: func(a spend.AlikeSuppliers) string { return a.Why }},
	}
}

type alikeJSON struct {
	AsAt  civil.Day  `json:"as_at"`
	Pairs []pairJSON `json:"pairs"`
}

type pairJSON struct {
	Supplier  string    `json:"supplier"`
	Other     string    `json:"other_supplier"`
	Name      string    `json:"name"`
	OtherName string    `json:"other_name"`
	Sum       spend.Sum `json:"sum"`
	OtherSum  spend.Sum `json:"other_sum"`
	Why       string    `json:"why"`
}

// changesMade are all merges and renames as they stand, newest first, as the
// record tells of them.
func (s pages) changesMade(ctx context.Context) (all []spend.SupplierChange, err error) {
	had := map[string]bool{}
	for f := (record.EventFilter{Topic: "supplier-change"}); ; {
		batch, err := record.Events(ctx, s.Store, f, serve.RecordBatch)
		if err != nil || len(batch) == 0 {
			slices.SortFunc(all, func(a, b spend.SupplierChange) int { return cmp.Compare(b.ID, a.ID) })
			return all, err
		}
		for _, e := range batch {
			f.Before = e.N
			var told struct {
				Now map[string]spend.SupplierChange `json:"now"`
			}
			if had[e.Subject] || json.Unmarshal([]byte(e.Payload), &told) != nil {
				continue // it was told of later; verify reports what cannot be read
			}
			had[e.Subject] = true
			all = append(all, told.Now[e.Subject])
		}
	}
}

func (s pages) supplierChanges(c echo.Context) (serve.Answer, error) {
	made, err := s.changesMade(serve.Ctx(c))
	if err != nil {
		return serve.Answer{}, err
	}
	all, err := s.toldChanges(serve.Ctx(c), made)
	if err != nil {
		return serve.Answer{}, err
	}
	day := civil.DayOf(s.Store.Now())
	out := ChangesJSON{day, append([]spendview.SupplierEvent{}, all...)}
	return serve.Answer{Page: spendview.SupplierChanges(all), JSON: out, CSV: serve.CSVOf(changeColumns(string(day)), all...)}, nil
}

// changeColumns are the columns of the merges and renames of suppliers.
func changeColumns(day string) []serve.Column[spendview.SupplierEvent] {
	return []serve.Column[spendview.SupplierEvent]{
		{Name: "as_at", Value: func(spendview.SupplierEvent) string { return day }},
		{Name: "id", Value: func(e spendview.SupplierEvent) string { return serve.Digits(e.ID) }},
		{Name: "kind", Value: func(e spendview.SupplierEvent) string { return string(e.Kind) }},
		{Name: "supplier", Value: func(e spendview.SupplierEvent) string { return e.Slug }},
		{Name: "into", Value: func(e spendview.SupplierEvent) string { return e.IntoSlug }},
		{Name: "name", Value: func(e spendview.SupplierEvent) string { return e.Name }},
		{Name: "from", Value: func(e spendview.SupplierEvent) string { return string(e.From) }},
		{Name: "reason", Value: func(e spendview.SupplierEvent) string { return e.Reason }},
		{Name: "by", Value: func(e spendview.SupplierEvent) string { return e.By }},
		{Name: "on", Value: func(e spendview.SupplierEvent) string { return string(e.On) }},
		{Name: "undone_by_event", Value: func(e spendview.SupplierEvent) string { return numberOrNone(e.Undone) }},
		{Name: "undone_on", Value: func(e spendview.SupplierEvent) string { return string(e.UndoneOn) }},
		{Name: "undone_by", Value: func(e spendview.SupplierEvent) string { return e.UndoneBy }},
		{Name: "undone_because", Value: func(e spendview.SupplierEvent) string { return e.Why }},
	}
}

// ChangesJSON is the list of changes to suppliers as JSON.
type ChangesJSON struct {
	AsAt    civil.Day                 `json:"as_at"`
	Changes []spendview.SupplierEvent `json:"changes"`
}

// standingChange is the merge or rename of an address, while it can be undone.
func (s pages) standingChange(c echo.Context) (e spendview.SupplierEvent, err error) {
	id, err := serve.PathNumber(c, "id")
	if err != nil {
		return e, err
	}
	made, err := s.changesMade(serve.Ctx(c))
	if err != nil {
		return e, err
	}
	i := slices.IndexFunc(made, func(ch spend.SupplierChange) bool { return ch.ID == id })
	switch {
	case i < 0:
		return e, fault.NotFound.Errorf("There is no merge or rename %d.", id)
	case made[i].Undone != 0:
		return e, fault.Conflict.Errorf("This has already been undone.")
	}
	told, err := s.toldChanges(serve.Ctx(c), made[i:i+1])
	if err != nil {
		return e, err
	}
	return told[0], nil
}

func (s pages) undoChangeForm(c echo.Context) (templ.Component, error) {
	e, err := s.standingChange(c)
	return spendview.UndoChange(e), err
}

func (s pages) undoChange(c echo.Context) (string, error) {
	e, err := s.standingChange(c)
	if err != nil {
		return "", err
	}
	if err := spend.UndoSupplierChange(serve.Ctx(c), s.Store, serve.Viewer(c), e.ID, c.FormValue("reason")); err != nil {
		return "", err
	}
	return "/suppliers/" + e.Slug, s.Tell(c, "Undone: "+e.Says()+".")
}

// ownSupplier is the supplier of an address, while it stands by itself.
func (s pages) ownSupplier(c echo.Context) (report.SupplierPage, error) {
	p, err := report.ReadSupplier(serve.Ctx(c), s.Store, c.Param("slug"), payments.Filter{})
	if err == nil && p.MovedTo.ID != 0 {
		err = fault.Conflict.Errorf("%s has been merged into %s. Change that one, or undo the merge first.", p.Name, p.MovedTo.Name)
	}
	return p, err
}

// found are the suppliers that the words typed may mean, the one chosen among
// them. Chosen is "" where the words ask for others.
func (s pages) found(c echo.Context, self string) (all []spend.Supplier, chosen string, err error) {
	words, into := strings.TrimSpace(c.FormValue("words")), c.FormValue("into")
	if words != "" {
		if all, err = spend.SuppliersLike(serve.Ctx(c), s.Store, words, likeMost+1); err != nil {
			return nil, "", err
		}
		all = slices.DeleteFunc(all, func(p spend.Supplier) bool { return p.Slug == self })
	}
	if slices.ContainsFunc(all, func(p spend.Supplier) bool { return p.Slug == into }) {
		return all, into, nil
	}
	if into == "" || into == self || len(all) > 0 {
		return all, "", nil
	}
	p, err := report.ReadSupplier(serve.Ctx(c), s.Store, into, payments.Filter{})
	if fault.KindOf(err) == fault.NotFound {
		return all, "", nil
	}
	return []spend.Supplier{p.Supplier}, into, err
}

func (s pages) mergeForm(c echo.Context) (templ.Component, error) {
	p, err := s.ownSupplier(c)
	if err != nil {
		return nil, err
	}
	found, into, err := s.found(c, p.Slug)
	return spendview.MergeForm(p, c.FormValue("words"), into, found[:min(len(found), likeMost)]), err
}

// mergeSent is the merge of a sent form.
func (s pages) mergeSent(c echo.Context) (ch spend.SupplierChange, err error) {
	ch = spend.SupplierChange{Kind: spend.SupplierMerged, Slug: c.Param("slug")}
	var f fault.Faults
	found, into, err := s.found(c, ch.Slug)
	if err != nil {
		return ch, err
	}
	words := strings.TrimSpace(c.FormValue("words"))
	switch ch.IntoSlug = into; {
	case into != "":
	case len(found) == 1 && words != "":
		ch.IntoSlug = found[0].Slug
	case len(found) > likeMost:
		f.Add("words", "More than %d suppliers match. Enter more of the name.", likeMost)
	case len(found) > 0:
		f.Add("into", "Choose which of these suppliers it is.")
	case words != "":
		f.Add("words", "No other supplier is called “%s”. Check the name in the list of suppliers.", words)
	default:
		f.Add("words", "Choose another supplier to merge this one into.")
	}
	ch.From, ch.Reason = sinceTyped(c, &f), reasonTyped(c, &f)
	return ch, f.Err()
}

// sinceTyped is the day of a sent form since when a change is so.
func sinceTyped(c echo.Context, f *fault.Faults) civil.Day {
	had := len(*f)
	d := serve.FormDay(c, f, "from")
	if d == "" && len(*f) == had {
		f.Add("from", "Enter the day from which this applies.")
	}
	return d
}

// reasonTyped is the reason of a sent form; the store keeps the same limits.
func reasonTyped(c echo.Context, f *fault.Faults) string {
	why := strings.Join(strings.Fields(c.FormValue("reason")), " ")
	switch {
	case why == "":
		f.Add("reason", "Enter the reason.")
	case len([]rune(why)) > 500:
		f.Add("reason", "Shorten the reason to 500 characters or fewer.")
	}
	return why
}

func (s pages) mergeCheck(c echo.Context) (templ.Component, error) {
	p, err := s.ownSupplier(c)
	if err != nil {
		return nil, err
	}
	ch, err := s.mergeSent(c)
	if err != nil {
		return nil, err
	}
	into, err := report.ReadSupplier(serve.Ctx(c), s.Store, ch.IntoSlug, payments.Filter{})
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return nil, fault.Field("words", "%s", err.Error())
	case err != nil:
		return nil, err
	case into.MovedTo.Slug == p.Slug:
		return nil, fault.Field("into", "%s has already been merged into this supplier.", into.Name)
	case into.MovedTo.ID != 0:
		if into, err = report.ReadSupplier(serve.Ctx(c), s.Store, into.MovedTo.Slug, payments.Filter{}); err != nil {
			return nil, err
		}
	}
	return spendview.MergeCheck(p, into, ch), nil
}

func (s pages) merge(c echo.Context) (string, error) {
	ch, err := s.mergeSent(c)
	if err != nil {
		return "", err
	}
	p, err := s.ownSupplier(c)
	if err != nil {
		return "", err
	}
	if _, err := spend.ChangeSupplier(serve.Ctx(c), s.Store, serve.Viewer(c), ch); err != nil {
		return "", err
	}
	return "/suppliers/" + ch.IntoSlug, s.Tell(c, fmt.Sprintf("%s is merged into this supplier.", p.Name))
}

func (s pages) renameForm(c echo.Context) (templ.Component, error) {
	p, err := s.ownSupplier(c)
	return spendview.RenameForm(p), err
}

// renameSent is the rename of a sent form.
func renameSent(c echo.Context) (spend.SupplierChange, error) {
	var f fault.Faults
	ch := spend.SupplierChange{Kind: spend.SupplierRenamed, Slug: c.Param("slug"), Name: strings.Join(strings.Fields(c.FormValue("name")), " ")}
	switch {
	case ch.Name == "":
		f.Add("name", "Enter the name.")
	case len([]rune(ch.Name)) > 200:
		f.Add("name", "Shorten the name to 200 characters or fewer.")
	}
	ch.From, ch.Reason = sinceTyped(c, &f), reasonTyped(c, &f)
	return ch, f.Err()
}

func (s pages) renameCheck(c echo.Context) (templ.Component, error) {
	p, err := s.ownSupplier(c)
	if err != nil {
		return nil, err
	}
	ch, err := renameSent(c)
	if err == nil && ch.Name == p.Name {
		err = fault.Field("name", "The supplier is already shown under this name.")
	}
	return spendview.RenameCheck(p, ch), err
}

func (s pages) rename(c echo.Context) (string, error) {
	if _, err := s.ownSupplier(c); err != nil {
		return "", err
	}
	ch, err := renameSent(c)
	if err != nil {
		return "", err
	}
	if _, err := spend.ChangeSupplier(serve.Ctx(c), s.Store, serve.Viewer(c), ch); err != nil {
		return "", err
	}
	return "/suppliers/" + ch.Slug, s.Tell(c, fmt.Sprintf("The supplier is shown as %s.", ch.Name))
}
