package term

import (
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
)

// How is the act by which a contract comes to end on a day.
type How string

// The acts. Nothing needs none: the contract ends by itself.
const (
	Nothing  How = "nothing"
	TakeUp   How = "option"  // options are taken
	GiveStop How = "notice"  // notice stops the renewal, or ends what is open
	UseBreak How = "break"   // a break is used
	Decided  How = "decided" // an act that was done already ends it
)

const (
	maxAhead  = 2000         // periods of a renewal that are looked through
	endlessTo = "9999-12-31" // sorts after every day
)

// End is a day, or days in a row, on any of which a contract can still be made
// to end as of right.
type End struct {
	From, To civil.Day // equal for a single day; To is "" where there is no last one
	How      How
	Options  int       // how many more options must be taken, in order
	By       civil.Day // the last day of the first act; "" where none is needed, or where it depends on the end
	notice   Notice    // where it depends on the end
	rolling  bool
}

// Has reports whether the contract can be made to end on a day.
func (e End) Has(d civil.Day) bool { return e.From <= d && (e.To == "" || d <= e.To) }

// ActBy is the last day of the first act that makes the contract end on a day;
// "" where no act is needed.
func (e End) ActBy(d civil.Day) civil.Day {
	if !e.rolling {
		return e.By
	}
	by := e.notice.Before(d)
	if e.By != "" {
		by = min(by, e.By)
	}
	return by
}

// EndsOn lists the ends that can still be reached as of right on a day, in order
// of their first days: that to which nothing need be done, those of options whose
// notice day is not past, of renewals that notice can still stop, of breaks. Ends
// of a tacit renewal are listed to until, and at least one of them. It is empty
// for a contract that has ended, and for one whose end is not known.
func (t *Term) EndsOn(on, until civil.Day) []End {
	s := t.stands(on)
	room := 2 + len(t.Options) + 2*len(t.Breaks)
	if t.Renewal == Tacit && t.Every > 0 && s.now != "" && s.now < until {
		room += (until.Number() - s.now.Number()) / 28 / t.Every
	}
	return t.ends(&s, until, make([]End, 0, min(room, maxAhead)))
}

func (t *Term) ends(s *standing, until civil.Day, all []End) []End {
	switch {
	case !s.known(t), s.now != "" && s.now < s.on:
		return all
	case s.ended != nil:
		return append(all, End{From: s.now, To: s.now, How: Decided})
	case t.Renewal == Open:
		from := max(t.Notice.After(s.on), s.now, t.Start)
		all = append(all, End{From: from, How: GiveStop, notice: t.Notice, rolling: true})
	case t.Renewal == Tacit && t.Every > 0:
		all = t.stops(s, until, all)
	default:
		all = append(all, End{From: s.now, To: s.now, How: Nothing})
		all = t.extensions(s, all)
	}
	if len(t.Breaks) > 0 {
		all = t.breaks(s, all)
		slices.SortStableFunc(all, func(a, b End) int { return strings.Compare(string(a.From), string(b.From)) })
	}
	return all
}

// extensions are the ends of the options that can still be taken.
func (t *Term) extensions(s *standing, all []End) []End {
	before, first, count := *s, civil.Day(""), 0
	for i := before.option(t); i < len(t.Options); i = before.option(t) {
		o := &t.Options[i]
		by := o.noticeBy(before.now)
		if by < s.on {
			break
		}
		if first == "" {
			first = by
		}
		next := before.extend(t, o)
		count++
		e := End{From: next.now, To: next.now, How: TakeUp, Options: count, By: first}
		if o.AnyDay {
			e.From = min(civil.Numbered(before.now.Number()+1), next.now)
		}
		all = append(all, e)
		before = next
		before.taken = i + 1
	}
	return all
}

// stops are the ends of a tacit renewal that notice can still bring about.
func (t *Term) stops(s *standing, until civil.Day, all []End) []End {
	found := 0
	for n := range maxAhead {
		last := s.now
		if n > 0 {
			last = s.renewal(t, n)
		}
		if found > 0 && last > until {
			break
		}
		if by := t.Notice.Before(last); by >= s.on {
			all = append(all, End{From: last, To: last, How: GiveStop, By: by})
			found++
		}
	}
	return all
}

// breaks are the ends of breaks whose notice day is not past. One that lies in
// the term of an option needs that option too.
func (t *Term) breaks(s *standing, all []End) []End {
	plain := all
	for _, b := range t.Breaks {
		all = append(all, breakWithin(b, s, t.Start, plain)...)
	}
	return all
}

// breakWithin are the ends of a break between the ends that there are without it.
func breakWithin(b Break, s *standing, start civil.Day, plain []End) (all []End) {
	from := max(b.Day, s.on, start)
	if b.AnyDay {
		from = max(from, b.Notice.After(s.on))
	} else if b.Day < from || b.noticeBy() < s.on {
		return nil
	}
	before := civil.Day("") // the last end of what is reached without more options
	for _, p := range plain {
		to, last := p.To, p.To == "" || p.How == GiveStop
		if last {
			to = endlessTo
		}
		first := max(from, before)
		if before != "" && first == before {
			first = civil.Numbered(before.Number() + 1)
		}
		e := End{From: first, To: to, How: UseBreak, Options: p.Options, notice: b.Notice, rolling: true}
		if p.How == TakeUp {
			e.By = p.By
		}
		if !b.AnyDay {
			e.To, e.rolling, e.By = min(e.To, b.Day), false, b.noticeBy()
			if p.How == TakeUp {
				e.By = min(e.By, p.By)
			}
		}
		if e.From <= e.To {
			if e.To == endlessTo {
				e.To = ""
			}
			all = append(all, e)
		}
		if before = to; last {
			break
		}
	}
	return all
}
