#!/usr/bin/env bash
# The judge of PDF/A: fetches veraPDF once (through Maven) into .tools/verapdf and starts it.
#
#   tools/verapdf.sh --fetch             fetch and compile, nothing else
#   tools/verapdf.sh < NAMES             one file name a line in; "PASS" or "FAIL rules" a line out
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
home=$root/.tools/verapdf

if [[ ! -e $home/classes/Judge.class || $root/tools/verapdf/Judge.java -nt $home/classes/Judge.class ]]; then
    mkdir -p "$home/classes"
    mvn -B -q -f "$root/tools/verapdf/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
        -DincludeScope=runtime -DoutputDirectory="$home/lib" >&2
    javac -cp "$home/lib/*" -d "$home/classes" "$root/tools/verapdf/Judge.java" >&2
fi
if [[ ${1:-} == --fetch ]]; then
    exit 0
fi
exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m -cp "$home/classes:$home/lib/*" Judge
