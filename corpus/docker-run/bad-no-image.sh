docker run --rm -it --name nothing
