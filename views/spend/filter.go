package spend

import (
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/spend/payments"
)

// PoundsTyped is the amount of a filter, "" where none is given.
func PoundsTyped(p *money.Pence) string {
	if p == nil {
		return ""
	}
	return p.Plain()
}

// SpendHref is the address of a filter under a path.
func SpendHref(path string, f payments.Filter, more ...string) string {
	q := f.Query()
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
