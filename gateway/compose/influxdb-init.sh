#!/bin/sh
# Runs once, after the first setup: what InfluxQL needs, and a user for Grafana that may only read.
set -eu
influx v1 dbrp create --org "$DOCKER_INFLUXDB_INIT_ORG" --bucket-id "$DOCKER_INFLUXDB_INIT_BUCKET_ID" \
  --db "$DOCKER_INFLUXDB_INIT_BUCKET" --rp autogen --default
influx v1 auth create --org "$DOCKER_INFLUXDB_INIT_ORG" --read-bucket "$DOCKER_INFLUXDB_INIT_BUCKET_ID" \
  --username grafana --password "$(cat /run/secrets/influxdb-grafana-password)"
