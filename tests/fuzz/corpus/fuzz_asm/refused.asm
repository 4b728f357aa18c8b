# A filter of packets is none of calls.
	ldh [12]
	jeq #0x800, ip, other
ip:	ret #-1
other:	ret #0
