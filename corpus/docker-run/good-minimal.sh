docker run --rm -it alpine sh
