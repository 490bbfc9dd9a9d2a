caps.drop all
blacklist ÿ
