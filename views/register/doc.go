// Package register draws the ownership of the company, the register of members
// and the bodies.
package register
