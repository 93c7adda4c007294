package ocds

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/contracts/notice"
	"github.com/police-ict/handover/store/text"
)

// amountOf reads a value: its amount, which is net where a gross one stands beside
// it.
func amountOf(v any, kind notice.ValueKind) notice.Value {
	m := asObject(v)
	value := readAmount(m["amount"], kind)
	value.Currency = text.OneLine(asText(m["currency"]))
	if value.Known && m["amountGross"] != nil {
		value.Basis = "net"
	}
	return value
}

func readAmount(v any, kind notice.ValueKind) notice.Value {
	switch v := v.(type) {
	case json.Number:
		return notice.Reading{Exponent: true}.Read(kind, v.String())
	case string:
		return notice.Reading{Exponent: true}.Read(kind, v)
	}
	return notice.Value{Kind: kind, Why: notice.NoValue}
}

// money gives a notice the values of its award and its contract, each of its kind.
func (p *process) money(n *notice.Notice, award, contract map[string]any) {
	add := func(m any, kind notice.ValueKind) {
		v := amountOf(m, kind)
		if asObject(m) == nil {
			return
		}
		if v.Known || v.Why != notice.NoValue {
			n.Values = append(n.Values, v)
		}
		if !v.Known && v.Why != notice.NoValue {
			n.Doubt("A value could not be read: " + v.Why + ".")
		}
		if gross := readAmount(asObject(m)["amountGross"], kind); gross.Known {
			gross.Currency, gross.Basis = v.Currency, "gross"
			n.Values = append(n.Values, gross)
		}
	}
	add(contract["value"], notice.Total)
	add(award["value"], notice.Awarded)
	tender := asObject(p.tree["tender"])
	if award == nil && contract == nil {
		add(tender["value"], notice.Estimate)
	}
	add(asObject(asObject(tender["techniques"])["frameworkAgreement"])["value"], notice.Maximum)
}

// index finds the parties and the codes that all notices of the process share.
func (p *process) index() {
	p.parties = map[string]map[string]any{}
	for _, party := range asObjects(p.tree["parties"]) {
		if id := asText(party["id"]); id != "" {
			p.parties[id] = party
		}
		if roles, ok := party["roles"].([]any); ok && slices.Contains(roles, any("buyer")) {
			p.buyers = append(p.buyers, party)
		}
	}
	tender := asObject(p.tree["tender"])
	p.codes = addCodes(addCodes(nil, []any{tender}), tender["items"])
}

// people gives a notice its buyers and suppliers.
func (p *process) people(n *notice.Notice, award, contract map[string]any) {
	buyer := asObject(p.tree["buyer"])
	if len(buyer) == 0 {
		buyer = asObject(asObject(p.tree["tender"])["procuringEntity"])
	}
	if len(buyer) > 0 {
		lead := partyOf(buyer, p.parties)
		n.Buyers = []notice.Party{lead}
	}
	for _, other := range p.buyers {
		if one := partyOf(other, p.parties); len(n.Buyers) == 0 || one.ID != n.Buyers[0].ID && one.Name != n.Buyers[0].Name {
			n.Buyers = append(n.Buyers, one)
		}
	}
	if len(n.Buyers) > 1 {
		n.Buyers[0].Lead = len(buyer) > 0
	}
	suppliers := asObjects(award["suppliers"])
	if len(suppliers) == 0 {
		suppliers = asObjects(contract["suppliers"])
	}
	for _, s := range suppliers {
		n.Suppliers = append(n.Suppliers, partyOf(s, p.parties))
	}
}

// partyOf reads an organisation, with its number from the list of parties.
func partyOf(m map[string]any, known map[string]map[string]any) notice.Party {
	p := notice.Party{Name: text.OneLine(asText(m["name"])), ID: text.OneLine(asText(m["id"]))}
	identifiers := asObjects(m["identifier"])
	if full := known[p.ID]; full != nil {
		identifiers = append(identifiers, asObjects(full["identifier"])...)
		identifiers = append(identifiers, asObjects(full["additionalIdentifiers"])...)
		if p.Name == "" {
			p.Name = text.OneLine(asText(full["name"]))
		}
	}
	for _, id := range identifiers {
		scheme, number := text.OneLine(asText(id["scheme"])), text.OneLine(asText(id["id"]))
		if p.Name == "" {
			p.Name = text.OneLine(asText(id["legalName"]))
		}
		if number == "" {
			continue
		}
		if p.Number == "" {
			p.Scheme, p.Number = scheme, number
		}
		if scheme == "GB-COH" && p.Company == "" {
			p.Company, _ = text.CompanyNumber(number)
		}
	}
	p.Person = notice.IsPerson(p.Name)
	if number, ok := strings.CutPrefix(p.ID, "GB-COH-"); ok && p.Company == "" {
		p.Company, _ = text.CompanyNumber(number)
	}
	return p
}
