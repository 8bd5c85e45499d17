import { type BaseChatOpenAIFields, ChatOpenAICompletions } from "@langchain/openai";

// The request and answer types of the OpenAI client, read off the two overloads of the method that is replaced.
type Overloads = ChatOpenAICompletions["completionWithRetry"] extends {
  (request: infer Streamed, options?: infer Options): Promise<infer Stream>;
  (request: infer Whole, options?: infer _Same): Promise<infer Answer>;
}
  ? { streamed: Streamed; stream: Stream; whole: Whole; answer: Answer; options: Options }
  : never;

/** The body of a Chat Completions request that is not streamed. */
export type CompletionBody = Overloads["whole"];
/** Its answer. */
export type CompletionAnswer = Overloads["answer"];

/** Sends one request over HTTP, once; throws what the OpenAI client throws. */
export type Post = (body: CompletionBody, signal: AbortSignal) => Promise<CompletionAnswer>;
/** Gets the answer to a request: from a record, or by posting it as often as makes sense. */
export type Transport = (body: CompletionBody, post: Post) => Promise<CompletionAnswer>;

/**
 * ChatOpenAI's way of making requests with the sending replaced by ours (retry, budget, records). An answer that
 * misses the JSON schema comes back as it is, with its usage: the OpenAI client's `parse`, which ChatOpenAI uses for
 * schemas, throws it away.
 */
export class PlainCompletions extends ChatOpenAICompletions {
  readonly #transport: Transport;

  constructor(fields: BaseChatOpenAIFields, transport: Transport) {
    super(fields);
    this.#transport = transport;
  }

  override completionWithRetry(
    request: Overloads["streamed"],
    options?: Overloads["options"],
  ): Promise<Overloads["stream"]>;
  override completionWithRetry(
    request: Overloads["whole"],
    options?: Overloads["options"],
  ): Promise<Overloads["answer"]>;
  override async completionWithRetry(
    request: Overloads["streamed"] | Overloads["whole"],
  ): Promise<Overloads["stream"] | Overloads["answer"]> {
    if (request.stream) throw new TypeError("requests of the roles are not streamed");
    return await this.#transport({ ...request, stream: false }, (body, signal) => {
      const options = this._getClientOptions(undefined);
      return this.client.chat.completions.create(body, { ...options, signal });
    });
  }
}
