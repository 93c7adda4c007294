// Package holidays draws the bank holidays and what one that is added moves.
package holidays
