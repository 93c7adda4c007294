package classify

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/spend/supplier"
	"github.com/police-ict/handover/store/text"
)

// paidFor is what is published of a payment.
type paidFor struct{ supplier, number, category, centre, purpose string }

func (c *Classifier) of(p paidFor) int {
	return c.Decide(c.SupplierHits(p.supplier, p.number), c.Hits(ByCategory, p.category), c.Hits(ByCostCentre, p.centre), c.Hits(ByPurpose, p.purpose))
}

// decider is the ID of the rule that decides, 0 for none.
func (c *Classifier) decider(p paidFor) int64 {
	if i := c.of(p); i >= 0 {
		return c.Rule(i).ID
	}
	return 0
}

func TestOneRuleDecides(t *testing.T) {
	all := paidFor{"Harbour Systems Ltd", "01234568", "Computer licences", "Custody", "Annual renewal of licences"}
	for name, c := range map[string]struct {
		rules []Rule
		paid  paidFor
		want  int64
	}{
		"no rule decides nothing":                             {nil, all, 0},
		"a rule that fits decides":                            {[]Rule{{ID: 1, Category: "licences"}}, all, 1},
		"a rule that does not fit decides nothing":            {[]Rule{{ID: 1, Category: "radio"}}, all, 0},
		"two conditions go before one":                        {[]Rule{{ID: 1, Category: "computer", CostCentre: "custody"}, {ID: 2, Supplier: "Harbour Systems Ltd"}}, all, 1},
		"three conditions go before two":                      {[]Rule{{ID: 1, Category: "computer", CostCentre: "custody", Purpose: "annual"}, {ID: 2, Supplier: "Harbour Systems Ltd", Purpose: "renewal"}}, all, 1},
		"all conditions of a rule must fit":                   {[]Rule{{ID: 1, Category: "computer", CostCentre: "fleet"}}, all, 0},
		"the supplier goes before the purpose":                {[]Rule{{ID: 1, Supplier: "Harbour Systems Ltd"}, {ID: 2, Purpose: "renewal"}}, all, 1},
		"the purpose goes before the category":                {[]Rule{{ID: 1, Purpose: "renewal"}, {ID: 2, Category: "computer"}}, all, 1},
		"the category goes before the cost centre":            {[]Rule{{ID: 1, Category: "computer"}, {ID: 2, CostCentre: "custody"}}, all, 1},
		"of pairs, the one with the supplier goes first":      {[]Rule{{ID: 1, Supplier: "Harbour Systems Ltd", CostCentre: "custody"}, {ID: 2, Purpose: "renewal", Category: "computer"}}, all, 1},
		"of equals, the newest decides":                       {[]Rule{{ID: 1, Category: "computer"}, {ID: 3, Category: "licences"}, {ID: 2, Category: "lic*"}}, all, 3},
		"a name and a number are equals":                      {[]Rule{{ID: 1, Supplier: "Harbour Systems Ltd"}, {ID: 2, Supplier: "01234568"}}, all, 2},
		"a withdrawn rule never decides":                      {[]Rule{{ID: 1, CostCentre: "custody"}, {ID: 2, Category: "computer", Withdrawn: "2012-03-01"}}, all, 1},
		"a withdrawn rule about a supplier never decides":     {[]Rule{{ID: 1, Supplier: "Harbour Systems Ltd", Withdrawn: "2012-03-01"}}, all, 0},
		"a rule about a number fits whatever the name":        {[]Rule{{ID: 1, Supplier: "01234568"}}, paidFor{supplier: "Anything Else", number: "1234568"}, 1},
		"a rule about a number does not fit another number":   {[]Rule{{ID: 1, Supplier: "01234568"}}, paidFor{supplier: "Harbour Systems Ltd", number: "07654321"}, 0},
		"a rule about a number does not fit a name alone":     {[]Rule{{ID: 1, Supplier: "01234568"}}, paidFor{supplier: "Harbour Systems Ltd"}, 0},
		"a rule about a name fits whatever the number":        {[]Rule{{ID: 1, Supplier: "harbour systems limited"}}, all, 1},
		"a rule about a name does not fit a longer name":      {[]Rule{{ID: 1, Supplier: "Harbour Systems"}}, all, 0},
		"a rule about a name fits no blank supplier":          {[]Rule{{ID: 1, Supplier: "Harbour Systems Ltd"}}, paidFor{category: "Harbour Systems Ltd"}, 0},
		"words of one field are not looked for in another":    {[]Rule{{ID: 1, Purpose: "computer"}}, all, 0},
		"a rule may ask of a supplier and words of each text": {[]Rule{{ID: 1, Supplier: "01234568", Category: "computer", CostCentre: "custody", Purpose: "annual"}}, all, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := NewClassifier(c.rules).decider(c.paid); got != c.want {
				t.Errorf("rule %d decides, want %d", got, c.want)
			}
		})
	}
}

func TestWordsOfARuleStandInTheText(t *testing.T) {
	for name, c := range map[string]struct {
		words, text string
		want        bool
	}{
		"a whole word":                                {"radio", "Radio costs", true},
		"not a part of a word":                        {"radio", "Radiology", false},
		"not the end of a word":                       {"port", "Airport transport", false},
		"all words":                                   {"radio costs", "Radio", false},
		"in any order":                                {"licences computer", "Computer Licences", true},
		"apart":                                       {"computer licences", "Computer (annual) licences", true},
		"one word twice over is one word":             {"radio radio", "Radio", true},
		"whatever the capitals":                       {"AIRWAVE", "airwave", true},
		"whatever the accents":                        {"cafe", "Café", true},
		"Welsh letters":                               {"dŵr", "Costau DWR", true},
		"accents in the text, not in the rule":        {"gwasanaethau", "Gwasanaethâu TG", true},
		"words parted by a slash":                     {"hardware software", "Hardware/Software", true},
		"words parted by a dash":                      {"call charges", "Exchange – call-charges", true},
		"words parted by an underscore":               {"ict costs", "ICT_COSTS", true},
		"words parted by a space that does not break": {"data line", "data\u00a0line", true},
		"an apostrophe parts nothing":                 {"doctors", "Doctor’s statements", true},
		"initials are one word":                       {"ict", "I.C.T. costs", true},
		"initials without the last full stop":         {"it", "I.T support", true},
		"a full stop between words parts them":        {"police uk", "Police.UK", true},
		"an initial and a name are two words":         {"smith", "J.Smith", true},
		"digits are letters of a word":                {"holmes2", "HOLMES2 support", true},
		"digits do not end a word":                    {"holmes", "HOLMES2 support", false},
		"a beginning":                                 {"licen*", "Licensing", true},
		"a beginning is a word by itself":             {"licen*", "Licen", true},
		"a beginning is not the middle":               {"phone*", "Telephones", false},
		"a beginning beside a word":                   {"mobile phone*", "Mobile (phones)", true},
		"a beginning with an accent":                  {"téle*", "TELEPHONE", true},
		"a short word":                                {"it support", "IT Support", true},
		"a short word is a whole word too":            {"it support", "Item support", false},
		"nothing stands in an empty text":             {"radio", "", false},
		"nothing stands in a text without words":      {"radio", "—/–", false},
		"the last word of a long text":                {"airwave", strings.Repeat("word ", 200) + "airwave", true},
	} {
		for _, f := range ruleFields[1:] {
			r := map[RuleField]Rule{ByPurpose: {Purpose: c.words}, ByCategory: {Category: c.words}, ByCostCentre: {CostCentre: c.words}}[f]
			if got := NewClassifier([]Rule{r}).Hits(f, c.text); (len(got) == 1) != c.want {
				t.Errorf("%s: ‘%s’ in the %s “%s”: %v", name, c.words, f, c.text, got)
			}
		}
	}
}

func TestARuleSaysItsConditions(t *testing.T) {
	for want, r := range map[string]Rule{
		"the supplier is Harbour Systems Ltd and the purpose contains the words ‘a b’":    {Supplier: "Harbour Systems Ltd", Purpose: " a  b "},
		"the supplier has the company number 01234568":                                    {Supplier: "1234568"},
		"the category contains the word ‘licen*’":                                         {Category: "licen*"},
		"the category contains the word ‘ict’ and the cost centre contains the word ‘hq’": {Category: "ict", CostCentre: "hq"},
	} {
		if got := r.Conditions(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestARuleIsChecked(t *testing.T) {
	good := Rule{Category: "radio", Class: IsIT, Taxon: "radio-and-airwave", Reason: "Radios."}
	for name, c := range map[string]struct {
		change func(*Rule)
		fields string
	}{
		"a whole rule is right":                       {func(*Rule) {}, ""},
		"a rule that something is not IT is right":    {func(r *Rule) { r.Class, r.Taxon = NotIT, "" }, ""},
		"a rule needs a condition":                    {func(r *Rule) { r.Category = " " }, "supplier"},
		"a rule needs a reason":                       {func(r *Rule) { r.Reason = "" }, "reason"},
		"a rule says IT or not IT":                    {func(r *Rule) { r.Class, r.Taxon = NotClassified, "" }, "class"},
		"there is no such class":                      {func(r *Rule) { r.Class = 7 }, "class"},
		"IT needs a category of police IT":            {func(r *Rule) { r.Taxon = "" }, "taxon"},
		"the category of police IT must exist":        {func(r *Rule) { r.Taxon = "toys" }, "taxon"},
		"what is not IT has no category of police IT": {func(r *Rule) { r.Class = NotIT }, "taxon"},
		"a supplier needs letters or digits":          {func(r *Rule) { r.Supplier = "—" }, "supplier"},
		"words need letters or digits":                {func(r *Rule) { r.Purpose = "&" }, "purpose"},
		"a star needs three letters before it":        {func(r *Rule) { r.CostCentre = "co*" }, "cost_centre"},
		"a star alone is no word":                     {func(r *Rule) { r.Category = "*" }, "category category"},
		"a star stands at the end of a word":          {func(r *Rule) { r.Category = "tele*phone" }, "category"},
		"a star after three letters is right":         {func(r *Rule) { r.Category = "mobile pho*" }, ""},
		"what is too long is refused":                 {func(r *Rule) { r.Purpose = strings.Repeat("word ", 50) }, "purpose"},
		"control characters are refused":              {func(r *Rule) { r.Reason = "a\x00b" }, "reason"},
		"all that is wrong is said at once":           {func(r *Rule) { *r = Rule{Taxon: "toys"} }, "supplier class reason"},
	} {
		t.Run(name, func(t *testing.T) {
			r := good
			c.change(&r)
			var fields []string
			var e *fault.Error
			if err := r.Check(); errors.As(err, &e) {
				for _, f := range e.Faults {
					fields = append(fields, f.Field)
				}
			}
			if got := strings.Join(fields, " "); got != c.fields {
				t.Errorf("faults %q, want %q", got, c.fields)
			}
		})
	}
}

func TestTheCategoriesOfPoliceITAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	for _, x := range Taxa() {
		if got, ok := TaxonOf(x.Slug); !ok || got != x || x.Name == "" || !strings.HasSuffix(x.What, ".") || seen[x.Slug] || seen[x.Name] {
			t.Errorf("%+v", x)
		}
		seen[x.Slug], seen[x.Name] = true, true
	}
	if _, ok := TaxonOf(""); ok || len(Taxa()) < 10 || len(Taxa()) > 14 {
		t.Errorf("%d categories", len(Taxa()))
	}
}

func TestShippedRulesAreSound(t *testing.T) {
	same, used := map[string]int64{}, map[string]bool{}
	for i, r := range ShippedRules() {
		if err := r.Check(); err != nil || r.ID != int64(i+1) || r.By != ShippedBy || r.On != shippedOn || !strings.HasSuffix(r.Reason, ".") {
			t.Errorf("rule %d: %+v: %v", r.ID, r, err)
		}
		key := ruleSupplierKey(r.Supplier)
		for _, f := range ruleFields[1:] {
			words := wantedWords(r.on(f))
			slices.SortFunc(words, func(a, b wanted) int { return strings.Compare(a.word, b.word) })
			key += fmt.Sprint("|", words)
		}
		if had, ok := same[key]; ok {
			t.Errorf("rules %d and %d have the same conditions: %s", had, r.ID, r.Conditions())
		}
		same[key], used[r.Taxon] = r.ID, true
		if strings.EqualFold(r.Category, "it") || strings.EqualFold(r.CostCentre, "it") || slices.Contains(wantedWords(r.Purpose), wanted{"it", false}) {
			t.Errorf("rule %d takes the word it for information technology", r.ID)
		}
	}
	for _, x := range Taxa() {
		if !used[x.Slug] {
			t.Errorf("no rule leads to %s", x.Name)
		}
	}
}

func TestShippedRulesJudgeWhatBodiesPublish(t *testing.T) {
	c := NewClassifier(ShippedRules())
	for _, x := range judged {
		t.Run(strings.Join([]string{x.supplier, x.category, x.centre, x.purpose}, "|"), func(t *testing.T) {
			class, taxon, by := NotClassified, "", "no rule"
			if i := c.of(x.paidFor); i >= 0 {
				class, taxon, by = c.Rule(i).Class, c.Rule(i).Taxon, c.Rule(i).Conditions()
			}
			if class != x.class || taxon != x.taxon {
				t.Errorf("%s %s, want %s %s: %s", class, taxon, x.class, x.taxon, by)
			}
		})
	}
}

type verdict struct {
	paidFor
	class Class
	taxon string
}

func category(s string, class Class, taxon string) verdict {
	return verdict{paidFor{category: s}, class, taxon}
}

func purpose(s string, class Class, taxon string) verdict {
	return verdict{paidFor{purpose: s}, class, taxon}
}

var judged = []verdict{
	category("Computer Equipment (Hardware)", IsIT, "devices"),
	category("Computer Licences", IsIT, "licences"),
	category("Computer Maintenance", IsIT, "support-and-services"),
	category("Computer Expenditure General", IsIT, "other-it"),
	category("Computer Data Network", IsIT, "networks"),
	category("COMPUTER SOFTWARE", IsIT, "licences"),
	category("Software Maintenance/Running Costs", IsIT, "support-and-services"),
	category("IT Consultancy", IsIT, "staff-and-contractors"),
	category("I.T. Support", IsIT, "support-and-services"),
	category("ICT Stock / Stores", IsIT, "devices"),
	category("ICT Training", IsIT, "other-it"),
	category("Other ICT Costs", IsIT, "other-it"),
	category("Information Technology", IsIT, "other-it"),
	category("Police - Mobile Data", IsIT, "networks"),
	category("Mobile Phone Costs", IsIT, "networks"),
	category("External Telephone Charges", IsIT, "networks"),
	category("Telecoms - data communications", IsIT, "networks"),
	category("Police - Private Wires", IsIT, "networks"),
	category("Police - Airwave", IsIT, "radio-and-airwave"),
	category("Radio Costs", IsIT, "radio-and-airwave"),
	category("Rent of radio masts", IsIT, "radio-and-airwave"),
	category("Police - National ANPR", IsIT, "digital-evidence"),
	category("Police - VIPER", IsIT, "digital-evidence"),
	category("PND", IsIT, "national-it"),
	category("Police - PNLD", IsIT, "national-it"),
	category("Police ICT Company", IsIT, "national-it"),
	category("Vehicle diagnostic software", IsIT, "licences"),
	category("Business Rates Software", IsIT, "licences"),
	category("Petrol", NotIT, ""),
	category("Police - Tyres", NotIT, ""),
	category("Vehicle Purchase", NotIT, ""),
	category("Vehicle Licences", NotIT, ""),
	category("Music licence", NotIT, ""),
	category("TV Licences", NotIT, ""),
	category("Clothing & Uniform", NotIT, ""),
	category("Catering Service (External)", NotIT, ""),
	category("Rates", NotIT, ""),
	category("Electricity", NotIT, ""),
	category("Police - Counsel Fees", NotIT, ""),
	category("Police - Surgeons", NotIT, ""),
	category("Police - FSS", NotIT, ""),
	category("Training Expenses (External)", NotIT, ""),
	category("Police Vehicle Insurance - Own Damage", NotIT, ""),
	category("Computer insurance", NotIT, ""),
	category("Police - Telecom Forensics", NotIT, ""),
	category("Computer crime unit", NotIT, ""),
	category("Collaboration - Motorway & ANPR", NotIT, ""),
	category("Radio advertising", NotIT, ""),
	category("Telephone interpreting", NotIT, ""),
	category("Partnership Grants", NotIT, ""),
	category("Licences", NotClassified, ""),
	category("Licensing", NotClassified, ""),
	category("Communications", NotClassified, ""),
	category("Communications data", NotClassified, ""),
	category("Corporate Communications", NotClassified, ""),
	category("Police - Christian Network", NotClassified, ""),
	category("Security System", NotClassified, ""),
	category("Equipment General", NotClassified, ""),
	category("Consultant Fees", NotClassified, ""),
	category("Other Third Party Payments", NotClassified, ""),
	category("Making it safe", NotClassified, ""),
	category("Data Acquisition/Surveys", NotClassified, ""),
	category("", NotClassified, ""),
	purpose("Supply of 40 laptops", IsIT, "devices"),
	purpose("Annual software licence", IsIT, "licences"),
	purpose("Bespoke software development", IsIT, "support-and-services"),
	purpose("Penetration testing of the website", IsIT, "support-and-services"),
	purpose("Website hosting, quarter 2", IsIT, "hosting"),
	purpose("Airwave service charge", IsIT, "radio-and-airwave"),
	purpose("Custody and case management system", IsIT, "case-and-custody"),
	purpose("NSPIS support", IsIT, "case-and-custody"),
	purpose("Duty management system upgrade", IsIT, "back-office"),
	purpose("Fuel cards for March", NotIT, ""),
	purpose("Process server’s fee", NotIT, ""),
	purpose("Body armour covers", NotIT, ""),
	purpose("Police radio campaign", NotIT, ""),
	purpose("Repair of equipment as it failed", NotClassified, ""),
	purpose("We paid for it", NotClassified, ""),
	purpose("Visit of Mr Holmes", NotClassified, ""),
	purpose("Tablets for the medicine cabinet", NotClassified, ""),
	purpose("Helmet visor", NotClassified, ""),
	purpose("Tetra paks of milk", NotClassified, ""),
	purpose("Niche market research", NotClassified, ""),
	purpose("Server for the banquet", NotClassified, ""),
	purpose("Windows replaced", NotClassified, ""),
	purpose("Custody system of alarms", NotClassified, ""),
	{paidFor{supplier: "THE POLICE ICT COMPANY", category: "Police - Professional Subscriptions"}, IsIT, "national-it"},
	{paidFor{supplier: "Police Digital Service", category: "Other Third Party Payments"}, IsIT, "national-it"},
	{paidFor{supplier: "Airwave Solutions Limited", category: "Computer Licences"}, IsIT, "radio-and-airwave"},
	{paidFor{supplier: "Insight Direct (UK) Ltd", category: "Equipment"}, IsIT, "devices"},
	{paidFor{supplier: "Insight Direct (UK) Ltd", category: "Computer Licences"}, IsIT, "licences"},
	{paidFor{supplier: "Insight Media Training", category: "Equipment"}, NotClassified, ""},
	{paidFor{supplier: "SCC", category: "Other expenses"}, NotClassified, ""},
	{paidFor{category: "Agency Staff", centre: "ICT Department"}, IsIT, "staff-and-contractors"},
	{paidFor{category: "Agency Staff", centre: "Custody"}, NotClassified, ""},
	{paidFor{category: "Electricity", centre: "ICT Department"}, NotIT, ""},
	{paidFor{category: "Sundries", centre: "ICT Department"}, IsIT, "other-it"},
	{paidFor{category: "Sundries", centre: "Vehicle workshops"}, NotIT, ""},
	{paidFor{category: "Supplies", purpose: "Laptops for custody"}, IsIT, "devices"},
	{paidFor{category: "Vehicle maintenance", purpose: "Fleet management system"}, IsIT, "back-office"},
}

func TestTheOrderOfRulesDoesNotChangeWhatTheyDecide(t *testing.T) {
	rules := ShippedRules()
	first := NewClassifier(rules)
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		mixed := slices.Clone(rules)
		random.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		other := NewClassifier(mixed)
		for _, x := range judged {
			if a, b := first.decider(x.paidFor), other.decider(x.paidFor); a != b {
				t.Fatalf("%+v: rule %d decides, and in another order rule %d", x.paidFor, a, b)
			}
		}
	}
}

// fits is the same rule told the slow way: every rule looked at on its own.
func (r Rule) fits(p paidFor) bool {
	have := func(f RuleField, s string) bool {
		return r.on(f) == "" || wordRule{words: wantedWords(r.on(f))}.fits(new(wordRoom).split(s))
	}
	number, ok := text.CompanyNumber(p.number)
	payee := r.Supplier == "" || ruleSupplierKey(r.Supplier) == supplier.Key(p.supplier, "") || ok && ruleSupplierKey(r.Supplier) == "c:"+number
	return payee && r.Withdrawn == "" && have(ByCategory, p.category) && have(ByCostCentre, p.centre) && have(ByPurpose, p.purpose)
}

func TestLookingRulesUpFindsWhatLookingAtEachDoes(t *testing.T) {
	rules := ShippedRules()
	random := rand.New(rand.NewPCG(3, 4))
	pick := func(from func(verdict) string) string { return from(judged[random.IntN(len(judged))]) }
	c := NewClassifier(rules)
	for range 400 {
		p := paidFor{pick(func(v verdict) string { return v.supplier }), "", pick(func(v verdict) string { return v.category }),
			pick(func(v verdict) string { return v.centre + v.category }), pick(func(v verdict) string { return v.purpose + " " + v.category })}
		var want int64
		fitting := slices.DeleteFunc(slices.Clone(rules), func(r Rule) bool { return !r.fits(p) })
		if len(fitting) > 0 {
			want = slices.MinFunc(fitting, Rule.before).ID
		}
		if got := c.decider(p); got != want {
			t.Fatalf("%+v: rule %d decides, want %d", p, got, want)
		}
	}
}

func TestDecidingAsksForNoMemory(t *testing.T) {
	c := NewClassifier(ShippedRules())
	payees, words := c.SupplierHits("Insight Direct (UK) Ltd", ""), c.Hits(ByCategory, "Computer Licences")
	if n := testing.AllocsPerRun(100, func() { c.Decide(payees, words, nil, nil) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzRuleWords(f *testing.F) {
	for _, x := range judged {
		f.Add(x.category+x.purpose, "ict licen*")
	}
	f.Fuzz(func(t *testing.T, s, words string) {
		if joined := string(new(wordRoom).split(s).letters); strings.ContainsAny(joined, " /&.-") {
			t.Errorf("%q holds what parts words", joined)
		}
		r := Rule{Purpose: words}
		if got := NewClassifier([]Rule{r}).Hits(ByPurpose, s); len(got) > 1 {
			t.Errorf("one rule fits %d times", len(got))
		}
	})
}

func BenchmarkRules(b *testing.B) {
	c := NewClassifier(ShippedRules())
	b.Run("text", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			c.Hits(ByCategory, judged[i%len(judged)].category)
			c.Hits(ByPurpose, judged[i%len(judged)].purpose)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(2*b.N), "ns/text")
	})
	b.Run("supplier", func(b *testing.B) {
		for b.Loop() {
			c.SupplierHits("Insight Direct (UK) Ltd", "")
		}
	})
	b.Run("decide", func(b *testing.B) {
		b.ReportAllocs()
		payees, words := c.SupplierHits("Insight Direct (UK) Ltd", ""), c.Hits(ByCategory, "Computer Licences")
		purposes := c.Hits(ByPurpose, "Annual software licence")
		for b.Loop() {
			c.Decide(payees, words, nil, purposes)
		}
	})
}
