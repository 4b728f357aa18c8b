	ld [0]
	jeq #1, written, read
written: st M[2]
read:	ldx M[2]
	ret a
