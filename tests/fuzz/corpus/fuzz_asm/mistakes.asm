; Each mistake is shown, and what comes behind it is read.
	ld [4
	jeq #0xc000003e, known
	jmpp known
known:	ret #0x7fff0000
