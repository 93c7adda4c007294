package term

import "github.com/police-ict/handover/store/civil"

// standing is how a term stands at the end of a day, by the acts that were done
// until then.
type standing struct {
	on      civil.Day
	initial civil.Day // the end without options; "" is not known
	now     civil.Day // the end as things stand, without a further act; "" is none or not known
	anchor  civil.Day // where months are counted from,
	months  int       // and how many of them make now; 0 where now is the day before anchor
	taken   int       // options taken
	from    civil.Day // the first day of the period of a tacit renewal that runs
	ended   *Ending   // the act that ends it, if one stands
}

// stands works out the standing of a term on a day.
func (t *Term) stands(on civil.Day) standing {
	s := standing{on: on, from: t.Start}
	switch {
	case t.Last != "":
		s.initial = t.Last
		s.rebase(t, t.Last)
	case t.Start != "" && t.Months > 0:
		s.initial = t.Start.LastOf(t.Months)
		s.anchor, s.months, s.now = t.Start, t.Months, s.initial
	}
	agreed := 0
	agree := func(until civil.Day) {
		for ; agreed < len(t.Agreed) && t.Agreed[agreed].On <= until; agreed++ {
			s.rebase(t, t.Agreed[agreed].Last)
		}
	}
	for s.taken < len(t.Options) && s.now != "" {
		o := &t.Options[s.taken]
		if o.Taken == "" || o.Taken > on {
			break
		}
		if agreed < len(t.Agreed) {
			agree(civil.Numbered(o.Taken.Number() - 1))
		}
		full := s.extend(t, o)
		if o.AnyDay && o.To != "" && o.To < full.now {
			full.rebase(t, max(o.To, s.now))
		}
		full.taken++
		s = full
	}
	agree(on)
	s.period(t)
	s.end(t)
	return s
}

// rebase moves the end to a stated day. Months go on being counted from the start
// where the day is the end of whole months from it, and else from the day after.
func (s *standing) rebase(t *Term, last civil.Day) {
	s.now = last
	if t.Start != "" && t.Months > 0 && t.Start.LastOf(t.Months) == last {
		s.anchor, s.months = t.Start, t.Months
		return
	}
	if n, ok := t.Start.MonthsTo(last); ok {
		s.anchor, s.months = t.Start, n
		return
	}
	s.anchor, s.months = civil.Numbered(last.Number()+1), 0
}

// option is the place of the next option that would move the end, and of the end
// of the list where there is none: one to a stated day is of no use once the end
// is as late by an agreement.
func (s *standing) option(t *Term) int {
	i := s.taken
	for i < len(t.Options) && t.Options[i].Last != "" && t.Options[i].Last <= s.now {
		i++
	}
	return i
}

// extend is the standing after an option is taken in whole.
func (s *standing) extend(t *Term, o *Option) standing {
	next := *s
	if o.Last != "" {
		if o.Last > s.now {
			next.rebase(t, o.Last)
		}
		return next
	}
	next.months += o.Months
	next.now = next.anchor.LastOf(next.months)
	return next
}

// renewal is the end of the n-th period after that of now.
func (s *standing) renewal(t *Term, n int) civil.Day { return s.anchor.LastOf(s.months + n*t.Every) }

// period moves the end of a tacit renewal to that of the period that runs on the
// day. What is open has no end once its first term is over.
func (s *standing) period(t *Term) {
	switch {
	case t.Renewal == Open && (s.now == "" || s.now < s.on):
		s.now = ""
	case t.Renewal == Tacit && t.Every > 0 && s.now != "" && s.now < s.on:
		months := (s.on.Number() - s.now.Number()) / 31
		n := max(months/t.Every, 1)
		for s.renewal(t, n) < s.on {
			n++
		}
		s.months += n * t.Every
		s.from = civil.Numbered(s.renewal(t, -1).Number() + 1)
		s.now = s.anchor.LastOf(s.months)
	}
}

// end lets the last ending that stands on the day set the end. It never makes a
// term with an end longer.
func (s *standing) end(t *Term) {
	for i := range t.Endings {
		e := &t.Endings[i]
		if e.Given > s.on || e.Withdrawn != "" && e.Withdrawn <= s.on {
			continue
		}
		s.ended = e
	}
	if s.ended == nil {
		return
	}
	last := s.ended.Last
	if t.Renewal == Ends && s.now != "" {
		last = min(last, s.now)
	}
	s.now = last
}

// known reports whether a term's end is known, or is known to be none.
func (s *standing) known(t *Term) bool {
	return s.now != "" || t.Renewal == Open
}
