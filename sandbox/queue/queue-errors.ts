import { InfrastructureError } from "../../core/errors.ts";

/** Nobody answered: the server is away, or does not do what was asked. Worth another try. */
export class UnansweredError extends Error {
  /** Nothing at the server listens to what was asked, e.g. because it has no JetStream. */
  readonly nobodyListens: boolean;
  constructor(message: string, options: { nobodyListens?: boolean } = {}) {
    super(message);
    this.nobodyListens = options.nobodyListens ?? false;
  }
}

/** The server refuses this user what was asked. Not worth another try. */
export class ForbiddenError extends InfrastructureError {}

/** The server's certificate is not one to trust, or it speaks no TLS. */
export class InsecureError extends InfrastructureError {}

/** JetStream said no, for a reason that it gave. */
export class RefusedError extends InfrastructureError {
  readonly errorCode: number;
  constructor(errorCode: number, description: string) {
    super(`NATS JetStream: ${description}`);
    this.errorCode = errorCode;
  }
}
