//go:build unix

package main

import "syscall"

// connectionsMost is how many connections the server has at once: three in four
// of the files that the system lets it open. The others are for the database.
func connectionsMost() int {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil || l.Cur > 1<<20 {
		return manyConnections
	}
	return max(16, min(int(l.Cur)-databaseFiles, int(l.Cur)*3/4, manyConnections))
}
