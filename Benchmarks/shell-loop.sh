#!/bin/sh
# What the first handlers were: one curl every five seconds until the notice is there.
url=$1
while :; do
  code=$(curl -s -o /dev/null -w '%{http_code}' "$url")
  [ "$code" = 200 ] && exit 0
  sleep 5
done
