package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/search"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/storetest"
)

const searchFile = "Body Name,Date,Supplier Name,Company Number,Transaction Number,Amount,Description\r\n" +
	"Sample Police,03/10/2012,Alder Vale Hosting Ltd (sample),99000101,1,600.00,Data centre hosting\r\n" +
	"Sample Police,04/10/2012,Ŵylan Networks Ltd (sample),,2,700.00,Wide area network\r\n" +
	"Sample Police,05/10/2012,Sesamewright (sample),,3,800.00,Settlement with sesamewright\r\n" +
	"Sample Police,05/10/2012,Redacted,,4,900.00,Sundries\r\n"

// searched is a store with something of each kind that is there to be found.
func searched(t testing.TB) (c *storetest.Cast, k storetest.Raw, load spend.Load) {
	t.Helper()
	clock := &storetest.Clock{}
	clock.Set(storetest.Noon)
	k = storetest.NewRaw(t)
	c = storetest.BeginOn(t, storetest.At(t, k.Database, k.Key, clock.Now), clock)
	ref := c.PutForward("contract", storetest.HostingPaper(6_125_800))
	c.Must(storetest.Err(decisions.OpenVoting(t.Context(), c.Tx, c.Secretary, ref, decisions.OpenForm{Way: authority.ByApproval})))
	c.Must(c.Vote(c.Official, ref, authority.For))
	storetest.AddCommittee(t, c.Tx, "scrutiny", "2013-01-14", "2013-12-31", office.Viewer{}, office.Viewer{}, storetest.Holder(t, c.Tx, office.Clerk, office.TheAssociation))
	return c, k, storetest.Load(t, c.Tx, office.CommandLine, spend.LoadRequest{Body: "kent"}, searchFile)
}

// finds are the addresses that a question finds, in order.
func finds(c *storetest.Cast, q search.Query) (all []string) {
	c.T.Helper()
	q.Size = 50
	p, err := search.Find(c.T.Context(), c.Tx, q)
	c.Must(err)
	if len(p.All) != p.Count {
		c.T.Errorf("%q: %d of %d results on one page", q.Words, len(p.All), p.Count)
	}
	for _, f := range p.All {
		all = append(all, f.Href)
	}
	return all
}

func TestSearchFindsEachKindByItsWords(t *testing.T) {
	c, _, _ := searched(t)
	for _, k := range []struct {
		q     search.Query
		want  []string
		alike bool // none of them is better than another
	}{
		{search.Query{Words: "novation"}, []string{"/decisions/2013-001"}, false},
		{search.Query{Words: "NOVAT"}, []string{"/decisions/2013-001"}, false},
		{search.Query{Words: "2013-001"}, []string{"/decisions/2013-001"}, false},
		{search.Query{Words: "decision 2013-001"}, []string{"/decisions/2013-001"}, false},
		{search.Query{Words: "question 2013-001"}, nil, false},
		{search.Query{Words: "99000101"}, []string{"/suppliers/alder-vale-hosting-ltd-sample", "/decisions/2013-001"}, false},
		{search.Query{Words: "990 00101"}, []string{"/suppliers/alder-vale-hosting-ltd-sample"}, false},
		{search.Query{Words: "wylan"}, []string{"/suppliers/wylan-networks-ltd-sample"}, false},
		{search.Query{Words: "ŴYLAN network"}, []string{"/suppliers/wylan-networks-ltd-sample"}, false},
		{search.Query{Words: "wide area"}, nil, false}, // what was paid for is found among the payments
		{search.Query{Words: "kent"}, []string{"/bodies/kent", "/bodies/kent-police-authority"}, false},
		{search.Query{Words: "heddlu dyfed"}, []string{"/bodies/dyfed-powys", "/bodies/dyfed-powys-police-authority"}, true},
		{search.Query{Words: "scrutiny"}, []string{"/committees/scrutiny"}, false},
		{search.Query{Words: "account hold"}, []string{"/committees/scrutiny"}, false},
		{search.Query{Words: "hosting", Year: 2013}, []string{"/decisions/2013-001"}, false},
		{search.Query{Words: "hosting", Kind: search.Decision, Year: 2012}, nil, false},
		{search.Query{Words: "hosting novation wide"}, nil, false},
		{search.Query{Words: "redacted"}, nil, false},
		{search.Query{Words: `"sesame" OR novation`}, nil, false},
		{search.Query{Words: "NOT novation"}, nil, false}, // “not” is a word like others
		{search.Query{Words: "title:novation"}, nil, false},
		{search.Query{Words: "novation*"}, []string{"/decisions/2013-001"}, false},
		{search.Query{Words: "(novation"}, []string{"/decisions/2013-001"}, false},
		{search.Query{Words: "kinddecision"}, nil, false},
		{search.Query{Words: "“”*^:-"}, nil, false},
		{search.Query{}, nil, false},
	} {
		got := finds(c, k.q)
		if len(got) > 0 && len(k.want) > 0 && got[0] != k.want[0] && !k.alike {
			t.Errorf("%+v: found %s first, want %s", k.q, got[0], k.want[0])
		}
		slices.Sort(got)
		if slices.Sort(k.want); !slices.Equal(got, k.want) {
			t.Errorf("%+v: found %q, want %q", k.q, got, k.want)
		}
	}
}

// What somebody may not read is not found by them, nor by anyone, nor counted.
func TestSearchFindsNothingThatIsNotPublic(t *testing.T) {
	c, k, load := searched(t)
	ctx := t.Context()
	secret := storetest.HostingPaper(100)
	secret.Title, secret.Summary, secret.Supplier, secret.Company = "Sesamedraft", "A sesamedraft", "Sesamedraft Ltd (sample)", "99000999"
	secret.Ground, secret.Review = authority.Part2Grounds[0], "2013-04-01"
	draft, err := decisions.SaveDraft(ctx, c.Tx, c.Officer, decisions.DraftForm{Matter: "contract", Paper: secret, Part2: "A sesamepart of a draft"})
	c.Must(err)
	open := storetest.HostingPaper(100)
	open.Title, open.Ground, open.Review = "Openly restricted", authority.Part2Grounds[0], "2013-04-01"
	other, err := decisions.SaveDraft(ctx, c.Tx, c.Officer, decisions.DraftForm{Matter: "contract", Paper: open, Part2: "A sesamepart of a paper"})
	c.Must(err)
	ref, _, err := decisions.PutForwardPaper(ctx, c.Tx, c.Officer, other, 1)
	c.Must(err)
	nothing := func(words ...string) {
		t.Helper()
		for _, w := range words {
			if got := finds(c, search.Query{Words: w}); len(got) > 0 {
				t.Errorf("%s finds %q", w, got)
			}
		}
	}
	if got := finds(c, search.Query{Words: "openly"}); !slices.Equal(got, []string{"/decisions/" + ref}) {
		t.Errorf("the open part is found as %q", got)
	}
	nothing("sesamedraft", "sesamepart", "99000999", draft)
	if got := finds(c, search.Query{Words: "sesamewright"}); len(got) != 1 {
		t.Fatalf("before it is withheld: %q", got)
	}
	c.Must(spend.WithholdLine(ctx, c.Tx, c.Officer, load.FirstLine+2, "It names a private person."))
	nothing("sesamewright", "sesamewright-sample")
	if n := count(k, `SELECT COUNT(*) FROM search_docs WHERE title LIKE '%esamewright%'`); n != 0 {
		t.Errorf("%d rows still name who is withheld", n)
	}
	c.Must(store.RebuildSearch(ctx, c.Tx))
	nothing("sesamedraft", "sesamepart", "sesamewright")
	c.Must(spend.LiftLine(ctx, c.Tx, c.Officer, load.FirstLine+2, "It names none."))
	if got := finds(c, search.Query{Words: "sesamewright"}); len(got) != 1 {
		t.Errorf("once it is shown again: %q", got)
	}
	c.Must(spend.WithholdLoad(ctx, c.Tx, c.Officer, load.ID, false, "It names private people."))
	nothing("sesamewright", "wylan", "wide area")
	c.Must(spend.WithholdLoad(ctx, c.Tx, c.Officer, load.ID, true, "It names none."))
	c.Must(spend.Act(ctx, c.Tx, c.Officer, load.ID, spend.ActWithdraw, "The wrong file."))
	nothing("sesamewright", "wylan", "wide area")
}

// count answers a question to the database from beside the store.
func count(k storetest.Raw, query string) (n int) {
	k.T.Helper()
	db := k.DB()
	defer db.Close()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		k.T.Fatal(err)
	}
	return n
}

// What the writes made is what is made of the record, whether anew or for a
// database of before there was search.
func TestSearchIsMadeAgainAsTheWritesMadeIt(t *testing.T) {
	c, k, load := searched(t)
	ctx := t.Context()
	changed := storetest.HostingPaper(6_125_800)
	changed.Summary = "The contract ends in spring."
	d := c.Decision("2013-001")
	c.Must(storetest.Err(decisions.Edit(ctx, c.Tx, c.Officer, "2013-001", d.Version, decisions.DraftForm{Matter: "contract", Paper: changed, Why: "The day was wrong."})))
	more := storetest.Load(t, c.Tx, office.CommandLine, spend.LoadRequest{Body: "essex"}, strings.ReplaceAll(searchFile, "Data centre", "Data vault"))
	c.Must(spend.WithholdLine(ctx, c.Tx, c.Officer, load.FirstLine+2, "It names a private person."))
	c.Must(spend.Act(ctx, c.Tx, c.Officer, more.ID, spend.ActWithdraw, "The wrong file."))
	if got := finds(c, search.Query{Words: "vault"}); len(got) != 0 {
		t.Errorf("a withdrawn load is found as %q", got)
	}
	if got := finds(c, search.Query{Words: "spring"}); len(got) != 1 {
		t.Errorf("a changed paper is found as %q", got)
	}
	was := k.SearchRows()
	if len(was) < 60 {
		t.Fatalf("only %d things are found", len(was))
	}
	same := func(when string) {
		t.Helper()
		if is := k.SearchRows(); !slices.Equal(is, was) {
			for i := range max(len(is), len(was)) {
				if i >= len(is) || i >= len(was) || is[i] != was[i] {
					t.Fatalf("%s: row %d is\n%.300q, was\n%.300q", when, i, fmt.Sprint(is[min(i, len(is)-1)]), was[min(i, len(was)-1)])
				}
			}
		}
		for _, q := range []string{"spring", "wylan", "kent", "scrutiny"} {
			if len(finds(c, search.Query{Words: q})) == 0 {
				t.Errorf("%s: %q finds nothing", when, q)
			}
		}
	}
	c.Must(store.RebuildSearch(ctx, c.Tx))
	same("made again")
	db := k.DB()
	for _, query := range []string{`DELETE FROM search_index`, `DELETE FROM search_docs`, `DELETE FROM search_spend`, `UPDATE search_state SET made = 0`} {
		_, err := db.Exec(query)
		c.Must(err)
	}
	c.Must(db.Close())
	c.Must(c.Close())
	c.Tx = storetest.At(t, k.Database, k.Key, c.Clock.Now)
	same("made for a database of before")
}

func TestSearchShowsWhereTheWordsAre(t *testing.T) {
	c, _, _ := searched(t)
	p, err := search.Find(t.Context(), c.Tx, search.Query{Words: "extend novation", Size: 20})
	c.Must(err)
	if len(p.All) != 1 {
		t.Fatalf("%+v", p)
	}
	marks := func(all []search.Marked) (words []string) {
		for _, m := range all {
			if m.Mark {
				words = append(words, m.Text)
			}
		}
		return words
	}
	f := p.All[0]
	if got := marks(f.Title); !slices.Equal(got, []string{"Extend"}) || search.Unmarked(f.Title) != "Extend hosting by 12 months" {
		t.Errorf("title: %+v", f.Title)
	}
	if got := marks(f.Text); len(got) < 2 || !slices.Contains(got, "Novation") || strings.Contains(search.Unmarked(f.Text), "\n") {
		t.Errorf("text: %+v", f.Text)
	}
	p, err = search.Find(t.Context(), c.Tx, search.Query{Words: strings.Repeat("é", 199) + " novation", Size: 20})
	c.Must(err)
	if !p.Cut || len([]rune(p.Query.Words)) != 199 || p.Count != 0 {
		t.Errorf("a long question: %+v", p)
	}
	p, err = search.Find(t.Context(), c.Tx, search.Query{Words: "a b c d e f g h i j k novation", Size: 20})
	c.Must(err)
	if !p.Dropped || len(p.Read) != 10 {
		t.Errorf("many words: %+v", p)
	}
}

// FuzzSearch asks whatever it likes: there is always an answer, its marks add up
// to texts, and no page holds more than was asked for.
func FuzzSearch(f *testing.F) {
	for _, seed := range []string{"", "novation", `"`, `""`, `a"b`, "AND", "OR", "NOT", "NEAR(a b, 2)", "title:x", "{title}", "-x", "^x", "x*", "*", "(", ")", "'", "''", "\\", ":*", "a:b", "a & b", "!a", "a <-> b", "a|b",
		"2013-001", "question 2012-031", "99000101", "SC 123456", "Ŵ", "é", "e\u0301", "\u0301", "ﬀ", "İ", "ß", "\x00", "a\x00b", "\xff", "\u200b", "１２３", "²", "漢字", "🙂", "$1", "?", ";--", "%_", strings.Repeat("a", 500), strings.Repeat("a ", 300), "\n\t", "kinddecision", "\U0001e900", "ⅷ", "ªº"} {
		f.Add(seed, int64(1), 2013)
	}
	c, _, _ := searched(f)
	f.Fuzz(func(t *testing.T, words string, page int64, year int) {
		for _, q := range []search.Query{{Words: words, Size: 5, Page: int(page)}, {Words: words, Kind: search.Decision, Year: year % 4000, Size: 5}} {
			p, err := search.Find(t.Context(), c.Tx, q)
			if err != nil {
				t.Fatalf("%q: %v", words, err)
			}
			if len(p.All) > 5 || p.Count > search.MaxResults+20 {
				t.Errorf("%q: %d of %d results", words, len(p.All), p.Count)
			}
			for _, r := range p.All {
				for _, m := range append(r.Title, r.Text...) {
					if !utf8.ValidString(m.Text) || m.Text == "" {
						t.Errorf("%q: a piece %q of %+v", words, m.Text, r)
					}
				}
			}
		}
		if _, err := search.SimilarQuestions(t.Context(), c.Tx, words, 5); err != nil {
			t.Fatalf("%q: %v", words, err)
		}
	})
}

// TestSearchFindsWordsHoweverTheyAreWritten asks for each of some words in all
// the ways in which people write it, of a text that has it in one of them.
func TestSearchFindsWordsHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, forms := range [][]string{
		{"O'Brien", "O’Brien", "O`Brien", "O´Brien", "OBrien", "obrien"},
		{"Sainsbury's", "Sainsbury’s", "Sainsburys"},
		{"Llŷn", "Llyn", "LLŶN", "Lly\u0302n"},
		{"Dyfed‑Powys", "Dyfed-Powys", "Dyfed Powys", "dyfed–powys"},
		{"e-mailing", "emailing", "e\u00admailing", "E‐Mailing"},
		{"Søren Łukasz Æthelred", "Soren Lukasz Aethelred"},
		{"J.P. Wrenfield", "JP Wrenfield", "J P Wrenfield"},
		{"co-op", "co‐op", "coop"},
	} {
		c, _, _ := searched(t)
		for i, text := range forms {
			file := fmt.Sprintf("Body Name,Date,Supplier Name,Amount,Description\r\nSample Police,03/10/2012,Supplier,%d.00,Zugzwang %s (sample)\r\n", 600+i, text)
			storetest.Load(t, c.Tx, office.CommandLine, spend.LoadRequest{Body: "essex", File: fmt.Sprintf("%d.csv", i)}, file)
		}
		want := len(finds(c, search.Query{Words: "zugzwang"}))
		for _, asked := range forms {
			if got := finds(c, search.Query{Words: asked + " zugzwang", Kind: search.Purpose}); len(got) != want {
				t.Errorf("%q finds %d of %d: %v", asked, len(got), want, got)
			}
		}
		p, err := search.Find(t.Context(), c.Tx, search.Query{Words: forms[0], Size: 50, Kind: search.Purpose})
		c.Must(err)
		for _, f := range p.All {
			marked := false
			for _, m := range append(f.Title, f.Text...) {
				marked = marked || m.Mark
			}
			if !marked {
				t.Errorf("%q marks nothing in %v", forms[0], f.Title)
			}
		}
	}
}
