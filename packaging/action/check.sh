#!/usr/bin/env bash
# The action's second step: prints the findings, as annotations when asked for, and writes them as SARIF. It fails only when the check could not
# run; whether findings fail the job is decided after the upload.
#   CHECK_PATHS, ARGUMENTS      one a line
#   MIN_SEVERITY, ANNOTATIONS   as in action.yml
set -euo pipefail

arguments=(--min-severity "$MIN_SEVERITY")
while IFS= read -r line; do
  line=${line%$'\r'}
  if [ -n "$line" ]; then arguments+=("$line"); fi
done <<<"${ARGUMENTS:-}"
paths=()
while IFS= read -r line; do
  line=${line%$'\r'}
  if [ -n "$line" ]; then paths+=("$line"); fi
done <<<"${CHECK_PATHS:-.}"

run() {
  local status=0
  nginx-analyzer check "$@" "${arguments[@]}" -- "${paths[@]}" || status=$?
  # 1 says that something was found.
  if [ "$status" -gt 1 ]; then
    echo "::error::nginx-analyzer could not run (exit status $status)" >&2
    exit "$status"
  fi
  return "$status"
}

# For a person who reads the log, and before the annotations, which GitHub shows at most ten of a kind.
found=false
run --format text --color always || { status=$?; [ "$status" -eq 1 ] || exit "$status"; found=true; }
if [ "$ANNOTATIONS" = true ]; then
  run --format github || [ $? -eq 1 ]
fi
sarif=$RUNNER_TEMP/nginx-analyzer.sarif
run --format sarif >"$sarif" || [ $? -eq 1 ]
{
  echo "found=$found"
  echo "sarif=$sarif"
} >>"$GITHUB_OUTPUT"
