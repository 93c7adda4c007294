package search

import (
	"context"
	"strconv"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Doc is one text that search finds.
type Doc struct {
	Thing string // what it tells of
	Kind  Kind
	Ref   string
	Title string
	Text  string
	Href  string
	Day   civil.Day

	// named reads the rows of things whose texts hold its title, so that they are
	// put in again when it changes.
	Named func(context.Context, *db.Tx) ([]record.Past, error)
}

// year is that of its day, or of its reference; 0 is none.
func (d Doc) year() int {
	year := string(d.Day)
	if m := text.ReferenceForm.FindStringSubmatch(d.Ref); m != nil && year == "" {
		year = m[1]
	}
	n, _ := strconv.Atoi(year[:min(len(year), 4)]) // 0 for what is no year
	return n
}

// An Extractor makes of a public row what search finds. No doc is none: what
// was found of the thing before is taken away.
type Extractor func(ctx context.Context, tx *db.Tx, thing string, row []byte) (Doc, bool, error)
