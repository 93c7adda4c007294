package people

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/outbox"
	"github.com/police-ict/handover/store/record"
)

// An invitation lets somebody choose a password. Of its token and its code the
// hashes alone are kept.
type invitation struct {
	person, madeBy, agreedBy int64
	token                    string
	code                     string // hash of it, "" where the token is enough
}

// newCode is the half of an invitation that whoever asked for it is shown.
func newCode() string {
	t := rand.Text()
	return t[:5] + "-" + t[5:10]
}

// readCode is a code as it was given out, however it was typed.
func readCode(typed string) string {
	plain := strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(typed))
	if len(plain) != 10 {
		return ""
	}
	return plain[:5] + "-" + plain[5:]
}

// invite makes an invitation in place of any before it.
func invite(ctx context.Context, tx *db.Tx, i invitation) error {
	if err := revoke(ctx, tx, i.person); err != nil {
		return err
	}
	if err := tx.Change(ctx, `INSERT INTO invitations (hash, person, made_by, agreed_by, code, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		hashOf(i.token), i.person, i.madeBy, i.agreedBy, i.code, db.Stamp(tx.Now().Add(InvitationLasts))); err != nil {
		return err
	}
	return invitationMail(ctx, tx, i)
}

// revoke ends the invitations of a person.
func revoke(ctx context.Context, tx *db.Tx, person int64) error {
	if _, err := tx.Exec(ctx, `DELETE FROM invitations WHERE person = $1`, person); err != nil {
		return err
	}
	return outbox.DropInvitations(ctx, tx, person)
}

// askInvitation asks a second person to agree to an invitation. No earlier link
// works from now on.
func askInvitation(ctx context.Context, tx *db.Tx, by office.Viewer, person int64, about, code string) (request int64, err error) {
	if request, err = ask(ctx, tx, by, Request{Kind: AskInvitation, Person: person}, about); err != nil {
		return 0, err
	}
	if err := tx.Change(ctx, `INSERT INTO invitation_codes (request, hash) VALUES ($1, $2)`, request, hashOf(code)); err != nil {
		return 0, err
	}
	return request, revoke(ctx, tx, person)
}

// spendCode takes the code of a request that is decided; "" where it has none.
func spendCode(ctx context.Context, tx *db.Tx, request int64) (hash string, err error) {
	if hash, _, err = db.Maybe(ctx, tx, db.ScanInto[string], `SELECT hash FROM invitation_codes WHERE request = $1`, request); err == nil {
		_, err = tx.Exec(ctx, `DELETE FROM invitation_codes WHERE request = $1`, request)
	}
	return hash, err
}

var lapsed = fault.NotFound.Errorf("This invitation was used, replaced or is older than 72 hours. Ask the administrator for a new one.")

// invitationOf is the invitation of a token.
func invitationOf(ctx context.Context, tx *db.Tx, token string) (i invitation, err error) {
	i, found, err := db.Maybe(ctx, tx, func(r db.Row) (i invitation, err error) { return i, r.Scan(&i.person, &i.madeBy, &i.agreedBy, &i.code) },
		`SELECT person, made_by, agreed_by, code FROM invitations WHERE hash = $1 AND expires_at > $2`, hashOf(token), db.Stamp(tx.Now()))
	if err == nil && !found {
		err = lapsed
	}
	return i, err
}

// NeedsCode reports whether an invitation needs a code beside its link.
func NeedsCode(ctx context.Context, tx *db.Tx, token string) (bool, error) {
	i, err := invitationOf(ctx, tx, token)
	return i.code != "", err
}

// Invited finds the person whom an invitation is for.
func Invited(ctx context.Context, tx *db.Tx, token string) (p Person, err error) {
	p, found, err := db.Maybe(ctx, tx, Scan, `SELECT `+Cols+` FROM people
		WHERE id = (SELECT person FROM invitations WHERE hash = $1 AND expires_at > $2)`, hashOf(token), db.Stamp(tx.Now()))
	if err == nil && !found {
		err = lapsed
	}
	return p, err
}

// AcceptInvitation sets the password of an invited person and uses the
// invitation up. All their sessions end. One that two people agreed to needs its
// code too. Where one administrator alone made the
// invitation, the offices that bind a body wait for a second person once more:
// whoever made the invitation could have taken it up.
func AcceptInvitation(ctx context.Context, tx *db.Tx, token, code, password string) error {
	p, err := Invited(ctx, tx, token)
	if err != nil {
		return err
	}
	hash, err := newPassword(ctx, tx, p, password)
	if err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		i, err := invitationOf(ctx, tx, token)
		if err != nil {
			return err
		}
		if i.code != "" && i.code != hashOf(readCode(code)) {
			return fault.Field("code", "This is not the code of this invitation. Ask the administrator who asked for it.")
		}
		if _, err := tx.Exec(ctx, `DELETE FROM invitations WHERE person = $1`, p.ID); err != nil {
			return err
		}
		if err := outbox.DropInvitations(ctx, tx, p.ID); err != nil {
			return err
		}
		if i.agreedBy == 0 && i.madeBy != 0 {
			if err := askAgain(ctx, tx, p.ID, i.madeBy); err != nil {
				return err
			}
		}
		return setPassword(ctx, tx, p.ID, hash)
	})
}

// invitationMail tells an invited person where to choose a password.
func invitationMail(ctx context.Context, tx *db.Tx, i invitation) error {
	words := "You are invited to the portal of the Police ICT Company. The address below works once, within 72 hours. Choose your password there."
	if i.code != "" {
		words += " You also need the code that your administrator gives you."
	}
	return outbox.Enqueue(ctx, tx, outbox.Mail{Key: fmt.Sprintf("invitation/%d/%s", i.person, hashOf(i.token)[:16]), Kind: outbox.Invitation, Person: i.person,
		Title: "Choose your password for the portal",
		Words: words,
		Href:  "/invitations/" + i.token, Why: "An administrator of the portal gave this address. If you did not expect it, do not open it and tell them.",
		Until: tx.Now().Add(InvitationLasts)})
}

// passwordMail tells a person that their password was changed, so that they
// notice where somebody else did.
func passwordMail(ctx context.Context, tx *db.Tx, person, event int64) error {
	return outbox.Enqueue(ctx, tx, outbox.Mail{Key: fmt.Sprintf("password/%d/%d", person, event), Kind: outbox.Reminder, Person: person,
		Title: "Your password was changed",
		Words: "Your password for the portal of the Police ICT Company was changed. You have been signed out everywhere.",
		Href:  "/account", Why: "You have been sent this email because you have an account. If you did not change your password, tell an administrator immediately.",
		Until: tx.Now().Add(InvitationLasts)})
}
