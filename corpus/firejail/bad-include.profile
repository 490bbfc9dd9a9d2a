include missing.inc
