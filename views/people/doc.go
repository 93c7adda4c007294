// Package people draws accounts, appointments and the mail that people get.
package people
