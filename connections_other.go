//go:build !unix

package main

// connectionsMost is how many connections the server has at once.
func connectionsMost() int { return manyConnections }
