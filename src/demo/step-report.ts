import type { AppAnswer, AppClient, AppRequest } from './app-client.js';
import { fieldLines } from './field-lines.js';
import type { Paper } from './paper.js';

/** What was sent is known; what came back is what people are here for. */
const MAX_CHARACTERS = { asked: 70, answered: 340 } as const;

type Fields = Readonly<Record<string, unknown>>;

/** What a step writes down while it is played, and whether all of it was as announced. */
export class StepReport {
  #passed = 0;
  #failed = 0;

  constructor(
    private readonly app: AppClient,
    private readonly paper: Paper,
  ) {}

  /** A step that checked nothing has shown nothing. */
  get isAsAnnounced(): boolean {
    return this.#failed === 0 && this.#passed > 0;
  }

  /**
   * Sends a request, and shows it and its answer.
   *
   * @param view what of the answer's body is worth showing; left out: all of it
   */
  async exchange(request: AppRequest, view: (answer: AppAnswer) => Fields = ({ body }) => body): Promise<AppAnswer> {
    this.paper.line(`   > ${request.method} ${request.path}`, 'cyan');
    this.#fields(request.body ?? {}, MAX_CHARACTERS.asked);
    const answer = await this.app.send(request);
    const { status, outcome, tookMs } = answer;
    const outcomeHeader = outcome === undefined ? '' : `, X-Claude-Outcome: ${outcome}`;
    this.paper.line(`   < ${status} after ${Math.round(tookMs)} ms${outcomeHeader}`, 'cyan');
    this.show(view(answer));
    return answer;
  }

  note(text: string): void {
    this.paper.line(`   ${text}`, 'dim');
  }

  /** Shows something that is neither request nor answer, field by field. */
  show(fields: Fields): void {
    this.#fields(fields, MAX_CHARACTERS.answered);
  }

  /** @param claim what was announced, as a fact */
  check(claim: string, holds: boolean): void {
    if (holds) this.#passed++;
    else this.#failed++;
    this.paper.line(`   ${holds ? '✓' : '✗'} ${claim}`, holds ? 'green' : 'red');
  }

  #fields(fields: Fields, maxCharacters: number): void {
    for (const line of fieldLines(fields, maxCharacters)) this.paper.line(`       ${line}`);
  }
}
