// Package spend draws published spend: loads, lines, suppliers, rules, claims
// and what is asked of them.
package spend
