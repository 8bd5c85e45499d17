#!/usr/bin/env bash
# Starts a run on a mle-smith server, shows what happens as it happens, and fetches the results.
#
#     docs/clients/curl.sh http://localhost:2024 penguins
set -euo pipefail
url=${1:-http://localhost:2024}
dataset=${2:-penguins}
tasks=${3:-1}

# Adds the token where there is one; fails, and shows the answer, when the server refuses.
call() {
  curl --silent --show-error --fail-with-body --header 'Content-Type: application/json' \
    ${MLE_SMITH_API_TOKEN:+--header "Authorization: Bearer $MLE_SMITH_API_TOKEN"} "$@"
}

# A thread keeps a run's state and history; the same input sent on it again goes on where it stands.
thread=$(call "$url/threads" --data '{}' | grep -o '"thread_id": *"[^"]*"' | head -1 | cut -d '"' -f 4)

# Server-sent events: `event: custom`, then `data: {…}`. Whoever leaves (Ctrl-C) ends the run and its jobs.
call --no-buffer "$url/threads/$thread/runs/stream" --data "{
  \"assistant_id\": \"smith\",
  \"input\": {\"dataset\": \"$dataset\", \"tasks\": $tasks},
  \"stream_mode\": \"custom\",
  \"on_disconnect\": \"cancel\"
}"

call "$url/threads/$thread/state"
echo
