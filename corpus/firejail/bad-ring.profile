include bad-ring.profile
