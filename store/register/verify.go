package register

import (
	"context"
	"encoding/json"

	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Tables are what verify holds of the register, column by column.
var Tables = []record.Table{
	{Name: "register", Columns: "n, kind, registered, entry", Want: func(_ context.Context, c *record.Checker, row func(...any)) error {
		return record.EachThing(c, "register", func(thing string, words json.RawMessage) error {
			var e Entry
			err := json.Unmarshal(words, &e)
			row(c.First(thing).N, e.Kind, e.Registered, string(words))
			return err
		})
	}},
	{Name: "programmes", Columns: "id, terms, completed_on, completed_n", Want: func(_ context.Context, c *record.Checker, row func(...any)) error {
		return record.EachTold(c, "programme", func(p Programme, _ string) error {
			on, n := p.CompletedOn, p.CompletedN
			p.CompletedOn, p.CompletedN = "", 0
			terms, err := text.Canonical(p)
			row(1, string(terms), on, n)
			return err
		})
	}},
}
