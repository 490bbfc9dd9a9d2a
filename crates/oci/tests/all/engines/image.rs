//! A root file system made of this machine's busybox, as an archive to import.

use crate::support::finish;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

/// Makes the tree.
pub fn tree(root: &Path) {
    for name in [
        "bin", "etc", "home", "proc", "root", "sys", "dev", "tmp", "var",
    ] {
        fs::create_dir_all(root.join(name)).unwrap();
    }
    let sticky = fs::Permissions::from_mode(0o1777);
    fs::set_permissions(root.join("tmp"), sticky).unwrap();
    fs::copy("/usr/bin/busybox", root.join("bin/busybox"))
        .or_else(|_| fs::copy("/bin/busybox", root.join("bin/busybox")))
        .unwrap();
    let names = finish(Command::new("busybox").arg("--list")).out;
    for name in names.lines().filter(|name| *name != "busybox") {
        symlink("busybox", root.join("bin").join(name)).unwrap();
    }
    let users = "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/:/bin/false\nann:x:1000:1000::/home:/bin/sh\n";
    fs::write(root.join("etc/passwd"), users).unwrap();
    fs::write(
        root.join("etc/group"),
        "root:x:0:\nann:x:1000:\nextra:x:1234:ann\n",
    )
    .unwrap();
}

/// Makes the archive, beside its tree.
pub fn archive(directory: &Path) -> String {
    let (root, archive) = (directory.join("tree"), directory.join("image.tar"));
    tree(&root);
    let mut tar = Command::new("tar");
    tar.arg("-cf").arg(&archive).arg("-C").arg(&root).arg(".");
    let ended = finish(&mut tar);
    assert_eq!(ended.code, 0, "{ended:?}");
    archive.to_str().unwrap().to_owned()
}

/// Makes an archive as `docker save` writes it, which is what `ctr image import` reads.
pub fn docker_archive(directory: &Path, tag: &str) -> String {
    archive(directory);
    fs::rename(directory.join("image.tar"), directory.join("layer.tar")).unwrap();
    let sum = finish(Command::new("sha256sum").arg(directory.join("layer.tar"))).out;
    let digest = sum.split(' ').next().unwrap();
    let machine = if cfg!(target_arch = "x86_64") {
        "amd64"
    } else {
        "arm64"
    };
    let config = format!(
        r#"{{"architecture": "{machine}", "os": "linux", "config": {{"Env": ["PATH=/bin"]}},
            "rootfs": {{"type": "layers", "diff_ids": ["sha256:{digest}"]}}}}"#
    );
    fs::write(directory.join("config.json"), config).unwrap();
    let manifest =
        format!(r#"[{{"Config": "config.json", "RepoTags": ["{tag}"], "Layers": ["layer.tar"]}}]"#);
    fs::write(directory.join("manifest.json"), manifest).unwrap();
    let mut tar = Command::new("tar");
    tar.arg("-cf")
        .arg(directory.join("saved.tar"))
        .arg("-C")
        .arg(directory);
    let ended = finish(tar.args(["manifest.json", "config.json", "layer.tar"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    directory.join("saved.tar").to_str().unwrap().to_owned()
}

/// The arguments to seccomp that refuse one call with ENOSYS and permit all others.
pub const NO_MKDIR: &str = r#"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
  {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}"#;
