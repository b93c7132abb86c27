#!/bin/sh
# Takes gridstack out of its npm package, checked by its digest, and writes app/static/gridstack/:
# the library as one ES module, its style sheet and its licence. Needs npm and openssl; only for
# whoever renews the library. A new version: change both lines, run, look at the grid, commit.
set -eu

VERSION=14.1.0
SHA512=nF6asbGVnIJH7N9pa+DCaSBGAoEvTNS7jYHUJfcNN+5bTD3a4pLEKvGia7W/6NbjiJWms9e3Zih1YuU4coT3QA==

home=$(cd "$(dirname "$0")/.." && pwd)/app/static/gridstack
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm pack --silent "gridstack@$VERSION" >/dev/null
found=$(openssl dgst -sha512 -binary "gridstack-$VERSION.tgz" | openssl base64 -A)
[ "$found" = "$SHA512" ] || { echo "gridstack $VERSION is not what it was: $found" >&2; exit 1; }
tar -xzf "gridstack-$VERSION.tgz"

mkdir -p "$home"
rm -f "$home"/gridstack-*.js
cp package/LICENSE "$home/LICENSE"
cp package/dist/gridstack.min.css "$home/gridstack.css"
{
    echo "/*! gridstack $VERSION, made an ES module by scripts/vendor-gridstack.sh."
    echo
    cat package/LICENSE
    echo "*/"
    echo "const module = { exports: {} }, exports = module.exports;"
    sed -e '1{/^\/\*! For license/d}' -e '/^\/\/# sourceMappingURL/d' package/dist/gridstack-all.js
    echo
    echo "export const GridStack = module.exports;"
} >"$home/gridstack-$VERSION.js"
echo "app/static/gridstack holds gridstack $VERSION."
