// Package search finds public texts by their words, and keeps their index with
// each write.
package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Kind is what a thing that search finds is.
type Kind string

// The kinds, in the order of the filter.
const (
	Decision       Kind = "decision"
	Question       Kind = "question"
	Answer         Kind = "answer"
	Recommendation Kind = "recommendation"
	Undertaking    Kind = "undertaking"
	Inquiry        Kind = "inquiry"
	Evidence       Kind = "evidence"
	Report         Kind = "report"
	Committee      Kind = "committee"
	Meeting        Kind = "meeting"
	Body           Kind = "body"
	Supplier       Kind = "supplier"
	Purpose        Kind = "purpose"
)

// Kinds lists them all.
var Kinds = []Kind{Decision, Question, Answer, Recommendation, Undertaking, Inquiry, Evidence,
	Report, Committee, Meeting, Body, Supplier, Purpose}

// The bounds of a search, so that none grows dear with what is there.
const (
	MaxLength   = 200  // characters of a question that are read
	MaxResults  = 1000 // results that are ranked, counted and listed
	searchWords = 10
	exactMost   = 20
	commonMost  = 4   // common words that are looked for, the longest first
	begunWord   = 3   // characters from which a word stands for those that begin with it
	commonWord  = 500 // texts that hold a word before it is common
)

// Query is what is asked of search.
type Query struct {
	Words string
	Kind  Kind // "" is all
	Year  int  // 0 is all
	Page  int  // from 1
	Size  int  // results on a page
}

// Found is one result.
type Found struct {
	Kind  Kind
	Ref   string
	Title []Marked
	Text  []Marked // the part of its text in which the words are
	Href  string
	Year  int
	Day   civil.Day
	Exact bool // it was asked for by its reference
}

// Unmarked is the text without its marks.
func Unmarked(all []Marked) string {
	var b strings.Builder
	for _, m := range all {
		b.WriteString(m.Text)
	}
	return b.String()
}

// Page is one page of results: those asked for by reference first, then
// those in which every word is, the best first.
type Page struct {
	Query   Query
	All     []Found
	Count   int      // up to SearchMost, and those asked for by reference
	More    bool     // there are more than were counted: the newest of them come first
	Cut     bool     // only SearchLength characters were read
	Read    []string // words that were looked for
	Dropped bool     // there were more words than are looked for
	Left    []string // words that were left out, since nearly every text holds them
	Known   int64
}

// Asked reports whether there is anything to look for.
func (p Page) Asked() bool { return strings.TrimSpace(p.Query.Words) != "" }

// Pages is the number of pages.
func (p Page) Pages() int { return max(1, (p.Count+p.Query.Size-1)/p.Query.Size) }

// tidied brings a question within its bounds.
func (q Query) tidied() (Query, bool) {
	q.Page, q.Size = max(q.Page, 1), max(q.Size, 1)
	all := []rune(text.Line(q.Words))
	cut := len(all) > MaxLength
	q.Words = strings.TrimSpace(string(all[:min(len(all), MaxLength)]))
	return q, cut
}

func (q Query) facets() (all []string) {
	if q.Kind != "" {
		all = append(all, kindFacet(q.Kind))
	}
	if q.Year != 0 {
		all = append(all, yearFacet(q.Year))
	}
	return all
}

func kindFacet(k Kind) string { return "kind" + string(k) }

func yearFacet(year int) string { return fmt.Sprintf("year%d", year) }

// hit is a result before its words are marked.
type hit struct {
	id          int64
	Kind        Kind
	Ref         string
	title, text string
	Href        string
	Year        int
	Day         civil.Day
}

const hitCols = `d.id, d.kind, d.ref, d.title, d.text, d.href, d.year, d.day`

func scanHit(r db.Row) (h hit, err error) {
	return h, r.Scan(&h.id, &h.Kind, &h.Ref, &h.title, &h.text, &h.Href, &h.Year, &h.Day)
}

func (h hit) found(words []string, exact bool) Found {
	return Found{Kind: h.Kind, Ref: h.Ref, Title: marking(h.title, words), Text: snippet(h.text, words), Href: h.Href, Year: h.Year, Day: h.Day, Exact: exact}
}

// Find finds what is public by its words. Whatever is typed is taken as words
// and references, never as a language.
func Find(ctx context.Context, tx *db.Tx, q Query) (p Page, err error) {
	p.Query, p.Cut = q.tidied()
	q = p.Query
	words := searchedWords(q.Words)
	p.Dropped = len(words) > searchWords
	p.Read = words[:min(len(words), searchWords)]
	err = tx.Read(ctx, func(tx *db.Tx) error {
		h, err := record.ReadHead(ctx, tx)
		if p.Known = h.Size; err != nil || len(p.Read) == 0 {
			return err
		}
		exact, err := exactly(ctx, tx, q)
		if err != nil {
			return err
		}
		return ranked(ctx, tx, &p, exact)
	})
	return p, err
}

// ranked fills the page from what was asked for by reference and what holds
// every word.
func ranked(ctx context.Context, tx *db.Tx, p *Page, exact []hit) error {
	terms, err := terms(ctx, tx, p.Read)
	if err != nil {
		return err
	}
	terms, p.Left = fewCommon(terms)
	ids, err := db.List(ctx, tx, db.ScanInto[int64], fmt.Sprintf(`SELECT d.id FROM search_index JOIN search_docs d ON d.id = search_index.rowid WHERE %s AND d.shown ORDER BY %s LIMIT %d`,
		matching(tx.Engine), newest(tx.Engine), MaxResults+exactMost+1), wanted(tx.Engine, terms, p.Query.facets(), false))
	if err != nil {
		return err
	}
	ids = slices.DeleteFunc(ids, func(id int64) bool {
		return slices.ContainsFunc(exact, func(h hit) bool { return h.id == id })
	})
	if ids, err = suppliersOnce(ctx, tx, exact, ids); err != nil {
		return err
	}
	p.More = len(ids) > MaxResults
	ids = ids[:min(len(ids), MaxResults)]
	p.Count = len(exact) + len(ids)
	p.Query.Page = min(p.Query.Page, p.Pages())
	first := (p.Query.Page - 1) * p.Query.Size
	last := min(first+p.Query.Size, p.Count)
	for i := first; i < min(len(exact), last); i++ {
		p.All = append(p.All, exact[i].found(p.Read, true))
	}
	first, last = max(0, first-len(exact)), last-len(exact)
	if last <= first {
		return nil
	}
	rest, err := bestFirst(ctx, tx, p.More, terms, ids, first, last)
	for _, h := range rest {
		p.All = append(p.All, h.found(p.Read, false))
	}
	return err
}

// bestFirst reads results from a place to another, the best first. Only words
// that tell something are weighed, since to weigh a word its texts are counted;
// where there are none, or too many results, the newest come first as ids do.
func bestFirst(ctx context.Context, tx *db.Tx, more bool, terms []term, ids []int64, first, last int) ([]hit, error) {
	terms = slices.DeleteFunc(slices.Clone(terms), func(t term) bool { return t.common })
	if more || len(terms) == 0 {
		return db.List(ctx, tx, scanHit, `SELECT `+hitCols+` FROM search_docs d WHERE d.id IN (`+text.JoinNumbers(ids[first:last])+`) ORDER BY d.id DESC`)
	}
	return db.List(ctx, tx, scanHit, fmt.Sprintf(`SELECT %s FROM search_index JOIN search_docs d ON d.id = search_index.rowid WHERE %s AND d.id IN (%s) ORDER BY %s, d.id DESC LIMIT %d OFFSET %d`,
		hitCols, matching(tx.Engine), text.JoinNumbers(ids), rankedBy(tx.Engine), last-first, first), wanted(tx.Engine, terms, nil, true))
}

// exactly finds what a question names by reference, company number or address.
func exactly(ctx context.Context, tx *db.Tx, q Query) (all []hit, err error) {
	keys, kinds := named(q.Words)
	args, places := []any{}, []string{}
	for _, k := range keys {
		args = append(args, k)
		places = append(places, fmt.Sprintf("$%d", len(args)))
	}
	if len(keys) == 0 {
		return nil, nil
	}
	found, err := db.List(ctx, tx, scanHit, fmt.Sprintf(`SELECT %s FROM search_docs d WHERE d.key IN (%s) AND d.shown ORDER BY d.id LIMIT %d`, hitCols, strings.Join(places, ", "), exactMost), args...)
	for _, h := range found {
		if (q.Kind == "" || q.Kind == h.Kind) && (q.Year == 0 || q.Year == h.Year) && (len(kinds) == 0 || slices.Contains(kinds, h.Kind)) {
			all = append(all, h)
		}
	}
	slices.SortStableFunc(all, func(a, b hit) int { return slices.Index(Kinds, a.Kind) - slices.Index(Kinds, b.Kind) })
	return all, err
}

// EachFound reads all results of a question, SearchMost and those asked for by
// reference at most.
func EachFound(ctx context.Context, tx *db.Tx, q Query, yield func(Found) bool) error {
	q.Page, q.Size = 1, MaxResults+exactMost
	p, err := Find(ctx, tx, q)
	for _, f := range p.All {
		if !yield(f) {
			break
		}
	}
	return err
}

// A term is a word to look for.
type term struct {
	word   string
	begins bool // it stands for the words that begin with it too
	common bool // many texts hold it
}

// terms are words as they are looked for. A word that many texts hold stands
// for itself alone: all that begins with it would be too much to go through.
func terms(ctx context.Context, tx *db.Tx, words []string) (all []term, err error) {
	for _, w := range words {
		n, err := textsWith(ctx, tx, term{word: w}, nil)
		if err != nil {
			return nil, err
		}
		common := n > commonWord
		all = append(all, term{w, !common && utf8.RuneCountInString(w) >= begunWord, common})
	}
	return all, nil
}

// fewCommon leaves the shortest common words out where there are many: to hold
// long lists of texts against each other is dear, and tells little.
func fewCommon(terms []term) (kept []term, left []string) {
	var lengths []int
	for _, t := range terms {
		if t.common {
			lengths = append(lengths, -len(t.word))
		}
	}
	if len(lengths) <= commonMost {
		return terms, nil
	}
	slices.Sort(lengths)
	least, room := -lengths[commonMost-1], commonMost
	for _, t := range terms {
		switch {
		case !t.common:
			kept = append(kept, t)
		case len(t.word) >= least && room > 0:
			kept = append(kept, t)
			room--
		default:
			left = append(left, t.word)
		}
	}
	return kept, left
}

// textsWith counts the texts that hold a term, up to one more than commonWord.
func textsWith(ctx context.Context, tx *db.Tx, t term, facets []string) (int, error) {
	return db.One(ctx, tx, db.ScanInto[int], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT search_index.rowid FROM search_index WHERE %s LIMIT %d) AS found`,
		matching(tx.Engine), commonWord+1), wanted(tx.Engine, []term{t}, facets, false))
}

// SimilarQuestions finds questions that share words with a text, the likest
// first. Words that many questions hold tell nothing and are left out.
func SimilarQuestions(ctx context.Context, tx *db.Tx, text string, most int) (all []Found, err error) {
	q, _ := Query{Words: text, Kind: Question}.tidied()
	err = tx.Read(ctx, func(tx *db.Tx) error {
		rare, err := rare(ctx, tx, searchedWords(q.Words), q.facets())
		if err != nil || len(rare) == 0 {
			return err
		}
		words := make([]string, len(rare))
		for i, t := range rare {
			words[i] = t.word
		}
		hits, err := db.List(ctx, tx, scanHit, fmt.Sprintf(`SELECT %s FROM search_index JOIN search_docs d ON d.id = search_index.rowid WHERE %s AND d.shown AND d.kind = $2 ORDER BY %s, d.id DESC LIMIT %d`,
			hitCols, matching(tx.Engine), rankedBy(tx.Engine), most), wanted(tx.Engine, rare, nil, true), string(Question))
		for _, h := range hits {
			all = append(all, h.found(words, false))
		}
		return err
	})
	return all, err
}

// rare are those of some words that are long enough to tell something, and that
// some texts of the facets hold, but not many.
func rare(ctx context.Context, tx *db.Tx, words, facets []string) (all []term, err error) {
	for _, w := range words {
		if utf8.RuneCountInString(w) < begunWord || len(all) == searchWords {
			continue
		}
		n, err := textsWith(ctx, tx, term{word: w}, facets)
		if err != nil {
			return nil, err
		}
		if n > 0 && n <= commonWord {
			all = append(all, term{word: w})
		}
	}
	return all, nil
}
