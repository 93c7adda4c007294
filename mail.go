package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	netmail "net/mail"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/news"
	"github.com/police-ict/handover/store/outbox"
	"github.com/police-ict/handover/store/record"
	recordview "github.com/police-ict/handover/views/record"
)

// MailOptions are the settings of outgoing mail. Without a server there is none.
type MailOptions struct {
	MailServer       string `env:"HANDOVER_MAIL_SERVER" placeholder:"HOST:PORT" help:"SMTP server for outgoing email. Without one, no email is sent."`
	MailFrom         string `env:"HANDOVER_MAIL_FROM" placeholder:"ADDRESS" help:"Address that email is sent from."`
	MailUser         string `env:"HANDOVER_MAIL_USER" placeholder:"NAME" help:"Account at the mail server, if it needs one."`
	MailPasswordFile string `env:"HANDOVER_MAIL_PASSWORD_FILE" placeholder:"FILE" help:"File with the password of that account."`
	MailTLS          string `name:"mail-tls" default:"mandatory" env:"HANDOVER_MAIL_TLS" placeholder:"HOW" help:"mandatory, or none for a server on this machine. Default: mandatory"`
}

// A postman hands the mails of the outbox to a server.
type postman struct {
	host, from     string
	port           int
	user, password string
	plain          bool     // without TLS
	public         *url.URL // what the addresses in a mail begin with
}

// How long one try may take: less than the lease on the mail.
const (
	stepTime = 15 * time.Second // to connect, to agree on how, and to send
	tryTime  = 50 * time.Second
	lastTime = 5 * time.Second // to end a try when the program is told to stop
)

// postman reads the settings; it is nil when there is no mail.
func (o MailOptions) postman(publicURL string) (*postman, error) {
	if o.MailServer == "" {
		if o.MailFrom != "" || o.MailUser != "" || o.MailPasswordFile != "" {
			return nil, misusef("email has settings but no server: add --mail-server, like smtp.example.org:587")
		}
		return nil, nil
	}
	host, port, err := net.SplitHostPort(o.MailServer)
	n, fault := strconv.ParseUint(port, 10, 16)
	if err != nil || fault != nil || host == "" || n == 0 {
		return nil, misusef("--mail-server %q is not a server: write it like smtp.example.org:587", o.MailServer)
	}
	p := &postman{host: host, port: int(n), from: o.MailFrom, user: o.MailUser, plain: o.MailTLS == "none"}
	switch a, err := netmail.ParseAddress(o.MailFrom); {
	case err != nil || a.Address != o.MailFrom:
		return nil, misusef("--mail-from %q is not an email address: write it like portal@example.org", o.MailFrom)
	case o.MailTLS != "mandatory" && !p.plain:
		return nil, misusef("--mail-tls %q is not known: write mandatory, or none for a server on this machine", o.MailTLS)
	case p.plain && !onThisMachine(host):
		return nil, misusef("--mail-tls none is only for a server on this machine, and %s is not: leave it out", host)
	case p.plain && o.MailUser != "":
		return nil, misusef("--mail-user sends a password, which needs TLS: leave out --mail-tls none")
	case (o.MailUser == "") != (o.MailPasswordFile == ""):
		return nil, misusef("--mail-user and --mail-password-file are used together: set both or neither")
	case publicURL == "":
		return nil, misusef("emails contain links to the portal: set its address with --public-url")
	}
	if p.public, err = parsePublicURL(publicURL); err != nil {
		return nil, err
	}
	return p, p.readPassword(o.MailPasswordFile)
}

func (p *postman) readPassword(file string) error {
	if file == "" {
		return nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("the password of the mail server cannot be read from %s: check the file and who may read it", file)
	}
	if p.password = strings.TrimRight(string(b), "\r\n"); p.password == "" {
		return fmt.Errorf("%s is empty: write the password of the mail server in it, on one line", file)
	}
	return nil
}

func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// work sends what is in the outbox, one mail after the other, until ctx ends. Before
// that it puts there what followers are to hear and what falls due.
func (p *postman) work(ctx context.Context, tx *db.Tx, log *slog.Logger) {
	said := ""
	for {
		err := p.round(ctx, tx)
		if err != nil && ctx.Err() == nil && err.Error() != said {
			said = err.Error()
			log.Error("sending mail", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(workEvery):
		}
	}
}

// round does all there is to do. What one part of it cannot do keeps no other
// from its work.
func (p *postman) round(ctx context.Context, tx *db.Tx) error {
	_, err := news.TellFollowers(ctx, tx)
	return errors.Join(err, news.Remind(ctx, tx), p.sendAll(ctx, tx), outbox.Tidy(ctx, tx))
}

// sendAll sends what is due. A mail whose sending is not noted, since the
// program died in between, is sent again once its lease has passed, under the
// same Message-ID.
func (p *postman) sendAll(ctx context.Context, tx *db.Tx) error {
	h, err := record.ReadHead(ctx, tx)
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		m, found, err := outbox.Claim(ctx, tx)
		if err != nil || !found {
			return err
		}
		permanent, fault := p.send(ctx, m, m.MessageID(h.Origin))
		noting := context.WithoutCancel(ctx)
		if fault == nil {
			err = outbox.WasSent(noting, tx, m)
		} else {
			err = outbox.Failed(noting, tx, m, mailFault(fault), permanent)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// send hands one mail to the server. Permanent is an answer of the server, or a
// fault of the mail, that no other try will change.
func (p *postman) send(ctx context.Context, m outbox.Mail, id string) (permanent bool, err error) {
	msg, err := p.message(m, id)
	if err != nil {
		return true, err
	}
	trying, cancel := context.WithTimeout(context.WithoutCancel(ctx), tryTime)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(lastTime, cancel) })()
	client, err := p.client(trying)
	if err != nil {
		return false, err
	}
	err = client.DialAndSendWithContext(trying, msg)
	if msg.IsDelivered() {
		return false, nil // what failed afterwards is only the farewell
	}
	refused, ok := errors.AsType[*mail.SendError](err)
	return ok && refused.ErrorCode() >= 500, err
}

// client speaks to the server until ctx ends, and over TLS unless it is plain.
func (p *postman) client(ctx context.Context) (*mail.Client, error) {
	o := []mail.Option{mail.WithPort(p.port), mail.WithTimeout(stepTime), mail.WithHELO(p.public.Hostname()), mail.WithTLSPolicy(mail.TLSMandatory)}
	if p.port == 465 {
		o = append(o, mail.WithSSL())
	} else {
		o = append(o, mail.WithDialContextFunc(func(dialing context.Context, network, addr string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(dialing, network, addr)
			if err == nil {
				context.AfterFunc(ctx, func() { _ = conn.Close() }) // whoever waits for the server is told so
			}
			return conn, err
		}))
	}
	if p.plain {
		o = append(o, mail.WithTLSPolicy(mail.NoTLS))
	}
	if p.user != "" {
		o = append(o, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(p.user), mail.WithPassword(p.password))
	}
	return mail.NewClient(p.host, o...)
}

// message is the mail as it travels: plain text, with the address that ends a
// follow in its head too.
func (p *postman) message(m outbox.Mail, id string) (*mail.Msg, error) {
	if a, err := netmail.ParseAddress(m.To); err != nil || a.Address != m.To || strings.ContainsAny(m.To, "\r\n") {
		return nil, errors.New("email cannot be sent to this person’s address: correct it")
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := errors.Join(msg.From(p.from), msg.To(m.To)); err != nil {
		return nil, err
	}
	msg.Subject(mailSubject(m))
	msg.SetMessageIDWithValue(id)
	msg.SetDateWithValue(m.MadeAt)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	title := strings.Join(strings.Fields(m.Title), " ")
	words := []string{title, m.Words, p.address(m.Href), m.Why}
	if m.Act != "" {
		words[0] = recordview.ActInWords(m.Act) + "\n" + title
	}
	if m.Stop != "" {
		words = append(words, "Unsubscribe: "+p.address(m.Stop))
		msg.SetGenHeader("List-Unsubscribe", "<"+p.address(m.Stop)+">")
		msg.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	msg.SetBodyString(mail.TypeTextPlain, strings.Join(words, "\n\n")+"\n")
	return msg, nil
}

// mailSubject is one line, whatever a title holds.
func mailSubject(m outbox.Mail) string {
	subject := m.Title
	if m.Act != "" {
		subject = recordview.ActInWords(m.Act) + ": " + m.Title
	}
	return strings.Join(strings.Fields(subject), " ")
}

func (p *postman) address(path string) string {
	ref, err := url.Parse(path)
	if err != nil {
		return p.public.String()
	}
	return p.public.ResolveReference(ref).String()
}

// mailFault is why a mail was not sent, in the server's own words where it
// gave any, without what the mail itself says.
func mailFault(err error) string {
	text, _, _ := strings.Cut(strings.ReplaceAll(err.Error(), `"`, ""), ", affected ")
	return cmp.Or(strings.TrimPrefix(strings.TrimPrefix(text, "send failed: "), "dial failed: "), "It could not be sent.")
}
