package serve

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	pageview "github.com/police-ict/handover/views/page"
)

// typedRequest is what a form sent: its fields, and the names of its files.
type typedRequest struct {
	form  url.Values
	files []string
}

// typedOf is what was typed in the request.
func typedOf(c echo.Context) (t typedRequest) {
	t.form = c.Request().Form
	if m := c.Request().MultipartForm; m != nil {
		for _, name := range slices.Sorted(maps.Keys(m.File)) {
			for _, f := range m.File[name] {
				t.files = append(t.files, f.Filename)
			}
		}
	}
	if names, ok := c.Get(string(keyFiles)).([]string); ok {
		t.files = append(t.files, names...)
	}
	return t
}

// any reports whether anything was typed that somebody would miss.
func (t typedRequest) any() bool {
	for name, values := range t.form {
		if !control(name) && !secret(name) && strings.TrimSpace(strings.Join(values, "")) != "" {
			return true
		}
	}
	return len(t.files) > 0
}

// kept is what of it may be kept: no secret, and nothing that says what to do
// with it.
func (t typedRequest) kept() url.Values {
	out := url.Values{}
	for name, values := range t.form {
		if !secret(name) && name != "confirmed" && name != "back" {
			out[name] = values
		}
	}
	return out
}

// acting is one form of somebody signed in, on its way to be recorded.
type acting struct {
	*record.Sending
	form   url.Values // as it was sent: a handler may add to the request's own
	notice string     // what the next page says
}

func actingOf(c echo.Context) *acting {
	a, _ := c.Get(string(keyActing)).(*acting)
	return a
}

// newActing knows a form by its own key, or else by what it says.
func (s *Server) newActing(c echo.Context, path string) (*acting, error) {
	r, v := c.Request(), Viewer(c)
	a := &acting{form: maps.Clone(r.Form)}
	parts := []string{strconv.FormatInt(v.Person, 10), cmp.Or(a.form.Get(fieldActing), strconv.FormatInt(v.Office.ID, 10)), r.URL.Path}
	for _, name := range slices.Sorted(maps.Keys(a.form)) {
		if !control(name) {
			parts = append(append(parts, name), a.form[name]...)
		}
	}
	files, err := fileDigests(r)
	if err != nil {
		return nil, err
	}
	once := a.form.Get(fieldOnce)
	a.Sending = &record.Sending{Person: v.Person, Content: record.Digest(append(parts, files...)...), Keyless: once == "", Repeats: s.repeats[path]}
	a.Key = record.Digest(parts[0], r.URL.Path, cmp.Or(once, rand.Text()))
	return a, nil
}

// hashedMost is the size up to which a file is told from another by its content.
const hashedMost = 32 << 20

func fileDigests(r *http.Request) (all []string, err error) {
	if r.MultipartForm == nil {
		return nil, nil
	}
	for _, name := range slices.Sorted(maps.Keys(r.MultipartForm.File)) {
		for _, head := range r.MultipartForm.File[name] {
			all = append(all, name, head.Filename, strconv.FormatInt(head.Size, 10))
			if head.Size > hashedMost {
				continue
			}
			f, err := head.Open()
			if err != nil {
				return nil, err
			}
			h := sha256.New()
			_, err = io.Copy(h, f)
			if err := errors.Join(err, f.Close()); err != nil {
				return nil, err
			}
			all = append(all, hex.EncodeToString(h.Sum(nil)))
		}
	}
	return all, nil
}

// taking is the handler of a POST: it asks who sends it, and takes each form once.
func (s *Server) taking(path string, need office.Permission, h echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if refused, ok := c.Get(string(keyUntaken)).(error); ok {
			return refused
		}
		if key, ok := c.Get(string(keyResume)).(string); ok {
			return s.resume(c, path, need, key, h)
		}
		if err := ReadForm(c); err != nil {
			return err
		}
		v := Viewer(c)
		switch {
		case v.Person == 0 && !v.Can(need):
			return s.signInFirst(c, path)
		case v.Person == 0 || need == office.Public || unguarded(path):
			if !v.Can(need) {
				return mayNot(need)
			}
			return h(c)
		}
		return s.act(c, path, need, h)
	}
}

// unguarded reports whether a form is about the sender's own session, which is
// no act on the record.
func unguarded(path string) bool {
	for _, p := range []string{"/sign-in", "/sign-out", "/demonstration", "/account", "/invitations"} {
		if path == p || strings.HasPrefix(path, p+"/") {
			return true
		}
	}
	return false
}

func mayNot(need office.Permission) error {
	return fault.Forbidden.Errorf("Your role does not let you do this. It needs a role that can %s.", need)
}

// act takes one form of somebody signed in, once.
func (s *Server) act(c echo.Context, path string, need office.Permission, h echo.HandlerFunc) error {
	a, err := s.newActing(c, path)
	if err != nil {
		return err
	}
	ends, err := s.alone(Ctx(c), a)
	if err != nil {
		return err
	}
	defer ends()
	if !a.Keyless {
		was, found, err := record.FindSent(Ctx(c), s.Store, a.Key)
		if err != nil {
			return err
		}
		if found {
			return s.sentBefore(c, a, was)
		}
	}
	if err := otherRole(c); err != nil {
		return err
	}
	if !Viewer(c).Can(need) {
		return mayNot(need)
	}
	c.Set(string(keyActing), a)
	for range 3 {
		if err = s.compare(c, path, a); err != nil {
			return err
		}
		c.SetRequest(c.Request().WithContext(record.WithSending(Ctx(c), a.Sending)))
		if err = h(c); !errors.Is(err, record.ErrChanged) {
			break
		}
	}
	if before, ok := errors.AsType[*record.SentBefore](err); ok {
		return s.sentBefore(c, a, before.Sent)
	}
	return err
}

// alone waits until the same form, sent twice at once, has been taken once.
func (s *Server) alone(ctx context.Context, a *acting) (ends func(), err error) {
	key := a.Key
	if a.Keyless {
		key = a.Content
	}
	mine := make(chan struct{})
	for {
		other, busy := s.sendings.LoadOrStore(key, mine)
		if !busy {
			return func() { s.sendings.Delete(key); close(mine) }, nil
		}
		select {
		case <-other.(chan struct{}):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// otherRole refuses a form that was shown for another role than the sender acts
// in now, having changed it in another tab.
func otherRole(c echo.Context) error {
	given, err := strconv.ParseInt(c.Request().Form.Get(fieldActing), 10, 64)
	v := Viewer(c)
	if err != nil || given == v.Office.ID {
		return nil
	}
	title := "another role"
	for _, o := range v.Offices {
		if o.ID == given {
			title = o.Title
			c.Set(string(keySwitch), pageview.Switch{Office: o.ID, Title: o.Title})
		}
	}
	return fault.Conflict.Errorf("You opened this form as %s, but you are now acting as %s. Nothing was recorded. Choose a role and send it again.", title, v.Office.Title)
}

// sentBefore answers a form that was recorded already with its first result.
// Where it says something else now, it is not recorded, and given back.
func (s *Server) sentBefore(c echo.Context, a *acting, was record.Sent) error {
	for wait := 0; was.To == "" && wait < 40; wait++ { // another process is about to answer the first
		time.Sleep(25 * time.Millisecond)
		again, found, err := record.FindSent(Ctx(c), s.Store, was.Key)
		if err != nil || !found {
			break // it leads to its entry in the record
		}
		was = again
	}
	if was.Content != a.Content {
		c.Set(string(keyAlready), was.Href())
		return fault.Conflict.Errorf("You have already sent this form, and it was recorded. Your later changes were not recorded. Send it again only if you want to record them too.")
	}
	if was.Notice != "" {
		if err := s.Tell(c, was.Notice); err != nil {
			NoteFault(c, err) // the answer is owed all the same
		}
	}
	return c.Redirect(http.StatusSeeOther, was.Href())
}

// done answers an act that was taken, and keeps the answer for the same form
// sent again. What is recorded stays so whatever fails after it.
func (s *Server) done(c echo.Context, to string) error {
	if a := actingOf(c); a != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(Ctx(c)), 5*time.Second)
		defer cancel()
		if err := record.LedTo(ctx, s.Store, a.Sending, to, a.notice); err != nil {
			s.Options.Log.Error("the answer of a form is not kept", "err", err)
		}
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// landed is where an act leads that is recorded, although what was to be done
// after it failed.
func landed(c echo.Context, to string, err error) (string, error) {
	a := actingOf(c)
	if err == nil || a == nil || a.Done().Key == "" || fault.KindOf(err) != 0 {
		return to, err
	}
	NoteFault(c, err)
	return cmp.Or(to, a.Done().Href()), nil
}
