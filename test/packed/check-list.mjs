/** Runs checks one after the other, says of each in one line how it ended, and counts. */
export class CheckList {
  #passed = 0;
  #failed = 0;

  /** @returns what `run` resolves to; `undefined` when it throws, which is how a check fails */
  async check(name, run) {
    try {
      const value = (await run()) ?? true;
      this.#passed += 1;
      console.log(`ok - ${name}`);
      return value;
    } catch (error) {
      this.#failed += 1;
      console.log(`not ok - ${name}`);
      console.log(indented(error instanceof Error ? error.message : String(error)));
      return undefined;
    }
  }

  get hasFailed() {
    return this.#failed > 0 || this.#passed === 0;
  }

  /** In the form that `.ci/run` adds up; nothing is ever skipped here. */
  get summary() {
    return `packed: ${this.#passed} passed, ${this.#failed} failed, 0 skipped`;
  }
}

function indented(text) {
  return text.trimEnd().replace(/^/gm, '    ');
}
