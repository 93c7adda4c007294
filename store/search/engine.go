package search

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/police-ict/handover/store/db"
)

// indexed are the statement that puts a text among those that are searched, and
// its values: its number, and the words of its title, its text and its facets.
func indexed(e db.Engine, id int64, title, text, facets []string) (string, []any) {
	if e == db.Postgres {
		return `INSERT INTO search_index (rowid, v) VALUES ($1, CAST(CAST($2 AS TEXT) AS TSVECTOR))`, []any{id, lexemes(title, text, facets)}
	}
	return `INSERT INTO search_index (rowid, title, text, facets) VALUES ($1, $2, $3, $4)`, []any{id, strings.Join(title, " "), strings.Join(text, " "), strings.Join(facets, " ")}
}

// lexemes writes words as PostgreSQL keeps them, each with a few of its places.
// They hold letters and digits only, so nothing in them needs to be escaped.
func lexemes(title, text, facets []string) string {
	const places, last = 4, 16383 // more is not kept, nor needed for an order
	at, order := map[string][]string{}, []string{}
	n := 0
	for i, words := range [][]string{title, text, facets} {
		for _, w := range words {
			n = min(n+1, last)
			if _, had := at[w]; !had {
				order = append(order, w)
			}
			if len(at[w]) < places {
				at[w] = append(at[w], fmt.Sprintf("%d%c", n, "ABC"[i]))
			}
		}
	}
	var b strings.Builder
	for _, w := range order {
		fmt.Fprintf(&b, "'%s':%s ", w, strings.Join(at[w], ","))
	}
	return b.String()
}

// matching is the condition that a text has what $1, made by wanted, asks for.
func matching(e db.Engine) string {
	if e == db.Postgres {
		return `search_index.v @@ CAST(CAST($1 AS TEXT) AS TSQUERY)`
	}
	return `search_index MATCH $1`
}

// rankedBy is the order in which what matches $1 is listed: words of a title
// count for more.
func rankedBy(e db.Engine) string {
	if e == db.Postgres {
		return `ts_rank('{0, 0, 0.1, 1}', search_index.v, CAST(CAST($1 AS TEXT) AS TSQUERY), 1) DESC`
	}
	return `bm25(search_index, 8.0, 1.0, 0.0)`
}

// newest is the order of what matches too much to be ranked.
func newest(e db.Engine) string {
	if e == db.Postgres {
		return `d.id DESC`
	}
	return `search_index.rowid DESC`
}

// apart is the rest of a word that may have been written with an apostrophe:
// obrien is O’Brien, which is kept as two words.
func apart(word string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(word, "o")
	return rest, ok && utf8.RuneCountInString(rest) > 2
}

// wanted asks for texts that have each facet, and all of the terms or any of
// them. Words hold letters and digits only, so none is ever read as syntax.
func wanted(e db.Engine, terms []term, facets []string, any bool) string {
	and, or, word, facet, of := " AND ", " OR ", `"%s"%s`, `facets : "%s"`, "{title text} : (%s)"
	begins, pair := " *", `"%s %s"%s`
	if e == db.Postgres {
		and, or, word, facet, of, begins = " & ", " | ", `'%s':%sAB`, `'%s':C`, "(%s)", "*"
		pair = `('%s':AB <-> '%s':%sAB)`
	}
	var all, asked []string
	for _, f := range facets {
		all = append(all, fmt.Sprintf(facet, f))
	}
	for _, t := range terms {
		more := ""
		if t.begins {
			more = begins
		}
		one := fmt.Sprintf(word, t.word, more)
		if len(t.parts) > 0 { // written apart, too
			var apart []string
			for i, part := range t.parts {
				last := ""
				if i == len(t.parts)-1 {
					last = more
				}
				apart = append(apart, fmt.Sprintf(word, part, last))
			}
			one = fmt.Sprintf("(%s%s(%s))", one, or, strings.Join(apart, and))
		} else if rest, ok := apart(t.word); ok {
			one = fmt.Sprintf("(%s%s%s)", one, or, fmt.Sprintf(pair, "o", rest, more))
		}
		asked = append(asked, one)
	}
	join := and
	if any {
		join = or
	}
	return strings.Join(append(all, fmt.Sprintf(of, strings.Join(asked, join))), and)
}
