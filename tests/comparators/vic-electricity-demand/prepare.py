"""Half-hourly demand. The temperature of the weeks to forecast was not known beforehand and is left out there."""

from pathlib import Path

import pandas as pd

HORIZON = 8 * 7 * 48


def prepare(raw: Path, public: Path, private: Path) -> None:
    demand = pd.read_csv(raw / "vic_elec.csv").rename(
        columns={"Time": "time", "Demand": "demand_mw", "Temperature": "temperature", "Holiday": "holiday"}
    )
    demand = demand.sort_values("time")[["time", "holiday", "temperature", "demand_mw"]]
    demand.insert(0, "id", range(len(demand)))

    train, test = demand.iloc[:-HORIZON], demand.iloc[-HORIZON:]
    train.to_csv(public / "train.csv", index=False)
    test[["id", "time", "holiday"]].to_csv(public / "test.csv", index=False)
    test[["id", "demand_mw"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(demand_mw=4600).to_csv(public / "sample_submission.csv", index=False)
