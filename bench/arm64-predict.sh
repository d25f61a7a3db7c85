#!/bin/sh
# Predicts a picture with a folder for linux-arm64 on another machine: qemu and a Java for ARM from Debian's archive, nothing installed.
#   ./espalier package MODEL --platform linux-arm64 --out model-arm64
#   bench/arm64-predict.sh model-arm64 PICTURE [WORK-FOLDER]
# Needs Debian 12 or newer with apt, or another system with its packages. What the answer proves is that the natives of
# the folder load and compute; its time says nothing of an ARM processor.
set -eu
[ $# -ge 2 ] || { sed -n '2,4p' "$0" >&2; exit 2; }
package=$(cd "$1" && pwd)
picture=$(readlink -f "$2")
mkdir -p "${3:-/tmp/espalier-arm64}"
cd "${3:-/tmp/espalier-arm64}"
work=$PWD
root=$work/root
jvm=$root/usr/lib/jvm/java-17-openjdk-arm64

if [ ! -x "$work/jdk/bin/java" ]; then
  mkdir -p lists/partial debs "$root/proc" jdk/bin home
  (cd debs && apt-get -q -oAPT::Sandbox::User=root download qemu-user-static && dpkg-deb -x qemu-user-static*.deb "$work/qemu")
  arm="-oAPT::Architecture=arm64 -oAPT::Architectures=arm64 -oDir::State::Lists=$work/lists -oDir::State::status=/dev/null -oAPT::Sandbox::User=root"
  # shellcheck disable=SC2086 # several options in one variable
  apt-get -q $arm update
  # shellcheck disable=SC2086
  (cd debs && apt-get -q $arm download openjdk-17-jre-headless libc6 libgcc-s1 libstdc++6 zlib1g libgomp1 libgfortran5)
  for deb in debs/*_arm64.deb; do
    dpkg-deb -x "$deb" "$root"
  done
  # ONNX Runtime looks up the processor here, and does not survive the one of the host.
  printf 'processor\t: 0\nFeatures\t: fp asimd aes crc32 atomics fphp asimdhp asimddp\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n\n' >"$root/proc/cpuinfo"
  cp "$jvm/release" jdk/
  printf '#!/bin/sh\nexec "%s" -cpu neoverse-n1 -L "%s" "%s" "$@"\n' "$work/qemu/usr/bin/qemu-aarch64-static" "$root" "$jvm/bin/java" >jdk/bin/java
  chmod +x jdk/bin/java
fi
for model in "$package"/models/*.onnx; do
  JAVA_HOME=$work/jdk ESPALIER_HOME=$work/home sh "$package/bin/espalier" predict "$model" "$picture"
done
