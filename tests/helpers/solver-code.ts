/** What a coding agent might write: a linear model on the numbers of a regression task, with its submission. */
export const linearModel = `import pandas as pd
from sklearn.linear_model import LinearRegression
train, test, sample = (pd.read_csv(f"/job/public/{name}.csv") for name in ("train", "test", "sample_submission"))
target = sample.columns[1]
numbers = [name for name in test.select_dtypes("number").columns if name != "id"]
model = LinearRegression().fit(train[numbers], train[target])
pd.DataFrame({"id": test["id"], target: model.predict(test[numbers])}).to_csv("submission.csv", index=False)
`;
