import { createHash, timingSafeEqual } from "node:crypto";
import { Auth, HTTPException } from "@langchain/langgraph-sdk/auth";
import { BadInputError } from "../core/errors.ts";
import { assistantProblem, dropHeaders, runProblem } from "./requests.ts";
import { acceptRun } from "./run-spans.ts";

/** Fewer characters than this can be guessed. */
const shortestToken = 16;

/** The token that callers must bring, as the server's environment says it; undefined: everybody may call. */
export function configuredToken(environment: NodeJS.ProcessEnv): string | undefined {
  const token = environment.MLE_SMITH_API_TOKEN;
  if (token === undefined || token === "") return undefined;
  if (token.length < shortestToken)
    throw new BadInputError(`MLE_SMITH_API_TOKEN has fewer than ${shortestToken} characters`, {
      hint: "make one with: openssl rand -hex 32",
    });
  return token;
}

/** Whether a request brings the token. The time that this takes tells nothing of it. */
export function bringsToken(authorization: string | null, token: string): boolean {
  const brought = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? "";
  return timingSafeEqual(digest(brought), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function refuse(problem: string | null): void {
  if (problem !== null) throw new HTTPException(422, { message: problem });
}

const token = configuredToken(process.env);

/**
 * The hook that a LangGraph server calls for every request: who calls, and whether what is asked may be asked. It refuses bad
 * input before a run is made; the graphs check it once more.
 */
export const auth = new Auth()
  .authenticate((request) => {
    if (token !== undefined && !bringsToken(request.headers.get("authorization"), token))
      throw new HTTPException(401, {
        message: "a bearer token is needed: Authorization: Bearer <MLE_SMITH_API_TOKEN of the server>",
        headers: { "WWW-Authenticate": "Bearer" },
      });
    const traceparent = request.headers.get("traceparent") ?? undefined;
    return { identity: token === undefined ? "anyone" : "token", permissions: [], traceparent };
  })
  .on("threads:create_run", ({ value, user }) => {
    dropHeaders(value);
    acceptRun(value, user.traceparent, () => refuse(runProblem(value)));
  })
  .on("assistants:create", ({ value }) => refuse(assistantProblem(value)))
  .on("assistants:update", ({ value }) => refuse(assistantProblem(value)));
