# Sourced by the scripts beside it: where the release build's programs are, or those of COMET_BIN.

program_path() {  # NAME
  bin=${COMET_BIN:-$here/../build/release/bin}
  if [ ! -x "$bin/$1" ]; then
    echo "$1 is not built: cmake --preset release && cmake --build --preset release --target $1" >&2
    return 1
  fi
  (cd "$bin" && printf '%s/%s\n' "$(pwd -P)" "$1")
}
