import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type Verified, type VerifyRequest, verifyFolder } from "../../../cli/verify.ts";
import { type TestServices, testServices } from "../../helpers/services.ts";
import { type Files, writeFolder } from "./foreign-folders.ts";

/** Tasks in the forms of others, written into folders and verified: for the tests of one file, which clear up after the last. */
export class ForeignTasks {
  readonly root = mkdtempSync(join(tmpdir(), "mle-smith-foreign-"));
  #services: TestServices | undefined;
  #count = 0;

  constructor() {
    beforeAll(async () => {
      this.#services = await testServices();
    });
    afterAll(async () => {
      await this.#services?.close();
      rmSync(this.root, { recursive: true, force: true });
    });
  }

  /** A folder of its own with these files. */
  async folder(files: Files): Promise<string> {
    this.#count += 1;
    return writeFolder(join(this.root, `folder-${this.#count}`), files);
  }

  async verify(files: Files, more: Partial<VerifyRequest> = {}): Promise<Verified> {
    return this.verifyFolder(await this.folder(files), more);
  }

  verifyFolder(folder: string, more: Partial<VerifyRequest> = {}): Promise<Verified> {
    if (this.#services === undefined) throw new Error("folders are verified within tests alone");
    return verifyFolder({ folder, skip: {}, import: {}, ...more }, this.#services);
  }
}
