package sheet

import "strings"

// doubtOrders asks about a table whose date or amount is headed as that of an
// order and that has no heading of a payment: what is ordered may not be paid.
func (s *Sheet) doubtOrders() {
	amount := s.column(Amount)
	if amount < 0 {
		return
	}
	for _, h := range s.Header {
		w := letters(splitCamel(h))
		for _, word := range []string{"paid", "payment", "pay", "invoice", "inv", "cleared", "posting", "posted", "transaction", "cheque", "bacs"} {
			if hasWord(w, word) {
				return
			}
		}
	}
	if s.headsOrder(amount) || s.headsOrder(s.column(DatePaid)) {
		s.doubt(Amount, "This looks like a register of orders, not of payments. Were the amounts under %q paid, on the dates shown?", s.heading(amount))
	}
}

// headsOrder says that a column is headed as that of an order.
func (s *Sheet) headsOrder(column int) bool {
	if column < 0 {
		return false
	}
	w := letters(splitCamel(s.heading(column)))
	return hasWord(w, "order") || hasWord(w, "orders") || hasWord(w, "ordered") || hasWord(w, "po") || strings.HasPrefix(w, "raised")
}
