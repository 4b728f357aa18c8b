here:	ld [0]
here:	ret #0x7fff0000
