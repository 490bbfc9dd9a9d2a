//! The network and its ports.

use super::{Apply, text, write};
use crate::profile::defaults::OF;
use crate::profile::forms;
use casemate_model::Origin;
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::network::{Port, Reach};
use casemate_model::lattice::Selection;
use casemate_model::stated::Stated;

impl Apply<'_> {
    pub(super) fn network(&mut self) {
        let network = self.settings.text("network");
        let reach = network
            .and_then(|word| Reach::parse(text(word)))
            .unwrap_or(Reach::None);
        self.shared_net(reach);
        if let Some(word) = network {
            let placement = if reach == Reach::Host {
                Placement::Host
            } else {
                Placement::New
            };
            self.confinement.network.reach = Stated::set(reach, word.origin.clone());
            self.confinement.namespaces.net = Stated::set(placement, word.origin.clone());
        }
        for key in ["listen", "connect"] {
            self.ports(key, reach);
        }
        let silent =
            self.settings.last("listen").is_none() && self.settings.last("connect").is_none();
        if let Some(word) = network.filter(|_| reach == Reach::Host && silent) {
            let hint = match word.origin {
                Origin::Flag(_) => "name ports, such as `--connect 443,53/udp`, or `--connect all`",
                _ => {
                    "name ports, such as `connect = [\"443\", \"53/udp\"]`, or `connect = [\"all\"]`"
                }
            };
            let hint = hint.to_owned();
            self.contradiction(
                "the host's network, but no port to use on it",
                &word.origin,
                Some(hint),
            );
        }
    }

    fn shared_net(&mut self, reach: Reach) {
        let settings = self.settings;
        let shared = settings
            .words("share")
            .find(|(word, _)| text(word) == "net");
        if let Some((word, _)) = shared.filter(|_| reach != Reach::Host) {
            let what = format!("the net namespace is the host's, but the network is \"{reach}\"");
            let hint = format!(
                "{}; `share` then needs no `net`",
                write(&word.origin, "network", "host")
            );
            self.contradiction(what, &word.origin, Some(hint));
        }
    }

    fn ports(&mut self, key: &'static str, reach: Reach) {
        let settings = self.settings;
        let mut ports: Selection<Port> = Selection::none();
        for (word, _) in settings.words(key) {
            match (&mut ports, forms::port(text(word))) {
                (Selection::Only(set), Some(port)) => {
                    set.insert(port);
                }
                (_, None) => ports = Selection::All,
                (Selection::All, Some(_)) => {}
            }
        }
        let network = &mut self.confinement.network;
        let field = if key == "listen" {
            &mut network.listen
        } else {
            &mut network.connect
        };
        match settings.last(key) {
            // Nobody else is on the program's own loopback, so every port is its own.
            None if reach == Reach::Loopback => *field = Stated::default_of(OF, Selection::All),
            None => {}
            Some(setting) => {
                *field = Stated::set(ports, setting.origin.clone());
                if let Some((word, _)) = settings.words(key).next().filter(|_| reach == Reach::None)
                {
                    let what = format!("`{key}` names ports, but there is no network");
                    let network = write(&word.origin, "network", "host");
                    let hint =
                        format!("{network}, or `loopback` for a network that nobody else is on");
                    self.contradiction(what, &word.origin, Some(hint));
                }
            }
        }
    }
}
