#!/bin/sh
# Starts the image without a container runtime, as a container runtime would: unpacked, as the image's user, with a read-only file
# system but for /tmp. Fails unless /livez answers and SIGTERM ends it well. Needs util-linux and curl; without root, a kernel that
# lets users have namespaces.
#   try-image.sh [TAR]
set -eu

tar=$(realpath "${1:-$(dirname "$0")/../../target/penstock-image.tar}")
work=$(mktemp -d)
pid=
end() {
    [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true
    rm -rf "$work"
}
trap end EXIT
fail() {
    echo "try-image: $*" >&2
    [ ! -s "$work/log" ] || cat "$work/log" >&2
    exit 1
}

# The words of a list in the image's configuration, one in a line.
list() {
    sed -n "s/.*\"$1\":\[\([^]]*\)\].*/\1/p" "$work/image/config.json" | tr ',' '\n' | tr -d '"'
}
# A text in it.
text() {
    sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$work/image/config.json"
}

root=$work/root
mkdir -p "$work/image" "$root"
tar -xf "$tar" -C "$work/image"
tr -d '\n' <"$work/image/manifest.json" | sed 's/.*"Layers":\[\([^]]*\)\].*/\1/' | tr ',' '\n' | tr -d '"' >"$work/layers"
while read -r layer; do
    tar -xzf "$work/image/$layer" -C "$root" --no-same-owner -p
done <"$work/layers"

user=$(text User)
case $user in
    [1-9]*:[1-9]*) ;;
    *) fail "the image's user is '$user'" ;;
esac
[ -s "$root/opt/penstock/penstock.cdx.json" ] || fail "no SBOM in the image"

# What a container runtime brings along. The configuration comes from outside, as in Kubernetes.
mkdir -p "$root/proc" "$root/dev" "$root/etc/penstock"
for device in null random urandom; do : >"$root/dev/$device"; done
: >"$root/etc/hosts"
: >"$root/etc/resolv.conf"
cat >"$root/etc/penstock/penstock.yaml" <<'END'
server: { host: 127.0.0.1, port: 0, adminHost: 127.0.0.1, adminPort: 0, settleTime: 0s }
pools: [{ name: none, engines: [http://127.0.0.1:9] }]
END

# shellcheck disable=SC2046
set -- $(list Entrypoint) serve -c /etc/penstock/penstock.yaml
as_user="--setuid ${user%:*} --setgid ${user#*:}"
namespaces=--mount
if [ "$(id -u)" -ne 0 ]; then
    namespaces="--mount --user --map-root-user"
    as_user="--user --map-user=${user%:*} --map-group=${user#*:}"
fi
# -Xshare:on: without the class archive the JVM does not start, so it fits.
# shellcheck disable=SC2016,SC2046,SC2086
env -i PATH="$PATH" JDK_JAVA_OPTIONS=-Xshare:on $(list Env) \
    root="$root" directory="$(text WorkingDir)" as_user="$as_user" \
    unshare $namespaces sh -euc '
        mount --bind "$root" "$root"
        mount --rbind /proc "$root/proc"
        for device in null random urandom; do mount --bind /dev/$device "$root/dev/$device"; done
        mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
        mount -o remount,bind,ro "$root"
        exec unshare --root="$root" --wd="$directory" $as_user "$@"' sh "$@" >"$work/log" 2>&1 &
pid=$!

port=
for _ in $(seq 300); do
    kill -0 "$pid" 2>/dev/null || fail "it ended"
    port=$(sed -n 's/.*admin[^:]*127\.0\.0\.1:\([0-9]*\).*/\1/p' "$work/log" | head -n 1)
    [ -z "$port" ] || break
    sleep 0.2
done
[ -n "$port" ] || fail "it did not get ready"
runs_as=$(sed -n 's/^Uid:[[:blank:]]*\([0-9]*\).*/\1/p' "/proc/$pid/status")
[ "$runs_as" != 0 ] || fail "it runs as root"
answer=$(curl -fsS --max-time 10 "http://127.0.0.1:$port/livez") || fail "/livez does not answer"

kill -TERM "$pid"
status=0
wait "$pid" || status=$?
pid=
[ "$status" -eq 0 ] || fail "after SIGTERM it ended with $status"
echo "try-image: /livez says '$answer'; user $runs_as, read-only, class archive in use"
