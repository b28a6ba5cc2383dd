#!/bin/sh
# Lays the files of the container image out in FOLDER, for Jib to pack: a Java runtime made by jlink, the C libraries that it
# needs, copied from this machine, and a class archive. Run by "mvn -Pimage package".
#   stage.sh JAVA_HOME DISTRIBUTION SBOM FOLDER
set -eu
LC_ALL=C
TZ=UTC
export LC_ALL TZ
umask 022

jdk=$1
distribution=$2
sbom=$3
folder=$4
fail() {
    echo "image: $*" >&2
    exit 1
}

[ "$(uname -s)" = Linux ] || fail "an image for Linux takes its C libraries from the machine it is built on; build it on Linux"
[ -x "$jdk/bin/jlink" ] || fail "there is no bin/jlink in $jdk; the image needs a JDK"
[ -e "$jdk/jmods/java.base.jmod" ] || "$jdk/bin/jlink" --help | grep -q 'run-time image enabled' \
    || fail "$jdk has neither jmods nor a jlink that does without (Java 24 or newer); install the package with the jmods"

# The plugin that writes the SBOM does nothing while Maven is offline, and leaves none or an old one.
for jar in "$distribution"/lib/*.jar; do
    name=$(basename "$jar" .jar)
    sed -n 's/.*"purl" *: *"pkg:maven\/[^/"]*\/\([^@"]*\)@\([^?"]*\).*/\1-\2/p' "$sbom" 2>/dev/null | grep -qxF -e "$name" \
        || fail "$name is not in the SBOM, $sbom; run Maven without -o"
done

rm -rf "$folder"
base=$folder/base
home=$base/opt/penstock
archives=$folder/archive/opt/penstock
mkdir -p "$home" "$archives" "$base/etc" "$base/tmp"

# What jdeps finds and what no class names: TLS with elliptic curves, DNS. Left out is what is in jars and never run: pictures,
# beans, SQL, a compiler. A library that needs another module is told here and not by a router that lacks it.
modules=java.base,java.logging,java.management,java.naming,java.net.http,java.xml
modules=$modules,jdk.crypto.ec,jdk.jfr,jdk.management,jdk.naming.dns,jdk.unsupported
needed=$("$jdk/bin/jdeps" --multi-release 17 --ignore-missing-deps -s "$distribution"/lib/*.jar 2>/dev/null \
    | sed -n 's/.* -> \(\(java\|jdk\)\.[^ ]*\)$/\1/p' | sort -u)
[ -n "$needed" ] || fail "jdeps finds no modules"
for module in $needed; do
    case ",$modules,java.compiler,java.desktop,java.sql," in
        *",$module,"*) ;;
        *) fail "a jar needs the module $module: $0 has to take it, or say why not" ;;
    esac
done

# The options the launcher would use, said by the launcher itself: everything before -cp. As options of the runtime they are
# weaker than those of JDK_JAVA_OPTIONS.
echo_java=$folder/echo
mkdir -p "$echo_java/bin"
printf '#!/bin/sh\nprintf "%%s " "$@"\n' >"$echo_java/bin/java"
chmod 755 "$echo_java/bin/java"
cp "$jdk/release" "$echo_java/release"
options=$(JAVA_HOME=$echo_java PENSTOCK_JAVA_OPTS=-Xshare:auto "$distribution/bin/penstock" </dev/null)
options=${options%% -Xshare:auto*}

"$jdk/bin/jlink" --add-modules "$modules" --add-options "$options" --no-header-files --no-man-pages \
    --output "$home/java" >&2 || fail "jlink failed"
rm -f "$home/java/bin/keytool" "$home/java/bin/jfr"
cp "$sbom" "$home/penstock.cdx.json"
cp "$(dirname "$0")/../../../LICENSE" "$(dirname "$0")/../../../NOTICE" "$home"

# packaged FILE: whose it is and on what terms, where scanners look for it. Packages may know a file of /usr/lib as one of /lib.
packaged() {
    real=$(readlink -f "$1")
    package=$(dpkg-query -S "$real" "${real#/usr}" 2>/dev/null | sed -n '1s/: .*//p' | sed 's/,.*//')
    [ -n "$package" ] || return 1
    name=${package%%:*}
    mkdir -p "$base/var/lib/dpkg/status.d" "$base/usr/share/doc/$name"
    dpkg-query -s "$package" >"$base/var/lib/dpkg/status.d/$name"
    cp -L "/usr/share/doc/$name/copyright" "$base/usr/share/doc/$name/copyright"
}

# The C libraries: of all that the runtime brings, and of the tokenizers' native library.
natives=$folder/natives
mkdir -p "$natives"
(cd "$natives" && "$jdk/bin/jar" xf "$distribution"/lib/tokenizers-*.jar "native/lib/linux-$(uname -m)")
{
    find "$home/java" "$natives" -type f \( -name '*.so' -o -perm -u+x \) | while read -r file; do
        ldd "$file" 2>/dev/null || true
    done
} | sed -n -e 's/.*=> \(\/[^ ]*\) (.*/\1/p' -e 's/^[[:blank:]]*\(\/[^ ]*\) (.*/\1/p' | sort -u | while read -r library; do
    case $library in
        "$folder"/* | */java/lib/*) continue ;;
    esac
    mkdir -p "$base$(dirname "$library")"
    cp -L "$library" "$base$library"
    chmod 755 "$base$library"
    packaged "$library" || ! command -v dpkg-query >/dev/null || fail "no package of this machine has $library"
done
packaged "$jdk/bin/java" || true
# LANG is C.UTF-8 in the image: without its files names of files and arguments would be ASCII.
locale=/usr/lib/locale/C.utf8
[ -r "$locale/LC_CTYPE" ] || fail "there is no $locale; install what has it (libc-bin, glibc-minimal-langpack)"
mkdir -p "$base$locale"
cp -RL "$locale/." "$base$locale"
packaged "$locale/LC_CTYPE" || true
[ -n "$(find "$base" -name 'ld-linux*')" ] || fail "ldd found no glibc here; musl will not do, as the tokenizers need glibc"
[ ! -r /etc/os-release ] || cp -L /etc/os-release "$base/etc/os-release"

echo 'penstock:x:65532:65532::/tmp:/sbin/nologin' >"$base/etc/passwd"
echo 'penstock:x:65532:' >"$base/etc/group"
echo 'hosts: files dns' >"$base/etc/nsswitch.conf"

# The class path as Jib lays it out, with the one time Jib gives all files: a class archive knows size and time of each jar.
# It is relative, so that an archive made here fits there: the image's working directory is /opt/penstock.
jars=$folder/jars
mkdir -p "$jars/classpath" "$jars/libs"
cp "$distribution"/lib/*.jar "$jars/libs"
mv "$jars"/libs/router-*.jar "$jars/classpath"
find "$jars" "$home" -exec touch -h -d @1 {} +
cd "$jars"
class_path=$(
    IFS=:
    set -- classpath/*.jar libs/*.jar
    echo "$*"
)

# The arguments before the router's own.
cat >"$archives/java.args" <<END
-XX:SharedArchiveFile=penstock.jsa
-Xlog:cds*=off
-cp
$class_path
io.penstock.router.Main
END

# Classes by name and not by what a run happened to load, or no two archives would be the same: the JDK's own list, and all of
# those jars whose classes most starts need.
classes=$folder/classes
for jar in classpath/*.jar libs/*.jar; do
    case ${jar#*/} in
        router-* | proxy-core-* | netty-* | jackson-* | snakeyaml-* | logback-* | slf4j-* | simpleclient-* | simpleclient_* | picocli-* | caffeine-*)
            "$jdk/bin/jar" tf "$jar" | grep '\.class$' | grep -v -e '^META-INF/' -e '-info\.class$' -e OpenSsl -e Jfr || true
            ;;
    esac
done | sed 's/\.class$//' | sort -u >"$classes.ours"
grep -v '^#' "$home/java/lib/classlist" | cat - "$classes.ours" >"$classes"

# One processor and addresses that do not change, where allowed: the JVM's own threads race at its start, and the order in which
# they name things shows in the archive. What comes out twice is kept.
steady=
for prefix in "setarch -R" "taskset -c 0" "chrt -b 0"; do
    # shellcheck disable=SC2086
    if $prefix true 2>/dev/null; then steady="$steady $prefix"; fi
done
seen=$folder/seen
: >"$seen"
for attempt in 1 2 3 4 5 6 7 8; do
    rm -f "$folder/new.jsa"
    # shellcheck disable=SC2086
    $steady "$home/java/bin/java" -XX:TieredStopAtLevel=1 -Xshare:dump -XX:SharedClassListFile="$classes" \
        -XX:SharedArchiveFile="$folder/new.jsa" -cp "$class_path" >"$folder/dump.txt" 2>&1 \
        || fail "the JVM made no class archive; see $folder/dump.txt"
    sum=$(cksum <"$folder/new.jsa")
    if grep -qxF "$sum" "$seen"; then
        mv -f "$folder/new.jsa" "$archives/penstock.jsa"
        chmod 644 "$archives/penstock.jsa"
        exit 0
    fi
    echo "$sum" >>"$seen"
done
fail "$attempt class archives, and no two of them alike"
