"""A run that asks before it publishes: starts it, shows each question, approves, and fetches the results.

    pip install -r docs/clients/requirements.txt
    python docs/clients/approve.py http://localhost:2024 penguins
"""

import os
import sys

from langgraph_sdk import get_sync_client


def main(url: str = "http://localhost:2024", dataset: str = "penguins", tasks: str = "1") -> None:
    token = os.environ.get("MLE_SMITH_API_TOKEN")
    client = get_sync_client(url=url, headers={"Authorization": f"Bearer {token}"} if token else None)

    def questions() -> dict[str, dict]:
        """What the thread waits for: questions by the ids that answers go to."""
        state = client.threads.get_state(thread)
        return {asked["id"]: asked["value"] for task in state["tasks"] for asked in task["interrupts"]}

    thread = client.threads.create()["thread_id"]
    client.runs.wait(thread, "smith", input={"dataset": dataset, "tasks": int(tasks), "approveTasks": True})
    while asked := questions():
        for question in asked.values():
            print(f"{question['asks']} {question['candidate']}: {question['question']}")
        # Or {"decision": "reject", "candidate", "reason"}, or {"decision": "send_back", "candidate", "remark"}.
        answers = {id: {"decision": "approve", "candidate": question["candidate"]} for id, question in asked.items()}
        client.runs.wait(thread, "smith", command={"resume": answers})

    for result in client.threads.get_state(thread)["values"]["results"]:
        print(f"{result['status']}: {result['path'] or ''}")


if __name__ == "__main__":
    main(*sys.argv[1:])
