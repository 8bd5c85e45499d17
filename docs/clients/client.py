"""Starts a run on a mle-smith server, shows what happens as it happens, and fetches the results.

    pip install -r docs/clients/requirements.txt
    python docs/clients/client.py http://localhost:2024 penguins
"""

import os
import sys

from langgraph_sdk import get_sync_client


def main(url: str = "http://localhost:2024", dataset: str = "penguins", tasks: str = "1") -> None:
    token = os.environ.get("MLE_SMITH_API_TOKEN")
    client = get_sync_client(url=url, headers={"Authorization": f"Bearer {token}"} if token else None)

    # A thread keeps a run's state and history; the same input sent on it again goes on where it stands.
    thread = client.threads.create()["thread_id"]
    stream = client.runs.stream(
        thread,
        "smith",
        input={"dataset": dataset, "tasks": int(tasks)},
        stream_mode="custom",
        on_disconnect="cancel",  # whoever leaves ends the run and its jobs
    )
    for part in stream:
        if part.event == "error":
            raise RuntimeError(part.data)
        if part.event == "custom":
            facts = (part.data.get(name) for name in ("event", "stage", "candidate"))
            print(*(fact for fact in facts if fact), flush=True)

    values = client.threads.get_state(thread)["values"]
    if values["refusal"]:
        print("refused:", values["refusal"]["reason"])
    for result in values["results"]:
        where = f" → {result['id']} in {result['path']}" if result["id"] else ""
        print(f"{result['status']}: {result['title']}{where}")


if __name__ == "__main__":
    main(*sys.argv[1:])
