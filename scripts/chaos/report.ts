/** Figures as JSON lines, and whether all demands were met. */
export class Report {
  readonly failed: string[] = [];

  figure(name: string, value: number, unit: string): void {
    process.stdout.write(`${JSON.stringify({ name, value: Number(value.toFixed(3)), unit })}\n`);
  }

  /** A figure that has to be so. */
  demand(name: string, value: number, met: (value: number) => boolean, unit: string): void {
    this.figure(name, value, unit);
    if (!met(value)) this.failed.push(`${name} is ${value}`);
  }
}
