docker run -e "GREETING=hello alpine
