import { StateSchema, type StateSchemaFields } from "@langchain/langgraph";
import { z } from "zod";
import { BadInputError } from "../core/errors.ts";

/**
 * The input of a graph as a form: refused whole where a field is unknown or wrong, and with its defaults written at every run,
 * so that a thread's second run does not inherit what the first one asked. (LangGraph alone drops unknown fields without a word.)
 */
export class StrictInput<Shape extends z.core.$ZodLooseShape> extends StateSchema<Shape> {
  readonly #form: z.ZodObject<Shape, z.core.$strict>;

  constructor(form: z.ZodObject<Shape, z.core.$strict>) {
    super(form.shape);
    this.#form = form;
  }

  /** @throws BadInputError that names each wrong field. */
  override async validateInput<Given>(given: Given): Promise<Given> {
    const parsed = this.#form.safeParse(given);
    if (!parsed.success) throw new BadInputError(`bad input: ${inputProblems(parsed.error)}`);
    return parsed.data as Given;
  }

  override getInputJsonSchema(): ReturnType<StateSchema<Shape>["getInputJsonSchema"]> {
    return formSchema(this.#form) as ReturnType<StateSchema<Shape>["getInputJsonSchema"]>;
  }
}

/** The output of a graph as a schema that reads well: titles at the top, one dialect for all. */
export class Output<Fields extends StateSchemaFields> extends StateSchema<Fields> {
  readonly #title: { title: string; description: string };

  constructor(fields: Fields, title: { title: string; description: string }) {
    super(fields);
    this.#title = title;
  }

  override getJsonSchema(): ReturnType<StateSchema<Fields>["getJsonSchema"]> {
    const { properties, ...schema } = ObjectSchema.parse(super.getJsonSchema());
    const plain = Object.entries(properties).map(([name, { $schema: _dialect, ...field }]) => [name, field]);
    return { ...this.#title, ...schema, properties: Object.fromEntries(plain) };
  }
}

const ObjectSchema = z.looseObject({ properties: z.record(z.string(), z.record(z.string(), z.json())) });

/** JSON Schema of a form, as Studio shows it. */
export function formSchema(form: z.ZodType): z.core.JSONSchema.BaseSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(form, { io: "input", target: "draft-7" });
  return schema;
}

/** Field and problem, bounded: what was given is quoted nowhere, since it may be long, or a secret. */
export function inputProblems(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) =>
      issue.code === "unrecognized_keys"
        ? `unknown field${issue.keys.length > 1 ? "s" : ""} ${issue.keys
            .slice(0, 5)
            .map((key) => JSON.stringify(key.slice(0, 60)))
            .join(", ")}`
        : `${issue.path.join(".").slice(0, 60) || "input"}: ${issue.message.slice(0, 200)}`,
    )
    .join("; ");
}
