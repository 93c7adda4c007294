package people

import (
	"context"
	"fmt"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/outbox"
)

// invitationMail tells an invited person where to choose a password. It takes
// the place of earlier invitations that were not sent yet.
func invitationMail(ctx context.Context, tx *db.Tx, person int64, token string) error {
	if err := outbox.DropInvitations(ctx, tx, person); err != nil {
		return err
	}
	return outbox.Enqueue(ctx, tx, outbox.Mail{Key: fmt.Sprintf("invitation/%d/%s", person, hashOf(token)[:16]), Kind: outbox.Invitation, Person: person,
		Title: "Choose your password for the portal",
		Words: "You have been invited to the portal of the Police ICT Company. Choose your password at the address below. It works once, within 72 hours.",
		Href:  "/invitations/" + token, Why: "You have been sent this email because an administrator of the portal invited you. If you did not expect it, do not open the address and tell the administrator.",
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
