#!/bin/sh
# Makes a base for sandbox/image/Dockerfile where no registry is in reach: a Debian with Python and nothing that a build of
# that image does not need, packed as a tar on standard output. Needs mmdebstrap and a Debian mirror.
#   scripts/debian-base.sh [SUITE] | docker import - mle-smith-base
set -eu
suite=${1:-bookworm}
# Certificates of this machine, so that a build reaches the package index as this machine does.
certificates=/etc/ssl/certs/ca-certificates.crt
set -- --quiet --variant=custom --format=tar \
  --aptopt='APT::Install-Recommends "false"' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --include=base-files,base-passwd,bash,coreutils,dash,debconf,debianutils,diffutils,dpkg,findutils,grep,gzip,libc-bin,mawk,perl-base,sed,tar \
  --include=ca-certificates,libgomp1,libstdc++6,python3,python3-venv
if [ -r "$certificates" ]; then set -- "$@" "--customize-hook=copy-in $certificates /etc/ssl/certs/"; fi
exec mmdebstrap "$@" "$suite"
