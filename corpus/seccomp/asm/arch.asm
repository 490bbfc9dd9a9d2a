	ld [4]
	jne #0xc000003e, kill
	ld [0]
	jeq #0, allow
	jeq #1, allow
	jeq #231, allow
	ret #0x50001
allow:	ret #0x7fff0000
kill:	ret #0x80000000
