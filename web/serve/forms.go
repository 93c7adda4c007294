package serve

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
)

// DraftFrom keeps the file of a form, or finds the draft that it carries.
func (s *Server) DraftFrom(c echo.Context) (int64, error) {
	file, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		n, _ := strconv.ParseInt(c.FormValue("document"), 10, 64) // 0 is none: the store says so
		return n, nil
	}
	if err != nil {
		return 0, err
	}
	if file.Size > documents.MaxBytes {
		return 0, fault.Field("file", "The file must be smaller than 20 MB. Choose another file.")
	}
	r, err := file.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	if err != nil {
		return 0, err
	}
	id, err := documents.KeepDraft(Ctx(c), s.Store, Viewer(c), file.Filename, content)
	if err == nil {
		c.Request().Form.Set("document", strconv.FormatInt(id, 10))
	}
	return id, err
}

// Attachment has an answer saved as a file of a name. Programs that know no
// filename* have the name in ASCII.
func Attachment(c echo.Context, name string) {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%`, r) {
			return '_'
		}
		return r
	}, name)
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+plain+`"; filename*=UTF-8''`+url.PathEscape(name))
}

// OrderFaults puts the faults of a form in the order of its fields.
func OrderFaults(err error, fields []string) error {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		slices.SortStableFunc(e.Faults, func(a, b fault.Fault) int {
			return cmp.Compare(slices.Index(fields, a.Field), slices.Index(fields, b.Field))
		})
	}
	return err
}

// FormDay is a day from the three fields of a sent form. What is wrong with it
// is noted among the faults.
func FormDay(c echo.Context, f *fault.Faults, field string) civil.Day {
	d, err := civil.DayFrom(c.FormValue(field), c.FormValue(field+"-month"), c.FormValue(field+"-year"))
	if f.Take(field, err) != nil {
		f.Add(field, "Enter the date as numbers, for example 16 7 2012.") // its parts could not be read at all
	}
	return d
}

// ReadForm takes in what was sent, within the limits of the route.
func ReadForm(c echo.Context) error {
	r := c.Request()
	if r.Form != nil && (r.PostForm != nil || r.MultipartForm != nil) {
		return nil // read already
	}
	var read bytes.Buffer // its beginning, for the fields of what proves too large
	body := r.Body
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(body, &first{&read}), body}
	var err error
	if isMultipart(r) {
		err = r.ParseMultipartForm(8 << 20)
	} else {
		err = r.ParseForm()
	}
	r.Body = body
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		rescue(c, &read)
		drain(r)
		return tooLarge(large.Limit)
	}
	if err != nil {
		rescue(c, &read)
		return fault.Invalid.Errorf("The form could not be read. Go back and send it again.")
	}
	cleanForm(r)
	return checkFields(r.Form)
}

// first keeps the beginning of what is written to it.
type first struct{ to *bytes.Buffer }

func (f *first) Write(p []byte) (int, error) {
	f.to.Write(p[:min(len(p), bodyMost-f.to.Len())])
	return len(p), nil
}

func isMultipart(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
}

// salvage reads the fields of what is too large to be taken, and what follows
// them up to a limit, so that the browser listens to the answer.
func salvage(c echo.Context, most int64) {
	r := c.Request()
	if !isMultipart(r) {
		rescue(c, io.LimitReader(r.Body, most))
	} else {
		rescue(c, io.LimitReader(r.Body, drained))
	}
	drain(r)
}

// rescue keeps what can be read of a form that is not taken: its fields, and the
// names of its files.
func rescue(c echo.Context, from io.Reader) {
	r := c.Request()
	form, files := url.Values{}, []string{}
	if !isMultipart(r) {
		text, _ := io.ReadAll(from) // what came of it is what there is
		form, _ = url.ParseQuery(string(text))
	} else if _, params, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil {
		left := int64(bodyMost)
		for parts := multipart.NewReader(from, params["boundary"]); left > 0; {
			part, err := parts.NextPart()
			if err != nil {
				break
			}
			if part.FileName() != "" {
				files = append(files, part.FileName())
				continue
			}
			text, _ := io.ReadAll(io.LimitReader(part, left))
			left -= int64(len(text))
			form.Add(part.FormName(), string(text))
		}
	}
	r.Form, r.PostForm = form, form
	c.Set(string(keyFiles), files)
}

// drained is how much is read of what is not taken.
const drained = 64 << 20

// drain reads what is still being sent, up to a limit, so that the browser
// listens to the answer.
func drain(r *http.Request) {
	_, _ = io.CopyN(io.Discard, r.Body, drained) // however it ends, the answer is the same
}

func tooLarge(most int64) error {
	return echo.NewHTTPError(http.StatusRequestEntityTooLarge,
		fmt.Sprintf("This page accepts up to %d MB. Nothing was saved. Send something smaller.", most>>20))
}

// JoinFaults adds the faults of reading a form to those that the store found, and
// tells one for each field.
func JoinFaults(read fault.Faults, err error) error {
	e, ok := errors.AsType[*fault.Error](err)
	if len(read) == 0 || err != nil && (!ok || e.Kind != fault.Invalid) {
		return err
	}
	var all fault.Faults
	if ok {
		all = slices.DeleteFunc(slices.Clone(fault.Faults(e.Faults)), func(one fault.Fault) bool {
			return slices.ContainsFunc(read, func(had fault.Fault) bool { return had.Field == one.Field })
		})
	}
	return append(all, read...).Err()
}
