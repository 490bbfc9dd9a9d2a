docker run --rm --read-onyl --cap-drop=ALL alpine
