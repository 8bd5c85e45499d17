import { createSmithGraph } from "../graph/smith-graph.ts";

const begin = "<!-- made by `npm run docs` from the compiled graph -->";
const end = "<!-- end -->";

/** The compiled graph of the whole, the task's stages inside, as mermaid draws it. */
async function picture(): Promise<string> {
  const lend = () => Promise.reject(new Error("a picture runs nothing"));
  const graph = await createSmithGraph(lend).compile().getGraphAsync({ xray: true });
  return graph.drawMermaid().trim();
}

/** A text with the picture between its two marks anew. */
export async function withPicture(text: string): Promise<string> {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error("the marks of the picture are missing");
  return `${text.slice(0, from)}${begin}\n\n\`\`\`mermaid\n${await picture()}\n\`\`\`\n\n${text.slice(to)}`;
}
