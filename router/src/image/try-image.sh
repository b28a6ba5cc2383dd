#!/bin/sh
# Starts the image without a container runtime, as a container runtime would: unpacked, as the image's user, process 1, with a
# read-only file system but for /tmp. One runs a simulated engine, a second one the router. Fails unless /livez, a chat, a stream
# and the native tokenizer answer, the class archive is used, the SBOM has every jar, and SIGTERM ends both well. Needs util-linux
# and curl; without root, a kernel that lets users have namespaces.
#   try-image.sh [TAR]
set -eu

tar=$(realpath "${1:-$(dirname "$0")/../../target/penstock-image.tar}")
work=$(mktemp -d)
chmod 711 "$work"
running=
# What the unshare of this id started: process 1 in there.
inside() {
    tr -d ' ' <"/proc/$1/task/$1/children"
}
end() {
    for pid in $running; do
        # process 1 first: it has another user than unshare, and would outlive it
        # shellcheck disable=SC2046
        kill -9 $(inside "$pid") "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap end EXIT
trap 'exit 1' HUP INT TERM
fail() {
    echo "try-image: $*" >&2
    for log in "$work"/*.log; do
        [ ! -s "$log" ] || tail -n 40 "$log" >&2
    done
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
tr -d '\n' <"$work/image/manifest.json" | sed 's/.*"Layers":\[\([^]]*\)\].*/\1/' | tr -s ',' '\n' | tr -d '"' >"$work/layers"
for layer in $(cat "$work/layers"); do
    tar --warning=no-unknown-keyword -xzf "$work/image/$layer" -C "$root" --no-same-owner -p
done
home=$root/opt/penstock

user=$(text User)
case $user in
    [1-9]*:[1-9]*) ;;
    *) fail "the image's user is '$user'" ;;
esac
[ -z "$(find "$root" -perm /6000)" ] || fail "something in the image is set-uid or set-gid"
[ -z "$(find "$root" ! -type l -perm /022 ! -path "$root/tmp")" ] || fail "something in the image may be written to by others"

# The SBOM: every jar with its version, and terms for each. "purl" begins with the group.
bom=$home/penstock.cdx.json
[ -s "$bom" ] || fail "no SBOM in the image"
[ -s "$home/LICENSE" ] && [ -s "$home/NOTICE" ] || fail "no terms in the image"
find "$home/classpath" "$home/libs" -name '*.jar' | sed 's/.*\///;s/\.jar$//' | sort >"$work/jars"
sed -n 's/.*"purl" *: *"pkg:maven\/[^/"]*\/\([^@"]*\)@\([^?"]*\).*/\1-\2/p' "$bom" | sort -u >"$work/named"
cmp -s "$work/jars" "$work/named" || fail "jars and SBOM differ: $(diff "$work/jars" "$work/named" | grep '^[<>]' || true)"
[ "$(grep -c '"licenses" *:' "$bom")" -eq "$(wc -l <"$work/jars")" ] || fail "a jar without a licence in the SBOM"

# What a container runtime brings along. The configuration comes from outside, as in Kubernetes.
mkdir -p "$root/proc" "$root/dev" "$root/etc/penstock"
for device in null random urandom; do : >"$root/dev/$device"; done
echo '127.0.0.1 localhost engine.test' >"$root/etc/hosts"
echo 'nameserver 127.0.0.1' >"$root/etc/resolv.conf"

namespaces="--mount --pid --fork"
as_user="--setuid ${user%:*} --setgid ${user#*:}"
if [ "$(id -u)" -ne 0 ]; then
    namespaces="$namespaces --user --map-root-user"
    as_user="--user --map-user=${user%:*} --map-group=${user#*:}"
fi
directory=$(text WorkingDir)
entrypoint=$(list Entrypoint)

# contain NAME OPTIONS ARGUMENT...: becomes the image with these arguments and options of the JVM, which writes into NAME.log.
contain() {
    name=$1
    options=$2
    shift 2
    # shellcheck disable=SC2016,SC2046,SC2086
    set -- $entrypoint "$@"
    # shellcheck disable=SC2016,SC2046,SC2086
    exec env -i PATH="$PATH" JDK_JAVA_OPTIONS="$options" $(list Env) root="$root" directory="$directory" as_user="$as_user" \
        unshare $namespaces sh -euc '
            mount --bind "$root" "$root"
            mount -t proc proc "$root/proc"
            for device in null random urandom; do mount --bind /dev/$device "$root/dev/$device"; done
            mount -t tmpfs -o mode=1777,nosuid,nodev,size=64m tmpfs "$root/tmp"
            mount -o remount,bind,ro "$root"
            exec setpriv --no-new-privs unshare --root="$root" --wd="$directory" $as_user "$@"' sh "$@" >"$work/$name.log" 2>&1
}
# found NAME EXPRESSION: what sed finds in NAME.log, once it is there; $! is the process that writes it.
found() {
    for _ in $(seq 1200); do
        value=$(sed -n "s/.*$2.*/\1/p" "$work/$1.log" 2>/dev/null | head -n 1)
        [ -z "$value" ] || return 0
        kill -0 "$!" 2>/dev/null || fail "$1 ended"
        sleep 0.05
    done
    fail "$1 did not get ready"
}
# ended PID NAME: SIGTERM to process 1, which ends with 0.
ended() {
    kill -TERM "$(inside "$1")"
    status=0
    wait "$1" || status=$?
    [ "$status" -eq 0 ] || fail "after SIGTERM $2 ended with $status"
}
# asked PATH [JSON]: the answer; PATH begins with the port.
asked() {
    path=$1
    shift
    curl -fsS --max-time 20 ${1:+-H 'Content-Type: application/json' -d "$1"} "http://127.0.0.1:$path" || fail "$path does not answer"
}

# -Xshare:on: without the class archive the JVM does not start, so it fits; the log says where classes come from.
(contain classes '-Xshare:on -Xlog:class+load' --version) || fail "it does not start with its class archive"
grep -q 'io.penstock.router.Main source: shared objects file' "$work/classes.log" || fail "the router is not in the class archive"
shared=$(grep -c 'source: shared objects file' "$work/classes.log")
other=$(grep -c 'source: \(jrt\|file\):' "$work/classes.log" || true)
rm "$work/classes.log"

contain engine -Xshare:on simulate --port 0 &
engine=$!
running=$engine
found engine 'simulated engine http:\/\/127\.0\.0\.1:\([0-9]*\)'

# a name that is not ASCII
model=/etc/penstock/modèle
mkdir -p "$root$model"
cat >"$root$model/tokenizer.json" <<'END'
{"version":"1.0","added_tokens":[],"pre_tokenizer":{"type":"Whitespace"},
 "model":{"type":"WordLevel","vocab":{"[UNK]":0,"hello":1,"world":2},"unk_token":"[UNK]"}}
END
cat >"$root/etc/penstock/penstock.yaml" <<END
server: { host: 127.0.0.1, port: 0, adminHost: 127.0.0.1, adminPort: 0, settleTime: 0s }
tokenizers: [{ name: words, type: huggingface, path: $model }]
pools: [{ name: simulated, engines: ["http://engine.test:$value"], models: [sim], tokenizer: words }]
routes: [{ name: all, to: [{ pool: simulated }], tokens: { endpoints: true } }]
END
contain router -Xshare:on serve -c /etc/penstock/penstock.yaml &
router=$!
running="$engine $router"
found router 'ready \([0-9]*\) ms after'
ready=$value
found router 'clients on 127\.0\.0\.1:\([0-9]*\)'
port=$value
found router 'admin on 127\.0\.0\.1:\([0-9]*\)'
admin=$value
runs_as=$(sed -n 's/^Uid:[[:blank:]]*\([0-9]*\).*/\1/p' "/proc/$(inside "$router")/status")
# in a user's namespace the image's user is the user who runs this
[ "$runs_as" = "${user%:*}" ] || [ "$(id -u)" -ne 0 ] || fail "it runs as $runs_as"

live=$(asked "$admin/livez")
for _ in $(seq 200); do
    ! curl -fsS -o "$work/readyz" --max-time 5 "http://127.0.0.1:$admin/readyz" 2>/dev/null || break
    sleep 0.05
done
asked "$admin/readyz" >/dev/null
chat='"model":"sim","max_tokens":4,"messages":[{"role":"user","content":"hello world"}]'
asked "$port/v1/chat/completions" "{$chat}" >"$work/chat"
grep -q '"finish_reason": *"length"' "$work/chat" || fail "no chat: $(cat "$work/chat")"
asked "$port/v1/chat/completions" "{$chat,\"stream\":true}" >"$work/stream"
grep -q '^data: \[DONE\]' "$work/stream" || fail "no stream: $(cat "$work/stream")"
asked "$port/tokenize" '{"model":"sim","prompt":"world hello"}' >"$work/tokens"
grep -q '"tokens": *\[2, *1\]' "$work/tokens" || fail "no tokens: $(cat "$work/tokens")"

ended "$router" "the router"
ended "$engine" "the engine"
running=
(contain demo -Xshare:on demo --once) || fail "the demo did not go as it should"
echo "try-image: /livez says '$live', a chat, a stream and the tokenizer answer, the demo went well;" \
    "user $runs_as, read-only, ready after $ready ms, $shared classes of the archive and $other others to say a version"
