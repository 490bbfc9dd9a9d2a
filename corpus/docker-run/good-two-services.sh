#!/bin/bash
set -e
docker network create back
docker run -d --name db --network back -v data:/var/lib/postgresql/data \
  -e POSTGRES_PASSWORD_FILE=/run/secrets/db --shm-size=256m --stop-timeout 60 \
  --health-cmd 'pg_isready -U app' --health-interval 10s --health-retries 5 postgres:16
docker run -d --name app --network back --network-alias api --link db:database \
  --pids-limit=-1 --oom-score-adj -500 --cpuset-cpus 0-1,3 --cpu-shares 512 \
  --log-driver json-file --log-opt max-size=10m --add-host files:10.0.0.7 --dns 10.0.0.53 \
  --env-file app.env --mount type=bind,source=/srv/app,target=/app,readonly,bind-propagation=rslave \
  --mount type=tmpfs,destination=/scratch,tmpfs-size=32m \
  --mount 'type=volume,src=cache,dst=/cache,volume-opt=type=nfs' \
  --entrypoint /app/start registry.example.net/app:"$TAG" --listen :8080
