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
		Words: "You are invited to the portal of the Police ICT Company. The address below works once, within 72 hours: choose your password there.",
		Href:  "/invitations/" + token, Why: "An administrator of the portal gave this address. If you did not expect it, do not open it and tell them.",
		Until: tx.Now().Add(InvitationLasts)})
}

// passwordMail tells a person that their password was changed, so that they
// notice where somebody else did.
func passwordMail(ctx context.Context, tx *db.Tx, person, event int64) error {
	return outbox.Enqueue(ctx, tx, outbox.Mail{Key: fmt.Sprintf("password/%d/%d", person, event), Kind: outbox.Reminder, Person: person,
		Title: "Your password was changed",
		Words: "Your password for the portal of the Police ICT Company was changed, and every session of yours has ended.",
		Href:  "/account", Why: "You hold an account of the portal. If you did not change it yourself, tell an administrator at once.",
		Until: tx.Now().Add(InvitationLasts)})
}
