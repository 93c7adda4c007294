package supplier

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/police-ict/handover/store/text"
)

func TestACompanyNumberIsOnlyWhatCompaniesHouseGives(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"eight digits stay":                                {"04567891", "04567891"},
		"a spreadsheet took one zero away":                 {"4567891", "04567891"},
		"it took two away":                                 {"456781", "00456781"},
		"spaces are left out":                              {" 0456 7891\u00a0", "04567891"},
		"letters and six digits stay":                      {"OC312345", "OC312345"},
		"small letters become large":                       {"sc098761", "SC098761"},
		"zeros after letters come back":                    {"NI 4521", "NI004521"},
		"a registered society’s ends with R":               {"IP28461R", "IP28461R"},
		"a Scottish one’s ends with RS":                    {"sp2846rs", "SP2846RS"},
		"a company by charter":                             {"RC000321", "RC000321"},
		"nothing":                                          {"", ""},
		"not applicable":                                   {"N/A", ""},
		"nought":                                           {"0", ""},
		"noughts only":                                     {"00000000", ""},
		"letters and noughts only":                         {"SC000000", ""},
		"the keys in a row fill a cell":                    {"12345678", ""},
		"so does one key":                                  {"99999999", ""},
		"five digits may be anything":                      {"45678", ""},
		"a telephone number is too long":                   {"01632 960123", ""},
		"and so is one from abroad":                        {"+44 1632 960123", ""},
		"nine digits are too long":                         {"123498765", ""},
		"letters that Companies House does not give":       {"XX123456", ""},
		"seven digits after letters":                       {"SC1234567", ""},
		"a number with words round it is not picked out":   {"No. 04567891", ""},
		"a number with a fraction":                         {"4567891.0", ""},
		"figures of another script are not read as digits": {"٠٤٥٦٧٨٩١", ""},
	} {
		if got, ok := text.CompanyNumber(c.in); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q is %q, %v, want %q", name, c.in, got, ok, c.want)
		}
	}
}

func TestASupplierIsToldByNumberElseByName(t *testing.T) {
	for name, c := range map[string]struct{ name, number, want string }{
		"by its company number":                      {"Ash Ltd", "4567891", "c:04567891"},
		"by its name where the number is none":       {"Ash Ltd", "N/A", "n:ash ltd"},
		"nobody is named":                            {" ", "", ""},
		"nobody is named, though there is a number":  {"", "04567891", ""},
		"marks name nobody":                          {"--", "", ""},
		"without capitals, accents or punctuation":   {"  ÉCOLE\u00a0du Nord, (Leeds) ", "", "n:ecole du nord leeds"},
		"Limited is Ltd":                             {"Ash Limited", "", "n:ash ltd"},
		"with points it is too":                      {"Ash LTD.", "", "n:ash ltd"},
		"also before the place":                      {"Ash Limited (Leeds)", "", "n:ash ltd leeds"},
		"Public Limited Company is plc":              {"Ash Public Limited Company", "", "n:ash plc"},
		"P.L.C. is plc":                              {"Ash P.L.C.", "", "n:ash plc"},
		"P L C may be initials after another":        {"J P L C", "", "n:j p l c"},
		"a partnership is llp":                       {"Ash Limited Liability Partnership", "", "n:ash llp"},
		"Incorporated is inc":                        {"Ash Incorporated", "", "n:ash inc"},
		"Company is co before Ltd":                   {"The Ash Company Limited", "", "n:ash co ltd"},
		"Company is co after and":                    {"Ash & Company", "", "n:ash and co"},
		"Company is else a word":                     {"The Police ICT Company", "", "n:police ict company"},
		"Company in front too":                       {"Company of Actors", "", "n:company of actors"},
		"County is not Company":                      {"Ash Co", "", "n:ash co"},
		"& is and, also inside a word":               {"M&J Engineers", "", "n:m and j engineers"},
		"an apostrophe parts nothing":                {"Children’s Trust", "", "n:childrens trust"},
		"however it is typed":                        {"CHILDREN'S TRUST", "", "n:childrens trust"},
		"the in front goes":                          {"The Law Society", "", "n:law society"},
		"the alone stays":                            {"The The", "", "n:the"},
		"the elsewhere stays":                        {"By The Bridge", "", "n:by the bridge"},
		"no form is not Ltd":                         {"Ash", "", "n:ash"},
		"plc is not Ltd":                             {"Ash plc", "", "n:ash plc"},
		"UK is a word":                               {"Ash (UK) Ltd", "", "n:ash uk ltd"},
		"a trading name stays":                       {"Ash Ltd T/A Beech", "", "n:ash ltd trading as beech"},
		"however it is written":                      {"Ash Ltd (t/as Beech)", "", "n:ash ltd trading as beech"},
		"trading as Elm is another":                  {"Ash Ltd trading as Elm", "", "n:ash ltd trading as elm"},
		"T A in a name is not that":                  {"T A Ash", "", "n:t a ash"},
		"a number stays":                             {"Unit 1 Ltd", "", "n:unit 1 ltd"},
		"an unreadable letter is not nothing":        {"Caf\xff", "", "n:caf\ufffd"},
		"wide letters and hidden marks are the same": {"Ａ\u00adsh\u200b Ltd", "", "n:ash ltd"},
		"Welsh":                         {"Tŷ Ash Cyfyngedig", "", "n:ty ash cyf"},
		"other scripts keep their name": {"Дуб", "", "n:дуб"},
	} {
		if got := Key(c.name, c.number); got != c.want {
			t.Errorf("%s: %q is %q, want %q", name, c.name, got, c.want)
		}
	}
}

func TestASupplierHasAnAddress(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"words with hyphens":              {"The Ash & Elm Company Limited", "ash-and-elm-co-ltd"},
		"one name, one address":           {"ASH AND ELM CO. LTD.", "ash-and-elm-co-ltd"},
		"accents go":                      {"Tŷ Glân", "ty-glan"},
		"nothing is left":                 {"Дуб", "supplier"},
		"a blank name":                    {"", "supplier"},
		"what is left has no odd hyphens": {"Дуб Ash Дуб", "ash"},
		"60 at most":                      {strings.Repeat("a", 80), strings.Repeat("a", 60)},
		"a cut leaves no hyphen behind":   {strings.Repeat("a", 59) + " b", strings.Repeat("a", 59)},
	} {
		if got := Slug(c.in); got != c.want {
			t.Errorf("%s: %q is %q, want %q", name, c.in, got, c.want)
		}
	}
}

func TestNamesThatMayBeOneSupplier(t *testing.T) {
	for name, c := range map[string]struct{ a, b, why string }{
		"written differently":         {"Ashdown Ltd", "ASHDOWN LIMITED", "the same but for capitals and punctuation"},
		"with and without a form":     {"Ashdown", "Ashdown Ltd", "the same but for the company form"},
		"of another form":             {"Ashdown Ltd", "Ashdown & Co plc", "the same but for the company form"},
		"the company and its co":      {"Ashdown Catering Co", "The Ashdown Catering Company", "the same but for the company form"},
		"of this country":             {"Ashdown (UK) Ltd", "Ashdown", "the same but for “UK”"},
		"joined up":                   {"Ash Down Ltd", "Ashdown", "the same but for spaces"},
		"turned about":                {"Ashdown, Mary", "Mary Ashdown", "the same words in another order"},
		"the at the end":              {"Ashdown Trust, The", "The Ashdown Trust", "the same words in another order"},
		"a letter more":               {"Ashdown Services", "Ashdown Service Ltd", "one letter differs"},
		"another letter":              {"Kingkraft Doors", "Kingcraft Doors Ltd", "one letter differs"},
		"two letters changed about":   {"Ashdown Healthcare", "Ashdown Healthcrae", "one letter differs"},
		"a trading name":              {"Ashdown Ltd t/a Beech Hall", "Beech Hall", "one trades under the name of the other"},
		"whose trading name":          {"Ashdown Ltd t/a Beech Hall", "Ashdown", "one trades under another name too"},
		"a former name":               {"Beech Hall (formerly Ashdown)", "Ashdown Ltd", "one says that it was formerly the other"},
		"a name with more":            {"Ashdown Print", "Ashdown Print Books Ltd", "one name begins with the other"},
		"a name cut short":            {"Chartered Institute of Ashdow", "Chartered Institute of Ashdowners and Supply", "one name begins with the other"},
		"initials":                    {"ASPO", "Ashdown Shires Purchasing Organisation", "one is the initials of the other"},
		"initials without small ones": {"ASPO", "Ashdown and Shires Purchasing Organisation", "one is the initials of the other"},

		"another number":                 {"Unit 1 Ltd", "Unit 2 Ltd", ""},
		"a number more":                  {"Ashdown Garages", "Ashdown Garages 2", ""},
		"a number in words":              {"Ashdown Garages", "Ashdown Garages Two", ""},
		"numbers turned about":           {"Unit 1 Phase 2", "Unit 2 Phase 1", ""},
		"names of two letters":           {"BT", "BT Ltd", ""},
		"people of other initials":       {"A Ashdown", "B Ashdown", ""},
		"short words that differ":        {"Ashdown Cars", "Ashdown Care", ""},
		"another first letter":           {"Milling Partners", "Billing Partners", ""},
		"places a letter apart":          {"Barton Parish Council", "Burton Parish Council", ""},
		"places":                         {"Commissioner for Cumbria", "Commissioner for Cheshire", ""},
		"a place more":                   {"Ashdown Fostering", "Ashdown Fostering Kent", ""},
		"whom it is for":                 {"Ashdown Trust", "Ashdown Trust for Birds", ""},
		"one word in common":             {"Ashdown Services", "Beech Services", ""},
		"begins with a single word":      {"Ashdown", "Ashdown Nurseries", ""},
		"initials of three":              {"APO", "Ashdown Purchasing Organisation", ""},
		"nothing is named in either one": {"", "-", ""},
		"what is too long to be a name":  {strings.Repeat("Ashdown ", 100), strings.Repeat("Ashdown ", 100) + "Ltd", ""},
	} {
		got, why := LikelySame([]string{"Wholly Other Ltd", c.a, c.b}), ""
		if len(got) == 1 && got[0].A == 1 && got[0].B == 2 {
			why = got[0].Why
		}
		if len(got) > 1 || why != c.why {
			t.Errorf("%s: %q and %q: %v, want %q", name, c.a, c.b, got, c.why)
		}
	}
}

func TestLikelyNamesComeSurestFirstAndAreBounded(t *testing.T) {
	got := LikelySame([]string{"Ashdown Print", "Ashdown Print Books", "Elmhurst", "Elmhurst Ltd", "Beechwood Road", "Beechwood Road Ltd"})
	if want := "[{4 5 the same but for the company form} {2 3 the same but for the company form} {0 1 one name begins with the other}]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
	branches := []string{"Ashdown Nursing Homes"}
	for _, b := range []string{"Alder", "Birch", "Cedar"} {
		branches = append(branches, "Ashdown Nursing Homes "+b)
	}
	if got := LikelySame(branches); len(got) != 0 {
		t.Errorf("the branches of one home are shown as likely the same: %v", got)
	}
	many := inventedNames(20_000)
	first, again := LikelySame(many), LikelySame(many)
	if len(first) != mostLikely || fmt.Sprint(first) != fmt.Sprint(again) {
		t.Errorf("%d likely pairs of 20,000 names, want %d and the same each time", len(first), mostLikely)
	}
	for i, k := range first {
		if k.A >= k.B {
			t.Errorf("pair %d is not in order: %v", i, k)
		}
	}
}

func FuzzSupplierKey(f *testing.F) {
	for _, seed := range []string{"", "The The", "Ash & Company P.L.C.", "Public Ltd Company Limited", "x L L P l t d", "the company public limited company", "Ash T/A ʼn t/as", "ǅ ß ﬁ ½ Ꭰꭰ İ \u0345 \xff", "가 ᄀ\u1161", "& & co ltd", "a limited liability partnership"} {
		f.Add(seed, "SC123456")
	}
	f.Fuzz(func(t *testing.T, name, number string) {
		key := Key(name, "")
		plain := strings.TrimPrefix(key, "n:")
		if again := Key(plain, ""); again != key {
			t.Errorf("%q is %q, and that is %q", name, key, again)
		}
		if !utf8.ValidString(key) || strings.ContainsFunc(key, unicode.IsUpper) || plain != strings.Join(strings.Fields(plain), " ") {
			t.Errorf("%q is %q", name, key)
		}
		if Slug(plain) != Slug(name) {
			t.Errorf("%q has the slug %q, made plain %q", name, Slug(name), Slug(plain))
		}
		if slug := Slug(name); slug == "" || len(slug) > longestSlug || strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || strings.Trim(slug, "-") != slug {
			t.Errorf("%q has the slug %q", name, slug)
		}
		n, ok := text.CompanyNumber(number)
		if again, _ := text.CompanyNumber(n); ok != (len(n) == 8) || again != n {
			t.Errorf("%q is the company number %q, and that %q", number, n, again)
		}
		LikelySame([]string{name, number, name + " " + number, name + " ltd"})
	})
}

// inventedNames are names like those published, one in twenty of them another
// with something changed.
func inventedNames(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		var b strings.Builder
		for range 2 + r.IntN(3) {
			b.WriteString([]string{"bar", "ca", "den", "fo", "gil", "har", "ko", "lin", "mer", "no", "pres", "ru", "sta", "ther", "vo", "wes"}[r.IntN(16)])
		}
		return b.String()
	}
	trades := []string{"Services", "Systems", "Care Homes", "Engineering", "Consulting", "Print", "Software", "Nursery", "Training", "Security"}
	forms := []string{"", " Ltd", " Limited", " plc", " LLP", " (UK) Ltd"}
	names := make([]string, 0, n)
	for len(names) < n {
		if len(names) > 0 && r.IntN(20) == 0 {
			old := names[r.IntN(len(names))]
			at := 1 + r.IntN(len(old)-1)
			names = append(names, old[:at]+old[min(at+r.IntN(2), len(old)):]+[]string{"", "", " Group"}[r.IntN(3)])
			continue
		}
		name := word()
		if r.IntN(2) == 0 {
			name += " " + word()
		}
		names = append(names, strings.ToUpper(name[:1])+name[1:]+" "+trades[r.IntN(len(trades))]+forms[r.IntN(len(forms))])
	}
	return names
}

func BenchmarkLikelySame(b *testing.B) {
	names := inventedNames(200_000)
	b.ReportAllocs()
	for b.Loop() {
		LikelySame(names)
	}
	b.ReportMetric(float64(len(names)*b.N)/b.Elapsed().Seconds(), "names/s")
}

func BenchmarkSupplierKey(b *testing.B) {
	names := inventedNames(10_000)
	for b.Loop() {
		for _, n := range names {
			Key(n, "")
		}
	}
	b.ReportMetric(float64(len(names)*b.N)/b.Elapsed().Seconds(), "names/s")
}
