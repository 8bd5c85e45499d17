/** A promise that somebody else keeps. */
export interface Deferred<Value> {
  promise: Promise<Value>;
  resolve(value: Value): void;
}

/** `Promise.withResolvers`, which Node 20 has not. */
export function deferred<Value>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((keep) => {
    resolve = keep;
  });
  return { promise, resolve };
}
