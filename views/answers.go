package views

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/police-ict/handover/store/text"
)

// Answer is a page of this site, or a term, that answers what was searched for.
type Answer struct{ Title, Text, Href string }

// answers are the pages that answer common questions, by the words of those.
var answers = []struct {
	Answer
	words string
}{
	{Answer{"Who owns the company", "The members of the Police ICT Company on any day, with their votes and rights.", "/ownership"}, "own owns owned owner owners ownership company police ict member members directors"},
	{Answer{"Handover: is it ready", "Each condition of the handover, whether it is met, and what is needed.", "/handover"}, "handover ready conditions condition holding delay delayed slip when"},
	{Answer{"Decisions on hold", "Decisions that may not be implemented yet, with the reason and the release date.", "/decisions?state=held"}, "hold held decision decisions implemented why"},
	{Answer{"Decisions that can be called in", "Published decisions whose call-in period is open are on hold until it ends.", "/decisions?state=held"}, "call called calling callin decision decisions signatures"},
	{Answer{"Who may decide what", "The scheme of authority in force: limits, roles and votes.", "/authority"}, "decide decides authority scheme limit limits approve approves approval may"},
	{Answer{"Delegations", "Which role acts for which other role.", "/authority/delegations"}, "delegation delegations delegate acting"},
	{Answer{"Registers of interests", "What office-holders have declared about companies and decisions.", "/interests"}, "interest interests conflict conflicts declared declare register"},
	{Answer{"Overdue answers", "Questions whose answers are late.", "/questions?state=delayed"}, "overdue late answer answers question questions delayed unanswered"},
	{Answer{"Largest suppliers", "What was paid to each supplier of police IT.", "/suppliers"}, "supplier suppliers largest spent spend paid biggest top money"},
	{Answer{"Spend per person", "Spending of each body on IT for each resident.", "/spend?of=head"}, "spend spending person head resident expensive compare comparison cost costs"},
	{Answer{"Publication record", "Which body published which month, and which are overdue.", "/spend/publication"}, "publication published publish missing months month record late"},
	{Answer{"Points to check", "Likely duplicates, splits and other payments that someone may want to ask about.", "/spend/flags"}, "points check duplicate duplicates split splits flags payments suspicious"},
	{Answer{"Competing headline figures", "What has been claimed about the cost of police IT, beside the payments.", "/spend/claims"}, "claim claims claimed headline figure figures billion cost"},
	{Answer{"Recent entries in the record", "Everything that was done, newest first.", "/record"}, "changed change changes recent new news week today record entries happened"},
	{Answer{"Committees and meetings", "Scrutiny committees, their members, agendas and minutes.", "/committees"}, "committee committees meeting meetings agenda minutes scrutiny"},
	{Answer{"Roles and permissions", "What each kind of role can do.", "/help/offices"}, "role roles permission permissions office offices rights help"},
	{Answer{"Steps of each process", "Every step a process can take, and who can take it.", "/help/steps"}, "step steps process status statuses help"},
	{Answer{"Words used here", "Terms used on this site, in plain English.", "/help/words"}, "word words term terms glossary meaning means help"},
	{Answer{"How to check a receipt", "Check an entry in the record with your own tools.", "/help/receipts"}, "receipt receipts check proof verify signed help"},
	{Answer{"Data and feeds", "How to download data as CSV or JSON, or follow a feed.", "/help/addresses"}, "data download downloads csv json feed feeds api atom rss excel help"},
	{Answer{"Bank holidays", "The bank holidays used to count working days.", "/bank-holidays"}, "bank holiday holidays working days"},
	{Answer{"Contact us", "Where to write to.", "/contact"}, "contact email address write telephone phone help"},
	{Answer{"Report a problem", "Tell us that a page is wrong or does not work.", "/problem"}, "report problem error wrong broken bug help"},
	{Answer{"Accessibility statement", "How accessible this site is, and how to get another format.", "/accessibility"}, "accessibility accessible screen reader format statement"},
	{Answer{"Privacy notice", "How we use personal data.", "/privacy"}, "privacy personal data notice gdpr erase erased"},
	{Answer{"Cookies", "The cookies we set.", "/cookies"}, "cookie cookies"},
}

const answersMost = 4

// asides are words of a question that say nothing of its subject.
var asides = strings.Fields("a an and are by can did do does for from how i in is it me much my of on or show the their they to us was we were what which who will with you your")

// AnswersTo are the terms and pages of this site that answer a question, the
// terms first. Every word of the question has to be one of theirs.
func AnswersTo(question string) (all []Answer) {
	asked := plainWords(question)
	if len(asked) == 0 {
		return nil
	}
	for _, t := range words {
		if fits(asked, plainWords(t.Word)) && utf8.RuneCountInString(strings.Join(asked, "")) >= 3 {
			all = append(all, Answer{t.Word, t.Means, "/help/words#" + strings.ToUpper(t.Word[:1])})
		}
	}
	slices.SortStableFunc(all, func(a, b Answer) int { return len(plainWords(a.Title)) - len(plainWords(b.Title)) })
	all = all[:min(len(all), answersMost/2)]
	for _, a := range answers {
		if len(all) < answersMost && fits(asked, strings.Fields(a.words)) {
			all = append(all, a.Answer)
		}
	}
	return all
}

// KnownWords are the words of terms and answers, to guess at a misspelt one.
func KnownWords() (all []string) {
	for _, t := range words {
		all = append(all, t.Word)
	}
	for _, a := range answers {
		all = append(all, a.words)
	}
	return all
}

// fits reports whether each word is one of others, or long enough to begin one.
func fits(asked, with []string) bool {
	for _, w := range asked {
		if !slices.ContainsFunc(with, func(k string) bool { return k == w || len(w) > 3 && strings.HasPrefix(k, w) }) {
			return false
		}
	}
	return true
}

// plainWords are the words of a question without those that say nothing.
func plainWords(question string) []string {
	all := strings.FieldsFunc(text.Fold(question), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.DeleteFunc(all, func(w string) bool { return slices.Contains(asides, w) })
}
