import { z } from "zod";
import { Specification } from "../../task/specification.ts";
import { checkCode } from "../designer/model.ts";
import { converse } from "../model/conversation.ts";
import { openDefects } from "../model/defects.ts";
import type { ModelPlayer } from "../model/player.ts";
import { loadPrompt, untrusted } from "../model/prompt.ts";
import type { Checked } from "../model/structured.ts";
import type { GiveUp, RefactorInput } from "../players.ts";
import { CodeDesign, type Design } from "../roles.ts";

export const prompt = loadPrompt(new URL("./prompt.md", import.meta.url));

/** New texts of a specification; null leaves one as it is. */
const SpecificationEdits = z.strictObject({
  title: z.string().nullable(),
  question: z.string().nullable(),
  background: z.string().nullable(),
  meaning: z.string().nullable(),
  unit: z.string().nullable(),
  descriptions: z.array(z.strictObject({ column: z.string(), text: z.string() })),
  give_up: z.string().nullable(),
});

/** New files, whole, and what of the declared interface changes with them. */
const CodeEdits = z.strictObject({
  prepare: z.string().nullable(),
  metricCode: z.string().nullable(),
  description: z.string().nullable(),
  submission: CodeDesign.shape.submission.nullable(),
  auxiliary: CodeDesign.shape.auxiliary.nullable(),
  give_up: z.string().nullable(),
});

/** Mends what is blamed on form. Asks no model when nothing is: compiled files need no second look. */
export async function refactor(player: ModelPlayer, input: RefactorInput): Promise<Design | GiveUp> {
  const defects = input.defects.filter(({ blame, severity }) => blame === "refactor" && severity !== "minor");
  const { design } = input;
  if (defects.length === 0) return design;
  const common = {
    client: player.client,
    role: "refactor" as const,
    system: prompt.render({}),
    user: [
      untrusted("design", designText(design, player.values)),
      `Mend these defects:\n${untrusted("defects", openDefects(defects, player.values, input.history, namesOf(design)).join("\n"))}`,
    ].join("\n\n"),
    outputTokens: design.kind === "code" ? 14_000 : 4_000,
    signal: player.signal,
    onCall: player.onCall,
  };
  const result =
    design.kind === "specification"
      ? await converse({
          ...common,
          answer: { name: "texts", schema: SpecificationEdits },
          check: (edits) => editSpecification(design.specification, edits),
        })
      : await converse({
          ...common,
          answer: { name: "files", schema: CodeEdits },
          check: (edits) => editCode(design.code, edits),
        });
  return result.ok ? result.value : { giveUp: result.reason };
}

/** Names of columns, which may be told where values may not. */
function namesOf(design: Design): ReadonlySet<string> {
  if (design.kind === "code") return new Set();
  const { features, dropped, target } = design.specification;
  return new Set([target.name, ...[...features, ...dropped].map(({ column }) => column)]);
}

function designText(design: Design, values: boolean): string {
  if (design.kind === "code") {
    const { prepare, metricCode, description, ...facts } = design.code;
    return `${JSON.stringify(facts)}\n--- prepare\n${prepare}\n--- metricCode\n${metricCode}\n--- description\n${description}`;
  }
  const { title, question, background, objective, target, features, metric } = design.specification;
  const { meaning, unit, name, kind, labels } = target;
  const documented = features.slice(0, 60);
  // Descriptions are the dataset's own words, as labels are its values.
  const columns = values ? documented : documented.map(({ column }) => column);
  return JSON.stringify({
    title,
    question,
    background,
    objective,
    target: { name, kind, meaning, unit, ...(values ? { labels } : {}) },
    metric,
    features: columns,
  });
}

function editSpecification(
  specification: Specification,
  edits: z.infer<typeof SpecificationEdits>,
): Checked<Design | GiveUp> {
  if (edits.give_up !== null) return { ok: true, value: { giveUp: edits.give_up } };
  const texts = new Map(edits.descriptions.map(({ column, text }) => [column, text]));
  const parsed = Specification.safeParse({
    ...specification,
    title: edits.title ?? specification.title,
    question: edits.question ?? specification.question,
    background: edits.background ?? specification.background,
    target: {
      ...specification.target,
      meaning: edits.meaning ?? specification.target.meaning,
      unit: edits.unit ?? specification.target.unit,
    },
    features: specification.features.map(({ column, description }) => ({
      column,
      description: texts.get(column) ?? description,
    })),
  });
  if (parsed.success) return { ok: true, value: { kind: "specification", specification: parsed.data } };
  return {
    ok: false,
    errors: parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`),
  };
}

function editCode(code: CodeDesign, edits: z.infer<typeof CodeEdits>): Checked<Design | GiveUp> {
  if (edits.give_up !== null) return { ok: true, value: { giveUp: edits.give_up } };
  const checked = checkCode({
    ...code,
    prepare: edits.prepare ?? code.prepare,
    metricCode: edits.metricCode ?? code.metricCode,
    description: edits.description ?? code.description,
    submission: edits.submission ?? code.submission,
    auxiliary: edits.auxiliary ?? code.auxiliary,
  });
  return checked.ok ? { ok: true, value: { kind: "code", code: checked.value } } : checked;
}
