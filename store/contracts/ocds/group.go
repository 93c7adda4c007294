package ocds

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/contracts/notice"
)

// source is one release of a process.
type source struct {
	tree  map[string]any
	place notice.Place
	tag   uint64
}

// group takes all releases of one ocid into the figures and gives its notices.
func (r *reading) group(packed []notice.Packed) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if len(packed) > maxReleases {
		return Refusal(fmt.Sprintf("One process in the file has %d releases. At most %d can be read.", len(packed), maxReleases))
	}
	if r.grower == nil {
		r.grower = newGrower()
	}
	sources := make([]source, 0, len(packed))
	for _, p := range packed {
		s, ok := r.unpack(p)
		if !ok {
			r.sum.Reject(s.place, whyBroken)
			continue
		}
		r.published(s.tree)
		sources = append(sources, s)
	}
	if len(sources) == 0 {
		return nil
	}
	parts := apart(sources)
	for _, one := range parts {
		p := &process{sources: one, sum: &r.sum, shared: len(parts) > 1}
		r.processes++
		if err := r.notices(p); err != nil {
			return err
		}
	}
	return nil
}

// unpack reads a release out of the spool.
func (r *reading) unpack(p notice.Packed) (source, bool) {
	record, n := binary.Uvarint(p.Bytes)
	b := p.Bytes[n:]
	size, n := binary.Uvarint(b)
	id, raw := string(b[n:n+int(size)]), b[n+int(size):]
	s := source{tag: p.Tag, place: notice.Place{Record: int(record), Release: id}}
	s.tree = asObject(r.grower.grow(raw))
	s.place.Dated = asText(s.tree["date"])
	return s, s.tree != nil
}

// published counts what one release says, as it stands.
func (r *reading) published(tree map[string]any) {
	buyer := asObject(tree["buyer"])
	if id := asText(buyer["id"]); id != "" {
		r.buyers.Add(id)
	} else {
		r.buyers.Add(asText(buyer["name"]))
	}
	for _, a := range asObjects(tree["awards"]) {
		notice.Count(&r.sum.AwardsPublished, 1)
		if v := amountOf(a["value"], notice.Awarded); v.Known {
			notice.Sum(&r.sum.PencePublished, v.Pence)
			r.sum.InCurrency(v.Currency)
		}
	}
}

// apart parts the releases of one ocid by buyer where several buyers have awards
// under it: publishers give one ocid to the notices of all.
func apart(sources []source) (parts [][]source) {
	awarded := map[uint64]bool{}
	for _, s := range sources {
		if s.tag&1 == 1 {
			awarded[s.tag&^1] = true
		}
	}
	if len(awarded) < 2 {
		return [][]source{sources}
	}
	number := map[uint64]int{}
	for _, s := range sources {
		k, found := number[s.tag&^1]
		if !found {
			k = len(parts)
			number[s.tag&^1], parts = k, append(parts, nil)
		}
		parts[k] = append(parts[k], s)
	}
	return parts
}

// process is one contracting process: its releases, merged.
type process struct {
	sources []source
	shared  bool // its ocid is that of other buyers too
	sum     *notice.Summary

	tree    map[string]any // as it stands after the last release
	ocid    string
	doubts  []string
	history map[string][]notice.Amendment // of each award and contract, by its key
	was     map[string]standing           // what was last known of each
	asks    map[string][]string           // what an officer should look at, of each

	parties map[string]map[string]any // by their ids
	buyers  []map[string]any          // parties in that role
	codes   []string                  // CPV codes of the tender
}

// maxHistory releases of a process are compared one by one.
const maxHistory = 200

// merge brings the releases together.
func (p *process) merge() {
	p.ocid = asText(p.sources[0].tree["ocid"])
	m := Merger{Rules: readRules(), Repeated: map[string]Repeated{}}
	for _, list := range []string{"awards", "contracts"} {
		for _, s := range p.sources {
			if repeats(s.tree[list]) {
				m.Repeated[list] = ByTurn
				p.doubts = append(p.doubts, fmt.Sprintf("Two %s in one release have the same id. They are read as two, in the order listed.", list))
				break
			}
		}
	}
	if len(p.sources) == 1 && len(m.Repeated) == 0 {
		p.tree = p.sources[0].tree
		return
	}
	all := newFlat()
	p.history, p.was, p.asks = map[string][]notice.Amendment{}, map[string]standing{}, map[string][]string{}
	for i, s := range p.sources {
		all.changed = false
		m.flatten(s.tree, nil, "", all)
		switch {
		case !all.changed && i > 0:
			p.sum.Unchanged++
		case len(p.sources) <= maxHistory:
			p.compare(all.unflatten(true), s.place)
		}
	}
	p.tree = all.unflatten(true)
}

// readRules are the rules by which releases are read: those of the standard, but
// that the suppliers of an award are those that its last release lists. Publishers
// list all of them each time, and give a corrected one a new id.
func readRules() Rules {
	rules := Standard()
	rules["awards/suppliers"], rules["contracts/suppliers"] = Whole, Whole
	return rules
}

// repeats says that an id stands twice in a list.
func repeats(list any) bool {
	items, _ := list.([]any)
	if len(items) < 2 {
		return false
	}
	seen := make(map[string]bool, len(items))
	for _, one := range items {
		id := asObject(one)["id"]
		if id == nil {
			continue
		}
		if seen[idText(id)] {
			return true
		}
		seen[idText(id)] = true
	}
	return false
}

// standing is what a release says of an award or a contract.
type standing struct {
	value     notice.Value
	end       string
	suppliers map[string]bool
}

// compare notes what a release changes in awards and contracts that were there
// before.
func (p *process) compare(tree map[string]any, place notice.Place) {
	for _, list := range []string{"awards", "contracts"} {
		items := asObjects(tree[list])
		if len(items) > maxHistory {
			return
		}
		turns := turnsOf(items)
		for i, one := range items {
			key := fmt.Sprintf("%s/%s/%d", list, idText(one["id"]), turns[i])
			now := standing{amountOf(one["value"], notice.Total), asText(periodOf(one)["endDate"]), map[string]bool{}}
			for _, s := range asObjects(one["suppliers"]) {
				now.suppliers[firstText(s["name"], s["id"])] = true
			}
			if was, known := p.was[key]; known {
				p.changed(key, was, now, place)
			}
			p.was[key] = now
		}
	}
}

// changed notes what is unlike before.
func (p *process) changed(key string, was, now standing, place notice.Place) {
	moved := was.value.Known && now.value.Known && was.value.Pence != now.value.Pence
	ended := was.end != "" && now.end != "" && was.end != now.end
	if moved || ended {
		a := notice.Amendment{Day: dayOf(place.Dated).Day, Place: place}
		if now.value.Known {
			a.Value = &now.value
		}
		if ended {
			a.Words = fmt.Sprintf("The end moved from %s to %s.", dayOf(was.end).Day, dayOf(now.end).Day)
		}
		p.history[key] = append(p.history[key], a)
	}
	if factor := notice.Slip(was.value.Pence, now.value.Pence); moved && factor > 0 {
		p.asks[key] = append(p.asks[key], fmt.Sprintf("The value changed by a factor of about %d. The decimal point may be in the wrong place.", factor))
	}
	if len(was.suppliers) == 0 || len(now.suppliers) == 0 {
		return
	}
	for name := range now.suppliers {
		if was.suppliers[name] {
			return
		}
	}
	p.asks[key] = append(p.asks[key], "A later release names different suppliers for this award. It may be a different award.")
}

// turnsOf says of each item of a list how many before it have its id.
func turnsOf(items []map[string]any) []int {
	turns, seen := make([]int, len(items)), make(map[string]int, len(items))
	for i, one := range items {
		id := idText(one["id"])
		turns[i] = seen[id]
		seen[id]++
	}
	return turns
}

// places are where the releases of the process stand.
func (p *process) places() (all []notice.Place) {
	for _, s := range p.sources {
		all = append(all, s.place)
	}
	return slices.Clip(all)
}
