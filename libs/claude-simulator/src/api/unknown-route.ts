import type { ApiCall } from './api-call.js';
import { apiProblem } from './api-problem.js';
import { type Failed, failed } from './outcome.js';

export function unknownRoute({ method, path }: ApiCall): Failed {
  return failed(apiProblem(404, 'not_found_error', `${`${method} ${path}`.slice(0, 200)}: not found`));
}
