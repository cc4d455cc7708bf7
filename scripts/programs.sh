# Sourced by the scripts beside it: where the programs are. Those of COMET_BIN, of this
# installation (../bin), or in the source tree of the release build.

program_path() {  # NAME
  for bin in ${COMET_BIN:+"$COMET_BIN"} "$here/../bin" "$here/../build/release/bin"; do
    if [ -x "$bin/$1" ]; then
      (cd "$bin" && printf '%s/%s\n' "$(pwd -P)" "$1")
      return
    fi
  done
  echo "$1 is not built: cmake --preset release && cmake --build --preset release --target $1" >&2
  return 1
}
