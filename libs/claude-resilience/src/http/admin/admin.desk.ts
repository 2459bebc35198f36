import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ADMIN_ACTIONS, type AdminAct, type AdminAction } from '../../core/admin/admin-act.js';
import type { AdminWishes } from '../../core/admin/admin-wish.js';
import { Random } from '../../core/random.port.js';
import { ClaudeAdmin } from '../../runtime/admin/claude-admin.js';
import { checkFormKey } from '../check-form-key.js';
import { checkSameOrigin } from '../check-same-origin.js';
import { pageHeaders } from '../dashboard/security-headers.js';
import type { Visit } from '../deferred-requests.desk.js';
import { isFormBody, readForm, type FormFields } from '../form-body.js';
import { OperatorLock } from '../operator-lock.js';
import { OperatorProblem } from '../operator-problem.js';
import { isJsonBody } from './is-json-body.js';
import { OPERATOR_PATHS, pathBelow, relativeUrl, type OperatorPaths } from '../relative-url.js';
import { wishOfForm } from './admin-forms.js';
import { confirmationPage } from './admin-page.js';
import { adminProblem } from './admin-problem.js';
import { placeOf } from './place-of.js';

/** Does what operators ask for: at once for JSON, and once they have confirmed it for the forms of the dashboard. */
@Injectable()
export class AdminDesk {
  constructor(
    @Inject(ClaudeAdmin) private readonly admin: ClaudeAdmin,
    @Inject(OperatorLock) private readonly lock: OperatorLock,
    @Inject(Random) private readonly random: Random,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(OPERATOR_PATHS) private readonly paths: OperatorPaths,
  ) {}

  /** @param place such as `circuit/hold-open` @throws {OperatorProblem} */
  async act(place: string, visit: Visit, body: unknown): Promise<AdminAct | string> {
    const request = visit.request as object;
    checkSameOrigin(request);
    const action = ADMIN_ACTIONS.find((one) => placeOf(one) === place);
    if (action === undefined) throw new OperatorProblem(404, 'CLAUDE_ADMIN_UNKNOWN', 'There is no such hand.');
    this.#set(visit, 'Cache-Control', 'no-store');
    if (isFormBody(request)) {
      // A token alone sends no forms: they are for people, who have a session.
      await checkFormKey(request, 'session', this.lock.sessions);
      return this.#actByForm(action, await readForm(request), visit);
    }
    if (isJsonBody(request)) return this.#act(action, body);
    throw new OperatorProblem(415, 'CLAUDE_ADMIN_JSON', 'Send JSON, as application/json.');
  }

  async #act(action: AdminAction, wish: unknown): Promise<AdminAct> {
    try {
      return await this.admin.act(action, wish as AdminWishes[typeof action]);
    } catch (error) {
      throw adminProblem(error);
    }
  }

  async #actByForm(action: AdminAction, fields: FormFields, visit: Visit): Promise<string> {
    if (fields['confirmed'] === undefined) return this.#ask(action, fields, [], visit);
    try {
      await this.#act(action, wishOfForm(fields));
    } catch (error) {
      if (!(error instanceof OperatorProblem)) throw error;
      const { status, message, issues = [message] } = error.details;
      this.host.httpAdapter.status(visit.response, status);
      return this.#ask(action, fields, issues, visit);
    }
    this.#set(visit, 'Location', this.#backUrl(visit));
    this.host.httpAdapter.status(visit.response, 303);
    return '';
  }

  #ask(action: AdminAction, fields: FormFields, issues: readonly string[], visit: Visit): string {
    const { sessions } = this.lock;
    const { headers } = visit.request as { headers?: Readonly<Record<string, unknown>> };
    const formKey = sessions.formKey(sessions.in(headers?.['cookie']) ?? this.random.secret());
    const nonce = randomBytes(16).toString('base64');
    for (const [name, value] of Object.entries(pageHeaders(nonce))) this.#set(visit, name, value);
    return confirmationPage({ nonce, formKey, action, fields, issues, backUrl: this.#backUrl(visit) });
  }

  /** To the dashboard, or to what was done. */
  #backUrl({ request }: Visit): string {
    const { dashboard, admin = '' } = this.paths;
    return relativeUrl(pathBelow(request as object, this.paths) ?? admin, dashboard ?? admin);
  }

  #set({ response }: Visit, name: string, value: string): void {
    this.host.httpAdapter.setHeader(response, name, value);
  }
}
