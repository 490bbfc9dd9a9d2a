	ld [4]
	jne #0xc000003e, allow
	ld [0]
	jge #0x40000000, deny
	jne #41, allow
	ld [16]
	jeq #16, deny
	jeq #17, deny
allow:	ret #0x7fff0000
deny:	ret #0x50061
