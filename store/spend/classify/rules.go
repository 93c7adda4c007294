// Package classify decides the class and category of a payment by rules. It is
// pure.
package classify

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/csv"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/spend/supplier"
	"github.com/police-ict/handover/store/text"
)

// Taxon is one category of police IT.
type Taxon struct {
	Slug string
	Name string
	What string // one sentence
}

//go:embed categories.csv
var taxaFile []byte

// AllTaxa are the categories, as the program ships them.
var AllTaxa = sync.OnceValue(func() (all []Taxon) {
	for _, r := range shippedRows(taxaFile) {
		all = append(all, Taxon{r[0], r[1], r[2]})
	}
	return all
})

// shippedRows are the rows of a file that is part of the program, without its
// header.
func shippedRows(file []byte) [][]string {
	rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		panic(err) // the file is part of the program
	}
	return rows[1:]
}

// Taxa lists the categories of police IT in the order in which they are shown.
func Taxa() []Taxon { return slices.Clone(AllTaxa()) }

// TaxonOf finds a category of police IT by its slug.
func TaxonOf(slug string) (Taxon, bool) {
	i := slices.IndexFunc(AllTaxa(), func(t Taxon) bool { return t.Slug == slug })
	if i < 0 {
		return Taxon{}, false
	}
	return AllTaxa()[i], true
}

// Rule says what the payments that meet all its conditions are: IT of one
// category, or not IT.
type Rule struct {
	ID         int64     `json:"id"`
	Supplier   string    `json:"supplier,omitempty"` // a name, or a company number
	Category   string    `json:"category,omitempty"` // words: see RuleWords; so the next two
	CostCentre string    `json:"cost_centre,omitempty"`
	Purpose    string    `json:"purpose,omitempty"`
	Class      Class     `json:"class"`
	Taxon      string    `json:"taxon,omitempty"` // of IT only
	Reason     string    `json:"reason"`
	By         string    `json:"by"` // the title of an office, or ShippedBy
	On         civil.Day `json:"on"`
	Withdrawn  civil.Day `json:"withdrawn,omitempty"`
	Why        string    `json:"withdrawn_because,omitempty"`
}

// RulePrecedence says for people which of several rules decides.
const RulePrecedence = "Where several rules match a payment, the rule with the most conditions is used. Among rules with as many conditions, supplier comes before purpose, purpose before category and category before cost centre. Among those, the newest rule is used. A withdrawn rule is not used."

// RuleWords says for people how the words of a rule are looked for.
const RuleWords = "All words of a rule must be in the published text, in any order. Capitals and accents do not matter. A word that ends in * matches every word that begins with it: licen* finds licence, licences and licensing. A supplier is matched by its company number or its whole name, never by a part of it."

// ShippedBy is who made the rules that came with the portal.
const ShippedBy = "shipped with the portal"

// shippedOn is the day of the rules that came with the portal: before the first
// payment that it is meant to explain.
const shippedOn civil.Day = "2011-07-01"

//go:embed rules.csv
var rulesFile []byte

// ShippedRules are the rules that the portal comes with. Of two that fit, the
// later in the file decides: first what is not IT in general, then what is IT,
// then what only looks like it.
func ShippedRules() (all []Rule) {
	for i, r := range shippedRows(rulesFile) {
		class, err := ParseClass(r[0])
		if err != nil {
			panic(err) // the file is part of the program
		}
		all = append(all, Rule{ID: int64(i + 1), Class: class, Taxon: r[1], Supplier: r[2], Category: r[3], CostCentre: r[4],
			Purpose: r[5], Reason: r[6], By: ShippedBy, On: shippedOn})
	}
	return all
}

// RuleField is a published text that a rule may have a condition on. The fields
// grow with how much they count among rules with as many conditions.
type RuleField uint8

const (
	// ByCostCentre asks for words of the cost centre.
	ByCostCentre RuleField = iota
	// ByCategory asks for words of the body’s own category.
	ByCategory
	// ByPurpose asks for words of the purpose.
	ByPurpose
	bySupplier
)

// ruleFields are the fields from the one that counts most.
var ruleFields = [...]RuleField{bySupplier, ByPurpose, ByCategory, ByCostCentre}

// String is the field in words.
func (f RuleField) String() string {
	return map[RuleField]string{bySupplier: "supplier", ByPurpose: "purpose", ByCategory: "category", ByCostCentre: "cost centre"}[f]
}

// on is the rule's condition on a field, "" for none.
func (r Rule) on(f RuleField) string {
	return strings.TrimSpace(map[RuleField]string{bySupplier: r.Supplier, ByPurpose: r.Purpose, ByCategory: r.Category, ByCostCentre: r.CostCentre}[f])
}

// asks has the bit of each field that the rule has a condition on.
func (r Rule) asks() (all uint8) {
	for _, f := range ruleFields {
		if r.on(f) != "" {
			all |= 1 << f
		}
	}
	return all
}

// before orders rules by which decides: see RulePrecedence.
func (r Rule) before(o Rule) int {
	a, b := r.asks(), o.asks()
	return cmp.Or(cmp.Compare(bits.OnesCount8(b), bits.OnesCount8(a)), cmp.Compare(b, a), cmp.Compare(o.ID, r.ID))
}

// Conditions says in words when the rule fits.
func (r Rule) Conditions() string {
	var all []string
	for _, f := range ruleFields {
		if v := r.on(f); v != "" {
			all = append(all, conditionWords(f, v))
		}
	}
	return strings.Join(all, " and ")
}

func conditionWords(f RuleField, v string) string {
	if f == bySupplier {
		if n, ok := text.CompanyNumber(v); ok {
			return "the supplier has the company number " + n
		}
		return "the supplier is " + v
	}
	noun := "words"
	if len(wantedWords(v)) == 1 {
		noun = "word"
	}
	return "the " + f.String() + " contains the " + noun + " ‘" + strings.Join(strings.Fields(v), " ") + "’"
}

// The most that may be written of a rule, in characters, and the fewest letters
// before a star: shorter beginnings fit too much.
const (
	longestCondition = 200
	longestReason    = 500
	leastBeforeStar  = 3
)

// Check finds all that is wrong with the rule.
func (r Rule) Check() error {
	var faults fault.Faults
	if r.asks() == 0 {
		faults.Add("supplier", "Enter at least one condition: a supplier, or words from the purpose, category or cost centre.")
	}
	r.checkSupplier(&faults)
	checkWords(&faults, "category", "the words of the category", r.Category)
	checkWords(&faults, "cost_centre", "the words of the cost centre", r.CostCentre)
	checkWords(&faults, "purpose", "the words of the purpose", r.Purpose)
	r.checkClass(&faults)
	text.Tidy(&faults, "reason", "the reason for the rule", r.Reason, true, longestReason)
	return faults.Err()
}

func (r Rule) checkSupplier(faults *fault.Faults) {
	text.Tidy(faults, "supplier", "the supplier", r.Supplier, false, longestCondition)
	if r.on(bySupplier) != "" && supplier.Key(r.Supplier, "") == "" {
		faults.Add("supplier", "Enter the supplier’s name or company number, in letters or digits.")
	}
}

func checkWords(faults *fault.Faults, field, label, v string) {
	text.Tidy(faults, field, label, v, false, longestCondition)
	if strings.TrimSpace(v) == "" {
		return
	}
	words := wantedWords(v)
	if len(words) == 0 {
		faults.Add(field, "Enter %s: at least one word of letters or digits.", label)
	}
	for _, w := range words {
		if w.begins && utf8.RuneCountInString(w.word) < leastBeforeStar {
			faults.Add(field, "Enter at least %d letters before each * in %s. Shorter beginnings match too many words.", leastBeforeStar, label)
			return
		}
	}
	if strings.Count(v, "*") != len(slices.DeleteFunc(words, func(w wanted) bool { return !w.begins })) {
		faults.Add(field, "Use * only at the end of a word in %s.", label)
	}
}

func (r Rule) checkClass(faults *fault.Faults) {
	_, known := TaxonOf(r.Taxon)
	switch {
	case r.Class != IsIT && r.Class != NotIT:
		faults.Add("class", "Choose whether the payments are IT or not IT.")
	case r.Class == IsIT && !known:
		faults.Add("taxon", "Choose which category of police IT the payments are.")
	case r.Class == NotIT && r.Taxon != "":
		faults.Add("taxon", "Leave the category of police IT empty: the payments are not IT.")
	}
}

// wanted is one word of a condition.
type wanted struct {
	word   string
	begins bool // the word only begins so
}

func (w wanted) in(words wordList) bool {
	for i := range words.ends {
		have := words.at(i)
		if len(have) >= len(w.word) && string(have[:len(w.word)]) == w.word && (w.begins || len(have) == len(w.word)) {
			return true
		}
	}
	return false
}

// wantedWords are the words of a condition. A star in the middle of a word ends
// the word; check refuses it.
func wantedWords(condition string) (all []wanted) {
	for _, field := range strings.Fields(condition) {
		rest, star := strings.CutSuffix(field, "*")
		var room wordRoom
		words := room.split(rest)
		for i := range words.ends {
			all = append(all, wanted{string(words.at(i)), star && i == len(words.ends)-1})
		}
	}
	return all
}

// wordList is the words of a text, one after another, and where each ends.
type wordList struct {
	letters []byte
	ends    []int
}

func (l wordList) at(i int) []byte {
	if i == 0 {
		return l.letters[:l.ends[0]]
	}
	return l.letters[l.ends[i-1]:l.ends[i]]
}

// end ends the word under way, if there is one. It works on a copy: a pointer
// would send every text’s room to the heap.
func (l wordList) end() wordList {
	if len(l.letters) > l.started() {
		l.ends = append(l.ends, len(l.letters))
	}
	return l
}

// started is where the word under way begins.
func (l wordList) started() int {
	if len(l.ends) == 0 {
		return 0
	}
	return l.ends[len(l.ends)-1]
}

// wordRoom is where a text is taken apart without asking for memory, unless the
// text is long.
type wordRoom struct {
	letters [256]byte
	ends    [40]int
}

// split takes a text apart into words, folded. Apostrophes part nothing, and
// initials with full stops are one word: I.C.T. is ict, J.Brown is two words.
func (room *wordRoom) split(s string) wordList {
	if strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		s = text.Fold(s)
	}
	l := wordList{room.letters[:0], room.ends[:0]}
	initials := false
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		switch {
		case 'A' <= r && r <= 'Z':
			l.letters = append(l.letters, s[i]|0x20)
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsNumber(r)):
			l.letters = append(l.letters, s[i:i+size]...)
		case r == '\'' || r == '’' || r == '‘' || r == 'ʼ':
		case r == '.' && (initials || len(l.letters)-l.started() == 1) && initialAt(s, i+1):
			initials = true
		default:
			l, initials = l.end(), false
		}
		i += size
	}
	return l.end()
}

// initialAt reports whether one letter alone stands at a place in a text.
func initialAt(s string, i int) bool {
	letter := func(i int) bool { return i < len(s) && (s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z' || s[i] >= utf8.RuneSelf) }
	return letter(i) && !letter(i+1)
}

// wordRule is a rule’s condition on the words of a text.
type wordRule struct {
	rule  uint16
	words []wanted
}

func (w wordRule) fits(words wordList) bool {
	for _, one := range w.words {
		if !one.in(words) {
			return false
		}
	}
	return true
}

// start is the beginning of a word, by which rules are looked up: a word that
// begins as a rule wants it shares its start.
type start [leastBeforeStar]byte

func startOf[T string | []byte](word T) (s start) { copy(s[:], word); return s }

// mostRules is how many rules a classifier can hold: they are counted in 16 bits.
const mostRules = 1<<16 - 1

// Classifier finds the rule that decides, out of all rules. It never changes
// once made.
type Classifier struct {
	rules     []Rule
	asks      []uint8
	rank      []uint16 // 0 decides before all others
	suppliers map[string][]uint16
	words     [bySupplier]map[start][]wordRule
}

// NewClassifier takes at most mostRules rules; rules withdrawn are kept in their
// places and never fit.
func NewClassifier(rules []Rule) *Classifier {
	c := &Classifier{rules: rules, asks: make([]uint8, len(rules)), rank: make([]uint16, len(rules)), suppliers: map[string][]uint16{}}
	order := make([]uint16, len(rules))
	for i, r := range rules {
		order[i], c.asks[i] = uint16(i), r.asks()
	}
	slices.SortFunc(order, func(a, b uint16) int { return rules[a].before(rules[b]) })
	for place, i := range order {
		c.rank[i] = uint16(place)
	}
	for i, r := range rules {
		if n := r.on(bySupplier); n != "" && r.Withdrawn == "" {
			key := ruleSupplierKey(n)
			c.suppliers[key] = append(c.suppliers[key], uint16(i))
		}
	}
	for _, f := range ruleFields[1:] {
		c.words[f] = indexWords(rules, f)
	}
	return c
}

// ruleSupplierKey is the key of a rule’s supplier, given as a name or a number.
func ruleSupplierKey(payee string) string {
	if n, ok := text.CompanyNumber(payee); ok {
		return "c:" + n
	}
	return supplier.Key(payee, "")
}

// indexWords looks rules up by the start of one of their words: the one that
// the fewest rules share.
func indexWords(rules []Rule, f RuleField) map[start][]wordRule {
	common := map[start]int{}
	var all []wordRule
	for i, r := range rules {
		words := wantedWords(r.on(f))
		if r.Withdrawn != "" || len(words) == 0 {
			continue
		}
		all = append(all, wordRule{uint16(i), words})
		for _, w := range words {
			common[startOf(w.word)]++
		}
	}
	index := map[start][]wordRule{}
	for _, w := range all {
		rarest := slices.MinFunc(w.words, func(a, b wanted) int {
			return cmp.Compare(common[startOf(a.word)], common[startOf(b.word)])
		})
		index[startOf(rarest.word)] = append(index[startOf(rarest.word)], w)
	}
	return index
}

// Rule is the rule at a place.
func (c *Classifier) Rule(i int) Rule { return c.rules[i] }

// SupplierHits are the places of the rules that fit a supplier, in order.
func (c *Classifier) SupplierHits(name, number string) []uint16 {
	hits := c.suppliers[supplier.Key(name, "")]
	if n, ok := text.CompanyNumber(number); ok {
		if more := c.suppliers["c:"+n]; len(more) > 0 {
			hits = slices.Concat(hits, more)
			slices.Sort(hits)
		}
	}
	return hits
}

// Hits are the places of the rules that fit a purpose, a category or a cost
// centre, in order.
func (c *Classifier) Hits(f RuleField, text string) (all []uint16) {
	var room wordRoom
	words := room.split(text)
	for i := range words.ends {
		for _, rule := range c.words[f][startOf(words.at(i))] {
			if rule.fits(words) {
				all = append(all, rule.rule)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Decide is the place of the rule that decides a payment, out of the rules that
// fit its supplier, category, cost centre and purpose; -1 is none.
func (c *Classifier) Decide(supplier, category, centre, purpose []uint16) int {
	best := -1
	all := [...][]uint16{supplier, purpose, category, centre} // as ruleFields
	for _, hits := range all {
		for _, i := range hits {
			if (best < 0 || c.rank[i] < c.rank[best]) && c.met(i, &all) {
				best = int(i)
			}
		}
	}
	return best
}

// met reports whether every condition of a rule is among what fits.
func (c *Classifier) met(i uint16, all *[len(ruleFields)][]uint16) bool {
	for n, f := range ruleFields {
		if c.asks[i]>>f&1 == 0 {
			continue
		}
		if _, ok := slices.BinarySearch(all[n], i); !ok {
			return false
		}
	}
	return true
}
