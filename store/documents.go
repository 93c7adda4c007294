package store

// DocumentMost is the largest document taken, in bytes.
const DocumentMost = 20 << 20
