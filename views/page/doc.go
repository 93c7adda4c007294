// Package page is the shell of every page and the parts that pages of all
// subjects are made of.
package page
