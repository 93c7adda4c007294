package ocds

import (
	"fmt"
	"strings"

	"github.com/police-ict/handover/store/contracts/notice"
	"github.com/police-ict/handover/store/text"
)

// finder reads a notice of the older interface of Contracts Finder: one as it is
// fetched, or a row of a search.
func (r *reading) finder(raw []byte) error {
	m := asObject(treeOf(raw))
	about := asObject(m["notice"])
	if about == nil {
		about = m
	}
	for _, who := range []map[string]any{m, about} {
		for _, name := range []string{"contact", "contactDetails", "contactDetail", "contactPoint"} {
			if holds(who[name]) {
				r.sum.PeopleDropped++
			}
		}
	}
	n := notice.Notice{Kind: notice.Tender, Places: []notice.Place{{Record: r.records, Release: firstText(m["id"], about["id"]), Dated: asText(about["publishedDate"])}}}
	n.Reference = text.OneLine(firstText(about["identifier"], about["noticeIdentifier"], m["id"]))
	n.Parent = text.OneLine(firstText(about["parentIdentifier"], about["parentId"]))
	n.Title, n.Description = text.OneLine(asText(about["title"])), text.Clean(asText(about["description"]))
	for _, words := range []*string{&n.Title, &n.Description} {
		kept, mails := notice.WithoutMail(*words)
		*words = kept
		r.sum.PeopleDropped += mails
	}
	n.Procedure = text.OneLine(firstText(about["procedureType"], about["procedureTypeOther"]))
	n.Category, n.Status = text.OneLine(firstText(about["ojeuContractType"], about["noticeType"])), text.OneLine(firstText(about["status"], about["noticeStatus"]))
	n.Published = dayOf(asText(about["publishedDate"]))
	n.CPV = codesOf(about["cpvCodes"])
	buyer := text.OneLine(firstText(about["organisationName"], asObject(m["organisation"])["name"]))
	if buyer != "" {
		n.Buyers = []notice.Party{{Name: buyer}}
		r.buyers.Add(buyer)
	}
	if about["isExtensionPossible"] == true {
		n.Options = "Can be extended. The notice does not say for how long."
	}
	awards := asObjects(m["awards"])
	if len(awards) == 0 && holds(about["awardedValue"]) {
		awards = []map[string]any{{"value": about["awardedValue"], "supplierName": about["awardedSupplier"], "awardedDate": about["awardedDate"], "startDate": about["start"], "endDate": about["end"]}}
	}
	notice.Count(&r.processesOf().AwardsPublished, 0)
	for i, a := range awards {
		r.finderAward(n, about, a, i)
	}
	if len(awards) == 0 {
		n.Key = notice.FoldReference(n.Reference)
		n.Values = estimates(about)
		n.Start, n.End = dayOf(asText(about["start"])), dayOf(asText(about["end"]))
		r.finders = append(r.finders, &n)
	}
	return nil
}

// processesOf counts one more process and gives the figures.
func (r *reading) processesOf() *notice.Summary {
	notice.Count(&r.sum.Processes, 1)
	return &r.sum
}

// finderAward adds the notice of one award.
func (r *reading) finderAward(n notice.Notice, about, a map[string]any, i int) {
	if holds(a["contact"]) {
		r.sum.PeopleDropped++
	}
	n.Kind = notice.Award
	key := n.Reference
	if i > 0 {
		key += fmt.Sprintf("#%d", i+1)
	}
	n.Key = notice.FoldReference(key)
	n.Places = append([]notice.Place(nil), n.Places...)
	n.Start, n.End = dayOf(firstText(a["startDate"], about["start"])), dayOf(firstText(a["endDate"], about["end"]))
	n.Awarded = dayOf(asText(a["awardedDate"]))
	v := readAmount(a["value"], notice.Awarded)
	v.Currency = "GBP"
	n.Values = append([]notice.Value{v}, estimates(about)...)
	s := notice.Party{Name: text.OneLine(asText(a["supplierName"])), Number: text.OneLine(asText(a["reference"])), Scheme: text.OneLine(asText(a["referenceType"]))}
	if strings.Contains(strings.ToUpper(s.Scheme), "COMPANIES_HOUSE") {
		s.Company, _ = text.CompanyNumber(s.Number)
	}
	s.Person = notice.IsPerson(s.Name)
	if s.Name != "" {
		n.Suppliers = []notice.Party{s}
		r.suppliers.Add(s.Name)
	}
	switch kind, why := notice.ProposeKind(n.Title, 1, true); {
	case about["isFrameworkAgreement"] == true:
		n.Kind = notice.Framework
	case why != "":
		n.Kind, n.Proposed = kind, why
	}
	notice.Count(&r.sum.AwardsPublished, 1)
	notice.Count(&r.sum.AwardsCurrent, 1)
	if v.Known {
		notice.Sum(&r.sum.PencePublished, v.Pence)
		notice.Sum(&r.sum.PenceCurrent, v.Pence)
		r.sum.InCurrency(v.Currency)
	}
	r.sum.Span(n.Start.Day, n.End.Day)
	r.finders = append(r.finders, &n)
}

// estimates are the lowest and the highest value that was expected; 0 is not said.
func estimates(about map[string]any) (all []notice.Value) {
	for _, name := range []string{"valueLow", "valueHigh"} {
		if v := readAmount(about[name], notice.Estimate); v.Known && v.Pence > 0 {
			v.Currency = "GBP"
			all = append(all, v)
		}
	}
	return all
}

// codesOf are CPV codes in a list, or in one text.
func codesOf(v any) (all []string) {
	switch v := v.(type) {
	case string:
		return strings.Fields(v)
	case []any:
		for _, one := range v {
			if code := firstText(one, asObject(one)["code"]); code != "" {
				all = append(all, code)
			}
		}
	}
	return all
}

// holds says that a value is something.
func holds(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for _, one := range v {
			if holds(one) {
				return true
			}
		}
		return false
	case []any:
		return len(v) > 0
	}
	return asText(v) != ""
}
