// Package decisions draws decisions, their papers and votes, and who has
// authority to take them.
package decisions
