#!/usr/bin/env bash
# A run that asks before it publishes: starts it, shows each question, approves, and fetches the results. Python makes the answers.
#
#     docs/clients/approve.sh http://localhost:2024 penguins
set -euo pipefail
url=${1:-http://localhost:2024}
dataset=${2:-penguins}
tasks=${3:-1}

# Adds the token where there is one; fails, and shows the answer, when the server refuses.
call() {
  curl --silent --show-error --fail-with-body --header 'Content-Type: application/json' \
    ${MLE_SMITH_API_TOKEN:+--header "Authorization: Bearer $MLE_SMITH_API_TOKEN"} "$@"
}

# Shows the questions of a state on standard error, and makes the body that approves each; nothing where none is open.
# Other answers: {"decision": "reject", "candidate", "reason"} and {"decision": "send_back", "candidate", "remark"}.
approval() {
  python3 -c '
import json, sys
asked = {i["id"]: i["value"] for task in json.load(sys.stdin)["tasks"] for i in task["interrupts"]}
for question in asked.values():
    print(question["asks"], question["candidate"] + ":", question["question"], file=sys.stderr)
answers = {id: {"decision": "approve", "candidate": question["candidate"]} for id, question in asked.items()}
print(json.dumps({"assistant_id": "smith", "command": {"resume": answers}}) if asked else "")'
}

thread=$(call "$url/threads" --data '{}' | grep -o '"thread_id": *"[^"]*"' | head -1 | cut -d '"' -f 4)
call "$url/threads/$thread/runs/wait" --output /dev/null --data "{
  \"assistant_id\": \"smith\",
  \"input\": {\"dataset\": \"$dataset\", \"tasks\": $tasks, \"approveTasks\": true}
}"
while answer=$(call "$url/threads/$thread/state" | approval) && [ -n "$answer" ]; do
  call "$url/threads/$thread/runs/wait" --output /dev/null --data "$answer"
done

call "$url/threads/$thread/state"
echo
