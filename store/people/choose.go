package people

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// Passwords are from passwordLeast to passwordMost characters long, and take
// guessesLeast guesses at least: what zxcvbn, which knows the common passwords,
// names, words, keyboards, dates and repeats, thinks of them.
const (
	passwordLeast = 12
	passwordMost  = 200
	judgedMost    = 64   // characters that are looked at: more only make it stronger
	guessesLeast  = 1e10 // out of reach of a stolen file of hashes, in days
)

// ownWords are those that anybody would try here first.
var ownWords = []string{"police", "policeict", "policeictcompany", "ictcompany", "company", "handover", "portal", "commissioner", "homeoffice", "association", "scrutiny", "administrator", "gov.uk", "policeuk"}

// decorated matches what is put around a word to make it pass.
var decorated = regexp.MustCompile(`^[\W\d_]+|[\W\d_]+$`)

// checkPassword refuses a new password that others would guess. Those that are
// in use already go on working.
func checkPassword(password, name, email string) error {
	user, _, _ := strings.Cut(text.Fold(email), "@")
	switch n := utf8.RuneCountInString(password); {
	case n < passwordLeast:
		return fault.Field("password", "Choose a password of 12 characters or more. Three or four unrelated words work well.")
	case n > passwordMost:
		return fault.Field("password", "Choose a password of 200 characters or fewer.")
	case len(user) > 3 && strings.Contains(text.Fold(password), user):
		return fault.Field("password", "Choose a password without your email address in it.")
	case len(map[rune]int(runes(password))) < 5:
		return fault.Field("password", "Choose a password with more different characters.")
	case guessable(password, name, email):
		return fault.Field("password", "This password is easy to guess. Choose another: three or four unrelated words work well.")
	}
	return nil
}

// newPassword checks and hashes the password that a person chose.
func newPassword(ctx context.Context, tx *db.Tx, p Person, password string) (string, error) {
	if !(tx.Demo() && password == SamplePassword) {
		if err := checkPassword(password, p.Name, p.Email); err != nil {
			return "", err
		}
	}
	return hashPassword(ctx, tx, password)
}

// guessable reports whether a password is within reach of those who guess. What
// stays of it without figures and signs at its ends is looked at too, and so is
// half of one that says the same twice.
func guessable(password, name, email string) bool {
	words := append([]string{}, ownWords...)
	for _, part := range strings.FieldsFunc(text.Fold(name+" "+email), func(r rune) bool { return strings.ContainsRune(" @.-_'’()", r) }) {
		if utf8.RuneCountInString(part) > 2 {
			words = append(words, part)
		}
	}
	judged := string([]rune(password)[:min(judgedMost, utf8.RuneCountInString(password))])
	if zxcvbn.PasswordStrength(judged, words).Guesses < guessesLeast {
		return true
	}
	plain := text.Fold(judged)
	for _, w := range words { // what is left beside the words of this place must be enough
		plain = strings.ReplaceAll(plain, w, "")
	}
	plain = decorated.ReplaceAllString(plain, "")
	return utf8.RuneCountInString(plain) < 6
}

func runes(s string) map[rune]int {
	m := map[rune]int{}
	for _, r := range s {
		m[r]++
	}
	return m
}

// PasswordHint is what a form says beside a new password.
const PasswordHint = "At least 12 characters, without your name or email address. Three or four unrelated words work well." // #nosec G101 -- a hint, no password
