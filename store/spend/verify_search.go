package spend

import (
	"context"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/search"
	"github.com/police-ict/handover/store/spend/block"
)

// Shown says that a load shows a text that search finds.
type Shown struct {
	Load  int64
	Thing string
}

const unended = `SELECT p.doc FROM search_spend p JOIN loads l ON l.id = p.load WHERE l.status NOT IN ('standing', 'withdrawn', 'replaced')`

// WhereShownBy chooses what the loads that are read to their end show.
const WhereShownBy = ` WHERE p.load IN (SELECT id FROM loads WHERE status IN ('standing', 'withdrawn', 'replaced'))`

// SearchDocs are what search must hold of the published files, and which load
// shows which. What a load that is still being read puts in is taken as it is.
func SearchDocs(ctx context.Context, tx *db.Tx) (docs []search.Kept, pairs []Shown, err error) {
	stored, err := search.Stored(ctx, tx, `SELECT doc FROM search_spend`)
	if err != nil {
		return nil, nil, err
	}
	titles, at := map[string]string{}, map[string]int{}
	for _, k := range stored {
		titles[k.Thing] = k.Title
	}
	loads, err := db.List(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads`+Ended+` ORDER BY id`)
	if err != nil {
		return nil, nil, err
	}
	x, err := readLexicon(ctx, tx, block.NewLexicon())
	if err != nil {
		return nil, nil, err
	}
	for _, l := range loads {
		if l.Withheld != "" {
			continue
		}
		all, err := spendDocs(ctx, tx, x, l.ID)
		if err != nil {
			return nil, nil, err
		}
		for _, d := range all {
			i, had := at[d.Thing]
			if !had {
				i = len(docs)
				at[d.Thing], docs = i, append(docs, search.Kept{Doc: d})
			}
			if d.Title == titles[d.Thing] { // of spellings that are found as one, the first to come was put in
				docs[i].Doc = d
			}
			docs[i].Shown = docs[i].Shown || l.Counts()
			pairs = append(pairs, Shown{l.ID, d.Thing})
		}
	}
	more, err := search.Stored(ctx, tx, unended)
	for _, k := range more {
		if _, had := at[k.Thing]; !had {
			docs = append(docs, k)
		}
	}
	return docs, pairs, err
}
