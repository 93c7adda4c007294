package spend

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/search"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/supplier"
	"github.com/police-ict/handover/store/text"
)

// knownNames are the names that are withheld as of an event.
type knownNames struct {
	size, event int64 // of the record, and the last event that can move them
	names       *text.Names
}

var lastNames db.Slot[atomic.Pointer[knownNames]]

// HiddenNames are the names of suppliers that are withheld and that no payment
// shows any more. What was written of them elsewhere, before or since, is shown
// without them.
func HiddenNames(ctx context.Context, tx *db.Tx) (*text.Names, error) {
	if tx.Writing() {
		return hiddenNames(ctx, tx) // it may be taken back
	}
	head, err := record.ReadHead(ctx, tx)
	if err != nil {
		return nil, err
	}
	last := lastNames.Of(tx)
	had := last.Load()
	if had != nil && had.size == head.Size {
		return had.names, nil
	}
	now := knownNames{size: head.Size}
	if now.event, err = db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(n), 0) FROM event_rows WHERE topic IN ('withholding', 'load')`); err != nil {
		return nil, err
	}
	if had != nil && had.event == now.event {
		now.names = had.names
	} else if now.names, err = hiddenNames(ctx, tx); err != nil {
		return nil, err
	}
	last.Store(&now)
	return now.names, nil
}

func hiddenNames(ctx context.Context, tx *db.Tx) (*text.Names, error) {
	rows, err := db.List(ctx, tx, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld ORDER BY line`)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(w withheldRow) bool { return w.Lifted != "" })
	// The few that may be withheld are found before their text is read.
	loads, err := db.List(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads WHERE status IN ('standing', 'withdrawn', 'replaced') AND load LIKE '%"withheld"%' ORDER BY id`)
	if err != nil {
		return nil, err
	}
	loads = slices.DeleteFunc(loads, func(l Load) bool { return l.Withheld == "" })
	if len(rows)+len(loads) == 0 {
		return nil, nil
	}
	x, err := lexiconNow(ctx, tx)
	if err != nil {
		return nil, err
	}
	var payees []block.Payee
	var all []string
	for _, w := range rows {
		p := x.Payee(uint32(w.was))
		payees = append(payees, p)
		if p.Name == "" {
			continue
		}
		body, err := db.One(ctx, tx, db.ScanInto[string], `SELECT body FROM loads WHERE id = $1`, w.Load)
		if err != nil {
			return nil, err
		}
		all = append(all, fmt.Sprintf("Payment %d of %s to %s", w.Line, office.ShortName(body), p.Name),
			fmt.Sprintf("Payment %s of %s to %s", text.Thousands(w.Line), office.ShortName(body), p.Name))
	}
	for _, l := range loads {
		of, err := payeesOf(ctx, tx, x, l.ID)
		if err != nil {
			return nil, err
		}
		payees = append(payees, of...)
	}
	hidden, err := shownNowhere(ctx, tx, payees)
	return text.NewNames(append(all, hidden...)), err
}

// payeesOf are those whom a load names, withheld or not.
func payeesOf(ctx context.Context, tx *db.Tx, x block.Lexicon, load int64) (all []block.Payee, err error) {
	cells, _, err := CellsOf(ctx, tx, load)
	had := map[block.Payee]bool{}
	for _, k := range cells {
		if p := x.Payee(k.Combo); p.Name != "" && !had[p] {
			had[p] = true
			all = append(all, p)
		}
	}
	return all, err
}

// shownNowhere are the names of some payees that no payment shows. The names of
// the bodies stay: they are on every page.
func shownNowhere(ctx context.Context, tx *db.Tx, payees []block.Payee) (all []string, err error) {
	had := map[string]bool{}
	for _, b := range office.Bodies() {
		had[text.Fold(b.Name)], had[text.Fold(b.Short)] = true, true
	}
	for _, p := range payees {
		key := text.Fold(p.Name)
		if payeeKind(p.Name) != payments.Named || had[key] {
			continue
		}
		had[key] = true
		thing := spendThing(search.Supplier, supplier.Key(p.Name, p.Number)+"\n"+key)
		shown, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COUNT(*) FROM search_docs WHERE thing = $1`, thing)
		if err != nil {
			return nil, err
		}
		if shown == 0 {
			all = append(all, supplier.Spellings(p.Name)...)
		}
	}
	return all, nil
}

// Mentions are the public texts that name whoever was paid by a payment. They
// are shown without the name while the payment is withheld.
func Mentions(ctx context.Context, tx *db.Tx, l Line) ([]search.Doc, error) {
	if l.Payee != payments.Named {
		return nil, nil
	}
	return search.Naming(ctx, tx, text.NewNames(supplier.Spellings(l.Words())))
}
