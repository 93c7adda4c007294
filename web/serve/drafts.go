package serve

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/drafts"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/record"
	pageview "github.com/police-ict/handover/views/page"
)

// The fields of a form that can be saved as a draft, beside its own, and the
// parameter of an address that opens a draft.
const (
	fieldSaved   = "saved"         // the draft that the form holds
	fieldVersion = "saved-version" // of that draft
	fieldSave    = "save-draft"    // the button that saves it
	askedSaved   = "saved"
)

// Drafts marks a form that can be saved as a draft. Lists call the draft by the
// title made of what was typed.
func (s *Server) Drafts(path string, title func(echo.Context) string) { s.drafts[path] = title }

// saves reports whether a form was sent to be saved as a draft.
func (s *Server) saves(c echo.Context, path string) bool {
	return s.drafts[path] != nil && c.Request().Form.Get(fieldSave) != ""
}

// saveDraft saves what was typed, and shows the form again from the draft. Where
// the draft was saved elsewhere meanwhile, both texts are shown.
func (s *Server) saveDraft(c echo.Context, path string) error {
	typed := typedOf(c)
	d := drafts.Draft{ID: typed.form.Get(fieldSaved), Path: c.Request().URL.Path, Title: s.drafts[path](c), Once: typed.form.Get(fieldOnce), Fields: typed.kept()}
	d.Version, _ = strconv.ParseInt(typed.form.Get(fieldVersion), 10, 64) // none matches no version
	for _, name := range []string{fieldSaved, fieldVersion, fieldActing} {
		d.Fields.Del(name)
	}
	saved, err := drafts.Save(Ctx(c), s.Store, Viewer(c), d)
	if why, ok := errors.AsType[*fault.Error](err); ok && errors.Is(err, drafts.ErrChanged) {
		return s.draftChanged(c, path, saved, why)
	}
	if err != nil {
		return s.After(c, s.blanks[path], "", err)
	}
	words := "Your draft has been saved. Only you can see it, in this role, until " + saved.Until().String() + "."
	if len(typed.files) > 0 {
		words += " Files are not saved. Choose the file again before you send the form."
	}
	if err := s.Tell(c, words); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, saved.Href())
}

// draftChanged shows what is saved now beside what was typed. Saved again, what
// was typed then replaces it.
func (s *Server) draftChanged(c echo.Context, path string, saved drafts.Draft, why *fault.Error) error {
	now, err := s.shownNow(c, s.blanks[path])
	if err != nil {
		return err
	}
	form := c.Request().Form
	if f := find(now, c.Request().URL.Path, form); f != nil {
		for _, one := range f.fields {
			one.values = saved.Fields[one.name]
		}
		c.Set(string(keyBeside), pageview.BothDrafts(differing(*f, form)))
	}
	holdDraft(c, saved)
	page, err := s.blanks[path](c)
	if err != nil {
		return err
	}
	return s.Render(c, http.StatusConflict, page, why)
}

// holdDraft notes in the form which version of which draft it holds.
func holdDraft(c echo.Context, d drafts.Draft) {
	c.Request().Form.Set(fieldSaved, d.ID)
	c.Request().Form.Set(fieldVersion, strconv.FormatInt(d.Version, 10))
}

// openDraft shows a draft in its form. What the page says besides, and whether
// it can still be sent, is read anew.
func (s *Server) openDraft(c echo.Context, path, id string) error {
	v, r := Viewer(c), c.Request()
	d, err := drafts.Find(Ctx(c), s.Store, v, r.URL.Path, id)
	if err != nil {
		return err
	}
	if d.Office != v.Office.ID {
		c.Set(string(keyResume), nil)
		title := "another role"
		for _, o := range v.Offices {
			if o.ID == d.Office {
				title = o.Title
			}
		}
		return fault.Conflict.Errorf("You saved this draft as %s. Choose that role under “Your account”, then open the draft again.", title)
	}
	r.Form = d.Fields
	r.PostForm = r.Form
	holdDraft(c, d)
	if need := s.needs["POST "+path]; !v.Can(need) {
		return s.draftAsText(c, mayNot(need))
	}
	blank := s.blanks[path]
	now, err := s.shownNow(c, blank)
	if err != nil {
		return s.draftAsText(c, err)
	}
	if f := find(now, r.URL.Path, r.Form); f != nil {
		for _, one := range f.fields {
			if one.kind == "hidden" && !control(one.name) {
				r.Form[one.name] = slices.Clone(one.values)
			}
		}
	}
	page, err := blank(c)
	if err != nil {
		return s.draftAsText(c, err)
	}
	c.Set(string(keyBeside), pageview.DraftNote(d))
	return s.Render(c, http.StatusOK, page, nil)
}

// draftAsText gives back a draft whose form cannot be sent any more, and says
// why.
func (s *Server) draftAsText(c echo.Context, why error) error {
	problem, ok := errors.AsType[*fault.Error](why)
	if !ok {
		return why
	}
	return s.Render(c, http.StatusOK, s.handed(c, nil, "Your draft", problem.Msg), nil)
}

// draftSent deletes the draft that a form held once the form is recorded. What
// was saved in another tab since stays.
func (s *Server) draftSent(c echo.Context, a *acting) {
	id := a.form.Get(fieldSaved)
	if id == "" || s.drafts[c.Path()] == nil {
		return
	}
	version, _ := strconv.ParseInt(a.form.Get(fieldVersion), 10, 64)
	if err := drafts.Delete(record.WithSending(Ctx(c), nil), s.Store, Viewer(c), id, max(version, 1)); err != nil {
		s.Options.Log.Error("the draft of a form that was sent is not deleted", "err", err)
	}
}
