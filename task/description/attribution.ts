import type { DatasetFacts } from "../dataset-facts.ts";
import { oneLine } from "./markdown.ts";

/** Text of `public/attribution.txt`: where the data come from and on what terms; null where nothing is known. */
export function attributionText(dataset: DatasetFacts): string | null {
  const { source, licence, licenceText } = dataset;
  if (source === null && licence === null && licenceText === null) return null;
  const lines = [
    `Data: ${oneLine(dataset.title)}`,
    ...(source === null ? [] : [`Source: ${oneLine(source)}`]),
    ...(licence === null ? [] : [`Licence: ${oneLine(licence)}`]),
    "The files of this competition were made from these data: columns and rows were selected, and rows were split into train and test.",
    ...(licenceText === null
      ? []
      : [
          "",
          "Licence file of the dataset:",
          "",
          licenceText
            .replace(/\r\n?/g, "\n")
            .replace(/[^\P{Cc}\n\t]/gu, "")
            .slice(0, 60_000)
            .trim(),
        ]),
  ];
  return `${lines.join("\n")}\n`;
}
