back:	ld [0]
	ja back
	jeq #1, nowhere, known
known:	ret #0x7fff0000
last:
