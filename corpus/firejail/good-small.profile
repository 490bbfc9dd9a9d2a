caps.drop all
