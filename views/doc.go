// Package views draws the pages of no single subject: the first page, search,
// help and the demonstration.
package views
