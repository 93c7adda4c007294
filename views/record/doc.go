// Package record draws the record of events, and says what an act and its
// subject are called.
package record
