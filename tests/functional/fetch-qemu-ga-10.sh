#!/bin/bash
# Fetch the qemu-ga 10.0 of Debian's bookworm-backports beside the 7.2 of Debian 12 itself, and
# print its path:
#
#     export TXQGA_QEMU_GA_10=$(tests/functional/fetch-qemu-ga-10.sh)
#
# It is unpacked, not installed: /usr/sbin/qemu-ga stays what it is. apt gets a configuration of
# its own, which names the mirror that this machine uses already. The libraries it needs are
# those of the package qemu-guest-agent.
set -euo pipefail

home=${XDG_CACHE_HOME:-$HOME/.cache}/txqga/qemu-ga-10.0
agent=$home/usr/sbin/qemu-ga

if [ -x "$agent" ]; then
    echo "$agent"
    exit
fi

fail() {
    echo "fetch-qemu-ga-10: $*" >&2
    exit 1
}

command -v apt-get > /dev/null || fail "no apt-get: only Debian 12 has this package"
. /etc/os-release
[ "${VERSION_CODENAME:-}" = bookworm ] || fail "this is ${PRETTY_NAME:-no Debian}, not Debian 12"

mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "bookworm" && $2 == "main" { print $3; exit }')
[ -n "$mirror" ] || fail "no source of Debian packages is configured here"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keyring] $mirror bookworm-backports main" > "$work/sources.list"
apt() {
    apt-get -qq -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" \
        -o APT::Sandbox::User=root "$@" >&2
}
apt update
cd "$work"
apt download qemu-guest-agent
dpkg -x qemu-guest-agent_*.deb root

version=$("$work/root/usr/sbin/qemu-ga" --version) || fail "it does not run here: $(ldd root/usr/sbin/qemu-ga | grep 'not found' || true)"
case $version in
    *" 10.0."*) ;;
    *) fail "the backport is no longer 10.0: $version" ;;
esac

# Moved into place whole, so that an interrupted run leaves nothing half done.
rm -rf "$home"
mkdir -p "$(dirname "$home")"
mv root "$home"
echo "$agent"
