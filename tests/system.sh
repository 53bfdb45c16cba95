#!/bin/sh
# Installs what some tests need besides Python, where we may (root on Debian). Without it those
# tests skip and say so.
set -eu
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0
missing=""
command -v chromium >/dev/null || missing="$missing chromium fonts-noto-color-emoji"
command -v java >/dev/null || missing="$missing default-jre-headless"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -n "$missing" ] || exit 0
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >/dev/null 2>&1 \
  || echo "could not install:$missing (their tests skip)"
