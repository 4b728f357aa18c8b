# Everything that seccomp takes, in the ways that the kernel's bpf_asm has for it.
	ld [4]
	jne #0xc000003e, bad
	LD [0]			; in either case
	jge #0x40000000, bad, go
go:	st M[0]
	ldx #4
	add x
	rsh #1
	neg
	tax
	txa
	stx M[1]
	ldx M[1]
	ld M[0]
	ldi 7
	ld len
	ldx len
	jset x, bad
	jlt #0b1000, fine /* a comment
	that goes on */ ja fine
bad:	ret #0x80000000
fine:	ret a
