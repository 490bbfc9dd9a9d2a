//! Many files in one run: told, not asserted, since machines differ.

use crate::table::with_context;
use casemate_formats::compose;
use std::path::Path;
use std::time::Instant;

#[test]
fn a_thousand_compose_files_are_read() {
    const FILES: usize = 1000;
    let service = |n: usize| {
        format!(
            "  web{n}:\n    image: nginx:1.27\n    read_only: true\n    cap_drop: [ALL]\n    cap_add: [NET_BIND_SERVICE]\n    \
             ports: ['127.0.0.1:{}:80']\n    volumes: ['./html:/html:ro', 'data:/data']\n    environment: {{A: b, C: '${{HOME}}'}}\n",
            8000 + n
        )
    };
    let text = format!(
        "services:\n{}{}{}volumes: {{data: {{}}}}\n",
        service(0),
        service(1),
        service(2)
    );
    let start = Instant::now();
    with_context(&mut casemate_formats::reader::NoFiles, |context| {
        for _ in 0..FILES {
            let reading =
                (compose::FORMAT.read)(Path::new("compose.yaml"), text.as_bytes(), context);
            assert_eq!(reading.expect("read").workloads.len(), 3);
        }
    });
    println!(
        "{FILES} compose files of three services in {:?}",
        start.elapsed()
    );
}
