#!/bin/sh
# Builds the image without a container engine: buildah (chroot isolation) runs the Dockerfile's
# steps on a base that debootstrap makes of Debian packages. As root, on Debian or Ubuntu:
#     apt-get install --no-install-recommends buildah debootstrap
#     sh scripts/build-image.sh [image name]
# The base holds Debian's own Python 3.11 instead of the official image's 3.12.
set -eu
cd "$(dirname "$0")/.."
image=${1:-datamind}
base=localhost/python-base
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER="${STORAGE_DRIVER:-vfs}"

for program in buildah debootstrap; do
    command -v "$program" >/dev/null 2>&1 || PATH="$PATH:/usr/sbin"
    command -v "$program" >/dev/null 2>&1 || {
        echo "$program is missing: apt-get install --no-install-recommends buildah debootstrap" >&2
        exit 1
    }
done
[ "$(id -u)" -eq 0 ] || {
    echo "debootstrap needs root." >&2
    exit 1
}

if ! buildah inspect --type image "$base" >/dev/null 2>&1; then
    root=$(mktemp -d)
    trap 'rm -rf "$root"' EXIT
    # The mirror is the one this machine uses itself.
    mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -n 1)
    debootstrap --variant=minbase --include=python3,python3-venv,python-is-python3,ca-certificates \
        bookworm "$root" "$mirror" >/dev/null
    chroot "$root" apt-get clean
    rm -rf "$root"/var/lib/apt/lists/* "$root"/usr/share/doc/* "$root"/usr/share/man/* \
        "$root"/usr/share/locale/* "$root"/var/log/*.log
    made=$(buildah from scratch)
    buildah add --quiet "$made" "$root" / >/dev/null
    buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$made"
    buildah commit --quiet --rm "$made" "$base" >/dev/null
fi

# Where pip is told of an index and certificates of the house, the build is told too.
set --
for file in /etc/pip.conf "$HOME/.config/pip/pip.conf" "$HOME/.pip/pip.conf"; do
    [ -r "$file" ] && set -- "$@" --volume "$file:/etc/pip.conf:ro"
done
for name in PIP_CERT SSL_CERT_FILE; do
    file=$(printenv "$name" || true)
    [ -n "$file" ] && set -- "$@" --volume "$file:/etc/ssl/certs/ca-certificates.crt:ro"
    [ -n "$file" ] && break
done

buildah build --build-arg "BASE=$base" --network host "$@" --tag "$image" .
buildah images --format '{{.Name}} {{.Size}}' "$image"
