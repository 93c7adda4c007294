package ocds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/contracts/notice"
	"github.com/police-ict/handover/store/text"
)

// notices merges a process, takes it into the figures and gives a notice for each
// contract, for each award without one, and for a process without either.
func (r *reading) notices(p *process) error {
	p.merge()
	p.index()
	awards, contracts := asObjects(p.tree["awards"]), asObjects(p.tree["contracts"])
	ofAward, ofContract := turnsOf(awards), turnsOf(contracts)
	r.current(awards, contracts)
	p.slips(awards, ofAward)
	byAward := map[string][]int{}
	for i, c := range contracts {
		if id := idText(c["awardID"]); id != "" {
			byAward[id] = append(byAward[id], i)
		}
	}
	used := make([]bool, len(contracts))
	for i, a := range awards {
		id := idText(a["id"])
		tied := byAward[id]
		if ofAward[i] > 0 || id == "" {
			tied = nil
		}
		for _, c := range tied {
			used[c] = true
			if err := r.one(p, a, contracts[c], ofContract[c]); err != nil {
				return err
			}
		}
		if len(tied) == 0 {
			if err := r.one(p, a, nil, ofAward[i]); err != nil {
				return err
			}
		}
	}
	for i, c := range contracts {
		if !used[i] {
			if err := r.one(p, nil, c, ofContract[i]); err != nil {
				return err
			}
		}
	}
	if len(awards)+len(contracts) == 0 {
		return r.one(p, nil, nil, 0)
	}
	return nil
}

// slips asks about two awards of a process that differ by the place of a point: one
// may correct the other under a new id, and both stand.
func (p *process) slips(awards []map[string]any, turns []int) {
	if len(awards) > 50 {
		return
	}
	for i, a := range awards {
		for k, b := range awards[:i] {
			x, y := amountOf(a["value"], notice.Awarded), amountOf(b["value"], notice.Awarded)
			if !x.Known || !y.Known || cameToNothing(a) || cameToNothing(b) {
				continue
			}
			factor := notice.Slip(x.Pence, y.Pence)
			if factor == 0 {
				continue
			}
			if p.asks == nil {
				p.asks = map[string][]string{}
			}
			for _, at := range []int{i, k} {
				key := fmt.Sprintf("awards/%s/%d", idText(awards[at]["id"]), turns[at])
				p.asks[key] = append(p.asks[key], fmt.Sprintf("Two awards in this process differ by a factor of about %d. One may replace the other.", factor))
			}
		}
	}
}

// current takes what stands after the last release into the figures.
func (r *reading) current(awards, contracts []map[string]any) {
	for _, a := range awards {
		if cameToNothing(a) {
			continue
		}
		notice.Count(&r.sum.AwardsCurrent, 1)
		if v := amountOf(a["value"], notice.Awarded); v.Known {
			notice.Sum(&r.sum.PenceCurrent, v.Pence)
		}
		for _, s := range asObjects(a["suppliers"]) {
			if id := asText(s["id"]); id != "" {
				r.suppliers.Add(id)
			} else {
				r.suppliers.Add(asText(s["name"]))
			}
		}
		r.span(a)
	}
	for _, c := range contracts {
		notice.Count(&r.sum.Contracts, 1)
		r.span(c)
		v := amountOf(c["value"], notice.Total)
		if !v.Known {
			r.sum.Leave(v.Why)
			continue
		}
		notice.Sum(&r.sum.PenceContracts, v.Pence)
		r.sum.InCurrency(v.Currency)
	}
}

func (r *reading) span(one map[string]any) {
	period := periodOf(one)
	r.sum.Span(dayOf(asText(period["startDate"])).Day, dayOf(asText(period["endDate"])).Day)
}

// cameToNothing says that an award was cancelled or unsuccessful.
func cameToNothing(a map[string]any) bool {
	status := asText(a["status"])
	return status == "cancelled" || status == "unsuccessful"
}

// periodOf is the term of an award or a contract.
func periodOf(one map[string]any) map[string]any {
	if period := asObject(one["contractPeriod"]); len(period) > 0 {
		return period
	}
	return asObject(one["period"])
}

// one gives the notice of an award, of a contract, of both or of neither. turn is
// how many before it share its id.
func (r *reading) one(p *process, award, contract map[string]any, turn int) error {
	n := &notice.Notice{Kind: notice.Tender, Ocid: p.ocid, Places: p.places(), Doubts: append([]string(nil), p.doubts...)}
	p.identify(n, award, contract, turn)
	p.describe(n, award, contract)
	p.people(n, award, contract)
	p.days(n, award, contract)
	p.money(n, award, contract)
	p.options(n, award, contract)
	p.kind(n, award, contract)
	if award != nil && cameToNothing(award) {
		n.LeftOut = "the award was cancelled or unsuccessful"
	}
	if len(n.Doubts) > 0 {
		r.sum.Doubted++
	}
	return r.give(n)
}

// identify gives a notice its reference: the ocid, its buyer where buyers share
// it, and the contract or award.
func (p *process) identify(n *notice.Notice, award, contract map[string]any, at int) {
	id, list := "", ""
	switch {
	case contract != nil:
		list, id = "contracts", idText(contract["id"])
	case award != nil:
		list, id = "awards", idText(award["id"])
	}
	n.Reference = p.ocid
	if id != "" && strings.HasPrefix(id, p.ocid) {
		n.Reference = id
	} else if id != "" {
		n.Reference += "/" + id
	}
	key := n.Reference
	if list == "awards" {
		key += "#award"
	}
	if at > 0 {
		key += fmt.Sprintf("#%d", at+1)
	}
	if p.shared {
		buyer := asObject(p.tree["buyer"])
		key = strings.Join(strings.Fields(asText(buyer["name"])+" "+asText(buyer["id"])), " ") + "#" + key
		n.Doubt("Several buyers use one process number (ocid). Each is read separately.")
	}
	n.Key = notice.FoldReference(key)
	if list != "" {
		of := fmt.Sprintf("%s/%s/%d", list, id, at)
		n.Amendments = append(n.Amendments, p.history[of]...)
		for _, ask := range p.asks[of] {
			n.Doubt(ask)
		}
	}
	for _, one := range []map[string]any{award, contract} {
		for _, name := range []string{"amendment", "amendments"} {
			for _, a := range asObjects(one[name]) {
				words := firstText(a["description"], a["rationale"])
				if words != "" || asText(a["date"]) != "" {
					n.Amendments = append(n.Amendments, notice.Amendment{Day: dayOf(asText(a["date"])).Day, Words: text.Clean(words), Place: p.sources[len(p.sources)-1].place})
				}
			}
		}
	}
	for _, related := range asObjects(p.tree["relatedProcesses"]) {
		if strings.Contains(fmt.Sprint(related["relationship"]), "framework") {
			n.Parent = asText(related["identifier"])
		}
	}
}

// firstText is the first that is not empty.
func firstText(all ...any) string {
	for _, v := range all {
		if s := asText(v); s != "" {
			return s
		}
	}
	return ""
}

func (p *process) describe(n *notice.Notice, award, contract map[string]any) {
	tender := asObject(p.tree["tender"])
	n.Title = text.OneLine(firstText(contract["title"], award["title"], tender["title"], p.tree["title"]))
	n.Description = text.Clean(firstText(contract["description"], award["description"], tender["description"], p.tree["description"]))
	n.Procedure = text.OneLine(firstText(tender["procurementMethodDetails"], tender["procurementMethod"]))
	n.Category = firstText(award["mainProcurementCategory"], tender["mainProcurementCategory"])
	n.Status = firstText(contract["status"], award["status"], tender["status"])
	for _, of := range []map[string]any{award, contract} {
		if lots, ok := of["relatedLots"].([]any); ok && n.Lot == "" {
			var names []string
			for _, l := range lots {
				names = append(names, idText(l))
			}
			n.Lot = text.OneLine(strings.Join(names, ", "))
		}
	}
	n.CPV = append(n.CPV, p.codes...)
	for _, of := range []map[string]any{award, contract} {
		n.CPV = addCodes(n.CPV, of["items"])
	}
}

// maxCodes of CPV are read of one notice.
const maxCodes = 50

// addCodes adds the CPV codes of items to those that are known.
func addCodes(codes []string, items any) []string {
	for _, item := range asObjects(items) {
		classes := append(asObjects(item["classification"]), asObjects(item["additionalClassifications"])...)
		for _, c := range classes {
			id := asText(c["id"])
			if len(codes) < maxCodes && id != "" && strings.EqualFold(asText(c["scheme"]), "CPV") && !slices.Contains(codes, id) {
				codes = append(codes, id)
			}
		}
	}
	return codes
}

func (p *process) days(n *notice.Notice, award, contract map[string]any) {
	n.Published = dayOf(firstText(award["datePublished"], p.sources[len(p.sources)-1].tree["date"]))
	n.Awarded = dayOf(asText(award["date"]))
	n.Signed = dayOf(asText(contract["dateSigned"]))
	for _, period := range []map[string]any{periodOf(contract), periodOf(award), p.termOfTender()} {
		if len(period) == 0 {
			continue
		}
		n.Start, n.End = dayOf(asText(period["startDate"])), dayOf(asText(period["endDate"]))
		n.Latest = dayOf(asText(period["maxExtentDate"]))
		if days := asText(period["durationInDays"]); days != "" {
			n.Term = days + " days"
		}
		break
	}
	if n.Start.Day != "" && n.End.Day != "" && n.End.Day < n.Start.Day {
		n.Doubt("The contract ends before it starts. Check both dates.")
	}
}

// termOfTender is what was asked for, where no more is known.
func (p *process) termOfTender() map[string]any {
	tender := asObject(p.tree["tender"])
	if period := asObject(tender["contractPeriod"]); len(period) > 0 {
		return period
	}
	if lots := asObjects(tender["lots"]); len(lots) == 1 {
		return asObject(lots[0]["contractPeriod"])
	}
	return nil
}

func (p *process) options(n *notice.Notice, award, contract map[string]any) {
	tender := asObject(p.tree["tender"])
	of := []map[string]any{contract, award, tender}
	of = append(of, asObjects(tender["lots"])...)
	for _, one := range of {
		if n.Options == "" {
			n.Options = text.Clean(asText(asObject(one["options"])["description"]))
		}
		if n.Renewal == "" {
			n.Renewal = text.Clean(asText(asObject(one["renewal"])["description"]))
		}
		if n.Renewal == "" && one["hasRenewal"] == true {
			n.Renewal = "Can be renewed. The notice does not say how."
		}
		if n.Options == "" && one["hasOptions"] == true {
			n.Options = "Has options. The notice does not say which."
		}
	}
}

func (p *process) kind(n *notice.Notice, award, contract map[string]any) {
	techniques := asObject(asObject(p.tree["tender"])["techniques"])
	flagged := techniques["hasFrameworkAgreement"] == true || techniques["hasDynamicPurchasingSystem"] == true
	proposed, why := notice.ProposeKind(n.Title, len(n.Suppliers), len(n.Values) == 1)
	switch {
	case award == nil && contract == nil:
	case flagged:
		n.Kind = notice.Framework
	case strings.Contains(strings.ToLower(n.Procedure), "call-off") || strings.Contains(strings.ToLower(n.Procedure), "calloff"):
		n.Kind, n.Proposed = notice.CallOff, "the procedure says so"
	case why != "":
		n.Kind, n.Proposed = proposed, why
	case contract != nil:
		n.Kind = notice.Contract
	default:
		n.Kind = notice.Award
	}
}
