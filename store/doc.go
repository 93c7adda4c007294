// Package store opens the portal's database and knows all its parts. Each
// subject is a package of its own below it, listed in registrations.go, and
// writes its own tables; the transaction is an argument (*db.Tx), so one act
// that touches several subjects is recorded all or not at all.
//
// # Where a payment is
//
// A published file is kept as it came (spend_files, in parts). Its payments are
// kept packed, up to 256 in a row of spend_blocks; package spend/block describes
// the format. The texts they use stand once each in spend_texts and
// spend_combos, and what they come to by month, class and category in
// spend_cells. Everything the pages show is worked out from these rows, never
// from a copy.
//
// # How an auditor reads it
//
// Nobody needs to unpack a blob. Each payment has a page (/spend/lines/N) that
// shows the row of the file it came from; /spend/lines.csv and
// /spend/loads/N.csv list payments as plain rows; /spend/loads/N/file gives the
// file as it was published. “handover verify” unpacks every block, reads every
// kept file again and holds both to the record.
package store
