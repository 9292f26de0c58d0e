use std::path::PathBuf;

use rstest::rstest;
use tempfile::TempDir;

use super::*;
use crate::test_support::write_program;

const DEBIAN: &str = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n";
const UBUNTU: &str = "NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n";
const MINT: &str = "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n";
const FEDORA: &str = "NAME=\"Fedora Linux\"\nID=fedora\n";
const ROCKY: &str = "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n";

#[rstest]
#[case(DEBIAN, System::Debian)]
#[case(UBUNTU, System::Debian)]
#[case(MINT, System::Debian)]
#[case(FEDORA, System::Other)]
#[case(ROCKY, System::Other)]
#[case("ID=nodebian\n", System::Other)]
#[case("VERSION_ID=debian\n", System::Other)]
#[case("", System::Other)] // macOS
fn debian_and_what_is_derived_from_it_is_recognized(
    #[case] release: &str,
    #[case] expected: System,
) {
    assert_eq!(system(release), expected);
}

#[rstest]
#[case(System::Debian, Privilege::Root, Decision::Apt)]
#[case(System::Debian, Privilege::Sudo, Decision::SudoApt)]
#[case(System::Debian, Privilege::None, Decision::Tell)]
#[case(System::Other, Privilege::Root, Decision::Tell)]
#[case(System::Other, Privilege::Sudo, Decision::Tell)]
#[case(System::Other, Privilege::None, Decision::Tell)]
fn only_debian_with_the_right_to_install_is_installed_on(
    #[case] system: System,
    #[case] privilege: Privilege,
    #[case] expected: Decision,
) {
    assert_eq!(decide(Install::WhereAllowed, system, || privilege), expected);
    assert_eq!(decide(Install::Never, system, || privilege), Decision::Tell);
}

#[test]
fn sudo_is_not_asked_where_nothing_would_be_installed() {
    let decision =
        decide(Install::WhereAllowed, System::Other, || unreachable!("asked for the privilege"));
    assert_eq!(decision, Decision::Tell);
}

/// A folder whose `apt-get` writes down how it was called, and a folder for the cluster settings.
struct FakeApt {
    folder: TempDir,
}

impl FakeApt {
    fn new(body: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let apt = folder.path().join("apt-get");
        let script = format!(
            "#!/bin/sh\nhere=\"${{0%/*}}\"\necho \"$*\" >> \"$here/calls\"\ncat \"$here\"/conf/* >> \"$here/seen\"\n{body}\n"
        );
        write_program(&apt, &script);
        Self { folder }
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("conf")
    }

    fn run(&self) -> Result<(), Error> {
        let path = format!("{}:/usr/bin:/bin", self.folder.path().display());
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "sh"]).arg(self.config()).env("PATH", path);
        run(&mut command, &mut |_: &str| {})
    }

    fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.folder.path().join("calls")).unwrap();
        calls
            .lines()
            .map(|call| call.rsplit_once("Timeout=300 ").map_or(call, |(_, rest)| rest))
            .map(str::to_owned)
            .collect()
    }
}

const INSTALL: &str = "install -y --no-install-recommends postgresql postgresql-contrib";

#[test]
fn debian_makes_no_cluster_of_its_own_while_the_package_is_installed() {
    let apt = FakeApt::new("exit 0");
    apt.run().unwrap();

    assert_eq!(apt.calls(), [INSTALL]);
    let seen = fs::read_to_string(apt.folder.path().join("seen")).unwrap();
    assert_eq!(seen, "create_main_cluster = false\n");
    let left: Vec<_> = fs::read_dir(apt.config()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn empty_or_old_package_lists_are_fetched_and_the_install_is_tried_again() {
    let apt =
        FakeApt::new("[ \"$1\" = update ] && touch \"$here/updated\"; [ -e \"$here/updated\" ]");
    apt.run().unwrap();

    assert_eq!(apt.calls(), [INSTALL, "update", INSTALL]);
}

#[test]
fn a_failed_install_shows_what_apt_said_and_leaves_nothing_behind() {
    let apt = FakeApt::new("echo 'E: Unable to locate package postgresql' >&2; exit 100");
    let error = apt.run().unwrap_err().to_string();

    assert!(error.starts_with("could not install PostgreSQL: apt-get failed\n"), "{error}");
    assert!(error.contains("    E: Unable to locate package postgresql"), "{error}");
    let left: Vec<_> = fs::read_dir(apt.config()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}
