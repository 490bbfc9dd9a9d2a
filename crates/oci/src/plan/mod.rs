//! From a `config.json` and the facts of a host to the steps of `casemate-exec`.

mod root;
