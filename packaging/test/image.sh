#!/usr/bin/env bash
# image.sh DOCKERFILE CONTEXT ARCHITECTURE PROJECT VERSION: builds the image with buildah, without a daemon, and runs its entry point on a project
# that is mounted where the image's working folder is.
set -euo pipefail
dockerfile=$1 context=$2 architecture=$3 project=$4 version=$5
store=$(mktemp -d)
# Layers as plain folders: nothing of the machine's own storage is touched, and no overlay file system is needed.
buildah() { command buildah --root "$store/root" --runroot "$store/run" --storage-driver vfs "$@"; }
trap 'buildah rm --all >/dev/null; rm -rf "$store"' EXIT
buildah build --isolation chroot --quiet --build-arg TARGETARCH="$architecture" -f "$dockerfile" -t nginx-analyzer:test "$context" >/dev/null
container=$(buildah from --pull-never nginx-analyzer:test)
configured() { buildah inspect --format "$1" "$container"; }
[ "$(configured '{{.OCIv1.Config.Entrypoint}}')" = '[/usr/bin/nginx-analyzer]' ]
[ "$(configured '{{.OCIv1.Config.WorkingDir}}')" = /work ]
run() { buildah run --isolation chroot -v "$project:/work:ro" "$container" -- /usr/bin/nginx-analyzer "$@"; }
[ "$(run --version)" = "nginx-analyzer $version" ]
status=0
run check . >"$store/said" 2>"$store/complaints" || status=$?
[ "$status" -eq 1 ] || { echo "check ended with $status" >&2; cat "$store/said" "$store/complaints" >&2; exit 1; }
grep -q '^warning\[dead-location\]' "$store/said"
