docker run -e NOW="$(date)" alpine true
