// Package store opens the portal's database and knows all its parts. Each
// subject is a package of its own below it, listed in registrations.go, and
// writes its own tables; the transaction is an argument (*db.Tx), so one act
// that touches several subjects is recorded all or not at all.
//
// # Where a payment is
//
// A published file is kept as it came (spend_files, in parts, raw deflate); of
// a workbook its rows as text are kept too. Its payments are packed, up to 256
// in a row of spend_blocks; package spend/block describes the format. The texts
// they use stand once each in spend_texts and spend_combos. What a load comes to
// by period and combination is in spend_cells, and by period, class, category
// and kind of payee in spend_totals, which the first page after a start reads
// instead where they are current. What is withheld of a payment is in
// spend_withheld.
//
// # How an auditor reads it
//
// Nobody needs to unpack a blob. Each payment has a page (/spend/lines/N) with
// the SHA-256 of its file and the row that it came from;
// /spend.csv?view=lines&it=all and /spend/loads/N.csv list payments as plain
// rows. The file itself is had from the address where the body published it;
// whoever loads files of the body also has it under /spend/loads/N/file.
// “handover verify” holds each kept file to its hash, each block to the digest
// made when it was read, and each sum to its payments. It does not read the
// amounts out of the file again: for that, compare the row.
package store
