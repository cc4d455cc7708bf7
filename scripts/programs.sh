# Sourced by the scripts beside it: where this build's programs are.
# COMET_BIN names another folder; else ../bin (installed), else the release build.

program_path() {  # NAME
  for bin in "${COMET_BIN:-}" "$here/../bin" "$here/../build/release/bin"; do
    if [ -n "$bin" ] && [ -x "$bin/$1" ]; then
      (cd "$bin" && printf '%s/%s\n' "$(pwd -P)" "$1")
      return 0
    fi
  done
  echo "$1 is not built: cmake --preset release && cmake --build --preset release --target $1" >&2
  return 1
}

# The processes of this user that run exactly that program file, also after it was rebuilt.
program_pids() {  # PATH
  for exe in /proc/[0-9]*/exe; do
    target=$(readlink "$exe" 2>/dev/null) || continue
    if [ "${target% (deleted)}" = "$1" ]; then
      pid=${exe#/proc/}
      echo "${pid%/exe}"
    fi
  done
}
