import { InfrastructureError, SmithError } from "../errors.ts";

/** The system's code of an error, e.g. `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** What went wrong with the store's own disk, as an error that says what to do; errors of ours pass unchanged. */
export function diskError(error: unknown, folder: string): Error {
  if (error instanceof SmithError) return error;
  const code = systemCode(error);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new InfrastructureError(`The disk is full: nothing more can be written under ${folder}`, {
      cause: error,
      hint: "Free some space, or choose another output folder, and start the command again: finished work is kept.",
    });
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new InfrastructureError(`No permission to write under ${folder} (${code})`, {
      cause: error,
      hint: "Choose an output folder that this user may write.",
    });
  }
  return new InfrastructureError(
    `The artefact store at ${folder} failed: ${error instanceof Error ? error.message : String(error)}`,
    { cause: error },
  );
}
