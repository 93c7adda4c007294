package page

import (
	"cmp"
	"context"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
)

// Day is the date that the page shows: the one that its address asks for, or
// today.
func (c Chrome) Day() civil.Day { return cmp.Or(c.AsAt, c.Today()) }

// BodyName is the name that a body has on the date that the page shows.
func BodyName(ctx context.Context, slug string) string {
	c := From(ctx)
	if c.Names == nil {
		b, _ := office.BodyOf(slug)
		return cmp.Or(b.Name, slug)
	}
	return c.Names(slug)
}

// A choiceGroup is a part of a list of choices, with a title or none.
type choiceGroup struct {
	Title string
	All   []Choice
}

// grouped sets past bodies apart from those of the date that the page shows,
// and those that begin after it.
func grouped(ctx context.Context, all []Choice) []choiceGroup {
	out := []choiceGroup{{}, {Title: "Past bodies"}, {Title: "Later bodies"}}
	day := From(ctx).Day()
	for _, c := range all {
		at := 0
		if b, ok := office.BodyOf(c.Body); ok && c.Body != "" && !b.Exists(day) {
			at = 1
			if b.First != "" && day < b.First {
				at = 2
			}
		}
		out[at].All = append(out[at].All, c)
	}
	return out
}

// choiceLabel is a choice in words; a body has the name of the day.
func choiceLabel(ctx context.Context, c Choice) string {
	if c.Body != "" {
		return BodyName(ctx, c.Body)
	}
	return c.Label
}
