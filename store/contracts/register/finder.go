package register

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/police-ict/handover/store/contracts/notice"
	"github.com/police-ict/handover/store/text"
)

// named is the cell under a heading of Contracts Finder.
func (r row) named(heading string) string {
	for i, h := range r.s.Header {
		if i < len(r.cells) && strings.EqualFold(h, heading) {
			return strings.TrimSpace(r.cells[i])
		}
	}
	return ""
}

// finderSuppliers is the column of suppliers, whose heading says how each stands
// in its cell.
func (r row) finderSuppliers() string {
	for i, h := range r.s.Header {
		if i < len(r.cells) && strings.HasPrefix(strings.ToLower(h), "supplier [") {
			return r.cells[i]
		}
	}
	return ""
}

var between = regexp.MustCompile(`\]\s*\[`)

// listed are the suppliers of a cell [Name|Address|Type|Number|SME|VCSE][…]. Their
// addresses, which may be those of people, are not read.
func listed(cell string) (all []notice.Party) {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return nil
	}
	cell = strings.TrimSuffix(strings.TrimPrefix(cell, "["), "]")
	for _, one := range between.Split(cell, -1) {
		parts := strings.Split(one, "|")
		p := notice.Party{Name: text.OneLine(parts[0])}
		p.Person = notice.IsPerson(p.Name)
		if n := len(parts); n >= 6 {
			p.Scheme, p.Number = text.OneLine(parts[n-4]), text.OneLine(parts[n-3])
			if p.Scheme == "COMPANIES_HOUSE" {
				if company, ok := text.CompanyNumber(p.Number); ok {
					p.Company = company
				}
			}
			if strings.Contains(p.Scheme, "NONE") {
				p.Scheme = ""
			}
		}
		all = append(all, p)
	}
	return all
}

// award takes one row of Contracts Finder into what is published.
func (r *reading) award(one row) {
	r.buyers.Add(one.named("Organisation Name"))
	v := one.s.money.Read(notice.Awarded, one.named("Awarded Value"))
	notice.Count(&r.sum.AwardsPublished, 0)
	notice.Sum(&r.sum.PencePublished, 0)
	if v.Why == notice.NoValue {
		return
	}
	notice.Count(&r.sum.AwardsPublished, 1)
	if v.Known {
		notice.Sum(&r.sum.PencePublished, v.Pence)
		r.sum.InCurrency("GBP")
	}
}

// finderGroup gives a notice for each row of Contracts Finder that differs.
func (r *reading) finderGroup(rows []row) error {
	r.processes++
	for i, one := range rows {
		r.award(one)
		if err := r.finder(one, i); err != nil {
			return err
		}
	}
	return nil
}

// finder gives the notice of one row.
func (r *reading) finder(one row, part int) error {
	line := func(heading string) string { return text.OneLine(one.named(heading)) }
	n := &notice.Notice{
		Kind: notice.Award, Reference: line("Notice Identifier"), Parent: line("Parent Reference"),
		Title: line("Title"), Description: text.Clean(one.named("Description")), Category: line("OJEU Contract Type"),
		CPV: strings.Fields(one.named("Cpv Codes")), Procedure: line("OJEU Procedure Type"), Status: line("Status"),
		Places: append([]notice.Place{one.place}, one.again...),
	}
	if buyer := line("Organisation Name"); buyer != "" {
		n.Buyers = []notice.Party{{Name: buyer}}
	}
	if n.Key = r.keyOf(one, n.Reference); part > 0 {
		n.Key += fmt.Sprintf("#%d", part+1)
		n.Doubt("This notice appears on several rows that differ. They are read as separate awards.")
	}
	n.Suppliers = listed(one.finderSuppliers())
	r.mentions += int64(len(n.Suppliers))
	r.finderDays(n, one)
	r.finderMoney(n, one)
	switch kind, why := notice.ProposeKind(n.Title, len(n.Suppliers), true); {
	case strings.HasPrefix(n.Procedure, "CallOff"):
		n.Kind, n.Proposed = notice.CallOff, "the procedure says so"
	case n.Value(notice.Awarded) == nil && line("Status") != "Awarded":
		n.Kind = notice.Tender
	case why != "":
		n.Kind, n.Proposed = kind, why
	}
	if len(n.Doubts) > 0 {
		r.sum.Doubted++
	}
	return r.give(n)
}

// finderDays reads the term of the contract, not that of the notice.
func (r *reading) finderDays(n *notice.Notice, one row) {
	day := func(heading string) notice.Date { return r.date(one.s, one.named(heading)) }
	n.Published, n.Awarded = day("Published Date"), day("Awarded Date")
	n.Start, n.End = day("Contract start date"), day("Contract end date")
	if end := day("End Date"); n.End.Day != "" && end.Day != "" && end != n.End {
		n.Doubt(fmt.Sprintf("The contract ends on %s, but the notice says %s.", n.End.Day, end.Day))
	}
	if n.End.Day != "" && n.Published.Day > n.End.Day {
		n.Doubt("The contract had ended before the notice was published.")
	}
	if n.Start.Day != "" && n.End.Day != "" && n.End.Day < n.Start.Day {
		n.Doubt("The contract ends before it starts. Check both dates.")
	}
	r.sum.Span(n.Start.Day, n.End.Day)
}

// finderMoney reads what was awarded and what was expected, where 0 and 1 stand
// for nothing.
func (r *reading) finderMoney(n *notice.Notice, one row) {
	if v := one.s.money.Read(notice.Awarded, one.named("Awarded Value")); v.Why != notice.NoValue {
		n.Values = append(n.Values, v)
		notice.Count(&r.sum.AwardsCurrent, 1)
		if v.Known {
			notice.Sum(&r.sum.PenceCurrent, v.Pence)
		} else {
			n.Doubt("A value could not be read: " + v.Why + ".")
		}
	}
	for _, heading := range []string{"Value Low", "Value High"} {
		if v := one.s.money.Read(notice.Estimate, one.named(heading)); v.Known && v.Pence > 100 {
			n.Values = append(n.Values, v)
		}
	}
}
